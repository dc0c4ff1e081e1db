"""Terms: what counts as a language tag, everywhere the same, and rdflib terms that are none."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest
import rdflib

from esco_graph.errors import ParameterError
from esco_graph.graph import Graph
from esco_graph.labels import LabelIndex
from esco_graph.parameters import Parameter
from esco_graph.publish.document import Source
from esco_graph.terms import check_lang, is_lang, to_ox

TAGS = ("en", "pt-BR", "de-CH-1901", "zh-Hans-CN", "sr-Latn-RS", "en-a-bbb-x-private", "es-419", "tlh", "abcdefgh")
NO_TAGS = ("", "e", "x", "en_GB", "en-", "-en", "en--us", "12", "e2", "en-x", "abcdefghi", "en-abcdefghi", "en\n", "é1")
TAKERS: dict[str, Callable[[str], object]] = {
    "check": check_lang,
    "labels": lambda tag: LabelIndex.of(Graph.memory(), langs=(tag,)),
    "parameter": Parameter("lang", "lang", required=True).term,
    "export": lambda tag: Source(ox.Store(), langs=(tag,)),
}


@pytest.mark.parametrize("take", TAKERS.values(), ids=TAKERS)
def test_every_part_agrees_on_what_a_language_tag_is(take: Callable[[str], object]) -> None:
    for tag in TAGS:
        assert is_lang(tag)
        take(tag)
    for text in NO_TAGS:
        assert not is_lang(text)
        with pytest.raises(ParameterError):
            take(text)


@pytest.mark.parametrize(
    "term",
    [rdflib.URIRef("http://example.org/a b"), rdflib.URIRef("relative"), rdflib.URIRef(""), rdflib.BNode("a b")],
)
def test_an_rdflib_term_that_is_none_is_an_error_of_ours(term: rdflib.term.Node) -> None:
    with pytest.raises(ParameterError, match="is not a valid term"):
        to_ox(term)


def test_what_rdf_does_not_have_is_an_error() -> None:
    with pytest.raises(ParameterError, match=r"RDF 1\.1"):
        to_ox(rdflib.Variable("x"))
