"""What is shown of concepts beside their IRIs: label, code and description, from the graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from esco_graph.labels.index import text_of
from esco_graph.labels.naming import names_of
from esco_graph.terms import DCT, SKOS, check_lang

if TYPE_CHECKING:
    from esco_graph.graph import Graph


@dataclass(frozen=True, slots=True)
class Facts:
    """What is shown of one concept; "" for what is not known."""

    label: str = ""
    code: str = ""
    description: str = ""


def facts_of(graph: Graph, iris: Iterable[str], lang: str) -> dict[str, Facts]:
    """Look concepts up by two queries, in the language where there is one, else in English.

    What is no IRI, and a concept that has no label, is left out.

    >>> from esco_graph.graph import Graph
    >>> facts_of(Graph.memory(), ["http://example.org/a", "no iri"], "en")
    {}
    """
    wanted = [iri for iri in dict.fromkeys(iris) if _is_iri(iri)]
    names = names_of(graph, wanted, lang)
    texts = _descriptions(graph, list(names), lang)
    return {iri: Facts(name.label, name.code, texts.get(iri, "")) for iri, name in names.items()}


def _is_iri(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def _descriptions(graph: Graph, iris: list[str], lang: str) -> dict[str, str]:
    if not iris:
        return {}
    values = " ".join(str(ox.NamedNode(iri)) for iri in iris)
    path = "|".join(f"<{iri}>" for iri in (DCT + "description", SKOS + "definition"))
    rows = graph.select(f"SELECT ?c ?text WHERE {{ VALUES ?c {{ {values} }} ?c {path} ?text }}").dicts()
    found: dict[str, list[tuple[int, str]]] = {}
    best = {check_lang(lang): 0, "en": 1, "": 2}
    for row in rows:
        text = row["text"]
        if isinstance(text, ox.Literal):
            tag = (text.language or "").lower()
            found.setdefault(text_of(row["c"]), []).append((best.get(tag, 3), text.value))
    return {iri: min(texts)[1] for iri, texts in found.items()}
