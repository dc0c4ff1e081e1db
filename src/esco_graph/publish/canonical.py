"""Names for blank nodes that follow from the data alone, so that the same graph gives the same bytes."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from esco_graph.errors import ParameterError

_BUDGET = 1_000_000  # looks at a quad: a few seconds
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | ox.DefaultGraph
Mentions = dict[ox.BlankNode, list[tuple[Term, ...]]]
Colours = dict[ox.BlankNode, str]


def blank_labels(quads: Iterable[ox.Quad]) -> dict[ox.BlankNode, ox.BlankNode]:
    """Name the blank nodes of the quads b0, b1, …; only the quads that mention one are needed.

    Nodes are told apart by what is said of them, then of their neighbours. Of nodes that still look alike each is
    singled out on trial and the trial that sorts first is kept; trials that look alike are taken for symmetric.
    Raises ParameterError when the nodes are so entangled that this takes more than a few seconds.

    >>> quad = ox.Quad(ox.BlankNode("x"), ox.NamedNode("http://example.org/p"), ox.BlankNode("y"))
    >>> sorted(label.value for label in blank_labels([quad]).values())
    ['b0', 'b1']
    """
    mentions: Mentions = defaultdict(list)
    for quad in quads:
        terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
        for node in {term for term in terms if isinstance(term, ox.BlankNode)}:
            mentions[node].append(terms)
    return _Naming(mentions).labels()


class _Naming:
    """The colours of the nodes while they are told apart, and what that has cost so far."""

    def __init__(self, mentions: Mentions) -> None:
        self.mentions = mentions
        self.colours: Colours = {}
        self.cost = 0

    def labels(self) -> dict[ox.BlankNode, ox.BlankNode]:
        """Number the nodes part by part; parts that look the same are interchangeable."""
        self.colours = self._refine(dict.fromkeys(self.mentions, ""))
        parts = [self._tell_apart(part) for part in self._parts()]
        order = [node for part in sorted(parts, key=_signature) for node in sorted(part, key=lambda node: part[node])]
        return {node: ox.BlankNode(f"b{number}") for number, node in enumerate(order)}

    def _parts(self) -> list[list[ox.BlankNode]]:
        """Nodes of a unique colour alone, the others together with the alike ones that they touch."""
        sizes = Counter(self.colours.values())
        left = set(self.mentions)
        parts = []
        while left:
            todo = [left.pop()]
            part = []
            while todo:
                node = todo.pop()
                part.append(node)
                if sizes[self.colours[node]] > 1:
                    near = {term for terms in self.mentions[node] for term in terms if isinstance(term, ox.BlankNode)}
                    found = [other for other in near & left if sizes[self.colours[other]] > 1]
                    left.difference_update(found)
                    todo += found
            parts.append(part)
        return parts

    def _tell_apart(self, part: list[ox.BlankNode]) -> Colours:
        colours = {node: self.colours[node] for node in part}
        while len(set(colours.values())) < len(part):
            sizes = Counter(colours.values())
            colour = min(colour for colour, size in sizes.items() if size > 1)
            alike = [node for node in part if colours[node] == colour]
            trials = (self._refine(colours | {node: f"{colour}!"}) for node in alike)
            colours = min(trials, key=_signature)
        return colours

    def _refine(self, colours: Colours) -> Colours:
        """Mix what is said of each node, seen with its neighbours' colours, into its colour until no more differ."""
        distinct = 0
        while len(set(colours.values())) > distinct:
            distinct = len(set(colours.values()))
            colours = {node: self._mix(node, colours) for node in colours}
        return colours

    def _mix(self, node: ox.BlankNode, colours: Colours) -> str:
        said = self.mentions[node]
        self.cost += len(said)
        if self.cost > _BUDGET:
            raise ParameterError(
                f"{len(self.mentions)} blank nodes are too much alike to be given stable names",
                advice="Give them IRIs.",
            )
        lines = sorted(" ".join(self._seen_from(node, term, colours) for term in terms) for terms in said)
        return hashlib.sha256("\n".join([colours[node], *lines]).encode()).hexdigest()

    def _seen_from(self, node: ox.BlankNode, term: Term, colours: Colours) -> str:
        if not isinstance(term, ox.BlankNode):
            return str(term)
        if term == node:
            return "_:"
        return f"_:{colours[term] if term in colours else self.colours[term]}"


def _signature(colours: Colours) -> list[str]:
    return sorted(colours.values())
