"""How a report is written: one module per format, and the table of all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TextIO

from esco_graph.validation.formats import csv, github, html, json, junit, markdown, sarif, text, turtle
from esco_graph.validation.formats.words import How

if TYPE_CHECKING:
    from esco_graph.validation.report import Report

OWN_LIMIT: Final = -1
"""As many findings of a rule as suit the format."""


@dataclass(frozen=True)
class Format:
    """One way to write a report: the writer, and how many findings of a rule it shows when nobody says; None for all.

    The writer takes the report, a text stream, and what is asked for.
    """

    write: Callable[[Report, TextIO, How], None]
    limit: int | None = None


FORMATS: dict[str, Format] = {
    "text": Format(text.write, 5),
    "json": Format(json.write),
    "csv": Format(csv.write),
    "markdown": Format(markdown.write, 20),
    "html": Format(html.write, 1_000),
    "turtle": Format(turtle.write),
    "sarif": Format(sarif.write),
    "junit": Format(junit.write, 1_000),
    "github": Format(github.write, 10),
}
"""The formats by name. For people: text, markdown, html, junit, github; for programs, complete: the others."""
