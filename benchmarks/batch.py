"""Measure many people against all occupations, beside a bare sparse_dot_topn call in the same run; prints Markdown.

    python benchmarks/batch.py --store STORE [--people 1000000] [--runs 5] [--top 10] [--spark] [--folder DIR]

- bare: one `sp_matmul_topn` call, float32, sorted, on matrices that are in memory already: the limit.
- kernel: `Kernel.match` on Arrow batches in memory: lookup, product, ties, coverages.
- match: `match_file` from Parquet to Parquet, as `esco-graph match` runs it, with its resumable parts.
- spark: `match_on` on a local cluster of two executors with one core each, once it is up (`--spark`; needs Java).

People hold 10 to 30 skills each, drawn as often as occupations list them. Each run is a process of its own; the ways
take turns, so that a slow moment meets all. Figures are medians: people per second of wall time (and the share of the
bare rate), processor seconds per million people, and the peak of the process in MB.
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
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.sparse import csr_matrix
from sparse_dot_topn import sp_matmul_topn

from esco_graph.batch.kernel import Kernel, threads_here
from esco_graph.batch.local import match_file
from esco_graph.batch.people import held_by
from esco_graph.batch.reading import PART_ROWS
from esco_graph.graph import Graph
from esco_graph.skills.labels import labels_in
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.vectors import COSINE_SPACE

MASTER = "local-cluster[2,1,1024]"
SUBMIT = "--conf spark.ui.enabled=false --conf spark.driver.host=127.0.0.1 --conf spark.log.level=OFF pyspark-shell"


def write_people(matrix: SkillMatrix, count: int, path: Path) -> None:
    rng = np.random.default_rng(0)
    listed = matrix.held.indices
    schema = pa.schema({"id": pa.string(), "skills": pa.list_(pa.string())})
    with pq.ParquetWriter(path, schema) as out:
        for start in range(0, count, 100_000):
            sizes = rng.integers(10, 31, min(100_000, count - start))
            columns = pa.array(listed[rng.integers(0, len(listed), sizes.sum())])
            values = pa.DictionaryArray.from_arrays(columns, pa.array(matrix.skills)).cast(pa.string())
            offsets = pa.array(np.append(0, np.cumsum(sizes)).astype(np.int32))
            ids = [f"p{number:09d}" for number in range(start, start + len(sizes))]
            out.write_table(pa.table([pa.array(ids), pa.ListArray.from_arrays(offsets, values)], schema=schema))


def kernel_for(store: str, top: int) -> tuple[SkillMatrix, Kernel]:
    graph = Graph.open(store)
    matrix = SkillMatrix.of(graph)
    labels = labels_in(graph, matrix.occupations)
    return matrix, Kernel.of(matrix, [labels[iri] for iri in matrix.occupations], top=top)


def batches(people: str) -> list[pa.RecordBatch]:
    file = pq.ParquetFile(people, read_dictionary=["skills.list.element"])
    return list(file.iter_batches(PART_ROWS))


def timed(work: Callable[[], object]) -> None:
    """Time one piece of work and print seconds, processor seconds and the peak of this process."""
    wall, used = time.perf_counter(), time.process_time()
    work()
    figures = [time.perf_counter() - wall, time.process_time() - used]
    status = Path("/proc/self/status").read_text()
    print(json.dumps([*figures, int(status.partition("VmHWM:")[2].split()[0]) / 1024]))


def bare(store: str, people: str, top: int, _: str) -> None:
    matrix = SkillMatrix.of(Graph.open(store))
    held = [held_by(batch["skills"], pa.array(matrix.skills)) for batch in batches(people)]
    columns = np.concatenate([one.columns for one in held])
    sizes = np.concatenate([np.diff(one.start) for one in held])
    start = np.append(0, np.cumsum(sizes)).astype(np.int32)
    weights = matrix.idf[columns].astype(np.float32)
    lengths = np.sqrt(np.add.reduceat(weights**2, start[:-1]))
    shape = (len(sizes), len(matrix.skills))
    rows = csr_matrix((weights / np.repeat(lengths, sizes), columns, start), shape=shape)
    occupations = csr_matrix(COSINE_SPACE.rows(matrix).T.tocsr().astype(np.float32))
    timed(lambda: sp_matmul_topn(rows, occupations, top, sort=True, n_threads=threads_here()))


def kernel(store: str, people: str, top: int, _: str) -> None:
    ready, given = kernel_for(store, top)[1], batches(people)

    def work() -> None:
        for batch in given:
            ready.match(batch)

    timed(work)


def match(store: str, people: str, top: int, folder: str) -> None:
    ready = kernel_for(store, top)[1]
    timed(lambda: match_file(ready, people, Path(folder) / "local.parquet", force=True))


def spark(store: str, people: str, top: int, folder: str) -> None:
    from esco_graph.batch.spark import match_on, session

    os.environ |= {"PYSPARK_SUBMIT_ARGS": SUBMIT, "SPARK_LOCAL_IP": "127.0.0.1"}
    ready = kernel_for(store, top)[1]
    with session(MASTER) as open_session:
        open_session.range(2).repartition(2).mapInArrow(lambda rows: rows, "id long").collect()  # starts both Pythons
        timed(lambda: match_on(open_session, ready, people, str(Path(folder) / "spark.parquet"), force=True))


WAYS = {"bare": bare, "kernel": kernel, "match": match, "spark": spark}


def child(way: str, args: argparse.Namespace, people: Path, folder: Path) -> list[float]:
    command = [sys.executable, __file__, "--way", way, "--store", str(args.store), "--top", str(args.top)]
    done = subprocess.run([*command, "--folder", str(folder), str(people)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-3_000:])
    figures: list[float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def compare(args: argparse.Namespace, folder: Path) -> None:
    people = folder / "people.parquet"
    write_people(SkillMatrix.of(Graph.open(args.store)), args.people, people)
    ways = [way for way in WAYS if way != "spark" or args.spark]
    figures: dict[str, list[list[float]]] = {way: [] for way in ways}
    for _ in range(args.runs):
        for way in ways:
            figures[way].append(child(way, args, people, folder))
    print(
        f"\n{args.people:,} people, top {args.top}, {threads_here()} threads, {platform.platform()}, {args.runs} runs\n"
    )
    print("| way | people/s (least to most) | of bare | CPU s per million | peak MB |\n|---|---|---|---|---|")
    for way, runs in figures.items():
        rates = sorted(args.people / wall for wall, _, _ in runs)
        ratio = statistics.median(first[0] / other[0] for first, other in zip(figures["bare"], runs, strict=True))
        used = statistics.median(cpu for _, cpu, _ in runs) / args.people * 1e6
        peak = max(peak for _, _, peak in runs)
        rest = "– | –" if way == "spark" else f"{used:.1f} | {peak:,.0f}"  # those of the driver say nothing
        print(
            f"| {way} | {statistics.median(rates):,.0f} ({rates[0]:,.0f} to {rates[-1]:,.0f}) | {ratio:.2f} | {rest} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", required=True)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--top", type=int, default=10)
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("file", nargs="?", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.way:
        WAYS[args.way](args.store, args.file, args.top, str(args.folder))
        return
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        compare(args, Path(folder))


if __name__ == "__main__":
    main()
