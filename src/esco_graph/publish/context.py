"""Make the JSON-LD context from the prefixes, the ontology and the terms of the data model.

`python -m esco_graph.publish.context > ontology/context.jsonld` writes the file; a test holds the two together.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from esco_graph.resources import resource
from esco_graph.terms import ESG, OWL, RDF, RDFS, XSD, compress, prefixes

Definition = str | dict[str, Any]

ALIASES = {"id": "@id", "type": "@type"}

# The data model of docs/architecture.md; a term is called as in its vocabulary, and has one definition.
CLASSES = (
    "dcat:Dataset",
    "esco:MemberConcept",
    "esco:Occupation",
    "esco:Skill",
    "prov:Activity",
    "prov:Entity",
    "prov:SoftwareAgent",
    "skos:Concept",
    "skos:ConceptScheme",
)
# One text per language, as a map from language to text.
TEXTS = ("dct:description", "dct:title", "skos:definition", "skos:prefLabel", "skos:scopeNote")
# Several texts per language, as a map from language to a list, even of one; rdflib adds a null, which readers skip.
TEXT_LISTS = ("skos:altLabel", "skos:editorialNote", "skos:hiddenLabel")
STRINGS = ("dct:language", "iso-thes:status", "schema:softwareVersion", "skos:notation")
TIMES = ("dct:modified", "prov:generatedAtTime")
REFERENCES = (
    "dct:isVersionOf",
    "dct:references",
    "dct:source",
    "esco:hasNACECode",
    "esco:isEssentialSkillFor",
    "esco:isOptionalSkillFor",
    "esco:memberOfISCOGroup",
    "esco:regulatedProfessionNote",
    "esco:relatedEssentialSkill",
    "esco:relatedOptionalSkill",
    "esco:skillReuseLevel",
    "esco:skillType",
    "prov:used",
    "prov:wasAssociatedWith",
    "prov:wasDerivedFrom",
    "prov:wasGeneratedBy",
    "schema:occupationalCategory",
    "skos:broadMatch",
    "skos:broader",
    "skos:closeMatch",
    "skos:exactMatch",
    "skos:hasTopConcept",
    "skos:inScheme",
    "skos:narrowMatch",
    "skos:narrower",
    "skos:related",
    "skos:relatedMatch",
    "skos:topConceptOf",
)


def make_context() -> dict[str, Any]:
    """Make the context document, `{"@context": {…}}`: aliases, prefixes and terms, in that order.

    A value that a term cannot carry without loss, such as a label without a language, stands under its full name.

    >>> context = make_context()["@context"]
    >>> context["esco"], context["broader"]
    ('http://data.europa.eu/esco/model#', {'@id': 'skos:broader', '@type': '@id'})
    """
    terms: dict[str, Definition] = {}
    for curie, definition in sorted([*_model_terms(), *_ontology_terms()], key=lambda pair: pair[0].partition(":")[2]):
        name = curie.partition(":")[2]
        if name in terms or name in prefixes() or name in ALIASES:
            raise AssertionError(f"two meanings of {name!r} in the JSON-LD context; {curie} needs another name")
        terms[name] = definition
    return {"@context": {"@version": 1.1, **ALIASES, **prefixes(), **terms}}


def _model_terms() -> Iterator[tuple[str, Definition]]:
    yield from ((curie, curie) for curie in (*CLASSES, *STRINGS))
    yield from ((curie, _texts(curie)) for curie in TEXTS)
    yield from ((curie, {"@id": curie, "@container": ["@language", "@set"]}) for curie in TEXT_LISTS)
    yield from ((curie, {"@id": curie, "@type": "xsd:dateTime"}) for curie in TIMES)
    yield from ((curie, _reference(curie)) for curie in REFERENCES)


def _ontology_terms() -> Iterator[tuple[str, Definition]]:
    """Classes and properties of our own; what a property's values look like follows from its type and range."""
    quads = list(ox.parse(path=str(resource("ontology/esco_graph.ttl")), format=ox.RdfFormat.TURTLE))
    ranges = dict(_objects(quads, RDFS + "range"))
    for iri, kind in _objects(quads, RDF + "type"):
        curie = compress(iri)
        if not iri.startswith(ESG):
            continue
        if kind == OWL + "Class":
            yield curie, curie
        elif kind == OWL + "ObjectProperty":
            yield curie, _reference(curie)
        elif kind == OWL + "DatatypeProperty":
            yield curie, _literal(curie, ranges.get(iri))


def _objects(quads: Iterable[ox.Quad], predicate: str) -> Iterator[tuple[str, str]]:
    for quad in quads:
        if quad.predicate.value == predicate and isinstance(quad.subject, ox.NamedNode):
            yield quad.subject.value, str(getattr(quad.object, "value", ""))


def _literal(curie: str, datatype: str | None) -> Definition:
    if datatype == RDF + "langString":
        return _texts(curie)
    if datatype is None or datatype == XSD + "string":
        return curie
    return {"@id": curie, "@type": compress(datatype)}


def _texts(curie: str) -> Definition:
    return {"@id": curie, "@container": "@language"}


def _reference(curie: str) -> Definition:
    return {"@id": curie, "@type": "@id"}


def main() -> None:
    """Write the context document to standard output."""
    sys.stdout.write(json.dumps(make_context(), ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
