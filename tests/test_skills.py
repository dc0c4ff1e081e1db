"""The skill matrix and its measures: properties of random worlds, numbers of made-up ones, checks on the release."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import said_under_two_seeds
from esco_graph.errors import NotFoundError, ParameterError
from esco_graph.graph import Graph
from esco_graph.skills.gap import gap_score, gap_scores
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.measures import MEASURES, check_measure, score, scores
from esco_graph.skills.names import DEFAULT_MEASURE, MEASURE_NAMES, NEAREST_MEASURE
from esco_graph.skills.near import nearest_held, nearness
from esco_graph.skills.nearest import NEAREST, nearest, top
from esco_graph.skills.skill_set import SkillSet
from esco_graph.terms import DCAT, DCT, ESCO, ISO_THES, RDF, SKILL, release_graph
from servers import oxigraph_server
from worlds import occupation, quads, skill, world

OTA = "http://data.europa.eu/esco/occupation/82cbe20d-967c-4161-9ecd-eafc724d171c"
OT = "http://data.europa.eu/esco/occupation/33da5532-8c4e-4d1b-b52e-c201ee1bc7ab"
EXACT = [name for name in MEASURE_NAMES if name != "likeness"]  # likeness also reads words; its tests are its own
SKILLS = list("abcdefgh")
GROUPS = list("pqr")

# A world: per occupation the essential and optional skills, and which skill stands under which group or skill.
needs = st.lists(st.tuples(st.sets(st.sampled_from(SKILLS)), st.sets(st.sampled_from(SKILLS))), min_size=1, max_size=7)
below = st.sets(st.tuples(st.sampled_from(SKILLS + GROUPS), st.sampled_from(GROUPS + SKILLS[:2])), max_size=14)
held = st.sets(st.sampled_from(SKILLS))


def small(wants: list[tuple[set[str], set[str]]], broader: Iterable[tuple[str, str]] = ()) -> SkillMatrix:
    """A matrix of a few occupations; all skills are in it, also those that no occupation lists."""
    listed = {f"o{number}": (" ".join(sorted(e)), " ".join(sorted(p))) for number, (e, p) in enumerate(wants)}
    listed["none"] = ("", "")
    return SkillMatrix.from_graph(world(listed, broader=sorted({*broader, *((one, "r") for one in SKILLS[:1])})))


def of(matrix: SkillMatrix, names: Iterable[str]) -> SkillSet:
    return matrix.skill_set([skill(name) for name in names if matrix.column(skill(name)) is not None])[0]


# --- the matrix -------------------------------------------------------------------------------------------------------


def test_a_matrix_holds_what_the_graph_says() -> None:
    graph = world(
        {"cook": ("cut heat", "taste heat"), "baker": ("heat", ""), "idler": ("", "")},
        {"cook": "5120", "baker": "7512"},
        regulated=["baker"],
        green=["cut"],
        broader=[("cut", "hands"), ("hands", "body"), ("body", "all")],
    )
    graph.extend(
        [ox.Quad(ox.NamedNode(skill("cut")), ox.NamedNode(ESCO + "relatedEssentialSkill"), ox.NamedNode(skill("heat")))]
    )
    matrix = SkillMatrix.from_graph(graph)
    assert matrix.occupations == [occupation(name) for name in ("baker", "cook", "idler")]
    assert [iri.removeprefix(SKILL) for iri in matrix.skills] == ["body", "cut", "hands", "heat", "taste"]
    assert matrix.essential.toarray().tolist() == [[0, 0, 0, 1, 0], [0, 1, 0, 1, 0], [0, 0, 0, 0, 0]]
    assert matrix.optional.toarray().tolist() == [
        [0] * 5,
        [0, 0, 0, 0, 1],
        [0] * 5,
    ]  # heat is essential, so not optional
    assert [iri.removeprefix(SKILL) for iri in matrix.concepts] == ["all", "body", "hands"]
    assert matrix.broader.toarray().tolist() == [[1, 0, 0], [0, 2, 1], [2, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert (matrix.isco, matrix.level.tolist()) == (["7512", "5120", ""], [0, 2, 0])
    assert matrix.regulated.tolist() == [True, False, False]
    assert matrix.green.round(6).tolist() == [0, 0.333333, 0]
    assert matrix.df.tolist() == [0, 1, 0, 2, 1]
    assert matrix.idf.round(6).tolist() == [
        0,
        round(math.log(3), 6),
        0,
        round(math.log(3 / 2), 6),
        round(math.log(3), 6),
    ]


def test_a_concept_one_and_two_steps_up_is_one_step_up_and_no_skill_is_above_itself() -> None:
    steps = [("a", "b"), ("b", "a"), ("a", "c"), ("b", "c"), ("c", "c")]
    matrix = SkillMatrix.from_graph(world({"o": ("a b", "")}, broader=steps))
    above = matrix.broader.toarray()
    names = [iri.removeprefix(SKILL) for iri in matrix.concepts]
    assert names == ["a", "b", "c"]
    assert above.tolist() == [[0, 1, 1], [1, 0, 1], [0, 0, 0]]


def test_rows_and_columns_are_found_or_refused_with_advice() -> None:
    matrix = SkillMatrix.from_graph(world({"cook": ("a", ""), "idler": ("", "")}))
    assert matrix.row(occupation("cook")) == matrix.find(occupation("cook")) == 0
    assert matrix.find("") is None
    with pytest.raises(NotFoundError, match=r"esco-graph search") as far:
        matrix.row("http://example.org/x")
    assert far.value.exit_code == 2
    with pytest.raises(NotFoundError, match=f"Did you mean <{occupation('cook')}>"):
        matrix.row(occupation("cooc"))
    found, unknown = matrix.skill_set([skill("z"), skill("a"), skill("a"), "not an IRI"], iri="http://me", label="Me")
    assert (found.all.tolist(), unknown) == ([0], [skill("z"), "not an IRI"])
    assert (found.iri, found.label) == ("http://me", "Me")


def test_an_obsolete_occupation_is_no_row_and_names_its_successor() -> None:
    graph = world({"old": ("a", ""), "gone": ("a", ""), "new": ("a b", "")})
    status, by = ox.NamedNode(ISO_THES + "status"), ox.NamedNode(DCT + "isReplacedBy")
    for name in ("old", "gone"):
        graph.extend([ox.Quad(ox.NamedNode(occupation(name)), status, ox.Literal("obsolete"))])
    graph.extend([ox.Quad(ox.NamedNode(occupation("old")), by, ox.NamedNode(occupation("new")))])
    matrix = SkillMatrix.from_graph(graph)
    assert matrix.occupations == [occupation("new")]
    assert matrix.df.tolist() == [1, 1]
    with pytest.raises(NotFoundError, match=f"obsolete.*{occupation('new')}"):
        matrix.row(occupation("old"))
    with pytest.raises(NotFoundError, match=r"obsolete.*esco-graph search"):
        matrix.row(occupation("gone"))


def test_the_matrix_is_remembered_until_the_graph_grows() -> None:
    graph = world({"cook": ("a", "")})
    assert SkillMatrix.of(graph) is SkillMatrix.of(graph)
    graph.extend(quads({"baker": ("a b", "")}, {}))
    assert SkillMatrix.of(graph).occupations == [occupation("baker"), occupation("cook")]


def test_the_release_is_named() -> None:
    graph = world({"cook": ("a", "")})
    name, catalog = ox.NamedNode(release_graph("1.1.1", ("en",))), ox.NamedNode("http://example.org/catalog")
    facts = ((RDF + "type", ox.NamedNode(DCAT + "Dataset")), (DCT + "title", ox.Literal("ESCO 1.1.1", language="en")))
    graph.extend([ox.Quad(name, ox.NamedNode(property_), value, catalog) for property_, value in facts])
    assert SkillMatrix.from_graph(graph).release == name.value
    assert SkillMatrix.from_graph(world({"cook": ("a", "")})).release == ""


def test_an_empty_graph_gives_an_empty_matrix() -> None:
    matrix = SkillMatrix.from_graph(Graph.memory())
    assert (matrix.occupations, matrix.skills, matrix.concepts) == ([], [], [])
    for measure in MEASURES.values():
        assert measure.against_all(matrix, SkillSet.of([])).shape == (0,)
        assert measure.all_pairs(matrix).shape == (0, 0)
    assert nearest(matrix)[0].shape == (0, NEAREST)


@pytest.mark.parametrize(
    "wrong",
    [
        ("relatedEssentialSkill", ox.Literal("no IRI")),
        ("relatedOptionalSkill", ox.BlankNode("b")),
        ("memberOfISCOGroup", ox.Literal("2269")),
        ("regulatedProfessionNote", ox.Literal("yes")),
    ],
)
def test_statements_of_a_wrong_kind_are_passed_over(wrong: tuple[str, ox.Literal | ox.BlankNode]) -> None:
    graph = world({"cook": ("a", "b"), "baker": ("a", "c")}, {"cook": "5120"})
    graph.extend([ox.Quad(ox.NamedNode(occupation("baker")), ox.NamedNode(ESCO + wrong[0]), wrong[1])])
    matrix = SkillMatrix.from_graph(graph)
    assert matrix.skills == [skill(name) for name in "abc"]
    assert matrix.size.tolist() == [2, 2]
    assert matrix.isco == ["", "5120"]
    assert not matrix.regulated.any()


@given(needs, below, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_and_the_doubling_of_statements_do_not_matter(
    wants: list[tuple[set[str], set[str]]], broader: set[tuple[str, str]], chance: random.Random
) -> None:
    listed = {f"o{n}": (" ".join(sorted(e)), " ".join(sorted(p))) for n, (e, p) in enumerate(wants)}
    first = quads(listed, {"o0": "2269"}, broader=sorted(broader))
    second = [ox.Quad(*quad.triple, ox.NamedNode(f"http://g/{number % 2}")) for number, quad in enumerate(first * 2)]
    chance.shuffle(second)
    one, other = (SkillMatrix.from_graph(Graph.memory(some)) for some in (first, second))
    assert one.fingerprint == other.fingerprint
    assert (one.isco, one.level.tolist()) == (other.isco, other.level.tolist())
    for name in EXACT:
        assert np.array_equal(MEASURES[name].all_pairs(one), MEASURES[name].all_pairs(other)), name
    assert all(np.array_equal(a, b) for a, b in zip(nearest(one), nearest(other), strict=True))


def test_a_remote_graph_gives_the_same_matrix() -> None:
    made = quads({"cook": ("a b", "c"), "baker": ("b", "")}, {"cook": "5120"}, broader=[("a", "b")])
    text = ox.serialize([ox.Quad(*quad.triple, ox.NamedNode("http://g")) for quad in made], format=ox.RdfFormat.N_QUADS)
    assert isinstance(text, bytes)
    with oxigraph_server(text.decode()) as iri:
        remote = SkillMatrix.of(Graph.remote(iri))
    local = SkillMatrix.from_graph(Graph.memory(made))
    assert (remote.fingerprint, remote.isco, remote.level.tolist()) == (
        local.fingerprint,
        local.isco,
        local.level.tolist(),
    )


# --- skill sets -------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 20)), st.lists(st.integers(0, 20)), st.lists(st.integers(0, 20)))
def test_a_skill_set_holds_each_column_once_and_essential_wins(e: list[int], p: list[int], more: list[int]) -> None:
    made = SkillSet.of(e, p, iri="http://x", label="x")
    assert made.essential.tolist() == sorted(set(e))
    assert made.optional.tolist() == sorted(set(p) - set(e))
    grown = made.with_skills(more)
    assert grown.essential.tolist() == sorted({*e, *more})
    assert grown.all.tolist() == sorted({*e, *p, *more})
    assert grown.optional.tolist() == sorted(set(p) - {*e, *more})
    assert (grown.iri, made.all.dtype) == ("http://x", np.int32)


# --- measures ---------------------------------------------------------------------------------------------------------


def test_names_and_measures_are_the_same_in_the_same_order() -> None:
    assert list(MEASURES) == list(MEASURE_NAMES)
    assert {DEFAULT_MEASURE, NEAREST_MEASURE} <= set(MEASURE_NAMES)
    assert all(measure.name == name and measure.formula and measure.source for name, measure in MEASURES.items())
    assert all("symmetric" in MEASURE_NAMES[name] for name, measure in MEASURES.items() if measure.symmetric)
    assert all("directed" in MEASURE_NAMES[name] for name, measure in MEASURES.items() if not measure.symmetric)


@pytest.mark.parametrize(("name", "near"), [("jacard", "jaccard"), ("Coverage", "coverage"), ("", ""), ("zzz", "")])
def test_an_unknown_measure_is_told_with_the_known_ones(name: str, near: str) -> None:
    with pytest.raises(ParameterError, match="there is no measure") as caught:
        check_measure(name)
    assert ", ".join(MEASURE_NAMES) in caught.value.advice
    assert f"Did you mean {near}?" in caught.value.advice or not near


def test_the_names_come_without_numpy() -> None:
    code = "import sys, esco_graph.skills.names; print(sorted({'numpy', 'scipy', 'pyoxigraph'} & set(sys.modules)))"
    assert said_under_two_seeds(code) == {"[]\n"}


def by_hand(name: str, matrix: SkillMatrix, a: SkillSet, b: SkillSet) -> float:
    """The formulas again, over sets and dicts."""
    eb = set(b.essential.tolist())
    aa, ab = set(a.all.tolist()), set(b.all.tolist())
    n = len(matrix.occupations)

    def weights(one: SkillSet) -> dict[object, float]:
        found: dict[object, float] = {}
        for column in one.all.tolist():
            df = int(matrix.df[column])
            found[column] = (1 if column in one.essential else 0.5) * (math.log(n / df) if df else 0)
        return found

    def raised(one: SkillSet) -> dict[object, float]:
        found, above = weights(one), matrix.broader.toarray().astype(float)
        for g in range(len(matrix.concepts)):
            total = sum(
                (1 if s in one.essential else 0.5) * 0.5 ** above[s, g] for s in one.all.tolist() if above[s, g]
            )
            df = sum(any(above[s, g] for s in matrix.row_set(row).all) for row in range(n))
            found["g", g] = min(3, total) * (math.log(n / df) if df else 0)
        return found

    def cosine(x: dict[object, float], y: dict[object, float]) -> float:
        lengths = [math.sqrt(sum(value**2 for value in one.values())) for one in (x, y)]
        return sum(value * y.get(key, 0) for key, value in x.items()) / math.prod(lengths) if all(lengths) else 0

    x, y = weights(a), weights(b)
    least = sum(min(x.get(key, 0), y.get(key, 0)) for key in {*x, *y})
    most = sum(max(x.get(key, 0), y.get(key, 0)) for key in {*x, *y})
    return {
        "affinity": lambda: cosine(raised(a), raised(b)),
        "coverage": lambda: len(aa & ab) / len(ab) if ab else 0,
        "essential-coverage": lambda: len(aa & eb) / len(eb) if eb else 0,
        "jaccard": lambda: len(aa & ab) / len(aa | ab) if aa | ab else 0,
        "cosine": lambda: cosine(x, y),
        "idf-jaccard": lambda: least / most if most else 0,
    }[name]()


@pytest.mark.parametrize("name", EXACT)
@given(wants=needs, broader=below, names=held)
@settings(max_examples=15, deadline=None)
def test_a_measure_is_its_formula_in_range_and_the_sum_of_its_contributions(
    name: str, wants: list[tuple[set[str], set[str]]], broader: set[tuple[str, str]], names: set[str]
) -> None:
    matrix = small(wants, broader)
    measure = MEASURES[name]
    person = of(matrix, names)
    pairs = measure.all_pairs(matrix)
    assert pairs.dtype == np.float32
    assert pairs.min() >= 0
    assert pairs.max() <= 1
    assert not measure.symmetric or np.allclose(pairs, pairs.T, atol=1e-6)
    for a in (person, *map(matrix.row_set, range(len(matrix.occupations)))):
        against = measure.against_all(matrix, a)
        assert against.min() >= 0
        assert against.max() <= 1
        for row, value in enumerate(against.tolist()):
            b = matrix.row_set(row)
            assert value == pytest.approx(by_hand(name, matrix, a, b), abs=1e-9)
            parts = measure.contributions(matrix, a, b)
            assert sum(parts.values()) == pytest.approx(value, abs=1e-9)
            assert score(matrix, a, b, name) == pytest.approx(value, abs=1e-9)
            assert all(part > 0 for part in parts.values())
            assert set(parts) <= {*matrix.skills, *matrix.concepts}
            if a.iri:
                assert pairs[matrix.row(a.iri), row] == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("name", MEASURE_NAMES)
def test_nothing_to_compare_scores_0_and_the_same_scores_1(name: str) -> None:
    matrix = SkillMatrix.from_graph(
        world({"cook": ("a b", "c"), "twin": ("a b", "c"), "other": ("z", ""), "none": ("", "")})
    )
    cook, empty = matrix.skills_of(occupation("cook")), SkillSet.of([])
    own, twin, other, none = (matrix.row(occupation(one)) for one in ("cook", "twin", "other", "none"))
    found = scores(matrix, cook, name)
    assert found[own] == pytest.approx(1)
    assert found[twin] == pytest.approx(1) or name not in EXACT  # the twin is called otherwise
    assert found[[other, none]].tolist() == [0, 0]
    assert not scores(matrix, empty, name).any()
    assert not scores(matrix, matrix.row_set(none), name).any()
    assert MEASURES[name].contributions(matrix, empty, cook) == MEASURES[name].contributions(matrix, cook, empty) == {}


# --- the nearest ------------------------------------------------------------------------------------------------------


@given(wants=needs, broader=below, k=st.integers(1, 9))
@settings(max_examples=30, deadline=None)
def test_the_nearest_come_best_first_by_iri_without_themselves(
    wants: list[tuple[set[str], set[str]]], broader: set[tuple[str, str]], k: int
) -> None:
    matrix = small([*wants, *wants], broader)  # twins, so that there are ties
    for name in ("affinity", "coverage"):
        rows, found = nearest(matrix, k, name)
        assert rows.shape == found.shape == (len(matrix.occupations), k)
        for row in range(len(rows)):
            every = np.round(scores(matrix, matrix.row_set(row), name), 6)
            order = sorted(
                (other for other in range(len(every)) if other != row and every[other] > 0),
                key=lambda o: (-every[o], o),
            )
            kept = order[:k]
            assert rows[row].tolist() == kept + [-1] * (k - len(kept))
            assert found[row].tolist() == [every[other] for other in kept] + [0] * (k - len(kept))


def test_the_best_are_kept_with_ties_in_row_order() -> None:
    values = np.array([0.3, 0.5, 0.5, 0.0, 0.5000004])
    assert top(values, 2)[0].tolist() == [1, 2]
    assert top(values, 9, leave_out=2)[0].tolist() == [1, 4, 0]
    assert top(np.zeros(3), 2)[0].tolist() == []


# --- near skills and the gap ------------------------------------------------------------------------------------------


def test_near_is_by_parent_before_grandparent_and_the_first_by_iri() -> None:
    broader = [("a", "p"), ("b", "p"), ("c", "q"), ("d", "r"), ("q", "g"), ("p", "g"), ("r", "h"), ("e", "q")]
    matrix = SkillMatrix.from_graph(world({"o": ("a b c d e", "")}, broader=broader))
    column = {name: matrix.column(skill(name)) for name in "abcde"}
    both = np.array(sorted([column["b"], column["c"]]), dtype=np.int32)
    near = nearness(matrix, both)
    assert [near[column[name]] for name in "abcde"] == [0.5, 1, 1, 0, 0.5]
    missing = np.array([column["a"], column["d"], column["e"]], dtype=np.int32)
    assert nearest_held(matrix, missing, both) == {column["a"]: (column["b"], 1), column["e"]: (column["c"], 1)}
    assert nearest_held(matrix, missing, np.array([column["c"]], dtype=np.int32))[column["a"]] == (column["c"], 2)
    assert nearness(matrix, np.array([column["c"]], dtype=np.int32))[column["a"]] == 0.25


@given(wants=needs, broader=below, names=held, more=held)
@settings(max_examples=50, deadline=None)
def test_a_gap_is_in_range_and_more_skills_never_raise_it(
    wants: list[tuple[set[str], set[str]]], broader: set[tuple[str, str]], names: set[str], more: set[str]
) -> None:
    matrix = small(wants, broader)
    rows = np.arange(len(matrix.occupations), dtype=np.int32)
    person = of(matrix, names)
    before = gap_scores(matrix, person, rows)
    after = gap_scores(matrix, person.with_skills(of(matrix, more).all), rows)
    assert before.min() >= 0
    assert before.max() <= 1
    assert (after <= before + 1e-12).all()
    for row in rows.tolist():
        assert gap_score(matrix, person, row) == pytest.approx(before[row], abs=1e-12)
        assert gap_score(matrix, matrix.row_set(row), row) == 0
    near = nearness(matrix, person.all)
    for row in rows.tolist():
        essential = matrix.row_set(row).essential.tolist()
        total = sum(matrix.idf[s] for s in essential)
        part = sum(matrix.idf[s] * (1 - near[s]) for s in essential)
        assert before[row] == pytest.approx(part / total if total else 0, abs=1e-9)


def test_a_gap_to_nothing_or_to_what_everyone_needs_is_0() -> None:
    matrix = SkillMatrix.from_graph(world({"cook": ("a", ""), "baker": ("a", "b"), "chef": ("a c", "")}))
    rows = np.array([matrix.row(occupation(name)) for name in ("cook", "baker", "chef")])
    assert gap_scores(matrix, SkillSet.of([]), rows).tolist() == [0, 0, 1]
    assert gap_scores(matrix, SkillSet.of([]), rows[:0]).tolist() == []


# --- the real release -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(graph_111: Graph) -> SkillMatrix:
    return SkillMatrix.of(graph_111)


def test_the_release_has_its_known_size(real: SkillMatrix) -> None:
    assert (len(real.occupations), len(real.skills)) == (3007, 13896)
    ota = real.skills_of(OTA)
    assert (len(ota.essential), len(ota.optional)) == (23, 21)
    assert real.isco[real.row(OTA)] == "2269"
    assert int(real.level[real.row(OTA)]) == 4
    assert real.release == release_graph("1.1.1", ("en",))
    assert int(real.regulated.sum()) == 15


@pytest.mark.parametrize("name", EXACT)
def test_on_the_release_pairs_and_sets_agree(name: str, real: SkillMatrix) -> None:
    measure = MEASURES[name]
    pairs = measure.all_pairs(real)
    assert 0 <= pairs.min() <= pairs.max() <= 1
    assert not measure.symmetric or np.allclose(pairs, pairs.T, atol=1e-6)
    for row in range(5, len(real.occupations), 300):
        a = real.row_set(row)
        against = measure.against_all(real, a)
        assert np.allclose(pairs[row], against, atol=1e-6)
        for other in range(7, len(real.occupations), 211):
            parts = measure.contributions(real, a, real.row_set(other))
            assert sum(parts.values()) == pytest.approx(against[other], abs=1e-9)


def test_on_the_release_the_formula_holds(real: SkillMatrix) -> None:
    a, b = real.skills_of(OTA), real.skills_of(OT)
    shared = len(set(a.all.tolist()) & set(b.all.tolist()))
    assert score(real, a, b, "coverage") == pytest.approx(shared / len(b.all))
    assert score(real, a, b, "jaccard") == pytest.approx(shared / (len(a.all) + len(b.all) - shared))
    assert score(real, a, b, "essential-coverage") == pytest.approx(36 / 67)  # 20 held and 16 optional of 67


def test_on_the_release_the_nearest_are_in_order(real: SkillMatrix) -> None:
    rows, found = nearest(real)
    assert rows.shape == (3007, NEAREST)
    assert real.occupations[rows[real.row(OTA), 0]] == OT
    for row in range(0, 3007, 500):
        again, values = top(scores(real, real.row_set(row), NEAREST_MEASURE), NEAREST, leave_out=row)
        assert (rows[row].tolist(), found[row].tolist()) == (again.tolist(), values.tolist())
        assert all(
            a[0] > b[0] or (a[0] == b[0] and a[1] < b[1]) for a, b in pairwise(zip(found[row], rows[row], strict=True))
        )
