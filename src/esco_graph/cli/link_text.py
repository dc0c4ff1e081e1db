"""esco-graph link text: what a skill phrase or a job title means."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from io import StringIO
from queue import SimpleQueue
from textwrap import indent
from threading import Thread
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import embed_option, format_option, graph_options, lang_option, open_graph
from esco_graph.cli.output import say_aside, show_rows
from esco_graph.cli.progress import vectors_bar

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.phrases.understand import Understood

AT_ONCE = 500
"""Lines of standard input that are looked up together."""
SEPARATORS = {"csv": ",", "tsv": "\t"}
COLUMNS = ("phrase", "status", "label", "kind", "score", "why", "concept")


@click.command("text")
@click.argument("phrases", nargs=-1, required=True, metavar="PHRASE...")
@click.option("--kind", type=click.Choice(["skill", "occupation"]), help="Only one kind of concept. [default: both]")
@click.option("-k", "--candidates", "k", type=click.IntRange(1, 50), default=3, show_default=True, help="How many.")
@embed_option
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

    graph = open_graph(options)
    asked = {"kind": kind, "lang": lang, "k": k, "embed": embed}
    if phrases != ("-",):
        show = _Shown(graph, lang, format_)
        show.add(_understood(graph, phrases, asked))
        show.end()
        return
    show = _Shown(graph, lang, format_, at_once=sys.stdin.isatty())
    for some in _as_they_come(_lines(LONGEST)):
        show.add(_understood(graph, some, asked))
    show.end()


def _understood(graph: Graph, phrases: Sequence[str], asked: dict[str, Any]) -> list[Understood]:
    from esco_graph.phrases.understand import understand_all

    with vectors_bar("vectors") as progress:
        return understand_all(graph, phrases, **asked, progress=progress)


class _Shown:
    """Prints what is understood as it comes: all formats but the table, whose columns need all rows.

    `at_once` is for a person who types the lines: a table for each.
    """

    def __init__(self, graph: Graph, lang: str, format_: str, *, at_once: bool = False) -> None:
        self.graph, self.lang, self.format, self.at_once = graph, lang, format_, at_once
        self.kept: list[list[Any]] = []
        self.begun = False

    def add(self, found: Sequence[Understood]) -> None:
        """Print some more, or keep them for the table."""
        labels = _labels(found, self.graph, self.lang)
        rows = [row for one in found for row in _rows(one, labels)]
        if self.format == "json":
            for one in found:
                click.echo(",\n" if self.begun else "[\n", nl=False)
                click.echo(indent(json.dumps(_json(one, labels), indent=2, ensure_ascii=False), "  "), nl=False)
                self.begun = True
        elif self.format == "table" and self.at_once:
            show_rows(COLUMNS, rows, self.format)
        elif self.format == "table":
            self.kept += rows
        else:
            self._separated(rows)
        sys.stdout.flush()

    def _separated(self, rows: list[list[Any]]) -> None:
        """Print rows, the names of the columns before the first of them."""
        text = StringIO()
        writer = csv.writer(text, delimiter=SEPARATORS[self.format], lineterminator="\n")
        if not self.begun:
            writer.writerow(COLUMNS)
        writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
        click.echo(text.getvalue(), nl=False)
        self.begun = True

    def end(self) -> None:
        """Print what is left: the table, or the end of the JSON list."""
        if self.format == "json":
            click.echo("\n]" if self.begun else "[]")
        elif not self.begun and not self.at_once:
            show_rows(COLUMNS, self.kept, self.format)


def _as_they_come(lines: Iterator[str]) -> Iterator[list[str]]:
    """Give lines as soon as they are there, those that wait together; AT_ONCE at most."""
    waiting: SimpleQueue[str | Exception | None] = SimpleQueue()

    def read() -> None:
        try:
            for line in lines:
                waiting.put(line)
            waiting.put(None)
        except (OSError, ValueError) as error:  # told to the thread that shows it
            waiting.put(error)

    Thread(target=read, daemon=True).start()
    last: str | Exception | None = ""
    while isinstance(last, str):
        some: list[str] = []
        while len(some) < AT_ONCE and (not some or not waiting.empty()):
            last = waiting.get()
            if not isinstance(last, str):
                break
            some.append(last)
        if some:
            yield some
    if last:
        raise last


def _lines(longest: int) -> Iterator[str]:
    """Read the lines of standard input; empty ones are passed over, and ones that are too long named."""
    for number, line in enumerate(iter(sys.stdin.readline, ""), 1):
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


def _labels(found: Sequence[Understood], graph: Graph, lang: str) -> dict[str, str]:
    """Give the preferred label of each concept that was matched."""
    from esco_graph.labels.naming import names_of

    iris = {match.iri for one in found for match in one.matches}
    return {iri: name.label for iri, name in names_of(graph, sorted(iris), lang).items()}
