"""SHACL property paths: read from a shapes graph, shown as SPARQL writes them, written back as Turtle.

https://www.w3.org/TR/shacl/#property-paths
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esco_graph.errors import ValidationError
from esco_graph.terms import RDF, SH, compress

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node

# Name of a SHACL path property -> how SPARQL marks it.
_MARKS = {
    "inversePath": ("^", ""),
    "zeroOrMorePath": ("", "*"),
    "oneOrMorePath": ("", "+"),
    "zeroOrOnePath": ("", "?"),
}


_CURIE = re.compile(r"[a-z-]+:[A-Za-z0-9_][A-Za-z0-9_-]*")  # other local names would need escapes in Turtle


@dataclass(frozen=True)
class Path:
    """A property path: `kind` is `iri`, `sequence`, `alternativePath`, `inversePath` or one of the repetitions.

    >>> skos = "http://www.w3.org/2004/02/skos/core#"
    >>> path = Path("sequence", parts=(Path("iri", skos + "broader"), Path("iri", skos + "notation")))
    >>> str(path), path.turtle()
    ('skos:broader/skos:notation', '( skos:broader skos:notation )')
    """

    kind: str
    iri: str = ""
    parts: tuple[Path, ...] = ()

    def __str__(self) -> str:
        """Write the path as SPARQL does, with CURIEs."""
        if self.kind == "iri":
            return compress(self.iri)
        if self.kind in _MARKS:
            before, after = _MARKS[self.kind]
            return f"{before}{self.parts[0]._grouped()}{after}"
        return {"sequence": "/", "alternativePath": "|"}[self.kind].join(part._grouped() for part in self.parts)

    def turtle(self) -> str:
        """Write the path as SHACL does in Turtle, with CURIEs where a prefix is known."""
        if self.kind == "iri":
            short = compress(self.iri)
            return short if short != self.iri and _CURIE.fullmatch(short) else f"<{self.iri}>"
        members = " ".join(part.turtle() for part in self.parts)
        if self.kind == "sequence":
            return f"( {members} )"
        return f"[ sh:{self.kind} {members if self.kind in _MARKS else f'( {members} )'} ]"

    def _grouped(self) -> str:
        return f"({self})" if self.kind in ("sequence", "alternativePath") else str(self)


def read_path(graph: rdflib.Graph, node: Node) -> Path:
    """Read the path that begins at a node of the shapes graph. Raises ValidationError when there is none."""
    import rdflib

    if isinstance(node, rdflib.URIRef):
        return Path("iri", str(node))
    if graph.value(node, rdflib.URIRef(RDF + "first")) is not None:
        return Path("sequence", parts=_members(graph, node))
    for kind in ("alternativePath", *_MARKS):
        inner = graph.value(node, rdflib.URIRef(SH + kind))
        if inner is not None:
            parts = _members(graph, inner) if kind == "alternativePath" else (read_path(graph, inner),)
            return Path(kind, parts=parts)
    raise ValidationError("a property path of a shape is none", where=str(node), advice="See SHACL, section 2.3.1.")


def _members(graph: rdflib.Graph, head: Node) -> tuple[Path, ...]:
    return tuple(read_path(graph, member) for member in graph.items(head))
