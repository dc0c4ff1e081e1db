"""DigComp 2.2 of the Joint Research Centre: areas (1) and competences (1.1); no IRIs are published with its codes."""

from __future__ import annotations

from esco_graph.taxonomies.taxonomy import Taxonomy


def repair(text: str) -> str:
    """Take the dot that may follow a code.

    >>> repair("1.1."), repair("1.1")
    ('1.1', '1.1')
    """
    return text.rstrip(".")


def rise(code: str) -> str | None:
    """Give the area of a competence.

    >>> rise("1.1"), rise("1")
    ('1', None)
    """
    return code.rpartition(".")[0] or None


TARGET = Taxonomy(
    key="digcomp",
    name="Digital Competence Framework for Citizens (DigComp 2.2)",
    lang="en",
    aliases=("DigComp", "DigComp 2.2", "DigComp2.2", "The Digital Competence Framework for Citizens"),
    owner="European Commission, Joint Research Centre",
    source="https://publications.jrc.ec.europa.eu/repository/handle/JRC128415",
    licence="Commission Decision 2011/833/EU: reuse is free when the source is named",
    version="2.2",
    form=r"[1-5](\.[1-6])?",
    example="1.1",
    repair=repair,
    rise=rise,
)
