"""The part of `match` for many people: a file of them in, a file of their best occupations out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from esco_graph.cli.output import quoted, say_aside

if TYPE_CHECKING:
    from esco_graph.batch.local import Tally
    from esco_graph.graph import Graph

Command = TypeVar("Command", bound=Callable[..., Any])
ENDINGS = (".parquet", ".csv", ".tsv", ".jsonl", ".ndjson")
FORMATS = ("parquet", "csv", "jsonl")


def is_many(source: str, output: Path | None) -> bool:
    """Say whether a source is a file of many people: by its ending, or standard input with an output file.

    >>> is_many("people.parquet", None), is_many("person.yaml", None)
    (True, False)
    """
    return source.lower().endswith(ENDINGS) or (source == "-" and output is not None)


def many_options(command: Command) -> Command:
    """Add the options that only many people need; they arrive as `output`, `input_format`, `engine` and so on."""
    options = (
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path, dir_okay=True),
            help="Many people: FILE.parquet|csv|jsonl.",
        ),
        click.option(
            "--input-format", type=click.Choice(FORMATS), help="Many people: format, where no ending tells it."
        ),
        click.option("--force", is_flag=True, help="Many people: replace the output."),
        click.option("--resume", is_flag=True, help="Many people: go on with an interrupted run."),
        click.option("--threads", type=click.IntRange(0), default=0, help="Many people: threads. [default: all]"),
        click.option("--engine", type=click.Choice(("local", "spark")), default="local", help="Many people: where."),
        click.option("--master", metavar="IRI", help="Spark: the cluster. [default: that of the environment]"),
    )
    for option in reversed(options):
        command = option(command)
    return command


def match_many(graph: Graph, source: str, *, top: int, lang: str, output: Path | None, **options: Any) -> None:
    """Match all people of a file with the occupations of a graph, and tell where each row went.

    `options` are the other ones of `many_options`. Raises EscoGraphError of many kinds: see `batch.local.match_file`.
    """
    if output is None:
        raise click.UsageError(f"{source} holds many people: name the output with -o FILE.parquet, .csv or .jsonl.")
    # A thread of the product that waits then leaves its processor to reading and writing; libgomp reads it when loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    from esco_graph.batch.kernel import Kernel
    from esco_graph.skills.labels import labels_in
    from esco_graph.skills.matrix import SkillMatrix

    matrix = SkillMatrix.of(graph)
    labels = labels_in(graph, matrix.occupations, lang)
    kernel = Kernel.of(matrix, [labels[iri] for iri in matrix.occupations], top=top, threads=options["threads"])
    if options["engine"] == "spark":
        tell(_on_spark(kernel, source, output, options), output)
    else:
        tell(_here(kernel, source, output, matrix.fingerprint, options), output)


def tell(tally: Tally, output: Path) -> None:
    """Say on stderr where every row went."""
    more = f" {tally.remarked:,} of the matched have unknown skills." * bool(tally.remarked)
    before = f" {tally.resumed:,} rows were done before." * bool(tally.resumed)
    click.echo(
        f"{tally.rows:,} rows in = {tally.matched:,} matched + {tally.refused:,} refused.{more}{before}\n"
        f"Matches: {quoted(output)}",
        err=True,
    )
    if tally.refused or tally.remarked:
        say_aside(f"Refused rows and remarks, with reasons: {quoted(Path(tally.refused_file))}")


def _here(kernel: Any, source: str, output: Path, fingerprint: str, options: dict[str, Any]) -> Tally:
    from esco_graph.batch.local import match_file
    from esco_graph.cli.progress import progress_bar

    if options["master"]:
        raise click.UsageError("--master goes with --engine spark.")
    with progress_bar("people") as progress:
        return match_file(
            kernel,
            source,
            output,
            format_=options["input_format"] or "",
            fingerprint=fingerprint,
            force=options["force"],
            resume=options["resume"],
            progress=progress,
        )


def _on_spark(kernel: Any, source: str, output: Path, options: dict[str, Any]) -> Tally:
    from esco_graph.batch.spark import match_on, session

    if options["resume"]:
        raise click.UsageError("--resume is for --engine local; Spark repeats lost work by itself.")
    for path in (source, str(output)):
        if not path.rstrip("/").endswith(".parquet"):
            raise click.UsageError(f"Spark reads Parquet and writes Parquet: end {path} in .parquet.")
    with session(options["master"] or "") as spark:
        return match_on(spark, kernel, source, str(output), force=options["force"])
