"""Next steps: which occupations could come next, each flagged up, same or down, with its gap and its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np

from esco_graph.careers.explained import (
    NamedSkill,
    direction_of,
    level_words,
    listed,
    missing_of,
    shared_columns,
    shared_words,
)
from esco_graph.careers.names import BOTTOM_LEVEL, DIRECTIONS, TOP_LEVEL
from esco_graph.careers.next_model import Moves, rank
from esco_graph.careers.places import Place
from esco_graph.careers.ranking import Question, Ranking, best_first
from esco_graph.careers.similar_to import check_limit, others
from esco_graph.careers.worth import Worth
from esco_graph.errors import ParameterError
from esco_graph.skills.gap import gap_scores

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.skills.skill_set import SkillSource

RANKED_BY = "next-step model"
_NAMED = 3  # missing skills that a reason names


@dataclass(frozen=True)
class NextStep(Place):
    """One possible next occupation.

    `direction` is up, same or down by ISCO-08 skill level, "" where a level is not known; a person has the level of the
    occupation that `Ranking.standing` names. `score` ranks it: how
    likely it is as a `near` move (of the same standing) or as a `progression`, an order and no forecast. `gap` in
    [0, 1] is how much of its essential skills is missing; `shared` of its `total` skills are held; `missing` are the
    essential ones that are not, most worth first; `reasons` say all this in words.
    """

    direction: str = ""
    score: float = 0.0
    near: float = 0.0
    progression: float = 0.0
    gap: float = 0.0
    shared: int = 0
    total: int = 0
    missing: tuple[NamedSkill, ...] = ()
    reasons: tuple[str, ...] = ()

    def cells(self) -> dict[str, Any]:
        """Give one value per column."""
        facts = {"other": self.iri, "label": self.label, "code": self.code, "level": self.level}
        counts = {"shared": self.shared, "total": self.total, "missing_essential": len(self.missing)}
        return {**facts, "direction": self.direction, "score": self.score, "gap": self.gap, **counts}

    def as_dict(self) -> dict[str, Any]:
        """Give the step as plain values, with the missing skills and the reasons."""
        kinds = {"near": self.near, "progression": self.progression}
        facts = {name: value for name, value in self.cells().items() if name != "missing_essential"}
        missing = [skill.as_dict() for skill in self.missing]
        return {**facts, "missing": missing, **kinds, "reasons": list(self.reasons)}


def next_steps(
    graph: Graph, start: SkillSource, *, direction: str = "any", limit: int = 10, lang: str = "en"
) -> Ranking[NextStep]:
    """Rank what could come next for an occupation (IRI), a set of skills or a person; best first, ties by IRI.

    `next_model` ranks: it was learned from the moves of the French ROME (docs/careers.md). Nothing is left out by
    level: of ROME's 1,312 progressions 48.5 % go up an ISCO level, 38.4 % stay and 13.1 % go down. `direction` (any,
    up, same, down) filters where that is asked for. Occupations that
    the person has or had are left out. An empty ranking says why in `remark`.

    Raises ParameterError for another direction, NotFoundError for an unknown occupation.
    """
    _check_direction(direction)
    check_limit(limit)
    asked = Question.of(graph, start, lang)
    remark = asked.why_nothing() or _why_no_direction(asked, direction)
    columns = tuple(NextStep("", "").cells())
    if remark:
        return Ranking(asked.start, RANKED_BY, (), remark, columns)
    moves = rank(asked.matrix, asked.held)
    best = best_first(moves.score, _towards(asked, direction), limit)
    if not best:
        where = "" if direction == "any" else f" {DIRECTIONS[direction]}"
        remark = f"Empty: no other occupation{where} has anything in common with {asked.start.label}."
    steps = tuple(_steps(asked, best, moves))
    return Ranking(asked.start, RANKED_BY, steps, remark, columns, **asked.standing_of_person())


def _steps(asked: Question, best: list[int], moves: Moves) -> list[NextStep]:
    places = asked.named(best)
    compared = asked.standing.label if asked.standing_why else ""
    gaps = gap_scores(asked.matrix, asked.held, np.array(best, dtype=np.intp))
    worth, made = Worth(asked.matrix, asked.held, asked.row), []
    for row, gap in zip(best, gaps.tolist(), strict=True):
        place = places[row]
        missing = missing_of(asked, worth, row)
        made.append(
            NextStep(
                **place.as_dict(),
                direction=direction_of(asked.standing, place),
                score=round(float(moves.score[row]), 6),
                near=round(float(moves.near[row]), 6),
                progression=round(float(moves.progression[row]), 6),
                gap=round(gap, 6),
                shared=len(shared_columns(asked, asked.held, row)),
                total=len(asked.matrix.row_set(row).all),
                missing=missing,
                reasons=(*_reasons(asked, row, place, missing), *moves.reasons(row, compared)),
            )
        )
    return made


def _reasons(asked: Question, row: int, place: Place, missing: tuple[NamedSkill, ...]) -> tuple[str, ...]:
    names = [skill.label for skill in missing[:_NAMED]]
    many = f"{len(missing)} essential skills are" if len(missing) != 1 else "1 essential skill is"
    what = f"{many} missing: {listed(names, len(missing) - len(names))}" if missing else "no essential skill is missing"
    levels = level_words(asked.standing, place, asked.standing_why)
    return (levels, shared_words(asked, asked.held, row), what)


def _towards(asked: Question, direction: str) -> np.ndarray:
    rows = np.setdiff1d(others(asked), asked.behind, assume_unique=True)
    own, levels = asked.level or 0, asked.matrix.level[rows].astype(int)
    tests = {"up": levels > own, "same": levels == own, "down": (levels < own) & (levels > 0)}
    return rows[tests[direction]] if direction in tests else rows


def _check_direction(direction: str) -> None:
    if direction not in DIRECTIONS:
        near = get_close_matches(direction, DIRECTIONS, 1)
        advice = f"Did you mean {near[0]}? " if near else ""
        raise ParameterError(
            f"there is no direction {direction!r}", advice=f"{advice}Use one of: {', '.join(DIRECTIONS)}."
        )


def _why_no_direction(asked: Question, direction: str) -> str:
    if direction == "any":
        return ""
    if asked.level is None:
        return f"Empty: the ISCO skill level of {asked.start.label} is not known, so no step is up, same or down."
    if direction == "up" and asked.level == TOP_LEVEL:
        return "Empty: ISCO skill level 4 is the highest, so no step leads up. Leave the direction out."
    if direction == "down" and asked.level == BOTTOM_LEVEL:
        return "Empty: ISCO skill level 1 is the lowest, so no step leads down. Leave the direction out."
    return ""
