"""Tables of any kind as rows with their place: CSV, Excel, and the JSON that query services give."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from esco_graph.errors import SourceError
from esco_graph.sources.sheet_table import is_sheet, sheet_rows
from esco_graph.sources.table_text import check_file, read_table, text_form

MAX_JSON = 256 * 1024**2  # bytes; JSON is read as a whole
JSON_LINES = frozenset({".jsonl", ".ndjson"})
JSON = JSON_LINES | {".json"}
"""Endings of tables in JSON: an object on each line, or one value that holds a list of objects."""


class Placed(NamedTuple):
    """One row that is not empty: where it is (file:line), which part of the file it is in, and its cells."""

    where: str
    part: str
    cells: list[str]


def table_rows(path: Path, lang: str = "") -> Iterator[Placed]:
    """Read a table row by row; raises SourceError for a file that is none."""
    check_file(path)
    if is_sheet(path):
        for row in sheet_rows(path):
            yield Placed(f"{path.name}:{row.sheet}:{row.line}", row.sheet, row.cells)
    elif path.suffix.lower() in JSON:
        for number, cells in enumerate(json_rows(path)):
            yield Placed(f"{path.name}:row {number}" if number else path.name, "", cells)
    else:
        for line in read_table(path, text_form(path, lang=lang)):
            cells = [cell.strip() for cell in line.cells]
            if any(cells):
                yield Placed(f"{path.name}:{line.line}", "", cells)


def json_rows(path: Path) -> Iterator[list[str]]:
    """Read the rows of a JSON file, the header first: an object a line, SPARQL results, or the first list of objects.

    Raises SourceError when it is not JSON, or holds no rows.
    """
    if path.stat().st_size > MAX_JSON:
        raise SourceError(f"the file is larger than {MAX_JSON // 1024**2} MB", where=str(path), advice="Use CSV.")
    if path.suffix.lower() in JSON_LINES:
        value: Any = [_value(line, path, number) for number, line in _filled_lines(path)]
    else:
        value = _value(path.read_text(encoding="utf-8-sig"), path)
    rows = _rows_in(value)
    if not rows:
        raise SourceError("the JSON holds no list of concepts", where=str(path), advice="Give CSV, or SKOS as JSON-LD.")
    names = list(dict.fromkeys(chain.from_iterable(rows)))
    yield names
    for row in rows:
        yield [_text(row.get(name)) for name in names]


def _filled_lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open(encoding="utf-8-sig") as stream:
        yield from ((number, line) for number, line in enumerate(stream, 1) if line.strip())


def _value(text: str, path: Path, line: int = 1) -> Any:
    """Read one JSON value, which begins on a line of the file."""
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        at = f":{line + error.lineno - 1}" if isinstance(error, json.JSONDecodeError) else ""
        raise SourceError(f"this is not JSON ({str(error)[:120]})", where=f"{path}{at}") from error


def is_table_json(path: Path) -> bool:
    """Say whether a .json file holds rows and is no JSON-LD."""
    with path.open("rb") as stream:
        head = stream.read(65_536)
    return not any(mark in head for mark in (b'"@context"', b'"@id"', b'"@graph"', b'"@type"'))


def _rows_in(value: Any, depth: int = 0) -> list[dict[str, Any]]:
    """Find the list of objects: SPARQL results by their form, else the first one within four levels."""
    if isinstance(value, dict):
        bindings = value.get("results", {}).get("bindings") if isinstance(value.get("results"), dict) else None
        if isinstance(bindings, list):
            return [
                {name: cell.get("value") for name, cell in row.items() if isinstance(cell, dict)} for row in bindings
            ]
        if depth < 4:
            return next((rows for one in value.values() if (rows := _rows_in(one, depth + 1))), [])
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        return value
    return []


def _text(value: Any) -> str:
    r"""Give a value as a cell; a list of texts as one label a line, anything deeper as nothing.

    >>> _text(["a", "b"]), _text(None), _text(12), _text({"x": 1})
    ('a\nb', '', '12', '')
    """
    if isinstance(value, list):
        return "\n".join(str(one) for one in value if isinstance(one, str | int))
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
