"""Many arrays in one file of bytes, memory-mapped when read: to open a file for each takes longer than all the rest."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array

Array = np.ndarray[Any, Any]
Places = dict[str, list[Any]]
"""For each array where it begins, its type and its shape."""
_ALIGNED = 64  # bytes; every array begins at a multiple, as its numbers need


def write_arrays(path: Path, arrays: Iterable[tuple[str, Array]]) -> Places:
    """Write arrays one after the other; gives where each of them is. Raises OSError when they cannot be written."""
    places: Places = {}
    with path.open("wb") as out:
        for name, array in arrays:
            places[name] = [out.tell(), array.dtype.str, list(array.shape)]
            out.write(np.ascontiguousarray(array).tobytes())
            out.write(bytes(-out.tell() % _ALIGNED))
    return places


def read_arrays(path: Path, places: Places) -> dict[str, Array]:
    """Map what `write_arrays` wrote. Raises OSError or ValueError when the file is missing or too short.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "arrays"
    ...     read_arrays(file, write_arrays(file, [("a", np.arange(3))]))["a"].tolist()
    [0, 1, 2]
    """
    packed = np.asarray(np.memmap(path, np.uint8, "r")) if path.stat().st_size else np.zeros(0, np.uint8)
    return arrays_in(packed, places, str(path))


def arrays_in(packed: Array, places: Places, where: str) -> dict[str, Array]:
    """Give the arrays that lie in one array of bytes, without a copy. Raises ValueError when it is too short.

    >>> arrays_in(np.frombuffer(b"ab", np.uint8), {"a": [1, "|u1", [1]]}, "bytes")["a"].tolist()
    [98]
    """
    found: dict[str, Array] = {}
    for name, (at, kind, shape) in places.items():
        dtype = np.dtype(kind)
        end = at + math.prod(shape) * dtype.itemsize
        if end > len(packed):
            raise ValueError(f"{where} ends before {name}")
        found[name] = packed[at:end].view(dtype).reshape(shape)
    return found


def sparse_parts(name: str, rows: csr_array) -> list[tuple[str, Array]]:
    """Give the arrays of which a sparse array consists, named after it."""
    shape = np.array(rows.shape, dtype=np.int64)
    return [
        *((f"{name}-{part}", getattr(rows, part)) for part in ("data", "indices", "indptr")),
        (f"{name}-shape", shape),
    ]


def sparse_of(name: str, arrays: dict[str, Array]) -> csr_array:
    """Put a sparse array together again; its parts stay mapped."""
    made = csr_array(tuple(arrays[f"{name}-shape"].tolist()))
    # Set one by one: the constructor copies an array that is a small part of another.
    made.data, made.indices, made.indptr = (arrays[f"{name}-{part}"] for part in ("data", "indices", "indptr"))
    made.has_sorted_indices = made.has_canonical_format = True
    return made


def checksum(path: Path) -> int:
    """Give the CRC-32 of a file, which tells a damaged one; it is read in pieces."""
    crc = 0
    with path.open("rb") as file:
        while piece := file.read(1 << 22):
            crc = zlib.crc32(piece, crc)
    return crc
