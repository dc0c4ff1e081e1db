"""Files of titles in every usual form, and the languages they are in."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from conftest import SHARED
from esco_graph.errors import NotFoundError, ParameterError, SourceError
from esco_graph.graph import Graph
from esco_graph.linking.guess import guess_lang, share_known
from esco_graph.linking.read import Naming, Titles, concept_queries, read_titles, spooled
from esco_graph.linking.texts import Query
from esco_graph.taxonomies.registry import TAXONOMIES


def titles_of(tmp_path: Path, name: str, text: str | bytes, **options: object) -> Titles:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_titles(path, **options)  # type: ignore[arg-type]


def test_a_title_on_each_line(tmp_path: Path) -> None:
    found = titles_of(tmp_path, "titles.txt", "Nurse\r\n\r\n  Welder, all kinds  \n")
    assert [(one.id, one.label, one.code) for one in found] == [
        ("line 1", "Nurse", ""),
        ("line 3", "Welder, all kinds", ""),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "code,title,description\n1,Nurse,cares\n"),
        ("b.csv", "Kode;Bezeichnung;Beschreibung\n1;Nurse;cares\n".replace("Kode", "code")),
        ("c.tsv", "id\tlibellé\tdescription\n1\tNurse\tcares\n"),
        ("d.txt", "id\tlabel\tdescription\n1\tNurse\tcares\n"),
        ("e", "id,label,description\n1,Nurse,cares\n"),
        ("f.csv", "\ufeffid,label,description\n1,Nurse,cares\n"),
    ],
)
def test_columns_are_found_by_the_words_of_their_headers(tmp_path: Path, name: str, text: str) -> None:
    found = titles_of(tmp_path, name, text, lang="en")
    assert list(found) == [Query("1", "Nurse", "en", description="cares", code="1")]
    assert found.said.startswith("title = ")


def test_other_titles_and_isco_groups_are_read(tmp_path: Path) -> None:
    text = 'id,label,alternative titles,isco\n1,Nurse,"ward nurse; RN | Nurse",2221\n2,Cook,,5120 Cooks\n'
    first, second = titles_of(tmp_path, "a.csv", text)
    assert first.alt == ("ward nurse", "RN", "Nurse")
    assert (first.isco, second.isco) == ("2221", "")


def test_columns_are_taken_as_the_user_names_them(tmp_path: Path) -> None:
    text = "label,what,who\n1,Nurse,x\n"
    assert next(iter(titles_of(tmp_path, "a.csv", text, naming=Naming(label="what", id="1")))).label == "Nurse"
    assert [one.label for one in titles_of(tmp_path, "b.csv", "1,Nurse\n2,Cook\n", naming=Naming(label="2"))] == [
        "Nurse",
        "Cook",
    ]
    with pytest.raises(ParameterError, match="'label', 'what', 'who'"):
        titles_of(tmp_path, "c.csv", text, naming=Naming(label="nowhere"))


def test_a_table_without_a_header_is_guessed_by_what_it_holds(tmp_path: Path) -> None:
    found = titles_of(tmp_path, "a.csv", "11-1,Nurse\n11-2,Welder\n11-3,Cook\n")
    assert [(one.code, one.label) for one in found] == [("11-1", "Nurse"), ("11-2", "Welder"), ("11-3", "Cook")]
    assert [one.label for one in titles_of(tmp_path, "b.csv", "Nurse\nWelder\n")] == ["Nurse", "Welder"]


@pytest.mark.parametrize(
    ("name", "text", "titles"),
    [
        ("words_in_rows.csv", "1,Nurse\n2,Title examiner\n3,Cook\n", ["Nurse", "Title examiner", "Cook"]),
        ("first_row.csv", "1,Title examiner\n2,Cook\n", ["Title examiner", "Cook"]),
        ("one_column.csv", "Nurse\nTitle examiner\nCook\n", ["Nurse", "Title examiner", "Cook"]),
        ("commas.txt", "Title examiner, land\nNurse\nCook, vegan\n", ["Title examiner, land", "Nurse", "Cook, vegan"]),
    ],
)
def test_a_title_with_a_word_of_headers_is_no_header(tmp_path: Path, name: str, text: str, titles: list[str]) -> None:
    assert [one.label for one in titles_of(tmp_path, name, text)] == titles


def test_a_table_after_lines_about_it_begins_at_its_header(tmp_path: Path) -> None:
    found = titles_of(tmp_path, "a.csv", "Exported,2024\n\ncode,title,note\n1,Nurse,x\n2,Cook,y\n")
    assert [(one.code, one.label) for one in found] == [("1", "Nurse"), ("2", "Cook")]


@pytest.mark.parametrize("header", ["Ref.;Poste (interne);Note", "Nr.;Stellenbezeichnung;Note", "Ref.;Wat?;Note"])
def test_a_header_of_other_words_is_none_of_the_titles(tmp_path: Path, header: str) -> None:
    found = titles_of(tmp_path, "a.csv", f"{header}\n12;Infirmier;x\n13;Boulanger;y\n14;Cuisinier;z\n")
    assert [one.label for one in found] == ["Infirmier", "Boulanger", "Cuisinier"]


def test_a_code_is_found_by_the_end_of_a_compound(tmp_path: Path) -> None:
    (one,) = titles_of(tmp_path, "a.csv", "Systematiknummer,Bezeichnung\nB 43104-100,Softwareentwickler\n")
    assert (one.code, one.label) == ("B 43104-100", "Softwareentwickler")


def test_a_guess_says_so(tmp_path: Path) -> None:
    assert "--label-column says otherwise" in titles_of(tmp_path, "a.csv", "foo;bar\n1;2\n").said
    assert "--label-column" not in titles_of(tmp_path, "b.csv", "code;title\n1;Nurse\n").said


def test_json_is_read_as_a_list_or_a_line_for_each(tmp_path: Path) -> None:
    rows = ['{"id": 1, "title": "Nurse", "synonyms": ["ward nurse", "RN"]}', '{"id": 2, "title": "Cook"}']
    for name, text in (
        ("a.json", f"[{','.join(rows)}]"),
        ("a.jsonl", "\n\n".join(rows)),
        ("a.ndjson", "\n".join(rows)),
    ):
        first, second = titles_of(tmp_path, name, text)
        assert (first.code, first.label, first.alt) == ("1", "Nurse", ("ward nurse", "RN"))
        assert (second.code, second.alt) == ("2", ())
        with spooled(io.BytesIO(text.encode())) as path:
            assert [one.label for one in read_titles(path, name="stdin")] == ["Nurse", "Cook"]
    with pytest.raises(SourceError, match=r"b\.jsonl:3: this is not JSON"):
        titles_of(tmp_path, "b.jsonl", '{"title": "Nurse"}\n\nCook\n')


def test_other_titles_beside_a_published_form_are_read(tmp_path: Path) -> None:
    text = "O*NET-SOC Code,Title,Alternate Titles,Description\n11-1011.00,Chief Executives,CEO | Owner,They decide.\n"
    (one,) = titles_of(tmp_path, "a.csv", text)
    assert (one.alt, one.description) == (("CEO", "Owner"), "They decide.")


def test_a_quote_that_is_never_closed_is_no_end_of_the_reading(tmp_path: Path) -> None:
    found = [one.label for one in titles_of(tmp_path, "a.csv", 'code,title\n1,Nurse\n"2,Cook\n3,Welder\n')]
    assert found[0] == "Nurse"


def test_codes_of_a_known_classification_give_the_isco_group(tmp_path: Path) -> None:
    text = "code,title\n222101,Pielęgniarka\nnonsense,Kucharz\n"
    found = list(titles_of(tmp_path, "a.csv", text, taxonomy=TAXONOMIES["isco"], lang="pl"))
    assert [one.code for one in found] == ["222101", "nonsense"]
    (group,) = titles_of(tmp_path, "b.csv", "code,title\n2221,Nurses\n", taxonomy=TAXONOMIES["isco"])
    assert group.isco == "2221"


def test_rows_without_a_title_stay_so_that_each_row_has_an_answer(tmp_path: Path) -> None:
    found = list(titles_of(tmp_path, "a.csv", "id,title\n1,\n2,Nurse\n3\n"))
    assert [one.id for one in found] == ["1", "2", "3"]
    assert [one.label for one in found] == ["", "Nurse", ""]


def test_old_code_pages_and_utf_16_are_read(tmp_path: Path) -> None:
    text = "code;Bezeichnung\n1;Köchin für Süßspeisen\n2;Bäckerin\n3;Gärtnerin\n"
    for number, encoding in enumerate(("cp1252", "utf-16", "utf-8-sig")):
        found = list(titles_of(tmp_path, f"{number}.csv", text.encode(encoding), lang="de"))
        assert found[0].label == "Köchin für Süßspeisen"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"%PDF-1.4 x", b"<!DOCTYPE html><html></html>"])
def test_what_is_no_file_of_titles_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(SourceError):
        titles_of(tmp_path, "a.csv", data)
    with pytest.raises(SourceError):
        titles_of(tmp_path, "a.txt", data)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        read_titles(tmp_path / "none.csv")


def test_a_spreadsheet_is_read_sheet_by_sheet(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Code", "Title"])
    book.active.append([7, "Nurse"])
    book.create_sheet("notes").append(["not", "titles"])
    book.save(tmp_path / "a.xlsx")
    assert [(one.code, one.label) for one in read_titles(tmp_path / "a.xlsx")] == [("7", "Nurse")]


def test_an_endless_file_is_read_as_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w") as out:
        out.write("id,title\n")
        out.writelines(f"{number},nurse {number}\n" for number in range(300_000))
    found = iter(read_titles(path))
    assert [next(found).id for _ in range(500)][-1] == "499"


def test_a_pipe_is_kept_while_it_is_read() -> None:
    with spooled(io.BytesIO(b"Nurse\nCook\n")) as path:
        assert [one.label for one in read_titles(path, name="stdin")] == ["Nurse", "Cook"]
    assert not path.exists()


def test_published_tables_are_understood() -> None:
    folder = SHARED / "taxonomies"
    if not folder.is_dir():
        pytest.skip("the published tables are not in ../shared/data")
    pytest.importorskip("openpyxl")
    first = next(iter(read_titles(folder / "onet" / "Occupation Data.xlsx")))
    assert (first.code, first.label) == ("11-1011.00", "Chief Executives")
    assert first.description.startswith("Determine and formulate policies")


# Concepts of the graph, and languages


def test_occupations_and_skills_are_queries_with_all_that_is_known(sample_graph: Graph) -> None:
    occupations = concept_queries(sample_graph, "esco", "en")
    assert len(occupations) == 18
    assert all(one.id.startswith("http") and len(one.isco) == 4 for one in occupations)
    assert len(concept_queries(sample_graph, "skill", "en")) > 100
    with pytest.raises(NotFoundError, match="taxonomies add"):
        concept_queries(sample_graph, "rome", "fr")


def test_the_language_is_the_one_whose_labels_have_the_words() -> None:
    import pyoxigraph as ox

    from esco_graph.terms import ESCO, RDF, SKOS

    labels = [("nurse for children", "en"), ("Krankenpfleger für Kinder", "de"), ("infirmier pour enfants", "fr")]
    quads = []
    for number, (label, lang) in enumerate(labels):
        node = ox.NamedNode(f"http://example.org/{number}")
        quads.append(ox.Quad(node, ox.NamedNode(RDF + "type"), ox.NamedNode(ESCO + "Occupation")))
        quads.append(ox.Quad(node, ox.NamedNode(SKOS + "prefLabel"), ox.Literal(label, language=lang)))
    graph = Graph.memory(quads)
    assert guess_lang(graph, ["Krankenpfleger", "für alle"]).lang == "de"
    assert guess_lang(graph, ["INFIRMIER"]).share == 1
    assert guess_lang(graph, ["ingeniero for obra", "operador for grúa"]).share == 0  # "for" is no word of a language
    assert guess_lang(graph, ["for"]).lang == "en"
    assert guess_lang(graph, []).lang == "de"  # nothing is known, so the first by name
    assert guess_lang(Graph.memory(), ["nurse"]).lang == ""
    assert share_known([], {"a"}) == 0
