"""A progress bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

SOON = 0.5  # seconds before a bar is shown

LONG = 5_000
"""Texts whose sentence vectors take more than a few seconds."""


@contextmanager
def vectors_bar(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """Give a bar for sentence vectors, which are made once; without a terminal one line says what takes so long."""
    said: set[str] = set()
    with progress_bar(title) as move:

        def tell(what: str, done: int, total: int) -> None:
            if total >= LONG and what not in said and not sys.stderr.isatty():
                click.echo(f"Making {what}, {total:,} texts; it takes minutes. --embed off does without.", err=True)
                said.add(what)
            move(what, done, total)

        yield tell


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """Give a function (what is being done, bytes done since the last call, bytes in all) that moves the bar.

    What is done sooner than the bar is worth shows none.
    """
    if not sys.stderr.isatty():
        yield lambda what, done, total: None  # noqa: ARG005 - the signature of a progress function
        return
    from threading import Timer

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(title, total=None)

    def move(what: str, done: int, total: int) -> None:
        bar.update(task, description=what, advance=done, total=total or None)

    later = Timer(SOON, bar.start)
    later.daemon = True
    later.start()
    try:
        yield move
    finally:
        later.cancel()
        later.join()  # a bar that is just starting is stopped too
        if bar.live.is_started:
            bar.stop()
