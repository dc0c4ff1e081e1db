"""One concept with what is needed to read it, what an export looks like, and exports of a remote graph."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib

from esco_graph.errors import EndpointError, ParameterError
from esco_graph.graph import Graph
from esco_graph.publish import EXPORTS, FORMATS, select_quads, write_file
from esco_graph.publish.compaction import Compactor
from esco_graph.terms import DCT, ESCO, ESG, ISCO, RDF, SKILL, SKOS
from exports import (
    ASSISTANT,
    DERIVED,
    EX,
    PAGE,
    PROFILE,
    RELEASE,
    THERAPIST,
    Remote,
    assert_same,
    data_of,
    en,
    esco_quads,
    export,
    iri,
    parse,
    parse_rdflib,
    quad,
)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")


@pytest.fixture(autouse=True)
def _literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep rdflib from rewriting "05"^^xsd:integer as "5"."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.fixture
def graph() -> Graph:
    return Graph.memory(esco_quads())


# one concept, readable -----------------------------------------------------------------------------------------------


def test_a_concept_brings_what_is_needed_to_read_it(graph):
    found = list(select_quads(graph, concept=ASSISTANT))
    assert len(found) == len(set(found))
    assert set(found) <= set(esco_quads())
    assert {q for q in esco_quads() if q.subject == iri(ASSISTANT)} <= set(found)
    assert {q for q in esco_quads() if str(q.subject).startswith(f"<{PAGE}")} <= set(found)
    chain = {(q.subject.value, q.object.value) for q in found if q.predicate.value == SKOS + "broader"}
    assert (ISCO + "C2269", ISCO + "C226") in chain
    assert (ISCO + "C22", ISCO + "C2") in chain
    assert quad(ISCO + "C2", ESG + "iscoSkillLevel", ox.Literal(4), DERIVED) in found


def test_no_label_dangles(graph):
    """Whatever an export mentions, it gives the label of, if the graph has one."""
    found = list(select_quads(graph, concept=ASSISTANT))
    labelled = {q.subject for q in esco_quads() if q.predicate.value == SKOS + "prefLabel"}
    mentioned = {term for q in found for term in (q.subject, q.object)}
    assert mentioned & labelled == {q.subject for q in found if q.predicate.value == SKOS + "prefLabel"}
    assert iri(SKILL + "3") in mentioned  # only the profile mentions it


def test_neighbours_are_given_in_brief(graph):
    found = set(select_quads(graph, concept=ASSISTANT))
    assert quad(SKILL + "1", SKOS + "altLabel", en("other name 1")) not in found
    assert quad(SKILL + "1", ESCO + "isEssentialSkillFor", THERAPIST) not in found
    assert quad(ISCO + "C2", DCT + "description", en("long")) not in found


def test_a_group_brings_what_is_directly_below(graph):
    found = list(select_quads(graph, concept="isco:C2269"))
    assert {q.subject.value for q in found if q.object == iri(ISCO + "C2269")} == {ASSISTANT, THERAPIST}
    assert quad(THERAPIST, SKOS + "prefLabel", en("occupational therapist")) in found
    assert quad(THERAPIST, ESCO + "relatedEssentialSkill", SKILL + "1") not in found


def test_a_cycle_of_broader_concepts_ends():
    quads = [quad(EX + a, SKOS + "broader", EX + b) for a, b in ("ab", "bc", "ca", "aa")]
    assert set(select_quads(Graph.memory(quads), concept=EX + "a")) == set(quads)
    for format in FORMATS:
        data = export(Graph.memory(quads), format, concept=EX + "a")
        assert_same(data_of(parse(data, format)), quads, format)


def test_blank_nodes_of_a_concept_come_along():
    inner = ox.BlankNode()
    quads = [quad(EX + "a", EX + "p", inner), ox.Quad(inner, iri(EX + "q"), ox.Literal("x"), RELEASE)]
    assert set(select_quads(Graph.memory([*quads, quad(EX + "b", EX + "p", "y")]), concept=EX + "a")) == set(quads)


@pytest.mark.parametrize("format", FORMATS)
def test_a_concept_reads_back(graph, format):
    wanted = list(select_quads(graph, concept=ASSISTANT))
    data = export(graph, format, concept="esco-occupation:82cbe20d-967c-4161-9ecd-eafc724d171c")
    assert_same(data_of(parse(data, format)), wanted, format)
    assert_same(data_of(parse_rdflib(data, format)), wanted, format)


def test_a_concept_within_one_named_graph(graph):
    found = list(select_quads(graph, concept=ASSISTANT, named_graph="profile/assistant"))
    assert {q.graph_name for q in found} == {PROFILE}
    assert quad(ASSISTANT, SKOS + "altLabel", en("OT technician"), PROFILE) in found


def test_languages(graph):
    data = export(graph, "turtle", concept=ASSISTANT, lang=("de",))
    texts = [q.object for q in data_of(parse(data, "turtle")) if isinstance(q.object, ox.Literal)]
    assert {text.language for text in texts} == {"de", None}
    assert "Texts in other languages than de were left out." in data.decode()
    regional = Graph.memory([quad(EX + "a", EX + "p", ox.Literal("x", language="en-GB"))])
    assert len(data_of(parse(export(regional, "turtle", lang=("EN",)), "turtle"))) == 1
    assert data_of(parse(export(regional, "turtle", lang=()), "turtle")) == []


# what one reads ------------------------------------------------------------------------------------------------------


def test_turtle_is_for_people(graph):
    text = export(graph, "turtle", concept=ASSISTANT).decode()
    blocks = text.split("\n\n")
    assert "@prefix adms:" not in text  # only the prefixes that are used
    assert blocks[1].startswith(f"<{EXPORTS}")
    assert blocks[2].startswith("esco-occupation:82cbe20d-967c-4161-9ecd-eafc724d171c a esco:MemberConcept, esco:Occup")
    assert "\n    esco:relatedEssentialSkill esco-skill:0 ,\n        esco-skill:1 ,\n" in blocks[2]
    assert "esg:iscoSkillLevel 4 " in text
    subjects = [block.split()[0] for block in blocks[3:]]
    assert len(subjects) == len(set(subjects))


def test_subjects_and_statements_are_sorted(graph):
    lines = [
        line for line in export(graph, "n-triples").decode().splitlines() if EXPORTS not in line and line[0] != "#"
    ]
    subjects = [line.split()[0].strip("<>") for line in lines]
    assert subjects == sorted(subjects)
    about = [line.split()[1] for line in lines if line.startswith(f"<{ASSISTANT}>")]
    assert about[0] == f"<{RDF}type>"
    rest = [predicate.strip("<>") for predicate in about if predicate != f"<{RDF}type>"]
    assert rest == sorted(rest)


def test_json_ld_uses_the_words_of_the_context(graph):
    document = json.loads(export(graph, "json-ld", concept=ASSISTANT))
    assert document["@context"]["skos"] == SKOS
    node = document["@graph"][1]
    assert node["id"] == "esco-occupation:82cbe20d-967c-4161-9ecd-eafc724d171c"
    assert node["type"] == ["MemberConcept", "Occupation", "Concept"]
    assert node["prefLabel"] == {
        "de": "occupational therapy assistant auf Deutsch",
        "en": "occupational therapy assistant",
    }
    assert node["altLabel"] == {"en": ["OT technician"]}
    assert node["relatedEssentialSkill"] == ["esco-skill:0", "esco-skill:1", "esco-skill:2"]


def test_a_frame_has_the_labels_in_place(graph):
    nodes = json.loads(export(graph, "json-ld-framed", concept=ASSISTANT))["@graph"]
    tree, page = nodes[1], nodes[2]
    assert [skill["prefLabel"]["en"] for skill in tree["relatedEssentialSkill"]] == ["skill 0", "skill 1", "skill 2"]
    assert tree["broader"]["broader"]["broader"]["broader"]["prefLabel"] == {"en": "group 2"}
    assert tree["inScheme"]["prefLabel"] == {"en": "occupations"}
    assert page["hasStatement"]["skill"]["prefLabel"] == {"en": "skill 3"}
    assert page["wasDerivedFrom"]["dct:title"] == "page.txt"
    assert len(nodes) == 3  # nothing is left to say


def test_a_frame_of_the_whole_graph_starts_with_the_occupations(graph):
    nodes = json.loads(export(graph, "json-ld-framed"))["@graph"]
    assert [node["id"] for node in nodes[1:4]] == [
        "esco-occupation:33da5532-8c4e-4d1b-b52e-c201ee1bc7ab",
        "esco-occupation:82cbe20d-967c-4161-9ecd-eafc724d171c",
        PAGE,
    ]
    skills = [node for node in nodes if node["id"].startswith("esco-skill:")]
    assert [skill["altLabel"]["en"] for skill in skills] == [[f"other name {n}"] for n in range(4)]


def test_a_frame_grows_with_the_data_and_not_with_its_paths():
    """A ladder of forty double rungs has 2^40 paths to the top, and a chain of 3,000 is deeper than any stack."""
    quads = [quad(f"{EX}{n}{a}", SKOS + "broader", f"{EX}{n + 1}{b}") for n in range(40) for a in "ab" for b in "ab"]
    quads += [quad(f"{EX}c{n}", SKOS + "broader", f"{EX}c{n + 1}") for n in range(3000)]
    quads += [quad(EX + start, RDF + "type", ESCO + "Occupation") for start in ("0a", "c0")]
    data = export(Graph.memory(quads), "json-ld-framed")
    assert len(data) < 1_000_000
    assert_same(data_of(parse(data, "json-ld-framed")), quads, "json-ld-framed")


def test_rdf_xml_names_the_element_after_the_class(graph):
    root = ElementTree.fromstring(export(graph, "rdf-xml", concept=ASSISTANT))  # noqa: S314
    assert root[1].tag == f"{{{ESCO}}}Occupation"


def test_formats_without_comments_or_prefixes_do_not_need_the_context(graph, monkeypatch):
    monkeypatch.setattr("esco_graph.publish.jsonld.read_context", lambda: {"@context": {}})
    document = json.loads(export(graph, "json-ld", concept=ASSISTANT))
    assert document["@graph"][1]["@id"] == ASSISTANT
    assert_same(data_of(parse(export(graph, "json-ld"), "json-ld")), esco_quads(), "json-ld")


@pytest.mark.parametrize("context", [{}, {"@context": "https://example.org/context"}, {"@context": [{}]}])
def test_a_context_that_names_another_file_is_refused(context):
    with pytest.raises(ParameterError, match="not one map"):
        Compactor(context)


# remote --------------------------------------------------------------------------------------------------------------


def test_a_concept_of_a_remote_graph(graph):
    wanted = list(select_quads(graph, concept=ASSISTANT))
    found = list(select_quads(Remote(graph), concept=ASSISTANT))
    assert_same(found, wanted, "turtle")
    body = data_of(parse(export(Remote(graph), "turtle", concept=ASSISTANT), "turtle"))
    assert_same(body, wanted, "turtle")


@pytest.mark.parametrize("format", ["trig", "turtle", "json-ld-framed"])
def test_a_whole_remote_graph_keeps_its_graph_names(format):
    quads = [*esco_quads(), quad(EX + "a", EX + "p", "in no named graph", ox.DefaultGraph())]
    data = export(Remote(Graph.memory(quads)), format)
    assert data == export(Graph.memory(quads), format)


def test_blank_nodes_of_two_answers_stay_apart():
    class Numbering(Remote):
        def construct(self, sparql: str):
            return [ox.Triple(ox.BlankNode("b0"), iri(EX + "p"), ox.Literal("x"))] if "GRAPH" in sparql else []

    remote = Numbering(Graph.memory([quad(EX + "a", EX + "p", "x", iri(EX + name)) for name in ("g", "h")]))
    assert len({q.subject for q in select_quads(remote)}) == 3  # two named graphs, and what is in none


def test_an_endpoint_that_fails_is_not_taken_for_a_full_disk(tmp_path):
    class Broken(Remote):
        def query(self, sparql: str):
            raise EndpointError("no answer")

    with pytest.raises(EndpointError):
        write_file(Broken(Graph.memory()), tmp_path / "a.ttl", concept=ASSISTANT)
    assert list(tmp_path.iterdir()) == []
