"""The RDF download, in its official shape, gives the same statements as the CSV download."""

from __future__ import annotations

import gzip
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from esco_graph.answers import find_parser
from esco_graph.builder import sample_paths
from esco_graph.errors import SourceError, StoreError
from esco_graph.graph import Graph
from esco_graph.query import rules
from esco_graph.sources import rdf_file
from esco_graph.sources.csv_release import open_release
from esco_graph.sources.data_file import read_file
from esco_graph.sources.rdf import RdfDump, is_dump, read_dump
from esco_graph.sources.report import ImportReport
from esco_graph.sources.xml_end import ENDS
from esco_graph.terms import DCT, ESCO, ESCO_DATA, ESG, RDF, RELATIONSHIP_TYPE, SKOS, SKOSXL, XSD

GRAPH = "https://w3id.org/esco-graph/graph/release/test"
FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "json-ld": ox.RdfFormat.JSON_LD,
}
PREFIXES = """
@prefix esco: <http://data.europa.eu/esco/model#> .
@prefix occ: <http://data.europa.eu/esco/occupation/> .
@prefix skill: <http://data.europa.eu/esco/skill/> .
@prefix isco: <http://data.europa.eu/esco/isco/> .
@prefix cs: <http://data.europa.eu/esco/concept-scheme/> .
@prefix label: <http://data.europa.eu/esco/label/> .
@prefix text: <http://data.europa.eu/esco/node-literal/> .
@prefix rel: <http://data.europa.eu/esco/relation/> .
@prefix st: <http://data.europa.eu/esco/skill-type/> .
@prefix srl: <http://data.europa.eu/esco/skill-reuse-level/> .
@prefix rt: <http://data.europa.eu/esco/relationship-type/> .
@prefix iso-thes: <http://purl.org/iso25964/skos-thes#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
# The shape of esco_v1.0.3.ttl and later: nodes for texts, labels and relations, roles as strings, typed notations.
DUMP = (
    PREFIXES
    + """
cs:occupations a skos:ConceptScheme ; owl:versionInfo "v1.1.1" ; dct:title "Occupations"@en , "Berufe"@de ;
    skos:hasTopConcept isco:C2 .
cs:digcomp a skos:ConceptScheme ; owl:versionInfo "2.1" .

isco:C2 a skos:Concept ; skos:prefLabel "Professionals"@en ;
    skos:notation "2"^^<http://data.europa.eu/esco/Notation/ISCO08> ;
    skos:inScheme cs:isco ; skos:narrower isco:C22 ; skos:topConceptOf cs:isco .
isco:C22 a skos:Concept ; skos:prefLabel "Health professionals"@en ; skos:notation "22" ; skos:broader isco:C2 ;
    skos:broaderTransitive isco:C2 ; skos:inScheme cs:isco .
isco:C2269 a skos:Concept ; skos:prefLabel "Health professionals not elsewhere classified"@en ; skos:broader isco:C22 ;
    skos:broaderTransitive isco:C22 , isco:C2 ; skos:inScheme cs:isco , cs:occupations ; dct:description text:1 ;
    skos:notation "2269"^^<http://data.europa.eu/esco/Notation/ISCO08> , "2269" ;
    skosxl:prefLabel <http://data.europa.eu/esco/isco/C2269/label/1E6E> .
<http://data.europa.eu/esco/isco/C2269/label/1E6E> a skosxl:Label ;
    skosxl:literalForm "Health professionals not elsewhere classified"@en .
text:1 a esco:NodeLiteral ; esco:language "en" ; esco:nodeLiteral "Workers of the group." .

occ:ota a esco:Occupation , esco:MemberConcept , skos:Concept ;
    skos:prefLabel "occupational therapy assistant"@en , "Ergotherapieassistent"@de ,
        "occupational therapy assistant"@en-us ;
    skos:altLabel "OT assistant"@en , "occupational therapy assistant"@en , "OT\\u00A0aide "@en , "OT aide"@en ;
    skos:hiddenLabel "ot assistent"@en , "OT assistant"@en ;
    skosxl:prefLabel label:p1 , label:p2 ; skosxl:altLabel label:a1 , label:a2 , label:a3 ;
    skos:notation "2269.5" ; skos:broader isco:C2269 , isco:C9999 ;
    skos:broaderTransitive isco:C2269 , isco:C226 , isco:C2 ;
    skos:inScheme cs:occupations , cs:member-occupations ;
    dct:description text:2 , text:3 , text:4 ; skos:scopeNote text:5 ; skos:definition text:6 ;
    dct:modified "2024-01-16T14:23:28Z"^^xsd:dateTime ; iso-thes:status "released" ;
    esco:referenceLanguage "en"^^xsd:language ;
    esco:relatedEssentialSkill skill:direct , skill:both , skill:gone ;
    esco:hasAssociation rel:A1 , rel:A2 ; esco:hasRelationship rel:OLD ;
    rdfs:seeAlso <https://example.org/ota> .
label:p1 a skosxl:Label ; esco:hasLabelRole "http://data.europa.eu/esco/label-role/female" ,
    <http://data.europa.eu/esco/label-role/male> ; skosxl:literalForm "occupational therapy assistant"@en .
label:p2 a skosxl:Label ; skosxl:literalForm "Ergotherapieassistent"@de .
label:a1 a skosxl:Label ; skosxl:literalForm "OT assistant"@en .
label:a2 a skosxl:Label ; skosxl:literalForm "assistant in occupational therapy"@en ;
    dct:modified "2020-01-01"^^xsd:date .
label:a3 a skosxl:Label ; skosxl:literalForm "Assistent der Ergotherapie"@de .
text:2 a esco:NodeLiteral ; esco:language "en"^^xsd:language ; esco:nodeLiteral "They help therapists.\\u00A0" .
text:3 a esco:NodeLiteral ; esco:language "DE"^^xsd:language ; esco:noteLiteral "Sie helfen in der Therapie." .
text:4 a esco:NodeLiteral ; esco:language "en-us"^^xsd:language ; esco:nodeLiteral "They help therapists, too." .
text:5 a esco:NodeLiteral ; esco:language "en" ;
    esco:nodeLiteral "Excludes <a resource=\\"http://data.europa.eu/esco/skill/both\\"><b>this</b></a>." .
text:6 a esco:NodeLiteral ; esco:nodeLiteral "Already with a tag."@en .

rel:A1 a esco:AssociationObject ; esco:isAssociationFor occ:ota ; esco:target skill:direct ;
    esco:targetFramework cs:skills , cs:member-skills ; dct:type rt:essential-skill .
rel:A2 a esco:AssociationObject ; esco:isAssociationFor occ:ota ; esco:target skill:reified ;
    dct:type rt:optional-skill .
rel:OLD a esco:Relationship ; esco:isRelationshipFor occ:ota ; esco:refersConcept skill:old ;
    esco:hasRelationshipType rt:essential-skill .
rel:EQF a esco:AssociationObject ; esco:isAssociationFor occ:ota ; esco:target <http://data.europa.eu/esco/eqf/5> ;
    dct:type <http://data.europa.eu/esco/association-type#qf-level> .

skill:direct a esco:Skill , esco:MemberConcept , skos:Concept ; skos:prefLabel "act responsibly"@en ;
    esco:skillType st:skill ; esco:skillReuseLevel srl:cross-sector ; esco:hasAssociation rel:A1 .
skill:both a esco:Skill , skos:Concept ; skos:prefLabel "anatomy"@en ; esco:skillType st:knowledge ;
    esco:skillReuseLevel srl:cross-sector ; esco:isOptionalSkillFor occ:ota .
skill:inverse a esco:Skill , skos:Concept ; skos:prefLabel "kinesiology"@en ; esco:skillType st:knowledge ;
    esco:isEssentialSkillFor occ:ota , skill:both .
skill:reified a esco:Skill , skos:Concept ; skosxl:prefLabel [ a skosxl:Label ; skosxl:literalForm "orthopaedics"@en ] ;
    dct:description [ a esco:NodeLiteral ; esco:language "en" ; esco:nodeLiteral "About bones." ] ;
    esco:skillReuseLevel srl:cross-sector .
skill:old a esco:Skill , skos:Concept ; skos:prefLabel "first aid"@en ; esco:skillType st:knowledge ;
    esco:skillReuseLevel srl:cross-sector ; iso-thes:status "obsolete" .
"""
)
EXPECTED_ENGLISH = (
    PREFIXES
    + """
cs:occupations a skos:ConceptScheme ; owl:versionInfo "v1.1.1" ; dct:title "Occupations"@en ;
    skos:hasTopConcept isco:C2 .
cs:digcomp a skos:ConceptScheme ; owl:versionInfo "2.1" .
cs:isco skos:hasTopConcept isco:C2 .

isco:C2 a skos:Concept ; skos:prefLabel "Professionals"@en ; skos:notation "2" ; skos:inScheme cs:isco ;
    skos:topConceptOf cs:isco , cs:occupations .
isco:C22 a skos:Concept ; skos:prefLabel "Health professionals"@en ; skos:notation "22" ; skos:broader isco:C2 ;
    skos:inScheme cs:isco .
isco:C2269 a skos:Concept ; skos:prefLabel "Health professionals not elsewhere classified"@en ; skos:broader isco:C22 ;
    skos:inScheme cs:isco , cs:occupations ; skos:notation "2269" ; dct:description "Workers of the group."@en .

occ:ota a esco:Occupation , esco:MemberConcept , skos:Concept ; skos:prefLabel "occupational therapy assistant"@en ;
    skos:altLabel "OT assistant"@en , "OT aide"@en , "assistant in occupational therapy"@en ;
    skos:hiddenLabel "ot assistent"@en ; skos:notation "2269.5" ; skos:broader isco:C2269 ;
    skos:inScheme cs:occupations , cs:member-occupations ; dct:description "They help therapists."@en ;
    skos:scopeNote "Excludes this."@en ; dct:references skill:both ; skos:definition "Already with a tag."@en ;
    dct:modified "2024-01-16T14:23:28Z"^^xsd:dateTime ; iso-thes:status "released" ;
    esco:referenceLanguage "en"^^xsd:language ; rdfs:seeAlso <https://example.org/ota> ;
    esco:relatedEssentialSkill skill:direct , skill:both , skill:inverse , skill:old ;
    esco:relatedOptionalSkill skill:both , skill:reified ; esco:hasAssociation rel:EQF .
rel:EQF a esco:AssociationObject ; esco:isAssociationFor occ:ota ; esco:target <http://data.europa.eu/esco/eqf/5> ;
    dct:type <http://data.europa.eu/esco/association-type#qf-level> .

skill:direct a esco:Skill , esco:MemberConcept , skos:Concept ; skos:prefLabel "act responsibly"@en ;
    esco:skillType st:skill ; esco:skillReuseLevel srl:cross-sector ; esco:isEssentialSkillFor occ:ota .
skill:both a esco:Skill , skos:Concept ; skos:prefLabel "anatomy"@en ; esco:skillType st:knowledge ;
    esco:skillReuseLevel srl:cross-sector ; esco:isOptionalSkillFor occ:ota ; esco:isEssentialSkillFor occ:ota ;
    esco:relatedEssentialSkill skill:inverse .
skill:inverse a esco:Skill , skos:Concept ; skos:prefLabel "kinesiology"@en ; esco:skillType st:knowledge ;
    esco:isEssentialSkillFor occ:ota , skill:both .
skill:reified a esco:Skill , skos:Concept ; skos:prefLabel "orthopaedics"@en ; dct:description "About bones."@en ;
    esco:isOptionalSkillFor occ:ota ; esco:skillReuseLevel srl:cross-sector .
skill:old a esco:Skill , skos:Concept ; skos:prefLabel "first aid"@en ; esco:skillType st:knowledge ;
    esco:skillReuseLevel srl:cross-sector ; iso-thes:status "obsolete" ; esco:isEssentialSkillFor occ:ota .
"""
)
GERMAN = (
    PREFIXES
    + """
cs:occupations dct:title "Berufe"@de .
occ:ota skos:prefLabel "Ergotherapieassistent"@de ; skos:altLabel "Assistent der Ergotherapie"@de ;
    dct:description "Sie helfen in der Therapie."@de .
"""
)
AMERICAN = (
    PREFIXES
    + """
occ:ota skos:prefLabel "occupational therapy assistant"@en-us ; dct:description "They help therapists, too."@en-us .
"""
)
ENGLISH_REPAIRS = {
    "alt-equals-pref": 1,
    "alt-repeated": 1,
    "hidden-equals-alt": 1,
    "spaces": 2,
    "html": 1,
    "typed-notation": 2,
    "node-literal": 5,
    "xl-label": 2,
    "association": 2,
    "dangling-skill": 1,
    "dangling-broader": 1,
    "closure": 7,
    "other-language": 5,
    "label-role": 2,
    "no-skill-type": 1,
    "no-reuse-level": 1,
    "both-relations": 1,
    "not-released": 1,
}


def triples(turtle: str) -> set[str]:
    return {str(quad.triple) for quad in ox.parse(turtle.encode(), ox.RdfFormat.TURTLE)}


def written(folder: Path, name: str, turtle: str = DUMP) -> Path:
    """Write the dump in the format that the name asks for."""
    path = folder / name
    ox.serialize(
        (quad.triple for quad in ox.parse(turtle.encode(), ox.RdfFormat.TURTLE)), path, FORMATS[path.suffix[1:]]
    )
    return path


def found(dump: RdfDump) -> set[str]:
    quads = list(dump.quads(GRAPH))
    assert {quad.graph_name.value for quad in quads} == {GRAPH}
    statements = [str(quad.triple) for quad in quads]
    assert len(set(statements)) == len(statements)
    return set(statements)


def counts(report: ImportReport) -> dict[str, int]:
    return {code: remark.n for code, remark in report.remarks.items()}


# The shape


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_dump_gives_the_shape_of_the_csv_download(tmp_path, suffix):
    dump = read_dump(written(tmp_path, f"dump.{suffix}"), langs=("en",), scratch=tmp_path)
    assert found(dump) == triples(EXPECTED_ENGLISH)
    assert (dump.version, dump.langs) == ("1.1.1", ("en",))
    assert counts(dump.report) == ENGLISH_REPAIRS
    account = dump.report.files[f"dump.{suffix}"]
    assert account.rows == len(triples(DUMP))
    assert account.rows == account.kept + account.left_out
    assert dump.sources == {f"dump.{suffix}": account.sha256}


def test_the_order_of_the_triples_does_not_matter(tmp_path):
    path = written(tmp_path, "dump.nt")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    random.Random(7).shuffle(lines)
    path.write_text("".join(lines), encoding="utf-8")
    dump = read_dump(path, langs=("en",), scratch=tmp_path)
    assert found(dump) == triples(EXPECTED_ENGLISH)
    assert counts(dump.report) == ENGLISH_REPAIRS


def test_all_languages_are_kept_unless_some_are_asked_for(tmp_path):
    path = written(tmp_path, "dump.ttl")
    dump = read_dump(path, scratch=tmp_path)
    assert dump.langs == ("de", "en", "en-us")
    assert found(dump) == triples(EXPECTED_ENGLISH) | triples(GERMAN) | triples(AMERICAN)
    assert "other-language" not in dump.report.remarks
    assert dump.report.remarks["no-label"].n == 8 * 2
    dump = read_dump(path, langs=("de", "EN", "de"), scratch=tmp_path)
    assert dump.langs == ("de", "en")
    assert found(dump) == triples(EXPECTED_ENGLISH) | triples(GERMAN)


def test_a_language_that_is_not_there(tmp_path):
    with pytest.raises(SourceError, match=r"language fr; there are: de, en, en-us") as caught:
        read_dump(written(tmp_path, "dump.ttl"), langs=("en", "fr"), scratch=tmp_path)
    assert caught.value.exit_code == 2


def test_the_stream_is_the_same_every_time(tmp_path):
    path = written(tmp_path, "dump.rdf")
    first, second = (list(read_dump(path, scratch=tmp_path).quads(GRAPH)) for _ in range(2))
    assert first == second


def official(quads: list[ox.Quad]) -> Iterator[ox.Triple]:
    """Write statements in CSV shape as the official dump has them: nodes for texts, labels and relations; closures."""
    text_predicates = {DCT + "description", SKOS + "scopeNote", SKOS + "definition"}
    relations = {ESCO + "relatedEssentialSkill": "essential-skill", ESCO + "relatedOptionalSkill": "optional-skill"}
    kind, node = ox.NamedNode(RDF + "type"), ox.NamedNode
    for n, quad in enumerate(quads):
        subject, predicate, value = quad.subject, quad.predicate.value, quad.object
        if predicate in text_predicates:
            text = node(f"{ESCO_DATA}node-literal/{n}")
            yield ox.Triple(subject, quad.predicate, text)
            yield ox.Triple(text, kind, node(ESCO + "NodeLiteral"))
            yield ox.Triple(text, node(ESCO + "language"), ox.Literal(value.language, datatype=node(XSD + "language")))
            yield ox.Triple(text, node(ESCO + "nodeLiteral"), ox.Literal(value.value))
            continue
        if predicate == ESCO + "memberOfISCOGroup":
            continue
        yield quad.triple
        if predicate.startswith(SKOS) and predicate.endswith("Label"):
            label = node(f"{ESCO_DATA}label/{n}")
            yield ox.Triple(subject, node(SKOSXL + predicate.removeprefix(SKOS)), label)
            yield ox.Triple(label, kind, node(SKOSXL + "Label"))
            yield ox.Triple(label, node(SKOSXL + "literalForm"), value)
        elif predicate in relations:
            relation = node(f"{ESCO_DATA}relation/{n}")
            yield ox.Triple(subject, node(ESCO + "hasAssociation"), relation)
            yield ox.Triple(relation, kind, node(ESCO + "AssociationObject"))
            yield ox.Triple(relation, node(ESCO + "isAssociationFor"), subject)
            yield ox.Triple(relation, node(ESCO + "target"), value)
            yield ox.Triple(relation, node(DCT + "type"), node(RELATIONSHIP_TYPE + relations[predicate]))
        elif predicate == SKOS + "broader":
            yield ox.Triple(subject, node(SKOS + "broaderTransitive"), value)
            yield ox.Triple(value, node(SKOS + "narrower"), subject)


def test_the_sample_as_a_dump_gives_the_sample(tmp_path):
    quads = list(open_release(sample_paths(), version="1.1.1", partial=True).quads(GRAPH))
    path = tmp_path / "esco-v1.1.1.ttl"
    ox.serialize(official(quads), path, ox.RdfFormat.TURTLE)
    dump = read_dump(path, scratch=tmp_path)
    assert found(dump) == {str(quad.triple) for quad in quads if quad.predicate.value != ESCO + "memberOfISCOGroup"}
    assert dump.version == "1.1.1"
    assert dump.report.remarks["closure"].n > 0
    assert not {"xl-label", "association", "spaces", "alt-repeated"} & set(dump.report.remarks)


def test_narrower_alone_gives_broader(tmp_path):
    more = 'skos:notation "22" ; skos:broader isco:C2 ;'
    assert more in DUMP
    path = written(tmp_path, "dump.ttl", DUMP.replace(more, 'skos:notation "22" ; skos:narrower isco:C8888 ;'))
    dump = read_dump(path, langs=("en",), scratch=tmp_path)
    assert found(dump) == triples(EXPECTED_ENGLISH)
    changed = {"closure": ENGLISH_REPAIRS["closure"] - 1, "dangling-broader": 2}
    assert counts(dump.report) == ENGLISH_REPAIRS | changed
    account = dump.report.files["dump.ttl"]
    assert account.rows == account.kept + account.left_out


def test_the_code_of_the_group_on_an_occupation_is_dropped(tmp_path):
    more = """
        occ:ota skos:notation "2269" . occ:other a esco:Occupation ; skos:notation "2269" , "2270.1" .
        skill:old skos:notation "2269" , "2269.1" ."""
    dump = read_dump(written(tmp_path, "dump.ttl", DUMP + more), langs=("en",), scratch=tmp_path)
    kept = """
        occ:other a esco:Occupation ; skos:notation "2269" , "2270.1" . skill:old skos:notation "2269" , "2269.1" ."""
    assert found(dump) == triples(EXPECTED_ENGLISH + kept)
    assert dump.report.remarks["group-notation"].examples == [f"2269 of <{ESCO_DATA}occupation/ota>"]


# Where the version comes from


@pytest.mark.parametrize(
    ("name", "said", "version"),
    [
        ("esco_v1.0.3.ttl", "", "1.0.3"),
        ("ESCO_dataset_v1.2.0.ttl", "", "1.2.0"),
        ("esco-v1.1.1.ttl", 'owl:versionInfo "ESCO v1.2.1"', "1.2.1"),
        ("dump.ttl", "dct:hasVersion <http://data.europa.eu/esco/version/v1.1.0>", "1.1.0"),
        ("dump.ttl", '<http://www.w3.org/ns/dcat#version> "1.2.0"', "1.2.0"),
        ("dump.ttl", 'owl:versionInfo "the newest"', "unknown"),
    ],
)
def test_version(tmp_path, name, said, version):
    facts = f"cs:skills {said} .\n" if said else ""
    path = written(tmp_path, name, f'{PREFIXES}{facts}skill:a a esco:Skill ; skos:prefLabel "a"@en .')
    dump = read_dump(path, scratch=tmp_path)
    assert dump.version == version
    assert ("version-unknown" in dump.report.remarks) == (version == "unknown")
    assert read_dump(path, version="9.9.9", scratch=tmp_path).version == "9.9.9"


# Packed files


def test_gzip_and_zip(tmp_path):
    plain = written(tmp_path, "dump.ttl")
    packed = tmp_path / "esco.ttl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    archive = tmp_path / "ESCO dataset - v1.2.1 - classification -  - ttl.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("/esco-v1.2.1.ttl", plain.read_bytes())  # the official json-ld zip has such a leading slash
        opened.writestr("readme.txt", "about")
    for path in (packed, archive):
        assert is_dump(path)
        dump = read_dump(path, langs=("en",), scratch=tmp_path)
        assert found(dump) == triples(EXPECTED_ENGLISH)
        assert list(dump.sources) == [path.name]


def test_progress_tells_every_byte(tmp_path, monkeypatch):
    monkeypatch.setattr(rdf_file, "STEP", 1_000)
    path = written(tmp_path, "dump.nt")
    told: list[tuple[str, int]] = []
    dump = read_dump(path, scratch=tmp_path, progress=lambda name, size: told.append((name, size)))
    assert {name for name, _ in told} == {"dump.nt"}
    assert len(told) > 2
    assert sum(size for _, size in told) == dump.size == path.stat().st_size


def test_what_is_a_dump(tmp_path):
    csv = tmp_path / "csv.zip"
    with zipfile.ZipFile(csv, "w") as archive:
        archive.writestr("skills_en.csv", "conceptUri")
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04")
    folder = tmp_path / "folder.ttl"
    folder.mkdir()
    assert [is_dump(path) for path in (csv, broken, folder, tmp_path, tmp_path / "gone.nt.gz")] == [False] * 4 + [True]


# Bad input


def unread(path: Path, scratch: Path) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_dump(path, scratch=scratch)
    assert caught.value.exit_code == 2
    return caught.value


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.ttl", '@prefix a: <http://a/> .\n\na:b a:c "x" ; \n a:d e:f .', 4),
        ("a.ttl", '<http://a/b> <http://a/c> "never closed', 1),
        ("a.ttl", "<html>\n<body>Please log in</body></html>", 1),
        ("a.nt", '<http://a> <http://b> "x" .\n<http://a> <http://b> "\xff" .', 2),
        ("a.nt", "<http://a> <http://b> <no iri> .", 1),
        ("a.rdf", "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n<a>\n</b>\n\n</rdf:RDF>", 3),
        (
            "a.rdf",
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n<rdf:Description rdf:about='http://a'/>\n",
            3,
        ),
        ("a.rdf", "@prefix a: <http://a/> .", 1),
        ("a.json-ld", '{"@id": "http://a",\n "http://b": }', 2),
        ("a.json-ld", '{"@context": "http://127.0.0.1:9/context", "@id": "http://a"}', 1),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path, name, text, line):
    path = tmp_path / name
    path.write_bytes(text.encode("latin-1"))
    error = unread(path, tmp_path)
    assert error.where == f"{name}:{line}"
    assert error.what


@pytest.mark.parametrize("name", ["a.ttl", "a.nt", "a.rdf", "a.json-ld", "a.ttl.gz"])
def test_an_empty_file(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"") if name.endswith("gz") else b"")
    assert unread(path, tmp_path).where.startswith(name)


def test_a_file_without_an_esco_concept(tmp_path):
    path = written(
        tmp_path, "other.ttl", '<http://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "a"@en .'
    )
    assert "no ESCO concept in 1 triples" in unread(path, tmp_path).what


def test_files_that_are_not_there_or_of_no_known_format(tmp_path):
    assert "no such file" in unread(tmp_path / "gone.ttl", tmp_path).what
    (tmp_path / "a.docx").write_bytes(b"x")
    assert ".ttl" in unread(tmp_path / "a.docx", tmp_path).advice


def test_packed_files_that_are_cut_short(tmp_path):
    data = written(tmp_path, "dump.nt").read_bytes() * 3
    packed = tmp_path / "cut.nt.gz"
    packed.write_bytes(gzip.compress(data)[:-200])
    assert "unpacked" in unread(packed, tmp_path).what
    (tmp_path / "no.nt.gz").write_bytes(data)
    assert "unpacked" in unread(tmp_path / "no.nt.gz", tmp_path).what
    archive = tmp_path / "whole.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("dump.nt", data)
    blob = archive.read_bytes()
    (tmp_path / "cut.zip").write_bytes(blob[:-50])
    assert "zip" in unread(tmp_path / "cut.zip", tmp_path).what
    (tmp_path / "bent.zip").write_bytes(blob[:300] + b"\0" * 50 + blob[350:])
    assert "unpacked" in unread(tmp_path / "bent.zip", tmp_path).what


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (["../../dump.ttl"], "outside itself"),
        (["a\\..\\..\\dump.ttl"], "outside itself"),
        (["a.ttl", "b.rdf"], "one RDF file; it holds: a.ttl, b.rdf"),
        (["readme.txt"], "it holds: none"),
    ],
)
def test_archives_with_other_content(tmp_path, members, words):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in members:
            archive.writestr(name, DUMP)
    assert words in unread(path, tmp_path).what


def test_a_file_that_unpacks_to_more_than_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(rdf_file, "MAX_BYTES", 4_000)
    data = written(tmp_path, "dump.nt").read_bytes()
    (tmp_path / "bomb.nt.gz").write_bytes(gzip.compress(data))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("dump.nt", data)
    for name in ("bomb.nt.gz", "bomb.zip"):
        assert "larger than" in unread(tmp_path / name, tmp_path).what


ROOT = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="http://www.w3.org/2004/02/skos/core#">'
)
CONCEPT = (
    '<s:Concept rdf:about="http://data.europa.eu/esco/skill/a"><s:prefLabel xml:lang="en">%s</s:prefLabel></s:Concept>'
)
BOMB = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
FLAT = '<!DOCTYPE r [<!ENTITY a "ha &amp; &#65;"><!ENTITY b "ho">]>'


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (BOMB + ROOT, "not a short plain text"),
        (BOMB.replace("DOCTYPE", "doctype") + ROOT, "not a short plain text"),
        ("<!DOCTYPE r []>" + BOMB + ROOT, "not a short plain text"),
        (ROOT + BOMB, "not a short plain text"),
        ('<!DOCTYPE r [ "]>" ' + BOMB.removeprefix("<!DOCTYPE r [") + ROOT, "not a short plain text"),
        (f'<!DOCTYPE r [<!ENTITY b "{"a" * 600}">]>' + ROOT, "not a short plain text"),
        (f"<!DOCTYPE r [<!ENTITY b{' ' * ENDS}'x'>]>" + ROOT, "not a short plain text"),
        (f"<!--{' ' * ENDS}-->" + FLAT + ROOT, "after its first 64 kB"),
        (ROOT + f"<!--{' ' * (ENDS - len(ROOT) - 11)}-->" + FLAT, "after its first 64 kB"),
    ],
)
def test_entities_that_swell_are_refused(tmp_path, start, words):
    path = tmp_path / "a.rdf"
    path.write_text(f"{start}{CONCEPT % '&b;'}</rdf:RDF>")
    assert words in unread(path, tmp_path).what
    with pytest.raises(SourceError, match=words) as caught:
        list(read_file(path))
    assert caught.value.where == str(path)


def test_entities_that_are_short_texts_are_read(tmp_path):
    path = tmp_path / "a.rdf"
    path.write_text(f"{FLAT}{ROOT}{CONCEPT % '&a;&b;'}</rdf:RDF>")
    assert [quad.object.value for quad in read_file(path)][1:] == ["ha & Aho"]


@pytest.mark.parametrize(
    ("form", "media_type"), [("CONSTRUCT", "application/rdf+xml"), ("SELECT", "application/sparql-results+xml")]
)
def test_entities_that_swell_are_refused_in_answers(form, media_type):
    parse = find_parser(media_type, form)
    rows = '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><boolean>true</boolean></sparql>'
    body = f"{ROOT}{CONCEPT % 'a'}</rdf:RDF>" if form == "CONSTRUCT" else rows
    assert parse(body.encode())
    with pytest.raises(SyntaxError, match="not a short plain text"):
        parse((BOMB + body).encode())


def test_a_name_that_is_too_long(tmp_path):
    path = tmp_path / ("a" * 300 + ".ttl")
    assert "cannot be read" in unread(path, tmp_path).what
    assert not is_dump(path)
    with pytest.raises(SourceError, match="cannot be read"):
        list(read_file(path))


def test_scratch_files_that_cannot_be_written(tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_bytes(b"a file, no folder")
    with pytest.raises(StoreError, match="scratch"):
        read_dump(written(tmp_path, "dump.ttl"), scratch=blocked)


def test_levels_reach_a_group_whose_upper_groups_are_not_in_the_release():
    fact = ox.Quad(
        ox.NamedNode(f"{ESCO_DATA}isco/C22"), ox.NamedNode(ESG + "iscoSkillLevel"), ox.Literal(4), ox.NamedNode(GRAPH)
    )
    lone = f'{PREFIXES} isco:C2269 skos:inScheme cs:isco ; skos:notation "2269" .'
    graph = Graph.memory([fact, *ox.parse(lone.encode(), ox.RdfFormat.TURTLE)])
    made = graph.construct(rules()["isco-skill-level"].text)
    assert [(triple.subject.value, triple.object.value) for triple in made] == [(f"{ESCO_DATA}isco/C2269", "4")]
