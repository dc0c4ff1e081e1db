"""The focus nodes of a root shape: as SPARQL, as a list, or as a question about one node (SHACL, section 2.1.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from esco_graph.terms import RDF, RDFS, SH, to_ox
from esco_graph.validation.fast.data import SUBCLASS, TYPE, Data
from esco_graph.validation.finding import Term
from esco_graph.validation.targets import is_plain_select

if TYPE_CHECKING:
    import rdflib

    from esco_graph.validation.targets import Targets

_ENOUGH = 256  # questions about single nodes after which it may pay to read all
_KEPT = 200_000  # focus nodes that are kept in memory to answer what is one


class Declaration(NamedTuple):
    """One target declaration: `class`, `subjects`, `objects` (an IRI), `node` (a term) or `sparql` (a root).

    `any` (roots) stands for all declarations of some roots, where one query gives their nodes.
    """

    kind: str
    value: Any


class Focus:
    """The focus nodes that some root shapes have together, each once."""

    def __init__(self, data: Data, shapes: rdflib.Graph, targets: Targets, roots: Sequence[Any]) -> None:
        """Take the roots, sorted; nothing is read yet."""
        self._data = data
        self._shapes = shapes
        self._targets = targets
        self.roots = tuple(roots)
        self.declarations = tuple(dict.fromkeys(one for root in roots for one in _declarations(shapes, root)))
        self._members: frozenset[Term] | None = None
        self._asked = 0

    def count(self, most: int) -> int:
        """Count the focus nodes, no further than to `most`."""
        return self._targets.count(self.roots, most)

    def members(self) -> Collection[Term]:
        """List the focus nodes, each once, in an order that is the same in every run."""
        return tuple(dict.fromkeys(node for one in self.declarations for node in self.stream(one)))

    def stream(self, declaration: Declaration) -> Iterator[Term]:
        """Go over the nodes of one declaration, each once."""
        if declaration.kind == "any":
            header, pattern = self.pattern() or ("", "")
            rows = self._data.select(f"{header}SELECT DISTINCT ?this {{ {pattern} }}")
            seen = 0
            for (node,) in rows:
                if self.sure or isinstance(node, ox.NamedNode):
                    seen += 1
                    yield node
            self._targets.learn(self.roots, seen)
        elif declaration.kind == "sparql":
            yield from self._targets.selected(declaration.value)
        elif declaration.kind == "node":
            yield declaration.value
        else:
            yield from (
                row[0] for row in self._data.select(f"SELECT DISTINCT ?this {{ {self.pattern_of(declaration)} }}")
            )

    def has(self, node: Term) -> bool:
        """Say whether a node is one of the focus nodes."""
        if self._members is None:
            self._asked += 1
            if self._asked < _ENOUGH or self.count(_KEPT + 1) > min(_KEPT, self._asked * 4):
                return any(self.declares(one, node) for one in self.declarations)
            self._members = frozenset(self.members())
        return node in self._members

    def declares(self, declaration: Declaration, node: Term) -> bool:
        """Say whether one declaration targets a node."""
        kind, value = declaration
        if kind == "class":
            return self._data.is_instance(node, value)
        if kind == "subjects":
            return self._data.has(node, value)
        if kind == "objects":
            return self._data.is_object(node, value)
        return bool(node == value) if kind == "node" else node in self._targets.selected(value)

    @property
    def sure(self) -> bool:
        """Whether `pattern` gives focus nodes only; an sh:SPARQLTarget may give blank nodes, which are none."""
        return all(one.kind != "sparql" for one in self.declarations)

    def pattern(self) -> tuple[str, str] | None:
        """Write the focus nodes as PREFIX lines and a pattern for ?this; None where SPARQL cannot name them."""
        headers, parts = set(), []
        for one in self.declarations:
            if one.kind == "node" and not isinstance(one.value, ox.NamedNode):
                return None
            if one.kind == "sparql":
                for header, select in self._targets.selects(one.value):
                    if not is_plain_select(select):
                        return None
                    headers.add(header)
                    parts.append(select)
            else:
                parts.append(self.pattern_of(one))
        if len(headers) > 1:
            return None
        union = parts[0] if len(parts) == 1 and self.sure else " UNION ".join(f"{{ {part} }}" for part in parts)
        return "".join(headers), union

    def pattern_of(self, declaration: Declaration) -> str:
        """Write the nodes of one declaration, of a class, a property or a node, as a pattern for ?this."""
        kind, value = declaration
        if kind == "node":
            return f"VALUES ?this {{ {value} }}"
        name, kind_of = ox.NamedNode(value), ox.NamedNode(TYPE)
        if kind == "class":
            alone = len(self._data.below(value)) == 1
            return f"?this {kind_of} {name}" if alone else f"?this {kind_of}/{ox.NamedNode(SUBCLASS)}* {name}"
        return f"?this {name} ?object" if kind == "subjects" else f"?subject {name} ?this"


def _declarations(shapes: rdflib.Graph, root: Any) -> Iterator[Declaration]:
    import rdflib

    for name, kind in (("targetClass", "class"), ("targetSubjectsOf", "subjects"), ("targetObjectsOf", "objects")):
        for value in sorted(shapes.objects(root, rdflib.URIRef(SH + name)), key=str):
            yield Declaration(kind, str(value))
    if (root, rdflib.URIRef(RDF + "type"), rdflib.URIRef(RDFS + "Class")) in shapes:
        yield Declaration("class", str(root))
    for value in sorted(shapes.objects(root, rdflib.URIRef(SH + "targetNode")), key=str):
        yield Declaration("node", to_ox(value))
    if shapes.value(root, rdflib.URIRef(SH + "target")) is not None:
        yield Declaration("sparql", root)
