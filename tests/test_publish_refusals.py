"""What exports refuse, and what they leave on the disk."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from esco_graph.errors import NotFoundError, ParameterError, StoreError
from esco_graph.graph import Graph
from esco_graph.publish import FORMATS, format_of, write, write_file
from esco_graph.terms import RDF
from exports import ASSISTANT, EX, Remote, assert_same, data_of, esco_quads, export, iri, parse, quad


@pytest.fixture
def graph() -> Graph:
    return Graph.memory(esco_quads())


# refusals ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["nul\x00", "bell\x07", "vertical\x0btab", "not a character \ufffe"])
def test_xml_refuses_what_it_cannot_hold(text):
    graph = Graph.memory([quad(EX + "a", EX + "p", ox.Literal(text))])
    with pytest.raises(ParameterError, match=r"http://example.org/a.*U\+00|http://example.org/a.*U\+FFFE") as caught:
        export(graph, "rdf-xml")
    assert EX + "p" in str(caught.value)
    for format in FORMATS.keys() - {"rdf-xml"}:
        assert_same(data_of(parse(export(graph, format), format)), graph.quads(), format)


@pytest.mark.parametrize(
    "predicate", [EX + "p/", EX + "1", "urn:x:", RDF + "li", RDF + "Description", RDF + "about", EX + "a%20"]
)
def test_xml_refuses_a_property_without_a_name(predicate):
    with pytest.raises(ParameterError, match="RDF/XML has no element name") as caught:
        export(Graph.memory([quad(EX + "a", predicate, "x")]), "rdf-xml")
    assert predicate in str(caught.value)
    assert EX + "a" in str(caught.value)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("bad", [b"http://example.org/a b", b"http://example.org/\\u003E", b"http://example.org/{x}"])
def test_an_iri_that_is_none_is_refused_by_name(format, bad):
    """A lenient parser lets such IRIs into a store."""
    line = b"<http://example.org/s> <http://example.org/p> <" + bad + b"> ."
    graph = Graph.memory(ox.parse(line, ox.RdfFormat.N_TRIPLES, lenient=True))
    with pytest.raises(ParameterError, match="is not an IRI") as caught:
        export(graph, format)
    assert "http://example.org/" in str(caught.value)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "value",
    [
        ox.Triple(iri(EX + "a"), iri(EX + "p"), iri(EX + "b")),
        ox.Literal("x", language="ar", direction=ox.BaseDirection.RTL),
    ],
)
def test_rdf_12_is_refused_by_name(format, value):
    with pytest.raises(ParameterError, match=r"http://example.org/a.* is not an RDF 1.1 term"):
        export(Graph.memory([quad(EX + "a", EX + "p", value)]), format)


@pytest.mark.parametrize("format", ["json-ld", "json-ld-framed"])
@pytest.mark.parametrize("name", ["isco:C2269", "skill:1", "prov:x"])
def test_json_ld_refuses_an_iri_that_would_be_read_as_another(format, name):
    with pytest.raises(ParameterError, match="would be read as the prefix"):
        export(Graph.memory([ox.Quad(iri(name), iri(EX + "p"), ox.Literal("x"))]), format)
    assert f"<{name}>" in export(Graph.memory([ox.Quad(iri(name), iri(EX + "p"), iri(name))]), "turtle").decode()


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("turtle", "turtle"),
        ("TTL", "turtle"),
        ("nt", "n-triples"),
        ("nq", "n-quads"),
        ("rdf", "rdf-xml"),
        ("xml", "rdf-xml"),
        ("jsonld", "json-ld"),
        ("application/rdf+xml", "rdf-xml"),
        ("out/2269.5.jsonld", "json-ld"),
        ("out/2269.5.framed.jsonld", "json-ld-framed"),
        (".trig", "trig"),
        ("a.b.NQ", "n-quads"),
    ],
)
def test_format_by_name_or_path(asked, name):
    assert format_of(asked).name == name


@pytest.mark.parametrize(
    ("asked", "hint"),
    [("turtel", "Did you mean turtle"), ("a.ttll", "Did you mean ttl"), ("", "turtle, trig"), ("csv", "")],
)
def test_an_unknown_format_is_refused_with_the_known_ones(asked, hint):
    with pytest.raises(ParameterError, match="no export format") as caught:
        format_of(asked)
    assert hint in str(caught.value)
    assert all(name in str(caught.value) for name in FORMATS)


def test_names_and_extensions_of_formats_are_unique():
    assert len({each.extension for each in FORMATS.values()}) == len(FORMATS)
    assert all(format_of(each.extension) == each == format_of(name) for name, each in FORMATS.items())


@pytest.mark.parametrize("concept", ["", "2269.5", "nurse", "> . ?s ?p ?o", "http://example.org/a b", "<http://a/>"])
def test_what_is_no_iri_is_refused(graph, concept):
    for each in (graph, Remote(graph)):
        with pytest.raises(ParameterError, match="is not the IRI of a concept"):
            export(each, "turtle", concept=concept)


def test_an_unknown_concept_is_not_found(graph):
    for each in (graph, Remote(graph)):
        with pytest.raises(NotFoundError, match=r"says nothing of <http://example.org/nobody>"):
            export(each, "turtle", concept=EX + "nobody")


def test_an_unknown_named_graph_is_not_found_with_a_suggestion(graph):
    for name in ("nowhere", "> { ?s ?p ?o } #", EX):
        with pytest.raises(NotFoundError, match="no named graph"):
            export(graph, "turtle", named_graph=name)
    with pytest.raises(NotFoundError, match=r"Did you mean derived\?"):
        export(graph, "turtle", named_graph="deriveed")


@pytest.mark.parametrize("lang", ["", "english!", "en_GB", 'en" . <a>'])
def test_what_is_no_language_is_refused(graph, lang):
    with pytest.raises(ParameterError, match="is not a language tag"):
        export(graph, "turtle", lang=(lang,))


# files ---------------------------------------------------------------------------------------------------------------


def test_a_file_takes_its_format_from_its_name(graph, tmp_path):
    summary = write_file(graph, tmp_path / "assistant.framed.jsonld", concept=ASSISTANT)
    assert summary.format == "json-ld-framed"
    assert (tmp_path / "assistant.framed.jsonld").stat().st_size == summary.bytes
    assert write_file(graph, str(tmp_path / "odd.name"), format="ttl").format == "turtle"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["assistant.framed.jsonld", "odd.name"]


def test_a_failed_export_leaves_the_old_file_alone(tmp_path):
    target = tmp_path / "a.rdf"
    target.write_text("old")
    with pytest.raises(ParameterError):
        write_file(Graph.memory([quad(EX + "a", EX + "p", ox.Literal("\x00"))]), target)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_interrupted_export_leaves_nothing(graph, tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_file(graph, tmp_path / "a.ttl")
    assert list(tmp_path.iterdir()) == []


FULL_DISK = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from exports import Graph, hostile_quads
from esco_graph.errors import StoreError
from esco_graph.publish import write_file
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    write_file(Graph.memory(hostile_quads()), Path(sys.argv[2]) / ("a." + sys.argv[3]))
except StoreError as error:
    print("StoreError", error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
@pytest.mark.parametrize("extension", ["ttl", "nq", "jsonld"])
def test_a_full_disk_is_a_store_error_and_leaves_nothing(tmp_path, extension):
    command = [sys.executable, "-c", FULL_DISK, str(Path(__file__).parent), str(tmp_path), extension]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.startswith("StoreError")
    assert "has room" in run.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_device_is_a_store_error(graph):
    with pytest.raises(StoreError, match="cannot write"):
        write_file(graph, "/dev/full", format="turtle")
    assert Path("/dev/full").is_char_device()


def test_a_missing_folder_and_a_folder_as_a_file_are_store_errors(graph, tmp_path):
    with pytest.raises(StoreError, match="Check that the folder exists"):
        write_file(graph, tmp_path / "nowhere" / "a.ttl")
    with pytest.raises(StoreError, match=r"is a folder.*export.ttl"):
        write_file(graph, tmp_path, format="turtle")
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_a_link(graph, tmp_path):
    (tmp_path / "real.ttl").write_text("old")
    (tmp_path / "link.ttl").symlink_to("real.ttl")
    write_file(graph, tmp_path / "link.ttl", concept=ASSISTANT)
    assert (tmp_path / "link.ttl").is_symlink()
    assert (tmp_path / "real.ttl").read_text().startswith("# esco-graph")


def test_a_reader_that_goes_away_is_left_to_the_caller(graph):
    class Closed(io.BytesIO):
        def write(self, data):
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        write(graph, Closed(), format="turtle")
