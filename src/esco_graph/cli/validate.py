"""esco-graph validate: the rules against the graph, one concept, or a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from esco_graph.cli.options import graph_options, open_beside, open_graph
from esco_graph.cli.output import say, say_aside
from esco_graph.cli.progress import progress_bar

if TYPE_CHECKING:
    from esco_graph.validation import Report
    from esco_graph.validation.baseline import Baseline
    from esco_graph.validation.policy import Policy

_FILE = click.Path(path_type=Path)


def _known_format(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Refuse what is no format before the work begins; they are imported only when one is named."""
    if value is not None and value not in _formats():
        from difflib import get_close_matches

        near = get_close_matches(value, _formats(), 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise click.BadParameter(f"{value!r} is not one of {', '.join(_formats())}.{hint}", ctx, param)
    return value


def _formats() -> tuple[str, ...]:
    from esco_graph.validation.formats import FORMATS

    return tuple(FORMATS)


@click.command
@click.argument("target", required=False)
@click.option("--shapes", multiple=True, type=_FILE, metavar="FILE", help="More shapes, in any RDF format; repeatable.")
@click.option(
    "--engine",
    type=click.Choice(["auto", "fast", "pyshacl"]),
    default="auto",
    show_default=True,
    help="What runs the shapes; auto takes the fastest that covers them all.",
)
@click.option(
    "--format",
    "format_",
    metavar="FORMAT",
    callback=_known_format,
    help="text, json, csv, markdown, html, turtle, sarif, junit or github. [default: as -o ends, else text]",
)
@click.option("-o", "--output", type=_FILE, help="File for the report; the screen then gets its headline.")
@click.option("--all", "show_all", is_flag=True, help="List every finding, not only the first few of each rule.")
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="NAME|FILE",
    help="How findings count: default, strict, publish, or a table of codes and levels; repeatable, the last wins.",
)
@click.option("--set", "settings", multiple=True, metavar="CODE=LEVEL", help="One rule: violation, warning, info, off.")
@click.option(
    "--fail-on",
    type=click.Choice(["violation", "warning", "info", "never"]),
    default="violation",
    show_default=True,
    help="Exit with 1 when a new finding is as severe as this, or more.",
)
@click.option("--baseline", type=_FILE, help="Findings that are known, in a file; only others count.")
@click.option("--write-baseline", type=_FILE, metavar="FILE", help="Write all findings as known ones, and exit with 0.")
@click.option(
    "--sources",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    metavar="PATH",
    help="What the graph was made of, RDF or an ESCO download, for file:line; repeatable.",
)
@click.option("--fix", "fix_", is_flag=True, help="Print the safe repairs as an RDF patch; nothing is changed.")
@click.option("--apply", is_flag=True, help="Write the safe repairs as a new generation, after showing them.")
@click.option("--only", multiple=True, metavar="CODE", help="Repair findings of this rule only; repeatable.")
@click.option("--yes", is_flag=True, help="Apply without asking.")
@click.option("--list", "list_", is_flag=True, help="List the rules, with their severity by the policy.")
@click.option("--explain", metavar="CODE", help="Show one rule in full.")
@graph_options
def validate(
    target: str | None,
    shapes: tuple[Path, ...],
    format_: str | None,
    policies: tuple[str, ...],
    settings: tuple[str, ...],
    list_: bool,
    explain: str | None,
    **options: Any,
) -> None:
    """Validate the whole graph, one concept or profile, or an RDF file read beside the graph.

    TARGET is the name of an RDF file (Turtle, TriG, JSON-LD, RDF/XML, N-Triples, N-Quads), or a concept as IRI,
    CURIE, code or label; without it the whole graph is checked. An ESCO download is built first; name it with
    --sources to have the rows of its files in the report. Exit code 1 when something violates the rules, or when
    --fix finds something to repair.

    \b
    Examples:
      esco-graph validate 2269.5
      esco-graph validate me.ttl --policy strict
      esco-graph validate -o report.html
      esco-graph validate --set ESG108=off --fail-on warning
      esco-graph validate --write-baseline known.tsv
      esco-graph validate --baseline known.tsv --format github
      esco-graph validate --sources esco-v1.1.1/ --format sarif -o esco.sarif
      esco-graph validate --fix --only ESG108 > repair.rdfp
      esco-graph validate --explain ESG108
    """
    policy = _policy(policies, settings, shapes)
    if list_ or explain is not None:
        from esco_graph.cli.rules import explain_rule, list_rules

        if options["output"] is not None:
            raise click.UsageError("--list and --explain write to the screen; put > FILE behind them for a file.")
        if explain is None:
            list_rules(shapes, policy, format_)
        else:
            explain_rule(explain, shapes, policy, format_)
    elif options["fix_"] or options["apply"]:
        _fix(target, shapes, policy, format_, options)
    elif options.pop("only") or options.pop("yes"):
        raise click.UsageError("--only and --yes go with --fix or --apply.")
    else:
        _check(target, shapes, policy, format_, options)


def _policy(policies: tuple[str, ...], settings: tuple[str, ...], shapes: tuple[Path, ...]) -> Policy:
    from esco_graph.validation.policy import Policy, known_codes

    first, *more = policies or ("default",)
    return Policy.read(first, more, settings, known=known_codes(shapes))


def _fix(
    target: str | None, shapes: tuple[Path, ...], policy: Policy, format_: str | None, options: dict[str, Any]
) -> None:
    """Show or apply the safe repairs of all rules that the policy leaves on, and exit."""
    from esco_graph.cli.fix import fix
    from esco_graph.validation.repair import fixes

    reports = ("output", "show_all", "baseline", "write_baseline", "sources")
    if format_ or any(options.pop(name) for name in reports):
        raise click.UsageError("--fix and --apply give no report: leave out its format, file, baseline and sources.")
    codes = options.pop("only") or [code for code in fixes() if policy.severity(code, "violation") != "off"]
    apply, yes, engine = options.pop("apply"), options.pop("yes"), options.pop("engine")
    options = {name: value for name, value in options.items() if name not in ("fix_", "fail_on")}
    what = Path(target) if target and _is_file(target) else target
    sys.exit(fix(what, options, codes=codes, apply=apply, yes=yes, shapes=shapes, policy=policy, engine=engine))


def _check(
    target: str | None, shapes: tuple[Path, ...], policy: Policy, format_: str | None, options: dict[str, Any]
) -> None:
    """Validate, give the report, and exit."""
    from esco_graph.validation.baseline import Baseline
    from esco_graph.validation.formats.words import asides, headline

    names = ("output", "fail_on", "baseline", "write_baseline", "fix_", "apply")
    output, fail_on, known, new, *_ = (options.pop(name) for name in names)
    limit = {"limit": None} if options.pop("show_all") else {}
    baseline = Baseline.read(known) if known else None
    with progress_bar("validate") as move:
        move(f"validate {target or 'the whole graph'}", 0, 0)
        report, whole = _run(target, options, shapes=shapes, policy=policy, baseline=baseline)
        move("write the report", 0, 0)
        if output is not None:
            with _text_file(output) as stream:
                report.write(format_ or _format_of(output), stream, **limit)
    if output is None:
        report.write(format_ or "text", sys.stdout, **limit)
    else:
        say("\n".join((headline(report), *asides(report))))
        say(f"The report is in {output}.")
    if baseline is not None and whole:
        _say_gone(baseline, report)
    if new is not None:
        _write_known(report, new)
    sys.exit(1 if new is None and report.fails(fail_on) else 0)


@contextmanager
def _text_file(path: Path) -> Iterator[TextIO]:
    """Open a text file (UTF-8) that appears whole or not at all."""
    from esco_graph.files import replacing

    with replacing(path) as raw:
        stream = TextIOWrapper(raw, encoding="utf-8", newline="\n")
        yield stream
        stream.flush()
        stream.detach()


def _format_of(output: Path) -> str:
    """Take the format that the ending of a file's name stands for, else text."""
    endings = {".md": "markdown", ".htm": "html", ".ttl": "turtle", ".xml": "junit"}
    ending = output.suffix.lower()
    name = endings.get(ending, ending.removeprefix("."))
    return name if name in _formats() else "text"


def _say_gone(baseline: Baseline, report: Report) -> None:
    """Say how many known findings were repaired; those of rules that are switched off were not looked for."""
    gone = sum(entry.count for entry in baseline.gone() if entry.code not in report.off)
    if gone:
        finding, are, them = ("finding", "is", "it") if gone == 1 else ("findings", "are", "them")
        say_aside(f"{gone:,} {finding} of the baseline {are} gone: take {them} out with --write-baseline.")


def _write_known(report: Report, path: Path) -> None:
    from esco_graph.validation.baseline import write_baseline

    with _text_file(path) as stream:
        count = write_baseline(report.findings, stream)
    say_aside(f"Wrote {path}: {count:,} known finding{'s' * (count != 1)}. Use it with --baseline {path}.")


# --- what to validate ------------------------------------------------------------------------------------------------


def _run(target: str | None, options: dict[str, Any], **how: Any) -> tuple[Report, bool]:
    """Validate what `target` names; says too whether all of a graph or file was looked at."""
    from esco_graph.graph import Graph
    from esco_graph.labels import find_concept
    from esco_graph.sources.data_file import read_file
    from esco_graph.validation import validate as run
    from esco_graph.validation.positions import Positions

    sources = options.pop("sources")
    how["engine"] = options.pop("engine")
    if target and _is_file(target):
        how["positions"] = positions = Positions([target, *sources])
        data = Graph.memory(positions.follow(target, read_file(Path(target))))
        return run(data, context=open_beside(options), **how), True
    how["positions"] = Positions(sources) if sources else None
    graph = open_graph(options)
    focus = find_concept(graph, target).iri if target else None
    return run(graph, focus=focus, **how), target is None


def _is_file(target: str) -> bool:
    """Say whether the target is a file, be it missing, rather than a concept; refuse an ESCO download.

    A label may be too long for a file's name, and a folder may have the name of a concept.
    """
    from esco_graph.errors import SourceError
    from esco_graph.sources.archive import SUFFIXES
    from esco_graph.sources.data_file import is_named_as_rdf

    path = Path(target)
    try:
        download = path.suffix.lower() in SUFFIXES and path.exists()
        if path.is_dir():
            download = any(file.suffix.lower() in SUFFIXES for file in path.iterdir())
        if download:
            advice = f"Build it first (esco-graph build {target}), then: esco-graph validate --sources {target}."
            raise SourceError("this is an ESCO download, not an RDF file", where=target, advice=advice)
        return path.is_file() or ("://" not in target and is_named_as_rdf(path))
    except OSError:
        return "://" not in target and is_named_as_rdf(path)
