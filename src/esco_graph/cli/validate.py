"""esco-graph validate: the rules against the graph, one concept, or a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import graph_options
from esco_graph.cli.output import quoted, say, say_aside
from esco_graph.cli.progress import progress_bar

if TYPE_CHECKING:
    from esco_graph.errors import EscoGraphError
    from esco_graph.validation import Report
    from esco_graph.validation.baseline import Baseline
    from esco_graph.validation.policy import Policy

_FILE = click.Path(path_type=Path)


def _known_format(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Refuse what is no format before the work begins; they are imported only when one is named."""
    if value is None:
        return None
    from esco_graph.validation.formats import FORMATS

    if value not in FORMATS:
        from difflib import get_close_matches

        near = get_close_matches(value, FORMATS, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise click.BadParameter(f"{value!r} is not one of {', '.join(FORMATS)}.{hint}", ctx, param)
    return value


def _not_blank(ctx: click.Context, _: click.Parameter, value: str | None) -> str | None:
    """Refuse an empty target, such as a variable of a script that is not set: it does not mean the whole graph."""
    if value is not None and not value.strip():
        raise click.UsageError("TARGET is empty; leave it out for the whole graph.", ctx)
    return value


@click.command
@click.argument("target", required=False, callback=_not_blank)
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
    help="text, json, csv, markdown, html, turtle, sarif, junit or github. [default: as -o ends; text on the screen]",
)
@click.option(
    "-o", "--output", type=_FILE, help="File for the report (- for the screen); the screen then gets its headline."
)
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
@click.option("--yes", is_flag=True, help="Apply without asking; needed where there is no terminal.")
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
    --sources to have the rows of its files in the report.

    Exit code 1 when something violates the rules, or when --fix finds something to repair; 2 when nothing could be
    checked, since no rule applies to anything there.

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
        _check(target, shapes, policies, policy, format_, options)


def _policy(policies: tuple[str, ...], settings: tuple[str, ...], shapes: tuple[Path, ...]) -> Policy:
    from esco_graph.validation.policy import Policy, known_codes

    first, *more = policies or ("default",)
    return Policy.read(first, more, settings, known=known_codes(shapes))


def _fix(
    target: str | None, shapes: tuple[Path, ...], policy: Policy, format_: str | None, options: dict[str, Any]
) -> None:
    """Show or apply the safe repairs of all rules that the policy leaves on, and exit."""
    from esco_graph.cli.fix import fix
    from esco_graph.cli.target import is_file
    from esco_graph.validation.repair import fixes

    reports = ("output", "show_all", "baseline", "write_baseline", "sources")
    if format_ or any(options.pop(name) for name in reports):
        raise click.UsageError("--fix and --apply give no report: leave out its format, file, baseline and sources.")
    codes = options.pop("only") or [code for code in fixes() if policy.severity(code, "violation") != "off"]
    apply, yes, engine = options.pop("apply"), options.pop("yes"), options.pop("engine")
    options = {name: value for name, value in options.items() if name not in ("fix_", "fail_on")}
    what = Path(target) if target and is_file(target) else target
    sys.exit(fix(what, options, codes=codes, apply=apply, yes=yes, shapes=shapes, policy=policy, engine=engine))


def _check(
    target: str | None,
    shapes: tuple[Path, ...],
    policies: tuple[str, ...],
    policy: Policy,
    format_: str | None,
    options: dict[str, Any],
) -> None:
    """Validate, give the report, and exit."""
    from esco_graph.cli.report_files import check_files, choose_format, text_file
    from esco_graph.cli.target import run
    from esco_graph.validation.baseline import Baseline

    names = ("output", "fail_on", "baseline", "write_baseline", "fix_", "apply")
    output, fail_on, known, new, *_ = (options.pop(name) for name in names)
    output = None if output == Path("-") else output
    inputs = [*shapes, *map(Path, policies), *options["sources"], *([Path(target)] if target else [])]
    check_files(output, new, known, inputs)
    brief = new is not None and output is None and not (format_ or options["show_all"])
    format_ = format_ or choose_format(output)
    how: dict[str, Any] = {"fail_on": fail_on} | ({"limit": None} if options.pop("show_all") else {})
    baseline = Baseline.read(known) if known else None
    with progress_bar("validate") as move:
        move(f"validate {target or 'the whole graph'}", 0, 0)
        report, whole = run(target, options, shapes=shapes, policy=policy, baseline=baseline)
        move("write the report", 0, 0)
        if output is not None:
            with text_file(output) as stream:
                report.write(format_, stream, **how)
    empty = not any(nodes for nodes, _ in report.checked.values())
    if output is not None or brief:
        _say_headline(report, output)
    elif not (empty and format_ == "text"):  # the error says it
        report.write(format_, sys.stdout, **how)
    _say_idle(report, shapes)
    if empty:
        raise _nothing_checked(target)
    if baseline is not None and whole:
        _say_gone(baseline, report)
    if new is not None:
        _write_known(report, new)
    sys.exit(1 if new is None and report.fails(fail_on) else 0)


def _say_headline(report: Report, output: Path | None) -> None:
    """Say the essence of a report: of one that is in a file with how it was checked, of one that is nowhere without."""
    from esco_graph.validation.formats.words import asides, headline

    say(headline(report))
    if output is not None:
        say("\n".join((*asides(report), f"The report is in {quoted(output)}")))


def _say_idle(report: Report, shapes: tuple[Path, ...]) -> None:
    """Name the rules of the user's own shapes that had nothing to check: their targets may be misspelt."""
    if not shapes:
        return
    from esco_graph.validation.checks import checks
    from esco_graph.validation.shape_files import read_shapes
    from esco_graph.validation.shapes import load_shapes

    ours = load_shapes().rules.keys() | checks().keys()
    idle = {code: report.rules[code].shape for code in report.idle if code in report.rules and code not in ours}
    for path in dict.fromkeys(shapes) if idle else ():
        said = {getattr(quad.subject, "value", "") for quad in read_shapes(path).quads}
        # A shape without a name is told by no file, but may be in the only one.
        codes = [code for code, shape in idle.items() if shape in said or (not shape and len(shapes) == 1)]
        if codes:
            say_aside(f"{path}: {', '.join(codes)} had nothing to check.")


def _nothing_checked(target: str | None) -> EscoGraphError:
    from esco_graph.errors import ValidationError

    advice = "Are the types and namespaces right (http://data.europa.eu/esco/…)?"
    return ValidationError("nothing was checked: no rule applies to anything here", where=target or "", advice=advice)


def _say_gone(baseline: Baseline, report: Report) -> None:
    """Say how many known findings were repaired; those of rules that are switched off were not looked for."""
    gone = sum(entry.count for entry in baseline.gone() if entry.code not in report.off)
    if gone:
        finding = "finding of the baseline is" if gone == 1 else "findings of the baseline are"
        anew = "--write-baseline writes it anew, with all findings of this run, new ones too."
        say_aside(f"{gone:,} {finding} gone. {anew}")


def _write_known(report: Report, path: Path) -> None:
    from esco_graph.cli.report_files import text_file
    from esco_graph.validation.baseline import write_baseline

    with text_file(path) as stream:
        count = write_baseline(report.findings, stream)
    say_aside(f"Wrote {count:,} known finding{'s' * (count != 1)}. Use them with: --baseline {quoted(path)}")
