"""esco-graph reachable: all occupations within an effort."""

from __future__ import annotations

from typing import Any

import click

from esco_graph.careers.names import EFFORT
from esco_graph.cli.options import format_option, graph_options, lang_option, open_graph
from esco_graph.cli.output import print_json
from esco_graph.cli.start import level_of, say_level
from esco_graph.cli.ways import begin, hint, prepare, say_wrapped, show_ranking, title, walk_options


@click.command
@click.argument("start")
@click.option(
    "--effort",
    type=click.FloatRange(0, min_open=True),
    default=EFFORT,
    show_default=True,
    help="Budget: the sum of gap² + 0.1 over the steps; 1 is about one occupation learnt from nothing.",
)
@walk_options
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@format_option
@lang_option
@graph_options
def reachable(
    start: str, effort: float, hops: int, neighbours: int, limit: int, format_: str, lang: str, **options: Any
) -> None:
    """List every occupation within reach of START, least effort first, with the way to it.

    START is an occupation (IRI, CURIE, code or label) or the file of a person. Effort is that of esco-graph paths: the
    sum of gap² + 0.1 over the steps, where skills gained on the way count. Occupations that the person has or had
    are left out. direction compares ISCO levels as esco-graph next does.

    \b
    Examples:
      esco-graph reachable cook
      esco-graph reachable 2269.5 --effort 0.5 --hops 2 --format csv
      esco-graph reachable person.yaml --format json
    """
    from esco_graph.careers import reachable as find_reachable

    graph = open_graph(options)
    begun, _ = begin(graph, start, lang)
    prepare(graph, walks=True)
    found = find_reachable(graph, begun, effort=effort, hops=hops, neighbours=neighbours, limit=limit, lang=lang)
    if format_ == "json":
        asked = {"effort": effort, "hops": hops, "neighbours": neighbours, **level_of(found)}
        print_json({"from": found.start.as_dict(), **asked, "results": found.as_dicts(), "remark": found.remark})
        return
    if format_ == "table":
        say_wrapped(f"Within an effort of {effort:g} and {hops} steps of {title(found.start)}", "")
        say_level(found)
    show_ranking(found, format_)
    if len(found.rows) == limit:
        hint(f"--limit {limit} is reached; there may be more.", format_)
