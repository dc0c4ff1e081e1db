"""Constraints written in SPARQL (SHACL, section 5): for all nodes at once where that is the same, else one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pyoxigraph as ox

from esco_graph.errors import QueryError, ValidationError
from esco_graph.sparql import Token, tokens
from esco_graph.terms import OWL, RDF, RDFS, SH
from esco_graph.validation.fast.at_once import at_once
from esco_graph.validation.fast.data import Data
from esco_graph.validation.fast.model import Constraint, Unsupported, Violation
from esco_graph.validation.finding import Term
from esco_graph.validation.paths import read_path
from esco_graph.validation.view import answer

_FORBIDDEN = ("MINUS", "VALUES", "SERVICE")  # in a query with pre-bound variables (SHACL, section 5.2.1)
_RESERVED = ("this", "path", "value")
_PREFIXES = "".join(f"PREFIX {name}: <{space}>\n" for name, space in (("owl", OWL), ("rdf", RDF), ("rdfs", RDFS)))


class Sparql(Constraint):
    """sh:sparql with sh:select; `messages` are those of the constraint and of its shape."""

    component = "SPARQL"

    def __init__(self, select: str, prefixes: str, shape: Any, path: str | None, messages: Sequence[Any]) -> None:
        """Take the query, PREFIX lines, and the shape with its path as SPARQL; Unsupported for what is not run here."""
        try:
            parts = [token for token in tokens(select) if token.kind != "comment"]
        except QueryError as error:
            raise Unsupported(f"its SPARQL does not parse: {error}") from error
        self._shape = shape
        self._path = path
        self._has_path = path is not None
        self._messages = tuple(messages)
        self.select = _PREFIXES + prefixes + "".join(self._put(token) for token in parts)
        _refuse(parts, self.select)
        self.at_once = at_once(self.select)
        if self.at_once:
            _check(self.at_once)

    def _put(self, token: Token) -> str:
        """Write the path and the shape into the query: they are known beforehand."""
        name = token.text[1:] if token.kind in ("parameter", "variable") else ""
        if name == "PATH":
            if self._path is None:
                raise Unsupported("its SPARQL asks for $PATH, and the shape has none")
            return self._path
        if name == "currentShape" and not isinstance(self._shape, str):
            raise Unsupported("its SPARQL asks for $currentShape")
        return token.text

    def violations(self, data: Data, focus: Term, values: Collection[Term]) -> Iterator[Violation]:
        """One result for each different solution for this focus node."""
        found = answer(data.store, self.select, {"this": focus})
        names = [variable.value for variable in found.variables]
        seen: set[tuple[Term | None, ...]] = set()
        for solution in found:
            row = tuple(solution)
            if row not in seen:
                seen.add(row)
                yield from self._result(dict(zip(names, row, strict=True)), focus)

    def rows(self, data: Data) -> Iterator[tuple[Term, tuple[str, ...], tuple[Term | None, ...]]]:
        """Give the different solutions for all nodes, targets or not: node, names of the variables, solution."""
        try:
            found: Any = data.select(self.at_once)
            names = tuple(variable.value for variable in found.variables)
            place = names.index("this")
            for solution in found:
                row = tuple(solution)
                yield row[place], names, row
        except (RuntimeError, ValueError) as error:
            raise ValidationError(f"the SPARQL of a shape failed: {error}", where=self.select[-200:]) from error

    def result(self, names: Sequence[str], row: Sequence[Term | None], focus: Term) -> Iterator[Violation]:
        """Make the result of one solution."""
        return self._result(dict(zip(names, row, strict=True)), focus)

    def _result(self, row: Mapping[str, Term | None], focus: Term) -> Iterator[Violation]:
        bound = {name: term for name, term in row.items() if term is not None}
        if not any(name in bound for name in _RESERVED):
            return
        if "value" not in bound and not self._has_path:
            bound["value"] = focus
        path = bound.get("path")
        yield Violation(
            SH + "SPARQLConstraintComponent",
            bound.get("value"),
            None if path is None else read_path_of(path),
            bound.get("this"),
            self._message(bound),
        )

    def _message(self, bound: Mapping[str, Term]) -> str:
        """Write the terms of a solution into the messages; pySHACL takes their languages away by that."""
        if not any("{" in str(message) for message in self._messages):
            return min(map(str, self._messages), default="")
        return min((_filled(str(message), bound) for message in self._messages), default="")


def read_path_of(term: Term) -> Any:
    """Take a term that a query gives as ?path for a path; a property is one."""
    import rdflib

    from esco_graph.terms import from_ox

    return read_path(rdflib.Graph(), from_ox(term))


def _filled(message: str, bound: Mapping[str, Term]) -> str:
    for name, term in bound.items():
        text = term.value
        message = message.replace(f"{{?{name}}}", text).replace(f"{{${name}}}", text)
    return message


def _refuse(parts: Sequence[Token], query: str) -> None:
    solid = [token for token in parts if token.kind != "space"]
    words = [token.text.upper() for token in solid if token.kind == "word"]
    names = {token.text[1:] for token in parts if token.kind in ("variable", "parameter")}
    for word in _FORBIDDEN:
        if word in words:
            raise Unsupported(f"its SPARQL holds {word}, which SHACL forbids")
    if words.count("SELECT") != 1:
        raise Unsupported("its SPARQL holds a sub-select, or is no SELECT")
    if any(one.text.upper() == "AS" and other.text[1:] == "this" for one, other in pairwise(solid)):
        raise Unsupported("its SPARQL assigns $this, which SHACL forbids")
    for name in ("shapesGraph", "failure", "currentShape"):
        if name in names:
            raise Unsupported(f"its SPARQL asks for ${name}")
    _check(query)


def _check(query: str) -> None:
    try:
        ox.Store().query(query)
    except SyntaxError as error:
        raise Unsupported(f"its SPARQL does not parse: {error}") from error
