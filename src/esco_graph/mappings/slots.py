"""The slots of SSSOM: their IRIs and kinds, and how a set and its rows are written as slots and read from them.

The table below is the SSSOM schema 1.0 and 1.1 (`sssom_schema.yaml`): a slot without an IRI of its own is
`sssom:<slot>`. What SSSOM has no slot for (language of labels, orientation, file and line) stands in its slot `other`,
as `key=value` with `|` between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from esco_graph.errors import ParameterError
from esco_graph.mappings.model import UNSPECIFIED, UNSPECIFIED_LICENCE, Mapping, MappingSet, set_name
from esco_graph.profiles.model import DEFAULT_BASE
from esco_graph.taxonomies.registry import TAXONOMIES
from esco_graph.terms import DCT, OCCUPATION, OWL, PROV, RDF, RDFS, SCHEME, SKILL, SKOS, SSSOM

if TYPE_CHECKING:
    from esco_graph.taxonomies.taxonomy import Concept

PAV = "http://purl.org/pav/"
Record = dict[str, tuple[str, ...]]
"""Values by slot name; entities are full IRIs."""


@dataclass(frozen=True)
class Slot:
    """A slot: the IRI of its property, and what its values are (iri, uri, text, number, day, entity, modifier)."""

    iri: str
    kind: str
    many: bool = False


def _slots(kind: str, names: str, *, many: bool = False) -> dict[str, Slot]:
    return {name: Slot(_OWN.get(name, SSSOM + name), kind, many) for name in names.split()}


_OWN = {
    "subject_id": OWL + "annotatedSource",
    "predicate_id": OWL + "annotatedProperty",
    "object_id": OWL + "annotatedTarget",
    "mapping_set_version": OWL + "versionInfo",
    "mapping_set_title": DCT + "title",
    "mapping_set_description": DCT + "description",
    "mapping_set_source": PROV + "wasDerivedFrom",
    "creator_id": DCT + "creator",
    "author_id": PAV + "authoredBy",
    "license": DCT + "license",
    "mapping_date": DCT + "created",
    "publication_date": DCT + "issued",
    "see_also": RDFS + "seeAlso",
    "comment": RDFS + "comment",
}

SLOTS: dict[str, Slot] = {
    **_slots("iri", "subject_id predicate_id object_id mapping_justification subject_source object_source"),
    **_slots("iri", "mapping_source mapping_tool_id issue_tracker_item"),
    **_slots("iri", "creator_id author_id reviewer_id curation_rule subject_match_field object_match_field", many=True),
    **_slots("iri", "subject_preprocessing object_preprocessing", many=True),
    **_slots("uri", "license mapping_provider issue_tracker"),
    **_slots("uri", "mapping_set_source see_also", many=True),
    **_slots("text", "subject_label subject_category predicate_label object_label object_category"),
    **_slots("text", "subject_source_version object_source_version mapping_set_version mapping_set_title"),
    **_slots("text", "mapping_set_description mapping_tool mapping_tool_version mapping_cardinality"),
    **_slots("text", "similarity_measure other comment"),
    **_slots("text", "creator_label author_label reviewer_label cardinality_scope", many=True),
    **_slots("text", "curation_rule_text match_string", many=True),
    **_slots("number", "confidence similarity_score reviewer_agreement mapping_set_confidence"),
    **_slots("day", "mapping_date publication_date review_date"),
    **_slots("entity", "subject_type predicate_type object_type"),
    **_slots("modifier", "predicate_modifier"),
}
"""Slots of sets and of mappings; those that name the node (mapping_set_id, record_id) are not among them."""

ENTITIES = {
    "owl class": OWL + "Class",
    "owl object property": OWL + "ObjectProperty",
    "owl data property": OWL + "DatatypeProperty",
    "owl annotation property": OWL + "AnnotationProperty",
    "owl named individual": OWL + "NamedIndividual",
    "skos concept": SKOS + "Concept",
    "rdfs resource": RDFS + "Resource",
    "rdfs class": RDFS + "Class",
    "rdfs literal": RDFS + "Literal",
    "rdfs datatype": RDFS + "Datatype",
    "rdf property": RDF + "Property",
    "composed entity expression": SSSOM + "ComposedEntityExpression",
}
NEGATED = SSSOM + "NegatedPredicate"

_KEPT = "name subject_lang object_lang orientation orientation_sure source sha256"
_ROW_FIELDS = {
    "subject_id": "subject",
    "predicate_id": "predicate",
    "object_id": "object",
    "subject_label": "subject_label",
    "object_label": "object_label",
    "mapping_justification": "justification",
    "similarity_measure": "similarity_measure",
    "predicate_modifier": "modifier",
    "mapping_date": "date",
    "review_date": "review_date",
    "comment": "comment",
}
_SET_FIELDS = {
    "mapping_set_title": "title",
    "mapping_set_description": "description",
    "mapping_set_version": "version",
    "publication_date": "date",
    "license": "licence",
    "subject_source_version": "subject_source_version",
    "object_source_version": "object_source_version",
}


# A row


def row_record(row: Mapping) -> Record:
    """Write a mapping as slots.

    >>> sorted(row_record(Mapping("http://x.org/a", SKOS + "exactMatch", "http://x.org/b")))
    ['mapping_justification', 'object_id', 'predicate_id', 'subject_id']
    """
    record: Record = {slot: (value,) for slot, field in _ROW_FIELDS.items() if (value := getattr(row, field))}
    for slot, number in (("confidence", row.confidence), ("similarity_score", row.similarity_score)):
        if number is not None:
            record[slot] = (written(number),)
    _put_people(record, "author", row.author.split("|"))
    _put_people(record, "reviewer", row.reviewer.split("|"))
    for slot, value in row.extra:
        record[slot] = tuple(value.split("|")) if slot in SLOTS and SLOTS[slot].many else (value,)
    if row.source or row.candidate:
        own = {"source": row.source, "candidate": "true" if row.candidate else ""}
        record["other"] = (_joined(own, record.get("other", ())),)
    return record


def mapping_of(record: Record) -> Mapping:
    """Read a mapping from slots; ParameterError where a number is none. The cardinality is not kept: it is counted."""
    own, other = _parted(record.get("other", ()), "source", "candidate")
    known = {*_ROW_FIELDS, "confidence", "similarity_score", "other", "mapping_cardinality"}
    known |= {f"{who}_{what}" for who in ("author", "reviewer") for what in ("id", "label")}
    extra = [
        (slot, "|".join(values))
        for slot, values in record.items()
        if slot not in known and slot in {*SLOTS, "record_id"}
    ]
    fields = {field: record[slot][0] for slot, field in _ROW_FIELDS.items() if slot in record}
    fields.setdefault("justification", UNSPECIFIED)
    return Mapping(
        **fields,
        confidence=_number(record, "confidence"),
        similarity_score=_number(record, "similarity_score"),
        author=_people(record, "author"),
        reviewer=_people(record, "reviewer"),
        source=own.get("source", ""),
        extra=tuple(sorted([*extra, *(("other", text) for text in other)])),
        candidate=own.get("candidate") == "true",
    )


# A set


def head_record(given: MappingSet) -> Record:
    """Write what a set says of itself as slots; its rows decide which scheme of ESCO it is about."""
    record: Record = {slot: (value,) for slot, field in _SET_FIELDS.items() if (value := getattr(given, field))}
    _put_people(record, "creator", given.creators)
    for side in ("subject", "object"):
        if key := getattr(given, f"{side}_source"):
            record[f"{side}_source"] = (source_iri(key, given, side),)
    if given.remarks:
        record["comment"] = ("\n".join(given.remarks),)
    for slot, value in given.extra:
        record[slot] = tuple(value.split("|")) if SLOTS[slot].many else (value,)
    kept = {key: _shown(getattr(given, key)) for key in _KEPT.split()}
    record["other"] = (_joined(kept, record.get("other", ())),)
    return record


def set_of(iri: str, record: Record, mappings: Iterable[Mapping] = (), concepts: Iterable[Concept] = ()) -> MappingSet:
    """Read a set from slots; what only a file of this program says (name, orientation) has its defaults elsewhere."""
    kept, other = _parted(record.get("other", ()), *_KEPT.split())
    known = {*_SET_FIELDS, "creator_id", "creator_label", "subject_source", "object_source", "comment", "other"}
    extra = [(slot, "|".join(values)) for slot, values in record.items() if slot not in known and slot in SLOTS]
    fields = {field: record[slot][0] for slot, field in _SET_FIELDS.items() if slot in record}
    sure = kept.pop("orientation_sure", "")
    kept.setdefault("name", set_name(re.split(r"[/#]", iri.rstrip("/#"))[-1].partition(".")[0]))
    fields.setdefault("licence", UNSPECIFIED_LICENCE)
    return MappingSet(
        iri=iri,
        **fields,
        **kept,
        orientation_sure=float(sure) if sure else None,
        creators=tuple(value for slot in ("creator_id", "creator_label") for value in record.get(slot, ())),
        subject_source=key_of(record.get("subject_source", ("",))[0]),
        object_source=key_of(record.get("object_source", ("",))[0]),
        remarks=tuple(record["comment"][0].split("\n")) if "comment" in record else (),
        mappings=tuple(mappings),
        concepts=tuple(concepts),
        extra=(*extra, *(("other", text) for text in other)),
    )


def base_of(given: MappingSet) -> str:
    """Give the base under which the IRI of a set stands, or the default one."""
    tail = f"mapping/{given.name}"
    return given.iri.removesuffix(tail) if given.iri.endswith("/" + tail) else DEFAULT_BASE


def written(number: float) -> str:
    """Write a number for a file: six digits at most, never an exponent, as xsd:double takes it.

    >>> written(1), written(0.1234567), written(1e-7)
    ('1.0', '0.123457', '0.0')
    """
    text = f"{number:.6f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def _number(record: Record, slot: str) -> float | None:
    if slot not in record:
        return None
    try:
        return float(record[slot][0])
    except ValueError:
        raise ParameterError(f"{slot} {record[slot][0][:40]!r} is not a number") from None


def _put_people(record: Record, role: str, people: Iterable[str]) -> None:
    given = [one for one in people if one]
    for slot, wanted in ((f"{role}_id", True), (f"{role}_label", False)):
        if found := tuple(one for one in given if ("://" in one) == wanted):
            record[slot] = found


def _people(record: Record, role: str) -> str:
    return "|".join(sorted({*record.get(f"{role}_id", ()), *record.get(f"{role}_label", ())}))


def _shown(value: str | float | None) -> str:
    return "" if value is None else value if isinstance(value, str) else written(value)


def _joined(pairs: dict[str, str], more: Iterable[str] = ()) -> str:
    own = (f"{key}={_escaped(value)}" for key, value in pairs.items() if value)
    return "|".join([*own, *more])


def _escaped(value: str) -> str:
    return re.sub(r"[%|\x00-\x1f]", lambda found: f"%{ord(found[0]):02X}", value)


def _parted(values: Iterable[str], *keys: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Part our own pairs of the slot `other` from what else stands in it."""
    own: dict[str, str] = {}
    rest = []
    for part in (part for value in values for part in value.split("|")):
        key, equal, value = part.partition("=")
        if equal and key in keys and key not in own:
            own[key] = unquote(value)
        else:
            rest.append(part)
    return own, ("|".join(rest),) if rest else ()


# The two sources


def source_iri(key: str, given: MappingSet, side: str) -> str:
    """Give the IRI of the scheme that a set calls by a key on one of its sides."""
    if "://" in key:
        return key
    if key == "esco":
        first = next((getattr(row, side) for row in given.mappings), OCCUPATION)
        return SCHEME + ("skills" if first.startswith(SKILL) else "occupations")
    known = TAXONOMIES.get(key)
    return known.scheme_iri(base_of(given)) if known else f"{base_of(given)}taxonomy/{quote(key, safe='')}"


_KEYS = {one.scheme: key for key, one in TAXONOMIES.items() if one.scheme} | {SCHEME + "skills": "esco"}


def key_of(iri: str) -> str:
    """Give the key of the taxonomy whose scheme has this IRI, or the IRI where nobody knows it.

    >>> key_of("http://data.europa.eu/esco/concept-scheme/skills"), key_of("https://example.org/taxonomy/rome")
    ('esco', 'rome')
    """
    if key := _KEYS.get(iri):
        return key
    found = re.search(r"/taxonomy/([^/#?]+)$", iri)
    return unquote(found[1]) if found else iri
