"""Labels folded and indexed: what a text can mean, with the reason; near misses are suggested, never taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from esco_graph.errors import ParameterError
from esco_graph.terms import ESCO, ISCED_F, ISCO, OCCUPATION, SCHEME, SKILL, SKOS, check_lang

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.solutions import Term

PROPERTIES = ("prefLabel", "altLabel", "hiddenLabel")
"""Label properties of SKOS, the strongest first; the position is the rank of a match."""

KINDS = ("occupation", "skill", "isco-group", "skill-group", "scheme", "concept")

SUGGESTIONS = 5
_NEAR = 65  # least rapidfuzz token_sort_ratio (0..100) of a suggestion
_LONGEST = 300  # longer text than any label (the longest of ESCO has 166 characters) has no near miss
_WORDS = {"prefLabel": "preferred label", "altLabel": "alternative label", "hiddenLabel": "hidden label"}
_SEPARATOR = "\u241f"  # SYMBOL FOR UNIT SEPARATOR: in no label, and legal in XML results

_RUN = re.compile("[a-z0-9]+")
_MOST_TEXTS = 200  # for more, all labels are read
_FOLDS_TO_ASCII = (
    "[\xaa\xad\xb2\xb3\xb9\xba\xbc-\xbe\xdf\u0130-\u0133\u013f\u0140\u0149\u017f\u01c4-\u01cc\u01f0-\u01f3\u02b0-\u02b8"
    "\u02e0-\u02e4\u1d00-\u1dbf\u1e96-\u1e9f\u200b-\u200f\u2030-\U0010ffff]"
)  # a few more than those, so that it stays short; a test compares it with `fold`


@dataclass(frozen=True)
class Match:
    """One concept that a text means, and why.

    `property` is "prefLabel", "altLabel", "hiddenLabel", "notation" or "iri"; `label` is the label that matched, or for
    a match by notation or IRI the preferred one; `lang` is its BCP 47 tag in lower case; `kind` is one of KINDS.
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
    r"""Make texts equal that differ only in case, quotes, dashes, spaces or Unicode form.

    >>> fold("Monitor patients’  progress") == fold("monitor patients` progress")
    True
    >>> fold("Self\u2011employed\u00a0person")
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
    def of(
        cls, graph: Graph, *, langs: tuple[str, ...] | None = None, texts: Collection[str] | None = None
    ) -> LabelIndex:
        """Read the labels of a graph, of all languages or of some. The graph stays at hand as `.graph`.

        With `texts`, labels that can be equal to none of them are mostly left out, which saves most of the time; such
        an index suggests little.
        """
        only = tuple(check_lang(lang) for lang in langs) if langs is not None else None
        return cls(_read_labels(graph, only, _pattern(texts)), _read_kinds(graph), graph)

    def __len__(self) -> int:
        """Count the different folded labels."""
        return len(self._entries)

    def __contains__(self, iri: object) -> bool:
        """Say whether the graph has this concept."""
        return iri in self._kinds

    def kind(self, iri: str) -> str:
        """Give the kind of a concept, one of KINDS."""
        return self._kinds.get(iri) or kind_of(iri, (), ())

    def resolve(
        self,
        text: str,
        *,
        kind: str | Collection[str] | None = None,
        lang: str | None = None,
        suggest: int = SUGGESTIONS,
    ) -> Resolution:
        """Find what a text means.

        Only labels that are equal after folding count. A preferred label beats an alternative label of another concept,
        and that beats a hidden one; concepts of the same rank are all returned. `kind` (one or several) and `lang`
        restrict the search. When nothing is equal, up to `suggest` near misses are given, the nearest first.
        """
        kinds = {kind} if isinstance(kind, str) else kind
        for one in kinds or ():
            check_kind(one)
        lang = check_lang(lang) if lang else None
        entries = [entry for entry in self._entries.get(fold(text), ()) if self._wanted(entry, kinds, lang)]
        if entries:
            matches, reason = self._decide(entries)
            return Resolution(text, matches, (), reason)
        where = f" of this kind ({', '.join(sorted(kinds))})" if kinds else ""
        reason = f"no label{where}{f' in {lang}' if lang else ''} is equal to it"
        return Resolution(text, (), self._suggest(text, kinds, lang, suggest), reason)

    def _wanted(self, entry: Entry, kinds: Collection[str] | None, lang: str | None) -> bool:
        return (lang is None or entry[2] == lang) and (kinds is None or self.kind(entry[0]) in kinds)

    def _decide(self, entries: Iterable[Entry]) -> tuple[tuple[Match, ...], str]:
        """Keep each concept's strongest label, and of the concepts those with the strongest of all."""
        best: dict[str, Entry] = {}
        for entry in sorted(entries, key=strength):
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

    def _suggest(self, text: str, kinds: Collection[str] | None, lang: str | None, limit: int) -> tuple[Match, ...]:
        found: dict[str, Match] = {}
        for key in self._near(fold(text)) if limit else ():
            entries = [entry for entry in self._entries[key] if self._wanted(entry, kinds, lang)]
            for match in self._decide(entries)[0]:
                found.setdefault(match.iri, match)
            if len(found) >= limit:
                break
        return tuple(found.values())[:limit]

    def _near(self, key: str) -> Iterator[str]:
        """Give the labels that hold all the words, then those spelt nearly so, then those that share whole words.

        Among the first, those that begin with the words come before, occupations on top; else the nearest is first.
        """
        if not key or len(key) > _LONGEST:
            return
        from rapidfuzz import fuzz, process

        self._sorted_keys = self._sorted_keys or sorted(self._entries)  # so that ties do not depend on the store
        keys, ratio, words = self._sorted_keys, fuzz.token_sort_ratio, key.split()
        whole = (other for other in keys if words[0] in other and set(words) <= set(other.split()))
        yield from sorted(whole, key=lambda other: (*self._beginning(key, other), -ratio(key, other), other))
        yield from (hit[0] for hit in process.extract(key, keys, scorer=ratio, score_cutoff=_NEAR, limit=100))
        holding = process.extract(key, keys, scorer=fuzz.token_set_ratio, score_cutoff=100, limit=None)
        yield from sorted((hit[0] for hit in holding), key=lambda other: (-ratio(key, other), other))

    def _beginning(self, key: str, other: str) -> tuple[bool, bool]:
        """Sort key of labels: first the occupations that begin with these words, then what else does, then the rest."""
        begins = other.startswith(key + " ")
        return not begins, not (begins and any(self.kind(entry[0]) == "occupation" for entry in self._entries[other]))


def check_kind(kind: str | None) -> str | None:
    """Give the kind back; ParameterError when it is not one of KINDS."""
    if kind is not None and kind not in KINDS:
        raise ParameterError(f"{kind[:40]!r} is not a kind of concept", advice=f"Use one of: {', '.join(KINDS)}.")
    return kind


# Reading a graph


def strength(entry: Entry) -> tuple[int, bool, str, str]:
    """Sort key of entries: the stronger property first, then English, then the other languages."""
    return entry[3], entry[2] != "en", entry[2], entry[1]


def _pattern(texts: Collection[str] | None) -> str:
    r"""Give a regular expression that finds, in small letters, every label that can be equal to a text after folding.

    Each text's longest run of ASCII is in such a label as it is, or the label has a character that folds to ASCII.

    >>> _pattern(["Ward  Nurse"]).partition("|")[0], _pattern(["α"])
    ('nurse', '')
    """
    runs = [max(_RUN.findall(fold(text)), key=len, default="") for text in texts or ()]
    if texts is None or not all(runs) or len(runs) > _MOST_TEXTS:
        return ""
    return "|".join((*sorted(set(runs)), _FOLDS_TO_ASCII))


def _read_labels(graph: Graph, langs: tuple[str, ...] | None, pattern: str = "") -> Iterator[Entry]:
    """Read labels in groups: half the time of one row per label on a disk store."""
    tags = ", ".join(str(ox.Literal(lang)) for lang in langs or ())
    only = f"FILTER(LCASE(?lang) IN ({tags}))" if langs is not None else ""
    if pattern:
        only += f" FILTER(REGEX(LCASE(STR(?l)), {ox.Literal(pattern)}))"
    for rank, name in enumerate(PROPERTIES):
        rows = graph.select(
            f'SELECT ?c ?lang (GROUP_CONCAT(STR(?l); SEPARATOR="{_SEPARATOR}") AS ?labels) WHERE '
            f"{{ ?c <{SKOS}{name}> ?l BIND(LANG(?l) AS ?lang) {only} }} GROUP BY ?c ?lang"
        )
        for row in rows.dicts():
            iri, lang = text_of(row["c"]), text_of(row["lang"]).lower()
            for label in dict.fromkeys(text_of(row["labels"]).split(_SEPARATOR)):
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
            kinds.update(dict.fromkeys(text_of(row["all"]).split(), kind))
    return kinds


def entry_of(iri: str, label: Term, rank: int) -> Entry:
    """Make an entry of a label as SPARQL gives it."""
    return iri, text_of(label), (label.language or "").lower() if isinstance(label, ox.Literal) else "", rank


def text_of(term: Term) -> str:
    """Give the text of an IRI, blank node or literal."""
    return str(term) if isinstance(term, ox.Triple) else term.value
