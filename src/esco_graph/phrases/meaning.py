"""Skills that a clause means without naming them, by sentence vectors (extra `embed`): "lead a team of five"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from esco_graph.linking.embed import Vectors
from esco_graph.linking.link import Candidate
from esco_graph.phrases.label_bags import LabelBags
from esco_graph.phrases.nearest import nearest, within_reach
from esco_graph.phrases.text_words import TextWords

SCALE = 1.17
"""What the score of `nearest` is multiplied by, so that the threshold of labels holds here too; chosen on dev."""
MOST = 0.95
"""The best score: less than a label that stands there."""
FEWEST, LONGEST = 2, 12
"""Words with a meaning in a clause that is looked at."""
Place = tuple[int, int]


def clauses(words: TextWords, taken: Sequence[Place]) -> Iterator[Place]:
    """Give the places of clauses that overlap none that is taken, and are not an aside."""
    used = np.zeros(int(words.end[-1]) if len(words.end) else 0, bool)
    for start, end in taken:
        used[start:end] = True
    _, first = np.unique(words.clause, return_index=True)
    for begin, stop in zip(first.tolist(), [*first[1:].tolist(), len(words.clause)], strict=True):
        start, end = int(words.start[begin]), int(words.end[stop - 1])
        aside = words.aside[words.segment[begin]]
        if FEWEST <= stop - begin <= LONGEST and not aside and not used[start:end].any():
            yield start, end


def meant(
    text: str, words: TextWords, taken: Sequence[Place], bags: LabelBags, vectors: Vectors, k: int, least: float
) -> Iterator[tuple[Place, tuple[Candidate, ...]]]:
    """Give the k concepts that free clauses are nearest to, with scores that compare with those of labels.

    Clauses that cannot have a score of `least` are left out.
    """
    places = list(clauses(words, taken))
    near = within_reach(bags, [text[start:end] for start, end in places], vectors, least / SCALE)
    places = [place for place, good in zip(places, near, strict=True) if good]
    found = nearest(bags, [text[start:end] for start, end in places], k, vectors)
    for place, candidates in zip(places, found, strict=True):
        yield place, tuple(replace(one, score=round(min(MOST, SCALE * one.score), 6)) for one in candidates)
