"""What a build of a new release takes over from the store before it: classifications and mapping sets, as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from esco_graph.graph import Graph
from esco_graph.mappings.rdf import read_head
from esco_graph.terms import GRAPHS, ISCED_F, ISCO, OCCUPATION, OWL, RDF, SKILL

if TYPE_CHECKING:
    from esco_graph.draft import Draft
    from esco_graph.workspace import Workspace

LINKED = (GRAPHS + "taxonomy/", GRAPHS + "mapping/")
"""How the names of the graphs begin that are carried over."""

BATCH = 100_000  # quads written at once, so that memory stays bounded
_ENDS = (ox.NamedNode(OWL + "annotatedSource"), ox.NamedNode(OWL + "annotatedTarget"))
_ESCO = (OCCUPATION, SKILL, ISCO, ISCED_F)


def carry_linked(workspace: Workspace, draft: Draft) -> tuple[str, ...]:
    """Copy the graphs of classifications and mapping sets into a fresh draft; gives their names, sorted.

    A triple that the new release holds is left out, for a triple is in one graph only. Raises StoreError when the
    current generation cannot be read.
    """
    if not workspace.exists():
        return ()
    before = Graph.open(workspace.path)
    names = tuple(name for name in before.named_graphs() if name.startswith(LINKED))
    for name in names:
        quads = _new(draft.store, before.quads(graph=ox.NamedNode(name)))
        while batch := list(islice(quads, BATCH)):
            draft.store.bulk_extend(batch)
    return names


def dangling(graph: Graph) -> tuple[str, ...]:
    """Say of each mapping set how many concepts of ESCO it names that the graph does not have, one line each."""
    lines = []
    for name in (one for one in graph.named_graphs() if one.startswith(LINKED[1])):
        head = read_head(graph, name.removeprefix(LINKED[1]))
        gone = unknown_iris(graph, _ends_in(graph, name))
        if head and gone:
            what = f"names {len(gone)} concepts that the release does not have"
            lines.append(f"mapping set {head.name} {what}: esco-graph mappings check {head.name}")
    return tuple(lines)


def unknown_iris(graph: Graph, iris: Iterable[str]) -> tuple[str, ...]:
    """Give those of some IRIs that are of concepts of ESCO and that a local graph does not describe, sorted."""
    kind = ox.NamedNode(RDF + "type")
    asked = sorted(iri for iri in iris if iri.startswith(_ESCO))
    return tuple(iri for iri in asked if next(graph.quads(ox.NamedNode(iri), kind), None) is None)


def _ends_in(graph: Graph, name: str) -> set[str]:
    """Give the two ends of every row in the named graph of a set."""
    found = (quad.object for end in _ENDS for quad in graph.quads(None, end, None, ox.NamedNode(name)))
    return {one.value for one in found if isinstance(one, ox.NamedNode)}


def _new(store: ox.Store, quads: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
    """Leave out what another graph of the store says already; only of its own subjects can it say something."""
    held: dict[object, bool] = {}
    for quad in quads:
        if quad.subject not in held:
            held[quad.subject] = next(store.quads_for_pattern(quad.subject, None, None), None) is not None
        if held[quad.subject]:
            same = store.quads_for_pattern(quad.subject, quad.predicate, quad.object)
            if any(one.graph_name != quad.graph_name for one in same):
                continue
        yield quad
