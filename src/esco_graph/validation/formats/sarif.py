"""The report as SARIF 2.1.0, for code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote

from esco_graph.validation.finding import Finding, plain
from esco_graph.validation.formats.words import halves, is_web, line, name_of, place, severity_of

if TYPE_CHECKING:
    from esco_graph.validation.report import Report

LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def write(report: Report, stream: TextIO, limit: int | None) -> None:  # noqa: ARG001 - for programs: all of them
    """Write one run: the rules, then a result per finding; with a baseline, each is new or unchanged (3.27.24)."""
    codes = sorted({*report.checked, *report.rules, *(group.code for group in report.groups)})
    rules = [_rule(report, code) for code in codes]
    index = {code: number for number, code in enumerate(codes)}
    driver = {"name": "esco-graph", "rules": rules}
    stream.write(f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{{\n')
    stream.write(f'"tool": {_dump({"driver": driver})},\n"columnKind": "unicodeCodePoints",\n"results": [')
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
    logical = {"fullyQualifiedName": plain(finding.focus), "kind": "resource"}
    location: dict[str, Any] = {
        "logicalLocations": [{"name": finding.focus_label, **logical} if finding.focus_label else logical]
    }
    file, number = place(finding.position)
    if file:
        region = {"region": {"startLine": number}} if number else {}
        location["physicalLocation"] = {"artifactLocation": {"uri": _uri(file)}, **region}
    result = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": _message(f"{finding.message} {line(finding)}")},
        "locations": [location],
        "partialFingerprints": {"escoGraph/v1": _fingerprint(finding)},
    }
    return result | {"baselineState": "unchanged" if finding.known else "new"} if report.baseline else result


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
