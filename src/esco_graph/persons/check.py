"""Hold a person's profile to the shapes, with the graph that knows its concepts."""

from __future__ import annotations

from esco_graph.graph import Graph
from esco_graph.persons.model import Person
from esco_graph.persons.rdf import part_iri, to_quads
from esco_graph.persons.resolve import nearby
from esco_graph.validation import Finding, Report, validate

# What the lines of a file tell already, in other words: not one concept, none of the graph, of another kind, obsolete.
_TOLD = frozenset({"ESG404", "ESG632", "ESG633", "ESG635", "ESG637", "ESG638", "ESG643", "ESG644"})


def check_person(person: Person, graph: Graph) -> Report:
    """Validate a profile; a remote graph is asked for whole lists only, never for what the profile names."""
    return validate(Graph.memory(to_quads(person)), context=nearby(graph, person.lang))


def news(report: Report, person: Person) -> list[Finding]:
    """Give the findings that the lines and remarks of the person do not tell already."""
    lines = {part_iri(person.iri, line.kind, line.number) for line in person.unresolved} | {person.iri}
    concepts = {line.iri for line in person.lines}
    told = lines | concepts
    return [one for one in report.findings if one.code not in _TOLD or getattr(one.focus, "value", "") not in told]
