"""Read the official CSV download of an ESCO release: which files, which version and languages, in which order.

The rows become statements in `csv_rows`. Source: the column dictionary that ESCO ships with v1.2.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from esco_graph.errors import SourceError
from esco_graph.sources import csv_rows
from esco_graph.sources.archive import Member, find_members, find_version, sha256
from esco_graph.sources.report import ImportReport

# Concepts come before the relations that need them.
ORDER = (
    "ISCOGroups",
    "skillGroups",
    "occupations",
    "skills",
    "skillsHierarchy",
    "conceptSchemes",
    "occupationSkillRelations",
    "skillSkillRelations",
    "broaderRelationsOccPillar",
    "broaderRelationsSkillPillar",
    *csv_rows.COLLECTIONS,
    "greenShareOcc",
)
WITH_LANGUAGE = "the download with a language ('… classification - en - csv.zip')"
WITHOUT_LANGUAGE = (
    "the download without a language ('… classification -  - csv.zip') in v1.1.x, the one with a language in v1.2.x"
)
DOWNLOAD = dict.fromkeys(ORDER, WITH_LANGUAGE) | dict.fromkeys(
    ("occupationSkillRelations", "skillSkillRelations", "broaderRelationsOccPillar", "broaderRelationsSkillPillar"),
    WITHOUT_LANGUAGE,
)
# Files that every complete release has; collections and the green share came and went between versions.
EXPECTED = ORDER[:10]
# One copy is enough of what has no language in it.
WITH_TEXTS = frozenset({"ISCOGroups", "skillGroups", "occupations", "skills", "conceptSchemes"})
NEUTRAL = frozenset(ORDER) - WITH_TEXTS

Progress = Callable[[str, int], None]


@dataclass
class CsvRelease:
    """One release as found on disk; `quads` reads it.

    `sources` maps each archive or file to its SHA-256; `counts` holds how many concepts of each table were read.
    """

    version: str
    langs: tuple[str, ...]
    members: tuple[Member, ...]
    sources: dict[str, str]
    report: ImportReport = field(default_factory=ImportReport)

    @property
    def size(self) -> int:
        """Bytes of all CSV files together."""
        return sum(member.size for member in self.members)

    def quads(self, graph: str, progress: Progress | None = None) -> Iterator[ox.Quad]:
        """Stream the statements of the release into one named graph.

        `progress` is called with (file name, bytes) after each file.
        """
        reader = csv_rows.RowReader(ox.NamedNode(graph), self.langs, self.report)
        for member in self.members:
            yield from reader.read(member)
            if progress:
                progress(member.name, member.size)


def open_release(
    paths: Iterable[Path],
    *,
    langs: tuple[str, ...] = (),
    version: str | None = None,
    partial: bool = False,
) -> CsvRelease:
    """Find the files of one release in zips, folders and CSV files.

    `langs` limits the languages (default: all that are there); `version` overrides the one in the file names; `partial`
    accepts a release with skills but without the files that relate them. Raises SourceError when files are missing,
    two versions are mixed, or a language is not there; a missing file is named with the download that holds it.
    """
    members, opened = find_members(paths)
    report = ImportReport()
    version = version or find_version(opened) or _unknown_version(report)
    tables = {member.table for member in members if member.table in ORDER}
    _check_complete(tables, report, partial)
    chosen = _choose_langs(members, langs)
    kept = tuple(_choose_members(members, chosen, report))
    return CsvRelease(version, chosen, kept, {path.name: sha256(path) for path in opened}, report)


def _unknown_version(report: ImportReport) -> str:
    report.count("version-unknown", "no name such as 'v1.1.1' in the file or folder names")
    return "unknown"


def _check_complete(tables: set[str], report: ImportReport, partial: bool) -> None:
    if "occupations" not in tables and "skills" not in tables:
        found = ", ".join(sorted(tables)) or "no ESCO table"
        raise SourceError(
            f"no occupations and no skills here (found: {found})",
            advice=f"Add occupations_en.csv and skills_en.csv: they are in {WITH_LANGUAGE}.",
        )
    missing = [table for table in EXPECTED if table not in tables]
    both = {"occupations", "skills"} <= tables
    if both and "occupationSkillRelations" in missing and not partial:
        needed = [table for table in missing if DOWNLOAD[table] == WITHOUT_LANGUAGE]
        raise SourceError(
            f"the release has no relations: {', '.join(f'{table}.csv' for table in needed)} missing",
            advice=f"Add {WITHOUT_LANGUAGE}, or pass --partial to build without them.",
        )
    for table in missing:
        report.count("file-missing", f"{table}.csv is in {DOWNLOAD[table]}")


def _choose_langs(members: list[Member], asked: tuple[str, ...]) -> tuple[str, ...]:
    there = sorted({member.lang for member in members if member.lang and member.table in WITH_TEXTS})
    unknown = [lang for lang in asked if lang.lower() not in there]
    if unknown:
        raise SourceError(
            f"no files in language {', '.join(unknown)}; there are: {', '.join(there) or 'none'}",
            advice="Download that language from the ESCO portal, or leave it out of --lang.",
        )
    return tuple(dict.fromkeys(lang.lower() for lang in asked)) or tuple(there)


def _choose_members(members: list[Member], langs: tuple[str, ...], report: ImportReport) -> Iterator[Member]:
    place = {table: index for index, table in enumerate(ORDER)}
    taken: set[tuple[str, str]] = set()
    first_lang = {lang: index for index, lang in enumerate(langs)}
    # v1.2 tags every file with a language; a neutral one is taken in whatever language it is there.
    for member in sorted(members, key=lambda m: (place.get(m.table, 99), first_lang.get(m.lang, 99))):
        key = (member.table, "" if member.table in NEUTRAL else member.lang)
        if member.table not in place or (member.table in NEUTRAL and key in taken):
            report.count("file-not-read", member.name)
        elif member.table in WITH_TEXTS and member.lang and member.lang not in langs:
            continue
        elif key in taken:
            raise SourceError(
                f"{member.name} is there twice", where=str(member.path), advice="Give each file of a release once."
            )
        else:
            taken.add(key)
            yield member
