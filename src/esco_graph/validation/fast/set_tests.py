"""The constraints of SHACL Core on the set of value nodes, or on the focus node's other properties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

import pyoxigraph as ox

from esco_graph.terms import RDFS, SH
from esco_graph.validation.fast.data import TYPE, Data
from esco_graph.validation.fast.literals import is_less
from esco_graph.validation.fast.model import Constraint, Shape, Violation
from esco_graph.validation.finding import Term
from esco_graph.validation.paths import Path

_RESOURCE = ox.NamedNode(RDFS + "Resource")


class MinCount(Constraint):
    """sh:minCount."""

    component = "MinCount"

    def __init__(self, count: int) -> None:
        self.count = count

    def violations(self, data: Data, focus: Term, values: Collection[Term]) -> Iterator[Violation]:
        """One result, without a value."""
        if len(values) < self.count:
            yield self.found()


class MaxCount(Constraint):
    """sh:maxCount."""

    component = "MaxCount"

    def __init__(self, count: int) -> None:
        self.count = count

    def violations(self, data: Data, focus: Term, values: Collection[Term]) -> Iterator[Violation]:
        """One result, without a value."""
        if len(values) > self.count:
            yield self.found()


class HasValue(Constraint):
    """sh:hasValue."""

    component = "HasValue"

    def __init__(self, value: Term) -> None:
        self.value = value

    def violations(self, data: Data, focus: Term, values: Collection[Term]) -> Iterator[Violation]:
        """One result, without a value."""
        if self.value not in values:
            yield self.found()


class UniqueLang(Constraint):
    """sh:uniqueLang true."""

    component = "UniqueLang"

    def violations(self, data: Data, focus: Term, values: Collection[Term]) -> Iterator[Violation]:
        """One result for each language that two value nodes share, without a value."""
        langs = Counter(v.language.lower() for v in values if isinstance(v, ox.Literal) and v.language)
        return (self.found() for count in langs.values() if count > 1)


class Equals(Constraint):
    """sh:equals."""

    component = "Equals"

    def __init__(self, other: str) -> None:
        self.other = other

    def violations(self, data: Data, focus: Term, values: Collection[Term]) -> Iterator[Violation]:
        """One result for each value that one side alone has."""
        others = dict.fromkeys(data.objects(focus, self.other))
        yield from (self.found(value) for value in values if value not in others)
        yield from (self.found(value) for value in others if value not in values)


class Disjoint(Constraint):
    """sh:disjoint."""

    component = "Disjoint"

    def __init__(self, other: str) -> None:
        self.other = other

    def violations(self, data: Data, focus: Term, values: Collection[Term]) -> Iterator[Violation]:
        """One result for each value that both sides have."""
        others = frozenset(data.objects(focus, self.other)) if values else ()
        return (self.found(value) for value in values if value in others)


class LessThan(Constraint):
    """sh:lessThan and sh:lessThanOrEquals."""

    def __init__(self, other: str, *, or_equal: bool) -> None:
        self.component = "LessThanOrEquals" if or_equal else "LessThan"
        self.other = other
        self.or_equal = or_equal

    def violations(self, data: Data, focus: Term, values: Collection[Term]) -> Iterator[Violation]:
        """One result for each pair that is not in order."""
        others = tuple(data.objects(focus, self.other)) if values else ()
        for value in values:
            for other in others:
                if not is_less(value, other, or_equal=self.or_equal):
                    yield self.found(value)


class Qualified(Constraint):
    """sh:qualifiedValueShape with its counts; `siblings` are empty unless sh:qualifiedValueShapesDisjoint is true."""

    component = "Qualified"

    def __init__(self, shape: Shape, least: int | None, most: int | None, siblings: Iterable[Shape]) -> None:
        self.shape = shape
        self.least = least
        self.most = most
        self.siblings = tuple(siblings)

    def violations(self, data: Data, focus: Term, values: Collection[Term]) -> Iterator[Violation]:
        """Count the value nodes that conform to the shape and to no sibling."""
        count = sum(
            self.shape.conforms(data, value) and not any(one.conforms(data, value) for one in self.siblings)
            for value in values
        )
        if self.most is not None and count > self.most:
            yield Violation(SH + "QualifiedMaxCountConstraintComponent")
        if self.least is not None and count < self.least:
            yield Violation(SH + "QualifiedMinCountConstraintComponent")


class Closed(Constraint):
    """sh:closed true; `allowed` are the paths of the property shapes and sh:ignoredProperties."""

    component = "Closed"

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = frozenset(allowed)

    def violations(self, data: Data, focus: Term, values: Collection[Term]) -> Iterator[Violation]:
        """One result for each statement of a value node with another property; the type rdfs:Resource passes."""
        for node in values:
            if isinstance(node, ox.Literal):
                continue
            found = {(q.predicate.value, q.object): None for q in data.store.quads_for_pattern(node, None, None, None)}
            for property_, value in found:
                if property_ not in self.allowed and (property_, value) != (TYPE, _RESOURCE):
                    yield self.found(value)._replace(path=Path("iri", property_))  # type: ignore[arg-type]
