"""Plain methods to be better than, each written out: exact labels, rapidfuzz, character TF-IDF, BM25; for `linking.py`.

All of them see the title of a query and every label of the concepts; a concept scores as its best label does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from linking_gold import DEEP, Case, Ranking
from scipy.sparse import csr_array

from esco_graph.labels.index import fold

CHUNK = 256
K1, B = 1.2, 0.75


def exact(case: Case) -> Ranking:
    """Take the concepts that have a label with the same stemmed words as the title, in the same order."""
    from esco_graph.linking.texts import stems

    labels, owner, names = _labels(case)
    by_label: dict[tuple[str, ...], set[int]] = {}
    for label, concept in zip(labels, owner, strict=True):
        by_label.setdefault(tuple(stems(label)), set()).add(concept)
    titles = (tuple(stems(query.label)) for query in case.queries)
    return [[(names[one], 1.0) for one in sorted(by_label.get(title, ()))] for title in titles]


def token_sort(case: Case) -> Ranking:
    """Score by rapidfuzz token_sort_ratio."""
    from rapidfuzz import fuzz

    return _fuzzy(case, fuzz.token_sort_ratio)


def token_set(case: Case) -> Ranking:
    """Score by rapidfuzz token_set_ratio."""
    from rapidfuzz import fuzz

    return _fuzzy(case, fuzz.token_set_ratio)


def _fuzzy(case: Case, scorer: Callable[..., float]) -> Ranking:
    from rapidfuzz import process

    labels, _, _ = _labels(case)
    titles = [fold(query.label) for query in case.queries]
    parts = (process.cdist(titles[at : at + CHUNK], labels, scorer=scorer, dtype=np.float32) for at in _starts(titles))
    return _ranked(case, parts)


def char_tfidf(case: Case) -> Ranking:
    """Score by the cosine of TF-IDF over 2 to 4 characters within words, as scikit-learn's char_wb makes them."""
    return _cosine(case, [query.label for query in case.queries])


def _cosine(case: Case, titles: Sequence[str]) -> Ranking:
    labels, _, _ = _labels(case)
    bags = [Counter(_grams(label)) for label in labels]
    column = {gram: at for at, gram in enumerate(sorted({gram for bag in bags for gram in bag}))}
    counts = _counts(bags, column)
    df = np.bincount(counts.indices, minlength=len(column))
    idf = np.log((1 + len(labels)) / (1 + df)) + 1
    rows = _normal(counts, idf).T.tocsr()
    queries = _normal(_counts([Counter(_grams(fold(title))) for title in titles], column), idf)
    return _ranked(case, ((queries[at : at + CHUNK] @ rows).toarray() for at in _starts(titles)))


def _grams(text: str) -> Iterator[str]:
    for word in text.split():
        padded = f" {word} "
        for size in (2, 3, 4):
            yield from (padded[at : at + size] for at in range(max(1, len(padded) - size + 1)))


def bm25(case: Case) -> Ranking:
    """Score by BM25 (k1 1.2, b 0.75) over the stemmed words of each label."""
    from esco_graph.linking.texts import stems

    labels, _, _ = _labels(case)
    bags = [Counter(stems(label)) for label in labels]
    column = {word: at for at, word in enumerate(sorted({word for bag in bags for word in bag}))}
    counts = _counts(bags, column)
    df = np.bincount(counts.indices, minlength=len(column))
    idf = np.log(1 + (len(labels) - df + 0.5) / (df + 0.5))
    length = np.asarray(counts.sum(axis=1)).ravel()
    norm = K1 * (1 - B + B * length / max(length.mean(), 1e-9))
    weights = counts.copy()
    owner = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    weights.data = idf[counts.indices] * counts.data * (K1 + 1) / (counts.data + norm[owner])
    queries = _counts([Counter(set(stems(query.label))) for query in case.queries], column)
    rows = weights.T.tocsr()
    return _ranked(case, ((queries[at : at + CHUNK] @ rows).toarray() for at in _starts(case.queries)))


PEERS: dict[str, Callable[[Case], Ranking]] = {
    "exact label, stemmed": exact,
    "rapidfuzz token_sort": token_sort,
    "rapidfuzz token_set": token_set,
    "BM25": bm25,
    "char 2-4 TF-IDF": char_tfidf,
}


def _labels(case: Case) -> tuple[list[str], list[int], list[str]]:
    labels = [(fold(label), at) for at, entry in enumerate(case.entries) for label, _ in entry.labels]
    return [label for label, _ in labels], [at for _, at in labels], [entry.iri for entry in case.entries]


def _starts(rows: Sequence[object]) -> range:
    return range(0, len(rows), CHUNK)


def _counts(bags: Sequence[Counter[str]], column: dict[str, int]) -> csr_array:
    pairs = [[(column[word], count) for word, count in bag.items() if word in column] for bag in bags]
    indptr = np.cumsum([0, *map(len, pairs)])
    cells = [cell for row in pairs for cell in row]
    data = np.array([count for _, count in cells], float)
    return csr_array((data, np.array([at for at, _ in cells], int), indptr), shape=(len(bags), len(column)))


def _normal(counts: csr_array, idf: np.ndarray) -> csr_array:
    rows = counts.copy()
    rows.data = counts.data * idf[counts.indices]
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data /= np.repeat(length, np.diff(rows.indptr))
    return rows


def _ranked(case: Case, parts: Iterator[np.ndarray]) -> Ranking:
    """Take the best label of each concept, and keep the best concepts of each query that score above 0."""
    _, owner, names = _labels(case)
    first = np.searchsorted(np.array(owner), np.arange(len(names)))
    found: Ranking = []
    for part in parts:
        scores = np.round(np.maximum.reduceat(part, first, axis=1), 6)
        for row in scores:
            best = np.argsort(-row, kind="stable")[:DEEP]
            found.append([(names[at], float(row[at])) for at in best if row[at] > 0])
    return found
