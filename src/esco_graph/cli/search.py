"""esco-graph search: concepts whose labels hold a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import format_option, graph_options, lang_option, open_graph
from esco_graph.cli.output import say_aside, show_rows

if TYPE_CHECKING:
    from esco_graph.graph import Graph


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

    graph = open_graph(options)
    found = stored("search-labels").run(graph, text=text, kind=kind, limit=limit, lang=lang)
    show_rows(found.columns, found.rows, format_, ("property", "concept"))
    if not found.rows and text.strip():
        say_aside(_near(graph, text, kind, lang))


def _near(graph: Graph, text: str, kind: str, lang: str) -> str:
    """Say which labels are spelt nearly so."""
    from esco_graph.cli.progress import progress_bar
    from esco_graph.errors import AmbiguousError, NotFoundError, ParameterError
    from esco_graph.labels import find_concept, in_words

    with progress_bar("look for labels that are near") as move:
        move("look for labels that are near", 0, 0)
        try:
            found = find_concept(graph, text, kind=kind if kind in {"occupation", "skill"} else None, lang=lang)
        except NotFoundError as error:
            return error.advice if error.advice.startswith("Near: ") else "No label is near it."
        except (AmbiguousError, ParameterError) as error:
            return str(error)
    return f"Near: {in_words(graph, [found], lang)[0]}."
