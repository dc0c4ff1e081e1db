"""esco-graph sparql: SPARQL of one's own."""

from __future__ import annotations

import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import graph_options, open_graph
from esco_graph.cli.output import is_file, print_json, say, show_rows

if TYPE_CHECKING:
    from esco_graph.graph import Graph, Result
    from esco_graph.solutions import Solutions
    from esco_graph.sparql import Token

_READS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_WRITES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})


@click.command
@click.argument("query")
@click.option("--format", "format_", type=click.Choice(["table", "json", "csv", "tsv", "turtle", "n-triples"]))
@graph_options
def sparql(query: str, format_: str | None, **options: Any) -> None:
    """Run a SPARQL query over the union of all named graphs; prefixes of the program need not be declared.

    QUERY is the text, the name of a file (@FILE), or - for standard input. SELECT and ASK give a table, SPARQL JSON,
    CSV or TSV; CONSTRUCT and DESCRIBE give Turtle or N-Triples.

    \b
    Examples:
      esco-graph sparql 'SELECT ?o { ?o a esco:Occupation } LIMIT 3'
      esco-graph sparql @question.rq --format json
    """
    from esco_graph.solutions import Solutions

    result = _ask(open_graph(options), _text(query))
    if isinstance(result, Solutions):
        _show_solutions(result, format_ or "table")
    elif isinstance(result, bool):
        print_json({"head": {}, "boolean": result}) if format_ == "json" else say("yes" if result else "no")
    else:
        _show_triples(result, format_ or "turtle")


def _text(query: str) -> str:
    if query == "-":
        return sys.stdin.read()
    if not query.startswith("@"):
        if "{" not in query and is_file(query):
            raise click.UsageError(f"that is a file, not a query; did you mean @{query}?")
        return query
    try:
        return Path(query[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{query[1:]} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _ask(graph: Graph, text: str) -> Result:
    """Answer the query; a fault is told at the place where it stands in the user's own text."""
    from esco_graph.errors import QueryError
    from esco_graph.sparql import tokens

    words = [token for token in tokens(text) if token.kind not in {"space", "comment"}]
    verb = next((token.text.upper() for token in words if token.text.upper() in _READS | _WRITES), "")
    if verb in _WRITES:
        advice = "Ask with SELECT, ASK, CONSTRUCT or DESCRIBE."
        raise QueryError(f"{verb} would write, and only reading is allowed", where="query", advice=advice)
    prefixes = _missing_prefixes(words)
    try:
        return graph.query(prefixes + text)
    except QueryError as error:
        place = re.search(r"\bat 1:(\d+)", error.what)
        if not prefixes or not place:
            raise
        what = f"{error.what[: place.start(1)]}{int(place[1]) - len(prefixes)}{error.what[place.end(1) :]}"
        line = text.partition("\n")[0].strip()[:120]
        raise QueryError(what, where=error.where, advice=f"Line 1 is: {line}") from error


def _missing_prefixes(words: list[Token]) -> str:
    """Declare the known prefixes that the query uses and does not declare; on one line, so that line numbers stay."""
    from esco_graph.terms import prefixes

    declared = {after.text for word, after in pairwise(words) if word.text.upper() == "PREFIX"}
    used = {token.text.partition(":")[0] for token in words if token.kind == "name"}
    wanted = [(name, iri) for name, iri in prefixes().items() if name in used and f"{name}:" not in declared]
    return "".join(f"PREFIX {name}: <{iri}> " for name, iri in wanted)


def _show_solutions(result: Solutions, format_: str) -> None:
    if format_ == "json":
        print_json(result.as_json())
    elif format_ == "tsv":
        say("\t".join(f"?{name}" for name in result.variables))
        for row in result:
            say("\t".join("" if term is None else str(term) for term in row))
    elif format_ in {"table", "csv"}:
        values = [[None if term is None else getattr(term, "value", str(term)) for term in row] for row in result]
        show_rows(list(result.variables), values, format_)
    else:
        raise click.UsageError(f"{format_} is for CONSTRUCT and DESCRIBE; use table, json, csv or tsv.")


def _show_triples(triples: Any, format_: str) -> None:
    import pyoxigraph as ox

    from esco_graph.terms import prefixes

    if format_ not in {"turtle", "n-triples"}:
        raise click.UsageError(f"{format_} is for SELECT and ASK; use turtle or n-triples.")
    kind = ox.RdfFormat.TURTLE if format_ == "turtle" else ox.RdfFormat.N_TRIPLES
    text = ox.serialize(sorted(set(triples), key=str), format=kind, prefixes=prefixes())
    say((text or b"").decode().rstrip("\n"))
