"""Read what is to be linked: a file of titles in any usual form, or the concepts of a classification in the graph."""

from __future__ import annotations

import csv
import json
import re
import shutil
import tempfile
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from esco_graph.errors import ParameterError, SourceError
from esco_graph.linking.texts import LONGEST_DESCRIPTION, Query
from esco_graph.sources.table_text import check_file, text_form
from esco_graph.sources.table_words import CODE_ENDS, JOBS
from esco_graph.taxonomies.columns import HEADER_ROWS, Columns, Wanted, content_columns, header_columns, plain
from esco_graph.taxonomies.tables import JSON, Placed, table_rows

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.taxonomies.taxonomy import Taxonomy

PROBE = 200
"""Rows or lines that are looked at before the others are read."""
PROBE_LINE = 1 << 20  # bytes of the first line by which JSON is known
EVEN = 0.8
"""Share of the lines of a text that have as many cells as the first one, from which it is a table."""
_SHEETS = frozenset({".xlsx", ".xlsm", ".xls"})
_TABLES = frozenset({".csv", ".tsv", ".tab", *JSON, *_SHEETS})
_JOB = re.compile(rf"(?:{JOBS.replace(' ', '|')}|\w*bezeichnung)s?(?: ?[(\[].*)?")
_NUMBER = re.compile(rf"\w*(?:{CODE_ENDS.replace(' ', '|')})")
_CODE = re.compile(r"[A-Za-z]{0,3}[ .-]?\d[\w./-]*")
_ISCO = re.compile(r"isco(?:[- ]?08)?(?: code| group| unit group)?")
_ISCO_CODE = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True)
class Naming:
    """Columns as the user names them, by header or by number from 1; "" where the file is to say."""

    id: str = ""
    label: str = ""
    alt: tuple[str, ...] = ()
    description: str = ""
    isco: str = ""

    def any(self) -> bool:
        """Say whether a column is named."""
        return bool(self.id or self.label or self.alt or self.description or self.isco)


@dataclass
class Titles:
    """A file of titles that was opened: how it is understood, in words, and the queries, read as they are asked for.

    `passed` counts rows without a title; they give queries all the same, so that every row has an answer.
    """

    name: str
    said: str
    rows: Iterable[Query] = field(repr=False)
    sample: tuple[Query, ...] = ()

    def __iter__(self) -> Iterator[Query]:
        """Go over the queries, once."""
        return iter(self.rows)


def read_titles(
    path: Path, *, naming: Naming | None = None, taxonomy: Taxonomy | None = None, lang: str = "", name: str = ""
) -> Titles:
    """Open a file of titles: CSV, TSV, a spreadsheet, JSON, JSON lines, or text with a title on each line.

    The first row is a header when a word of it names a column (title, label, code, Bezeichnung, libellé …), or when it
    has a word above a column of codes; columns that it does not name are guessed by what they hold. `taxonomy` says
    which classification the codes are of, for their form and their ISCO group. Raises SourceError for a file that
    cannot be read, ParameterError when a column is not there.
    """
    check_file(path)
    naming = naming or Naming()
    shown = name or path.name
    if path.suffix.lower() not in _TABLES and not naming.any() and not _has_columns(path, lang):
        return _titled(shown, "one title on each line", _lines(path, lang))
    rows = table_rows(path, lang)
    head = list(islice(rows, HEADER_ROWS))
    if not head:
        raise SourceError("the file holds no rows", where=shown, advice="Give a table with a column of titles.")
    layout = _layout(head, naming, shown)
    first = [row for row in head[layout.skip :] if row.part == head[0].part]
    found = (layout.query(row, taxonomy, lang) for row in chain(first, rows) if row.part == head[0].part)
    return _titled(shown, layout.said(), found)


@contextmanager
def spooled(source: BinaryIO) -> Iterator[Path]:
    """Keep what comes from a pipe in a file while it is read, so that its form can be looked at first.

    The name of the file ends as that of a file in JSON, or with JSON on each line, where that is what it holds.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stdin"
        with path.open("wb") as out:
            shutil.copyfileobj(source, out)
        yield path.rename(path.with_suffix(_json_ending(path)))


def _json_ending(path: Path) -> str:
    with path.open("rb") as file:
        line = file.readline(PROBE_LINE).removeprefix(BOM_UTF8).strip()
    if not line.startswith((b"{", b"[")):
        return ""
    try:
        return ".jsonl" if isinstance(json.loads(line), dict) else ".json"
    except ValueError:
        return ".json"


def concept_queries(graph: Graph, key: str, lang: str) -> list[Query]:
    """Give the concepts of a classification in the graph as queries, by IRI; "esco" are occupations, "skill" skills.

    Raises NotFoundError when the graph has none of it.
    """
    from esco_graph.linking.entries import read_entries

    kind = {"esco": "occupation"}.get(key, key)
    if kind in ("occupation", "skill"):
        entries = read_entries(graph, kind, lang)
        return [
            Query(
                one.iri,
                one.labels[0][0],
                lang,
                tuple(text for text, _ in one.labels[1:]),
                one.description,
                one.code,
                one.isco,
            )
            for one in entries
        ]
    from esco_graph.errors import NotFoundError
    from esco_graph.taxonomies.model import concepts_of

    found = [
        Query(one.iri, one.label, one.lang, one.alt, one.description, one.code, one.isco)
        for one in concepts_of(graph, key)
        if one.label.strip()
    ]
    if not found:
        raise NotFoundError(f"the graph has no concept of {key!r}", advice="Load it: esco-graph taxonomies add FILE.")
    return found


# How a table is laid out


@dataclass(frozen=True)
class _Layout:
    """Places of the columns from 0, -1 where there is none; `skip` rows come before the first title.

    `named` says that the header or the user named the titles; else they were guessed.
    """

    id: int
    label: int
    alt: tuple[int, ...]
    description: int
    isco: int
    header: tuple[str, ...]
    split: str = ""
    skip: int = 0
    named: bool = True

    def said(self) -> str:
        """Say in words which columns were taken for what."""
        parts = [("title", self.label), ("code", self.id), *(("other titles", place) for place in self.alt)]
        parts += [("description", self.description), ("ISCO group", self.isco)]
        doubt = "" if self.named else "; no heading names the titles, --label-column says otherwise"
        return ", ".join(f"{what} = {self._named(place)}" for what, place in parts if place >= 0) + doubt

    def _named(self, place: int) -> str:
        return repr(self.header[place]) if place < len(self.header) else f"column {place + 1}"

    def query(self, row: Placed, taxonomy: Taxonomy | None, lang: str) -> Query:
        """Make the query of a row; one without a code is called by its line."""
        code = _cell(row, self.id)
        if code and taxonomy:
            code = _repaired(code, taxonomy)
        isco = _cell(row, self.isco)
        isco = isco if _ISCO_CODE.fullmatch(isco) else ""
        alt = (part for place in self.alt for part in _titles(row, place, self.split))
        return Query(
            code or row.where,
            _cell(row, self.label),
            lang,
            tuple(dict.fromkeys(one for one in alt if one)),
            _cell(row, self.description),
            code,
            isco or (taxonomy.isco(code) if taxonomy and code else ""),
        )


def _layout(head: Sequence[Placed], naming: Naming, where: str) -> _Layout:
    part = [row for row in head if row.part == head[0].part]
    for at, row in enumerate(part):
        wider = all(_filled(row) > _filled(before) for before in part[:at])
        if wider and (found := _by_header(row.cells, naming)):
            return replace(found, skip=at + 1)
    if numbered := _by_number(naming):
        return numbered
    if naming.any():
        seen = ", ".join(repr(cell) for cell in part[0].cells[:12] if cell)
        raise ParameterError(
            "the columns that you name are not there", where=where, advice=f"The first row holds {seen}."
        )
    cells = [row.cells for row in part]
    skip = int(_headed(cells))
    guessed = content_columns(cells[skip:]) or Columns(label=_wordiest(cells[skip:]))
    header = tuple(cells[0]) if skip else ()
    return _Layout(guessed.code, guessed.label, guessed.alt, guessed.description, -1, header, skip=skip, named=False)


def _filled(row: Placed) -> int:
    return sum(map(bool, row.cells))


def _headed(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether the first row has a word where the others have codes: then it is a header, whatever its words."""
    below = content_columns(rows[1:])
    if below is None or len(rows) <= 2 or len(rows[0]) <= max(below.code, below.label):
        return False
    above = rows[0][below.code]
    return len(above) > 1 and not any(map(str.isdigit, above))


def _by_header(cells: Sequence[str], naming: Naming) -> _Layout | None:
    """Understand a row as a header. A column of codes is added, since titles may have none, and taken off again."""
    names = [plain(cell) for cell in cells]
    job = next((at for at, name in enumerate(names) if _JOB.fullmatch(name)), -1)
    found = header_columns([*cells, "code"], Wanted())
    if found is None and job >= 0:
        found = header_columns([*cells[:job], "title", *cells[job + 1 :], "code"], Wanted())
    if found is None or (found.label < 0 and not naming.label):
        return None
    asked = [naming.id, naming.label, naming.description, naming.isco, *naming.alt]
    if any(name and _place(name, names) < 0 for name in asked):
        return None
    code = -1 if found.code == len(cells) else found.code
    if code < 0:
        code = next((at for at, name in enumerate(names) if _NUMBER.fullmatch(name)), -1)
    if code < 0 and any(map(_CODE.fullmatch, cells)):
        return None  # a row of the table: a code stands in it, and no word for one
    isco = next((at for at, name in enumerate(names) if _ISCO.fullmatch(name) and at != code), -1)
    label = _place(naming.label, names) if naming.label else found.label
    alt = tuple(_place(name, names) for name in naming.alt) or tuple(at for at in found.alt if at != label)
    return _Layout(
        _place(naming.id, names) if naming.id else code if code != label else -1,
        label,
        alt,
        _place(naming.description, names) if naming.description else found.description,
        _place(naming.isco, names) if naming.isco else isco,
        tuple(cells),
        found.split,
    )


def _by_number(naming: Naming) -> _Layout | None:
    """Take columns named by number in a table without a header; None when the titles are not."""
    if not naming.label.isdigit():
        return None
    places = [_place(name, ()) for name in (naming.id, naming.label, naming.description, naming.isco)]
    alt = tuple(_place(name, ()) for name in naming.alt)
    return _Layout(places[0], places[1], alt, places[2], places[3], ())


def _place(name: str, names: Sequence[str]) -> int:
    if plain(name) in names:
        return names.index(plain(name))
    if name.isdigit() and 0 < int(name) <= (len(names) or int(name)):
        return int(name) - 1
    return -1


def _wordiest(rows: Sequence[Sequence[str]]) -> int:
    """Find the column whose cells have the most letters; the first of equals."""
    width = max(map(len, rows))
    letters = [sum(sum(map(str.isalpha, row[at])) for row in rows if at < len(row)) for at in range(width)]
    return letters.index(max(letters))


# Lines of text


def _has_columns(path: Path, lang: str) -> bool:
    """Say whether a text is a table: most lines have tabs, or a header comes first and the lines have its width."""
    form = text_form(path, lang=lang)
    with path.open(encoding=form.encoding, errors="replace") as file:
        lines = [line.rstrip("\r\n")[:LONGEST_DESCRIPTION] for line in islice(file, PROBE) if line.strip()]
    if 2 * sum("\t" in line for line in lines) > len(lines):
        return True
    rows = list(csv.reader(lines, delimiter=form.separator))
    even = sum(len(row) == len(rows[0]) for row in rows) >= EVEN * len(rows)
    return len(rows[0]) > 1 and even and _by_header([cell.strip() for cell in rows[0]], Naming()) is not None


def _lines(path: Path, lang: str) -> Iterator[Query]:
    form = text_form(path, lang=lang)
    with path.open(encoding=form.encoding, errors="replace") as file:
        for number, line in enumerate(file, 1):
            title = line.strip().removeprefix("\ufeff")
            if title:
                yield Query(f"line {number}", title, lang)


def _titled(name: str, said: str, rows: Iterable[Query]) -> Titles:
    found = iter(rows)
    sample = tuple(islice(found, PROBE))
    return Titles(name, said, chain(sample, found), sample)


def _cell(row: Placed, place: int) -> str:
    return " ".join(row.cells[place].split()) if 0 <= place < len(row.cells) else ""


def _titles(row: Placed, place: int, between: str) -> list[str]:
    """Take several titles in one cell apart: at line ends, ` | `, `;`, and what this form has between them."""
    text = row.cells[place] if 0 <= place < len(row.cells) else ""
    parts = (part for one in re.split(r" ?\| ?|; ?|\n", text) for part in (one.split(between) if between else [one]))
    return [" ".join(part.split()) for part in parts]


def _repaired(code: str, taxonomy: Taxonomy) -> str:
    try:
        return taxonomy.code_of(code)
    except ParameterError:
        return code
