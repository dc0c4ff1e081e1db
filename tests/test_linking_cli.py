"""The verb `link`: files, classifications, formats, the set for a review, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from conftest import Run
from esco_graph.graph import Graph
from esco_graph.workspace import Workspace

SEED = "occupational therapy assistant"


@pytest.fixture
def own_store(sample_workspace: Workspace, tmp_path: Path, on_sample: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the sample, for commands that write."""
    shutil.copytree(sample_workspace.path, tmp_path / "store")
    monkeypatch.setenv("ESCO_GRAPH_STORE", str(tmp_path / "store"))
    return tmp_path / "store"


@pytest.fixture
def titles(tmp_path: Path) -> Path:
    path = tmp_path / "titles.csv"
    path.write_text(f"code,title\nA1,{SEED}s\nA2,chefs\nA3,\n")
    return path


def test_help_names_the_file_the_options_and_the_commands(run: Run) -> None:
    text = run("link", "--help").output
    assert "esco-graph link titles.txt" in text
    assert "--keep" in text
    assert all(name in text for name in ("text", "review", "compare"))


def test_a_table_shows_candidates_with_reasons(run: Run, titles: Path) -> None:
    result = run("link", str(titles))
    assert SEED in result.stdout
    assert "label" in result.stdout
    assert "there is no title" in result.stdout
    assert "title = 'title', code = 'code'" in result.stderr
    assert "Language of the titles: en" in result.stderr
    assert "3 titles: " in result.stderr


def test_programs_get_rows(run: Run, titles: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("link", str(titles), "--format", "csv", "-k", "1").stdout)))
    assert [row["id"] for row in rows] == ["A1", "A2", "A3"]
    assert rows[0]["label"] == SEED
    assert rows[0]["iri"].startswith("http://data.europa.eu/esco/occupation/")
    lines = run("link", str(titles), "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["A1", "A2", "A3"]


def test_standard_input_is_read(run: Run) -> None:
    found = json.loads(run("link", "-", "--format", "json", input=f"{SEED}\n").stdout)
    assert found["linked"][0]["candidates"][0]["label"] == SEED
    assert "European Commission" in found["attribution"]


def test_the_ending_of_the_output_tells_the_format(run: Run, titles: Path, tmp_path: Path) -> None:
    run("link", str(titles), "-o", str(tmp_path / "out.jsonl"))
    assert json.loads((tmp_path / "out.jsonl").read_text().splitlines()[0])["id"] == "A1"
    run("link", str(titles), "-o", str(tmp_path / "out.sssom.tsv"))
    head = (tmp_path / "out.sssom.tsv").read_text()
    assert head.startswith("# #")
    assert "subject_id" in head
    assert "European Commission" in head
    assert "exactMatch" not in head
    assert "gives no format" in run("link", str(titles), "-o", str(tmp_path / "out.what"), code=2).stderr.replace(
        "tells no format", "gives no format"
    )


def test_occupations_are_linked_to_skills(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("link", "--from", "esco", "--to", "skill", "--format", "csv").stdout)))
    assert {row["id"] for row in rows if row["rank"] in ("", "1")} == {row["id"] for row in rows}
    assert all("/skill/" in row["iri"] for row in rows if row["iri"])


def test_candidates_are_kept_for_review_and_assert_no_exact_match(
    run: Run, own_store: Path, titles: Path, tmp_path: Path
) -> None:
    result = run("link", str(titles), "--keep", "My Jobs")
    assert "esco-graph link review my-jobs" in result.stderr
    graph = Graph.open(own_store)
    assert graph.ask("ASK { ?set a <https://w3id.org/sssom/MappingSet> }")
    assert not graph.ask("ASK { ?s <http://www.w3.org/2004/02/skos/core#exactMatch> ?o }")
    assert not graph.ask("ASK { ?s <http://www.w3.org/2004/02/skos/core#narrowMatch> ?o }")


def test_what_is_kept_for_review_is_no_mapping_yet(run: Run, titles: Path, own_store: Path) -> None:
    matches = "SELECT ?a { ?a skos:exactMatch|skos:closeMatch|skos:broadMatch|skos:mappingRelation ?b }"
    prefix = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    before = len(list(Graph.open(own_store).select(prefix + matches)))
    assert run("link", str(titles), "--keep", "my-jobs").exit_code == 0
    graph = Graph.open(own_store)
    assert len(list(graph.select(prefix + matches))) == before
    flag = "https://w3id.org/esco-graph/ns#isCandidate"
    assert graph.ask(f"ASK {{ ?row <{flag}> true ; <http://www.w3.org/2002/07/owl#annotatedSource> ?a }}")


def test_a_second_run_gives_the_same_bytes(run: Run, titles: Path) -> None:
    assert run("link", str(titles), "--format", "json").stdout == run("link", str(titles), "--format", "json").stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "Usage"),
        (("--to", "esco"), "nothing to link is named"),
        (("none.csv",), "no such file"),
        (("none.csv", "--from", "rome"), "both given"),
        (("--from", "rome"), "taxonomies add"),
        (("-", "--to", "roma"), "Did you mean rome"),
        (("-", "--taxonomy", "onett"), "Did you mean onet"),
        (("-", "--lang", "e_n"), "not a language tag"),
        (("-", "-k", "0"), "0"),
        (("-", "--label-column", "nowhere"), "not there"),
    ],
)
def test_wrong_use_is_told_with_a_way_out(run: Run, args: tuple[str, ...], said: str) -> None:
    result = run("link", *args, code=2, input="nurse\n")
    assert said in result.output


def test_an_empty_pipe_is_named_as_such(run: Run) -> None:
    assert "stdin: the file is empty" in run("link", "-", code=2, input="").stderr


def test_another_language_is_said_to_be_far(run: Run) -> None:
    result = run("link", "-", "--lang", "de", input="Ergotherapeut\n")
    assert "Titles in de are compared with labels of ESCO in en" in result.stderr


def test_titles_in_no_known_language_are_doubted(run: Run) -> None:
    assert "say --lang if it is another" in run("link", "-", input="blåbärsplockare\nsjuksköterska\n").stderr
