"""Graphs to export, and ways to read an export back and compare it."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pyoxigraph as ox
import rdflib

from esco_graph.graph import Graph
from esco_graph.publish import EXPORTS, FORMATS, write
from esco_graph.terms import (
    DCT,
    DERIVED_GRAPH,
    ESCO,
    ESG,
    ISCO,
    OCCUPATION,
    PROV,
    RDF,
    SCHEME,
    SKILL,
    SKOS,
    XSD,
    profile_graph,
    release_graph,
    to_ox,
)

EX = "http://example.org/"
RELEASE = ox.NamedNode(release_graph("1.1.1", ("en", "de")))
PROFILE = ox.NamedNode(profile_graph("assistant"))
DERIVED = ox.NamedNode(DERIVED_GRAPH)
ASSISTANT = OCCUPATION + "82cbe20d-967c-4161-9ecd-eafc724d171c"
THERAPIST = OCCUPATION + "33da5532-8c4e-4d1b-b52e-c201ee1bc7ab"
PAGE = EX + "profile/assistant"
READERS = {
    "turtle": (ox.RdfFormat.TURTLE, "turtle"),
    "trig": (ox.RdfFormat.TRIG, "trig"),
    "n-triples": (ox.RdfFormat.N_TRIPLES, "nt"),
    "n-quads": (ox.RdfFormat.N_QUADS, "nquads"),
    "rdf-xml": (ox.RdfFormat.RDF_XML, "xml"),
    "json-ld": (ox.RdfFormat.JSON_LD, "json-ld"),
    "json-ld-framed": (ox.RdfFormat.JSON_LD, "json-ld"),
}
HOSTILE_TEXTS = [
    "",
    " ",
    'quotes " and \'\'\' and """',
    "back\\slash \\n \\u0041 \\",
    "line\nfeed\r\nreturn\rtab\t",
    "<script>&amp;]]></rdf:RDF>",
    "ä ß 漢字 עברית 😀 e\u0301 \u2028 \u00a0 \ufeff",
    "-->  --",
    "long " * 5000,
    '{"@id": "x"}',
    "http://example.org/not-an-iri",
    "_:b0",
]


def iri(text: str) -> ox.NamedNode:
    return ox.NamedNode(text)


def quad(subject: str, predicate: str, value: object, graph: object = RELEASE) -> ox.Quad:
    if isinstance(value, str):
        value = iri(value) if value.startswith(("http", "urn:")) else ox.Literal(value)
    return ox.Quad(iri(subject), iri(predicate), value, graph)


def en(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")


def hostile_quads() -> list[ox.Quad]:
    """Literals, IRIs and blank nodes that writers get wrong."""
    p = EX + "p"
    literals = [ox.Literal(text) for text in HOSTILE_TEXTS]
    literals += [ox.Literal(text, language=lang) for text in HOSTILE_TEXTS for lang in ("en", "zh-hant-tw")]
    typed = [("integer", "05"), ("integer", "-7"), ("integer", "+1"), ("integer", "1" * 40), ("integer", "x")]
    typed += [("decimal", "1."), ("decimal", ".50"), ("decimal", "-0.0"), ("double", "1e6"), ("double", "NaN")]
    typed += [
        ("boolean", "true"),
        ("boolean", "1"),
        ("date", "2024-01-01"),
        ("dateTime", "yesterday"),
        ("anyURI", "a b"),
    ]
    literals += [ox.Literal(text, datatype=iri(XSD + kind)) for kind, text in typed]
    literals += [ox.Literal("<b>&", datatype=iri(RDF + "XMLLiteral")), ox.Literal("x", datatype=iri(EX + "T#t"))]
    quads = [quad(EX + "a", p, literal, graph) for literal in literals for graph in (RELEASE, DERIVED)]
    quads += [quad(EX + "a", SKOS + "prefLabel", literal) for literal in literals]
    quads += [quad(EX + "a", ESG + "iscoSkillLevel", literal) for literal in literals]
    quads += [quad(EX + "a", SKOS + "broader", literal) for literal in literals[:3]]
    names = ["a'b(c)!,;=*@$&+", "a.", "-a", "%20", "ä", "a/b", "1", "a:b", "?q=1&r=<".replace("<", "")]
    quads += [quad(EX + name, p, EX + name) for name in names]
    quads += [quad(SKOS, p, SKILL), quad("urn:isbn:1", EX + "ns#1p", "urn:uuid:1"), quad(EX + "a", EX + "p-1.x", "x")]
    quads += [quad(EX + "a", RDF + "type", value) for value in ("a literal", EX + "Class", ESCO + "Skill", EX + "1")]
    quads += [quad(EX + "a", RDF + "_1", EX + "b"), quad(EX + "b", RDF + "type", RDF + "Seq")]
    one, two, three, four = (ox.BlankNode(name) for name in ("one", "two", "three", "four"))
    quads += [ox.Quad(one, iri(p), two, RELEASE), ox.Quad(two, iri(p), one, DERIVED), ox.Quad(two, iri(p), three)]
    quads += [ox.Quad(iri(EX + "a"), iri(SKOS + "broader"), three, RELEASE), ox.Quad(four, iri(RDF + "type"), one)]
    return [*quads, quad(EX + "a", p, "in the default graph", ox.DefaultGraph())]


def esco_quads() -> list[ox.Quad]:
    """A few facts of ESCO in the shape of docs/architecture.md, with an imported profile."""
    quads = []
    for number, name in ((ASSISTANT, "occupational therapy assistant"), (THERAPIST, "occupational therapist")):
        quads += [quad(number, RDF + "type", ESCO + kind) for kind in ("Occupation", "MemberConcept")]
        quads += [quad(number, RDF + "type", SKOS + "Concept"), quad(number, SKOS + "prefLabel", en(name))]
        quads += [quad(number, SKOS + "prefLabel", ox.Literal(f"{name} auf Deutsch", language="de"))]
        quads += [
            quad(number, SKOS + "broader", ISCO + "C2269"),
            quad(number, SKOS + "inScheme", SCHEME + "occupations"),
        ]
        quads += [quad(number, ESCO + "memberOfISCOGroup", ISCO + "C2269")]
        quads += [quad(number, ESCO + "relatedEssentialSkill", SKILL + str(n)) for n in range(3)]
        quads += [quad(SKILL + str(n), ESCO + "isEssentialSkillFor", number) for n in range(3)]
    for n in range(4):
        quads += [
            quad(SKILL + str(n), RDF + "type", ESCO + "Skill"),
            quad(SKILL + str(n), SKOS + "prefLabel", en(f"skill {n}")),
        ]
        quads += [quad(SKILL + str(n), SKOS + "altLabel", en(f"other name {n}"))]
    for code in ("2", "22", "226", "2269"):
        group = ISCO + "C" + code
        quads += [quad(group, RDF + "type", SKOS + "Concept"), quad(group, SKOS + "prefLabel", en(f"group {code}"))]
        quads += [quad(group, SKOS + "notation", code), quad(group, SKOS + "broader", ISCO + "C" + code[:-1])][
            : len(code)
        ]
        quads += [
            quad(group, ESG + "iscoSkillLevel", ox.Literal(4), DERIVED),
            quad(group, DCT + "description", en("long")),
        ]
    quads += [quad(SCHEME + "occupations", SKOS + "prefLabel", en("occupations"))]
    return quads + profile_quads()


def profile_quads() -> list[ox.Quad]:
    """A profile of the assistant: one statement with a skill, one link, one source file."""
    facts = [
        (PAGE, RDF + "type", ESG + "OccupationProfile"),
        (PAGE, DCT + "title", en("OT assistant")),
        (PAGE, ESG + "describes", ASSISTANT),
        (PAGE, ESG + "hasStatement", PAGE + "#skill-12"),
        (PAGE + "#skill-12", RDF + "type", ESG + "SkillStatement"),
        (PAGE + "#skill-12", ESG + "statedLabel", en("Skill three")),
        (PAGE + "#skill-12", ESG + "skill", SKILL + "3"),
        (PAGE, ESG + "hasLink", PAGE + "#link-1"),
        (PAGE + "#link-1", ESG + "target", THERAPIST),
        (PAGE, PROV + "wasDerivedFrom", PAGE + "#source"),
        (PAGE + "#source", DCT + "title", "page.txt"),
        (ASSISTANT, SKOS + "altLabel", en("OT technician")),
    ]
    return [quad(*fact, PROFILE) for fact in facts]


def export(graph: Graph, format: str, **options) -> bytes:
    out = io.BytesIO()
    summary = write(graph, out, format=format, **options)
    assert (summary.format, summary.bytes) == (format, len(out.getvalue()))
    return out.getvalue()


def parse(data: bytes, format: str) -> list[ox.Quad]:
    return list(ox.parse(data, READERS[format][0]))


def parse_rdflib(data: bytes, format: str) -> list[ox.Quad]:
    named = FORMATS[format].named_graphs
    graph = rdflib.Dataset(default_union=False) if named else rdflib.Graph()
    graph.parse(data=data, format=READERS[format][1])
    if not named:
        return [ox.Quad(*map(to_ox, triple)) for triple in graph]
    default = (None, rdflib.graph.DATASET_DEFAULT_GRAPH_ID)
    return [
        ox.Quad(*map(to_ox, triple), ox.DefaultGraph() if name in default else to_ox(name))
        for *triple, name in graph.quads()
    ]


def data_of(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    return [q for q in quads if not str(q.subject).startswith("<" + EXPORTS)]


def canonical(quads: Iterable[ox.Quad], *, named: bool = True) -> set[str]:
    """The quads as text with canonical blank nodes: equal for isomorphic graphs, and no others."""
    dataset = ox.Dataset(q if named else ox.Quad(*q.triple) for q in quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


def assert_same(found: Iterable[ox.Quad], wanted: Iterable[ox.Quad], format: str) -> None:
    named = FORMATS[format].named_graphs
    found, wanted = canonical(found, named=named), canonical(wanted, named=named)
    assert found - wanted == wanted - found == set()


class Remote(Graph):
    """A graph without a store: everything goes through SPARQL."""

    def __init__(self, local: Graph) -> None:
        super().__init__(None)
        self.local = local

    def query(self, sparql: str):
        return self.local.query(sparql)

    def named_graphs(self) -> list[str]:
        return self.local.named_graphs()
