"""A text in lines, segments and words, each with its place: the text itself is never changed, so offsets stay right."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from esco_graph.labels import fold

# Marks that go on with a letter (accents, vowel points), and characters that nobody sees (soft hyphen, joiners, RTL).
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
)
_UNSEEN = "\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_LETTER = r"[^\W_]"
_ON = f"(?:[{_MARKS}{_UNSEEN}]*{_LETTER}|[{_MARKS}]+)"
_WORD = re.compile(
    rf"\.?{_LETTER}{_ON}*(?:\+\+|\#(?!\w)|['’]s(?!\w))?|\.?{_LETTER}{_ON}*",
)
_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_BULLET = re.compile(r"\s*(?:[-*+•◦▪▫‣⁃·●○■□–—»>✓✔➢➤]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+")
_HEADING = re.compile(r"\s*#{1,6}\s")
# A sentence ends at . ! ? before a blank and what does not go on in small letters; ; and a colon end a segment too.
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+[^\sa-zà-öø-ÿ])|[;:](?=\s)|\s[–—|•·]\s|\t+")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|etc|incl|approx|z\.B|d\.h|u\.a|bzw|ca|Dr|Mr|Ms|Mrs|St|Nr|no|vs|p\.ex|m\.m|t\.ex)$", re.I
)
LONGEST = 400
"""Words of the longest segment; a longer one (a text without any mark) is cut between two words."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its place in the text; `text` is folded, as labels are."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence or a part of one, with its words; `whole` when it is a whole line: an item of a list, or a heading."""

    start: int
    end: int
    words: tuple[Word, ...]
    whole: bool = False


def words_of(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Find the words of a text, in order, with their places.

    >>> [word.text for word in words_of("C++, C# and e\u0301quipe-s, worker’s")]
    ['c++', 'c#', 'and', 'équipe', 's', "worker's"]
    """
    stop = len(text) if end is None else end
    return [Word(*match.span(), fold(match[0])) for match in _WORD.finditer(text, start, stop)]


def segments_of(text: str) -> Iterator[Segment]:
    r"""Part a text into lines and these into sentences; items of a list and headings stay whole where they have no end.

    >>> found = segments_of("We bake bread. You clean, e.g. ovens\n- use a till\n")
    >>> [(text.whole, text.words[0].text, len(text.words)) for text in found]
    [(False, 'we', 3), (False, 'you', 5), (True, 'use', 3)]
    """
    for line in _LINE.finditer(text):
        bullet = _BULLET.match(text, line.start(), line.end()) or _HEADING.match(text, line.start(), line.end())
        begin = bullet.end() if bullet else line.start()
        parts = list(_parts(text, begin, line.end()))
        for start, end in parts:
            words = words_of(text, start, end)
            for at in range(0, len(words), LONGEST):
                some = tuple(words[at : at + LONGEST])
                yield Segment(some[0].start, some[-1].end, some, bool(bullet) and len(parts) == 1)


def _parts(text: str, begin: int, stop: int) -> Iterator[tuple[int, int]]:
    """Give the places of the sentences of a line."""
    start = begin
    for end in _END.finditer(text, begin, stop):
        if end[0].startswith(".") and _ABBREVIATION.search(text, max(start, end.start() - 8), end.start()):
            continue
        yield start, end.end()
        start = end.end()
    yield start, stop


class Lines:
    r"""Which line a place of the text is in, counted from 1.

    >>> Lines("a\nb\r\nc").number(5)
    3
    """

    def __init__(self, text: str) -> None:
        """Note where each line begins."""
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", text))]

    def number(self, place: int) -> int:
        """Give the number of the line."""
        return bisect_right(self._starts, place)
