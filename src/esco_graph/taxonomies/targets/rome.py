"""ROME of France Travail: fiches (A1101) and the appellations (OGR codes) under them; no IRIs are published."""

from __future__ import annotations

from esco_graph.sources.spoilt import without_float
from esco_graph.taxonomies.taxonomy import Taxonomy


def repair(text: str) -> str:
    """Bring a code to upper case, and an OGR code back from a number.

    >>> repair("a1101"), repair("15244.0")
    ('A1101', '15244')
    """
    return without_float(text).upper()


def rise(code: str) -> str | None:
    """Give the broader code: fiche, professional domain, grand domain; an OGR code does not say its own.

    >>> rise("A1101"), rise("A11"), rise("A"), rise("15244")
    ('A11', 'A', None, None)
    """
    if code.isdigit() or len(code) < 2:
        return None
    return code[:3] if len(code) == 5 else code[0]


TARGET = Taxonomy(
    key="rome",
    name="Répertoire opérationnel des métiers et des emplois (ROME)",
    lang="fr",
    aliases=(
        "ROME",
        "ROME V3",
        "ROME 3.0",
        "ROME 4.0",
        "Code ROME",
        "Répertoire Opérationnel des Métiers et des Emplois",
    ),
    owner="France Travail",
    source="https://www.data.gouv.fr/fr/datasets/repertoire-operationnel-des-metiers-et-des-emplois-rome/",
    licence="Licence Ouverte / Open Licence",
    form=r"[A-N]([0-9]{2}([0-9]{2})?)?|[0-9]{1,7}",
    example="A1101 (a fiche) or 15244 (an appellation)",
    repair=repair,
    rise=rise,
)
