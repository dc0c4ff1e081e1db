"""The words and bounds of career questions, without numpy: the command line takes its choices from here."""

from __future__ import annotations

LEVELS: dict[str, str] = {
    "any": "every occupation",
    "same": "the same ISCO-08 skill level as the start",
    "next": "exactly one level above the start",
    "higher": "any level above the start",
    "lower": "any level below the start",
}
"""How the ISCO-08 skill level of the others must compare to that of the start."""

DIRECTIONS: dict[str, str] = {
    "any": "every step",
    "up": "at a higher ISCO-08 skill level",
    "same": "at the same level",
    "down": "at a lower level",
}
"""The directions of a career step; a step from or to an unknown level has none of them."""

TOP_LEVEL, BOTTOM_LEVEL = 4, 1  # of ISCO-08

STEP_COST = 0.1
"""What each step of a path costs beside its squared gap, so that paths stay short (docs/careers.md measures it)."""

NEIGHBOURS, WIDER = 10, 20
"""A path goes over each occupation's so many nearest ones, then over so many when none is found (stored: 20)."""

MOST_HOPS = 4
MOST_PATHS = 20
MOST_TIMES = 2
"""A path of more than so many times the effort of the direct jump is no help, and is left out."""
EFFORT = 0.35
"""The budget of `reachable` where none is given: about one direct step with half of the essential skills missing."""
