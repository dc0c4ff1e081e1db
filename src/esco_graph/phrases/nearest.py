"""The candidates of phrases: the concepts whose labels are nearest, with reasons.

A phrase is looked for without its lead. A concept's score is a fixed sum of views (WEIGHTS), 0 to 1: character TF-IDF
(best label, preferred label), roots in any order (best label, preferred label), and the description. Where sentence
vectors are at hand (extra `embed`), the cosines of the phrase with the preferred and with the best label count too, so
that concepts without a shared word are found. docs/phrases.md says how the weights were chosen, and has the figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from esco_graph.errors import NotFoundError
from esco_graph.linking.embed import Progress, Vectors, vectors_of
from esco_graph.linking.index import CandidateIndex
from esco_graph.linking.link import Candidate
from esco_graph.linking.retrieve import Pool, retrieve
from esco_graph.linking.texts import Query, fold, stems, words
from esco_graph.phrases.label_bags import UNKNOWN, LabelBags
from esco_graph.phrases.phrase_words import without_lead
from esco_graph.phrases.stored_bags import bags_of

if TYPE_CHECKING:
    from esco_graph.graph import Graph

WEIGHTS = {"char": 1.0, "char_pref": 0.5, "root": 1.0, "root_pref": 0.5, "title_description": 0.1}
"""What each view counts in the sum, which is divided by their total."""
LEXICAL, PREFERRED, BEST = 1.0, 1.5, 1.75
"""What the lexical sum and the cosines with the preferred and the best label count where there are vectors."""
LIKELY, POSSIBLE = 0.75, 0.55
"""Least scores of a first candidate that is likely, or possibly, what is meant; see docs/phrases.md for how often."""
POOL = 100
"""Concepts that are ranked, of those that `retrieve` finds."""
AT_ONCE = 64
"""Phrases that are ranked at a time."""
SEEN_AT_ONCE = 256
"""Phrases that are only compared with all labels at a time; 100 MB for the skills of ESCO."""
_NAMES = ("preferred label", "alternative label", "hidden label")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PhraseCandidate(Candidate):
    """A candidate of a phrase, with its kind: "skill" or "occupation"; `confidence` is None."""

    kind: str = ""


def nearest_all(
    graph: Graph,
    texts: Sequence[str],
    *,
    kinds: Sequence[str],
    lang: str,
    k: int,
    embed: str = "auto",
    progress: Progress | None = None,
) -> list[tuple[PhraseCandidate, ...]]:
    """Give up to k candidates of each phrase among the concepts of these kinds, best first; ties go by IRI.

    `embed` is "auto" (sentence vectors where their packages are installed), "on" or "off". A kind without labels in
    the language is passed over; NotFoundError when there are none of any kind.
    """
    found: list[list[PhraseCandidate]] = [[] for _ in texts]
    missing: list[NotFoundError] = []
    for kind in kinds if texts else ():
        try:
            bags = bags_of(graph, kind, lang)
        except NotFoundError as error:
            missing.append(error)
            continue
        vectors = vectors_of(bags.index, embed, progress=progress)
        for one, candidates in zip(found, nearest(bags, texts, k, vectors), strict=True):
            one.extend(candidates)
    if missing and len(missing) == len(kinds):
        raise missing[0]
    return [tuple(sorted(one, key=lambda candidate: (-candidate.score, candidate.iri))[:k]) for one in found]


def nearest(
    bags: LabelBags, texts: Sequence[str], k: int = 5, vectors: Vectors | None = None
) -> Iterator[tuple[PhraseCandidate, ...]]:
    """Give the k best candidates of each phrase in one index, with `vectors` by their likeness in meaning too."""
    bare = [without_lead(text, bags.index.lang) for text in texts]
    for start in range(0, len(bare), AT_ONCE):
        yield from _nearest(bags, bare[start : start + AT_ONCE], k, vectors)


def _nearest(
    bags: LabelBags, bare: Sequence[str], k: int, vectors: Vectors | None
) -> Iterator[tuple[PhraseCandidate, ...]]:
    index = bags.index
    queries = [Query(str(at), text, index.lang) for at, text in enumerate(bare)]
    cosines = None if vectors is None else vectors.cosines(bare)
    meant = None if cosines is None else _by_meaning(cosines, index)
    pool = retrieve(index, queries, max(k, POOL), meant)
    for at, text in enumerate(bare):
        concepts = pool.rows[at][pool.rows[at] >= 0].astype(np.int64)
        labels, best, preferred = _by_roots(bags, concepts, text)
        total = _total(pool, at, len(concepts), best, preferred)
        if meant is not None:
            total = (LEXICAL * total + meant[at, concepts]) / (LEXICAL + PREFERRED + BEST)
        order = np.lexsort((concepts, -np.round(total, 6)))[:k]
        why = _Why(index, text, None if cosines is None else cosines[at])
        yield tuple(why.candidate(int(concepts[one]), int(labels[one]), float(total[one])) for one in order)


def within_reach(bags: LabelBags, texts: Sequence[str], vectors: Vectors, least: float) -> Iterator[bool]:
    """Say of each phrase whether a concept can have this score, by sentence vectors alone, without ranking."""
    bare = [without_lead(text, bags.index.lang) for text in texts]
    enough = (LEXICAL + PREFERRED + BEST) * least - LEXICAL
    for start in range(0, len(bare), SEEN_AT_ONCE):
        near = _by_meaning(vectors.cosines(bare[start : start + SEEN_AT_ONCE]), bags.index)
        yield from (near.max(axis=1) >= enough).tolist()


def _by_meaning(cosines: NDArray[np.float32], index: CandidateIndex) -> NDArray[np.float32]:
    """Sum the weighted cosines of phrases with the preferred and the best label of each concept."""
    first = index.starts[:-1]
    best = np.maximum.reduceat(cosines, first, axis=1)
    return np.asarray(PREFERRED * cosines[:, first] + BEST * best, np.float32)


def _total(pool: Pool, at: int, n: int, best: Floats, preferred: Floats) -> Floats:
    views = {name: pool.scores[name][at, :n].astype(np.float64) for name in WEIGHTS if name in pool.scores}
    views |= {"root": best, "root_pref": preferred}
    total = np.zeros(n)
    for name, weight in WEIGHTS.items():
        total += weight * views[name].clip(0.0, 1.0)
    return total / sum(WEIGHTS.values())


def _by_roots(bags: LabelBags, concepts: NDArray[np.int64], text: str) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Compare a phrase with every label of some concepts by roots, in any order.

    Gives for each concept its nearest label, how near that is, and how near the preferred one is: the weight of the
    roots in common, divided by the geometric mean of the two weights.
    """
    starts = bags.index.starts.astype(np.int64)
    first, sizes = starts[concepts], starts[concepts + 1] - starts[concepts]
    ends = np.cumsum(sizes)
    labels = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(first - (ends - sizes), sizes)
    numbers = bags.numbers(stems(text))
    known = sorted({one for one in numbers if one != UNKNOWN and not bags.stop[one]})
    present = np.zeros(len(bags.number), bool)
    present[known] = True
    mine = float(bags.weight[known].sum()) + numbers.count(UNKNOWN) * bags.heaviest
    near = bags.shares(labels, present) * np.sqrt(bags.total[labels] / max(mine, 1e-9))
    begin = ends - sizes
    best = np.maximum.reduceat(near, begin) if len(begin) else near
    nearest_label = [int(labels[a:b][np.argmax(near[a:b])]) for a, b in zip(begin, ends, strict=True)]
    return np.array(nearest_label, np.int64), best, near[begin]


@dataclass(frozen=True, eq=False)
class _Why:
    """What one phrase has in common with labels, in words; `cosines` has one number per label."""

    index: CandidateIndex
    text: str
    cosines: NDArray[np.float32] | None

    def candidate(self, concept: int, label: int, score: float) -> PhraseCandidate:
        index = self.index
        names = index.iris[concept], index.label(concept), index.codes[concept]
        relation, reason = self._equal(concept)
        reason = reason or self._words(label) or self._meaning(concept) or f"is written like {self._named(label)}"
        return PhraseCandidate(*names, round(score, 6), None, relation, (reason,), index.kind)

    def _equal(self, concept: int) -> tuple[str, str]:
        """Propose "exact" for an equal preferred label, "close" for another equal one; else only "mapped"."""
        plain, index = fold(self.text), self.index
        for label in range(int(index.starts[concept]), int(index.starts[concept + 1])):
            if fold(index.labels[label]) == plain:
                return "close" if index.rank[label] else "exact", f"is {self._named(label)}"
        return "mapped", ""

    def _words(self, label: int) -> str:
        said, written = set(stems(self.text)), self.index.labels[label]
        shared = [word for word, stem in zip(words(written), stems(written), strict=True) if stem in said]
        return f"shares {', '.join(dict.fromkeys(shared))} with {self._named(label)}" if shared else ""

    def _meaning(self, concept: int) -> str:
        if self.cosines is None:
            return ""
        start, end = self.index.starts[concept : concept + 2]
        return f"is near in meaning to {self._named(int(start + np.argmax(self.cosines[start:end])))}"

    def _named(self, label: int) -> str:
        return f"the {_NAMES[int(self.index.rank[label])]} {self.index.labels[label]!r}"
