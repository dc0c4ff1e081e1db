"""Shorten RDF with a JSON-LD context: the part of the compaction algorithm that our own documents need.

Only what the context's terms carry without loss is shortened; everything else is written out in full, which is
always allowed (https://www.w3.org/TR/json-ld11-api/#compaction-algorithms).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyoxigraph as ox

from esco_graph.errors import ParameterError
from esco_graph.publish.document import RDF_TYPE, Node, Pair, Resource, Value
from esco_graph.publish.text import STRING, checked
from esco_graph.terms import XSD

Json = dict[str, Any]
Embed = Callable[[str, ox.NamedNode], Json | None]

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
_GENERIC = frozenset({"@set", "@language"})


@dataclass(frozen=True)
class Term:
    """One key of a document: its name, the IRI it stands for, and how its values are written."""

    name: str
    iri: str
    type: str | None = None
    language: str | None = None
    container: frozenset[str] = field(default_factory=frozenset)

    def takes(self, value: Value) -> bool:
        """Say whether the value can stand under this key at all: a language map takes nothing but tagged strings."""
        if "@language" not in self.container:
            return True
        return isinstance(value, ox.Literal) and bool(value.language)


class Compactor:
    """Shortens nodes with one context.

    >>> context = {"@context": {"skos": "http://www.w3.org/2004/02/skos/core#", "name": "skos:prefLabel"}}
    >>> pair = ("http://www.w3.org/2004/02/skos/core#prefLabel", ox.Literal("nurse"))
    >>> Compactor(context).node(Node(ox.NamedNode("http://example.org/1"), [pair]))
    {'@id': 'http://example.org/1', 'name': 'nurse'}
    """

    def __init__(self, document: Json) -> None:
        """Read a context document, `{"@context": {…}}`; contexts that name another file are refused."""
        context = document.get("@context")
        if not isinstance(context, dict) or "@import" in context:
            raise ParameterError("the JSON-LD context is not one map", advice="Write it in one file, without @import.")
        self._context = context
        self._prefixes = {name: space for name in context if (space := self._prefix(name))}
        self._by_length = sorted(self._prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
        self._aliases: dict[str, str] = {
            value: name for name, value in sorted(context.items()) if name[0] != "@" and _keyword(value)
        }
        self._terms: dict[str, list[Term]] = {}
        for term in filter(None, map(self._term, sorted(context))):
            self._terms.setdefault(term.iri, []).append(term)
        self._known: dict[str, str] = {}

    def keyword(self, keyword: str) -> str:
        """Name of a keyword in the document: its alias, if the context gives one."""
        return self._aliases.get(keyword, keyword)

    def iri(self, iri: str) -> str:
        """Shorten an IRI to `prefix:local` where a prefix fits."""
        if iri not in self._known:
            self._known[iri] = self._shorten(checked(iri))
        return self._known[iri]

    def node(self, node: Node, embed: Embed | None = None) -> Json:
        """Write one subject; `embed` gives the node to put in the place of a reference, or None to leave it one."""
        written: Json = {self.keyword("@id"): self.id(node.subject)}
        for predicate, pairs in groupby(node.pairs, key=itemgetter(0)):
            for key, value in self._property(predicate, list(pairs), embed):
                written[key] = value
        return written

    def id(self, term: Resource) -> str:
        """Write the IRI or the label of a node."""
        return self.iri(term.value) if isinstance(term, ox.NamedNode) else f"_:{term.value}"

    def name(self, iri: str) -> str:
        """Write an IRI where the context's own words are allowed: a class, or a value from a vocabulary."""
        terms = self._terms.get(iri)
        return terms[0].name if terms else self.iri(iri)

    def _property(self, predicate: str, pairs: list[Pair], embed: Embed | None) -> Iterable[tuple[str, Any]]:
        values = [value for _, value in pairs]
        if predicate == RDF_TYPE:
            types = [self._class(value) for value in values if not isinstance(value, ox.Literal)]
            values = [value for value in values if isinstance(value, ox.Literal)]
            if types:
                yield self.keyword("@type"), types[0] if len(types) == 1 else types
        for term in [*self._terms.get(predicate, []), Term(self.iri(predicate), predicate)]:
            fitting = [value for value in values if term.takes(value)]
            values = [value for value in values if not term.takes(value)]
            if fitting:
                yield term.name, self._values(term, fitting, embed)

    def _values(self, term: Term, values: list[Value], embed: Embed | None) -> Any:
        if "@language" in term.container:
            return {
                lang: texts[0] if len(texts) == 1 and "@set" not in term.container else texts
                for lang, texts in _by_language(values)
            }
        written = [self._value(term, value, embed) for value in values]
        return written[0] if len(written) == 1 and "@set" not in term.container else written

    def _value(self, term: Term, value: Value, embed: Embed | None) -> Any:
        if isinstance(value, ox.Literal):
            return self._literal(term, value)
        if embed and isinstance(value, ox.NamedNode) and (inner := embed(term.iri, value)):
            return inner
        if term.type == "@vocab":
            return self._class(value)
        return self.id(value) if term.type == "@id" else {self.keyword("@id"): self.id(value)}

    def _class(self, value: Resource) -> str:
        return self.name(value.value) if isinstance(value, ox.NamedNode) else self.id(value)

    def _literal(self, term: Term, literal: ox.Literal) -> Any:
        text, lang, datatype = literal.value, literal.language, literal.datatype.value
        if lang:
            return text if term.language == lang else {"@value": text, "@language": lang}
        if datatype == STRING:
            plain = term.type in (None, "@none") and term.language is None
            return text if plain and "@language" not in self._context else {"@value": text}
        if datatype == term.type:
            return _native(text, datatype)
        return {"@value": text, "@type": self.name(datatype)}

    def _shorten(self, iri: str) -> str:
        for name, space in self._by_length:
            local = iri[len(space) :]
            curie = f"{name}:{local}"
            if iri.startswith(space) and local and not local.startswith("//") and curie not in self._context:
                return curie
        scheme, _, rest = iri.partition(":")
        if scheme in self._context and not rest.startswith("//"):
            raise ParameterError(
                f"{iri!r} would be read as the prefix {scheme!r} of the JSON-LD context",
                advice="Use another format, for example turtle.",
            )
        return iri

    def _prefix(self, name: str) -> str | None:
        """Namespace of a term that may be used as a prefix: a plain one that ends in a delimiter, or one marked so."""
        definition = self._context[name]
        if name.startswith("@") or _keyword(definition):
            return None
        if isinstance(definition, str):
            return definition if definition.endswith(tuple(":/?#[]@")) and "://" in definition else None
        return definition["@id"] if isinstance(definition, dict) and definition.get("@prefix") is True else None

    def _term(self, name: str) -> Term | None:
        definition = self._context[name]
        if name.startswith("@") or name in self._prefixes or definition is None or _keyword(definition):
            return None
        given: Json = {"@id": definition} if isinstance(definition, str) else definition
        containers = given.get("@container") or []
        container = frozenset([containers] if isinstance(containers, str) else containers)
        if "@reverse" in given or not container <= _GENERIC or {"@context", "@nest", "@index"} & given.keys():
            return None
        kind = given.get("@type")
        kind = kind if kind is None or kind.startswith("@") else self._expand(kind)
        return Term(name, self._expand(given.get("@id", name)), kind, _lower(given.get("@language")), container)

    def _expand(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        if colon:
            return self._prefixes[prefix] + local if prefix in self._prefixes else name
        return str(self._context.get("@vocab", "")) + name


def _keyword(definition: object) -> bool:
    return isinstance(definition, str) and definition.startswith("@")


def _lower(lang: str | None) -> str | None:
    return lang.lower() if lang else None


def _native(text: str, datatype: str) -> Any:
    """Write canonical integers and booleans as JSON's own: they are read back to the same text."""
    if datatype == XSD + "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if datatype == XSD + "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _by_language(values: Iterable[Value]) -> Iterable[tuple[str, list[str]]]:
    tagged = [(value.language or "", value.value) for value in values if isinstance(value, ox.Literal)]
    for lang, pairs in groupby(sorted(tagged), key=itemgetter(0)):
        yield lang, [text for _, text in pairs]
