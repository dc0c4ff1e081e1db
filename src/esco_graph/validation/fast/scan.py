"""One pass over the different values of a property, or the nodes of a target, with all tests of all shapes on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from esco_graph.validation.fast.data import Data, Step
from esco_graph.validation.fast.focus import Declaration, Focus
from esco_graph.validation.fast.model import Result, Shape, ValueTest
from esco_graph.validation.fast.texts import Texts, texts_of
from esco_graph.validation.fast.value_tests import TextTest
from esco_graph.validation.finding import Term

_COUNTED = 5_000  # focus nodes that are counted, at most
_RATIO = 4  # nodes that are read in the time in which one statement is looked up


@dataclass(eq=False)
class Check:
    """A test of a shape on what one declaration, or one step of its path, leads to.

    `place` is the place of that declaration or step among those of the focus or the path: what an earlier one leads to
    as well was found there already. `steps` is None for a node shape, whose value nodes are its focus nodes. `asked`
    counts the values that failed, `owners` holds the focus nodes of each value when many did.
    """

    shape: Shape
    test: ValueTest
    focus: Focus
    place: int
    steps: tuple[Step, ...] | None = None
    asked: int = 0
    owners: dict[Term, list[Term]] | None = None

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
        step = self.steps[self.place]
        for node in self._ends(data, value, step):
            if not any(data.leads(node, earlier, value) for earlier in self.steps[: self.place]):
                yield node

    def _ends(self, data: Data, value: Term, step: Step) -> Iterable[Term]:
        """Find the focus nodes from which a step leads to a value, from the side where there are fewer."""
        back, count = (step[0], not step[1]), self.focus.count(_COUNTED)
        self.asked += 1
        if self.owners is None and count < _COUNTED and self.asked * _RATIO > count:
            self.owners = self._owned(data, step)
        if self.owners is not None:
            return self.owners.get(value, ())
        if data.reach(value, [back], _RATIO * count + 1) > _RATIO * count:
            return (node for node in self.focus.members() if data.leads(node, step, value))
        return filter(self.focus.has, data.step(value, back))

    def _owned(self, data: Data, step: Step) -> dict[Term, list[Term]]:
        """Note whose each value is, once so many values failed that this costs less than to look back from each."""
        owners: dict[Term, list[Term]] = {}
        for node in self.focus.members():
            for value in data.step(node, step):
                owners.setdefault(value, []).append(node)
        return owners


def scan(data: Data, source: Declaration, checks: Sequence[Check]) -> Iterator[Result]:
    """Test each value once; texts of one language together, numbers that surely pass in the store."""
    focus = checks[0].focus
    if source.kind != "objects":
        return _one_by_one(data, focus.stream(source), checks)
    pattern = focus.pattern_of(source)
    if all(check.test.sure for check in checks):
        return _one_by_one(data, _doubtful(data, pattern, checks), checks)
    texts = texts_of(data, pattern)
    return _one_by_one(data, focus.stream(source), checks) if texts is None else _together(data, texts, checks)


def _doubtful(data: Data, pattern: str, checks: Sequence[Check]) -> Iterator[Term]:
    """Read the values that do not surely pass all tests; an expression that fails makes a value doubtful."""
    sure = " && ".join(f"({one})" for one in dict.fromkeys(check.test.sure for check in checks))
    query = f"SELECT DISTINCT ?this {{ {pattern} FILTER(!COALESCE({sure}, false)) }}"
    return (row[0] for row in data.select(query))


def _together(data: Data, texts: Texts, checks: Sequence[Check]) -> Iterator[Result]:
    for part in texts.parts():
        for check in checks:
            for text in check.test.refused(data, part, texts.lang):
                yield from check.results(data, ox.Literal(text, language=texts.lang))


def _one_by_one(data: Data, values: Iterable[Term], checks: Sequence[Check]) -> Iterator[Result]:
    """Test values, the tests of a text with the text taken out once, those of its language once for each."""
    texts = [(check, check.test.accepts) for check in checks if isinstance(check.test, TextTest)]
    others = [check for check in checks if not isinstance(check.test, TextTest)]
    tagged, single = (
        [one for one in others if one.test.by_language],
        [one for one in others if not one.test.by_language],
    )
    failing: dict[str, list[Check]] = {}
    for value in values:
        if isinstance(value, ox.BlankNode):
            yield from _results(data, value, checks)
            continue
        text, lang = value.value, value.language if isinstance(value, ox.Literal) else None
        for check, accepts in texts:
            if not accepts(text):
                yield from check.results(data, value)
        if lang is None:
            yield from _results(data, value, others)
            continue
        if lang not in failing:
            failing[lang] = [check for check in tagged if not check.test.allows(data, value)]
        for check in failing[lang]:
            yield from check.results(data, value)
        if single:
            yield from _results(data, value, single)


def _results(data: Data, value: Term, checks: Sequence[Check]) -> Iterator[Result]:
    for check in checks:
        if not check.test.allows(data, value):
            yield from check.results(data, value)
