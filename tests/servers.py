"""Servers for the tests, all on loopback: a real Oxigraph, HTTP answered by a function, and a raw socket."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

HOST = "127.0.0.1"
START_SECONDS = 30
JSON = "application/sparql-results+json"
NO_ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def query(self) -> str:
        """The SPARQL text, from the URL or from the form."""
        form = self.body.decode() if self.method == "POST" else urlsplit(self.path).query
        return parse_qs(form, keep_blank_values=True)["query"][0]


@dataclass(frozen=True)
class Reply:
    """What the server is to say; Content-Length is added unless it is given."""

    status: int = 200
    body: bytes = NO_ROWS
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": JSON})


@dataclass
class HttpServer:
    """A running server: its address and the requests that it got."""

    iri: str
    requests: list[Request] = field(default_factory=list)


@contextmanager
def oxigraph_server(nquads: str = "", *, union: bool = True) -> Iterator[str]:
    """Run `oxigraph serve` in memory with the given N-Quads and give the IRI of its query endpoint.

    With `union`, a query's default graph is the union of all graphs.
    """
    command = [_oxigraph(), "serve", "--bind", "", *(["--union-default-graph"] if union else [])]
    process, base = _start(command)
    try:
        if nquads:
            headers = {"Content-Type": "application/n-quads"}
            _direct(urllib.request.Request(f"{base}/store", nquads.encode(), headers, method="POST"))
        yield f"{base}/query"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _oxigraph() -> str:
    beside = Path(sys.executable).with_name("oxigraph")
    command = str(beside) if beside.exists() else shutil.which("oxigraph")
    if command is None:
        raise RuntimeError("the tests need the package 'oxigraph': pip install 'oxigraph>=0.5.6,<0.6'")
    return command


def _start(command: list[str]) -> tuple[subprocess.Popen[bytes], str]:
    """Start the server on a free port; another program may take the port in between, so try a few."""
    for _ in range(5):
        address = f"{HOST}:{free_port()}"
        line = [part or address for part in command]
        process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if _answers(process, f"http://{address}/query?query=ASK%7B%7D"):
            return process, f"http://{address}"
        process.kill()
        process.wait(10)
    raise RuntimeError(f"does not start: {' '.join(command)}")


def _answers(process: subprocess.Popen[bytes], iri: str) -> bool:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            _direct(urllib.request.Request(iri))
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
        else:
            return True
    return False


def _direct(request: urllib.request.Request) -> None:
    """Send a request past any proxy that the environment names."""
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
        answer.read()


def free_port() -> int:
    """Give a port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def http_server(answer: Callable[[Request], Reply] | list[Reply], *, host: str = HOST) -> Iterator[HttpServer]:
    """Serve HTTP in threads; a list is answered in its order, its last reply for all that follows."""
    server = HttpServer("")
    lock = threading.Lock()

    def reply_to(request: Request) -> Reply:
        with lock:
            server.requests.append(request)
            n = len(server.requests)
        return answer[min(n, len(answer)) - 1] if isinstance(answer, list) else answer(request)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = reply_to(Request(self.command, self.path, headers, self.rfile.read(length)))
            self.send_response_only(reply.status)
            for name, value in ({"Content-Length": str(len(reply.body))} | reply.headers).items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(reply.body)
            except ConnectionError:
                return  # a client may leave in the middle, and some tests are about that

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            return

    listener = ThreadingHTTPServer((HOST, 0), Handler)
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    server.iri = f"http://{host}:{listener.server_port}/sparql"
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


@contextmanager
def raw_server(talk: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """Accept connections and let `talk` send whatever it likes; the event is set when the test is over."""
    over = threading.Event()
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with connection:
            try:
                read_request(connection)
                talk(connection, over)
            except (ConnectionError, TimeoutError):
                return  # the client left, as it should

    def accept() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            connection.settimeout(10)
            threads.append(threading.Thread(target=serve, args=(connection,)))
            threads[-1].start()

    with socket.create_server((HOST, 0)) as listener:
        listener.settimeout(0.02)
        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield f"http://{HOST}:{listener.getsockname()[1]}/sparql"
        finally:
            over.set()
            accepting.join()
            for thread in threads:
                thread.join()


def read_request(connection: socket.socket) -> bytes:
    """Read the head of a GET request."""
    head = b""
    while b"\r\n\r\n" not in head:
        block = connection.recv(65_536)
        if not block:
            raise ConnectionResetError
        head += block
    return head
