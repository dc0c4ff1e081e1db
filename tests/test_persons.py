"""A person's file of each form: what is read, what is found, what is told, and what hostile files do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from conftest import ROOT, SHARED
from esco_graph.errors import ParameterError, SourceError
from esco_graph.graph import Graph
from esco_graph.labels import LabelIndex
from esco_graph.persons import Line, Person, SkillHolding, read_person
from esco_graph.persons.documents import MAX_DEPTH, load_json, load_yaml
from esco_graph.persons.model import check_date
from esco_graph.persons.resolve import with_near
from esco_graph.persons.values import MAX_LINES
from esco_graph.skills.matrix import SkillMatrix
from worlds import Spy

SKILL, OCCUPATION = "http://data.europa.eu/esco/skill/", "http://data.europa.eu/esco/occupation/"
LISTEN = SKILL + "a17286c5-238d-4f0b-bc24-29e9121345de"
MEALS = SKILL + "b5a8ce01-a4ae-43c1-b4e4-c44be6804691"
GERIATRICS = SKILL + "52c19dc8-651f-4095-98fe-dcb2799d702e"
TALKING = SKILL + "7110bf9f-b245-4adc-9159-5081013fd64d"
ASSISTANT = OCCUPATION + "82cbe20d-967c-4161-9ecd-eafc724d171c"
NURSE = OCCUPATION + "87d0795a-d41f-47ee-979f-0ab7d73836e7"
EXAMPLES = ROOT / "examples"
ELM = SHARED / "taxonomies" / "elm" / "Sample-MC-Annex1-unsigned.jsonld"

# One word that means two skills, one of which is given up; a skill that is, with and without what took its place.
SMALL = """
@prefix esco: <http://data.europa.eu/esco/model#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix iso-thes: <http://purl.org/iso25964/skos-thes#> .
@prefix s: <http://data.europa.eu/esco/skill/> .
@prefix o: <http://data.europa.eu/esco/occupation/> .
s:cook a esco:Skill ; skos:prefLabel "cook"@en, "kochen"@de ; skos:altLabel "prepare meals"@en .
s:bake a esco:Skill ; skos:prefLabel "bake"@en ; skos:altLabel "prepare meals"@en, "use the oven"@en .
s:old a esco:Skill ; skos:prefLabel "stoke"@en ; owl:deprecated true ; dct:isReplacedBy s:bake ;
  skos:altLabel "use the oven"@en .
s:gone a esco:Skill ; skos:prefLabel "thatch"@en ; iso-thes:status "obsolete" .
o:chef a esco:Occupation ; skos:prefLabel "chef"@en ; esco:relatedEssentialSkill s:cook, s:bake .
"""


@pytest.fixture(scope="module")
def small() -> Graph:
    return Graph.memory(ox.parse(SMALL, ox.RdfFormat.TURTLE))


def write(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def statuses(person: Person) -> list[tuple[str, str, str]]:
    return [(line.kind, line.status, line.iri) for line in person.lines]


def only(person: Person) -> Line:
    (line,) = person.lines
    return line


# what each form gives ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["person.yaml", "person.json", "person.ttl"])
def test_the_examples_name_the_same_four_skills(sample_graph: Graph, name: str) -> None:
    person = read_person(EXAMPLES / name, sample_graph)
    assert set(person.skill_iris) == {LISTEN, MEALS, GERIATRICS, TALKING}
    assert person.unresolved == ()
    assert person.title == "What Sam can do after four years on a ward"


def test_our_own_form_in_yaml(sample_graph: Graph) -> None:
    person = read_person(EXAMPLES / "person.yaml", sample_graph)
    assert person.iri == "https://example.org/person/sam"
    assert person.skills[0] == SkillHolding(LISTEN, "listen actively", "en", since="2019")
    assert person.skills[2].level == "http://data.europa.eu/snb/eqf/4"
    assert person.skills[2].evidence == ("Course in the care of older people",)
    assert person.skills[3].text == "Communicate effectively in healthcare"
    (job,) = person.occupations
    assert (job.occupation, job.start, job.end, job.employer) == (NURSE, "2019", "", "St. Example's Hospital")
    assert [aim.occupation for aim in person.aims] == [ASSISTANT]


def test_our_own_form_in_json_is_the_same(sample_graph: Graph, tmp_path: Path) -> None:
    document = load_yaml((EXAMPLES / "person.yaml").read_text(), "x")
    assert read_person(write(tmp_path, "me.json", document), sample_graph) == read_person(
        EXAMPLES / "person.yaml", sample_graph
    )


def test_a_json_resume(sample_graph: Graph) -> None:
    person = read_person(EXAMPLES / "person.json", sample_graph)
    assert person.name == "Sam Example"
    assert person.iri.startswith("urn:uuid:")
    talking = next(one for one in person.skills if one.skill == TALKING)
    assert (talking.text, talking.said_level) == ("Talking with patients and colleagues", "advanced")
    certificate = next(one for one in person.skills if one.skill == GERIATRICS)
    assert (certificate.since, certificate.evidence) == ("2022-06-30", ("Course in the care of older people",))
    assert [job.occupation for job in person.occupations] == [NURSE]
    assert person.remarks == ("'On the ward' is no skill of ESCO's; taken for a heading",)


def test_of_a_json_resume_nothing_is_read_that_no_answer_needs(sample_graph: Graph) -> None:
    assert "sam@example.org" in (EXAMPLES / "person.json").read_text()
    assert "sam@example.org" not in repr(read_person(EXAMPLES / "person.json", sample_graph))


RESUME_FAULTS = {
    "a date in words": (
        {"work": [{"position": "chef", "endDate": "Present"}]},
        "work[1].endDate: 'Present' is no date",
    ),
    "an impossible date": ({"work": [{"position": "chef", "startDate": "2019-02-30"}]}, "'2019-02-30' is no date"),
    "a text for a map": ({"work": ["chef"]}, "work[1]: a map from names was expected, and this is a text"),
    "a list for a text": ({"basics": {"name": ["a"]}}, "basics.name: a text was expected, and this is a list"),
    "a certificate alone": ({"certificates": [{"name": "A"}]}, "a certificate says no skill"),
}


@pytest.mark.parametrize("name", RESUME_FAULTS)
def test_a_fault_in_a_json_resume_is_told_and_passed_over(small: Graph, tmp_path: Path, name: str) -> None:
    document, remark = RESUME_FAULTS[name]
    person = read_person(write(tmp_path, "cv.json", {"skills": [{"name": "cook"}], **document}), small)
    assert remark in "\n".join(person.remarks)
    assert person.skill_iris == (SKILL + "cook",)


def test_languages_and_names_of_a_json_resume_count_as_skills(small: Graph, tmp_path: Path) -> None:
    document = {
        "skills": [{"name": "cook", "keywords": ["bake"]}],
        "languages": [{"language": "Latin", "fluency": "C1"}],
    }
    person = read_person(write(tmp_path, "cv.json", document), small)
    assert [line.status for line in person.lines] == ["found", "found", "unknown"]
    assert person.skills[2].said_level == "C1"


def credential(**outcome: Any) -> dict[str, Any]:
    claim = {
        "title": {"en": "Cooking course", "de": "Kochkurs"},
        "awardedBy": {"awardingDate": "2021-03-04T10:00:00Z"},
        "specifiedBy": {"learningOutcome": outcome},
    }
    subject = {"id": "urn:epass:person:1", "fullName": {"en": "Ana"}, "hasClaim": {"hasPart": [claim]}}
    return {"type": ["VerifiableCredential"], "@context": ["https://example.org/never"], "credentialSubject": subject}


def test_a_credential_is_read_by_its_keys(small: Graph, tmp_path: Path) -> None:
    skill = {"id": SKILL + "cook", "prefLabel": {"en": "to cook", "de": "Kochen"}}
    other = {"id": "http://data.europa.eu/snb/dcf/1", "prefLabel": {"en": "Digital"}}
    person = read_person(write(tmp_path, "c.jsonld", credential(relatedESCOSkill=skill, relatedSkill=[other])), small)
    assert person.name == "Ana"
    assert person.skills == (
        SkillHolding(SKILL + "cook", "to cook", "en", since="2021-03-04", evidence=("Cooking course",)),
    )
    assert person.iri.startswith("urn:uuid:")  # urn:epass:person:1 is in every credential
    assert any("another framework" in remark for remark in person.remarks)
    assert any("signature" in remark for remark in person.remarks)


def test_a_credential_in_another_language(small: Graph, tmp_path: Path) -> None:
    skill = {"id": SKILL + "cook", "prefLabel": {"en": "to cook", "de": "Kochen"}}
    person = read_person(write(tmp_path, "c.json", credential(relatedESCOSkill=[skill])), small, lang="de")
    assert (person.skills[0].text, person.skills[0].evidence) == ("Kochen", ("Kochkurs",))


def test_a_credential_in_turtle(small: Graph, tmp_path: Path) -> None:
    turtle = f"""@prefix elm: <http://data.europa.eu/snb/model/elm/> . @prefix dct: <http://purl.org/dc/terms/> .
    <urn:x> a elm:Person ; elm:hasClaim [ dct:title "Course"@en ;
      elm:specifiedBy [ elm:learningOutcome [ elm:relatedESCOSkill <{SKILL}cook> ] ] ] ."""
    person = read_person(write(tmp_path, "c.ttl", turtle), small)
    assert [(one.skill, one.evidence) for one in person.skills] == [(SKILL + "cook", ("Course",))]


def test_the_real_credential(graph_111: Graph) -> None:
    if not ELM.exists():
        pytest.skip("the ELM sample is not in ../shared/data/taxonomies/elm")
    person = read_person(ELM, graph_111)
    assert [line.label for line in person.lines] == [
        "stimulate creativity in the team", "communicate with target community", "establish collaborative relations",
        "develop digital content",
    ]  # fmt: skip
    assert person.unresolved == ()
    text = repr(person)
    assert not [word for word in ("email.com", "1999", "Dublin", "nationalID") if word in text]


def test_json_ld_with_a_context_elsewhere_is_refused(small: Graph, tmp_path: Path) -> None:
    path = write(tmp_path, "me.jsonld", {"@context": "https://example.org/c", "@id": "urn:x"})
    with pytest.raises(SourceError, match="nothing is fetched"):
        read_person(path, small)


def test_json_ld_of_ours(small: Graph, tmp_path: Path) -> None:
    esg = "https://w3id.org/esco-graph/ns#"
    holding = {"@type": esg + "SkillHolding", esg + "skill": {"@id": SKILL + "bake"}}
    document = {"@id": "http://example.org/me", "@type": esg + "PersonProfile", esg + "holds": holding}
    assert read_person(write(tmp_path, "me.jsonld", document), small).skill_iris == (SKILL + "bake",)


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        ("<urn:x> a <urn:y> .", "no person is described here"),
        ("<urn:a> a esg:PersonProfile . <urn:b> a esg:PersonProfile .", "there are 2 persons: <urn:a>, <urn:b>"),
        ("<urn:a> a esg:Person", "does not parse"),
    ],
)
def test_rdf_without_one_person(small: Graph, tmp_path: Path, turtle: str, message: str) -> None:
    path = write(tmp_path, "me.ttl", f"@prefix esg: <https://w3id.org/esco-graph/ns#> . {turtle}")
    with pytest.raises(SourceError, match=message):
        read_person(path, small)


def test_what_an_rdf_file_says_amiss_is_told(small: Graph, tmp_path: Path) -> None:
    turtle = f"""@prefix esg: <https://w3id.org/esco-graph/ns#> . @prefix s: <{SKILL}> .
    <urn:x> a esg:PersonProfile ; esg:holds s:cook , <urn:x#skill-1> , <urn:x#skill-2> , [ esg:skill s:bake ] .
    <urn:x#skill-1> esg:skill s:bake, s:cook ; esg:heldSince "2019" , "2020" . <urn:x#skill-2> esg:skill "cook" ."""
    person = read_person(write(tmp_path, "me.ttl", turtle), small)
    assert person.skills == (SkillHolding(SKILL + "bake"), SkillHolding(SKILL + "bake", since="2019"))
    assert sorted(remark.replace(SKILL, "s:") for remark in person.remarks) == [
        "<s:cook> has neither esg:skill nor words; it was left out",
        "<urn:x#skill-1> has 2 values of esg:heldSince; '2019' was taken",
        "<urn:x#skill-1> has 2 values of esg:skill; esco-skill:bake was taken",
        "<urn:x#skill-2> has neither esg:skill nor words; it was left out",
        "skill lines 1 and 2 are the same skill (bake); it counts once",
    ]


# how lines are understood --------------------------------------------------------------------------------------------

LINES = {
    "label": ("Cook", "found", "cook"),
    "alternative label": ("use the oven", "found", "bake"),  # the other one is given up
    "iri": (SKILL + "cook", "found", "cook"),
    "curie": ("esco-skill:cook", "found", "cook"),
    "https": (SKILL.replace("http:", "https:") + "cook", "found", "cook"),
    "portal": (f"https://esco.ec.europa.eu/en/classification/skills?uri={SKILL}cook", "found", "cook"),
    "two": ("prepare meals", "ambiguous", ""),
    "none": ("coook", "unknown", ""),
    "unknown iri": (SKILL + "x", "unknown", "x"),
    "no iri": ("http://[", "unknown", ""),
    "occupation": (OCCUPATION + "chef", "other", ""),
    "obsolete": ("stoke", "obsolete", "old"),
    "obsolete for nothing": (SKILL + "gone", "obsolete", "gone"),
}


@pytest.mark.parametrize("name", LINES)
def test_each_kind_of_line(small: Graph, tmp_path: Path, name: str) -> None:
    said, status, local = LINES[name]
    person = read_person(write(tmp_path, "me.yaml", json.dumps({"skills": [said]})), small)
    line = only(person)
    assert line.status == status
    expected = OCCUPATION + "chef" if status == "other" else SKILL + local
    assert line.iri == (expected if local or status == "other" else "")
    assert line.understood == (status == "found")
    assert (person.unresolved == ()) == (status == "found")


def test_what_is_told_of_a_line(small: Graph, tmp_path: Path) -> None:
    said = [LINES[name][0] for name in ("https", "two", "none", "occupation", "obsolete", "obsolete for nothing")]
    lines = read_person(write(tmp_path, "me.json", {"skills": said}), small).lines
    assert lines[0].note == "ESCO's IRIs begin with http, not https; repaired"
    assert {match.iri for match in lines[1].candidates} == {SKILL + "cook", SKILL + "bake"}
    assert lines[2].note == "no skill is called so"
    assert lines[3].note == "this is no skill but an occupation"
    assert lines[4].note == f"ESCO has given it up; it is replaced by bake <{SKILL}bake>"
    assert lines[5].note == "ESCO has given it up"


def test_a_name_that_is_not_the_preferred_one_is_told(small: Graph, tmp_path: Path) -> None:
    person = read_person(write(tmp_path, "me.json", {"skills": ["use the oven", "Cook"]}), small)
    assert [line.note for line in person.lines] == ["by an alternative label", ""]


def test_near_names_are_looked_for_only_when_asked(
    small: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = {"skills": ["coook", SKILL + "x", "http://[", "cook"], "aims": ["Cheff"]}
    person = read_person(write(tmp_path, "me.json", document), small)
    assert not any(line.candidates for line in person.lines)
    found = with_near(person, small)
    assert [[match.label for match in line.candidates] for line in found.lines] == [["cook"], [], [], [], ["chef"]]
    monkeypatch.setattr(LabelIndex, "of", None)
    understood = read_person(write(tmp_path, "me.json", {"skills": ["cook"]}), small)
    assert with_near(understood, small) is understood


def test_an_unusual_spelling_is_found_beside_an_unknown_name(small: Graph, tmp_path: Path) -> None:
    said = ["use  the oven", "u\u00adse the\u00a0OVEN", "ｃｏｏｋ", "coook"]
    person = read_person(write(tmp_path, "me.json", {"skills": said}), small)
    assert [line.status for line in person.lines] == ["found", "found", "found", "unknown"]


def test_an_ambiguous_or_unknown_line_is_kept_as_words_and_never_guessed(small: Graph, tmp_path: Path) -> None:
    person = read_person(write(tmp_path, "me.json", {"skills": ["prepare meals", "coook"]}), small)
    assert person.skills == (SkillHolding(text="prepare meals", lang="en"), SkillHolding(text="coook", lang="en"))
    assert person.skill_iris == ()


def test_words_are_read_in_the_language_of_the_file(small: Graph, tmp_path: Path) -> None:
    german = write(tmp_path, "ich.json", {"lang": "de", "skills": ["kochen"]})
    assert read_person(german, small).skill_iris == (SKILL + "cook",)
    assert read_person(write(tmp_path, "me.json", {"skills": ["kochen"]}), small).skill_iris == ()
    assert read_person(write(tmp_path, "me.json", {"skills": ["kochen"]}), small, lang="de").lang == "de"


def test_a_skill_that_is_there_twice_counts_once_and_is_told(small: Graph, tmp_path: Path) -> None:
    person = read_person(write(tmp_path, "me.json", {"skills": ["cook", SKILL + "cook", "bake"]}), small)
    assert person.skill_iris == (SKILL + "cook", SKILL + "bake")
    assert person.remarks == ("skill lines 1 and 2 are the same skill (cook); it counts once",)


def test_a_bare_uuid_is_a_skill_or_an_occupation_by_its_place(sample_graph: Graph, tmp_path: Path) -> None:
    skill, occupation = LISTEN.removeprefix(SKILL), ASSISTANT.removeprefix(OCCUPATION)
    path = write(tmp_path, "me.json", {"skills": [skill.upper()], "aims": [occupation]})
    assert statuses(read_person(path, sample_graph)) == [("skill", "found", LISTEN), ("aim", "found", ASSISTANT)]


def test_the_order_of_a_file_is_kept_and_reading_twice_gives_the_same(small: Graph, tmp_path: Path) -> None:
    path = write(tmp_path, "me.json", {"skills": ["bake", "cook", "prepare meals"]})
    first, second = read_person(path, small), read_person(path, small)
    assert first == second
    assert first.lines == second.lines
    assert [line.said for line in first.lines] == ["bake", "cook", "prepare meals"]


def test_a_remote_graph_learns_nothing_of_the_file(small: Graph, tmp_path: Path) -> None:
    document = {"id": "http://example.org/me", "name": "Zoe", "skills": ["cook", SKILL + "bake", "secret word"]}
    path = write(tmp_path, "me.json", {**document, "aims": ["chef"]})
    spy = Spy(small)
    person = read_person(path, spy)
    assert statuses(person) == statuses(read_person(path, small))
    asked = "\n".join(spy.asked)
    assert asked
    assert not [word for word in ("cook", "bake", "secret", "chef", "Zoe", "example.org/me") if word in asked]


# files that are wrong ------------------------------------------------------------------------------------------------

WRONG = {
    "no file": ("none.yaml", None, "no such file"),
    "another ending": ("me.docx", "x", "no form of a person's file ends in '.docx'"),
    "no ending": ("me", "x", "the file has no ending"),
    "empty": ("me.yaml", " \n", "the file is empty"),
    "only a comment": ("me.yaml", "# nothing\n", "the file is empty"),
    "latin-1": ("me.yaml", "skills: [caf\xe9]".encode("latin-1"), r"me.yaml:1: byte 13 is not UTF-8"),
    "utf-16": ("me.json", '{"skills": []}'.encode("utf-16"), "is not UTF-8"),
    "a control character": ("me.yaml", "skills: ['a\x00b']", "this is not YAML"),
    "broken yaml": ("me.yaml", "skills: [a\nb: ]c", "this is not YAML"),
    "broken json": ("me.json", '{"skills": [', "me.json:1: this is not JSON"),
    "not a number": ("me.json", '{"skills": [NaN]}', "NaN is no JSON"),
    "a key twice": ("me.json", '{"skills": [], "skills": []}', "the key 'skills' is there twice"),
    "a yaml key twice": ("me.yaml", "skills: []\nname: a\nname: b", "me.yaml:3: the key 'name' is there twice"),
    "two documents": ("me.yaml", "skills: []\n---\nskills: []", "there is a second document"),
    "an alias": ("me.yaml", "name: &a Zoe\ntitle: *a", r"me.yaml:2: an alias \(\*\) is not part of this format"),
    "a merge key": ("me.yaml", "<<: {skills: []}", "there is neither|no key|neither skills"),
    "a list as key": ("me.yaml", "? [a]\n: b", "a key must be a text"),
    "a list": ("me.yaml", "- a", "neither skills, occupations nor aims"),
    "a text": ("me.json", '"a"', "neither skills, occupations nor aims"),
    "nothing of ours": ("me.json", {"a": 1}, "neither skills, occupations nor aims"),
    "the only key misspelt": ("me.yaml", "skils: [x]", "no key 'skils'. Did you mean skills?"),
    "a list key misspelt": ("me.json", {"name": "Zoe", "aim": []}, "no key 'aim'. Did you mean aims?"),
    "a key misspelt": ("me.json", {"skills": [], "nmae": "Zoe"}, "no key 'nmae'. Did you mean name?"),
    "a key of an entry": ("me.json", {"skills": [{"skil": "cook"}]}, r"skills\[1\]: no key 'skil'. Did you mean skill"),
    "a list for a skill": ("me.json", {"skills": ["cook", ["bake"]]}, r"skills\[2\]: a text was expected"),
    "a truth for a skill": ("me.json", {"skills": [True]}, "a text was expected, and this is true or false"),
    "an empty skill": ("me.json", {"skills": [""]}, r"skills\[1\]: this entry is empty"),
    "an entry of nothing": ("me.json", {"skills": [{"level": "good"}]}, "there is neither skill nor text"),
    "words twice": ("me.json", {"skills": [{"skill": "cook", "text": "I cook"}]}, "skill and text are both words"),
    "a date": ("me.json", {"skills": [{"skill": "cook", "since": "long ago"}]}, r"skills\[1\].since: 'long ago' is no"),
    "a day that is none": ("me.json", {"aims": [], "skills": [{"skill": "a", "since": "2021-02-29"}]}, "is no date"),
    "a language": ("me.json", {"lang": "english please", "skills": []}, "lang: 'english please' is not a language tag"),
    "a surrogate": ("me.json", '{"skills": ["a\\ud800"]}', "half a character"),
    "a long text": ("me.json", {"skills": ["a" * 10_001]}, "more than 10,000 characters"),
    "many skills": ("me.json", {"skills": ["a"] * (MAX_LINES + 1)}, "2,001 entries are more than one person has"),
    "many aims": ("me.json", {"skills": [], "aims": ["a"] * 1_000_000}, "1,000,000 entries are more"),
    "deep json": ("me.json", '{"skills": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested more than 50 deep"),
    "somewhat deep json": ("me.json", '{"skills": ' + "[" * 60 + "]" * 60 + "}", "nested more than 50 deep"),
    "deep yaml": ("me.yaml", "skills: " + "[" * 5_000 + "]" * 5_000, "nested more than 50 deep"),
    "a large yaml": ("me.yaml", "skills:\n" + "- cook\n" * 200_000, "more than 1 MiB"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_in_words(small: Graph, tmp_path: Path, name: str) -> None:
    file, content, message = WRONG[name]
    path = tmp_path / file if content is None else write(tmp_path, file, content)
    with pytest.raises(SourceError, match=message) as caught:
        read_person(path, small)
    assert str(path) in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", [name for name, (file, *_) in WRONG.items() if file == "me.yaml"])
def test_yaml_is_refused_alike_without_libyaml(
    small: Graph, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("yaml.CBaseLoader", raising=False)
    test_a_wrong_file_is_refused_in_words(small, tmp_path, name)


def test_a_bomb_of_aliases_does_not_grow(small: Graph, tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(SourceError, match="an alias"):
        read_person(write(tmp_path, "me.yaml", "\n".join(lines)), small)


def test_many_holdings_in_rdf_are_refused(small: Graph, tmp_path: Path) -> None:
    esg = "https://w3id.org/esco-graph/ns#"
    parts = ", ".join(f"<urn:x#skill-{number}>" for number in range(MAX_LINES + 1))
    path = write(tmp_path, "me.ttl", f"<urn:x> a <{esg}PersonProfile> ; <{esg}holds> {parts} .")
    with pytest.raises(SourceError, match="2,001 parts of one kind"):
        read_person(path, small)


def test_a_folder_is_no_file(small: Graph, tmp_path: Path) -> None:
    (tmp_path / "me.yaml").mkdir()
    with pytest.raises(SourceError, match="this is a folder"):
        read_person(tmp_path / "me.yaml", small)


def test_a_byte_order_mark_is_passed_over(small: Graph, tmp_path: Path) -> None:
    for name, text in (("me.yaml", "skills: [cook]"), ("me.json", '{"skills": ["cook"]}')):
        assert read_person(write(tmp_path, name, b"\xef\xbb\xbf" + text.encode()), small).skill_iris == (
            SKILL + "cook",
        )


def test_control_and_direction_characters_are_taken_out_of_texts(small: Graph, tmp_path: Path) -> None:
    document = {"name": "Zo\x1b[31me\u202e", "skills": [" co\u200bok\n"]}
    person = read_person(write(tmp_path, "me.json", document), small)
    assert person.name == "Zo[31me"
    assert person.skill_iris == (SKILL + "cook",)


def test_a_yaml_tag_means_nothing_and_every_scalar_is_text() -> None:
    text = "a: !!python/object/apply:os.system [no]\nb: 2019-05-31\nc: 012\nd: yes\ne: ~\nf: '~'\ng:"
    assert load_yaml(text, "x") == {
        "a": ["no"], "b": "2019-05-31", "c": "012", "d": "yes", "e": None, "f": "~", "g": None,
    }  # fmt: skip


def test_depth_is_allowed_up_to_the_limit() -> None:
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert load_json(text, "x") == load_yaml(text, "x")
    for load in (load_json, load_yaml):
        with pytest.raises(SourceError, match="deep"):
            load(f"[{text}]", "x")


@pytest.mark.parametrize("text", ["", "2019", "2019-12", "2020-02-29", "0001-01-01"])
def test_dates(text: str) -> None:
    assert check_date(text) == text


@pytest.mark.parametrize(
    "text", ["19", "0000", "2019-13", "2019-00", "2019-02-29", "2019-04-31", "2019-1", "٢٠١٩", "2019-05-00"]
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ParameterError, match="is no date"):
        check_date(text)


@pytest.mark.parametrize("own", ["sam", "urn: x", "urn:epass:person:1", SKILL + "cook", "http://[", "mailto:a@b.c"])
def test_what_is_no_identifier_of_a_person_gives_way_to_a_made_one(small: Graph, tmp_path: Path, own: str) -> None:
    person = read_person(write(tmp_path, "me.json", {"id": own, "skills": ["cook"]}), small)
    assert person.iri.startswith("urn:uuid:")
    assert "is no IRI of its own" in person.remarks[0]


@pytest.mark.parametrize("own", ["https://example.org/me#i", "urn:uuid:1", "did:key:z6Mk"])
def test_an_identifier_of_a_person_is_kept(small: Graph, tmp_path: Path, own: str) -> None:
    person = read_person(write(tmp_path, "me.json", {"id": own, "skills": ["cook"]}), small)
    assert (person.iri, person.remarks) == (own, ())


@pytest.mark.parametrize(
    ("level", "iri", "words"),
    [
        ("EQF 4", "http://data.europa.eu/snb/eqf/4", ""),
        ("eqf level 8", "http://data.europa.eu/snb/eqf/8", ""),
        ("http://example.org/b2", "http://example.org/b2", ""),
        ("EQF 9", "", "EQF 9"),
        ("http://[", "", "http://["),
        ("fluent", "", "fluent"),
    ],
)
def test_levels(small: Graph, tmp_path: Path, level: str, iri: str, words: str) -> None:
    document = {"skills": [{"skill": "cook", "level": level}]}
    (holding,) = read_person(write(tmp_path, "me.json", document), small).skills
    assert (holding.level, holding.said_level) == (iri, words)


def test_what_was_not_understood_does_not_count(small: Graph, tmp_path: Path) -> None:
    matrix = SkillMatrix.of(small)
    said = [SKILL + "cook", SKILL + "old", SKILL + "none", OCCUPATION + "chef", SKILL + "cook", "unheard of"]
    person = read_person(write(tmp_path, "me.json", {"skills": said}), small)
    assert person.counted_skills == (SKILL + "cook",)
    assert [matrix.skills[column] for column in person.skill_set(matrix).all] == [SKILL + "cook"]
    only = read_person(write(tmp_path, "old.json", {"skills": [SKILL + "old"]}), small)
    with pytest.raises(SourceError, match="no skill that the graph knows"):
        only.skill_set(matrix)
