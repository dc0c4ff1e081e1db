"""The next generation of a workspace while it is written."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from esco_graph.errors import QueryError
from esco_graph.sparql import refuse_remote

if TYPE_CHECKING:
    from esco_graph.graph import Graph

OF_THE_BUILD = ("release", "langs", "counts", "sources", "report", "checks")
"""What about.json says of the build; it goes with each write, for the generation of the build may be pruned."""


@dataclass
class Added:
    """How many quads were new, and how many were dropped because another graph holds their triple."""

    new: int = 0
    held: int = 0


@dataclass
class Draft:
    """The next generation while it is written; nobody else sees it before it is published.

    `name` is that of the generation it becomes; `folder` is what is published, with all that is in it; `about` may be
    filled with facts for the history.
    """

    name: str
    store: ox.Store
    folder: Path
    about: dict[str, Any] = field(default_factory=dict)
    discarded: bool = False

    @property
    def scratch(self) -> Path:
        """Folder for temporary files; it goes before the rest is published."""
        return self.folder / "scratch"

    @property
    def graph(self) -> Graph:
        """The draft as a graph, for queries."""
        from esco_graph.graph import Graph

        return Graph(self.store, name=self.name)

    def discard(self) -> None:
        """Let the write end without a new generation."""
        self.discarded = True

    def update(self, sparql: str) -> None:
        """Run a SPARQL 1.1 update. LOAD and SERVICE are refused; the caller keeps each triple in one named graph.

        Raises QueryError when it does not parse or is refused.
        """
        refuse_remote(sparql, ("SERVICE", "LOAD"))
        try:
            self.store.update(sparql)
        except SyntaxError as error:
            raise QueryError(f"this is not a SPARQL update: {error}", where="update") from error

    def extend(self, quads: Iterable[ox.Quad]) -> Added:
        """Add quads, except those whose triple another graph holds already."""
        added = Added()
        fresh: dict[ox.Triple, ox.Quad] = {}
        for quad in quads:
            holders = {q.graph_name for q in self.store.quads_for_pattern(quad.subject, quad.predicate, quad.object)}
            if quad.triple in fresh:
                holders.add(fresh[quad.triple].graph_name)
            if holders - {quad.graph_name}:
                added.held += 1
            elif quad.graph_name not in holders:
                added.new += 1
                fresh[quad.triple] = quad
        self.store.extend(fresh.values())
        return added

    def close(self) -> None:
        """Let go of the store, so that RocksDB closes its files before they are moved or removed."""
        vars(self).pop("store", None)
        gc.collect()
        shutil.rmtree(self.scratch, ignore_errors=True)
