"""The kernel on a Spark cluster of two executor processes: the rows of the local run, though one process is killed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from conftest import ROOT
from esco_graph.batch.local import match_file, refused_path
from test_batch import kernel_of, random_matrix, some_people

JAVA = shutil.which("java") or os.environ.get("JAVA_HOME")
pytestmark = [
    pytest.mark.xdist_group("spark"),
    pytest.mark.skipif(not JAVA, reason="Spark needs Java"),
    pytest.mark.skipif(find_spec("pandas") is None, reason="mapInArrow of pyspark needs pandas, of the extra [spark]"),
]
FILES, ROWS = 8, 5_000
ORDER = [("id", "ascending"), ("rank", "ascending")]


class Run(NamedTuple):
    local: Path
    spark: Path
    told: dict[str, Any]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Match the same people on Spark, with one executor killed, and here."""
    folder = tmp_path_factory.mktemp("spark")
    matrix = random_matrix(11, 120, 80)
    skills = [*some_people(matrix, 500), None, [], [None, "x"], [matrix.skills[3], "x\ny"]]
    (folder / "people").mkdir()
    tables = []
    for number in range(FILES):
        ids = [f"p{number}-{row:05d}" if row % 1_000 else None for row in range(ROWS)]
        held = [skills[(row + number) % len(skills)] for row in range(ROWS)]
        tables.append(pa.table({"id": ids, "skills": pa.array(held, pa.list_(pa.string()))}))
        pq.write_table(tables[-1], folder / "people" / f"{number}.parquet")
    pq.write_table(pa.concat_tables(tables), folder / "people.parquet")
    match_file(kernel_of(matrix, top=5), str(folder / "people.parquet"), folder / "local.parquet")
    command = [
        sys.executable,
        str(ROOT / "tests" / "spark_run.py"),
        str(folder / "people"),
        str(folder / "spark.parquet"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr[-3_000:]
    return Run(folder / "local.parquet", folder / "spark.parquet", json.loads(done.stdout.splitlines()[-1]))


def test_an_executor_was_killed_in_the_middle(run: Run) -> None:
    assert len(run.told["before"]) == 2
    assert 1 <= run.told["done"] < run.told["tasks"]
    assert run.told["before"][0] not in run.told["after"]


def test_the_rows_are_those_of_the_local_run(run: Run) -> None:
    ours, theirs = (pq.read_table(path).sort_by(ORDER) for path in (run.local, run.spark))
    assert theirs.cast(ours.schema).equals(ours)
    assert len(ours) > FILES * ROWS


def test_no_row_is_lost_or_doubled(run: Run) -> None:
    tally = run.told["tally"]
    assert tally["rows"] == FILES * ROWS == tally["matched"] + tally["refused"]
    kinds = pyarrow.csv.ConvertOptions(strings_can_be_null=True, column_types={"id": pa.string()})
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
    ours = pyarrow.csv.read_csv(refused_path(run.local), parse_options=parse, convert_options=kinds).to_pylist()
    parts = sorted(refused_path(run.spark).glob("*.csv"))
    read = [pyarrow.csv.read_csv(path, parse_options=parse, convert_options=kinds) for path in parts]
    theirs = pa.concat_tables([table for table in read if len(table)]).to_pylist()
    assert sorted((row["id"] or "", row["outcome"], row["reason"]) for row in theirs) == sorted(
        (row["id"] or "", row["outcome"], row["reason"]) for row in ours
    )
    assert {row["row"] for row in theirs if not row["id"]} == {row + 1 for row in range(0, ROWS, 1_000)}


def test_wrong_uses_are_explained(run: Run) -> None:
    there, wrong, absent = run.told["errors"][:3]
    assert "already exists" in there
    assert "--force" in there
    assert "no column 'skills'" in wrong
    assert "Spark cannot read it" in absent


def test_nothing_is_read_where_force_would_empty_it_first(run: Run) -> None:
    one_in_the_other = run.told["errors"][3:]
    assert len(one_in_the_other) == 3
    assert all("one is in the other" in told for told in one_in_the_other)
