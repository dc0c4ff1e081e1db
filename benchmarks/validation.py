"""Validate with SHACL engines side by side; prints Markdown.

    python benchmarks/validation.py STORE [STORE …] [--quick] [--only fast,plain] [--sizes 10000,100000] [--runs 5]

STORE is a workspace that `esco-graph build` made of a whole release. From the first one, data of the wished sizes is
cut and defects are seeded (seeded.py); then each whole release is validated as it is. Each run is a process of its own,
timed from its start until the results are there, imports and reading of files included; the engines take turns. Runs
up to 20 seconds are repeated and their median is given, longer ones less often (the column "runs").

- Results are equal when they are the same multiset of focus node, path, value, component and severity as those of the
  reference: pySHACL alone; without it `shacl`, else our own pySHACL. What differs is told below the table.
- Engines of ours also run the whole-graph checks, look up labels and make the report; no other engine does, and the
  findings of the checks are left out of the comparison. So our times are for more work than the others'.
- All read the same shapes. pyrudof passes over an sh:SPARQLTarget without a word, and `shacl` refuses one with MINUS;
  for these two the nodes that it selects are written out as sh:targetNode. pySHACL runs SHACL Advanced Features for it.
- `store` engines read a built store; `file` engines read N-Triples, which is the fastest that all of them have.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pyoxigraph as ox
import rdflib
import seeded
from engines import ENGINES, open_store, read_codes, read_results

from esco_graph.graph import Graph
from esco_graph.validation.shapes import load_shapes
from esco_graph.validation.targets import Targets, fixed_targets

RUNNER = Path(__file__).with_name("engines.py")
REFERENCE = ("plain", "shacl", "pyshacl")
FEW, MANY = 20.0, 100.0
"""Seconds of a run from which it is repeated three times only, or not at all."""
DIFFERENCES = 3
QUICK = ("10000",)


@dataclass
class Data:
    """What is validated: as an N-Triples file, as a store, and the shapes that go with it, by engine."""

    name: str
    triples: int
    file: Path
    store: Path
    shapes: dict[str, Path]
    seeded: Counter[str] = field(default_factory=Counter)


@dataclass
class Figures:
    """The runs of one engine on one data set."""

    seconds: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)
    results: Counter[tuple[str, ...]] | None = None
    codes: Counter[str] = field(default_factory=Counter)
    problem: str = ""


# --- data ------------------------------------------------------------------------------------------------------------


def prepare(stores: list[Path], sizes: list[int], folder: Path, *, whole: bool) -> Iterator[Data]:
    """Cut and seed the sizes from the first store, then take each store as it is."""
    if sizes:
        release = seeded.Data.read(Graph.open(stores[0]))
        for size in sizes:
            part = seeded.part(release, size, seed=1)
            made = seeded.seed_defects(part, each=max(1, size // 20_000), seed=1)
            file = folder / f"seeded-{size}.nt"
            file.write_text("".join(part.lines()), "utf-8")
            store = ox.Store(str(folder / f"seeded-{size}"))
            store.bulk_load(path=str(file), format=ox.RdfFormat.N_TRIPLES)
            store.flush()
            del store
            yield _data(f"seeded {size:,}", file, folder / f"seeded-{size}", folder, made)
    for number, place in enumerate(stores if whole else []):
        graph, file = Graph.open(place), folder / f"whole-{number}.nt"
        lines = {f"{quad.triple} .\n" for quad in graph.quads()}
        file.write_text("".join(sorted(lines)), "utf-8")
        yield _data(f"whole {_release(graph) or place.name}", file, place, folder, Counter())


def _release(graph: Graph) -> str:
    names = (name.rpartition("/release/")[2] for name in graph.named_graphs() if "/release/" in name)
    return ", ".join(sorted("v" + name.partition("/")[0] for name in names))


def _data(name: str, file: Path, store: Path, folder: Path, made: Counter[str]) -> Data:
    with file.open("rb") as lines:
        triples = sum(1 for _ in lines)
    loaded = load_shapes()
    plain, spread = folder / "shapes.ttl", folder / f"{file.stem}-shapes.ttl"
    plain.write_text(loaded.graph.serialize(format="turtle"), "utf-8")
    graph = open_store(store)
    written = rdflib.Graph()
    written += loaded.graph
    fixed_targets(written, Targets(loaded.graph, graph), loaded.roots, every=False)
    spread.write_text(written.serialize(format="turtle"), "utf-8")
    shapes = dict.fromkeys(ENGINES, plain) | {"pyrudof": spread, "shacl": spread}
    return Data(name, triples, file, store, shapes, made)


# --- runs ------------------------------------------------------------------------------------------------------------


def run(name: str, data: Data, folder: Path, timeout: float) -> tuple[float, float, str]:
    """Run an engine once, in a process of its own: seconds, peak MB, and what it wrote."""
    engine, out = ENGINES[name], folder / "out"
    source = data.store if engine.reads == "store" else data.file
    command = [sys.executable, str(RUNNER), name, str(source), str(data.shapes[name]), str(out), str(time.time())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1][:200])
    told = json.loads(done.stdout.splitlines()[-1])
    return told["seconds"], told["peak"], out.read_text("utf-8")


def measure(names: list[str], data: Data, folder: Path, runs: int, timeout: float) -> dict[str, Figures]:
    """Let the engines take turns; a long one drops out after its first or third run."""
    figures = {name: Figures() for name in names}
    for turn in range(runs):
        for name, figure in figures.items():
            slowest = max(figure.seconds, default=0.0)
            if figure.problem or (turn and slowest > MANY) or (turn > 2 and slowest > FEW):
                continue
            say(f"{data.name}: {name}, run {turn + 1}")
            try:
                seconds, peak, text = run(name, data, folder, timeout)
            except subprocess.TimeoutExpired:
                figure.problem = f"stopped after {timeout:.0f} s"
                continue
            except RuntimeError as error:
                figure.problem = str(error)
                continue
            figure.seconds.append(seconds)
            figure.peaks.append(peak)
            if figure.results is None:
                figure.results, figure.codes = read_results(text), read_codes(text)
    return figures


def say(text: str) -> None:
    print(f"\r\033[K{text}", end="" if text else "\r", file=sys.stderr, flush=True)


# --- what is printed -------------------------------------------------------------------------------------------------


def table(data: Data, figures: dict[str, Figures]) -> tuple[list[str], list[str]]:
    """Write one row for each engine, and one line for each difference from the reference."""
    reference = next((name for name in REFERENCE if name in figures and figures[name].results is not None), "")
    rows, notes = [], []
    for name, figure in figures.items():
        if figure.results is None:
            rows.append(f"| {data.name} | {ENGINES[name].title} | | | | | {figure.problem} |")
            continue
        seconds, equal = statistics.median(figure.seconds), "reference"
        if name != reference and reference:
            told = list(differences(figures[reference].results or Counter(), figure.results))
            equal = "no" if told else "yes"
            notes += [f"- {data.name}, {ENGINES[name].title}: {line}" for line in told]
        rows.append(
            f"| {data.name} | {ENGINES[name].title} | {seconds:.2f} | {max(figure.peaks):.0f} | {len(figure.seconds)} "
            f"| {figure.results.total()} | {equal} |"
        )
    return rows, notes


def differences(reference: Counter[tuple[str, ...]], found: Counter[tuple[str, ...]]) -> Iterator[str]:
    if reference != found and set(reference) == set(found):
        yield f"the same {len(reference)} results, but some another number of times ({found.total()} in all)"
        return
    for sign, results in (("lacks", reference - found), ("has besides", found - reference)):
        kinds = Counter((row[1], row[3]) for row in results.elements())
        for (path, component), count in sorted(kinds.items()):
            some = min(row for row in results if (row[1], row[3]) == (path, component))
            yield f"{sign} {count} × `{path or 'the node itself'}` {component}, as `{some[0]}` `{some[2][:80]}`"


def seeds(data: Data, figures: dict[str, Figures]) -> Iterator[str]:
    """Hold our findings to what was seeded: of each code at least as many."""
    for name, figure in figures.items():
        if ENGINES[name].ours and figure.results is not None and data.seeded:
            lost = [f"{code} ({count})" for code, count in data.seeded.items() if figure.codes[code] < count]
            verdict = f"does not find {', '.join(lost)}" if lost else "finds each"
            total = f"{data.seeded.total()} defects of {len(data.seeded)} codes"
            yield f"- {data.name}: {total} are seeded; {ENGINES[name].title} {verdict}."


def acceptance(data: Data, figures: dict[str, Figures]) -> str:
    """Answer the question of the whole release in one line; "" when one of the two engines did not run."""
    ours, plain = figures.get("fast"), figures.get("plain")
    if not ours or not plain or ours.results is None or plain.results is None:
        return ""
    seconds, peak = statistics.median(ours.seconds), max(ours.peaks)
    times = statistics.median(plain.seconds) / seconds
    equal = not list(differences(plain.results, ours.results))
    holds = seconds < 5 and peak < 500 and times >= 20 and equal
    return (
        f"**{data.name}, all shapes and checks: {seconds:.2f} s (bound 5), {peak:.0f} MB (bound 500), {times:.0f} × "
        f"faster than pySHACL (bound 20), results {'equal' if equal else 'NOT equal'}: "
        f"{'holds' if holds else 'does not hold'}**"
    )


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    packages = ", ".join(f"{name} {_version(name)}" for name in ("pyoxigraph", "rdflib", "pyshacl", "shacl", "pyrudof"))
    jena = next(iter(sorted(Path("/usr/share/java").glob("jena-shacl-*.jar"))), None)
    more = f", Jena {jena.stem.rpartition('-')[2]}" if jena else ""
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}, "
        f"{packages}{more}; load before: {os.getloadavg()[0]:.1f}"
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stores", type=Path, nargs="+", metavar="STORE")
    parser.add_argument("--only", default=",".join(ENGINES), help="engines, with commas")
    parser.add_argument("--sizes", default="10000,100000,300000", help="triples of the seeded data; '' for none")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="10,000 triples, one run, no whole release")
    parser.add_argument("--timeout", type=float, default=7200, help="seconds for one run")
    args = parser.parse_args()
    sizes = [int(size) for size in (QUICK if args.quick else args.sizes.split(",")) if size]
    names = []
    print(machine() + "\n")
    for name in args.only.split(","):
        if name not in ENGINES:
            parser.error(f"there is no engine {name!r}; use some of: {', '.join(ENGINES)}")
        if missing := ENGINES[name].missing():
            print(f"- {ENGINES[name].title} is left out: {missing}")
        else:
            names.append(name)
    print("\n| data | engine | s | peak MB | runs | results | equal |\n|---|---|---|---|---|---|---|")
    notes: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        for data in prepare(args.stores, sizes, Path(place), whole=not args.quick):
            figures = measure(names, data, Path(place), 1 if args.quick else args.runs, args.timeout)
            say("")
            rows, told = table(data, figures)
            print("\n".join(rows), flush=True)
            notes += [f"- {data.name}: {data.triples:,} triples.", *told, *seeds(data, figures)]
            notes += filter(None, [acceptance(data, figures) if data.name.startswith("whole") else ""])
    print("\n" + "\n".join(notes))


if __name__ == "__main__":
    main()
