"""Write what was linked: rows for tables and programs, piece by piece, or a mapping set of candidates (SSSOM)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from esco_graph import __version__
from esco_graph.linking.link import Candidate, Linked
from esco_graph.linking.proposals import MEASURE, MEASURE_WITH_VECTORS, join, to_comment
from esco_graph.linking.texts import LONGEST
from esco_graph.mappings.model import COMPOSITE, RELATIONS, SOME, Mapping, MappingSet, set_iri
from esco_graph.profiles.model import DEFAULT_BASE
from esco_graph.taxonomies.taxonomy import Concept, is_iri
from esco_graph.terms import ATTRIBUTION

if TYPE_CHECKING:
    from esco_graph.linking.texts import Query
    from esco_graph.taxonomies.taxonomy import Taxonomy

COLUMNS = ("id", "title", "rank", "label", "code", "relation", "score", "confidence", "why", "iri", "remark")
"""The columns of a row: one row for each candidate, and one for a query without any."""
TOOL = "esco-graph link"
"""The mapping_tool of candidates."""
DESCRIPTION = (
    "Rows whose justification is semapv:ManualMappingCuration are decisions of their reviewers; the others were found "
    "by a program and are proposals, no statements of the owners of the two classifications."
)
"""What the description of a set of candidates says; it is as true after a review."""
LEAST = 1e-6  # a similarity_score is never 0, which would say that nothing is alike

Row = list[Any]


def rows_of(linked: Linked) -> list[Row]:
    """Give the rows of one query, in the order of COLUMNS.

    >>> from esco_graph.linking.texts import Query
    >>> rows_of(Linked(Query("7", ""), (), "there is no title"))
    [['7', '', None, '', '', '', None, None, '', '', 'there is no title']]
    """
    query = linked.query
    if not linked.candidates:
        return [[query.id, query.label, None, "", "", "", None, None, "", "", linked.remark]]
    return [
        [
            *(query.id, query.label, rank, one.label, one.code, one.relation, one.score, one.confidence),
            *(join(one.reasons), one.iri, linked.remark),
        ]
        for rank, one in enumerate(linked.candidates, 1)
    ]


def record_of(linked: Linked) -> dict[str, Any]:
    """Give one query with its candidates as JSON values."""
    query = linked.query
    known = {"code": query.code, "lang": query.lang, "isco": query.isco, "remark": linked.remark}
    return {
        "id": query.id,
        "title": query.label,
        **{name: value for name, value in known.items() if value},
        "candidates": [_candidate(one) for one in linked.candidates],
    }


def _candidate(one: Candidate) -> dict[str, Any]:
    """A score that is not calibrated is a similarity_score, never a confidence."""
    sure = {} if one.confidence is None else {"confidence": one.confidence}
    return {
        "iri": one.iri,
        "label": one.label,
        "code": one.code,
        "relation": one.relation,
        "similarity_score": one.score,
        **sure,
        "reasons": list(one.reasons),
    }


def _separated(separator: str) -> Callable[[Iterable[Linked]], Iterator[str]]:
    def write(found: Iterable[Linked]) -> Iterator[str]:
        yield _line(COLUMNS, separator)
        for linked in found:
            for row in rows_of(linked):
                yield _line(["" if cell is None else cell for cell in row], separator)

    return write


def _line(cells: Iterable[Any], separator: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _json_lines(found: Iterable[Linked]) -> Iterator[str]:
    for linked in found:
        yield json.dumps(record_of(linked), ensure_ascii=False) + "\n"


def _json(found: Iterable[Linked]) -> Iterator[str]:
    yield f'{{"attribution": {json.dumps(ATTRIBUTION)}, "linked": ['
    between = "\n"
    for linked in found:
        yield between + json.dumps(record_of(linked), ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


WRITERS: dict[str, Callable[[Iterable[Linked]], Iterator[str]]] = {
    "json": _json,
    "jsonl": _json_lines,
    "csv": _separated(","),
    "tsv": _separated("\t"),
}
"""The formats that are written piece by piece, so that memory does not grow."""


def mapping_set(
    found: Iterable[Linked],
    name: str,
    *,
    source: Taxonomy,
    target: str,
    lang: str,
    target_lang: str,
    vectors: bool = False,
    esco_version: str = "",
    base: str = DEFAULT_BASE,
) -> MappingSet:
    """Make a mapping set of candidates, for review: all of it is in memory.

    A candidate proposed as exact stands as close, which exact implies (SKOS, S42), with the proposal in its comment:
    that two concepts are exactly the same only a person says. One without a proposal is `skos:mappingRelation`. An
    identifier that is no IRI becomes one of the `source` under `base`; a query without a code is known by its title,
    which stays when lines are added above it. A candidate that two queries of one identifier have stands once, by its
    better score. `vectors` says that sentence vectors were used.
    """
    best: dict[tuple[str, str], Mapping] = {}
    concepts: dict[str, Concept] = {}
    for linked in found:
        query = linked.query
        iri = _iri_of(query, source, base)
        if linked.candidates and source.key != "esco" and iri not in concepts:
            concepts[iri] = Concept(iri, query.code, query.label, query.lang or lang, query.alt, query.description)
        for one in linked.candidates:
            before = best.get((iri, one.iri))
            if before is None or one.score > (before.similarity_score or 0.0):
                best[iri, one.iri] = _mapping(iri, query, one, MEASURE_WITH_VECTORS if vectors else MEASURE)
    return MappingSet(
        name,
        set_iri(name, base),
        title=f"{source.name} to {'ESCO' if target == 'esco' else target}",
        description=DESCRIPTION,
        subject_source=source.key,
        object_source=target,
        subject_source_version=esco_version if source.key == "esco" else source.version,
        object_source_version=esco_version if target == "esco" else "",
        subject_lang=lang,
        object_lang=target_lang,
        mappings=tuple(best.values()),
        concepts=tuple(concepts.values()),
    )


def _iri_of(query: Query, source: Taxonomy, base: str) -> str:
    return query.id if is_iri(query.id) else source.concept_iri(query.code or query.label[:LONGEST], base)


def _mapping(subject: str, query: Query, one: Candidate, measure: str) -> Mapping:
    relation = "close" if one.relation == "exact" else one.relation
    return Mapping(
        subject,
        RELATIONS.get(relation, SOME),
        one.iri,
        query.label,
        one.label,
        COMPOSITE,
        confidence=one.confidence,
        similarity_score=max(one.score, LEAST),
        similarity_measure=measure,
        comment=to_comment(one.relation, one.reasons),
        extra=(("mapping_tool", TOOL), ("mapping_tool_version", __version__)),
        candidate=True,
    )
