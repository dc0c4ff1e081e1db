"""How near phrases are to every label of an index by sentence vectors (extra `embed`), made once for an index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from esco_graph.errors import ParameterError
from esco_graph.linking.embed import vectors_of
from esco_graph.linking.encoders import Encode, encoded
from esco_graph.linking.index import CandidateIndex
from esco_graph.linking.link import EMBED

AT_ONCE = 64
"""Phrases of one product with all labels; 99,000 labels are 25 MB then."""
Floats = NDArray[np.float32]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Dense:
    """The vectors of the labels of an index, as `Layers` lays them out, and what makes the vectors of phrases."""

    index: CandidateIndex
    encode: Encode
    labels: Floats

    @classmethod
    def of(cls, index: CandidateIndex, mode: str = "auto", progress: Progress | None = None) -> Dense | None:
        """Open the stored vectors of an index, or make and store them; None where there is no encoder, or mode is off.

        `mode` is "auto", "on" (ParameterError without an encoder for the language) or "off".
        """
        if mode not in EMBED:
            raise ParameterError(f"{mode[:40]!r} is not a mode of vectors", advice=f"Use one of: {', '.join(EMBED)}.")
        vectors = vectors_of(index, mode, descriptions=index.described, progress=progress) if mode != "off" else None
        return cls.from_labels(index, vectors.encode, vectors.labels) if vectors else None

    @classmethod
    def from_labels(cls, index: CandidateIndex, encode: Encode, labels: NDArray[np.float16]) -> Dense:
        """Take one vector per label, each of length 1."""
        laid = np.empty(labels.shape, np.float32)
        laid[index.layers.column] = labels
        return cls(index, encode, laid)

    def cosines(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Give the cosines of AT_ONCE phrases or fewer with the preferred and the nearest label of each concept."""
        layers, size = self.index.layers, self.labels.shape[1]
        # One by one: int8 scales a batch as a whole, so that a phrase would depend on those beside it.
        rows = [encoded(self.encode, [text], size, lambda *_: None) for text in texts]
        found = np.concatenate([np.zeros((0, size), np.float32), *rows]) @ self.labels.T
        return layers.first(found).clip(0.0, 1.0), layers.best(found).clip(0.0, 1.0)
