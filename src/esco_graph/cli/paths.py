"""esco-graph paths: the best ways from here to an occupation, step by step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.careers.names import MOST_PATHS, STEP_COST
from esco_graph.cli.options import format_option, graph_options, lang_option, open_graph
from esco_graph.cli.output import heading, print_json, say, show_rows
from esco_graph.cli.plot import plot_option, write_picture
from esco_graph.cli.ways import begin, prepare, say_skills, say_wrapped, title, walk_options, wrapped

if TYPE_CHECKING:
    from esco_graph.careers import Path as CareerPath
    from esco_graph.careers import Paths

COLUMNS = (
    "path",
    "step",
    "from",
    "from_label",
    "to",
    "to_label",
    "direction",
    "gap",
    "shared",
    "total",
    "missing",
    "cost",
)


@click.command
@click.argument("start")
@click.argument("target")
@click.option("--k", type=click.IntRange(1, MOST_PATHS), default=3, show_default=True, help="Number of paths.")
@walk_options
@click.option("--wider", is_flag=True, help="Where nothing arrives, take less alike occupations as well.")
@plot_option
@format_option
@lang_option
@graph_options
def paths(
    start: str,
    target: str,
    k: int,
    hops: int,
    neighbours: int,
    wider: bool,
    plot: Path | None,
    format_: str,
    lang: str,
    **options: Any,
) -> None:
    """Show the best paths from START to TARGET, and the direct jump beside them.

    START is an occupation (IRI, CURIE, code or label) or the file of a person; TARGET is an occupation.

    Each step leads to a near occupation. Its gap is the share of the essential skills that is missing by then (0 is
    nothing, 1 is all), since the skills of every occupation on the way count for the next step. The effort of a path is
    the sum of gap² + 0.1 over its steps, so that small steps win over one big jump. Where nothing arrives over the
    nearest occupations, the answer says what to ask instead: --wider, or an occupation to go by way of.

    \b
    Examples:
      esco-graph paths cook "head chef"
      esco-graph paths "shop assistant" "shop manager" --wider
      esco-graph paths 5120.1 3434.1.1 --k 5 --hops 3 --plot path.svg
      esco-graph paths person.yaml "occupational therapist" --format json
    """
    from esco_graph.careers import paths as find_paths
    from esco_graph.labels import find_concept

    graph = open_graph(options)
    begun, _ = begin(graph, start, lang)
    end = find_concept(graph, target, kind="occupation", lang=lang)
    prepare(graph, walks=True)
    found = find_paths(graph, begun, end.iri, k=k, hops=hops, neighbours=neighbours, wider=wider, lang=lang)
    if plot is not None:
        write_picture(plot, graph, "paths", found, lang=lang)
    if format_ == "json":
        print_json(found.as_dict())
    elif format_ == "table":
        _show(found)
    else:
        show_rows(COLUMNS, _rows(found), format_)
        if found.remark:
            click.echo(found.remark, err=True)


def _show(found: Paths) -> None:
    say_wrapped(f"From {title(found.start)}", "")
    say_wrapped(f"to   {title(found.target)}", "")
    if found.remark:
        say_wrapped(found.remark, "")
    if found.direct is not None:
        say_wrapped(f"Effort is the sum of gap² + {STEP_COST:g} over the steps: small steps win over one big jump.", "")
    for number, path in enumerate(found.paths, 1):
        show_path(f"Path {number}", path)
    if found.direct in found.paths:
        heading(f"Direct jump: it is path {found.paths.index(found.direct) + 1}")
    elif found.direct is not None:
        show_path("Direct jump", found.direct)


def show_path(name: str, path: CareerPath) -> None:
    """Print one path: a heading, and each step with its reason and the skills that are missing by then."""
    steps = f"{len(path.steps)} step{'s' * (len(path.steps) > 1)}"
    way = " > ".join(place.label for place in path.places)
    heading(wrapped(f"{name}: effort {path.cost:.3f}, {steps}: {way}"))
    for number, step in enumerate(path.steps, 1):
        code = f" ({step.to.code})" if step.to.code else ""
        say_wrapped(f"{number}. {step.to.label}{code}, gap {step.gap:.3f}", "  ")
        say_wrapped(step.reason, "     ")
        if step.missing:
            say_skills(f"{len(step.missing)} essential ones missing", step.missing, "     ", most=5)
        else:
            say("     no essential skill is missing")


def _rows(found: Paths) -> list[tuple[Any, ...]]:
    """Give one row per step; the direct jump is path 0."""
    numbered = [*enumerate(found.paths, 1), *([(0, found.direct)] if found.direct else [])]
    return [
        (
            path_number,
            number,
            step.origin.iri,
            step.origin.label,
            step.to.iri,
            step.to.label,
            step.direction,
            step.gap,
            step.shared,
            step.total,
            len(step.missing),
            path.cost,
        )
        for path_number, path in numbered
        for number, step in enumerate(path.steps, 1)
    ]
