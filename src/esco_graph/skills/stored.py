"""The skill matrix on disk: all arrays in `arrays.npy`, the lists of IRIs as text, and `about.json`.

`arrays.npy` is one array of bytes, memory-mapped, in which `about.json` says where each array is: to open a file for
each would take longer than all the rest. `about.json` is written last and holds the layout and the size of every file,
so a folder that is half written, cut short or of another layout is seen, and the matrix is made from the graph again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from esco_graph.arrays import arrays_in, sparse_of, sparse_parts
from esco_graph.files import storing
from esco_graph.skills.labels import Labels, read_labels
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.nearest import nearest
from esco_graph.skills.text import Wording, read_wording
from esco_graph.skills.vectors import AFFINITY_SPACE, COSINE_SPACE, concept_idf

if TYPE_CHECKING:
    from esco_graph.graph import Graph

LAYOUT = 1
_ABOUT = "about.json"
_PACKED = "arrays.npy"
_ALIGNED = 64  # bytes; every array begins at a multiple, as its numbers need
_LISTS = ("occupations", "skills", "concepts", "isco")
_ARRAYS = ("level", "regulated", "green", "digital", "size", "df", "idf")
_SPARSE = ("essential", "optional", "broader", "held")
_CACHED = ("size", "df", "idf", "held")  # made when first used, so that they are no fields of the matrix
# What else is stored, by the name under which `SkillMatrix.derived` gives it.
_DERIVED: dict[str, Callable[[SkillMatrix], Any]] = {
    "affinity": AFFINITY_SPACE.rows,
    "cosine": COSINE_SPACE.rows,
    "concept-idf": concept_idf,
    "nearest": nearest,
}


def store(graph: Graph, folder: Path) -> SkillMatrix:
    """Make the matrix of a graph and store it with the labels of its concepts in all languages.

    Raises StoreError when the folder cannot be written.
    """
    matrix = SkillMatrix.from_graph(graph)
    matrix.derived("labels", lambda one: read_labels(graph, one))
    matrix.derived("wording", lambda one: read_wording(graph, one.occupations))
    matrix.save(folder)
    return matrix


def save_matrix(matrix: SkillMatrix, folder: Path) -> None:
    """Store a matrix in a folder, in place of what is there; the same matrix gives the same bytes."""
    with storing(str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
        for old in sorted(folder.iterdir()):
            old.unlink()
        for name in _LISTS:
            (folder / f"{name}.txt").write_text("\n".join(getattr(matrix, name)), encoding="utf-8", newline="\n")
        matrix.wording.save(folder)
        packed, places = _packed(_arrays(matrix))
        np.save(folder / _PACKED, packed, allow_pickle=False)
        about = {
            "arrays": places,
            "files": {file.name: file.stat().st_size for file in sorted(folder.iterdir())},
            "fingerprint": matrix.fingerprint,
            "langs": sorted(_labels(matrix).langs),
            "layout": LAYOUT,
            "obsolete": matrix.obsolete,
            "release": matrix.release,
        }
        (folder / _ABOUT).write_text(json.dumps(about, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def open_matrix(folder: Path) -> SkillMatrix | None:
    """Open a stored matrix; None when there is none, or it is damaged or of another layout."""
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        if about["layout"] != LAYOUT or any(
            (folder / name).stat().st_size != size for name, size in about["files"].items()
        ):
            return None
        return _opened(folder, about)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _arrays(matrix: SkillMatrix) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    for name in _ARRAYS:
        yield name, getattr(matrix, name)
    sparse = {name: getattr(matrix, name) for name in _SPARSE}
    for name, make in _DERIVED.items():
        made = matrix.derived(name, make)
        if isinstance(made, csr_array):
            sparse[name] = made
        elif isinstance(made, tuple):
            yield from ((f"{name}-{number}", part) for number, part in enumerate(made))
        else:
            yield name, made
    for name, array in sparse.items():
        yield from sparse_parts(name, array)
    for lang, (text, ends) in _labels(matrix).langs.items():
        yield f"labels-{lang}", text
        yield f"labels-{lang}-ends", ends


def _labels(matrix: SkillMatrix) -> Labels:
    return matrix.derived("labels", lambda _: Labels({}))


def _packed(arrays: Iterable[tuple[str, np.ndarray[Any, Any]]]) -> tuple[NDArray[np.uint8], dict[str, Any]]:
    """Lay arrays one after the other; gives the bytes, and where each array begins, its type and its shape."""
    parts: list[NDArray[np.uint8]] = []
    places: dict[str, Any] = {}
    at = 0
    for name, array in arrays:
        data = np.frombuffer(np.ascontiguousarray(array).tobytes(), dtype=np.uint8)
        gap = np.zeros(-len(data) % _ALIGNED, dtype=np.uint8)
        places[name] = [at, array.dtype.str, list(array.shape)]
        parts += [data, gap]
        at += len(data) + len(gap)
    return np.concatenate([np.zeros(0, dtype=np.uint8), *parts]), places


def _opened(folder: Path, about: dict[str, Any]) -> SkillMatrix:
    packed = np.asarray(np.load(folder / _PACKED, mmap_mode="r", allow_pickle=False))
    arrays = arrays_in(packed, about["arrays"], str(folder / _PACKED))
    lists = {name: _lines((folder / f"{name}.txt").read_text(encoding="utf-8")) for name in _LISTS}
    fields: dict[str, Any] = lists | {name: arrays[name] for name in _ARRAYS}
    fields |= {name: sparse_of(name, arrays) for name in _SPARSE}
    derived = {
        "affinity": sparse_of("affinity", arrays),
        "cosine": sparse_of("cosine", arrays),
        "concept-idf": arrays["concept-idf"],
        "nearest": (arrays["nearest-0"], arrays["nearest-1"]),
        "labels": Labels({lang: (arrays[f"labels-{lang}"], arrays[f"labels-{lang}-ends"]) for lang in about["langs"]}),
    }
    cached = {name: fields.pop(name) for name in _CACHED}
    wording = Wording.open(folder)  # now, while the generation is surely there: it may be pruned later
    matrix = SkillMatrix(
        **fields,
        release=about["release"],
        fingerprint=about["fingerprint"],
        obsolete=about["obsolete"],
        _derived=derived,
        _wording=lambda: wording,
    )
    vars(matrix).update(cached)
    return matrix


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []
