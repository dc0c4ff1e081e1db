"""Ask a SPARQL endpoint over HTTP: the only module that speaks SPARQL as a client, through SPARQLWrapper.

SPARQLWrapper writes the request; `transport` sends it within a time limit; pyoxigraph reads the answer. What can go
wrong between here and the server ends in one EndpointError that says what the server said and what to do.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from time import sleep, time
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit, urlunsplit

from esco_graph.answers import ROWS, TRIPLES, decoded, find_parser, readable
from esco_graph.errors import EndpointError, ParameterError, QueryError

if TYPE_CHECKING:
    from http.client import HTTPException

    import pyoxigraph as ox
    from SPARQLWrapper import SPARQLWrapper

    from esco_graph.solutions import Solutions
    from esco_graph.transport import Answer

URL_LIMIT = 2_000  # characters of an encoded URL; old proxies and servers refuse longer ones
MAX_BYTES = 256 * 1024 * 1024
SHOWN = 300  # characters of the server's words in an error
SECRET_LENGTH = 6  # characters from which on a parameter's value is taken for a key

UPDATES = ("INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD")
ACCEPT = dict.fromkeys(ROWS, "application/sparql-results+json, application/sparql-results+xml;q=0.8") | dict.fromkeys(
    TRIPLES, "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.7"
)
RETRIED = frozenset({429, 502, 503, 504})
ADVICE = {
    400: "Repair the query; the server's words say where.",
    401: "Give a user and password, or a token.",
    403: "These credentials may not ask this; ask the owner of the endpoint.",
    404: "Check the path; it often ends in /sparql or /query.",
    405: "Check the path; this one does not take queries.",
    406: "The endpoint cannot answer in a standard SPARQL format.",
    413: "The query is too long for this server.",
    414: "The query is too long for this server.",
    429: "Ask less often, or later.",
    500: "The server failed on this query; try a smaller one.",
    502: "Try again later.",
    503: "Try again later.",
    504: "The query took the server too long; try a smaller one.",
}

_SKIP = re.compile(r"(?:\s|#[^\r\n]*)*+")
_WORD = re.compile(r"[A-Za-z]+")
_PREFIX = re.compile(r"[^\s:<>#]*+:")
_IRI = re.compile(r"<[^<>\s]*+>")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\"{}|\\^`]")


def query_form(sparql: str) -> str:
    r"""Say whether a query is a SELECT, ASK, CONSTRUCT or DESCRIBE, by its first word after comments and prefixes.

    Raises QueryError for an update and for anything else. SPARQLWrapper's own guess is misled by comments and `#`.

    >>> query_form("# DESCRIBE\nPREFIX ask: <http://example.org/#> SELECT * { ?s ?p ?o }")
    'SELECT'
    """
    if _SURROGATE.search(sparql):
        raise QueryError("the query holds half a character (a lone surrogate)")
    position = 0
    while True:
        word, position = _next(_WORD, sparql, position)
        form = word.upper()
        if form == "PREFIX":
            _, position = _next(_PREFIX, sparql, position)
        elif form != "BASE":
            break
        _, position = _next(_IRI, sparql, position)
    if form in ACCEPT:
        return form
    if form in UPDATES:
        raise QueryError(f"{form} is an update; an endpoint is only read", advice="Change data where the store is.")
    raise QueryError(
        f"the query starts with {sparql[position - len(word) : position + 20].strip()!r}",
        advice="Start with SELECT, ASK, CONSTRUCT or DESCRIBE after the prefixes.",
    )


class Endpoint:
    """A SPARQL 1.1 endpoint that is read over HTTP; one object may be used from many threads.

    `timeout` (seconds) bounds each attempt as a whole, from the first byte sent to the last one read. `retries` more
    attempts follow a lost connection and the statuses 429, 502, 503 and 504, after `backoff` seconds, then twice, four
    times as long, or as long as the server's Retry-After asks; a wait longer than `timeout` is not taken. `max_bytes`
    bounds an answer.

    Credentials come as `user` and `password`, in the IRI, or as a bearer `token`; they are never shown, and not sent to
    another host when the server redirects. An IRI with parameters of its own (`?apikey=…`) may hold a secret too: then
    a redirect to another host is an error.

    Raises ParameterError for an IRI that is not http or https and for other values that cannot be used.

    >>> Endpoint("http://reader:secret@localhost:7878/query")
    Endpoint('http://localhost:7878/query')
    """

    def __init__(
        self,
        iri: str,
        *,
        timeout: float = 30.0,
        retries: int = 3,
        backoff: float = 0.5,
        user: str | None = None,
        password: str | None = None,
        token: str | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        """Check the options; nothing is sent yet."""
        if not timeout > 0 or retries < 0 or not backoff >= 0 or max_bytes <= 0:
            raise ParameterError("timeout and max_bytes must be above 0, retries and backoff not below")
        self._address, self._parameters, inside = _split(iri)
        if user is None and password is None and inside:
            user, password = inside
        self._authorization, secrets = _credentials(user, password, token)
        self._secrets = sorted({*secrets, *_secret_values(self._parameters)}, key=lambda text: (-len(text), text))
        self.iri = self._address + ("?…" if self._parameters else "")
        self.timeout, self.retries, self.backoff, self.max_bytes = timeout, retries, backoff, max_bytes

    def __repr__(self) -> str:
        return f"Endpoint({self.iri!r})"

    def query(self, sparql: str) -> Solutions | bool | list[ox.Triple]:
        """Ask, and read the answer to its end: Solutions of a SELECT, bool of an ASK, triples of the other two.

        Raises QueryError, before anything is sent, for what is not a query, and EndpointError for all that the network
        and the server can do.
        """
        form = query_form(sparql)
        answer = self._ask(sparql, form)
        if answer.status != 200:
            raise self._refusal(answer)
        # Virtuoso cuts what takes too long, says so only in this header, and calls it 200.
        if answer.headers.get("X-SQL-State", "").startswith("S1T"):
            raise self._error(
                "the server ran out of time and sent a part of the answer", ADVICE[504], answer, show=False
            )
        return self._read(answer, form)

    def _ask(self, sparql: str, form: str) -> Answer:
        """Send the query, and again after a passing failure."""
        from http.client import HTTPException, IncompleteRead

        lost = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError, IncompleteRead)
        attempt = 0
        while True:
            pause = min(self.backoff * 2**attempt, self.timeout)
            try:
                answer = self._send(sparql, form)
            except EndpointError as error:
                raise self._error(self._words(error.what), error.advice, status=error.http_status) from None
            except (HTTPException, OSError) as error:
                if attempt == self.retries or not isinstance(error, lost):
                    raise self._failure(error) from error
            else:
                pause = _retry_after(answer.headers.get("Retry-After"), pause)
                if attempt == self.retries or answer.status not in RETRIED or pause > self.timeout:
                    return answer
            sleep(pause)
            attempt += 1

    def _send(self, sparql: str, form: str) -> Answer:
        client = _client_class()(self._address, self.timeout, self.max_bytes, bool(self._parameters))
        client.queryString, client.queryType = sparql, form  # setQuery would guess the form, and warn
        client.setOnlyConneg(True)  # else format=, output= and results= are added, which some servers misread
        for name, value in self._parameters:
            client.addParameter(name, value)
        if len(self._address) + len(client._getRequestEncodedParameters(("query", sparql))) >= URL_LIMIT:
            client.setMethod("POST")
        client.addCustomHttpHeader("Accept", ACCEPT[form])
        if self._authorization:
            client.addCustomHttpHeader("Authorization", self._authorization)
        return cast("Answer", client.query().response)

    def _read(self, answer: Answer, form: str) -> Solutions | bool | list[ox.Triple]:
        """Read the body as the type that the server declares; a body of another type is an error, not a guess."""
        declared = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        encoding = answer.headers.get("Content-Encoding", "identity").lower()
        parser = find_parser(declared, form) if encoding == "identity" else None
        if parser is None:
            coded = "" if encoding == "identity" else f" in the encoding {encoding}"
            raise self._error(
                f"it answers a {form} as {declared or 'no type at all'}{coded}",
                "Check that the IRI is that of a SPARQL endpoint and not of a web page.",
                answer,
            )
        fault = ""
        try:
            value = parser(answer.body)
        except (SyntaxError, ValueError) as error:
            # Only its words: its frames hold pyoxigraph's iterator, which no other thread may drop.
            fault = self._words(str(error)) or type(error).__name__
        if fault:
            what = f"it sends {declared} that cannot be read ({fault})"
            if len(answer.body) > SHOWN:  # some servers break off with the reason in the last line
                what += f", which ends in {self._words(decoded(answer.body[-SHOWN:]))!r}"
            raise self._error(what, "The answer is lost; ask again, or ask for less.", answer)
        if isinstance(value, bool) != (form == "ASK"):
            raise self._error(f"it answers a {form} with something else", "This is no SPARQL endpoint.", answer)
        return value

    def _refusal(self, answer: Answer) -> EndpointError:
        advice = ADVICE.get(answer.status, "Check the IRI of the endpoint.")
        wait = answer.headers.get("Retry-After", "").strip()
        if wait and answer.status in RETRIED:
            advice = f"The server asks to wait{' until' if not wait.isdigit() else ''} {self._words(wait)[:40]}"
            advice += " s." if wait.isdigit() else "."
        return self._error(f"it answers with status {answer.status}", advice, answer)

    def _failure(self, error: OSError | HTTPException) -> EndpointError:
        what, advice = _explain(error, self.timeout)
        return self._error(self._words(what), advice)

    def _error(
        self, what: str, advice: str, answer: Answer | None = None, *, show: bool = True, status: int | None = None
    ) -> EndpointError:
        said = self._words(decoded(answer.body))[:SHOWN].rstrip() if answer else ""
        if said and show:
            what = f"{what}: {said}".rstrip(".")
        status = answer.status if answer else status
        return EndpointError(what, where=self.iri, advice=advice, http_status=status, answer=said)

    def _words(self, text: str) -> str:
        """Make what a server said one printable line, without our credentials, which it may echo."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return readable(text)


@cache
def _client_class() -> Callable[[str, float, int, bool], SPARQLWrapper]:
    from SPARQLWrapper import SPARQLWrapper, __agent__

    from esco_graph.transport import exchange

    class Client(SPARQLWrapper):
        """SPARQLWrapper with our transport.

        Its own setTimeout rounds 0.5 s down to none, bounds single reads only, and its exceptions drop the status and
        the headers of the answer.
        """

        def __init__(self, iri: str, timeout: float, max_bytes: int, keep_origin: bool) -> None:
            super().__init__(iri, agent=f"esco-graph {__agent__}")
            self._limits: dict[str, Any] = {"timeout": timeout, "max_bytes": max_bytes, "keep_origin": keep_origin}

        def _query(self) -> Any:
            answer = exchange(self._createRequest(), **self._limits)
            return answer, self.returnFormat

    return Client


def _next(pattern: re.Pattern[str], text: str, position: int) -> tuple[str, int]:
    """Match a token after spaces and comments; "" when there is none."""
    skipped = _SKIP.match(text, position)
    start = skipped.end() if skipped else position
    match = pattern.match(text, start)
    return (match.group(), match.end()) if match else ("", start)


def _split(iri: str) -> tuple[str, list[tuple[str, str]], tuple[str, str] | None]:
    """Take an endpoint's IRI apart: the bare address, its own parameters, and user and password if it has them."""
    fault = ParameterError(
        "the endpoint is not an http or https IRI", advice="Write it as https://example.org/sparql or similar."
    )  # it is not shown: the part that is wrong may be the password
    try:
        parts = urlsplit(iri)
        port = parts.port
        ascii_host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        raise fault from None
    if parts.scheme not in ("http", "https") or not ascii_host or _UNSAFE.search(iri):
        raise fault
    if ":" in ascii_host:
        ascii_host = f"[{ascii_host}]"
    netloc = ascii_host if port is None else f"{ascii_host}:{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    inside = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    return urlunsplit((parts.scheme, netloc, path, "", "")), parameters, inside


def _credentials(user: str | None, password: str | None, token: str | None) -> tuple[str | None, tuple[str, ...]]:
    """Give the Authorization header, and the texts that must not be shown."""
    if token is not None and (user is not None or password is not None):
        raise ParameterError("both a token and a user or password are given", advice="Give one of them.")
    if any(not text.isprintable() for text in (user, password, token) if text) or (token is not None and not token):
        raise ParameterError("the credentials are empty or hold a line break or another control character")
    if token is not None:
        if not token.isascii() or " " in token:
            raise ParameterError("a bearer token is ASCII without spaces")
        return f"Bearer {token}", (token,)
    if user is None and password is None:
        return None, ()
    if not user or ":" in user:
        raise ParameterError("basic authentication needs a user name without a colon")
    pair = b64encode(f"{user}:{password or ''}".encode()).decode()
    return f"Basic {pair}", (pair, *([password] if password else []))


def _secret_values(parameters: list[tuple[str, str]]) -> set[str]:
    """Give what may be a key in the endpoint's IRI, also as it stands in a URL; shorter values are common words."""
    values = {value for _, value in parameters if len(value) >= SECRET_LENGTH}
    return values | {encode(value, safe) for value in values for encode in (quote, quote_plus) for safe in ("", "/")}


def _retry_after(header: str | None, otherwise: float) -> float:
    """Read Retry-After, seconds or a date (RFC 9110 §10.2.3), as seconds from now."""
    from email.utils import parsedate_to_datetime

    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time())
    except ValueError:
        return otherwise


def _explain(error: OSError | HTTPException, timeout: float) -> tuple[str, str]:
    """Say what happened to the connection, and what to do."""
    import http.client
    import socket
    import ssl

    if isinstance(error, TimeoutError):
        return f"no complete answer within {timeout:g} s", "Ask a smaller question, or give a longer timeout."
    if isinstance(error, ConnectionRefusedError):
        return "the connection is refused", "Is the server running, and is this its port?"
    if isinstance(error, socket.gaierror):
        return "the host name is unknown", "Check its spelling and the network."
    if isinstance(error, ssl.SSLError):
        return f"no secure connection ({error.reason or error})", "Check the certificate, or whether it speaks https."
    if isinstance(error, http.client.IncompleteRead):
        return "the connection closed in the middle of the answer", "Try again; the server may be overloaded."
    if isinstance(error, ConnectionError):
        return "the connection was lost before an answer came", "Try again; the server may be restarting."
    if isinstance(error, http.client.HTTPException):
        return f"it does not speak HTTP ({type(error).__name__})", "Check the port and whether it wants https."
    return f"the connection failed ({error.strerror or error})", "Check the address and the network."
