"""What is within reach: every occupation that a budget of effort leads to, with the cheapest way that was found."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from esco_graph.careers.explained import direction_of
from esco_graph.careers.names import EFFORT, MOST_HOPS, NEIGHBOURS, STEP_COST, WIDER
from esco_graph.careers.nets import first_steps, without
from esco_graph.careers.places import Place
from esco_graph.careers.ranking import Question, Ranking
from esco_graph.careers.routes import check_range
from esco_graph.careers.search import Gains, Way
from esco_graph.careers.similar_to import check_limit
from esco_graph.errors import ParameterError
from esco_graph.skills.gap import gap_scores
from esco_graph.skills.matrix import FloatArray
from esco_graph.skills.nearest import nearest

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.skills.matrix import SkillMatrix, SkillSet
    from esco_graph.skills.skill_set import SkillSource

_DIGITS = 9


@dataclass(frozen=True)
class Reached(Place):
    """An occupation within reach: its `effort` (sum of gap² + STEP_COST), and the occupations on the way to it.

    `way` ends with the occupation itself; `gaps` are those of its steps, in [0, 1]; `direction` compares ISCO
    levels, as that of `NextStep` does.
    """

    effort: float = 0.0
    direction: str = ""
    way: tuple[Place, ...] = ()
    gaps: tuple[float, ...] = ()

    def cells(self) -> dict[str, Any]:
        """Give one value per column."""
        facts = {"other": self.iri, "label": self.label, "code": self.code, "level": self.level}
        via = " > ".join(place.label for place in self.way[:-1])
        return {**facts, "direction": self.direction, "effort": self.effort, "steps": len(self.way), "via": via}

    def as_dict(self) -> dict[str, Any]:
        """Give the occupation as plain values, with the way to it step by step."""
        steps = [{**place.as_dict(), "gap": gap} for place, gap in zip(self.way, self.gaps, strict=True)]
        return {**self.cells(), "way": steps}


def reachable(
    graph: Graph,
    start: SkillSource,
    *,
    effort: float = EFFORT,
    hops: int = MOST_HOPS,
    neighbours: int = NEIGHBOURS,
    limit: int = 10_000,
    lang: str = "en",
) -> Ranking[Reached]:
    """List every occupation within a budget of effort from a start, least effort first.

    `start` is an occupation (IRI), a set of skills or a person; what the person has been already is left out.
    Effort is what `paths` calls cost: the sum of gap² + STEP_COST over the steps. A step leads to one of the
    `neighbours` (1 to 20) nearest occupations, and at most `hops` (1 to 4) steps are taken. Skills gained on the way
    count, but of all ways that lead somewhere in as many steps only the cheapest is followed on, so that `paths` may
    find a cheaper way to one target.

    Raises ParameterError for a number out of its range, NotFoundError for an IRI that is no occupation.
    """
    if not effort > 0 or effort == float("inf"):
        raise ParameterError(f"an effort of {effort} is not possible", advice="Give a number above 0, such as 0.25.")
    check_range("hops", hops, MOST_HOPS)
    check_range("neighbours", neighbours, WIDER)
    check_limit(limit)
    asked = Question.of(graph, start, lang)
    columns = tuple(Reached("", "").cells())
    if remark := asked.why_nothing():
        return Ranking(asked.start, "effort", (), remark, columns)
    lists, _ = nearest(asked.matrix, WIDER)
    first = first_steps(asked, lists, asked.behind)[:neighbours]
    near = without(np.asarray(lists[:, :neighbours]), asked.behind)
    ways = spread(asked.matrix, asked.held, first, near, effort, start=asked.row, hops=hops)
    remark = "" if ways else _why_none(asked, first, effort)
    rows = _rows(asked, ways[:limit])
    standing = asked.standing_of_person() if rows else {}
    return Ranking(asked.start, "effort", rows, remark, columns, **standing)


def spread(
    matrix: SkillMatrix,
    held: SkillSet,
    first: np.ndarray,
    neighbours: np.ndarray,
    effort: float,
    *,
    start: int | None = None,
    hops: int = MOST_HOPS,
) -> list[Way]:
    """Find a cheap way to every row within the budget, cheapest first, ties by row; arguments as `cheapest_ways`.

    Dijkstra's algorithm over states (row, steps taken): a state is settled by the first way that gets there, with all
    that this way gained. That is exact where gained skills do not matter, and never dearer than without them.
    """
    open_ways: list[tuple[float, tuple[int, ...], tuple[float, ...]]] = [(0.0, (), ())]
    gains, known = Gains(matrix), dict[tuple[int, ...], FloatArray]()
    settled: dict[int, int] = {}  # fewest steps with which a row was settled so far: more steps at more cost are no use
    found: dict[int, Way] = {}
    while open_ways:
        cost, rows, gaps = heapq.heappop(open_ways)
        if rows and settled.get(rows[-1], hops + 1) <= len(rows):
            continue
        if rows:
            settled[rows[-1]] = len(rows)
            found.setdefault(rows[-1], Way(rows, gaps, cost))
        if len(rows) == hops:
            continue
        near = known[rows] = gains.after(known[rows[:-1]], rows[-1]) if rows else gains.begin(held)
        seen = {*rows, start, -1}
        nexts = [row for row in (neighbours[rows[-1]] if rows else first).tolist() if row not in seen]
        for row, gap in zip(nexts, gains.gaps(near, nexts), strict=True):
            paid = round(cost + gap * gap + STEP_COST, _DIGITS)
            if paid <= effort and settled.get(row, hops + 1) > len(rows) + 1:
                heapq.heappush(open_ways, (paid, (*rows, row), (*gaps, gap)))
    return sorted(found.values(), key=lambda way: (way.cost, way.rows[-1]))


def _rows(asked: Question, ways: list[Way]) -> tuple[Reached, ...]:
    places = asked.named(row for way in ways for row in way.rows)
    return tuple(
        Reached(
            **places[way.rows[-1]].as_dict(),
            effort=round(way.cost, 6),
            direction=direction_of(asked.standing, places[way.rows[-1]]),
            way=tuple(places[row] for row in way.rows),
            gaps=tuple(round(gap, 6) for gap in way.gaps),
        )
        for way in ways
    )


def _why_none(asked: Question, first: np.ndarray, effort: float) -> str:
    real = first[first >= 0]
    if not len(real):
        return f"Empty: no other occupation has anything in common with {asked.start.label}, so nothing is near it."
    gaps = gap_scores(asked.matrix, asked.held, real)
    least = float(np.min(gaps**2)) + STEP_COST
    why = f"Empty: the cheapest step from {asked.start.label} takes an effort of {least:.3f}, more than {effort:g}."
    return f"{why} Try --effort {math.ceil(round(least * 10, _DIGITS - 1)) / 10:g}."
