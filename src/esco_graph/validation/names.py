"""Labels for the nodes of a report."""

from __future__ import annotations

from collections.abc import Collection

import pyoxigraph as ox

from esco_graph.graph import Graph
from esco_graph.sparql import write_iri
from esco_graph.terms import DCT, ESG, RDFS, SKOS

_CHUNK = 500  # IRIs in one VALUES block
# The first that a node has is its label; one query each, so that the store looks up by subject and property.
_PROPERTIES = (SKOS + "prefLabel", ESG + "statedLabel", DCT + "title", RDFS + "label", SKOS + "altLabel")


def labels_of(graph: Graph, iris: Collection[str]) -> dict[str, str]:
    """Give one label to each IRI that has any: the preferred one before others, English before other languages."""
    labels: dict[str, str] = {}
    for property_ in _PROPERTIES:
        missing = sorted(iri for iri in iris if iri not in labels)
        for start in range(0, len(missing), _CHUNK):
            labels |= _best(graph, missing[start : start + _CHUNK], property_)
    return labels


def _best(graph: Graph, iris: list[str], property_: str) -> dict[str, str]:
    nodes = " ".join(map(write_iri, iris))
    found: dict[str, list[tuple[bool, str, str]]] = {}
    for node, label in graph.select(f"SELECT ?node ?label {{ VALUES ?node {{ {nodes} }} ?node <{property_}> ?label }}"):
        if isinstance(node, ox.NamedNode) and isinstance(label, ox.Literal):
            lang = label.language or ""
            found.setdefault(node.value, []).append((lang != "en", lang, label.value))
    return {iri: min(texts)[-1] for iri, texts in found.items()}
