"""Tables as the countries of the Union publish them: a few rows each, made anew from facts of the published files.

Source of the facts (headings, form of the identifiers, a few rows): the mapping tables for EURES at
https://esco.ec.europa.eu/en/use-esco/eures-countries-mapping-tables, as Avature/melo-benchmark keeps them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import SHARED
from esco_graph.builder import build, sample_paths
from esco_graph.graph import Graph
from esco_graph.mappings.form import ReadSet, read_mapping_file
from esco_graph.mappings.importer import import_mappings
from esco_graph.mappings.model import BROAD, NARROW
from esco_graph.mappings.rdf import read_set, to_quads
from esco_graph.mappings.sssom import WRITERS
from esco_graph.mappings.store import load
from esco_graph.mappings.translate import translate
from esco_graph.query import stored
from esco_graph.taxonomies.find import find_external
from esco_graph.terms import is_esco
from esco_graph.workspace import Workspace

OCCUPATION = "http://data.europa.eu/esco/occupation/"
SKILL = "http://data.europa.eu/esco/skill/"
ISCO = "http://data.europa.eu/esco/isco/"
NATIONAL = "http://data.europa.eu/esco/concept/"
OT = OCCUPATION + "33da5532-8c4e-4d1b-b52e-c201ee1bc7ab"  # occupational therapist, in the sample
OFFICERS = [
    OCCUPATION + uuid
    for uuid in (
        "b223f402-0318-4e27-8691-df6e7f7295d2", "9bf4c8ea-e814-4772-ae31-0f29672dc497",
        "c6e5e0e7-fa99-4f71-9fc1-9889d85282a5", "e4c915ff-6c9c-4fa9-a8fb-09d0c67e30d4",
        "bbd1fe06-1b55-4937-9317-fc162311ab38", "b864c9a3-ef6e-46a0-a40c-66188f74dfa7",
        "0b1d8dcb-d941-4d79-99bf-fc10c1806c43", "4a3f40a8-0587-494c-b8d3-7098b8c5992f",
        "1de91afd-9da2-47ab-a7e7-19bf931709a4", "86c892cf-09a3-44c8-b9d1-814d93dbcbb4",
        "c94dc5b2-6b23-4915-8de5-a4e6ae86d802", "fdc8adfb-1807-4146-98ae-3a26fbe19996",
    )
]  # fmt: skip
FORM = ("URI", "PrefLabel", "URL")
SEVEN = [f"Classification 1 {one}" for one in FORM] + [
    "Classification 2 ID", "Classification 2 PrefLabel", "Classification 2 URL", "Mapping relation",
]  # fmt: skip
WITH_URI = [name.replace("2 ID", "2 URI") for name in SEVEN]
Rows = Sequence[Sequence[str]]


def head(name: str, lang: str, title: str = "ESCO - NOC", date: str = "2022-03-22") -> list[list[str]]:
    said = [("Mapping project name", title), ("Mapping project version date", date)]
    for number, (called, tag) in enumerate((("ESCO", lang.partition("/")[0]), (name, lang)), 1):
        pairs = zip(
            ("Name", "Concept type", "Version", "Language", "Landing page"), (called, "", "2", tag, ""), strict=True
        )
        said += [(f"Classification {number} {key}", value) for key, value in pairs]
    return [list(pair) for pair in said]


def read(path: Path, above: Rows, rows: Rows) -> ReadSet:
    text = io.StringIO()
    csv.writer(text).writerows([*above, *rows])
    path.write_text(text.getvalue(), encoding="utf-8")
    return read_mapping_file(path)


def seven(*rows: tuple[str, str, str, str, str]) -> Rows:
    return [(iri, label, iri, code, name, "", f"skos:{kind}Match") for iri, label, code, name, kind in rows]


@pytest.mark.parametrize(
    ("key", "code", "lang"),
    [
        ("bulgarian-occupations", "81602024", "bg"), ("danish-occupations", "9333.8.1", "da"),
        ("estonian-occupations", "0110.0000", "et"), ("croatian-occupations", "2131.71.7", "hr"),
        ("hungarian-occupations", "2534", "hu"), ("norwegian-occupations", "9334", "no"),
        ("romanian-occupation", "211101", "ro"),
    ],
)  # fmt: skip
class TestNationalConceptsUnderTheDomainOfEsco:
    """Seven countries have IRIs that the Commission's mapping tool gave; some name groups of ISCO beside them."""

    def table(self, path: Path, key: str, code: str, lang: str) -> ReadSet:
        rows = seven(
            (OT, "ergotherapist", f"{NATIONAL}{key}/{code}", "Ergo", "exact"),
            (OT, "ergotherapist", f"{NATIONAL}{key}/{code}9", "Ergo 2", "narrow"),
            (OCCUPATION + "95cd3d64-20d0-4681-857d-d6c63d07349f", "brewmaster", ISCO + "C3116", "Kjemi", "broad"),
            (ISCO + "C8122", "operators", f"{NATIONAL}{key}/{code}8", "Operator", "narrow"),
        )
        return read(path, [*head("National 2011", lang), ["", ""], WITH_URI], rows)

    def test_each_is_a_concept_of_its_own(self, tmp_path: Path, key: str, code: str, lang: str) -> None:
        found = self.table(tmp_path / "t.csv", key, code, lang)
        assert (found.rows_in, found.kept, found.repairs) == (4, 4, {})
        assert (found.set.subject_source, found.set.object_source) == ("esco", key)
        assert [(one.code, one.lang) for one in found.set.concepts] == [
            (code, lang),
            (code + "8", lang),
            (code + "9", lang),
        ]
        objects = {row.object for row in found.set.mappings}
        assert objects == {ISCO + "C3116"} | {f"{NATIONAL}{key}/{code}{end}" for end in ("", "8", "9")}
        assert sum(map(is_esco, objects)) == 1

    def test_they_are_stored_found_and_translated(self, tmp_path: Path, key: str, code: str, lang: str) -> None:
        workspace = Workspace(tmp_path / "store")
        build(workspace, sample_paths())
        self.table(tmp_path / "t.csv", key, code, lang)
        import_mappings(workspace, [tmp_path / "t.csv"])
        graph = Graph.open(workspace.path)
        found = translate(graph, code, key, "esco")
        assert [(one.target.iri, one.relation) for one in found.mappings] == [(OT, "exact")]
        assert find_external(graph, f"{key}:{code}") == f"{NATIONAL}{key}/{code}"
        assert find_external(graph, f"{key}:no-such") is None
        given = load(graph, "esco-noc")
        back = read_mapping_file(written(tmp_path / "t.sssom.tsv", "".join(WRITERS["tsv"](given)))).set
        assert back == given
        rows = stored("translate").run(graph, concept=f"{NATIONAL}{key}/{code}", scheme=f"https://example.org/{key}")
        assert not rows.dicts()  # no concept of this scheme; and no national one in between


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_austria_gives_the_codes_of_esco_beside_the_iris_and_is_reversed(tmp_path: Path) -> None:
    names = ["URI", "ID", "PrefLabel", "URL"]
    heading = [f"Classification {side} {name}" for side in (1, 2) for name in names] + ["Mapping relation"]
    rows = [(iri, f"0110.{at}", f"Offizier {at}", "", "", "730109", "Soldat/in", "", "skos:narrowMatch")
            for at, iri in enumerate(OFFICERS)]  # fmt: skip
    scientist = OCCUPATION + "c25b3700-6095-42b7-99fc-b87dc326c044"
    rows += [(scientist, "2132.1", "Agrarwissenschaftler", "", "", f"0101{at:02}", f"Agrarberater/in {at}", "",
              "skos:broadMatch") for at in range(1, 14)]  # fmt: skip
    blank = [["" for _ in heading]] * 59  # the published table ends with them
    found = read(tmp_path / "t.csv", [*head("AMS Berufssystematik (6-Steller)", "de"), heading], [*rows, *blank])
    assert (found.rows_in, found.kept) == (25, 25)
    assert found.set.orientation == "reversed"
    said = {(row.subject_label, row.object_label): row.predicate for row in found.set.mappings}
    assert said["Offizier 3", "Soldat/in"] == BROAD
    assert said["Agrarwissenschaftler", "Agrarberater/in 1"] == NARROW
    assert {one.code for one in found.set.concepts} >= {"730109", "010101"}


@pytest.mark.parametrize("languages", [("NL", "FR"), ("FR", "NL")])
def test_belgium_has_uuids_beside_iris_and_codes_and_labels_in_two_languages(
    tmp_path: Path, languages: tuple[str, str]
) -> None:
    labels = {"NL": "Metallografie", "FR": "Métallographie"}
    heading = ["Classification 1 URI", "Classification 1 ID", "Classification 1 PrefLabel", "Classification 1 URL",
               "Classification 2 URI", "Classification 2 ID",
               *(f"Classification 2 PrefLabel {one}" for one in languages),
               "Classification 2 URL", "Mapping Relation", "Editorial Note"]  # fmt: skip
    uuids = ["138aecdf-1b02-4ffc-81c4-0a0461b4f3c0", "60e0ed61-6340-4372-984a-416d1fe0010c"]
    rows = [
        (uuid, "", "metallurgische analyse", SKILL + uuid, f"509b36be-3b8e-4300-abc3-97e6c158c8b{at}", f"KN-100{at}",
         *(labels[one] for one in languages), "", "skos:closeMatch", "")
        for at, uuid in enumerate(uuids)
    ]  # fmt: skip
    found = read(tmp_path / "t.csv", [*head("VDAB competences", "nl/fr", date="44355"), heading], [*rows, rows[0]])
    assert (found.kept, [fault.code for fault in found.faults]) == (2, ["duplicate"])
    assert {row.subject for row in found.set.mappings} == {SKILL + uuid for uuid in uuids}
    assert [(one.code, one.label, one.lang) for one in found.set.concepts] == [
        ("KN-1000", "Metallografie", "nl"), ("KN-1001", "Metallografie", "nl"),
    ]  # fmt: skip
    assert found.set.date == "2021-06-08"  # 44355 is how Excel counts the day
    french = read_mapping_file(tmp_path / "t.csv", lang="fr").set.concepts[0]
    assert (french.label, french.lang) == ("Métallographie", "fr")


def test_a_doubled_row_may_bring_another_label(tmp_path: Path) -> None:
    rows = seven((OT, "x", "OP-410", "Podium", "close"), (OT, "x", "OP-410", "Spectacle", "close"))
    found = read(tmp_path / "t.csv", [*head("Competent", "nl"), SEVEN], rows)
    assert [(one.label, one.alt) for one in found.set.concepts] == [("Podium", ("Spectacle",))]


def test_lithuania_reads_groups_of_isco_apart_from_groups_of_its_own(tmp_path: Path) -> None:
    group = 'Ginkluotųjų pajėgų karininkai"," generolai ir admirolai'
    rows = [(ISCO + "C0110", "Karininkai", f"0110{at:02}", f"Majoras {at}", "narrow") for at in range(1, 14)]
    rows += [(iri, f"karininkas {at}", "0110", group, "narrow") for at, iri in enumerate(OFFICERS)]
    found = read(tmp_path / "t.csv", [*head("Lietuvos profesijų klasifikatorius", "lt"), SEVEN], seven(*rows))
    said = {(row.subject_label, row.object_label): row.predicate for row in found.set.mappings}
    assert said["Karininkai", "Majoras 1"] == NARROW
    assert said["karininkas 3", "Ginkluotųjų pajėgų karininkai, generolai ir admirolai"] == BROAD
    assert found.orientation.groups == {"isco": "as-written"}
    told = read_mapping_file(tmp_path / "t.csv", orientation="reversed")
    assert any("come out with the group as the narrower one" in warning for warning in told.orientation.warnings())


@pytest.mark.parametrize(("codes", "kept"), [
    (["4221.0"] * 19 + ["4321.1"], "4221.0"), (["2133.0", "3122.5", "2359"], "2133.0"), (["4221.0"] * 20, "4221"),
])  # fmt: skip
def test_a_code_that_ends_with_a_zero_keeps_it_where_others_do_not(tmp_path: Path, codes: list[str], kept: str) -> None:
    rows = seven(*((OFFICERS[at % 12], "x", code, f"Agente {code}", "broad") for at, code in enumerate(codes)))
    found = read(tmp_path / "t.csv", [*head("Classificação Portuguesa", "pt"), SEVEN], rows)
    assert kept in {one.code for one in found.set.concepts}


def test_a_table_packed_into_one_column_with_a_sign_after_every_line(tmp_path: Path) -> None:
    space = "http://data.jobtechdev.se/taxonomy/concept/"
    lines = [",".join(pair) + ";" for pair in head("Swedish skills", "sv")] + [",;", ",;", ",".join(WITH_URI) + ";"]
    uuid = "eb0e5615-1575-4a86-a1a2-7d39595033c5"
    lines += [
        f'"{SKILL}{uuid},ABAP,,{space}mQ42_W6G_AH5,""Abap, programmeringsspråk"",,skos:exactMatch";',
        f"{SKILL}{uuid},ABAP,,{space}yQcc_fTn_JL5,3D-modellering,,skos:broadMatch;",
        f"{SKILL}{uuid},ABAP,,,,,no relation;",
    ]
    found = read_mapping_file(written(tmp_path / "t.csv", "\n".join(lines) + "\n"))
    assert (found.rows_in, found.kept, found.counts) == (3, 3, {"exact": 1, "broad": 1, "none": 1})
    assert (found.set.title, found.set.object_lang) == ("ESCO - NOC", "sv")
    assert {(one.code, one.label) for one in found.set.concepts} == {
        ("mQ42_W6G_AH5", "Abap, programmeringsspråk"), ("yQcc_fTn_JL5", "3D-modellering"),
    }  # fmt: skip


def test_a_title_in_another_script_is_not_the_name_of_the_set(tmp_path: Path) -> None:
    rows = seven((OT, "съдия", f"{NATIONAL}bulgarian-occupations/26127002", "Съдия", "narrow"))
    found = read(tmp_path / "t.csv", [*head("НКПД", "bg", "ESCO - Национална класификация"), WITH_URI], rows)
    assert (found.set.name, found.set.title) == ("esco-bulgarian-occupations", "ESCO - Национална класификация")


PLAIN = ["ESCO URI", "ESCO label", "code", "name", "relation"]


def plain(count: int = 8) -> list[list[str]]:
    kinds = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch")
    return [[OFFICERS[at], f"officer {at}", f"51{at:04}", f"karininkas {at}", kinds[at % 4]] for at in range(count)]


@pytest.mark.parametrize("legend", [
    [["Legend: 1 = exactMatch, 2 = closeMatch, 3 = broadMatch, 4 = narrowMatch"]],
    [["1", "exact"], ["2", "close"], ["3", "broader"], ["4", "narrower"]],
])  # fmt: skip
def test_relations_by_number_with_a_legend(tmp_path: Path, legend: Rows) -> None:
    rows = [[*row[:4], str(1 + at % 4)] for at, row in enumerate(plain())]
    found = read(tmp_path / "t.csv", [*legend, PLAIN], rows)
    assert found.counts == {"exact": 2, "close": 2, "broad": 2, "narrow": 2}
    assert any("1 = exact" in remark for remark in found.remarks)
    assert not read(tmp_path / "u.csv", [PLAIN], rows).kept  # without a legend nobody knows


@pytest.mark.parametrize("between", ["; ", "\n", "|", ", "])
def test_several_concepts_of_esco_in_one_cell(tmp_path: Path, between: str) -> None:
    row = [
        between.join(OFFICERS[:3]),
        "one" if between == ", " else between.join(("a", "b", "c")),
        "511",
        "x",
        "exactMatch",
    ]
    found = read(tmp_path / "t.csv", [PLAIN], [row, *plain(4)])
    assert (found.rows_in, found.kept, found.repairs["several"]) == (7, 7, (2,))
    labels = {row.subject: row.subject_label for row in found.set.mappings if row.object.endswith("/511")}
    assert labels == dict(zip(OFFICERS[:3], ("", "", "") if between == ", " else ("a", "b", "c"), strict=True))


def test_several_codes_in_one_cell(tmp_path: Path) -> None:
    found = read(tmp_path / "t.csv", [PLAIN], [[OT, "x", "5110; 5120", "army; navy", "exactMatch"], *plain(4)])
    assert {(one.code, one.label) for one in found.set.concepts} >= {("5110", "army"), ("5120", "navy")}


def test_a_quote_that_is_not_closed_costs_no_row(tmp_path: Path) -> None:
    lines = [",".join(row) for row in [PLAIN, *plain()]]
    lines[3] = lines[3].replace("officer 2", '"officer 2')
    found = read_mapping_file(written(tmp_path / "t.csv", "\n".join(lines)))
    assert (found.kept, found.repairs["quotes"]) == (8, (4,))
    assert found.set.mappings and "officer 2" in {row.subject_label for row in found.set.mappings}


def test_a_column_of_isco_between_is_no_side(tmp_path: Path) -> None:
    rows = [[*row[:2], "0110", *row[2:]] for row in plain()]
    found = read(tmp_path / "esco_isco_national.csv", [[*PLAIN[:2], "ISCO-08", *PLAIN[2:]]], rows)
    assert found.columns["object"] == "4: code"
    assert found.kept == 8


def test_sheets_with_one_heading_are_read_together(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Mapping of 2024"])
    for name, start in (("Exact", 0), ("Broad", 2)):
        sheet = book.create_sheet(name)
        for row in [PLAIN, *plain(12)[start::4]]:
            sheet.append(row)
    book.save(tmp_path / "t.xlsx")
    found = read_mapping_file(tmp_path / "t.xlsx")
    assert found.counts == {"exact": 3, "broad": 3}
    assert any("'Exact', 'Broad'" in remark and "Sheet" in remark for remark in found.remarks)


def test_latin_and_greek_letters_are_not_mixed_in_one_word(tmp_path: Path) -> None:
    rows = [[*row[:3], "žemės ūkio įrenginių šaltkalvis", row[4]] for row in plain()]
    text = "\n".join(";".join(row) for row in [PLAIN, *rows])
    (tmp_path / "t.csv").write_bytes(text.encode("cp1257"))
    assert read_mapping_file(tmp_path / "t.csv").set.concepts[0].label == "žemės ūkio įrenginių šaltkalvis"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the official tables are not here")
@pytest.mark.parametrize("start", ["DE_Mapping", "DE_mapping", "ES_", "FR_", "LV_", "PL_", "SE_", "onet_"])
def test_every_official_set_reads_back_equal(tmp_path: Path, start: str) -> None:
    """As SSSOM (TSV, CSV, JSON) byte for byte, and as RDF; descriptions of concepts are in none of these."""
    path = next((SHARED / "mappings").glob(f"{start}*"))
    given = read_mapping_file(path).set
    given = replace(given, concepts=tuple(replace(one, description="") for one in given.concepts))
    assert all(one.code for one in given.concepts)
    for name, writer in WRITERS.items():
        text = "".join(writer(given))
        back = read_mapping_file(written(tmp_path / f"t.sssom.{name}", text)).set
        assert back == given, name
        assert "".join(writer(back)) == text, name
    assert read_set(Graph.memory(to_quads(given)), given.name) == given


def test_codes_with_leading_zeros_do_not_count_the_rows(tmp_path: Path) -> None:
    rows = [[*row[:2], f"{at:04}", *row[3:]] for at, row in enumerate(plain(), 1)]
    assert read(tmp_path / "t.csv", [PLAIN], rows).kept == 8


def test_iris_in_capitals_are_those_of_esco(tmp_path: Path) -> None:
    rows = [[row[0].upper(), *row[1:]] for row in plain()]
    assert {row.subject for row in read(tmp_path / "t.csv", [PLAIN], rows).set.mappings} == set(OFFICERS[:8])


def test_groups_of_isco_by_code_are_described_by_esco_alone(tmp_path: Path) -> None:
    rows = [[f"51{20 + at % 3}", f"Cooks {at % 3}", f"{51200 + at}", f"cook {at}", "narrower"] for at in range(20)]
    found = read(tmp_path / "t.csv", [["ISCO-08", "ISCO title", "National code", "National title", "Match"]], rows)
    assert found.set.subject_source == "isco"
    assert not [one for one in found.set.concepts if is_esco(one.iri)]
    text = "".join(WRITERS["tsv"](found.set))
    assert read_mapping_file(written(tmp_path / "t.sssom.tsv", text)).set == found.set
