"""Find the one concept that a person names: by IRI, CURIE, UUID, code or label."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

from esco_graph.errors import AmbiguousError, NotFoundError, ParameterError
from esco_graph.labels.index import (
    PROPERTIES,
    SUGGESTIONS,
    LabelIndex,
    Match,
    Resolution,
    check_kind,
    entry_of,
    fold,
    kind_of,
    strength,
    text_of,
)
from esco_graph.labels.naming import in_words
from esco_graph.terms import OCCUPATION, RDF, SCHEME, SKILL, SKOS, check_lang, expand, is_curie

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.solutions import Term

_LANGUAGES = (
    *("ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "is", "it", "lt", "lv"),
    *("mt", "nb", "nl", "nn", "no", "pl", "pt", "ro", "sk", "sl", "sv", "uk", "en-us", "en-gb"),
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z]?\d[\d.]{0,30}|[A-Za-z]")


def find_concept(graph: Graph, text: str, *, kind: str | None = None, lang: str | None = None) -> Match:
    """Find the one concept that a person means by an IRI, CURIE, UUID, code (2269.5, S1.2) or label.

    The label is asked for by SPARQL in its usual spellings first, in all languages; only then are labels folded, those
    in `lang` and in English. What a label in `lang` means comes before what one in another language means; the label
    that comes back for an IRI or code is in `lang` where there is one. Works on remote graphs.

    Raises NotFoundError (with near misses), AmbiguousError (with the candidates), ParameterError for a broken IRI.
    """
    kind, lang = check_kind(kind), check_lang(lang) if lang else None
    text = " ".join(text.split())
    if not text:
        raise ParameterError("an empty name finds no concept", advice="Give an IRI, CURIE, code or label.")
    named = _by_name(graph, text, lang)
    wanted = [match for match in named if kind in (None, match.kind)]
    if named and not wanted:
        raise NotFoundError(
            f"{in_words(graph, named[:1], lang)[0]} is no {kind}", advice="Name a concept of that kind."
        )
    if _is_iri(text) and not named:
        raise NotFoundError(f"<{text[:200]}> is not in the graph", advice="See esco-graph info for the releases in it.")
    wanted = wanted or [match for match in _by_code(graph, text, lang) if kind in (None, match.kind)]
    if wanted:
        return _only(graph, text, wanted, lang)
    resolution = _resolve(_exact(graph, text), text, kind, lang, suggest=0)
    if not resolution.matches:
        resolution = _resolve(_folded(graph, text, lang), text, kind, lang)
    if resolution.matches:
        return _only(graph, text, resolution.matches, lang)
    near = "; ".join(in_words(graph, resolution.suggestions, lang, with_match=True))
    what = f"no {kind or 'concept'} is called {text[:80]!r}"
    raise NotFoundError(what, advice=f"Near: {near}." if near else "Try esco-graph search.")


def _describe(graph: Graph, iris: Iterable[str], lang: str | None, by: str) -> list[Match]:
    """Give a match for each IRI that is a concept of the graph, with the preferred label in the best language."""
    wanted = list(dict.fromkeys(iris))
    if not wanted:
        return []
    values = "VALUES ?c { " + " ".join(str(ox.NamedNode(iri)) for iri in wanted) + " }"
    rows = graph.select(
        f"SELECT ?c ?type ?scheme ?label WHERE {{ {{ {values} ?c <{RDF}type> ?type }} UNION "
        f"{{ {values} ?c <{SKOS}inScheme> ?scheme }} UNION {{ {values} ?c <{SKOS}prefLabel> ?label }} }}"
    )
    facts: dict[str, list[dict[str, Term]]] = {}
    for row in rows.dicts():
        facts.setdefault(text_of(row["c"]), []).append(row)
    return [_described(iri, facts[iri], lang, by) for iri in wanted if iri in facts]


def _described(iri: str, rows: list[dict[str, Term]], lang: str | None, by: str) -> Match:
    types, schemes = ([text_of(row[name]) for row in rows if name in row] for name in ("type", "scheme"))
    labels = [entry_of(iri, row["label"], 0) for row in rows if "label" in row]
    best = min(labels, key=lambda entry: (entry[2] != lang, strength(entry)), default=(iri, iri, "", 0))
    return Match(iri, best[1], best[2], by, kind_of(iri, types, schemes))


def _by_name(graph: Graph, text: str, lang: str | None) -> list[Match]:
    """Look up an IRI, a link to the ESCO portal, a CURIE or a bare UUID."""
    if _is_iri(text):
        return _describe(graph, _spellings(text.strip("<>")), lang, "iri")[:1]
    if _UUID.fullmatch(text):
        return _describe(graph, [space + text.lower() for space in (OCCUPATION, SKILL, SCHEME)], lang, "iri")
    if is_curie(text) and " " not in text:
        return _describe(graph, [_checked_iri(expand(text))], lang, "iri")
    return []


def _by_code(graph: Graph, text: str, lang: str | None) -> list[Match]:
    """Look up a code; where occupations carry their group's code too, the group has the better claim to it."""
    if not _CODE.fullmatch(text):
        return []
    codes = " ".join(str(ox.Literal(code)) for code in dict.fromkeys((text, text.upper())))
    rows = graph.select(f"SELECT DISTINCT ?c WHERE {{ VALUES ?code {{ {codes} }} ?c <{SKOS}notation> ?code }}")
    matches = _describe(graph, sorted(text_of(row["c"]) for row in rows.dicts()), lang, "notation")
    return [match for match in matches if match.kind == "isco-group"] or matches


def _resolve(
    index: LabelIndex, text: str, kind: str | None, lang: str | None, suggest: int = SUGGESTIONS
) -> Resolution:
    """Resolve in the language first, then in all."""
    own = index.resolve(text, kind=kind, lang=lang, suggest=0) if lang else None
    return own if own and own.matches else index.resolve(text, kind=kind, suggest=suggest)


def _exact(graph: Graph, text: str) -> LabelIndex:
    """Index the labels that are the text in a usual spelling, in every language that ESCO has."""
    plain = fold(text)
    spellings = (text, text.lower(), plain, plain.replace("'", "’"), plain[:1].upper() + plain[1:])
    literals = [ox.Literal(one, language=tag) for one in dict.fromkeys(spellings) for tag in _LANGUAGES]
    literals += [ox.Literal(one) for one in dict.fromkeys(spellings)]
    values = f"VALUES ?l {{ {' '.join(map(str, literals))} }}"
    return _small_index(graph, f"{values} ?c <{SKOS}%s> ?l")


def _folded(graph: Graph, text: str, lang: str | None) -> LabelIndex:
    """Index what can answer: all labels of a local graph; of a remote one those that share a long word."""
    langs = tuple(dict.fromkeys((lang, "en"))) if lang else None
    if graph.store is not None:
        return LabelIndex.of(graph, langs=langs)
    words = sorted(re.findall(r"\w+", fold(text)), key=lambda word: (-len(word), word))[:2] or [text]
    holds = " || ".join(f"CONTAINS(LCASE(STR(?l)), {ox.Literal(word)})" for word in words)
    tags = ", ".join(str(ox.Literal(tag)) for tag in langs or ())
    only = f" && LCASE(LANG(?l)) IN ({tags})" if langs else ""
    return _small_index(graph, f"?c <{SKOS}%s> ?l FILTER(({holds}){only})", "ORDER BY ?c ?l LIMIT 2000")


def _small_index(graph: Graph, pattern: str, ending: str = "") -> LabelIndex:
    """Index the labels that a pattern finds; `%s` in it stands for the label property."""
    before, after = pattern.rsplit("%s", 1)
    branches = (f"{{ {before}{name}{after} BIND({rank} AS ?rank) }}" for rank, name in enumerate(PROPERTIES))
    rows = graph.select(f"SELECT ?c ?l ?rank WHERE {{ {' UNION '.join(branches)} }} {ending}").dicts()
    entries = [entry_of(text_of(row["c"]), row["l"], int(text_of(row["rank"]))) for row in rows]
    kinds = {match.iri: match.kind for match in _describe(graph, (entry[0] for entry in entries), None, "iri")}
    return LabelIndex(entries, kinds, graph)


def _only(graph: Graph, text: str, matches: Iterable[Match], lang: str | None) -> Match:
    """Give the one match; what ESCO has under a name comes before what another classification has."""
    found = sorted(matches, key=lambda match: match.iri)
    found = [match for match in found if match.kind != "concept"] or found
    if len(found) == 1:
        return found[0]
    raise AmbiguousError(
        f"{text[:80]!r} means {len(found)} concepts",
        candidates=tuple(match.iri for match in found),
        advice=f"Choose one: {'; '.join(in_words(graph, found, lang))}.",
    )


def _is_iri(text: str) -> bool:
    return "://" in text or (text.startswith("<") and text.endswith(">"))


def _checked_iri(text: str) -> str:
    try:
        return ox.NamedNode(text).value
    except ValueError as error:
        raise ParameterError(
            f"{text[:200]!r} is not an IRI: {error}", advice="Write it in full, without spaces or brackets."
        ) from error


def _spellings(text: str) -> list[str]:
    """Give the IRI, the one that a link to the ESCO portal carries, and ESCO's http form of an https IRI."""
    carried = parse_qs(urlsplit(_checked_iri(text)).query).get("uri", [])
    iris = [text, *(_checked_iri(iri) for iri in carried)]
    return iris + [iri.replace("https:", "http:", 1) for iri in iris if iri.startswith("https://data.europa.eu/esco/")]
