"""Mapping sets as frozen dataclasses: which concept of one classification is which of another, and how that is known.

The words are those of SSSOM (https://mapping-commons.github.io/sssom/): a mapping has a subject, a predicate, an object
and a justification; a set of them has a licence, a version and two sources. A mapping is always true as SKOS reads it:
`A skos:broadMatch B` says that B is the broader one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from esco_graph.errors import ParameterError
from esco_graph.profiles.model import DEFAULT_BASE, slugify
from esco_graph.terms import SEMAPV, SKOS, SSSOM

if TYPE_CHECKING:
    from esco_graph.taxonomies.taxonomy import Concept

EXACT, CLOSE, BROAD = SKOS + "exactMatch", SKOS + "closeMatch", SKOS + "broadMatch"
NARROW, RELATED, SOME = SKOS + "narrowMatch", SKOS + "relatedMatch", SKOS + "mappingRelation"

RELATIONS = {"exact": EXACT, "close": CLOSE, "broad": BROAD, "narrow": NARROW, "related": RELATED, "mapped": SOME}
"""The relations by the short word that tables and options use; "mapped" is some relation, not decided which."""

INVERSES = {BROAD: NARROW, NARROW: BROAD}
"""What a predicate becomes when subject and object change places; the others stay as they are (SKOS, 10.3)."""

NO_TERM = SSSOM + "NoTermFound"
"""The object (or subject) of a row that says: nothing was found over there."""

UNSPECIFIED = SEMAPV + "UnspecifiedMatching"
MANUAL = SEMAPV + "ManualMappingCuration"
REVIEW = SEMAPV + "MappingReview"
LEXICAL = SEMAPV + "LexicalMatching"
COMPOSITE = SEMAPV + "CompositeMatching"
CHAINING = SEMAPV + "MappingChaining"

NOT = "Not"
ORIENTATIONS = ("as-written", "reversed")
UNSPECIFIED_LICENCE = SSSOM + "license/unspecified"

_SLUG = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Mapping:
    """One row of a mapping set, by the names of SSSOM where they differ: `modifier` is predicate_modifier.

    `subject`, `predicate`, `object` and `justification` are full IRIs. `confidence` is a probability (SSSOM, 0 to 1);
    `similarity_score` a likeness without that promise. `modifier` is "" or "Not" (looked at, and it is not so).
    `author` and `reviewer` are IRIs or names, several with `|` between; `date` and `review_date` are ISO days.
    `source` is file:line of the row; `extra` keeps the other slots of SSSOM by name, sorted. A `candidate` is what a
    program proposes and nobody took yet: it is kept for review, and is no fact of the graph.
    """

    subject: str
    predicate: str
    object: str
    subject_label: str = ""
    object_label: str = ""
    justification: str = UNSPECIFIED
    confidence: float | None = None
    similarity_score: float | None = None
    similarity_measure: str = ""
    modifier: str = ""
    author: str = ""
    reviewer: str = ""
    date: str = ""
    comment: str = ""
    source: str = ""
    review_date: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    candidate: bool = False

    def __post_init__(self) -> None:
        """Check the modifier and the two numbers."""
        if self.modifier not in ("", NOT):
            raise ParameterError(f"predicate_modifier {self.modifier!r} is neither empty nor Not")
        for name in ("confidence", "similarity_score"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                raise ParameterError(f"{name} {value!r} is not a number from 0 to 1")
        for name in ("author", "reviewer"):
            if "|" in (value := getattr(self, name)):
                object.__setattr__(self, name, "|".join(sorted({*value.split("|")} - {""})))

    @property
    def key(self) -> tuple[str, str, str]:
        """Subject, predicate and object: what the row says, without how that is known."""
        return (self.subject, self.predicate, self.object)

    @property
    def holds(self) -> bool:
        """Say whether the row is about a relation: not when it is negated or one side was not found."""
        return not self.modifier and NO_TERM not in (self.subject, self.object)

    @property
    def is_fact(self) -> bool:
        """Say whether the relation is stated as true: a row that holds and is no candidate."""
        return self.holds and not self.candidate

    @property
    def order(self) -> tuple[str, ...]:
        """Give the key to sort rows by, the same at every run."""
        numbers = (self.confidence, self.similarity_score)
        shown = ("" if number is None else f"{number:.6f}" for number in numbers)
        texts = (self.modifier, self.justification, self.author, self.reviewer, self.date, self.review_date)
        return (*self.key, *texts, self.similarity_measure, *shown, self.source, self.comment, *self._rest)

    @property
    def _rest(self) -> tuple[str, ...]:
        texts = (self.subject_label, self.object_label, "candidate" if self.candidate else "")
        return (*texts, *(part for slot in self.extra for part in slot))

    def inverted(self) -> Mapping:
        """Give the mapping from the other side: broader becomes narrower, the sided slots change sides.

        >>> one = Mapping("http://example.org/a", BROAD, "http://example.org/b", "ape", "animal").inverted()
        >>> one.subject_label, one.predicate == NARROW
        ('animal', True)
        """
        return replace(
            self,
            subject=self.object,
            predicate=INVERSES.get(self.predicate, self.predicate),
            object=self.subject,
            subject_label=self.object_label,
            object_label=self.subject_label,
            extra=swapped(self.extra),
        )


@dataclass(frozen=True)
class MappingSet:
    """Mappings that one source states, and what is known of that source.

    `name` is the slug that the named graph is called by; `iri` the mapping_set_id; `licence` an IRI. `subject_source`
    and `object_source` are keys of taxonomies ("esco", "rome"), or an IRI. `orientation` says how the source was read
    ("as-written" or "reversed"), `orientation_sure` how sure that is (0 to 1, None: nobody asked). `concepts` are those
    outside ESCO that it names. `source` and `sha256` are name and hash of the file. `extra` keeps the other slots of
    SSSOM, sorted. Rows, concepts and extras are kept sorted, so that equal sets are equal objects.
    """

    name: str
    iri: str
    title: str = ""
    description: str = ""
    version: str = ""
    date: str = ""
    licence: str = UNSPECIFIED_LICENCE
    creators: tuple[str, ...] = ()
    subject_source: str = ""
    object_source: str = ""
    subject_source_version: str = ""
    object_source_version: str = ""
    subject_lang: str = ""
    object_lang: str = ""
    orientation: str = "as-written"
    orientation_sure: float | None = None
    mappings: tuple[Mapping, ...] = ()
    concepts: tuple[Concept, ...] = ()
    source: str = ""
    sha256: str = ""
    remarks: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Check name and orientation; sort what has no order, and drop rows that are the same in everything."""
        check_name(self.name)
        if self.orientation not in ORIENTATIONS:
            raise ParameterError(f"orientation {self.orientation!r} is not one of {', '.join(ORIENTATIONS)}")
        object.__setattr__(self, "mappings", tuple(sorted(dict.fromkeys(self.mappings), key=lambda row: row.order)))
        object.__setattr__(self, "concepts", tuple(sorted(dict.fromkeys(self.concepts), key=lambda one: one.iri)))
        for name in ("creators", "extra"):
            object.__setattr__(self, name, tuple(sorted(dict.fromkeys(getattr(self, name)))))

    @property
    def head(self) -> MappingSet:
        """The set without its rows and concepts."""
        return replace(self, mappings=(), concepts=())


def set_iri(name: str, base: str = DEFAULT_BASE) -> str:
    """Give the IRI of a set of one's own.

    >>> set_iri("de-kldb", "https://example.org/")
    'https://example.org/mapping/de-kldb'
    """
    return f"{base}mapping/{check_name(name)}"


def set_name(text: str) -> str:
    """Make the name of a set from a title or a file name.

    >>> set_name("DE mapping_18.05.22"), set_name("ROME → ESCO")
    ('de-mapping-18-05-22', 'rome-esco-be73bd5e')
    """
    return slugify(text.replace("_", " "))


def check_name(name: str) -> str:
    """Give the name of a set back; ParameterError when it cannot be the last part of a graph's IRI.

    >>> check_name("es-co-sispe")
    'es-co-sispe'
    """
    if not _SLUG.fullmatch(name) or len(name) > 100:
        advice = "Use small letters, digits and - between them, such as de-kldb."
        raise ParameterError(f"{name[:60]!r} cannot be the name of a mapping set", advice=advice)
    return name


def swapped(slots: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Change subject_… and object_… slots with each other, and 1:n with n:1.

    >>> swapped((("mapping_cardinality", "1:n"), ("subject_type", "skos concept")))
    (('mapping_cardinality', 'n:1'), ('object_type', 'skos concept'))
    """
    return tuple(sorted((_other_side(name), _turned(name, value)) for name, value in slots))


def _other_side(name: str) -> str:
    for one, other in (("subject_", "object_"), ("object_", "subject_")):
        if name.startswith(one):
            return other + name[len(one) :]
    return name


def _turned(name: str, value: str) -> str:
    return value[::-1] if name == "mapping_cardinality" else value
