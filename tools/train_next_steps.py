"""Learn the coefficients of `careers/next_model.toml` from typed moves between ISCO-08 unit groups.

    python tools/train_next_steps.py --store STORE --rome rome_moves_isco4_dev.csv [-o FILE]

One example is a pair of unit groups: the values of `next_model.values_of` from each occupation of the source group to
the likeliest occupation of the target group, averaged. Candidates are the groups that occur in the file. A logistic
regression with an L2 penalty is fitted by Newton's method for each kind of move, over the source groups that have a
move of that kind. The mean average precision is cross-validated: ten folds of source groups, five shuffles (seeds 0 to
4).
"""

from __future__ import annotations

import argparse
import csv
import datetime
from pathlib import Path

import numpy as np

from esco_graph.careers.next_model import KINDS, MEASURE, VALUES, values_of
from esco_graph.graph import Graph
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.measures import scores

NAMES = {"near": "Proche", "progression": "Evolution"}
PENALTY = 1.0
FOLDS, SHUFFLES = 10, 5


class Examples:
    """Values and labels: per source group the values of its occupations to each target group, and which are moves."""

    def __init__(self, matrix: SkillMatrix, rome: Path) -> None:
        with rome.open(encoding="utf-8", newline="") as file:
            moves = [(row["a"], row["b"], row["t"]) for row in csv.DictReader(file)]
        members: dict[str, list[int]] = {}
        for row, code in enumerate(matrix.isco):
            members.setdefault(code, []).append(row)
        self.moves = len(moves)
        self.targets = sorted({code for a, b, _ in moves for code in (a, b)} & members.keys())
        self.sources = sorted({a for a, _, _ in moves} & members.keys())
        self.values = [
            np.stack([self._to_groups(matrix, row, members) for row in members[code]]) for code in self.sources
        ]
        found = set(moves)
        self.labels = {
            kind: np.array([[(a, b, name) in found for b in self.targets] for a in self.sources])
            for kind, name in NAMES.items()
        }
        self.own = [self.targets.index(code) for code in self.sources]

    def _to_groups(self, matrix: SkillMatrix, row: int, members: dict[str, list[int]]) -> np.ndarray:
        found = scores(matrix, matrix.row_set(row), MEASURE)
        best = [members[code][int(np.argmax(found[members[code]]))] for code in self.targets]
        return values_of(matrix, found, int(matrix.level[row]))[best]

    def having(self, kind: str) -> np.ndarray:
        """Give the source groups with a move of this kind."""
        return np.flatnonzero(self.labels[kind].any(axis=1))

    def pairs(self, kind: str, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give values and labels of all pairs from these source groups."""
        kept = [np.delete(self.values[at].mean(axis=0), self.own[at], axis=0) for at in groups]
        labels = [np.delete(self.labels[kind][at], self.own[at]) for at in groups]
        return np.concatenate(kept), np.concatenate(labels).astype(float)


def fit(values: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """Fit base and weights by Newton's method with halved steps; values are standardised for the penalty."""
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    x = np.column_stack([np.ones(len(values)), (values - mean) / spread])
    share = labels.mean()
    beta = np.zeros(x.shape[1])
    beta[0] = np.log(share / (1 - share))
    penalty = np.full(len(beta), PENALTY)
    penalty[0] = 0.0

    def loss(at: np.ndarray) -> float:
        z = x @ at
        return float((np.logaddexp(0, z) - labels * z).sum() + 0.5 * (penalty * at**2).sum())

    for _ in range(50):
        chance = 1 / (1 + np.exp(-x @ beta))
        gradient = x.T @ (labels - chance) - penalty * beta
        curvature = (x * (chance * (1 - chance))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        before = loss(beta)
        while loss(beta + step) > before and np.abs(step).max() > 1e-9:
            step = step / 2
        beta = beta + step
        if np.abs(step).max() < 1e-8:
            break
    weights = beta[1:] / spread
    return float(beta[0] - mean @ weights), weights


def precision(found: np.ndarray, right: np.ndarray) -> float:
    """Average precision of one ranking."""
    hits = np.flatnonzero(right[np.argsort(-found, kind="stable")])
    return float(((np.arange(len(hits)) + 1) / (hits + 1)).mean())


def mean_precision(examples: Examples, kind: str, groups: np.ndarray, model: tuple[float, np.ndarray]) -> list[float]:
    """Average precision of each source group, target groups ranked by the mean chance over the source's occupations."""
    base, weights = model
    found = []
    for at in groups:
        chance = (1 / (1 + np.exp(-(base + examples.values[at] @ weights)))).mean(axis=0)
        found.append(
            precision(np.delete(chance, examples.own[at]), np.delete(examples.labels[kind][at], examples.own[at]))
        )
    return found


def cross_validated(examples: Examples, kind: str) -> float:
    """Mean average precision on source groups that the model did not see."""
    groups, means = examples.having(kind), []
    for seed in range(SHUFFLES):
        fold = np.random.default_rng(seed).permutation(len(groups)) % FOLDS
        found: list[float] = []
        for one in range(FOLDS):
            model = fit(*examples.pairs(kind, groups[fold != one]))
            found += mean_precision(examples, kind, groups[fold == one], model)
        means.append(float(np.mean(found)))
    return float(np.mean(means))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--rome", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path, default=Path("src/esco_graph/careers/next_model.toml"))
    args = parser.parse_args()
    matrix = SkillMatrix.of(Graph.open(args.store))
    examples = Examples(matrix, args.rome)
    lines = [
        "# Coefficients of careers/next_model.py, made by tools/train_next_steps.py; do not edit by hand.",
        f"made = {datetime.datetime.now(tz=datetime.UTC).date()}",
        f'gold = "{args.rome.name}"',
        f'release = "{matrix.release}"',
        f'measure = "{MEASURE}"',
        f"moves = {examples.moves}",
        f"source_groups = {len(examples.sources)}",
        f"target_groups = {len(examples.targets)}",
        f"penalty = {PENALTY}",
    ]
    for kind in KINDS:
        groups = examples.having(kind)
        values, labels = examples.pairs(kind, groups)
        base, weights = fit(values, labels)
        trained = float(np.mean(mean_precision(examples, kind, groups, (base, weights))))
        lines += [
            f"\n[{kind}]",
            f"pairs = {len(labels)}",
            f"positive = {int(labels.sum())}",
            f"map_cross_validated = {cross_validated(examples, kind):.4f}",
            f"map_in_training = {trained:.4f}",
            f"base = {base:.6f}",
            f"\n[{kind}.weights]",
            *(f"{name} = {weight:.6f}" for name, weight in zip(VALUES, weights, strict=True)),
            f"\n[{kind}.means]",
            *(f"{name} = {mean:.6f}" for name, mean in zip(VALUES, values.mean(axis=0), strict=True)),
        ]
    args.output.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
