"""One query for each kind of constraint that finds what may violate it, without a look at the targets.

Scans and hash operations on the store's numbers for terms cost a tenth of a lookup: a query finds few candidates among
many statements, and the few are then held to the targets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pyoxigraph as ox

from esco_graph.validation.fast import set_tests, value_tests
from esco_graph.validation.fast.data import SUBCLASS, TYPE, Data, path_sparql
from esco_graph.validation.fast.focus import Focus
from esco_graph.validation.fast.model import Constraint, Shape
from esco_graph.validation.paths import Path


class Candidates(NamedTuple):
    """A query for ?this, and ?value where `valued`; `exact`: each row is a violation; `targets`: of a focus node."""

    query: str
    valued: bool = False
    exact: bool = False
    targets: bool = False


def candidates(data: Data, shape: Shape, constraint: Constraint, focus: Focus) -> Candidates | None:
    """Write the query for a constraint; None when there is none, and each focus node or value has to be looked at."""
    if shape.path is None and isinstance(constraint, set_tests.Disjoint):
        itself = f"SELECT DISTINCT ?this {{ ?this {ox.NamedNode(constraint.other)} ?this }}"
        return Candidates(itself)
    find = _QUERIES.get(type(constraint))
    if find is None or shape.path is None or not is_finite(shape.path):
        return None
    return find(data, path_sparql(shape.path), constraint, focus)


def is_finite(path: Path) -> bool:
    """Say whether a path repeats nothing: SPARQL then gives all its pairs by joins of scans."""
    return path.kind in ("iri", "inversePath", "sequence", "alternativePath") and all(map(is_finite, path.parts))


def keeps_its_form(term: Any) -> bool:
    """Say whether a term comes back from a store as it is: Oxigraph keeps numbers and times by value."""
    if isinstance(term, ox.BlankNode):
        return False
    name, store = ox.NamedNode("urn:a"), ox.Store()
    store.add(ox.Quad(name, name, term))
    return next(quad.object for quad in store) == term


def _min_count(data: Data, path: str, constraint: set_tests.MinCount, focus: Focus) -> Candidates | None:
    if constraint.count == 0:
        return Candidates("SELECT ?this { VALUES ?this { } }", exact=True)
    enough = f"?this {path} ?value"
    if constraint.count > 1:
        enough = (
            f"{{ SELECT ?this {{ {enough} }} GROUP BY ?this HAVING(COUNT(DISTINCT ?value) >= {constraint.count}) }}"
        )
    return _without(focus, enough)


def _has_value(data: Data, path: str, constraint: set_tests.HasValue, focus: Focus) -> Candidates | None:
    return _without(focus, f"?this {path} {constraint.value}") if keeps_its_form(constraint.value) else None


def _without(focus: Focus, pattern: str) -> Candidates | None:
    """Take from the focus nodes those for which a pattern holds."""
    found = focus.pattern()
    if found is None:
        return None
    query = f"{found[0]}SELECT DISTINCT ?this {{ {found[1]} MINUS {{ {pattern} }} }}"
    return Candidates(query, exact=True, targets=focus.sure)


def _max_count(data: Data, path: str, constraint: set_tests.MaxCount, focus: Focus) -> Candidates:
    if constraint.count == 0:
        return Candidates(f"SELECT DISTINCT ?this {{ ?this {path} ?value }}", exact=True)
    having = f"GROUP BY ?this HAVING(COUNT(*) > {constraint.count})"
    return Candidates(f"SELECT ?this {{ ?this {path} ?value }} {having}")


def _unique_lang(data: Data, path: str, constraint: set_tests.UniqueLang, focus: Focus) -> Candidates:
    having = "GROUP BY ?this (LANG(?value)) HAVING(COUNT(*) > 1)"
    return Candidates(f"SELECT DISTINCT ?this {{ ?this {path} ?value }} {having}")


def _class(data: Data, path: str, constraint: value_tests.Class, focus: Focus) -> Candidates:
    instances = instances_of(data, constraint.class_)
    query = f"SELECT DISTINCT ?this ?value {{ ?this {path} ?value MINUS {{ {instances} }} }}"
    return Candidates(query, valued=True, exact=True)


def instances_of(data: Data, class_: str) -> str:
    """Write the instances of a class as a pattern for ?value."""
    kind = ox.NamedNode(TYPE)
    alone = len(data.below(class_)) == 1
    return f"?value {kind if alone else f'{kind}/{ox.NamedNode(SUBCLASS)}*'} {ox.NamedNode(class_)}"


def _logical(data: Data, path: str, constraint: value_tests.Logical, focus: Focus) -> Candidates | None:
    """Find the instances of a class that sh:not forbids; what else sh:not and the like forbid is looked at by value."""
    test = value_tests.only_test(constraint.shapes[0])
    if constraint.component != "Not" or not isinstance(test, value_tests.Class):
        return None
    instances = f"{{ SELECT DISTINCT ?value {{ {instances_of(data, test.class_)} }} }}"
    return Candidates(f"SELECT DISTINCT ?this ?value {{ ?this {path} ?value . {instances} }}", valued=True, exact=True)


def _disjoint(data: Data, path: str, constraint: set_tests.Disjoint, focus: Focus) -> Candidates:
    """Join two scans by hash; written as two triple patterns, Oxigraph would look up each value.

    Times that are equal by value in different time zones are joined as well: each candidate is looked at again.
    """
    sides = (f"{{ SELECT ?this ?value {{ ?this {one} ?value }} }}" for one in (path, ox.NamedNode(constraint.other)))
    return Candidates(f"SELECT DISTINCT ?this {{ {' '.join(sides)} }}")


def _equals(data: Data, path: str, constraint: set_tests.Equals, focus: Focus) -> Candidates:
    one, other = f"?this {path} ?value", f"?this {ox.NamedNode(constraint.other)} ?value"
    sides = f"{{ {one} MINUS {{ {other} }} }} UNION {{ {other} MINUS {{ {one} }} }}"
    return Candidates(f"SELECT DISTINCT ?this ?value {{ {sides} }}", valued=True, exact=True)


def _less_than(data: Data, path: str, constraint: set_tests.LessThan, focus: Focus) -> Candidates:
    return Candidates(f"SELECT DISTINCT ?this {{ ?this {ox.NamedNode(constraint.other)} ?other ; {path} ?value }}")


def _qualified(data: Data, path: str, constraint: set_tests.Qualified, focus: Focus) -> Candidates | None:
    return None if constraint.least else Candidates(f"SELECT DISTINCT ?this {{ ?this {path} ?value }}")


_QUERIES: dict[type, Callable[[Data, str, Any, Focus], Candidates | None]] = {
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
