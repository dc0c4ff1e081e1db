"""The head of a title, the word that says what kind of thing it is: last in English, first in French.

Which end it stands at is read from the labels themselves: heads repeat, so the end with fewer different words has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from esco_graph.linking.texts import stem, words

if TYPE_CHECKING:
    from esco_graph.linking.index import CandidateIndex

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
_LETTERS = 12
_JOINTS = frozenset(
    (
        "of",
        "for",
        "in",
        "at",
        "to",
        "and",
        "or",
        "de",
        "du",
        "des",
        "d",
        "en",
        "a",
        "la",
        "le",
        "the",
        "y",
        "und",
        "w",
        "i",
        "do",
    )
)


class Heads:
    """The heads of an index's labels: their stems as numbers, and their last letters."""

    def __init__(self, index: CandidateIndex) -> None:
        """Read the labels."""
        split = [words(label) or [""] for label in index.labels]
        preferred = [split[int(start)] for start in index.starts[:-1]]
        self.last = len({one[-1] for one in preferred}) <= len({one[0] for one in preferred})
        heads = [self.head(one) for one in split]
        self.names: dict[str, int] = {}
        self.stems = np.array([self.names.setdefault(stem(one), len(self.names)) for one in heads], np.int32)
        self.endings = endings(heads)

    def head(self, split: Sequence[str]) -> str:
        """Give the head of a title in words; after "of", "for" … stands no head."""
        if not self.last:
            return split[0]
        end = next((at for at, one in enumerate(split) if at and one in _JOINTS), len(split))
        return split[end - 1]


def endings(heads: Sequence[str]) -> NDArray[np.uint32]:
    """Give the last letters of words from the end, as code points; 0 where there are no more."""
    reversed_ = [one[::-1][:_LETTERS] for one in heads]
    padded = "".join(one.ljust(_LETTERS, "\0") for one in reversed_)
    return np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), np.uint32).reshape(-1, _LETTERS)


_HEADS: WeakKeyDictionary[CandidateIndex, Heads] = WeakKeyDictionary()


def heads_of(index: CandidateIndex) -> Heads:
    """Give the heads of an index, read when first used."""
    if index not in _HEADS:
        _HEADS[index] = Heads(index)
    return _HEADS[index]


def head_features(index: CandidateIndex, titles: Sequence[str], pool: Ints) -> dict[str, Floats]:
    """Compare the head of each title with those of each candidate's labels.

    "head" is 1 when the preferred label has it, "heads" the share of all labels that have it, "ending" the share of
    letters that it shares with the preferred label's head, from the end (compounds: Elektrotechniker, Techniker).
    """
    mine = heads_of(index)
    split = [words(title) or [""] for title in titles]
    own = [mine.head(one) for one in split]
    number = np.array([mine.names.get(stem(one), -1) for one in own], np.int32)
    rows = np.maximum(pool, 0)
    first = index.starts[rows] if len(index) else rows
    there = pool >= 0
    same = (mine.stems[first] == number[:, None]) & there
    letters = endings(own)[:, None, :]
    theirs = mine.endings[first]
    common = np.logical_and.accumulate((letters == theirs) & (theirs > 0), axis=2).sum(axis=2)
    long = np.minimum((letters > 0).sum(axis=2), (theirs > 0).sum(axis=2))
    share = np.where(there & (common >= 3), common / np.maximum(long, 1), 0)
    return {
        "head": same.astype(np.float32),
        "heads": _share(mine, index, number, pool),
        "ending": share.astype(np.float32),
    }


def _share(mine: Heads, index: CandidateIndex, number: Ints, pool: Ints) -> Floats:
    rows = np.maximum(pool, 0)
    start, size = index.starts[rows], np.diff(index.starts)[rows]
    flat = np.repeat(start.ravel(), size.ravel()) + _within(size.ravel())
    query = np.repeat(np.repeat(number, pool.shape[1]), size.ravel())
    if not size.size:
        return np.zeros(pool.shape, np.float32)
    places = np.cumsum([0, *size.ravel()[:-1]])
    hits = np.add.reduceat((mine.stems[flat] == query).astype(np.float32), places)
    return np.where(pool >= 0, hits.reshape(pool.shape) / size, 0).astype(np.float32)


def _within(sizes: NDArray[np.integer]) -> NDArray[np.int64]:
    """Count from 0 in each group of these sizes."""
    ends = np.cumsum(sizes)
    return np.asarray(np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - sizes, sizes), np.int64)
