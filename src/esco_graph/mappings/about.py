"""The header block of a mapping table as what is known of its set: title, versions, dates, classifications."""

from __future__ import annotations

import datetime as dt
import re
from calendar import month_abbr
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from esco_graph.errors import ParameterError
from esco_graph.mappings.model import NO_TERM, set_name
from esco_graph.sources.table_columns import Columns, Side, esco_iri, is_empty
from esco_graph.sources.table_words import fold, lang_named, names_esco, roles_of, words
from esco_graph.taxonomies.registry import (
    TAXONOMIES,
    find_taxonomy,
    own_taxonomy,
    taxonomy_fitting,
    taxonomy_named,
    taxonomy_of_iri,
)
from esco_graph.taxonomies.taxonomy import Taxonomy, is_iri
from esco_graph.terms import is_esco, is_lang

if TYPE_CHECKING:
    from esco_graph.graph import Graph

_NOTHING = frozenset(("", "n/a", "na", "none", "unknown", "default-author", "-", "null"))
_PUBLISHED = re.compile(r"[a-z][a-z0-9]*(?:[-.][a-z0-9]+)*")
_KINDS = frozenset(("concept", "concepts", "occupation", "occupations", "skill", "skills", "resource", "entity"))
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

    A number of five digits is how Excel counts days.

    >>> day_of("2022-05-18"), day_of("07/06/2022"), day_of("10.02.2021"), day_of("20220518"), day_of("Sep-22")
    ('2022-05-18', '2022-06-07', '2021-02-10', '2022-05-18', '')
    >>> day_of("45243")
    '2023-11-13'
    """
    plain = text.strip()
    if re.fullmatch(r"[3-6]\d{4}", plain):
        return str(dt.date(1899, 12, 30) + dt.timedelta(days=int(plain)))
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


def name_of_set(head: Mapping[str, str], path: Path, keys: Sequence[str] = ()) -> str:
    """Name a set by the title of its table, else by the two classifications, else by the file.

    Of a title in another script little would be left, so the keys of the classifications stand for it.
    """
    title = told(head, "title").replace("*", "") or " - ".join(filter(None, (told(head, "name1"), told(head, "name2"))))
    if keys and any(letter.isalpha() and not letter.isascii() for letter in fold(title)):
        title = " ".join(keys)
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

    Where two have one name, as SOC 2010 of the U.S. and of the U.K., the codes decide. One that nobody knows is called
    as its publisher calls it in the IRIs of its concepts, where these say so.
    """
    if side.esco:
        return TAXONOMIES["esco"], "by its IRIs"
    published = name_in_iris(codes)
    if named := told(head, "name" + str(number)):
        names = (named, f"{named} {told(head, f'release{number}')}", re.sub(r"[ .]*(?:v\.? ?)?[\d.]+$", "", named))
        one = next(filter(None, (_named(name, codes) for name in names)), None)
        own = own_taxonomy(named, lang or "en")
        return one or replace(own, key=published or own.key), f"named {named!r} in the header"
    if published:
        return taxonomy_named(published) or own_taxonomy(published, lang or "en"), "by its IRIs"
    bare = without_code(heading)
    ways = (heading, bare, re.sub(r"(?<=[^\W\d_])\d+$", "", bare), *words(heading))
    found = [(part, f"by the heading {heading!r}") for part in ways]
    found += [(part, f"by {part!r} in the name of the file") for part in re.split(r"[\W_]+", path.stem)]
    for part, how in found:
        if len(part) > 2 and (known := _named(part, codes)) and known.key != "esco" and _may_be(known, codes):
            return known, how
    plain = "" if len(bare) < 3 or _NO_NAME.fullmatch(bare) else bare
    return own_taxonomy(plain or f"{path.stem} {number}", lang or "en"), "a new one; --taxonomy names it"


def name_in_iris(cells: Sequence[str]) -> str:
    """Give what stands before the code in most of the IRIs of a column; "" where that names no classification.

    >>> name_in_iris(["http://data.europa.eu/esco/concept/estonian-occupations/3322.0001"])
    'estonian-occupations'
    >>> name_in_iris(["http://data.jobtechdev.se/taxonomy/concept/h4wH_7kG_UTN"]), name_in_iris(["2269"])
    ('', '')
    """
    given = [cell for cell in cells if is_iri(cell) and not esco_iri(cell)]
    spaces = Counter(re.sub(r"[/#][^/#]*$", "", cell) for cell in given)
    space, number = max(spaces.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    name = space.rpartition("/")[2]
    if 2 * number <= len(given) or not _PUBLISHED.fullmatch(name) or roles_of(name) - {"label"} or name in _KINDS:
        return ""
    return name


def source_shown(iris: Iterable[str]) -> str:
    """Give the key of the classification that the IRIs of one side of a set show, "" where they show none.

    >>> source_shown(["http://data.europa.eu/esco/isco/C2269"]), source_shown(["https://example.org/taxonomy/ours/1"])
    ('esco', 'ours')
    """
    given = sorted({iri for iri in iris if iri != NO_TERM})
    if 2 * sum(map(is_esco, given)) > len(given):
        return "esco"
    owners = {taxonomy_of_iri(iri) for iri in given}
    owner = owners.pop() if len(owners) == 1 else None
    return owner.key if owner else name_in_iris(given)


def without_code(heading: str) -> str:
    """Give the heading of a column of codes without its word for code, in any language.

    >>> without_code("Code REM"), without_code("DISCO kode"), without_code("target_id"), without_code("Kód CZ-ISCO")
    ('REM', 'DISCO', 'target', 'CZ-ISCO')
    """
    parts = heading.replace("_", " ").split()
    return " ".join(part for part in parts if roles_of(part) != {"id"})


def _may_be(known: Taxonomy, codes: Sequence[str]) -> bool:
    """Say whether half of the codes have the form of a classification, where it has one."""
    given = [code for code in codes if not is_empty(code)]
    return not known.form or 2 * sum(map(known.is_code, given)) >= len(given)


def _named(name: str, codes: Sequence[str]) -> Taxonomy | None:
    return taxonomy_fitting(name, codes) or taxonomy_named(name)


def taxonomy_told(graph: Graph | None, text: str) -> Taxonomy:
    """Find the classification that the user names, known or in the graph; NotFoundError with what is near."""
    from esco_graph.graph import Graph as Store

    return find_taxonomy(graph or Store.memory(), text)
