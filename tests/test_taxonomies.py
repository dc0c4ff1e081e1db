"""Classifications: what their codes mean, how files of them are read, and what is said of rows that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import said_under_two_seeds
from esco_graph.errors import NotFoundError, ParameterError, SourceError
from esco_graph.graph import Graph
from esco_graph.taxonomies.columns import Wanted
from esco_graph.taxonomies.depth import levels
from esco_graph.taxonomies.model import Concept, Read, concepts_of, read_taxonomy, taxonomy_quads
from esco_graph.taxonomies.read import read_files
from esco_graph.taxonomies.registry import TAXONOMIES, find_taxonomy, own_taxonomy, taxonomy_fitting, taxonomy_named
from esco_graph.taxonomies.taxonomy import Taxonomy, is_iri
from esco_graph.terms import SKOS

BASE = "https://example.org/my/"


def table(folder: Path, text: str, name: str = "codes.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def by_code(read: Read) -> dict[str, Concept]:
    return {concept.code: concept for concept in read.concepts}


class TestCodes:
    @pytest.mark.parametrize(
        ("key", "written", "code", "iri"),
        [
            ("isco", "C2269", "2269", "http://data.europa.eu/esco/isco/C2269"),
            ("isco", "110", "0110", "http://data.europa.eu/esco/isco/C0110"),
            ("isco", "http://data.europa.eu/esco/isco/C2269", "2269", "http://data.europa.eu/esco/isco/C2269"),
            ("nace2.1", "86.95", "86.95", "http://data.europa.eu/ux2/nace2.1/8695"),
            ("nace2", "A01.11", "01.11", "http://data.europa.eu/ux2/nace2/0111"),
            ("ssyk", "h4wH_7kG_UTN", "h4wH_7kG_UTN", "http://data.jobtechdev.se/taxonomy/concept/h4wH_7kG_UTN"),
            ("ssyk", "2512", "2512", f"{BASE}taxonomy/ssyk/2512"),
            ("kldb", "B43104-100", "B 43104-100", f"{BASE}taxonomy/kldb/B%2043104-100"),
            ("onet", "11-1011", "11-1011.00", f"{BASE}taxonomy/onet/11-1011.00"),
            ("soc-2018", "111011", "11-1011", f"{BASE}taxonomy/soc-2018/11-1011"),
            ("isced-f", "0612", "0612", "http://data.europa.eu/esco/isced-f/0612"),
            ("wikidata", "wd:Q42", "Q42", "http://www.wikidata.org/entity/Q42"),
            ("co-sispe", "1111010.0", "01111010", f"{BASE}taxonomy/co-sispe/01111010"),
            ("rome", "15244.0", "15244", f"{BASE}taxonomy/rome/15244"),
        ],
    )
    def test_a_written_code_becomes_the_owners_code_and_iri(self, key: str, written: str, code: str, iri: str) -> None:
        taxonomy = TAXONOMIES[key]
        assert taxonomy.code_of(written) == code
        assert taxonomy.concept_iri(code, BASE) == iri

    @pytest.mark.parametrize(
        ("key", "written"),
        [
            ("isco", "22691"),
            ("isco", ""),
            ("onet", "Nov-31"),
            ("nace2", "2031-11-01"),
            ("rome", "Z1101"),
            ("kldb", "x"),
        ],
    )
    def test_what_cannot_be_a_code_is_refused(self, key: str, written: str) -> None:
        with pytest.raises(ParameterError, match="code of"):
            TAXONOMIES[key].code_of(written)

    @pytest.mark.parametrize(
        ("key", "code", "above"),
        [
            ("isco", "2269", ["226", "22", "2"]),
            ("nace2.1", "86.95", ["86.9", "86", "R"]),
            ("nace2", "86.90", ["86.9", "86", "Q"]),
            ("kldb", "B 43104-100", ["43104", "4310", "431", "43", "4"]),
            ("soc-2018", "15-1252", ["15-1250", "15-1200", "15-0000"]),
            ("onet", "11-1011.03", ["11-1011.00"]),
            ("kzis", "311410", ["3114", "311", "31", "3"]),
            ("digcomp", "1.1", ["1"]),
        ],
    )
    def test_the_broader_codes_follow_from_the_form(self, key: str, code: str, above: list[str]) -> None:
        found, here = [], TAXONOMIES[key].parent(code)
        while here:
            found.append(here)
            here = TAXONOMIES[key].parent(here)
        assert found == above

    def test_codes_that_are_built_on_isco_name_their_group(self) -> None:
        groups = {key: TAXONOMIES[key].isco(code) for key, code in (("kzis", "311410"), ("lv-profesijas", "8342.01"))}
        assert groups == {"kzis": "3114", "lv-profesijas": "8342"}
        assert TAXONOMIES["kldb"].isco("43104") == ""

    @given(st.sampled_from(sorted(TAXONOMIES)), st.text(max_size=40))
    def test_any_text_is_a_code_or_a_parameter_error(self, key: str, text: str) -> None:
        taxonomy = TAXONOMIES[key]
        try:
            code = taxonomy.code_of(text)
        except ParameterError:
            return
        assert taxonomy.code_of(code) == code
        assert is_iri(taxonomy.concept_iri(code, BASE))

    @given(st.sampled_from(sorted(TAXONOMIES)), st.from_regex(r"[A-Z]?[0-9]{1,8}([.-][0-9]{1,4})?", fullmatch=True))
    def test_climbing_always_ends(self, key: str, text: str) -> None:
        code: str | None = text
        for _ in range(30):
            code = TAXONOMIES[key].parent(code) if code else None
        assert code is None


class TestNames:
    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("Klassifikation der Berufe 2010", "kldb"),
            ("ROME ", "rome"),
            ("O*NET", "onet"),
            ("O*NET-SOC 2019", "onet"),
            ("CO-SISPE 2011", "co-sispe"),
            ("Swedish Standard Classification of Occupations 2012", "ssyk"),
            ("Latvian - Latvijas Profesiju klasifikators", "lv-profesijas"),
            ("Ocupaciones ESCO", "esco"),
            ("ESCO – filar zawodów", "esco"),
            ("nace rev 2", "nace2"),
        ],
    )
    def test_the_names_of_mapping_tables_are_known(self, name: str, key: str) -> None:
        found = taxonomy_named(name)
        assert found and found.key == key

    def test_a_name_of_two_is_told_apart_by_the_codes(self) -> None:
        assert taxonomy_fitting("SOC 2010", ["1115", "1116"]) == TAXONOMIES["uk-soc-2010"]
        assert taxonomy_fitting("SOC 2010", ["11-1011"]) == TAXONOMIES["soc-2010"]
        assert taxonomy_fitting("SOC 2010", ["a", "b"]) is None

    def test_an_unknown_one_gets_a_key_and_iris_under_the_base(self) -> None:
        own = own_taxonomy("Kompetenzsystematik", "de")
        assert (own.key, own.concept_iri("K 0812-007", BASE)) == (
            "kompetenzsystematik",
            f"{BASE}taxonomy/kompetenzsystematik/K%200812-007",
        )

    @pytest.mark.parametrize(("name", "lang"), [("", "en"), ("--", "en"), ("Own", "not a tag")])
    def test_an_unknown_one_needs_a_name_and_a_language(self, name: str, lang: str) -> None:
        with pytest.raises(ParameterError):
            own_taxonomy(name, lang)

    def test_a_misspelt_key_is_suggested(self) -> None:
        with pytest.raises(NotFoundError, match="Did you mean rome"):
            find_taxonomy(Graph.memory(), "roma")

    def test_no_name_means_two_keys_but_those_of_one_family(self) -> None:
        owners: dict[str, set[str]] = {}
        for one in TAXONOMIES.values():
            for name in (one.key, one.name):
                found = taxonomy_named(name)
                owners.setdefault(one.key, set()).add(found.key if found else "")
        assert all(found == {key} for key, found in owners.items())


class TestTables:
    def test_columns_are_found_by_the_words_of_many_languages(self, tmp_path: Path) -> None:
        for number, header in enumerate(("Kód;Název", "Código;Denominación", "kod;nazwa", "Kodas;Pavadinimas")):
            read = read_taxonomy(table(tmp_path, f"{header}\nX1;eins\nX2;zwei\n", f"own{number}.csv"))
            assert [(one.code, one.label) for one in read.concepts] == [("X1", "eins"), ("X2", "zwei")]
            assert read.remarks[0].startswith(f"own{number}.csv: code = ")

    def test_columns_can_be_named_by_header_or_number(self, tmp_path: Path) -> None:
        file = table(tmp_path, "a,b,c,d,e\nfirst,1,I,,long\nsecond,2,II | two,1,\n")
        wanted = Wanted(code="b", label="1", alt=("c",), broader="d", description="e", lang="fr")
        found = by_code(read_files([file], base=BASE, wanted=wanted))
        assert found["2"].alt == ("II", "two")
        assert found["2"].broader == (f"{BASE}taxonomy/codes/1",)
        assert (found["1"].description, found["1"].lang) == ("long", "fr")

    def test_a_table_without_header_is_guessed_by_content(self, tmp_path: Path) -> None:
        rows = "".join(f"{number:03},Work of kind {number}\n" for number in range(1, 40))
        read = read_taxonomy(table(tmp_path, rows))
        assert len(read.concepts) == 39
        assert read.concepts[0].code == "001"

    def test_labels_in_several_languages(self, tmp_path: Path) -> None:
        read = read_taxonomy(table(tmp_path, "code,label_en,label_de\n1,cook,Koch\n"), lang="de")
        assert (read.concepts[0].label, read.concepts[0].names) == ("Koch", (("en", "cook"),))

    def test_faults_name_the_line_and_the_good_rows_are_kept(self, tmp_path: Path) -> None:
        text = (
            "O*NET-SOC Code,Title,Description\n11-1011.00,Chief Executives,x\nNov-31,Legislators,x\n"
            "1.1E+07,Other,x\n11-1011.00,Other Chiefs,x\n11-1021.00,,x\n,Nobody,x\n11-1031.00,Legislators,x\n"
        )
        read = read_taxonomy(table(tmp_path, text), base=BASE)
        assert [one.code for one in read.concepts] == ["11-1011.00", "11-1031.00"]
        said = [str(fault) for fault in read.faults]
        assert [fault.partition(": ")[0] for fault in said] == [f"codes.csv:{line}" for line in (3, 4, 5, 6, 7)]
        assert [
            part in fault
            for part, fault in zip(("a date", "a number", "duplicate", "no label", "no code"), said, strict=True)
        ] == [True] * 5

    def test_an_unknown_parent_is_one_fault_however_many_name_it(self, tmp_path: Path) -> None:
        read = read_taxonomy(table(tmp_path, "code,label,parent\nX1,a,X9\nX2,b,X9\nX3,c,X1\n"))
        assert len(read.faults) == 1
        assert "2 concepts" in str(read.faults[0])
        assert by_code(read)["X3"].broader

    def test_rows_that_repeat_code_and_label_are_no_fault(self, tmp_path: Path) -> None:
        read = read_taxonomy(table(tmp_path, "code,label\nX1,a\nX1,a\n"))
        assert not read.faults
        assert any("1 rows repeat" in remark for remark in read.remarks)

    def test_several_files_make_one_classification(self, tmp_path: Path) -> None:
        first = table(
            tmp_path,
            'code_rome,code_fiche_em,code_ogr,libelle_rome,statut\n"A1101","1","7","Conduite d\'\'engins","1"\n',
            "a.csv",
        )
        second = table(
            tmp_path,
            "code_ogr,libelle_appellation_long,libelle_appellation_court,code_rome\n"
            "11987,Conducteur / Conductrice,Conducteur,A1101\n",
            "b.csv",
        )
        read = read_files([first, second], base=BASE)
        assert read.taxonomy.key == "rome"
        assert by_code(read)["11987"].broader == (f"{BASE}taxonomy/rome/A1101",)
        assert by_code(read)["A1101"].label == "Conduite d'engins"
        assert levels(read.concepts) == [1, 1]

    def test_mark_up_in_cells_is_taken_out(self, tmp_path: Path) -> None:
        read = read_taxonomy(
            table(tmp_path, 'code,label,definition\nX1,<b>Cooks</b> &amp; chefs,"<p>They cook.</p>"\n')
        )
        assert (read.concepts[0].label, read.concepts[0].description) == ("Cooks & chefs", "They cook.")

    def test_isco_has_its_levels(self, tmp_path: Path) -> None:
        read = read_taxonomy(
            table(tmp_path, "isco_code,title\n1,Managers\n14,Hospitality\n2269,Health\n0210,Officers\n")
        )
        assert {one.code: one.level for one in read.concepts} == {"1": 0, "14": 3, "2269": 4, "0210": 2}

    def test_wikidata_as_the_query_service_gives_it(self, tmp_path: Path) -> None:
        item = {
            "item": {"type": "uri", "value": "http://www.wikidata.org/entity/Q42"},
            "itemLabel": {"value": "writer"},
        }
        results = json.dumps({"head": {"vars": ["item", "itemLabel"]}, "results": {"bindings": [item]}})
        for file in (
            table(tmp_path, results, "query.json"),
            table(tmp_path, "item,itemLabel\nhttp://www.wikidata.org/entity/Q42,writer\n", "query.csv"),
        ):
            read = read_taxonomy(file)
            assert [(one.iri, one.code) for one in read.concepts] == [("http://www.wikidata.org/entity/Q42", "Q42")]

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("empty.csv", ""),
            ("words.csv", "alpha,beta\n\ngamma,delta\n"),
            ("broken.json", '{"a": ['),
            ("none.json", '{"a": 1}'),
            ("header.csv", "code,label\n"),
            ("broken.ttl", "<a> <b"),
            ("other.ttl", "<http://example.org/a> <http://example.org/b> <http://example.org/c> ."),
            ("nothing.xlsx", "not a workbook"),
            ("packed.zip", "not a zip"),
        ],
    )
    def test_what_is_no_classification_is_an_error_that_names_the_file(
        self, tmp_path: Path, name: str, text: str
    ) -> None:
        with pytest.raises((SourceError, ParameterError), match=name):
            read_taxonomy(table(tmp_path, text, name))

    def test_escos_own_files_are_not_loaded_as_something_else(self, tmp_path: Path) -> None:
        file = table(tmp_path, "conceptUri,preferredLabel\nhttp://data.europa.eu/esco/occupation/x,nurse\n")
        with pytest.raises(SourceError, match="esco-graph build"):
            read_taxonomy(file)


TURTLE = f"""
@prefix skos: <{SKOS}> . @prefix dct: <http://purl.org/dc/terms/> .
<http://example.org/s/> a skos:ConceptScheme ; dct:title "Skills of mine"@en , "Meine"@de .
<http://example.org/s/1> a skos:Concept ; skos:prefLabel "one"@en , "eins"@de ;
  skos:narrower <http://example.org/s/1.1> ; skos:altLabel "uno"@en ;
  skos:inScheme <http://example.org/s/> ; skos:broader <http://example.com/else> .
<http://example.org/s/1.1> a skos:Concept ; skos:prefLabel "one one"@en ; skos:definition "A part"@en ;
  skos:broader <http://example.org/s/missing> ; skos:exactMatch <http://example.com/b> .
"""


class TestSkos:
    def test_an_unknown_one_keeps_its_iris_scheme_and_languages(self, tmp_path: Path) -> None:
        read = read_taxonomy(table(tmp_path, TURTLE, "mine.ttl"), base=BASE)
        assert (read.taxonomy.key, read.taxonomy.name, read.taxonomy.scheme) == (
            "mine",
            "Skills of mine",
            "http://example.org/s/",
        )
        one, below = read.concepts
        assert (one.iri, one.names, one.alt, one.broader) == ("http://example.org/s/1", (("de", "eins"),), ("uno",), ())
        assert (below.broader, below.description, below.code) == ((one.iri,), "A part", "1.1")
        assert [fault.code for fault in read.faults] == ["http://example.org/s/missing"]
        assert any("example.com/else" in remark for remark in read.remarks)
        assert any("1 mapping to" in remark for remark in read.remarks)

    def test_a_known_one_gets_the_owners_iris(self, tmp_path: Path) -> None:
        text = f"""@prefix skos: <{SKOS}> .
        <http://example.org/x/8695> a skos:Concept ; skos:notation "86.95" ; skos:prefLabel "Physio"@en ."""
        read = read_taxonomy(table(tmp_path, text, "n.ttl"), TAXONOMIES["nace2.1"])
        assert (read.concepts[0].iri, read.concepts[0].seen_as) == (
            "http://data.europa.eu/ux2/nace2.1/8695",
            "http://example.org/x/8695",
        )

    def test_labels_as_nodes(self, tmp_path: Path) -> None:
        text = f"""@prefix skos: <{SKOS}> . @prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
        <http://example.org/x/1> a skos:Concept ; xl:prefLabel <http://example.org/l> .
        <http://example.org/l> xl:literalForm "cook"@en ."""
        assert read_taxonomy(table(tmp_path, text, "xl.ttl")).concepts[0].label == "cook"

    def test_xml_entities_are_refused(self, tmp_path: Path) -> None:
        bomb = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r/>'
        with pytest.raises(SourceError, match="entity"):
            read_taxonomy(table(tmp_path, bomb, "bomb.rdf"))


CONCEPTS = st.lists(
    st.builds(
        lambda number, label, alt, text: (f"{number:04}", label, alt, text),
        st.integers(0, 9999),
        st.from_regex(r"[a-z][a-z ]{0,10}[a-z]", fullmatch=True),
        st.lists(st.from_regex(r"[a-z]{1,5}", fullmatch=True), max_size=3, unique=True),
        st.from_regex(r"[a-z]{0,9}", fullmatch=True),
    ),
    max_size=6,
    unique_by=lambda row: row[0],
)


class TestRdf:
    @given(CONCEPTS)
    def test_what_is_written_is_read_back(self, rows: list[tuple[str, str, list[str], str]]) -> None:
        own = Taxonomy("own", "Own", "en")
        made = [
            Concept(own.concept_iri(code), code, label, "en", alt=tuple(sorted(set(alt) - {label})), description=text)
            for code, label, alt, text in rows
        ]
        graph = Graph.memory(taxonomy_quads(own, made))
        assert concepts_of(graph, "own") == sorted(made, key=lambda one: one.iri)

    def test_a_graph_without_it_has_none(self) -> None:
        assert concepts_of(Graph.memory(), "rome") == []

    def test_the_quads_do_not_depend_on_the_hash_seed(self, tmp_path: Path) -> None:
        file = table(tmp_path, TURTLE, "mine.ttl")
        code = (
            "from esco_graph.taxonomies.model import *\n"
            f"read = read_taxonomy({str(file)!r})\n"
            "for quad in taxonomy_quads(read.taxonomy, read.concepts): print(quad)\n"
        )
        assert len(said_under_two_seeds(code)) == 1


def test_levels_of_a_circle_are_not_counted() -> None:
    circle = [Concept(f"http://e/{a}", a, a, "en", broader=(f"http://e/{b}",)) for a, b in (("1", "2"), ("2", "1"))]
    assert levels(circle) == []
