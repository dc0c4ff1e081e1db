"""One row of a mapping table after the other: two identifiers, a relation, two labels; or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from esco_graph.errors import ParameterError
from esco_graph.mappings.faults import Fault, fault
from esco_graph.mappings.model import NO_TERM
from esco_graph.sources.spoilt import is_date, is_rounded, without_float
from esco_graph.sources.table_columns import Columns, Side, esco_iri, esco_like, is_empty
from esco_graph.sources.table_text import Row
from esco_graph.sources.table_words import relation_of
from esco_graph.sources.text import clean, has_html, strip_html
from esco_graph.taxonomies.registry import code_in
from esco_graph.taxonomies.taxonomy import Taxonomy, is_iri
from esco_graph.terms import is_esco

LONGEST_CODE = 60  # characters
SOME = "mapped"
_SPOILT = re.compile("[ÂÃÄÅâ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_BETWEEN_IRIS = re.compile(r"[\s;,|]+")
_APART = re.compile(r"[;|\n]")
_QUOTED_COMMA = re.compile(r'" ?, ?" ?')

Resolve = Callable[[str], str]


@dataclass(slots=True)
class Raw:
    """A row that is understood, not yet turned: `kind` is a relation of `table_words`, or "mapped" or "none"."""

    line: int
    subject: str
    object: str
    kind: str
    subject_label: str
    object_label: str
    note: str = ""


@dataclass
class End:
    """What is known of one side: its columns, its classification, and how its codes become IRIs."""

    side: Side
    taxonomy: Taxonomy
    base: str
    resolve: Resolve
    floats: bool = False
    dates: bool = False

    def iri_of(self, code: str) -> str:
        """Give the IRI of a code, or the IRI itself."""
        return code if is_iri(code) else self.taxonomy.concept_iri(code, self.base)


class RowReader:
    """Read rows by the columns that were understood, and count what was put right."""

    def __init__(self, columns: Columns, ends: tuple[End, End]) -> None:
        """Start with nothing read."""
        self.columns, self.ends = columns, ends
        self.repairs: dict[str, list[int]] = {}
        self.codes: dict[str, str] = {}  # code of each IRI outside ESCO
        self.descriptions: dict[str, str] = {}
        self._name = columns.names[columns.subject.id] or None
        self._texts: dict[str, tuple[str, str]] = {}
        self._ids: tuple[dict[str, tuple[str, str, str]], ...] = ({}, {})

    def read(self, row: Row) -> Raw | Fault:
        """Understand one row."""
        cells = self._fitted(row)
        if cells is None:
            return fault(row.line, "width" if len(row.cells) > 1 else "half-row", row.cells, f"{len(row.cells)} cells")
        if cells[self.ends[0].side.id] == self._name and self._is_heading(cells):
            return fault(row.line, "heading-again", row.cells)
        note = self._text(cells, self.columns.note, row.line)
        ids = [cells[end.side.id].strip() for end in self.ends]
        kind, wrong, detail = self._kind(cells, ids, note)
        if not kind:
            return fault(row.line, wrong, row.cells, detail)
        wrong_spelling = wrong
        found: list[str] = []
        for number, end in enumerate(self.ends):
            iri, code, detail = self._id(number, cells, end, row.line, kind)
            if code:
                return fault(row.line, code, row.cells, detail)
            found.append(iri)
        for repair in filter(None, (row.repair, wrong_spelling)):
            self._repaired(repair, row.line)
        labels = [self._text(cells, end.side.label, row.line) for end in self.ends]
        self._describe(cells, found, row.line)
        return Raw(row.line, found[0], found[1], kind, labels[0], labels[1], note)

    def parted(self, row: Row) -> list[Row]:
        """Give a row for each concept where one cell names several, each with its own label where there are as many."""
        rows = [row]
        for end in self.ends:
            at = end.side.id
            if at < len(row.cells) and (_BETWEEN_IRIS if end.side.esco else _APART).search(row.cells[at]):
                rows = [one for given in rows for one in self._apart(given, end)]
        if len(rows) > 1:
            self._repaired("several", row.line)
        return rows

    def _apart(self, row: Row, end: End) -> list[Row]:
        side, width = end.side, len(row.cells)
        ids = _several(row.cells[side.id], side.esco)
        if len(ids) < 2:
            return [row]
        label = row.cells[side.label] if side.label is not None and side.label < width else ""
        labels = _parts(label)
        if len(labels) != len(ids):
            labels = ["" if side.esco else label] * len(ids)
        made = []
        for code, text in zip(ids, labels, strict=True):
            own = {side.id: code} | ({} if side.label is None else {side.label: text})
            made.append(replace(row, cells=[own.get(at, cell) for at, cell in enumerate(row.cells)]))
        return made

    def _is_heading(self, cells: Sequence[str]) -> bool:
        return [" ".join(cell.split()) for cell in cells] == list(self.columns.names)

    # The relation

    def _kind(self, cells: Sequence[str], ids: Sequence[str], note: str) -> tuple[str, str, str]:
        """Give the relation and the repair it took; or "", the code of a fault and the text that is wrong."""
        missing = sum(map(is_empty, ids))
        at = self.columns.relation
        cell = "" if at is None else cells[at].strip()
        known = self.columns.relation_in(cell) if cell else None
        said = relation_of(note) if not known and (missing or not cell) else None
        if missing == 2:
            return "", "half-row", ""
        if said and said[0] == "none":
            return "none", "", ""
        if at is None:
            return ("", "half-row", "") if missing else (SOME, "", "")
        if not known:
            return "", "half-row" if is_empty(cell) else "relation", cell
        if known[0] != "none" and missing:
            return "", "half-row", cell
        return known[0], "" if known[1] else "relation", ""

    # Identifiers

    def _id(self, number: int, cells: Sequence[str], end: End, line: int, kind: str) -> tuple[str, str, str]:
        """Give the IRI of one side, or the code of a fault and the text that is wrong."""
        cell = cells[end.side.id].strip()
        whole = cells[end.side.iri].strip() if end.side.iri is not None else ""
        known = self._ids[number].get(cell + whole)
        if known is None:
            if is_empty(cell):
                return (NO_TERM, "", "") if kind == "none" else ("", "half-row", "")
            known = self._esco(cell, end) if end.side.esco else self._code(cell, whole, end)
            self._ids[number][cell + whole] = known
        iri, state, detail = known
        if not iri:
            return "", state, detail
        if state:
            self._repaired(state, line)
        return iri, "", ""

    def _esco(self, cell: str, end: End) -> tuple[str, str, str]:
        if iri := esco_iri(cell):
            return iri, "" if iri == cell else "esco-iri", ""
        iri = end.resolve(cell)
        return (iri, "esco-iri", "") if iri else ("", "esco-iri", cell)

    def _code(self, cell: str, whole: str, end: End) -> tuple[str, str, str]:
        """Give the IRI of a code, the repair made or the fault, and the text that is wrong."""
        if iri := esco_iri(cell):  # a national classification that extends ISCO names its groups too
            return iri, "" if iri == cell else "esco-iri", ""
        if is_iri(cell):
            self.codes.setdefault(cell, code_in(cell, end.taxonomy.key))
            return cell, "", ""
        if is_rounded(cell):
            return "", "excel-number", cell
        if not end.dates and is_date(cell):
            return "", "excel-date", cell
        plain = without_float(cell) if end.floats else cell
        if not _is_code_like(plain):
            return "", "code", cell
        try:
            code, odd = end.taxonomy.code_of(plain), ""
        except ParameterError:  # a longer or newer code than the form knows; the publisher knows best
            code, odd = " ".join(plain.split()), "odd-code"
        iri = whole if is_iri(whole) and not end.taxonomy.iri else end.iri_of(code)
        if not is_esco(iri):
            self.codes.setdefault(iri, code)
        if odd or code == " ".join(cell.split()):
            return iri, odd, ""
        return iri, "zeros" if code.lstrip("0") == plain.lstrip("0") and len(code) > len(plain) else "code", ""

    # Cells and labels

    def _fitted(self, row: Row) -> list[str] | None:
        """Give as many cells as there are columns, or None when they cannot be told apart."""
        cells, width = row.cells, self.columns.width
        if len(cells) == width:
            return cells
        if len(cells) < width:
            needed = max(end.side.id for end in self.ends)
            return [*cells, *[""] * (width - len(cells))] if len(cells) > min(needed, 1) else None
        if not any(cells[width:]):
            return cells[:width]
        joined = self._joined(cells, len(cells) - width)
        if joined:
            self._repaired("joined", row.line)
        return joined

    def _joined(self, cells: list[str], more: int) -> list[str] | None:
        """Put a label together that its own separators cut, when there is one way in which all the rest fits."""
        places = [end.side.label for end in self.ends] + [end.side.description for end in self.ends]
        ways = []
        for at in [one for one in places if one is not None] + [self.columns.note or self.columns.width - 1]:
            way = [*cells[:at], ",".join(cells[at : at + more + 1]), *cells[at + more + 1 :]]
            if self._fits(way):
                ways.append(way)
        return ways[0] if len({tuple(way) for way in ways}) == 1 else None

    def _fits(self, cells: Sequence[str]) -> bool:
        at = self.columns.relation
        if at is None or not self.columns.relation_in(cells[at]):
            return False
        return all(
            bool(esco_iri(cells[end.side.id])) if end.side.esco else _is_code_like(cells[end.side.id])
            for end in self.ends
        )

    def _text(self, cells: Sequence[str], at: int | None, line: int) -> str:
        if at is None or not cells[at]:
            return ""
        known = self._texts.get(cells[at])
        if known is None:
            known = self._texts[cells[at]] = tidy(cells[at])
        if known[1]:
            self._repaired(known[1], line)
        return known[0]

    def _describe(self, cells: Sequence[str], found: Sequence[str], line: int) -> None:
        for end, iri in zip(self.ends, found, strict=True):
            if end.side.description is not None and not end.side.esco and iri not in self.descriptions:
                self.descriptions[iri] = self._text(cells, end.side.description, line)

    def _repaired(self, what: str, line: int) -> None:
        lines = self.repairs.setdefault(what, [])
        if not lines or lines[-1] != line:
            lines.append(line)


def _several(cell: str, esco: bool) -> list[str]:
    """Give the identifiers of a cell that names several, one after the other."""
    if esco:
        parts = [part for part in _BETWEEN_IRIS.split(cell) if part]
        return parts if all(map(esco_like, parts)) else []
    parts = _parts(cell)
    return parts if all(map(_is_code_like, parts)) else []


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in _APART.split(cell) if part.strip()]


def _is_code_like(cell: str) -> bool:
    """Say whether a cell can be a code: an IRI, or short with a digit, or one word in capitals."""
    plain = cell.strip()
    return is_iri(plain) or (
        len(plain) < LONGEST_CODE and (any(map(str.isdigit, plain)) or plain.isupper()) and plain.isprintable()
    )


def tidy(text: str) -> tuple[str, str]:
    """Give a label on one line without mark-up and with its letters restored, and which repair that took.

    >>> tidy("<b>R&amp;D</b> manager"), tidy("Teachersâ€™ aides"), tidy(" chef ")
    (('R&D manager', 'html'), ('Teachers’ aides', 'letters'), ('chef', ''))
    >>> tidy('generals"," admirals')
    ('generals, admirals', 'quotes')
    """
    repair = ""
    if '"' in text and (apart := _QUOTED_COMMA.sub(", ", text)) != text:
        text, repair = apart, "quotes"
    if has_html(text):
        text, repair = strip_html(text)[0], "html"
    if _SPOILT.search(text):
        text, repair = _restored(text, repair)
    if "\ufffd" in text:
        repair = "lost"
    return " ".join(filter(None, map(str.strip, clean(text).split("\n")))), repair


def _restored(text: str, repair: str) -> tuple[str, str]:
    """Undo a text in UTF-8 that was read as Windows-1252, when all of it can be."""
    try:
        return text.encode("cp1252").decode("utf-8"), "letters"
    except UnicodeError:
        return text, repair
