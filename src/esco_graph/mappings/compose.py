"""What follows from two mappings in a row: the composition of SKOS mapping relations, as a table.

The rules are those of SKOS (Reference, section 10) and the chaining rules of SSSOM, and no more:

- exactMatch is transitive (SKOS S45; SSSOM T1).
- Across exactMatch any relation stays what it is (SSSOM RCE1, RCE2). SKOS calls exactly matching concepts
  interchangeable in a wide range of uses, so a concept that is close to one of them is close to the other.
- broadMatch follows broadMatch, and narrowMatch narrowMatch (SSSOM T1): both entail skos:broaderTransitive (SKOS S22,
  S24, S41). The combined broadMatch says no more than that.
- closeMatch is not transitive, "to avoid the possibility of compound errors" (SKOS section 10.1), and nothing follows
  from any other pair. Such a path is a lead for a person, never a mapping.

https://www.w3.org/TR/skos-reference/#mapping, https://mapping-commons.github.io/sssom/chaining-rules/
"""

from __future__ import annotations

from collections.abc import Iterable

from esco_graph.mappings.model import RELATIONS

EXACT, CLOSE, BROAD, NARROW, RELATED = "exact", "close", "broad", "narrow", "related"  # the words of RELATIONS
LEAD = "lead"
"""The word for a path from which no relation follows."""

WORD_OF = {iri: word for word, iri in RELATIONS.items()}
"""The IRI of a mapping property -> its word; `mapped` is some relation that nobody has decided."""

STRENGTH = {word: rank for rank, word in enumerate((EXACT, CLOSE, BROAD, NARROW, RELATED, LEAD))}
"""Relation -> its rank among the answers of several paths, 0 for the strongest.

Exact before close, since it is a sub-property of it (SKOS S42). Broad before narrow, since a broader concept claims
less. The order decides what is shown, never what is true.
"""

INVERSE = {BROAD: NARROW, NARROW: BROAD}  # SKOS S43; the others may be read both ways (S44)

COMPOSED = {
    (EXACT, EXACT): EXACT,
    (EXACT, CLOSE): CLOSE,
    (CLOSE, EXACT): CLOSE,
    (EXACT, BROAD): BROAD,
    (BROAD, EXACT): BROAD,
    (BROAD, BROAD): BROAD,
    (EXACT, NARROW): NARROW,
    (NARROW, EXACT): NARROW,
    (NARROW, NARROW): NARROW,
    (EXACT, RELATED): RELATED,
    (RELATED, EXACT): RELATED,
}
"""(first, second) -> what follows. A pair that is not here gives a lead."""

_CLASHES = ({EXACT, BROAD}, {EXACT, NARROW}, {EXACT, RELATED}, {BROAD, NARROW})  # SKOS S46, and a cycle of broader


def inverse(relation: str) -> str:
    """Give the relation of the second concept to the first.

    >>> inverse("broad"), inverse("close")
    ('narrow', 'close')
    """
    return INVERSE.get(relation, relation)


def compose(first: str, second: str) -> str:
    """Say what A has to C when A has `first` to B and B has `second` to C; `lead` when nothing follows.

    >>> compose("broad", "exact"), compose("close", "close"), compose("broad", "narrow")
    ('broad', 'lead', 'lead')
    """
    return COMPOSED.get((first, second), LEAD)


def chain(relations: Iterable[str]) -> str:
    """Compose any number of relations in a row; of none it is exact, which changes nothing.

    >>> chain(["exact", "broad", "broad"]), chain([]), chain(["mapped"])
    ('broad', 'exact', 'lead')
    """
    found = EXACT
    for relation in relations:
        found = compose(found, relation)
    return found


def strongest(relations: Iterable[str]) -> str:
    """Give the strongest of what several paths say; raises ValueError for none.

    >>> strongest(["narrow", "lead", "close"])
    'close'
    """
    return min(relations, key=STRENGTH.__getitem__)


def clashes(relations: Iterable[str]) -> list[tuple[str, str]]:
    """List the pairs that cannot both be true: exact beside broad, narrow or related (SKOS S46), broad beside narrow.

    >>> clashes(["narrow", "exact", "close"])
    [('exact', 'narrow')]
    """
    said = set(relations)
    pairs = (tuple(sorted(clash, key=STRENGTH.__getitem__)) for clash in _CLASHES if clash <= said)
    return [(one, other) for one, other in pairs]
