"""How a row of a mapping set tells that it is a candidate: its measure, and in its comment the proposal and reasons."""

from __future__ import annotations

from collections.abc import Iterable

MEASURE = "esco-graph linking score"
MEASURE_WITH_VECTORS = "esco-graph linking score with sentence vectors"
"""The similarity_measure of candidates, without and with sentence vectors: the two are calibrated apart."""

_SAID = {"exact": "proposed as exact", "none": "proposed as not related"}
"""Proposals that the predicate of a candidate does not say: an exact one stands as close, and none as related."""
_BETWEEN = "; "


def to_comment(relation: str, reasons: Iterable[str]) -> str:
    """Write what was proposed, where the predicate does not say it, and the reasons.

    >>> to_comment("exact", ["same words"]), to_comment("broad", ["same words"])
    ('proposed as exact; same words', 'same words')
    """
    return join(filter(None, (_SAID.get(relation, ""), *reasons)))


def from_comment(comment: str) -> tuple[str, tuple[str, ...]]:
    """Read a comment back: the relation that was proposed, "" where the predicate says it, and the reasons.

    >>> from_comment("proposed as not related; same letters")
    ('none', ('same letters',))
    """
    parts = [part for part in comment.split(_BETWEEN) if part]
    relation = next((relation for relation, said in _SAID.items() if said in parts), "")
    return relation, tuple(part for part in parts if part not in _SAID.values())


def join(reasons: Iterable[str]) -> str:
    """Write reasons in one cell."""
    return _BETWEEN.join(reasons)
