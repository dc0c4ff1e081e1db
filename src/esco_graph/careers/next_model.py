"""How likely an occupation is as the next step: two small models, learned from the moves of the French ROME.

For each of two kinds of move, near (a job of the same standing) and progression, the odds are exp(base + Σ weight ·
value) of four values: the logarithm of the likeness, whether the step leads up or down an ISCO-08 skill level, and
whether it leads to a manager's group. `next_model.toml` holds the coefficients with how they came about;
`tools/train_next_steps.py` makes that file.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from esco_graph.careers.standing import MEASURE, standing
from esco_graph.skills.matrix import FloatArray, SkillMatrix, SkillSet
from esco_graph.skills.measures import scores

KINDS = ("near", "progression")
VALUES = ("closeness", "up", "down", "manager")
"""What the models see of a pair: ln(likeness + 0.01), and three times 0 or 1."""
_LEAST = 0.01
_ALIKE = ((0.5, "very alike"), (0.2, "alike"), (0.05, "somewhat alike"), (0.0, "hardly alike"))
_MANAGERS = "1"  # the ISCO-08 major group


@dataclass(frozen=True)
class Model:
    """One kind of move: `base` and `weights` give its odds, `means` are those of the values in training."""

    kind: str
    base: float
    weights: FloatArray
    means: FloatArray

    def chances(self, values: FloatArray) -> FloatArray:
        """Give the chance of each row of values, 0 to 1.

        >>> Model("near", 0.0, np.array([1.0]), np.array([0.0])).chances(np.array([[0.0]])).tolist()
        [0.5]
        """
        return 1.0 / (1.0 + np.exp(-(self.base + values @ self.weights)))

    def factors(self, values: FloatArray) -> FloatArray:
        """Give by what each value multiplies the odds, against an average pair."""
        return np.exp(self.weights * (values - self.means))


@dataclass(frozen=True)
class Moves:
    """The chances of every occupation as the next step of one skill set, in the order of the rows.

    `near` and `progression` are chances of 0 to 1. They come from pairs of ISCO-08 unit groups: read them as an order,
    not as forecasts. `level` is the ISCO level that steps start from, 0 where unknown.
    """

    near: FloatArray
    progression: FloatArray
    values: FloatArray
    level: int

    @property
    def score(self) -> FloatArray:
        """Either of the two, 1 - (1 - near)(1 - progression): n values of 0 to 1, by which next steps are ranked."""
        return 1.0 - (1.0 - self.near) * (1.0 - self.progression)

    def reasons(self, row: int, standing: str = "") -> tuple[str, ...]:
        """Say what speaks for and against an occupation, with the odds of the likelier kind against an average pair.

        `standing` names the occupation whose level a person is taken to have.
        """
        kind = "progression" if self.progression[row] >= self.near[row] else "near"
        closeness, up, down, manager = models()[kind].factors(self.values[row]).tolist()
        likeness = max(0.0, float(np.exp(self.values[row][0])) - _LEAST)
        said = [f"{_alike(likeness)} (likeness {likeness:.2f}), {_weight(closeness, (up * down, manager))}"]
        given = dict(zip(VALUES, self.values[row].tolist(), strict=True))
        if self.level:
            stepped = given["up"] or given["down"]
            where = "a step up" if given["up"] else "a step down" if given["down"] else "the same ISCO level"
            of = f" {'from' if stepped else 'as'} {standing}" if standing else ""
            said.append(f"{where}{of} {_counts(up * down)}")
        if given["manager"]:
            said.append(f"a manager's group {_counts(manager)}")
        return tuple(said)


def rank(matrix: SkillMatrix, held: SkillSet) -> Moves:
    """Weigh all occupations as the next step of a skill set; those with nothing in common have the chance 0."""
    found = scores(matrix, held, MEASURE)
    at = standing(matrix, held, found)
    level = 0 if at is None else int(matrix.level[at])
    values = values_of(matrix, found, level)
    near, progression = (np.where(found > 0, models()[kind].chances(values), 0.0) for kind in KINDS)
    return Moves(near, progression, values, level)


def values_of(matrix: SkillMatrix, found: FloatArray, level: int) -> FloatArray:
    """Give the four values of every occupation, n × 4, from its likeness and the start's ISCO level (0 unknown)."""
    levels = matrix.level.astype(int)
    known = (levels > 0) & (level > 0)
    up, down = known & (levels > level), known & (levels < level)
    return np.column_stack([np.log(found + _LEAST), up, down, matrix.derived("managers", _managers)])


@cache
def models() -> dict[str, Model]:
    """Read the models, by kind of move.

    >>> list(models())
    ['near', 'progression']
    """
    text = files("esco_graph.careers").joinpath("next_model.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return {kind: _model(kind, data[kind]) for kind in KINDS}


def _model(kind: str, data: dict[str, Any]) -> Model:
    weights, means = (np.array([data[part][one] for one in VALUES]) for part in ("weights", "means"))
    return Model(kind, data["base"], weights, means)


def _managers(matrix: SkillMatrix) -> FloatArray:
    return np.array([code.startswith(_MANAGERS) for code in matrix.isco], dtype=np.float64)


def _alike(likeness: float) -> str:
    """Word a likeness.

    >>> [_alike(one) for one in (0.88, 0.3, 0.1, 0.02)]
    ['very alike', 'alike', 'somewhat alike', 'hardly alike']
    """
    return next(words for least, words in _ALIKE if likeness >= least)


def _weight(closeness: float, others: tuple[float, ...]) -> str:
    """Say how much the likeness decides beside the other factors.

    >>> _weight(9.0, (2.0, 0.5)), _weight(1.5, (2.0, 0.5)), _weight(0.1, (2.0, 0.5))
    ('the main reason for its rank', 'which counts for it (odds × 1.5)', 'which counts against it (odds × 0.1)')
    """
    if closeness > 1.05 and all(closeness >= max(one, 1 / one) for one in others):
        return "the main reason for its rank"
    return f"which {_counts(closeness)}"


def _counts(factor: float) -> str:
    """Word a factor on the odds.

    >>> _counts(1.9), _counts(0.45), _counts(1.04)
    ('counts for it (odds × 1.9)', 'counts against it (odds × 0.45)', 'counts neither for nor against it')
    """
    if 1 / 1.05 < factor < 1.05:
        return "counts neither for nor against it"
    return f"counts {'for' if factor > 1 else 'against'} it (odds × {factor:.{2 if factor < 10 else 3}g})"
