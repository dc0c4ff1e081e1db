"""The command line as people and programs meet it: output, exit codes, errors that help."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rdflib
from click import unstyle

import servers
from conftest import ROOT, Run
from esco_graph.cli import VERBS
from esco_graph.cli.output import show_rows
from esco_graph.graph import Graph
from esco_graph.query import catalogue
from esco_graph.workspace import Workspace

OTA = "http://data.europa.eu/esco/occupation/82cbe20d-967c-4161-9ecd-eafc724d171c"
OT = "http://data.europa.eu/esco/occupation/33da5532-8c4e-4d1b-b52e-c201ee1bc7ab"
PAGE = ROOT / "examples" / "occupation-page.txt"


@pytest.fixture
def own_store(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Build the sample into a store that the test may change."""
    monkeypatch.setenv("ESCO_GRAPH_STORE", str(tmp_path / "store"))
    run("build", "--sample")
    return Workspace(tmp_path / "store")


class TestHelp:
    @pytest.mark.parametrize("verb", VERBS)
    def test_every_verb_shows_an_example(self, run: Run, verb: str) -> None:
        text = run(verb, "--help").output
        assert f"esco-graph {verb}" in text
        assert "Example" in text

    def test_a_misspelt_verb_gets_a_suggestion(self, run: Run) -> None:
        assert "did you mean 'similar'" in run("similr", code=2).output

    def test_the_version(self, run: Run) -> None:
        assert run("--version").output.startswith("esco-graph, version 0.")

    def test_shell_completion_knows_verbs_and_queries(self) -> None:
        def complete(words: str, position: str) -> str:
            asked = {"_ESCO_GRAPH_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": position}
            code = "from esco_graph.cli import main; main(prog_name='esco-graph')"
            return subprocess.run(
                [sys.executable, "-c", code], env=os.environ | asked, capture_output=True, text=True, check=True
            ).stdout

        assert "plain,similar" in complete("esco-graph si", "1")
        assert "plain,occupation-skills" in complete("esco-graph query occupation-s", "2")


class TestAsking:
    def test_show_by_code_iri_curie_and_label(self, run: Run) -> None:
        for name in ("2269.5", OTA, "esco-occupation:" + OTA[-36:], "Occupational  Therapy Assistant"):
            shown = json.loads(run("show", name, "--format", "json").output)
            assert shown["iri"] == OTA
            assert len(shown["skills"]) == 44
            assert [group["code"] for group in shown["ISCO chain"]] == ["2269", "226", "22", "2"]

    @pytest.mark.parametrize("name", ["human anatomy", "isco:C2269", "S1"])
    def test_show_of_skills_and_groups(self, run: Run, name: str) -> None:
        assert json.loads(run("show", name, "--format", "json").output)["facts"]
        assert "<http://data.europa.eu/esco/" in run("show", name).output

    def test_an_unknown_name_is_told_with_what_is_near(self, run: Run) -> None:
        text = run("show", "ocupational therapist", code=2).output
        assert text.startswith("Error: ")
        assert "occupational therapist" in text

    def test_an_ambiguous_name_is_told_with_what_it_may_mean(self, run: Run) -> None:
        text = run("show", "psychology", code=2).output
        assert "isced-f:0313" in text
        assert "esco-skill:bfe4f330" in text

    def test_search(self, run: Run) -> None:
        rows = json.loads(run("search", "nurse", "--kind", "occupation", "--format", "json").output)
        assert [row["label"] for row in rows] == ["nurse assistant"]

    def test_similar_as_json(self, run: Run) -> None:
        asked = ("--measure", "coverage", "--level", "same", "--limit", "3")
        found = json.loads(run("similar", "2269.5", *asked, "--format", "json").output)
        assert found["occupation"]["iri"] == OTA
        assert found["occupation"]["level"] == 4
        assert [row["label"] for row in found["results"]][:2] == ["occupational therapist", "osteopath"]
        assert found["results"][0]["coverage"] == pytest.approx(39 / 85, abs=1e-6)

    def test_nothing_above_level_four_says_why(self, run: Run) -> None:
        found = json.loads(run("similar", "2269.5", "--level", "next", "--format", "json").output)
        assert found["results"] == []
        assert "level 4 is the highest" in found["remark"]
        assert "level 4 is the highest" in run("similar", "2269.5", "--level", "next").output

    def test_next_level_is_exactly_one_higher(self, run: Run) -> None:
        found = json.loads(run("similar", "nurse assistant", "--level", "next", "--format", "json").output)
        assert {row["level"] for row in found["results"]} == {3}

    def test_jaccard_is_symmetric(self, run: Run) -> None:
        def score(a: str, b: str) -> float:
            rows = json.loads(run("similar", a, "--measure", "jaccard", "--format", "json").output)["results"]
            return next(row["jaccard"] for row in rows if row["code"] == b)

        assert score("2269.5", "2269.4") == score("2269.4", "2269.5") == pytest.approx(0.433, abs=1e-3)

    def test_gap_counts(self, run: Run) -> None:
        found = json.loads(run("gap", "2269.5", "2269.4", "--format", "json").output)
        assert found["counts"]["essential"] == {"held": 20, "optional": 16, "new": 31}
        assert sum(found["counts"]["optional"].values()) == 18
        assert "human anatomy" in {row["label"] for row in found["skills"] if row["status"] == "new"}
        assert "67 essential skills: 20 held, 16 optional" in run("gap", "2269.5", "2269.4").output

    def test_gap_to_itself_is_empty(self, run: Run) -> None:
        found = json.loads(run("gap", "2269.5", "2269.5", "--format", "json").output)
        assert found["counts"]["essential"]["new"] == found["counts"]["optional"]["new"] == 0

    def test_a_stored_query_as_csv_and_tsv(self, run: Run) -> None:
        for format_, separator in (("csv", ","), ("tsv", "\t")):
            text = run("query", "occupation-skills", "--occupation", "2269.5", "--format", format_).output
            rows = list(csv.DictReader(io.StringIO(text), delimiter=separator))
            assert len(rows) == 44
            assert rows[0]["skill"].startswith("http://data.europa.eu/esco/skill/")

    def test_every_stored_query_is_listed_and_explains_itself(self, run: Run) -> None:
        listed = run("query", "--list").output
        for name, query in catalogue().items():
            assert name in listed
            text = run("query", name, "--help").output
            assert all(f"--{parameter.name.replace('_', '-')}" in text for parameter in query.parameters)

    def test_a_misspelt_query_gets_a_suggestion(self, run: Run) -> None:
        assert "occupation-skills" in run("query", "ocupation-skills", code=2).output

    @pytest.mark.parametrize("value", ["> . ?s ?p ?o", '"; DROP ALL #', "x> } UNION { ?s ?p ?o }"])
    def test_a_hostile_parameter_is_an_error(self, run: Run, value: str) -> None:
        assert "Error:" in run("query", "occupation-skills", "--occupation", value, code=2).output

    def test_a_parameter_of_the_wrong_type(self, run: Run) -> None:
        arguments = ("query", "occupations-by-coverage", "--occupation", "2269.5", "--limit")
        assert "many" in run(*arguments, "many", code=2).output
        assert "limit" in run(*arguments, "0", code=2).output


class TestSparql:
    def test_json_is_the_w3c_form(self, run: Run) -> None:
        text = run("sparql", "SELECT ?l { isco:C2269 skos:prefLabel ?l }", "--format", "json").output
        binding = {"type": "literal", "xml:lang": "en", "value": "Health professionals not elsewhere classified"}
        assert json.loads(text) == {"head": {"vars": ["l"]}, "results": {"bindings": [{"l": binding}]}}

    def test_the_other_forms(self, run: Run, tmp_path: Path) -> None:
        assert run("sparql", "ASK { ?o a esco:Occupation }").output == "yes\n"
        assert json.loads(run("sparql", "ASK { ?o a esco:Nothing }", "--format", "json").output)["boolean"] is False
        turtle = run("sparql", "CONSTRUCT WHERE { isco:C2269 skos:notation ?n }").output
        assert len(rdflib.Graph().parse(data=turtle, format="turtle")) == 1
        (tmp_path / "q.rq").write_text("SELECT ?n { isco:C2269 skos:notation ?n }")
        assert run("sparql", f"@{tmp_path / 'q.rq'}", "--format", "csv").output == "n\n2269\n"
        assert (
            run("sparql", "-", "--format", "tsv", input="SELECT ?n { isco:C2269 skos:notation ?n }").output
            == '?n\n"2269"\n'
        )

    def test_errors(self, run: Run) -> None:
        assert "not SPARQL" in run("sparql", "SELECT nonsense", code=2).output
        assert "SERVICE is refused" in run("sparql", "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", code=2).output
        assert "turtle" in run("sparql", "SELECT * { ?s ?p ?o }", "--format", "turtle", code=2).output
        assert "cannot be read" in run("sparql", "@/no/such/file.rq", code=2).output.lower()


class TestWriting:
    def test_build_reports_as_json(self, own_store: Workspace, run: Run) -> None:
        made = json.loads(run("build", "--sample", "--format", "json").output)
        assert made["counts"] == {"occupations": 18, "skills": 469, "ISCO groups": 22, "skill groups": 232}
        assert made["generation"] == "g000002"
        assert made["report"]["files"]["occupationSkillRelations.csv"]["kept"] == 827

    def test_build_wants_files_or_the_sample(self, run: Run) -> None:
        assert "--sample" in run("build", code=2).output

    def test_the_sample_is_reported_in_three_lines(self, own_store: Workspace, run: Run) -> None:
        said = run("build", "--sample").stdout.splitlines()
        assert len(said) == 3
        assert "4 kinds in its files, 2 in the graph" in said[2]
        listed = run("info", "--report").stdout
        assert len(re.findall(r"^ ?(?:kept|repaired|left out) +[0-9]+ ", listed, re.MULTILINE)) == 4
        told = json.loads(run("validate", "--format", "json").stdout)
        assert {one["code"] for one in told["findings"] if one["severity"] == "warning"} >= {"ESG126", "ESG165"}

    def test_a_failed_build_leaves_the_graph(self, own_store: Workspace, run: Run, tmp_path: Path) -> None:
        (tmp_path / "v1.1.1.zip").write_text("not a zip")
        assert "not a readable zip" in run("build", str(tmp_path / "v1.1.1.zip"), code=2).output
        assert own_store.current().name == "g000001"
        assert len(json.loads(run("show", "2269.5", "--format", "json").output)["skills"]) == 44

    def test_import_history_undo(self, own_store: Workspace, run: Run) -> None:
        made = json.loads(run("import", str(PAGE), "--format", "json").output)[0]
        assert made["conforms"] is True
        assert [skill["label"] for skill in made["skills"] if not skill["skill"]]
        listed = json.loads(run("history", "--format", "json").output)
        assert [row["generation"] for row in listed if row["current"]] == ["g000002"]
        assert any("/profile/" in name for name in json.loads(run("info", "--format", "json").output)["named_graphs"])
        assert "g000001" in run("undo").output
        assert not any("/profile/" in name for name in Graph.open(own_store.path).named_graphs())
        assert "nothing that is kept comes before g000001" in run("undo", code=2).output

    def test_a_profile_survives_the_next_build(self, own_store: Workspace, run: Run) -> None:
        run("import", str(PAGE))
        made = json.loads(run("build", "--sample", "--format", "json").output)
        assert len(made["profiles_kept"]) == 1
        assert made["profiles_kept"][0] in Graph.open(own_store.path).named_graphs()

    def test_a_dry_run_writes_nothing(self, own_store: Workspace, run: Run) -> None:
        assert "Nothing was stored" in run("import", str(PAGE), "--dry-run").output
        assert own_store.current().name == "g000001"

    def test_a_page_with_nothing_recognisable(self, own_store: Workspace, run: Run, tmp_path: Path) -> None:
        (tmp_path / "poem.txt").write_text("The rose is without why;\nit blooms because it blooms.\n")
        assert "nothing of an occupation page" in run("import", str(tmp_path / "poem.txt"), code=2).output
        assert own_store.current().name == "g000001"

    @pytest.mark.parametrize("base", ["http://data.europa.eu/esco/mine/", "not an iri"])
    def test_a_base_iri_that_may_not_be(self, own_store: Workspace, run: Run, base: str) -> None:
        assert "Error:" in run("import", str(PAGE), "--base-iri", base, code=2).output

    def test_no_graph_yet(self, run: Run, tmp_path: Path) -> None:
        text = run("info", "--store", str(tmp_path / "none"), code=2).output
        assert "esco-graph build" in text


class TestExport:
    def test_export_to_a_file_and_to_the_screen(self, run: Run, tmp_path: Path) -> None:
        run("export", "2269.5", "--format", "json-ld", "-o", str(tmp_path / "a.jsonld"))
        turtle = run("export", "2269.5", "--format", "turtle").output
        one = rdflib.Graph().parse(tmp_path / "a.jsonld", format="json-ld")
        two = rdflib.Graph().parse(data=turtle, format="turtle")
        about = rdflib.URIRef(OTA)
        assert set(one.triples((about, None, None))) == set(two.triples((about, None, None)))
        assert "This service uses the ESCO classification of the European Commission." in turtle

    def test_an_unknown_format(self, run: Run, tmp_path: Path) -> None:
        assert "turtle" in run("export", "2269.5", "--format", "turtel", code=2).output
        assert run("export", "-o", str(tmp_path / "x.docx"), code=2).output.startswith("Error:")


class TestWhatTheSystemRefuses:
    """One readable line and exit code 2, never a traceback with exit code 1, which means findings."""

    LONG = "x" * 300

    def test_a_label_longer_than_a_file_name_is_a_label(self, run: Run) -> None:
        assert "no concept is called" in run("validate", self.LONG, code=2).output

    @pytest.mark.parametrize("verb", [("validate",), ("export", "2269.5", "-o")])
    def test_a_file_name_that_is_too_long(self, run: Run, verb: tuple[str, ...]) -> None:
        text = run(*verb, f"{self.LONG}.ttl", code=2).output
        assert text.startswith("Error: ")
        assert "name too long" in text
        assert len(text.splitlines()) == 1

    @pytest.mark.parametrize("verb", [("show",), ("search",), ("validate",)])
    def test_an_argument_in_latin_1(self, run: Run, verb: tuple[str, ...]) -> None:
        text = run(*verb, b"infirmi\xe8re".decode("utf-8", "surrogateescape"), code=2).output
        assert text.startswith("Error: ")
        assert "UTF-8" in text or "\\udce8" in text
        assert len(text.splitlines()) == 1

    def test_a_pipe_that_closes_is_quiet(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def closed(*_: object, **__: object) -> None:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")

        monkeypatch.setattr("esco_graph.cli.search.show_rows", closed)
        assert "Error" not in run("search", "nurse", code=141).output

    def test_an_output_that_cannot_hold_a_letter(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def narrow(*_: object, **__: object) -> None:
            "é".encode("ascii")

        monkeypatch.setattr("esco_graph.cli.search.show_rows", narrow)
        assert "PYTHONIOENCODING" in run("search", "nurse", code=2).output


def facts(n_triples: str) -> set[str]:
    """Take the statements of an export without those of its notice."""
    return {line for line in n_triples.splitlines() if line.startswith("<http://data.europa.eu/")}


class TestEndpoint:
    def test_every_read_verb_works_on_an_endpoint(self, run: Run, sample_graph: Graph) -> None:
        reads: list[tuple[str, ...]] = [
            ("show", "2269.5", "--format", "json"),
            ("show", "occupational therapist", "--format", "json"),
            ("search", "nurse", "--format", "json"),
            ("similar", "2269.5", "--level", "same", "--format", "json"),
            ("gap", "2269.5", "2269.4", "--format", "json"),
            ("query", "occupation-skills", "--occupation", "2269.5", "--format", "csv"),
            ("sparql", "SELECT ?n { isco:C2269 skos:notation ?n }", "--format", "csv"),
            ("validate", "2269.5", "--format", "json"),
        ]
        export = ("export", "2269.5", "--format", "n-triples")
        with servers.oxigraph_server("".join(f"{quad} .\n" for quad in sample_graph.quads())) as endpoint:
            for args in reads:
                assert run(*args, "--endpoint", endpoint).output == run(*args).output, args
            assert endpoint in run("info", "--endpoint", endpoint).output
            assert facts(run(*export, "--endpoint", endpoint).output) == facts(run(*export).output)

    def test_a_store_that_is_given_wins_over_the_endpoint_of_the_environment(
        self, run: Run, sample_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ESCO_GRAPH_ENDPOINT", "http://127.0.0.1:9/sparql")
        run("info", code=3)
        for args in (("info",), ("show", "2269.5"), ("query", "release-facts")):
            assert "127.0.0.1:9" not in run(*args, "--store", str(sample_workspace.path)).output

    @pytest.mark.parametrize("turned", [False, True])
    def test_a_store_and_an_endpoint_are_one_too_many(self, run: Run, tmp_path: Path, turned: bool) -> None:
        both = [("--store", str(tmp_path)), ("--endpoint", "http://127.0.0.1:9/sparql")]
        arguments = [part for option in (reversed(both) if turned else both) for part in option]
        assert "--store and --endpoint" in run("info", *arguments, code=2).output

    def test_an_endpoint_whose_default_graph_is_empty(self, run: Run, sample_graph: Graph) -> None:
        with servers.oxigraph_server("".join(f"{quad} .\n" for quad in sample_graph.quads()), union=False) as endpoint:
            assert "--union-default-graph" in run("show", "2269.5", "--endpoint", endpoint, code=3).output

    def test_an_endpoint_that_refuses(self, run: Run) -> None:
        text = run("info", "--endpoint", "http://127.0.0.1:9/sparql", code=3).output
        assert "127.0.0.1:9" in text


LONG = "a rather long label that has to be folded"

RANKING = (
    ["other", "label", "code", "essential", "coverage", "direction", "score"],
    [[OTA, LONG, "5120.1.1", "1 of 32", 0.951234, "down", 12345]],
)


def on_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int, table: Any = RANKING
) -> list[str]:
    """Show a table on a terminal of this many columns; gives its lines, the header first."""
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    show_rows(*table, "table")
    return unstyle(capsys.readouterr().out).strip().splitlines()


@pytest.mark.parametrize("columns", [80, 100, 120, 160])
def test_a_table_never_breaks_a_number_a_code_or_a_header(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int
) -> None:
    lines = on_terminal(monkeypatch, capsys, columns)
    assert lines[0].split()[:6] == ["label", "code", "essential", "coverage", "direction", "score"]
    assert all(text in lines[2] for text in ("5120.1.1", "1 of 32", "0.951", "down", "12345"))
    assert ("esco-occupation:82cbe20d" in lines[2]) == (columns >= 120)
    assert max(map(len, lines)) <= columns
    assert " ".join(line[: lines[0].index("code")].strip() for line in lines[2:]) == LONG


@pytest.mark.parametrize("columns", [20, 40, 60])
def test_a_table_that_does_not_fit_is_printed_as_blocks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int
) -> None:
    header, rows = RANKING
    lines = on_terminal(monkeypatch, capsys, columns, (header, [*rows, [OTA, "b", None, "2 of 3", 1.0, "", 7]]))
    first, second = "\n".join(lines).split("\n\n")
    assert " ".join(first.split()).startswith(f"label: {LONG} code: 5120.1.1 essential: 1 of 32 coverage: 0.951")
    assert re.split(r"\s+", second)[:5] == ["label:", "b", "essential:", "2", "of"]
    assert second.endswith("esco-occupation:82cbe20d-967c-4161-9ecd-eafc724d171c")
    assert [line for line in lines if len(line) > columns and "esco-" not in line and columns > 20] == []


def test_empty_columns_go_first_and_what_is_left_out_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = (["label", "confidence", "note", "iri"], [["a label", None, LONG, OTA]])
    lines = on_terminal(monkeypatch, capsys, 104, table)
    assert lines[0].split() == ["label", "note", "iri"]
    monkeypatch.setenv("COLUMNS", "50")
    show_rows(*table, "table")
    shown = capsys.readouterr()
    assert unstyle(shown.out).split()[:2] == ["label", "note"]
    assert "A wider terminal shows more: iri; --format csv shows all." in shown.err


def test_a_piped_table_keeps_all_columns_unless_the_environment_names_a_width(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = (["label", "note", "iri"], [["a label", LONG, OTA]])
    for columns, fits in (("", False), ("0", False), ("wide", False), ("70", True)):
        monkeypatch.setenv("COLUMNS", columns)
        show_rows(*table, "table")
        shown = capsys.readouterr().out
        assert ("esco-occupation:" in shown) != fits
        assert (max(map(len, shown.splitlines())) <= 70) == fits


def test_an_iri_without_a_label_beside_it_stays(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = on_terminal(monkeypatch, capsys, 60, (["s", "note"], [[OTA, LONG]]))
    assert "s:    esco-occupation:82cbe20d-967c-4161-9ecd-eafc724d171c" in lines


def test_words_longer_than_their_column_are_folded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = on_terminal(monkeypatch, capsys, 30, (["n", "path"], [[1, "x" * 50], [2, "a b"]]))
    assert max(map(len, lines)) <= 30
    assert sum(line.count("x") for line in lines) == 50


def test_no_color_is_obeyed_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    asked = ("similar", "2269.5")
    assert "\x1b[33m" in run(*asked, color=True).stderr
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run(*asked, color=True).output
    assert "\x1b" not in run("show", "ocupational", code=2, color=True).output


class TestHints:
    def test_an_option_of_other_verbs_is_told_with_them(self, run: Run) -> None:
        text = run("gap", "2269.5", "2269.4", "--plot", "g.svg", code=2).stderr
        assert "similar, overlap, next" in text
        assert "--endpoint" not in text
        assert "person FILE --with-occupations -o" in run("next", "me.yaml", "--with-occupations", code=2).stderr
        assert "Did you mean '--limit'?" in run("similar", "2269.5", "--limt", "3", code=2).stderr

    def test_the_stored_queries_are_listed_in_every_format(self, run: Run) -> None:
        listed = json.loads(run("query", "--list", "--format", "json").stdout)
        assert {"query": "release-facts", "answers": "What the graph holds"} in listed
        assert run("query", "--format", "csv").stdout.startswith("query,answers\n")
        assert "put it after the name" in run("query", "--format", "csv", "release-facts", code=2).stderr

    def test_a_query_without_its_at_sign(self, run: Run, tmp_path: Path) -> None:
        file = tmp_path / "q.rq"
        file.write_text("ASK { }")
        assert f"did you mean @{file}?" in " ".join(run("sparql", str(file), code=2).stderr.split())

    @pytest.mark.parametrize("text", ["DELETE WHERE { ?s ?p ?o }", "PREFIX a: <http://a/> INSERT DATA { a:b a:b a:b }"])
    def test_only_reading_is_allowed(self, run: Run, text: str) -> None:
        assert "only reading is allowed" in run("sparql", text, code=2).stderr

    @pytest.mark.parametrize("line", ["SELECT ?o { ?o a esco:Occupation", "SELECT ?o { ?o a <http://a/b>    "])
    def test_a_fault_is_placed_in_the_text_as_it_was_typed(self, run: Run, line: str) -> None:
        text = run("sparql", line, code=2).stderr
        assert f"error at 1:{len(line) + 1}:" in text
        assert text.endswith(f"Line 1 is: {line.strip()}\n")

    def test_a_search_without_an_answer_says_what_is_near(self, run: Run) -> None:
        found = run("search", "ocupational therapist", "--format", "json")
        assert json.loads(found.stdout) == []
        assert "Near: occupational therapist" in found.stderr
        assert "No label is near it." in run("search", "qzxw vvkj").stderr

    def test_a_file_is_no_concept_to_export(self, run: Run, tmp_path: Path) -> None:
        file = tmp_path / "anna.jsonld"
        file.write_text("{}")
        assert "anna.jsonld is a file" in run("export", str(file), code=2).stderr

    def test_what_is_done_soon_shows_no_bar(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        from esco_graph.cli.progress import progress_bar

        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        with progress_bar("read") as move:
            move("read", 1, 2)
        assert capsys.readouterr().err == ""
