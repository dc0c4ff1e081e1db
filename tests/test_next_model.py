"""The models of next steps, and the words of `likeness`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esco_graph.careers import next_model
from esco_graph.graph import Graph
from esco_graph.skills.matrix import SkillMatrix, SkillSet
from esco_graph.skills.measures import MEASURES, score, scores
from esco_graph.skills.text import Wording, read_wording
from esco_graph.terms import DCT, ESCO, SKOS

EX = "http://example.org/"
PREFIXES = f"PREFIX : <{EX}> PREFIX esco: <{ESCO}> PREFIX skos: <{SKOS}> PREFIX dct: <{DCT}> "
NURSING = """
:g skos:prefLabel "Nursing professionals"@en ; dct:description "They nurse patients."@en .
:nurse a esco:Occupation ; skos:prefLabel "nurse"@en, "Pflegerin"@de ;
    dct:description "Nurses patients in hospitals."@en ;
    esco:memberOfISCOGroup :g ; esco:relatedEssentialSkill :care, :listen .
:midwife a esco:Occupation ; skos:prefLabel "midwife"@en ; dct:description "Nurses mothers in hospitals."@en ;
    esco:memberOfISCOGroup :g ; esco:relatedEssentialSkill :care ; esco:relatedOptionalSkill :listen .
:welder a esco:Occupation ; skos:prefLabel "welder"@en ; esco:relatedEssentialSkill :weld .
:mute a esco:Occupation ; esco:relatedEssentialSkill :care, :weld .
:empty a esco:Occupation ; skos:prefLabel "nurse of patients"@en .
"""


def graph_of(turtle: str) -> Graph:
    return Graph.memory(ox.parse(PREFIXES + turtle, ox.RdfFormat.TURTLE))


@pytest.fixture(scope="module")
def small() -> SkillMatrix:
    return SkillMatrix.from_graph(graph_of(NURSING))


def of(matrix: SkillMatrix, name: str) -> SkillSet:
    return matrix.skills_of(EX + name)


# Words


def test_words_come_from_the_occupation_and_its_group_in_one_language(small: SkillMatrix) -> None:
    wording = small.wording
    row = wording.rows[[small.row(EX + "nurse")]]
    words = {wording.words[column] for column in row.indices.tolist() if row[0, column]}
    assert "professionals" in words, "a word of the group"
    assert "hospitals" in words
    assert "Pflegerin".casefold() not in wording.words
    assert wording.lang == "en"


def test_words_that_begin_alike_meet() -> None:
    wording = Wording.of(["teacher", "teaching", "teaches"])
    assert wording.words == ["teacher", "teaching"], "the first six letters count: teache, teachi"


def test_without_english_the_language_of_most_labels_is_read() -> None:
    welder, cook = 'skos:prefLabel "Schweißer"@de', 'skos:prefLabel "Koch"@de, "cuoco"@it'
    graph = graph_of(f":a a esco:Occupation ; {welder} . :b a esco:Occupation ; {cook} .")
    wording = read_wording(graph, [EX + "a", EX + "b"])
    assert (wording.lang, wording.words) == ("de", ["koch", "schweisser"])


def test_a_graph_without_labels_has_no_words() -> None:
    wording = read_wording(graph_of(":a a esco:Occupation ."), [EX + "a"])
    assert wording.rows.shape == (1, 0)
    assert Wording.of([]).rows.shape == (0, 0)


@given(st.lists(st.text(), max_size=6))
def test_word_vectors_have_length_one_or_are_empty(texts: list[str]) -> None:
    rows = Wording.of(texts).rows
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel()) if rows.shape[1] else np.zeros(len(texts))
    assert all(abs(length - 1) < 1e-9 or length == 0 for length in lengths.tolist())


# Likeness


def test_likeness_is_half_affinity_half_words(small: SkillMatrix) -> None:
    nurse, midwife = of(small, "nurse"), of(small, "midwife")
    rows = small.wording.rows
    words = float((rows[[small.row(EX + "nurse")]] @ rows[[small.row(EX + "midwife")]].T).toarray()[0, 0])
    assert score(small, nurse, midwife, "likeness") == pytest.approx(
        (score(small, nurse, midwife, "affinity") + words) / 2
    )


def test_who_has_no_words_is_compared_by_affinity(small: SkillMatrix) -> None:
    person = SkillSet.of(of(small, "nurse").all.tolist(), label="me")
    for one in (person, of(small, "mute")):
        for name in ("nurse", "welder", "mute"):
            expected = score(small, one, of(small, name), "affinity")
            assert score(small, one, of(small, name), "likeness") == pytest.approx(expected)
            assert score(small, of(small, name), one, "likeness") == pytest.approx(expected)


def test_an_occupation_without_skills_is_like_nothing(small: SkillMatrix) -> None:
    empty = of(small, "empty")
    assert not scores(small, empty, "likeness").any()
    assert score(small, of(small, "nurse"), empty, "likeness") == 0
    assert not MEASURES["likeness"].all_pairs(small)[small.row(EX + "empty")].any()


def test_one_pair_one_against_all_and_all_pairs_agree(small: SkillMatrix) -> None:
    pairs = MEASURES["likeness"].all_pairs(small)
    assert pairs == pytest.approx(pairs.T)
    for a in range(len(small.occupations)):
        against = scores(small, small.row_set(a), "likeness")
        assert pairs[a] == pytest.approx(against, abs=1e-6)
        for b in range(len(small.occupations)):
            assert score(small, small.row_set(a), small.row_set(b), "likeness") == pytest.approx(against[b])


def test_words_are_named_among_the_contributions(small: SkillMatrix) -> None:
    parts = MEASURES["likeness"].contributions(small, of(small, "nurse"), of(small, "midwife"))
    assert parts["word:hospitals"] > 0
    assert parts[EX + "care"] > 0
    assert all(value > 0 for value in parts.values())


def test_likeness_on_a_real_release_agrees_with_its_parts(graph_111: Graph) -> None:
    matrix = SkillMatrix.of(graph_111)
    pairs = MEASURES["likeness"].all_pairs(matrix)
    assert pairs.min() >= 0
    assert pairs.max() <= 1
    for a, b in np.random.default_rng(4).integers(0, len(matrix.occupations), (40, 2)).tolist():
        parts = MEASURES["likeness"].contributions(matrix, matrix.row_set(a), matrix.row_set(b))
        assert sum(parts.values()) == pytest.approx(pairs[a, b], abs=1e-6)


# Next steps


def test_the_data_file_says_how_it_came_about() -> None:
    data = tomllib.loads(files("esco_graph.careers").joinpath("next_model.toml").read_text(encoding="utf-8"))
    assert data["gold"].endswith("_dev.csv"), "trained on the dev half only"
    assert data["measure"] == next_model.MEASURE
    for kind in next_model.KINDS:
        assert set(data[kind]["weights"]) == set(data[kind]["means"]) == set(next_model.VALUES)
        assert 0 < data[kind]["map_cross_validated"] <= data[kind]["map_in_training"] + 0.01


def test_more_alike_is_always_likelier() -> None:
    for kind in next_model.KINDS:
        likeness = np.linspace(0.0, 1.0, 50)
        values = np.column_stack([np.log(likeness + 0.01), *np.zeros((3, 50))])
        assert (np.diff(next_model.models()[kind].chances(values)) > 0).all()


def test_a_step_up_makes_a_progression_likelier_and_a_near_move_less_likely() -> None:
    values = np.array([[np.log(0.31), 0, 0, 0], [np.log(0.31), 1, 0, 0]])
    for kind, likelier in (("progression", True), ("near", False)):
        same, up = next_model.models()[kind].chances(values)
        assert (up > same) == likelier


def test_rank_on_a_real_release(graph_111: Graph) -> None:
    matrix = SkillMatrix.of(graph_111)
    held = matrix.row_set(100)
    moves = next_model.rank(matrix, held)
    assert moves.score.shape == (len(matrix.occupations),)
    assert (moves.score >= 0).all()
    assert (moves.score <= 1).all()
    assert moves.level == matrix.level[100]
    best = int(np.argsort(-moves.score)[1])
    assert re.fullmatch(
        r"(very |somewhat )?alike \(likeness 0\.[0-9]{2}\), the main reason for its rank", moves.reasons(best)[0]
    )


def test_reasons_tell_what_counts_for_and_against() -> None:
    """The odds are against an average pair, so a step up counts more than its coefficient, which is against none."""
    likeness = np.log(np.array([0.88, 0.02]) + 0.01)
    values = np.column_stack([likeness, [1, 0], [0, 1], [0, 1]])
    moves = next_model.Moves(np.array([0.1, 0.1]), np.array([0.2, 0.2]), values, 2)
    model = next_model.models()["progression"]
    assert float(np.exp(model.weights[1])) == pytest.approx(1.62, abs=0.01)
    assert moves.reasons(0) == (
        "very alike (likeness 0.88), the main reason for its rank",
        "a step up counts for it (odds × 1.9)",
    )
    like, down, manager = moves.reasons(1)
    factors = model.factors(values[1])
    assert like == f"hardly alike (likeness 0.02), which counts against it (odds × {factors[0]:.2g})"
    assert down == f"a step down counts against it (odds × {factors[1] * factors[2]:.2g})"
    assert manager == f"a manager's group counts for it (odds × {factors[3]:.2g})"
    assert moves.reasons(0, "cook")[1] == "a step up from cook counts for it (odds × 1.9)"
    assert moves.reasons(1, "cook")[1].startswith("a step down from cook counts against it")


def test_a_person_starts_from_the_level_of_the_nearest_occupation(graph_111: Graph) -> None:
    matrix = SkillMatrix.of(graph_111)
    person = SkillSet.of(matrix.row_set(100).all.tolist())
    moves = next_model.rank(matrix, person)
    nearest = int(np.argmax(np.round(scores(matrix, person, "affinity"), 6)))
    assert moves.level == matrix.level[nearest]
    assert "the same ISCO level as cook" in moves.reasons(nearest, "cook")[1]
    other = int(np.flatnonzero((matrix.level > 0) & (matrix.level != moves.level))[0])
    held = replace(person, held_occupations=(matrix.occupations[other],))
    assert next_model.rank(matrix, held).level == matrix.level[other]


def test_nothing_in_common_has_no_chance(small: SkillMatrix) -> None:
    moves = next_model.rank(small, of(small, "empty"))
    assert not moves.score.any()
    assert next_model.rank(small, SkillSet.of([])).level == 0
    assert next_model.rank(SkillMatrix.from_graph(graph_of("")), SkillSet.of([])).score.shape == (0,)
