"""The files that `esco-graph validate` writes: which format, none in the place of an input, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

import click

from esco_graph.cli.output import quoted

ENDINGS = {
    ".txt": "text",
    ".json": "json",
    ".csv": "csv",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".ttl": "turtle",
    ".sarif": "sarif",
    ".xml": "junit",
}
"""What the ending of a report's file stands for, in small letters."""


def choose_format(output: Path | None) -> str:
    """Take the format that the ending of a file's name stands for; text for the screen, a device and a pipe."""
    if output is None or (output.exists() and not output.is_file()):
        return "text"
    if output.name.lower().endswith(".sarif.json"):
        return "sarif"
    if output.suffix.lower() not in ENDINGS:
        known = ", ".join(ENDINGS)
        raise click.UsageError(f"-o {quoted(output)}: the ending names no format; use one of {known}, or add --format.")
    return ENDINGS[output.suffix.lower()]


def check_files(output: Path | None, new: Path | None, baseline: Path | None, inputs: Iterable[Path]) -> None:
    """Refuse, before any work, a report (`output`) or a `new` baseline that cannot be written or would destroy a file.

    `inputs` are the files and folders that are read; a baseline may be written in the place of the one that was read.
    Raises UsageError.
    """
    read = [file for path in inputs for file in _files(path)]
    if output is not None:
        _check_place("-o", output)
        _check_inputs("-o", output, [*read, *([baseline] if baseline else []), *([new] if new else [])])
    if new is not None:
        _check_place("--write-baseline", new)
        _check_inputs("--write-baseline", new, read)
        _check_baseline(new)


@contextmanager
def text_file(path: Path) -> Iterator[TextIO]:
    """Open a text file (UTF-8) that appears whole or not at all."""
    from esco_graph.files import replacing

    with replacing(path) as raw:
        stream = TextIOWrapper(raw, encoding="utf-8", newline="\n")
        yield stream
        stream.flush()
        stream.detach()


def _check_place(option: str, path: Path) -> None:
    if path.is_dir():
        raise click.UsageError(f"{option} {quoted(path)}: this is a folder; name a file in it.")
    if not path.parent.is_dir():
        raise click.UsageError(f"{option} {quoted(path)}: cannot write, there is no folder {quoted(path.parent)}")


def _check_inputs(option: str, path: Path, read: Iterable[Path]) -> None:
    for other in read:
        if _are_same(path, other):
            what = "would be written over what this run needs" if path.exists() else "is given twice"
            raise click.UsageError(f"{option} {quoted(path)}: the file {what}; name another one.")


def _check_baseline(path: Path) -> None:
    """Refuse to write a baseline over a file that is none; an empty one, as `mktemp` makes, and a device may be."""
    from esco_graph.validation.baseline import HEADER

    if not path.is_file():
        return
    with path.open("rb") as stream:
        start = stream.readline(200)
    family = HEADER.rpartition(" ")[0].encode()  # of another version, too
    if start and not start.startswith(family):
        what = "there is a file of this name that is no baseline"
        raise click.UsageError(f"--write-baseline {quoted(path)}: {what}; name another one, or remove it.")


def _files(path: Path) -> Iterator[Path]:
    """Give a file, or the files of a folder; a target that is a concept is no file."""
    try:
        yield from path.iterdir() if path.is_dir() else [path]
    except OSError:  # a label that is too long for a file's name
        return


def _are_same(one: Path, other: Path) -> bool:
    try:
        if one.exists() and other.exists():
            return one.is_file() and one.samefile(other)
        return one.resolve() == other.resolve()
    except OSError:
        return False
