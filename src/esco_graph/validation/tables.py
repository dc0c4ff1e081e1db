"""Read the text tables of validation: policies and baselines."""

from __future__ import annotations

from pathlib import Path

from esco_graph.errors import ParameterError
from esco_graph.sparql import shown


def read_text_table(path: Path, what: str) -> list[str]:
    """Read a UTF-8 text as lines without their ends, a byte order mark or a last empty line.

    `what` names the text in the ParameterError for a file that cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ParameterError(f"the {what} cannot be read: {error.strerror or error}", where=str(path)) from error
    except ValueError as error:  # a NUL in the name
        raise ParameterError(f"the {what} has an impossible name", where=shown(str(path))) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"{path}:{data.count(10, 0, error.start) + 1}"
        raise ParameterError(f"the {what} is not UTF-8", where=where, advice="Save it as UTF-8.") from error
    # Not splitlines: it also cuts at U+2028 and the like, which may stand in a label.
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []
