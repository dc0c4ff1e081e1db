"""Candidates as tasks of a review, and what a reviewer said of them as mappings (SSSOM)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from esco_graph.linking.proposals import from_comment
from esco_graph.mappings.model import MANUAL, NO_TERM, NOT, RELATIONS, REVIEW
from esco_graph.mappings.model import Mapping as Row
from esco_graph.review.facts import Facts
from esco_graph.review.machine import UNDECIDED, Answer, Option, Task, Verdict
from esco_graph.terms import SKILL

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.mappings.model import MappingSet

BY_HAND = frozenset({MANUAL, REVIEW})
"""Justifications of rows that a person made or confirmed; all other rows of a set are candidates."""

_WORDS = {iri: word for word, iri in RELATIONS.items()}


# From a set to tasks


def tasks_of(found: MappingSet) -> tuple[Task, ...]:
    """Make one task of each source concept of a set, in the order of the IRIs; the best candidate first.

    Labels are those of the rows; codes and descriptions those of the concepts that the set holds itself.
    """
    known = {one.iri: Facts(one.label, one.code, one.description) for one in found.concepts}
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in found.mappings:
        rows[row.subject].append(row)
    return tuple(_task(found, subject, rows[subject], known) for subject in sorted(rows))


def _task(found: MappingSet, subject: str, rows: list[Row], known: Mapping[str, Facts]) -> Task:
    about = known.get(subject, Facts())
    label = next((row.subject_label for row in rows if row.subject_label), about.label)
    options: dict[str, Option] = {}
    for row in sorted(rows, key=_strength):
        if row.object != NO_TERM:
            options.setdefault(row.object, _option(row, known.get(row.object, Facts())))
    return Task(subject, label, about.code, found.subject_lang, about.description, tuple(options.values()))


def _strength(row: Row) -> tuple[bool, float, float, str]:
    """Sort what a person said first, then by confidence and likeness."""
    return (row.justification not in BY_HAND, -(row.confidence or 0.0), -(row.similarity_score or 0.0), row.object)


def _option(row: Row, about: Facts) -> Option:
    """Make a candidate of a row; the comment of a row by hand is a note, that of another row what proposed it says."""
    proposed, reasons = ("", ()) if row.justification in BY_HAND else from_comment(row.comment)
    return Option(
        row.object,
        row.object_label or about.label,
        about.code,
        proposed or _WORDS.get(row.predicate, UNDECIDED),
        row.similarity_score,
        row.confidence,
        reasons,
        about.description,
    )


def kind_of(found: MappingSet) -> str:
    """Say what the candidates of a set are: "occupation", "skill", or the key of another classification.

    >>> from esco_graph.mappings.model import CLOSE, MappingSet
    >>> row = Row("http://example.org/a", CLOSE, "http://data.europa.eu/esco/skill/b")
    >>> kind_of(MappingSet("test", "http://example.org/set", object_source="esco", mappings=(row,)))
    'skill'
    """
    if found.object_source not in ("", "esco"):
        return found.object_source
    skills = sum(row.object.startswith(SKILL) for row in found.mappings)
    return "skill" if 2 * skills > len(found.mappings) else "occupation"


def answers_of(found: MappingSet) -> dict[str, Answer]:
    """Give what persons already said in a set, by source concept; one that has candidates beside it is still open."""
    open_ones = {row.subject for row in found.mappings if row.justification not in BY_HAND}
    answers: dict[str, Answer] = {}
    for row in found.mappings:
        if row.justification in BY_HAND and row.object != NO_TERM:
            verdict = Verdict(row.object, _WORDS.get(row.predicate, UNDECIDED), bool(row.modifier), row.object_label)
            before = answers.get(row.subject, Answer(row.subject, done=row.subject not in open_ones))
            notes = before.note or row.comment
            answers[row.subject] = replace(
                before, verdicts=(*before.verdicts, verdict), note=notes, when=row.date, by=row.reviewer or row.author
            )
    return answers


# From answers to a set


def reviewed(found: MappingSet, answers: Iterable[Answer]) -> MappingSet:
    """Give the set with what the reviewer said: the candidates of an answered concept go, his rows take their place.

    A concept that is open keeps its candidates, but for those pairs of which something is said already. Of an answered
    concept the rows by hand that the answer does not speak of go too: an answer is all that is said of its concept.

    >>> from esco_graph.mappings.model import CLOSE, MappingSet
    >>> a, b = "http://example.org/a", "http://example.org/b"
    >>> old = MappingSet("test", "http://example.org/set", mappings=(Row(a, CLOSE, b),))
    >>> new = reviewed(old, [Answer(a, (Verdict(b, "broad"),), done=True, when="2026-01-02T03:04:05Z", by="Ada")])
    >>> [(row.predicate == CLOSE, row.reviewer, row.date) for row in new.mappings]
    [(False, 'Ada', '2026-01-02')]
    """
    said = {answer.subject: answer for answer in answers if answer.done or answer.verdicts}
    pairs = {(answer.subject, verdict.object) for answer in said.values() for verdict in answer.verdicts}
    kept = [row for row in found.mappings if not _replaced(row, said.get(row.subject), pairs)]
    former: dict[tuple[str, str], Row] = {}
    for row in sorted(found.mappings, key=_strength):
        former.setdefault((row.subject, row.object), row)
    labels = {row.subject: row.subject_label for row in found.mappings if row.subject_label}
    for subject in sorted(said):
        for verdict in said[subject].verdicts:
            before = former.get((subject, verdict.object))
            kept.append(_row(said[subject], verdict, before, labels.get(subject, "")))
    return replace(found, mappings=tuple(kept))


def _replaced(row: Row, answer: Answer | None, pairs: set[tuple[str, str]]) -> bool:
    return answer is not None and (answer.done or row.justification in BY_HAND or (row.subject, row.object) in pairs)


def _row(answer: Answer, verdict: Verdict, before: Row | None, label: str) -> Row:
    """Make the row of one verdict; the likeness that was measured stays, a confidence that a program gave does not.

    A row by hand that says the same already stays as it is, with its own author and date.
    """
    predicate, modifier = RELATIONS[verdict.relation], NOT if verdict.rejected else ""
    if before is None:
        before = Row(answer.subject, predicate, verdict.object, label, verdict.label)
    same = (before.predicate, before.modifier, before.comment) == (predicate, modifier, answer.note)
    if before.justification in BY_HAND and same:
        return before
    return replace(
        before,
        predicate=predicate,
        object_label=before.object_label or verdict.label,
        justification=MANUAL,
        confidence=None,
        modifier=modifier,
        author=answer.by,
        reviewer=answer.by,
        date=answer.when[:10],
        review_date=answer.when[:10],
        comment=answer.note,
        extra=(),
        candidate=False,
    )


def carried_over(new: MappingSet, old: MappingSet) -> MappingSet:
    """Give a set of new candidates with what persons said in an older one of the same name.

    So a decision lasts: a concept that has a mapping gets no candidates, and a rejected pair does not come back.
    """
    by_hand = [row for row in old.mappings if row.justification in BY_HAND]
    settled = {row.subject for row in by_hand if not row.modifier}
    fresh = [row for row in new.mappings if row.subject not in settled]
    concepts = {one.iri: one for one in (*old.concepts, *new.concepts)}
    kept = replace(new, mappings=(*by_hand, *fresh), concepts=tuple(concepts.values()))
    return without_pairs(kept, rejected_pairs([old]))


def without_pairs(found: MappingSet, pairs: Container[tuple[str, str]]) -> MappingSet:
    """Give a set without the candidates that are among these pairs; rows by hand stay."""
    rows = (row for row in found.mappings if row.justification in BY_HAND or (row.subject, row.object) not in pairs)
    return replace(found, mappings=tuple(rows))


def with_decisions(graph: Graph, new: MappingSet) -> MappingSet:
    """Give a set of new candidates with what is decided in the graph: `link --keep` asks for it.

    What persons said in the set of the same name goes on (`carried_over`); pairs that were rejected in any set between
    the same two classifications are left out.
    """
    from esco_graph.mappings.store import load, sets

    sides = (new.subject_source, new.object_source)
    heads = [one for one in sets(graph) if one.name == new.name or (one.subject_source, one.object_source) == sides]
    for old in (load(graph, one.name) for one in heads):
        new = carried_over(new, old) if old.name == new.name else without_pairs(new, rejected_pairs([old]))
    return new


def rejected_pairs(sets: Iterable[MappingSet]) -> set[tuple[str, str]]:
    """Give the pairs (source concept, candidate) that a person rejected: `link` does not propose them again."""
    return {
        (row.subject, row.object)
        for one in sets
        for row in one.mappings
        if row.modifier and row.justification in BY_HAND and row.object != NO_TERM
    }
