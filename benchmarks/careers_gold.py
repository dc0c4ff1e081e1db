"""Gold files of similar occupations and of career moves, and how a ranking is held against them; for `careers.py`."""

from __future__ import annotations

import csv
import statistics
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from esco_graph.skills.matrix import SkillMatrix

Array = np.ndarray
GAINS = {"Primary-Short": 3, "Primary-Long": 2, "Supplemental": 1}
KINDS = {"near": "Proche", "progression": "Evolution"}
AT = 10


@dataclass
class Gold:
    """What the files hold: the O*NET codes of occupations, and moves (source group, target group, kind)."""

    crosswalk: dict[str, str] = field(default_factory=dict)
    moves: set[tuple[str, str, str]] = field(default_factory=set)
    names: list[str] = field(default_factory=list)

    def read(self, path: Path) -> None:
        """Add one file, known by its columns; raises SystemExit for others."""
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            columns = set(rows.fieldnames or ())
            if {"concept_uri", "onet2019"} <= columns:
                self.crosswalk |= {row["concept_uri"]: row["onet2019"] for row in rows}
            elif {"a", "b", "t"} <= columns:
                self.moves |= {(row["a"], row["b"], row["t"]) for row in rows}
            else:
                raise SystemExit(f"{path}: columns {sorted(columns)} are neither concept_uri,onet2019 nor a,b,t")
        self.names.append(path.name)


# Similar occupations


@dataclass(frozen=True)
class Queries:
    """Occupations of the crosswalk: their rows, the number of their code, and the gain of each pair (-1 left out)."""

    rows: Array
    code: Array
    gain: Array

    @classmethod
    def of(cls, matrix: SkillMatrix, crosswalk: dict[str, str], related: dict[tuple[str, str], int]) -> Queries:
        """Relate occupations by their codes; those of one code say nothing about each other and are left out."""
        known = sorted(iri for iri in crosswalk if matrix.find(iri) is not None)
        codes = sorted({crosswalk[iri] for iri in known})
        number = {code: at for at, code in enumerate(codes)}
        between = np.array([[related.get((a, b), 0) for b in codes] for a in codes], dtype=int)
        np.fill_diagonal(between, -1)
        code = np.array([number[crosswalk[iri]] for iri in known])
        return cls(np.array([matrix.row(iri) for iri in known]), code, between[np.ix_(code, code)])

    def ndcg(self, pairs: Array, *, linear: bool = False) -> dict[str, float]:
        """Give nDCG@10 per O*NET code: gain 2^g - 1 (or g), mean over the occupations of the code."""
        scores = pairs[np.ix_(self.rows, self.rows)]
        found: dict[str, list[float]] = defaultdict(list)
        discount = 1 / np.log2(np.arange(2, AT + 2))
        for at in range(len(self.rows)):
            kept = np.flatnonzero(self.gain[at] >= 0)
            gain = self.gain[at, kept] if linear else 2.0 ** self.gain[at, kept] - 1
            ideal = (np.sort(gain)[::-1][:AT] * discount[: len(gain)]).sum()
            best = kept_first(scores[at, kept])[:AT]
            if ideal > 0:
                found[str(self.code[at])].append(float((gain[best] * discount[: len(best)]).sum() / ideal))
        return {code: statistics.fmean(values) for code, values in found.items()}


def kept_first(scores: Array) -> Array:
    """Order by score, rounded to six digits, ties in the order given."""
    return np.argsort(-np.round(scores.astype(np.float64), 6), kind="stable")


def read_related(path: Path) -> dict[tuple[str, str], int]:
    """Read O*NET's table of related occupations: gain by pair of codes."""
    from openpyxl import load_workbook

    with closing(load_workbook(path, read_only=True)) as book:
        rows = list(book.active.iter_rows(values_only=True))
    names = {name: at for at, name in enumerate(rows[0])}
    a, b, tier = names["O*NET-SOC Code"], names["Related O*NET-SOC Code"], names["Relatedness Tier"]
    return {(row[a], row[b]): GAINS[row[tier]] for row in rows[1:] if row[a]}


# Moves between unit groups


class Groups:
    """Unit groups that occur in the moves, with the rows of their occupations."""

    def __init__(self, matrix: SkillMatrix, moves: Iterable[tuple[str, str, str]]) -> None:
        members: dict[str, list[int]] = defaultdict(list)
        for row, code in enumerate(matrix.isco):
            members[code].append(row)
        self.targets: dict[str, dict[str, set[str]]] = {kind: defaultdict(set) for kind in KINDS}
        for a, b, name in moves:
            for kind, its in KINDS.items():
                if its == name:
                    self.targets[kind][a].add(b)
        self.codes = sorted({code for a, b, _ in moves for code in (a, b)} & members.keys())
        self.members = [np.array(members[code]) for code in self.codes]
        self._order = np.concatenate(self.members) if self.members else np.array([], dtype=int)
        self._starts = np.cumsum([0, *(len(rows) for rows in self.members)])[:-1]

    def scores(self, pairs: Array) -> Array:
        """Score pairs of groups: the mean over the source's occupations of the best occupation of the target."""
        best = np.maximum.reduceat(pairs[np.ix_(self._order, self._order)], self._starts, axis=1)
        sizes = np.array([len(rows) for rows in self.members])
        return np.add.reduceat(best.astype(np.float64), self._starts, axis=0) / sizes[:, np.newaxis]

    def precision(self, pairs: Array, kind: str) -> dict[str, float]:
        """Give the average precision of each source group that has a move of this kind."""
        scores, found = self.scores(pairs), {}
        for at, code in enumerate(self.codes):
            others = np.array([one != code for one in self.codes])
            right = np.array([one in self.targets[kind].get(code, ()) for one in self.codes])[others]
            if right.any():
                hits = np.flatnonzero(right[kept_first(scores[at, others])])
                found[code] = float(((np.arange(len(hits)) + 1) / (hits + 1)).mean())
        return found
