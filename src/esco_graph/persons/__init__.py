"""Persons: a profile of skills, occupations and aims, read from many forms, resolved, matched with occupations.

>>> from esco_graph.persons import Person, SkillHolding, pseudonymous
>>> pseudonymous(Person("urn:uuid:0", name="Sam", skills=(SkillHolding("http://data.europa.eu/esco/skill/1"),))).name
''
"""

from __future__ import annotations

from esco_graph.persons.model import (
    Aim,
    Line,
    OccupationHolding,
    Person,
    SkillHolding,
    content_iri,
    pseudonymous,
)
from esco_graph.persons.own import as_own
from esco_graph.persons.rdf import from_graph, to_quads
from esco_graph.persons.read import ENDINGS, is_person_file, read_draft, read_person

__all__ = [
    "ENDINGS",
    "Aim",
    "Line",
    "OccupationHolding",
    "Person",
    "SkillHolding",
    "as_own",
    "content_iri",
    "from_graph",
    "is_person_file",
    "pseudonymous",
    "read_draft",
    "read_person",
    "to_quads",
]
