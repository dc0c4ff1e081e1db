"""The features, the ranking model and its calibration."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esco_graph.errors import SourceError
from esco_graph.linking.calibration import PLACES, confidence, isotonic
from esco_graph.linking.features import FEATURES, features
from esco_graph.linking.index import CandidateIndex, Entry
from esco_graph.linking.ranking import (
    MODELS,
    PROFILES,
    RELATIONS,
    Linear,
    Model,
    load_model,
    read_model,
    rich_queries,
)
from esco_graph.linking.retrieve import retrieve
from esco_graph.linking.siblings import sibling_features
from esco_graph.linking.texts import Query

ENTRIES = [
    Entry("x:1", (("ward nurse", 0), ("nurse on a ward", 1)), "Nurses care for patients in a hospital.", "2221"),
    Entry("x:2", (("school nurse", 0),), "School nurses care for pupils.", "2221"),
    Entry("x:3", (("software engineer", 0), ("programmer", 1)), "Software engineers write programs.", "2512"),
    Entry("x:4", (("head of a school", 0),), "Heads of schools lead teachers.", "1345"),
]


@pytest.fixture(scope="module")
def index() -> CandidateIndex:
    return CandidateIndex.from_entries(ENTRIES, "occupation", "en")


def values(index: CandidateIndex, *queries: Query) -> tuple[np.ndarray, np.ndarray]:
    pool = retrieve(index, queries, 4)
    return features(index, queries, pool), pool.rows


def best(index: CandidateIndex, query: Query) -> str:
    found, rows = values(index, query)
    return index.iris[rows[0, int(np.argmax(load_model().rank(found)[0]))]]


@pytest.mark.parametrize(
    ("query", "iri"),
    [
        (Query("1", "Ward nurses", "en"), "x:1"),
        (Query("1", "programmer", "en"), "x:3"),
        (Query("1", "Heads of schools", "en"), "x:4"),
        (Query("1", "Code Author", "en", ("Programmer", "Software Engineer")), "x:3"),
        (Query("1", "Carer", "en", (), "Care for pupils at a school."), "x:2"),
    ],
)
def test_what_is_known_of_a_query_finds_its_concept(index: CandidateIndex, query: Query, iri: str) -> None:
    assert best(index, query) == iri


def test_an_exact_label_is_seen_and_a_preferred_one_apart(index: CandidateIndex) -> None:
    found, rows = values(index, Query("1", "Programmer", "en"))
    place = int(np.flatnonzero(rows[0] == 2)[0])
    assert found[0, place, FEATURES.index("exact")] == 1
    assert found[0, place, FEATURES.index("exact_pref")] == 0


def test_the_head_is_the_last_word_before_of(index: CandidateIndex) -> None:
    found, rows = values(index, Query("1", "head of a nursery", "en"))
    heads = dict(zip(rows[0].tolist(), found[0, :, FEATURES.index("head")].tolist(), strict=True))
    assert heads[3] == 1
    assert heads.get(0, 0) == 0


def test_nothing_known_gives_features_of_zero(index: CandidateIndex) -> None:
    for label in ("", "???", "\ud800", "日本"):
        found, rows = values(index, Query("1", label, "en"))
        assert np.isfinite(found).all()
        assert not found[rows < 0].any()


def test_no_queries_give_empty_arrays(index: CandidateIndex) -> None:
    found, _ = values(index)
    assert found.shape == (0, 4, len(FEATURES))
    assert load_model().rank(found).shape == (0, 4)
    assert load_model().relate(found).shape == (0, 4, 5)


def test_a_chunk_ranks_as_its_queries_do_alone(index: CandidateIndex) -> None:
    queries = [Query("1", "nurse", "en"), Query("2", "engineer", "en", ("programmer",))]
    both, _ = values(index, *queries)
    for at, query in enumerate(queries):
        alone, _ = values(index, query)
        assert np.allclose(both[at], alone[0], atol=1e-6)


def test_siblings_vote_for_their_group_and_never_for_themselves() -> None:
    isco = ["2221", "2512"]
    pool = np.array([[0, 1], [1, 0], [1, 0]], np.int32)
    scores = np.array([[2.0, 1.0], [2.0, 1.0], [2.0, 1.0]], np.float32)
    found = sibling_features(["251-1", "251-2", "251-3"], isco, pool, scores)
    assert found[0, 1] > found[0, 0]
    alone = sibling_features(["251-1"], isco, pool[:1], scores[:1])
    assert not alone.any()


def test_relations_are_probabilities(index: CandidateIndex) -> None:
    found, _ = values(index, Query("1", "ward nurse", "en"))
    for embed in (False, True):
        shares = load_model(embed=embed).relate(found)
        assert shares.shape[-1] == len(RELATIONS)
        assert np.allclose(shares.sum(axis=-1), 1, atol=1e-5)
    assert RELATIONS[int(load_model().relate(found)[0, 0].argmax())] != "none"


def test_scores_are_a_share_of_the_mass(index: CandidateIndex) -> None:
    found, rows = values(index, Query("1", "ward nurse", "en"))
    shares = 1 / (1 + np.exp(-load_model().rank(found).astype(float)))
    assert shares[0][rows[0] >= 0].sum() == pytest.approx(1, abs=1e-3)


def test_what_was_not_measured_has_no_confidence() -> None:
    scores = np.zeros((1, 2), np.float32)
    assert confidence(load_model(), scores, "occupation", "tlh") is None
    assert confidence(load_model(), scores, "skill", "en") is None
    assert confidence(load_model(), scores, "kldb", "en") is None


def test_confidence_rises_with_the_score_and_an_absent_candidate_has_none() -> None:
    scores = np.array([[4.0, 0.0, -5.0, -np.inf]], np.float32)
    found = confidence(load_model(), scores, "occupation", "en")
    assert found is not None
    assert found[0, 0] >= found[0, 1] >= found[0, 2] >= 0
    assert found[0, 3] == 0


def table(*rights: float) -> dict[str, dict[str, list[float]]]:
    """Give a table that says `rights` of a first candidate at the scores 0, 1 …, and .4 of any later one."""
    return {
        "first": {"score": [float(at) for at in range(len(rights))], "right": list(rights)},
        "later": {"score": [0.0, 1.0], "right": [0.4, 0.4]},
    }


def calibrated(**tables: object) -> Model:
    linear = Linear(*(np.zeros(1, np.float32) for _ in range(4)))
    return Model("m", "1", {"title": linear}, {"title": linear}, {"en": tables})


def test_first_and_later_places_and_rich_queries_have_tables_of_their_own() -> None:
    model = calibrated(title=table(0.2, 0.6), rich=table(0.3, 0.9))
    scores = np.array([[1.0, 0.5], [1.0, 0.5], [0.0, 0.0]], np.float32)
    found = confidence(model, scores, "occupation", "en-GB", rich=np.array([False, True, False]))
    assert found is not None
    assert found.astype(float).round(3).tolist() == [[0.6, 0.4], [0.9, 0.4], [0.2, 0.2]]


def test_a_language_without_gold_for_rich_queries_takes_the_table_of_titles() -> None:
    scores = np.array([[1.0]], np.float32)
    found = confidence(calibrated(title=table(0.2, 0.6)), scores, "occupation", "en", rich=np.array([True]))
    assert found is not None
    assert found.astype(float).round(3).tolist() == [[0.6]]


def test_a_query_is_rich_when_more_than_its_title_is_known(index: CandidateIndex) -> None:
    queries = Query("1", "nurse", "en"), Query("2", "nurse", "en", ("carer", "ward nurse")), Query("3", "x", "en")
    found, _ = values(index, *queries)
    assert rich_queries(found).tolist() == [False, True, False]


@given(st.lists(st.tuples(st.floats(-9, 9), st.booleans()), min_size=1, max_size=60))
def test_isotonic_shares_never_fall_and_keep_the_mean(pairs: list[tuple[float, bool]]) -> None:
    scores, right = np.array([s for s, _ in pairs]), np.array([r for _, r in pairs], float)
    at, share = isotonic(scores, right, most=1)
    assert share == [pytest.approx(right.mean(), abs=1e-5)]
    at, share = isotonic(scores, right)
    assert at == sorted(at)
    assert share == sorted(share)
    assert all(0 <= one <= 1 for one in share)


def test_every_model_names_its_gold_and_fits_the_features() -> None:
    for embed in (False, True):
        model = load_model(embed=embed)
        assert model.name == f"occupation-{'embed' if embed else 'lexical'}"
        assert model.calibration
        for table in model.calibration.values():
            assert table["gold"]
            assert table["version"]
            parts = [table[profile][place] for profile in PROFILES if profile in table for place in PLACES]
            assert "title" in table
            assert all(len(part["score"]) == len(part["right"]) > 1 for part in parts)


def test_support_counts_fall_with_the_threshold_raised() -> None:
    for table in json.loads((MODELS / "support.json").read_text(encoding="utf-8"))["tables"]:
        assert all(taken >= right >= 0 for _, taken, right in table["levels"])
        assert [level[1] for level in table["levels"]] == sorted(level[1] for level in table["levels"])


def test_a_model_of_other_features_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text('{"features": ["char"]}', encoding="utf-8")
    with pytest.raises(SourceError, match="other features"):
        read_model(path)
    with pytest.raises(SourceError, match="no model"):
        read_model(tmp_path / "none.json")
