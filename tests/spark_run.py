"""Match people on a local cluster of two executor processes and kill one of them on the way; a process of its own.

    python tests/spark_run.py PEOPLE OUTPUT

Prints one line of JSON: where the rows went, and what was killed when.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from dataclasses import asdict
from typing import Any

import psutil
from pyspark.sql import SparkSession

from esco_graph.batch.spark import match_on, session
from esco_graph.errors import EscoGraphError
from test_batch import kernel_of, random_matrix

MASTER = "local-cluster[2,1,1024]"
QUICK = "'-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'"  # Java starts sooner, and is slower only in what lasts
CONF = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.log.level": "OFF",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.extraJavaOptions": QUICK,
    "spark.executor.extraJavaOptions": QUICK,
}


def executors() -> set[int]:
    """Find the executors among the children of this process."""
    found = set()
    for child in psutil.Process().children(recursive=True):
        try:
            if "CoarseGrainedExecutorBackend" in " ".join(child.cmdline()):
                found.add(child.pid)
        except psutil.Error:
            continue
    return found


def kill_one(spark: SparkSession, told: dict[str, Any]) -> None:
    """Wait until a task of the many is done, then kill one executor."""
    tracker = spark.sparkContext.statusTracker()
    while "stop" not in told:
        for stage in map(tracker.getStageInfo, tracker.getActiveStageIds()):
            if stage and stage.numTasks > 2 and 1 <= stage.numCompletedTasks < stage.numTasks:
                told["before"] = sorted(executors())
                os.kill(told["before"][0], 9)
                told["done"], told["tasks"] = stage.numCompletedTasks, stage.numTasks
                return
        time.sleep(0.01)


def main(people: str, output: str) -> None:
    """Run it."""
    kernel = kernel_of(random_matrix(11, 120, 80), top=5)
    told: dict[str, Any] = {}
    with session(MASTER) as spark:
        killer = threading.Thread(target=kill_one, args=(spark, told))
        killer.start()
        try:
            told["tally"] = asdict(match_on(spark, kernel, people, output))
        finally:
            told["stop"] = True
            killer.join()
        told["after"] = sorted(executors())
        told["errors"] = []
        for wrong in (
            (people, output),
            (output, f"{output}.2.parquet"),
            (f"{people}.absent", f"{output}.3.parquet"),
            (people, people),
            (people, f"{people}/in.parquet"),
            (f"{output}.refused.csv", output),
        ):
            try:
                match_on(spark, kernel, *wrong, force=wrong[0] != people or wrong[1] != output)
            except EscoGraphError as error:
                told["errors"].append(str(error))
    print(json.dumps(told))  # noqa: T201 - read by the test


if __name__ == "__main__":
    submit = " ".join(f"--conf {name}={value}" for name, value in CONF.items())
    os.environ |= {"PYSPARK_SUBMIT_ARGS": f"{submit} pyspark-shell", "SPARK_LOCAL_IP": "127.0.0.1"}
    main(*sys.argv[1:])
