"""esco-graph info: what the graph holds."""

from __future__ import annotations

from typing import Any

import click

from esco_graph.cli.options import default_store, graph_options, open_graph
from esco_graph.cli.output import heading, print_json, say, show_rows


@click.command
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--report", "with_report", is_flag=True, help="Show the import report of the build as well.")
@graph_options
def info(format_: str, with_report: bool, **options: Any) -> None:
    """Say what the graph holds: release, languages, counts, named graphs, and where it is.

    \b
    Examples:
      esco-graph info
      esco-graph info --report --format json
    """
    from esco_graph.query import stored
    from esco_graph.workspace import Workspace

    store = None if options["endpoint"] else options["store"] or default_store()
    graph = open_graph(options)
    facts = stored("release-facts").run(graph)
    named = graph.named_graphs()
    about = Workspace(store).current().about if store else {}
    if format_ == "json":
        print_json({"graph": graph.name, "facts": facts.dicts(), "named_graphs": named, "about": about})
        return
    say(f"Graph: {graph.name}")
    _show_facts(facts.dicts())
    heading("Named graphs")
    for name in named:
        say(f"  {name}")
    if with_report and about.get("report"):
        heading("Import report of the build")
        rows = [[r["done"], r["n"], r["meaning"], *r["examples"][:1]] for r in about["report"]["remarks"].values()]
        show_rows(["done", "count", "what", "for example"], [[*row, ""][:4] for row in rows], "table")


def _show_facts(facts: list[dict[str, Any]]) -> None:
    """Print the numbers as a table, and what the catalogue says of each release as lines below its IRI."""
    from esco_graph.cli.ways import say_wrapped

    numbers = [[fact["fact"], fact["about"], fact["count"]] for fact in facts if fact["count"] is not None]
    show_rows(["fact", "language", "count"], numbers, "table")
    said = [fact for fact in facts if fact["count"] is None]
    for about in dict.fromkeys(fact["about"] for fact in said):
        heading(about)
        for fact in said:
            if fact["about"] == about:
                say_wrapped(f"{fact['fact']}: {fact['value']}", "  ")
