"""Overlap and gap in named skills: what is shared, missing, near and surplus, and what each adds to the number."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_graph.errors import NotFoundError, ParameterError
from esco_graph.graph import Graph
from esco_graph.query import stored
from esco_graph.skills.gap import REACH, Gap, gap, gap_score
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.measures import score, scores
from esco_graph.skills.named import Named
from esco_graph.skills.names import MEASURE_NAMES
from esco_graph.skills.near import NEARNESS
from esco_graph.skills.nearest import top
from esco_graph.skills.overlap import Overlap, SkillShare, overlap
from esco_graph.skills.skill_set import SkillSet
from worlds import occupation, skill, world

OTA = "http://data.europa.eu/esco/occupation/82cbe20d-967c-4161-9ecd-eafc724d171c"
OT = "http://data.europa.eu/esco/occupation/33da5532-8c4e-4d1b-b52e-c201ee1bc7ab"
NEEDS = {
    "cook": ("cut heat", "taste"),
    "chef": ("cut lead plan", "heat price"),
    "clerk": ("plan", "price"),
    "idler": ("", ""),
    "hermit": ("pray", ""),
}
BROADER = [
    ("taste", "senses"),
    ("price", "trade"),
    ("trade", "work"),
    ("lead", "people"),
    ("cut", "people"),
    ("pray", "soul"),
]
COOK, CHEF, IDLER, HERMIT = (occupation(name) for name in ("cook", "chef", "idler", "hermit"))


@pytest.fixture
def kitchen() -> Graph:
    return world(NEEDS, broader=BROADER)


def names(shares: tuple[SkillShare, ...]) -> list[str]:
    return [one.label.removeprefix("skill ") for one in shares]


def all_parts(found: Overlap) -> list[SkillShare]:
    return [
        *(*found.shared_essential, *found.shared_optional, *found.missing_essential, *found.missing_optional),
        *(*found.surplus, *found.broader),
    ]


# --- overlap ----------------------------------------------------------------------------------------------------------


def test_an_overlap_names_every_skill_of_both_once(kitchen: Graph) -> None:
    found = overlap(kitchen, COOK, CHEF, measure="coverage")
    assert (found.a, found.b) == (Named(COOK, "cook"), Named(CHEF, "chef"))
    assert (names(found.shared_essential), names(found.shared_optional)) == (["cut"], ["heat"])
    assert (names(found.missing_essential), names(found.missing_optional)) == (["lead", "plan"], ["price"])
    assert (names(found.surplus), found.broader) == (["taste"], ())
    assert (found.score, found.coverage_ab, found.coverage_ba) == (0.4, 0.4, 0.666667)
    assert found.essential_coverage == 0.333333
    assert [one.contribution for one in (*found.shared_essential, *found.shared_optional)] == [0.2, 0.2]
    assert [one.held for one in (*found.shared_essential, *found.surplus, *found.missing_essential)] == [
        "essential",
        "optional",
        "",
        "",
    ]
    assert [(one.label, one.near, one.distance) for one in found.near] == [
        ("skill lead", Named(skill("cut"), "skill cut"), 1)
    ]


@pytest.mark.parametrize("measure", MEASURE_NAMES)
def test_contributions_add_up_to_the_score(measure: str, kitchen: Graph) -> None:
    matrix = SkillMatrix.of(kitchen)
    for a in NEEDS:
        for b in NEEDS:
            found = overlap(kitchen, occupation(a), occupation(b), measure=measure)
            assert sum(one.contribution for one in all_parts(found)) == pytest.approx(found.score, abs=1e-9)
            against = scores(matrix, matrix.skills_of(occupation(a)), measure)
            assert found.score == pytest.approx(against[matrix.row(occupation(b))], abs=1e-9)
            assert all(
                one.contribution == 0 for one in (*found.missing_essential, *found.missing_optional, *found.surplus)
            )


def test_a_skill_that_is_a_broader_concept_too_is_one_row() -> None:
    graph = world({"o": ("a b", ""), "p": ("a c", ""), "q": ("d", "")}, broader=[("b", "a"), ("c", "a"), ("d", "e")])
    found = overlap(graph, occupation("o"), occupation("p"))
    assert [one.iri for one in (*found.shared_essential, *found.broader)] == [skill("a")]
    assert found.shared_essential[0].contribution == pytest.approx(found.score)
    apart = overlap(
        graph, occupation("o"), SkillMatrix.of(graph).skill_set([skill("c")], iri="http://me", label="Me")[0]
    )
    assert [one.iri for one in apart.broader] == [skill("a")]  # a is a surplus skill, and what b and c have in common
    assert [one.contribution for one in apart.surplus] == [0, 0]
    assert apart.b == Named("http://me", "Me")


def test_two_equal_occupations_and_one_without_skills(kitchen: Graph) -> None:
    same = overlap(kitchen, COOK, COOK)
    assert same.score == pytest.approx(1)
    assert (same.missing_essential, same.missing_optional, same.near, same.surplus) == ((), (), (), ())
    for a, b in ((COOK, IDLER), (IDLER, COOK), (IDLER, IDLER), (COOK, HERMIT)):
        assert overlap(kitchen, a, b).score == 0
    nothing = overlap(kitchen, IDLER, COOK)
    assert names(nothing.missing_essential) == ["heat", "cut"] or names(nothing.missing_essential) == ["cut", "heat"]
    assert (nothing.coverage_ab, nothing.coverage_ba, nothing.near) == (0, 0, ())


def test_rows_are_in_order_of_weight_and_then_iri(kitchen: Graph) -> None:
    found = overlap(kitchen, IDLER, CHEF)
    weights = [(-one.idf, one.iri) for one in found.missing_essential]
    assert weights == sorted(weights)
    assert len({idf for idf, _ in weights}) < len(weights)  # so that a tie was there to be broken


@pytest.mark.parametrize("explain", [overlap, gap])
def test_what_is_unknown_is_told(explain: object, kitchen: Graph) -> None:
    with pytest.raises(NotFoundError, match="not an occupation"):
        explain(kitchen, "http://example.org/none", COOK)  # type: ignore[operator]
    with pytest.raises(NotFoundError, match="not an occupation"):
        explain(kitchen, COOK, skill("cut"))  # type: ignore[operator]
    with pytest.raises(ParameterError, match="language tag"):
        explain(kitchen, COOK, CHEF, lang="en_GB")  # type: ignore[operator]
    with pytest.raises(ParameterError, match="Did you mean jaccard"):
        overlap(kitchen, COOK, CHEF, measure="jacard")


def test_explanations_are_plain_values_for_json(kitchen: Graph) -> None:
    found = json.loads(json.dumps(overlap(kitchen, COOK, CHEF, measure="jaccard").as_dict()))
    assert found["b"] == {"iri": CHEF, "label": "chef"}
    assert found["near"][0]["near"] == {"iri": skill("cut"), "label": "skill cut"}
    missing = json.loads(json.dumps(gap(kitchen, COOK, CHEF).as_dict()))
    assert missing["counts"]["essential"] == {"held": 1, "optional": 0, "new": 2}
    assert missing["missing"][0]["iri"] == skill("plan")


# --- gap --------------------------------------------------------------------------------------------------------------


def test_a_gap_names_what_is_missing_by_worth(kitchen: Graph) -> None:
    found = gap(kitchen, COOK, CHEF)
    matrix = SkillMatrix.of(kitchen)
    idf = {name: float(matrix.idf[matrix.column(skill(name))]) for name in ("cut", "lead", "plan")}
    assert found.score == pytest.approx((idf["plan"] + idf["lead"] / 2) / sum(idf.values()), abs=1e-6)
    assert [(one.label, one.requirement, one.status) for one in found.missing] == [
        ("skill plan", "essential", "new"),
        ("skill lead", "essential", "new"),
        ("skill price", "optional", "new"),
    ]
    lead = found.missing[1]
    assert (lead.near, lead.near_to, lead.reach) == (0.5, Named(skill("cut"), "skill cut"), 1)
    assert lead.worth == pytest.approx(idf["lead"] * 0.5, abs=1e-6)
    assert [one.label for one in found.held] == ["skill cut", "skill heat"]
    assert found.counts == {
        "essential": {"held": 1, "optional": 0, "new": 2},
        "optional": {"held": 1, "optional": 0, "new": 1},
    }


def test_a_skill_that_is_held_as_optional_is_not_new_and_not_in_the_gap() -> None:
    graph = world({"a": ("x", "y"), "b": ("x y", ""), "c": ("z", "")})
    found = gap(graph, occupation("a"), occupation("b"))
    assert found.score == 0
    assert [(one.iri, one.status, one.near, one.worth) for one in found.missing] == [(skill("y"), "optional", 1.0, 0.0)]


def test_reach_counts_the_target_and_the_near_occupations_that_need_a_skill() -> None:
    graph = world(
        {"a": ("x", ""), "b": ("x y z", ""), "c": ("x y", ""), "d": ("x", "z"), "far": ("y", ""), "no": ("w", "")}
    )
    found = {one.iri: one.reach for one in gap(graph, occupation("a"), occupation("b")).missing}
    assert found == {skill("y"): 2, skill("z"): 1}  # far shares nothing with a, and d needs z as optional only


def test_gaps_of_equal_empty_and_lonely_occupations(kitchen: Graph) -> None:
    assert (gap(kitchen, COOK, COOK).score, gap(kitchen, COOK, COOK).missing) == (0, ())
    assert [one.status for one in gap(kitchen, COOK, COOK).held] == ["held", "held", "optional"]
    assert (gap(kitchen, COOK, IDLER).score, gap(kitchen, COOK, IDLER).held) == (0, ())
    assert gap(kitchen, IDLER, COOK).score == 1
    assert gap(kitchen, COOK, HERMIT).score == 1
    assert [one.reach for one in gap(kitchen, IDLER, HERMIT).missing] == [1]


def test_a_person_is_compared_as_an_occupation_is(kitchen: Graph) -> None:
    matrix = SkillMatrix.of(kitchen)
    person, unknown = matrix.skill_set([skill("cut"), skill("plan"), skill("nonsense")], label="Ana")
    assert unknown == [skill("nonsense")]
    found = gap(kitchen, person, CHEF)
    assert found.a == Named("", "Ana")
    assert [one.label for one in found.missing if one.requirement == "essential"] == ["skill lead"]
    assert overlap(kitchen, person, CHEF, measure="essential-coverage").score == pytest.approx(2 / 3)
    nobody = SkillSet.of([])
    assert gap(kitchen, nobody, CHEF).score == 1
    assert gap(kitchen, nobody, CHEF).a == Named("", "")


@given(st.lists(st.sampled_from(sorted({word for both in NEEDS.values() for text in both for word in text.split()}))))
@settings(max_examples=20, deadline=None)
def test_the_parts_of_a_gap_are_the_score(held: list[str]) -> None:
    graph = world(NEEDS, broader=BROADER)
    matrix = SkillMatrix.of(graph)
    person, _ = matrix.skill_set([skill(name) for name in held])
    for name in NEEDS:
        found = gap(graph, person, occupation(name))
        essential = [one for one in (*found.missing, *found.held) if one.requirement == "essential"]
        total = sum(one.idf for one in essential)
        missing = sum(one.idf * (1 - one.near) for one in essential if one.status == "new")
        assert found.score == pytest.approx(missing / total if total else 0, abs=1e-5)
        assert found.score == pytest.approx(gap_score(matrix, person, matrix.row(occupation(name))), abs=1e-6)
        assert {one.near for one in found.missing} <= {0.0, 1.0, *NEARNESS.values()}
        assert all((one.near_to is None) == (one.near in (0.0, 1.0)) for one in found.missing)


# --- the real release -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def step(graph_111: Graph) -> Gap:
    return gap(graph_111, OTA, OT)


def test_on_the_release_the_gap_is_the_known_one(step: Gap) -> None:
    assert step.counts["essential"] == {"held": 20, "optional": 16, "new": 31}
    new = [one.label for one in step.missing if one.status == "new" and one.requirement == "essential"]
    assert len(new) == 31
    assert {"human anatomy", "psychiatry", "medical terminology", "provide assistive technology"} <= set(new)
    order = [(one.requirement != "essential", -one.worth, one.iri) for one in step.missing]
    assert order == sorted(order)
    assert 0 < step.score < 1
    assert (step.a.label, step.b.label) == ("occupational therapy assistant", "occupational therapist")


def test_on_the_release_reach_is_what_it_says(step: Gap, graph_111: Graph) -> None:
    matrix = SkillMatrix.of(graph_111)
    values = scores(matrix, matrix.skills_of(OTA)).copy()
    values[[matrix.row(OTA), matrix.row(OT)]] = 0
    near, _ = top(values, REACH)
    for one in step.missing[:10]:
        column = matrix.column(one.iri)
        assert one.reach == 1 + sum(column in matrix.row_set(row).essential for row in near.tolist())
        assert one.worth == pytest.approx(one.idf * (1 - one.near) * one.reach, abs=1e-3)


def test_on_the_release_the_stored_query_lists_the_same_skills(step: Gap, graph_111: Graph) -> None:
    rows = stored("missing-skills").run(graph_111, occupation=OTA, target=OT).dicts()
    mine = {(one.iri, one.label, one.status, one.requirement) for one in (*step.missing, *step.held)}
    assert mine == {(row["skill"], row["label"], row["status"], row["requirement"]) for row in rows}


def test_on_the_release_explained_overlaps_hold_together(graph_111: Graph) -> None:
    matrix = SkillMatrix.of(graph_111)
    chance = random.Random(7)
    for measure in MEASURE_NAMES:
        for _ in range(5):
            a, b = chance.choice(matrix.occupations), chance.choice(matrix.occupations)
            found = overlap(graph_111, a, b, measure=measure)
            start, end = matrix.skills_of(a), matrix.skills_of(b)
            assert sum(one.contribution for one in all_parts(found)) == pytest.approx(found.score, abs=1e-9)
            assert found.score == pytest.approx(score(matrix, start, end, measure))
            skills = [one.iri for one in all_parts(found)[: -len(found.broader) or None]]
            both = np.union1d(start.all, end.all)
            assert sorted(skills) == [matrix.skills[column] for column in both.tolist()]
            assert all(one.label and one.label != one.iri for one in all_parts(found))
