"""One finding of a validation: the rule, the node, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from esco_graph.validation.paths import Path

Term = ox.NamedNode | ox.BlankNode | ox.Literal

SEVERITY_ORDER = ("violation", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: the rule, the node, where, and what to do (in `message`).

    `severity` is violation, warning or info; `path` and `value` are None where the rule names none; labels are "" where
    there are none; `shape` is the IRI of the shape and `see_also` that of the clause behind it. `position` is file:line
    where the data came from a file, else ""; `known` says that a baseline names the finding already.
    """

    code: str
    severity: str
    message: str
    focus: Term
    focus_label: str = ""
    path: Path | None = None
    value: Term | None = None
    value_label: str = ""
    component: str = ""
    shape: str = ""
    see_also: str = ""
    position: str = ""
    known: bool = False

    def order(self) -> tuple[Any, ...]:
        """Sort by severity, code, label, and then by everything else that a reader sees."""
        rank = SEVERITY_ORDER.index(self.severity)
        return (
            rank,
            self.code,
            self.focus_label.casefold(),
            str(self.focus),
            str(self.path),
            str(self.value),
            self.component,
            self.message,
        )

    def as_dict(self) -> dict[str, str | None]:
        """Give the finding as plain strings; IRIs in full, literals as N-Triples write them."""
        return {
            "code": self.code,
            "component": self.component,
            "focus": _plain(self.focus),
            "focus_label": self.focus_label or None,
            "message": self.message,
            "path": None if self.path is None else str(self.path),
            "see_also": self.see_also or None,
            "severity": self.severity,
            "shape": self.shape or None,
            "value": None if self.value is None else _plain(self.value),
            "value_label": self.value_label or None,
        }


def _plain(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)
