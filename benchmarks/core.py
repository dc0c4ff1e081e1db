"""Measure the core against its limits in one run; prints Markdown.

    ESCO_DATA=path/to/v1.1.1 python benchmarks/core.py [--runs 5] [--only build,queries,cli]

- build: from the zips, against pyoxigraph's bulk_load of the same quads from N-Quads (the limit) and rdflib's parser.
- queries: each stored query with its own example, against the same text on a bare pyoxigraph store.
- cli: start, and lookups as whole processes.

Every figure is the median of the runs; the rivals take turns, so that a slow moment meets both.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from esco_graph.graph import Graph
from esco_graph.query import StoredQuery, catalogue

CLI = "import sys; from esco_graph.cli import main; main(sys.argv[1:])"
LIMIT = "import sys, pyoxigraph as ox; s = ox.Store(sys.argv[1]); s.bulk_load(path=sys.argv[2]); s.flush()"
RDFLIB = "import sys, rdflib; rdflib.Dataset().parse(sys.argv[1], format='nquads')"


PEAK = "import atexit; atexit.register(lambda: open(2, 'w').write(open('/proc/self/status').read()));"


def child(code: str, *args: str) -> tuple[float, float]:
    """Run Python code as a process of its own: seconds, and peak memory in MB (VmHWM, which Linux tells)."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", PEAK + code, *args], capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - started
    return seconds, int(done.stderr.rpartition("VmHWM:")[2].split()[0]) / 1024


def bench_build(paths: list[str], folder: Path, runs: int) -> None:
    store, quads = folder / "store", folder / "release.nq"
    child(CLI, "build", *paths, "--store", str(store))
    with quads.open("wb") as out:
        ox.serialize(Graph.open(store).quads(), out, ox.RdfFormat.N_QUADS)
    figures: dict[str, list[tuple[float, float]]] = {"build": [], "bulk_load": [], "rdflib": []}
    for _ in range(runs):
        shutil.rmtree(store)
        figures["build"].append(child(CLI, "build", *paths, "--store", str(store)))
        limit = folder / "limit"
        figures["bulk_load"].append(child(LIMIT, str(limit), str(quads)))
        shutil.rmtree(limit)
        figures["rdflib"].append(child(RDFLIB, str(quads)))
    seconds = {name: statistics.median(run[0] for run in figures[name]) for name in figures}
    print("\n| build | s | peak MB | × bulk_load | bound |\n|---|---|---|---|---|")
    bounds = {"build": "≤ 2, and ≤ 600 MB", "bulk_load": "the limit", "rdflib": "build ≥ 3 × faster"}
    for name, measured in figures.items():
        memory, ratio = max(run[1] for run in measured), seconds[name] / seconds["bulk_load"]
        print(f"| {name} | {seconds[name]:.2f} | {memory:.0f} | {ratio:.2f} | {bounds[name]} |")
    print(f"\nrdflib / build = {seconds['rdflib'] / seconds['build']:.1f}")


def clock(action: Callable[[], object], times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        action()
    return (time.perf_counter() - started) / times


def bench_queries(store: Path, runs: int) -> None:
    graph = Graph.open(store)
    raw = graph.store
    assert raw is not None
    print("\n| stored query | ms | raw ms | ratio (bound 1.2) | rows |\n|---|---|---|---|---|")
    for name, query in catalogue().items():
        text = query.bind(**query.example)
        rows = len(query.run(graph, **query.example).rows)
        ours: list[float] = []
        bare: list[float] = []

        def ask(query: StoredQuery = query) -> object:
            return query.run(graph, **query.example)

        def ask_raw(text: str = text) -> object:
            return [tuple(row) for row in raw.query(text, use_default_graph_as_union=True)]

        times = max(1, int(0.02 / clock(ask_raw, 3)))  # at least 20 ms a turn, so that the clock's own noise is small
        gc.collect()
        for _ in range(runs * 3):
            ours.append(clock(ask, times))
            bare.append(clock(ask_raw, times))
        mine, theirs = statistics.median(ours) * 1000, statistics.median(bare) * 1000
        print(f"| {name} | {mine:.2f} | {theirs:.2f} | {mine / theirs:.2f} | {rows} |")


def bench_cli(store: Path, runs: int) -> None:
    verbs = {
        "--help (bound 0.3 s)": ("--help",),
        "python -c pass": (),
        "query by-notation (bound 0.8 s)": ("query", "by-notation", "--code", "2269.5", "--store", str(store)),
        "show 2269.5 --format json (bound 0.8 s)": ("show", "2269.5", "--format", "json", "--store", str(store)),
        "similar 2269.5 --format json": ("similar", "2269.5", "--format", "json", "--store", str(store)),
    }
    print("\n| command | s | peak MB |\n|---|---|---|")
    for title, args in verbs.items():
        measured = [child(CLI, *args) if args else child("pass") for _ in range(runs)]
        print(
            f"| {title} | {statistics.median(run[0] for run in measured):.3f} | {max(run[1] for run in measured):.0f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="build,queries,cli")
    args = parser.parse_args()
    paths = [path for path in os.environ.get("ESCO_DATA", "").split(os.pathsep) if path]
    if not paths:
        sys.exit("Set ESCO_DATA to the zips or the folder of an ESCO release.")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    print(f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, pyoxigraph {ox.__version__};")
    print(f"median of {args.runs} runs; load before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "build" in args.only:
            bench_build(paths, folder, args.runs)
        if not (folder / "store").exists():
            child(CLI, "build", *paths, "--store", str(folder / "store"))
        if "queries" in args.only:
            bench_queries(folder / "store", args.runs)
        if "cli" in args.only:
            bench_cli(folder / "store", args.runs)


if __name__ == "__main__":
    main()
