"""Occupations in words: label, code and ISCO-08 skill level for rows of the matrix, looked up for many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from esco_graph.skills.labels import labels_in
from esco_graph.terms import SKOS, check_lang

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.skills.matrix import SkillMatrix, SkillSet

_CODE = ox.NamedNode(SKOS + "notation")
_AT_ONCE = 400  # IRIs in one query, so that a remote endpoint takes it


@dataclass(frozen=True)
class Place:
    """Where a career can stand: an occupation, or a person (without code and level).

    `level` is the ISCO-08 skill level 1 to 4, None where unknown; `isco` the four-digit group, "" where unknown.
    """

    iri: str
    label: str
    code: str = ""
    isco: str = ""
    level: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give the five facts as plain values."""
        return {"iri": self.iri, "label": self.label, "code": self.code, "isco": self.isco, "level": self.level}


class Places:
    """The names of occupations and skills of one graph in one language, each looked up once."""

    def __init__(self, graph: Graph, matrix: SkillMatrix, lang: str) -> None:
        """Name things of `graph` in `lang`, else in English, else in the first language that has a label."""
        self._graph, self._matrix, self._lang = graph, matrix, check_lang(lang)
        self._labels: dict[str, str] = {}
        self._codes: dict[str, str] = {}

    def look_up(self, iris: Iterable[str]) -> None:
        """Fetch the labels of many IRIs at once; those that are known already cost nothing."""
        wanted = sorted({iri for iri in iris if iri not in self._labels})
        for start in range(0, len(wanted), _AT_ONCE):
            self._labels |= labels_in(self._graph, wanted[start : start + _AT_ONCE], self._lang)

    def labels(self, iris: Iterable[str]) -> list[str]:
        """Give the labels of IRIs, in their order; the IRI itself where it has none."""
        wanted = list(iris)
        self.look_up(wanted)
        return [self._labels[iri] for iri in wanted]

    def place(self, row: int) -> Place:
        """Give the occupation in a row of the matrix."""
        return self.places([row])[row]

    def places(self, rows: Iterable[int]) -> dict[int, Place]:
        """Give the occupations in rows of the matrix, by row."""
        matrix, wanted = self._matrix, sorted(set(rows))
        iris = [matrix.occupations[row] for row in wanted]
        labels = self.labels(iris)
        unknown = [iri for iri in iris if iri not in self._codes]
        for start in range(0, len(unknown), _AT_ONCE):
            self._codes |= codes_of(self._graph, unknown[start : start + _AT_ONCE])
        return {
            row: Place(iri, label, self._codes[iri], matrix.isco[row], int(matrix.level[row]) or None)
            for row, iri, label in zip(wanted, iris, labels, strict=True)
        }

    def start(self, held: SkillSet, row: int | None) -> Place:
        """Name where a question starts: the occupation, else the person as far as the person is named."""
        return self.place(row) if row is not None else Place(held.iri, held.label or held.iri or "this person")


def codes_of(graph: Graph, iris: Collection[str]) -> dict[str, str]:
    """Give the code of each occupation, its `skos:notation`; "" where it has none, the first where it has several.

    >>> from esco_graph.graph import Graph
    >>> turtle = '<http://a> <http://www.w3.org/2004/02/skos/core#notation> "2269.5" .'
    >>> codes_of(Graph.memory(ox.parse(turtle, ox.RdfFormat.TURTLE)), ["http://a", "http://b"])
    {'http://a': '2269.5', 'http://b': ''}
    """
    found: dict[str, list[str]] = {iri: [] for iri in iris}
    for iri, code in _asked(graph, iris) if graph.endpoint else _read(graph, iris):
        found[iri].append(code)
    return {iri: min(codes, default="") for iri, codes in found.items()}


def _read(graph: Graph, iris: Collection[str]) -> Iterator[tuple[str, str]]:
    for iri in iris:
        for quad in graph.quads(ox.NamedNode(iri), _CODE):
            if isinstance(quad.object, ox.Literal):
                yield iri, quad.object.value


def _asked(graph: Graph, iris: Collection[str]) -> Iterator[tuple[str, str]]:
    values = " ".join(str(ox.NamedNode(iri)) for iri in iris)
    for iri, code in graph.select(f"SELECT ?iri ?code WHERE {{ VALUES ?iri {{ {values} }} ?iri {_CODE} ?code }}"):
        if isinstance(iri, ox.NamedNode) and isinstance(code, ox.Literal):
            yield iri.value, code.value
