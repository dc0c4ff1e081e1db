"""The small graph in three engines: rdflib, Oxigraph in memory, Oxigraph behind HTTP; the last two hold it twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from esco_graph.graph import Graph
from esco_graph.solutions import Solutions
from esco_graph.terms import to_ox
from servers import oxigraph_server

SMALL = Path(__file__).parent / "data" / "small.ttl"
FIRST, SECOND = ox.NamedNode("http://example.org/g1"), ox.NamedNode("http://example.org/g2")


class Rdflib:
    """rdflib's own SPARQL engine over one plain graph, with the one method that stored queries ask of a graph."""

    def __init__(self, path: Path = SMALL) -> None:
        self.graph = Graph.memory(_read(path, ox.DefaultGraph())).to_rdflib()  # rdflib's parser would rewrite dates

    def select(self, sparql: str) -> Solutions:
        result = self.graph.query(sparql)
        variables = tuple(str(variable) for variable in result.vars or ())
        rows = [tuple(None if term is None else to_ox(term) for term in row) for row in result]
        return Solutions(variables, rows)


def doubled(path: Path = SMALL) -> list[ox.Quad]:
    """Every triple in two named graphs: Oxigraph's union of them is a bag, so what is not DISTINCT shows."""
    return [quad for graph in (FIRST, SECOND) for quad in _read(path, graph)]


@contextmanager
def remote() -> Iterator[Graph]:
    """A real SPARQL server on loopback that holds the small graph twice."""
    nquads = ox.serialize(doubled(), format=ox.RdfFormat.N_QUADS)
    assert isinstance(nquads, bytes)
    with oxigraph_server(nquads.decode()) as iri:
        yield Graph.remote(iri)


def _read(path: Path, graph: ox.NamedNode | ox.DefaultGraph) -> list[ox.Quad]:
    return [ox.Quad(*quad.triple, graph) for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]
