"""From sources to a generation: what is derived, described and carried over; the partial releases; the same bytes."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

import releases
from conftest import said_under_two_seeds
from esco_graph.builder import build, sample_paths
from esco_graph.errors import ParameterError, SourceError
from esco_graph.graph import Graph
from esco_graph.labels import find_concept
from esco_graph.publish import write
from esco_graph.query import stored
from esco_graph.terms import CATALOG_GRAPH, DCAT, DCT, DERIVED_GRAPH, ESG, PROV, RDF
from esco_graph.validation.checks import checks
from esco_graph.workspace import Workspace

Release = Callable[[str], Path]


def test_the_release_is_described(sample_graph: Graph) -> None:
    catalog = list(sample_graph.quads(graph=ox.NamedNode(CATALOG_GRAPH)))
    values = {(quad.predicate.value, quad.object.value) for quad in catalog}
    assert (DCAT + "version", "1.1.1-sample") in values
    assert (DCT + "language", "en") in values
    assert (DCT + "rights", "This service uses the ESCO classification of the European Commission.") in values
    assert any(predicate.endswith("changeNote") and "Adapted" in text for predicate, text in values)
    sources = {text for predicate, text in values if predicate == PROV + "wasDerivedFrom"}
    digests = {text for predicate, text in values if predicate == ESG + "sha256"}
    assert len(sources) == 10
    skills = hashlib.sha256((sample_paths()[0] / "skills_en.csv").read_bytes()).hexdigest()
    assert skills in digests


def test_sources_and_program_are_nodes_with_a_type(sample_graph: Graph) -> None:
    kinds = {q.subject.value: q.object.value for q in sample_graph.quads(None, ox.NamedNode(RDF + "type"))}
    catalog = list(sample_graph.quads(graph=ox.NamedNode(CATALOG_GRAPH)))
    wanted = {"wasDerivedFrom": PROV + "Entity", "wasAttributedTo": PROV + "SoftwareAgent"}
    found = {name: {kinds.get(q.object.value) for q in catalog if q.predicate.value == PROV + name} for name in wanted}
    assert found == {name: {kind} for name, kind in wanted.items()}


@pytest.mark.parametrize("version", ["a b", "", "1.1.1>", "../x", "-1"])
def test_a_release_name_that_no_iri_can_hold_is_refused(tmp_path: Path, version: str) -> None:
    with pytest.raises(ParameterError, match="cannot name a release"):
        build(Workspace(tmp_path), sample_paths(), version=version)
    assert not Workspace(tmp_path).exists()


def test_levels_stand_in_the_derived_graph_only(sample_graph: Graph) -> None:
    graphs = {quad.graph_name.value for quad in sample_graph.quads(predicate=ox.NamedNode(ESG + "iscoSkillLevel"))}
    assert graphs == {DERIVED_GRAPH}


def test_no_triple_is_in_two_graphs(sample_graph: Graph) -> None:
    triples = [(quad.subject, quad.predicate, quad.object) for quad in sample_graph.quads()]
    assert len(triples) == len(set(triples))


def test_a_build_gives_the_same_statements_under_any_hash_seed() -> None:
    code = (
        "import io, tempfile, hashlib\n"
        "from esco_graph import Graph, Workspace, build, sample_paths, write\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        "    build(Workspace(folder), sample_paths(), version='1.1.1-sample')\n"
        "    for name in ('n-quads', 'turtle', 'json-ld'):\n"
        "        out = io.BytesIO()\n"
        "        write(Graph.open(folder), out, format=name)\n"
        "        print(name, hashlib.sha256(out.getvalue()).hexdigest())"
    )
    assert len(said_under_two_seeds(code)) == 1


def test_two_builds_export_the_same_bytes(sample_graph: Graph, tmp_path: Path) -> None:
    build(Workspace(tmp_path), sample_paths(), version="1.1.1-sample")
    one, two = io.BytesIO(), io.BytesIO()
    write(sample_graph, one, format="trig")
    write(Graph.open(tmp_path), two, format="trig")
    assert one.getvalue() == two.getvalue()


def test_files_without_a_concept_are_refused(tmp_path: Path) -> None:
    folder = releases.copy_sample(tmp_path)
    for table in ("occupations_en", "skills_en"):
        file = folder / f"{table}.csv"
        file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    workspace = Workspace(tmp_path / "store")
    with pytest.raises(SourceError, match="no ESCO concept"):
        build(workspace, [folder])
    assert not workspace.exists()


def test_progress_is_told_file_by_file(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    build(Workspace(tmp_path), sample_paths(), progress=lambda *step: told.append(step))
    assert ("read skills_en.csv", (sample_paths()[0] / "skills_en.csv").stat().st_size) in [step[:2] for step in told]
    assert sum(step[1] for step in told) == told[0][2] > 0


def test_v103_in_three_languages(release: Release, tmp_path: Path) -> None:
    """No relations, no hierarchy files, no codes: levels and the ISCO chain are derived all the same."""
    made = build(Workspace(tmp_path), [release("1.0.3")], langs=("en", "fr", "de"))
    graph = Graph.open(tmp_path)
    assert made.counts == {"occupations": 2942, "skills": 0, "ISCO groups": 619, "skill groups": 0}
    director = find_concept(graph, "technical director", kind="occupation").iri
    chain = stored("isco-chain").run(graph, occupation=director, lang="fr").dicts()
    assert [group["code"] for group in chain] == ["2166", "216", "21", "2"]
    assert chain[-1]["label"] == "Professions intellectuelles et scientifiques"
    assert {group["level"] for group in chain} == {4}
    german = find_concept(graph, "technische direktorin für bühne, film und fernsehen", lang="de")
    assert german.iri == director


@pytest.mark.parametrize(("version", "occupations", "skills"), [("1.2.0", 3039, 13_939), ("1.2.1", 3039, 0)])
def test_partial_releases(release: Release, tmp_path: Path, version: str, occupations: int, skills: int) -> None:
    made = build(Workspace(tmp_path), [release(version)])
    assert made.version == version
    assert (made.counts["occupations"], made.counts["skills"]) == (occupations, skills)
    assert made.report.remarks
    assert find_concept(Graph.open(tmp_path), "2269.5").label == "occupational therapy assistant"


def test_the_checks_run_before_a_build_is_published(sample_workspace: Workspace) -> None:
    found = sample_workspace.current().about["checks"]
    assert [one["code"] for one in found] == sorted(checks())
    assert {one["code"] for one in found if one["n"] and one["severity"] == "violation"} == set()
    (orphans,) = (one for one in found if one["code"] == "ESG164")
    assert orphans["checked"] > 0


def test_a_build_with_findings_is_published_and_says_them(tmp_path: Path) -> None:
    folder = releases.copy_sample(tmp_path)

    def close_the_ring(rows: list[releases.Row]) -> list[releases.Row]:
        first = rows[0]
        back = {"conceptUri": first["broaderUri"], "broaderUri": first["conceptUri"]}
        return [*rows, first | back | {"conceptType": first["broaderType"], "broaderType": first["conceptType"]}]

    releases.edit(folder / "broaderRelationsSkillPillar.csv", close_the_ring)
    made = build(Workspace(tmp_path / "store"), [folder])
    (ring,) = (one for one in made.checks if one.code == "ESG161")
    assert (ring.severity, ring.n) == ("violation", 2)
    assert "<http://data.europa.eu/esco/" in ring.example
    assert Graph.open(tmp_path / "store").ask("ASK { ?s ?p ?o }")


def test_v120_and_what_is_wrong_in_it(release: Release, tmp_path: Path) -> None:
    made = build(Workspace(tmp_path), [release("1.2.0")])
    found = {check.code: check.n for check in made.checks if check.n}
    assert found == {"ESG126": 4, "ESG127": 534, "ESG162": 1994, "ESG165": 142}


def test_v111(workspace_111: Workspace) -> None:
    about = workspace_111.current().about
    assert about["counts"] == {"occupations": 3007, "skills": 13_896, "ISCO groups": 619, "skill groups": 640}
    rows = about["report"]["files"]["occupationSkillRelations.csv"]
    assert (rows["rows"], rows["kept"], rows["left_out"]) == (123_855, 123_788, 67)
    assert all(len(digest) == 64 for digest in about["sources"].values())
