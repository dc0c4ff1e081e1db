"""A picture as SVG 1.1: texts stay texts, so that they can be read out, searched, and drawn in any script."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from esco_graph.publish.pictures.fonts import FAMILY, clean
from esco_graph.publish.pictures.scene import Box, Cells, Dot, Line, Picture, Text
from esco_graph.publish.pictures.style import PAPER
from esco_graph.terms import ATTRIBUTION

# Verdana is as wide as the font that was measured; the others are narrower, so nothing runs into anything.
FONTS = f"'{FAMILY}', Verdana, 'Noto Sans', Arial, sans-serif"


def svg(picture: Picture) -> str:
    """Write a picture as an SVG document; the same picture gives the same text."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + svg_element(picture)


def svg_element(picture: Picture) -> str:
    """Write the element alone, as it stands inside an HTML page."""
    return "\n".join(_element(picture)) + "\n"


def _element(picture: Picture) -> Iterator[str]:
    width, height = _number(picture.scene.width), _number(picture.scene.height)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" '
        f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="picture-title picture-summary" '
        f'font-family="{FONTS}">'
    )
    yield f'<title id="picture-title">{_text(picture.title)}</title>'
    yield f'<desc id="picture-summary">{_text(f"{picture.summary} {ATTRIBUTION}")}</desc>'
    yield f'<rect width="{width}" height="{height}" fill="{PAPER}"/>'
    for item in picture.scene.items:
        yield _DRAW[type(item)](item)
    yield "</svg>"


def _draw_text(item: Text) -> str:
    turn = f' transform="rotate(-90 {_number(item.x)} {_number(item.y)})"' if item.upright else ""
    anchor = f' text-anchor="{item.anchor}"' if item.anchor != "start" else ""
    looks = ' font-weight="bold"' * item.bold + ' font-style="italic"' * item.italic
    place = f'x="{_number(item.x)}" y="{_number(item.y)}" font-size="{_number(item.size)}"'
    return f'<text {place} fill="{item.colour}"{anchor}{looks}{turn}>{_hint(item.full)}{_text(item.text)}</text>'


def _draw_box(item: Box) -> str:
    place = f'x="{_number(item.x)}" y="{_number(item.y)}" width="{_number(item.width)}" height="{_number(item.height)}"'
    corner = f' rx="{_number(item.radius)}"' if item.radius else ""
    edge = f' stroke="{item.stroke}" stroke-width="{_number(item.line)}"' if item.stroke != "none" else ""
    opacity = f' opacity="{_number(item.opacity)}"' if item.opacity < 1 else ""
    shape = f'<rect {place}{corner} fill="{item.fill}"{edge}{opacity}'
    return f"{shape}>{_hint(item.full)}</rect>" if item.full else f"{shape}/>"


def _draw_line(item: Line) -> str:
    end_x, end_y = shaft_end(item)
    place = f'x1="{_number(item.x1)}" y1="{_number(item.y1)}" x2="{_number(end_x)}" y2="{_number(end_y)}"'
    dash = ' stroke-dasharray="4 3"' if item.dashed else ""
    shaft = f'<line {place} stroke="{item.stroke}" stroke-width="{_number(item.line)}"{dash}/>'
    if not item.arrow:
        return shaft
    corners = " ".join(f"{_number(x)},{_number(y)}" for x, y in arrow_head(item))
    return f'{shaft}<polygon points="{corners}" fill="{item.stroke}"/>'


def _draw_dot(item: Dot) -> str:
    edge = f' stroke="{item.stroke}" stroke-width="{_number(item.line)}"' if item.stroke != "none" else ""
    place = f'cx="{_number(item.x)}" cy="{_number(item.y)}" r="{_number(item.radius)}"'
    return f'<circle {place} fill="{item.fill}"{edge}/>'


def _draw_cells(item: Cells) -> str:
    """Draw all cells of one colour as one path, neighbours in a row as one run: small, and sharp at any size."""
    runs: dict[int, list[str]] = {}
    size = item.size
    for row, values in enumerate(item.values):
        for start, end, value in _runs(values):
            left, top, width = item.x + start * size, item.y + row * size, (end - start) * size
            path = f"M{_number(left)} {_number(top)}h{_number(width)}v{_number(size)}h{_number(-width)}z"
            runs.setdefault(value, []).append(path)
    paths = (f'<path fill="{item.palette[value]}" d="{"".join(runs[value])}"/>' for value in sorted(runs) if value >= 0)
    return f'<g shape-rendering="crispEdges">{"".join(paths)}</g>'


def _runs(values: tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
    start = 0
    for place in range(1, len(values) + 1):
        if place == len(values) or values[place] != values[start]:
            yield start, place, values[start]
            start = place


def head_size(item: Line) -> float:
    """Give the length of an arrow head in points: the thicker the shaft, the larger."""
    return 4.5 + 2.0 * item.line


def shaft_end(item: Line) -> tuple[float, float]:
    """Give the point where the shaft of an arrow ends and its head begins; a plain line ends at its end."""
    length = math.hypot(item.x2 - item.x1, item.y2 - item.y1)
    if not item.arrow or not length:
        return item.x2, item.y2
    part = min(1.0, head_size(item) * 0.8 / length)
    return item.x2 - (item.x2 - item.x1) * part, item.y2 - (item.y2 - item.y1) * part


def arrow_head(item: Line) -> list[tuple[float, float]]:
    """Give the three corners of an arrow head."""
    length = math.hypot(item.x2 - item.x1, item.y2 - item.y1) or 1.0
    along_x, along_y = (item.x2 - item.x1) / length, (item.y2 - item.y1) / length
    size = head_size(item)
    back_x, back_y, half = item.x2 - size * along_x, item.y2 - size * along_y, size * 0.5
    return [
        (item.x2, item.y2),
        (back_x - half * along_y, back_y + half * along_x),
        (back_x + half * along_y, back_y - half * along_x),
    ]


def _hint(full: str) -> str:
    return f"<title>{_text(full)}</title>" if full else ""


def _text(text: str) -> str:
    return escape(clean(text), quote=False)


def _number(value: float) -> str:
    """Write two decimals at most, and never "-0"."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


_DRAW: dict[type, Callable[[Any], str]] = {
    Text: _draw_text,
    Box: _draw_box,
    Line: _draw_line,
    Dot: _draw_dot,
    Cells: _draw_cells,
}
