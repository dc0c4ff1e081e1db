"""The ways from a concept to another classification: mappings in a row, with ESCO in between and hierarchies beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from esco_graph.mappings.compose import BROAD, LEAD, NARROW, STRENGTH, chain, clashes, strongest
from esco_graph.terms import is_esco

DEPTH = 4  # steps of a hierarchy at most; the unit group of the deepest ESCO occupation is that far


@dataclass(frozen=True, slots=True)
class Named:
    """A concept as it is shown: its IRI, its code and its label, each "" where there is none."""

    iri: str
    code: str = ""
    label: str = ""

    def __str__(self) -> str:
        """Give code and label, else the IRI."""
        return " ".join(filter(None, (self.code, self.label))) or self.iri


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `source` has `relation` to `target`, as the mapping set with the IRI `set` says.

    `set` and `justification` are "" for a step of a hierarchy; `confidence` is None where the set gives none.
    """

    source: Named
    relation: str
    target: Named
    set: str = ""
    justification: str = ""
    confidence: float | None = None


@dataclass(frozen=True)
class Way:
    """Steps in a row, at least one."""

    steps: tuple[Step, ...]

    @cached_property
    def relation(self) -> str:
        """What follows: a word of RELATIONS, or `lead` when nothing does."""
        return chain(step.relation for step in self.steps)

    @property
    def confidence(self) -> float | None:
        """The product of the confidences of all mappings, to six digits; None as soon as one has none."""
        product = 1.0
        for step in self.steps:
            if step.set and step.confidence is None:
                return None
            product *= 1.0 if step.confidence is None else step.confidence
        return round(product, 6) if any(step.set for step in self.steps) else None

    @property
    def order(self) -> tuple[object, ...]:
        """Give the key to sort ways by: strongest first, then shortest, then by what they say."""
        said = [part for step in self.steps for part in (step.target.iri, step.relation, step.set, step.justification)]
        return (STRENGTH[self.relation], len(self.steps), -(self.confidence or 0), said)


@dataclass(frozen=True)
class Answer:
    """A concept that was reached, with all ways there, the best first."""

    target: Named
    ways: tuple[Way, ...]

    @cached_property
    def relation(self) -> str:
        """The strongest relation that follows on any way; `lead` when none does."""
        return strongest(way.relation for way in self.ways)

    @property
    def confidence(self) -> float | None:
        """The highest confidence among the ways that give the relation; None when none of them has one."""
        found = [way.confidence for way in self.ways if way.relation == self.relation and way.confidence is not None]
        return max(found, default=None)

    @property
    def clashes(self) -> list[tuple[str, str]]:
        """The pairs of relations that different ways give and that cannot both be true."""
        return clashes(way.relation for way in self.ways)

    @property
    def is_lead(self) -> bool:
        """Say whether no relation follows on any way."""
        return self.relation == LEAD


class Facts(Protocol):
    """What the search asks of a graph: mappings as steps, and the concepts next above and below."""

    def mappings(self, concept: Named) -> Sequence[Step]:
        """Give the mappings of a concept that hold, both directions, as steps that lead away from it."""
        ...

    def above(self, concept: Named) -> Sequence[Named]:
        """Give the concepts that are next broader."""
        ...

    def below(self, concept: Named) -> Sequence[Named]:
        """Give the concepts that are next narrower."""
        ...


def answers(
    facts: Facts, start: Named, within: Callable[[str], bool], *, hierarchy: bool = False, leads: bool = False
) -> list[Answer]:
    """Find what a concept is among those whose IRI is `within`, the strongest relation first, equal ones by IRI.

    With `hierarchy`, where no mapping follows from mappings alone, broader and narrower concepts bridge the gap, on
    either side and as few of them as will do: broad then skos:broader is broad, narrow then skos:narrower is narrow.
    With `leads` too, a hierarchy gives a lead where there is no other way at all, as narrow then skos:broader does.
    """
    ways = list(_plain(facts, start, within))
    if hierarchy and all(way.relation == LEAD for way in ways):
        ways += _nearest(facts, start, within, sound=True)
    if hierarchy and leads and not ways:
        ways += _nearest(facts, start, within, sound=False)
    found: dict[str, list[Way]] = {}
    for way in ways:
        found.setdefault(way.steps[-1].target.iri, []).append(way)
    made = [Answer(some[0].steps[-1].target, _sorted(some)) for some in found.values()]
    return sorted(made, key=lambda one: (STRENGTH[one.relation], len(one.ways[0].steps), one.target.iri))


def _sorted(ways: Iterable[Way]) -> tuple[Way, ...]:
    return tuple(sorted(dict.fromkeys(ways), key=lambda way: way.order))


def _plain(facts: Facts, start: Named, within: Callable[[str], bool]) -> Iterator[Way]:
    """Give the ways of one mapping, and of two with a concept of ESCO in between."""
    for first in facts.mappings(start):
        if within(first.target.iri):
            yield Way((first,))
        elif is_esco(first.target.iri):
            for second in facts.mappings(first.target):
                if within(second.target.iri) and second.target.iri != start.iri:
                    yield Way((first, second))


def _nearest(facts: Facts, start: Named, within: Callable[[str], bool], *, sound: bool) -> list[Way]:
    """Give the ways with the fewest steps of hierarchy, upward and downward; `sound` ones are no leads."""
    nearest = []
    for up in (True, False):
        for steps in range(1, DEPTH + 1):
            ways = _bridged(facts, start, within, up, steps)
            if found := [way for way in ways if not sound or way.relation != LEAD]:
                nearest += found
                break
    return nearest


def _bridged(facts: Facts, start: Named, within: Callable[[str], bool], up: bool, steps: int) -> Iterator[Way]:
    for before in range(steps + 1):
        for climb in _climbs(facts, start, up, before):
            yield from _from(facts, climb, start, within, up, steps - before)


def _from(
    facts: Facts, climb: tuple[Step, ...], start: Named, within: Callable[[str], bool], up: bool, left: int
) -> Iterator[Way]:
    """Go on from where a climb in the own classification ended, with `left` steps of hierarchy in ESCO."""
    at = climb[-1].target if climb else start
    if not left:
        if climb and within(at.iri):
            yield Way(climb)
        ends = (way.steps for way in _plain(facts, at, within) if way.steps[-1].target.iri != start.iri)
        yield from (Way((*climb, *steps)) for steps in ends)
        return
    for first in facts.mappings(at):
        if not is_esco(first.target.iri) or chain(s.relation for s in (*climb, first)) == LEAD:
            continue
        for bridge in _climbs(facts, first.target, up, left):
            head = (*climb, first, *bridge)
            if within(bridge[-1].target.iri):
                yield Way(head)
                continue
            for last in facts.mappings(bridge[-1].target):
                if within(last.target.iri) and last.target.iri != start.iri:
                    yield Way((*head, last))


def _climbs(facts: Facts, start: Named, up: bool, steps: int) -> list[tuple[Step, ...]]:
    """Give the ways of exactly so many steps up or down a hierarchy; one empty way for none."""
    ways: list[tuple[Step, ...]] = [()]
    for _ in range(steps):
        ways = [(*way, step) for way in ways for step in _next(facts, way[-1].target if way else start, up)]
    return ways


def _next(facts: Facts, at: Named, up: bool) -> list[Step]:
    beside = facts.above(at) if up else facts.below(at)
    return [Step(at, BROAD if up else NARROW, one) for one in beside]
