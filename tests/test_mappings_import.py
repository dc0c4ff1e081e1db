"""Importing mapping tables: nothing is lost, nothing is guessed silently, and the direction is inferred."""

from __future__ import annotations

import csv
import json
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import SHARED
from esco_graph.cli.mappings_import import mappings_import
from esco_graph.errors import ParameterError, SourceError, StoreError
from esco_graph.graph import Graph
from esco_graph.mappings.form import ReadSet, read_mapping_file
from esco_graph.mappings.importer import import_mappings
from esco_graph.mappings.model import BROAD, CLOSE, EXACT, NARROW, NO_TERM, NOT, SOME
from esco_graph.mappings.orientation import infer
from esco_graph.sources.mapping_table import open_mapping_table
from esco_graph.sources.table_text import read_table, text_form
from esco_graph.workspace import Workspace
from mapping_tables import COUNTRIES, GROUP, IRIS, OCCUPATION

HEADING = "ESCO URI,ESCO label,code,name,relation"
OFFICIAL = SHARED / "mappings"


def table(folder: Path, *rows: str, heading: str = HEADING, name: str = "t.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes("\n".join([heading, *rows, ""]).encode(encoding))
    return path


def line(at: int, code: str, relation: str, label: str = "cook", name: str = "chef") -> str:
    return f"{IRIS[at]},{label},{code},{name},{relation}"


GOOD = [line(at, f"A{100 + at}", "exactMatch") for at in range(8)]


def read(path: Path, **options: object) -> ReadSet:
    found = read_mapping_file(path, **options)  # type: ignore[arg-type]
    assert found.rows_in == found.kept + len(found.faults)
    assert found.kept == len(found.set.mappings)
    return found


class TestBadRows:
    @pytest.mark.parametrize(
        ("row", "code", "word"),
        [
            (line(9, "A109", "abracadabra"), "relation", "abracadabra"),
            (line(9, "A109", ""), "half-row", "missing"),
            (line(9, "", "exactMatch"), "half-row", "missing"),
            (",cook,A109,chef,exactMatch", "half-row", "missing"),
            (f"{IRIS[9]},cook", "half-row", "missing"),
            ("http://example.org/not-esco,cook,A109,chef,exactMatch", "esco-iri", "not-esco"),
            (line(9, "Nov-31", "exactMatch"), "excel-date", "Nov-31"),
            (line(9, "2031-11-01", "exactMatch"), "excel-date", "2031-11-01"),
            (line(9, "1.0E+07", "exactMatch"), "excel-number", "1.0E+07"),
            (line(9, "a whole sentence instead", "exactMatch"), "code", "sentence"),
            (line(2, "A102", "exactMatch"), "duplicate", "line 4"),
            (HEADING, "heading-again", "heading"),
            (f"{IRIS[9]},a,b,c,d,e,f,g,h", "width", "9 cells"),
        ],
    )
    def test_each_is_named_with_its_line_and_the_good_rows_are_kept(
        self, tmp_path: Path, row: str, code: str, word: str
    ) -> None:
        found = read(table(tmp_path, *GOOD, row))
        assert [(one.line, one.code) for one in found.faults] == [(len(GOOD) + 2, code)]
        assert word in found.faults[0].message
        assert found.kept == len(GOOD)

    def test_blank_lines_are_no_rows(self, tmp_path: Path) -> None:
        found = read(table(tmp_path, "", *GOOD, ",,,,", ""))
        assert (found.rows_in, found.kept) == (8, 8)

    @given(st.lists(st.text(alphabet=' ,;"\t\nA1é<&xhttp:/', max_size=30), max_size=12))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_whatever_stands_between_every_row_is_kept_or_reported(self, tmp_path: Path, noise: list[str]) -> None:
        rows = [row for pair in zip(GOOD, [*noise, *[""] * 8], strict=False) for row in pair]
        found = read(table(tmp_path, *rows))
        kept = {row.subject for row in found.set.mappings}
        assert kept <= set(IRIS)
        assert len(kept) >= len(GOOD) - sum(text.count('"') for text in noise)


class TestRepairs:
    def test_a_row_in_one_cell_is_unpacked(self, tmp_path: Path) -> None:
        found = read(
            table(tmp_path, *GOOD, f'"{IRIS[9]},""cook, head"",A109,chef,broadMatch"'), orientation="as-written"
        )
        row = next(row for row in found.set.mappings if row.subject == IRIS[9])
        assert (row.subject_label, row.predicate) == ("cook, head", BROAD)
        assert found.repairs == {"unpacked": (10,)}

    def test_a_stray_quote_swallows_no_line(self, tmp_path: Path) -> None:
        odd = f'{IRIS[9]},cook,A109,"TruTops (tools)"",closeMatch'
        found = read(
            table(tmp_path, odd, *GOOD, f'{IRIS[10]},cook,A110,"chef,exactMatch', line(11, "A111", "exactMatch"))
        )
        assert {row.object_label for row in found.set.mappings} == {"TruTops (tools)", "chef"}
        assert found.kept >= 10
        assert found.rows_in == 11

    def test_lines_within_a_cell_stay_one_row(self, tmp_path: Path) -> None:
        rows = [f'{IRIS[at]},"cook\nof fish",A{at}1,chef,exactMatch' for at in range(6)]
        found = read(table(tmp_path, *rows))
        assert (found.rows_in, found.kept) == (6, 6)
        assert {row.subject_label for row in found.set.mappings} == {"cook of fish"}
        assert [row.source for row in found.set.mappings] == [f"t.csv:{2 + 2 * at}" for at in range(6)]

    @pytest.mark.parametrize(
        ("label", "clean", "repair"),
        [
            ("<b>cook</b> &amp; server", "cook & server", "html"),
            ("Teachersâ€™ aide", "Teachers’ aide", "letters"),
            ("KÃ¶chin", "Köchin", "letters"),
            ("coo\ufffdk", "coo\ufffdk", "lost"),
        ],
    )
    def test_labels_are_cleaned(self, tmp_path: Path, label: str, clean: str, repair: str) -> None:
        found = read(table(tmp_path, *GOOD, line(9, "A109", "exactMatch", label=label)))
        assert clean in {row.subject_label for row in found.set.mappings}
        assert found.repairs == {repair: (10,)}

    @pytest.mark.parametrize(
        "word", ["narow match", "skos:narrowmatch", "narrow match", "NT", "Narrower", "narrowMach"]
    )
    def test_a_misspelt_relation_is_told(self, tmp_path: Path, word: str) -> None:
        found = read(table(tmp_path, *GOOD, line(9, "A109", word)), orientation="as-written")
        assert {row.predicate for row in found.set.mappings if row.subject == IRIS[9]} == {NARROW}

    def test_an_unquoted_comma_in_a_label_is_joined(self, tmp_path: Path) -> None:
        found = read(table(tmp_path, *GOOD, f"{IRIS[9]},cook, of fish,A109,chef,exactMatch"))
        assert "cook, of fish" in {row.subject_label for row in found.set.mappings}
        assert found.repairs == {"joined": (10,)}

    def test_a_lost_zero_is_put_back_only_where_that_is_plain(self, tmp_path: Path) -> None:
        rows = [line(at % 40, f"{200_000 + 37 * at}", "exactMatch") for at in range(60)]
        found = read(table(tmp_path, *rows, line(3, "11009", "exactMatch"), line(4, "2000", "broadMatch")))
        codes = {concept.code for concept in found.set.concepts}
        assert "011009" in codes
        assert "2000" in codes
        assert found.repairs == {"zeros": (62,)}

    def test_whole_numbers_lose_the_point_of_a_spreadsheet(self, tmp_path: Path) -> None:
        found = read(table(tmp_path, *[line(at, f"{15244 + at}.0", "exactMatch") for at in range(8)]))
        assert {concept.code for concept in found.set.concepts} == {str(15244 + at) for at in range(8)}

    @pytest.mark.parametrize(
        "cell",
        [
            IRIS[9].replace("http:", "https:"),
            "https://ec.europa.eu/esco/portal/occupation?uri=" + IRIS[9].replace(":", "%3A").replace("/", "%2F"),
            IRIS[9].replace("http://data.europa.eu/esco/", "esco:"),
            IRIS[9].rpartition("/")[2].upper(),
        ],
    )
    def test_other_names_of_a_concept_of_esco(self, tmp_path: Path, cell: str) -> None:
        found = read(table(tmp_path, *GOOD, f"{cell},cook,A109,chef,exactMatch"))
        assert IRIS[9] in {row.subject for row in found.set.mappings}
        assert found.repairs == {"esco-iri": (10,)}


class TestNoRelation:
    def test_nothing_found_and_not_related_are_kept_apart(self, tmp_path: Path) -> None:
        rows = [f"{IRIS[9]},cook,,,no relation", ",,A300,chef,keine", line(10, "A310", "no relation")]
        found = read(table(tmp_path, *GOOD, *rows))
        made = {(row.subject, row.object, row.modifier) for row in found.set.mappings if row.predicate == SOME}
        base = found.set.concepts[0].iri.rpartition("/")[0]
        assert made == {(IRIS[9], NO_TERM, ""), (NO_TERM, f"{base}/A300", ""), (IRIS[10], f"{base}/A310", NOT)}
        assert found.counts["none"] == 3

    def test_the_words_may_stand_in_the_note(self, tmp_path: Path) -> None:
        heading = HEADING + ",Editorial note"
        rows = [row + "," for row in GOOD]
        found = read(table(tmp_path, *rows, ',"",A300,chef,,no relation', heading=heading))
        assert found.counts == {"exact": 8, "none": 1}


class TestDoors:
    def test_a_table_without_heading(self, tmp_path: Path) -> None:
        found = read(table(tmp_path, *GOOD[1:], heading=GOOD[0]))
        assert found.kept == 8
        assert "no heading" in " ".join(found.remarks)

    def test_pairs_without_a_relation_are_only_mapped(self, tmp_path: Path) -> None:
        found = read(table(tmp_path, *[f"{IRIS[at]},A{at}" for at in range(5)], heading="ESCO URI,code"))
        assert {row.predicate for row in found.set.mappings} == {SOME}
        assert "no column of relations" in " ".join(found.remarks)

    def test_the_user_names_columns_by_heading_or_number(self, tmp_path: Path) -> None:
        from esco_graph.sources.table_columns import Wanted

        path = table(tmp_path, "A1,alpha,same,11-1011.00", "A2,beta,wider,11-1021.00", heading="w,x,y,z")
        with pytest.raises(SourceError, match="columns seen: 1 'w', 2 'x', 3 'y', 4 'z'"):
            read(path)
        found = read(path, columns=Wanted("z", "1", "y"), taxonomy=("onet", "rome"), orientation="as-written")
        assert (found.set.subject_source, found.set.object_source) == ("onet", "rome")
        assert [row.predicate for row in found.set.mappings] == [EXACT, BROAD]

    def test_codes_of_esco_are_found_in_the_graph(self, tmp_path: Path, sample_graph: Graph) -> None:
        path = table(
            tmp_path,
            "2269.5,A1,exactMatch",
            "C2269,A2,broadMatch",
            "9999.9,A3,exactMatch",
            heading="esco_code,code,relation",
        )
        found = read(path, graph=sample_graph)
        assert found.kept == 2
        assert GROUP in {row.subject for row in found.set.mappings}
        assert [one.code for one in found.faults] == ["esco-iri"]

    def test_a_workbook(self, tmp_path: Path) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        book.active.append(["about this file"])
        sheet = book.create_sheet("mapping")
        for row in [HEADING, *GOOD]:
            sheet.append(row.split(","))
        book.save(tmp_path / "t.xlsx")
        found = read(tmp_path / "t.xlsx")
        assert found.kept == 8
        assert "sheet 'mapping'" in " ".join(found.remarks)

    @pytest.mark.parametrize(
        ("content", "word"),
        [
            (b"", "empty"),
            (b"%PDF-1.7 ...", "PDF"),
            (b"<!DOCTYPE html><table><tr><td>x</td></tr></table>", "web page"),
            (bytes(range(256)) * 20, "not text"),
            (b"ESCO URI,code,relation\n", "no rows"),
        ],
    )
    def test_what_is_no_table_is_refused(self, tmp_path: Path, content: bytes, word: str) -> None:
        path = tmp_path / "t.csv"
        path.write_bytes(content)
        with pytest.raises(SourceError, match=word):
            read(path)

    def test_an_encoding_that_is_told_wrong_is_refused(self, tmp_path: Path) -> None:
        path = table(tmp_path, *GOOD, line(9, "A109", "exactMatch", label="Köchin"), encoding="cp1252")
        assert "Köchin" in {row.subject_label for row in read(path).set.mappings}
        with pytest.raises(SourceError, match="not in utf-8"):
            read(path, encoding="utf-8")
        with pytest.raises(SourceError, match="no encoding 'klingon'"):
            read(path, encoding="klingon")

    def test_a_long_table_is_read_in_bounded_memory(self, tmp_path: Path) -> None:
        path = table(tmp_path, *(line(at % 40, f"A{at}", "exactMatch") for at in range(60_000)))
        rows = open_mapping_table(path).rows
        tracemalloc.start()
        assert sum(1 for _ in rows) == 60_000
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 2_000_000  # the file has 5 MB

    def test_a_quote_that_is_never_closed_does_not_eat_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_text("a,b\n" + '1,"x\n' + "2,y\n" * 3_000, encoding="utf-8")
        rows = list(read_table(path, text_form(path)))
        assert len(rows) > 2_500
        assert rows[-1].line == 3_002


class TestOrientation:
    NAMES = ("cook", "nurse", "driver", "baker", "tailor", "smith", "clerk", "farmer")

    def pairs(self, wide: bool, count: int = 40) -> list[tuple[str, str, str, str]]:
        """Give rows with many subjects for each object, labels within labels; or the other way round."""
        made = []
        for at in range(count):
            name = self.NAMES[at % 8]
            pair = (f"s{at}", f"o{at % 8}", f"{name} of kind {at}", name)
            made.append(pair if wide else (pair[1], pair[0], pair[3], pair[2]))
        return made

    def test_broad_and_narrow_rows_agree(self) -> None:
        found = infer(self.pairs(True), self.pairs(False), [])
        assert (found.verdict, found.disagree) == ("as-written", False)
        assert found.sure is not None
        assert found.sure > 0.99
        turned = infer(self.pairs(False), self.pairs(True), [])
        assert (turned.verdict, turned.sure) == ("reversed", found.sure)

    def test_two_sides_against_each_other_are_not_sure(self) -> None:
        found = infer(self.pairs(True), self.pairs(True), [])
        assert found.disagree
        assert found.sure is not None
        assert found.sure < 0.6
        assert any("not sure" in warning for warning in found.warnings())
        assert any("disagree" in warning for warning in found.warnings())

    def test_no_evidence_is_said(self) -> None:
        found = infer([("a", "b", "x", "y")], [], [])
        assert (found.verdict, found.sure) == ("as-written", None)
        assert "Nothing shows" in found.warnings()[0]
        assert not infer([], [], []).warnings()

    def test_the_sizes_of_the_classifications_are_no_evidence(self) -> None:
        same = [(f"s{at}", f"o{at % 8}", "", "") for at in range(400)]
        found = infer(same, same, same)
        assert found.sure is None or found.sure < 0.9

    def test_rows_to_groups_may_be_the_other_way_round(self) -> None:
        found = infer(self.pairs(False), self.pairs(True), [], groups={"isco": [1] * 30, "code": [-1] * 20})
        assert (found.verdict, found.groups) == ("reversed", {"isco": "as-written"})
        assert any("30 rows to groups" in warning for warning in found.warnings())

    def test_two_kinds_of_groups_may_disagree(self) -> None:
        found = infer([], [], [], groups={"isco": [1] * 30, "code": [-1] * 20})
        assert (found.verdict, found.groups) == ("reversed", {"isco": "as-written"})

    def test_what_the_user_says_is_done_and_doubted(self, tmp_path: Path) -> None:
        rows = [f"{a.replace('s', OCCUPATION)},{c},K{b[1:]}0,{d},broadMatch" for a, b, c, d in self.pairs(True)]
        path = table(tmp_path, *rows)
        assert {row.predicate for row in read(path).set.mappings} == {BROAD}
        found = read(path, orientation="reversed")
        assert {row.predicate for row in found.set.mappings} == {NARROW}
        assert "speak for as-written" in found.orientation.warnings()[0]
        with pytest.raises(ParameterError):
            read(path, orientation="upside-down")

    def test_the_second_column_may_be_escos(self, tmp_path: Path) -> None:
        rows = [f"K{b[1:]}0,{d},{a.replace('s', OCCUPATION)},{c},broadMatch" for a, b, c, d in self.pairs(True)]
        found = read(table(tmp_path, *rows, heading="code,name,ESCO URI,ESCO label,relation"))
        assert found.set.orientation == "reversed"
        assert {row.predicate for row in found.set.mappings} == {NARROW}


@pytest.fixture
def own(tmp_path: Path, sample_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Give a copy of the sample that a test may change."""
    import shutil

    shutil.copytree(sample_workspace.path, tmp_path / "store")
    monkeypatch.setenv("ESCO_GRAPH_STORE", str(tmp_path / "store"))
    return Workspace(tmp_path / "store")


def call(*args: object, code: int = 0) -> Result:
    done = CliRunner().invoke(mappings_import, [str(arg) for arg in args], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


class TestCommand:
    BAD = (line(9, "A109", "abracadabra"), f'{IRIS[10]},"cook, grill",,chef,exactMatch')

    def test_bad_rows_go_to_a_side_file_and_the_good_ones_are_stored(self, own: Workspace, tmp_path: Path) -> None:
        path = table(tmp_path, *GOOD, *self.BAD)
        text = call(path, code=1).output
        assert "Rows: 10 in, 8 kept, 2 left out." in text
        assert "line 10: the relation is not known: 'abracadabra'" in text
        assert "Stored as the set t in g000002" in text
        aside = tmp_path / "t.rejected.csv"
        with aside.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert rows[0] == ["file", "line", "fault", "reason", "advice", *HEADING.split(",")]
        assert [row[1:3] for row in rows[1:]] == [["10", "relation"], ["11", "half-row"]]
        assert rows[2][5:] == [IRIS[10], "cook, grill", "", "chef", "exactMatch"]

    def test_a_side_file_is_never_overwritten(self, own: Workspace, tmp_path: Path) -> None:
        path = table(tmp_path, *GOOD, *self.BAD)
        mine = tmp_path / "t.rejected.csv"
        mine.write_text("mine", encoding="utf-8")
        call(path, code=1)
        assert mine.read_text(encoding="utf-8") == "mine"
        call(path, code=1)  # the same rows: the second file stays as it is
        assert sorted(one.name for one in tmp_path.glob("t.rejected*")) == ["t.rejected-2.csv", "t.rejected.csv"]
        before = own.current().name
        with pytest.raises(StoreError, match="there already"):
            call(path, "--rejected", mine, code=2)
        assert own.current().name == before

    def test_a_dry_run_writes_nothing(self, own: Workspace, tmp_path: Path) -> None:
        path = table(tmp_path, *GOOD, *self.BAD)
        assert "dry run" in call(path, "--dry-run", code=1).output
        assert own.current().name == "g000001"
        assert not list(tmp_path.glob("*.rejected*"))
        assert call(path, "--dry-run", "--store", tmp_path / "none", code=1).output.count("Rows: 10 in")

    def test_json_says_all_of_it(self, own: Workspace, tmp_path: Path) -> None:
        told = json.loads(call(table(tmp_path, *GOOD, *self.BAD), "--format", "json", code=1).stdout)[0]
        assert told["rows"] == {"in": 10, "kept": 8, "reported": 2}
        assert told["columns"]["subject (ESCO)"] == "1: ESCO URI"
        assert len(told["esco"]["unknown"]) == 8
        assert told["generation"] == "g000002"
        assert [fault["code"] for fault in told["faults"]] == ["relation", "half-row"]

    def test_a_file_without_one_good_row_stores_nothing(self, own: Workspace, tmp_path: Path) -> None:
        call(table(tmp_path, line(9, "A109", "abracadabra"), line(8, "A108", "xyzzy")), code=1)
        assert own.current().name == "g000001"

    def test_a_file_that_cannot_be_read_keeps_the_others_out(self, own: Workspace, tmp_path: Path) -> None:
        other = tmp_path / "u.csv"
        other.write_bytes(b"")
        with pytest.raises(SourceError):
            import_mappings(own, [table(tmp_path, *GOOD), other])
        assert own.current().name == "g000001"

    def test_importing_again_gives_the_same_graph(self, own: Workspace, tmp_path: Path) -> None:
        path = table(tmp_path, *GOOD)
        call(path, "--name", "mine")
        first = sorted(map(str, Graph.open(own.path).quads()))
        call(path, "--name", "mine")
        assert sorted(map(str, Graph.open(own.path).quads())) == first

    def test_two_files_of_one_title_get_two_names(self, own: Workspace, tmp_path: Path) -> None:
        paths = [tmp_path / "one.csv", tmp_path / "two.csv"]
        for path in paths:
            path.write_bytes(COUNTRIES[0].data())
        made = import_mappings(own, paths, orientation="as-written")
        assert [one.read.set.name for one in made] == ["esco-test-2024", "two"]

    def test_options_that_are_wrong(self, own: Workspace, tmp_path: Path) -> None:
        path = table(tmp_path, *GOOD)
        with pytest.raises(ParameterError, match="one by one"):
            import_mappings(own, [path, path], name="x")
        assert "did you mean" not in call("--help").output
        assert "Example" in call("--help").output


# The official tables: figures of rows are facts of the files


def official(start: str) -> Path:
    found = sorted(OFFICIAL.glob(f"{start}*")) if OFFICIAL.is_dir() else []
    if not found:
        pytest.skip(f"the official table {start}* is not in ../shared/data/mappings")
    return found[0]


TABLES = {
    "DE_mapping": ("reversed", 8_735, "kldb"),
    "DE_Mapping_ESCO_Komp": ("reversed", 25_592, "kompetenzsystematik"),
    "ES_": ("as-written", 4_242, "co-sispe"),
    "FR_": ("reversed", 11_118, "rome"),
    "LV_": ("as-written", 6_292, "lv-profesijas"),
    "PL_": ("as-written", 4_696, "kzis"),
    "SE_": ("as-written", 5_529, "ssyk"),
    "onet_": ("reversed", 2_171, "onet"),
}
NAMED = {
    "DE_mapping": [
        ("Soziologe/Soziologin", "narrow", "Genderwissenschaftler/Genderwissenschaftlerin"),  # written as broadMatch
        ("Offiziere in regulären Streitkräften", "narrow", "Offizier im Sanitätsdienst"),  # written so: a group
        ("Abfallmakler/Abfallmaklerin", "broad", "Handelsmakler"),  # a group by its code, BE 3324
    ],
    "DE_Mapping_ESCO_Komp": [("Strafvollzugsverfahren beaufsichtigen", "broad", "Strafvollzug")],
    "ES_": [("redactor jefe/redactora jefa", "broad", "REDACTORES DE PRENSA, RADIO Y TELEVISIÓN")],
    "FR_": [("gemmologue-expert/gemmologue-experte", "broad", "Gemmologue")],
    "LV_": [("aluszinis", "broad", "Viesmīļi")],
    "PL_": [("technik technologii sensorów", "broad", "Technik mechatronik")],
    "SE_": [("Planerare och utredare", "narrow", "Folkhälsostrateg")],
    "onet_": [("Legislators", "narrow", "senator"), ("Legislators", "exact", "Legislators")],
}


@pytest.mark.parametrize("start", TABLES)
class TestOfficialTables:
    @pytest.fixture(scope="class")
    def found(self) -> dict[str, ReadSet]:
        return {}

    def get(self, found: dict[str, ReadSet], start: str) -> ReadSet:
        if start not in found:
            found[start] = read(official(start))
        return found[start]

    def test_every_row_is_kept(self, found: dict[str, ReadSet], start: str) -> None:
        given = self.get(found, start)
        assert (given.rows_in, given.kept, len(given.faults)) == (TABLES[start][1], TABLES[start][1], 0)

    def test_the_orientation(self, found: dict[str, ReadSet], start: str) -> None:
        given = self.get(found, start)
        assert given.set.orientation == TABLES[start][0]
        assert given.set.orientation_sure is not None
        assert given.set.orientation_sure > 0.95
        assert TABLES[start][2] in {given.set.subject_source, given.set.object_source}

    def test_named_rows(self, found: dict[str, ReadSet], start: str) -> None:
        from esco_graph.mappings.model import RELATIONS

        rows = {(row.subject_label, row.object_label): row.predicate for row in self.get(found, start).set.mappings}
        for subject, kind, object_ in NAMED[start]:
            assert rows[subject, object_] == RELATIONS[kind], (subject, object_)


def test_what_is_odd_in_the_official_tables_is_said() -> None:
    skills = read(official("DE_Mapping_ESCO_Komp"))
    assert skills.repairs["quotes"] == (3698, 18332)
    assert skills.counts["none"] == 1_125
    assert len(read(official("LV_")).repairs["unpacked"]) == 440
    assert read(official("SE_")).counts["none"] == 5
    assert read(official("FR_")).orientation.disagree
    occupations = read(official("DE_mapping"))
    assert occupations.orientation.group_rows == {"code": 143, "isco": 50}
    assert occupations.orientation.groups == {"code": "as-written", "isco": "as-written"}
    assert Counter(row.predicate for row in occupations.set.mappings)[CLOSE] == 1_792
