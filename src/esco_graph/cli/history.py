"""esco-graph history, undo, prune: the generations of the graph."""

from __future__ import annotations

from pathlib import Path

import click

from esco_graph.cli.options import format_option, open_workspace, store_option
from esco_graph.cli.output import say, show_rows


@click.command
@format_option
@store_option
def history(format_: str, store: Path | None) -> None:
    """List the generations of the graph, oldest first; the current one is marked.

    \b
    Example:
      esco-graph history --format json
    """
    workspace = open_workspace(store)
    current = workspace.current().name
    rows = [
        [g.name, g.name == current, g.about.get("when"), g.about.get("what"), g.about.get("parent")]
        for g in workspace.generations()
    ]
    show_rows(["generation", "current", "when", "what", "made_from"], rows, format_)


@click.command
@click.option("--to", metavar="GENERATION", help="Go to this one of the generations that `history` lists.")
@store_option
def undo(to: str | None, store: Path | None) -> None:
    """Go back to the generation that came before the current one, or to another that is still kept.

    Each write keeps the new generation and the two before it; `prune` keeps fewer. What was undone is removed by the
    next write.

    \b
    Examples:
      esco-graph import page.txt && esco-graph undo
      esco-graph undo --to g000002
    """
    now = open_workspace(store).undo(to)
    say(f"The graph is at {now.name} ({now.about.get('what')}) now. `esco-graph history` lists what is kept.")


@click.command
@click.option("--keep", default=3, show_default=True, type=click.IntRange(1), help="Generations to keep.")
@store_option
def prune(keep: int, store: Path | None) -> None:
    """Remove old generations; the current one and those that undo leads to stay, --keep in all.

    \b
    Example:
      esco-graph prune --keep 1
    """
    gone = open_workspace(store).prune(keep)
    say(f"Removed {', '.join(gone)}." if gone else "Nothing to remove.")
