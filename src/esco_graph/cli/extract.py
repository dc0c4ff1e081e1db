"""esco-graph extract: the skills and occupations that a text names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import embed_option, format_option, graph_options, lang_option, open_graph
from esco_graph.cli.output import print_json, say, say_aside, show_rows
from esco_graph.cli.progress import vectors_bar

if TYPE_CHECKING:
    from esco_graph.phrases.extract import Found

LARGEST = 5_000_000
"""Bytes of the largest file."""
COLUMNS = ("line", "start", "end", "text", "kind", "label", "score", "how", "also", "concept")
_ADVICE = {
    b"%PDF": ("a PDF", "Make text of it first, for example: pdftotext -layout FILE - | esco-graph extract -"),
    b"PK\x03\x04": (
        "a DOCX, ODT, XLSX or ZIP file",
        "Make text of it first, for example: pandoc -t plain FILE | esco-graph extract -",
    ),
    b"\xd0\xcf\x11\xe0": ("an old Word file", "Save it as text first."),
    b"{\\rtf": ("an RTF file", "Save it as text first."),
}  # how a file begins: what it is, and what to do
_CONTROLS = bytes({*range(32)} - {*b"\t\n\v\f\r\x1b"})  # no text of a code page holds these
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


@click.command
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--kind", type=click.Choice(["skill", "occupation", "both"]), default="both", show_default=True)
@click.option("--threshold", type=click.FloatRange(0, 1), default=None, help="Least score, 0 to 1. [default: 0.82]")
@click.option("--html/--no-html", "as_html", default=None, help="Read as an HTML page. [default: as it looks]")
@click.option("--marked", is_flag=True, help="Show the text with the places marked, and the concepts below it.")
@embed_option
@format_option
@lang_option
@graph_options
def extract(
    file: Path,
    kind: str,
    threshold: float | None,
    as_html: bool | None,
    marked: bool,
    embed: str,
    format_: str,
    lang: str,
    **options: Any,
) -> None:
    """Find the skills and occupations in FILE: a job ad or a CV as text, Markdown or HTML; - reads from a pipe.

    First every label of ESCO is looked for, inflected and in any order of its words, then places that hold most of a
    label. Of places that overlap, the best and longest stays. With the extra [embed], clauses in which nothing was
    found are compared with the skills by sentence vectors. Start and end count characters of the text as given (a byte
    order mark not counted). how is label, inflected, other order, near or meaning; also names the concepts that the
    words mean just as well.

    There is no trained model in it: take the answers as suggestions. Measured on 12 short English ads and CVs (81
    places, written and annotated by the authors of this program, so by no outsider): precision .75, recall .57, F1 .65
    (95 %: .54 to .74), with vectors .72, .60 and .66; labels looked up as they stand have F1 .60. Real ads are harder:
    on 326 public sentences of ads (TECHWOLF) F1 is .26, with vectors .29. The default threshold was chosen on 12 other
    ads; a lower one finds more and is wrong more often. See benchmarks/extract.py.

    \b
    Examples:
      esco-graph extract ad.txt
      esco-graph extract cv.md --threshold 0.6 --format json
      esco-graph extract ad.html --marked --kind skill
      pdftotext ad.pdf - | esco-graph extract -
    """
    from esco_graph.phrases import extract as extracting
    from esco_graph.phrases.markup import is_html
    from esco_graph.phrases.understand import KINDS

    text = read_text(file, lang)
    least = extracting.THRESHOLD if threshold is None else threshold
    kinds = KINDS if kind == "both" else (kind,)
    page = is_html(text) or file.suffix.lower() in (".html", ".htm") if as_html is None else as_html
    asked: dict[str, Any] = {"lang": lang, "threshold": least, "kinds": kinds, "as_html": page, "embed": embed}
    with vectors_bar("vectors") as progress:
        found = extracting.extract(text, open_graph(options), **asked, progress=progress)
    if marked:
        show_marked(text, found)
    elif format_ == "json":
        print_json([_json(one) for one in found])
    else:
        show_rows(COLUMNS, [_row(one) for one in found], format_, spared=("concept", "start", "end", "kind"))
    if not found:
        empty = "There is no text." if not text.strip() else ""
        say_aside(empty or "Nothing is named clearly enough; a lower --threshold shows more.")


def read_text(file: Path, lang: str = "") -> str:
    """Read a text file as it is, line ends included; without Unicode by the code page that fits, which is said.

    Raises SourceError for what is no text, with advice.
    """
    from esco_graph.errors import SourceError

    data = sys.stdin.buffer.read(LARGEST + 1) if str(file) == "-" else _bytes(file)
    for start, (what, advice) in _ADVICE.items():
        if data.startswith(start):
            raise SourceError(f"this is {what}, not text", where=str(file), advice=advice)
    if len(data) > LARGEST:
        raise SourceError(f"more than {LARGEST:,} bytes are no job ad", where=str(file), advice="Split the file.")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if len(data.translate(None, _CONTROLS)) < len(data):
            raise SourceError("this is not text", where=str(file), advice="Give text, Markdown or HTML.") from error
    return _in_code_page(data, file, lang)


def _in_code_page(data: bytes, file: Path, lang: str) -> str:
    from esco_graph.sources.code_page import code_page

    page = code_page(data, lang)
    say_aside(f"{file}: this is not Unicode; it is read as {page}.")
    return data.decode(page, errors="replace")


def _bytes(file: Path) -> bytes:
    with file.open("rb") as source:
        return source.read(LARGEST + 1)


def _row(one: Found) -> list[Any]:
    first, *others = one.candidates
    also = "; ".join(other.label for other in others if other.score == first.score)
    return [one.line, one.start, one.end, one.text, one.kind, first.label, one.score, one.how, also, first.iri]


def _json(one: Found) -> dict[str, Any]:
    return {
        "line": one.line,
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "kind": one.kind,
        "score": one.score,
        "how": one.how,
        "ambiguous": one.ambiguous,
        "candidates": [
            {"iri": c.iri, "label": c.label, "code": c.code, "score": c.score, "reasons": list(c.reasons)}
            for c in one.candidates
        ],
    }


def show_marked(text: str, found: list[Found]) -> None:
    """Print the text with a number behind each place, and what the numbers mean."""
    from esco_graph.sparql import printable

    at, parts = 0, []
    for number, one in enumerate(found, 1):
        shown = click.style(_lines(one.text), fg="green" if one.kind == "skill" else "cyan", underline=True)
        parts += [_lines(text[at : one.start]), f"[{shown}]({number})"]
        at = one.end
    say("".join([*parts, _lines(text[at:])]).rstrip() + "\n")
    for number, one in enumerate(found, 1):
        also = sum(other.score == one.candidates[0].score for other in one.candidates[1:])
        ambiguous = f", and {also} more fit as well" if also else ""
        label = printable(one.candidates[0].label)
        say(f"({number}) {label} [{one.kind} {one.score:.2f} {one.how}{ambiguous}] {one.candidates[0].iri}")


def _lines(text: str) -> str:
    from esco_graph.sparql import printable

    return "\n".join(map(printable, text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))
