"""Find the row of an ESCO download in CSV from which a statement of the graph was made.

The statements are those of `sources/csv_rows`, the line numbers those of `sources/csv_table`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from esco_graph.sources.archive import Member
from esco_graph.sources.csv_rows import COLLECTIONS
from esco_graph.sources.csv_table import Line, read_lines, read_rows
from esco_graph.terms import ESCO, ESG, SCHEME, SKOS

CONCEPTS = ("occupations", "skills", "ISCOGroups", "skillGroups")
RELATIONS = {
    "occupationSkillRelations": ("occupationUri", "skillUri"),
    "skillSkillRelations": ("originalSkillUri", "relatedSkillUri"),
}
_BROADER = ("broaderRelationsOccPillar", "broaderRelationsSkillPillar")
_PREDICATES = {
    "essential": (f"<{ESCO}relatedEssentialSkill>", f"<{ESCO}isEssentialSkillFor>"),
    "optional": (f"<{ESCO}relatedOptionalSkill>", f"<{ESCO}isOptionalSkillFor>"),
}
_SKOS = {name: f"<{SKOS}{name}>" for name in ("broader", "inScheme", "notation", "hasTopConcept", "topConceptOf")}


class Row(NamedTuple):
    """The line of a row, what it is found by (subject, predicate or language, object), and whether it only mentions.

    A row that describes a concept is found by its subject alone, and by subject and `@lang` where its file has one.
    """

    line: int
    key: tuple[str, ...]
    mention: bool = False


def scan_csv(member: Member) -> Iterator[Row]:
    """Go over the rows of one file of a release. Raises SourceError with file:line for a broken one.

    >>> from pathlib import Path
    >>> from esco_graph.resources import resource
    >>> from esco_graph.sources.archive import find_members
    >>> members, _ = find_members([next(resource("examples").rglob("occupations*.csv"))])
    >>> [row.line for row in scan_csv(members[0])][:2]
    [2, 2]
    """
    if member.table in RELATIONS:
        return _relations(member, *RELATIONS[member.table])
    readers: dict[str, Callable[[Line], Iterator[Row]]] = {
        **dict.fromkeys(CONCEPTS, _concept),
        **dict.fromkeys(_BROADER, _broader),
        **{table: _collected(scheme) for table, scheme in COLLECTIONS.items()},
        "conceptSchemes": _scheme,
        "skillsHierarchy": _codes,
        "greenShareOcc": _green_share,
    }
    return _read(member, readers[member.table]) if member.table in readers else iter(())


def _read(member: Member, rows_of: Callable[[Line], Iterator[Row]]) -> Iterator[Row]:
    for line in read_lines(member):
        for row in rows_of(line):
            yield row
            if member.lang and len(row.key) == 1 and not row.mention:
                yield Row(row.line, (*row.key, f"@{member.lang}"))


def _node(cell: str) -> str:
    return f"<{cell.strip()}>"


def _concept(line: Line) -> Iterator[Row]:
    yield Row(line.number, (_node(line["conceptUri"]),))


def _broader(line: Line) -> Iterator[Row]:
    narrower, broader = _node(line["conceptUri"]), _node(line["broaderUri"])
    yield Row(line.number, (narrower, _SKOS["broader"], broader))
    yield Row(line.number, (narrower, _SKOS["broader"]))
    yield Row(line.number, (narrower,), mention=True)
    yield Row(line.number, (broader,), mention=True)


def _scheme(line: Line) -> Iterator[Row]:
    scheme = _node(line["conceptSchemeUri"])
    yield Row(line.number, (scheme,))
    for cell in line["hasTopConcept"].replace(",", " ").split():
        yield Row(line.number, (_node(cell), _SKOS["topConceptOf"], scheme))
        yield Row(line.number, (_node(cell),), mention=True)


def _collected(scheme: str) -> Callable[[Line], Iterator[Row]]:
    def read(line: Line) -> Iterator[Row]:
        concept = _node(line["conceptUri"])
        yield Row(line.number, (concept, _SKOS["inScheme"], f"<{SCHEME}{scheme}>"))
        yield Row(line.number, (concept,), mention=True)

    return read


def _codes(line: Line) -> Iterator[Row]:
    for level in range(4):
        if line[f"Level {level} code"].strip():
            group = _node(line[f"Level {level} URI"])
            yield Row(line.number, (group, _SKOS["notation"]))
            yield Row(line.number, (group,), mention=True)


def _green_share(line: Line) -> Iterator[Row]:
    yield Row(line.number, (_node(line["conceptUri"]), f"<{ESG}greenShare>"))
    yield Row(line.number, (_node(line["conceptUri"]),), mention=True)


def _relations(member: Member, subject: str, target: str) -> Iterator[Row]:
    """Take cells by place, as these files are by far the longest."""
    rows = read_rows(member)
    header = [column.strip() for column in next(rows)[1]]
    at_subject, at_target, at_kind = (header.index(column) for column in (subject, target, "relationType"))
    for number, cells in rows:
        one, other = _node(cells[at_subject]), _node(cells[at_target])
        there, back = _PREDICATES.get(cells[at_kind], ("", ""))
        yield Row(number, (one, there, other))
        yield Row(number, (other, back, one))
        yield Row(number, (one,), mention=True)
        yield Row(number, (other,), mention=True)
