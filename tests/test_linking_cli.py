"""The verb `link`: files, classifications, formats, the set for a review, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
from pathlib import Path
from threading import Thread

import pytest

from conftest import Run
from esco_graph.graph import Graph
from esco_graph.workspace import Workspace
from terminals import Terminal

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


def test_a_table_of_a_long_file_ends_and_counts_nothing_that_it_did_not_see(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("".join(f"chef {number}\n" for number in range(150)))
    result = run("link", str(path), "-k", "1", "--embed", "off")
    assert "The table ends after 100 titles" in result.stderr
    assert "titles: " not in result.stderr
    assert "150 titles: " in run("link", str(path), "-k", "1", "--embed", "off", "--format", "csv").stderr


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


def test_decisions_follow_the_title_when_the_file_changes_its_name_and_lines(
    run: Run, own_store: Path, tmp_path: Path
) -> None:
    from esco_graph.mappings.store import keep, load
    from esco_graph.review.decisions import answers_of, rejected_pairs, reviewed, tasks_of
    from esco_graph.review.machine import Event, start, step

    (tmp_path / "may.txt").write_text(f"{SEED}s\n")
    run("link", str(tmp_path / "may.txt"), "--keep", "jobs", "--embed", "off")
    found = load(Graph.open(own_store), "jobs")
    state = step(start(tasks_of(found), answers_of(found)), Event("reject", by="Ada", when="2026-01-02T03:04:05"))
    assert state.record
    made = reviewed(found, [state.record])
    keep(Workspace(own_store), [made])
    assert rejected_pairs([made])
    (tmp_path / "june.txt").write_text(f"chef\n{SEED}s\n")
    run("link", str(tmp_path / "june.txt"), "--keep", "jobs", "--embed", "off")
    rows = load(Graph.open(own_store), "jobs").mappings
    pairs = {(row.subject, row.object) for row in rows if row.candidate}
    assert {subject.rpartition("/")[2] for subject, _ in pairs} <= {"chef", "occupational%20therapy%20assistants"}
    assert not pairs & rejected_pairs([made])
    assert rejected_pairs([made]) <= {(row.subject, row.object) for row in rows if row.modifier}


def test_a_named_pipe_is_read(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    Thread(target=(tmp_path / "pipe").write_text, args=(f"{SEED}\n",), daemon=True).start()
    assert SEED in run("link", str(tmp_path / "pipe"), "--format", "jsonl", "--embed", "off").stdout


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
        (("-", "--to", "skil"), "Did you mean skill"),
        (("-", "--to", "kldb"), "taxonomies add"),
        ((".",), "this is a folder"),
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
    done = run("link", "-", "--format", "json", "--embed", "off", input="blåbärsplockare\nsjuksköterska\n")
    found = [one for title in json.loads(done.stdout)["linked"] for one in title["candidates"]]
    assert found
    assert all("confidence" not in one for one in found)
    said = done.stderr
    assert "say --lang if it is another" in said
    assert "cannot be told" in said
    assert "esco-graph build ESCO-FOLDER --lang fr,en" in said


def test_titles_with_doubtful_candidates_only_are_counted_apart(run: Run) -> None:
    said = run("link", "-", "--lang", "en", "--embed", "off", input=f"{SEED}\nblacksmithing wizardry\n???\n").stderr
    assert "3 titles: 1 with a proposed relation, 1 with doubtful candidates only, 1 without." in said
    assert "The relation none says: probably no match." in said
    only = run("link", "-", "--lang", "en", "--embed", "off", input=f"{SEED}\n").stderr
    assert "1 title: 1 with a proposed relation, 0 with doubtful" in only
    assert "probably no match" not in only


def test_rows_of_one_title_are_told_apart_by_their_code(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text(f"code,title\nA1,{SEED}\nB2,{SEED}\n")
    shown = run("link", str(path), "-k", "1", "--embed", "off").stdout
    assert [word for word in ("A1", "B2") if word not in shown] == []
    assert shown.split()[:2] == ["id", "title"]
    assert run("link", "-", "-k", "1", "--embed", "off", input=f"{SEED}\n").stdout.split()[0] == "title"


def test_the_usage_names_no_command_that_nobody_types(run: Run) -> None:
    result = run("link", "titles.txt", "--bogus", code=2)
    assert "Usage: esco-graph link [OPTIONS] [FILE]" in result.stderr.replace("main", "esco-graph")
    assert "link file" not in result.stderr


def test_a_title_without_candidates_does_not_break_the_iris_of_the_others(own_store: Path, tmp_path: Path) -> None:
    (tmp_path / "titles.txt").write_text(f"{SEED}s in a hospital\n???\n")
    args = ("link", str(tmp_path / "titles.txt"), "-k", "1", "--embed", "off")
    with Terminal(*args, columns=80, store=own_store) as one:
        code, said = one.finish()
    assert code == 0
    assert "the title has no word" in " ".join(said.split())
    assert re.search(r"^iri: +esco-occupation:[0-9a-f-]{36}\r?$", said, re.MULTILINE)  # 80 columns are few: blocks
