"""Rows for people (tables) and for programs (JSON, CSV, TSV), by one dispatch table."""

from __future__ import annotations

import csv
import io
import json
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from esco_graph.terms import compress

if TYPE_CHECKING:
    from rich.console import Console

MOST_ROWS = 1_000  # of a table on a terminal; laying out more takes long, and nobody reads them
PIPED = 200  # columns of a table that goes to a file or a program
BETWEEN = 2  # columns of the terminal between two cells
FLOORS = (16, 10, 6)  # what a text is squeezed to; below the first of them a column of IRIs is left out
LONGEST_CODE = 40  # characters; a longer word, a path for example, may be broken
TELLING = ("label", "code", "name", "title")  # how a column ends that tells what an IRI beside it means

Rows = Sequence[Sequence[Any]]


def say(text: str = "") -> None:
    """Print one line for the person."""
    click.echo(text)


def say_aside(text: str) -> None:
    """Print one line for the person that is no part of the answer."""
    click.secho(text, fg="yellow", err=True)


def quoted(path: Path) -> str:
    """Write a path as a shell takes it, to be copied."""
    from esco_graph.sparql import printable

    return printable(shlex.quote(str(path)))


def heading(text: str) -> None:
    """Print a heading, bold on a terminal."""
    click.secho(f"\n{text}", bold=True)


def show_rows(columns: Sequence[str], rows: Rows, format_: str) -> None:
    """Print rows in one of ROW_FORMATS."""
    ROW_FORMATS[format_](columns, rows)


def print_json(value: Any) -> None:
    """Print one JSON value, as itself in UTF-8."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _table(columns: Sequence[str], rows: Rows) -> None:
    from rich.console import Console

    if not rows:
        click.echo("(no rows)")
        return
    terminal = sys.stdout.isatty()
    console = Console(width=None if terminal else PIPED, highlight=False)
    shown = rows[:MOST_ROWS]
    # IRIs stand last and are never broken, so that they can be copied.
    order = sorted(range(len(columns)), key=lambda index: _holds_iris(shown, index))
    laid = [_Column.of(columns[index], [row[index] for row in shown]) for index in order]
    kept = _with_room(laid, console.width) if terminal else laid
    widths = _widths(kept, console.width)
    console.width = max(console.width, sum(widths) + BETWEEN * (len(kept) - 1))  # never less than the table needs
    click.echo(f"\n{_drawn(console, kept, widths)}\n")
    if len(kept) < len(laid):
        names = ", ".join(column.name for column in laid if column not in kept)
        say_aside(f"A wider terminal shows more: {names}.")
    if len(rows) > len(shown):
        say_aside(f"… and {len(rows) - len(shown):,} more rows; --format csv gives all of them.")


@dataclass(frozen=True, eq=False)
class _Column:
    """A column as it is laid out; `whole` cells (IRIs, numbers, codes) are never broken. Widths are in characters."""

    name: str
    cells: list[str]
    iris: bool
    number: bool
    whole: bool
    natural: int

    @classmethod
    def of(cls, name: str, values: list[Any]) -> _Column:
        from rich.cells import cell_len

        cells = [for_person(value) for value in values]
        natural = max(cell_len(line) for cell in [name, *cells] for line in cell.split("\n"))
        number = all(isinstance(value, int | float) or value is None for value in values)
        iris = _holds_iris([[value] for value in values], 0)
        code = natural <= LONGEST_CODE and not any(" " in cell or "\n" in cell for cell in cells)
        return cls(name, cells, iris, number, iris or number or code, natural)

    def least(self, floor: int) -> int:
        """Give the width below which the column is never squeezed; a header is never broken."""
        return self.natural if self.whole else max(len(self.name), min(self.natural, floor))


def _least(columns: Sequence[_Column], floor: int) -> int:
    return sum(column.least(floor) for column in columns) + BETWEEN * (len(columns) - 1)


def _with_room(columns: list[_Column], room: int) -> list[_Column]:
    """Leave out columns of IRIs, the last first, until texts have room; each needs a label or code that stays."""
    told = max(sum(column.name.endswith(end) for column in columns if not column.iris) for end in TELLING)
    kept = list(columns)
    for column in [column for column in reversed(columns) if column.iris][:told]:
        if _least(kept, FLOORS[0]) > room:
            kept.remove(column)
    return kept


def _widths(columns: Sequence[_Column], room: int) -> list[int]:
    """Give each column its width: the widest texts give way first, and none below the first of FLOORS that fits."""
    floor = next((floor for floor in FLOORS if _least(columns, floor) <= room), FLOORS[-1])
    widths = [column.natural for column in columns]
    for _ in range(sum(widths) + BETWEEN * (len(columns) - 1) - room):
        loose = [at for at, column in enumerate(columns) if widths[at] > column.least(floor)]
        if not loose:
            break
        widths[max(loose, key=lambda at: (widths[at], -at))] -= 1
    return widths


def _drawn(console: Console, columns: Sequence[_Column], widths: Sequence[int]) -> str:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, BETWEEN - 1, 0, 0))
    for column, width in zip(columns, widths, strict=True):
        justify: Literal["right", "left"] = "right" if column.number else "left"
        table.add_column(column.name, justify=justify, overflow="fold", no_wrap=column.whole, width=width)
    for cells in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*map(Text, cells))
    with console.capture() as printed:
        console.print(table)
    return "\n".join(line.rstrip() for line in printed.get().splitlines())


def _holds_iris(rows: Rows, index: int) -> bool:
    cells = [row[index] for row in rows if row[index] is not None]
    return bool(cells) and all(str(cell).startswith(("http://", "https://")) for cell in cells)


def for_person(cell: Any) -> str:
    """Write a cell of a table as a person reads it: IRIs in short, numbers to three digits."""
    from esco_graph.sparql import printable

    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:.3f}"
    text = str(cell)
    if text.startswith(("http://", "https://")):
        return compress(text)
    return "\n".join(map(printable, text.split("\n")))  # a line end stays within its cell


def _json(columns: Sequence[str], rows: Rows) -> None:
    print_json([dict(zip(columns, row, strict=True)) for row in rows])


def _separated(separator: str) -> Callable[[Sequence[str], Rows], None]:
    def show(columns: Sequence[str], rows: Rows) -> None:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=separator, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
        click.echo(text.getvalue(), nl=False)

    return show


ROW_FORMATS: dict[str, Callable[[Sequence[str], Rows], None]] = {
    "table": _table,
    "json": _json,
    "csv": _separated(","),
    "tsv": _separated("\t"),
}
