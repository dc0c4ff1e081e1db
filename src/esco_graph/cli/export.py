"""esco-graph export: Turtle, JSON-LD and other formats."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from esco_graph.cli.options import graph_options, open_graph
from esco_graph.cli.output import is_file, quoted


@click.command
@click.argument("concept", required=False)
@click.option("--format", "format_", help="Format: turtle, trig, n-triples, n-quads, rdf-xml, json-ld, json-ld-framed.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write. [default: standard output]")
@click.option("--graph", "named_graph", metavar="IRI", help="Only this named graph.")
@click.option("--lang", "langs", metavar="LANG[,LANG…]", help="Only texts in these languages. [default: all]")
@graph_options
def export(
    concept: str | None,
    format_: str | None,
    output: Path | None,
    named_graph: str | None,
    langs: str | None,
    **options: Any,
) -> None:
    """Export the whole graph, one named graph, or one concept with its neighbourhood.

    The format is that of the file name unless --format is given. The same graph gives the same bytes. ESCO's
    attribution goes with each file.

    \b
    Examples:
      esco-graph export 2269.5 --format json-ld -o assistant.jsonld
      esco-graph export -o esco.nq
      esco-graph export 2269.5 --format turtle
    """
    from esco_graph.labels import find_concept
    from esco_graph.publish import write, write_file

    if concept and is_file(concept):
        raise click.UsageError(
            f"{concept} is a file; CONCEPT is an IRI, code or label. To write that file: esco-graph export "
            f"[CONCEPT] -o {quoted(Path(concept))}"
        )
    graph = open_graph(options)
    lang = tuple(part.strip() for part in langs.split(",") if part.strip()) if langs else None
    iri = find_concept(graph, concept).iri if concept else None
    if output is None:
        write(graph, sys.stdout.buffer, format=format_ or "turtle", concept=iri, named_graph=named_graph, lang=lang)
        return
    made = write_file(graph, output, format=format_, concept=iri, named_graph=named_graph, lang=lang)
    click.echo(f"Wrote {output}: {made.triples:,} statements, {made.bytes:,} bytes of {made.format}.", err=True)
