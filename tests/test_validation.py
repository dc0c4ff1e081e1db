"""The validation run: extra shapes and their errors, focus and context, remote graphs, and the report's three forms."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from esco_graph.errors import NotFoundError, ParameterError, ValidationError
from esco_graph.graph import Graph
from esco_graph.terms import profile_graph
from esco_graph.validation import validate
from esco_graph.validation.shape_files import python_pattern
from esco_graph.validation.shapes import load_shapes
from servers import oxigraph_server
from test_shapes import SOUND, spoiled, turtle

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix esco: <http://data.europa.eu/esco/model#> .
@prefix esg: <https://w3id.org/esco-graph/ns#> .
@prefix x: <http://example.org/shapes#> .
"""
HEAD_LINES = HEAD.count("\n")


def memory(body: str, name: str | None = None) -> Graph:
    quads = ox.parse(turtle(body), ox.RdfFormat.TURTLE)
    return Graph.memory(ox.Quad(*quad.triple, ox.NamedNode(name)) if name else quad for quad in quads)


def shapes_file(folder: Path, body: str, name: str = "own.ttl") -> Path:
    path = folder / name
    path.write_text(HEAD + body, encoding="utf-8")
    return path


# extra shapes --------------------------------------------------------------------------------------------------------


def test_extra_shapes_are_run_with_the_built_in_ones(tmp_path: Path) -> None:
    own = shapes_file(
        tmp_path,
        "x:Described a sh:NodeShape ; sh:targetClass esco:Occupation ; sh:property [ sh:path esg:motto ; "
        'sh:minCount 1 ; sh:severity sh:Info ; sh:message "Kein Motto."@de, "No motto. Add one."@en ] .',
    )
    report = validate(memory(SOUND), shapes=[own])
    assert [(one.code, one.severity, one.message) for one in report.findings] == [
        ("Described", "info", "No motto. Add one.")
    ] * 3
    assert report.checked["Described"] == (3, 3)
    assert report.checked["ESG203"] == (3, 0)
    assert report.conforms


def test_a_file_may_switch_a_built_in_rule_off(tmp_path: Path) -> None:
    off = shapes_file(tmp_path, "<https://w3id.org/esco-graph/shapes/labels#single-spaces> sh:deactivated true .")
    report = validate(memory(spoiled('"helper"@en', '"my  helper"@en')), shapes=[off])
    assert report.findings == ()
    assert "ESG106" not in report.checked
    assert "ESG105" in report.checked


def test_sparql_constraints_and_custom_components_are_run(tmp_path: Path) -> None:
    own = shapes_file(
        tmp_path,
        """x: sh:declare [ sh:prefix "skos" ; sh:namespace "http://www.w3.org/2004/02/skos/core#" ] .
x:Short a sh:NodeShape ; esg:code "OWN1" ; sh:targetClass esco:Skill ; sh:message "Too short. Write more."@en ;
  sh:sparql [ sh:prefixes x: ;
    sh:select "SELECT $this ?value WHERE { $this skos:prefLabel ?value . FILTER(STRLEN(?value) < 5) }" ] .
x:MaxLabel a sh:ConstraintComponent ; sh:parameter [ sh:path x:maxLabel ] ;
  sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER(STRLEN(STR($value)) <= $maxLabel) }" ] .
x:Long a sh:PropertyShape ; esg:code "OWN2" ; sh:targetClass esco:Skill ; sh:path skos:prefLabel ; x:maxLabel 3 ;
  sh:message "Too long. Cut it."@en .
""",
    )
    report = validate(memory(SOUND), shapes=[own])
    assert "pyshacl for 1 shape" in report.engine
    assert {(one.code, one.focus_label) for one in report.findings} == {
        ("OWN1", "care"), ("OWN1", "talk"), ("OWN1", "lift"), ("OWN2", "care"), ("OWN2", "talk"), ("OWN2", "lift")
    }  # fmt: skip


def test_shapes_are_read_from_other_formats(tmp_path: Path) -> None:
    graph = rdflib.Graph().parse(
        data=HEAD + "x:s a sh:NodeShape ; sh:targetClass esco:Skill ; sh:nodeKind sh:Literal ."
    )
    for suffix, kind in ((".nt", "nt"), (".rdf", "xml"), (".jsonld", "json-ld")):
        path = tmp_path / f"own{suffix}"
        path.write_text(graph.serialize(format=kind), encoding="utf-8")
        assert len(validate(memory(SOUND), shapes=[path]).findings) == 3


BROKEN = {
    "not Turtle": ("x:s a sh:NodeShape ;;\n  sh:path .\n", 2, "do not parse"),
    "no shape": ("x:nurse a esco:Occupation .", None, "no shape"),
    "only prefixes": ('x: sh:declare [ sh:prefix "a" ; sh:namespace "http://a/" ] .', None, "no shape"),
    "misspelt parameter": ("\nx:s a sh:NodeShape ;\n sh:targetClass esco:Skill ; sh:propery x:t .", 3, "sh:propery"),
    "colon after severity": ("SKILLS ;\n sh:severity: sh:Info .", 2, "severity:"),
    "misspelt severity": ("SKILLS ;\n sh:severity sh:Warn .", 2, "sh:Warn"),
    "unknown severity": ("\nSKILLS ; sh:severity x:Bad .", 2, "severity"),
    "term of SHACL 1.2": ("VALUES ;\n sh:path x:p ; sh:singleLine true .", 2, "singleLine"),
    "rule": ("SKILLS ;\n sh:rule [ a sh:TripleRule ] .", 2, "sh:TripleRule is not run"),
    "script": ("SKILLS ;\n sh:js [ sh:jsFunctionName 'f' ] .", 2, "sh:js"),
    "pattern": ('VALUES ; sh:path x:p ;\n sh:pattern "(a" .', 2, "no regular"),
    "count": ('VALUES ; sh:path x:p ;\n sh:minCount "1" .', 2, "well-formed"),
    "two paths": ("VALUES ; sh:path x:p, x:q .", 1, "well-formed"),
    "import": ("SKILLS . <> <http://www.w3.org/2002/07/owl#imports>\n <http://example.org/more> .", 2, "import"),
    "no target": ("\n\nx:lonely a sh:NodeShape ; sh:nodeKind sh:IRI .", 3, "check nothing"),
    "known code": ('\nx:s a sh:NodeShape ; sh:targetClass x:C ; esg:code "ESG101" .', 2, "ESG101"),
    "bad SPARQL": ('SKILLS ; sh:sparql [\n sh:select "SELECT $this {" ] .', 2, "SPARQL"),
    "service": (
        'SKILLS ; sh:sparql [\n sh:select "SELECT $this { SERVICE'
        ' <http://127.0.0.1:1/> { $this ?p ?o } }" ] .', 2, "SERVICE",
    ),
    "target of no known kind": ("x:s sh:target [ a x:Magic ] ; sh:nodeKind sh:IRI .", None, "SPARQLTarget"),
    "target without this": (
        'x:s sh:nodeKind sh:IRI ; sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?x { ?x ?p ?o }" ] .',
        None, "?this",
    ),
    "shape that calls itself": (
        "x:s a sh:NodeShape ; sh:targetClass esco:Occupation ; sh:property [ sh:path skos:altLabel ; sh:node x:t ] .\n"
        "x:t a sh:NodeShape ; sh:node x:u . x:u a sh:NodeShape ; sh:node x:t .",
        1, "refers to itself",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_shapes_that_cannot_be_run_are_an_error_with_its_place(tmp_path: Path, name: str) -> None:
    body, line, words = BROKEN[name]
    body = body.replace("SKILLS", "x:s a sh:NodeShape ; sh:targetClass esco:Skill")
    body = body.replace("VALUES", "x:s a sh:PropertyShape ; sh:targetClass esco:Skill")
    path = shapes_file(tmp_path, body)
    with pytest.raises(ValidationError) as caught:
        validate(memory(SOUND), shapes=[path])
    assert words in str(caught.value)
    if line is not None:
        assert caught.value.where == f"{path}:{HEAD_LINES + line}"


@pytest.mark.parametrize(("name", "words"), [("absent.ttl", "cannot be read"), ("own.csv", "'.csv'"), ("own", "''")])
def test_a_file_that_is_absent_or_of_no_known_format_is_an_error(tmp_path: Path, name: str, words: str) -> None:
    if not name.startswith("absent"):
        (tmp_path / name).write_text(HEAD, encoding="utf-8")
    with pytest.raises(ValidationError, match=words):
        load_shapes([tmp_path / name])


def test_an_unknown_term_is_met_with_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="Did you mean sh:minCount"):
        load_shapes([shapes_file(tmp_path, "x:s a sh:PropertyShape ; sh:path x:p ; sh:minCuont 1 .")])


def test_two_files_may_refer_to_each_other(tmp_path: Path) -> None:
    first = shapes_file(tmp_path, "x:s a sh:NodeShape ; sh:targetClass esco:Skill ; sh:property x:label .", "a.ttl")
    second = shapes_file(tmp_path, "x:label a sh:PropertyShape ; sh:path skos:note ; sh:minCount 1 .", "b.ttl")
    assert load_shapes([first, second]).rules["label"].severity == "violation"


@pytest.mark.filterwarnings("ignore::FutureWarning")
@given(st.text(alphabet="ab.$^[]\\n\n|*", max_size=12), st.text(alphabet="ab.$\n", max_size=6))
@settings(max_examples=200, deadline=None)
def test_a_rewritten_pattern_matches_what_oxigraph_matches(pattern: str, text: str) -> None:
    try:
        matcher = re.compile(python_pattern(pattern))
    except re.error:
        return
    query = f"ASK {{ FILTER(REGEX({ox.Literal(text)}, {ox.Literal(pattern)})) }}"
    oxigraph = bool(ox.Store().query(query))
    if "\\" not in pattern and "[" not in pattern:  # where both agree on what is a regular expression
        assert bool(matcher.search(text)) == oxigraph


# focus, context, other graphs ----------------------------------------------------------------------------------------


def test_focus_takes_one_concept_and_no_other() -> None:
    graph = memory(SOUND.replace('"nurse"@en', '"nurse"').replace('"helper"@en', '"helper"'))
    assert {one.focus_label for one in validate(graph).findings} == {"carer", "nurse"}
    report = validate(graph, focus="http://example.org/o/b")
    assert [(one.code, one.focus_label) for one in report.findings] == [("ESG103", "nurse")]
    assert report.checked["ESG103"] == (1, 1)
    assert report.checked["ESG203"] == (1, 0)
    assert report.checked["ESG301"] == (0, 0)


def test_focus_on_a_profile_takes_its_parts_and_its_occupation() -> None:
    body = spoiled("esg:skill s:care ; esg:matchedBy", "esg:matchedBy").replace('"helper"@en', '"helper"')
    report = validate(memory(body), focus="http://p/x")
    assert {one.code for one in report.findings} == {"ESG614", "ESG103"}
    assert report.checked["ESG611"] == (1, 0)
    assert report.checked["ESG632"] == (0, 0)


def test_focus_and_whole_give_the_same_findings() -> None:
    body = SOUND.replace("skos:broader isco:C2269 ;", "", 1).replace("esg:target o:b", "esg:target s:care")
    graph = memory(body)
    whole = [one for one in validate(graph).findings if one.focus == ox.NamedNode("http://example.org/o/b")]
    assert list(validate(graph, focus="http://example.org/o/b").findings) == whole
    assert [one.code for one in whole] == ["ESG210", "ESG165"]


def test_a_clash_with_a_far_concept_is_found_for_one_concept() -> None:
    graph = memory(SOUND.replace('"lift"@en', '"care"@en', 1))
    found = validate(graph, focus="http://example.org/s/care").findings
    assert [one.code for one in found] == ["ESG126"]


def test_focus_may_be_a_curie_and_must_exist() -> None:
    assert validate(memory(SOUND), focus="isco:C22").checked["ESG501"] == (1, 0)
    with pytest.raises(NotFoundError, match="C99"):
        validate(memory(SOUND), focus="isco:C99")
    for hostile in ("> . ?s ?p ?o", "", "http://example.org/ nurse"):
        with pytest.raises(ParameterError):
            validate(memory(SOUND), focus=hostile)


START, END = SOUND.index("p:x a"), SOUND.index("esco-scheme:isco a skos:ConceptScheme")
RELEASE, PROFILE = SOUND[:START] + SOUND[END:], SOUND[START:END]


def test_a_file_alone_lacks_what_its_context_knows() -> None:
    assert {one.code for one in validate(memory(PROFILE)).findings} == {"ESG602", "ESG616", "ESG623", "ESG633"}
    report = validate(memory(PROFILE), context=memory(RELEASE))
    assert report.findings == ()
    assert report.checked["ESG601"] == (1, 0)
    assert report.checked["ESG101"] == (0, 0)


def test_faults_of_the_context_are_not_the_file_s() -> None:
    inverse = "s:talk esco:isOptionalSkillFor o:a . "
    context = memory(RELEASE.replace('"talk"@en', '"talk"').replace('"nurse"@en', '"nurse"'))
    assert validate(memory(PROFILE + inverse), context=context).findings == ()


def test_what_a_file_adds_to_a_known_concept_is_checked_together_with_it() -> None:
    report = validate(
        memory(PROFILE + 'o:a esco:relatedOptionalSkill s:care ; skos:altLabel "carer"@en .'), context=memory(RELEASE)
    )
    assert {one.code for one in report.findings} == {"ESG108", "ESG401", "ESG407"}


def test_a_wrong_iri_that_only_the_file_mentions_is_found() -> None:
    wrong = PROFILE.replace(
        "esg:skill s:care ; esg:matchedBy", "esg:skill <https://data.europa.eu/esco/skill/x> ; esg:matchedBy"
    )
    report = validate(memory(wrong), context=memory(RELEASE))
    assert {one.code for one in report.findings} == {"ESG404", "ESG616"}


def test_a_new_version_of_a_profile_is_not_mixed_with_the_old_one() -> None:
    name = profile_graph("x")
    store = memory(RELEASE)
    store.extend(memory(PROFILE, name).quads())
    newer = memory(PROFILE.replace("2024-01-01", "2025-01-01").replace('"Care"@en', '"Caring"@en'), name)
    assert validate(newer, context=store).findings == ()


def test_an_rdflib_graph_is_taken() -> None:
    graph = rdflib.Graph().parse(data=turtle(spoiled('"nurse"@en', '"nurse"')))
    assert [one.code for one in validate(graph).findings] == ["ESG103"]
    dataset = rdflib.Dataset()
    dataset.graph(URIRef("http://example.org/g")).parse(data=turtle(spoiled('"nurse"@en', '"nurse"')))
    assert [one.code for one in validate(dataset).findings] == ["ESG103"]


def test_a_triple_in_two_named_graphs_counts_once() -> None:
    graph = memory(SOUND, "http://example.org/1")
    graph.extend(memory(SOUND, "http://example.org/2").quads())
    assert validate(graph).findings == ()
    assert validate(graph, focus="http://example.org/o/a").findings == ()


def test_an_empty_graph_has_nothing_to_check() -> None:
    report = validate(Graph.memory())
    assert report.findings == ()
    assert set(report.checked.values()) == {(0, 0)}


def test_a_remote_graph_gives_the_same_report() -> None:
    body = SOUND.replace("skos:broader isco:C2269 ;", "", 1).replace('"helper"@en', '"my  helper"@en')
    local = memory(body)
    lines = ox.serialize(ox.parse(turtle(body), ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_QUADS)
    assert lines is not None
    with oxigraph_server(lines.decode()) as iri:
        remote = Graph.remote(iri)
        assert validate(remote) == validate(local)
        assert validate(remote, focus="http://example.org/o/a") == validate(local, focus="http://example.org/o/a")
        assert validate(memory(PROFILE), context=remote).findings == ()


# real data -----------------------------------------------------------------------------------------------------------


def test_the_sample_is_sound(sample_graph: Graph) -> None:
    report = validate(sample_graph)
    assert [one for one in report.findings if one.severity == "violation"] == []
    assert report.checked["ESG203"][0] > 10


def test_one_occupation_of_the_real_release_is_sound(graph_111: Graph) -> None:
    assistant = "esco-occupation:82cbe20d-967c-4161-9ecd-eafc724d171c"
    assert validate(graph_111, focus=assistant).findings == ()


def test_the_whole_real_release_has_only_its_known_gaps(graph_111: Graph) -> None:
    """Nothing in v1.1.1 is a violation; what there is was looked at by hand (docs/validation.md)."""
    report = validate(graph_111)
    assert report.engine == "fast"
    assert report.counts()["violation"] == 0
    found = {code: counts[1] for code, counts in report.checked.items() if counts[1]}
    assert found == {
        "ESG126": 4, "ESG127": 552, "ESG136": 10, "ESG139": 393, "ESG162": 1906, "ESG165": 51, "ESG302": 6,
        "ESG305": 5, "ESG308": 325,
    }  # fmt: skip
    assert report.checked["ESG203"] == (3007, 0)
    assert report.checked["ESG501"] == (619, 0)
    assert report.conforms


def test_blank_nodes_of_a_file_are_checked_beside_a_store(sample_graph: Graph) -> None:
    """People write holdings as [ … ]; each is checked and shown as a blank node."""
    turtle = """
    @prefix esg: <https://w3id.org/esco-graph/ns#> .
    @prefix o: <http://data.europa.eu/esco/occupation/> .
    @prefix s: <http://data.europa.eu/esco/skill/> .
    <http://example.org/me> a esg:PersonProfile ; esg:holds
        [ a esg:SkillHolding ; esg:skill o:82cbe20d-967c-4161-9ecd-eafc724d171c ] ,
        [ a esg:SkillHolding ; esg:skill s:00000000-0000-0000-0000-000000000000 ] ,
        [ a esg:SkillHolding ; esg:skill s:9ec4252d-cbe8-4134-88fa-549dee1883f3 ] ,
        [ a esg:SkillHolding ] .
    """
    report = validate(Graph.memory(ox.parse(turtle, ox.RdfFormat.TURTLE)), context=sample_graph)
    assert [finding.code for finding in report.findings] == ["ESG632", "ESG633", "ESG637"]
    assert all(isinstance(finding.focus, ox.BlankNode) for finding in report.findings)
