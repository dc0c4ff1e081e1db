"""The report as SARIF 2.1.0, for code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote

import pyoxigraph as ox

from esco_graph.validation.finding import Finding, plain
from esco_graph.validation.formats.words import NAMELESS, How, halves, is_web, name_of, place, severity_of, told

if TYPE_CHECKING:
    from esco_graph.validation.report import Report

LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def write(report: Report, stream: TextIO, how: How) -> None:  # noqa: ARG001 - for programs: all of them
    """Write one run: the rules, then a result per finding.

    With a baseline, each is new or unchanged (3.27.24); what it knows is suppressed as well (3.27.23), so that a viewer
    does not raise it again.
    """
    codes = sorted({*report.checked, *report.rules, *(group.code for group in report.groups)})
    rules = [_rule(report, code) for code in codes]
    index = {code: number for number, code in enumerate(codes)}
    driver = {"name": "esco-graph", "rules": rules}
    said = {"engine": report.engine, "policy": report.policy, "title": report.title}
    properties = {name: value for name, value in said.items() if value}
    stream.write(f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{{\n')
    stream.write(f'"tool": {_dump({"driver": driver})},\n"columnKind": "unicodeCodePoints",\n')
    stream.write(f'"properties": {_dump(properties)},\n"results": [')
    separator = "\n"
    for finding in report.findings:
        stream.write(separator + _dump(_result(report, finding, index[finding.code])))
        separator = ",\n"
    stream.write("\n]}]}\n")


def _rule(report: Report, code: str) -> dict[str, Any]:
    rule = report.rules.get(code)
    made: dict[str, Any] = {
        "id": code,
        "defaultConfiguration": {"enabled": code not in report.off, "level": LEVELS[severity_of(report, code)]},
    }
    name = name_of(rule)
    if name.name:
        made |= {"name": _pascal(name.name), "properties": {"tags": [name.concern]}}
    if rule and rule.message:
        made |= {"shortDescription": {"text": _message(halves(rule.message)[0])}}
        made |= {key: {"text": _message(rule.message)} for key in ("fullDescription", "help")}
    if rule and is_web(rule.see_also):
        made["helpUri"] = rule.see_also
    return made


def _result(report: Report, finding: Finding, index: int) -> dict[str, Any]:
    location: dict[str, Any] = {"logicalLocations": [_logical(finding)]}
    file, number = place(finding.position)
    if file:
        region = {"region": {"startLine": number}} if number else {}
        location["physicalLocation"] = {"artifactLocation": {"uri": _uri(file)}, **region}
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": _message(told(finding))},
        "locations": [location],
        "partialFingerprints": {"escoGraph/v1": _fingerprint(finding)},
    }
    if report.baseline:
        result["baselineState"] = "unchanged" if finding.known else "new"
    if finding.known:
        result["suppressions"] = [{"kind": "external", "justification": "baseline"}]
    return result


def _logical(finding: Finding) -> dict[str, str]:
    """Name the node; a blank node has a name for the length of one run only, which is left out."""
    if isinstance(finding.focus, ox.BlankNode):
        return {"name": finding.focus_label or NAMELESS, "kind": "resource"}
    said = {"fullyQualifiedName": plain(finding.focus), "kind": "resource"}
    return {"name": finding.focus_label, **said} if finding.focus_label else said


def _message(text: str) -> str:
    """Write plain text: braces would be placeholders (3.11.5), brackets before a parenthesis a link (3.11.6)."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _fingerprint(finding: Finding) -> str:
    """Tell a finding from others over time."""
    return hashlib.sha256(json.dumps(finding.lasting()).encode()).hexdigest()[:32]


def _uri(file: str) -> str:
    path = file.replace("\\", "/")
    if re.match(r"[A-Za-z]:/", path):
        path = f"/{path}"
    return ("file://" if path.startswith("/") else "") + quote(path, safe="/:" if path.startswith("/") else "/")


def _pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
