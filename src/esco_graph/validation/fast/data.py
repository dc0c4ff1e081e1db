"""Ask a store about single nodes: values of a path, classes, and, where many are asked, a whole property at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

import pyoxigraph as ox

from esco_graph.terms import RDF, RDFS
from esco_graph.validation.finding import Term
from esco_graph.validation.paths import Path

Step = tuple[str, bool]
"""One step of a path: a property, and whether it is walked from object to subject."""

TYPE, SUBCLASS = RDF + "type", RDFS + "subClassOf"
_MANY = 256  # lookups of one property after which it may pay to read it whole
_RATIO = 6  # rows of a scan that cost as much as one lookup


class Data:
    """The union of a store's graphs, read node by node; terms are those of the store.

    >>> store = ox.Store()
    >>> a, b = ox.NamedNode("http://a"), ox.NamedNode("http://b")
    >>> store.extend([ox.Quad(a, b, ox.Literal("c"), graph) for graph in (a, b)])
    >>> list(Data(store).objects(a, "http://b"))
    [<Literal value=c datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#string>>]
    """

    def __init__(self, store: ox.Store, *, whole: bool = True) -> None:
        """Take a store; `whole` allows to keep properties in memory that are asked for often."""
        self.store = store
        self._whole = whole
        self._asked: Counter[Step] = Counter()
        self._kept: dict[Step, Mapping[Term, tuple[Term, ...]]] = {}
        self._counts: dict[str, tuple[int, int]] = {}
        self._below: dict[str, frozenset[Term]] = {}

    def select(self, sparql: str) -> Iterator[Any]:
        """Run a SELECT; each solution is a row of terms, None where a variable is not bound."""
        return iter(self.store.query(sparql, use_default_graph_as_union=True))  # type: ignore[arg-type]

    def count(self, pattern: str, most: int) -> int:
        """Count the rows of a group pattern, no further than to `most`; counted once."""
        known, reached = self._counts.get(pattern, (0, 0))
        if known >= reached and most > reached:  # not counted yet, or not to the end
            query = f"SELECT (COUNT(*) AS ?n) {{ SELECT * {{ {{ {pattern} }} }} LIMIT {most} }}"
            known, reached = int(next(self.select(query))[0].value), most
            self._counts[pattern] = (known, reached)
        return min(known, most)

    def rows(self, path: Path, most: int) -> int:
        """Count the pairs of a path, no further than to `most`; counted once."""
        return self.count(path_pattern(path, "?s", "?o"), most)

    def objects(self, node: Term, property_: str) -> Iterable[Term]:
        """Give the values of a property, each once."""
        return self._step(node, (property_, False))

    def step(self, node: Term, step: Step) -> Iterable[Term]:
        """Walk one step, in its direction; gives each node once."""
        return self._step(node, step)

    def reach(self, node: Term, steps: Iterable[Step], most: int) -> int:
        """Count what some steps lead to from a node, no further than to `most`."""
        ends = chain.from_iterable(self._quads(step, node) for step in steps)
        return sum(1 for _ in islice(ends, most))

    def has(self, subject: Term, property_: str, value: Term | None = None) -> bool:
        """Say whether a statement is there, with any value or with this one."""
        if isinstance(subject, ox.Literal):
            return False
        found = self.store.quads_for_pattern(subject, ox.NamedNode(property_), value, None)
        return next(found, None) is not None

    def is_object(self, value: Term, property_: str) -> bool:
        """Say whether a term is the value of a property anywhere."""
        return next(self.store.quads_for_pattern(None, ox.NamedNode(property_), value, None), None) is not None

    def leads(self, node: Term, step: Step, end: Term) -> bool:
        """Say whether one step leads from a node to another."""
        return self.has(end, step[0], node) if step[1] else self.has(node, step[0], end)

    def below(self, class_: str) -> frozenset[Term]:
        """Give a class with its subclasses; kept."""
        if class_ not in self._below:
            seen: set[Term] = set()
            todo: list[Term] = [ox.NamedNode(class_)]
            while todo:
                term = todo.pop()
                if term not in seen:
                    seen.add(term)
                    todo += self._look((SUBCLASS, True), term)
            self._below[class_] = frozenset(seen)
        return self._below[class_]

    def is_instance(self, node: Term, class_: str) -> bool:
        """Say whether a node is a SHACL instance of a class (SHACL, section 1.1)."""
        below = self.below(class_)
        return any(kind in below for kind in self._step(node, (TYPE, False)))

    def values(self, path: Path, focus: Term) -> dict[Term, None]:
        """Walk a path from a node; gives the value nodes, each once, in a fixed order of the store."""
        return dict.fromkeys(self._walk(path, focus, inverse=False))

    def _walk(self, path: Path, focus: Term, *, inverse: bool) -> Iterable[Term]:
        if path.kind == "iri":
            return self._step(focus, (path.iri, inverse))
        if path.kind == "inversePath":
            return self._walk(path.parts[0], focus, inverse=not inverse)
        if path.kind == "alternativePath":
            return [value for part in path.parts for value in self._walk(part, focus, inverse=inverse)]
        if path.kind == "sequence":
            level: dict[Term, None] = {focus: None}
            for part in reversed(path.parts) if inverse else path.parts:
                level = dict.fromkeys(value for node in level for value in self._walk(part, node, inverse=inverse))
            return level
        inner = path.parts[0]
        if path.kind == "zeroOrOnePath":
            return [focus, *self._walk(inner, focus, inverse=inverse)]
        reached: dict[Term, None] = {}
        todo = [focus] if path.kind == "zeroOrMorePath" else list(self._walk(inner, focus, inverse=inverse))
        while todo:
            node = todo.pop()
            if node not in reached:
                reached[node] = None
                todo += self._walk(inner, node, inverse=inverse)
        return reached

    def _step(self, node: Term, step: Step) -> Iterable[Term]:
        kept = self._kept.get(step)
        if kept is not None:
            return kept.get(node, ())
        self._asked[step] += 1
        if self._whole and self._asked[step] % _MANY == 0 and self._pays(step):
            return self._keep(step).get(node, ())
        return self._look(step, node)

    def _look(self, step: Step, node: Term) -> dict[Term, None]:
        if step[1]:
            return dict.fromkeys(quad.subject for quad in self._quads(step, node))  # type: ignore[misc]
        return dict.fromkeys(quad.object for quad in self._quads(step, node))  # type: ignore[misc]

    def _quads(self, step: Step, node: Term) -> Iterable[ox.Quad]:
        name = ox.NamedNode(step[0])
        if step[1]:
            return self.store.quads_for_pattern(None, name, node, None)
        return () if isinstance(node, ox.Literal) else self.store.quads_for_pattern(node, name, None, None)

    def _pays(self, step: Step) -> bool:
        most = self._asked[step] * _RATIO
        return self.count(f"?s {ox.NamedNode(step[0])} ?o", most + 1) <= most

    def _keep(self, step: Step) -> Mapping[Term, tuple[Term, ...]]:
        index: dict[Term, dict[Term, None]] = {}
        for subject, value in self.select(f"SELECT ?s ?o {{ ?s {ox.NamedNode(step[0])} ?o }}"):
            start, end = (value, subject) if step[1] else (subject, value)
            index.setdefault(start, {})[end] = None
        kept = self._kept[step] = {start: tuple(ends) for start, ends in index.items()}
        return kept


def steps_of(path: Path) -> tuple[Step, ...] | None:
    """Take a path that is one step, or a choice of such, apart; None for any other.

    >>> back = Path("inversePath", parts=(Path("iri", "urn:b"),))
    >>> steps_of(Path("alternativePath", parts=(Path("iri", "urn:a"), back)))
    (('urn:a', False), ('urn:b', True))
    """
    if path.kind == "iri":
        return ((path.iri, False),)
    if path.kind == "inversePath":
        inner = steps_of(path.parts[0])
        return None if inner is None else tuple((name, not inverse) for name, inverse in inner)
    if path.kind == "alternativePath":
        parts = [steps_of(part) for part in path.parts]
        if all(part is not None for part in parts):
            return tuple(dict.fromkeys(step for part in parts for step in part or ()))
    return None


def path_sparql(path: Path) -> str:
    """Write a path for a query, with full IRIs.

    >>> path_sparql(Path("inversePath", parts=(Path("iri", "http://a"),)))
    '^(<http://a>)'
    """
    if path.kind == "iri":
        return str(ox.NamedNode(path.iri))
    parts = [f"({path_sparql(part)})" for part in path.parts]
    if path.kind in ("sequence", "alternativePath"):
        return ("/" if path.kind == "sequence" else "|").join(parts)
    if path.kind == "inversePath":
        return f"^{parts[0]}"
    return parts[0] + {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}[path.kind]


def path_pattern(path: Path, start: str, end: str) -> str:
    """Write a path between two variables as a group pattern, whose rows may come more than once.

    A union of triple patterns: what SPARQL calls an alternative path takes Oxigraph more than twice the time.

    >>> one, other = Path("iri", "urn:p"), Path("inversePath", parts=(Path("iri", "urn:q"),))
    >>> path_pattern(Path("alternativePath", parts=(one, other)), "?this", "?value")
    '{ ?this <urn:p> ?value } UNION { ?value <urn:q> ?this }'
    """
    if path.kind == "inversePath":
        return path_pattern(path.parts[0], end, start)
    if path.kind == "alternativePath":
        return " UNION ".join(f"{{ {path_pattern(part, start, end)} }}" for part in path.parts)
    if path.kind == "sequence":
        stops = [start, *(f"{end}_{place}" for place in range(1, len(path.parts))), end]
        pairs = zip(path.parts, stops, stops[1:], strict=False)
        return " ".join(f"{{ {path_pattern(part, one, other)} }}" for part, one, other in pairs)
    return f"{start} {path_sparql(path)} {end}"
