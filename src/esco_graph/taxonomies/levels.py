"""ISCO-08 skill levels, from `ontology/isco_levels.ttl`."""

from __future__ import annotations

from functools import cache

import pyoxigraph as ox

from esco_graph.resources import resource
from esco_graph.terms import ESG, ISCO


@cache
def _levels() -> dict[str, int]:
    text = resource("ontology/isco_levels.ttl").read_bytes()
    space = ISCO + "C"
    return {
        triple.subject.value.removeprefix(space): int(triple.object.value)
        for triple in ox.parse(text, ox.RdfFormat.TURTLE)
        if triple.predicate.value == ESG + "iscoSkillLevel"
    }


def isco_level(code: str) -> int:
    """Give the skill level of an ISCO-08 group, 1 to 4; 0 where its groups have several.

    >>> isco_level("2269"), isco_level("1411"), isco_level("1"), isco_level("0110")
    (4, 3, 0, 4)
    """
    levels = _levels()
    return levels.get(code[:2], levels.get(code[:1], 0) if len(code) > 1 or code[:1] in levels else 0)
