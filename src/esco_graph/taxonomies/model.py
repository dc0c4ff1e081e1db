"""A classification under one name: its classes, reading files into them, and their way to and from RDF."""

from __future__ import annotations

from esco_graph.taxonomies.rdf import concepts_of, taxonomy_quads
from esco_graph.taxonomies.read import read_taxonomy
from esco_graph.taxonomies.taxonomy import Concept, Fault, Read, Taxonomy

__all__ = ["Concept", "Fault", "Read", "Taxonomy", "concepts_of", "read_taxonomy", "taxonomy_quads"]
