"""O*NET-SOC, editions 2010 and 2019, of the U.S. Department of Labor; it publishes no IRIs of concepts."""

from __future__ import annotations

from esco_graph.taxonomies.targets.soc import dashed
from esco_graph.taxonomies.taxonomy import Taxonomy


def repair(text: str) -> str:
    """Bring `11-1011`, `11-1011.0` and `11101100` to eight digits with their marks.

    >>> repair("11-1011"), repair("11-1011.3"), repair("11101103"), repair("11-1011.00")
    ('11-1011.00', '11-1011.30', '11-1011.03', '11-1011.00')
    """
    if text.isdigit() and len(text) == 8:
        text = f"{text[:6]}.{text[6:]}"
    head, _, tail = text.partition(".")
    return f"{dashed(head)}.{tail.ljust(2, '0')}"


def rise(code: str) -> str | None:
    """Give the SOC occupation that a detailed one belongs to.

    >>> rise("11-1011.03"), rise("11-1011.00")
    ('11-1011.00', None)
    """
    return None if code.endswith(".00") else f"{code[:7]}.00"


TARGET = Taxonomy(
    key="onet",
    name="Occupational Information Network (O*NET-SOC)",
    lang="en",
    aliases=(
        "O*NET",
        "ONET",
        "O*NET-SOC",
        "ONET-SOC",
        "ONET SOC 2019",
        "O*NET-SOC 2010",
        "O*NET-SOC 2019",
        "Occupational Information Network",
    ),
    owner="U.S. Department of Labor, Employment and Training Administration",
    source="https://www.onetcenter.org/taxonomy.html",
    # The licence of the database: https://www.onetcenter.org/license_db.html
    licence="CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
    form=r"\d{2}-\d{4}\.\d{2}",
    example="29-1122.00",
    repair=repair,
    rise=rise,
)
