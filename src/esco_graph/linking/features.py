"""What is known of each pair of query and candidate, as numbers: the input of the ranking model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from esco_graph.linking.heads import head_features
from esco_graph.linking.index import CandidateIndex
from esco_graph.linking.overlap import bag_overlap, best_overlaps, lexicon
from esco_graph.linking.retrieve import Floats, Pool
from esco_graph.linking.siblings import sibling_features
from esco_graph.linking.texts import Query, fold, variants
from esco_graph.linking.titles import NAMES as TITLES
from esco_graph.linking.titles import title_features

if TYPE_CHECKING:
    from esco_graph.linking.embed import Vectors

RAW = ("char", "char_pref", "word", "word_pref", "alt_word", "description", "title_description", "whole", "isco")
OVERLAPS = ("dice", "text", "label", "dice_pref", "text_pref", "label_pref", "bag", "all_label", "all_label_pref")
HEADS = ("head", "heads", "ending")
EMBED = ("embed_pref", "embed_label", "embed_text")
RELATIVE = ("char", "word", "dice", "description", "whole", "alt_mean", "alt_top", *EMBED)
"""Features that are also given as the difference to the best candidate of the query, as `<name>_gap`."""
FEATURES: tuple[str, ...] = (
    *RAW,
    *OVERLAPS,
    *HEADS,
    *TITLES,
    "exact",
    "exact_pref",
    "siblings",
    "total_gap",
    "rank",
    *EMBED,
    *(f"{name}_gap" for name in RELATIVE),
)
"""The names of the features, in the order of the last axis.

RAW are views of the pool, OVERLAPS and HEADS compare words, titles.NAMES the alternative titles; "exact" and
"exact_pref" say that a title is a label, "siblings" what the codes beside it vote for, "total_gap" and "rank" what
retrieval said; EMBED are cosines of sentence vectors.
"""
_AT_ONCE = 256


def features(index: CandidateIndex, queries: Sequence[Query], pool: Pool, *, embed: Vectors | None = None) -> Floats:
    """Give the features of each candidate: float32 (q, k, f); 0 for a place without a candidate.

    What is not known of a query (description, other titles, code, ISCO) gives 0; so do the vectors without `embed`.
    """
    found: dict[str, Floats] = {name: pool.scores[name] for name in RAW}
    found |= _by_words(index, queries, pool.rows)
    found |= head_features(index, [query.label for query in queries], pool.rows)
    found |= title_features(index, queries, pool.rows)
    found |= _exact(index, queries, pool.rows)
    found["siblings"] = sibling_features([query.code for query in queries], index.isco, pool.rows, pool.total)
    found["total_gap"] = gap(pool.total, pool.rows)
    found["rank"] = np.broadcast_to(1 / (1 + np.arange(pool.rows.shape[1], dtype=np.float32)), pool.rows.shape)
    nothing = np.zeros(pool.rows.shape, np.float32)
    found |= embed.features(index, queries, pool.rows) if embed is not None else dict.fromkeys(EMBED, nothing)
    found |= {f"{name}_gap": gap(found[name], pool.rows) for name in RELATIVE}
    there = pool.rows >= 0
    return np.stack([np.where(there, found[name], 0) for name in FEATURES], axis=-1).astype(np.float32)


def gap(scores: Floats, rows: NDArray[np.int32]) -> Floats:
    """Give the difference of each score to the best of its query, at most 0."""
    best = np.where(rows >= 0, scores, -np.inf).max(axis=1, keepdims=True, initial=-np.inf)
    return np.asarray(np.where(rows >= 0, scores - np.where(np.isfinite(best), best, 0), 0), np.float32)


def _by_words(index: CandidateIndex, queries: Sequence[Query], pool: NDArray[np.int32]) -> dict[str, Floats]:
    parts = [
        _words_chunk(index, queries[at : at + _AT_ONCE], pool[at : at + _AT_ONCE])
        for at in range(0, len(queries), _AT_ONCE)
    ]
    return {
        name: np.concatenate([np.zeros((0, pool.shape[1]), np.float32), *(part[name] for part in parts)])
        for name in OVERLAPS
    }


def _words_chunk(index: CandidateIndex, queries: Sequence[Query], pool: NDArray[np.int32]) -> dict[str, Floats]:
    words = lexicon(index)
    titles = [variants(query.label) or ("",) for query in queries]
    own = np.arange(len(queries), dtype=np.int32)
    owner = np.repeat(own, [len(one) for one in titles])
    rows, sums = words.bag([title for one in titles for title in one])
    found = best_overlaps(words, rows, sums, owner, pool)
    found["bag"] = bag_overlap(words, rows, sums, owner, pool)
    rows, sums = words.bag([" ".join((query.label, *query.alt[:50], query.description)) for query in queries])
    whole = best_overlaps(words, rows, sums, own, pool)
    return found | {"all_label": whole["label"], "all_label_pref": whole["label_pref"]}


def _exact(index: CandidateIndex, queries: Sequence[Query], pool: NDArray[np.int32]) -> dict[str, Floats]:
    """Say whether a title is a label, folded; "exact" is divided by how many concepts have the label."""
    keys = _keys(index)
    any_, preferred = np.zeros(pool.shape, np.float32), np.zeros(pool.shape, np.float32)
    for at, query in enumerate(queries):
        for one in variants(query.label):
            hit = keys.get(fold(one), {})
            for place in np.flatnonzero(np.isin(pool[at], list(hit))) if hit else ():
                any_[at, place] = max(any_[at, place], 1 / len(hit))
                preferred[at, place] = max(preferred[at, place], float(hit[int(pool[at, place])]))
    return {"exact": any_, "exact_pref": preferred}


_KEYS: WeakKeyDictionary[CandidateIndex, dict[str, dict[int, bool]]] = WeakKeyDictionary()


def _keys(index: CandidateIndex) -> dict[str, dict[int, bool]]:
    if index not in _KEYS:
        keys: dict[str, dict[int, bool]] = {}
        for label, owner, rank in zip(index.labels, index.owner.tolist(), index.rank.tolist(), strict=True):
            entry = keys.setdefault(fold(label), {})
            entry[owner] = entry.get(owner, False) or rank == 0
        _KEYS[index] = keys
    return _KEYS[index]
