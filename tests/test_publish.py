"""Exports: the bytes are stable, they read back as the graph, and each file says what it is."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_graph.errors import ParameterError
from esco_graph.graph import Graph
from esco_graph.publish import EXPORTS, FORMATS, Notice, split_attribution, write
from esco_graph.publish.canonical import blank_labels
from esco_graph.terms import CATALOG_GRAPH, DCT, DERIVED_GRAPH, SKOS, profile_graph, release_graph, to_ox
from exports import (
    ASSISTANT,
    DERIVED,
    EX,
    PROFILE,
    RELEASE,
    assert_same,
    canonical,
    data_of,
    en,
    esco_quads,
    export,
    hostile_quads,
    iri,
    parse,
    parse_rdflib,
    quad,
)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")


@pytest.fixture(autouse=True)
def _literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep rdflib from rewriting "05"^^xsd:integer as "5"."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.fixture
def graph() -> Graph:
    return Graph.memory(esco_quads())


# reading back --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("read", [parse, parse_rdflib])
@pytest.mark.parametrize("quads", [hostile_quads, esco_quads])
def test_a_whole_graph_reads_back(format, read, quads):
    graph = Graph.memory(quads())
    wanted = list(graph.quads())  # the store itself writes "05"^^xsd:integer as "5"
    assert_same(data_of(read(export(graph, format), format)), wanted, format)


@pytest.mark.parametrize("format", FORMATS)
def test_the_summary_counts_the_statements_of_the_graph(format):
    quads = [*esco_quads(), quad(ASSISTANT, SKOS + "prefLabel", en("occupational therapy assistant"), DERIVED)]
    wanted = len(quads) if FORMATS[format].named_graphs else len({q.triple for q in quads})
    out = io.BytesIO()
    assert write(Graph.memory(quads), out, format=format).triples == wanted
    assert len(set(data_of(parse(out.getvalue(), format)))) == wanted


@pytest.mark.parametrize("format", FORMATS)
def test_one_named_graph(graph, format):
    wanted = [q for q in esco_quads() if q.graph_name == PROFILE]
    for name in (PROFILE.value, "profile/assistant"):
        found = data_of(parse(export(graph, format, named_graph=name), format))
        assert_same(found, wanted, format)


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_graph_is_a_valid_file(format):
    data = export(Graph.memory(), format)
    assert data_of(parse(data, format)) == []
    assert data_of(parse_rdflib(data, format)) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=6), st.sampled_from([f for f in FORMATS if f != "rdf-xml"]))
def test_any_text_reads_back(texts, format):
    quads = [quad(EX + "a", SKOS + "prefLabel", ox.Literal(text, language="en")) for text in texts]
    quads += [quad(EX + "a", EX + "p", ox.Literal(text)) for text in texts]
    assert_same(data_of(parse(export(Graph.memory(quads), format), format)), quads, format)


def test_an_rdflib_graph_in_and_out():
    source = rdflib.Graph().parse(data="@prefix : <http://example.org/> . :a :p [ :q 1, 2.5, true ; :r (1 'x'@en) ] .")
    data = export(Graph.from_rdflib(source), "turtle")
    triples, notice = split_attribution(ox.parse(data, ox.RdfFormat.TURTLE))
    assert notice
    assert canonical(ox.Quad(*t) for t in triples) == canonical(ox.Quad(*map(to_ox, t)) for t in source)


# same bytes ----------------------------------------------------------------------------------------------------------


SCRIPT = """
import hashlib, io, random, sys
sys.path.insert(0, sys.argv[1])
import pyoxigraph as ox
from exports import ASSISTANT, FORMATS, Graph, esco_quads, export, hostile_quads
quads = hostile_quads() + esco_quads()
names = {}
def other(term):
    return names.setdefault(term.value, ox.BlankNode()) if isinstance(term, ox.BlankNode) else term
quads = [ox.Quad(other(q.subject), q.predicate, other(q.object), q.graph_name) for q in quads]
random.Random(int(sys.argv[2])).shuffle(quads)
graph = Graph.memory(quads)
for format in FORMATS:
    for options in ({}, {"concept": ASSISTANT}, {"named_graph": "derived"}, {"lang": ("en", "de")}):
        print(format, options, hashlib.sha256(export(graph, format, **options)).hexdigest())
"""


def test_the_bytes_depend_on_the_data_alone():
    """Fresh processes with other hash seeds, another order of insertion and other names of blank nodes."""
    outputs = set()
    for seed in ("0", "1", "4242"):
        command = [sys.executable, "-c", SCRIPT, str(Path(__file__).parent), seed]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        outputs.add(subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout)
    assert len(outputs) == 1
    assert len(outputs.pop().splitlines()) == len(FORMATS) * 4


def test_a_store_on_disk_gives_the_bytes_of_a_store_in_memory(sample_graph):
    copy = Graph.memory(sample_graph.quads())
    for format in FORMATS:
        assert export(sample_graph, format) == export(copy, format)


# blank nodes ---------------------------------------------------------------------------------------------------------


def relabelled(quads: list[ox.Quad], seed: int) -> list[ox.Quad]:
    names: dict[str, ox.BlankNode] = {}

    def other(term):
        return names.setdefault(term.value, ox.BlankNode()) if isinstance(term, ox.BlankNode) else term

    changed = [ox.Quad(other(q.subject), q.predicate, other(q.object)) for q in quads]
    random.Random(seed).shuffle(changed)
    return changed


def edges(pairs: Iterable[tuple[str, str]]) -> list[ox.Quad]:
    return [ox.Quad(ox.BlankNode(a), iri(EX + "p"), ox.BlankNode(b)) for a, b in pairs]


def cycle(name: str, size: int) -> list[tuple[str, str]]:
    return [(f"{name}{n}", f"{name}{(n + 1) % size}") for n in range(size)]


@pytest.mark.parametrize(
    "quads",
    [
        edges([("a", "b"), ("b", "c")]),
        edges(cycle("a", 7)),
        edges(cycle("a", 6) + cycle("b", 3) + cycle("c", 3)),
        edges((f"n{a}", f"n{b}") for a in range(7) for b in range(7) if a != b),
        edges((f"n{n}", f"n{n + 1}") for n in range(120)),
        [ox.Quad(ox.BlankNode(f"n{n}"), iri(EX + "p"), ox.Literal("same")) for n in range(500)],
        edges([("a", "a"), ("b", "b"), ("b", "c")]),
    ],
    ids=["chain", "cycle", "cycles", "complete", "long-chain", "twins", "loops"],
)
def test_names_of_blank_nodes_follow_from_the_data(quads):
    first = export(Graph.memory(relabelled(quads, 1)), "n-triples")
    assert first == export(Graph.memory(relabelled(quads, 2)), "n-triples")
    assert len(data_of(parse(first, "n-triples"))) == len(quads)
    assert canonical(data_of(parse(first, "n-triples"))) == canonical(quads)


def test_entangled_blank_nodes_end_in_an_error_and_not_in_a_hang():
    tangle = edges((f"n{a}", f"n{b}") for a in range(60) for b in range(60) if a != b)
    with pytest.raises(ParameterError, match=r"60 blank nodes are too much alike.*Give them IRIs"):
        blank_labels(tangle)


# attribution ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("options", [{}, {"concept": ASSISTANT}, {"named_graph": "derived"}])
def test_every_file_names_its_source_as_statements(graph, format, options):
    quads = parse(export(graph, format, **options), format)
    data, notice = split_attribution(quads)
    assert len(data) + len(notice) == len(quads)
    assert len({t.subject for t in notice}) == 1
    texts = " ".join(t.object.value for t in notice)
    assert "This service uses the ESCO classification of the European Commission." in texts
    assert "modified" in texts
    assert "© International Labour Organization" in texts
    if FORMATS[format].named_graphs:
        assert {q.graph_name for q in quads if q.triple in notice} == {ox.DefaultGraph()}


@pytest.mark.parametrize("format", [f for f in FORMATS if not f.startswith("json")])
def test_every_file_that_can_says_so_at_its_head(graph, format):
    head = export(graph, format).decode().splitlines()[:8]
    mark = "<!--" if format == "rdf-xml" else "#"
    comments = " ".join(line for line in head if line.startswith(mark))
    assert "This service uses the ESCO classification of the European Commission." in comments
    assert "This file is a modified version of ESCO 1.1.1 (de, en)." in comments


def test_the_notice_tells_what_is_not_of_esco():
    graphs = (RELEASE.value, CATALOG_GRAPH, DERIVED_GRAPH, profile_graph("a"), profile_graph("b"), EX + "mine")
    change = Notice("the whole graph", graphs).change
    assert "a modified version of ESCO 1.1.1 (de, en)." in change
    for addition in ("2 imported profiles", "derived statements", "catalogue facts", f"the statements of {EX}mine"):
        assert addition in change
    assert "no official ESCO release" in Notice("x", (EX + "mine",)).change
    assert "It also holds" not in Notice("x", (RELEASE.value,)).change


def test_files_of_other_content_have_other_names(graph):
    notices = [
        Notice("the whole graph", (RELEASE.value,)),
        Notice("the whole graph", (release_graph("1.2.0", ("en",)),)),
        Notice("the whole graph", (RELEASE.value,), ("en",)),
        Notice(f"concept <{ASSISTANT}>", (RELEASE.value,)),
    ]
    assert len({notice.iri for notice in notices}) == 4
    assert Notice("x", ("b", "a")).iri == Notice("x", ("a", "b")).iri


def test_the_statements_of_an_earlier_export_pass_through():
    earlier = [quad(EXPORTS + "1", DCT + "title", en("an earlier export"))]
    quads = parse(export(Graph.memory(earlier), "n-quads"), "n-quads")
    assert set(earlier) <= set(quads)


# a real release ------------------------------------------------------------------------------------------------------


def test_a_real_occupation(graph_111):
    nodes = json.loads(export(graph_111, "json-ld-framed", concept=ASSISTANT))["@graph"]
    tree = nodes[1]
    assert tree["prefLabel"] == {"en": "occupational therapy assistant"}
    assert (len(tree["relatedEssentialSkill"]), len(tree["relatedOptionalSkill"])) == (23, 21)
    assert all(skill["prefLabel"]["en"] for skill in tree["relatedEssentialSkill"] + tree["relatedOptionalSkill"])
    assert tree["memberOfISCOGroup"]["iscoSkillLevel"] == 4


@pytest.mark.parametrize("format", FORMATS)
def test_the_sample_reads_back(sample_graph, format):
    wanted = list(sample_graph.quads())
    data = export(sample_graph, format)
    assert_same(data_of(parse(data, format)), wanted, format)
    assert_same(data_of(parse_rdflib(data, format)), wanted, format)
