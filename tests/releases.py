"""Make small releases in the official CSV layout, and spoil them."""

from __future__ import annotations

import csv
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from esco_graph.builder import sample_paths

Row = dict[str, str]


def copy_sample(to: Path) -> Path:
    """Copy the embedded sample into a folder whose name carries a version."""
    folder = to / "v1.1.1"
    shutil.copytree(sample_paths()[0], folder)
    return folder


def edit(file: Path, change: Callable[[list[Row]], list[Row]]) -> None:
    """Rewrite a CSV file with changed rows; the header follows the first row."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = change(list(csv.DictReader(stream)))
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def change_first(file: Path, **cells: str) -> str:
    """Change cells of the first row; gives its concept IRI."""
    found: list[str] = []

    def change(rows: list[Row]) -> list[Row]:
        rows[0] |= cells
        found.append(rows[0].get("conceptUri", ""))
        return rows

    edit(file, change)
    return found[0]


def zipped(folder: Path, to: Path) -> Path:
    """Pack a folder as the portal does."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.glob("*.csv")):
            archive.write(file, file.name)
    return to
