"""The header block of a mapping table as what is known of its set: title, versions, dates, classifications."""

from __future__ import annotations

import re
from calendar import month_abbr
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from esco_graph.errors import ParameterError
from esco_graph.mappings.model import set_name
from esco_graph.sources.table_columns import Columns, Side
from esco_graph.sources.table_words import lang_named, names_esco, roles_of, words
from esco_graph.taxonomies.registry import TAXONOMIES, find_taxonomy, own_taxonomy, taxonomy_fitting, taxonomy_named
from esco_graph.taxonomies.taxonomy import Taxonomy
from esco_graph.terms import is_lang

if TYPE_CHECKING:
    from esco_graph.graph import Graph

_NOTHING = frozenset(("", "n/a", "na", "none", "unknown", "default-author", "-", "null"))
_NO_NAME = re.compile(r"(?i)(?:classification|source|target|subject|object|column|concept)? ?\d*")
_MONTHS = {name.lower(): number for number, name in enumerate(month_abbr[1:], 1)}


def told(head: Mapping[str, str], key: str) -> str:
    """Give a value of the header, "" for what a form puts where nobody wrote.

    >>> told({"author": "default-author"}, "author"), told({"title": " ESCO - ROME "}, "title")
    ('', 'ESCO - ROME')
    """
    value = " ".join(head.get(key, "").split())
    return "" if value.lower() in _NOTHING or value.startswith("csv_generator$") else value


def day_of(text: str) -> str:
    """Give a date as an ISO day, "" when it is none or names no day. A day stands before its month, as in Europe.

    >>> day_of("2022-05-18"), day_of("07/06/2022"), day_of("10.02.2021"), day_of("20220518"), day_of("Sep-22")
    ('2022-05-18', '2022-06-07', '2021-02-10', '2022-05-18', '')
    """
    plain = text.strip()
    if match := re.match(r"(\d{4})[-./]?(\d{2})[-./]?(\d{2})(?!\d)", plain):
        year, month, day = match.groups()
    elif match := re.match(r"(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4})(?!\d)", plain):
        day, month, year = match.groups()
    elif match := re.match(r"(\d{1,2})[-./ ]+([A-Za-z]{3})[a-z]*[-./ ,]+(\d{4})", plain):
        day, month, year = match[1], str(_MONTHS.get(match[2].lower(), 0)), match[3]
    else:
        return ""
    if int(month) > 12 >= int(day):
        day, month = month, day
    return f"{year}-{int(month):02}-{int(day):02}" if 1 <= int(month) <= 12 and 1 <= int(day) <= 31 else ""


def version_of(text: str) -> str:
    """Give the number of a version without the letter before it.

    >>> version_of("v1.1.0"), version_of("O*NET-SOC 2019"), version_of("V3.0")
    ('1.1.0', 'O*NET-SOC 2019', '3.0')
    """
    return re.sub(r"^[vV](?:ersion)?\.? ?(?=\d)", "", text)


def name_of_set(head: Mapping[str, str], path: Path) -> str:
    """Name a set by the title of its table, else by the two classifications, else by the file."""
    title = told(head, "title").replace("*", "") or " - ".join(filter(None, (told(head, "name1"), told(head, "name2"))))
    try:
        return set_name(title or path.stem)[:100].rstrip("-.")
    except ParameterError:
        return set_name("table " + path.stem)[:100].rstrip("-.")


def side_lang(head: Mapping[str, str], number: int, lang: str) -> str:
    """Give the language of the labels of side 1 or 2: what the header says, else `lang`."""
    found = lang_named(told(head, f"lang{number}"))
    return found if found and is_lang(found) else lang


def side_numbers(head: Mapping[str, str], columns: Columns) -> tuple[int, int]:
    """Say which classification of the header the subject and the object are.

    The names decide where one is ESCO; else the first column is classification 1.

    >>> side_numbers({"name1": "ESCO", "name2": "ROME"}, Columns(("a", "b"), Side(0), Side(1, esco=True), None))
    (2, 1)
    """
    esco = [names_esco(head.get(f"name{number}", "")) for number in (1, 2)]
    mine = [columns.subject.esco, columns.object.esco]
    return (2, 1) if esco != mine and esco == mine[::-1] else (1, 2)


def taxonomy_of(
    head: Mapping[str, str], number: int, side: Side, heading: str, codes: Sequence[str], *, path: Path, lang: str
) -> tuple[Taxonomy, str]:
    """Find the classification of one side by the header, its heading or the file; and say how it was found.

    Where two have one name, as SOC 2010 of the U.S. and of the U.K., the codes decide.
    """
    if side.esco:
        return TAXONOMIES["esco"], "by its IRIs"
    if named := told(head, "name" + str(number)):
        names = (named, f"{named} {told(head, f'release{number}')}", re.sub(r"[ .]*(?:v\.? ?)?[\d.]+$", "", named))
        one = next(filter(None, (_named(name, codes) for name in names)), None)
        return one or own_taxonomy(named, lang or "en"), f"named {named!r} in the header"
    bare = without_code(heading)
    ways = (heading, bare, re.sub(r"(?<=[^\W\d_])\d+$", "", bare), *words(heading))
    found = [(part, f"by the heading {heading!r}") for part in ways]
    found += [(part, f"by {part!r} in the name of the file") for part in re.split(r"[\W_]+", path.stem)]
    for part, how in found:
        if len(part) > 2 and (known := _named(part, codes)) and known.key != "esco":
            return known, how
    plain = "" if len(bare) < 3 or _NO_NAME.fullmatch(bare) else bare
    return own_taxonomy(plain or f"{path.stem} {number}", lang or "en"), "a new one; --taxonomy names it"


def without_code(heading: str) -> str:
    """Give the heading of a column of codes without its word for code, in any language.

    >>> without_code("Code REM"), without_code("DISCO kode"), without_code("target_id"), without_code("Kód CZ-ISCO")
    ('REM', 'DISCO', 'target', 'CZ-ISCO')
    """
    parts = heading.replace("_", " ").split()
    return " ".join(part for part in parts if roles_of(part) != {"id"})


def _named(name: str, codes: Sequence[str]) -> Taxonomy | None:
    return taxonomy_fitting(name, codes) or taxonomy_named(name)


def taxonomy_told(graph: Graph | None, text: str) -> Taxonomy:
    """Find the classification that the user names, known or in the graph; NotFoundError with what is near."""
    from esco_graph.graph import Graph as Store

    return find_taxonomy(graph or Store.memory(), text)
