"""Two reviewers' sets side by side: how often they agree, beyond chance, and where they do not.

A pair is compared when both decided on its source concept and at least one of them spoke of it. What a reviewer says of
a pair is the relation he gave it, or "no" when he rejected it, or mapped the concept and left this candidate out.
Cohen's kappa (1960) is the agreement beyond what the two would reach by chance with the answers that each gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from esco_graph.linking.proposals import join
from esco_graph.mappings.model import NO_TERM, RELATIONS, SOME, UNSPECIFIED, Mapping, MappingSet
from esco_graph.review.decisions import BY_HAND

NO = "no"
"""What a reviewer says of a pair that he does not map."""

_WORDS = {iri: word for word, iri in RELATIONS.items()}


@dataclass(frozen=True, slots=True)
class Pair:
    """A source concept and a candidate, with what each of two reviewers says: a key of RELATIONS, or NO."""

    subject: str
    object: str
    first: str
    second: str
    subject_label: str = ""
    object_label: str = ""
    notes: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Agreement:
    """What two sets have in common.

    `pairs` are those compared; `only_first` and `only_second` count the source concepts that one of them alone decided
    on.
    """

    first: MappingSet
    second: MappingSet
    pairs: tuple[Pair, ...]
    only_first: int
    only_second: int

    @property
    def concepts(self) -> int:
        """Count the source concepts on which both decided."""
        return len({pair.subject for pair in self.pairs})

    @property
    def conflicts(self) -> tuple[Pair, ...]:
        """List the pairs of which the two say different things."""
        return tuple(pair for pair in self.pairs if pair.first != pair.second)

    @property
    def relation(self) -> Kappa:
        """Compare the relations, "no" among them."""
        return kappa((pair.first, pair.second) for pair in self.pairs)

    @property
    def related(self) -> Kappa:
        """Compare whether the two are mapped at all."""
        return kappa((_yes(pair.first), _yes(pair.second)) for pair in self.pairs)

    @property
    def kind(self) -> Kappa:
        """Compare the relations of the pairs that both map."""
        return kappa((pair.first, pair.second) for pair in self.pairs if NO not in (pair.first, pair.second))


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement of two lists of answers: counts, and Cohen's kappa, None when both always give the same one answer."""

    agreed: int
    compared: int
    chance: float
    kappa: float | None
    counts: tuple[tuple[str, str, int], ...]

    @property
    def share(self) -> float | None:
        """Give the share of answers that are the same; None of nothing."""
        return self.agreed / self.compared if self.compared else None


def kappa(answers: Iterable[tuple[str, str]]) -> Kappa:
    """Compare the answers of two persons to the same questions.

    >>> both = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    >>> kappa(both).kappa
    0.4
    """
    counts = Counter(answers)
    n = counts.total()
    agreed = sum(count for (one, other), count in counts.items() if one == other)
    firsts, seconds = Counter[str](), Counter[str]()
    for (one, other), count in counts.items():
        firsts[one] += count
        seconds[other] += count
    chance = sum(firsts[word] * seconds[word] for word in sorted(firsts)) / (n * n) if n else 0.0
    beyond = round((agreed / n - chance) / (1 - chance), 6) if n and chance < 1 else None
    return Kappa(agreed, n, round(chance, 6), beyond, tuple((*key, counts[key]) for key in sorted(counts)))


def compare(first: MappingSet, second: MappingSet) -> Agreement:
    """Compare two sets, concept by concept; candidates that nobody decided on do not count.

    >>> from esco_graph.mappings.model import CLOSE, EXACT, MANUAL
    >>> a, b = "http://example.org/a", "http://example.org/b"
    >>> sets = [MappingSet("x", "http://example.org/x", mappings=(Mapping(a, p, b, justification=MANUAL),))
    ...     for p in (CLOSE, EXACT)]
    >>> [(pair.first, pair.second) for pair in compare(*sets).conflicts]
    [('close', 'exact')]
    """
    one, other = _decided(first), _decided(second)
    both = sorted(set(one) & set(other))
    pairs = [
        _pair(subject, target, one[subject].get(target), other[subject].get(target))
        for subject in both
        for target in sorted(set(one[subject]) | set(other[subject]))
    ]
    return Agreement(first, second, tuple(pairs), len(set(one) - set(other)), len(set(other) - set(one)))


def _decided(found: MappingSet) -> dict[str, dict[str, Mapping]]:
    """Give the rows by source concept and candidate: those by hand, or all that are no candidates of a set without."""
    taken = [row for row in found.mappings if not row.candidate]
    rows = [row for row in taken if row.justification in BY_HAND] or taken
    decided: dict[str, dict[str, Mapping]] = {}
    for row in rows:
        ours = decided.setdefault(row.subject, {})
        if row.object != NO_TERM and (row.object not in ours or row.holds):
            ours[row.object] = row
    return decided


def _pair(subject: str, target: str, one: Mapping | None, other: Mapping | None) -> Pair:
    rows = [row for row in (one, other) if row]
    return Pair(
        subject,
        target,
        _said(one),
        _said(other),
        next((row.subject_label for row in rows if row.subject_label), ""),
        next((row.object_label for row in rows if row.object_label), ""),
        (one.comment if one else "", other.comment if other else ""),
    )


def _said(row: Mapping | None) -> str:
    return _WORDS.get(row.predicate, "mapped") if row and row.holds else NO


def _yes(word: str) -> str:
    return NO if word == NO else "yes"


def conflict_set(agreement: Agreement, name: str) -> MappingSet:
    """Make a set of candidates of the conflicts, to be reviewed by a third person; who said what is in the comments."""
    first, second = agreement.first, agreement.second
    rows = tuple(
        Mapping(
            pair.subject,
            SOME,
            pair.object,
            pair.subject_label,
            pair.object_label,
            justification=UNSPECIFIED,
            comment=join(_remark(*said) for said in _sides(agreement, pair)),
            candidate=True,
        )
        for pair in agreement.conflicts
    )
    base = first.iri.rpartition("/")[0]
    return replace(
        first,
        name=name,
        iri=f"{base}/{name}" if base else name,
        title=f"Conflicts between {first.name} and {second.name}",
        description="Pairs of which two reviewers say different things.",
        mappings=rows,
        creators=(),
    )


def _sides(agreement: Agreement, pair: Pair) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    return (
        (agreement.first.name, pair.first, pair.notes[0]),
        (agreement.second.name, pair.second, pair.notes[1]),
    )


def _remark(name: str, said: str, note: str) -> str:
    return f"{name}: {said} ({note})" if note else f"{name}: {said}"
