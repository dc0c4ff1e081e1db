"""Classifications in a workspace: each in a named graph of its own, each write a new generation."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from esco_graph.draft import OF_THE_BUILD, Draft
from esco_graph.errors import NotFoundError
from esco_graph.graph import Graph
from esco_graph.profiles.model import DEFAULT_BASE
from esco_graph.taxonomies.rdf import Head, heads, taxonomy_quads
from esco_graph.taxonomies.taxonomy import Read
from esco_graph.terms import GRAPHS, OWL, RDF, SKOS, taxonomy_graph
from esco_graph.workspace import Workspace

_MAPPINGS = GRAPHS + "mapping/"
_TYPE = ox.NamedNode(RDF + "type")
_CONCEPT = ox.NamedNode(SKOS + "Concept")
_PREF, _ALT = ox.NamedNode(SKOS + "prefLabel"), ox.NamedNode(SKOS + "altLabel")
_IN_SCHEME = ox.NamedNode(SKOS + "inScheme")
_OF_A_SET = (_TYPE, _PREF, _ALT, ox.NamedNode(SKOS + "notation"), _IN_SCHEME)
"""What a mapping set says of a concept that no classification describes."""


@dataclass(frozen=True)
class Added:
    """What was stored: the new generation ("" when nothing changed), new statements, and those held elsewhere.

    `otherwise` are labels left out because ESCO calls the concept by another one: (IRI, ESCO's label, the file's).
    `before` counts the concepts of the earlier load that this one took the place of, `gone` those that it has not;
    `missing` are concepts that mapping sets name and that it has not.
    """

    generation: str
    new: int
    held: int
    otherwise: tuple[tuple[str, str, str], ...] = ()
    before: int = 0
    gone: int = 0
    missing: int = 0


def add_taxonomy(workspace: Workspace, read: Read, *, base: str = DEFAULT_BASE) -> Added:
    """Store a classification in its own named graph, in place of an earlier load of it.

    What the graph says already elsewhere stays there, as ESCO's ISCO groups; a second preferred label for such a
    concept is left out (SKOS S14). What mapping sets say of its concepts moves here. Raises StoreError when there is no
    graph or it cannot be written; it then stays as it was.
    """
    workspace.current()  # no graph is an error, not a new workspace
    key = read.taxonomy.key
    sources = [f"{name} (sha256 {digest})" for name, digest in read.sha256]
    node = ox.NamedNode(taxonomy_graph(key))
    iris = {concept.iri for concept in read.concepts}
    with workspace.write(f"taxonomies add {key}") as draft:
        _give_back(draft.store, node)  # what sets name and the new load has not must not go with the earlier one
        _clear_sets(draft.store, iris)
        typed = draft.store.quads_for_pattern(None, _TYPE, _CONCEPT, node)
        before = {quad.subject.value for quad in typed if isinstance(quad.subject, ox.NamedNode)}
        missing = _in_sets(draft.store, ox.NamedNode(read.taxonomy.scheme_iri(base))) - iris
        given = list(dict.fromkeys(taxonomy_quads(read.taxonomy, read.concepts, base=base, sources=sources)))
        new = [quad for quad in given if not _held(draft.store, quad, node)]
        other = {quad: label for quad in new if (label := _other_label(draft.store, quad, node))}
        wanted = [quad for quad in new if quad not in other]
        if set(draft.store.quads_for_pattern(None, None, None, node)) == set(wanted):
            draft.discard()
        else:
            draft.store.remove_graph(node)
            draft.store.bulk_extend(wanted)
            _account(draft, workspace, {"taxonomies": [key]})
    otherwise = tuple(
        (quad.subject.value, label, quad.object.value)
        for quad, label in other.items()
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal) and quad.subject.value in iris
    )
    generation, held = "" if draft.discarded else draft.name, len(given) - len(new)
    return Added(generation, len(wanted), held, otherwise, len(before), len(before - iris), len(missing))


def remove_taxonomy(workspace: Workspace, key: str) -> str:
    """Remove a classification, and give the name of the new generation.

    The concepts that mapping sets name stay in those. Raises NotFoundError when the graph has no such classification.
    """
    workspace.current()
    with workspace.write(f"taxonomies remove {key}") as draft:
        node = ox.NamedNode(loaded(draft.graph, key).graph)
        _give_back(draft.store, node)
        draft.store.remove_graph(node)
        _account(draft, workspace, {"removed taxonomies": [key]})
    return draft.name


def loaded(graph: Graph, key: str) -> Head:
    """Give what the graph says of a classification that it holds; NotFoundError when it holds none of that key.

    >>> loaded(Graph.memory(), "rome")
    Traceback (most recent call last):
    esco_graph.errors.NotFoundError: the taxonomy rome is not loaded. There are none: esco-graph taxonomies add FILE.
    """
    held = {head.taxonomy.key: head for head in heads(graph)}
    if key in held:
        return held[key]
    advice = f"There are: {', '.join(held)}." if held else "There are none: esco-graph taxonomies add FILE."
    raise NotFoundError(f"the taxonomy {key} is not loaded", advice=advice)


def _account(draft: Draft, workspace: Workspace, facts: dict[str, list[str]]) -> None:
    before = workspace.current().about
    draft.about |= {key: before[key] for key in OF_THE_BUILD if key in before} | facts


def _held(store: ox.Store, quad: ox.Quad, own: ox.NamedNode) -> bool:
    found = store.quads_for_pattern(quad.subject, quad.predicate, quad.object)
    return any(one.graph_name != own for one in found)


def _other_label(store: ox.Store, quad: ox.Quad, own: ox.NamedNode) -> str:
    """Give the preferred label that another graph has in the language of this one, "" where there is none."""
    label = quad.object
    if quad.predicate != _PREF or not isinstance(label, ox.Literal):
        return ""
    found = (one for one in store.quads_for_pattern(quad.subject, _PREF, None) if one.graph_name != own)
    texts = (one.object for one in found if isinstance(one.object, ox.Literal))
    return min((text.value for text in texts if text.language == label.language), default="")


def _sets(store: ox.Store) -> list[ox.NamedNode]:
    names = (node for node in store.named_graphs() if isinstance(node, ox.NamedNode))
    return sorted((node for node in names if node.value.startswith(_MAPPINGS)), key=lambda node: node.value)


def _in_sets(store: ox.Store, scheme: ox.NamedNode) -> set[str]:
    """Give the IRIs of the concepts that mapping sets put in a scheme."""
    quads = (quad for graph in _sets(store) for quad in store.quads_for_pattern(None, _IN_SCHEME, scheme, graph))
    return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}


def _clear_sets(store: ox.Store, members: set[str]) -> None:
    """Take out of the mapping sets what they say of concepts that the classification describes now."""
    for graph in _sets(store):
        named = [quad.subject for quad in store.quads_for_pattern(None, _TYPE, _CONCEPT, graph)]
        for node in (node for node in named if isinstance(node, ox.NamedNode) and node.value in members):
            for predicate in _OF_A_SET:
                for quad in list(store.quads_for_pattern(node, predicate, None, graph)):
                    store.remove(quad)


def _give_back(store: ox.Store, taxonomy: ox.NamedNode) -> None:
    """Write the concepts that mapping sets name into the first set that does, before their classification goes."""
    done: set[ox.NamedNode] = set()
    for graph in _sets(store):
        for node in sorted(_named_by(store, graph) - done, key=lambda node: node.value):
            facts = [quad for one in _OF_A_SET for quad in store.quads_for_pattern(node, one, None, taxonomy)]
            if facts:
                done.add(node)
                kept = (quad for quad in facts if quad.predicate != _ALT)
                store.extend(ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in kept)


def _named_by(store: ox.Store, graph: ox.NamedNode) -> set[ox.NamedNode]:
    """Give the two ends of every row of a mapping set."""
    ends: set[ox.NamedNode] = set()
    for name in ("annotatedSource", "annotatedTarget"):
        predicate = ox.NamedNode(OWL + name)
        found = (quad.object for quad in store.quads_for_pattern(None, predicate, None, graph))
        ends |= {node for node in found if isinstance(node, ox.NamedNode)}
    return ends
