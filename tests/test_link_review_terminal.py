"""The review in a real terminal: keys, kill -9 and resume, small and colourless terminals, publication."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from conftest import Run
from esco_graph.graph import Graph
from esco_graph.mappings.model import COMPOSITE, MANUAL, RELATIONS, Mapping, MappingSet
from esco_graph.mappings.store import keep, load
from esco_graph.review.decisions import rejected_pairs
from esco_graph.workspace import Workspace
from terminals import Terminal

ESCO = "http://data.europa.eu/esco/occupation/"
ASSISTANT = ESCO + "82cbe20d-967c-4161-9ecd-eafc724d171c"
THERAPIST = ESCO + "33da5532-8c4e-4d1b-b52e-c201ee1bc7ab"
NURSE = ESCO + "87d0795a-d41f-47ee-979f-0ab7d73836e7"
OWN = "https://example.org/taxonomy/jobs/"
ADA = "https://orcid.org/0000-0002-1825-0097"


def row(code: str, label: str, target: str, name: str, relation: str = "close", score: float = 0.5) -> Mapping:
    return Mapping(
        OWN + code,
        RELATIONS[relation],
        target,
        label,
        name,
        justification=COMPOSITE,
        similarity_score=score,
        similarity_measure="esco-graph",
        comment="equal to the alternative label 'x'; same ISCO group 2269",
    )


def candidates(name: str = "jobs") -> MappingSet:
    rows = (
        row("1", "OT helper", ASSISTANT, "occupational therapy assistant", score=0.9),
        row("1", "OT helper", THERAPIST, "occupational therapist", "broad", 0.6),
        row("2", "therapist, occupational", THERAPIST, "occupational therapist", "exact", 0.95),
        row("3", "看護助手\x1b[31m", NURSE, "nurse assistant", "broad"),
        row("4", "diver", NURSE, "nurse assistant", score=0.1),
    )
    return MappingSet(name, f"https://example.org/{name}", subject_source="jobs", object_source="esco", mappings=rows)


@pytest.fixture
def store(sample_workspace: Workspace, tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    shutil.copytree(sample_workspace.path, folder)
    keep(Workspace(folder), [candidates()])
    return folder


def log_of(store: Path, name: str = "jobs") -> list[dict[str, object]]:
    path = store.with_name("store.reviews") / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_a_whole_review_becomes_a_generation(store: Path) -> None:
    with Terminal("link", "review", "jobs", store=store) as terminal:
        terminal.wait_for("ORCID or name")
        terminal.press("0000-0002-1825-0097\n")
        screen = terminal.wait_for("q quit")
        assert "OT helper" in screen
        assert "> 1  occupational therapy assistant  2269.5" in screen
        assert "same ISCO group 2269" in screen
        terminal.press("C2b")  # close to the first, then the second is broader: two mappings
        terminal.wait_for("[close]")
        terminal.wait_for("therapist, occupational")
        terminal.press("a")
        terminal.wait_for("must be said: press e")
        terminal.press("e")
        terminal.wait_for("2 of 4 answered")
        terminal.press("thelps nurses\n")
        terminal.press("c")
        terminal.wait_for("diver")
        terminal.press("x")
        terminal.wait_for("All 4 concepts are answered")
        terminal.press("q")
        code, said = terminal.finish()
    assert code == 0
    assert "4 mappings and 1 rejection of" in said
    found = load(Graph.open(store), "jobs")
    assert all(one.justification == MANUAL and one.reviewer == ADA and len(one.date) == 10 for one in found.mappings)
    said_of = {(one.subject[-1], one.object): (one.predicate, one.modifier, one.comment) for one in found.mappings}
    assert said_of == {
        ("1", ASSISTANT): (RELATIONS["close"], "", ""),
        ("1", THERAPIST): (RELATIONS["broad"], "", ""),
        ("2", THERAPIST): (RELATIONS["exact"], "", ""),
        ("3", NURSE): (RELATIONS["close"], "", "helps nurses"),
        ("4", NURSE): (RELATIONS["close"], "Not", ""),
    }
    assert rejected_pairs([found]) == {(OWN + "4", NURSE)}


def test_kill_loses_no_decision_and_the_same_command_goes_on(store: Path) -> None:
    with Terminal("link", "review", "jobs", "--reviewer", "Ada", store=store) as terminal:
        terminal.wait_for("q quit")
        terminal.press("c")
        terminal.wait_for("1 of 4 answered")
        terminal.press("e")
        terminal.wait_for("2 of 4 answered")
        terminal.kill()
    records = log_of(store)
    assert [record.get("subject") for record in records[1:]] == [OWN + "1", OWN + "2"]
    path = store.with_name("store.reviews") / "jobs.jsonl"
    with path.open("ab") as file:
        file.write(b'{"subject": "http')  # what a kill in the middle of a write leaves
    with Terminal("link", "review", "jobs", store=store) as terminal:  # nobody asks again who it is
        terminal.wait_for("2 of 4 answered")
        terminal.press("u")
        screen = terminal.wait_for("1 of 4 answered") + terminal.wait_for("q quit")
        assert "therapist, occupational" in screen
        terminal.press("q")
        code, said = terminal.finish()
    assert code == 0
    assert "1 answered, 3 open" in said
    assert load(Graph.open(store), "jobs") == candidates()  # nothing is written before the end
    assert log_of(store)[-1]["undone"] is True


def test_publish_writes_what_is_decided_and_keeps_the_rest_open(store: Path, run: Run) -> None:
    with Terminal("link", "review", "jobs", "--reviewer", "Ada", store=store) as terminal:
        terminal.wait_for("q quit")
        terminal.press("xq")
        terminal.finish()
    done = run("link", "review", "jobs", "--publish", "--store", str(store))
    assert "0 mappings and 2 rejections of Ada" in done.output
    found = load(Graph.open(store), "jobs")
    assert len([one for one in found.mappings if one.modifier]) == 2
    assert len([one for one in found.mappings if one.justification == COMPOSITE]) == 3
    again = run("link", "review", "jobs", "--publish", "--store", str(store))
    assert "Nothing was decided" in again.output
    with Terminal("link", "review", "jobs", store=store) as terminal:
        assert "OT helper" not in terminal.wait_for("q quit")
        terminal.press("q")
        terminal.finish()
    with Terminal("link", "review", "jobs", "--again", "ot helper", store=store) as terminal:
        screen = terminal.wait_for("q quit")
        assert "OT helper" in screen
        assert "[rejected]" in screen
        terminal.press("c")
        terminal.wait_for("therapist, occupational")
        terminal.press("q")
        terminal.finish()
    run("link", "review", "jobs", "--publish", "--store", str(store))
    kept = [one for one in load(Graph.open(store), "jobs").mappings if one.subject == OWN + "1"]
    assert sorted((one.predicate, one.modifier) for one in kept) == [
        (RELATIONS["broad"], "Not"),
        (RELATIONS["close"], ""),
    ]


def test_search_finds_another_concept(store: Path) -> None:
    with Terminal("link", "review", "jobs", "--reviewer", "Ada", store=store) as terminal:
        terminal.wait_for("q quit")
        terminal.press("s")
        terminal.wait_for("Search for:")
        terminal.press("nurse assistant\n")
        terminal.wait_for("> 1  nurse assistant")
        terminal.press("r")
        terminal.wait_for("1 of 4 answered")
        terminal.press("s")
        terminal.wait_for("Search for:")
        terminal.press("xyzzyqq\n")
        assert "therapist, occupational" in terminal.wait_for("Nothing is called")
        terminal.press("q")
        terminal.finish()
    assert log_of(store)[1]["verdicts"] == [
        {"label": "nurse assistant", "object": NURSE, "relation": "related"} | {"rejected": False}
    ]


@pytest.mark.parametrize("environment", [{}, {"TERM": "dumb"}, {"NO_COLOR": "1"}], ids=["colour", "dumb", "no colour"])
def test_forty_columns_and_wide_characters(store: Path, environment: dict[str, str]) -> None:
    with Terminal(
        "link", "review", "jobs", "--reviewer", "Ada", columns=40, rows=20, store=store, **environment
    ) as terminal:
        terminal.wait_for("OT helper")
        terminal.press("kk")
        screen = terminal.wait_for("看護助手")
        screen += terminal.wait_for("quit")
        terminal.press("q")
        terminal.finish()
    assert max(map(cell_len, screen.split("\n"))) <= 40
    assert "\\u001B[31m" in screen  # a label cannot steer the terminal
    if environment.get("TERM") == "dumb":
        assert "\x1b[" not in terminal.raw
    if environment.get("NO_COLOR"):
        assert "\x1b[36m" not in terminal.raw
        assert "\x1b[1;36m" not in terminal.raw


def test_a_usual_terminal_shows_what_is_decided_on_and_is_drawn_anew_when_resized(store: Path) -> None:
    rows = [row("1", "OT helper", f"{ESCO}{number}", f"candidate {number}", score=0.9) for number in range(9)]
    keep(Workspace(store), [replace(candidates(), mappings=tuple(rows))])
    with Terminal("link", "review", "jobs", "--reviewer", "Ada", columns=80, rows=24, store=store) as terminal:
        screen = terminal.wait_for("? help")
        assert len(screen.split("\n")) <= 24
        assert all(word in screen for word in ("OT helper", "candidate 0", "candidate 8", "same ISCO group 2269"))
        terminal.resize(columns=40, rows=60)
        assert max(map(cell_len, terminal.wait_for("help").split("\n"))) <= 40
        terminal.press("q")
        assert terminal.finish()[0] == 0


def test_a_note_is_not_lost_by_asking_for_another(store: Path) -> None:
    with Terminal("link", "review", "jobs", "--reviewer", "Ada", store=store) as terminal:
        terminal.wait_for("q quit")
        terminal.press("tfrom the ad\n")
        terminal.wait_for("note: from the ad")
        terminal.press("t\n")
        terminal.wait_for("note: from the ad")
        terminal.press("c")
        terminal.wait_for("1 of 4 answered")
        terminal.press("q")
        terminal.finish()
    assert log_of(store)[-1]["note"] == "from the ad"


def test_without_a_terminal_it_says_what_to_do(run: Run, store: Path) -> None:
    done = run("link", "review", "jobs", "--store", str(store), code=2, input="c\n")
    assert "needs a terminal" in done.output
    assert "--publish" in done.output


def test_names_that_are_none(run: Run, store: Path) -> None:
    assert "jobs" in run("link", "review", "job", "--publish", "--store", str(store), code=2).output
    assert "nothing was decided" in run("link", "review", "jobs", "--publish", "--store", str(store), code=2).output
    assert "no file" in run("link", "review", "x/y.tsv", "--store", str(store), code=2).output


def test_what_another_writes_meanwhile_is_not_lost(store: Path) -> None:
    with Terminal("link", "review", "jobs", "--reviewer", "Ada", store=store) as terminal:
        terminal.wait_for("q quit")
        bobs = replace(
            row("5", "nurse", NURSE, "nurse assistant"), justification=MANUAL, reviewer="Bob", similarity_score=None
        )
        keep(Workspace(store), [replace(candidates(), mappings=(*candidates().mappings, bobs))])
        terminal.press("cccc")
        terminal.wait_for("All 4 concepts are answered")
        terminal.press("q")
        assert terminal.finish()[0] == 0
    found = load(Graph.open(store), "jobs").mappings
    assert {(one.subject[-1], one.reviewer) for one in found} == {*((code, "Ada") for code in "1234"), ("5", "Bob")}


def test_another_set_gets_what_was_decided_in_all_sittings(store: Path, run: Run) -> None:
    options = ("--as", "jobs-ada", "--store", str(store))
    with Terminal("link", "review", "jobs", "--reviewer", "Ada", store=store) as terminal:
        terminal.wait_for("q quit")
        terminal.press("cq")
        terminal.finish()
    run("link", "review", "jobs", "--publish", *options)
    with Terminal("link", "review", "jobs", *options, store=store) as terminal:
        terminal.wait_for("1 of 4 answered")
        terminal.press("e")
        terminal.wait_for("2 of 4 answered")
        terminal.press("q")
        terminal.finish()
    run("link", "review", "jobs", "--publish", *options)
    found = load(Graph.open(store), "jobs-ada").mappings
    assert {one.subject[-1] for one in found if one.justification == MANUAL} == {"1", "2"}
    assert load(Graph.open(store), "jobs") == candidates()


def test_two_terminals_cannot_review_one_set(store: Path) -> None:
    with Terminal("link", "review", "jobs", "--reviewer", "Ada", store=store) as first:
        first.wait_for("q quit")
        with Terminal("link", "review", "jobs", "--reviewer", "Ada", store=store) as second:
            code, said = second.finish()
            assert code == 2
            assert "open in another terminal" in said
