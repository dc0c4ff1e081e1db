"""Sort the triples of an ESCO RDF dump into tables, in whatever order they come, so that SQL can join them.

The dump keeps texts, labels and relations in nodes of their own. Joining them through an RDF store costs 12 to 30 µs a
triple; SQLite on disk does it in a few, in little memory, and does not care whether a node's triples stand together.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from esco_graph.sources.report import ImportReport
from esco_graph.terms import DCAT, DCT, ESCO, ISO_THES, OWL, RDF, RELATIONSHIP_TYPE, SCHEME, SKOS, SKOSXL, XSD

BATCH = 20_000  # triples between two writes
Node = ox.NamedNode | ox.BlankNode

_LABELS = ("prefLabel", "altLabel", "hiddenLabel")
LABELS = tuple(ox.NamedNode(SKOS + name) for name in _LABELS)
NOTES = tuple(
    ox.NamedNode(iri)
    for iri in (DCT + "description", *(SKOS + name for name in ("definition", "scopeNote", "note", "editorialNote")))
)
# Each relation and its inverse; both directions go into the graph.
PAIRS = tuple(
    (ox.NamedNode(direct), ox.NamedNode(inverse))
    for direct, inverse in (
        (ESCO + "relatedEssentialSkill", ESCO + "isEssentialSkillFor"),
        (ESCO + "relatedOptionalSkill", ESCO + "isOptionalSkillFor"),
        (SKOS + "hasTopConcept", SKOS + "topConceptOf"),
    )
)
TOP = 2
RELATION_TYPES = {
    ox.NamedNode(RELATIONSHIP_TYPE + "essential-skill"): 0,
    ox.NamedNode(RELATIONSHIP_TYPE + "optional-skill"): 1,
}
# Roles in a reified relation: the names of the present model first, then those of the model before it.
ROLES = {
    "for": ("isAssociationFor", "isRelationshipFor"),
    "target": ("target", "refersConcept"),
    "framework": ("targetFramework",),
    "type": ("hasRelationshipType",),
}
HAS_ROLE = ("hasAssociation", "hasRelationship")  # the inverse of "for", so it need not be kept
STRING = ox.NamedNode(XSD + "string")
TYPE = ox.NamedNode(RDF + "type")
NOTATION, BROADER, NARROWER = (ox.NamedNode(SKOS + name) for name in ("notation", "broader", "narrower"))
CONCEPT, OCCUPATION, SKILL = (ox.NamedNode(iri) for iri in (SKOS + "Concept", ESCO + "Occupation", ESCO + "Skill"))
REIFIED = ox.NamedNode(ESCO + "AssociationObject")
HELPERS = {
    *(ox.NamedNode(iri) for iri in (SKOSXL + "Label", ESCO + "Label", ESCO + "NodeLiteral", ESCO + "Relationship")),
    REIFIED,
}
VERSIONED = [ox.NamedNode(SCHEME + name) for name in ("occupations", "skills", "member-occupations", "member-skills")]

STATUS, RELEASED = ox.NamedNode(ISO_THES + "status"), "released"

_TABLES = """
CREATE TABLE label (node, lang, kind, value);
CREATE TABLE xl (node, kind, label);
CREATE TABLE form (label, lang, value);
CREATE TABLE note (node, kind, text);
CREATE TABLE text (text, lang, value);
CREATE TABLE language (text, lang);
CREATE TABLE pair (kind, subject, object);
CREATE TABLE tree (child, parent, inverse);
CREATE TABLE reified (node, role, value);
"""
_JOINS = """
CREATE INDEX xl_label ON xl (label);
CREATE INDEX form_label ON form (label);
CREATE INDEX note_text ON note (text);
CREATE INDEX text_text ON text (text);
CREATE INDEX language_text ON language (text);
CREATE INDEX reified_node ON reified (node, role);
CREATE TABLE relation AS
    SELECT a.node AS node, kind.value AS kind, a.value AS subject, b.value AS object
    FROM reified kind
    JOIN reified a ON a.node = kind.node AND a.role = 'for'
    JOIN reified b ON b.node = kind.node AND b.role = 'target'
    WHERE kind.role = 'type' AND kind.value IN (0, 1);
CREATE INDEX relation_node ON relation (node);
"""


@dataclass
class Tables:
    """The tables of one dump, filled by `sort`, and the little that is held in memory: IRIs of concepts, and counts.

    Nodes are kept as N-Triples writes them (`<iri>`, `_:name`).
    """

    connection: sqlite3.Connection
    report: ImportReport
    wanted: frozenset[str] = frozenset()
    rows: int = 0
    concepts: set[str] = field(default_factory=set)
    occupations: set[str] = field(default_factory=set)
    skills: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)
    levelled: set[str] = field(default_factory=set)
    notations: set[tuple[str, str]] = field(default_factory=set)
    langs: set[str] = field(default_factory=set)
    form_langs: set[str] = field(default_factory=set)
    versions: dict[ox.NamedNode, list[str]] = field(default_factory=dict)
    _waiting: defaultdict[str, list[tuple[object, ...]]] = field(default_factory=lambda: defaultdict(list))

    def sort(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Triple]:
        """File what belongs into a table and give back the rest, which is already in the shape of the graph."""
        self.connection.executescript(_TABLES)
        routes = self._routes()
        for quad in quads:
            self.rows += 1
            route = routes.get(quad.predicate)
            if self._is_wanted(quad.object) if route is None else route(quad):
                yield quad.triple
            if not self.rows % BATCH:
                self._flush()
        self._flush()
        self.connection.executescript(_JOINS)
        self.connection.commit()

    # Each route files a quad, and says whether it goes into the graph as it is.

    def _routes(self) -> dict[ox.NamedNode, Callable[[ox.Quad], bool]]:
        routes: dict[ox.NamedNode, Callable[[ox.Quad], bool]] = {
            TYPE: self._type,
            NOTATION: self._notation,
            STATUS: self._status,
            ox.NamedNode(SKOSXL + "literalForm"): self._form,
            ox.NamedNode(ESCO + "nodeLiteral"): self._text,
            ox.NamedNode(ESCO + "noteLiteral"): self._text,
            ox.NamedNode(ESCO + "language"): self._language,
            ox.NamedNode(ESCO + "hasLabelRole"): self._label_role,
            ox.NamedNode(DCT + "type"): self._relation_type,
            ox.NamedNode(ESCO + "skillType"): lambda quad: self._has(self.typed, quad),
            ox.NamedNode(ESCO + "skillReuseLevel"): lambda quad: self._has(self.levelled, quad),
        }
        for kind, name in enumerate(_LABELS):
            routes[LABELS[kind]] = self._label(kind)
            routes[ox.NamedNode(SKOSXL + name)] = self._linked("xl", kind)
        for kind, note in enumerate(NOTES):
            routes[note] = self._note(kind)
        for kind, (direct, inverse) in enumerate(PAIRS):
            routes[direct] = self._pair(kind, inverse=False)
            routes[inverse] = self._pair(kind, inverse=True)
        for role, names in ROLES.items():
            for name in names:
                routes[ox.NamedNode(ESCO + name)] = self._relation_type if role == "type" else self._role(role)
        for name in HAS_ROLE:
            routes[ox.NamedNode(ESCO + name)] = lambda _: False
        routes[BROADER] = lambda quad: self._add("tree", str(quad.subject), str(quad.object), 0)
        routes[NARROWER] = lambda quad: self._add("tree", str(quad.object), str(quad.subject), 1)
        for name in ("broaderTransitive", "narrowerTransitive"):
            routes[ox.NamedNode(SKOS + name)] = self._closure
        for iri in (OWL + "versionInfo", DCT + "hasVersion", DCAT + "version"):
            routes[ox.NamedNode(iri)] = self._version
        return routes

    def _add(self, table: str, *row: object) -> bool:
        self._waiting[table].append(row)
        return False

    def _flush(self) -> None:
        for table, rows in self._waiting.items():
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                self.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
                rows.clear()

    def _is_wanted(self, value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> bool:
        if not self.wanted or not isinstance(value, ox.Literal) or not value.language or value.language in self.wanted:
            return True
        self.report.count("other-language")
        return False

    def _type(self, quad: ox.Quad) -> bool:
        kind = quad.object
        if kind in HELPERS:
            return False
        node = str(quad.subject)
        if kind in (CONCEPT, OCCUPATION, SKILL):
            self.concepts.add(node)
        if kind == OCCUPATION:
            self.occupations.add(node)
        elif kind == SKILL:
            self.skills.add(node)
        return True

    def _has(self, holders: set[str], quad: ox.Quad) -> bool:
        holders.add(str(quad.subject))
        return True

    def _notation(self, quad: ox.Quad) -> bool:
        if not isinstance(quad.object, ox.Literal):
            return True
        if quad.object.datatype != STRING:
            self.report.count("typed-notation", str(quad.object))
        self.notations.add((str(quad.subject), quad.object.value))
        return False

    def _status(self, quad: ox.Quad) -> bool:
        status = _plain(quad.object)
        if status != RELEASED:
            self.report.count("not-released", f"{quad.subject} is {status}")
        return True

    def _label(self, kind: int) -> Callable[[ox.Quad], bool]:
        def file(quad: ox.Quad) -> bool:
            label = quad.object
            if not isinstance(label, ox.Literal):
                return True
            if kind == 0:
                self.langs.add(label.language or "")
            if not self._is_wanted(label):
                return False
            return self._add("label", str(quad.subject), label.language or "", kind, label.value)

        return file

    def _linked(self, table: str, kind: int) -> Callable[[ox.Quad], bool]:
        return lambda quad: self._add(table, str(quad.subject), kind, str(quad.object))

    def _form(self, quad: ox.Quad) -> bool:
        form = quad.object
        if not isinstance(form, ox.Literal):
            return True
        lang = form.language or ""
        self.form_langs.add(lang)
        if self.wanted and lang and lang not in self.wanted:
            return False  # not counted: its plain twin is
        return self._add("form", str(quad.subject), lang, form.value)

    def _note(self, kind: int) -> Callable[[ox.Quad], bool]:
        link = self._linked("note", kind)
        return lambda quad: self._is_wanted(quad.object) if isinstance(quad.object, ox.Literal) else link(quad)

    def _text(self, quad: ox.Quad) -> bool:
        text = quad.object
        if not isinstance(text, ox.Literal):
            return True
        return self._add("text", str(quad.subject), text.language or "", text.value)

    def _language(self, quad: ox.Quad) -> bool:
        return self._add("language", str(quad.subject), _plain(quad.object).rpartition("/")[2].lower())

    def _label_role(self, quad: ox.Quad) -> bool:
        self.report.count("label-role")
        return False

    def _closure(self, quad: ox.Quad) -> bool:
        self.report.count("closure")
        return False

    def _pair(self, kind: int, *, inverse: bool) -> Callable[[ox.Quad], bool]:
        if inverse:
            return lambda quad: self._add("pair", kind, str(quad.object), str(quad.subject))
        return lambda quad: self._add("pair", kind, str(quad.subject), str(quad.object))

    def _role(self, role: str) -> Callable[[ox.Quad], bool]:
        return lambda quad: self._add("reified", str(quad.subject), role, str(quad.object))

    def _relation_type(self, quad: ox.Quad) -> bool:
        kind = RELATION_TYPES.get(quad.object) if isinstance(quad.object, ox.NamedNode) else None
        return True if kind is None else self._add("reified", str(quad.subject), "type", kind)

    def _version(self, quad: ox.Quad) -> bool:
        if quad.subject in VERSIONED and isinstance(quad.subject, ox.NamedNode):
            self.versions.setdefault(quad.subject, []).append(_plain(quad.object))
        return self._is_wanted(quad.object)


def connect(path: Path) -> sqlite3.Connection:
    """Open the tables; they are scratch, so nothing is journalled or synced."""
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;")
    return connection


def _plain(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value
