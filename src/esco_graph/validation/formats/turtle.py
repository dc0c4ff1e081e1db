"""The report as SHACL writes it: an sh:ValidationReport in Turtle (SHACL, section 3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

import pyoxigraph as ox

from esco_graph.terms import prefixes
from esco_graph.validation.formats.words import How, heading, how_checked

if TYPE_CHECKING:
    from esco_graph.validation.finding import Finding
    from esco_graph.validation.paths import Path
    from esco_graph.validation.report import Report


def write(report: Report, stream: TextIO, how: How) -> None:  # noqa: ARG001 - for programs: all of them
    """Write all findings, the known ones too; `sh:conforms` is true only when there is none of any severity.

    It is written by hand: blank nodes in brackets keep the bytes stable.
    """
    used = {"sh"} | ({"esg"} if report.findings else set())
    used = used.union(*(_prefixes(path) for group in report.groups for path in group.paths))
    stream.writelines(f"@prefix {name}: <{space}> .\n" for name, space in prefixes().items() if name in used)
    stream.write(f"\n# {' '.join([f'{heading(report)}.', *how_checked(report).split()])}")
    stream.write(f"\n[] a sh:ValidationReport ;\n  sh:conforms {str(not report.findings).lower()}")
    stream.writelines(f" ;\n  sh:result {_result(finding)}" for finding in report.findings)
    stream.write(" .\n")


def _prefixes(path: Path) -> set[str]:
    """Name the prefixes that a path is written with in Turtle."""
    if path.kind == "iri":
        text = path.turtle()
        return set() if text.startswith("<") else {text.partition(":")[0]}
    return set().union(*map(_prefixes, path.parts))


def _result(finding: Finding) -> str:
    pairs = {
        "sh:focusNode": str(finding.focus),
        "sh:resultSeverity": f"sh:{finding.severity.capitalize()}",
        "sh:sourceConstraintComponent": f"<{finding.component}>" if finding.component else "",
        "sh:sourceShape": f"<{finding.shape}>" if finding.shape else "",
        "sh:resultPath": finding.path.turtle() if finding.path else "",
        "sh:value": str(finding.value) if finding.value is not None else "",
        "sh:resultMessage": str(ox.Literal(finding.message, language="en")) if finding.message else "",
        "esg:code": str(ox.Literal(finding.code)),
    }
    said = "".join(f" ;\n    {name} {value}" for name, value in pairs.items() if value)
    return f"[ a sh:ValidationResult{said} ]"
