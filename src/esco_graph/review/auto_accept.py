"""Take pairs as related without a person, above a score that measured gold supports, and never more than related.

A `Table` says, for one task and language, how many of the best candidates at or above each confidence were right on
gold that the ranking had not seen. The threshold is the lowest score at which the lower end of the 95 % interval of
that share (Wilson 1927) is at least the precision asked for, so the promise holds with the noise of a small gold.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from esco_graph.errors import ParameterError
from esco_graph.linking.proposals import MEASURE_WITH_VECTORS
from esco_graph.mappings.model import BROAD, CLOSE, NOT, SOME, Mapping, MappingSet
from esco_graph.review.decisions import BY_HAND, kind_of
from esco_graph.terms import SEMAPV

LEXICAL_THRESHOLD = SEMAPV + "LexicalSimilarityThresholdMatching"
SEMANTIC_THRESHOLD = SEMAPV + "SemanticSimilarityThresholdMatching"
"""Justifications of rows that were taken: the likeness of the words, or of sentence vectors as well, was enough."""

Z = 1.959964
"""Standard deviations of a two-sided interval of 95 %."""


@dataclass(frozen=True, slots=True)
class Level:
    """At this score and above: how many of the best candidates there were, and how many of them were right."""

    score: float
    taken: int
    right: int


@dataclass(frozen=True, slots=True)
class Table:
    """Levels measured on one gold, which `gold` and `version` name.

    `kind` is that of the candidates ("occupation", "skill"), `embed` says whether sentence vectors were used, `what`
    which relation was counted as right: "any" (related in some way), "close" or "broad".
    """

    gold: str
    version: str
    lang: str
    what: str
    levels: tuple[Level, ...]
    kind: str = "occupation"
    embed: bool = False


@dataclass(frozen=True, slots=True)
class Support:
    """A threshold and what the gold says of it: the share that was right, its interval, and of how many."""

    threshold: float
    precision: float
    low: float
    high: float
    taken: int
    table: Table


@dataclass(frozen=True, slots=True)
class Accepted:
    """A set in which pairs were taken: `taken` of `asked` source concepts that had candidates."""

    set: MappingSet
    support: Support
    taken: int
    asked: int


def tables(kind: str, lang: str, embed: bool) -> tuple[Table, ...]:
    """Give the tables that were measured for a task: none where there is no gold for it.

    They stand in linking/models/support.json, which the training script writes.

    >>> tables("occupation", "tlh", embed=False)
    ()
    """
    text = (files("esco_graph.linking") / "models" / "support.json").read_text(encoding="utf-8")
    found = (_table(one) for one in json.loads(text)["tables"])
    return tuple(one for one in found if (one.kind, one.lang, one.embed) == (kind, lang, embed))


def _table(value: dict[str, Any]) -> Table:
    levels = tuple(Level(float(score), int(taken), int(right)) for score, taken, right in value["levels"])
    return Table(**{**value, "levels": levels})


def tables_for(found: MappingSet) -> tuple[Table, ...]:
    """Give the tables that fit the candidates of a set: by what they are, by its language and by how they were made."""
    lang = found.object_lang or found.subject_lang or "en"
    if found.subject_lang and found.subject_lang.partition("-")[0] != lang.partition("-")[0]:
        return ()  # nothing was measured across languages
    return tables(kind_of(found), lang, any(map(_with_vectors, found.mappings)))


def _with_vectors(row: Mapping) -> bool:
    return row.similarity_measure == MEASURE_WITH_VECTORS


def wilson(right: int, taken: int, z: float = Z) -> tuple[float, float]:
    """Give the interval of a share by Wilson's score; (0, 1) of nothing.

    >>> [round(bound, 3) for bound in wilson(95, 100)]
    [0.888, 0.978]
    """
    if not taken:
        return 0.0, 1.0
    share, square = right / taken, z * z
    middle = (share + square / (2 * taken)) / (1 + square / taken)
    half = z * math.sqrt(share * (1 - share) / taken + square / (4 * taken * taken)) / (1 + square / taken)
    return max(0.0, middle - half), min(1.0, middle + half)


def support(table: Table, precision: float) -> Support:
    """Find the lowest threshold that the table supports at this precision.

    Raises ParameterError, with the best that is supported, when none does.

    >>> table = Table("gold", "1", "en", "any", (Level(0.9, 400, 398), Level(0.5, 900, 700)))
    >>> support(table, 0.95).threshold
    0.9
    """
    found = [_supported(table, level) for level in table.levels if level.taken]
    fits = [one for one in found if one.low >= precision]
    if fits:
        return min(fits, key=lambda one: one.threshold)
    best = max(found, key=lambda one: (one.low, -one.threshold), default=None)
    most = f"It supports at most {math.floor(best.low * 1000) / 1000:.3f}: " if best else "It has no counts: "
    what = f"the gold {table.gold} ({table.version}) does not support a precision of {precision:g}"
    raise ParameterError(what, advice=f"{most}ask for less with --precision, or review by hand.")


def _supported(table: Table, level: Level) -> Support:
    low, high = wilson(level.right, level.taken)
    return Support(level.score, level.right / level.taken, low, high, level.taken, table)


def accept(found: MappingSet, tables: Iterable[Table], precision: float) -> Accepted:
    """Take the best candidate of each open source concept whose confidence reaches the threshold, as related.

    The relation is skos:mappingRelation, or closeMatch or broadMatch where that was proposed and a table of its own
    supports it; exactMatch and narrowMatch are never taken. Other candidates and what persons said stay as they are.
    Raises ParameterError when the rows have no confidence, or no table supports the precision.
    """
    by_what = {table.what: table for table in tables}
    if "any" not in by_what:
        what = "nothing is known of how often the scores of this set are right"
        raise ParameterError(what, advice="There is no calibration for this task and language; review by hand.")
    base = support(by_what["any"], precision)
    finer = {iri: _threshold(by_what.get(what), precision) for what, iri in (("close", CLOSE), ("broad", BROAD))}
    best = _best(found)
    if best and all(row.confidence is None for row in best.values()):
        advice = "Link again with the target and language that docs/linking.md lists, or review by hand."
        raise ParameterError("the candidates have no confidence, only a similarity score", advice=advice)
    taken = {row: _taken(row, finer) for row in best.values() if (row.confidence or 0.0) >= base.threshold}
    rows = tuple(taken.get(row, row) for row in found.mappings)
    return Accepted(replace(found, mappings=rows), base, len(taken), len(best))


def _threshold(table: Table | None, precision: float) -> float:
    """Give the threshold of a finer relation; infinite when it is not supported."""
    if table is None:
        return math.inf
    try:
        return support(table, precision).threshold
    except ParameterError:
        return math.inf


def _taken(row: Mapping, finer: dict[str, float]) -> Mapping:
    predicate = row.predicate if (row.confidence or 0.0) >= finer.get(row.predicate, math.inf) else SOME
    justification = SEMANTIC_THRESHOLD if _with_vectors(row) else LEXICAL_THRESHOLD
    return replace(row, predicate=predicate, justification=justification, candidate=False)


def _best(found: MappingSet) -> dict[str, Mapping]:
    """Give the best candidate of each source concept of which no person said anything that holds."""
    settled = {row.subject for row in found.mappings if row.justification in BY_HAND and row.modifier != NOT}
    rejected = {(row.subject, row.object) for row in found.mappings if row.modifier}
    best: dict[str, Mapping] = {}
    for row in found.mappings:
        if row.subject in settled or (row.subject, row.object) in rejected or not row.holds:
            continue
        if row.subject not in best or _rank(row) < _rank(best[row.subject]):
            best[row.subject] = row
    return best


def _rank(row: Mapping) -> tuple[float, float, str, str]:
    return (-(row.confidence or 0.0), -(row.similarity_score or 0.0), row.object, row.predicate)
