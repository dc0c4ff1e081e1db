"""The stored skill matrix: equal to a fresh one, equal bytes, and made again when the files are not whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyoxigraph as ox
import pytest

from conftest import said_under_two_seeds
from esco_graph.errors import StoreError
from esco_graph.graph import Graph
from esco_graph.skills.gap import gap, gap_scores
from esco_graph.skills.labels import labels_in
from esco_graph.skills.matrix import STORED, SkillMatrix
from esco_graph.skills.measures import MEASURES
from esco_graph.skills.nearest import nearest
from esco_graph.skills.overlap import overlap
from esco_graph.skills.stored import LAYOUT, open_matrix, store
from esco_graph.terms import ISO_THES, SKOS
from worlds import occupation, skill, world

OTA = "http://data.europa.eu/esco/occupation/82cbe20d-967c-4161-9ecd-eafc724d171c"
OT = "http://data.europa.eu/esco/occupation/33da5532-8c4e-4d1b-b52e-c201ee1bc7ab"
NEEDS = {"cook": ("cut heat", "taste"), "baker": ("heat", "knead"), "chef": ("cut taste", "heat"), "idler": ("", "")}
GROUPS = {"cook": "5120", "baker": "7512"}
BROADER = [("cut", "hands"), ("knead", "hands"), ("hands", "body"), ("taste", "body")]


def kitchen() -> Graph:
    graph = world(NEEDS, GROUPS, green=["cut"], regulated=["cook"], broader=BROADER)
    labels = [("cut", "schneiden", "de"), ("cut", "coupe", "fr"), ("heat", "chauffer", "FR"), ("none", "nichts", "de")]
    label = ox.NamedNode(SKOS + "prefLabel")
    graph.extend(
        ox.Quad(ox.NamedNode(skill(name)), label, ox.Literal(text, language=lang)) for name, text, lang in labels
    )
    graph.extend([ox.Quad(ox.NamedNode(occupation("old")), ox.NamedNode(ISO_THES + "status"), ox.Literal("obsolete"))])
    return graph


def same(one: SkillMatrix, other: SkillMatrix) -> None:
    assert (one.fingerprint, one.release, one.obsolete) == (other.fingerprint, other.release, other.obsolete)
    for name in ("occupations", "skills", "concepts", "isco"):
        assert getattr(one, name) == getattr(other, name)
    for name in ("level", "regulated", "green", "digital", "size", "df", "idf"):
        first, second = getattr(one, name), getattr(other, name)
        assert first.dtype == second.dtype
        assert np.array_equal(first, second), name
    for name in ("essential", "optional", "broader", "held"):
        assert (getattr(one, name) != getattr(other, name)).nnz == 0, name
    for name, measure in MEASURES.items():
        held = one.row_set(len(one.occupations) // 2)
        assert np.array_equal(measure.against_all(one, held), measure.against_all(other, held)), name
        assert np.array_equal(measure.all_pairs(one), measure.all_pairs(other)), name
        assert measure.contributions(one, held, one.row_set(0)) == measure.contributions(other, held, other.row_set(0))
    assert all(np.array_equal(a, b) for a, b in zip(nearest(one), nearest(other), strict=True))
    rows = np.arange(len(one.occupations), dtype=np.int32)
    assert np.array_equal(gap_scores(one, one.row_set(1), rows), gap_scores(other, other.row_set(1), rows))


def test_a_stored_matrix_is_a_fresh_one(tmp_path: Path) -> None:
    graph = kitchen()
    store(graph, tmp_path / "skills")
    opened = open_matrix(tmp_path / "skills")
    assert opened is not None
    same(SkillMatrix.from_graph(graph), opened)


def test_an_opened_matrix_outlives_its_generation(tmp_path: Path) -> None:
    """Prune takes the files away; what was opened before, the words too, is still whole."""
    graph = kitchen()
    store(graph, tmp_path / "skills")
    opened = SkillMatrix.open(tmp_path / "skills")
    assert opened is not None
    shutil.rmtree(tmp_path / "skills")
    same(SkillMatrix.from_graph(graph), opened)


def test_arrays_are_mapped_and_not_copied(tmp_path: Path) -> None:
    SkillMatrix.from_graph(kitchen()).save(tmp_path)
    opened = SkillMatrix.open(tmp_path)
    assert opened is not None
    for array in (opened.idf, opened.essential.indices, opened.held.data, nearest(opened)[0]):
        assert not array.flags.writeable
        assert not array.flags.owndata


def test_an_empty_matrix_can_be_stored(tmp_path: Path) -> None:
    SkillMatrix.from_graph(Graph.memory()).save(tmp_path)
    opened = SkillMatrix.open(tmp_path)
    assert opened is not None
    assert (opened.occupations, opened.skills, opened.held.shape) == ([], [], (0, 0))


def test_storing_again_replaces_what_was_there(tmp_path: Path) -> None:
    SkillMatrix.from_graph(kitchen()).save(tmp_path)
    other = SkillMatrix.from_graph(world({"cook": ("a", "")}))
    other.save(tmp_path)
    opened = SkillMatrix.open(tmp_path)
    assert opened is not None
    assert opened.fingerprint == other.fingerprint


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "import hashlib, tempfile, pathlib\n"
        "from test_skills_stored import kitchen\n"
        "from esco_graph.skills.stored import store\n"
        "folder = tempfile.TemporaryDirectory()\n"
        "store(kitchen(), pathlib.Path(folder.name))\n"
        "for file in sorted(pathlib.Path(folder.name).iterdir()):\n"
        "    print(file.name, hashlib.sha256(file.read_bytes()).hexdigest())\n"
        "folder.cleanup()"
    )
    said = said_under_two_seeds(code)
    assert len(said) == 1
    assert "arrays.npy" in said.pop()


def _cut(folder: Path) -> None:
    data = (folder / "arrays.npy").read_bytes()
    (folder / "arrays.npy").write_bytes(data[: len(data) // 2])


def _layout(folder: Path) -> None:
    about = json.loads((folder / "about.json").read_text())
    (folder / "about.json").write_text(json.dumps(about | {"layout": LAYOUT + 1}))


def _no_array(folder: Path) -> None:
    about = json.loads((folder / "about.json").read_text())
    del about["arrays"]["idf"]
    (folder / "about.json").write_text(json.dumps(about))


@pytest.mark.parametrize(
    "damage",
    [
        _cut,
        _layout,
        _no_array,
        lambda folder: (folder / "skills.txt").unlink(),
        lambda folder: (folder / "about.json").unlink(),
        lambda folder: (folder / "about.json").write_text("{"),
        lambda folder: (folder / "about.json").write_text("[]"),
        lambda folder: (folder / "about.json").write_bytes(b"\xff\xfe"),
        lambda folder: (folder / "occupations.txt").write_bytes(
            b"\xff" + (folder / "occupations.txt").read_bytes()[1:]
        ),
        lambda folder: (folder / "arrays.npy").write_bytes(bytes((folder / "arrays.npy").stat().st_size)),
    ],
)
def test_a_folder_that_is_not_whole_is_not_opened_and_the_matrix_is_made_again(
    damage: Callable[[Path], object], tmp_path: Path
) -> None:
    graph = kitchen()
    store(graph, tmp_path / STORED)
    damage(tmp_path / STORED)
    assert open_matrix(tmp_path / STORED) is None
    again = Graph(graph.store)
    again.folder = tmp_path
    same(SkillMatrix.of(again), SkillMatrix.from_graph(graph))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match="cannot write"):
        SkillMatrix.from_graph(kitchen()).save(tmp_path / "file")


def test_stored_labels_are_those_of_the_graph(tmp_path: Path) -> None:
    graph = kitchen()
    store(graph, tmp_path / STORED)
    stored = Graph(graph.store)
    stored.folder = tmp_path
    iris = [skill("cut"), skill("heat"), skill("hands"), occupation("cook"), skill("none"), "http://example.org/none"]
    for lang in ("en", "de", "fr", "FR", "it"):
        assert labels_in(stored, iris, lang) == labels_in(graph, iris, lang), lang
    assert labels_in(stored, iris, "de")[skill("cut")] == "schneiden"
    assert labels_in(stored, iris, "fr")[skill("heat")] == "chauffer"
    assert labels_in(stored, iris, "de")[skill("heat")] == "skill heat"
    assert labels_in(stored, iris, "en")[skill("none")] == "nichts"


def test_explanations_from_the_store_are_those_from_the_graph(tmp_path: Path) -> None:
    graph = kitchen()
    store(graph, tmp_path / STORED)
    stored = Graph(graph.store)
    stored.folder = tmp_path
    cook, chef = occupation("cook"), occupation("chef")
    for measure in MEASURES:
        assert overlap(stored, cook, chef, measure=measure) == overlap(graph, cook, chef, measure=measure)
    assert gap(stored, cook, chef, lang="de") == gap(graph, cook, chef, lang="de")


def test_the_release_stored_and_opened_is_the_release(graph_111: Graph, tmp_path: Path) -> None:
    store(graph_111, tmp_path / STORED)
    opened = open_matrix(tmp_path / STORED)
    assert opened is not None
    same(SkillMatrix.from_graph(graph_111), opened)
    fresh = Graph(graph_111.store)
    stored = Graph(graph_111.store)
    stored.folder = tmp_path
    assert overlap(stored, OTA, OT) == overlap(fresh, OTA, OT)
