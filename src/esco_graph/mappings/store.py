"""Mapping sets in a workspace: kept in named graphs of their own, each write a new generation."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from esco_graph import __version__
from esco_graph.draft import OF_THE_BUILD
from esco_graph.errors import NotFoundError, ParameterError
from esco_graph.graph import Graph
from esco_graph.mappings.model import RELATIONS, Mapping, MappingSet, check_name
from esco_graph.mappings.rdf import (
    CANDIDATE,
    concept_quads,
    head_quads,
    read_head,
    read_set,
    relation_quads,
    row_quads,
    slot_record,
)
from esco_graph.mappings.slots import mapping_of
from esco_graph.terms import GRAPHS, RDF, SKOS, SSSOM, mapping_graph

if TYPE_CHECKING:
    from esco_graph.draft import Draft
    from esco_graph.workspace import Workspace

Progress = Callable[[str, int, int], None]
"""Told what is being done; the bytes done and those in all, where they are known."""

_DIGESTS = "mapping digests"
_SETS = GRAPHS + "mapping/"
_TYPE = ox.NamedNode(RDF + "type")
_SCHEME = ox.NamedNode(SKOS + "ConceptScheme")
_ROWS = ox.NamedNode(SSSOM + "mappings")
_CONCEPT = ox.NamedNode(SKOS + "Concept")


def keep(workspace: Workspace, given: Iterable[MappingSet], message: str = "", progress: Progress | None = None) -> str:
    """Store sets, each in place of the one of its name, and give the name of the generation that holds them.

    That is the current one when it holds all of them as they are. Raises ParameterError when two sets have one IRI,
    StoreError when the store cannot be written; the workspace then stays as it was.
    """
    named = {one.name: one for one in given}
    digests = {name: digest(one) for name, one in named.items()}
    workspace.current()  # no graph is an error, not a new workspace
    with workspace.write(message or "mappings " + " ".join(named)) as draft:
        current = workspace.current()
        known = current.about.get(_DIGESTS, {})
        fresh = [one for name, one in named.items() if known.get(name) != digests[name]]
        if not fresh:
            draft.discard()
            return current.name
        put_sets(draft, fresh, progress=progress)
        _account(draft, current.about, {"mappings": sorted(named), _DIGESTS: known | digests})
    return draft.name


def digest(given: MappingSet) -> str:
    """Hash all that a set says, and the version of the program that writes it: an equal one need not be written again.

    The digests stand in about.json of the generation, and go when anything but mapping sets is written.
    """
    return hashlib.sha256(f"{__version__} {given!r}".encode()).hexdigest()


def remove(workspace: Workspace, names: Iterable[str]) -> str:
    """Remove sets, and give the name of the new generation; NotFoundError for a name that is none."""
    gone = sorted(set(names))
    graph = Graph.open(workspace.path)
    for name in gone:
        find_set(graph, name)
    with workspace.write("mappings remove " + " ".join(gone)) as draft:
        put_sets(draft, (), gone)
        about = workspace.current().about
        digests = {name: value for name, value in about.get(_DIGESTS, {}).items() if name not in gone}
        _account(draft, about, {"removed mappings": gone, _DIGESTS: digests})
    return draft.name


def put_sets(
    draft: Draft, given: Iterable[MappingSet], gone: Iterable[str] = (), progress: Progress | None = None
) -> None:
    """Write sets into a draft and take others out; only what changes is written.

    A triple is in one graph only, so sets that share some are looked at together, by name: what the graphs hold does
    not depend on the order of the imports.
    """
    new, away = {one.name: one for one in given}, set(gone)
    graph = draft.graph
    heads = {one.name: one for one in sets(graph)}
    _check_iris([*(one for one in heads.values() if one.name not in {*new, *away}), *new.values()])
    changed = [*new.values(), *(heads[name] for name in {*new, *away} & set(heads))]
    others = [one for one in heads.values() if one.name not in {*new, *away}]
    again = [read_set(graph, one.name) for one in others if any(_meet(one, other) for other in changed)]
    wanted = {one.name: one for one in (*new.values(), *again)}
    held = _Held(draft.store, {ox.NamedNode(mapping_graph(name)) for name in {*wanted, *away}})
    for name in sorted({*wanted, *away}):
        if progress:
            progress(f"storing {name}", 0, 0)
        _replace(draft.store, name, held.leave(wanted[name]) if name in wanted else ())


def sets(graph: Graph) -> list[MappingSet]:
    """List the sets of a graph by name, without their rows and concepts; works on remote graphs."""
    names = (name.removeprefix(_SETS) for name in graph.named_graphs() if name.startswith(_SETS))
    return [head for name in names if (head := read_head(graph, name))]


def find_set(graph: Graph, name: str) -> MappingSet:
    """Give a set without its rows; NotFoundError with the nearest name when there is none.

    >>> from esco_graph.graph import Graph
    >>> find_set(Graph.memory(), "de-kldb")
    Traceback (most recent call last):
    esco_graph.errors.NotFoundError: no mapping set 'de-kldb'. There are none: esco-graph mappings import FILE.
    """
    known = {one.name: one for one in sets(graph)}
    if name in known:
        return known[name]
    near = get_close_matches(name.casefold(), known, 1, 0.5)
    listed = f"There are: {', '.join(known)}." if known else "There are none: esco-graph mappings import FILE."
    raise NotFoundError(f"no mapping set {name[:60]!r}", advice=f"Did you mean {near[0]}?" if near else listed)


def check_free(graph: Graph, name: str) -> None:
    """Raise ParameterError when there is a set of this name, which a new one would replace."""
    if check_name(name) in {one.name for one in sets(graph)}:
        raise ParameterError(f"there is a set {name} already", advice="Choose another name, or remove that set first.")


def load(graph: Graph, name: str) -> MappingSet:
    """Give a whole set; NotFoundError with the nearest name when there is none."""
    return read_set(graph, find_set(graph, name).name)


def count_rows(graph: Graph, name: str) -> int:
    """Count the rows of a set; works on remote graphs."""
    return _count(graph, name, f"?set {_ROWS} ?row")


def count_candidates(graph: Graph, name: str) -> int:
    """Count the rows of a set that wait for a decision; works on remote graphs."""
    return _count(graph, name, f"?row {CANDIDATE} true")


def _count(graph: Graph, name: str, pattern: str) -> int:
    found = graph.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{mapping_graph(name)}> {{ {pattern} }} }}")
    return int(next(iter(found))[0].value)  # type: ignore[union-attr]


def iter_mappings(graph: Graph, name: str) -> Iterator[Mapping]:
    """Go over the rows of a set, one after the other, sorted by the IRI of their axiom; a local graph keeps few."""
    node = find_set(graph, name)
    if graph.endpoint:
        yield from read_set(graph, name).mappings
        return
    where = ox.NamedNode(mapping_graph(name))
    for quad in graph.quads(ox.NamedNode(node.iri), _ROWS, None, where):
        if isinstance(quad.object, ox.NamedNode | ox.BlankNode):
            facts = ((one.predicate.value, one.object) for one in graph.quads(quad.object, None, None, where))
            yield mapping_of(slot_record(facts))  # type: ignore[arg-type]


@dataclass
class _Held:
    """Which triples other graphs hold, those of the sets that are written anew aside; each is given out once."""

    store: ox.Store
    aside: set[ox.NamedNode]
    taken: set[ox.Triple] = field(default_factory=set)
    named: set[str] = field(default_factory=set)

    def leave(self, given: MappingSet) -> Iterator[ox.Quad]:
        """Give the quads of a set that no other graph holds."""
        yield from head_quads(given)
        yield from row_quads(given)
        for quad in relation_quads(given):
            if quad.triple not in self._relations and quad.triple not in self.taken:
                self.taken.add(quad.triple)
                yield quad
        fresh = [one for one in given.concepts if one.iri not in self.named and not self._knows(one.iri)]
        self.named |= {one.iri for one in fresh}
        schemes: set[object] = set()
        for quad in concept_quads(given, fresh):
            if quad.object == _SCHEME:
                schemes.add(quad.subject)
            if quad.subject not in schemes or self._free(quad):
                yield quad

    @cached_property
    def _relations(self) -> set[ox.Triple]:
        quads = (
            one for name in RELATIONS.values() for one in self.store.quads_for_pattern(None, ox.NamedNode(name), None)
        )
        return {one.triple for one in quads if one.graph_name not in self.aside}

    def _knows(self, iri: str) -> bool:
        typed = self.store.quads_for_pattern(ox.NamedNode(iri), _TYPE, _CONCEPT)
        return any(quad.graph_name not in self.aside for quad in typed)

    def _free(self, quad: ox.Quad) -> bool:
        """Say whether a statement about a scheme is new: no other graph describes the scheme, and no set before did."""
        again = quad.triple in self.taken
        self.taken.add(quad.triple)
        held = self.store.quads_for_pattern(quad.subject, _TYPE, _SCHEME)
        return not again and all(one.graph_name in self.aside for one in held)


def _replace(store: ox.Store, name: str, quads: Iterable[ox.Quad]) -> None:
    """Make the graph of a set hold these quads, by writing what is new and removing what is gone."""
    node = ox.NamedNode(mapping_graph(name))
    before = set(store.quads_for_pattern(None, None, None, node))
    if not before:
        store.bulk_extend(quads)
        return
    quads = list(quads)
    after = set(quads)
    gone = before - after
    if len(gone) > len(before) // 2:
        store.remove_graph(node)
        before = set()
    else:
        for quad in gone:
            store.remove(quad)
    store.bulk_extend(quad for quad in quads if quad not in before)


def _meet(one: MappingSet, other: MappingSet) -> bool:
    """Say whether two sets may share a triple: they speak of one classification besides ESCO, or do not say."""
    of_one = {one.subject_source, one.object_source} - {"esco"}
    return bool(of_one & ({other.subject_source, other.object_source} - {"esco"}))


def _check_iris(heads: Iterable[MappingSet]) -> None:
    owner: dict[str, str] = {}
    for head in heads:
        if owner.setdefault(head.iri, head.name) != head.name:
            what = f"the sets {owner[head.iri]} and {head.name} have one IRI, {head.iri}"
            raise ParameterError(what, advice="Remove the first, or give the second another --base-iri or name.")


def _account(draft: Draft, before: dict[str, Any], more: dict[str, object]) -> None:
    """Note in the history what the write was, and take over what is known of the build."""
    draft.about |= {key: before[key] for key in OF_THE_BUILD if key in before} | more
