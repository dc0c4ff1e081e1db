"""The formats of an export: one table that the code, the command line and the documentation read."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from esco_graph.errors import ParameterError
from esco_graph.publish.document import Document
from esco_graph.publish.jsonld import json_ld, json_ld_framed
from esco_graph.publish.lines import Chunks, n_quads, n_triples
from esco_graph.publish.rdfxml import rdf_xml
from esco_graph.publish.turtle import trig, turtle


@dataclass(frozen=True)
class Format:
    """One format: name, file name extension, media type, and the function that writes it.

    `named_graphs` says that it keeps graph names. All formats write as they go; `streaming` says that what they hold
    in memory is no more than the subjects.
    """

    name: str
    extension: str
    media_type: str
    named_graphs: bool
    streaming: bool
    aliases: tuple[str, ...]
    writer: Callable[[Document], Chunks]
    summary: str


_ALL = (
    Format("turtle", ".ttl", "text/turtle", False, True, ("ttl",), turtle, "to read and to compare"),
    Format("trig", ".trig", "application/trig", True, True, (), trig, "Turtle that keeps the named graphs"),
    Format("n-triples", ".nt", "application/n-triples", False, True, ("nt", "ntriples"), n_triples, "a triple a line"),
    Format("n-quads", ".nq", "application/n-quads", True, True, ("nq", "nquads"), n_quads, "a quad a line"),
    Format("rdf-xml", ".rdf", "application/rdf+xml", False, True, ("rdf", "xml", "rdfxml"), rdf_xml, "for XML tools"),
    Format(
        "json-ld", ".jsonld", "application/ld+json", False, True, ("jsonld", "json"), json_ld, "a flat list of nodes"
    ),
    Format(
        "json-ld-framed",
        ".framed.jsonld",
        "application/ld+json",
        False,
        False,
        ("framed", "framed.jsonld", "jsonld-framed"),
        json_ld_framed,
        "each occupation as a tree with its labels in place",
    ),
)

FORMATS: dict[str, Format] = {each.name: each for each in _ALL}
"""All formats by name."""

_BY_ALIAS = {
    alias: each
    for each in reversed(_ALL)  # of two with the same media type the first wins
    for alias in (each.name, *each.aliases, each.extension.removeprefix("."), each.media_type)
}


def format_of(name_or_path: str) -> Format:
    """Find a format by its name, a short name, a media type, or the extension of a file name.

    Raises ParameterError, with the nearest names, when there is none.

    >>> format_of("ttl").name, format_of("out/nurse.framed.jsonld").name, format_of("application/n-quads").name
    ('turtle', 'json-ld-framed', 'n-quads')
    """
    asked = name_or_path.strip().lower().removeprefix(".")
    suffixes = PurePath(asked).suffixes
    endings = [asked, *("".join(suffixes[-parts:]).removeprefix(".") for parts in (2, 1))]
    found = next((ending for ending in endings if ending in _BY_ALIAS), None)
    if found:
        return _BY_ALIAS[found]
    near = difflib.get_close_matches(endings[-1] or asked, _BY_ALIAS, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise ParameterError(f"no export format {name_or_path!r}", advice=f"{hint}The formats are {', '.join(FORMATS)}.")
