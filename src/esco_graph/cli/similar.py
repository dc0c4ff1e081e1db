"""esco-graph similar: occupations ranked by how alike their skills are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.careers.names import LEVELS
from esco_graph.cli.options import format_option, graph_options, lang_option, open_graph
from esco_graph.cli.output import print_json, say
from esco_graph.cli.plot import plot_option, write_picture
from esco_graph.cli.start import level_of, say_level
from esco_graph.cli.ways import begin, explain_option, hint, prepare, say_skills, say_wrapped, show_ranking, title
from esco_graph.skills.names import DEFAULT_MEASURE, MEASURE_NAMES

if TYPE_CHECKING:
    from esco_graph.careers import RankedOccupation, Ranking

_MEASURES = "\b\nMeasures:\n" + "\n".join(f"  {name:<19} {words}" for name, words in MEASURE_NAMES.items())


@click.command(epilog=_MEASURES)
@click.argument("start")
@click.option("--measure", type=click.Choice(tuple(MEASURE_NAMES)), default=DEFAULT_MEASURE, show_default=True)
@click.option(
    "--level",
    type=click.Choice(tuple(LEVELS)),
    default="any",
    show_default=True,
    help="ISCO-08 skill level of the others, against that of START; next is exactly one higher.",
)
@click.option("--isco", metavar="GROUP", default="", help="Only this ISCO-08 group: one to four digits, such as 226.")
@click.option("--regulated/--not-regulated", default=None, help="Only regulated professions, or only others.")
@click.option("--green", type=click.FloatRange(0, 1), metavar="SHARE", help="Least share of green skills, 0 to 1.")
@click.option("--digital", type=click.FloatRange(0, 1), metavar="SHARE", help="Least share of digital skills, 0 to 1.")
@click.option("--limit", type=click.IntRange(1, 500), default=10, show_default=True)
@explain_option
@plot_option
@format_option
@lang_option
@graph_options
def similar(
    start: str,
    measure: str,
    level: str,
    isco: str,
    regulated: bool | None,
    green: float | None,
    digital: float | None,
    limit: int,
    explain: bool,
    plot: Path | None,
    format_: str,
    lang: str,
    **options: Any,
) -> None:
    """Rank occupations by how much their skills are like those of START.

    START is an occupation (IRI, CURIE, code or label) or the file of a person.

    Whatever measure ranks them, the table says how many of the other's skills are shared, and the coverage.

    \b
    Examples:
      esco-graph similar 2269.5 --level same --limit 5
      esco-graph similar "nurse assistant" --measure jaccard --format json
      esco-graph similar cook --isco 3 --explain
      esco-graph similar person.yaml --level any --digital 0.2 --plot similar.svg
    """
    from esco_graph.careers import similar as rank

    graph = open_graph(options)
    begun, matched = begin(graph, start, lang)
    prepare(graph)
    constraints: dict[str, Any] = {
        "level": level,
        "isco": isco,
        "regulated": regulated,
        "min_green": green,
        "min_digital": digital,
    }
    told = explain or plot is not None
    found = rank(graph, begun, measure=measure, limit=limit, lang=lang, explain=told, **constraints)
    if plot is not None:
        write_picture(plot, graph, "similar", found, lang=lang)
    if format_ == "json":
        print_json(_as_json(found, matched, {"measure": measure, **constraints}, explain))
        return
    if format_ == "table":
        say_wrapped(f"{title(found.start)}, by {measure}{_words(**constraints)}", "")
        say_level(found)
    show_ranking(found, format_)
    if explain and format_ == "table":
        _explain(found)
    elif found.rows:
        hint("--explain names the shared and the missing skills of each.", format_)


def _words(level: str, isco: str, regulated: bool | None, min_green: float | None, min_digital: float | None) -> str:
    """Put the constraints in words, those that are asked for."""
    asked = [
        f"ISCO level: {level}" if level != "any" else "",
        f"ISCO group {isco}" if isco else "",
        "" if regulated is None else "regulated" if regulated else "not regulated",
        "" if min_green is None else f"at least {min_green:.0%} green skills",
        "" if min_digital is None else f"at least {min_digital:.0%} digital skills",
    ]
    return "".join(f"; {words}" for words in asked if words)


def _explain(found: Ranking[RankedOccupation]) -> None:
    for row in found.rows:
        say(f"\n{row.label}: {row.shared} of its {row.total} skills are shared")
        if row.explained:
            say_skills("shared, essential there", row.explained.shared_essential)
            say_skills("shared, optional there", row.explained.shared_optional)
            for head, is_concept in (("broader concepts of both", True), ("words that describe both", False)):
                if grounds := [one for one in row.explained.grounds if bool(one.iri) == is_concept]:
                    say_skills(head, grounds)
            say_skills("missing, essential there", row.explained.missing_essential)


def _as_json(found: Ranking[RankedOccupation], matched: str, asked: dict[str, Any], explain: bool) -> dict[str, Any]:
    rows = [row.as_dict() if explain else row.cells() for row in found.rows]
    about = {"iri": found.start.iri, "label": found.start.label, "level": found.own_level, "matched": matched}
    return {"occupation": about, **asked, **level_of(found), "results": rows, "remark": found.remark}
