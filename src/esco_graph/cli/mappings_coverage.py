"""esco-graph mappings coverage: how much of two classifications can be led into each other, and what is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import format_option, graph_options, open_graph
from esco_graph.cli.output import print_json, say, show_rows

if TYPE_CHECKING:
    from esco_graph.mappings.coverage import Coverage


@click.command("coverage")
@click.argument("one")
@click.argument("other")
@click.option(
    "--through-hierarchy",
    is_flag=True,
    help="Where no mapping follows, go over broader and narrower concepts. [always with isco]",
)
@format_option
@graph_options
def coverage(one: str, other: str, through_hierarchy: bool, format_: str, **options: Any) -> None:
    """Count what the concepts of ONE and OTHER reach on the other side by way of ESCO.

    Each concept counts once, by the strongest relation that follows; "only a lead" means that there are ways, but no
    relation follows on any. A share is of all concepts of that side that the graph holds: those of its mapping sets,
    and of the classification itself where it is loaded.

    \b
    Examples:
      esco-graph mappings coverage northland southland
      esco-graph mappings coverage rome kldb --format csv
    """
    from esco_graph.cli.progress import progress_bar
    from esco_graph.mappings.coverage import coverage as count

    graph = open_graph(options)
    with progress_bar("counting") as move:
        move("reading the mapping sets", 0, 0)
        found = count(graph, one, other, hierarchy=through_hierarchy)
    if format_ == "json":
        print_json(found.as_dict())
        return
    there, back = (f"{end.source.key} to {end.target.key}" for end in (found.forth, found.back))
    show_rows(("concepts", there, "share", back, "share back"), found.table(), format_)
    if format_ == "table":
        _say_shared(found)


def _say_shared(found: Coverage) -> None:
    first, second, both = found.occupations
    one, other = found.forth.source, found.forth.target
    say(f"Occupations of ESCO: {first:,} are mapped to {one.key}, {second:,} to {other.key}, {both:,} to both.")
    there, back = found.forth.targets, found.back.targets
    say(f"Answers with a relation: {there:,} concepts of {other.key}, {back:,} of {one.key}.")
