"""A person's file of any known form -> Person; the form is told by the ending and by what is in the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from esco_graph.errors import SourceError
from esco_graph.graph import Graph
from esco_graph.persons.credential import is_credential, read_credential
from esco_graph.persons.documents import decode, load_json, load_yaml, read_bytes
from esco_graph.persons.json_resume import is_json_resume, read_json_resume
from esco_graph.persons.model import Person
from esco_graph.persons.model import pseudonymous as strip
from esco_graph.persons.own import is_own, read_own
from esco_graph.persons.rdf import read_rdf
from esco_graph.persons.resolve import nearby, resolve
from esco_graph.persons.values import Draft
from esco_graph.sources.data_file import FORMATS as RDF_FORMATS
from esco_graph.sources.data_file import read_file
from esco_graph.terms import check_lang

LOADERS: dict[str, Callable[[str, str], Any]] = {
    ".yaml": load_yaml,
    ".yml": load_yaml,
    ".json": load_json,
    ".jsonld": load_json,
    ".json-ld": load_json,
}
ENDINGS = tuple(dict.fromkeys((*LOADERS, *RDF_FORMATS)))
"""Every ending that a person's file can have, in small letters."""

FORMS: dict[str, tuple[Callable[[Any], bool], Callable[[Any, str], Draft]]] = {
    "json-resume": (is_json_resume, read_json_resume),
    "own": (is_own, read_own),
}
"""Forms of a document of maps and lists: how it is told, and what reads it; the first that fits is taken."""


def is_person_file(text: str) -> bool:
    """Say whether a text names a person's file, be it missing, rather than a concept: its ending tells.

    >>> is_person_file("2269.5"), is_person_file("me.yaml"), is_person_file("http://example.org/me.ttl")
    (False, True, False)
    """
    return "://" not in text and Path(text).suffix.lower() in ENDINGS


def read_person(path: Path | str, graph: Graph, *, lang: str = "en", pseudonymous: bool = False) -> Person:
    """Read the file of one person and find its concepts in a graph.

    `lang` is the language of its words unless the file says so. `pseudonymous` takes out what tells who it is, and
    gives a new random IRI each time. Nothing of the file is sent anywhere: a remote graph is asked for whole lists of
    labels only. Raises SourceError for a file that is missing, too large, not UTF-8, of no known form or wrong in its
    form; a line that is not understood is no error, but in `Person.unresolved`.
    """
    path = Path(path)
    lang = check_lang(lang)
    person = resolve(read_draft(path, lang), nearby(graph, lang), lang=lang, file=str(path))
    return strip(person) if pseudonymous else person


def read_draft(path: Path, lang: str = "en") -> Draft:
    """Read the file of one person as it says it, without a graph."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        what = f"no form of a person's file ends in {ending!r}" if ending else "the file has no ending"
        raise SourceError(what, where=str(path), advice=f"Use one of {', '.join(ENDINGS)}.")
    data = read_bytes(path)
    if ending in LOADERS:
        value = LOADERS[ending](decode(data, str(path)), str(path))
        if isinstance(value, dict) and is_credential(value):
            return read_credential(value, str(path), lang)
        linked = isinstance(value, list) or (isinstance(value, dict) and bool(_LINKED & value.keys()))
        if ending not in RDF_FORMATS or not linked:
            return _read_document(value, str(path))
        _check_context(value, str(path))
    return read_rdf(Graph.memory(read_file(path)), str(path))


_LINKED = {"@context", "@graph", "@id", "@type"}


def _read_document(value: Any, file: str) -> Draft:
    for is_form, read in FORMS.values():
        if is_form(value):
            return read(value, file)
    raise SourceError(
        "this is no person's file: it has neither skills, occupations nor aims",
        where=file,
        advice="See examples/person.yaml and examples/person.json.",
    )


def _check_context(value: Any, file: str) -> None:
    """Refuse JSON-LD whose context is elsewhere: nothing is fetched."""
    context = value.get("@context") if isinstance(value, dict) else None
    names = [one for one in (context if isinstance(context, list) else [context]) if isinstance(one, str)]
    if names:
        what = f"its context {names[0][:100]!r} is elsewhere, and nothing is fetched"
        raise SourceError(what, where=file, advice="Write the context into the file, or use Turtle.")
