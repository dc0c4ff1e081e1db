"""KldB 2010 of the Bundesagentur für Arbeit: one digit a level, and its eight-digit document codes (`B 43104-100`).

Its mapping table to ESCO has some codes like `BE 3324` too, which say nothing of what is above them. It publishes no
IRIs of concepts.
"""

from __future__ import annotations

import re

from esco_graph.sources.spoilt import without_float
from esco_graph.taxonomies.taxonomy import Taxonomy

_DOCUMENT = re.compile(r"B ?(\d{5}) ?- ?(\d{3})", re.IGNORECASE)


def repair(text: str) -> str:
    """Bring `B43104-100` to its form with a blank, and `43104.0` back from a number.

    >>> repair("b43104-100"), repair("43104.0"), repair("B 43104")
    ('B 43104-100', '43104', '43104')
    """
    if match := _DOCUMENT.fullmatch(text):
        return f"B {match[1]}-{match[2]}"
    return without_float(re.sub(r"^B ?(?=\d{1,5}$)", "", text, flags=re.IGNORECASE))


def rise(code: str) -> str | None:
    """Give the broader code: a document code belongs to its five digits.

    >>> rise("B 43104-100"), rise("43104"), rise("4"), rise("BE 3324")
    ('43104', '4310', None, None)
    """
    if code.startswith("BE"):
        return None
    return code[2:7] if code.startswith("B ") else code[:-1] or None


TARGET = Taxonomy(
    key="kldb",
    name="Klassifikation der Berufe 2010 (KldB 2010)",
    lang="de",
    aliases=("KldB", "KldB 2010", "KldB2010", "Klassifikation der Berufe", "Klassifikation der Berufe 2010"),
    spaces=("http://w3id.org/openeduhub/vocabs/kldb/",),
    owner="Bundesagentur für Arbeit",
    source="https://statistik.arbeitsagentur.de/DE/Navigation/Grundlagen/Klassifikationen/Klassifikation-der-Berufe/KldB2010/KldB2010-Nav.html",
    version="2010",
    form=r"\d{1,5}|B \d{5}-\d{3}|BE \d{4}",
    example="43104 or B 43104-100",
    repair=repair,
    rise=rise,
)
