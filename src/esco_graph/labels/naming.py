"""Concepts in words that tell them apart: preferred label, kind, code and CURIE; and when a text is another name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from esco_graph.labels.index import Entry, Match, entry_of, fold, strength, text_of
from esco_graph.terms import SKOS, check_lang, compress

if TYPE_CHECKING:
    from esco_graph.graph import Graph

_OTHER_NAMES = ("altLabel", "hiddenLabel")


class Name(NamedTuple):
    """What a concept is called: its preferred label in the best language, and its code, "" where it has none."""

    label: str
    code: str


def names_of(graph: Graph, iris: Iterable[str], lang: str | None) -> dict[str, Name]:
    """Give the name of each concept, in `lang` where it has one there, else in English; one that has none is left out.

    Of several codes the longest is taken: ESCO gives some occupations the code of their group too.
    """
    wanted, lang = list(dict.fromkeys(iris)), check_lang(lang) if lang else None
    if not wanted:
        return {}
    values = "VALUES ?c { " + " ".join(str(ox.NamedNode(iri)) for iri in wanted) + " }"
    rows = graph.select(
        f"SELECT ?c ?label ?code WHERE {{ {{ {values} ?c <{SKOS}prefLabel> ?label }} UNION "
        f"{{ {values} ?c <{SKOS}notation> ?code }} }}"
    )
    labels: dict[str, list[Entry]] = {}
    codes: dict[str, list[str]] = {}
    for row in rows.dicts():
        iri = text_of(row["c"])
        if "label" in row:
            labels.setdefault(iri, []).append(entry_of(iri, row["label"], 0))
        else:
            codes.setdefault(iri, []).append(text_of(row["code"]))
    return {
        iri: Name(
            min(labels[iri], key=lambda entry: (entry[2] != lang, strength(entry)))[1],
            max(codes.get(iri, [""]), key=lambda code: (len(code), code)),
        )
        for iri in wanted
        if iri in labels
    }


def in_words(
    graph: Graph, matches: Iterable[Match], lang: str | None = None, *, with_match: bool = False
) -> tuple[str, ...]:
    """Write each match so that it can be told from all others, and its CURIE copied.

    That is `business manager (occupation 1213.5, esco-occupation:...)`. `with_match` puts the label that matched before
    it where another one is preferred: `ward nurse = nurse responsible for general care (...)`.
    """
    matches = tuple(matches)
    names = names_of(graph, (match.iri for match in matches), lang)
    return tuple(_written(match, names.get(match.iri, Name(match.label, "")), with_match) for match in matches)


def another_name(graph: Graph, text: str, match: Match, lang: str | None = None) -> str:
    """Say that a text is not what the concept is usually called; "" when it is, or is an IRI or code.

    That is `'teacher' is another name of politics lecturer (2310.1.34)`.
    """
    if match.property not in _OTHER_NAMES:
        return ""
    name = names_of(graph, [match.iri], lang).get(match.iri)
    if name is None or fold(name.label) == fold(text):
        return ""
    return f"{text[:80]!r} is another name of {name.label} ({name.code or compress(match.iri)})"


def _written(match: Match, name: Name, with_match: bool) -> str:
    before = f"{match.label} = " if with_match and fold(match.label) != fold(name.label) else ""
    kind = f"{match.kind} {name.code}" if name.code else match.kind
    return f"{before}{name.label} ({kind}, {compress(match.iri)})"
