"""The report as Markdown, for a pull request or a wiki: a table of counts, then a section per rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

import pyoxigraph as ox

from esco_graph.sparql import printable
from esco_graph.terms import ATTRIBUTION
from esco_graph.validation.finding import Finding, Term, path_text
from esco_graph.validation.formats.words import (
    ITSELF,
    How,
    asides,
    compressed,
    heading,
    headline,
    is_itself,
    is_web,
    message_of,
    more,
    name_of,
    share,
    short,
    shorten,
    value_of,
)

if TYPE_CHECKING:
    from esco_graph.validation.report import Group, Report

_SPECIAL = re.compile(r"([\\`*_\[\]|~$])")
# A label must neither make a tag, nor call a user or an issue by its name.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "#": "&#35;"}
_ENTITY = re.compile("[&<>@#]")


def write(report: Report, stream: TextIO, how: How) -> None:
    """Write GitHub's flavour of Markdown."""
    stream.write(f"# {_plain(heading(report))}\n\n**{_plain(headline(report))}**\n\n")
    stream.writelines(f"{_plain(aside)}\n\n" for aside in asides(report))
    groups = [group for group in report.groups if group.new]
    if groups:
        stream.write("| rule | severity | findings | nodes | checked | what is wrong, and what to do |\n")
        stream.write("|---|---|--:|--:|--:|---|\n")
        stream.writelines(_row(report, group) for group in groups)
        stream.write("\n")
    for group in groups:
        _section(report, group, stream, how.limit)
    stream.write(f"{_plain(ATTRIBUTION)}\n")


def _row(report: Report, group: Group) -> str:
    checked = report.checked.get(group.code, (0, 0))[0]
    cells = [_plain(group.code), group.severity, f"{group.new:,}", f"{group.nodes:,}", f"{checked:,}"]
    return f"| {' | '.join([*cells, _plain(message_of(report, group))])} |\n"


def _section(report: Report, group: Group, stream: TextIO, limit: int | None) -> None:
    rule = report.rules.get(group.code)
    name = name_of(rule).name
    stream.write(f"## {_plain(f'{group.code} {name}'.strip())}\n\n")
    clause = f" ([why](<{rule.see_also}>))" if rule and is_web(rule.see_also) else ""
    said = _plain(message_of(report, group))
    stream.write(f"**{group.severity}**, {share(report, group)} checked. {said}{clause}\n\n")
    stream.write("| node | path | value | place |" + ("" if group.message else " message |") + "\n")
    stream.write("|---|---|---|---|" + ("" if group.message else "---|") + "\n")
    for finding in report.listed(group, limit):
        stream.write(f"| {' | '.join(_cells(finding, with_message=not group.message))} |\n")
    if more(group, limit):
        stream.write(f"\n… and {more(group, limit):,} more\n")
    stream.write("\n")


def _cells(finding: Finding, *, with_message: bool) -> list[str]:
    value = value_of(finding)
    cells = [
        _term(finding.focus, finding.focus_label),
        _plain(path_text(finding.path)),
        "" if value is None else ITSELF if is_itself(finding) else _term(value, finding.value_label),
        _plain(finding.position),
    ]
    return [*cells, _plain(finding.message)] if with_message else cells


def _term(term: Term, label: str) -> str:
    text = _plain(short(term))
    if isinstance(term, ox.NamedNode) and is_web(term.value):
        text = f"[{_plain(compressed(term.value))}](<{_ENTITY.sub(_percent, term.value)}>)"
    return f"{_plain(shorten(label))} ({text})" if label else text


def _percent(match: re.Match[str]) -> str:
    """Keep `&`, `@` and `#`, which an address needs; an angle bracket would end it."""
    return match[0] if match[0] in "&@#" else f"%{ord(match[0]):02X}"


def _plain(text: str) -> str:
    escaped = _SPECIAL.sub(r"\\\1", printable(text))
    return _ENTITY.sub(lambda match: _ENTITIES[match[0]], escaped)
