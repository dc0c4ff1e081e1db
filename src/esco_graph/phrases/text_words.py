"""The words of a whole text as numbers, segment by segment, so that all windows of words are looked up at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from esco_graph.linking.texts import stem, words
from esco_graph.phrases.label_bags import UNKNOWN, LabelBags
from esco_graph.phrases.phrase_words import PhraseWords, phrase_words
from esco_graph.phrases.segments import Segment, segments_of

WIDEST = 8
"""Words with a meaning that a window holds at most."""
_BREAK = re.compile(r"[,;:/()\[\]{}|–—•·\"“”„«»\n]|\s-\s")
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class TextWords:
    """The words with a meaning of a text, one number each per array.

    `start` and `end` are the place of the word, `root` is the number of its root (UNKNOWN where no label has it),
    `segment` that of its segment; `part` counts the parts of segments between commas, `clause` those between commas and
    words such as "and"; `frame` tells the words that lead to a skill or grade it; `aside` is per segment.
    """

    segments: list[Segment]
    start: Ints
    end: Ints
    root: Ints
    segment: Ints
    part: Ints
    clause: Ints
    frame: NDArray[np.bool_]
    aside: NDArray[np.bool_]

    @classmethod
    def of(cls, text: str, bags: LabelBags, segments: list[Segment] | None = None) -> TextWords:
        """Read the words of a text; small words are left out, unknown ones are there as UNKNOWN."""
        found = list(segments_of(text)) if segments is None else segments
        known = phrase_words(bags.index.lang)
        rows = list(_rows(text, found, known))
        roots = np.array(bags.numbers([stem(row[2]) for row in rows]), np.int64)
        kept = np.array([row[2] not in known.small for row in rows], bool)
        if len(bags.stop):
            kept &= (roots == UNKNOWN) | ~bags.stop[roots]
        start, end, segment, part, clause = (
            np.array([row[at] for row in rows], np.int64)[kept] for at in (0, 1, 3, 4, 5)
        )
        frame = np.array([row[2] in known.framing for row in rows], bool)[kept]
        aside = np.array([known.is_aside([word.text for word in one.words]) for one in found], bool)
        return cls(found, start, end, roots[kept], segment, part, clause, frame, aside)

    def windows(self, bags: LabelBags) -> Iterator[tuple[int, int, int]]:
        """Give the windows that are the bag of a label: first word, word after the last, and the bag's number."""
        n = len(self.root)
        if not n or not len(bags.keys):
            return
        value = np.where(self.root == UNKNOWN, np.uint64(0), bags.code[np.maximum(self.root, 0)])
        running = np.concatenate([np.zeros(1, np.uint64), np.cumsum(value, dtype=np.uint64)])
        unknown = np.concatenate([[0], np.cumsum(self.root == UNKNOWN)])
        for width in range(1, min(WIDEST, n) + 1):
            first = np.arange(n - width + 1)
            last = first + width
            sums = running[last] - running[first]
            place = np.searchsorted(bags.keys, sums).clip(max=len(bags.keys) - 1)
            good = (unknown[last] == unknown[first]) & (self.segment[first] == self.segment[last - 1])
            for at in np.flatnonzero(good & (bags.keys[place] == sums)).tolist():
                yield at, at + width, int(sums[at])

    def fullness(self, first: int, last: int) -> float:
        """Say which share of the clauses that a window touches it fills, words that lead or grade not counted."""
        begin = int(np.searchsorted(self.clause, self.clause[first]))
        stop = int(np.searchsorted(self.clause, self.clause[last - 1], "right"))
        around = int((~self.frame[begin:first]).sum() + (~self.frame[last:stop]).sum())
        return (last - first) / (last - first + around)


def _rows(text: str, segments: Sequence[Segment], known: PhraseWords) -> Iterator[tuple[int, int, str, int, int, int]]:
    """Give the place of each word, the word, and the numbers of its segment, part and clause."""
    part = clause = 0
    for number, segment in enumerate(segments):
        part, clause, before = part + 1, clause + 1, segment.start
        for word in segment.words:
            comma = bool(_BREAK.search(text, before, word.start))
            part += comma
            clause += comma or word.text in known.joins
            before = word.end
            for one in words(word.text):
                yield word.start, word.end, one, number, part, clause
