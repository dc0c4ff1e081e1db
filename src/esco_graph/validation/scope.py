"""What a check is limited to: one concept or profile with its parts, or the nodes of a file beside a larger graph."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import TypeVar

import pyoxigraph as ox

from esco_graph.errors import NotFoundError
from esco_graph.graph import Graph
from esco_graph.solutions import Term
from esco_graph.sparql import write_iri
from esco_graph.terms import ESCO, RDF, SKOS, expand, is_curie

_CHUNK = 200  # IRIs in one VALUES block; keeps a request to an endpoint short
AnyTerm = TypeVar("AnyTerm")
_BLANK = "urn:esco-graph:blank:"
# From a profile to the nodes that belong to it, and to the occupation that it describes.
_PARTS = """
PREFIX esg: <https://w3id.org/esco-graph/ns#>
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT DISTINCT ?part WHERE {
  FOCUS (esg:describes|esg:hasStatement|esg:hasLink|esg:holds|esg:hasHeld|esg:aimsAt|
    prov:wasDerivedFrom|prov:wasGeneratedBy) ?part .
}
"""
# What a skill is told when an occupation is related to it.
_INVERSES = frozenset({ESCO + "isEssentialSkillFor", ESCO + "isOptionalSkillFor"})
# What rules ask of the neighbours of a neighbour.
_BASICS = (RDF + "type", SKOS + "prefLabel", SKOS + "notation", SKOS + "inScheme")
_BROADER, _IN_SCHEME, _TOP = (ox.NamedNode(SKOS + name) for name in ("broader", "inScheme", "hasTopConcept"))
# What rules of the hierarchy ask of broader concepts.
_HIERARCHY = (*_BASICS, SKOS + "broader", SKOS + "topConceptOf", SKOS + "related")
# Inverses of statements that stand on the other side as well, thousands for one node.
_LONG = _INVERSES | {SKOS + "hasTopConcept"}


def parts_of(graph: Graph, focus: str) -> frozenset[str]:
    """Name the nodes that are checked with a concept or a profile: itself, its parts, and what it describes.

    `focus` is an IRI or a CURIE. Raises NotFoundError when the graph says nothing about it.
    """
    iri = expand(focus) if is_curie(focus) else focus
    node = write_iri(iri)
    if not graph.ask(f"ASK {{ {node} ?p ?o }}"):
        raise NotFoundError(f"the graph says nothing about <{iri}>", where=graph.name, advice="Check the IRI.")
    rows = graph.select(_PARTS.replace("FOCUS", node))
    return frozenset({iri, *(row[0].value for row in rows if isinstance(row[0], ox.NamedNode))})


def named(graph: Graph) -> Graph:
    """Copy a graph with an IRI in place of each blank node, so that SPARQL can speak of it; `unnamed` takes it back."""

    def name(term: Term) -> Term:
        return ox.NamedNode(_BLANK + term.value) if isinstance(term, ox.BlankNode) else term

    return Graph.memory(
        ox.Quad(name(q.subject), q.predicate, name(q.object), q.graph_name)  # type: ignore[arg-type]
        for q in graph.quads()
    )


def unnamed(term: AnyTerm) -> AnyTerm | ox.BlankNode:
    """Give a blank node back for the IRI that `named` put in its place; any other term as it is."""
    if isinstance(term, ox.NamedNode) and term.value.startswith(_BLANK):
        return ox.BlankNode(term.value.removeprefix(_BLANK))
    return term


def nodes_of(graph: Graph, context: Graph) -> frozenset[str]:
    """Name the nodes that a file is answerable for: what it speaks about, and the IRIs that only it mentions.

    A skill about which a file says no more than that an occupation needs it is the context's own affair.
    """
    said = _iris(quad.subject for quad in graph.quads() if quad.predicate.value not in _INVERSES)
    mentioned = _iris(term for quad in graph.quads() for term in (quad.subject, quad.object)) - said
    queries = (f"SELECT DISTINCT ?n {{ VALUES ?n {{ {values} }} ?n a ?class }}" for values in _values(mentioned))
    return frozenset(said | (mentioned - _iris(row[0] for query in queries for row in context.select(query))))


def neighbourhood(
    graph: Graph, nodes: Collection[str], *, beside: Graph | None = None, without: Collection[str] = ()
) -> Iterator[ox.Quad]:
    """Fetch what the rules ask about some nodes: all about them and their neighbours, the basics of those beyond.

    For a remote graph, and for a file beside a store; a path of more than two steps of a shape of your own needs the
    whole graph. `beside` is data whose terms are neighbours as well. The long inverse lists of a neighbour (all
    occupations that need a skill, all top concepts of a scheme) are left out, and so is what the named graphs `without`
    hold: an earlier state of the same data.
    """
    read = _Remote(graph, without) if graph.store is None else _Local(graph, without)
    told = list(read.about(nodes))
    # Who names a node is asked only of what has a type in the graph: classes and codes are named by thousands.
    typed = _iris(quad.subject for quad in told if quad.predicate.value == RDF + "type")
    near = [*told, *read.naming(typed)]
    mentioned = [*near, *(beside.quads() if beside else ())]
    first = _iris(term for quad in mentioned for term in (quad.subject, quad.object)) - set(nodes)
    middle = [quad for quad in read.about(first) if quad.predicate.value not in _LONG]
    beyond = _iris(quad.object for quad in middle) - first - set(nodes)
    yield from near
    yield from middle
    yield from read.about(beyond, _BASICS)


def ancestors(graph: Graph, nodes: Collection[str], *, beside: Graph | None = None) -> Iterator[ox.Quad]:
    """Fetch the broader concepts of some nodes up to the top, with what rules of the hierarchy ask about them.

    Of each scheme on the way one top concept is told, since rules ask whether there is any. `beside` is data that says
    more of what is broader than the graph does.
    """
    read = _Remote(graph, ()) if graph.store is None else _Local(graph, ())
    said = list(beside.quads(None, _BROADER)) if beside else []
    level, seen, schemes = set(nodes) | _iris(quad.object for quad in said), set[str](), set[str]()
    while level:
        seen |= level
        found = list(read.about(level, _HIERARCHY))
        yield from found
        schemes |= _iris(quad.object for quad in found if quad.predicate == _IN_SCHEME)
        level = _iris(quad.object for quad in found if quad.predicate == _BROADER) - seen
    for scheme in sorted(schemes):
        yield from read.first_top(scheme)


class _Local:
    """Look statements up in a store; far faster there than SPARQL with long lists of values."""

    def __init__(self, graph: Graph, without: Collection[str]) -> None:
        self.graph = graph
        self.without = {ox.NamedNode(name) for name in without}

    def about(self, subjects: Iterable[str], predicates: Iterable[str] = ()) -> Iterator[ox.Quad]:
        """Fetch the statements about these subjects, all or with these predicates."""
        chosen: list[ox.NamedNode | None] = [ox.NamedNode(predicate) for predicate in predicates] or [None]
        for subject in sorted(subjects):
            for predicate in chosen:
                yield from self._kept(self.graph.quads(ox.NamedNode(subject), predicate))

    def naming(self, objects: Iterable[str]) -> Iterator[ox.Quad]:
        """Fetch the statements that have one of these as their object."""
        for value in sorted(objects):
            yield from self._kept(self.graph.quads(object=ox.NamedNode(value)))

    def first_top(self, scheme: str) -> Iterator[ox.Quad]:
        """Fetch one top concept of a scheme, which says that it has any."""
        return islice(self.graph.quads(ox.NamedNode(scheme), _TOP), 1)

    def _kept(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        return (quad for quad in quads if quad.graph_name not in self.without)


class _Remote:
    """Ask an endpoint for the same by CONSTRUCT."""

    def __init__(self, graph: Graph, without: Collection[str]) -> None:
        self.graph = graph
        held = (f"FILTER NOT EXISTS {{ GRAPH {write_iri(name)} {{ ?s ?p ?o }} }}" for name in sorted(without))
        self.filters = " ".join(held)

    def about(self, subjects: Iterable[str], predicates: Iterable[str] = ()) -> Iterator[ox.Quad]:
        """Fetch the statements about these subjects, all or with these predicates."""
        some = " ".join(map(write_iri, predicates))
        return self._construct(subjects, "?s", f"VALUES ?p {{ {some} }}" if some else "")

    def naming(self, objects: Iterable[str]) -> Iterator[ox.Quad]:
        """Fetch the statements that have one of these as their object."""
        return self._construct(objects, "?o", "")

    def first_top(self, scheme: str) -> Iterator[ox.Quad]:
        """Fetch one top concept of a scheme, which says that it has any."""
        pattern = f"{write_iri(scheme)} {_TOP} ?top"
        triples = self.graph.construct(f"CONSTRUCT {{ {pattern} }} WHERE {{ {pattern} }} LIMIT 1")
        return (ox.Quad(*triple) for triple in triples)

    def _construct(self, iris: Iterable[str], variable: str, more: str) -> Iterator[ox.Quad]:
        for values in _values(iris):
            pattern = f"VALUES {variable} {{ {values} }} {more} ?s ?p ?o {self.filters}"
            triples = self.graph.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}")
            yield from (ox.Quad(*triple) for triple in triples)


def _values(iris: Iterable[str]) -> Iterator[str]:
    ordered = sorted(iris)
    for start in range(0, len(ordered), _CHUNK):
        yield " ".join(map(write_iri, ordered[start : start + _CHUNK]))


def _iris(terms: Iterable[object]) -> set[str]:
    return {term.value for term in terms if isinstance(term, ox.NamedNode)}
