"""Our own format, in YAML or JSON: a few keys, all optional but the skills; docs/persons.md describes it."""

from __future__ import annotations

import json
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from esco_graph.persons.values import Draft, Reader, Said, named
from esco_graph.sparql import printable

if TYPE_CHECKING:
    from esco_graph.persons.model import Person

KEYS = ("id", "name", "lang", "title", "note", "skills", "occupations", "aims")
SKILL_KEYS = ("skill", "text", "level", "since", "evidence")
OCCUPATION_KEYS = ("occupation", "text", "from", "to", "employer")
AIM_KEYS = ("occupation", "text")
_LISTS = ("skills", "occupations", "aims")


def is_own(value: Any) -> bool:
    """Say whether a document has a list of ours, or one whose key is misspelt, which `read_own` then tells.

    >>> is_own({"aims": []}), is_own({"Skils": []}), is_own({"a": []})
    (True, True, False)
    """
    return isinstance(value, dict) and any(get_close_matches(str(key).lower(), _LISTS, 1) for key in value)


def read_own(value: Any, file: str) -> Draft:
    """Take a document apart; raises SourceError, with the place, for what the format does not have."""
    reader = Reader(file, strict=True)
    person = reader.mapping(value, "", KEYS)
    lang = reader.lang(person.get("lang"), "lang")
    iri, name, title, note = (reader.text(person.get(key), key) for key in ("id", "name", "title", "note"))
    draft = Draft(iri, lang, name, title, note)
    draft.skills = [_skill(reader, one, place) for one, place in reader.items(person.get("skills"), "skills")]
    draft.occupations = [
        _occupation(reader, one, place) for one, place in reader.items(person.get("occupations"), "occupations")
    ]
    draft.aims = [_mention(reader, one, place, AIM_KEYS) for one, place in reader.items(person.get("aims"), "aims")]
    return draft


def _skill(reader: Reader, value: Any, where: str) -> Said:
    said = _mention(reader, value, where, SKILL_KEYS)
    if isinstance(value, dict):
        said.level, said.said_level = reader.level(value.get("level"), f"{where}.level")
        said.since = reader.date(value.get("since"), f"{where}.since")
        said.evidence = reader.evidence(value.get("evidence"), f"{where}.evidence")
    return said


def _occupation(reader: Reader, value: Any, where: str) -> Said:
    said = _mention(reader, value, where, OCCUPATION_KEYS)
    if isinstance(value, dict):
        said.since = reader.date(value.get("from"), f"{where}.from")
        said.until = reader.date(value.get("to"), f"{where}.to")
        said.employer = reader.text(value.get("employer"), f"{where}.employer")
    return said


def _mention(reader: Reader, value: Any, where: str, keys: tuple[str, ...]) -> Said:
    """Read what is named: a label or an identifier alone, or a map that has one under the first key."""
    if not isinstance(value, dict):
        text = reader.text(value, where)
        if not text:
            reader.fault("this entry is empty", where, "Give a label or an IRI.")
        return named(text)
    entry = reader.mapping(value, where, keys)
    said = named(reader.text(entry.get(keys[0]), f"{where}.{keys[0]}"))
    words = reader.text(entry.get("text"), f"{where}.text")
    if words and said.text:
        what = f"{keys[0]} and text are both words"
        reader.fault(what, where, f"Give the IRI or the ESCO label under {keys[0]}, or the words under text alone.")
    said = replace(said, text=said.text or words)
    if not said.iri and not said.text:
        reader.fault(f"there is neither {keys[0]} nor text", where)
    return said


def as_own(person: Person) -> dict[str, Any]:
    """Give a profile as a document of our format, without what is empty.

    >>> from esco_graph.persons.model import Person, SkillHolding
    >>> as_own(Person("urn:uuid:0", skills=(SkillHolding(text="cooking", since="2019"),)))
    {'id': 'urn:uuid:0', 'lang': 'en', 'skills': [{'text': 'cooking', 'since': '2019'}]}
    """
    skills = [
        _filled(
            skill=one.skill,
            text=one.text,
            level=one.level or one.said_level,
            since=one.since,
            evidence=list(one.evidence),
        )
        for one in person.skills
    ]
    occupations = [
        _filled(
            **{"occupation": one.occupation, "text": one.text, "from": one.start, "to": one.end}, employer=one.employer
        )
        for one in person.occupations
    ]
    aims = [_filled(occupation=one.occupation, text=one.text) for one in person.aims]
    about = _filled(id=person.iri, name=person.name, lang=person.lang, title=person.title, note=person.note)
    return about | _filled(skills=skills, occupations=occupations, aims=aims)


def write_json(person: Person) -> str:
    """Write a profile as JSON in our format."""
    return json.dumps(as_own(person), indent=2, ensure_ascii=False) + "\n"


def write_yaml(person: Person) -> str:
    """Write a profile as YAML in our format, with the label of each concept as a comment beside its IRI."""
    import yaml

    def dump(value: Any) -> str:
        return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1_000_000)

    labels = {line.iri: printable(line.label) for line in person.lines if line.iri and line.label}
    document = as_own(person)
    lists = {key: document.pop(key) for key in _LISTS if key in document}
    text = dump(document)
    for key, entries in lists.items():
        text += f"{key}:\n"
        for entry in entries:
            head, end, rest = dump([entry]).partition("\n")
            label = labels.get(entry.get("skill") or entry.get("occupation") or "")
            text += f"{head}  # {label}{end}{rest}" if label else head + end + rest
    return text


def _filled(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
