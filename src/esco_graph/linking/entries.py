"""Read what an index is made of from a graph: the concepts of a target with their labels, descriptions and codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esco_graph.errors import NotFoundError
from esco_graph.labels.index import text_of
from esco_graph.linking.index import PROPERTIES, Entry
from esco_graph.terms import DCT, ESCO, ISO_THES, SKOS

if TYPE_CHECKING:
    from esco_graph.graph import Graph

_SEPARATOR = "\x1f"
_CLASSES = {"occupation": "Occupation", "skill": "Skill"}


def read_entries(graph: Graph, kind: str, lang: str) -> list[Entry]:
    """Read the concepts of a target that have a label in a language, by IRI; obsolete ones are left out.

    Raises NotFoundError where there is none, with the languages that there are.
    """
    found = _read_esco(graph, kind, lang) if kind in _CLASSES else _read_taxonomy(graph, kind)
    if not found:
        known = ", ".join(langs_of(graph, kind)) if kind in _CLASSES else ""
        advice = f"Labels are there in: {known}." if known else "See esco-graph info for what is in the graph."
        raise NotFoundError(f"no {kind} has a label in {lang!r}", advice=advice)
    return found


def langs_of(graph: Graph, kind: str) -> list[str]:
    """Give the languages of the preferred labels of occupations or skills, sorted."""
    rows = graph.select(
        f"SELECT DISTINCT ?lang WHERE {{ ?c a <{ESCO}{_CLASSES[kind]}> ; <{SKOS}prefLabel> ?l "
        "BIND(LCASE(LANG(?l)) AS ?lang) }"
    )
    return sorted(lang for row in rows.dicts() if (lang := text_of(row["lang"])))


def _read_taxonomy(graph: Graph, key: str) -> list[Entry]:
    from esco_graph.taxonomies.model import concepts_of

    return [
        Entry(one.iri, ((one.label, 0), *((label, 1) for label in one.alt)), one.description, one.isco, one.code)
        for one in concepts_of(graph, key)
    ]


def _read_esco(graph: Graph, kind: str, lang: str) -> list[Entry]:
    concept = f"?c a <{ESCO}{_CLASSES[kind]}>"
    labels: dict[str, list[tuple[str, int]]] = {}
    for rank, name in enumerate(PROPERTIES):
        for iri, texts in _texts(graph, f"{concept} ; <{SKOS}{name}> ?l", lang).items():
            labels.setdefault(iri, []).extend((text, rank) for text in sorted(texts))
    described = _texts(graph, f"{concept} ; <{DCT}description> ?l", lang)
    codes = _texts(graph, f"{concept} ; <{SKOS}notation> ?l", None)
    groups = _texts(graph, f"{concept} ; <{ESCO}memberOfISCOGroup>/<{SKOS}notation> ?l", None)
    old = {text_of(row["c"]) for row in graph.select(f'SELECT ?c WHERE {{ ?c <{ISO_THES}status> "obsolete" }}').dicts()}
    return [
        Entry(
            iri,
            tuple(labels[iri]),
            " ".join(sorted(described.get(iri, ()))),
            min(groups.get(iri, [""])),
            max(codes.get(iri, [""]), key=lambda code: (len(code), code)),
        )
        for iri in sorted(labels.keys() - old)
    ]


def _texts(graph: Graph, pattern: str, lang: str | None) -> dict[str, list[str]]:
    """Give the texts of each concept: one row per concept takes half the time of one per text."""
    only = f'FILTER(LCASE(LANG(?l)) = "{lang}")' if lang is not None else ""
    rows = graph.select(
        f'SELECT ?c (GROUP_CONCAT(STR(?l); SEPARATOR="{_SEPARATOR}") AS ?all) WHERE {{ {pattern} {only} }} GROUP BY ?c'
    )
    return {text_of(row["c"]): text_of(row["all"]).split(_SEPARATOR) for row in rows.dicts()}
