r"""What is missing between a skill set and an occupation: how much, which skills, and which of them to learn first.

gap(a → b) = Σ idf(s) · (1 - near(s)) over E(b) \\ A(a), divided by Σ idf(s) over E(b): the rarity-weighted share of the
essential skills that is missing. near(s) is 0.5 where a holds a skill with the same parent, 0.25 with the same
grandparent. It is 0 to 1, and one more skill never raises it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from esco_graph.skills.labels import labels_in
from esco_graph.skills.matrix import FloatArray, SkillMatrix, gather
from esco_graph.skills.measures import scores
from esco_graph.skills.named import Named, plain
from esco_graph.skills.names import NEAREST_MEASURE
from esco_graph.skills.near import nearest_held, nearness
from esco_graph.skills.nearest import top
from esco_graph.skills.skill_set import IntArray, SkillSet, SkillSource, skills_from

if TYPE_CHECKING:
    from esco_graph.graph import Graph

REACH = 50
"""Among how many of the start's nearest occupations the reach of a skill is counted."""


@dataclass(frozen=True)
class MissingSkill:
    """One skill that the target lists.

    `requirement` is essential or optional there; `status` is new, optional (held, but only as an optional skill) or
    held. `near` is 0, 0.25, 0.5 or 1 (held or optional), and `near_to` the held skill that makes it so. `reach` counts
    the target and those of the start's nearest 50 occupations for which the skill is essential. `worth` is idf · (1 -
    near) · reach.
    """

    iri: str
    label: str
    requirement: str
    status: str
    idf: float
    near: float
    near_to: Named | None
    reach: int
    worth: float


@dataclass(frozen=True)
class Gap:
    """The way from a to b: `score` is the gap, 0 to 1; `counts` by requirement and status.

    `missing` are the skills that are new, and the target's essential ones that are only optional: essential ones first,
    then by worth, then by IRI. `held` are the others, essential ones first, then by label.
    """

    a: Named
    b: Named
    score: float
    counts: dict[str, dict[str, int]]
    missing: tuple[MissingSkill, ...]
    held: tuple[MissingSkill, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain values for JSON."""
        return dict(plain(self))


def gap(graph: Graph, a: SkillSource, b: SkillSource, *, lang: str = "en") -> Gap:
    """Find what is missing from a to b, each an occupation's IRI, a skill set or a person.

    Raises NotFoundError for an unknown occupation, ParameterError for another kind of value or a wrong language tag.
    """
    matrix = SkillMatrix.of(graph)
    start, end = (skills_from(matrix, one) for one in (a, b))
    made = _Skills.of(graph, matrix, start, end, lang)
    found = [made.skill(column) for column in end.all.tolist()]
    counts = {need: dict.fromkeys(("held", "optional", "new"), 0) for need in ("essential", "optional")}
    for one in found:
        counts[one.requirement][one.status] += 1
    return Gap(
        a=made.named(start),
        b=made.named(end),
        score=round(_share(matrix, made.near, end.essential), 6),
        counts=counts,
        missing=tuple(sorted((one for one in found if _is_missing(one)), key=_by_worth)),
        held=tuple(sorted((one for one in found if not _is_missing(one)), key=_by_label)),
    )


@dataclass(frozen=True)
class _Skills:
    """What the skills of one gap are made from; columns are those of the matrix."""

    matrix: SkillMatrix
    near: FloatArray
    near_to: dict[int, tuple[int, int]]
    reach: IntArray
    status: dict[int, str]
    essential: frozenset[int]
    labels: dict[str, str]

    @classmethod
    def of(cls, graph: Graph, matrix: SkillMatrix, start: SkillSet, end: SkillSet, lang: str) -> _Skills:
        near_to = nearest_held(matrix, np.setdiff1d(end.all, start.all, assume_unique=True), start.all)
        columns = dict.fromkeys((*end.all.tolist(), *(held for held, _ in near_to.values())))
        iris = [matrix.skills[column] for column in columns] + [one.iri for one in (start, end) if one.iri]
        status = dict.fromkeys(start.essential.tolist(), "held") | dict.fromkeys(start.optional.tolist(), "optional")
        return cls(
            matrix,
            nearness(matrix, start.all),
            near_to,
            _reach(matrix, start, end),
            status,
            frozenset(end.essential.tolist()),
            labels_in(graph, iris, lang),
        )

    def skill(self, column: int) -> MissingSkill:
        """Describe one skill of the target."""
        iri, idf = self.matrix.skills[column], float(self.matrix.idf[column])
        near, reach = float(self.near[column]), int(self.reach[column])
        other = self.matrix.skills[self.near_to[column][0]] if column in self.near_to else None
        return MissingSkill(
            iri=iri,
            label=self.labels[iri],
            requirement="essential" if column in self.essential else "optional",
            status=self.status.get(column, "new"),
            idf=round(idf, 6),
            near=near,
            near_to=None if other is None else Named(other, self.labels[other]),
            reach=reach,
            worth=round(idf * (1 - near) * reach, 6),
        )

    def named(self, one: SkillSet) -> Named:
        return Named(one.iri, one.label or self.labels.get(one.iri, ""))


def gap_scores(matrix: SkillMatrix, a: SkillSet, rows: IntArray) -> FloatArray:
    """Give the gaps from a skill set to the occupations in these rows, 0 to 1.

    An occupation without essential skills, or with none but those that all occupations need, has a gap of 0.
    """
    return gaps_from(matrix, nearness(matrix, a.all), rows)


def gaps_from(matrix: SkillMatrix, near: FloatArray, rows: IntArray) -> FloatArray:
    """Give the gaps to the occupations in these rows from how near each skill is to what is held (`nearness`)."""
    places, owners = gather(matrix.essential, rows)
    columns = matrix.essential.indices[places]
    idf = matrix.idf[columns]
    total = np.bincount(owners, idf, len(rows))
    part = np.bincount(owners, idf * (1 - near[columns]), len(rows))
    return np.clip(np.divide(part, total, out=np.zeros(len(rows)), where=total > 0), 0.0, 1.0)


def gap_score(matrix: SkillMatrix, a: SkillSet, row: int) -> float:
    """Give the gap from a skill set to the occupation in one row."""
    return float(gap_scores(matrix, a, np.array([row], dtype=np.int32))[0])


def _share(matrix: SkillMatrix, near: FloatArray, essential: IntArray) -> float:
    total = float(matrix.idf[essential].sum())
    return float((matrix.idf * (1 - near))[essential].sum()) / total if total else 0.0


def _reach(matrix: SkillMatrix, start: SkillSet, end: SkillSet) -> IntArray:
    """Count, per skill, the target and the start's nearest other occupations that need it as essential."""
    values = scores(matrix, start, NEAREST_MEASURE).copy()
    for one in (start, end):
        if (row := matrix.find(one.iri)) is not None:
            values[row] = 0.0
    rows, _ = top(values, REACH)
    count = np.bincount(matrix.essential[rows].indices, minlength=len(matrix.skills)).astype(np.int32)
    count[end.all] += 1
    return count


def _is_missing(one: MissingSkill) -> bool:
    return one.status == "new" or (one.status == "optional" and one.requirement == "essential")


def _by_worth(one: MissingSkill) -> tuple[bool, float, str]:
    return one.requirement != "essential", -one.worth, one.iri


def _by_label(one: MissingSkill) -> tuple[str, str, str]:
    return one.requirement, one.label, one.iri
