"""Which ISCO level a person's steps are compared with, and that words, filters and columns agree on it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from esco_graph.careers import next_steps, paths, reachable, similar
from esco_graph.careers.explained import direction_of
from esco_graph.graph import Graph
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.terms import OCCUPATION
from test_careers import GROUPS, LADDER, OTA, person
from worlds import Spy, occupation, world

WAYS = {-1: "down", 0: "same", 1: "up"}


@pytest.fixture(scope="module")
def ladder() -> Graph:
    return world(LADDER, GROUPS)


class TestStanding:
    """The ISCO level of a person is that of the nearest occupation held, else of the nearest of all."""

    CASES = (
        ("b c d", "", "cook", "the nearest occupation", 2),
        ("b c d", "chef", "chef", "held now or before", 3),
        ("b c d", "manager porter", "porter", "held now or before", 1),  # shares b; the manager shares nothing
        ("b c d", "idler nobody", "cook", "the nearest occupation", 2),  # one without a level, and one not in ESCO
        ("a", "chef", "chef", "held now or before", 3),  # no skill of the chef's, but the file says so
    )

    @pytest.mark.parametrize(("skills", "held", "name", "why", "level"), CASES)
    def test_every_verb_compares_with_it(
        self, ladder: Graph, skills: str, held: str, name: str, why: str, level: int
    ) -> None:
        sam = person(skills, held)
        steps, reached = next_steps(ladder, sam), reachable(ladder, sam, effort=3)
        for found in (steps, reached):
            assert found.rows
            assert found.standing is not None
            assert (found.standing.label, found.standing_why, found.own_level) == (name, why, level)
            for row in found.rows:
                assert row.level is not None
                assert row.direction == WAYS[(row.level > level) - (row.level < level)]
        for row in steps.rows:
            assert f"ISCO level {level} " in row.reasons[0]
            assert f"{name} ({why})" in row.reasons[0]
            assert any(name in reason and "counts" in reason for reason in row.reasons[3:])
        jump = paths(ladder, sam, occupation("chef")).direct
        assert jump is not None
        assert f"{name} ({why})" in jump.steps[0].reason
        assert jump.steps[0].direction == WAYS[(level < 3) - (level > 3)]

    def test_filters_agree_with_the_directions(self, ladder: Graph) -> None:
        sam = person("b c d", "helper")
        found = next_steps(ladder, sam)
        for direction in ("up", "same", "down"):
            kept = tuple(row for row in found.rows if row.direction == direction)
            assert next_steps(ladder, sam, direction=direction).rows == kept
        assert {row.level for row in similar(ladder, sam, level="higher").rows} == {2, 3}
        assert "level 1 is the lowest" in similar(ladder, sam, level="lower").remark

    def test_later_steps_compare_with_the_step_before(self, graph_111: Graph) -> None:
        found = paths(graph_111, SkillMatrix.of(graph_111).row_set(5).with_skills([1]), OTA, wider=True)
        loose = replace(SkillMatrix.of(graph_111).row_set(5), iri="")
        for path in (*found.paths, *paths(graph_111, loose, OTA, wider=True).paths):
            for before, step in pairwise(path.steps):
                assert "nearest occupation" not in step.reason
                assert step.direction == direction_of(before.to, step.to)

    def test_an_occupation_has_its_own(self, ladder: Graph) -> None:
        for found in (next_steps(ladder, occupation("cook")), reachable(ladder, occupation("cook"), effort=3)):
            assert (found.standing, found.own_level) == (None, 2)

    def test_an_endpoint_does_not_learn_what_is_held(self, ladder: Graph) -> None:
        """The occupation held is asked for among those of the answer, and never alone."""
        verbs = (
            next_steps,
            lambda *args: reachable(*args, effort=3),
            lambda *args: similar(*args, level="same"),
            lambda *args: paths(*args, occupation("chef"), wider=True),
        )
        for verb in verbs:
            spy = Spy(ladder)
            verb(spy, person("b c d", "helper"))
            about = [asked for asked in spy.asked if occupation("helper") in asked]
            assert about
            assert all(asked.count(OCCUPATION) > 2 or occupation("porter") in asked for asked in about)
