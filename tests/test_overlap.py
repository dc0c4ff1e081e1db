"""Rankings by overlap: what is refused, and that the command line gets the measures cheaply."""

from __future__ import annotations

import subprocess
import sys

import pytest

from esco_graph.errors import ParameterError
from esco_graph.graph import Graph
from esco_graph.overlap import MEASURES, similar
from esco_graph.query import catalogue


@pytest.mark.parametrize(("measure", "near"), [("cosine", ""), ("jacard", "jaccard"), ("Coverage", "coverage")])
def test_an_unknown_measure_is_told_with_the_known_ones(measure: str, near: str) -> None:
    with pytest.raises(ParameterError, match=measure) as caught:
        similar(Graph.memory(), "http://example.org/o", measure=measure)
    assert "coverage, jaccard" in caught.value.advice
    assert f"Did you mean {near}?" in caught.value.advice or not near


def test_each_measure_has_its_stored_query() -> None:
    assert set(MEASURES.values()) <= set(catalogue())


def test_the_verb_takes_the_measures_without_importing_an_engine() -> None:
    code = (
        "import sys; from esco_graph.cli.similar import similar\n"
        "choices = next(p.type.choices for p in similar.params if p.name == 'measure')\n"
        "print(*choices, 'pyoxigraph' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [*MEASURES, "False"]


def test_a_graph_without_relations_says_so(sample_graph: Graph) -> None:
    bare = Graph.memory(quad for quad in sample_graph.quads() if "Skill" not in quad.predicate.value)
    occupation = "http://data.europa.eu/esco/occupation/82cbe20d-967c-4161-9ecd-eafc724d171c"
    assert "no relations between occupations and skills" in similar(bare, occupation).remark
