"""The search behind `paths`: the k cheapest simple ways over a neighbour graph, where skills gained on the way count.

The cost of a step depends on all that was gained before it, so that shortest-path routines do not apply. It is never
negative, though, so the cheapest open way may always be taken first: the first k ways to arrive are the k cheapest.
What cannot arrive within the hops that are left is never opened (scipy's distances on the reversed graph), so at most
neighbours^(hops - 1) ways are.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from esco_graph.careers.names import STEP_COST
from esco_graph.skills.gap import gaps_from
from esco_graph.skills.matrix import FloatArray, SkillMatrix, SkillSet
from esco_graph.skills.near import nearness

_DIGITS = 9  # costs are compared to so many digits, so that the order of additions decides no tie


@dataclass(frozen=True)
class Way:
    """Rows of the matrix after the start, in order, with the gap of each step, in [0, 1], and what the way costs."""

    rows: tuple[int, ...]
    gaps: tuple[float, ...]
    cost: float


def hops_to(neighbours: np.ndarray, target: int) -> np.ndarray:
    """Give for each row the fewest hops to the target; inf where no way leads there.

    `neighbours` is (n, k) rows, -1 where there are fewer.

    >>> [float(hops) for hops in hops_to(np.array([[1], [2], [-1], [0]]), 2)]
    [2.0, 1.0, 0.0, 3.0]
    """
    n, k = neighbours.shape
    sources, ends = np.repeat(np.arange(n), k), neighbours.ravel()
    real = ends >= 0
    ones = np.ones(int(real.sum()))
    backwards = csr_array((ones, (ends[real], sources[real])), shape=(n, n))
    return np.asarray(dijkstra(backwards, indices=target, unweighted=True), dtype=np.float64)


def gained(matrix: SkillMatrix, held: SkillSet, row: int) -> SkillSet:
    """Give what is held after working in an occupation: all its skills, essential and optional, are added."""
    return held.with_skills(matrix.row_set(row).all)


class Gains:
    """The gaps of a search, from how near each skill is to all that was gained so far: the same as `skills.gap_scores`.

    How near a skill is to two sets together is the greater of how near it is to either, so a step costs one comparison.
    """

    def __init__(self, matrix: SkillMatrix) -> None:
        """Look up the skills of a row when it is first gained."""
        self._matrix = matrix
        self._of_row: dict[int, FloatArray] = {}

    def begin(self, held: SkillSet) -> FloatArray:
        """Give how near each skill is to what is held: m values of 0 to 1."""
        return nearness(self._matrix, held.all)

    def after(self, near: FloatArray, row: int) -> FloatArray:
        """Give how near each skill is when the skills of an occupation are gained as well."""
        if row not in self._of_row:
            self._of_row[row] = nearness(self._matrix, self._matrix.row_set(row).all)
        return np.maximum(near, self._of_row[row])

    def gaps(self, near: FloatArray, rows: list[int]) -> list[float]:
        """Give the gaps to the occupations in these rows, 0 to 1."""
        found: list[float] = gaps_from(self._matrix, near, np.array(rows, dtype=np.int32)).tolist()
        return found


def cheapest_ways(
    matrix: SkillMatrix,
    held: SkillSet,
    first: np.ndarray,
    neighbours: np.ndarray,
    target: int,
    *,
    start: int | None = None,
    k: int = 3,
    hops: int = 4,
) -> tuple[Way, ...]:
    """Find the k cheapest simple ways from what is held to the target row, cheapest first, ties by row.

    `first` holds the rows that the start may step to, `neighbours` (n, k) those of every row. A step costs gap² +
    STEP_COST; its gap counts all skills that were gained before it. A way that only adds stops to a cheaper one with
    stops is left out. Fewer ways come back where there are no more.
    """
    left = hops_to(neighbours, target)
    open_ways: list[tuple[float, float, tuple[int, ...], tuple[float, ...]]] = [(0.0, 0.0, (), ())]
    gains, known, found = Gains(matrix), dict[tuple[int, ...], FloatArray](), list[Way]()
    while open_ways and len(found) < k:
        _, cost, rows, gaps = heapq.heappop(open_ways)
        if rows and rows[-1] == target:
            if not any(_goes_along(rows, way.rows) for way in found if len(way.rows) > 1):
                found.append(Way(rows, gaps, cost))
            continue
        near = known[rows] = gains.after(known[rows[:-1]], rows[-1]) if rows else gains.begin(held)
        seen = {*rows, start, -1}
        nexts = [row for row in (neighbours[rows[-1]] if rows else first).tolist() if row not in seen]
        nexts = [row for row in nexts if len(rows) + 1 + left[row] <= hops]
        for row, gap in zip(nexts, gains.gaps(near, nexts), strict=True):
            paid = round(cost + gap * gap + STEP_COST, _DIGITS)
            at_least = round(paid + STEP_COST * left[row], _DIGITS)
            heapq.heappush(open_ways, (at_least, paid, (*rows, row), (*gaps, gap)))
    return tuple(found)


def _goes_along(rows: tuple[int, ...], stops: tuple[int, ...]) -> bool:
    """Tell whether a way makes all these stops, in their order."""
    left = iter(rows)
    return all(stop in left for stop in stops)
