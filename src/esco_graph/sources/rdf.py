"""Read the official ESCO RDF download and give the same statements as from the CSV download.

The dump holds each text in a NodeLiteral node, each label also as a SKOS-XL node, each relation also as a reified one,
and closures of the hierarchy. `rdf_tables` takes these apart and `rdf_shape` puts them together in the shape that
docs/architecture.md shows; what is none of these is kept as it is.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from esco_graph.errors import EscoGraphError, SourceError, StoreError
from esco_graph.sources.archive import find_version, sha256
from esco_graph.sources.rdf_file import Progress, RdfFile, find_file, has_rdf
from esco_graph.sources.rdf_shape import Shaper
from esco_graph.sources.rdf_tables import VERSIONED, Tables, connect
from esco_graph.sources.report import REMARKS, ImportReport

_VERSION = re.compile(r"(?:.*/|ESCO\s*)?v?(\d+\.\d+(?:\.\d+)?)/?", re.IGNORECASE)


@dataclass
class RdfDump:
    """One release as an RDF dump, sorted into tables in a scratch folder; `quads` puts it together.

    `sources` maps the file to its SHA-256. The scratch folder must live as long as the dump.
    """

    version: str
    langs: tuple[str, ...]
    sources: dict[str, str]
    report: ImportReport
    size: int
    file: RdfFile
    folder: Path
    tables: Tables = field(repr=False)

    def quads(self, graph: str, progress: Progress | None = None) -> Iterator[ox.Quad]:
        """Stream the statements of the release into one named graph, in the same order every time.

        `progress` is called at the end, with the file's name and size. Read the stream once: repairs are counted as
        they are made.
        """
        with _scratch(self.folder), closing(connect(self.folder / "tables.db")) as self.tables.connection:
            left = _left_out(self.report)
            yield from Shaper(self.tables, ox.NamedNode(graph), self.langs).quads(self.folder / "rest.nt")
            count = self.report.file(self.file.name)
            count.left_out += _left_out(self.report) - left
            count.kept = count.rows - count.left_out
        if progress:
            progress(self.file.name, self.size)


def is_dump(path: Path) -> bool:
    """Say whether a path is an RDF download, by its name or by what its zip holds.

    >>> is_dump(Path("esco-v1.2.0.ttl")), is_dump(Path("occupations_en.csv"))
    (True, False)
    """
    return has_rdf(path)


def read_dump(
    path: Path,
    *,
    langs: tuple[str, ...] | None = None,
    version: str | None = None,
    report: ImportReport | None = None,
    scratch: Path,
    progress: Progress | None = None,
) -> RdfDump:
    """Read an RDF dump (Turtle, RDF/XML, N-Triples or JSON-LD; plain, .gz or in a .zip) into tables under `scratch`.

    `langs` limits the languages (default: all that preferred labels have); `version` overrides what the concept
    schemes or the file name say; `progress` is called with (file name, bytes read since the last call). The tables take
    about as much room as the file.

    Raises SourceError, with file:line, for a file that is broken, empty or holds no ESCO concept, and for a language
    that is not there; StoreError when the scratch folder cannot be written.
    """
    file = find_file(path)
    report = ImportReport() if report is None else report
    wanted = tuple(dict.fromkeys(lang.lower() for lang in langs or ()))
    with _scratch(scratch):
        folder = Path(tempfile.mkdtemp(prefix="rdf-", dir=scratch))
        with closing(connect(folder / "tables.db")) as connection:
            tables = Tables(connection, report, frozenset(wanted))
            left = _left_out(report)
            ox.serialize(tables.sort(file.quads(progress)), folder / "rest.nt", ox.RdfFormat.N_TRIPLES)
    count = report.file(file.name)
    count.rows, count.left_out, count.sha256 = tables.rows, _left_out(report) - left, sha256(path)
    if not tables.occupations and not tables.skills:
        raise SourceError(
            f"no ESCO concept in {tables.rows} triples", where=file.where, advice="Use the classification download."
        )
    chosen = _choose_langs(tables, wanted, file)
    version = version or _version_of(tables, file) or _unknown_version(report)
    return RdfDump(version, chosen, {path.name: count.sha256}, report, file.size, file, folder, tables)


def _choose_langs(tables: Tables, wanted: tuple[str, ...], file: RdfFile) -> tuple[str, ...]:
    there = sorted((tables.langs or tables.form_langs) - {""})
    unknown = [lang for lang in wanted if lang not in there]
    if unknown:
        raise SourceError(
            f"no labels in language {', '.join(unknown)}; there are: {', '.join(there) or 'none'}",
            where=file.where,
            advice="Leave it out of --lang.",
        )
    return wanted or tuple(there)


def _version_of(tables: Tables, file: RdfFile) -> str | None:
    """Read the release from what the concept schemes say, or else from the name of the file or of its archive."""
    for scheme in VERSIONED:
        for value in sorted(tables.versions.get(scheme, ())):
            if match := _VERSION.fullmatch(value.strip()):
                return match[1]
    return find_version([file.path]) or find_version([Path(file.name)])


def _unknown_version(report: ImportReport) -> str:
    report.count("version-unknown", "no version in the dump and none such as 'v1.1.1' in its name")
    return "unknown"


def _left_out(report: ImportReport) -> int:
    return sum(remark.n for code, remark in report.remarks.items() if REMARKS[code][0] == "left out")


@contextmanager
def _scratch(folder: Path) -> Iterator[None]:
    try:
        yield
    except EscoGraphError:
        raise
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            f"the scratch files cannot be written ({error})",
            where=str(folder),
            advice="They need about as much room as the unpacked download.",
        ) from error
