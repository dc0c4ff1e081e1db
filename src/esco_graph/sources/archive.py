"""Find the CSV files of an ESCO download in zips and folders, and open them within limits."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from esco_graph.errors import SourceError

MAX_MEMBER = 1024**3  # bytes; the largest official CSV file has 22 MB
MAX_MEMBERS = 2_000
BLOCK = 1024 * 1024
SUFFIXES = {".csv", ".zip"}

_FILE_NAME = re.compile(r"(?P<table>[A-Za-z]+)(?:_(?P<lang>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*))?\.csv", re.IGNORECASE)
_VERSION = re.compile(r"(?<![\d.])v(?P<version>\d+\.\d+(?:\.\d+)?)(?![\d])", re.IGNORECASE)


@dataclass(frozen=True)
class Member:
    """One CSV file: its table, its language ("" when it has none), and where its bytes are."""

    table: str
    lang: str
    name: str  # file name without folders, as messages show it
    path: Path
    inner: str = ""
    size: int = 0

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the bytes; reading past the size limit or a broken archive raises SourceError."""
        try:
            if not self.inner:
                with self.path.open("rb") as stream:
                    yield stream
                return
            with zipfile.ZipFile(self.path) as archive, archive.open(self.inner) as stream:
                yield io.BufferedReader(_Limited(stream, self.name), BLOCK)
        except OSError as error:
            raise _unreadable(self.path, error) from error
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise _broken(self.path, error, self.name) from error
        except RuntimeError as error:  # zipfile's word for an encrypted member
            raise SourceError(str(error), where=str(self.path), advice="Take the archive apart by hand.") from error


class _Limited(io.RawIOBase):
    """A stream that refuses to give more than MAX_MEMBER bytes, whatever the archive's header says."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name
        self._left = MAX_MEMBER

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block = self._stream.read(len(buffer))
        self._left -= len(block)
        if self._left < 0:
            raise _too_large(self._name, MAX_MEMBER)
        buffer[: len(block)] = block
        return len(block)


def zip_members(path: Path, limit: int) -> list[zipfile.ZipInfo]:
    """List the members of a zip, folders too.

    Raises SourceError when it cannot be read, names a file outside itself, has more than MAX_MEMBERS members, or says
    that one unpacks to more than `limit` bytes.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, EOFError) as error:
        raise _broken(path, error) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(infos) > MAX_MEMBERS:
        raise SourceError(f"the archive has {len(infos)} members, more than {MAX_MEMBERS}", where=str(path))
    for info in infos:
        _check_name(path, info.filename)
        if info.file_size > limit:
            raise _too_large(f"{path.name}/{info.filename}", limit)
    return infos


def find_members(paths: Iterable[Path]) -> tuple[list[Member], list[Path]]:
    """List the CSV files in the given zips, folders and files, in a fixed order, and the archives they are in.

    Raises SourceError for a path that does not exist, a file that is neither zip nor CSV, and an archive with unsafe
    names, too many or too large members.
    """
    members: list[Member] = []
    opened: list[Path] = []
    for path in (found for given in paths for found in _spread(given)):
        opened.append(path)
        if path.suffix.lower() == ".csv":
            members.extend(_named(path.name, path, size=path.stat().st_size))
        else:
            members.extend(_in_zip(path))
    return sorted(members, key=lambda member: (member.table, member.lang, str(member.path), member.inner)), opened


def find_version(paths: Iterable[Path]) -> str | None:
    """Read the release from the names of files, or else of their folders; two different ones are an error.

    >>> find_version([Path("ESCO dataset - v1.1.1 - classification - en - csv.zip")])
    '1.1.1'
    """
    versions = {path: version for path in paths if (version := _version_in(path.resolve()))}
    if len(set(versions.values())) > 1:
        listed = ", ".join(f"{path.name} is {version}" for path, version in versions.items())
        raise SourceError(f"two versions are mixed: {listed}", advice="Build from the files of one release.")
    return next(iter(versions.values()), None)


def sha256(path: Path) -> str:
    """Hash a file, as provenance states it.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as empty:
    ...     sha256(Path(empty.name))[:12]
    'e3b0c44298fc'
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
    except OSError as error:
        raise _unreadable(path, error) from error
    return digest.hexdigest()


def _version_in(path: Path) -> str | None:
    for part in (path.name, path.parent.name):
        if match := _VERSION.search(part):
            return match["version"]
    return None


def _spread(path: Path) -> list[Path]:
    try:
        if not path.is_dir():
            if path.exists():
                return [path]
            raise SourceError("no such file or folder", where=str(path))
        inside = sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES and file.is_file())
    except OSError as error:  # a name that is too long, a folder that may not be read
        raise _unreadable(path, error) from error
    if not inside:
        raise SourceError("the folder holds no CSV file and no zip", where=str(path))
    return inside


def _in_zip(path: Path) -> Iterator[Member]:
    for info in zip_members(path, MAX_MEMBER):
        if not info.is_dir():
            yield from _named(PurePosixPath(info.filename).name, path, info.filename, info.file_size)


def _check_name(path: Path, name: str) -> None:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    # A leading "/", as one official zip has it, is harmless: members are read, never unpacked to a path.
    if ".." in parts or (parts and parts[0].endswith(":")):
        raise SourceError(
            f"the archive names a file outside itself: {name!r}", where=str(path), advice="Do not use this archive."
        )


def _named(name: str, path: Path, inner: str = "", size: int = 0) -> Iterator[Member]:
    if match := _FILE_NAME.fullmatch(name):
        yield Member(match["table"], (match["lang"] or "").lower(), name, path, inner, size)


def _broken(path: Path, error: Exception, member: str = "") -> SourceError:
    what = f"{member} cannot be unpacked ({error})" if member else f"not a readable zip archive ({error})"
    return SourceError(what, where=str(path), advice="Download the file again; it may be cut short.")


def _unreadable(path: Path, error: OSError) -> SourceError:
    return SourceError(f"the file cannot be read ({error.strerror or error})", where=str(path))


def _too_large(name: str, limit: int) -> SourceError:
    what = f"{name} is larger than {limit // 1024**3} GiB unpacked"
    return SourceError(what, advice="This is not an ESCO download.")
