"""Which column of a table holds the code, the label and the rest: by known forms, by words of headers, by content."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from esco_graph.errors import ParameterError
from esco_graph.labels.index import fold
from esco_graph.sources.table_words import roles_of, words
from esco_graph.taxonomies.layouts import LAYOUTS, Layout
from esco_graph.taxonomies.registry import TAXONOMIES, taxonomies_named
from esco_graph.taxonomies.taxonomy import Taxonomy

HEADER_ROWS = 40  # rows that are looked at for a header

_WORDS = {
    "ignored": "related relation match source sources date tier zone",
    "alt": "alternate alternates alternative alternatives alt altlabel altlabels altname synonym synonyms synonyme "
    "synonymes sinonimi reported short court kurzbezeichnung suchbegriff aliases itemaltlabel synonyma synonymy",
    "broader": "broader parent parents oberbegriff superior padre nadrzedna nadrazeny overordnad ubergeordnet pere",
    "iri": "uri iri conceptiri concepturi url",
    "code": "item key schluessel schlussel",
}
_ROLE_OF = {word: role for role, words in _WORDS.items() for word in words.split()}
_ORDER = ("ignored", "alt", "broader", "description", "iri", "label", "code")
_SAME = {"id": "code", "label": "label", "description": "description"}  # roles of table_words that are these here
_LANG_END = re.compile(r"[ _@.:(\[-]([A-Za-z]{2})[)\]]?$")
_LANGS = frozenset(re.findall("..", "arbgcsdadeeleneseetfifrgahrhuisitltlvmtnbnlnnnoplptroskslsvuk"))  # those of ESCO
_CODE_LIKE = re.compile(r"[A-Za-z]{0,3}[ _.-]?\d[\w./-]{0,19}|[A-Z]")


@dataclass(frozen=True)
class Columns:
    """Places of the columns, from 0; -1 where there is none.

    `names` are labels in further languages by (lang, place); `others` further columns of codes, as a crosswalk has;
    `key` is that of the classification whose published form this is.
    """

    code: int = -1
    label: int = -1
    alt: tuple[int, ...] = ()
    description: int = -1
    broader: int = -1
    iri: int = -1
    lang: str = ""
    names: tuple[tuple[str, int], ...] = ()
    split: str = ""
    key: str = ""
    header: tuple[str, ...] = ()
    others: tuple[int, ...] = ()

    @property
    def usable(self) -> bool:
        """Say whether a row has an identity and a label."""
        return self.label >= 0 and (self.code >= 0 or self.iri >= 0)

    def said(self) -> str:
        """Say in words which columns were taken for what."""

        def name(place: int) -> str:
            return repr(self.header[place]) if place < len(self.header) else f"column {place + 1}"

        parts = [("code", self.code), ("label", self.label), ("description", self.description)]
        parts += [("broader code", self.broader), ("IRI", self.iri), *(("other label", place) for place in self.alt)]
        parts += [(f"label in {lang}", place) for lang, place in self.names]
        return ", ".join(f"{what} = {name(place)}" for what, place in parts if place >= 0)


@dataclass(frozen=True)
class Wanted:
    """Columns as the user names them, by header or by number from 1; "" where the table is to say."""

    code: str = ""
    label: str = ""
    alt: tuple[str, ...] = ()
    description: str = ""
    broader: str = ""
    lang: str = ""

    def any(self) -> bool:
        """Say whether a column is named."""
        return bool(self.code or self.label or self.alt or self.description or self.broader)


def plain(header: str) -> str:
    r"""Fold a header to words with one blank between.

    >>> plain("O*NET-SOC\nCode"), plain("libelle_rome"), plain("prefLabel")
    ('o*net-soc code', 'libelle rome', 'preflabel')
    """
    return " ".join(re.sub(r"[_\s]+", " ", fold(header)).split())


def header_columns(cells: Sequence[str], wanted: Wanted, taxonomy: Taxonomy | None = None) -> Columns | None:
    """Understand a row as a header, or give None when it is none, or has not the columns that the user names.

    Of several columns of codes, as crosswalks have, that of the taxonomy is taken, else the first.
    """
    names = [plain(cell) for cell in cells]
    layout = next((one for one in LAYOUTS if one.fits(names) and taxonomy in {None, TAXONOMIES[one.key]}), None)
    found = _by_layout(layout, cells, names) if layout else _by_words(cells, wanted.lang, taxonomy)
    found = replace(found, header=tuple(cells))
    if wanted.any():
        return _asked(found, names, wanted)
    return found if found.usable else None


def _by_layout(layout: Layout, cells: Sequence[str], names: list[str]) -> Columns:
    """Take the columns of a published form, and further columns of other labels that somebody has added to it."""

    def place(name: str) -> int:
        return names.index(name) if name in names else -1

    alt = [place(name) for name in layout.alt if name in names]
    added = [at for at, cell in enumerate(cells) if at not in alt and _role(cell) == "alt"]
    return Columns(
        code=place(layout.code),
        label=place(layout.label),
        alt=(*alt, *added),
        description=place(layout.description),
        broader=place(layout.broader),
        split=layout.split,
        key=layout.key,
    )


def _by_words(cells: Sequence[str], lang: str, taxonomy: Taxonomy | None) -> Columns:
    """Give each column the role that a word of its header names."""
    roles = [_role(cell) for cell in cells]
    places = {role: [at for at, one in enumerate(roles) if one == role] for role in _ORDER}
    code = next(
        (at for at in places["code"] if taxonomy in taxonomies_named(named_in(cells[at]))),
        places["code"][0] if places["code"] else -1,
    )
    labels = [(_lang_of(cells[at]), at) for at in places["label"]]
    beside = [one for one in labels if one[1] > code] or labels
    tag, own = next((one for one in labels if lang and one[0] == lang), beside[0] if beside else ("", -1))

    def first(role: str) -> int:
        return places[role][0] if places[role] else -1

    return Columns(
        code=code,
        label=own,
        alt=tuple(places["alt"]),
        description=first("description"),
        broader=first("broader"),
        iri=first("iri"),
        lang=tag,
        names=tuple((other, at) for other, at in labels if other and tag and at != own),
        others=tuple(at for at in places["code"] if at != code),
    )


def named_in(header: str) -> str:
    """Give a header of codes without its word for code: the name of the classification, or "".

    >>> named_in("ISCO-08 Code"), named_in("code_rome"), named_in("Code")
    ('isco-08', 'rome', '')
    """
    return " ".join(word for word in plain(header).split() if "code" not in _roles(word))


def _role(name: str) -> str:
    found = _roles(name)
    return next((role for role in _ORDER if role in found), "code" if taxonomies_named(name) else "")


def _roles(name: str) -> set[str]:
    parts = words(name)
    found = {_ROLE_OF[part] for part in (*parts, "".join(parts)) if part in _ROLE_OF}
    return found | {_SAME[role] for role in roles_of(name) if role in _SAME}


def _lang_of(header: str) -> str:
    match = _LANG_END.search(header.strip())
    return match[1].lower() if match and match[1].lower() in _LANGS else ""


def _asked(found: Columns, names: list[str], wanted: Wanted) -> Columns | None:
    """Put the columns that the user names over those that were found; None when the row has not all of them."""

    def place(name: str, otherwise: int) -> int:
        if not name:
            return otherwise
        if plain(name) in names:
            return names.index(plain(name))
        if name.isdigit() and 0 < int(name) <= len(names):
            return int(name) - 1
        raise _AbsentError

    try:
        asked = replace(
            found,
            code=place(wanted.code, found.code),
            label=place(wanted.label, found.label),
            alt=tuple(place(name, -1) for name in wanted.alt) or found.alt,
            description=place(wanted.description, found.description),
            broader=place(wanted.broader, found.broader),
        )
    except _AbsentError:
        return None
    taken = {asked.code, asked.label, asked.description, asked.broader}
    return replace(asked, alt=tuple(at for at in asked.alt if at not in taken)) if asked.usable else None


class _AbsentError(Exception):
    """A column that the user names is not in this row."""


def numbered_columns(wanted: Wanted) -> Columns | None:
    """Take columns that are named by number in a table without a header; None when codes or labels are not.

    >>> numbered_columns(Wanted("2", "1")).code, numbered_columns(Wanted("code", "1")) is None
    (1, True)
    """
    if not (wanted.code.isdigit() and wanted.label.isdigit()):
        return None

    def place(text: str) -> int:
        return int(text) - 1 if text.isdigit() else -1

    alt = tuple(place(text) for text in wanted.alt if text.isdigit())
    return Columns(place(wanted.code), place(wanted.label), alt, place(wanted.description), place(wanted.broader))


def content_columns(rows: Sequence[Sequence[str]]) -> Columns | None:
    """Guess the columns of a table without a header: codes are short, distinct and hold a digit, labels are words."""
    width = max(map(len, rows), default=0)
    cells = [[row[at].strip() if at < len(row) else "" for row in rows] for at in range(width)]
    codes = [at for at, column in enumerate(cells) if _share(column, _CODE_LIKE.fullmatch) >= 0.8]
    texts = [at for at, column in enumerate(cells) if _share(column, re.compile(r".*[^\W\d]{3}.*").fullmatch) >= 0.8]
    codes = [at for at in codes if len(set(cells[at])) >= 0.8 * len(rows)] or codes
    labels = [at for at in texts if at not in codes]
    if not codes or not labels:
        return None
    return Columns(code=codes[0], label=labels[0], description=labels[1] if len(labels) > 1 else -1)


def _share(column: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(bool(cell and test(cell)) for cell in column) / len(column) if column else 0.0


def missing_columns(name: str, first: Sequence[str]) -> ParameterError:
    """Make the error for a table in which no code and label columns were found."""
    seen = ", ".join(repr(cell) for cell in first[:12] if cell) or "nothing"
    return ParameterError(
        f"no columns of codes and labels were found; the first row holds {seen}",
        where=name,
        advice="Name them: --code-column and --label-column, by header or number.",
    )
