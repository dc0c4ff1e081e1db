"""Each rule: what it lets pass, what it finds, and that its shape is written as the house wants it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, URIRef

from conftest import ROOT
from esco_graph.graph import Graph
from esco_graph.terms import ESCO, ESG, prefixes
from esco_graph.validation import Report, validate
from esco_graph.validation.shape_files import check_file, check_form, read_shapes
from esco_graph.validation.shapes import load_shapes

SHAPES = sorted((ROOT / "shapes").glob("*.ttl"))
FILES = {"1": "labels", "2": "occupation", "3": "skill", "4": "relation", "5": "isco", "6": "profile"}
# ESCO's classes and properties, from its published model, its dictionary and its dumps.
ESCO_TERMS = {
    "AssociationObject", "AwardingBody", "ConceptScheme", "EQFLevel", "Label", "LabelRole", "MemberConcept", "NACECode",
    "NodeLiteral", "Occupation", "Qualification", "Skill", "SkillCompetenceType", "SkillReuseLevel", "Structure",
    "hasAssociation", "hasLabelRole", "hasNACECode", "isAssociationFor", "isEssentialSkillFor", "isOptionalSkillFor",
    "language", "memberOfISCOGroup", "nodeLiteral", "referenceLanguage", "regulatedProfessionNote",
    "relatedEssentialSkill", "relatedOptionalSkill", "skillReuseLevel", "skillType", "target",
}  # fmt: skip

# A sound graph that every rule has something to check in. The cases below each spoil one place of it.
SOUND = """
isco:C2 a skos:Concept ; skos:prefLabel "Professionals"@en ; skos:inScheme esco-scheme:isco ; skos:notation "2" ;
  esg:iscoSkillLevel 4 .
isco:C22 a skos:Concept ; skos:prefLabel "Health professionals"@en ; skos:inScheme esco-scheme:isco ;
  skos:notation "22" ; skos:broader isco:C2 ; esg:iscoSkillLevel 4 .
isco:C226 a skos:Concept ; skos:prefLabel "Other health professionals"@en ; skos:inScheme esco-scheme:isco ;
  skos:notation "226" ; skos:broader isco:C22 ; esg:iscoSkillLevel 4 .
isco:C2269 a skos:Concept ; skos:prefLabel "Others"@en ; skos:inScheme esco-scheme:isco ;
  skos:notation "2269" ; skos:broader isco:C226 ; esg:iscoSkillLevel 4 .
o:b a esco:Occupation, skos:Concept ; skos:prefLabel "nurse"@en ; skos:notation "2269.1" ;
  esco:memberOfISCOGroup isco:C2269 ;
  skos:broader isco:C2269 ;
  esco:relatedOptionalSkill s:talk .
o:a a esco:Occupation, skos:Concept ; skos:prefLabel "carer"@en, "Betreuerin"@de ;
  skos:altLabel "R&D <3 carer"@en, "helper"@en ; skos:hiddenLabel "caregiver"@en ;
  skos:notation "2269.10.1" ; esco:memberOfISCOGroup isco:C2269 ; skos:broader isco:C2269 ;
  esco:relatedEssentialSkill s:care ; esco:relatedOptionalSkill s:talk .
s:care a esco:Skill, skos:Concept ; skos:prefLabel "care"@en ; esco:skillType esco-skill-type:skill ;
  esco:skillReuseLevel esco-reuse:sector-specific ; esco:isEssentialSkillFor o:a .
s:talk a esco:Skill, skos:Concept ; skos:prefLabel "talk"@en ; esco:skillType esco-skill-type:knowledge ;
  esco:skillReuseLevel esco-reuse:transversal ; esco:isOptionalSkillFor o:a, o:b .
p:x a esg:OccupationProfile ; dct:title "Carer"@en ; esg:describes o:a ; esg:iscoSkillLevel 4 ;
  esg:hasStatement <http://p/x#skill-1> ; esg:hasLink <http://p/x#link-1> ;
  prov:wasDerivedFrom <http://p/x#source> ; prov:generatedAtTime "2024-01-01T00:00:00Z"^^xsd:dateTime .
<http://p/x#source> a prov:Entity ; esg:sha256 "HASH" .
<http://p/x#skill-1> a esg:SkillStatement ; esg:statedLabel "Care"@en ; esg:sourceLine 7 ;
  esg:relationType esco-relation:essential-skill ; esg:statedSkillType esco-skill-type:skill ;
  esg:skill s:care ; esg:matchedBy skos:prefLabel .
<http://p/x#link-1> a esg:OccupationLink ; esg:linkKind esg:Similar ; esg:target o:b ; esg:statedLabel "Nurse"@en ;
  esg:measure "coverage" ; esg:score 0.5 .
p:me a esg:PersonProfile ; esg:holds <http://p/me#1> .
<http://p/me#1> a esg:SkillHolding ; esg:skill s:care .
""".replace("HASH", "0123456789abcdef" * 4)

CODE_OF_A, PLACE_OF_A = 'skos:notation "2269.10.1" ;', "esco:memberOfISCOGroup isco:C2269 ; skos:broader isco:C2269 ;"
CLASS_OF_CARE = "s:care a esco:Skill, skos:Concept ;"
# Code, what is replaced, by what; the code must be found, and with it only the codes named after it.
CASES = [
    ("ESG101", 'skos:prefLabel "nurse"@en ; ', ""),
    ("ESG102", '"nurse"@en', '"nurse"@en, "sister"@en'),
    ("ESG103", '"helper"@en', '"helper"'),
    ("ESG104", '"helper"@en', '""@en'),
    ("ESG104", '"helper"@en', '" \\u00A0\\t"@en'),
    ("ESG105", '"helper"@en', '" helper"@en'),
    ("ESG105", '"helper"@en', '"helper "@en'),
    ("ESG105", '"helper"@en', '"helper\\n"@en'),
    ("ESG105", '"helper"@en', '"helper\\u00A0"@en'),
    ("ESG106", '"helper"@en', '"my  helper"@en'),
    ("ESG106", '"helper"@en', '"my\\thelper"@en'),
    ("ESG106", '"helper"@en', '"my\\u00A0helper"@en'),
    ("ESG106", '"helper"@en', '"my\\nhelper"@en'),
    ("ESG107", '"helper"@en', '"<b>helper"@en'),
    ("ESG107", '"helper"@en', '"helper</b>"@en'),
    ("ESG107", '"helper"@en', '"R&amp;D"@en'),
    ("ESG107", '"helper"@en', '"a & b < c &#39; d"@en'),
    ("ESG107", '"helper"@en', '"a&b<i>"@en'),
    ("ESG108", '"helper"@en', '"carer"@en'),
    ("ESG109", '"caregiver"@en', '"carer"@en'),
    ("ESG110", '"caregiver"@en', '"helper"@en'),
    ("ESG201", "o:b a esco:Occupation, skos:Concept", "o:b a esco:Occupation", "ESG403"),
    ("ESG202", "o:b a esco:Occupation, skos:Concept", "o:b a skos:Concept", "ESG623"),
    ("ESG203", "esco:memberOfISCOGroup isco:C2269 ;", ""),
    ("ESG203", "esco:memberOfISCOGroup isco:C2269 ;", "esco:memberOfISCOGroup isco:C2269, isco:C1 ;",
     "ESG204", "ESG205", "ESG505"),
    ("ESG204", "esco:memberOfISCOGroup isco:C2269 ;", "esco:memberOfISCOGroup isco:C9999 ;", "ESG505"),
    ("ESG205", "esco:memberOfISCOGroup isco:C2269 ;", "esco:memberOfISCOGroup isco:C226 ;"),
    ("ESG206", '"2269.10.1"', '"2269.10."'),
    ("ESG206", '"2269.10.1"', '"2269.10.1\\n"'),
    ("ESG207", '"2269.10.1"', '"2268.10.1"'),
    ("ESG208", "esco:relatedOptionalSkill s:talk .", "."),
    ("ESG209", "esco:relatedOptionalSkill s:talk .", "esco:relatedOptionalSkill s:talk, s:none ."),
    ("ESG209", "esco:relatedOptionalSkill s:talk .", "esco:relatedOptionalSkill s:talk, o:a ."),
    ("ESG210", "skos:broader isco:C2269 ;", ""),
    ("ESG210", "skos:broader isco:C2269 ;", "skos:broader isco:C2269, o:a ;"),
    ("ESG211", "o:b a esco:Occupation,", "o:b a esco:Occupation, esco:Skill,", "ESG302", "ESG305"),
    ("ESG211", "o:b a esco:Occupation,", "o:b a esco:Occupation, esco:Qualification,"),
    ("ESG212", f"{CODE_OF_A} {PLACE_OF_A}", "rdfs:isDefinedBy p:x ;"),
    ("ESG301", CLASS_OF_CARE, "s:care a esco:Skill ;"),
    ("ESG302", "esco:skillType esco-skill-type:skill ;", ""),
    ("ESG303", "esco-skill-type:skill ;", "esco-skill-type:skill, esco-skill-type:knowledge ;"),
    ("ESG304", "esco-skill-type:skill ;", '"skill" ;'),
    ("ESG305", "esco:skillReuseLevel esco-reuse:transversal ;", ""),
    ("ESG306", "esco-reuse:transversal", "esco-reuse:transversal, esco-reuse:cross-sector"),
    ("ESG307", "esco-reuse:transversal", "<http://data.europa.eu/snb/skill-reuse-level/c_1>"),
    ("ESG401", "esco:relatedOptionalSkill s:talk .",
     "esco:relatedOptionalSkill s:talk ; esco:relatedEssentialSkill s:talk ."),
    ("ESG402", "skos:broader isco:C2269 ;", "skos:broader o:gone ;"),
    ("ESG403", "esco:isOptionalSkillFor o:a, o:b", "esco:isOptionalSkillFor o:a, o:b, o:gone"),
    ("ESG403", "esco:isEssentialSkillFor o:a .", "esco:isEssentialSkillFor o:a ; esco:relatedOptionalSkill s:gone ."),
    ("ESG404", "esg:skill s:care ;", "esg:skill <https://data.europa.eu/esco/skill/care> ;", "ESG616"),
    ("ESG404", "p:x a", "<https://data.europa.eu/esco/skill/x> a skos:Concept ; skos:prefLabel 'x'@en . p:x a"),
    ("ESG501", 'skos:notation "226" ;', ""),
    ("ESG501", 'skos:notation "226" ;', 'skos:notation "226", "225" ;', "ESG507"),
    ("ESG502", 'skos:notation "22" ;', 'skos:notation "2 2" ;', "ESG507"),
    ("ESG503", 'skos:notation "22" ;', 'skos:notation "22" ; esg:iscoSkillLevel 3 ;'),
    ("ESG504", "esg:iscoSkillLevel 4", "esg:iscoSkillLevel 5"),
    ("ESG504", "esg:iscoSkillLevel 4", 'esg:iscoSkillLevel "4"'),
    ("ESG505", "skos:broader isco:C226 ; esg:iscoSkillLevel 4", "skos:broader isco:C226"),
    ("ESG506", "skos:broader isco:C22 ;", ""),
    ("ESG506", "skos:broader isco:C22 ;", "skos:broader isco:C22, isco:C2 ;", "ESG507"),
    ("ESG507", "skos:broader isco:C226 ;", "skos:broader isco:C22 ;"),
    ("ESG601", "esg:describes o:a ;", ""),
    ("ESG601", "esg:describes o:a ;", "esg:describes o:a, o:b ;"),
    ("ESG602", "esg:describes o:a ;", "esg:describes s:care ;"),
    ("ESG603", 'dct:title "Carer"@en ;', ""),
    ("ESG604", "esg:hasStatement <http://p/x#skill-1> ;", "", "ESG618"),
    ("ESG605", "esg:describes o:a ; esg:iscoSkillLevel 4", "esg:describes o:a ; esg:iscoSkillLevel 4, 3"),
    ("ESG606", "esg:describes o:a ; esg:iscoSkillLevel 4", "esg:describes o:a ; esg:iscoSkillLevel 0"),
    ("ESG607", "prov:wasDerivedFrom <http://p/x#source> ;", "", "ESG608"),
    ("ESG608", "esg:sha256", "dct:title"),
    ("ESG608", '"0123456789abcdef', '"0123456789ABCDEF'),
    ("ESG609", '"2024-01-01T00:00:00Z"^^xsd:dateTime', '"yesterday"'),
    ("ESG609", '; prov:generatedAtTime "2024-01-01T00:00:00Z"^^xsd:dateTime', ""),
    ("ESG611", 'esg:statedLabel "Care"@en ;', ""),
    ("ESG612", "esg:relationType esco-relation:essential-skill ;", ""),
    ("ESG612", "esg:relationType esco-relation:essential-skill ;", "esg:relationType esco-relation:nice-to-have ;"),
    ("ESG613", "esg:statedSkillType esco-skill-type:skill ;", "esg:statedSkillType esco-skill-type:attitude ;"),
    ("ESG614", "esg:skill s:care ; esg:matchedBy", "esg:matchedBy"),
    ("ESG615", "esg:skill s:care ; esg:matchedBy", "esg:skill s:care, s:talk ; esg:matchedBy"),
    ("ESG616", "esg:skill s:care ; esg:matchedBy", "esg:skill s:gone ; esg:matchedBy"),
    ("ESG617", "esg:matchedBy skos:prefLabel", "esg:matchedBy skos:notation"),
    ("ESG618", "p:me a", "p:y esg:hasStatement <http://p/x#skill-1> . p:me a"),
    ("ESG619", "esg:sourceLine 7", "esg:sourceLine 0"),
    ("ESG619", 'esg:statedLabel "Nurse"@en ;', 'esg:statedLabel "Nurse"@en ; esg:sourceLine "7" ;'),
    ("ESG621", "esg:linkKind esg:Similar ;", ""),
    ("ESG621", "esg:linkKind esg:Similar ;", "esg:linkKind esg:Prospects ;"),
    ("ESG622", 'esg:target o:b ; esg:statedLabel "Nurse"@en ;', "", "ESG624"),
    ("ESG623", "esg:target o:b", "esg:target s:care"),
    ("ESG624", "esg:target o:b ;", ""),
    ("ESG625", "esg:score 0.5", "esg:score 1.5"),
    ("ESG625", "esg:score 0.5", 'esg:score "0.5"'),
    ("ESG626", 'esg:measure "coverage" ;', ""),
    ("ESG631", "esg:holds <http://p/me#1>", "dct:title 'Me'@en"),
    ("ESG632", "esg:SkillHolding ; esg:skill s:care", "esg:SkillHolding"),
    ("ESG633", "esg:SkillHolding ; esg:skill s:care", "esg:SkillHolding ; esg:skill o:a"),
]  # fmt: skip


def turtle(body: str) -> str:
    names = {**prefixes(), "o": "http://example.org/o/", "s": "http://example.org/s/", "p": "http://p/"}
    return "".join(f"@prefix {name}: <{space}> .\n" for name, space in names.items()) + body


def check(body: str) -> Report:
    return validate(Graph.memory(ox.parse(turtle(body), ox.RdfFormat.TURTLE)))


def spoiled(old: str, new: str) -> str:
    assert SOUND.count(old) >= 1, f"{old!r} is not in the sound graph"
    return SOUND.replace(old, new, 1)


# what the rules find -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sound() -> Report:
    return check(SOUND)


def test_the_sound_graph_passes_all_rules(sound: Report) -> None:
    assert sound.findings == ()
    assert sound.conforms


@pytest.mark.parametrize("code", sorted(load_shapes().rules))
def test_each_rule_has_something_to_check_in_the_sound_graph(sound: Report, code: str) -> None:
    nodes, found = sound.checked[code]
    assert nodes > 0
    assert found == 0


def test_each_rule_has_a_case() -> None:
    assert {case[0] for case in CASES} == set(load_shapes().rules)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}: {case[2][:40]}")
def test_each_rule_finds_its_defect_and_no_other_rule_does(case: tuple[str, ...]) -> None:
    code, old, new, *others = case
    report = check(spoiled(old, new))
    assert {finding.code for finding in report.findings} == {code, *others}
    assert report.checked[code][1] == sum(finding.code == code for finding in report.findings)


@pytest.mark.parametrize(
    "iri", ["<https://data.europeana.eu/x>", "<https://data.europa.eu/eli/x>", "<https://data.euro.example/x>", "_:own"]
)
def test_only_an_https_iri_of_esco_is_taken_for_a_misspelt_one(iri: str) -> None:
    assert check(SOUND + f"{iri} a skos:Concept ; skos:prefLabel 'x'@en .").findings == ()


def test_findings_name_the_node_the_place_and_the_value() -> None:
    (finding,) = check(spoiled('"helper"@en', '"my  helper"@en')).findings
    assert finding.focus == ox.NamedNode("http://example.org/o/a")
    assert finding.focus_label == "carer"
    assert str(finding.path) == "skos:prefLabel|skos:altLabel|skos:hiddenLabel"
    assert finding.value == ox.Literal("my  helper", language="en")
    assert "one plain space" in finding.message
    assert finding.shape == "https://w3id.org/esco-graph/shapes/labels#single-spaces"


def test_our_run_agrees_with_plain_pyshacl() -> None:
    """Targets spread over property shapes, fixed targets, the view of the store: none may change a result."""
    body = SOUND
    for old, new in [case[1:3] for case in CASES if case[0] not in ("ESG609", "ESG619")][::3]:
        body = body.replace(old, new, 1)
    shapes = rdflib.Graph()
    for path in (ROOT / "ontology" / "prefixes.ttl", *SHAPES):
        shapes.parse(path)
    data = rdflib.Graph().parse(data=turtle(body))
    _, plain, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=True)
    expected = set(_results(plain))
    found = {(str(one.focus), str(one.value), one.severity, one.component, one.shape) for one in check(body).findings}
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
        assert len(list(graph.objects(None, DCTERMS.title))) == 1


def test_codes_are_unique_numbered_by_file_and_one_to_a_shape(shapes: rdflib.Graph) -> None:
    pairs = coded(shapes)
    codes = [code for _, code in pairs]
    assert len(codes) == len(set(codes)) == len({node for node, _ in pairs})
    for node, code in pairs:
        assert re.fullmatch(r"ESG[1-6][0-9]{2}", code)
        assert str(node).startswith(f"https://w3id.org/esco-graph/shapes/{FILES[code[3]]}#")


def test_each_rule_has_message_advice_severity_and_clause(shapes: rdflib.Graph) -> None:
    for node, code in coded(shapes):
        (message,) = shapes.objects(node, SH.message)
        assert message.language == "en", code
        assert len(re.findall(r"[.…](?: |$)", str(message))) >= 2, f"{code}: what is wrong, then what to do"
        (severity,) = shapes.objects(node, SH.severity)
        assert severity in (SH.Violation, SH.Warning, SH.Info), code
        assert len(list(shapes.objects(node, RDFS.seeAlso))) == 1, code


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
    """Terms of SHACL, SKOS, ESCO and our own vocabulary that those do not have, in triples and in SPARQL."""
    ontology = rdflib.Graph().parse(ROOT / "ontology" / "esco_graph.ttl")
    known = {str(subject) for subject in ontology.subjects()} | {ESCO + name for name in ESCO_TERMS}
    used = {str(term) for triple in graph for term in triple if isinstance(term, URIRef)}
    for select in graph.objects(None, SH.select):
        names = re.findall(r"\b(skos|esco|esg|sh):(\w+)", str(select))
        used |= {prefixes()[prefix] + local for prefix, local in names}
    spaces = (ESG, ESCO, str(SKOS), str(SH))
    return {iri for iri in used if iri.startswith(spaces) and iri not in SH and iri not in SKOS} - known


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
