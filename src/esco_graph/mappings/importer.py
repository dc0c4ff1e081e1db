"""Import mapping files: read, say what was understood, put the rows left out beside the file, store the sets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esco_graph.errors import ParameterError, StoreError
from esco_graph.mappings.carry import unknown_iris
from esco_graph.mappings.faults import rejected_bytes, rejected_path
from esco_graph.mappings.form import ReadSet, read_mapping_file
from esco_graph.mappings.model import set_iri, set_name
from esco_graph.mappings.store import Progress, keep, sets
from esco_graph.terms import is_esco

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.workspace import Workspace


@dataclass(frozen=True)
class Imported:
    """What became of one file.

    `rejected` is the side file of the rows left out, or None; `unknown` holds the IRIs of ESCO that are not in the
    graph with their labels, `known` how many are; both are empty without a graph. `generation` is "" when nothing was
    stored, and the one that was there before when it was not `changed`; a set of the same
    name that was there is `replaced`.
    """

    path: Path
    read: ReadSet
    known: int = 0
    unknown: tuple[tuple[str, str], ...] = ()
    release: str = ""
    rejected: Path | None = None
    generation: str = ""
    changed: bool = False
    replaced: bool = False

    @property
    def clean(self) -> bool:
        """Say whether every row was kept."""
        return not self.read.faults


def import_mappings(
    workspace: Workspace,
    paths: Iterable[Path],
    *,
    name: str = "",
    rejected: Path | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    **options: Any,
) -> list[Imported]:
    """Import mapping files in one generation; a set of the same name is replaced.

    `options` are those of `read_mapping_file`. Rows that cannot be used are written to `rejected`, else to a new file
    beside the input; they never keep the others from being stored. A dry run writes nothing, and needs no graph.
    Raises SourceError for a file that cannot be read, StoreError for a store or side file that cannot be written;
    nothing is stored then.
    """
    files = [Path(path) for path in paths]
    if len(files) > 1 and (name or rejected):
        raise ParameterError("one name or side file cannot serve several files", advice="Import them one by one.")
    graph = _graph(workspace, needed=not dry_run)
    made = []
    for path in files:
        if progress:
            progress(f"reading {path.name}", 0, 0)
        read = read_mapping_file(path, graph=graph, name=name, **options)
        made.append(_checked(path, read, graph, workspace))
    made = _named_apart(made)
    if dry_run:
        return made
    made = [replace(one, rejected=_put_aside(one, rejected)) for one in made]
    kept = [one.read.set for one in made if one.read.kept]
    if not kept:
        return made
    before, held = workspace.current().name, {one.name for one in sets(graph)} if graph else set()
    generation = keep(workspace, kept, "mappings import " + " ".join(path.name for path in files), progress)
    new = generation != before
    return [
        replace(one, generation=generation, changed=new, replaced=new and one.read.set.name in held)
        if one.read.kept
        else one
        for one in made
    ]


def _graph(workspace: Workspace, *, needed: bool) -> Graph | None:
    from esco_graph.graph import Graph

    try:
        return Graph.open(workspace.path)
    except StoreError:
        if needed:
            raise
        return None


def _checked(path: Path, read: ReadSet, graph: Graph | None, workspace: Workspace) -> Imported:
    """Count the IRIs of ESCO that the loaded release has and has not."""
    if graph is None:
        return Imported(path, read)
    labels: dict[str, str] = {}
    for row in read.set.mappings:
        for iri, label in ((row.subject, row.subject_label), (row.object, row.object_label)):
            if is_esco(iri):
                labels.setdefault(iri, label)
    unknown = unknown_iris(graph, labels)
    release = str(workspace.current().about.get("release", ""))
    return Imported(path, read, len(labels) - len(unknown), tuple((iri, labels[iri]) for iri in unknown), release)


def _named_apart(made: list[Imported]) -> list[Imported]:
    """Name a set after its file when another file of the same import has the same title."""
    taken: set[str] = set()
    for at, one in enumerate(made):
        given = one.read.set
        if given.name in taken:
            name = set_name(one.path.stem)[:100].rstrip("-.")
            if name in taken:
                raise ParameterError(f"two files give the set {name!r}", advice="Import them one by one with --name.")
            base = given.iri[: -len(f"mapping/{given.name}")]
            made[at] = replace(one, read=replace(one.read, set=replace(given, name=name, iri=set_iri(name, base))))
        taken.add(made[at].read.set.name)
    return made


def _put_aside(one: Imported, rejected: Path | None) -> Path | None:
    """Write the rows left out; a side file with the same content is left as it is, another one never overwritten."""
    from esco_graph.files import replacing

    if one.clean:
        return None
    content = rejected_bytes(one.read.faults, one.read.names, one.path.name)
    path = rejected or rejected_path(one.path, content)
    if path.exists() and path.read_bytes() == content:
        return path
    if path.exists():
        raise StoreError("the file is there already", where=str(path), advice="Name another one with --rejected.")
    with replacing(path) as out:
        out.write(content)
    return path
