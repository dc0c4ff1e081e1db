"""Mapping sets in RDF files: SSSOM's own form with owl:Axiom, and bare SKOS mapping triples."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyoxigraph as ox

from esco_graph.errors import ParameterError, SourceError
from esco_graph.mappings.about import source_shown
from esco_graph.mappings.model import RELATIONS, UNSPECIFIED, Mapping, MappingSet, set_iri, set_name
from esco_graph.mappings.rdf import sets_in, slot_record
from esco_graph.mappings.slots import key_of, mapping_of
from esco_graph.mappings.sssom import with_concepts
from esco_graph.profiles.model import DEFAULT_BASE
from esco_graph.sources.data_file import read_file
from esco_graph.taxonomies.taxonomy import Concept
from esco_graph.terms import OWL, RDF, SKOS, SSSOM, is_esco

_SET = ox.NamedNode(SSSOM + "MappingSet")
_TYPE = ox.NamedNode(RDF + "type")
_RELATIONS = frozenset(RELATIONS.values())
Value = ox.NamedNode | ox.Literal


@dataclass
class _Facts:
    """What the file says that mappings need: relations, axioms, labels, notations and schemes, by IRI."""

    relations: list[tuple[str, str, str]] = field(default_factory=list)
    axioms: dict[str, list[tuple[str, Value]]] = field(default_factory=dict)
    labels: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    schemes: dict[str, str] = field(default_factory=dict)
    left: int = 0


def read_rdf_set(path: Path, *, base: str = DEFAULT_BASE, name: str = "") -> MappingSet:
    """Read the mapping set of an RDF file; bare SKOS triples get semapv:UnspecifiedMatching.

    Raises SourceError for a file without mappings, or with several sets.
    """
    quads = list(read_file(path))
    own = name or set_name(path.name.partition(".")[0])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if any(quad.predicate == _TYPE and quad.object == _SET for quad in quads):
        given = _whole(quads, path)
        return given if not name else replace(given, name=name)
    facts = _facts(quads)
    rows = tuple(_rows(facts))
    if not rows:
        what = "the file holds no mapping"
        raise SourceError(
            what, where=str(path), advice="Mappings are triples with skos:exactMatch, closeMatch and so on."
        )
    remarks = (f"Mappings to a text or a node without a name are left out: {facts.left:,}",) if facts.left else ()
    made = MappingSet(own, set_iri(own, base), mappings=rows, source=path.name, sha256=digest, remarks=remarks)
    made = replace(made, subject_source=_source(facts, rows, "subject"), object_source=_source(facts, rows, "object"))
    named = {iri for row in rows for iri in (row.subject, row.object) if not (is_esco(iri) or iri.startswith(SSSOM))}
    concepts = (_concept(facts, iri) for iri in sorted(named) if iri in facts.labels or iri in facts.codes)
    return with_concepts(replace(made, concepts=tuple(concepts)))


def _whole(quads: list[ox.Quad], path: Path) -> MappingSet:
    found = list(sets_in(quads))
    if len(found) > 1:
        names = ", ".join(one.iri for one in found[:5])
        raise SourceError(f"the file holds {len(found)} mapping sets: {names}", where=str(path), advice="Part it.")
    return with_concepts(found[0])


def _facts(quads: Iterable[ox.Quad]) -> _Facts:
    facts = _Facts()
    for quad in quads:
        subject, predicate, value = str(quad.subject), quad.predicate.value, quad.object
        subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else subject
        if predicate in _RELATIONS:
            if isinstance(value, ox.NamedNode) and isinstance(quad.subject, ox.NamedNode):
                facts.relations.append((subject, predicate, value.value))
            else:
                facts.left += 1
        elif predicate.startswith((SSSOM, OWL)) and isinstance(value, ox.NamedNode | ox.Literal):
            facts.axioms.setdefault(subject, []).append((predicate, value))
        elif predicate == SKOS + "prefLabel" and isinstance(value, ox.Literal):
            facts.labels.setdefault(subject, []).append((value.language or "", value.value))
        elif predicate == SKOS + "notation" and isinstance(value, ox.Literal):
            facts.codes[subject] = min(value.value, facts.codes.get(subject, value.value))
        elif predicate == SKOS + "inScheme" and isinstance(value, ox.NamedNode):
            facts.schemes[subject] = min(value.value, facts.schemes.get(subject, value.value))
    return facts


def _rows(facts: _Facts) -> Iterable[Mapping]:
    told = set()
    for node, found in sorted(facts.axioms.items()):
        record = slot_record(found)
        if (
            not {"subject_id", "predicate_id", "object_id"} <= set(record)
            or record["predicate_id"][0] not in _RELATIONS
        ):
            continue
        try:
            row = mapping_of(record)
        except ParameterError as error:
            raise SourceError(f"a mapping cannot be used: {error.what}", where=node) from error
        told.add(row.key)
        yield row
    for key in sorted(set(facts.relations) - told):
        subject, predicate, other = key
        yield Mapping(subject, predicate, other, _label(facts, subject), _label(facts, other), UNSPECIFIED)


def _label(facts: _Facts, iri: str) -> str:
    return min(facts.labels.get(iri, [("", "")]), key=lambda one: (one[0] != "en", one))[1]


def _concept(facts: _Facts, iri: str) -> Concept:
    lang, label = min(facts.labels.get(iri, [("", "")]), key=lambda one: (one[0] != "en", one))
    return Concept(iri, facts.codes.get(iri, ""), label, lang)


def _source(facts: _Facts, rows: tuple[Mapping, ...], side: str) -> str:
    """Name the classification that most concepts of one side are of, "" when nobody says and no IRI shows."""
    counts: Counter[str] = Counter()
    for row in rows:
        iri = getattr(row, side)
        scheme = "esco" if is_esco(iri) else key_of(facts.schemes.get(iri, ""))
        counts[scheme] += 1
    said = min(counts, key=lambda key: (-counts[key], key), default="")
    return said or source_shown(getattr(row, side) for row in rows)
