"""What every writer is given: sorted nodes of a store, and the notice that stands at the head of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pyoxigraph as ox

from esco_graph.errors import ParameterError
from esco_graph.publish.canonical import blank_labels
from esco_graph.terms import RDF, check_lang

Resource = ox.NamedNode | ox.BlankNode
Value = ox.NamedNode | ox.BlankNode | ox.Literal
GraphName = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
Pair = tuple[str, Value]

RDF_TYPE = RDF + "type"


@dataclass(frozen=True)
class Node:
    """One subject with its statements: pairs of predicate IRI and object, `rdf:type` first, then in order.

    >>> Node(ox.NamedNode("http://example.org/a"), [(RDF_TYPE, ox.NamedNode("http://example.org/C"))]).types()
    ['http://example.org/C']
    """

    subject: Resource
    pairs: list[Pair]

    def types(self) -> list[str]:
        """IRIs of the classes of the subject."""
        return [value.value for predicate, value in self.pairs if predicate == RDF_TYPE and _is_iri(value)]


class Source:
    """The selected quads of a store as nodes, in an order that depends on the data alone.

    Holds the subjects in memory and looks the statements of each up when it is their turn, so that a whole release
    streams. `graph` limits it to one named graph, `langs` to literals without a language or in one of these
    (`en` admits `en-gb`), and `first` names the subject to begin with.

    >>> store = ox.Store()
    >>> store.add(ox.Quad(ox.NamedNode("http://example.org/a"), ox.NamedNode("http://example.org/p"), ox.Literal("x")))
    >>> [node.subject.value for node in Source(store).nodes()]
    ['http://example.org/a']
    """

    def __init__(
        self,
        store: ox.Store,
        *,
        graph: ox.NamedNode | None = None,
        langs: tuple[str, ...] | None = None,
        first: str | None = None,
    ) -> None:
        """Keep what is asked; raise ParameterError for a language that is no BCP 47 tag."""
        self.graph = graph
        self._store = store
        self._langs = None if langs is None else tuple(check_lang(lang) for lang in langs)
        self._first = first
        self._subjects: dict[GraphName | None, list[Resource]] = {}
        self._blank: dict[ox.BlankNode, ox.BlankNode] | None = None

    def graph_names(self) -> list[GraphName]:
        """Names of the graphs that hold something, the default graph first."""
        if self.graph is not None:
            return [self.graph]
        default = ox.DefaultGraph()
        names: list[GraphName] = [default] if next(self._quads(None, default), None) else []
        return names + sorted(self._store.named_graphs(), key=self._order)

    def subjects(self, graph: GraphName | None = None) -> list[Resource]:
        """All subjects, of one graph or of the union (None): IRIs in code point order, then blank nodes."""
        graph = graph if self.graph is None else self.graph
        if graph not in self._subjects:
            where = {"use_default_graph_as_union": True} if graph is None else {"default_graph": graph}
            found = [row[0] for row in self._select("DISTINCT ?s WHERE { ?s ?p ?o }", **where)]
            self._subjects = {graph: sorted(found, key=self._order)}
        return self._subjects[graph]

    def nodes(self, graph: GraphName | None = None) -> Iterator[Node]:
        """Give every subject with its statements, of one graph or of the union (None)."""
        for subject in self.subjects(graph):
            node = self.node(subject, graph)
            if node.pairs:
                yield node

    def node(self, subject: Resource, graph: GraphName | None = None) -> Node:
        """Give one subject, named as in the store, with its statements; a statement in two graphs counts once."""
        named = self.blank(subject) if isinstance(subject, ox.BlankNode) else subject
        return Node(named, self._pairs(self._quads(subject, graph if self.graph is None else self.graph)))

    def extracts(self, predicates: frozenset[str]) -> dict[str, Node]:
        """Give what these predicates say, of every subject with an IRI; reads nothing else, so it is quick."""
        found: dict[ox.NamedNode, list[ox.Quad]] = {}
        for predicate in sorted(predicates):
            for quad in self._store.quads_for_pattern(None, ox.NamedNode(predicate), None, self.graph):
                if isinstance(quad.subject, ox.NamedNode):
                    found.setdefault(quad.subject, []).append(quad)
        return {subject.value: Node(subject, self._pairs(quads)) for subject, quads in found.items()}

    def having(self, predicate: str, value: str) -> list[str]:
        """IRIs of the subjects that have this value, in code point order."""
        found = self._store.quads_for_pattern(None, ox.NamedNode(predicate), ox.NamedNode(value), self.graph)
        return sorted({quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)})

    def blank(self, node: ox.BlankNode) -> ox.BlankNode:
        """Give the name that a blank node has in the file: the same for the same data, whatever it is in the store."""
        if self._blank is None:
            self._blank = blank_labels(self._blank_quads())
        return self._blank[node]

    def _pairs(self, quads: Iterable[ox.Quad]) -> list[Pair]:
        """Sort the statements about one subject; one that stands in two graphs is given once."""
        keyed = {}
        for quad in quads:
            value = _plain(quad)
            if isinstance(value, ox.Literal) and not self._admits(value):
                continue
            value = self.blank(value) if isinstance(value, ox.BlankNode) else value
            predicate = quad.predicate.value
            keyed[(predicate != RDF_TYPE, predicate, *_value_key(value))] = (predicate, value)
        return [keyed[key] for key in sorted(keyed)]

    def _quads(self, subject: Resource | None, graph: GraphName | None) -> Iterator[ox.Quad]:
        return self._store.quads_for_pattern(subject, None, None, graph)

    def _blank_quads(self) -> Iterator[ox.Quad]:
        """Find the quads that mention a blank node, of all graphs: names must not depend on how a file is laid out."""
        either = "{ ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }"
        for row in self._select(f"?s ?p ?o ?g WHERE {{ {either} FILTER(ISBLANK(?s) || ISBLANK(?o) || ISBLANK(?g)) }}"):
            yield ox.Quad(row[0], row[1], row[2], row[3] or ox.DefaultGraph())

    def _select(self, rest: str, **options: Any) -> ox.QuerySolutions:
        return cast("ox.QuerySolutions", self._store.query("SELECT " + rest, **options))

    def _admits(self, value: ox.Literal) -> bool:
        lang = value.language
        if self._langs is None or lang is None:
            return True
        return any(lang == asked or lang.startswith(asked + "-") for asked in self._langs)

    def _order(self, term: Resource) -> tuple[bool, bool, str]:
        if isinstance(term, ox.BlankNode):
            return (True, True, self.blank(term).value)
        iri = term.value
        return (iri != self._first, False, iri)


@dataclass(frozen=True)
class Document:
    """What a writer turns into text: `source`, the `notice` about the file, the same in words, and prefixes.

    `focus` is the IRI of the concept that the file is about; without one the file holds a graph, and may be large.
    """

    source: Source
    notice: Node
    comment: tuple[str, ...] = ()
    prefixes: dict[str, str] = field(default_factory=dict)
    focus: str | None = None


def _is_iri(value: Value) -> bool:
    return isinstance(value, ox.NamedNode)


def _plain(quad: ox.Quad) -> Value:
    """Give the object; refuse what RDF 1.2 adds: no format here, and no reader of RDF 1.1, can hold it."""
    value = quad.object
    if isinstance(value, ox.Triple) or getattr(value, "direction", None) is not None:
        raise ParameterError(
            f"{value} is not an RDF 1.1 term and no export format can hold it",
            where=str(quad.subject),
            advice="Remove it from the graph or state it with its own IRI.",
        )
    return value


def _value_key(value: Value) -> tuple[int, str, str, str]:
    """Order of objects: IRIs, blank nodes, then literals by language, so that a reader finds one language together."""
    if isinstance(value, ox.NamedNode):
        return (0, value.value, "", "")
    if isinstance(value, ox.BlankNode):
        return (1, value.value, "", "")
    return (2, value.language or "", value.value, value.datatype.value)
