"""Read people from Parquet, CSV or JSON lines, part by part; what cannot be read is kept with its row and the reason.

A part is a run of rows that is read, ranked, written and, after an interruption, skipped as one: the same file gives
the same parts. A row of a text file is a line, and its number that of the line; a row of Parquet is counted from 1.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from esco_graph.batch.people import ID, REFUSED, SKILLS, check_people
from esco_graph.errors import ParameterError, SourceError

PART_ROWS = 50_000
"""Most rows of a part: some 20 MB of people and 25 MB of matches."""
BLOCK = 16 << 20
"""Bytes of text that are read at once."""
LONGEST_LINE = 512 << 20
"""Bytes of a line beyond which a file is taken for something else than text: a line of a million skills has 80 MB."""
STDIN = "-"
ENDINGS = {".parquet": "parquet", ".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}


@dataclass(frozen=True)
class Part:
    """One run of rows: `people` with the columns id, skills and row (its number), and the rows that were unreadable.

    `done` is how far this part takes the reader, in the unit of its `total`.
    """

    people: pa.RecordBatch
    broken: pa.RecordBatch
    done: int

    @property
    def rows(self) -> int:
        """Rows of the input, readable or not."""
        return len(self.people) + len(self.broken)


class Reader(ABC):
    """People in one format. `id_kind` is the type of the ids; `total` is rows or bytes in all, 0 when unknown."""

    id_kind: pa.DataType = pa.string()

    def __init__(self, file: BinaryIO, where: str, total: int) -> None:
        """Keep the open file and its name."""
        self.file, self.where, self.total = file, where, total

    @abstractmethod
    def parts(self) -> Iterator[Part]:
        """Give the parts in order; raises SourceError for a file that is not of this format or lacks a column."""


class ParquetReader(Reader):
    """Parquet; the text of skills is read as a dictionary, so that each IRI is looked up once per part."""

    def __init__(self, file: BinaryIO, where: str, total: int) -> None:
        """Open the file and check its columns."""
        super().__init__(file, where, total)
        with _readable(where):
            plain = pq.ParquetFile(file)
            kinds = check_people(plain.schema_arrow, where)
            text = pa.types.is_string(kinds.field(SKILLS).type.value_type)
            paths = (plain.schema.column(at).path for at in range(len(plain.schema)))
            leaves = [path for path in paths if path.startswith(f"{SKILLS}.")]
            self.parquet = pq.ParquetFile(file, read_dictionary=leaves if text else None)
        self.id_kind, self.total = kinds.field(ID).type, self.parquet.metadata.num_rows

    def parts(self) -> Iterator[Part]:
        """Cut the rows into parts, whatever the row groups are."""
        row = 1
        with _readable(self.where):
            for batch in self.parquet.iter_batches(PART_ROWS, columns=[ID, SKILLS]):
                numbers = np.arange(row, row + len(batch))
                yield Part(_people(batch[ID], batch[SKILLS], numbers), broken([], []), len(batch))
                row += len(batch)


class LineReader(Reader):
    """Text with one row per line: whole blocks are parsed at once, and line by line only where a block fails."""

    @abstractmethod
    def start(self, lines: list[bytes]) -> int:
        """Look at the first lines, say how many are no rows; raises SourceError when the columns are not there."""

    @abstractmethod
    def fast(self, text: bytes, rows: int) -> tuple[pa.Array, pa.Array] | None:
        """Parse lines of UTF-8 at once to ids and skills, None when any of them is broken."""

    @abstractmethod
    def slow(self, line: str) -> tuple[str | None, list[str | None] | None]:
        """Parse one line to id and skills; raises ValueError with the reason."""

    def parts(self) -> Iterator[Part]:
        """Parse block after block."""
        number = 1
        for lines in _lines(self.file, self.where):
            skip = self.start(lines) if number == 1 else 0
            for at in range(skip, len(lines), PART_ROWS):
                piece = lines[at : at + PART_ROWS]
                yield self._part(piece, number + at, sum(map(len, piece)) + len(piece))
            number += len(lines)
        if number == 1:
            self.start([])

    def _part(self, lines: list[bytes], first: int, done: int) -> Part:
        full = [at for at, line in enumerate(lines) if line.strip()]
        rows = [lines[at] for at in full]
        numbers = np.array(full, dtype=np.int64) + first
        text = b"\n".join(rows)
        parsed = self.fast(text, len(rows)) if rows and _is_utf8(text) else None
        if parsed:
            return Part(_people(*parsed, numbers), broken([], []), done)
        return self._slowly(rows, numbers, done)

    def _slowly(self, rows: list[bytes], numbers: np.ndarray[tuple[int], np.dtype[np.int64]], done: int) -> Part:
        ids: list[str | None] = []
        skills: list[list[str | None] | None] = []
        good, bad, reasons = [], [], []
        for number, row in zip(numbers.tolist(), rows, strict=True):
            try:
                one, held = self.slow(row.decode())
            except UnicodeDecodeError:
                bad.append(number)
                reasons.append("not UTF-8")
            except ValueError as error:
                bad.append(number)
                reasons.append(str(error))
            else:
                good.append(number)
                ids.append(one)
                skills.append(held)
        people = _people(pa.array(ids, pa.string()), pa.array(skills, pa.list_(pa.string())), np.array(good, np.int64))
        return Part(people, broken(bad, reasons), done)


def broken(rows: list[int], reasons: list[str]) -> pa.RecordBatch:
    """Give rows that could not be read as the side file wants them.

    >>> broken([3], ["not UTF-8"]).to_pylist()
    [{'row': 3, 'id': None, 'outcome': 'refused', 'reason': 'not UTF-8'}]
    """
    columns = [rows, [None] * len(rows), ["refused"] * len(rows), reasons]
    return pa.RecordBatch.from_pydict(dict(zip(REFUSED.names, columns, strict=True)), schema=REFUSED)


@contextmanager
def open_people(source: str, format_: str = "") -> Iterator[Reader]:
    """Open a file of people, or "-" for standard input, in a format of READERS or by its ending.

    Raises ParameterError when the format is not known, SourceError when the file cannot be opened or lacks a column.
    """
    make = _readers()[input_format(source, format_)]
    if source == STDIN:
        with tempfile.TemporaryFile() as spool:
            if make is ParquetReader:  # its index is at the end of the file
                shutil.copyfileobj(sys.stdin.buffer, spool)
                spool.seek(0)
            yield make(spool if make is ParquetReader else sys.stdin.buffer, "standard input", 0)
        return
    path = Path(source)
    try:
        file = path.open("rb")
    except OSError as error:
        raise SourceError(
            f"cannot read: {error.strerror}", where=source, advice="Check the name of the file."
        ) from error
    with file:
        yield make(file, source, path.stat().st_size)


def input_format(source: str, format_: str = "") -> str:
    """Name the format: the one asked for, else by the ending; raises ParameterError.

    >>> input_format("people.ndjson")
    'jsonl'
    """
    found = format_ or ENDINGS.get(Path(source).suffix.lower(), "")
    if not found:
        advice = f"Name it with --input-format ({', '.join(_readers())})."
        what = "standard input has no ending" if source == STDIN else "the ending tells no format of people"
        raise ParameterError(what, where=source, advice=advice)
    return found


def _readers() -> dict[str, Callable[[BinaryIO, str, int], Reader]]:
    from esco_graph.batch.lines import CsvReader, JsonlReader

    return {"parquet": ParquetReader, "csv": CsvReader, "jsonl": JsonlReader}


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _people(ids: pa.Array, skills: pa.Array, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([ids, skills, pa.array(rows)], names=[ID, SKILLS, "row"])


def _lines(file: BinaryIO, where: str) -> Iterator[list[bytes]]:
    """Give the lines of a file in blocks, without their ends and without a byte order mark at the start."""
    rest = io.BytesIO()
    start = True
    while chunk := file.read(BLOCK):
        if start:
            chunk, start = chunk.removeprefix(b"\xef\xbb\xbf"), False
        head, end, tail = chunk.rpartition(b"\n")
        if end:
            rest.write(head)
            yield rest.getvalue().split(b"\n")
            rest = io.BytesIO()
        rest.write(tail)
        if rest.tell() > LONGEST_LINE:
            raise SourceError(
                f"a line of over {LONGEST_LINE >> 20} MB", where=where, advice="Is it text, one row per line?"
            )
    if rest.tell():
        yield rest.getvalue().split(b"\n")


@contextmanager
def _readable(where: str) -> Iterator[None]:
    """Turn what pyarrow says about a broken file into SourceError."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        said = str(error).splitlines()[0]
        raise SourceError(
            f"not readable as Parquet: {said}", where=where, advice="Is it whole, and Parquet?"
        ) from error
