"""What `esco-graph validate --fix` does: show the safe repairs as a patch, or apply them to a new generation."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import open_beside, open_workspace
from esco_graph.cli.output import say, say_aside, show_rows
from esco_graph.cli.target import open_at

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.repairer import RepairSummary
    from esco_graph.validation.patch import Change, Patch

_FILE = "{} was not changed: the patch is RDF Patch, each line one statement to delete (D) or to add (A)."
_GRAPH = "Nothing was changed; add --apply to write a new generation."


def fix(
    target: Path | str | None,
    options: dict[str, Any],
    *,
    codes: Iterable[str] | None = None,
    apply: bool = False,
    yes: bool = False,
    **checks: Any,
) -> int:
    """Show the safe repairs of an RDF file (a Path), of a concept (a str) or of the whole graph; gives the exit code.

    `options` are those of `graph_options`, `checks` those of `validate`. Without `apply`, the patch goes to standard
    output and all else to standard error; the code is 1 when there is something to repair. With `apply` the graph is
    written, after a question unless `yes`; the code is 1 when the graph does not conform then, or when the answer was
    no. Raises UsageError where nobody can be asked.
    """
    chosen = None if codes is None else sorted(set(codes))
    if apply:
        if isinstance(target, Path):
            raise click.UsageError("--apply writes the graph, not a file; --fix alone prints the patch for a file.")
        if options.get("endpoint"):
            raise click.UsageError("--apply writes a graph of your own; an endpoint cannot be written.")
        return _apply(target, options, chosen, yes=yes, checks=checks)
    if isinstance(target, Path):
        return _show(*_of_file(target, options, chosen), about=_FILE.format(target))
    return _show(*_of_graph(target, options, chosen), about=_GRAPH)


def _of_file(path: Path, options: dict[str, Any], codes: list[str] | None) -> tuple[Patch, list[Graph]]:
    """Find the repairs of a file, read beside the graph where there is one."""
    from esco_graph.graph import Graph
    from esco_graph.sources.data_file import read_file
    from esco_graph.validation.repair import repair

    data = Graph.memory(read_file(path))
    beside = open_beside(options)
    return repair(data, codes, context=beside), [data] if beside is None else [data, beside]


def _of_graph(target: str | None, options: dict[str, Any], codes: list[str] | None) -> tuple[Patch, list[Graph]]:
    """Find the repairs of the graph, or of one concept in it."""
    from esco_graph.validation.repair import repair
    from esco_graph.validation.scope import parts_of

    graph, focus = open_at(target, options)
    nodes = None if focus is None else parts_of(graph, focus)
    return repair(graph, codes, nodes=nodes), [graph]


def _show(patch: Patch, graphs: list[Graph], *, about: str) -> int:
    """Print the patch, and aside what it does."""
    if patch.empty:
        say_aside("Nothing to repair.")
        return 0
    patch.write(sys.stdout.buffer)
    sys.stdout.buffer.flush()
    _explain(patch, graphs, say_aside)
    say_aside(about)
    return 1


def _apply(
    target: str | None, options: dict[str, Any], codes: list[str] | None, *, yes: bool, checks: dict[str, Any]
) -> int:
    """Say what will change, ask, write, and say what the rules found before and find now."""
    from esco_graph.repairer import apply_repair

    graph, focus = open_at(target, dict(options))

    def confirm(patch: Patch) -> bool:
        _explain(patch, [graph], say)
        return yes or _agreed()

    summary = apply_repair(open_workspace(options["store"]), codes, focus=focus, confirm=confirm, **checks)
    if summary.patch.empty:
        say("Nothing to repair; nothing was written.")
        return 0
    if summary.after is None:
        say("Nothing was written.")
        return 1
    _print_written(summary)
    return 0 if summary.after.conforms else 1


def _agreed() -> bool:
    """Ask on a terminal; an answer that is not typed there, such as one from a pipe, is no consent."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise click.UsageError("not a terminal: add --yes to write these changes. Nothing was written.")
    return click.confirm("Write these changes as a new generation?")


def _print_written(summary: RepairSummary) -> None:
    """Say what was stored, and which rules find more or fewer than before."""
    changed = {code: pair for code, pair in summary.numbers.items() if pair[0] != pair[1]}
    if changed:
        rows = [[code, before, after] for code, (before, after) in changed.items()]
        show_rows(["rule", "findings before", "findings now"], rows, "table")
    same = len(summary.numbers) - len(changed)
    if same:
        say(f"As many findings as before: {_count(same, 'other rule')}.")
    if worse := [code for code, (before, after) in changed.items() if after > before]:
        say(f"More than before: {', '.join(worse)}. esco-graph undo goes back.")
    removed, added = _count(len(summary.patch.removed), "statement"), len(summary.patch.added)
    say(f"Stored as {summary.generation}: {removed} removed, {added:,} added.")
    left = sum(after for _, after in summary.numbers.values())
    say(f"{_count(left, 'finding')} left; esco-graph validate lists them." if left else "No finding is left.")


# --- what a patch does, in words -------------------------------------------------------------------------------------


def _explain(patch: Patch, graphs: list[Graph], tell: Callable[[str], None]) -> None:
    """Say per code what is done, to how many statements, with one example."""
    from esco_graph.validation.repair import fixes

    labels = _labels(patch, graphs)
    for code, change in patch.examples().items():
        removed, added = patch.counts[code]
        tell(f"{code}: {fixes()[code].summary}")
        tell(f"  {_count(removed, 'statement')} removed, {added:,} added; for example:")
        for line in _lines(change, labels):
            tell(f"  {line}")
    tell(f"Taken together: {_count(len(patch.removed), 'statement')} removed, {len(patch.added):,} added.")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _lines(change: Change, labels: dict[str, str]) -> Iterable[str]:
    """Write a step for a person: terms short and with their labels, and nothing that could steer a terminal."""
    from esco_graph.validation.formats.words import named

    for mark, quads in (("-", change.removed[:3]), ("+", change.added[:3])):
        for quad in quads:
            yield f"{mark} " + " · ".join(named(term, labels.get(str(term), "")) for term in quad.triple)


def _labels(patch: Patch, graphs: list[Graph]) -> dict[str, str]:
    """Look up labels for the terms of the examples, by N-Triples; an endpoint is not asked for any."""
    import pyoxigraph as ox

    from esco_graph.validation.names import labels_of

    quads = [quad for change in patch.examples().values() for quad in (*change.removed[:3], *change.added[:3])]
    iris = {term.value for quad in quads for term in (quad.subject, quad.object) if isinstance(term, ox.NamedNode)}
    labels: dict[str, str] = {}
    for graph in graphs:
        if graph.store is not None:
            labels = labels_of(graph, iris) | labels
    return {f"<{iri}>": label for iri, label in labels.items()}
