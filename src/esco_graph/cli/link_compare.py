"""esco-graph link compare: two reviewers' sets side by side, and their conflicts for a third."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import format_option, store_option
from esco_graph.cli.output import say, say_aside, show_rows

if TYPE_CHECKING:
    from esco_graph.mappings.model import MappingSet
    from esco_graph.review.agreement import Agreement, Kappa

COLUMNS = ("source_label", "candidate_label", "first", "second", "first_note", "second_note", "source", "candidate")


@click.command("compare")
@click.argument("first")
@click.argument("second")
@click.option("--counts", is_flag=True, help="Show how often which answer met which.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the conflicts as SSSOM.")
@click.option("--keep", "keep_", metavar="NAME", help="Keep the conflicts as a set to be reviewed.")
@format_option
@store_option
def compare(
    first: str,
    second: str,
    counts: bool,
    output: Path | None,
    keep_: str | None,
    format_: str,
    store: Path | None,
) -> None:
    """Compare the decisions in two sets: agreement, Cohen's kappa and the conflicts.

    A set is a name in the store or an SSSOM file. Compared are the pairs of source concepts that both reviewers decided
    on; a pair that one of them rejected or left out counts as "no". Exit code 1 when there are conflicts.

    \b
    Examples:
      esco-graph link compare jobs-ada jobs-grace
      esco-graph link compare ada.sssom.tsv grace.sssom.tsv --counts
      esco-graph link compare jobs-ada jobs-grace --keep jobs-conflicts
      esco-graph link review jobs-conflicts --as jobs-settled
    """
    from esco_graph.cli.review_source import read_named
    from esco_graph.review.agreement import compare as compare_sets

    found = compare_sets(read_named(first, store), read_named(second, store))
    _show(found, format_, counts=counts)
    _export(found, output, keep_, store)
    if found.conflicts:
        raise SystemExit(1)


def _show(found: Agreement, format_: str, *, counts: bool) -> None:
    rows = [_row(pair) for pair in found.conflicts]
    if format_ != "table":
        show_rows(COLUMNS, rows, format_)
        for line in _summary(found):
            say_aside(line)
        return
    for line in _summary(found):
        say(line)
    if counts:
        show_rows(("first", "second", "pairs"), found.relation.counts, format_)
    if rows:
        show_rows(COLUMNS, rows, format_)


def _row(pair: Any) -> tuple[str, ...]:
    return (
        pair.subject_label,
        pair.object_label,
        pair.first,
        pair.second,
        *pair.notes,
        pair.subject,
        pair.object,
    )


def _summary(found: Agreement) -> list[str]:
    one, other = found.first.name, found.second.name
    lines = [
        f"first is {one}, second is {other}",
        f"{found.concepts:,} source concepts decided by both, {found.only_first:,} by {one} only, "
        f"{found.only_second:,} by {other} only",
    ]
    if not found.pairs:
        return [*lines, "There is nothing to compare."]
    return [
        *lines,
        f"mapped or not: {_in_words(found.related)}",
        f"relation, or none: {_in_words(found.relation)}",
        f"relation, where both map: {_in_words(found.kind)}",
        f"{len(found.conflicts):,} conflicts",
    ]


def _in_words(found: Kappa) -> str:
    if found.share is None:
        return "nothing to compare"
    beyond = "not defined: there is only one answer" if found.kappa is None else f"{found.kappa:.3f}"
    return f"{found.agreed:,} of {found.compared:,} pairs agree ({found.share:.1%}), Cohen's kappa {beyond}"


def _export(found: Agreement, output: Path | None, name: str | None, store: Path | None) -> None:
    from esco_graph.review.agreement import conflict_set

    if not (output or name):
        return
    if not found.conflicts:
        say_aside("There are no conflicts, so nothing is written.")
        return
    made = conflict_set(found, name or f"{found.first.name}-conflicts")
    if output:
        _write_file(made, output)
    if name:
        _keep(made, store)


def _write_file(made: MappingSet, output: Path) -> None:
    from esco_graph.cli.review_source import write_file

    write_file(made, output)
    say_aside(f"{len(made.mappings):,} conflicts are written to {output}; review them with link review {output}.")


def _keep(made: MappingSet, store: Path | None) -> None:
    from esco_graph.cli.options import open_workspace
    from esco_graph.mappings.store import keep

    generation = keep(open_workspace(store), [made], f"conflicts {made.name}")
    say_aside(f"{len(made.mappings):,} conflicts are kept as {made.name} ({generation}).")
