"""The rules of validation, for people and programs: all in a table, or one in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from esco_graph.cli.output import ROW_FORMATS, heading, print_json, say, show_rows

if TYPE_CHECKING:
    from esco_graph.validation.policy import Policy
    from esco_graph.validation.shapes import Rule, Shapes

_COLUMNS = ("code", "severity", "what it says", "declared", "fix", "see")


def list_rules(shapes: Iterable[Path], policy: Policy, format_: str | None) -> None:
    """Print a table of all rules: code, severity by the policy, message; JSON and CSV say more."""
    rows = [
        [code, policy.severity(code, rule.severity), rule.message, rule.severity, _fix(code), rule.see_also]
        for code, rule in _all_rules(tuple(shapes)).items()
    ]
    if format_ in (None, "text"):
        show_rows(_COLUMNS[:3], [row[:3] for row in rows], "table")
    elif format_ in ROW_FORMATS:
        show_rows(_COLUMNS, rows, format_)
    else:
        raise click.UsageError("--list has the formats text, json and csv.")


def explain_rule(code: str, shapes: Iterable[Path], policy: Policy, format_: str | None) -> None:
    """Print one rule in full; raises ParameterError with the nearest code when there is none of this name."""
    from esco_graph.validation.policy import unknown_code

    rules = _all_rules(tuple(shapes))
    rule = rules.get(code) or rules.get(code.upper())
    if rule is None:
        raise unknown_code(code, rules)
    about = {name: text for name, text in _about(rule, tuple(shapes), policy) if text}
    if format_ == "json":
        print_json(about)
    elif format_ in (None, "text"):
        heading(f"{rule.code}: {about.pop('severity')}")
        for name, text in about.items():
            if name != "code":
                say(f"{name.capitalize() + ':':<12}{text}")
    else:
        raise click.UsageError("--explain has the formats text and json.")


def _all_rules(shapes: tuple[Path, ...]) -> dict[str, Rule]:
    from esco_graph.validation.checks import checks
    from esco_graph.validation.shapes import load_shapes

    return dict(sorted({**checks(), **load_shapes(shapes).rules}.items()))


def _about(rule: Rule, shapes: tuple[Path, ...], policy: Policy) -> Iterator[tuple[str, str]]:
    from esco_graph.validation.checks import Check
    from esco_graph.validation.shapes import load_shapes

    severity = policy.severity(rule.code, rule.severity)
    yield "code", rule.code
    yield "severity", severity
    yield "declared", rule.severity if severity != rule.severity else ""
    yield "policy", policy.name if severity != rule.severity else ""
    yield "says", rule.message
    yield "checked on", ", ".join(_targets(rule, load_shapes(shapes)))
    yield "query", str(rule.path) if isinstance(rule, Check) else ""
    yield "fix", _fix(rule.code)
    yield "shape", rule.shape
    yield "see", rule.see_also


def _targets(rule: Rule, shapes: Shapes) -> list[str]:
    """Say on which nodes a rule is checked, as its shapes do."""
    import rdflib

    from esco_graph.terms import SH, compress

    words = {
        "targetClass": "each {}",
        "targetSubjectsOf": "what has {}",
        "targetObjectsOf": "the values of {}",
        "targetNode": "{}",
    }
    found = {
        words[name].format(compress(str(value)))
        for root in rule.roots
        for name in words
        for value in shapes.graph.objects(root, rdflib.URIRef(SH + name))
    }
    queries = any(next(shapes.graph.objects(root, rdflib.URIRef(SH + "target")), None) for root in rule.roots)
    return sorted(found) + ["what a query selects"] * queries


def _fix(code: str) -> str:
    """Say what --fix does about a code; "" when it does nothing."""
    from esco_graph.validation.repair import fixes

    fix = fixes().get(code)
    return fix.summary if fix else ""
