"""Tables for people: laid out for the width that there is, and as blocks where a table could not be read."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from esco_graph.terms import compress

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

PIPED = 200  # columns of a table that goes to a file or a program
BETWEEN = 2  # columns of the terminal between two cells
FLOOR = 16  # columns that a text is never squeezed below
MOST_LINES = 10  # of a cell, before its column is to be wider
WIDE_TEXT = 40  # columns that are enough for a text of any length
TELLING = ("label", "code", "name", "title")  # how a column ends that tells what an IRI beside it means

Rows = Sequence[Sequence[Any]]


def width() -> int:
    """Give the columns of the terminal, or those that COLUMNS asks for; without both, those of a piped table."""
    return shutil.get_terminal_size().columns if is_limited() else PIPED


def is_limited() -> bool:
    """Say whether lines have to fit: into a terminal, or into COLUMNS."""
    columns = os.environ.get("COLUMNS", "")
    return sys.stdout.isatty() or (columns.isdecimal() and int(columns) > 0)


def laid_out(columns: Sequence[str], rows: Rows, spared: Sequence[str] = ()) -> tuple[str, list[str]]:
    """Lay rows out for `width()`; gives the text, and the names of the columns that it has no room for.

    Where the whole table does not fit, it does without: its empty columns, the `spared` ones, one after the other,
    and IRIs that a label or a code stands for. What still does not fit is printed as one block of lines for each row,
    with all columns. No word is broken that fits on a line. A table that need not fit keeps all columns.
    """
    # IRIs stand last and are never broken, so that they can be copied.
    order = sorted(range(len(columns)), key=lambda index: holds_iris(rows, index))
    laid = [_Column.of(columns[index], [row[index] for row in rows]) for index in order]
    room = width()
    kept = _with_room(laid, room, spared) if is_limited() else laid
    if not kept:
        return _blocks(laid, room), []
    return _table(kept, room), [column.name for column in laid if column not in kept and not column.empty]


@dataclass(frozen=True, eq=False)
class _Column:
    """A column as it is laid out. Widths are in columns of the terminal."""

    name: str
    cells: list[str]
    iris: bool
    number: bool
    natural: int
    least: int

    @classmethod
    def of(cls, name: str, values: list[Any]) -> _Column:
        from rich.cells import cell_len

        cells = [for_person(value) for value in values]
        natural = max(cell_len(line) for cell in [name, *cells] for line in cell.split("\n"))
        word = max((cell_len(word) for cell in cells for word in cell.split()), default=0)
        lines = max(map(cell_len, cells), default=0) // MOST_LINES
        text = min(natural, max(FLOOR, min(lines, WIDE_TEXT)))
        number = all(isinstance(value, int | float) or value is None for value in values)
        iris = holds_iris([[value] for value in values], 0)
        whole = iris or number
        return cls(name, cells, iris, number, natural, natural if whole else max(cell_len(name), word, text))

    @property
    def empty(self) -> bool:
        return not any(self.cells)


def _sum(widths: Sequence[int]) -> int:
    return sum(widths) + BETWEEN * (len(widths) - 1)


def _natural(columns: Sequence[_Column]) -> int:
    return _sum([column.natural for column in columns])


def _least(columns: Sequence[_Column]) -> int:
    return _sum([column.least for column in columns])


def _with_room(columns: list[_Column], room: int, spared: Sequence[str]) -> list[_Column]:
    """Leave columns out until the others have room; gives none when that is not enough."""
    if _natural(columns) <= room:
        return columns
    kept = [column for column in columns if not column.empty] or columns
    for name in spared:
        if _natural(kept) > room:
            kept = [column for column in kept if column.name != name]
    told = max(sum(column.name.endswith(end) for column in columns if not column.iris) for end in TELLING)
    for column in [column for column in reversed(kept) if column.iris][:told]:
        if _least(kept) > room:
            kept.remove(column)
    return kept if _least(kept) <= room else []


def _widths(columns: Sequence[_Column], room: int) -> list[int]:
    """Give each column its width: the widest texts give way first."""
    widths = [column.natural for column in columns]
    for _ in range(_sum(widths) - room):
        loose = [at for at, column in enumerate(columns) if widths[at] > column.least]
        if not loose:
            break
        widths[max(loose, key=lambda at: (widths[at], -at))] -= 1
    return widths


def _table(columns: Sequence[_Column], room: int) -> str:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    widths = _widths(columns, room)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, BETWEEN - 1, 0, 0))
    for column, wide in zip(columns, widths, strict=True):
        justify: Literal["right", "left"] = "right" if column.number else "left"
        table.add_column(column.name, justify=justify, overflow="fold", no_wrap=wide == column.natural, width=wide)
    for cells in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*map(Text, cells))
    return _drawn(_console(max(room, _sum(widths))), table)  # never less than the table needs


def _blocks(columns: Sequence[_Column], room: int) -> str:
    """Print each row as lines "name: value"; empty values are left out, and an IRI may be longer than the line."""
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    kept = [column for column in columns if not column.empty] or columns
    names = max(cell_len(column.name) for column in kept) + 1
    values = max(room - names - 1, FLOOR)
    wide = max(values, *(column.natural for column in kept if column.iris), 0)
    console, blocks = _console(names + 1 + wide), []
    for cells in zip(*(column.cells for column in kept), strict=True):
        block = Table.grid(padding=(0, 1, 0, 0))
        block.add_column(width=names)
        block.add_column(width=wide, no_wrap=True)  # wrapped below
        for column, cell in zip(kept, cells, strict=True):
            if cell:
                name, value = Text(f"{column.name}:", style="bold"), Text(cell)
                block.add_row(name, value if column.iris else Text("\n").join(value.wrap(console, values)))
        blocks.append(_drawn(console, block))
    return "\n\n".join(blocks)


def _console(columns: int) -> Console:
    from rich.console import Console

    return Console(width=columns, highlight=False)


def _drawn(console: Console, table: Table) -> str:
    with console.capture() as printed:
        console.print(table)
    return "\n".join(line.rstrip() for line in printed.get().splitlines())


def holds_iris(rows: Rows, index: int) -> bool:
    """Say whether a column holds IRIs and nothing else."""
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
