"""Occupation profile <-> RDF: one named graph per profile, no blank nodes, the same quads for the same profile."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pyoxigraph as ox

from esco_graph.errors import NotFoundError, ParameterError, ValidationError
from esco_graph.profiles.model import (
    DEFAULT_BASE,
    OccupationLink,
    OccupationProfile,
    SkillStatement,
    Source,
    new_occupation_iri,
    slugify,
)
from esco_graph.terms import (
    DCT,
    ESCO,
    ESG,
    PROV,
    RDF,
    RDFS,
    RELATIONSHIP_TYPE,
    SCHEMA,
    SKILL_TYPE,
    SKOS,
    XSD,
    profile_graph,
)

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.solutions import Term

_SOFTWARE = "esco-graph"
_RELATIONS = {
    "essential": (ESCO + "relatedEssentialSkill", ESCO + "isEssentialSkillFor"),
    "optional": (ESCO + "relatedOptionalSkill", ESCO + "isOptionalSkillFor"),
}
_KINDS = {"similar": ESG + "Similar", "prospect": ESG + "Prospect"}
_KIND_OF = {iri: kind for kind, iri in _KINDS.items()}

Value = ox.NamedNode | ox.Literal | None
Statement = tuple[str, str, Value]
"""Subject IRI, predicate IRI, value; None is a value that is not stated."""


def graph_of(profile_iri: str) -> str:
    """Name of the graph that a profile is kept in; a hash keeps profiles of the same name under other bases apart.

    >>> graph_of("https://example.org/esco-graph/profile/beekeeper")
    'https://w3id.org/esco-graph/graph/profile/beekeeper'
    >>> graph_of("https://example.org/profile/beekeeper")
    'https://w3id.org/esco-graph/graph/profile/beekeeper-c3d28a84'
    """
    slug = slugify(profile_iri.rstrip("/").rpartition("/")[2])
    if profile_iri == f"{DEFAULT_BASE}profile/{slug}":
        return profile_graph(slug)
    return profile_graph(f"{slug}-{hashlib.sha256(profile_iri.encode()).hexdigest()[:8]}")


def to_quads(profile: OccupationProfile, *, graph: Graph | None = None) -> list[ox.Quad]:
    """Write a profile as quads, all in its own named graph, in a fixed order.

    With `graph`, nothing that contradicts it is said of a known occupation: no relation that is optional here and
    essential there (or the other way round), and no other title that is the occupation's preferred label.

    >>> at = datetime.fromisoformat("2024-01-01T00:00:00Z")
    >>> iris = "https://example.org/profile/x", "https://example.org/occupation/x"
    >>> source = Source("x.txt", "00", at, "0.1.0")
    >>> profile = OccupationProfile(*iris, True, "x", "en", "", (), "", None, None, (), (), source)
    >>> to_quads(profile)[1].object
    <NamedNode value=https://example.org/occupation/x>
    """
    name = ox.NamedNode(graph_of(profile.iri))
    statements = [
        *_profile(profile),
        *_provenance(profile),
        *(found for number, one in enumerate(profile.skills, 1) for found in _skill(profile, one, number)),
        *(found for number, one in enumerate(profile.links, 1) for found in _link(profile, one, number)),
        *(_new_concept(profile) if profile.is_new else _other_labels(profile, graph)),
        *_relations(profile, graph),
    ]
    quads = (
        ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value, name)
        for subject, predicate, value in statements
        if value is not None
    )
    return list(dict.fromkeys(quads))


def from_graph(graph: Graph, iri: str) -> OccupationProfile:
    """Read a profile back; `from_graph(Graph.memory(to_quads(p)), p.iri) == p`. Works on remote graphs.

    Raises NotFoundError when the graph has no such profile, ValidationError when something that a profile needs is
    missing or of the wrong form.
    """
    node = ox.NamedNode(iri)
    about = _nodes(graph, f"VALUES ?s {{ {node} }}").get(iri)
    if about is None or ESG + "OccupationProfile" not in about.iris(RDF + "type"):
        raise NotFoundError(f"no occupation profile <{iri}>", advice="See esco-graph info for the profiles.")
    try:
        return _read(graph, about)
    except (KeyError, ParameterError, ArithmeticError) as error:
        raise ValidationError(
            f"the profile is not whole: {error}", where=iri, advice="Run esco-graph validate for what is wrong."
        ) from error


def list_profiles(graph: Graph) -> list[str]:
    """List the IRIs of the occupation profiles of a graph, sorted."""
    rows = graph.select(f"SELECT DISTINCT ?s WHERE {{ ?s a <{ESG}OccupationProfile> }}")
    return sorted(row[0].value for row in rows if isinstance(row[0], ox.NamedNode))


def contradicting(profile: OccupationProfile, graph: Graph) -> list[SkillStatement]:
    """Give the statements that the rest of the graph contradicts: optional here and essential there, or the reverse."""
    if profile.is_new:
        return []
    own = graph_of(profile.iri)
    known = {name: set(values(graph, profile.occupation, to, unless=own)) for name, (to, _) in _RELATIONS.items()}
    others = {"essential": known["optional"] - known["essential"], "optional": known["essential"]}
    return [one for one in profile.skills if one.skill and one.skill in others[one.requirement]]


def values(graph: Graph, subject: str, predicate: str, *, unless: str | None = None) -> list[str]:
    """Give the values of one property, sorted, each once; those stated in the graph `unless` are left out."""
    triple = f"{ox.NamedNode(subject)} {ox.NamedNode(predicate)} ?o"
    other = f"FILTER NOT EXISTS {{ GRAPH {ox.NamedNode(unless)} {{ {triple} }} }}" if unless else ""
    rows = graph.select(f"SELECT DISTINCT ?o WHERE {{ {triple} {other} }}")
    return sorted(term.value for row in rows for term in row if term is not None and not isinstance(term, ox.Triple))


# Writing


def _profile(profile: OccupationProfile) -> Iterator[Statement]:
    iri, lang = profile.iri, profile.lang
    yield iri, RDF + "type", ox.NamedNode(ESG + "OccupationProfile")
    yield iri, ESG + "describes", ox.NamedNode(profile.occupation)
    yield iri, DCT + "title", _words(profile.title, lang)
    yield iri, DCT + "description", _words(profile.description, lang)
    yield iri, DCT + "language", ox.Literal(lang)
    yield iri, ESG + "minimumQualification", _words(profile.minimum_qualification, lang)
    yield iri, SCHEMA + "occupationalCategory", _node(profile.isco_group)
    yield iri, ESG + "iscoSkillLevel", _integer(profile.isco_skill_level)
    for title in profile.other_titles:
        yield iri, ESG + "otherTitle", _words(title, lang)
    for remark in profile.remarks:
        yield iri, SKOS + "editorialNote", _words(remark, "en")


def _provenance(profile: OccupationProfile) -> Iterator[Statement]:
    iri, source = profile.iri, profile.source
    time = ox.Literal(_timestamp(source.retrieved), datatype=ox.NamedNode(XSD + "dateTime"))
    yield iri, PROV + "wasDerivedFrom", ox.NamedNode(iri + "#source")
    yield iri + "#source", RDF + "type", ox.NamedNode(PROV + "Entity")
    yield iri + "#source", DCT + "title", ox.Literal(source.name)
    yield iri + "#source", ESG + "sha256", ox.Literal(source.sha256)
    yield iri, PROV + "generatedAtTime", time
    yield iri, PROV + "wasGeneratedBy", ox.NamedNode(iri + "#import")
    yield iri + "#import", RDF + "type", ox.NamedNode(PROV + "Activity")
    yield iri + "#import", PROV + "used", ox.NamedNode(iri + "#source")
    yield iri + "#import", PROV + "wasAssociatedWith", ox.NamedNode(iri + "#software")
    yield iri + "#software", RDF + "type", ox.NamedNode(PROV + "SoftwareAgent")
    yield iri + "#software", DCT + "title", ox.Literal(_SOFTWARE)
    yield iri + "#software", SCHEMA + "softwareVersion", ox.Literal(source.version)


def _skill(profile: OccupationProfile, statement: SkillStatement, number: int) -> Iterator[Statement]:
    iri = f"{profile.iri}#skill-{number}"
    yield profile.iri, ESG + "hasStatement", ox.NamedNode(iri)
    yield iri, RDF + "type", ox.NamedNode(ESG + "SkillStatement")
    yield iri, ESG + "statedLabel", _words(statement.label, profile.lang)
    yield iri, ESG + "statedText", _words(statement.text, profile.lang)
    yield iri, ESG + "relationType", ox.NamedNode(f"{RELATIONSHIP_TYPE}{statement.requirement}-skill")
    yield iri, ESG + "statedSkillType", _node(statement.skill_type and SKILL_TYPE + statement.skill_type)
    yield iri, ESG + "sourceLine", _integer(statement.line)
    yield iri, ESG + "skill", _node(statement.skill)
    yield iri, ESG + "matchedBy", _node(statement.matched_by and SKOS + statement.matched_by)
    for candidate in statement.candidates:
        yield iri, ESG + "candidate", ox.NamedNode(candidate)


def _link(profile: OccupationProfile, link: OccupationLink, number: int) -> Iterator[Statement]:
    iri = f"{profile.iri}#link-{number}"
    yield profile.iri, ESG + "hasLink", ox.NamedNode(iri)
    yield iri, RDF + "type", ox.NamedNode(ESG + "OccupationLink")
    yield iri, ESG + "linkKind", ox.NamedNode(_KINDS[link.kind])
    yield iri, ESG + "statedLabel", _words(link.label, profile.lang)
    yield iri, ESG + "sourceLine", _integer(link.line)
    yield iri, ESG + "target", _node(link.occupation)
    yield iri, ESG + "measure", ox.Literal(link.measure) if link.measure else None
    if link.score is not None:
        score = format(Decimal(repr(float(link.score))), "f")  # xsd:decimal knows no exponent
        yield iri, ESG + "score", ox.Literal(score, datatype=ox.NamedNode(XSD + "decimal"))


def _new_concept(profile: OccupationProfile) -> Iterator[Statement]:
    iri = profile.occupation
    for kind in (ESCO + "Occupation", ESCO + "MemberConcept", SKOS + "Concept"):
        yield iri, RDF + "type", ox.NamedNode(kind)
    yield iri, RDFS + "isDefinedBy", ox.NamedNode(profile.iri)  # the shapes ask less of it than of ESCO's own
    yield iri, SKOS + "prefLabel", _words(profile.title, profile.lang)
    for title in profile.other_titles:
        if title != profile.title:
            yield iri, SKOS + "altLabel", _words(title, profile.lang)
    yield iri, DCT + "description", _words(profile.description, profile.lang)
    yield iri, SKOS + "broader", _node(profile.isco_group)
    unit_group = profile.isco_group if profile.isco_group and profile.isco_group[-4:].isdigit() else None
    yield iri, ESCO + "memberOfISCOGroup", _node(unit_group)


def _other_labels(profile: OccupationProfile, graph: Graph | None) -> Iterator[Statement]:
    iri = profile.occupation
    known = set(values(graph, iri, SKOS + "prefLabel")) if graph else set()  # SKOS S13
    for title in profile.other_titles:
        if title not in known:
            yield iri, SKOS + "altLabel", _words(title, profile.lang)


def _relations(profile: OccupationProfile, graph: Graph | None) -> Iterator[Statement]:
    """Relate occupation and skills both ways; ESCO's rule: a skill that is both is essential."""
    left_out = {one.skill for one in contradicting(profile, graph)} if graph else set()
    related = {one.skill: "optional" for one in profile.skills if one.skill not in left_out}
    related |= {
        one.skill: "essential" for one in profile.skills if one.skill in related and one.requirement == "essential"
    }
    for skill, requirement in related.items():
        if skill:
            there, back = _RELATIONS[requirement]
            yield profile.occupation, there, ox.NamedNode(skill)
            yield skill, back, ox.NamedNode(profile.occupation)


def _words(text: str, lang: str) -> ox.Literal | None:
    return ox.Literal(text, language=lang) if text else None


def _node(iri: str | None) -> ox.NamedNode | None:
    return ox.NamedNode(iri) if iri else None


def _integer(number: int | None) -> ox.Literal | None:
    return None if number is None else ox.Literal(str(number), datatype=ox.NamedNode(XSD + "integer"))


def _timestamp(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")


# Reading


class _Node:
    """One node's properties; a missing one raises KeyError with its name."""

    def __init__(self, iri: str) -> None:
        self.iri = iri
        self.properties: dict[str, list[Term]] = {}

    def iris(self, predicate: str) -> list[str]:
        return sorted({term.value for term in self.properties.get(predicate, ()) if isinstance(term, ox.NamedNode)})

    def texts(self, predicate: str) -> list[str]:
        return sorted({term.value for term in self.properties.get(predicate, ()) if isinstance(term, ox.Literal)})

    def iri_or_none(self, predicate: str) -> str | None:
        return next(iter(self.iris(predicate)), None)

    def text_or_none(self, predicate: str) -> str | None:
        return next(iter(self.texts(predicate)), None)

    def need(self, predicate: str) -> str:
        found = self.iris(predicate) or self.texts(predicate)
        if not found:
            raise KeyError(f"<{self.iri}> has no <{predicate}>")
        return found[0]

    def integer_or_none(self, predicate: str) -> int | None:
        text = self.text_or_none(predicate)
        if text is not None and not text.lstrip("+-").isdigit():
            raise ParameterError(f"<{self.iri}> has {text!r} as <{predicate}>, which is no integer")
        return None if text is None else int(text)

    def local(self, predicate: str, namespace: str) -> str | None:
        iri = self.iri_or_none(predicate)
        return iri.removeprefix(namespace) if iri else None

    @property
    def order(self) -> tuple[int, str]:
        number = self.iri.rpartition("-")[2]
        return int(number) if number.isdigit() else 0, self.iri


def _nodes(graph: Graph, pattern: str) -> dict[str, _Node]:
    """Read the properties of the nodes ?s that a pattern finds."""
    nodes: dict[str, _Node] = {}
    for subject, predicate, value in graph.select(f"SELECT ?s ?p ?o WHERE {{ {pattern} ?s ?p ?o }}"):
        if isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode) and value is not None:
            node = nodes.setdefault(subject.value, _Node(subject.value))
            node.properties.setdefault(predicate.value, []).append(value)
    return nodes


def _read(graph: Graph, about: _Node) -> OccupationProfile:
    node = ox.NamedNode(about.iri)
    skills = _nodes(graph, f"{node} <{ESG}hasStatement> ?s .").values()
    links = _nodes(graph, f"{node} <{ESG}hasLink> ?s .").values()
    occupation = about.need(ESG + "describes")
    return OccupationProfile(
        iri=about.iri,
        occupation=occupation,
        is_new=occupation == new_occupation_iri(about.iri),
        title=about.need(DCT + "title"),
        lang=about.need(DCT + "language"),
        description=about.text_or_none(DCT + "description") or "",
        other_titles=tuple(about.texts(ESG + "otherTitle")),
        minimum_qualification=about.text_or_none(ESG + "minimumQualification") or "",
        isco_group=about.iri_or_none(SCHEMA + "occupationalCategory"),
        isco_skill_level=about.integer_or_none(ESG + "iscoSkillLevel"),
        skills=tuple(_read_skill(one) for one in _ordered(skills)),
        links=tuple(_read_link(one) for one in _ordered(links)),
        source=_read_source(graph, about),
        remarks=tuple(about.texts(SKOS + "editorialNote")),
    )


def _ordered(nodes: Iterable[_Node]) -> list[_Node]:
    return sorted(nodes, key=lambda node: node.order)


def _read_skill(node: _Node) -> SkillStatement:
    return SkillStatement(
        label=node.need(ESG + "statedLabel"),
        text=node.text_or_none(ESG + "statedText") or "",
        requirement=node.need(ESG + "relationType").removeprefix(RELATIONSHIP_TYPE).removesuffix("-skill"),
        skill_type=node.local(ESG + "statedSkillType", SKILL_TYPE),
        line=node.integer_or_none(ESG + "sourceLine"),
        skill=node.iri_or_none(ESG + "skill"),
        matched_by=node.local(ESG + "matchedBy", SKOS),
        candidates=tuple(node.iris(ESG + "candidate")),
    )


def _read_link(node: _Node) -> OccupationLink:
    score = node.text_or_none(ESG + "score")
    kind = node.need(ESG + "linkKind")
    return OccupationLink(
        label=node.need(ESG + "statedLabel"),
        kind=_KIND_OF.get(kind, kind),
        occupation=node.iri_or_none(ESG + "target"),
        line=node.integer_or_none(ESG + "sourceLine"),
        measure=node.text_or_none(ESG + "measure"),
        score=None if score is None else float(Decimal(score)),
    )


def _read_source(graph: Graph, about: _Node) -> Source:
    node = ox.NamedNode(about.iri)
    sources = _nodes(graph, f"{node} <{PROV}wasDerivedFrom> ?s .")
    agents = _nodes(graph, f"{node} <{PROV}wasGeneratedBy>/<{PROV}wasAssociatedWith> ?s .")
    source = next(iter(_ordered(sources.values())), _Node(about.iri))
    agent = next(iter(_ordered(agents.values())), _Node(about.iri))
    time = about.need(PROV + "generatedAtTime")
    try:
        retrieved = datetime.fromisoformat(time)
    except ValueError as error:
        raise ParameterError(f"{time!r} is no time") from error
    return Source(
        name=source.need(DCT + "title"),
        sha256=source.need(ESG + "sha256"),
        retrieved=retrieved,
        version=agent.need(SCHEMA + "softwareVersion"),
    )
