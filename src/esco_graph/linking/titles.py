"""Alternative titles of a query against the labels of its candidates: many titles that agree say more than one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from esco_graph.linking.texts import Query

if TYPE_CHECKING:
    from esco_graph.linking.index import CandidateIndex

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
NAMES = ("alt_max", "alt_mean", "alt_top", "alt_pref", "alt_hits", "alt_votes", "alt_labels")
_NEAR = 0.75  # grams that two labels share when they differ by an ending
_MOST = 150  # alternative titles that count


def title_features(index: CandidateIndex, queries: Sequence[Query], pool: Ints) -> dict[str, Floats]:
    """Give for each query and candidate, by the cosine of character grams; all 0 for a query without other titles.

    "alt_max", "alt_mean" and "alt_top" (of the three best): of the titles' best likeness to any label; "alt_pref": the
    greatest likeness to the preferred label; "alt_hits": the share of titles that are a label but for an ending;
    "alt_votes": the share of titles whose best candidate this is; "alt_labels": the share of labels that are a title.
    """
    found = np.zeros((len(NAMES), *pool.shape), np.float32)
    for at, query in enumerate(queries):
        rows = pool[at][pool[at] >= 0]
        titles = [title for title in dict.fromkeys(query.alt) if title != query.label][:_MOST]
        if titles and len(rows):
            found[:, at, : len(rows)] = _of_query(index, titles, rows)
    return dict(zip(NAMES, found, strict=True))


def _of_query(index: CandidateIndex, titles: Sequence[str], rows: Ints) -> Floats:
    sizes = index.starts[rows + 1] - index.starts[rows]
    places = np.cumsum([0, *sizes[:-1]])
    labels = np.repeat(index.starts[rows] - places, sizes) + np.arange(int(sizes.sum()))
    likeness = np.asarray((index.char[labels] @ index.grams.rows(titles).T.tocsr()).toarray(), np.float32)
    best = np.maximum.reduceat(likeness, places, axis=0)
    top = np.sort(best, axis=1)[:, ::-1][:, :3]
    votes = np.where(
        (best == best.max(axis=0)) & (best > 0), 1 / np.maximum((best == best.max(axis=0)).sum(axis=0), 1), 0
    )
    hits = np.add.reduceat((likeness.max(axis=1) >= _NEAR).astype(np.float32), places)
    return np.stack(
        [
            best.max(axis=1),
            best.mean(axis=1),
            top.mean(axis=1),
            likeness[places].max(axis=1),
            (best >= _NEAR).mean(axis=1),
            votes.mean(axis=1),
            hits / sizes,
        ]
    ).astype(np.float32)
