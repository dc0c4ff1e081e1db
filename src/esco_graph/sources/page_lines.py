"""Bytes of an occupation page -> numbered lines: decoding, HTML, bullets, marked headings. Nothing is fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from esco_graph.errors import SourceError
from esco_graph.sources.text import clean

MAX_BYTES = 10 * 1024 * 1024
MAX_LINES = 50_000  # also the most tags
MAX_OPEN = 100  # constructs that are never closed: html.parser takes the square of the time on them

_LINE_END = re.compile(r"\r\n|\r|\n")
_BULLET = re.compile(r"(?P<mark>[•‣▪▫◦●○■·*+–—-])\s+(?=\S)")
_MARKDOWN_HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<text>[^#\s].*)$")
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->)\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_CHARSET = re.compile(rb"""<meta\b[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)

# What a page may declare, read as the WHATWG Encoding Standard says (so latin-1 means windows-1252).
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-2": "iso8859-2",
    "iso-8859-15": "iso8859-15",
    "windows-1250": "cp1250",
}
_BINARY = {b"%PDF": "a PDF file", b"PK\x03\x04": "a zip archive or office document", b"\x89PNG": "a picture"}


@dataclass(frozen=True)
class Line:
    """One line of text with its number in the source (from 1).

    `bullet` is the list mark it began with, or ":" for what stands beside a term (`<dd>`) or in a later cell of a row;
    `level` is 1 to 6 for a marked heading (`<h2>`, `##`) and 0 otherwise; `gap` says that a blank line stands before;
    `inside` says that it stands in the same `<li>` as the line before.
    """

    number: int
    text: str
    bullet: str = ""
    level: int = 0
    gap: bool = False
    inside: bool = field(default=False, repr=False)


@dataclass(frozen=True)
class Lines:
    """The lines of a page that are not blank; `title` is what `<title>` says, `lang` what `<html lang>` says."""

    lines: tuple[Line, ...]
    title: str = ""
    lang: str = ""


def read_lines(path: Path) -> tuple[Lines, bytes]:
    """Read a text or HTML file; give its lines and its bytes.

    Raises SourceError when the file cannot be read, is empty, larger than 10 MiB, binary or not in its encoding.
    """
    data = _read_bytes(path)
    text = _decode(data, path)
    is_html = _HTML_START.match(text) or path.suffix.lower() in (".html", ".htm", ".xhtml")
    fault = _html_fault(text) if is_html else ""
    if fault or len(_LINE_END.findall(text)) > MAX_LINES:
        what = fault or f"the page has more than {MAX_LINES:,} lines"
        raise SourceError(what, where=str(path), advice="An occupation page has a few hundred lines; is this another?")
    return (html_lines(text) if is_html else text_lines(text)), data


def text_lines(text: str) -> Lines:
    r"""Cut plain text into lines; `•` and `-` bullets and `#` headings are told apart from the words.

    >>> [(line.number, line.bullet, line.text) for line in text_lines("Cook\n\n  • chef").lines]
    [(1, '', 'Cook'), (3, '•', 'chef')]
    """
    lines = []
    gap = False
    for number, raw in enumerate(_LINE_END.split(text), start=1):
        line = _line(number, raw, gap=gap)
        gap = line is None
        if line is not None:
            lines.append(line)
    return Lines(tuple(lines))


def html_lines(text: str) -> Lines:
    """Reduce HTML to the lines that a reader sees, with line numbers of the HTML source.

    >>> html_lines("<h1>Cook</h1><ul><li>chef</ul>").lines[1]
    Line(number=1, text='chef', bullet='•', level=0, gap=False)
    """
    reader = _HtmlReader()
    reader.feed(text)
    reader.close()
    reader.end_line()
    return Lines(tuple(reader.lines), " ".join(clean("".join(reader.title)).split()), reader.lang)


def _html_fault(text: str) -> str:
    if text.count("<") > MAX_LINES:
        return f"the page has more than {MAX_LINES:,} tags"
    still_open = (text.count("<") - text.count(">"), text.count("<!--") - text.count("-->"), text.count("<!["))
    return "the HTML is broken: many tags or comments are not closed" if max(still_open) > MAX_OPEN else ""


def _line(number: int, raw: str, *, gap: bool) -> Line | None:
    # Bold marks of Markdown carry no meaning here; underscores may belong to a name.
    text = " ".join(clean(raw).replace("**", "").split())
    heading = _MARKDOWN_HEADING.match(text)
    if heading:
        return Line(number, heading["text"].rstrip("# "), level=len(heading["marks"]), gap=gap)
    bullet = _BULLET.match(text)
    if bullet:
        return Line(number, text[bullet.end() :], bullet=bullet["mark"], gap=gap)
    return Line(number, text, gap=gap) if text else None


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(
            f"the page cannot be read: {error.strerror}", where=str(path), advice="Name one readable text or HTML file."
        ) from error
    if len(data) > MAX_BYTES:
        raise SourceError(
            "the page is larger than 10 MiB",
            where=str(path),
            advice="An occupation page is a few kilobytes of text or HTML; is this another file?",
        )
    if not data.strip():
        raise SourceError("the page is empty", where=str(path))
    return data


def _decode(data: bytes, path: Path) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode_as(data, "utf-16", path)
    for start, kind in _BINARY.items():
        if data.startswith(start):
            raise SourceError(f"this is {kind}, not a page", where=str(path), advice="Save the page as text or HTML.")
    if b"\x00" in data:
        where = f"{path}: byte {data.index(0)}"
        raise SourceError("this is a binary file, not a page", where=where, advice="Save the page as text or HTML.")
    return _decode_as(data, "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else _declared(data), path)


def _declared(data: bytes) -> str:
    charset = _CHARSET.search(data[:4096])
    return _ENCODINGS.get(charset[1].decode("ascii").lower(), "utf-8") if charset else "utf-8"


def _decode_as(data: bytes, encoding: str, path: Path) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SourceError(
            f"byte 0x{data[error.start]:02x} is not {encoding.removesuffix('-sig')} text",
            where=f"{path}:{line}: byte {error.start}",
            advice="Save the page as UTF-8, for example with: iconv -f WINDOWS-1252 -t UTF-8 PAGE > PAGE.utf8.txt",
        ) from error


_UNSEEN = re.compile("script|style|noscript|template|svg|math|nav|button|select|textarea|iframe|object")
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|br|caption|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|"
    "header|hr|legend|li|main|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)


@dataclass
class _Open:
    """The line that is being put together."""

    number: int = 0
    parts: list[str] = field(default_factory=list)
    bullet: str = ""
    level: int = 0


class _HtmlReader(HTMLParser):
    """Collects lines; a block tag ends a line, an inline tag does not."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self.title: list[str] = []
        self.lang = ""
        self._open = _Open()
        self._unseen = ""
        self._depth = 0
        self._in_title = False
        self._in_item = False  # whether the open <li> already gave a line
        self._cells = 0  # table cells seen in the open row

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a line, a heading, a list item, or something that a reader does not see."""
        if self._unseen:
            self._depth += tag == self._unseen
        elif _UNSEEN.fullmatch(tag):
            self._unseen, self._depth = tag, 1
        elif tag == "title":
            self._in_title = True
        elif tag == "html":
            self.lang = dict(attrs).get("lang") or ""
        elif _BLOCK.fullmatch(tag):
            self._begin_block(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Treat `<br/>` as `<br>`; an empty `<svg/>` hides nothing."""
        if _BLOCK.fullmatch(tag) and not self._unseen:
            self._begin_block(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close what the tag closes."""
        if self._unseen:
            self._depth -= tag == self._unseen
            self._unseen = self._unseen if self._depth else ""
        elif tag == "title":
            self._in_title = False
        elif _BLOCK.fullmatch(tag):
            self.end_line()
            self._in_item = self._in_item and tag not in ("li", "ul", "ol")

    def handle_data(self, data: str) -> None:
        """Add words to the open line."""
        if self._unseen:
            return
        if self._in_title:
            self.title.append(data)
            return
        if not self._open.parts:
            blank = data[: len(data) - len(data.lstrip())]
            self._open.number = self.getpos()[0] + blank.count("\n")
        if self._open.parts or data.strip():
            self._open.parts.append(data)

    def end_line(self) -> None:
        """Finish the open line."""
        done, self._open = self._open, _Open()
        line = _line(done.number, " ".join("".join(done.parts).split()), gap=False)
        if line is not None:
            bullet, level = done.bullet or line.bullet, done.level or line.level
            self.lines.append(Line(line.number, line.text, bullet, level, inside=self._in_item and not bullet))
            self._in_item = self._in_item or done.bullet == "•"

    def _begin_block(self, tag: str) -> None:
        bullet = self._open.bullet if not self._open.parts else ""  # <li><p>name</p></li> is one item
        self.end_line()
        self._in_item = self._in_item and tag not in ("li", "ul", "ol")
        self._cells = 0 if tag == "tr" else self._cells + (tag == "td")
        self._open.bullet = "•" if tag == "li" else ":" if tag == "dd" or (tag == "td" and self._cells > 1) else bullet
        if re.fullmatch("h[1-6]", tag):
            self._open.level = int(tag[1])
