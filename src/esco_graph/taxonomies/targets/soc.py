"""The Standard Occupational Classifications: the U.S. one of 2010 and 2018 (BLS), the U.K. one of 2010 and 2020 (ONS).

None of their owners publishes IRIs of concepts.
"""

from __future__ import annotations

import re

from esco_graph.sources.spoilt import without_float
from esco_graph.taxonomies.targets.codes import shorter
from esco_graph.taxonomies.taxonomy import Taxonomy

# Minor groups that end in 00 instead of 000: https://www.bls.gov/soc/2018/major_groups.htm and .../soc/major_groups.htm
_LONG_MINOR = ("15-12", "31-11", "51-51", "15-11")


def dashed(text: str) -> str:
    """Bring six digits to the form with a dash.

    >>> dashed("111011"), dashed("11-1011"), dashed("11-1011 ")
    ('11-1011', '11-1011', '11-1011')
    """
    code = without_float(text.strip()).replace("\u2013", "-").replace("\u2011", "-")
    return f"{code[:2]}-{code[2:]}" if re.fullmatch(r"\d{6}", code) else code


def rise(code: str) -> str | None:
    """Give the broader code: detailed, broad, minor, major.

    >>> rise("11-1011"), rise("11-1010"), rise("11-1000"), rise("15-1250"), rise("11-0000")
    ('11-1010', '11-1000', '11-0000', '15-1200', None)
    """
    if code.endswith("-0000"):
        return None
    if not code.endswith("0"):
        return f"{code[:-1]}0"
    minor = f"{code[:5]}00" if code.startswith(_LONG_MINOR) else f"{code[:4]}000"
    return minor if code != minor else f"{code[:2]}-0000"


def _us(year: str, page: str) -> Taxonomy:
    return Taxonomy(
        key=f"soc-{year}",
        name=f"Standard Occupational Classification {year} (United States)",
        lang="en",
        aliases=(f"SOC {year}", f"SOC-{year}", f"{year} SOC", f"US SOC {year}", f"US{year}SOC", f"US SOC{year}"),
        owner="U.S. Bureau of Labor Statistics",
        source=page,
        version=year,
        form=r"\d{2}-\d{4}",
        example="29-1122",
        repair=dashed,
        rise=rise,
    )


def _uk(year: str, page: str) -> Taxonomy:
    return Taxonomy(
        key=f"uk-soc-{year}",
        name=f"Standard Occupational Classification {year} (United Kingdom)",
        lang="en",
        aliases=(f"UK SOC {year}", f"SOC {year}", f"UKSOC{year}", f"ONS SOC {year}", f"ONS SOC{year}", f"UK SOC{year}"),
        owner="Office for National Statistics",
        source=page,
        version=year,
        form=r"\d{1,4}",
        example="2222",
        repair=without_float,
        rise=shorter,
    )


_ONS = "https://www.ons.gov.uk/methodology/classificationsandstandards/standardoccupationalclassificationsoc/"
TARGETS = (
    _us("2010", "https://www.bls.gov/soc/2010/home.htm"),
    _us("2018", "https://www.bls.gov/soc/2018/home.htm"),
    _uk("2010", _ONS + "soc2010"),
    _uk("2020", _ONS + "soc2020"),
)
