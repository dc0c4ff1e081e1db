"""Stored queries: one question, one `.rq` file, with typed parameters, safe binding and typed rows.

The header of a file is YAML after `#+`: summary, description, params, columns, example. `$name` in the text is a
parameter, `?name` a variable. A file with a fault is refused when it is read, so a catalogue that loads is sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from esco_graph.errors import NotFoundError, ParameterError, QueryError
from esco_graph.parameters import Parameter, read_parameter, write_terms
from esco_graph.resources import read_query, resource
from esco_graph.solutions import Solutions, Term
from esco_graph.sparql import fault_of, join, limit_parameters, projected_parameters, split, unordered_limit

__all__ = ["Parameter", "Rule", "StoredQuery", "Table", "catalogue", "rules", "stored"]

# These hold files of another kind: whole-graph rules, their repairs, and CONSTRUCTs without parameters.
_OTHER_FOLDERS = ("checks", "fixes", "rules")
_KEYS = frozenset({"summary", "description", "params", "columns", "example"})


class Selects(Protocol):
    """Anything that answers a SELECT: a `Graph`, local or remote."""

    def select(self, sparql: str) -> Solutions:
        """Answer a SELECT, with the union of all named graphs as the default graph."""
        ...


@dataclass(frozen=True)
class Table:
    """The answer of a stored query: plain Python values, typed by the query's header.

    iri, string and lang-string give str, integer int, decimal float, boolean bool; an unbound value is None.

    >>> Table(("code", "shared"), [("2269.4", 42)]).dicts()
    [{'code': '2269.4', 'shared': 42}]
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def dicts(self) -> list[dict[str, Any]]:
        """Give each row as a map from column to value; None where nothing is bound."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class StoredQuery:
    """One question: its texts for people, its parameters, the types of its columns, an example, and its SPARQL.

    `text` is the SPARQL without the header. Binding replaces the tokens `$name` by terms, never text by text.

    >>> query = stored("isco-chain")
    >>> query.columns["level"], [parameter.name for parameter in query.parameters]
    ('integer', ['occupation', 'lang'])
    """

    name: str
    path: Path
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    columns: dict[str, str] = field(hash=False)
    example: dict[str, Any] = field(hash=False)
    text: str

    @classmethod
    def read(cls, path: Path) -> StoredQuery:
        """Read and check one `.rq` file.

        Raises QueryError, with the file, for: a header that is not YAML or has an unknown key or type; no example; a
        parameter undeclared, unused or projected; LIMIT without ORDER BY; columns that differ from the projection; a
        text that does not parse when it is bound to its own example.
        """
        header, text = _read(path)
        file = path.name
        columns = _mapping(header, "columns", file)
        for column, kind in columns.items():
            if not isinstance(kind, str) or kind not in _READERS:
                raise QueryError(
                    f"column {column} has the unknown type {kind!r}",
                    where=file,
                    advice=f"Use one of: {', '.join(_READERS)}.",
                )
        if "example" not in header:
            raise QueryError(
                "the header has no example", where=file, advice="Add #+ example: {…}, {} if it has no parameters."
            )
        query = cls(
            name=path.stem,
            path=path,
            summary=str(header["summary"]),
            description=str(header["description"]),
            parameters=tuple(
                read_parameter(name, entry, file) for name, entry in _mapping(header, "params", file).items()
            ),
            columns=columns,
            example=_mapping(header, "example", file),
            text=text,
        )
        _check(query)
        return query

    def bind(self, /, **values: Any) -> str:
        """Give the SPARQL with every parameter replaced: by its value, else by its default.

        Raises ParameterError for an unknown parameter, a missing one, or a value that does not fit its type.

        >>> "LIMIT 3" in stored("search-labels").bind(text="nurse", limit=3)
        True
        """
        return join(*self._pieces, write_terms(self.parameters, values, self.name))

    def run(self, graph: Selects, /, **values: Any) -> Table:
        """Ask the question of a graph and give its answer as typed rows, in the order that the query defines.

        Raises ParameterError as `bind`, QueryError when the graph's answer does not fit the header.
        """
        solutions = graph.select(self.bind(**values))
        columns = tuple(self.columns)
        if solutions.variables != columns and sorted(solutions.variables) != sorted(columns):
            raise QueryError(
                f"the answer has the columns {', '.join(solutions.variables) or 'none'}, not {', '.join(columns)}",
                where=self.name,
            )
        readers = [(solutions.variables.index(column), _READERS[kind]) for column, kind in self.columns.items()]
        try:
            rows = [
                tuple(None if (term := row[at]) is None else read(term) for at, read in readers) for row in solutions
            ]
        except ValueError as error:
            raise QueryError(
                f"a value does not fit the type of its column: {error}", where=self.name, advice="Validate the data."
            ) from error
        return Table(columns, rows)

    @cached_property
    def _pieces(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return split(self.text)


@dataclass(frozen=True)
class Rule:
    """A CONSTRUCT that derives triples from what a graph holds already; running it twice adds nothing new.

    >>> rules()["isco-broader"].text.splitlines()[0]
    'PREFIX esco: <http://data.europa.eu/esco/model#>'
    """

    name: str
    path: Path
    summary: str
    description: str
    text: str

    @classmethod
    def read(cls, path: Path) -> Rule:
        """Read one rule; raises QueryError, with the file, when it is no CONSTRUCT or its header is wrong."""
        header, text = _read(path)
        if not isinstance(_parsed(text, path.name), ox.QueryTriples):
            raise QueryError("a rule is a CONSTRUCT", where=path.name)
        return cls(path.stem, path, str(header["summary"]), str(header["description"]), text)


@cache
def catalogue() -> dict[str, StoredQuery]:
    """Read every stored query of `queries/`, sorted by name; raises QueryError for a faulty or doubled one.

    >>> list(catalogue())[:2]
    ['broader-skills', 'by-label']
    """
    return {name: stored(name) for name in sorted(_files())}


@cache
def stored(name: str) -> StoredQuery:
    """Read the stored query of this name (the file's stem); raises NotFoundError with the nearest name.

    >>> stored("occupation-skill")
    Traceback (most recent call last):
    ...
    esco_graph.errors.NotFoundError: there is no stored query 'occupation-skill'. Did you mean occupation-skills?
    """
    files = _files()
    if name not in files:
        near = get_close_matches(name, files, n=1)
        advice = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(sorted(files))}."
        raise NotFoundError(f"there is no stored query {name!r}", advice=advice)
    return StoredQuery.read(files[name])


@cache
def rules() -> dict[str, Rule]:
    """Read the rules of `queries/rules/`, sorted by name, which is the order in which to run them.

    >>> list(rules())
    ['isco-broader', 'isco-group', 'isco-skill-level']
    """
    return {path.stem: Rule.read(path) for path in sorted(resource("queries/rules").glob("*.rq"))}


@cache
def _files() -> dict[str, Path]:
    return _by_stem(
        path for path in sorted(resource("queries").glob("*/*.rq")) if path.parent.name not in _OTHER_FOLDERS
    )


def _by_stem(paths: Iterable[Path]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for path in paths:
        if path.stem in files:
            raise QueryError(f"two stored queries are named {path.stem}", where=f"{files[path.stem]}, {path}")
        files[path.stem] = path
    return files


# --- reading and checking --------------------------------------------------------------------------------------------


def _read(path: Path) -> tuple[dict[str, Any], str]:
    """Read a file: its header, held to the keys that there are, and its SPARQL."""
    header, text = read_query(path)
    if not isinstance(header, dict) or not set(header) <= _KEYS:
        raise QueryError(
            "the header is not a map of known keys", where=path.name, advice=f"Use {', '.join(sorted(_KEYS))}."
        )
    for key in ("summary", "description"):
        if not isinstance(header.get(key), str):
            raise QueryError(f"the header has no {key}", where=path.name)
    return header, text


def _mapping(header: Mapping[str, Any], key: str, file: str) -> dict[str, Any]:
    value = header.get(key) or {}
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise QueryError(f"{key} is not a map from names", where=file)
    return value


def _check(query: StoredQuery) -> None:
    """Refuse what the header and the text do not agree on; what needs only the lexer comes first, it says more."""
    file, text = query.path.name, query.text
    declared = {parameter.name for parameter in query.parameters}
    try:
        used = set(query._pieces[1])
        projected, unordered, limits = projected_parameters(text), unordered_limit(text), limit_parameters(text)
    except QueryError as error:
        raise QueryError(error.what, where=f"{file}, {error.where} after the header") from error
    for fault, names in (
        ("used but not declared", used - declared),
        ("declared but not used", declared - used),
        ("given back as columns, which a bound parameter cannot be", projected),
        ("after LIMIT or OFFSET without minimum: 0 or more", _unbounded(query.parameters, limits)),
    ):
        if names:
            raise QueryError(f"parameters {fault}: {', '.join(sorted(names))}", where=file)
    if unordered:
        raise QueryError(
            "LIMIT or OFFSET without ORDER BY", where=file, advice="Add an ORDER BY that ends with the IRI."
        )
    try:
        bound = query.bind(**query.example)
    except ParameterError as error:
        raise QueryError(f"the example does not fit: {error}", where=file) from error
    answer = _parsed(bound, file)
    if not isinstance(answer, ox.QuerySolutions):
        raise QueryError("a stored query is a SELECT", where=file)
    projection = [variable.value for variable in answer.variables]
    if projection != list(query.columns):
        raise QueryError(
            f"the columns are {', '.join(query.columns) or 'none'}, the query gives {', '.join(projection)}", where=file
        )


def _unbounded(parameters: tuple[Parameter, ...], limits: set[str]) -> set[str]:
    fit = {p.name for p in parameters if p.type == "integer" and p.minimum is not None and p.minimum >= 0}
    return limits - fit


def _parsed(text: str, file: str) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
    try:
        return ox.Store().query(text)
    except SyntaxError as error:
        what, advice = fault_of(text, error)
        raise QueryError(f"the SPARQL does not parse: {what}", where=file, advice=advice) from error


# --- typed columns ---------------------------------------------------------------------------------------------------


_WITH_VALUE = (ox.NamedNode, ox.Literal)  # made once: a union made at each call costs more than the call


def _text_of(term: Term) -> str:
    return term.value if isinstance(term, _WITH_VALUE) else str(term)


def _boolean_of(term: Term) -> bool:
    text = _text_of(term)
    if text not in ("true", "false", "1", "0"):
        raise ValueError(f"{text!r} is not a boolean")
    return text in ("true", "1")


_READERS: dict[str, Callable[[Term], Any]] = {
    "iri": _text_of,
    "string": _text_of,
    "lang-string": _text_of,
    "integer": lambda term: int(_text_of(term)),
    "decimal": lambda term: float(_text_of(term)),
    "boolean": _boolean_of,
}
