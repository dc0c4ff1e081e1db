"""JSON Resume 1.0 (https://jsonresume.org/schema): skills, languages, work; ESCO IRIs in an `esco` key of our own.

The schema has no identifiers for skills (resume-schema issue 486), but allows further keys everywhere.
"""

from __future__ import annotations

from typing import Any

from esco_graph.persons.values import Draft, Reader, Said, named

_SECTIONS = ("basics", "work", "certificates", "education", "languages", "volunteer", "$schema", "meta")


def is_json_resume(value: Any) -> bool:
    """Say whether a document looks like a JSON Resume: a section that only it has, or skills with a name."""
    if not isinstance(value, dict):
        return False
    skills = value.get("skills")
    entries = skills if isinstance(skills, list) else []
    return any(name in value for name in _SECTIONS) or any(isinstance(one, dict) and "name" in one for one in entries)


def read_json_resume(value: Any, file: str) -> Draft:
    """Take a JSON Resume apart; what is not as the schema says is noted and left out.

    Skills are the keywords of each entry of `skills`, and its name unless that is a mere heading; each entry of
    `languages`; and the IRIs under `esco` of a skill or a certificate, whose name is the evidence then. Occupations are
    the positions of `work`. E-mail, phone, place, pictures and profiles are not read.
    """
    reader = Reader(file, strict=False)
    resume = reader.mapping(value, "the document")
    basics = reader.mapping(resume.get("basics") or {}, "basics")
    name, title, note = (reader.text(basics.get(key), f"basics.{key}") for key in ("name", "label", "summary"))
    draft = Draft("", "", name, title, note)
    for one, place in reader.items(resume.get("skills"), "skills"):
        draft.skills += _skills(reader, reader.mapping(one, place), place)
    for one, place in reader.items(resume.get("languages"), "languages"):
        draft.skills += _language(reader, reader.mapping(one, place), place)
    for one, place in reader.items(resume.get("certificates"), "certificates"):
        draft.skills += _certificate(reader, reader.mapping(one, place), place)
    for one, place in reader.items(resume.get("work"), "work"):
        draft.occupations += _work(reader, reader.mapping(one, place), place)
    draft.remarks = reader.remarks
    return draft


def _skills(reader: Reader, entry: dict[str, Any], where: str) -> list[Said]:
    name = reader.text(entry.get("name"), f"{where}.name")
    level, said_level = reader.level(entry.get("level"), f"{where}.level")
    said: list[Said] = [named(text) for text in reader.evidence(entry.get("keywords"), f"{where}.keywords")]
    iris = _iris(reader, entry, where)
    said += [Said(iri=iri, text=name if len(iris) == 1 else "") for iri in iris]
    if name and len(iris) != 1:
        said.insert(0, Said(text=name, optional=bool(said)))
    for one in said:
        one.level, one.said_level = level, said_level
    return said


def _language(reader: Reader, entry: dict[str, Any], where: str) -> list[Said]:
    text = reader.text(entry.get("language"), f"{where}.language")
    level, said_level = reader.level(entry.get("fluency"), f"{where}.fluency")
    iri = next(iter(_iris(reader, entry, where)), "")
    return [Said(iri=iri, text=text, level=level, said_level=said_level)] if iri or text else []


def _certificate(reader: Reader, entry: dict[str, Any], where: str) -> list[Said]:
    name, link = (reader.text(entry.get(key), f"{where}.{key}") for key in ("name", "url"))
    iris = _iris(reader, entry, where)
    if name and not iris:
        reader.remarks.append(f"{where}: a certificate says no skill; list its ESCO skills under esco")
    since = reader.date(entry.get("date"), f"{where}.date")
    return [Said(iri=iri, since=since, evidence=(name, link)) for iri in iris]


def _work(reader: Reader, entry: dict[str, Any], where: str) -> list[Said]:
    position = reader.text(entry.get("position"), f"{where}.position")
    employer = reader.text(entry.get("name") or entry.get("company"), f"{where}.name")  # company: before 1.0
    start, end = (reader.date(entry.get(key), f"{where}.{key}") for key in ("startDate", "endDate"))
    iri = next(iter(_iris(reader, entry, where)), "")
    return [Said(iri=iri, text=position, since=start, until=end, employer=employer)] if iri or position else []


def _iris(reader: Reader, entry: dict[str, Any], where: str) -> tuple[str, ...]:
    return reader.evidence(entry.get("esco"), f"{where}.esco")
