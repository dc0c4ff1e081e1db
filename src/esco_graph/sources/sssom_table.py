"""SSSOM tables (TSV, CSV) and SSSOM JSON as text: the metadata of the set, the heading, and the rows with their lines.

The metadata of a table stands in the file, on lines that begin with `#`, or in a YAML file of the same name beside it
(https://mapping-commons.github.io/sssom/spec-formats-tsv/).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esco_graph.errors import SourceError

BUILT_IN = {
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
}
"""Prefixes that every SSSOM file has without saying so."""

LONGEST_CELL = 1 << 20  # characters
_BESIDE = (".yml", ".yaml", "-meta.yml", ".meta.yml")


@dataclass(frozen=True)
class SssomTable:
    """What stands in a table: metadata as texts and lists of texts, prefixes, names of the columns, and the rows."""

    metadata: dict[str, Any]
    prefixes: dict[str, str]
    names: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]


def read_sssom_table(path: Path, metadata: Path | None = None) -> SssomTable:
    """Read an SSSOM table or SSSOM JSON; `metadata` names the YAML file of a table when it stands elsewhere.

    The rows of JSON are numbered from 1. Raises SourceError for a file that is no text in UTF-8, has no heading or no
    mappings, or whose metadata is no YAML.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"this is not text in UTF-8: byte {error.start + 1} does not fit"
        raise SourceError(what, where=str(path), advice="Convert it to UTF-8, which SSSOM asks for.") from error
    if text.lstrip().startswith("{"):
        return _of_json(text, path)
    lines = text.splitlines(keepends=True)
    start = next((number for number, line in enumerate(lines) if not line.startswith("#") and line.strip()), None)
    if start is None:
        raise SourceError("there is no heading", where=str(path), advice="SSSOM begins its table with subject_id.")
    inside = "".join(line.removeprefix("#").removeprefix(" ") for line in lines[:start] if line.startswith("#"))
    about = {**_beside(path, metadata), **_yaml(inside, str(path))}
    prefixes = {**_texts(about.pop("curie_map", {})), **BUILT_IN}
    separator = "\t" if "\t" in lines[start] else ","
    names, rows = _rows("".join(lines[start:]), separator, start, path)
    return SssomTable(about, prefixes, names, rows)


def _of_json(text: str, path: Path) -> SssomTable:
    try:
        about = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise SourceError(f"this is not JSON ({str(error)[:120]})", where=str(path)) from error
    given = about.pop("mappings", None)
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        raise SourceError("the JSON has no list of mappings", where=str(path), advice="SSSOM calls it `mappings`.")
    context, curies = about.pop("@context", {}), about.pop("curie_map", {})
    names = tuple(dict.fromkeys(name for row in given for name in row))
    rows = [[_json_cell(row.get(name)) for name in names] for row in given]
    known = {name: value for name, value in about.items() if not name.startswith("@")}
    metadata = {name: value if isinstance(value, list) else _json_cell(value) for name, value in known.items()}
    return SssomTable(metadata, {**_texts(context), **_texts(curies), **BUILT_IN}, names, tuple(enumerate(rows, 1)))


def _json_cell(value: Any) -> str:
    """Write a value as the cell of a table would have it.

    >>> _json_cell(["a", "b"]), _json_cell(0.5), _json_cell(None)
    ('a|b', '0.5', '')
    """
    if isinstance(value, list):
        return "|".join(map(_json_cell, value))
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def _rows(text: str, separator: str, before: int, path: Path) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        names = tuple(name.strip() for name in next(reader))
        return names, tuple(_numbered(reader, before))
    except csv.Error as error:
        where = f"{path}:{before + reader.line_num}"
        raise SourceError(
            f"a row cannot be read: {error}", where=where, advice="Close the quotes of its cells."
        ) from error


def _numbered(reader: Any, before: int) -> Iterator[tuple[int, list[str]]]:
    """Give each row with the line that it begins on; blank lines are no rows."""
    last = reader.line_num
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield before + last + 1, cells
        last = reader.line_num


def _beside(path: Path, given: Path | None) -> dict[str, Any]:
    if given is not None:
        return _yaml(given.read_text(encoding="utf-8-sig"), str(given))
    stem = path.with_suffix("")
    names = [Path(f"{one}{end}") for one in dict.fromkeys((stem, stem.with_suffix(""))) for end in _BESIDE]
    found = next((name for name in names if name.is_file()), None)
    return _yaml(found.read_text(encoding="utf-8-sig"), str(found)) if found else {}


def _yaml(text: str, where: str) -> dict[str, Any]:
    import yaml

    try:
        found = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts, lists and maps, nothing else
    except (yaml.YAMLError, RecursionError) as error:
        what = f"the metadata is not YAML: {' '.join(str(error).split())[:200]}"
        raise SourceError(what, where=where, advice="Write lines such as: # license: https://…") from error
    if found in (None, ""):
        return {}
    if not isinstance(found, dict):
        raise SourceError("the metadata is no list of names and values", where=where, advice="Write `# name: value`.")
    return {str(key): value for key, value in found.items()}


def _texts(value: Any) -> dict[str, str]:
    return {str(key): one for key, one in value.items() if isinstance(one, str)} if isinstance(value, dict) else {}
