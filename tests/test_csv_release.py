"""The official CSV download: real releases whole, every known trap, and input that is no download at all."""

from __future__ import annotations

import csv
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

import releases
from esco_graph.errors import SourceError
from esco_graph.sources import archive, csv_release, csv_table
from esco_graph.sources.csv_release import CsvRelease, open_release
from esco_graph.terms import DCT, ESCO, ESCO_DATA, ISO_THES, SCHEME, SKOS

GRAPH = "https://example.org/graph"
Release = Callable[[str], Path]


def read(*paths: Path, **options: object) -> tuple[CsvRelease, list[ox.Quad]]:
    found = open_release(paths, **options)  # type: ignore[arg-type]
    return found, list(found.quads(GRAPH))


def values(quads: list[ox.Quad], subject: str, predicate: str) -> list[str]:
    return sorted(q.object.value for q in quads if q.subject.value == subject and q.predicate.value == predicate)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return releases.copy_sample(tmp_path)


class TestRealReleases:
    @pytest.mark.parametrize(
        ("version", "occupations", "skills", "relations", "left_out"),
        [
            ("1.1.1", 3007, 13_896, 123_855, 67),
            ("1.1.0", 3008, 13_891, 123_852, 0),
            ("1.2.0", 3039, 13_939, 129_004, 0),
        ],
    )
    def test_every_row_is_accounted_for(
        self, release: Release, version: str, occupations: int, skills: int, relations: int, left_out: int
    ) -> None:
        found = open_release([release(version)])
        for _ in found.quads(GRAPH):
            pass
        files = {name.removesuffix(".csv").removesuffix("_en"): count for name, count in found.report.files.items()}
        assert found.version == version
        assert found.langs == ("en",)
        assert files["occupations"].kept == occupations
        assert files["skills"].kept == skills
        assert files["ISCOGroups"].kept == 619
        assert files["occupationSkillRelations"].rows == relations
        assert files["occupationSkillRelations"].left_out == left_out
        assert all(count.rows == count.kept + count.left_out for count in files.values())

    def test_v111_reports_what_is_known_to_be_wrong(self, release: Release) -> None:
        found, quads = read(release("1.1.1"))
        n = {code: remark.n for code, remark in found.report.remarks.items()}
        assert n["dangling-occupation"] == 67
        assert n["dangling-broader"] == 8
        assert n["no-skill-type"] == 6
        assert n["no-reuse-level"] == 5
        assert n["html"] == 107
        concepts = {code: remark.concepts for code, remark in found.report.remarks.items()}
        assert concepts["alt-equals-pref"]["occupations"] == 2715
        assert concepts["dangling-occupation"] == {"occupations": 1}
        assert concepts["dangling-broader"] == {
            "occupations": 1,
            "skills": 7,
        }  # the same one, and seven of the hierarchy
        assert concepts["no-skill-type"] == {"skills": 6}
        codes = {name: code for code, name, _ in found.report.defects()}
        wanted = ("alt-equals-pref", "dangling-occupation", "dangling-broader", "no-skill-type", "html")
        assert [codes[name] for name in wanted] == ["ESG108", "ESG403", "ESG402", "ESG302", "ESG123"]
        removed = ESCO_DATA + "occupation/a9e54177-a185-404d-b6e6-15663d31137e"
        about = {q.predicate.value for q in quads if removed in (q.subject.value, getattr(q.object, "value", ""))}
        assert about <= {DCT + "references"}
        assert not [q for q in quads if q.predicate.value == SKOS + "altLabel" and "\xa0" in q.object.value]

    def test_v120_has_seventeen_pairs_both_essential_and_optional(self, release: Release) -> None:
        found, _ = read(release("1.2.0"))
        assert found.report.remarks["both-relations"].n == 17
        assert ("ESG401", "both-relations") in [row[:2] for row in found.report.defects()]
        assert found.report.remarks["alt-equals-pref"].concepts["occupations"] == 89
        assert found.report.remarks["scheme-supplied"].n == 13_939

    def test_v121_takes_the_newer_of_four_repeated_rows(self, release: Release) -> None:
        found, quads = read(release("1.2.1"))
        repeated = ESCO_DATA + "occupation/4d27152a-a8ee-4f5a-9f93-a2fb4fb2b2e3"
        assert found.report.remarks["row-repeated"].n == 4
        assert found.report.remarks["row-repeated"].concepts == {"occupations": 4}
        assert ("ESG853", "row-repeated") in [row[:2] for row in found.report.defects()]
        assert values(quads, repeated, DCT + "modified") == ["2025-11-26T10:02:16.164Z"]
        assert "skills.csv" in " ".join(found.report.remarks["file-missing"].examples)
        assert values(quads, ESCO_DATA + "occupation/82cbe20d-967c-4161-9ecd-eafc724d171c", ESCO + "hasNACECode")

    def test_v103_merges_three_languages_into_one_graph(self, release: Release) -> None:
        found, quads = read(release("1.0.3"), langs=("en", "fr", "de"))
        director = ESCO_DATA + "occupation/00030d09-2b3a-4efd-87cc-c4ea39d27c34"
        labels = {
            q.object.language for q in quads if q.subject.value == director and q.predicate.value == SKOS + "prefLabel"
        }
        assert found.langs == ("en", "fr", "de")
        assert labels == {"en", "fr", "de"}
        assert len({q.subject for q in quads if getattr(q.object, "value", "") == ESCO + "Occupation"}) == 2942
        assert len(values(quads, director, SKOS + "notation")) == 0


class TestTraps:
    def test_repairs_are_made_and_counted(self, folder: Path) -> None:
        iri = releases.change_first(
            folder / "occupations_en.csv",
            preferredLabel="general\u00a0nurse ",
            altLabels="general nurse\nward  nurse\nward nurse\n\nsister",
            scopeNote=f'Excludes <a resource="{ESCO_DATA}skill/x" href="y"><span>chef</span></a> &amp; <5 kg',
        )
        found, quads = read(folder)
        assert values(quads, iri, SKOS + "prefLabel") == ["general nurse"]
        assert values(quads, iri, SKOS + "altLabel") == ["sister", "ward nurse"]
        assert values(quads, iri, SKOS + "scopeNote") == ["Excludes chef & <5 kg"]
        assert values(quads, iri, DCT + "references") == ["http://data.europa.eu/esco/skill/x"]
        n = {code: remark.n for code, remark in found.report.remarks.items()}
        assert (n["alt-equals-pref"], n["alt-repeated"], n["html"]) == (1, 1, 1)
        assert found.report.as_dict()["remarks"]["html"]["concepts"] == {"occupations": 1}
        assert "occupations_en.csv:2" in found.report.remarks["html"].examples[0]

    def test_labels_said_twice_are_told_apart(self, folder: Path) -> None:
        labels = {
            "preferredLabel": "nurse",
            "altLabels": "nurse\nsister\nsister",
            "hiddenLabels": "nurse\nsister\nnurs",
        }
        iri = releases.change_first(folder / "occupations_en.csv", **labels)
        found, quads = read(folder)
        assert values(quads, iri, SKOS + "hiddenLabel") == ["nurs"]
        remarks = ("alt-equals-pref", "alt-repeated", "hidden-equals-pref", "hidden-equals-alt")
        assert [iri in found.report.remarks[name].seen["occupations"] for name in remarks] == [True] * 4
        codes = {code for code, _, _ in found.report.defects()}
        assert {"ESG108", "ESG109", "ESG110", "ESG851"} <= codes

    def test_a_group_is_counted_as_a_group(self, folder: Path) -> None:
        iri = releases.change_first(folder / "skillGroups_en.csv", preferredLabel="x", altLabels="x")
        found, _ = read(folder)
        assert iri in found.report.remarks["alt-equals-pref"].seen["groups"]

    def test_a_cell_longer_than_pythons_limit(self, folder: Path) -> None:
        tops = ",\n".join(ESCO_DATA + f"skill/{n:036d}" for n in range(3000))
        releases.change_first(folder / "conceptSchemes_en.csv", hasTopConcept=tops)
        found, _ = read(folder)
        assert found.report.remarks["dangling-member"].n == 3000

    def test_a_list_with_bars_and_commas(self, folder: Path) -> None:
        iri = releases.change_first(folder / "skills_en.csv", inScheme=f"{SCHEME}a | {SCHEME}b,\n{SCHEME}c\n{SCHEME}d")
        _, quads = read(folder)
        assert values(quads, iri, SKOS + "inScheme") == [SCHEME + name for name in "abcd"]

    def test_repeated_and_contradictory_relations(self, folder: Path) -> None:
        def repeat(rows: list[releases.Row]) -> list[releases.Row]:
            other = "optional" if rows[0]["relationType"] == "essential" else "essential"
            return [*rows, rows[0], rows[0] | {"relationType": other}]

        releases.edit(folder / "occupationSkillRelations.csv", repeat)
        found, _ = read(folder)
        assert found.report.remarks["row-repeated"].n == 1
        assert found.report.remarks["both-relations"].n == 1
        assert found.report.files["occupationSkillRelations.csv"].left_out == 1

    def test_an_unknown_skill_is_left_out_with_its_line(self, folder: Path) -> None:
        releases.change_first(folder / "occupationSkillRelations.csv", skillUri=ESCO_DATA + "skill/none")
        found, quads = read(folder)
        assert found.report.remarks["dangling-skill"].examples == [
            f"occupationSkillRelations.csv:2: {ESCO_DATA}skill/none"
        ]
        assert not [q for q in quads if getattr(q.object, "value", "") == ESCO_DATA + "skill/none"]

    def test_both_directions_of_a_relation(self, folder: Path) -> None:
        _, quads = read(folder)
        direct = {(q.subject, q.object) for q in quads if q.predicate.value == ESCO + "relatedEssentialSkill"}
        inverse = {(q.object, q.subject) for q in quads if q.predicate.value == ESCO + "isEssentialSkillFor"}
        assert direct == inverse != set()

    def test_an_empty_label_is_noted(self, folder: Path) -> None:
        iri = releases.change_first(folder / "skills_en.csv", preferredLabel="  ")
        found, quads = read(folder)
        assert values(quads, iri, SKOS + "prefLabel") == []
        assert iri in found.report.remarks["no-label"].examples[0]

    def test_files_without_language_are_taken_in_whatever_language_they_are_tagged(self, folder: Path) -> None:
        for file in folder.glob("*.csv"):
            table = file.stem.removesuffix("_en")
            if table in csv_release.WITH_TEXTS:
                file.rename(folder / f"{table}_de.csv")
            elif not file.stem.endswith("_en"):
                file.rename(folder / f"{table}_en.csv")
        found, quads = read(folder, langs=("de",))
        assert found.report.files["occupationSkillRelations_en.csv"].kept == 827
        assert "file-not-read" not in found.report.remarks
        assert {q.object.language for q in quads if isinstance(q.object, ox.Literal)} - {None} == {"de"}
        with pytest.raises(SourceError, match="there are: de"):
            open_release([folder], langs=("en",))

    def test_a_chosen_language_is_preferred_for_files_without_language(self, folder: Path) -> None:
        for file in folder.glob("*Relation*.csv"):
            shutil.copy(file, folder / f"{file.stem.removesuffix('_en')}_aa.csv")
        names = {member.name for member in open_release([folder], langs=("en",)).members}
        assert "occupationSkillRelations.csv" in names or "occupationSkillRelations_en.csv" in names
        assert not {name for name in names if name.endswith("_aa.csv")}

    def test_ict_skills_are_in_the_scheme_of_that_time(self, folder: Path) -> None:
        with (folder / "skills_en.csv").open(encoding="utf-8", newline="") as stream:
            iri = next(csv.DictReader(stream))["conceptUri"]
        (folder / "ictSkillsCollection_en.csv").write_text(f"conceptUri\n{iri}\n")
        _, quads = read(folder)
        assert SCHEME + "skill-ict-groups" in values(quads, iri, SKOS + "inScheme")

    def test_a_hierarchy_level_that_is_no_skill_group_is_counted(self, folder: Path) -> None:
        gone = {"Level 0 URI": ESCO_DATA + "skill/gone", "Level 0 code": "Z"}
        releases.change_first(folder / "skillsHierarchy_en.csv", **gone)
        found, quads = read(folder)
        assert found.report.remarks["dangling-member"].examples == [f"skillsHierarchy_en.csv:2: {ESCO_DATA}skill/gone"]
        assert not values(quads, ESCO_DATA + "skill/gone", SKOS + "notation")

    def test_a_scheme_keeps_its_status(self, folder: Path) -> None:
        releases.change_first(folder / "conceptSchemes_en.csv", conceptSchemeUri=SCHEME + "first", status="released")
        _, quads = read(folder)
        assert values(quads, SCHEME + "first", ISO_THES + "status") == ["released"]

    def test_lists_and_entities_in_a_note(self, folder: Path) -> None:
        iri = releases.change_first(
            folder / "occupations_en.csv",
            scopeNote="Includes:<ul><li>food &amp; drink</li><li>wine</li></ul>",
            definition="less than <5 kg of R&amp;D at AT&T;",
        )
        found, quads = read(folder)
        assert values(quads, iri, SKOS + "scopeNote") == ["Includes:\nfood & drink\nwine"]
        assert values(quads, iri, SKOS + "definition") == ["less than <5 kg of R&D at AT&T;"]
        assert found.report.remarks["html"].n == 2

    def test_two_zips_make_one_release(self, folder: Path, tmp_path: Path) -> None:
        relations, concepts = tmp_path / "r", tmp_path / "c"
        relations.mkdir(), concepts.mkdir()
        for file in folder.glob("*.csv"):
            file.rename((relations if "Relations" in file.name else concepts) / file.name)
        one = releases.zipped(concepts, tmp_path / "ESCO dataset - v1.1.1 - classification - en - csv.zip")
        two = releases.zipped(relations, tmp_path / "ESCO dataset - v1.1.1 - classification -  - csv.zip")
        found, _ = read(one, two)
        assert found.version == "1.1.1"
        assert found.report.files["occupationSkillRelations.csv"].kept == 827
        assert set(found.sources) == {one.name, two.name}
        assert all(len(digest) == 64 for digest in found.sources.values())


class TestBadInput:
    def test_no_such_file(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="no such file"):
            open_release([tmp_path / "none.zip"])

    def test_not_a_zip(self, tmp_path: Path) -> None:
        (tmp_path / "v1.1.1.zip").write_bytes(b"<html>Please accept the privacy notice</html>")
        with pytest.raises(SourceError, match="not a readable zip"):
            open_release([tmp_path / "v1.1.1.zip"])

    def test_a_zip_that_climbs_out(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as bad:
            bad.writestr("../occupations_en.csv", "x")
        with pytest.raises(SourceError, match="outside itself"):
            open_release([tmp_path / "a.zip"])

    def test_a_member_of_ten_gib(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as bad:
            bad.writestr("occupations_en.csv", "x")
            bad.infolist()[0].file_size = 10 * 1024**3
        with pytest.raises(SourceError, match="larger than"):
            open_release([tmp_path / "a.zip"])

    def test_a_member_larger_than_its_header_says(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        packed = releases.zipped(folder, tmp_path / "v1.1.1.zip")
        found = open_release([packed])
        monkeypatch.setattr(archive, "MAX_MEMBER", 1000)
        with pytest.raises(SourceError, match="larger than"):
            list(found.quads(GRAPH))

    @pytest.mark.parametrize("keep", [0.5, 0.98])
    def test_a_truncated_zip(self, folder: Path, tmp_path: Path, keep: float) -> None:
        packed = releases.zipped(folder, tmp_path / "v1.1.1.zip")
        packed.write_bytes(packed.read_bytes()[: int(packed.stat().st_size * keep)])
        with pytest.raises(SourceError, match="not a readable zip"):
            open_release([packed])

    def test_a_damaged_member(self, folder: Path, tmp_path: Path) -> None:
        packed = releases.zipped(folder, tmp_path / "v1.1.1.zip")
        data = bytearray(packed.read_bytes())
        middle = data.index(b"occupationSkillRelations.csv") + 2000
        data[middle : middle + 50] = bytes(50)
        packed.write_bytes(data)
        with pytest.raises(SourceError, match=r"cannot be unpacked|not a CSV row|not UTF-8"):
            read(packed)

    def test_a_missing_column(self, folder: Path) -> None:
        def drop(rows: list[releases.Row]) -> list[releases.Row]:
            return [{key: value for key, value in row.items() if key != "iscoGroup"} for row in rows]

        releases.edit(folder / "occupations_en.csv", drop)
        with pytest.raises(SourceError, match=r"occupations_en\.csv:1: column iscoGroup is missing"):
            read(folder)

    def test_a_row_of_another_length(self, folder: Path) -> None:
        with (folder / "occupationSkillRelations.csv").open("a") as stream:
            stream.write("http://data.europa.eu/esco/occupation/x,essential\n")
        with pytest.raises(
            SourceError, match=r"occupationSkillRelations\.csv:829: the row has 2 cells, the header has 4"
        ):
            read(folder)

    def test_an_open_quote(self, folder: Path) -> None:
        with (folder / "skills_en.csv").open("a") as stream:
            stream.write('KnowledgeSkillCompetence,"never closed')
        with pytest.raises(SourceError, match=r"skills_en\.csv:\d+: this is not a CSV row"):
            read(folder)

    def test_another_encoding(self, folder: Path) -> None:
        file = folder / "occupations_en.csv"
        file.write_bytes(file.read_text(encoding="utf-8").replace("osteopath", "ostéopathe").encode("latin-1"))
        with pytest.raises(SourceError, match=r"occupations_en\.csv:\d+: the text is not UTF-8 \(byte 0xe9\)"):
            read(folder)

    def test_another_encoding_is_found_at_its_line(self, folder: Path) -> None:
        file = folder / "occupationSkillRelations.csv"
        lines = file.read_bytes().splitlines(keepends=True)
        lines[700] = b"caf\xe9" + lines[700]
        file.write_bytes(b"".join(lines))
        with pytest.raises(
            SourceError, match=r"occupationSkillRelations\.csv:701: the text is not UTF-8 \(byte 0xe9\)"
        ):
            read(folder)

    @pytest.mark.parametrize("row", [b"," * 30_000, b'"a",' * 8000, b'"a\n",' * 8000], ids=["cells", "quoted", "lines"])
    def test_a_row_of_very_many_cells(self, folder: Path, monkeypatch: pytest.MonkeyPatch, row: bytes) -> None:
        """The true limits are megabytes; the row must be refused before it is split into cells."""
        file = folder / "occupationSkillRelations.csv"
        before = file.read_bytes()
        file.write_bytes(before + row)
        monkeypatch.setattr(csv_table, "MAX_ROW", 16_000)
        found = open_release([folder])
        members = [member for member in found.members if member.table == "occupationSkillRelations"]
        number = before.count(b"\n") + 1
        with pytest.raises(SourceError, match=rf"occupationSkillRelations\.csv:{number}: .*longer than any row"):
            list(csv_table.read_rows(members[0]))

    def test_files_that_cannot_be_read(self, folder: Path, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="cannot be read"):
            open_release([tmp_path / ("a" * 300 + ".zip")])
        packed = releases.zipped(folder, tmp_path / "v1.1.1.zip")
        found = open_release([packed])
        packed.unlink()
        with pytest.raises(SourceError, match=r"cannot be read.*") as caught:
            list(found.quads(GRAPH))
        assert caught.value.where == str(packed)

    def test_an_empty_file(self, folder: Path) -> None:
        (folder / "skills_en.csv").write_text("")
        with pytest.raises(SourceError, match=r"skills_en\.csv: the file is empty"):
            read(folder)

    def test_no_relations(self, folder: Path) -> None:
        for file in folder.glob("*Relations*.csv"):
            file.unlink()
        with pytest.raises(SourceError, match=r"occupationSkillRelations\.csv.*missing.*classification -  - csv\.zip"):
            open_release([folder])
        assert open_release([folder], partial=True).report.remarks["file-missing"].n == 4

    def test_only_relations(self, folder: Path) -> None:
        for file in folder.glob("*.csv"):
            if "Relations" not in file.name:
                file.unlink()
        with pytest.raises(SourceError, match=r"no occupations and no skills here.*classification - en - csv\.zip"):
            open_release([folder])

    @pytest.mark.parametrize("lang", ["xx", "de", "not a language"])
    def test_a_language_that_is_not_there(self, folder: Path, lang: str) -> None:
        with pytest.raises(SourceError, match="there are: en"):
            open_release([folder], langs=("en", lang))

    def test_two_versions(self, folder: Path, tmp_path: Path) -> None:
        other = tmp_path / "v1.2.0"
        folder.rename(tmp_path / "v1.1.1-copy")
        other.mkdir()
        (tmp_path / "v1.1.1-copy" / "skills_en.csv").rename(other / "skills_en.csv")
        with pytest.raises(SourceError, match="two versions are mixed"):
            open_release([tmp_path / "v1.1.1-copy", other])

    def test_a_file_given_twice(self, folder: Path, tmp_path: Path) -> None:
        packed = releases.zipped(folder, tmp_path / "v1.1.1.zip")
        with pytest.raises(SourceError, match="is there twice"):
            open_release([packed, folder])

    @pytest.mark.parametrize("iri", ["not an iri", "http://example.org/a b", "> . ?s ?p ?o", ""])
    def test_an_iri_that_is_not_one(self, folder: Path, iri: str) -> None:
        releases.change_first(folder / "skills_en.csv", conceptUri=iri)
        with pytest.raises(SourceError, match=r"skills_en\.csv:2: .* is not an IRI"):
            read(folder)

    @pytest.mark.parametrize("relation", ["", "sent", "essentialoptional"])
    def test_another_type_of_a_pair_that_was_there(self, folder: Path, relation: str) -> None:
        releases.edit(
            folder / "occupationSkillRelations.csv", lambda rows: [*rows, rows[0] | {"relationType": relation}]
        )
        with pytest.raises(SourceError, match=rf"occupationSkillRelations\.csv:829: relationType is '{relation}'"):
            read(folder)

    def test_a_relation_of_another_type(self, folder: Path) -> None:
        releases.change_first(folder / "occupationSkillRelations.csv", relationType="useful")
        with pytest.raises(SourceError, match=r"occupationSkillRelations\.csv:2: relationType is 'useful'"):
            read(folder)

    def test_a_release_without_a_version_is_noted(self, folder: Path) -> None:
        folder = folder.rename(folder.parent / "download")
        found = open_release([folder])
        assert found.version == "unknown"
        assert "version-unknown" in found.report.remarks

    def test_a_byte_order_mark_is_no_column(self, folder: Path) -> None:
        file = folder / "skills_en.csv"
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
        found, _ = read(folder)
        assert found.report.files["skills_en.csv"].kept == 469
        with file.open(encoding="utf-8-sig") as stream:
            assert next(csv.reader(stream))[0] == "conceptType"
