"""Mapping tables are understood by their form: any country's dialect, encoding, headings and relation words."""

from __future__ import annotations

from pathlib import Path

import pytest

from esco_graph.errors import SourceError
from esco_graph.mappings.form import read_mapping_file
from esco_graph.mappings.model import RELATIONS
from mapping_tables import COUNTRIES, National


@pytest.mark.parametrize("national", COUNTRIES, ids=lambda one: one.country)
def test_the_form_of_each_country_is_understood(national: National, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(national.data())
    read = read_mapping_file(path, orientation="as-written")
    assert not read.faults, read.faults[:3]
    assert (read.rows_in, read.kept) == (24, 24)
    first = "subject" if read.set.subject_source == "esco" else "object"
    found = {getattr(row, first): row for row in read.set.mappings}
    other = "object" if first == "subject" else "subject"
    for row in national.rows():
        mapping = found[row["iri"]]
        assert mapping.predicate == RELATIONS[row["kind"]], row
        assert getattr(mapping, other).endswith("/" + row["code"])
        assert getattr(mapping, f"{first}_label") == row["label"]
        assert getattr(mapping, f"{other}_label") == row["name"]
    if national.head:
        assert read.set.title == "ESCO - Test 2024"
        assert (read.set.version, read.set.date, read.set.creators) == ("2", "2024-02-01", ("Office",))
        assert read.set.subject_source_version == "1.1.1"
        assert read.set.object_lang == national.lang
        assert read.set.object_source == "test-2024"


def test_a_table_that_cannot_be_told_names_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "what.csv"
    path.write_text("alpha,beta\ncook,chef\nnurse,carer\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"columns seen: 1 'alpha', 2 'beta'.*--subject-column"):
        read_mapping_file(path)
