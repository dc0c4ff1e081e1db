"""Read one CSV file of an ESCO download row by row, with line numbers and errors that name them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from esco_graph.errors import SourceError
from esco_graph.sources.archive import Member

# conceptSchemes.hasTopConcept is longer than Python's default of 131,072 characters; this bounds a cell all the same.
FIELD_LIMIT = 64 * 1024 * 1024

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


def read_rows(member: Member) -> Iterator[tuple[int, list[str]]]:
    """Give (line number, cells) of each row of one file, the header first.

    Raises SourceError with file:line for a missing column, a row of another length, a wrong encoding or a broken row.
    """
    csv.field_size_limit(FIELD_LIMIT)
    with member.open() as stream:
        reader = csv.reader(io.TextIOWrapper(stream, encoding="utf-8-sig", newline=""), strict=True)
        start, width = 1, 0
        try:
            for cells in reader:
                width = width or _check_header(member, cells)
                if len(cells) != width and not _may_differ(member, cells, width):
                    raise _bad_width(member, start, len(cells), width)
                if cells:
                    yield start, cells
                start = reader.line_num + 1
        except UnicodeDecodeError as error:
            raise SourceError(
                f"the text is not UTF-8 (byte 0x{error.object[error.start]:02x})",
                where=f"{member.name}:{start}",
                advice="Use the file as downloaded; a spreadsheet program may have saved it in another encoding.",
            ) from error
        except csv.Error as error:
            raise SourceError(
                f"this is not a CSV row ({error})", where=f"{member.name}:{start}", advice="Download the file again."
            ) from error
    if not width:
        raise SourceError("the file is empty", where=member.name, advice="Download it again.")


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
