"""One HTTP exchange, bounded: in time as a whole, in bytes, in redirects, and in where credentials go.

Plain urllib bounds only each single read, so a server that sends one byte a minute holds it for ever, and it carries
the Authorization header to whatever host a redirect names. Nothing here knows SPARQL; `endpoint` imports it when it
first asks something, because urllib, ssl and email cost 30 ms.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import string
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from functools import cache, partial
from time import monotonic
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from esco_graph.errors import EndpointError

SCHEMES = ("http", "https")
MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
BLOCK = 64 * 1024
ERROR_BYTES = 64 * 1024  # of an answer that is an error page
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Answer:
    """What the server said: the status, the headers, the whole body (of an error: its first 64 KiB), and from where."""

    status: int
    headers: Message
    body: bytes
    iri: str


def exchange(request: urllib.request.Request, *, timeout: float, max_bytes: int, keep_origin: bool = False) -> Answer:
    """Send the request, follow redirects, and read the answer within `timeout` seconds and `max_bytes` bytes.

    Any status is an answer. Raises what Python raises for a connection that fails (TimeoutError, ConnectionError and
    other OSErrors, http.client.HTTPException), and EndpointError for a redirect that leads nowhere or a body too large.
    `keep_origin` refuses redirects to another host or port, for a request that holds a secret in its IRI or body.
    Only the look-up of the host name is outside the time limit: the operating system does not let it be bounded.
    """
    deadline = monotonic() + timeout
    for _ in range(MAX_REDIRECTS + 1):
        with _open(request, deadline) as response:
            target = response.headers.get("Location")
            if response.status not in REDIRECTS or target is None:
                body = _read(response, max_bytes)
                return Answer(response.status, response.headers, body, request.full_url)
            request = _redirected(request, response.status, target, keep_origin)
    raise EndpointError(f"more than {MAX_REDIRECTS} redirects", advice="Use the IRI at which the endpoint ends up.")


class _Timed(io.RawIOBase):
    """A socket's bytes, each read of which may take what is left of the whole exchange's time and no more."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, deadline: float) -> None:
        self._raw, self._sock, self._deadline = raw, sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_left(self._deadline))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    """An HTTP response, headers and body, that reads against the deadline."""

    def __init__(self, sock: socket.socket, *args: Any, deadline: float, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_Timed(self.fp.detach(), sock, deadline))


class _Request(urllib.request.Request):
    """A request that knows its deadline."""

    deadline: float


class _Plain(urllib.request.HTTPHandler):
    def http_open(self, request: _Request) -> http.client.HTTPResponse:  # type: ignore[override]
        return self.do_open(partial(_connection, http.client.HTTPConnection, request.deadline), request)


class _Secure(urllib.request.HTTPSHandler):
    def __init__(self) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(context=self._tls)

    def https_open(self, request: _Request) -> http.client.HTTPResponse:  # type: ignore[override]
        connection = partial(_connection, http.client.HTTPSConnection, request.deadline, context=self._tls)
        return self.do_open(connection, request)


class _AnyStatus(urllib.request.HTTPErrorProcessor):
    """Let every status through: errors and redirects are ours to judge."""

    def http_response(self, request: Any, response: Any) -> Any:
        return response

    https_response = http_response


def _connection(kind: Any, deadline: float, host: str, **options: Any) -> http.client.HTTPConnection:
    connection: http.client.HTTPConnection = kind(host, **options)
    connection.response_class = partial(_TimedResponse, deadline=deadline)  # type: ignore[assignment]
    return connection


@cache
def _opener() -> urllib.request.OpenerDirector:
    """The chain of handlers, with the proxies that the environment names; it holds no state between requests."""
    return urllib.request.build_opener(_Plain(), _Secure(), _AnyStatus())


def _open(request: urllib.request.Request, deadline: float) -> Any:
    timed = _Request(request.full_url, request.data, dict(request.header_items()), method=request.get_method())
    timed.deadline = deadline
    try:
        return _opener().open(timed, timeout=_left(deadline))
    except urllib.error.URLError as error:
        # urllib wraps the operating system's word; the word itself says more.
        raise error.reason if isinstance(error.reason, OSError) else error from None


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _read(response: http.client.HTTPResponse, max_bytes: int) -> bytes:
    if response.status >= 400:
        return _read_error(response)
    announced = response.length or 0
    blocks: list[bytes] = []
    size = 0
    while announced <= max_bytes and (block := response.read1(BLOCK)):
        blocks.append(block)
        size += len(block)
        if size > max_bytes:
            break
    if max(size, announced) > max_bytes:
        raise EndpointError(
            f"the answer is larger than {max_bytes:,} bytes",
            advice="Ask for less with LIMIT, or raise max_bytes.",
            http_status=response.status,
        )
    if response.length:  # what Content-Length promised and did not come; read1 does not say so
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(blocks)


def _read_error(response: http.client.HTTPResponse) -> bytes:
    """Read the start of an error page; one that breaks off still told us the status."""
    body = b""
    try:
        while len(body) < ERROR_BYTES and (block := response.read1(BLOCK)):
            body += block
    except (OSError, http.client.HTTPException):
        return body
    return body[:ERROR_BYTES]


def _redirected(request: urllib.request.Request, status: int, target: str, keep_origin: bool) -> urllib.request.Request:
    iri = urljoin(request.full_url, quote(target, safe=string.punctuation, encoding="iso-8859-1"))
    if not _is_http(iri):
        raise EndpointError("it redirects to something that is not http or https", http_status=status)
    keeps = _may_keep_credentials(request.full_url, iri)
    if keep_origin and not keeps:
        raise EndpointError(
            f"it redirects to {_host(iri)}, which must not see the parameters in the endpoint's IRI",
            advice="If you trust that host, use the IRI at which the endpoint ends up.",
            http_status=status,
        )
    headers = {name: value for name, value in request.header_items() if keeps or name != "Authorization"}
    if status == http.client.SEE_OTHER:
        headers.pop("Content-type", None)
        return urllib.request.Request(iri, headers=headers)  # noqa: S310
    # A query changes nothing, so it may be sent again as it was, also where browsers would turn POST into GET.
    return urllib.request.Request(iri, request.data, headers, method=request.get_method())  # noqa: S310


def _is_http(iri: str) -> bool:
    try:
        scheme, host, _ = _origin(iri)
    except ValueError:  # a port that is no number
        return False
    return scheme in SCHEMES and bool(host)


def _may_keep_credentials(before: str, after: str) -> bool:
    """Credentials stay on their host and port; the one step allowed is from plain to secure on the standard ports."""
    old, new = _origin(before), _origin(after)
    return old == new or (old, new) == (("http", old[1], 80), ("https", old[1], 443))


def _host(iri: str) -> str:
    return urlsplit(iri).netloc.rpartition("@")[2]


def _origin(iri: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(iri)
    return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)
