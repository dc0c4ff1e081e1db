"""Sentence vectors of the index and of queries (extra `embed`): used where an encoder for the language is installed.

Vectors are made once and kept as float16 in the user's cache, under the hash of the texts and of the encoder, so that
another release or another encoder never reads them. Those of labels and of descriptions are two files: a phrase is
compared with labels only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from esco_graph.files import replacing
from esco_graph.linking.encoders import Encode, Encoder, asked_encoder, encoded
from esco_graph.linking.index import CandidateIndex
from esco_graph.linking.texts import Query

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Progress = Callable[[str, int, int], None]
_DESCRIPTION = 400
"""Characters of a description that are encoded."""
_ROWS = 16_384  # vectors that are widened at a time; 25 MB


@dataclass(frozen=True, eq=False)
class Vectors:
    """The vectors of an index, float16: `labels` one per label, `texts` one per concept (label and description)."""

    encoder: Encoder
    encode: Encode
    labels: NDArray[np.float16]
    texts: NDArray[np.float16]

    def cosines(self, texts: Sequence[str]) -> Floats:
        """Give the cosines of texts with every label, (texts, labels), 0 to 1."""
        mine = encoded(self.encode, texts, self.encoder.size)
        found = np.zeros((len(texts), len(self.labels)), np.float32)
        for start in range(0, len(self.labels), _ROWS):
            some = self.labels[start : start + _ROWS].astype(np.float32)
            found[:, start : start + _ROWS] = mine @ some.T
        return np.clip(found, 0.0, 1.0, out=found)

    def features(self, index: CandidateIndex, queries: Sequence[Query], pool: Ints) -> dict[str, Floats]:
        """Give cosines: of titles to the preferred label, to the best label; of title and description to those of ESCO.

        "embed_text" is 0 for a query without a description.
        """
        size = self.encoder.size
        titles = encoded(self.encode, [query.label for query in queries], size)
        told = [at for at, query in enumerate(queries) if query.description]
        wholes = encoded(self.encode, [_whole(queries[at].label, queries[at].description) for at in told], size)
        names = ("embed_pref", "embed_label", "embed_text")
        found = {name: np.zeros(pool.shape, np.float32) for name in names}
        for at, title in enumerate(titles):
            rows = pool[at][pool[at] >= 0]
            if not len(rows):
                continue
            sizes = index.starts[rows + 1] - index.starts[rows]
            places = np.cumsum([0, *sizes[:-1]])
            labels = np.repeat(index.starts[rows] - places, sizes) + np.arange(int(sizes.sum()))
            likeness = self.labels[labels].astype(np.float32) @ title
            found["embed_pref"][at, : len(rows)] = likeness[places]
            found["embed_label"][at, : len(rows)] = np.maximum.reduceat(likeness, places)
        for at, whole in zip(told, wholes, strict=True):
            rows = pool[at][pool[at] >= 0]
            found["embed_text"][at, : len(rows)] = self.texts[rows].astype(np.float32) @ whole
        return found


_MADE: WeakKeyDictionary[CandidateIndex, dict[bool, Vectors]] = WeakKeyDictionary()


def vectors_of(
    index: CandidateIndex,
    mode: str = "auto",
    *,
    descriptions: Sequence[str] | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Vectors | None:
    """Give the vectors of an index, made when first used; None where no encoder for its language is installed, or off.

    `mode` is one of `linking.EMBED_MODES`; see `asked_encoder` for its errors. `descriptions` has one text per concept;
    without it the preferred label stands alone. `folder` is where they are kept, the user's cache unless told.
    """
    encoder = asked_encoder(index.lang, mode)
    if encoder is None:
        return None
    made = _MADE.setdefault(index, {})
    told = descriptions is not None
    if told not in made:
        made[told] = _made(index, encoder, descriptions, folder, progress or (lambda *_: None))
    return made[told]


def _made(
    index: CandidateIndex, encoder: Encoder, descriptions: Sequence[str] | None, folder: Path | None, progress: Progress
) -> Vectors:
    encode, name = encoder.open(), f"{index.kind}-{index.lang}"
    folder = folder or user_cache_path("esco-graph") / "vectors"

    def made(what: str, texts: Sequence[str]) -> NDArray[np.float16]:
        path = folder / f"{_key(encoder, texts)}.npy"
        kept = _read(path, (len(texts), encoder.size))
        if kept is None:
            told = f"sentence vectors of {what} ({name}; once)"
            kept = encoded(encode, texts, encoder.size, lambda done, of: progress(told, done, of)).astype(np.float16)
            _write(path, kept)
        return kept

    labels = made("labels", index.labels)
    if descriptions is None:
        return Vectors(encoder, encode, labels, labels[index.starts[:-1]])
    wholes = [_whole(index.label(at), one) for at, one in enumerate(descriptions)]
    return Vectors(encoder, encode, labels, made("descriptions", wholes))


def _key(encoder: Encoder, texts: Sequence[str]) -> str:
    """Name vectors by what they are made from."""
    return hashlib.sha256("\0".join([encoder.sha256, *texts]).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _whole(label: str, description: str) -> str:
    return f"{label}. {description[:_DESCRIPTION]}" if description else label


def _read(path: Path, shape: tuple[int, int]) -> NDArray[np.float16] | None:
    """Map kept vectors; None when there are none, or others than these.

    >>> _read(Path("no such file"), (1, 2)) is None
    True
    """
    try:
        found = np.load(path, mmap_mode="r")
    except (OSError, ValueError):
        return None
    return found if found.shape == shape and found.dtype == np.float16 else None


def _write(path: Path, vectors: NDArray[np.float16]) -> None:
    """Keep vectors; where nothing can be written they are made anew next time.

    >>> _write(Path("/dev/null/vectors.npy"), np.zeros((1, 2), np.float16))
    """
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            np.save(file, vectors)
