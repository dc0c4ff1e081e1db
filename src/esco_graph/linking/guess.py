"""In which language titles are: the one, of those that the graph has labels in, that knows most of their words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esco_graph.labels.index import text_of
from esco_graph.linking.texts import words
from esco_graph.terms import ESCO, SKOS

if TYPE_CHECKING:
    from esco_graph.graph import Graph

FEW = 0.2
"""Share of known words below which a language is in doubt."""
_SMALL = 3  # letters of words such as "in" and "de", which stand in many languages


@dataclass(frozen=True)
class Guess:
    """A language, "" when there is none, and the share of the words of the titles that its labels have."""

    lang: str
    share: float


def guess_lang(graph: Graph, titles: Iterable[str]) -> Guess:
    """Guess the language of titles among those in which the occupations of a graph have labels; ties go by the tag.

    A word counts less the more languages have it, and a small one only where there are no others.
    """
    spoken = [word for title in titles for word in words(title)]
    asked = [word for word in spoken if len(word) > _SMALL] or spoken
    known = _words_by_lang(graph)
    langs_of = {word: sum(word in have for have in known.values()) for word in set(asked)}
    worth = {lang: sum(1 / langs_of[word] for word in asked if word in have) for lang, have in known.items()}
    best = min(worth, key=lambda lang: (-worth[lang], lang), default="")
    return Guess(best, share_known(asked, known.get(best, set())))


def share_known(asked: list[str], known: Iterable[str]) -> float:
    """Give the share of words that are known; 0 when there are none.

    >>> share_known(["nurse", "xyz"], {"nurse"})
    0.5
    """
    have = set(known)
    return sum(word in have for word in asked) / len(asked) if asked else 0.0


def _words_by_lang(graph: Graph) -> dict[str, set[str]]:
    rows = graph.select(
        f'SELECT ?lang (GROUP_CONCAT(STR(?l); SEPARATOR=" ") AS ?all) WHERE {{ ?c a <{ESCO}Occupation> ; '
        f"<{SKOS}prefLabel> ?l BIND(LCASE(LANG(?l)) AS ?lang) }} GROUP BY ?lang"
    )
    found = ((text_of(row["lang"]), text_of(row["all"])) for row in rows.dicts())
    return {lang: set(words(text, len(text))) for lang, text in sorted(found) if lang}
