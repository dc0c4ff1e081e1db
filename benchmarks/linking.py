"""Measure linking against gold, beside plain methods; prints Markdown.

    python benchmarks/linking.py --store STORE --gold onet_esco_official.csv --titles "Alternate Titles.xlsx" \
        --groups ISCO_SOC_Crosswalk.xls --gold FR_mapping.csv --labels FOLDER [--melo FOLDER] \
        [--only gold,melo,speed] [--rule exact,strict,any] [--peers BM25,char] [--draws 2000] [--embed off] [-o FILE]

A gold file is any mapping file that `esco-graph mappings import` reads; its queries are the concepts outside ESCO.
English queries look in the occupations of --store; others in `occupations_<lang>.csv` of --labels, and where there is
none in the labels that the gold itself has for ESCO. --titles and --groups belong to O*NET codes. A MELO folder holds
queries.tsv, corpus_elements.tsv and annotations.tsv; its figures follow trec_eval (five decimals, ties by name from the
end), the others give ties the mean of their ranks. Intervals are 95 % of a bootstrap over queries, seed 0; a difference
is paired. docs/linking.md says what the figures mean.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
from linking_gold import (
    DEEP,
    RULES,
    Case,
    Ranking,
    calibration_error,
    figures,
    interval,
    ranks,
    read_concepts,
    read_melo,
    read_table,
    reliability,
    with_groups,
    with_titles,
)
from linking_peers import PEERS

from esco_graph.graph import Graph
from esco_graph.linking.embed import vectors_of
from esco_graph.linking.entries import read_entries
from esco_graph.linking.index import CandidateIndex, Entry
from esco_graph.linking.link import POOL, Linked, Linker
from esco_graph.linking.texts import Query
from esco_graph.phrases.label_bags import LabelBags
from esco_graph.phrases.linker import SkillLinker

OURS = "esco-graph link"
SIZES = (1_000, 100_000)


# Gold


def linked(case: Case, embed: str) -> list[Linked]:
    """Link the queries of a case as `esco-graph link` does."""
    k = DEEP if case.trec else POOL
    if "/skill/" in case.entries[0].iri:
        index = CandidateIndex.from_entries(case.entries, "skill", case.lang)
        return list(SkillLinker(LabelBags.of(index), vectors_of(index, embed), k).link(case.queries))
    index = CandidateIndex.from_entries(case.entries, "occupation", case.lang)
    return list(Linker.of(index, k=k, embed=embed).link(case.queries))


def ranking_of(found: list[Linked]) -> Ranking:
    """Give the order in which candidates stand; their scores do not decide ties of MELO, their places do."""
    return [[(one.iri, 1 - at / DEEP) for at, one in enumerate(each.candidates)] for each in found]


def case_lines(case: Case, args: argparse.Namespace) -> list[str]:
    """Measure every method on one case."""
    lines = [
        f"\n{len(case.queries):,} queries, {len(case.entries):,} concepts with "
        f"{sum(len(one.labels) for one in case.entries):,} labels, language {case.lang}."
    ]
    rankings, seconds = {}, {}
    for name, method in PEERS.items():
        if not any(part in name for part in args.peers.split(",")):
            continue
        started = time.perf_counter()
        rankings[name] = method(case)
        seconds[name] = time.perf_counter() - started
    started = time.perf_counter()
    found = linked(case, args.embed)
    rankings[OURS], seconds[OURS] = ranking_of(found), time.perf_counter() - started
    for rule in ["exact"] if case.trec else args.rule.split(","):
        lines += rule_lines(case, rule, rankings, seconds, args.draws)
        lines += reliability_lines(case, rule, found)
    return lines


def rule_lines(case: Case, rule: str, rankings: dict[str, Ranking], seconds: dict[str, float], draws: int) -> list[str]:
    """Make the table of one rule of what is right."""
    measured = {name: figures(ranks(case, ranking, RULES[rule])) for name, ranking in rankings.items()}
    ours = measured[OURS]
    if not ours["P@1"]:
        return [f"\n**{rule}**: no query has such a match."]
    lines = [
        f"\n**{'annotated' if case.trec else rule}**, {len(ours['P@1']):,} queries\n",
        f"| method | P@1 | hit@5 | hit@10 | MRR | {OURS} minus this, P@1 | same, MRR | s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, values in measured.items():
        cells = [shown(interval(values["P@1"], draws))]
        cells += [f"{np.mean(list(values[key].values())):.4f}" for key in ("hit@5", "hit@10", "MRR")]
        for key in ("P@1", "MRR"):
            cells.append(shown(interval(ours[key], draws, values[key])) if name != OURS else "")
        lines.append(f"| {name} | {' | '.join(cells)} | {seconds[name]:.1f} |")
    return lines


def reliability_lines(case: Case, rule: str, found: list[Linked]) -> list[str]:
    """Hold the confidence of the first candidate against how often it is right; over all queries with a right one."""
    said, right = [], []
    for at in case.kept(RULES[rule]):
        best = found[at].candidates[:1]
        if best and best[0].confidence is not None:
            said.append(best[0].confidence)
            right.append(case.gold[at].get(best[0].iri) in RULES[rule])
    if not said:
        return ["", "No confidence: this task has no calibration."]
    rows = reliability(said, right)
    lines = ["", f"Confidence of the first candidate (error {calibration_error(rows):.3f}):", ""]
    lines += ["| confidence | queries | mean confidence | right |", "|---|---|---|---|"]
    return [
        *lines,
        *(f"| {low:.1f} to {high:.1f} | {n} | {mean:.3f} | {true:.3f} |" for low, high, n, mean, true in rows),
    ]


def shown(found: tuple[float, float, float]) -> str:
    """Write a mean with its interval."""
    return f"{found[0]:.4f} [{found[1]:.3f}, {found[2]:.3f}]"


# Speed


def titles(index: CandidateIndex, count: int) -> Iterator[Query]:
    """Make titles of the labels of an index: two words of other labels are put into each, so that none is a label."""
    labels = index.labels
    for at in range(count):
        words = labels[at % len(labels)].split()
        other = labels[(at * 7919 + 13) % len(labels)].split()
        yield Query(str(at), " ".join([*words, other[-1]]), index.lang)


def measure_speed(store: Path, count: int, embed: str) -> dict[str, float]:
    """Open the stored index and link so many titles, one by one as a file would give them."""
    graph = Graph.open(store)
    started = time.perf_counter()
    index = CandidateIndex.of(graph, "occupation", "en")
    opened = time.perf_counter() - started
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    done = sum(1 for _ in Linker.of(index, embed=embed).link(titles(index, count)))
    taken = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"open": opened, "link": taken, "done": done, "before": before / 1024, "peak": peak / 1024}


def speed_lines(store: Path, embed: str) -> list[str]:
    """Measure each size in a process of its own, after one that makes the index."""
    run = [sys.executable, __file__, "--store", str(store), "--embed", embed, "--child"]
    started = time.perf_counter()
    subprocess.run([*run, "1"], check=True, capture_output=True)
    lines = [
        f"\nFirst use, with making the index when it was not there: {time.perf_counter() - started:.1f} s.\n",
        "| titles | index opens, s | link, s | titles/s | MB before | peak MB |",
        "|---|---|---|---|---|---|",
    ]
    for size in SIZES:
        done = subprocess.run([*run, str(size)], check=True, capture_output=True, text=True)
        one = json.loads(done.stdout)
        rate = one["done"] / one["link"]
        cells = f"{one['open']:.3f} | {one['link']:.2f} | {rate:,.0f} | {one['before']:.0f} | {one['peak']:.0f}"
        lines.append(f"| {size:,} | {cells} |")
    return [*lines, "", "Bounds: opens in < 0.5 s; 1,000 titles in < 5 s without sentence vectors."]


# The command


def corpora(store: Path | None, labels: Path | None) -> Callable[[str], tuple[Entry, ...] | None]:
    """Give a function that finds the occupations in a language: of the store, or of a folder of CSV files."""

    @cache
    def find(lang: str) -> tuple[Entry, ...] | None:
        file = labels / f"occupations_{lang}.csv" if labels else None
        if store and lang == "en":
            return tuple(read_entries(Graph.open(store), "occupation", "en"))
        return read_concepts(file) if file and file.exists() else None

    return find


def gold_lines(args: argparse.Namespace) -> list[str]:
    """Measure all gold files."""
    lines, find = [], corpora(args.store, args.labels)
    for path in args.gold:
        case = read_table(path, find)
        if case.queries and case.queries[0].code[2:3] == "-":  # O*NET's codes: 11-1031.00
            case = with_titles(case, args.titles) if args.titles else case
            case = with_groups(case, args.groups) if args.groups else case
        lines += [f"\n### {case.name}", *case_lines(case, args)]
    return lines


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="workspace that esco-graph build made")
    parser.add_argument("--gold", type=Path, action="append", default=[], help="a mapping file; may be repeated")
    parser.add_argument("--melo", type=Path, action="append", default=[], help="a folder of MELO; may be repeated")
    parser.add_argument("--labels", type=Path, help="folder with occupations_<lang>.csv of the ESCO portal")
    parser.add_argument("--titles", type=Path, help="O*NET's Alternate Titles.xlsx")
    parser.add_argument("--groups", type=Path, help="the BLS's ISCO_SOC_Crosswalk.xls")
    parser.add_argument("--rule", default="exact,strict,any", help="which relations are right")
    parser.add_argument("--peers", default=",".join(PEERS), help="parts of the names of the plain methods to run")
    parser.add_argument("--embed", choices=("auto", "on", "off"), default="off")
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--only", default="gold,melo,speed")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    parser.add_argument("-o", "--output", type=Path)
    return parser.parse_args()


def main() -> None:
    args = parsed()
    if args.child:
        sys.stdout.write(json.dumps(measure_speed(args.store, args.child, args.embed)))
        return
    lines = [
        f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, numpy {np.__version__}; "
        f"embed {args.embed}; intervals: 95 %, {args.draws} bootstrap draws, seed 0.",
        "\nThe shipped weights saw O*NET (dev half) and the tables of FR, DE, ES, PL, SE, LV in training: on them the",
        "figures are in-sample. docs/linking.md has those out of fold, which tools/train_linking.py makes.",
    ]
    parts = set(args.only.split(","))
    if "gold" in parts:
        lines += gold_lines(args)
    for folder in args.melo if "melo" in parts else ():
        lines += [f"\n### MELO {folder.name}", *case_lines(read_melo(folder), args)]
    if "speed" in parts and args.store:
        lines += ["\n### Speed", *speed_lines(args.store, args.embed)]
    text = "\n".join(lines) + "\n"
    if args.output:
        args.output.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
