"""What all pictures have in common: the head, a legend, lists that end in "and n more", the attribution at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from esco_graph.publish.attribution import ISCO_NOTE
from esco_graph.publish.pictures.fonts import width_of
from esco_graph.publish.pictures.scene import Box, Dot, Line, Scene
from esco_graph.publish.pictures.style import (
    BODY,
    INK,
    LEVELS,
    MARGIN,
    MUTED,
    RULE,
    SMALL,
    SUBTITLE,
    TINY,
    TITLE,
    ink_on,
)
from esco_graph.terms import ATTRIBUTION


@dataclass(frozen=True)
class Key:
    """One entry of a legend: a colour and what it stands for."""

    colour: str
    text: str


def head(scene: Scene, title: str, subtitle: str = "") -> float:
    """Write the title and the line below it; gives the y where the picture goes on."""
    width = scene.width - 2 * MARGIN
    y = scene.text(MARGIN, MARGIN, title, TITLE, width=width, lines=3, bold=True) + 5
    if subtitle:
        y = scene.text(MARGIN, y, subtitle, SUBTITLE, width=width, lines=4, colour=MUTED)
    return y + 14


def foot(scene: Scene, y: float, source: str) -> None:
    """Write where the data are from below `y`, and end the page there. `source` names the releases, "" for none."""
    made = f"Made with esco-graph from {source}." if source else "Made with esco-graph."
    scene.add(Line(MARGIN, y, scene.width - MARGIN, y, stroke=RULE))
    width = scene.width - 2 * MARGIN
    end = scene.text(MARGIN, y + 7, f"{ATTRIBUTION} {made} {ISCO_NOTE}", TINY, width=width, lines=4, colour=MUTED)
    scene.height = round(end + MARGIN * 0.7, 2)


def legend(scene: Scene, x: float, y: float, keys: Sequence[Key], *, width: float) -> float:
    """Draw a legend from left to right, in as many rows as `width` asks for; gives the y below it."""
    left = x
    for key in keys:
        needed = 14 + width_of(key.text, SMALL)
        if left > x and left + needed > x + width:
            left, y = x, y + 15
        scene.add(Box(left, y, 9, 9, fill=key.colour, radius=2))
        scene.text(left + 14, y + 0.6, key.text, SMALL, colour=INK)
        left += needed + 16
    return y + 12


def badge(scene: Scene, x: float, y: float, level: int | None) -> float:
    """Draw the ISCO level as a coloured label with its number; gives the x right of it."""
    colour, width = LEVELS[level or 0], badge_width(level)
    scene.add(Box(x, y, width, 13, fill=colour, radius=6.5))
    scene.text(x + 5, y + 2.6, _level(level), TINY, colour=ink_on(colour))
    return x + width


def badge_width(level: int | None) -> float:
    """Give the width of the label that `badge` draws."""
    return width_of(_level(level), TINY) + 10


def _level(level: int | None) -> str:
    return f"ISCO level {level}" if level else "ISCO level ?"


def mark(scene: Scene, x: float, y: float, colour: str, *, essential: bool) -> None:
    """Draw the sign of a skill at the line that starts at `y`: a disc for an essential one, a ring for an optional."""
    middle = y + BODY * 0.45
    if essential:
        scene.add(Dot(x + 4, middle, 3.4, fill=colour))
    else:
        scene.add(Dot(x + 4, middle, 2.8, fill="none", stroke=colour))


def signs(scene: Scene, x: float, y: float) -> float:
    """Explain the signs of `mark`; gives the y below."""
    for essential, text in ((True, "essential skill"), (False, "optional skill")):
        mark(scene, x, y, INK, essential=essential)
        scene.text(x + 15, y + 1, text, SMALL)
        x += 15 + width_of(text, SMALL) + 16
    return y + 12


def more(number: int, noun: str = "") -> str:
    """Say how many are left out.

    >>> more(3), more(1, "skill"), more(1200, "skill")
    ('and 3 more', 'and 1 more skill', 'and 1,200 more skills')
    """
    words = f" {noun}{'' if number == 1 else 's'}" if noun else ""
    return f"and {number:,} more{words}"
