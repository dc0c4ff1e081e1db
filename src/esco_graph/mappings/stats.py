"""Figures of a mapping set: relations, cardinalities, and how much of the two sides it covers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from esco_graph.mappings.model import NO_TERM, RELATIONS, Mapping
from esco_graph.terms import ESCO, RDF

if TYPE_CHECKING:
    from esco_graph.graph import Graph


def cardinalities(rows: Iterable[Mapping]) -> dict[tuple[str, str], str]:
    """Say for each pair of concepts how many partners either has in these rows (SSSOM: mapping_cardinality).

    "1:n" means that the subject is mapped to several objects, "n:1" that several subjects are mapped to the object,
    "1:0" that nothing was found for the subject. Negated rows and candidates do not count.

    >>> a, p = "http://example.org/a", "http://www.w3.org/2004/02/skos/core#closeMatch"
    >>> sorted(cardinalities([Mapping(a, p, a + "1"), Mapping(a, p, a + "2")]).values())
    ['1:n', '1:n']
    """
    pairs = sorted({(row.subject, row.object) for row in rows if not row.modifier and not row.candidate})
    real = [pair for pair in pairs if NO_TERM not in pair]
    objects, subjects = Counter(subject for subject, _ in real), Counter(other for _, other in real)
    found = {}
    for subject, other in pairs:
        left = "0" if subject == NO_TERM else "n" if subjects[other] > 1 else "1"
        right = "0" if other == NO_TERM else "n" if objects[subject] > 1 else "1"
        found[subject, other] = f"{left}:{right}"
    return found


@dataclass(frozen=True)
class Stats:
    """Figures of one set: rows by relation and by cardinality, concepts on either side, those mapped several times."""

    rows: int
    relations: dict[str, int]
    justifications: dict[str, int]
    cardinalities: dict[str, int]
    subjects: int
    objects: int
    multi_subjects: int
    multi_objects: int


def stats(rows: Iterable[Mapping]) -> Stats:
    """Count what the rows of a set say.

    >>> a, p = "http://example.org/a", "http://www.w3.org/2004/02/skos/core#closeMatch"
    >>> stats([Mapping(a, p, a + "1"), Mapping(a, p, a + "2")]).cardinalities
    {'1:n': 2}
    """
    given = list(rows)
    words = {iri: word for word, iri in RELATIONS.items()}
    relations = Counter(_word(row, words) for row in given)
    kinds = Counter(cardinalities(given).values())
    pairs = {(row.subject, row.object) for row in given if row.is_fact}
    left, right = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    return Stats(
        len(given),
        dict(sorted(relations.items())),
        dict(sorted(Counter(row.justification.rpartition("/")[2] for row in given).items())),
        dict(sorted(kinds.items())),
        len(left),
        len(right),
        sum(number > 1 for number in left.values()),
        sum(number > 1 for number in right.values()),
    )


def _word(row: Mapping, words: dict[str, str]) -> str:
    if row.candidate:
        return "candidates"
    return words.get(row.predicate, row.predicate) if row.holds else "none"


def coverage(graph: Graph, rows: Iterable[Mapping]) -> dict[str, tuple[int, int]]:
    """Say how many occupations and skills of ESCO the rows reach, of how many in the graph; works on a local graph."""
    named = {iri for row in rows if row.is_fact for iri in (row.subject, row.object)}
    found = {}
    for name, kind in (("occupations", "Occupation"), ("skills", "Skill")):
        typed = graph.quads(None, ox.NamedNode(RDF + "type"), ox.NamedNode(ESCO + kind))
        every = {quad.subject.value for quad in typed if isinstance(quad.subject, ox.NamedNode)}
        found[name] = (len(every & named), len(every))
    return found
