"""Validate: choose the data, choose the engine, run shapes and checks, and collect the findings into a report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from esco_graph.errors import ParameterError, ValidationError
from esco_graph.graph import Graph
from esco_graph.validation import fast, pyshacl_engine
from esco_graph.validation.checks import checked_by, checks, run_check
from esco_graph.validation.collect import collect
from esco_graph.validation.fast.read import Reader
from esco_graph.validation.finding import Finding
from esco_graph.validation.messages import generic
from esco_graph.validation.names import title_of
from esco_graph.validation.report import Report
from esco_graph.validation.runner import Task, run_all
from esco_graph.validation.scope import ancestors, named, neighbourhood, nodes_of, parts_of, unnamed
from esco_graph.validation.shapes import Shape, Shapes, load_shapes
from esco_graph.validation.targets import Targets

if TYPE_CHECKING:
    import rdflib

    from esco_graph.validation.collect import Baseline, Policy, Positions

ENGINES = ("auto", "fast", "pyshacl")


def validate(
    graph: Graph | rdflib.Graph,
    *,
    shapes: Iterable[Path | str] = (),
    focus: str | None = None,
    context: Graph | None = None,
    engine: str = "auto",
    policy: Policy | None = None,
    baseline: Baseline | None = None,
    positions: Positions | None = None,
) -> Report:
    """Check a graph against the built-in shapes and checks and the shapes of extra files.

    `focus` (IRI or CURIE) limits the check to one concept or profile with its parts. `context` is a larger graph, such
    as a store with a release, in which `graph` is to be read: its facts count, its own nodes are not checked. An rdflib
    graph is taken as well. `engine` is `fast`, `pyshacl`, or `auto`: fast for the shapes that it covers, pySHACL for
    the others. `policy` sets severities, `baseline` names known findings, `positions` finds file:line. Findings are a
    Report, never an exception; raises ValidationError for shapes that cannot be run, NotFoundError for an unknown
    focus, ParameterError for an unknown engine.

    >>> turtle = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . <http://example.org/nurse> a skos:Concept ."
    >>> import rdflib
    >>> report = validate(rdflib.Graph().parse(data=turtle))
    >>> [finding.code for finding in report.findings if finding.severity == "violation"], report.engine
    (['ESG101'], 'fast')
    """
    loaded = load_shapes(shapes)
    plan = _plan(engine, loaded)
    given = graph if isinstance(graph, Graph) else Graph.from_rdflib(graph)
    data, nodes = _scope(given, focus, context)
    whole = given if context is None and given.store is not None else data
    checked: dict[str, int] = {}
    targets = Targets(loaded.graph, data, nodes)
    return collect(
        data,
        (_complete(finding) for finding in plan.run(data, whole, loaded, targets, checked)),
        loaded.rules | checks(),
        checked,
        engine=plan.words,
        policy=policy,
        baseline=baseline,
        positions=positions,
        title=title_of(data) if focus is None and context is None else "",
    )


@dataclass(frozen=True)
class _Plan:
    """Which root shapes each engine runs, and that in words."""

    fast: tuple[Shape, ...]
    pyshacl: tuple[Shape, ...]
    words: str
    reader: Reader | None = None

    def run(
        self, data: Graph, whole: Graph, shapes: Shapes, targets: Targets, checked: dict[str, int]
    ) -> Iterator[Finding]:
        """Run the shapes and the checks; what the fast engine does on a whole graph, and the checks, in two threads.

        `data` may hold no more than some nodes with their surroundings, `whole` is the graph that they are from. When
        all is run, `checked` holds how many nodes each rule looked at.
        """
        nodes = targets.limit
        rules = [partial(run_check, one, whole if one.needs_all else data, nodes) for one in checks().values()]
        if nodes is not None and self.fast:
            yield from fast.run(data, shapes, targets, roots=self.fast, limited=True)
        plan = partial(fast.tasks, data, shapes, targets, roots=self.fast if nodes is None else (), reader=self.reader)
        yield from run_all(plan, rules, _counting(shapes, targets, data, checked))
        if self.pyshacl:
            yield from pyshacl_engine.run(data, shapes, targets, roots=self.pyshacl, limited=nodes is not None)


def _counting(shapes: Shapes, targets: Targets, data: Graph, checked: dict[str, int]) -> list[Task]:
    """Write the tasks that count the nodes each rule looks at."""
    codes: dict[tuple[Shape, ...], list[str]] = {}
    for code, rule in shapes.rules.items():
        codes.setdefault(rule.roots, []).append(code)
    counts = [(same, partial(targets.count, roots)) for roots, same in codes.items()]
    counts += [([code], partial(checked_by, check, data, targets.limit)) for code, check in checks().items()]
    return [partial(_counted, checked, same, count) for same, count in counts]


def _counted(checked: dict[str, int], codes: Iterable[str], count: Callable[[], int]) -> tuple[Finding, ...]:
    """Note a count; this finds nothing."""
    checked.update(dict.fromkeys(codes, count()))
    return ()


def _plan(engine: str, shapes: Shapes) -> _Plan:
    if engine not in ENGINES:
        raise ParameterError(f"there is no engine {engine!r}", advice=f"Use one of: {', '.join(ENGINES)}.")
    roots = shapes.roots
    if engine == "pyshacl":
        return _Plan((), roots, "pyshacl")
    reader = Reader(shapes.graph)
    reasons = fast.unsupported(shapes, reader)
    if engine == "fast" and reasons:
        shape, reason = min(reasons.items())
        what = f"the fast engine cannot run the shape {shape}: {reason}"
        raise ValidationError(what, advice="Use the engine auto or pyshacl.")
    rest = tuple(root for root in roots if root in reasons)
    why = "; ".join(sorted(set(reasons.values())))
    words = f"fast, and pyshacl for {len(rest)} shape{'s' * (len(rest) != 1)} ({why})" if rest else "fast"
    return _Plan(tuple(root for root in roots if root not in reasons), rest, words, reader)


def _scope(graph: Graph, focus: str | None, context: Graph | None) -> tuple[Graph, Collection[str] | None]:
    """Choose the data that rules see, and the nodes that are checked; None for all."""
    nodes: Collection[str] | None = parts_of(graph, focus) if focus is not None else None
    if context is not None:
        data = named(graph)
        nodes = nodes_of(data, context) if nodes is None else nodes
        around = neighbourhood(context, nodes, beside=data, without=data.named_graphs())
        above = ancestors(context, nodes, beside=data)
        return Graph.memory(chain(data.quads(), around, above)), nodes
    if nodes is not None:
        return Graph.memory(chain(neighbourhood(graph, nodes), ancestors(graph, nodes))), nodes
    if graph.store is None:
        triples = graph.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        return Graph.memory(ox.Quad(*triple) for triple in triples), None
    return graph, None


def _complete(finding: Finding) -> Finding:
    """Give blank nodes back, and a message to the finding of a shape without one."""
    message = finding.message or generic(finding.component)
    return replace(finding, focus=unnamed(finding.focus), value=unnamed(finding.value), message=message)
