"""Labels of skills and occupations for explanations: in one language, else English, else any."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from esco_graph.skills.matrix import SkillMatrix
from esco_graph.terms import SKOS, check_lang

if TYPE_CHECKING:
    from esco_graph.graph import Graph

_LABEL = ox.NamedNode(SKOS + "prefLabel")
Texts = tuple[NDArray[np.uint8], NDArray[np.int32]]


@dataclass(frozen=True)
class Labels:
    """Labels of a matrix's occupations, skills and broader concepts, in this order, per language.

    A language has its labels as UTF-8, one after the other, and where each one ends; an empty one is none.
    """

    langs: dict[str, Texts]

    def best(self, number: int, lang: str) -> str:
        """Give the label in a language, else in English, else in the first language that has one, else ""."""
        for one in dict.fromkeys((lang, "en", *sorted(self.langs))):
            if one in self.langs:
                text, ends = self.langs[one]
                label = text[ends[number - 1] if number else 0 : ends[number]].tobytes()
                if label:
                    return label.decode("utf-8")
        return ""


def labels_in(graph: Graph, iris: Collection[str], lang: str = "en") -> dict[str, str]:
    """Give the preferred label of each IRI in a language, else in English, else in any; the IRI where it has none.

    Labels that are stored with the matrix are read from there. Raises ParameterError when `lang` is not a language tag.

    >>> from esco_graph.graph import Graph
    >>> text = '<http://a> <http://www.w3.org/2004/02/skos/core#prefLabel> "nurse"@en, "Pflegerin"@de .'
    >>> labels_in(Graph.memory(ox.parse(text, ox.RdfFormat.TURTLE)), ["http://a", "http://b"], "de")
    {'http://a': 'Pflegerin', 'http://b': 'http://b'}
    """
    wanted = check_lang(lang)
    stored = _stored(SkillMatrix.of(graph), iris, wanted)
    ranked = _ranked(graph, [iri for iri in iris if iri not in stored], wanted)
    return {iri: stored.get(iri) or (min(ranked[iri])[-1] if ranked[iri] else iri) for iri in iris}


def read_labels(graph: Graph, matrix: SkillMatrix) -> Labels:
    """Read the preferred labels of all concepts of a matrix in all languages; the first by text where several are."""
    numbers = _numbers(matrix)
    found: dict[str, dict[int, str]] = {}
    for iri, label in graph.select(f"SELECT ?iri ?label WHERE {{ ?iri {_LABEL} ?label }}"):
        if isinstance(iri, ox.NamedNode) and isinstance(label, ox.Literal) and iri.value in numbers:
            texts, number = found.setdefault((label.language or "").lower(), {}), numbers[iri.value]
            texts[number] = min(label.value, texts.get(number, label.value))
    return Labels({lang: _packed(found[lang], len(numbers)) for lang in sorted(found)})


def _packed(texts: dict[int, str], size: int) -> Texts:
    encoded = [texts.get(number, "").encode("utf-8") for number in range(size)]
    ends = np.cumsum([len(one) for one in encoded], dtype=np.int32)
    return np.frombuffer(b"".join(encoded), dtype=np.uint8), ends


def _numbers(matrix: SkillMatrix) -> dict[str, int]:
    """Number the occupations, skills and broader concepts; a concept that is a skill has the skill's number."""
    numbers: dict[str, int] = {}
    for iri in (*matrix.occupations, *matrix.skills, *matrix.concepts):
        numbers.setdefault(iri, len(numbers))
    return numbers


def _stored(matrix: SkillMatrix, iris: Collection[str], lang: str) -> dict[str, str]:
    labels = matrix.derived("labels", lambda _: Labels({}))
    if not labels.langs:
        return {}
    numbers: dict[str, Any] = matrix.derived("label-numbers", _numbers)
    found = {iri: labels.best(numbers[iri], lang) for iri in iris if iri in numbers}
    return {iri: label for iri, label in found.items() if label}


def _ranked(graph: Graph, iris: Collection[str], lang: str) -> dict[str, list[tuple[bool, bool, str, str]]]:
    found: dict[str, list[tuple[bool, bool, str, str]]] = {iri: [] for iri in iris}
    for iri, term in _remote(graph, iris) if graph.endpoint else _local(graph, iris):
        tag = (term.language or "").lower()
        found[iri].append((tag != lang, tag != "en", tag, term.value))
    return found


def _local(graph: Graph, iris: Collection[str]) -> list[tuple[str, ox.Literal]]:
    return [
        (iri, quad.object)
        for iri in iris
        for quad in graph.quads(ox.NamedNode(iri), _LABEL)
        if isinstance(quad.object, ox.Literal)
    ]


def _remote(graph: Graph, iris: Collection[str]) -> list[tuple[str, ox.Literal]]:
    if not iris:
        return []
    values = " ".join(str(ox.NamedNode(iri)) for iri in iris)
    rows = graph.select(f"SELECT ?iri ?label WHERE {{ VALUES ?iri {{ {values} }} ?iri {_LABEL} ?label }}")
    return [
        (iri.value, label) for iri, label in rows if isinstance(iri, ox.NamedNode) and isinstance(label, ox.Literal)
    ]
