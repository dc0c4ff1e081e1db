"""The report as one HTML page that needs nothing else: no network, and no script either to be read.

The page is `report.html`; a comment such as `<!--rules-->` in it stands for a part that is written here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import pyoxigraph as ox

from esco_graph.sparql import printable
from esco_graph.terms import ATTRIBUTION
from esco_graph.validation.finding import Finding, Term, path_text
from esco_graph.validation.formats.words import (
    ITSELF,
    NAMELESS,
    NOUNS,
    How,
    asides,
    compressed,
    datatype_of,
    halves,
    heading,
    headline,
    is_itself,
    is_web,
    many,
    message_of,
    more,
    name_of,
    nothing_checked,
    severity_of,
    share,
    shorten,
    value_of,
)

if TYPE_CHECKING:
    from esco_graph.validation.report import Group, Report

_PART = re.compile(r"<!--(\w+)-->")
_OPEN = 20  # findings in a report, up to which every rule is open from the start
_LONGEST = 1_000  # characters of a label or value
_SIGNS = {"violation": "●", "warning": "▲", "info": "■"}  # told apart without their colours
_BREAKS = re.compile(r"(?<=[|/])")


def write(report: Report, stream: TextIO, how: How) -> None:
    """Write the page; a rule lists as many findings as `how` says."""
    for index, piece in enumerate(_template()):
        if index % 2 == 0:
            stream.write(piece)
        elif piece in _LISTS:
            stream.writelines(_LISTS[piece](report, how.limit))
        else:
            stream.writelines(_PARTS[piece](report))


@cache
def _template() -> tuple[str, ...]:
    """Cut the page at its comments: text and names of parts by turns."""
    return tuple(_PART.split(Path(__file__).with_name("report.html").read_text(encoding="utf-8")))


# --- head ------------------------------------------------------------------------------------------------------------


def _title(report: Report) -> Iterator[str]:
    yield _text(heading(report))


def _summary(report: Report) -> Iterator[str]:
    kind, verdict = ("good", "✓ Conforms.") if report.conforms else ("bad", "✗ Does not conform.")
    if nothing_checked(report):
        kind, verdict = "none", ""
    known = f" Besides: {many(report.known, 'known finding')} of the baseline." if report.known else ""
    yield f'<p class="verdict {kind}">{verdict} {_text(headline(report))}{known}</p>\n'
    for aside in asides(report, known_shown=True):
        yield f'<p class="aside">{_text(aside)}</p>\n'


def _tiles(report: Report) -> Iterator[str]:
    for severity, number in report.counts().items():
        noun = NOUNS[severity][number != 1]
        zero = " zero" if not number else ""
        yield f'<li class="tile {severity}{zero}"><b>{number:,}</b> {_sign(severity)} {noun}</li>\n'
    failed, rules = len({group.code for group in report.groups if group.new}), len(report.checked) - len(report.off)
    yield f'<li class="tile"><b>{failed:,} <small>of {rules:,}</small></b> {_noun(rules, "rule")} with findings</li>\n'
    if report.baseline:
        yield f'<li class="tile"><b>{report.known:,}</b> known, of the baseline</li>\n'
    if report.off:
        yield f'<li class="tile"><b>{len(report.off):,}</b> {_noun(len(report.off), "rule")} switched off</li>\n'


def _sign(severity: str) -> str:
    return f'<span class="sign" aria-hidden="true">{_SIGNS[severity]}</span>'


def _badge(severity: str) -> str:
    return f'<span class="badge {severity}">{_sign(severity)} {NOUNS[severity][0]}</span>'


# --- rules -----------------------------------------------------------------------------------------------------------


def _options(report: Report) -> Iterator[str]:
    for code in sorted({group.code for group in report.groups if group.new}):
        yield f'<option value="{_text(code)}">{_text(code)}</option>'


def _rules(report: Report) -> Iterator[str]:
    for group in report.groups:
        if group.new:
            yield _rule_row(report, group)


def _rule_row(report: Report, group: Group) -> str:
    checked = report.checked.get(group.code, (0, 0))[0]
    part = min(1.0, group.nodes / checked) if checked else 0.0
    rank = list(_SIGNS).index(group.severity)
    wrong, remedy = halves(message_of(report, group))
    return (
        f'<tr data-code="{_text(group.code)}" data-severity="{group.severity}">'
        f'<td class="code"><a href="#{_anchor(group)}">{_text(group.code)}</a></td>'
        f'<td data-sort="{rank}">{_badge(group.severity)}</td>'
        f'<td class="number" data-label="{_noun(group.new, "finding")}">{group.new:,}</td>'
        f'<td class="number" data-label="{_noun(group.nodes, "node")}">{group.nodes:,}</td>'
        f'<td class="number" data-label="checked">{checked:,}</td>'
        f'<td class="share" data-sort="{part:.6f}"><meter value="{part:.4f}" aria-hidden="true"></meter> '
        f"{_percent(part)}</td>"
        f"<td>{_text(wrong)}<small>{_text(remedy)}</small></td></tr>\n"
    )


def _percent(part: float) -> str:
    """Say a share; what is neither none nor all is never rounded to it."""
    if 0 < part < 0.001:
        return "&lt; 0.1 %"
    if 0.999 < part < 1:
        return "&gt; 99.9 %"
    return f"{part:.1%}".replace("%", " %")


def _quiet(report: Report) -> Iterator[str]:
    """List the rules that found nothing new, so that one sees that they were there."""
    loud = {group.code for group in report.groups if group.new}
    codes = [code for code in report.checked if code not in loud]
    if not codes:
        return
    new = "new " if report.known else ""
    yield f'<details class="quiet"><summary>{many(len(codes), "rule")} without {new}findings</summary>\n'
    yield '<div class="scroll">'
    yield '<table class="rules"><thead><tr><th scope="col">Code</th><th scope="col">Severity</th>'
    yield '<th scope="col">Checked</th><th scope="col">What it looks for</th></tr></thead>\n<tbody>\n'
    for code in codes:
        rule = report.rules.get(code)
        yield (
            f'<tr><td class="code">{_text(code)}</td><td>{_badge(severity_of(report, code)) if rule else ""}</td>'
            f'<td class="number" data-label="checked">{_state(report, code)}</td>'
            f"<td>{_text(halves(rule.message)[0]) if rule else ''}</td></tr>\n"
        )
    yield "</tbody></table></div></details>\n"


def _state(report: Report, code: str) -> str:
    if code in report.off:
        return f"off ({report.off[code]:,} found)" if report.off[code] else "off"
    return f"{report.checked[code][0]:,}"


# --- findings --------------------------------------------------------------------------------------------------------


def _findings(report: Report, limit: int | None) -> Iterator[str]:
    groups = [group for group in report.groups if group.new]
    opened = " open" if sum(group.new for group in groups) <= _OPEN else ""
    for group in groups:
        yield from _section(report, group, limit, opened)


def _section(report: Report, group: Group, limit: int | None, opened: str) -> Iterator[str]:
    wrong, remedy = halves(message_of(report, group))
    yield (
        f'<details class="rule {group.severity}" id="{_anchor(group)}" data-code="{_text(group.code)}" '
        f'data-severity="{group.severity}"{opened}>\n<summary><span class="head">{_badge(group.severity)} '
        f'<b class="code">{_text(group.code)}</b> <span class="what">{_text(wrong)}</span></span> '
        f'<span class="count">{_text(share(report, group))}</span></summary>\n<div class="body">\n'
    )
    if remedy:
        yield f'<p class="remedy"><b>What to do:</b> {_text(remedy)}</p>\n'
    yield from _links(report, group)
    yield from _table(partial(report.listed, group, limit), with_message=not group.message)
    if more(group, limit):
        yield f'<p class="more">… and {more(group, limit):,} more; the JSON and CSV reports hold all.</p>\n'
    yield "</div></details>\n"


def _links(report: Report, group: Group) -> Iterator[str]:
    rule = report.rules.get(group.code)
    said = []
    if rule and rule.see_also:
        said.append(f"Why: {_link(rule.see_also, rule.see_also)}")
    if rule and rule.shape:
        said.append(f"Rule: {_text(name_of(rule).name)}")
    if said:
        yield f'<p class="links">{"<br>".join(said)}</p>\n'


def _known(report: Report, limit: int | None) -> Iterator[str]:
    """List the findings that the baseline names, closed, and apart from the others."""
    if not report.known:
        return
    yield f'<details class="quiet"><summary>{many(report.known, "known finding")} of the baseline</summary>\n'
    for group in report.groups:
        if group.known:
            wrong = halves(group.message or message_of(report, group))[0]
            yield (
                f'<div class="body"><p>{_badge(group.severity)} <b class="code">{_text(group.code)}</b> '
                f"{_text(wrong)}</p>\n"
            )
            yield from _table(partial(report.listed, group, limit, known=True), with_message=False)
            if limit is not None and group.known > limit:
                yield f'<p class="more">… and {group.known - limit:,} more known ones.</p>\n'
            yield "</div>\n"
    yield "</details>\n"


def _table(listed: Callable[[], Iterator[Finding]], *, with_message: bool) -> Iterator[str]:
    """Write the findings; a column that would be empty is left out."""
    columns: list[tuple[str, Callable[[Finding], str]]] = [("Node", _node)]
    if any(one.path is not None for one in listed()):
        columns.append(("Path", _path))
    if any(value_of(one) is not None for one in listed()):
        columns.append(("Value", _value))
    if any(one.position for one in listed()):
        columns.append(("Place", _place))
    if with_message:
        columns.append(("Message", _message))
    heads = "".join(f'<th scope="col">{name}</th>' for name, _ in columns)
    yield f'<div class="scroll"><table class="findings"><thead><tr>{heads}</tr></thead>\n<tbody>\n'
    for finding in listed():
        cells = ((name, cell(finding)) for name, cell in columns)
        yield "<tr>" + "".join(f'<td class="{name.lower()}">{cell}</td>' for name, cell in cells) + "</tr>\n"
    yield "</tbody></table></div>\n"


def _node(finding: Finding) -> str:
    return _term(finding.focus, finding.focus_label)


def _path(finding: Finding) -> str:
    return f"<code>{'<wbr>'.join(_text(part) for part in _BREAKS.split(path_text(finding.path)))}</code>"


def _value(finding: Finding) -> str:
    value = value_of(finding)
    return "" if value is None else ITSELF if is_itself(finding) else _term(value, finding.value_label)


def _place(finding: Finding) -> str:
    return f"<code>{_text(finding.position)}</code>" if finding.position else ""


def _message(finding: Finding) -> str:
    return _text(finding.message)


def _term(term: Term, label: str) -> str:
    if isinstance(term, ox.Literal):
        kind = f"@{term.language}" if term.language else datatype_of(term)
        return f'<q><bdi>{_text(shorten(term.value, _LONGEST))}</bdi></q><small class="lang">{_text(kind)}</small>'
    text = _link(term.value, compressed(term.value)) if isinstance(term, ox.NamedNode) else f"<i>{NAMELESS}</i>"
    return f'<bdi class="label">{_text(shorten(label, _LONGEST))}</bdi> <small>{text}</small>' if label else text


def _noun(number: int, noun: str) -> str:
    return noun if number == 1 else f"{noun}s"


def _link(iri: str, text: str) -> str:
    shown = f'<span class="iri">{_text(text)}</span>'
    return f'<a href="{escape(iri)}" rel="noreferrer noopener">{shown}</a>' if is_web(iri) else shown


def _anchor(group: Group) -> str:
    return "rule-" + re.sub(r"[^A-Za-z0-9]", lambda match: f"-{ord(match[0]):x}", group.code) + "-" + group.severity


def _text(text: str) -> str:
    return escape(printable(text))


_LISTS: dict[str, Callable[[Report, int | None], Iterator[str]]] = {"findings": _findings, "known": _known}
_PARTS: dict[str, Callable[[Report], Iterator[str]]] = {
    "title": _title,
    "summary": _summary,
    "tiles": _tiles,
    "options": _options,
    "rules": _rules,
    "quiet": _quiet,
    "attribution": lambda _: iter((_text(ATTRIBUTION),)),
}
