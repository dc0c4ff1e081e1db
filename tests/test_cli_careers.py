"""The verbs of careers as people and programs meet them: similar, overlap, gap, next, paths, reachable."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import servers
from conftest import ROOT, Run
from esco_graph.careers.names import STEP_COST
from esco_graph.cli.ways import WIDE
from esco_graph.graph import Graph
from esco_graph.skills.names import DEFAULT_MEASURE, MEASURE_NAMES
from esco_graph.workspace import Workspace

OTA = "http://data.europa.eu/esco/occupation/82cbe20d-967c-4161-9ecd-eafc724d171c"
OT = "http://data.europa.eu/esco/occupation/33da5532-8c4e-4d1b-b52e-c201ee1bc7ab"
VERBS = ("similar", "overlap", "gap", "next", "paths", "reachable")
ASKED: tuple[tuple[str, ...], ...] = (
    ("similar", "2269.5"),
    ("similar", "2269.5", "--measure", "coverage", "--level", "same", "--explain"),
    ("overlap", "2269.5", "2269.4"),
    ("gap", "2269.5", "2269.4"),
    ("next", "2269.5"),
    ("paths", "2269.5", "2269.11"),
    ("reachable", "2269.5", "--effort", "0.5"),
)


def on_a_terminal(args: list[str], columns: int) -> str:
    """Run the program with a terminal of so many columns as its output; gives what it shows, without colours."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    env = {name: value for name, value in os.environ.items() if not name.startswith("ESCO_GRAPH_")}
    command = [sys.executable, "-m", "esco_graph", *args]
    with subprocess.Popen(
        command, stdout=theirs, stderr=subprocess.DEVNULL, env=env | {"COLUMNS": str(columns), "TERM": "xterm"}
    ) as process:
        os.close(theirs)
        with open(ours, encoding="utf-8", errors="replace", closefd=True) as stream:  # noqa: PTH123 - a descriptor
            shown = _read_all(stream)
        assert process.wait() == 0
    return re.sub(r"\x1b\[[0-9;]*m", "", shown)


def _read_all(stream: Any) -> str:
    """Read a terminal to its end, which Linux tells as an error."""
    parts: list[str] = []
    with suppress(OSError):
        while part := stream.readline():
            parts.append(part)
    return "".join(parts)


def as_json(run: Run, *args: str) -> Any:
    return json.loads(run(*args, "--format", "json").stdout)


class TestEveryVerb:
    @pytest.mark.parametrize("asked", ASKED, ids=lambda asked: " ".join(asked))
    def test_tables_are_plain_and_complete(self, run: Run, asked: tuple[str, ...]) -> None:
        lines = run(*asked).stdout.splitlines()
        assert "occupational therap" in lines[0]
        assert not [line for line in lines if line != line.rstrip() or "None" in line or "\x1b" in line]

    @pytest.mark.parametrize("asked", ASKED, ids=lambda asked: " ".join(asked))
    @pytest.mark.parametrize(("format_", "separator"), [("csv", ","), ("tsv", "\t")])
    def test_separated_rows_hold_nothing_else(
        self, run: Run, asked: tuple[str, ...], format_: str, separator: str
    ) -> None:
        rows = list(csv.reader(io.StringIO(run(*asked, "--format", format_).stdout), delimiter=separator))
        assert len(rows) > 1
        assert {len(row) for row in rows} == {len(rows[0])}
        assert any(cell.startswith("http://data.europa.eu/esco/") for cell in rows[1])

    @pytest.mark.parametrize("asked", ASKED, ids=lambda asked: " ".join(asked))
    def test_the_same_question_has_the_same_bytes(self, run: Run, asked: tuple[str, ...]) -> None:
        assert as_json(run, *asked) == as_json(run, *asked)
        assert run(*asked).output == run(*asked).output

    @pytest.mark.parametrize("verb", VERBS)
    def test_what_is_not_there_is_told_with_what_is_near(self, run: Run, verb: str) -> None:
        more = ("2269.4",) if verb in ("overlap", "gap", "paths") else ()
        assert "occupational therapist" in run(verb, "ocupational therapist", *more, code=2).output
        unknown = "http://data.europa.eu/esco/occupation/00000000-0000-0000-0000-000000000000"
        assert "is not in the graph" in run(verb, unknown, *more, code=2).output
        assert "is no occupation" in run(verb, "isco:C2269", *more, code=2).output

    @pytest.mark.parametrize("verb", ["overlap", "gap", "paths"])
    def test_an_unknown_target_is_told(self, run: Run, verb: str) -> None:
        assert "occupational therapist" in run(verb, "2269.5", "ocupational therapist", code=2).output

    def test_they_answer_from_an_endpoint_as_from_the_store(self, run: Run, sample_graph: Graph) -> None:
        with servers.oxigraph_server("".join(f"{quad} .\n" for quad in sample_graph.quads())) as endpoint:
            for asked in ASKED:
                there = run(*asked, "--format", "json", "--endpoint", endpoint).stdout
                assert there == run(*asked, "--format", "json").stdout, asked

    @pytest.mark.parametrize("columns", [80, 120])
    @pytest.mark.parametrize("asked", ASKED, ids=lambda asked: " ".join(asked))
    def test_lines_fit_the_terminal(self, sample_workspace: Workspace, asked: tuple[str, ...], columns: int) -> None:
        lines = on_a_terminal([*asked, "--store", str(sample_workspace.path)], columns).splitlines()
        assert len(lines) > 4
        assert not [line for line in lines if len(line) > columns and "esco-" not in line]
        shown = any("esco-occupation:" in line or "esco-skill:" in line for line in lines[3:])
        assert not shown or columns >= WIDE

    @pytest.mark.parametrize("columns", [120, 160])
    @pytest.mark.parametrize("asked", [one for one in ASKED if one[0] != "paths"], ids=lambda asked: " ".join(asked))
    def test_a_wide_terminal_breaks_no_cell(
        self, run: Run, sample_workspace: Workspace, asked: tuple[str, ...], columns: int
    ) -> None:
        """Rather than squeeze the words, a table leaves the IRIs out."""
        shown = on_a_terminal([*asked, "--store", str(sample_workspace.path)], columns)
        found = as_json(run, *asked)
        rows = found.get("results") or found.get("shared_essential") or found["skills"]
        labels = [row["label"] for row in rows if len(row["label"]) < 40][:5]
        assert labels
        assert [label for label in labels if label not in shown] == []

    @pytest.mark.parametrize("verb", VERBS)
    def test_help_names_no_heavy_module(self, verb: str) -> None:
        code = (
            f"import sys; from esco_graph.cli import main\ntry: main(['{verb}', '--help'])\nexcept SystemExit: pass\n"
            "print('MODULES', *sorted({name.split('.')[0] for name in sys.modules}))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        loaded = set(done.stdout.rpartition("MODULES")[2].split())
        assert not loaded & {"numpy", "scipy", "pyoxigraph", "rdflib", "matplotlib", "rich"}


class TestSimilar:
    def test_json_keeps_its_keys(self, run: Run) -> None:
        found = as_json(run, "similar", "2269.5", "--level", "same", "--limit", "2")
        assert found["occupation"] == {
            "iri": OTA, "label": "occupational therapy assistant", "level": 4, "matched": "notation"
        }  # fmt: skip
        assert (found["measure"], found["level"], found["remark"]) == (DEFAULT_MEASURE, "same", "")
        row = found["results"][0]
        assert (row["other"], row["code"], row["level"], row["shared"], row["total"]) == (OT, "2269.4", 4, 39, 85)
        assert row["coverage"] == pytest.approx(39 / 85, abs=1e-6)
        assert "shared_essential" not in row

    @pytest.mark.parametrize("measure", MEASURE_NAMES)
    def test_every_measure_is_a_choice_and_a_column(self, run: Run, measure: str) -> None:
        found = as_json(run, "similar", "2269.5", "--measure", measure, "--limit", "3")
        assert all(0 < row[measure] <= 1 for row in found["results"])
        assert measure in run("similar", "--help").output

    def test_explain_names_skills(self, run: Run) -> None:
        text = run("similar", "2269.5", "--limit", "1", "--explain").stdout
        assert "occupational therapist: 39 of its 85 skills are shared" in text
        assert "community-based rehabilitation" in text
        assert "missing, essential there: " in text
        row = as_json(run, "similar", "2269.5", "--limit", "1", "--explain")["results"][0]
        parts = ("shared_essential", "shared_optional", "missing_essential", "missing_optional")
        assert [len(row[part]) for part in parts] == [36, 3, 31, 15]

    def test_constraints_are_said_and_kept(self, run: Run) -> None:
        text = run("similar", "2269.5", "--isco", "226", "--not-regulated", "--digital", "0").stdout
        assert "ISCO group 226; not regulated; at least 0% digital skills" in " ".join(text.split())
        found = as_json(run, "similar", "2269.5", "--isco", "22", "--regulated")
        assert (found["isco"], found["regulated"]) == ("22", True)
        assert all(row["code"].startswith("22") for row in found["results"])

    def test_level_four_has_none_above(self, run: Run) -> None:
        for level in ("next", "higher"):
            found = as_json(run, "similar", "2269.5", "--level", level)
            assert found["results"] == []
            assert "level 4 is the highest" in found["remark"]
            assert "level 4 is the highest" in run("similar", "2269.5", "--level", level).stdout
            as_csv = run("similar", "2269.5", "--level", level, "--format", "csv")
            assert as_csv.stdout == f"other,label,code,level,shared,total,coverage,{DEFAULT_MEASURE}\n"
            assert "level 4 is the highest" in as_csv.stderr

    @pytest.mark.parametrize(
        "wrong",
        [("--limit", "0"), ("--limit", "501"), ("--measure", "cosin"), ("--level", "above"), ("--green", "1.2"),
         ("--digital", "-1"), ("--isco", "nurses"), ("--isco", "22695"), ("--lang", "not a tag")],
    )  # fmt: skip
    def test_wrong_values(self, run: Run, wrong: tuple[str, str]) -> None:
        run("similar", "2269.5", *wrong, code=2)


class TestOverlap:
    def test_the_parts_add_up_to_the_score(self, run: Run) -> None:
        found = as_json(run, "overlap", "2269.5", "2269.4")
        parts = (*found["shared_essential"], *found["shared_optional"], *found["broader"])
        assert sum(one["contribution"] for one in parts) == pytest.approx(found["score"], abs=1e-4)
        text = run("overlap", "2269.5", "2269.4").stdout
        assert "coverage 0.459: 39 of the 85 skills of occupational therapist; 0.537 of the essential ones" in text
        assert "the other way 0.886: 39 of the 44 skills of occupational therapy assistant" in text

    def test_all_lists_every_skill(self, run: Run) -> None:
        short, long = (run("overlap", "2269.5", "2269.4", *more) for more in ((), ("--all",)))
        assert "--all lists them" in short.stderr
        assert len(long.stdout.splitlines()) > len(short.stdout.splitlines())
        assert "human anatomy" in long.stdout
        assert long.stderr == ""

    def test_one_with_itself(self, run: Run) -> None:
        found = as_json(run, "overlap", "2269.5", "2269.5")
        assert found["score"] == pytest.approx(1.0)
        assert "same occupation" in found["remark"]
        assert "same occupation" in run("overlap", "2269.5", OTA).stdout


class TestGap:
    def test_new_essential_skills_come_first_by_worth(self, run: Run) -> None:
        skills = as_json(run, "gap", "2269.5", "2269.4")["skills"]
        essential = [one for one in skills if one["requirement"] == "essential" and one["status"] == "new"]
        assert [one["worth"] for one in essential] == sorted((one["worth"] for one in essential), reverse=True)
        assert skills[: len(essential)] == essential
        assert len(skills) == 85

    def test_one_with_itself(self, run: Run) -> None:
        assert "same occupation, so nothing is missing" in run("gap", "2269.5", "2269.5").stdout
        found = as_json(run, "gap", "2269.5", "2269.5")
        assert found["gap"] == 0
        assert "same occupation" in found["remark"]


class TestNext:
    def test_each_step_is_flagged_with_gap_and_reasons(self, run: Run) -> None:
        found = as_json(run, "next", "2269.5")
        assert {row["direction"] for row in found["results"]} <= {"up", "same", "down"}
        first = found["results"][0]
        assert (first["other"], first["direction"]) == (OT, "same")
        assert 0 < first["gap"] < 1
        assert len(first["missing"]) == 31
        (row, *_) = csv.DictReader(io.StringIO(run("next", "2269.5", "--format", "csv").stdout))
        assert row["missing_essential"] == "31"
        assert "missing_essential" not in first
        assert "39 of its 85 skills are held" in first["reasons"][1]
        assert "occupational therapist (2269.4" in run("next", "2269.5", "--explain").stdout

    def test_up_from_the_top(self, run: Run) -> None:
        assert "no step leads up" in run("next", "2269.5", "--direction", "up").stdout
        assert {
            row["direction"] for row in as_json(run, "next", "nurse assistant", "--direction", "up")["results"]
        } == {"up"}


class TestPaths:
    def test_paths_are_shown_with_the_direct_jump(self, run: Run) -> None:
        text = run("paths", "2269.5", "2269.11").stdout
        assert "Path 1: effort " in text
        assert f"Effort is the sum of gap² + {STEP_COST:g} over the steps" in text
        assert "Direct jump: it is path " in text or "Direct jump: effort " in text
        assert "essential ones missing: " in text
        found = as_json(run, "paths", "2269.5", "2269.11", "--k", "2")
        assert len(found["paths"]) == 2
        assert found["paths"][0]["steps"][0]["from"]["iri"] == OTA
        assert found["direct"]["steps"][0]["to"]["label"] == "osteopath"

    def test_rows_number_the_steps(self, run: Run) -> None:
        rows = list(csv.DictReader(io.StringIO(run("paths", "2269.5", "2269.11", "--format", "csv").stdout)))
        assert rows[0]["path"] == rows[0]["step"] == "1"
        assert [row["to_label"] for row in rows if row["path"] == "0"] == ["osteopath"]

    def test_the_help_states_the_cost_of_a_step(self, run: Run) -> None:
        for verb in ("paths", "reachable"):
            assert f"gap² + {STEP_COST:g} over" in " ".join(run(verb, "--help").output.split())

    def test_no_way_from_one_to_itself(self, run: Run) -> None:
        for format_ in ("table", "json", "csv"):
            done = run("paths", "2269.5", OTA, "--format", format_)
            assert "the same occupation" in done.output
        assert as_json(run, "paths", "2269.5", OTA)["direct"] is None

    @pytest.mark.parametrize("wrong", [("--k", "0"), ("--k", "21"), ("--hops", "5"), ("--neighbours", "21")])
    def test_numbers_out_of_range(self, run: Run, wrong: tuple[str, str]) -> None:
        assert "range" in run("paths", "2269.5", "2269.4", *wrong, code=2).output


class TestReachable:
    def test_rows_carry_the_way(self, run: Run) -> None:
        rows = as_json(run, "reachable", "2269.5", "--effort", "1")["results"]
        assert [row["effort"] for row in rows] == sorted(row["effort"] for row in rows)
        assert all(row["way"][-1]["iri"] == row["other"] and len(row["way"]) == row["steps"] for row in rows)

    def test_a_small_budget_says_what_the_cheapest_step_takes(self, run: Run) -> None:
        said = " ".join(run("reachable", "2269.5", "--effort", "0.01").stdout.split())
        assert "takes an effort of 0." in said
        assert " Try --effort 0.2." in said
        assert as_json(run, "reachable", "2269.5", "--effort", "0.2")["results"]

    def test_a_limit_that_is_reached_is_told(self, run: Run) -> None:
        assert "there may be more" in run("reachable", "2269.5", "--effort", "2", "--limit", "1").stderr

    @pytest.mark.parametrize("effort", ["0", "-1", "nan", "inf", "much"])
    def test_wrong_budgets(self, run: Run, effort: str) -> None:
        run("reachable", "2269.5", "--effort", effort, code=2)


class TestPersons:
    @pytest.fixture
    def person(self) -> str:
        file = ROOT / "examples" / "person.yaml"
        if not file.exists():
            pytest.skip("there is no example of a person")
        return str(file)

    @pytest.mark.parametrize("verb", VERBS)
    def test_a_file_of_a_person_may_stand_first(self, run: Run, person: str, verb: str) -> None:
        more = ("2269.4",) if verb in ("overlap", "gap", "paths") else ()
        options = ("--effort", "5") if verb == "reachable" else ()
        found = as_json(run, verb, person, *more, *options)
        assert not found.get("remark", "").startswith(("Empty", "No path:"))

    def test_to_a_person_no_skill_is_optional(self, run: Run, person: str) -> None:
        done = run("gap", person, "2269.4")
        assert "essential skills: " in done.stdout
        assert "optional in the first occupation" not in done.stdout
        assert "skills that are held are not listed" in done.stderr

    @pytest.mark.parametrize(
        "asked", [("next", "--direction", "up"), ("reachable", "--effort", "5"), ("similar", "--level", "higher")]
    )
    def test_a_person_has_the_level_of_the_occupation_held(self, run: Run, person: str, asked: tuple[str, ...]) -> None:
        verb, *options = asked
        said = run(verb, person, *options).stdout
        assert "Levels are compared with that of nurse assistant (5321.1.1, ISCO level 2), held now or before" in said
        found = as_json(run, verb, person, *options)
        assert (found["level_of"]["label"], found["level_of"]["level"]) == ("nurse assistant", 2)
        assert "level_of" not in as_json(run, verb, "2269.5", "--limit", "1")
        if verb == "next":
            assert {row["direction"] for row in found["results"]} == {"up"}
            assert "(odds" in run(verb, person, *options, "--explain").stdout
            assert "from nurse assistant counts" in run(verb, person, *options, "--explain").stdout


class TestPictures:
    @pytest.mark.parametrize(
        "asked", [("similar", "2269.5"), ("overlap", "2269.5", "2269.4"), ("paths", "2269.5", "2269.11")], ids=" ".join
    )
    def test_plot_writes_a_file_beside_the_answer(self, run: Run, asked: tuple[str, ...], tmp_path: Path) -> None:
        done = run(*asked, "--plot", str(tmp_path / "picture.svg"))
        assert done.stdout == run(*asked).stdout
        assert (tmp_path / "picture.svg").read_text(encoding="utf-8").lstrip().startswith(("<?xml", "<svg"))

    def test_an_unknown_ending_is_refused_before_the_work(self, run: Run, tmp_path: Path) -> None:
        assert ".svg" in run("similar", "nobody at all", "--plot", str(tmp_path / "picture.bmp"), code=2).output
