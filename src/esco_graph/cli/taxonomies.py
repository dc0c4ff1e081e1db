"""esco-graph taxonomies: load other classifications, list, show and remove them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import format_option, graph_options, open_graph, open_workspace, store_option
from esco_graph.cli.output import heading, print_json, say, say_aside, show_rows
from esco_graph.cli.progress import progress_bar
from esco_graph.terms import compress

if TYPE_CHECKING:
    from esco_graph.taxonomies.rdf import Head
    from esco_graph.taxonomies.store import Added
    from esco_graph.taxonomies.taxonomy import Read

MOST_FAULTS = 20  # that are printed; --format json gives all


@click.group
def taxonomies() -> None:
    """Load other classifications: ISCO, O*NET, ROME, NACE and others.

    Each stands in a named graph of its own, as SKOS. The IRIs are those that the owner publishes; where he publishes
    none they are under your base IRI.

    \b
    Examples:
      esco-graph taxonomies add "Occupation Data.xlsx" "Alternate Titles.xlsx"
      esco-graph taxonomies add codes.csv --as my-codes --code-column ID --label-column Name --lang fr
      esco-graph taxonomies list
      esco-graph show rome:A1101
    """


@taxonomies.command
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--as", "key", metavar="KEY", help="Which classification it is: see taxonomies list --known. [guessed]")
@click.option("--code-column", metavar="NAME|N", help="Column of the codes, by header or number. [guessed]")
@click.option("--label-column", metavar="NAME|N", help="Column of the labels. [guessed]")
@click.option(
    "--alt-column", multiple=True, metavar="NAME|N", help="Column of other labels; may be repeated. [guessed]"
)
@click.option("--description-column", metavar="NAME|N", help="Column of the descriptions. [guessed]")
@click.option("--broader-column", metavar="NAME|N", help="Column of the broader codes. [guessed, else by the code]")
@click.option("--lang", help="Language of the labels (BCP 47). [default: that of the classification or file]")
@click.option("--base-iri", envvar="ESCO_GRAPH_BASE_IRI", help="Where IRIs begin that no owner publishes.")
@click.option("--dry-run", is_flag=True, help="Read and report, write nothing.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@store_option
def add(
    files: tuple[Path, ...],
    key: str | None,
    lang: str | None,
    base_iri: str | None,
    dry_run: bool,
    format_: str,
    store: Path | None,
    **columns: Any,
) -> None:
    """Load the files of one classification: SKOS in any RDF format, CSV, Excel, or JSON of a query.

    Several files are read together, such as the codes and the titles below them: give all in one command, for each
    load takes the place of the earlier one. Columns are guessed by their headers, and which was taken for what is
    said. Rows that cannot be used are named with file and line, the others are kept; the exit code is 1 then.

    \b
    Examples:
      esco-graph taxonomies add unix_referentiel_code_rome.csv unix_referentiel_appellation.csv
      esco-graph taxonomies add kldb.ttl --as kldb
      esco-graph taxonomies add ISCO_SOC_Crosswalk.xls --as soc-2010
    """
    from esco_graph.profiles.model import DEFAULT_BASE, check_own_iri
    from esco_graph.taxonomies.columns import Wanted
    from esco_graph.taxonomies.read import read_files
    from esco_graph.taxonomies.registry import taxonomy_named
    from esco_graph.taxonomies.store import add_taxonomy

    base = check_own_iri(base_iri) if base_iri else DEFAULT_BASE
    taxonomy = taxonomy_named(key) if key else None
    own = key if key and not taxonomy else ""
    named = {name.removesuffix("_column"): value or "" for name, value in columns.items() if name != "alt_column"}
    wanted = Wanted(alt=columns["alt_column"], lang=lang or "", **named)
    total = sum(path.stat().st_size for path in files if path.is_file())
    with progress_bar("reading") as move:
        read = read_files(
            files, taxonomy, base=base, wanted=wanted, name=own, progress=lambda name, size: move(name, size, total)
        )
        move("writing", 0, total)
        added = None if dry_run else add_taxonomy(open_workspace(store), read, base=base)
    if format_ == "json":
        print_json(as_dict(read, added))
    else:
        print_report(read, added)
    sys.exit(1 if read.faults else 0)


def as_dict(read: Read, added: Added | None) -> dict[str, Any]:
    """Give the report as plain JSON values."""
    from esco_graph.taxonomies.depth import levels

    taxonomy = read.taxonomy
    return {
        "key": taxonomy.key,
        "name": taxonomy.name,
        "lang": taxonomy.lang,
        "owner": taxonomy.owner,
        "licence": taxonomy.licence,
        "concepts": len(read.concepts),
        "labels": sum(1 + len(concept.alt) + len(concept.names) for concept in read.concepts),
        "descriptions": sum(bool(concept.description) for concept in read.concepts),
        "levels": levels(read.concepts),
        "files": dict(read.sha256),
        "remarks": list(read.remarks),
        "faults": [{"where": fault.where, "code": fault.code, "message": fault.message} for fault in read.faults],
        "statements": {"new": added.new, "already_in_the_graph": added.held} if added else None,
        "labels_left_out": [list(one) for one in added.otherwise] if added else [],
        "missing": added.missing if added else 0,
        "replaced": {"concepts": added.before, "gone": added.gone} if added and added.before else None,
        "generation": added.generation if added else "",
    }


def print_report(read: Read, added: Added | None) -> None:
    """Print what was understood, counted, faulty and stored."""
    facts = as_dict(read, None)
    heading(f"{read.taxonomy.name} ({read.taxonomy.key})")
    for remark in read.remarks:
        say(remark)
    counts = f"{facts['concepts']:,} concepts, {facts['labels']:,} labels, {facts['descriptions']:,} descriptions"
    say(f"{counts}; by level: {', '.join(f'{count:,}' for count in facts['levels'])}.")
    first = read.concepts[0]
    say(f"The first of them: {first.code} {first.label} <{first.iri}>")
    for fault in read.faults[:MOST_FAULTS]:
        say(f"Fault: {fault}")
    if len(read.faults) > MOST_FAULTS:
        say_aside(f"… and {len(read.faults) - MOST_FAULTS:,} more faults; --format json gives all of them.")
    if read.taxonomy.licence:
        say(f"{read.taxonomy.owner}. {read.taxonomy.licence}.")
    for iri, kept, other in added.otherwise if added else ():
        say(f"ESCO calls {compress(iri)} {kept!r}; the file's {other!r} is left out.")
    if added and added.missing:
        say(
            f"Mapping sets name {added.missing:,} concepts of it that are not in what was read. If another file has "
            "them, give all files in one command."
        )
    if added and added.gone:
        say(
            f"The earlier load is replaced; concepts before: {added.before:,}, now: {facts['concepts']:,}, "
            f"gone: {added.gone:,}. esco-graph undo brings them back; to have both, give all files in one command."
        )
    say(_stored(added))


def _stored(added: Added | None) -> str:
    if added is None:
        return "Nothing was stored."
    if not added.generation:
        return "The graph has all of this already; nothing was changed."
    return f"Stored as {added.generation}: {added.new:,} statements, {added.held:,} already elsewhere in the graph."


@taxonomies.command("list")
@click.option("--known", is_flag=True, help="List those that are known by name too, loaded or not.")
@format_option
@graph_options
def list_(known: bool, format_: str, **options: Any) -> None:
    """List the classifications that the graph holds.

    \b
    Examples:
      esco-graph taxonomies list
      esco-graph taxonomies list --known --format csv
    """
    from esco_graph.taxonomies.rdf import heads
    from esco_graph.taxonomies.registry import TAXONOMIES

    rows = [_row(head) for head in heads(open_graph(options))]
    if known:
        held = {row[0] for row in rows}
        others = [one for one in TAXONOMIES.values() if one.key not in held and one.key != "esco"]
        rows += [[one.key, one.name, one.lang, one.version, None, one.owner, one.scheme or None] for one in others]
    show_rows(["key", "name", "lang", "version", "concepts", "owner", "scheme"], rows, format_)


def _row(head: Head) -> list[Any]:
    one = head.taxonomy
    return [one.key, one.name, one.lang, head.version, head.concepts, one.owner, head.scheme]


@taxonomies.command
@click.argument("name")
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="Concepts to give at most.")
@format_option
@graph_options
def show(name: str, limit: int, format_: str, **options: Any) -> None:
    """Show one classification: what it is, how many concepts on each level, and the first of them.

    NAME is its key or name. For one concept: esco-graph show rome:A1101.

    \b
    Examples:
      esco-graph taxonomies show rome
      esco-graph taxonomies show kldb --limit 1000000 --format csv
    """
    from esco_graph.taxonomies.depth import levels
    from esco_graph.taxonomies.rdf import concepts_of
    from esco_graph.taxonomies.registry import find_taxonomy
    from esco_graph.taxonomies.store import loaded

    graph = open_graph(options)
    taxonomy = find_taxonomy(graph, name)
    head = loaded(graph, taxonomy.key)
    concepts = concepts_of(graph, taxonomy.key)
    if format_ == "table":
        heading(f"{taxonomy.name} ({taxonomy.key})")
        facts = {"scheme": head.scheme, "owner": taxonomy.owner, "version": head.version, "licence": taxonomy.licence}
        facts |= {"page": taxonomy.source, "named graph": head.graph, "read from": "; ".join(head.sources)}
        show_rows(["what", "value"], [[what, value] for what, value in facts.items() if value], "table")
        say(f"{len(concepts):,} concepts; by level: {', '.join(f'{count:,}' for count in levels(concepts))}.")
    labels = {concept.iri: concept.label for concept in concepts}
    rows = [
        [one.code, one.label, " / ".join(labels.get(iri, iri) for iri in one.broader), len(one.alt), one.iri]
        for one in concepts[:limit]
    ]
    show_rows(["code", "label", "broader label", "other labels", "concept"], rows, format_)


@taxonomies.command
@click.argument("name")
@store_option
def remove(name: str, store: Path | None) -> None:
    """Remove a classification; the mapping sets that name its concepts keep those.

    \b
    Example:
      esco-graph taxonomies remove rome
    """
    from esco_graph.graph import Graph
    from esco_graph.taxonomies.registry import find_taxonomy
    from esco_graph.taxonomies.store import remove_taxonomy

    workspace = open_workspace(store)
    key = find_taxonomy(Graph.open(workspace.path), name).key
    say(f"Removed {key}; the graph is {remove_taxonomy(workspace, key)} now. esco-graph undo brings it back.")
