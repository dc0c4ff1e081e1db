"""esco-graph gap: the skills that lead from one occupation to another."""

from __future__ import annotations

from typing import Any

import click

from esco_graph.cli.options import format_option, graph_options, lang_option, open_graph
from esco_graph.cli.output import print_json, say, say_aside, show_rows


@click.command
@click.argument("occupation")
@click.argument("target")
@click.option("--all", "show_all", is_flag=True, help="List every skill of the target, not only the new ones.")
@format_option
@lang_option
@graph_options
def gap(occupation: str, target: str, show_all: bool, format_: str, lang: str, **options: Any) -> None:
    """List what is missing on the way from OCCUPATION to TARGET (IRIs, CURIEs, codes or labels).

    Each skill of the target is held (essential for the first occupation), optional (only optional there) or new.
    The table and CSV list the new ones unless --all is given; JSON holds all of them, with the counts.

    \b
    Examples:
      esco-graph gap 2269.5 2269.4
      esco-graph gap "nurse assistant" "dental hygienist" --format csv
    """
    from esco_graph.labels import find_concept
    from esco_graph.overlap import gap as find_gap

    graph = open_graph(options)
    start = find_concept(graph, occupation, kind="occupation", lang=lang)
    end = find_concept(graph, target, kind="occupation", lang=lang)
    found = find_gap(graph, start.iri, end.iri, lang=lang)
    if format_ == "json":
        ends = {"from": {"iri": start.iri, "label": start.label}, "to": {"iri": end.iri, "label": end.label}}
        print_json({**ends, "counts": found.counts, "skills": found.table.dicts()})
        return
    rows = [row for row in found.table.rows if show_all or row[2] == "new"]
    if format_ == "table":
        print_counts(f"From {start.label} to {end.label}", found.counts)
    show_rows(found.table.columns, rows, format_)
    if len(rows) < len(found.table.rows):
        say_aside(f"{len(found.table.rows) - len(rows)} skills that are held or optional are not listed; --all does.")


def print_counts(title: str, counts: dict[str, dict[str, int]]) -> None:
    """Say in one line each how many essential and optional skills of the target are held, optional or new."""
    say(title)
    for need, by_status in counts.items():
        held, optional, new = by_status["held"], by_status["optional"], by_status["new"]
        total = held + optional + new
        say(f"  {total} {need} skills: {held} held, {optional} optional in the first occupation, {new} new")
