"""Blank nodes from one reading of a file to the next: names that last, and which node is which.

A parser gives each node without a label a random name. Here it gets one of the node that leads to it, the property and
a number, such as `_:anna.hasLink.2`; so reports of the same file are the same, and a baseline finds a node again.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from esco_graph.terms import RDF

_ROUNDS = 4  # how far a node looks around itself
_RANDOM = re.compile(r"[0-9a-f]{20,32}")  # how Oxigraph names nodes: 128 random bits
_NUMBERED = re.compile(r"\w[\w.-]*\.\d+", re.ASCII)
_OTHER = re.compile(r"[^A-Za-z0-9_]+")
_LONG = 60  # characters of an IRI in a name, and of a name that is part of another one
_IN_LIST = frozenset({RDF + "first", RDF + "rest"})

Triple = tuple[str, str, str]
Named = dict[str, str]


# --- names that last --------------------------------------------------------------------------------------------------


def lasting_names(quads: Iterable[ox.Quad], renamed: Named | None = None) -> Iterator[ox.Quad]:
    """Pass on the statements of a file as they are parsed, with names for its blank nodes that its text decides.

    Nodes with a label keep it. Statements with blank nodes come last, for they wait until all names are known; the
    others pass by. `renamed` is filled with the parser's name and the new one of each node.

    >>> turtle = "@prefix e: <http://example.org/> . e:anna e:holds [ e:skill e:x ] , [ e:skill e:y ] . _:b e:p 1 ."
    >>> quads = lasting_names(ox.parse(turtle, ox.RdfFormat.TURTLE))
    >>> [quad.subject.value for quad in quads if isinstance(quad.subject, ox.BlankNode)]
    ['anna.holds.1', 'anna.holds.2', 'b']
    """
    waiting: list[ox.Quad] = []
    for quad in quads:
        if any(isinstance(term, ox.BlankNode) for term in (quad.subject, quad.object, quad.graph_name)):
            waiting.append(quad)
        else:
            yield quad
    names = {} if renamed is None else renamed
    names |= _Namer(waiting).names()

    def name(term: object) -> object:
        return ox.BlankNode(names[term.value]) if isinstance(term, ox.BlankNode) and term.value in names else term

    for quad in waiting:
        yield ox.Quad(name(quad.subject), quad.predicate, name(quad.object), name(quad.graph_name))  # type: ignore[arg-type]


def lasting_name(name: str) -> str:
    """Give what the next version of a file keeps of a blank node's name: it without its numbers, or "".

    >>> lasting_name("anna.holds.2"), lasting_name("anna.holds.1.skill.3"), lasting_name("b1")
    ('anna.holds', 'anna.holds.skill', '')
    """
    return re.sub(r"\.\d+(?=\.|$)", "", name) if _NUMBERED.fullmatch(name) else ""


class _Namer:
    """Name the nodes without a label that statements speak of, in the order in which they come up."""

    def __init__(self, quads: Sequence[ox.Quad]) -> None:
        terms = (term for quad in quads for term in (quad.subject, quad.object, quad.graph_name))
        nodes = dict.fromkeys(term.value for term in terms if isinstance(term, ox.BlankNode))
        self._random = [name for name in nodes if _RANDOM.fullmatch(name)]
        self._taken = nodes.keys() - set(self._random)
        self._owners: dict[str, ox.Quad] = {}
        self._kinds: dict[str, str] = {}
        for quad in quads:
            if isinstance(quad.object, ox.BlankNode):
                self._owners.setdefault(quad.object.value, quad)
            elif quad.predicate.value == RDF + "type" and isinstance(quad.subject, ox.BlankNode):
                self._kinds.setdefault(quad.subject.value, _last(str(quad.object).strip("<>")))
        self._names: Named = {}
        self._stems: dict[str, str] = {}
        self._counts: Counter[str] = Counter()

    def names(self) -> Named:
        """Map the parser's name of each node to the new one."""
        unnamed = set(self._random)
        for node in self._random:
            chain: dict[str, None] = {}
            while node in unnamed and node not in chain:
                chain[node] = None
                node = self._owner(node)
            for one in reversed(chain):
                self._name(one)
            unnamed -= chain.keys()
        return self._names

    def _owner(self, node: str) -> str:
        """Give the blank node that leads to a node, "" when none does."""
        link = self._owners.get(node)
        return link.subject.value if link and isinstance(link.subject, ox.BlankNode) else ""

    def _name(self, node: str) -> None:
        stem = self._stems[node] = self._stem(node)
        while True:
            self._counts[stem] += 1
            name = f"{stem}.{self._counts[stem]}"
            if name not in self._taken:
                break
        self._taken.add(name)
        self._names[node] = name

    def _stem(self, node: str) -> str:
        """Write who leads to the node and how; its class when no one does. Members of a list are its owner's."""
        link = self._owners.get(node)
        if link is None:
            return self._kinds.get(node, "node")
        how, owner = _last(link.predicate.value), self._owner(node)
        if isinstance(link.subject, ox.NamedNode):
            return f"{_last_two(link.subject.value)}.{how}"
        if link.predicate.value in _IN_LIST and owner in self._stems:
            return self._stems[owner]
        above = self._names.get(owner, "" if _RANDOM.fullmatch(owner) else owner)
        return f"{above}.{how}" if 0 < len(above) <= _LONG else how


def _last(iri: str) -> str:
    return _word(re.split(r"[/#:]", iri.rstrip("/#"))[-1]) or "node"


def _last_two(iri: str) -> str:
    """Take the last two steps of an IRI's path: `me` alone, as in `anna#me`, may be anyone."""
    path = iri.partition("://")[2].partition("/")[2] or iri
    return _word("-".join(re.split(r"[/#:]", path.rstrip("/#"))[-2:])) or "node"


def _word(text: str) -> str:
    return _OTHER.sub("-", text[-_LONG:]).strip("-")


# --- which node is which ----------------------------------------------------------------------------------------------


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
