"""ISCO-08 of the ILO, with the IRIs that ESCO publishes for its groups."""

from __future__ import annotations

from esco_graph.sources.spoilt import without_float
from esco_graph.taxonomies.targets.codes import shorter
from esco_graph.taxonomies.taxonomy import Taxonomy
from esco_graph.terms import ISCO, SCHEME

_LOST_ZERO = {"110", "210", "310"}  # 0110, 0210, 0310: no minor group of ISCO-08 has these three digits


def repair(text: str) -> str:
    """Bring `C2269`, `2269.0` and `110` to their digits.

    >>> repair("C2269"), repair("2269.0"), repair("110"), repair("111")
    ('2269', '2269', '0110', '111')
    """
    code = without_float(text)
    if code[:1] in {"C", "c"} and code[1:].isdigit():
        code = code[1:]
    return f"0{code}" if code in _LOST_ZERO else code


def unit_group(code: str) -> str:
    """Give the code when it is a unit group.

    >>> unit_group("2269"), unit_group("226")
    ('2269', '')
    """
    return code if len(code) == 4 else ""


TARGET = Taxonomy(
    key="isco",
    name="International Standard Classification of Occupations 2008 (ISCO-08)",
    lang="en",
    aliases=(
        "ISCO",
        "ISCO-08",
        "ISCO08",
        "ISCO 2008",
        "ISCO-2008",
        "CITP-08",
        "International Standard Classification of Occupations",
    ),
    iri=ISCO + "C{code}",
    scheme=SCHEME + "isco",
    owner="International Labour Organization",
    source="https://www.ilo.org/public/english/bureau/stat/isco/isco08/",
    version="2008",
    form=r"\d{1,4}",
    example="2269",
    repair=repair,
    rise=shorter,
    group=unit_group,
)
