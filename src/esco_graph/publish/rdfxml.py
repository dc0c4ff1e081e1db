"""Write RDF/XML, and refuse by name what XML cannot hold."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

import pyoxigraph as ox

from esco_graph.errors import ParameterError
from esco_graph.publish.document import RDF_TYPE, Document, Node, Resource, Value
from esco_graph.publish.lines import Chunks
from esco_graph.publish.text import STRING, checked
from esco_graph.terms import ESCO, PROV, RDF, SKOS

_START = string.ascii_letters + "_"
_NAME = _START + string.digits + ".-"
# Char of https://www.w3.org/TR/xml/#charsets, turned round.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\t": "&#9;", "\n": "&#10;"}
_IN_TEXT = re.compile("[&<>\r]")
_IN_ATTRIBUTE = re.compile('[&<>"\r\t\n]')
# Names with a meaning of their own in https://www.w3.org/TR/rdf-syntax-grammar/#section-Namespace
_CORE = ("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype")
_SYNTAX = {RDF + name for name in (*_CORE, "Description", "li", "aboutEach", "aboutEachPrefix", "bagID")}
_GENERAL = frozenset([ESCO + "MemberConcept", SKOS + "Concept", PROV + "Entity"])
_RESERVED = ("http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/")


def rdf_xml(document: Document) -> Chunks:
    """Give the union of the graphs as RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/): text and number of triples.

    Raises ParameterError when a text holds a character that XML forbids, or a property has no XML name.
    """
    tags = Tags(document.prefixes | {"rdf": RDF})
    words = "".join(f"<!-- {_comment(line)} -->\n" for line in document.comment)
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n{words}{tags.root()}\n{tags.element(document.notice)}', 0
    for node in document.source.nodes():
        yield tags.element(node), len(node.pairs)
    yield "</rdf:RDF>\n", 0


class Tags:
    """Element names for IRIs, by a list of prefixes or with a namespace of their own.

    >>> Tags({"ex": "http://example.org/"}).tag("http://example.org/a")
    ('ex:a', '')
    """

    def __init__(self, prefixes: dict[str, str]) -> None:
        """Take prefixes and their namespaces."""
        self._prefixes = {prefix: checked(space) for prefix, space in sorted(prefixes.items())}
        self._spaces = {space: prefix for prefix, space in self._prefixes.items()}
        self._known: dict[str, tuple[str, str] | None] = {}

    def root(self) -> str:
        """Write the start tag of the document with all namespaces."""
        spaces = "".join(f'\n    xmlns:{prefix}="{_attribute(space)}"' for prefix, space in self._prefixes.items())
        return f"<rdf:RDF{spaces}>"

    def tag(self, iri: str) -> tuple[str, str] | None:
        """Name of the element for an IRI and the declaration it needs, or None when XML has no name for it."""
        if iri not in self._known:
            self._known[iri] = self._name(iri)
        return self._known[iri]

    def element(self, node: Node) -> str:
        """Write all statements about one subject, under the name of a class."""
        telling = sorted(node.types(), key=_GENERAL.__contains__)
        shown = next((name for name in map(self.tag, telling) if name and not name[1]), None)
        tag = shown[0] if shown else "rdf:Description"
        lines = list(self._properties(node, tag))
        return f"  <{tag} {_identity('about', node.subject)}>\n{''.join(lines)}  </{tag}>\n"

    def _properties(self, node: Node, tag: str) -> Iterator[str]:
        for predicate, value in node.pairs:
            named = self.tag(value.value) if predicate == RDF_TYPE and isinstance(value, ox.NamedNode) else None
            if named and named[0] == tag and not named[1]:
                continue  # the element's own name says it
            yield f"    {self._property(node.subject, predicate, value)}\n"

    def _property(self, subject: Resource, predicate: str, value: Value) -> str:
        name = self.tag(predicate)
        if name is None:
            raise ParameterError(
                f"RDF/XML has no element name for the property <{predicate}>",
                where=str(subject),
                advice="Use another format, for example turtle.",
            )
        tag, space = name
        if not isinstance(value, ox.Literal):
            return f"<{tag}{space} {_identity('resource', value)}/>"
        return f"<{tag}{space}{_kind(value)}>{_text(value, subject, predicate)}</{tag}>"

    def _name(self, iri: str) -> tuple[str, str] | None:
        tail = iri[len(checked(iri).rstrip(_NAME)) :]
        local = tail.lstrip(string.digits + ".-")
        space = iri.removesuffix(local) if local else iri
        if not local or not space or iri in _SYNTAX or space.startswith(_RESERVED):
            return None
        if prefix := self._spaces.get(space):
            return f"{prefix}:{local}", ""
        return f"ns:{local}", f' xmlns:ns="{_attribute(space)}"'


def _identity(role: str, term: Resource) -> str:
    if isinstance(term, ox.BlankNode):
        return f'rdf:nodeID="{term.value}"'
    return f'rdf:{role}="{_attribute(checked(term.value))}"'


def _kind(value: ox.Literal) -> str:
    if value.language:
        return f' xml:lang="{value.language}"'
    datatype = value.datatype.value
    return "" if datatype == STRING else f' rdf:datatype="{_attribute(checked(datatype))}"'


def _text(value: ox.Literal, subject: Resource, predicate: str) -> str:
    found = _NOT_XML.search(value.value)
    if found:
        raise ParameterError(
            f"XML forbids the character U+{ord(found.group()):04X} in the text of <{predicate}>",
            where=str(subject),
            advice="Clean the text or use another format, for example turtle.",
        )
    return _IN_TEXT.sub(_escape, value.value)


def _attribute(text: str) -> str:
    if found := _NOT_XML.search(text):
        raise ParameterError(
            f"XML forbids the character U+{ord(found.group()):04X} in {text!r}",
            advice="Use another format, for example turtle.",
        )
    return _IN_ATTRIBUTE.sub(_escape, text)


def _comment(text: str) -> str:
    return _NOT_XML.sub(" ", text).replace("--", "- -").removesuffix("-")


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES[match.group()]
