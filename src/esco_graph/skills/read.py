"""Read what the skill matrix is made of from any graph, by SPARQL that is plain enough for any server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from esco_graph.terms import DCAT, DCT, ESCO, ESCO_DATA, ESG, GRAPHS, ISO_THES, SCHEME, SKOS

if TYPE_CHECKING:
    from esco_graph.graph import Graph

Many = dict[str, set[str]]
GREEN = SCHEME + "green"
DIGITAL = SCHEME + "6c930acd-c104-4ece-acf7-f44fd7333036"
REGULATED = ESCO_DATA + "regulated-professions/regulated"


@dataclass(frozen=True)
class Relations:
    """IRIs as the graph has them: per occupation its skills and group, per concept its broader concepts.

    `group` gives (four-digit code, ISCO skill level or 0).
    """

    occupations: list[str]
    skills: list[str]
    essential: Many
    optional: Many
    broader: Many
    group: dict[str, tuple[str, int]]
    regulated: set[str]
    green: set[str]
    digital: set[str]
    release: str
    obsolete: dict[str, str]


def read_relations(graph: Graph) -> Relations:
    """Read the relations; obsolete occupations are left out.

    `essential` and `optional` also hold what skills need, for ESCO uses the same properties between skills: to leave
    those out in the query takes longer than to read them.
    """
    obsolete = _obsolete(graph)
    occupations = _iris(graph, f"?iri a <{ESCO}Occupation>").difference(obsolete)
    essential, optional = (
        _grouped(graph, f"?key <{ESCO}related{kind}Skill> ?value", "?key", "?value")
        for kind in ("Essential", "Optional")
    )
    related = {skill for many in (essential, optional) for key in many.keys() & occupations for skill in many[key]}
    return Relations(
        occupations=sorted(occupations),
        skills=sorted(_iris(graph, f"?iri a <{ESCO}Skill>") | related),
        essential=essential,
        optional=optional,
        broader=_turned(_grouped(graph, f"?value <{SKOS}broader> ?key", "?key", "?value")),
        group=_groups(graph),
        regulated=_iris(graph, f"?iri <{ESCO}regulatedProfessionNote> <{REGULATED}>"),
        green=_iris(graph, f"?iri <{SKOS}inScheme> <{GREEN}>"),
        digital=_iris(graph, f"?iri <{SKOS}inScheme> <{DIGITAL}>"),
        release=_release(graph),
        obsolete=obsolete,
    )


def _iris(graph: Graph, pattern: str) -> set[str]:
    rows = graph.select(f"SELECT ?iri WHERE {{ {pattern} }}")
    return {term.value for (term,) in rows if isinstance(term, ox.NamedNode)}


def _grouped(graph: Graph, pattern: str, key: str, value: str) -> Many:
    """Ask for pairs with one row per key: half the time of a row per pair, and far below the row limit of servers.

    Blank nodes have no STR; a literal is passed over unless it looks like an IRI. A FILTER takes half as long again.
    """
    rows = graph.select(
        f'SELECT {key} (GROUP_CONCAT(COALESCE(STR({value}), ""); separator=" ") AS ?all) '
        f"WHERE {{ {pattern} }} GROUP BY {key}"
    )
    found: Many = {}
    for one, text in rows:
        if isinstance(one, ox.NamedNode) and isinstance(text, ox.Literal):
            found[one.value] = {part for part in text.value.split() if ":" in part}
    return found


def _turned(narrower: Many) -> Many:
    broader: Many = {}
    for concept, members in narrower.items():
        for member in members:
            broader.setdefault(member, set()).add(concept)
    return broader


def _obsolete(graph: Graph) -> dict[str, str]:
    """Give obsolete occupations, each with the first of those that replaced it."""
    rows = graph.select(
        f'SELECT ?old ?new WHERE {{ ?old <{ISO_THES}status> "obsolete" ; a <{ESCO}Occupation> '
        f"OPTIONAL {{ ?old <{DCT}isReplacedBy> ?new }} }}"
    )
    found: dict[str, str] = {}
    for old, new in rows:
        if isinstance(old, ox.NamedNode):
            by = new.value if isinstance(new, ox.NamedNode) else ""
            found[old.value] = min(by, found.get(old.value, by))
    return dict(sorted(found.items()))


def _groups(graph: Graph) -> dict[str, tuple[str, int]]:
    """Give each occupation the first of its ISCO groups by code."""
    rows = graph.select(
        f"SELECT ?occupation ?code ?level WHERE {{ ?occupation <{ESCO}memberOfISCOGroup> ?group "
        f"OPTIONAL {{ ?group <{SKOS}notation> ?code }} OPTIONAL {{ ?group <{ESG}iscoSkillLevel> ?level }} }}"
    )
    found: dict[str, tuple[str, int]] = {}
    for occupation, code, level in rows:
        if isinstance(occupation, ox.NamedNode):
            group = (code.value if isinstance(code, ox.Literal) else "", _level(level))
            found[occupation.value] = min(group, found.get(occupation.value, group))
    return found


def _level(term: object) -> int:
    """Read an ISCO skill level; what is none of 1 to 4 is unknown, which the shapes report."""
    text = term.value if isinstance(term, ox.Literal) else ""
    return int(text) if text in {"1", "2", "3", "4"} else 0


def _release(graph: Graph) -> str:
    named = _iris(graph, f"?iri a <{DCAT}Dataset> ; <{DCT}title> ?title")
    return " ".join(sorted(iri for iri in named if iri.startswith(f"{GRAPHS}release/")))
