"""The words that the formats share: headlines, counts, and terms written so that nothing in them does harm."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from esco_graph.sparql import printable
from esco_graph.terms import compress
from esco_graph.validation.finding import SEVERITY_ORDER, Finding, Term, path_text

if TYPE_CHECKING:
    from esco_graph.validation.report import Group, Report
    from esco_graph.validation.shapes import Rule

NOUNS = {"violation": ("violation", "violations"), "warning": ("warning", "warnings"), "info": ("note", "notes")}
LONGEST = 200  # characters of a label or value that a line shows
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")


class Name(NamedTuple):
    """Where a rule stands and what it is called, from the IRI of its shape: ("labels", "single-spaces")."""

    concern: str
    name: str


# --- headlines -------------------------------------------------------------------------------------------------------


def headline(report: Report) -> str:
    """Say what was found, in one sentence."""
    rules = len(report.checked) - len(report.off)
    counts = [count(number, name) for name, number in report.counts().items() if number]
    if counts:
        failed = len({group.code for group in report.groups if group.new})
        return f"{', '.join(counts)} in {failed} of {rules} rules."
    if not any(nodes for nodes, _ in report.checked.values()):
        return f"Nothing was checked: none of the {rules} rules applies to anything here."
    new = "new " if report.known else ""
    return f"Nothing {new}found by {rules} rules."


def asides(report: Report) -> list[str]:
    """Say how it was checked, and what is not shown; one sentence each."""
    most = max((nodes for nodes, _ in report.checked.values()), default=0)
    if not most and not report.findings:
        said = ["Are the types and namespaces right (http://data.europa.eu/esco/…)?"]
    else:
        subject = f" {report.title}" if report.title else ""
        engine = f" by {report.engine}" if report.engine else ""
        policy = f", policy {report.policy}" if report.policy else ""
        idle = f"; {len(report.idle)} of the rules had nothing to check" if report.idle else ""
        said = [f"Checked{subject}{engine}{policy}: up to {most:,} nodes a rule{idle}."]
    if report.known:
        one = report.known == 1
        said.append(f"{report.known:,} known {'finding' if one else 'findings'} of the baseline {_are(one)} not shown.")
    if report.off:
        said.append(f"Switched off: {', '.join(_off(code, number) for code, number in report.off.items())}.")
    return [printable(sentence) for sentence in said]


def _are(one: bool) -> str:
    return "is" if one else "are"


def _off(code: str, number: int) -> str:
    return f"{code} ({number:,} found)" if number else code


def count(number: int, severity: str) -> str:
    """Say a number of findings of one severity.

    >>> count(1, "info"), count(2715, "warning")
    ('1 note', '2,715 warnings')
    """
    return f"{number:,} {NOUNS[severity][number != 1]}"


def share(report: Report, group: Group) -> str:
    """Say "n of m"; where a node has several findings, their number too."""
    several = f"{group.new:,} findings on " if group.new != group.nodes else ""
    return f"{several}{group.nodes:,} of {report.checked.get(group.code, (0, 0))[0]:,}"


def more(group: Group, limit: int | None) -> int:
    """Count the new findings of a group that a limit hides."""
    return 0 if limit is None else max(0, group.new - limit)


def severity_of(report: Report, code: str) -> str:
    """Give the severity of a rule: as the report has it, else the worst of its findings."""
    if code in report.rules:
        return report.rules[code].severity
    return next((group.severity for group in report.groups if group.code == code), SEVERITY_ORDER[-1])


def message_of(report: Report, group: Group) -> str:
    """Give the message of a group: that of its findings if they have one, else that of the rule."""
    rule = report.rules.get(group.code)
    return group.message or (rule.message if rule else "")


def halves(message: str) -> tuple[str, str]:
    """Part a message into what is wrong (the first sentence) and what to do (the others).

    >>> halves("The label is empty. Remove it.")
    ('The label is empty.', 'Remove it.')
    """
    first, *rest = _SENTENCE.split(message.strip(), maxsplit=1)
    return first, "".join(rest)


def name_of(rule: Rule | None) -> Name:
    """Name a rule by its shape: the file of shapes, or of checks, and the local name.

    >>> name_of(None)
    Name(concern='rules', name='')
    """
    if rule is None or not rule.shape:
        return Name("rules", "")
    space, _, local = rule.shape.rpartition("#")
    if not space:
        space, _, local = rule.shape.rstrip("/").rpartition("/")
    return Name(re.split(r"[/:]", space.rstrip("/"))[-1] or "rules", local)


# --- terms -----------------------------------------------------------------------------------------------------------


def shorten(text: str, longest: int = LONGEST) -> str:
    """Cut a long text.

    >>> shorten("x" * 9, 4)
    'xxx…'
    """
    return text if len(text) <= longest else text[: longest - 1] + "…"


@lru_cache(maxsize=10_000)
def compressed(iri: str) -> str:
    """Give the CURIE of an IRI, or the IRI; kept, since the same nodes come again and again.

    >>> compressed("http://data.europa.eu/esco/isco/C2269")
    'isco:C2269'
    """
    return compress(iri)


def short(term: Term) -> str:
    """Write a term in short: a CURIE, an IRI in brackets, or as N-Triples do.

    >>> short(ox.NamedNode("http://data.europa.eu/esco/isco/C2269")), short(ox.Literal("nurse", language="en"))
    ('isco:C2269', '"nurse"@en')
    """
    if isinstance(term, ox.NamedNode):
        curie = compressed(term.value)
        return printable(f"<{curie}>" if curie == term.value else curie)
    if isinstance(term, ox.Literal) and len(term.value) > LONGEST:
        kind = None if term.language else term.datatype
        term = ox.Literal(shorten(term.value), language=term.language, direction=term.direction, datatype=kind)
    return printable(str(term))


def named(term: Term, label: str) -> str:
    """Write a term with its label, if it has one."""
    return f"{shorten(printable(label))} ({short(term)})" if label else short(term)


def value_of(finding: Finding) -> Term | None:
    """Give the value, unless it is the focus node itself, which says nothing new."""
    return None if finding.value == finding.focus else finding.value


def line(finding: Finding) -> str:
    """Write node, path, value and place in one line."""
    value = value_of(finding)
    parts = [
        named(finding.focus, finding.focus_label),
        printable(path_text(finding.path)),
        "" if value is None else named(value, finding.value_label),
        printable(finding.position),
    ]
    return " · ".join(part for part in parts if part)


def place(position: str) -> tuple[str, int | None]:
    """Part "file:line" into its two; None where there is no line.

    >>> place("data/skills.ttl:12"), place("skills.csv"), place("")
    (('data/skills.ttl', 12), ('skills.csv', None), ('', None))
    """
    file, _, number = position.rpartition(":")
    return (file, int(number)) if file and number.isascii() and number.isdigit() else (position, None)


def is_web(iri: str) -> bool:
    """Say whether an IRI may become a link: no other scheme than http and https does.

    >>> is_web("http://example.org/1"), is_web("javascript:alert(1)")
    (True, False)
    """
    return iri.startswith(("http://", "https://"))
