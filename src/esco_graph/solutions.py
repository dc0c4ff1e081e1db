"""The result of a SELECT: variables and rows of RDF terms, the same from every store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from esco_graph.terms import XSD

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = tuple[Term | None, ...]


@dataclass(frozen=True)
class Solutions:
    """Solutions of a SELECT, read to the end, in the order in which the store gave them.

    >>> solutions = Solutions(("label",), [(ox.Literal("nurse", language="en"),)])
    >>> solutions.dicts()[0]["label"].value
    'nurse'
    """

    variables: tuple[str, ...]
    rows: list[Row]

    def __iter__(self) -> Iterator[Row]:
        """Go over the rows."""
        return iter(self.rows)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.rows)

    def dicts(self) -> list[dict[str, Term]]:
        """Give each row as a map from variable to term, without the unbound ones."""
        return [
            {name: term for name, term in zip(self.variables, row, strict=True) if term is not None}
            for row in self.rows
        ]

    def as_json(self) -> dict[str, Any]:
        """Give the SPARQL 1.1 Query Results JSON form (https://www.w3.org/TR/sparql11-results-json/)."""
        bindings = [{name: _json_term(term) for name, term in row.items()} for row in self.dicts()]
        return {"head": {"vars": list(self.variables)}, "results": {"bindings": bindings}}

    @classmethod
    def read(cls, solutions: ox.QuerySolutions) -> Solutions:
        """Read Oxigraph's lazy solutions to the end."""
        variables = tuple(variable.value for variable in solutions.variables)
        return cls(variables, [tuple(solution) for solution in solutions])


def _json_term(term: Term) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = (("subject", term.subject), ("predicate", term.predicate), ("object", term.object))
        return {"type": "triple", "value": {name: _json_term(part) for name, part in parts}}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype.value == XSD + "string":
        return {"type": "literal", "value": term.value}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
