"""What `esco-graph validate` looks at: the whole graph, one concept or profile, or an RDF file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from esco_graph.cli.options import open_beside, open_graph
from esco_graph.cli.output import quoted, say_aside

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.validation import Report


def run(target: str | None, options: dict[str, Any], **how: Any) -> tuple[Report, bool]:
    """Validate what `target` names; says too whether all of a graph or file was looked at.

    `options` are those of `graph_options`, with `sources` and `engine`; `how` goes to `validate`.
    """
    from esco_graph.graph import Graph
    from esco_graph.sources.data_file import read_file
    from esco_graph.validation import validate
    from esco_graph.validation.positions import Positions

    sources = options.pop("sources")
    how["engine"] = options.pop("engine")
    if target and is_file(target):
        how["positions"] = positions = Positions([target, *sources])
        data = Graph.memory(positions.follow(target, read_file(Path(target))))
        return validate(data, context=open_beside(options), **how), True
    how["positions"] = places = Positions(sources) if sources else None
    graph, focus = open_at(target, options)
    report = validate(graph, focus=focus, **how)
    if places is not None and report.findings and not places.found:
        say_aside(f"No finding has a place in {', '.join(map(quoted, sources))}.")
    return report, target is None


def open_at(target: str | None, options: dict[str, Any]) -> tuple[Graph, str | None]:
    """Open the graph, and look up the IRI of a concept in it; a folder that is no concept either is told as such."""
    from esco_graph.errors import NotFoundError, SourceError, StoreError
    from esco_graph.labels import find_concept

    try:
        graph = open_graph(options)
        return graph, find_concept(graph, target).iri if target else None
    except (NotFoundError, StoreError) as error:
        if target and _is_folder(target):
            raise SourceError("this is a folder", where=target, advice="Name an RDF file in it.") from error
        raise


def is_file(target: str) -> bool:
    """Say whether the target is a file, be it missing, rather than a concept; refuse an ESCO download.

    A label may be too long for a file's name, and a folder may have the name of a concept.
    """
    from esco_graph.errors import SourceError
    from esco_graph.sources.archive import SUFFIXES
    from esco_graph.sources.data_file import is_named_as_rdf

    path = Path(target)
    try:
        if (path.is_dir() or (path.suffix.lower() in SUFFIXES and path.exists())) and _is_download(path):
            name = quoted(path)
            advice = f"Build it first: esco-graph build {name} && esco-graph validate --sources {name}"
            raise SourceError("this is an ESCO download, not an RDF file", where=target, advice=advice)
        return path.is_file() or ("://" not in target and is_named_as_rdf(path) and not path.is_dir())
    except OSError:
        return "://" not in target and is_named_as_rdf(path)


def _is_download(path: Path) -> bool:
    """Say whether a folder, zip or CSV file holds a table of ESCO's."""
    from esco_graph.errors import SourceError
    from esco_graph.sources.archive import find_members
    from esco_graph.sources.csv_release import ORDER

    try:
        members, _ = find_members([path])
    except SourceError:  # nothing in it, or nothing that can be read
        return False
    return any(member.table in ORDER for member in members)


def _is_folder(target: str) -> bool:
    try:
        return Path(target).is_dir()
    except OSError:
        return False
