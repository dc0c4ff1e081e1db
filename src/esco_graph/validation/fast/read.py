"""From a shapes graph to constraints: which parameters are run here, and why a shape is left to pySHACL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from esco_graph.errors import ParameterError, ValidationError
from esco_graph.terms import SH, to_ox
from esco_graph.validation.fast import set_tests, sparql_constraint, value_tests
from esco_graph.validation.fast.data import path_sparql
from esco_graph.validation.fast.model import Constraint, Shape, Unsupported
from esco_graph.validation.finding import Term
from esco_graph.validation.paths import Path, read_path
from esco_graph.validation.shape_files import declared_prefixes
from esco_graph.validation.shapes import SEVERITIES, TARGETS

if TYPE_CHECKING:
    import rdflib

# What says nothing to check, or is read with another parameter.
_ASIDE = frozenset(
    SH + name
    for name in (*TARGETS, "path", "name", "description", "message", "severity", "order", "group", "deactivated",
                 "defaultValue", "property", "flags", "ignoredProperties", "qualifiedMinCount", "qualifiedMaxCount",
                 "qualifiedValueShapesDisjoint", "prefixes", "declare")
)  # fmt: skip
_PROPERTY_ONLY = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape")


class Reader:
    """Read shapes of one shapes graph, each once; raises Unsupported for what goes to pySHACL.

    >>> import rdflib
    >>> graph = rdflib.Graph().parse(data="@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> sh:nodeKind sh:IRI .")
    >>> [one.component for one in Reader(graph).shape(rdflib.URIRef("urn:s")).constraints]
    ['NodeKind']
    """

    def __init__(self, graph: rdflib.Graph) -> None:
        """Take a shapes graph, checked or not."""
        self.graph = graph
        self._read: dict[Any, Shape] = {}
        self._open: list[Any] = []
        self._custom = self._custom_parameters()

    def shape(self, node: Any) -> Shape:
        """Read one shape with all that it refers to."""
        if node in self._open:
            raise Unsupported("it refers to itself")
        if node not in self._read:
            self._open.append(node)
            try:
                self._read[node] = self._shape(node)
            finally:
                self._open.pop()
        return self._read[node]

    def _shape(self, node: Any) -> Shape:
        path = self._path(node)
        off = any(bool(value.toPython()) for value in self.objects(node, "deactivated"))
        severity = next(self.objects(node, "severity"), None)
        return Shape(
            node=node,
            path=path,
            severity=SEVERITIES.get(str(severity), "violation"),
            messages=tuple(self.objects(node, "message")),
            constraints=() if off else tuple(self._constraints(node, path)),
            members=() if off else tuple(self._member(member) for member in self.objects(node, "property")),
            off=off,
        )

    def check_targets(self, root: Any) -> None:
        """Refuse the targets of a root shape that SPARQL cannot name."""
        if any(isinstance(_term(value), ox.BlankNode) for value in self.objects(root, "targetNode")):
            raise Unsupported("its sh:targetNode is a blank node")
        if any(next(self.objects(target, "select"), None) is None for target in self.objects(root, "target")):
            raise Unsupported("its sh:target is no sh:SPARQLTarget")

    def objects(self, node: Any, name: str) -> Iterator[Any]:
        """Give the values of a SHACL property, sorted."""
        import rdflib

        return iter(sorted(self.graph.objects(node, rdflib.URIRef(SH + name)), key=str))

    def _one(self, node: Any, name: str) -> Any:
        values = list(self.objects(node, name))
        if len(values) > 1:
            raise Unsupported(f"it has sh:{name} more than once")
        return values[0] if values else None

    def _items(self, head: Any) -> list[Any]:
        items = list(self.graph.items(head))
        if not items:
            raise Unsupported("it holds an empty list")
        return items

    def _path(self, node: Any) -> Path | None:
        found = self._one(node, "path")
        if found is None:
            return None
        try:
            path = read_path(self.graph, found)
        except (ValidationError, RecursionError, ValueError) as error:
            raise Unsupported("its path is none") from error
        _check_path(path, inverse=False)
        return path

    def _member(self, node: Any) -> Shape:
        member = self.shape(node)
        if member.path is None:
            raise Unsupported("a value of sh:property is no property shape")
        return member

    def _constraints(self, node: Any, path: Path | None) -> Iterator[Constraint]:
        names = sorted({str(predicate) for predicate in self.graph.predicates(node)})
        for name in names:
            if name in self._custom:
                raise Unsupported(f"it uses the constraint component of <{name}>")
            if not name.startswith(SH) or name in _ASIDE:
                continue
            local = name.removeprefix(SH)
            if local == "select" and node in self.objects(node, "sparql"):  # the shape is its own SPARQL constraint
                continue
            if path is None and local in _PROPERTY_ONLY:
                raise Unsupported(f"sh:{local} is for property shapes")
            if local not in _BUILDERS:
                raise Unsupported(f"sh:{local} is not known here")
            yield from _BUILDERS[local](self, node, local)

    def _custom_parameters(self) -> frozenset[str]:
        import rdflib

        component, path = rdflib.URIRef(SH + "parameter"), rdflib.URIRef(SH + "path")
        return frozenset(
            str(value)
            for parameter in self.graph.objects(None, component)
            for value in self.graph.objects(parameter, path)
        )

    # Builders, one for each kind of parameter

    def terms(self, node: Any, name: str) -> Iterator[Term]:
        """Give the values of a parameter as terms of the store."""
        for value in self.objects(node, name):
            yield _term(value)

    def number(self, node: Any, name: str) -> int | None:
        """Read a count: one integer that is not negative."""
        value = self._one(node, name)
        if value is None:
            return None
        number = value.toPython()
        if type(number) is not int or number < 0:
            raise Unsupported(f"its sh:{name} is no count")
        return number

    def iri(self, node: Any, name: str) -> str:
        """Read a parameter that is one IRI."""
        return _iri(self._one(node, name))

    def items(self, node: Any, name: str) -> list[Any]:
        """Read a parameter that is one list."""
        return self._items(self._one(node, name))

    def pattern(self, node: Any, _: str) -> Iterator[Constraint]:
        """sh:pattern with sh:flags."""
        flags = str(self._one(node, "flags") or "")
        for value in self.objects(node, "pattern"):
            try:
                yield value_tests.Pattern(str(value), flags)
            except re.error as error:
                raise Unsupported(f"its pattern is no regular expression: {error}") from error

    def logical(self, node: Any, name: str) -> Iterator[Constraint]:
        """sh:node, sh:not: one constraint for each value; sh:and, sh:or, sh:xone: one for each list."""
        for value in self.objects(node, name):
            listed = self._items(value) if name in ("and", "or", "xone") else [value]
            shapes = [self.shape(one) for one in (listed if name == "xone" else sorted(set(listed)))]
            if name == "node" and shapes[0].path is not None:
                raise Unsupported("a value of sh:node is a property shape")
            yield value_tests.negated(shapes[0]) if name == "not" else value_tests.Logical(name.capitalize(), shapes)

    def unique_lang(self, node: Any, name: str) -> Iterator[Constraint]:
        """sh:uniqueLang; only the literal true switches it on (SHACL, section 4.4.5)."""
        value = self._one(node, name)
        if str(value) not in ("true", "false"):
            raise Unsupported("its sh:uniqueLang is neither true nor false")
        if str(value) == "true":
            yield set_tests.UniqueLang()

    def qualified(self, node: Any, name: str) -> Iterator[Constraint]:
        """sh:qualifiedValueShape with its counts and siblings (SHACL, section 4.7.3)."""
        least, most = self.number(node, "qualifiedMinCount"), self.number(node, "qualifiedMaxCount")
        if least is None and most is None:
            raise Unsupported("it has sh:qualifiedValueShape without a count")
        apart = any(value.toPython() is True for value in self.objects(node, "qualifiedValueShapesDisjoint"))
        for value in self.objects(node, name):
            siblings = sorted(self._siblings(node) - {value}) if apart else []
            yield set_tests.Qualified(self.shape(value), least, most, [self.shape(one) for one in siblings])

    def _siblings(self, node: Any) -> set[Any]:
        import rdflib

        parents = self.graph.subjects(rdflib.URIRef(SH + "property"), node)
        members = {member for parent in parents for member in self.objects(parent, "property")}
        return {shape for member in members for shape in self.objects(member, "qualifiedValueShape")}

    def closed(self, node: Any, name: str) -> Iterator[Constraint]:
        """sh:closed with sh:ignoredProperties."""
        if not bool(self._one(node, name).toPython()):
            return
        allowed = {str(one) for head in self.objects(node, "ignoredProperties") for one in self.graph.items(head)}
        paths = (value for member in self.objects(node, "property") for value in self.objects(member, "path"))
        yield set_tests.Closed({*allowed, *map(str, paths)})

    def sparql(self, node: Any, name: str) -> Iterator[Constraint]:
        """sh:sparql; its messages, and those of the shape, are both told."""
        path = self._path(node)
        for value in self.objects(node, name):
            if any(bool(off.toPython()) for off in self.objects(value, "deactivated")):
                continue
            select = self._one(value, "select")
            if select is None:
                raise Unsupported("its sh:sparql has no sh:select")
            messages = (*self.objects(value, "message"), *self.objects(node, "message"))
            yield sparql_constraint.Sparql(
                str(select),
                declared_prefixes(self.graph, value),
                node,
                None if path is None else path_sparql(path),
                messages,
            )


def _check_path(path: Path, *, inverse: bool) -> None:
    if inverse and path.kind == "sequence":
        raise Unsupported("its path is the inverse of a sequence, which pySHACL walks in another order")
    for part in path.parts:
        _check_path(part, inverse=inverse != (path.kind == "inversePath"))


def _term(value: Any) -> Term:
    try:
        return to_ox(value)
    except ParameterError as error:
        raise Unsupported(f"it holds a term that is none: {error.what}") from error


def _iri(value: Any) -> str:
    term = _term(value)
    if not isinstance(term, ox.NamedNode):
        raise Unsupported("a parameter that has to be an IRI is none")
    return term.value


Builder = Callable[[Reader, Any, str], Iterable[Constraint]]


def _each_iri(build: Callable[[str], Constraint]) -> Builder:
    return lambda reader, node, name: [build(_iri(value)) for value in reader.objects(node, name)]


def _least(build: Callable[[int], Constraint]) -> Builder:
    """Build a constraint that 0 makes void."""
    return lambda reader, node, name: [build(count) for count in [reader.number(node, name)] if count]


def _most(build: Callable[[int], Constraint]) -> Builder:
    return lambda reader, node, name: [build(reader.number(node, name) or 0)]


def _range(reader: Reader, node: Any, name: str) -> Iterator[Constraint]:
    for term in reader.terms(node, name):
        if not isinstance(term, ox.Literal):
            raise Unsupported(f"its sh:{name} is no literal")
        yield value_tests.Range(name[0].upper() + name[1:], term)


# Local name of a parameter -> what makes its constraints.
_BUILDERS: dict[str, Builder] = {
    "class": _each_iri(value_tests.Class),
    "datatype": lambda reader, node, name: [value_tests.Datatype(reader.iri(node, name))],
    "nodeKind": lambda reader, node, name: [value_tests.NodeKind(reader.iri(node, name))],
    "minCount": _least(set_tests.MinCount),
    "maxCount": _most(set_tests.MaxCount),
    **dict.fromkeys(("minExclusive", "minInclusive", "maxExclusive", "maxInclusive"), _range),
    "minLength": _least(value_tests.MinLength),
    "maxLength": _most(value_tests.MaxLength),
    "pattern": Reader.pattern,
    "languageIn": lambda reader, node, name: [value_tests.LanguageIn(map(str, reader.items(node, name)))],
    "uniqueLang": Reader.unique_lang,
    "equals": _each_iri(set_tests.Equals),
    "disjoint": _each_iri(set_tests.Disjoint),
    "lessThan": _each_iri(lambda iri: set_tests.LessThan(iri, or_equal=False)),
    "lessThanOrEquals": _each_iri(lambda iri: set_tests.LessThan(iri, or_equal=True)),
    **dict.fromkeys(("node", "not", "and", "or", "xone"), Reader.logical),
    "qualifiedValueShape": Reader.qualified,
    "closed": Reader.closed,
    "hasValue": lambda reader, node, name: [set_tests.HasValue(term) for term in reader.terms(node, name)],
    "in": lambda reader, node, name: [value_tests.In(map(_term, reader.graph.items(reader._one(node, name))))],
    "sparql": Reader.sparql,
}
