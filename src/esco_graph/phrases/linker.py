"""What links lists of skills: each title is read as a phrase, so that `link --to skill` says what `link text` says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from esco_graph.errors import ParameterError
from esco_graph.linking.embed import Progress, Vectors, vectors_of
from esco_graph.linking.index import CandidateIndex
from esco_graph.linking.link import Linked, remark_of
from esco_graph.linking.texts import Query
from esco_graph.phrases.label_bags import LabelBags
from esco_graph.phrases.nearest import AT_ONCE, POSSIBLE, PhraseCandidate, nearest
from esco_graph.phrases.stored_bags import bags_of

if TYPE_CHECKING:
    from esco_graph.graph import Graph

OTHER_TITLE = 0.95
"""What the score of a candidate is worth that an alternative title of the query found."""
MOST_ALT = 20
"""Alternative titles of one query that are read."""


@dataclass(frozen=True, eq=False)
class SkillLinker:
    """What links queries to the skills of a graph in one language, as `linking.Linker` links them to other targets.

    Descriptions are not read. A relation is proposed only where a label is equal, and no confidence is given: there is
    no gold that would support one.
    """

    bags: LabelBags
    vectors: Vectors | None = None
    k: int = 5

    @classmethod
    def of(
        cls, graph: Graph, lang: str, *, k: int = 5, embed: str = "auto", progress: Progress | None = None
    ) -> SkillLinker:
        """Open what is stored for the skills of a graph; `embed` is one of `linking.EMBED_MODES`.

        Raises NotFoundError without skills in the language, ParameterError for a number or a mode that is none.
        """
        if k < 1:
            raise ParameterError(f"{k} is not a number of candidates", advice="Ask for 1 or more.")
        bags = bags_of(graph, "skill", lang)
        return cls(bags, vectors_of(bags.index, embed, progress=progress), k)

    @property
    def index(self) -> CandidateIndex:
        """Give the index of the labels."""
        return self.bags.index

    def link(self, queries: Iterable[Query]) -> Iterator[Linked]:
        """Link queries, in order and in chunks: memory does not grow with their number."""
        source = iter(queries)
        while chunk := list(islice(source, AT_ONCE)):
            titles = [[query.label, *dict.fromkeys(query.alt)][: MOST_ALT + 1] for query in chunk]
            found = nearest(self.bags, [title for some in titles for title in some], self.k, self.vectors)
            for query, some in zip(chunk, titles, strict=True):
                mine = [next(found) for _ in some]
                candidates = self._best(some, mine) if query.label.strip() else ()
                yield Linked(query, candidates, remark_of(query, candidates))

    def _best(self, titles: Sequence[str], found: Sequence[tuple[PhraseCandidate, ...]]) -> tuple[PhraseCandidate, ...]:
        """Merge what the titles of a query found: each concept by its best score, ties by IRI."""
        best = {one.iri: one for one in found[0]}
        for title, candidates in zip(titles[1:], found[1:], strict=True):
            for one in candidates:
                score = round(OTHER_TITLE * one.score, 6)
                if one.iri not in best or score > best[one.iri].score:
                    reasons = (f"alternative title {title!r}: {one.reasons[0]}",)
                    best[one.iri] = replace(one, score=score, relation="mapped", reasons=reasons)
        ranked = sorted(best.values(), key=lambda one: (-one.score, one.iri))[: self.k]
        return tuple(one if one.score >= POSSIBLE else replace(one, relation="none") for one in ranked)
