"""The rules of validation, for people and programs: all in a table, or one in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from esco_graph.cli.output import ROW_FORMATS, heading, print_json, say, show_rows
from esco_graph.sources.report import CODES, REMARKS

if TYPE_CHECKING:
    from esco_graph.validation.policy import Policy
    from esco_graph.validation.shapes import Rule, Shapes

_COLUMNS = ("code", "severity", "what it says", "declared", "fix", "see")


def list_rules(shapes: Iterable[Path], policy: Policy, format_: str | None) -> None:
    """Print a table of all rules: code, severity by the policy, fix, message; JSON and CSV say more."""
    rows = [
        [code, policy.severity(code, rule.severity), rule.message, rule.severity, _fix(code), rule.see_also]
        for code, rule in _all_rules(tuple(shapes)).items()
    ]
    if format_ in (None, "text"):
        short = [[code, severity, "yes" if fix else "", says] for code, severity, says, _, fix, _ in rows]
        show_rows(("code", "severity", "fix", "what it says"), short, "table")
        found = ", ".join(sorted(set(CODES.values()) - {row[0] for row in rows}))
        say(f"What --fix does, and all else about a rule: --explain CODE. Found on import only: {found}.")
    elif format_ in ROW_FORMATS:
        show_rows(_COLUMNS, rows, format_)
    else:
        raise click.UsageError("--list has the formats text, json and csv.")


def explain_rule(code: str, shapes: Iterable[Path], policy: Policy, format_: str | None) -> None:
    """Print one rule, or what the import does about a fault, in full.

    Raises ParameterError with the nearest code when there is none of this name.
    """
    from esco_graph.validation.policy import find_code

    rules = _all_rules(tuple(shapes))
    only = code.upper() if code not in rules and code.upper() in CODES.values() else ""
    if only and only not in rules:
        said = iter([("code", only), ("severity", "found on import"), ("on import", _on_import(only))])
    else:
        said = _about(rules[find_code(code, rules)], tuple(shapes), policy)
    about = {name: text for name, text in said if text}
    if format_ == "json":
        print_json(about)
    elif format_ in (None, "text"):
        heading(f"{about['code']}: {about.pop('severity')}")
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
    yield "on import", _on_import(rule.code)
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


def _on_import(code: str) -> str:
    """Say what a build does about what it finds in the files under a code; "" when it looks for no such thing."""
    done = (REMARKS[remark] for remark, own in CODES.items() if own == code)
    return "; ".join(f"{action}: {meaning}" for action, meaning in done)
