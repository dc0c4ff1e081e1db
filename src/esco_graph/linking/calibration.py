"""How often a score is right: measured on gold that the model had not seen, kept as a table with the name of the gold.

Isotonic regression (Zadrozny and Elkan 2002, "Transforming classifier scores into accurate multiclass probability
estimates"): the share of right candidates may only rise with the score. A first candidate with a low score stands for a
hard query, a second one with the same score for a clear first one, so first and later places have tables of their own;
so have queries of which only the title is known, and others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from esco_graph.linking.retrieve import Floats

if TYPE_CHECKING:
    from esco_graph.linking.ranking import Model

PLACES = ("first", "later")
"""The two tables of a language and profile; each has "score" and "right", of the same length."""


def confidence(
    model: Model,
    scores: Floats,
    kind: str = "occupation",
    lang: str = "en",
    *,
    rich: NDArray[np.bool_] | None = None,
) -> Floats | None:
    """Give the measured share of related candidates at these scores, or None where no gold was measured for the task.

    `scores`, (q, k), are those of `Model.rank`, the best of each query first; a place without a candidate (-inf) gets
    0. `rich` says of each query whether more than its title is known (`ranking.rich_queries`); a language without gold
    for such queries has the table of titles for them. A later candidate never has more than one before it.

    >>> from esco_graph.linking.ranking import load_model
    >>> confidence(load_model(), np.zeros((1, 1), np.float32), "skill") is None
    True
    """
    tables = model.calibration.get(lang.lower().split("-")[0])
    if tables is None or kind != "occupation":
        return None
    found = _read(tables["title"], scores)
    if rich is not None and "rich" in tables:
        found = np.where(rich[:, None], _read(tables["rich"], scores), found)
    found = np.where(np.isfinite(scores), found, 0)
    return np.asarray(np.minimum.accumulate(found, axis=1), np.float32)


def _read(table: dict[str, Any], scores: Floats) -> NDArray[np.float64]:
    first, later = (np.interp(scores, table[place]["score"], table[place]["right"]) for place in PLACES)
    return np.asarray(np.where(np.arange(scores.shape[1]) == 0, first, later))


def isotonic(
    scores: NDArray[np.floating], right: NDArray[np.floating], most: int = 20
) -> tuple[list[float], list[float]]:
    """Fit shares that rise with the score, by pooling adjacent violators over at most `most` groups of equal size.

    >>> isotonic(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0, 1, 0, 1]))
    ([0.0, 1.5, 3.0], [0.0, 0.5, 1.0])
    """
    order = np.argsort(scores, kind="stable")
    parts = [part for part in np.array_split(order, most) if len(part)]
    blocks: list[tuple[float, float, int]] = []
    for part in parts:
        block = (float(scores[part].mean()), float(right[part].mean()), len(part))
        while blocks and blocks[-1][1] >= block[1]:
            score, share, n = blocks.pop()
            total = n + block[2]
            block = ((score * n + block[0] * block[2]) / total, (share * n + block[1] * block[2]) / total, total)
        blocks.append(block)
    return [round(score, 6) for score, _, _ in blocks], [round(share, 6) for _, share, _ in blocks]
