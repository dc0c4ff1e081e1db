"""Career paths: the best ways from a start to a target over near occupations, each step with its gap and its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from esco_graph.careers.explained import NamedSkill, direction_of, level_words, missing_of, shared_columns, shared_words
from esco_graph.careers.names import MOST_HOPS, MOST_PATHS, MOST_TIMES, NEIGHBOURS, STEP_COST, WIDER
from esco_graph.careers.nets import Net, nets, stepping_stone, steps_needed
from esco_graph.careers.places import Place
from esco_graph.careers.ranking import Question
from esco_graph.careers.search import Way, cheapest_ways, gained
from esco_graph.careers.worth import Worth
from esco_graph.errors import ParameterError
from esco_graph.skills.gap import gap_scores
from esco_graph.skills.nearest import nearest
from esco_graph.skills.skill_set import check_occupation

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.skills.matrix import SkillSet
    from esco_graph.skills.skill_set import SkillSource


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
    `direct` is None only when there is nothing to jump to. `stepping_stone` is an occupation that leads on where none
    arrives: paths go to it, and from it to the target.
    """

    start: Place
    target: Place
    paths: tuple[Path, ...]
    direct: Path | None
    neighbours: int
    remark: str = ""
    stepping_stone: Place | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give all as plain values, for JSON."""
        return {
            "from": self.start.as_dict(),
            "to": self.target.as_dict(),
            "neighbours": self.neighbours,
            "paths": [path.as_dict() for path in self.paths],
            "direct": self.direct.as_dict() if self.direct else None,
            "remark": self.remark,
            "stepping_stone": self.stepping_stone.as_dict() if self.stepping_stone else None,
        }


def paths(
    graph: Graph,
    start: SkillSource,
    target: str,
    *,
    k: int = 3,
    hops: int = MOST_HOPS,
    neighbours: int = NEIGHBOURS,
    wider: bool = False,
    lang: str = "en",
) -> Paths:
    """Find the k best simple paths from an occupation (IRI), a set of skills or a person to an occupation (IRI).

    A path goes from each occupation to one of its `neighbours` (1 to 20) nearest, over at most `hops` (1 to 4) steps.
    Each step costs gap² + STEP_COST, so that small steps win over one big jump, and the skills of every occupation on
    the way count for the steps after it. What a person has been already is no station; a path of more than MOST_TIMES
    the effort of the direct jump is left out. Where no such path arrives, `wider` takes wider nets (`nets`), whose
    steps are less alike and agree less with real moves (docs/careers.md); `remark` says so.

    Raises NotFoundError for an IRI that is no occupation, ParameterError for a number out of its range.
    """
    check_range("k", k, MOST_PATHS)
    check_range("hops", hops, MOST_HOPS)
    check_range("neighbours", neighbours, WIDER)
    asked = Question.of(graph, start, lang)
    goal = asked.matrix.row(check_occupation(target))
    around = nearest(asked.matrix)[0][goal]
    to = asked.named((goal, *around[around >= 0].tolist()))[goal]
    remark = _why_no_way(asked, to, goal)
    if remark:
        return Paths(asked.start, to, (), None, neighbours, remark)
    jump = _direct(asked, goal)
    most, allowed = MOST_TIMES * jump.cost, tuple(nets(asked, neighbours, goal))[: None if wider else 1]
    ways, used, remark = _ways(asked, goal, k, hops, allowed, most)
    if not ways:
        found, stone = _no_path(asked, to, goal, hops, 0 if wider else neighbours)
        return Paths(asked.start, to, (), worded(asked, jump), used, found, stone)
    kept = tuple(way for way in ways if way.cost <= most)
    if not kept:
        return Paths(asked.start, to, (), worded(asked, jump), used, _too_dear(ways[0], jump, wider))
    if len(kept) == len(ways) < k:
        many = "is only 1 path" if len(ways) == 1 else f"are only {len(ways)} paths"
        remark = f"{remark} There {many} in at most {hops} steps.".strip()
    if jump.cost < kept[0].cost:
        remark = f"{remark} No path takes less effort than the direct jump.".strip()
    return Paths(asked.start, to, tuple(worded(asked, way) for way in kept), worded(asked, jump), used, remark)


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


def _ways(
    asked: Question, goal: int, k: int, hops: int, allowed: tuple[Net, ...], most: float
) -> tuple[tuple[Way, ...], int, str]:
    """Search on the first net, then, where nothing arrives for the `most` effort, on the next; says how wide it was."""
    dear: tuple[Way, ...] = ()
    for net in allowed:
        ways = cheapest_ways(asked.matrix, asked.held, net.first, net.near, goal, start=asked.row, k=k, hops=hops)
        if ways and ways[0].cost <= most:
            return ways, net.size, net.remark
        dear = dear or ways
    return dear, allowed[-1].size, ""


def _no_path(asked: Question, to: Place, goal: int, hops: int, narrow: int) -> tuple[str, Place | None]:
    """Say why nothing arrives, and what to ask instead: a wider net, more steps, or two ways by a stepping stone.

    `narrow` is the size of the only net that was tried, 0 when all were.
    """
    *_, widest = nets(asked, WIDER, goal)
    needed = steps_needed(widest, goal)
    only = "Only the direct jump leads there."
    if not np.isfinite(needed):
        return f"No path: no chain of near occupations leads from {asked.start.label} to {to.label}. {only}", None
    if narrow and needed <= hops:
        found = f"No path over the {narrow} nearest of each. Wider nets, of less alike occupations, arrive"
        return f"{found} in {needed:g} step{'s' * (needed != 1)} or more: allow them (--wider).", None
    steps = f"it takes at least {needed:g} steps to {to.label}"
    why = f"No path: over near occupations {steps}, and at most {hops} are taken."
    if needed <= MOST_HOPS:
        return f"{why} Allow {needed:g} hops.", None
    row = stepping_stone(asked, widest, goal, MOST_HOPS)
    if row is None:
        return f"{why} {only}", None
    stone = asked.places.place(row)
    return f"{why} Halfway stands {_named(stone)}: ask for the paths to it, and from it to {to.label} (--wider).", stone


def _too_dear(way: Way, jump: Way, wider: bool) -> str:
    than = f"more than {MOST_TIMES} times that of the direct jump ({jump.cost:.3f})"
    why = f"No path: the cheapest takes an effort of {way.cost:.3f}, {than}."
    return why if wider else f"{why} Wider nets, of less alike occupations, may have less (--wider)."


def _named(place: Place) -> str:
    return f"{place.label} ({place.code})" if place.code else place.label


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
    compared, why = (asked.standing, asked.standing_why) if origin is asked.start else (origin, "")
    return Step(
        origin,
        to,
        round(gap, 6),
        direction_of(compared, to),
        len(shared),
        len(asked.matrix.row_set(row).all),
        missing_of(asked, Worth(asked.matrix, held, asked.row), row),
        f"{level_words(compared, to, why)}; {shared_words(asked, held, row)}{on_the_way}",
    )
