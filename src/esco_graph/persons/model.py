"""A person's profile as frozen dataclasses: skills held, occupations held, aims; and how each line was understood."""

from __future__ import annotations

import json
import re
import uuid
from calendar import monthrange
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from esco_graph.errors import ParameterError, SourceError
from esco_graph.terms import ESG, check_lang

if TYPE_CHECKING:
    from esco_graph.labels import Match
    from esco_graph.skills.matrix import SkillMatrix
    from esco_graph.skills.skill_set import SkillSet

EQF = "http://data.europa.eu/snb/eqf/"
"""Where the levels 1 to 8 of the European Qualifications Framework are, as ELM credentials name them."""

STATUSES = ("found", "ambiguous", "unknown", "obsolete", "other")
"""What became of a line: one concept; several; none; one that ESCO has given up; something of another kind."""

_DATE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-3][0-9]))?)?")
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, ESG + "PersonProfile")


@dataclass(frozen=True)
class SkillHolding:
    """One skill that a person has.

    `skill` is its IRI, "" while the words `text` (in `lang`) are not understood. `level` is the IRI of a concept of a
    published scale, `said_level` the level in the file's own words. `since` is a year, month or day as ISO 8601 writes
    it. `evidence` are texts or links, without an order. What is not said is "".
    """

    skill: str = ""
    text: str = ""
    lang: str = ""
    level: str = ""
    said_level: str = ""
    since: str = ""
    evidence: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the date; put evidence in order."""
        _check_mention(self, self.skill)
        check_date(self.since)
        object.__setattr__(self, "evidence", tuple(sorted(set(self.evidence) - {""})))


@dataclass(frozen=True)
class OccupationHolding:
    """One occupation that a person has or had; `start` and `end` as `SkillHolding.since`, "" for an open end."""

    occupation: str = ""
    text: str = ""
    lang: str = ""
    start: str = ""
    end: str = ""
    employer: str = ""

    def __post_init__(self) -> None:
        """Check the dates."""
        _check_mention(self, self.occupation)
        check_date(self.start)
        check_date(self.end)


@dataclass(frozen=True)
class Aim:
    """An occupation that a person wants."""

    occupation: str = ""
    text: str = ""
    lang: str = ""

    def __post_init__(self) -> None:
        """Check that something is said."""
        _check_mention(self, self.occupation)


@dataclass(frozen=True)
class Line:
    """How one line of a file was understood.

    `kind` is "skill", "occupation" or "aim"; `number` counts the lines of that kind from 1; `said` are the file's words
    or IRI; `status` is one of STATUSES; `iri` and `label` are the concept's; `matched_by` is "iri" or the SKOS label
    property that was equal; `note` says in words what was repaired or is wrong. `candidates` are the concepts that an
    ambiguous line can mean, or what is near an unknown one: they are shown, and never taken.
    """

    kind: str
    number: int
    said: str
    status: str
    iri: str = ""
    label: str = ""
    matched_by: str = ""
    note: str = ""
    candidates: tuple[Match, ...] = ()

    @property
    def understood(self) -> bool:
        """Say whether one concept in use was found."""
        return self.status == "found"

    def as_dict(self) -> dict[str, object]:
        """Give the line as plain values."""
        near = [{"iri": match.iri, "label": match.label, "matched_by": match.property} for match in self.candidates]
        return {
            "kind": self.kind,
            "line": self.number,
            "said": self.said,
            "status": self.status,
            "iri": self.iri or None,
            "label": self.label or None,
            "matched_by": self.matched_by or None,
            "note": self.note or None,
            "candidates": near,
        }


@dataclass(frozen=True)
class Person:
    """What one file says of one person. `title` and `note` are in `lang`; names are optional.

    `lines` tell how the file was understood and `remarks` what else was noticed; they are no part of the profile and do
    not count when two profiles are compared.

    >>> Person("urn:uuid:0", skills=(SkillHolding("http://data.europa.eu/esco/skill/1"),)).skill_iris
    ('http://data.europa.eu/esco/skill/1',)
    """

    iri: str
    lang: str = "en"
    name: str = ""
    title: str = ""
    note: str = ""
    skills: tuple[SkillHolding, ...] = ()
    occupations: tuple[OccupationHolding, ...] = ()
    aims: tuple[Aim, ...] = ()
    lines: tuple[Line, ...] = field(default=(), compare=False)
    remarks: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        """Write the language in lower case."""
        object.__setattr__(self, "lang", check_lang(self.lang))

    @property
    def skill_iris(self) -> tuple[str, ...]:
        """The IRIs of the skills, each once, in the order of the file."""
        return tuple(dict.fromkeys(holding.skill for holding in self.skills if holding.skill))

    @property
    def counted_skills(self) -> tuple[str, ...]:
        """The IRIs of the skills whose lines were understood, each once; all of them when no line was looked up."""
        if not self.lines:
            return self.skill_iris
        return tuple(dict.fromkeys(line.iri for line in self.lines if line.kind == "skill" and line.understood))

    @property
    def occupation_iris(self) -> tuple[str, ...]:
        """The IRIs of the occupations held, each once, in the order of the file."""
        return tuple(dict.fromkeys(held.occupation for held in self.occupations if held.occupation))

    @property
    def unresolved(self) -> tuple[Line, ...]:
        """The lines that were not understood, or name what ESCO has given up."""
        return tuple(line for line in self.lines if not line.understood)

    def skill_set(self, matrix: SkillMatrix) -> SkillSet:
        """Give the skills as columns of the matrix; all of them are essential. Occupations held are named beside.

        Skills that were not understood are left out, as `unresolved` says. Raises SourceError when nothing is left,
        since everything would be alike then.
        """
        # No IRI: what explains skill sets looks IRIs up, and an endpoint must not be asked about a person.
        held, _ = matrix.skill_set(self.counted_skills, label=self.name or self.title or "this person")
        if not len(held.all):
            raise SourceError("this person holds no skill that the graph knows", advice=self._way_out())
        return replace(held, held_occupations=self.occupation_iris)

    def _way_out(self) -> str:
        if self.occupation_iris:
            return (
                "esco-graph person FILE --with-occupations -o NEW.yaml writes a profile with the essential skills of "
                "the occupations held."
            )
        if any(line.kind == "skill" for line in self.lines):
            return "See esco-graph person FILE for what became of each line."
        return "List skills, by label or IRI; esco-graph search finds them."


def pseudonymous(person: Person, *, iri: str = "") -> Person:
    """Take out what tells who the person is: names, own words, evidence, employers; dates are cut to their year.

    Only concepts of the graph stay. The IRI is `iri`, else a random one (UUID version 4): one that is made from the
    profile, as `content_iri` is, would lead back to the named file. What is left can still single a person out: it is
    a pseudonym, and not anonymous.
    """
    known = {(line.kind, line.number): line for line in person.lines if line.status in ("found", "obsolete")}

    def keeps(kind: str, number: int, iri: str) -> bool:
        return bool(iri) and (not person.lines or (kind, number) in known)

    skills = tuple(
        SkillHolding(one.skill, level=_public(one.level), since=one.since[:4])
        for number, one in enumerate(person.skills, 1)
        if keeps("skill", number, one.skill)
    )
    occupations = tuple(
        OccupationHolding(one.occupation, start=one.start[:4], end=one.end[:4])
        for number, one in enumerate(person.occupations, 1)
        if keeps("occupation", number, one.occupation)
    )
    aims = tuple(Aim(one.occupation) for n, one in enumerate(person.aims, 1) if keeps("aim", n, one.occupation))
    lines = tuple(
        replace(line, said="", note="", candidates=(), iri=line.iri if kept else "", label=line.label if kept else "")
        for line in person.lines
        for kept in ((line.kind, line.number) in known,)
    )
    made = iri or uuid.uuid4().urn
    return Person(made, lang=person.lang, skills=skills, occupations=occupations, aims=aims, lines=lines)


def content_iri(person: Person) -> str:
    """Make an IRI from the concepts, levels and years of a profile, and from nothing personal (UUID version 5).

    >>> content_iri(Person("", skills=(SkillHolding("http://data.europa.eu/esco/skill/1", since="2019-05"),)))
    'urn:uuid:93033da6-09cd-5798-94c3-88255bbdb159'
    """
    content = {
        "skills": sorted([one.skill, one.level, one.since[:4]] for one in person.skills if one.skill),
        "occupations": sorted([one.occupation, one.start[:4], one.end[:4]] for one in person.occupations),
        "aims": sorted(one.occupation for one in person.aims),
    }
    return uuid.uuid5(_NAMESPACE, json.dumps(content, separators=(",", ":"))).urn


def check_date(text: str) -> str:
    """Give a year, month or day of ISO 8601 back, or ""; ParameterError when it is none.

    >>> check_date("2020-02")
    '2020-02'
    """
    found = _DATE.fullmatch(text)
    if text and (not found or not int(found[1]) or (found[3] and not 1 <= int(found[3]) <= _days(found))):
        raise ParameterError(f"{text[:40]!r} is no date", advice="Write 2019, 2019-05 or 2019-05-31.")
    return text


def _days(found: re.Match[str]) -> int:
    return monthrange(int(found[1]), int(found[2]))[1]


def _public(level: str) -> str:
    """Keep a level of a scale of the EU's; any other IRI may be the person's own."""
    return level if level.startswith("http://data.europa.eu/") else ""


def _check_mention(mention: SkillHolding | OccupationHolding | Aim, iri: str) -> None:
    if not iri and not mention.text:
        raise ParameterError("a line of a profile needs an IRI or words")
    object.__setattr__(mention, "lang", check_lang(mention.lang or "en") if mention.text else "")
