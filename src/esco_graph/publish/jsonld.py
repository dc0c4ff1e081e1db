"""Write JSON-LD, compacted with the project's context: flat, or framed so that one reads an occupation from the top."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyoxigraph as ox

from esco_graph.publish.compaction import Compactor, Embed, Json
from esco_graph.publish.document import RDF_TYPE, Document, Node, Source
from esco_graph.publish.lines import Chunks
from esco_graph.publish.selection import CHAIN, PARTS, SUMMARY
from esco_graph.resources import resource
from esco_graph.terms import ESCO, ESG

_DEEPEST = 50  # a tree is cut there: readers of JSON bound their depth


def json_ld(document: Document) -> Chunks:
    """Give the union of the graphs as one flat list of nodes (https://www.w3.org/TR/json-ld11/#flattened-document-form)."""
    context = read_context()
    compactor = Compactor(context)
    nodes = ((compactor.node(node), len(node.pairs)) for node in document.source.nodes())
    return _document(context, document, compactor.node(document.notice), nodes)


def json_ld_framed(document: Document) -> Chunks:
    """Give the union of the graphs as trees: each root with its neighbours' labels in place, then what is left.

    A neighbour that is wholly said inside the trees is not repeated; the others follow with all their statements.
    """
    context = read_context()
    compactor = Compactor(context)
    trees = Frame(document.source, compactor).trees(tuple(dict.fromkeys(_roots(document))))
    return _document(context, document, compactor.node(document.notice), trees)


def read_context() -> Json:
    """Read the context document `ontology/context.jsonld`."""
    context: Json = json.loads(resource("ontology/context.jsonld").read_text(encoding="utf-8"))
    return context


class Frame:
    """Trees over a source: each root with what it points at in place."""

    def __init__(self, source: Source, compactor: Compactor) -> None:
        """Read the labels, classes, codes and broader concepts of all nodes."""
        self._source = source
        self._compactor = compactor
        self._extracts = source.extracts(SUMMARY | CHAIN)
        self._briefs: dict[str, Json] = {}
        self._stated: dict[str, int] = {}

    def trees(self, roots: tuple[str, ...]) -> Iterator[tuple[Json | None, int]]:
        """Give each root as a tree, then the other nodes flat; None for a node that the trees have said whole."""
        for root in roots:
            node = self._source.node(ox.NamedNode(root))
            yield self._compactor.node(node, self._embedder({root}, 1)), len(node.pairs)
        first = set(roots)
        for node in self._source.nodes():
            name = node.subject.value if isinstance(node.subject, ox.NamedNode) else ""
            if name not in first:
                said = self._stated.get(name) == len(node.pairs)
                yield None if said else self._compactor.node(node), len(node.pairs)

    def _embedder(self, grown: set[str], depth: int) -> Embed:
        """Embed what a node points at: once a tree a part whole and a broader concept with its own, others in brief."""

        def embed(predicate: str, value: ox.NamedNode) -> Json | None:
            name = value.value
            if predicate not in PARTS | CHAIN or name in grown or depth > _DEEPEST:
                return self._brief(name)
            grown.add(name)
            node = self._source.node(value) if predicate in PARTS else self._extracts.get(name, Node(value, []))
            self._state(name, len(node.pairs))
            return self._compactor.node(node, self._embedder(grown, depth + 1)) if node.pairs else None

        return embed

    def _brief(self, name: str) -> Json | None:
        """Labels, classes and code of a node."""
        if name not in self._extracts:
            return None
        if name not in self._briefs:
            pairs = [pair for pair in self._extracts[name].pairs if pair[0] in SUMMARY]
            self._state(name, len(pairs))
            self._briefs[name] = self._compactor.node(Node(ox.NamedNode(name), pairs)) if pairs else {}
        return self._briefs[name] or None

    def _state(self, name: str, statements: int) -> None:
        self._stated[name] = max(statements, self._stated.get(name, 0))


def _roots(document: Document) -> Iterator[str]:
    """Name the subjects to grow trees from: the concept and the profiles of it, or all occupations and profiles."""
    if document.focus is not None:
        yield document.focus
        yield from document.source.having(ESG + "describes", document.focus)
        return
    for kind in (ESCO + "Occupation", ESG + "OccupationProfile", ESG + "PersonProfile"):
        yield from document.source.having(RDF_TYPE, kind)


def _document(context: Json, document: Document, notice: Json, nodes: Iterator[tuple[Json | None, int]]) -> Chunks:
    """Write the document around the nodes, each as it comes: indented when it is small, else on one line."""
    head = _text({"@context": context["@context"]}, "").removesuffix("\n}")
    indent = "    " if document.focus else None
    yield f'{head},\n  "@graph": [\n    {_text(notice, indent)}', 0
    for node, count in nodes:
        yield ("" if node is None else f",\n    {_text(node, indent)}"), count
    yield "\n  ]\n}\n", 0


def _text(value: Json, indent: str | None) -> str:
    if indent is None:
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n" + indent)
