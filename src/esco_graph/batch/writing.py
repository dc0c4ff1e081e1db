"""Write matches as Parquet, CSV or JSON lines, batch by batch."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from esco_graph.batch.kernel import match_schema
from esco_graph.batch.people import ID
from esco_graph.batch.reading import ENDINGS
from esco_graph.errors import ParameterError

DICTIONARY = 16 << 20
"""Bytes of a column's dictionary in a row group: enough for the ids of a part, each of 300 characters."""


class Writer(Protocol):
    """Takes batches with the columns of `match_schema`, and finishes the file."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Write one batch."""

    def close(self) -> None:
        """Finish the file; it is left open."""


class ParquetWriter:
    """Parquet, one row group per batch; columns of few values as dictionaries, and plain types for all that read it."""

    def __init__(self, out: BinaryIO, id_kind: pa.DataType) -> None:
        """Start the file."""
        self._writer = pq.ParquetWriter(
            out,
            match_schema(id_kind),
            compression="snappy",
            use_dictionary=[ID, "occupation", "label", "coverage", "essential_coverage", "shared"],
            dictionary_pagesize_limit=DICTIONARY,
            write_statistics=[ID, "rank", "score"],  # of the others they take as long as all the rest
            store_schema=False,
        )

    def write(self, batch: pa.RecordBatch) -> None:
        """Write a row group."""
        if len(batch):
            self._writer.write_batch(batch, row_group_size=len(batch))

    def close(self) -> None:
        """Write the index."""
        self._writer.close()


class CsvWriter:
    """CSV in UTF-8 with a header."""

    def __init__(self, out: BinaryIO, id_kind: pa.DataType) -> None:
        """Write the header."""
        self._schema = match_schema(id_kind, plain=True)
        options = pyarrow.csv.WriteOptions(quoting_style="needed")
        self._writer = pyarrow.csv.CSVWriter(out, self._schema, write_options=options)

    def write(self, batch: pa.RecordBatch) -> None:
        """Write rows."""
        self._writer.write_batch(batch.cast(self._schema))

    def close(self) -> None:
        """Flush."""
        self._writer.close()


class JsonlWriter:
    """JSON lines: one object per match."""

    def __init__(self, out: BinaryIO, id_kind: pa.DataType) -> None:
        """Keep the file."""
        self._out, self._id_kind = out, id_kind

    def write(self, batch: pa.RecordBatch) -> None:
        """Write lines; texts are escaped once per value, not once per line."""
        if not len(batch):
            return
        pieces: list[pa.Array | str] = ["{"]
        for at, field in enumerate(batch.schema):
            pieces += [f'{", " * bool(at)}"{field.name}": ', _as_json(batch.column(at))]
        lines = pc.binary_join_element_wise(*pieces, "}", "").to_pylist()
        self._out.write(("\n".join(lines) + "\n").encode())

    def close(self) -> None:
        """Nothing is left to write."""


WRITERS: dict[str, Callable[[BinaryIO, pa.DataType], Writer]] = {
    "parquet": ParquetWriter,
    "csv": CsvWriter,
    "jsonl": JsonlWriter,
}


def output_format(path: Path) -> str:
    """Name the format of an output by its ending; raises ParameterError.

    >>> output_format(Path("matches.CSV"))
    'csv'
    """
    found = ENDINGS.get(path.suffix.lower(), "")
    if not found or path.suffix.lower() == ".tsv":
        raise ParameterError(
            "the ending tells no format", where=str(path), advice="End it in .parquet, .csv or .jsonl."
        )
    return found


def _as_json(column: pa.Array) -> pa.Array:
    """Write each value of a column as JSON."""
    if pa.types.is_string(column.type):
        column = column.dictionary_encode()
    if pa.types.is_dictionary(column.type):
        texts = [json.dumps(value, ensure_ascii=False) for value in column.dictionary.to_pylist()]
        return pa.array(texts, pa.string()).take(column.indices)
    return column.cast(pa.string())
