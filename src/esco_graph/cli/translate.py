"""esco-graph translate: from a code of one classification through ESCO to those of another."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import format_option, graph_options, lang_option, open_graph
from esco_graph.cli.output import print_json, quoted, say, say_aside, show_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esco_graph.errors import NotFoundError
    from esco_graph.graph import Graph
    from esco_graph.mappings.translate import Translation
    from esco_graph.mappings.ways import Answer

ONE = ("code", "label", "relation", "confidence", "way")
MANY = ("source_code", "source_label", "relation", "code", "label", "confidence", "way", "source", "target")


@click.command()
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@click.option("--from", "source", required=True, metavar="NAME", help="Classification of the codes, such as rome.")
@click.option(
    "--to", "target", required=True, metavar="NAME", help="Classification to reach, such as kldb, isco, esco."
)
@click.option("--all", "all_", is_flag=True, help="Translate every concept of the first classification.")
@click.option(
    "--codes", "file", type=click.File(encoding="utf-8-sig"), help="File with a code on each line; - is stdin."
)
@click.option(
    "--through-hierarchy",
    is_flag=True,
    help="Where no mapping follows, go over broader and narrower concepts. [always with isco]",
)
@click.option("--leads/--no-leads", default=True, help="Show ways from which no relation follows, or not.")
@click.option("--explain", is_flag=True, help="Show every way, not only the best of each answer.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write a mapping set (.sssom.tsv) of them."
)
@click.option("--base-iri", envvar="ESCO_GRAPH_BASE_IRI", help="Where the IRI of the set that is written begins.")
@format_option
@lang_option
@graph_options
def translate(
    codes: tuple[str, ...],
    source: str,
    target: str,
    all_: bool,
    file: Any,
    through_hierarchy: bool,
    leads: bool,
    explain: bool,
    output: Path | None,
    base_iri: str | None,
    format_: str,
    lang: str,
    **options: Any,
) -> None:
    """Lead codes of one classification through ESCO to another.

    Two mappings in a row give a relation only where SKOS allows it: exact and exact is exact, exact beside another
    leaves that one, broad and broad is broad, narrow and narrow is narrow. Other pairs are shown as a lead: no relation
    follows, a person must look; so are groups of ISCO that only the hierarchy leads to. A confidence is the product of
    those of the mappings, where all have one.

    CODE may be a code, an IRI or a label. The exit code is 1 when a code of a list was not found.

    \b
    Examples:
      esco-graph translate N2102 --from northland --to southland
      esco-graph translate 15244 --from rome --to kldb --explain
      esco-graph translate --from rome --to kldb --all --format csv --no-leads
      esco-graph translate --from rome --to kldb --codes codes.txt -o rome-kldb.sssom.tsv
    """
    if bool(codes) + bool(file) + all_ != 1:
        raise click.UsageError("Give codes, or --codes FILE, or --all.")
    graph = open_graph(options)
    wanted = None if all_ else codes or tuple(line.strip() for line in file if line.strip())
    found: list[Translation | NotFoundError]
    if len(codes) == 1:
        found = [_one(graph, codes[0], source, target, lang, through_hierarchy)]
    else:
        found = list(_many(graph, source, target, wanted, lang, through_hierarchy))
    known = [one for one in found if not isinstance(one, Exception)]
    if output is not None:
        _write(output, known, graph, base_iri)
    if format_ == "json":
        print_json(known[0].as_dict() if len(codes) == 1 else [one.as_dict() for one in known])
    elif len(codes) == 1:
        _show(known[0], format_, leads=leads, explain=explain)
    elif output is None or format_ != "table":
        show_rows(MANY, [row for one in known for row in _rows(one, leads)], format_)
    if len(codes) != 1:
        _say_counts(found)
    sys.exit(0 if len(known) == len(found) else 1)


def _one(graph: Graph, code: str, source: str, target: str, lang: str, hierarchy: bool) -> Translation:
    from esco_graph.mappings.translate import translate as lead

    return lead(graph, code, source, target, lang=lang, hierarchy=hierarchy)


def _many(
    graph: Graph, source: str, target: str, codes: tuple[str, ...] | None, lang: str, hierarchy: bool
) -> Iterator[Translation | NotFoundError]:
    from esco_graph.cli.progress import progress_bar
    from esco_graph.mappings.translate import translate_many

    with progress_bar("translating") as move:
        move("reading the mapping sets", 0, 0)
        for one in translate_many(graph, source, target, codes, lang=lang, hierarchy=hierarchy):
            move("translating", 0, 0)
            yield one


def _shown(one: Translation, leads: bool) -> tuple[Answer, ...]:
    return one.answers if leads else one.mappings


def _show(one: Translation, format_: str, *, leads: bool, explain: bool) -> None:
    from esco_graph.mappings.translate import in_words

    shown = _shown(one, leads)
    if format_ != "table":
        show_rows(MANY, _rows(one, leads), format_)
        return
    say(f"{one.concept}, in {one.target.name}:")
    rows = [
        [a.target.code, a.target.label, a.relation, a.confidence, in_words(way, one.titles)]
        for a in shown
        for way in (a.ways if explain else a.ways[:1])
    ]
    show_rows(ONE, rows, "table")
    for answer in shown:
        for first, second in answer.clashes:
            say_aside(f"{answer.target}: different ways give {first} and {second}, which cannot both be true.")
    if more := sum(len(answer.ways) - 1 for answer in shown) * (not explain):
        say_aside(f"{more} more ways lead to the same: --explain shows them.")
    if not one.mappings:
        over = "" if "isco" in (one.source.key, one.target.key) else " Try --through-hierarchy."
        nothing = f"Nothing leads from {one.concept} to {one.target.name}.{over}"
        say_aside(f"No relation follows on any way.{over}" if one.answers else nothing)


def _rows(one: Translation, leads: bool) -> list[list[Any]]:
    from esco_graph.mappings.translate import in_words

    start = [one.concept.code, one.concept.label]
    return [
        [
            *start,
            answer.relation,
            answer.target.code,
            answer.target.label,
            answer.confidence,
            in_words(answer.ways[0], one.titles),
            one.concept.iri,
            answer.target.iri,
        ]
        for answer in _shown(one, leads)
    ]


def _say_counts(found: list[Translation | NotFoundError]) -> None:
    from esco_graph.mappings.translate import counts

    said = ", ".join(f"{number:,} {word}" for word, number in counts(found).items() if number)
    say_aside(f"{len(found):,} codes, by the best that they reach: {said or 'none'}.")
    for error in [one for one in found if isinstance(one, Exception)][:5]:
        say_aside(str(error))


def _write(path: Path, found: list[Translation], graph: Graph, base_iri: str | None) -> None:
    """Write what was translated as a mapping set."""
    from esco_graph.files import replacing
    from esco_graph.mappings.model import set_name
    from esco_graph.mappings.sssom import write_table
    from esco_graph.mappings.translate import as_set
    from esco_graph.profiles.model import DEFAULT_BASE

    made = as_set(found, graph, set_name(path.name.split(".")[0]), base=base_iri or DEFAULT_BASE)
    with replacing(path) as out:
        out.writelines(line.encode() for line in write_table(made))
    number = len(made.mappings)
    say_aside(f"{number:,} {'mapping is' if number == 1 else 'mappings are'} in {quoted(path)}.")
