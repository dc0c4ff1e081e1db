"""A person's profile as RDF and back: esg:PersonProfile with its holdings and aims; ELM credentials that are RDF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from esco_graph.errors import ParameterError, SourceError
from esco_graph.graph import Graph
from esco_graph.persons.model import Person
from esco_graph.persons.values import MAX_LINES, Draft, Reader, Said
from esco_graph.terms import DCT, ESG, RDF, SCHEMA, SKOS, XSD, compress

_ELM = "http://data.europa.eu/snb/model/elm/"
_DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}
_CLAIMS = f"""SELECT DISTINCT ?person ?claim ?skill ?label WHERE {{
  ?person <{_ELM}hasClaim>/<{_ELM}hasPart>* ?claim .
  ?claim <{_ELM}specifiedBy>/<{_ELM}learningOutcome>/<{_ELM}relatedESCOSkill> ?skill .
  OPTIONAL {{ ?claim <{DCT}title> ?label }}
}} ORDER BY ?person ?claim ?skill ?label"""

Term = ox.NamedNode | ox.BlankNode | ox.Literal


def to_quads(person: Person) -> Iterator[ox.Quad]:
    """Write a profile as RDF in the default graph, in a fixed order; what is "" is left out.

    Raises ParameterError when an IRI of the profile is none.

    >>> from esco_graph.persons.model import SkillHolding
    >>> quads = list(to_quads(Person("urn:uuid:0", skills=(SkillHolding("http://data.europa.eu/esco/skill/1"),))))
    >>> quads[-1].object
    <NamedNode value=http://data.europa.eu/esco/skill/1>
    """
    about = _Writer(person.iri, ESG + "PersonProfile")
    about.text(DCT + "language", person.lang)
    about.text(SCHEMA + "name", person.name)
    about.text(DCT + "title", person.title, person.lang)
    about.text(DCT + "description", person.note, person.lang)
    parts: list[_Writer] = []

    def part(kind: str, link: str, class_: str, number: int, text: str, lang: str) -> _Writer:
        made = _Writer(part_iri(person.iri, kind, number), ESG + class_)
        about.iri(ESG + link, made.node.value)
        made.text(ESG + "statedLabel", text, lang)
        parts.append(made)
        return made

    for number, skill in enumerate(person.skills, 1):
        made = part("skill", "holds", "SkillHolding", number, skill.text, skill.lang)
        made.iri(ESG + "proficiency", skill.level)
        made.text(ESG + "statedProficiency", skill.said_level)
        made.date(ESG + "heldSince", skill.since)
        for evidence in skill.evidence:
            made.text(ESG + "evidence", evidence)
        made.iri(ESG + "skill", skill.skill)
    for number, held in enumerate(person.occupations, 1):
        made = part("occupation", "hasHeld", "OccupationHolding", number, held.text, held.lang)
        made.date(SCHEMA + "startDate", held.start)
        made.date(SCHEMA + "endDate", held.end)
        made.text(ESG + "employer", held.employer)
        made.iri(ESG + "occupation", held.occupation)
    for number, aim in enumerate(person.aims, 1):
        part("aim", "aimsAt", "Aim", number, aim.text, aim.lang).iri(ESG + "occupation", aim.occupation)
    for one in (about, *parts):
        yield from one.quads


def part_iri(person: str, kind: str, number: int) -> str:
    """Name a part of a profile.

    >>> part_iri("urn:uuid:0", "skill", 1), part_iri("http://example.org/cv#me", "aim", 2)
    ('urn:uuid:0#skill-1', 'http://example.org/cv#me-aim-2')
    """
    return f"{person}{'-' if '#' in person else '#'}{kind}-{number}"


def from_graph(graph: Graph, iri: str) -> Person:
    """Read one profile of a local graph back as it was written; SourceError when it is not there.

    >>> person = Person("urn:uuid:0", name="Sam", lang="en")
    >>> from_graph(Graph.memory(to_quads(person)), "urn:uuid:0") == person
    True
    """
    return _read(graph, ox.NamedNode(iri), iri).person()


def read_rdf(graph: Graph, file: str) -> Draft:
    """Take the one profile of an RDF file apart: an esg:PersonProfile, else an elm:Person with claims.

    Raises SourceError when there is none, or more than one.
    """
    profiles = sorted(graph.quads(None, _TYPE, ox.NamedNode(ESG + "PersonProfile")), key=lambda quad: str(quad.subject))
    nodes = list(dict.fromkeys(quad.subject for quad in profiles if not isinstance(quad.subject, ox.Triple)))
    if len(nodes) == 1:
        return _read(graph, nodes[0], file)
    if nodes:
        names = ", ".join(str(node) for node in nodes[:5])
        raise SourceError(f"there are {len(nodes)} persons: {names}", where=file, advice="Write a file for each.")
    draft = _read_claims(graph, file)
    if draft is None:
        advice = "A profile is an esg:PersonProfile; see examples/person.ttl."
        raise SourceError("no person is described here", where=file, advice=advice)
    return draft


_TYPE = ox.NamedNode(RDF + "type")


class _Writer:
    def __init__(self, iri: str, class_: str) -> None:
        self.node = _node(iri)
        self.quads = [ox.Quad(self.node, _TYPE, ox.NamedNode(class_))]

    def iri(self, predicate: str, iri: str) -> None:
        if iri:
            self.quads.append(ox.Quad(self.node, ox.NamedNode(predicate), _node(iri)))

    def text(self, predicate: str, text: str, lang: str = "") -> None:
        if text:
            literal = ox.Literal(text, language=lang) if lang else ox.Literal(text)
            self.quads.append(ox.Quad(self.node, ox.NamedNode(predicate), literal))

    def date(self, predicate: str, date: str) -> None:
        if date:
            literal = ox.Literal(date, datatype=ox.NamedNode(XSD + _DATES[len(date)]))
            self.quads.append(ox.Quad(self.node, ox.NamedNode(predicate), literal))


def _node(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise ParameterError(f"{iri[:200]!r} is not an IRI: {error}", advice="Write it in full.") from error


def _read(graph: Graph, node: Term, file: str) -> Draft:
    reader = Reader(file, strict=False)
    about = _Node(graph, node, reader)
    draft = Draft(
        iri=node.value if isinstance(node, ox.NamedNode) else "",
        lang=reader.lang(about.value(DCT + "language"), "dct:language"),
        name=about.text(SCHEMA + "name"),
        title=about.text(DCT + "title"),
        note=about.text(DCT + "description"),
    )
    draft.skills = [said for part in about.parts(ESG + "holds") if (said := _skill(part))]
    draft.occupations = [said for part in about.parts(ESG + "hasHeld") if (said := _occupation(part))]
    draft.aims = [said for part in about.parts(ESG + "aimsAt") if (said := _mention(part, ESG + "occupation"))]
    draft.remarks = reader.remarks
    return draft


class _Node:
    """What a graph says of one node."""

    def __init__(self, graph: Graph, node: Term, reader: Reader) -> None:
        self.graph, self.node, self.reader = graph, node, reader
        self.said: dict[str, list[Term]] = {}
        for quad in graph.quads(node) if not isinstance(node, ox.Literal) else ():
            if not isinstance(quad.object, ox.Triple):
                self.said.setdefault(quad.predicate.value, []).append(quad.object)

    def literals(self, predicate: str) -> list[ox.Literal]:
        found = [term for term in self.said.get(predicate, ()) if isinstance(term, ox.Literal)]
        return sorted(found, key=lambda term: (term.language not in ("en", None), str(term)))

    def value(self, predicate: str) -> str:
        values = self.literals(predicate)
        if len({term.language for term in values}) < len(values):  # several languages are no fault
            self._told(f"has {len(values)} values of {compress(predicate)}; {values[0].value!r} was taken")
        return values[0].value if values else ""

    def text(self, predicate: str) -> str:
        return self.reader.text(self.value(predicate), predicate)

    def texts(self, predicate: str) -> tuple[str, ...]:
        return tuple(self.reader.text(term.value, predicate) for term in self.literals(predicate))

    def date(self, predicate: str) -> str:
        return self.reader.date(self.value(predicate), predicate)

    def iri(self, predicate: str) -> str:
        iris = sorted(term.value for term in self.said.get(predicate, ()) if isinstance(term, ox.NamedNode))
        if len(iris) > 1:
            self._told(f"has {len(iris)} values of {compress(predicate)}; {compress(iris[0])} was taken")
        return iris[0] if iris else ""

    def parts(self, predicate: str) -> list[_Node]:
        """Give the nodes that a property leads to: by the number in their name, else by what they say."""
        terms = self.said.get(predicate, ())
        if len(terms) > MAX_LINES:
            what = f"{len(terms):,} parts of one kind are more than one person has"
            raise SourceError(what, where=self.reader.file)
        nodes = [_Node(self.graph, term, self.reader) for term in terms]
        return sorted(nodes, key=_Node.order)

    def _told(self, what: str) -> None:
        self.reader.remarks.append(f"{self.node} {what}")

    def order(self) -> tuple[int, str, str]:
        name = self.node.value if isinstance(self.node, ox.NamedNode) else ""
        number = re.search(r"[0-9]{1,9}$", name)
        said = sorted(f"{key} {value}" for key, values in self.said.items() for value in values)
        return int(number[0]) if number else 0, name, " ".join(said)


def _mention(part: _Node, predicate: str) -> Said | None:
    """Read what a part names; None, and a remark, when that is nothing."""
    label = next(iter(part.literals(ESG + "statedLabel")), None)
    said = Said(iri=part.iri(predicate), text=part.text(ESG + "statedLabel"))
    said.lang = part.reader.lang(label.language or "", "esg:statedLabel") if label else ""
    if said.iri or said.text:
        return said
    part.reader.remarks.append(f"{part.node} has neither {compress(predicate)} nor words; it was left out")
    return None


def _skill(part: _Node) -> Said | None:
    said = _mention(part, ESG + "skill")
    if said is None:
        return None
    said.level, said.said_level = part.iri(ESG + "proficiency"), part.text(ESG + "statedProficiency")
    said.since, said.evidence = part.date(ESG + "heldSince"), part.texts(ESG + "evidence")
    return said


def _occupation(part: _Node) -> Said | None:
    said = _mention(part, ESG + "occupation")
    if said is None:
        return None
    said.since, said.until = part.date(SCHEMA + "startDate"), part.date(SCHEMA + "endDate")
    said.employer = part.text(ESG + "employer")
    return said


def _read_claims(graph: Graph, file: str) -> Draft | None:
    """Read the ESCO skills of the claims of an ELM credential."""
    rows = list(graph.select(_CLAIMS).dicts())
    people = list(dict.fromkeys(str(row["person"]) for row in rows))
    if not rows:
        return None
    if len(people) > 1:
        raise SourceError(f"there are {len(people)} persons", where=file, advice="Write a file for each.")
    reader = Reader(file, strict=False)
    draft = Draft(remarks=["the signature of a credential is not checked here"])
    seen = set()
    for row in rows:
        skill, label = row["skill"], row.get("label")
        if isinstance(skill, ox.NamedNode) and skill not in seen:
            seen.add(skill)
            evidence = reader.text(label.value, "title") if isinstance(label, ox.Literal) else ""
            draft.skills.append(Said(iri=skill.value, text=_label(graph, skill, reader), evidence=(evidence,)))
    return draft


def _label(graph: Graph, node: ox.NamedNode, reader: Reader) -> str:
    labels: Iterable[ox.Quad] = graph.quads(node, ox.NamedNode(SKOS + "prefLabel"))
    found = [quad.object for quad in labels if isinstance(quad.object, ox.Literal)]
    best = min(found, key=lambda term: (term.language != "en", str(term)), default=None)
    return reader.text(best.value, "skos:prefLabel") if best else ""
