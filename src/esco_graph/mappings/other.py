"""Mapping files that are no tables of the Commission's form: SSSOM and RDF."""

from __future__ import annotations

from pathlib import Path

from esco_graph.mappings.faults import Fault
from esco_graph.mappings.model import MappingSet
from esco_graph.profiles.model import DEFAULT_BASE


def read_other(
    path: Path, kind: str, *, base: str = DEFAULT_BASE, name: str = ""
) -> tuple[MappingSet, tuple[Fault, ...], tuple[str, ...]]:
    """Read an "sssom" table or an "rdf" file: the set, the rows left out, and the names of the columns.

    Raises SourceError for a file that is neither.
    """
    if kind == "sssom":
        from esco_graph.mappings.sssom import read_sssom

        found = read_sssom(path, base=base, name=name)
        return found.set, found.faults, found.names
    from esco_graph.mappings.skos import read_rdf_set

    return read_rdf_set(path, base=base, name=name), (), ()
