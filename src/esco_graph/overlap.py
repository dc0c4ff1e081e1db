"""Skill overlap of occupations, by the stored queries: who is similar, and what is missing between two.

Importing this module imports neither rdflib nor pyoxigraph: the command line takes the measures from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from esco_graph.errors import ParameterError
from esco_graph.terms import ESCO

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.query import Table

MEASURES = {"coverage": "occupations-by-coverage", "jaccard": "occupations-by-jaccard"}
TOP_LEVEL = 4


@dataclass(frozen=True)
class Ranking:
    """Occupations ranked against one; `remark` says why the ranking is empty, when it is."""

    own_level: int | None
    table: Table
    remark: str


@dataclass(frozen=True)
class Gap:
    """The skills of a target; `counts` by requirement (essential, optional) and status (held, optional, new)."""

    table: Table
    counts: dict[str, dict[str, int]]


def similar(
    graph: Graph, occupation: str, *, measure: str = "coverage", level: str = "any", limit: int = 10, lang: str = "en"
) -> Ranking:
    """Rank occupations by the skills they share with one.

    `measure` is coverage (shared / skills of the other, directed) or jaccard (shared / skills of either); `level` keeps
    those of the same ISCO-08 skill level, one level higher ("next") or any. Raises ParameterError for other values.
    """
    from esco_graph.query import stored

    table = stored(_query_of(measure)).run(graph, occupation=occupation, level=level, limit=limit, lang=lang)
    levels = [row["level"] for row in stored("occupation-level").run(graph, occupation=occupation).dicts()]
    own = levels[0] if levels else None
    return Ranking(own, table, "" if table.rows else _why_empty(graph, own, level))


def gap(graph: Graph, occupation: str, target: str, *, lang: str = "en") -> Gap:
    """List the skills of the target with what the occupation brings along: held (as essential), optional, or new."""
    from esco_graph.query import stored

    table = stored("missing-skills").run(graph, occupation=occupation, target=target, lang=lang)
    counts = {need: dict.fromkeys(("held", "optional", "new"), 0) for need in ("essential", "optional")}
    for row in table.dicts():
        counts[row["requirement"]][row["status"]] += 1
    return Gap(table, counts)


def _query_of(measure: str) -> str:
    if measure in MEASURES:
        return MEASURES[measure]
    near = get_close_matches(measure, MEASURES, 1)
    advice = f"Did you mean {near[0]}? " if near else ""
    raise ParameterError(f"there is no measure {measure!r}", advice=f"{advice}Use one of: {', '.join(MEASURES)}.")


def _why_empty(graph: Graph, own: int | None, level: str) -> str:
    if not graph.ask(f"ASK {{ ?occupation <{ESCO}relatedEssentialSkill> ?skill }}"):
        return "Empty: this graph holds no relations between occupations and skills, so nothing can be compared."
    if level != "any" and own is None:
        return "Empty: the ISCO skill level of the occupation is not in the graph."
    if level == "next" and own == TOP_LEVEL:
        return "Empty: ISCO skill level 4 is the highest, so no occupation is one level higher."
    return "Empty: no such occupation shares a skill with this one."
