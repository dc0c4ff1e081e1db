"""Reasons in words: which skills two sides share, which are missing and worth learning first, and which way is up."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from esco_graph.careers.worth import Worth
from esco_graph.skills.likeness import WORD
from esco_graph.skills.measures import MEASURES

if TYPE_CHECKING:
    from esco_graph.careers.places import Place
    from esco_graph.careers.ranking import Question
    from esco_graph.skills.matrix import FloatArray, IntArray, SkillSet

_NAMED = 3  # skills that a sentence names
Pairs = list[tuple[str, float]]


@dataclass(frozen=True)
class NamedSkill:
    """A skill in a reason: `worth` orders it among the others of its list (units of its list, not comparable)."""

    iri: str
    label: str
    worth: float

    def as_dict(self) -> dict[str, Any]:
        """Give the skill as plain values."""
        return {"iri": self.iri, "label": self.label, "worth": self.worth}


@dataclass(frozen=True)
class Explained:
    """The skills behind a score, essential or optional for the other occupation.

    Shared ones stand in the order of what they add to the score (`worth` is that), missing ones in the order of what
    they are worth to learn. `grounds` are what else adds to the score: broader concepts, and words, which have no IRI.
    """

    shared_essential: tuple[NamedSkill, ...]
    shared_optional: tuple[NamedSkill, ...]
    missing_essential: tuple[NamedSkill, ...]
    missing_optional: tuple[NamedSkill, ...]
    grounds: tuple[NamedSkill, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give the lists as plain values."""
        return {part.name: [skill.as_dict() for skill in getattr(self, part.name)] for part in fields(self)}


def explained(asked: Question, rows: list[int], measure: str) -> dict[int, Explained]:
    """Name for each row its shared skills, by what they add to the measure, and its missing ones, by worth."""
    worth = Worth(asked.matrix, asked.held, asked.row)
    parts = {}
    for row in rows:
        essential, optional, grounds = _contributing(asked, row, measure)
        missing = (_pairs(asked, *worth.missing(row, optional=is_optional)) for is_optional in (False, True))
        parts[row] = (essential, optional, *missing, grounds)
    asked.places.look_up(iri for lists in parts.values() for pairs in lists for iri, _ in pairs if not _is_word(iri))
    return {row: Explained(*(_named(asked, pairs) for pairs in lists)) for row, lists in parts.items()}


def missing_of(asked: Question, worth: Worth, row: int) -> tuple[NamedSkill, ...]:
    """Name the essential skills of an occupation that are not held, most worth first."""
    return _named(asked, _pairs(asked, *worth.missing(row)))


def shared_columns(asked: Question, held: SkillSet, row: int) -> IntArray:
    """Give the skills of an occupation, essential and optional, that are held: columns, rarest first, ties by IRI."""
    columns = np.intersect1d(held.all, asked.matrix.row_set(row).all, assume_unique=True)
    return columns[np.lexsort((columns, -asked.matrix.idf[columns]))]


def direction_of(origin: Place, to: Place) -> str:
    """Say which way a step leads by ISCO-08 skill level: up, same or down; "" where a level is not known.

    >>> from esco_graph.careers.places import Place
    >>> direction_of(Place("", "", level=2), Place("", "", level=3)), direction_of(Place("", ""), Place("", ""))
    ('up', '')
    """
    if origin.level is None or to.level is None:
        return ""
    return ("same", "up", "down")[(to.level > origin.level) - (to.level < origin.level)]


def level_words(origin: Place, to: Place, why: str = "") -> str:
    """Put the direction in words; `why` says why a person is compared with the origin, which is then named.

    >>> from esco_graph.careers.places import Place
    >>> level_words(Place("", "", level=2), Place("", "", level=3))
    'up, from ISCO level 2 to 3'
    >>> level_words(Place("", "cook", level=2), Place("", "", level=3), "held now or before")
    'up, from ISCO level 2 of cook (held now or before) to 3'
    """
    direction = direction_of(origin, to)
    if not direction:
        return "ISCO level not known" if to.level is None else f"ISCO level {to.level}"
    if direction == "same":
        return f"at the same ISCO level {to.level}" + (f" as {origin.label} ({why})" if why else "")
    of = f" of {origin.label} ({why})" if why else ""
    return f"{direction}, from ISCO level {origin.level}{of} to {to.level}"


def listed(words: list[str], more: int = 0) -> str:
    """Join words as a sentence does, with what is not named.

    >>> listed(["a", "b"], 3), listed(["a", "b"]), listed(["a"])
    ('a, b and 3 more', 'a and b', 'a')
    """
    words = [*words, f"{more} more"] if more else words
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def shared_words(asked: Question, held: SkillSet, row: int) -> str:
    """Say how many of an occupation's skills are held, and name the rarest."""
    columns = shared_columns(asked, held, row)
    total = len(asked.matrix.row_set(row).all)
    names = asked.places.labels(asked.matrix.skills[column] for column in columns[:_NAMED])
    if not len(columns):
        return "its only skill is not held" if total == 1 else f"none of its {total} skills is held"
    verb = "is" if len(columns) == 1 else "are"
    held_of = "its only skill is held" if total == 1 else f"{len(columns)} of its {total} skills {verb} held"
    return f"{held_of}: {listed(names, len(columns) - len(names))}"


def _pairs(asked: Question, columns: IntArray, worth: FloatArray) -> Pairs:
    iris = (asked.matrix.skills[column] for column in columns.tolist())
    return list(zip(iris, worth.tolist(), strict=True))


def _contributing(asked: Question, row: int, measure: str) -> tuple[Pairs, Pairs, Pairs]:
    """Give what each shared skill adds, first those that are essential there, then the others; and what else adds."""
    theirs = asked.matrix.row_set(row)
    adds = dict(MEASURES[measure].contributions(asked.matrix, asked.held, theirs))
    essential = set(theirs.essential.tolist())
    found: tuple[Pairs, Pairs, Pairs] = ([], [], [])
    for column in shared_columns(asked, asked.held, row).tolist():
        iri = asked.matrix.skills[column]
        found[column not in essential].append((iri, round(adds.pop(iri, 0.0), 6)))
    found[2].extend((iri, value) for iri, given in adds.items() if (value := round(given, 6)) > 0)
    for pairs in found:
        pairs.sort(key=lambda pair: (-pair[1], pair[0]))
    return found


def _named(asked: Question, pairs: Pairs) -> tuple[NamedSkill, ...]:
    words = {iri: iri.removeprefix(WORD) for iri, _ in pairs if _is_word(iri)}
    others = [iri for iri, _ in pairs if iri not in words]
    labels = words | dict(zip(others, asked.places.labels(others), strict=True))
    return tuple(NamedSkill("" if iri in words else iri, labels[iri], worth) for iri, worth in pairs)


def _is_word(iri: str) -> bool:
    return iri.startswith(WORD)
