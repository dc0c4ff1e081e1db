"""A knowledge-graph toolkit for ESCO: build, validate, query and export skills and occupations as linked data.

>>> from esco_graph import Graph, build, sample_paths, similar, Workspace
>>> import tempfile
>>> folder = tempfile.TemporaryDirectory()
>>> build(Workspace(folder.name), sample_paths()).counts["occupations"]
18
>>> graph = Graph.open(folder.name)
>>> ranking = similar(graph, "http://data.europa.eu/esco/occupation/82cbe20d-967c-4161-9ecd-eafc724d171c", level="same")
>>> ranking.rows[0].label
'occupational therapist'
>>> folder.cleanup()
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from esco_graph.lazy import getter

__version__ = "0.1.0"

if TYPE_CHECKING:
    from esco_graph.builder import BuildSummary, build, sample_paths
    from esco_graph.careers import next_steps, paths, reachable, similar
    from esco_graph.endpoint import Endpoint
    from esco_graph.errors import EscoGraphError
    from esco_graph.graph import Graph
    from esco_graph.importer import ImportSummary, import_page
    from esco_graph.labels import LabelIndex, Match, find_concept
    from esco_graph.persons.match import match
    from esco_graph.persons.model import Person
    from esco_graph.persons.read import read_person
    from esco_graph.publish import write, write_file
    from esco_graph.query import StoredQuery, Table, catalogue, stored
    from esco_graph.skills.gap import gap
    from esco_graph.skills.matrix import SkillMatrix, SkillSet
    from esco_graph.skills.overlap import overlap
    from esco_graph.solutions import Solutions
    from esco_graph.validation import Finding, Report, validate
    from esco_graph.workspace import Workspace

# Where each public name lives; a module is imported when its name is first used, so that the command line starts fast.
_HOMES = {
    "builder": ("BuildSummary", "build", "sample_paths"),
    "careers": ("next_steps", "paths", "reachable", "similar"),
    "endpoint": ("Endpoint",),
    "errors": ("EscoGraphError",),
    "graph": ("Graph",),
    "importer": ("ImportSummary", "import_page"),
    "labels": ("LabelIndex", "Match", "find_concept"),
    "persons.match": ("match",),
    "persons.model": ("Person",),
    "persons.read": ("read_person",),
    "publish": ("write", "write_file"),
    "query": ("StoredQuery", "Table", "catalogue", "stored"),
    "skills.gap": ("gap",),
    "skills.matrix": ("SkillMatrix", "SkillSet"),
    "skills.overlap": ("overlap",),
    "solutions": ("Solutions",),
    "validation": ("Finding", "Report", "validate"),
    "workspace": ("Workspace",),
}
__getattr__ = getter(__name__, _HOMES)

__all__ = [
    "BuildSummary",
    "Endpoint",
    "EscoGraphError",
    "Finding",
    "Graph",
    "ImportSummary",
    "LabelIndex",
    "Match",
    "Person",
    "Report",
    "SkillMatrix",
    "SkillSet",
    "Solutions",
    "StoredQuery",
    "Table",
    "Workspace",
    "build",
    "catalogue",
    "find_concept",
    "gap",
    "import_page",
    "match",
    "next_steps",
    "overlap",
    "paths",
    "reachable",
    "read_person",
    "sample_paths",
    "similar",
    "stored",
    "validate",
    "write",
    "write_file",
]
