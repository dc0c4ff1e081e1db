"""Sets made of sets: inverted, merged; and the contradictions between their rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations

from esco_graph.mappings.model import (
    BROAD,
    EXACT,
    NARROW,
    RELATED,
    UNSPECIFIED_LICENCE,
    Mapping,
    MappingSet,
    set_iri,
    swapped,
)
from esco_graph.mappings.slots import base_of

_AGAINST_EXACT = frozenset((BROAD, NARROW, RELATED))


@dataclass(frozen=True)
class Conflict:
    """Two rows about the same two concepts that cannot both be true, the second as seen from the subject of the first.

    `why` is the reason in words; `sets` are the names of the sets that they stand in, "" where there is one only.
    """

    one: Mapping
    other: Mapping
    why: str
    sets: tuple[str, str] = ("", "")


def invert(given: MappingSet, name: str) -> MappingSet:
    """Give the set from the other side, under another name; a row keeps its justification, as it says the same thing.

    >>> row = Mapping("http://example.org/a", BROAD, "http://example.org/b")
    >>> invert(MappingSet("ab", "http://example.org/ab", mappings=(row,)), "ba").mappings[0].predicate == NARROW
    True
    """
    return replace(
        given,
        name=name,
        iri=set_iri(name, base_of(given)),
        subject_source=given.object_source,
        object_source=given.subject_source,
        subject_source_version=given.object_source_version,
        object_source_version=given.subject_source_version,
        subject_lang=given.object_lang,
        object_lang=given.subject_lang,
        mappings=tuple(row.inverted() for row in given.mappings),
        extra=(*swapped(given.extra), ("mapping_set_source", given.iri)),
    )


def merge(sets: Iterable[MappingSet], name: str) -> MappingSet:
    """Put the rows of several sets into one; a set that is the other way round is inverted first.

    SSSOM has one justification for each mapping, so a triple that two sets state stays as two rows where they differ
    in justification, author, confidence or date; each row names its set in mapping_source. Nothing is dropped for being
    contradictory: see `conflicts`.
    """
    given = list(sets)
    first = given[0]
    turned = [one if one is first or not _is_turned(first, one) else invert(one, one.name) for one in given]
    rows = [_marked(row, source.iri) for source, one in zip(given, turned, strict=True) for row in one.mappings]
    licences = sorted({one.licence for one in given})
    concepts = {one.iri: one for given_set in reversed(turned) for one in given_set.concepts}
    remarks = () if len(licences) == 1 else (f"the sets have several licences: {', '.join(licences)}",)
    return replace(
        first,
        name=name,
        iri=set_iri(name, base_of(first)),
        title=" + ".join(dict.fromkeys(one.title or one.name for one in given)),
        description="",
        version="",
        date="",
        licence=licences[0] if len(licences) == 1 else UNSPECIFIED_LICENCE,
        creators=tuple(person for one in given for person in one.creators),
        orientation="as-written",
        orientation_sure=None,
        mappings=tuple(rows),
        concepts=tuple(concepts.values()),
        source="",
        sha256="",
        remarks=remarks,
        extra=tuple(("mapping_set_source", "|".join(sorted({one.iri for one in given}))) for _ in given[:1]),
    )


def conflicts(sets: Iterable[MappingSet]) -> list[Conflict]:
    """Find rows that contradict each other, within sets and between them: SKOS S46, and yes against not.

    Only exact against broad, narrow or related is a clash in SKOS; broad against narrow says that the two are the same
    and more, so it is told too.
    """
    pairs: dict[tuple[str, str], list[tuple[str, Mapping]]] = {}
    for one in sets:
        for row in (row for row in one.mappings if not row.candidate):
            seen = row if row.subject <= row.object else row.inverted()
            pairs.setdefault((seen.subject, seen.object), []).append((one.name, seen))
    found = []
    for rows in pairs.values():
        if len(rows) > 1:
            told = ((a, b, _clash(a[1], b[1])) for a, b in combinations(rows, 2))
            found += [Conflict(a[1], b[1], why, (a[0], b[0])) for a, b, why in told if why]
    return sorted(found, key=lambda one: (one.one.order, one.other.order, one.sets))


def _clash(one: Mapping, other: Mapping) -> str:
    kinds = {one.predicate, other.predicate}
    if one.modifier != other.modifier:
        return "stated and denied" if one.predicate == other.predicate else ""
    if one.modifier:
        return ""
    if EXACT in kinds and kinds & _AGAINST_EXACT:
        return "exact, and broader, narrower or only related (SKOS S46)"
    return "broader and narrower" if kinds == {BROAD, NARROW} else ""


def _is_turned(first: MappingSet, other: MappingSet) -> bool:
    sides = (first.subject_source, first.object_source)
    return sides[0] != sides[1] and sides == (other.object_source, other.subject_source)


def _marked(row: Mapping, iri: str) -> Mapping:
    extra = dict(row.extra)
    extra.pop("record_id", None)  # the row of another set is another record
    return replace(row, extra=tuple(sorted({"mapping_source": iri, **extra}.items())))
