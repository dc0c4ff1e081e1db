"""All that is known of a query against all that is known of a concept: latent semantic analysis of whole texts.

Deerwester et al. (1990), "Indexing by Latent Semantic Analysis": a text is a bag of stems, weighted by (1 + ln tf) x
ln(n / df), and seen along the axes in which the concepts differ most. So texts are near that use other words for the
same work. A query of which only the title is known gets 0: a few words say too little (docs/linking.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds

from esco_graph.linking.texts import LONGEST, LONGEST_DESCRIPTION, Query, stems

if TYPE_CHECKING:
    from esco_graph.linking.index import CandidateIndex

Floats = NDArray[np.float32]
AXES = 100
MOST_TITLES = 100
"""Alternative titles of one query that are read."""
_FEWEST = 2  # concepts that have a stem; one that a single concept has joins nothing
_LEAST = 1e-6  # of a singular value; what is smaller is rounding


@dataclass(frozen=True, eq=False)
class Wholes:
    """The texts of an index: `idf` per stem, `axes` (stems x axes), `concepts` (concepts x axes, rows of length 1)."""

    column: dict[str, int]
    idf: Floats
    axes: Floats
    concepts: Floats

    def likeness(self, queries: Sequence[Query]) -> Floats:
        """Give the cosine of each query to each concept, (queries, concepts), at least 0."""
        found = np.zeros((len(queries), len(self.concepts)), np.float32)
        told = [at for at, query in enumerate(queries) if query.alt or query.description]
        if told and self.axes.size:
            rows = _weighted([_of_query(queries[at]) for at in told], self.column, self.idf)
            found[told] = np.maximum(_unit(rows @ self.axes) @ self.concepts.T, 0)
        return found


_MADE: WeakKeyDictionary[CandidateIndex, Wholes] = WeakKeyDictionary()


def wholes(index: CandidateIndex) -> Wholes:
    """Give the whole texts of an index, made when first used (some seconds for thousands of concepts).

    >>> from esco_graph.linking.index import CandidateIndex, Entry
    >>> entries = [Entry(f"x:{at}", ((name, 0),)) for at, name in enumerate(["ward nurse", "nurse", "pilot", "ward"])]
    >>> made = wholes(CandidateIndex.from_entries(entries, "occupation", "en"))
    >>> made.likeness([Query("a", "carer", alt=("nurse",)), Query("b", "nurse")]).astype(float).round(1).tolist()
    [[0.7, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]
    """
    if index not in _MADE:
        _MADE[index] = _wholes(index)
    return _MADE[index]


def _wholes(index: CandidateIndex) -> Wholes:
    bags = [
        _bag((*index.labels_of(concept), index.described[concept] if index.described else ""))
        for concept in range(len(index))
    ]
    df = Counter(stem for bag in bags for stem in bag)
    names = sorted(stem for stem, n in df.items() if n >= _FEWEST)
    column = {name: at for at, name in enumerate(names)}
    idf = np.array([np.log(len(bags) / df[name]) for name in names], np.float32)
    rows = _weighted(bags, column, idf)
    axes = _axes(rows)
    return Wholes(column, idf, axes, _unit(rows @ axes))


def _axes(rows: csr_array) -> Floats:
    """Find the AXES directions in which rows differ most, or as many as they have; the start is fixed, no chance."""
    small = min(rows.shape)
    if small <= 2 * AXES:
        _, values, found = np.linalg.svd(rows.toarray().astype(float), full_matrices=False)
    else:
        _, values, found = svds(rows.astype(float), k=AXES, v0=np.ones(small))
    order = np.argsort(-values, kind="stable")[:AXES]
    return np.asarray(found[order[values[order] > _LEAST]].T, np.float32)


def _bag(texts: Sequence[str]) -> Counter[str]:
    return Counter(stem for text in texts for stem in stems(text, LONGEST_DESCRIPTION))


def _of_query(query: Query) -> Counter[str]:
    titles = dict.fromkeys((query.label, *query.alt[:MOST_TITLES]))
    return _bag((*(title[:LONGEST] for title in titles), query.description))


def _weighted(bags: Sequence[Counter[str]], column: dict[str, int], idf: Floats) -> csr_array:
    """Give texts x stems of (1 + ln tf) x idf; rows of length 1, or empty where no stem is known."""
    known = [sorted((column[stem], n) for stem, n in bag.items() if stem in column) for bag in bags]
    indptr = np.cumsum([0, *map(len, known)], dtype=np.int32)
    indices = np.array([at for one in known for at, _ in one], np.int32)
    times = np.array([n for one in known for _, n in one], np.float32)
    data = (1 + np.log(np.maximum(times, 1))) * (idf[indices] if len(idf) else times)
    row = np.repeat(np.arange(len(bags)), np.diff(indptr))
    length = np.sqrt(np.bincount(row, data * data, minlength=len(bags)))
    return csr_array(
        (np.asarray(data / np.maximum(length[row], 1e-9), np.float32), indices, indptr), shape=(len(bags), len(column))
    )


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)
