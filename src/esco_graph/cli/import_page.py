"""esco-graph import: occupation pages become profiles in the graph."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import open_workspace, store_option
from esco_graph.cli.output import heading, print_json, say, show_rows
from esco_graph.cli.tables import is_limited
from esco_graph.terms import compress

if TYPE_CHECKING:
    from esco_graph.importer import ImportSummary

HOW = {
    "prefLabel": "preferred label",
    "altLabel": "alternative label",
    "hiddenLabel": "hidden label",
    None: "UNRESOLVED",
}


@click.command("import")
@click.argument("pages", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--base-iri", envvar="ESCO_GRAPH_BASE_IRI", help="Where the IRIs of your profiles and new concepts begin."
)
@click.option("--occupation", help="The occupation that the page is about (IRI, CURIE, code or label).")
@click.option("--isco", metavar="CODE", help="ISCO group of the occupation (four digits) when the page gives none.")
@click.option("--lang", help="Language of the page (BCP 47). [default: what the page says, else en]")
@click.option("--dry-run", is_flag=True, help="Show what would be imported, write nothing.")
@click.option("--now", type=datetime.fromisoformat, help="Time of the import for the provenance. [default: now]")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@store_option
def import_page(
    pages: tuple[Path, ...],
    base_iri: str | None,
    occupation: str | None,
    isco: str | None,
    lang: str | None,
    dry_run: bool,
    now: datetime | None,
    format_: str,
    store: Path | None,
) -> None:
    """Import occupation pages (text or HTML): each becomes a profile in a named graph of its own.

    Every skill line is looked up among the labels of the graph. What is not found is named, never invented. All
    pages are stored in one step, or none when one cannot be read. The exit code is 1 when a profile violates the
    shapes; that one is not stored.

    \b
    Examples:
      esco-graph import occupational-therapy-assistant.txt
      esco-graph import page.html --occupation 2269.5 --base-iri https://my.org/jobs/
    """
    from esco_graph.graph import Graph
    from esco_graph.importer import import_pages
    from esco_graph.labels import find_concept

    workspace = open_workspace(store)
    chosen = find_concept(Graph.open(workspace.path), occupation, kind="occupation").iri if occupation else None
    options: dict[str, Any] = {"occupation": chosen, "isco": isco, "lang": lang, "now": now, "dry_run": dry_run}
    options |= {"base_iri": base_iri} if base_iri else {}
    made = import_pages(workspace, pages, **options)
    if format_ == "json":
        print_json([as_dict(summary) for summary in made])
    else:
        for summary in made:
            print_summary(summary)
    sys.exit(0 if all(summary.validation.conforms for summary in made) else 1)


def as_dict(summary: ImportSummary) -> dict[str, Any]:
    """Give the summary as plain JSON values."""
    profile = summary.profile
    return {
        "profile": profile.iri,
        "occupation": profile.occupation,
        "is_new": profile.is_new,
        "title": profile.title,
        "sections": list(summary.page.sections),
        "left_out": [{"line": item.line, "text": item.text} for item in summary.page.left_out],
        "unrecognised": [{"line": item.line, "text": item.text} for item in summary.page.unrecognised],
        "skills": [vars(skill) for skill in profile.skills],
        "links": [vars(link) for link in profile.links],
        "remarks": list(profile.remarks),
        "statements": {"new": summary.added.new, "already_in_the_graph": summary.added.held},
        "conforms": summary.validation.conforms,
        "checks": [finding.as_dict() for finding in summary.checks],
        "generation": summary.generation,
    }


def print_summary(summary: ImportSummary) -> None:
    """Print what was recognised, each skill line with its concept, what stays open, and the validation."""
    from esco_graph.validation.finding import plain

    page, profile = summary.page, summary.profile
    heading(f"{page.title} ({page.name})")
    known = "a new concept" if profile.is_new else "a known occupation"
    say(f"{known}: <{profile.occupation}>")
    say(f"profile: <{profile.iri}>")
    _say(f"Sections recognised: {', '.join(page.sections)}; {len(page.captions)} lines that explain a heading.")
    print_skills(summary)
    for remark in profile.remarks:
        _say(f"Remark: {remark}")
    for item in page.unrecognised:
        _say(f"Not understood, line {item.line}: {item.text[:100]}")
    for item in page.left_out:
        _say(f"Left out, line {item.line}: {item.text[:100]}")
    say(summary.validation.format("text").rstrip())
    for finding in summary.checks:
        _say(f"{finding.code} {finding.severity}: <{plain(finding.focus)}> {finding.message}")
    if summary.generation:
        added = summary.added
        _say(f"Stored as {summary.generation}: {added.new} new statements, {added.held} already in the graph.")
    else:
        say("Nothing was stored.")


def print_skills(summary: ImportSummary) -> None:
    """Print each skill line of the page with its concept, then the counts and the open lines by name."""
    skills = summary.profile.skills
    labels = summary.labels
    rows = [
        [s.line, s.label, s.requirement, s.skill_type, HOW[s.matched_by], labels.get(s.skill or ""), s.skill]
        for s in skills
    ]
    columns = ["line", "skill on the page", "requirement", "type", "found by", "concept", "IRI"]
    show_rows(columns, rows, "table", ("IRI", "type"))
    counts = {how: sum(HOW[s.matched_by] == how for s in skills) for how in HOW.values()}
    found = ", ".join(f"{n} by {how}" for how, n in counts.items() if n and how != "UNRESOLVED")
    _say(f"{len(skills)} skill lines: {found or 'none found'}, {counts['UNRESOLVED']} unresolved.")
    for skill in summary.profile.unresolved:
        say(f"Unresolved, line {skill.line}: {skill.label}")
        if near := summary.near[skill.label]:
            _say(f"near, not taken: {'; '.join(f'{match.label} ({compress(match.iri)})' for match in near[:3])}", "  ")


def _say(text: str, indent: str = "") -> None:
    """Print a line, wrapped where lines have to fit."""
    from esco_graph.cli.ways import wrapped

    say(wrapped(text, indent) if is_limited() else indent + text)
