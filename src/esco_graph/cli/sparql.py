"""esco-graph sparql: SPARQL of one's own."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import graph_options, open_graph
from esco_graph.cli.output import print_json, say, show_rows

if TYPE_CHECKING:
    from esco_graph.solutions import Solutions


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

    result = open_graph(options).query(_with_prefixes(_text(query)))
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
        return query
    try:
        return Path(query[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{query[1:]} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _with_prefixes(text: str) -> str:
    """Declare the known prefixes that the query uses and does not declare; on one line, so that line numbers stay."""
    from esco_graph.sparql import tokens
    from esco_graph.terms import prefixes

    words = [token for token in tokens(text) if token.kind not in {"space", "comment"}]
    declared = {after.text for word, after in pairwise(words) if word.text.upper() == "PREFIX"}
    used = {token.text.partition(":")[0] for token in words if token.kind == "name"}
    wanted = [(name, iri) for name, iri in prefixes().items() if name in used and f"{name}:" not in declared]
    return "".join(f"PREFIX {name}: <{iri}> " for name, iri in wanted) + text


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
