"""Read one CSV file of an ESCO download row by row, with line numbers and errors that name them."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, cast

from esco_graph.errors import SourceError
from esco_graph.sources.archive import Member

# A row of many cells takes far more memory than its text, so rows have a limit. The longest official one, with
# conceptSchemes.hasTopConcept, has about 0.9 MB, which is more than Python's default limit of a cell.
MAX_ROW = 4 * 1024 * 1024  # bytes

REQUIRED: dict[str, tuple[str, ...]] = {
    "occupations": ("conceptUri", "iscoGroup", "preferredLabel", "altLabels"),
    "skills": ("conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels"),
    "ISCOGroups": ("conceptUri", "code", "preferredLabel"),
    "skillGroups": ("conceptUri", "preferredLabel"),
    "conceptSchemes": ("conceptSchemeUri", "preferredLabel", "hasTopConcept"),
    "occupationSkillRelations": ("occupationUri", "relationType", "skillUri"),
    "skillSkillRelations": ("originalSkillUri", "relationType", "relatedSkillUri"),
    "broaderRelationsOccPillar": ("conceptUri", "broaderUri"),
    "broaderRelationsSkillPillar": ("conceptUri", "broaderUri"),
    "skillsHierarchy": ("Level 0 URI", "Level 0 code"),
    "greenShareOcc": ("conceptUri", "greenShare"),
}
COLLECTION = ("conceptUri",)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its cells by column, and where it stands."""

    cells: dict[str, str]
    file: str
    number: int

    def __getitem__(self, column: str) -> str:
        """Give a cell, "" when the file has no such column."""
        return self.cells.get(column, "")

    @property
    def where(self) -> str:
        """Give file:line, for messages."""
        return f"{self.file}:{self.number}"


class _Bounded(io.BufferedIOBase):
    """The bytes of a file; more than MAX_ROW between two resets of `spent` are refused."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.spent = 0

    def readable(self) -> bool:
        return True

    def read1(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self.spent += len(block)
        if self.spent > MAX_ROW:
            raise csv.Error("it is longer than any row of an ESCO download")
        return block


def read_rows(member: Member) -> Iterator[tuple[int, list[str]]]:
    """Give (line number, cells) of each row of one file, the header first.

    Raises SourceError with file:line for a missing column, a row of another length, a wrong encoding or a broken row.
    """
    csv.field_size_limit(MAX_ROW)
    with member.open() as stream:
        bounded = _Bounded(stream)
        reader = csv.reader(io.TextIOWrapper(cast("IO[bytes]", bounded), encoding="utf-8-sig", newline=""), strict=True)
        start, width = 1, 0
        try:
            for cells in reader:
                width = width or _check_header(member, cells)
                if len(cells) != width and not _may_differ(member, cells, width):
                    raise _bad_width(member, start, len(cells), width)
                if cells:
                    yield start, cells
                start = reader.line_num + 1
                bounded.spent = 0
        except UnicodeDecodeError as error:
            raise SourceError(
                f"the text is not UTF-8 (byte 0x{error.object[error.start]:02x})",
                where=f"{member.name}:{_undecodable_line(member)}",
                advice="Use the file as downloaded; a spreadsheet program may have saved it in another encoding.",
            ) from error
        except csv.Error as error:
            raise SourceError(
                f"this is not a CSV row ({error})", where=f"{member.name}:{start}", advice="Download the file again."
            ) from error
    if not width:
        raise SourceError("the file is empty", where=member.name, advice="Download it again.")


def _undecodable_line(member: Member) -> int:
    """Find the first line that is not UTF-8; the text layer decodes ahead of the row that is being read."""
    decoder, number = codecs.getincrementaldecoder("utf-8")(), 1
    with member.open() as stream:
        while block := stream.readline(MAX_ROW):
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                break
            number += block.endswith(b"\n")
    return number


def read_lines(member: Member) -> Iterator[Line]:
    """Give the rows of one file as lines with named cells."""
    rows = read_rows(member)
    header = [column.strip() for column in next(rows)[1]]
    for number, cells in rows:
        yield Line(dict(zip(header, cells, strict=False)), member.name, number)


def _check_header(member: Member, cells: list[str]) -> int:
    header = {column.strip() for column in cells}
    missing = [column for column in REQUIRED.get(member.table, COLLECTION) if column not in header]
    if missing:
        raise SourceError(
            f"column {', '.join(missing)} is missing; the header has {', '.join(cells)[:300]}",
            where=f"{member.name}:1",
            advice="Use the file as the ESCO portal gives it.",
        )
    return len(cells)


def _may_differ(member: Member, cells: list[str], width: int) -> bool:
    """Say whether a row may have another length: blank ones, and skillsHierarchy leaves out empty cells at the end."""
    return not cells or (member.table == "skillsHierarchy" and len(cells) < width)


def _bad_width(member: Member, number: int, found: int, expected: int) -> SourceError:
    return SourceError(
        f"the row has {found} cells, the header has {expected}",
        where=f"{member.name}:{number}",
        advice="Download the file again, or repair this row.",
    )
