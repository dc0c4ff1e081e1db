"""The labels of an index as bags of roots, to be looked up in a text: all windows of words at once, in any order.

A root is what the forms of a word share ("manage", "managing", "management"). A bag has one 64-bit number, the sum of
its roots' numbers, so that any window of a text is looked up by a difference of two running sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from esco_graph.linking.index import CandidateIndex
from esco_graph.linking.texts import stem
from esco_graph.phrases.phrase_words import phrase_words
from esco_graph.phrases.roots import root

UNKNOWN = -1
"""Number of a root that no label has."""
LIGHT = 0.3
"""What a light verb ("use", "manage") weighs beside another word that is as rare."""
ARRAYS = ("stop", "weight", "code", "starts", "roots", "total", "keys", "order", "rare_starts", "rare")
"""Names of the arrays of `LabelBags`."""
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LabelBags:
    """The labels of one index, without the words that have no meaning of their own.

    Label i has the roots `roots[starts[i]:starts[i + 1]]`.
    `weight` is the idf of each root, less for light verbs; `total` the sum of it per label. `keys` are the sorted
    numbers of the bags and `order` the labels they belong to; `rare_starts` and `rare` list, for each root, the labels
    of which it is the rarest.
    """

    index: CandidateIndex
    number: dict[str, int]
    stop: NDArray[np.bool_]
    weight: NDArray[np.float64]
    code: NDArray[np.uint64]
    starts: Ints
    roots: Ints
    total: NDArray[np.float64]
    keys: NDArray[np.uint64]
    order: Ints
    rare_starts: Ints
    rare: Ints

    @classmethod
    def of(cls, index: CandidateIndex) -> LabelBags:
        """Make the bags of the labels of an index; nothing is read but its arrays of stems."""
        words = index.words
        names = [root(name, index.lang) for name in index.stems.names]
        distinct = sorted(set(names))
        number = {name: at for at, name in enumerate(distinct)}
        of_stem = np.array([number[name] for name in names], np.int64)
        known = phrase_words(index.lang)
        stops, lights = ({root(stem(word), index.lang) for word in some} for some in (known.small, known.light))
        stop = np.array([name in stops for name in distinct], bool)
        rows = np.repeat(np.arange(len(index.labels), dtype=np.int64), np.diff(words.indptr))
        cells = np.unique(rows * max(len(distinct), 1) + of_stem[words.indices])
        rows, roots = np.divmod(cells, max(len(distinct), 1))
        kept = ~stop[roots]  # a label of nothing but small words, such as IT, is not looked for
        rows, roots = rows[kept], roots[kept]
        df = np.bincount(roots, minlength=len(distinct))
        weight = np.log(1 + len(index.labels) / np.maximum(df, 1))
        weight *= np.where([name in lights for name in distinct], LIGHT, 1.0) if distinct else 1.0
        code = np.random.default_rng(0).integers(0, 2**63, len(distinct), np.uint64)
        sizes = np.bincount(rows, minlength=len(index.labels))
        starts = np.concatenate([[0], np.cumsum(sizes)])
        bags = _sums(code[roots], starts)
        order = np.argsort(bags, kind="stable")
        rare = _rarest(roots, rows, weight)
        by_root = np.lexsort((rare[0], rare[1]))
        rare_starts = np.searchsorted(rare[1][by_root], np.arange(len(distinct) + 1))
        total = np.bincount(rows, weight[roots], minlength=len(index.labels))
        return cls(
            index=index,
            number=number,
            stop=stop,
            weight=weight,
            code=code,
            starts=starts,
            roots=roots,
            total=total.astype(np.float64),
            keys=bags[order],
            order=order,
            rare_starts=rare_starts,
            rare=rare[0][by_root],
        )

    @cached_property
    def heaviest(self) -> float:
        """Give the greatest weight of a root, which one that is unknown has too."""
        return float(self.weight.max(initial=0.0))

    def numbers(self, stems: Sequence[str]) -> list[int]:
        """Give the number of the root of each stem, UNKNOWN for one that no label has."""
        lang, number = self.index.lang, self.number
        return [number.get(root(stem, lang), UNKNOWN) for stem in stems]

    def roots_of(self, label: int) -> set[int]:
        """Give the roots of a label."""
        return set(self.roots[self.starts[label] : self.starts[label + 1]].tolist())

    def labels_of(self, key: int) -> list[int]:
        """Give the labels whose bag has this number."""
        value = np.uint64(key)
        first, last = np.searchsorted(self.keys, value), np.searchsorted(self.keys, value, "right")
        return sorted(self.order[first:last].tolist())

    def led_by(self, roots: Sequence[int]) -> Ints:
        """Give the labels whose rarest root is one of these."""
        parts = [self.rare[self.rare_starts[one] : self.rare_starts[one + 1]] for one in roots]
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def shares(self, labels: Ints, present: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Give, for each label, which share of its weight lies in roots that are present."""
        sizes = self.starts[labels + 1] - self.starts[labels]
        ends = np.cumsum(sizes)
        at = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(self.starts[labels] - (ends - sizes), sizes)
        there = np.where(present[self.roots[at]], self.weight[self.roots[at]], 0.0)
        held = np.bincount(np.repeat(np.arange(len(labels)), sizes), there, len(labels))
        return held / np.maximum(self.total[labels], 1e-9)


def _sums(values: NDArray[np.uint64], starts: Ints) -> NDArray[np.uint64]:
    """Sum the values of each row, modulo 2^64."""
    running = np.concatenate([np.zeros(1, np.uint64), np.cumsum(values, dtype=np.uint64)])
    sums: NDArray[np.uint64] = running[starts[1:]] - running[starts[:-1]]
    return sums


def _rarest(roots: Ints, rows: Ints, weight: NDArray[np.float64]) -> tuple[Ints, Ints]:
    """Give for each label that has a root the one that weighs most; of equals the first."""
    order = np.lexsort((roots, -weight[roots], rows))
    labels, first = np.unique(rows[order], return_index=True)
    return labels, roots[order][first]
