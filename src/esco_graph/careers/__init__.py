"""Career questions: who is similar, what could come next, which way leads there, what is within reach.

Importing this package imports neither numpy nor scipy: the command line takes its choices from `careers.names`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from esco_graph.careers.names import DIRECTIONS, LEVELS
from esco_graph.lazy import getter

if TYPE_CHECKING:
    from esco_graph.careers.places import Place
    from esco_graph.careers.ranking import Ranking
    from esco_graph.careers.reach import Reached, reachable
    from esco_graph.careers.routes import Path, Paths, Step, paths
    from esco_graph.careers.similar_to import RankedOccupation, similar
    from esco_graph.careers.steps import NextStep, next_steps

_HOMES = {
    "places": ("Place",),
    "ranking": ("Ranking",),
    "reach": ("Reached", "reachable"),
    "routes": ("Path", "Paths", "Step", "paths"),
    "similar_to": ("RankedOccupation", "similar"),
    "steps": ("NextStep", "next_steps"),
}
__getattr__ = getter(__name__, _HOMES)

__all__ = [
    "DIRECTIONS",
    "LEVELS",
    "NextStep",
    "Path",
    "Paths",
    "Place",
    "RankedOccupation",
    "Ranking",
    "Reached",
    "Step",
    "next_steps",
    "paths",
    "reachable",
    "similar",
]
