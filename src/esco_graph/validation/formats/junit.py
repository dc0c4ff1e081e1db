"""The report as JUnit XML, for CI: a suite per file of shapes, a case per rule.

What is as severe as the run fails on, or worse, is a failure; the rest is the output of a case that passes. A rule that
is switched off, or had nothing to check, is skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, TextIO
from xml.sax.saxutils import escape, quoteattr

from esco_graph.sparql import printable
from esco_graph.validation.formats.words import How, Name, count, heading, headline, line, more, name_of, share

if TYPE_CHECKING:
    from esco_graph.validation.report import Group, Report


def write(report: Report, stream: TextIO, how: How) -> None:
    """Write all suites, sorted by name; so many findings of a rule as `how` says are listed."""
    codes = sorted({*report.checked, *report.rules, *(group.code for group in report.groups)})
    names = {code: name_of(report.rules.get(code)) for code in codes}
    cases = sorted(((names[code], code) for code in codes), key=lambda case: (case[0].concern, case[1]))
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    stream.write(
        f"<testsuites name={_attribute(f'{heading(report)}. {headline(report)}')}{_totals(report, codes, how)}>\n"
    )
    for concern, members in groupby(cases, key=lambda case: case[0].concern):
        suite = list(members)
        totals = _totals(report, [code for _, code in suite], how)
        stream.write(f"  <testsuite name={_attribute(concern)}{totals}>\n")
        stream.writelines(_properties(report))
        for name, code in suite:
            _case(report, name, code, stream, how)
        stream.write("  </testsuite>\n")
    stream.write("</testsuites>\n")


def _properties(report: Report) -> Iterator[str]:
    said = {"engine": report.engine, "policy": report.policy}
    made = [f"<property name={_attribute(name)} value={_attribute(value)}/>" for name, value in said.items() if value]
    if made:
        yield f"    <properties>{''.join(made)}</properties>\n"


def _totals(report: Report, codes: list[str], how: How) -> str:
    failed = {group.code for group in report.groups if group.new and group.severity in how.failing}
    skipped = sum(bool(_skipped(report, code)) for code in codes)
    return f' tests="{len(codes)}" failures="{len(failed & set(codes))}" errors="0" skipped="{skipped}"'


def _skipped(report: Report, code: str) -> str:
    if code in report.off:
        return "switched off by the policy"
    found = any(group.code == code for group in report.groups)
    return "nothing to check" if not report.checked.get(code, (0, 0))[0] and not found else ""


def _case(report: Report, name: Name, code: str, stream: TextIO, how: How) -> None:
    stream.write(
        f"    <testcase classname={_attribute(name.concern)} name={_attribute(f'{code} {name.name}'.strip())}>"
    )
    groups = [group for group in report.groups if group.code == code and group.new]
    if _skipped(report, code):
        stream.write(f"<skipped message={_attribute(_skipped(report, code))}/>")
    for group in groups:  # sorted, so that a failure comes before the output, as the schema wants
        said = f"{group.severity}: {share(report, group)} checked"
        if group.severity in how.failing:
            stream.write(f'<failure type="{group.severity}" message={_attribute(f"{said}. {group.message}".strip())}>')
            _list(report, group, stream, how.limit)
            stream.write("</failure>")
    quiet = [group for group in groups if group.severity not in how.failing]
    if quiet:
        stream.write("<system-out>")
        for group in quiet:
            stream.write(
                _text(f"{count(group.new, group.severity)}, {share(report, group)} checked. {group.message}\n")
            )
            _list(report, group, stream, how.limit)
        stream.write("</system-out>")
    stream.write("</testcase>\n")


def _list(report: Report, group: Group, stream: TextIO, limit: int | None) -> None:
    for finding in report.listed(group, limit):
        said = "" if group.message else f": {finding.message}"
        stream.write(f"{_text(line(finding) + said)}\n")
    if more(group, limit):
        stream.write(f"… and {more(group, limit):,} more\n")


def _text(text: str) -> str:
    """Escape for XML; what XML 1.0 does not allow at all is not printable, and written as an escape before."""
    end = "\n" if text.endswith("\n") else ""
    return escape(printable(text.removesuffix("\n"))) + end


def _attribute(text: str) -> str:
    return quoteattr(printable(text))
