"""Review of candidates as a state machine: event in, new state out; nothing here knows a terminal, a page or a disk.

A task is one source concept with its candidates. An event is what the person does: choose, relate, accept, reject,
find, note, undo, skip, next. `step` gives the new state; where the event changed an answer, `State.record` is what must
be kept, before anything else is shown. `resume` plays the kept records back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from esco_graph.errors import NotFoundError
from esco_graph.labels.index import fold
from esco_graph.mappings.model import RELATIONS

UNDECIDED = "mapped"
"""The relation of a candidate of which is only said that it is related (skos:mappingRelation)."""

NONE = "none"
"""The relation of a candidate that is the nearest, but was proposed as not related."""

FOUND = ""
"""The relation of a concept that a search has found: nobody proposed it."""

DECIDED = tuple(relation for relation in RELATIONS if relation != UNDECIDED)
"""The relations that a person can decide for; read from the source concept to the candidate."""

SHOWN = 9
"""Candidates of one concept that have a key, 1 to 9."""


@dataclass(frozen=True, slots=True)
class Option:
    """One candidate: `relation` is what was proposed, one of DECIDED, or UNDECIDED, NONE, FOUND.

    `score` is a similarity from 0 to 1, `confidence` a calibrated probability; either may be absent.
    """

    iri: str
    label: str = ""
    code: str = ""
    relation: str = UNDECIDED
    score: float | None = None
    confidence: float | None = None
    reasons: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One source concept and its candidates, the best first."""

    subject: str
    label: str = ""
    code: str = ""
    lang: str = ""
    description: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the person says of one pair: a relation that holds, or, when `rejected`, the proposed one that does not."""

    object: str
    relation: str
    rejected: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """All that the person says of one source concept; `done` when he has left it.

    `when` is the time of the last event (ISO 8601), `by` the reviewer; both are the caller's to give.
    """

    subject: str
    verdicts: tuple[Verdict, ...] = ()
    done: bool = False
    skipped: bool = False
    note: str = ""
    when: str = ""
    by: str = ""
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """What the person does: `kind` is a key of EVENTS; `stay` keeps the concept, so that more can be said of it."""

    kind: str
    number: int = 0
    relation: str = ""
    text: str = ""
    options: tuple[Option, ...] = ()
    stay: bool = False
    when: str = ""
    by: str = ""


@dataclass(frozen=True)
class State:
    """Where a review stands.

    `at` is the position of the task that is shown, -1 when none is open; `chosen` the position of the candidate that a
    relation is for; `found` what a search added to this task; `message` is for the person; `record` the answer that the
    last event changed, to be kept.
    """

    tasks: tuple[Task, ...]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    at: int = -1
    chosen: int = 0
    found: tuple[Option, ...] = ()
    before: tuple[Answer, ...] = ()
    message: str = ""
    record: Answer | None = None

    @property
    def task(self) -> Task | None:
        """Give the task that is shown."""
        return self.tasks[self.at] if self.at >= 0 else None

    @property
    def options(self) -> tuple[Option, ...]:
        """List the candidates that are shown: what was found by hand first, then those that were proposed."""
        if self.task is None:
            return ()
        proposed = {option.iri: option for option in self.task.options}
        found = {option.iri: proposed.get(option.iri, option) for option in self.found}
        return tuple((found | proposed).values())[:SHOWN]

    @property
    def answer(self) -> Answer:
        """Give what was said so far of the task that is shown."""
        subject = self.task.subject if self.task else ""
        return self.answers.get(subject, Answer(subject))

    @property
    def done(self) -> int:
        """Count the tasks that are answered."""
        return sum(1 for task in self.tasks if task.subject in self.answers and self.answers[task.subject].done)

    @property
    def left(self) -> int:
        """Count the tasks that are open."""
        return len(self.tasks) - self.done


def start(tasks: Iterable[Task], answers: Mapping[str, Answer] | None = None) -> State:
    """Begin at the first open task; `answers` are those that the set itself already holds.

    >>> state = start([Task("http://example.org/1", "cook", options=(Option("http://example.org/chef", "chef"),))])
    >>> step(state, Event("relate", relation="close")).record.verdicts[0].relation
    'close'
    """
    state = State(tuple(tasks), dict(answers or {}))
    return replace(state, at=_next_open(state, -1))


def resume(state: State, records: Iterable[Answer]) -> State:
    """Play the records of earlier sittings back; goes on after the last of them."""
    answers, before = dict(state.answers), list(state.before)
    places = {task.subject: at for at, task in enumerate(state.tasks)}
    last = -1
    for record in records:
        if record.undone and before:
            before.pop()
        elif not record.undone:
            before.append(answers.get(record.subject, Answer(record.subject)))
        answers[record.subject] = replace(record, undone=False)
        last = places.get(record.subject, last)
    state = replace(state, answers=answers, before=tuple(before))
    here = last >= 0 and not state.answers[state.tasks[last].subject].done
    stays = here and not state.answers[state.tasks[last].subject].skipped
    return replace(state, at=last if stays else _next_open(state, last))


def reopen(state: State, names: Iterable[str]) -> State:
    """Open answered tasks again, by IRI, code or label, and go to the first of them.

    Raises NotFoundError for a name that is none of the source concepts.
    """
    answers, at = dict(state.answers), state.at
    for name in reversed(list(names)):
        at = _place(state.tasks, name)
        subject = state.tasks[at].subject
        answers[subject] = replace(answers.get(subject, Answer(subject)), done=False, skipped=False)
    return replace(state, answers=answers, at=at)


def _place(tasks: tuple[Task, ...], name: str) -> int:
    for at, task in enumerate(tasks):
        if name in (task.subject, task.code) or fold(name) == fold(task.label):
            return at
    near = get_close_matches(name, [one for task in tasks for one in (task.code, task.label) if one], 3)
    advice = f"Near: {', '.join(near)}." if near else "Give the IRI, code or label of a source concept."
    raise NotFoundError(f"the set has no source concept {name[:80]!r}", advice=advice)


def step(state: State, event: Event) -> State:
    """Give the state after an event; an event that cannot be is answered by a message and changes nothing.

    Raises KeyError for a kind that is not in EVENTS.
    """
    state = replace(state, message="", record=None)
    act = EVENTS[event.kind]
    if state.task is None and event.kind != "undo":
        return replace(state, message="Nothing is left to review. Press u to undo or q to end.")
    return act(state, event)


def _choose(state: State, event: Event) -> State:
    if not 1 <= event.number <= len(state.options):
        return replace(state, message=f"There is no candidate {event.number}.")
    return replace(state, chosen=event.number - 1)


def _relate(state: State, event: Event) -> State:
    option = _chosen(state)
    if option is None:
        return replace(state, message="There is no candidate. Press s to search for one, or x.")
    verdict = Verdict(option.iri, event.relation, label=option.label)
    return _say(state, event, (verdict,))


def _accept(state: State, event: Event) -> State:
    option = _chosen(state)
    if option is not None and option.relation == "exact":
        return replace(state, message="That two concepts are exactly the same must be said: press e.")
    if option is not None and option.relation not in DECIDED:
        return replace(state, message="No relation is proposed. Press e, c, b, n or r to say which.")
    return _relate(state, replace(event, relation=option.relation if option else ""))


def _reject(state: State, event: Event) -> State:
    """Reject the chosen candidate and stay, or all that were proposed and of which nothing was said.

    What was proposed is what is not so; of an exact proposal, that it is not even close. What a search has found was
    not proposed, so nothing is said of it; nor of candidates that have no key and were not seen.
    """
    said = {verdict.object for verdict in state.answer.verdicts if not verdict.rejected}
    proposed = state.task.options[:SHOWN] if state.task else ()
    options = [option for option in proposed if option.iri not in said]
    if event.stay:
        chosen = _chosen(state)
        options = [chosen] if chosen else []
    return _say(state, event, tuple(_rejected(one) for one in options))


def _rejected(option: Option) -> Verdict:
    relation = "close" if option.relation == "exact" else option.relation
    return Verdict(option.iri, relation if relation in RELATIONS else UNDECIDED, True, option.label)


def _find(state: State, event: Event) -> State:
    """Show what was found before what was proposed; a search for nothing shows what was proposed alone."""
    if not (event.text or event.options):
        return replace(state, found=(), chosen=0)
    if not event.options:
        return replace(state, message=f"Nothing is called {event.text!r}.")
    return replace(state, found=event.options[:SHOWN], chosen=0)


def _note(state: State, event: Event) -> State:
    return _put(state, replace(state.answer, note=event.text.strip()), event)


def _skip(state: State, event: Event) -> State:
    return _leave(_put(state, replace(state.answer, skipped=True), event))


def _next(state: State, event: Event) -> State:
    if not state.answer.verdicts:
        return replace(state, message="Nothing is said of this concept yet. Press k to skip it, x for none of these.")
    return _leave(_put(state, replace(state.answer, done=True, skipped=False), event))


def _undo(state: State, event: Event) -> State:
    places = {task.subject: at for at, task in enumerate(state.tasks)}
    if not state.before:
        return replace(state, message="There is nothing to undo.")
    former = state.before[-1]
    record = replace(former, when=event.when, by=event.by, undone=True)
    answers = {**state.answers, former.subject: former}
    state = replace(state, answers=answers, before=state.before[:-1], record=record, message="Undone.")
    return replace(state, at=places.get(former.subject, state.at), chosen=0, found=())


EVENTS: dict[str, Callable[[State, Event], State]] = {
    "choose": _choose,
    "relate": _relate,
    "accept": _accept,
    "reject": _reject,
    "find": _find,
    "note": _note,
    "skip": _skip,
    "next": _next,
    "undo": _undo,
}
"""What each kind of event does."""


def _chosen(state: State) -> Option | None:
    return state.options[state.chosen] if state.chosen < len(state.options) else None


def _say(state: State, event: Event, verdicts: tuple[Verdict, ...]) -> State:
    """Add verdicts, each in the place of an earlier one of the same pair."""
    anew = {verdict.object for verdict in verdicts}
    kept = tuple(verdict for verdict in state.answer.verdicts if verdict.object not in anew)
    answer = replace(state.answer, verdicts=(*kept, *verdicts), done=not event.stay, skipped=False)
    state = _put(state, answer, event)
    return state if event.stay else _leave(state)


def _put(state: State, answer: Answer, event: Event) -> State:
    answer = replace(answer, when=event.when, by=event.by)
    former = state.answers.get(answer.subject, Answer(answer.subject))
    answers = {**state.answers, answer.subject: answer}
    return replace(state, answers=answers, before=(*state.before, former), record=answer)


def _leave(state: State) -> State:
    return replace(state, at=_next_open(state, state.at), chosen=0, found=())


def _next_open(state: State, at: int) -> int:
    """Find the next open task, from here to the end and round; those that were skipped come last."""
    order: list[int] = [*range(at + 1, len(state.tasks)), *range(at + 1)]
    skipped = -1
    for place in order:
        answer = state.answers.get(state.tasks[place].subject)
        if answer is None or not (answer.done or answer.skipped):
            return place
        if answer.skipped and not answer.done and skipped < 0:
            skipped = place
    return skipped
