"""One `Graph` over a workspace on disk, a graph in memory, or a remote SPARQL endpoint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from esco_graph.errors import NotFoundError, QueryError, StoreError
from esco_graph.solutions import Solutions
from esco_graph.sparql import fault_of, has_dataset_clause, refuse_remote
from esco_graph.terms import from_ox, to_ox
from esco_graph.workspace import Generation, Workspace

if TYPE_CHECKING:
    import rdflib

    from esco_graph.endpoint import Endpoint

Result = Solutions | bool | list[ox.Triple]
Subject = ox.NamedNode | ox.BlankNode | None
Object = ox.NamedNode | ox.BlankNode | ox.Literal | None


class Graph:
    """RDF with SPARQL; queries see the union of all named graphs.

    >>> graph = Graph.memory([ox.Quad(*[ox.NamedNode("http://example.org/a")] * 3)])
    >>> graph.ask("ASK { ?s ?p ?o }")
    True
    """

    folder: Path | None = None
    """Folder of the generation that was opened; None for a graph in memory, a draft and a remote one."""

    def __init__(self, store: ox.Store | None, endpoint: Endpoint | None = None, name: str = "memory") -> None:
        """Use one of the class methods: `open`, `memory`, `remote`, `from_rdflib`."""
        self.store = store
        self.endpoint = endpoint
        self.name = name
        self.derived: dict[
            str, Any
        ] = {}  # what others made from the graph and want to find again; gone when it changes

    @classmethod
    def open(cls, path: Path | str) -> Graph:
        """Open the current generation of a workspace, read-only; many readers may do so at once.

        Raises StoreError when there is no graph, or its layout is of another version.
        """
        workspace = Workspace(path)
        generation = workspace.current()
        try:
            return cls._of(workspace, generation)
        except FileNotFoundError:  # pruned between reading CURRENT and opening: a newer one is current now
            return cls._of(workspace, workspace.current())

    @classmethod
    def _of(cls, workspace: Workspace, generation: Generation) -> Graph:
        graph = cls(None, name=f"{workspace.path} ({generation.name})")
        generation.hold(graph)
        graph.folder = generation.folder
        try:
            graph.store = ox.Store.read_only(str(generation.store_path))
        except OSError as error:
            raise StoreError(
                f"generation {generation.name} cannot be opened ({error})",
                where=str(workspace.path),
                advice="Go back with esco-graph undo, or build again.",
            ) from error
        return graph

    @classmethod
    def memory(cls, quads: Iterable[ox.Quad] = ()) -> Graph:
        """Make a graph in memory, empty or with these quads."""
        graph = cls(ox.Store())
        graph.extend(quads)
        return graph

    @classmethod
    def remote(cls, endpoint_iri: str, **options: Any) -> Graph:
        """Use a SPARQL endpoint; options are those of `endpoint.Endpoint` (timeout, retries, user, password, token)."""
        from esco_graph.endpoint import Endpoint

        endpoint = Endpoint(endpoint_iri, **options)
        return cls(None, endpoint, name=endpoint.iri)

    @classmethod
    def from_rdflib(cls, graph: rdflib.Graph) -> Graph:
        """Copy an rdflib Graph or Dataset into memory; a Dataset keeps its graph names.

        >>> import rdflib
        >>> source = rdflib.Graph().parse(data="<http://a> <http://b> 1 .")
        >>> len(Graph.from_rdflib(source).to_rdflib())
        1
        """
        import rdflib

        if isinstance(graph, rdflib.Dataset):
            return cls.memory(_dataset_quads(graph))
        return cls.memory(ox.Quad(*(to_ox(term) for term in triple)) for triple in graph)  # type: ignore[arg-type]

    # Asking

    def query(self, sparql: str) -> Result:
        """Answer a SPARQL 1.1 query: Solutions for SELECT, bool for ASK, triples for CONSTRUCT and DESCRIBE.

        Raises QueryError when it does not parse or calls another server (SERVICE), EndpointError from a remote graph.
        """
        if self.endpoint:
            return self.endpoint.query(sparql)
        refuse_remote(sparql)
        union = not has_dataset_clause(sparql)  # the union is the default graph unless the query names its own
        try:
            return _read(self._local.query(sparql, use_default_graph_as_union=union))
        except SyntaxError as error:
            what, advice = fault_of(sparql, error)
            failure = QueryError(f"this is not SPARQL: {what}", where="query", advice=advice)
        except (OSError, RuntimeError, ValueError) as error:
            failure = QueryError(f"the query failed: {error}", where="query")
        raise failure  # outside the except: no traceback keeps Oxigraph's iterators, which one thread alone may drop

    def select(self, sparql: str) -> Solutions:
        """Answer a SELECT."""
        result = self.query(sparql)
        if not isinstance(result, Solutions):
            raise QueryError("this query is not a SELECT", advice="Use query(), ask() or construct().")
        return result

    def ask(self, sparql: str) -> bool:
        """Answer an ASK."""
        result = self.query(sparql)
        if not isinstance(result, bool):
            raise QueryError("this query is not an ASK", advice="Use query(), select() or construct().")
        return result

    def construct(self, sparql: str) -> list[ox.Triple]:
        """Answer a CONSTRUCT or DESCRIBE."""
        result = self.query(sparql)
        if not isinstance(result, list):
            raise QueryError("this query is not a CONSTRUCT or DESCRIBE", advice="Use query(), select() or ask().")
        return result

    def quads(
        self,
        subject: Subject = None,
        predicate: ox.NamedNode | None = None,
        object: Object = None,
        graph: ox.NamedNode | ox.DefaultGraph | None = None,
    ) -> Iterator[ox.Quad]:
        """Go over the quads that match; None matches everything. Not for remote graphs (StoreError)."""
        return self._local.quads_for_pattern(subject, predicate, object, graph)

    def named_graphs(self) -> list[str]:
        """List the names of the named graphs, sorted."""
        if self.endpoint:
            found = self.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
            return sorted(row[0].value for row in found if isinstance(row[0], ox.NamedNode))
        return sorted(graph.value for graph in self._local.named_graphs())

    # rdflib and memory

    def to_rdflib(self, graph: str | None = None) -> rdflib.Graph:
        """Copy one named graph, or the union of all, into an rdflib Graph. Raises NotFoundError for an unknown name."""
        import rdflib

        copy = rdflib.Graph()
        if graph is not None and graph not in self.named_graphs():
            raise NotFoundError(f"no named graph <{graph}>", advice="See esco-graph info for the graphs.")
        for term in self._triples(graph):
            copy.add((from_ox(term.subject), from_ox(term.predicate), from_ox(term.object)))  # type: ignore[arg-type]
        return copy

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads to a graph in memory; a workspace is written through `Workspace.write`."""
        self.derived.clear()
        self._local.extend(quads)

    def _triples(self, graph: str | None) -> Iterable[ox.Quad | ox.Triple]:
        if self.endpoint:
            inside = f"GRAPH {ox.NamedNode(graph)} {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
            return self.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {inside} }}")
        return self.quads(graph=ox.NamedNode(graph) if graph else None)

    @property
    def _local(self) -> ox.Store:
        if self.store is None:
            raise StoreError("this needs a local graph", where=self.name, advice="Use a workspace, or ask by SPARQL.")
        return self.store


def _read(result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> Result:
    if isinstance(result, ox.QuerySolutions):
        return Solutions.read(result)
    return bool(result) if isinstance(result, ox.QueryBoolean) else list(result)


def _dataset_quads(dataset: rdflib.Dataset) -> Iterator[ox.Quad]:
    from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

    for subject, predicate, value, name in dataset.quads():
        graph = ox.DefaultGraph() if name in (None, DATASET_DEFAULT_GRAPH_ID) else to_ox(name)
        terms = (to_ox(subject), to_ox(predicate), to_ox(value), graph)
        yield ox.Quad(*terms)  # type: ignore[arg-type]
