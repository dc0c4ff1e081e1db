"""Write a graph, or a part of it, to a stream or a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from esco_graph.errors import StoreError
from esco_graph.files import replacing, storing
from esco_graph.graph import Graph
from esco_graph.publish.attribution import Notice
from esco_graph.publish.document import Document, Source
from esco_graph.publish.formats import format_of
from esco_graph.publish.selection import concept_node, find_graph, select_quads
from esco_graph.terms import prefixes


@dataclass(frozen=True)
class ExportSummary:
    """What was written: statements of the graph (without the notice), bytes, and the name of the format."""

    triples: int
    bytes: int
    format: str


def write(
    graph: Graph,
    out: BinaryIO,
    *,
    format: str,
    concept: str | None = None,
    named_graph: str | None = None,
    lang: tuple[str, ...] | None = None,
) -> ExportSummary:
    """Write the whole graph, one named graph, or one concept with its neighbourhood (see `select_quads`) to a stream.

    Formats without named graphs get the union of the graphs, each triple once. `lang` leaves out texts in other
    languages. The bytes follow from the data alone. The file opens with ESCO's attribution; `split_attribution`
    takes it off again. Raises ParameterError for an unknown format or for a term that the format cannot hold, when
    part may already be written, and StoreError when the stream cannot take more.

    >>> import io
    >>> a, p = ox.NamedNode("http://example.org/a"), ox.NamedNode("http://example.org/p")
    >>> out = io.BytesIO()
    >>> write(Graph.memory([ox.Quad(a, p, ox.Literal("x"))]), out, format="nt").triples
    1
    >>> out.getvalue().decode().splitlines()[-1]
    '<http://example.org/a> <http://example.org/p> "x" .'
    """
    chosen = format_of(format)
    document = _document(graph, concept, named_graph, lang)
    triples = size = 0
    for text, count in chosen.writer(document):
        data = text.encode()
        with storing("the output"):
            out.write(data)
        triples += count
        size += len(data)
    return ExportSummary(triples, size, chosen.name)


def write_file(
    graph: Graph,
    path: Path | str,
    *,
    format: str | None = None,
    concept: str | None = None,
    named_graph: str | None = None,
    lang: tuple[str, ...] | None = None,
) -> ExportSummary:
    """Write to a file as `write` does; the format is that of the file name unless given.

    The file appears whole or not at all: it is written beside its place and then renamed. Raises StoreError when the
    folder is missing or full; nothing is left behind then.
    """
    path = Path(path)
    chosen = format_of(format or path.name)
    if path.is_dir():
        raise StoreError(f"{str(path)!r} is a folder", advice=f"Name a file, for example export{chosen.extension}.")
    with replacing(path) as out:
        return write(graph, out, format=chosen.name, concept=concept, named_graph=named_graph, lang=lang)


def _document(graph: Graph, concept: str | None, named_graph: str | None, lang: tuple[str, ...] | None) -> Document:
    """Choose the statements, and describe the file that will hold them."""
    name = find_graph(graph, named_graph) if named_graph else None
    focus = concept_node(concept).value if concept is not None else None
    store = graph.store
    if store is None or focus is not None:
        store = ox.Store()
        store.extend(select_quads(graph, concept=concept, named_graph=named_graph))
    source = Source(store, graph=name, langs=lang, first=focus)
    about = [f"concept <{focus}>"] if focus else []
    about += [f"graph <{name.value}>"] if name else []
    graphs = tuple(each.value for each in source.graph_names() if isinstance(each, ox.NamedNode))
    notice = Notice(" in ".join(about) or "the whole graph", graphs, lang)
    spaces = _used(source, notice) if focus else prefixes()
    return Document(source, notice.node(), notice.lines(), spaces, focus)


def _used(source: Source, notice: Notice) -> dict[str, str]:
    """Prefixes that the file needs; worth a pass over the data when it is small."""
    iris = {name.value for name in source.graph_names() if isinstance(name, ox.NamedNode)}
    for node in [notice.node(), *source.nodes()]:
        terms = [node.subject, *(value for _, value in node.pairs)]
        iris.update(predicate for predicate, _ in node.pairs)
        iris.update(term.datatype.value if isinstance(term, ox.Literal) else term.value for term in terms)
    return {prefix: space for prefix, space in prefixes().items() if any(iri.startswith(space) for iri in iris)}
