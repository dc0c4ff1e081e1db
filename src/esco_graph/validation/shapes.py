"""The shapes graph, and the rules it holds: which code stands for which shapes, and what they are checked on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esco_graph.errors import ValidationError
from esco_graph.resources import resource
from esco_graph.terms import ESG, RDF, RDFS, SH
from esco_graph.validation.shape_files import ShapesFile, check_file, check_form, place, python_pattern, read_shapes

if TYPE_CHECKING:
    import rdflib

SEVERITIES = {SH + "Violation": "violation", SH + "Warning": "warning", SH + "Info": "info"}
TARGETS = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf", "target")

# What SHACL says about a shape that is no constraint.
_META = frozenset(
    SH + name
    for name in (*TARGETS, "property", "path", "name", "description", "message", "severity", "order", "group",
                 "deactivated", "flags", "defaultValue")
)  # fmt: skip

NO_MESSAGE = "urn:esco-graph:no-message"
"""What pySHACL is given as the message of a shape that has none."""

Shape = Any
"""A node of the shapes graph, as an rdflib term."""


@dataclass(frozen=True)
class Rule:
    """One rule: its code, shape (IRI, or "" for a blank one), severity, message, the clause behind it, and its roots.

    The roots are the shapes with targets from which `sh:property` leads to the rule: it is checked on their targets.
    """

    code: str
    shape: str
    severity: str
    message: str
    see_also: str
    roots: tuple[Shape, ...]


@dataclass(frozen=True)
class Shapes:
    """A checked shapes graph, its rules by code, and the code of each shape that is run."""

    graph: rdflib.Graph
    rules: dict[str, Rule]
    codes: dict[Shape, str]

    @property
    def roots(self) -> tuple[Shape, ...]:
        """The shapes with targets from which rules are reached, sorted."""
        return tuple(sorted({root for rule in self.rules.values() for root in rule.roots}))

    def for_engine(self) -> rdflib.Graph:
        """Copy the graph for pySHACL: patterns as Python has them, and a mark in place of each message that lacks.

        Without a message pySHACL writes one of its own, and fails where a blank node is in it.
        """
        copy = _graph()
        for node in _silent(self.graph):
            copy.add((node, _iri(SH + "message"), _no_message()))
        for subject, predicate, value in self.graph:
            if predicate == _iri(SH + "pattern"):
                flags = str(self.graph.value(subject, _iri(SH + "flags")) or "")
                value = type(value)(python_pattern(str(value), flags))  # type: ignore[call-arg]
            copy.add((subject, predicate, value))
        return copy


def load_shapes(extra: Iterable[Path | str] = ()) -> Shapes:
    """Load the built-in shapes, and extra files with them, into one checked shapes graph.

    A file may add shapes, or say more of a built-in one (`sh:deactivated true` switches it off). Raises
    ValidationError, with file and line where they can be told, for what does not parse, is no shape, cannot be run, or
    would check nothing.

    >>> load_shapes().rules["ESG101"].severity
    'violation'
    """
    added = [read_shapes(Path(path)) for path in extra]
    return _checked(added) if added else _built_in()


@cache
def _built_in() -> Shapes:
    return _checked([])


def _checked(added: list[ShapesFile]) -> Shapes:
    graph = _graph()
    for path in (resource("ontology/prefixes.ttl"), *sorted(resource("shapes").glob("*.ttl"))):
        read_shapes(path).to_rdflib(graph)
    for file in added:
        file.to_rdflib(graph)
    for file in added:
        check_file(file, graph)
    if added:
        check_form(added)
    if added:
        _check_recursion(graph, added)
    runs = _runs(graph)
    _check_shapes(graph, runs, added)
    codes = {node: _code(graph, node) for node in runs}
    return Shapes(graph, _rules(graph, runs, codes), codes)


def shapes_from(graph: rdflib.Graph) -> Shapes:
    """Take the shapes of an rdflib graph as they are, without the built-in ones and without the checks of a file.

    For shapes that somebody else vouches for, as the W3C's test suite. Raises ValidationError for a severity that is
    none of the three.

    >>> import rdflib
    >>> turtle = "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> sh:targetNode <urn:n> ; sh:nodeKind sh:IRI ."
    >>> shapes_from(rdflib.Graph().parse(data=turtle)).rules["s"].severity
    'violation'
    """
    runs = _runs(graph)
    for node in sorted(runs):
        severity = str(graph.value(node, _iri(SH + "severity"), default=_iri(SH + "Violation")))
        if severity not in SEVERITIES:
            advice = "Give it one of sh:Violation, sh:Warning and sh:Info."
            raise ValidationError(f"the severity of the shape {node} is {severity}", advice=advice)
    codes = {node: _code(graph, node) for node in runs}
    return Shapes(graph, _rules(graph, runs, codes), codes)


def _graph() -> rdflib.Graph:
    import rdflib

    return rdflib.Graph(store="SimpleMemory")


def _iri(value: str) -> rdflib.URIRef:
    import rdflib

    return rdflib.URIRef(value)


# --- which shapes are run --------------------------------------------------------------------------------------------


def _roots(graph: rdflib.Graph) -> list[Shape]:
    """Shapes with targets of their own; a shape that is a class targets its instances (SHACL, section 2.1.3.3)."""
    found = {node for target in TARGETS for node in graph.subjects(_iri(SH + target))}
    classes = set(graph.subjects(_iri(RDF + "type"), _iri(RDFS + "Class")))
    return sorted(found | (classes & _typed(graph)))


def _typed(graph: rdflib.Graph) -> set[Shape]:
    kinds = (SH + "NodeShape", SH + "PropertyShape")
    return {node for kind in kinds for node in graph.subjects(_iri(RDF + "type"), _iri(kind))}


def _runs(graph: rdflib.Graph) -> dict[Shape, set[Shape]]:
    """Map each shape that is run to the roots from which `sh:property` leads to it."""
    runs: dict[Shape, set[Shape]] = {}
    for root in _roots(graph):
        todo = [root]
        while todo:
            node = todo.pop()
            if _is_off(graph, node) or root in runs.setdefault(node, set()):
                continue
            runs[node].add(root)
            todo += graph.objects(node, _iri(SH + "property"))
    return runs


def _is_off(graph: rdflib.Graph, node: Shape) -> bool:
    return any(bool(value.toPython()) for value in graph.objects(node, _iri(SH + "deactivated")))  # type: ignore[attr-defined]


def _check_shapes(graph: rdflib.Graph, runs: dict[Shape, set[Shape]], added: list[ShapesFile]) -> None:
    owners: dict[str, Shape] = {}
    for node, code in sorted(graph.subject_objects(_iri(ESG + "code"))):
        other = owners.setdefault(str(code), node)
        if other != node:
            what = f"two shapes have the code {code}: {other} and {node}"
            raise ValidationError(what, where=place(added, str(other), str(node)), advice="Give each its own.")
    for node in sorted(_typed(graph) | set(runs)):
        severities = {str(value) for value in graph.objects(node, _iri(SH + "severity"))}
        if len(severities) > 1 or not severities <= SEVERITIES.keys():
            what = f"the severity of the shape {node} is {' and '.join(sorted(severities))}"
            advice = "Give it one of sh:Violation, sh:Warning and sh:Info."
            raise ValidationError(what, where=place(added, str(node)), advice=advice)
        if node not in runs and not _is_off(graph, node) and next(graph.subjects(None, node), None) is None:
            what = f"the shape {node} would check nothing: it has no target and no other shape uses it"
            raise ValidationError(
                what, where=place(added, str(node)), advice="Give it a target, for example sh:targetClass."
            )


# --- rules -----------------------------------------------------------------------------------------------------------


def _rules(graph: rdflib.Graph, runs: dict[Shape, set[Shape]], codes: dict[Shape, str]) -> dict[str, Rule]:
    members: dict[str, list[Shape]] = {}
    for node in runs:
        if _has_constraint(graph, node):
            members.setdefault(codes[node], []).append(node)
    return {code: _rule(graph, code, members[code], runs) for code in sorted(members)}


def _has_constraint(graph: rdflib.Graph, node: Shape) -> bool:
    """Say whether a shape checks something itself, rather than only holding property shapes together."""
    return any(str(p) not in _META and not str(p).startswith((RDF, RDFS, ESG)) for p in graph.predicates(node))


def _code(graph: rdflib.Graph, node: Shape) -> str:
    """Give the shape's `esg:code`; without one, the local name of the first named shape around it."""
    seen: set[Shape] = set()
    while node not in seen:
        seen.add(node)
        code = graph.value(node, _iri(ESG + "code"))
        if code is not None:
            return str(code)
        if isinstance(node, type(_iri(SH))):
            return re.split(r"[#/:]", str(node).rstrip("#/"))[-1]
        node = min(graph.subjects(_iri(SH + "property"), node), key=str, default=node)
    return "unnamed"


def _rule(graph: rdflib.Graph, code: str, nodes: list[Shape], runs: dict[Shape, set[Shape]]) -> Rule:
    roots = tuple(sorted(set().union(*(runs[node] for node in nodes))))
    return min(
        (_described(graph, code, node, roots) for node in nodes),
        key=lambda rule: (not rule.shape, rule.shape, rule.message),
    )


def _described(graph: rdflib.Graph, code: str, node: Shape, roots: tuple[Shape, ...]) -> Rule:
    severity = str(graph.value(node, _iri(SH + "severity"), default=_iri(SH + "Violation")))
    see_also = min((str(value) for value in graph.objects(node, _iri(RDFS + "seeAlso"))), default="")
    shape = str(node) if isinstance(node, type(_iri(SH))) else ""
    return Rule(
        code, shape, SEVERITIES[severity], best_text(graph.objects(node, _iri(SH + "message"))), see_also, roots
    )


def _silent(graph: rdflib.Graph) -> Iterator[Shape]:
    """List the shapes without a message, except where a SPARQL constraint or a component of one's own may have one."""
    custom = {graph.value(parameter, _iri(SH + "path")) for parameter in graph.objects(None, _iri(SH + "parameter"))}
    for node in _all_shapes(graph):
        speaks = (node, _iri(SH + "message"), None) in graph or (node, _iri(SH + "sparql"), None) in graph
        if not speaks and custom.isdisjoint(graph.predicates(node)):
            yield node


def _all_shapes(graph: rdflib.Graph) -> set[Shape]:
    """Collect the typed shapes, those with targets, and all that others refer to."""
    return _typed(graph) | set(_roots(graph)) | _referred(graph, None)


def _referred(graph: rdflib.Graph, node: Shape | None) -> set[Shape]:
    """Collect the shapes that one shape, or any, refers to."""
    found: set[Shape] = set()
    for name in ("property", "node", "not", "qualifiedValueShape"):
        found |= set(graph.objects(node, _iri(SH + name)))
    for name in ("and", "or", "xone"):
        found |= {member for head in graph.objects(node, _iri(SH + name)) for member in graph.items(head)}
    return found


def _check_recursion(graph: rdflib.Graph, added: list[ShapesFile]) -> None:
    """Refuse a shape that refers to itself, directly or through others (SHACL, section 3.4.3, leaves it undefined)."""
    below = {node: _referred(graph, node) for node in _all_shapes(graph)}
    for start in sorted(node for node in below if isinstance(node, type(_iri(SH)))):
        todo, seen = list(below[start]), set[Shape]()
        while todo:
            node = todo.pop()
            if node == start:
                advice = "No engine here runs recursive shapes. Use a path such as skos:broader* instead."
                raise ValidationError(
                    f"the shape {start} refers to itself", where=place(added, str(start)), advice=advice
                )
            if node not in seen:
                seen.add(node)
                todo += below.get(node, ())


def _no_message() -> rdflib.Literal:
    import rdflib

    return rdflib.Literal(NO_MESSAGE)


def best_text(literals: Iterable[Any]) -> str:
    """Choose one of several messages: English, else without a language, else the first; "" when there is none."""
    ranks = {"en": 0, None: 1}
    return min(((ranks.get(literal.language, 2), str(literal)) for literal in literals), default=(0, ""))[1]
