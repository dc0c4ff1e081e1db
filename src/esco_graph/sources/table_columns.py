"""Which column of a mapping table is what: by the cells first, by the heading next, in any language of the Union."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import NoReturn
from urllib.parse import unquote

from esco_graph.errors import SourceError
from esco_graph.sources.table_words import lang_of_name, names_esco, relation_of, roles_of, side_of, words
from esco_graph.terms import ESCO_DATA, is_curie

LONG = 150  # characters on average, from which on texts are descriptions
PURE = 0.95  # share of cells, from which on a second column of ESCO's IRIs is ESCO's and no other classification's
_ESCO_IRI = re.compile(
    r"https?://data\.europa\.eu/esco/(occupation|skill|isco|isced-f)/([A-Za-z0-9][\w.\-]*)/?(?=$|[?#&\s])",
    re.IGNORECASE,
)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_ESCO_CODE = re.compile(r"C\d{1,4}|\d{4}(?:\.\d+)*")
_IRI = re.compile(r"https?://\S+")
_CODE = re.compile(r"(?=.*\d)(?!.*[^\W\d_]{4})[\w.*/:+\- ]{1,40}|[A-Z]{1,4}")
_TEXT = re.compile(r"[^\W\d_]{3}")
_MEASURE = re.compile(r"[01][.,]\d+|\d{4}-\d\d-\d\d(?: [\d:]+)?|\d{1,2}[./]\d{1,2}[./]\d{4}")
_NAMES_IRI = re.compile(r"\bUR[IN]\b|\bIRI\b", re.IGNORECASE)
_EMPTY = frozenset(("", "-", "--", "n/a", "#n/a", "null", "none", "nan", "#ref!", "#value!", "#name?", "?"))


def esco_iri(text: str) -> str:
    """Give the IRI of ESCO that a cell names in whatever form, or "": an IRI, a CURIE, an address of the portal.

    >>> esco_iri("https://ec.europa.eu/esco/portal/occupation?uri=http%3A%2F%2Fdata.europa.eu%2Fesco%2Fisco%2FC2269")
    'http://data.europa.eu/esco/isco/C2269'
    >>> esco_iri("esco:skill/00064735-8FAD-454b-90c7-ed858cc993f2"), esco_iri("15244")
    ('http://data.europa.eu/esco/skill/00064735-8fad-454b-90c7-ed858cc993f2', '')

    The mapping tool of the Commission gives concepts of national classifications IRIs in its domain too:

    >>> esco_iri("http://data.europa.eu/esco/concept/estonian-occupations/3322.0001")
    ''
    """
    plain = text.strip().strip("<>")
    if "esco" not in plain and "ESCO" not in plain:
        return ""
    found = _ESCO_IRI.search(unquote(plain)) if plain[:4].lower() == "http" else None
    if not found and is_curie(plain):
        prefix, _, local = plain.partition(":")
        path = local if prefix == "esco" else f"{prefix.removeprefix('esco-')}/{local}"
        found = _ESCO_IRI.fullmatch(ESCO_DATA + path)
    elif not found and plain.startswith("esco:"):
        found = _ESCO_IRI.fullmatch(ESCO_DATA + plain[5:])
    if not found:
        return ""
    kind, local = found[1].lower(), found[2]
    return f"{ESCO_DATA}{kind}/{local.lower() if _UUID.fullmatch(local) else local}"


def is_empty(cell: str) -> bool:
    """Say whether a cell holds nothing, also when it says so in a word.

    >>> is_empty(" "), is_empty("#N/A"), is_empty("0")
    (True, True, False)
    """
    return cell.strip().lower() in _EMPTY


@dataclass(frozen=True)
class Side:
    """Where one side of the table stands: column numbers from 0, or None; `esco` says that it is ESCO's side.

    `lang` is the language that the heading of the labels names, as in `PrefLabel NL`.
    """

    id: int
    iri: int | None = None
    label: int | None = None
    description: int | None = None
    esco: bool = False
    lang: str = ""


@dataclass(frozen=True)
class Columns:
    """What the columns of a table are. `names` are their headings ("" without a header row).

    `legend` gives the kind of relation for signs that the table explains itself, such as 1 for exact.
    """

    names: tuple[str, ...]
    subject: Side
    object: Side
    relation: int | None
    note: int | None = None
    guessed: tuple[str, ...] = ()
    legend: Mapping[str, str] = field(default_factory=dict)

    def relation_in(self, cell: str) -> tuple[str, bool] | None:
        """Say which relation a cell names, as `relation_of` does, by the legend of the table first."""
        kind = self.legend.get(cell.strip().casefold()) if self.legend else None
        return (kind, True) if kind else relation_of(cell)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.names)

    def told(self) -> dict[str, str]:
        """Say for a person which column is what."""
        named = {"relation": self.relation, "note": self.note}
        for word, side in (("subject", self.subject), ("object", self.object)):
            whose = " (ESCO)" if side.esco else ""
            named |= {f"{word}{whose}": side.id, f"{word} IRI": side.iri, f"{word} label": side.label}
            named |= {f"{word} description": side.description}
        return {what: self._name(at) for what, at in named.items() if at is not None}

    def _name(self, at: int) -> str:
        return f"{at + 1}: {self.names[at]}" if self.names[at] else f"{at + 1}"


@dataclass(frozen=True)
class Wanted:
    """What the user says of the columns: names or numbers from 1, "" for what is to be found out."""

    subject: str = ""
    object: str = ""
    relation: str = ""


NOTHING_WANTED = Wanted()

Test = Callable[[str], object]
Score = Callable[[int], float]


def choose(
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    wanted: Wanted,
    where: str,
    langs: Collection[str] = (),
    legend: Mapping[str, str] = MappingProxyType({}),
) -> Columns:
    """Tell the columns apart by the first rows; SourceError, with the columns seen, when they cannot be told.

    Of labels in several languages those in one of `langs` are taken; `legend` is that of `Columns`.

    >>> rows = [["http://data.europa.eu/esco/isco/C2269", "1", "BT"]]
    >>> choose(["ESCO", "kod", "vztah"], rows, Wanted(), "").told()
    {'relation': '3: vztah', 'subject (ESCO)': '1: ESCO', 'object': '2: kod'}
    """
    return replace(_Chooser(names, rows, wanted, where, langs, legend).columns(), legend=legend)


class _Chooser:
    """Give each column a score for each thing that it can be, and take the best; the numbers are weights by hand."""

    def __init__(
        self,
        names: Sequence[str],
        rows: Sequence[Sequence[str]],
        wanted: Wanted,
        where: str,
        langs: Collection[str],
        legend: Mapping[str, str],
    ) -> None:
        self.names, self.wanted, self.where, self.langs, self.legend = names, wanted, where, langs, legend
        self.width = len(names)
        good = [row for row in rows if len(row) == self.width] or rows
        self.cells = [[row[at].strip() for row in good if at < len(row)] for at in range(self.width)]
        self.filled = [[cell for cell in column if not is_empty(cell)] for column in self.cells]
        self.used: set[int] = set()
        self.ends: tuple[int, ...] = ()
        self.bare_uuids = False
        self.bare_uuids = not any(self._esco_share(at) > 0.5 for at in range(self.width))

    def columns(self) -> Columns:
        relation = self._relation()
        self.ends = tuple(self._ids())
        self._check()
        shares = [self._esco_share(at) for at in self.ends]
        # a national classification that extends ISCO names its groups too, so two sides of ESCO must both be pure
        esco = [share > 0.5 and (share > PURE or share == max(shares)) for share in shares]
        sides = [self._completed(Side(at, esco=esco[n - 1]), n) for n, at in enumerate(self.ends, 1)]
        note = self._best(lambda at: float("note" in self._roles(at)))
        guessed = () if any(self.names) else ("There is no heading; the columns were told by what is in them.",)
        if self.bare_uuids and (ours := [side.id + 1 for side in sides if side.esco]):
            guessed = (*guessed, f"Column {ours[0]} holds UUIDs; they are taken for those of ESCO.")
        if relation is None:
            guessed = (*guessed, "There is no column of relations; the rows say only that the two are mapped.")
        return Columns(tuple(self.names), sides[0], sides[1], relation, note, guessed)

    # Relation and identifiers

    def _relation(self) -> int | None:
        if self.wanted.relation:
            told = self._named(self.wanted.relation)
            self.used.add(told)
            return told
        known = lambda cell: cell.casefold() in self.legend or relation_of(cell)  # noqa: E731
        found = self._best(lambda at: 4 * self._share(at, known) + ("relation" in self._roles(at)) - 1.4)
        # A heading alone is believed too: then the words in the column are told to be unknown.
        return found if found is not None else self._best(lambda at: float(self._roles(at) == {"relation"}))

    def _ids(self) -> list[int]:
        """Give the columns of the two identifiers: as told, else in the order that their names or the table have."""
        told = [self._named(name) if name else None for name in (self.wanted.subject, self.wanted.object)]
        found = [at for at in told if at is not None]
        self.used.update(found)
        if len(found) < 2 and not any(self._esco_share(at) > 0.5 for at in found):
            found += self._take(self._esco_score)
        while len(found) < 2:
            more = self._take(partial(self._id_score, found=tuple(found)))
            if not more:
                self._refuse()
            found += more
        if told[0] is None and told[1] is None:
            return sorted(found, key=lambda at: (side_of(self.names[at]) or 1.5, at))
        return found if told[0] is not None else found[::-1]

    def _esco_score(self, at: int) -> float:
        return 5 * self._esco_share(at) + self._id_score(at, ()) / 10 - 1.5

    def _id_score(self, at: int, found: tuple[int, ...]) -> float:
        """Weigh how much a column looks like identifiers, other than those found."""
        if not self.filled[at] or any(self.cells[at] == self.cells[other] for other in found):
            return -1.0
        roles, name = self._roles(at), self.names[at]
        score = 2.0 * ("id" in roles) - 2 * ("label" in roles) - 3 * ("description" in roles) - 4 * ("note" in roles)
        score -= 1.5 * ("url" in roles and not _NAMES_IRI.search(name))
        score -= 3 * (bool(side_of(name)) and side_of(name) in {side_of(self.names[other]) for other in found})
        score -= 1.2 * self._share(at, _UUID.fullmatch)  # where a code stands beside, people know that
        score += 2 * max(self._share(at, _CODE.fullmatch), 1.3 * self._share(at, _IRI.fullmatch))
        if any(self._esco_share(other) > 0.5 for other in found):
            score -= 2.25 * (names_esco(name) or "isco" in words(name) or self._esco_share(at) > 0.5)
        return score - 1.5 - 3 * self._is_something_else(at)

    def _is_something_else(self, at: int) -> bool:
        """Say whether the cells count the rows, are shares or days, or are a few words over and over."""
        cells = self.filled[at]
        numbers = [int(cell) for cell in cells[:50] if cell.isdecimal() and str(int(cell)) == cell]
        counts = (
            len(numbers) > 2 and numbers[0] < 2 and numbers == list(range(numbers[0], numbers[0] + len(cells[:50])))
        )
        few = len(cells) > 100 and len(set(cells)) <= 5
        return counts or few or self._share(at, _MEASURE.fullmatch) > 0.8

    def _check(self) -> None:
        """Refuse two columns that only look like identifiers when neither ESCO nor a heading backs them."""
        told = self.wanted.subject and self.wanted.object
        backed = any(self._esco_share(at) > 0.5 for at in self.ends)
        named = all("id" in self._roles(at) or self._share(at, _IRI.fullmatch) > 0.9 for at in self.ends)
        codes = [at for at in range(self.width) if self._share(at, _CODE.fullmatch) > 0.9]
        paired = codes == sorted(self.ends) and all("label" in self._roles(min(at + 1, self.width - 1)) for at in codes)
        if not (told or backed or named or paired):
            self._refuse()

    # What stands beside an identifier

    def _completed(self, side: Side, number: int) -> Side:
        """Find label, description and a second column of IRIs for one side."""
        iri = None
        if not side.esco and self._share(side.id, _IRI.fullmatch) < 0.5:
            iri = self._best(partial(self._iri_score, number=number))
        label = self._best(partial(self._label_score, side=side))
        description = self._best(partial(self._description_score, side=side))
        lang = "" if label is None else lang_of_name(self.names[label])
        return replace(side, iri=iri, label=label, description=description, lang=lang)

    def _iri_score(self, at: int, number: int) -> float:
        fits = _NAMES_IRI.search(self.names[at]) and side_of(self.names[at]) in (0, number)
        return float(bool(fits) and self._share(at, _IRI.fullmatch) > 0.9 and self._esco_share(at) == 0)

    def _label_score(self, at: int, side: Side) -> float:
        near = self._nearness(at, side.id)
        if near <= 0 or "note" in self._roles(at) or not self.filled[at]:
            return -1.0
        text = 1 - max(self._share(at, _CODE.fullmatch), self._share(at, _IRI.match))
        said = 0.5 * (lang_of_name(self.names[at]) in self.langs)
        return near + text + 2 * ("label" in self._roles(at)) + said - 2 * self._is_long(at) - 1.9

    def _description_score(self, at: int, side: Side) -> float:
        return self._nearness(at, side.id) * ("description" in self._roles(at) or self._is_long(at))

    def _nearness(self, at: int, end: int) -> float:
        """Say how near a column is to an identifier: by its side, its name, its place; not above 0 for the other's."""
        name, mine = self.names[at], self.names[end]
        other = next((one for one in self.ends if one != end), end)
        if side_of(name) and side_of(mine):
            return 1.5 if side_of(name) == side_of(mine) else -1.0
        if names_esco(mine) != names_esco(self.names[other]) and names_esco(name):
            return 1.5 if names_esco(mine) else -1.0
        return 1.0 if self._owner(at) == end else -1.0

    def _owner(self, at: int) -> int:
        """Give the identifier that a column stands behind; before, where a text opens the table."""
        opening = self._share(0, _TEXT.search) > 0.5 and 0 not in self.ends and not _is_code_column(self, 0)
        if opening:
            return min((end for end in self.ends if end > at), default=max(self.ends))
        return max((end for end in self.ends if end < at), default=min(self.ends))

    # What the cells are

    def _roles(self, at: int) -> frozenset[str]:
        return roles_of(self.names[at])

    def _share(self, at: int, test: Test) -> float:
        cells = self.filled[at]
        return sum(bool(test(cell)) for cell in cells) / len(cells) if cells else 0.0

    def _esco_share(self, at: int) -> float:
        short = names_esco(self.names[at]) and ("id" in self._roles(at) or len(words(self.names[at])) == 1)
        share = self._share(at, esco_like if short else esco_iri)
        return max(share, self._share(at, _UUID.fullmatch)) if self.bare_uuids else share

    def _is_long(self, at: int) -> bool:
        cells = self.filled[at]
        return bool(cells) and sum(map(len, cells)) / len(cells) > LONG

    # Choosing

    def _best(self, score: Score) -> int | None:
        """Take the column with the best score above 0, the first of equals."""
        scores = {at: score(at) for at in range(self.width) if at not in self.used}
        best = max(scores, key=lambda at: (scores[at], -at), default=None)
        if best is None or scores[best] <= 0:
            return None
        self.used.add(best)
        return best

    def _take(self, score: Score) -> list[int]:
        found = self._best(score)
        return [] if found is None else [found]

    def _named(self, name: str) -> int:
        """Find the column that the user names, by its heading or its number."""
        folded = [one.casefold() for one in self.names]
        if name.casefold() in folded:
            return folded.index(name.casefold())
        if not (name.isdecimal() and 1 <= int(name) <= self.width):
            self._refuse(f"there is no column {name!r}")
        return int(name) - 1

    def _refuse(self, what: str = "it is not clear which columns hold the two concepts") -> NoReturn:
        seen = ", ".join(f"{at} {name or '(no name)'!r}" for at, name in enumerate(self.names, 1))
        first = next((column[0] for column in self.filled if column), "")
        raise SourceError(
            f"{what}; columns seen: {seen} (first cell: {first[:60]!r})",
            where=self.where,
            advice="Name them with --subject-column, --object-column and --relation-column, by heading or number.",
        )


def _is_code_column(chooser: _Chooser, at: int) -> bool:
    return chooser._share(at, _CODE.fullmatch) > 0.5 or chooser._share(at, _IRI.match) > 0.5


def esco_like(cell: str) -> bool:
    """Say whether a cell can name a concept of ESCO, also in short: by a UUID, a code, a group of ISCO.

    >>> esco_like("2269.4"), esco_like("C2269"), esco_like("baker")
    (True, True, False)
    """
    return bool(esco_iri(cell) or _UUID.fullmatch(cell) or _ESCO_CODE.fullmatch(cell))
