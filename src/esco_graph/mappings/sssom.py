"""SSSOM tables (TSV, CSV) and SSSOM JSON: written so that sssom-py takes them, read so that nothing is lost.

The embedded form of SSSOM/TSV (https://mapping-commons.github.io/sssom/spec-formats-tsv/): metadata as YAML on lines
with `#`, then the table. Written tables have one order of columns and rows, so the same set gives the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from esco_graph.errors import ParameterError, SourceError
from esco_graph.mappings.about import source_shown
from esco_graph.mappings.curies import Curies
from esco_graph.mappings.faults import Fault, fault
from esco_graph.mappings.model import RELATIONS, Mapping, MappingSet, set_iri, set_name
from esco_graph.mappings.slots import SLOTS, Record, head_record, key_of, mapping_of, row_record, set_of
from esco_graph.mappings.stats import cardinalities
from esco_graph.profiles.model import DEFAULT_BASE
from esco_graph.sources.sssom_table import SssomTable, read_sssom_table
from esco_graph.taxonomies.registry import code_in
from esco_graph.taxonomies.taxonomy import Concept
from esco_graph.terms import ATTRIBUTION, SKOS, SSSOM, is_esco

REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
COLUMNS = (
    "record_id",
    "subject_id",
    "subject_label",
    "subject_category",
    "predicate_id",
    "predicate_label",
    "predicate_modifier",
    "object_id",
    "object_label",
    "object_category",
    "mapping_justification",
    "author_id",
    "author_label",
    "reviewer_id",
    "reviewer_label",
    "creator_id",
    "creator_label",
)
"""The first columns, in the order of the SSSOM schema; the others follow by name."""

_PREDICATES = {iri.casefold(): iri for iri in RELATIONS.values()}


@dataclass(frozen=True)
class SssomRead:
    """What was read from an SSSOM table: the set, the rows left out, the names of the columns."""

    set: MappingSet
    faults: tuple[Fault, ...] = ()
    names: tuple[str, ...] = ()


# Writing


def write_table(given: MappingSet, separator: str = "\t") -> Iterator[str]:
    r"""Write a set as an SSSOM table, in pieces of text; ESCO's attribution stands in its head.

    >>> from esco_graph.mappings.model import EXACT
    >>> row = Mapping("http://example.org/a", EXACT, "http://example.net/b")
    >>> "".join(write_table(MappingSet("ab", "http://example.org/ab", mappings=(row,)))).splitlines()[-1]
    'example-org:a\tskos:exactMatch\texample-net:b\tsemapv:UnspecifiedMatching\t1:1'
    """
    curies = Curies.of(_iris(given))
    yield from _head(given, curies)
    rows = [_shortened(record, curies) for record in _records(given)]
    used = {name for row in rows for name in row} | set(REQUIRED)
    names = [*(name for name in COLUMNS if name in used), *sorted(used - set(COLUMNS), key=_column_order)]
    yield _line(names, separator)
    for row in rows:
        yield _line([row.get(name, "") for name in names], separator)


def write_json(given: MappingSet) -> Iterator[str]:
    """Write a set as SSSOM JSON, with the prefixes as its JSON-LD context; ESCO's attribution ends its comment."""
    curies = Curies.of(_iris(given))
    head = {"@type": "MappingSet", "mapping_set_id": given.iri, **_values(head_record(given), curies)}
    rows = [_values(record, curies) for record in _records(given)]
    head["comment"] = "\n".join([*given.remarks, ATTRIBUTION])
    whole = {"@context": {**curies.spaces, "@vocab": SSSOM}, **head, "mappings": rows}
    yield json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _head(given: MappingSet, curies: Curies) -> Iterator[str]:
    yield f"# # {ATTRIBUTION}\n"
    yield "# # Mappings are statements of their authors, not of the European Commission unless it is named.\n"
    yield "# curie_map:\n"
    for prefix, space in curies.spaces.items():
        yield f"#   {prefix}: {_quoted(space)}\n"
    yield f"# mapping_set_id: {_quoted(given.iri)}\n"
    for name, value in sorted(_values(head_record(given), curies).items()):
        if isinstance(value, list):
            yield f"# {name}:\n"
            yield from (f"#   - {_quoted(one)}\n" for one in value)
        else:
            yield f"# {name}: {value if isinstance(value, float) else _quoted(value)}\n"


def _records(given: MappingSet) -> Iterator[Record]:
    kinds = cardinalities(given.mappings)
    for row in given.mappings:
        record = row_record(row)
        if (kind := kinds.get((row.subject, row.object), "")) and not row.modifier and not row.candidate:
            record["mapping_cardinality"] = (kind,)
        yield record


def _values(record: Record, curies: Curies) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, values in record.items():
        kind, many = SLOTS[name].kind if name in SLOTS else "iri", name in SLOTS and SLOTS[name].many
        texts = [curies.shorten(value) if kind == "iri" else value for value in values]
        made[name] = texts if many else float(texts[0]) if kind == "number" else texts[0]
    return made


def _shortened(record: Record, curies: Curies) -> dict[str, str]:
    made = {}
    for name, values in record.items():
        entity = name == "record_id" or SLOTS[name].kind == "iri"
        made[name] = "|".join(curies.shorten(value) if entity else value for value in values)
    return made


def _iris(given: MappingSet) -> Iterator[str]:
    for record in (head_record(given), *map(row_record, given.mappings)):
        for name, values in record.items():
            if name == "record_id" or SLOTS[name].kind == "iri":
                yield from values


def _column_order(name: str) -> tuple[int, str]:
    return (list(SLOTS).index(name), name)


def _line(cells: list[str], separator: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _quoted(text: str) -> str:
    """Write a text as a double-quoted scalar of YAML: that of JSON, with no control characters."""
    shown = json.dumps(text, ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f\u2028\u2029\ufeff]", lambda found: f"\\u{ord(found[0]):04x}", shown)


# Reading


def read_sssom(path: Path, *, base: str = DEFAULT_BASE, name: str = "", metadata: Path | None = None) -> SssomRead:
    """Read an SSSOM table; rows that cannot be used are faults.

    Raises SourceError for a file that is no SSSOM table at all.
    """
    table = read_sssom_table(path, metadata)
    if missing := [one for one in REQUIRED[:3] if one not in table.names]:
        what = f"the column {missing[0]} is missing"
        raise SourceError(what, where=str(path), advice=f"An SSSOM table has {', '.join(REQUIRED)}.")
    reader = _Reader(table, path.name)
    rows = list(reader.rows())
    iri, record = reader.head()
    own = name or (set_name(path.name.partition(".")[0]) if not iri else "")
    head = set_of(iri or set_iri(own, base), record)
    head = replace(head, name=own) if own else head
    if not head.source:
        head = replace(head, source=path.name, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    head = replace(head, remarks=(*head.remarks, *reader.remarks()), **_sources(head, rows))
    return SssomRead(with_concepts(replace(head, mappings=tuple(rows))), tuple(reader.faults), table.names)


@dataclass
class _Reader:
    """Turn the cells of a table into mappings, noting what is wrong."""

    table: SssomTable
    file: str
    faults: list[Fault] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    respelt: int = 0

    def rows(self) -> Iterator[Mapping]:
        self.unknown.update(name for name in self.table.names if not self._known(name))
        seen: set[Mapping] = set()
        for line, cells in self.table.rows:
            try:
                row = self._row(line, cells)
            except ParameterError as error:
                self.faults.append(Fault(line, "value", f"{error.what}", tuple(cells)))
                continue
            if row is not None and row in seen:
                self.faults.append(fault(line, "duplicate", cells))
            elif row is not None:
                seen.add(row)
                yield row

    def head(self) -> tuple[str, Record]:
        """Give the IRI of the set, "" where none is said, and its slots."""
        record: Record = {}
        for name, value in self.table.metadata.items():
            values = (
                tuple(str(one) for one in value if isinstance(one, str)) if isinstance(value, list) else (str(value),)
            )
            if name == "comment":  # the attribution that JSON carries there is of the file, not of the set
                values = tuple(one.removesuffix(ATTRIBUTION).removesuffix("\n") for one in values)
            if name == "mapping_set_id" or not any(values):
                continue
            if name in SLOTS:
                entity = SLOTS[name].kind == "iri"
                record[name] = tuple(self._expand(one) if entity else one for one in values if one)
            elif name != "sssom_version":
                self.unknown[name] += 1
        iri = self.table.metadata.get("mapping_set_id", "")
        return (iri if isinstance(iri, str) and "://" in iri else ""), record

    def remarks(self) -> tuple[str, ...]:
        """Say what was passed over or put right."""
        found = []
        if self.unknown:
            found.append(f"names that SSSOM does not have were left out: {', '.join(sorted(self.unknown))}")
        if self.respelt:
            found.append(f"{self.respelt} predicates were written in other letters than SKOS has them")
        return tuple(found)

    def _row(self, line: int, cells: list[str]) -> Mapping | None:
        if len(cells) > len(self.table.names) and any(cell.strip() for cell in cells[len(self.table.names) :]):
            self.faults.append(fault(line, "width", cells))
            return None
        record: Record = {}
        for name, cell in zip(self.table.names, cells, strict=False):
            if (text := cell.strip()) and self._known(name):
                record[name] = self._cell(name, cell if name in SLOTS and SLOTS[name].kind == "text" else text)
        if missing := [name for name in REQUIRED[:3] if name not in record]:
            self.faults.append(fault(line, "half-row", cells, missing[0]))
            return None
        record["predicate_id"] = (self._predicate(record["predicate_id"][0]),)
        row = mapping_of(record)
        return row if row.source else replace(row, source=f"{self.file}:{line}")

    def _known(self, name: str) -> bool:
        return name in SLOTS or name == "record_id"

    def _cell(self, name: str, text: str) -> tuple[str, ...]:
        slot = SLOTS.get(name)
        values = text.split("|") if slot and slot.many else [text]
        entity = slot is None or slot.kind == "iri"
        return tuple(self._expand(one.strip()) if entity else one for one in values if one.strip())

    def _expand(self, text: str) -> str:
        prefix, colon, local = text.partition(":")
        if space := self.table.prefixes.get(prefix) if colon else None:
            text = space + local
        elif "://" not in text:
            raise ParameterError(f"{text[:60]!r} has no prefix of the curie_map")
        if re.search(r"[\s<>\"{}|\\^`\x00-\x20]", text):
            raise ParameterError(f"{text[:60]!r} is not an IRI")
        return text

    def _predicate(self, iri: str) -> str:
        known = _PREDICATES.get(iri.casefold(), iri)
        if known.startswith(SKOS) and known not in _PREDICATES.values():
            near = get_close_matches(iri, _PREDICATES.values(), 1)
            advice = f"; did you mean {near[0].removeprefix(SKOS)}?" if near else ""
            raise ParameterError(f"{iri.removeprefix(SKOS)[:60]!r} is no mapping relation of SKOS{advice}")
        self.respelt += known != iri
        return known


def with_concepts(given: MappingSet) -> MappingSet:
    """Add the concepts outside ESCO that the rows name; their codes are read off their IRIs."""
    langs = {"subject": given.subject_lang, "object": given.object_lang}
    known = {one.iri: one for one in given.concepts}
    for row in given.mappings:
        for side, lang in langs.items():
            iri, label = getattr(row, side), getattr(row, f"{side}_label")
            if not (is_esco(iri) or iri.startswith(SSSOM)) and iri not in known:
                known[iri] = Concept(iri, code_in(iri, getattr(given, f"{side}_source")), label, lang if label else "")
    return replace(given, concepts=tuple(known.values()))


def _sources(head: MappingSet, rows: list[Mapping]) -> dict[str, Any]:
    """Take a source that all rows name and the head does not, else the one that their IRIs show."""
    made = {}
    for side in ("subject", "object"):
        slot = f"{side}_source"
        if not getattr(head, slot):
            named = {dict(row.extra).get(slot, "") for row in rows}
            only = named.pop() if len(named) == 1 else ""
            made[slot] = key_of(only) if only else source_shown(getattr(row, side) for row in rows)
    return made


Writer = Callable[[MappingSet], Iterator[str]]
WRITERS: dict[str, Writer] = {
    "tsv": write_table,
    "csv": lambda given: write_table(given, ","),
    "json": write_json,
}
"""The formats of SSSOM that a set is written in."""
