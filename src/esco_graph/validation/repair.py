"""Repair what has one right answer: `queries/fixes/` says per code what to change, a patch what changes in a graph.

A fix is a SELECT. Each of its rows is one change; the column `action` says which:

- `remove`, `add`: the statement of the columns `subject`, `predicate` and `object`;
- `replace`: that statement gets the object `new`;
- `rename`: the node `subject` is called `new`, wherever it stands.

A fix may ask only what is said of the nodes of its rows, and it adds what is missing for no other reason than that it
is missing. So, once some nodes have changed, looking at what is said of those again is enough. Fixes that would all
read the same statements of a whole graph name a query in `queries/fixes/candidates/` that finds the nodes for all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from esco_graph.errors import ParameterError, QueryError, StoreError, ValidationError
from esco_graph.graph import Graph
from esco_graph.resources import read_query, resource
from esco_graph.solutions import Term
from esco_graph.terms import OWL, RDF, SKOS
from esco_graph.validation.checks import columns_of
from esco_graph.validation.patch import Change, Patch, ordered

_ROUNDS = 20  # two or three are usual; a chain of repairs longer than this is a fault of ours
_NEEDS = {
    "add": {"subject", "predicate", "object"},
    "remove": {"subject", "predicate", "object"},
    "rename": {"subject", "new"},
    "replace": {"subject", "predicate", "object", "new"},
}
# A concept has a text with one of these only (SKOS S13); the first of them that has it keeps it.
_LABELS = tuple(ox.NamedNode(f"{SKOS}{kind}Label") for kind in ("pref", "alt", "hidden"))
_TYPE, _SAME = ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "sameAs")
Node = ox.NamedNode | ox.BlankNode
Resource = Node | ox.Triple
GraphName = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


@dataclass(frozen=True)
class Fix:
    """One safe repair: the code that it repairs, what it does, why it is safe, and its SELECT.

    `candidates` is the name of the query for the nodes to look at, "" where the SELECT itself is quick enough.

    >>> fix = fixes()["ESG108"]
    >>> fix.summary
    'Remove the alternative label that repeats the preferred one.'
    """

    code: str
    path: Path
    summary: str
    description: str
    text: str
    candidates: str = ""

    @classmethod
    def read(cls, path: Path) -> Fix:
        """Read one file; raises QueryError, with the file, for a wrong header or a text that is no such SELECT."""
        header, text = read_query(path)
        header = header if isinstance(header, dict) else {}
        if header.keys() - {"candidates"} != {"code", "summary", "description"} or not all(
            isinstance(value, str) for value in header.values()
        ):
            raise QueryError("the header of a fix is code, summary, description and candidates", where=path.name)
        if header["code"] != path.stem:
            raise QueryError(f"the code is {header['code']}, the file is named {path.stem}", where=path.name)
        columns = set(columns_of(text, path.name))
        if not {"action", "subject"} <= columns or not columns <= {"action", "subject", "predicate", "object", "new"}:
            raise QueryError(f"the columns of a fix are not {', '.join(sorted(columns))}", where=path.name)
        summary, description = header["summary"].strip(), header["description"].strip()
        return cls(path.stem, path, summary, description, text, header.get("candidates", ""))


@dataclass(frozen=True)
class _Row:
    """One row of a fix: what to change. Of a node that is renamed, the statement is that it is the same as the new."""

    action: str
    subject: ox.NamedNode
    predicate: ox.NamedNode
    object: Term
    new: Term

    @classmethod
    def read(cls, found: dict[str, Term], file: str) -> _Row | None:
        """Read a solution; None when it does not name all it needs, or is about a node without an IRI."""
        action = str(getattr(found.get("action"), "value", ""))
        if action not in _NEEDS:
            raise QueryError(f"a fix has the action {action!r}", where=file, advice=f"Use {', '.join(_NEEDS)}.")
        if not found.keys() >= _NEEDS[action]:
            return None
        subject, predicate = found["subject"], found.get("predicate", _SAME)
        value = found.get("object") or found["new"]
        if not isinstance(subject, ox.NamedNode) or not isinstance(predicate, ox.NamedNode):
            return None
        return cls(action, subject, predicate, value, found.get("new", value))

    def nodes(self) -> Iterator[ox.NamedNode]:
        """Name the nodes that the change tells something new of; not the class of a type, which many nodes have."""
        yield self.subject
        for term in (self.object, self.new):
            if isinstance(term, ox.NamedNode) and self.predicate != _TYPE:
                yield term

    def order(self) -> tuple[str, ...]:
        """Sort by what changes."""
        return tuple(map(str, (self.subject, self.predicate, self.object, self.new, self.action)))


@cache
def fixes() -> dict[str, Fix]:
    """Read all fixes of `queries/fixes/`, by the code of the rule whose findings they repair, sorted.

    >>> list(fixes())[:2]
    ['ESG104', 'ESG105']
    """
    return {path.stem: Fix.read(path) for path in sorted(resource("queries/fixes").glob("*.rq"))}


def repair(
    graph: Graph,
    codes: Iterable[str] | None = None,
    *,
    nodes: Collection[str] | None = None,
    context: Graph | None = None,
) -> Patch:
    """Find what to change so that nothing is left to repair; the graph stays as it is, `Patch.apply` changes it.

    `codes` limits it to some rules, `nodes` (IRIs) to changes of statements about these nodes or with them as object.
    With `context`, a larger graph beside, nothing is added that it states already. The fixes run in the order of their
    codes, round after round: a label without the white space at its end may be equal to another one. A statement that
    is new goes to the named graph of the one in whose place it stands, else to that of the type of its subject. Nodes
    without an IRI stay as they are, since no patch can name them. The same graph gives the same patch, and one repaired
    an empty patch. Raises ParameterError for a code without a fix, StoreError for a remote graph.

    >>> turtle = "@prefix s: <http://www.w3.org/2004/02/skos/core#> . <http://a/1> a s:Concept ; s:prefLabel 'x '@en ."
    >>> import rdflib
    >>> repair(Graph.from_rdflib(rdflib.Graph().parse(data=turtle))).added[0].object
    <Literal value=x language=en>
    """
    if graph.store is None:
        raise StoreError("only a local graph can be repaired", where=graph.name, advice="Build it here, or use a file.")
    chosen = _chosen(codes)
    touched = _touched(graph, graph.store, chosen, nodes)
    work = _Work(_told(graph.store, touched), touched, context)
    for _ in range(_ROUNDS):
        before = len(work.changes)
        for fix in chosen:
            work.run(fix, nodes)
        if len(work.changes) == before:
            return Patch(tuple(work.changes))
    raise ValidationError("the repairs do not come to an end", where=graph.name, advice="Choose single codes.")


# --- reading ---------------------------------------------------------------------------------------------------------


def _chosen(codes: Iterable[str] | None) -> list[Fix]:
    if codes is None:
        return list(fixes().values())
    wanted = sorted({code if code in fixes() else code.upper() for code in codes})
    unknown = [code for code in wanted if code not in fixes()]
    if unknown:
        raise ParameterError(
            f"there is no safe repair for {', '.join(unknown)}", advice=f"There is one for {', '.join(fixes())}."
        )
    return [fixes()[code] for code in wanted]


def _rows(graph: Graph, fix: Fix) -> list[_Row]:
    """Ask what a fix would change."""
    found = (_Row.read(solution, fix.path.name) for solution in graph.select(fix.text).dicts())
    return sorted((row for row in found if row), key=_Row.order)


def _concerns(row: _Row, nodes: Collection[str] | None) -> bool:
    return nodes is None or any(node.value in nodes for node in row.nodes())


# --- the nodes that change -------------------------------------------------------------------------------------------


def _touched(graph: Graph, store: ox.Store, chosen: Iterable[Fix], nodes: Collection[str] | None) -> set[Node]:
    """Name the nodes of which the fixes say something new; a new name is news of those as well that name the node."""
    touched: set[Node] = set()
    for name in sorted({fix.candidates for fix in chosen} - {""}):
        touched.update(node for node in _candidates(graph, name) if nodes is None or node.value in nodes)
    rows = (row for fix in chosen if not fix.candidates for row in _rows(graph, fix))
    for row in (row for row in rows if _concerns(row, nodes)):
        touched.update(row.nodes())
        if row.action == "rename":
            namers = (quad.subject for quad in store.quads_for_pattern(None, None, row.subject))
            touched.update(node for node in namers if not isinstance(node, ox.Triple))
    return touched


def _candidates(graph: Graph, name: str) -> list[ox.NamedNode]:
    text = resource(f"queries/fixes/candidates/{name}.rq").read_text(encoding="utf-8")
    return [row[0] for row in graph.select(text) if isinstance(row[0], ox.NamedNode)]


def _told(store: ox.Store, nodes: Iterable[Node]) -> ox.Store:
    """Copy all that is said of the nodes. Who else names them is not needed: what a fix adds is said of a node here."""
    told = ox.Store()
    told.bulk_extend(quad for node in nodes for quad in store.quads_for_pattern(node, None, None))
    return told


# --- changing --------------------------------------------------------------------------------------------------------


_Quads = tuple[list[ox.Quad], list[ox.Quad]]
"""What goes and what comes."""


class _Work:
    """The part of a graph that changes, while it does, and the changes so far."""

    def __init__(self, store: ox.Store, nodes: set[Node], context: Graph | None) -> None:
        self.graph = Graph(store)
        self.store = store
        self.nodes = nodes
        self.context = context
        self.changes: list[Change] = []

    def run(self, fix: Fix, nodes: Collection[str] | None) -> None:
        """Make the changes of one fix."""
        for row in _rows(self.graph, fix):
            if row.subject in self.nodes and _concerns(row, nodes):  # of other nodes the store does not know all
                removed, added = _ACTIONS[row.action](self, row)
                if removed or added:
                    self.changes.append(Change(fix.code, tuple(removed), tuple(added)))

    def _remove(self, row: _Row) -> _Quads:
        return self._take(row.subject, row.predicate, row.object), []

    def _add(self, row: _Row) -> _Quads:
        return [], self._put(row.subject, row.predicate, row.object, self._home(row.subject))

    def _replace(self, row: _Row) -> _Quads:
        removed = self._take(row.subject, row.predicate, row.object)
        if not removed:
            return [], []
        if row.predicate in _LABELS:
            rank = _LABELS.index(row.predicate)
            if any(self._holders(row.subject, stronger, row.new) for stronger in _LABELS[:rank]):
                return removed, []
            for weaker in _LABELS[rank + 1 :]:
                removed += self._take(row.subject, weaker, row.new)
        return removed, self._put(row.subject, row.predicate, row.new, removed[0].graph_name)

    def _rename(self, row: _Row) -> _Quads:
        old, new = row.subject, row.new
        found = {*self.store.quads_for_pattern(old, None, None), *self.store.quads_for_pattern(None, None, old)}
        removed, added = ordered(found), []
        for quad in removed:
            self.store.remove(quad)
        for quad in removed:
            subject = new if quad.subject == old and isinstance(new, ox.NamedNode) else quad.subject
            value = new if quad.object == old else quad.object
            added += self._put(subject, quad.predicate, value, quad.graph_name)
        return removed, added

    def _take(self, subject: Resource, predicate: ox.NamedNode, value: Term) -> list[ox.Quad]:
        quads = self._holders(subject, predicate, value)
        for quad in quads:
            self.store.remove(quad)
        return quads

    def _put(self, subject: Resource, predicate: ox.NamedNode, value: Term, home: GraphName) -> list[ox.Quad]:
        """Add a statement, unless this graph or the context holds it: a triple is in one named graph only."""
        quad = ox.Quad(subject, predicate, value, home)
        if self._holders(subject, predicate, value) or (self.context and self.context.ask(f"ASK {{ {quad.triple} }}")):
            return []
        self.store.add(quad)
        return [quad]

    def _holders(
        self, subject: Resource, predicate: ox.NamedNode | None = None, value: Term | None = None
    ) -> list[ox.Quad]:
        return ordered(self.store.quads_for_pattern(subject, predicate, value))

    def _home(self, node: ox.NamedNode) -> GraphName:
        """Name the graph that says of which type a node is, else one that says anything of it."""
        quads = self._holders(node, _TYPE) or self._holders(node)
        return quads[0].graph_name if quads else ox.DefaultGraph()


_ACTIONS = {"add": _Work._add, "remove": _Work._remove, "rename": _Work._rename, "replace": _Work._replace}
