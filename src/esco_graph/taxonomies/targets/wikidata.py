"""Wikidata: items by their Q number, as CSV or JSON of its query service."""

from __future__ import annotations

from esco_graph.taxonomies.taxonomy import Taxonomy


def repair(text: str) -> str:
    """Bring `wd:Q42` and `q42` to the number with its letter.

    >>> repair("wd:Q42"), repair("q42")
    ('Q42', 'Q42')
    """
    return text.removeprefix("wd:").upper()


TARGET = Taxonomy(
    key="wikidata",
    name="Wikidata",
    lang="en",
    aliases=("Wikidata item", "WD"),
    iri="http://www.wikidata.org/entity/{code}",
    owner="Wikimedia Foundation",
    source="https://www.wikidata.org/",
    licence="CC0 1.0, https://creativecommons.org/publicdomain/zero/1.0/",
    form=r"[QPL][1-9]\d*",
    example="Q42",
    repair=repair,
)
