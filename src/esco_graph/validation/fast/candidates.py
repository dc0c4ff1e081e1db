"""One query for each kind of constraint that finds what may violate it, without a look at the targets.

Scans and hash operations on the store's numbers for terms cost a tenth of a lookup: a query finds few candidates among
many statements, and the few are then held to the targets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import pyoxigraph as ox

from esco_graph.validation.fast import set_tests, value_tests
from esco_graph.validation.fast.data import SUBCLASS, TYPE, Data, path_pattern, path_sparql
from esco_graph.validation.fast.focus import Focus
from esco_graph.validation.fast.model import Constraint, Shape, ValueTest
from esco_graph.validation.paths import Path

_SOME = 30_000  # rows that are counted to see which of two scans is the shorter


class Candidates(NamedTuple):
    """A query for ?this, and ?value where `valued`; `exact`: each row is a violation; `targets`: of a focus node."""

    query: str
    valued: bool = False
    exact: bool = False
    targets: bool = False


class _Asked(NamedTuple):
    """What a query is written for."""

    data: Data
    path: Path
    constraint: Any
    focus: Focus

    @property
    def values(self) -> str:
        """The path as a pattern."""
        return path_pattern(self.path, "?this", "?value")


def candidates(data: Data, shape: Shape, constraint: Constraint, focus: Focus) -> Candidates | None:
    """Write the query for a constraint; None when there is none, and each focus node or value has to be looked at."""
    if shape.path is None and isinstance(constraint, set_tests.Disjoint):
        itself = f"SELECT DISTINCT ?this {{ ?this {ox.NamedNode(constraint.other)} ?this }}"
        return Candidates(itself)
    find = _QUERIES.get(type(constraint))
    if find is None or shape.path is None or not is_finite(shape.path):
        return None
    return find(_Asked(data, shape.path, constraint, focus))


def is_finite(path: Path) -> bool:
    """Say whether a path repeats nothing: SPARQL then gives all its pairs by joins of scans."""
    return path.kind in ("iri", "inversePath", "sequence", "alternativePath") and all(map(is_finite, path.parts))


def keeps_its_form(term: Any) -> bool:
    """Say whether a term comes back from a store as it is: Oxigraph keeps numbers and times by value."""
    if isinstance(term, ox.BlankNode):
        return False
    name, store = ox.NamedNode("urn:a"), ox.Store()
    store.add(ox.Quad(name, name, term))
    return bool(next(iter(store)).object == term)


def _min_count(asked: _Asked) -> Candidates | None:
    enough = asked.values
    if asked.constraint.count > 1:
        having = f"HAVING(COUNT(DISTINCT ?value) >= {asked.constraint.count})"
        return _without(asked.focus, [f"{{ SELECT ?this {{ {enough} }} GROUP BY ?this {having} }}"])
    parts = asked.path.parts if asked.path.kind == "alternativePath" else (asked.path,)
    return _without(asked.focus, [path_pattern(part, "?this", "?value") for part in parts])


def _has_value(asked: _Asked) -> Candidates | None:
    if not keeps_its_form(asked.constraint.value):
        return None
    return _without(asked.focus, [f"?this {path_sparql(asked.path)} {asked.constraint.value}"])


def _without(focus: Focus, patterns: Iterable[str]) -> Candidates | None:
    """Take from the focus nodes those for which one of some patterns holds."""
    found = focus.pattern()
    if found is None:
        return None
    minus = " ".join(f"MINUS {{ {pattern} }}" for pattern in patterns)
    query = f"{found[0]}SELECT DISTINCT ?this {{ {found[1]} {minus} }}"
    return Candidates(query, exact=True, targets=focus.sure)


def _max_count(asked: _Asked) -> Candidates:
    values = asked.values
    if asked.constraint.count == 0:
        return Candidates(f"SELECT DISTINCT ?this {{ {values} }}", exact=True)
    return _within(
        asked.focus, f"SELECT ?this {{ {values} }} GROUP BY ?this HAVING(COUNT(*) > {asked.constraint.count})"
    )


def _within(focus: Focus, select: str) -> Candidates:
    """Leave those of a query that are focus nodes, as far as SPARQL can name these."""
    found = focus.pattern()
    if found is None:
        return Candidates(select)
    query = f"{found[0]}SELECT DISTINCT ?this {{ {{ {select} }} {{ {found[1]} }} }}"
    return Candidates(query, targets=focus.sure)


def _unique_lang(asked: _Asked) -> Candidates:
    """Read languages only of those that have several values: for most releases nobody."""
    several = f"{{ SELECT ?this {{ {asked.values} }} GROUP BY ?this HAVING(COUNT(*) > 1) }}"
    having = "GROUP BY ?this (LANG(?value)) HAVING(COUNT(*) > 1)"
    return Candidates(f"SELECT DISTINCT ?this {{ {several} {_joined(asked.values)} }} {having}")


def _class(asked: _Asked) -> Candidates:
    values, instances = asked.values, instances_of(asked.data, asked.constraint.class_)
    query = f"SELECT DISTINCT ?this ?value {{ {{ {values} }} MINUS {{ {instances} }} }}"
    return Candidates(query, valued=True, exact=True)


def instances_of(data: Data, class_: str) -> str:
    """Write the instances of a class as a pattern for ?value."""
    kind = ox.NamedNode(TYPE)
    alone = len(data.below(class_)) == 1
    return f"?value {kind if alone else f'{kind}/{ox.NamedNode(SUBCLASS)}*'} {ox.NamedNode(class_)}"


def _logical(asked: _Asked) -> Candidates | None:
    """Find the instances of a class, or the IRIs, that sh:not forbids; what else it forbids is looked at by value."""
    test = value_tests.only_test(asked.constraint.shapes[0])
    sides = _forbidden(asked, test) if asked.constraint.component == "Not" else []
    if not sides:
        return None
    header, own = asked.focus.pattern() or ("", "")
    joined = _joined(*sides, *([own] if own else []))
    query = f"{header}SELECT DISTINCT ?this ?value {{ {joined} }}"
    return Candidates(query, valued=True, exact=True, targets=bool(own) and asked.focus.sure)


def _forbidden(asked: _Asked, test: ValueTest | None) -> list[str]:
    """Write the values that pass a test, as patterns to be joined; none where no query finds them."""
    if isinstance(test, value_tests.Class):
        return [asked.values, instances_of(asked.data, test.class_)]
    if isinstance(test, value_tests.In) and all(isinstance(member, ox.NamedNode) for member in test.members):
        return [f"VALUES ?value {{ {' '.join(sorted(map(str, test.members)))} }} {asked.values}"]
    return []


def _joined(*patterns: str) -> str:
    """Join scans by hash; two triple patterns side by side, Oxigraph would look up each row."""
    return " ".join(f"{{ SELECT * {{ {pattern} }} }}" for pattern in patterns)


def _disjoint(asked: _Asked) -> Candidates:
    """Find what has a value in common; times that are equal in different time zones are, so it is looked at again."""
    sides = [asked.path, Path("iri", asked.constraint.other)]
    sides.sort(key=lambda side: asked.data.rows(side, _SOME))  # Oxigraph keeps the first in memory
    joined = _joined(*(path_pattern(side, "?this", "?value") for side in sides))
    return Candidates(f"SELECT DISTINCT ?this {{ {joined} }}")


def _equals(asked: _Asked) -> Candidates:
    """Group the pairs of both sides, marking those of one: half the time of taking each side from the other."""
    other = f"?this {ox.NamedNode(asked.constraint.other)} ?value"
    pairs = f"{{ {{ {asked.values} }} BIND(1 AS ?own) }} UNION {{ {other} }}"
    having = "HAVING(COUNT(?own) = 0 || COUNT(?own) = COUNT(*))"
    return Candidates(f"SELECT ?this ?value {{ {pairs} }} GROUP BY ?this ?value {having}", valued=True, exact=True)


def _less_than(asked: _Asked) -> Candidates:
    other = f"?this {ox.NamedNode(asked.constraint.other)} ?other"
    return Candidates(f"SELECT DISTINCT ?this {{ {_joined(asked.values, other)} }}")


def _qualified(asked: _Asked) -> Candidates | None:
    if asked.constraint.least:
        return None
    most = asked.constraint.most or 0
    having = f" GROUP BY ?this HAVING(COUNT(DISTINCT ?value) > {most})" if asked.constraint.most is not None else ""
    return _within(asked.focus, f"SELECT {'' if having else 'DISTINCT '}?this {{ {asked.values} }}{having}")


_QUERIES: dict[type, Callable[[_Asked], Candidates | None]] = {
    set_tests.MinCount: _min_count,
    set_tests.MaxCount: _max_count,
    set_tests.HasValue: _has_value,
    set_tests.UniqueLang: _unique_lang,
    set_tests.Equals: _equals,
    set_tests.Disjoint: _disjoint,
    set_tests.LessThan: _less_than,
    set_tests.Qualified: _qualified,
    value_tests.Class: _class,
    value_tests.Logical: _logical,
}
