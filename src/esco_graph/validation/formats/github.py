"""The report as annotations of a GitHub workflow, one line each, with the headline for the log.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions; the runner shows ten of each level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from esco_graph.sparql import printable
from esco_graph.validation.finding import SEVERITY_ORDER, Finding
from esco_graph.validation.formats.words import NOUNS, How, name_of, place, summary, told

if TYPE_CHECKING:
    from esco_graph.validation.report import Group, Report

COMMANDS = {"violation": "error", "warning": "warning", "info": "notice"}


def write(report: Report, stream: TextIO, how: How) -> None:
    """Write at most `limit` annotations of each level, spread over the rules so that each shows; then the headline."""
    limit = how.limit
    for severity in SEVERITY_ORDER:
        groups = [group for group in report.groups if group.severity == severity and group.new]
        for group, number in zip(groups, _spread([group.new for group in groups], limit), strict=True):
            stream.writelines(_annotation(report, group, one) for one in report.listed(group, number))
        hidden = 0 if limit is None else sum(group.new for group in groups) - limit
        if hidden > 0:
            noun = NOUNS[severity][hidden != 1]
            stream.write(f"… and {hidden:,} more {noun}: see the full report (--format text --all)\n")
    # The runner takes the old form of a command, "##[name]", anywhere in a line.
    stream.writelines(said.replace("##[", "## [") + "\n" for said in summary(report))


def _spread(sizes: list[int], limit: int | None) -> list[int]:
    """Share a number of places out: one for each in turn, until there are none left.

    >>> _spread([1, 9, 9], 6)
    [1, 3, 2]
    """
    if limit is None:
        return sizes
    places = [0] * len(sizes)
    while limit > 0 and places != sizes:
        for index, size in enumerate(sizes):
            if limit > 0 and places[index] < size:
                places[index] += 1
                limit -= 1
    return places


def _annotation(report: Report, group: Group, finding: Finding) -> str:
    file, number = place(finding.position)
    title = f"{finding.code} {name_of(report.rules.get(finding.code)).name}".strip()
    fields = {"file": file, "line": str(number) if number else "", "title": title}
    said = ",".join(f"{name}={_property(value)}" for name, value in fields.items() if value)
    return f"::{COMMANDS[group.severity]} {said}::{_data(told(finding))}\n"


def _data(text: str) -> str:
    """Escape the text of a command; line ends are visible escapes already, by `printable`."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
