"""Typed parameters of stored queries: a value from anywhere is checked, then written as a SPARQL term."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from esco_graph.errors import ParameterError, QueryError
from esco_graph.sparql import shown, write_boolean, write_decimal, write_integer, write_iri, write_string
from esco_graph.terms import expand, is_curie, is_lang

_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})")
_WORDS = {"true": True, "false": False}
_KEYS = frozenset({"type", "class", "required", "default", "minimum", "maximum", "values", "description"})


@dataclass(frozen=True)
class Parameter:
    """One parameter of a stored query, as its header declares it.

    `type` is one of `TYPES`; `class_` (an IRI or CURIE) says what kind of concept is meant; `minimum` and `maximum`
    bound numbers; `values` are the words of a choice. A parameter is required or has a default, never neither.

    >>> limit = Parameter("limit", "integer", default=10, minimum=1, maximum=500)
    >>> limit.term("25")
    '25'
    >>> limit.term("many")
    Traceback (most recent call last):
    ...
    esco_graph.errors.ParameterError: parameter limit is 'many'. Give an integer from 1 to 500.
    """

    name: str
    type: str
    required: bool = False
    default: Any = None
    class_: str | None = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    values: tuple[str, ...] = ()
    description: str = ""

    @property
    def expected(self) -> str:
        """Say in words what the parameter takes.

        >>> Parameter("level", "choice", values=("same", "any")).expected
        'one of: same, any'
        """
        if self.type == "choice":
            return f"one of: {', '.join(self.values)}"
        low, high = self.minimum, self.maximum
        if low is not None and high is not None:
            return f"{_NOUNS[self.type]} from {low} to {high}"
        if low is not None:
            return f"{_NOUNS[self.type]} of at least {low}"
        return _NOUNS[self.type] if high is None else f"{_NOUNS[self.type]} of at most {high}"

    @cached_property
    def default_term(self) -> str:
        """The default as a SPARQL term; raises ParameterError when there is none or it does not fit.

        >>> Parameter("lang", "lang", default="en").default_term
        '"en"'
        """
        return self.term(self.default)

    def term(self, value: Any) -> str:
        """Write a value as a SPARQL term, or raise ParameterError: which parameter, what was given, what is expected.

        Text is taken for every type, as it comes from a command line or a web address; an IRI also as a CURIE.

        >>> Parameter("group", "concept").term("isco:C2269")
        '<http://data.europa.eu/esco/isco/C2269>'
        """
        read, write = _TYPES[self.type]
        try:
            known = read(value)
            if not self._allows(known):
                raise ValueError
            return write(known)
        except ValueError as error:
            detail = error.what if isinstance(error, ParameterError) else str(error)
            what = f"parameter {self.name} is {shown(value)}" + (f": {detail}" if detail else "")
            raise ParameterError(what, advice=f"Give {self.expected}.") from error

    def _allows(self, known: Any) -> bool:
        if self.values:
            return known in self.values
        low, high = self.minimum, self.maximum
        return (low is None or known >= Decimal(str(low))) and (high is None or known <= Decimal(str(high)))


def read_parameter(name: str, header: object, file: str) -> Parameter:
    """Make a parameter of its entry in a header; raises QueryError that names the file when the entry is wrong.

    >>> read_parameter("lang", {"type": "lang", "default": "en"}, "x.rq").default
    'en'
    """
    where = f"{file}, parameter {name}"
    if not isinstance(header, Mapping) or not set(header) <= _KEYS:
        raise QueryError("the entry is not a map of known keys", where=where, advice=f"Use {', '.join(sorted(_KEYS))}.")
    kind = header.get("type")
    if not isinstance(kind, str) or kind not in _TYPES:
        raise QueryError(f"unknown type {kind!r}", where=where, advice=f"Use one of: {', '.join(TYPES)}.")
    values = header.get("values", [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise QueryError("values is not a list of texts", where=where, advice='Quote words such as "yes" and "no".')
    if (kind == "choice") != bool(values):
        raise QueryError("a choice needs values, and only a choice has them", where=where)
    if bool(header.get("required", False)) == ("default" in header):
        raise QueryError("a parameter is either required or has a default", where=where)
    bounds = {key: header[key] for key in ("minimum", "maximum") if key in header}
    if bounds and (kind not in ("integer", "decimal") or not all(_is_number(bound) for bound in bounds.values())):
        raise QueryError("minimum and maximum are numbers and bound numbers", where=where)
    parameter = Parameter(
        name=name,
        type=kind,
        required=bool(header.get("required", False)),
        default=header.get("default"),
        class_=header.get("class"),
        values=tuple(values),
        description=str(header.get("description", "")),
        **bounds,
    )
    if not parameter.required:
        _check_default(parameter, where)
    return parameter


def write_terms(parameters: tuple[Parameter, ...], values: Mapping[str, Any], query: str) -> dict[str, str]:
    """Write every parameter as a term: the value given, else the default; None counts as not given.

    Raises ParameterError for an unknown name (with the nearest known one), a missing or a wrong value.

    >>> write_terms((Parameter("lang", "lang", default="en"),), {}, "some-query")
    {'lang': '"en"'}
    """
    known = {parameter.name: parameter for parameter in parameters}
    for name in values:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            advice = f"Did you mean {near[0]}?" if near else f"It takes: {', '.join(known) or 'none'}."
            raise ParameterError(f"there is no parameter {name}", where=query, advice=advice)
    terms = {}
    for name, parameter in known.items():
        value = values.get(name)
        if value is None and parameter.required:
            raise ParameterError(f"the parameter {name} is missing", where=query, advice=f"Give {parameter.expected}.")
        try:
            terms[name] = parameter.default_term if value is None else parameter.term(value)
        except ParameterError as error:
            raise ParameterError(error.what, where=query, advice=error.advice) from error
    return terms


def _check_default(parameter: Parameter, where: str) -> None:
    try:
        _ = parameter.default_term
    except ParameterError as error:
        raise QueryError(f"the default does not fit: {error}", where=where) from error


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# --- from a value to what it means; each raises ValueError, with the reason when it is not plain --------------------


def _read_text(value: object) -> str:
    text = getattr(value, "value", value)  # the text of an Oxigraph term
    if not isinstance(text, str):
        raise ValueError
    return str(text)


def _read_iri(value: object) -> str:
    text = _read_text(value)
    return expand(text) if is_curie(text) else text


def _read_lang(value: object) -> str:
    text = _read_text(value).lower()  # queries compare with LCASE(LANG(…)): tags are equal in any case
    if not is_lang(text):
        raise ValueError
    return text


def _read_integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str) or not _INTEGER.fullmatch(_digits(value)):
        raise ValueError
    number = int(value)
    if not -(2**63) < number < 2**63:  # Oxigraph fails to negate the least number of 64 bits
        raise ValueError("it does not fit into 64 bits")
    return number


def _read_decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise ValueError
    if not _DECIMAL.fullmatch(_digits(value)):
        raise ValueError
    return Decimal(_digits(value))


def _read_boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = _read_text(value).lower()
    if word not in _WORDS:
        raise ValueError
    return _WORDS[word]


def _digits(value: int | float | Decimal | str) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int):
        return str(value) if value.bit_length() <= 64 else ""
    return format(Decimal(str(value)), "f")


_TYPES: dict[str, tuple[Callable[[Any], Any], Callable[[Any], str]]] = {
    "concept": (_read_iri, write_iri),
    "iri": (_read_iri, write_iri),
    "string": (_read_text, write_string),
    "lang": (_read_lang, write_string),
    "integer": (_read_integer, write_integer),
    "decimal": (_read_decimal, write_decimal),
    "boolean": (_read_boolean, write_boolean),
    "choice": (_read_text, write_string),
}
TYPES = tuple(_TYPES)
_NOUNS = {
    "concept": "the IRI of a concept",
    "iri": "an absolute IRI",
    "string": "a text",
    "lang": "a language tag such as en or pt-BR",
    "integer": "an integer",
    "decimal": "a decimal number",
    "boolean": "true or false",
}
