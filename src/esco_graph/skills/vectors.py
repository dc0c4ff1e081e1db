"""Measures that are the cosine of two vectors: `cosine` over skills, `affinity` over skills and broader concepts.

w(s) is 1 for an essential skill and 0.5 for an optional one; the entry of a skill is w(s) · idf(s). In affinity each
broader concept g, one or two `skos:broader` steps up, adds an entry min(3, Σ w(s) · 0.5^steps) · ln(n / df(g)), where
df(g) counts the occupations with a skill below g. All vectors have length 1, so the product of two entries is what the
skill or concept adds to the score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, hstack

from esco_graph.skills.matrix import FloatArray, SkillMatrix, gather, rarity
from esco_graph.skills.measure import Measure, PairArray
from esco_graph.skills.skill_set import IntArray, SkillSet

OPTIONAL = 0.5
STEP = 0.5
MOST = 3.0
_BLOCK = 512  # rows of one product: bounds its memory
_FREQUENT = 150  # rows from which a column is cheaper in a dense product than in a sparse one


@dataclass(frozen=True)
class Space:
    """How a skill set becomes a vector: `rows` holds those of all occupations, n × columns, each of length 1 or 0."""

    name: str
    rows: Callable[[SkillMatrix], csr_array]
    entries: Callable[[SkillMatrix, SkillSet], tuple[IntArray, FloatArray]]
    columns: Callable[[SkillMatrix], list[str]]


def against_all(space: Space, matrix: SkillMatrix, held: SkillSet) -> FloatArray:
    """Multiply the rows by the vector of a set."""
    rows = space.rows(matrix)
    vector = np.zeros(rows.shape[1])
    columns, values = unit(*space.entries(matrix, held))
    vector[columns] = values
    found: FloatArray = np.clip(rows @ vector, 0.0, 1.0)
    return found


def all_pairs(space: Space, matrix: SkillMatrix) -> PairArray:
    """Multiply the rows by themselves: those of a block by themselves and the later ones, and the rest mirrored."""
    dense, rare = _split(space.rows(matrix), np.float32)
    n = len(dense)
    pairs = np.empty((n, n), dtype=np.float32)
    for first in range(0, n, _BLOCK):
        part = slice(first, first + _BLOCK)
        block = (rare[part] @ csr_array(rare[first:].T)).toarray()
        block += dense[part] @ dense[first:].T
        np.clip(block, 0.0, 1.0, out=block)
        pairs[part, first:], pairs[first:, part] = block, block.T
    return pairs


def blocks(space: Space, matrix: SkillMatrix) -> Iterator[tuple[int, FloatArray]]:
    """Score blocks of rows against all rows in double precision: the first row of the block, and its scores."""
    dense, rare = _split(space.rows(matrix), np.float64)
    columns = csr_array(rare.T)
    for first in range(0, len(dense), _BLOCK):
        part = slice(first, first + _BLOCK)
        block = (rare[part] @ columns).toarray()
        block += dense[part] @ dense.T
        yield first, np.clip(block, 0.0, 1.0, out=block)


def _split(rows: csr_array, dtype: type[np.floating[Any]]) -> tuple[NDArray[Any], csr_array]:
    """Part frequent columns, which are cheaper in a dense product, from rare ones."""
    rows = rows.astype(dtype)
    frequent = np.bincount(rows.indices, minlength=rows.shape[1]) > _FREQUENT
    return rows[:, frequent].toarray(), csr_array(rows[:, ~frequent])


def contributions(space: Space, matrix: SkillMatrix, a: SkillSet, b: SkillSet) -> dict[str, float]:
    """Multiply the vectors of two sets entry by entry."""
    first, second = unit(*space.entries(matrix, a)), unit(*space.entries(matrix, b))
    shared, at, there = np.intersect1d(first[0], second[0], assume_unique=True, return_indices=True)
    names = space.columns(matrix)
    found: dict[str, float] = {}
    for column, value in zip(shared.tolist(), (first[1][at] * second[1][there]).tolist(), strict=True):
        if value:
            found[names[column]] = found.get(names[column], 0.0) + value
    return found


def unit(columns: IntArray, values: FloatArray) -> tuple[IntArray, FloatArray]:
    """Give a vector the length 1; a vector of zeros stays."""
    length = float(np.sqrt(values @ values))
    return columns, values / length if length else values


# Skills alone


def skill_rows(matrix: SkillMatrix) -> csr_array:
    """Weigh the skills of all occupations: w(s) · idf(s)."""
    return csr_array(weighted(matrix) @ diags_array(matrix.idf))


def weighted(matrix: SkillMatrix) -> csr_array:
    """Weigh the skills of all occupations: w(s)."""
    return csr_array(matrix.essential.astype(np.float64) + matrix.optional.astype(np.float64) * OPTIONAL)


def skill_entries(matrix: SkillMatrix, held: SkillSet) -> tuple[IntArray, FloatArray]:
    """Weigh the skills of a set: w(s) · idf(s)."""
    columns, weights = weights_of(held)
    return columns, weights * matrix.idf[columns]


def weights_of(held: SkillSet) -> tuple[IntArray, FloatArray]:
    """Give the columns of a set, in order, with w(s)."""
    columns = held.all
    weights = np.full(len(columns), OPTIONAL)
    weights[np.searchsorted(columns, held.essential)] = 1.0
    return columns, weights


# Skills and broader concepts


def _decay(matrix: SkillMatrix) -> csr_array:
    decay = matrix.broader.astype(np.float64)
    decay.data = STEP**decay.data
    return decay


def concept_idf(matrix: SkillMatrix) -> FloatArray:
    """Give the rarity of each broader concept, by the occupations with a skill below it."""
    below = csr_array(matrix.held @ matrix.broader)
    return rarity(len(matrix.occupations), np.bincount(below.indices, minlength=len(matrix.concepts)).astype(np.int32))


def affinity_rows(matrix: SkillMatrix) -> csr_array:
    """Set the entries of broader concepts beside those of skills."""
    concepts = csr_array(weighted(matrix) @ _decay(matrix))
    concepts.data = np.minimum(concepts.data, MOST)
    concepts = concepts @ diags_array(matrix.derived("concept-idf", concept_idf))
    return csr_array(hstack([skill_rows(matrix), concepts], format="csr"))


def affinity_entries(matrix: SkillMatrix, held: SkillSet) -> tuple[IntArray, FloatArray]:
    """Give the entries of skills and of broader concepts of a set."""
    columns, values = skill_entries(matrix, held)
    _, weights = weights_of(held)
    places, owners = gather(matrix.broader, columns)
    adds = STEP ** matrix.broader.data[places].astype(np.float64) * weights[owners]
    sums = np.bincount(matrix.broader.indices[places], adds, len(matrix.concepts))
    concepts = np.flatnonzero(sums)
    raised = np.minimum(sums[concepts], MOST) * matrix.derived("concept-idf", concept_idf)[concepts]
    together = np.concatenate([columns, concepts.astype(np.int32) + np.int32(len(matrix.skills))])
    return together, np.concatenate([values, raised])


def normalised(rows: csr_array) -> csr_array:
    """Give each row the length 1; rows of zeros stay, and entries of 0 are dropped."""
    rows = csr_array(rows)
    rows.eliminate_zeros()
    rows.sort_indices()
    squares = np.add.reduceat(np.append(rows.data**2, 0.0), rows.indptr[:-1]) * (np.diff(rows.indptr) > 0)
    lengths = np.sqrt(np.where(squares > 0, squares, 1.0))
    rows.data = rows.data / np.repeat(lengths, np.diff(rows.indptr))
    return rows


def measure_of(space: Space, formula: str, source: str) -> Measure:
    """Make the measure of a space."""
    return Measure(
        name=space.name,
        formula=formula,
        source=source,
        symmetric=True,
        against_all=lambda matrix, held: against_all(space, matrix, held),
        all_pairs=lambda matrix: all_pairs(space, matrix),
        contributions=lambda matrix, a, b: contributions(space, matrix, a, b),
        blocks=lambda matrix: blocks(space, matrix),
    )


COSINE_SPACE = Space(
    "cosine",
    lambda matrix: matrix.derived("cosine", lambda one: normalised(skill_rows(one))),
    skill_entries,
    lambda matrix: matrix.skills,
)
AFFINITY_SPACE = Space(
    "affinity",
    lambda matrix: matrix.derived("affinity", lambda one: normalised(affinity_rows(one))),
    affinity_entries,
    lambda matrix: matrix.derived("affinity-columns", lambda one: one.skills + one.concepts),
)
_SALTON = "cosine of weighted vectors: G. Salton, A. Wong, C. S. Yang, Communications of the ACM 18(11), 1975"
COSINE = measure_of(COSINE_SPACE, "x(a) · x(b) / (|x(a)| · |x(b)|), where x(s) = w(s) · idf(s)", _SALTON)
AFFINITY = measure_of(
    AFFINITY_SPACE,
    "the cosine, with an entry min(3, Σ w(s) · 0.5^steps) · ln(n / df(g)) for each concept g one or two steps broader",
    f"{_SALTON}; broader concepts: docs/careers.md",
)
