"""Mapping sets: RDF, the store, SSSOM tables, SKOS files, inverted, merged and checked."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given as with_examples
from hypothesis import strategies as st

from esco_graph.builder import build, sample_paths
from esco_graph.errors import NotFoundError, ParameterError, SourceError
from esco_graph.graph import Graph
from esco_graph.mappings.check import check
from esco_graph.mappings.model import BROAD, CLOSE, EXACT, MANUAL, NARROW, NO_TERM, NOT, Mapping, MappingSet, set_iri
from esco_graph.mappings.operations import conflicts, invert, merge
from esco_graph.mappings.rdf import read_set, to_quads
from esco_graph.mappings.skos import read_rdf_set
from esco_graph.mappings.sssom import read_sssom, write_table
from esco_graph.mappings.stats import cardinalities
from esco_graph.mappings.store import find_set, iter_mappings, keep, load, remove, sets
from esco_graph.taxonomies.taxonomy import Concept
from esco_graph.terms import OCCUPATION, mapping_graph
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
    assert "1 mappings to a text" in found.remarks[0]


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
    codes = {one.code for one in check(graph, load(graph, "fr-rome")) if one.severity == "violation"}
    assert {"ESG710", "ESG701"} <= codes
