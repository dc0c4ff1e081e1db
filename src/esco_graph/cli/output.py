"""Rows for people (tables) and for programs (JSON, CSV, TSV), by one dispatch table."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from esco_graph.terms import compress

Rows = Sequence[Sequence[Any]]


def say(text: str = "") -> None:
    """Print one line for the person."""
    click.echo(text)


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
    for index, column in enumerate(columns):
        number = all(isinstance(row[index], int | float) or row[index] is None for row in rows)
        table.add_column(column, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_for_person(cell)) for cell in row))
    if terminal:
        console.print(table)
        return
    with console.capture() as printed:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in printed.get().splitlines()))


def _for_person(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:.3f}"
    text = str(cell)
    return compress(text) if text.startswith(("http://", "https://")) else text


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
