"""What a measure is, and the two kinds there are: by an inner product of vectors, and by sums over shared skills."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from esco_graph.skills.matrix import FloatArray, SkillMatrix
    from esco_graph.skills.skill_set import SkillSet

PairArray = NDArray[np.float32]


@dataclass(frozen=True)
class Measure:
    """One way to compare skill sets; scores are 0 to 1, and 0 where a set without skills leaves nothing to compare.

    `against_all(matrix, held)` scores a set against each row, n float64, from the set to the row. `all_pairs(matrix)`
    is n × n float32, from row to column. `contributions(matrix, a, b)` maps IRIs of skills and broader concepts to what
    they add: the sum is the score. A concept that counts as a skill and as a broader one has the sum of both. `blocks`
    is for measures that score many rows at once faster than one by one.
    """

    name: str
    formula: str
    source: str
    symmetric: bool
    against_all: Callable[[SkillMatrix, SkillSet], FloatArray]
    all_pairs: Callable[[SkillMatrix], PairArray]
    contributions: Callable[[SkillMatrix, SkillSet, SkillSet], dict[str, float]]
    blocks: Callable[[SkillMatrix], Iterator[tuple[int, FloatArray]]] | None = None

    def rows(self, matrix: SkillMatrix) -> Iterator[tuple[int, FloatArray]]:
        """Score each row against all, in the precision of `against_all`."""
        if self.blocks is None:
            yield from ((row, self.against_all(matrix, matrix.row_set(row))) for row in range(len(matrix.occupations)))
            return
        for first, block in self.blocks(matrix):
            yield from enumerate(block, first)
