"""Phrases: labels first, then candidates; what only leads to a skill does not count; nothing is invented."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Run, said_under_two_seeds
from esco_graph.errors import NotFoundError, ParameterError
from esco_graph.graph import Graph
from esco_graph.linking.embed import Vectors
from esco_graph.linking.encoders import MINILM
from esco_graph.linking.index import CandidateIndex, Entry
from esco_graph.linking.link import Linked
from esco_graph.linking.texts import Query
from esco_graph.phrases.label_bags import ARRAYS, LabelBags
from esco_graph.phrases.linker import SkillLinker
from esco_graph.phrases.nearest import nearest
from esco_graph.phrases.phrase_words import LONGEST, phrase_words, without_lead
from esco_graph.phrases.roots import root
from esco_graph.phrases.stored_bags import open_bags, save_bags
from esco_graph.phrases.understand import LIKELY, POSSIBLE, STATUS, understand, understand_all
from esco_graph.sources.page import read_page

SKILL = "http://example.org/skill/"
LABELS = {
    "1": ("manage budgets", "administer budgets"),
    "2": ("use spreadsheets software", "Excel"),
    "3": ("project management", "manage projects"),
    "4": ("R", "GNU R"),
    "5": ("plan construction of houses",),
}


def bags(labels: dict[str, tuple[str, ...]] = LABELS, kind: str = "skill", lang: str = "en") -> LabelBags:
    entries = [
        Entry(SKILL + key, tuple((label, int(at > 0)) for at, label in enumerate(some))) for key, some in labels.items()
    ]
    return LabelBags.of(CandidateIndex.from_entries(entries, kind, lang))


# Leads


@pytest.mark.parametrize(
    ("phrase", "lang", "bare"),
    [
        ("experience with budget planning", "en", "budget planning"),
        ("Proven ability to lead a team", "en", "lead a team"),
        ("excellent communication skills", "en", "communication"),
        ("You have a very good knowledge of tax law", "en", "tax law"),
        ("Kenntnisse in Buchhaltung", "de", "Buchhaltung"),
        ("mehrjährige Erfahrung im Umgang mit Maschinen", "de", "Maschinen"),
        ("bonne maîtrise de la comptabilité", "fr", "comptabilité"),
        ("capacidad para resolver problemas", "es", "resolver problemas"),
        ("znajomość prawa podatkowego", "pl", "prawa podatkowego"),
        ("erfarenhet av projektledning", "sv", "projektledning"),
        ("esperienza in contabilità", "it", "contabilità"),
        ("ervaring met boekhouden", "nl", "boekhouden"),
        ("experiência em contabilidade", "pt", "contabilidade"),
        ("erfaring med bogføring", "da", "bogføring"),
        ("project management", "en", "project management"),
        ("skills", "en", "skills"),
        ("ability to", "en", "ability to"),
        ("strong", "en", "strong"),
        ("", "en", ""),
    ],
)
def test_what_only_leads_to_a_skill_is_left_out(phrase: str, lang: str, bare: str) -> None:
    assert without_lead(phrase, lang) == bare


@given(st.text(max_size=200))
def test_a_bare_phrase_is_a_part_of_the_phrase_and_never_empty(text: str) -> None:
    bare = without_lead(text)
    assert bare in text
    assert bool(bare) == bool(text)


def test_an_unknown_language_has_the_english_leads_and_no_small_words() -> None:
    known = phrase_words("xx")
    assert ("knowledge", "of") in known.leads
    assert not known.small


@pytest.mark.parametrize(
    "forms",
    [
        ("manage", "managing", "managed", "manageme"),
        ("develop", "developi", "developm"),
        ("organise", "organize", "organisi", "organisa"),
        ("plan", "planning", "planned"),
        ("cook", "cooking"),
        ("drive", "driving"),
    ],
)
def test_forms_of_a_word_have_one_root(forms: tuple[str, ...]) -> None:
    assert len({root(form) for form in forms}) == 1


@pytest.mark.parametrize(("one", "other"), [("customer", "customs"), ("nurse", "nursery"), ("c++", "c#"), ("r", "rs")])
def test_other_words_have_other_roots(one: str, other: str) -> None:
    assert root(one) != root(other)


# Candidates


def labels_for(phrase: str) -> list[str]:
    return [one.label for one in next(nearest(bags(), [phrase]))]


@pytest.mark.parametrize(
    ("phrase", "label"),
    [
        ("experience in budget management", "manage budgets"),
        ("managing of projects", "project management"),
        ("spreadsheet software", "use spreadsheets software"),
        ("house construction", "plan construction of houses"),
    ],
)
def test_inflection_and_order_do_not_matter(phrase: str, label: str) -> None:
    assert labels_for(phrase)[0] == label


def test_a_candidate_says_why() -> None:
    best = next(nearest(bags(), ["budgets for departments"]))[0]
    assert best.reasons == ("shares budgets with the preferred label 'manage budgets'",)
    assert 0 < best.score < 1
    assert (best.confidence, best.relation, best.kind) == (None, "mapped", "skill")


def test_nothing_in_common_gives_nothing() -> None:
    assert labels_for("zzz") == []
    assert list(nearest(bags(), [])) == []


@given(st.text(max_size=60))
def test_scores_lie_between_0_and_1_and_fall(text: str) -> None:
    scores = [one.score for one in next(nearest(bags(), [text or "x"], 10))]
    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)


def test_an_index_of_labels_without_meaning_has_no_bags() -> None:
    empty = bags({"1": ("of the",)})
    assert empty.labels_of(1) == []
    assert [one.label for one in next(nearest(empty, ["of the"]))] in ([], ["of the"])


def test_vectors_find_what_shares_no_word() -> None:
    """With an encoder that takes "zzz" for budgets it finds them; alone and in company alike."""
    known = bags()
    about = np.eye(len(known.index.labels), dtype=np.float16)
    encode = lambda texts: np.array([about[0] if "zzz" in text else about[-1] for text in texts])  # noqa: E731
    vectors = Vectors(dataclasses.replace(MINILM, size=len(about)), encode, about, about)
    ((best, *_),) = nearest(known, ["zzz"], vectors=vectors)
    assert best.label == "manage budgets"
    assert best.reasons == ("is near in meaning to the preferred label 'manage budgets'",)
    assert next(nearest(known, ["zzz", "R"], vectors=vectors))[0] == best
    assert labels_for("zzz") == []


def linked(*queries: Query) -> list[Linked]:
    return list(SkillLinker(bags(), k=2).link(queries))


def test_a_list_of_skills_is_linked_as_phrases_are() -> None:
    label, other, near, nothing = linked(
        Query("1", "manage budgets"), Query("2", "EXCEL"), Query("3", "managing of projects"), Query("4", "xyzzy")
    )
    assert [one.candidates[0].relation for one in (label, other, near)] == ["exact", "close", "mapped"]
    assert label.candidates[0].reasons == ("is the preferred label 'manage budgets'",)
    assert near.candidates[0].label == "project management"
    assert all(one.confidence is None for one in near.candidates)
    assert (nothing.candidates, nothing.remark) == ((), "no label has anything in common with it")
    far = linked(Query("5", "houses of cards for sale in far places"))[0].candidates[0]
    assert (far.label, far.relation) == ("plan construction of houses", "none")


def test_another_title_helps_and_says_so() -> None:
    (one,) = linked(Query("1", "R", alt=("manage projects", "manage projects")))
    assert [found.label for found in one.candidates] == ["R", "project management"]
    assert one.candidates[1].reasons == (
        "alternative title 'manage projects': is the alternative label 'manage projects'",
    )
    assert one.candidates[1].relation == "mapped"


def test_an_empty_title_and_no_candidates_are_told_apart() -> None:
    empty, after = linked(Query("1", " ", alt=("manage projects",)), Query("2", "manage budgets"))
    assert (empty.candidates, empty.remark) == ((), "there is no title")
    assert after.candidates[0].label == "manage budgets"
    with pytest.raises(ParameterError, match="number of candidates"):
        SkillLinker.of(Graph.memory(), "en", k=0)


def test_bags_are_stored_and_opened_again(tmp_path: Path) -> None:
    made = bags()
    save_bags(made, tmp_path)
    opened = open_bags(made.index, tmp_path)
    assert opened is not None
    assert opened.number == made.number
    assert all(np.array_equal(getattr(opened, name), getattr(made, name)) for name in ARRAYS)
    other = bags({"1": ("another",)})
    assert open_bags(dataclasses.replace(other.index, digest="other"), tmp_path) is None


@pytest.mark.parametrize("name", ["bags.bin", "bags.json"])
def test_damaged_bags_are_not_used(tmp_path: Path, name: str) -> None:
    save_bags(bags(), tmp_path)
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[: len(data) // 2])
    assert open_bags(bags().index, tmp_path) is None


# Understanding


def test_a_label_decides_with_its_kind(sample_graph: Graph) -> None:
    found = understand(sample_graph, "Occupational Therapy  assistant")
    assert (found.status, found.match.property, found.match.kind) == ("label", "prefLabel", "occupation")
    assert found.candidates == ()


def test_a_label_after_its_lead_says_so(sample_graph: Graph) -> None:
    found = understand(sample_graph, "good knowledge of biomedical science", kind="skill")
    assert (found.match.label, found.without) == ("biomedical science", "biomedical science")


def test_without_a_label_there_are_candidates_and_no_match(sample_graph: Graph) -> None:
    found = understand(sample_graph, "therapies for occupations of users", k=3)
    assert found.match is None
    assert found.status in STATUS[2:]
    assert 0 < len(found.candidates) <= 3


def test_what_is_nothing_is_said_to_be_nothing(sample_graph: Graph) -> None:
    found = understand(sample_graph, "xyzzy plugh")
    assert found.status == "none"
    assert "nothing is near enough" in found.reason


def test_kinds_restrict(sample_graph: Graph) -> None:
    assert all(one.kind == "skill" for one in understand(sample_graph, "therapy work", kind="skill").candidates)
    with pytest.raises(ParameterError, match="no kind of phrase"):
        understand(sample_graph, "x", kind="scheme")


@pytest.mark.parametrize("text", ["", "  \n", "x" * (LONGEST + 1)])
def test_what_is_no_phrase_is_refused(sample_graph: Graph, text: str) -> None:
    with pytest.raises(ParameterError):
        understand(sample_graph, text)


def test_a_language_without_labels_is_refused(sample_graph: Graph) -> None:
    with pytest.raises(NotFoundError):
        understand(sample_graph, "zupa pomidorowa", lang="pl")


@pytest.mark.parametrize("text", ["\x00", "a\u0301\u202e", "😀😀", "e" * LONGEST, "'; DROP", '"\\'])
def test_hostile_phrases_are_answered(sample_graph: Graph, text: str) -> None:
    assert understand(sample_graph, text).status in STATUS


def test_the_order_of_hashes_does_not_matter() -> None:
    code = (
        "from test_phrases import bags\nfrom esco_graph.phrases.nearest import nearest\n"
        "print([*nearest(bags(), ['budget planning for houses', 'software project'])])"
    )
    assert len(said_under_two_seeds(code)) == 1


# The command


def test_the_command_shows_labels_and_candidates(run: Run) -> None:
    out = run("link", "text", "Occupational therapy assistant", "therapies for users", "--format", "json").output
    label, near = json.loads(out)
    assert (label["status"], label["matches"][0]["property"]) == ("label", "prefLabel")
    assert label["matches"][0]["label"] == "occupational therapy assistant"
    assert near["candidates"][0]["reasons"]


def test_the_command_reads_lines(run: Run) -> None:
    lines = "biomedical science\n\n" + "y" * (LONGEST + 5) + "\nxyzzy\n"
    out = run("link", "text", "-", "--format", "csv", input=lines).output
    assert "biomedical science,label,biomedical science,skill" in out
    assert "Line 3 has more than" in out
    assert "xyzzy,none,,," in out


def test_lines_come_as_one_list(run: Run) -> None:
    out = run("link", "text", "-", "--format", "json", "--embed", "off", input="xyzzy\nbiomedical science\n").output
    assert [one["status"] for one in json.loads(out)] == ["none", "label"]
    assert json.loads(run("link", "text", "-", "--format", "json", input="\n").output) == []


def test_the_command_has_a_table(run: Run) -> None:
    assert "biomedical science" in run("link", "text", "biomedical science").output


# The real release


def test_the_seed_page_44_of_45(seed_page, graph_111: Graph) -> None:
    """LINKING §6 and issue 5: 41 preferred labels, 3 alternative ones, and one line that stays open."""
    lines = [line.label for line in read_page(seed_page).skills]
    assert len(lines) == 45
    found = understand_all(graph_111, lines, kind="skill", k=3, embed="off")
    kinds = [one.match.property if one.match else one.status for one in found]
    assert (kinds.count("prefLabel"), kinds.count("altLabel")) == (41, 3)
    (left,) = [one for one in found if not one.match]
    assert left.text == "Apply health sciences"
    assert left.status == "possible"
    assert len(left.candidates) == 3
    assert all("health" in one.label or "science" in one.label for one in left.candidates)
    assert POSSIBLE <= left.candidates[0].score < LIKELY
