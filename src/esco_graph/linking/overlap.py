"""Words that a query and a label share, weighted by their idf: how much of the one is in the other, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from esco_graph.linking.texts import LONGEST_DESCRIPTION, stems

if TYPE_CHECKING:
    from esco_graph.linking.index import CandidateIndex

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The stems of an index's labels: `postings` is stems x labels of idf, `weights` the sum of idf of each label.

    `bags` is stems x concepts of idf: all the labels of a concept together.
    """

    idf: Floats
    rarest: float
    column: dict[str, int]
    postings: csr_array
    weights: Floats
    bags: csr_array
    owner: Ints
    firsts: Ints

    def bag(self, texts: Sequence[str], most: int = LONGEST_DESCRIPTION) -> tuple[csr_array, Floats]:
        """Give texts x stems of 1 and the idf sum of each text; a stem that no label has weighs as the rarest."""
        bags = [list(dict.fromkeys(stems(text, most))) for text in texts]
        known = [[at for one in bag if (at := self.column.get(one)) is not None] for bag in bags]
        indptr = np.cumsum([0, *map(len, known)], dtype=np.int32)
        indices = np.array([at for one in known for at in sorted(one)], np.int32)
        rows = csr_array((np.ones(len(indices), np.float32), indices, indptr), shape=(len(bags), len(self.column)))
        unknown = np.array([len(bag) - len(one) for bag, one in zip(bags, known, strict=True)], np.float32)
        sums = np.asarray(rows @ self.idf, np.float32) + unknown * np.float32(self.rarest)
        return rows, np.maximum(sums, np.float32(1e-6))


_LEXICONS: WeakKeyDictionary[CandidateIndex, Lexicon] = WeakKeyDictionary()


def lexicon(index: CandidateIndex) -> Lexicon:
    """Give the lexicon of an index, made when first used."""
    if index not in _LEXICONS:
        _LEXICONS[index] = _lexicon(index)
    return _LEXICONS[index]


def _lexicon(index: CandidateIndex) -> Lexicon:
    idf = np.asarray(index.stems.idf, np.float32)
    words = index.word_postings
    data = np.repeat(idf, np.diff(words.indptr)).astype(np.float32)
    postings = csr_array((data, words.indices, words.indptr), shape=words.shape)
    weights = np.bincount(words.indices, data, minlength=len(index.labels)).astype(np.float32)
    row = np.repeat(np.arange(len(idf)), np.diff(words.indptr))
    key = np.unique(row * max(len(index), 1) + index.owner[words.indices])
    row, concept = np.divmod(key, max(len(index), 1))
    bags = csr_array((idf[row], (row, concept)), shape=(len(idf), len(index)))
    column = {name: at for at, name in enumerate(index.stems.names)}
    return Lexicon(
        idf,
        index.stems.rarest,
        column,
        postings,
        np.maximum(weights, np.float32(1e-6)),
        bags,
        np.asarray(index.owner),
        np.asarray(index.starts[:-1]),
    )


def best_overlaps(words: Lexicon, rows: csr_array, sums: Floats, owner: Ints, pool: Ints) -> dict[str, Floats]:
    """Give for each query and candidate the best overlap of a text of the query with a label of the candidate.

    `rows`, `sums` are of texts, `owner` names the query of each; `pool` is (q, k). "dice" is 2 shared / (both), "label"
    the share of the label that the text holds, "text" the share of the text that the label holds; "…_pref" the same for
    the preferred label.
    """
    shared = csr_array(rows @ words.postings)
    text = np.repeat(np.arange(shared.shape[0], dtype=np.int32), np.diff(shared.indptr))
    place = _places(pool, words.bags.shape[1])[owner[text], words.owner[shared.indices]]
    inside = place >= 0
    text, label, both, place = text[inside], shared.indices[inside], shared.data[inside], place[inside]
    first = label == words.firsts[words.owner[label]]
    views = {
        "dice": 2 * both / (sums[text] + words.weights[label]),
        "text": both / sums[text],
        "label": both / words.weights[label],
    }
    found = {name: _greatest(place, data, pool) for name, data in views.items()}
    return found | {f"{name}_pref": _greatest(place[first], data[first], pool) for name, data in views.items()}


def bag_overlap(words: Lexicon, rows: csr_array, sums: Floats, owner: Ints, pool: Ints) -> Floats:
    """Give the share of a query's text that all labels of a candidate hold together, (q, k)."""
    shared = csr_array(rows @ words.bags)
    text = np.repeat(np.arange(shared.shape[0], dtype=np.int32), np.diff(shared.indptr))
    place = _places(pool, words.bags.shape[1])[owner[text], shared.indices]
    inside = place >= 0
    return _greatest(place[inside], (shared.data / sums[text])[inside], pool)


def _places(pool: Ints, concepts: int) -> Ints:
    """Give queries x concepts: the flat place of a candidate in the pool, -1 for others."""
    found = np.full((len(pool), max(concepts, 1)), -1, np.int32)
    query, place = np.nonzero(pool >= 0)
    found[query, pool[query, place]] = query * pool.shape[1] + place
    return found


def _greatest(place: Ints, data: Floats, pool: Ints) -> Floats:
    """Give the greatest value of each place of the pool; 0 where there is none."""
    best = np.zeros(pool.size, np.float32)
    np.maximum.at(best, place, np.asarray(data, np.float32))
    return best.reshape(pool.shape)
