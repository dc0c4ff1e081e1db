"""Namespaces, prefixes, and the two small translations everyone needs: IRI <-> CURIE and rdflib <-> Oxigraph.

Importing this module imports neither rdflib nor pyoxigraph, so that the command line starts quickly.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from esco_graph.errors import ParameterError
from esco_graph.resources import resource

if TYPE_CHECKING:
    import pyoxigraph as ox
    from rdflib.term import Node

ESCO = "http://data.europa.eu/esco/model#"
ESCO_DATA = "http://data.europa.eu/esco/"
OCCUPATION = ESCO_DATA + "occupation/"
SKILL = ESCO_DATA + "skill/"
ISCO = ESCO_DATA + "isco/"
ISCED_F = ESCO_DATA + "isced-f/"
SCHEME = ESCO_DATA + "concept-scheme/"
SKILL_TYPE = ESCO_DATA + "skill-type/"
REUSE_LEVEL = ESCO_DATA + "skill-reuse-level/"
RELATIONSHIP_TYPE = ESCO_DATA + "relationship-type/"
NATIONAL = ESCO_DATA + "concept/"
"""How the IRIs begin that the Commission's mapping tool gives to concepts of national classifications."""

ESG = "https://w3id.org/esco-graph/ns#"
GRAPHS = "https://w3id.org/esco-graph/graph/"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SKOSXL = "http://www.w3.org/2008/05/skos-xl#"
DCT = "http://purl.org/dc/terms/"
DCAT = "http://www.w3.org/ns/dcat#"
PROV = "http://www.w3.org/ns/prov#"
SH = "http://www.w3.org/ns/shacl#"
ISO_THES = "http://purl.org/iso25964/skos-thes#"
SCHEMA = "https://schema.org/"
SSSOM = "https://w3id.org/sssom/"
SEMAPV = "https://w3id.org/semapv/vocab/"

ATTRIBUTION = "This service uses the ESCO classification of the European Commission."
"""The words that the European Commission asks for; they go with every build and every export."""

# RFC 5646: a language, then subtags; one letter only opens an extension, so it is never the last subtag.
_LANG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*(?<!-[A-Za-z0-9])")

DERIVED_GRAPH = GRAPHS + "derived"
CATALOG_GRAPH = GRAPHS + "catalog"


def release_graph(version: str, langs: tuple[str, ...]) -> str:
    """Name of the graph that holds one ESCO release in one language set.

    >>> release_graph("1.1.1", ("en", "de"))
    'https://w3id.org/esco-graph/graph/release/1.1.1/de-en'
    """
    return f"{GRAPHS}release/{version}/{'-'.join(sorted(langs))}"


def profile_graph(slug: str) -> str:
    """Name of the graph that holds one imported profile.

    >>> profile_graph("ot-assistant")
    'https://w3id.org/esco-graph/graph/profile/ot-assistant'
    """
    return f"{GRAPHS}profile/{slug}"


def mapping_graph(slug: str) -> str:
    """Name of the graph that holds one mapping set.

    >>> mapping_graph("es-co-sispe")
    'https://w3id.org/esco-graph/graph/mapping/es-co-sispe'
    """
    return f"{GRAPHS}mapping/{slug}"


def taxonomy_graph(key: str) -> str:
    """Name of the graph that holds one classification other than ESCO.

    >>> taxonomy_graph("rome")
    'https://w3id.org/esco-graph/graph/taxonomy/rome'
    """
    return f"{GRAPHS}taxonomy/{key}"


@cache
def prefixes() -> dict[str, str]:
    """Read the one prefix list, `ontology/prefixes.ttl`, as a map from prefix to namespace IRI.

    >>> prefixes()["esco"]
    'http://data.europa.eu/esco/model#'
    """
    import pyoxigraph as ox

    names: dict[str, str] = {}
    spaces: dict[str, str] = {}
    text = resource("ontology/prefixes.ttl").read_bytes()
    for triple in ox.parse(text, ox.RdfFormat.TURTLE):
        key = str(triple.subject)
        if triple.predicate.value == SH + "prefix":
            names[key] = triple.object.value
        elif triple.predicate.value == SH + "namespace":
            spaces[key] = triple.object.value
    return {names[key]: spaces[key] for key in sorted(names, key=lambda key: names[key])}


def expand(curie: str) -> str:
    """Turn a CURIE into an IRI.

    Raises ParameterError when the prefix is not in `ontology/prefixes.ttl`.

    >>> expand("esco-occupation:82cbe20d-967c-4161-9ecd-eafc724d171c")
    'http://data.europa.eu/esco/occupation/82cbe20d-967c-4161-9ecd-eafc724d171c'
    """
    prefix, colon, local = curie.partition(":")
    if not colon or prefix not in prefixes():
        known = ", ".join(prefixes())
        raise ParameterError(f"{curie!r} has no known prefix", advice=f"Write a full IRI or use one of: {known}.")
    return prefixes()[prefix] + local


def compress(iri: str) -> str:
    """Turn an IRI into the shortest CURIE, or give it back unchanged when no prefix fits.

    >>> compress("http://data.europa.eu/esco/isco/C2269")
    'isco:C2269'
    """
    fits = [(space, prefix) for prefix, space in prefixes().items() if iri.startswith(space) and iri != space]
    if not fits:
        return iri
    space, prefix = max(fits, key=lambda fit: len(fit[0]))
    local = iri[len(space) :]
    return f"{prefix}:{local}" if "/" not in local and "#" not in local else iri


def is_esco(iri: str) -> bool:
    """Say whether an IRI is ESCO's own, and no concept of a national classification in the same domain.

    >>> is_esco(ISCO + "C2269"), is_esco(NATIONAL + "estonian-occupations/3322.0001")
    (True, False)
    """
    return iri.startswith(ESCO_DATA) and not iri.startswith(NATIONAL)


def is_curie(text: str) -> bool:
    """Say whether the text is `prefix:local` with a known prefix.

    >>> is_curie("isco:C2269"), is_curie("http://data.europa.eu/")
    (True, False)
    """
    prefix, colon, local = text.partition(":")
    return bool(colon) and prefix in prefixes() and not local.startswith("//")


def is_lang(text: str) -> bool:
    """Say whether the text has the form of a language tag (BCP 47); not whether there is such a language.

    >>> is_lang("pt-BR"), is_lang("en_GB"), is_lang("e"), is_lang("en-x")
    (True, False, False, False)
    """
    return _LANG.fullmatch(text) is not None


def check_lang(text: str) -> str:
    """Give a language tag in lower case; ParameterError when it has not the form of BCP 47.

    >>> check_lang("pt-BR")
    'pt-br'
    """
    if not is_lang(text):
        raise ParameterError(f"{text[:40]!r} is not a language tag", advice="Use one such as en, de or pt-br.")
    return text.lower()


def to_ox(term: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Translate an rdflib term into an Oxigraph term.

    Raises ParameterError for what RDF 1.1 does not have, such as an IRI with a space, which rdflib lets pass.

    >>> from rdflib import Literal
    >>> to_ox(Literal("nurse", lang="en"))
    <Literal value=nurse language=en>
    """
    try:
        return _to_ox(term)
    except ParameterError:
        raise
    except ValueError as error:
        what = f"{term!r} is not a valid term: {error}"
        raise ParameterError(what, advice="Repair it in the rdflib graph.") from error


def _to_ox(term: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    import pyoxigraph as ox
    import rdflib

    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if isinstance(term, rdflib.Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype or XSD + "string")))
    raise ParameterError(f"{term!r} is not an RDF 1.1 term", advice="Use an IRI, a blank node or a literal.")


def from_ox(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.DefaultGraph) -> Node:
    """Translate an Oxigraph term into an rdflib term.

    >>> import pyoxigraph as ox
    >>> from_ox(ox.NamedNode("http://example.org/a"))
    rdflib.term.URIRef('http://example.org/a')
    """
    import pyoxigraph as ox
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, ox.DefaultGraph):
        return rdflib.graph.DATASET_DEFAULT_GRAPH_ID
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = None if term.datatype.value == XSD + "string" else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)
