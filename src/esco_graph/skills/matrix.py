"""The occupation × skill matrix of a graph: the numbers behind similar occupations, gaps and paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from esco_graph.errors import NotFoundError
from esco_graph.skills.skill_set import IntArray, SkillSet

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.skills.text import Wording

__all__ = ["FloatArray", "IntArray", "SkillMatrix", "SkillSet"]

FloatArray = NDArray[np.float64]
Derived = TypeVar("Derived")
STORED = "skills"
"""Folder of the stored matrix within that of a generation."""


@dataclass(frozen=True, eq=False)
class SkillMatrix:
    """Which occupation needs which skill, with rarity, hierarchy and ISCO facts; rows and columns are sorted by IRI.

    `essential` and `optional` are n × m arrays of 0 and 1; a pair that is both is essential. `broader` is m × g: how
    many `skos:broader` steps (1 or 2, the fewest) lead from the skill to a column of `concepts`. `isco` holds
    four-digit codes ("" unknown), `level` ISCO-08 skill levels (0 unknown). `green` and `digital` are the shares, 0 to
    1, of the occupation's skills in ESCO's collections. `release` names the release graphs. `obsolete` holds
    occupations that ESCO withdrew, which are no rows, with what replaced them ("" unknown). Arrays may be read-only.
    """

    occupations: list[str]
    skills: list[str]
    concepts: list[str]
    essential: csr_array
    optional: csr_array
    broader: csr_array
    isco: list[str]
    level: NDArray[np.int8]
    regulated: NDArray[np.bool_]
    green: FloatArray
    digital: FloatArray
    release: str
    fingerprint: str
    obsolete: dict[str, str]
    _derived: dict[str, Any] = field(default_factory=dict, repr=False)
    _wording: Callable[[], Wording | None] = field(default=lambda: None, repr=False)

    # Making

    @classmethod
    def of(cls, graph: Graph) -> SkillMatrix:
        """Give the matrix of a graph: the one stored with its generation, else made from it.

        It is remembered with the `Graph`; a graph in memory forgets it when it is extended.
        """
        found: SkillMatrix | None = graph.derived.get(STORED)
        if found is None:
            found = (cls.open(graph.folder / STORED) if graph.folder else None) or cls.from_graph(graph)
            graph.derived[STORED] = found
        return found

    @classmethod
    def from_graph(cls, graph: Graph) -> SkillMatrix:
        """Make the matrix from any graph, local or remote."""
        from esco_graph.skills.made import make_matrix
        from esco_graph.skills.read import read_relations
        from esco_graph.skills.text import read_wording

        matrix = make_matrix(read_relations(graph))
        # Words take longer to read than skills, and most measures need none.
        return replace(matrix, _wording=lambda: read_wording(graph, matrix.occupations))

    @classmethod
    def open(cls, folder: Path) -> SkillMatrix | None:
        """Open a stored matrix, memory-mapped; None when there is none, or it is damaged or of another layout."""
        from esco_graph.skills.stored import open_matrix

        return open_matrix(folder)

    def save(self, folder: Path) -> None:
        """Store the matrix with its vectors and nearest occupations; the same matrix gives the same bytes."""
        from esco_graph.skills.stored import save_matrix

        save_matrix(self, folder)

    # Rows and columns

    def row(self, occupation: str) -> int:
        """Give the row of an occupation; raises NotFoundError with what to do."""
        found = self.find(occupation)
        if found is None and occupation in self.obsolete:
            by = self.obsolete[occupation]
            advice = f"Use <{by}>, which replaced it." if by else "Look for its successor: esco-graph search."
            raise NotFoundError(f"<{occupation[:200]}> is obsolete, so it is not compared", advice=advice)
        if found is None:
            near = get_close_matches(occupation, self.occupations, 1, 0.95)
            advice = f"Did you mean <{near[0]}>?" if near else "Find it by its label or code: esco-graph search."
            raise NotFoundError(f"<{occupation[:200]}> is not an occupation of this graph", advice=advice)
        return found

    def find(self, occupation: str) -> int | None:
        """Give the row of an occupation, None when the graph has no such occupation."""
        return self._rows.get(occupation)

    def column(self, skill: str) -> int | None:
        """Give the column of a skill, None when the graph has no such skill."""
        return self._columns.get(skill)

    def skills_of(self, occupation: str) -> SkillSet:
        """Give the skills of an occupation; raises NotFoundError."""
        return self.row_set(self.row(occupation))

    def row_set(self, row: int) -> SkillSet:
        """Give the skills of the occupation in a row."""
        return SkillSet(_of_row(self.essential, row), _of_row(self.optional, row), self.occupations[row])

    def skill_set(self, skills: Iterable[str], *, iri: str = "", label: str = "") -> tuple[SkillSet, list[str]]:
        """Make a person's skill set from IRIs; gives those that the matrix does not have back, in their order."""
        columns, unknown = [], []
        for skill in dict.fromkeys(skills):
            column = self.column(skill)
            if column is None:
                unknown.append(skill)
            else:
                columns.append(column)
        return SkillSet.of(columns, iri=iri, label=label), unknown

    # Derived numbers

    @property
    def wording(self) -> Wording:
        """The words that describe the occupations, as stored or as read with the matrix."""
        from esco_graph.skills.text import Wording

        return self.derived("wording", lambda one: one._wording() or Wording.none(len(one.occupations)))

    @cached_property
    def held(self) -> csr_array:
        """Essential and optional skills alike: n × m of 0 and 1."""
        return csr_array(self.essential + self.optional)

    @cached_property
    def size(self) -> FloatArray:
        """How many skills each occupation has."""
        return np.asarray(np.diff(self.held.indptr), dtype=np.float64)

    @cached_property
    def df(self) -> IntArray:
        """How many occupations list each skill."""
        return np.bincount(self.held.indices, minlength=len(self.skills)).astype(np.int32)

    @cached_property
    def idf(self) -> FloatArray:
        """Rarity of each skill, ln(n / df); 0 for a skill that no occupation lists, or all."""
        return rarity(len(self.occupations), self.df)

    def derived(self, name: str, make: Callable[[SkillMatrix], Derived]) -> Derived:
        """Give what was made under this name before, or make it now and remember it."""
        if name not in self._derived:
            self._derived[name] = make(self)
        return self._derived[name]  # type: ignore[no-any-return]

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {iri: row for row, iri in enumerate(self.occupations)}

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {iri: column for column, iri in enumerate(self.skills)}


def rarity(n: int, df: IntArray) -> FloatArray:
    """Inverse document frequency, ln(n / df), 0 where df is 0.

    >>> rarity(4, np.array([0, 1, 4])).round(3).tolist()
    [0.0, 1.386, 0.0]
    """
    return np.asarray(np.log(n / np.where(df > 0, df, max(n, 1))), dtype=np.float64)


def gather(rows: csr_array, wanted: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find the entries of some rows: their places in `indices` and `data`, and the number of the wanted row of each.

    scipy's `rows[wanted]` takes twenty times as long for a handful of rows.

    >>> rows = csr_array([[1, 0], [0, 0], [1, 1]])
    >>> places, owners = gather(rows, np.array([2, 0]))
    >>> rows.indices[places].tolist(), owners.tolist()
    ([0, 1, 0], [0, 0, 1])
    """
    first = rows.indptr[wanted].astype(np.intp)
    sizes = rows.indptr[np.asarray(wanted) + 1] - first
    owners = np.repeat(np.arange(len(sizes), dtype=np.intp), sizes)
    skipped = first - (np.cumsum(sizes) - sizes)
    return np.arange(len(owners), dtype=np.intp) + np.repeat(skipped, sizes), owners


def _of_row(matrix: csr_array, row: int) -> IntArray:
    return np.asarray(matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]])
