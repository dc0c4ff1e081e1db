"""Find one concept of another classification by `key:code`, as in `rome:A1101`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from esco_graph.errors import NotFoundError, ParameterError
from esco_graph.taxonomies.registry import find_taxonomy
from esco_graph.taxonomies.taxonomy import Taxonomy
from esco_graph.terms import SKOS, is_curie

if TYPE_CHECKING:
    from esco_graph.graph import Graph


def find_external(graph: Graph, text: str) -> str | None:
    """Give the IRI of the concept that `key:code` names; None when the text has no such form or names no taxonomy.

    It need not be loaded: a mapping set that names the concept is enough. Works on remote graphs. Raises NotFoundError
    when the classification has no such concept in the graph.

    >>> from esco_graph.graph import Graph
    >>> from esco_graph.taxonomies.model import Concept, taxonomy_quads
    >>> rome = find_taxonomy(Graph.memory(), "rome")
    >>> one = Concept(rome.concept_iri("A1101"), "A1101", "Conduite d'engins agricoles", "fr")
    >>> find_external(Graph.memory(taxonomy_quads(rome, [one])), "rome:a1101")
    'https://example.org/esco-graph/taxonomy/rome/A1101'
    """
    name, colon, written = text.partition(":")
    if not colon or not written.strip() or written.startswith("//"):
        return None
    try:
        taxonomy = find_taxonomy(graph, name.strip())
    except NotFoundError as error:
        if own := _of_a_set(graph, name.strip(), written):
            return own
        if " " in text or is_curie(text) or not error.advice.startswith("Did you mean"):
            return None
        raise
    try:
        code = taxonomy.code_of(written)
    except ParameterError as error:
        if is_curie(text):
            return None
        raise NotFoundError(error.what, advice=error.advice) from error
    found = [iri for iri, schemes in _noted(graph, code).items() if _is_of(taxonomy, iri, code, schemes)]
    if not found and is_curie(text):
        return None
    if not found:
        advice = f"See esco-graph taxonomies show {taxonomy.key}, or load it: esco-graph taxonomies add FILE."
        raise NotFoundError(f"{taxonomy.name} has no {code} in the graph", advice=advice)
    return min(found)


def _of_a_set(graph: Graph, key: str, written: str) -> str:
    """Find a concept of a classification that only mapping sets name; "" when there is none."""
    noted = _noted(graph, " ".join(written.split()))
    end = f"/taxonomy/{key.casefold()}"
    return min((iri for iri, schemes in noted.items() if any(one.endswith(end) for one in schemes)), default="")


def _noted(graph: Graph, code: str) -> dict[str, list[str]]:
    """Give the concepts with a notation, each with its schemes."""
    query = f"SELECT ?c ?s WHERE {{ ?c <{SKOS}notation> {ox.Literal(code)} OPTIONAL {{ ?c <{SKOS}inScheme> ?s }} }}"
    found: dict[str, list[str]] = {}
    for concept, scheme in graph.select(query):
        if isinstance(concept, ox.NamedNode):
            found.setdefault(concept.value, []).extend([scheme.value] if isinstance(scheme, ox.NamedNode) else [])
    return found


def _is_of(taxonomy: Taxonomy, iri: str, code: str, schemes: list[str]) -> bool:
    own = taxonomy.scheme in schemes if taxonomy.scheme else False
    return own or iri == taxonomy.concept_iri(code) or any(one.endswith(f"/taxonomy/{taxonomy.key}") for one in schemes)
