"""The log of one review: append-only, one decision a line, on the disk before the next concept is shown.

A process that is killed while it writes leaves half a line at the end, which the next sitting cuts off; nothing that
was confirmed is lost.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from esco_graph.errors import ParameterError, SourceError, StoreError
from esco_graph.files import storing
from esco_graph.review.machine import Answer, Verdict

LAYOUT = 1
KIND = "esco-graph review"


class DecisionLog:
    """The file of one reviewer's decisions on one set; open it with `opened`, which locks it."""

    def __init__(self, path: Path, file: IO[bytes], head: dict[str, Any], records: list[Answer]) -> None:
        """Take an open file that stands at its end."""
        self.path, self._file = path, file
        self.set: str = head["set"]
        self.reviewer: str = head["reviewer"]
        self.records = records
        """What was said since the set was last published."""

    def published(self, when: str) -> None:
        """Note that all so far stands in the set: a later sitting takes it from there."""
        with storing(str(self.path)):
            _write_line(self._file, {"published": when})
        self.records.clear()

    def append(self, answer: Answer) -> None:
        """Write one answer and sync it; when this returns, it is kept. Raises StoreError when the disk refuses."""
        with storing(str(self.path)):
            _write_line(self._file, {name: value for name, value in asdict(answer).items() if value not in ("", False)})
        self.records.append(answer)


@contextmanager
def opened(path: Path, *, name: str, reviewer: str = "") -> Iterator[DecisionLog]:
    """Open the log of a set, or begin one, which needs a reviewer; nobody else can open it at the same time.

    Raises StoreError when it is open elsewhere, ParameterError when it is of another set or another reviewer,
    SourceError when a line in it is damaged.
    """
    with storing(str(path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            _lock(file, path)
            lines = _whole_lines(file)
            if not lines:
                lines = [_begin(file, path, name, reviewer)]
            head = _head(lines[0], path, name, reviewer)
            yield DecisionLog(path, file, head, _records(lines, path))


def reviewer_of(path: Path) -> str:
    """Say who began the log; "" when there is none, or nothing whole in it."""
    try:
        with path.open("rb") as file:
            first = file.readline()
        return str(json.loads(first).get("reviewer", "")) if first.endswith(b"\n") else ""
    except (FileNotFoundError, ValueError, AttributeError):
        return ""


def _lock(file: IO[bytes], path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        advice = "End the other review, or give your own log with --log FILE."
        raise StoreError("this review is open in another terminal", where=str(path), advice=advice) from None


def _whole_lines(file: IO[bytes]) -> list[bytes]:
    """Read the lines; half a one at the end, of a process that was killed, is cut off."""
    file.seek(0)
    content = file.read()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        file.truncate(whole)
    file.seek(0, os.SEEK_END)
    return content[:whole].splitlines()


def _begin(file: IO[bytes], path: Path, name: str, reviewer: str) -> bytes:
    if not reviewer:
        raise ParameterError("a review needs a reviewer", advice="Give --reviewer with your ORCID or name.")
    head = {"log": KIND, "layout": LAYOUT, "set": name, "reviewer": reviewer}
    _write_line(file, head)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return json.dumps(head).encode()


def _write_line(file: IO[bytes], value: dict[str, Any]) -> None:
    file.write(json.dumps(value, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    file.flush()
    os.fsync(file.fileno())


def _head(line: bytes, path: Path, name: str, reviewer: str) -> dict[str, Any]:
    try:
        head = json.loads(line)
    except ValueError:
        head = None
    if not isinstance(head, dict) or head.get("log") != KIND or head.get("layout") != LAYOUT:
        raise SourceError("this is no log of a review", where=f"{path}:1", advice="Name another file with --log.")
    if head["set"] != name:
        advice = "Name another file with --log."
        raise ParameterError(f"this log is of the set {head['set']!r}", where=str(path), advice=advice)
    if reviewer and reviewer != head["reviewer"]:
        advice = "Give your own log with --log FILE, and your own name for the result with --as NAME."
        raise ParameterError(f"this log is of the reviewer {head['reviewer']!r}", where=str(path), advice=advice)
    return head


def _records(lines: list[bytes], path: Path) -> list[Answer]:
    records: list[Answer] = []
    for at, line in enumerate(lines[1:], 2):
        answer = _answer(line, f"{path}:{at}")
        if answer is None:
            records.clear()
        else:
            records.append(answer)
    return records


def _answer(line: bytes, where: str) -> Answer | None:
    """Read one line; None where it says that all before it was published."""
    try:
        value = json.loads(line)
        if "published" in value:
            return None
        verdicts = tuple(Verdict(**one) for one in value.pop("verdicts", ()))
        return Answer(verdicts=verdicts, **value)
    except (ValueError, TypeError, AttributeError) as error:
        advice = "Correct the line, or remove it; the decision in it is then open again."
        raise SourceError(f"the line is damaged ({error})", where=where, advice=advice) from error
