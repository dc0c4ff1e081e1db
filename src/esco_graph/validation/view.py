"""An rdflib graph that reads an Oxigraph store in place, so that pySHACL needs no copy of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from esco_graph.errors import ValidationError
from esco_graph.sparql import tokens
from esco_graph.terms import from_ox, to_ox

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

    import rdflib
    from rdflib.term import Node

    Nodes = Generator[Node, None, None]


def view(store: ox.Store, *, whole: bool) -> rdflib.Graph:
    """Give the union of the store's graphs as a read-only rdflib Graph, made for pySHACL.

    With `whole`, all values of a property are read at its first use: for many focus nodes this is five times faster,
    for a few it is waste. SPARQL goes to the store. The length is always 1: pySHACL asks for it (as a truth value) with
    each finding, and Oxigraph would count every quad.

    >>> store = ox.Store()
    >>> store.add(ox.Quad(ox.NamedNode("http://a"), ox.NamedNode("http://b"), ox.Literal("c"), ox.NamedNode("http://g")))
    >>> import rdflib
    >>> list(view(store, whole=True).objects(rdflib.URIRef("http://a"), rdflib.URIRef("http://b")))
    [rdflib.term.Literal('c')]
    """
    import rdflib

    reader = _Reader(store)

    class View(rdflib.Graph):
        def objects(self, subject: Any = None, predicate: Any = None, unique: bool = False) -> Nodes:
            if whole and subject is not None and predicate is not None:
                yield from reader.index(predicate).get(subject, ())
            else:
                yield from (triple[2] for triple in reader.find(subject, predicate, None))

        def subjects(self, predicate: Any = None, object: Any = None, unique: bool = False) -> Nodes:
            if whole and predicate is not None and object is not None:
                yield from reader.inverse(predicate, object)
            else:
                yield from (triple[0] for triple in reader.find(None, predicate, object))

        def subject_objects(
            self, predicate: Any = None, unique: bool = False
        ) -> Generator[tuple[Node, Node], None, None]:
            if whole and predicate is not None:
                yield from ((node, value) for node, values in reader.index(predicate).items() for value in values)
            else:
                yield from ((triple[0], triple[2]) for triple in reader.find(None, predicate, None))

        def triples(self, triple: Any) -> Generator[Any, None, None]:
            yield from reader.find(*triple)

        def query(
            self,
            query_object: Any,
            processor: Any = None,
            result: Any = None,
            initNs: Any = None,  # noqa: N803 - rdflib's names
            initBindings: Any = None,  # noqa: N803
            *_: Any,
            **options: Any,
        ) -> Any:
            return reader.select_or_ask(str(query_object), initBindings or {})

        def __len__(self) -> int:
            return 1

    return View()


class _Reader:
    """Patterns over a store in rdflib's terms; each IRI becomes one rdflib term only once."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._terms: dict[str, Node] = {}
        self._indexes: dict[Node, dict[Node, list[Node]]] = {}
        self._inverses: dict[tuple[Node, Node], list[Node]] = {}

    def find(self, subject: Node | None, predicate: Node | None, object_: Node | None) -> Iterator[tuple[Node, ...]]:
        """Go over the triples of a pattern; a literal subject, which RDF has not, has none."""
        pattern = [None if term is None else to_ox(term) for term in (subject, predicate, object_)]
        if isinstance(pattern[0], ox.Literal) or not isinstance(pattern[1], ox.NamedNode | None):
            return
        for quad in self._store.quads_for_pattern(*pattern, None):  # type: ignore[arg-type, call-arg]
            yield self._term(quad.subject), self._term(quad.predicate), self._term(quad.object)

    def index(self, predicate: Node) -> dict[Node, list[Node]]:
        """Read all values of a property once: subject -> values."""
        if predicate not in self._indexes:
            index = self._indexes[predicate] = {}
            pairs = self._store.query(
                f"SELECT ?s ?o WHERE {{ ?s {to_ox(predicate)} ?o }}", use_default_graph_as_union=True
            )
            for subject, value in pairs:  # type: ignore[union-attr]
                index.setdefault(self._term(subject), []).append(self._term(value))
        return self._indexes[predicate]

    def inverse(self, predicate: Node, value: Node) -> list[Node]:
        """Look up once what has this value: the instances of a class, for example."""
        if (predicate, value) not in self._inverses:
            self._inverses[predicate, value] = [triple[0] for triple in self.find(None, predicate, value)]
        return self._inverses[predicate, value]

    def select_or_ask(self, sparql: str, bindings: dict[Any, Node]) -> Any:
        """Answer a query of a SPARQL constraint with the variables that SHACL binds before (SHACL, section 5.3.1)."""
        from rdflib.query import Result
        from rdflib.term import Variable

        found = answer(self._store, sparql, {str(name): to_ox(term) for name, term in bindings.items()})
        if isinstance(found, ox.QuerySolutions):
            result = Result("SELECT")
            result.vars = [Variable(variable.value) for variable in found.variables]
            result.bindings = [dict(self._row(result.vars, solution)) for solution in found]
        else:
            result = Result("ASK")
            result.askAnswer = bool(found)
        return result

    def _row(self, names: Iterable[Any], solution: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        return ((name, self._term(term)) for name, term in zip(names, solution, strict=True) if term is not None)

    def _term(self, term: Any) -> Node:
        if not isinstance(term, ox.NamedNode):
            return from_ox(term)
        if term.value not in self._terms:
            self._terms[term.value] = from_ox(term)
        return self._terms[term.value]


def answer(store: ox.Store, sparql: str, bound: Mapping[str, Any]) -> Any:
    """Answer a query with some variables bound before (SHACL, section 5.3.1), over the union of a store's graphs.

    Terms are written into the query where SPARQL allows it. Oxigraph's own substitution does not reach a variable in a
    BIND, nor in a group that holds nothing but FILTER; it is left for blank nodes, which no query can name. Raises
    ValidationError when the query fails.

    >>> this = {"this": ox.NamedNode("http://a")}
    >>> [str(row["this"]) for row in answer(ox.Store(), "SELECT $this { FILTER(isIRI($this)) }", this)]
    ['<http://a>']
    """
    try:
        try:
            return store.query(_written(sparql, bound), use_default_graph_as_union=True)
        except SyntaxError:  # a blank node, or a variable where no term may stand
            variables = {ox.Variable(name): term for name, term in bound.items()}
            return store.query(sparql, use_default_graph_as_union=True, substitutions=variables)
    except (SyntaxError, RuntimeError, ValueError) as error:
        raise ValidationError(
            f"the SPARQL of a shape failed: {error}", where=" ".join(sparql.split())[-200:]
        ) from error


def _written(sparql: str, bound: Mapping[str, Any]) -> str:
    """Write bound variables into a query; raises SyntaxError when it cannot be done."""
    if any(isinstance(term, ox.BlankNode) for term in bound.values()):
        raise SyntaxError("a blank node has no name in a query")
    parts = list(tokens(sparql))
    start = next((place for place, token in enumerate(parts) if token.text == "{"), len(parts))
    if any(token.text == "*" for token in parts[:start]):
        raise SyntaxError("a variable that is written out is no part of *")
    depth, text = 0, list[str]()
    for place, token in enumerate(parts):
        depth += {"(": 1, ")": -1}.get(token.text, 0) if place < start else 0
        name = token.text[1:] if token.kind in ("variable", "parameter") else ""
        if name not in bound:
            text.append(token.text)
        elif place < start and not depth:
            text.append(f"({bound[name]} AS ?{name})")
        elif _asks_whether_bound(text):  # BOUND takes variables only
            text.append("(true")
        else:
            text.append(str(bound[name]))
    return "".join(text)


def _asks_whether_bound(text: list[str]) -> bool:
    """Say whether a text so far ends with `BOUND(`, and take that off."""
    solid = [piece for piece in text if piece.strip()][-2:]
    if [piece.upper() for piece in solid] != ["BOUND", "("]:
        return False
    while text.pop().upper() != "BOUND":
        pass
    return True
