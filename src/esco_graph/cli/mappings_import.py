"""esco-graph mappings import: mapping tables of any form become mapping sets, and what was understood is said."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import open_workspace, store_option
from esco_graph.cli.output import heading, print_json, quoted, say, say_aside, show_rows
from esco_graph.terms import compress

if TYPE_CHECKING:
    from esco_graph.mappings.importer import Imported

MOST_SHOWN = 3  # lines of each kind of fault

_NEARLY = 0.99


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--name", default="", help="Name of the set. [default: from the title of the table]")
@click.option(
    "--orientation",
    type=click.Choice(["as-written", "reversed"]),
    help="How broad and narrow are meant: from the first column to the second, or the other way. [default: inferred]",
)
@click.option(
    "--taxonomy",
    multiple=True,
    metavar="KEY",
    help="Classification outside ESCO, by key or name; twice for a table without ESCO.",
)
@click.option("--lang", default=None, help="Language of the labels (BCP 47) when the table says none or has several.")
@click.option(
    "--base-iri", envvar="ESCO_GRAPH_BASE_IRI", help="Where the IRIs of concepts without an owner's IRI begin."
)
@click.option("--subject-column", default="", metavar="COLUMN", help="Heading or number of the first concept's column.")
@click.option("--object-column", default="", metavar="COLUMN", help="Heading or number of the second concept's column.")
@click.option("--relation-column", default="", metavar="COLUMN", help="Heading or number of the relation's column.")
@click.option("--encoding", default=None, help="Encoding of the file, such as cp1250. [default: found out]")
@click.option(
    "--rejected",
    type=click.Path(path_type=Path),
    help="Where the rows left out go. [default: FILE.rejected.csv beside it]",
)
@click.option("--dry-run", is_flag=True, help="Show what would be imported, write nothing.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@store_option
def mappings_import(files: tuple[Path, ...], store: Path | None, format_: str, **options: Any) -> None:
    """Import mapping tables, crosswalks, SSSOM and SKOS mappings as mapping sets.

    The Commission's form, plain CSV and sheets are understood by their content: which column is what, the encoding,
    and which way round broad and narrow are meant. Rows that cannot be used go to a side file with the reason; the
    others are stored. The exit code is 1 when a row was left out.

    \b
    Examples:
      esco-graph mappings import PL_mapping.csv --dry-run
      esco-graph mappings import DE_mapping.csv --name de-kldb --orientation reversed
      esco-graph mappings import pairs.csv --subject-column esco --object-column code --taxonomy rome
    """
    from esco_graph.cli.progress import progress_bar
    from esco_graph.mappings.importer import import_mappings
    from esco_graph.sources.table_columns import Wanted

    ends = ("subject", "object", "relation")
    wanted = Wanted(**{end: options.pop(f"{end}_column") for end in ends})
    base = options.pop("base_iri")
    options |= {"base": base} if base else {}
    with progress_bar("reading") as progress:
        made = import_mappings(open_workspace(store), files, columns=wanted, progress=progress, **options)
    if format_ == "json":
        print_json([as_dict(one) for one in made])
    else:
        for one in made:
            print_summary(one, dry_run=options["dry_run"])
    sys.exit(0 if all(one.clean for one in made) else 1)


def as_dict(one: Imported) -> dict[str, Any]:
    """Give the summary as plain JSON values."""
    read, given, turned = one.read, one.read.set, one.read.orientation
    return {
        "file": str(one.path),
        "set": given.name,
        "iri": given.iri,
        "title": given.title,
        "kind": read.kind,
        "encoding": read.encoding,
        "columns": read.columns,
        "subject_source": given.subject_source,
        "object_source": given.object_source,
        "rows": {"in": read.rows_in, "kept": read.kept, "reported": len(read.faults)},
        "relations": read.counts,
        "orientation": {
            "reading": turned.verdict,
            "told": turned.told,
            "sure": turned.sure,
            "evidence": [vars(witness) for witness in turned.witnesses],
            "groups": {
                kind: {"rows": rows, "reading": turned.groups.get(kind, turned.verdict)}
                for kind, rows in turned.group_rows.items()
            },
            "warnings": turned.warnings(),
        },
        "repairs": {code: list(lines) for code, lines in read.repairs.items()},
        "faults": [
            {"line": fault.line, "code": fault.code, "message": fault.message, "cells": list(fault.cells)}
            for fault in read.faults
        ],
        "esco": {
            "release": one.release,
            "known": one.known,
            "unknown": [dict(zip(("iri", "label"), pair, strict=True)) for pair in one.unknown],
        },
        "remarks": list(read.remarks),
        "rejected": str(one.rejected) if one.rejected else None,
        "generation": one.generation,
        "changed": one.changed,
        "replaced": one.replaced,
    }


def print_summary(one: Imported, *, dry_run: bool) -> None:
    """Print in plain words what was understood, left out and stored."""
    read, given = one.read, one.read.set
    heading(f"{given.title or given.name} ({one.path.name})")
    for line in understood(one):
        say(line)
    for warning in read.orientation.warnings():
        say_aside(f"Note: {warning}")
    _print_repairs(one)
    _print_faults(one)
    _print_unknown(one)
    said = f"Rows: {read.rows_in:,} in, {read.kept:,} kept, {len(read.faults):,} left out."
    say(said)
    if one.rejected:
        say(f"The rows left out, with the reason: {quoted(one.rejected)}")
    if one.generation and not one.changed:
        say(f"The set {given.name} is in {one.generation} already, and is the same.")
    elif one.generation:
        instead = ", in place of the one of that name" if one.replaced else ""
        say(f"Stored as the set {given.name} in {one.generation}{instead}.")
    else:
        say("Nothing was stored." if not dry_run else "Nothing was stored: this was a dry run.")


def understood(one: Imported) -> list[str]:
    """Say how the file was read: encoding, columns, classifications, relations, orientation."""
    read, given, turned = one.read, one.read.set, one.read.orientation
    lines = [f"Encoding: {read.encoding}."] if read.encoding else []
    if read.columns:
        lines.append("Columns: " + "; ".join(f"{what} = {name}" for what, name in read.columns.items()) + ".")
    lines += read.remarks
    versions = [version and f" {version}" for version in (given.subject_source_version, given.object_source_version)]
    ends = [source or "a classification that nobody names" for source in (given.subject_source, given.object_source)]
    lines.append(f"From {ends[0]}{versions[0]} to {ends[1]}{versions[1]}.")
    counts = (f"{compress(kind)} {number:,}" for kind, number in sorted(read.counts.items()))
    lines.append(f"Relations as stored: {', '.join(counts)}.")
    if read.kind in ("sssom", "rdf") and not turned.told:
        lines.append("Orientation: as SKOS has it.")
    elif turned.told:
        lines.append(f"Orientation: {turned.verdict}, as told.")
    elif turned.sure is None:
        lines.append(f"Orientation: {turned.verdict}; there was no evidence.")
    else:
        words = "; ".join(witness.words for witness in turned.witnesses)
        lines.append(f"Orientation: {turned.verdict}, {_share(turned.sure)} sure ({words or 'by the rows to groups'}).")
    return lines


def _share(sure: float) -> str:
    """Write how sure the orientation is; inference from signs is never certain."""
    return "over 99%" if sure > _NEARLY else f"{sure:.0%}"


def _print_repairs(one: Imported) -> None:
    from esco_graph.mappings.faults import REPAIRS

    for code, lines in one.read.repairs.items():
        first = ", ".join(map(str, lines[:MOST_SHOWN])) + (", …" if len(lines) > MOST_SHOWN else "")
        say(f"Put right in {len(lines):,} rows: {REPAIRS.get(code, code)} (line {first}).")


def _print_faults(one: Imported) -> None:
    from esco_graph.mappings.faults import ADVICE, REASONS, by_code

    for code, faults in by_code(one.read.faults).items():
        say(f"Left out {len(faults):,}: {REASONS.get(code, code)}. {ADVICE.get(code, '')}".rstrip())
        for fault in faults[:MOST_SHOWN]:
            say(f"  {fault}")
        if len(faults) > MOST_SHOWN:
            say(f"  … and {len(faults) - MOST_SHOWN:,} more.")


def _print_unknown(one: Imported) -> None:
    if not one.release or not (one.known or one.unknown):
        return
    if not one.unknown:
        say(f"All {one.known:,} concepts of ESCO are in the loaded release {one.release}.")
        return
    say(f"Concepts of ESCO: {one.known:,} are in the loaded release {one.release}, {len(one.unknown):,} are not:")
    show_rows(["label", "IRI"], [[label, iri] for iri, label in one.unknown[:MOST_SHOWN]], "table")
    more = len(one.unknown) - MOST_SHOWN
    check = f"esco-graph mappings check {one.read.set.name}"
    say(f"… and {more:,} more. {check} says what became of them." if more > 0 else f"{check} says what became of them.")
