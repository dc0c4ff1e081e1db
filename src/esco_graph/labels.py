"""Text -> concept: labels folded and indexed, ambiguity shown, near misses suggested and never taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

from esco_graph.errors import AmbiguousError, NotFoundError, ParameterError
from esco_graph.terms import ESCO, ISCED_F, ISCO, OCCUPATION, RDF, SCHEME, SKILL, SKOS, compress, expand, is_curie

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.solutions import Term

PROPERTIES = ("prefLabel", "altLabel", "hiddenLabel")
"""Label properties of SKOS, the strongest first; the position is the rank of a match."""

KINDS = ("occupation", "skill", "isco-group", "skill-group", "scheme", "concept")

SUGGESTIONS = 5
_NEAR = 60  # least rapidfuzz token_sort_ratio (0..100) of a suggestion
_LONGEST = 300  # longer text than any label (the longest of ESCO has 166 characters) has no near miss
_WORDS = {"prefLabel": "preferred label", "altLabel": "alternative label", "hiddenLabel": "hidden label"}
_SEPARATOR = "\u241f"  # SYMBOL FOR UNIT SEPARATOR: in no label, and legal in XML results


@dataclass(frozen=True)
class Match:
    """One concept that a text means, and why.

    `property` is "prefLabel", "altLabel", "hiddenLabel", "notation" or "iri"; `label` is the label that matched, or the
    preferred label when the match is by notation or IRI; `lang` is its BCP 47 tag in lower case; `kind` is one of KINDS.
    """

    iri: str
    label: str
    lang: str
    property: str
    kind: str


@dataclass(frozen=True)
class Resolution:
    """What a text means: no concept, one, or several of the same rank; with the reason in words."""

    text: str
    matches: tuple[Match, ...]
    suggestions: tuple[Match, ...]
    reason: str

    @property
    def match(self) -> Match | None:
        """Give the one concept, or None when there is none or more than one."""
        return self.matches[0] if len(self.matches) == 1 else None


_FOLDS = str.maketrans(
    dict.fromkeys("`´‘’‚‛′ʹʻʼʽ＇", "'")
    | dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
    | dict.fromkeys("\xad\u200b\u200c\u200d\u2060\ufeff")
)


def fold(text: str) -> str:
    """Make texts equal that differ only in case, quotes, dashes, spaces or Unicode form.

    >>> fold("Monitor patients’  progress") == fold("monitor patients` progress")
    True
    >>> fold("Self\\u2011employed\\u00a0person")
    'self-employed person'
    """
    if text.isascii():
        return " ".join(text.casefold().replace("`", "'").split())
    # Marks first: NFKC would take an acute accent used as an apostrophe apart. Again at the end for full-width ones.
    text = unicodedata.normalize("NFKC", text.translate(_FOLDS)).casefold()
    return " ".join(unicodedata.normalize("NFKC", text).translate(_FOLDS).split())


def kind_of(iri: str, types: Iterable[str], schemes: Iterable[str]) -> str:
    """Say which kind of concept this is, by its types, its schemes, and last by its IRI.

    >>> kind_of("http://data.europa.eu/esco/isco/C2269", (), ())
    'isco-group'
    """
    types, schemes = set(types), set(schemes)
    if ESCO + "Occupation" in types:
        return "occupation"
    if ESCO + "Skill" in types:
        return "skill"
    if SKOS + "ConceptScheme" in types or iri.startswith(SCHEME):
        return "scheme"
    if SCHEME + "isco" in schemes or iri.startswith(ISCO):
        return "isco-group"
    if SCHEME + "skills-hierarchy" in schemes or iri.startswith((ISCED_F, SKILL)):
        return "skill-group"
    return "occupation" if iri.startswith(OCCUPATION) else "concept"


Entry = tuple[str, str, str, int]
"""IRI, label, language, rank of the label's property."""


class LabelIndex:
    """All the labels of a graph by their folded form.

    >>> index = LabelIndex([("http://example.org/1", "chef", "en", 0)], {"http://example.org/1": "occupation"})
    >>> index.resolve("Chef").matches[0].iri
    'http://example.org/1'
    """

    def __init__(self, entries: Iterable[Entry], kinds: dict[str, str], graph: Graph | None = None) -> None:
        """Index the entries; `kinds` maps IRI to kind, and an IRI that it lacks is told by its form."""
        self.graph = graph
        self._kinds = kinds
        self._entries: dict[str, list[Entry]] = {}
        self._sorted_keys: list[str] = []
        langs = set()
        for entry in entries:
            self._entries.setdefault(fold(entry[1]), []).append(entry)
            langs.add(entry[2])
        self.langs: tuple[str, ...] = tuple(sorted(langs))

    @classmethod
    def of(cls, graph: Graph, *, langs: tuple[str, ...] | None = None) -> LabelIndex:
        """Read the labels of a graph, of all languages or of some. The graph stays at hand as `.graph`."""
        only = tuple(check_lang(lang) for lang in langs) if langs is not None else None
        return cls(_read_labels(graph, only), _read_kinds(graph), graph)

    def __len__(self) -> int:
        """Count the different folded labels."""
        return len(self._entries)

    def kind(self, iri: str) -> str:
        """Give the kind of a concept, one of KINDS."""
        return self._kinds.get(iri) or kind_of(iri, (), ())

    def resolve(
        self, text: str, *, kind: str | None = None, lang: str | None = None, suggest: int = SUGGESTIONS
    ) -> Resolution:
        """Find what a text means.

        Only labels that are equal after folding count. A preferred label beats an alternative label of another concept,
        and that beats a hidden one; concepts of the same rank are all returned. `kind` and `lang` restrict the search.
        When nothing is equal, up to `suggest` near misses are given, the nearest first.
        """
        kind, lang = check_kind(kind), check_lang(lang) if lang else None
        entries = [entry for entry in self._entries.get(fold(text), ()) if self._wanted(entry, kind, lang)]
        if entries:
            matches, reason = self._decide(entries)
            return Resolution(text, matches, (), reason)
        where = f" of this kind ({kind})" if kind else ""
        reason = f"no label{where}{f' in {lang}' if lang else ''} is equal to it"
        return Resolution(text, (), self._suggest(text, kind, lang, suggest), reason)

    def _wanted(self, entry: Entry, kind: str | None, lang: str | None) -> bool:
        return (lang is None or entry[2] == lang) and (kind is None or self.kind(entry[0]) == kind)

    def _decide(self, entries: Iterable[Entry]) -> tuple[tuple[Match, ...], str]:
        """Keep each concept's strongest label, and of the concepts those with the strongest of all."""
        best: dict[str, Entry] = {}
        for entry in sorted(entries, key=_strength):
            best.setdefault(entry[0], entry)
        if not best:
            return (), ""
        top = min(entry[3] for entry in best.values())
        winners = sorted(entry for entry in best.values() if entry[3] == top)
        name = _WORDS[PROPERTIES[top]]
        matches = tuple(Match(iri, label, lang, PROPERTIES[rank], self.kind(iri)) for iri, label, lang, rank in winners)
        if len(winners) > 1:
            return matches, f"{len(winners)} concepts have it as {name}"
        weaker = len(best) - 1
        also = f"; {weaker} other concept{'s have' if weaker > 1 else ' has'} it as a weaker label" if weaker else ""
        return matches, name + also

    def _suggest(self, text: str, kind: str | None, lang: str | None, limit: int) -> tuple[Match, ...]:
        key = fold(text)
        if not key or not limit or len(key) > _LONGEST:
            return ()
        from rapidfuzz import fuzz, process

        if not self._sorted_keys:
            self._sorted_keys = sorted(self._entries)  # so that ties do not depend on the store's order
        near = process.extract(
            key, self._sorted_keys, scorer=fuzz.token_sort_ratio, score_cutoff=_NEAR, limit=20 * limit
        )
        found: dict[str, Match] = {}
        for other, _score, _index in near:
            entries = [entry for entry in self._entries[other] if self._wanted(entry, kind, lang)]
            for match in self._decide(entries)[0]:
                found.setdefault(match.iri, match)
        return tuple(found.values())[:limit]


def find_concept(graph: Graph, text: str, *, kind: str | None = None, lang: str | None = None) -> Match:
    """Find the one concept that a person means by an IRI, CURIE, UUID, code (2269.5, S1.2) or label.

    Exact labels are asked for by SPARQL first, as written and in lower case; only then are labels folded. `lang`
    restricts labels to one language, and is preferred for the label that comes back. Works on remote graphs.

    Raises NotFoundError (with near misses), AmbiguousError (with the candidates), ParameterError for an IRI that is none.
    """
    kind, lang = check_kind(kind), check_lang(lang) if lang else None
    text = " ".join(text.split())
    if not text:
        raise ParameterError("an empty name finds no concept", advice="Give an IRI, CURIE, code or label.")
    named = _by_name(graph, text, lang)
    wanted = [match for match in named if kind in (None, match.kind)]
    if named and not wanted:
        raise NotFoundError(f"{_shown(named[0])} is no {kind}", advice="Name a concept of that kind.")
    if _is_iri(text) and not named:
        raise NotFoundError(f"<{text[:200]}> is not in the graph", advice="See esco-graph info for the releases in it.")
    wanted = wanted or [match for match in _by_code(graph, text, lang) if kind in (None, match.kind)]
    if wanted:
        return _only(text, wanted)
    exact = _exact(graph, text, lang).resolve(text, kind=kind, suggest=0)
    resolution = exact if exact.matches else _folded(graph, text, lang).resolve(text, kind=kind)
    if resolution.matches:
        return _only(text, resolution.matches)
    near = "; ".join(_shown(match) for match in resolution.suggestions)
    what = f"no {kind or 'concept'} is called {text[:80]!r}"
    raise NotFoundError(what, advice=f"Near: {near}." if near else "Try esco-graph search.")


def check_lang(lang: str) -> str:
    """Give a language tag in lower case; ParameterError when it has not the form of BCP 47."""
    if not re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", lang):
        raise ParameterError(f"{lang[:40]!r} is not a language tag", advice="Use one such as en, de or pt-br.")
    return lang.lower()


def check_kind(kind: str | None) -> str | None:
    """Give the kind back; ParameterError when it is not one of KINDS."""
    if kind is not None and kind not in KINDS:
        raise ParameterError(f"{kind[:40]!r} is not a kind of concept", advice=f"Use one of: {', '.join(KINDS)}.")
    return kind


# Reading a graph

_LANGUAGES = (
    "ar bg cs da de el en es et fi fr ga hr hu is it lt lv mt nl nn no nb pl pt ro sk sl sv uk en-us en-gb"
).split()
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z]?\d[\d.]{0,30}|[A-Za-z]")


def _strength(entry: Entry) -> tuple[int, bool, str, str]:
    return entry[3], entry[2] != "en", entry[2], entry[1]


def _read_labels(graph: Graph, langs: tuple[str, ...] | None) -> Iterator[Entry]:
    """Read labels in groups: half the time of one row per label on a disk store."""
    tags = ", ".join(str(ox.Literal(lang)) for lang in langs or ())
    only = f"FILTER(LCASE(?lang) IN ({tags}))" if langs is not None else ""
    for rank, name in enumerate(PROPERTIES):
        rows = graph.select(
            f'SELECT ?c ?lang (GROUP_CONCAT(STR(?l); SEPARATOR="{_SEPARATOR}") AS ?labels) WHERE '
            f"{{ ?c <{SKOS}{name}> ?l BIND(LANG(?l) AS ?lang) {only} }} GROUP BY ?c ?lang"
        )
        for row in rows.dicts():
            iri, lang = _text(row["c"]), _text(row["lang"]).lower()
            for label in dict.fromkeys(_text(row["labels"]).split(_SEPARATOR)):
                yield iri, label, lang, rank


def _read_kinds(graph: Graph) -> dict[str, str]:
    kinds: dict[str, str] = {}
    for kind, pattern in (
        ("isco-group", f"?c <{SKOS}inScheme> <{SCHEME}isco>"),
        ("skill-group", f"?c <{SKOS}inScheme> <{SCHEME}skills-hierarchy>"),
        ("scheme", f"?c a <{SKOS}ConceptScheme>"),
        ("skill", f"?c a <{ESCO}Skill>"),
        ("occupation", f"?c a <{ESCO}Occupation>"),
    ):
        rows = graph.select(f'SELECT (GROUP_CONCAT(STR(?c); SEPARATOR=" ") AS ?all) WHERE {{ {pattern} }}')
        for row in rows.dicts():
            kinds.update(dict.fromkeys(_text(row["all"]).split(), kind))
    return kinds


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
        facts.setdefault(_text(row["c"]), []).append(row)
    return [_described(iri, facts[iri], lang, by) for iri in wanted if iri in facts]


def _described(iri: str, rows: list[dict[str, Term]], lang: str | None, by: str) -> Match:
    types, schemes = ([_text(row[name]) for row in rows if name in row] for name in ("type", "scheme"))
    labels = [_entry(iri, row["label"], 0) for row in rows if "label" in row]
    best = min(labels, key=lambda entry: (entry[2] != lang, _strength(entry)), default=(iri, iri, "", 0))
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
    matches = _describe(graph, sorted(_text(row["c"]) for row in rows.dicts()), lang, "notation")
    return [match for match in matches if match.kind == "isco-group"] or matches


def _exact(graph: Graph, text: str, lang: str | None) -> LabelIndex:
    """Index the labels that are the text as written or in lower case, in every language that ESCO has."""
    spellings = tuple(dict.fromkeys((text, text.lower())))
    literals = [ox.Literal(one, language=tag) for one in spellings for tag in ([lang] if lang else _LANGUAGES)]
    literals += [] if lang else [ox.Literal(one) for one in spellings]
    values = f"VALUES ?l {{ {' '.join(map(str, literals))} }}"
    return _small_index(graph, f"{values} ?c <{SKOS}%s> ?l")


def _folded(graph: Graph, text: str, lang: str | None) -> LabelIndex:
    """Index what can answer: all labels of a local graph; of a remote one those that share a long word."""
    if graph.store is not None:
        return LabelIndex.of(graph, langs=(lang,) if lang else None)
    words = sorted(re.findall(r"\w+", fold(text)), key=lambda word: (-len(word), word))[:2] or [text]
    holds = " || ".join(f"CONTAINS(LCASE(STR(?l)), {ox.Literal(word)})" for word in words)
    only = f" && LCASE(LANG(?l)) = {ox.Literal(lang)}" if lang else ""
    return _small_index(graph, f"?c <{SKOS}%s> ?l FILTER(({holds}){only})", "ORDER BY ?c ?l LIMIT 2000")


def _small_index(graph: Graph, pattern: str, ending: str = "") -> LabelIndex:
    """Index the labels that a pattern finds; `%s` in it stands for the label property."""
    before, after = pattern.rsplit("%s", 1)
    branches = (f"{{ {before}{name}{after} BIND({rank} AS ?rank) }}" for rank, name in enumerate(PROPERTIES))
    rows = graph.select(f"SELECT ?c ?l ?rank WHERE {{ {' UNION '.join(branches)} }} {ending}").dicts()
    entries = [_entry(_text(row["c"]), row["l"], int(_text(row["rank"]))) for row in rows]
    kinds = {match.iri: match.kind for match in _describe(graph, (entry[0] for entry in entries), None, "iri")}
    return LabelIndex(entries, kinds, graph)


def _only(text: str, matches: Iterable[Match]) -> Match:
    found = sorted(matches, key=lambda match: match.iri)
    if len(found) == 1:
        return found[0]
    raise AmbiguousError(
        f"{text[:80]!r} means {len(found)} concepts",
        candidates=tuple(match.iri for match in found),
        advice=f"Choose one: {'; '.join(_shown(match) for match in found)}.",
    )


def _shown(match: Match) -> str:
    return f"{match.label} ({match.kind}, {compress(match.iri)})"


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


def _entry(iri: str, label: Term, rank: int) -> Entry:
    return iri, _text(label), (label.language or "").lower() if isinstance(label, ox.Literal) else "", rank


def _text(term: Term) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value
