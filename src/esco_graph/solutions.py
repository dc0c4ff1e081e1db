"""The result of a SELECT: variables and rows of RDF terms, the same from every store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

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

    @classmethod
    def read(cls, solutions: ox.QuerySolutions) -> Solutions:
        """Read Oxigraph's lazy solutions to the end."""
        variables = tuple(variable.value for variable in solutions.variables)
        return cls(variables, [tuple(solution) for solution in solutions])
