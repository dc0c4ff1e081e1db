"""The candidate index: every label of the target's concepts as character grams and as stems, and their descriptions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from esco_graph.linking.bags import StemSpace
from esco_graph.linking.grams import GramSpace
from esco_graph.linking.layers import Layers
from esco_graph.linking.texts import LONGEST_DESCRIPTION, variants

if TYPE_CHECKING:
    from collections.abc import Callable

    from esco_graph.graph import Graph

PROPERTIES = ("prefLabel", "altLabel", "hiddenLabel")
"""Names of the ranks 0, 1 and 2 of a label."""


class Entry(NamedTuple):
    """A concept of the target as the index takes it; `labels` are pairs of text and rank, preferred first."""

    iri: str
    labels: tuple[tuple[str, int], ...]
    description: str = ""
    isco: str = ""
    code: str = ""


@dataclass(frozen=True, eq=False)
class CandidateIndex:
    """Concepts numbered by IRI and their labels, numbered so that those of one concept stand together.

    `labels[i]` belongs to the concept `owner[i]` and has the rank `rank[i]` (PROPERTIES); the labels of concept c are
    those from `starts[c]` to `starts[c + 1]`, the first of them its preferred one; `described[c]` is its description.
    The `…_postings` are transposed (grams x labels, stems x labels, stems x concepts; float32), as a search needs them;
    `char`, `words` and `descriptions` are the same with a row per label or concept, made when first used.
    """

    kind: str
    lang: str
    iris: list[str]
    codes: list[str]
    isco: list[str]
    labels: list[str]
    owner: NDArray[np.int32]
    rank: NDArray[np.int8]
    starts: NDArray[np.int32]
    grams: GramSpace
    stems: StemSpace
    description_stems: StemSpace
    char_postings: csr_array
    word_postings: csr_array
    description_postings: csr_array
    digest: str = ""
    described: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        graph: Graph,
        target: str = "occupation",
        lang: str = "en",
        *,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> CandidateIndex:
        """Open the index that is stored beside the graph, or make it and store it there.

        `target` is "occupation" (or "esco"), "skill", or the key of a taxonomy in the graph. Raises NotFoundError when
        the graph has no concept of it with a label in this language.
        """
        from esco_graph.linking.stored import index_of

        return index_of(graph, target, lang, progress=progress)

    @classmethod
    def from_entries(cls, entries: Iterable[Entry], kind: str, lang: str) -> CandidateIndex:
        """Make an index; concepts without a label are left out, and of one IRI given twice the first counts."""
        named = [one for one in entries if any(text.strip() for text, _ in one.labels)]
        kept = {entry.iri: entry for entry in reversed(named)}
        found = [kept[iri] for iri in sorted(kept)]
        labelled = [_surface(entry) for entry in found]
        labels = [text for surface in labelled for text, _ in surface]
        sizes = [len(surface) for surface in labelled]
        grams, chars = GramSpace.of(labels)
        stems, words = StemSpace.of(labels)
        described, descriptions = StemSpace.of([one.description for one in found], LONGEST_DESCRIPTION)
        return cls(
            kind=kind,
            lang=lang,
            iris=[one.iri for one in found],
            codes=[" ".join(one.code.split()) for one in found],
            isco=[one.isco for one in found],
            labels=labels,
            owner=np.repeat(np.arange(len(found), dtype=np.int32), sizes),
            rank=np.array([rank for surface in labelled for _, rank in surface], np.int8),
            starts=np.cumsum([0, *sizes], dtype=np.int32),
            grams=grams,
            stems=stems,
            description_stems=described,
            char_postings=csr_array(chars.T.tocsr()),
            word_postings=csr_array(words.T.tocsr()),
            description_postings=csr_array(descriptions.T.tocsr()),
            described=[" ".join(one.description[:LONGEST_DESCRIPTION].split()) for one in found],
        )

    def __len__(self) -> int:
        """Count the concepts."""
        return len(self.iris)

    @cached_property
    def number(self) -> dict[str, int]:
        """Give the number of each concept by IRI."""
        return {iri: at for at, iri in enumerate(self.iris)}

    @cached_property
    def char(self) -> csr_array:
        """Labels x grams; rows of length 1."""
        return csr_array(self.char_postings.T.tocsr())

    @cached_property
    def words(self) -> csr_array:
        """Labels x stems, BM25."""
        return csr_array(self.word_postings.T.tocsr())

    @cached_property
    def descriptions(self) -> csr_array:
        """Concepts x stems, BM25."""
        return csr_array(self.description_postings.T.tocsr())

    @cached_property
    def layers(self) -> Layers:
        """Labels in layers, as a search sums them up."""
        return Layers.of(self.starts)

    @cached_property
    def char_layers(self) -> csr_array:
        """Grams x labels, the columns in layers."""
        return self.layers.laid(self.char_postings)

    @cached_property
    def word_layers(self) -> csr_array:
        """Stems x labels, the columns in layers."""
        return self.layers.laid(self.word_postings)

    def label(self, concept: int) -> str:
        """Give the preferred label of a concept."""
        return self.labels[int(self.starts[concept])]

    def labels_of(self, concept: int) -> list[str]:
        """Give all labels of a concept, the preferred one first."""
        return self.labels[int(self.starts[concept]) : int(self.starts[concept + 1])]

    def describe(self, concept: int) -> str:
        """Write a concept as `label (code)`."""
        code = self.codes[concept]
        return f"{self.label(concept)} ({code})" if code else self.label(concept)


def _surface(entry: Entry) -> list[tuple[str, int]]:
    """Give the labels of a concept with their variants, each once, the preferred first; a variant has its rank."""
    found: dict[str, int] = {}
    for text, rank in sorted(entry.labels, key=lambda pair: pair[1]):
        for one in variants(" ".join(text.split())):
            found.setdefault(one, rank)
    return list(found.items())
