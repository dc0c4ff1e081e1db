"""esco-graph overlap: what two sides share, skill by skill."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import format_option, graph_options, lang_option, open_graph
from esco_graph.cli.output import heading, print_json, say, say_aside, show_rows
from esco_graph.cli.plot import plot_option, write_picture
from esco_graph.cli.tables import width
from esco_graph.cli.ways import WIDE, begin, prepare, say_wrapped
from esco_graph.skills.names import DEFAULT_MEASURE, MEASURE_NAMES
from esco_graph.terms import compress

if TYPE_CHECKING:
    from esco_graph.skills.named import Named
    from esco_graph.skills.overlap import Overlap

PARTS = {
    "shared_essential": "Shared, essential for the second",
    "shared_optional": "Shared, optional for the second",
    "missing_essential": "Missing, essential for the second",
    "missing_optional": "Missing, optional for the second",
    "surplus": "Not asked for by the second",
    "broader": "Also alike: broader concepts, and words that describe both",
}
_ADDING = ("shared_essential", "shared_optional", "broader")  # parts that add to the score
_THEIRS = ("shared_essential", "shared_optional", "missing_essential", "missing_optional")
MOST = 10  # rows of a part that are listed without --all
COLUMNS = ("part", "label", "contribution", "rarity", "near", "skill")


@click.command
@click.argument("start")
@click.argument("other")
@click.option("--measure", type=click.Choice(tuple(MEASURE_NAMES)), default=DEFAULT_MEASURE, show_default=True)
@click.option("--all", "show_all", is_flag=True, help="List every skill, not only the first ten of each part.")
@plot_option
@format_option
@lang_option
@graph_options
def overlap(
    start: str,
    other: str,
    measure: str,
    show_all: bool,
    plot: Path | None,
    format_: str,
    lang: str,
    **options: Any,
) -> None:
    """Explain what START and OTHER share, skill by skill, and what each skill adds to the score.

    START is an occupation (IRI, CURIE, code or label) or the file of a person; OTHER is an occupation.

    What shared skills, broader concepts and words add (as the measure counts them) sums up to the score. near names a
    held skill that stands in ESCO in the same group as a missing one (they share a broader concept), or in the same
    wider group (they share the one above). That is no claim that the one can replace the other.

    \b
    Examples:
      esco-graph overlap 2269.5 2269.4
      esco-graph overlap cook "head chef" --measure coverage --all
      esco-graph overlap person.yaml cook --format json --plot overlap.svg
    """
    from esco_graph.labels import find_concept
    from esco_graph.skills.overlap import overlap as find_overlap

    graph = open_graph(options)
    begun, _ = begin(graph, start, lang)
    end = find_concept(graph, other, kind="occupation", lang=lang)
    prepare(graph)
    found = find_overlap(graph, begun, end.iri, measure=measure, lang=lang)
    if plot is not None:
        write_picture(plot, graph, "overlap", found, lang=lang)
    if format_ == "json":
        print_json({**found.as_dict(), "remark": _remark(found)})
    elif format_ == "table":
        _show(found, show_all)
    else:
        show_rows(COLUMNS, [row for part in PARTS for row in _rows(found, part)], format_)


def _show(found: Overlap, show_all: bool) -> None:
    a, b = found.a.label or "START", found.b.label or "OTHER"
    shared = len(found.shared_essential) + len(found.shared_optional)
    own, theirs = shared + len(found.surplus), shared + len(found.missing_essential) + len(found.missing_optional)
    say_wrapped(f"{_name(found.a, 'START')} and {_name(found.b, 'OTHER')}", "")
    if remark := _remark(found):
        say(remark)
    say_wrapped(f"{found.measure} {found.score:.3f}{_grounds(found)}", "  ")
    essential = f"{found.essential_coverage:.3f} of the essential ones"
    say_wrapped(f"coverage {found.coverage_ab:.3f}: {shared} of the {theirs} skills of {b}; {essential}", "  ")
    say_wrapped(f"the other way {found.coverage_ba:.3f}: {shared} of the {own} skills of {a}", "  ")
    for part, title in PARTS.items():
        rows = _rows(found, part)
        if rows:
            heading(f"{title}: {len(rows)}")
            _table(part, rows if show_all else rows[:MOST])
            if len(rows) > MOST and not show_all:
                say_aside(f"… and {len(rows) - MOST} more; --all lists them.")


def _grounds(found: Overlap) -> str:
    """Say what the score is made of, where it is more than shared skills."""
    from esco_graph.skills.likeness import WORD

    words = sum(one.contribution for one in found.broader if one.iri.startswith(WORD))
    broader = sum(one.contribution for one in found.broader) - words
    if not found.broader:
        return ""
    parts = {"shared skills": found.score - words - broader, "broader concepts": broader, "words": words}
    return ": " + ", ".join(f"{value:.3f} from {what}" for what, value in parts.items() if value > 0)


def _name(one: Named, otherwise: str) -> str:
    iri = f" <{compress(one.iri)}>" if one.iri and width() >= WIDE else ""
    return (one.label or otherwise) + iri


def _table(part: str, rows: list[tuple[Any, ...]]) -> None:
    """Print the columns that say something of this part."""
    kept = ["label", "contribution" if part in _ADDING else "rarity", *["near"] * part.startswith("missing"), "skill"]
    show_rows(kept, [[row[COLUMNS.index(name)] for name in kept] for row in rows], "table", ("skill",))


def _rows(found: Overlap, part: str) -> list[tuple[Any, ...]]:
    return [
        (part, one.label, round(one.contribution, 6), one.idf, one.near.label if one.near else None, one.iri)
        for one in getattr(found, part)
    ]


def _remark(found: Overlap) -> str:
    if found.a.iri and found.a.iri == found.b.iri:
        return "The two are the same occupation, so everything is shared."
    for side, names in ((found.a, ("shared_essential", "shared_optional", "surplus")), (found.b, _THEIRS)):
        if not any(getattr(found, name) for name in names):
            return f"{side.label or 'START'} has no skills in this graph, so nothing is shared."
    if not found.shared_essential and not found.shared_optional:
        return "The two have no skill in common."
    return ""
