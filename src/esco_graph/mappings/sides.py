"""The two ends of a translation: which classification a name means, and which concept of it a code means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

import pyoxigraph as ox

from esco_graph.errors import AmbiguousError, NotFoundError, ParameterError
from esco_graph.labels import find_concept, fold
from esco_graph.mappings.legs import Hierarchy
from esco_graph.mappings.slots import key_of
from esco_graph.mappings.ways import Named
from esco_graph.query import stored
from esco_graph.taxonomies.registry import TAXONOMIES, taxonomies_named
from esco_graph.taxonomies.taxonomy import is_iri
from esco_graph.terms import ISCO, OCCUPATION, RDF, SKOS, is_esco

if TYPE_CHECKING:
    from esco_graph.graph import Graph

_OF_ESCO = {"esco": OCCUPATION, "isco": ISCO}


@dataclass(frozen=True)
class Side:
    """A classification as the graph knows it: its key, the IRI of its scheme, the first letters of its IRIs in ESCO.

    `space` is "" for a classification that is not part of ESCO; `name` is what people call it.
    """

    key: str
    name: str
    scheme: str
    space: str = ""

    @property
    def in_esco(self) -> bool:
        """Say whether its concepts are ESCO's own."""
        return bool(self.space)


def sides(graph: Graph) -> list[Side]:
    """List the classifications that mapping sets or loaded taxonomies of the graph name, ESCO and ISCO included."""
    from esco_graph.taxonomies.rdf import heads

    rows = stored("mapping-sets").run(graph).dicts()
    schemes = {row[end] for row in rows for end in ("subject_source", "object_source") if row[end]}
    schemes |= {head.scheme for head in heads(graph)}
    found = {"esco": _side("esco", ""), "isco": _side("isco", "")}
    for scheme in sorted(schemes):
        if not is_esco(scheme):
            found.setdefault(key_of(scheme), _side(key_of(scheme), scheme))
    return [found[key] for key in sorted(found)]


def find_side(graph: Graph, text: str) -> Side:
    """Find the classification that a key or name means, among those of the graph; NotFoundError with what is near."""
    known = {side.key: side for side in sides(graph)}
    wanted = [text.casefold(), fold(text), *(one.key for one in taxonomies_named(text))]
    for key, side in known.items():
        if key in wanted or side.scheme == text or fold(side.name) == fold(text):
            return side
    names = [*known, *TAXONOMIES]
    near = get_close_matches(text.casefold(), names, 1, 0.5)
    others = f"There are: {', '.join(known)}."
    if near and near[0] in known:
        raise NotFoundError(f"no classification {text[:60]!r}", advice=f"Did you mean {near[0]}? {others}")
    what = f"the graph has no mappings of {wanted[-1] if len(wanted) > 2 else repr(text[:60])}"
    raise NotFoundError(what, advice=f"{others} Import others with esco-graph mappings import FILE.")


def find_code(
    graph: Graph, side: Side, text: str, *, lang: str = "en", known: Mapping[str, Sequence[Named]] | None = None
) -> Named:
    """Find the concept of a classification by its code, IRI or label.

    `known` are its members `by_label`, for who looks for many and has read them.
    Raises NotFoundError with near codes and labels, AmbiguousError when a label is that of several concepts.
    """
    if side.in_esco:
        wanted = text
        if side.key == "isco" and TAXONOMIES["isco"].is_code(text):
            wanted = TAXONOMIES["isco"].concept_iri(TAXONOMIES["isco"].code_of(text))
        match = find_concept(graph, wanted, kind="occupation" if side.key == "esco" else None, lang=lang)
        if not match.iri.startswith(side.space):
            what = f"{text[:60]!r} is {Hierarchy(graph, lang).name(match.iri)} of ESCO, and no concept of {side.name}"
            raise NotFoundError(what, advice="Name the classification that it is of with --from.")
        return Hierarchy(graph, lang).name(match.iri)
    iris = _by_code(graph, side, text)
    if not iris:
        known = by_label(members(graph, side)) if known is None else known
        iris = sorted({one.iri for one in known.get(fold(text), ())})
        if not iris:
            near = _near([one for some in known.values() for one in some], text)
            raise NotFoundError(f"{side.name} has no {text[:60]!r} here", advice=near)
    names = [Hierarchy(graph, lang).name(iri) for iri in iris]
    if len(names) > 1:
        listed = "; ".join(map(str, names[:5]))
        raise AmbiguousError(f"{text[:60]!r} means {len(names)} concepts", candidates=tuple(iris), advice=f"{listed}.")
    return names[0]


def by_label(known: Iterable[Named]) -> dict[str, list[Named]]:
    """Group concepts by their folded label."""
    found: dict[str, list[Named]] = {}
    for one in known:
        found.setdefault(fold(one.label), []).append(one)
    return found


def _side(key: str, scheme: str) -> Side:
    known = TAXONOMIES.get(key)
    return Side(key, known.name if known else key, scheme or (known.scheme if known else ""), _OF_ESCO.get(key, ""))


def _by_code(graph: Graph, side: Side, text: str) -> list[str]:
    """Give the IRIs with this code, as written or as the classification writes it."""
    scheme = ox.NamedNode(side.scheme)
    if is_iri(text):
        found = graph.ask(f"ASK {{ {ox.NamedNode(text)} <{SKOS}inScheme> {scheme} }}")
        return [text] if found else []
    codes = {" ".join(text.split())}
    if taxonomy := TAXONOMIES.get(side.key):
        try:
            codes.add(taxonomy.code_of(text))
        except ParameterError:
            codes.discard("")  # not the form of a code: it may be a label
    values = " ".join(str(ox.Literal(code)) for code in sorted(codes))
    pattern = f"VALUES ?n {{ {values} }} ?c <{SKOS}notation> ?n ; <{SKOS}inScheme> ?in FILTER(?in = {scheme})"
    rows = graph.select(f"SELECT DISTINCT ?c WHERE {{ {pattern} }}")
    return sorted(row[0].value for row in rows if isinstance(row[0], ox.NamedNode))


def members(graph: Graph, side: Side) -> list[Named]:
    """List the concepts of a classification that the graph holds, by IRI."""
    if graph.store is None:
        return _asked_members(graph, side)
    if side.in_esco:
        typed = graph.quads(None, ox.NamedNode(RDF + "type"), ox.NamedNode(SKOS + "Concept"))
        iris = {quad.subject.value for quad in typed if isinstance(quad.subject, ox.NamedNode)}
        names = Hierarchy(graph, "en")
        return [names.name(iri) for iri in sorted(iris) if iri.startswith(side.space)]
    return _scanned_members(graph, side)


def _scanned_members(graph: Graph, side: Side) -> list[Named]:
    """Read codes and labels in one go of each graph that holds some of the concepts: a look-up for each is slow."""
    quads = list(graph.quads(None, ox.NamedNode(SKOS + "inScheme"), ox.NamedNode(side.scheme)))
    texts: list[dict[str, str]] = []
    for name in ("notation", "prefLabel"):
        found: dict[str, str] = {}
        for place in {quad.graph_name for quad in quads}:
            for quad in graph.quads(None, ox.NamedNode(SKOS + name), None, place):  # type: ignore[arg-type]
                iri, text = str(quad.subject.value), quad.object.value  # type: ignore[union-attr]
                found[iri] = min(found.get(iri, text), text)
        texts.append(found)
    iris = sorted({quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)})
    return [Named(iri, *(found.get(iri, "") for found in texts)) for iri in iris]


def _asked_members(graph: Graph, side: Side) -> list[Named]:
    """List the concepts of a classification behind an endpoint."""
    if side.in_esco:
        inside = f'?c a <{SKOS}Concept> FILTER(STRSTARTS(STR(?c), "{side.space}"))'
    else:
        inside = f"?c <{SKOS}inScheme> {ox.NamedNode(side.scheme)}"
    rows = graph.select(
        f"SELECT DISTINCT ?c ?n ?l WHERE {{ {inside} "
        f"OPTIONAL {{ ?c <{SKOS}notation> ?n }} OPTIONAL {{ ?c <{SKOS}prefLabel> ?l }} }}"
    )
    found: dict[str, Named] = {}
    for row in rows.dicts():
        texts = (row[name].value if name in row else "" for name in ("n", "l"))  # type: ignore[union-attr]
        one = Named(row["c"].value, *texts)  # type: ignore[union-attr]
        found[one.iri] = min(found.get(one.iri, one), one, key=lambda named: (named.code, named.label))
    return [found[iri] for iri in sorted(found)]


def _near(known: Sequence[Named], text: str) -> str:
    """Name the concepts whose code or label is nearest."""
    from rapidfuzz import process

    shown = {one.iri: str(one) for one in known}
    codes = {one.iri: one.code.casefold() for one in known if one.code}
    labels = {one.iri: one.label.casefold() for one in known if one.label}
    near = process.extract(text.casefold(), codes, limit=3, score_cutoff=50)
    near += process.extract(text.casefold(), labels, limit=3, score_cutoff=70)
    best = dict.fromkeys(iri for _, _, iri in sorted(near, key=lambda one: (-one[1], one[2])))
    return f"Near: {'; '.join(shown[iri] for iri in list(best)[:4])}." if best else "Give a code, an IRI or a label."
