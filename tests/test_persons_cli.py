"""The verbs person and match, and a person's file as the start of gap, paths, next and reachable."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, Run
from esco_graph.errors import ParameterError, SourceError
from esco_graph.graph import Graph
from esco_graph.persons import Person, SkillHolding, read_person
from esco_graph.persons.add import with_occupations
from esco_graph.persons.match import match
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.measures import scores
from servers import oxigraph_server

EXAMPLE = str(ROOT / "examples" / "person.yaml")
SKILL, OCCUPATION = "http://data.europa.eu/esco/skill/", "http://data.europa.eu/esco/occupation/"
NURSE = OCCUPATION + "87d0795a-d41f-47ee-979f-0ab7d73836e7"
ASSISTANT = OCCUPATION + "82cbe20d-967c-4161-9ecd-eafc724d171c"


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Any], str]:
    def write(content: Any) -> str:
        path = tmp_path / "me.json"
        path.write_text(json.dumps(content))
        return str(path)

    return write


class TestPerson:
    def test_it_shows_each_line_with_its_concept(self, run: Run) -> None:
        text = run("person", EXAMPLE).output
        assert "6 of 6 lines understood" in text
        assert "communicate in healthcare" in text
        assert "esco-skill:7110bf9f-b245-4adc-9159-5081013fd64d" in text

    def test_what_is_not_understood_is_exit_code_1(self, run: Run, written: Callable[[Any], str]) -> None:
        text = run("person", written({"skills": ["listen activly", NURSE]}), code=1).output
        assert "near: listen actively" in text
        assert "this is no skill but an occupation" in text
        assert "0 of 2 lines understood" in text

    def test_a_violation_is_exit_code_1(self, run: Run, written: Callable[[Any], str]) -> None:
        text = run("person", written({"skills": [{"skill": "listen actively", "since": "2999"}]}), code=1).output
        assert "ESG641" in text
        assert "1 of 1 line understood" in text

    def test_an_ambiguous_name_can_be_decided_from_what_is_shown(self, run: Run, written: Callable[[Any], str]) -> None:
        skos, esco = "http://www.w3.org/2004/02/skos/core#", "http://data.europa.eu/esco/model#"
        nquads = "".join(
            f"<{OCCUPATION}{n}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{esco}Occupation> .\n"
            f'<{OCCUPATION}{n}> <{skos}prefLabel> "{label}"@en .\n<{OCCUPATION}{n}> <{skos}altLabel> "boss"@en .\n'
            f'<{OCCUPATION}{n}> <{skos}notation> "1.{n}" .\n'
            for n, label in enumerate(("ice man", "head chef"))
        )
        with oxigraph_server(nquads) as iri:
            text = run("person", written({"aims": ["boss", "bosss"]}), "--endpoint", iri, code=1).output
        text = " ".join(text.split())
        assert "can be: ice man (occupation 1.0, esco-occupation:0); head chef (occupation 1.1," in text
        assert "near: boss = ice man (occupation 1.0, esco-occupation:0); boss = head chef (occupation 1.1," in text

    def test_json_holds_all_of_it(self, run: Run, written: Callable[[Any], str]) -> None:
        file = written({"skills": ["listen actively", "x y"], "name": "Zoe"})
        found = json.loads(run("person", file, "--format", "json", code=1).stdout)
        assert found["person"]["name"] == "Zoe"
        assert [line["status"] for line in found["lines"]] == ["found", "unknown"]
        assert found["findings"] == []

    @pytest.mark.parametrize("ending", ["ttl", "jsonld", "nt", "rdf", "yaml", "json"])
    def test_what_it_writes_reads_back_the_same(
        self, run: Run, tmp_path: Path, sample_graph: Graph, ending: str
    ) -> None:
        out = tmp_path / f"out.{ending}"
        run("person", EXAMPLE, "-o", str(out))
        first, again = read_person(EXAMPLE, sample_graph), read_person(out, sample_graph)
        assert again == first
        run("person", str(out))
        once = out.read_bytes()
        run("person", EXAMPLE, "-o", str(out))
        assert out.read_bytes() == once

    def test_it_never_writes_over_what_it_read(self, run: Run, written: Callable[[Any], str]) -> None:
        file = written({"skills": ["listen actively"]})
        before = Path(file).read_bytes()
        assert "this is the file that was read" in run("person", file, "-o", file, code=2).output
        assert Path(file).read_bytes() == before

    def test_pseudonymous_says_nothing_personal_anywhere(self, run: Run, tmp_path: Path) -> None:
        out = tmp_path / "out.ttl"
        for format_ in ("table", "json"):
            said = run("person", EXAMPLE, "--pseudonymous", "-o", str(out), "--format", format_).output
            for text in (said, out.read_text()):
                assert not [
                    word for word in ("Sam", "sam", "Hospital", "Course", "2022-06", "effectively") if word in text
                ]
                assert "7110bf9f-b245-4adc-9159-5081013fd64d" in text

    def test_a_pseudonym_is_new_each_time_and_its_own(self, run: Run, written: Callable[[Any], str]) -> None:
        file = written({"name": "Anna", "skills": ["listen actively"]})
        iris = [
            json.loads(run("person", file, *how, "--format", "json").stdout)["person"]["id"]
            for how in ((), (), ("--pseudonymous",), ("--pseudonymous",))
        ]
        assert iris[0] == iris[1]
        assert len(set(iris)) == 3

    def test_names_cannot_steer_the_terminal(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "me.ttl"
        esg = "https://w3id.org/esco-graph/ns#"
        path.write_text(f'<urn:x> a <{esg}PersonProfile> ; <https://schema.org/name> "a\\u001B[31m\\u202Eb" .')
        assert "\x1b" not in run("person", str(path)).output

    def test_occupations_add_their_essential_skills_when_asked(self, run: Run, tmp_path: Path) -> None:
        out = tmp_path / "more.yaml"
        text = run("person", EXAMPLE, "--with-occupations", "-o", str(out)).output
        assert "essential for nurse assistant" in text
        assert "40 of 40 lines understood" in text
        assert "40 of 40" not in run("person", EXAMPLE).output
        assert "40 of 40" in run("person", str(out)).output

    def test_a_missing_file(self, run: Run) -> None:
        assert "none.yaml: no such file" in run("person", "none.yaml", code=2).output


class TestMatch:
    def test_it_ranks_by_cosine(self, run: Run, sample_graph: Graph) -> None:
        found = json.loads(run("match", EXAMPLE, "--format", "json").stdout)
        matrix = SkillMatrix.of(sample_graph)
        held = read_person(EXAMPLE, sample_graph).skill_set(matrix)
        expected = scores(matrix, held, "cosine")
        values = [row["cosine"] for row in found["results"]]
        assert values == sorted(values, reverse=True)
        for row in found["results"]:
            assert row["cosine"] == pytest.approx(expected[matrix.row(row["other"])], abs=1e-6)
        assert found["unresolved"] == []
        assert {row["other"]: row["status"] for row in found["results"]}[NURSE] == "held"
        assert {row["other"]: row["status"] for row in found["results"]}[ASSISTANT] == "aim"

    def test_numbers_and_lists_agree(self, run: Run) -> None:
        for row in json.loads(run("match", EXAMPLE, "--format", "json").stdout)["results"]:
            assert row["essential_shared"] == len(row["shared_essential"])
            assert row["essential"] == row["essential_shared"] + len(row["missing_essential"])
            total = row["essential"] + len(row["shared_optional"]) + len(row["missing_optional"])
            assert row["coverage"] == pytest.approx(row["shared"] / total, abs=1e-6)
            adds = [one["contribution"] for one in (*row["shared_essential"], *row["shared_optional"])]
            assert sum(adds) == pytest.approx(row["cosine"], abs=1e-5)

    def test_explain_names_skills(self, run: Run) -> None:
        text = run("match", EXAMPLE, "--top", "1", "--explain").output
        assert "shared (" in text
        assert "missing, essential (" in text
        assert re.search(r"near \([0-9]+\): .+\(same (wider )?group as ", " ".join(text.split()))
        assert "(like " not in text

    def test_constraints(self, run: Run) -> None:
        found = json.loads(run("match", EXAMPLE, "--level", "4", "--isco", "22", "--format", "json").stdout)
        assert found["results"]
        assert {(row["level"], row["code"][:2]) for row in found["results"]} == {(4, "22")}
        assert "Empty: none of the" in run("match", EXAMPLE, "--level", "1").output
        assert run("match", EXAMPLE, "--level", "1", "--format", "csv").stdout.startswith("other,label,code,level,")

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ({"skills": []}, "this person holds no skill that the graph knows. List skills"),
            ({"skills": ["x y z"]}, "See esco-graph person FILE for what became of each line"),
            ({"occupations": ["nurse assistant"]}, "--with-occupations"),
        ],
    )
    def test_a_person_without_skills(self, run: Run, written: Callable[[Any], str], content: Any, message: str) -> None:
        assert message in " ".join(run("match", written(content), code=2).output.split())

    def test_occupations_held_count_when_asked(self, run: Run, written: Callable[[Any], str]) -> None:
        file = written({"occupations": ["nurse assistant"]})
        found = json.loads(run("match", file, "--with-occupations", "--format", "json").stdout)
        assert found["results"][0]["other"] == NURSE
        assert found["results"][0]["essential_coverage"] == 1

    def test_what_is_not_counted_is_said(self, run: Run, written: Callable[[Any], str]) -> None:
        result = run("match", written({"skills": ["listen actively", "x y"]}))
        assert "1 line was not understood and not counted" in result.stderr

    @pytest.mark.parametrize(
        ("args", "message"),
        [
            ((EXAMPLE, "-o", "x.csv"), "--output is for many people"),
            ((EXAMPLE, "--resume"), "--resume is for many people"),
            (("people.csv", "--explain"), "--explain is for the file of one person"),
            (("people.csv", "-o", "x.csv", "--format", "json"), "--format is for the file of one person"),
            (("people.csv",), "name the output with -o"),
            (("-",), "name the output with -o"),
        ],
    )
    def test_options_of_the_other_kind_are_refused(self, run: Run, args: tuple[str, ...], message: str) -> None:
        assert message in run("match", *args, code=2).output


class TestStart:
    @pytest.mark.parametrize(
        "args",
        [
            ("gap", EXAMPLE, "2269.5"),
            ("paths", EXAMPLE, "2269.5"),
            ("next", EXAMPLE),
            ("reachable", EXAMPLE),
            ("similar", EXAMPLE),
        ],
    )
    def test_a_person_is_a_start(self, run: Run, args: tuple[str, ...]) -> None:
        run(*args)

    def test_the_gap_of_a_person_counts_what_is_held(self, run: Run) -> None:
        found = json.loads(run("gap", EXAMPLE, "2269.5", "--format", "json").stdout)
        assert found["counts"]["essential"]["held"] == 2

    def test_a_misspelt_file_is_told_as_a_file(self, run: Run) -> None:
        assert "none.yaml: no such file" in run("gap", "none.yaml", "2269.5", code=2).output


def test_an_endpoint_is_not_asked_about_a_person_unless_it_is_written_out(
    run: Run, sample_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    nquads = "\n".join(f"{quad} ." for quad in sample_graph.quads())
    with oxigraph_server(nquads) as iri:
        monkeypatch.delenv("ESCO_GRAPH_STORE")
        monkeypatch.setenv("ESCO_GRAPH_ENDPOINT", iri)
        for verb in ("person", "match"):
            assert "stays on this machine" in run(verb, EXAMPLE, code=2).output
        assert "stays on this machine" in run("gap", EXAMPLE, "2269.5", code=2).output
        written_out = run("person", EXAMPLE, "--endpoint", iri)
        assert "6 of 6 lines understood" in written_out.output
        assert "is asked for whole lists" in written_out.stderr
        assert "by the IRIs of the skills" in run("match", EXAMPLE, "--endpoint", iri).stderr


def test_matching_by_library(sample_graph: Graph) -> None:
    person = Person("urn:x", skills=(SkillHolding(SKILL + "a17286c5-238d-4f0b-bc24-29e9121345de"),))
    found = match(sample_graph, person, limit=3)
    assert len(found.rows) == 3
    assert found.start.label == "this person"
    assert match(sample_graph, person, limit=3).rows == found.rows
    with pytest.raises(ParameterError):
        match(sample_graph, person, limit=0)
    with pytest.raises(SourceError):
        match(sample_graph, Person("urn:x"), limit=3)


def test_order_of_the_skills_does_not_count(sample_graph: Graph) -> None:
    person = read_person(EXAMPLE, sample_graph)
    turned = Person(person.iri, skills=person.skills[::-1])
    one, other = match(sample_graph, person), match(sample_graph, turned)
    assert [(row.iri, row.score) for row in one.rows] == [(row.iri, row.score) for row in other.rows]


def test_occupations_unknown_to_the_graph_add_nothing(sample_graph: Graph) -> None:
    person = read_person(EXAMPLE, sample_graph)
    assert len(with_occupations(person, sample_graph).skills) == 38
    bare = Person("urn:x", skills=person.skills)
    assert with_occupations(bare, sample_graph) == bare
