"""esco-graph build: from an ESCO download to a graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from esco_graph.cli.options import open_workspace, store_option
from esco_graph.cli.output import heading, print_json, say, show_rows

if TYPE_CHECKING:
    from esco_graph.builder import BuildSummary
    from esco_graph.sources.report import ImportReport, RemarkCount


@click.command
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--sample", is_flag=True, help="Build the sample of 18 occupations that comes with the program.")
@click.option("--lang", "langs", metavar="LANG[,LANG…]", default="", help="Languages to take. [default: all there are]")
@click.option("--release", "version", metavar="VERSION", help="Name the release when no file or folder name does.")
@click.option("--partial", is_flag=True, help="Accept a release without the files that relate skills to occupations.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", help="Form of the report.")
@store_option
def build(
    files: tuple[Path, ...],
    sample: bool,
    langs: str,
    version: str | None,
    partial: bool,
    format_: str,
    store: Path | None,
) -> None:
    """Build the graph from an ESCO download: zips, a folder of CSV files, or one RDF file.

    The new graph takes the place of the current one; imported profiles are kept. `esco-graph undo` goes back. What is
    wrong in the download is listed by kind; of the sample it is only counted.

    \b
    Examples:
      esco-graph build "ESCO dataset - v1.1.1 - classification - en - csv.zip" \\
                       "ESCO dataset - v1.1.1 - classification -  - csv.zip"
      esco-graph build esco-v1.2.0/ --lang en,de
      esco-graph build --sample
    """
    from esco_graph.builder import build as build_graph
    from esco_graph.builder import sample_paths
    from esco_graph.cli.progress import progress_bar

    if sample == bool(files):
        raise click.UsageError("Name the files of an ESCO download, or give --sample.")
    paths, version = (sample_paths(), "1.1.1-sample") if sample else (files, version)
    asked = tuple(lang.strip() for lang in langs.split(",") if lang.strip())
    with progress_bar("build") as move:
        made = build_graph(open_workspace(store), paths, langs=asked, version=version, partial=partial, progress=move)
    if format_ == "json":
        print_json(as_dict(made))
    elif sample:
        print_summary(made)
        print_in_short(made)
    else:
        print_summary(made)
        print_files(made.report)
        print_remarks(made.report, made.version)
        print_checks(made)


def as_dict(made: BuildSummary) -> dict[str, object]:
    """Give the summary as plain JSON values."""
    return {
        "generation": made.generation,
        "release": made.version,
        "langs": list(made.langs),
        "counts": made.counts,
        "quads": made.quads,
        "profiles_kept": list(made.carried),
        "stale": list(made.stale),
        "not_carried": made.not_carried,
        "report": made.report.as_dict(),
        "checks": [vars(check) for check in made.checks],
    }


def print_summary(made: BuildSummary) -> None:
    """Print what was built."""
    counts = ", ".join(f"{number:,} {what}" for what, number in made.counts.items())
    say(f"Built ESCO {made.version} ({', '.join(made.langs)}) as generation {made.generation}: {counts}.")
    say(f"{made.quads:,} statements in the graph." + (f" Profiles kept: {len(made.carried)}." if made.carried else ""))
    if made.not_carried:
        say(f"Remark: {made.not_carried}")
    for line in made.stale:
        say(f"No longer in the release, {line}")


def print_in_short(made: BuildSummary) -> None:
    """Say in a sentence that the source has faults, and where they are listed: for the sample, which is to be tried."""
    kinds = len(made.report.defects())
    wrong = sum(1 for check in made.checks if check.n and check.severity != "info")
    found = f"{kinds} kinds in its files, {wrong} in the graph"
    say(f"ESCO itself has faults: {found}. esco-graph info --report and esco-graph validate list them.")


def print_files(report: ImportReport) -> None:
    """Print how many rows of each file were kept."""
    heading("Files")
    rows = [[name, count.rows, count.kept, count.left_out] for name, count in sorted(report.files.items())]
    show_rows(["file", "rows", "kept", "left out"], rows, "table")


def print_remarks(report: ImportReport, version: str = "") -> None:
    """Print what is wrong in the source itself, by code, and then what else was found in the files."""
    if defects := report.defects():
        heading(f"Known to be wrong in ESCO {version} itself".replace("  ", " "))
        done = {name: done for name, done, _, _ in report.ordered_remarks()}
        meaning = {name: meaning for name, _, meaning, _ in report.ordered_remarks()}
        rows = [
            [code, count.n, _concepts(count), done[name], meaning[name], _first(count)] for code, name, count in defects
        ]
        show_rows(["code", "times", "concepts", "done", "what", "for example"], rows, "table")
        if "file-missing" in report.remarks:
            say("Files of the download are missing: what they hold counts as left out here, though ESCO has it.")
    others = [row for row in report.ordered_remarks() if row[0] not in {name for _, name, _ in defects}]
    if others:
        heading("What else was found in the files")
        show_rows(
            ["done", "count", "what", "for example"],
            [[done, n.n, what, _first(n)] for _, done, what, n in others],
            "table",
        )


def print_checks(made: BuildSummary) -> None:
    """Print what the checks of the whole graph found; what is only worth knowing in one line."""
    heading("Checks of the graph")
    wrong = [check for check in made.checks if check.n and check.severity != "info"]
    rows = [[c.code, c.severity, c.n, f"of {c.checked:,} checked: {c.summary}", c.example] for c in wrong]
    if rows:
        show_rows(["code", "severity", "count", "what", "for example"], rows, "table")
    clean = sum(1 for check in made.checks if not check.n)
    say(f"{clean} of {len(made.checks)} checks found nothing.")
    if noted := [
        f"{check.code} {check.n:,} ({check.summary})" for check in made.checks if check.n and check not in wrong
    ]:
        say(f"For information: {'; '.join(noted)}.")
    if rows:
        whose = "some come from the missing files" if "file-missing" in made.report.remarks else "ESCO itself has these"
        say(f"The graph is built all the same: {whose}. esco-graph validate lists each one.")


def _concepts(count: RemarkCount) -> str:
    return ", ".join(f"{number:,} {kind if number > 1 else kind[:-1]}" for kind, number in count.concepts.items())


def _first(count: RemarkCount) -> str:
    return count.examples[0] if count.examples else ""
