"""Mapping sets: RDF, the store, SSSOM tables, SKOS files, inverted, merged and checked."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given as with_examples
from hypothesis import strategies as st

from conftest import SHARED
from esco_graph.builder import build, sample_paths
from esco_graph.errors import NotFoundError, ParameterError, SourceError
from esco_graph.graph import Graph
from esco_graph.mappings.check import check
from esco_graph.mappings.form import read_mapping_file
from esco_graph.mappings.model import (
    BROAD,
    CLOSE,
    EXACT,
    LEXICAL,
    MANUAL,
    NARROW,
    NO_TERM,
    NOT,
    Mapping,
    MappingSet,
    set_iri,
)
from esco_graph.mappings.operations import conflicts, invert, merge
from esco_graph.mappings.rdf import head_quads, read_set, row_quads, to_quads
from esco_graph.mappings.skos import read_rdf_set
from esco_graph.mappings.sssom import read_sssom, write_table
from esco_graph.mappings.stats import cardinalities, stats
from esco_graph.mappings.store import count_candidates, find_set, iter_mappings, keep, load, remove, sets
from esco_graph.query import stored
from esco_graph.taxonomies.taxonomy import Concept
from esco_graph.terms import OCCUPATION, SKOS, mapping_graph
from esco_graph.workspace import Workspace

OT = OCCUPATION + "82cbe20d-967c-4161-9ecd-eafc724d171c"  # occupational therapy assistant, in the sample
ROME = "https://example.org/esco-graph/taxonomy/rome/"


def a_set(*rows: Mapping, name: str = "fr-rome") -> MappingSet:
    concepts = tuple(Concept(ROME + code, code, f"Métier {code}", "fr") for code in ("J1101", "J1102"))
    return MappingSet(
        name,
        set_iri(name),
        title="ESCO | ROME",
        creators=("France Travail",),
        subject_source="esco",
        object_source="rome",
        object_lang="fr",
        orientation="reversed",
        orientation_sure=0.97,
        mappings=rows
        or (row("J1101", NARROW), row("J1102", CLOSE, modifier=NOT), replace(row("J1101"), object=NO_TERM)),
        concepts=concepts,
        source="a|b%.csv",
        sha256="00" * 32,
        remarks=("one: x", "two"),
    )


def row(code: str, predicate: str = EXACT, **more: object) -> Mapping:
    label = "" if code == "" else f"Métier {code}"
    return Mapping(OT, predicate, ROME + code, "assistant", label, source=f"a.csv:{code}", **more)  # type: ignore[arg-type]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    found = Workspace(tmp_path / "store")
    build(found, sample_paths())
    return found


def lines(workspace: Workspace, name: str) -> list[str]:
    graph = Graph.open(workspace.path)
    return sorted(str(quad) for quad in graph.quads(graph=ox.NamedNode(mapping_graph(name))))


def test_a_set_comes_back_from_rdf() -> None:
    one = a_set()
    assert read_set(Graph.memory(to_quads(one)), one.name) == one


def test_only_rows_that_hold_have_a_skos_triple() -> None:
    graph = Graph.memory(to_quads(a_set()))
    assert [q.object.value for q in graph.quads(ox.NamedNode(OT), ox.NamedNode(NARROW))] == [ROME + "J1101"]  # type: ignore[union-attr]
    assert not list(graph.quads(ox.NamedNode(OT), ox.NamedNode(CLOSE)))
    assert not list(graph.quads(ox.NamedNode(OT), ox.NamedNode(EXACT)))


def test_storing_again_gives_the_same_graph(workspace: Workspace) -> None:
    one = a_set()
    keep(workspace, [one])
    before = lines(workspace, one.name)
    keep(workspace, [a_set(row("J1102"))])
    assert lines(workspace, one.name) != before
    keep(workspace, [one])
    assert lines(workspace, one.name) == before


def test_the_order_of_imports_does_not_matter_where_sets_share_a_triple(workspace: Workspace, tmp_path: Path) -> None:
    other = Workspace(tmp_path / "other")
    build(other, sample_paths())
    one, two = a_set(row("J1101")), a_set(row("J1101", justification=MANUAL), name="z-rome")
    keep(workspace, [one])
    keep(workspace, [two])
    keep(other, [two])
    keep(other, [one])
    assert [lines(workspace, n) for n in ("fr-rome", "z-rome")] == [lines(other, n) for n in ("fr-rome", "z-rome")]
    remove(workspace, ["fr-rome"])
    assert any("exactMatch" in line and "annotated" not in line for line in lines(workspace, "z-rome"))


def test_a_new_build_keeps_the_sets(workspace: Workspace) -> None:
    keep(workspace, [a_set()])
    before = lines(workspace, "fr-rome")
    made = build(workspace, sample_paths())
    assert lines(workspace, "fr-rome") == before
    assert mapping_graph("fr-rome") in made.carried


def test_sets_are_listed_and_found_by_a_near_name(workspace: Workspace) -> None:
    keep(workspace, [a_set()])
    graph = Graph.open(workspace.path)
    assert [one.name for one in sets(graph)] == ["fr-rome"]
    assert len(list(iter_mappings(graph, "fr-rome"))) == 3
    assert load(graph, "fr-rome") == a_set()
    with pytest.raises(NotFoundError, match="Did you mean fr-rome"):
        find_set(graph, "fr-rom")


def test_two_sets_with_one_iri_are_refused(workspace: Workspace) -> None:
    keep(workspace, [a_set()])
    with pytest.raises(ParameterError, match="have one IRI"):
        keep(workspace, [replace(a_set(), name="twin")])
    assert [one.name for one in sets(Graph.open(workspace.path))] == ["fr-rome"]


@pytest.mark.parametrize("separator", ["\t", ","])
def test_a_table_comes_back(tmp_path: Path, separator: str) -> None:
    one = a_set()
    path = tmp_path / "x.sssom.tsv"
    path.write_text("".join(write_table(one, separator)), encoding="utf-8")
    found = read_sssom(path)
    assert found.faults == ()
    assert found.set == one


@with_examples(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=20))
def test_any_label_comes_back(tmp_path_factory: pytest.TempPathFactory, label: str) -> None:
    label = label.strip()
    one = replace(
        a_set(replace(row("J1101"), object_label=label)),
        concepts=(Concept(ROME + "J1101", "J1101", label, "fr" if label else ""),),
    )
    path = tmp_path_factory.mktemp("t") / "x.tsv"
    path.write_text("".join(write_table(one)), encoding="utf-8")
    assert read_sssom(path).set == one


def test_sssom_py_takes_the_table(tmp_path: Path) -> None:
    if importlib.util.find_spec("sssom") is None:
        pytest.skip("sssom-py is not installed")
    from sssom.parsers import parse_sssom_table
    from sssom.validators import validate

    path = tmp_path / "x.sssom.tsv"
    path.write_text("".join(write_table(a_set())), encoding="utf-8")
    reports = validate(parse_sssom_table(str(path)), fail_on_error=False)
    assert reports
    assert [result.message for report in reports.values() for result in report.results] == []


def test_bad_rows_are_faults_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "x.sssom.tsv"
    head = "# curie_map:\n#   a: http://example.org/\nsubject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\n"
    rows = ["a:1\tskos:exactmatch\ta:2\tsemapv:LexicalMatching\t0.5", "b:1\tskos:exactMatch\ta:2\t\t", "a:1\t\ta:2\t\t"]
    rows += ["a:1\tskos:sameMatch\ta:3\t\t", "a:1\tskos:exactMatch\ta:2\tsemapv:LexicalMatching\thigh"]
    path.write_text(head + "\n".join(rows) + "\n")
    found = read_sssom(path)
    assert [fault.line for fault in found.faults] == [5, 6, 7, 8]
    assert [one.predicate for one in found.set.mappings] == [EXACT]


def test_a_table_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text("a\tb\n1\t2\n")
    with pytest.raises(SourceError, match="subject_id"):
        read_sssom(path)


def test_bare_skos_triples_become_a_set(tmp_path: Path) -> None:
    path = tmp_path / "x.nt"
    path.write_text(f'<{OT}> <{CLOSE}> <{ROME}J1101> .\n<{OT}> <{CLOSE}> "J1102" .\n')
    found = read_rdf_set(path)
    assert [one.key for one in found.mappings] == [(OT, CLOSE, ROME + "J1101")]
    assert found.mappings[0].justification.endswith("UnspecifiedMatching")
    assert "to a text or a node without a name are left out: 1" in found.remarks[0]


def test_inverting_twice_gives_the_rows_back() -> None:
    one = a_set(row("J1101", BROAD), row("J1102", NARROW))
    assert invert(invert(one, "x"), "y").mappings == one.mappings


def test_merging_keeps_both_justifications_and_tells_contradictions() -> None:
    one, two = a_set(row("J1101")), a_set(row("J1101", justification=MANUAL), row("J1101", BROAD), name="z")
    assert len(merge([one, invert(two, "t")], "both").mappings) == 3
    assert all("S46" in found.why for found in conflicts([one, two]))
    assert len(conflicts([one, two])) == 2


def test_cardinalities_leave_out_what_is_denied() -> None:
    kinds = cardinalities([row("J1101"), row("J1102", modifier=NOT), replace(row("J1102"), object=NO_TERM)])
    assert kinds == {(OT, ROME + "J1101"): "1:1", (OT, NO_TERM): "1:0"}


def test_check_says_what_became_of_a_concept(workspace: Workspace) -> None:
    dead = replace(row("J1101"), subject=OCCUPATION + "00000000-0000-0000-0000-000000000000")
    keep(workspace, [a_set(dead, row("J1102"), row("J1102", BROAD))])
    graph = Graph.open(workspace.path)
    codes = {(one.code, one.severity) for one in check(graph, load(graph, "fr-rome"))}
    assert {("ESG710", "warning"), ("ESG701", "violation")} <= codes


def test_a_candidate_is_no_fact_before_someone_took_it(workspace: Workspace) -> None:
    candidate = row("J1101", CLOSE, justification=LEXICAL, similarity_score=0.5, candidate=True)
    one = a_set(candidate, row("J1102", BROAD))
    keep(workspace, [one])
    graph = Graph.open(workspace.path)
    assert load(graph, one.name) == one
    assert count_candidates(graph, one.name) == 1
    assert not list(graph.quads(ox.NamedNode(OT), ox.NamedNode(CLOSE)))
    assert [q.object.value for q in graph.quads(ox.NamedNode(OT), ox.NamedNode(BROAD))] == [ROME + "J1102"]  # type: ignore[union-attr]
    made = stats(one.mappings)
    assert (made.relations, made.objects) == ({"broad": 1, "candidates": 1}, 1)
    told = stored("mappings-of-concept").run(graph, concept=OT).dicts()
    assert [line["other"] for line in told] == [ROME + "J1102"]
    keep(workspace, [a_set(replace(candidate, justification=MANUAL, candidate=False), row("J1102", BROAD))])
    graph = Graph.open(workspace.path)
    assert count_candidates(graph, one.name) == 0
    assert list(graph.quads(ox.NamedNode(OT), ox.NamedNode(CLOSE)))


def test_a_candidate_contradicts_nothing_and_comes_back_from_a_table(tmp_path: Path) -> None:
    one = a_set(row("J1101", candidate=True), row("J1101", BROAD), row("J1102"))
    path = tmp_path / "x.sssom.tsv"
    path.write_text("".join(write_table(one)), encoding="utf-8")
    assert read_sssom(path).set == one
    assert conflicts([one]) == []


def test_an_equal_set_makes_no_new_generation(workspace: Workspace) -> None:
    first = keep(workspace, [a_set()])
    assert keep(workspace, [a_set()]) == first
    assert keep(workspace, [a_set(), a_set(row("J1101"), name="z-rome")]) != first
    remove(workspace, ["fr-rome"])
    keep(workspace, [a_set()])
    assert [one.name for one in sets(Graph.open(workspace.path))] == ["fr-rome", "z-rome"]


def test_a_scheme_is_named_once(workspace: Workspace) -> None:
    keep(workspace, [a_set(row("J1101")), a_set(row("J1102"), name="z-rome")])
    graph = Graph.open(workspace.path)
    names = list(graph.quads(ox.NamedNode(ROME.rstrip("/")), ox.NamedNode(SKOS + "prefLabel")))
    assert len(names) == 1


def test_an_iri_of_another_owner_has_no_code(tmp_path: Path) -> None:
    foreign = replace(row("J1101"), object="https://example.com/concept/15DU_axL_nRT")
    one = replace(a_set(foreign), object_source="https://example.com/scheme", concepts=())
    path = tmp_path / "x.sssom.tsv"
    path.write_text("".join(write_table(one)), encoding="utf-8")
    assert [concept.code for concept in read_sssom(path).set.concepts] == [""]


def test_sssom_py_writes_the_same_properties(tmp_path: Path) -> None:
    if importlib.util.find_spec("sssom") is None:
        pytest.skip("sssom-py is not installed")
    from sssom.parsers import parse_sssom_table
    from sssom.writers import write_rdf

    one = a_set(
        row("J1101", NARROW, justification=MANUAL, confidence=0.5, author="https://orcid.org/0000-0001-2345-6789")
    )
    path, theirs = tmp_path / "x.sssom.tsv", tmp_path / "x.ttl"
    path.write_text("".join(write_table(one)), encoding="utf-8")
    with theirs.open("w", encoding="utf-8") as out:
        write_rdf(parse_sssom_table(str(path)), out)
    found = {triple.predicate.value for triple in ox.parse(theirs.read_bytes(), ox.RdfFormat.TURTLE)}
    ours = {quad.predicate.value for quad in (*head_quads(one), *row_quads(one))}
    missing = {name for name in found - ours if "mapping_cardinality" not in name}
    assert missing == set(), missing


def test_a_real_set_comes_back(tmp_path: Path) -> None:
    path = SHARED / "mappings" / "onet_esco_official_dev.csv"
    if not path.exists():
        pytest.skip("the published tables are not here")
    given = read_mapping_file(path).set
    table = tmp_path / "x.sssom.tsv"
    table.write_text("".join(write_table(given)), encoding="utf-8", newline="")
    assert len(given.mappings) > 2000
    kept = read_set(Graph.memory(to_quads(given)), given.name)
    assert (kept.head, kept.mappings) == (given.head, given.mappings)
    found = read_sssom(table).set
    assert (found.head, found.mappings) == (given.head, given.mappings)
    assert [(c.iri, c.code, c.label) for c in found.concepts] == [(c.iri, c.code, c.label) for c in given.concepts]
