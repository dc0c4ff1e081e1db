"""ISCED-F 2013 of UNESCO, with the IRIs that ESCO publishes for its fields."""

from __future__ import annotations

from esco_graph.taxonomies.taxonomy import Taxonomy
from esco_graph.terms import ISCED_F, SCHEME


def rise(code: str) -> str | None:
    """Give the broader code: detailed, narrow, broad field.

    >>> rise("0612"), rise("061"), rise("06")
    ('061', '06', None)
    """
    return code[:-1] if len(code) > 2 else None


TARGET = Taxonomy(
    key="isced-f",
    name="Fields of education and training 2013 (ISCED-F 2013)",
    lang="en",
    aliases=("ISCED-F", "ISCED-F 2013", "ISCEDF", "ISCED F 2013", "ISCED Fields of Education and Training"),
    iri=ISCED_F + "{code}",
    scheme=SCHEME + "isced-f",
    owner="UNESCO Institute for Statistics",
    source="https://uis.unesco.org/en/topic/international-standard-classification-education-isced",
    version="2013",
    form=r"\d{2,4}",
    example="0612",
    rise=rise,
)
