"""The words around a skill, from `phrases.toml`: leads ("experience with"), tails, grades ("strong"), small words."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from esco_graph.linking.texts import words
from esco_graph.phrases.segments import words_of

LONGEST = 1_000
"""Characters of a phrase; a longer text is for `extract`."""


@dataclass(frozen=True)
class PhraseWords:
    """The words of one language, and those of English with them.

    `leads` and `tails` hold phrases as tuples of words; `grades` are dropped before a lead or a skill; `small` have no
    meaning of their own, `light` little; `common` are labels that alone are no evidence of a skill; `joins` stand
    between two skills; `aside` are words of sentences that seldom speak of skills.
    """

    leads: frozenset[tuple[str, ...]]
    tails: frozenset[tuple[str, ...]]
    grades: frozenset[str]
    small: frozenset[str]
    light: frozenset[str]
    common: frozenset[str]
    joins: frozenset[str]
    aside: frozenset[tuple[str, ...]]
    short: int

    @cached_property
    def framing(self) -> frozenset[str]:
        """Give every word of a lead, a tail or a grade."""
        return self.grades | {word for one in self.leads | self.tails for word in one}

    def is_aside(self, found: Sequence[str]) -> bool:
        """Say whether a sentence has a word, or words in a row, of `aside`."""
        rows = (tuple(found[at : at + width]) for width in self._widths for at in range(len(found) - width + 1))
        return any(one in self.aside for one in rows)

    @cached_property
    def _widths(self) -> list[int]:
        return sorted({len(one) for one in self.aside})

    @cached_property
    def longest(self) -> int:
        """Count the words of the longest lead or tail."""
        return max((len(one) for one in self.leads | self.tails), default=0)


@cache
def phrase_words(lang: str) -> PhraseWords:
    """Give the words around a skill in a language and in English; of an unknown language only the English ones.

    `small`, `light` and `common` are those of the language alone, as small words of one are words of another.

    >>> ("knowledge", "of") in phrase_words("de").leads, ("kenntnisse", "in") in phrase_words("de").leads
    (True, True)
    """
    data = tomllib.loads((files(__package__) / "phrases.toml").read_text(encoding="utf-8"))
    own = lang.split("-")[0]

    def phrases(name: str) -> frozenset[tuple[str, ...]]:
        return frozenset(_words(one) for tag in {own, "en"} for one in data[name].get(tag, ()))

    def single(name: str) -> frozenset[str]:
        table: dict[str, Any] = data[name]
        return frozenset(word for one in table.get(own, ()) for word in words(one))

    grades = frozenset(word for tag in {own, "en"} for one in data["grades"].get(tag, ()) for word in _words(one))
    return PhraseWords(
        *(phrases("leads"), phrases("tails"), grades),
        *(single("small"), single("light"), single("common"), single("joins")),
        frozenset(_words(one) for one in data["aside"].get(own, ())),
        int(data["common"]["short"]),
    )


def without_lead(text: str, lang: str = "en") -> str:
    """Give a phrase without the words that only lead to it or grade it; the phrase itself when nothing else is left.

    >>> without_lead("Strong experience with project management")
    'project management'
    >>> without_lead("sehr gute Kenntnisse in der Buchhaltung", "de")
    'Buchhaltung'
    >>> without_lead("ability to")
    'ability to'
    """
    known, found = phrase_words(lang), words_of(text[:LONGEST])
    plain = [word.text for word in found]
    start, end = 0, len(found)
    while end > start:
        step = _lead(plain[start:end], known)
        tail = 0 if step else _tail(plain[start:end], known)
        if not step and not tail:
            break
        start, end = start + step, end - tail
    return text[found[start].start : found[end - 1].end] if end > start else text


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.text for word in words_of(text))


def _lead(found: Sequence[str], known: PhraseWords) -> int:
    """Count the words of the longest lead, or 1 for a word that grades; the last word is never taken."""
    for size in range(min(known.longest, len(found) - 1), 0, -1):
        if tuple(found[:size]) in known.leads:
            return size
    return int(len(found) > 1 and found[0] in known.grades)


def _tail(found: Sequence[str], known: PhraseWords) -> int:
    for size in range(min(known.longest, len(found) - 1), 0, -1):
        if tuple(found[-size:]) in known.tails:
            return size
    return 0
