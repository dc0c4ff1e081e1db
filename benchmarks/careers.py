"""Measure skill overlap and career steps against gold files; prints Markdown.

    python benchmarks/careers.py --store STORE --gold onet_esco_crosswalk_dev.csv --gold rome_moves_isco4_dev.csv \
        --related "Related Occupations.xlsx" [--draws 2000] [--only similar,moves,paths,speed] [-o FILE]

A gold file is known by its columns: `concept_uri,onet2019` is a crosswalk to O*NET (it needs --related, the table of
O*NET's related occupations), `a,b,t` holds typed moves between ISCO-08 unit groups. docs/careers.md defines the
figures. All scores come from the package; the four baselines stand beside them. Intervals are 95 % of a bootstrap over
O*NET codes or source groups, seed 0; a difference is paired.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from careers_gold import AT, KINDS, Array, Gold, Groups, Queries, kept_first, read_related
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from esco_graph.careers import next_model
from esco_graph.careers.names import WIDER
from esco_graph.careers.search import cheapest_ways
from esco_graph.graph import Graph
from esco_graph.query import stored
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.measures import MEASURES
from esco_graph.skills.nearest import nearest
from esco_graph.skills.overlap import overlap

BASELINES = ("random", "isco-prefix", "jaccard", "coverage")
OURS = "likeness"
SEED = 0


# Methods


def methods(matrix: SkillMatrix) -> dict[str, Callable[[], Array]]:
    """Give all pairs of each method; the baselines first."""
    n = len(matrix.occupations)

    def prefix() -> Array:
        codes = np.array([list(code.ljust(4, "?")[:4]) for code in matrix.isco])
        same = np.cumprod(codes[:, np.newaxis, :] == codes[np.newaxis, :, :], axis=2).sum(axis=2)
        return same + 0.999 * (matrix.wording.rows @ matrix.wording.rows.T).toarray()

    found: dict[str, Callable[[], Array]] = {
        "random": lambda: np.random.default_rng(SEED).random((n, n)),
        "isco-prefix": prefix,
    }
    ours = [name for name in MEASURES if name not in BASELINES and name != OURS]
    for name in ("jaccard", "coverage", *ours, OURS):
        found[name] = lambda name=name: MEASURES[name].all_pairs(matrix)
    return found


def steps(matrix: SkillMatrix) -> dict[str, Array]:
    """Give the chances of all next steps, by kind of move."""
    moves = [next_model.rank(matrix, matrix.row_set(row)) for row in range(len(matrix.occupations))]
    return {kind: np.stack([getattr(one, kind) for one in moves]).astype(np.float32) for kind in KINDS}


# Intervals


def interval(values: dict[str, float], draws: int, minus: dict[str, float] | None = None) -> tuple[float, float, float]:
    """Give the mean over clusters, or the paired difference of two, with the bounds of its 95 % bootstrap interval."""
    keys = sorted(values)
    numbers = np.array([values[key] - (minus[key] if minus else 0.0) for key in keys])
    chosen = np.random.default_rng(SEED).integers(0, len(keys), (draws, len(keys)))
    means = numbers[chosen].mean(axis=1)
    return float(numbers.mean()), float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def shown(found: tuple[float, float, float]) -> str:
    """Write a mean with its interval."""
    return f"{found[0]:.4f} [{found[1]:.3f}, {found[2]:.3f}]"


# Paths


def near_lists(pairs: Array, k: int) -> Array:
    """Give the k best others of each row."""
    lists = []
    for row, scores in enumerate(pairs):
        best = kept_first(scores)[: k + 1]
        lists.append(best[best != row][:k])
    return np.array(lists, dtype=np.int32)


def pairs_to_join(matrix: SkillMatrix, sources: set[str], count: int) -> list[tuple[int, int]]:
    """Draw starts in the source groups, each with targets that are 2, 3 and 4 hops away over affinity's ten nearest."""
    n = len(matrix.occupations)
    lists = nearest(matrix, AT, "affinity")[0]
    reached = lists >= 0
    rows = np.repeat(np.arange(n), reached.sum(axis=1))
    graph = csr_array((np.ones(len(rows)), (rows, lists[reached])), shape=(n, n))
    rng = np.random.default_rng(SEED)
    starts = rng.permutation([row for row in range(n) if matrix.isco[row] in sources])[:count]
    found = []
    for start, hops in zip(starts, dijkstra(graph, indices=starts, unweighted=True, limit=4), strict=True):
        for wanted in (2, 3, 4):
            if len(there := np.flatnonzero(hops == wanted)):
                found.append((int(start), int(rng.choice(there))))
    return found


@dataclass
class Walked:
    """Steps of the paths of one method: of each source group, how many leave the group and how many are moves."""

    asked: int = 0
    lengths: list[int] = field(default_factory=list)
    hits: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    crossed: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def share(self, draws: int) -> tuple[float, float, float]:
        """Give the share of steps that are moves, with a bootstrap over the source groups of the steps."""
        keys = sorted(self.crossed)
        hits, all_ = (np.array([one[key] for key in keys]) for one in (self.hits, self.crossed))
        if not len(keys):
            return float("nan"), float("nan"), float("nan")
        chosen = np.random.default_rng(SEED).integers(0, len(keys), (draws, len(keys)))
        means = hits[chosen].sum(axis=1) / all_[chosen].sum(axis=1)
        return float(hits.sum() / all_.sum()), float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def walk(matrix: SkillMatrix, tries: list[Array], joined: list[tuple[int, int]], moves: dict[str, set[str]]) -> Walked:
    """Take the best path between each pair over the first lists that join it, and compare its steps with the moves."""
    found = Walked()
    for start, target in joined:
        found.asked += 1
        held = matrix.row_set(start)
        searched = (cheapest_ways(matrix, held, one[start], one, target, start=start, k=1) for one in tries)
        ways = next((one for one in searched if one), ())
        if not ways:
            continue
        found.lengths.append(len(ways[0].rows))
        for a, b in zip((start, *ways[0].rows), ways[0].rows, strict=False):
            source, end = matrix.isco[a], matrix.isco[b]
            if source in moves and source != end:
                found.crossed[source] += 1
                found.hits[source] += end in moves[source]
    return found


# Speed


def median(action: Callable[[], object], runs: int = 5) -> float:
    """Median seconds of an action after one that is not counted."""
    action()
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        action()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def speed(graph: Graph, matrix: SkillMatrix) -> list[str]:
    """Time all pairs of each measure against scipy's A·Aᵀ, and one explained overlap."""
    limit = median(lambda: (matrix.held @ matrix.held.T).toarray())
    lines = ["| what | seconds | × scipy A·Aᵀ | bound |", "|---|---|---|---|", f"| scipy A·Aᵀ | {limit:.3f} | 1.0 | |"]
    for name, measure in MEASURES.items():
        taken = median(lambda measure=measure: measure.all_pairs(matrix))
        lines.append(f"| all pairs, {name} | {taken:.3f} | {taken / limit:.1f} | < 1 s |")
    a, b = matrix.occupations[0], matrix.occupations[1]
    for name in ("affinity", OURS):
        taken = median(lambda name=name: [overlap(graph, a, b, measure=name) for _ in range(20)]) / 20
        lines.append(f"| one explained overlap, {name} | {taken:.4f} | | < 0.005 s |")
    query = stored("explained-overlap")
    taken = median(lambda: query.run(graph, **query.example))
    lines.append(f"| one explained overlap, stored SPARQL | {taken:.4f} | | < 0.1 s |")
    return lines


# Reports


def similar_lines(matrix: SkillMatrix, gold: Gold, related: Path, draws: int) -> list[str]:
    """Rank similar occupations by every method, and set ours against each baseline."""
    queries = Queries.of(matrix, gold.crosswalk, read_related(related))
    found = {}
    for name, make in methods(matrix).items():
        pairs = make()
        found[name] = queries.ndcg(pairs), queries.ndcg(pairs, linear=True)
    lines = [
        f"\n{len(queries.rows)} occupations, {len(set(queries.code.tolist()))} O*NET codes.",
        f"\n| method | nDCG@10 | with linear gain | {OURS} minus this |\n|---|---|---|---|",
    ]
    for name, (sharp, linear) in found.items():
        minus = shown(interval(found[OURS][0], draws, sharp)) if name != OURS else ""
        lines.append(
            f"| {name} | {shown(interval(sharp, draws))} | {statistics.fmean(linear.values()):.4f} | {minus} |"
        )
    return lines


def moves_lines(matrix: SkillMatrix, gold: Gold, draws: int) -> list[str]:
    """Rank unit groups by every method, for both kinds of move."""
    groups = Groups(matrix, gold.moves)
    found = {}
    for name, make in methods(matrix).items():
        pairs = make()
        found[name] = {kind: groups.precision(pairs, kind) for kind in KINDS}
    found["next-steps"] = {kind: groups.precision(pairs, kind) for kind, pairs in steps(matrix).items()}
    heads = [part for kind in KINDS for part in (f"{kind} MAP", "next-steps minus this")]
    lines = [
        f"\n{len(gold.moves)} moves, {len(groups.codes)} groups.",
        f"\n| method | {' | '.join(heads)} |\n|---|{'---|' * len(heads)}",
    ]
    for name, kinds in found.items():
        cells = []
        for kind, values in kinds.items():
            ours = found["next-steps"][kind]
            cells += [
                shown(interval(values, draws)),
                shown(interval(ours, draws, values)) if ours is not values else "",
            ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    note = "next-steps was trained on the gold that next_model.toml names; the cross-validated figures stand there."
    return [*lines, "", note]


def paths_lines(matrix: SkillMatrix, gold: Gold, draws: int, count: int) -> list[str]:
    """Walk between the same pairs over the ten nearest of each method."""
    moves: dict[str, set[str]] = defaultdict(set)
    for a, b, _ in gold.moves:
        moves[a].add(b)
    joined = pairs_to_join(matrix, set(moves), count)
    lines = [
        f"\n{len(joined)} pairs.",
        "\n| neighbours by | steps that are moves | mean length | pairs joined | steps |\n|---|---|---|---|---|",
    ]
    lists = {name: [near_lists(make(), AT)] for name, make in methods(matrix).items()}
    lists[f"{OURS}, else {WIDER}"] = [*lists[OURS], nearest(matrix, WIDER, OURS)[0]]  # what `paths --wider` tries next
    for name, tries in lists.items():
        walked = walk(matrix, tries, joined, moves)
        length = statistics.fmean(walked.lengths) if walked.lengths else float("nan")
        share, counted = len(walked.lengths) / max(walked.asked, 1), sum(walked.crossed.values())
        lines.append(f"| {name} | {shown(walked.share(draws))} | {length:.2f} | {share:.0%} | {counted} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--store", type=Path, help="workspace that esco-graph build made")
    where.add_argument("--release", type=Path, nargs="+", help="files of a release, built into a folder of its own")
    parser.add_argument("--gold", "--crosswalk", "--rome", type=Path, action="append", required=True)
    parser.add_argument("--related", type=Path, help="O*NET's Related Occupations.xlsx")
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--pairs", type=int, default=150, help="starts of paths; each has up to three targets")
    parser.add_argument("--only", default="similar,moves,paths,speed")
    parser.add_argument("-o", "--output", type=Path)
    args = parser.parse_args()
    gold = Gold()
    for path in args.gold:
        gold.read(path)
    graph = open_graph(args.store, args.release)
    matrix = SkillMatrix.of(graph)
    parts = set(args.only.split(","))
    lines = [
        f"Golds: {', '.join(gold.names)}. {platform.machine()}, {os.cpu_count()} CPUs, "
        f"Python {platform.python_version()}, numpy {np.__version__}; {draws_text(args.draws)}."
    ]
    if "similar" in parts and gold.crosswalk:
        if not args.related:
            raise SystemExit("a crosswalk needs --related, O*NET's Related Occupations.xlsx")
        lines += ["\n### Similar occupations (O*NET)", *similar_lines(matrix, gold, args.related, args.draws)]
    if "moves" in parts and gold.moves:
        lines += ["\n### Moves (ROME)", *moves_lines(matrix, gold, args.draws)]
    if "paths" in parts and gold.moves:
        lines += ["\n### Paths (ROME)", *paths_lines(matrix, gold, args.draws, args.pairs)]
    if "speed" in parts:
        lines += ["\n### Speed", "", *speed(graph, matrix)]
    text = "\n".join(lines) + "\n"
    if args.output:
        args.output.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def draws_text(draws: int) -> str:
    """Say how intervals were made."""
    return f"intervals: 95 %, {draws} bootstrap draws, seed {SEED}"


def open_graph(store: Path | None, release: list[Path] | None) -> Graph:
    """Open a store, or build one from release files in a temporary folder."""
    if store:
        return Graph.open(store)
    import tempfile

    from esco_graph.builder import build
    from esco_graph.workspace import Workspace

    folder = Path(tempfile.mkdtemp(prefix="esco-graph-careers-"))
    build(Workspace(folder), release or ())
    return Graph.open(folder)


if __name__ == "__main__":
    main()
