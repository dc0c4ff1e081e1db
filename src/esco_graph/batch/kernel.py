"""The kernel: a batch of people in, their best occupations and the refused rows out.

The score is the cosine of idf vectors (measure `cosine`). The sums are of whole numbers, so they never depend on the
number of threads or on the order: each entry of the product holds, side by side in 64 bits, the skill's part of the
score, one shared skill, and one shared essential skill. One sparse product gives all three sums at once. A part is
rounded at its 40th binary digit or so, far below the six decimal digits of a score.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sparse_dot_topn import sp_matmul_topn

from esco_graph.batch.people import ID, REFUSED, SKILLS, Held, held_by, id_type
from esco_graph.errors import ParameterError
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.vectors import COSINE_SPACE

SPARE = 1
"""Candidates beyond the asked ones, so that ties at six digits are seen; where they do not do, more are asked for."""
DIGITS = 1_000_000
"""Scores are rounded to one part in this many."""
CELLS = 2_000_000
"""People times candidates of one product; keeps its memory near 50 MB, whatever --top is."""

Ints = NDArray[np.int64]


def threads_here() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def match_schema(id_kind: pa.DataType, *, plain: bool = False) -> pa.Schema:
    """Give the columns of matches; `plain` without dictionaries, as Spark takes them."""
    text = pa.string() if plain else pa.dictionary(pa.int32(), pa.string())
    return pa.schema(
        {
            ID: text if id_kind == pa.string() else id_kind,
            "rank": pa.int32(),
            "occupation": text,
            "label": text,
            "score": pa.float64(),
            "coverage": pa.float64(),
            "essential_coverage": pa.float64(),
            "shared": pa.int32(),
        }
    )


@dataclass(frozen=True)
class Kernel:
    """All that ranking takes, made once from a matrix: some 4 MB for ESCO, so it is cheap to send to other machines.

    `weights` is m × n: part of the score · scale << shift, + 1 << essential_bits, + 1 if essential.
    """

    weights: csr_matrix
    idf: NDArray[np.float64]
    skills: pa.Array
    occupations: pa.Array
    labels: pa.Array
    size: Ints
    essential_size: Ints
    bits: int
    scale: float
    top: int
    threads: int
    release: str

    @classmethod
    def of(cls, matrix: SkillMatrix, labels: list[str], *, top: int = 10, threads: int = 0) -> Kernel:
        """Make it from a matrix and the occupations' labels; `threads` 0 takes all processors.

        Raises ParameterError for a `top` below 1 and for a graph without occupations.
        """
        if top < 1:
            raise ParameterError(f"--top is {top}", advice="Give 1 or more.")
        if not matrix.occupations:
            raise ParameterError("the graph has no occupations to match with", advice="Build it from an ESCO release.")
        sizes, essential = matrix.size.astype(np.int64), np.diff(matrix.essential.indptr).astype(np.int64)
        bits = int(max(sizes.max(), 1)).bit_length()
        weights, scale = _packed(matrix, bits)
        # Common skills first: the product looks at what the last skill brings first, and so keeps fewer for a while.
        order = np.argsort(-matrix.df, kind="stable")
        return cls(
            weights[order],
            matrix.idf[order],
            pa.array(matrix.skills, pa.string()).take(pa.array(order)),
            pa.array(matrix.occupations, pa.string()),
            pa.array(labels, pa.string()),
            sizes,
            essential,
            bits,
            scale,
            min(top, len(matrix.occupations)),
            threads or threads_here(),
            matrix.release,
        )

    def match(self, batch: pa.RecordBatch, first_row: int = 1) -> tuple[pa.RecordBatch, pa.RecordBatch]:
        """Rank the occupations of a batch of people, and give the rows that are refused or need a remark.

        The first batch has the columns of `match_schema`, best first, ties by IRI; the other those of `people.REFUSED`,
        where `row` counts from `first_row` or is taken from a column `row` of the batch.
        """
        best, refused = self.rank(batch, first_row)
        return self.matches(batch[ID], best), refused

    def rank(self, batch: pa.RecordBatch, first_row: int = 1) -> tuple[pa.ListArray, pa.RecordBatch]:
        """Do the work of `match`, but give its matches as keys that `matches` takes apart: a seventh of the bytes.

        The list of each person is sorted, best first; that of a refused one is empty.
        """
        held = held_by(batch[SKILLS], self.skills)
        reasons = self._reasons(batch[ID], held)
        keep = np.ones(len(batch), dtype=bool)
        keep[[person for person, (outcome, _) in reasons.items() if outcome == "refused"]] = False
        people = np.flatnonzero(keep)
        keys, count = self._best(held, people, self.top + SPARE)
        start = np.zeros(len(batch) + 1, dtype=np.int32)
        start[people + 1] = count
        flat = keys[np.arange(self.top) < count[:, None]]
        best = pa.ListArray.from_arrays(pa.array(np.cumsum(start, dtype=np.int32)), pa.array(flat))
        return best, _refused(batch, first_row, reasons)

    def refuse(self, batch: pa.RecordBatch, first_row: int = 1) -> pa.RecordBatch:
        """Give the second half of `match` alone, without ranking, which is most of the work."""
        return _refused(batch, first_row, self._reasons(batch[ID], held_by(batch[SKILLS], self.skills)))

    def _reasons(self, ids: pa.Array, held: Held) -> dict[int, tuple[str, str]]:
        """Say which people are refused or matched by a part of their skills, and why."""
        listed = self.idf[held.columns] > 0
        useful = np.add.reduceat(np.append(listed, False), held.start[:-1], dtype=np.int64) * (np.diff(held.start) > 0)
        no_id = np.asarray(ids.is_null())
        odd = np.flatnonzero(no_id | (useful == 0) | (held.unknown > 0))
        return {
            int(person): self._reason(held, int(person), bool(no_id[person]), int(useful[person])) for person in odd
        }

    def _reason(self, held: Held, person: int, no_id: bool, useful: int) -> tuple[str, str]:
        given, unknown = int(held.given[person]), int(held.unknown[person])
        if no_id:
            return "refused", "no id"
        if held.is_blank(person):
            return "refused", "no skills"
        if unknown == given:
            return (
                "refused",
                f"none of {given} skills is known; skills are IRIs of this release; first: {held.example(person)}",
            )
        if not useful:
            return "refused", f"no occupation lists any of the {given - unknown} known skills"
        return "remark", f"{unknown} of {given} skills unknown and left out; first: {held.example(person)}"

    # Ranking

    def _best(self, held: Held, people: Ints, candidates: int) -> tuple[Ints, Ints]:
        """Give sorted keys of the best occupations, one row for each of these people, and how many each row has."""
        candidates = min(candidates, len(self.occupations))
        keys = np.empty((len(people), self.top), dtype=np.int64)
        count = np.empty(len(people), dtype=np.int64)
        step = max(CELLS // candidates, 1)
        for at in range(0, len(people), step):
            part = slice(at, at + step)
            keys[part], count[part] = self._best_of(held, people[part], candidates)
        return keys, count

    def _best_of(self, held: Held, people: Ints, candidates: int) -> tuple[Ints, Ints]:
        """Take the best candidates by the exact score, then order them by the rounded score and by IRI.

        Where the last candidate ties with the last one taken, an occupation that was left out could come before it:
        those people are asked for again with four times the candidates.
        """
        rows = _rows(held, people, len(self.skills))
        above = (1 << 2 * self.bits) - 1  # a shared skill of rarity 0 alone makes no match
        product = sp_matmul_topn(rows, self.weights, candidates, threshold=above, n_threads=self.threads)
        count = np.diff(product.indptr).astype(np.int64)
        keys = self._ordered(product, count, _lengths(held, self.idf)[people], candidates)
        best = np.minimum(count, self.top)
        if candidates < len(self.occupations):
            last = keys[:, candidates - 1] >> self._low
            again = np.flatnonzero((count == candidates) & (keys[:, self.top - 1] >> self._low == last))
            if len(again):
                keys[again, : self.top], best[again] = self._best(held, people[again], candidates * 4)
        return keys[:, : self.top], best

    def _ordered(self, product: Any, count: Ints, lengths: NDArray[np.float64], candidates: int) -> Ints:
        """Sort each row by one number: rounded score (best is least), row of the occupation, then the two counts."""
        low = (1 << self.bits) - 1
        data = product.data[: count.sum()]
        person = np.repeat(np.arange(len(count)), count)
        score = (data >> 2 * self.bits) / (self.scale * lengths[person])
        rounded = np.minimum(np.rint(score * DIGITS).astype(np.int64), DIGITS)
        packed = (DIGITS - rounded) << self._low | product.indices[: len(data)].astype(np.int64) << 2 * self.bits
        packed |= (data & low) | (data >> self.bits & low) << self.bits
        keys = np.full((len(count), candidates), np.iinfo(np.int64).max)
        keys[person, np.arange(len(data)) - np.repeat(np.cumsum(count) - count, count)] = packed
        keys.sort(axis=1)
        return keys

    @property
    def _low(self) -> int:
        """Bits of a key below the score."""
        return 2 * self.bits + len(self.occupations).bit_length()

    def matches(self, ids: pa.Array, best: pa.ListArray) -> pa.RecordBatch:
        """Take the keys of `rank` apart into the columns of `match_schema`."""
        start = best.offsets.to_numpy().astype(np.int64)
        count = np.diff(start)
        flat = best.flatten().to_numpy()
        low = (1 << self.bits) - 1
        row = flat >> 2 * self.bits & ((1 << len(self.occupations).bit_length()) - 1)
        shared, essential = flat >> self.bits & low, flat & low
        places = pa.array(row.astype(np.int32))
        rank = np.arange(1, len(flat) + 1) - np.repeat(start[:-1], count)
        kind = id_type(ids.type)
        columns = [
            _repeated(ids.cast(kind), count),
            pa.array(rank.astype(np.int32)),
            pa.DictionaryArray.from_arrays(places, self.occupations),
            pa.DictionaryArray.from_arrays(places, self.labels),
            pa.array((DIGITS - (flat >> self._low)) / DIGITS),
            pa.array(_share(shared, self.size[row])),
            pa.array(_share(essential, self.essential_size[row])),
            pa.array(shared.astype(np.int32)),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=match_schema(kind))


def _packed(matrix: SkillMatrix, bits: int) -> tuple[csr_matrix, float]:
    """Set the part of the score, a shared skill and a shared essential skill side by side; gives the scale of the part.

    It is the largest power of two at which someone with all skills still fits.
    """
    rows = COSINE_SPACE.rows(matrix)
    parts = rows.tocsc(copy=True)
    parts.data = parts.data * np.repeat(matrix.idf, np.diff(parts.indptr))
    most = max(float(parts.sum(axis=1).max()), 1.0) + 1.0
    scale = 2.0 ** np.floor(62 - 2 * bits - np.log2(most))
    held = matrix.held.tocsc()
    essential = matrix.essential.tocsc()
    packed = held.astype(np.int64) * (1 << bits) + essential.astype(np.int64)
    parts.data = np.rint(parts.data * scale).astype(np.int64) << 2 * bits
    both = (packed + parts.astype(np.int64)).T.tocsr()
    both.sort_indices()
    return csr_matrix((both.data.astype(np.int64), both.indices, both.indptr), shape=both.shape), float(scale)


def _rows(held: Held, people: Ints, width: int) -> csr_matrix:
    """Give the rows of these people as ones in a sparse matrix."""
    start, columns = held.start, held.columns
    if len(people) < len(held.given):
        sizes = np.diff(start)[people]
        ends = np.cumsum(sizes)
        columns = columns[np.repeat(start[people] - ends + sizes, sizes) + np.arange(sizes.sum())]
        start = np.append(0, ends)
    ones = np.ones(len(columns), dtype=np.int64)
    return csr_matrix((ones, columns, start.astype(np.int32)), shape=(len(people), width))


def _lengths(held: Held, idf: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the length of each person's idf vector; 1 where it has none."""
    squares = np.add.reduceat(np.append(idf[held.columns] ** 2, 0.0), held.start[:-1]) * (np.diff(held.start) > 0)
    lengths: NDArray[np.float64] = np.sqrt(np.where(squares > 0, squares, 1.0))
    return lengths


def _repeated(ids: pa.Array, count: Ints) -> pa.Array:
    """Give each id as often as it has matches; texts as a dictionary, so that each is copied and hashed once."""
    if ids.type != pa.string():
        return ids.take(pa.array(np.repeat(np.arange(len(ids)), count)))
    coded = ids.dictionary_encode()
    places = coded.indices.fill_null(0).to_numpy()  # who has no id is refused, and so has no match
    return pa.DictionaryArray.from_arrays(pa.array(np.repeat(places, count), pa.int32()), coded.dictionary)


def _share(part: Ints, whole: Ints) -> NDArray[np.float64]:
    """Divide, to six digits; nothing of nothing is 0."""
    share: NDArray[np.float64] = np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
    return share.round(6)


def _refused(batch: pa.RecordBatch, first_row: int, reasons: dict[int, tuple[str, str]]) -> pa.RecordBatch:
    odd = pa.array(list(reasons), pa.int64())
    columns = [
        batch["row"].take(odd) if "row" in batch.schema.names else pc.add(odd, first_row),
        batch[ID].take(odd).cast(pa.string()),
        pa.array([outcome for outcome, _ in reasons.values()], pa.string()),
        pa.array([reason for _, reason in reasons.values()], pa.string()),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=REFUSED)
