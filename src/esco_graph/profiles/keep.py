"""Keep the profiles of a workspace whole: at each write their statements are made anew against what the graph says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from esco_graph.errors import ValidationError
from esco_graph.profiles.model import OccupationProfile
from esco_graph.profiles.rdf import from_graph, graph_of, list_profiles, to_quads
from esco_graph.terms import ESCO, GRAPHS, RDF

if TYPE_CHECKING:
    from esco_graph.draft import Added, Draft
    from esco_graph.graph import Graph

_TYPE = ox.NamedNode(RDF + "type")


@dataclass(frozen=True)
class Kept:
    """The profiles of a graph, and the quads of profile graphs without a whole profile, which stay as they are."""

    profiles: tuple[OccupationProfile, ...]
    others: tuple[ox.Quad, ...]

    @property
    def graphs(self) -> tuple[str, ...]:
        """Names of the graphs that they are kept in, sorted."""
        names = {graph_of(profile.iri) for profile in self.profiles}
        return tuple(sorted(names | {quad.graph_name.value for quad in self.others}))  # type: ignore[union-attr]


def read_profiles(graph: Graph) -> Kept:
    """Read all profiles of a local graph."""
    profiles, homes = [], set()
    for iri in list_profiles(graph):
        try:
            profiles.append(from_graph(graph, iri))
        except ValidationError:  # what we cannot read we must not lose
            continue
        typed = graph.quads(ox.NamedNode(iri), _TYPE)
        homes |= {quad.graph_name.value for quad in typed if isinstance(quad.graph_name, ox.NamedNode)}
    names = (name for name in graph.named_graphs() if name.startswith(GRAPHS + "profile/") and name not in homes)
    others = (quad for name in names for quad in graph.quads(graph=ox.NamedNode(name)))
    return Kept(tuple(profiles), tuple(others))


def refresh_profiles(draft: Draft, kept: Kept) -> dict[str, Added]:
    """Write the profiles in place of all profile graphs of the draft; gives what each added, by its IRI.

    The order is fixed, those of new occupations first and then by IRI, so that the same profiles give the same graph
    whatever the order of the imports. What a profile relates to a concept that the graph does not have is left out;
    its statement says it still.
    """
    graph = draft.graph
    for name in graph.named_graphs():
        if name.startswith(GRAPHS + "profile/"):
            draft.store.remove_graph(ox.NamedNode(name))
    draft.extend(kept.others)
    added = {}
    for profile in sorted(kept.profiles, key=lambda one: (not one.is_new, one.iri)):
        gone = {iri for _, iri in _gone(profile, graph)}
        quads = to_quads(profile, graph=graph)
        added[profile.iri] = draft.extend(quad for quad in quads if not _dangles(quad, gone))
    return added


def stale(graph: Graph, profiles: Iterable[OccupationProfile]) -> tuple[str, ...]:
    """Name the concepts that profiles mean and the graph does not have, one line each."""
    lines = (f"{profile.iri}: {label} → {iri}" for profile in profiles for label, iri in _gone(profile, graph))
    return tuple(dict.fromkeys(lines))


def _gone(profile: OccupationProfile, graph: Graph) -> Iterator[tuple[str, str]]:
    named = [(skill.label, skill.skill) for skill in profile.skills] + [(o.label, o.occupation) for o in profile.links]
    if not profile.is_new:
        named.insert(0, (profile.title, profile.occupation))
    for label, iri in named:
        if iri and next(graph.quads(ox.NamedNode(iri), _TYPE), None) is None:
            yield label, iri


def _dangles(quad: ox.Quad, gone: set[str]) -> bool:
    about_gone = isinstance(quad.subject, ox.NamedNode) and quad.subject.value in gone
    to_gone = isinstance(quad.object, ox.NamedNode) and quad.object.value in gone
    return about_gone or (to_gone and quad.predicate.value.startswith(ESCO))
