"""The review without a terminal: states, the log on disk, rows of SSSOM, agreement of two, taking by precision."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esco_graph.errors import EscoGraphError, NotFoundError, ParameterError, SourceError, StoreError
from esco_graph.linking.link import Candidate, Linked
from esco_graph.linking.texts import Query
from esco_graph.linking.write import mapping_set
from esco_graph.mappings.model import BROAD, CLOSE, COMPOSITE, EXACT, MANUAL, NARROW, SOME, Mapping, MappingSet
from esco_graph.review import auto_accept
from esco_graph.review.agreement import compare, conflict_set, kappa
from esco_graph.review.decision_log import opened, reviewer_of
from esco_graph.review.decisions import answers_of, carried_over, rejected_pairs, reviewed, tasks_of
from esco_graph.review.machine import (
    DECIDED,
    EVENTS,
    FOUND,
    SHOWN,
    Answer,
    Event,
    Option,
    State,
    Verdict,
    reopen,
    resume,
    start,
    step,
)
from esco_graph.review.reviewer import reviewer_named
from esco_graph.taxonomies.registry import own_taxonomy

A, B, C = (f"https://example.org/a/{letter}" for letter in "abc")
X, Y, Z = (f"http://data.europa.eu/esco/occupation/{letter}" for letter in "xyz")
WHEN = "2026-02-03T04:05:06+00:00"


def candidate(subject: str, target: str, predicate: str = CLOSE, score: float = 0.5, **more: Any) -> Mapping:
    labels = (f"label {subject[-1]}", f"label {target[-1]}")
    return replace(Mapping(subject, predicate, target, *labels, COMPOSITE, similarity_score=score), **more)


def by_hand(subject: str, target: str, predicate: str = CLOSE, modifier: str = "", **more: str) -> Mapping:
    return Mapping(subject, predicate, target, justification=MANUAL, modifier=modifier, **more)


def set_of(*rows: Mapping, name: str = "jobs") -> MappingSet:
    return MappingSet(name, f"https://example.org/{name}", mappings=rows)


JOBS = set_of(candidate(A, X, EXACT, 0.9), candidate(A, Y, score=0.4), candidate(B, Y, SOME), candidate(C, Z, BROAD))


def press(state: State, *events: Event) -> tuple[State, list[Answer]]:
    records = []
    for event in events:
        state = step(state, replace(event, when=WHEN, by="Ada"))
        records += [state.record] if state.record else []
    return state, records


# States


def test_the_best_candidate_comes_first_and_is_chosen() -> None:
    state = start(tasks_of(JOBS))
    assert state.task
    assert [option.iri for option in state.options] == [X, Y]
    assert (state.task.subject, state.chosen, state.left) == (A, 0, 3)


def test_an_exact_proposal_is_not_accepted_without_saying_so() -> None:
    state, records = press(start(tasks_of(JOBS)), Event("accept"))
    assert not records
    assert "press e" in state.message
    state, records = press(state, Event("relate", relation="exact"))
    assert records[0].verdicts == (Verdict(X, "exact", label="label x"),)
    assert state.task is not None
    assert state.task.subject == B


def test_a_candidate_that_link_keeps_as_close_may_be_proposed_as_exact() -> None:
    """`link --keep` writes no exactMatch, so the comment of the row says what was proposed."""
    query, one = Query("a", "cook"), Candidate(X, "chef", "3434.1", 0.5, None, "exact", ("same words",))
    kept = mapping_set(
        [Linked(query, (one,))], "jobs", source=own_taxonomy("Jobs", "en"), target="esco", lang="en", target_lang="en"
    )
    assert EXACT not in {row.predicate for row in kept.mappings}
    state, records = press(start(tasks_of(kept), answers_of(kept)), Event("accept"))
    assert not records
    assert (state.options[0].relation, state.options[0].reasons) == ("exact", ("same words",))
    _, records = press(state, Event("relate", relation="exact"))
    assert reviewed(kept, records).mappings[0].predicate == EXACT


def test_a_candidate_without_a_relation_asks_for_one() -> None:
    state, records = press(start(tasks_of(JOBS)), Event("skip"), Event("accept"))
    assert "No relation is proposed" in state.message
    assert len(records) == 1


def test_several_mappings_of_one_concept_and_none_of_the_others() -> None:
    stay = Event("relate", relation="close", stay=True)
    state, records = press(start(tasks_of(JOBS)), Event("choose", number=2), stay, Event("reject"))
    assert [(one.object, one.rejected) for one in records[-1].verdicts] == [(Y, False), (X, True)]
    assert records[-1].verdicts[1].relation == "close"  # exact was proposed, and it is not even close
    assert state.answers[A].done


def test_what_cannot_be_is_said_and_changes_nothing() -> None:
    state = start(tasks_of(JOBS))
    for event in (Event("choose", number=3), Event("choose"), Event("find", text="q"), Event("next"), Event("undo")):
        after = step(state, event)
        assert after.message
        assert replace(after, message="") == state
    with pytest.raises(KeyError):
        step(state, Event("dance"))


def test_skipped_concepts_come_again_at_the_end() -> None:
    state, _ = press(start(tasks_of(JOBS)), Event("skip"), Event("relate", relation="close"))
    assert state.task and state.task.subject == C
    state, _ = press(state, Event("accept"))
    assert state.task and state.task.subject == A


def test_a_found_concept_can_be_chosen_and_is_gone_with_the_next() -> None:
    found = Option("http://data.europa.eu/esco/occupation/new", "new")
    state, records = press(start(tasks_of(JOBS)), Event("find", options=(found,)), Event("relate", relation="narrow"))
    assert records[0].verdicts == (Verdict(found.iri, "narrow", label="new"),)
    assert found not in state.options


def test_none_of_these_speaks_of_what_was_proposed_not_of_what_was_found() -> None:
    found = Option("http://data.europa.eu/esco/occupation/new", "new", relation=FOUND)
    state, _ = press(start(tasks_of(JOBS)), Event("find", text="new", options=(found,)))
    assert [option.iri for option in state.options] == [found.iri, X, Y]
    _, records = press(state, Event("reject"))
    assert [(one.object, one.relation) for one in records[0].verdicts] == [(X, "close"), (Y, "close")]
    _, records = press(state, Event("reject", stay=True))  # the one that is chosen, whoever named it
    assert records[0].verdicts == (Verdict(found.iri, "mapped", rejected=True, label="new"),)


def test_candidates_that_have_no_key_are_not_rejected() -> None:
    many = [candidate(A, f"{X}{number:02}", score=1 - number / 100) for number in range(12)]
    _, records = press(start(tasks_of(set_of(*many))), Event("reject"))
    assert [one.object for one in records[0].verdicts] == [f"{X}{number:02}" for number in range(SHOWN)]


def test_a_proposal_that_is_found_again_keeps_its_reasons_and_no_words_show_all_again() -> None:
    rows = set_of(candidate(A, X), candidate(A, Y, BROAD, 0.4, comment="same words"))
    again = (Option(Y, "label y", relation=FOUND), Option(Z, "label z", relation=FOUND))
    state, _ = press(start(tasks_of(rows)), Event("find", text="y", options=again))
    assert [(option.iri, option.relation) for option in state.options] == [(Y, "broad"), (Z, FOUND), (X, "close")]
    assert state.options[0].reasons == ("same words",)
    state, records = press(state, Event("find"))
    assert [option.iri for option in state.options] == [X, Y]
    assert (state.chosen, state.message, records) == (0, "", [])


def test_a_candidate_that_was_proposed_as_not_related_says_so() -> None:
    one = Candidate(X, "chef", "3434.1", 0.1, 0.2, "none", ("some letters",))
    kept = mapping_set(
        [Linked(Query("a", "xyz"), (one,))],
        "jobs",
        source=own_taxonomy("Jobs", "en"),
        target="esco",
        lang="en",
        target_lang="en",
    )
    state, records = press(start(tasks_of(kept)), Event("accept"))
    assert (state.options[0].relation, state.options[0].reasons) == ("none", ("some letters",))
    assert "No relation is proposed" in state.message
    _, records = press(state, Event("reject"))
    assert [(row.predicate, row.modifier) for row in reviewed(kept, records).mappings] == [(SOME, "Not")]


def test_the_end_and_undo_from_there() -> None:
    close = Event("relate", relation="close")
    state, _ = press(start(tasks_of(JOBS)), close, close, close)
    assert (state.task, state.left) == (None, 0)
    state, _ = press(state, close)
    assert "Nothing is left" in state.message
    state, records = press(state, Event("undo"), Event("undo"))
    assert state.task and state.task.subject == B
    assert all(record.undone for record in records)
    assert state.left == 2


def test_an_empty_set_has_nothing_to_review() -> None:
    assert start(()).task is None


def test_reopen_by_iri_or_label_or_not_at_all() -> None:
    state, _ = press(start(tasks_of(JOBS)), Event("relate", relation="close"))
    assert reopen(state, ["Label  A"]).at == 0
    assert reopen(state, [A]).left == 3
    with pytest.raises(NotFoundError, match="label a"):
        reopen(state, ["lable a"])


EVENTS_DRAWN = st.builds(
    Event,
    kind=st.sampled_from(sorted(EVENTS)),
    number=st.integers(-1, 4),
    relation=st.sampled_from(DECIDED),
    text=st.text(max_size=5),
    options=st.sampled_from([(), (Option(Z, "z"),), (Option(X, "x"), Option("http://example.org/n", "n"))]),
    stay=st.booleans(),
)


@given(st.lists(EVENTS_DRAWN, max_size=25))
def test_a_review_that_is_resumed_at_any_key_stands_where_it_stood(events: Sequence[Event]) -> None:
    """The records alone give the answers back, and as many undo steps."""
    begun = start(tasks_of(JOBS), answers_of(JOBS))
    state, records = press(begun, *events)
    again = resume(begun, records)
    plain = {subject: replace(answer, when="", by="") for subject, answer in state.answers.items()}
    assert {subject: replace(answer, when="", by="") for subject, answer in again.answers.items()} == plain
    assert len(again.before) == len(state.before)
    assert again.left == state.left
    assert (again.task is None) == (state.task is None)


@given(st.lists(EVENTS_DRAWN, max_size=25))
def test_undoing_all_gives_the_set_back(events: Sequence[Event]) -> None:
    state, _ = press(start(tasks_of(JOBS)), *events)
    while state.before:
        state = step(state, Event("undo"))
    assert reviewed(JOBS, state.answers.values()) == JOBS


# The log


def test_the_log_keeps_answers_and_who_gave_them(tmp_path: Path) -> None:
    path = tmp_path / "reviews" / "jobs.jsonl"
    answer = Answer(A, (Verdict(X, "close", label='é "\n'),), done=True, note="n", when=WHEN, by="Ada")
    with opened(path, name="jobs", reviewer="Ada") as log:
        log.append(answer)
    assert reviewer_of(path) == "Ada"
    with opened(path, name="jobs") as log:
        assert log.records == [answer]
        log.published(WHEN)
        log.append(replace(answer, done=False))
    with opened(path, name="jobs") as log:
        assert log.records == [replace(answer, done=False)]


def test_half_a_line_is_cut_off_wherever_the_process_died(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with opened(path, name="jobs", reviewer="Ada") as log:
        log.append(Answer(A, (Verdict(X, "close"),), done=True))
        log.append(Answer(B, done=True))
    whole = path.read_bytes()
    ends = [at + 1 for at, byte in enumerate(whole) if byte == ord("\n")]
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with opened(path, name="jobs", reviewer="Ada") as log:
            assert len(log.records) == max(0, sum(end <= length for end in ends) - 1)
            log.append(Answer(C, done=True))
        with opened(path, name="jobs") as log:
            assert log.records[-1].subject == C


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"{}\n", SourceError),
        (b"not json\n", SourceError),
        (b'{"log": "esco-graph review", "layout": 99, "set": "jobs", "reviewer": "Ada"}\n', SourceError),
        (b'{"log": "esco-graph review", "layout": 1, "set": "other", "reviewer": "Ada"}\n', ParameterError),
        (b'{"log": "esco-graph review", "layout": 1, "set": "jobs", "reviewer": "Bob"}\n', ParameterError),
        (b'{"log": "esco-graph review", "layout": 1, "set": "jobs", "reviewer": "Ada"}\n[1]\n', SourceError),
        (b'{"log": "esco-graph review", "layout": 1, "set": "jobs", "reviewer": "Ada"}\n{"dance": 1}\n', SourceError),
    ],
)
def test_another_log_or_a_damaged_one_is_refused(tmp_path: Path, line: bytes, error: type[EscoGraphError]) -> None:
    path = tmp_path / "log"
    path.write_bytes(line)
    with pytest.raises(error) as caught, opened(path, name="jobs", reviewer="Ada"):
        pass
    assert caught.value.where.startswith(str(path))
    assert caught.value.advice
    assert path.read_bytes() == line


def test_a_log_is_open_once(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with opened(path, name="jobs", reviewer="Ada"), pytest.raises(StoreError), opened(path, name="jobs"):
        pass


def test_a_log_without_a_reviewer_is_not_begun(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="reviewer"), opened(tmp_path / "log", name="jobs"):
        pass


def test_reviewers() -> None:
    assert reviewer_named("https://orcid.org/0000-0002-9079-593x") == "https://orcid.org/0000-0002-9079-593X"
    for wrong in ("0000-0002-1825-0098", "", "a|b", "\x1b[31m", "x" * 300):
        with pytest.raises(ParameterError):
            reviewer_named(wrong)


# Rows


def test_rows_say_who_when_and_how_and_lose_the_program_s_confidence() -> None:
    row = candidate(A, X, EXACT, 0.9, confidence=0.7, similarity_measure="m")
    answer = Answer(A, (Verdict(X, "broad"),), done=True, note="why", when=WHEN, by="Ada")
    made = reviewed(set_of(row), [answer]).mappings
    assert made == (
        replace(
            row,
            predicate=BROAD,
            justification=MANUAL,
            confidence=None,
            author="Ada",
            reviewer="Ada",
            date="2026-02-03",
            review_date="2026-02-03",
            comment="why",
        ),
    )


def test_rows_of_another_person_stay_his() -> None:
    grace = by_hand(A, X, modifier="Not", author="Grace", reviewer="Grace", date="2026-01-01")
    found = set_of(grace, candidate(A, Y))
    answer = answers_of(found)[A]
    assert (answer.done, answer.by) == (False, "Grace")
    state, records = press(start(tasks_of(found), answers_of(found)), Event("choose", number=2), Event("accept"))
    made = reviewed(found, records).mappings
    assert state.left == 0
    assert grace in made
    assert [row.reviewer for row in made if row.object == Y] == ["Ada"]


def test_an_open_concept_keeps_the_candidates_of_which_nothing_is_said() -> None:
    made = reviewed(JOBS, [Answer(A, (Verdict(X, "exact", rejected=True),), when=WHEN, by="Ada")]).mappings
    kept = sorted((row.object, row.modifier, row.justification) for row in made if row.subject == A)
    assert kept == [(X, "Not", MANUAL), (Y, "", COMPOSITE)]


def test_rejected_pairs_and_decisions_last_over_a_new_run() -> None:
    old = set_of(by_hand(A, X), by_hand(B, Y, modifier="Not"))
    new = set_of(candidate(A, Z), candidate(B, Y), candidate(B, Z), candidate(C, X))
    made = carried_over(new, old).mappings
    assert {(row.subject, row.object, row.justification) for row in made} == {
        (A, X, MANUAL),
        (B, Y, MANUAL),
        (B, Z, COMPOSITE),
        (C, X, COMPOSITE),
    }
    assert rejected_pairs([old, new]) == {(B, Y)}


def test_publishing_twice_changes_nothing() -> None:
    answers = [Answer(A, (Verdict(X, "close"), Verdict(Y, "close", rejected=True)), done=True, when=WHEN, by="Ada")]
    once = reviewed(JOBS, answers)
    assert reviewed(once, answers) == once


# Two reviewers


def test_agreement_and_conflicts() -> None:
    ada = set_of(by_hand(A, X, EXACT), by_hand(B, Y), by_hand(C, Z, modifier="Not"), name="ada")
    bob = set_of(by_hand(A, X, CLOSE), by_hand(B, Y), by_hand(C, Z, comment="same"), candidate(C, X), name="bob")
    found = compare(ada, bob)
    assert [(pair.subject, pair.first, pair.second) for pair in found.conflicts] == [
        (A, "exact", "close"),
        (C, "no", "close"),
    ]
    assert (found.concepts, found.only_first, found.only_second) == (3, 0, 0)
    assert (found.related.agreed, found.related.compared) == (2, 3)
    assert (found.kind.agreed, found.kind.compared) == (1, 2)
    third = conflict_set(found, "third")
    assert {(row.subject, row.predicate) for row in third.mappings} == {(A, SOME), (C, SOME)}
    assert "bob: close (same)" in next(row.comment for row in third.mappings if row.subject == C)
    assert start(tasks_of(third), answers_of(third)).left == 2
    assert all(row.candidate for row in third.mappings)  # what is disputed is no fact of the graph


def test_candidates_that_nobody_decided_on_are_no_decisions() -> None:
    open_ones = set_of(candidate(A, X, candidate=True), candidate(B, Y, candidate=True))
    assert compare(open_ones, set_of(by_hand(A, X))).pairs == ()


def test_a_candidate_left_out_is_a_no_and_what_one_alone_decided_is_counted() -> None:
    found = compare(set_of(by_hand(A, X), by_hand(B, Y)), set_of(by_hand(A, Z)))
    assert [(pair.object, pair.first, pair.second) for pair in found.pairs] == [(X, "close", "no"), (Z, "no", "close")]
    assert found.only_first == 1


def test_kappa_has_no_value_where_there_is_one_answer_or_none() -> None:
    assert kappa([]).share is None
    assert kappa([("yes", "yes")]).kappa is None
    assert kappa([("a", "b"), ("b", "a")]).kappa == -1


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1))
def test_kappa_is_symmetric_and_at_most_one(answers: list[tuple[str, str]]) -> None:
    one, other = kappa(answers), kappa([(b, a) for a, b in answers])
    assert one.kappa == other.kappa
    assert one.kappa is None or one.kappa <= 1
    assert sum(count for _, _, count in one.counts) == len(answers)


# Without a person

GOLD = auto_accept.Table(
    "gold",
    "1",
    "en",
    "any",
    tuple(auto_accept.Level(*one) for one in ((0.95, 40, 40), (0.9, 400, 396), (0.5, 900, 700))),
)


def sure(subject: str, target: str, confidence: float | None, predicate: str = CLOSE) -> Mapping:
    return replace(candidate(subject, target, predicate), confidence=confidence)


def test_only_what_the_gold_supports_is_taken_and_only_as_related() -> None:
    found = set_of(sure(A, X, 0.97, EXACT), sure(A, Y, 0.95), sure(B, Y, 0.91, NARROW), sure(C, Z, 0.89))
    done = auto_accept.accept(found, [GOLD], 0.95)
    assert done.support.threshold == 0.9
    assert done.support.low >= 0.95
    assert (done.taken, done.asked) == (2, 3)
    taken = [row for row in done.set.mappings if row.justification != COMPOSITE]
    assert {(row.subject, row.object, row.predicate) for row in taken} == {(A, X, SOME), (B, Y, SOME)}


def test_close_is_taken_where_it_is_supported_itself() -> None:
    close = replace(GOLD, what="close", levels=(auto_accept.Level(0.96, 500, 495),))
    done = auto_accept.accept(set_of(sure(A, X, 0.97), sure(B, X, 0.91)), [GOLD, close], 0.95)
    assert {row.subject: row.predicate for row in done.set.mappings} == {A: CLOSE, B: SOME}


def test_a_small_gold_does_not_support_what_it_shows() -> None:
    with pytest.raises(ParameterError, match="does not support a precision of") as caught:
        auto_accept.support(GOLD, 0.99)
    assert "0.97" in caught.value.advice
    alone = replace(GOLD, levels=(auto_accept.Level(0.95, 40, 40),))
    with pytest.raises(ParameterError):  # 40 of 40 may well be 0.92
        auto_accept.support(alone, 0.95)


def test_without_calibration_or_confidence_nothing_is_taken() -> None:
    with pytest.raises(ParameterError, match="nothing is known"):
        auto_accept.accept(JOBS, [], 0.9)
    with pytest.raises(ParameterError, match="no confidence"):
        auto_accept.accept(JOBS, [GOLD], 0.9)


@pytest.mark.parametrize("vectors", [False, True])
def test_the_table_and_the_justification_are_those_of_how_the_candidates_were_made(vectors: bool) -> None:
    one = Candidate(X, "chef", "3434.1", 0.9, 0.99, "exact", ("same words",))
    sides = {"source": own_taxonomy("Jobs", "en"), "target": "esco", "lang": "en", "target_lang": "en"}
    found = mapping_set([Linked(Query("a", "cook"), (one,))], "jobs", **sides, vectors=vectors)
    tables = auto_accept.tables_for(found)
    assert {table.embed for table in tables} == {vectors}
    (row,) = auto_accept.accept(found, tables, 0.9).set.mappings
    assert row.justification == (auto_accept.SEMANTIC_THRESHOLD if vectors else auto_accept.LEXICAL_THRESHOLD)
    assert (row.predicate, row.candidate) == (SOME, False)


def test_nothing_is_measured_across_languages() -> None:
    found = replace(set_of(sure(A, X, 0.99)), subject_lang="de", object_lang="en")
    assert auto_accept.tables_for(replace(found, subject_lang="en-gb"))
    assert auto_accept.tables_for(found) == ()


def test_what_a_person_said_is_not_overruled() -> None:
    no = by_hand(A, X, modifier="Not")
    found = set_of(no, sure(A, X, 0.99), by_hand(B, Z), sure(B, Y, 0.99))
    done = auto_accept.accept(found, [GOLD], 0.9)
    assert (done.taken, done.set) == (0, found)


@given(st.integers(0, 500), st.integers(0, 500))
def test_wilson_holds_the_share(right: int, wrong: int) -> None:
    low, high = auto_accept.wilson(right, right + wrong)
    share = right / (right + wrong) if right + wrong else 0.5
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
    assert math.isfinite(high - low)


def test_the_log_is_one_json_value_a_line(tmp_path: Path) -> None:
    with opened(tmp_path / "log", name="jobs", reviewer="Ada") as log:
        log.append(Answer(A, (Verdict(X, "close"),), note="two\nlines", done=True))
    assert len([json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]) == 2
