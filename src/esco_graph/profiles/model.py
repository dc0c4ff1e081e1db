"""The occupation profile as frozen dataclasses, and the IRIs that it may have."""

from __future__ import annotations

import hashlib
import posixpath
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from esco_graph.errors import ParameterError
from esco_graph.labels import check_lang

DEFAULT_BASE = "https://example.org/esco-graph/"

REQUIREMENTS = ("essential", "optional")
SKILL_TYPES = ("knowledge", "skill")
LINK_KINDS = ("similar", "prospect")


@dataclass(frozen=True)
class SkillStatement:
    """One line of a profile: what the source says, and the skill that it means.

    `requirement` is "essential" or "optional"; `skill_type` "knowledge", "skill" or None as the source lists it;
    `skill` is the IRI, or None when the label is unknown or, with `candidates`, ambiguous; `matched_by` is the SKOS
    label property that was equal.
    """

    label: str
    text: str
    requirement: str
    skill_type: str | None
    line: int | None
    skill: str | None = None
    matched_by: str | None = None
    candidates: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the choices; candidates have no order, so they are kept sorted."""
        _check(bool(self.label), "a skill statement needs a label")
        _check_choice("requirement", self.requirement, REQUIREMENTS)
        _check_choice("skill type", self.skill_type, (None, *SKILL_TYPES))
        object.__setattr__(self, "candidates", tuple(sorted(set(self.candidates))))


@dataclass(frozen=True)
class OccupationLink:
    """A tie to another occupation: stated by the source, or computed (then with `measure` and `score`, 0 to 1)."""

    label: str
    kind: str
    occupation: str | None = None
    line: int | None = None
    measure: str | None = None
    score: float | None = None

    def __post_init__(self) -> None:
        """Check the kind and the score."""
        _check_choice("link kind", self.kind, LINK_KINDS)
        _check(self.score is None or 0 <= self.score <= 1, f"a score of {self.score} is not in 0 to 1")


@dataclass(frozen=True)
class Source:
    """Where a profile comes from: file name, SHA-256 of its bytes, when it was read (UTC), by which version of us."""

    name: str
    sha256: str
    retrieved: datetime
    version: str

    def __post_init__(self) -> None:
        """Keep the time in UTC, which must be aware."""
        _check(self.retrieved.tzinfo is not None, "the time of retrieval needs a time zone")
        object.__setattr__(self, "retrieved", self.retrieved.astimezone(UTC))


@dataclass(frozen=True)
class OccupationProfile:
    """What one source says of one occupation, linked to concepts.

    `occupation` is the concept's IRI; `is_new` says that it was made for this profile. `isco_group` (IRI) and
    `isco_skill_level` (1 to 4) are as stated. `other_titles` and `remarks` have no order and are kept sorted; remarks
    are what the linking noticed, each beginning with a code such as `isco_mismatch:`.
    """

    iri: str
    occupation: str
    is_new: bool
    title: str
    lang: str
    description: str
    other_titles: tuple[str, ...]
    minimum_qualification: str
    isco_group: str | None
    isco_skill_level: int | None
    skills: tuple[SkillStatement, ...]
    links: tuple[OccupationLink, ...]
    source: Source
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the IRIs and the level."""
        _check(bool(self.title), "a profile needs a title")
        _check(self.isco_skill_level in (None, 1, 2, 3, 4), "an ISCO skill level is 1, 2, 3 or 4")
        check_own_iri(self.iri)
        if self.is_new != (self.occupation == new_occupation_iri(self.iri)):
            raise ParameterError(
                f"a new occupation of <{self.iri}> has the IRI <{new_occupation_iri(self.iri)}>, and no other has it"
            )
        object.__setattr__(self, "lang", check_lang(self.lang))
        for name in ("other_titles", "remarks"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)) - {""})))

    @property
    def unresolved(self) -> tuple[SkillStatement, ...]:
        """The statements without a skill."""
        return tuple(statement for statement in self.skills if statement.skill is None)


def slugify(title: str) -> str:
    """Make the last part of an IRI from a title; a hash keeps titles apart that differ only in what is lost.

    >>> slugify("Infirmière, chef(fe)"), slugify("C++ developer")
    ('infirmiere-chef-fe', 'c-developer-88cb5271')
    """
    text = " ".join(title.split()).casefold()
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    lost = re.search(r"[^a-z0-9\s'’`´.,:;/()&_–—-]", plain)
    if not lost and 0 < len(slug) <= 80:
        return slug
    return f"{slug[:71].strip('-')}-{hashlib.sha256(text.encode()).hexdigest()[:8]}".lstrip("-")


def new_occupation_iri(profile_iri: str) -> str:
    """Give the IRI that an occupation made for this profile has.

    >>> new_occupation_iri("https://example.org/profile/beekeeper")
    'https://example.org/occupation/beekeeper'
    """
    head, _, slug = profile_iri.rpartition("/")
    return f"{head.removesuffix('/profile')}/occupation/{slug}"


def check_own_iri(iri: str) -> str:
    """Give an IRI of the user back; ParameterError when it is no http(s) IRI, has `#` or `?`, or is under ESCO's."""
    try:
        parts = urlsplit(ox.NamedNode(iri).value)
    except ValueError as error:
        raise ParameterError(f"{iri[:200]!r} is not an IRI: {error}", advice=f"Use one like {DEFAULT_BASE}.") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or "#" in iri or "?" in iri:
        raise ParameterError(f"<{iri}> cannot be a base", advice=f"Use an http or https IRI like {DEFAULT_BASE}.")
    path = posixpath.normpath(unquote(parts.path)).lower().lstrip("/")
    if parts.hostname.rstrip(".") == "data.europa.eu" and path.split("/")[0] == "esco":
        raise ParameterError(
            f"<{iri}> is ESCO's own space", advice=f"Give your own base IRI, for example --base-iri {DEFAULT_BASE}."
        )
    return iri


def _check(fine: bool, what: str) -> None:
    if not fine:
        raise ParameterError(what)


def _check_choice(name: str, value: str | None, choices: tuple[str | None, ...]) -> None:
    _check(value in choices, f"{name} {value!r} is not one of {', '.join(str(choice) for choice in choices)}")
