"""Forms that codes of several classifications share: digits in levels, and fixed lengths."""

from __future__ import annotations

import re
from collections.abc import Callable

from esco_graph.sources.spoilt import without_float


def padded(width: int) -> Callable[[str], str]:
    """Give a function that puts back the zeros which a spreadsheet took from a code of fixed length.

    >>> padded(8)("1234567"), padded(8)("12345678")
    ('01234567', '12345678')
    """

    def repair(text: str) -> str:
        plain = without_float(text)
        return plain.zfill(width) if plain.isdigit() else plain

    return repair


def shorter(code: str) -> str | None:
    """Give the code without its last character, None at the top: each digit is one level.

    >>> shorter("2269"), shorter("2")
    ('226', None)
    """
    return code[:-1] or None


def first_four(code: str) -> str:
    """Give the first four digits of a national code that extends ISCO-08, "" when there are fewer.

    >>> first_four("311410"), first_four("8342.01"), first_four("311")
    ('3114', '8342', '')
    """
    match = re.match(r"\d{4}", code)
    return match[0] if match else ""
