"""The measures of skill overlap, by name; each says its formula, its source and whether it is symmetric.

E(o) are the essential skills of o, P(o) the optional ones, A(o) both; idf(s) = ln(n / df(s)), where df(s) of the n
occupations list s (K. Spärck Jones, J. Documentation 28, 1972); w(s) is 1 for an essential skill, 0.5 for an optional
one. All scores are 0 to 1. Where a formula divides by 0, because a side has no skills, the score is 0.

What a skill contributes: in a coverage or the Jaccard index each shared skill adds 1 / the divisor; in the weighted
Jaccard index its min / the sum of the max; in a cosine the product of the two entries.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from esco_graph.errors import ParameterError
from esco_graph.skills.likeness import LIKENESS
from esco_graph.skills.matrix import FloatArray, SkillMatrix
from esco_graph.skills.measure import Measure, PairArray
from esco_graph.skills.names import DEFAULT_MEASURE
from esco_graph.skills.skill_set import IntArray, SkillSet
from esco_graph.skills.vectors import AFFINITY, COSINE, OPTIONAL, skill_entries, skill_rows

__all__ = ["MEASURES", "Measure", "check_measure", "score", "scores"]


def check_measure(name: str) -> Measure:
    """Give the measure of this name; raises ParameterError with the nearest name.

    >>> check_measure("jaccard").symmetric
    True
    """
    if name in MEASURES:
        return MEASURES[name]
    near = get_close_matches(name, MEASURES, 1)
    advice = f"Did you mean {near[0]}? " if near else ""
    raise ParameterError(f"there is no measure {name!r}", advice=f"{advice}Use one of: {', '.join(MEASURES)}.")


def scores(matrix: SkillMatrix, held: SkillSet, measure: str = DEFAULT_MEASURE) -> FloatArray:
    """Score a skill set against every occupation: n values of 0 to 1 in the order of the rows."""
    return check_measure(measure).against_all(matrix, held)


def score(matrix: SkillMatrix, a: SkillSet, b: SkillSet, measure: str = DEFAULT_MEASURE) -> float:
    """Score one pair, from a to b: the sum of the contributions, 0 to 1."""
    total = sum(check_measure(measure).contributions(matrix, a, b).values())
    return min(max(total, 0.0), 1.0)


# Shares of skills


def _indicator(matrix: SkillMatrix, columns: IntArray) -> FloatArray:
    vector = np.zeros(len(matrix.skills))
    vector[columns] = 1.0
    return vector


def _ratio(part: NDArray[Any], total: NDArray[Any]) -> NDArray[Any]:
    """Divide, with 0 where the divisor is 0; rounding leaves nothing outside 0 to 1."""
    quotient: NDArray[Any] = np.divide(part, total, out=np.zeros_like(part), where=total > 0)
    np.clip(quotient, 0.0, 1.0, out=quotient)
    return quotient


def _common(a: csr_array, b: csr_array) -> PairArray:
    """Count, or sum, what each two rows have in common."""
    return np.asarray((a @ b.T).toarray(), dtype=np.float32)


def _even(matrix: SkillMatrix, shared: IntArray, total: int) -> dict[str, float]:
    """Let each shared skill add the same."""
    return {matrix.skills[column]: 1 / total for column in shared.tolist()}


def _coverage(
    name: str,
    formula: str,
    source: str,
    rows_of: Callable[[SkillMatrix], csr_array],
    need_of: Callable[[SkillSet], IntArray],
) -> Measure:
    """Make a measure of how much is held of what the other needs."""

    def against_all(matrix: SkillMatrix, held: SkillSet) -> FloatArray:
        rows = rows_of(matrix)
        return _ratio(rows @ _indicator(matrix, held.all), np.diff(rows.indptr))

    def all_pairs(matrix: SkillMatrix) -> PairArray:
        rows = rows_of(matrix)
        return _ratio(_common(matrix.held, rows), np.diff(rows.indptr)[np.newaxis, :].astype(np.float32))

    def contributions(matrix: SkillMatrix, a: SkillSet, b: SkillSet) -> dict[str, float]:
        need = need_of(b)
        return _even(matrix, np.intersect1d(a.all, need, assume_unique=True), len(need))

    return Measure(name, formula, source, False, against_all, all_pairs, contributions)


# The Jaccard index


def _jaccard_one(matrix: SkillMatrix, held: SkillSet) -> FloatArray:
    shared = matrix.held @ _indicator(matrix, held.all)
    return _ratio(shared, matrix.size + len(held.all) - shared)


def _jaccard_pairs(matrix: SkillMatrix) -> PairArray:
    shared, size = _common(matrix.held, matrix.held), matrix.size.astype(np.float32)
    return _ratio(shared, size[:, np.newaxis] + size[np.newaxis, :] - shared)


def _jaccard_parts(matrix: SkillMatrix, a: SkillSet, b: SkillSet) -> dict[str, float]:
    return _even(matrix, np.intersect1d(a.all, b.all, assume_unique=True), len(np.union1d(a.all, b.all)))


# The weighted Jaccard index. The lesser of two weights is idf where both are essential, else half of it: so their sum
# is half the sum over all shared skills and half the sum over those that are essential on both sides.


def _idf_jaccard_one(matrix: SkillMatrix, held: SkillSet) -> FloatArray:
    every = _indicator(matrix, held.all) * matrix.idf * OPTIONAL
    essential = _indicator(matrix, held.essential) * matrix.idf * (1 - OPTIONAL)
    least = matrix.held @ every + matrix.essential @ essential
    return _ratio(least, _weight_sums(matrix) + skill_entries(matrix, held)[1].sum() - least)


def _idf_jaccard_pairs(matrix: SkillMatrix) -> PairArray:
    idf, sums = diags_array(matrix.idf), _weight_sums(matrix).astype(np.float32)
    least = _common(matrix.held @ idf * OPTIONAL, matrix.held)
    least += _common(matrix.essential @ idf * (1 - OPTIONAL), matrix.essential)
    return _ratio(least, sums[:, np.newaxis] + sums[np.newaxis, :] - least)


def _idf_jaccard_parts(matrix: SkillMatrix, a: SkillSet, b: SkillSet) -> dict[str, float]:
    first, second = skill_entries(matrix, a), skill_entries(matrix, b)
    shared, here, there = np.intersect1d(first[0], second[0], assume_unique=True, return_indices=True)
    least = np.minimum(first[1][here], second[1][there])
    most = float(first[1].sum() + second[1].sum() - least.sum())
    pairs = zip(shared.tolist(), least.tolist(), strict=True)
    return {matrix.skills[column]: value / most for column, value in pairs if value}


def _weight_sums(matrix: SkillMatrix) -> FloatArray:
    return matrix.derived("weight-sums", lambda one: np.asarray(skill_rows(one).sum(axis=1)))


_ALL = [
    AFFINITY,
    _coverage(
        "coverage",
        "|A(a) ∩ A(b)| / |A(b)|",
        "containment: A. Broder, Compression and Complexity of Sequences, 1997",
        lambda matrix: matrix.held,
        lambda held: held.all,
    ),
    _coverage(
        "essential-coverage",
        "|A(a) ∩ E(b)| / |E(b)|",
        "containment; all skills against essential ones: Nesta, Mapping Career Causeways, 2020",
        lambda matrix: matrix.essential,
        lambda held: held.essential,
    ),
    Measure(
        "jaccard",
        "|A(a) ∩ A(b)| / |A(a) ∪ A(b)|",
        "P. Jaccard, Bulletin de la Société vaudoise des sciences naturelles 37, 1901",
        True,
        _jaccard_one,
        _jaccard_pairs,
        _jaccard_parts,
    ),
    COSINE,
    Measure(
        "idf-jaccard",
        "Σ min(x(a), x(b)) / Σ max(x(a), x(b)), where x(s) = w(s) · idf(s)",
        "M. Růžička, Biológia 13, 1958",
        True,
        _idf_jaccard_one,
        _idf_jaccard_pairs,
        _idf_jaccard_parts,
    ),
    LIKENESS,
]
MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}
"""All measures by name, in the order of `names.MEASURE_NAMES`; one more is one more entry of this list."""
