"""What a repair changes in a graph: statements that go and statements that come, with their named graphs."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

import pyoxigraph as ox


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a repair: the code of the rule that asked for it, the quads that go and those that come."""

    code: str
    removed: tuple[ox.Quad, ...]
    added: tuple[ox.Quad, ...]


@dataclass(frozen=True)
class Patch:
    """The steps of a repair in their order, and what they come to.

    >>> quad = ox.Quad(*[ox.NamedNode("http://example.org/a")] * 2, ox.Literal(" x"))
    >>> trimmed = ox.Quad(quad.subject, quad.predicate, ox.Literal("x"))
    >>> patch = Patch((Change("ESG105", (quad,), (trimmed,)),))
    >>> patch.counts
    {'ESG105': (1, 1)}
    >>> patch.removed == (quad,), patch.added == (trimmed,), patch.empty
    (True, True, False)
    """

    changes: tuple[Change, ...] = ()

    @property
    def removed(self) -> tuple[ox.Quad, ...]:
        """The quads that are gone at the end, sorted; not those that a later step puts back."""
        return self._net[0]

    @property
    def added(self) -> tuple[ox.Quad, ...]:
        """The quads that are new at the end, sorted; not those that a later step removes."""
        return self._net[1]

    @property
    def empty(self) -> bool:
        """True when nothing changes."""
        return not self.removed and not self.added

    @cached_property
    def counts(self) -> dict[str, tuple[int, int]]:
        """How many statements the steps of each code remove and add, sorted by code."""
        counts: dict[str, tuple[int, int]] = {}
        for change in self.changes:
            removed, added = counts.get(change.code, (0, 0))
            counts[change.code] = removed + len(change.removed), added + len(change.added)
        return dict(sorted(counts.items()))

    def examples(self) -> dict[str, Change]:
        """Give the first step of each code, sorted by code."""
        first: dict[str, Change] = {}
        for change in self.changes:
            first.setdefault(change.code, change)
        return dict(sorted(first.items()))

    def apply(self, store: ox.Store) -> None:
        """Make the changes in a store that may be written, such as that of a draft; twice is the same as once."""
        for quad in self.removed:
            store.remove(quad)
        store.extend(self.added)

    def write(self, stream: BinaryIO) -> None:
        """Write the changes as one transaction of RDF Patch, in UTF-8; the bytes depend on the changes alone.

        https://afs.github.io/rdf-delta/rdf-patch: a line is D (delete) or A (add) with subject, predicate, object and,
        where the statement is in a named graph, its name. The id in the header is made from the lines. The lines go by
        subject and property, what goes before what comes.
        """
        lines = self._lines()
        mark = uuid.uuid5(uuid.NAMESPACE_URL, "".join(lines))
        for line in (f"H id <uuid:{mark}> .\n", "TX .\n", *lines, "TC .\n"):
            stream.write(line.encode())

    def _lines(self) -> list[str]:
        rows = [
            (str(quad.subject), str(quad.predicate), mark == "A", str(quad.object), _name(quad))
            for mark, quads in (("D", self.removed), ("A", self.added))
            for quad in quads
        ]
        return [
            " ".join(("A" if new else "D", subject, predicate, value, *name, ".")) + "\n"
            for subject, predicate, new, value, name in sorted(rows)
        ]

    @cached_property
    def _net(self) -> tuple[tuple[ox.Quad, ...], tuple[ox.Quad, ...]]:
        removed: set[ox.Quad] = set()
        added: set[ox.Quad] = set()
        for change in self.changes:
            _move(change.removed, added, removed)
            _move(change.added, removed, added)
        return tuple(ordered(removed)), tuple(ordered(added))


def ordered(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Sort quads by their text.

    >>> a, b = (ox.Quad(*[ox.NamedNode(f"http://example.org/{name}")] * 3) for name in "ab")
    >>> ordered([b, a]) == [a, b]
    True
    """
    return sorted(quads, key=str)


def _move(quads: Iterable[ox.Quad], back: set[ox.Quad], to: set[ox.Quad]) -> None:
    """Note each quad in one set, or take it out of the other when it was there: then nothing has changed."""
    for quad in quads:
        if quad in back:
            back.remove(quad)
        else:
            to.add(quad)


def _name(quad: ox.Quad) -> tuple[str, ...]:
    return () if isinstance(quad.graph_name, ox.DefaultGraph) else (str(quad.graph_name),)
