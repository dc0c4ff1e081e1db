"""Findings in order, however many: some in memory, more in a temporary file that goes with the object.

A run of findings is sorted in memory and written; in the end the runs are merged into one file, which is read in
blocks. The file is a private one of the operating system's (`tempfile`); it has no name that anyone could find, and
it is gone when the object is dropped or the process ends, in whatever way.
"""

from __future__ import annotations

import json
import tempfile
import weakref
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from heapq import merge
from operator import itemgetter
from typing import IO, Any, overload

import pyoxigraph as ox

from esco_graph.errors import StoreError
from esco_graph.validation.finding import Finding, Term
from esco_graph.validation.paths import Path

MOST = 20_000  # findings that are held in memory at once
_BLOCK = 1 << 16  # bytes that are read at once
_STRIDE = 1_000  # findings between two known places in the file

_dump = json.JSONEncoder(separators=(",", ":")).encode

_Keyed = tuple[tuple[Any, ...], Finding]
_Kind = tuple[str, str, str, str, str, Path | None]


def in_order(
    findings: Iterable[Finding], knows: Callable[[Finding], bool] | None = None, *, most: int = MOST
) -> Sequence[Finding]:
    """Sort findings by `Finding.order`, with at most `most` of them in memory; then mark those that `knows` names.

    `knows` is asked in the order of the result, so that its answers do not depend on the engine.

    >>> made = [Finding("X", "info", "Odd.", ox.NamedNode(f"http://example.org/{number}")) for number in (2, 1, 3)]
    >>> [finding.focus.value[-1] for finding in in_order(made, most=2)]
    ['1', '2', '3']
    """
    codec = _Codec()
    runs: list[_File] = []
    held: list[_Keyed] = []
    for finding in findings:
        held.append((finding.order(), finding))
        if len(held) >= most:
            runs.append(_run(held, codec))
            held = []
    if not runs:
        return tuple(_marked(_sorted(held), knows))
    runs.append(_run(held, codec))
    return _merged(runs, codec, knows)


def _sorted(held: list[_Keyed]) -> Iterator[Finding]:
    held.sort(key=itemgetter(0))
    return (finding for _, finding in held)


def _marked(findings: Iterable[Finding], knows: Callable[[Finding], bool] | None) -> Iterator[Finding]:
    for finding in findings:
        yield replace(finding, known=True) if knows and knows(finding) else finding


def _run(held: list[_Keyed], codec: _Codec) -> _File:
    """Write findings with their keys; JSON in ASCII holds no tab, so that one may part the two."""
    held.sort(key=itemgetter(0))
    file = _File()
    for key, finding in held:
        file.write(f"{_dump(key)}\t{_dump(codec.encode(finding))}")
    return file


def _keyed(line: str) -> tuple[list[Any], str]:
    key, _, record = line.partition("\t")
    return json.loads(key), record


def _merged(runs: list[_File], codec: _Codec, knows: Callable[[Finding], bool] | None) -> Spooled:
    spooled = Spooled(codec)
    for _, record in merge(*(map(_keyed, run.lines()) for run in runs), key=itemgetter(0)):
        if knows and knows(finding := codec.decode(json.loads(record))):
            spooled.append(_dump(codec.encode(replace(finding, known=True))))
        else:
            spooled.append(record)
    for run in runs:
        run.close()
    return spooled


class Spooled(Sequence[Finding]):
    """Sorted findings in a temporary file: sized, iterated as often as wanted, and read at an index or slice."""

    def __init__(self, codec: _Codec) -> None:
        self._codec = codec
        self._file = _File()
        self._places = array("Q")
        self._size = 0

    def append(self, record: str) -> None:
        """Add one finding, encoded; it must come after those that are there."""
        if self._size % _STRIDE == 0:
            self._places.append(self._file.size)
        self._file.write(record)
        self._size += 1

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Finding]:
        return self.since(0)

    def since(self, start: int) -> Iterator[Finding]:
        """Go over the findings from an index (0 or more) on."""
        if start >= self._size:
            return
        skipped = start % _STRIDE
        for line in self._file.lines(self._places[start // _STRIDE]):
            if skipped:
                skipped -= 1
            else:
                yield self._codec.decode(json.loads(line))

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        if isinstance(index, slice):
            return tuple(self[one] for one in range(*index.indices(self._size)))
        if not -self._size <= index < self._size:
            raise IndexError(index)
        return next(self.since(index % self._size))


class _Codec:
    """Write a finding as a list that JSON can hold, and read it back.

    What all findings of one rule and path share is kept once, in memory: there are as many as the shapes have.
    """

    def __init__(self) -> None:
        self._kinds: list[_Kind] = []
        self._numbers: dict[_Kind, int] = {}

    def encode(self, one: Finding) -> list[Any]:
        kind = (one.code, one.severity, one.component, one.shape, one.see_also, one.path)
        number = self._numbers.setdefault(kind, len(self._kinds))
        if number == len(self._kinds):
            self._kinds.append(kind)
        value = None if one.value is None else _encode(one.value)
        return [
            number, one.message, _encode(one.focus), one.focus_label, value, one.value_label, one.position, one.known
        ]  # fmt: skip

    def decode(self, fields: list[Any]) -> Finding:
        number, message, focus, focus_label, value, value_label, position, known = fields
        code, severity, component, shape, see_also, path = self._kinds[number]
        return Finding(
            code, severity, message, _decode(focus), focus_label, path, None if value is None else _decode(value),
            value_label, component, shape, see_also, position, known,
        )  # fmt: skip


def _encode(term: Term) -> list[str]:
    if isinstance(term, ox.NamedNode):
        return [term.value]
    if isinstance(term, ox.BlankNode):
        return [term.value, "_"]
    if term.direction:
        return [term.value, "@", term.language or "", str(term.direction)]
    return [term.value, "@", term.language] if term.language else [term.value, "^", term.datatype.value]


def _decode(parts: list[str]) -> Term:
    match parts:
        case [iri]:
            return ox.NamedNode(iri)
        case [name, _]:
            return ox.BlankNode(name)
        case [text, "@", lang]:
            return ox.Literal(text, language=lang)
        case [text, "@", lang, direction]:
            return ox.Literal(text, language=lang, direction=ox.BaseDirection(direction))
        case [text, _, datatype]:
            return ox.Literal(text, datatype=ox.NamedNode(datatype))
    raise ValueError(parts)


class _File:
    """Lines of JSON, all ASCII, in a temporary file: first written, then read from any place, by several readers."""

    def __init__(self) -> None:
        try:
            self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this object
        except OSError as error:
            raise _no_room(error) from error
        self.close = weakref.finalize(self, _close, self._file)
        self.size = 0

    def write(self, line: str) -> None:
        try:
            self.size += self._file.write(line.encode("ascii") + b"\n")
        except OSError as error:
            raise _no_room(error) from error

    def lines(self, place: int = 0) -> Iterator[str]:
        while place < self.size:
            try:
                self._file.seek(place)  # writes what is still in memory, and so may fail as a write does
                block = self._file.read(_BLOCK) + self._file.readline()
            except OSError as error:
                raise _no_room(error) from error
            place += len(block)
            yield from block.decode("ascii").splitlines()


def _close(file: IO[bytes]) -> None:
    """Close a file whose content nobody needs any more: that the last of it found no room is no error."""
    with suppress(OSError):
        file.close()


def _no_room(error: OSError) -> StoreError:
    folder = tempfile.gettempdir() if tempfile.tempdir else ""
    advice = "Make room there, or set TMPDIR to a folder on a disk that has room."
    what = f"the findings cannot be kept in a temporary file: {error.strerror or error}"
    return StoreError(what, where=folder, advice=advice)
