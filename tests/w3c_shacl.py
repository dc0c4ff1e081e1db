"""The W3C's SHACL test suite: its manifests read, and reports compared as the suite asks.

https://w3c.github.io/data-shapes/data-shapes-test-suite/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox
import rdflib
from rdflib.compare import isomorphic

from esco_graph.errors import EscoGraphError, ValidationError
from esco_graph.graph import Graph
from esco_graph.terms import ESG, RDF, SH, from_ox
from esco_graph.validation import fast, pyshacl_engine
from esco_graph.validation.finding import Finding
from esco_graph.validation.paths import read_path
from esco_graph.validation.shapes import Shapes, shapes_from
from esco_graph.validation.targets import Targets

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
MISSES = Path(__file__).with_name("w3c_shacl_misses.tsv")
_SEVERITIES = {"violation": SH + "Violation", "warning": SH + "Warning", "info": SH + "Info"}


class Result(NamedTuple):
    """One validation result: what the suite compares; `path` as SPARQL writes it, "" where there is none."""

    focus: Any
    path: str
    value: Any
    component: str
    severity: str
    shape: Any = None
    message: str = ""


@dataclass(frozen=True)
class Case:
    """One test: the folder and name of its manifest, its two graphs, and its results (None: it has to fail)."""

    name: str
    data: Path
    shapes: Path
    expected: tuple[Result, ...] | None

    @property
    def part(self) -> str:
        """Core or sparql, the two parts of the suite."""
        return self.name.partition("/")[0]


# --- reading ---------------------------------------------------------------------------------------------------------


@cache
def quads(path: Path) -> tuple[ox.Quad, ...]:
    """Parse a Turtle file, once: its blank nodes then have the same names wherever the file is used."""
    return tuple(ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE, base_iri=path.absolute().as_uri()))


def as_rdflib(statements: Iterable[ox.Quad | ox.Triple]) -> rdflib.Graph:
    graph = rdflib.Graph()
    for statement in statements:
        graph.add(tuple(from_ox(term) for term in (statement.subject, statement.predicate, statement.object)))  # type: ignore[arg-type]
    return graph


def cases(suite: Path) -> list[Case]:
    """All tests below the manifest of the suite, in the order of the manifests."""
    return list(_cases(suite / "manifest.ttl", suite.absolute()))


def _cases(manifest: Path, suite: Path) -> Iterator[Case]:
    graph = as_rdflib(quads(manifest))
    for include in sorted(graph.objects(None, rdflib.URIRef(MF + "include"))):
        yield from _cases(_file(include), suite)
    for head in graph.objects(None, rdflib.URIRef(MF + "entries")):
        for entry in graph.items(head):
            yield _case(graph, entry, str(manifest.absolute().relative_to(suite).with_suffix("")))


def _case(graph: rdflib.Graph, entry: Any, name: str) -> Case:
    action = graph.value(entry, rdflib.URIRef(MF + "action"))
    outcome = graph.value(entry, rdflib.URIRef(MF + "result"))
    data, shapes = (_file(graph.value(action, rdflib.URIRef(SHT + kind))) for kind in ("dataGraph", "shapesGraph"))
    failure = outcome == rdflib.URIRef(SHT + "Failure")
    return Case(name, data, shapes, None if failure else tuple(results(graph, outcome)))


def _file(iri: Any) -> Path:
    return Path(str(iri).removeprefix("file://"))


def results(graph: rdflib.Graph, report: Any = None) -> Iterator[Result]:
    """Read the results of a report, or of all reports in a graph."""
    for node in graph.objects(report, rdflib.URIRef(SH + "result")):
        said = {str(p).removeprefix(SH): o for p, o in graph.predicate_objects(node)}
        yield Result(
            focus=said["focusNode"],
            path=str(read_path(graph, said["resultPath"])) if "resultPath" in said else "",
            value=said.get("value"),
            component=str(said["sourceConstraintComponent"]),
            severity=str(said["resultSeverity"]),
            shape=said.get("sourceShape"),
            message=str(said.get("resultMessage", "")),
        )


# --- comparing -------------------------------------------------------------------------------------------------------


def same(expected: tuple[Result, ...], found: Iterable[Result]) -> bool:
    """Compare results as the suite does: as graphs, up to the names of blank nodes; messages only where it has some."""
    told = any(result.message for result in expected)
    return bool(isomorphic(_as_graph(expected, messages=told), _as_graph(found, messages=told)))


def _as_graph(found: Iterable[Result], *, messages: bool) -> rdflib.Graph:
    graph = rdflib.Graph()
    for result in found:
        node = rdflib.BNode()
        kept = result if messages else result._replace(message="")
        graph.add((node, rdflib.URIRef(RDF + "type"), rdflib.URIRef(SH + "ValidationResult")))
        for name, value in kept._asdict().items():
            if value not in (None, ""):
                term = value if isinstance(value, rdflib.term.Identifier) else rdflib.Literal(value)
                graph.add((node, rdflib.URIRef(SH + name), term))
    return graph


# --- our engines -----------------------------------------------------------------------------------------------------


def coded(case: Case) -> Shapes:
    """Read the shapes of a test, each with a code of its own, so that a finding tells its shape, blank or not."""
    graph = as_rdflib(quads(case.shapes))
    for number, node in enumerate(sorted(shapes_from(graph).codes)):
        graph.add((node, rdflib.URIRef(ESG + "code"), rdflib.Literal(f"W{number}")))
    return shapes_from(graph)


def run_pyshacl(case: Case) -> list[Result]:
    """Run a test with pySHACL as the project does: over the Oxigraph store, with the project's targets."""
    shapes, graph = coded(case), Graph.memory(quads(case.data))
    targets = Targets(shapes.graph, graph)
    return _results(shapes, pyshacl_engine.run(graph, shapes, targets, roots=_roots(shapes), limited=False))


def run_fast(case: Case) -> list[Result]:
    """Run a test with the fast engine alone; what it leaves to pySHACL is a refusal here."""
    shapes, graph = coded(case), Graph.memory(quads(case.data))
    if left := fast.unsupported(shapes):
        raise ValidationError(f"left to pySHACL: {'; '.join(sorted(set(left.values())))}")
    targets = Targets(shapes.graph, graph)
    return _results(shapes, fast.run(graph, shapes, targets, roots=_roots(shapes), limited=False))


def run_auto(case: Case) -> list[Result]:
    """Run a test as `auto` does: with the fast engine, and with pySHACL what that does not cover."""
    shapes, graph = coded(case), Graph.memory(quads(case.data))
    targets, left = Targets(shapes.graph, graph), set(fast.unsupported(shapes))
    parts = (
        (fast.run, [root for root in _roots(shapes) if root not in left]),
        (pyshacl_engine.run, sorted(left)),
    )
    runs = (run(graph, shapes, targets, roots=roots, limited=False) for run, roots in parts if roots)
    return _results(shapes, chain.from_iterable(runs))


def _roots(shapes: Shapes) -> list[Any]:
    return list(shapes.roots)


def _results(shapes: Shapes, found: Iterable[Finding]) -> list[Result]:
    nodes = {code: node for node, code in shapes.codes.items()}
    return [
        Result(
            focus=from_ox(finding.focus),
            path="" if finding.path is None else str(finding.path),
            value=None if finding.value is None else from_ox(finding.value),
            component=finding.component,
            severity=_SEVERITIES[finding.severity],
            shape=nodes[finding.code],
            message=finding.message,
        )
        for finding in found
    ]


ENGINES: dict[str, Callable[[Case], list[Result]]] = {"pyshacl": run_pyshacl, "fast": run_fast, "auto": run_auto}


def verdict(run: Callable[[Case], Iterable[Result]], case: Case) -> str:
    """Run a test; gives "" when it passes, else what went wrong in a few words."""
    try:
        found = list(run(case))
    except EscoGraphError as error:
        return "" if case.expected is None else f"refused: {error}"
    except (LookupError, NotImplementedError, ValueError) as error:
        return f"stopped: {error}"
    if case.expected is None:
        return "runs what has to fail"
    return "" if same(case.expected, found) else f"{len(found)} results, {len(case.expected)} expected, or others"


@lru_cache
def known_misses() -> dict[tuple[str, str], str]:
    """(engine, test) -> the reason why it does not pass."""
    rows = (line.split("\t") for line in MISSES.read_text("utf-8").splitlines()[1:])
    return {(engine, test): reason for engine, test, reason in rows}
