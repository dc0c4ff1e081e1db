"""Which heading opens which section of an occupation page: the one table of synonyms."""

from __future__ import annotations

import re
from dataclasses import dataclass

from esco_graph.sources.text import clean


@dataclass(frozen=True)
class Section:
    """A section that a page may have; the last two fields are for sections of knowledge and skills."""

    name: str
    requirement: str | None = None
    skill_type: str | None = None

    def __str__(self) -> str:
        """Give a name for people, for example `essential knowledge`.

        >>> str(Section("skills", "optional"))
        'optional knowledge and skills'
        """
        if self.name != "skills":
            return self.name
        kind = {"knowledge": "knowledge", "skill": "skills"}.get(self.skill_type or "", "knowledge and skills")
        return f"{self.requirement} {kind}" if self.requirement else kind


# Section -> names of its heading, in the form that `_key` gives: lower case, no marks, "&" and "/" read as "and".
HEADINGS: dict[str, tuple[str, ...]] = {
    "description": (
        *("description", "job description", "occupation description", "description and duties", "overview"),
        *("definition", "summary", "scope note", "scope notes"),
    ),
    "other titles": (
        *("other titles", "other job titles", "other names", "other job names", "alternative titles"),
        *("alternative title", "alternative job titles", "alternative names", "alternative labels"),
        *("alternative label", "alternate titles", "also known as", "also called", "aliases", "synonyms"),
        *("common job titles", "job titles"),
    ),
    "minimum qualifications": (
        *("minimum qualifications", "minimum qualification", "minimum required qualifications"),
        *("minimum requirements", "minimum education", "minimum educational requirements", "qualifications"),
        *("required qualifications", "qualification requirements", "entry requirements", "required education"),
        *("education requirements", "educational requirements", "education", "education and training"),
    ),
    "skill level": (
        *("isco skill level", "skill level", "isco 08 skill level", "isco level", "isco 08 level"),
        *("skill level isco", "isco skill levels"),
    ),
    "career path": ("career path", "career paths", "career paths and prospects", "career"),
    "similar": (
        *("similar occupations", "similar jobs", "similar job titles", "similar careers", "similar professions"),
        *("similar roles", "related occupations", "related jobs", "related careers", "related professions"),
        *("related roles", "similar and related occupations"),
    ),
    "prospects": (
        *("long term prospects", "long term career prospects", "career prospects", "prospects"),
        *("promotions or specializations", "promotion or specialization", "promotions and specializations"),
        *("promotions", "specializations", "promotion and specialization", "specializations and promotions"),
        *("specializations or promotions", "promotion opportunities", "career progression"),
        *("career advancement", "advancement", "next career steps", "next steps", "long term career path"),
    ),
    "isco group": (
        *("isco group and title", "isco group", "isco group title", "isco title", "isco code", "isco"),
        *("isco code and title", "isco group and name", "isco 08 group", "isco 08 code", "isco 08"),
        *("isco 08 group and title", "isco 08 code and title", "isco classification", "isco unit group"),
    ),
    # Known, but without a place in the profile: their lines are reported, not lost.
    "working conditions": (
        *("working conditions", "work conditions", "working environment", "work environment"),
        *("typical working conditions", "work context"),
    ),
    "tasks": (
        *("tasks", "duties", "main tasks", "typical tasks", "tasks and duties", "main duties", "job duties"),
        *("responsibilities", "tasks and responsibilities", "duties and responsibilities"),
    ),
    "labour market": ("salary", "salaries", "earnings", "pay", "outlook", "job outlook", "employment outlook"),
    "references": ("references", "reference", "sources", "source", "footnotes", "external links"),
}
UNMODELLED = frozenset(("working conditions", "tasks", "labour market", "references"))

# A heading over skills has these words only, in any order: "Essential skills/competences", "Knowledge (optional)".
_REQUIREMENTS = {
    "essential": "essential",
    "required": "essential",
    "mandatory": "essential",
    "optional": "optional",
    "desirable": "optional",
}
_SKILL_KINDS = {
    "knowledge": "knowledge",
    "skill": "skill",
    "skills": "skill",
    "competence": "skill",
    "competences": "skill",
    "competency": "skill",
    "competencies": "skill",
    "abilities": "skill",
}
_SECTION_OF = {name: section for section, names in HEADINGS.items() for name in names}
_JOINING = r"(?:for|of|to|as|in|a|an|the)"
_ENDS = re.compile(rf"^(?:{_JOINING} )+|(?: (?:{_JOINING}|'s))+$")
_INLINE = re.compile(r"(?P<head>[^:]{3,60}?)\s*:\s+(?P<rest>\S.*)$")


def find_heading(text: str, title: str = "", inside: Section | None = None) -> Section | None:
    """Say which section a line opens, or None when it is no heading.

    `title` is the page's occupation, which may stand in a heading. "Skills" alone takes over the requirement of the
    section of skills that it stands in.

    >>> find_heading("Nurse career path", "nurse").name, str(find_heading("Optional skills & competences"))
    ('career path', 'optional skills')
    """
    if len(text) > 200:
        return None
    key = _key(text)
    section = _of_key(key, inside)
    if section is None and title and _key(title) in key:
        words = re.sub(rf"\b{re.escape(_key(title))}\b", " ", key)
        section = _of_key(_ENDS.sub("", " ".join(words.split())), inside)
    return section


def find_inline_heading(text: str, title: str = "", inside: Section | None = None) -> tuple[Section, str] | None:
    """Read `Heading: value` on one line, as in `ISCO skill level: 2`.

    Between skills only names that no skill has are taken: those of two words and more, and those of ISCO.

    >>> find_inline_heading("Also known as: cook, chef")
    (Section(name='other titles', requirement=None, skill_type=None), 'cook, chef')
    """
    match = _INLINE.match(text)
    if not match:
        return None
    one_word = " " not in match["head"].strip() and not match["head"].lower().startswith("isco")
    if one_word and inside is not None and inside.name == "skills":
        return None
    section = find_heading(match["head"], title, inside)
    return (section, match["rest"]) if section else None


def _of_key(key: str, inside: Section | None) -> Section | None:
    return Section(_SECTION_OF[key]) if key in _SECTION_OF else _skill_heading(key, inside)


def _skill_heading(key: str, inside: Section | None) -> Section | None:
    words = [word for word in key.split() if word != "and"]
    kinds = {_SKILL_KINDS[word] for word in words if word in _SKILL_KINDS}
    requirements = {_REQUIREMENTS[word] for word in words if word in _REQUIREMENTS}
    if not kinds or len(requirements) > 1 or not all(word in _SKILL_KINDS or word in _REQUIREMENTS for word in words):
        return None
    requirement = requirements.pop() if requirements else None
    if requirement is None and inside is not None and inside.name == "skills":
        requirement = inside.requirement
    return Section("skills", requirement, kinds.pop() if len(kinds) == 1 else None)


def _key(text: str) -> str:
    text = clean(text).casefold().replace("’", "'").replace("specialis", "specializ")
    return " ".join(re.sub(r"[&/+]", " and ", re.sub(r"[-–—_#*():.]", " ", text)).split())
