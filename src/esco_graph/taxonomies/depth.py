"""How many concepts of a classification stand on each level, counted from the top."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from esco_graph.taxonomies.taxonomy import Concept


def levels(concepts: Iterable[Concept]) -> list[int]:
    """Count the concepts on each level; a concept stands one below the lowest of its broader ones.

    What goes round in a circle is counted nowhere.

    >>> top = Concept("http://example.org/1", "1", "one", "en")
    >>> levels([top, Concept("http://example.org/11", "11", "more", "en", broader=(top.iri,))])
    [1, 1]
    """
    above = {concept.iri: concept.broader for concept in concepts}
    depth: dict[str, int] = {}
    waiting = list(above)
    while waiting:
        later = []
        for iri in waiting:
            parents = [parent for parent in above[iri] if parent in above]
            if all(parent in depth for parent in parents):
                depth[iri] = 1 + max((depth[parent] for parent in parents), default=0)
            else:
                later.append(iri)
        if len(later) == len(waiting):
            break
        waiting = later
    counts = Counter(depth.values())
    return [counts[level] for level in sorted(counts)]
