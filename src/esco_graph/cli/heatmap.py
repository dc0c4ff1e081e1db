"""esco-graph heatmap: the occupations of an ISCO group against each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from esco_graph.cli.options import format_option, graph_options, lang_option, open_graph
from esco_graph.cli.output import print_json, say, show_rows
from esco_graph.cli.plot import plot_option, write_picture
from esco_graph.skills.names import DEFAULT_MEASURE, MEASURE_NAMES


@click.command
@click.argument("group")
@click.option("--measure", type=click.Choice(tuple(MEASURE_NAMES)), default=DEFAULT_MEASURE, show_default=True)
@click.option(
    "--order",
    type=click.Choice(("similarity", "code")),
    default="similarity",
    show_default=True,
    help="Alike occupations beside each other, or by ESCO code.",
)
@plot_option
@format_option
@lang_option
@graph_options
def heatmap(group: str, measure: str, order: str, plot: Path | None, format_: str, lang: str, **options: Any) -> None:
    """Compare the occupations of an ISCO-08 group with each other. GROUP is a code such as 226, or its IRI.

    The rows say for each occupation which others of the group are nearest; JSON holds all scores. With --plot they
    are drawn as a heat map.

    \b
    Examples:
      esco-graph heatmap 226 --plot health.svg
      esco-graph heatmap 2512 --order code --plot developers.html
      esco-graph heatmap 2269 --format json
    """
    from esco_graph.publish.pictures.heat import group_heat

    graph = open_graph(options)
    found = group_heat(graph, group, measure=measure, order=order, lang=lang)
    if format_ == "json":
        print_json(found.as_dict())
    elif not plot or format_ != "table":
        columns, rows = found.nearest()
        if format_ == "table":
            say(f"{found.group}: {len(found.places):,} occupations, {measure}")
        if rows or format_ != "table":
            show_rows(columns, rows, format_)
        else:
            say("No two of them have anything in common.")
    if plot:
        write_picture(plot, graph, "heatmap", found, lang=lang)
