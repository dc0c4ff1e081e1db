"""From a code of one classification to those of another by way of ESCO, each answer with the way that leads there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from esco_graph.errors import AmbiguousError, NotFoundError
from esco_graph.mappings.compose import BROAD, CLOSE, EXACT, LEAD, NARROW, RELATED
from esco_graph.mappings.legs import AskedFacts, LoadedFacts
from esco_graph.mappings.model import CHAINING, RELATIONS, UNSPECIFIED_LICENCE, Mapping, MappingSet, set_iri
from esco_graph.mappings.sides import Side, by_label, find_code, find_side, members
from esco_graph.mappings.slots import key_of, source_iri
from esco_graph.mappings.store import load, sets
from esco_graph.mappings.ways import Answer, Named, Step, Way, answers
from esco_graph.profiles.model import DEFAULT_BASE
from esco_graph.query import stored
from esco_graph.taxonomies.taxonomy import Concept
from esco_graph.terms import compress, is_esco

if TYPE_CHECKING:
    from esco_graph.graph import Graph

WORDS = {
    EXACT: "is the same as",
    CLOSE: "is close to",
    BROAD: "has as broader",
    NARROW: "has as narrower",
    RELATED: "is related to",
    "mapped": "has some relation to",
    LEAD: "no relation follows",
}
"""A relation in words, from the first concept to the second."""


@dataclass(frozen=True)
class Translation:
    """What one concept is in another classification.

    `answers` come strongest first, leads last. `titles` names the mapping sets of the ways by their IRI.
    """

    concept: Named
    source: Side
    target: Side
    answers: tuple[Answer, ...]
    titles: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def mappings(self) -> tuple[Answer, ...]:
        """The answers from which a relation follows."""
        return tuple(one for one in self.answers if not one.is_lead)

    @property
    def best(self) -> str:
        """The strongest relation of all, `lead` when there are only leads, "" when nothing was reached."""
        return self.answers[0].relation if self.answers else ""

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON, each way with its steps."""
        return {
            "concept": _named(self.concept),
            "from": self.source.key,
            "to": self.target.key,
            "answers": [self._answer(one) for one in self.answers],
        }

    def _answer(self, one: Answer) -> dict[str, Any]:
        return {
            **_named(one.target),
            "relation": one.relation,
            "predicate": RELATIONS.get(one.relation),
            "confidence": one.confidence,
            "contradictions": [" and ".join(pair) for pair in one.clashes],
            "ways": [
                {
                    "relation": way.relation,
                    "confidence": way.confidence,
                    "words": in_words(way, self.titles),
                    "steps": [_step(step) for step in way.steps],
                }
                for way in one.ways
            ],
        }


def translate(
    graph: Graph,
    code: str,
    source: str,
    target: str,
    *,
    lang: str = "en",
    hierarchy: bool = False,
) -> Translation:
    """Say what a code, IRI or label of one classification is in another; works on remote graphs.

    `source` and `target` are keys or names of classifications. `hierarchy` lets broader and narrower concepts bridge
    where no mapping follows; it is on where one side is ISCO, which in ESCO is the hierarchy above the occupations, and
    gives leads there too. Raises NotFoundError with what is near, AmbiguousError for a label of several concepts.
    """
    start, end = find_side(graph, source), find_side(graph, target)
    concept = find_code(graph, start, code, lang=lang)
    found = answers_between(AskedFacts(graph, lang), concept, start, end, hierarchy=hierarchy)
    return Translation(concept, start, end, found, _titles(graph))


def translate_many(
    graph: Graph,
    source: str,
    target: str,
    codes: Iterable[str] | None = None,
    *,
    lang: str = "en",
    hierarchy: bool = False,
) -> Iterator[Translation | NotFoundError]:
    """Translate a list of codes, or all concepts of the classification that the graph holds, by IRI.

    The mapping sets are read once. A code that is not found, or a label of several
    concepts, gives an error in its place.
    """
    start, end = find_side(graph, source), find_side(graph, target)
    facts, titles = facts_between(graph, start, end, lang), _titles(graph)
    for concept in _concepts(graph, start, codes, lang):
        if isinstance(concept, NotFoundError):
            yield concept
        else:
            reached = answers_between(facts, concept, start, end, hierarchy=hierarchy)
            yield Translation(concept, start, end, reached, titles)


def facts_between(graph: Graph, one: Side, other: Side, lang: str = "en") -> LoadedFacts:
    """Read all mapping sets that lead between ESCO and one of two classifications, or between the two."""
    near = {one.key, other.key, "esco", "isco"}
    heads = [head for head in sets(graph) if {_key(head, "subject"), _key(head, "object")} <= near]
    return LoadedFacts(graph, (load(graph, head.name) for head in heads), lang)


def as_set(found: Iterable[Translation], graph: Graph, name: str, *, base: str = DEFAULT_BASE) -> MappingSet:
    """Make a mapping set of what was translated: semapv:MappingChaining, leads left out.

    The comment of a row tells its best way in words, and which relations of other ways contradict it;
    `mapping_set_source` names the sets that it was derived from, and the description their authors, who did not make
    this one. The licence is that of the sources where all have the same one.
    """
    kept = [one for one in found if one.mappings]
    rows = [_row(one, answer) for one in kept for answer in one.mappings]
    used = {
        step.set for one in kept for answer in one.mappings for way in answer.ways for step in way.steps if step.set
    }
    heads = [head for head in sets(graph) if head.iri in used]
    licences = {head.licence for head in heads}
    ends = [(one.source, one.concept) for one in kept]
    ends += [(one.target, answer.target) for one in kept for answer in one.mappings]
    source, target = (kept[0].source, kept[0].target) if kept else (None, None)
    return MappingSet(
        name=name,
        iri=set_iri(name, base),
        title=f"{source.name} to {target.name} by way of ESCO" if source and target else name,
        description=f"Derived by chaining {'; '.join(map(_credited, heads))}. Nobody has reviewed it.",
        licence=licences.pop() if len(licences) == 1 else UNSPECIFIED_LICENCE,
        subject_source=source.key if source else "",
        object_source=target.key if target else "",
        mappings=tuple(rows),
        concepts=tuple({named.iri: _concept(named) for side, named in ends if not side.in_esco}.values()),
        extra=(("mapping_set_source", "|".join(sorted(used))),) if used else (),
    )


def counts(found: Iterable[Translation | NotFoundError]) -> dict[str, int]:
    """Count concepts by the strongest relation that they reach; `none` reached nothing, `unknown` are no codes.

    >>> counts([NotFoundError("ROME has no 'X1' here")])
    {'exact': 0, 'close': 0, 'broad': 0, 'narrow': 0, 'related': 0, 'lead': 0, 'none': 0, 'unknown': 1}
    """
    said = Counter("unknown" if isinstance(one, NotFoundError) else one.best or "none" for one in found)
    return {word: said[word] for word in (EXACT, CLOSE, BROAD, NARROW, RELATED, LEAD, "none", "unknown")}


def in_words(way: Way, titles: dict[str, str]) -> str:
    """Tell a way in words: each step with its set and its justification.

    >>> a, b = Named("http://example.org/a", "A1", "baker"), Named("http://example.org/b", "", "pastry baker")
    >>> in_words(Way((Step(a, "narrow", b, "http://example.org/set"),)), {"http://example.org/set": "Set"})
    'A1 baker has as narrower pastry baker (Set)'
    """
    said = str(way.steps[0].source)
    for step in way.steps:
        by = titles.get(step.set, step.set) if step.set else "hierarchy"
        how = _how(step)
        said += f" {WORDS[step.relation]} {step.target} ({', '.join(filter(None, (by, how)))})"
    return said if way.relation != LEAD else f"{said}: no relation follows"


def _how(step: Step) -> str:
    justified = compress(step.justification).removeprefix("semapv:")
    return "" if justified == "UnspecifiedMatching" else justified


def answers_between(
    facts: AskedFacts | LoadedFacts, concept: Named, start: Side, end: Side, *, hierarchy: bool
) -> tuple[Answer, ...]:
    """Find what a concept of one classification is in the other; over the hierarchy too where one of them is ISCO."""
    isco = "isco" in (start.key, end.key)

    def within(iri: str) -> bool:
        return iri.startswith(end.space) if end.in_esco else end.scheme in facts.schemes(iri)

    return tuple(answers(facts, concept, within, hierarchy=hierarchy or isco, leads=isco))


def _concepts(graph: Graph, side: Side, codes: Iterable[str] | None, lang: str) -> Iterator[Named | NotFoundError]:
    known = members(graph, side)
    if codes is None:
        yield from known
        return
    by_code: dict[str, list[Named]] = {}
    named = by_label(known)
    for one in known:
        by_code.setdefault(one.code, []).append(one)
    for code in codes:
        fits = by_code.get(code.strip(), [])
        if len(fits) == 1:
            yield fits[0]
            continue
        try:
            yield find_code(graph, side, code, lang=lang, known=named)
        except NotFoundError as error:
            yield error
        except AmbiguousError as error:  # one label of several concepts does not end the list
            yield NotFoundError(error.what, advice=error.advice)


def _key(head: MappingSet, side: str) -> str:
    """Give the key of the classification on one side of a set; a set whose scheme is ESCO's is of ESCO."""
    iri = source_iri(getattr(head, f"{side}_source"), head, side)
    return "esco" if is_esco(iri) else key_of(iri)


def _titles(graph: Graph) -> dict[str, str]:
    rows = stored("mapping-sets").run(graph).dicts()
    return {row["set"]: row["title"] or row["set"] for row in rows}


def _credited(head: MappingSet) -> str:
    """Name a set with its version and its authors."""
    title = " ".join(filter(None, (head.title or head.name, head.version)))
    return f"{title} ({', '.join(head.creators)})" if head.creators else title


def _row(one: Translation, answer: Answer) -> Mapping:
    against = sorted({word for pair in answer.clashes for word in pair if word != answer.relation})
    doubt = f". Other ways give {', '.join(against)}, which cannot be true as well." if against else ""
    return Mapping(
        one.concept.iri,
        RELATIONS[answer.relation],
        answer.target.iri,
        one.concept.label,
        answer.target.label,
        justification=CHAINING,
        confidence=answer.confidence,
        comment=in_words(answer.ways[0], one.titles) + doubt,
    )


def _concept(named: Named) -> Concept:
    return Concept(named.iri, named.code, named.label, "")


def _named(named: Named) -> dict[str, Any]:
    return {"iri": named.iri, "code": named.code or None, "label": named.label or None}


def _step(step: Step) -> dict[str, Any]:
    return {
        "from": step.source.iri,
        "relation": step.relation,
        "to": _named(step.target),
        "set": step.set or None,
        "justification": step.justification or None,
        "confidence": step.confidence,
    }
