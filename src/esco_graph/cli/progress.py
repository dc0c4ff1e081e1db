"""A progress bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """Give a function (what is being done, bytes done since the last call, bytes in all) that moves the bar."""
    if not sys.stderr.isatty():
        yield lambda what, done, total: None  # noqa: ARG005 - the signature of a progress function
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def move(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, advance=done, total=total or None)

        yield move
