"""Classifications other than ESCO: which there are, how their codes and IRIs look, reading and storing them as SKOS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esco_graph.lazy import getter

if TYPE_CHECKING:
    from esco_graph.taxonomies.model import concepts_of, read_taxonomy, taxonomy_quads
    from esco_graph.taxonomies.registry import TAXONOMIES, find_taxonomy, own_taxonomy, taxonomy_named
    from esco_graph.taxonomies.store import add_taxonomy, loaded, remove_taxonomy
    from esco_graph.taxonomies.taxonomy import Concept, Fault, Read, Taxonomy

_HOMES = {
    "model": ("concepts_of", "read_taxonomy", "taxonomy_quads"),
    "registry": ("TAXONOMIES", "find_taxonomy", "own_taxonomy", "taxonomy_named"),
    "store": ("add_taxonomy", "loaded", "remove_taxonomy"),
    "taxonomy": ("Concept", "Fault", "Read", "Taxonomy"),
}
__getattr__ = getter(__name__, _HOMES)

__all__ = [
    "TAXONOMIES",
    "Concept",
    "Fault",
    "Read",
    "Taxonomy",
    "add_taxonomy",
    "concepts_of",
    "find_taxonomy",
    "loaded",
    "own_taxonomy",
    "read_taxonomy",
    "remove_taxonomy",
    "taxonomy_named",
    "taxonomy_quads",
]
