"""`link review --auto-accept`, `link review FILE`, `link compare`, and what `link --keep` may bring back."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import Run
from esco_graph.graph import Graph
from esco_graph.mappings.form import read_mapping_file
from esco_graph.mappings.model import COMPOSITE, MANUAL, RELATIONS, SOME, Mapping, MappingSet
from esco_graph.mappings.sssom import write_table
from esco_graph.mappings.store import keep, load
from esco_graph.review import auto_accept
from esco_graph.review.decisions import with_decisions
from esco_graph.workspace import Workspace
from terminals import Terminal

ESCO = "http://data.europa.eu/esco/occupation/"
ASSISTANT = ESCO + "82cbe20d-967c-4161-9ecd-eafc724d171c"
THERAPIST = ESCO + "33da5532-8c4e-4d1b-b52e-c201ee1bc7ab"
OWN = "https://example.org/taxonomy/jobs/"


def row(code: str, target: str, relation: str = "close", confidence: float | None = None, **more: str) -> Mapping:
    labels = {"subject_label": f"job {code}", "object_label": "occupational therapist"} | more
    score = {"confidence": confidence, "similarity_score": 0.5, "similarity_measure": "words"}
    return Mapping(OWN + code, RELATIONS[relation], target, **({"justification": COMPOSITE} | labels | score))


def said(code: str, target: str, relation: str = "close", modifier: str = "") -> Mapping:
    return replace(row(code, target, relation), justification=MANUAL, modifier=modifier, similarity_score=None)


def set_of(name: str, *rows: Mapping) -> MappingSet:
    langs = {"subject_lang": "en", "object_lang": "en"}
    iri = f"https://example.org/{name}"
    return MappingSet(name, iri, subject_source="jobs", object_source="esco", mappings=rows, **langs)


def write(path: Path, found: MappingSet) -> Path:
    path.write_text("".join(write_table(found)), encoding="utf-8")
    return path


@pytest.fixture
def store(sample_workspace: Workspace, tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    shutil.copytree(sample_workspace.path, folder)
    return folder


TABLE = auto_accept.Table("toy gold", "v7", "en", "any", (auto_accept.Level(0.9, 500, 490),))


def test_auto_accept_says_on_what_it_rests(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        auto_accept, "tables", lambda *task, **_: (TABLE,) if task == ("occupation", "en", False) else ()
    )
    keep(Workspace(store), [set_of("jobs", row("1", ASSISTANT, confidence=0.95), row("2", THERAPIST, confidence=0.8))])
    done = run("link", "review", "jobs", "--auto-accept", "--precision", "0.95", "--store", str(store))
    for part in ("confidence 0.9", "0.980 of 500", "0.964 to 0.989", "toy gold (v7)", "1 of 2 open concepts"):
        assert part in done.output
    rows = load(Graph.open(store), "jobs").mappings
    assert [one.predicate for one in rows if one.justification != COMPOSITE] == [SOME]
    refused = run("link", "review", "jobs", "--auto-accept", "--precision", "0.99", "--store", str(store), code=2)
    assert "does not support" in refused.output


def test_auto_accept_without_calibration_is_refused(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auto_accept, "tables", lambda *_, **__: ())
    keep(Workspace(store), [set_of("jobs", row("1", ASSISTANT, confidence=0.99))])
    done = run("link", "review", "jobs", "--auto-accept", "--store", str(store), code=2)
    assert "no calibration" in done.output
    assert load(Graph.open(store), "jobs").mappings[0].justification == COMPOSITE


def test_tables_are_read_from_the_models_that_ship() -> None:
    for lang in ("en", "fr"):
        for table in auto_accept.tables("occupation", lang, embed=False):
            assert table.gold
            assert table.version
            assert all(0 <= level.right <= level.taken for level in table.levels)


def test_a_file_is_reviewed_into_another_file(store: Path, tmp_path: Path) -> None:
    path = write(
        tmp_path / "jobs.sssom.tsv", set_of("jobs", row("1", ASSISTANT), row("1", THERAPIST), row("2", THERAPIST))
    )
    before = path.read_bytes()
    with Terminal("link", "review", str(path), "--reviewer", "Ada", store=store) as terminal:
        terminal.wait_for("q quit")
        terminal.press("cx")
        terminal.wait_for("All 2 concepts are answered")
        terminal.press("q")
        code, words = terminal.finish()
    assert code == 0
    assert "1 mapping and 1 rejection of Ada" in words
    assert path.read_bytes() == before
    made = read_mapping_file(tmp_path / "jobs.reviewed.sssom.tsv")
    assert not made.faults
    assert sorted((one.subject[-1], one.modifier, one.reviewer, one.justification) for one in made.set.mappings) == [
        ("1", "", "Ada", MANUAL),
        ("2", "Not", "Ada", MANUAL),
    ]
    assert (tmp_path / "jobs.sssom.tsv.review.jsonl").exists()


def test_compare_two_files_and_export_the_conflicts(run: Run, store: Path, tmp_path: Path) -> None:
    ada = write(tmp_path / "ada.sssom.tsv", set_of("ada", said("1", ASSISTANT, "exact"), said("2", THERAPIST)))
    bob = write(
        tmp_path / "bob.sssom.tsv", set_of("bob", said("1", ASSISTANT), said("2", THERAPIST), said("3", ASSISTANT))
    )
    third = tmp_path / "third.sssom.tsv"
    done = run("link", "compare", str(ada), str(bob), "--counts", "-o", str(third), code=1)
    assert "2 source concepts decided by both, 0 by ada only, 1 by bob only" in done.output
    assert "mapped or not: 2 of 2 pairs agree (100.0%), Cohen's kappa not defined" in done.output
    assert "relation, or none: 1 of 2 pairs agree (50.0%), Cohen's kappa 0.000" in done.output
    assert "job 1" in done.output
    found = read_mapping_file(third).set
    assert [(one.subject, one.predicate) for one in found.mappings] == [(OWN + "1", SOME)]
    rows = json.loads(run("link", "compare", str(ada), str(bob), "--format", "json", code=1).stdout)
    assert [(one["source_label"], one["first"], one["second"]) for one in rows] == [("job 1", "exact", "close")]


def test_compare_sets_of_the_store(run: Run, store: Path) -> None:
    same = [set_of("ada", said("1", ASSISTANT)), set_of("bob", said("1", ASSISTANT))]
    keep(Workspace(store), same)
    done = run("link", "compare", "ada", "bob", "--store", str(store), "--keep", "third")
    assert "0 conflicts" in done.output
    assert "nothing is written" in done.output
    keep(Workspace(store), [set_of("bob", said("1", ASSISTANT, modifier="Not"))])
    run("link", "compare", "ada", "bob", "--store", str(store), "--keep", "third", code=1)
    assert len(load(Graph.open(store), "third").mappings) == 1
    assert "ada" in run("link", "compare", "adda", "bob", "--store", str(store), code=2).output


def test_decisions_in_the_store_last_over_a_new_run(store: Path) -> None:
    old = set_of("jobs", said("1", ASSISTANT), said("2", THERAPIST, modifier="Not"))
    keep(Workspace(store), [old, set_of("other", said("3", THERAPIST, modifier="Not"))])
    new = set_of("jobs", row("1", THERAPIST), row("2", THERAPIST), row("2", ASSISTANT), row("3", THERAPIST))
    made = with_decisions(Graph.open(store), new)
    assert [(one.subject[-1], one.object, one.justification) for one in made.mappings] == [
        ("1", ASSISTANT, MANUAL),
        ("2", THERAPIST, MANUAL),
        ("2", ASSISTANT, COMPOSITE),
    ]


def test_a_new_run_says_what_earlier_decisions_did(run: Run, store: Path, tmp_path: Path) -> None:
    titles, where = tmp_path / "titles.txt", ("--store", str(store))
    titles.write_text("occupational therapy assistants\n")
    first = run("link", str(titles), "--keep", "jobs", "--embed", "off", *where)
    assert "earlier decisions" not in first.stderr
    found = load(Graph.open(store), "jobs")
    no = replace(found.mappings[0], justification=MANUAL, modifier="Not", candidate=False, confidence=None)
    keep(Workspace(store), [replace(found, mappings=(no, *found.mappings[1:]))])
    again = run("link", str(titles), "--keep", "jobs", "--embed", "off", *where)
    assert "1 earlier decisions stay in the set; 1 candidates are left out" in again.stderr


def test_the_result_may_have_any_name(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auto_accept, "tables", lambda *_, **__: (TABLE,))
    keep(Workspace(store), [set_of("jobs", row("1", ASSISTANT, confidence=0.95))])
    done = run("link", "review", "jobs", "--auto-accept", "--as", "My Jobs", "--store", str(store))
    assert "esco-graph link review my-jobs" in done.output
    assert load(Graph.open(store), "my-jobs").mappings[0].predicate == SOME


def test_a_file_of_titles_is_no_set_to_review(run: Run, store: Path, tmp_path: Path) -> None:
    (tmp_path / "titles.txt").write_text("nurse\ncook\n")
    done = run("link", "review", str(tmp_path / "titles.txt"), "--auto-accept", "--store", str(store), code=2)
    assert "Give an SSSOM file, or a set that link --keep" in done.output
    assert "--subject-column" not in done.output
