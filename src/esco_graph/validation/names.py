"""Labels for the nodes of a report, and a name for the graph that was checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

import pyoxigraph as ox

from esco_graph.graph import Graph
from esco_graph.sparql import write_iri
from esco_graph.terms import DCT, ESG, GRAPHS, RDFS, SKOS

_MANY = 100  # IRIs from which preferred labels are looked up together
_TOGETHER = 1_000  # IRIs in one query
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
    labels = _together(graph, sorted(iris)) if len(iris) >= _MANY else {}
    for property_ in _PROPERTIES:
        for iri in sorted(iri for iri in iris if iri not in labels):
            label = _best(quad.object for quad in graph.quads(ox.NamedNode(iri), property_))
            if label is not None:
                labels[iri] = label
    return labels


def _together(graph: Graph, iris: Sequence[str]) -> dict[str, str]:
    """Look preferred labels up by queries, which takes half the time of single look-ups."""
    found: dict[str, list[object]] = {}
    for start in range(0, len(iris), _TOGETHER):
        names = " ".join(map(write_iri, iris[start : start + _TOGETHER]))
        rows = graph.select(f"SELECT ?node ?label {{ VALUES ?node {{ {names} }} ?node {_PROPERTIES[0]} ?label }}")
        for node, label in rows:
            if isinstance(node, ox.NamedNode):
                found.setdefault(node.value, []).append(label)
    best = ((iri, _best(labels)) for iri, labels in found.items())
    return {iri: label for iri, label in best if label is not None}


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
