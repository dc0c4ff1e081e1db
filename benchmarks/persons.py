"""Measure which ranking finds the occupation of simulated persons; prints Markdown.

    python benchmarks/persons.py --store STORE [--persons 2000] [--true 10] [--noise 3] [--seed 0]

A person has some skills of one occupation, essential or optional, drawn without regard to which, and some that any
occupation lists. Occupations are drawn evenly among those that list enough. The figure is the mean reciprocal rank of
that occupation, with the 95 % interval of a bootstrap over persons; occupations that tie share the middle of their
ranks. Real people name skills in other words, leave out the obvious ones and have had several occupations: the figures
compare measures with each other, and say little of how well real people are served.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

from esco_graph.graph import Graph
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.measures import MEASURES, scores
from esco_graph.skills.skill_set import SkillSet

SAMPLES = 1_000

Floats = NDArray[np.float64]


def simulated(matrix: SkillMatrix, count: int, true: int, noise: int, seed: int) -> list[tuple[int, SkillSet]]:
    rng = np.random.default_rng(seed)
    large = np.flatnonzero(matrix.size >= true)
    listed = np.flatnonzero(matrix.df > 0)
    people = []
    for row in rng.choice(large, count):
        held = rng.choice(matrix.row_set(int(row)).all, true, replace=False)
        columns = np.union1d(held, rng.choice(listed, noise, replace=False)).astype(np.int32)
        people.append((int(row), SkillSet(columns, np.empty(0, np.int32))))
    return people


def reciprocal_ranks(matrix: SkillMatrix, people: list[tuple[int, SkillSet]], measure: str) -> Floats:
    found = np.empty(len(people))
    for place, (row, held) in enumerate(people):
        score = scores(matrix, held, measure).round(9)
        better, equal = int((score > score[row]).sum()), int((score == score[row]).sum())
        found[place] = 1 / (better + (equal + 1) / 2)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", required=True)
    parser.add_argument("--persons", type=int, default=2_000)
    parser.add_argument("--true", type=int, default=10)
    parser.add_argument("--noise", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    matrix = SkillMatrix.of(Graph.open(args.store))
    people = simulated(matrix, args.persons, args.true, args.noise, args.seed)
    found = {name: reciprocal_ranks(matrix, people, name) for name in MEASURES}
    drawn = np.random.default_rng(args.seed).integers(0, len(people), (SAMPLES, len(people)))
    print(f"{len(people):,} persons of {args.true} true and {args.noise} other skills, seed {args.seed}\n")
    print("| measure | MRR | 95 % | first |\n|---|---|---|---|")
    for name, one in sorted(found.items(), key=lambda item: -item[1].mean()):
        low, high = np.quantile(one[drawn].mean(axis=1), (0.025, 0.975))
        print(f"| {name} | {one.mean():.3f} | {low:.3f} to {high:.3f} | {(one == 1).mean():.1%} |")


if __name__ == "__main__":
    main()
