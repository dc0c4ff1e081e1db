"""Whole-graph rules: what no shape of one node can see, each as one set-based SELECT of `queries/checks/`.

The header of a file is YAML after `#+`: code, severity, summary, message, see_also, and `checked`, the pattern that
binds `?focus` to what the rule looks at; `needs: whole graph` says that the surroundings of a node are not enough. Each
SELECT has the columns `?focus ?path ?value`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from esco_graph.errors import QueryError
from esco_graph.graph import Graph
from esco_graph.resources import read_query, resource
from esco_graph.sparql import tokens
from esco_graph.terms import SH
from esco_graph.validation.finding import SEVERITY_ORDER, Finding
from esco_graph.validation.paths import Path as PropertyPath
from esco_graph.validation.shapes import Rule

CHECKS = "https://w3id.org/esco-graph/checks#"
COLUMNS = ("focus", "path", "value")
COMPONENT = SH + "SPARQLConstraintComponent"
"""What SHACL would call a rule that is a SELECT (SHACL, section 5)."""

_KEYS = ("code", "severity", "summary", "message", "see_also", "checked")


@dataclass(frozen=True)
class Check(Rule):
    """A rule over the whole graph: besides what every rule has, its name in a few words, its file and its SPARQL.

    `text` selects the findings, `looked_at` counts the nodes that were looked at, one column `n`, and `looked_at_nodes`
    lists them; `needs_all` says that the surroundings of a node do not tell. `roots` is empty: no shape targets
    anything.
    """

    summary: str
    path: Path
    text: str
    looked_at: str
    looked_at_nodes: str
    needs_all: bool

    @classmethod
    def read(cls, path: Path) -> Check:
        """Read and check one file; raises QueryError, with the file, for a wrong header, columns or SPARQL."""
        header, text = read_query(path)
        header = header if isinstance(header, dict) else {}
        needs_all = header.pop("needs", None) == "whole graph"
        wrong = set(_KEYS) ^ set(header)
        if wrong or not all(isinstance(value, str) and value.strip() for value in header.values()):
            names = ", ".join(sorted(map(str, wrong))) or "an empty one"
            raise QueryError(
                f"the header of a check is {', '.join(_KEYS)}, each with a text", where=f"{path.name}: {names}"
            )
        if header["severity"] not in SEVERITY_ORDER:
            advice = f"Use one of: {', '.join(SEVERITY_ORDER)}."
            raise QueryError(f"the severity is {header['severity']!r}", where=path.name, advice=advice)
        counting, listing = (_prologue(text) + form % header["checked"] for form in (_COUNT, _LIST))
        for query, columns in ((text, COLUMNS), (counting, ("n",)), (listing, ("focus",))):
            if columns_of(query, path.name) != columns:
                raise QueryError(f"the columns are not {', '.join(columns)}", where=path.name)
        return cls(
            code=header["code"],
            shape=CHECKS + path.stem,
            severity=header["severity"],
            message=" ".join(header["message"].split()),
            see_also=header["see_also"],
            roots=(),
            summary=header["summary"],
            path=path,
            text=text,
            looked_at=counting,
            looked_at_nodes=listing,
            needs_all=needs_all,
        )


_COUNT = "SELECT (COUNT(DISTINCT ?focus) AS ?n) WHERE { %s }"
_LIST = "SELECT DISTINCT ?focus WHERE { %s }"


@cache
def checks() -> dict[str, Check]:
    """Read all checks of `queries/checks/` by code, sorted; raises QueryError for a faulty file or a doubled code.

    >>> checks()["ESG161"].summary
    'Hierarchy cycle'
    """
    found: dict[str, Check] = {}
    for path in sorted(resource("queries/checks").glob("*.rq")):
        check = Check.read(path)
        if check.code in found:
            raise QueryError(
                f"two checks have the code {check.code}", where=f"{found[check.code].path.name}, {path.name}"
            )
        found[check.code] = check
    return dict(sorted(found.items()))


def run_checks(graph: Graph, nodes: Collection[str] | None = None) -> Iterator[Finding]:
    """Run every check over the union of all named graphs, code by code; findings come without labels.

    `nodes` (IRIs) limits the findings to these focus nodes; the rules see the whole graph all the same.

    >>> import rdflib
    >>> turtle = "<urn:a> a <http://www.w3.org/2004/02/skos/core#Concept> ."
    >>> [finding.code for finding in run_checks(Graph.from_rdflib(rdflib.Graph().parse(data=turtle)))]
    ['ESG164']
    """
    for check in checks().values():
        yield from run_check(check, graph, nodes)


def run_check(check: Check, graph: Graph, nodes: Collection[str] | None = None) -> Iterator[Finding]:
    """Run one check; errors of the graph pass through."""
    for focus, path, value in graph.select(check.text):
        if focus is None or isinstance(focus, ox.Triple):
            continue
        if nodes is not None and not (isinstance(focus, ox.NamedNode) and focus.value in nodes):
            continue
        yield Finding(
            code=check.code,
            severity=check.severity,
            message=check.message,
            focus=focus,
            path=PropertyPath("iri", path.value) if isinstance(path, ox.NamedNode) else None,
            value=None if isinstance(value, ox.Triple) else value,
            component=COMPONENT,
            shape=check.shape,
            see_also=check.see_also,
        )


def checked_by(check: Check, graph: Graph, nodes: Collection[str] | None = None) -> int:
    """Count the nodes that a check looked at, of these `nodes` (IRIs) or of all.

    >>> checked_by(checks()["ESG161"], Graph.memory())
    0
    """
    if nodes is None:
        count = next(iter(graph.select(check.looked_at)))[0]
        return int(count.value) if isinstance(count, ox.Literal) else 0
    found = (row[0] for row in graph.select(check.looked_at_nodes))
    return sum(1 for node in found if isinstance(node, ox.NamedNode) and node.value in nodes)


# --- reading ---------------------------------------------------------------------------------------------------------


def _prologue(text: str) -> str:
    """Give what stands before the SELECT: the prefixes."""
    start = next((token.start for token in tokens(text) if token.kind == "word" and token.text == "SELECT"), 0)
    return text[:start]


def columns_of(text: str, file: str) -> tuple[str, ...]:
    """Name the columns of a SELECT, none for another form; raises QueryError, with the file, when it does not parse."""
    try:
        answer = ox.Store().query(text)
    except SyntaxError as error:
        raise QueryError(f"the SPARQL does not parse: {error}", where=file) from error
    return tuple(name.value for name in answer.variables) if isinstance(answer, ox.QuerySolutions) else ()
