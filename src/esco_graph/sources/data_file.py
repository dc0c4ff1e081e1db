"""Read one RDF file of any common format as quads: a profile, a person, a mapping set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from esco_graph.errors import SourceError

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
}


def read_file(path: Path) -> Iterator[ox.Quad]:
    """Read an RDF file; the format is that of its name.

    Relative IRIs are resolved against the file's own. JSON-LD contexts that the document only names are not fetched.
    Raises SourceError with file:line when it does not parse.
    """
    format_ = FORMATS.get(path.suffix.lower())
    if format_ is None:
        what = f"the ending {path.suffix!r} names no RDF format"
        raise SourceError(what, where=str(path), advice=f"Use one of {', '.join(FORMATS)}.")
    if not path.is_file():
        raise SourceError("no such file", where=str(path))
    try:
        yield from ox.parse(path=str(path), format=format_, base_iri=path.resolve().as_uri())
    except SyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        raise SourceError(f"this does not parse: {error.msg}", where=f"{path}{line}") from error
    except OSError as error:
        raise SourceError(f"the file cannot be read ({error})", where=str(path)) from error
