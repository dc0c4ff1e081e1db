"""Write a file whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from esco_graph.errors import EscoGraphError, StoreError


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file beside the path and put it in its place at the end; a device or a pipe is written to directly.

    Raises StoreError when the folder is missing, full or may not be written; nothing is left behind then.
    """
    if path.is_dir():
        raise StoreError(f"{str(path)!r} is a folder", advice="Name a file in it.")
    with storing(str(path)):
        if path.exists() and not path.is_file():
            with path.open("wb") as out:
                yield out
            return
        final = path.resolve()
        work = final.with_name(f".{final.name}.{secrets.token_hex(4)}.part")
        try:
            with work.open("xb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            work.replace(final)
        finally:
            work.unlink(missing_ok=True)


@contextmanager
def storing(where: str) -> Iterator[None]:
    """Turn a failure of the disk into StoreError; a reader that went away is the caller's to handle."""
    try:
        yield
    except (BrokenPipeError, EscoGraphError):
        raise
    except OSError as error:
        raise StoreError(
            f"cannot write: {error.strerror or error}",
            where=where,
            advice="Check that the folder exists, may be written and has room.",
        ) from error
