"""Mentions: places of a text that may name a concept, by a label that is there, or most of whose words are near."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from esco_graph.linking.texts import fold, stems
from esco_graph.phrases.label_bags import UNKNOWN, LabelBags
from esco_graph.phrases.phrase_words import PhraseWords, phrase_words
from esco_graph.phrases.text_words import TextWords

LABEL, ORDER, BAG = 1.0, 0.97, 0.92
"""What it is worth that words are a label, that they are its stems in order, or its roots in another order."""
ONE_WORD = (0.9, 0.7, 0.6)
"""What a label of one word is worth, by its rank (preferred, alternative, hidden), when other words stand around it."""
FULL = 0.15
"""What a label of one word gains when it fills its clause."""
ONE_NEAR = 0.75
"""What a near mention of one word is worth beside one of more words."""
NEAR = 0.6
"""Least share of a label's weight that must be there for a near mention."""
JOINED = 0.93
"""What it is worth when the words lie on both sides of "and"."""
ASIDE = 0.85
"""What it is worth in a sentence about pay, the employer, equal treatment or how to apply."""
GAP = 2
"""Words more than those of the label that a near mention may hold."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words `first` to `last` (excluded) of a `TextWords`, a label that they may be, and how good that is (0 to 1)."""

    first: int
    last: int
    label: int
    score: float
    how: str


def exact_mentions(text: str, words: TextWords, bags: LabelBags) -> Iterator[Mention]:
    """Find every window of words that is a label: as it is, inflected, or in another order of its words."""
    known = phrase_words(bags.index.lang)
    for first, last, key in words.windows(bags):
        said = text[int(words.start[first]) : int(words.end[last - 1])]
        base, how, labels = _graded(said, bags.labels_of(key), bags)
        if how == "other order" and words.clause[first] != words.clause[last - 1]:
            continue
        base *= _place(words, first, last, how != "label")
        for label in labels:
            if last - first > 1:
                yield Mention(first, last, label, base, how)
            elif _may_stand_alone(said, label, bags, known):
                worth = min(1.0, ONE_WORD[int(bags.index.rank[label])] + FULL * words.fullness(first, last))
                yield Mention(first, last, label, base * worth, how)


def _graded(said: str, labels: Sequence[int], bags: LabelBags) -> tuple[float, str, Sequence[int]]:
    """Keep the labels that fit best: equal, else with the same stems in order, else with the same roots."""
    plain, order = fold(said), stems(said)
    index = bags.index
    equal = [label for label in labels if fold(index.labels[label]) == plain]
    if equal:
        return LABEL, "label", equal
    same = [label for label in labels if stems(index.labels[label]) == order]
    if same:
        return ORDER, "inflected", same
    if index.kind == "occupation":  # who does a thing has the root of the thing: a calibrator, to calibrate
        labels = [label for label in labels if _singular(plain) <= _singular(fold(index.labels[label]))]
    return BAG, "other order", labels


def _singular(folded: str) -> set[str]:
    return {word.removesuffix("s") for word in folded.split()}


def _place(words: TextWords, first: int, last: int, split: bool) -> float:
    """Say what the place is worth: less in an aside, and where "and" parts words that are no label as they stand."""
    worth = ASIDE if words.aside[words.segment[first]] else 1.0
    return worth * (JOINED if split and words.clause[first] != words.clause[last - 1] else 1.0)


def _may_stand_alone(said: str, label: int, bags: LabelBags, known: PhraseWords) -> bool:
    """Guard against common and short words, see [common] in `phrases.toml`, and against words that only begin alike."""
    plain, written = fold(said), bags.index.labels[label]
    if {plain, fold(written)} & known.common:
        return False
    if len(plain) <= known.short:
        return written == "".join(letter for letter in said if unicodedata.category(letter) != "Cf")
    other = fold(written)
    return (
        plain == other
        or {plain.removesuffix("s"), plain.removesuffix("es")} & {other, other.removesuffix("s")} != set()
    )


def near_mentions(words: TextWords, bags: LabelBags, least: float = 0.0) -> Iterator[Mention]:
    """Find places that hold most of a label, and little else, whose score can be `least` or more."""
    enough = max(NEAR, (least / BAG) ** 2)
    present = np.zeros(len(bags.number), bool)
    bounds = np.searchsorted(words.segment, np.arange(len(words.segments) + 1))
    for begin, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        roots = words.root[begin:stop]
        distinct = np.unique(roots[roots != UNKNOWN])
        labels = bags.led_by(distinct.tolist())
        present[distinct] = True
        shares = bags.shares(labels, present)
        present[distinct] = False
        good = shares >= enough
        if good.any():
            places: dict[int, list[int]] = {}
            for at, one in enumerate(roots.tolist(), begin):
                places.setdefault(one, []).append(at)
            for label in labels[good].tolist():
                yield from _near(label, places, words, bags)


def _near(label: int, places: dict[int, list[int]], words: TextWords, bags: LabelBags) -> Iterator[Mention]:
    """Find the narrowest window that holds the words of the label that are there."""
    roots = bags.roots_of(label)
    held = [one for one in sorted(roots) if one in places]
    if len(roots) < 2:  # one word is a label or it is not
        return
    if bags.index.kind == "occupation" and len(held) < 2:  # one word of a title is no job: "finance", "head"
        return
    window = narrowest([places[one] for one in held])
    if window is None or window[1] - window[0] > len(held) + GAP:
        return
    first, last = window
    seen = len(held) == len(roots) == last - first  # that is the label itself, or its words in another order
    if seen or words.part[first] != words.part[last - 1]:
        return
    inside = words.root[first:last].tolist()
    weight = sum(bags.heaviest if one == UNKNOWN else float(bags.weight[one]) for one in inside)
    here = sum(float(bags.weight[one]) for one in held)
    density = here / max(weight, here, 1e-9)
    score = BAG * float(np.sqrt(here / float(bags.total[label]) * density)) * _place(words, first, last, True)
    if last - first == 1:
        score *= ONE_NEAR + FULL * words.fullness(first, last)
    yield Mention(first, last, label, score, "near")


def narrowest(places: Sequence[Sequence[int]]) -> tuple[int, int] | None:
    """Give the narrowest window that holds a place of each list; the first of equals, None without lists.

    >>> narrowest([[1, 9], [4, 10]]), narrowest([])
    ((9, 11), None)
    """
    marks = sorted((at, kind) for kind, one in enumerate(places) for at in one)
    best: tuple[int, int] | None = None
    last: dict[int, int] = {}
    for at, kind in marks:
        last[kind] = at
        if len(last) == len(places):
            first = min(last.values())
            if best is None or at + 1 - first < best[1] - best[0]:
                best = first, at + 1
    return best
