"""Our engines are held to the W3C's SHACL test suite; each test that they do not pass is listed with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib

import w3c_shacl
from conftest import SHARED
from w3c_shacl import ENGINES, Case, Result, cases, known_misses, same, verdict

SUITE = SHARED / "w3c" / "shacl-tests"
CASES = cases(SUITE) if SUITE.exists() else []

needs_suite = pytest.mark.skipif(
    not CASES, reason="the W3C's SHACL test suite is not in ../shared/data/w3c/shacl-tests"
)


@needs_suite
def test_the_suite_is_whole() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) == 120
    assert sum(case.part == "core" for case in CASES) == 98
    assert sum(case.expected is None for case in CASES) == 7


@needs_suite
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
@pytest.mark.filterwarnings("ignore")
def test_w3c(case: Case, engine: str) -> None:
    found = verdict(ENGINES[engine], case)
    reason = known_misses().get((engine, case.name))
    if reason is None:
        assert not found
    else:
        assert found, f"passes now: take {engine} {case.name} out of {w3c_shacl.MISSES.name}"


@needs_suite
def test_every_miss_is_a_test_of_an_engine_and_has_a_reason() -> None:
    names = {case.name for case in CASES}
    for (engine, test), reason in known_misses().items():
        assert engine in ENGINES
        assert test in names
        assert reason.endswith(".")
        assert len(reason) > 30


def _result(**changes: object) -> Result:
    focus, value = rdflib.URIRef("http://example.org/a"), rdflib.Literal("a", lang="en")
    made = Result(focus, "skos:prefLabel", value, "urn:component", "urn:severity", rdflib.URIRef("urn:shape"), "No.")
    return made._replace(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"focus": rdflib.BNode()},
        {"path": "^skos:prefLabel"},
        {"value": rdflib.Literal("a")},
        {"value": None},
        {"component": "urn:other"},
        {"severity": "urn:other"},
        {"shape": rdflib.BNode()},
        {"message": "Yes."},
    ],
)
def test_a_difference_in_any_field_is_seen(changes: dict[str, object]) -> None:
    assert not same((_result(),), [_result(**changes)])


def test_blank_nodes_are_compared_by_what_is_said_of_them_and_results_are_counted() -> None:
    one, two = rdflib.BNode(), rdflib.BNode()
    assert same((_result(focus=one, value=one),), [_result(focus=two, value=two)])
    assert not same((_result(focus=one, value=one),), [_result(focus=one, value=two)])
    assert not same((_result(), _result()), [_result()])
    assert same((_result(message=""),), [_result(message="Any.")])


def test_an_engine_that_runs_what_has_to_fail_is_told_from_one_that_refuses(tmp_path: Path) -> None:
    file = tmp_path / "shapes.ttl"
    turtle = "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> sh:targetNode <urn:n> ; sh:nodeKind sh:BlankNode ."
    file.write_text(turtle)
    case = Case("core/made", file, file, None)
    assert [result.shape for result in w3c_shacl.run_pyshacl(case)] == [rdflib.URIRef("urn:s")]
    assert verdict(w3c_shacl.run_pyshacl, case) == "runs what has to fail"
    file.write_text(turtle.replace("sh:nodeKind", "sh:node <urn:s> ; sh:nodeKind"))
    w3c_shacl.quads.cache_clear()
    assert verdict(w3c_shacl.run_pyshacl, case) == ""
