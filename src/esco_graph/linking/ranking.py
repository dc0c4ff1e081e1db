"""The ranking model: features of a pair to a score, and to the probability of each relation.

A listwise softmax regression (Cao et al. 2007, ListNet, with one linear layer): weights of standardised features,
trained so that the candidates which the gold names get the mass. There are two sets of weights: "title" for a query of
which only the title is known, "rich" for one with alternative titles or a description.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from esco_graph.errors import SourceError
from esco_graph.linking.features import FEATURES
from esco_graph.linking.retrieve import Floats

RELATIONS = ("exact", "close", "broad", "narrow", "none")
"""The relations that a candidate may have to the query, in the order of the last axis of `Model.relate`."""
MODELS = Path(__file__).parent / "models"
PROFILES = ("title", "rich")
_RICH = tuple(FEATURES.index(name) for name in ("alt_max", "description", "whole", "embed_text"))
_THERE = FEATURES.index("rank")  # above 0 for every candidate
_EDGE = 1e-6


@dataclass(frozen=True, eq=False)
class Linear:
    """Weights over standardised features: `weights` is (f,) for a score, (f, 5) for relations."""

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def __call__(self, features: Floats) -> Floats:
        """Give the weighted sum."""
        return np.asarray(((features - self.mean) / self.scale) @ self.weights + self.bias, np.float32)


@dataclass(frozen=True, eq=False)
class Model:
    """Weights for one task, with their name and version; `calibration` holds the tables per language."""

    name: str
    version: str
    ranks: dict[str, Linear]
    relations: dict[str, Linear]
    calibration: dict[str, dict[str, Any]] = field(default_factory=dict)

    def rank(self, features: Floats) -> Floats:
        """Give the score of each candidate of a whole pool, (q, k): ln(p / (1 - p)), p its share of the mass."""
        scores = np.where(rich_queries(features)[:, None], self.ranks["rich"](features), self.ranks["title"](features))
        scores = np.where(features[..., _THERE] > 0, scores, -np.inf)
        top = scores.max(axis=1, keepdims=True, initial=-np.inf)
        mass = np.exp(scores - np.where(np.isfinite(top), top, 0))
        share = (mass / np.maximum(mass.sum(axis=1, keepdims=True), 1e-12)).clip(1e-12, 1 - _EDGE)
        return np.asarray(np.log(share) - np.log1p(-share), np.float32)

    def relate(self, features: Floats) -> Floats:
        """Give the probability of each of RELATIONS, (q, k, 5); they sum to 1."""
        rich = rich_queries(features)[:, None, None]
        logits = np.where(rich, self.relations["rich"](features), self.relations["title"](features))
        mass = np.exp(logits - logits.max(axis=-1, keepdims=True))
        return np.asarray(mass / mass.sum(axis=-1, keepdims=True), np.float32)


def rich_queries(features: Floats) -> NDArray[np.bool_]:
    """Say of each query whether more is known than its title."""
    return np.asarray((features[..., _RICH] > 0).any(axis=(1, 2)))


def load_model(*, embed: bool = False) -> Model:
    """Load the model, for targets with or without sentence vectors among the features.

    A taxonomy is ranked as occupations are; weights are the same for every language, calibration is not.

    >>> load_model().name
    'occupation-lexical'
    """
    return read_model(MODELS / f"occupation-{'embed' if embed else 'lexical'}.json")


@cache
def read_model(path: Path) -> Model:
    """Read a model. Raises SourceError when the file is missing, or made for other features."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if tuple(found["features"]) != FEATURES:
            what = "the model was trained for other features"
            raise SourceError(what, where=str(path), advice="Train it again: tools/train_linking.py.")
        ranks, relations = (
            {profile: _linear(found[part][profile]) for profile in PROFILES} for part in ("ranks", "relations")
        )
        return Model(found["name"], found["version"], ranks, relations, found["calibration"])
    except (OSError, KeyError, json.JSONDecodeError) as error:
        raise SourceError(f"no model can be read: {error}", where=str(path)) from error


def _linear(found: dict[str, Any]) -> Linear:
    return Linear(*(np.array(found[name], np.float32) for name in ("mean", "scale", "weights", "bias")))
