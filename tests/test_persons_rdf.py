"""A profile as RDF, YAML and JSON and back; the shapes; and what is left of a person after --pseudonymous."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT, said_under_two_seeds
from esco_graph.graph import Graph
from esco_graph.persons import (
    Aim,
    OccupationHolding,
    Person,
    SkillHolding,
    content_iri,
    from_graph,
    pseudonymous,
    read_person,
    to_quads,
)
from esco_graph.persons.check import check_person, news
from esco_graph.persons.documents import load_json, load_yaml
from esco_graph.persons.own import read_own, write_json, write_yaml
from esco_graph.publish import write_file
from esco_graph.sources.text import clean

SKILL, OCCUPATION = "http://data.europa.eu/esco/skill/", "http://data.europa.eu/esco/occupation/"
LISTEN = SKILL + "a17286c5-238d-4f0b-bc24-29e9121345de"
ASSISTANT = OCCUPATION + "82cbe20d-967c-4161-9ecd-eafc724d171c"
EXAMPLE = ROOT / "examples" / "person.yaml"


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


texts = st.text(st.characters(codec="utf-8"), max_size=20).map(one_line)
words = texts.filter(bool)
iris = st.integers(1, 50).map(lambda number: f"{SKILL}{number}")
occupations_ = st.integers(1, 50).map(lambda number: f"{OCCUPATION}{number}")
langs = st.sampled_from(["en", "de", "pt-br"])
days = st.dates(datetime.date(1900, 1, 1)).map(str)
dates = st.tuples(days, st.sampled_from([0, 4, 7, 10])).map(lambda pair: pair[0][: pair[1]])
levels = st.one_of(
    st.just({}),
    st.integers(1, 8).map(lambda number: {"level": f"http://data.europa.eu/snb/eqf/{number}"}),
    words.map(lambda text: {"said_level": text}),
)


@st.composite
def skills(draw: st.DrawFn, lang: str | None = None) -> SkillHolding:
    iri = draw(st.one_of(st.just(""), iris))
    text = draw(texts if iri else words)
    evidence = draw(st.lists(words, max_size=2))
    return SkillHolding(iri, text, lang or draw(langs), since=draw(dates), evidence=tuple(evidence), **draw(levels))


@st.composite
def people(draw: st.DrawFn, one_language: bool = False) -> Person:
    lang = draw(langs)
    spoken = lang if one_language else None
    jobs = st.builds(OccupationHolding, occupations_, texts, st.just(lang) if spoken else langs, dates, dates, texts)
    return Person(
        draw(st.sampled_from(["urn:uuid:1", "http://example.org/cv#me", "https://example.org/person/1"])),
        lang,
        *(draw(texts) for _ in range(3)),
        skills=tuple(draw(st.lists(skills(spoken), max_size=12))),
        occupations=tuple(draw(st.lists(jobs, max_size=3))),
        aims=tuple(draw(st.lists(st.builds(Aim, occupations_, texts, st.just(lang) if spoken else langs), max_size=2))),
    )


@given(people())
def test_a_profile_comes_back_from_rdf(person: Person) -> None:
    assert from_graph(Graph.memory(to_quads(person)), person.iri) == person


@given(people())
@settings(max_examples=30)
def test_a_profile_comes_back_from_a_turtle_text(person: Person) -> None:
    turtle = ox.serialize((quad.triple for quad in to_quads(person)), format=ox.RdfFormat.TURTLE)
    assert isinstance(turtle, bytes)
    assert from_graph(Graph.memory(ox.parse(turtle, ox.RdfFormat.TURTLE)), person.iri) == person


@given(people(one_language=True))
def test_a_profile_comes_back_from_our_own_form(person: Person) -> None:
    expected = replace(person, skills=tuple(map(as_read, person.skills)))
    for text, load in ((write_yaml(person), load_yaml), (write_json(person), load_json)):
        value = load(text, "x")
        value.setdefault("skills", [])
        assert read_own(value, "x").person() == expected


def as_read(one: SkillHolding) -> SkillHolding:
    """A level in words that is written as one of the EQF is that level."""
    draft = read_own({"skills": [{"text": "x", "level": one.level or one.said_level}]}, "x").person().skills[0]
    return replace(one, level=draft.level, said_level=draft.said_level)


@given(people(), st.randoms())
@settings(max_examples=30)
def test_the_made_iri_does_not_depend_on_the_order_or_on_what_is_personal(person: Person, random: Any) -> None:
    mixed = list(person.skills)
    random.shuffle(mixed)
    other = replace(person, name="Zoe", title="T", note="N", iri="urn:other", skills=tuple(mixed))
    assert content_iri(other) == content_iri(person)
    assert content_iri(pseudonymous(other)) == content_iri(pseudonymous(person))


def test_quads_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "from esco_graph.graph import Graph\n"
        "from esco_graph.persons import *\n"
        "from esco_graph.persons.read import read_draft\n"
        "from pathlib import Path\n"
        f"person = read_draft(Path({str(ROOT / 'examples' / 'person.ttl')!r})).person()\n"
        "print(*to_quads(person), pseudonymous(person, iri='urn:x'), content_iri(person), sep='\\n')"
    )
    assert len(said_under_two_seeds(code)) == 1


# the shapes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["person.yaml", "person.json", "person.ttl"])
def test_the_examples_pass_the_shapes(sample_graph: Graph, name: str) -> None:
    report = check_person(read_person(ROOT / "examples" / name, sample_graph), sample_graph)
    assert list(report.findings) == []
    assert report.checked["ESG632"][0] == 4


FINDINGS = {
    "held since the future": ({"skills": (SkillHolding(LISTEN, since="2999"),)}, {"ESG641"}),
    "a skill twice": ({"skills": (SkillHolding(LISTEN), SkillHolding(LISTEN, since="2019"))}, {"ESG635"}),
    "no skill": ({}, {"ESG631"}),
    "words only": ({"skills": (SkillHolding(text="x"),)}, {"ESG632"}),
    "an unknown skill": ({"skills": (SkillHolding(SKILL + "x"),)}, {"ESG633"}),
    "an occupation as a skill": ({"skills": (SkillHolding(ASSISTANT),)}, {"ESG637"}),
    "a job in words": ({"skills": (SkillHolding(LISTEN),), "occupations": (OccupationHolding(text="x"),)}, {"ESG643"}),
    "a skill as a job": ({"skills": (SkillHolding(LISTEN),), "occupations": (OccupationHolding(LISTEN),)}, {"ESG644"}),
    "a job that ended first": (
        {
            "skills": (SkillHolding(LISTEN),),
            "occupations": (OccupationHolding(ASSISTANT, start="2020-05", end="2020-04-30"),),
        },
        {"ESG648"},
    ),
    "an aim in words": ({"skills": (SkillHolding(LISTEN),), "aims": (Aim(text="x"),)}, {"ESG649"}),
    "an unknown aim": ({"skills": (SkillHolding(LISTEN),), "aims": (Aim(OCCUPATION + "x"),)}, {"ESG650"}),
}


@pytest.mark.parametrize("name", FINDINGS)
def test_each_fault_of_a_profile_has_its_rule(sample_graph: Graph, name: str) -> None:
    parts, codes = FINDINGS[name]
    report = check_person(Person("http://example.org/me", **parts), sample_graph)
    assert {one.code for one in report.findings} == codes


def test_findings_that_the_lines_tell_are_not_told_twice(sample_graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "me.yaml"
    path.write_text("skills: [no such skill, {skill: listen actively, since: 2999}]\noccupations: [nothing]")
    person = read_person(path, sample_graph)
    report = check_person(person, sample_graph)
    assert {one.code for one in report.findings} == {"ESG632", "ESG641", "ESG643"}
    assert [one.code for one in news(report, person)] == ["ESG641"]


# pseudonymous ---------------------------------------------------------------------------------------------------------

PERSONAL = {
    "id": "https://example.org/person/zuzana-secret", "name": "Zuzana Secret", "title": "Title of Secret",
    "note": "Note of Secret", "lang": "en",
    "skills": [
        {"skill": LISTEN, "text": "Words of Secret", "level": "Level of Secret", "since": "2019-05-17",
         "evidence": ["Evidence of Secret", "https://secret.example/file"]},
        {"skill": "distribute meals to patients", "level": "https://secret.example/level", "since": "2020-11-23"},
        "Unknown of Secret", "https://secret.example/skill",
    ],
    "occupations": [
        {"occupation": "nurse assistant", "from": "2018-03-09", "to": "2019-07-21", "employer": "Employer of Secret"},
        "Job of Secret",
    ],
    "aims": [{"occupation": ASSISTANT, "text": "Aim of Secret"}, "Dream of Secret"],
}  # fmt: skip
TELLING = ("secret", "2019-0", "2019-05", "2020-11", "2018-03", "2019-07")


@pytest.fixture
def personal(tmp_path: Path) -> Path:
    path = tmp_path / "me.json"
    path.write_text(json.dumps(PERSONAL))
    return path


def telling(text: str) -> list[str]:
    return [word for word in TELLING if word in text.casefold()]


def test_the_fixture_is_personal(personal: Path, sample_graph: Graph) -> None:
    person = read_person(personal, sample_graph)
    assert telling(repr(person)) == list(TELLING)
    assert telling("\n".join(map(str, to_quads(person)))) == list(TELLING)


@pytest.mark.parametrize(
    "ending", ["ttl", "trig", "nt", "nq", "rdf", "jsonld", "framed.jsonld", "yaml", "json", "repr"]
)
def test_nothing_personal_survives_in_any_form(
    personal: Path, sample_graph: Graph, tmp_path: Path, ending: str
) -> None:
    person = read_person(personal, sample_graph, pseudonymous=True)
    path = tmp_path / f"out.{ending}"
    if ending == "repr":
        path.write_text(repr(person))
    elif ending in ("yaml", "json"):
        path.write_text(write_yaml(person) if ending == "yaml" else write_json(person))
    else:
        write_file(Graph.memory(to_quads(person)), path, concept=person.iri)
    text = path.read_text()
    assert telling(text) == []
    assert LISTEN.rpartition("/")[2] in text


def test_what_is_left_of_a_pseudonymous_person(personal: Path, sample_graph: Graph) -> None:
    person = read_person(personal, sample_graph, pseudonymous=True)
    assert (person.name, person.title, person.note, person.remarks) == ("", "", "", ())
    assert person.iri.startswith("urn:uuid:")
    assert [(one.text, one.level, one.since, one.evidence) for one in person.skills] == [
        ("", "", "2019", ()),
        ("", "", "2020", ()),
    ]
    assert [(one.start, one.end, one.employer) for one in person.occupations] == [("2018", "2019", "")]
    assert len(person.aims) == 1
    assert len(person.unresolved) == 4
    assert pseudonymous(person, iri=person.iri) == person


def test_the_same_profile_leaves_the_same_under_any_name_but_for_its_iri(personal: Path, sample_graph: Graph) -> None:
    first = read_person(personal, sample_graph, pseudonymous=True)
    personal.write_text(personal.read_text().replace("Zuzana", "Adam").replace("of Secret", "of Another"))
    second = read_person(personal, sample_graph, pseudonymous=True)
    assert second.iri != first.iri
    assert replace(second, iri=first.iri) == first


@pytest.mark.parametrize("own", ["https://example.org/person/zuzana-secret", ""])
def test_no_pseudonym_leads_to_the_named_profile(own: str, personal: Path, sample_graph: Graph) -> None:
    """A profile that is pseudonymous in all but its name and IRI: every line is found, and every date is a year."""
    personal.write_text(json.dumps({"id": own, "name": "Zuzana", "skills": [{"skill": LISTEN, "since": "2019"}]}))
    named = read_person(personal, sample_graph)
    hidden = [read_person(personal, sample_graph, pseudonymous=True) for _ in range(2)]
    iris = {named.iri, content_iri(named), *(one.iri for one in hidden)}
    assert len(iris) == (4 if own else 3)
    in_both = {quad.subject for quad in to_quads(named)} & {quad.subject for quad in to_quads(hidden[0])}
    assert in_both == set()
