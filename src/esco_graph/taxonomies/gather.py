"""Collect the concepts of a classification row by row; a bad row is kept as a fault, and the rest goes on."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from esco_graph.errors import ParameterError
from esco_graph.sources.spoilt import is_date, is_rounded
from esco_graph.sources.text import clean, has_html, strip_html
from esco_graph.taxonomies.levels import isco_level
from esco_graph.taxonomies.taxonomy import Concept, Fault, Taxonomy, is_iri

LONGEST_LABEL = 2_000  # characters; a longer one is a text in the wrong column
_TWO_APOSTROPHES = re.compile(r"(?<=\w)''(?=\w)")  # as SQL writes one; ROME's files have them


@dataclass
class Entry:
    """One concept while it is read: what the rows say of it, and where the first of them is."""

    code: str
    where: str
    label: str
    alt: dict[str, None] = field(default_factory=dict)
    description: str = ""
    broader: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    seen_as: str = ""


@dataclass(frozen=True)
class RowOf:
    """What one row says of a concept, as text."""

    where: str
    code: str
    label: str
    alt: tuple[str, ...] = ()
    description: str = ""
    broader: tuple[str, ...] = ()
    iri: str = ""
    names: tuple[tuple[str, str], ...] = ()


class Gatherer:
    """Collects rows into concepts of one taxonomy."""

    def __init__(self, taxonomy: Taxonomy, base: str, lang: str = "") -> None:
        """Start with no concept; `lang` is that of the labels where it is not the taxonomy's own."""
        self.taxonomy, self.base, self.lang = taxonomy, base, lang or taxonomy.lang
        self.entries: dict[str, Entry] = {}
        self.faults: list[Fault] = []
        self.remarks: list[str] = []
        self.by_iri: dict[str, str] = {}
        self.rows = 0
        self.repeated = 0

    def add(self, row: RowOf) -> None:
        """Take one row; a row without a usable code or label is left out with a fault."""
        self.rows += 1
        code = self._code(row)
        if code is None:
            return
        label = tidy(row.label)
        if not label and code not in self.entries:
            self.faults.append(Fault(row.where, row.code, "has no label; it is left out"))
            return
        if len(label) > LONGEST_LABEL:
            self.faults.append(Fault(row.where, row.code, f"has a label of {len(label)} characters; it is left out"))
            return
        entry = self.entries.get(code)
        if entry is None:
            entry = self.entries[code] = Entry(code, row.where, label)
        elif label and label != entry.label:
            self._clash(row, entry, label)
            return
        else:
            self.repeated += not row.alt
        self._more(entry, row)

    def _code(self, row: RowOf) -> str | None:
        if not row.code.strip() and not row.label.strip():
            return None  # a row that carries on the one before, or a line between parts
        if not row.code.strip() and is_iri(row.iri) and not self.taxonomy.form:
            return row.iri
        text = row.code or row.iri
        if not text.strip():
            self.faults.append(Fault(row.where, "", f"no code for {row.label[:60]!r}; it is left out"))
            return None
        try:
            return self.taxonomy.code_of(text)
        except ParameterError:
            pass
        self.faults.append(Fault(row.where, text[:60], why_no_code(text, self.taxonomy) + "; it is left out"))
        return None

    def _clash(self, row: RowOf, entry: Entry, label: str) -> None:
        message = f"is a duplicate code: {entry.where} has it for {entry.label[:60]!r}, here it is {label[:60]!r}"
        self.faults.append(Fault(row.where, entry.code, message + "; the first is kept"))

    def _more(self, entry: Entry, row: RowOf) -> None:
        for name in map(tidy, row.alt):
            if name and name != entry.label and len(name) <= LONGEST_LABEL:
                entry.alt.setdefault(name)
        entry.description = entry.description or tidy(row.description)
        for parent in row.broader:
            entry.broader.setdefault(parent, row.where)
        for lang, name in row.names:
            if tidy(name) and lang != self.lang:
                entry.names.setdefault(lang, tidy(name))
        if row.iri and is_iri(row.iri):
            entry.seen_as = row.iri
            self.by_iri[row.iri] = entry.code

    def concepts(self) -> tuple[Concept, ...]:
        """Give the concepts, sorted by IRI, with what is above each of them."""
        if self.repeated:
            self.remarks.append(f"{self.repeated:,} rows repeat a code with the same label; each concept is kept once.")
        iris = {code: self._iri(entry) for code, entry in self.entries.items()}
        unknown: dict[str, list[str]] = defaultdict(list)
        made = [self._concept(entry, iris, unknown) for entry in self.entries.values()]
        for parent, places in sorted(unknown.items(), key=lambda item: _place(item[1][0])):
            message = f"is named as the broader code of {len(places):,} concepts and is not in the file"
            self.faults.append(Fault(places[0], parent[:80], message))
        if unknown:
            self.remarks.append(
                f"Codes that are named as broader and are not there: {len(unknown):,}. If another file has them, give "
                "all files in one command: esco-graph taxonomies add FILE FILE."
            )
        twice = [iri for iri, count in Counter(iris.values()).items() if count > 1]
        for iri in twice:
            self.faults.append(Fault("", iri, "is the IRI of several codes; only the first is kept"))
        unique = {concept.iri: concept for concept in reversed(made)}
        return tuple(unique[iri] for iri in sorted(unique))

    def _iri(self, entry: Entry) -> str:
        """Give the IRI by the registry; for an unknown taxonomy the one in the file, where there is one."""
        if entry.seen_as and not self.taxonomy.form:
            return entry.seen_as
        return self.taxonomy.concept_iri(entry.code, self.base)

    def _concept(self, entry: Entry, iris: dict[str, str], unknown: dict[str, list[str]]) -> Concept:
        iri = iris[entry.code]
        above = {iris[code] for code in self._above(entry, unknown)} - {iri}
        return Concept(
            iri,
            "" if is_iri(entry.code) else entry.code,
            entry.label,
            self.lang,
            alt=tuple(sorted(entry.alt)),
            description=entry.description,
            broader=tuple(sorted(above)),
            isco=self.taxonomy.isco(entry.code),
            names=tuple(sorted(entry.names.items())),
            seen_as=entry.seen_as if entry.seen_as != iri else "",
            level=isco_level(entry.code) if self.taxonomy.key == "isco" else 0,
        )

    def _above(self, entry: Entry, unknown: dict[str, list[str]]) -> Iterable[str]:
        """Name the codes above: those that the file gives, else the nearest one that the code itself names."""
        found = []
        for text, where in entry.broader.items():
            code = self._known(text)
            if code is None:
                unknown[text].append(where)
            elif code != entry.code:
                found.append(code)
        if found:
            return found
        code = self.taxonomy.parent(entry.code)
        while code is not None and code not in self.entries:
            code = self.taxonomy.parent(code)
        return [code] if code is not None else []

    def _known(self, text: str) -> str | None:
        if text in self.by_iri:
            return self.by_iri[text]
        try:
            code = self.taxonomy.code_of(text)
        except ParameterError:
            return None
        return code if code in self.entries else None


def _place(where: str) -> tuple[str, int]:
    """Give what to sort places by: the file, then the number of the line.

    >>> sorted(["a.csv:1000", "a.csv:101"], key=_place)
    ['a.csv:101', 'a.csv:1000']
    """
    name, _, line = where.rpartition(":")
    return (name, int(line)) if line.isdecimal() else (where, 0)


def tidy(text: str) -> str:
    """Take out mark-up, odd blanks and line ends, and make one apostrophe of two.

    >>> tidy(" <b>Tools</b> &amp;  machines "), tidy("Conduite d''engins")
    ('Tools & machines', "Conduite d'engins")
    """
    if has_html(text):
        text = strip_html(text)[0]
    return _TWO_APOSTROPHES.sub("'", " ".join(clean(text).split()))


def why_no_code(text: str, taxonomy: Taxonomy) -> str:
    """Say why a text is no code: a spreadsheet made it a day or a number, or it has another form.

    >>> why_no_code("Nov-31", Taxonomy("soc", "SOC"))
    'is what a spreadsheet made of a code: a date'
    >>> why_no_code("1.0E+07", Taxonomy("soc", "SOC"))
    'is what a spreadsheet made of a code: a number'
    """
    if is_date(text):
        return "is what a spreadsheet made of a code: a date"
    if is_rounded(text):
        return "is what a spreadsheet made of a code: a number"
    return f"has not the form of a code of {taxonomy.name}"
