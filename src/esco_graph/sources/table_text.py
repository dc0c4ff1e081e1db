r"""Tables as text: encoding, separator, rows with their line numbers; also of files that Excel or a hand has bent.

Rows are read one by one, so a table of any length needs little memory. The code page of a file that is not Unicode is
found by the letters that a language has, and the language by the page; what was found is said, and can be told instead.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from esco_graph.errors import SourceError
from esco_graph.sources.code_page import code_page

SAMPLE = 1 << 18  # bytes that are looked at before the rows are read
LONGEST_LINE = 100_000  # characters; csv itself stops at 131,072
LONGEST_RECORD = 400  # lines of one row with line ends in its cells; a longer one is a quote that was never closed
SEPARATORS = (",", ";", "\t", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "a Parquet file"),
    (b"PK\x03\x04", "a zip archive"),
)
_PAGE = re.compile(r"\s*(?:<!doctype html|<html|<head|<table)", re.IGNORECASE)
_SEP_LINE = re.compile(r'\s*"?sep=(.)"?\s*$')

LooksWhole = Callable[[list[str]], bool]


@dataclass(frozen=True)
class TextForm:
    """How a table is written: its encoding, whether that was guessed (not Unicode), and the character between cells.

    `tail` is another separator that stands after every line, as where a table was packed into one column of a sheet.
    """

    encoding: str
    guessed: bool
    separator: str
    sep_line: bool = False
    tail: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins on, its cells, and what was done to read it.

    `repair` is "" or "unpacked" (the whole row stood in one quoted cell) or "quotes" (a quote was in a wrong place).
    """

    line: int
    cells: list[str]
    repair: str = ""


def check_file(path: Path) -> None:
    """Raise SourceError when a path is no file that can be read: absent, a folder, not permitted, a name too long."""
    try:
        if path.is_dir():
            raise SourceError("this is a folder, not a file", where=str(path), advice="Name the file in it.")
        if not path.exists():
            raise SourceError("no such file", where=str(path), advice="Check the path.")
        with path.open("rb"):
            return
    except OSError as error:
        raise SourceError(f"the file cannot be read ({error.strerror or error})", where=str(path)) from error


def text_form(path: Path, *, encoding: str | None = None, separator: str | None = None, lang: str = "") -> TextForm:
    """Find out how a table is written; what is given is taken as it is.

    `lang` (BCP 47) helps to tell the code pages apart. Raises SourceError for a file that is no text, is empty, or is
    not in the encoding given.
    """
    check_file(path)
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    _refuse_binary(head, path)
    found = encoding or _unicode_of(path, head)
    try:
        name = found or code_page(head, lang)
        text = codecs.getincrementaldecoder(name)("strict" if encoding else "replace").decode(head)
    except LookupError as error:
        raise SourceError(f"there is no encoding {encoding!r}", advice="Use a name such as utf-8 or cp1250.") from error
    except UnicodeError as error:
        raise SourceError(
            f"this is not in {encoding}: {error}", where=str(path), advice="Leave out --encoding."
        ) from error
    if _PAGE.match(text):
        raise SourceError("this is a web page, not a table", where=str(path), advice="Save the table itself as CSV.")
    if not text.strip("\ufeff\x00 \t\r\n,;"):
        raise SourceError("the file is empty", where=str(path), advice="Give a table with a heading and rows.")
    told = _SEP_LINE.match(text.lstrip("\ufeff").split("\n", 1)[0].rstrip("\r"))
    between = separator or (told[1] if told else _separator(text))
    return TextForm(name, found is None, between, told is not None, _tail(text, between))


def read_table(path: Path, form: TextForm, looks_whole: LooksWhole | None = None) -> Iterator[Row]:
    """Read the rows of a table one by one; blank lines give rows without cells.

    `looks_whole` says of the cells of one line that they are a row for sure: it ends a row that a stray quote made
    run on, and lets a row that stands in one cell be unpacked. Raises SourceError for bytes that are not text in the
    encoding, when nothing stands in for them.
    """
    known = looks_whole or (lambda cells: False)  # noqa: ARG005 - the signature of LooksWhole
    with path.open(encoding=form.encoding, newline="", errors="replace") as file:
        yield from _Reader(file, form, known).rows()


class _Reader:
    """Cut lines into rows, looking at no more than one row at a time."""

    def __init__(self, file: TextIO, form: TextForm, looks_whole: LooksWhole) -> None:
        self.file, self.form, self.looks_whole = file, form, looks_whole
        self.line = 0  # number of the last line taken
        self.taken: list[str] = []  # lines of the row being read
        self.back: list[str] = []  # lines given back, the next one last
        self.stopped = False
        self.ended = False

    def rows(self) -> Iterator[Row]:
        if self.form.sep_line:
            next(self._next(), None)
        while not self.ended:
            self.stopped = False
            for cells in csv.reader(self._next(), delimiter=self.form.separator):
                yield from self._made(cells)
                self.taken = []
                if self.stopped:
                    break
            else:
                if not self.stopped and not self.back:
                    self.ended = True

    def _next(self) -> Iterator[str]:
        """Hand out lines; a row that runs on over a line that is a row itself gets no more."""
        while True:
            line = self.back.pop() if self.back else self.file.readline(LONGEST_LINE)
            if not line:
                return
            if self.taken and self._runs_away(line):
                self.back.append(line)
                self.stopped = True
                return
            self.taken.append(line)
            self.line += 1
            yield self._plain(line)

    def _runs_away(self, line: str) -> bool:
        too_long = len(self.taken) >= LONGEST_RECORD or sum(map(len, self.taken)) + len(line) > LONGEST_LINE
        return too_long or self.looks_whole(self._cells(line))

    def _cells(self, line: str) -> list[str]:
        """Cut one line alone, as csv does."""
        return next(csv.reader(self._plain(line).splitlines(keepends=True), delimiter=self.form.separator), [])

    def _plain(self, line: str) -> str:
        """Take out null characters, and what stands after every line."""
        text = line.replace("\x00", "")
        if not self.form.tail:
            return text
        end = text[len(text.rstrip("\r\n")) :]
        return text.rstrip("\r\n").rstrip(self.form.tail) + end

    def _made(self, cells: list[str]) -> Iterator[Row]:
        """Give the row of the lines taken; where a stray quote made it run on, its first line alone."""
        first = self.line - len(self.taken) + 1
        if not self.stopped:
            yield self._unpacked(first, cells)
            return
        for line in reversed(self.taken[1:]):
            self.back.append(line)
            self.line -= 1
        yield Row(first, split_loosely(self._plain(self.taken[0]), self.form.separator), "quotes")

    def _unpacked(self, line: int, cells: list[str]) -> Row:
        filled = [cell for cell in cells if cell]
        if not filled:
            return Row(line, [])
        if len(filled) == 1 and self.form.separator in filled[0] and not self.looks_whole(cells):
            inner = self._cells(filled[0])
            if self.looks_whole(inner):
                return Row(line, inner, "unpacked")
        elif '"' in self.taken[0] and not self.looks_whole(cells):
            loose = split_loosely("".join(map(self._plain, self.taken)), self.form.separator)
            if self.looks_whole(loose):
                return Row(line, loose, "quotes")
        return Row(line, cells)


def split_loosely(line: str, separator: str) -> list[str]:
    r"""Cut a line whose quotes are wrong: a quoted cell ends at the first quote that a separator follows.

    >>> split_loosely('1,"TruTops (tools)"",skos:closeMatch,\n', ",")
    ['1', 'TruTops (tools)', 'skos:closeMatch', '']
    >>> split_loosely('1,"a ""b"" c",2', ",")
    ['1', 'a "b" c', '2']
    >>> split_loosely('1,"never closed,2,x', ",")
    ['1', 'never closed', '2', 'x']
    """
    rest = line.rstrip("\r\n")
    cells: list[str] = []
    while True:
        closed = rest.find('"' + separator, 1) + 1
        quoted = rest.startswith('"') and bool(closed or rest.endswith('"'))
        end = closed if quoted else rest.find(separator)
        last = end <= 0 if quoted else end < 0
        cell = rest if last else rest[:end]
        cells.append(cell.strip().strip('"').replace('""', '"') if quoted else cell.removeprefix('"'))
        if last:
            return cells
        rest = rest[end + len(separator) :]


def _refuse_binary(head: bytes, path: Path) -> None:
    for start, what in _BINARY:
        if head.startswith(start):
            raise SourceError(f"this is {what}, not a table", where=str(path), advice="Export the table as CSV.")
    if not head.strip():
        raise SourceError("the file is empty", where=str(path), advice="Give a table with a heading and rows.")
    bom = any(head.startswith(mark) for mark, _ in _BOMS)
    odd = sum(head.count(bytes([code])) for code in (*range(1, 9), *range(14, 27), *range(28, 32)))
    if not bom and odd > len(head) // 50:
        raise SourceError("this is not text", where=str(path), advice="Export the table as CSV in UTF-8.")


def _unicode_of(path: Path, head: bytes) -> str | None:
    """Give the Unicode encoding of a file, or None when it has none."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    even, odd = head[0:2000:2].count(0), head[1:2000:2].count(0)
    half = len(head[:2000]) // 2
    if max(even, odd) > half * 0.6:
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8" if _is_utf8(path) else None


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _separator(text: str) -> str:
    """Choose the separator by which most rows have one width; more cells win over fewer."""
    lines = [line for line in text.splitlines()[:400] if line.strip()]
    lines = lines[:-1] or lines  # the last one may be cut
    return max(SEPARATORS, key=lambda separator: (_evenness(lines, separator), -SEPARATORS.index(separator)))


def _tail(text: str, separator: str) -> str:
    """Give the separator, not that of the cells, with which nearly every line ends; "" when there is none."""
    lines = [line for line in text.splitlines()[:400] if line.strip()]
    lines = lines[:-1] or lines
    counts = {one: sum(line.endswith(one) for line in lines) for one in SEPARATORS if one != separator}
    return next((one for one, number in counts.items() if number > 0.9 * len(lines)), "")


def _evenness(lines: list[str], separator: str) -> int:
    """Count IRIs and relations that are whole cells, ten each, and the lines of the commonest width above one."""
    widths: dict[int, int] = {}
    whole = 0
    for line in lines:
        cells = next(csv.reader([line], delimiter=separator), [])
        whole += sum(bool(_WHOLE.fullmatch(cell.strip())) for cell in cells)
        if len(cells) > 1:
            widths[len(cells)] = widths.get(len(cells), 0) + 1
    return 10 * whole + max(widths.values(), default=0)


_WHOLE = re.compile(r"https?://[^\s,;|]+|(?:skos:)?(?:exact|close|broad|narrow|related) ?match", re.IGNORECASE)
