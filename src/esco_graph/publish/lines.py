"""Write N-Triples and N-Quads: one statement a line."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from esco_graph.publish.document import Document, Node
from esco_graph.publish.text import iri_text, term_text

Chunks = Iterator[tuple[str, int]]


def n_triples(document: Document) -> Chunks:
    """Give the union of the graphs as N-Triples (https://www.w3.org/TR/n-triples/): text and number of triples."""
    yield comment(document) + _lines(document.notice, " .\n"), 0
    for node in document.source.nodes():
        yield _lines(node, " .\n"), len(node.pairs)


def n_quads(document: Document) -> Chunks:
    """Give the graphs as N-Quads (https://www.w3.org/TR/n-quads/); the notice stands in the default graph."""
    yield comment(document) + _lines(document.notice, " .\n"), 0
    for graph in document.source.graph_names():
        end = " .\n" if isinstance(graph, ox.DefaultGraph) else f" {term_text(graph)} .\n"
        for node in document.source.nodes(graph):
            yield _lines(node, end), len(node.pairs)


def comment(document: Document) -> str:
    """Write the notice as the comment lines that N-Triples, N-Quads, Turtle and TriG share."""
    return "".join(f"# {' '.join(line.split())}\n" for line in document.comment)


def _lines(node: Node, end: str) -> str:
    subject = term_text(node.subject)
    return "".join(f"{subject} {iri_text(predicate)} {term_text(value)}{end}" for predicate, value in node.pairs)
