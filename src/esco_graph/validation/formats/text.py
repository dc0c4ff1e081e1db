"""The report for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from esco_graph.sparql import printable
from esco_graph.validation.formats.words import How, line, more, share, summary

if TYPE_CHECKING:
    from esco_graph.validation.report import Group, Report


def write(report: Report, stream: TextIO, how: How) -> None:
    """Write what was checked and the counts first, then each rule with what to do and its first findings."""
    stream.write("\n".join(summary(report)) + "\n")
    for group in report.groups:
        if group.new:
            _group(report, group, stream, how.limit)


def _group(report: Report, group: Group, stream: TextIO, limit: int | None) -> None:
    stream.write(f"\n{printable(group.code)} {group.severity}: {share(report, group)} checked\n")
    if group.message:
        stream.write(f"  {printable(group.message)}\n")
    for finding in report.listed(group, limit):
        said = "" if group.message else f": {printable(finding.message)}"
        stream.write(f"  - {line(finding)}{said}\n")
    if more(group, limit):
        stream.write(f"  … and {more(group, limit):,} more (--all)\n")
