"""esco-graph demo: the main job once, from end to end."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.output import heading, say, show_rows
from esco_graph.terms import compress

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.importer import ImportSummary
    from esco_graph.workspace import Workspace

RELEASE = "ESCO_DATA"


@click.command
@click.option("--page", type=click.Path(path_type=Path), help="Occupation page to import. [default: the example]")
@click.option("--out", type=click.Path(path_type=Path), default=Path("out"), show_default=True, help="Where to write.")
def demo(page: Path | None, out: Path) -> None:
    """Build a graph, import an occupation page, validate it, answer its questions, and export.

    The release is the one that ESCO_DATA names (zips separated by the path separator, or a folder); else the embedded
    sample.

    \b
    Examples:
      esco-graph demo
      ESCO_DATA=downloads/v1.1.1 esco-graph demo --page my-page.txt --out result
    """
    from esco_graph.graph import Graph
    from esco_graph.resources import resource
    from esco_graph.sources.page import read_page
    from esco_graph.workspace import Workspace

    page = page or resource("examples/occupation-page.txt")
    read_page(page)  # a page that cannot be read is told before anything is built
    workspace = Workspace(out / "store")
    _build(workspace)
    made = _import(workspace, page)
    graph = Graph.open(workspace.path)
    _validate(graph)
    _answer(graph, made.profile.occupation, made.profile.title)
    _export(graph, made, out)
    heading(f"Ask on: esco-graph show {compress(made.profile.occupation)} --store {out / 'store'}")
    sys.exit(0 if made.validation.conforms else 1)


def _build(workspace: Workspace) -> None:
    from esco_graph.builder import build, sample_paths
    from esco_graph.cli.build import print_remarks, print_summary
    from esco_graph.cli.progress import progress_bar

    named = [Path(path) for path in os.environ.get(RELEASE, "").split(os.pathsep) if path]
    version = None if named else "1.1.1-sample"
    if named:
        say(f"Data: the ESCO release in {', '.join(str(path) for path in named)} ({RELEASE}).")
    else:
        say(f"Data: the embedded sample of 18 occupations; set {RELEASE} to an ESCO download for a real release.")
    with progress_bar("build") as move:
        made = build(workspace, named or sample_paths(), version=version, carry=False, progress=move)
    print_summary(made)
    print_remarks(made.report)


def _import(workspace: Workspace, page: Path) -> ImportSummary:
    from esco_graph.cli.import_page import print_summary
    from esco_graph.importer import import_page

    made = import_page(workspace, page)
    print_summary(made)
    return made


def _validate(graph: Graph) -> None:
    from esco_graph.cli.progress import progress_bar
    from esco_graph.validation import validate

    heading("The whole graph against the shapes")
    with progress_bar("validate") as move:
        move("validate the whole graph", 0, 0)
        report = validate(graph)
    say(report.format("text", limit=2).rstrip())


def _answer(graph: Graph, occupation: str, title: str) -> None:
    from esco_graph.careers import paths, similar
    from esco_graph.cli.gap import print_counts
    from esco_graph.cli.paths import show_path
    from esco_graph.cli.ways import show_ranking
    from esco_graph.skills.gap import gap

    heading("Similar occupations: same ISCO skill level, by the share of their skills that this one has (coverage)")
    same = similar(graph, occupation, measure="coverage", level="same", limit=5)
    show_ranking(same, "table")
    heading("Prospects: one ISCO skill level higher, by coverage")
    show_ranking(similar(graph, occupation, measure="coverage", level="next", limit=5), "table")
    if not same.rows:
        return
    found = gap(graph, occupation, same.rows[0].iri)
    heading(f"Gap to the nearest one, {found.b.label}")
    print_counts(f"From {title} to {found.b.label}: gap {found.score:.3f}", found.counts)
    missing = [one for one in found.missing if one.status == "new" and one.requirement == "essential"]
    rows = [(one.label, one.near_to.label if one.near_to else None, one.worth, one.iri) for one in missing]
    show_rows(("label", "near_to", "worth", "skill"), rows, "table")
    further = paths(graph, occupation, same.rows[-1].iri, k=1)
    for path in further.paths:
        show_path(f"A way to {further.target.label}", path)


def _export(graph: Graph, made: ImportSummary, out: Path) -> None:
    from esco_graph.profiles import graph_of, slugify
    from esco_graph.publish import write_file

    heading("Files written")
    name = slugify(made.profile.title)
    concept: dict[str, Any] = {"concept": made.profile.occupation}
    profile: dict[str, Any] = {"named_graph": graph_of(made.profile.iri)} if made.generation else concept
    for file, what in (
        (f"{name}.ttl", concept),
        (f"{name}.jsonld", concept),
        (f"{name}-profile.ttl", profile),
        (f"{name}-profile.jsonld", profile),
    ):
        done = write_file(graph, out / file, **what)
        say(f"  {out / file}: {done.triples:,} statements, {done.bytes:,} bytes")
    (out / f"{name}-validation.ttl").write_text(made.validation.format("turtle"), encoding="utf-8")
    say(f"  {out / f'{name}-validation.ttl'}: the validation report (sh:ValidationReport)")
