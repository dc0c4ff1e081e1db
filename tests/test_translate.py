"""Pivot through ESCO: the composition table, SPARQL and Python at one, lists, the written set, coverage, bad input."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from itertools import product
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT, SHARED
from esco_graph.builder import build, sample_paths
from esco_graph.cli.mappings_coverage import coverage as coverage_verb
from esco_graph.cli.translate import translate as verb
from esco_graph.errors import NotFoundError
from esco_graph.graph import Graph
from esco_graph.mappings import sides
from esco_graph.mappings import translate as translating
from esco_graph.mappings.compose import COMPOSED, INVERSE, LEAD, WORD_OF, chain, clashes, compose, inverse
from esco_graph.mappings.coverage import coverage
from esco_graph.mappings.importer import import_mappings
from esco_graph.mappings.model import CHAINING, NARROW
from esco_graph.mappings.sides import find_side, members
from esco_graph.mappings.translate import Translation, as_set, counts, translate, translate_many
from esco_graph.query import stored
from esco_graph.taxonomies.rdf import heads
from esco_graph.taxonomies.read import read_taxonomy
from esco_graph.taxonomies.store import add_taxonomy
from esco_graph.workspace import Workspace
from servers import oxigraph_server
from small_graphs import doubled, remote

RELATIONS = ("exact", "close", "broad", "narrow", "related", "mapped")
NORTH, SOUTH = "http://example.org/north", "http://example.org/south"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with the two invented tables of examples/."""
    workspace = Workspace(tmp_path_factory.mktemp("translate") / "store")
    build(workspace, sample_paths(), version="1.1.1-sample")
    import_mappings(workspace, [ROOT / "examples" / "mappings" / f"{name}.csv" for name in ("northland", "southland")])
    return workspace.path


@pytest.fixture(scope="module")
def graph(store: Path) -> Graph:
    return Graph.open(store)


@pytest.fixture(scope="module")
def small() -> Graph:
    return Graph.memory(quad for quad in doubled() if quad.graph_name == ox.NamedNode("http://example.org/g1"))


# --- the table -------------------------------------------------------------------------------------------------------


def test_close_is_not_transitive_and_broad_with_narrow_gives_nothing() -> None:
    assert compose("close", "close") == compose("broad", "narrow") == compose("narrow", "broad") == LEAD
    assert compose("close", "broad") == compose("related", "related") == compose("mapped", "exact") == LEAD
    assert chain(["mapped"]) == LEAD


def test_the_inverse_of_a_composition_is_the_composition_of_the_inverses() -> None:
    for first, second in product(RELATIONS, repeat=2):
        there = compose(first, second)
        assert inverse(there) == compose(inverse(second), inverse(first)), (first, second)


@given(st.lists(st.sampled_from(RELATIONS[:5]), min_size=1, max_size=6), st.integers(0, 5))
def test_it_does_not_matter_where_a_chain_is_cut(relations: list[str], at: int) -> None:
    first, second = chain(relations[:at]), chain(relations[at:])
    assert compose(first, second) == chain(relations)


def test_clashes_are_those_of_skos() -> None:
    assert clashes(["exact", "close"]) == clashes(["broad", "close"]) == []
    assert clashes(["broad", "narrow", "exact"]) == [("exact", "broad"), ("exact", "narrow"), ("broad", "narrow")]
    assert set(INVERSE) == {"broad", "narrow"}


def test_the_query_holds_the_same_table() -> None:
    text = stored("translate").text
    numbers = dict(re.findall(r"\?best = (\d), skos:(\w+)Match", text))
    table: dict[tuple[str, str], str] = {}
    for pairs, number in re.findall(r'\?pair (?:IN \(|= )((?:"\w+ \w+"(?:, )?)+)\)?, (\d)', text):
        for one, other in re.findall(r'"(\w+) (\w+)"', pairs):
            table[one, other] = numbers[number]
    assert table == COMPOSED


# --- Python and SPARQL -----------------------------------------------------------------------------------------------


def _asked(graph: Graph, concept: str, scheme: str) -> list[tuple[str, str]]:
    rows = stored("translate").run(graph, concept=concept, scheme=scheme).dicts()
    return sorted((row["target"], WORD_OF.get(row["predicate"], LEAD)) for row in rows)


def _said(one: object) -> list[tuple[str, str]]:
    assert isinstance(one, Translation)
    return sorted((answer.target.iri, answer.relation) for answer in one.answers)


@pytest.mark.parametrize(("source", "target"), [("northland", "southland"), ("southland", "northland")])
def test_one_by_one_in_a_list_and_by_sparql_the_answers_are_the_same(graph: Graph, source: str, target: str) -> None:
    scheme = find_side(graph, target).scheme
    many = list(translate_many(graph, source, target))
    assert len(many) == len(members(graph, find_side(graph, source))) > 8
    for one in many:
        assert isinstance(one, Translation)
        single = translate(graph, one.concept.code, source, target)
        assert _said(one) == _said(single) == _asked(graph, one.concept.iri, scheme)


@pytest.mark.parametrize("code", ["N1", "N2", "N3", "N4", "N5"])
def test_the_small_graph_gives_the_same_in_memory_and_behind_http(small: Graph, code: str) -> None:
    with remote() as far:
        there = translate(far, code, NORTH, SOUTH)
        assert _said(there) == _said(translate(small, code, NORTH, SOUTH)) == _asked(far, there.concept.iri, SOUTH)


def test_confidence_is_the_product_and_never_invented(small: Graph) -> None:
    found = {one.target.code: one for one in translate(small, "N1", NORTH, SOUTH).answers}
    assert (found["S1"].relation, found["S1"].confidence) == ("exact", 0.72)
    assert (found["S6"].relation, found["S6"].confidence) == ("close", 0.7)  # straight, no concept in between
    assert (found["S2"].relation, found["S2"].confidence) == (LEAD, None)
    assert (found["S4"].relation, found["S4"].confidence) == ("broad", 0.225)


def test_contradictions_are_said_and_rejected_rows_lead_nowhere(small: Graph) -> None:
    found = {one.target.code: one for one in translate(small, "N2", NORTH, SOUTH).answers}
    assert (found["S3"].relation, found["S3"].clashes) == ("exact", [("exact", "narrow")])
    assert translate(small, "N5", NORTH, SOUTH).answers == ()


@pytest.mark.parametrize("name", ["translate", "mappings-of-concept", "mapping-sets", "unmapped-concepts"])
def test_the_examples_of_the_queries_answer(graph: Graph, name: str) -> None:
    assert stored(name).run(graph, **stored(name).example).rows


# --- hierarchy -------------------------------------------------------------------------------------------------------


def test_the_hierarchy_bridges_only_where_nothing_follows(graph: Graph) -> None:
    plain = translate(graph, "5321.1.1", "esco", "northland")
    assert [(one.target.code, one.relation) for one in plain.answers] == [("N3101", "broad")]
    assert translate(graph, "5321.1.1", "esco", "northland", hierarchy=True).answers == plain.answers
    to_isco = translate(graph, "N2101", "northland", "isco")
    assert [(one.target.code, one.relation) for one in to_isco.answers] == [("2269", "broad")]
    led = translate(graph, "N2102", "northland", "isco")  # broader than its occupations: their group is only a lead
    assert led.mappings == ()
    assert "2269" in {one.target.code for one in led.answers}
    assert {way.steps[-1].relation for one in led.answers for way in one.ways} == {"broad"}
    assert translate(graph, "N2102", "northland", "southland", hierarchy=True).answers == (
        translate(graph, "N2102", "northland", "southland").answers
    )
    back = translate(graph, "2269", "isco", "northland")
    assert {one.relation for one in back.answers} == {"narrow"}
    assert "N2101" in {one.target.code for one in back.answers}
    assert translate(graph, "C2269", "isco", "northland").answers == back.answers
    with pytest.raises(NotFoundError, match="no concept of International Standard"):
        translate(graph, "2269.4", "isco", "northland")


# --- lists, sets, coverage -------------------------------------------------------------------------------------------


def test_a_list_keeps_its_order_and_counts_what_is_unknown(graph: Graph) -> None:
    found = list(translate_many(graph, "northland", "southland", ["N3201", "no such", "N2101"]))
    assert [type(one).__name__ for one in found] == ["Translation", "NotFoundError", "Translation"]
    assert {word: n for word, n in counts(found).items() if n} == {"exact": 1, "lead": 1, "unknown": 1}


def test_the_set_holds_no_leads_and_names_its_sources(graph: Graph) -> None:
    made = as_set(
        (t for t in translate_many(graph, "northland", "southland") if isinstance(t, Translation)), graph, "n-s"
    )
    assert {row.justification for row in made.mappings} == {CHAINING}
    assert len(made.mappings) == 12
    assert not [row for row in made.mappings if row.subject.endswith("N3201")]
    assert dict(made.extra)["mapping_set_source"].count("|") == 1
    assert [row.predicate for row in made.mappings if row.object.endswith("S62")] == [NARROW]
    assert all("ESCO - Northland" in row.comment for row in made.mappings)
    assert not made.creators  # the authors of the sources did not make this set, and are credited in words
    assert "ESCO - Northland" in made.description


def test_a_written_row_tells_what_contradicts_it(small: Graph) -> None:
    made = as_set([translate(small, "N2", NORTH, SOUTH)], small, "n-s")
    codes = {one.iri: one.code for one in made.concepts}
    comments = {codes[row.object]: row.comment for row in made.mappings}
    assert comments["S3"].endswith("Other ways give narrow, which cannot be true as well.")


def test_coverage_adds_up(graph: Graph) -> None:
    found = coverage(graph, "northland", "southland")
    for one in (found.forth, found.back):
        assert sum(one.reached.values()) == one.concepts
        assert one.related + one.reached["lead"] + one.reached["none"] == one.concepts
    assert found.forth.reached == {
        "exact": 2, "close": 2, "broad": 4, "narrow": 2, "related": 0, "lead": 1, "none": 0,
    }  # fmt: skip
    assert found.occupations == (13, 14, 13)


def test_a_list_of_labels_reads_the_members_once(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    monkeypatch.setattr(translating, "members", lambda *given: read.append(1) or members(*given))
    monkeypatch.setattr(sides, "members", lambda *given: read.append(1) or members(*given))
    labels = [one.label for one in members(graph, find_side(graph, "northland"))][:5]
    found = list(translate_many(graph, "northland", "southland", [*labels, "no such"]))
    assert [one.concept.label for one in found if isinstance(one, Translation)] == labels
    assert len(read) == 1


def test_a_label_of_several_concepts_does_not_end_a_list(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    one = members(graph, find_side(graph, "northland"))[0]
    twice = [replace(one, code=code) for code in ("X1", "X2")] + [replace(one, iri=one.iri + "x", code="X3")]
    monkeypatch.setattr(translating, "members", lambda *_: twice)
    found = list(translate_many(graph, "northland", "southland", [one.label, "X1"]))
    assert [type(each).__name__ for each in found] == ["NotFoundError", "Translation"]
    assert "means 2 concepts" in str(found[0])


def test_the_verb_asks_an_endpoint_that_holds_classifications_too(store: Path, tmp_path: Path) -> None:
    copy, table = tmp_path / "store", tmp_path / "own.csv"
    shutil.copytree(store, copy)
    table.write_text("code,label\nX1,baker\nX2,miller\n", encoding="utf-8")
    add_taxonomy(Workspace(copy), read_taxonomy(table))
    local = Graph.open(copy)
    nquads = ox.serialize(local.quads(), format=ox.RdfFormat.N_QUADS)
    with oxigraph_server(nquads.decode()) as iri:
        assert heads(Graph.remote(iri)) == heads(local)
        for args in (["N2101"], ["--codes", "-"]):
            ends = ["--from", "northland", "--to", "isco", "--format", "csv"]
            asked = CliRunner().invoke(verb, [*args, *ends, "--endpoint", iri], input="N2101\n")
            assert asked.exit_code == 0, asked.output
            assert (
                asked.stdout == CliRunner().invoke(verb, [*args, *ends, "--store", str(copy)], input="N2101\n").stdout
            )
            assert "2269" in asked.stdout


# --- the verb and bad input ------------------------------------------------------------------------------------------


def _run(store: Path, *args: str, code: int = 0, **options: object) -> str:
    command = coverage_verb if args[0] == "coverage" else verb
    given_args = list(args[1:] if args[0] == "coverage" else args)
    result = CliRunner().invoke(command, [*given_args, "--store", str(store)], **options)  # type: ignore[arg-type]
    assert result.exit_code == code, result.output
    return result.output


def test_the_verb_shows_ways_in_words_and_as_json(store: Path) -> None:
    shown = _run(store, "N2102", "--from", "northland", "--to", "southland")
    assert "S62" in shown
    assert "has as narrower" in shown
    found = json.loads(_run(store, "N3201", "--from", "northland", "--to", "Southland", "--format", "json"))
    assert found["answers"][0]["predicate"] is None
    assert found["answers"][0]["ways"][0]["words"].endswith("no relation follows")
    assert "exact" in _run(store, "coverage", "northland", "southland")


def test_the_verb_takes_a_file_and_writes_a_set_twice_the_same(store: Path, tmp_path: Path) -> None:
    codes = tmp_path / "codes.txt"
    codes.write_text("\ufeffN2101\n\nN404\n", encoding="utf-8")
    out = tmp_path / "n-s.sssom.tsv"
    args = ("--from", "northland", "--to", "southland", "--codes", str(codes), "-o", str(out))
    _run(store, *args, code=1)
    first = out.read_bytes()
    assert b"semapv:MappingChaining" in first
    assert b"ESCO classification of the European Commission" in first
    _run(store, *args, code=1)
    assert out.read_bytes() == first


def test_a_written_set_is_valid_sssom(store: Path, tmp_path: Path) -> None:
    parsers = pytest.importorskip("sssom.parsers")
    out = tmp_path / "n-s.sssom.tsv"
    _run(store, "--from", "northland", "--to", "southland", "--all", "-o", str(out))
    assert len(parsers.parse_sssom_table(str(out)).df) == 12


@pytest.mark.parametrize(
    ("code", "source", "target", "said"),
    [
        ("N2102", "nortland", "southland", "Did you mean northland?"),
        ("N2102", "northland", "ssyk", "no mappings of"),
        ("N210", "northland", "southland", "N2101"),
        ("terapy assistant", "northland", "southland", "N2102 Therapy assistant"),
        ('" } UNION { ?s ?p ?o } #', "northland", "southland", "has no"),
        ("http://example.org/none", "northland", "southland", "has no"),
    ],
)
def test_a_wrong_name_or_code_gets_what_is_near(graph: Graph, code: str, source: str, target: str, said: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        translate(graph, code, source, target)
    assert said in str(caught.value)


def test_a_label_will_do(graph: Graph) -> None:
    assert translate(graph, "THERAPY assistant", "northland", "southland").concept.code == "N2102"


# --- the published tables --------------------------------------------------------------------------------------------


def test_rome_to_kldb_on_the_published_tables(workspace_111: Workspace, tmp_path: Path) -> None:
    tables = [SHARED / "mappings" / name for name in ("FR_20230607_mapping_esco_rome.csv", "DE_mapping_18.05.22.csv")]
    if not all(table.exists() for table in tables):
        pytest.skip("the published mapping tables are not in ../shared/data/mappings")
    import shutil

    copy = Workspace(shutil.copytree(workspace_111.path, tmp_path / "copy"))
    import_mappings(copy, tables)
    found = translate(Graph.open(copy.path), "15244", "rome", "kldb")
    assert [(one.target.code, one.relation) for one in found.answers] == [("B 94724-100", "narrow")]
