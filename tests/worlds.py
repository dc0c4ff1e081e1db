"""Small made-up graphs for careers: occupations by name, with skills by name and a four-digit ISCO group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from esco_graph.endpoint import Endpoint
from esco_graph.graph import Graph, Result
from esco_graph.terms import ESCO, ESCO_DATA, ESG, ISCO, OCCUPATION, RDF, SCHEME, SKILL, SKOS

Needs = Mapping[str, tuple[str, str]]  # occupation -> essential and optional skills, each one letter or word of a text
LEVELS = {"9": 1, "5": 2, "3": 3, "2": 4}  # by major group, as ISCO-08 has it


class Spy(Graph):
    """A remote graph that keeps what it is asked."""

    def __init__(self, inner: Graph) -> None:
        """Ask `inner` as an endpoint is asked."""
        super().__init__(None, Endpoint("http://spy.invalid/query"), "spy")
        self.inner, self.asked = inner, list[str]()

    def query(self, sparql: str) -> Result:
        """Keep the text, and answer it."""
        self.asked.append(sparql)
        return self.inner.query(sparql)


def occupation(name: str) -> str:
    """IRI of an occupation."""
    return OCCUPATION + name


def skill(name: str) -> str:
    """IRI of a skill."""
    return SKILL + name


def world(
    needs: Needs,
    groups: Mapping[str, str] | None = None,
    *,
    regulated: Iterable[str] = (),
    green: Iterable[str] = (),
    broader: Iterable[tuple[str, str]] = (),
) -> Graph:
    """Make a graph in memory; `groups` gives the ISCO group of occupations, whose first digit decides the level."""
    return Graph.memory(quads(needs, groups or {}, regulated=regulated, green=green, broader=broader))


def quads(
    needs: Needs,
    groups: Mapping[str, str],
    *,
    regulated: Iterable[str] = (),
    green: Iterable[str] = (),
    broader: Iterable[tuple[str, str]] = (),
) -> list[ox.Quad]:
    """Give the statements of `world`, in a fixed order."""
    found: list[tuple[str, str, str | ox.Literal]] = []
    names: set[str] = set()
    for name, both in needs.items():
        iri = occupation(name)
        found += [(iri, RDF + "type", ESCO + "Occupation"), (iri, SKOS + "prefLabel", ox.Literal(name, language="en"))]
        for kind, words in zip(("Essential", "Optional"), both, strict=True):
            names |= set(words.split())
            found += [(iri, f"{ESCO}related{kind}Skill", skill(word)) for word in words.split()]
    for name, code in (groups or {}).items():
        found += [
            (occupation(name), ESCO + "memberOfISCOGroup", f"{ISCO}C{code}"),
            (occupation(name), SKOS + "notation", ox.Literal(f"{code}.{sorted(needs).index(name) + 1}")),
            (f"{ISCO}C{code}", SKOS + "notation", ox.Literal(code)),
        ]
        if code[0] in LEVELS:
            found.append((f"{ISCO}C{code}", ESG + "iscoSkillLevel", ox.Literal(LEVELS[code[0]])))
    for name in sorted(names | {child for child, _ in broader}):
        found += [
            (skill(name), RDF + "type", ESCO + "Skill"),
            (skill(name), SKOS + "prefLabel", ox.Literal(f"skill {name}", language="en")),
        ]
    found += [(skill(child), SKOS + "broader", skill(parent)) for child, parent in broader]
    found += [(skill(name), SKOS + "inScheme", SCHEME + "green") for name in green]
    note = ESCO_DATA + "regulated-professions/regulated"
    found += [(occupation(name), ESCO + "regulatedProfessionNote", note) for name in regulated]
    return [
        ox.Quad(ox.NamedNode(s), ox.NamedNode(p), ox.NamedNode(o) if isinstance(o, str) else o) for s, p, o in found
    ]
