"""ESCO's attribution and the mark of a modified version: the few statements that every exported file opens with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from esco_graph.publish.document import RDF_TYPE, Node, Value
from esco_graph.terms import ATTRIBUTION, CATALOG_GRAPH, DCAT, DCT, DERIVED_GRAPH, GRAPHS

EXPORTS = GRAPHS.removesuffix("graph/") + "export/"
SOURCE = "https://esco.ec.europa.eu/"
# The Publications Office's concept for Commission Decision 2011/833/EU.
REUSE_NOTICE = "http://publications.europa.eu/resource/authority/licence/COM_REUSE"
REUSE = "ESCO is reused under Commission Decision 2011/833/EU."
ISCO_NOTE = "ISCO-08 titles and definitions are © International Labour Organization."
_RELEASES = GRAPHS + "release/"
_PROFILES = GRAPHS + "profile/"


@dataclass(frozen=True)
class Notice:
    """What is said about one exported file: `about` is what it holds, in words, `graphs` where its statements stand.

    The IRI of the file follows from these and from `langs`, so that the same export has the same IRI, and no
    date or machine enters the bytes.

    >>> notice = Notice("the whole graph", ("https://w3id.org/esco-graph/graph/release/1.1.1/en",))
    >>> notice.releases
    ['ESCO 1.1.1 (en)']
    """

    about: str
    graphs: tuple[str, ...] = ()
    langs: tuple[str, ...] | None = None

    @property
    def iri(self) -> str:
        """IRI of the exported file."""
        key = "\n".join([self.about, *sorted(self.graphs), "", *sorted(self.langs or ())])
        return EXPORTS + hashlib.sha256(key.encode()).hexdigest()[:16]

    @property
    def releases(self) -> list[str]:
        """Releases of ESCO in the file, in words."""
        return [_release_name(name) for name in sorted(self.graphs) if name.startswith(_RELEASES)]

    @property
    def change(self) -> str:
        """Mark of the modified version: what makes the file differ from what the European Commission publishes."""
        if self.releases:
            parts = [
                f"This file is a modified version of {' and '.join(self.releases)}.",
                "It is not published by the European Commission.",
                "The classification was converted to RDF, its texts cleaned and both directions of relations stated.",
            ]
        else:
            parts = ["This file is no official ESCO release; what it holds of ESCO is modified."]
        if added := _additions(self.graphs):
            parts.append(f"It also holds {added}, which are not part of ESCO.")
        if self.langs is not None:
            parts.append(f"Texts in other languages than {', '.join(sorted(self.langs)) or 'none'} were left out.")
        return " ".join(parts)

    def lines(self) -> tuple[str, ...]:
        """Give the notice in words, for the head of a file that can have comments."""
        return (f"esco-graph: {self.about}", ATTRIBUTION, self.change, REUSE, ISCO_NOTE)

    def node(self) -> Node:
        """Give the notice as statements about the file."""
        pairs: list[tuple[str, Value]] = [
            (RDF_TYPE, ox.NamedNode(DCAT + "Dataset")),
            (DCT + "description", ox.Literal(self.change, language="en")),
            *((DCT + "isVersionOf", ox.NamedNode(name)) for name in sorted(self.graphs) if name.startswith(_RELEASES)),
            (DCT + "rights", ox.NamedNode(REUSE_NOTICE)),
            *((DCT + "rights", ox.Literal(text, language="en")) for text in sorted((ATTRIBUTION, REUSE, ISCO_NOTE))),
            (DCT + "source", ox.NamedNode(SOURCE)),
            (DCT + "title", ox.Literal(f"esco-graph: {self.about}", language="en")),
        ]
        return Node(ox.NamedNode(self.iri), pairs)


def split_attribution(triples: Iterable[ox.Triple] | Iterable[ox.Quad]) -> tuple[list[ox.Triple], list[ox.Triple]]:
    """Separate the statements of a file that was read back: the data, and those about the exported file itself.

    Quads lose their graph name here; filter quads by `EXPORTS` to keep it.

    >>> title = ox.Triple(ox.NamedNode(EXPORTS + "1"), ox.NamedNode(DCT + "title"), ox.Literal("x"))
    >>> split_attribution([title]) == ([], [title])
    True
    """
    data: list[ox.Triple] = []
    notice: list[ox.Triple] = []
    for given in triples:
        triple = given.triple if isinstance(given, ox.Quad) else given
        subject = triple.subject
        ours = isinstance(subject, ox.NamedNode) and subject.value.startswith(EXPORTS)
        (notice if ours else data).append(triple)
    return data, notice


def _release_name(graph: str) -> str:
    version, _, langs = graph.removeprefix(_RELEASES).partition("/")
    return f"ESCO {version} ({langs.replace('-', ', ')})" if langs else f"ESCO {version}"


def _additions(graphs: Iterable[str]) -> str:
    """Say in words which graphs are not a release; many profiles are counted, not listed."""
    profiles = sum(name.startswith(_PROFILES) for name in graphs)
    others = sorted(name for name in graphs if not name.startswith((_RELEASES, _PROFILES)))
    kinds = {DERIVED_GRAPH: "derived statements", CATALOG_GRAPH: "catalogue facts"}
    words = [kinds.get(name, f"the statements of {name}") for name in others]
    if profiles:
        words.append(f"{profiles} imported profile{'s' if profiles > 1 else ''}")
    return ", ".join(words)
