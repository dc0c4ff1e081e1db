"""esco-graph next: what could come next in a career."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from esco_graph.careers.names import DIRECTIONS
from esco_graph.cli.options import format_option, graph_options, lang_option, open_graph
from esco_graph.cli.output import print_json, say
from esco_graph.cli.plot import plot_option, write_picture
from esco_graph.cli.start import level_of, say_level
from esco_graph.cli.ways import begin, explain_option, hint, prepare, say_skills, say_wrapped, show_ranking, title

_MISSING = 2  # of the reasons: the one that counts the missing skills, which are listed in full below


@click.command
@click.argument("start")
@click.option(
    "--direction",
    type=click.Choice(tuple(DIRECTIONS)),
    default="any",
    show_default=True,
    help="Only steps to a higher, the same or a lower ISCO-08 skill level.",
)
@click.option("--limit", type=click.IntRange(1, 500), default=10, show_default=True)
@explain_option
@plot_option
@format_option
@lang_option
@graph_options
def next(
    start: str,
    direction: str,
    limit: int,
    explain: bool,
    plot: Path | None,
    format_: str,
    lang: str,
    **options: Any,
) -> None:
    """Rank what could come next for START: an occupation (IRI, CURIE, code or label) or the file of a person.

    Each step is flagged up, same or down by ISCO-08 skill level. A person has the level of the nearest occupation held
    now or before, where the file names any, else of the nearest of all. gap is the share of the essential skills that
    is missing, where rare skills weigh more and near ones count in part: 0 is nothing, 1 is all. missing_essential
    counts them, shared and total count essential and optional skills. Nothing is left out by level unless --direction
    asks for it: people move up, along and down. Occupations that a person has or had are left out.

    score orders the steps: how likely each is as a move, by a small model that was learned from the moves of the French
    ROME. It is no forecast for one person.

    \b
    Examples:
      esco-graph next 2269.5
      esco-graph next "nurse assistant" --direction up --explain
      esco-graph next person.yaml --format json
    """
    from esco_graph.careers import next_steps

    graph = open_graph(options)
    begun, _ = begin(graph, start, lang)
    prepare(graph)
    found = next_steps(graph, begun, direction=direction, limit=limit, lang=lang)
    if plot is not None:
        write_picture(plot, graph, "next", found, lang=lang)
    if format_ == "json":
        asked = {"direction": direction, "ranked_by": found.measure, **level_of(found)}
        print_json({"from": found.start.as_dict(), **asked, "results": found.as_dicts(), "remark": found.remark})
        return
    if format_ == "table":
        say_wrapped(f"What could come next for {title(found.start)}", "")
        say_level(found)
    show_ranking(found, format_, ("shared", "total"))
    if explain and format_ == "table":
        for row in found.rows:
            say(f"\n{title(row)}")
            for number, reason in enumerate(row.reasons):
                if number != _MISSING:
                    say_wrapped(reason)
            say_skills("missing, most worth first", row.missing)
    elif found.rows:
        hint("--explain gives the reasons and the missing skills of each.", format_)
