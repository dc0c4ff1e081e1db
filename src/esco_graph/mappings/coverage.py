"""How much of two classifications can be led into each other by way of ESCO, and how much is lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from esco_graph.mappings.compose import BROAD, CLOSE, EXACT, LEAD, NARROW, RELATED
from esco_graph.mappings.legs import LoadedFacts
from esco_graph.mappings.sides import Side, find_side, members
from esco_graph.mappings.translate import answers_between, facts_between
from esco_graph.mappings.ways import Named
from esco_graph.terms import OCCUPATION

if TYPE_CHECKING:
    from esco_graph.graph import Graph

REACHED = (EXACT, CLOSE, BROAD, NARROW, RELATED, LEAD, "none")
"""What a concept can reach, the best first; `lead` is a way from which no relation follows, `none` no way at all."""


@dataclass(frozen=True)
class Direction:
    """What the concepts of one classification reach in the other.

    `concepts` is how many the graph holds, `mapped` how many of them are mapped to ESCO; `reached` counts them by the
    best relation to the other side (the words of REACHED, which add up to `concepts`), `several` those with more than
    one answer of that best relation, `clashing` those where ways contradict each other. `targets` is how many concepts
    of the other side are an answer with a relation.
    """

    source: Side
    target: Side
    concepts: int
    mapped: int
    reached: dict[str, int]
    several: int
    clashing: int
    targets: int

    @property
    def related(self) -> int:
        """Count the concepts from which a relation leads to the other side."""
        return self.concepts - self.reached[LEAD] - self.reached["none"]

    @property
    def lost(self) -> int:
        """Count the concepts that are mapped to ESCO and yet reach nothing with a relation."""
        return self.mapped - self.related


@dataclass(frozen=True)
class Coverage:
    """Both directions, and how many occupations of ESCO each side and both sides are mapped to."""

    forth: Direction
    back: Direction
    occupations: tuple[int, int, int]

    def table(self) -> list[tuple[str, int, float, int, float]]:
        """Give rows for a person: what, and for each direction the number of concepts and its share of them."""
        names = {"concepts": "in the graph", "mapped": "mapped to ESCO", "related": "reach the other with a relation"}
        rows = [(words, *self._pair(lambda one, n=name: getattr(one, n))) for name, words in names.items()]
        rows += [(f"- best: {word}", *self._pair(lambda one, w=word: one.reached[w])) for word in REACHED[:5]]
        rows += [("only a lead", *self._pair(lambda one: one.reached[LEAD]))]
        rows += [("not at all", *self._pair(lambda one: one.reached["none"]))]
        rows += [("mapped to ESCO, but lost", *self._pair(lambda one: one.lost))]
        rows += [("several best answers", *self._pair(lambda one: one.several))]
        rows += [("ways that contradict each other", *self._pair(lambda one: one.clashing))]
        return rows

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        first, second, both = self.occupations
        return {
            "directions": [_direction(self.forth), _direction(self.back)],
            "esco_occupations": {self.forth.source.key: first, self.forth.target.key: second, "both": both},
        }

    def _pair(self, count: Any) -> tuple[int, float, int, float]:
        one, other = count(self.forth), count(self.back)
        return one, _share(one, self.forth.concepts), other, _share(other, self.back.concepts)


def coverage(graph: Graph, one: str, other: str, *, hierarchy: bool = False) -> Coverage:
    """Lead every concept of two classifications to the other side, and count.

    Raises NotFoundError, with what is near, for a name that is no classification of the graph.
    """
    first, second = find_side(graph, one), find_side(graph, other)
    facts = facts_between(graph, first, second)
    ends = {side.key: members(graph, side) for side in (first, second)}
    mapped = [_occupations(facts, ends[side.key]) for side in (first, second)]
    return Coverage(
        _lead(facts, ends[first.key], first, second, hierarchy),
        _lead(facts, ends[second.key], second, first, hierarchy),
        (len(mapped[0]), len(mapped[1]), len(mapped[0] & mapped[1])),
    )


def _lead(facts: LoadedFacts, concepts: list[Named], source: Side, target: Side, hierarchy: bool) -> Direction:
    reached: Counter[str] = Counter()
    mapped = several = clashing = 0
    targets: set[str] = set()
    for concept in concepts:
        found = answers_between(facts, concept, source, target, hierarchy=hierarchy)
        best = found[0].relation if found else "none"
        reached[best] += 1
        mapped += bool(facts.mappings(concept))
        several += best not in (LEAD, "none") and sum(one.relation == best for one in found) > 1
        clashing += any(one.clashes for one in found)
        targets.update(one.target.iri for one in found if not one.is_lead)
    said = {word: reached[word] for word in REACHED}
    return Direction(source, target, len(concepts), mapped, said, several, clashing, len(targets))


def _occupations(facts: LoadedFacts, concepts: list[Named]) -> set[str]:
    ends = (step.target.iri for concept in concepts for step in facts.mappings(concept))
    return {iri for iri in ends if iri.startswith(OCCUPATION)}


def _direction(one: Direction) -> dict[str, Any]:
    numbers = ("concepts", "mapped", "related", "lost", "several", "clashing", "targets")
    return {
        "from": one.source.key,
        "to": one.target.key,
        **{name: getattr(one, name) for name in numbers},
        "reached": one.reached,
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 6) if whole else 0.0
