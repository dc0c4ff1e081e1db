"""Literals by value: what is well-formed, and what is smaller, as pySHACL judges it through rdflib."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from esco_graph.terms import RDF, RDFS, XSD, from_ox
from esco_graph.validation.finding import Term

if TYPE_CHECKING:
    import rdflib

# Lexical forms that are sure to be well-formed, so that the slow way is left to the others.
_DATE = r"[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])"
_SURE = {
    XSD + "integer": re.compile(r"[+-]?[0-9]{1,18}"),
    XSD + "boolean": re.compile("true|false"),
    XSD + "date": re.compile(_DATE, re.ASCII),
    XSD + "dateTime": re.compile(_DATE + r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?Z?", re.ASCII),
}
_TAGGED = RDF + "langString"
_PLAIN = (XSD + "string", _TAGGED)
_TYPES: dict[str, Any] = {
    XSD + "integer": int,
    XSD + "float": float,
    XSD + "decimal": Decimal,
    XSD + "boolean": bool,
    XSD + "date": date,
    XSD + "time": time,
    XSD + "dateTime": datetime,
}


def has_datatype(term: Term, datatype: str) -> bool:
    """Say whether a term is a well-formed literal of a datatype (SHACL, section 4.1.2).

    >>> number = ox.Literal("one", datatype=ox.NamedNode(XSD + "integer"))
    >>> has_datatype(number, XSD + "integer"), has_datatype(ox.Literal(1), XSD + "integer")
    (False, True)
    """
    if not isinstance(term, ox.Literal):
        return False
    if datatype == _TAGGED:
        return term.language is not None
    own = term.datatype.value
    if own != datatype:
        return datatype == RDFS + "Literal" or (datatype == RDFS + "Datatype" and own not in _PLAIN)
    sure = _SURE.get(datatype)
    return datatype in _PLAIN or (sure is not None and sure.fullmatch(term.value) is not None) or _is_well_formed(term)


@lru_cache(maxsize=4096)
def _is_well_formed(term: ox.Literal) -> bool:
    literal = _literal(term)
    wanted = _TYPES.get(term.datatype.value)
    return literal.ill_typed is not True and (wanted is None or isinstance(literal.value, wanted))


@lru_cache(maxsize=4096)
def _literal(term: ox.Literal) -> rdflib.Literal:
    literal: rdflib.Literal = from_ox(term)  # type: ignore[assignment]
    return literal


def compared(term: Term, limit: ox.Literal) -> int | None:
    """Compare a term with a literal: -1, 0 or 1, None when they cannot be compared.

    >>> compared(ox.Literal(2), ox.Literal(1.5)), compared(ox.Literal("2"), ox.Literal(1))
    (1, None)
    """
    if not isinstance(term, ox.Literal):
        return None
    one, other = _literal(term), _literal(limit)
    if isinstance(one.value, str) != isinstance(other.value, str):
        return None
    try:
        if one.eq(other):
            return 0
        if type(one.value) in (datetime, time):  # rdflib would put those of no time zone somewhere
            return 0 if one.value == other.value else 1 if one.value > other.value else -1
        return 1 if one > other else -1
    except (TypeError, NotImplementedError, ArithmeticError):  # ArithmeticError: a decimal beside NaN
        return None


def is_less(term: Term, other: Term, *, or_equal: bool) -> bool:
    """Say whether a value is less than another as pySHACL takes sh:lessThan; IRIs compare as strings.

    A blank node, at which pySHACL stops, is less than nothing.

    >>> is_less(ox.Literal(1), ox.Literal(2), or_equal=False), is_less(ox.Literal(1), ox.Literal("2"), or_equal=True)
    (True, False)
    """
    if isinstance(term, ox.BlankNode) or isinstance(other, ox.BlankNode):
        return False
    one, two = _comparable(term), _comparable(other)
    if (type(one) is str) != (type(two) is str):
        return False
    try:
        return bool(one <= two if or_equal else one < two)
    except TypeError:
        return False


def _comparable(term: ox.NamedNode | ox.Literal) -> Any:
    """Give a string for what pySHACL compares as a string, else the literal of rdflib, which is a str as well."""
    if isinstance(term, ox.NamedNode):
        return term.value
    literal = _literal(term)
    return str(literal.value) if isinstance(literal.value, str) else literal
