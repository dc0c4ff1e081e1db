"""The skills of two occupations by name, as two frames that overlap: only the first, both, only the second."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esco_graph.publish.pictures.page import foot, head, mark, more, signs
from esco_graph.publish.pictures.scene import Box, Cell, NumberTable, Picture, Scene, Value
from esco_graph.publish.pictures.style import BODY, INK, MARGIN, MISSING, MUTED, NEAR, SHARED, SMALL, SURPLUS

if TYPE_CHECKING:
    from esco_graph.skills.overlap import Overlap, SkillShare

_WIDTH = 1000.0
_COLUMN = (_WIDTH - 2 * MARGIN) / 3
_PAD = 14.0
_LIMIT = 12  # names of one list
_BIG = 22.0
_TINTS = {SURPLUS: "#f1f3f5", SHARED: "#e2eff8", MISSING: "#fdeee3"}


@dataclass(frozen=True)
class Section:
    """One list of skills; `need` says what they are: essential or optional, and for whom."""

    need: str
    essential: bool
    skills: tuple[SkillShare, ...]


@dataclass(frozen=True)
class Column:
    """One third of the picture: `short` names it in the table."""

    title: str
    short: str
    colour: str
    sections: tuple[Section, ...]

    @property
    def count(self) -> int:
        """All skills in it, drawn or not."""
        return sum(len(section.skills) for section in self.sections)


def draw_overlap(found: Overlap, *, source: str = "", lang: str = "en", limit: int = _LIMIT) -> Picture:
    """Draw an `Overlap`: the skills of the first alone, of both, and of the second alone.

    Each list names at most `limit` skills, those that count most first. A missing skill that is near to a held one
    says to which.
    """
    first, second = found.a.label or "This person", found.b.label or "this occupation"
    title = f"{first} → {second}"
    columns = _columns(found, first, second)
    sentence = _sentence(found, columns, first, second)
    scene, texts = Scene(_WIDTH), Scene(_WIDTH)
    top = signs(scene, MARGIN, head(scene, title, sentence)) + 12
    ends = [_column(texts, MARGIN + place * _COLUMN, top, column, limit) for place, column in enumerate(columns)]
    bottom = max(ends) + _PAD
    _frames(scene, top, bottom)
    scene.add(*texts.items)
    foot(scene, bottom + 18, source)
    summary = f"{title}: {sentence} {columns[0].count:,} skills are only those of the first."
    return Picture(title, summary, scene, (_table(columns),), lang)


def _columns(found: Overlap, first: str, second: str) -> tuple[Column, Column, Column]:
    """Sort the skills into the three columns."""
    spare = {
        kind: tuple(one for one in found.surplus if (one.held == "optional") == (kind == "optional"))
        for kind in ("essential", "optional")
    }
    own = _sections(spare["essential"], spare["optional"], first)
    if not _is_occupation(found):
        own = (Section(f"of {first}", True, found.surplus),)
    return (
        Column(f"Only {first}", "only the first", SURPLUS, own),
        Column("Both", "both", SHARED, _sections(found.shared_essential, found.shared_optional, second)),
        Column(
            f"Only {second}",
            "only the second",
            MISSING,
            _sections(found.missing_essential, found.missing_optional, second),
        ),
    )


def _is_occupation(found: Overlap) -> bool:
    """Tell an occupation from a person, for whom no skill is optional."""
    shared = (*found.shared_essential, *found.shared_optional, *found.surplus)
    return "/occupation/" in found.a.iri or any(one.held == "optional" for one in shared)


def _sections(essential: tuple[SkillShare, ...], optional: tuple[SkillShare, ...], whose: str) -> tuple[Section, ...]:
    return (
        Section(f"essential for {whose}", True, essential),
        Section(f"optional for {whose}", False, optional),
    )


def _sentence(found: Overlap, columns: tuple[Column, Column, Column], first: str, second: str) -> str:
    _, shared, missing = columns
    whole = shared.count + missing.count
    essential, wanted = len(found.shared_essential), len(found.shared_essential) + len(found.missing_essential)
    near = f" {len(found.near):,} of the missing ones are near to a skill that is there." if found.near else ""
    return (
        f"{first} has {shared.count:,} of the {whole:,} skills of {second} ({found.coverage_ab:.0%}), and "
        f"{essential:,} of its {wanted:,} essential ones.{near} Their {found.measure} is {found.score:.3f}."
    )


def _frames(scene: Scene, top: float, bottom: float) -> None:
    """Draw the two frames, and the part where they overlap."""
    height, wide = bottom - top, 2 * _COLUMN
    middle, right = MARGIN + _COLUMN, _WIDTH - MARGIN - wide
    scene.add(
        Box(MARGIN, top, wide, height, fill=_TINTS[SURPLUS], radius=12),
        Box(right, top, wide, height, fill=_TINTS[MISSING], radius=12),
        Box(middle, top, _COLUMN, height, fill=_TINTS[SHARED], radius=12),
        Box(MARGIN, top, wide, height, stroke=SURPLUS, line=1.6, radius=12),
        Box(right, top, wide, height, stroke=MISSING, line=1.6, radius=12),
    )


def _column(scene: Scene, x: float, top: float, column: Column, limit: int) -> float:
    """Write one column; gives the y below it."""
    left, width = x + _PAD, _COLUMN - 2 * _PAD
    y = scene.text(left, top + _PAD, f"{column.count:,}", _BIG, colour=column.colour, bold=True) + 3
    y = scene.text(left, y, column.title, BODY + 1, width=width, lines=2, bold=True)
    y = max(y, top + _PAD + _BIG + 3 + 2.3 * (BODY + 1)) + 8  # lists begin at one height whatever the titles are
    if not column.count:
        return scene.text(left, y, "none", BODY, colour=MUTED)
    for section in column.sections:
        if section.skills:
            y = _section(scene, left, y, width, section, column.colour, limit) + 12
    return y - 12


def _section(scene: Scene, x: float, y: float, width: float, section: Section, colour: str, limit: int) -> float:
    heading = f"{len(section.skills):,} {section.need}"
    y = scene.text(x, y, heading, SMALL, width=width, lines=2, colour=MUTED) + 6
    for skill in section.skills[:limit]:
        mark(scene, x, y, colour, essential=section.essential)
        y = scene.text(x + 15, y, skill.label, BODY, width=width - 15, lines=2, colour=INK) + 2
        if skill.near:
            y = scene.text(x + 15, y, f"near: {skill.near.label}", SMALL, width=width - 15, colour=NEAR) + 2
        y += 3
    if len(section.skills) > limit:
        y = scene.text(x + 15, y, more(len(section.skills) - limit), BODY, colour=MUTED, italic=True)
    return y


def _table(columns: tuple[Column, ...]) -> NumberTable:
    return NumberTable("All skills", ("skill", "of", "need", "adds to the score", "near to"), tuple(_rows(columns)))


def _rows(columns: tuple[Column, ...]) -> Iterator[tuple[Value, ...]]:
    for column in reversed(columns):
        for section in column.sections:
            for skill in section.skills:
                near = Cell(skill.near.label, skill.near.iri) if skill.near else None
                yield Cell(skill.label, skill.iri), column.short, section.need, float(skill.contribution), near
