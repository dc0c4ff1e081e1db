"""One pass over the different values of a property, or the nodes of a target, with all tests of all shapes on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from esco_graph.validation.fast.data import Data, Step
from esco_graph.validation.fast.focus import Declaration, Focus
from esco_graph.validation.fast.model import Result, Shape, ValueTest
from esco_graph.validation.fast.value_tests import TextTest
from esco_graph.validation.finding import Term


class Check(NamedTuple):
    """A test of a shape on what one declaration, or one step of its path, leads to.

    `place` is the place of that declaration or step among those of the focus or the path: what an earlier one leads to
    as well was found there already. `steps` is None for a node shape, whose value nodes are its focus nodes.
    """

    shape: Shape
    test: ValueTest
    focus: Focus
    place: int
    steps: tuple[Step, ...] | None = None

    def results(self, data: Data, value: Term) -> Iterator[Result]:
        """Give the results for a value that fails: one for each focus node that has it."""
        for node in self._nodes(data, value):
            yield Result(self.shape, self.test, node, self.test.found(value))

    def _nodes(self, data: Data, value: Term) -> Iterator[Term]:
        if self.steps is None:
            earlier = self.focus.declarations[: self.place]
            if not any(self.focus.declares(one, value) for one in earlier):
                yield value
            return
        name, inverse = self.steps[self.place]
        for node in data.step(value, (name, not inverse)):
            if self.focus.has(node) and not any(data.leads(node, step, value) for step in self.steps[: self.place]):
                yield node


def scan(data: Data, source: Declaration, checks: Sequence[Check]) -> Iterator[Result]:
    """Test each value once, the tests of its text with the text taken out once."""
    texts = [(check, check.test.accepts) for check in checks if isinstance(check.test, TextTest)]
    others = [(check, check.test.allows) for check in checks if not isinstance(check.test, TextTest)]
    for value in checks[0].focus.stream(source):
        if isinstance(value, ox.BlankNode):
            for check in checks:
                if not check.test.allows(data, value):
                    yield from check.results(data, value)
            continue
        text = value.value
        for check, accepts in texts:
            if not accepts(text):
                yield from check.results(data, value)
        for check, allows in others:
            if not allows(data, value):
                yield from check.results(data, value)
