"""From the findings of an engine to a report: labels, policy, places and known ones, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeGuard

import pyoxigraph as ox

from esco_graph.graph import Graph
from esco_graph.validation.finding import Finding
from esco_graph.validation.names import labels_of
from esco_graph.validation.report import Report
from esco_graph.validation.spool import in_order

if TYPE_CHECKING:
    from esco_graph.validation.shapes import Rule

BATCH = 5_000  # findings whose labels are read together
_KEPT = 50_000  # labels that are kept from one batch to the next


class Policy(Protocol):
    """What says how severe a rule counts; `name` is where it is from, for the report."""

    @property
    def name(self) -> str:
        """Name of the profile or file."""

    def severity(self, code: str, declared: str) -> str:
        """Give violation, warning, info or off for a rule whose shape declares one of the first three."""


class Baseline(Protocol):
    """What knows findings of an earlier run."""

    def knows(self, finding: Finding) -> bool:
        """Say whether the finding is known; asked once for each, in the order of the report."""


class Positions(Protocol):
    """What knows where the data came from."""

    def of(self, finding: Finding) -> str:
        """Give `file:line`, or "" when it cannot be told."""


def collect(
    graph: Graph,
    findings: Iterable[Finding],
    rules: Mapping[str, Rule],
    checked: Mapping[str, int],
    *,
    engine: str = "",
    policy: Policy | None = None,
    baseline: Baseline | None = None,
    positions: Positions | None = None,
    title: str = "",
) -> Report:
    """Make a report of findings that come in any order, however many; at most some 25,000 are in memory at once.

    `rules` are those that were run, by code, and `checked` says how many nodes each looked at. `graph`, a local one, is
    read for labels. `title` names what was checked, for people. The severity is the policy's; findings that it switches
    off are counted in `off` and left out. Errors of the engine pass through.

    >>> finding = Finding("ESG101", "violation", "No label. Add one.", ox.NamedNode("http://example.org/1"))
    >>> report = collect(Graph.memory(), [finding], {}, {"ESG101": 10}, engine="fast")
    >>> report.checked, len(report.findings)
    ({'ESG101': (10, 1)}, 1)
    """
    keep = _Intake(graph, policy, positions)
    ordered = in_order(keep.pass_on(findings), baseline.knows if baseline else None)
    found = keep.found
    codes = sorted(rules.keys() | checked.keys() | found.keys())
    levels = {code: keep.level(code, rule.severity) for code, rule in rules.items()}
    return Report(
        findings=ordered,
        checked={code: (checked.get(code, 0), found[code]) for code in codes},
        rules={code: replace(rule, severity=_on(levels[code], rule)) for code, rule in sorted(rules.items())},
        engine=engine,
        off={code: keep.off[code] for code in codes if code in keep.off or levels.get(code) == "off"},
        policy=policy.name if policy else "",
        baseline=baseline is not None,
        title=title,
    )


def _on(level: str, rule: Rule) -> str:
    """Give the severity of a rule; one that is switched off keeps its own."""
    return rule.severity if level == "off" else level


@dataclass
class _Intake:
    graph: Graph
    policy: Policy | None
    positions: Positions | None
    found: Counter[str] = field(default_factory=Counter)
    off: Counter[str] = field(default_factory=Counter)
    labels: dict[str, str] = field(default_factory=dict)

    def level(self, code: str, declared: str) -> str:
        return self.policy.severity(code, declared) if self.policy else declared

    def pass_on(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        source = iter(findings)
        while batch := list(islice(source, BATCH)):
            self.found.update(finding.code for finding in batch)
            levels = [self.level(finding.code, finding.severity) for finding in batch]
            self.off.update(one.code for one, level in zip(batch, levels, strict=True) if level == "off")
            kept = [(one, level) for one, level in zip(batch, levels, strict=True) if level != "off"]
            self._learn({term.value for one, _ in kept for term in (one.focus, one.value) if _is_iri(term)})
            yield from (self._told(one, level) for one, level in kept)

    def _learn(self, iris: Collection[str]) -> None:
        if len(self.labels) > _KEPT:
            self.labels.clear()
        missing = [iri for iri in iris if iri not in self.labels]
        self.labels |= dict.fromkeys(missing, "") | labels_of(self.graph, missing)

    def _told(self, finding: Finding, level: str) -> Finding:
        return replace(
            finding,
            severity=level,
            focus_label=self._label(finding.focus),
            value_label=self._label(finding.value),
            position=self.positions.of(finding) if self.positions else finding.position,
        )

    def _label(self, term: object) -> str:
        return self.labels.get(term.value, "") if isinstance(term, ox.NamedNode) else ""


def _is_iri(term: object) -> TypeGuard[ox.NamedNode]:
    return isinstance(term, ox.NamedNode)
