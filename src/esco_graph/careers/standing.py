"""Where a start stands by ISCO-08 skill level: what its steps are called up, same or down against."""

from __future__ import annotations

import numpy as np

from esco_graph.skills.matrix import FloatArray, SkillMatrix, SkillSet
from esco_graph.skills.measures import scores

MEASURE = "likeness"


def standing(matrix: SkillMatrix, held: SkillSet, found: FloatArray | None = None) -> int | None:
    """Give the row of the occupation whose level a start has; None where there is none to go by.

    An occupation has its own. A person has that of the nearest one among the occupations that the file says the person
    has or had, else of the nearest of all, by likeness; those without a level do not count, and ties go to the first
    by IRI. `found` is the likeness of every occupation, where it is known already.
    """
    row = matrix.find(held.iri)
    if row is not None:
        return row
    had = {at for iri in held.held_occupations if (at := matrix.find(iri)) is not None and matrix.level[at]}
    near = np.round(scores(matrix, held, MEASURE) if found is None else found, 6)
    rows = np.array(sorted(had), dtype=np.intp) if had else np.flatnonzero((near > 0) & (matrix.level > 0))
    return int(rows[np.argmax(near[rows])]) if len(rows) else None
