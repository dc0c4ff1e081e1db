"""The fast engine: shapes become queries and scans over the Oxigraph store, with the results of pySHACL.

Candidates for a violation are found by scans and hash operations of the store, whatever the targets are; the few that
are found are then held to the targets, and looked at again where the query could only guess.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial

from esco_graph.errors import ParameterError, StoreError
from esco_graph.graph import Graph
from esco_graph.validation.fast.data import Data
from esco_graph.validation.fast.findings import Findings
from esco_graph.validation.fast.model import Result, Unsupported
from esco_graph.validation.fast.plan import Plan, by_node, jobs
from esco_graph.validation.fast.read import Reader
from esco_graph.validation.finding import Finding, Term
from esco_graph.validation.runner import Task, run_all
from esco_graph.validation.shapes import Shape, Shapes
from esco_graph.validation.targets import Targets

__all__ = ["run", "tasks", "unsupported"]

_MANY = 1000  # focus nodes from which it pays to read whole properties


def unsupported(shapes: Shapes, reader: Reader | None = None) -> dict[Shape, str]:
    """Name the root shapes that this engine does not run, each with the reason; they are left to pySHACL.

    A `reader` of these shapes keeps what it read for `tasks`.

    >>> from esco_graph.validation.shapes import load_shapes
    >>> unsupported(load_shapes())
    {}
    """
    reader = reader or Reader(shapes.graph)
    reasons: dict[Shape, str] = {}
    for root in shapes.roots:
        try:
            reader.shape(root)
            reader.check_targets(root)
        except (Unsupported, ParameterError) as reason:
            reasons[root] = str(reason)
    return reasons


def run(
    graph: Graph, shapes: Shapes, targets: Targets, *, roots: Collection[Shape], limited: bool
) -> Iterator[Finding]:
    """Check the targets of some root shapes, none of which is `unsupported`; findings come in any order, one by one.

    With `limited`, the focus nodes are those that `targets` gives for each root, few enough to be looked at one by one.
    Raises StoreError for a graph that is not local, ValidationError when the SPARQL of a shape fails.

    >>> import pyoxigraph as ox
    >>> from esco_graph.validation.shapes import load_shapes
    >>> triple = (ox.NamedNode("http://a"), ox.NamedNode("http://www.w3.org/2004/02/skos/core#broader"))
    >>> graph, shapes = Graph.memory([ox.Quad(*triple, ox.NamedNode("http://b"))]), load_shapes()
    >>> found = run(graph, shapes, Targets(shapes.graph, graph), roots=shapes.rules["ESG402"].roots, limited=False)
    >>> [finding.code for finding in found]
    ['ESG402']
    """
    if graph.store is None:
        raise StoreError("this needs a local graph", where=graph.name)
    if not limited:
        return run_all(partial(tasks, graph, shapes, targets, roots=roots))
    work, findings = jobs(Reader(shapes.graph), roots), Findings(shapes)
    data = Data(graph.store, whole=targets.limit is None or len(targets.limit) > _MANY)
    nodes = {root: targets.nodes(root) for root in {root: None for job in work for root in job.roots}}
    results = (
        result
        for job in work
        for result in by_node(data, job.shape, _together(nodes, job.roots), job.shape.constraints)
    )
    return map(findings.make, results)


def tasks(
    graph: Graph, shapes: Shapes, targets: Targets, *, roots: Collection[Shape], reader: Reader | None = None
) -> tuple[list[Task], list[Task]]:
    """Plan the check of a whole graph: the tasks that read many rows, and those that leave the work to the store.

    A `reader` has read the shapes already. The same errors as those of `run`, when it is planned or when a task is run.
    """
    if graph.store is None:
        raise StoreError("this needs a local graph", where=graph.name)
    make = Findings(shapes).make
    many, few = Plan(Data(graph.store), shapes.graph, targets).tasks(jobs(reader or Reader(shapes.graph), roots))
    return [partial(_made, make, task) for task in many], [partial(_made, make, task) for task in few]


def _made(make: Callable[[Result], Finding], task: Callable[[], Iterable[Result]]) -> Iterator[Finding]:
    return map(make, task())


def _together(nodes: Mapping[Shape, set[Term]], roots: Iterable[Shape]) -> list[Term]:
    return sorted({node for root in roots for node in nodes[root]}, key=str)
