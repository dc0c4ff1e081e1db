"""esco-graph validate: targets, policies, baselines, positions, formats and exit codes."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from esco_graph.builder import build
from esco_graph.cli import main
from esco_graph.cli.output import show_rows
from esco_graph.cli.rules import list_rules
from esco_graph.sources.report import CODES
from esco_graph.validation.formats import FORMATS
from esco_graph.validation.policy import LEVELS, Policy, known_codes
from esco_graph.validation.repair import fixes
from esco_graph.workspace import Workspace
from releases import copy_sample, edit, zipped
from servers import oxigraph_server

Run = Callable[..., Result]

BAD = """@prefix esco: <http://data.europa.eu/esco/model#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<http://example.org/o> a esco:Occupation, skos:Concept ;
  skos:prefLabel 'no language' ;
  skos:altLabel '''# no ; comment .
'''@en .
<http://example.org/p> a skos:Concept .
"""
OURS = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix esco: <http://data.europa.eu/esco/model#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://example.org/shapes#note-there> a sh:NodeShape ; sh:targetClass esco:Occupation ; sh:severity sh:Info ;
  sh:message "No note. Add one."@en ; sh:property <http://example.org/shapes#note> .
<http://example.org/shapes#note> sh:path skos:note ; sh:minCount 1 ; sh:severity sh:Info ; sh:message "No note."@en .
"""


@pytest.fixture
def run(on_sample: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run `validate` in an empty folder beside the sample; `code` is the exit code expected."""
    monkeypatch.chdir(tmp_path)

    def invoke(*args: str, code: int | None = 0, **options: Any) -> Result:
        result = CliRunner().invoke(main, ["validate", *args], catch_exceptions=False, **options)
        assert code is None or result.exit_code == code, result.output
        return result

    return invoke


@pytest.fixture
def bad(tmp_path: Path) -> str:
    """Name a file with violations."""
    (tmp_path / "bad.ttl").write_text(BAD)
    return "bad.ttl"


def found(result: Result) -> list[dict[str, Any]]:
    return list(json.loads(result.stdout)["findings"])


def code_of(run: Run, bad: str) -> str:
    """Give the code of a violation in the bad file."""
    findings = found(run(bad, "--format", "json", code=1))
    return next(str(one["code"]) for one in findings if one["severity"] == "violation")


class TestTargets:
    def test_a_concept_of_the_graph(self, run: Run) -> None:
        assert json.loads(run("2269.5", "--format", "json").stdout)["conforms"] is True

    def test_the_whole_graph(self, run: Run) -> None:
        report = json.loads(run("--format", "json", code=None).stdout)
        assert max(one["nodes"] for one in report["checked"].values()) > 400

    def test_a_file_has_its_lines_in_the_report(self, run: Run, bad: str) -> None:
        by_focus: dict[str, set[str]] = {}
        for one in found(run(bad, "--format", "json", code=1)):
            by_focus.setdefault(one["focus"], set()).add(one["position"])
        assert "bad.ttl:5" in by_focus["http://example.org/o"]
        assert "bad.ttl:8" in by_focus["http://example.org/p"]
        assert "bad.ttl:5" in run(bad, code=1).stdout

    def test_a_file_without_a_graph_beside_it(self, run: Run, bad: str) -> None:
        assert "http://example.org/o" in run(bad, "--store", "none", code=1).stdout

    @pytest.mark.parametrize("named", [True, False])
    def test_a_graph_that_is_not_there_is_told(
        self, run: Run, bad: str, monkeypatch: pytest.MonkeyPatch, named: bool
    ) -> None:
        assert "checked alone" not in run(bad, code=1).stderr
        if not named:
            monkeypatch.setenv("ESCO_GRAPH_STORE", "none")
        for more in ((), ("--fix",)):
            said = run(bad, *(("--store", "none") * named), *more, code=None).stderr
            assert "No graph at none: the file is checked alone, so concepts of ESCO are unknown to it.\n" in said

    def test_a_graph_that_cannot_be_opened_is_told_with_the_reason(self, run: Run, bad: str, tmp_path: Path) -> None:
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "LAYOUT").write_text("99\n")
        said = run(bad, "--store", "other", code=1).stderr
        assert "checked alone" in said
        assert "layout '99'" in said

    def test_a_byte_order_mark_is_passed_over(self, run: Run, bad: str, tmp_path: Path) -> None:
        (tmp_path / "marked.ttl").write_bytes(b"\xef\xbb\xbf" + Path(bad).read_bytes().replace(b"\n", b"\r\n"))
        places = {one["position"] for one in found(run("marked.ttl", "--format", "json", code=1))}
        assert "marked.ttl:4" in places

    @pytest.mark.parametrize("engine", ["auto", "pyshacl"])
    def test_a_triple_term_is_refused(self, run: Run, tmp_path: Path, engine: str) -> None:
        term = "<<( <http://example.org/a> <http://example.org/b> 1 )>>"
        (tmp_path / "new.ttl").write_text(f"<http://example.org/o> <http://example.org/p> {term} .")
        assert "triple term" in run("new.ttl", "--engine", engine, code=2).stderr

    @pytest.mark.parametrize("ending", ["ttl", "json", "owl", "json-ld", "nq"])
    def test_a_missing_file_is_none_but_no_concept_either(self, run: Run, ending: str) -> None:
        assert f"none.{ending}: no such file" in run(f"none.{ending}", code=2).output

    def test_a_download_is_to_be_built_first(self, run: Run, tmp_path: Path) -> None:
        folder = copy_sample(tmp_path)
        archive = zipped(folder, tmp_path / "esco.zip")
        spaced = shutil.copytree(folder, tmp_path / "my download")
        for target in (folder, archive, folder / "skills_en.csv", spaced):
            text = run(str(target), code=2).output
            name = shlex.quote(str(target))
            assert f"esco-graph build {name} && esco-graph validate --sources {name}\n" in text

    def test_another_folder_or_table_is_no_download(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "sales_2024.csv").write_text("a,b\n1,2\n")
        for more in ((), ("--fix",), ("--apply", "--yes"), ("--store", "none")):
            said = run("data", *more, code=2).stderr
            assert "data: this is a folder. Name an RDF file in it." in said
            assert "esco-graph build" not in said
        assert "names no RDF format" in run("data/sales_2024.csv", code=2).stderr
        (tmp_path / "broken.zip").write_bytes(b"PK")
        assert "names no RDF format" in run("broken.zip", code=2).stderr

    @pytest.mark.parametrize("target", ["", " "])
    def test_an_empty_target_is_not_the_whole_graph(self, run: Run, target: str) -> None:
        assert "TARGET is empty" in run(target, code=2).stderr
        assert "TARGET is empty" in run(target, "--apply", "--yes", code=2).stderr

    def test_a_folder_named_as_a_concept_is_no_hindrance(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "2269.5").mkdir()
        run("2269.5")

    def test_a_file_that_does_not_parse(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "broken.ttl").write_text("<http://example.org/o>\n a <http://example.org/C> ;\n oops")
        assert "broken.ttl:3" in run("broken.ttl", code=2).output

    def test_an_empty_file(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "empty.ttl").write_text("")
        result = run("empty.ttl", "--fail-on", "never", code=2)
        assert result.stdout == ""
        assert "empty.ttl: nothing was checked: no rule applies to anything here." in result.stderr
        assert "namespaces" in result.stderr

    def test_nothing_to_check_is_no_success_in_any_format(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "other.ttl").write_text("<http://example.org/o> <http://example.org/p> 1 .")
        result = run("other.ttl", "--format", "json", "--write-baseline", "known.tsv", code=2)
        assert json.loads(result.stdout)["findings"] == []
        assert "nothing was checked" in result.stderr
        assert not (tmp_path / "known.tsv").exists()

    def test_an_endpoint_without_data(self, run: Run) -> None:
        with oxigraph_server("<http://example.org/c> <http://example.org/p> <http://example.org/o> .") as endpoint:
            assert "Error: nothing was checked" in run("--endpoint", endpoint, code=2).stderr


class TestPolicy:
    def test_a_rule_that_is_switched_off_is_counted_all_the_same(self, run: Run, bad: str) -> None:
        code = code_of(run, bad)
        before = json.loads(run(bad, "--format", "json", code=1).stdout)
        after = json.loads(run(bad, "--format", "json", "--set", f"{code}=off", code=None).stdout)
        assert code not in {one["code"] for one in after["findings"]}
        assert after["checked"][code] == before["checked"][code]

    @pytest.mark.parametrize("level", LEVELS)
    def test_the_star_changes_how_all_count_and_not_what_is_found(self, run: Run, bad: str, level: str) -> None:
        before = json.loads(run(bad, "--format", "json", code=1).stdout)
        after = json.loads(run(bad, "--format", "json", "--set", f"*={level}", code=int(level == "violation")).stdout)
        assert {one["severity"] for one in after["findings"]} == ({level} - {"off"})
        assert after["checked"] == before["checked"]

    @pytest.mark.parametrize("name", ["default", "strict", "publish"])
    def test_a_profile_changes_only_how_findings_count(self, run: Run, bad: str, name: str) -> None:
        def keys(report: dict[str, Any]) -> list[str]:
            plain = [{**one, "severity": ""} for one in report["findings"] if one["code"] not in report.get("off", {})]
            return sorted(json.dumps(one, sort_keys=True) for one in plain)

        before = json.loads(run(bad, "--format", "json", code=1).stdout)
        after = json.loads(run(bad, "--format", "json", "--policy", name, code=None).stdout)
        off = {one["code"] for one in before["findings"]} - {one["code"] for one in after["findings"]}
        assert keys(after) == keys({"findings": [one for one in before["findings"] if one["code"] not in off]})
        assert after["checked"] == before["checked"]

    def test_fail_on(self, run: Run, bad: str) -> None:
        run(bad, "--fail-on", "never")
        run(bad, "--set", "*=warning")
        run(bad, "--set", "*=warning", "--fail-on", "warning", code=1)
        run(bad, "--set", "*=info", "--fail-on", "warning")
        run(bad, "--set", "*=info", "--fail-on", "info", code=1)
        run(bad, "--set", "*=off", "--fail-on", "info")

    def test_what_fails_is_a_failure_in_junit_too(self, run: Run, bad: str) -> None:
        milder = (bad, "--set", "*=warning", "--format", "junit")
        assert "<failure" not in run(*milder).stdout
        assert "<failure" in run(*milder, "--fail-on", "warning", code=1).stdout
        assert "<failure" not in run(bad, "--format", "junit", "--fail-on", "never").stdout

    def test_a_file_and_settings_over_it(self, run: Run, bad: str, tmp_path: Path) -> None:
        (tmp_path / "ours.tsv").write_text("*\tinfo\twe only look\n")
        run(bad, "--policy", "strict", "--policy", "ours.tsv")
        run(bad, "--policy", "ours.tsv", "--set", f"{code_of(run, bad)}=violation", code=1)

    def test_codes_of_shapes_of_ones_own(self, run: Run, bad: str, tmp_path: Path) -> None:
        (tmp_path / "ours.ttl").write_text(OURS)
        asked = (bad, "--shapes", "ours.ttl", "--format", "json")
        assert "note" in {one["code"] for one in found(run(*asked, code=1))}
        assert "note" not in {one["code"] for one in found(run(*asked, "--set", "note=off", code=1))}
        assert "no rule has the code 'note'" in run(bad, "--set", "note=off", code=2).output

    def test_shapes_of_ones_own_that_had_nothing_to_check_are_named(self, run: Run, bad: str, tmp_path: Path) -> None:
        (tmp_path / "ours.ttl").write_text(OURS)
        (tmp_path / "theirs.ttl").write_text(
            OURS.replace("esco:Occupation", "esco:Ocupation").replace("example.org/shapes#note", "example.org/#Occ")
        )
        shapes = ("--shapes", "ours.ttl", "--shapes", "theirs.ttl")
        said = run(bad, *shapes, code=1).stderr
        assert [line for line in said.splitlines() if "nothing to check" in line] == [
            "theirs.ttl: Occ had nothing to check."
        ]
        assert "nothing to check" not in run(bad, *shapes, "--set", "occ=off", code=1).stderr
        assert "nothing to check" not in run(bad, code=1).stderr

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("--set", "ESG1O1=off"), "Did you mean ESG101?"),
            (("--set", "ESG101=of"), "Did you mean off?"),
            (("--set", "ESG101"), "CODE=LEVEL"),
            (("--policy", "strct"), "Did you mean strict?"),
            (("--policy", "none.tsv"), "none.tsv: the policy cannot be read"),
            (("--format", "jsn"), "Did you mean json?"),
            (("--engine", "fats"), "fast"),
            (("--fail-on", "error"), "violation"),
            (("--baseline", "none.tsv"), "none.tsv: the baseline cannot be read"),
            (("--explain", "ESG1O1"), "Did you mean ESG101?"),
            (("--sources", "none.ttl", "bad.ttl"), "none.ttl"),
            (("bad.ttl", "-o", "no/such/folder/r.html"), "cannot write, there is no folder no/such/folder\n"),
            (("bad.ttl", "--write-baseline", "no/known.tsv"), "cannot write, there is no folder no\n"),
            (("bad.ttl", "-o", "report.xyz"), "-o report.xyz: the ending names no format; use one of .txt, .json"),
            (("bad.ttl", "-o", "report"), ".sarif"),
            (("bad.ttl", "-o", "bad.ttl"), "-o bad.ttl: the file would be written over what this run needs"),
            (("bad.ttl", "-o", "./bad.ttl"), "what this run needs"),
            (("bad.ttl", "--write-baseline", "bad.ttl"), "--write-baseline bad.ttl"),
            (("bad.ttl", "-o", "r.csv", "--write-baseline", "r.csv"), "-o r.csv: the file is given twice"),
            (("--set", "ESG999=off"), "--list shows them all"),
            (("--set", "ESG852=off"), "--explain ESG852"),
        ],
    )
    def test_wrong_use_is_told_with_a_way_out(
        self, run: Run, bad: str, arguments: tuple[str, ...], message: str
    ) -> None:
        text = run(*arguments, code=2).output
        assert message in text
        assert "Traceback" not in text

    def test_a_code_may_be_written_in_small_letters(self, run: Run, bad: str) -> None:
        small = [json.loads(run(bad, "--format", "json", "--set", f"{code}=off", code=None).stdout) for code in
                 ("ESG103", "esg103")]  # fmt: skip
        assert small[0] == small[1]
        assert small[0]["off"] == {"ESG103": 1}


class TestBaseline:
    def test_only_new_findings_fail(self, run: Run, bad: str, tmp_path: Path) -> None:
        text = run(bad, "--write-baseline", "known.tsv").output
        assert "--baseline known.tsv" in text
        again = run(bad, "--baseline", "known.tsv", "--fail-on", "info")
        assert "known" in again.stdout
        assert "gone" not in again.output
        with (tmp_path / bad).open("a") as file:
            file.write("<http://example.org/q> a skos:Concept .\n")
        worse = run(bad, "--baseline", "known.tsv", code=1)
        assert "http://example.org/q" in worse.stdout
        assert "http://example.org/p" not in worse.stdout

    def test_what_was_repaired_is_named(self, run: Run, bad: str, tmp_path: Path) -> None:
        run(bad, "--write-baseline", "known.tsv")
        (tmp_path / bad).write_text(BAD.replace("<http://example.org/p> a skos:Concept .", ""))
        result = run(bad, "--baseline", "known.tsv", "--fail-on", "info")
        assert "of the baseline " in result.stderr
        assert "gone. --write-baseline writes it anew, with all findings of this run, new ones too." in result.stderr
        updated = run(bad, "--baseline", "known.tsv", "--write-baseline", "known.tsv")
        assert "Use them with: --baseline known.tsv\n" in updated.stderr
        assert "http://example.org/p" not in (tmp_path / "known.tsv").read_text()
        assert "gone" not in run(bad, "--baseline", "known.tsv", "--fail-on", "info").stderr

    def test_a_rule_that_is_off_is_not_gone(self, run: Run, bad: str) -> None:
        run(bad, "--write-baseline", "known.tsv")
        assert "gone" not in run(bad, "--baseline", "known.tsv", "--set", "*=off").stderr

    def test_writing_a_baseline_alone_gives_no_report(self, run: Run, bad: str) -> None:
        result = run(bad, "--write-baseline", "known.tsv")
        assert len(result.stdout.splitlines()) == len(result.stderr.splitlines()) == 1
        assert "violation" in result.stdout
        assert "http://example.org/o" in run(bad, "--write-baseline", "known.tsv", "--all").stdout
        assert found(run(bad, "--write-baseline", "known.tsv", "--format", "json"))

    def test_only_a_baseline_or_nothing_is_written_over(self, run: Run, bad: str, tmp_path: Path) -> None:
        for text in ("# esco-graph baseline 99\n", ""):
            (tmp_path / "known.tsv").write_text(text)
            run(bad, "--write-baseline", "known.tsv")
            assert "ESG101" in (tmp_path / "known.tsv").read_text()
        (tmp_path / "thesis.md").write_text("# My thesis\n")
        assert "no baseline" in run(bad, "--write-baseline", "thesis.md", code=2).stderr
        assert (tmp_path / "thesis.md").read_text() == "# My thesis\n"

    def test_a_broken_baseline(self, run: Run, bad: str, tmp_path: Path) -> None:
        (tmp_path / "known.tsv").write_text("# esco-graph baseline 1\n<<<<<<< HEAD\n")
        assert "known.tsv:2" in run(bad, "--baseline", "known.tsv", code=2).output


class TestOutput:
    @pytest.mark.parametrize("format_", FORMATS)
    def test_every_format_to_a_file_and_to_the_screen(self, run: Run, bad: str, tmp_path: Path, format_: str) -> None:
        shown = run(bad, "--format", format_, "--all", code=1).stdout
        headline = run(bad, "--format", format_, "--all", "-o", "report.out", code=1).stdout
        assert (tmp_path / "report.out").read_text(encoding="utf-8") == shown
        assert "violation" in headline
        assert "report.out" in headline
        assert not list(tmp_path.glob(".*.part"))

    def test_the_ending_of_the_file_chooses_the_format(self, run: Run, bad: str, tmp_path: Path) -> None:
        starts = {
            "r.html": "<!doctype html",
            "r.json": "{",
            "r.csv": "code",
            "r.ttl": "@prefix",
            "r.sarif": "{",
            "r.txt": "1",
        }
        starts |= {"R.HTM": "<!doctype html", "r.xml": "<?xml", "r.sarif.json": '"$schema"'}
        for name, start in starts.items():
            run(bad, "-o", name, code=1)
            assert start in (tmp_path / name).read_text().lower()[:100], name

    def test_a_dash_is_the_screen(self, run: Run, bad: str, tmp_path: Path) -> None:
        assert run(bad, "-o", "-", code=1).stdout == run(bad, code=1).stdout
        assert found(run(bad, "-o", "-", "--format", "json", code=1))
        assert not (tmp_path / "-").exists()
        run(bad, "-o", "/dev/null", code=1)

    def test_no_file_that_is_read_is_written_over(self, run: Run, bad: str, tmp_path: Path) -> None:
        (tmp_path / "ours.ttl").write_text(OURS)
        (tmp_path / "ours.tsv").write_text("*\tinfo\twe only look\n")
        folder = copy_sample(tmp_path)
        table = str(folder / "skills_en.csv")
        run(bad, "--write-baseline", "known.tsv")
        (tmp_path / "link.ttl").symlink_to("ours.ttl")
        texts = {path: path.read_bytes() for path in (*tmp_path.iterdir(), *folder.iterdir()) if path.is_file()}
        inputs = ("--shapes", "ours.ttl", "--policy", "ours.tsv", "--sources", str(folder), "--baseline", "known.tsv")
        for name in ("ours.ttl", "link.ttl", "ours.tsv", table, "known.tsv"):
            assert "what this run needs" in run(bad, *inputs, "--format", "csv", "-o", name, code=2).stderr
        for name in ("ours.ttl", "link.ttl", "ours.tsv", table):
            assert "what this run needs" in run(bad, *inputs, "--write-baseline", name, code=2).stderr
        assert {path: path.read_bytes() for path in texts} == texts

    def test_a_report_that_cannot_be_written_leaves_the_old_one(self, run: Run, bad: str, tmp_path: Path) -> None:
        (tmp_path / "folder.html").mkdir()
        assert "folder" in run(bad, "-o", "folder.html", code=2).output
        assert not list(tmp_path.glob(".*.part"))

    def test_a_table_shows_what_cannot_be_seen(self, capsys: pytest.CaptureFixture[str]) -> None:
        show_rows(["example"], [["a\x1b[31m\u202e\nb"]], "table")
        printed = capsys.readouterr().out
        assert "a\\u001B[31m\\u202E" in printed
        assert "\x1b" not in printed

    def test_the_help_names_every_format_and_level(self, run: Run) -> None:
        text = " ".join(run("--help").stdout.split())
        assert all(name in text for name in (*FORMATS, *LEVELS))


class TestSources:
    def test_rows_of_a_release(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = copy_sample(tmp_path)
        changed: list[str] = []

        def unlabelled(rows: list[dict[str, str]]) -> list[dict[str, str]]:
            rows[3]["preferredLabel"] = ""
            changed.append(rows[3]["conceptUri"])
            return rows

        edit(folder / "occupations_en.csv", unlabelled)
        build(Workspace(tmp_path / "store"), [folder], partial=True)
        asked = ("--store", str(tmp_path / "store"), "--sources", str(folder), "--format", "json")
        findings = [one for one in found(run(*asked, code=1)) if one["focus"] == changed[0]]
        places = {one["position"] for one in findings}
        assert any("occupations_en.csv:" in place for place in places)
        line = next(int(place.rpartition(":")[2]) for place in places if "occupations_en.csv:" in place)
        assert changed[0] in (folder / "occupations_en.csv").read_text().split("\n")[line - 1]

    def test_sources_in_which_nothing_is_found_are_named(self, run: Run) -> None:
        Path("other one.ttl").write_text("<http://example.org/a> <http://example.org/b> 1 .", encoding="utf-8")
        assert "No finding has a place in 'other one.ttl'." in run("--sources", "other one.ttl").stderr


class TestFix:
    REPEATED = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://example.org/c> a skos:Concept ; skos:prefLabel "one"@en ; skos:altLabel "one"@en , "two"@en .
"""

    def test_the_patch_is_printed_and_the_file_stays(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "c.ttl").write_text(self.REPEATED)
        result = run("c.ttl", "--fix", code=1)
        assert "altLabel" in result.stdout
        assert "ESG108" in result.stderr
        assert (tmp_path / "c.ttl").read_text() == self.REPEATED

    def test_labels_can_neither_steer_the_terminal_nor_begin_a_line(self, run: Run, tmp_path: Path) -> None:
        label = "one\\u001b[31m\\u202e\\n- two"
        (tmp_path / "c.ttl").write_text(self.REPEATED.replace('"one"', f'"{label}"'))
        said = run("c.ttl", "--fix", code=1).stderr
        assert "ESG106" in said
        assert "\\u001B[31m\\u202E\\u000A- two" in said
        assert all(line.isprintable() for line in said.split("\n"))

    def test_a_file_beside_an_endpoint(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "c.ttl").write_text(self.REPEATED)
        with oxigraph_server("<http://example.org/c> <http://example.org/p> <http://example.org/o> .") as endpoint:
            result = run("c.ttl", "--fix", "--endpoint", endpoint, code=1)
        assert "ESG108" in result.stderr

    def test_a_rule_that_is_off_or_not_asked_for_is_not_repaired(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "c.ttl").write_text(self.REPEATED)
        for arguments in (("--set", "ESG108=off"), ("--only", "ESG105")):
            assert "Nothing to repair" in run("c.ttl", "--fix", *arguments).stderr
        run("c.ttl", "--fix", "--only", "esg108", code=1)

    @pytest.mark.parametrize(
        "arguments",
        [
            ("--fix", "--format", "json"),
            ("--fix", "-o", "r.html"),
            ("--apply", "--write-baseline", "known.tsv"),
            ("--only", "ESG108"),
            ("--yes",),
        ],
    )
    def test_what_does_not_go_together(self, run: Run, bad: str, arguments: tuple[str, ...]) -> None:
        assert "--fix" in run(bad, *arguments, code=2).output
        assert not Path("known.tsv").exists()


class TestRules:
    def test_the_list_has_every_rule_with_its_severity_by_the_policy(self, run: Run) -> None:
        rows = list(csv.DictReader(io.StringIO(run("--list", "--format", "csv", "--set", "ESG101=off").stdout)))
        assert {row["code"] for row in rows} == known_codes()
        assert {row["severity"] for row in rows if row["code"] == "ESG101"} == {"off"}
        assert all(row["what it says"] and row["severity"] in LEVELS for row in rows)
        assert "ESG101" in run("--list").stdout
        fixed = [line.split()[0] for line in run("--list").stdout.splitlines() if line.split()[2:3] == ["yes"]]
        assert fixed == list(fixes())
        assert "text, json and csv" in run("--list", "--format", "html", code=2).output

    def test_every_rule_can_be_explained(self, run: Run) -> None:
        for code in sorted(known_codes()):
            about = json.loads(run("--explain", code, "--format", "json").stdout)
            assert about["code"] == code
            assert about["says"]
            assert about.get("checked on") or Path(about["query"]).is_file()

    def test_what_is_found_on_import_can_be_explained(self, run: Run) -> None:
        assert "found on import" in run("--explain", "esg855").stdout
        assert "left out: collection members" in run("--explain", "ESG855").stdout
        about = json.loads(run("--explain", "ESG108", "--format", "json").stdout)
        assert about["on import"].startswith("repaired: alternative labels")
        assert set(CODES.values()) - known_codes() <= set(
            run("--list").stdout.replace(",", " ").replace(".", " ").split()
        )

    @pytest.mark.parametrize("width", [60, 100])
    def test_the_list_keeps_to_the_width_of_the_terminal(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int
    ) -> None:
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setenv("LINES", "25")
        list_rules((), Policy(), None)
        *table, _ = capsys.readouterr().out.splitlines()
        assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in table) <= width

    @pytest.mark.parametrize("arguments", [("--list",), ("--explain", "ESG101")])
    def test_a_file_is_not_passed_over_in_silence(self, run: Run, arguments: tuple[str, ...]) -> None:
        assert "> FILE" in run(*arguments, "-o", "rules.json", code=2).output

    def test_one_rule_in_words(self, run: Run) -> None:
        text = run("--explain", "esg101", "--set", "ESG101=info").stdout
        assert "ESG101: info" in text
        assert "skos:Concept" in text
        assert "violation" in text


class TestInterruption:
    @pytest.mark.parametrize(("verb", "writes"), [("validate", False), ("build", True)])
    def test_only_a_verb_that_writes_speaks_of_a_write(
        self, monkeypatch: pytest.MonkeyPatch, verb: str, writes: bool
    ) -> None:
        def interrupt(*_: Any, **__: Any) -> None:
            raise KeyboardInterrupt

        place = {"validate": "esco_graph.cli.validate._policy", "build": "esco_graph.builder.build"}[verb]
        monkeypatch.setattr(place, interrupt)
        result = CliRunner().invoke(main, [verb, *(["--sample"] * writes)])
        assert result.exit_code == 130
        assert ("a write" in result.stderr.lower()) is writes
        assert "Interrupted." in result.stderr
