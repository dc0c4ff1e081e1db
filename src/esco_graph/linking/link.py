"""Link: for each query the best candidates, each with its score, a proposed relation and reasons in words."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from esco_graph.errors import ParameterError
from esco_graph.linking.calibration import confidence
from esco_graph.linking.embed import Progress, Vectors, vectors_of
from esco_graph.linking.features import FEATURES, features
from esco_graph.linking.index import CandidateIndex
from esco_graph.linking.ranking import RELATIONS, Model, load_model, rich_queries
from esco_graph.linking.reasons import Reasons
from esco_graph.linking.retrieve import Floats, Ints, Pool, retrieve
from esco_graph.linking.texts import LONGEST, Query, words

if TYPE_CHECKING:
    from esco_graph.graph import Graph

POOL = 50
"""Candidates of a query that are ranked."""
CHUNK = 2_000
"""Queries that are ranked together; what siblings say is heard within one chunk."""
PROPOSED = ("exact", "close", "broad", "none")
"""Relations that are proposed; "narrow" is not (its F1 was .03), and becomes "mapped": related, not decided how."""
EVEN = 0.5
"""Confidence from which a relation is proposed."""
_CACHED = 20_000  # queries whose candidates are remembered; a file of job titles repeats itself


@dataclass(frozen=True, slots=True)
class Candidate:
    """One concept that a query may mean.

    `score` orders the candidates of a query (0 to 1; SSSOM's similarity_score); `confidence` is a calibrated
    probability that the concept is related, or None where no calibration covers the task. `relation` is a proposal,
    read from the query to the concept ("broad": the concept is broader): one of PROPOSED or "mapped".
    """

    iri: str
    label: str
    code: str
    score: float
    confidence: float | None
    relation: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """A query with its candidates, best first; `remark` says why there are none, or what was done to the query."""

    query: Query
    candidates: tuple[Candidate, ...]
    remark: str = ""


@dataclass(frozen=True, eq=False)
class Linker:
    """What links queries to one target in one language; `k` candidates of each are given out."""

    index: CandidateIndex
    model: Model
    vectors: Vectors | None = None
    k: int = 5

    @classmethod
    def of(cls, index: CandidateIndex, *, k: int = 5, embed: str = "auto", progress: Progress | None = None) -> Linker:
        """Take the model for the index; ParameterError for a number or a mode that is none.

        `embed` is "auto" (sentence vectors if their packages are installed), "on" (an error without them) or "off".
        """
        if k < 1:
            raise ParameterError(f"{k} is not a number of candidates", advice="Ask for 1 or more.")
        if index.kind == "skill":
            advice = "Use esco_graph.phrases.linker.SkillLinker."
            raise ParameterError("skills are ranked as phrases are, not as occupations", advice=advice)
        vectors = vectors_of(index, embed, descriptions=index.described, progress=progress)
        return cls(index, load_model(embed=vectors is not None), vectors, k)

    def link(self, queries: Iterable[Query]) -> Iterator[Linked]:
        """Link queries, in order and in chunks: memory does not grow with their number."""
        remembered: OrderedDict[Query, tuple[Candidate, ...]] = OrderedDict()
        source = iter(queries)
        while chunk := list(islice(source, CHUNK)):
            asked = [_without_id(query) for query in chunk]
            new = [one for one in dict.fromkeys(asked) if one not in remembered]
            found = dict(zip(new, self._ranked(new), strict=True))
            for query, one in zip(chunk, asked, strict=True):
                candidates = found[one] if one in found else remembered[one]
                yield Linked(query, candidates, remark_of(query, candidates))
            remembered |= {one: candidates for one, candidates in found.items() if not one.code}
            while len(remembered) > _CACHED:
                remembered.popitem(last=False)

    def _ranked(self, queries: Sequence[Query]) -> list[tuple[Candidate, ...]]:
        if not queries:
            return []
        pool = retrieve(self.index, queries, max(POOL, self.k))
        values = features(self.index, queries, pool, embed=self.vectors)
        scores = np.where(pool.rows >= 0, self.model.rank(values), -np.inf)
        order = _order(scores, pool.rows)[:, : self.k]
        best, rich = pool.at(order), rich_queries(values)
        related = np.take_along_axis(self.model.relate(values), order[..., None], axis=1)
        values = np.take_along_axis(values, order[..., None], axis=1)
        scores = np.take_along_axis(scores, order, axis=1)
        own = all(_same_language(query.lang, self.index.lang) for query in queries)  # no gold joins two languages
        sure = confidence(self.model, scores, self.index.kind, self.index.lang, rich=rich) if own else None
        relations = proposed(related, sure)
        reasons = Reasons(self.index, queries, best, dict(zip(FEATURES, np.moveaxis(values, -1, 0), strict=True)))
        return [
            tuple(
                self._candidate(at, place, best, scores, sure, relations, reasons)
                for place in range(best.rows.shape[1])
                if best.rows[at, place] >= 0
            )
            for at in range(len(queries))
        ]

    def _candidate(
        self,
        at: int,
        place: int,
        pool: Pool,
        scores: Floats,
        sure: Floats | None,
        relations: list[list[str]],
        reasons: Reasons,
    ) -> Candidate:
        index, concept = self.index, int(pool.rows[at, place])
        return Candidate(
            index.iris[concept],
            index.label(concept),
            index.codes[concept],
            unit(float(scores[at, place])),
            None if sure is None else round(float(sure[at, place]), 6),
            relations[at][place],
            reasons.of(at, place),
        )


def link(
    queries: Iterable[Query],
    graph: Graph,
    *,
    target: str = "esco",
    lang: str = "en",
    k: int = 5,
    embed: str = "auto",
) -> Iterator[Linked]:
    """Link queries to the concepts of a target in a graph, in order; memory does not grow with their number.

    `target` is "esco" (occupations) or the key of a taxonomy in the graph; `lang` the language of the labels that are
    compared. Raises NotFoundError when the graph has no labels of the target in the language, ParameterError for a mode
    that is none, and for skills (`phrases.linker`).
    """
    yield from Linker.of(CandidateIndex.of(graph, target, lang), k=k, embed=embed).link(queries)


def proposed(probabilities: Floats, sure: Floats | None = None) -> list[list[str]]:
    """Name the likeliest relation of each candidate; narrow is never proposed.

    Where the confidence that a candidate is related is known, it alone decides between "none" and the relations.

    >>> proposed(np.array([[[0.1, 0.2, 0.5, 0.1, 0.1], [0, 0.2, 0.1, 0.6, 0.1]]], np.float32))
    [['broad', 'mapped']]
    >>> proposed(np.array([[[0.1, 0.2, 0.1, 0, 0.6]]], np.float32), np.array([[0.8]], np.float32))
    [['close']]
    """
    names = ["mapped" if name == "narrow" else name for name in RELATIONS]
    if sure is None:
        best = np.argmax(probabilities, axis=-1)
    else:
        none = RELATIONS.index("none")
        among = np.argmax(np.where(np.arange(len(RELATIONS)) == none, -1, probabilities), axis=-1)
        best = np.where(sure < EVEN, none, among)
    return [[names[one] for one in row] for row in best.tolist()]


def unit(score: float) -> float:
    """Bring a score between 0 and 1, in the same order, to six digits.

    >>> unit(0.0), unit(2.0)
    (0.5, 0.880797)
    """
    return round(float(1 / (1 + np.exp(-score))), 6)


def _order(scores: Floats, rows: Ints) -> NDArray[np.intp]:
    """Order the places of each query by score, ties by IRI (concepts are numbered by it)."""
    return np.lexsort((rows, -np.round(scores, 6)), axis=-1)


def _same_language(one: str, other: str) -> bool:
    """Compare the first subtags of two language tags; an unknown language is taken for the other.

    >>> _same_language("en-GB", "en"), _same_language("", "de"), _same_language("fr", "en")
    (True, True, False)
    """
    return not one or one.lower().split("-")[0] == other.lower().split("-")[0]


def _without_id(query: Query) -> Query:
    return replace(query, id="")


def remark_of(query: Query, candidates: Sequence[Candidate]) -> str:
    """Say why a query has no candidates, or what was done to it; nothing else."""
    if len(query.label) > LONGEST:
        return f"only the first {LONGEST} of {len(query.label):,} characters were read"
    if candidates:
        return ""
    if not query.label.strip():
        return "there is no title"
    if not any(any(letter.isalpha() for letter in word) for word in words(query.label)):
        return "the title has no word"
    return "no label has anything in common with it"
