"""Published tables whose columns are known: which header belongs to which classification, and what each column is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """One published form: the headers in small letters that it must have, and the role of each.

    `split` is what stands between several labels in one cell of the other labels.
    """

    key: str
    code: str
    label: str
    alt: tuple[str, ...] = ()
    description: str = ""
    broader: str = ""
    split: str = ""

    def fits(self, names: Collection[str]) -> bool:
        """Say whether a header has the code, the label and one more column of this form, where it has more.

        >>> Layout("isco", "isco code", "title").fits(["isco code", "title"])
        True
        """
        more = [name for name in (*self.alt, self.description, self.broader) if name]
        return self.code in names and self.label in names and (not more or any(name in names for name in more))


_ONET = "o*net-soc code"
LAYOUTS = (
    # O*NET database, "Occupation Data", "Alternate Titles", "Sample of Reported Titles" (onetcenter.org/database.html)
    Layout("onet", _ONET, "title", description="description"),
    Layout("onet", _ONET, "title", alt=("alternate title", "short title", "reported job title")),
    Layout("onet", _ONET, "title"),
    # ROME, "unix_referentiel_appellation" and "unix_referentiel_code_rome" (data.gouv.fr)
    Layout("rome", "code ogr", "libelle appellation long", alt=("libelle appellation court",), broader="code rome"),
    Layout("rome", "code rome", "libelle rome"),
    # ISCO-08 structure of the ILO, "struct08.xls"
    Layout("isco", "isco code", "title"),
    Layout("isco", "isco 08 code", "title en", description="definition"),
    # A query at query.wikidata.org with the label service, as CSV or JSON
    Layout("wikidata", "item", "itemlabel", alt=("itemaltlabel",), description="itemdescription", split=", "),
    Layout("wikidata", "item", "itemlabel"),
    # JobTech taxonomy API, concepts as JSON
    Layout("ssyk", "id", "preferred label", alt=("alternative labels",), description="definition"),
)
