"""Read the published files of a classification, several together: SKOS, or tables with code and label columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from esco_graph.errors import ParameterError, SourceError
from esco_graph.profiles.model import DEFAULT_BASE, slugify
from esco_graph.sources.archive import sha256
from esco_graph.sources.data_file import is_named_as_rdf
from esco_graph.sources.table_text import check_file
from esco_graph.taxonomies.columns import (
    HEADER_ROWS,
    Columns,
    Wanted,
    content_columns,
    header_columns,
    missing_columns,
    named_in,
    numbered_columns,
    plain,
)
from esco_graph.taxonomies.gather import Gatherer, RowOf
from esco_graph.taxonomies.registry import TAXONOMIES, own_taxonomy, taxonomies_named, taxonomy_fitting
from esco_graph.taxonomies.skos_file import SkosFile, read_skos
from esco_graph.taxonomies.tables import Placed, is_table_json, table_rows
from esco_graph.taxonomies.targets import nace
from esco_graph.taxonomies.taxonomy import Read, Taxonomy
from esco_graph.terms import OCCUPATION, SKILL, check_lang

PROBE = 200  # rows whose codes are looked at to tell which classification a table is

Progress = Callable[[str, int], None]


def read_taxonomy(
    path: Path | str,
    taxonomy: Taxonomy | None = None,
    *,
    base: str = DEFAULT_BASE,
    code: str | None = None,
    label: str | None = None,
    lang: str | None = None,
) -> Read:
    """Read one file of a classification; `code` and `label` name its columns, by header or by number from 1.

    Without a taxonomy it is found by the form of the file, its name or title, else made by its name. Rows that cannot
    be used are left out, each with a fault. Raises SourceError for a file that cannot be read, ParameterError when no
    columns of codes and labels are found.
    """
    return read_files([Path(path)], taxonomy, base=base, wanted=Wanted(code or "", label or "", lang=lang or ""))


def read_files(
    paths: Sequence[Path],
    taxonomy: Taxonomy | None = None,
    *,
    base: str = DEFAULT_BASE,
    wanted: Wanted | None = None,
    name: str = "",
    progress: Progress | None = None,
) -> Read:
    """Read the files of one classification together, in the order given, as `read_taxonomy` reads one.

    `name` is that of an unknown taxonomy, in place of the name of the file; its key is made from it. `progress` is told
    the name of each file before it is read, and its size in bytes.
    """
    wanted = wanted or Wanted()
    if wanted.lang:
        wanted = replace(wanted, lang=check_lang(wanted.lang))
    if not paths:
        raise ParameterError("no file is given", advice="Name the files of one classification.")
    opened = [_open(Path(path), wanted, taxonomy) for path in paths]
    known = None if name else next((known for one in opened if (known := one.known())), None)
    found = taxonomy or known or opened[0].own(wanted.lang)
    if name and not taxonomy:
        found = replace(found, key=slugify(name), name=name if found.name == opened[0].path.stem else found.name)
    gatherer = Gatherer(found, base, wanted.lang or next((one.lang for one in opened if one.lang), ""))
    for one in opened:
        if progress:
            progress(one.path.name, one.path.stat().st_size)
        one.into(gatherer)
    concepts = gatherer.concepts()
    if not concepts:
        first = f": {gatherer.faults[0]}" if gatherer.faults else ""
        advice = "Say which it is (--as KEY), or which columns hold codes and labels (--code-column, --label-column)."
        raise SourceError(f"no row could be read as {found.name}{first}", where=str(paths[0]), advice=advice)
    _refuse_esco([concept.iri for concept in concepts], paths[0])
    sums = tuple(sorted((Path(path).name, sha256(Path(path))) for path in paths))
    return Read(found, concepts, tuple(gatherer.remarks), tuple(gatherer.faults), sums)


@dataclass
class _Table:
    """A table that was opened: its columns, the sheet that they are on, and its rows not yet read."""

    path: Path
    columns: Columns
    rows: Iterable[Placed]
    part: str
    lang: str = ""

    def known(self) -> Taxonomy | None:
        """Find the taxonomy by the published form, by the header of the codes, or by the name of the file."""
        columns = self.columns
        if columns.key:
            return TAXONOMIES[columns.key]
        head = list(islice(self.rows, PROBE))
        self.rows = chain(head, self.rows)
        codes = [_cell(row.cells, columns.code) for row in head if row.part == self.part]
        names = (named_in(_cell(columns.header, columns.code)), self.path.stem)
        return next((known for name in names if (known := taxonomy_fitting(name, codes))), None)

    def own(self, lang: str) -> Taxonomy:
        """Make a taxonomy by the name of the file."""
        return own_taxonomy(self.path.stem, lang or self.lang or "en")

    def into(self, gatherer: Gatherer) -> None:
        """Give all rows to the gatherer, and say how the table was understood."""
        columns, name = self.columns, self.path.name
        gatherer.remarks.append(f"{name}: {columns.said()}.")
        if columns.others:
            other = _cell(columns.header, columns.others[0])
            gatherer.remarks.append(f"{name}: the codes of {other!r} are not read; see esco-graph mappings import.")
        sheets: dict[str, bool] = {self.part: True}  # whether a sheet has the columns of the first one
        for row in self.rows:
            if row.part not in sheets:
                sheets[row.part] = _same(row.cells, columns.header)
            elif sheets[row.part]:
                gatherer.add(_row_of(row, columns))
        if passed := [part for part, taken in sheets.items() if not taken]:
            gatherer.remarks.append(f"{name}: sheets with other columns are not read: {_listed(passed)}.")


@dataclass
class _Skos:
    """An RDF file that was read."""

    path: Path
    file: SkosFile
    lang: str = ""

    def known(self) -> Taxonomy | None:
        """Find the taxonomy by the name space of the concepts, the title, or the name of the file."""
        first = self.file.concepts()[0]
        spaces = {one.iri.partition("{code}")[0]: one for one in TAXONOMIES.values() if one.iri and one.key != "esco"}
        spaces |= {space: one for one in TAXONOMIES.values() for space in one.spaces}
        for space in sorted(spaces, key=len, reverse=True):
            if first.startswith(space):
                return spaces[space]
        for name in (self.file.of_scheme("title"), self.path.stem):
            named = taxonomies_named(name)
            if named and named[0].key.startswith("nace"):
                return TAXONOMIES[nace.revision(row.code for row in self.file.rows("en"))]
            if named and named[0].key != "esco":
                return named[0]
        return None

    def own(self, lang: str) -> Taxonomy:
        """Make a taxonomy by the title of the scheme, under the name of the file."""
        tag = lang or self.lang or "en"
        made = own_taxonomy(self.file.of_scheme("title", tag) or self.path.stem, tag)
        version = self.file.of_scheme("version", tag)
        return replace(made, key=slugify(self.path.stem) or made.key, scheme=self.file.scheme, version=version)

    def into(self, gatherer: Gatherer) -> None:
        """Give all concepts to the gatherer."""
        for row in self.file.rows(gatherer.lang):
            gatherer.add(row)
        if outside := self.file.outside():
            what = f"broader concepts of other classifications are left out: {_listed(outside)}"
            gatherer.remarks.append(f"{self.path.name}: {what}.")
        if self.file.mappings:
            number = self.file.mappings
            what = f"{number:,} mapping{'s' * (number != 1)} to other classifications not"
            gatherer.remarks.append(f"{self.path.name}: {what} taken over; see esco-graph mappings import.")


def _open(path: Path, wanted: Wanted, taxonomy: Taxonomy | None) -> _Table | _Skos:
    check_file(path)
    suffix = path.suffix.lower()
    rdf = is_named_as_rdf(path) and not (suffix == ".json" and is_table_json(path))
    if not rdf and suffix not in {".gz", ".zip"}:
        return _open_table(path, wanted, taxonomy)
    file = read_skos(path)
    langs = file.langs()
    home = taxonomy.lang if taxonomy else ""
    lang = wanted.lang or (home if home in langs else "") or ("en" if "en" in langs else next(iter(langs), home))
    return _Skos(path, file, lang)


def _open_table(path: Path, wanted: Wanted, taxonomy: Taxonomy | None) -> _Table:
    """Find the header in the first rows of each sheet; without one, take columns by number or guess by content."""
    rows = table_rows(path, wanted.lang or (taxonomy.lang if taxonomy else ""))
    seen: list[Placed] = []
    counts: dict[str, int] = {}
    for row in rows:
        seen.append(row)
        counts[row.part] = counts.get(row.part, 0) + 1
        if counts[row.part] <= HEADER_ROWS and (columns := header_columns(row.cells, wanted, taxonomy)):
            return _Table(path, columns, rows, row.part, columns.lang)
    if not seen:
        raise SourceError("the file holds no rows", where=str(path), advice="Give a table with codes and labels.")
    first = [row.cells for row in seen if row.part == seen[0].part]
    found = numbered_columns(wanted) if wanted.any() else content_columns(first[:1000])
    if found is None:
        raise missing_columns(str(path), first[0])
    return _Table(path, found, iter(seen), seen[0].part, wanted.lang)


def _row_of(row: Placed, columns: Columns) -> RowOf:
    alt = [name for place in columns.alt for name in _labels_in(_cell(row.cells, place), columns.split)]
    return RowOf(
        row.where,
        _cell(row.cells, columns.code),
        _cell(row.cells, columns.label),
        tuple(alt),
        _cell(row.cells, columns.description),
        tuple(part for part in re.split(r"[\n|]", _cell(row.cells, columns.broader)) if part.strip()),
        _cell(row.cells, columns.iri),
        tuple((lang, _cell(row.cells, place)) for lang, place in columns.names),
    )


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if 0 <= place < len(cells) else ""


def _labels_in(text: str, between: str) -> list[str]:
    """Take several labels in one cell apart: at line ends, ` | `, and what this form has between them."""
    parts = re.split(r"\n| \| ", text)
    return [one for part in parts for one in (part.split(between) if between else [part])]


def _same(cells: Sequence[str], header: Sequence[str]) -> bool:
    return bool(header) and [plain(cell) for cell in cells] == [plain(cell) for cell in header]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(sorted(names)[:5]) + more


def _refuse_esco(iris: Sequence[str], path: Path) -> None:
    if 2 * sum(iri.startswith((OCCUPATION, SKILL)) for iri in iris) > len(iris):
        what = "these are ESCO's own occupations or skills, not another classification"
        raise SourceError(what, where=str(path), advice="Use esco-graph build for an ESCO download.")
