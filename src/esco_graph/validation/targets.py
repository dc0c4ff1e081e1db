"""Which nodes a shape is checked on: targets as SPARQL, counted or listed by the store (SHACL, section 2.1.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from esco_graph.errors import ValidationError
from esco_graph.sparql import tokens, write_iri
from esco_graph.terms import RDF, RDFS, SH, to_ox
from esco_graph.validation.shape_files import declared_prefixes
from esco_graph.validation.shapes import TARGETS, Shape

if TYPE_CHECKING:
    import rdflib

    from esco_graph.graph import Graph

_TYPE, _SUBCLASS = write_iri(RDF + "type"), write_iri(RDFS + "subClassOf")
_CHUNK = 500  # IRIs in one VALUES block


class Asked(NamedTuple):
    """Nodes as SPARQL: PREFIX lines, and a group pattern for `?this`."""

    prefixes: str
    pattern: str


class Targets:
    """The targets of shapes in one graph; what was looked up once is kept.

    With `nodes`, nothing else counts as a target; they are kept as `limit`.
    """

    def __init__(self, shapes: rdflib.Graph, graph: Graph, nodes: Collection[str] | None = None) -> None:
        """Keep the shapes graph, the data, and the nodes to which the check is limited."""
        self._shapes = shapes
        self._graph = graph
        self.limit = nodes
        self._asked: dict[tuple[Shape, ...], Asked] = {}
        self._totals: dict[Asked, int] = {}
        self._reached: dict[Asked, int] = {}
        self._chosen: dict[Shape, dict[Any, None]] = {}
        self._known: dict[Shape, tuple[str, ...]] = {}

    def count(self, roots: Iterable[Shape], most: int | None = None) -> int:
        """Count the distinct targets of some shapes together, no further than to `most`; counted once.

        >>> import rdflib
        >>> from esco_graph.graph import Graph
        >>> turtle = "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> sh:targetSubjectsOf <urn:p> ."
        >>> name = ox.NamedNode("urn:p")
        >>> graph = Graph.memory(ox.Quad(ox.NamedNode(f"urn:{number}"), name, name) for number in range(9))
        >>> targets = Targets(rdflib.Graph().parse(data=turtle), graph)
        >>> targets.count([rdflib.URIRef("urn:s")], 5), targets.count([rdflib.URIRef("urn:s")])
        (5, 9)
        """
        asked = self._ask(tuple(roots))
        if asked not in self._totals:
            if most is not None and self._reached.get(asked, 0) >= most:
                return most
            number = self._count(asked, most)
            if most is not None and number >= most:
                self._reached[asked] = most
                return most
            self._totals[asked] = number
        return self._totals[asked] if most is None else min(self._totals[asked], most)

    def learn(self, roots: Iterable[Shape], number: int) -> None:
        """Take note of how many distinct targets some shapes have together, for whoever saw them all."""
        self._totals[self._ask(tuple(roots))] = number

    def _ask(self, roots: tuple[Shape, ...]) -> Asked:
        if roots not in self._asked:
            selects = self._sub_selects(roots) if self.limit is None and all(map(self._is_selected, roots)) else None
            patterns = sorted({pattern for root in roots for pattern in self.patterns(root)}) if selects is None else ()
            self._asked[roots] = selects or Asked("", " UNION ".join(f"{{ {pattern} }}" for pattern in patterns))
        return self._asked[roots]

    def _sub_selects(self, roots: Iterable[Shape]) -> Asked | None:
        """Write sh:SPARQLTargets as sub-selects; None where that cannot be, and their nodes have to be looked up."""
        found = [select for root in roots for select in self.selects(root)]
        prefixes = {one.prefixes for one in found}
        if len(prefixes) != 1 or not all(is_plain_select(one.pattern) and _selects_this(one) for one in found):
            return None
        union = " UNION ".join(f"{{ {one.pattern} }}" for one in found)
        return Asked(prefixes.pop(), f"{union} FILTER(isIRI(?this))")

    def _count(self, asked: Asked, most: int | None) -> int:
        if self.limit is not None:
            return len(set(self._select(asked, "DISTINCT ?this")))
        if most is None:
            return sum(int(term.value) for term in self._select(asked, "(COUNT(DISTINCT ?this) AS ?n)"))
        some = Asked(asked.prefixes, f"SELECT DISTINCT ?this {{ {asked.pattern} }} LIMIT {most}")
        return sum(int(term.value) for term in self._select(some, "(COUNT(*) AS ?n)"))

    def nodes(self, root: Shape) -> set[Any]:
        """Look up the targets of one shape, as Oxigraph terms."""
        return set(self._select(self._ask((root,)), "DISTINCT ?this"))

    def selected(self, root: Shape) -> dict[Any, None]:
        """Run the sh:SPARQLTargets of a shape once; gives IRIs, as Oxigraph terms, in the order of the store."""
        import rdflib

        if root not in self._chosen:
            targets = sorted(self._shapes.objects(root, rdflib.URIRef(SH + "target")), key=str)
            self._chosen[root] = {node: None for target in targets for node in self._sparql_target(root, target)}
        return self._chosen[root]

    def patterns(self, root: Shape) -> tuple[str, ...]:
        """Write the targets of one shape as SPARQL group patterns for `?this`, one per declaration."""
        if root not in self._known:
            self._known[root] = tuple(self._patterns(root))
        return self._known[root]

    def selects(self, root: Shape) -> Iterator[Asked]:
        """Give the SELECT of each sh:SPARQLTarget of a shape, with its prefixes."""
        import rdflib

        for target in sorted(self._shapes.objects(root, rdflib.URIRef(SH + "target")), key=str):
            for select in self._shapes.objects(target, rdflib.URIRef(SH + "select")):
                yield Asked(declared_prefixes(self._shapes, target), str(select))

    def _is_selected(self, root: Shape) -> bool:
        """Say whether an sh:SPARQLTarget alone gives the targets of a shape."""
        import rdflib

        given = [name for name in TARGETS if (root, rdflib.URIRef(SH + name), None) in self._shapes]
        return given == ["target"]

    def _select(self, asked: Asked, projection: str) -> Iterator[Any]:
        for values in self._values() if asked.pattern else ():
            query = f"{asked.prefixes}SELECT {projection} WHERE {{ {values} {{ {asked.pattern} }} }}"
            for row in self._graph.select(query):
                if row[0] is not None:
                    yield row[0]

    def _values(self) -> Iterator[str]:
        if self.limit is None:
            yield ""
            return
        nodes = sorted(self.limit)
        for start in range(0, len(nodes), _CHUNK):
            yield f"VALUES ?this {{ {' '.join(map(write_iri, nodes[start : start + _CHUNK]))} }}"

    def _patterns(self, root: Shape) -> Iterator[str]:
        import rdflib

        given = {name: sorted(self._shapes.objects(root, rdflib.URIRef(SH + name)), key=str) for name in TARGETS}
        classes = list(given["targetClass"])
        if (root, rdflib.URIRef(RDF + "type"), rdflib.URIRef(RDFS + "Class")) in self._shapes:
            classes.append(root)
        for kind in classes:
            yield f"?this {_TYPE}/{_SUBCLASS}* {to_ox(kind)}"
        for property_ in given["targetSubjectsOf"]:
            yield f"?this {to_ox(property_)} ?object"
        for property_ in given["targetObjectsOf"]:
            yield f"?subject {to_ox(property_)} ?this"
        for node in given["targetNode"]:
            yield f"VALUES ?this {{ {to_ox(node)} }}"
        if given["target"]:
            yield f"VALUES ?this {{ {' '.join(sorted(map(str, self.selected(root))))} }}"

    def _sparql_target(self, root: Shape, target: Any) -> list[Any]:
        """Run an sh:SPARQLTarget (SHACL Advanced Features, section 3.1); its nodes without a name are passed over."""
        import rdflib

        select = self._shapes.value(target, rdflib.URIRef(SH + "select"))
        if select is None:
            what = f"the target of the shape {root} is no sh:SPARQLTarget"
            raise ValidationError(what, advice="Use sh:targetClass, or an sh:SPARQLTarget with sh:select.")
        found = self._graph.select(declared_prefixes(self._shapes, target) + str(select))
        if "this" not in found.variables:
            raise ValidationError(
                f"the sh:SPARQLTarget of the shape {root} selects no ?this", advice="Write SELECT ?this."
            )
        column = found.variables.index("this")
        return [term for term in (row[column] for row in found) if isinstance(term, ox.NamedNode)]


def _selects_this(asked: Asked) -> bool:
    try:
        found = ox.Store().query(asked.prefixes + asked.pattern)
    except SyntaxError:  # told where it is run
        return False
    return isinstance(found, ox.QuerySolutions) and ox.Variable("this") in found.variables


def is_plain_select(text: str) -> bool:
    """Say whether a query can stand as a sub-select.

    >>> is_plain_select("SELECT ?this { ?this ?p 1 }"), is_plain_select("PREFIX : <urn:> SELECT ?this { ?this :p 1 }")
    (True, False)
    """
    words = [token.text.upper() for token in tokens(text) if token.kind == "word"]
    return words[:1] == ["SELECT"] and "FROM" not in words and "VALUES" not in words


def fixed_targets(shapes: rdflib.Graph, targets: Targets, roots: Iterable[Shape], *, every: bool) -> None:
    """Replace targets in a shapes graph by the nodes they select: SPARQL targets only, or every target.

    pySHACL itself would need its advanced mode for the former and knows no limit to some nodes without losing the
    shapes of their values.
    """
    import rdflib

    from esco_graph.terms import from_ox

    for root in roots:
        selects = shapes.value(root, rdflib.URIRef(SH + "target")) is not None
        if not (every or selects):
            continue
        nodes = targets.nodes(root)
        for name in TARGETS:
            shapes.remove((root, rdflib.URIRef(SH + name), None))
        if every:
            shapes.remove((root, rdflib.URIRef(RDF + "type"), rdflib.URIRef(RDFS + "Class")))
        for node in nodes:
            shapes.add((root, rdflib.URIRef(SH + "targetNode"), from_ox(node)))


def spread_targets(shapes: rdflib.Graph, roots: Iterable[Shape]) -> None:
    """Give the targets of node shapes to their property shapes, which gives the same results.

    pySHACL takes all focus nodes of a shape at once, but walks `sh:property` anew for each: twice the time.
    Shapes that others refer to (sh:node and the like) stay as they are.
    """
    import rdflib

    held, siblings = rdflib.URIRef(SH + "property"), rdflib.URIRef(SH + "qualifiedValueShapesDisjoint")
    declarations = [rdflib.URIRef(SH + name) for name in TARGETS]
    for root in roots:
        if (root, rdflib.URIRef(SH + "path"), None) in shapes or next(shapes.subjects(None, root), None) is not None:
            continue
        if any((member, siblings, None) in shapes for member in shapes.objects(root, held)):
            continue  # these count the shapes beside them, which only their node shape knows
        given = [(predicate, value) for predicate in declarations for value in shapes.objects(root, predicate)]
        if (root, rdflib.URIRef(RDF + "type"), rdflib.URIRef(RDFS + "Class")) in shapes:
            given.append((rdflib.URIRef(SH + "targetClass"), root))
        for member in list(shapes.objects(root, held)):
            for predicate, value in given:
                shapes.add((member, predicate, value))
        shapes.remove((root, held, None))
