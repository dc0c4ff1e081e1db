"""What a classification is: its names, the form of its codes, the IRIs of its concepts, and one concept of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from esco_graph.errors import ParameterError
from esco_graph.profiles.model import DEFAULT_BASE

LONGEST_CODE = 200  # characters; a longer "code" is a sentence in the wrong column


def _same(text: str) -> str:
    return text


def _no_parent(code: str) -> str | None:  # noqa: ARG001 - the signature of all such functions
    return None


def _no_isco(code: str) -> str:  # noqa: ARG001 - the signature of all such functions
    return ""


@dataclass(frozen=True)
class Taxonomy:
    """One classification: facts about it, and what its codes say by their form.

    `aliases` are the names that tables and people use for it; `iri` is the template of its concepts' IRIs as the owner
    publishes them, with `{code}`, or "" when he publishes none: then they are under the user's base. `scheme` is the
    owner's IRI of the whole, or ""; `spaces` are name spaces in which others publish it. `source` is the page it comes
    from, `form` the pattern of a whole code. The last four are functions of a code: `repair` brings a written code to
    its form, `local` to what stands in the IRI, `rise` gives the broader code and `group` the ISCO-08 unit group that
    the code names.
    """

    key: str
    name: str
    lang: str = "en"
    aliases: tuple[str, ...] = ()
    iri: str = ""
    scheme: str = ""
    spaces: tuple[str, ...] = ()
    owner: str = ""
    source: str = ""
    licence: str = ""
    version: str = ""
    form: str = ""
    example: str = ""
    repair: Callable[[str], str] = field(default=_same, repr=False, compare=False)
    local: Callable[[str], str] = field(default=_same, repr=False, compare=False)
    rise: Callable[[str], str | None] = field(default=_no_parent, repr=False, compare=False)
    group: Callable[[str], str] = field(default=_no_isco, repr=False, compare=False)

    def concept_iri(self, code: str, base: str = DEFAULT_BASE) -> str:
        """Give the IRI of the concept with this code; an IRI is given back as it is.

        >>> Taxonomy("rome", "ROME").concept_iri("A1101", "https://example.org/")
        'https://example.org/taxonomy/rome/A1101'
        >>> Taxonomy("isco", "ISCO-08", iri="http://data.europa.eu/esco/isco/C{code}").concept_iri("2269")
        'http://data.europa.eu/esco/isco/C2269'
        """
        if is_iri(code):
            return code
        local = quote(self.local(code), safe="")
        if self.iri and self._owned(code):
            return self.iri.replace("{code}", local)
        return f"{base}taxonomy/{quote(self.key, safe='')}/{local}"

    def scheme_iri(self, base: str = DEFAULT_BASE) -> str:
        """Give the IRI of the scheme: the owner's, else one under the base.

        >>> Taxonomy("rome", "ROME").scheme_iri("https://example.org/")
        'https://example.org/taxonomy/rome'
        """
        return self.scheme or f"{base}taxonomy/{quote(self.key, safe='')}"

    def code_of(self, text: str) -> str:
        """Give a code in the form of the taxonomy; an IRI of it gives its code. ParameterError when it cannot be one.

        >>> Taxonomy("isco", "ISCO-08", iri="http://data.europa.eu/esco/isco/C{code}").code_of(" 2269 ")
        '2269'
        """
        code = " ".join(text.replace("\u00a0", " ").split())
        if is_iri(code):
            code = self._code_in(code)
        code = self.repair(code)
        if not code or len(code) > LONGEST_CODE or not code.isprintable():
            raise ParameterError(f"{text[:60]!r} is not a code of {self.name}", advice=self._hint())
        if self.form and not re.fullmatch(self.form, code):
            raise ParameterError(f"{text[:60]!r} has not the form of a code of {self.name}", advice=self._hint())
        return code

    def is_code(self, text: str) -> bool:
        """Say whether the text can be a code; without a known form nothing can be said, so it is False.

        >>> Taxonomy("rome", "ROME", form="[A-Z][0-9]{4}").is_code("A1101"), Taxonomy("own", "Own").is_code("A1101")
        (True, False)
        """
        if not self.form:
            return False
        try:
            return bool(self.code_of(text))
        except ParameterError:
            return False

    def parent(self, code: str) -> str | None:
        """Give the broader code by the form of the code, or None at the top and where codes do not say.

        >>> Taxonomy("kldb", "KldB 2010", rise=lambda code: code[:-1] or None).parent("43104")
        '4310'
        """
        return self.rise(code)

    def isco(self, code: str) -> str:
        """Give the four digits of the ISCO-08 unit group that the code names by its construction, else "".

        Where a national classification is an adaptation of ISCO-08 this is a hint, not a proof.

        >>> Taxonomy("rome", "ROME").isco("A1101")
        ''
        """
        return self.group(code)

    def _owned(self, code: str) -> bool:
        """Say whether the owner's template takes this code; a subclass of codes may have no IRI of the owner's."""
        return True

    def _code_in(self, iri: str) -> str:
        """Give the code in an IRI: after the owner's template, or the last part of the path."""
        head, _, tail = self.iri.partition("{code}")
        if self.iri and iri.startswith(head) and iri.endswith(tail):
            return unquote(iri[len(head) : len(iri) - len(tail)])
        return unquote(re.split(r"[/#]", iri.rstrip("/#"))[-1])

    def _hint(self) -> str:
        return f"A code looks like {self.example}." if self.example else "Write the code as the owner publishes it."


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept of a classification.

    `iri` identifies it, `code` is its notation ("" when it has none), `label` its preferred label in `lang` (BCP 47),
    `alt` its other labels, `broader` the IRIs of the concepts above it, `isco` the ISCO-08 unit group its code names.
    `names` holds the preferred labels in further languages as (lang, label); `seen_as` is the IRI that the file gives
    it, when another one is kept; `level` is the ISCO skill level 1 to 4, or 0.

    >>> Concept("https://example.org/taxonomy/rome/A1101", "A1101", "Conduite d'engins agricoles", "fr").alt
    ()
    """

    iri: str
    code: str
    label: str
    lang: str
    alt: tuple[str, ...] = ()
    description: str = ""
    broader: tuple[str, ...] = ()
    isco: str = ""
    names: tuple[tuple[str, str], ...] = ()
    seen_as: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """What was wrong with one row: where (file:line), which code or text, and what about it.

    >>> str(Fault("rome.csv:7", "A11", "has not the form of a code of ROME"))
    "rome.csv:7: 'A11' has not the form of a code of ROME"
    """

    where: str
    code: str
    message: str

    def __str__(self) -> str:
        """Give one readable line."""
        return f"{self.where}: {self.code!r} {self.message}" if self.code else f"{self.where}: {self.message}"


@dataclass(frozen=True)
class Read:
    """What was read: the taxonomy, its concepts sorted by IRI, remarks on how the file was understood, and faults."""

    taxonomy: Taxonomy
    concepts: tuple[Concept, ...]
    remarks: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    sha256: tuple[tuple[str, str], ...] = ()


def is_iri(text: str) -> bool:
    """Say whether the text is an http(s) IRI.

    >>> is_iri("http://data.europa.eu/esco/isco/C2269"), is_iri("2269")
    (True, False)
    """
    return text.startswith(("http://", "https://")) and not re.search(r"[\s<>\"{}|\\^`]", text)
