"""Rows of the official CSV files -> quads, in the shape that docs/architecture.md shows.

Repairs are made where they are safe and counted in the report; a row that cannot be used is left out and counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pyoxigraph as ox

from esco_graph.errors import SourceError
from esco_graph.sources.archive import Member
from esco_graph.sources.csv_table import Line, read_lines, read_rows
from esco_graph.sources.report import GROUPS, OCCUPATIONS, SKILLS, FileCount, ImportReport, kind_of
from esco_graph.sources.text import clean, has_html, strip_html
from esco_graph.terms import (
    DCT,
    ESCO,
    ESG,
    ISCO,
    ISO_THES,
    RDF,
    REUSE_LEVEL,
    SCHEME,
    SKILL_TYPE,
    SKOS,
    XSD,
)

_node = ox.NamedNode
TYPE = _node(RDF + "type")
CONCEPT = _node(SKOS + "Concept")
MEMBER_CONCEPT = _node(ESCO + "MemberConcept")
PREF, ALT, HIDDEN = (_node(SKOS + name) for name in ("prefLabel", "altLabel", "hiddenLabel"))
NOTATION, IN_SCHEME, BROADER = (_node(SKOS + name) for name in ("notation", "inScheme", "broader"))
HAS_TOP, TOP_OF = (_node(SKOS + name) for name in ("hasTopConcept", "topConceptOf"))
MODIFIED, REFERENCES, TITLE = (_node(DCT + name) for name in ("modified", "references", "title"))
STATUS = _node(ISO_THES + "status")
ISCO_GROUP = _node(ESCO + "memberOfISCOGroup")
SKILL_TYPE_P, REUSE_P = _node(ESCO + "skillType"), _node(ESCO + "skillReuseLevel")
REGULATED, NACE = _node(ESCO + "regulatedProfessionNote"), _node(ESCO + "hasNACECode")
GREEN_SHARE = _node(ESG + "greenShare")
DATE_TIME, DECIMAL = _node(XSD + "dateTime"), _node(XSD + "decimal")
TEXTS = {
    "description": _node(DCT + "description"),
    "definition": _node(SKOS + "definition"),
    "scopeNote": _node(SKOS + "scopeNote"),
}
RELATIONS = {
    "essential": (_node(ESCO + "relatedEssentialSkill"), _node(ESCO + "isEssentialSkillFor")),
    "optional": (_node(ESCO + "relatedOptionalSkill"), _node(ESCO + "isOptionalSkillFor")),
}
SKILL_TYPES = {"skill/competence": _node(SKILL_TYPE + "skill"), "knowledge": _node(SKILL_TYPE + "knowledge")}
# What a label says twice: the property that it has now, and the one that it had before in the same row.
REPEATED = {
    (ALT, PREF): "alt-equals-pref",
    (HIDDEN, PREF): "hidden-equals-pref",
    (HIDDEN, ALT): "hidden-equals-alt",
    (ALT, ALT): "alt-repeated",
    (HIDDEN, HIDDEN): "alt-repeated",
}
DEFAULT_SCHEMES = {
    "occupations": ("occupations", "member-occupations"),
    "skills": ("skills", "member-skills"),
    "ISCOGroups": ("occupations", "isco"),
    "skillGroups": ("skills", "skills-hierarchy"),
}
DIGITAL, RESEARCH_OCCUPATIONS = "6c930acd-c104-4ece-acf7-f44fd7333036", "8ae4b9f3-507e-4057-a145-2f96f0132613"
COLLECTIONS = {
    "transversalSkillsCollection": "skill-transversal-groups",
    "languageSkillsCollection": "skill-language-groups",
    "ictSkillsCollection": "skill-ict-groups",
    "digitalSkillsCollection": DIGITAL,
    "greenSkillsCollection": "green",
    "researchSkillsCollection": "research",
    "digCompSkillsCollection": "digcomp",
    "researchOccupationsCollection": RESEARCH_OCCUPATIONS,
}
KINDS = {"occupations": OCCUPATIONS, "skills": SKILLS, "ISCOGroups": GROUPS, "skillGroups": GROUPS}
CLASSES = {"occupations": _node(ESCO + "Occupation"), "skills": _node(ESCO + "Skill")}
_LIST = re.compile(r"[,|\s]+")
_CONCEPT_IRI = re.compile(r"http://data\.europa\.eu/esco/(?:occupation|skill|isco|isced-f)/")


class RowReader:
    """Turn the files of one release, concepts first, into quads of one named graph."""

    def __init__(self, graph: ox.NamedNode, langs: tuple[str, ...], report: ImportReport) -> None:
        """Start with no concept known; `langs` orders the languages, the first gives what has no language."""
        self.graph = graph
        self.langs = langs
        self.report = report
        self.nodes: dict[str, ox.NamedNode] = {}
        self.known: dict[str, set[str]] = {table: set() for table in (*CLASSES, "ISCOGroups", "skillGroups")}
        self.schemes: dict[str, list[ox.NamedNode]] = {}
        self.skill_types: dict[str, str] = {}

    def read(self, member: Member) -> Iterator[ox.Quad]:
        """Stream the quads of one file; its rows are counted as kept or left out."""
        count = self.report.file(member.name)
        if member.table in self.known:
            return self._concepts(member, count)
        if member.table == "occupationSkillRelations":
            return self._relations(member, count, "occupations", ("occupationUri", "skillUri"), ("", "skillType"))
        if member.table == "skillSkillRelations":
            ends, types = ("originalSkillUri", "relatedSkillUri"), ("originalSkillType", "relatedSkillType")
            return self._relations(member, count, "skills", ends, types)
        return self._lines(member, count)

    def _lines(self, member: Member, count: FileCount) -> Iterator[ox.Quad]:
        readers: dict[str, Callable[[Line, Member], Iterator[ox.Quad]]] = {
            "skillsHierarchy": self._hierarchy_codes,
            "conceptSchemes": self._scheme,
            "broaderRelationsOccPillar": self._broader,
            "broaderRelationsSkillPillar": self._broader,
            "greenShareOcc": self._green_share,
        }
        reader = readers.get(member.table, self._collection_member)
        for line in read_lines(member):
            count.rows += 1
            quads = list(reader(line, member))
            count.kept += bool(quads)
            count.left_out += not quads
            yield from quads

    # Concepts: occupations, skills, ISCO groups, skill groups

    def _concepts(self, member: Member, count: FileCount) -> Iterator[ox.Quad]:
        seen: set[str] = set()
        for line in self._newest_rows(member, count):
            iri = line["conceptUri"].strip()
            if iri in seen:
                count.left_out += 1
                self._count("row-repeated", iri, line, iri)
                continue
            seen.add(iri)
            count.kept += 1
            yield from self._concept(line, member, iri)

    def _newest_rows(self, member: Member, count: FileCount) -> Iterator[Line]:
        """Hold one row back, so that of two neighbours for one concept the newer one is taken (v1.2.1 has four)."""
        held: Line | None = None
        for line in read_lines(member):
            count.rows += 1
            if held and held["conceptUri"] == line["conceptUri"]:
                held = max(held, line, key=lambda row: row["modifiedDate"])
                count.left_out += 1
                self._count("row-repeated", line["conceptUri"], line, line["conceptUri"].strip())
                continue
            if held:
                yield held
            held = line
        if held:
            yield held

    def _concept(self, line: Line, member: Member, iri: str) -> Iterator[ox.Quad]:
        node = self._new_node(iri, line)
        if iri not in self.known[member.table]:
            self.known[member.table].add(iri)
            yield from self._neutral(node, line, member)
        yield from self._labels(node, line, member.lang)
        yield from self._texts(node, line, member.lang)

    def _neutral(self, node: ox.NamedNode, line: Line, member: Member) -> Iterator[ox.Quad]:
        """Statements without a language, taken from the first language's file only."""
        graph = self.graph
        yield ox.Quad(node, TYPE, CONCEPT, graph)
        if member.table in CLASSES:
            yield ox.Quad(node, TYPE, CLASSES[member.table], graph)
            yield ox.Quad(node, TYPE, MEMBER_CONCEPT, graph)
        if code := line["code"].strip():
            yield ox.Quad(node, NOTATION, ox.Literal(code), graph)
        if status := line["status"].strip():
            yield ox.Quad(node, STATUS, ox.Literal(status), graph)
        if modified := line["modifiedDate"].strip():
            yield ox.Quad(node, MODIFIED, ox.Literal(modified, datatype=DATE_TIME), graph)
        yield from self._schemes(node, line, member)
        if member.table == "occupations":
            yield from self._occupation(node, line)
        elif member.table == "skills":
            yield from self._skill(node, line)

    def _schemes(self, node: ox.NamedNode, line: Line, member: Member) -> Iterator[ox.Quad]:
        cell = line["inScheme"]
        schemes = self.schemes.get(cell) or [self._node(iri, line) for iri in _LIST.split(cell) if iri]
        if schemes:
            self.schemes[cell] = schemes  # a few cells stand in thousands of rows
        else:
            self._count("scheme-supplied", node.value, line, node.value)
            schemes = [self._node(SCHEME + name, line) for name in DEFAULT_SCHEMES[member.table]]
        for scheme in schemes:
            yield ox.Quad(node, IN_SCHEME, scheme, self.graph)

    def _occupation(self, node: ox.NamedNode, line: Line) -> Iterator[ox.Quad]:
        if group := line["iscoGroup"].strip():
            yield ox.Quad(node, ISCO_GROUP, self._node(f"{ISCO}C{group.removeprefix('C')}", line), self.graph)
        if note := line["regulatedProfessionNote"].strip():
            yield ox.Quad(node, REGULATED, self._node(note, line), self.graph)
        for iri in _LIST.split(line["naceCode"]):
            if iri:
                yield ox.Quad(node, NACE, self._node(iri, line), self.graph)

    def _skill(self, node: ox.NamedNode, line: Line) -> Iterator[ox.Quad]:
        self.skill_types[node.value] = skill_type = line["skillType"].strip()
        if skill_type in SKILL_TYPES:
            yield ox.Quad(node, SKILL_TYPE_P, SKILL_TYPES[skill_type], self.graph)
        else:
            self._count("no-skill-type", _labelled(node, line), line, node.value)
        if level := line["reuseLevel"].strip():
            yield ox.Quad(node, REUSE_P, self._node(REUSE_LEVEL + level, line), self.graph)
        else:
            self._count("no-reuse-level", _labelled(node, line), line, node.value)

    def _labels(self, node: ox.NamedNode, line: Line, lang: str) -> Iterator[ox.Quad]:
        pref = self._clean(line["preferredLabel"], line)
        seen = {pref: PREF}
        if pref:
            yield ox.Quad(node, PREF, ox.Literal(pref, language=lang), self.graph)
        else:
            self._count("no-label", f"{node.value} in {lang}", line, node.value)
        for column, predicate in (("altLabels", ALT), ("hiddenLabels", HIDDEN)):
            for cell in line[column].split("\n") if line[column] else ():
                label = self._clean(cell, line)
                if label and label not in seen:
                    seen[label] = predicate
                    yield ox.Quad(node, predicate, ox.Literal(label, language=lang), self.graph)
                elif label:
                    self._count(REPEATED[predicate, seen[label]], label, line, node.value)

    def _texts(self, node: ox.NamedNode, line: Line, lang: str) -> Iterator[ox.Quad]:
        for column, predicate in TEXTS.items():
            text = line[column]
            if not text:
                continue
            if has_html(text):
                text, links = strip_html(text)
                self._count("html", node.value, line, node.value)
                for iri in links:
                    yield ox.Quad(node, REFERENCES, self._node(iri, line), self.graph)
            if text := self._clean(text, line):
                yield ox.Quad(node, predicate, ox.Literal(text, language=lang), self.graph)

    # Hierarchy, schemes, collections

    def _hierarchy_codes(self, line: Line, member: Member) -> Iterator[ox.Quad]:
        for level in range(4):
            iri, code = line[f"Level {level} URI"].strip(), line[f"Level {level} code"].strip()
            if code and iri and iri not in self.known["skillGroups"]:
                self._count("dangling-member", iri, line, iri)
            elif code and iri:
                yield ox.Quad(self.nodes[iri], NOTATION, ox.Literal(code), self.graph)

    def _scheme(self, line: Line, member: Member) -> Iterator[ox.Quad]:
        scheme = self._node(line["conceptSchemeUri"].strip(), line)
        yield ox.Quad(scheme, TYPE, _node(SKOS + "ConceptScheme"), self.graph)
        if status := line["status"].strip():
            yield ox.Quad(scheme, STATUS, ox.Literal(status), self.graph)
        for column, predicate in (("preferredLabel", PREF), ("title", TITLE), ("description", TEXTS["description"])):
            if text := self._clean(line[column], line):
                yield ox.Quad(scheme, predicate, ox.Literal(text, language=member.lang), self.graph)
        for iri in _LIST.split(line["hasTopConcept"]):
            if iri and iri not in self.nodes and _CONCEPT_IRI.match(iri):
                self._count("dangling-member", iri, line, iri)
            elif iri:
                yield ox.Quad(scheme, HAS_TOP, self._node(iri, line), self.graph)
                yield ox.Quad(self._node(iri, line), TOP_OF, scheme, self.graph)

    def _collection_member(self, line: Line, member: Member) -> Iterator[ox.Quad]:
        iri = line["conceptUri"].strip()
        if iri in self.nodes:
            scheme = self._node(SCHEME + COLLECTIONS[member.table], line)
            yield ox.Quad(self.nodes[iri], IN_SCHEME, scheme, self.graph)
        else:
            self._count("dangling-member", iri, line, iri)

    def _broader(self, line: Line, member: Member) -> Iterator[ox.Quad]:
        ends = [line["conceptUri"].strip(), line["broaderUri"].strip()]
        unknown = [iri for iri in ends if iri not in self.nodes]
        if unknown:
            self._count("dangling-broader", ", ".join(unknown), line, *unknown)
        else:
            yield ox.Quad(self.nodes[ends[0]], BROADER, self.nodes[ends[1]], self.graph)

    def _green_share(self, line: Line, member: Member) -> Iterator[ox.Quad]:
        iri = line["conceptUri"].strip()
        if iri not in self.nodes:
            self._count("dangling-member", iri, line, iri)
            return
        try:
            share = f"{float(line['greenShare']):.12f}".rstrip("0")
        except ValueError as error:
            raise SourceError(f"greenShare is not a number: {line['greenShare']!r}", where=line.where) from error
        yield ox.Quad(
            self.nodes[iri], GREEN_SHARE, ox.Literal(share + "0" * share.endswith("."), datatype=DECIMAL), self.graph
        )

    # Relations: by far the longest files, so their cells are taken by place, not by name

    def _relations(
        self, member: Member, count: FileCount, subjects: str, ends: tuple[str, str], types: tuple[str, str]
    ) -> Iterator[ox.Quad]:
        rows = read_rows(member)
        place = {column.strip(): index for index, column in enumerate(next(rows)[1])}
        at_subject, at_target, at_relation = place[ends[0]], place[ends[1]], place["relationType"]
        typed = [(place[end], place[column]) for end, column in zip(ends, types, strict=True) if column in place]
        nodes, graph, known_subjects, known_skills = self.nodes, self.graph, self.known[subjects], self.known["skills"]
        seen: dict[tuple[str, str], tuple[str, ...]] = {}
        for number, cells in rows:
            count.rows += 1
            subject, target, relation = cells[at_subject], cells[at_target], cells[at_relation]
            if relation not in RELATIONS:
                raise SourceError(
                    f"relationType is {relation!r}, not essential or optional", where=f"{member.name}:{number}"
                )
            if subject not in known_subjects or target not in known_skills:
                count.left_out += 1
                self._dangling(member, number, subject if subject not in known_subjects else target)
                continue
            before = seen.get((subject, target), ())
            if before and not self._is_new(member, number, (subject, relation, target), before):
                count.left_out += 1
                continue
            seen[subject, target] = (*before, relation)
            for at_iri, at_type in typed:
                if cells[at_type] != self.skill_types[cells[at_iri]]:
                    self._type_differs(member, number, cells[at_iri], cells[at_type])
            count.kept += 1
            direct, inverse = RELATIONS[relation]
            yield ox.Quad(nodes[subject], direct, nodes[target], graph)
            yield ox.Quad(nodes[target], inverse, nodes[subject], graph)

    def _dangling(self, member: Member, number: int, iri: str) -> None:
        code = "dangling-occupation" if kind_of(iri) == OCCUPATIONS else "dangling-skill"
        self.report.count(code, iri, f"{member.name}:{number}", about=[iri])

    def _is_new(self, member: Member, number: int, row: tuple[str, str, str], before: tuple[str, ...]) -> bool:
        repeated = row[1] in before
        code = "row-repeated" if repeated else "both-relations"
        self.report.count(code, " ".join(row), f"{member.name}:{number}", about=(row[0], row[2]))
        return not repeated

    def _type_differs(self, member: Member, number: int, iri: str, given: str) -> None:
        example = f"{iri} is {self.skill_types[iri] or 'untyped'}, the row says {given or 'nothing'}"
        self.report.count("relation-type-differs", example, f"{member.name}:{number}", about=[iri])

    # Terms and remarks

    def _count(self, code: str, example: str, line: Line, *about: str) -> None:
        """Count a remark about concepts; those that a file of the release describes are of that file's kind."""
        for iri in about:
            table = next((table for table, known in self.known.items() if iri in known), "")
            self.report.count(code, n=0, about=[iri], kind=KINDS.get(table, ""))
        self.report.count(code, example, line.where)

    def _new_node(self, iri: str, line: Line) -> ox.NamedNode:
        node = self.nodes.get(iri)
        if node is None:
            node = self.nodes[iri] = self._node(iri, line)
        return node

    def _node(self, iri: str, line: Line) -> ox.NamedNode:
        try:
            return _node(iri)
        except ValueError as error:
            raise SourceError(
                f"{iri!r} is not an IRI ({error})", where=line.where, advice="Repair the cell."
            ) from error

    def _clean(self, text: str, line: Line) -> str:
        cleaned = clean(text)
        if cleaned != text:
            self._count("spaces", repr(text[:60]), line, *filter(None, [line["conceptUri"].strip()]))
        return cleaned


def _labelled(node: ox.NamedNode, line: Line) -> str:
    return f"{line['preferredLabel']} <{node.value}>"
