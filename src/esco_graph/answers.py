"""Read what an endpoint answered: by the media type it declares into rows, a bool or triples, or as words to show."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from esco_graph.sources.xml_end import ENDS, entity_fault, xml_fault

if TYPE_CHECKING:
    import pyoxigraph as ox

    from esco_graph.solutions import Solutions

ROWS, TRIPLES = ("SELECT", "ASK"), ("CONSTRUCT", "DESCRIBE")
WORDS = 16 * 1024  # bytes of a body that are looked at for words to show

_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_HTML = re.compile(r"</?(?:html|head|body|title|h[1-6]|p|div|pre|br)\b[^<>]*>", re.IGNORECASE)


def find_parser(declared: str, form: str) -> Callable[[bytes], Solutions | bool | list[ox.Triple]] | None:
    """Find what reads an answer of this media type to this form of query; None when it cannot be one."""
    import pyoxigraph as ox

    if form in ROWS:
        results = ox.QueryResultsFormat.from_media_type(declared)
        if results is None or results == ox.QueryResultsFormat.CSV:  # CSV does not tell an IRI from a string
            return None
        return partial(_read_rows, results)
    rdf = ox.RdfFormat.from_media_type(declared)
    if rdf is None or rdf == ox.RdfFormat.N3 or declared.endswith("/json"):  # "/json" may be RDF/JSON, no JSON-LD
        return None
    return partial(_read_triples, rdf)


def _read_rows(kind: ox.QueryResultsFormat, body: bytes) -> Solutions | bool:
    import pyoxigraph as ox

    from esco_graph.solutions import Solutions

    if kind == ox.QueryResultsFormat.XML:
        _check_xml(body, "sparql")
    results = ox.parse_query_results(body, kind)
    return bool(results) if isinstance(results, ox.QueryBoolean) else Solutions.read(results)


def _read_triples(kind: ox.RdfFormat, body: bytes) -> list[ox.Triple]:
    import pyoxigraph as ox

    if kind == ox.RdfFormat.RDF_XML:
        _check_xml(body, "RDF")
    return [quad.triple for quad in ox.parse(body, kind)]


def _check_xml(body: bytes, root: str) -> None:
    if fault := entity_fault(body) or xml_fault(body[:ENDS], body[-ENDS:], root):
        raise SyntaxError(fault)


def decoded(body: bytes) -> str:
    """Give the first 16 KiB of a body as text; what is no UTF-8 becomes replacement characters."""
    return body[:WORDS].decode("utf-8", "replace")


def readable(text: str) -> str:
    r"""Turn text or HTML into one line that is safe to print in a terminal.

    >>> readable("<html><title>502</title><body>Bad\x1b[31m <b>gateway</b></body></html>")
    '502 Bad [31m gateway'
    """
    if _HTML.search(text):
        from html import unescape

        text = unescape(_MARKUP.sub(" ", text))
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
