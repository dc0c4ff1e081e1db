"""Put into the graph what a query cannot compute in a moment, and the skill matrix beside it.

The derived graph gets the rarity of each skill (`esg:idf`) and the nearest occupations of each as overlap nodes. As the
measure is symmetric, a pair has one node: of the nodes between one occupation and another, the best 20 by score, then
by IRI, are exactly its 20 nearest. The measure, its description, the release and the program stand once, on the
comparison that each node names. All of it follows from the rest of the graph, and is kept in step with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pyoxigraph as ox

from esco_graph import __version__
from esco_graph.draft import Draft
from esco_graph.skills.matrix import STORED, SkillMatrix
from esco_graph.skills.names import NEAREST_MEASURE
from esco_graph.skills.nearest import nearest
from esco_graph.skills.stored import store
from esco_graph.terms import DCT, DERIVED_GRAPH, ESG, PROV, RDF, SCHEMA, XSD

OVERLAPS = "https://w3id.org/esco-graph/overlap/"
COMPARISON = OVERLAPS + "comparison"

_GRAPH = ox.NamedNode(DERIVED_GRAPH)
_DECIMAL = ox.NamedNode(XSD + "decimal")
_NOTHING = -1.0  # neither a score nor a rarity


@dataclass(frozen=True)
class Materialised:
    """How many pairs of occupations have an overlap node, and how many skills a rarity."""

    overlaps: int
    skills: int


def method_of(measure: str) -> str:
    """Give the concept of the ontology that describes a measure.

    >>> method_of("idf-jaccard")
    'https://w3id.org/esco-graph/ns#IdfJaccard'
    """
    return ESG + "".join(word.capitalize() for word in measure.split("-"))


def overlap_iri(one: str, other: str) -> str:
    """Name the overlap node of two occupations, whichever comes first.

    >>> overlap_iri("http://example.org/b", "http://example.org/a")
    'https://w3id.org/esco-graph/overlap/6cba8ae2ddff7cbe9c66'
    """
    return OVERLAPS + hashlib.sha256("\n".join(sorted((one, other))).encode()).hexdigest()[:20]


def materialise(draft: Draft) -> Materialised:
    """Compare all occupations of a draft: store the matrix in its folder, and bring the derived graph in step with it.

    Only what differs from what the draft holds already is written.
    """
    matrix = store(draft.graph, draft.folder / STORED)
    pairs = _pairs(matrix)
    rarity = dict(zip(matrix.skills, matrix.idf.round(6).tolist(), strict=True))
    rarity = {skill: rarity[skill] for skill, df in zip(matrix.skills, matrix.df.tolist(), strict=True) if df}
    _, new_rarity = _keep_to(draft, "idf", rarity)
    new_nodes, new_scores = _keep_to(draft, "score", {node: score for node, (_, _, score) in pairs.items()})
    links = _links((node, *pairs[node][:2]) for node in new_nodes)
    draft.store.bulk_extend(chain(_compared(draft, matrix), new_rarity, new_scores, links))
    return Materialised(len(pairs), len(rarity))


def _pairs(matrix: SkillMatrix) -> dict[str, tuple[str, str, float]]:
    """Give the two occupations and the score of each pair of which one is among the 20 nearest of the other."""
    rows, scores = matrix.derived("nearest", nearest)
    here = np.repeat(np.arange(len(rows)), rows.shape[1])[rows.ravel() >= 0]
    there, values = rows.ravel()[rows.ravel() >= 0], scores.ravel()[rows.ravel() >= 0]
    first, second = np.minimum(here, there), np.maximum(here, there)
    _, at = np.unique(first * np.int64(len(rows)) + second, return_index=True)
    named = (
        (matrix.occupations[one], matrix.occupations[other]) for one, other in zip(first[at], second[at], strict=True)
    )
    return {overlap_iri(*pair): (*pair, score) for pair, score in zip(named, values[at].tolist(), strict=True)}


def _keep_to(draft: Draft, name: str, wanted: dict[str, float]) -> tuple[list[str], list[ox.Quad]]:
    """Remove the values that are not wanted; gives the subjects that had none, and the quads that are to be added.

    An overlap node that is no more wanted goes with all that is said of it. So does one in another graph: an export of
    this program that was built or imported brings what it once computed.
    """
    predicate = ox.NamedNode(ESG + name)
    held: set[str] = set()
    same: set[str] = set()
    others: list[tuple[str, ox.Quad]] = []
    for quad in draft.store.quads_for_pattern(None, predicate, None):
        subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
        if name == "score" and not subject.startswith(OVERLAPS):
            continue  # the links of profiles have scores too
        if quad.graph_name == _GRAPH:
            held.add(subject)
            if subject not in same and wanted.get(subject, _NOTHING) == _number(quad.object):
                same.add(subject)
                continue
        others.append((subject, quad))
    for subject, quad in others:
        gone = subject.startswith(OVERLAPS) and (subject not in wanted or quad.graph_name != _GRAPH)
        _remove(draft, *(draft.store.quads_for_pattern(quad.subject, None, None, quad.graph_name) if gone else [quad]))
    fresh = [
        ox.Quad(ox.NamedNode(subject), predicate, ox.Literal(f"{value:.6f}", datatype=_DECIMAL), _GRAPH)
        for subject, value in wanted.items()
        if subject not in same
    ]
    return [subject for subject in wanted if subject not in held], fresh


def _remove(draft: Draft, *quads: ox.Quad) -> None:
    for quad in quads:
        draft.store.remove(quad)


def _number(term: object) -> float | None:
    """Read a stored value; None for what is no decimal as this program writes it, which is then written anew."""
    try:
        return float(term.value) if isinstance(term, ox.Literal) and term.datatype == _DECIMAL else None
    except ValueError:
        return None


def _links(nodes: Iterable[tuple[str, str, str]]) -> Iterator[ox.Quad]:
    """Say of overlap nodes which occupations they are between, and how they were computed."""
    between, generated = ox.NamedNode(ESG + "between"), ox.NamedNode(PROV + "wasGeneratedBy")
    comparison = ox.NamedNode(COMPARISON)
    for iri, one, other in nodes:
        node = ox.NamedNode(iri)
        yield ox.Quad(node, between, ox.NamedNode(one), _GRAPH)
        yield ox.Quad(node, between, ox.NamedNode(other), _GRAPH)
        yield ox.Quad(node, generated, comparison, _GRAPH)


def _compared(draft: Draft, matrix: SkillMatrix) -> Iterator[ox.Quad]:
    """Describe the comparison anew: measure, method, releases and program."""
    comparison, software = ox.NamedNode(COMPARISON), ox.NamedNode(f"{COMPARISON}#software")
    for node in (comparison, software):
        _remove(draft, *draft.store.quads_for_pattern(node, None, None))
    facts: list[tuple[ox.NamedNode, str, ox.NamedNode | ox.Literal]] = [
        (comparison, RDF + "type", ox.NamedNode(ESG + "Comparison")),
        (comparison, ESG + "measure", ox.Literal(NEAREST_MEASURE)),
        (comparison, ESG + "method", ox.NamedNode(method_of(NEAREST_MEASURE))),
        (comparison, PROV + "wasAssociatedWith", software),
        (software, RDF + "type", ox.NamedNode(PROV + "SoftwareAgent")),
        (software, DCT + "title", ox.Literal("esco-graph")),
        (software, SCHEMA + "softwareVersion", ox.Literal(__version__)),
    ]
    facts += [(comparison, PROV + "used", ox.NamedNode(release)) for release in matrix.release.split()]
    return (ox.Quad(node, ox.NamedNode(name), value, _GRAPH) for node, name, value in facts)
