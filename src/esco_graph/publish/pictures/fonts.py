"""How wide a text is drawn, and how it is cut into lines: measured with the font that comes with matplotlib."""

from __future__ import annotations

import warnings
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from esco_graph.errors import EscoGraphError
from esco_graph.sparql import printable

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

FAMILY = "DejaVu Sans"  # comes with matplotlib, so that every machine measures and draws the same
ELLIPSIS = "…"
NO_GLYPH = "Glyph .* missing from"
"""What matplotlib warns of when the font lacks a character; it draws a box then, and a browser takes another font."""
_EM = 100.0
_WIDER = 0.4  # of the size: a Chinese character in a browser's font against the box that stands for it here
_LONGEST = 2_000  # characters of a text that are measured; no more of them can be drawn


def need_matplotlib() -> None:
    """Raise EscoGraphError, with the way out, when matplotlib is not installed."""
    try:
        import matplotlib as _  # noqa: F401 - only to see whether it is there
    except ImportError as error:
        raise EscoGraphError(
            "pictures need matplotlib, which is not installed", advice="Install it: pip install 'esco-graph[plot]'."
        ) from error


def clean(text: str) -> str:
    r"""Give a text that can be drawn as it is: white space as one space, what cannot be seen as an escape.

    >>> print(clean("a \n b\x1b"))
    a b\u001B
    """
    return printable(" ".join(text.split()))


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Give the width of a text in points, drawn at `size` points.

    >>> width_of("nurse", 20) == 2 * width_of("nurse", 10)
    True
    """
    words = text.split(" ")
    gaps = (len(words) - 1) * _space(bold)
    return size * (gaps + sum(_word_width(word, bold) for word in words))


def wrap(text: str, width: float, size: float, *, lines: int = 2, bold: bool = False) -> list[str]:
    """Cut a text into at most `lines` lines of `width` points; what is left over gives way to an ellipsis.

    >>> wrap("occupational therapist", 80, 10)
    ['occupational', 'therapist']
    >>> wrap("occupational therapist", 40, 10, lines=1)
    ['occup…']
    """
    rest = clean(text)[:_LONGEST]
    made: list[str] = []
    while rest and len(made) < lines - 1:
        line = _first_line(rest, width, size, bold)
        made.append(line)
        rest = rest[len(line) :].lstrip(" ")
    if rest or not made:
        made.append(shorten(rest, width, size, bold=bold))
    return made


def shorten(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Give as much of a text as `width` points hold, with an ellipsis when it is not all.

    >>> shorten("nurse", 100, 10), shorten("nurse", 20, 10)
    ('nurse', 'n…')
    """
    text = clean(text)[:_LONGEST]
    if width_of(text, size, bold=bold) <= width:
        return text
    room = width - width_of(ELLIPSIS, size, bold=bold)
    return text[: _fitting(text, room, size, bold)].rstrip(" ,;:-–(") + ELLIPSIS


def _first_line(text: str, width: float, size: float, bold: bool) -> str:
    """Take whole words while they fit; one word that is too long is cut anywhere."""
    if width_of(text, size, bold=bold) <= width:
        return text
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width_of(longer, size, bold=bold) > width:
            break
        line = longer
    return line or text[: max(1, _fitting(text, width, size, bold))]


def _fitting(text: str, width: float, size: float, bold: bool) -> int:
    """Count the first characters that fit, by halving."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle], size, bold=bold) <= width:
            low = middle
        else:
            high = middle - 1
    return low


@lru_cache(maxsize=65_536)
def _word_width(word: str, bold: bool) -> float:
    """Give the width in em: as one run, so that scripts whose letters join are measured as they are drawn."""
    from matplotlib.textpath import text_to_path

    if not word:
        return 0.0
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=NO_GLYPH, category=UserWarning)
        width: float = text_to_path.get_text_width_height_descent(word, _font(bold), ismath=False)[0]
    wide = sum(east_asian_width(character) in "WF" for character in word)
    return width / _EM + wide * _WIDER


@cache
def _space(bold: bool) -> float:
    return _word_width("n n", bold) - _word_width("nn", bold)


@cache
def _font(bold: bool) -> FontProperties:
    from matplotlib.font_manager import FontProperties

    need_matplotlib()
    return FontProperties(family=FAMILY, size=_EM, weight="bold" if bold else "normal")
