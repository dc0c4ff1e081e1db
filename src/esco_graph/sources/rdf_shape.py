"""Put the sorted tables of an ESCO RDF dump together in the shape that docs/architecture.md shows, with its repairs."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from esco_graph.sources.rdf_tables import (
    BROADER,
    HAS_ROLE,
    LABELS,
    NOTATION,
    NOTES,
    PAIRS,
    REIFIED,
    RELATION_TYPES,
    ROLES,
    TOP,
    TYPE,
    Node,
    Tables,
)
from esco_graph.sources.report import GROUPS, OCCUPATIONS, SKILLS
from esco_graph.sources.text import clean, has_html, strip_html
from esco_graph.terms import DCT, ESCO, XSD

_REFERENCES = ox.NamedNode(DCT + "references")
_PILLARS = re.compile(r"<http://data\.europa\.eu/esco/(?:occupation|skill|isco|isced-f)/")
# What is said of a label that its node has already: its kind now, and the one before (0 preferred, 1 other, 2 hidden).
_REPEATED = {
    (1, 0): "alt-equals-pref",
    (2, 0): "hidden-equals-pref",
    (2, 1): "hidden-equals-alt",
    (1, 1): "alt-repeated",
    (2, 2): "alt-repeated",
}
_UNIT_GROUP = re.compile(r"[0-9]{4}")
_LANGUAGE, _LANGUAGE_TYPE = ox.NamedNode(ESCO + "language"), ox.NamedNode(XSD + "language")
_ROLE_PREDICATES = {role: ox.NamedNode(ESCO + names[0]) for role, names in ROLES.items()}
_HAS, _KIND = ox.NamedNode(ESCO + HAS_ROLE[0]), ox.NamedNode(DCT + "type")

_ALL_LABELS = """
    SELECT node, lang, kind, value FROM label UNION
    SELECT xl.node, form.lang, xl.kind, form.value FROM xl JOIN form ON form.label = xl.label
    ORDER BY node, lang, kind, value"""
_ONLY_XL = """
    SELECT xl.node, form.lang, xl.kind, form.value FROM xl JOIN form ON form.label = xl.label EXCEPT
    SELECT node, lang, kind, value FROM label"""
_ALL_NOTES = """
    SELECT DISTINCT note.node, note.kind, COALESCE(NULLIF(text.lang, ''), language.lang, ''), text.value, note.text
    FROM note LEFT JOIN text ON text.text = note.text LEFT JOIN language ON language.text = note.text
    ORDER BY note.node, note.kind, 3, 4"""
_ALL_PAIRS = """
    SELECT kind, subject, object, MIN(reified) FROM (
        SELECT kind, subject, object, 0 AS reified FROM pair UNION ALL
        SELECT kind, subject, object, 1 AS reified FROM relation)
    GROUP BY kind, subject, object ORDER BY kind, subject, object"""
_BOTH = """
    SELECT subject, object
    FROM (SELECT kind, subject, object FROM pair UNION SELECT kind, subject, object FROM relation)
    WHERE kind < 2 GROUP BY subject, object HAVING COUNT(*) = 2 ORDER BY subject, object"""
_TREE = """
    SELECT child, parent, SUM(inverse), MIN(inverse) = 0 FROM tree
    GROUP BY child, parent ORDER BY child, parent"""
_OTHER_REIFIED = """
    SELECT node, role, value FROM reified
    WHERE node NOT IN (SELECT node FROM relation) ORDER BY node, role, value"""
_OTHER_LANGUAGES = """
    SELECT text, lang FROM language WHERE text NOT IN (SELECT text FROM text) ORDER BY text, lang"""
_IS_HELPER = """
    SELECT EXISTS (SELECT 1 FROM xl WHERE label = :node) OR EXISTS (SELECT 1 FROM text WHERE text = :node)
        OR EXISTS (SELECT 1 FROM relation WHERE node = :node)"""


class Shaper:
    """Put the tables of a dump together as statements of one named graph."""

    def __init__(self, tables: Tables, graph: ox.NamedNode, langs: tuple[str, ...]) -> None:
        """Take filled tables, the name of the graph and the languages that each concept should be named in."""
        self.tables, self.graph, self.langs, self.report = tables, graph, langs, tables.report

    def quads(self, rest: Path) -> Iterator[ox.Quad]:
        """Stream everything; tables come in the order of their keys, so that the result is always the same."""
        yield from self._rest(rest)
        yield from self._notations()
        yield from self._labels()
        yield from self._notes()
        yield from self._pairs()
        yield from self._tree()
        yield from self._others()
        self._note_gaps()

    def _rest(self, path: Path) -> Iterator[ox.Quad]:
        for quad in ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES):
            node = str(quad.subject)
            if node not in self.tables.concepts and self._is_helper(node):
                continue
            if quad.predicate in NOTES and isinstance(quad.object, ox.Literal):
                yield from self._note(quad.subject, quad.predicate, quad.object.value, quad.object.language or "")
            else:
                yield self._quad(quad.subject, quad.predicate, quad.object)

    def _notations(self) -> Iterator[ox.Quad]:
        """Give the codes; an occupation's own starts with that of its ISCO group, which some dumps give it as well."""
        for node, rows in groupby(sorted(self.tables.notations), key=lambda row: row[0]):
            codes = [code for _, code in rows]
            for code in codes:
                own = any(other.startswith(f"{code}.") for other in codes)
                if own and node in self.tables.occupations and _UNIT_GROUP.fullmatch(code):
                    self.report.count("group-notation", f"{code} of {node}")
                else:
                    yield self._quad(_node(node), NOTATION, ox.Literal(code))

    def _labels(self) -> Iterator[ox.Quad]:
        for node, lang, _, value in self._select(_ONLY_XL):
            self.report.count("xl-label", f"{value}@{lang} of {node}")
        for node, rows in groupby(self._select(_ALL_LABELS), key=lambda row: row[0]):
            subject, named = _node(node), set()
            for lang, labels in groupby(rows, key=lambda row: row[1]):
                seen: dict[str, int] = {}
                for _, _, kind, value in labels:
                    label = self._clean(value, node)
                    if label and label not in seen:
                        seen[label] = kind
                        yield self._quad(subject, LABELS[kind], _literal(label, lang))
                    elif label and kind:
                        self._count(_REPEATED[kind, seen[label]], label, node, about=[node])
                if 0 in seen.values():
                    named.add(lang)
            self._note_missing(node, named)
        labelled = {row[0] for row in self._select("SELECT node FROM label UNION SELECT node FROM xl")}
        for node in sorted(self.tables.concepts - labelled):
            self._note_missing(node, set())

    def _note_missing(self, node: str, named: set[str]) -> None:
        if node in self.tables.concepts:
            for lang in self.langs:
                if lang not in named:
                    self._count("no-label", f"{node} in {lang}", about=[node])

    def _notes(self) -> Iterator[ox.Quad]:
        for node, kind, lang, value, text in self._select(_ALL_NOTES):
            if value is None:  # it points at something that is no text of this dump
                yield self._quad(_node(node), NOTES[kind], _node(text))
            elif lang and lang not in self.langs and self.tables.wanted:
                self.report.count("other-language")
            else:
                self.report.count("node-literal")
                yield from self._note(_node(node), NOTES[kind], value, lang)

    def _note(self, node: Node, predicate: ox.NamedNode, text: str, lang: str) -> Iterator[ox.Quad]:
        if has_html(text):
            text, links = strip_html(text)
            self._count("html", str(node), about=[str(node)])
            for iri in links:
                yield self._quad(node, _REFERENCES, _node(f"<{iri}>"))
        if text := self._clean(text, str(node)):
            yield self._quad(node, predicate, _literal(text, lang))

    def _pairs(self) -> Iterator[ox.Quad]:
        for kind, subject, object_, reified in self._select(_ALL_PAIRS):
            if fault := self._dangling(kind, subject, object_):
                unknown = {subject, object_} - self.tables.concepts
                self._count(fault, f"{subject} {object_}", about=[object_] if kind == TOP else sorted(unknown))
                continue
            if reified:
                self.report.count("association", f"{subject} {object_}")
            direct, inverse = PAIRS[kind]
            yield self._quad(_node(subject), direct, _node(object_))
            yield self._quad(_node(object_), inverse, _node(subject))

    def _tree(self) -> Iterator[ox.Quad]:
        """Give skos:broader; narrower is its inverse, and only says something where broader is not stated."""
        for child, parent, inverses, is_stated in self._select(_TREE):
            if {child, parent} - self.tables.concepts:
                unknown = sorted({child, parent} - self.tables.concepts)
                self._count("dangling-broader", f"{child} {parent}", n=inverses + is_stated, about=unknown)
                continue
            if is_stated and inverses:
                self.report.count("closure", n=inverses)
            yield self._quad(_node(child), BROADER, _node(parent))

    def _dangling(self, kind: int, subject: str, object_: str) -> str:
        """Name what is wrong with a relation, one end of which is not in the dump; "" when both are."""
        known = self.tables.concepts
        if kind == TOP:  # the small vocabularies (label roles, NACE) have tops that need not be in the dump
            return "dangling-member" if object_ not in known and _PILLARS.match(object_) else ""
        if object_ not in known:
            return "dangling-skill"
        if subject in known:
            return ""
        return "dangling-occupation" if "/occupation/" in subject else "dangling-skill"

    def _others(self) -> Iterator[ox.Quad]:
        """Give back what looked like a part of a relation between skills, or of a text, and is none."""
        for node, role, value in self._select(_OTHER_REIFIED):
            if role == "type":
                yield self._quad(_node(node), _KIND, tuple(RELATION_TYPES)[value])
                continue
            yield self._quad(_node(node), _ROLE_PREDICATES[role], _node(value))
            if role == "for":
                yield self._quad(_node(node), TYPE, REIFIED)
                yield self._quad(_node(value), _HAS, _node(node))
        for node, lang in self._select(_OTHER_LANGUAGES):
            yield self._quad(_node(node), _LANGUAGE, ox.Literal(lang, datatype=_LANGUAGE_TYPE))

    def _note_gaps(self) -> None:
        tables = self.tables
        for subject, object_ in self._select(_BOTH):
            self._count("both-relations", f"{subject} {object_}", about=[subject, object_])
        for code, holders in (("no-skill-type", tables.typed), ("no-reuse-level", tables.levelled)):
            for node in sorted(tables.skills - holders):
                self._count(code, node, about=[node])

    def _count(self, code: str, example: str, where: str = "", n: int = 1, *, about: Iterable[str]) -> None:
        """Count a remark about nodes, written as in N-Triples."""
        for node in about:
            self.report.count(code, n=0, about=[node.strip("<>")], kind=self._kind(node))
        self.report.count(code, example, where, n)

    def _kind(self, node: str) -> str:
        """Tell the kind of a concept of the dump; "" for one that it does not describe."""
        tables = self.tables
        if node in tables.occupations:
            return OCCUPATIONS
        if node in tables.skills:
            return SKILLS
        return GROUPS if node in tables.concepts and _PILLARS.match(node) else ""

    def _select(self, sql: str) -> sqlite3.Cursor:
        return self.tables.connection.execute(sql)

    def _is_helper(self, node: str) -> bool:
        return bool(self.tables.connection.execute(_IS_HELPER, {"node": node}).fetchone()[0])

    def _quad(self, subject: Node, predicate: ox.NamedNode, value: Node | ox.Literal | ox.Triple) -> ox.Quad:
        return ox.Quad(subject, predicate, value, self.graph)

    def _clean(self, text: str, node: str) -> str:
        cleaned = clean(text)
        if cleaned != text:
            self._count("spaces", repr(text[:60]), node, about=[node])
        return cleaned


def _node(text: str) -> Node:
    return ox.NamedNode(text[1:-1]) if text.startswith("<") else ox.BlankNode(text.removeprefix("_:"))


def _literal(text: str, lang: str) -> ox.Literal:
    return ox.Literal(text, language=lang) if lang else ox.Literal(text)
