"""What a validation found: findings, and per rule how many nodes were checked; as text, JSON and Turtle."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

import pyoxigraph as ox

from esco_graph.errors import ParameterError
from esco_graph.terms import compress, prefixes
from esco_graph.validation.finding import SEVERITY_ORDER, Finding, Term

_PLURALS = {"violation": "violations", "warning": "warnings", "info": "notes"}
_SINGULARS = {"violation": "violation", "warning": "warning", "info": "note"}


@dataclass(frozen=True)
class Report:
    """All findings, sorted, and for each rule (code) how many nodes were checked and how many findings there are.

    >>> finding = Finding("ESG101", "violation", "No label. Add one.", ox.NamedNode("http://example.org/1"))
    >>> report = Report((finding,), {"ESG101": (10, 1), "ESG102": (10, 0)})
    >>> report.conforms, report.counts()
    (False, {'violation': 1, 'warning': 0, 'info': 0})
    >>> print(report.format("text"))
    1 violation in 1 of 2 rules.
    <BLANKLINE>
    ESG101 violation: 1 of 10 checked
      No label. Add one.
      - <http://example.org/1>
    <BLANKLINE>
    """

    findings: tuple[Finding, ...]
    checked: dict[str, tuple[int, int]]

    @property
    def conforms(self) -> bool:
        """True when there is no violation; warnings and notes do not count."""
        return not any(finding.severity == "violation" for finding in self.findings)

    def counts(self) -> dict[str, int]:
        """Count the findings of each severity."""
        return {name: sum(finding.severity == name for finding in self.findings) for name in SEVERITY_ORDER}

    def format(self, name: str = "text", *, limit: int | None = 5) -> str:
        """Write the report as `text`, `json` or `turtle`. Text shows `limit` findings per rule, None for all.

        The bytes depend on the findings alone. Raises ParameterError for an unknown format.
        """
        if name not in FORMATS:
            raise ParameterError(f"there is no report format {name!r}", advice=f"Use one of: {', '.join(FORMATS)}.")
        return FORMATS[name](self, limit)


# --- text ------------------------------------------------------------------------------------------------------------


def _text(report: Report, limit: int | None) -> str:
    lines = [_headline(report)]
    for code, group in groupby(report.findings, key=lambda finding: finding.code):
        lines += ["", *_group(code, list(group), report.checked.get(code, (0, 0))[0], limit)]
    idle = sum(nodes == 0 for nodes, _ in report.checked.values())
    if idle:
        lines += ["", f"{idle} of the rules had nothing to check."]
    return "\n".join(lines) + "\n"


def _headline(report: Report) -> str:
    counts = [_count(number, name) for name, number in report.counts().items() if number]
    rules = len(report.checked)
    if not counts:
        return f"Nothing found by {rules} rules."
    failed = len({finding.code for finding in report.findings})
    return f"{', '.join(counts)} in {failed} of {rules} rules."


def _count(number: int, severity: str) -> str:
    return f"{number:,} {(_SINGULARS if number == 1 else _PLURALS)[severity]}"


def _group(code: str, findings: list[Finding], nodes: int, limit: int | None) -> Iterator[str]:
    first = findings[0]
    yield f"{code} {first.severity}: {_share(findings, nodes)} checked"
    same = len({finding.message for finding in findings}) == 1
    if same:
        yield f"  {first.message}"
    for finding in findings[:limit]:
        yield f"  - {_line(finding)}" + ("" if same else f": {finding.message}")
    if limit is not None and len(findings) > limit:
        yield f"  … and {len(findings) - limit:,} more"


def _share(findings: list[Finding], nodes: int) -> str:
    """Say "n of m"; where a node has several findings, their number too."""
    wrong = len({finding.focus for finding in findings})
    several = f"{len(findings):,} findings on " if len(findings) != wrong else ""
    return f"{several}{wrong:,} of {nodes:,}"


def _line(finding: Finding) -> str:
    parts = [_named(finding.focus, finding.focus_label)]
    if finding.path is not None:
        parts.append(str(finding.path))
    if finding.value is not None and finding.value != finding.focus:
        parts.append(_named(finding.value, finding.value_label))
    return " · ".join(parts)


def _named(term: Term, label: str) -> str:
    short = compress(term.value) if isinstance(term, ox.NamedNode) else str(term)
    short = f"<{short}>" if isinstance(term, ox.NamedNode) and short == term.value else short
    return f"{label} ({short})" if label else short


# --- JSON ------------------------------------------------------------------------------------------------------------


def _json(report: Report, limit: int | None) -> str:  # noqa: ARG001 - one signature for all formats
    document = {
        "checked": {code: {"findings": found, "nodes": nodes} for code, (nodes, found) in report.checked.items()},
        "conforms": report.conforms,
        "counts": report.counts(),
        "findings": [finding.as_dict() for finding in report.findings],
    }
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


# --- Turtle ----------------------------------------------------------------------------------------------------------


def _turtle(report: Report, limit: int | None) -> str:  # noqa: ARG001 - one signature for all formats
    """Write an sh:ValidationReport (SHACL, section 3.6) by hand: blank nodes in brackets keep the bytes stable."""
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in prefixes().items())
    results = "".join(f" ;\n  sh:result {_result(finding)}" for finding in report.findings)
    return f"{head}\n[] a sh:ValidationReport ;\n  sh:conforms {str(not report.findings).lower()}{results} .\n"


def _result(finding: Finding) -> str:
    pairs = {
        "sh:focusNode": str(finding.focus),
        "sh:resultSeverity": f"sh:{finding.severity.capitalize()}",
        "sh:sourceConstraintComponent": f"<{finding.component}>",
        "sh:sourceShape": f"<{finding.shape}>" if finding.shape else "",
        "sh:resultPath": finding.path.turtle() if finding.path else "",
        "sh:value": str(finding.value) if finding.value is not None else "",
        "sh:resultMessage": str(ox.Literal(finding.message, language="en")) if finding.message else "",
        "esg:code": str(ox.Literal(finding.code)),
    }
    said = "".join(f" ;\n    {name} {value}" for name, value in pairs.items() if value)
    return f"[ a sh:ValidationResult{said} ]"


FORMATS: dict[str, Callable[[Report, int | None], str]] = {"text": _text, "json": _json, "turtle": _turtle}
