"""One finding of a validation: the rule, the node, where, and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from esco_graph.validation.blank_nodes import lasting_name
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
            _sorted_as(self.focus),
            path_text(self.path),
            _sorted_as(self.value),
            self.component,
            self.message,
        )

    def lasting(self) -> tuple[str, str, str, str]:
        """Give what tells the finding from others in the next run too: code, focus node, path and value, as text.

        Message and severity are no part of it. Of a blank node it keeps who leads to it and how (see `lasting_names`),
        but no number; labels are no part of it, as programs write them anew.

        >>> Finding("ESG101", "violation", "No label.", ox.BlankNode("b1"), value=ox.Literal("nurse")).lasting()
        ('ESG101', '_:', '', '"nurse"')
        >>> Finding("ESG101", "violation", "No label.", ox.BlankNode("anna.holds.2")).lasting()
        ('ESG101', '_:anna.holds', '', '')
        """
        terms = (self.focus, self.value)
        focus, value = (f"_:{lasting_name(one.value)}" if isinstance(one, ox.BlankNode) else str(one) for one in terms)
        return self.code, focus, path_text(self.path), "" if self.value is None else value

    def as_dict(self) -> dict[str, str | bool | None]:
        """Give the finding as plain values; IRIs in full, literals as N-Triples write them, None for what there is not.

        >>> finding = Finding("ESG101", "violation", "No label.", ox.NamedNode("http://example.org/1"))
        >>> sorted(name for name, value in finding.as_dict().items() if value is not None)
        ['code', 'component', 'focus', 'known', 'message', 'severity']
        """
        return {
            "code": self.code,
            "component": self.component,
            "focus": plain(self.focus),
            "focus_label": self.focus_label or None,
            "known": self.known,
            "message": self.message,
            "path": None if self.path is None else path_text(self.path),
            "position": self.position or None,
            "see_also": self.see_also or None,
            "severity": self.severity,
            "shape": self.shape or None,
            "value": None if self.value is None else plain(self.value),
            "value_label": self.value_label or None,
        }


def _sorted_as(term: Term | None) -> str:
    """Write a term so that `_:holds.10` comes after `_:holds.2`, as in the file; no two terms are written alike."""
    text = str(term)
    if isinstance(term, ox.BlankNode):
        return f"{re.sub('[0-9]+', lambda digits: digits[0].zfill(9), text)} {text}"
    return text


@lru_cache(maxsize=1024)
def path_text(path: Path | None) -> str:
    """Write a path as SPARQL does, "" for none; kept, since a report has few paths and many findings.

    >>> path_text(Path("iri", "http://www.w3.org/2004/02/skos/core#prefLabel"))
    'skos:prefLabel'
    """
    return "" if path is None else str(path)


def plain(term: Term) -> str:
    """Give an IRI in full, and any other term as N-Triples write it.

    >>> plain(ox.NamedNode("http://example.org/1")), plain(ox.Literal("nurse", language="en"))
    ('http://example.org/1', '"nurse"@en')
    """
    return term.value if isinstance(term, ox.NamedNode) else str(term)
