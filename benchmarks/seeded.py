"""Realistic data of a wished size with a known number of known defects, cut from a built release.

    python benchmarks/seeded.py STORE TRIPLES OUT.nt [--seed 1] [--each 5]

Whole neighbourhoods of occupations are taken, at random, until the size is reached: the occupation, its skills, its
ISCO groups, and everything that is broader. Relations to concepts that were not taken are left out, so that nothing
dangles but what the release itself leaves dangling. Then each defect is made on nodes of its own. The same seed gives
the same bytes.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox

from esco_graph.graph import Graph
from esco_graph.terms import ESCO, ISCO, RDF, REUSE_LEVEL, SKILL, SKILL_TYPE, SKOS

Node = ox.NamedNode
Pair = tuple[Node, Node | ox.BlankNode | ox.Literal]
TYPE, CONCEPT = Node(RDF + "type"), Node(SKOS + "Concept")
PREFERRED, ALTERNATIVE, BROADER = (Node(SKOS + name) for name in ("prefLabel", "altLabel", "broader"))
NOTATION, ISCO_GROUP = Node(SKOS + "notation"), Node(ESCO + "memberOfISCOGroup")
ESSENTIAL, OPTIONAL = Node(ESCO + "relatedEssentialSkill"), Node(ESCO + "relatedOptionalSkill")
KIND, REUSE = Node(ESCO + "skillType"), Node(ESCO + "skillReuseLevel")
NEEDED = {
    "Skill": (BROADER, KIND, REUSE),
    "Occupation": (BROADER, ISCO_GROUP, NOTATION, ESSENTIAL),
    "Group": (BROADER, NOTATION),
}
NEIGHBOURS = frozenset({BROADER, ISCO_GROUP, ESSENTIAL, OPTIONAL})
NOWHERE = "00000000-0000-4000-8000-"
"""Begins the last part of IRIs that no release has."""


class Data:
    """Statements by subject, with what it takes to change some of them."""

    def __init__(self, about: dict[Node, list[Pair]]) -> None:
        self.about = about

    @classmethod
    def read(cls, graph: Graph) -> Data:
        about: dict[Node, list[Pair]] = {}
        for quad in graph.quads():
            if isinstance(quad.subject, Node):
                about.setdefault(quad.subject, []).append((quad.predicate, quad.object))
        return cls(about)

    def values(self, node: Node, predicate: Node) -> list[object]:
        return [value for name, value in self.about.get(node, ()) if name == predicate]

    def nodes(self, kind: Node) -> list[Node]:
        return sorted((node for node, pairs in self.about.items() if (TYPE, kind) in pairs), key=str)

    def add(self, node: Node, predicate: Node, value: Node | ox.Literal) -> None:
        self.about[node].append((predicate, value))

    def drop(self, node: Node, predicate: Node) -> None:
        self.about[node] = [pair for pair in self.about[node] if pair[0] != predicate]

    def replace(self, node: Node, predicate: Node, value: Node | ox.Literal) -> None:
        self.drop(node, predicate)
        self.add(node, predicate, value)

    def __len__(self) -> int:
        return sum(map(len, self.about.values()))

    def lines(self) -> Iterator[str]:
        for node in sorted(self.about, key=str):
            yield from sorted(f"{node} {name} {value} .\n" for name, value in set(self.about[node]))


# --- a part of a release ---------------------------------------------------------------------------------------------


def part(whole: Data, triples: int, seed: int) -> Data:
    """Take about so many triples, never more; the whole when it has no more."""
    if len(whole) <= triples:
        return Data({node: list(pairs) for node, pairs in whole.about.items()})
    concepts = set(whole.nodes(CONCEPT))
    occupations = whole.nodes(Node(ESCO + "Occupation"))
    random.Random(seed).shuffle(occupations)
    few, many = 0, len(occupations)
    while many - few > 1:
        middle = (few + many) // 2
        if len(_cut(whole, concepts, occupations[:middle])) <= triples:
            few = middle
        else:
            many = middle
    return _cut(whole, concepts, occupations[:few])


def _cut(whole: Data, concepts: set[Node], occupations: list[Node]) -> Data:
    taken: set[object] = set()
    todo: list[object] = list(occupations)
    while todo:
        node = todo.pop()
        if node in concepts and node not in taken:
            taken.add(node)
            todo += (value for name, value in whole.about[node] if name in NEIGHBOURS)  # type: ignore[index]
    left = concepts - taken
    return Data(
        {
            node: [pair for pair in pairs if pair[1] not in left]
            for node, pairs in whole.about.items()
            if node not in left
        }
    )


# --- defects ---------------------------------------------------------------------------------------------------------


def _label(data: Data, node: Node, change: Callable[[str], str]) -> None:
    """Add an alternative label that nothing else has, with one fault."""
    data.add(node, ALTERNATIVE, ox.Literal(change(f"seeded label {str(node)[-6:-1]}"), language="en"))


def _preferred(data: Data, node: Node) -> ox.Literal:
    return min((value for value in data.values(node, PREFERRED) if isinstance(value, ox.Literal)), key=str)


def _nowhere(space: str, node: Node) -> Node:
    return Node(f"{space}{NOWHERE}{str(node)[-13:-1]}")


def _both(data: Data, node: Node) -> None:
    skill = min((value for value in data.values(node, ESSENTIAL) if isinstance(value, Node)), key=str)
    data.add(node, OPTIONAL, skill)


def _https(data: Data, node: Node) -> None:
    broader = min((value for value in data.values(node, BROADER) if isinstance(value, Node)), key=str)
    data.about[node].append((BROADER, Node(broader.value.replace("http:", "https:", 1))))


def _untagged(data: Data, node: Node) -> None:
    data.add(node, ALTERNATIVE, ox.Literal(f"seeded label {str(node)[-6:-1]}"))


DEFECTS: dict[str, tuple[str, Callable[[Data, Node], None]]] = {
    "ESG101": ("Skill", lambda data, node: data.drop(node, PREFERRED)),
    "ESG102": ("Skill", lambda data, node: data.add(node, PREFERRED, ox.Literal("a second label", language="en"))),
    "ESG103": ("Skill", _untagged),
    "ESG104": ("Skill", lambda data, node: _label(data, node, lambda _: "")),
    "ESG105": ("Skill", lambda data, node: _label(data, node, lambda text: text + " ")),
    "ESG106": ("Skill", lambda data, node: _label(data, node, lambda text: text.replace(" ", "  "))),
    "ESG107": ("Skill", lambda data, node: _label(data, node, lambda text: f"<b>{text}</b>")),
    "ESG108": ("Skill", lambda data, node: data.add(node, ALTERNATIVE, _preferred(data, node))),
    "ESG203": ("Occupation", lambda data, node: data.drop(node, ISCO_GROUP)),
    "ESG206": ("Occupation", lambda data, node: data.replace(node, NOTATION, ox.Literal("none"))),
    "ESG209": ("Occupation", lambda data, node: data.add(node, ESSENTIAL, _nowhere(SKILL, node))),
    "ESG210": ("Occupation", lambda data, node: data.drop(node, BROADER)),
    "ESG302": ("Skill", lambda data, node: data.drop(node, KIND)),
    "ESG304": ("Skill", lambda data, node: data.replace(node, KIND, Node(SKILL_TYPE + "attitude"))),
    "ESG305": ("Skill", lambda data, node: data.drop(node, REUSE)),
    "ESG307": ("Skill", lambda data, node: data.replace(node, REUSE, Node(REUSE_LEVEL + "universal"))),
    "ESG401": ("Occupation", _both),
    "ESG402": ("Skill", lambda data, node: data.add(node, BROADER, _nowhere(SKILL, node))),
    "ESG404": ("Skill", _https),
    "ESG502": ("Group", lambda data, node: data.replace(node, NOTATION, ox.Literal("none"))),
    "ESG506": ("Group", lambda data, node: data.drop(node, BROADER)),
}
"""Code -> the kind of node, and what is done to it: one finding of that code, and perhaps some of other codes."""


def seed_defects(data: Data, each: int, seed: int) -> Counter[str]:
    """Make so many defects of each code, each on a sound node of its own; gives how many were made by code."""
    chance, made = random.Random(seed), Counter[str]()
    free = {kind: [node for node in nodes if _sound(data, node, NEEDED[kind])] for kind, nodes in _kinds(data).items()}
    for kind in free:
        chance.shuffle(free[kind])
    for code, (kind, spoil) in DEFECTS.items():
        for _ in range(min(each, len(free[kind]))):
            spoil(data, free[kind].pop())
            made[code] += 1
    return made


def _kinds(data: Data) -> dict[str, list[Node]]:
    groups = [node for node in data.nodes(CONCEPT) if node.value.startswith(ISCO)]
    return {kind: data.nodes(Node(ESCO + kind)) for kind in ("Skill", "Occupation")} | {"Group": groups}


def _sound(data: Data, node: Node, needed: tuple[Node, ...]) -> bool:
    """Say whether a node has what the defects take away or repeat."""
    alternatives = set(data.values(node, ALTERNATIVE))
    preferred = data.values(node, PREFERRED)
    return len(preferred) == 1 and preferred[0] not in alternatives and all(data.values(node, p) for p in needed)


def write(store: Path, triples: int, out: Path, *, seed: int = 1, each: int = 5) -> Counter[str]:
    """Write seeded N-Triples of about so many triples; gives how many defects of each code are in them."""
    data = part(Data.read(Graph.open(store)), triples, seed)
    made = seed_defects(data, each, seed)
    out.write_text("".join(data.lines()), "utf-8")
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("triples", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=5)
    args = parser.parse_args()
    made = write(args.store, args.triples, args.out, seed=args.seed, each=args.each)
    print("\n".join(f"{code}\t{count}" for code, count in made.items()))


if __name__ == "__main__":
    main()
