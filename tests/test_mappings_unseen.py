"""Tables in the form of the Commission as other countries would write them; each in a way its own, all rows kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from esco_graph.mappings.form import ReadSet, read_mapping_file

OCCUPATION = "http://data.europa.eu/esco/occupation/"
UUIDS = [f"{n:08x}-1111-4222-8333-{n:012x}" for n in range(1, 41)]
KEYS = ("Name", "Concept type", "Version", "Language", "Landing page")
Cells = Callable[[int], list[str]]


def header(name: str, lang: str) -> list[list[str]]:
    """Give the header block of a table from ESCO to one classification."""
    rows = [[f"Classification {n} {key}", value] for n, key, value in (
        *((1, key, value) for key, value in zip(KEYS, ("ESCO", "Occupation", "v1.1.1", "en", "x"), strict=True)),
        *((2, key, value) for key, value in zip(KEYS, (name, "Occupation", "2", lang, "x"), strict=True)),
    )]  # fmt: skip
    return [["Mapping project name", f"ESCO - {name}"], *rows]


def table(path: Path, head: list[list[str]], row: Cells, separator: str = ",", encoding: str = "utf-8") -> ReadSet:
    """Write forty rows under a heading, and read the file back."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows([*head, *map(row, range(40))])
    path.write_bytes(text.getvalue().encode(encoding))
    return read_mapping_file(path)


def whole(read: ReadSet, kinds: tuple[str, ...] = ("broad", "close", "exact", "narrow")) -> bool:
    """Say whether all forty rows are kept, ten of each relation."""
    return read.rows_in == read.kept == 40 and read.counts == dict.fromkeys(kinds, 10)


def plain(words: tuple[str, ...], label: str, iri: Callable[[int], str] = lambda at: OCCUPATION + UUIDS[at]) -> Cells:
    return lambda at: [iri(at), f"cook {at}", words[at % 4], f"{51200 + at}", f"{label} {at}"]


HEADS = {
    "bg": ["URI на понятието в ESCO", "Наименование в ESCO", "Връзка", "Код по НКПД", "Наименование на длъжността"],
    "el": ["Κωδικός ESCO", "Τίτλος επαγγέλματος ESCO", "Σχέση", "Κωδικός ΣΤΕΠ", "Τίτλος επαγγέλματος"],
    "cs": ["ESCO URI", "Název ESCO", "Typ vztahu", "Kód CZ-ISCO", "Název povolání"],
    "sk": ["ESCO URI", "ESCO názov", "Vzťah", "Kód SK ISCO", "Názov zamestnania"],
    "et": ["ESCO kood", "ESCO nimetus", "Seos", "Ameti kood", "Ameti nimetus"],
    "lt": ["ESCO kodas", "ESCO pavadinimas", "Atitikties tipas", "LPK kodas", "Profesijos pavadinimas"],
    "no": ["ESCO URI", "ESCO navn", "Forhold", "STYRK kode", "STYRK navn"],
}
WORDS = {
    "bg": ("точно съответствие", "близко съответствие", "по-широко съответствие", "по-тясно съответствие"),
    "el": ("ακριβής αντιστοίχιση", "στενή αντιστοίχιση", "ευρύτερη αντιστοίχιση", "στενότερη αντιστοίχιση"),
    "cs": ("přesná shoda", "blízká shoda", "širší shoda", "užší shoda"),
    "sk": ("presná zhoda", "približná zhoda", "širší pojem", "užší pojem"),
    "et": ("=", "~", "<", ">"),
    "lt": ("tikslus atitikimas", "artimas atitikimas", "platesnis", "siauresnis"),
    "no": ("nøyaktig samsvar", "nær samsvar", "bredere", "smalere"),
}


@pytest.mark.parametrize(
    ("lang", "encoding", "label"),
    [
        ("bg", "utf-8", "готвач"), ("el", "cp1253", "μάγειρας"), ("cs", "cp1250", "vedoucí kuchař"),
        ("sk", "cp1250", "šéfkuchár"), ("et", "utf-8", "peakokk"), ("lt", "cp1257", "virėjas"), ("no", "utf-8", "kokk"),
    ],
)  # fmt: skip
def test_headings_and_relations_of_each_language(tmp_path: Path, lang: str, encoding: str, label: str) -> None:
    head = [*header("National", lang), HEADS[lang]]
    read = table(tmp_path / "t.csv", head, plain(WORDS[lang], label), ";", encoding)
    assert whole(read)
    assert (read.set.subject_lang, read.set.object_lang) == ("en", lang)
    assert read.set.mappings[0].object_label == f"{label} 0"


def test_a_less_than_b_says_that_b_is_the_broader_one(tmp_path: Path) -> None:
    read = table(tmp_path / "t.csv", [HEADS["et"]], plain(WORDS["et"], "x"))
    assert [row.predicate.rpartition("#")[2] for row in read.set.mappings[2:4]] == ["broadMatch", "narrowMatch"]


def test_header_block_in_one_cell_a_line_and_addresses_of_the_portal(tmp_path: Path) -> None:
    forms = (
        lambda at: "https://esco.ec.europa.eu/en/classification/occupation?uri=" + quote(OCCUPATION + UUIDS[at], ""),
        lambda at: OCCUPATION.replace("http:", "https:") + UUIDS[at],
    )
    head = [[": ".join(pair)] for pair in header("AMS", "de")]
    head.append(["ESCO-Beruf (Link)", "ESCO-Bezeichnung", "Beziehung", "AMS-Code", "AMS-Bezeichnung"])
    words = ("Exakte Übereinstimmung", "Ungefähre Übereinstimmung", "Oberbegriff", "Unterbegriff")
    read = table(tmp_path / "t.csv", head, plain(words, "Köchin", lambda at: forms[at % 2](at)))
    assert whole(read)
    assert {row.subject for row in read.set.mappings} == {OCCUPATION + one for one in UUIDS}
    assert (read.set.object_source, read.set.object_lang) == ("ams", "de")


@pytest.mark.parametrize("heading", ["uuid ESCO", "uuid"])
def test_uuids_alone_are_those_of_esco(tmp_path: Path, heading: str) -> None:
    words = ("équivalent", "proche", "plus large", "plus étroit")
    head = [[heading, "libellé", "relation", "code REM", "libellé REM"]]
    read = table(tmp_path / "t.csv", head, plain(words, "cuisinier", lambda at: UUIDS[at]))
    assert whole(read)
    assert read.set.mappings[0].subject == OCCUPATION + UUIDS[0]
    assert read.set.object_source == "rem"
    assert any("says" in said or "does not say its languages" in said for said in read.remarks)


def test_a_heading_and_rows_that_stand_in_one_cell_each(tmp_path: Path) -> None:
    words = ("exacte overeenkomst", "nauwe overeenkomst", "ruimere overeenkomst", "engere overeenkomst")
    lines = [",".join([*pair, "", "", ""]) for pair in header("BRC", "nl")]
    lines.append('"ESCO URI,""ESCO label"",Relatie,Code BRC,""Naam beroep"""')
    lines += [f'"{OCCUPATION}{UUIDS[at]},""cook, {at}"",{words[at % 4]},{1234 + at},""kok {at}"""' for at in range(40)]
    (tmp_path / "t.csv").write_text("\n".join(lines), encoding="utf-8")
    read = read_mapping_file(tmp_path / "t.csv")
    assert whole(read)
    assert read.set.object_source == "brc"


def test_blank_columns_before_and_after_and_codes_that_excel_spoilt(tmp_path: Path) -> None:
    spoilt = {3: "1.2E+05", 5: "nov-31", 7: "2031-11-01 00:00:00"}
    head = [["", "", "", *pair, "", "", "", "", ""] for pair in header("DISCO-08", "Danish")]
    head.append(["", "", "", "ESCO URI", "ESCO titel", "Relation", "DISCO kode", "DISCO titel", "", ""])
    words = ("eksakt match", "nært match", "bredere", "snævrere")

    def row(at: int) -> list[str]:
        code = spoilt.get(at, f"{451200 + at}")
        return ["", "", "", OCCUPATION + UUIDS[at], f"cook {at}", words[at % 4], code, f"kok {at}", "", ""]

    read = table(tmp_path / "t.csv", head, row, ";", "utf-8-sig")
    assert (read.rows_in, read.kept) == (40, 37)
    assert [fault.code for fault in read.faults] == ["excel-number", "excel-date", "excel-date"]
    assert (read.set.object_source, read.set.object_lang) == ("disco-08", "da")


def test_utf_16_with_tabs_and_esco_second(tmp_path: Path) -> None:
    words = ("EQ", "RT", "BT", "NT")
    head = [["NKZ šifra", "NKZ naziv", "ESCO URI", "ESCO naziv", "Odnos", "", ""]]

    def row(at: int) -> list[str]:
        return [f"5120.{at:02}", f"kuhar {at}", OCCUPATION + UUIDS[at], f"cook {at}", words[at % 4], "", ""]

    read = table(tmp_path / "t.txt", head, row, "\t", "utf-16-le")
    assert whole(read, ("broad", "exact", "narrow", "related"))
    assert (read.set.subject_source, read.set.object_source) == ("nkz", "esco")


def test_a_header_block_in_hungarian_is_read_by_its_words(tmp_path: Path) -> None:
    head = [["Osztályozás 1 neve", "ESCO"], ["Osztályozás 2 neve", "FEOR-08"], ["Osztályozás 2 nyelve", "magyar"]]
    head.append(["ESCO azonosító", "ESCO megnevezés", "Kapcsolat típusa", "FEOR kód", "FEOR megnevezés"])
    words = ("pontos megfelelés", "közeli megfelelés", "tágabb", "szűkebb")
    read = table(tmp_path / "t.csv", head, plain(words, "szakács"), ";", "cp1250")
    assert whole(read)
    assert (read.set.object_source, read.set.object_lang) == ("feor-08", "hu")


def test_two_classifications_of_one_name_are_told_by_their_codes(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "SOC 2010,SOC title,ISCO08,ISCO title\n"
        + "".join(f"{1115 + at},chief officer {at},{2111 + at},physicist {at}\n" for at in range(9)),
        encoding="utf-8",
    )
    assert read_mapping_file(tmp_path / "t.csv").set.subject_source == "uk-soc-2010"
