"""esco-graph similar: occupations ranked by the skills they share with one."""

from __future__ import annotations

from typing import Any

import click

from esco_graph.cli.options import format_option, graph_options, lang_option, open_graph
from esco_graph.cli.output import print_json, say, show_rows
from esco_graph.overlap import MEASURES


@click.command
@click.argument("occupation")
@click.option("--measure", type=click.Choice(tuple(MEASURES)), default="coverage", show_default=True)
@click.option(
    "--level",
    type=click.Choice(["same", "next", "any"]),
    default="any",
    show_default=True,
    help="ISCO-08 skill level of the others: the same, exactly one higher, or any.",
)
@click.option("--limit", type=click.IntRange(1, 500), default=10, show_default=True)
@format_option
@lang_option
@graph_options
def similar(occupation: str, measure: str, level: str, limit: int, format_: str, lang: str, **options: Any) -> None:
    """Rank occupations by the skills they share with one. OCCUPATION is an IRI, CURIE, code or label.

    coverage = shared skills / skills of the other occupation: how much of it you have already (directed).
    jaccard = shared skills / skills of either (symmetric). Essential and optional skills count alike.

    \b
    Examples:
      esco-graph similar 2269.5 --level same --limit 5
      esco-graph similar "nurse assistant" --measure jaccard --format json
    """
    from esco_graph.labels import find_concept
    from esco_graph.overlap import similar as rank

    graph = open_graph(options)
    match = find_concept(graph, occupation, kind="occupation", lang=lang)
    found = rank(graph, match.iri, measure=measure, level=level, limit=limit, lang=lang)
    if format_ == "json":
        about = {"iri": match.iri, "label": match.label, "level": found.own_level, "matched": match.property}
        asked = {"measure": measure, "level": level}
        print_json({"occupation": about, **asked, "results": found.table.dicts(), "remark": found.remark})
        return
    if format_ == "table":
        say(f"{match.label} <{match.iri}>, {measure}, {level} ISCO level")
    if not found.remark or format_ != "table":
        show_rows(found.table.columns, found.table.rows, format_)
    if found.remark:
        click.echo(found.remark, err=format_ != "table")
