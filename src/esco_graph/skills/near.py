"""How near a missing skill is to what is held: its parent, or grandparent, stands above a held skill as well."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from esco_graph.skills.matrix import FloatArray, SkillMatrix, gather
from esco_graph.skills.skill_set import IntArray

NEARNESS = {1: 0.5, 2: 0.25}
"""What a shared parent (1) or grandparent (2) is worth: that much less is missing."""


def nearness(matrix: SkillMatrix, held: IntArray) -> FloatArray:
    """Give m values: 1 for a held skill, 0.5 for one with a parent of a held one, 0.25 with a grandparent, else 0."""
    near = np.zeros(len(matrix.skills))
    for steps, worth in sorted(NEARNESS.items(), reverse=True):
        above = _above(matrix, steps)
        reached = np.zeros(len(matrix.concepts), dtype=np.float32)
        reached[above.indices[gather(above, held)[0]]] = 1
        near[above @ reached > 0] = worth
    near[held] = 1.0
    return near


def nearest_held(matrix: SkillMatrix, missing: IntArray, held: IntArray) -> dict[int, tuple[int, int]]:
    """Map a missing skill to the held one that it is near to and the steps: 1 before 2, and the first by IRI."""
    found: dict[int, tuple[int, int]] = {}
    none = len(matrix.skills)
    for steps in NEARNESS:
        above = _above(matrix, steps)
        first_below = np.full(len(matrix.concepts), none)
        places, owners = gather(above, held)
        np.minimum.at(first_below, above.indices[places], held[owners])
        nearest = np.full(len(missing), none)
        places, owners = gather(above, missing)
        np.minimum.at(nearest, owners, first_below[above.indices[places]])
        for column, other in zip(missing.tolist(), nearest.tolist(), strict=True):
            if other != none:
                found.setdefault(column, (other, steps))
    return found


def _above(matrix: SkillMatrix, steps: int) -> csr_array:
    return matrix.derived(f"above-{steps}", lambda one: _only(one.broader, steps))


def _only(broader: csr_array, steps: int) -> csr_array:
    coordinates = broader.tocoo()
    kept = coordinates.data == steps
    cells = (np.ones(int(kept.sum()), dtype=np.float32), (coordinates.row[kept], coordinates.col[kept]))
    return csr_array(cells, shape=broader.shape)
