"""Shapes as the fast engine holds them: constraints that say what violates them, node by node."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyoxigraph as ox

from esco_graph.terms import SH
from esco_graph.validation.fast.data import Data
from esco_graph.validation.finding import Term
from esco_graph.validation.paths import Path


class Unsupported(Exception):  # noqa: N818 - a reason, which never leaves the package
    """Why the fast engine leaves a shape to pySHACL."""


class Violation(NamedTuple):
    """What a constraint finds at a focus node; what it leaves open is the shape's own (focus, path, messages)."""

    component: str
    value: Term | None = None
    path: Path | None = None
    focus: Term | None = None
    message: str | None = None


class Result(NamedTuple):
    """A violation, with the shape and the constraint that found it and the focus node it was found at."""

    shape: Shape
    constraint: Constraint
    focus: Term
    violation: Violation


class Constraint:
    """One constraint of a shape, with its parameters; `component` is the local name in the SHACL namespace."""

    component = ""

    def violations(self, data: Data, focus: Term, values: Collection[Term]) -> Iterator[Violation]:
        """Say what violates the constraint, given the value nodes of a focus node; each result that SHACL asks for."""
        raise NotImplementedError

    def found(self, value: Term | None = None) -> Violation:
        """Make a violation of this constraint."""
        return Violation(SH + self.component + "ConstraintComponent", value)


class ValueTest(Constraint):
    """A constraint that each value node passes or fails by itself."""

    cost = 1
    """How dear the test is: 1 for the term alone, 10 when it asks the data."""

    by_language = False
    """Whether of a text with a language tag the test looks at the tag alone."""

    sure = ""
    """A SPARQL expression that holds for values of ?this that surely pass, "" when there is none."""

    def allows(self, data: Data, value: Term) -> bool:
        """Say whether a value node passes."""
        raise NotImplementedError

    def refused(self, data: Data, texts: Sequence[str], lang: str) -> Sequence[str]:
        """Give those texts of a language that do not pass."""
        if self.by_language and texts:
            return () if self.allows(data, ox.Literal(texts[0], language=lang)) else texts
        return [text for text in texts if not self.allows(data, ox.Literal(text, language=lang))]

    def violations(self, data: Data, focus: Term, values: Collection[Term]) -> Iterator[Violation]:
        """Give one result for each value node that fails."""
        return (self.found(value) for value in values if not self.allows(data, value))


@dataclass(frozen=True, eq=False)
class Shape:
    """A node or property shape (`path` is None or not), its own constraints, and its `sh:property` shapes."""

    node: Any
    path: Path | None
    severity: str
    messages: tuple[Any, ...]
    constraints: tuple[Constraint, ...] = ()
    members: tuple[Shape, ...] = ()
    off: bool = False

    def values(self, data: Data, focus: Term) -> Collection[Term]:
        """Find the value nodes of a focus node (SHACL, section 2.3)."""
        return (focus,) if self.path is None else data.values(self.path, focus)

    def conforms(self, data: Data, focus: Term) -> bool:
        """Say whether a node conforms to the shape (SHACL, section 3.5)."""
        if self.off:
            return True
        values = self.values(data, focus)
        for constraint in self.constraints:
            if isinstance(constraint, ValueTest):
                if not all(constraint.allows(data, value) for value in values):
                    return False
            elif next(constraint.violations(data, focus, values), None) is not None:
                return False
        return all(member.conforms(data, value) for member in self.members for value in values)

    def results(self, data: Data, focus: Term) -> Iterator[Result]:
        """Go over all results of a focus node, those of its property shapes with them."""
        if self.off:
            return
        values = self.values(data, focus)
        for constraint in self.constraints:
            for violation in constraint.violations(data, focus, values):
                yield Result(self, constraint, focus, violation)
        for member in self.members:
            for value in values:
                yield from member.results(data, value)
