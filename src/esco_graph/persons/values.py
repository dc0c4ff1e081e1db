"""Values of a file that anyone may have written: texts, dates, lists and maps, each with its place in an error."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import pyoxigraph as ox

from esco_graph.errors import ParameterError, SourceError
from esco_graph.persons.model import EQF, Aim, OccupationHolding, Person, SkillHolding, check_date
from esco_graph.sources.text import clean
from esco_graph.sparql import shown
from esco_graph.terms import check_lang, is_curie

MAX_LINES = 2_000  # of one kind; the largest occupation of ESCO v1.1.1 has 340 skills
MAX_TEXT = 10_000  # characters of one text

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_EQF = re.compile(r"EQF(?:[ -]?level)?[ :-]*([1-8])", re.IGNORECASE)
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T.*")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass
class Said:
    """One line as a file says it: an identifier (`iri`, as written), or words, or both.

    `optional` words may be a mere heading.
    """

    iri: str = ""
    text: str = ""
    level: str = ""
    said_level: str = ""
    since: str = ""
    until: str = ""
    employer: str = ""
    evidence: tuple[str, ...] = ()
    optional: bool = False
    lang: str = ""

    def skill(self, lang: str) -> SkillHolding:
        """Give it as a skill that is held; `lang` is the language of words that have none of their own."""
        level = self.level, "" if self.level else self.said_level
        return SkillHolding(self.iri, self.text, self.lang or lang, *level, self.since, self.evidence)

    def occupation(self, lang: str) -> OccupationHolding:
        """Give it as an occupation that is or was held."""
        return OccupationHolding(self.iri, self.text, self.lang or lang, self.since, self.until, self.employer)


@dataclass
class Draft:
    """What a file says, before any concept was looked up."""

    iri: str = ""
    lang: str = ""
    name: str = ""
    title: str = ""
    note: str = ""
    skills: list[Said] = field(default_factory=list)
    occupations: list[Said] = field(default_factory=list)
    aims: list[Said] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def person(self) -> Person:
        """Give the profile with each identifier as the file writes it."""
        lang = self.lang or "en"
        return Person(
            *(self.iri, lang, self.name, self.title, self.note),
            skills=tuple(one.skill(lang) for one in self.skills),
            occupations=tuple(one.occupation(lang) for one in self.occupations),
            aims=tuple(Aim(one.iri, one.text, one.lang or lang) for one in self.aims),
            remarks=tuple(self.remarks),
        )


@dataclass
class Reader:
    """Takes values apart. A strict one raises for what it does not expect; another notes it and passes on."""

    file: str
    strict: bool
    remarks: list[str] = field(default_factory=list)

    def fault(self, what: str, where: str, advice: str = "") -> None:
        """Raise SourceError, or note it."""
        if self.strict:
            raise SourceError(what, where=f"{self.file}: {where}" if where else self.file, advice=advice)
        self.remarks.append(f"{where}: {what}; it was left out")

    def text(self, value: Any, where: str) -> str:
        """Give a text, cleaned, on one line; "" for nothing."""
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(f"a text was expected, and this is {_kind(value)}", where)
            return ""
        if len(value) > MAX_TEXT:
            self.fault(f"the text has more than {MAX_TEXT:,} characters", where)
            return ""
        if _SURROGATE.search(value):
            self.fault("the text holds half a character (a lone surrogate)", where, "Write it as UTF-8.")
            return ""
        return " ".join(clean(value).split())

    def date(self, value: Any, where: str) -> str:
        """Give a year, month or day; of a time its day."""
        text = self.text(value, where)
        found = _TIME.fullmatch(text)
        try:
            return check_date(found[1] if found else text)
        except ParameterError as error:
            self.fault(error.what, where, error.advice)
            return ""

    def lang(self, value: Any, where: str) -> str:
        """Give a language tag."""
        text = self.text(value, where)
        try:
            return check_lang(text) if text else ""
        except ParameterError as error:
            self.fault(error.what, where, error.advice)
            return ""

    def level(self, value: Any, where: str) -> tuple[str, str]:
        """Give a level as the IRI of a concept and in words; one of the two is ""."""
        text = self.text(value, where)
        if found := _EQF.fullmatch(text):
            return EQF + found[1], ""
        return (text, "") if text.startswith(("http://", "https://")) and _is_iri(text) else ("", text)

    def items(self, value: Any, where: str) -> Iterator[tuple[Any, str]]:
        """Go over a list, or over one value as if it were in a list; each with its place."""
        if value is None or value == "":
            return
        values = value if isinstance(value, list) else [value]
        if len(values) > MAX_LINES:
            what = f"{len(values):,} entries are more than one person has ({MAX_LINES:,} at most)"
            raise SourceError(
                what, where=f"{self.file}: {where}", advice="Many people go into a table: match FILE.csv."
            )
        yield from ((one, f"{where}[{number}]") for number, one in enumerate(values, 1))

    def mapping(self, value: Any, where: str, keys: Collection[str] = ()) -> dict[str, Any]:
        """Give a map; with `keys`, no other key may be in it. Something else gives an empty one, or raises."""
        if not isinstance(value, dict):
            self.fault(f"a map from names was expected, and this is {_kind(value)}", where)
            return {}
        for key in value:
            if keys and key not in keys:
                near = get_close_matches(str(key), keys, 1)
                self.fault(f"no key {shown(key)}", where, f"Did you mean {near[0]}?" if near else _known(keys))
        return value

    def evidence(self, value: Any, where: str) -> tuple[str, ...]:
        """Give one or several texts."""
        return tuple(text for one, place in self.items(value, where) if (text := self.text(one, place)))


def named(text: str) -> Said:
    """Take a text for an identifier when it looks like one (IRI, CURIE, UUID), else for words.

    >>> named("esco-skill:a17286c5-238d-4f0b-bc24-29e9121345de").iri, named("listen actively").text
    ('esco-skill:a17286c5-238d-4f0b-bc24-29e9121345de', 'listen actively')
    """
    one_word = " " not in text
    identifier = one_word and ("://" in text or is_curie(text) or _UUID.fullmatch(text) is not None)
    return Said(iri=text) if identifier else Said(text=text)


def _is_iri(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def _kind(value: Any) -> str:
    names = {dict: "a map", list: "a list", bool: "true or false", str: "a text"}
    return names.get(type(value), "nothing" if value is None else "something else")


def _known(keys: Collection[str]) -> str:
    return f"There are: {', '.join(keys)}."
