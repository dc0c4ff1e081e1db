"""Colours and sizes of all pictures.

The colours are those of Okabe and Ito ("Color Universal Design", 2008, https://jfly.uni-koeln.de/color/) and, for
levels, viridis: people who see no difference of red and green can tell all of them apart.
"""

from __future__ import annotations

PAPER = "#ffffff"
INK = "#1b242c"
BLACK = "#000000"
MUTED = "#56636e"
RULE = "#d3d9df"
PANEL = "#f4f6f8"

SHARED, SHARED_OPTIONAL = "#0072b2", "#56b4e9"  # blue, sky blue
MISSING, MISSING_OPTIONAL = "#d55e00", "#e69f00"  # vermilion, orange
SURPLUS = "#66727d"
NEAR = "#00734f"  # bluish green, darker than theirs so that small letters can be read

LEVELS = {0: "#9aa5b1", 1: "#fde725", 2: "#5ec962", 3: "#2a788e", 4: "#46307e"}
"""Colour of each ISCO-08 skill level, from viridis; 0 stands for a level that is not known."""

HEAT = ("#f4f6f8", "#cfe5f5", "#56b4e9", "#0072b2", "#002b4d")
"""From no likeness to the most: light to dark, so that it is read without seeing a colour."""

MARGIN = 24.0
TITLE, SUBTITLE, BODY, SMALL, TINY = 16.0, 10.5, 10.0, 8.5, 8.0
LEADING = 1.28  # distance of lines, in sizes


def ink_on(colour: str) -> str:
    """Give the text colour, light or dark, that stands out more on a colour (WCAG 2.2, contrast ratio).

    >>> ink_on("#0072b2"), ink_on("#56b4e9")
    ('#ffffff', '#000000')
    """
    return max((PAPER, BLACK), key=lambda ink: contrast(ink, colour))


def ramp(colours: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Give `count` (2 or more) colours in equal steps through the given ones, from the first to the last.

    >>> ramp(("#000000", "#ff0000"), 3)
    ('#000000', '#800000', '#ff0000')
    """
    made = []
    for step in range(count):
        place = step * (len(colours) - 1) / (count - 1)
        before = min(int(place), len(colours) - 2)
        pairs = zip(_channels(colours[before]), _channels(colours[before + 1]), strict=True)
        made.append("#" + "".join(f"{round(low + (high - low) * (place - before)):02x}" for low, high in pairs))
    return tuple(made)


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours, 1 to 21, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return round((light + 0.05) / (dark + 0.05), 3)


def _luminance(colour: str) -> float:
    parts = (channel / 255 for channel in _channels(colour))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
