"""A classification as SKOS: quads for its named graph, and its concepts back from a graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from esco_graph.profiles.model import DEFAULT_BASE
from esco_graph.taxonomies.taxonomy import Concept, Taxonomy, is_iri
from esco_graph.terms import DCT, ESCO_DATA, ESG, GRAPHS, OWL, RDF, RDFS, SKOS, XSD, taxonomy_graph

if TYPE_CHECKING:
    from esco_graph.graph import Graph

SPACE = GRAPHS + "taxonomy/"
_TYPE = ox.NamedNode(RDF + "type")
_PREF = ox.NamedNode(SKOS + "prefLabel")
_ALT = ox.NamedNode(SKOS + "altLabel")
_NOTATION = ox.NamedNode(SKOS + "notation")
_BROADER = ox.NamedNode(SKOS + "broader")
_IN_SCHEME = ox.NamedNode(SKOS + "inScheme")
_DESCRIPTION = ox.NamedNode(DCT + "description")
_LEVEL = ox.NamedNode(ESG + "iscoSkillLevel")
_SEE_ALSO = ox.NamedNode(RDFS + "seeAlso")


@dataclass(frozen=True)
class Head:
    """What a graph says of a stored classification as a whole; `concepts` is how many it has."""

    taxonomy: Taxonomy
    scheme: str
    graph: str
    version: str
    sources: tuple[str, ...]
    concepts: int


def taxonomy_quads(
    taxonomy: Taxonomy,
    concepts: Iterable[Concept],
    graph_name: str = "",
    *,
    base: str = DEFAULT_BASE,
    sources: Iterable[str] = (),
) -> Iterator[ox.Quad]:
    """Write a classification as SKOS: the scheme with its facts, then each concept.

    `graph_name` is that of its own graph unless another is given; `sources` are the names of the files with their
    SHA-256, kept as `dct:source` of the scheme.

    >>> rome = Taxonomy("rome", "ROME", "fr")
    >>> one = Concept(rome.concept_iri("A1101"), "A1101", "Conduite d'engins agricoles", "fr")
    >>> sum(quad.predicate.value.endswith("notation") for quad in taxonomy_quads(rome, [one]))
    1
    """
    graph = ox.NamedNode(graph_name or taxonomy_graph(taxonomy.key))
    scheme = ox.NamedNode(taxonomy.scheme_iri(base))
    for triple in _scheme_triples(taxonomy, scheme, sources):
        yield ox.Quad(*triple, graph)
    for concept in concepts:
        for triple in concept_triples(concept, scheme):
            yield ox.Quad(*triple, graph)


def _scheme_triples(
    taxonomy: Taxonomy, scheme: ox.NamedNode, sources: Iterable[str]
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    yield scheme, _TYPE, ox.NamedNode(SKOS + "ConceptScheme")
    yield scheme, ox.NamedNode(DCT + "title"), ox.Literal(taxonomy.name, language=taxonomy.lang)
    yield scheme, _PREF, ox.Literal(taxonomy.name, language=taxonomy.lang)
    yield scheme, ox.NamedNode(DCT + "language"), ox.Literal(taxonomy.lang)
    facts = (("publisher", taxonomy.owner), ("rights", taxonomy.licence))
    for name, value in facts:
        if value:
            yield scheme, ox.NamedNode(DCT + name), ox.Literal(value)
    if taxonomy.version:
        yield scheme, ox.NamedNode(OWL + "versionInfo"), ox.Literal(taxonomy.version)
    if is_iri(taxonomy.source):
        yield scheme, _SEE_ALSO, ox.NamedNode(taxonomy.source)
    for source in sources:
        yield scheme, ox.NamedNode(DCT + "source"), ox.Literal(source)


def concept_triples(
    concept: Concept, scheme: ox.NamedNode
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    """Write one concept; a label that is the preferred one is not written as another label too (SKOS S13)."""
    node = ox.NamedNode(concept.iri)
    yield node, _TYPE, ox.NamedNode(SKOS + "Concept")
    yield node, _IN_SCHEME, scheme
    if concept.code:
        yield node, _NOTATION, ox.Literal(concept.code)
    if concept.label:
        yield node, _PREF, ox.Literal(concept.label, language=concept.lang)
    for lang, name in concept.names:
        yield node, _PREF, ox.Literal(name, language=lang)
    for name in concept.alt:
        if name != concept.label:
            yield node, _ALT, ox.Literal(name, language=concept.lang)
    if concept.description:
        yield node, _DESCRIPTION, ox.Literal(concept.description, language=concept.lang)
    for iri in concept.broader:
        yield node, _BROADER, ox.NamedNode(iri)
    if not concept.broader:
        yield node, ox.NamedNode(SKOS + "topConceptOf"), scheme
        yield scheme, ox.NamedNode(SKOS + "hasTopConcept"), node
    if concept.level:
        yield node, _LEVEL, ox.Literal(str(concept.level), datatype=ox.NamedNode(XSD + "integer"))
    if concept.seen_as:
        yield node, _SEE_ALSO, ox.NamedNode(concept.seen_as)


def heads(graph: Graph) -> list[Head]:
    """List the classifications that a graph holds, by key; works on remote graphs.

    >>> from esco_graph.graph import Graph
    >>> rome = Taxonomy("rome", "ROME", "fr")
    >>> [head.taxonomy.key for head in heads(Graph.memory(taxonomy_quads(rome, [])))]
    ['rome']
    """
    names = [name for name in graph.named_graphs() if name.startswith(SPACE)]
    return sorted((_head(graph, name) for name in names), key=lambda head: head.taxonomy.key)


def _head(graph: Graph, name: str) -> Head:
    from esco_graph.taxonomies.registry import TAXONOMIES

    node = ox.NamedNode(name)
    key = name.removeprefix(SPACE)
    titled = graph.select(f"SELECT ?s WHERE {{ GRAPH {node} {{ ?s <{DCT}title> ?t }} }} ORDER BY STR(?s)").rows
    scheme = next((row[0] for row in titled if isinstance(row[0], ox.NamedNode)), node)
    facts: dict[str, list[str]] = defaultdict(list)
    for predicate, value in graph.select(f"SELECT ?p ?o WHERE {{ GRAPH {node} {{ {scheme} ?p ?o }} }}"):
        if isinstance(predicate, ox.NamedNode) and isinstance(value, ox.Literal):
            facts[predicate.value].append(value.value)
    named = (OWL + "versionInfo", DCT + "title", DCT + "language")
    version, title, lang = (min(facts[one], default="") for one in named)
    known = TAXONOMIES.get(key) or Taxonomy(key, title or key, lang or "en", scheme=scheme.value)
    sources = tuple(sorted(facts[DCT + "source"]))
    return Head(known, scheme.value, name, version, sources, _count(graph, scheme, node))


def _count(graph: Graph, scheme: ox.NamedNode, own: ox.NamedNode) -> int:
    """Count the concepts of a scheme, as `_members` gives them."""
    if graph.store is not None:
        return len(_members(graph, scheme, own))
    inside = f"?c {_IN_SCHEME} {scheme}"
    where = inside if scheme.value.startswith(ESCO_DATA) else f"GRAPH {own} {{ {inside} }}"
    rows = graph.select(f"SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE {{ {where} }}").rows
    return int(rows[0][0].value)  # type: ignore[union-attr]


def _members(graph: Graph, scheme: ox.NamedNode, own: ox.NamedNode) -> set[ox.NamedNode]:
    """Give the concepts of a scheme: those in its own graph, and with an IRI of ESCO's those of the release too."""
    where = None if scheme.value.startswith(ESCO_DATA) else own
    found = (quad.subject for quad in graph.quads(None, _IN_SCHEME, scheme, where))
    return {node for node in found if isinstance(node, ox.NamedNode)}


def concepts_of(graph: Graph, key: str) -> list[Concept]:
    """Give the concepts of a classification in the graph, sorted by IRI; [] when it has none of it.

    They come from its own named graph; without one, from whatever graph puts concepts in its scheme: ESCO's own ISCO
    groups, or the concepts that a mapping set names; those have what is above them by the form of their codes.

    >>> from esco_graph.graph import Graph
    >>> rome = Taxonomy("rome", "ROME", "fr")
    >>> one = Concept(rome.concept_iri("A1101"), "A1101", "Conduite d'engins", "fr", alt=("Tractoriste",))
    >>> concepts_of(Graph.memory(taxonomy_quads(rome, [one])), "rome") == [one]
    True
    """
    name = taxonomy_graph(key)
    head = next((head for head in heads(graph) if head.graph == name), None)
    if head:
        members = _members(graph, ox.NamedNode(head.scheme), ox.NamedNode(name))
        return _concepts(graph, members, head.taxonomy)
    from esco_graph.taxonomies.registry import TAXONOMIES

    taxonomy = TAXONOMIES.get(key) or Taxonomy(key, key)
    schemes = [scheme for scheme in _schemes(graph) if _is_of(scheme, taxonomy)]
    named = (q.subject for scheme in schemes for q in graph.quads(None, _IN_SCHEME, scheme))
    return _concepts(graph, {node for node in named if isinstance(node, ox.NamedNode)}, taxonomy)


def _schemes(graph: Graph) -> list[ox.NamedNode]:
    rows = graph.select(f"SELECT DISTINCT ?scheme WHERE {{ ?concept <{SKOS}inScheme> ?scheme }}").rows
    return sorted((row[0] for row in rows if isinstance(row[0], ox.NamedNode)), key=str)


def _is_of(scheme: ox.NamedNode, taxonomy: Taxonomy) -> bool:
    return scheme.value == taxonomy.scheme or scheme.value.endswith(f"/taxonomy/{taxonomy.key}")


def _concepts(graph: Graph, members: Iterable[ox.NamedNode], taxonomy: Taxonomy) -> list[Concept]:
    made = [_concept(graph, node, taxonomy) for node in sorted(members, key=lambda node: node.value)]
    by_code = {concept.code: concept.iri for concept in reversed(made) if concept.code}
    return [concept if concept.broader else _below(concept, by_code, taxonomy) for concept in made]


def _below(concept: Concept, by_code: dict[str, str], taxonomy: Taxonomy) -> Concept:
    """Put a concept of which no graph says so below the nearest one that its code names."""
    code = taxonomy.parent(concept.code) if concept.code else None
    while code is not None and code not in by_code:
        code = taxonomy.parent(code)
    return concept if code is None else replace(concept, broader=(by_code[code],))


def _concept(graph: Graph, node: ox.NamedNode, taxonomy: Taxonomy) -> Concept:
    """Put one concept together from what the graph says of it."""
    pref: dict[str, str] = {}
    alt: dict[str, list[str]] = defaultdict(list)
    described: dict[str, str] = {}
    made = Concept(node.value, "", "", taxonomy.lang)
    codes: list[str] = []
    broader: list[str] = []
    for quad in graph.quads(node):
        value, predicate = quad.object, quad.predicate
        if isinstance(value, ox.NamedNode):
            if predicate == _BROADER:
                broader.append(value.value)
            elif predicate == _SEE_ALSO:
                made = replace(made, seen_as=value.value)
        elif isinstance(value, ox.Literal):
            lang = value.language or taxonomy.lang
            if predicate == _PREF:
                pref[lang] = min(pref.get(lang, value.value), value.value)
            elif predicate == _ALT:
                alt[lang].append(value.value)
            elif predicate == _DESCRIPTION:
                described[lang] = min(described.get(lang, value.value), value.value)
            elif predicate == _NOTATION:
                codes.append(value.value)
            elif predicate == _LEVEL and value.value.isdigit():
                made = replace(made, level=int(value.value))
    lang = (
        taxonomy.lang if taxonomy.lang in pref else min(pref, key=lambda one: (one != "en", one), default=taxonomy.lang)
    )
    code = max(codes, key=lambda one: (len(one), one), default="")
    return replace(
        made,
        code=code,
        label=pref.get(lang, ""),
        lang=lang,
        alt=tuple(sorted(set(alt[lang]))),
        description=described.get(lang, ""),
        broader=tuple(sorted(set(broader))),
        isco=taxonomy.isco(code),
        names=tuple(sorted((other, name) for other, name in pref.items() if other != lang)),
    )
