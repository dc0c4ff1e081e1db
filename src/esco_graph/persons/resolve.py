"""Find the concepts that a person's file names; what is not found stays as said, and says so.

A remote graph is asked for whole lists only (all skills, all labels in the language), never for what a file names, so
that its owner learns nothing of a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

from esco_graph.errors import SourceError
from esco_graph.graph import Graph
from esco_graph.labels import KINDS, PROPERTIES, LabelIndex, Match, fold, kind_of
from esco_graph.persons.model import Line, Person, content_iri
from esco_graph.persons.values import MAX_LINES, Draft, Said, named
from esco_graph.terms import (
    DCT,
    ESCO,
    ESCO_DATA,
    ISO_THES,
    OCCUPATION,
    OWL,
    RDF,
    SKILL,
    SKOS,
    check_lang,
    compress,
    expand,
    is_curie,
)

_HTTPS = ESCO_DATA.replace("http:", "https:", 1)
_SUGGESTED = 20  # unknown lines that get near misses; each costs a quarter of a second
_NEAR = 3  # near misses of a line
_KIND_OF_LINE = {"skill": "skill", "occupation": "occupation", "aim": "occupation"}
_BY = {"altLabel": "by an alternative label", "hiddenLabel": "by a hidden label"}
_A = {kind: f"a{'n' * (kind[0] in 'aeio')} {kind.replace('-', ' ')}" for kind in KINDS}
_LISTS = (
    (RDF + "type", f"VALUES ?o {{ <{ESCO}Skill> <{ESCO}Occupation> }}"),
    *((SKOS + name, "FILTER(LANG(?o) IN (LANGS))") for name in PROPERTIES),
    (SKOS + "notation", ""),
    (OWL + "deprecated", ""),
    (ISO_THES + "status", "FILTER(STR(?o) != 'released')"),
    (DCT + "isReplacedBy", ""),
)


def nearby(graph: Graph, lang: str) -> Graph:
    """Give a graph that can be asked about persons: a local one as it is, of a remote one a copy of its whole lists."""
    if graph.store is not None:
        return graph
    langs = ", ".join(str(ox.Literal(tag)) for tag in dict.fromkeys((check_lang(lang), "en")))
    copy = Graph.memory()
    for property_, filter_ in _LISTS:
        node = ox.NamedNode(property_)
        rows = graph.select(f"SELECT ?s ?o WHERE {{ ?s {node} ?o {filter_.replace('LANGS', langs)} }}")
        copy.extend(ox.Quad(s, node, o) for s, o in rows if isinstance(s, ox.NamedNode) and o is not None)
    return copy


def resolve(draft: Draft, graph: Graph, *, lang: str = "en", file: str = "") -> Person:
    """Find the concepts of a draft; `lang` is the language of its words unless it says so itself.

    `graph` is local; see `nearby`. A label must be equal to one of the concept after folding, as in `LabelIndex`. An
    IRI of ESCO's with https is taken for the http one. Of an obsolete concept is told what replaced it, but it is not
    replaced. `with_near` looks for what is near an unknown line. Raises SourceError for more lines than a person has.
    """
    groups = {"skill": draft.skills, "occupation": draft.occupations, "aim": draft.aims}
    for kind, group in groups.items():
        if len(group) > MAX_LINES:
            raise SourceError(f"{len(group):,} lines of one kind ({kind}) are more than one person has", where=file)
    finder = _Finder(graph, draft.lang or lang)
    words = ((said.text, _KIND_OF_LINE[kind]) for kind, group in groups.items() for said in group if not said.iri)
    finder.prepare(words)
    made: dict[str, list[Said]] = {kind: [] for kind in groups}
    lines: list[Line] = []
    remarks = list(draft.remarks)
    for kind, group in groups.items():
        for said in group:
            line = finder.line(kind, len(made[kind]) + 1, said)
            if said.optional and not line.understood:
                remarks.append(_passed_over(said))
                continue
            lines.append(line)
            made[kind].append(_as_found(said, line))
    found = Draft(
        *(_own_iri(draft.iri, remarks), draft.lang or lang, draft.name, draft.title, draft.note),
        *(made["skill"], made["occupation"], made["aim"]),
    )
    person = replace(found.person(), lines=tuple(lines), remarks=(*remarks, *_doubled(lines)))
    return person if person.iri else replace(person, iri=content_iri(person))


def with_near(person: Person, graph: Graph) -> Person:
    """Give the profile with what is near each unknown line as its candidates; takes seconds for all of ESCO.

    `graph` is local; see `nearby`. Only words have near names, and of many unknown lines only the first 20 get them.
    """
    unknown = [line for line in person.lines if line.status == "unknown" and named(line.said).text][:_SUGGESTED]
    if not unknown:
        return person
    index = LabelIndex.of(graph, langs=tuple(dict.fromkeys((person.lang, "en"))))
    near = {
        (line.kind, line.number): index.resolve(line.said, kind=_KIND_OF_LINE[line.kind], suggest=_NEAR).suggestions
        for line in unknown
    }
    lines = (replace(line, candidates=near.get((line.kind, line.number), line.candidates)) for line in person.lines)
    return replace(person, lines=tuple(lines))


class Fact(NamedTuple):
    """What a graph says of one concept, as far as a profile asks."""

    kind: str
    label: str
    gone: bool
    replaced_by: tuple[str, ...]


class _Finder:
    """Looks concepts up for one file in one language."""

    def __init__(self, graph: Graph, lang: str) -> None:
        self.graph, self.lang = graph, lang
        self.langs = tuple(dict.fromkeys((lang, "en")))
        self.exact = LabelIndex((), {})
        self.open: list[str] = []

    def prepare(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Index the labels that are a text, of a kind, in a usual spelling: far fewer than all, and mostly enough."""
        wanted = list(dict.fromkeys(wanted))
        entries = [entry for text in dict.fromkeys(text for text, _ in wanted) for entry in self._entries(text)]
        kinds = {iri: fact.kind for iri in dict.fromkeys(entry[0] for entry in entries) if (fact := self.fact(iri))}
        self.exact = LabelIndex(entries, kinds, self.graph)
        self.open = [text for text, kind in wanted if not self.exact.resolve(text, kind=kind, suggest=0).matches]

    @cached_property
    def folded(self) -> LabelIndex:
        """Index the labels, in the language and in English, that can be a text in an unusual spelling."""
        return LabelIndex.of(self.graph, langs=self.langs, texts=self.open)

    def line(self, kind: str, number: int, said: Said) -> Line:
        """Understand one line."""
        if said.iri:
            line = self._by_iri(Line(kind, number, said.iri, "unknown"), said.iri)
            return replace(line, said=said.text) if said.text and line.understood else line
        line = Line(kind, number, said.text, "unknown")
        matches = self._by_label(said.text, _KIND_OF_LINE[kind])
        if len(matches) > 1:
            current = tuple(match for match in matches if not self._gone(match.iri))
            matches = current or matches
        if len(matches) == 1:
            by = matches[0].property
            return self._decided(replace(line, matched_by=by, note=_BY.get(by, "")), matches[0].iri)
        if matches:
            note = f"{len(matches)} concepts have this name; write the identifier of the one that is meant"
            return replace(line, status="ambiguous", note=note, candidates=matches)
        return replace(line, note=f"no {_KIND_OF_LINE[kind]} is called so")

    def fact(self, iri: str) -> Fact | None:
        """Say what a concept is, or None when the graph has none of this IRI."""
        node = ox.NamedNode(iri)
        types = [term.value for term in self._of(node, RDF + "type")]
        schemes = [term.value for term in self._of(node, SKOS + "inScheme")]
        labels = sorted(
            (label.language != self.lang, label.language != "en", label.value)
            for label in self._of(node, SKOS + "prefLabel")
            if isinstance(label, ox.Literal)
        )
        if not types and not labels:
            return None
        gone = any(term.value in ("true", "1") for term in self._of(node, OWL + "deprecated"))
        gone = gone or any(term.value == "obsolete" for term in self._of(node, ISO_THES + "status"))
        replaced = sorted(term.value for term in self._of(node, DCT + "isReplacedBy"))
        return Fact(kind_of(iri, types, schemes), labels[0][2] if labels else "", gone, tuple(replaced))

    def _by_iri(self, line: Line, written: str) -> Line:
        iri, note = _full(written, SKILL if line.kind == "skill" else OCCUPATION)
        try:
            ox.NamedNode(iri)
        except ValueError:
            return replace(line, note="this is not an IRI")
        if iri.startswith(_HTTPS):
            iri = iri.replace("https:", "http:", 1)
            note = "ESCO's IRIs begin with http, not https; repaired"
        return self._decided(replace(line, matched_by="iri", note=note), iri)

    def _decided(self, line: Line, iri: str) -> Line:
        """Hold one concept to what the line must be: there, of the right kind, and in use."""
        fact, wanted = self.fact(iri), _KIND_OF_LINE[line.kind]
        line = replace(line, iri=iri, label=fact.label if fact else "")
        if fact is None:
            return replace(line, note=_joined(line.note, "the graph has no such concept"))
        if fact.kind != wanted:
            return replace(line, status="other", note=_joined(line.note, f"this is no {wanted} but {_A[fact.kind]}"))
        if fact.gone:
            return replace(line, status="obsolete", note=_joined(line.note, self._fate(fact)))
        return replace(line, status="found")

    def _fate(self, fact: Fact) -> str:
        names = [f"{known.label} <{iri}>" if (known := self.fact(iri)) else f"<{iri}>" for iri in fact.replaced_by]
        return f"ESCO has given it up; it is replaced by {' and '.join(names)}" if names else "ESCO has given it up"

    def _by_label(self, text: str, kind: str) -> tuple[Match, ...]:
        for index in (self.exact, None):
            chosen = self.folded if index is None else index
            for lang in (self.lang, None):
                if matches := chosen.resolve(text, kind=kind, lang=lang, suggest=0).matches:
                    return matches
        return ()

    def _gone(self, iri: str) -> bool:
        fact = self.fact(iri)
        return fact is not None and fact.gone

    def _entries(self, text: str) -> Iterator[tuple[str, str, str, int]]:
        plain = fold(text)
        spellings = dict.fromkeys((text, text.lower(), plain, plain[:1].upper() + plain[1:]))
        for rank, name in enumerate(PROPERTIES):
            for lang in self.langs:
                for spelling in spellings:
                    label = ox.Literal(spelling, language=lang)
                    for quad in self.graph.quads(None, ox.NamedNode(SKOS + name), label):
                        if isinstance(quad.subject, ox.NamedNode):
                            yield quad.subject.value, spelling, lang, rank

    def _of(self, node: ox.NamedNode, predicate: str) -> Iterator[ox.NamedNode | ox.BlankNode | ox.Literal]:
        for quad in self.graph.quads(node, ox.NamedNode(predicate)):
            if not isinstance(quad.object, ox.Triple):
                yield quad.object


def _full(written: str, space: str) -> tuple[str, str]:
    """Write an identifier in full: a CURIE, a UUID of ESCO's, a link to the ESCO portal that carries the IRI."""
    text = written.strip("<>")
    if "://" not in text:
        return (expand(text), "") if is_curie(text) else (space + text.lower(), "")
    try:
        carried = parse_qs(urlsplit(text).query).get("uri", [])
    except ValueError:
        carried = []
    return (carried[0], "taken from a link to the portal") if carried else (text, "")


def _as_found(said: Said, line: Line) -> Said:
    """Put the IRI that was found in; an IRI that is none stays as words."""
    if not line.iri and said.iri:
        return replace(said, iri="", text=said.text or said.iri)
    return replace(said, iri=line.iri)


def _own_iri(iri: str, remarks: list[str]) -> str:
    """Give the IRI of the person that a file states, "" when one must be made."""
    own = iri.startswith(("http:", "https:", "urn:", "did:")) and not iri.startswith(("urn:epass:", ESCO_DATA, _HTTPS))
    try:
        if own and ox.NamedNode(iri):
            return iri
    except ValueError:
        pass
    if iri:
        remarks.append(f"the identifier {iri[:100]!r} is no IRI of its own; one is made from the skills")
    return ""


def _passed_over(said: Said) -> str:
    if said.iri:
        return (
            f"{said.text or said.iri!r} is a skill of another framework than ESCO ({compress(said.iri)}); not counted"
        )
    return f"{said.text!r} is no skill of ESCO's; taken for a heading"


def _doubled(lines: list[Line]) -> Iterator[str]:
    """Name the skills that are there more than once; they count once."""
    first: dict[str, Line] = {}
    for line in lines:
        if line.kind == "skill" and line.iri:
            earlier = first.setdefault(line.iri, line)
            if earlier is not line:
                name = line.label or line.iri
                yield f"skill lines {earlier.number} and {line.number} are the same skill ({name}); it counts once"


def _joined(*notes: str) -> str:
    return "; ".join(note for note in notes if note)
