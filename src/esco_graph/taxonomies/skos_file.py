"""Read a classification from RDF: SKOS, SKOS-XL, or classes and individuals with labels, as older files have them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from esco_graph.errors import SourceError
from esco_graph.sources.data_file import read_file
from esco_graph.sources.rdf_file import find_file
from esco_graph.taxonomies.gather import RowOf
from esco_graph.terms import DCT, OWL, RDF, RDFS, SKOS, SKOSXL

MAX_CONCEPTS = 1_000_000
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

_ROLES = {
    SKOS + "prefLabel": "pref",
    SKOSXL + "prefLabel": "pref",
    SKOS + "altLabel": "alt",
    SKOSXL + "altLabel": "alt",
    SKOS + "notation": "code",
    SKOS + "broader": "broader",
    SKOS + "broaderGeneric": "broader",
    RDFS + "subClassOf": "broader",
    SKOS + "narrower": "narrower",
    SKOS + "definition": "definition",
    DCT + "description": "definition",
    "http://rdf-vocabulary.ddialliance.org/xkos#coreContentNote": "note",
    SKOS + "scopeNote": "note",
    SKOS + "note": "note",
    DCT + "identifier": "identifier",
    RDFS + "label": "label",
    SKOS + "inScheme": "scheme",
    SKOS + "topConceptOf": "scheme",
    RDF + "type": "type",
    DCT + "title": "title",
    OWL + "versionInfo": "version",
}
_BY_LOCAL_NAME = {"code": "code", "name": "pref", "broader": "broader", "definition": "definition"}
_NO_CONCEPT = {OWL + name for name in ("Ontology", "AnnotationProperty", "ObjectProperty", "DatatypeProperty")}


@dataclass
class SkosFile:
    """What an RDF file says: of its scheme, and by role of each node, in the order of the file."""

    path: Path
    nodes: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = field(default_factory=dict)
    forms: dict[str, ox.Literal] = field(default_factory=dict)  # SKOS-XL: label node -> its text
    mappings: int = 0

    @property
    def scheme(self) -> str:
        """The IRI of the scheme that most concepts are in, or of the first scheme; "" when there is none."""
        typed = [iri for iri, node in self.nodes.items() if SKOS + "ConceptScheme" in _iris(node.get("type", ()))]
        votes = Counter(iri for node in self.nodes.values() for iri in _iris(node.get("scheme", ())))
        return max(
            typed, key=lambda iri: (votes[iri], iri), default=max(votes, key=lambda iri: (votes[iri], iri), default="")
        )

    def of_scheme(self, role: str, lang: str = "") -> str:
        """Give a fact of the scheme, "" when it is not said; a text in `lang` before one in English and others."""
        node = self.nodes.get(self.scheme, {})
        values = [*node.get(role, ()), *(node.get("pref", []) + node.get("label", []) if role == "title" else [])]
        texts = [value for value in values if isinstance(value, ox.Literal)]
        best = min(
            texts, key=lambda one: (one.language != lang, one.language != "en", one.language or ""), default=None
        )
        return best.value if best else ""

    def concepts(self) -> list[str]:
        """List the IRIs of the concepts: those typed so, or what has a label and a code, a place or a class."""
        typed = [iri for iri, node in self.nodes.items() if SKOS + "Concept" in _iris(node.get("type", ()))]
        if typed:
            return typed
        return [iri for iri, node in self.nodes.items() if self._is_entry(node)]

    def _is_entry(self, node: dict[str, list[ox.NamedNode | ox.Literal]]) -> bool:
        types = set(_iris(node.get("type", ())))
        named = bool(node.get("pref") or node.get("label"))
        return (
            named
            and not types & (_NO_CONCEPT | {SKOS + "ConceptScheme"})
            and bool(types or "broader" in node or "code" in node)
        )

    def langs(self) -> list[str]:
        """List the languages of the preferred labels, the commonest first."""
        counts = Counter(
            value.language or ""
            for node in self.nodes.values()
            for value in self._texts(node, "pref")
            if value.language
        )
        return sorted(counts, key=lambda lang: (-counts[lang], lang))

    def rows(self, lang: str) -> Iterator[RowOf]:
        """Give one row for each concept; `lang` is the language of the main labels."""
        wanted = self.concepts()
        known = set(wanted)
        above: dict[str, list[str]] = defaultdict(list)
        for iri in wanted:
            for child in _iris(self.nodes[iri].get("narrower", ())):
                above[child].append(iri)
        space = Counter(_space(iri) for iri in wanted).most_common(1)
        own = space[0][0] if space else ""
        for iri in wanted:
            node = self.nodes[iri]
            parents = dict.fromkeys([*_iris(node.get("broader", ())), *above[iri]])
            inside = tuple(parent for parent in parents if parent in known or _space(parent) == own)
            yield self._row(iri, node, inside, lang)

    def outside(self) -> list[str]:
        """List the broader concepts that are of another name space and not in the file."""
        wanted = set(self.concepts())
        spaces = {_space(iri) for iri in wanted}
        named = {iri for one in wanted for iri in _iris(self.nodes[one].get("broader", ()))}
        return sorted(iri for iri in named - wanted if _space(iri) not in spaces)

    def _row(
        self, iri: str, node: dict[str, list[ox.NamedNode | ox.Literal]], parents: tuple[str, ...], lang: str
    ) -> RowOf:
        prefs = self._texts(node, "pref") or self._texts(node, "label")
        own = sorted({one.value for one in prefs if (one.language or lang) == lang})
        others = {(one.language or lang): one.value for one in sorted(prefs, key=lambda one: one.value, reverse=True)}
        label = own[0] if own else next(iter(others.values()), "")
        alt = [*own[1:], *(one.value for one in self._texts(node, "alt") if (one.language or lang) == lang)]
        texts = self._texts(node, "definition") or self._texts(node, "note")
        described = [one for one in texts if (one.language or lang) == lang] or texts
        return RowOf(
            where=f"{self.path.name} <{iri}>",
            code=self._code(iri, node),
            label=label,
            alt=tuple(alt),
            description=described[0].value if described else "",
            broader=parents,
            iri=iri,
            names=tuple((tag, name) for tag, name in sorted(others.items()) if tag != lang),
        )

    def _code(self, iri: str, node: dict[str, list[ox.NamedNode | ox.Literal]]) -> str:
        """Give the notation, else the end of the IRI when it is short enough to be a code."""
        for role in ("code", "identifier"):
            texts = sorted(value.value for value in node.get(role, ()) if isinstance(value, ox.Literal))
            if texts:
                return texts[-1] if role == "code" else texts[0]
        local = re.split(r"[/#]", iri.rstrip("/#"))[-1]
        return "" if _UUID.fullmatch(local) or len(local) > 40 else local

    def _texts(self, node: dict[str, list[ox.NamedNode | ox.Literal]], role: str) -> list[ox.Literal]:
        found = []
        for value in node.get(role, ()):
            text = self.forms.get(value.value) if isinstance(value, ox.NamedNode) else value
            if isinstance(text, ox.Literal) and text.value.strip():
                found.append(text)
        return found


def read_skos(path: Path) -> SkosFile:
    """Read an RDF file, plain, packed or zipped.

    Raises SourceError when it cannot be read, holds more than a million nodes, or no concept.
    """
    found = SkosFile(path)
    for quad in _quads(path):
        subject, value, predicate = quad.subject, quad.object, quad.predicate.value
        if not isinstance(subject, ox.NamedNode) or isinstance(value, ox.Triple):
            if predicate == SKOSXL + "literalForm" and isinstance(value, ox.Literal):
                found.forms[str(subject)] = value
            continue
        if predicate == SKOSXL + "literalForm" and isinstance(value, ox.Literal):
            found.forms[subject.value] = value
        elif predicate.startswith(SKOS) and predicate.endswith("Match"):
            found.mappings += 1
        elif (role := _ROLES.get(predicate) or _BY_LOCAL_NAME.get(re.split(r"[/#]", predicate)[-1])) and isinstance(
            value, ox.NamedNode | ox.Literal
        ):
            found.nodes.setdefault(subject.value, {}).setdefault(role, []).append(value)
            if len(found.nodes) > MAX_CONCEPTS:
                raise SourceError(f"the file holds more than {MAX_CONCEPTS:,} nodes", where=str(path))
    if not found.concepts():
        advice = (
            "Give SKOS concepts (skos:Concept with skos:prefLabel), or a table with --code-column and --label-column."
        )
        raise SourceError("the file holds no concepts", where=str(path), advice=advice)
    return found


def _quads(path: Path) -> Iterable[ox.Quad]:
    if path.suffix.lower() in {".gz", ".zip"}:
        return find_file(path).quads()
    return read_file(path)


def _iris(values: Iterable[ox.NamedNode | ox.Literal]) -> list[str]:
    return [value.value for value in values if isinstance(value, ox.NamedNode)]


def _space(iri: str) -> str:
    return re.sub(r"[^/#]*$", "", iri)
