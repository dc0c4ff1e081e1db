"""Run shapes with pySHACL, the reference engine, over the Oxigraph store in place."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from esco_graph.errors import StoreError, ValidationError
from esco_graph.graph import Graph
from esco_graph.terms import SH, to_ox
from esco_graph.validation.finding import Finding
from esco_graph.validation.paths import read_path
from esco_graph.validation.shapes import NO_MESSAGE, SEVERITIES, TARGETS, Shape, Shapes, best_text
from esco_graph.validation.targets import Targets, fixed_targets, spread_targets
from esco_graph.validation.view import view

if TYPE_CHECKING:
    import rdflib

_MANY = 1000  # focus nodes from which it pays to read whole properties at once


def run(
    graph: Graph, shapes: Shapes, targets: Targets, *, roots: Collection[Shape], limited: bool
) -> Iterator[Finding]:
    """Check the targets of some root shapes; `limited` says that `targets` is limited to some nodes.

    Raises ValidationError for shapes that pySHACL refuses or only warns of, as shapes that call themselves are.
    """
    report = _report(graph, shapes, targets, roots, limited=limited)
    for result in report.objects(None, _sh("result")):
        yield _finding(shapes, report, result)


def _report(graph: Graph, shapes: Shapes, targets: Targets, roots: Collection[Shape], *, limited: bool) -> rdflib.Graph:
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError, ShapeRecursionWarning

    if graph.store is None:
        raise StoreError("this needs a local graph", where=graph.name)
    prepared = _only(shapes.for_engine(), shapes, roots)
    ordered = sorted(roots)
    fixed_targets(prepared, targets, ordered, every=limited)
    many = targets.limit is None or len(targets.limit) > _MANY
    spread_targets(prepared, ordered)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ShapeRecursionWarning)
            data = view(graph.store, whole=many)
            _, report, text = pyshacl.validate(
                data, shacl_graph=prepared, inference="none", inplace=True, advanced=False
            )
    except (ReportableRuntimeError, ShapeRecursionWarning, NotImplementedError) as error:
        raise ValidationError(f"the shapes cannot be run: {_one_line(error)}") from error
    except ArithmeticError as error:  # rdflib compares no decimal with NaN
        advice = "Use --engine fast, or correct a NaN in the data."
        raise ValidationError(f"pySHACL cannot compare two numbers of the data ({error})", advice=advice) from error
    if isinstance(report, Exception):
        raise ValidationError(f"the shapes cannot be run: {_one_line(text)}")
    result: rdflib.Graph = report
    return result


def _only(prepared: rdflib.Graph, shapes: Shapes, roots: Collection[Shape]) -> rdflib.Graph:
    """Take the targets of all other root shapes away, so that they are not run on their own."""
    others = set(shapes.roots) - set(roots)
    for root in others:
        for name in TARGETS:
            prepared.remove((root, _sh(name), None))
        prepared.remove((root, None, _class()))
    return prepared


def _finding(shapes: Shapes, report: rdflib.Graph, node: Any) -> Finding:
    row = {str(p).removeprefix(SH): o for p, o in report.predicate_objects(node)}
    value = row.get("value")
    code = shapes.codes.get(row["sourceShape"], "unnamed")
    rule = shapes.rules.get(code)
    return Finding(
        code=code,
        severity=SEVERITIES[str(row["resultSeverity"])],
        message=best_text(_messages(report, node)).replace(NO_MESSAGE, ""),
        focus=to_ox(row["focusNode"]),
        path=read_path(shapes.graph, row["resultPath"]) if "resultPath" in row else None,
        value=None if value is None else to_ox(value),
        component=str(row["sourceConstraintComponent"]),
        shape=rule.shape if rule else "",
        see_also=rule.see_also if rule else "",
    )


def _messages(report: rdflib.Graph, node: Any) -> Iterable[Any]:
    return report.objects(node, _sh("resultMessage"))


def _one_line(message: object) -> str:
    return " ".join(str(message).split())


def _sh(name: str) -> rdflib.URIRef:
    import rdflib

    return rdflib.URIRef(SH + name)


def _class() -> rdflib.URIRef:
    import rdflib

    return rdflib.RDFS.Class
