"""Rows for people (tables) and for programs (JSON, CSV, TSV), by one dispatch table."""

from __future__ import annotations

import csv
import io
import json
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from esco_graph.cli.tables import Rows, laid_out

MOST_ROWS = 1_000  # of a table on a terminal; laying out more takes long, and nobody reads them


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


def is_file(text: str) -> bool:
    """Say whether what was typed names a file that is there."""
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # too long for a name, or no name at all
        return False


def heading(text: str) -> None:
    """Print a heading, bold on a terminal."""
    click.secho(f"\n{text}", bold=True)


def show_rows(columns: Sequence[str], rows: Rows, format_: str, spared: Sequence[str] = ()) -> None:
    """Print rows in one of ROW_FORMATS; a table that does not fit is spared these columns, one after the other."""
    if format_ == "table":
        _table(columns, rows, spared)
    else:
        ROW_FORMATS[format_](columns, rows)


def print_json(value: Any) -> None:
    """Print one JSON value, as itself in UTF-8."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _table(columns: Sequence[str], rows: Rows, spared: Sequence[str] = ()) -> None:
    if not rows:
        click.echo("(no rows)")
        return
    text, without = laid_out(columns, rows[:MOST_ROWS], spared)
    click.echo(f"\n{text}\n")
    if without:
        _say_once(f"A wider terminal shows more: {', '.join(without)}; --format {_whole_format()} shows all.")
    if len(rows) > MOST_ROWS:
        say_aside(f"… and {len(rows) - MOST_ROWS:,} more rows; --format {_whole_format()} gives all of them.")


def _say_once(text: str) -> None:
    """Say what is said of each table of an answer beside the first one only."""
    ctx = click.get_current_context(silent=True)
    said = ctx.meta.setdefault(__name__, set()) if ctx else set()
    if text not in said:
        said.add(text)
        say_aside(text)


def _whole_format() -> str:
    """Name the format of the verb that runs which gives every cell."""
    ctx = click.get_current_context(silent=True)
    kinds = [param.type for param in ctx.command.params if param.name == "format_"] if ctx else []
    choices = kinds[0].choices if kinds and isinstance(kinds[0], click.Choice) else ("csv",)
    return "csv" if "csv" in choices else "json"


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
