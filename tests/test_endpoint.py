"""The SPARQL client against a real Oxigraph and against servers that refuse, stall, lie, echo and break off."""

from __future__ import annotations

import socket
import struct
import threading
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pyoxigraph as ox
import pytest

from esco_graph.endpoint import Endpoint, query_form
from esco_graph.errors import EndpointError, ParameterError, QueryError
from esco_graph.solutions import Solutions
from servers import JSON, NO_ROWS, Reply, Request, free_port, http_server, oxigraph_server, raw_server

SELECT = "SELECT ?s WHERE { ?s ?p ?o }"
SECRET = "s3cr3t-pass/wörd"
DATA = """
<http://example.org/a> <http://www.w3.org/2004/02/skos/core#prefLabel> "ergothérapeute \U0001f9d1‍⚕️"@fr <http://example.org/g1> .
<http://example.org/b> <http://www.w3.org/2004/02/skos/core#prefLabel> "εργοθεραπευτής"@el <http://example.org/g2> .
<http://example.org/b> <http://example.org/level> "4"^^<http://www.w3.org/2001/XMLSchema#integer> <http://example.org/g2> .
"""  # noqa: E501


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that would have been slept."""
    made: list[float] = []
    monkeypatch.setattr("esco_graph.endpoint.sleep", made.append)
    return made


@pytest.fixture(scope="module")
def oxigraph():
    with oxigraph_server(DATA) as iri:
        yield iri


def failing(endpoint: Endpoint, sparql: str = SELECT) -> EndpointError:
    with pytest.raises(EndpointError) as caught:
        endpoint.query(sparql)
    assert caught.value.exit_code == 3
    assert caught.value.where == endpoint.iri
    return caught.value


def answering(reply: Reply, sparql: str = SELECT, **options) -> EndpointError:
    with http_server([reply]) as server:
        return failing(Endpoint(server.iri, retries=0, **options), sparql)


# A real server


def test_select_over_the_union_of_graphs(oxigraph):
    solutions = Endpoint(oxigraph).query(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        "SELECT ?s ?label ?level {\n"
        "  ?s skos:prefLabel ?label . OPTIONAL { ?s <http://example.org/level> ?level }\n"
        "} ORDER BY ?s"
    )
    assert isinstance(solutions, Solutions)
    assert solutions.variables == ("s", "label", "level")
    assert solutions.rows == [
        (ox.NamedNode("http://example.org/a"), ox.Literal("ergothérapeute \U0001f9d1‍⚕️", language="fr"), None),
        (
            ox.NamedNode("http://example.org/b"),
            ox.Literal("εργοθεραπευτής", language="el"),
            ox.Literal("4", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        ),
    ]


def test_without_union_the_default_graph_is_empty():
    with oxigraph_server(DATA, union=False) as iri:
        assert Endpoint(iri).query("ASK { ?s ?p ?o }") is False


@pytest.mark.filterwarnings("error")
def test_words_in_names_do_not_make_an_update(oxigraph):
    sparql = (
        "PREFIX : <http://example.org/insert#> PREFIX d: <http://example.org/> SELECT ?o { d:b d:level ?o } # DELETE"
    )
    assert Endpoint(oxigraph).query(sparql).rows[0][0].value == "4"


def test_ask(oxigraph):
    assert Endpoint(oxigraph).query('ASK { ?s ?p "εργοθεραπευτής"@el }') is True
    assert Endpoint(oxigraph).query('ASK { ?s ?p "εργοθεραπευτής" }') is False


@pytest.mark.parametrize("sparql", ["CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "DESCRIBE <http://example.org/b>"])
def test_construct_and_describe_give_triples(oxigraph, sparql):
    triples = Endpoint(oxigraph).query(sparql)
    level = ox.Literal("4", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    assert ox.Triple(ox.NamedNode("http://example.org/b"), ox.NamedNode("http://example.org/level"), level) in triples
    assert len(triples) == (3 if sparql.startswith("CONSTRUCT") else 2)


def test_a_query_of_100_kb_with_unicode(oxigraph):
    values = " ".join(f'"näme {n} 職業"' for n in range(6_000))
    sparql = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?v {{ {values} }} }}"
    assert len(sparql.encode()) > 100_000
    solutions = Endpoint(oxigraph).query(sparql)
    assert solutions.rows[0][0].value == "6000"


def test_a_parse_error_of_a_real_server_is_shown(oxigraph):
    error = failing(Endpoint(oxigraph), "SELECT ?s WHERE { ?s ?p }")
    assert error.http_status == 400
    assert "expected" in error.answer
    assert error.answer in str(error)
    assert "Repair the query" in error.advice


def test_many_threads_share_one_endpoint(oxigraph):
    endpoint = Endpoint(oxigraph)

    def ask(n: int) -> bool:
        rows = endpoint.query(f"SELECT ?n {{ VALUES ?n {{ {n} }} }}").rows
        return rows[0][0].value == str(n) and endpoint.query(f"ASK {{ FILTER({n} > 10) }}") is (n > 10)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(40)))


# How the query is sent


def test_short_queries_go_by_get_and_long_ones_by_post():
    with http_server([Reply()]) as server:
        room = 2_000 - len(f"{server.iri}?query=")
        fits, longer = "SELECT ".ljust(room, "x"), "SELECT ".ljust(room + 1, "x")
        for sparql in (SELECT, fits, longer):
            Endpoint(server.iri).query(sparql)
    assert [request.method for request in server.requests] == ["GET", "GET", "POST"]
    assert [request.query for request in server.requests] == [SELECT, fits, longer]
    assert len(server.iri.removesuffix("/sparql") + server.requests[1].path) == 2_000
    assert server.requests[2].path == "/sparql"
    assert server.requests[2].headers["content-type"] == "application/x-www-form-urlencoded"


def test_the_request_follows_the_protocol_and_nothing_else():
    with http_server([Reply()]) as server:
        Endpoint(server.iri + "?default-graph-uri=http%3A%2F%2Fg&key=a%26b").query(SELECT)
    request = server.requests[0]
    assert request.path == (
        "/sparql?default-graph-uri=http%3A//g&key=a%26b&query=SELECT+%3Fs+WHERE+%7B+%3Fs+%3Fp+%3Fo+%7D"
    )
    assert request.headers["accept"].startswith("application/sparql-results+json,")
    assert request.headers["user-agent"].startswith("esco-graph ")
    assert "authorization" not in request.headers


def test_basic_and_bearer_authentication():
    with http_server([Reply()]) as server:
        Endpoint(server.iri, user="ada", password=SECRET).query(SELECT)
        Endpoint(server.iri, user="ada").query(SELECT)
        Endpoint(server.iri.replace("//", "//ada:p%40ss@")).query(SELECT)
        Endpoint(server.iri, token="abc.def-_~+/=").query(SELECT)
    sent = [request.headers["authorization"] for request in server.requests]
    assert sent == [
        "Basic " + b64encode(f"ada:{SECRET}".encode()).decode(),
        "Basic " + b64encode(b"ada:").decode(),
        "Basic " + b64encode(b"ada:p@ss").decode(),
        "Bearer abc.def-_~+/=",
    ]


def test_an_iri_beyond_ascii_is_sent_encoded():
    with http_server([Reply()]) as server:
        Endpoint(server.iri + "/größe").query(SELECT)
    assert server.requests[0].path.startswith("/sparql/gr%C3%B6%C3%9Fe?query=")


# What the query is


@pytest.mark.parametrize(
    ("sparql", "form"),
    [
        ("select * {}", "SELECT"),
        ("ASK{}", "ASK"),
        ("# INSERT\r# CONSTRUCT {?s ?p ?o}\nDESCRIBE <http://example.org/a>", "DESCRIBE"),
        ("PREFIX ask: <http://example.org/select#> CONSTRUCT WHERE { ?s ask:insert ?o }", "CONSTRUCT"),
        ("BASE <http://example.org/#>PREFIX : <#>\n#SELECT\nprefix#c\nex:#c\n<a>ASK { <a> ex:b : }", "ASK"),
        ("PREFIX a: <http://x> SELECT * { ?s a:insert <http://y> . ?s a:b <http://z> }", "SELECT"),
    ],
)
def test_form_of_a_query(sparql, form):
    assert query_form(sparql) == form


@pytest.mark.parametrize(
    "sparql",
    [
        "INSERT DATA { <http://a> <http://b> 1 }",
        "PREFIX select: <http://x> # SELECT\n delete where { ?s ?p ?o }",
        "CLEAR ALL",
        "WITH <http://g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "LOAD <http://example.org/>",
        "",
        "   # SELECT * {}",
        "PREFIX",
        "PREFIX a <http://x> SELECT * {}",
        "BASE BASE",
        "{ ?s ?p ?o }",
        "SELECTED",
        "ſELECT * {}",
        "#" * 100_000,
        "PREFIX " * 20_000,
        "SELECT '\ud800' {}",
    ],
)
def test_updates_and_non_queries_are_refused_before_anything_is_sent(sparql):
    with http_server([Reply()]) as server, pytest.raises(QueryError):
        Endpoint(server.iri).query(sparql)
    assert server.requests == []


@pytest.mark.parametrize(
    "iri",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "data:text/plain,x",
        "localhost:7878",
        "",
        "http://",
        "http://a b/",
        "http://127.0.0.1:port/",
        "http://127.0.0.1:99999/",
        "http://[::1/",
        "http://a\r\nHost: b/",
        "http://ada:secret pass@127.0.0.1/",
        "http://" + "a" * 64 + "/",
    ],
)
def test_other_addresses_are_refused(iri):
    with pytest.raises(ParameterError) as caught:
        Endpoint(iri)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": 0},
        {"timeout": float("nan")},
        {"retries": -1},
        {"backoff": -0.1},
        {"max_bytes": 0},
        {"user": "a:b", "password": SECRET},
        {"password": SECRET},
        {"user": "ada", "password": SECRET + "\r\nX-Evil: 1"},
        {"token": SECRET + "\n"},
        {"token": ""},
        {"token": "two words"},
        {"token": SECRET, "user": "ada"},
    ],
)
def test_options_that_cannot_be_used_are_refused_without_showing_them(options):
    with pytest.raises(ParameterError) as caught:
        Endpoint("http://127.0.0.1/", **options)
    assert SECRET not in str(caught.value)


# Servers that are not there, or too slow


def test_a_refused_connection():
    error = failing(Endpoint(f"http://127.0.0.1:{free_port()}/sparql"))
    assert "refused" in error.what
    assert error.http_status is None
    assert "running" in error.advice


def test_an_unknown_host(monkeypatch):
    error = failing(Endpoint("http://no-such-host.invalid/sparql"))
    assert "host name" in error.what or "connection failed" in error.what


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: " + JSON.encode() + b"\r\n"


def stall(_: socket.socket, over: threading.Event) -> None:
    over.wait(20)


def stall_in_the_body(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(HEAD + b'Content-Length: 100\r\n\r\n{"head"')
    over.wait(20)


def trickle(connection: socket.socket, over: threading.Event, start: bytes, byte: bytes) -> None:
    connection.sendall(start)
    while not over.wait(0.02):
        connection.sendall(byte)


SLOW = {
    "before the headers": stall,
    "in the body": stall_in_the_body,
    "a trickle of header bytes": lambda c, over: trickle(c, over, b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
    "a trickle of interim answers": lambda c, over: trickle(c, over, b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a trickle of body bytes": lambda c, over: trickle(c, over, HEAD + b"\r\n", b" "),
    "a trickle of chunks": lambda c, over: trickle(
        c, over, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"
    ),
}


@pytest.mark.parametrize("talk", SLOW.values(), ids=SLOW.keys())
def test_a_slow_server_ends_in_an_error_once(talk, pauses):
    started = time.monotonic()
    with raw_server(talk) as iri:
        error = failing(Endpoint(iri, timeout=0.3))
        waited = time.monotonic() - started
    assert "0.3 s" in error.what
    assert pauses == []
    assert waited < 10  # no measure: the servers above talk for 20 s or for ever


def test_a_slow_error_page_still_gives_its_status():
    page = b"HTTP/1.1 500 Oops\r\nContent-Type: text/plain\r\nContent-Length: 999\r\n\r\nout of memory"
    with raw_server(lambda c, over: trickle(c, over, page, b"")) as iri:
        error = failing(Endpoint(iri, timeout=0.3))
    assert (error.http_status, error.answer) == (500, "out of memory")


# Servers that answer with an error


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_errors_of_the_client_or_the_query_are_not_retried(status, pauses):
    page = (
        b"<html><head><style>p{}</style><title>No</title></head><p>Line 1: <b>unexpected</b> &quot;}&quot;</p></html>"
    )
    with http_server([Reply(status, page, {"Content-Type": "text/html"})]) as server:
        error = failing(Endpoint(server.iri))
    assert error.http_status == status
    assert error.answer == 'No Line 1: unexpected "}"'
    assert error.answer in str(error)
    assert error.advice
    assert len(server.requests) == 1
    assert pauses == []


def test_iris_in_a_plain_message_are_not_taken_for_markup():
    error = answering(Reply(400, b"Parse error near <http://example.org/p>\r\n\tat line 3", {}))
    assert error.answer == "Parse error near <http://example.org/p> at line 3"


def test_a_long_message_is_cut_and_control_characters_are_dropped():
    error = answering(Reply(500, b"\x1b]0;title\x07\x1b[2J" + b"java.lang.Error " * 10_000, {}))
    assert len(error.answer) <= 300
    assert "java.lang.Error" in error.answer
    assert str(error).isprintable()


def test_503_twice_then_fine(pauses):
    with http_server([Reply(503, b"busy", {}), Reply(503, b"busy", {}), Reply()]) as server:
        assert len(Endpoint(server.iri, backoff=0.5).query(SELECT)) == 0
    assert len(server.requests) == 3
    assert pauses == [0.5, 1.0]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_retries_end(status, pauses):
    with http_server([Reply(status, b"busy", {})]) as server:
        error = failing(Endpoint(server.iri, retries=2, backoff=1))
    assert (error.http_status, error.answer) == (status, "busy")
    assert len(server.requests) == 3
    assert pauses == [1, 2]


def test_retry_after_in_seconds_and_as_a_date(pauses):
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    past = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    waits = ["7", soon, past, "soon", ""]
    replies = [Reply(429, b"slow down", {"Retry-After": wait}) for wait in waits]
    with http_server([*replies, Reply()]) as server:
        Endpoint(server.iri, retries=5, backoff=0.5).query(SELECT)
    assert pauses[0] == 7
    assert 15 < pauses[1] <= 20
    assert pauses[2:] == [0, 4, 8]


def test_a_wait_longer_than_the_timeout_is_not_taken(pauses):
    with http_server([Reply(429, b"quota", {"Retry-After": "3600"})]) as server:
        error = failing(Endpoint(server.iri, timeout=5))
    assert error.http_status == 429
    assert "3600 s" in error.advice
    assert len(server.requests) == 1
    assert pauses == []


def test_a_reset_connection_is_tried_again(pauses):
    calls = []

    def talk(connection: socket.socket, _: threading.Event) -> None:
        calls.append(1)
        if len(calls) == 1:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif len(calls) == 3:
            connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(NO_ROWS) + NO_ROWS)

    with raw_server(talk) as iri:
        assert len(Endpoint(iri).query(SELECT)) == 0
    assert pauses == [0.5, 1.0]


def test_a_connection_that_is_always_lost(pauses):
    with raw_server(lambda *_: None) as iri:
        error = failing(Endpoint(iri, retries=2))
    assert "lost" in error.what
    assert len(pauses) == 2


def test_a_server_of_another_protocol(pauses):
    with raw_server(lambda connection, _: connection.sendall(b"220 mail.example.org ESMTP\r\n")) as iri:
        error = failing(Endpoint(iri))
    assert "HTTP" in error.what
    assert pauses == []


def test_https_to_a_plain_server():
    with http_server([Reply()]) as server:
        error = failing(Endpoint(server.iri.replace("http:", "https:"), timeout=5))
    assert "secure connection" in error.what


# Servers that lie, or stop half-way

XML = b"""<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="s"/></head>
<results><result><binding name="s"><uri>http://example.org/a</uri></binding></result></results></sparql>"""
ONE_ROW = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"http://example.org/a"}}]}}'
TYPE_XML = "application/sparql-results+xml; charset=utf-8"


def test_xml_results_are_read_when_the_server_insists():
    with http_server([Reply(200, XML, {"Content-Type": TYPE_XML})]) as server:
        solutions = Endpoint(server.iri).query(SELECT)
    assert solutions.rows == [(ox.NamedNode("http://example.org/a"),)]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", b"<html><body>Welcome</body></html>"),
        ("text/html", ONE_ROW),
        ("text/plain", ONE_ROW),
        ("text/csv", b"s\r\nhttp://example.org/a\r\n"),
        ("text/turtle", b"<http://a> <http://b> <http://c> ."),
        ("", ONE_ROW),
        (JSON, b"garbage"),
        (JSON, b""),
        (JSON, b"\x00\xff\xfe"),
        (JSON, XML),
        (JSON, b"[]"),
        (JSON, b"{}"),
        (JSON, b"[" * 100_000),
        (JSON, b'{"head":{},"boolean":true}'),
        (JSON, ONE_ROW[:-1]),
        (JSON, ONE_ROW[:70]),
        (JSON, ONE_ROW + b"\njava.util.concurrent.TimeoutException"),
        (JSON, ONE_ROW.replace(b"http://example.org/a", b"not an IRI")),
        (JSON, ONE_ROW.replace(b'{"s":{', b'{"other":{')),
        (TYPE_XML, ONE_ROW),
        (TYPE_XML, XML[:-20]),
        (TYPE_XML, XML[: XML.index(b"</results>")]),
        (TYPE_XML, b""),
        (TYPE_XML, b"<html><body>Welcome</body></html>"),
        (TYPE_XML, b"<sparql" + b" " * 60_000),
    ],
)
def test_an_answer_that_is_not_what_it_says_is_an_error(kind, body):
    error = answering(Reply(200, body, {"Content-Type": kind} if kind else {}))
    assert error.http_status == 200
    assert len(str(error)) < 2_000
    assert str(error).isprintable()


@pytest.mark.parametrize("kind", ["text/html", "text/csv", "text/turtle"])
def test_the_type_of_a_wrong_answer_is_named(kind):
    error = answering(Reply(200, b"Welcome", {"Content-Type": kind}))
    assert f"answers a SELECT as {kind}: Welcome" in error.what
    assert "web page" in error.advice


def test_the_end_of_a_broken_answer_is_shown():
    rows = b",".join([b'{"s":{"type":"uri","value":"http://example.org/a"}}'] * 50)
    body = b'{"head":{"vars":["s"]},"results":{"bindings":[' + rows + b"java.util.concurrent.TimeoutException"
    error = answering(Reply(200, body, {"Content-Type": JSON}))
    assert "TimeoutException" in error.what


def test_an_ask_answered_with_rows_is_an_error():
    assert "ASK" in answering(Reply(200, ONE_ROW, {"Content-Type": JSON}), "ASK {}").what


def test_a_partial_answer_of_virtuoso_is_an_error():
    headers = {"Content-Type": JSON, "X-SQL-State": "S1TAT"}
    assert "part of the answer" in answering(Reply(200, ONE_ROW, headers)).what


def test_a_compressed_answer_that_was_not_asked_for():
    headers = {"Content-Type": JSON, "Content-Encoding": "br"}
    assert "encoding br" in answering(Reply(200, b"\x0b\x02\x80", headers)).what


CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"
TURTLE = b'@prefix e: <http://example.org/> . e:a e:p "x"@en, e:b .'
RDF_XML = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">
<rdf:Description rdf:about="http://example.org/a"><e:p xml:lang="en">x</e:p><e:p rdf:resource="http://example.org/b"/>
</rdf:Description></rdf:RDF>"""
N_TRIPLES = b"""<http://example.org/a> <http://example.org/p> "x"@en .
<http://example.org/a> <http://example.org/p> <http://example.org/b> .
"""
JSON_LD = b"""{"@id": "http://example.org/a",
"http://example.org/p": [{"@value": "x", "@language": "en"}, {"@id": "http://example.org/b"}]}"""


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/n-triples", N_TRIPLES),
        ("text/plain; charset=utf-8", N_TRIPLES),
        ("text/turtle;charset=UTF-8", TURTLE),
        ("application/rdf+xml", RDF_XML),
        ("application/ld+json", JSON_LD),
    ],
)
def test_triples_by_content_type(kind, body):
    with http_server([Reply(200, body, {"Content-Type": kind})]) as server:
        triples = Endpoint(server.iri).query(CONSTRUCT)
    assert set(triples) == {quad.triple for quad in ox.parse(N_TRIPLES, ox.RdfFormat.N_TRIPLES)}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", b"<html>Welcome</html>"),
        ("application/n-triples", N_TRIPLES[:-4]),
        ("text/turtle", TURTLE[:-3]),
        ("text/turtle", b"<html>Welcome</html>"),
        ("application/rdf+xml", RDF_XML[:-20]),
        ("application/rdf+xml", RDF_XML[: RDF_XML.index(b"</rdf:Desc")]),
        ("application/xml", XML),
        ("application/json", b'{"http://example.org/a":{"http://example.org/p":[{"value":"x","type":"literal"}]}}'),
        ("application/ld+json", b'{"@context":"http://127.0.0.1:9/context","@id":"http://example.org/a"}'),
        ("text/csv", b"s,p,o"),
    ],
)
def test_triples_that_cannot_be_read_are_an_error(kind, body):
    assert answering(Reply(200, body, {"Content-Type": kind}), CONSTRUCT).http_status == 200


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 500\r\n\r\n" + ONE_ROW,
        b"Transfer-Encoding: chunked\r\n\r\n64\r\n" + ONE_ROW[:100],
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(ONE_ROW) + ONE_ROW + b"\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + ONE_ROW,
    ],
    ids=["content-length", "within a chunk", "after a chunk", "chunk size is no number"],
)
def test_a_connection_closed_half_way(rest, pauses):
    with raw_server(lambda connection, _: connection.sendall(HEAD + rest)) as iri:
        error = failing(Endpoint(iri, retries=1))
    assert "middle" in error.what
    assert len(pauses) == 1


@pytest.mark.parametrize("announced", [True, False])
def test_a_huge_answer_is_bounded(announced, pauses):
    sent = []

    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(HEAD + (b"Content-Length: 999999999999\r\n\r\n" if announced else b"\r\n"))
        while not over.is_set():
            connection.sendall(b" " * 65_536)
            sent.append(65_536)

    with raw_server(talk) as iri:
        error = failing(Endpoint(iri, max_bytes=1_000_000))
    assert "1,000,000 bytes" in error.what
    assert "LIMIT" in error.advice
    assert sum(sent) < 50_000_000
    assert pauses == []


def test_an_answer_of_just_the_limit_is_read():
    with http_server([Reply(200, ONE_ROW, {"Content-Type": JSON})]) as server:
        assert len(Endpoint(server.iri, max_bytes=len(ONE_ROW)).query(SELECT)) == 1
        failing(Endpoint(server.iri, max_bytes=len(ONE_ROW) - 1))


# Redirects, and where credentials go


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("sparql", [SELECT, SELECT + "#" * 3_000], ids=["get", "post"])
def test_a_redirect_on_the_same_host_keeps_the_query_and_the_credentials(status, sparql):
    def answer(request: Request) -> Reply:
        path, _, query = request.path.partition("?")
        if path == "/sparql":
            return Reply(status, b"", {"Location": f"/new{'?' + query if query else ''}"})
        return Reply(200, ONE_ROW, {"Content-Type": JSON})

    with http_server(answer) as server:
        assert len(Endpoint(server.iri, user="ada", password=SECRET).query(sparql)) == 1
    first, second = server.requests
    assert second.path.startswith("/new")
    assert (second.method, second.query) == (first.method, sparql)
    assert second.headers["authorization"] == first.headers["authorization"]
    assert second.headers["accept"] == first.headers["accept"]


def test_see_other_is_fetched_with_get():
    with http_server([Reply(303, b"", {"Location": "/result/1"}), Reply(200, ONE_ROW)]) as server:
        assert len(Endpoint(server.iri).query(SELECT + "#" * 3_000)) == 1
    assert [request.method for request in server.requests] == ["POST", "GET"]
    assert server.requests[1].path == "/result/1"
    assert server.requests[1].body == b""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("options", [{"user": "ada", "password": SECRET}, {"token": "secret-token"}])
def test_credentials_are_not_sent_to_another_host_or_port(host, options):
    replies = [Reply(302, b"", {})]
    with http_server([Reply()], host=host) as other, http_server(replies) as server:
        replies[0] = Reply(302, b"", {"Location": other.iri + "?query=x"})
        Endpoint(server.iri, **options).query(SELECT)
    assert "authorization" in server.requests[0].headers
    assert "authorization" not in other.requests[0].headers


@pytest.mark.parametrize("status", [302, 303, 307])
@pytest.mark.parametrize("sparql", [SELECT, SELECT + "#" * 3_000], ids=["get", "post"])
def test_a_key_in_the_address_is_not_sent_to_another_host_or_port(status, sparql, pauses):
    replies = [Reply(status, b"", {})]
    with http_server([Reply()], host="localhost") as other, http_server(replies) as server:
        replies[0] = Reply(status, b"", {"Location": other.iri})
        error = failing(Endpoint(server.iri + "?apikey=k3y"), sparql)
    assert other.requests == []
    assert other.iri.split("/")[2] in error.what
    assert error.http_status == status


def test_a_key_in_the_address_goes_along_on_the_same_host():
    with http_server([Reply(307, b"", {"Location": "/new"}), Reply(200, ONE_ROW)]) as server:
        assert len(Endpoint(server.iri + "?apikey=k3y").query(SELECT + "#" * 3_000)) == 1
    assert b"apikey=k3y" in server.requests[1].body


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/", "data:text/plain,x", "http://h:x/", "gopher:x"]
)
def test_a_redirect_out_of_http_is_refused(target):
    error = answering(Reply(302, b"", {"Location": target}))
    assert error.http_status == 302
    assert "redirects" in error.what


def test_a_redirect_without_a_target():
    assert answering(Reply(302, b"moved", {})).http_status == 302


def test_a_redirect_in_a_circle(pauses):
    with http_server([Reply(302, b"", {"Location": "/sparql"})]) as server:
        error = failing(Endpoint(server.iri))
    assert "redirects" in error.what
    assert len(server.requests) == 6
    assert pauses == []


def test_a_redirect_to_a_stalling_server_keeps_the_one_deadline():
    with raw_server(stall) as slow:
        error = answering(Reply(302, b"", {"Location": slow}), timeout=0.3)
    assert "0.3 s" in error.what


@pytest.mark.parametrize("status", [200, 401, 500])
def test_credentials_never_show_even_when_the_server_echoes_them(status):
    def echo(request: Request) -> Reply:
        words = f"{request.headers['authorization']} {SECRET} and {SECRET}"
        return Reply(status, f"<p>{words}</p>".encode(), {"Content-Type": "text/html; charset=utf-8"})

    pair = b64encode(f"ada:{SECRET}".encode()).decode()
    with http_server(echo) as server:
        for endpoint in (
            Endpoint(server.iri, user="ada", password=SECRET),
            Endpoint(server.iri.replace("//", f"//ada:{SECRET.replace('/', '%2F')}@")),
        ):
            error = failing(endpoint)
            for shown in (str(error), repr(error), error.answer, error.what, repr(endpoint), endpoint.iri):
                assert SECRET not in shown
                assert pair not in shown
            assert "***" in error.answer


@pytest.mark.parametrize("status", [200, 401])
def test_a_key_in_the_address_never_shows_even_when_the_server_echoes_it(status):
    def echo(request: Request) -> Reply:
        words = f"bad key s3cr3t+key/1 in {request.path}"
        return Reply(status, words.encode(), {"Content-Type": "text/plain"})

    with http_server(echo) as server:
        error = failing(Endpoint(server.iri + "?apikey=s3cr3t%2Bkey%2F1&v=1"))
    assert "s3cr3t" not in str(error) + error.answer
    assert "bad key ***" in error.answer
    assert "v=1" in error.answer


def test_a_key_in_the_address_never_shows():
    with http_server([Reply(403, b"no", {})]) as server:
        endpoint = Endpoint(server.iri + "?apikey=s3cr3t")
        error = failing(endpoint)
    assert "apikey=s3cr3t" in server.requests[0].path
    assert "s3cr3t" not in repr(endpoint) + str(error)
