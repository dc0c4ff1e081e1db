"""The benchmark of careers: its figures by hand, and what the package reaches on the golds."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from conftest import SHARED
from esco_graph.graph import Graph
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.measures import MEASURES
from worlds import occupation, world

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
import careers
from careers_gold import Gold, Groups, Queries, kept_first, read_related

GOLD = SHARED / "gold"
RELATED = SHARED / "taxonomies" / "onet" / "Related Occupations.xlsx"
real_gold = pytest.mark.skipif(not GOLD.is_dir(), reason="the gold files are not here")


@pytest.fixture(scope="module")
def small() -> SkillMatrix:
    skills = {"a": ("s t", ""), "b": ("s", "t"), "c": ("t u", ""), "d": ("v", "")}
    return SkillMatrix.from_graph(world(skills, {"a": "1111", "b": "1111", "c": "2222", "d": "3333"}))


def pairs(matrix: SkillMatrix, scores: dict[str, float]) -> np.ndarray:
    """Make symmetric scores from pairs of names; what is not given is 0."""
    found = np.zeros((len(matrix.occupations),) * 2)
    for names, value in scores.items():
        a, b = (matrix.row(occupation(name)) for name in names)
        found[a, b] = found[b, a] = value
    return found


# Golds


def test_a_gold_file_is_known_by_its_columns(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("concept_uri,onet2019,more\nhttp://a,11-1011.00,1\n", encoding="utf-8-sig")
    (tmp_path / "y.csv").write_text("t,b,a\nProche,2222,1111\n", encoding="utf-8")
    gold = Gold()
    gold.read(tmp_path / "x.csv")
    gold.read(tmp_path / "y.csv")
    assert gold.crosswalk == {"http://a": "11-1011.00"}
    assert gold.moves == {("1111", "2222", "Proche")}


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "concept_uri\nx\n"])
def test_other_columns_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "z.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match="neither"):
        Gold().read(tmp_path / "z.csv")


def test_related_occupations_have_gains_by_tier(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(
        ("O*NET-SOC Code", "Title", "Related O*NET-SOC Code", "Related Title", "Relatedness Tier", "Index")
    )
    book.active.append(("1", "x", "2", "y", "Primary-Short", 1))
    book.active.append(("1", "x", "3", "z", "Supplemental", 11))
    book.save(tmp_path / "related.xlsx")
    book.close()
    assert read_related(tmp_path / "related.xlsx") == {("1", "2"): 3, ("1", "3"): 1}


# Figures by hand


def test_ndcg_of_a_ranking_by_hand(small: SkillMatrix) -> None:
    crosswalk = {occupation(name): code for name, code in zip("abcd", ("X", "X", "Y", "Z"), strict=True)}
    queries = Queries.of(small, {**crosswalk, occupation("unknown"): "X"}, {("X", "Y"): 3, ("X", "Z"): 1})
    best, worst = pairs(small, {"ac": 0.9, "ad": 0.5, "ab": 1.0}), pairs(small, {"ac": 0.5, "ad": 0.9, "bc": 1.0})
    assert queries.ndcg(best)["0"] == pytest.approx((1 + 1) / 2), "b is of a's own code and left out; b has ties by IRI"
    by_hand = (1 + 7 / np.log2(3)) / (7 + 1 / np.log2(3))
    assert queries.ndcg(worst)["0"] == pytest.approx((by_hand + 1) / 2)
    linear = (1 + 3 / np.log2(3)) / (3 + 1 / np.log2(3))
    assert queries.ndcg(worst, linear=True)["0"] == pytest.approx((linear + 1) / 2)
    assert set(queries.ndcg(best)) == {"0"}, "codes to which nothing is related are no queries"


def test_groups_are_ranked_by_the_best_occupation_of_the_target_on_average(small: SkillMatrix) -> None:
    groups = Groups(small, {("1111", "2222", "Proche"), ("1111", "3333", "Evolution"), ("9999", "1111", "Proche")})
    scores = pairs(small, {"ac": 0.4, "bc": 0.2, "ad": 0.9, "bd": 0.1})
    assert groups.codes == ["1111", "2222", "3333"], "groups without occupations are left out"
    assert groups.scores(scores)[0, 1:].tolist() == pytest.approx([0.3, 0.5])
    assert groups.precision(scores, "progression") == {"1111": 1.0}
    assert groups.precision(scores, "near") == {"1111": 0.5}


def test_equal_scores_keep_their_order() -> None:
    assert kept_first(np.array([0.1, 0.30000001, 0.3, 0.5])).tolist() == [3, 1, 2, 0]


def test_an_interval_holds_the_mean_and_a_difference_is_paired() -> None:
    first = {"x": 0.1, "y": 0.5, "z": 0.9}
    mean, low, high = careers.interval(first, 500)
    assert mean == pytest.approx(0.5)
    assert low <= mean <= high
    assert careers.interval(first, 500) == (mean, low, high), "the seed is fixed"
    shifted = {key: value + 0.2 for key, value in first.items()}
    assert careers.interval(shifted, 500, first) == pytest.approx((0.2, 0.2, 0.2))


def test_only_steps_that_leave_a_known_group_count(small: SkillMatrix) -> None:
    row = {name: small.row(occupation(name)) for name in "abcd"}
    lists = np.full((4, 1), -1)
    lists[row["a"]], lists[row["b"]], lists[row["c"]] = row["b"], row["c"], row["d"]
    joined = [(row["a"], row["d"]), (row["d"], row["a"])]
    walked = careers.walk(small, [lists], joined, {"1111": {"2222"}})
    assert (walked.asked, walked.lengths) == (2, [3])
    assert (dict(walked.hits), dict(walked.crossed)) == ({"1111": 1}, {"1111": 1})
    assert walked.share(50) == (1.0, 1.0, 1.0)


def test_near_lists_leave_the_own_row_out() -> None:
    scores = np.array([[1.0, 0.2, 0.3], [0.2, 0.1, 0.9], [0.3, 0.9, 1.0]])
    assert careers.near_lists(scores, 2).tolist() == [[2, 1], [2, 0], [1, 0]]


# What is reached


@pytest.fixture(scope="module")
def gold() -> Gold:
    found = Gold()
    for name in ("onet_esco_crosswalk_dev.csv", "rome_moves_isco4_dev.csv"):
        found.read(GOLD / name)
    return found


@real_gold
def test_likeness_beats_all_four_baselines_on_the_dev_gold(graph_111: Graph, gold: Gold) -> None:
    pytest.importorskip("openpyxl")
    matrix = SkillMatrix.of(graph_111)
    queries = Queries.of(matrix, gold.crosswalk, read_related(RELATED))
    makers = careers.methods(matrix)
    ours = queries.ndcg(makers["likeness"]())
    assert careers.interval(ours, 100)[0] >= 0.39
    for name in careers.BASELINES:
        _, low, _ = careers.interval(ours, 1000, queries.ndcg(makers[name]()))
        assert low > 0, name


@real_gold
def test_likeness_finds_the_moves_of_the_dev_gold(graph_111: Graph, gold: Gold) -> None:
    matrix = SkillMatrix.of(graph_111)
    groups = Groups(matrix, gold.moves)
    scores = MEASURES["likeness"].all_pairs(matrix)
    assert careers.interval(groups.precision(scores, "near"), 10)[0] >= 0.32
    assert careers.interval(groups.precision(scores, "progression"), 10)[0] >= 0.21
