"""Which missing skills are worth learning first, for many targets of one skill set, in the order of `skills.gap`."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from esco_graph.skills.gap import REACH
from esco_graph.skills.matrix import FloatArray, IntArray, SkillMatrix, SkillSet, gather
from esco_graph.skills.measures import scores
from esco_graph.skills.names import NEAREST_MEASURE
from esco_graph.skills.near import nearness
from esco_graph.skills.nearest import top


class Worth:
    """The worth of each skill to one who holds some: idf · (1 - near) · reach, as in `skills.gap`."""

    def __init__(self, matrix: SkillMatrix, held: SkillSet, row: int | None) -> None:
        """Keep what is held, and the row of the occupation that holds it (None for a person)."""
        self._matrix, self._held, self._row = matrix, held, row

    def missing(self, row: int, *, optional: bool = False) -> tuple[IntArray, FloatArray]:
        """Give the essential (or optional) skills of an occupation that are not held, with their worth.

        Most worth comes first, ties by IRI.
        """
        theirs = self._matrix.row_set(row)
        wanted = theirs.optional if optional else theirs.essential
        columns = np.setdiff1d(wanted, self._held.all, assume_unique=True)
        near_rows = self._near_rows[self._near_rows != row][:REACH]
        needed = self._matrix.essential.indices[gather(self._matrix.essential, near_rows)[0]]
        reach = 1 + np.bincount(needed, minlength=len(self._matrix.skills))
        worth = np.round(self._new[columns] * reach[columns], 6)
        order = np.lexsort((columns, -worth))
        return columns[order], worth[order]

    @cached_property
    def _new(self) -> FloatArray:
        return self._matrix.idf * (1 - nearness(self._matrix, self._held.all))

    @cached_property
    def _near_rows(self) -> IntArray:
        found = scores(self._matrix, self._held, NEAREST_MEASURE)
        return top(found, REACH + 1, leave_out=-1 if self._row is None else self._row)[0]
