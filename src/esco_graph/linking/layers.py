"""The best label of every concept at once: labels in layers, the first of each concept, then the second, and so on.

To take the greatest score of each concept by its labels costs a step per concept; layer by layer it is one step for
all concepts that have so many labels, since those with the most labels come first in every layer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Layers:
    """`column` is the column of each label; `sizes` says how many concepts each layer has.

    `concepts` lists the concepts in the order of the layers, `place` is the place of each concept in it.
    """

    column: Ints
    sizes: list[int]
    concepts: NDArray[np.intp]
    place: NDArray[np.intp]

    @classmethod
    def of(cls, starts: Ints) -> Layers:
        """Lay out labels that are numbered by concept: those of concept c from `starts[c]` to `starts[c + 1]`.

        >>> Layers.of(np.array([0, 1, 3], np.int32)).column.tolist()
        [1, 0, 2]
        """
        counts = np.diff(starts)
        concepts = np.argsort(-counts, kind="stable")
        place = np.argsort(concepts, kind="stable")
        sizes = [int((counts > layer).sum()) for layer in range(int(counts.max(initial=0)))]
        first = np.cumsum([0, *sizes])
        layer = np.arange(int(starts[-1])) - np.repeat(starts[:-1], counts)
        return cls((first[layer] + np.repeat(place, counts)).astype(np.int32), sizes, concepts, place)

    def laid(self, postings: csr_array) -> csr_array:
        """Give postings (terms x labels) with the columns in layers."""
        made = csr_array(postings.shape, dtype=postings.dtype)
        made.data, made.indptr = postings.data, postings.indptr
        made.indices = self.column[postings.indices]
        return made

    def best(self, scores: Floats) -> Floats:
        """Give (n, concepts), the greatest score of each concept, of (n, labels) with the columns in layers."""
        if not self.sizes:
            return np.zeros((len(scores), 0), np.float32)
        found = scores[:, : self.sizes[0]].copy()
        start = self.sizes[0]
        for size in self.sizes[1:]:
            np.maximum(found[:, :size], scores[:, start : start + size], out=found[:, :size])
            start += size
        return np.asarray(found[:, self.place])

    def first(self, scores: Floats) -> Floats:
        """Give (n, concepts), the score of the first label of each concept."""
        return np.asarray(scores[:, : len(self.place)][:, self.place])
