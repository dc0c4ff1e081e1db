"""Each rule: what it lets pass, what it finds, and that its shape is written as the house wants it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import DCTERMS, OWL, RDF, RDFS, SH, URIRef, namespace

from conftest import ROOT
from esco_graph.terms import ESCO, ESG, prefixes
from esco_graph.validation import Finding, Report
from esco_graph.validation.shape_files import check_file, check_form, read_shapes
from esco_graph.validation.shapes import load_shapes
from shape_cases import CASES, PLACE_OF_A, SOUND, check, spoiled, turtle
from shape_cases_more import CASES_MORE, SOUND_MORE

SHAPES = sorted((ROOT / "shapes").glob("*.ttl"))
RANGES = {
    "labels": range(101, 130), "scheme": range(131, 150), "hierarchy": range(151, 180), "occupation": range(201, 300),
    "skill": range(301, 400), "relation": range(401, 500), "isco": range(501, 600), "profile": range(601, 630),
    "person": range(631, 670), "mapping": range(701, 800), "release": range(801, 850),
    "overlap": range(901, 930),
}  # fmt: skip
CLOSED = ("DCAT", "DCTERMS", "OWL", "PROV", "RDF", "RDFS", "SH", "SKOS", "XSD")  # of these rdflib knows every term
OTHER_TERMS = {"iso-thes": ["status"], "dcat": ["version"]}  # rdflib has DCAT 2, and ISO-THES not at all
# ESCO's classes and properties, from its published model, its dictionary and its dumps.
ESCO_TERMS = {
    "AssociationObject", "AwardingBody", "ConceptScheme", "EQFLevel", "Label", "LabelRole", "MemberConcept", "NACECode",
    "NodeLiteral", "Occupation", "Qualification", "Skill", "SkillCompetenceType", "SkillReuseLevel", "Structure",
    "hasAssociation", "hasLabelRole", "hasNACECode", "isAssociationFor", "isEssentialSkillFor", "isOptionalSkillFor",
    "language", "memberOfISCOGroup", "nodeLiteral", "referenceLanguage", "regulatedProfessionNote",
    "relatedEssentialSkill", "relatedOptionalSkill", "skillReuseLevel", "skillType", "target",
}  # fmt: skip


# what the rules find -------------------------------------------------------------------------------------------------


ALL = SOUND + SOUND_MORE
EVERY_CASE = [(SOUND, case) for case in CASES] + [(ALL, case) for case in CASES_MORE]


@pytest.fixture(scope="module")
def sound() -> Report:
    return check(ALL)


def by_shapes(report: Report) -> list[Finding]:
    """Leave out what the checks of the whole graph find; they have tests of their own."""
    codes = load_shapes().rules
    return [finding for finding in report.findings if finding.code in codes]


@pytest.mark.parametrize("body", [SOUND, ALL], ids=["first part", "both parts"])
def test_the_sound_graph_passes_all_rules(body: str) -> None:
    assert [(finding.code, finding.focus) for finding in by_shapes(check(body))] == []


@pytest.mark.parametrize("code", sorted(load_shapes().rules))
def test_each_rule_has_something_to_check_in_the_sound_graph(sound: Report, code: str) -> None:
    nodes, found = sound.checked[code]
    assert nodes > 0
    assert found == 0


def test_each_rule_has_a_case() -> None:
    assert {case[0] for _, case in EVERY_CASE} >= set(load_shapes().rules)


@pytest.mark.parametrize(("body", "case"), EVERY_CASE, ids=[f"{case[0]}: {case[2][:40]}" for _, case in EVERY_CASE])
def test_each_rule_finds_its_defect_and_no_other_rule_does(body: str, case: tuple[str, ...]) -> None:
    code, old, new, *others = case
    report = check(spoiled(old, new, body))
    assert {finding.code for finding in by_shapes(report)} == {code, *others}
    assert report.checked[code][1] == sum(finding.code == code for finding in report.findings)


def test_what_a_profile_made_needs_no_group_no_code_and_no_scheme() -> None:
    made = "o:new a esco:Occupation, skos:Concept ; skos:prefLabel 'new'@en ; esco:relatedOptionalSkill s:talk . "
    made += "s:talk esco:isOptionalSkillFor o:new . "
    strict = {finding.code for finding in by_shapes(check(SOUND + made))}
    assert strict == {"ESG141", "ESG203", "ESG210", "ESG215"}
    spared = check(SOUND + made + "o:new rdfs:isDefinedBy p:x .")
    assert [finding.code for finding in by_shapes(spared)] == []


# What people of good will write; each may look like a defect to a rule that is too narrow.
HONEST = {
    "private and rare languages": "s:talk skos:altLabel 'a'@x-ours, 'b'@qaa, 'c'@de-x-easy, 'd'@nds, 'e'@und .",
    "a code of another classification beside ESCO's": "o:b skos:notation '82102'^^<http://example.org/kldb> .",
    "a broader concept of another classification": "o:b skos:broader n:care . n:care a skos:Concept ; "
    "skos:prefLabel 'care work'@en ; skos:notation '82' ; skos:inScheme esco-scheme:occupations .",
    "a broader concept with a dotted code of its own": "o:b skos:broader n:care . n:care a skos:Concept ; "
    "skos:prefLabel 'care work'@en ; skos:notation '8.2' ; skos:inScheme esco-scheme:occupations .",
    "a concept that says what defines it": "o:b rdfs:isDefinedBy esco-scheme:occupations .",
    "marks of direction in a script from right to left": "s:talk skos:altLabel '\\u0645\\u0645 C++\\u200F'@ar ; "
    "skos:definition '\\u0645\\u0645 C++\\u200F.'@ar .",
    "a person with a name": "p:me rdfs:label 'Sam Example' .",
}


@pytest.mark.parametrize("name", sorted(HONEST))
def test_honest_data_is_not_accused(name: str) -> None:
    added = f"@prefix n: <http://example.org/national/> .\n{HONEST[name]}"
    assert [(finding.code, finding.value) for finding in by_shapes(check(SOUND + added))] == []


def test_what_something_else_than_a_profile_defines_is_not_spared() -> None:
    body = spoiled(PLACE_OF_A, "rdfs:isDefinedBy esco-scheme:occupations ;")
    assert {finding.code for finding in by_shapes(check(body))} == {"ESG203", "ESG210"}


@pytest.mark.parametrize(
    "iri", ["<https://data.europeana.eu/x>", "<https://data.europa.eu/eli/x>", "<https://data.euro.example/x>", "_:own"]
)
def test_only_an_https_iri_of_esco_is_taken_for_a_misspelt_one(iri: str) -> None:
    added = f"{iri} a skos:Concept ; skos:prefLabel 'x'@en ; skos:inScheme esco-scheme:skills ."
    assert by_shapes(check(SOUND + added)) == []


def test_findings_name_the_node_the_place_and_the_value() -> None:
    (finding,) = by_shapes(check(spoiled('"helper"@en', '"my  helper"@en')))
    assert finding.focus == ox.NamedNode("http://example.org/o/a")
    assert finding.focus_label == "carer"
    assert str(finding.path) == "skos:prefLabel|skos:altLabel|skos:hiddenLabel"
    assert finding.value == ox.Literal("my  helper", language="en")
    assert "one plain space" in finding.message
    assert finding.shape == "https://w3id.org/esco-graph/shapes/labels#single-spaces"


def test_our_run_agrees_with_plain_pyshacl() -> None:
    """Targets spread over property shapes, fixed targets, the view of the store: none may change a result."""
    body = SOUND
    for old, new in [case[1:3] for case in CASES if case[0] not in ("ESG142", "ESG609", "ESG619")][::3]:
        body = body.replace(old, new, 1)
    shapes = rdflib.Graph()
    for path in (ROOT / "ontology" / "prefixes.ttl", *SHAPES):
        shapes.parse(path)
    data = rdflib.Graph().parse(data=turtle(body))
    _, plain, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=True)
    expected = set(_results(plain))
    found = {(str(one.focus), str(one.value), one.severity, one.component, one.shape) for one in by_shapes(check(body))}
    assert len(expected) > 20
    assert found == expected


def _results(report: rdflib.Graph) -> Iterator[tuple[str, ...]]:
    def text(node: rdflib.term.Node, predicate: URIRef) -> str:
        value = report.value(node, predicate)
        return "None" if value is None else value.n3() if isinstance(value, rdflib.Literal) else f"<{value}>"

    for node in report.objects(None, SH.result):
        severity = str(report.value(node, SH.resultSeverity)).rpartition("#")[2].lower()
        component = str(report.value(node, SH.sourceConstraintComponent))
        shape = str(report.value(node, SH.sourceShape))
        yield (text(node, SH.focusNode), text(node, SH.value), severity, component, shape)


# how the shapes are written ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in SHAPES:
        graph.parse(path)
    return graph


def coded(graph: rdflib.Graph) -> list[tuple[URIRef, str]]:
    return sorted((node, str(code)) for node, code in graph.subject_objects(URIRef(ESG + "code")))


def test_each_file_is_a_titled_ontology() -> None:
    for path in SHAPES:
        graph = rdflib.Graph().parse(path)
        assert list(graph.subjects(RDF.type, OWL.Ontology)) == [
            URIRef(f"https://w3id.org/esco-graph/shapes/{path.stem}")
        ]
        (ontology,) = graph.subjects(RDF.type, OWL.Ontology)
        for predicate in (DCTERMS.title, DCTERMS.description):
            (text,) = graph.objects(ontology, predicate)
            assert text.language == "en"
        assert list(graph.objects(ontology, RDFS.seeAlso)) != []


def test_codes_are_unique_in_the_range_of_their_file_and_one_to_a_shape(shapes: rdflib.Graph) -> None:
    pairs = coded(shapes)
    codes = [code for _, code in pairs]
    assert len(codes) == len(set(codes)) == len({node for node, _ in pairs})
    for node, code in pairs:
        assert re.fullmatch(r"ESG[1-9][0-9]{2}", code)
        (file,) = [name for name, numbers in RANGES.items() if int(code[3:]) in numbers]
        assert str(node).startswith(f"https://w3id.org/esco-graph/shapes/{file}#")


def test_each_rule_has_message_advice_severity_and_clause(shapes: rdflib.Graph) -> None:
    for node, code in coded(shapes):
        (message,) = shapes.objects(node, SH.message)
        assert message.language == "en", code
        assert len(re.findall(r"[.…](?: |$)", str(message))) >= 2, f"{code}: what is wrong, then what to do"
        (severity,) = shapes.objects(node, SH.severity)
        assert severity in (SH.Violation, SH.Warning, SH.Info), code
        (clause,) = shapes.objects(node, RDFS.seeAlso)
        assert re.match(r"https?://", str(clause)), code


def test_every_shape_is_named_and_coded_or_holds_coded_ones(shapes: rdflib.Graph) -> None:
    nodes = {node for kind in (SH.NodeShape, SH.PropertyShape) for node in shapes.subjects(RDF.type, kind)}
    with_code = {node for node, _ in coded(shapes)}
    for node in nodes:
        assert isinstance(node, URIRef)
        assert node in with_code or set(shapes.objects(node, SH.property)) <= with_code


def test_a_clause_in_our_vocabulary_exists(shapes: rdflib.Graph) -> None:
    ontology = rdflib.Graph().parse(ROOT / "ontology" / "esco_graph.ttl")
    known = {str(subject) for subject in ontology.subjects()}
    ours = {str(value) for value in shapes.objects(None, RDFS.seeAlso) if str(value).startswith(ESG)}
    assert ours - known == set()


def unknown_terms(graph: rdflib.Graph) -> set[str]:
    """Terms that a closed vocabulary, ESCO's or our own does not have, in triples and in SPARQL."""
    ontology = rdflib.Graph().parse(ROOT / "ontology" / "esco_graph.ttl")
    known = {str(subject) for subject in ontology.subjects()} | {ESCO + name for name in ESCO_TERMS}
    known |= {prefixes()[prefix] + name for prefix, names in OTHER_TERMS.items() for name in names}
    used = {str(term) for triple in graph for term in triple if isinstance(term, URIRef)}
    for select in [text for predicate in (SH.select, SH.ask) for text in graph.objects(None, predicate)]:
        plain = re.sub(r'"[^"]*"|<[^>]*>', " ", str(select))
        used |= {prefixes()[prefix] + local for prefix, local in re.findall(r"(?<![\w:?$-])([a-z][\w-]*):(\w+)", plain)}
    closed = [getattr(namespace, name) for name in CLOSED]
    spaces = (ESG, ESCO, prefixes()["iso-thes"], *map(str, closed))
    inside = {iri for iri in used if iri.startswith(spaces) and iri not in spaces}
    return {iri for iri in inside if not any(iri in vocabulary for vocabulary in closed)} - known


def test_every_term_exists_in_its_vocabulary(shapes: rdflib.Graph) -> None:
    assert unknown_terms(shapes) == set()


@pytest.mark.parametrize(
    "typo",
    [
        "sh:severity: sh:Violation",
        "sh:severity sh:Warnings",
        "sh:minCounts 1",
        "sh:path skos:preflabel",
        "sh:class esco:Skil",
        "esg:cod 'x'",
        "sh:select '$this esg:scor 1'",
        "sh:select '$this a/rdfs:subclassOf* ?class'",
        "sh:ask '$this iso-thes:state ?value'",
        "dct:titel 'x'",
        "rdfs:seealso <http://x/>",
        "a owl:Ontologie",
        "sh:datatype xsd:datetime",
    ],
)
def test_the_check_of_terms_finds_a_typo(typo: str) -> None:
    assert unknown_terms(rdflib.Graph().parse(data=turtle(f"<http://x/s> a sh:PropertyShape ; {typo} ."))) != set()


def test_our_own_files_pass_what_is_asked_of_others() -> None:
    files = [read_shapes(path) for path in (ROOT / "ontology" / "prefixes.ttl", *SHAPES)]
    graph = rdflib.Graph()
    for file in files:
        file.to_rdflib(graph)
    for file in files[1:]:
        check_file(file, graph)
    check_form(files[1:])


def test_patterns_mean_the_same_in_sparql_and_in_python() -> None:
    """No look-ahead, which SPARQL's REGEX lacks; no class that engines read differently."""
    for pattern in load_shapes().graph.objects(None, SH.pattern):
        assert re.search(r"\(\?|\\[swdbWSDB]", str(pattern)) is None
        query = f'ASK {{ FILTER(REGEX("x", {ox.Literal(str(pattern))})) }}'
        assert isinstance(ox.Store().query(query), ox.QueryBoolean)
