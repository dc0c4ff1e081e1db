"""The candidate index: grams, stems, layers, and the copy on disk that is found again, mended, taken over."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import said_under_two_seeds
from esco_graph.errors import NotFoundError
from esco_graph.graph import Graph
from esco_graph.linking import stored
from esco_graph.linking.bags import StemSpace
from esco_graph.linking.entries import read_entries
from esco_graph.linking.grams import GramSpace
from esco_graph.linking.index import CandidateIndex, Entry
from esco_graph.linking.layers import Layers
from esco_graph.linking.retrieve import retrieve
from esco_graph.linking.stored import FOLDER, index_of, open_index, save_index
from esco_graph.linking.texts import LONGEST, Query, fold, plain, stem, variants, words
from esco_graph.workspace import Workspace

TEXTS = st.lists(st.text(max_size=30), max_size=8)


@pytest.fixture
def store(sample_workspace: Workspace, tmp_path: Path) -> Path:
    """Copy the sample, to write beside it."""
    shutil.copytree(sample_workspace.path, tmp_path / "store", ignore=shutil.ignore_patterns(FOLDER))
    return tmp_path / "store"


def folder_of(store: Path, name: str = "occupation-en") -> Path:
    return Workspace(store).current().folder / FOLDER / name


# Texts


def test_a_label_that_names_two_forms_gives_each_of_them() -> None:
    assert "Technicienne de maintenance" in variants("Technicien / Technicienne de maintenance (H/F)")
    assert variants("Kaufmann/-frau im Einzelhandel")[1:] == ("Kaufmann im Einzelhandel", "Kauffrau im Einzelhandel")
    assert variants("Ingeniero/a civil")[1:] == ("Ingeniero civil", "Ingeniera civil")
    assert variants("Infirmier(ère)")[1:] == ("Infirmier", "Infirmière")
    assert variants("Assistant commercial / Assistante commerciale export")[1:] == (
        "Assistant commercial export",
        "Assistante commerciale export",
    )


@pytest.mark.parametrize(
    "label", ["Programmer/Analyst", "a/b/c/d", "(((((", "Interior designer", "Informatiker I", "/"]
)
def test_a_slash_or_a_bracket_alone_is_no_second_form(label: str) -> None:
    assert set(variants(label)) <= {label, ""}


def test_blank_labels_have_no_variants() -> None:
    assert variants("") == variants(" \t") == ()


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert all(stem(word) for word in words(text))


def test_accents_go_but_letters_of_other_scripts_stay() -> None:
    assert plain("Ébéniste ŁÓDŹ straße") == "ebeniste lodz strasse"
    assert words("инженер-электрик") == ["инженер", "электрик"]
    assert words("مهندس") == ["مهندس"]
    assert words("C++ and C#") == ["c++", "and", "c#"]


def test_only_the_first_letters_of_an_endless_label_count() -> None:
    assert len(fold("x" * 10_000)) == LONGEST


# Grams and stems


@given(TEXTS)
@settings(max_examples=60)
def test_rows_of_grams_have_length_one_or_are_empty(texts: list[str]) -> None:
    space, rows = GramSpace.of(texts)
    assert rows.shape == (len(texts), len(space.keys))
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    assert all(abs(length - 1) < 1e-5 or length == 0 for length in lengths)
    assert (rows != space.rows(texts)).nnz == 0


def test_texts_without_a_gram_keep_their_rows() -> None:
    space, rows = GramSpace.of(["nurse", "", "ward nurse", "", ""])
    assert np.diff(rows.indptr).astype(bool).tolist() == [True, False, True, False, False]
    assert space.rows(["", "nurse"]).toarray()[1].any()


def test_letters_that_no_label_has_count_for_nothing() -> None:
    space, rows = GramSpace.of(["nurse"])
    assert (space.rows(["nurse 看護師"]) @ rows.T).toarray()[0, 0] == pytest.approx(1)


def test_grams_are_cut_at_a_chunk_without_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["nurse", "", "welder", "cook", "", "baker"]
    whole = GramSpace.of(texts)[1].toarray()
    monkeypatch.setattr("esco_graph.linking.grams._AT_ONCE", 2)
    assert np.array_equal(GramSpace.of(texts)[1].toarray(), whole)


def test_an_unknown_word_weighs_as_the_rarest() -> None:
    space, _ = StemSpace.of(["ward nurse", "nurse"])
    assert space.weight("zzz") > space.weight("ward") > space.weight("nurse")


@given(st.lists(st.integers(1, 9), min_size=1, max_size=12), st.integers(0, 3))
def test_layers_give_the_best_label_of_each_concept(sizes: list[int], seed: int) -> None:
    starts = np.cumsum([0, *sizes]).astype(np.int32)
    scores = np.random.default_rng(seed).random((3, int(starts[-1]))).astype(np.float32)
    layers = Layers.of(starts)
    laid = np.empty_like(scores)
    laid[:, layers.column] = scores
    assert np.array_equal(layers.best(laid), np.maximum.reduceat(scores, starts[:-1], axis=1))
    assert np.array_equal(layers.first(laid), scores[:, starts[:-1]])


# The index


def test_concepts_are_numbered_by_iri_and_their_labels_stand_together() -> None:
    index = CandidateIndex.from_entries(
        [
            Entry("http://example.org/b", (("old", 2), ("nurse", 0), ("ward nurse", 1), ("nurse", 1)), "cares", "2221"),
            Entry("http://example.org/a", (("cook", 0),), code="7"),
            Entry("http://example.org/none", ((" ", 0),)),
            Entry("http://example.org/a", (("second", 0),)),
        ],
        "occupation",
        "en",
    )
    assert index.iris == ["http://example.org/a", "http://example.org/b"]
    assert index.labels_of(1) == ["nurse", "ward nurse", "old"]
    assert index.rank.tolist() == [0, 0, 1, 2]
    assert index.describe(0) == "cook (7)"
    assert index.char.shape[0] == index.words.shape[0] == 4
    assert index.descriptions.shape[0] == 2


def test_an_index_of_nothing_gives_no_candidates() -> None:
    index = CandidateIndex.from_entries([], "occupation", "en")
    assert retrieve(index, [Query("1", "nurse")]).rows.shape == (1, 0)


def test_obsolete_occupations_and_other_languages_are_left_out(sample_graph: Graph) -> None:
    entries = read_entries(sample_graph, "occupation", "en")
    assert len(entries) == 18
    assert all(entry.code and len(entry.isco) == 4 for entry in entries)
    with pytest.raises(NotFoundError, match="Labels are there in: en"):
        read_entries(sample_graph, "occupation", "xx")


# The copy on disk


def test_it_is_stored_beside_the_generation_and_found_again(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = index_of(Graph.open(store), "esco", "en")
    monkeypatch.setattr(stored, "read_entries", None)  # nothing is read from the graph
    opened = index_of(Graph.open(store), "occupation", "en")
    assert opened.labels == made.labels
    assert isinstance(opened.char_postings.data.base, np.ndarray)  # mapped, not copied
    query = [Query("1", "therapy assistants", description="helps patients", isco="2269")]
    assert retrieve(opened, query).total.tobytes() == retrieve(made, query).total.tobytes()
    assert not list(folder_of(store).parent.glob(".*"))


@pytest.mark.parametrize("name", ["arrays.bin", "labels.txt", "about.json"])
@pytest.mark.parametrize("how", ["cut", "flip", "gone", "empty"])
def test_a_damaged_one_is_made_anew(store: Path, name: str, how: str) -> None:
    made = index_of(Graph.open(store), "occupation", "en")
    file = folder_of(store) / name
    data = file.read_bytes()
    if how == "gone":
        file.unlink()
    else:
        middle = len(data) // 2
        file.write_bytes(
            {"cut": data[:middle], "empty": b""}.get(how, data[:middle] + b"\xff\x00" + data[middle + 2 :])
        )
    assert open_index(folder_of(store)) is None
    again = index_of(Graph.open(store), "occupation", "en")
    assert again.labels == made.labels
    assert open_index(folder_of(store)) is not None


def test_a_file_in_place_of_the_folder_is_replaced(store: Path) -> None:
    folder_of(store).parent.mkdir()
    folder_of(store).write_text("no index")
    index_of(Graph.open(store), "occupation", "en")
    assert open_index(folder_of(store)) is not None


def test_one_of_another_layout_is_made_anew(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index_of(Graph.open(store), "occupation", "en")
    monkeypatch.setattr(stored, "LAYOUT", stored.LAYOUT + 1)
    assert open_index(folder_of(store)) is None
    index_of(Graph.open(store), "occupation", "en")
    assert json.loads((folder_of(store) / "about.json").read_text())["layout"] == stored.LAYOUT


def test_a_new_generation_with_the_same_texts_takes_the_index_over(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_of(Graph.open(store), "occupation", "en")
    before = folder_of(store)
    with Workspace(store).write("nothing new"):
        pass
    monkeypatch.setattr(CandidateIndex, "from_entries", None)  # nothing is made
    index_of(Graph.open(store), "occupation", "en")
    assert folder_of(store) != before
    assert (folder_of(store) / "arrays.bin").samefile(before / "arrays.bin")


def test_a_new_generation_with_other_texts_does_not(store: Path, sample_graph: Graph) -> None:
    import pyoxigraph as ox

    from esco_graph.terms import SKOS

    made = index_of(Graph.open(store), "occupation", "en")
    label = ox.Quad(
        ox.NamedNode(made.iris[0]), ox.NamedNode(SKOS + "altLabel"), ox.Literal("brand new name", language="en")
    )
    with Workspace(store).write("a label") as draft:
        draft.store.add(label)
    assert "brand new name" in index_of(Graph.open(store), "occupation", "en").labels_of(0)


def test_where_nothing_can_be_written_it_stays_in_memory(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr(Path, "mkdir", refuse)
    graph = Graph.open(store)
    assert index_of(graph, "occupation", "en") is index_of(graph, "occupation", "en")
    assert not folder_of(store).exists()


def test_a_graph_in_memory_has_an_index_too(sample_graph: Graph) -> None:
    graph = Graph.memory(sample_graph.quads())
    assert len(CandidateIndex.of(graph, "skill", "en")) > 100


def test_the_same_texts_give_the_same_bytes(tmp_path: Path) -> None:
    code = """
import hashlib, tempfile
from pathlib import Path
from esco_graph.linking.index import CandidateIndex, Entry
from esco_graph.linking.stored import save_index
entries = [
    Entry(f"http://example.org/{n}", ((f"ward nurse {n % 3}", 0), ("Pfleger/in", 1)), "cares for people")
    for n in range(30)
]
with tempfile.TemporaryDirectory() as folder:
    save_index(CandidateIndex.from_entries(entries, "occupation", "en"), Path(folder) / "x")
    for file in sorted((Path(folder) / "x").iterdir()):
        print(file.name, hashlib.sha256(file.read_bytes()).hexdigest())
"""
    assert len(said_under_two_seeds(code)) == 1


def test_codes_with_line_ends_and_no_codes_at_all_come_back(tmp_path: Path) -> None:
    entries = [
        Entry("http://example.org/1", (("a\nb\u2028c", 0),), code="1\n2"),
        Entry("http://example.org/2", (("d", 0),)),
    ]
    index = CandidateIndex.from_entries(entries, "own", "en")
    save_index(index, tmp_path / "x")
    opened = open_index(tmp_path / "x")
    assert opened is not None
    assert opened.codes == ["1 2", ""]
    assert opened.labels == ["a b c", "d"]
    assert len(opened) == 2
