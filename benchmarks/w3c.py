"""Count how many tests of the W3C's SHACL test suite each engine passes; prints Markdown, and every miss.

    python benchmarks/w3c.py [SUITE] [--only fast,pyshacl,plain,shacl,pyrudof,jena]

SUITE is the folder with the suite's first manifest.ttl; by default the one that the tests use. Ours are driven as in
tests/test_w3c_shacl.py, on the test's shapes alone; the others read the files of the suite as they are.
"""

from __future__ import annotations

import argparse
import logging
import sys
import warnings
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pyoxigraph as ox

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import engines

import w3c_shacl
from esco_graph.errors import ValidationError
from w3c_shacl import Case, Result

PEERS = ("plain", "shacl", "pyrudof", "jena")


def run_peer(name: str, case: Case) -> list[Result]:
    """Run a test with another engine; whatever it raises is a refusal, which some tests ask for."""
    try:
        text = engines.ENGINES[name].run(case.data, case.shapes)()
    except Exception as error:
        raise ValidationError(" ".join(str(error).split())[:150] or type(error).__name__) from error
    return list(w3c_shacl.results(w3c_shacl.as_rdflib(ox.parse(text, ox.RdfFormat.N_TRIPLES))))


def misses(run: Callable[[Case], Iterable[Result]], cases: list[Case], name: str) -> dict[str, str]:
    found = {}
    for number, case in enumerate(cases, 1):
        print(f"\r{name} {number}/{len(cases)} ", end="", file=sys.stderr, flush=True)
        problem = w3c_shacl.verdict(run, case)
        if problem:
            found[case.name] = problem
    print("\r", end="", file=sys.stderr)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(__file__).resolve().parents[2] / "shared" / "data" / "w3c" / "shacl-tests"
    parser.add_argument("suite", type=Path, nargs="?", default=default)
    parser.add_argument("--only", default=",".join([*w3c_shacl.ENGINES, *PEERS]))
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    cases = w3c_shacl.cases(args.suite)
    runs = w3c_shacl.ENGINES | {name: partial(run_peer, name) for name in PEERS}
    told = []
    parts = {part: sum(case.part == part for case in cases) for part in ("core", "sparql")}
    print(f"| engine | core ({parts['core']}) | sparql ({parts['sparql']}) |\n|---|---|---|")
    for name in args.only.split(","):
        if name in PEERS and (missing := engines.ENGINES[name].missing()):
            print(f"| {name} | not installed: {missing} | |")
            continue
        found = misses(runs[name], cases, name)
        passed = {part: count - sum(test.startswith(part) for test in found) for part, count in parts.items()}
        print(f"| {name} | {passed['core']} | {passed['sparql']} |", flush=True)
        told += [(name, test, w3c_shacl.known_misses().get((name, test), problem)) for test, problem in found.items()]
    print("\n| engine | test | why |\n|---|---|---|")
    for row in told:
        print(f"| {' | '.join(field.replace('|', '/') for field in row)} |")


if __name__ == "__main__":
    main()
