"""The measure `likeness`: half affinity, half the words that describe two occupations.

likeness(a, b) = ½ · affinity(a, b) + ½ · wording(a, b), where wording is the cosine of the word vectors of
`skills.text`. A person, and an occupation that nothing describes, has no words: then likeness is affinity alone. A set
without skills has likeness 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from esco_graph.skills.matrix import FloatArray, SkillMatrix
from esco_graph.skills.measure import Measure, PairArray
from esco_graph.skills.skill_set import SkillSet
from esco_graph.skills.vectors import AFFINITY_SPACE, Space, against_all, all_pairs, blocks, contributions

WORD = "word:"
"""What the key of a word begins with among the contributions: `word:theatre`."""
SHARE = 0.5
"""The share of the words; tuned on the dev golds together with nothing else (see docs/careers.md)."""


def described(matrix: SkillMatrix) -> NDArray[np.bool_]:
    """Tell which occupations have words and skills: n values."""
    return matrix.derived("described", lambda one: (np.diff(one.wording.rows.indptr) > 0) & (one.size > 0))


def _row(matrix: SkillMatrix, held: SkillSet) -> int | None:
    """Give the row of the words of a set: an occupation with skills and words, else None."""
    row = matrix.find(held.iri)
    return row if row is not None and len(held.all) and described(matrix)[row] else None


def _against_all(matrix: SkillMatrix, held: SkillSet) -> FloatArray:
    found = against_all(AFFINITY_SPACE, matrix, held)
    row = _row(matrix, held)
    if row is None:
        return found
    words = matrix.wording.rows
    vector = np.zeros(words.shape[1])
    columns, values = _words(words, row)
    vector[columns] = values
    alike = np.clip(words @ vector, 0.0, 1.0)
    return np.where(described(matrix), (1 - SHARE) * found + SHARE * alike, found)


def _all_pairs(matrix: SkillMatrix) -> PairArray:
    found = all_pairs(_SPACE, matrix)
    bare = np.flatnonzero(~described(matrix))
    for row in bare.tolist():
        found[row] = found[:, row] = against_all(AFFINITY_SPACE, matrix, matrix.row_set(row))
    return found


def _blocks(matrix: SkillMatrix) -> Iterator[tuple[int, FloatArray]]:
    bare = np.flatnonzero(~described(matrix)).tolist()
    alone = {row: against_all(AFFINITY_SPACE, matrix, matrix.row_set(row)) for row in bare}
    for first, block in blocks(_SPACE, matrix):
        for row, values in alone.items():
            block[:, row] = values[first : first + len(block)]
            if first <= row < first + len(block):
                block[row - first] = values
        yield first, block


def _contributions(matrix: SkillMatrix, a: SkillSet, b: SkillSet) -> dict[str, float]:
    parts = contributions(AFFINITY_SPACE, matrix, a, b)
    first, second = _row(matrix, a), _row(matrix, b)
    if first is None or second is None:
        return parts
    found = {iri: value * (1 - SHARE) for iri, value in parts.items()}
    wording = matrix.wording
    (columns, values), (others, theirs) = _words(wording.rows, first), _words(wording.rows, second)
    shared, at, there = np.intersect1d(columns, others, assume_unique=True, return_indices=True)
    for column, value in zip(shared.tolist(), (values[at] * theirs[there]).tolist(), strict=True):
        if value:
            found[WORD + wording.words[column]] = value * SHARE
    return found


def _words(rows: csr_array, row: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Give the columns and values of one row; scipy's `rows[[row]]` takes twenty times as long."""
    part = slice(rows.indptr[row], rows.indptr[row + 1])
    return rows.indices[part], rows.data[part]


def _rows(matrix: SkillMatrix) -> csr_array:
    halves = [np.sqrt(1 - SHARE) * AFFINITY_SPACE.rows(matrix), np.sqrt(SHARE) * matrix.wording.rows]
    return csr_array(hstack(halves, format="csr"))


_SPACE = Space(
    "likeness",
    lambda matrix: matrix.derived("likeness", _rows),
    AFFINITY_SPACE.entries,  # not asked: one set against all goes by parts, as a person has no words
    AFFINITY_SPACE.columns,
)
LIKENESS = Measure(
    "likeness",
    "½ · affinity + ½ · y(a) · y(b)",
    "docs/careers.md",
    True,
    _against_all,
    _all_pairs,
    _contributions,
    _blocks,
)
