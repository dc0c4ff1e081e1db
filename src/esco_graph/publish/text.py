"""RDF terms as text: what N-Triples and Turtle have in common."""

from __future__ import annotations

import re
from functools import lru_cache

import pyoxigraph as ox

from esco_graph.errors import ParameterError
from esco_graph.publish.document import Resource, Value
from esco_graph.terms import XSD

STRING = XSD + "string"
# What IRIREF excludes, https://www.w3.org/TR/turtle/#grammar-production-IRIREF; a lenient parser lets it in.
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_SPECIAL = re.compile(r'[\x00-\x1f\x7f"\\]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def checked(iri: str) -> str:
    """Give an IRI back, or raise ParameterError when it holds a character that no RDF format can carry.

    >>> checked("http://example.org/a")
    'http://example.org/a'
    """
    found = _NOT_IN_IRI.search(iri)
    if found or ":" not in iri:
        what = "it has no scheme" if not found else f"it contains {found.group()!r}"
        raise ParameterError(f"{iri!r} is not an IRI: {what}", advice="Correct it in the source and build again.")
    return iri


@lru_cache(maxsize=65536)
def iri_text(iri: str) -> str:
    """Write an IRI as N-Triples do.

    >>> iri_text("http://example.org/a")
    '<http://example.org/a>'
    """
    return f"<{checked(iri)}>"


def quoted(text: str) -> str:
    r"""Write a string as N-Triples do, with control characters escaped.

    >>> quoted('a "b"\n')
    '"a \\"b\\"\\n"'
    """
    return f'"{_SPECIAL.sub(_escape, text)}"'


def literal_text(literal: ox.Literal) -> str:
    """Write a literal as N-Triples do.

    >>> literal_text(ox.Literal("nurse", language="en"))
    '"nurse"@en'
    """
    if literal.language:
        return f"{quoted(literal.value)}@{literal.language}"
    datatype = literal.datatype.value
    return quoted(literal.value) if datatype == STRING else f"{quoted(literal.value)}^^{iri_text(datatype)}"


def term_text(term: Resource | Value) -> str:
    """Write any term as N-Triples do.

    >>> term_text(ox.BlankNode("b0"))
    '_:b0'
    """
    if isinstance(term, ox.NamedNode):
        return iri_text(term.value)
    if isinstance(term, ox.BlankNode):
        return f"_:{term.value}"
    return literal_text(term)


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"
