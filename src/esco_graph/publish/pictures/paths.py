"""Career paths as lanes from the start to the target: occupations as nodes, what is missing on the edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from esco_graph.careers.names import STEP_COST
from esco_graph.publish.pictures.page import badge, badge_width, foot, head, more
from esco_graph.publish.pictures.scene import (
    Box,
    Cell,
    Line,
    NumberTable,
    Picture,
    Scene,
    Value,
    lines_of,
    text_height,
)
from esco_graph.publish.pictures.style import BODY, INK, MARGIN, MISSING, MUTED, PAPER, RULE, SMALL

if TYPE_CHECKING:
    from esco_graph.careers.explained import NamedSkill
    from esco_graph.careers.places import Place
    from esco_graph.careers.routes import Path, Paths, Step

_NODE = 142.0
_EDGE = 186.0  # of the longest path; shorter ones have longer edges
_LEAST_EDGES = 3
_HEADING = 18.0
_LIMIT = 4  # missing skills in one column of an edge
_COLUMN = 250.0  # a long edge has a column for so many points
_WORDS = {"up": " · ↑ level up", "down": " · ↓ level down", "same": " · same level"}


def draw_paths(found: Paths, *, source: str = "", lang: str = "en", limit: int = _LIMIT) -> Picture:
    """Draw paths, the direct jump first; each edge names `limit` missing essential skills, a long one more."""
    title = f"Ways from {found.start.label} to {found.target.label}"
    lanes = _lanes(found)
    hops = max([_LEAST_EDGES, *(len(path.steps) for _, path in lanes)])
    scene = Scene(2 * MARGIN + 2 * _NODE + hops * _EDGE + (hops - 1) * _NODE)
    y = head(scene, title, _note(found, lanes))
    body = Scene(scene.width)
    below = y
    for number, (name, path) in enumerate(lanes):
        if number:
            body.add(Line(MARGIN + _NODE + 12, below, scene.width - MARGIN - _NODE - 12, below, stroke=RULE))
        below = _lane(body, below + 12, name, path, limit)
    if lanes:
        _end(scene, MARGIN, y, below, found.start)
        _end(scene, scene.width - MARGIN - _NODE, y, below, found.target)
    scene.add(*body.items)
    foot(scene, below + 18, source)
    return Picture(title, f"{title}. {_said(found, lanes)}", scene, (_table(lanes),) if lanes else (), lang)


def _lanes(found: Paths) -> list[tuple[str, Path]]:
    """Name the paths, the direct jump first; where it is one of the paths it is not drawn twice."""
    lanes = [(f"Path {number}", path) for number, path in enumerate(found.paths, 1) if path.steps]
    direct = next((name for name, path in lanes if len(path.steps) == 1), "")
    if direct:
        return [(f"{name}: the direct jump" if name == direct else name, path) for name, path in lanes]
    return [("Direct jump", found.direct), *lanes] if found.direct and found.direct.steps else lanes


def _note(found: Paths, lanes: list[tuple[str, Path]]) -> str:
    if not lanes:
        return found.remark or "There are none."
    words = (
        "A gap is the share of the next occupation's essential skills that is missing, weighted by rarity: 0 is "
        "nothing, 1 all of them. "
        f"Effort, which ranks the paths, is the sum of gap² + {STEP_COST:g} over the steps. "
        "Skills gained on the way count for the steps after it."
    )
    return f"{words} {found.remark}".strip()


def _said(found: Paths, lanes: list[tuple[str, Path]]) -> str:
    ways = [f"{name}: {_through(path)}, gaps {_gaps(path)}, effort {path.cost:.2f}." for name, path in lanes]
    return " ".join([*ways, found.remark] if found.remark else ways) or "There are none."


def _through(path: Path) -> str:
    between = [step.to.label for step in path.steps[:-1]]
    return f"through {', '.join(between)}" if between else "one step"


def _gaps(path: Path) -> str:
    return " + ".join(f"{step.gap:.2f}" for step in path.steps)


def _end(scene: Scene, x: float, top: float, bottom: float, place: Place) -> None:
    """Draw the start or the target as one tall node beside all lanes."""
    scene.add(Box(x, top, _NODE, bottom - top, fill=PAPER, stroke=INK, line=1.6, radius=8))
    _words(scene, x, (top + bottom) / 2, place, BODY)


def _words(scene: Scene, x: float, middle: float, place: Place, size: float) -> None:
    """Write the name and level of an occupation into its node, about its middle."""
    y = middle - _words_height(place, size) / 2
    room = _NODE - 16
    y = scene.text(x + 8, y, place.label, size, width=room, lines=4, bold=True) + 5
    if place.level or place.isco:  # a person has neither
        badge(scene, x + 8, y, place.level)
    if place.code:
        left = badge_width(place.level) + 6
        scene.text(x + 8 + left, y + 2.6, place.code, SMALL - 0.5, colour=MUTED, width=room - left)


def _words_height(place: Place, size: float) -> float:
    lines = lines_of(place.label, _NODE - 16, size, 4, bold=True)
    return text_height(lines, size) + 5 + 13


def _lane(scene: Scene, top: float, name: str, path: Path, limit: int) -> float:
    """Draw one path between the ends; gives the y below it."""
    left, right = MARGIN + _NODE, scene.width - MARGIN - _NODE
    steps = path.steps
    counts = f" · {len(steps)} steps, gaps {_gaps(path)}" if len(steps) > 1 else ""
    scene.text(
        left + 14,
        top,
        f"{name}{counts} · effort {path.cost:.2f}",
        SMALL,
        width=right - left - 28,
        bold=True,
        colour=MUTED,
    )
    half = max([_words_height(step.to, SMALL) / 2 + 8 for step in steps[:-1]] + [16.0])
    middle = top + _HEADING + max(half, 18.0)
    edge = (right - left - (len(steps) - 1) * _NODE) / len(steps)
    below = middle + half
    for number, step in enumerate(steps):
        x = left + number * (edge + _NODE)
        below = max(below, _edge(scene, x, middle, edge, step, limit))
        if number < len(steps) - 1:
            scene.add(Box(x + edge, middle - half, _NODE, 2 * half, fill=PAPER, stroke=INK, radius=8))
            _words(scene, x + edge, middle, step.to, SMALL)
    return below + 12


def _edge(scene: Scene, x: float, y: float, width: float, step: Step, limit: int) -> float:
    """Draw one step: the gap above the arrow, what is missing below it; gives the y below all of it."""
    left, room = x + 12, width - 24
    scene.add(Line(x + 4, y, x + width - 4, y, stroke=INK, line=1.2 + 3.0 * min(1.0, step.gap), arrow=True))
    scene.text(left, y - 16, f"gap {step.gap:.2f}{_WORDS.get(step.direction, '')}", SMALL, width=room, bold=True)
    below = y + 8
    if not step.missing:
        return scene.text(left, below, "no essential skill missing", SMALL, width=room, lines=2, colour=MUTED)
    columns = max(1, int(room // _COLUMN))
    shown, wide = step.missing[: limit * columns], room / columns
    ends = []
    for start in range(0, len(shown), limit):
        ends.append(_missing(scene, left + start // limit * wide, below, wide, shown[start : start + limit]))
    below = max(ends)
    if len(step.missing) > len(shown):
        words = more(len(step.missing) - len(shown))
        below = scene.text(left + 10, below, words, SMALL, width=room - 10, colour=MUTED, italic=True)
    return below


def _missing(scene: Scene, x: float, y: float, width: float, skills: Sequence[NamedSkill]) -> float:
    for skill in skills:
        scene.text(x, y, "+", SMALL, colour=MISSING, bold=True)
        y = scene.text(x + 10, y, skill.label, SMALL, width=width - 16, lines=2) + 3
    return y


def _table(lanes: list[tuple[str, Path]]) -> NumberTable:
    columns = ("path", "step", "from", "to", "ISCO level", "gap", "shared", "of", "missing essential skills", "reason")
    return NumberTable("The steps", columns, tuple(_rows(lanes)))


def _rows(lanes: Sequence[tuple[str, Path]]) -> Iterator[tuple[Value, ...]]:
    for name, path in lanes:
        for number, step in enumerate(path.steps, 1):
            ends = Cell(step.origin.label, step.origin.iri), Cell(step.to.label, step.to.iri)
            missing = "; ".join(skill.label for skill in step.missing)
            yield name, number, *ends, step.to.level, float(step.gap), step.shared, step.total, missing, step.reason
