"""The Graph: the same few methods over memory, disk and rdflib; refusals and errors that help."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from esco_graph.errors import NotFoundError, QueryError, StoreError
from esco_graph.graph import Graph
from esco_graph.terms import ESCO, from_ox, to_ox

DATA = """
@prefix : <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:a :p "plain", "tagged"@en-gb, 1, 1.5, true, "2026-01-01"^^xsd:date, :b, [ :p "\\"\\n" ] .
"""


def test_rdflib_in_and_out_is_isomorphic() -> None:
    source = rdflib.Graph().parse(data=DATA, format="turtle")
    assert isomorphic(Graph.from_rdflib(source).to_rdflib(), source)


def test_a_dataset_keeps_its_graph_names() -> None:
    dataset = rdflib.Dataset()
    dataset.add((rdflib.RDF.type, rdflib.RDF.type, rdflib.RDF.Property))
    assert [quad.graph_name for quad in Graph.from_rdflib(dataset).quads()] == [ox.DefaultGraph()]
    dataset.remove((None, None, None))
    dataset.graph(rdflib.URIRef("http://example.org/g")).parse(data=DATA, format="turtle")
    graph = Graph.from_rdflib(dataset)
    assert "http://example.org/g" in graph.named_graphs()
    assert len(graph.to_rdflib("http://example.org/g")) == len(dataset)
    with pytest.raises(NotFoundError, match="no named graph"):
        graph.to_rdflib("http://example.org/none")


@pytest.mark.parametrize("lexical", ["1.50", "01", "1e3"])
def test_terms_keep_their_lexical_form(lexical: str) -> None:
    term = ox.Literal(lexical, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#double"))
    assert to_ox(from_ox(term)) == term


def test_the_four_query_forms(sample_graph: Graph) -> None:
    ask = "ASK { ?o a <http://data.europa.eu/esco/model#Occupation> }"
    assert sample_graph.ask(ask) is True
    select = "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?o a <http://data.europa.eu/esco/model#Occupation> }"
    assert sample_graph.select(select).rows[0][0] == ox.Literal(18)
    describe = "DESCRIBE <http://data.europa.eu/esco/isco/C2269>"
    assert all(isinstance(t, ox.Triple) for t in sample_graph.construct(describe))
    with pytest.raises(QueryError, match="not a SELECT"):
        sample_graph.select(ask)
    with pytest.raises(QueryError, match="not an ASK"):
        sample_graph.ask(select)
    with pytest.raises(QueryError, match="not a CONSTRUCT"):
        sample_graph.construct(select)


def test_a_query_that_does_not_parse_shows_its_line(sample_graph: Graph) -> None:
    with pytest.raises(QueryError, match=r"at 2:.*Line 2 is: \?s !"):
        sample_graph.query("SELECT * {\n ?s ! ?o \n}")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * { service SILENT <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * { SERVICESILENT<http://127.0.0.1/>{ ?s ?p ?o } }",
        "PREFIX ex: <http://127.0.0.1/> SELECT * { SERVICEex: { ?s ?p ?o } }",
        "SELECT * { ?s ?p 1SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "ASK { FILTER EXISTS { SERVICESILENT<http://127.0.0.1/>{ ?s ?p ?o } } }",
        "PREFIX service: <http://127.0.0.1/> ASK { SERVICE service: { ?s ?p ?o } }",
    ],
)
def test_service_is_refused(sample_graph: Graph, text: str) -> None:
    with pytest.raises(QueryError, match="SERVICE is refused"):
        sample_graph.query(text)


@pytest.mark.parametrize(
    "query",
    ['ASK { ?s ?p "SERVICE <x> {}" }', "ASK { ?service ?p <http://example.org/SERVICE> } # SERVICE"],
)
def test_the_word_service_elsewhere_is_fine(sample_graph: Graph, query: str) -> None:
    assert sample_graph.ask(query) in (True, False)


def test_from_names_the_dataset(sample_graph: Graph) -> None:
    count = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
    names = [*sample_graph.named_graphs(), "http://example.org/none"]
    sizes = {
        name: int(sample_graph.select(count.format(f"FROM <{name}>")).rows[0][0].value)  # type: ignore[union-attr]
        for name in names
    }
    assert sizes == {name: len(list(sample_graph.quads(graph=ox.NamedNode(name)))) for name in names}


def test_a_password_in_the_iri_is_not_shown() -> None:
    assert "PASSWORD" not in Graph.remote("http://me:PASSWORD@127.0.0.1:9/sparql?key=SECRET").name


def test_an_update_is_no_query(sample_graph: Graph) -> None:
    with pytest.raises(QueryError, match="not SPARQL"):
        sample_graph.query("DROP ALL")


def test_a_workspace_is_read_only(sample_graph: Graph) -> None:
    quad = ox.Quad(*[ox.NamedNode("http://example.org/a")] * 3)
    with pytest.raises(Exception, match="read-write"):
        sample_graph.extend([quad])
    assert quad not in set(sample_graph.quads())


def test_a_remote_graph_has_no_quads() -> None:
    with pytest.raises(StoreError, match="needs a local graph"):
        Graph.remote("http://127.0.0.1:9/sparql").quads()


def test_isco_levels_are_derived(sample_graph: Graph) -> None:
    found = sample_graph.select(
        "PREFIX esg: <https://w3id.org/esco-graph/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        "SELECT ?code ?level { ?g skos:inScheme <http://data.europa.eu/esco/concept-scheme/isco> ;"
        " skos:notation ?code ; esg:iscoSkillLevel ?level }"
    )
    levels = {row[0].value: int(row[1].value) for row in found}  # type: ignore[union-attr]
    assert levels["2269"] == 4
    assert levels["3255"] == 3
    assert levels["5321"] == 2


def test_every_occupation_has_one_isco_group_and_a_broader_concept(sample_graph: Graph) -> None:
    for term in (ESCO + "memberOfISCOGroup", "http://www.w3.org/2004/02/skos/core#broader"):
        found = sample_graph.select(
            f"SELECT ?o (COUNT(DISTINCT ?x) AS ?n) {{ ?o a <{ESCO}Occupation> . OPTIONAL {{ ?o <{term}> ?x }} }}"
            " GROUP BY ?o"
        )
        assert {row[1].value for row in found} == {"1"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "ASK {\n ?s foo:b ?c }",
            "line 2: the prefix foo: is not declared. Declare it at the start: PREFIX foo:",
        ),
        ("ASK { ?s a :x }", "line 1: the prefix : is not declared"),
        ("PREFIX foo: <http://x/>\nASK { ?s foo:b _:c . _:c a esco:Skill }", "line 2: the prefix esco: .*esco/model#>"),
        ("ASK { ?s rdfs:é/foo:b ?c }", "the prefix rdfs: is not declared"),
        ("ASK { ?a ?b", r"1:12: expected one of [^ ]+, [^ ]+, [^ ]+, …\. Line 1 is: ASK"),
        ("SELECT (SUM(?x) AS ?y) ?z {?x a ?z} GROUP BY ?x", "The SELECT contains a variable that is unbound"),
        ("", "not SPARQL"),
        ("ASK { 'x }", "not SPARQL"),
    ],
)
def test_what_is_wrong_with_a_query_is_said_in_short(sample_graph: Graph, query: str, said: str) -> None:
    with pytest.raises(QueryError, match=said) as raised:
        sample_graph.query(query)
    assert len(str(raised.value)) < 300
