"""esco-graph search: concepts whose labels hold a text."""

from __future__ import annotations

from typing import Any

import click

from esco_graph.cli.options import format_option, graph_options, lang_option, open_graph
from esco_graph.cli.output import show_rows


@click.command
@click.argument("text")
@click.option("--kind", type=click.Choice(["occupation", "skill", "group", "any"]), default="any", show_default=True)
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True)
@format_option
@lang_option
@graph_options
def search(text: str, kind: str, limit: int, format_: str, lang: str, **options: Any) -> None:
    """Search preferred, alternative and hidden labels; whole labels first, then beginnings, then parts.

    \b
    Examples:
      esco-graph search nurse --kind occupation
      esco-graph search "first aid" --format json
    """
    from esco_graph.query import stored

    found = stored("search-labels").run(open_graph(options), text=text, kind=kind, limit=limit, lang=lang)
    show_rows(found.columns, found.rows, format_)
