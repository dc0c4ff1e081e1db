"""Rows of spreadsheets, .xlsx and .xls, one by one and within limits; every cell comes as text.

openpyxl and xlrd are an extra. A workbook is hostile until it is looked at: it may swell when unpacked, declare XML
entities, or claim a million columns.
"""

from __future__ import annotations

import datetime as dt
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from esco_graph.errors import SourceError
from esco_graph.sources.archive import zip_members
from esco_graph.sources.table_text import check_file
from esco_graph.sources.text import clean

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"  # the first bytes of .xlsx and of .xls

MAX_UNPACKED = 512 * 1024**2  # bytes of all parts; the largest published file here has 22 MB
MAX_STRINGS = 128 * 1024**2  # bytes of the table of strings, which is held in memory
MAX_PACKED = 64 * 1024**2  # bytes of an .xls, which xlrd holds in memory
MAX_COLUMNS = 256
LONGEST_CELL = 32_767  # characters, Excel's own limit

_BROKEN_XLSX = (
    zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError,
    OverflowError,
)  # fmt: skip
_BROKEN_XLS = (
    struct.error, KeyError, ValueError, TypeError, AttributeError, IndexError, AssertionError, OverflowError, EOFError,
    LookupError,
)  # fmt: skip


class SheetRow(NamedTuple):
    """One row that is not empty: the sheet it is on, its number as Excel shows it, and its cells as text."""

    sheet: str
    line: int
    cells: list[str]


def is_sheet(path: Path) -> bool:
    """Say whether a file is a workbook by its first bytes: a wrong ending is common."""
    with path.open("rb") as stream:
        return stream.read(4) in (_ZIP, _OLE)


def sheet_rows(path: Path | str, sheet: str | None = None) -> Iterator[SheetRow]:
    """Read the rows of all sheets, or of the one named, in their order; empty rows are passed over.

    Whole numbers lose Excel's `.0`, days become YYYY-MM-DD, formulas give their stored value, and of merged cells only
    the first has text. Raises SourceError for a file that cannot be read or is larger than the limits, and when the
    package that reads it is not installed.
    """
    path = Path(path)
    check_file(path)
    with path.open("rb") as stream:
        head = stream.read(4)
    if head == _ZIP:
        yield from _xlsx_rows(path, sheet)
    elif head == _OLE:
        yield from _xls_rows(path, sheet)
    else:
        raise SourceError("this is no Excel workbook", where=str(path), advice="Save it as .xlsx or .csv.")


def cell_text(value: object) -> str:
    """Give a cell as text, as a table in CSV would have it.

    >>> cell_text(2113.0), cell_text(26.1), cell_text(dt.datetime(2031, 11, 1)), cell_text(None)
    ('2113', '26.1', '2031-11-01', '')
    """
    if value is None or (isinstance(value, str) and value.startswith("#") and value.rstrip("!?").isupper()):
        return ""  # an error such as #N/A or #REF!
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return clean(str(value)[:LONGEST_CELL])


# .xlsx


def _xlsx_rows(path: Path, sheet: str | None) -> Iterator[SheetRow]:
    try:
        import openpyxl  # type: ignore[import-untyped]
    except ImportError as error:
        raise _missing("openpyxl", path) from error
    _check_parts(path)
    with path.open("rb") as stream:  # given a path, openpyxl goes by the ending
        try:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        except (*_BROKEN_XLSX, OSError, openpyxl.utils.exceptions.InvalidFileException) as error:
            raise _broken(path, error) from error
        try:
            for table in book.worksheets:
                if sheet in {None, table.title}:
                    table.reset_dimensions()  # what the file claims of its size is not believed
                    yield from _of_sheet(table, path)
        finally:
            book.close()


def _of_sheet(table: Any, path: Path) -> Iterator[SheetRow]:
    rows = table.iter_rows(values_only=True)
    line = 0
    while True:
        try:
            values = next(rows, None)
        except (*_BROKEN_XLSX, OSError) as error:
            raise _broken(path, error, f"{path}:{table.title}:{line + 1}") from error
        if values is None:
            return
        line += 1
        if cells := _trimmed(values):
            yield SheetRow(table.title, line, cells)


def _trimmed(values: Any) -> list[str]:
    """Give the cells without the empty ones at the end."""
    cells = [cell_text(value) for value in values[:MAX_COLUMNS]]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _check_parts(path: Path) -> None:
    """Refuse a workbook that swells, or whose XML declares a document type, which OOXML forbids (ECMA-376-2, 8.1.1)."""
    infos = zip_members(path, MAX_UNPACKED)
    if "[Content_Types].xml" not in {info.filename for info in infos}:
        what = "this is a zip archive, not a workbook or a table"
        raise SourceError(what, where=str(path), advice="Take the table out of it and give that.")
    strings = sum(info.file_size for info in infos if info.filename.lower().endswith("sharedstrings.xml"))
    if sum(info.file_size for info in infos) > MAX_UNPACKED or strings > MAX_STRINGS:
        what = f"the workbook unpacks to more than {MAX_UNPACKED // 1024**2} MB"
        raise SourceError(what, where=str(path), advice="Export the sheet as CSV.")
    try:
        with zipfile.ZipFile(path) as archive:
            for info in infos:
                if info.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(info) as part:
                        _refuse_doctype(part.read(1024 * 1024), f"{path}:{info.filename}")
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise _broken(path, error) from error


def _refuse_doctype(head: bytes, where: str) -> None:
    """Read the XML up to its first element; a document type must stand before that."""
    found: list[str] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: found.append("DOCTYPE")

    def stop(*_: object) -> None:
        raise StopIteration

    parser.StartElementHandler = stop
    try:
        parser.Parse(head, False)
    except StopIteration:
        pass
    except expat.ExpatError as error:
        raise SourceError(f"a part of the workbook is no XML ({error})", where=where) from error
    else:
        found.append("no element")  # a megabyte without one: nothing that a spreadsheet program writes
    if found:
        what = "the workbook holds XML with a document type, which can hide entities"
        raise SourceError(what, where=where, advice="Open it in a spreadsheet program and save it again, or as CSV.")


# .xls


def _xls_rows(path: Path, sheet: str | None) -> Iterator[SheetRow]:
    try:
        import xlrd  # type: ignore[import-untyped]
    except ImportError as error:
        raise _missing("xlrd", path) from error
    if path.stat().st_size > MAX_PACKED:
        raise SourceError(f"the workbook is larger than {MAX_PACKED // 1024**2} MB", where=str(path), advice="Use CSV.")
    try:
        book = xlrd.open_workbook(str(path), on_demand=True, ragged_rows=True, logfile=_Quiet())
        names = book.sheet_names()
    except (*_BROKEN_XLS, OSError, xlrd.XLRDError, xlrd.compdoc.CompDocError) as error:
        raise _broken(path, error) from error
    for name in names:
        if sheet in {None, name}:
            yield from _xls_sheet(book, name, path)


def _xls_sheet(book: Any, name: str, path: Path) -> Iterator[SheetRow]:
    import xlrd

    try:
        table = book.sheet_by_name(name)
        for number in range(table.nrows):
            if cells := _trimmed([_xls_value(cell, book) for cell in table.row(number)[:MAX_COLUMNS]]):
                yield SheetRow(name, number + 1, cells)
        book.unload_sheet(name)
    except (*_BROKEN_XLS, OSError, xlrd.XLRDError, xlrd.compdoc.CompDocError) as error:
        raise _broken(path, error, f"{path}:{name}") from error


def _xls_value(cell: Any, book: Any) -> object:
    """Give the value of a cell: numbers that are shown as days are days, errors are nothing."""
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError):
            return cell.value
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    return None if cell.ctype == xlrd.XL_CELL_ERROR else cell.value


class _Quiet:
    """Where xlrd writes its warnings; nobody reads them."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        """Do nothing."""


def _missing(package: str, path: Path) -> SourceError:
    what = f"reading {path.suffix.lower()} needs the package {package}"
    return SourceError(what, where=str(path), advice="Install it: pip install 'esco-graph[sheets]'.")


def _broken(path: Path, error: Exception, where: str = "") -> SourceError:
    text = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
    what = f"the workbook cannot be read ({text})"
    return SourceError(what, where=where or str(path), advice="Open it in a spreadsheet program and save it again.")
