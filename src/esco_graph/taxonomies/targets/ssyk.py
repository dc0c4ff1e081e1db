"""SSYK 2012 as JobTech (Arbetsförmedlingen) publishes it; its concepts have IRIs by JobTech's id, not by the digits."""

from __future__ import annotations

import re

from esco_graph.sources.spoilt import without_float
from esco_graph.taxonomies.taxonomy import Taxonomy

# As in Arbetsförmedlingen's own mapping table and API: http://data.jobtechdev.se/taxonomy/concept/h4wH_7kG_UTN
_ID = r"[A-Za-z0-9]{4}_[A-Za-z0-9]{3}_[A-Za-z0-9]{3}"


class _JobTech(Taxonomy):
    """Digits of SSYK have no IRI of the owner's; ids of JobTech have."""

    def _owned(self, code: str) -> bool:
        return re.fullmatch(_ID, code) is not None


def rise(code: str) -> str | None:
    """Give the broader code of digits; an id does not say its own.

    >>> rise("2512"), rise("h4wH_7kG_UTN")
    ('251', None)
    """
    return code[:-1] or None if code.isdigit() else None


TARGET = _JobTech(
    key="ssyk",
    name="Standard för svensk yrkesklassificering 2012 (SSYK 2012)",
    lang="sv",
    aliases=(
        "SSYK",
        "SSYK 2012",
        "SSYK-2012",
        "Swedish Standard Classification of Occupations 2012",
        "Standard för svensk yrkesklassificering",
        "JobTech Taxonomy",
        "SE NOC",
    ),
    iri="http://data.jobtechdev.se/taxonomy/concept/{code}",
    owner="Arbetsförmedlingen (JobTech) and Statistics Sweden",
    source="https://atlas.jobtechdev.se/",
    version="2012",
    form=rf"\d{{1,4}}|{_ID}",
    example="2512 or h4wH_7kG_UTN",
    repair=without_float,
    rise=rise,
)
