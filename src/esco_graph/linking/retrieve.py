"""Candidates: for each query the concepts whose labels or descriptions are nearest, with the raw score of each view.

Queries are scored in chunks against all concepts by sparse products, so that memory is bounded and every score is
exact: the score of a concept by its labels is that of its best label, and of a query that of its best variant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from esco_graph.linking.index import CandidateIndex
from esco_graph.linking.texts import LONGEST_DESCRIPTION, Query, variants
from esco_graph.linking.whole import wholes

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
COLUMNS = (
    "char",
    "char_pref",
    "word",
    "word_pref",
    "alt",
    "alt_mean",
    "alt_word",
    "description",
    "title_description",
    "whole",
    "isco",
)
"""The views; all lie between 0 and about 1.

`char` and `word`: grams and stems of the title, best label; `…_pref`: the preferred label only; `alt`: the best of the
alternative titles, by grams; `alt_mean`: the mean over the title and them; `alt_word`: all their stems at once;
`description`: the query's description in the concept's; `title_description`: the title in the description;
`whole`: all the query's texts and all the concept's (`whole.py`); `isco`: the share of the four digits that agree, from
the left.
"""
WEIGHTS = {
    "char": 1.0,
    "char_pref": 0.5,
    "word": 0.5,
    "alt": 0.5,
    "alt_mean": 1.0,
    "description": 1.0,
    "whole": 1.0,
    "isco": 0.3,
}
"""What the pool is chosen by: a fixed sum."""
MOST_ALT = 100
"""Alternative titles of one query that count."""
_CELLS = 8_000_000  # numbers of a dense chunk; 32 MB
_QUERIES = 256  # of a chunk, at most


@dataclass(frozen=True, eq=False)
class Pool:
    """The candidates of q queries, k each: `rows` holds concept numbers (int32), best first, -1 where there are fewer.

    `scores` has one float32 array (q, k) per name of COLUMNS; `total` is their weighted sum. `label` holds the number
    of the label that the title is nearest to by grams (-1 where there is no candidate).
    """

    rows: Ints
    scores: dict[str, Floats]
    total: Floats
    label: Ints

    def at(self, places: NDArray[np.intp]) -> Pool:
        """Give the candidates at these places of each query, (q, n), in this order."""

        def take(array: NDArray[Any]) -> NDArray[Any]:
            return np.take_along_axis(array, places, axis=1)

        scores = {name: take(array) for name, array in self.scores.items()}
        return Pool(take(self.rows), scores, take(self.total), take(self.label))


def retrieve(index: CandidateIndex, queries: Sequence[Query], k: int = 50, also: Floats | None = None) -> Pool:
    """Give the best k candidates of each query, by the weighted sum of all views; ties go by IRI.

    `also`, (queries, concepts), is added to the sum: what else is known, such as sentence vectors.

    >>> from esco_graph.linking.index import Entry
    >>> index = CandidateIndex.from_entries([Entry("http://example.org/1", (("ward nurse", 0),))], "occupation", "en")
    >>> retrieve(index, [Query("a", "Nurses"), Query("b", "pilot")], 1).rows.tolist()
    [[0], [-1]]
    """
    k = min(k, len(index))
    at_once = max(1, min(_QUERIES, _CELLS // max(len(index.labels), 1)))
    if not queries or not k:
        ints, floats = np.zeros((len(queries), k), np.int32), np.zeros((len(queries), k), np.float32)
        return Pool(ints, dict.fromkeys(COLUMNS, floats), floats, ints)
    starts = range(0, len(queries), at_once)
    more = [None if also is None else also[at : at + at_once] for at in starts]
    parts = [_chunk(index, queries[at : at + at_once], k, some) for at, some in zip(starts, more, strict=True)]
    return Pool(
        np.concatenate([part.rows for part in parts]),
        {name: np.concatenate([part.scores[name] for part in parts]) for name in COLUMNS},
        np.concatenate([part.total for part in parts]),
        np.concatenate([part.label for part in parts]),
    )


def _chunk(index: CandidateIndex, queries: Sequence[Query], k: int, also: Floats | None) -> Pool:
    extra = [(at, form) for at, query in enumerate(queries) for form in variants(query.label)[1:]]
    flat = [*(query.label for query in queries), *(form for _, form in extra)]
    owners = [at for at, _ in extra]
    layers = index.layers
    by_label = _best(_dense(index.grams.rows(flat), index.char_layers), owners)
    by_word = _best(_dense(index.stems.queries(flat), index.word_layers), owners)
    told = _dense(index.description_stems.queries(flat), index.description_postings)
    views = {
        "char": layers.best(by_label),
        "char_pref": layers.first(by_label),
        "word": layers.best(by_word),
        "word_pref": layers.first(by_word),
        "title_description": _best(told, owners),
        "description": _described(index, queries),
        "whole": _whole(index, queries),
        "isco": _isco(index, queries),
    }
    views |= _alternatives(index, queries, views["char"])
    total = np.zeros(views["char"].shape, np.float32) if also is None else also.astype(np.float32)
    for name, weight in WEIGHTS.items():
        total += np.float32(weight) * views[name]
    rows = _top(total, k)
    take = np.arange(len(rows))[:, None], np.maximum(rows, 0)
    scores = {name: views[name][take] for name in COLUMNS}
    return Pool(rows, scores, total[take], _nearest_label(by_label, rows, index))


def _dense(queries: csr_array, postings: csr_array) -> Floats:
    return np.asarray((queries @ postings).toarray(), np.float32)


def _best(scores: Floats, owners: Sequence[int]) -> Floats:
    """Give each query the score of its best variant; rows after those of the queries are of variants, by owner."""
    found = scores[: len(scores) - len(owners)]
    for row, owner in enumerate(owners, len(found)):
        np.maximum(found[owner], scores[row], out=found[owner])
    return found


def _described(index: CandidateIndex, queries: Sequence[Query]) -> Floats:
    texts = [query.description for query in queries]
    if not any(texts):
        return np.zeros((len(queries), len(index)), np.float32)
    return _dense(index.description_stems.queries(texts, LONGEST_DESCRIPTION), index.description_postings)


def _whole(index: CandidateIndex, queries: Sequence[Query]) -> Floats:
    if not any(query.alt or query.description for query in queries):
        return np.zeros((len(queries), len(index)), np.float32)
    return wholes(index).likeness(queries)


def _alternatives(index: CandidateIndex, queries: Sequence[Query], title: Floats) -> dict[str, Floats]:
    """Score the alternative titles: the best of them, and the mean of them and the title."""
    best, mean = np.zeros_like(title), title.copy()
    word = np.zeros_like(title)
    rows = max(1, _CELLS // max(len(index.labels), 1))
    for at, query in enumerate(queries):
        texts = list(dict.fromkeys(query.alt))[:MOST_ALT]
        for start in range(0, len(texts), rows):
            part = texts[start : start + rows]
            found = index.layers.best(_dense(index.grams.rows(part), index.char_layers))
            np.maximum(best[at], found.max(axis=0), out=best[at])
            mean[at] += found.sum(axis=0)
        if texts:
            mean[at] /= len(texts) + 1
            bag = index.stems.queries([" ".join(texts)], LONGEST_DESCRIPTION)
            word[at] = index.layers.best(_dense(bag, index.word_layers))[0]
    return {"alt": best, "alt_mean": mean, "alt_word": word}


def _top(total: Floats, k: int) -> Ints:
    """Number the k best columns of each row, those with a score above 0, ties by number."""
    rounded = np.round(total, 6)
    found = np.full((len(total), k), -1, np.int32)
    at = rounded.shape[1] - k
    least = np.partition(rounded, at, axis=1)[:, at]
    for number, row in enumerate(rounded):
        good = np.flatnonzero(row >= max(least[number], np.float32(1e-6)))
        best = good[np.argsort(-row[good], kind="stable")][:k]
        found[number, : len(best)] = best
    return found


def _isco(index: CandidateIndex, queries: Sequence[Query]) -> Floats:
    if not any(query.isco for query in queries):
        return np.zeros((len(queries), len(index)), np.float32)
    mine = np.array([[ord(c) for c in f"{query.isco[:4]:_<4}"] for query in queries], np.int32).reshape(-1, 4)
    theirs = np.array([[ord(c) for c in f"{code[:4]:-<4}"] for code in index.isco], np.int32).reshape(-1, 4)
    same = np.logical_and.accumulate(mine[:, None, :] == theirs[None, :, :], axis=2)
    return np.asarray(same.sum(axis=2) / 4, np.float32)


def _nearest_label(by_label: Floats, rows: Ints, index: CandidateIndex) -> Ints:
    """Find the label of each candidate that is nearest to the title; the first of equals."""
    found = np.full(rows.shape, -1, np.int32)
    query, place = np.nonzero(rows >= 0)
    concept = rows[query, place]
    start, size = index.starts[concept], np.diff(index.starts)[concept]
    ends = np.cumsum(size)
    if not len(ends):
        return found
    within = np.arange(ends[-1]) - np.repeat(ends - size, size)
    number = np.repeat(start, size) + within
    scores = by_label[np.repeat(query, size), index.layers.column[number]]
    best = np.maximum.reduceat(scores, ends - size)
    first = np.where(scores == np.repeat(best, size), within, np.iinfo(np.int32).max)
    found[query, place] = start + np.minimum.reduceat(first, ends - size)
    return found
