"""The nets of near occupations that paths are looked for on, narrow to wide, and what to do where none leads there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from esco_graph.careers.names import WIDER
from esco_graph.careers.ranking import Question, best_first
from esco_graph.careers.search import hops_to
from esco_graph.careers.similar_to import others
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.measures import scores
from esco_graph.skills.names import NEAREST_MEASURE
from esco_graph.skills.nearest import nearest


@dataclass(frozen=True)
class Net:
    """Which occupations a step may lead to: `first` from the start, `near` (n, k) from every row, -1 where fewer.

    `size` says how many nearest ones that are; `remark` that the net is wider than asked for ("" when it is not).
    """

    first: np.ndarray
    near: np.ndarray
    size: int
    remark: str = ""


def nets(asked: Question, neighbours: int, goal: int) -> Iterator[Net]:
    """Give the net that is asked for, then wider ones: the 20 nearest, then those with the way back as well.

    Near is not mutual: a special occupation has near ones that have nearer ones. The widest net joins two occupations
    where one is among the 20 nearest of the other, as the overlaps of the derived graph do. No net leads over an
    occupation that the person has or had, unless that is the goal.
    """
    lists = np.asarray(nearest(asked.matrix, WIDER)[0])
    behind = np.setdiff1d(asked.behind, [goal])
    first = first_steps(asked, lists, behind)
    yield Net(first[:neighbours], without(lists[:, :neighbours], behind), neighbours)
    nothing = f"Nothing of use arrives over the {neighbours} nearest of each; these paths go over"
    if neighbours < WIDER:
        yield Net(first, without(lists, behind), WIDER, f"{nothing} the {WIDER} nearest.")
    both = asked.matrix.derived("either-way", either_way)
    begun = first if asked.row is None else both[asked.row]
    yield Net(
        begun, without(both, behind), WIDER, f"{nothing} pairs of which one is among the {WIDER} nearest of the other."
    )


def first_steps(asked: Question, lists: np.ndarray, behind: np.ndarray) -> np.ndarray:
    """Give the nearest rows of the start, best first: stored for an occupation; ranked for a person, none behind."""
    if asked.row is not None:
        return np.asarray(lists[asked.row])
    rows = np.setdiff1d(others(asked), behind, assume_unique=True)
    return np.array(best_first(scores(asked.matrix, asked.held, NEAREST_MEASURE), rows, WIDER), dtype=np.intp)


def without(near: np.ndarray, behind: np.ndarray) -> np.ndarray:
    """Take rows out of a net, as stops and as starts: (n, k) rows, -1 in their place.

    >>> without(np.array([[1, 2], [0, 2], [0, 1]]), np.array([1])).tolist()
    [[-1, 2], [-1, -1], [0, -1]]
    """
    if not len(behind):
        return near
    kept = np.where(np.isin(near, behind), -1, near)
    kept[behind] = -1
    return kept


def either_way(matrix: SkillMatrix) -> np.ndarray:
    """Join each occupation with its 20 nearest and with those that it is one of the 20 nearest of: (n, k) rows, or -1.

    Rows stand in order.
    """
    lists = np.asarray(nearest(matrix, WIDER)[0])
    n = len(lists)
    here, there = np.repeat(np.arange(n), lists.shape[1]), lists.ravel().astype(np.int64)
    here, there = here[there >= 0], there[there >= 0]
    owners, ends = np.divmod(np.unique(np.concatenate([here * n + there, there * n + here])), max(n, 1))
    sizes = np.bincount(owners, minlength=n)
    found = np.full((n, int(sizes.max(initial=0))), -1, dtype=np.int32)
    found[owners, np.arange(len(owners)) - np.repeat(np.cumsum(sizes) - sizes, sizes)] = ends
    return found


def steps_needed(net: Net, goal: int) -> float:
    """Give the fewest steps from the start to a row over a net; inf where no way leads there."""
    first = net.first[net.first >= 0]
    return 1 + float(hops_to(net.near, goal)[first].min(initial=np.inf))


def stepping_stone(asked: Question, net: Net, goal: int, hops: int) -> int | None:
    """Give the row to go by way of: reached in `hops` steps, with so many to the goal, and as like as can be to both.

    Of equally like ones the one in the middle is taken, then the first by IRI; None where there is none. `net` must go
    either way, so that steps count the same in both directions.
    """
    if asked.row is None:
        from_start = 1 + np.min([hops_to(net.near, row) for row in net.first.tolist()], axis=0, initial=np.inf)
    else:
        from_start = hops_to(net.near, asked.row)
    farther = np.maximum(from_start, hops_to(net.near, goal))
    farther[[row for row in (goal, asked.row) if row is not None]] = np.inf
    rows = np.flatnonzero(farther <= hops)
    there = scores(asked.matrix, asked.matrix.row_set(goal), NEAREST_MEASURE)
    least = np.round(np.minimum(scores(asked.matrix, asked.held, NEAREST_MEASURE), there)[rows], 6)
    best = rows[np.lexsort((rows, farther[rows], -least))]
    return int(best[0]) if len(best) else None
