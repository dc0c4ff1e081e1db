"""The classifications as their owners publish them: counts, named concepts, and the faults that the files have."""

from __future__ import annotations

import csv

import pytest

from conftest import SHARED
from esco_graph.taxonomies.depth import levels
from esco_graph.taxonomies.model import Concept, Read
from esco_graph.taxonomies.read import read_files
from esco_graph.taxonomies.registry import TAXONOMIES

FOLDER = SHARED / "taxonomies"
BASE = "https://example.org/my/"


def read(*names: str, key: str | None = None) -> Read:
    paths = [FOLDER / name for name in names]
    missing = [path.name for path in paths if not path.exists()]
    if missing:
        pytest.skip(f"not in ../shared/data/taxonomies: {', '.join(missing)}")
    if any(path.suffix.startswith(".xls") for path in paths):
        pytest.importorskip("openpyxl", reason="the extra [sheets] is not installed")
        pytest.importorskip("xlrd", reason="the extra [sheets] is not installed")
    return read_files(paths, TAXONOMIES[key] if key else None, base=BASE)


def concept(found: Read, code: str) -> Concept:
    return next(one for one in found.concepts if one.code == code)


@pytest.mark.parametrize(
    ("names", "key", "concepts", "depth", "faults"),
    [
        (["isco/struct08.xls"], "isco", 619, [10, 43, 130, 436], 0),
        (["onet/Occupation Data.xlsx"], "onet", 1016, [867, 149], 0),
        (["nace/(original) nace_r2.ttl"], "nace2", 996, [21, 88, 272, 615], 0),
        (["nace/nace.ttl"], "nace2", 996, [21, 88, 272, 615], 0),
        (["kldb/kldb.ttl"], "kldb", 894, [10, 37, 144, 703], 0),
        (["digcomp/digCompEdu.ttl"], "digcompedu", 28, [6, 22], 0),
        (["digcomp/digitalCompetencies.ttl"], "digitalcompetencies", 89, [6, 22, 61], 0),
        (["digcomp/eqfCompetenceLevels.ttl"], "eqfcompetencelevels", 8, [8], 0),
        # L1510 is named by 22 appellations and is in no row of the codes: a fault of the published file
        (
            ["rome/unix_referentiel_code_rome_v347_utf8.csv", "rome/unix_referentiel_appellation_v347_utf8.csv"],
            "rome",
            11521,
            [553, 10968],
            1,
        ),
        (["rome/uk_SOC_2010_to_ISCO-08_mapping.xls"], "uk-soc-2010", 369, [369], 16),
        (["rome/Correspondance_ROME_ISCO08.xlsx"], "rome", 532, [532], 0),
    ],
    ids=lambda value: value[0].split("/")[1] if isinstance(value, list) and isinstance(value[0], str) else None,
)
def test_a_published_file_is_recognised_and_read_whole(
    names: list[str], key: str, concepts: int, depth: list[int], faults: int
) -> None:
    found = read(*names)
    assert (found.taxonomy.key, len(found.concepts), levels(found.concepts)) == (key, concepts, depth)
    assert len(found.faults) == faults


def test_onet_titles_come_with_the_alternate_and_the_reported_ones() -> None:
    found = read("onet/Occupation Data.xlsx", "onet/Sample of Reported Titles.xlsx")
    chiefs = concept(found, "11-1011.00")
    assert (chiefs.iri, chiefs.label) == (f"{BASE}taxonomy/onet/11-1011.00", "Chief Executives")
    assert "CEO (Chief Executive Officer)" in chiefs.alt
    assert chiefs.description.startswith("Determine and formulate policies")
    assert not found.faults


def test_rome_appellations_stand_below_their_fiche() -> None:
    found = read("rome/unix_referentiel_code_rome_v347_utf8.csv", "rome/unix_referentiel_appellation_v347_utf8.csv")
    assert concept(found, "A1101").label == "Conduite d'engins agricoles et forestiers"
    assert concept(found, "15244").broader == (f"{BASE}taxonomy/rome/B1603",)


def test_kldb_has_the_owners_codes_and_where_it_was_read() -> None:
    group = concept(read("kldb/kldb.ttl"), "9471")
    assert (group.iri, group.broader) == (f"{BASE}taxonomy/kldb/9471", (f"{BASE}taxonomy/kldb/947",))
    assert group.seen_as == "http://w3id.org/openeduhub/vocabs/kldb/9471"


def test_nace_has_the_iris_of_eurostat_whichever_file_it_is_from() -> None:
    files = [read(name) for name in ("nace/(original) nace_r2.ttl", "nace/nace.ttl")]
    assert {one.iri for one in files[0].concepts} == {one.iri for one in files[1].concepts}
    assert concept(files[0], "01.11").iri == "http://data.europa.eu/ux2/nace2/0111"
    assert concept(files[0], "01").broader == ("http://data.europa.eu/ux2/nace2/A",)


def test_one_side_of_a_crosswalk_can_be_loaded() -> None:
    found = read("isco/ISCO_SOC_Crosswalk.xls", key="soc-2010")
    assert (len(found.concepts), concept(found, "11-1011").label) == (840, "Chief Executives")
    assert any("mappings import" in remark for remark in found.remarks)


def test_every_code_of_a_mapping_table_has_the_form_of_its_taxonomy() -> None:
    """The codes in column 2 of the national tables, by the name that their header gives the classification."""
    codes = {
        "FR_20230607_mapping_esco_rome.csv": ("rome", 2),
        "ES_mapping_31.07.2021.csv": ("co-sispe", 3),
        "PL_mapping_31.10.2020.csv": ("kzis", 3),
        "DE_mapping_18.05.22.csv": ("kldb", 2),
    }
    for name, (key, place) in codes.items():
        path = SHARED / "mappings" / name
        if not path.exists():
            pytest.skip(f"not in ../shared/data/mappings: {name}")
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            rows = [row for row in csv.reader(stream) if row and row[0].startswith("http://data.europa.eu/esco/")]
        good = sum(len(row) > place and TAXONOMIES[key].is_code(row[place]) for row in rows)
        assert good > 0.99 * len(rows), name
