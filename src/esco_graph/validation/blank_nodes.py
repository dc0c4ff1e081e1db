"""Tell which blank node of one reading of a file is which of another reading, by what is said about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

_ROUNDS = 4  # how far a node looks around itself

Triple = tuple[str, str, str]


def matched(
    ones: Sequence[Triple], nodes: Iterable[str], others: Sequence[Triple], more: Iterable[str]
) -> dict[str, str]:
    """Map each of `nodes`, which are in the triples `ones`, to its like among `more`, which are in `others`.

    Two nodes are alike when the same is said of them and of what is around them. Nodes that nothing tells apart are
    taken in their order; a node without its like is left out.

    >>> matched([("[1]", "p", "x"), ("[2]", "p", "y")], ["[1]", "[2]"], [("b", "p", "y"), ("a", "p", "x")], ["a", "b"])
    {'[1]': 'a', '[2]': 'b'}
    """
    waiting: dict[int, list[str]] = defaultdict(list)
    for node, colour in _colours(others, more).items():
        waiting[colour].append(node)
    for alike in waiting.values():
        alike.reverse()
    return {node: waiting[colour].pop() for node, colour in _colours(ones, nodes).items() if waiting.get(colour)}


def _colours(triples: Sequence[Triple], nodes: Iterable[str]) -> dict[str, int]:
    """Give each node a number that is the same for nodes that look the same, farther around with each round."""
    colours = dict.fromkeys(nodes, 0)
    for _ in range(_ROUNDS):
        signs: Mapping[str, list[int]] = {node: [] for node in colours}
        for subject, predicate, value in triples:
            if subject in signs:
                signs[subject].append(hash((predicate, colours.get(value, value))))
            if value in signs:
                signs[value].append(hash((colours.get(subject, subject), predicate, "")))
        colours = {node: hash((colours[node], *sorted(signs[node]))) for node in colours}
    return colours
