"""Short names for the IRIs of a set: the prefixes of the program where they fit, else one for each namespace."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from esco_graph.sources.sssom_table import BUILT_IN
from esco_graph.terms import prefixes


@dataclass
class Curies:
    """Prefixes by name, sorted, and the CURIE of each IRI.

    >>> curies = Curies.of(["http://data.europa.eu/esco/isco/C2269", "https://example.org/taxonomy/rome/A1101"])
    >>> curies.shorten("https://example.org/taxonomy/rome/A1101"), sorted(curies.spaces)[0]
    ('rome:A1101', 'isco')
    """

    spaces: dict[str, str]
    _made: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, iris: Iterable[str]) -> Curies:
        """Choose the prefixes that these IRIs need."""
        needed = sorted({space for iri in set(iris) if (space := _space(iri))} | set(BUILT_IN.values()))
        given = {space: prefix for prefix, space in {**prefixes(), **BUILT_IN}.items()}
        spaces: dict[str, str] = {}
        for space in sorted(needed, key=lambda one: (one not in given, one)):
            spaces[_free(given.get(space) or _prefix(space), spaces)] = space
        return cls(dict(sorted(spaces.items())))

    def shorten(self, iri: str) -> str:
        """Give the CURIE of an IRI, or the IRI where it cannot have one."""
        if iri not in self._made:
            space = _space(iri)
            prefix = next((prefix for prefix, one in self.spaces.items() if one == space), None) if space else None
            self._made[iri] = f"{prefix}:{iri[len(space) :]}" if prefix else iri
        return self._made[iri]


def _space(iri: str) -> str:
    """Give the namespace of an IRI: up to the last / or # that something follows."""
    found = re.match(r"(.+[/#])[^/#]+$", iri.rstrip("/#"))
    return found[1] if found and "://" in found[1] and not found[1].endswith("://") else ""


def _prefix(space: str) -> str:
    """Name a namespace by the last part of its path, or by its host."""
    parts = urlsplit(space)
    words = [part for part in f"{parts.path}/{parts.fragment}".split("/") if part]
    plain = re.sub(r"[^a-z0-9]+", "-", (words[-1] if words else parts.hostname or "ns").casefold()).strip("-")
    return plain if plain[:1].isalpha() else f"ns-{plain}".strip("-")


def _free(prefix: str, taken: dict[str, str]) -> str:
    number, name = 2, prefix
    while name in taken:
        name, number = f"{prefix}-{number}", number + 1
    return name
