"""Career questions: who is similar, what could come next, which way leads there, what is within reach.

Importing this package imports neither numpy nor scipy: the command line takes its choices from `careers.names`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from esco_graph.careers.names import DIRECTIONS, LEVELS

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
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

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


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'esco_graph.careers' has no attribute {name!r}")
    value = getattr(import_module(f"esco_graph.careers.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
