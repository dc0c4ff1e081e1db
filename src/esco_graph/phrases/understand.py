"""Phrases: what a skill phrase or a job title means, by an exact label first, else the best candidates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esco_graph.errors import ParameterError
from esco_graph.labels import LabelIndex, Match, check_lang, fold
from esco_graph.linking.embed import Progress
from esco_graph.phrases.nearest import LIKELY, POSSIBLE, PhraseCandidate, nearest_all
from esco_graph.phrases.phrase_words import LONGEST, without_lead

if TYPE_CHECKING:
    from esco_graph.graph import Graph

KINDS = ("skill", "occupation")
"""What a phrase can mean."""
STATUS = ("label", "ambiguous", "likely", "possible", "none")
"""How well a phrase is understood."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a phrase means.

    `match` is the one concept that has the phrase as its label, `matches` are all of them where several have it (then
    `match` is None); `candidates` are given when no label is equal, best first. `status` is one of STATUS: "none" says
    that no candidate is near enough to be an answer. `reason` says in words how it was found; `without` is the phrase
    without its lead, where that is what was found.
    """

    text: str
    match: Match | None
    matches: tuple[Match, ...]
    candidates: tuple[PhraseCandidate, ...]
    status: str
    reason: str
    without: str = ""


def understand(
    graph: Graph, text: str, *, kind: str | None = None, lang: str = "en", k: int = 5, embed: str = "auto"
) -> Understood:
    """Say what one phrase means; see `understand_all`."""
    return understand_all(graph, [text], kind=kind, lang=lang, k=k, embed=embed)[0]


def understand_all(
    graph: Graph,
    texts: Iterable[str],
    *,
    kind: str | None = None,
    lang: str = "en",
    k: int = 5,
    embed: str = "auto",
    progress: Progress | None = None,
) -> list[Understood]:
    """Say what phrases mean: skills ("skill"), occupations, or both (None); `lang` is the language of the words.

    A label that is equal to the phrase, or to it without its lead, decides: a preferred label before an alternative
    one, in `lang` before other languages. Otherwise up to `k` candidates are given; `embed` is that of `nearest_all`,
    and `progress` is told when vectors are made. Raises ParameterError for an empty phrase or an unknown kind.
    """
    wanted, lang = [_checked(text) for text in texts], check_lang(lang)
    if kind is not None and kind not in KINDS:
        raise ParameterError(f"{kind[:40]!r} is no kind of phrase", advice=f"Use one of: {', '.join(KINDS)}.")
    spellings = {form for text in wanted for form in (text, without_lead(text, lang))}
    index = _labels(graph, spellings)
    found = [_by_label(index, text, kind, lang) for text in wanted]
    open_ = [text for text, one in zip(wanted, found, strict=True) if one is None]
    near = iter(
        nearest_all(graph, open_, kinds=(kind,) if kind else KINDS, lang=lang, k=k, embed=embed, progress=progress)
    )
    return [one or _by_candidates(text, next(near)) for text, one in zip(wanted, found, strict=True)]


def _labels(graph: Graph, spellings: set[str]) -> LabelIndex:
    """Read the labels that can be meant; all of them, kept with the graph, when it is asked a second time."""
    if "phrase-labels" not in graph.derived:
        graph.derived["phrase-labels"] = None
        return LabelIndex.of(graph, texts=sorted(spellings))
    made: LabelIndex = graph.derived["phrase-labels"] or LabelIndex.of(graph)
    graph.derived["phrase-labels"] = made
    return made


def _checked(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise ParameterError("an empty phrase means nothing", advice="Give a skill phrase or a job title.")
    if len(text) > LONGEST:
        raise ParameterError(
            f"a phrase of {len(text):,} characters is too long", advice="Use esco-graph extract for whole texts."
        )
    return text


def _by_label(index: LabelIndex, text: str, kind: str | None, lang: str) -> Understood | None:
    """Find the concepts that have the phrase as a label: as it is, then without its lead; in `lang`, then in any."""
    bare = without_lead(text, lang)
    for form in dict.fromkeys((text, bare)):
        for tag in (lang, None):
            found = index.resolve(form, lang=tag, kind=kind or KINDS, suggest=0)
            if matches := found.matches:
                one = matches[0] if len(matches) == 1 else None
                status = "label" if one else "ambiguous"
                without = "" if fold(form) == fold(text) else form
                return Understood(text, one, matches, (), status, found.reason, without)
    return None


def _by_candidates(text: str, candidates: tuple[PhraseCandidate, ...]) -> Understood:
    score = candidates[0].score if candidates else 0.0
    status = "likely" if score >= LIKELY else "possible" if score >= POSSIBLE else "none"
    reason = "no label is equal to it" + ("" if score >= POSSIBLE else "; nothing is near enough to be an answer")
    return Understood(text, None, (), candidates, status, reason)
