"""The words that the formats share: headlines, counts, and terms written so that nothing in them does harm."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from esco_graph.sparql import printable
from esco_graph.terms import SH, XSD, compress
from esco_graph.validation.finding import SEVERITY_ORDER, Finding, Term, path_text

if TYPE_CHECKING:
    from esco_graph.validation.report import Group, Report
    from esco_graph.validation.shapes import Rule

NOUNS = {"violation": ("violation", "violations"), "warning": ("warning", "warnings"), "info": ("note", "notes")}
NAMELESS = "a node without a name"
ITSELF = "the node itself"
_DISJOINT = SH + "DisjointConstraintComponent"
LONGEST = 200  # characters of a label or value that a line shows
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")


class How(NamedTuple):
    """What a writer is asked for: findings that a rule lists (None for all), and severities that count as failures."""

    limit: int | None
    failing: tuple[str, ...]


class Name(NamedTuple):
    """Where a rule stands and what it is called, from the IRI of its shape: ("labels", "single-spaces")."""

    concern: str
    name: str


# --- headlines -------------------------------------------------------------------------------------------------------


def summary(report: Report) -> list[str]:
    """Give the lines that a report on a screen begins with: the heading if it has a title, what was found, and how."""
    return [*([heading(report)] if report.title else []), headline(report), *asides(report)]


def heading(report: Report) -> str:
    """Say what the report is about; never the bare title, which could begin with a sign that means something."""
    return printable(f"Validation report: {report.title}" if report.title else "Validation report")


def headline(report: Report) -> str:
    """Say what was found, in one sentence."""
    rules = len(report.checked) - len(report.off)
    counts = [count(number, name) for name, number in report.counts().items() if number]
    if counts:
        failed = len({group.code for group in report.groups if group.new})
        return f"{', '.join(counts)} in {failed} of {many(rules, 'rule')}."
    if nothing_checked(report):
        return f"Nothing was checked: none of the {many(rules, 'rule')} applies to anything here."
    new = "new " if report.known else ""
    idle = f", {len(report.idle):,} had nothing to check" if report.idle else ""
    return f"Nothing {new}found: {many(rules - len(report.idle), 'rule')} applied{idle}."


def nothing_checked(report: Report) -> bool:
    """Say whether no rule found anything to look at."""
    return not report.findings and not any(nodes for nodes, _ in report.checked.values())


def asides(report: Report, *, known_shown: bool = False) -> list[str]:
    """Say how it was checked, and what is not shown; a line each."""
    said = ["Are the types and namespaces right (http://data.europa.eu/esco/…)?"] if nothing_checked(report) else []
    said += [" ".join(part for part in (_applied(report), how_checked(report)) if part)]
    if report.known and not known_shown:
        are = "is" if report.known == 1 else "are"
        said.append(f"{many(report.known, 'known finding')} of the baseline {are} not shown.")
    if report.off:
        said.append(f"Switched off: {', '.join(_off(code, number) for code, number in report.off.items())}.")
    return [printable(line) for line in said if line]


def _applied(report: Report) -> str:
    """Say how many rules had something to check, where the headline does not."""
    if not any(report.counts().values()):
        return ""
    rules = len(report.checked) - len(report.off)
    return f"{many(rules, 'rule')}; {rules - len(report.idle):,} applied to something here."


def how_checked(report: Report) -> str:
    """Name the engine and the policy, as far as they are known."""
    named = {"Engine": report.engine, "Policy": report.policy}
    return " ".join(f"{name}: {value}." for name, value in named.items() if value)


def _off(code: str, number: int) -> str:
    return f"{code} ({number:,} found)" if number else code


def count(number: int, severity: str) -> str:
    """Say a number of findings of one severity.

    >>> count(1, "info"), count(2715, "warning")
    ('1 note', '2,715 warnings')
    """
    return f"{number:,} {NOUNS[severity][number != 1]}"


def many(number: int, noun: str) -> str:
    """Say a number of things.

    >>> many(1, "rule"), many(1200, "rule")
    ('1 rule', '1,200 rules')
    """
    return f"{number:,} {noun}{'s' * (number != 1)}"


def share(report: Report, group: Group) -> str:
    """Say "n of m"; where a node has several findings, their number too."""
    several = f"{many(group.new, 'finding')} on " if group.new != group.nodes else ""
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
    """Write a term in short: a CURIE, an IRI in brackets, or as N-Triples do, with the datatype in short too.

    A blank node has no name that would mean anything to a reader, or be the same in the next run.

    >>> short(ox.NamedNode("http://data.europa.eu/esco/isco/C2269")), short(ox.Literal("nurse", language="en"))
    ('isco:C2269', '"nurse"@en')
    >>> short(ox.Literal(True)), short(ox.BlankNode())
    ('"true"^^xsd:boolean', '(a node without a name)')
    """
    if isinstance(term, ox.BlankNode):
        return f"({NAMELESS})"
    if isinstance(term, ox.NamedNode):
        curie = compressed(term.value)
        return printable(f"<{curie}>" if curie == term.value else curie)
    text = ox.Literal(shorten(term.value), language=term.language, direction=term.direction)
    return printable(str(text)) + datatype_of(term)


def datatype_of(literal: ox.Literal) -> str:
    """Write the datatype of a literal as it stands behind the text, "" for a text.

    >>> datatype_of(ox.Literal(1)), datatype_of(ox.Literal("one", language="en"))
    ('^^xsd:integer', '')
    """
    return "" if literal.language or literal.datatype.value == XSD + "string" else f"^^{short(literal.datatype)}"


def named(term: Term, label: str) -> str:
    """Write a term with its label, if it has one."""
    return f"{shorten(printable(label))} ({short(term)})" if label else short(term)


def value_of(finding: Finding) -> Term | None:
    """Give the value; None too where it is the focus node for no other reason than that a rule has no path.

    A rule without a path says something of the node (SHACL, 3.6.2.4); its value tells more where nodes are compared.
    """
    compared = finding.path is not None or finding.component == _DISJOINT
    return finding.value if compared or finding.value != finding.focus else None


def is_itself(finding: Finding) -> bool:
    """Say whether the value is the focus node, which is then better said than written once more."""
    return finding.value == finding.focus


def line(finding: Finding, *, with_place: bool = True) -> str:
    """Write node, path, value and place in one line."""
    value = value_of(finding)
    said = "" if value is None else ITSELF if is_itself(finding) else named(value, finding.value_label)
    parts = [
        named(finding.focus, finding.focus_label),
        printable(path_text(finding.path)),
        said,
        printable(finding.position) if with_place else "",
    ]
    return " · ".join(part for part in parts if part)


def told(finding: Finding) -> str:
    """Write a finding for what shows its place beside it: first what is wrong and what to do, then the node.

    >>> told(Finding("X", "info", "Odd", ox.NamedNode("http://data.europa.eu/esco/isco/C1"), position="a.ttl:1"))
    'Odd. Node: isco:C1'
    """
    message = finding.message.strip()
    end = "" if not message or message.endswith((".", "?", "!")) else "."
    return f"{message}{end} Node: {line(finding, with_place=False)}".lstrip()


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
