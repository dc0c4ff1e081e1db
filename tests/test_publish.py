"""Exports: the bytes are stable, they read back as the graph, and each file says what it is."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_graph.errors import EndpointError, NotFoundError, ParameterError, StoreError
from esco_graph.graph import Graph
from esco_graph.publish import (
    EXPORTS,
    FORMATS,
    Notice,
    format_of,
    select_quads,
    split_attribution,
    write,
    write_file,
)
from esco_graph.publish.canonical import blank_labels
from esco_graph.publish.compaction import Compactor
from esco_graph.terms import (
    CATALOG_GRAPH,
    DCT,
    DERIVED_GRAPH,
    ESCO,
    ESG,
    ISCO,
    OCCUPATION,
    PROV,
    RDF,
    SCHEME,
    SKILL,
    SKOS,
    XSD,
    profile_graph,
    release_graph,
    to_ox,
)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

EX = "http://example.org/"
RELEASE = ox.NamedNode(release_graph("1.1.1", ("en", "de")))
PROFILE = ox.NamedNode(profile_graph("assistant"))
DERIVED = ox.NamedNode(DERIVED_GRAPH)
ASSISTANT = OCCUPATION + "82cbe20d-967c-4161-9ecd-eafc724d171c"
THERAPIST = OCCUPATION + "33da5532-8c4e-4d1b-b52e-c201ee1bc7ab"
PAGE = EX + "profile/assistant"
READERS = {
    "turtle": (ox.RdfFormat.TURTLE, "turtle"),
    "trig": (ox.RdfFormat.TRIG, "trig"),
    "n-triples": (ox.RdfFormat.N_TRIPLES, "nt"),
    "n-quads": (ox.RdfFormat.N_QUADS, "nquads"),
    "rdf-xml": (ox.RdfFormat.RDF_XML, "xml"),
    "json-ld": (ox.RdfFormat.JSON_LD, "json-ld"),
    "json-ld-framed": (ox.RdfFormat.JSON_LD, "json-ld"),
}
HOSTILE_TEXTS = [
    "",
    " ",
    'quotes " and \'\'\' and """',
    "back\\slash \\n \\u0041 \\",
    "line\nfeed\r\nreturn\rtab\t",
    "<script>&amp;]]></rdf:RDF>",
    "ä ß 漢字 עברית 😀 e\u0301 \u2028 \u00a0 \ufeff",
    "-->  --",
    "long " * 5000,
    '{"@id": "x"}',
    "http://example.org/not-an-iri",
    "_:b0",
]


def iri(text: str) -> ox.NamedNode:
    return ox.NamedNode(text)


def quad(subject: str, predicate: str, value: object, graph: object = RELEASE) -> ox.Quad:
    if isinstance(value, str):
        value = iri(value) if value.startswith(("http", "urn:")) else ox.Literal(value)
    return ox.Quad(iri(subject), iri(predicate), value, graph)


def en(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")


def hostile_quads() -> list[ox.Quad]:
    """Literals, IRIs and blank nodes that writers get wrong."""
    p = EX + "p"
    literals = [ox.Literal(text) for text in HOSTILE_TEXTS]
    literals += [ox.Literal(text, language=lang) for text in HOSTILE_TEXTS for lang in ("en", "zh-hant-tw")]
    typed = [("integer", "05"), ("integer", "-7"), ("integer", "+1"), ("integer", "1" * 40), ("integer", "x")]
    typed += [("decimal", "1."), ("decimal", ".50"), ("decimal", "-0.0"), ("double", "1e6"), ("double", "NaN")]
    typed += [
        ("boolean", "true"),
        ("boolean", "1"),
        ("date", "2024-01-01"),
        ("dateTime", "yesterday"),
        ("anyURI", "a b"),
    ]
    literals += [ox.Literal(text, datatype=iri(XSD + kind)) for kind, text in typed]
    literals += [ox.Literal("<b>&", datatype=iri(RDF + "XMLLiteral")), ox.Literal("x", datatype=iri(EX + "T#t"))]
    quads = [quad(EX + "a", p, literal, graph) for literal in literals for graph in (RELEASE, DERIVED)]
    quads += [quad(EX + "a", SKOS + "prefLabel", literal) for literal in literals]
    quads += [quad(EX + "a", ESG + "iscoSkillLevel", literal) for literal in literals]
    quads += [quad(EX + "a", SKOS + "broader", literal) for literal in literals[:3]]
    names = ["a'b(c)!,;=*@$&+", "a.", "-a", "%20", "ä", "a/b", "1", "a:b", "?q=1&r=<".replace("<", "")]
    quads += [quad(EX + name, p, EX + name) for name in names]
    quads += [quad(SKOS, p, SKILL), quad("urn:isbn:1", EX + "ns#1p", "urn:uuid:1"), quad(EX + "a", EX + "p-1.x", "x")]
    quads += [quad(EX + "a", RDF + "type", value) for value in ("a literal", EX + "Class", ESCO + "Skill", EX + "1")]
    quads += [quad(EX + "a", RDF + "_1", EX + "b"), quad(EX + "b", RDF + "type", RDF + "Seq")]
    one, two, three, four = (ox.BlankNode(name) for name in ("one", "two", "three", "four"))
    quads += [ox.Quad(one, iri(p), two, RELEASE), ox.Quad(two, iri(p), one, DERIVED), ox.Quad(two, iri(p), three)]
    quads += [ox.Quad(iri(EX + "a"), iri(SKOS + "broader"), three, RELEASE), ox.Quad(four, iri(RDF + "type"), one)]
    return [*quads, quad(EX + "a", p, "in the default graph", ox.DefaultGraph())]


def esco_quads() -> list[ox.Quad]:
    """A few facts of ESCO in the shape of docs/architecture.md, with an imported profile."""
    quads = []
    for number, name in ((ASSISTANT, "occupational therapy assistant"), (THERAPIST, "occupational therapist")):
        quads += [quad(number, RDF + "type", ESCO + kind) for kind in ("Occupation", "MemberConcept")]
        quads += [quad(number, RDF + "type", SKOS + "Concept"), quad(number, SKOS + "prefLabel", en(name))]
        quads += [quad(number, SKOS + "prefLabel", ox.Literal(f"{name} auf Deutsch", language="de"))]
        quads += [
            quad(number, SKOS + "broader", ISCO + "C2269"),
            quad(number, SKOS + "inScheme", SCHEME + "occupations"),
        ]
        quads += [quad(number, ESCO + "memberOfISCOGroup", ISCO + "C2269")]
        quads += [quad(number, ESCO + "relatedEssentialSkill", SKILL + str(n)) for n in range(3)]
        quads += [quad(SKILL + str(n), ESCO + "isEssentialSkillFor", number) for n in range(3)]
    for n in range(4):
        quads += [
            quad(SKILL + str(n), RDF + "type", ESCO + "Skill"),
            quad(SKILL + str(n), SKOS + "prefLabel", en(f"skill {n}")),
        ]
        quads += [quad(SKILL + str(n), SKOS + "altLabel", en(f"other name {n}"))]
    for code in ("2", "22", "226", "2269"):
        group = ISCO + "C" + code
        quads += [quad(group, RDF + "type", SKOS + "Concept"), quad(group, SKOS + "prefLabel", en(f"group {code}"))]
        quads += [quad(group, SKOS + "notation", code), quad(group, SKOS + "broader", ISCO + "C" + code[:-1])][
            : len(code)
        ]
        quads += [
            quad(group, ESG + "iscoSkillLevel", ox.Literal(4), DERIVED),
            quad(group, DCT + "description", en("long")),
        ]
    quads += [quad(SCHEME + "occupations", SKOS + "prefLabel", en("occupations"))]
    return quads + profile_quads()


def profile_quads() -> list[ox.Quad]:
    """A profile of the assistant: one statement with a skill, one link, one source file."""
    facts = [
        (PAGE, RDF + "type", ESG + "OccupationProfile"),
        (PAGE, DCT + "title", en("OT assistant")),
        (PAGE, ESG + "describes", ASSISTANT),
        (PAGE, ESG + "hasStatement", PAGE + "#skill-12"),
        (PAGE + "#skill-12", RDF + "type", ESG + "SkillStatement"),
        (PAGE + "#skill-12", ESG + "statedLabel", en("Skill three")),
        (PAGE + "#skill-12", ESG + "skill", SKILL + "3"),
        (PAGE, ESG + "hasLink", PAGE + "#link-1"),
        (PAGE + "#link-1", ESG + "target", THERAPIST),
        (PAGE, PROV + "wasDerivedFrom", PAGE + "#source"),
        (PAGE + "#source", DCT + "title", "page.txt"),
        (ASSISTANT, SKOS + "altLabel", en("OT technician")),
    ]
    return [quad(*fact, PROFILE) for fact in facts]


def export(graph: Graph, format: str, **options) -> bytes:
    out = io.BytesIO()
    summary = write(graph, out, format=format, **options)
    assert (summary.format, summary.bytes) == (format, len(out.getvalue()))
    return out.getvalue()


def parse(data: bytes, format: str) -> list[ox.Quad]:
    return list(ox.parse(data, READERS[format][0]))


def parse_rdflib(data: bytes, format: str) -> list[ox.Quad]:
    named = FORMATS[format].named_graphs
    graph = rdflib.Dataset(default_union=False) if named else rdflib.Graph()
    graph.parse(data=data, format=READERS[format][1])
    if not named:
        return [ox.Quad(*map(to_ox, triple)) for triple in graph]
    default = (None, rdflib.graph.DATASET_DEFAULT_GRAPH_ID)
    return [
        ox.Quad(*map(to_ox, triple), ox.DefaultGraph() if name in default else to_ox(name))
        for *triple, name in graph.quads()
    ]


def data_of(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    return [q for q in quads if not str(q.subject).startswith("<" + EXPORTS)]


def canonical(quads: Iterable[ox.Quad], *, named: bool = True) -> set[str]:
    """The quads as text with canonical blank nodes: equal for isomorphic graphs, and no others."""
    dataset = ox.Dataset(q if named else ox.Quad(*q.triple) for q in quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


def assert_same(found: Iterable[ox.Quad], wanted: Iterable[ox.Quad], format: str) -> None:
    named = FORMATS[format].named_graphs
    found, wanted = canonical(found, named=named), canonical(wanted, named=named)
    assert found - wanted == wanted - found == set()


@pytest.fixture(autouse=True)
def _literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep rdflib from rewriting "05"^^xsd:integer as "5"."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.fixture
def graph() -> Graph:
    return Graph.memory(esco_quads())


# ------------------------------------------------------------------------------------------------------ reading back


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("read", [parse, parse_rdflib])
@pytest.mark.parametrize("quads", [hostile_quads, esco_quads])
def test_a_whole_graph_reads_back(format, read, quads):
    graph = Graph.memory(quads())
    wanted = list(graph.quads())  # the store itself writes "05"^^xsd:integer as "5"
    assert_same(data_of(read(export(graph, format), format)), wanted, format)


@pytest.mark.parametrize("format", FORMATS)
def test_the_summary_counts_the_statements_of_the_graph(format):
    quads = [*esco_quads(), quad(ASSISTANT, SKOS + "prefLabel", en("occupational therapy assistant"), DERIVED)]
    wanted = len(quads) if FORMATS[format].named_graphs else len({q.triple for q in quads})
    out = io.BytesIO()
    assert write(Graph.memory(quads), out, format=format).triples == wanted
    assert len(set(data_of(parse(out.getvalue(), format)))) == wanted


@pytest.mark.parametrize("format", FORMATS)
def test_one_named_graph(graph, format):
    wanted = [q for q in esco_quads() if q.graph_name == PROFILE]
    for name in (PROFILE.value, "profile/assistant"):
        found = data_of(parse(export(graph, format, named_graph=name), format))
        assert_same(found, wanted, format)


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_graph_is_a_valid_file(format):
    data = export(Graph.memory(), format)
    assert data_of(parse(data, format)) == []
    assert data_of(parse_rdflib(data, format)) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=6), st.sampled_from([f for f in FORMATS if f != "rdf-xml"]))
def test_any_text_reads_back(texts, format):
    quads = [quad(EX + "a", SKOS + "prefLabel", ox.Literal(text, language="en")) for text in texts]
    quads += [quad(EX + "a", EX + "p", ox.Literal(text)) for text in texts]
    assert_same(data_of(parse(export(Graph.memory(quads), format), format)), quads, format)


def test_an_rdflib_graph_in_and_out():
    source = rdflib.Graph().parse(data="@prefix : <http://example.org/> . :a :p [ :q 1, 2.5, true ; :r (1 'x'@en) ] .")
    data = export(Graph.from_rdflib(source), "turtle")
    triples, notice = split_attribution(ox.parse(data, ox.RdfFormat.TURTLE))
    assert notice
    assert canonical(ox.Quad(*t) for t in triples) == canonical(ox.Quad(*map(to_ox, t)) for t in source)


# -------------------------------------------------------------------------------------------------------- same bytes

SCRIPT = """
import hashlib, io, random, sys
sys.path.insert(0, sys.argv[1])
from test_publish import *
quads = hostile_quads() + esco_quads()
names = {}
def other(term):
    return names.setdefault(term.value, ox.BlankNode()) if isinstance(term, ox.BlankNode) else term
quads = [ox.Quad(other(q.subject), q.predicate, other(q.object), q.graph_name) for q in quads]
random.Random(int(sys.argv[2])).shuffle(quads)
graph = Graph.memory(quads)
for format in FORMATS:
    for options in ({}, {"concept": ASSISTANT}, {"named_graph": "derived"}, {"lang": ("en", "de")}):
        if format == "rdf-xml" and "concept" not in options:
            continue
        print(format, options, hashlib.sha256(export(graph, format, **options)).hexdigest())
"""


def test_the_bytes_depend_on_the_data_alone():
    """Fresh processes with other hash seeds, another order of insertion and other names of blank nodes."""
    outputs = set()
    for seed in ("0", "1", "4242"):
        command = [sys.executable, "-c", SCRIPT, str(Path(__file__).parent), seed]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        outputs.add(subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout)
    assert len(outputs) == 1
    assert len(outputs.pop().splitlines()) == 6 * 4 + 1


def test_a_store_on_disk_gives_the_bytes_of_a_store_in_memory(sample_graph):
    copy = Graph.memory(sample_graph.quads())
    for format in FORMATS:
        assert export(sample_graph, format) == export(copy, format)


# ------------------------------------------------------------------------------------------------------ blank nodes


def relabelled(quads: list[ox.Quad], seed: int) -> list[ox.Quad]:
    names: dict[str, ox.BlankNode] = {}

    def other(term):
        return names.setdefault(term.value, ox.BlankNode()) if isinstance(term, ox.BlankNode) else term

    changed = [ox.Quad(other(q.subject), q.predicate, other(q.object)) for q in quads]
    random.Random(seed).shuffle(changed)
    return changed


def edges(pairs: Iterable[tuple[str, str]]) -> list[ox.Quad]:
    return [ox.Quad(ox.BlankNode(a), iri(EX + "p"), ox.BlankNode(b)) for a, b in pairs]


def cycle(name: str, size: int) -> list[tuple[str, str]]:
    return [(f"{name}{n}", f"{name}{(n + 1) % size}") for n in range(size)]


@pytest.mark.parametrize(
    "quads",
    [
        edges([("a", "b"), ("b", "c")]),
        edges(cycle("a", 7)),
        edges(cycle("a", 6) + cycle("b", 3) + cycle("c", 3)),
        edges((f"n{a}", f"n{b}") for a in range(7) for b in range(7) if a != b),
        edges((f"n{n}", f"n{n + 1}") for n in range(120)),
        [ox.Quad(ox.BlankNode(f"n{n}"), iri(EX + "p"), ox.Literal("same")) for n in range(500)],
        edges([("a", "a"), ("b", "b"), ("b", "c")]),
    ],
    ids=["chain", "cycle", "cycles", "complete", "long-chain", "twins", "loops"],
)
def test_names_of_blank_nodes_follow_from_the_data(quads):
    first = export(Graph.memory(relabelled(quads, 1)), "n-triples")
    assert first == export(Graph.memory(relabelled(quads, 2)), "n-triples")
    assert len(data_of(parse(first, "n-triples"))) == len(quads)
    assert canonical(data_of(parse(first, "n-triples"))) == canonical(quads)


def test_entangled_blank_nodes_end_in_an_error_and_not_in_a_hang():
    tangle = edges((f"n{a}", f"n{b}") for a in range(60) for b in range(60) if a != b)
    with pytest.raises(ParameterError, match=r"60 blank nodes are too much alike.*Give them IRIs"):
        blank_labels(tangle)


# --------------------------------------------------------------------------------------------- one concept, readable


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


# ----------------------------------------------------------------------------------------------------------- remote


class Remote(Graph):
    """A graph without a store: everything goes through SPARQL."""

    def __init__(self, local: Graph) -> None:
        super().__init__(None)
        self.local = local

    def query(self, sparql: str):
        return self.local.query(sparql)

    def named_graphs(self) -> list[str]:
        return self.local.named_graphs()


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


# ------------------------------------------------------------------------------------------------------ attribution


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("options", [{}, {"concept": ASSISTANT}, {"named_graph": "derived"}])
def test_every_file_names_its_source_as_statements(graph, format, options):
    quads = parse(export(graph, format, **options), format)
    data, notice = split_attribution(quads)
    assert len(data) + len(notice) == len(quads)
    assert len({t.subject for t in notice}) == 1
    texts = " ".join(t.object.value for t in notice)
    assert "This service uses the ESCO classification of the European Commission." in texts
    assert "modified" in texts
    assert "© International Labour Organization" in texts
    if FORMATS[format].named_graphs:
        assert {q.graph_name for q in quads if q.triple in notice} == {ox.DefaultGraph()}


@pytest.mark.parametrize("format", [f for f in FORMATS if not f.startswith("json")])
def test_every_file_that_can_says_so_at_its_head(graph, format):
    head = export(graph, format).decode().splitlines()[:8]
    mark = "<!--" if format == "rdf-xml" else "#"
    comments = " ".join(line for line in head if line.startswith(mark))
    assert "This service uses the ESCO classification of the European Commission." in comments
    assert "This file is a modified version of ESCO 1.1.1 (de, en)." in comments


def test_the_notice_tells_what_is_not_of_esco():
    graphs = (RELEASE.value, CATALOG_GRAPH, DERIVED_GRAPH, profile_graph("a"), profile_graph("b"), EX + "mine")
    change = Notice("the whole graph", graphs).change
    assert "a modified version of ESCO 1.1.1 (de, en)." in change
    for addition in ("2 imported profiles", "derived statements", "catalogue facts", f"the statements of {EX}mine"):
        assert addition in change
    assert "no official ESCO release" in Notice("x", (EX + "mine",)).change
    assert "It also holds" not in Notice("x", (RELEASE.value,)).change


def test_files_of_other_content_have_other_names(graph):
    notices = [
        Notice("the whole graph", (RELEASE.value,)),
        Notice("the whole graph", (release_graph("1.2.0", ("en",)),)),
        Notice("the whole graph", (RELEASE.value,), ("en",)),
        Notice(f"concept <{ASSISTANT}>", (RELEASE.value,)),
    ]
    assert len({notice.iri for notice in notices}) == 4
    assert Notice("x", ("b", "a")).iri == Notice("x", ("a", "b")).iri


def test_the_statements_of_an_earlier_export_pass_through():
    earlier = [quad(EXPORTS + "1", DCT + "title", en("an earlier export"))]
    quads = parse(export(Graph.memory(earlier), "n-quads"), "n-quads")
    assert set(earlier) <= set(quads)


# ---------------------------------------------------------------------------------------------------- what one reads


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


# ---------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("text", ["nul\x00", "bell\x07", "vertical\x0btab", "not a character \ufffe"])
def test_xml_refuses_what_it_cannot_hold(text):
    graph = Graph.memory([quad(EX + "a", EX + "p", ox.Literal(text))])
    with pytest.raises(ParameterError, match=r"http://example.org/a.*U\+00|http://example.org/a.*U\+FFFE") as caught:
        export(graph, "rdf-xml")
    assert EX + "p" in str(caught.value)
    for format in FORMATS.keys() - {"rdf-xml"}:
        assert_same(data_of(parse(export(graph, format), format)), graph.quads(), format)


@pytest.mark.parametrize(
    "predicate", [EX + "p/", EX + "1", "urn:x:", RDF + "li", RDF + "Description", RDF + "about", EX + "a%20"]
)
def test_xml_refuses_a_property_without_a_name(predicate):
    with pytest.raises(ParameterError, match="RDF/XML has no element name") as caught:
        export(Graph.memory([quad(EX + "a", predicate, "x")]), "rdf-xml")
    assert predicate in str(caught.value)
    assert EX + "a" in str(caught.value)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("bad", [b"http://example.org/a b", b"http://example.org/\\u003E", b"http://example.org/{x}"])
def test_an_iri_that_is_none_is_refused_by_name(format, bad):
    """A lenient parser lets such IRIs into a store."""
    line = b"<http://example.org/s> <http://example.org/p> <" + bad + b"> ."
    graph = Graph.memory(ox.parse(line, ox.RdfFormat.N_TRIPLES, lenient=True))
    with pytest.raises(ParameterError, match="is not an IRI") as caught:
        export(graph, format)
    assert "http://example.org/" in str(caught.value)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "value",
    [
        ox.Triple(iri(EX + "a"), iri(EX + "p"), iri(EX + "b")),
        ox.Literal("x", language="ar", direction=ox.BaseDirection.RTL),
    ],
)
def test_rdf_12_is_refused_by_name(format, value):
    with pytest.raises(ParameterError, match=r"http://example.org/a.* is not an RDF 1.1 term"):
        export(Graph.memory([quad(EX + "a", EX + "p", value)]), format)


@pytest.mark.parametrize("format", ["json-ld", "json-ld-framed"])
@pytest.mark.parametrize("name", ["isco:C2269", "skill:1", "prov:x"])
def test_json_ld_refuses_an_iri_that_would_be_read_as_another(format, name):
    with pytest.raises(ParameterError, match="would be read as the prefix"):
        export(Graph.memory([ox.Quad(iri(name), iri(EX + "p"), ox.Literal("x"))]), format)
    assert f"<{name}>" in export(Graph.memory([ox.Quad(iri(name), iri(EX + "p"), iri(name))]), "turtle").decode()


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("turtle", "turtle"),
        ("TTL", "turtle"),
        ("nt", "n-triples"),
        ("nq", "n-quads"),
        ("rdf", "rdf-xml"),
        ("xml", "rdf-xml"),
        ("jsonld", "json-ld"),
        ("application/rdf+xml", "rdf-xml"),
        ("out/2269.5.jsonld", "json-ld"),
        ("out/2269.5.framed.jsonld", "json-ld-framed"),
        (".trig", "trig"),
        ("a.b.NQ", "n-quads"),
    ],
)
def test_format_by_name_or_path(asked, name):
    assert format_of(asked).name == name


@pytest.mark.parametrize(
    ("asked", "hint"),
    [("turtel", "Did you mean turtle"), ("a.ttll", "Did you mean ttl"), ("", "turtle, trig"), ("csv", "")],
)
def test_an_unknown_format_is_refused_with_the_known_ones(asked, hint):
    with pytest.raises(ParameterError, match="no export format") as caught:
        format_of(asked)
    assert hint in str(caught.value)
    assert all(name in str(caught.value) for name in FORMATS)


def test_names_and_extensions_of_formats_are_unique():
    assert len({each.extension for each in FORMATS.values()}) == len(FORMATS)
    assert all(format_of(each.extension) == each == format_of(name) for name, each in FORMATS.items())


@pytest.mark.parametrize("concept", ["", "2269.5", "nurse", "> . ?s ?p ?o", "http://example.org/a b", "<http://a/>"])
def test_what_is_no_iri_is_refused(graph, concept):
    for each in (graph, Remote(graph)):
        with pytest.raises(ParameterError, match="is not the IRI of a concept"):
            export(each, "turtle", concept=concept)


def test_an_unknown_concept_is_not_found(graph):
    for each in (graph, Remote(graph)):
        with pytest.raises(NotFoundError, match=r"says nothing of <http://example.org/nobody>"):
            export(each, "turtle", concept=EX + "nobody")


def test_an_unknown_named_graph_is_not_found_with_a_suggestion(graph):
    for name in ("nowhere", "> { ?s ?p ?o } #", EX):
        with pytest.raises(NotFoundError, match="no named graph"):
            export(graph, "turtle", named_graph=name)
    with pytest.raises(NotFoundError, match=r"Did you mean derived\?"):
        export(graph, "turtle", named_graph="deriveed")


@pytest.mark.parametrize("lang", ["", "english!", "en_GB", 'en" . <a>'])
def test_what_is_no_language_is_refused(graph, lang):
    with pytest.raises(ParameterError, match="is not a language tag"):
        export(graph, "turtle", lang=(lang,))


# ------------------------------------------------------------------------------------------------------------- files


def test_a_file_takes_its_format_from_its_name(graph, tmp_path):
    summary = write_file(graph, tmp_path / "assistant.framed.jsonld", concept=ASSISTANT)
    assert summary.format == "json-ld-framed"
    assert (tmp_path / "assistant.framed.jsonld").stat().st_size == summary.bytes
    assert write_file(graph, str(tmp_path / "odd.name"), format="ttl").format == "turtle"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["assistant.framed.jsonld", "odd.name"]


def test_a_failed_export_leaves_the_old_file_alone(tmp_path):
    target = tmp_path / "a.rdf"
    target.write_text("old")
    with pytest.raises(ParameterError):
        write_file(Graph.memory([quad(EX + "a", EX + "p", ox.Literal("\x00"))]), target)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_interrupted_export_leaves_nothing(graph, tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_file(graph, tmp_path / "a.ttl")
    assert list(tmp_path.iterdir()) == []


FULL_DISK = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from test_publish import *
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    write_file(Graph.memory(hostile_quads()), Path(sys.argv[2]) / ("a." + sys.argv[3]))
except StoreError as error:
    print("StoreError", error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
@pytest.mark.parametrize("extension", ["ttl", "nq", "jsonld"])
def test_a_full_disk_is_a_store_error_and_leaves_nothing(tmp_path, extension):
    command = [sys.executable, "-c", FULL_DISK, str(Path(__file__).parent), str(tmp_path), extension]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.startswith("StoreError")
    assert "has room" in run.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_device_is_a_store_error(graph):
    with pytest.raises(StoreError, match="cannot write"):
        write_file(graph, "/dev/full", format="turtle")
    assert Path("/dev/full").is_char_device()


def test_a_missing_folder_and_a_folder_as_a_file_are_store_errors(graph, tmp_path):
    with pytest.raises(StoreError, match="Check that the folder exists"):
        write_file(graph, tmp_path / "nowhere" / "a.ttl")
    with pytest.raises(StoreError, match=r"is a folder.*export.ttl"):
        write_file(graph, tmp_path, format="turtle")
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_a_link(graph, tmp_path):
    (tmp_path / "real.ttl").write_text("old")
    (tmp_path / "link.ttl").symlink_to("real.ttl")
    write_file(graph, tmp_path / "link.ttl", concept=ASSISTANT)
    assert (tmp_path / "link.ttl").is_symlink()
    assert (tmp_path / "real.ttl").read_text().startswith("# esco-graph")


def test_a_reader_that_goes_away_is_left_to_the_caller(graph):
    class Closed(io.BytesIO):
        def write(self, data):
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        write(graph, Closed(), format="turtle")


# ---------------------------------------------------------------------------------------------------- a real release


def test_a_real_occupation(graph_111):
    nodes = json.loads(export(graph_111, "json-ld-framed", concept=ASSISTANT))["@graph"]
    tree = nodes[1]
    assert tree["prefLabel"] == {"en": "occupational therapy assistant"}
    assert (len(tree["relatedEssentialSkill"]), len(tree["relatedOptionalSkill"])) == (23, 21)
    assert all(skill["prefLabel"]["en"] for skill in tree["relatedEssentialSkill"] + tree["relatedOptionalSkill"])
    assert tree["memberOfISCOGroup"]["iscoSkillLevel"] == 4


@pytest.mark.parametrize("format", FORMATS)
def test_the_sample_reads_back(sample_graph, format):
    wanted = list(sample_graph.quads())
    data = export(sample_graph, format)
    assert_same(data_of(parse(data, format)), wanted, format)
    assert_same(data_of(parse_rdflib(data, format)), wanted, format)
