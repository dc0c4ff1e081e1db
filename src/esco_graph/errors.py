"""Every error of the program: what happened, where, and what to do.

Exit codes: 0 fine, 1 findings, 2 wrong use or unreadable input, 3 endpoint.
"""

from __future__ import annotations

from typing import ClassVar


class EscoGraphError(Exception):
    """Base of all errors; the fields tell a program what the text tells a person.

    >>> print(SourceError("no header row", where="skills_en.csv:1", advice="Download the file again."))
    skills_en.csv:1: no header row. Download the file again.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    exit_code: ClassVar[int] = 2

    def __init__(self, what: str, *, where: str = "", advice: str = "") -> None:
        """Keep what happened, where (file:line, query or IRI) and what to do."""
        self.what = what
        self.where = where
        self.advice = advice
        super().__init__(str(self))

    def __str__(self) -> str:
        """Give one readable line."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}. {self.advice}".rstrip() if self.advice else head


class SourceError(EscoGraphError, ValueError):
    """Input that cannot be read: a broken archive, a missing column, a bad row."""

    code = "source"


class ParameterError(EscoGraphError, ValueError):
    """A value that is not what the parameter asks for."""

    code = "parameter"


class QueryError(EscoGraphError, ValueError):
    """SPARQL that does not parse, is refused, or a stored query with a wrong header."""

    code = "query"


class NotFoundError(EscoGraphError, LookupError):
    """No concept, query, graph or generation of that name."""

    code = "not-found"
    status = 404


class AmbiguousError(EscoGraphError, LookupError):
    """A name that means several concepts; `candidates` holds their IRIs."""

    code = "ambiguous"
    status = 409

    def __init__(self, what: str, *, candidates: tuple[str, ...] = (), where: str = "", advice: str = "") -> None:
        """Keep the IRIs of all the concepts that the name could mean."""
        self.candidates = candidates
        super().__init__(what, where=where, advice=advice)


class StoreError(EscoGraphError, OSError):
    """A workspace that cannot be opened or written: absent, locked, full, of another layout."""

    code = "store"
    status = 503


class ValidationError(EscoGraphError, ValueError):
    """Shapes that are no shapes, or data that cannot be validated at all (findings are a Report, not an error)."""

    code = "validation"


class EndpointError(EscoGraphError, ConnectionError):
    """A SPARQL endpoint that refused, stalled or answered nonsense.

    `http_status` is the server's status code, or None when no answer came; `answer` is the start of what it said.
    """

    code = "endpoint"
    status = 502
    exit_code = 3

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        advice: str = "",
        http_status: int | None = None,
        answer: str = "",
    ) -> None:
        """Keep the server's own status and words."""
        self.http_status = http_status
        self.answer = answer
        super().__init__(what, where=where, advice=advice)
