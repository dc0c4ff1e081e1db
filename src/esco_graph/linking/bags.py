"""Texts as bags of stems, weighted by BM25.

Robertson and Zaragoza (2009), "The Probabilistic Relevance Framework: BM25 and Beyond"; idf = ln(1 + (n - df + 0.5) /
(df + 0.5)) as Lucene has it, so that it is never below 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from esco_graph.linking.texts import LONGEST, stems

K1 = 1.2
B = 0.75


@dataclass(frozen=True, eq=False)
class StemSpace:
    """The stems of an index, sorted, and the idf of each; a stem that it lacks weighs as much as the rarest."""

    names: list[str]
    idf: NDArray[np.float32]
    rarest: float

    @classmethod
    def of(cls, texts: Sequence[str], most: int = LONGEST) -> tuple[StemSpace, csr_array]:
        """Read the stems of texts; gives the space and the texts x stems array of BM25 weights.

        >>> space, rows = StemSpace.of(["ward nurse", "nurses"])
        >>> space.names, rows.shape
        (['nurse', 'ward'], (2, 2))
        """
        bags = [stems(text, most) for text in texts]
        names = sorted(set(chain.from_iterable(bags)))
        column = {name: at for at, name in enumerate(names)}
        counts = _counts(bags, column)
        n = len(texts)
        df = np.bincount(counts.indices, minlength=len(names))
        idf = np.log(1 + (n - df + 0.5) / (df + 0.5)).astype(np.float32)
        sizes = np.array([len(bag) for bag in bags], np.float32)
        long = np.repeat(1 - B + B * sizes / max(float(sizes.mean()) if n else 0.0, 1e-9), np.diff(counts.indptr))
        tf = counts.data
        counts.data = (idf[counts.indices] * tf * (K1 + 1) / (tf + K1 * long)).astype(np.float32)
        return cls(names, idf, float(np.log(1 + (n + 0.5) / 0.5))), counts

    @cached_property
    def column(self) -> dict[str, int]:
        """Give the number of each stem."""
        return {name: at for at, name in enumerate(self.names)}

    def queries(self, texts: Sequence[str], most: int = LONGEST) -> csr_array:
        """Give texts x stems of 1 where the text has the stem, divided by what a label of just these stems would get.

        So the product with BM25 weights is a share: about 1 where all the words meet.
        """
        bags = [list(dict.fromkeys(stems(text, most))) for text in texts]
        rows = _counts([[one for one in bag if one in self.column] for bag in bags], self.column)
        full = np.array([sum(self.weight(one) for one in bag) for bag in bags], np.float32)
        rows.data = np.repeat(1 / np.maximum(full, np.float32(1e-9)), np.diff(rows.indptr)).astype(np.float32)
        return rows

    def weight(self, stem: str) -> float:
        """Give the idf of a stem."""
        at = self.column.get(stem)
        return self.rarest if at is None else float(self.idf[at])


def _counts(bags: Sequence[Sequence[str]], column: dict[str, int]) -> csr_array:
    indptr = np.cumsum([0, *map(len, bags)], dtype=np.int32)
    indices = np.fromiter(map(column.__getitem__, chain.from_iterable(bags)), np.int32, count=int(indptr[-1]))
    rows = csr_array((np.ones(len(indices), np.float32), indices, indptr), shape=(len(bags), len(column)))
    rows.sum_duplicates()
    return rows
