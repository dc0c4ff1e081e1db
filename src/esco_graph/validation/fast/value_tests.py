"""The constraints of SHACL Core that each value node passes or fails by itself (SHACL, section 4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import filterfalse
from typing import ClassVar

import pyoxigraph as ox

from esco_graph.terms import SH, XSD
from esco_graph.validation.fast.data import Data
from esco_graph.validation.fast.literals import compared, has_datatype
from esco_graph.validation.fast.model import Shape, ValueTest
from esco_graph.validation.finding import Term
from esco_graph.validation.shape_files import python_pattern

_KINDS = {
    "IRI": (ox.NamedNode,),
    "BlankNode": (ox.BlankNode,),
    "Literal": (ox.Literal,),
    "BlankNodeOrIRI": (ox.BlankNode, ox.NamedNode),
    "BlankNodeOrLiteral": (ox.BlankNode, ox.Literal),
    "IRIOrLiteral": (ox.NamedNode, ox.Literal),
}
# Numbers that the store compares by value and without rounding.
_EXACT = {XSD + "decimal", XSD + "integer"}


class Class(ValueTest):
    """sh:class."""

    component = "Class"
    cost = 10

    def __init__(self, class_: str) -> None:
        self.class_ = class_

    def allows(self, data: Data, value: Term) -> bool:
        """A literal is an instance of nothing."""
        return data.is_instance(value, self.class_)


class Datatype(ValueTest):
    """sh:datatype; an ill-formed literal has none."""

    component = "Datatype"
    by_language = True

    def __init__(self, datatype: str) -> None:
        self.datatype = datatype
        if datatype in _EXACT:
            self.sure = f"isNumeric(?this) && datatype(?this) = {ox.NamedNode(datatype)}"

    def allows(self, data: Data, value: Term) -> bool:
        """Compare the datatype, then look whether the literal is well-formed."""
        return has_datatype(value, self.datatype)


class NodeKind(ValueTest):
    """sh:nodeKind."""

    component = "NodeKind"

    def __init__(self, kind: str) -> None:
        self.kinds = _KINDS.get(kind.removeprefix(SH), ())

    def allows(self, data: Data, value: Term) -> bool:
        """Look at the kind of the term."""
        return isinstance(value, self.kinds)


class Range(ValueTest):
    """sh:minExclusive, minInclusive, maxExclusive and maxInclusive; what cannot be compared fails."""

    _SIGNS: ClassVar = {
        "MinExclusive": (1,),
        "MinInclusive": (0, 1),
        "MaxExclusive": (-1,),
        "MaxInclusive": (-1, 0),
    }
    _OPERATORS: ClassVar = {"MinExclusive": ">", "MinInclusive": ">=", "MaxExclusive": "<", "MaxInclusive": "<="}

    def __init__(self, component: str, limit: ox.Literal) -> None:
        self.component = component
        self.limit = limit
        self.signs = self._SIGNS[component]
        if limit.datatype.value in _EXACT and has_datatype(limit, limit.datatype.value):
            exact = " || ".join(f"datatype(?this) = {ox.NamedNode(one)}" for one in sorted(_EXACT))
            self.sure = f"({exact}) && ?this {self._OPERATORS[component]} {limit}"

    def allows(self, data: Data, value: Term) -> bool:
        """Compare by value."""
        return compared(value, self.limit) in self.signs


class TextTest(ValueTest):
    """A test of the text of an IRI or literal; a blank node has none."""

    blank = False

    def accepts(self, text: str) -> bool:
        """Say whether a text passes."""
        raise NotImplementedError

    @property
    def finds(self) -> Callable[[str], object]:
        """What `accepts` asks, as a function whose answer is true or false."""
        return self.accepts

    def allows(self, data: Data, value: Term) -> bool:
        """Test the text."""
        return self.blank if isinstance(value, ox.BlankNode) else self.accepts(value.value)

    def refused(self, data: Data, texts: Sequence[str], lang: str) -> Sequence[str]:
        """Test the texts, whatever their language."""
        return list(filterfalse(self.finds, texts))


class MinLength(TextTest):
    """sh:minLength, 1 or more."""

    component = "MinLength"

    def __init__(self, length: int) -> None:
        self.length = length

    def accepts(self, text: str) -> bool:
        """Count characters."""
        return len(text) >= self.length


class MaxLength(TextTest):
    """sh:maxLength."""

    component = "MaxLength"

    def __init__(self, length: int) -> None:
        self.length = length

    def accepts(self, text: str) -> bool:
        """Count characters."""
        return len(text) <= self.length


class Pattern(TextTest):
    """sh:pattern with sh:flags, matched by Python as in the pyshacl engine."""

    component = "Pattern"

    def __init__(self, pattern: str, flags: str) -> None:
        chosen = (re.IGNORECASE if "i" in flags.lower() else 0) | (re.MULTILINE if "m" in flags.lower() else 0)
        self._search = re.compile(python_pattern(pattern, flags), chosen).search

    def accepts(self, text: str) -> bool:
        """Search the text."""
        return self._search(text) is not None

    @property
    def finds(self) -> Callable[[str], object]:
        """The search itself, without a call of Python's around it."""
        return self._search


class NotText(TextTest):
    """sh:not of a shape that only tests a text."""

    component = "Not"

    def __init__(self, test: TextTest) -> None:
        self._finds = test.finds
        self.blank = not test.blank

    def accepts(self, text: str) -> bool:
        """Turn the answer around."""
        return not self._finds(text)

    def refused(self, data: Data, texts: Sequence[str], lang: str) -> Sequence[str]:
        """Give the texts that the other test lets pass."""
        return list(filter(self._finds, texts))


class LanguageIn(ValueTest):
    """sh:languageIn; `en` covers `en-GB`."""

    component = "LanguageIn"
    by_language = True

    def __init__(self, langs: Iterable[str]) -> None:
        self.langs = frozenset(lang.lower() for lang in langs)

    def allows(self, data: Data, value: Term) -> bool:
        """Look for the tag and for its language."""
        lang = value.language if isinstance(value, ox.Literal) else None
        if not lang:
            return False
        lang = lang.lower()
        return lang in self.langs or "*" in self.langs or lang.partition("-")[0] in self.langs


class In(ValueTest):
    """sh:in; terms are compared as terms."""

    component = "In"

    def __init__(self, members: Iterable[Term]) -> None:
        self.members = frozenset(members)

    def allows(self, data: Data, value: Term) -> bool:
        """Look the term up."""
        return value in self.members


class Logical(ValueTest):
    """What asks whether a value node conforms to other shapes: sh:node, sh:not, sh:and, sh:or and sh:xone."""

    def __init__(self, component: str, shapes: Iterable[Shape]) -> None:
        self.component = component
        self.shapes = tuple(sorted(shapes, key=_dearness))
        self._asked = tuple(map(_asking, self.shapes))
        self._tests = tuple(map(only_test, self.shapes))
        self.cost = max((_dearness(shape) for shape in self.shapes), default=1)
        self.by_language = all(map(_by_language, self.shapes))

    def allows(self, data: Data, value: Term) -> bool:
        """Ask the shapes, the cheap ones first."""
        if self.component in ("Xone", "Not"):
            return sum(ask(data, value) for ask in self._asked) == (self.component == "Xone")
        decisive = self.component == "Or"
        for ask in self._asked:
            if ask(data, value) is decisive:
                return decisive
        return not decisive

    def refused(self, data: Data, texts: Sequence[str], lang: str) -> Sequence[str]:
        """Of sh:or, let each test see what those before it refused."""
        tests = [test for test in self._tests if test is not None]
        if self.component != "Or" or len(tests) < len(self.shapes):
            return super().refused(data, texts, lang)
        for test in tests:
            texts = test.refused(data, texts, lang)
        return texts


def _by_language(shape: Shape) -> bool:
    """Say whether of a text with a language tag the shape looks at the tag alone."""
    tests = shape.constraints
    alone = shape.path is None and not shape.members
    return alone and all(isinstance(test, ValueTest) and test.by_language for test in tests)


def negated(shape: Shape) -> ValueTest:
    """Make the test of sh:not."""
    test = only_test(shape)
    return NotText(test) if isinstance(test, TextTest) else Logical("Not", [shape])


def only_test(shape: Shape) -> ValueTest | None:
    """Give the test of a shape that is nothing but one test of the node itself."""
    alone = shape.path is None and not shape.members and not shape.off and len(shape.constraints) == 1
    test = shape.constraints[0] if alone else None
    return test if isinstance(test, ValueTest) else None


def _asking(shape: Shape) -> Callable[[Data, Term], bool]:
    test = only_test(shape)
    return shape.conforms if test is None else test.allows


def _dearness(shape: Shape) -> int:
    if shape.path is not None or shape.members:
        return 20
    return max((test.cost if isinstance(test, ValueTest) else 10 for test in shape.constraints), default=1)
