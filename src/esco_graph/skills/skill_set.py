"""What someone, or some occupation, has: the one currency of all measures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from esco_graph.errors import ParameterError

if TYPE_CHECKING:
    from esco_graph.skills.matrix import SkillMatrix

IntArray = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class SkillSet:
    """Skills as column numbers of one `SkillMatrix`, each once and in order; no skill is in both arrays.

    A person's skills are all essential. `iri` is that of the occupation or person, "" for a loose list of skills; an
    occupation is left out of its own ranking. `held_occupations` are the IRIs of occupations that a person has or
    had: they are no next step.

    >>> SkillSet.of([3, 1, 3], [1, 7]).optional.tolist()
    [7]
    """

    essential: IntArray
    optional: IntArray
    iri: str = ""
    label: str = ""
    held_occupations: tuple[str, ...] = ()

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


class HasSkills(Protocol):
    """Anything that can give its skills as columns of a matrix, such as a `Person`."""

    def skill_set(self, matrix: SkillMatrix, /) -> SkillSet:
        """Give the skills."""
        ...


SkillSource: TypeAlias = str | SkillSet | HasSkills
"""Where a question may start: an occupation's IRI, a skill set, or a person."""


def skills_from(matrix: SkillMatrix, given: SkillSource) -> SkillSet:
    """Give the skills of an occupation (its IRI as text), of a skill set, or of a person (`HasSkills`).

    Raises NotFoundError for an IRI that is no occupation, ParameterError for any other value, and what the person's own
    `skill_set` raises.
    """
    if isinstance(given, SkillSet):
        return given
    if isinstance(given, str):
        return matrix.skills_of(given)
    if not isinstance(given, type | type(matrix)) and callable(getattr(given, "skill_set", None)):
        return given.skill_set(matrix)
    raise ParameterError(
        f"nothing can start from a {type(given).__name__}",
        advice="Give an occupation's IRI as text, a SkillSet, or a person as read_person gives it.",
    )


def check_occupation(given: object) -> str:
    """Give the IRI of a target back; ParameterError when it is no text, such as a node of an RDF library."""
    if isinstance(given, str):
        return given
    raise ParameterError(f"a {type(given).__name__} is no occupation", advice="Give an occupation's IRI as text.")


def _columns(columns: Iterable[int]) -> IntArray:
    given = columns if isinstance(columns, np.ndarray) else np.fromiter(columns, dtype=np.int32)
    return np.unique(given.astype(np.int32, copy=False))
