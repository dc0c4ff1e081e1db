"""The workspace: a folder of immutable generations, one of them current.

A write never touches the current generation. It makes the next one beside it, from a hard-linked copy or from nothing,
syncs it, renames it into place and then replaces the one-line file CURRENT. So a reader never sees half a write, and a
process killed at any moment leaves the old generation or the new one.
"""

from __future__ import annotations

import fcntl
import gc
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from esco_graph.errors import EscoGraphError, NotFoundError, StoreError

LAYOUT = 1
KEEP = 3
_GENERATION = re.compile(r"g\d{6}")


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


@dataclass
class Added:
    """How many quads were new, and how many were dropped because another graph holds their triple."""

    new: int = 0
    held: int = 0


@dataclass
class Draft:
    """The next generation while it is written; nobody else sees it before it is published.

    `about` may be filled with facts for the history; `scratch` is a folder for temporary files.
    """

    store: ox.Store
    scratch: Path
    about: dict[str, Any] = field(default_factory=dict)

    def extend(self, quads: Iterable[ox.Quad]) -> Added:
        """Add quads, except those whose triple another graph holds already."""
        added = Added()
        fresh = []
        for quad in quads:
            holders = {q.graph_name for q in self.store.quads_for_pattern(quad.subject, quad.predicate, quad.object)}
            if holders - {quad.graph_name}:
                added.held += 1
            else:
                added.new += quad.graph_name not in holders
                fresh.append(quad)
        self.store.extend(fresh)
        return added

    def close(self) -> None:
        """Let go of the store, so that RocksDB closes its files before they are moved or removed."""
        vars(self).pop("store", None)
        gc.collect()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def replace_graph(self, graph: str, quads: Iterable[ox.Quad]) -> Added:
        """Put these quads in place of what the named graph held."""
        self.store.remove_graph(ox.NamedNode(graph))
        return self.extend(quads)


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
        self._check_layout()
        try:
            name = (self.path / "CURRENT").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise StoreError(
                "there is no graph here",
                where=str(self.path),
                advice="Build one: esco-graph build FILES, or build --sample.",
            ) from None
        except OSError as error:
            raise _store_error(error, self.path) from error
        if not _GENERATION.fullmatch(name) or not (self._generations / name).is_dir():
            raise StoreError(
                f"CURRENT names {name[:40]!r}, which is no generation here",
                where=str(self.path),
                advice="Write the name of a folder under generations/ into CURRENT.",
            )
        return self._generation(name)

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
            parent = self.current().name if self.exists() else None
            folder = self._generations / f".draft-{os.getpid()}"
            draft = None
            try:
                draft = self._open_draft(folder, None if fresh else parent)
                yield draft
                draft.store.flush()
                draft.close()
                self._publish(folder, {"what": what, "parent": parent, **draft.about})
            except OSError as error:
                raise error if isinstance(error, EscoGraphError) else _store_error(error, self.path) from error
            finally:
                if draft:
                    draft.close()
                shutil.rmtree(folder, ignore_errors=True)
            self._prune(keep)

    def undo(self) -> Generation:
        """Make the generation that came before the current one current again."""
        with self._lock("undo"):
            current = self.current()
            parent = current.about.get("parent")
            if not parent or not (self._generations / parent).is_dir():
                raise NotFoundError(
                    f"nothing comes before {current.name}", where=str(self.path), advice="See esco-graph history."
                )
            self._set_current(parent)
            return self._generation(parent)

    def prune(self, keep: int = KEEP) -> list[str]:
        """Keep the current generation and those that undo leads to, `keep` in all; gives the names of the removed."""
        with self._lock("prune"):
            return self._prune(keep)

    # The steps of a write

    def _open_draft(self, folder: Path, parent: str | None) -> Draft:
        shutil.rmtree(folder, ignore_errors=True)
        scratch = folder / "scratch"
        scratch.mkdir(parents=True)
        if parent:
            ox.Store.read_only(str(self._generation(parent).store_path)).backup(str(folder / "store"))
        return Draft(ox.Store(str(folder / "store")), scratch)

    def _publish(self, folder: Path, about: dict[str, Any]) -> None:
        names = self._names()
        name = f"g{int(names[-1][1:]) + 1 if names else 1:06d}"
        about = {"name": name, "when": datetime.now(UTC).isoformat(timespec="seconds"), **about}
        text = json.dumps(about, indent=1, ensure_ascii=False, sort_keys=True)
        (folder / "about.json").write_text(text + "\n", encoding="utf-8")
        for file in sorted(folder.rglob("*")):
            _sync(file)
        _sync(folder)
        folder.rename(self._generations / name)
        _sync(self._generations)
        self._set_current(name)

    def _set_current(self, name: str) -> None:
        fresh = self.path / "CURRENT.new"
        fresh.write_text(name + "\n", encoding="utf-8")
        _sync(fresh)
        fresh.replace(self.path / "CURRENT")
        _sync(self.path)

    def _prune(self, keep: int) -> list[str]:
        kept: list[str] = []
        name: str | None = self.current().name
        while name and len(kept) < max(keep, 1) and (self._generations / name).is_dir():
            kept.append(name)
            name = self._generation(name).about.get("parent")
        gone = [name for name in self._names() if name not in kept]
        for name in gone:
            shutil.rmtree(self._generations / name, ignore_errors=True)
        return gone

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

    def _check_layout(self) -> None:
        try:
            text = (self.path / "LAYOUT").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return
        except OSError as error:
            raise _store_error(error, self.path) from error
        if text != str(LAYOUT):
            raise StoreError(
                f"the store has layout {text[:40]!r}, this program reads layout {LAYOUT}",
                where=str(self.path),
                advice="Use the version of esco-graph that made it, or build again in another folder.",
            )

    @contextmanager
    def _lock(self, what: str) -> Iterator[None]:
        """Hold the one write lock; the system frees it when its owner dies, so a stale one never blocks."""
        self._prepare()
        with (self.path / "LOCK").open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                owner = lock.read(200).strip() or "another process"
                raise StoreError(
                    f"the store is being written by {owner}",
                    where=str(self.path),
                    advice="Wait for it to end, or stop it.",
                ) from None
            lock.truncate(0)
            lock.write(f"process {os.getpid()} ({what})\n")
            lock.flush()
            for stale in self._generations.glob(".draft-*"):
                shutil.rmtree(stale, ignore_errors=True)
            yield
            lock.truncate(0)

    def _prepare(self) -> None:
        try:
            self._check_layout()
            stranger = self.path.is_dir() and not (self.path / "LAYOUT").exists() and any(self.path.iterdir())
            if stranger:
                raise StoreError(
                    "the folder holds other files and no graph", where=str(self.path), advice="Choose an empty folder."
                )
            self._generations.mkdir(parents=True, exist_ok=True)
            if not (self.path / "LAYOUT").exists():
                (self.path / "LAYOUT").write_text(f"{LAYOUT}\n", encoding="utf-8")
        except StoreError:
            raise
        except OSError as error:
            raise _store_error(error, self.path) from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _store_error(error: OSError, path: Path) -> StoreError:
    text = error.strerror or str(error)
    full = "space" in text.lower()
    advice = "Free some space; the graph is as it was before." if full else "The graph is as it was before."
    return StoreError(f"the store cannot be read or written ({text})", where=str(path), advice=advice)
