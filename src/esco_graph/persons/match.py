"""Occupations for a person: ranked by cosine, explained by coverage and by named skills."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from esco_graph.careers.places import Place
from esco_graph.careers.ranking import Question, Ranking, best_first
from esco_graph.careers.similar_to import check_isco, check_limit
from esco_graph.graph import Graph
from esco_graph.persons.model import Person
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.measures import scores
from esco_graph.skills.overlap import Overlap, overlap

MEASURE = "cosine"
"""What ranks: simulated persons find their occupation best by it (benchmarks/persons.py, docs/persons.md)."""


@dataclass(frozen=True)
class MatchedOccupation(Place):
    """One occupation for a person: its score in [0, 1], and the overlap with its reasons.

    `status` is "held" or "aim" when the person's file names the occupation so, else "".
    """

    score: float = 0.0
    status: str = ""
    overlap: Overlap | None = None

    @property
    def shared(self) -> int:
        """How many of the occupation's skills the person has."""
        found = self.overlap
        return len(found.shared_essential) + len(found.shared_optional) if found else 0

    @property
    def essential(self) -> tuple[int, int]:
        """How many of the essential skills the person has, and how many there are."""
        if not self.overlap:
            return 0, 0
        shared = len(self.overlap.shared_essential)
        return shared, shared + len(self.overlap.missing_essential)

    def cells(self) -> dict[str, Any]:
        """Give one value per column."""
        shared, essential = self.essential
        found = self.overlap
        return {
            "other": self.iri,
            "label": self.label,
            "code": self.code,
            "level": self.level,
            "shared": self.shared,
            "essential": f"{shared} of {essential}",
            "coverage": found.coverage_ab if found else 0.0,
            MEASURE: self.score,
            "status": self.status,
        }

    def as_dict(self) -> dict[str, Any]:
        """Give the row as plain values, with the named skills."""
        shared, essential = self.essential
        found = self.overlap.as_dict() if self.overlap else {}
        lists = {name: found[name] for name in _LISTS if name in found}
        numbers = {"coverage": found.get("coverage_ab"), "essential_coverage": found.get("essential_coverage")}
        facts = {key: value for key, value in self.cells().items() if key not in ("essential", "coverage")}
        return {**facts, "essential_shared": shared, "essential": essential, **numbers, **lists}


_LISTS = ("shared_essential", "shared_optional", "missing_essential", "missing_optional", "near")


def match(
    graph: Graph,
    person: Person,
    *,
    limit: int = 10,
    levels: Collection[int] = (),
    isco: str = "",
    lang: str = "en",
) -> Ranking[MatchedOccupation]:
    """Rank occupations for a person by cosine, and explain each by coverage.

    `levels` are ISCO-08 skill levels, 1 to 4, and `isco` the beginning of an ISCO-08 code; both limit what is ranked.
    Scores are in [0, 1], rounded to six digits, ties by IRI; only scores above 0 are listed. Raises SourceError when
    the person has no skill that the graph knows, ParameterError for a limit below 1 or a code that is none.
    """
    check_limit(limit)
    matrix = SkillMatrix.of(graph)
    held = person.skill_set(matrix)
    asked = Question.of(graph, held, lang)
    found = scores(matrix, held, MEASURE)
    rows, remark = _within(matrix, found, levels, check_isco(isco))
    best = best_first(found, rows, limit)
    places = asked.places.places(best)
    status = dict.fromkeys(person.occupation_iris, "held") | {aim.occupation: "aim" for aim in person.aims}
    made = (
        MatchedOccupation(
            **places[row].as_dict(),
            score=round(float(found[row]), 6),
            status=status.get(matrix.occupations[row], ""),
            overlap=overlap(graph, held, matrix.occupations[row], measure=MEASURE, lang=lang),
        )
        for row in best
    )
    columns = tuple(MatchedOccupation("", "").cells())
    return Ranking(asked.start, MEASURE, tuple(made), remark, columns)


def _within(matrix: SkillMatrix, found: np.ndarray, levels: Collection[int], isco: str) -> tuple[np.ndarray, str]:
    """Keep the rows that share something and are of the levels and the group; say why there are none."""
    rows = np.flatnonzero(np.round(found, 6) > 0)
    if not len(rows):
        return rows, "Empty: no occupation needs any of these skills."
    kept = rows[np.isin(matrix.level[rows], list(levels))] if levels else rows
    if isco:
        kept = kept[[matrix.isco[row].startswith(isco) for row in kept]]
    if len(kept):
        return kept, ""
    words = [f"of ISCO level {' or '.join(map(str, sorted(levels)))}"] if levels else []
    words += [f"in ISCO group {isco}"] if isco else []
    return kept, f"Empty: none of the {len(rows):,} occupations that need one of these skills is {' and '.join(words)}."
