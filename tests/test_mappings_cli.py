"""The commands of `mappings` besides import: list, show, export, invert, merge, check, stats and remove."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import servers
from esco_graph.builder import build, sample_paths
from esco_graph.cli import main
from esco_graph.graph import Graph
from esco_graph.mappings.model import BROAD, EXACT, LEXICAL, NARROW, Mapping, MappingSet, set_iri
from esco_graph.mappings.orientation import Orientation, Witness
from esco_graph.mappings.skos import read_rdf_set
from esco_graph.mappings.sssom import read_sssom
from esco_graph.mappings.store import keep, load
from esco_graph.taxonomies.taxonomy import Concept
from esco_graph.terms import OCCUPATION
from esco_graph.workspace import Workspace

OT = OCCUPATION + "82cbe20d-967c-4161-9ecd-eafc724d171c"  # occupational therapy assistant, in the sample
CODE = "2269.5"
GONE = OCCUPATION + "00000000-0000-0000-0000-000000000000"
ROME = "https://example.org/esco-graph/taxonomy/rome/"
NBSP = "Métier\u00a0"
ENDINGS = {"turtle": "ttl", "trig": "trig", "n-triples": "nt", "n-quads": "nq", "rdf-xml": "rdf", "json-ld": "jsonld"}
Run = Callable[..., Result]


def row(code: str, predicate: str = EXACT, label: str = "Métier", **more: object) -> Mapping:
    return Mapping(OT, predicate, ROME + code, "assistant", label, source=f"a.csv:{code}", **more)  # type: ignore[arg-type]


ROWS = (row("J1101", NARROW, NBSP), row("J1102", BROAD), row("J1103", justification=LEXICAL, candidate=True))


def a_set(name: str, *rows: Mapping) -> MappingSet:
    concepts = tuple(Concept(one.object, one.object.removeprefix(ROME), one.object_label, "fr") for one in rows)
    about = {"title": "ESCO | ROME", "subject_source": "esco", "object_source": "rome", "object_lang": "fr"}
    about |= {"source": "a.csv", "sha256": "00" * 32}
    return MappingSet(name, set_iri(name), mappings=rows, concepts=concepts, creators=("France Travail",), **about)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    found = Workspace(tmp_path / "store")
    build(found, sample_paths())
    keep(found, [a_set("fr-rome", *ROWS), a_set("my-rome", row("J1101"), row("J1104", EXACT))])
    return found


@pytest.fixture
def run(workspace: Workspace) -> Run:
    def call(*args: str, store: bool = True) -> Result:
        place = ["--store", str(workspace.path)] if store else []
        return CliRunner().invoke(main, ["mappings", *args, *place], catch_exceptions=False)

    return call


def rows_of(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_list_tells_how_many_rows_are_candidates(run: Run) -> None:
    told = {one["name"]: (one["rows"], one["candidates"]) for one in rows_of(run("list", "--format", "csv"))}
    assert told == {"fr-rome": ("3", "1"), "my-rome": ("2", "0")}


def test_show_chooses_rows_and_marks_candidates(run: Run) -> None:
    told = rows_of(run("show", "fr-rome", "--format", "csv"))
    assert [one["relation"] for one in told] == ["broad", "exact (candidate)", "narrow"]
    assert [one["object code"] for one in rows_of(run("show", "fr-rome", "--concept", "j1102", "--format", "csv"))] == [
        "J1102"
    ]
    assert len(rows_of(run("show", "fr-rome", "--relation", "narrow", "--format", "csv"))) == 1
    assert len(rows_of(run("show", "fr-rome", "--concept", "2269.6", "--format", "csv"))) == 0
    assert len(rows_of(run("show", "fr-rome", "--concept", CODE, "--format", "csv"))) == 3
    few = run("show", "fr-rome", "--limit", "1", "--format", "csv")
    assert len(rows_of(few)) == 1
    assert "2 more rows" in few.stderr


def test_show_puts_each_code_on_its_own_side(run: Run) -> None:
    assert {one["subject code"] for one in rows_of(run("show", "fr-rome", "--format", "csv"))} == {CODE}
    assert run("invert", "fr-rome", "rome-fr").exit_code == 0
    turned = rows_of(run("show", "rome-fr", "--format", "csv"))
    assert {one["subject code"] for one in turned} == {"J1101", "J1102", "J1103"}
    assert {one["object code"] for one in turned} == {CODE}


@pytest.mark.parametrize("verb", ["show", "stats", "check", "export"])
def test_without_a_name_the_sets_are_named(run: Run, verb: str) -> None:
    result = run(verb)
    assert result.exit_code == 2
    assert "Give the NAME of a set: fr-rome, my-rome." in result.stderr


@pytest.mark.parametrize("ending", ["tsv", "csv"])
def test_an_exported_table_is_the_set(run: Run, workspace: Workspace, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    assert run("export", "fr-rome", "-o", str(path)).exit_code == 0
    assert read_sssom(path).set == load(Graph.open(workspace.path), "fr-rome") == a_set("fr-rome", *ROWS)
    assert "European Commission" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("format_", ENDINGS)
def test_exported_rdf_is_the_set(run: Run, tmp_path: Path, format_: str) -> None:
    ending = {
        "turtle": "ttl",
        "trig": "trig",
        "n-triples": "nt",
        "n-quads": "nq",
        "rdf-xml": "rdf",
        "json-ld": "jsonld",
    }
    path = tmp_path / f"out.{ending[format_]}"
    assert run("export", "fr-rome", "--format", format_, "-o", str(path)).exit_code == 0
    assert read_rdf_set(path).mappings == a_set("fr-rome", *ROWS).mappings


def test_exported_json_is_sssom(run: Run) -> None:
    result = run("export", "my-rome", "--format", "json")
    found = json.loads(result.stdout)
    assert [one["object_id"] for one in found["mappings"]] == ["rome:J1101", "rome:J1104"]
    assert found["@context"]["rome"] == ROME
    if importlib.util.find_spec("sssom") is None:
        pytest.skip("sssom-py is not installed")
    from sssom.parsers import from_sssom_json

    theirs = from_sssom_json(found)
    assert sorted(theirs.df["object_id"]) == ["rome:J1101", "rome:J1104"]


def test_invert_and_merge_make_new_sets(run: Run, workspace: Workspace) -> None:
    assert run("invert", "fr-rome", "rome-fr").exit_code == 0
    turned = load(Graph.open(workspace.path), "rome-fr")
    assert {(one.subject, one.predicate) for one in turned.mappings} >= {(ROME + "J1101", BROAD)}
    dry = run("merge", "fr-rome", "my-rome", "--as", "all", "--dry-run")
    assert dry.exit_code == 1
    assert "S46" in dry.stderr
    assert run("show", "all").exit_code == 2
    assert run("merge", "fr-rome", "my-rome", "--as", "all").exit_code == 1
    assert len(load(Graph.open(workspace.path), "all").mappings) == 5


def test_check_tells_violations_by_its_exit_code(run: Run, workspace: Workspace) -> None:
    clean = run("check", "my-rome", "--format", "csv")
    assert {one["code"] for one in rows_of(clean)} == {"ESG706"}  # exact to two concepts is a warning
    assert run("check", "my-rome", "--against", "fr-rome").exit_code == 1
    keep(workspace, [a_set("old", replace(row("J1102"), subject=GONE))])
    assert [(one["code"], one["severity"]) for one in rows_of(run("check", "old", "--format", "csv"))] == [
        ("ESG710", "warning")
    ]


def test_stats_count_facts_and_candidates(run: Run) -> None:
    told = rows_of(run("stats", "fr-rome", "--format", "csv"))
    relations = {one["of"]: one["number"] for one in told if one["figure"] == "relations"}
    assert relations == {"broad": "1", "candidates": "1", "narrow": "1"}
    assert next(one["number"] for one in told if one["of"] == "ESCO occupations") == "1"


def test_remove_takes_only_what_is_there(run: Run) -> None:
    wrong = run("remove", "fr-rome", "fr-rom")
    assert wrong.exit_code == 2
    assert "Did you mean fr-rome" in wrong.output
    assert run("remove", "fr-rome").exit_code == 0
    assert [one["name"] for one in rows_of(run("list", "--format", "csv"))] == ["my-rome"]


@pytest.mark.parametrize("name", ["../up", "a b", "", "UPPER", "x" * 101, "a>b", "ä", "\u202e", "-o-"])
def test_a_hostile_name_is_refused(run: Run, workspace: Workspace, name: str) -> None:
    before = workspace.current().name
    assert run("invert", "--", "fr-rome", name, store=False).exit_code == 2
    assert run("show", "--", name, store=False).exit_code == 2
    assert workspace.current().name == before


def test_the_reading_commands_work_on_an_endpoint(run: Run, workspace: Workspace) -> None:
    quads = "".join(f"{quad} .\n" for quad in Graph.open(workspace.path).quads())
    commands = [("list",), ("show", "fr-rome"), ("export", "fr-rome")]
    with servers.oxigraph_server(quads) as endpoint:
        for args in commands:
            assert run(*args, "--endpoint", endpoint, store=False).output == run(*args).output, args


def test_a_new_set_never_takes_the_place_of_another(run: Run, workspace: Workspace) -> None:
    before = load(Graph.open(workspace.path), "my-rome")
    for args in (("invert", "fr-rome", "my-rome"), ("merge", "fr-rome", "my-rome", "--as", "my-rome")):
        refused = run(*args)
        assert (refused.exit_code, "there is a set my-rome already" in refused.stderr) == (2, True)
    assert load(Graph.open(workspace.path), "my-rome") == before


def test_show_takes_no_negative_limit(run: Run) -> None:
    assert run("show", "fr-rome", "--limit", "-1").exit_code == 2


AID = OT.replace(OCCUPATION, "esco:")
BAD = f"""#curie_map:
#  esco: "{OCCUPATION}"
#  ours: "https://example.org/taxonomy/ours/"
#mapping_set_id: "https://example.org/mapping/ours"
subject_id	subject_label	predicate_id	object_id	object_label	mapping_justification	confidence
{AID}	assistant	skos:exactMatch	ours:1	helper	semapv:ManualMappingCuration	0.9
{AID}	assistant	skos:broadMatch	ours:2	helpers	semapv:Manual
{AID}	assistant	skos:relatedMatch	{AID}	assistant	semapv:ManualMappingCuration
{AID}	assistant	skos:exactMach	ours:3	x	semapv:ManualMappingCuration
"""


def test_sssom_without_sources_is_asked_by_its_iris_and_its_faults_are_named(
    run: Run, workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "ours.sssom.tsv"
    path.write_text(BAD, encoding="utf-8")
    first = run("import", str(path))
    assert first.exit_code == 1
    assert "From esco to ours." in first.stdout
    assert "did you mean exactMatch?" in first.stdout
    assert "Orientation: as SKOS has it." in first.stdout
    assert "in place of" not in first.stdout
    assert "already, and is the same" in run("import", str(path)).stdout
    path.write_text(BAD.replace("0.9", "0.8"), encoding="utf-8")
    assert "in place of the one of that name" in run("import", str(path)).stdout
    given = load(Graph.open(workspace.path), "ours")
    assert [one.code for one in given.concepts] == ["1", "2"]
    found = run("check", "ours", "--format", "csv")
    assert found.exit_code == 1
    told = {row["code"]: row for row in csv.DictReader(io.StringIO(found.stdout))}
    assert (told["ESG717"]["subject label"], told["ESG717"]["row"]) == ("assistant", "ours.sssom.tsv:7")
    assert told["ESG703"]["subject label"] == told["ESG703"]["object label"] == "assistant"


def test_the_report_of_an_import_counts_what_it_does_not_show(run: Run, tmp_path: Path) -> None:
    gone = [
        f"{OCCUPATION}00000000-0000-0000-0000-00000000000{number},gone,J110{number},Métier,exactMatch"
        for number in range(8)
    ]
    bad = [f"{OT},assistant,J120{number},Métier,nonsense" for number in range(5)]
    head = "esco id,esco label,rome id,rome label,mapping relation"
    table = tmp_path / "t.csv"
    table.write_text("\n".join([head, *gone, *bad]), encoding="utf-8")
    said = run("import", str(table), "--taxonomy", "rome", "--dry-run").output
    assert "0 are in the loaded release" in said
    assert "… and 5 more. esco-graph mappings check t says what became of them." in said
    assert "  … and 2 more." in said


def test_signs_that_disagree_are_told_once() -> None:
    signs = (Witness("labels", "broad", 50, 0.05, "one sign"), Witness("fan-out", "narrow", 90, 0.9, "another"))
    (said,) = (one for one in Orientation("reversed", 0.96, signs).warnings() if "disagree" in one)
    assert said == "These signs disagree."
    (told,) = (one for one in Orientation("reversed", 1.0, signs, told=True).warnings() if "disagree" in one)
    assert told == "The signs disagree: one sign; another."  # the line of the orientation has none then
