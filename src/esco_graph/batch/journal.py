"""Finished parts of a run, kept beside the output until it is whole, so that an interrupted run can go on."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import pyarrow as pa

from esco_graph.errors import ParameterError
from esco_graph.files import storing

LAYOUT = 2
ABOUT = "about.json"
BEST = "best"
EDGE = 1 << 20
"""Bytes at each end of the input that are compared."""

About = dict[str, str | int]


class Journal:
    """The folder OUTPUT.parts: about.json says of what run, and two Arrow files per part hold its ranking and refusals.

    A part's files are renamed into place when they are written, so that they are whole or absent.
    """

    def __init__(self, output: Path) -> None:
        """Name the folder; nothing is read or made."""
        self.folder = output.with_name(f"{output.name}.parts")

    def begin(self, about: About, *, resume: bool, force: bool) -> None:
        """Make the folder, or take up an earlier one.

        Raises ParameterError when one is there and neither `resume` nor `force` is asked for, or when it is of another
        run: other input, options, graph or program.
        """
        self.tidy()
        with storing(str(self.folder)):
            if self.folder.exists() and not resume:
                if not force:
                    raise ParameterError(
                        "an interrupted run left its finished parts here",
                        where=str(self.folder),
                        advice="Go on with --resume, or start again with --force.",
                    )
                shutil.rmtree(self.folder)
            if self.folder.exists():
                self._compare(about)
            self.folder.mkdir(exist_ok=True)
            self._put(ABOUT, json.dumps(about, indent=2).encode())

    def read(self, part: int, people: int) -> tuple[pa.ListArray, pa.RecordBatch] | None:
        """Give what `save` kept of a part with so many people, None when it is not there or cannot be read."""
        try:
            ranking = _load(self.folder / _name(part, "ranking"))
            refused = _load(self.folder / _name(part, "refused"))
        except (OSError, pa.ArrowException):
            return None
        return (ranking[BEST], refused) if len(ranking) == people else None

    def save(self, part: int, best: pa.ListArray, refused: pa.RecordBatch) -> None:
        """Keep what a part came to: the keys of `Kernel.rank`, and the rows for the side file."""
        ranking = pa.RecordBatch.from_arrays([best], names=[BEST])
        with storing(str(self.folder)):
            for kind, batch in (("refused", refused), ("ranking", ranking)):
                work = self.folder / f"{_name(part, kind)}.part"
                with pa.OSFile(str(work), "wb") as sink, pa.ipc.new_file(sink, batch.schema) as out:
                    out.write_batch(batch)
                work.replace(self.folder / _name(part, kind))

    def tidy(self) -> None:
        """Remove the folder when no part in it is finished, as after an input that was wrong from its start."""
        if (self.folder / ABOUT).exists() and not any(self.folder.glob("*.arrow")):
            self.remove()

    def remove(self) -> None:
        """Remove the folder when the output is whole; without finished parts it is gone already."""
        if self.folder.exists():
            with storing(str(self.folder)):
                shutil.rmtree(self.folder)

    def _compare(self, about: About) -> None:
        try:
            before = json.loads((self.folder / ABOUT).read_bytes())
        except (OSError, ValueError):
            before = {}
        other = sorted(key for key in about if before.get(key) != about[key])
        if other:
            raise ParameterError(
                f"the interrupted run differs in: {', '.join(other)}",
                where=str(self.folder),
                advice="Run it as before to go on, or start again with --force.",
            )

    def _put(self, name: str, content: bytes) -> None:
        work = self.folder / f"{name}.part"
        work.write_bytes(content)
        work.replace(self.folder / name)


def about_file(path: Path) -> str:
    """Tell a file by size, time of change, first and last megabyte; reading it all would take as long as the run."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        digest = hashlib.sha256(f"{size} {path.stat().st_mtime_ns}".encode())
        for at in (0, max(size - EDGE, 0)):
            file.seek(at)
            digest.update(file.read(EDGE))
    return digest.hexdigest()


def _name(part: int, kind: str) -> str:
    return f"{part:06d}.{kind}.arrow"


def _load(path: Path) -> pa.RecordBatch:
    with pa.OSFile(str(path), "rb") as source, pa.ipc.open_file(source) as file:
        return file.get_batch(0)
