"""Write what a verb gives to a file: whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Open a text file (UTF-8) beside the path and put it in its place at the end; a device or pipe is written to.

    Raises StoreError when the folder is missing, full or may not be written; nothing is left behind then.
    """
    from esco_graph.errors import StoreError

    advice = "Check that the folder exists, may be written and has room."
    try:
        if path.is_dir():
            raise StoreError("this is a folder", where=str(path), advice="Name a file in it.")
        final = path.resolve()
        direct = path.exists() and not path.is_file()
        work = final if direct else final.with_name(f".{final.name}.{secrets.token_hex(4)}.part")
        try:
            with work.open("w" if direct else "x", encoding="utf-8", newline="\n") as out:
                yield out
            if not direct:
                work.replace(final)
        finally:
            if not direct:
                work.unlink(missing_ok=True)
    except StoreError:
        raise
    except OSError as error:
        raise StoreError(f"cannot write: {error.strerror or error}", where=str(path), advice=advice) from error
