"""One door for mapping files of any kind: the Commission's form and its kin, sheets, SSSOM, RDF with SKOS mappings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from esco_graph.errors import ParameterError, SourceError
from esco_graph.mappings.about import (
    day_of,
    name_of_set,
    side_lang,
    side_numbers,
    taxonomy_of,
    taxonomy_told,
    told,
    version_of,
)
from esco_graph.mappings.codes import Resolver, checked_taxonomy, restore_zeros
from esco_graph.mappings.faults import Fault, fault
from esco_graph.mappings.model import INVERSES, NO_TERM, NOT, ORIENTATIONS, RELATIONS, Mapping, MappingSet, set_iri
from esco_graph.mappings.orientation import AS_WRITTEN, REVERSED, Orientation, Pair, infer
from esco_graph.mappings.rows import End, Raw, RowReader
from esco_graph.profiles.model import DEFAULT_BASE
from esco_graph.sources.archive import sha256
from esco_graph.sources.mapping_table import LOOKED_AT, MappingTable, open_mapping_table, sheet_table
from esco_graph.sources.sheet_table import is_sheet
from esco_graph.sources.table_columns import NOTHING_WANTED, Wanted
from esco_graph.sources.table_text import Row, check_file
from esco_graph.taxonomies.taxonomy import Concept, Taxonomy
from esco_graph.terms import ISCO

if TYPE_CHECKING:
    from esco_graph.graph import Graph

RDF_ENDINGS = (".ttl", ".nt", ".nq", ".trig", ".rdf", ".owl", ".xml", ".jsonld", ".n3")
UNKNOWN = Orientation(AS_WRITTEN, None)
GROUP_NOTE = "Read against the rest of its table: a group is broader than what is in it."
MOST_CODES = 0.6  # share of codes with one number of digits, so that shorter ones are groups


@dataclass(frozen=True)
class ReadSet:
    """What was read from one file, and how it was understood.

    `rows_in` is `kept` and the number of `faults` together. `counts` are the relations as stored, `columns` what each
    column is, `encoding` how the text was written ("" for what is no table of text), `names` the headings, `repairs`
    the lines on which something was put right, by the code of `faults.REPAIRS`.
    """

    set: MappingSet
    rows_in: int
    kept: int
    faults: tuple[Fault, ...] = ()
    orientation: Orientation = UNKNOWN
    counts: dict[str, int] = field(default_factory=dict)
    repairs: dict[str, tuple[int, ...]] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    encoding: str = ""
    kind: str = "table"
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wishes:
    """What the user asks of the reading; what is empty is found out. `taxonomy` names the sides outside ESCO."""

    orientation: str | None = None
    taxonomy: tuple[Taxonomy | str, ...] = ()
    base: str = DEFAULT_BASE
    lang: str = ""
    name: str = ""
    encoding: str | None = None
    columns: Wanted = NOTHING_WANTED


def read_mapping_file(
    path: Path,
    *,
    orientation: str | None = None,
    taxonomy: Taxonomy | str | tuple[Taxonomy | str, ...] | None = None,
    base: str = DEFAULT_BASE,
    graph: Graph | None = None,
    lang: str | None = None,
    name: str = "",
    encoding: str | None = None,
    columns: Wanted = NOTHING_WANTED,
) -> ReadSet:
    """Read a mapping file of any kind as a mapping set.

    `orientation` (as-written, reversed) ends the guessing; `taxonomy` names the classification outside ESCO; `graph`
    lets codes of ESCO stand for IRIs. Rows that cannot be used are faults, never errors. Raises SourceError for a file
    that is no mapping file at all, ParameterError for an orientation that is none.
    """
    if orientation not in (None, *ORIENTATIONS):
        raise ParameterError(f"orientation {orientation!r} is not one of {', '.join(ORIENTATIONS)}")
    path = Path(path)
    check_file(path)
    given = taxonomy if isinstance(taxonomy, tuple) else (taxonomy,) if taxonomy else ()
    wishes = Wishes(orientation, given, base, lang or "", name, encoding, columns)
    kind = kind_of(path)
    if kind in ("sssom", "rdf"):
        return _other(path, kind, wishes)
    table = _sheet(path, wishes) if kind == "sheet" else _text(path, wishes)
    return _TableReader(path, table, wishes, graph).read()


def kind_of(path: Path) -> str:
    """Say what a file is, by its first bytes and its name: sheet, sssom, rdf or table."""
    if is_sheet(path):
        return "sheet"
    with path.open("rb") as file:
        head = file.read(4096)
    if path.suffix.lower() in RDF_ENDINGS:
        return "rdf"
    if path.suffix.lower() == ".json":
        return "sssom" if b'"mappings"' in path.read_bytes() and b'"@graph"' not in head else "rdf"
    text = head.decode("utf-8-sig", errors="replace")
    lines = [line for line in text.splitlines() if line.strip()]
    first = next((line for line in lines if not line.startswith("#")), "")
    if {"subject_id", "object_id"} <= set(
        first.replace("\t", ",").replace('"', "").split(",")
    ) and "predicate_id" in first:
        return "sssom"
    if first.startswith(("@prefix", "@base", "PREFIX ", "<?xml", "<http")):
        return "rdf"
    return "table"


def _text(path: Path, wishes: Wishes) -> MappingTable:
    return open_mapping_table(path, wishes.columns, encoding=wishes.encoding, lang=wishes.lang)


def _sheet(path: Path, wishes: Wishes) -> MappingTable:
    """Open the longest sheet of a workbook that holds a mapping table, and those with the same heading."""
    from esco_graph.sources.sheet_table import sheet_rows

    sheets: dict[str, list[tuple[int, list[str]]]] = {}
    for row in sheet_rows(path):
        sheets.setdefault(row.sheet, []).append((row.line, list(row.cells)))
    failure: SourceError | None = None
    for name in sorted(sheets, key=lambda name: -len(sheets[name])):
        try:
            table = sheet_table(sheets[name], wishes.columns, where=f"{path}:{name}", lang=wishes.lang)
        except SourceError as error:
            failure = failure or error
            continue
        others = [other for other in sheets if other != name]
        alike = {other: rows for other in others if (rows := _rows_under(sheets[other], table.columns.names))}
        table.rows = chain(table.rows, *alike.values())
        left = [other for other in others if other not in alike]
        read = ", ".join(map(repr, (name, *alike))) + (" (each with its own line numbers)" if alike else "")
        kind = "sheets" if alike else "sheet"
        table.remarks.append(f"Read from the {kind} {read}{'; not read: ' + ', '.join(left) if left else ''}.")
        return table
    raise failure or SourceError("the workbook is empty", where=str(path), advice="Give a table of mappings.")


def _rows_under(rows: Sequence[tuple[int, list[str]]], names: tuple[str, ...]) -> list[Row]:
    """Give the rows of a sheet under the same heading as that of another; none when it has not this heading."""
    for at, (_, cells) in enumerate(rows[:LOOKED_AT]):
        if any(names) and [" ".join(cell.split()) for cell in cells] == list(names):
            return [Row(number, more) for number, more in rows[at + 1 :]]
    return []


def _other(path: Path, kind: str, wishes: Wishes) -> ReadSet:
    """Read SSSOM or RDF by the readers of those formats."""
    from esco_graph.mappings.other import read_other

    given, faults, names = read_other(path, kind, base=wishes.base, name=wishes.name)
    if wishes.orientation == REVERSED:
        given = replace(given, orientation=REVERSED, mappings=tuple(_turned(row) for row in given.mappings))
    kept = len(given.mappings)
    verdict = Orientation(given.orientation, None, told=wishes.orientation is not None)
    counts = dict(Counter(_kind_of(row) for row in given.mappings))
    return ReadSet(given, kept + len(faults), kept, tuple(faults), verdict, counts, names=names, kind=kind)


def _turned(row: Mapping) -> Mapping:
    return replace(row, predicate=INVERSES.get(row.predicate, row.predicate))


_WORDS = {iri: word for word, iri in RELATIONS.items()}


def _kind_of(row: Mapping) -> str:
    return _WORDS.get(row.predicate, row.predicate) if row.holds else "none"


class _TableReader:
    """Read one table: rows, orientation, then the set."""

    def __init__(self, path: Path, table: MappingTable, wishes: Wishes, graph: Graph | None) -> None:
        self.path, self.table, self.wishes, self.graph = path, table, wishes, graph
        self.remarks = [*table.remarks, *table.columns.guessed]
        self.faults: list[Fault] = []
        self.raws: list[Raw] = []
        self.rows_in = 0
        self.groups: frozenset[str] = frozenset()
        head, columns = table.head, table.columns
        self.numbers = side_numbers(head, columns)
        ends = (columns.subject, columns.object)
        said = [side.lang or side_lang(head, number, "") for number, side in zip(self.numbers, ends, strict=True)]
        self.langs = tuple(lang or wishes.lang or next(filter(None, said), "") for lang in said)
        self.rows, self.ends = self._ends()
        if not all(self.langs):
            own = {end.taxonomy.lang for end in self.ends if not end.side.esco} - {"en"}
            self.langs = (min(own, default="en"),) * 2
            self.remarks.append(
                f"The table does not say its languages; labels are kept as {self.langs[0]}. See --lang."
            )

    def read(self) -> ReadSet:
        """Read all rows and make the set."""
        reader = RowReader(self.table.columns, self.ends)
        for whole in self.rows:
            for row in reader.parted(whole) if whole.cells else ():
                self.rows_in += 1
                made = reader.read(row)
                if isinstance(made, Raw):
                    self.raws.append(made)
                else:
                    self.faults.append(made)
        restore_zeros(self.raws, reader, self.ends)
        self.groups = _groups_of(reader.codes)
        verdict = self._orientation()
        mappings = self._mappings(verdict)
        self.faults.sort(key=lambda one: one.line)
        made_set = self._set(reader, verdict, mappings)
        repairs = {code: tuple(lines) for code, lines in sorted(reader.repairs.items())}
        form = self.table.form
        return ReadSet(
            made_set, self.rows_in, len(mappings), tuple(self.faults), verdict,
            dict(Counter(map(_kind_of, mappings))), repairs, self.table.columns.told(), self.table.columns.names,
            f"{form.encoding}{' (guessed)' * form.guessed}, cells apart by {form.separator!r}" if form else "",
            "table" if form else "sheet", tuple(self.remarks),
        )  # fmt: skip

    def _ends(self) -> tuple[Iterator[Row], tuple[End, End]]:
        """Settle the classification of each side; the first rows show whether the codes are of it."""
        columns, head = self.table.columns, self.table.head
        sample, rows = _peek(self.table.rows)
        asked = list(self.wishes.taxonomy)
        made = []
        for number, side, lang in zip(self.numbers, (columns.subject, columns.object), self.langs, strict=True):
            cells = [row.cells[side.id].strip() for row in sample if len(row.cells) == columns.width]
            heading = columns.names[side.id]
            taxonomy, how = taxonomy_of(head, number, side, heading, cells, path=self.path, lang=lang)
            told_ = bool(asked) and not side.esco
            if told_:
                first = asked.pop(0)
                taxonomy, how = (taxonomy_told(self.graph, first) if isinstance(first, str) else first), "as told"
            end, remark = checked_taxonomy(side, taxonomy, cells, self.wishes.base, told_, lang)
            resolver = Resolver(self.graph, head.get(f"type{number}", ""), heading)
            made.append(replace(end, resolve=resolver))
            if not side.esco:
                self.remarks.append(remark or f"Column {side.id + 1} holds {end.taxonomy.name} ({how}).")
        return rows, (made[0], made[1])

    # Orientation

    def _orientation(self) -> Orientation:
        sides: dict[str, list[Pair]] = {"broad": [], "narrow": [], "close": []}
        groups: dict[str, list[int]] = {}
        for raw in self.raws:
            kind, sign = _group_sign(raw, self.groups)
            if kind:
                groups.setdefault(kind, []).append(sign)
            elif raw.kind in sides:
                sides[raw.kind].append((raw.subject, raw.object, raw.subject_label, raw.object_label))
        asked = self.wishes.orientation or ""
        return infer(sides["broad"], sides["narrow"], sides["close"], groups=groups, told=asked)

    def _mappings(self, verdict: Orientation) -> list[Mapping]:
        """Turn the rows round where that is meant, and leave out those that stand there twice."""
        seen: dict[tuple[str, str, str, bool], int] = {}
        made: list[Mapping] = []
        for raw in self.raws:
            row = self._mapping(raw, verdict)
            key = (*row.key, bool(row.modifier))
            if key in seen:
                cells = (raw.subject, raw.subject_label, raw.object, raw.object_label, raw.kind, raw.note)
                first = fault(raw.line, "duplicate", cells)
                self.faults.append(replace(first, message=f"{first.message} (line {seen[key]})"))
                continue
            seen[key] = raw.line
            made.append(row)
        return made

    def _mapping(self, raw: Raw, verdict: Orientation) -> Mapping:
        kind, _ = _group_sign(raw, self.groups)
        apart = not verdict.told and kind in verdict.groups
        reading = verdict.groups[kind] if apart else verdict.verdict
        predicate = RELATIONS["mapped" if raw.kind == "none" else raw.kind]
        if reading == REVERSED:
            predicate = INVERSES.get(predicate, predicate)
        note = " ".join(filter(None, (raw.note, GROUP_NOTE if apart else "")))
        named = raw.kind == "none" and NO_TERM not in (raw.subject, raw.object)
        return Mapping(
            raw.subject, predicate, raw.object, raw.subject_label, raw.object_label,
            modifier=NOT if named else "", comment=note, source=f"{self.path.name}:{raw.line}",
        )  # fmt: skip

    # The set

    def _set(self, reader: RowReader, verdict: Orientation, mappings: list[Mapping]) -> MappingSet:
        head, (one, two) = self.table.head, self.numbers
        name = self.wishes.name or name_of_set(head, self.path, [end.taxonomy.key for end in self.ends])
        author = told(head, "author")
        sides = ["ESCO" if end.side.esco else end.taxonomy.name for end in self.ends]
        title = told(head, "title") or " - ".join(sides)
        sure = None if verdict.told else verdict.sure
        return MappingSet(
            name, set_iri(name, self.wishes.base), title,
            version=version_of(told(head, "version")), date=day_of(told(head, "date")),
            creators=(author,) if author else (),
            subject_source=self.ends[0].taxonomy.key, object_source=self.ends[1].taxonomy.key,
            subject_source_version=version_of(told(head, f"release{one}")),
            object_source_version=version_of(told(head, f"release{two}")),
            subject_lang=self.langs[0], object_lang=self.langs[1],
            orientation=verdict.verdict, orientation_sure=sure,
            mappings=tuple(mappings), concepts=tuple(self._concepts(reader)),
            source=self.path.name, sha256=sha256(self.path), remarks=tuple(verdict.warnings()),
        )  # fmt: skip

    def _concepts(self, reader: RowReader) -> Iterator[Concept]:
        """Give each concept outside ESCO once, with the first of its labels as the preferred one."""
        labels: dict[str, tuple[int, dict[str, None]]] = {}
        for row in self.raws:  # a doubled row may have another label
            for at, (iri, label) in enumerate(((row.subject, row.subject_label), (row.object, row.object_label))):
                if iri in reader.codes:
                    labels.setdefault(iri, (at, {}))[1].setdefault(label)
        for iri, (at, found) in labels.items():
            code = reader.codes[iri]
            first, *others = [label for label in found if label] or [""]
            lang = self.langs[at] if first else ""
            yield Concept(iri, code, first, lang, tuple(sorted(others)), reader.descriptions.get(iri, ""))


def _peek(rows: Iterator[Row], most: int = 400) -> tuple[list[Row], Iterator[Row]]:
    """Give the first rows, and an iterator over all of them."""
    first = list(islice(rows, most))
    return first, chain(first, rows)


def _groups_of(codes: dict[str, str]) -> frozenset[str]:
    """Give the IRIs whose code is that of a group: four digits at most, where most codes have two more and above."""
    digits = {iri: sum(map(str.isdigit, code)) for iri, code in codes.items() if code}
    lengths = Counter(digits.values())
    usual, number = max(lengths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    if number < MOST_CODES * len(digits):
        return frozenset()
    return frozenset(iri for iri, length in digits.items() if 0 < length <= min(4, usual - 2))


def _group_sign(raw: Raw, groups: frozenset[str]) -> tuple[str, int]:
    """Give of a row to a group the kind of group, and whether it is right as written (1) or reversed (-1)."""
    if raw.kind not in ("broad", "narrow"):
        return "", 0
    isco = [iri.startswith(ISCO) for iri in (raw.subject, raw.object)]
    ends = [is_isco or iri in groups for is_isco, iri in zip(isco, (raw.subject, raw.object), strict=True)]
    if ends[0] == ends[1]:
        return "", 0
    return "isco" if any(isco) else "code", 1 if ends[0] == (raw.kind == "narrow") else -1
