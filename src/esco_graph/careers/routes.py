"""Career paths: the best ways from a start to a target over near occupations, each step with its gap and its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from esco_graph.careers.explained import NamedSkill, direction_of, level_words, missing_of, shared_columns, shared_words
from esco_graph.careers.names import MOST_HOPS, MOST_PATHS, NEIGHBOURS, STEP_COST, WIDER
from esco_graph.careers.places import Place
from esco_graph.careers.ranking import Question, best_first
from esco_graph.careers.search import Way, cheapest_ways, gained, hops_to
from esco_graph.careers.similar_to import others
from esco_graph.careers.worth import Worth
from esco_graph.errors import ParameterError
from esco_graph.skills.gap import gap_scores
from esco_graph.skills.measures import scores
from esco_graph.skills.names import NEAREST_MEASURE
from esco_graph.skills.nearest import nearest

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.skills.matrix import SkillSet


@dataclass(frozen=True)
class Step:
    """One step of a path: `gap` in [0, 1] counts what was gained on the steps before.

    `direction` is up, same or down by ISCO-08 skill level, "" where a level is not known; `shared` counts the target's
    skills that are held by then, of `total`; `missing` are its essential skills that are not, most worth first.
    """

    origin: Place
    to: Place
    gap: float
    direction: str
    shared: int
    total: int
    missing: tuple[NamedSkill, ...]
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """Give the step as plain values."""
        return {
            "from": self.origin.as_dict(),
            "to": self.to.as_dict(),
            "gap": self.gap,
            "direction": self.direction,
            "shared": self.shared,
            "total": self.total,
            "reason": self.reason,
            "missing": [skill.as_dict() for skill in self.missing],
        }


@dataclass(frozen=True)
class Path:
    """A way in steps. `cost` is the sum of gap² + STEP_COST over its steps, `gap_sum` the sum of the gaps."""

    steps: tuple[Step, ...]
    cost: float
    gap_sum: float

    @property
    def places(self) -> tuple[Place, ...]:
        """The start, and where each step leads."""
        return (self.steps[0].origin, *(step.to for step in self.steps)) if self.steps else ()

    def as_dict(self) -> dict[str, Any]:
        """Give the path as plain values."""
        return {"cost": self.cost, "gap_sum": self.gap_sum, "steps": [step.as_dict() for step in self.steps]}


@dataclass(frozen=True)
class Paths:
    """The best paths from a start to a target, cheapest first, and the direct jump beside them.

    `neighbours` says over how many nearest occupations of each the paths go; `remark` why there are none, or fewer.
    `direct` is None only when there is nothing to jump to.
    """

    start: Place
    target: Place
    paths: tuple[Path, ...]
    direct: Path | None
    neighbours: int
    remark: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give all as plain values, for JSON."""
        return {
            "from": self.start.as_dict(),
            "to": self.target.as_dict(),
            "neighbours": self.neighbours,
            "paths": [path.as_dict() for path in self.paths],
            "direct": self.direct.as_dict() if self.direct else None,
            "remark": self.remark,
        }


def paths(
    graph: Graph,
    start: str | SkillSet,
    target: str,
    *,
    k: int = 3,
    hops: int = MOST_HOPS,
    neighbours: int = NEIGHBOURS,
    lang: str = "en",
) -> Paths:
    """Find the k best simple paths from an occupation (IRI) or a set of skills to an occupation.

    A path goes from each occupation to one of its `neighbours` (1 to 20) nearest, over at most `hops` (1 to 4) steps.
    Each step costs gap² + STEP_COST, so that small steps win over one big jump, and the skills of every occupation on
    the way count for the steps after it. Where no such path arrives, the 20 nearest are tried; `remark` says so.

    Raises NotFoundError for an IRI that is no occupation, ParameterError for a number out of its range.
    """
    check_range("k", k, MOST_PATHS)
    check_range("hops", hops, MOST_HOPS)
    check_range("neighbours", neighbours, WIDER)
    asked = Question.of(graph, start, lang)
    goal = asked.matrix.row(target)
    to = asked.places.place(goal)
    remark = _why_no_way(asked, to, goal)
    if remark:
        return Paths(asked.start, to, (), None, neighbours, remark)
    direct = worded(asked, _direct(asked, goal))
    ways, used = _ways(asked, goal, k, hops, neighbours)
    remark = _remark(asked, to, len(ways), k, hops, neighbours, used)
    return Paths(asked.start, to, tuple(worded(asked, way) for way in ways), direct, used, remark)


def check_range(name: str, value: int, most: int) -> None:
    """Refuse a number that is not from 1 to the most (ParameterError)."""
    if not 1 <= value <= most:
        raise ParameterError(f"{name} is {value}", advice=f"Give a whole number from 1 to {most}.")


def _why_no_way(asked: Question, to: Place, goal: int) -> str:
    """Say why no path is looked for at all; "" when one is."""
    if goal == asked.row:
        return f"Start and target are the same occupation, {to.label}: there is no way to go."
    if remark := asked.why_nothing():
        return remark
    if not len(asked.matrix.skills_of(to.iri).all):
        return f"Empty: {to.label} has no skills in this graph, so no way to it can be measured."
    return ""


def _ways(asked: Question, goal: int, k: int, hops: int, neighbours: int) -> tuple[tuple[Way, ...], int]:
    """Search over the nearest that are asked for, then, where nothing arrives, over the widest lists there are."""
    lists, _ = nearest(asked.matrix, WIDER)
    first = first_steps(asked, lists)
    ways: tuple[Way, ...] = ()
    for used in dict.fromkeys((neighbours, WIDER)):
        near = np.asarray(lists[:, :used])
        ways = cheapest_ways(asked.matrix, asked.held, first[:used], near, goal, start=asked.row, k=k, hops=hops)
        if ways:
            return ways, used
    return ways, WIDER


def first_steps(asked: Question, lists: np.ndarray) -> np.ndarray:
    """Give the nearest rows of the start, best first: stored for an occupation, ranked for a person."""
    if asked.row is not None:
        return np.asarray(lists[asked.row])
    return np.array(best_first(scores(asked.matrix, asked.held, NEAREST_MEASURE), others(asked), WIDER), dtype=np.intp)


def _remark(asked: Question, to: Place, found: int, k: int, hops: int, neighbours: int, used: int) -> str:
    over = f"over the {used} nearest occupations of each, in at most {hops} steps"
    if not found:
        alone = hops_to(np.asarray(nearest(asked.matrix, WIDER)[0]), asked.matrix.row(to.iri))
        if not np.isfinite(np.delete(alone, asked.matrix.row(to.iri))).any():
            return (
                f"No path: {to.label} is among the {used} nearest of no occupation. Only the direct jump leads there."
            )
        return f"No path: {to.label} is out of reach {over}. Only the direct jump is shown."
    if used != neighbours:
        return f"Nothing arrives over the {neighbours} nearest of each; these paths go over the {used} nearest."
    return f"There are only {found} paths {over}." if found < k else ""


def _direct(asked: Question, goal: int) -> Way:
    gap = float(gap_scores(asked.matrix, asked.held, np.array([goal], dtype=np.intp))[0])
    return Way((goal,), (gap,), gap * gap + STEP_COST)


def worded(asked: Question, way: Way) -> Path:
    """Put a way in words: each step with its reason and the skills that are missing by then."""
    held, origin = asked.held, asked.start
    steps = []
    for row, gap in zip(way.rows, way.gaps, strict=True):
        to = asked.places.place(row)
        steps.append(_step(asked, held, origin, to, row, gap))
        held, origin = gained(asked.matrix, held, row), to
    return Path(tuple(steps), round(way.cost, 6), round(sum(way.gaps), 6))


def _step(asked: Question, held: SkillSet, origin: Place, to: Place, row: int, gap: float) -> Step:
    shared, brought = shared_columns(asked, held, row), shared_columns(asked, asked.held, row)
    on_the_way = f", {len(shared) - len(brought)} of them since the start" if len(shared) > len(brought) else ""
    return Step(
        origin,
        to,
        round(gap, 6),
        direction_of(origin, to),
        len(shared),
        len(asked.matrix.row_set(row).all),
        missing_of(asked, Worth(asked.matrix, held, asked.row), row),
        f"{level_words(origin, to)}; {shared_words(asked, held, row)}{on_the_way}",
    )
