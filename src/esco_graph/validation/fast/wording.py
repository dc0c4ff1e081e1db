"""Messages for shapes that have none: the words of pySHACL, with lists in a fixed order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from esco_graph.terms import SH, from_ox
from esco_graph.validation.fast.model import Constraint, Shape, Violation
from esco_graph.validation.finding import Term

if TYPE_CHECKING:
    import rdflib


def worded(graph: rdflib.Graph, shape: Shape, constraint: Constraint, focus: Term, violation: Violation) -> str:
    """Say what a result means, as pySHACL does; "" for a constraint that has to bring its own message."""
    word = _WORDS.get(constraint.component)
    return word(_Words(graph, shape, focus, violation)) if word else ""


class _Words:
    """The terms of a message as pySHACL writes them."""

    def __init__(self, graph: rdflib.Graph, shape: Shape, focus: Term, violation: Violation) -> None:
        self.graph = graph
        self.shape = shape
        self.focus = _data_term(focus)
        self.value = "None" if violation.value is None else _data_term(violation.value)
        self.path = self._path()

    def _path(self) -> str:
        import rdflib

        found = self.graph.value(self.shape.node, rdflib.URIRef(SH + "path"))
        return "" if found is None else self.shown(found)

    def shown(self, term: Any) -> str:
        from pyshacl.rdfutil import stringify_node

        return str(stringify_node(self.graph, term))

    def all(self, name: str) -> list[str]:
        """Show the values of a parameter, sorted."""
        import rdflib

        return sorted(self.shown(term) for term in self.graph.objects(self.shape.node, rdflib.URIRef(SH + name)))

    def plain(self, name: str) -> list[str]:
        """Give the values of a parameter as they are, sorted."""
        import rdflib

        return sorted(str(term) for term in self.graph.objects(self.shape.node, rdflib.URIRef(SH + name)))

    def items(self, name: str) -> list[str]:
        """Show the members of each list of a parameter."""
        import rdflib

        heads = self.graph.objects(self.shape.node, rdflib.URIRef(SH + name))
        return sorted(" , ".join(self.shown(item) for item in self.graph.items(head)) for head in heads)


def _data_term(term: Term) -> str:
    import rdflib
    from pyshacl.rdfutil import stringify_node

    return str(term) if isinstance(term, ox.BlankNode) else str(stringify_node(rdflib.Graph(), from_ox(term)))


def _each(name: str, one: str, several: str) -> Callable[[_Words], str]:
    """Word a parameter that may have several values."""

    def word(words: _Words) -> str:
        values = words.all(name)
        return f"{one} {values[0]}" if len(values) == 1 else f"{several} ({', '.join(values)})"

    return word


def _count(name: str, words_before: str) -> Callable[[_Words], str]:
    return lambda words: f"{words_before} {words.plain(name)[0]} values on {words.focus}->{words.path}"


def _pattern(words: _Words) -> str:
    patterns = words.plain("pattern")
    if len(patterns) == 1:
        return f"Value does not match pattern '{patterns[0]}'"
    return f"Value does not match every pattern in ('{chr(39).join(patterns)}')"


def _listed(name: str, what: str) -> Callable[[_Words], str]:
    def word(words: _Words) -> str:
        lists = words.items(name)
        text = lists[0] if len(lists) == 1 else " and ".join(f"({one})" for one in lists)
        return f"Node {words.value} must conform to {what} in {text}"

    return word


def _not(words: _Words) -> str:
    shapes = words.all("not")
    if len(shapes) == 1:
        return f"Node {words.value} must not conform to shape {shapes[0]}"
    return f"Node {words.value} must not conform to any shapes in {' , '.join(shapes)}"


def _node(words: _Words) -> str:
    shapes = words.all("node")
    more = "See details for more information."
    if len(shapes) == 1:
        return f"Value does not conform to Shape {shapes[0]}. {more}"
    return f"Value must conform to every Shape in ('{chr(39).join(shapes)}'). {more}"


def _qualified(words: _Words) -> str:
    counts = "".join(
        f" {name}Count {words.plain(f'qualified{name}Count')[0]}"
        for name in ("Min", "Max")
        if words.plain(f"qualified{name}Count")
    )
    shapes = words.all("qualifiedValueShape")
    if len(shapes) == 1:
        return f"Focus node does not conform to shape{counts}: {shapes[0]}"
    return f"Focus node does not conform to shapes{counts}: ({','.join(shapes)})"


def _has_value(words: _Words) -> str:
    wanted = words.all("hasValue")
    if words.path:
        return f"Node {words.focus}->{words.path} does not contain a value in the set: {wanted}"
    return f"Node {words.focus} value is not a in the set of values: {wanted}"


def _in(words: _Words) -> str:
    import rdflib

    head = words.graph.value(words.shape.node, rdflib.URIRef(SH + "in"))
    shown = [] if head is None else sorted(words.shown(item) for item in words.graph.items(head))
    return f"Value {words.value} not in list {shown}"


_WORDS: dict[str, Callable[[_Words], str]] = {
    "Class": _each("class", "Value does not have class", "Value class is not in classes"),
    "Datatype": lambda words: f"Value is not Literal with datatype {words.all('datatype')[0]}",
    "NodeKind": lambda words: f"Value is not of Node Kind {words.all('nodeKind')[0]}",
    "MinCount": _count("minCount", "Less than"),
    "MaxCount": _count("maxCount", "More than"),
    "MinExclusive": _each("minExclusive", "Value is not >", "Value is not > in"),
    "MinInclusive": _each("minInclusive", "Value is not >=", "Value is not >= in"),
    "MaxExclusive": _each("maxExclusive", "Value is not <", "Value is not < in"),
    "MaxInclusive": _each("maxInclusive", "Value is not <=", "Value is not <= in"),
    "MinLength": lambda words: f"String length not >= {words.all('minLength')[0]}",
    "MaxLength": lambda words: f"String length not <= {words.all('maxLength')[0]}",
    "Pattern": _pattern,
    "LanguageIn": lambda words: f"String language is not in {words.all('languageIn')[0]}",
    "UniqueLang": lambda words: "More than one String shares the same Language",
    "Not": _not,
    "And": _listed("and", "all shapes"),
    "Or": _listed("or", "one or more shapes"),
    "Xone": _listed("xone", "exactly one shape"),
    "Node": _node,
    "Qualified": _qualified,
    "Closed": lambda words: f"Node {words.focus} is closed. It cannot have value: {words.value}",
    "HasValue": _has_value,
    "In": _in,
}
