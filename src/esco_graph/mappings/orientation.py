"""Which way round a table means its broad and narrow rows, inferred from the rows themselves.

The published tables differ: in some `A broadMatch B` says that B is the broader concept (as SKOS does), in others that
A is. Two kinds of witness are heard for the broad rows and again for the narrow rows:

* **fan-out**: many narrower concepts share one broader one. For broad rows read as written there are more subjects
  than objects, so log(subjects / objects) is above that of the close rows, which have no direction; the close rows
  take off what is due to the sizes of the two classifications, or to a table with one row for each national code.
  The difference is taken for many random draws of equally many broad and close rows (a bootstrap); the share of draws
  above 0 is how sure the witness is.
* **labels**: where all words of one label are in the other (`nurse`, `school nurse`), the shorter is the broader one.
  Of the pairs of labels so found, the number on either side gives a Beta(1 + yes, 1 + no) posterior, of which the mass
  above one half is taken (in the normal approximation).

Both can mislead in the same way over a whole table, so no witness is believed more than LIMITS says, and the witnesses
are combined as independent ones (the product of their odds). The limits are choices. On the eight official tables that
we have, fan-out was right 15 times of 16 and wrong once (the narrow rows of FR, where each national code stands in one
row), labels were right 13 times and undecided twice; right is what reading the rows shows.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from esco_graph.sources.table_words import fold

AS_WRITTEN, REVERSED = "as-written", "reversed"
LIMITS = {"fan-out": 0.9, "labels": 0.95}
DRAWS = 200
MOST_ROWS = 20_000  # of one draw
FEWEST = 12  # rows or pairs of labels without which a witness says nothing
SURE = 0.9  # below it the user is asked to look
ALONE = 0.9  # share of the rows to groups that must agree before they are read apart from the others

GROUPS = {"code": "groups of the other classification", "isco": "groups of ISCO"}
"""Kinds of groups of occupations: by a short code, or one of ISCO; the rows to each may have a reading of their own."""

Pair = tuple[str, str, str, str]
"""Subject, object and their two labels."""


@dataclass(frozen=True)
class Witness:
    """What one kind of evidence says: of which rows, how many it heard, and how likely the rows hold as written."""

    kind: str
    rows: str
    heard: int
    as_written: float
    words: str

    @property
    def verdict(self) -> str:
        """The reading it speaks for, or "" when it is undecided (between .25 and .75)."""
        return AS_WRITTEN if self.as_written > 0.75 else REVERSED if self.as_written < 0.25 else ""


@dataclass(frozen=True)
class Orientation:
    """The reading inferred, how sure it is (0.5 to 1), and the witnesses; `told` when the user decided.

    `groups` gives the reading of the rows between a group and a concept below it where that is not the verdict, by the
    kind of group (the keys of GROUPS), and `group_rows` how many such rows there are of each kind. `directed` counts
    the broad and narrow rows, those to groups too.
    """

    verdict: str
    sure: float | None
    witnesses: tuple[Witness, ...] = ()
    told: bool = False
    groups: Mapping[str, str] = field(default_factory=dict)
    group_rows: Mapping[str, int] = field(default_factory=dict)
    directed: int = 0

    @property
    def disagree(self) -> bool:
        """Say whether two witnesses that decided speak for opposite readings."""
        return len({witness.verdict for witness in self.witnesses} - {""}) > 1

    def warnings(self) -> list[str]:
        """Say in words what the user should look at."""
        said = []
        inferred = verdict_of(self.witnesses)[0] if self.witnesses else self.verdict
        if self.told and inferred != self.verdict:
            said.append(f"You asked to read the table {self.verdict}, but its rows speak for {inferred}.")
        if not self.told and self.sure is None and self.directed:
            said.append("Nothing shows which way round broad and narrow are meant; they are read as written.")
        elif not self.told and self.sure is not None and self.sure < SURE:
            said.append(
                "Which way round broad and narrow are meant is not sure; look at some rows, or say --orientation."
            )
        if self.disagree:
            words = "; ".join(one.words for one in self.witnesses if one.verdict)
            said.append(f"The signs disagree: {words}." if self.told else "These signs disagree.")
        return said + [self._said_of_groups(kind, reading) for kind, reading in self.groups.items()]

    def _said_of_groups(self, kind: str, reading: str) -> str:
        rows = f"The {self.group_rows[kind]} rows to {GROUPS[kind]}"
        if self.told:
            return f"{rows} come out with the group as the narrower one; without --orientation they are read {reading}."
        return f"{rows} are read {reading}, against the rest of the table: a group is broader than what is in it."


def infer(
    broad: Sequence[Pair],
    narrow: Sequence[Pair],
    close: Sequence[Pair],
    *,
    groups: Mapping[str, Sequence[int]] = MappingProxyType({}),
    told: str = "",
) -> Orientation:
    """Infer the orientation from the broad, narrow and close rows; `sure` is None when there is no evidence.

    `groups` holds, by the kind of group, for each row between a group of occupations and something else 1 when, read
    as written, the group comes out as the broader one, and -1 when as the narrower. The others do not hold these rows.
    `told` is the reading that the user asks for, which is taken for all rows.
    """
    found: list[Witness] = []
    for name, rows, sign in (("broad", broad, 1), ("narrow", narrow, -1)):
        found += filter(None, (_fan_out(name, rows, close, sign), _labels(name, rows, sign)))
    verdict, sure = verdict_of(found)
    own = {kind: reading for kind in GROUPS if (reading := _groups(groups.get(kind, ())))}
    counts = {kind: len(groups[kind]) for kind in GROUPS if groups.get(kind)}
    if sure is None and own:
        verdict, sure = next(iter(own.values())), LIMITS["labels"]
    if told:
        verdict, sure = told, 1.0
    apart = {kind: reading for kind, reading in own.items() if reading != verdict}
    directed = len(broad) + len(narrow) + sum(counts.values())
    return Orientation(verdict, sure, tuple(found), bool(told), apart, counts, directed)


def verdict_of(witnesses: Iterable[Witness]) -> tuple[str, float | None]:
    """Combine witnesses by the product of their odds; without any the table is read as written, and nothing is sure.

    >>> verdict_of([Witness("labels", "broad", 50, 0.05, ""), Witness("fan-out", "narrow", 90, 0.2, "")])
    ('reversed', 0.987013)
    """
    odds = [math.log(one.as_written / (1 - one.as_written)) for one in witnesses]
    if not odds or not any(odds):
        return AS_WRITTEN, None
    sure = 1 / (1 + math.exp(-abs(sum(odds))))
    return (AS_WRITTEN if sum(odds) >= 0 else REVERSED), round(sure, 6)


def _groups(signs: Sequence[int]) -> str:
    """Give the reading that the rows to one kind of groups want, or "" when they are few or disagree."""
    right = sum(sign > 0 for sign in signs)
    if len(signs) < FEWEST or max(right, len(signs) - right) / len(signs) < ALONE:
        return ""
    return AS_WRITTEN if right * 2 > len(signs) else REVERSED


def _limited(chance: float, kind: str) -> float:
    limit = LIMITS[kind]
    return round(1 - limit + (2 * limit - 1) * chance, 6)


# Fan-out


def _fan_out(name: str, rows: Sequence[Pair], close: Sequence[Pair], sign: int) -> Witness | None:
    if len(rows) < FEWEST:
        return None
    ends, base = _numbered(rows), _numbered(close) if len(close) >= FEWEST else None
    size = min(len(rows), MOST_ROWS, *([] if base is None else [len(close)]))
    random = np.random.default_rng(0)
    spread = [_ratio(ends, size, random) - (0.0 if base is None else _ratio(base, size, random)) for _ in range(DRAWS)]
    above = (sum(sign * one > 0 for one in spread) + 0.5 * sum(one == 0 for one in spread)) / DRAWS
    mean = sum(spread) / DRAWS
    many = "subjects share an object" if mean > 0 else "objects share a subject"
    words = f"{name} rows by fan-out: {many} ({math.exp(abs(mean)):.2f} to 1) -> {_verb(above)}"
    return Witness("fan-out", name, len(rows), _limited(above, "fan-out"), words)


def _numbered(rows: Sequence[Pair]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    made = []
    for end in (0, 1):
        names = {name: number for number, name in enumerate(sorted({row[end] for row in rows}))}
        made.append(np.fromiter((names[row[end]] for row in rows), np.int64, len(rows)))
    return made[0], made[1]


def _ratio(ends: tuple[NDArray[np.int64], NDArray[np.int64]], size: int, random: np.random.Generator) -> float:
    """Draw rows (with replacement) and give log(subjects / objects)."""
    drawn = random.integers(0, len(ends[0]), size)
    counts = [int(np.count_nonzero(np.bincount(end[drawn]))) for end in ends]
    return math.log(counts[0] / counts[1])


# Labels


def _labels(name: str, rows: Sequence[Pair], sign: int) -> Witness | None:
    yes = no = 0
    for subject, object_ in sorted({(row[2], row[3]) for row in rows}):
        shorter = _inside(subject, object_)
        yes += shorter == sign
        no += shorter == -sign
    if yes + no < FEWEST:
        return None
    mean, count = (yes + 1) / (yes + no + 2), yes + no + 3
    chance = 0.5 * math.erfc((0.5 - mean) / math.sqrt(2 * mean * (1 - mean) / count))
    words = f"{name} rows by labels within labels: {yes} for as-written, {no} for reversed"
    return Witness("labels", name, yes + no, _limited(chance, "labels"), words)


def _inside(subject: str, object_: str) -> int:
    """Give 1 when the object's label has fewer words and all are in the subject's, -1 the other way round, else 0."""
    one, other = _stems(subject), _stems(object_)
    return (other < one) - (one < other) if one and other else 0


@lru_cache(maxsize=200_000)
def _stems(label: str) -> frozenset[str]:
    """Give the words of a label without endings: their first letters, two thirds of them and at least four."""
    words = re.findall(r"[^\W\d_]+", fold(label))
    return frozenset(word[: max(4, len(word) - max(1, len(word) // 4))] for word in words)


def _verb(above: float) -> str:
    return AS_WRITTEN if above > 0.75 else REVERSED if above < 0.25 else "undecided"
