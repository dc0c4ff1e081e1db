"""A group of occupations against each other as a heat map: the darker a cell, the more alike the skills."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from esco_graph.publish.pictures.fonts import shorten, width_of
from esco_graph.publish.pictures.page import foot, head
from esco_graph.publish.pictures.scene import Anchor, Box, Cell, Cells, Line, NumberTable, Picture, Scene, Text, Value
from esco_graph.publish.pictures.style import BODY, HEAT, MARGIN, MUTED, RULE, SMALL, ink_on, ramp

if TYPE_CHECKING:
    from esco_graph.publish.pictures.heat import Heat

_SHADES = 64
_WITH_NUMBERS = 14  # occupations up to which each cell says its number
_PALETTE = ramp(HEAT, _SHADES)
_ITSELF = "#b4bcc4"
_LABELS, _HEADS = 250.0, 190.0  # the longest name beside and above the cells
_NEAREST = 3
_SIZES = ((_WITH_NUMBERS, 30.0), (30, 18.0), (60, 13.0), (100, 10.0), (250, 8.0))


def draw_heatmap(found: Heat, *, source: str = "", lang: str = "en") -> Picture:
    """Draw a `Heat`; up to 14 occupations, each cell says its number."""
    title = f"Skill overlap within {found.group}"
    count = len(found.places)
    cell = next(size for most, size in _SIZES if count <= most)
    font = min(BODY, cell * 0.78)
    names = [shorten(place.label, _LABELS, font) for place in found.places]
    codes = max(width_of(place.code, font) for place in found.places) + 10
    left = MARGIN + codes + max(width_of(name, font) for name in names) + 8
    scene = Scene(max(left + count * cell + MARGIN + 12, 620.0))
    most = _highest(found)
    y = head(scene, title, _note(found))
    y = _scale(scene, y, most) + 14
    heads = [shorten(place.label, _HEADS, font) for place in found.places]
    top = y + max(width_of(name, font) for name in heads) + 8
    for place, (name, above) in enumerate(zip(names, heads, strict=True)):
        base = top + (place + 0.5) * cell + font * 0.35
        full = found.places[place].label
        scene.add(Text(left - 8, base, name, font, anchor="end", full=full if name.endswith("…") else ""))
        scene.add(Text(MARGIN, base, found.places[place].code, font, MUTED))
        middle = left + (place + 0.5) * cell + font * 0.35
        scene.add(Text(middle, top - 8, above, font, upright=True, full=full if above.endswith("…") else ""))
    _cells(scene, left, top, cell, found, most)
    if found.order == "code":
        _groups(scene, left, top, cell, found)
    foot(scene, top + count * cell + 20, source)
    return Picture(title, _summary(title, found), scene, _tables(found), lang)


def _note(found: Heat) -> str:
    count = len(found.places)
    order = "alike ones stand beside each other" if found.order == "similarity" else "ordered by code"
    return f"{count:,} occupation{'s' if count != 1 else ''}, {found.measure} from row to column; {order}."


def _highest(found: Heat) -> float:
    """Give the end of the scale: the highest score of two different occupations, up to the next tenth."""
    others = (value for i, line in enumerate(found.scores) for j, value in enumerate(line) if i != j)
    return max(0.1, -(-round(max(others, default=1.0) * 10, 6) // 1) / 10)


def _shade(value: float, most: float) -> int:
    return round(max(0.0, min(1.0, value / most)) * (_SHADES - 1))


def _scale(scene: Scene, y: float, most: float) -> float:
    """Draw what the colours stand for; gives the y below it."""
    width, x = 3.0, MARGIN
    for place, colour in enumerate(_PALETTE):
        scene.add(Box(x + place * width, y, width + (place < _SHADES - 1) * 0.5, 10, fill=colour))
    for share in (0.0, 0.5, 1.0):
        anchor: Anchor = "start" if not share else "end" if share == 1 else "middle"
        text = f"{share * most:.2f}".rstrip("0").rstrip(".")
        scene.text(x + share * _SHADES * width, y + 13, text, SMALL, colour=MUTED, anchor=anchor)
    x += _SHADES * width + 18
    scene.add(Box(x, y, 10, 10, fill=_ITSELF))
    return scene.text(x + 15, y + 1, "itself", SMALL) + 12


def _cells(scene: Scene, left: float, top: float, cell: float, found: Heat, most: float) -> None:
    count = len(found.places)
    shades = tuple(
        tuple(-1 if i == j else _shade(value, most) for j, value in enumerate(line))
        for i, line in enumerate(found.scores)
    )
    scene.add(Box(left, top, count * cell, count * cell, fill=_ITSELF), Cells(left, top, cell, shades, _PALETTE))
    if count > _WITH_NUMBERS:
        return
    for i, line in enumerate(found.scores):
        for j, value in enumerate(line):
            if i != j:
                colour = ink_on(_PALETTE[shades[i][j]])
                x, y = left + (j + 0.5) * cell, top + (i + 0.5) * cell - SMALL / 2
                scene.text(x, y, f"{value:.2f}", SMALL, colour=colour, anchor="middle")


def _groups(scene: Scene, left: float, top: float, cell: float, found: Heat) -> None:
    """Part the four-digit groups with white lines."""
    length = cell * len(found.places)
    for place, (before, after) in enumerate(pairwise(found.places), 1):
        if before.isco != after.isco:
            at = place * cell
            scene.add(
                Line(left, top + at, left + length, top + at, stroke="#ffffff", line=1.6),
                Line(left + at, top, left + at, top + length, stroke="#ffffff", line=1.6),
                Line(MARGIN, top + at, left, top + at, stroke=RULE, line=0.8),
            )


def _summary(title: str, found: Heat) -> str:
    pairs = [(found.scores[i][j], i, j) for i in range(len(found.places)) for j in found.ranked(i)[:1]]
    if not pairs:
        return f"{title}: there is one occupation only."
    value, i, j = max(pairs, key=lambda pair: (pair[0], -pair[1]))
    names = found.places[i].label, found.places[j].label
    return f"{title}: {_note(found)} Most alike are {names[0]} and {names[1]} ({value:.3f})."


def _tables(found: Heat) -> tuple[NumberTable, ...]:
    """Give each occupation's nearest in the group; for a small group all numbers too."""
    cells = [Cell(place.label, place.iri) for place in found.places]
    rows: list[tuple[Value, ...]] = []
    for row, place in enumerate(found.places):
        near = [one for other in found.ranked(row)[:_NEAREST] for one in (cells[other], found.scores[row][other])]
        rows.append((cells[row], place.code, *near, *[None] * (2 * _NEAREST - len(near))))
    columns = [name for number in range(1, _NEAREST + 1) for name in (f"nearest {number}", found.measure)]
    nearest = NumberTable("The nearest occupations within the group", ("occupation", "code", *columns), rows)
    if len(cells) > 2 * _WITH_NUMBERS:
        return (nearest,)
    square: list[tuple[Value, ...]] = [(cell, *line) for cell, line in zip(cells, found.scores, strict=True)]
    return nearest, NumberTable("All numbers", ("row to column", *(place.label for place in found.places)), square)
