"""Choose what goes into a file: everything, one named graph, or one concept with what is needed to read it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Protocol, cast

import pyoxigraph as ox

from esco_graph.errors import NotFoundError, ParameterError
from esco_graph.graph import Graph
from esco_graph.publish.document import Resource
from esco_graph.terms import DCT, ESCO, ESG, GRAPHS, PROV, RDF, RDFS, SKOS, expand, is_curie

SUMMARY = frozenset(
    [RDF + "type", SKOS + "prefLabel", SKOS + "notation", DCT + "title", RDFS + "label", ESG + "iscoSkillLevel"]
)
"""What is said of a concept that is only mentioned."""

CHAIN = frozenset([SKOS + "broader"])
"""Followed upwards to the top."""

PARTS = frozenset(
    [
        *(ESG + name for name in ("hasStatement", "hasLink", "holds", "hasHeld", "aimsAt")),
        *(PROV + name for name in ("wasDerivedFrom", "wasGeneratedBy", "wasAssociatedWith", "wasAttributedTo")),
    ]
)
"""Lead to nodes that belong to the one they are said of, and are given whole."""

_DESCRIBES = ESG + "describes"
_GROUP = ESCO + "memberOfISCOGroup"


def select_quads(graph: Graph, *, concept: str | None = None, named_graph: str | None = None) -> Iterator[ox.Quad]:
    """Give the quads of the whole graph, of one named graph, or of one concept with its neighbourhood, in no order.

    The neighbourhood makes the concept readable by itself: all that is said of it; the broader concepts up to the
    top; the concepts directly below it; the profiles that describe it with all their parts; and of everything that
    these mention the classes, labels and code. Relations that other concepts have to it are left out: each stands on
    both ends in the graph. From a remote graph a neighbourhood has no graph names. Raises NotFoundError for an unknown
    concept or graph and ParameterError for what is no IRI or CURIE.

    >>> from esco_graph.terms import SKILL
    >>> quad = ox.Quad(ox.NamedNode(SKILL + "1"), ox.NamedNode(SKOS + "prefLabel"), ox.Literal("weld", language="en"))
    >>> list(select_quads(Graph.memory([quad]), concept="esco-skill:1")) == [quad]
    True
    """
    name = find_graph(graph, named_graph) if named_graph else None
    if concept is not None:
        return iter(_neighbourhood(_reader(graph, name), concept_node(concept)))
    if graph.store is not None:
        return graph.store.quads_for_pattern(None, None, None, name)
    return _remote_quads(graph, name)


def concept_node(concept: str) -> ox.NamedNode:
    """Read an IRI or a CURIE; raises ParameterError when it is neither.

    >>> concept_node("isco:C2269").value
    'http://data.europa.eu/esco/isco/C2269'
    """
    try:
        return ox.NamedNode(expand(concept) if is_curie(concept) else concept)
    except ValueError as error:
        raise ParameterError(
            f"{concept!r} is not the IRI of a concept ({error})", advice="Give an IRI or a CURIE such as isco:C2269."
        ) from error


def find_graph(graph: Graph, name: str) -> ox.NamedNode:
    """Find a named graph by its IRI or the end of it, such as `derived`; raises NotFoundError with the near names."""
    known = graph.named_graphs()
    for full in (name, GRAPHS + name):
        if full in known:
            return ox.NamedNode(full)
    near = difflib.get_close_matches(name, [*known, *(iri.removeprefix(GRAPHS) for iri in known)], n=3) or known[:5]
    raise NotFoundError(f"no named graph {name!r}", advice=f"Did you mean {', '.join(near)}?" if near else "")


class _Reader(Protocol):
    """Looks up quads by subject, or by predicate and object."""

    def said_of(self, subjects: Iterable[Resource], predicates: frozenset[str] | None = None) -> Iterator[ox.Quad]:
        """Statements about the subjects, of these predicates or of all."""

    def pointing_at(self, predicate: str, value: ox.NamedNode) -> Iterator[ox.Quad]:
        """Statements with this predicate and object."""


class _Local:
    """Reads a store, or one named graph of it."""

    def __init__(self, store: ox.Store, name: ox.NamedNode | None) -> None:
        self._store, self._name = store, name

    def said_of(self, subjects: Iterable[Resource], predicates: frozenset[str] | None = None) -> Iterator[ox.Quad]:
        for subject in subjects:
            for quad in self._store.quads_for_pattern(subject, None, None, self._name):
                if predicates is None or quad.predicate.value in predicates:
                    yield quad

    def pointing_at(self, predicate: str, value: ox.NamedNode) -> Iterator[ox.Quad]:
        yield from self._store.quads_for_pattern(None, ox.NamedNode(predicate), value, self._name)


class _Remote:
    """Asks an endpoint, a few hundred subjects at a time; blank nodes cannot be asked about and end there."""

    def __init__(self, graph: Graph, name: ox.NamedNode | None) -> None:
        self._graph, self._name = graph, name

    def said_of(self, subjects: Iterable[Resource], predicates: frozenset[str] | None = None) -> Iterator[ox.Quad]:
        only = f"VALUES ?p {{ {_iris(predicates)} }} " if predicates else ""
        asked = [subject.value for subject in subjects if isinstance(subject, ox.NamedNode)]
        for start in range(0, len(asked), 200):
            yield from self._ask(f"VALUES ?s {{ {_iris(asked[start : start + 200])} }} {only}?s ?p ?o")

    def pointing_at(self, predicate: str, value: ox.NamedNode) -> Iterator[ox.Quad]:
        yield from self._ask(f"VALUES (?p ?o) {{ ({_iris([predicate])} {value}) }} ?s ?p ?o")

    def _ask(self, pattern: str) -> Iterator[ox.Quad]:
        return _constructed(self._graph, pattern, self._name)


def _reader(graph: Graph, name: ox.NamedNode | None) -> _Reader:
    return _Remote(graph, name) if graph.store is None else _Local(graph.store, name)


def _neighbourhood(reader: _Reader, concept: ox.NamedNode) -> Iterable[ox.Quad]:
    """Collect the quads around a concept, each once."""
    start: set[Resource] = {concept}
    start.update(cast("Resource", quad.subject) for quad in reader.pointing_at(_DESCRIBES, concept))
    quads, told = _told_whole(reader, start)
    if all(quad.subject != concept for quad in quads):
        raise NotFoundError(f"the graph says nothing of <{concept.value}>", advice="Find it with esco-graph search.")
    above = _objects((quad for quad in quads if quad.subject == concept), CHAIN | {_GROUP})
    quads |= dict.fromkeys(_upwards(reader, above))
    for narrower in sorted(CHAIN):
        quads |= dict.fromkeys(reader.pointing_at(narrower, concept))
    ends: set[Resource] = set()
    ends.update(term for quad in quads for term in (quad.subject, quad.object) if isinstance(term, ox.NamedNode))
    quads |= dict.fromkeys(reader.said_of(_sorted(ends - told), SUMMARY))
    return quads


def _told_whole(reader: _Reader, start: set[Resource]) -> tuple[dict[ox.Quad, None], set[Resource]]:
    """Collect all that is said of these nodes and of what belongs to them, with the nodes that this covers."""
    quads: dict[ox.Quad, None] = {}
    told: set[Resource] = set()
    todo = _sorted(start)
    while todo:
        told.update(todo)
        found = list(reader.said_of(todo))
        quads |= dict.fromkeys(found)
        blank = {quad.object for quad in found if isinstance(quad.object, ox.BlankNode)}
        todo = _sorted((_objects(found, PARTS) | blank) - told)
    return quads, told


def _upwards(reader: _Reader, start: set[Resource]) -> Iterator[ox.Quad]:
    """Give the links from these concepts to broader ones, and from those, to the top; a cycle ends."""
    seen: set[Resource] = set()
    todo = _sorted(start)
    while todo:
        seen.update(todo)
        found = list(reader.said_of(todo, CHAIN))
        yield from found
        todo = _sorted(_objects(found, CHAIN) - seen)


def _objects(quads: Iterable[ox.Quad], predicates: frozenset[str]) -> set[Resource]:
    found = (quad.object for quad in quads if quad.predicate.value in predicates)
    return {term for term in found if isinstance(term, ox.NamedNode)}


def _sorted(terms: set[Resource]) -> list[Resource]:
    return sorted(terms, key=str)


def _remote_quads(graph: Graph, name: ox.NamedNode | None) -> Iterator[ox.Quad]:
    """Ask an endpoint for each of its named graphs, then for what is in none of them."""
    if name is not None:
        yield from _constructed(graph, "?s ?p ?o", name)
        return
    for number, each in enumerate(graph.named_graphs()):
        for quad in _constructed(graph, "?s ?p ?o", ox.NamedNode(each)):
            yield _apart(quad, number)
    yield from _constructed(graph, "?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } }", None)


def _apart(quad: ox.Quad, number: int) -> ox.Quad:
    """Keep the blank nodes of one answer apart from those of another: each answer has its own labels."""
    subject, value = quad.subject, quad.object
    if isinstance(subject, ox.BlankNode):
        subject = ox.BlankNode(f"answer{number}.{subject.value}")
    if isinstance(value, ox.BlankNode):
        value = ox.BlankNode(f"answer{number}.{value.value}")
    return ox.Quad(subject, quad.predicate, value, quad.graph_name)


def _constructed(graph: Graph, pattern: str, name: ox.NamedNode | None) -> Iterator[ox.Quad]:
    where = f"GRAPH {name} {{ {pattern} }}" if name else pattern
    for triple in graph.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}"):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, name or ox.DefaultGraph())


def _iris(values: Iterable[str]) -> str:
    return " ".join(str(ox.NamedNode(value)) for value in sorted(values))
