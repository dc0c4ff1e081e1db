"""A person's file beside a graph: a sound one passes, and each usual mistake gets a readable finding of its own."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import URIRef

from conftest import ROOT
from esco_graph.graph import Graph
from esco_graph.sources.data_file import read_file
from esco_graph.terms import SH
from esco_graph.validation import Report, validate
from esco_graph.validation.shapes import load_shapes

EXAMPLE = ROOT / "examples" / "person.ttl"
SSSOM, SEMAPV = "https://w3id.org/sssom/", "https://w3id.org/semapv/vocab/"
# From the schema of SSSOM 1.0 and the terms of SEMAPV 2025-01-06.
SSSOM_TERMS = {"Mapping", "MappingSet", "confidence", "mapping_justification", "similarity_score"}
SEMAPV_MATCHINGS = {
    "BackgroundKnowledgeBasedMatching", "CompositeMatching", "InstanceBasedMatching", "LexicalMatching",
    "LexicalSimilarityThresholdMatching", "LogicalReasoning", "ManualMappingCuration", "MappingChaining",
    "MappingInversion", "MappingReview", "SemanticSimilarityThresholdMatching", "StructuralMatching",
    "UnspecifiedMatching",
}  # fmt: skip
LISTEN = "esco-skill:a17286c5-238d-4f0b-bc24-29e9121345de"
ASSISTANT = "<http://data.europa.eu/esco/occupation/82cbe20d-967c-4161-9ecd-eafc724d171c>"
HTTPS = "<https://data.europa.eu/esco/skill/a17286c5-238d-4f0b-bc24-29e9121345de>"
# The mistakes of a person's first file: what is written in place of "listen actively", and the codes that it gets.
MISTAKES = {
    "unknown": ("esg:skill esco-skill:00000000-0000-4000-8000-000000000000", {"ESG633"}),
    "https": (
        "esg:skill <https://data.europa.eu/esco/skill/a17286c5-238d-4f0b-bc24-29e9121345de>",
        {"ESG404", "ESG633"},
    ),
    "occupation": (
        "esg:skill <http://data.europa.eu/esco/occupation/82cbe20d-967c-4161-9ecd-eafc724d171c>",
        {"ESG637"},
    ),
    "group": ("esg:skill esco-skill:335228d2-297d-4e0e-a6ee-bc6a8dc110d9", {"ESG633"}),
    "isco": ("esg:skill <http://data.europa.eu/esco/isco/C2269>", {"ESG633"}),
    "language": (f'esg:skill {LISTEN} ; esg:statedLabel "to listen"', {"ESG636"}),
    "level": (f'esg:skill {LISTEN} ; esg:proficiency "expert"', {"ESG639"}),
    "date": (f'esg:skill {LISTEN} ; esg:heldSince "last year"', {"ESG640"}),
    "future": (f'esg:skill {LISTEN} ; esg:heldSince "2999-12-31"^^xsd:date', {"ESG641"}),
    "nothing": ('rdfs:comment "to do"', {"ESG632"}),
    "obsolete": (f"esg:skill {LISTEN} . {LISTEN} owl:deprecated true", {"ESG638"}),
}
FILE = """
@prefix esco-skill: <http://data.europa.eu/esco/skill/> .
@prefix esg: <https://w3id.org/esco-graph/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<http://example.org/me> a esg:PersonProfile ; esg:holds <http://example.org/me#1> .
<http://example.org/me#1> a esg:SkillHolding ; SKILL .
"""


def check(turtle: str, beside: Graph) -> Report:
    return validate(Graph.memory(ox.parse(turtle, ox.RdfFormat.TURTLE)), context=beside)


def test_the_example_passes_and_is_checked(sample_graph: Graph) -> None:
    report = validate(Graph.memory(read_file(EXAMPLE)), context=sample_graph)
    assert list(report.findings) == []
    assert report.checked["ESG631"] == (1, 0)
    assert report.checked["ESG632"] == (4, 0)


def test_the_example_says_nothing_without_the_release() -> None:
    report = validate(Graph.memory(read_file(EXAMPLE)))
    assert {finding.code for finding in report.findings} == {"ESG633"}
    assert len(report.findings) == 4


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_found_and_only_it(sample_graph: Graph, name: str) -> None:
    written, codes = MISTAKES[name]
    report = check(FILE.replace("SKILL", written), sample_graph)
    mine = {finding.code for finding in report.findings if "example.org/me" in str(finding.focus)}
    assert {finding.code for finding in report.findings} == codes
    assert mine | {"ESG404"} >= codes


def test_a_finding_names_the_node_the_value_and_the_way_out(sample_graph: Graph) -> None:
    (finding,) = check(FILE.replace("SKILL", MISTAKES["occupation"][0]), sample_graph).findings
    assert finding.focus == ox.NamedNode("http://example.org/me#1")
    assert str(finding.path) == "esg:skill"
    assert finding.value_label == "occupational therapy assistant"
    assert finding.severity == "violation"
    assert finding.message.startswith("A skill was expected, and this is an occupation. Name the skills")


def test_holdings_without_a_name_are_checked_alike(sample_graph: Graph) -> None:
    holding = f"[ a esg:SkillHolding ; esg:skill {LISTEN} ]"
    turtle = FILE.replace("SKILL", f"esg:skill {LISTEN}") + f"<http://example.org/me> esg:holds {holding}, {LISTEN} ."
    report = check(turtle, sample_graph)
    assert sorted(finding.code for finding in report.findings) == ["ESG634", "ESG635"]
    assert {str(finding.focus) for finding in report.findings} == {"<http://example.org/me>"}


def test_the_same_without_a_release_beside_it() -> None:
    turtle = FILE.replace("SKILL", f"esg:skill {LISTEN}").replace("<http://example.org/me#1>", "_:b")
    graph = rdflib.Graph().parse(data=turtle.replace(f"esg:skill {LISTEN}", 'esg:heldSince "2999"^^xsd:gYear'))
    assert {finding.code for finding in validate(graph).findings} == {"ESG632", "ESG641"}


def test_a_mapping_to_a_node_without_a_name_is_found(tmp_path: Path) -> None:
    file = tmp_path / "map.ttl"
    file.write_text("<http://example.org/a> <http://www.w3.org/2004/02/skos/core#closeMatch> [] .")
    findings = validate(Graph.memory(read_file(file))).findings
    assert [finding.code for finding in findings] == ["ESG705"]


def test_terms_of_sssom_and_semapv_in_the_shapes_exist() -> None:
    used = {str(term) for triple in load_shapes().graph for term in triple if isinstance(term, URIRef)}
    assert {iri.removeprefix(SSSOM) for iri in used if iri.startswith(SSSOM)} == SSSOM_TERMS
    assert {iri.removeprefix(SEMAPV) for iri in used if iri.startswith(SEMAPV)} == SEMAPV_MATCHINGS
    assert any(iri.startswith(SH) for iri in used)
