"""Similar occupations as bars: the score, and which part of the skills is shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from esco_graph.publish.pictures.fonts import width_of
from esco_graph.publish.pictures.page import Key, badge, foot, head, legend
from esco_graph.publish.pictures.scene import Box, Cell, Line, NumberTable, Picture, Scene, lines_of, text_height
from esco_graph.publish.pictures.style import (
    BODY,
    INK,
    MARGIN,
    MISSING,
    MISSING_OPTIONAL,
    MUTED,
    PANEL,
    RULE,
    SHARED,
    SHARED_OPTIONAL,
    SMALL,
    TINY,
    ink_on,
)

_WIDTH = 880.0
_LABEL = 250.0  # width of the names
_SCORE = MARGIN + _LABEL + 22  # where the scores begin
_SCORE_WIDTH = 84.0
_SKILLS = _SCORE + _SCORE_WIDTH + 58  # where the skills begin
_BAR = 15.0
_PARTS = (
    ("shared_essential", SHARED, "shared essential"),
    ("shared_optional", SHARED_OPTIONAL, "shared optional"),
    ("missing_essential", MISSING, "missing essential"),
    ("missing_optional", MISSING_OPTIONAL, "missing optional"),
)
_NOTES = {"up": "↑ level up", "down": "↓ level down", "same": "same level", "held": "held", "aim": "an aim"}


class Start(Protocol):
    """Where the ranking starts: an occupation or a person."""

    @property
    def label(self) -> str:
        """Its name."""
        ...


class Ranked(Protocol):
    """What is drawn of a `careers.Ranking`."""

    @property
    def start(self) -> Start:
        """Where it starts."""
        ...

    @property
    def measure(self) -> str:
        """The name of what ranks."""
        ...

    @property
    def rows(self) -> Sequence[Any]:
        """The occupations, best first."""
        ...

    @property
    def remark(self) -> str:
        """Why there are no rows."""
        ...


@dataclass(frozen=True)
class Bar:
    """One occupation: `counts` are skills, by the parts that are told apart, in the order of the legend."""

    label: str
    iri: str
    code: str
    level: int | None
    score: float
    counts: tuple[int, ...]
    note: str = ""

    @property
    def total(self) -> int:
        """All skills of the occupation."""
        return sum(self.counts)


def draw_similar(found: Ranked, *, source: str = "", lang: str = "en") -> Picture:
    """Draw a ranking of `careers.similar`.

    Rows that name their skills (`explained` or `overlap`) show essential and optional ones apart; others only shared
    and missing.
    """
    return _draw(f"Occupations similar to {found.start.label}", found, source, lang)


def draw_next(found: Ranked, *, source: str = "", lang: str = "en") -> Picture:
    """Draw a ranking of `careers.next_steps`: each occupation with the direction of the step."""
    return _draw(f"Next steps from {found.start.label}", found, source, lang)


def draw_match(found: Ranked, *, source: str = "", lang: str = "en") -> Picture:
    """Draw a ranking of `persons.match`; occupations that are held or aimed at are marked so."""
    return _draw(f"Occupations for {found.start.label}", found, source, lang)


def _draw(title: str, found: Ranked, source: str, lang: str) -> Picture:
    bars, parts = _bars(found.rows)
    subtitle = (
        f"Ranked by {found.measure}. The right bars show the skills of each occupation, and which of them are shared."
    )
    scene = Scene(_WIDTH)
    y = head(scene, title, subtitle if bars else found.remark or "There are none.")
    if bars:
        y = _columns(scene, y, found.measure, parts)
        largest = max(bar.total for bar in bars) or 1
        highest = max(1.0, max(bar.score for bar in bars))
        for number, bar in enumerate(bars, 1):
            y = _row(scene, y, number, bar, [part[1] for part in parts], largest, highest)
    foot(scene, y + 10, source)
    return Picture(title, _summary(title, found, bars), scene, (_table(found, bars, parts),) if bars else (), lang)


def _bars(rows: Sequence[Any]) -> tuple[list[Bar], tuple[tuple[str, str, str], ...]]:
    """Read the rows; gives the bars and the parts that they tell apart."""
    named = bool(rows) and all(_reasons(row) for row in rows)
    parts = _PARTS if named else (("shared", SHARED, "shared skills"), ("missing", MISSING, "missing skills"))
    bars = [Bar(row.label, row.iri, row.code, row.level, row.score, _counts(row, named), _note_of(row)) for row in rows]
    return bars, parts


def _reasons(row: Any) -> Any:
    """Give what names the skills of a row, by the names of _PARTS; None when nothing does."""
    return getattr(row, "explained", None) or getattr(row, "overlap", None)


def _note_of(row: Any) -> str:
    return _NOTES.get(getattr(row, "direction", "") or getattr(row, "status", ""), "")


def _counts(row: Any, named: bool) -> tuple[int, ...]:
    if named:
        return tuple(len(getattr(_reasons(row), part)) for part, _, _ in _PARTS)
    return row.shared, row.total - row.shared


def _columns(scene: Scene, y: float, measure: str, parts: Sequence[tuple[str, str, str]]) -> float:
    """Write the heads of the columns and the legend."""
    scene.text(MARGIN, y, "occupation", SMALL, colour=MUTED)
    scene.text(_SCORE, y, measure, SMALL, colour=MUTED)
    keys = [Key(colour, text) for _, colour, text in parts]
    below = legend(scene, _SKILLS, y, keys, width=_WIDTH - MARGIN - _SKILLS)
    return below + 8


def _row(scene: Scene, y: float, number: int, bar: Bar, colours: list[str], largest: int, highest: float) -> float:
    """Draw one occupation, with a rule above it; gives the y below it."""
    scene.add(Line(MARGIN, y, _WIDTH - MARGIN, y, stroke=RULE, line=0.7))
    top = y + 8
    scene.text(MARGIN, top, f"{number}", BODY, colour=MUTED)
    name, room = MARGIN + 24, _LABEL - 24
    below = scene.text(name, top, bar.label, BODY, width=room, lines=2, bold=True) + 4
    right = badge(scene, name, below, bar.level)
    if beside := " · ".join(filter(None, (bar.code, bar.note))):
        scene.text(right + 8, below + 2.6, beside, TINY, colour=MUTED, width=room - (right + 8 - name))
    height = text_height(lines_of(bar.label, room, BODY, 2, bold=True), BODY) + 4 + 13
    middle = top + height / 2 - _BAR / 2
    _score(scene, middle, bar.score / highest, f"{bar.score:.3f}")
    _skills(scene, middle, bar.counts, colours, largest)
    return top + height + 8


def _score(scene: Scene, y: float, share: float, text: str) -> None:
    scene.add(Box(_SCORE, y, _SCORE_WIDTH, _BAR, fill=PANEL))
    scene.add(Box(_SCORE, y, _SCORE_WIDTH * max(0.0, min(1.0, share)), _BAR, fill=INK))
    scene.text(_SCORE + _SCORE_WIDTH + 7, y + 3, text, BODY)


def _skills(scene: Scene, y: float, counts: Sequence[int], colours: list[str], largest: int) -> None:
    """Draw the skills as one stacked bar with its numbers, where they fit, and the sum at its end."""
    total_room = width_of(f"{largest:,}", BODY) + 8
    scale = (_WIDTH - MARGIN - _SKILLS - total_room) / largest
    left = _SKILLS
    for count, colour in zip(counts, colours, strict=True):
        width = count * scale
        if count:
            scene.add(Box(left, y, width, _BAR, fill=colour, stroke="#ffffff", line=0.8))
        if width > width_of(f"{count:,}", SMALL) + 5:
            scene.text(left + width / 2, y + 4, f"{count:,}", SMALL, colour=ink_on(colour), anchor="middle")
        left += width
    scene.text(left + 6, y + 3, f"{sum(counts):,}", BODY, colour=MUTED)


def _summary(title: str, found: Ranked, bars: list[Bar]) -> str:
    if not bars:
        return f"{title}: {found.remark or 'there are none.'}"
    best = bars[0]
    return (
        f"{title}, ranked by {found.measure}: {len(bars):,} shown. First is {best.label} ({best.score:.3f}), of whose "
        f"{best.total:,} skills {_shared(best):,} are shared."
    )


def _shared(bar: Bar) -> int:
    return sum(bar.counts[: len(bar.counts) // 2])


def _table(found: Ranked, bars: list[Bar], parts: Sequence[tuple[str, str, str]]) -> NumberTable:
    columns = (
        "rank",
        "occupation",
        "code",
        "ISCO level",
        "note",
        found.measure,
        *(text for _, _, text in parts),
        "all skills",
    )
    rows = [
        (number, Cell(bar.label, bar.iri), bar.code, bar.level, bar.note, float(bar.score), *bar.counts, bar.total)
        for number, bar in enumerate(bars, 1)
    ]
    return NumberTable("The numbers of the picture", columns, rows)
