"""What can be wrong with a row of a mapping table, in words with advice, and the side file of the rows left out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

REASONS = {
    "half-row": "a concept or the relation is missing",
    "width": "the number of cells is not that of the heading",
    "relation": "the relation is not known",
    "esco-iri": "this is not the IRI of a concept of ESCO",
    "code": "this is not a code of the classification",
    "excel-date": "a spreadsheet made this code into a date",
    "excel-number": "a spreadsheet made this code into a rounded number",
    "duplicate": "the same mapping stands in an earlier row",
    "heading-again": "the heading stands here once more",
    "value": "a value is not what SSSOM allows there",
}
"""Why a row is left out, by the code of the fault."""

ADVICE = {
    "half-row": "Fill in the cell, or write 'no relation' where there is none.",
    "width": "Put quotes around cells that hold the separator.",
    "relation": "Use skos:exactMatch, closeMatch, broadMatch, narrowMatch or relatedMatch.",
    "esco-iri": "Give the IRI of the concept, such as http://data.europa.eu/esco/occupation/….",
    "code": "Check the code, or name another classification with --taxonomy.",
    "excel-date": "Format the column as text before the codes are pasted, and export again.",
    "excel-number": "Format the column as text before the codes are pasted, and export again.",
}

REPAIRS = {
    "unpacked": "the whole row stood in one cell; it was taken apart",
    "quotes": "a quote stood in the wrong place; the row was read without it",
    "several": "a cell named several concepts; there is a row for each",
    "joined": "a label with a separator in it was put together again",
    "relation": "the relation was spelt wrong and could be told",
    "html": "mark-up was taken out of a label",
    "letters": "letters that two encodings had spoilt were restored",
    "lost": "a letter was lost before the file came here (\ufffd stands for it)",
    "zeros": "a leading zero that a spreadsheet took was put back",
    "code": "the code was written in the form of its classification",
    "odd-code": "the code has not the form of its classification; it is kept as it is written",
    "esco-iri": "the concept of ESCO was written in another form than its IRI",
}
"""What was put right in a row that is kept, by the code of the repair."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is left out: its line, the code of REASONS, what is wrong in words, and its cells as they were."""

    line: int
    code: str
    message: str
    cells: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Give one readable line.

        >>> str(Fault(7, "relation", "the relation is not known: 'abc'"))
        "line 7: the relation is not known: 'abc'"
        """
        return f"line {self.line}: {self.message}"


def fault(line: int, code: str, cells: Sequence[str], detail: str = "") -> Fault:
    """Make a fault; `detail` is the text that is wrong."""
    shown = f": {detail[:80]!r}" if detail else ""
    return Fault(line, code, REASONS[code] + shown, tuple(cells))


def by_code(faults: Iterable[Fault]) -> dict[str, list[Fault]]:
    """Group faults by their code, in the order of REASONS."""
    groups: dict[str, list[Fault]] = {code: [] for code in REASONS}
    for one in faults:
        groups.setdefault(one.code, []).append(one)
    return {code: group for code, group in groups.items() if group}


def rejected_path(path: Path, content: bytes = b"") -> Path:
    """Name the side file of a table: beside it, and never one that is there with other content.

    >>> rejected_path(Path("/nowhere/PL_mapping.csv")).name
    'PL_mapping.rejected.csv'
    """
    name = f"{path.stem}.rejected"
    free = path.with_name(f"{name}.csv")
    number = 2
    while free.exists() and not (free.is_file() and free.read_bytes() == content):
        free = path.with_name(f"{name}-{number}.csv")
        number += 1
    return free


def rejected_bytes(faults: Sequence[Fault], names: Sequence[str], source: str) -> bytes:
    """Write the rows left out as CSV: file, line, fault, reason, advice, then the cells as they were.

    >>> rejected_bytes([Fault(7, "half-row", "x", ("a",))], ["id"], "t.csv").decode("utf-8-sig").splitlines()[0]
    'file,line,fault,reason,advice,id'
    """
    width = max([len(names), *(len(one.cells) for one in faults)])
    heads = [name or f"column {at}" for at, name in enumerate([*names, *[""] * (width - len(names))], 1)]
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(["file", "line", "fault", "reason", "advice", *heads])
    for one in faults:
        rows.writerow([source, one.line, one.code, one.message, ADVICE.get(one.code, ""), *one.cells])
    return text.getvalue().encode("utf-8-sig")  # the mark lets Excel read UTF-8
