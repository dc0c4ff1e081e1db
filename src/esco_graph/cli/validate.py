"""esco-graph validate: the shapes against the graph, one concept, or a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import graph_options, open_graph
from esco_graph.cli.output import say, say_aside
from esco_graph.cli.progress import progress_bar

if TYPE_CHECKING:
    from esco_graph.validation import Report


@click.command
@click.argument("target", required=False)
@click.option("--shapes", multiple=True, type=click.Path(path_type=Path), help="More shapes (Turtle); repeatable.")
@click.option("--format", "format_", type=click.Choice(["text", "json", "turtle"]), default="text", show_default=True)
@click.option("--all", "show_all", is_flag=True, help="List every finding, not only the first few of each kind.")
@graph_options
def validate(target: str | None, shapes: tuple[Path, ...], format_: str, show_all: bool, **options: Any) -> None:
    """Validate the whole graph, one concept or profile, or an RDF file read beside the graph.

    TARGET is the name of an RDF file (Turtle, TriG, JSON-LD, RDF/XML, N-Triples, N-Quads), or a concept as IRI,
    CURIE, code or label; without it the whole graph is checked. Exit code 1 when something violates the shapes.

    \b
    Examples:
      esco-graph validate 2269.5
      esco-graph validate me.ttl --format json
      esco-graph validate --shapes ours.ttl --format turtle
    """
    with progress_bar("validate") as move:
        move(f"validate {target or 'the whole graph'}", 0, 0)
        report = _run(target, shapes, options)
    say(report.format(format_, limit=None if show_all else 5).rstrip("\n"))
    if not any(nodes for nodes, _ in report.checked.values()):
        say_aside(
            "No rule applies to anything here. Are the types and namespaces right (http://data.europa.eu/esco/…)?"
        )
    sys.exit(0 if report.conforms else 1)


def _run(target: str | None, shapes: tuple[Path, ...], options: dict[str, Any]) -> Report:
    from esco_graph.errors import StoreError
    from esco_graph.graph import Graph
    from esco_graph.labels import find_concept
    from esco_graph.sources.data_file import read_file
    from esco_graph.validation import validate as run

    if target and (_is_file(target) or _looks_like_file(target)):
        data = Graph.memory(read_file(Path(target)))
        try:
            beside = open_graph(options)
        except StoreError:
            return run(data, shapes=shapes)
        return run(data, shapes=shapes, context=beside)
    graph = open_graph(options)
    return run(graph, shapes=shapes, focus=find_concept(graph, target).iri if target else None)


def _is_file(target: str) -> bool:
    """Say whether there is such a file; a label may be too long for a file's name."""
    try:
        return Path(target).is_file()
    except OSError:
        return False


def _looks_like_file(target: str) -> bool:
    """Take a missing file for what it is, not for a concept of that name."""
    return "://" not in target and Path(target).suffix.lower() in {
        ".ttl",
        ".trig",
        ".nt",
        ".nq",
        ".rdf",
        ".xml",
        ".jsonld",
    }
