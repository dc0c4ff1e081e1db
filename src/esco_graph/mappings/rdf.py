"""Mapping set <-> RDF: one named graph per set, no blank nodes, the same quads for the same set.

The form is that of SSSOM in RDF (an owl:Axiom for each row, as sssom-py writes it), with the SKOS triple itself beside
it and the concepts outside ESCO that the set names, so that a set can be used without their classification.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from esco_graph.errors import NotFoundError, ParameterError, ValidationError
from esco_graph.mappings.model import NOT, Mapping, MappingSet
from esco_graph.mappings.slots import (
    ENTITIES,
    NEGATED,
    SLOTS,
    Record,
    head_record,
    key_of,
    mapping_of,
    row_record,
    set_of,
    source_iri,
)
from esco_graph.taxonomies.registry import TAXONOMIES
from esco_graph.taxonomies.taxonomy import Concept
from esco_graph.terms import DCT, ESG, OWL, PROV, RDF, SKOS, SSSOM, XSD, mapping_graph

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.solutions import Term

_TYPE = ox.NamedNode(RDF + "type")
_AXIOM = ox.NamedNode(OWL + "Axiom")
_SET = ox.NamedNode(SSSOM + "MappingSet")
_ROWS = ox.NamedNode(SSSOM + "mappings")
_CONCEPT = ox.NamedNode(SKOS + "Concept")
_SCHEME = ox.NamedNode(SKOS + "ConceptScheme")
_LABEL = ox.NamedNode(SKOS + "prefLabel")
_ALT = ox.NamedNode(SKOS + "altLabel")
_NODES = {name: ox.NamedNode(slot.iri) for name, slot in SLOTS.items()}
_SLOT_OF = {node.value: name for name, node in _NODES.items()}
_ENTITY_OF = {iri: name for name, iri in ENTITIES.items()}
_DATATYPES = {"number": ox.NamedNode(XSD + "double"), "day": ox.NamedNode(XSD + "date")}

CANDIDATE = ox.NamedNode(ESG + "isCandidate")
_TRUE = ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean"))

Value = ox.NamedNode | ox.Literal


def to_quads(given: MappingSet) -> Iterator[ox.Quad]:
    """Write a set as quads, all in its own named graph, in a fixed order.

    A row that is negated, found nothing or is a candidate has its axiom, but no SKOS triple.

    >>> from esco_graph.mappings.model import EXACT
    >>> row = Mapping("http://example.org/a", EXACT, "http://example.org/b")
    >>> len(list(to_quads(MappingSet("ab", "http://example.org/ab", mappings=(row,)))))
    11
    """
    yield from head_quads(given)
    yield from row_quads(given)
    yield from relation_quads(given)
    yield from concept_quads(given, given.concepts)


def head_quads(given: MappingSet) -> Iterator[ox.Quad]:
    """Write what a set says of itself: the slots of SSSOM, its orientation and its source file."""
    graph, node = ox.NamedNode(mapping_graph(given.name)), _named(given.iri, given.name)
    yield ox.Quad(node, _TYPE, _SET, graph)
    yield from _record_quads(node, head_record(given), graph)
    yield ox.Quad(node, ox.NamedNode(ESG + "orientation"), ox.Literal(given.orientation), graph)
    if given.source:
        source = ox.NamedNode(given.iri + "#source")
        yield ox.Quad(node, ox.NamedNode(PROV + "wasDerivedFrom"), source, graph)
        yield ox.Quad(source, _TYPE, ox.NamedNode(PROV + "Entity"), graph)
        yield ox.Quad(source, ox.NamedNode(DCT + "title"), ox.Literal(given.source), graph)
        if given.sha256:
            yield ox.Quad(source, ox.NamedNode(ESG + "sha256"), ox.Literal(given.sha256), graph)


def row_quads(given: MappingSet) -> Iterator[ox.Quad]:
    """Write the axioms of the rows."""
    graph, node = ox.NamedNode(mapping_graph(given.name)), ox.NamedNode(given.iri)
    for iri, row in axioms(given):
        axiom = _named(iri, row.source)
        yield ox.Quad(node, _ROWS, axiom, graph)
        yield ox.Quad(axiom, _TYPE, _AXIOM, graph)
        yield from _record_quads(axiom, row_record(row), graph)
        if row.candidate:
            yield ox.Quad(axiom, CANDIDATE, _TRUE, graph)


def relation_quads(given: MappingSet) -> Iterator[ox.Quad]:
    """Write the relations themselves, of the rows that state one."""
    graph = ox.NamedNode(mapping_graph(given.name))
    for subject, predicate, other in sorted({row.key for row in given.mappings if row.is_fact}):
        yield ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(other), graph)


def axioms(given: MappingSet) -> Iterator[tuple[str, Mapping]]:
    """Give each row with the IRI of its axiom: its record_id, or the set's IRI with a hash of what the row says."""
    seen: Counter[str] = Counter()
    join = "/" if "#" in given.iri else "#"
    for row in given.mappings:
        own = dict(row.extra).get("record_id")
        digest = hashlib.sha256("\n".join(row.key).encode()).hexdigest()[:16]
        seen[digest] += not own
        again = f"-{seen[digest]}" if seen[digest] > 1 else ""
        yield own or f"{given.iri}{join}{digest}{again}", row


def concept_quads(given: MappingSet, concepts: Iterable[Concept]) -> Iterator[ox.Quad]:
    """Write concepts outside ESCO as SKOS, in the graph of the set, and their scheme with its name."""
    graph, schemes = ox.NamedNode(mapping_graph(given.name)), set()
    sides = {side: _external(given, side) for side in ("subject", "object")}
    subjects = {row.subject for row in given.mappings} if all(sides.values()) else set()
    for one in concepts:
        side = "subject" if not sides["object"] or one.iri in subjects else "object"
        node, scheme = _named(one.iri, given.name), sides[side]
        yield ox.Quad(node, _TYPE, _CONCEPT, graph)
        if one.code:
            yield ox.Quad(node, ox.NamedNode(SKOS + "notation"), ox.Literal(one.code), graph)
        if one.label:
            yield ox.Quad(node, _LABEL, ox.Literal(one.label, language=one.lang or "und"), graph)
        for text in one.alt:
            yield ox.Quad(node, _ALT, ox.Literal(text, language=one.lang or "und"), graph)
        if scheme:
            schemes.add(scheme)
            yield ox.Quad(node, ox.NamedNode(SKOS + "inScheme"), ox.NamedNode(scheme), graph)
    for scheme in sorted(schemes):
        yield ox.Quad(ox.NamedNode(scheme), _TYPE, _SCHEME, graph)
        yield ox.Quad(ox.NamedNode(scheme), _LABEL, _scheme_name(scheme), graph)


def _scheme_name(scheme: str) -> ox.Literal:
    """Name a classification as the registry does, or by its key: its own file may say more later."""
    key = key_of(scheme)
    known = TAXONOMIES.get(key)
    return ox.Literal(known.name, language=known.lang) if known else ox.Literal(key, language="und")


def read_set(graph: Graph, name: str) -> MappingSet:
    """Read a set back; `read_set(Graph.memory(to_quads(one)), one.name) == one`. Works on remote graphs.

    Raises NotFoundError when there is no such set, ValidationError when it is not whole.
    """
    from esco_graph.graph import Graph

    where = ox.NamedNode(mapping_graph(name))
    if graph.endpoint:  # one request instead of one for each slot
        triples = graph.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {where} {{ ?s ?p ?o }} }}")
        graph = Graph.memory(ox.Quad(one.subject, one.predicate, one.object, where) for one in triples)
    return next(_read_sets(graph, where, name))


def sets_in(triples: Iterable[ox.Triple | ox.Quad]) -> Iterator[MappingSet]:
    """Read each SSSOM mapping set that stands in RDF of a file; NotFoundError where there is none."""
    from esco_graph.graph import Graph

    where = ox.NamedNode(mapping_graph("file"))
    graph = Graph.memory(ox.Quad(one.subject, one.predicate, one.object, where) for one in triples)
    yield from _read_sets(graph, where, "in the file")


def read_head(graph: Graph, name: str) -> MappingSet | None:
    """Read what a set says of itself, without its rows and concepts; None where there is no set. Works on remote."""
    where = ox.NamedNode(mapping_graph(name))
    found = graph.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH {where} {{ ?s a {_SET} ; ?p ?o FILTER (?p != {_ROWS}) }} }}")
    facts = [(subject.value, predicate.value, value) for subject, predicate, value in found]  # type: ignore[union-attr]
    if not facts:
        return None
    iri = min(subject for subject, _, _ in facts)
    mine = ((predicate, value) for subject, predicate, value in facts if subject == iri)
    return set_of(iri, slot_record((predicate, value) for predicate, value in mine if value != _source(iri)))  # type: ignore[misc]


def slot_record(facts: Iterable[tuple[str, Value]]) -> Record:
    """Read the slots among the statements about one node; several values are sorted."""
    record: dict[str, list[str]] = {}
    for predicate, value in facts:
        if slot := _SLOT_OF.get(predicate):
            record.setdefault(slot, []).append(_text(slot, value.value))
    return {slot: tuple(sorted(values)) for slot, values in record.items()}


def _read_sets(graph: Graph, where: ox.NamedNode, name: str) -> Iterator[MappingSet]:
    """Read slot after slot: Oxigraph looks up the text of two terms of each statement then, not of four."""
    heads = sorted({subject for subject, _ in _pairs(graph, where, _TYPE, _SET)})
    if not heads:
        raise NotFoundError(f"no mapping set {name}", advice="See esco-graph mappings list.")
    records: dict[str, dict[str, list[str]]] = {}
    for slot, node in _NODES.items():
        for subject, value in _pairs(graph, where, node):
            records.setdefault(subject, {}).setdefault(slot, []).append(_text(slot, value))
    rows: dict[str, list[str]] = {}
    for subject, value in _pairs(graph, where, _ROWS):
        rows.setdefault(subject, []).append(value)
    concepts = list(_concepts(graph, where))
    for head in heads:
        record = {slot: tuple(sorted(values)) for slot, values in records.get(head, {}).items()}
        sources = tuple(iri for iri in record.pop("mapping_set_source", ()) if iri != head + "#source")
        made = set_of(head, record | ({"mapping_set_source": sources} if sources else {}))
        mappings = tuple(_row(iri, records.get(iri, {}), head) for iri in rows.get(head, ()))
        yield replace(made, mappings=mappings, concepts=tuple(concepts))


def _row(iri: str, found: dict[str, list[str]], head: str) -> Mapping:
    record = {slot: tuple(sorted(values)) for slot, values in found.items()}
    if not iri.startswith((head + ("/" if "#" in head else "#"), "_:")):
        record["record_id"] = (iri,)
    try:
        return mapping_of(record)
    except (ParameterError, TypeError) as error:
        what = f"a mapping is not whole: {error}"
        raise ValidationError(what, where=iri, advice="Run esco-graph validate for what is wrong.") from error


def _concepts(graph: Graph, where: ox.NamedNode) -> Iterator[Concept]:
    codes = dict(sorted(_pairs(graph, where, ox.NamedNode(SKOS + "notation")), reverse=True))
    query = f"SELECT ?s ?p ?o WHERE {{ GRAPH {where} {{ VALUES ?p {{ {_LABEL} {_ALT} }} ?s ?p ?o }} }}"
    labels: dict[str, list[tuple[str, str]]] = {}
    others: dict[str, list[str]] = {}
    for subject, predicate, value in graph.select(query):
        if predicate == _LABEL and isinstance(value, ox.Literal):
            labels.setdefault(_key(subject), []).append((value.language or "", value.value))
        elif isinstance(value, ox.Literal):
            others.setdefault(_key(subject), []).append(value.value)
    for iri, _ in _pairs(graph, where, _TYPE, _CONCEPT):
        lang, label = min(labels.get(iri, [("", "")]))
        yield Concept(iri, codes.get(iri, ""), label, lang.replace("und", ""), tuple(sorted(others.get(iri, ()))))


def _pairs(
    graph: Graph, where: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode | None = None
) -> Iterator[tuple[str, str]]:
    pattern = f"?s {predicate} ?o" + (f" FILTER (?o = {value})" if value else "")
    for subject, other in graph.select(f"SELECT ?s ?o WHERE {{ GRAPH {where} {{ {pattern} }} }}"):
        yield _key(subject), _key(other)


def _text(slot: str, value: str) -> str:
    if value == NEGATED:
        return NOT
    return _ENTITY_OF.get(value, value) if SLOTS[slot].kind == "entity" else value


def _source(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri + "#source")


def _external(given: MappingSet, side: str) -> str:
    """Give the IRI of the scheme that one side of a set is of, "" for ESCO and where nobody says."""
    key = str(getattr(given, f"{side}_source"))
    return source_iri(key, given, side) if key and key != "esco" else ""


def _record_quads(node: ox.NamedNode, record: Record, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    for name, values in record.items():
        if name not in _NODES:
            continue
        for value in values:
            yield ox.Quad(node, _NODES[name], _term(SLOTS[name].kind, value), graph)


def _term(kind: str, value: str) -> Value:
    if kind == "text":
        return ox.Literal(value)
    if kind in _DATATYPES:
        return ox.Literal(value, datatype=_DATATYPES[kind])
    if kind == "modifier":
        return ox.NamedNode(NEGATED)
    if kind == "entity":
        return ox.NamedNode(ENTITIES[value]) if value in ENTITIES else ox.Literal(value)
    return _named(value, "")


def _named(iri: str, where: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise ParameterError(f"{iri[:100]!r} is not an IRI: {error}", where=where) from error


def _key(term: Term | None) -> str:
    return str(term) if isinstance(term, ox.BlankNode | ox.Triple) or term is None else term.value
