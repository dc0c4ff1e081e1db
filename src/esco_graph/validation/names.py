"""Labels for the nodes of a report, and a name for the graph that was checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import pyoxigraph as ox

from esco_graph.graph import Graph
from esco_graph.terms import DCT, ESG, GRAPHS, RDFS, SKOS

_MANY = 2_000  # IRIs from which one scan over all preferred labels costs less than looking each up
_ROWS = 10  # rows of that scan for each IRI, at most: beyond that, looking up is cheaper
# The first that a node has is its label.
_PROPERTIES = tuple(
    ox.NamedNode(iri)
    for iri in (SKOS + "prefLabel", ESG + "statedLabel", DCT + "title", RDFS + "label", SKOS + "altLabel")
)
_RELEASE = re.compile(re.escape(GRAPHS) + r"release/([^/]+)/([^/]+)")


def labels_of(graph: Graph, iris: Collection[str]) -> dict[str, str]:
    """Give one label to each IRI that has any: the preferred one before others, English before other languages.

    The graph is a local one (StoreError).

    >>> turtle = '<http://a> <http://www.w3.org/2004/02/skos/core#prefLabel> "nurse"@en, "Pflegerin"@de .'
    >>> graph = Graph.memory(ox.parse(turtle, ox.RdfFormat.TURTLE))
    >>> labels_of(graph, ["http://a", "http://b"])
    {'http://a': 'nurse'}
    """
    labels = _scanned(graph, frozenset(iris)) if len(iris) >= _MANY else {}
    for property_ in _PROPERTIES:
        for iri in sorted(iri for iri in iris if iri not in labels):
            label = _best(quad.object for quad in graph.quads(ox.NamedNode(iri), property_))
            if label is not None:
                labels[iri] = label
    return labels


def _scanned(graph: Graph, iris: frozenset[str]) -> dict[str, str]:
    """Read English preferred labels in the order of the store, and keep those that are asked for.

    Gives none when there are more than it may read: a node might have another label among those that it has not seen.
    """
    query = 'SELECT ?node ?label { ?node %s ?label FILTER(LANG(?label) = "en") } LIMIT %d'
    labels: dict[str, str] = {}
    left = _ROWS * len(iris)
    for node, label in graph.select(query % (_PROPERTIES[0], left)):
        left -= 1
        if isinstance(node, ox.NamedNode) and isinstance(label, ox.Literal) and node.value in iris:
            labels[node.value] = min(label.value, labels.get(node.value, label.value))
    return labels if left else {}


def _best(terms: Iterable[object]) -> str | None:
    ranked = [
        ((one.language or "") != "en", one.language or "", one.value) for one in terms if isinstance(one, ox.Literal)
    ]
    return min(ranked)[-1] if ranked else None


def title_of(graph: Graph) -> str:
    """Name a graph by the releases in it, for the title of a report; "" when it holds none.

    >>> name = ox.NamedNode(GRAPHS + "release/1.1.1/de-en")
    >>> title_of(Graph.memory([ox.Quad(name, name, name, name)]))
    'ESCO 1.1.1 (de, en)'
    """
    found = (_RELEASE.fullmatch(name) for name in graph.named_graphs())
    return " and ".join(f"ESCO {one[1]} ({one[2].replace('-', ', ')})" for one in found if one)
