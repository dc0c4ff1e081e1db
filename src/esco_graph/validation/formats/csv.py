"""The report as CSV (RFC 4180): one row per finding, all of them, the cells as exact as in JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from esco_graph.validation.formats.words import How
    from esco_graph.validation.report import Report

COLUMNS = (
    "code", "severity", "message", "focus", "focus_label", "path", "value", "value_label", "position", "known",
    "component", "shape", "see_also",
)  # fmt: skip
_SPECIAL = re.compile('[",\r\n ]')


def write(report: Report, stream: TextIO, how: How) -> None:  # noqa: ARG001 - for programs: all of them
    """Write a header, then a row per finding; an empty cell stands for what there is not."""
    stream.write(",".join(COLUMNS) + "\n")
    for finding in report.findings:
        said = finding.as_dict()
        stream.write(",".join(_cell(said[name]) for name in COLUMNS) + "\n")


def _cell(value: str | bool | None) -> str:
    """Quote by hand: Python's writer leaves a lone carriage return bare, and its reader then sees a new row."""
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else value
    return '"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text
