"""Why a concept is a candidate, in words: what its labels, description, ISCO group and siblings have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import takewhile

from esco_graph.linking.bags import StemSpace
from esco_graph.linking.index import CandidateIndex
from esco_graph.linking.retrieve import Floats, Pool
from esco_graph.linking.texts import LONGEST, LONGEST_DESCRIPTION, Query, fold, stem, variants, words

NAMES = ("preferred label", "alternative label", "hidden label")
"""What the ranks of a label are called."""
_ARTICLES = ("the preferred label", "an alternative label", "a hidden label")
_EQUAL = "equal to"
_ALSO = "is also"
_NEAR = 0.5  # share of the words of two titles that is common, by weight, from which they are near
_SPELT_ALIKE = 0.35  # cosine of grams from which a label without a common word is worth naming
_SPEAKS = 0.08  # share of a description's words from which it is worth naming
_FEW = 3  # words that are named of a description
_HEARD = 0.4  # share of the votes of siblings from which they are worth naming
_MEANS = 0.45  # cosine of sentence vectors from which it is worth naming
_SAME_WORK = "the texts of both, taken together, are about the same work"
_ALIKE = 0.5  # cosine of whole texts from which it is worth saying
_TITLES = 30  # alternative titles that are looked through
_SIGNS = re.compile(r"[\W_]+")
_ENDING = 2  # letters in which two forms of one word differ; with more, only their beginning is the same
_CUT = 6  # the same for a stem of a description, of which at most eight letters are known
_SHORTEST = 2  # letters of a code that siblings share
_TELLING = 0.2  # share of the greatest idf below which a common word of a description is not named


class Reasons:
    """Reasons for the candidates of a pool, in words; the strongest first."""

    def __init__(
        self, index: CandidateIndex, queries: Sequence[Query], pool: Pool, values: Mapping[str, Floats] | None = None
    ) -> None:
        """Take a pool with the features of its candidates by name, where they are known."""
        self.index, self.queries, self.pool, self.values = index, queries, pool, values or {}
        plain = [_SIGNS.sub("", query.code).upper() for query in queries]
        self._prefixes = Counter(code[:end] for code in plain for end in range(_SHORTEST, len(code)))
        self._codes = plain
        self._bags: dict[str, tuple[frozenset[str], float]] = {}

    def of(self, at: int, place: int) -> tuple[str, ...]:
        """Give the reasons for the candidate of a query at a place."""
        concept = int(self.pool.rows[at, place])
        query = self.queries[at]
        title, other = self._title(at, place), self._other_titles(query, concept)
        if title.startswith(_EQUAL):
            other = ""
        found = [
            *((other, title) if _ALSO in other else (title, other)),
            self._description(at, place),
            self._isco(query, concept),
            self._siblings(at, place),
            self._meaning(at, place),
        ]
        return tuple(one for one in found if one) or (self._whole(at, place),)

    def _whole(self, at: int, place: int) -> str:
        """Say what is left where no word can be named."""
        likeness = float(self.values["whole"][at, place]) if "whole" in self.values else 0.0
        return _SAME_WORK if likeness >= _ALIKE else "has some letters in common with its labels"

    def _title(self, at: int, place: int) -> str:
        number = int(self.pool.label[at, place])
        if number < 0:
            return ""
        return self._likeness(self.queries[at].label, number, float(self.pool.scores["char"][at, place]))

    def _likeness(self, title: str, number: int, likeness: float) -> str:
        label = self.index.labels[number]
        named = f"the {NAMES[int(self.index.rank[number])]} {label!r}"
        forms = _forms(title)
        if _folded(label) in forms:
            as_ = "" if _folded(label) == _folded(title) else f" (as {forms[_folded(label)]!r})"
            return f"{_EQUAL} {named}{as_}"
        mine, theirs = _by_stem(title), _by_stem(label)
        shared = [_common(word, theirs[one]) for one, word in mine.items() if one in theirs]
        if shared and len(shared) == len(mine) == len(theirs) and shared == list(mine.values()):
            return f"the same words as {named}"
        if shared:
            return f"shares the {_counted('word', shared)} {', '.join(shared)} with {named}"
        return f"is spelt nearly like {named}" if likeness >= _SPELT_ALIKE else ""

    def _other_titles(self, query: Query, concept: int) -> str:
        """Name the alternative title that says most: one that is a label, else one that shares most words."""
        if not query.alt:
            return ""
        start = int(self.index.starts[concept])
        labels = {_folded(label): start + at for at, label in reversed(list(enumerate(self.index.labels_of(concept))))}
        titles = query.alt[:_TITLES]
        for one in titles:
            if (number := labels.get(_folded(one))) is not None:
                return f"its title {one!r} {_ALSO} {_ARTICLES[int(self.index.rank[number])]}"
        best, worth = "", _NEAR
        theirs = [(number, self._weighed(label)) for label, number in labels.items()]
        for one in titles:
            mine, mass = self._weighed(one)
            for number, (other, weight) in theirs:
                if shared := mine & other:
                    both = sum(self.index.stems.weight(word) for word in sorted(shared))
                    if both > worth * (mass + weight - both):
                        worth = both / (mass + weight - both)
                        best = f"its title {one!r} is near the label {self.index.labels[number]!r}"
        return best

    def _weighed(self, text: str) -> tuple[frozenset[str], float]:
        """Give the stems of a text and the sum of their idf."""
        if text not in self._bags:
            own = frozenset(_by_stem(text))
            self._bags[text] = own, sum(self.index.stems.weight(word) for word in sorted(own))
        return self._bags[text]

    def _description(self, at: int, place: int) -> str:
        query, concept, scores = self.queries[at], int(self.pool.rows[at, place]), self.pool.scores
        if query.description and scores["description"][at, place] >= _SPEAKS:
            text, who = query.description, "both descriptions speak of"
        elif scores["title_description"][at, place] >= _SPEAKS:
            text, who = query.label, "the description speaks of"
        else:
            return ""
        rows, space = self.index.descriptions, self.index.description_stems
        mine = _by_stem(text, LONGEST_DESCRIPTION)
        theirs = {space.names[one] for one in rows.indices[rows.indptr[concept] : rows.indptr[concept + 1]]}
        shared = [_common(mine[one], one, _CUT) for one in self._telling(space, mine.keys() & theirs)][:_FEW]
        return f"{who} {', '.join(shared)}" if shared else ""

    def _isco(self, query: Query, concept: int) -> str:
        mine, theirs = query.isco[:4], self.index.isco[concept]
        if mine and mine == theirs:
            return f"same ISCO group {mine}"
        if len(mine) == len(theirs) == 4 and mine[:3] == theirs[:3]:
            return f"ISCO group {theirs} is beside {mine}"
        return ""

    def _siblings(self, at: int, place: int) -> str:
        votes = self.values.get("siblings")
        if votes is None or votes[at, place] < _HEARD:
            return ""
        code = self._codes[at]
        ends = (end for end in range(len(code) - 1, _SHORTEST - 1, -1) if self._prefixes[code[:end]] > 1)
        end = next(ends, 0)
        group = self.index.isco[int(self.pool.rows[at, place])]
        begin = _beginning(self.queries[at].code, end)
        return f"codes beginning with {begin} point to ISCO group {group}" if end and group else ""

    def _meaning(self, at: int, place: int) -> str:
        near = [self.values[name][at, place] for name in ("embed_text", "embed_label") if name in self.values]
        best = float(max(near, default=0.0))
        return f"near in meaning ({best:.2f})" if best >= _MEANS else ""

    def _telling(self, space: StemSpace, shared: Iterable[str]) -> list[str]:
        """Order common stems, the rarest first, without those that are everywhere."""
        weighed = sorted((-space.weight(one), one) for one in shared)
        return [one for weight, one in weighed if -weight >= _TELLING * space.rarest]


@lru_cache(maxsize=50_000)
def _folded(label: str) -> str:
    return fold(label)


@lru_cache(maxsize=5_000)
def _forms(title: str) -> dict[str, str]:
    """Give the variants of a title by their folded form."""
    return {fold(one): one for one in reversed(variants(title))}


@lru_cache(maxsize=50_000)
def _by_stem(text: str, most: int = LONGEST) -> dict[str, str]:
    """Give the words of a text by stem, each as it is first written."""
    found: dict[str, str] = {}
    for word in words(text, most):
        found.setdefault(stem(word), word)
    return found


def _common(word: str, other: str, ending: int = _ENDING) -> str:
    """Give a word of the title that a label has in another form; only the beginning where they are two words.

    >>> _common("nurses", "nurse"), _common("electrical", "electrician"), _common("softwareentwickler", "software")
    ('nurses', 'electric-', 'software-')
    """
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))
    return word if max(len(word), len(other)) - same <= ending else f"{word[:same]}-"


def _beginning(code: str, letters: int) -> str:
    """Give the beginning of a code that has so many letters and digits, with the signs between them.

    >>> _beginning("11-1011.00", 5)
    '11-101'
    """
    ends = (end for end in range(len(code) + 1) if len(_SIGNS.sub("", code[:end])) == letters)
    return code[: next(ends, 0)]


def _counted(word: str, many: Sequence[object]) -> str:
    return word if len(many) == 1 else word + "s"
