"""Match a file of people on this machine: streaming, in bounded memory, and able to go on after an interruption."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from esco_graph import __version__
from esco_graph.batch.journal import LAYOUT, About, Journal, about_file
from esco_graph.batch.kernel import Kernel
from esco_graph.batch.people import ID, REFUSED
from esco_graph.batch.reading import PART_ROWS, STDIN, Part, Reader, input_format, open_people
from esco_graph.batch.writing import WRITERS, Writer, output_format
from esco_graph.errors import EscoGraphError, ParameterError
from esco_graph.files import replacing

QUOTING = pyarrow.csv.WriteOptions(quoting_style="needed")
Item = TypeVar("Item")
Ranked = tuple[pa.ListArray, pa.RecordBatch]
Results = tuple[pa.RecordBatch, pa.RecordBatch]
Progress = Callable[[str, int, int], None]
"""What is being done, how much since the last call, how much in all (0 unknown)."""


@dataclass(frozen=True)
class Tally:
    """Where every row went: rows = matched + refused; `remarked` are matched by a part of their skills."""

    rows: int = 0
    matched: int = 0
    refused: int = 0
    remarked: int = 0
    resumed: int = 0
    refused_file: str = ""

    def plus(self, rows: int, matches: pa.RecordBatch, refused: pa.RecordBatch, *, resumed: bool) -> Tally:
        """Add a part, counting what was written, not what was meant to be."""
        matched = pc.sum(pc.equal(matches["rank"], 1)).as_py() or 0
        out = pc.sum(pc.equal(refused["outcome"], "refused")).as_py() or 0
        return Tally(
            self.rows + rows,
            self.matched + matched,
            self.refused + out,
            self.remarked + len(refused) - out,
            self.resumed + rows * resumed,
            self.refused_file,
        )

    def check(self) -> Tally:
        """Raise EscoGraphError when a row is neither matched nor refused; gives itself."""
        if self.rows != self.matched + self.refused:
            raise EscoGraphError(
                f"{self.rows:,} rows came in, but {self.matched:,} are matched and {self.refused:,} refused",
                advice="Please report this with the input: no row may be lost.",
            )
        return self


def refused_path(output: Path) -> Path:
    """Name the side file of refused rows and remarks.

    >>> refused_path(Path("matches.parquet")).name
    'matches.parquet.refused.csv'
    """
    return output.with_name(f"{output.name}.refused.csv")


def check_paths(source: str, output: Path, *, force: bool, resume: bool) -> None:
    """Raise ParameterError when the output is the input, exists, or cannot be resumed."""
    if source != STDIN and output.exists() and Path(source).exists() and output.samefile(source):
        raise ParameterError("the output is the input", where=str(output), advice="Name another file.")
    if resume and source == STDIN:
        advice = "Save it to a file first."
        raise ParameterError("standard input cannot be read again, so --resume does not work with it", advice=advice)
    for path in (output, refused_path(output)):
        if path.is_file() and not force and not (resume and Journal(output).folder.exists()):
            raise ParameterError("the file exists", where=str(path), advice="Replace it with --force.")


def match_file(
    kernel: Kernel,
    source: str,
    output: Path,
    *,
    format_: str = "",
    fingerprint: str = "",
    force: bool = False,
    resume: bool = False,
    progress: Progress = lambda what, done, total: None,  # noqa: ARG005 - the signature of a progress function
) -> Tally:
    """Match the people of a file (or "-") and write their best occupations; refused rows go to `refused_path`.

    Both files appear when they are whole. Each finished part is kept beside the output until then, and `resume` goes on
    from there; the bytes are the same as without the interruption. `fingerprint` is that of the matrix.

    Raises ParameterError (paths, formats, nothing to resume from that fits), SourceError (input), StoreError (disk).
    """
    write_format = output_format(output)
    check_paths(source, output, force=force, resume=resume)
    journal = None if source == STDIN else Journal(output)
    with ExitStack() as stack:
        reader = stack.enter_context(open_people(source, format_))
        if journal:
            about = _about(kernel, source, input_format(source, format_), fingerprint)
            journal.begin(about, resume=resume, force=force)
            stack.callback(journal.tidy)
        out = stack.enter_context(replacing(output))
        side = stack.enter_context(replacing(refused_path(output)))
        matches = stack.enter_context(closing(WRITERS[write_format](out, reader.id_kind)))
        refused = stack.enter_context(pyarrow.csv.CSVWriter(side, REFUSED, write_options=QUOTING))
        results = stack.enter_context(
            closing(_run(kernel, reader, journal, lambda both: _write(matches, refused, both)))
        )
        tally = Tally(refused_file=str(refused_path(output)))
        for part, both, resumed in results:
            tally = tally.plus(part.rows, *both, resumed=resumed)
            progress(f"{tally.rows:,} people", part.done, reader.total)
        tally.check()
    if journal:
        journal.remove()
    return tally


def _run(
    kernel: Kernel, reader: Reader, journal: Journal | None, write: Callable[[Results], None]
) -> Generator[tuple[Part, Results, bool], None, None]:
    """Rank part after part; reading the next and writing the last go on beside it, one of each in memory."""

    def finish(number: int, part: Part, ranked: Ranked, *, keep: bool) -> Results:
        if journal and keep:
            journal.save(number, *ranked)
        results = kernel.matches(part.people[ID], ranked[0]), ranked[1]
        write(results)
        return results

    with ThreadPoolExecutor(1) as behind, closing(_ahead(reader.parts())) as parts:
        last: tuple[Part, Future[Results], bool] | None = None
        for number, part in enumerate(parts):
            earlier = journal.read(number, len(part.people)) if journal else None
            ranked = earlier or _ranked(kernel, part)
            if last:
                yield last[0], last[1].result(), last[2]
            last = part, behind.submit(finish, number, part, ranked, keep=not earlier), bool(earlier)
        if last:
            yield last[0], last[1].result(), last[2]


def _ranked(kernel: Kernel, part: Part) -> Ranked:
    """Rank the people of a part, and put all its refused rows in order."""
    best, refused = kernel.rank(part.people)
    if len(part.broken):
        together = pa.Table.from_batches([refused, part.broken]).sort_by("row").combine_chunks()
        refused = together.to_batches()[0]
    return best, refused


def _write(matches: Writer, refused: pyarrow.csv.CSVWriter, results: Results) -> None:
    matches.write(results[0])
    refused.write_batch(results[1])


def _ahead(items: Iterator[Item]) -> Generator[Item, None, None]:
    """Take the next item in a thread while the last one is in use."""
    end = object()
    with ThreadPoolExecutor(1) as pool:
        coming: Future[Item | object] = pool.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = pool.submit(next, items, end)
            yield item  # type: ignore[misc]


def _about(kernel: Kernel, source: str, format_: str, fingerprint: str) -> About:
    return {
        "layout": LAYOUT,
        "program": __version__,
        "input": about_file(Path(source)),
        "format": format_,
        "top": kernel.top,
        "graph": fingerprint,
        "labels": hashlib.sha256("\n".join(kernel.labels.to_pylist()).encode()).hexdigest(),
        "rows in a part": PART_ROWS,
    }
