"""The Commission's mapping-table form and its kin: a header block, then a table whose columns are found by meaning.

What a column is follows from its cells first (IRIs of ESCO, relations, codes, sentences) and from its name next, in any
language of the Union, so neither file names nor an order of columns matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from esco_graph.errors import SourceError
from esco_graph.sources.table_columns import NOTHING_WANTED, Columns, Wanted, choose, esco_iri
from esco_graph.sources.table_text import Row, TextForm, read_table, text_form
from esco_graph.sources.table_words import ORDER, head_key, lang_named, relation_of, roles_of

LOOKED_AT = 600  # rows that are looked at to understand a table
_NUMBERED = re.compile(r"\w{3,12}\s?\d{1,3}")
_EXPLAINED = re.compile(r"(?<![\w.])(\w{1,2})\s*[=:–-]\s*([^\W\d][^,;=\n]*)")


@dataclass
class MappingTable:
    """A table that was understood: its header block by the keys of `table_words.ORDER`, its columns and its rows.

    `first` is the line of the first row with data; `rows` starts there and is read once. `form` is None for a sheet.
    """

    head: dict[str, str]
    columns: Columns
    first: int
    rows: Iterator[Row]
    form: TextForm | None = None
    remarks: list[str] = field(default_factory=list)


def open_mapping_table(
    path: Path, wanted: Wanted = NOTHING_WANTED, *, encoding: str | None = None, lang: str = ""
) -> MappingTable:
    """Understand a mapping table in a text file; its rows are read one by one afterwards.

    Raises SourceError when no two columns of concepts can be told; the error names the columns that were seen.
    """
    form = text_form(path, encoding=encoding, lang=lang)
    sample = list(islice(read_table(path, form, _is_whole), LOOKED_AT))
    table = understand(sample, wanted, where=str(path), lang=lang)
    said = {lang_named(table.head.get(f"lang{number}", "")) for number in "12"} - {"", "en"}
    if form.guessed and said and not lang:
        form = text_form(path, lang=min(said))  # English has no letters of its own
    table.form = form
    test = _RowTest(table.columns)
    table.rows = (row for row in read_table(path, form, test) if row.line >= table.first)
    return table


def sheet_table(
    rows: Iterable[tuple[int, Sequence[str]]], wanted: Wanted = NOTHING_WANTED, *, where: str, lang: str = ""
) -> MappingTable:
    """Understand a mapping table whose rows come from a spreadsheet as (row number, cells)."""
    made = (Row(number, list(cells) if any(cells) else []) for number, cells in rows)
    sample = list(islice(made, LOOKED_AT))
    table = understand(sample, wanted, where=where, lang=lang)
    start = [row for row in sample if row.line >= table.first]

    def all_rows() -> Iterator[Row]:
        yield from start
        yield from made

    table.rows = all_rows()
    return table


def understand(
    sample: Sequence[Row], wanted: Wanted = NOTHING_WANTED, *, where: str = "", lang: str = ""
) -> MappingTable:
    """Find header block, heading and columns in the first rows of a table.

    Of labels in several languages those in `lang` are taken, else those in a language that the header names.
    """
    heading = _heading(sample)
    above = sample[:heading] if heading is not None else ()
    head, remarks = _head([row for row in above if row.cells])
    data = [row for row in sample[0 if heading is None else heading + 1 :] if row.cells]
    if not data:
        seen = ", ".join(cell for cell in sample[heading or 0].cells if cell)[:300] if sample else ""
        raise SourceError("there are no rows under the heading", where=where, advice=f"Seen: {seen or 'nothing'}.")
    names = sample[heading].cells if heading is not None else []
    width = max(len(names), _common_width(data)) or max(len(row.cells) for row in data)
    names = [" ".join(name.split()) for name in names] + [""] * (width - len(names))
    langs = {lang} if lang else {lang_named(head.get(f"lang{number}", "")) for number in "12"} - {""}
    legend = _legend([row.cells for row in above])
    if legend:
        said = ", ".join(f"{sign} = {kind}" for sign, kind in legend.items())
        remarks.append(f"Relations by the legend: {said}.")
    columns = choose(names, [row.cells for row in data], wanted, where, langs, legend)
    return MappingTable(head, columns, data[0].line, iter(()), None, remarks)


def _surely_a_row(cells: list[str]) -> bool:
    """Say whether cells are a row for sure, before anything is known of the table."""
    iris = any(esco_iri(cell) for cell in cells)
    return len(cells) > 3 and iris and any(relation_of(cell) for cell in cells if len(cell) < 40)


def _is_whole(cells: list[str]) -> bool:
    """Say whether cells are a row for sure, or a heading that names identifiers, labels and a relation."""
    if _surely_a_row(cells):
        return True
    if len(cells) < 4 or any(len(cell) > 60 or esco_iri(cell) for cell in cells):
        return False
    return {"id", "label", "relation"} <= frozenset().union(*map(roles_of, cells))


class _RowTest:
    """Say whether cells are a row for sure: the right number, a relation and an identifier in their places."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.sides = (columns.subject, columns.object)

    def __call__(self, cells: list[str]) -> bool:
        columns = self.columns
        if len(cells) != columns.width or not all(cells[side.id] for side in self.sides):
            return False
        if columns.relation is not None and not columns.relation_in(cells[columns.relation]):
            return False
        told = [esco_iri(cells[side.id]) for side in self.sides if side.esco]
        return all(told) if told else columns.relation is not None and all(len(cells[s.id]) < 40 for s in self.sides)


def _heading(sample: Sequence[Row]) -> int | None:
    """Find the row that names the columns: the one with most meanings before the first row with data."""
    first = next((at for at, row in enumerate(sample) if _surely_a_row(row.cells) or _has_data(row.cells)), None)
    best, found = 1, None
    for at, row in enumerate(sample[:first] if first is not None else sample[:60]):
        cells = [cell for cell in row.cells if cell.strip()]
        if len(cells) < 2 or head_key(cells[0]) or all(map(_NUMBERED.fullmatch, map(str.lower, cells))):
            continue
        meanings = [roles_of(cell) for cell in cells if len(cell) <= 80]
        score = sum(map(bool, meanings)) + len(frozenset().union(*meanings))
        if score > best and (len(cells) > 2 or len(sample) == at + 1 or _common_width(sample[at + 1 :]) == 2):
            best, found = score, at
    if found is None and first:
        wide = [at for at in range(first) if sum(map(bool, sample[at].cells)) >= 3]
        return wide[-1] if wide else None
    if found is None and first is None and sample and all(map(_is_word, sample[0].cells)):
        return 0
    return found


def _is_word(cell: str) -> bool:
    """Say whether a cell is neither a code nor a relation, so that it can be the name of a column."""
    return not any(map(str.isdigit, cell)) and relation_of(cell) is None


def _has_data(cells: Sequence[str]) -> bool:
    """Say whether a cell is an IRI of a concept of ESCO and the row is no line of a header block."""
    return len(cells) > 1 and not head_key(_without_margin(list(cells))[0]) and any(map(esco_iri, cells))


def _common_width(rows: Sequence[Row]) -> int:
    widths = [len(row.cells) for row in rows if len(row.cells) > 1]
    return max(sorted(set(widths)), key=widths.count, default=0)


def _legend(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """Read which relation a sign stands for, from `1 = exactMatch` or from two cells, above the heading.

    >>> _legend([["1 = exact match, 2 = close match"]]), _legend([["1", "Actors"]])
    ({'1': 'exact', '2': 'close'}, {})
    """
    found: dict[str, str] = {}
    for row in rows:
        cells = [cell.strip() for cell in row if cell.strip()]
        pairs = [match.groups() for cell in cells for match in _EXPLAINED.finditer(cell)]
        for sign, words_ in [*pairs, *([tuple(cells)] if len(cells) == 2 and len(cells[0]) <= 2 else [])]:
            known = relation_of(words_)
            if known and known[1]:
                found[sign.casefold()] = known[0]
    return found if len(found) > 1 else {}


def _without_margin(cells: list[str]) -> list[str]:
    """Drop the empty cells before the first text: some sheets have blank columns on the left."""
    return cells[next((at for at, cell in enumerate(cells) if cell), 0) :]


def _head(rows: Sequence[Row]) -> tuple[dict[str, str], list[str]]:
    """Read the header block by its keys, or by its order when the keys are in another language."""
    pairs = [_without_margin([cell.strip() for cell in row.cells]) for row in rows]
    pairs = [[*cells[0].split(":", 1)] if len([c for c in cells if c]) == 1 else cells for cells in pairs]
    pairs = [cells for cells in pairs if cells[0] and not all(map(_NUMBERED.fullmatch, filter(None, cells)))]
    values = [next((cell.strip() for cell in cells[1:] if cell.strip()), "") for cells in pairs]
    keys = [head_key(cells[0]) for cells in pairs]
    if sum(map(bool, keys)) < len(pairs) / 2 and len(pairs) == len(ORDER):
        said = "The header block is in another language; its 14 lines were read in the order of the form."
        return dict(zip(ORDER, values, strict=True)), [said]
    unknown = [cells[0] for cells, value, key in zip(pairs, values, keys, strict=True) if value and not key]
    remarks = [f"Not understood in the header: {', '.join(unknown)[:200]}."] if unknown else []
    return {key: value for key, value in zip(keys, values, strict=True) if key}, remarks
