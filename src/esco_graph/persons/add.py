"""Add the essential skills of the occupations that a person holds; only when that is asked for."""

from __future__ import annotations

from dataclasses import replace

from esco_graph.graph import Graph
from esco_graph.persons.model import Line, Person, SkillHolding
from esco_graph.skills.labels import labels_in
from esco_graph.skills.matrix import SkillMatrix


def with_occupations(person: Person, graph: Graph, *, lang: str = "en") -> Person:
    """Give the profile with the essential skills of the occupations held, each once, after those that it states.

    Nobody said that the person has them: the evidence of each is the occupation, and the line tells it. Occupations
    that the graph does not know add nothing.
    """
    matrix = SkillMatrix.of(graph)
    occupations = frozenset(matrix.occupations)
    known = [iri for iri in person.occupation_iris if iri in occupations]
    from_: dict[str, str] = {}
    for occupation in known:
        for column in matrix.skills_of(occupation).essential.tolist():
            from_.setdefault(matrix.skills[column], occupation)
    added = [iri for iri in from_ if iri not in person.skill_iris]
    labels = labels_in(graph, [*added, *known], lang)
    skills, lines = list(person.skills), list(person.lines)
    for iri in added:
        reason = f"essential for {labels[from_[iri]]}"
        skills.append(SkillHolding(iri, evidence=(reason,)))
        lines.append(Line("skill", len(skills), "", "found", iri, labels[iri], "occupation", reason))
    return replace(person, skills=tuple(skills), lines=tuple(lines))
