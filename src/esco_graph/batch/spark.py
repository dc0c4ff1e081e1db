"""Match people on a Spark cluster: the same kernel in `mapInArrow`, the matrix sent to each executor once.

Input and output are Parquet where all executors reach them: a shared folder, or any store that Spark knows. Each
executor needs Python with esco-graph[spark]. A task that is lost is run again by Spark, and the output holds the rows
of each task once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from esco_graph.batch import need
from esco_graph.batch.kernel import Kernel, match_schema
from esco_graph.batch.local import Tally, refused_path
from esco_graph.batch.people import ID, REFUSED, SKILLS, check_people
from esco_graph.errors import EscoGraphError, ParameterError, SourceError

if TYPE_CHECKING:
    from pyspark import Broadcast
    from pyspark.sql import DataFrame, SparkSession

BATCH_ROWS = 20_000
"""People in one Arrow batch that Spark hands to Python."""
PARTITION = "8m"
"""Bytes of input of one task: some 150,000 people whose IRIs are stored as a dictionary, or two seconds of work."""
Run = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]
_NAMES = {"string": "string", "int64": "bigint", "int32": "int", "double": "double"}


@contextmanager
def session(master: str = "") -> Iterator[SparkSession]:
    """Open a Spark session, or take the one that is there, and stop it at the end.

    `master` "" leaves the cluster to the environment (spark-submit). Executors run this Python unless PYSPARK_PYTHON
    says otherwise.

    Raises EscoGraphError when pyspark, pandas or Java is missing.
    """
    need("spark", "pyspark", "pandas")
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("esco-graph match")
    try:
        spark = (builder.master(master) if master else builder).getOrCreate()
    except PySparkException as error:
        advice = "Spark needs Java 17 or later (JAVA_HOME)."
        raise EscoGraphError(f"Spark does not start: {error}", advice=advice) from error
    try:
        yield spark
    finally:
        spark.stop()


def match_on(spark: SparkSession, kernel: Kernel, source: str, output: str, *, force: bool = False) -> Tally:
    """Match the people of a Parquet file or folder; writes two folders: OUTPUT and OUTPUT.refused.csv.

    Rows are those of the local run; their order is not fixed. `row` in the refused counts within each file of the
    input. Spark writes a file `_SUCCESS` into a folder that is whole.

    Raises SourceError for the input, ParameterError when the output is there and `force` is not given or when one of
    input and outputs lies in another, EscoGraphError when executors fail.
    """
    refused_to = str(refused_path(Path(output))) if "://" not in output else f"{output.rstrip('/')}.refused.csv"
    _check_apart(source, output, refused_to)
    people, id_kind = _people(spark, source)
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH_ROWS))
    shared = spark.sparkContext.broadcast(replace(kernel, threads=1))
    matches = match_schema(id_kind, plain=True)
    try:
        _write(people.mapInArrow(_matching(shared, matches), _ddl(matches)), "parquet", output, force)
        _write(people.mapInArrow(_refusing(shared), _ddl(REFUSED)), "csv", refused_to, force)
    finally:
        shared.unpersist()
    return _tally(spark, people.count(), output, refused_to).check()


def _check_apart(source: str, *outputs: str) -> None:
    """Refuse outputs in the input and the other way round: with --force Spark empties the output before it reads."""
    read = _place(source)
    for output in outputs:
        written = _place(output)
        if read.startswith(written) or written.startswith(read):
            raise ParameterError(
                "the output is the input, or one is in the other", where=output, advice="Name another output."
            )


def _place(path: str) -> str:
    """Write a place so that what lies in it begins with it."""
    path = path.removeprefix("file://")
    return f"{path.rstrip('/')}/" if "://" in path else f"{Path(path).resolve()}/"


def _people(spark: SparkSession, source: str) -> tuple[DataFrame, pa.DataType]:
    """Read id, skills and the number of the row in its file; gives the type of the ids too."""
    from pyspark.errors import AnalysisException
    from pyspark.sql.functions import col
    from pyspark.sql.pandas.types import to_arrow_schema

    spark.conf.set("spark.sql.files.maxPartitionBytes", PARTITION)
    try:
        found = spark.read.parquet(source)
    except AnalysisException as error:
        advice = "Give a Parquet file or folder that all executors can read."
        raise SourceError(f"Spark cannot read it: {_first_line(error)}", where=source, advice=advice) from error
    kinds = check_people(to_arrow_schema(found.schema), source)
    return found.select(ID, SKILLS, (col("_metadata.row_index") + 1).alias("row")), kinds.field(ID).type


def _matching(shared: Broadcast[Kernel], schema: pa.Schema) -> Run:
    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield shared.value.match(batch)[0].cast(schema)

    return run


def _refusing(shared: Broadcast[Kernel]) -> Run:
    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield shared.value.refuse(batch)

    return run


def _write(rows: DataFrame, format_: str, output: str, force: bool) -> None:
    from pyspark.errors import AnalysisException, PySparkException

    try:
        rows.write.mode("overwrite" if force else "error").options(header=True).format(format_).save(output)
    except AnalysisException as error:
        raise ParameterError(
            f"Spark does not write it: {_first_line(error)}", where=output, advice="Replace what is there with --force."
        ) from error
    except PySparkException as error:
        said = [line for line in str(error).splitlines() if line and not line.startswith((" ", "\t"))]
        raise EscoGraphError(
            f"executors failed: {said[-1] if said else error}",
            where=output,
            advice="Each needs esco-graph[spark] in its Python (PYSPARK_PYTHON) and must reach input and output.",
        ) from error


def _tally(spark: SparkSession, rows: int, output: str, refused_to: str) -> Tally:
    """Count what was written, by reading it."""
    refused = spark.read.schema(_ddl(REFUSED)).csv(refused_to, header=True, multiLine=True)
    outcomes = {row["outcome"]: row["count"] for row in refused.groupBy("outcome").count().collect()}
    matched = spark.read.parquet(output).where("rank = 1").count()
    return Tally(rows, matched, outcomes.get("refused", 0), outcomes.get("remark", 0), 0, refused_to)


def _ddl(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {_NAMES[str(field.type)]}" for field in schema)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
