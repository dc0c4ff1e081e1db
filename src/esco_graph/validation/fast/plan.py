"""Which shapes are checked on which focus nodes, and how: by one query, by a scan of values, or node by node."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from esco_graph.validation.fast.candidates import Candidates, candidates
from esco_graph.validation.fast.data import Data, Step, steps_of
from esco_graph.validation.fast.focus import Declaration, Focus
from esco_graph.validation.fast.model import Constraint, Result, Shape, ValueTest
from esco_graph.validation.fast.read import Reader
from esco_graph.validation.fast.scan import Check, scan
from esco_graph.validation.fast.sparql_constraint import Sparql

if TYPE_CHECKING:
    import rdflib

Task = Callable[[], Iterator[Result]]
"""A piece of work that gives results; tasks share nothing but the store."""

_FEW = 64  # focus nodes that are looked at one by one, whatever the shape
_FEW_VALUES = 500  # value nodes of those, at most
_ALL = 5_000  # focus nodes from which scans are taken without counting
_LOOKUP = 60  # rows of a query that cost as much as looking at one focus node
_READ = 15  # rows of a query that cost as much as one value that is read


class Job(NamedTuple):
    """A shape, and the root shapes whose targets it is checked on."""

    shape: Shape
    roots: tuple[Any, ...]


def jobs(reader: Reader, roots: Iterable[Any]) -> list[Job]:
    """List what is to be checked.

    The targets of a node shape that no other shape refers to are those of its property shapes too, as in the pyshacl
    engine: a property shape that several node shapes hold is checked once on all their targets.
    """
    own: list[Job] = []
    spread: dict[Any, dict[Any, None]] = defaultdict(dict)
    for root in sorted(roots):
        shape = reader.shape(root)
        if shape.off:
            continue
        if shape.path is not None:
            spread[root][root] = None
            continue
        own.append(Job(shape, (root,)))
        referred = next(reader.graph.subjects(None, root), None) is not None
        for member in shape.members:
            if referred:
                own.append(Job(member, (root,)))
            else:
                spread[member.node][root] = None
    merged = [Job(reader.shape(node), tuple(sorted(targets))) for node, targets in sorted(spread.items())]
    return [job for job in (*own, *merged) if not job.shape.off and (job.shape.constraints or job.shape.path)]


def by_node(data: Data, shape: Shape, nodes: Iterable[Any], constraints: Sequence[Constraint]) -> Iterator[Result]:
    """Look at focus nodes one by one; a property shape with those below it, a node shape alone."""
    for node in nodes:
        values = shape.values(data, node)
        for constraint in constraints:
            for violation in constraint.violations(data, node, values):
                yield Result(shape, constraint, node, violation)
        if shape.path is not None:
            for member in shape.members:
                for value in values:
                    yield from member.results(data, value)


class Plan:
    """The tasks for a whole graph."""

    def __init__(self, data: Data, shapes: rdflib.Graph, targets: Any) -> None:
        """Take the data, the shapes graph and its targets."""
        self._data = data
        self._shapes = shapes
        self._targets = targets
        self._focus: dict[tuple[Any, ...], Focus] = {}
        self._scans: dict[Declaration, list[Check]] = defaultdict(list)

    def tasks(self, work: Iterable[Job]) -> tuple[list[Task], list[Task]]:
        """Write the tasks: those that read many rows, and those that leave the work to the store."""
        many: list[Task] = []
        few: list[Task] = []
        for job in work:
            for task, asks in self._tasks(job):
                (few if asks else many).append(task)
        return [*(self._scan(source, checks) for source, checks in self._scans.items()), *many], few

    def _scan(self, source: Declaration, checks: Sequence[Check]) -> Task:
        return lambda: scan(self._data, source, checks)

    def _tasks(self, job: Job) -> Iterator[tuple[Task, bool]]:
        focus = self._focus.setdefault(job.roots, Focus(self._data, self._shapes, self._targets, job.roots))
        if not focus.count(_ALL + 1):
            return
        shape, single = job.shape, list[Constraint]()
        few = self._is_few(shape, focus)
        for constraint in shape.constraints:
            task = None if few else self._at_once(shape, constraint, focus)
            if isinstance(constraint, Sparql) and constraint.at_once:
                task = self._solutions(shape, constraint, focus)
            if task is not None:
                yield task, True
            elif few or not self._added(shape, constraint, focus):
                single.append(constraint)
        if single or (shape.members and shape.path is not None):
            yield self._each(shape, tuple(single), focus), False

    def _is_few(self, shape: Shape, focus: Focus) -> bool:
        """Say whether looking at each focus node costs less than scanning what is on the way."""
        count = focus.count(_ALL + 1)
        if shape.path is None or count > _ALL:
            return False
        steps = steps_of(shape.path)
        if count <= _FEW:
            return all(total <= _FEW_VALUES for total in accumulate(self._sizes(shape, steps, focus)))
        if steps is None:
            return False
        reads = all(self._is_read(shape, constraint, focus) for constraint in shape.constraints)
        most = _LOOKUP * count // (_READ if reads else 1)
        rows = (self._data.count(f"?s {ox.NamedNode(name)} ?o", most + 1) for name, _ in steps)
        return sum(rows) > most

    def _is_read(self, shape: Shape, constraint: Constraint, focus: Focus) -> bool:
        """Say whether each value has to be read, since no query finds those that fail."""
        alone = isinstance(constraint, ValueTest) and constraint.cost == 1
        return alone and candidates(self._data, shape, constraint, focus) is None

    def _sizes(self, shape: Shape, steps: Sequence[Step] | None, focus: Focus) -> Iterator[int]:
        for node in focus.members():
            if steps is None:
                yield len(shape.values(self._data, node))
            else:
                yield self._data.reach(node, steps, _FEW_VALUES + 1)

    def _at_once(self, shape: Shape, constraint: Constraint, focus: Focus) -> Task | None:
        query = candidates(self._data, shape, constraint, focus)
        return None if query is None else lambda: self._candidates(shape, constraint, focus, query)

    def _candidates(self, shape: Shape, constraint: Constraint, focus: Focus, query: Candidates) -> Iterator[Result]:
        for row in self._data.select(query.query):
            node = row[0]
            if not (query.targets or focus.has(node)):
                continue
            if query.exact:
                yield Result(shape, constraint, node, constraint.found(row[1] if query.valued else None))
            else:
                for violation in constraint.violations(self._data, node, shape.values(self._data, node)):
                    yield Result(shape, constraint, node, violation)

    def _solutions(self, shape: Shape, constraint: Sparql, focus: Focus) -> Task:
        def run() -> Iterator[Result]:
            for node, names, row in constraint.rows(self._data):
                if focus.has(node):
                    for violation in constraint.result(names, row, node):
                        yield Result(shape, constraint, node, violation)

        return run

    def _added(self, shape: Shape, constraint: Constraint, focus: Focus) -> bool:
        """Add a test of single values to the scans; False when it has to be made node by node."""
        if not isinstance(constraint, ValueTest):
            return False
        if shape.path is None:
            sources = (Declaration("any", focus.roots),) if focus.pattern() else focus.declarations
            for place, source in enumerate(sources):
                self._scans[source].append(Check(shape, constraint, focus, place))
            return True
        steps = steps_of(shape.path)
        for place, step in enumerate(steps or ()):
            self._scans[_ends(step)].append(Check(shape, constraint, focus, place, steps))
        return steps is not None

    def _each(self, shape: Shape, constraints: tuple[Constraint, ...], focus: Focus) -> Task:
        return lambda: by_node(self._data, shape, focus.members(), constraints)


def _ends(step: Step) -> Declaration:
    """Say where a step leads to, as a target would say it."""
    return Declaration("subjects" if step[1] else "objects", step[0])
