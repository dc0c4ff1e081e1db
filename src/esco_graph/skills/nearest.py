"""The nearest occupations of each: what paths, stored queries and pictures walk along."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from esco_graph.skills.matrix import FloatArray, SkillMatrix
from esco_graph.skills.measures import check_measure
from esco_graph.skills.names import NEAREST_MEASURE
from esco_graph.skills.skill_set import IntArray

NEAREST = 20
DIGITS = 6


def nearest(
    matrix: SkillMatrix, k: int = NEAREST, measure: str = NEAREST_MEASURE
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Give the k nearest occupations of each: rows and scores, both n × k, best first, equal scores by IRI.

    An occupation is not its own neighbour. Scores are rounded to six digits; a row of -1 with score 0 stands where
    fewer than k score above 0.
    """
    if (k, measure) == (NEAREST, NEAREST_MEASURE):
        return matrix.derived("nearest", lambda one: _nearest(one, k, measure))
    return _nearest(matrix, k, measure)


def _nearest(matrix: SkillMatrix, k: int, measure: str) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    n = len(matrix.occupations)
    rows, found = np.full((n, k), -1, dtype=np.int32), np.zeros((n, k))
    for row, values in check_measure(measure).rows(matrix):
        best, best_values = top(values, k, leave_out=row)
        rows[row, : len(best)], found[row, : len(best)] = best, best_values
    return rows, found


def top(values: FloatArray, k: int, *, leave_out: int = -1) -> tuple[IntArray, FloatArray]:
    """Give the rows of the k best scores above 0, best first and equal ones in row order, with the rounded scores.

    >>> top(np.array([0.5, 0.0, 0.7, 0.5000001]), 3)[0].tolist()
    [2, 0, 3]
    """
    rounded = np.round(values, DIGITS)
    if leave_out >= 0:
        rounded[leave_out] = 0.0
    if len(rounded) > k:
        least = np.partition(rounded, len(rounded) - k)[len(rounded) - k]
        kept = np.flatnonzero((rounded >= least) & (rounded > 0))
    else:
        kept = np.flatnonzero(rounded > 0)
    best = kept[np.lexsort((kept, -rounded[kept]))][:k]
    return best.astype(np.int32), rounded[best]
