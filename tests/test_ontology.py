"""The ontology says what it means, its foreign terms exist, the context follows from it, the ISCO levels are whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, URIRef
from rdflib.namespace import DCTERMS, PROV, SDO

from conftest import ROOT, SHARED
from esco_graph.graph import Graph
from esco_graph.publish.context import make_context
from esco_graph.terms import ESCO, ESG, ISCO, SH, prefixes

ONTOLOGY = ROOT / "ontology"
ELM = "http://data.europa.eu/snb/model/elm/"
SHAPES = "https://w3id.org/esco-graph/shapes/"

CLASSES = {"OccupationProfile", "PersonProfile", "SkillStatement", "SkillHolding", "OccupationLink"}
CLASSES |= {"Aim", "OccupationHolding"} | {"Overlap", "Comparison"}
MEASURES = {"Affinity", "Cosine", "Coverage", "EssentialCoverage", "IdfJaccard", "Jaccard", "Likeness"}
INDIVIDUALS = {"Similar", "Prospect"} | MEASURES
OBJECT_PROPERTIES = {
    "aimsAt", "between", "candidate", "describes", "hasHeld", "hasLink", "hasStatement", "holds", "linkKind",
    "matchedBy", "method", "occupation", "proficiency", "relationType", "skill", "statedSkillType", "target",
}  # fmt: skip
DATATYPE_PROPERTIES = {
    "employer", "evidence", "greenShare", "heldSince", "idf", "isCandidate", "iscoSkillLevel", "measure",
    "minimumQualification", "orientation", "otherTitle", "score", "sha256",
    "sourceLine", "statedLabel", "statedProficiency", "statedText",
}  # fmt: skip
ANNOTATIONS = {"code"}
# Terms of ESCO's own model that the ontology may point to (its published model, and the terms seen in its dumps).
ESCO_TERMS = {"AssociationObject", "Occupation", "Qualification", "Skill", "skillType", "target"}


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY / "esco_graph.ttl")


@pytest.fixture(scope="module")
def shape_iris() -> set[str]:
    graph = rdflib.Graph()
    for path in (ROOT / "shapes").glob("*.ttl"):
        graph.parse(path)
    return {str(subject) for subject in graph.subjects()}


def declared() -> list[str]:
    return sorted(CLASSES | INDIVIDUALS | OBJECT_PROPERTIES | DATATYPE_PROPERTIES | ANNOTATIONS)


def own(name: str) -> URIRef:
    return URIRef(ESG + name)


# ontology ------------------------------------------------------------------------------------------------------------


def test_it_declares_exactly_the_agreed_terms(ontology: rdflib.Graph) -> None:
    def of(kind: URIRef) -> set[str]:
        return {str(s).removeprefix(ESG) for s in ontology.subjects(RDF.type, kind) if str(s).startswith(ESG)}

    assert of(OWL.Class) == CLASSES
    assert of(OWL.NamedIndividual) == INDIVIDUALS
    assert of(OWL.ObjectProperty) == OBJECT_PROPERTIES
    assert of(OWL.DatatypeProperty) == DATATYPE_PROPERTIES
    assert of(OWL.AnnotationProperty) == ANNOTATIONS
    assert {str(s).removeprefix(ESG) for s in ontology.subjects() if str(s).startswith(ESG)} == set(declared())


def test_every_term_of_ours_in_use_is_declared() -> None:
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "queries").rglob("*.rq"), *(ROOT / "shapes").glob("*.ttl")]
    used = {name for file in files for name in re.findall(r'(?:\bESG \+ "|\besg:)([A-Za-z0-9]+)', file.read_text())}
    assert used - set(declared()) == set()


@pytest.mark.parametrize("name", declared())
def test_each_term_is_labelled_and_explained(ontology: rdflib.Graph, name: str) -> None:
    for predicate in (RDFS.label, RDFS.comment):
        texts = list(ontology.objects(own(name), predicate))
        assert len(texts) == 1
        assert texts[0].language == "en"
        assert str(texts[0]).strip()
    assert str(ontology.value(own(name), RDFS.comment)).endswith(".")
    assert list(ontology.objects(own(name), RDFS.isDefinedBy)) == [URIRef("https://w3id.org/esco-graph/ns")]


@pytest.mark.parametrize("name", sorted(OBJECT_PROPERTIES | DATATYPE_PROPERTIES))
def test_each_property_has_domain_and_range_or_names_its_shapes(
    ontology: rdflib.Graph, shape_iris: set[str], name: str
) -> None:
    has = set(ontology.predicates(own(name)))
    shapes = [str(value) for value in ontology.objects(own(name), RDFS.seeAlso)]
    assert {RDFS.domain, RDFS.range} <= has or shapes
    assert [iri for iri in shapes if iri not in shape_iris] == []


@pytest.mark.parametrize("name", sorted((CLASSES | OBJECT_PROPERTIES | DATATYPE_PROPERTIES) - {"matchedBy"}))
def test_each_term_is_aligned_with_a_known_vocabulary(ontology: rdflib.Graph, name: str) -> None:
    ties = {RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch, SKOS.exactMatch, SKOS.broadMatch, SKOS.relatedMatch}
    aligned = {str(o) for p, o in ontology.predicate_objects(own(name)) if p in ties and not str(o).startswith(ESG)}
    assert aligned


def elm_terms() -> set[str] | None:
    path = SHARED / "taxonomies" / "elm" / "ELM.ttl"
    if not path.exists():
        return None
    quads = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}


def foreign_terms(graph: rdflib.Graph) -> Iterator[str]:
    for triple in graph:
        yield from (str(term) for term in triple if isinstance(term, URIRef) and not str(term).startswith(ESG))


def test_foreign_terms_exist(ontology: rdflib.Graph) -> None:
    vocabularies = (SKOS, PROV, SDO, DCTERMS, RDFS, RDF, OWL)
    unknown = set()
    for iri in foreign_terms(ontology):
        for vocabulary in vocabularies:
            if iri.startswith(str(vocabulary)) and URIRef(iri) not in vocabulary:
                unknown.add(iri)
        if iri.startswith(ESCO) and iri.removeprefix(ESCO) not in ESCO_TERMS:
            unknown.add(iri)
    assert unknown == set()


def test_elm_terms_exist(ontology: rdflib.Graph) -> None:
    known = elm_terms()
    if known is None:
        pytest.skip("the ELM ontology is not in ../shared/data/taxonomies/elm")
    used = {iri for iri in foreign_terms(ontology) if iri.startswith(ELM)}
    assert ELM + "relatedESCOSkill" in used
    assert used - known == set()


# prefixes ------------------------------------------------------------------------------------------------------------


def test_prefixes_are_unique_and_end_where_a_name_can_follow() -> None:
    graph = rdflib.Graph().parse(ONTOLOGY / "prefixes.ttl")
    names = [str(value) for value in graph.objects(None, URIRef(SH + "prefix"))]
    spaces = [str(value) for value in graph.objects(None, URIRef(SH + "namespace"))]
    assert len(names) == len(set(names)) == len(set(spaces)) == len(list(graph.objects(None, URIRef(SH + "declare"))))
    assert [space for space in spaces if not space.endswith(("/", "#"))] == []
    assert prefixes() == dict(zip(sorted(names), (prefixes()[name] for name in sorted(names)), strict=True))
    assert set(prefixes().values()) == set(spaces)


@pytest.mark.parametrize("name", ["esco_graph.ttl", "isco_levels.ttl", "prefixes.ttl"])
def test_both_engines_read_the_same_turtle(name: str) -> None:
    quads = list(ox.parse(path=str(ONTOLOGY / name), format=ox.RdfFormat.TURTLE))
    assert len(quads) == len(rdflib.Graph().parse(ONTOLOGY / name)) > 50


# ISCO levels ---------------------------------------------------------------------------------------------------------

# Groups by skill level; within a level, by number.
BY_LEVEL = {
    4: "01 11 12 13 21 22 23 24 25 26",
    3: "14 31 32 33 34 35",
    2: "02 41 42 43 44 51 52 53 54 61 62 63 71 72 73 74 75 81 82 83",
    1: "03 91 92 93 94 95 96",
}
SUB_MAJOR = sorted(code for codes in BY_LEVEL.values() for code in codes.split())


def levels() -> dict[str, int]:
    graph = rdflib.Graph().parse(ONTOLOGY / "isco_levels.ttl")
    pairs = list(graph.subject_objects(own("iscoSkillLevel")))
    assert len(pairs) == len({subject for subject, _ in pairs})
    return {str(subject).removeprefix(ISCO + "C"): value.toPython() for subject, value in pairs}


def test_every_sub_major_group_and_every_unambiguous_major_group_has_a_level() -> None:
    assert len(SUB_MAJOR) == 43
    assert sorted(levels()) == sorted([*SUB_MAJOR, *"23456789"])


@pytest.mark.parametrize("level", BY_LEVEL)
def test_levels_are_those_of_isco_08(level: int) -> None:
    """As the texts of the groups say; 25 says nothing and goes with its major group."""
    assert {levels()[code] for code in BY_LEVEL[level].split()} == {level}


def test_a_major_group_agrees_with_all_its_sub_major_groups() -> None:
    known = levels()
    for major in "23456789":
        assert {known[code] for code in SUB_MAJOR if code[0] == major} == {known[major]}


def test_the_levels_name_their_source() -> None:
    graph = rdflib.Graph().parse(ONTOLOGY / "isco_levels.ttl")
    assert len(list(graph.objects(URIRef("https://w3id.org/esco-graph/isco-levels"), DCTERMS.source))) >= 1


def test_a_real_release_has_exactly_these_sub_major_groups(graph_111: Graph) -> None:
    rows = graph_111.select(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?code WHERE { "
        "?g skos:inScheme <http://data.europa.eu/esco/concept-scheme/isco> ; skos:notation ?code "
        "FILTER(STRLEN(?code) = 2) }"
    )
    assert sorted(row[0].value for row in rows) == SUB_MAJOR


# context -------------------------------------------------------------------------------------------------------------

TURTLE = """
@prefix dct: <http://purl.org/dc/terms/> .
@prefix esco: <http://data.europa.eu/esco/model#> .
@prefix esg: <https://w3id.org/esco-graph/ns#> .
@prefix isco: <http://data.europa.eu/esco/isco/> .
@prefix iso-thes: <http://purl.org/iso25964/skos-thes#> .
@prefix o: <http://data.europa.eu/esco/occupation/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix s: <http://data.europa.eu/esco/skill/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
o:1 a esco:Occupation, skos:Concept ;
  skos:prefLabel "nurse"@en, "Krankenpfleger"@de ;
  skos:altLabel "sister"@en, "staff nurse"@en, "Schwester"@de, "without a tag" ;
  skos:hiddenLabel "nures"@en ;
  skos:notation "2221.1", "2221.1"@en ;
  esco:relatedEssentialSkill s:a, s:b ; esco:memberOfISCOGroup isco:C2221 ;
  skos:broader isco:C2221, "a literal where an IRI belongs" ;
  dct:modified "2024-01-16T14:23:28.476Z"^^xsd:dateTime, "2024-01-16"^^xsd:date ;
  iso-thes:status "released" ; dct:description "colour"@en-gb .
isco:C2221 esg:iscoSkillLevel 4, "04"^^xsd:integer, "4", 4.0 .
<https://example.org/p> a esg:OccupationProfile ;
  dct:title "Nurse"@en ; dct:language "en" ; esg:describes o:1 ; esg:hasLink <https://example.org/p#l> ;
  prov:wasDerivedFrom <https://example.org/p#source> .
<https://example.org/p#l> a esg:OccupationLink ;
  esg:score 0.25, "1.0"^^xsd:decimal ; esg:measure "coverage" ; esg:linkKind esg:Similar ;
  esg:statedLabel "Nurse"@en, "no language" .
<https://example.org/p#source> dct:title "page.txt" ; esg:sha256 "00ff" .
"""


@pytest.fixture(autouse=True)
def _literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep rdflib from rewriting "04"^^xsd:integer as "4"."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def triples(data: str, kind: ox.RdfFormat) -> set[str]:
    return {str(quad.triple) for quad in ox.parse(data, kind)}


def lines(graph: rdflib.Graph) -> set[str]:
    """N-Triples lines; there are no blank nodes here."""
    return set(graph.serialize(format="nt").splitlines())


def test_the_context_file_is_the_generated_one() -> None:
    text = (ONTOLOGY / "context.jsonld").read_text(encoding="utf-8")
    assert text == json.dumps(make_context(), ensure_ascii=False, indent=2) + "\n", "run: make context"


def test_the_context_has_every_term_of_the_ontology_and_all_prefixes() -> None:
    context = make_context()["@context"]
    assert {name: context[name] for name in prefixes()} == prefixes()
    assert context["id"] == "@id"
    assert context["type"] == "@type"
    assert (CLASSES | OBJECT_PROPERTIES | DATATYPE_PROPERTIES) - set(context) == set()
    assert {context[name]["@type"] for name in OBJECT_PROPERTIES} == {"@id"}


def test_no_two_terms_mean_the_same() -> None:
    context = make_context()["@context"]
    meanings = [value if isinstance(value, str) else value["@id"] for name, value in context.items() if name[0] != "@"]
    assert len(meanings) == len(set(meanings))


def test_an_ordinary_processor_comes_back_to_the_same_graph() -> None:
    graph = rdflib.Graph().parse(data=TURTLE)
    text = graph.serialize(format="json-ld", context=make_context()["@context"])
    assert lines(rdflib.Graph().parse(data=text, format="json-ld")) == lines(graph)
    assert triples(text, ox.RdfFormat.JSON_LD) == triples(TURTLE, ox.RdfFormat.TURTLE)
    node = next(node for node in json.loads(text)["@graph"] if node["id"] == "esco-occupation:1")
    assert node["prefLabel"] == {"en": "nurse", "de": "Krankenpfleger"}
    assert node["memberOfISCOGroup"] == "isco:C2221"


def test_a_processor_of_the_whole_standard_comes_back_to_the_same_graph() -> None:
    jsonld = pytest.importorskip("pyld", reason="PyLD is not installed").jsonld
    text = rdflib.Graph().parse(data=TURTLE).serialize(format="nt")
    compact = jsonld.compact(jsonld.from_rdf(text, {"format": "application/n-quads"}), make_context())
    assert triples(json.dumps(compact), ox.RdfFormat.JSON_LD) == triples(TURTLE, ox.RdfFormat.TURTLE)


def test_a_document_written_by_hand_means_what_it_says() -> None:
    document = {
        **make_context(),
        "id": "esco-occupation:1",
        "type": ["Occupation", "skos:Concept"],
        "prefLabel": {"en": "nurse"},
        "altLabel": {"en": ["sister", "staff nurse"], "de": "Schwester"},
        "relatedEssentialSkill": ["esco-skill:a", {"id": "esco-skill:b", "notation": "x"}],
        "iscoSkillLevel": 4,
        "modified": "2024-01-16T14:23:28Z",
    }
    expected = """
    @prefix esco: <http://data.europa.eu/esco/model#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix s: <http://data.europa.eu/esco/skill/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    <http://data.europa.eu/esco/occupation/1> a esco:Occupation, skos:Concept ; skos:prefLabel "nurse"@en ;
      skos:altLabel "sister"@en, "staff nurse"@en, "Schwester"@de ; esco:relatedEssentialSkill s:a, s:b ;
      <https://w3id.org/esco-graph/ns#iscoSkillLevel> 4 ;
      <http://purl.org/dc/terms/modified> "2024-01-16T14:23:28Z"^^xsd:dateTime .
    s:b skos:notation "x" .
    """
    text = json.dumps(document)
    assert triples(text, ox.RdfFormat.JSON_LD) == triples(expected, ox.RdfFormat.TURTLE)
    assert lines(rdflib.Graph().parse(data=text, format="json-ld")) == lines(rdflib.Graph().parse(data=expected))
