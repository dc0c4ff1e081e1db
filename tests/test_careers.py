"""Career questions: similar occupations, next steps, paths and reach, on made-up worlds and on the real release."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import numpy as np
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import servers
from conftest import said_under_two_seeds
from esco_graph.careers import Paths, next_steps, paths, reachable, similar
from esco_graph.careers.names import DIRECTIONS, LEVELS, STEP_COST
from esco_graph.careers.nets import either_way
from esco_graph.careers.next_model import rank
from esco_graph.careers.ranking import best_first
from esco_graph.careers.search import cheapest_ways, gained, hops_to
from esco_graph.careers.worth import Worth
from esco_graph.errors import NotFoundError, ParameterError
from esco_graph.graph import Graph
from esco_graph.labels import find_concept
from esco_graph.persons.model import OccupationHolding, Person, SkillHolding
from esco_graph.skills.gap import gap, gap_score
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.names import MEASURE_NAMES
from esco_graph.skills.nearest import nearest
from esco_graph.skills.overlap import overlap
from esco_graph.terms import SKOS
from worlds import occupation, quads, skill, world

OTA = "http://data.europa.eu/esco/occupation/82cbe20d-967c-4161-9ecd-eafc724d171c"
OT = "http://data.europa.eu/esco/occupation/33da5532-8c4e-4d1b-b52e-c201ee1bc7ab"
SEED_PAGE = (  # the page's "Similar occupations", which were made from an earlier release
    "occupational therapist",
    "speech and language therapist",
    "traditional chinese medicine therapist",
    "specialist biomedical scientist",
)
PLAIN = "cosine"  # a measure that knows skills alone, for worlds without descriptions

LADDER = {
    "porter": ("a b", ""),
    "helper": ("a b c", "x"),
    "cook": ("b c d", "e x"),
    "chef": ("c d e f", "y"),
    "manager": ("e f g h", ""),
    "hermit": ("z", ""),
    "idler": ("", ""),
}
GROUPS = {"porter": "9412", "helper": "9412", "cook": "5120", "chef": "3434", "manager": "2431", "hermit": "2431"}


@pytest.fixture(scope="module")
def ladder() -> Graph:
    return world(LADDER, GROUPS, regulated=["chef"], green=["f", "g"])


def labels(found: Any) -> list[str]:
    return [row.label for row in found.rows]


class TestSimilar:
    def test_rows_carry_score_counts_and_facts(self, ladder: Graph) -> None:
        found = similar(ladder, occupation("cook"), measure="coverage")
        assert [(row.label, row.shared, row.total, row.score) for row in found.rows] == [
            ("helper", 3, 4, 0.75),
            ("chef", 3, 5, 0.6),
            ("porter", 1, 2, 0.5),
            ("manager", 1, 4, 0.25),
        ]
        chef = found.rows[1]
        assert (chef.code, chef.isco, chef.level) == ("3434.1", "3434", 3)
        assert found.remark == ""
        assert found.own_level == 2

    @pytest.mark.parametrize(
        ("level", "expected"),
        [("any", {"porter", "helper", "chef", "manager"}), ("same", set()), ("next", {"chef"}),
         ("higher", {"chef", "manager"}), ("lower", {"porter", "helper"})],
    )  # fmt: skip
    def test_levels(self, ladder: Graph, level: str, expected: set[str]) -> None:
        found = similar(ladder, occupation("cook"), measure=PLAIN, level=level)
        assert set(labels(found)) == expected
        assert bool(found.remark) == (not expected)

    def test_constraints(self, ladder: Graph) -> None:
        def kept(**constraints: Any) -> list[str]:
            return labels(similar(ladder, occupation("cook"), measure=PLAIN, **constraints))

        assert kept(isco="9") == kept(isco="C9412") == kept(isco="isco:C94") == ["helper", "porter"]
        assert kept(regulated=True) == ["chef"]
        assert set(kept(regulated=False)) == {"porter", "helper", "manager"}
        assert set(kept(min_green=0.1)) == {"chef", "manager"}
        assert kept(min_green=0.5) == ["manager"]
        assert kept(min_green=0.1, level="next", regulated=True, isco="34") == ["chef"]

    @pytest.mark.parametrize(
        ("start", "constraints", "why"),
        [
            ("manager", {"level": "higher"}, "level 4 is the highest"),
            ("manager", {"level": "next"}, "level 4 is the highest"),
            ("porter", {"level": "lower"}, "level 1 is the lowest"),
            ("idler", {}, "idler has no skills in this graph"),
            ("hermit", {}, "no other occupation"),
            ("cook", {"isco": "7"}, "no occupation in ISCO group 7"),
            ("porter", {"isco": "2431", "min_green": 0.9}, "in ISCO group 2431"),
            ("cook", {"min_digital": 0.5}, "no occupation with at least 50% digital skills"),
        ],
    )
    def test_an_empty_answer_says_why(self, ladder: Graph, start: str, constraints: dict[str, Any], why: str) -> None:
        found = similar(ladder, occupation(start), measure=PLAIN, **constraints)
        assert found.rows == ()
        assert why in found.remark

    def test_an_unknown_level_is_no_level(self) -> None:
        graph = world({"one": ("a b", ""), "two": ("a", "")}, {"two": "5120"})
        assert labels(similar(graph, occupation("one"), measure="jaccard")) == ["two"]
        assert "by cosine" in similar(graph, occupation("one"), measure=PLAIN).remark  # all have it: it has no weight
        for level in set(LEVELS) - {"any"}:
            found = similar(graph, occupation("one"), measure=PLAIN, level=level)
            assert not found.rows
            assert "level of one is not known" in found.remark
        assert not similar(graph, occupation("two"), measure=PLAIN, level="lower").rows  # unknown is not below

    def test_a_graph_without_relations_says_so(self, sample_graph: Graph) -> None:
        bare = Graph.memory(quad for quad in sample_graph.quads() if "Skill" not in quad.predicate.value)
        for ask in (similar, next_steps, reachable):
            found = ask(bare, OTA)  # type: ignore[operator]
            assert "no relations between occupations and skills" in found.remark
        assert "no relations" in paths(bare, OTA, OT).remark

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"measure": "jacard"}, "Did you mean jaccard"),
            ({"level": "nxt"}, "Did you mean next"),
            ({"isco": "22690"}, "one to four digits"),
            ({"isco": "nurses"}, "one to four digits"),
            ({"min_green": 1.5}, "from 0 to 1"),
            ({"min_digital": -0.1}, "from 0 to 1"),
            ({"min_green": float("nan")}, "from 0 to 1"),
            ({"limit": 0}, "at least 1"),
            ({"lang": "not a tag"}, ""),
        ],
    )
    def test_what_is_not_possible_is_refused(self, ladder: Graph, wrong: dict[str, Any], said: str) -> None:
        with pytest.raises(ParameterError) as caught:
            similar(ladder, occupation("cook"), **wrong)
        assert said in str(caught.value)

    def test_an_unknown_occupation_is_named(self, ladder: Graph) -> None:
        for ask in (similar, next_steps, reachable):
            with pytest.raises(NotFoundError, match="nobody"):
                ask(ladder, occupation("nobody"))  # type: ignore[operator]
        for start, target in (("nobody", "cook"), ("cook", "nobody")):
            with pytest.raises(NotFoundError, match="nobody"):
                paths(ladder, occupation(start), occupation(target))

    def test_explained_rows_name_every_skill_once(self, ladder: Graph) -> None:
        row = similar(ladder, occupation("cook"), measure=PLAIN, level="next", explain=True).rows[0]
        assert row.explained is not None
        parts = {name: [one.label for one in getattr(row.explained, name)] for name in vars(row.explained)}
        assert row.label == "chef"
        assert sorted(parts["shared_essential"]) == ["skill c", "skill d", "skill e"]
        assert parts["missing_essential"] == ["skill f"]
        assert parts["missing_optional"] == ["skill y"]
        assert row.as_dict()["missing_essential"][0]["iri"] == skill("f")

    @pytest.mark.parametrize("measure", MEASURE_NAMES)
    def test_the_named_reasons_add_up_to_the_score(self, sample_graph: Graph, measure: str) -> None:
        for row in similar(sample_graph, OTA, measure=measure, limit=3, explain=True).rows:
            assert row.explained is not None
            parts = (*row.explained.shared_essential, *row.explained.shared_optional, *row.explained.grounds)
            assert sum(one.worth for one in parts) == pytest.approx(row.score, abs=5e-4)
            assert all(one.label for one in parts)

    def test_a_person_is_ranked_like_an_occupation_with_the_same_skills(self, ladder: Graph) -> None:
        matrix = SkillMatrix.of(ladder)
        person, unknown = matrix.skill_set([skill("a"), skill("b"), skill("nothing")], iri="urn:x", label="Sam")
        assert unknown == [skill("nothing")]
        found = similar(ladder, person, measure=PLAIN)
        assert labels(found)[:2] == ["porter", "helper"]
        assert found.rows[0].score == 1.0
        assert found.start.label == "Sam"
        same = similar(ladder, person, measure=PLAIN, level="same")
        assert (labels(same), same.own_level) == (["porter", "helper"], 1)
        assert same.standing is not None
        assert found.standing is None
        nobody, _ = matrix.skill_set([], label="Kim")
        assert "Kim has no skills" in similar(ladder, nobody).remark

    def test_equal_scores_stand_in_the_order_of_their_iris(self) -> None:
        graph = world(dict.fromkeys(("e", "b", "d", "a", "c"), ("a b", "")) | {"other": ("z", "")})
        assert labels(similar(graph, occupation("c"), measure="jaccard")) == ["a", "b", "d", "e"]

    @pytest.mark.parametrize("measure", MEASURE_NAMES)
    def test_every_measure_ranks_from_high_to_low(self, sample_graph: Graph, measure: str) -> None:
        found = similar(sample_graph, OTA, measure=measure, limit=100)
        scores = [row.score for row in found.rows]
        assert found.rows[0].iri == OT
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)
        assert OTA not in {row.iri for row in found.rows}

    def test_labels_follow_the_language(self) -> None:
        both = world({"one": ("a", ""), "two": ("a", "")})
        german = (ox.NamedNode(occupation("two")), ox.NamedNode(SKOS + "prefLabel"), ox.Literal("zwei", language="de"))
        both.extend([ox.Quad(*german)])
        for lang, expected in (("de", "zwei"), ("en", "two"), ("fr", "two")):
            assert labels(similar(both, occupation("one"), measure="jaccard", lang=lang)) == [expected]


class TestTheSeedPage:
    """The page lists four similar occupations. Coverage at its ISCO level ranks three of them among the first five."""

    def ranks(self, graph: Graph) -> list[int]:
        ranked = labels(similar(graph, OTA, measure="coverage", level="same", limit=500))
        return [ranked.index(label) + 1 for label in SEED_PAGE]

    def test_on_v111(self, graph_111: Graph) -> None:
        assert self.ranks(graph_111) == [1, 4, 5, 12]

    def test_on_v110(self, graph_110: Graph) -> None:
        assert self.ranks(graph_110) == [1, 3, 4, 11]

    def test_no_prospects_as_on_the_page(self, graph_111: Graph) -> None:
        assert "level 4 is the highest" in similar(graph_111, OTA, measure="coverage", level="next").remark


class TestNextSteps:
    def test_nothing_is_left_out_by_level_unless_asked(self, ladder: Graph) -> None:
        found = next_steps(ladder, occupation("cook"))
        assert {row.label: row.direction for row in found.rows} == {
            "helper": "down", "porter": "down", "chef": "up", "manager": "up"
        }  # fmt: skip
        for direction in ("up", "down"):
            kept = next_steps(ladder, occupation("cook"), direction=direction)
            assert {row.direction for row in kept.rows} == {direction}
            assert kept.rows == tuple(row for row in found.rows if row.direction == direction)

    def test_gap_and_missing_are_those_of_the_gap(self, graph_111: Graph) -> None:
        for row in next_steps(graph_111, OTA, limit=3).rows:
            told = gap(graph_111, OTA, row.iri)
            assert row.gap == told.score
            new = [one for one in told.missing if one.requirement == "essential" and one.status == "new"]
            assert [(one.iri, one.worth) for one in row.missing] == [(one.iri, one.worth) for one in new]

    def test_the_score_is_that_of_the_model(self, sample_graph: Graph) -> None:
        matrix = SkillMatrix.of(sample_graph)
        moves = rank(matrix, matrix.skills_of(OTA))
        for row in next_steps(sample_graph, OTA).rows:
            at = matrix.row(row.iri)
            assert row.score == pytest.approx(moves.score[at], abs=1e-6)
            assert row.score == pytest.approx(1 - (1 - row.near) * (1 - row.progression), abs=2e-6)
            assert moves.reasons(at) == row.reasons[3:]

    def test_reasons_are_words(self, ladder: Graph) -> None:
        row = next(row for row in next_steps(ladder, occupation("cook")).rows if row.label == "chef")
        said = " ".join(row.reasons)
        assert "up, from ISCO level 2 to 3" in said
        assert "3 of its 5 skills are held" in said
        assert "1 essential skill is missing: skill f" in said

    @pytest.mark.parametrize(
        ("start", "direction", "why"),
        [("manager", "up", "level 4 is the highest"), ("porter", "down", "level 1 is the lowest"),
         ("idler", "any", "no skills"), ("hermit", "any", "in common with hermit"), ("cook", "same", "same level")],
    )  # fmt: skip
    def test_an_empty_answer_says_why(self, ladder: Graph, start: str, direction: str, why: str) -> None:
        found = next_steps(ladder, occupation(start), direction=direction)
        assert not found.rows
        assert why in found.remark

    def test_no_level_to_go_by_is_said(self) -> None:
        graph = world({"one": ("a b", ""), "two": ("a", ""), "other": ("z", "")})
        found = next_steps(graph, person("a b", "one"))
        assert (labels(found), found.rows[0].direction, found.standing) == (["two"], "", None)
        assert "level of Sam is not known" in next_steps(graph, person("a b", "one"), direction="up").remark
        assert "level of Sam is not known" in similar(graph, person("a b"), level="same").remark

    def test_an_unknown_direction_is_refused(self, ladder: Graph) -> None:
        with pytest.raises(ParameterError, match=", ".join(DIRECTIONS)):
            next_steps(ladder, occupation("cook"), direction="upwards")


ASKED = {
    "similar": lambda graph, start: similar(graph, start),
    "next_steps": lambda graph, start: next_steps(graph, start),
    "reachable": lambda graph, start: reachable(graph, start, effort=3),
    "paths": lambda graph, start: paths(graph, start, occupation("manager")),
    "gap": lambda graph, start: gap(graph, start, occupation("manager")),
    "overlap": lambda graph, start: overlap(graph, start, occupation("manager")),
}


def person(skills: str, held: str = "") -> Person:
    """One who has these skills and had these occupations."""
    holdings = tuple(SkillHolding(skill(name)) for name in skills.split())
    return Person("", name="Sam", skills=holdings, occupations=tuple(map(had, held.split())))


def had(name: str) -> OccupationHolding:
    return OccupationHolding(occupation(name))


class TestStarts:
    @pytest.mark.parametrize("asked", ASKED)
    def test_a_person_may_start(self, ladder: Graph, asked: str) -> None:
        sam = person("b c d", "porter")
        assert ASKED[asked](ladder, sam) == ASKED[asked](ladder, sam.skill_set(SkillMatrix.of(ladder)))

    @pytest.mark.parametrize("asked", ASKED)
    @pytest.mark.parametrize("wrong", [ox.NamedNode(occupation("cook")), None, 7, Person, ["a"]], ids=repr)
    def test_what_is_no_start_is_refused(self, ladder: Graph, asked: str, wrong: Any) -> None:
        with pytest.raises(ParameterError) as refused:
            ASKED[asked](ladder, wrong)
        assert "IRI as text" in (refused.value.advice or "")

    def test_the_matrix_is_no_person(self, ladder: Graph) -> None:
        with pytest.raises(ParameterError):
            similar(ladder, SkillMatrix.of(ladder))  # type: ignore[arg-type]

    def test_what_is_no_target_is_refused(self, ladder: Graph) -> None:
        with pytest.raises(ParameterError, match="NamedNode is no occupation"):
            paths(ladder, occupation("cook"), ox.NamedNode(occupation("chef")))  # type: ignore[arg-type]


def test_a_count_of_one_is_singular() -> None:
    graph = world({"one": ("a", ""), "two": ("a b", ""), "none": ("c", ""), "mix": ("b c", "")})
    said = {row.label: row.reasons[1] for row in next_steps(graph, occupation("two")).rows}
    assert said["one"] == "its only skill is held: skill a"
    assert said["mix"] == "1 of its 2 skills is held: skill b"
    found = paths(graph, occupation("two"), occupation("none"))
    assert found.direct is not None
    assert "its only skill is not held" in found.direct.steps[0].reason


class TestHeld:
    """What a person has been already is no step."""

    def test_next_and_reachable_leave_it_out(self, ladder: Graph) -> None:
        new, old = person("b c d"), person("b c d", "cook nothing")
        for found in (next_steps, lambda *args: reachable(*args, effort=3)):
            assert "cook" in labels(found(ladder, new))
            assert set(labels(found(ladder, old))) == set(labels(found(ladder, new))) - {"cook"}
        assert all("cook" not in [at.label for at in row.way] for row in reachable(ladder, old, effort=3).rows)
        assert "cook" in labels(similar(ladder, old))

    def test_paths_do_not_stop_there_but_may_end_there(self) -> None:
        graph = world({f"o{at}": (f"s{at} s{at + 1}", "") for at in range(5)})
        new, old = person("s0"), person("s0", "o1 o4")
        for target, fewer in (("o3", False), ("o0", True), ("o4", False)):
            found = paths(graph, old, occupation(target), wider=True)
            stations = [place.label for path in found.paths for place in path.places[1:-1]]
            assert not {"o1", "o4"} & set(stations)
            assert bool(found.paths) == fewer, found
        assert paths(graph, new, occupation("o3"), wider=True).paths
        assert [path.places[-1].label for path in paths(graph, old, occupation("o1")).paths]


def every_way(
    matrix: SkillMatrix, start: int, target: int, near: np.ndarray, hops: int
) -> list[tuple[float, tuple[int, ...]]]:
    """All simple ways with their costs, by trying every order of stops: the plain truth for small worlds."""
    found = []
    others = [row for row in range(len(matrix.occupations)) if row not in (start, target)]
    for stops in (stops for n in range(hops) for stops in permutations(others, n)):
        rows = (*stops, target)
        if all(to in near[at] for at, to in zip((start, *stops), rows, strict=True)):
            found.append((cost_of(matrix, start, rows), rows))
    return sorted(found)


def cost_of(matrix: SkillMatrix, start: int, rows: tuple[int, ...]) -> float:
    held, cost = matrix.row_set(start), 0.0
    for row in rows:
        cost += gap_score(matrix, held, row) ** 2 + STEP_COST
        held = gained(matrix, held, row)
    return round(cost, 9)


def small_worlds() -> st.SearchStrategy[dict[str, tuple[str, str]]]:
    words = st.lists(st.sampled_from("abcdefgh"), max_size=4, unique=True).map(" ".join)
    return st.integers(3, 6).flatmap(
        lambda n: st.lists(st.tuples(words, words), min_size=n, max_size=n).map(
            lambda needs: {f"o{at}": need for at, need in enumerate(needs)}
        )
    )


class TestPaths:
    def test_steps_add_up_and_gain(self, ladder: Graph) -> None:
        found = paths(ladder, occupation("porter"), occupation("manager"))
        assert found.paths
        for path in (*found.paths, found.direct):
            assert path is not None
            assert path.places[0].label == "porter"
            assert path.places[-1].label == "manager"
            assert path.cost == pytest.approx(sum(step.gap**2 + STEP_COST for step in path.steps), abs=1e-5)
            assert path.gap_sum == pytest.approx(sum(step.gap for step in path.steps), abs=1e-5)
        assert [path.cost for path in found.paths] == sorted(path.cost for path in found.paths)
        assert found.direct is not None
        assert found.direct.steps[0].gap == 1.0

    def test_small_steps_win_over_one_big_jump(self) -> None:
        needs = {f"o{at}": (" ".join(f"s{2 * at + n}" for n in range(6)), "") for at in range(3)}
        found = paths(world(needs | {"other": ("z", "")}), occupation("o0"), occupation("o2"))
        assert found.direct is not None
        assert [place.label for place in found.paths[0].places] == ["o0", "o1", "o2"]
        assert found.paths[0].cost < found.direct.cost

    def test_each_step_says_why_and_what_is_missing(self, ladder: Graph) -> None:
        step = paths(ladder, occupation("porter"), occupation("chef")).paths[0].steps[-1]
        assert step.to.label == "chef"
        assert step.direction == "up"
        assert "since the start" in step.reason
        assert {one.label for one in step.missing} <= {"skill c", "skill d", "skill e", "skill f"}

    def test_skills_of_a_stop_are_not_missing_later(self) -> None:
        graph = world({"one": ("a b", ""), "two": ("b c", ""), "three": ("c a q", ""), "four": ("x y", "")})
        found = paths(graph, occupation("one"), occupation("three"), k=5)
        way = next(path for path in found.paths if [place.label for place in path.places] == ["one", "two", "three"])
        assert [one.label for one in way.steps[1].missing] == ["skill q"]

    def test_equal_ends_are_told(self, ladder: Graph) -> None:
        found = paths(ladder, occupation("cook"), occupation("cook"))
        assert (found.paths, found.direct) == ((), None)
        assert "the same occupation, cook" in found.remark

    @pytest.mark.parametrize(
        ("start", "target", "why"),
        [("idler", "cook", "idler has no skills"), ("cook", "idler", "idler has no skills")],
    )
    def test_an_occupation_without_skills(self, ladder: Graph, start: str, target: str, why: str) -> None:
        found = paths(ladder, occupation(start), occupation(target))
        assert (found.paths, found.direct) == ((), None)
        assert why in found.remark

    def test_an_isolated_target_leaves_the_direct_jump(self, ladder: Graph) -> None:
        found = paths(ladder, occupation("cook"), occupation("hermit"))
        assert found.paths == ()
        assert "no chain of near occupations leads from cook to hermit" in found.remark
        assert found.stepping_stone is None
        assert found.direct is not None
        assert found.direct.cost == pytest.approx(1 + STEP_COST)

    def test_out_of_reach_is_told_and_the_lists_are_widened(self) -> None:
        chain = {f"o{at:02}": (f"s{at} s{at + 1}", "") for at in range(12)}
        graph = world(chain)
        far = paths(graph, occupation("o00"), occupation("o11"))
        assert "takes at least 11 steps to o11, and at most 4 are taken. Only the direct jump" in far.remark
        assert far.direct is not None
        assert "takes at least 3 steps to o03, and at most 2 are taken. Allow 3 hops." in (
            paths(graph, occupation("o00"), occupation("o03"), hops=2).remark
        )
        narrow = world({"a": ("p q", ""), "b": ("p q", "r"), "c": ("q s", ""), "d": ("t", "")})
        strict = paths(narrow, occupation("a"), occupation("c"), neighbours=1, hops=1)
        assert not strict.paths
        assert "No path over the 1 nearest of each." in strict.remark
        assert "arrive in 1 step or more: allow them (--wider)" in strict.remark
        wide = paths(narrow, occupation("a"), occupation("c"), neighbours=1, hops=1, wider=True)
        assert [place.label for place in wide.paths[0].places] == ["a", "c"]
        assert "over the 1 nearest of each; these paths go over the 20 nearest" in wide.remark

    @pytest.mark.parametrize(("start", "target"), [("o00", "o07"), ("o07", "o00")])
    def test_out_of_reach_names_a_stepping_stone_that_leads_on(self, start: str, target: str) -> None:
        graph = world({f"o{at:02}": (f"s{at} s{at + 1}", f"t{at // 3}") for at in range(12)})
        far = paths(graph, occupation(start), occupation(target), neighbours=1)
        assert far.paths == ()
        stone = far.stepping_stone
        assert stone is not None
        assert stone.label in far.remark
        for one, other in ((occupation(start), stone.iri), (stone.iri, occupation(target))):
            assert paths(graph, one, other, neighbours=1, wider=True).paths

    def test_a_stepping_stone_of_a_person(self) -> None:
        graph = world({f"o{at:02}": (f"s{at} s{at + 1}", "") for at in range(12)})
        person, _ = SkillMatrix.of(graph).skill_set([skill("s0")], label="Sam")
        far = paths(graph, person, occupation("o06"))
        assert far.stepping_stone is not None
        assert paths(graph, person, far.stepping_stone.iri, wider=True).paths
        assert paths(graph, far.stepping_stone.iri, occupation("o06"), wider=True).paths

    def test_the_widest_net_goes_either_way(self) -> None:
        """The hub is near to each of the many, of which the hub has nearer ones than the last."""
        many = {f"m{at:02}": (f"h{at} x{at}", f"y{at}") for at in range(25)}
        graph = world(many | {"hub": (" ".join(f"h{at}" for at in range(25)), "")})
        found = [paths(graph, occupation("hub"), occupation(name), hops=1, wider=True) for name in many]
        assert all(one.paths for one in found)
        assert [one for one in found if "one is among the 20 nearest of the other" in one.remark]
        net = either_way(SkillMatrix.of(graph))
        joined = {(row, other) for row, others in enumerate(net.tolist()) for other in others if other >= 0}
        assert joined == {(other, row) for row, other in joined}
        lists = nearest(SkillMatrix.of(graph))[0]
        assert joined >= {(row, other) for row, others in enumerate(lists.tolist()) for other in others if other >= 0}

    def test_a_path_that_is_far_dearer_than_the_jump_is_left_out(self) -> None:
        graph = world({"s": ("a p w", ""), "n": ("p w q r u v", ""), "t": ("a", "q r u v"), "z": ("z", "")})
        strict = paths(graph, occupation("s"), occupation("t"), neighbours=1)
        assert strict.paths == ()
        assert strict.direct is not None
        assert strict.direct.cost == pytest.approx(STEP_COST)  # all that is essential is held
        assert "more than 2 times that of the direct jump (0.100)" in strict.remark
        wide = paths(graph, occupation("s"), occupation("t"), neighbours=1, wider=True)
        assert [path.cost for path in wide.paths] == [wide.direct and wide.direct.cost]
        assert "Nothing of use arrives over the 1 nearest of each" in wide.remark

    def test_no_path_takes_more_than_twice_the_jump(self, graph_111: Graph) -> None:
        matrix = SkillMatrix.of(graph_111)
        pairs = random.Random(5).sample(range(len(matrix.occupations)), 40)
        for start, target in zip(pairs[::2], pairs[1::2], strict=True):
            found = paths(graph_111, matrix.occupations[start], matrix.occupations[target], k=5, wider=True)
            assert found.direct is not None
            assert all(path.cost <= 2 * found.direct.cost + 1e-6 for path in found.paths)

    def test_a_jump_that_is_cheaper_is_told(self, graph_111: Graph) -> None:
        ends = (find_concept(graph_111, name, kind="occupation").iri for name in ("bricklayer", "civil engineer"))
        found = paths(graph_111, *ends)
        assert found.direct is not None
        assert found.direct.cost < found.paths[0].cost
        assert "No path takes less effort than the direct jump." in found.remark

    @pytest.mark.parametrize(("name", "value"), [("k", 0), ("k", 21), ("hops", 0), ("hops", 5), ("neighbours", 21)])
    def test_numbers_out_of_range(self, ladder: Graph, name: str, value: int) -> None:
        with pytest.raises(ParameterError, match=f"{name} is {value}"):
            paths(ladder, occupation("cook"), occupation("chef"), **{name: value})

    @settings(max_examples=60, deadline=None)
    @given(small_worlds(), st.integers(1, 4), st.integers(1, 4))
    def test_the_search_finds_what_trying_everything_finds(
        self, needs: dict[str, tuple[str, str]], hops: int, k: int
    ) -> None:
        matrix = SkillMatrix.of(world(needs))
        near = nearest(matrix, 3, PLAIN)[0]
        target = len(needs) - 1
        ways = cheapest_ways(matrix, matrix.row_set(0), near[0], near, target, start=0, k=k, hops=hops)
        truth = every_way(matrix, 0, target, near, hops)
        kept: list[tuple[float, tuple[int, ...]]] = []
        for cost, rows in truth:
            if not any(len(one) > 1 and is_along(rows, one) for _, one in kept):
                kept.append((cost, rows))
        assert [(way.cost, way.rows) for way in ways] == [
            (pytest.approx(cost, abs=1e-8), rows) for cost, rows in kept[:k]
        ]

    @settings(max_examples=40, deadline=None)
    @given(small_worlds(), st.sampled_from("abcdefgh"))
    def test_one_more_skill_never_makes_the_best_path_dearer(
        self, needs: dict[str, tuple[str, str]], more: str
    ) -> None:
        matrix = SkillMatrix.of(world(needs | {"all": ("a b c d e f g h", "")}))
        near, target = nearest(matrix, 3, PLAIN)[0], 1
        held = matrix.row_set(2)
        column = matrix.column(skill(more))
        assert column is not None
        before, after = (
            cheapest_ways(matrix, one, near[2], near, target, start=2, k=1)
            for one in (held, held.with_skills([column]))
        )
        assert [way.cost for way in after] <= [way.cost + 1e-9 for way in before]

    def test_hops_are_counted_backwards(self) -> None:
        near = np.array([[1, 2], [2, -1], [-1, -1], [0, -1]])
        assert hops_to(near, 2).tolist() == [1.0, 1.0, 0.0, 2.0]
        assert hops_to(near, 3).tolist()[:3] == [np.inf] * 3

    def test_the_real_release_has_ways_to_a_head_chef(self, graph_111: Graph) -> None:
        cook, chef = (find_concept(graph_111, name, kind="occupation").iri for name in ("cook", "head chef"))
        found = paths(graph_111, cook, chef)
        assert len(found.paths) == 3
        assert found.direct is not None
        assert all(path.cost <= found.direct.cost for path in found.paths[:1])
        assert all(len(set(path.places)) == len(path.places) <= 5 for path in found.paths)
        assert all(step.reason and step.shared <= step.total for path in found.paths for step in path.steps)

    def test_a_person_walks_too(self, graph_111: Graph) -> None:
        matrix = SkillMatrix.of(graph_111)
        chef = find_concept(graph_111, "head chef", kind="occupation").iri
        cook = matrix.skills_of(find_concept(graph_111, "cook", kind="occupation").iri)
        person, _ = matrix.skill_set((matrix.skills[column] for column in cook.all), label="Sam")
        found = paths(graph_111, person, chef, k=1)
        assert found.start.label == "Sam"
        assert found.paths[0].places[-1].iri == chef
        assert found.direct == paths_direct_from(found)


def paths_direct_from(found: Paths) -> Any:
    """The direct jump of a person must agree with itself: one step, from the person to the target."""
    assert found.direct is not None
    assert len(found.direct.steps) == 1
    assert found.direct.steps[0].origin == found.start
    return found.direct


def is_along(rows: tuple[int, ...], stops: tuple[int, ...]) -> bool:
    left = iter(rows)
    return all(stop in left for stop in stops)


class TestReachable:
    def test_all_that_is_listed_is_within_the_budget(self, graph_111: Graph) -> None:
        cook = find_concept(graph_111, "cook", kind="occupation").iri
        matrix = SkillMatrix.of(graph_111)
        found = reachable(graph_111, cook, effort=0.2)
        assert found.rows
        assert [row.effort for row in found.rows] == sorted(row.effort for row in found.rows)
        for row in found.rows:
            rows = tuple(matrix.row(place.iri) for place in row.way)
            assert row.iri == row.way[-1].iri != cook
            assert row.effort == pytest.approx(cost_of(matrix, matrix.row(cook), rows), abs=1e-6)
            assert row.effort <= 0.2
            assert 1 <= len(row.way) <= 4

    def test_more_effort_reaches_more(self, graph_111: Graph) -> None:
        cook = find_concept(graph_111, "cook", kind="occupation").iri
        reached = [{row.iri for row in reachable(graph_111, cook, effort=effort).rows} for effort in (0.11, 0.2, 0.4)]
        assert reached[0] < reached[1] < reached[2]

    def test_fewer_hops_reach_less(self, ladder: Graph) -> None:
        near = {row.label: row.effort for row in reachable(ladder, occupation("porter"), effort=5, hops=1).rows}
        far = {row.label: row.effort for row in reachable(ladder, occupation("porter"), effort=5).rows}
        assert set(near) < set(far)
        assert all(far[label] <= effort for label, effort in near.items())

    @settings(max_examples=40, deadline=None)
    @given(small_worlds(), st.floats(0.02, 3))
    def test_what_is_reached_has_a_true_cost_no_lower_than_the_best(
        self, needs: dict[str, tuple[str, str]], effort: float
    ) -> None:
        graph = world(needs)
        matrix = SkillMatrix.of(graph)
        near = nearest(matrix)[0]
        for row in reachable(graph, occupation("o0"), effort=effort).rows:
            rows = tuple(matrix.row(place.iri) for place in row.way)
            assert row.effort == pytest.approx(cost_of(matrix, 0, rows), abs=1e-6)
            assert row.effort >= every_way(matrix, 0, rows[-1], near, 4)[0][0] - 1e-6
            assert row.effort <= effort + 1e-6

    @pytest.mark.parametrize(
        ("start", "effort", "why"),
        [("idler", 1.0, "no skills"), ("cook", 0.001, "more than 0.001"), ("hermit", 1.0, "nothing is near it")],
    )
    def test_an_empty_answer_says_why(self, ladder: Graph, start: str, effort: float, why: str) -> None:
        found = reachable(ladder, occupation(start), effort=effort)
        assert not found.rows
        assert why in found.remark

    @pytest.mark.parametrize("effort", [0, -1, float("nan"), float("inf")])
    def test_a_budget_is_a_number_above_zero(self, ladder: Graph, effort: float) -> None:
        with pytest.raises(ParameterError, match="effort"):
            reachable(ladder, occupation("cook"), effort=effort)


class TestDeterminism:
    def test_the_order_of_the_input_does_not_matter(self) -> None:
        statements = quads(LADDER, GROUPS, green=["f"], broader=[("a", "g1"), ("d", "g1"), ("h", "g1")])
        shuffled = list(statements)
        random.Random(7).shuffle(shuffled)
        first, second = Graph.memory(statements), Graph.memory(shuffled)
        for ask in (
            lambda graph: similar(graph, occupation("cook"), explain=True),
            lambda graph: next_steps(graph, occupation("cook")),
            lambda graph: paths(graph, occupation("porter"), occupation("manager")),
            lambda graph: reachable(graph, occupation("porter"), effort=3),
        ):
            assert ask(first) == ask(second)

    def test_the_hash_seed_does_not_matter(self) -> None:
        code = (
            "from test_careers import LADDER, GROUPS\n"
            "from worlds import world, occupation\n"
            "from esco_graph.careers import next_steps, paths, reachable, similar\n"
            "graph = world(LADDER, GROUPS)\n"
            "print(similar(graph, occupation('cook'), explain=True), next_steps(graph, occupation('cook')))\n"
            "print(paths(graph, occupation('porter'), occupation('manager')), reachable(graph, occupation('porter')))\n"
        )
        assert len(said_under_two_seeds(code)) == 1

    def test_a_remote_graph_gives_the_same(self, sample_graph: Graph) -> None:
        with servers.oxigraph_server("".join(f"{quad} .\n" for quad in sample_graph.quads())) as endpoint:
            far = Graph.remote(endpoint)
            assert similar(far, OTA, explain=True) == similar(sample_graph, OTA, explain=True)
            assert next_steps(far, OTA) == next_steps(sample_graph, OTA)
            assert paths(far, OTA, OT) == paths(sample_graph, OTA, OT)
            assert reachable(far, OTA, effort=1) == reachable(sample_graph, OTA, effort=1)


def test_best_first_leaves_out_what_shares_nothing() -> None:
    assert best_first(np.array([0.0, 0.4, 4e-7, 0.4]), np.arange(4), 9) == [1, 3]


def test_worth_is_that_of_the_gap(sample_graph: Graph) -> None:
    matrix = SkillMatrix.of(sample_graph)
    worth = Worth(matrix, matrix.skills_of(OTA), matrix.row(OTA))
    for optional, need in ((False, "essential"), (True, "optional")):
        columns, values = worth.missing(matrix.row(OT), optional=optional)
        told = [one for one in gap(sample_graph, OTA, OT).missing if one.status == "new" and one.requirement == need]
        assert [matrix.skills[column] for column in columns] == [one.iri for one in told]
        assert values.tolist() == [one.worth for one in told]
