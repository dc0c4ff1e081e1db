"""How often a score is right: measured on gold that the model had not seen, kept as a table with the name of the gold.

Isotonic regression (Zadrozny and Elkan 2002, "Transforming classifier scores into accurate multiclass probability
estimates"): the share of right candidates may only rise with the score.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from esco_graph.linking.retrieve import Floats

if TYPE_CHECKING:
    from esco_graph.linking.ranking import Model


def confidence(model: Model, scores: Floats, kind: str = "occupation", lang: str = "en") -> Floats | None:
    """Give the measured share of related candidates at these scores, or None where no gold was measured for the task.

    `scores` are those of `Model.rank`; a place without a candidate (-inf) gets 0.

    >>> from esco_graph.linking.ranking import load_model
    >>> confidence(load_model("skill"), np.zeros((1, 1), np.float32), "skill") is None
    True
    """
    table = model.calibration.get(lang.lower().split("-")[0])
    if table is None or kind not in ("occupation", "skill"):
        return None
    found = np.interp(scores, table["score"], table["right"])
    return np.where(np.isfinite(scores), found, 0).astype(np.float32)


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
