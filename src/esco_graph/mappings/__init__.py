"""Mapping sets: which concept of one classification is which of another, with its justification (SSSOM).

Importing this package imports neither pyoxigraph nor yaml: the command line reads its choices first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from esco_graph.lazy import getter

if TYPE_CHECKING:
    from esco_graph.mappings.model import RELATIONS, Mapping, MappingSet
    from esco_graph.mappings.rdf import read_set, to_quads
    from esco_graph.mappings.store import find_set, iter_mappings, keep, sets

_HOMES = {
    "model": ("RELATIONS", "Mapping", "MappingSet"),
    "rdf": ("read_set", "to_quads"),
    "store": ("find_set", "iter_mappings", "keep", "sets"),
}
__getattr__ = getter(__name__, _HOMES)

__all__ = [
    "RELATIONS",
    "Mapping",
    "MappingSet",
    "find_set",
    "iter_mappings",
    "keep",
    "read_set",
    "sets",
    "to_quads",
]
