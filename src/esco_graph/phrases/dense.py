"""How near phrases are to the preferred labels of an index by sentence vectors (extra `embed`), made once for an index.

Only preferred labels have vectors: all labels are seven times as many, and were little better (docs/phrases.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from esco_graph.errors import ParameterError
from esco_graph.linking.embed import read_vectors, write_vectors
from esco_graph.linking.encoders import Encode, Encoder, encoded, encoder_for
from esco_graph.linking.index import CandidateIndex
from esco_graph.linking.link import EMBED

AT_ONCE = 256
"""Phrases of one product with all concepts."""
Floats = NDArray[np.float32]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Dense:
    """The vectors of the preferred labels, one row of length 1 per concept, and what makes those of phrases."""

    encode: Encode
    labels: Floats

    @classmethod
    def of(
        cls, index: CandidateIndex, mode: str = "auto", folder: Path | None = None, progress: Progress | None = None
    ) -> Dense | None:
        """Open the vectors that are stored in a folder, or make and store them; None without an encoder, or if off.

        `mode` is "auto", "on" (ParameterError without an encoder for the language) or "off".
        """
        if mode not in EMBED:
            raise ParameterError(f"{mode[:40]!r} is not a mode of vectors", advice=f"Use one of: {', '.join(EMBED)}.")
        encoder = encoder_for(index.lang) if mode != "off" else None
        if encoder is None:
            if mode == "on":
                what = f"there is no sentence encoder for {index.lang!r} here"
                raise ParameterError(what, advice="pip install 'esco-graph[embed]', or use --embed off.")
            return None
        encode = encoder.open()
        path = folder / _name(index, encoder) if folder else None
        kept = read_vectors(path, (len(index), encoder.size)) if path else None
        if kept is None:
            kept = _made(index, encoder, encode, progress or (lambda *_: None))
            if path:
                write_vectors(path, kept)
        return cls(encode, kept.astype(np.float32))

    def cosines(self, texts: Sequence[str]) -> Floats:
        """Give the cosines of phrases with the preferred label of each concept, 0 to 1."""
        size = self.labels.shape[1]
        # One by one: int8 scales a batch as a whole, so that a phrase would depend on those beside it.
        rows = [encoded(self.encode, [text], size, lambda *_: None) for text in texts]
        found = np.concatenate([np.zeros((0, size), np.float32), *rows]) @ self.labels.T
        return np.asarray(found.clip(0.0, 1.0), np.float32)


def _made(index: CandidateIndex, encoder: Encoder, encode: Encode, progress: Progress) -> NDArray[np.float16]:
    labels = [index.label(at) for at in range(len(index))]
    what = f"sentence vectors ({index.kind}-{index.lang})"
    return encoded(encode, labels, encoder.size, lambda done, of: progress(what, done, of)).astype(np.float16)


def _name(index: CandidateIndex, encoder: Encoder) -> str:
    """Name the file by what the vectors are made from."""
    return f"vectors-{hashlib.sha256(f'{index.digest}{encoder.sha256}'.encode()).hexdigest()[:24]}.npy"
