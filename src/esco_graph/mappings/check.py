"""What is wrong with a stored mapping set: the shapes, concepts of ESCO that are gone, contradictions, doubles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from esco_graph.graph import Graph
from esco_graph.mappings.carry import unknown_iris
from esco_graph.mappings.model import EXACT, Mapping, MappingSet
from esco_graph.mappings.operations import conflicts
from esco_graph.mappings.rdf import axioms, to_quads
from esco_graph.terms import DCT, ISO_THES, OWL, RDF, SKOS, is_esco
from esco_graph.validation import validate

_NAMES = (RDF + "type", SKOS + "inScheme")
"""What the shapes that are not told here ask of a concept of ESCO."""

_OURS = ("ESG701", "ESG702", "ESG706", "ESG708", "ESG709", "ESG710")
"""Rules that are told here with more than the shapes know: the row, and what became of a concept."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong: the rule or "duplicate", its severity, the two concepts, what is wrong, and the row's place."""

    code: str
    severity: str
    subject: str
    subject_label: str
    object: str
    object_label: str
    message: str
    source: str = ""


def check(graph: Graph, given: MappingSet, others: Iterable[MappingSet] = ()) -> list[Problem]:
    """Check a set against a local graph, and against other sets for contradictions; violations come first."""
    found = [*_dead(graph, given), *_clashes(given, others), *_doubles(given), *_exact_twice(given)]
    found += _shapes(graph, given)
    ranks = {"violation": 0, "warning": 1, "info": 2}
    return sorted(
        dict.fromkeys(found), key=lambda one: (ranks[one.severity], one.code, one.subject, one.object, one.message)
    )


def _dead(graph: Graph, given: MappingSet) -> Iterator[Problem]:
    named = {iri for row in given.mappings for iri in (row.subject, row.object) if is_esco(iri)}
    gone = set(unknown_iris(graph, named))
    unused = {iri: became for iri in named - gone if (became := _out_of_use(graph, iri))}
    for row in given.mappings:
        for side in ("subject", "object"):
            iri = getattr(row, side)
            if iri in gone:
                became = _became(graph, iri, getattr(row, f"{side}_label"), getattr(given, f"{side}_lang"))
                code = "ESG710" if side == "subject" else "ESG708"
                yield _problem(code, "warning", row, f"The {side} is not in the release that is loaded. {became}")
            elif iri in unused:
                yield _problem("ESG709", "warning", row, f"The {side} is no longer used. {unused[iri]}")


def _out_of_use(graph: Graph, iri: str) -> str:
    node = ox.NamedNode(iri)
    status = next(graph.quads(node, ox.NamedNode(ISO_THES + "status"), ox.Literal("obsolete")), None)
    flags = graph.quads(node, ox.NamedNode(OWL + "deprecated"))
    if status is None and not any(quad.object.value == "true" for quad in flags if isinstance(quad.object, ox.Literal)):
        return ""
    return _became(graph, iri, "", "")


def _became(graph: Graph, iri: str, label: str, lang: str) -> str:
    """Say what took the place of a concept: what replaces it, or a concept of the same label now."""
    heirs = [quad.object for quad in graph.quads(ox.NamedNode(iri), ox.NamedNode(DCT + "isReplacedBy"))]
    heirs += [quad.subject for quad in graph.quads(None, ox.NamedNode(DCT + "replaces"), ox.NamedNode(iri))]
    named = sorted({one.value for one in heirs if isinstance(one, ox.NamedNode)})
    if named:
        return f"It was replaced by {', '.join(named)}."
    same: set[str] = set()
    for name in ("prefLabel", "altLabel") if label else ():
        asked = graph.quads(None, ox.NamedNode(SKOS + name), ox.Literal(label, language=lang or "en"))
        same |= {quad.subject.value for quad in asked if isinstance(quad.subject, ox.NamedNode)}
    same = {one for one in same if is_esco(one)}
    return f"A concept of the same label now: {', '.join(sorted(same))}." if same else "Nothing says what became of it."


def _clashes(given: MappingSet, others: Iterable[MappingSet]) -> Iterator[Problem]:
    for one in conflicts([given, *others]):
        if given.name in one.sets:
            second = one.sets[1] if one.sets[0] == given.name else one.sets[0]
            where = "" if second == given.name else f" in the set {second}"
            place = next((row for name, row in zip(one.sets, (one.one, one.other), strict=True) if name == given.name))
            severity = "violation" if "S46" in one.why else "warning"
            yield _problem("ESG701", severity, place, f"The two concepts are mapped as {one.why}{where}.")


def _doubles(given: MappingSet) -> Iterator[Problem]:
    counts = Counter((*row.key, row.justification, row.author, row.modifier) for row in given.mappings)
    for row in given.mappings:
        if (number := counts.pop((*row.key, row.justification, row.author, row.modifier), 1)) > 1:
            yield _problem("duplicate", "warning", row, f"The same mapping stands in {number} rows.")


def _exact_twice(given: MappingSet) -> Iterator[Problem]:
    exact = [row for row in given.mappings if row.is_fact and row.predicate == EXACT]
    for side, other in (("subject", "object"), ("object", "subject")):
        partners: dict[str, set[str]] = {}
        for row in exact:
            partners.setdefault(getattr(row, side), set()).add(getattr(row, other))
        for row in exact:
            if (number := len(partners[getattr(row, side)])) > 1:
                yield _problem("ESG706", "warning", row, f"The {side} is exactly the same as {number} concepts.")


def _shapes(graph: Graph, given: MappingSet) -> Iterator[Problem]:
    """Run the shapes of mappings over the set and what the graph says of the concepts of ESCO that it names."""
    iris = {iri for row in given.mappings for iri in (row.subject, row.object) if is_esco(iri)}
    around = [q for iri in sorted(iris) for name in _NAMES for q in graph.quads(ox.NamedNode(iri), ox.NamedNode(name))]
    report = validate(Graph.memory([*to_quads(given), *around]))
    rows = dict(axioms(given))
    labels = {iri: text for row in given.mappings for iri, text in _ends(row)}
    for one in report.findings:
        if one.code.startswith("ESG7") and one.code not in _OURS:
            focus = one.focus.value
            if focus in rows:
                yield _problem(one.code, one.severity, rows[focus], one.message)
                continue
            value = one.value.value if isinstance(one.value, ox.NamedNode) else str(one.value or "")
            said = (one.focus_label or labels.get(focus, ""), one.value_label or labels.get(value, ""))
            yield Problem(one.code, one.severity, focus, said[0], value, said[1], one.message)


def _ends(row: Mapping) -> tuple[tuple[str, str], tuple[str, str]]:
    return (row.subject, row.subject_label), (row.object, row.object_label)


def _problem(code: str, severity: str, row: Mapping, message: str) -> Problem:
    labels = (row.subject_label, row.object_label)
    return Problem(code, severity, row.subject, labels[0], row.object, labels[1], message, row.source)
