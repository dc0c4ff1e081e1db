"""esco-graph match: occupations for a person, or for each person of a large file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from esco_graph.cli.match_many import is_many, many_options, match_many
from esco_graph.cli.options import format_option, graph_options, lang_option, open_graph
from esco_graph.cli.output import print_json, say, say_aside
from esco_graph.cli.plot import plot_option, write_picture
from esco_graph.skills.names import NEAR

if TYPE_CHECKING:
    from esco_graph.careers.ranking import Ranking
    from esco_graph.persons.match import MatchedOccupation

_ONE_ONLY = ("level", "isco", "explain", "with_occupations", "plot")
_MANY_ONLY = ("output", "input_format", "force", "resume", "threads", "engine", "master")
_NAMED = 8  # skills that a list names before it counts the rest


@click.command
@click.argument("source", metavar="PERSON|PEOPLE")
@click.option("--top", "--limit", "top", type=click.IntRange(1, 500), default=10, show_default=True, help="How many.")
@click.option(
    "--level", type=click.IntRange(1, 4), multiple=True, help="One person: only this ISCO-08 skill level; repeatable."
)
@click.option("--isco", default="", metavar="CODE", help="One person: only this ISCO-08 group, such as 2 or 226.")
@click.option("--explain", is_flag=True, help="One person: name the shared, missing and near skills of each row.")
@click.option(
    "--with-occupations",
    is_flag=True,
    help="One person: count the essential skills of the occupations held, which the file does not list.",
)
@plot_option
@many_options
@format_option
@lang_option
@graph_options
def match(source: str, top: int, format_: str, lang: str, **options: Any) -> None:
    """Rank occupations for a person by cosine, and explain each by coverage; or for many people at once.

    PERSON is the file of one person, as in esco-graph person. PEOPLE is a table, .parquet, .csv, .tsv or .jsonl, or -
    for standard input, with the output after -o.

    cosine compares all skills, the rare ones more; coverage is the share of the occupation's skills that the person
    has. The last column says which occupations the person has, or had ("held"), and which it wants ("aim").

    --explain names the near skills as well: missing ones that stand in ESCO in the same group as a skill of the person
    (they share a broader concept), or in the same wider group (they share the one above). That is no claim that the one
    can replace the other.

    \b
    Examples:
      esco-graph match me.yaml --explain
      esco-graph match resume.json --level 4 --format json
      esco-graph match people.parquet -o matches.parquet --top 10
      cat people.jsonl | esco-graph match - --input-format jsonl -o matches.csv
    """
    one_only = [name for name in _ONE_ONLY if options[name]]
    if is_many(source, options["output"]) or source == "-":
        if one_only:
            raise click.UsageError(f"--{one_only[0].replace('_', '-')} is for the file of one person.")
        if click.get_current_context().get_parameter_source("format_") is ParameterSource.COMMANDLINE:
            raise click.UsageError(
                "--format is for the file of one person; the name after -o tells the format of many."
            )
        for name in _ONE_ONLY:
            options.pop(name)
        match_many(open_graph(options), source, top=top, lang=lang, **options)
        return
    ctx = click.get_current_context()
    for name in _MANY_ONLY:
        options.pop(name)
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name.replace('_', '-')} is for many people: PEOPLE.parquet, .csv or .jsonl.")
    _match_one(source, top, format_, lang, options)


def _match_one(file: str, top: int, format_: str, lang: str, options: dict[str, Any]) -> None:
    from esco_graph.cli.start import person_of
    from esco_graph.cli.ways import show_ranking
    from esco_graph.persons.add import with_occupations
    from esco_graph.persons.match import match as rank

    explain = options.pop("explain")
    how = {"levels": options.pop("level"), "isco": options.pop("isco"), "limit": top, "lang": lang}
    add, plot = options.pop("with_occupations"), options.pop("plot")
    graph = open_graph(options)
    person = person_of(graph, file, lang)
    person = with_occupations(person, graph, lang=lang) if add else person
    found = rank(graph, person, **how)
    if plot:
        write_picture(plot, graph, "match", found, lang=lang)
    if format_ == "json":
        about = {"iri": person.iri, "name": person.name or None, "skills": len(person.counted_skills)}
        unresolved = [line.as_dict() for line in person.unresolved]
        answer = {"measure": found.measure, "results": found.as_dicts(), "remark": found.remark}
        print_json({"person": about, "unresolved": unresolved, **answer})
        return
    if format_ == "table":
        from esco_graph.sparql import printable

        many = len(person.counted_skills)
        added = " with the essential ones of the occupations held" * add
        say(f"{printable(found.start.label)}: {many} skill{'s' * (many != 1)}{added}, by cosine")
    show_ranking(found, format_)
    if explain and format_ == "table":
        _explain(found)
    elif format_ == "table" and found.rows and sys.stdout.isatty():
        say_aside("--explain names the shared, missing and near skills.")


def _explain(found: Ranking[MatchedOccupation]) -> None:
    from esco_graph.cli.ways import say_wrapped, title

    for row in found.rows:
        overlap = row.overlap
        say(f"\n{title(row)}")
        if overlap is None:
            continue
        shared = [*overlap.shared_essential, *overlap.shared_optional]
        closest_first = sorted(overlap.near, key=lambda one: one.distance or 0)
        near = [
            f"{one.label} ({NEAR[one.distance]} {one.near.label})" for one in closest_first if one.near and one.distance
        ]
        for head, names in (
            ("shared", [one.label for one in shared]),
            ("missing, essential", [one.label for one in overlap.missing_essential]),
            ("near", near),
        ):
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            say_wrapped(f"{head} ({len(names)}): {'; '.join(names[:_NAMED])}{more}" if names else f"{head}: none")
