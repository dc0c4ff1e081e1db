"""Run the shapes over a graph with pySHACL, the reference engine, and turn its results into findings."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from esco_graph.errors import StoreError, ValidationError
from esco_graph.graph import Graph
from esco_graph.terms import SH, to_ox
from esco_graph.validation.finding import Finding
from esco_graph.validation.names import labels_of
from esco_graph.validation.paths import read_path
from esco_graph.validation.report import Report
from esco_graph.validation.scope import named, neighbourhood, nodes_of, parts_of, unnamed
from esco_graph.validation.shapes import SEVERITIES, Shapes, best_text, load_shapes
from esco_graph.validation.targets import Targets, fixed_targets, spread_targets
from esco_graph.validation.view import view

if TYPE_CHECKING:
    import rdflib

_MANY = 1000  # nodes from which it pays to read whole properties at once


def validate(
    graph: Graph | rdflib.Graph,
    *,
    shapes: Iterable[Path | str] = (),
    focus: str | None = None,
    context: Graph | None = None,
) -> Report:
    """Check a graph against the built-in shapes and the shapes of extra files.

    `focus` (IRI or CURIE) limits the check to one concept or profile with its parts. `context` is a larger graph, such
    as a store with a release, in which `graph` is to be read: its facts count, its own nodes are not checked. An rdflib
    graph is taken as well. Findings are a Report, never an exception; raises ValidationError for shapes that cannot be
    run, NotFoundError for an unknown focus.

    >>> turtle = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . <http://example.org/nurse> a skos:Concept ."
    >>> import rdflib
    >>> [finding.code for finding in validate(rdflib.Graph().parse(data=turtle)).findings]
    ['ESG101']
    """
    data = graph if isinstance(graph, Graph) else Graph.from_rdflib(graph)
    loaded = load_shapes(shapes)
    nodes = parts_of(data, focus) if focus is not None else None
    if context is not None:
        data = named(data)
        nodes = nodes_of(data, context) if nodes is None else nodes
        around = neighbourhood(context, nodes, beside=data, without=data.named_graphs())
        data = Graph.memory([*data.quads(), *around])
    elif data.store is None:
        data = Graph.memory(_fetched(data, nodes))
    return _report(data, loaded, nodes)


def _fetched(graph: Graph, nodes: Collection[str] | None) -> Iterable[ox.Quad]:
    """Bring a remote graph here: all of it, or what the nodes need."""
    if nodes is not None:
        return neighbourhood(graph, nodes)
    return (ox.Quad(*triple) for triple in graph.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"))


def _report(graph: Graph, shapes: Shapes, nodes: Collection[str] | None) -> Report:
    targets = Targets(shapes.graph, graph, nodes)
    results = _run(graph, shapes, targets, limited=nodes is not None, many=nodes is None or len(nodes) > _MANY)
    findings = tuple(
        replace(finding, focus=unnamed(finding.focus), value=unnamed(finding.value))
        for finding in _findings(graph, shapes, results)
    )
    found = [finding.code for finding in findings]
    checked = {code: (targets.count(rule.roots), found.count(code)) for code, rule in shapes.rules.items()}
    return Report(findings, checked)


def _run(graph: Graph, shapes: Shapes, targets: Targets, *, limited: bool, many: bool) -> rdflib.Graph:
    """Run pySHACL and give its report graph; what it only warns of, as shapes that call themselves, is an error."""
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError, ShapeRecursionWarning

    if graph.store is None:
        raise StoreError("this needs a local graph", where=graph.name)
    prepared = shapes.for_engine()
    roots = sorted({root for rule in shapes.rules.values() for root in rule.roots})
    fixed_targets(prepared, targets, roots, every=limited)
    spread_targets(prepared, roots)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ShapeRecursionWarning)
            data = view(graph.store, whole=many)
            _, report, text = pyshacl.validate(
                data, shacl_graph=prepared, inference="none", inplace=True, advanced=False
            )
    except (ReportableRuntimeError, ShapeRecursionWarning) as error:
        raise ValidationError(f"the shapes cannot be run: {_one_line(error)}") from error
    if isinstance(report, Exception):
        raise ValidationError(f"the shapes cannot be run: {_one_line(text)}")
    result: rdflib.Graph = report
    return result


def _one_line(message: object) -> str:
    return " ".join(str(message).split())


def _findings(graph: Graph, shapes: Shapes, report: rdflib.Graph) -> tuple[Finding, ...]:
    import rdflib

    rows = [
        {str(p).removeprefix(SH): o for p, o in report.predicate_objects(node)}
        | {"messages": list(_messages(report, node))}
        for node in report.objects(None, rdflib.URIRef(SH + "result"))
    ]
    named = {
        str(term) for row in rows for term in (row["focusNode"], row.get("value")) if isinstance(term, rdflib.URIRef)
    }
    labels = labels_of(graph, named)
    return tuple(sorted((_finding(shapes, row, labels) for row in rows), key=Finding.order))


def _messages(report: rdflib.Graph, node: Any) -> Iterable[Any]:
    import rdflib

    return report.objects(node, rdflib.URIRef(SH + "resultMessage"))


def _finding(shapes: Shapes, row: dict[str, Any], labels: dict[str, str]) -> Finding:
    shape, value = row["sourceShape"], row.get("value")
    code = shapes.codes.get(shape, "unnamed")
    rule = shapes.rules.get(code)
    return Finding(
        code=code,
        severity=SEVERITIES[str(row["resultSeverity"])],
        message=best_text(row["messages"]),
        focus=to_ox(row["focusNode"]),
        focus_label=labels.get(str(row["focusNode"]), ""),
        path=read_path(shapes.graph, row["resultPath"]) if "resultPath" in row else None,
        value=None if value is None else to_ox(value),
        value_label=labels.get(str(value), ""),
        component=str(row["sourceConstraintComponent"]),
        shape=rule.shape if rule else "",
        see_also=rule.see_also if rule else "",
    )
