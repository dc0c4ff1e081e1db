"""Open an RDF download, plain, in gzip or in a zip, and parse it as a stream; errors name the file and the line."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, cast
from xml.parsers import expat

import pyoxigraph as ox

from esco_graph.errors import SourceError
from esco_graph.sources import data_file
from esco_graph.sources.archive import zip_members
from esco_graph.sources.xml_end import ENDS, EntityGuard, xml_fault

FORMATS = {ending: rdf for ending, rdf in data_file.FORMATS.items() if ending not in {".trig", ".nq", ".json"}}
MAX_BYTES = 8 * 1024**3  # unpacked; the largest official file, v1.2.0 as RDF/XML, has 1.3 GB
STEP = 8 * 1024 * 1024  # bytes between two calls of progress

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class RdfFile:
    """One RDF file: where it is, under which name, and in which format."""

    path: Path
    name: str
    format: ox.RdfFormat
    inner: str = ""

    @property
    def where(self) -> str:
        """Name it as errors do."""
        return f"{self.path.name}/{self.name}" if self.inner else self.name

    @property
    def size(self) -> int:
        """Bytes to read, unpacked; of a gzip, which does not tell, packed."""
        if not self.inner:
            return self.path.stat().st_size
        with zipfile.ZipFile(self.path) as archive:
            return archive.getinfo(self.inner).file_size

    def quads(self, progress: Progress | None = None) -> Iterator[ox.Quad]:
        """Parse the file; raises SourceError with file:line where it is broken."""
        with self._open() as stream:
            counted = _Counted(self._guarded(stream), self, progress)
            try:
                yield from ox.parse(cast("IO[bytes]", counted), self.format)
            except SyntaxError as error:
                line = error.lineno or self._xml_line() or counted.lines
                raise SourceError(
                    f"this is not {self.format.name}: {_without_line(error)}",
                    where=f"{self.where}:{line}",
                    advice="Download the file again, or check that its name ends as its format asks.",
                ) from error
            self._check_end(counted)

    @contextmanager
    def _open(self) -> Iterator[IO[bytes]]:
        try:
            if self.inner:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.inner) as stream:
                    yield stream
            elif self.path.suffix.lower() == ".gz":
                with gzip.open(self.path) as stream:
                    yield cast("IO[bytes]", stream)
            else:
                with self.path.open("rb") as stream:
                    yield stream
        except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise SourceError(
                f"the file cannot be unpacked ({error})",
                where=str(self.path),
                advice="Download it again; it may be cut short.",
            ) from error
        except OSError as error:
            raise SourceError(f"the file cannot be read ({error.strerror})", where=str(self.path)) from error
        except (RuntimeError, NotImplementedError) as error:  # zipfile's words for encryption and odd compression
            raise SourceError(str(error), where=str(self.path), advice="Unpack the archive by hand.") from error

    def _guarded(self, stream: IO[bytes]) -> IO[bytes]:
        if self.format != ox.RdfFormat.RDF_XML:
            return stream
        return cast("IO[bytes]", EntityGuard(stream, lambda fault: SourceError(fault, where=self.where)))

    def _xml_line(self) -> int | None:
        """Find the line at which XML is ill-formed, which Oxigraph's RDF/XML reader does not tell."""
        if self.format != ox.RdfFormat.RDF_XML:
            return None
        with self._open() as stream:
            try:
                expat.ParserCreate().ParseFile(stream)
            except expat.ExpatError as error:
                return error.lineno
        return None

    def _check_end(self, counted: _Counted) -> None:
        fault = ""
        if not counted.size:
            fault = "the file is empty"
        elif self.format == ox.RdfFormat.RDF_XML:
            fault = xml_fault(bytes(counted.head), bytes(counted.tail), "RDF")
        if fault:
            raise SourceError(fault, where=f"{self.where}:{counted.lines}", advice="Download the file again.")


@dataclass
class _Counted(io.RawIOBase):
    """A stream that counts bytes and lines, keeps its two ends, tells its progress and ends at the size limit."""

    stream: IO[bytes]
    file: RdfFile
    progress: Progress | None
    size: int = 0
    told: int = 0
    lines: int = 1
    head: bytearray = field(default_factory=bytearray)
    tail: bytearray = field(default_factory=bytearray)

    def read(self, size: int = -1) -> bytes:
        block = self.stream.read(size)
        self.size += len(block)
        if self.size > MAX_BYTES:
            raise SourceError(
                f"the file is larger than {MAX_BYTES // 1024**3} GiB unpacked",
                where=self.file.where,
                advice="This is not an ESCO download.",
            )
        self.lines += block.count(b"\n")
        if len(self.head) < ENDS:
            self.head += block
        self.tail += block
        if len(self.tail) > 2 * ENDS:
            del self.tail[:-ENDS]
        if self.progress and (self.size - self.told > STEP or not block):
            self.progress(self.file.name, self.size - self.told)
            self.told = self.size
        return block


def find_file(path: Path) -> RdfFile:
    """Find the RDF file at a path or in the zip that it names.

    Raises SourceError for a path that does not exist, a name that tells no format, and a zip that cannot be read, has
    unsafe names, holds not exactly one RDF file, or says that it unpacks to more than the limit.
    """
    try:
        there = path.exists()
    except OSError as error:  # a name that is too long
        raise SourceError(f"the file cannot be read ({error.strerror})", where=str(path)) from error
    if not there:
        raise SourceError("no such file", where=str(path))
    if path.suffix.lower() == ".zip":
        return _in_zip(path)
    rdf = _format_of(path.name)
    if rdf is None:
        raise SourceError(f"no RDF format ends in {path.suffix!r}", where=str(path), advice=f"Known: {_known()}.")
    return RdfFile(path, path.name, rdf)


def has_rdf(path: Path) -> bool:
    """Say whether a path is named as an RDF file, or is a readable zip that holds one and no CSV file."""
    try:
        if path.suffix.lower() != ".zip":
            return _format_of(path.name) is not None and not path.is_dir()
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, EOFError):
        return False
    return any(_format_of(name) for name in names) and not any(name.lower().endswith(".csv") for name in names)


def _in_zip(path: Path) -> RdfFile:
    infos = zip_members(path, MAX_BYTES)
    found = [(info, rdf) for info in infos if (rdf := _format_of(info.filename)) and not info.is_dir()]
    if len(found) != 1:
        names = ", ".join(info.filename for info, _ in found) or "none"
        raise SourceError(f"the archive must hold one RDF file; it holds: {names}", where=str(path))
    info, rdf = found[0]
    return RdfFile(path, PurePosixPath(info.filename).name, rdf, info.filename)


def _format_of(name: str) -> ox.RdfFormat | None:
    return FORMATS.get(PurePosixPath(name.lower().removesuffix(".gz")).suffix)


def _known() -> str:
    return ", ".join(FORMATS) + ", each also with .gz, or inside a .zip"


def _without_line(error: SyntaxError) -> str:
    return str(error.args[0]) if error.args else str(error)
