"""Similar occupations: ranked by a measure of skill overlap, within the constraints that are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np

from esco_graph.careers.explained import Explained, explained, shared_columns
from esco_graph.careers.names import BOTTOM_LEVEL, LEVELS, TOP_LEVEL
from esco_graph.careers.places import Place
from esco_graph.careers.ranking import Question, Ranking, best_first
from esco_graph.errors import ParameterError
from esco_graph.skills.measures import check_measure, scores
from esco_graph.skills.names import DEFAULT_MEASURE

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.skills.matrix import SkillMatrix
    from esco_graph.skills.skill_set import SkillSource

_LEVEL_TESTS: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "any": lambda levels, own: np.ones(len(levels), dtype=bool),  # noqa: ARG005 - the signature of a level test
    "same": lambda levels, own: levels == own,
    "next": lambda levels, own: levels == own + 1,
    "higher": lambda levels, own: levels > own,
    "lower": lambda levels, own: (levels < own) & (levels > 0),
}


@dataclass(frozen=True)
class RankedOccupation(Place):
    """One similar occupation: its score in [0, 1], and how many of its `total` skills the start `shared`.

    `coverage` is shared / total. `explained` names the shared and missing skills, where that was asked for.
    """

    measure: str = DEFAULT_MEASURE
    score: float = 0.0
    shared: int = 0
    total: int = 0
    explained: Explained | None = None

    @property
    def coverage(self) -> float:
        """The share of this occupation's skills that the start has, to six digits."""
        return round(self.shared / self.total, 6) if self.total else 0.0

    def cells(self) -> dict[str, Any]:
        """Give one value per column; the score stands under the name of its measure."""
        counts = {"shared": self.shared, "total": self.total, "coverage": self.coverage}
        facts = {"other": self.iri, "label": self.label, "code": self.code, "level": self.level}
        return {**facts, **counts, self.measure: self.score}

    def as_dict(self) -> dict[str, Any]:
        """Give the row as plain values, with the named skills where there are any."""
        return {**self.cells(), **(self.explained.as_dict() if self.explained else {})}


@dataclass(frozen=True)
class Constraints:
    """What a similar occupation must be; the defaults ask for nothing.

    `level` is one of LEVELS; `isco` an ISCO-08 group or a beginning of one ("2", "226", "2269", "C2269"); `green` and
    `digital` are the least share in [0, 1] of the occupation's skills.
    """

    level: str = "any"
    isco: str = ""
    regulated: bool | None = None
    min_green: float | None = None
    min_digital: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no occupation could be asked for (ParameterError)."""
        check_level(self.level)
        object.__setattr__(self, "isco", check_isco(self.isco))
        for name, share in (("green", self.min_green), ("digital", self.min_digital)):
            if share is not None and not 0 <= share <= 1:
                raise ParameterError(
                    f"a {name} share of {share} is not possible", advice="Give a number from 0 to 1, such as 0.2."
                )

    def tests(self, matrix: SkillMatrix, own: int | None) -> list[tuple[str, np.ndarray]]:
        """Give each constraint that is asked for: in words, and which rows of the matrix meet it."""
        found = []
        if self.level != "any":
            found.append((f"at {LEVELS[self.level]}", _LEVEL_TESTS[self.level](matrix.level, own or 0)))
        if self.isco:
            isco = np.array([code.startswith(self.isco) for code in matrix.isco], dtype=bool)
            found.append((f"in ISCO group {self.isco}", isco))
        if self.regulated is not None:
            words = "that is regulated" if self.regulated else "that is not regulated"
            found.append((words, matrix.regulated == self.regulated))
        for name, least, share in (
            ("green", self.min_green, matrix.green),
            ("digital", self.min_digital, matrix.digital),
        ):
            if least is not None:
                found.append((f"with at least {least:.0%} {name} skills", share >= least))
        return found


def similar(
    graph: Graph,
    start: SkillSource,
    *,
    measure: str = DEFAULT_MEASURE,
    level: str = "any",
    isco: str = "",
    regulated: bool | None = None,
    min_green: float | None = None,
    min_digital: float | None = None,
    limit: int = 10,
    lang: str = "en",
    explain: bool = False,
) -> Ranking[RankedOccupation]:
    """Rank occupations by how much their skills are like those of a start.

    `start` is an occupation's IRI, a set of skills or a person. `measure` is one of `skills.MEASURES`; the other
    arguments are those of `Constraints`. `limit` is at least 1. With `explain` each row names its shared and missing
    skills. Scores are in [0, 1], rounded to six digits, ties by IRI; only scores above 0 are listed. An empty ranking
    says why in `remark`.

    Raises ParameterError for a value that is not possible, NotFoundError for an IRI that is no occupation.
    """
    check_measure(measure)
    check_limit(limit)
    wanted = Constraints(level, isco, regulated, min_green, min_digital)
    asked = Question.of(graph, start, lang)
    remark = asked.why_nothing() or _why_no_level(asked, level)
    columns = tuple(RankedOccupation("", "", measure=measure).cells())
    if remark:
        return Ranking(asked.start, measure, (), remark, columns)
    found = scores(asked.matrix, asked.held, measure)
    rows, remark = _within(asked, wanted, found, measure)
    best = best_first(found, rows, limit)
    ranked = _rows(asked, best, found, measure, explain)
    standing = asked.standing_of_person() if best and level != "any" else {}
    return Ranking(asked.start, measure, ranked, remark, columns, **standing)


def others(asked: Question) -> np.ndarray:
    """Give all rows of the matrix but the start's own."""
    rows = np.arange(len(asked.matrix.occupations))
    return rows if asked.row is None else np.delete(rows, asked.row)


def check_limit(limit: int) -> None:
    """Refuse a limit below 1 (ParameterError)."""
    if limit < 1:
        raise ParameterError(f"the limit {limit} leaves no row", advice="Give a limit of at least 1.")


def check_level(level: str) -> None:
    """Refuse a word that is none of LEVELS (ParameterError with the nearest)."""
    if level not in LEVELS:
        near = get_close_matches(level, LEVELS, 1)
        advice = f"Did you mean {near[0]}? " if near else ""
        raise ParameterError(f"there is no level {level!r}", advice=f"{advice}Use one of: {', '.join(LEVELS)}.")


def check_isco(text: str) -> str:
    """Give the digits of an ISCO-08 group: "226", "C226" or its IRI; "" stays "". Raises ParameterError for others.

    >>> check_isco("C2269"), check_isco("http://data.europa.eu/esco/isco/C22")
    ('2269', '22')
    """
    digits = text.strip().rpartition("/")[2].removeprefix("isco:").removeprefix("C")
    if text and not (digits.isascii() and digits.isdigit() and len(digits) <= 4):
        raise ParameterError(
            f"{text[:80]!r} is no ISCO-08 group", advice="Give one to four digits, such as 22 or 2269."
        )
    return digits


def _why_no_level(asked: Question, level: str) -> str:
    if level == "any":
        return ""
    own = asked.level
    if own is None:
        return (
            f"Empty: the ISCO skill level of {asked.start.label} is not known, so nothing is the same, higher or lower."
        )
    if level in ("next", "higher") and own == TOP_LEVEL:
        return "Empty: ISCO skill level 4 is the highest, so no occupation is one level higher."
    if level == "lower" and own == BOTTOM_LEVEL:
        return "Empty: ISCO skill level 1 is the lowest, so no occupation is below it."
    return ""


def _within(asked: Question, wanted: Constraints, found: np.ndarray, measure: str) -> tuple[np.ndarray, str]:
    """Keep the rows that meet every constraint and share something; say which constraint left none."""
    kept = others(asked)
    kept = kept[np.round(found[kept], 6) > 0]
    if not len(kept):
        return kept, f"Empty: no other occupation has anything in common with {asked.start.label}, by {measure}."
    for words, met in wanted.tests(asked.matrix, asked.level):
        if not met.any():
            return kept[:0], f"Empty: this graph has no occupation {words}."
        before, kept = len(kept), kept[met[kept]]
        if not len(kept):
            return (
                kept,
                f"Empty: of the {before:,} that {'was' if before == 1 else 'were'} left, no occupation is one {words}.",
            )
    return kept, ""


def _rows(
    asked: Question, best: list[int], found: np.ndarray, measure: str, explain: bool
) -> tuple[RankedOccupation, ...]:
    places = asked.named(best)
    reasons = explained(asked, best, measure) if explain else {}
    return tuple(
        RankedOccupation(
            **places[row].as_dict(),
            measure=measure,
            score=round(float(found[row]), 6),
            shared=len(shared_columns(asked, asked.held, row)),
            total=len(asked.matrix.row_set(row).all),
            explained=reasons.get(row),
        )
        for row in best
    )
