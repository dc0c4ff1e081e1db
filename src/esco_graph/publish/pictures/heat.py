"""The numbers of a heat map: the occupations of an ISCO group against each other by one measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from esco_graph.careers.places import Place, Places
from esco_graph.careers.similar_to import check_isco
from esco_graph.errors import NotFoundError, ParameterError
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.measures import scores
from esco_graph.skills.names import DEFAULT_MEASURE

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.skills.matrix import FloatArray

ISCO = "http://data.europa.eu/esco/isco/C"
ORDERS = {"similarity": "alike ones beside each other", "code": "by ESCO code"}
"""In which order a heat map can stand."""
MOST = 250
"""The most occupations of one heat map; with more, no name could be read."""


@dataclass(frozen=True)
class Heat:
    """`scores[i][j]` says how much place i's skills are like place j's, in [0, 1], to six digits; 1 for itself.

    `group` is the label of the ISCO group with its code, `order` one of ORDERS.
    """

    group: str
    measure: str
    order: str
    places: tuple[Place, ...]
    scores: tuple[tuple[float, ...], ...]

    def ranked(self, row: int) -> list[int]:
        """Give the other places from the most alike to the least, ties by IRI."""
        others = (place for place in range(len(self.places)) if place != row)
        return sorted(others, key=lambda place: (-self.scores[row][place], self.places[place].iri))

    def nearest(self, most: int = 3) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """Give columns and rows: each occupation with its nearest of the group, a line for each that scores above 0."""
        columns = ("occupation", "code", "nearest", "nearest_code", self.measure)
        rows = [
            (place.label, place.code, self.places[other].label, self.places[other].code, self.scores[row][other])
            for row, place in enumerate(self.places)
            for other in self.ranked(row)[:most]
            if self.scores[row][other] > 0
        ]
        return columns, rows

    def as_dict(self) -> dict[str, Any]:
        """Give all as plain values, for JSON."""
        about = {"group": self.group, "measure": self.measure, "order": self.order}
        return {**about, "occupations": [place.as_dict() for place in self.places], "scores": self.scores}


def group_heat(
    graph: Graph, group: str, *, measure: str = DEFAULT_MEASURE, order: str = "similarity", lang: str = "en"
) -> Heat:
    """Compare all occupations of an ISCO-08 group: "2269", "226", "22", "C226" or its IRI.

    "similarity" is the leaf order of average linkage, with the neighbours as near as can be (Bar-Joseph, Gifford and
    Jaakkola 2001, as in scipy); of two equal orders the one that starts with the lower code. Raises ParameterError for
    a text that is no group, an unknown order or measure, or more than MOST occupations; NotFoundError for a group
    without occupations.
    """
    if order not in ORDERS:
        raise ParameterError(f"there is no order {order!r}", advice=f"Use one of: {', '.join(ORDERS)}.")
    digits = check_isco(group)
    matrix = SkillMatrix.of(graph)
    rows = [row for row, code in enumerate(matrix.isco) if digits and code.startswith(digits)]
    _check_size(digits, len(rows))
    places = Places(graph, matrix, lang)
    named = places.places(rows)
    rows.sort(key=lambda row: (_parts(named[row].code), row))
    square = _square(matrix, rows, measure)
    if order == "similarity":
        ordered = _by_likeness(square)
        square, rows = square[np.ix_(ordered, ordered)], [rows[place] for place in ordered]
    (label,) = places.labels([ISCO + digits])
    return Heat(
        f"{label} ({digits})" if label != ISCO + digits else f"ISCO group {digits}",
        measure,
        order,
        tuple(named[row] for row in rows),
        tuple(tuple(line) for line in square.tolist()),
    )


def _check_size(digits: str, count: int) -> None:
    if not count:
        what = f"no occupation in this graph belongs to ISCO group {digits}" if digits else "no ISCO group is given"
        raise NotFoundError(what, advice="Give a code such as 226 or 2269; esco-graph search finds groups.")
    if count > MOST:
        raise ParameterError(
            f"ISCO group {digits} has {count:,} occupations, and names can be read up to {MOST}",
            advice=f"Name a group inside it, such as {digits}1.",
        )


def _parts(code: str) -> tuple[tuple[int, str], ...]:
    """Read a code as numbers, so that 2269.10 comes after 2269.9."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in code.split("."))


def _square(matrix: SkillMatrix, rows: list[int], measure: str) -> FloatArray:
    """Score each row against each; itself is 1, whatever the rounding says."""
    found = [scores(matrix, matrix.skills_of(matrix.occupations[row]), measure)[rows] for row in rows]
    square: FloatArray = np.array(found, dtype=np.float64).round(6)
    np.fill_diagonal(square, 1.0)
    return square


def _by_likeness(square: FloatArray) -> list[int]:
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    if len(square) < 3:
        return list(range(len(square)))
    distances = 1.0 - (square + square.T) / 2
    np.fill_diagonal(distances, 0.0)
    condensed = squareform(np.clip(distances, 0.0, 1.0), checks=False)
    leaves = [int(leaf) for leaf in leaves_list(linkage(condensed, "average", optimal_ordering=True))]
    return min(leaves, leaves[::-1])
