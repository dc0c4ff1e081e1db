"""The index on disk: `linking/<target>-<lang>` in the folder of the generation that it was made from.

A folder holds `arrays.bin` (memory-mapped), the lists of texts, and `about.json` with the layout, the checksum of each
file and the hash of the texts that the index was made from. It is made under another name and renamed into place, so
there is never half of one; one that does not fit its `about.json` is made anew. A generation whose texts are those of
another takes over its index by hard links. Where nothing can be written, the index stays in memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esco_graph.arrays import Array, checksum, read_arrays, sparse_of, sparse_parts, write_arrays
from esco_graph.linking.bags import StemSpace
from esco_graph.linking.entries import read_entries
from esco_graph.linking.grams import GramSpace
from esco_graph.linking.index import CandidateIndex, Entry
from esco_graph.terms import check_lang

if TYPE_CHECKING:
    from esco_graph.graph import Graph

Progress = Callable[[str, int, int], None]
LAYOUT = 2
"""Goes up with every change of what is stored, or of how texts become grams and stems."""
FOLDER = "linking"
_ABOUT = "about.json"
_ARRAYS = "arrays.bin"
_LISTS = ("iris", "codes", "isco", "labels", "described", "stems", "told")
_SPARSE = ("char_postings", "word_postings", "description_postings")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_STEPS = 3


def index_of(graph: Graph, target: str, lang: str, *, progress: Progress | None = None) -> CandidateIndex:
    """Open the index of a target in a language, or make it and store it; it is kept with the graph.

    Raises NotFoundError when the graph has no concept of the target with a label in the language.
    """
    kind, lang = {"esco": "occupation"}.get(target, target), check_lang(lang)
    key = f"linking-{kind}-{lang}"
    if key not in graph.derived:
        graph.derived[key] = _found(graph, kind, lang, progress or _silent)
    made: CandidateIndex = graph.derived[key]
    return made


def _found(graph: Graph, kind: str, lang: str, progress: Progress) -> CandidateIndex:
    name = f"{kind}-{lang}"
    folder = graph.folder / FOLDER / name if graph.folder and _NAME.fullmatch(name) else None
    if folder and (opened := open_index(folder)):
        return opened
    progress(f"reading labels ({name})", 0, _STEPS)
    entries = read_entries(graph, kind, lang)
    digest = digest_of(entries, kind, lang)
    if folder and (taken := _taken_over(folder, digest)):
        return taken
    progress(f"indexing labels ({name})", 1, _STEPS)
    made = replace(CandidateIndex.from_entries(entries, kind, lang), digest=digest)
    if folder:
        progress(f"storing the index ({name})", 1, _STEPS)
        _store(made, folder, digest)
    return made


def digest_of(entries: Sequence[Entry], kind: str, lang: str) -> str:
    """Hash the texts that an index is made from, with the layout.

    >>> digest_of([], "occupation", "en") == digest_of([], "skill", "en")
    False
    """
    digest = hashlib.sha256(f"{LAYOUT}\0{kind}\0{lang}\0".encode())
    for entry in entries:
        for text in (entry.iri, entry.description, entry.isco, entry.code, *chain.from_iterable(entry.labels)):
            digest.update(f"{text}\0".encode("utf-8", "surrogatepass"))
        digest.update(b"\1")
    return digest.hexdigest()


def save_index(index: CandidateIndex, folder: Path, digest: str = "") -> None:
    """Store an index in a folder that does not exist yet; the same index gives the same bytes. Raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.part")
    try:
        work.mkdir()
        for name, lines in _lists(index):
            (work / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
        about = {
            "arrays": write_arrays(work / _ARRAYS, _arrays(index)),
            "digest": digest,
            "kind": index.kind,
            "lang": index.lang,
            "layout": LAYOUT,
            "rarest": [index.stems.rarest, index.description_stems.rarest],
            "files": {file.name: [file.stat().st_size, checksum(file)] for file in sorted(work.iterdir())},
        }
        (work / _ABOUT).write_text(json.dumps(about, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def open_index(folder: Path) -> CandidateIndex | None:
    """Open a stored index; None when there is none, or it is damaged or of another layout."""
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        if about["layout"] != LAYOUT or not _is_whole(folder, about):
            return None
        return _opened(folder, about)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _is_whole(folder: Path, about: dict[str, Any]) -> bool:
    files = {name: folder / name for name in about["files"]}
    return all(files[name].stat().st_size == size for name, (size, _) in about["files"].items()) and all(
        checksum(files[name]) == crc for name, (_, crc) in about["files"].items()
    )


def _opened(folder: Path, about: dict[str, Any]) -> CandidateIndex:
    arrays = read_arrays(folder / _ARRAYS, about["arrays"])
    lists = {name: _lines((folder / f"{name}.txt").read_text(encoding="utf-8")) for name in _LISTS}
    stems, told = lists.pop("stems"), lists.pop("told")
    rarest, rarest_told = about["rarest"]
    sparse = {name: sparse_of(name, arrays) for name in _SPARSE}
    return CandidateIndex(
        kind=about["kind"],
        lang=about["lang"],
        **lists,
        owner=arrays["owner"],
        rank=arrays["rank"],
        starts=arrays["starts"],
        grams=GramSpace(arrays["alphabet"], arrays["keys"], arrays["gram-idf"]),
        stems=StemSpace(stems, arrays["stem-idf"], rarest),
        description_stems=StemSpace(told, arrays["told-idf"], rarest_told),
        digest=about["digest"],
        **sparse,
    )


def _lists(index: CandidateIndex) -> Iterator[tuple[str, list[str]]]:
    for name in ("iris", "codes", "isco", "labels", "described"):
        yield name, getattr(index, name)
    yield "stems", index.stems.names
    yield "told", index.description_stems.names


def _arrays(index: CandidateIndex) -> Iterator[tuple[str, Array]]:
    yield from (("owner", index.owner), ("rank", index.rank), ("starts", index.starts))
    yield from (("alphabet", index.grams.alphabet), ("keys", index.grams.keys), ("gram-idf", index.grams.idf))
    yield from (("stem-idf", index.stems.idf), ("told-idf", index.description_stems.idf))
    for name in _SPARSE:
        yield from sparse_parts(name, getattr(index, name))


def _store(index: CandidateIndex, folder: Path, digest: str) -> None:
    """Store an index in place of a damaged one; a disk that takes nothing, or a faster process, is fine."""
    try:
        _clear(folder)
        save_index(index, folder, digest)
    except OSError:
        return


def _taken_over(folder: Path, digest: str) -> CandidateIndex | None:
    """Find the index that another generation made from the same texts, and link its files into this one."""
    for other in sorted(folder.parents[2].glob(f"*/{FOLDER}/{folder.name}"), reverse=True):
        opened = open_index(other) if other != folder else None
        if opened and opened.digest == digest:
            _link_files(other, folder)
            return opened
    return None


def _link_files(other: Path, folder: Path) -> None:
    work = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.part")
    try:
        work.mkdir(parents=True)
        _clear(folder)
        for file in sorted(other.iterdir()):
            os.link(file, work / file.name)
        work.rename(folder)
    except OSError:
        shutil.rmtree(work, ignore_errors=True)


def _clear(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)


def _lines(text: str) -> list[str]:
    return text.split("\n")[:-1]


def _silent(what: str, done: int, total: int) -> None:
    """Report no progress."""
