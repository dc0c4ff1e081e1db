"""The workspace: a folder of immutable generations, one of them current.

A write never touches the current generation. It makes the next one beside it, from a hard-linked copy or from nothing,
syncs it, renames it into place and then replaces the one-line file CURRENT. So a reader never sees half a write, and a
process killed at any moment leaves the old generation or the new one.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import shutil
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from esco_graph.draft import Draft
from esco_graph.errors import EscoGraphError, NotFoundError, StoreError

LAYOUT = 1
KEEP = 3
_GENERATION = re.compile(r"g\d{6}")
_OURS = {"LAYOUT", "LAYOUT.new", "CURRENT", "CURRENT.new", "LOCK", "generations"}
# Numbers of errors that the store, and not some input, is to blame for; Oxigraph's own errors carry none.
_DISK = {None, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}


@dataclass(frozen=True)
class Generation:
    """One state of the graph: its name, the folder of its store, and what `about.json` says of it."""

    name: str
    folder: Path
    about: dict[str, Any]

    @property
    def store_path(self) -> Path:
        """Folder of the Oxigraph store."""
        return self.folder / "store"

    def hold(self, reader: object) -> None:
        """Keep the generation from being pruned while `reader` lives; the system lets go when the process ends."""
        descriptor = os.open(self.folder / "about.json", os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        weakref.finalize(reader, os.close, descriptor)


class Workspace:
    """A folder that holds the generations of one graph.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> workspace = Workspace(folder.name)
    >>> with workspace.write("first") as draft:
    ...     draft.store.add(ox.Quad(*[ox.NamedNode("http://example.org/a")] * 3))
    >>> workspace.current().name
    'g000001'
    >>> folder.cleanup()
    """

    def __init__(self, path: Path | str) -> None:
        """Take the folder; nothing is read or made yet."""
        self.path = Path(path)

    # Reading

    def exists(self) -> bool:
        """Say whether a generation was ever published here."""
        return (self.path / "CURRENT").exists()

    def current(self) -> Generation:
        """Give the current generation; raises StoreError where there is none or the layout is unknown."""
        return self._generation(self._current_name())

    def generations(self) -> list[Generation]:
        """List all generations, oldest first."""
        self._check_layout()
        return [self._generation(name) for name in self._names()]

    # Writing

    @contextmanager
    def write(self, what: str, *, fresh: bool = False, keep: int = KEEP) -> Iterator[Draft]:
        """Open the next generation for writing and publish it when the block ends well.

        `fresh` starts from an empty store, else from a copy of the current one. When the block raises, everything
        stays as it was. Raises StoreError when another process writes, or the disk is full.
        """
        with self._lock(what):
            parent = self._current_name() if self.exists() else None
            folder = self._generations / f".draft-{os.getpid()}"
            draft = None
            try:
                with self._storing():
                    draft = self._open_draft(folder, None if fresh else parent)
                with self._storing(_DISK):
                    yield draft
                if not draft.discarded:
                    with self._storing():
                        draft.store.flush()
                        draft.close()
                        self._publish(folder, draft.name, {"what": what, "parent": parent, **draft.about})
            finally:
                if draft:
                    draft.close()
                shutil.rmtree(folder, ignore_errors=True)
            self._prune(keep)

    def undo(self, to: str | None = None) -> Generation:
        """Make the generation before the current one current again, or the one named `to`.

        Raises NotFoundError when it is not kept any more, or never was.
        """
        current = self._current_name()
        with self._lock("undo"), self._storing():
            name = to or self._before(current)
            if name is None or name not in self._names():
                what = f"there is no generation {to}" if to else f"nothing that is kept comes before {current}"
                raise NotFoundError(what, where=str(self.path), advice="See esco-graph history.")
            self._name_current(name)
            self._set_current()
            return self._generation(name)

    def prune(self, keep: int = KEEP) -> list[str]:
        """Keep the current generation and those that undo leads to, `keep` in all; gives the names of the removed.

        A generation that some process reads stays as well.
        """
        self._current_name()  # a folder that holds no graph is an error, not a new workspace
        with self._lock("prune"):
            return self._prune(keep)

    # The steps of a write

    def _open_draft(self, folder: Path, parent: str | None) -> Draft:
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "scratch").mkdir(parents=True)
        if parent:
            ox.Store.read_only(str(self._generations / parent / "store")).backup(str(folder / "store"))
        names = self._names()
        name = f"g{int(names[-1][1:]) + 1 if names else 1:06d}"
        return Draft(name, ox.Store(str(folder / "store")), folder)

    def _publish(self, folder: Path, name: str, about: dict[str, Any]) -> None:
        """Sync all, then rename twice: what may fail for want of space comes before the first rename."""
        about = {"name": name, "when": datetime.now(UTC).isoformat(timespec="seconds"), **about}
        text = json.dumps(about, indent=1, ensure_ascii=False, sort_keys=True)
        (folder / "about.json").write_text(text + "\n", encoding="utf-8")
        for file in sorted(folder.rglob("*")):
            _sync(file)
        _sync(folder)
        self._name_current(name)
        folder.rename(self._generations / name)
        _sync(self._generations)
        self._set_current()

    def _name_current(self, name: str) -> None:
        _write_synced(self.path / "CURRENT.new", name)

    def _set_current(self) -> None:
        (self.path / "CURRENT.new").replace(self.path / "CURRENT")
        _sync(self.path)

    def _prune(self, keep: int) -> list[str]:
        kept: list[str] = []
        name: str | None = self._current_name()
        while name and len(kept) < max(keep, 1):
            kept.append(name)
            name = self._before(name)
        gone = [name for name in self._names() if name not in kept and not self._is_read(name)]
        for name in gone:
            shutil.rmtree(self._generations / name, ignore_errors=True)
        return gone

    def _is_read(self, name: str) -> bool:
        """Say whether a reader holds the generation: Oxigraph opens its files when it needs them, so they must stay."""
        try:
            descriptor = os.open(self._generations / name / "about.json", os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    # Files

    @property
    def _generations(self) -> Path:
        return self.path / "generations"

    def _names(self) -> list[str]:
        if not self._generations.is_dir():
            return []
        return sorted(entry.name for entry in self._generations.iterdir() if _GENERATION.fullmatch(entry.name))

    def _generation(self, name: str) -> Generation:
        folder = self._generations / name
        try:
            about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(
                f"about.json cannot be read ({error})", where=str(folder), advice="Go back with esco-graph undo."
            ) from error
        return Generation(name, folder, about)

    def _current_name(self) -> str:
        """Read CURRENT; works when the generation that it names is damaged, so that undo and build can mend it."""
        self._check_layout()
        with self._storing():
            try:
                name = (self.path / "CURRENT").read_text(encoding="utf-8").strip()
            except FileNotFoundError:
                advice = "Build one: esco-graph build FILES, or build --sample."
                raise StoreError("there is no graph here", where=str(self.path), advice=advice) from None
        if not _GENERATION.fullmatch(name) or not (self._generations / name).is_dir():
            raise StoreError(
                f"CURRENT names {name[:40]!r}, which is no generation here",
                where=str(self.path),
                advice="Write the name of a folder under generations/ into CURRENT.",
            )
        return name

    def _before(self, name: str) -> str | None:
        """Name the generation that another was made from, or the one numbered before it where that cannot be read."""
        try:
            parent = self._generation(name).about.get("parent")
        except StoreError:
            parent = max((other for other in self._names() if other < name), default=None)
        return parent if parent and (self._generations / parent).is_dir() else None

    def _check_layout(self) -> None:
        with self._storing():
            try:
                text = (self.path / "LAYOUT").read_text(encoding="utf-8").strip()
            except FileNotFoundError:
                return
        if text != str(LAYOUT):
            raise StoreError(
                f"the store has layout {text[:40]!r}, this program reads layout {LAYOUT}",
                where=str(self.path),
                advice="Use the version of esco-graph that made it, or build again in another folder.",
            )

    @contextmanager
    def _lock(self, what: str) -> Iterator[None]:
        """Hold the one write lock; the system frees it when its owner dies, so a stale one never blocks."""
        with self._storing():
            self._prepare()
            descriptor = os.open(self.path / "LOCK", os.O_RDWR | os.O_CREAT, 0o666)
        try:
            with self._storing():
                self._take(descriptor, what)
                self._sweep()
            yield
            os.truncate(descriptor, 0)
        finally:
            os.close(descriptor)

    def _take(self, descriptor: int, what: str) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(descriptor, 200, 0).decode(errors="replace").strip() or "another process"
            advice = "Wait for it to end, or stop it."
            raise StoreError(f"the store is being written by {owner}", where=str(self.path), advice=advice) from None
        os.truncate(descriptor, 0)
        try:
            os.pwrite(descriptor, f"process {os.getpid()} ({what[:150]})\n".encode(), 0)
        except OSError:  # a full disk: the lock holds without the owner's name, and prune must be able to run
            return

    def _sweep(self) -> None:
        """Remove what killed writers left: drafts, and a generation that was not made current."""
        for stale in self._generations.glob(".draft-*"):
            shutil.rmtree(stale, ignore_errors=True)
        unpublished = self.path / "CURRENT.new"
        if unpublished.exists():
            name = unpublished.read_text(encoding="utf-8").strip()
            newest = self._names()[-1:] == [name]
            if newest and self.exists() and name != self._current_name():
                shutil.rmtree(self._generations / name, ignore_errors=True)
            unpublished.unlink()

    def _prepare(self) -> None:
        self._check_layout()
        strangers = [entry.name for entry in self.path.iterdir()] if self.path.is_dir() else []
        if not _OURS.issuperset(strangers):
            advice = "Choose an empty folder."
            raise StoreError("the folder holds other files and no graph", where=str(self.path), advice=advice)
        self.path.mkdir(parents=True, exist_ok=True)
        if not (self.path / "LAYOUT").exists():
            _write_synced(self.path / "LAYOUT.new", str(LAYOUT))
            (self.path / "LAYOUT.new").replace(self.path / "LAYOUT")
        self._generations.mkdir(exist_ok=True)

    @contextmanager
    def _storing(self, numbers: set[int | None] | None = None) -> Iterator[None]:
        """Turn an operating system error, all or those with these numbers, into a StoreError."""
        try:
            yield
        except EscoGraphError:
            raise
        except OSError as error:
            if numbers is not None and error.errno not in numbers:
                raise
            text = error.strerror or str(error)
            full = "space" in text.lower() or error.errno in {errno.ENOSPC, errno.EDQUOT}
            advice = "Free some space; the graph is as it was before." if full else "The graph is as it was before."
            what = f"the store cannot be read or written ({text})"
            raise StoreError(what, where=str(self.path), advice=advice) from error


def _write_synced(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")
    _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
