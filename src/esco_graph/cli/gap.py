"""esco-graph gap: the skills that lead from here to an occupation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import format_option, graph_options, lang_option, open_graph
from esco_graph.cli.output import print_json, say, say_aside, show_rows
from esco_graph.cli.ways import begin, prepare, wrapped

if TYPE_CHECKING:
    from esco_graph.skills.gap import Gap, MissingSkill

COLUMNS = ("skill", "label", "status", "requirement", "rarity", "near", "near_to", "reach", "worth")
SHOWN = ("label", "requirement", "status", "near_to", "reach", "worth", "skill")  # in a table, where there is room


@click.command
@click.argument("start")
@click.argument("target")
@click.option("--all", "show_all", is_flag=True, help="List every skill of the target, not only the new ones.")
@format_option
@lang_option
@graph_options
def gap(start: str, target: str, show_all: bool, format_: str, lang: str, **options: Any) -> None:
    """List what is missing on the way from START to TARGET.

    START is an occupation (IRI, CURIE, code or label) or the file of a person; TARGET is an occupation.

    Each skill of the target is held (essential for START), optional (only optional there) or new. New essential skills
    come first, those most worth learning on top: worth is rarity × (1 - near) × reach. rarity is ln(occupations / those
    that list the skill); reach counts TARGET and those of the 50 occupations nearest to START for which the skill is
    essential. So worth is an order, and grows with the release: 100 is usual on top of a list in ESCO 1.1.1, and 5 in
    the sample of 18 occupations. near_to is a held skill that stands in ESCO in the same group (near 0.5: they share a
    broader concept) or in the same wider group (near 0.25: they share the one above).

    The gap is the share of the essential skills that is missing, where rare skills weigh more and near ones count in
    part: 0 is nothing, 1 is all.

    The table and CSV list the new ones unless --all is given; JSON holds all of them, with the counts.

    \b
    Examples:
      esco-graph gap 2269.5 2269.4
      esco-graph gap "nurse assistant" "dental hygienist" --format csv
      esco-graph gap person.yaml "occupational therapist" --all
    """
    from esco_graph.labels import find_concept
    from esco_graph.skills.gap import gap as find_gap

    graph = open_graph(options)
    begun, _ = begin(graph, start, lang)
    end = find_concept(graph, target, kind="occupation", lang=lang)
    prepare(graph)
    found = find_gap(graph, begun, end.iri, lang=lang)
    skills = (*found.missing, *found.held)
    if format_ == "json":
        print_json(_as_json(found, skills))
        return
    rows = [_row(one) for one in skills if show_all or one.status == "new"]
    if format_ == "table":
        title = f"From {found.a.label or 'this person'} to {found.b.label}: gap {found.score:.3f}"
        print_counts(wrapped(title), found.counts, of_person=not found.a.iri)
        if remark := _remark(found, bool(skills)):
            say(remark)
        if rows:
            show_rows(
                SHOWN, [[row[COLUMNS.index(name)] for name in SHOWN] for row in rows], "table", ("skill", "reach")
            )
    else:
        show_rows(COLUMNS, rows, format_)
    if len(rows) < len(skills):
        many = len(skills) - len(rows)
        what = "1 skill that is" if many == 1 else f"{many} skills that are"
        how = "held" if not found.a.iri else "held or optional"
        say_aside(f"{what} {how} {'is' if many == 1 else 'are'} not listed; --all does.")


def print_counts(title: str, counts: dict[str, dict[str, int]], *, of_person: bool = False) -> None:
    """Say in one line each how many essential and optional skills of the target are held, optional or new.

    To a person no skill is optional.
    """
    say(title)
    for need, by_status in counts.items():
        held, optional, new = by_status["held"], by_status["optional"], by_status["new"]
        total = held + optional + new
        part = "" if of_person else f"{optional} optional in the first occupation, "
        say(f"  {total} {need} skill{'s' * (total != 1)}: {held} held, {part}{new} new")


def _remark(found: Gap, any_skills: bool) -> str:
    if found.a.iri and found.a.iri == found.b.iri:
        return "The two are the same occupation, so nothing is missing."
    if not any_skills:
        return f"{found.b.label} has no skills in this graph, so nothing can be missing."
    if not any(by_status["new"] for by_status in found.counts.values()):
        return "Nothing is missing: every skill of the target is there."
    return ""


def _row(one: MissingSkill) -> tuple[Any, ...]:
    near_to = one.near_to.label if one.near_to else None
    return (one.iri, one.label, one.status, one.requirement, one.idf, one.near, near_to, one.reach, one.worth)


def _as_json(found: Gap, skills: tuple[MissingSkill, ...]) -> dict[str, Any]:
    ends = {"from": {"iri": found.a.iri, "label": found.a.label}, "to": {"iri": found.b.iri, "label": found.b.label}}
    rows = [dict(zip(COLUMNS, _row(one), strict=True)) for one in skills]
    return {**ends, "gap": found.score, "counts": found.counts, "skills": rows, "remark": _remark(found, bool(skills))}
