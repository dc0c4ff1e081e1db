"""Rows for people (tables) and for programs (JSON, CSV, TSV), by one dispatch table."""

from __future__ import annotations

import csv
import io
import json
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import click

from esco_graph.terms import compress

MOST_ROWS = 1_000  # of a table on a terminal; laying out more takes long, and nobody reads them

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
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        click.echo("(no rows)")
        return
    terminal = sys.stdout.isatty()
    console = Console(width=None if terminal else 200, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    shown = rows[:MOST_ROWS]
    # IRIs stand last and are never broken, so that they can be copied; on a narrow terminal the other columns give way.
    order = sorted(range(len(columns)), key=lambda index: _holds_iris(shown, index))
    for index in order:
        number = all(isinstance(row[index], int | float) or row[index] is None for row in shown)
        justify: Literal["right", "left"] = "right" if number else "left"
        table.add_column(columns[index], justify=justify, overflow="fold", no_wrap=_holds_iris(shown, index))
    for row in shown:
        table.add_row(*(Text(for_person(row[index])) for index in order))
    with console.capture() as printed:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in printed.get().splitlines()))
    if len(rows) > len(shown):
        say_aside(f"… and {len(rows) - len(shown):,} more rows; --format csv gives all of them.")


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
