"""ESCO itself, so that a mapping set can name it like any other side."""

from __future__ import annotations

from esco_graph.taxonomies.taxonomy import Taxonomy
from esco_graph.terms import ESCO_DATA, SCHEME

TARGET = Taxonomy(
    key="esco",
    name="European Skills, Competences, Qualifications and Occupations (ESCO)",
    lang="en",
    aliases=(
        "ESCO",
        "Ocupaciones ESCO",
        "ESCO occupations",
        "ESCO skills",
        "ESCO profesijas",
        "ESCO – filar zawodów",
        "Esco - yrken",
        "ESCO - occupations",
        "ESCO - skills",
    ),
    iri=ESCO_DATA + "{code}",
    scheme=SCHEME + "occupations",
    owner="European Commission",
    source="https://esco.ec.europa.eu/",
    licence="Commission Decision 2011/833/EU: reuse is free when the source is named",
)
