"""National classifications of mapping tables whose codes say something; none of their owners publishes IRIs.

The Polish and the Latvian classification are adapted from ISCO-08: their first four digits are its unit group, but for
a few groups. So the group is a hint, not a proof.
"""

from __future__ import annotations

import re

from esco_graph.sources.spoilt import without_float
from esco_graph.taxonomies.targets.codes import first_four
from esco_graph.taxonomies.taxonomy import Taxonomy


def above(code: str) -> str | None:
    """Give the broader code: occupation, unit, minor, sub-major, major group.

    >>> above("311410"), above("8342.01"), above("8342"), above("8")
    ('3114', '8342', '834', None)
    """
    group = first_four(code)
    return group if group and code != group else code[:-1] or None


def polish_group(code: str) -> str:
    """Give the unit group of ISCO-08; group 1113 of KZiS is 1112 there, for Poland has no traditional chiefs.

    Source: the key between KZiS 2014 and ISCO-08 of the ministry ("Klucz powiązań", psz.praca.gov.pl).

    >>> polish_group("311410"), polish_group("111301")
    ('3114', '1112')
    """
    group = first_four(code)
    return "1112" if group == "1113" else group


def latvian(text: str) -> str:
    """Put back the zero that a spreadsheet took from the end of `8342.10`.

    >>> latvian("8342.1"), latvian("8342.0"), latvian("8342.01")
    ('8342.10', '8342', '8342.01')
    """
    return re.sub(r"(\d{4}\.\d)", r"\g<1>0", text) if re.fullmatch(r"\d{4}\.[1-9]", text) else without_float(text)


def spanish(text: str) -> str:
    """Put back the zero that a spreadsheet took from the start of eight digits; a group of CNO has four.

    >>> spanish("1111019"), spanish("2453"), spanish("24531012")
    ('01111019', '2453', '24531012')
    """
    plain = without_float(text)
    return plain.zfill(8) if re.fullmatch(r"\d{7}", plain) else plain


TARGETS = (
    Taxonomy(
        key="co-sispe",
        name="Clasificación Ocupacional del SISPE (CO-SISPE 2011)",
        lang="es",
        aliases=("CO-SISPE", "CO-SISPE 2011", "COSISPE"),
        owner="Servicio Público de Empleo Estatal",
        source="https://www.sepe.es/",
        version="2011",
        form=r"\d{1,4}|\d{8}",
        example="24531012",
        repair=spanish,
    ),
    Taxonomy(
        key="kzis",
        name="Klasyfikacja zawodów i specjalności na potrzeby rynku pracy",
        lang="pl",
        aliases=("PL NOC", "KZiS", "KZiS 2014", "Klasyfikacja zawodów i specjalności"),
        owner="Ministry responsible for labour, Poland",
        source="https://psz.praca.gov.pl/",
        form=r"\d{1,4}|\d{6}",
        example="311410",
        repair=without_float,
        rise=above,
        group=polish_group,
    ),
    Taxonomy(
        key="lv-profesijas",
        name="Latvijas Profesiju klasifikators",
        lang="lv",
        aliases=("LV NOC", "LV NOC v.2", "Latvian - Latvijas Profesiju klasifikators", "Profesiju klasifikators"),
        owner="Ministry of Welfare, Latvia",
        source="https://www.lm.gov.lv/lv/klasifikacija/profesiju-klasifikators",
        form=r"\d{1,4}|\d{4}\.\d{2,3}",
        example="8342.01",
        repair=latvian,
        rise=above,
        group=first_four,
    ),
)
