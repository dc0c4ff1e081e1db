"""A Europass credential (European Learning Model 3, JSON-LD) by its keys: claims -> learning outcomes -> ESCO skills.

The context of such a file is on the web and is never fetched; the keys are those that it gives to the terms of ELM
(http://data.europa.eu/snb/model/elm/). No signature is checked, and only what leads to a skill is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from esco_graph.persons.values import Draft, Reader, Said
from esco_graph.terms import ESCO_DATA

ELM = "http://data.europa.eu/snb/model/elm/"
_PREFIXES = (ELM, "elm:", "@", "http://www.w3.org/2004/02/skos/core#", "skos:", "http://purl.org/dc/terms/", "dc:")
_CREDENTIALS = ("credentialSubject", "hasClaim", "learningOutcome", "verifiableCredential")


def is_credential(value: Any) -> bool:
    """Say whether a document is a credential, or a person with claims."""
    names = _plain(value) if isinstance(value, dict) else {}
    return any(name in names for name in _CREDENTIALS) or "EuropeanDigitalCredential" in str(names.get("type", ""))


def read_credential(value: Any, file: str, lang: str = "en") -> Draft:
    """Take a credential apart: the skills of the learning outcomes of each claim, with the claim as evidence.

    `lang` chooses among the languages of a text. Skills of other frameworks are kept as lines that are none of ESCO's.
    The EQF level of a qualification is not that of its skills, so it is not read. Of the holder only the name is read.
    """
    reader = Reader(file, strict=False)
    subject = _plain(_plain(value).get("credentialSubject", value))
    draft = Draft(lang=lang, name=_text(reader, subject.get("fullName"), lang, "credentialSubject.fullName"))
    seen: set[str] = set()
    for number, claim in enumerate(_claims(subject), 1):
        for said in _skills(reader, claim, lang, f"claim {number}"):
            if said.iri not in seen:
                seen.add(said.iri)
                draft.skills.append(said)
    draft.remarks = [*reader.remarks, "the signature of a credential is not checked here"]
    return draft


def _claims(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Go over the claims and their parts; `documents` has limited how deep they can be."""
    for name in ("hasClaim", "hasPart"):
        for claim in _list(node.get(name)):
            plain = _plain(claim)
            yield plain
            yield from _claims(plain)


def _skills(reader: Reader, claim: dict[str, Any], lang: str, where: str) -> Iterator[Said]:
    specification = _plain(claim.get("specifiedBy"))
    awarded = claim.get("awardingDate") or _plain(claim.get("awardedBy")).get("awardingDate")
    since = reader.date(awarded, f"{where}.awardingDate")
    title = _text(reader, claim.get("title") or specification.get("title"), lang, f"{where}.title")
    outcomes = [*_list(specification.get("learningOutcome")), *_list(claim.get("learningOutcome"))]
    for outcome in map(_plain, outcomes):
        for name in ("relatedESCOSkill", "relatedSkill"):
            for place, skill in enumerate(_list(outcome.get(name)), 1):
                said = _skill(reader, skill, lang, f"{where}.{name}[{place}]")
                if said.iri or said.text:
                    said.since, said.evidence = since, (title,)
                    said.optional = not said.iri.startswith(ESCO_DATA) and name == "relatedSkill"
                    yield said


def _skill(reader: Reader, value: Any, lang: str, where: str) -> Said:
    if isinstance(value, str):
        return Said(iri=reader.text(value, where))
    skill = _plain(value)
    return Said(
        iri=reader.text(skill.get("id"), f"{where}.id"),
        text=_text(reader, skill.get("prefLabel"), lang, f"{where}.prefLabel"),
    )


def _text(reader: Reader, value: Any, lang: str, where: str) -> str:
    """Give a text of a language map in one language: the wanted one, else English, else the first."""
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        by_lang = value if "value" not in _plain(value) else {lang: _plain(value)["value"]}
        value = by_lang.get(lang) or by_lang.get("en") or next(iter(sorted(by_lang.items())), (None, None))[1]
        value = next(iter(value), None) if isinstance(value, list) else value
    return reader.text(value, where)


def _plain(value: Any) -> dict[str, Any]:
    """Give a node with the plain names of its keys; {} for what is no node."""
    return {_name(str(key)): inner for key, inner in value.items()} if isinstance(value, dict) else {}


def _name(key: str) -> str:
    prefix = next((prefix for prefix in _PREFIXES if key.startswith(prefix)), "")
    return key[len(prefix) :]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
