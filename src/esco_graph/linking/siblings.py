"""Evidence from the whole file: codes of a classification are hierarchical, so siblings vote for an ISCO group."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
_MARKS = re.compile(r"[\W_]+")
_SHORTEST = 2  # letters of a code that a sibling shares
_FEWEST = 2.0  # votes of siblings that a prefix needs to be heard in full
_TEMPERATURE = 0.08
_VOTERS = 3


def sibling_features(codes: Sequence[str], isco: Sequence[str], pool: Ints, scores: Floats) -> Floats:
    """Give the share of its siblings' votes that a candidate's ISCO group gets, (q, k), by the digits that it shares.

    Each query gives one vote, spread over the ISCO groups of its best candidates by a softmax of their `scores`; it
    never counts for itself. The votes of the nearest siblings (the longest common prefix of the codes) come first;
    where they are few, those of a shorter prefix fill up.
    """
    digits = np.array([[ord(c) for c in f"{code[:4]:-<4}"] for code in isco], np.int32).reshape(-1, 4)
    plain = [_MARKS.sub("", code).upper() for code in codes]
    found = np.zeros(pool.shape, np.float32)
    votes = _votes(pool, scores, digits)
    families: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for code, vote in zip(plain, votes, strict=True):
        for end in range(_SHORTEST, len(code)):
            for group, weight in vote:
                families[code[:end]][group] += weight
    for at, code in enumerate(plain):
        there = pool[at] >= 0
        if len(code) > _SHORTEST and there.any():
            found[at, there] = _heard(families, code, dict(votes[at]), digits[pool[at][there]])
    return found


def _votes(pool: Ints, scores: Floats, digits: NDArray[np.int32]) -> list[list[tuple[int, float]]]:
    best = np.argsort(-np.where(pool >= 0, scores, -np.inf), axis=1, kind="stable")[:, :_VOTERS]
    rows = np.take_along_axis(pool, best, axis=1)
    worth = np.take_along_axis(scores, best, axis=1)
    worth = np.where(rows >= 0, np.exp((worth - worth.max(axis=1, initial=0, keepdims=True)) / _TEMPERATURE), 0)
    worth = worth / np.maximum(worth.sum(axis=1, keepdims=True), 1e-9)
    keys = (digits @ np.array([1 << 24, 1 << 16, 1 << 8, 1])) if len(digits) else np.zeros(0, np.int64)
    return [
        [(int(keys[row]), float(w)) for row, w in zip(some, weights, strict=True) if row >= 0]
        for some, weights in zip(rows, worth, strict=True)
    ]


def _heard(
    families: dict[str, dict[int, float]], code: str, own: dict[int, float], theirs: NDArray[np.int32]
) -> Floats:
    share = np.zeros(len(theirs))
    left = 1.0
    for end in range(len(code) - 1, _SHORTEST - 1, -1):
        votes = families[code[:end]]
        groups = np.array([[(g >> s) & 255 for s in (24, 16, 8, 0)] for g in votes], np.int32).reshape(-1, 4)
        weights = np.array([weight - own.get(group, 0.0) for group, weight in votes.items()]).clip(min=0)
        total = float(weights.sum())
        if total < 1e-6:
            continue
        same = np.logical_and.accumulate(groups[None] == theirs[:, None], axis=2).sum(axis=2) / 4
        part = left * min(1.0, total / _FEWEST)
        share += part * (same @ (weights / total))
        left -= part
        if left <= 0:
            break
    return share.astype(np.float32)
