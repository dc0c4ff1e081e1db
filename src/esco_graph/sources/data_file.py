"""Read one RDF file of any common format as quads: a profile, a person, a mapping set."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from esco_graph.errors import SourceError
from esco_graph.sources.xml_end import EntityGuard

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json-ld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
}
"""Every ending that names an RDF format, in small letters; `rdf_file` takes those that a download may have."""


def is_named_as_rdf(path: Path) -> bool:
    """Say whether the ending of a file's name is that of an RDF format.

    >>> is_named_as_rdf(Path("me.TTL")), is_named_as_rdf(Path("skills_en.csv"))
    (True, False)
    """
    return path.suffix.lower() in FORMATS


def read_file(path: Path) -> Iterator[ox.Quad]:
    """Read an RDF file; the format is that of its name.

    Relative IRIs are resolved against the file's own. JSON-LD contexts that the document only names are not fetched.
    Raises SourceError with file:line when it does not parse, for triple terms, and for XML entities that are more than
    short texts.
    """
    format_ = FORMATS.get(path.suffix.lower())
    if format_ is None:
        what = f"the ending {path.suffix!r} names no RDF format"
        raise SourceError(what, where=str(path), advice=f"Use one of {', '.join(FORMATS)}.")
    try:
        if not path.is_file():
            raise SourceError("no such file", where=str(path))
        with path.open("rb") as stream:
            for quad in ox.parse(_guarded(stream, path, format_), format_, base_iri=path.resolve().as_uri()):
                if isinstance(quad.object, ox.Triple):
                    what = f"a value of {quad.subject} is a triple term, which RDF 1.1 and SHACL do not have"
                    raise SourceError(what, where=str(path), advice="Leave out triple terms and annotations.")
                yield quad
    except SyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        raise SourceError(f"this does not parse: {error.msg}", where=f"{path}{line}") from error
    except OSError as error:
        raise SourceError(f"the file cannot be read ({error})", where=str(path)) from error


def _guarded(stream: IO[bytes], path: Path, format_: ox.RdfFormat) -> IO[bytes]:
    """Watch the entities of XML; of any other text, pass over a byte order mark, which Windows programs write."""
    if format_ != ox.RdfFormat.RDF_XML:
        stream.seek(len(BOM_UTF8) if stream.read(len(BOM_UTF8)) == BOM_UTF8 else 0)
        return stream
    return cast("IO[bytes]", EntityGuard(stream, lambda fault: SourceError(fault, where=str(path))))
