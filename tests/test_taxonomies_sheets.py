"""Spreadsheets: every cell as text, and workbooks that are broken or hostile end in one readable error."""

from __future__ import annotations

import datetime as dt
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from esco_graph.errors import SourceError
from esco_graph.sources import sheet_table
from esco_graph.sources.sheet_table import cell_text, is_sheet, sheet_rows
from esco_graph.taxonomies.model import read_taxonomy
from esco_graph.taxonomies.registry import TAXONOMIES

openpyxl = pytest.importorskip("openpyxl", reason="the extra [sheets] is not installed")


def workbook(path: Path, rows: list[list[object]], change: Callable[[openpyxl.Workbook], None] | None = None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    book.save(path)
    return path


def with_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """Rewrite one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return path


SHEET = "xl/worksheets/sheet1.xml"


class TestCells:
    def test_rows_have_their_sheet_and_number(self, tmp_path: Path) -> None:
        file = workbook(tmp_path / "a.xlsx", [["code", "label"], [], ["0110", " officers\u00a0"]])
        assert [tuple(row) for row in sheet_rows(file)] == [
            ("Sheet", 1, ["code", "label"]),
            ("Sheet", 3, ["0110", "officers"]),
        ]

    def test_numbers_days_and_errors_are_text(self) -> None:
        values = (2113.0, 26.1, True, dt.datetime(2031, 11, 1), dt.datetime(2031, 11, 1, 8), "#N/A", "#1 cook", 1e300)
        expected = ["2113", "26.1", "TRUE", "2031-11-01", "2031-11-01 08:00:00", "", "#1 cook", "1e+300"]
        assert [cell_text(value) for value in values] == expected

    def test_formulas_are_not_computed_and_merged_cells_speak_once(self, tmp_path: Path) -> None:
        def merge(book: openpyxl.Workbook) -> None:
            book.active.merge_cells("A1:A2")

        file = workbook(tmp_path / "m.xlsx", [["top", "x"], [None, '=HYPERLINK("http://example.org")']], merge)
        assert [row.cells for row in sheet_rows(file)] == [["top", "x"]]

    def test_a_sheet_can_be_named(self, tmp_path: Path) -> None:
        file = workbook(tmp_path / "two.xlsx", [["a"]], lambda book: book.create_sheet("Two").append(["b"]))
        assert [row.cells for row in sheet_rows(file, "Two")] == [["b"]]

    def test_a_code_that_became_a_day_is_a_fault_with_its_cell(self, tmp_path: Path) -> None:
        rows: list[list[object]] = [
            ["SOC Code", "Title"],
            [dt.datetime(2031, 11, 1), "Managers"],
            ["11-1011", "Chiefs"],
        ]
        read = read_taxonomy(workbook(tmp_path / "soc.xlsx", rows), TAXONOMIES["soc-2018"])
        assert [concept.code for concept in read.concepts] == ["11-1011"]
        assert [(fault.where, "a date" in fault.message) for fault in read.faults] == [("soc.xlsx:Sheet:2", True)]


class TestHostile:
    def test_a_claimed_size_is_not_believed(self, tmp_path: Path) -> None:
        file = workbook(tmp_path / "wide.xlsx", [["code", "label"], ["1", "a"]])
        with_part(file, SHEET, lambda xml: xml.replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1:XFD1048576"'))
        assert len(list(sheet_rows(file))) == 2

    def test_a_cell_far_to_the_right_is_cut_off(self, tmp_path: Path) -> None:
        def far(book: openpyxl.Workbook) -> None:
            book.active.cell(2, 16_384, "far")

        rows = list(sheet_rows(workbook(tmp_path / "far.xlsx", [["code", "label"], ["1", "a"]], far)))
        assert max(len(row.cells) for row in rows) == 2

    @pytest.mark.parametrize(
        "head",
        [
            b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
            b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
            b"<!--" + b"x" * 2_000_000 + b'--><!DOCTYPE x [<!ENTITY a "ha">]>',
        ],
        ids=["entities", "external", "after-a-long-comment"],
    )
    def test_a_document_type_is_refused(self, tmp_path: Path, head: bytes) -> None:
        file = workbook(tmp_path / "dtd.xlsx", [["code", "label"]])
        with_part(file, SHEET, lambda xml: head + xml[xml.index(b"<worksheet") :])
        with pytest.raises(SourceError, match="document type"):
            list(sheet_rows(file))

    def test_a_workbook_that_swells_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        file = workbook(tmp_path / "bomb.xlsx", [["code", "label"]] + [["1", "a" * 100]] * 2_000)
        monkeypatch.setattr(sheet_table, "MAX_UNPACKED", 50_000)
        with pytest.raises(SourceError, match=r"larger than|unpacks to more than"):
            list(sheet_rows(file))

    @pytest.mark.parametrize("size", [0, 10, 600, 3_000])
    def test_a_workbook_cut_short_is_one_error(self, tmp_path: Path, size: int) -> None:
        file = workbook(tmp_path / "cut.xlsx", [["code", "label"], ["1", "a"]])
        file.write_bytes(file.read_bytes()[:size])
        with pytest.raises(SourceError, match=r"cut\.xlsx"):
            list(sheet_rows(file))

    @pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "[Content_Types].xml"])
    def test_broken_xml_is_one_error(self, tmp_path: Path, part: str) -> None:
        file = with_part(workbook(tmp_path / "x.xlsx", [["code", "label"]]), part, lambda xml: xml[:-40] + b"<<&")
        with pytest.raises(SourceError, match=r"x\.xlsx"):
            list(sheet_rows(file))

    def test_a_broken_xls_is_one_error(self, tmp_path: Path) -> None:
        pytest.importorskip("xlrd", reason="the extra [sheets] is not installed")
        file = tmp_path / "old.xls"
        for body in (b"", b"\x00" * 600, b"\xff" * 4096):
            file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + body)
            with pytest.raises(SourceError, match=r"old\.xls"):
                list(sheet_rows(file))

    def test_the_content_decides_and_not_the_ending(self, tmp_path: Path) -> None:
        file = workbook(tmp_path / "a.xlsx", [["code", "label"]]).rename(tmp_path / "a.xls")
        assert [row.cells for row in sheet_rows(file)] == [["code", "label"]]
        (tmp_path / "page.xls").write_text("<html><table></table></html>")
        with pytest.raises(SourceError, match="no Excel workbook"):
            list(sheet_rows(tmp_path / "page.xls"))


@pytest.mark.parametrize(("package", "head"), [("openpyxl", b"PK\x03\x04"), ("xlrd", b"\xd0\xcf\x11\xe0\xa1\xb1")])
def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, head: bytes) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(head)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(SourceError, match=r"esco-graph\[sheets\]"):
        list(sheet_rows(file))


def test_workbooks_are_known_by_their_content(tmp_path: Path) -> None:
    made = {"a.csv": b"PK\x03\x04", "b.txt": b"\xd0\xcf\x11\xe0", "c.xlsx": b"code,label\n", "d.xls": b""}
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    assert [is_sheet(tmp_path / name) for name in made] == [True, True, False, False]
