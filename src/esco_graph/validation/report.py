"""What a validation found: findings in order, and per rule how many nodes were checked; written in many formats."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, islice
from typing import TYPE_CHECKING, TextIO

from esco_graph.errors import ParameterError
from esco_graph.validation.finding import SEVERITY_ORDER, Finding
from esco_graph.validation.formats import FORMATS, OWN_LIMIT
from esco_graph.validation.formats.words import How
from esco_graph.validation.spool import Spooled

if TYPE_CHECKING:
    from esco_graph.validation.paths import Path
    from esco_graph.validation.shapes import Rule


@dataclass(frozen=True)
class Group:
    """The findings of one rule and severity, which stand together in a report: where, how many, on how many nodes.

    `total` counts all, `known` those that a baseline names. `nodes` (distinct focus nodes) and `message` are of the
    other ones, the new; the message is "" when they have several. `paths` are those of all.
    """

    code: str
    severity: str
    start: int
    total: int
    known: int
    nodes: int
    message: str
    paths: frozenset[Path] = frozenset()

    @property
    def new(self) -> int:
        """Number of findings that no baseline names."""
        return self.total - self.known


@dataclass(frozen=True)
class Report:
    """All findings in order, and for each rule (code) how many nodes were checked and how many findings there were.

    `findings` holds the known ones of a baseline too, marked; what counts and what is shown to people are the new ones.
    `rules` gives each rule that was run, with the severity that the policy gives it; `off` the number of findings of
    each rule that the policy switched off, which are counted in `checked` and are not in `findings`. `engine` and
    `title` say what checked, and what was checked.

    >>> import pyoxigraph as ox
    >>> finding = Finding("ESG101", "violation", "No label. Add one.", ox.NamedNode("http://example.org/1"))
    >>> report = Report((finding,), {"ESG101": (10, 1), "ESG102": (10, 0)})
    >>> report.conforms, report.counts()
    (False, {'violation': 1, 'warning': 0, 'info': 0})
    >>> print(report.format("text"))
    1 violation in 1 of 2 rules.
    2 rules; 2 applied to something here.
    <BLANKLINE>
    ESG101 violation: 1 of 10 checked
      No label. Add one.
      - <http://example.org/1>
    <BLANKLINE>
    """

    findings: Sequence[Finding]
    checked: Mapping[str, tuple[int, int]]
    rules: Mapping[str, Rule] = field(default_factory=dict)
    engine: str = ""
    off: Mapping[str, int] = field(default_factory=dict)
    policy: str = ""
    baseline: bool = False
    title: str = ""

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The findings by severity and rule, in the order of the report."""
        made: list[Group] = []
        for (severity, code), members in groupby(self.findings, key=lambda one: (one.severity, one.code)):
            made.append(_group(code, severity, made[-1].start + made[-1].total if made else 0, members))
        return tuple(made)

    @property
    def known(self) -> int:
        """Number of findings that the baseline names already."""
        return sum(group.known for group in self.groups)

    @property
    def conforms(self) -> bool:
        """True when there is no new violation; warnings and notes do not count."""
        return not self.fails("violation")

    @property
    def idle(self) -> tuple[str, ...]:
        """Codes of the rules that had nothing to check; those that are switched off are none of them."""
        return tuple(code for code, seen in self.checked.items() if not any(seen) and code not in self.off)

    def counts(self) -> dict[str, int]:
        """Count the new findings of each severity."""
        return {name: sum(one.new for one in self.groups if one.severity == name) for name in SEVERITY_ORDER}

    def fails(self, at: str = "violation") -> bool:
        """Say whether there is a new finding that is as severe as `at` or more; never, for "never".

        >>> import pyoxigraph as ox
        >>> finding = Finding("ESG105", "warning", "White space. Remove it.", ox.NamedNode("http://example.org/1"))
        >>> report = Report((finding,), {})
        >>> [report.fails(at) for at in ("violation", "warning", "info", "never")]
        [False, True, True, False]
        """
        counted = _as_severe_as(at)
        return any(one.new and one.severity in counted for one in self.groups)

    def listed(self, group: Group, limit: int | None = None, *, known: bool = False) -> Iterator[Finding]:
        """Go over the new findings of a group, or else the known ones, at most `limit` of them."""
        found = self.findings
        rest = found.since(group.start) if isinstance(found, Spooled) else iter(found[group.start :])
        return islice((one for one in islice(rest, group.total) if one.known == known), limit)

    def format(self, name: str = "text", *, limit: int | None = OWN_LIMIT, fail_on: str = "violation") -> str:
        """Give the report in one of FORMATS, as `write` does."""
        stream = io.StringIO()
        self.write(name, stream, limit=limit, fail_on=fail_on)
        return stream.getvalue()

    def write(self, name: str, stream: TextIO, *, limit: int | None = OWN_LIMIT, fail_on: str = "violation") -> None:
        r"""Write the report in one of FORMATS to a text stream (UTF-8, line end "\n"), finding by finding.

        `limit` is how many findings a rule shows in a format for people; None for all, OWN_LIMIT for as many as suit
        the format. Formats for programs hold all. `fail_on` is the severity from which on a finding is a failure, where
        a format (junit) knows failures; "never" for none. The text depends on the findings alone: not on a date, a
        machine or the order in which an engine found them. Raises ParameterError for an unknown format or severity;
        errors of the stream pass.
        """
        if name not in FORMATS:
            raise ParameterError(f"there is no report format {name!r}", advice=f"Use one of: {', '.join(FORMATS)}.")
        format_ = FORMATS[name]
        how = How(format_.limit if limit == OWN_LIMIT else limit, _as_severe_as(fail_on))
        format_.write(self, stream, how)


def _as_severe_as(at: str) -> tuple[str, ...]:
    """Give the severities that are as severe as one, or more; none for "never"."""
    if at != "never" and at not in SEVERITY_ORDER:
        advice = f"Use one of: {', '.join((*SEVERITY_ORDER, 'never'))}."
        raise ParameterError(f"there is no severity {at!r}", advice=advice)
    return () if at == "never" else SEVERITY_ORDER[: SEVERITY_ORDER.index(at) + 1]


def _group(code: str, severity: str, start: int, members: Iterator[Finding]) -> Group:
    """Count the members; those of one focus node stand together, so no set of nodes is needed."""
    total = known = nodes = 0
    last: object = None
    messages: set[str] = set()
    paths: set[Path] = set()
    for finding in members:
        total += 1
        if finding.path is not None:
            paths.add(finding.path)
        if finding.known:
            known += 1
            continue
        nodes += finding.focus != last
        last = finding.focus
        if len(messages) < 2:
            messages.add(finding.message)
    message = messages.pop() if len(messages) == 1 else ""
    return Group(code, severity, start, total, known, nodes, message, frozenset(paths))
