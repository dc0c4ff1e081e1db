"""esco-graph mappings: import, list, show, export, invert, merge, check, count and remove mapping sets."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import format_option, graph_options, open_graph, open_workspace, store_option
from esco_graph.cli.output import say, say_aside, show_rows

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.mappings.model import Mapping, MappingSet

ELSEWHERE = {"import": ("mappings_import", "mappings_import"), "coverage": ("mappings_coverage", "coverage")}
"""Commands whose modules are imported when they are used: name -> module, attribute."""

TEXTS = ("tsv", "csv", "json")
EXPORTS = (*TEXTS, "turtle", "trig", "n-triples", "n-quads", "rdf-xml", "json-ld")


class _Group(click.Group):
    """A group some of whose commands live in modules of their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands by name."""
        return sorted({*super().list_commands(ctx), *ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command when it is used."""
        if cmd_name not in ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, name = ELSEWHERE[cmd_name]
        found: click.Command = getattr(import_module(f"esco_graph.cli.{module}"), name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command when there is none of this name."""
        from difflib import get_close_matches

        known = self.list_commands(ctx)
        if args and args[0] not in known and (near := get_close_matches(args[0], known, 1)):
            ctx.fail(f"no command {args[0]!r}; did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)


_name = click.argument("name", required=False, metavar="NAME")  # `_load` says which there are when it is not given


@click.group(cls=_Group)
def mappings() -> None:
    """Import, check, compare and export mapping sets.

    A set says which concept of one classification is which of another, and how that is known (SSSOM). Each stands in
    a named graph of its own.

    \b
    Examples:
      esco-graph mappings import DE_mapping.csv
      esco-graph mappings list
      esco-graph mappings check de-kldb
      esco-graph mappings export de-kldb -o de-kldb.sssom.tsv
    """


@mappings.command("list")
@format_option
@graph_options
def list_(format_: str, **options: Any) -> None:
    """List the mapping sets of the graph, with how many of their rows are candidates that wait for a decision.

    \b
    Examples:
      esco-graph mappings list
      esco-graph mappings list --format json
    """
    from esco_graph.mappings.store import count_candidates, count_rows, sets

    graph = open_graph(options)
    columns = ["name", "title", "subject", "object", "rows", "candidates", "orientation", "version", "licence", "iri"]
    rows = [
        [one.name, one.title, one.subject_source, one.object_source, count_rows(graph, one.name),
         count_candidates(graph, one.name), one.orientation, one.version, one.licence, one.iri]
        for one in sets(graph)
    ]  # fmt: skip
    show_rows(columns, rows, format_)


@mappings.command
@_name
@click.option("--concept", help="Only rows about this IRI, code or label.")
@click.option("--relation", help="Only rows of this relation: exact, close, broad, narrow, related, mapped.")
@click.option("--limit", type=click.IntRange(0), default=50, show_default=True, help="Rows to show; 0 for all.")
@format_option
@graph_options
def show(name: str | None, concept: str | None, relation: str | None, limit: int, format_: str, **options: Any) -> None:
    """Show the rows of a set.

    \b
    Examples:
      esco-graph mappings show de-kldb
      esco-graph mappings show de-kldb --relation exact --limit 0 --format csv
      esco-graph mappings show de-kldb --concept Imker
    """
    from esco_graph.mappings.legs import Hierarchy
    from esco_graph.mappings.model import RELATIONS

    if relation is not None and relation not in RELATIONS:
        raise click.BadParameter(f"{relation!r} is not one of {', '.join(RELATIONS)}", param_hint="--relation")
    graph = open_graph(options)
    given, names = _load(graph, name), Hierarchy(graph, "en")
    codes = {one.iri: one.code for one in given.concepts}
    rows = [row for row in given.mappings if relation is None or row.predicate == RELATIONS[relation]]
    if concept:
        wanted = concept.casefold()
        noted = _noted(graph, concept) | {iri for iri, one in codes.items() if one.casefold() == wanted}
        rows = [
            row
            for row in rows
            if {row.subject, row.object} & noted
            or wanted in [one.casefold() for one in (row.subject, row.object, row.subject_label, row.object_label)]
        ]
    shown = rows[:limit] if limit else rows
    words = {iri: word for word, iri in RELATIONS.items()}

    def code(iri: str) -> str:
        return codes.get(iri) or names.name(iri).code

    columns = [
        "subject code",
        "subject label",
        "relation",
        "object code",
        "object label",
        "justification",
        "confidence",
        "subject",
        "object",
    ]
    cells = [
        [code(row.subject), row.subject_label, _relation(row, words.get(row.predicate, row.predicate)),
         code(row.object), row.object_label, row.justification.rpartition("/")[2], row.confidence, row.subject,
         row.object]
        for row in shown
    ]  # fmt: skip
    show_rows(columns, cells, format_)
    if len(shown) < len(rows):
        say_aside(f"{len(rows) - len(shown):,} more rows; --limit 0 shows all.")


def _load(graph: Graph, name: str | None) -> MappingSet:
    """Give the set of a name; where none is given, say which there are."""
    from esco_graph.mappings.store import load, sets

    if name is None:
        known = ", ".join(one.name for one in sets(graph))
        raise click.UsageError(f"Give the NAME of a set: {known or 'there are none; esco-graph mappings import FILE'}.")
    return load(graph, name)


def _noted(graph: Graph, code: str) -> set[str]:
    """Give the IRIs of the concepts that have a code in the graph, those of ESCO too."""
    import pyoxigraph as ox

    from esco_graph.terms import SKOS

    rows = graph.select(f"SELECT ?c WHERE {{ ?c <{SKOS}notation> {ox.Literal(code)} }}")
    return {row[0].value for row in rows if isinstance(row[0], ox.NamedNode)}


def _relation(row: Mapping, word: str) -> str:
    return "not " + word if row.modifier else word + " (candidate)" if row.candidate else word


@mappings.command
@_name
@click.option("--format", "format_", type=click.Choice(EXPORTS), help="Format. [default: as -o ends, else tsv]")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write. [default: standard output]")
@graph_options
def export(name: str | None, format_: str | None, output: Path | None, **options: Any) -> None:
    """Write a set as SSSOM (TSV, CSV, JSON) or RDF; ESCO's attribution and the licence go with it.

    \b
    Examples:
      esco-graph mappings export de-kldb -o de-kldb.sssom.tsv
      esco-graph mappings export de-kldb --format turtle > de-kldb.ttl
      esco-graph mappings export de-kldb -o de-kldb.json
    """
    graph = open_graph(options)
    given = _load(graph, name)
    chosen = format_ or _by_name(output)
    if chosen in TEXTS:
        from esco_graph.mappings.sssom import WRITERS

        text = "".join(WRITERS[chosen](given))
        _write(text, output)
        return
    from esco_graph.publish import write, write_file
    from esco_graph.terms import mapping_graph

    iri = mapping_graph(given.name)
    if output is None:
        write(graph, sys.stdout.buffer, format=chosen, named_graph=iri)
    else:
        write_file(graph, output, format=chosen, named_graph=iri)


def _by_name(output: Path | None) -> str:
    from esco_graph.publish import format_of

    ending = output.suffix.lower().lstrip(".") if output else "tsv"
    return ending if ending in TEXTS else format_of(output.name if output else "tsv").name


def _write(text: str, output: Path | None) -> None:
    from esco_graph.files import replacing

    if output is None:
        click.echo(text, nl=False)
        return
    with replacing(output) as out:
        out.write(text.encode())


@mappings.command
@click.argument("name")
@click.argument("new")
@store_option
def invert(name: str, new: str, store: Path | None) -> None:
    """Store a set from its other side as NEW: subject and object change places, broad becomes narrow.

    \b
    Examples:
      esco-graph mappings invert de-kldb kldb-esco
    """
    from esco_graph.graph import Graph
    from esco_graph.mappings import operations
    from esco_graph.mappings.store import check_free, keep, load

    workspace = open_workspace(store)
    graph = Graph.open(workspace.path)
    check_free(graph, new)
    made = operations.invert(load(graph, name), new)
    say(f"{new}: {len(made.mappings):,} rows in generation {keep(workspace, [made], f'mappings invert {name} {new}')}.")


@mappings.command
@click.argument("names", nargs=-1, required=True)
@click.option("--as", "new", required=True, metavar="NAME", help="Name of the new set.")
@click.option("--dry-run", is_flag=True, help="Say what would be merged and what contradicts, write nothing.")
@store_option
def merge(names: tuple[str, ...], new: str, dry_run: bool, store: Path | None) -> None:
    """Put the rows of several sets into a new one; contradictions are listed, and the exit code is 1 then.

    A mapping that two sets state stays twice where its justification, author or confidence differs, as SSSOM has one
    justification for each mapping.

    \b
    Examples:
      esco-graph mappings merge de-kldb my-kldb --as kldb-all
      esco-graph mappings merge de-kldb my-kldb --as kldb-all --dry-run
    """
    from esco_graph.graph import Graph
    from esco_graph.mappings import operations
    from esco_graph.mappings.store import check_free, keep, load

    workspace = open_workspace(store)
    graph = Graph.open(workspace.path)
    check_free(graph, new)
    given = [load(graph, name) for name in dict.fromkeys(names)]
    made = operations.merge(given, new)
    found = operations.conflicts(given)
    for one in found[:20]:
        labels = f"{one.one.subject_label} <{one.one.subject}> and {one.one.object_label} <{one.one.object}>"
        say_aside(f"{labels}: {one.why} ({', '.join(dict.fromkeys(one.sets))})")
    if len(found) > 20:
        say_aside(f"… and {len(found) - 20:,} more contradictions: esco-graph mappings check {new}")
    where = "nothing written" if dry_run else f"generation {keep(workspace, [made], f'mappings merge {new}')}"
    say(f"{new}: {len(made.mappings):,} rows, {len(found):,} contradictions; {where}.")
    sys.exit(1 if found else 0)


@mappings.command
@_name
@click.option("--against", multiple=True, metavar="SET", help="Look for contradictions with this set too; repeatable.")
@format_option
@graph_options
def check(name: str | None, against: tuple[str, ...], format_: str, **options: Any) -> None:
    """Check a set: shapes, concepts of ESCO that are gone and what became of them, contradictions, doubles.

    The exit code is 1 when something violates the rules.

    \b
    Examples:
      esco-graph mappings check de-kldb
      esco-graph mappings check de-kldb --against my-kldb --format csv
    """
    from esco_graph.mappings.check import check as run
    from esco_graph.mappings.store import load

    graph = open_graph(options)
    found = run(graph, _load(graph, name), [load(graph, other) for other in against])
    columns = ["code", "severity", "subject label", "object label", "message", "row", "subject", "object"]
    rows = [
        [p.code, p.severity, p.subject_label, p.object_label, p.message, p.source, p.subject, p.object] for p in found
    ]
    show_rows(columns, rows, format_)
    bad = sum(one.severity == "violation" for one in found)
    say_aside(f"{bad:,} violations, {len(found) - bad:,} other findings.")
    sys.exit(1 if bad else 0)


@mappings.command
@_name
@format_option
@graph_options
def stats(name: str | None, format_: str, **options: Any) -> None:
    """Count the relations, cardinalities and covered concepts of a set.

    \b
    Examples:
      esco-graph mappings stats de-kldb
      esco-graph mappings stats de-kldb --format json
    """
    from esco_graph.mappings import stats as counting

    graph = open_graph(options)
    given = _load(graph, name)
    made = counting.stats(given.mappings)
    rows: list[list[Any]] = [["rows", "", made.rows, None]]
    for what in ("relations", "justifications", "cardinalities"):
        rows += [[what, word, number, number / made.rows] for word, number in getattr(made, what).items()]
    for side in ("subjects", "objects"):
        number, multi = getattr(made, side), getattr(made, f"multi_{side}")
        rows += [[side, "mapped", number, None], [side, "mapped to several", multi, multi / number if number else None]]
    for what, (reached, every) in counting.coverage(graph, given.mappings).items():
        rows.append(["coverage", f"ESCO {what}", reached, reached / every if every else None])
    show_rows(["figure", "of", "number", "share"], rows, format_)


@mappings.command
@click.argument("names", nargs=-1, required=True)
@store_option
def remove(names: tuple[str, ...], store: Path | None) -> None:
    """Remove sets from the graph; esco-graph undo brings them back.

    \b
    Examples:
      esco-graph mappings remove de-kldb
    """
    from esco_graph.mappings.store import remove as run

    say(f"Removed {', '.join(names)}: generation {run(open_workspace(store), names)}.")
