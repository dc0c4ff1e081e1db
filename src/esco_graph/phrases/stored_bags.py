"""The bags of an index on disk: two files in the folder of the index, so that they go where it goes.

`bags.bin` holds the arrays, memory-mapped when read, and `bags.json` where each is, the checksum, and what the bags
were made from. Bags that do not fit are made anew; where nothing can be written they stay in memory.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from esco_graph.arrays import checksum, read_arrays, write_arrays
from esco_graph.linking.index import CandidateIndex
from esco_graph.linking.stored import FOLDER
from esco_graph.phrases.label_bags import ARRAYS, LabelBags

if TYPE_CHECKING:
    from esco_graph.graph import Graph

LAYOUT = 1
"""Goes up with every change of what is stored, or of how stems become roots."""
_BIN, _ABOUT = "bags.bin", "bags.json"
_NAMES = "names"


def bags_of(graph: Graph, kind: str, lang: str) -> LabelBags:
    """Give the bags of the labels of a kind: stored beside the index, made once. NotFoundError without labels."""
    key = f"label-bags-{kind}-{lang}"
    if key not in graph.derived:
        index = CandidateIndex.of(graph, kind, lang)
        folder = folder_of(index, graph.folder)
        graph.derived[key] = (folder and open_bags(index, folder)) or _made(index, folder)
    made: LabelBags = graph.derived[key]
    return made


def _made(index: CandidateIndex, folder: Path | None) -> LabelBags:
    bags = LabelBags.of(index)
    if folder:
        with suppress(OSError):  # where nothing can be written they are made anew next time
            save_bags(bags, folder)
    return bags


def folder_of(index: CandidateIndex, generation: Path | None) -> Path | None:
    """Give the folder of a stored index; None for one that is in memory only."""
    folder = generation / FOLDER / f"{index.kind}-{index.lang}" if generation and index.digest else None
    return folder if folder and folder.is_dir() else None


def key_of(index: CandidateIndex) -> str:
    """Hash what bags are made from: the texts of the index and the words that count little or not at all."""
    words = (files(__package__) / "phrases.toml").read_bytes()
    return hashlib.sha256(f"{LAYOUT}\0{index.digest}\0".encode() + words).hexdigest()


def save_bags(bags: LabelBags, folder: Path) -> None:
    """Store bags in the folder of their index; the same bags give the same bytes. Raises OSError."""
    names = np.frombuffer("\n".join(bags.number).encode("utf-8", "surrogatepass"), np.uint8)
    arrays = [(name, getattr(bags, name)) for name in ARRAYS]
    part = secrets.token_hex(4)
    work, told = (folder / f".{name}.{part}.part" for name in (_BIN, _ABOUT))
    try:
        places = write_arrays(work, [*arrays, (_NAMES, names)])
        about = {"arrays": places, "crc": checksum(work), "key": key_of(bags.index)}
        told.write_text(json.dumps(about, sort_keys=True) + "\n", encoding="utf-8")
        work.replace(folder / _BIN)
        told.replace(folder / _ABOUT)
    finally:
        work.unlink(missing_ok=True)
        told.unlink(missing_ok=True)


def open_bags(index: CandidateIndex, folder: Path) -> LabelBags | None:
    """Open stored bags; None when there are none, or they are damaged or were made from something else."""
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        if about["key"] != key_of(index) or about["crc"] != checksum(folder / _BIN):
            return None
        arrays = read_arrays(folder / _BIN, about["arrays"])
        names = bytes(arrays.pop(_NAMES)).decode("utf-8", "surrogatepass")
        number = {name: at for at, name in enumerate(names.split("\n") if names else [])}
        return LabelBags(index=index, number=number, **arrays)
    except (OSError, ValueError, KeyError, TypeError):
        return None
