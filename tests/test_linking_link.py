"""Candidates with scores and reasons, for good, odd and hostile titles; streams, and the set of candidates."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import said_under_two_seeds
from esco_graph.errors import NotFoundError, ParameterError
from esco_graph.graph import Graph
from esco_graph.linking import link as engine
from esco_graph.linking.index import CandidateIndex, Entry
from esco_graph.linking.link import PROPOSED, Linked, Linker, link
from esco_graph.linking.reasons import Reasons
from esco_graph.linking.retrieve import COLUMNS, retrieve
from esco_graph.linking.texts import Query
from esco_graph.linking.write import COLUMNS as ROW
from esco_graph.linking.write import WRITERS, mapping_set, rows_of
from esco_graph.mappings.model import CLOSE, EXACT, NARROW, RELATIONS
from esco_graph.taxonomies.registry import own_taxonomy

BASE = "http://example.org/"


def entry(name: str, *labels: str, **facts: str) -> Entry:
    return Entry(BASE + name, tuple((label, min(rank, 1)) for rank, label in enumerate(labels)), **facts)


@pytest.fixture(scope="module")
def index() -> CandidateIndex:
    return CandidateIndex.from_entries(
        [
            entry("nurse", "nurse", "ward nurse", "RN", description="cares for sick people in a hospital", isco="2221"),
            entry("vet", "veterinary nurse", "animal nurse", description="cares for sick animals", isco="3240"),
            entry("cook", "cook", "kitchen cook", description="prepares meals", isco="5120", code="5120.1"),
            entry("welder", "welder", "arc welder", description="joins metal parts by heat", isco="7212"),
            entry("dev", "software developer", "programmer", description="writes code", isco="2512"),
        ],
        "occupation",
        "en",
    )


def names(linked: Linked) -> list[str]:
    return [candidate.iri.removeprefix(BASE) for candidate in linked.candidates]


def reasons_of(index: CandidateIndex, query: Query) -> dict[str, tuple[str, ...]]:
    pool = retrieve(index, [query])
    made = Reasons(index, [query], pool)
    return {index.iris[row].removeprefix(BASE): made.of(0, place) for place, row in enumerate(pool.rows[0]) if row >= 0}


# What is found


def test_an_equal_label_comes_first(index: CandidateIndex) -> None:
    found = list(Linker.of(index, embed="off").link([Query("1", "Ward Nurse"), Query("2", "Köchin / cook")]))
    assert names(found[0])[0] == "nurse"
    assert names(found[1])[0] == "cook"


def test_every_view_scores_between_0_and_about_1(index: CandidateIndex) -> None:
    query = Query("1", "nurse", alt=("ward nurse", "cook"), description="cares for sick people", isco="2221")
    pool = retrieve(index, [query])
    assert set(pool.scores) == set(COLUMNS)
    assert all(values.min() >= 0 and values.max() <= 1.6 for values in pool.scores.values())
    assert pool.scores["isco"][0, 0] == 1


def test_ties_go_by_iri() -> None:
    same = CandidateIndex.from_entries([entry(name, "nurse") for name in "cab"], "occupation", "en")
    assert names(next(Linker.of(same, embed="off").link([Query("1", "nurse")]))) == ["a", "b", "c"]
    assert names(next(Linker.of(same, k=2, embed="off").link([Query("1", "nurse")]))) == ["a", "b"]


def test_chunks_do_not_change_the_answer(index: CandidateIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    queries = [
        Query(str(n), title) for n, title in enumerate(("nurse", "Pfleger/in", "", "arc welding", "cook (m/w/d)"))
    ]
    whole = retrieve(index, queries)
    monkeypatch.setattr("esco_graph.linking.retrieve._QUERIES", 2)
    parts = retrieve(index, queries)
    assert whole.rows.tolist() == parts.rows.tolist()
    assert whole.total.tobytes() == parts.total.tobytes()


@pytest.mark.parametrize(
    ("title", "remark"),
    [
        ("", "there is no title"),
        ("  \t", "there is no title"),
        ("12345", "the title has no word"),
        ("🦄 🎉", "the title has no word"),
        ("\0\0", "the title has no word"),
        ("مهندس", "no label has anything in common with it"),
        ("看護師", "no label has anything in common with it"),
    ],
)
def test_titles_that_mean_nothing_here_say_why(index: CandidateIndex, title: str, remark: str) -> None:
    assert next(Linker.of(index, embed="off").link([Query("1", title)])) == Linked(Query("1", title), (), remark)


@pytest.mark.parametrize(
    "title", ["nurse " + "x" * 10_000, "n\0urse ward nurse", "🦄 nurse 看護師 مهندس", "\u202enurse", "nurse\ud800"]
)
def test_odd_titles_are_still_linked(index: CandidateIndex, title: str) -> None:
    found = next(Linker.of(index, embed="off").link([Query("1", title)]))
    assert "nurse" in names(found)
    assert ("first 400" in found.remark) == (len(title) > 400)


@given(st.lists(st.builds(Query, st.just("1"), st.text(max_size=40), alt=st.tuples(st.text(max_size=9))), max_size=5))
@settings(max_examples=40, deadline=None)
def test_any_titles_get_an_answer_each(queries: list[Query]) -> None:
    index = CandidateIndex.from_entries([entry("a", "nurse", "Pfleger/in"), entry("b", "cook")], "occupation", "en")
    found = list(Linker.of(index, embed="off").link(queries))
    assert [one.query for one in found] == queries
    assert all(0 <= candidate.score <= 1 and candidate.reasons for one in found for candidate in one.candidates)
    assert all(one.candidates or one.remark for one in found)


def test_narrow_is_never_proposed() -> None:
    import numpy as np

    probabilities = np.eye(5, dtype=np.float32)[None]
    assert set(engine.proposed(probabilities)[0]) == {*PROPOSED, "mapped"}


# Streams


def test_endless_titles_are_linked_as_they_come(index: CandidateIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "CHUNK", 10)
    endless = (Query(str(number), f"nurse {number % 7}") for number in itertools.count())
    found = list(itertools.islice(Linker.of(index, embed="off").link(endless), 35))
    assert [one.query.id for one in found] == [str(number) for number in range(35)]


def test_a_title_that_comes_again_is_ranked_once(index: CandidateIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    ranked: list[int] = []

    def counting(index: CandidateIndex, queries: list[Query], k: int) -> object:
        ranked.append(len(queries))
        return retrieve(index, queries, k)

    monkeypatch.setattr(engine, "retrieve", counting)
    found = list(Linker.of(index, embed="off").link(Query(str(number), "ward nurse") for number in range(10_000)))
    assert ranked == [1]
    assert {names(one)[0] for one in found} == {"nurse"}
    assert found[-1].query.id == "9999"


def test_what_is_remembered_is_bounded(index: CandidateIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_CACHED", 3)
    monkeypatch.setattr(engine, "CHUNK", 4)
    queries = [Query(str(number), f"nurse {number % 9}") for number in range(40)]
    once = list(Linker.of(index, embed="off").link(queries))
    assert [names(one) for one in once[:9]] == [names(one) for one in once[9:18]]


def test_the_same_titles_give_the_same_words_under_any_hash_seed() -> None:
    code = """
from esco_graph.linking.index import CandidateIndex, Entry
from esco_graph.linking.link import Linker
from esco_graph.linking.texts import Query
entries = [
    Entry(f"http://example.org/{n}", ((f"ward nurse {'abc'[n % 3]}", 0), ("nurse", 1)), "cares for people", "2221")
    for n in range(30)
]
index = CandidateIndex.from_entries(entries, "occupation", "en")
query = Query("1", "nurses", "en", ("ward nurse",), "care of the sick", "1.2", "2221")
for one in Linker.of(index, embed="off").link([query]):
    print(one)
"""
    assert len(said_under_two_seeds(code)) == 1


def test_a_mode_or_a_number_that_is_none_is_refused(index: CandidateIndex, sample_graph: Graph) -> None:
    with pytest.raises(ParameterError, match="auto, on, off"):
        Linker.of(index, embed="perhaps")
    with pytest.raises(ParameterError, match="1 or more"):
        Linker.of(index, k=0)
    with pytest.raises(NotFoundError):
        list(link([Query("1", "nurse")], sample_graph, lang="xx"))


# Reasons


def test_reasons_name_the_label_and_how_it_matched(index: CandidateIndex) -> None:
    assert reasons_of(index, Query("1", "Ward nurse"))["nurse"][0] == "equal to the alternative label 'ward nurse'"
    assert (
        reasons_of(index, Query("1", "nurse (m/f/d)"))["nurse"][0]
        == "equal to the preferred label 'nurse' (as 'nurse')"
    )
    assert reasons_of(index, Query("1", "developers, software"))["dev"][0] == (
        "the same words as the preferred label 'software developer'"
    )
    assert reasons_of(index, Query("1", "old ward nurses"))["nurse"][0] == (
        "shares the words ward, nurses with the alternative label 'ward nurse'"
    )
    assert reasons_of(index, Query("1", "weldder"))["welder"][0] == "is spelt nearly like the preferred label 'welder'"


def test_reasons_say_of_two_words_only_what_is_the_same(index: CandidateIndex) -> None:
    first = reasons_of(index, Query("1", "Softwareentwickler"))["dev"]
    assert first[0] == "shares the word software- with the preferred label 'software developer'"
    assert "the same words" not in reasons_of(index, Query("1", "developments, software"))["dev"][0]
    assert not any("softwareentwickler" in reason for reason in first)


def test_reasons_name_other_titles_descriptions_and_the_group(index: CandidateIndex) -> None:
    query = Query("1", "carer", alt=("Programmer", "RN"), description="cares for sick people in hospitals", isco="2221")
    found = reasons_of(index, query)
    assert "its title 'RN' is also an alternative label" in found["nurse"]
    assert any(reason.startswith("both descriptions speak of") and "hospitals" in reason for reason in found["nurse"])
    assert "same ISCO group 2221" in found["nurse"]
    assert "its title 'Programmer' is also an alternative label" in found["dev"]


def test_reasons_name_the_codes_of_siblings(index: CandidateIndex) -> None:
    import numpy as np

    queries = [Query(str(n), "nurse", code=f"B 8130{n}-100") for n in range(3)]
    pool = retrieve(index, queries)
    heard = {"siblings": np.ones(pool.rows.shape, np.float32)}
    assert "codes beginning with B 8130 point to ISCO group 2221" in Reasons(index, queries, pool, heard).of(0, 0)
    assert not any("codes" in reason for reason in Reasons(index, queries[:1], pool, heard).of(0, 0))


# What is written


@pytest.fixture(scope="module")
def found(index: CandidateIndex) -> list[Linked]:
    queries = [Query("a 1", "nurse", "en", code="a 1"), Query("2", '=cmd, "x"\n'), Query("3", "")]
    return list(Linker.of(index, k=2, embed="off").link(queries))


def test_each_candidate_has_a_row_and_so_has_a_title_without_any(found: list[Linked]) -> None:
    rows = [dict(zip(ROW, row, strict=True)) for one in found for row in rows_of(one)]
    assert [row["rank"] for row in rows if row["id"] == "a 1"] == [1, 2]
    assert [row["remark"] for row in rows if row["id"] == "3"] == ["there is no title"]


@pytest.mark.parametrize("format_", sorted(WRITERS))
def test_formats_are_written_piece_by_piece_and_read_back(found: list[Linked], format_: str) -> None:
    import csv
    import io

    endless = WRITERS[format_](itertools.cycle(found))
    assert next(endless)
    text = "".join(WRITERS[format_](found))
    if format_ == "json":
        assert [one["id"] for one in json.loads(text)["linked"]] == ["a 1", "2", "3"]
        assert "ESCO" in json.loads(text)["attribution"]
    elif format_ == "jsonl":
        assert [json.loads(line)["title"] for line in text.splitlines()] == [one.query.label for one in found]
    else:
        rows = list(csv.DictReader(io.StringIO(text), delimiter="," if format_ == "csv" else "\t"))
        assert {row["title"] for row in rows} == {one.query.label for one in found}


def test_a_score_that_is_not_calibrated_is_no_confidence(found: list[Linked]) -> None:
    records = [json.loads(line) for line in "".join(WRITERS["jsonl"](found)).splitlines()]
    for one, record in zip(found, records, strict=True):
        for candidate, written in zip(one.candidates, record["candidates"], strict=True):
            assert ("confidence" in written) == (candidate.confidence is not None)
            assert "similarity_score" in written


def test_titles_of_another_language_have_no_confidence(index: CandidateIndex) -> None:
    linker = Linker.of(index, embed="off")
    own, other = (next(linker.link([Query("1", "ward nurse", lang)])).candidates[0] for lang in ("en-GB", "fr"))
    assert own.iri == other.iri
    assert own.confidence is not None
    assert other.confidence is None


def test_skills_are_not_ranked_as_occupations() -> None:
    skills = CandidateIndex.from_entries([entry("a", "weld metal")], "skill", "en")
    with pytest.raises(ParameterError, match="as phrases are"):
        Linker.of(skills, embed="off")


def test_a_title_without_a_code_is_known_by_its_words_and_a_pair_stands_once() -> None:
    def linked(identifier: str, title: str, score: float) -> Linked:
        one = engine.Candidate("http://example.org/dev", "developer", "", score, None, "none", ())
        return Linked(Query(identifier, title), (one,))

    jobs = {"source": own_taxonomy("jobs", "en"), "target": "esco", "lang": "en", "target_lang": "en"}
    first = mapping_set([linked("line 1", "ward nurse", 0.4)], "jobs", **jobs)
    moved = [linked("line 1", "cook", 0.1), linked("line 2", "ward nurse", 0.4), linked("line 3", "ward nurse", 0.6)]
    later = mapping_set(moved, "jobs", **jobs)
    (subject,) = {row.subject for row in first.mappings}
    assert subject.endswith("/jobs/ward%20nurse")
    assert [row.similarity_score for row in later.mappings if row.subject == subject] == [0.6]
    assert len(later.concepts) == 2


def test_candidates_become_a_mapping_set_that_asserts_no_exact_match(found: list[Linked]) -> None:
    one = found[0]
    sure = [
        engine.Candidate(c.iri, c.label, c.code, c.score, None, relation, c.reasons)
        for c, relation in zip(one.candidates, ("exact", "mapped"), strict=True)
    ]
    made = mapping_set(
        [Linked(one.query, tuple(sure)), *found[1:]],
        "my-jobs",
        source=own_taxonomy("jobs", "en"),
        target="esco",
        lang="en",
        target_lang="en",
        base="https://my.org/",
    )
    rows = [row for row in made.mappings if row.subject_label == "nurse"]
    assert {row.subject for row in rows} == {"https://my.org/taxonomy/jobs/a%201"}
    assert {row.predicate for row in made.mappings}.isdisjoint({EXACT, NARROW})
    assert [row.comment.startswith("proposed as exact; ") for row in rows if row.predicate == CLOSE] == [True]
    assert {row.predicate for row in made.mappings} <= set(RELATIONS.values())
    assert all(row.confidence is None and row.similarity_score for row in rows)
    assert "a 1" in {concept.code for concept in made.concepts}
