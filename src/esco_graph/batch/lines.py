"""People as text, one per line: CSV and JSON lines."""

from __future__ import annotations

import csv
import io
import json
import re

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.json

from esco_graph.batch.people import EXPECTED, ID, SKILLS
from esco_graph.batch.reading import LONGEST_LINE, LineReader
from esco_graph.errors import SourceError

BETWEEN = r"[;|\s]+"
"""What stands between the IRIs in one cell of CSV."""
_LONE_RETURN = re.compile(rb"\r(?!\n|\Z)")
_TRIM = ";| \t\r\n"
_LISTS = pa.list_(pa.string())
_KINDS: dict[type, str] = {bool: "true or false", int: "a number", float: "a number", dict: "an object", list: "a list"}


class CsvReader(LineReader):
    """CSV with a header; commas, tabs or semicolons between cells; a cell of skills holds IRIs with BETWEEN between."""

    header: list[str]
    delimiter: str

    def start(self, lines: list[bytes]) -> int:
        """Read the header."""
        text = lines[0].decode("utf-8", "replace").rstrip("\r") if lines else ""
        for self.delimiter in ",\t;":
            self.header = [name.strip() for name in next(csv.reader([text], delimiter=self.delimiter), [])]
            if self.header.count(ID) == 1 and self.header.count(SKILLS) == 1:
                return 1
        found = ", ".join(csv.reader([text]).__next__() if text else []) or "none"
        what = f"the header does not name id and skills once each; found: {found[:500]}"
        raise SourceError(what, where=self.where, advice=f"{EXPECTED} with spaces, ; or | between them.")

    def fast(self, text: bytes, rows: int) -> tuple[pa.Array, pa.Array] | None:
        """Parse by pyarrow, which merges lines where quotes do not match: then the numbers differ.

        It also splits lines at a lone carriage return, which could make up for a merged one.
        """
        if _LONE_RETURN.search(text):
            return None
        try:
            table = pyarrow.csv.read_csv(
                io.BytesIO(text),
                pyarrow.csv.ReadOptions(column_names=self.header, block_size=1 << 30, use_threads=False),
                pyarrow.csv.ParseOptions(delimiter=self.delimiter),
                pyarrow.csv.ConvertOptions(
                    include_columns=[ID, SKILLS],
                    column_types=dict.fromkeys((ID, SKILLS), pa.string()),
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowException:
            return None
        if table.num_rows != rows:
            return None
        ids, cells = (table[name].combine_chunks() for name in (ID, SKILLS))
        return pc.if_else(pc.equal(ids, ""), None, ids), _split(cells)

    def slow(self, line: str) -> tuple[str | None, list[str | None] | None]:
        """Parse by the standard library."""
        csv.field_size_limit(LONGEST_LINE)
        line = line.rstrip("\r")
        if "\r" in line:
            raise ValueError("no CSV: a carriage return inside the line")
        try:
            cells = next(csv.reader([line], delimiter=self.delimiter))
        except csv.Error as error:
            raise ValueError(f"no CSV: {error}") from error
        if len(cells) != len(self.header):
            raise ValueError(f"{len(cells)} cells, but the header has {len(self.header)}")
        named = dict(zip(self.header, cells, strict=True))
        held = named[SKILLS].strip(_TRIM)
        return named[ID] or None, list(re.split(BETWEEN, held)) if held else None


class JsonlReader(LineReader):
    """JSON lines: {"id": …, "skills": [IRI, …]}; other keys are passed over, whole numbers as ids become text."""

    _kinds = (pa.string(), pa.int64())

    def start(self, lines: list[bytes]) -> int:
        """See whether any of the first lines has both keys."""
        found: list[str] = []
        for line in lines:
            try:
                one = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(one, dict):
                if ID in one and SKILLS in one:
                    return 0
                found = found or list(one)
        if not any(line.strip() for line in lines):
            return 0
        shown = ", ".join(found)[:500] or "none"
        raise SourceError(
            f"none of the first {len(lines):,} lines is an object with id and skills; keys found: {shown}",
            where=self.where,
            advice=f"{EXPECTED}, one JSON object per line.",
        )

    def fast(self, text: bytes, rows: int) -> tuple[pa.Array, pa.Array] | None:
        """Parse by pyarrow, with the type of id that held last."""
        for kind in self._kinds:
            options = pyarrow.json.ParseOptions(
                explicit_schema=pa.schema({ID: kind, SKILLS: _LISTS}), unexpected_field_behavior="ignore"
            )
            try:
                table = pyarrow.json.read_json(io.BytesIO(text), parse_options=options)
            except pa.ArrowException:
                continue
            if table.num_rows == rows:
                self._kinds = (kind, *(other for other in JsonlReader._kinds if other != kind))
                return table[ID].combine_chunks().cast(pa.string()), table[SKILLS].combine_chunks()
        return None

    def slow(self, line: str) -> tuple[str | None, list[str | None] | None]:
        """Parse by the standard library."""
        try:
            one = json.loads(line)
        except RecursionError as error:
            raise ValueError("broken JSON: nested too deeply") from error
        except ValueError as error:
            raise ValueError(f"broken JSON: {error}") from error
        if not isinstance(one, dict):
            raise ValueError("no JSON object")
        name, held = one.get(ID), one.get(SKILLS)
        if not isinstance(name, str | int | None) or isinstance(name, bool):
            raise ValueError(f"id is {_KINDS[type(name)]}")
        if not isinstance(held, list | None):
            raise ValueError(f"skills is {_KINDS.get(type(held), 'text')}, not a list")
        if wrong := next((skill for skill in held or () if not isinstance(skill, str | None)), None):
            raise ValueError(f"skills holds {_KINDS[type(wrong)]}")
        _check_text(str(name), *(skill or "" for skill in held or ()))
        return None if name is None else str(name), held


def _split(cells: pa.Array) -> pa.Array:
    """Split cells into lists; an empty one is None."""
    trimmed = pc.utf8_trim(cells, _TRIM)
    return pc.split_pattern_regex(pc.if_else(pc.equal(trimmed, ""), None, trimmed), BETWEEN)


def _check_text(*texts: str) -> None:
    """Refuse lone surrogates, which JSON can spell but no output can hold."""
    for text in texts:
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValueError("a text that is no Unicode (half of a surrogate pair)") from error
