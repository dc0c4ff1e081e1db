"""Extract: the skills and occupations that a free text names, each with its place, a score and its concepts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from esco_graph.errors import NotFoundError, ParameterError
from esco_graph.labels import check_lang
from esco_graph.linking.embed import Progress, Vectors, vectors_of
from esco_graph.linking.index import PROPERTIES, CandidateIndex
from esco_graph.linking.link import Candidate
from esco_graph.phrases.label_bags import LabelBags
from esco_graph.phrases.markup import readable
from esco_graph.phrases.meaning import meant
from esco_graph.phrases.mentions import Mention, exact_mentions, near_mentions
from esco_graph.phrases.segments import Lines, segments_of
from esco_graph.phrases.stored_bags import bags_of
from esco_graph.phrases.text_words import TextWords
from esco_graph.phrases.understand import KINDS as KINDS

if TYPE_CHECKING:
    from esco_graph.graph import Graph

THRESHOLD = 0.82
"""Least score that is shown unless asked otherwise; chosen on the dev half of benchmarks/data/job_ads.jsonl."""
WEAKER = 0.01
"""What a label loses for each rank below the preferred one, so that a preferred label comes first."""
SHOWN = 5
"""Concepts that are given for one place."""


@dataclass(frozen=True, slots=True)
class Found:
    """A place of the text, `text[start:end]`, that names a skill or an occupation.

    `candidates` are the concepts, best first; more than one with the score of the first means that the words are
    ambiguous. `score` lies between 0 and 1 and is no probability; `how` is "label" (a label as it is), "inflected",
    "other order" (of its words), "near" (most of its words) or "meaning" (a clause that is near to it by sentence
    vectors); `line` counts from 1.
    """

    start: int
    end: int
    text: str
    candidates: tuple[Candidate, ...]
    score: float
    kind: str
    how: str
    line: int

    @property
    def ambiguous(self) -> bool:
        """Say whether several concepts fit equally well."""
        return len(self.candidates) > 1 and self.candidates[1].score == self.candidates[0].score


def extract(
    text: str,
    graph: Graph,
    *,
    lang: str = "en",
    threshold: float = THRESHOLD,
    kinds: Sequence[str] = KINDS,
    as_html: bool = False,
    embed: str = "auto",
    progress: Progress | None = None,
) -> list[Found]:
    """Find skills and occupations in a text, in the order of their places; no two overlap.

    Places count characters (code points) of the text as given. Of two that overlap the one with the better score times
    the root of its words stays. `as_html` reads what an HTML page shows. Clauses in which nothing was found are
    compared with the skills by sentence vectors where an encoder is installed: `embed` is one of
    `linking.EMBED_MODES`, and `progress` is told when vectors are made. Raises ParameterError for an unknown kind or
    mode, NotFoundError when the graph has no labels in the language.
    """
    lang = check_lang(lang)
    if wrong := [kind for kind in kinds if kind not in KINDS]:
        raise ParameterError(f"{wrong[0][:40]!r} is no kind of phrase", advice=f"Use one of: {', '.join(KINDS)}.")
    read = readable(text, as_html=as_html)
    segments = list(segments_of(read))
    known = [(bags, TextWords.of(read, bags, segments)) for bags in _bags(graph, kinds, lang)]
    found = (one for bags, words in known for one in _found(read, words, bags, threshold))
    kept = without_overlap(one for one in found if one.score >= threshold)
    for bags, words in known:
        if bags.index.kind == "skill":
            near = _meant(read, words, bags, kept, threshold, vectors_of(bags.index, embed, progress=progress))
            kept = without_overlap([*kept, *(one for one in near if one.score >= threshold)])
    lines = Lines(text)
    return [replace(one, text=text[one.start : one.end], line=lines.number(one.start)) for one in kept]


def _bags(graph: Graph, kinds: Sequence[str], lang: str) -> list[LabelBags]:
    """Give the labels of each kind; a graph may hold the occupations of a language and not its skills."""
    found: list[LabelBags] = []
    missing: list[NotFoundError] = []
    for kind in kinds:
        try:
            found.append(bags_of(graph, kind, lang))
        except NotFoundError as error:
            missing.append(error)
    if missing and not found:
        raise missing[0]
    return found


def _meant(
    text: str, words: TextWords, bags: LabelBags, taken: Sequence[Found], least: float, vectors: Vectors | None
) -> Iterator[Found]:
    if vectors is None:
        return
    places = [(one.start, one.end) for one in taken]
    for (start, end), candidates in meant(text, words, places, bags, vectors, SHOWN, least):
        if candidates:
            yield Found(start, end, text[start:end], candidates, candidates[0].score, "skill", "meaning", 0)


def _found(text: str, words: TextWords, bags: LabelBags, least: float) -> Iterator[Found]:
    kind = bags.index.kind
    by_place: dict[tuple[int, int], list[Mention]] = {}
    for mentions in (exact_mentions(text, words, bags), near_mentions(words, bags, least)):
        for one in mentions:
            by_place.setdefault((one.first, one.last), []).append(one)
    for (first, last), some in by_place.items():
        start, end = int(words.start[first]), int(words.end[last - 1])
        candidates = _candidates(some, bags)
        how = max(some, key=lambda one: (one.score, one.how)).how
        yield Found(start, end, text[start:end], candidates, candidates[0].score, kind, how, 0)


def _candidates(mentions: Sequence[Mention], bags: LabelBags) -> tuple[Candidate, ...]:
    """Give the concepts of mentions of one place, each once by its best label; a preferred label comes first."""
    index = bags.index
    best: dict[int, tuple[float, int, int]] = {}
    for mention in mentions:
        key = (-round(mention.score, 6), int(index.rank[mention.label]), mention.label)
        concept = int(index.owner[mention.label])
        best[concept] = min(best.get(concept, key), key)
    ranked = sorted(best.items(), key=lambda item: (*item[1][:2], item[0]))
    return tuple(_candidate(index, concept, key) for concept, key in ranked[:SHOWN])


def _candidate(index: CandidateIndex, concept: int, key: tuple[float, int, int]) -> Candidate:
    score, rank, label = key
    reason = f"{PROPERTIES[rank]} {index.labels[label]!r}"
    worth = round(-score - WEAKER * rank, 6)
    return Candidate(index.iris[concept], index.label(concept), index.codes[concept], worth, None, "mapped", (reason,))


def without_overlap(found: Iterable[Found]) -> list[Found]:
    """Keep the best of those that overlap: by score and length, then the first, then a skill."""
    wanted = list(found)
    taken = bytearray(max((one.end for one in wanted), default=0))
    kept: list[Found] = []
    for one in sorted(wanted, key=lambda f: (-f.score * _length(f), f.start, f.kind != "skill", f.end)):
        if not any(taken[one.start : one.end]):
            kept.append(one)
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
    return sorted(kept, key=lambda one: (one.start, one.end))


def _length(found: Found) -> float:
    return math.sqrt(len(found.text.split()) or 1)
