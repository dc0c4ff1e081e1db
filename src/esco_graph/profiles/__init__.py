"""Occupation profiles: frozen dataclasses, made from a page (`link_page`), and their RDF (`to_quads`, `from_graph`).

A profile of a known occupation enriches that concept; an unknown one becomes a new concept under the user's base IRI,
never under ESCO's. Provenance (file, SHA-256, time, version) goes with it.
"""

from __future__ import annotations

from esco_graph.profiles.keep import Kept, read_profiles, refresh_profiles, stale
from esco_graph.profiles.link import link_page, page_langs
from esco_graph.profiles.model import (
    DEFAULT_BASE,
    OccupationLink,
    OccupationProfile,
    SkillStatement,
    Source,
    new_occupation_iri,
    slugify,
)
from esco_graph.profiles.rdf import from_graph, graph_of, list_profiles, to_quads

__all__ = [
    "DEFAULT_BASE",
    "Kept",
    "OccupationLink",
    "OccupationProfile",
    "SkillStatement",
    "Source",
    "from_graph",
    "graph_of",
    "link_page",
    "list_profiles",
    "new_occupation_iri",
    "page_langs",
    "read_profiles",
    "refresh_profiles",
    "slugify",
    "stale",
    "to_quads",
]
