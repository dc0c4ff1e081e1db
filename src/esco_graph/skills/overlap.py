"""The overlap of two skill sets with its reasons: shared, missing, near and surplus skills, and what each adds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from esco_graph.skills.labels import labels_in
from esco_graph.skills.likeness import WORD
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.measures import check_measure, score
from esco_graph.skills.named import Named, plain
from esco_graph.skills.names import DEFAULT_MEASURE
from esco_graph.skills.near import nearest_held
from esco_graph.skills.skill_set import IntArray, SkillSet, SkillSource, skills_from

if TYPE_CHECKING:
    from esco_graph.graph import Graph


@dataclass(frozen=True)
class SkillShare:
    """A skill, or broader concept, with what it adds to the score.

    `held` says how a has it: essential, optional or "". For a missing skill, `near` is the held skill with the same
    parent (`distance` 1) or grandparent (2), when there is one.
    """

    iri: str
    label: str
    contribution: float = 0.0
    idf: float = 0.0
    held: str = ""
    near: Named | None = None
    distance: int | None = None


@dataclass(frozen=True)
class Overlap:
    """How two skill sets meet, from a to b; `score` is the sum of the contributions of the shared and of `broader`.

    `coverage_ab` is the share of b's skills that a has, `coverage_ba` the way back, `essential_coverage` the share of
    b's essential skills that a has. Shared and missing skills are essential or optional for b; `near` are those missing
    ones that a has a near skill for; `surplus` is what b does not need; `broader` are other grounds of the score.
    """

    a: Named
    b: Named
    measure: str
    score: float
    coverage_ab: float
    coverage_ba: float
    essential_coverage: float
    shared_essential: tuple[SkillShare, ...]
    shared_optional: tuple[SkillShare, ...]
    missing_essential: tuple[SkillShare, ...]
    missing_optional: tuple[SkillShare, ...]
    near: tuple[SkillShare, ...]
    surplus: tuple[SkillShare, ...]
    broader: tuple[SkillShare, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain values for JSON."""
        return dict(plain(self))


def overlap(
    graph: Graph, a: SkillSource, b: SkillSource, *, measure: str = DEFAULT_MEASURE, lang: str = "en"
) -> Overlap:
    """Explain the overlap from a to b, each an occupation's IRI, a skill set or a person.

    Raises NotFoundError for an unknown occupation, ParameterError for another kind of value, a wrong measure or a wrong
    language tag.
    """
    matrix = SkillMatrix.of(graph)
    chosen = check_measure(measure)
    start, end = (skills_from(matrix, one) for one in (a, b))
    adds = chosen.contributions(matrix, start, end)
    shares = _Shares.of(graph, matrix, (start, end), adds, lang)
    shared_essential, missing_essential = shares.split(end.essential)
    shared_optional, missing_optional = shares.split(end.optional)
    return Overlap(
        a=shares.named(start),
        b=shares.named(end),
        measure=measure,
        score=min(sum(adds.values()), 1.0),
        coverage_ab=round(score(matrix, start, end, "coverage"), 6),
        coverage_ba=round(score(matrix, end, start, "coverage"), 6),
        essential_coverage=round(score(matrix, start, end, "essential-coverage"), 6),
        shared_essential=shared_essential,
        shared_optional=shared_optional,
        missing_essential=missing_essential,
        missing_optional=missing_optional,
        near=tuple(one for one in (*missing_essential, *missing_optional) if one.near),
        surplus=shares.missing(np.setdiff1d(start.all, end.all, assume_unique=True)),
        broader=shares.grounds({one.iri for one in (*shared_essential, *shared_optional)}),
    )


@dataclass(frozen=True)
class _Shares:
    """What the rows of one overlap are made from; columns are those of the matrix."""

    matrix: SkillMatrix
    held: SkillSet
    adds: dict[str, float]
    near: dict[int, tuple[int, int]]
    how: dict[int, str]
    labels: dict[str, str]

    @classmethod
    def of(
        cls, graph: Graph, matrix: SkillMatrix, ends: tuple[SkillSet, SkillSet], adds: dict[str, float], lang: str
    ) -> _Shares:
        start, end = ends
        near = nearest_held(matrix, np.setdiff1d(end.all, start.all, assume_unique=True), start.all)
        how = dict.fromkeys(start.essential.tolist(), "essential") | dict.fromkeys(start.optional.tolist(), "optional")
        skills = (matrix.skills[column] for column in np.union1d(start.all, end.all).tolist())
        words = {key: key.removeprefix(WORD) for key in adds if key.startswith(WORD)}
        iris = dict.fromkeys(
            (*skills, *(key for key in adds if key not in words), *(one.iri for one in ends if one.iri))
        )
        return cls(matrix, start, adds, near, how, labels_in(graph, list(iris), lang) | words)

    def split(self, wanted: IntArray) -> tuple[tuple[SkillShare, ...], tuple[SkillShare, ...]]:
        """Part what is held from what is missing."""
        held = np.isin(wanted, self.held.all, assume_unique=True)
        shared = (
            self._share(column, self.adds.get(self.matrix.skills[column], 0.0)) for column in wanted[held].tolist()
        )
        return tuple(sorted(shared, key=_by_weight)), self.missing(wanted[~held])

    def missing(self, columns: IntArray) -> tuple[SkillShare, ...]:
        """Give skills that only one side has: they add nothing."""
        return tuple(sorted((self._share(column, 0.0) for column in columns.tolist()), key=_by_weight))

    def grounds(self, shared: set[str]) -> tuple[SkillShare, ...]:
        """Give what else adds to the score: broader concepts, or words."""
        others = (SkillShare(iri, self.labels[iri], adds) for iri, adds in self.adds.items() if iri not in shared)
        return tuple(sorted(others, key=_by_weight))

    def named(self, one: SkillSet) -> Named:
        return Named(one.iri, one.label or self.labels.get(one.iri, ""))

    def _share(self, column: int, adds: float) -> SkillShare:
        iri, (near, distance) = self.matrix.skills[column], self.near.get(column, (None, None))
        other = None if near is None else self.matrix.skills[near]
        return SkillShare(
            iri,
            self.labels[iri],
            adds,
            round(float(self.matrix.idf[column]), 6),
            self.how.get(column, ""),
            None if other is None else Named(other, self.labels[other]),
            distance,
        )


def _by_weight(one: SkillShare) -> tuple[float, float, str]:
    return -round(one.contribution, 9), -one.idf, one.iri
