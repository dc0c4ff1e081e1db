"""What someone, or some occupation, has: the one currency of all measures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class SkillSet:
    """Skills as column numbers of one `SkillMatrix`, each once and in order; no skill is in both arrays.

    A person's skills are all essential. `iri` is that of the occupation or person, "" for a loose list of skills; an
    occupation is left out of its own ranking.

    >>> SkillSet.of([3, 1, 3], [1, 7]).optional.tolist()
    [7]
    """

    essential: IntArray
    optional: IntArray
    iri: str = ""
    label: str = ""

    @classmethod
    def of(cls, essential: Iterable[int], optional: Iterable[int] = (), *, iri: str = "", label: str = "") -> SkillSet:
        """Make one from columns in any order, with repetitions; what is in both is essential."""
        first = _columns(essential)
        return cls(first, np.setdiff1d(_columns(optional), first, assume_unique=True), iri, label)

    @cached_property
    def all(self) -> IntArray:
        """All columns, in order."""
        return np.union1d(self.essential, self.optional)

    def with_skills(self, columns: Iterable[int]) -> SkillSet:
        """Add skills as essential ones, such as those that a step on a career path brings."""
        more = np.union1d(self.essential, _columns(columns))
        return replace(self, essential=more, optional=np.setdiff1d(self.optional, more, assume_unique=True))


def _columns(columns: Iterable[int]) -> IntArray:
    given = columns if isinstance(columns, np.ndarray) else np.fromiter(columns, dtype=np.int32)
    return np.unique(given.astype(np.int32, copy=False))
