"""The report as JSON: stable, sorted keys, all findings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from esco_graph.validation.formats.words import How
    from esco_graph.validation.report import Report


def write(report: Report, stream: TextIO, how: How) -> None:  # noqa: ARG001 - for programs: all of them
    """Write one object, with a line for each finding; the keys of a finding are those of `Finding.as_dict`."""
    head = {
        "baseline": report.baseline,
        "checked": {code: {"findings": found, "nodes": nodes} for code, (nodes, found) in report.checked.items()},
        "conforms": report.conforms,
        "counts": report.counts(),
        "engine": report.engine,
    }
    tail = {
        "known": report.known,
        "off": dict(report.off),
        "policy": report.policy,
        "rules": {code: _rule(rule) for code, rule in report.rules.items()},
        "title": report.title,
    }
    stream.write(_dump(head).removesuffix("\n}") + ',\n  "findings": [')
    separator = "\n"
    for finding in report.findings:
        stream.write(f"{separator}    {json.dumps(finding.as_dict(), ensure_ascii=False, sort_keys=True)}")
        separator = ",\n"
    stream.write("],\n" if separator == "\n" else "\n  ],\n")
    stream.write(_dump(tail).removeprefix("{\n") + "\n")


def _rule(rule: Any) -> dict[str, str | None]:
    said = {"message": rule.message, "see_also": rule.see_also, "severity": rule.severity, "shape": rule.shape}
    return {name: value or None for name, value in said.items()}


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
