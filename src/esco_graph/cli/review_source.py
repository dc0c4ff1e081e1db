"""Where the candidates of a review come from and the decisions go: a set in the store, or an SSSOM file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from esco_graph.cli.options import default_store, open_workspace
from esco_graph.cli.output import quoted, say_aside
from esco_graph.errors import NotFoundError, ParameterError, SourceError, StoreError
from esco_graph.files import replacing
from esco_graph.graph import Graph
from esco_graph.review.decisions import kind_of
from esco_graph.review.facts import Facts, facts_of
from esco_graph.review.machine import FOUND, SHOWN, Option, State

if TYPE_CHECKING:
    from esco_graph.mappings.model import MappingSet


class Source:
    """One set under review; `name` is what the log calls it, `log` the usual place of the log.

    `result` is the set or file that is written, as `link review` takes it.
    `in_place` says that the set itself is written anew, so that a later sitting finds in it what was decided.
    """

    in_place = False
    result: str

    def __init__(self, found: MappingSet, name: str, log: Path, graph: Graph | None, lang: str | None) -> None:
        """Take the set as it is now, and the graph that tells labels and codes, None where there is none.

        `lang` is the language in which concepts are searched and described; without it that of the candidates.
        """
        self.set, self.name, self.log, self.graph = found, name, log, graph
        self.lang = lang or found.object_lang or "en"

    def facts(self, state: State) -> Mapping[str, Facts]:
        """Look up what the screen shows beside the rows."""
        if self.graph is None or state.task is None:
            return {}
        return facts_of(self.graph, [state.task.subject, *(option.iri for option in state.options)], self.lang)

    def search(self, words: str) -> tuple[Option, ...]:
        """Find concepts of the target by words, the nearest first; none without a graph."""
        if self.graph is None:
            return ()
        from esco_graph.linking.index import CandidateIndex
        from esco_graph.linking.retrieve import retrieve
        from esco_graph.linking.texts import Query

        try:
            index = CandidateIndex.of(self.graph, kind_of(self.set), self.lang)
        except NotFoundError:
            return ()
        rows = retrieve(index, [Query("", words, self.lang)], k=SHOWN).rows[0]
        found = [int(row) for row in rows if row >= 0]
        return tuple(Option(index.iris[row], index.label(row), index.codes[row], FOUND) for row in found)

    def latest(self) -> MappingSet:
        """Give the set as it is now: others may have decided on it meanwhile."""
        return self.set

    def write(self, found: MappingSet) -> str:
        """Write the set anew and say where."""
        raise NotImplementedError


class StoredSource(Source):
    """A set of the store; it is written as the next generation."""

    def __init__(self, name: str, store: Path | None, written: str | None, lang: str | None) -> None:
        """Read the set. Raises NotFoundError with near names when there is none."""
        from esco_graph.mappings.model import set_name
        from esco_graph.mappings.store import load

        folder = store or default_store()
        graph = Graph.open(folder)
        log = folder.with_name(f"{folder.name}.reviews") / f"{name}.jsonl"
        super().__init__(load(graph, name), name, log, graph, lang)
        self._workspace, self.result = open_workspace(store), set_name(written) if written else name
        self.in_place = self.result == name

    def latest(self) -> MappingSet:
        """Read the set from the current generation."""
        from esco_graph.mappings.store import load

        return load(Graph.open(self._workspace.path), self.name)

    def write(self, found: MappingSet) -> str:
        """Keep the set, under the name asked for."""
        from esco_graph.mappings.store import keep

        return f"generation {keep(self._workspace, [renamed(found, self.result)], f'review of {self.name}')}"


class FileSource(Source):
    """An SSSOM file; it is written to another file."""

    def __init__(
        self, path: Path, output: Path | None, store: Path | None, written: str | None, lang: str | None
    ) -> None:
        """Read the file; a graph beside it, where there is one, tells codes and descriptions."""
        try:
            graph = Graph.open(store or default_store())
        except StoreError:
            graph = None
        found = read_file(path)
        super().__init__(found, path.name, path.with_name(f"{path.name}.review.jsonl"), graph, lang)
        stem = path.name.removesuffix(".tsv").removesuffix(".sssom")
        self._output, self._written = output or path.with_name(f"{stem}.reviewed.sssom.tsv"), written
        self.result = quoted(self._output)

    def write(self, found: MappingSet) -> str:
        """Write the file whole or not at all."""
        write_file(renamed(found, self._written or found.name), self._output)
        return self.result


def renamed(found: MappingSet, name: str) -> MappingSet:
    """Give the set another name, and an IRI that goes with it."""
    if name == found.name:
        return found
    base, _, last = found.iri.rpartition("/")
    return replace(found, name=name, iri=f"{base}/{name}" if last else f"{found.iri}{name}")


def source_of(text: str, *, store: Path | None, name: str | None, output: Path | None, lang: str | None) -> Source:
    """Take a file when there is one of that name, else a set of the store."""
    path = Path(text)
    if path.is_file():
        return FileSource(path, output, store, name, lang)
    if output is not None:
        raise ParameterError("a set of the store is written to the store", advice="Give --as NAME instead of -o.")
    if "/" in text or path.suffix:
        raise NotFoundError(f"there is no file {text!r}", advice="Name an SSSOM file, or a set: see mappings list.")
    return StoredSource(text, store, name, lang)


def read_named(text: str, store: Path | None) -> MappingSet:
    """Read an SSSOM file when there is one of that name, else a set of the store."""
    if Path(text).is_file():
        return read_file(Path(text))
    from esco_graph.mappings.store import load

    return load(Graph.open(store or default_store()), text)


def read_file(path: Path) -> MappingSet:
    """Read any mapping file; rows that cannot be used are counted aloud."""
    from esco_graph.mappings.form import read_mapping_file

    try:
        found = read_mapping_file(path)
    except (ParameterError, SourceError) as error:
        advice = "Give an SSSOM file, or a set that link --keep or mappings import has stored."
        raise SourceError(error.what, where=error.where, advice=advice) from error
    if found.faults:
        first = found.faults[0]
        say_aside(f"{len(found.faults):,} rows of {path} are left out; line {first.line}: {first.message}")
    return found.set


def write_file(found: MappingSet, path: Path) -> None:
    """Write a set as an SSSOM table, whole or not at all."""
    from esco_graph.mappings.sssom import write_table

    with replacing(path) as out:
        out.writelines(piece.encode() for piece in write_table(found))
