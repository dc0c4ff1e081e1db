"""Read shapes files and refuse what cannot be run, with file and line; nothing is left out in silence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from esco_graph.errors import QueryError, ValidationError
from esco_graph.sparql import refuse_remote
from esco_graph.terms import OWL, RDF, SH, from_ox

if TYPE_CHECKING:
    import rdflib

# Parts of SHACL and its Advanced Features that would change data, run scripts or be passed over by the engine.
_REFUSED = frozenset(
    SH + name
    for name in (
        "JSFunction", "JSRule", "JSTarget", "JSTargetType", "SPARQLFunction", "SPARQLRule", "SPARQLTargetType",
        "TargetType", "TripleRule", "condition", "entailment", "expression", "filterShape", "js", "jsFunctionName",
        "jsLibrary", "rule", "values",
    )
)  # fmt: skip
_PREFIX_TERMS = frozenset(SH + name for name in ("declare", "prefix", "namespace", "prefixes"))
_SPARQL = frozenset(SH + name for name in ("select", "ask"))
_HARMLESS_IMPORTS = frozenset({SH.rstrip("#"), "http://datashapes.org/dash", "https://w3id.org/esco-graph/prefixes"})
# In a pattern: an escape, a bracket expression, or the end mark.
_PIECE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$", re.DOTALL)


@dataclass(frozen=True)
class ShapesFile:
    """One file: its path, its text to find lines in, and its statements."""

    path: Path
    text: str
    quads: list[ox.Quad]

    def where(self, *iris: str) -> str:
        """Give file:line of the first place that seems to write one of the IRIs, tried in order; else the file."""
        for iri in iris:
            local = re.split(r"[#/]", iri)[-1]
            found = re.search(rf"[:/#]{re.escape(local)}(?![\w-])", self.text) if local else None
            if found:
                return f"{self.path}:{self.text.count(chr(10), 0, found.start()) + 1}"
        return str(self.path)

    def to_rdflib(self, graph: rdflib.Graph) -> rdflib.Graph:
        """Add the statements to an rdflib graph and give it back."""
        for quad in self.quads:
            graph.add((from_ox(quad.subject), from_ox(quad.predicate), from_ox(quad.object)))  # type: ignore[arg-type]
        return graph


def read_shapes(path: Path) -> ShapesFile:
    """Read one file of any RDF format; raises ValidationError when it is absent, of no known format, or broken."""
    kind = ox.RdfFormat.from_extension(path.suffix.lstrip("."))
    if kind is None:
        what = f"shapes with the ending {path.suffix!r} cannot be read"
        raise ValidationError(what, where=str(path), advice="Give a .ttl, .nt, .rdf, .trig, .nq or .jsonld file.")
    try:
        data = path.read_bytes()
        quads = list(ox.parse(data, kind, base_iri=path.absolute().as_uri(), rename_blank_nodes=True))
    except OSError as error:
        raise ValidationError(f"the shapes cannot be read: {error.strerror}", where=str(path)) from error
    except SyntaxError as error:
        where = f"{path}:{error.lineno}" if error.lineno else str(path)
        raise ValidationError(f"the shapes do not parse: {error.msg}", where=where) from error
    return ShapesFile(path, data.decode("utf-8", "replace"), quads)


def python_pattern(pattern: str, flags: str = "") -> str:
    r"""Write a SPARQL regular expression for Python: `$` outside brackets is the very end, flags s, x and q are inside.

    pySHACL gives sh:pattern to Python as it is, where `$` also matches before a last line break, and of sh:flags only i
    and m.

    >>> python_pattern("^[$]\\$a$"), python_pattern("a.", "s"), python_pattern("a.", "q")
    ('^[$]\\$a\\Z', '(?s)a.', 'a\\.')
    """
    if "q" in flags:
        return re.escape(pattern)
    ended = pattern if "m" in flags else _PIECE.sub(lambda m: r"\Z" if m.group() == "$" else m.group(), pattern)
    inline = "".join(flag for flag in "sx" if flag in flags)
    return f"(?{inline}){ended}" if inline else ended


def check_file(file: ShapesFile, graph: rdflib.Graph) -> None:
    """Refuse a file without shapes, and whatever in it would not be run.

    That is: terms that SHACL has not or that are not run here, broken patterns and SPARQL, and imports. `graph` holds
    all the shapes that are loaded together.
    """
    if not any(
        quad.predicate.value.startswith(SH) and quad.predicate.value not in _PREFIX_TERMS for quad in file.quads
    ):
        advice = "Write sh:NodeShape or sh:PropertyShape with a target; data is given elsewhere."
        raise ValidationError("there is no shape in it", where=str(file.path), advice=advice)
    for quad in file.quads:
        predicate, value = quad.predicate.value, quad.object
        for iri in (predicate, value.value if isinstance(value, ox.NamedNode) else ""):
            if iri.startswith(SH):
                _check_term(file, iri)
        if predicate == SH + "pattern" and isinstance(value, ox.Literal):
            _check_pattern(file, value.value)
        if predicate in _SPARQL and isinstance(value, ox.Literal):
            _check_sparql(file, value.value, _declared(graph, from_ox(quad.subject)))  # type: ignore[arg-type]
        if predicate == OWL + "imports" and isinstance(value, ox.NamedNode):
            _check_import(file, value.value, graph)


def check_form(files: Sequence[ShapesFile]) -> None:
    """Hold files, taken together, against the W3C's own shapes for shapes (SHACL-SHACL)."""
    import rdflib
    from pyshacl.entrypoints import meta_validate

    graph = rdflib.Graph()
    for file in files:
        file.to_rdflib(graph)
    conforms, report, text = meta_validate(graph, inference="none")
    if not conforms:
        result = min(report.subjects(rdflib.URIRef(SH + "focusNode")), key=lambda node: _place(report, node))
        message = next(iter(re.findall(r"Message: (.*)", text)), text.strip())
        what = f"a shape is not well-formed by the W3C's shapes for shapes: {message}"
        raise ValidationError(what, where=place(files, *_place(report, result)))


def place(files: Sequence[ShapesFile], *iris: str) -> str:
    """Give file:line of the first of the IRIs that a file writes; "" when none does."""
    for iri in iris:
        for file in files:
            if (where := file.where(iri)) != str(file.path):
                return where
    return str(files[0].path) if len(files) == 1 else ""


def _place(report: rdflib.Graph, result: Any) -> tuple[str, ...]:
    import rdflib

    return tuple(str(report.value(result, rdflib.URIRef(SH + name)) or "") for name in ("resultPath", "focusNode"))


def _check_term(file: ShapesFile, iri: str) -> None:
    from rdflib.namespace import SH as VOCABULARY

    local = iri.removeprefix(SH)
    if iri not in VOCABULARY:
        near = get_close_matches(local, sorted(str(term).removeprefix(SH) for term in dir(VOCABULARY)), n=1)
        advice = f"Did you mean sh:{near[0]}?" if near else "See https://www.w3.org/TR/shacl/ for its terms."
        raise ValidationError(f"SHACL has no term sh:{local}", where=file.where(iri), advice=advice)
    if iri in _REFUSED:
        advice = "Use SHACL Core, sh:sparql, or an sh:SPARQLTarget."
        raise ValidationError(f"sh:{local} is not run here", where=file.where(iri), advice=advice)


def _check_pattern(file: ShapesFile, pattern: str) -> None:
    try:
        re.compile(python_pattern(pattern))
    except re.error as error:
        what = f"the pattern {pattern!r} is no regular expression: {error}"
        raise ValidationError(what, where=file.where(SH + "pattern")) from error


def _check_sparql(file: ShapesFile, text: str, prefixes: dict[str, str]) -> None:
    """Parse the query, as it stands, over nothing; refuse calls to other servers."""
    where = file.where(SH + "select", SH + "ask")
    try:
        refuse_remote(text)
        ox.Store().query(text, prefixes=prefixes)
    except (SyntaxError, QueryError) as error:
        raise ValidationError(f"the SPARQL of a shape cannot be run: {error}", where=where) from error


def _declared(graph: rdflib.Graph, node: Any) -> dict[str, str]:
    """Collect the prefixes that `sh:prefixes` of a query leads to (SHACL, section 5.2.1)."""
    import rdflib

    terms = {name: rdflib.URIRef(SH + name) for name in ("prefixes", "declare", "prefix", "namespace")}
    return {
        str(graph.value(declaration, terms["prefix"])): str(graph.value(declaration, terms["namespace"]))
        for ontology in graph.objects(node, terms["prefixes"])
        for declaration in graph.objects(ontology, terms["declare"])
    }


def declared_prefixes(graph: rdflib.Graph, node: Any) -> str:
    """Write the prefixes of a query of the shapes graph as PREFIX lines, sorted."""
    return "".join(f"PREFIX {name}: <{space}>\n" for name, space in sorted(_declared(graph, node).items()))


def _check_import(file: ShapesFile, iri: str, graph: rdflib.Graph) -> None:
    import rdflib

    loaded = (rdflib.URIRef(iri), rdflib.URIRef(RDF + "type"), rdflib.URIRef(OWL + "Ontology")) in graph
    if not loaded and iri.rstrip("#") not in _HARMLESS_IMPORTS:
        advice = "Imports are never fetched: give that file as shapes too, or remove the owl:imports."
        raise ValidationError(f"the shapes import <{iri}>", where=file.where(iri), advice=advice)
