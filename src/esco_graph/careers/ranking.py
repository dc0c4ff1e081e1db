"""What every ranking of occupations has: where it starts, its rows in order, and why it is empty when it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import numpy as np

from esco_graph.careers.places import Place, Places
from esco_graph.careers.standing import standing
from esco_graph.skills.matrix import IntArray, SkillMatrix, SkillSet
from esco_graph.skills.skill_set import SkillSource, skills_from

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.query import Table


class Row(Protocol):
    """One row of a ranking."""

    def as_dict(self) -> dict[str, Any]:
        """Give the row as plain values, for JSON."""
        ...

    def cells(self) -> dict[str, Any]:
        """Give the row as one value per column, for tables, CSV and TSV."""
        ...


RowT = TypeVar("RowT", bound=Row, covariant=True)


@dataclass(frozen=True)
class Ranking(Generic[RowT]):
    """Occupations ranked from a start, best first, ties by IRI.

    `measure` names what ranks them; `remark` says why there are no rows, or what else is to be known ("" if nothing).
    `columns` are those of an empty table. `standing` is, for a person, the occupation whose ISCO level the rows are
    compared with, and `standing_why` why it is that one.
    """

    start: Place
    measure: str
    rows: tuple[RowT, ...]
    remark: str = ""
    columns: tuple[str, ...] = ()
    standing: Place | None = None
    standing_why: str = ""

    @property
    def own_level(self) -> int | None:
        """The ISCO-08 skill level of the start, None where unknown; for a person, that of `standing`."""
        return self.standing.level if self.standing else self.start.level

    @property
    def table(self) -> Table:
        """The rows as a `Table`: one value per column."""
        from esco_graph.query import Table

        cells = [row.cells() for row in self.rows]
        return Table(tuple(cells[0]) if cells else self.columns, [tuple(row.values()) for row in cells])

    def as_dicts(self) -> list[dict[str, Any]]:
        """Give the rows as plain values, for JSON."""
        return [row.as_dict() for row in self.rows]


@dataclass(frozen=True)
class Question:
    """A start, resolved: the skills that are held, their occupation's row if it is one, and names for the answer."""

    matrix: SkillMatrix
    held: SkillSet
    row: int | None
    places: Places
    start: Place

    @classmethod
    def of(cls, graph: Graph, start: SkillSource, lang: str) -> Question:
        """Resolve an occupation IRI, a set of skills or a person; raises what `skills_from` raises."""
        matrix = SkillMatrix.of(graph)
        held = skills_from(matrix, start)
        row = matrix.find(held.iri)
        places = Places(graph, matrix, lang)
        return cls(matrix, held, row, places, places.start(held, row))

    @cached_property
    def behind(self) -> IntArray:
        """The rows of the occupations that the person has or had, in order: none of them is a step."""
        rows = {self.matrix.find(iri) for iri in self.held.held_occupations} - {None, self.row}
        return np.array(sorted(row for row in rows if row is not None), dtype=np.int32)

    @cached_property
    def level_row(self) -> int | None:
        """The row of the occupation whose ISCO level the start has (`standing`)."""
        return standing(self.matrix, self.held)

    @property
    def level(self) -> int | None:
        """The ISCO level of the start, None where unknown; for a person, that of the occupation of `level_row`."""
        return None if self.level_row is None else int(self.matrix.level[self.level_row]) or None

    @cached_property
    def standing(self) -> Place:
        """What steps are called up, same or down against: the start, for a person the occupation of `level_row`."""
        return self.start if self.row is not None or self.level_row is None else self.places.place(self.level_row)

    @property
    def standing_why(self) -> str:
        """Say why a person is compared with the occupation of `level_row`; "" for an occupation, which is itself."""
        if self.row is not None or self.level_row is None:
            return ""
        had = self.matrix.occupations[self.level_row] in self.held.held_occupations
        return "held now or before" if had else "the nearest occupation"

    def standing_of_person(self) -> dict[str, Any]:
        """Give what a `Ranking` says of the standing of a person; empty for an occupation."""
        return {"standing": self.standing, "standing_why": self.standing_why} if self.standing_why else {}

    def named(self, rows: Iterable[int]) -> dict[int, Place]:
        """Name rows, and the standing among them: an endpoint must not learn which one a person's file names."""
        more = () if self.level_row is None else (self.level_row,)
        return self.places.places((*rows, *more))

    def why_nothing(self) -> str:
        """Say why nothing can be compared at all; "" when it can."""
        if not self.matrix.essential.nnz and not self.matrix.optional.nnz:
            return "Empty: this graph holds no relations between occupations and skills, so nothing can be compared."
        if not len(self.held.all):
            return f"Empty: {self.start.label} has no skills in this graph, so nothing can be compared."
        return ""


def best_first(scores: np.ndarray, rows: np.ndarray, limit: int) -> list[int]:
    """Give the rows with the highest scores above 0, best first; equal scores (to six digits) by row, so by IRI.

    >>> best_first(np.array([0.0, 0.5, 0.25, 0.5]), np.arange(4), 3)
    [1, 3, 2]
    """
    rounded = np.round(scores[rows], 6)
    kept = rows[rounded > 0]
    order = np.lexsort((kept, -rounded[rounded > 0]))
    return [int(row) for row in kept[order[:limit]]]
