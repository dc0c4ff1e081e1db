"""Texts as vectors of character n-grams, all at once: a gram is one 64-bit number, four letters of 16 bits each.

TF-IDF as Salton and Buckley (1988, "Term-weighting approaches in automatic text retrieval"): (1 + ln tf) x idf, where
idf = 1 + ln((1 + n) / (1 + df)), and each row has length 1. Texts are folded and stand between spaces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from esco_graph.linking.texts import fold

SIZES = (2, 3, 4)
"""How many letters a gram has; four is the most that a key holds."""
_BITS = 16
COMMON = 0.02
"""Grams of more than this share of the texts say nothing: they would be most of the work and change no ranking."""
ALWAYS = 1_000
"""Texts that a gram may be in whatever their share."""
_AT_ONCE = 20_000  # texts; bounds the memory
_LETTERS = 2**_BITS - 1


@dataclass(frozen=True, eq=False)
class GramSpace:
    """The grams of an index: `alphabet` holds code points, sorted; `keys` the grams, sorted; `idf` one per gram."""

    alphabet: NDArray[np.uint32]
    keys: NDArray[np.uint64]
    idf: NDArray[np.float32]

    @classmethod
    def of(cls, texts: Sequence[str]) -> tuple[GramSpace, csr_array]:
        """Read the alphabet and the grams of texts; gives the space and the texts as its `rows` gives them.

        >>> space, rows = GramSpace.of(["nurse", "nurses"])
        >>> rows.shape, len(space.keys)
        ((2, 21), 21)
        """
        folded = [fold(text) for text in texts]
        codes, counts = np.unique(_code_points(folded)[0], return_counts=True)
        kept = np.sort(codes[np.argsort(-counts, kind="stable")[:_LETTERS]])
        space = cls(kept[kept > 0], np.zeros(0, np.uint64), np.zeros(0, np.float32))
        found = [np.unique(_pairs(keys, rows)[0], return_counts=True) for keys, rows in space._chunks(folded)]
        keys, place = np.unique(np.concatenate([np.zeros(0, np.uint64), *(f[0] for f in found)]), return_inverse=True)
        df = np.bincount(place, np.concatenate([np.zeros(0), *(f[1] for f in found)]), minlength=len(keys))
        telling = df <= max(COMMON * len(texts), ALWAYS)
        idf = (1 + np.log((1 + len(texts)) / (1 + df))).astype(np.float32)
        space = cls(space.alphabet, keys[telling], idf[telling])
        return space, space._rows(folded)

    def rows(self, texts: Sequence[str]) -> csr_array:
        """Give texts x grams as float32; a row has length 1, or is empty where no gram is known."""
        return self._rows([fold(text) for text in texts])

    def _rows(self, folded: Sequence[str]) -> csr_array:
        columns, weights, lengths = ([np.zeros(0, kind)] for kind in (np.int64, np.float32, np.int64))
        for at, (keys, rows) in zip(range(0, len(folded), _AT_ONCE), self._chunks(folded), strict=True):
            row, column, weight = self._weighted(keys, rows)
            columns.append(column)
            weights.append(weight)
            lengths.append(np.bincount(row, minlength=len(folded[at : at + _AT_ONCE])))
        made = csr_array((len(folded), len(self.keys)), dtype=np.float32)
        made.indptr = np.cumsum(np.concatenate([[0], *lengths])).astype(np.int32)
        made.indices = np.concatenate(columns).astype(np.int32)
        made.data = np.concatenate(weights)
        made.has_sorted_indices = made.has_canonical_format = True
        return made

    def _weighted(
        self, keys: NDArray[np.uint64], rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """Weigh the known grams of texts; gives row, column and weight of each cell, in order."""
        width = len(self.keys)
        if not width:
            keys = keys[:0]
        place = np.searchsorted(self.keys, keys)
        known = self.keys[np.minimum(place, width - 1)] == keys
        cell, tf = np.unique(rows[: len(keys)][known] * width + place[known], return_counts=True)
        row, column = np.divmod(cell, max(width, 1))
        weights = (1 + np.log(tf)) * self.idf[column]
        norm = np.sqrt(np.bincount(row, weights * weights))
        return row, column, (weights / norm[row]).astype(np.float32)

    def _chunks(self, folded: Sequence[str]) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.int64]]]:
        for start in range(0, len(folded), _AT_ONCE):
            yield self._grams(folded[start : start + _AT_ONCE])

    def _grams(self, folded: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Give the key of every gram with the number of its text."""
        codes, owner = _code_points(folded)
        place = np.searchsorted(self.alphabet, codes).clip(max=max(len(self.alphabet) - 1, 0))
        known = self.alphabet[place] == codes if len(self.alphabet) else np.zeros(len(codes), bool)
        ids = np.where(known, place + 1, 0).astype(np.uint64)
        key, valid = ids, ids > 0
        keys, owners = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
        for size in range(2, max(SIZES) + 1):
            nxt = ids[size - 1 :]
            key = key[: len(nxt)] | (nxt << np.uint64(_BITS * (size - 1)))
            valid = valid[: len(nxt)] & (nxt > 0)
            if size in SIZES:
                keys.append(key[valid])
                owners.append(owner[: len(nxt)][valid])
        return np.concatenate(keys), np.concatenate(owners)


def _code_points(folded: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Lay texts one after the other, each between spaces and closed by 0; gives code points and text numbers."""
    padded = [f" {text} \0" if text else "\0" for text in folded]
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32)
    return codes, np.repeat(np.arange(len(padded), dtype=np.int64), [len(text) for text in padded])


def _pairs(keys: NDArray[np.uint64], rows: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Give each pair of gram and text once."""
    order = np.lexsort((rows, keys))
    keys, rows = keys[order], rows[order]
    first = np.ones(len(keys), bool)
    first[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
    return keys[first], rows[first]
