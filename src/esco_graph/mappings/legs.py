"""Where the search for ways gets its facts: the stored query for one concept, whole mapping sets for many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pyoxigraph as ox

from esco_graph.mappings.compose import WORD_OF, inverse
from esco_graph.mappings.ways import Named, Step
from esco_graph.query import stored
from esco_graph.terms import SKOS

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.mappings.model import MappingSet

_SCHEME = ox.NamedNode(SKOS + "inScheme")
_BROADER = ox.NamedNode(SKOS + "broader")
_LABEL, _CODE = ox.NamedNode(SKOS + "prefLabel"), ox.NamedNode(SKOS + "notation")
_UNKNOWN = "mapped"  # a predicate outside SKOS says no more than that there is some relation


class Hierarchy:
    """The concepts next above and below, and names for concepts; asks the graph once for each."""

    def __init__(self, graph: Graph, lang: str) -> None:
        """Ask this graph, and show labels in this language where there are any."""
        self._graph, self._lang = graph, lang
        self._found: dict[tuple[str, bool], list[Named]] = {}
        self._names: dict[str, Named] = {}
        self._schemes: dict[str, frozenset[str]] = {}

    def above(self, concept: Named) -> Sequence[Named]:
        """Give the concepts that are next broader, by IRI."""
        return self._beside(concept.iri, up=True)

    def below(self, concept: Named) -> Sequence[Named]:
        """Give the concepts that are next narrower, by IRI."""
        return self._beside(concept.iri, up=False)

    def name(self, iri: str) -> Named:
        """Give code and label of a concept: the label in the language, else in English, else in another."""
        if iri not in self._names:
            self._names[iri] = self._read(iri)
        return self._names[iri]

    def schemes(self, iri: str) -> frozenset[str]:
        """Give the concept schemes that a concept is in."""
        if iri not in self._schemes:
            self._schemes[iri] = frozenset(self._objects(iri, _SCHEME))
        return self._schemes[iri]

    def _objects(self, iri: str, predicate: ox.NamedNode) -> Iterable[str]:
        node = ox.NamedNode(iri)
        if self._graph.store is not None:
            terms: Iterable[object] = (quad.object for quad in self._graph.quads(node, predicate))
        else:
            terms = (row[0] for row in self._graph.select(f"SELECT DISTINCT ?o WHERE {{ {node} {predicate} ?o }}"))
        return (term.value for term in terms if isinstance(term, ox.NamedNode))

    def _beside(self, iri: str, *, up: bool) -> list[Named]:
        if (iri, up) not in self._found:
            self._found[iri, up] = [self.name(one) for one in sorted(set(self._iris(iri, up)))]
        return self._found[iri, up]

    def _iris(self, iri: str, up: bool) -> Iterable[str]:
        if up:
            return self._objects(iri, _BROADER)
        node = ox.NamedNode(iri)
        if self._graph.store is not None:
            terms: Iterable[object] = (quad.subject for quad in self._graph.quads(None, _BROADER, node))
        else:
            terms = (row[0] for row in self._graph.select(f"SELECT DISTINCT ?c WHERE {{ ?c {_BROADER} {node} }}"))
        return (term.value for term in terms if isinstance(term, ox.NamedNode))

    def _read(self, iri: str) -> Named:
        node = ox.NamedNode(iri)
        if self._graph.store is not None:
            labels = [quad.object for quad in self._graph.quads(node, _LABEL)]
            codes = [quad.object.value for quad in self._graph.quads(node, _CODE)]  # type: ignore[union-attr]
        else:
            rows = self._graph.select(
                f"SELECT ?l ?n WHERE {{ {{ {node} {_LABEL} ?l }} UNION {{ {node} {_CODE} ?n }} }}"
            )
            labels = [row[0] for row in rows if row[0] is not None]
            codes = [row[1].value for row in rows if row[1] is not None]  # type: ignore[union-attr]
        literals = [label for label in labels if isinstance(label, ox.Literal)]
        best = min(literals, key=self._preference, default=None)
        return Named(iri, min(codes, default=""), best.value if best else "")

    def _preference(self, label: ox.Literal) -> tuple[bool, bool, str, str]:
        tag = (label.language or "").lower()
        return (tag != self._lang, tag != "en", tag, label.value)


class AskedFacts(Hierarchy):
    """Facts for one concept or a few, by the stored query `mappings-of-concept`; works on remote graphs."""

    def __init__(self, graph: Graph, lang: str) -> None:
        """Ask this graph, and show labels in this language where there are any."""
        super().__init__(graph, lang)
        self._steps: dict[str, list[Step]] = {}

    def mappings(self, concept: Named) -> Sequence[Step]:
        """Give the mappings of a concept that hold, as steps that lead away from it."""
        if concept.iri not in self._steps:
            self._steps[concept.iri] = self._ask(concept)
        return self._steps[concept.iri]

    def _ask(self, concept: Named) -> list[Step]:
        rows = stored("mappings-of-concept").run(self._graph, concept=concept.iri, lang=self._lang).dicts()
        for row in rows:
            if row["scheme"]:
                self._schemes[row["other"]] = self._schemes.get(row["other"], frozenset()) | {row["scheme"]}
        steps = (
            Step(
                concept,
                WORD_OF.get(row["predicate"], _UNKNOWN),
                Named(row["other"], row["code"] or "", row["label"] or ""),
                row["set"] or "",
                row["justification"] or "",
                row["confidence"],
            )
            for row in rows
            if not row["rejected"]
        )
        return list(dict.fromkeys(steps))


class LoadedFacts(Hierarchy):
    """Facts for whole classifications: the mapping sets between them, read once."""

    def __init__(self, graph: Graph, given: Iterable[MappingSet], lang: str) -> None:
        """Read these sets; hierarchies and names come from the graph."""
        super().__init__(graph, lang)
        self._steps: dict[str, list[Step]] = {}
        for one in given:
            self._take(one)

    def mappings(self, concept: Named) -> Sequence[Step]:
        """Give the mappings of a concept that hold, as steps that lead away from it."""
        return self._steps.get(concept.iri, ())

    def mapped(self) -> Iterable[str]:
        """Give the IRIs of all concepts with a mapping that holds."""
        return self._steps.keys()

    def _take(self, given: MappingSet) -> None:
        self._names |= {one.iri: Named(one.iri, one.code, one.label) for one in given.concepts}
        for row in given.mappings:
            if not row.is_fact:
                continue
            subject, target = self.name(row.subject), self.name(row.object)
            relation = WORD_OF.get(row.predicate, _UNKNOWN)
            facts = (given.iri, row.justification, row.confidence)
            self._steps.setdefault(subject.iri, []).append(Step(subject, relation, target, *facts))
            self._steps.setdefault(target.iri, []).append(Step(target, inverse(relation), subject, *facts))
