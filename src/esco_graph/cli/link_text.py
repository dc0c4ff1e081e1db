"""esco-graph link text: what a skill phrase or a job title means."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import format_option, graph_options, lang_option, open_graph
from esco_graph.cli.output import print_json, say_aside, show_rows

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.phrases.understand import Understood

AT_ONCE = 500
"""Lines of standard input that are looked up together."""
COLUMNS = ("phrase", "status", "label", "kind", "score", "why", "concept")


@click.command("text")
@click.argument("phrases", nargs=-1, required=True, metavar="PHRASE...")
@click.option("--kind", type=click.Choice(["skill", "occupation"]), help="Only one kind of concept. [default: both]")
@click.option("-k", "--candidates", "k", type=click.IntRange(1, 50), default=3, show_default=True, help="How many.")
@click.option(
    "--embed",
    type=click.Choice(["auto", "on", "off"]),
    default="auto",
    show_default=True,
    help="Sentence vectors of the extra [embed]: if installed, always, or never.",
)
@format_option
@lang_option
@graph_options
def text(
    phrases: tuple[str, ...], kind: str | None, k: int, embed: str, format_: str, lang: str, **options: Any
) -> None:
    """Say what each PHRASE means: a skill as people write it, or a job title; - reads lines from standard input.

    A label that is equal decides, in --lang first and then in any language of the graph: a preferred label before an
    alternative one. Several concepts with that label are all shown (ambiguous). Words such as "experience with" before
    a skill do not count. Otherwise the nearest concepts are given with their reasons; status says how good that is:
    likely, possible (one of them may be meant), or none (nothing is near enough to be an answer).

    \b
    Examples:
      esco-graph link text "strong experience with project management"
      esco-graph link text "OT assistant" "Apply health sciences"
      esco-graph link text - --kind skill --format csv < phrases.txt
    """
    from esco_graph.phrases.phrase_words import LONGEST
    from esco_graph.phrases.understand import understand_all

    graph = open_graph(options)
    lines = _lines(LONGEST) if phrases == ("-",) else iter(phrases)
    found: list[Understood] = []
    while some := list(islice(lines, AT_ONCE)):
        found += understand_all(graph, some, kind=kind, lang=lang, k=k, embed=embed)
    labels = _labels(found, graph, lang)
    if format_ == "json":
        print_json([_json(one, labels) for one in found])
    else:
        show_rows(COLUMNS, [row for one in found for row in _rows(one, labels)], format_)


def _lines(longest: int) -> Iterator[str]:
    """Read the lines of standard input; empty ones are passed over, and ones that are too long named."""
    for number, line in enumerate(sys.stdin, 1):
        if len(line) > longest:
            say_aside(f"Line {number} has more than {longest:,} characters and is left out; see esco-graph extract.")
        elif line.strip():
            yield line


def _rows(one: Understood, labels: dict[str, str]) -> Iterator[list[Any]]:
    if one.matches:
        why = f"{one.reason} ({one.without})" if one.without else one.reason
        for match in one.matches:
            yield [one.text, one.status, labels.get(match.iri, match.label), match.kind, None, why, match.iri]
    elif one.status == "none":
        yield [one.text, one.status, None, None, None, one.reason, None]
    else:
        for candidate in one.candidates:
            why = "; ".join(candidate.reasons)
            yield [one.text, one.status, candidate.label, candidate.kind, candidate.score, why, candidate.iri]


def _json(one: Understood, labels: dict[str, str]) -> dict[str, Any]:
    return {
        "phrase": one.text,
        "status": one.status,
        "reason": one.reason,
        "without_lead": one.without or None,
        "matches": [
            {
                "iri": match.iri,
                "label": labels.get(match.iri, match.label),
                "kind": match.kind,
                "matched": match.label,
                "property": match.property,
                "lang": match.lang,
            }
            for match in one.matches
        ],
        "candidates": [
            {"iri": c.iri, "label": c.label, "kind": c.kind, "code": c.code, "score": c.score, "reasons": [*c.reasons]}
            for c in one.candidates
        ],
    }


def _labels(found: list[Understood], graph: Graph, lang: str) -> dict[str, str]:
    """Give the preferred label of each concept that was matched."""
    from esco_graph.labels.naming import names_of

    iris = {match.iri for one in found for match in one.matches}
    return {iri: name.label for iri, name in names_of(graph, sorted(iris), lang).items()}
