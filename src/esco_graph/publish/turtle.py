"""Write Turtle and TriG that a person can read: one block a subject, one line a predicate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

import pyoxigraph as ox

from esco_graph.publish.document import RDF_TYPE, Document, Node, Resource, Value
from esco_graph.publish.lines import Chunks, comment
from esco_graph.publish.text import iri_text, literal_text, quoted
from esco_graph.terms import XSD

# The part of PN_LOCAL that needs no escape, https://www.w3.org/TR/turtle/#grammar-production-PN_LOCAL
_LOCAL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_BARE = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}


def turtle(document: Document) -> Chunks:
    """Give the union of the graphs as Turtle (https://www.w3.org/TR/turtle/): text and number of triples."""
    names = Names(document.prefixes)
    yield comment(document) + names.declarations() + names.block(document.notice), 0
    for node in document.source.nodes():
        yield names.block(node), len(node.pairs)


def trig(document: Document) -> Chunks:
    """Give the graphs as TriG (https://www.w3.org/TR/trig/); the notice stands in the default graph."""
    names = Names(document.prefixes)
    yield comment(document) + names.declarations() + names.block(document.notice), 0
    for graph in document.source.graph_names():
        opening, closing = ("", "") if isinstance(graph, ox.DefaultGraph) else (f"\n{names.resource(graph)} {{", "}\n")
        yield opening, 0
        for node in document.source.nodes(graph):
            yield names.block(node), len(node.pairs)
        yield closing, 0


class Names:
    """Terms as Turtle, shortened with a list of prefixes; what was shortened once is kept.

    >>> Names({"ex": "http://example.org/"}).iri("http://example.org/a")
    'ex:a'
    """

    def __init__(self, prefixes: dict[str, str]) -> None:
        """Take prefixes and their namespaces; of two that fit, the longer namespace wins."""
        self._prefixes = sorted(prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
        self._known: dict[str, str] = {}

    def declarations(self) -> str:
        """Write the prefixes."""
        return "".join(f"@prefix {prefix}: {iri_text(space)} .\n" for prefix, space in sorted(self._prefixes))

    def iri(self, iri: str) -> str:
        """Write an IRI, shortened where its local part needs no escape."""
        if iri not in self._known:
            self._known[iri] = self._shorten(iri)
        return self._known[iri]

    def resource(self, term: Resource) -> str:
        """Write an IRI or a blank node."""
        return self.iri(term.value) if isinstance(term, ox.NamedNode) else f"_:{term.value}"

    def value(self, value: Value) -> str:
        """Write an object; numbers and booleans bare where Turtle gives them back the same."""
        if not isinstance(value, ox.Literal):
            return self.resource(value)
        datatype = value.datatype.value
        if value.language or datatype == XSD + "string":
            return literal_text(value)
        bare = _BARE.get(datatype)
        return value.value if bare and bare.fullmatch(value.value) else f"{quoted(value.value)}^^{self.iri(datatype)}"

    def block(self, node: Node) -> str:
        """Write all statements about one subject."""
        said = " ;\n    ".join(self._predicates(node))
        return f"\n{self.resource(node.subject)} {said} .\n"

    def _predicates(self, node: Node) -> Iterator[str]:
        for predicate, pairs in groupby(node.pairs, key=itemgetter(0)):
            verb = "a" if predicate == RDF_TYPE else self.iri(predicate)
            between = ", " if predicate == RDF_TYPE else " ,\n        "
            yield f"{verb} {between.join(self.value(value) for _, value in pairs)}"

    def _shorten(self, iri: str) -> str:
        for prefix, space in self._prefixes:
            if iri.startswith(space) and _LOCAL.fullmatch(iri, len(space)):
                return f"{prefix}:{iri[len(space) :]}"
        return iri_text(iri)
