"""A picture as data: texts, boxes, lines, dots and cells in points, from the top left corner, in drawing order.

The writers (`svg`, `png`) draw it; tests read it: no text may lie on another or leave the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from esco_graph.publish.pictures.fonts import clean, width_of, wrap
from esco_graph.publish.pictures.style import INK, LEADING, MUTED

Anchor = Literal["start", "middle", "end"]
Bounds = tuple[float, float, float, float]
"""Left, top, right, bottom."""
_ASCENT, _DESCENT = 0.78, 0.24  # of the size: how far the letters of a label reach above and below the line


@dataclass(frozen=True)
class Text:
    """One line of text; (x, y) is where its anchor stands on the base line; `upright` text reads from bottom to top."""

    x: float
    y: float
    text: str
    size: float
    colour: str = INK
    anchor: Anchor = "start"
    bold: bool = False
    italic: bool = False
    upright: bool = False
    full: str = ""  # the whole text where only a part is drawn

    def bounds(self) -> Bounds:
        """Give the box that the letters stay in."""
        width = width_of(self.text, self.size, bold=self.bold)
        before = {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        if self.upright:
            bottom = self.y + before
            return (self.x - _ASCENT * self.size, bottom - width, self.x + _DESCENT * self.size, bottom)
        left = self.x - before
        return (left, self.y - _ASCENT * self.size, left + width, self.y + _DESCENT * self.size)


@dataclass(frozen=True)
class Box:
    """A rectangle; `radius` rounds its corners, `full` is said when one points at it."""

    x: float
    y: float
    width: float
    height: float
    fill: str = "none"
    stroke: str = "none"
    radius: float = 0.0
    line: float = 1.0
    opacity: float = 1.0
    full: str = ""


@dataclass(frozen=True)
class Line:
    """A straight line, with an arrow head at its end when `arrow`."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str = MUTED
    line: float = 1.0
    arrow: bool = False
    dashed: bool = False


@dataclass(frozen=True)
class Dot:
    """A disc or, with fill "none", a ring."""

    x: float
    y: float
    radius: float
    fill: str
    stroke: str = "none"
    line: float = 1.2


@dataclass(frozen=True)
class Cells:
    """A square of cells `size` points wide; each value is a place in `palette`, -1 draws nothing."""

    x: float
    y: float
    size: float
    values: tuple[tuple[int, ...], ...]
    palette: tuple[str, ...]


Item = Text | Box | Line | Dot | Cells


@dataclass
class Scene:
    """What is drawn, and the size of the page in points; the height is set when all is placed."""

    width: float
    height: float = 0.0
    items: list[Item] = field(default_factory=list)

    def add(self, *items: Item) -> None:
        """Draw over what is there."""
        self.items.extend(items)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        width: float = 1e9,
        lines: int = 1,
        colour: str = INK,
        anchor: Anchor = "start",
        bold: bool = False,
        italic: bool = False,
    ) -> float:
        """Write a text whose letters start below `y`, in lines of at most `width`; gives the y below it.

        A text that is cut keeps its whole self in `full`.
        """
        made = wrap(text, width, size, lines=lines, bold=bold)
        whole = clean(text)
        full = whole if "".join(made).replace(" ", "") != whole.replace(" ", "") else ""
        for number, line in enumerate(made):
            base = y + size * (_ASCENT + LEADING * number)
            self.add(Text(x, base, line, size, colour, anchor, bold, italic, full=full))
        return y + text_height(len(made), size)

    def texts(self) -> list[Text]:
        """List the texts, in drawing order."""
        return [item for item in self.items if isinstance(item, Text)]


def text_height(lines: int, size: float) -> float:
    """Give the height of so many lines, from the top of the first to the bottom of the last letters."""
    return size * (_ASCENT + _DESCENT + LEADING * (lines - 1)) if lines else 0.0


def lines_of(text: str, width: float, size: float, lines: int, *, bold: bool = False) -> int:
    """Count the lines that a text takes."""
    return len(wrap(text, width, size, lines=lines, bold=bold))


@dataclass(frozen=True)
class Cell:
    """A text of a table that leads to an IRI."""

    text: str
    iri: str


Value = str | int | float | Cell | None


@dataclass(frozen=True)
class NumberTable:
    """The numbers behind a picture: for those who cannot see it."""

    caption: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Value]]


@dataclass(frozen=True)
class Picture:
    """A scene with its title, what it shows in one sentence or two, and its numbers.

    `lang` is the language of the labels (BCP 47).
    """

    title: str
    summary: str
    scene: Scene
    tables: tuple[NumberTable, ...] = ()
    lang: str = "en"
