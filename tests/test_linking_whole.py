"""Whole texts: what a query and a concept say in other words, and what nothing can be said of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as slow
from hypothesis import strategies as st

from esco_graph.linking.features import FEATURES, features
from esco_graph.linking.index import CandidateIndex, Entry
from esco_graph.linking.reasons import Reasons
from esco_graph.linking.retrieve import retrieve
from esco_graph.linking.texts import Query
from esco_graph.linking.whole import AXES, wholes

ENTRIES = [
    Entry("x:1", (("ward nurse", 0),), "Gives care and medicine to patients in a hospital ward."),
    Entry("x:2", (("hospital porter", 0),), "Moves patients and medicine in a hospital."),
    Entry("x:3", (("baker", 0),), "Bakes bread and cake in an oven."),
    Entry("x:4", (("pastry cook", 0),), "Makes cake and bread dough for the oven."),
]


@pytest.fixture(scope="module")
def index() -> CandidateIndex:
    return CandidateIndex.from_entries(ENTRIES, "occupation", "en")


def many(n: int) -> CandidateIndex:
    """Give an index with more concepts and stems than twice the axes."""
    entries = [
        Entry(f"x:{at}", ((f"kind{at % 250} work{at % 7}", 0),), f"tool{at % 230} and yard{at % 11}") for at in range(n)
    ]
    return CandidateIndex.from_entries(entries, "occupation", "en")


def test_concepts_of_the_same_field_are_near_though_no_word_is_shared() -> None:
    draw = np.random.default_rng(0)
    fields = [[f"{name}{at}" for at in range(150)] for name in ("bread", "steel")]
    texts = [" ".join(draw.choice(fields[at % 2], 12)) for at in range(400)]
    index = CandidateIndex.from_entries(
        [Entry(f"x:{at:03}", ((f"kind{at}", 0),), text) for at, text in enumerate(texts)], "occupation", "en"
    )
    asked = [f"bread{at}" for at in range(6)]
    found = wholes(index).likeness([Query("a", "baker", description=" ".join(asked))])[0]
    apart = np.array([set(text.split()).isdisjoint(asked) for text in texts])
    bread = np.arange(400) % 2 == 0
    assert found[bread & apart].mean() > 5 * found[~bread].mean()


def test_a_title_alone_and_unknown_words_say_nothing(index: CandidateIndex) -> None:
    queries = [Query("a", "ward nurse"), Query("b", "nurse", alt=("日本",)), Query("c", "", description="\ud800 ???")]
    found = wholes(index).likeness(queries)
    assert not found[0].any()
    assert np.isfinite(found).all()
    assert not found[2].any()


def test_it_is_a_feature_and_brings_a_concept_into_the_pool(index: CandidateIndex) -> None:
    queries = [Query("a", "Helper", description="Patients, medicine, ward.")]
    pool = retrieve(index, queries, 2)
    assert sorted(pool.rows[0].tolist()) == [0, 1]
    assert (features(index, queries, pool)[0, :, FEATURES.index("whole")] > 0.5).all()


def test_it_is_a_reason_only_where_no_other_can_be_given(index: CandidateIndex) -> None:
    queries = [Query("a", "xyz", description="Zzz."), Query("b", "ward nurse", description="Zzz.")]
    pool = retrieve(index, [Query("a", "ward nurse"), Query("b", "ward nurse")], 1)
    pool = replace(pool, label=np.array([[-1], pool.label[1]], np.int32))
    for likeness, said in ((0.6, "about the same work"), (0.4, "some letters")):
        values = {"whole": np.full((2, 1), likeness, np.float32)}
        reasons = Reasons(index, queries, pool, values)
        assert said in reasons.of(0, 0)[0]
        assert len(reasons.of(0, 0)) == 1
        assert reasons.of(1, 0)[0].startswith("equal to")


def test_an_index_of_one_concept_or_without_a_common_stem_is_no_error() -> None:
    for entries in (ENTRIES[:1], [Entry("x:1", (("a", 0),)), Entry("x:2", (("b", 0),))]):
        index = CandidateIndex.from_entries(entries, "occupation", "en")
        assert not wholes(index).likeness([Query("q", "ward", description="ward a b")]).any()


def test_the_axes_of_many_concepts_are_found_the_same_each_time() -> None:
    one, other = (wholes(many(600)) for _ in range(2))
    assert one.axes.shape[1] == AXES
    assert np.array_equal(one.concepts, other.concepts)
    near = one.likeness([Query("a", "kind5", description="work5 tool5 yard5")])[0]
    assert near.argmax() == sorted(f"x:{at}" for at in range(600)).index("x:5")


@slow(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=5), st.text(max_size=60))
def test_likeness_lies_between_0_and_1_whatever_the_texts(titles: list[str], description: str) -> None:
    index = CandidateIndex.from_entries(ENTRIES, "occupation", "en")
    found = wholes(index).likeness([Query("a", "x", alt=tuple(titles), description=description)])
    assert found.shape == (1, 4)
    assert (found >= 0).all()
    assert (found <= 1 + 1e-5).all()
