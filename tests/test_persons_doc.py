"""The page on persons: its example of our own form is one, and its Turtle is a profile."""

from __future__ import annotations

import re

import pyoxigraph as ox

from conftest import ROOT
from esco_graph.graph import Graph
from esco_graph.persons import documents, values
from esco_graph.persons.check import check_person
from esco_graph.persons.documents import load_yaml
from esco_graph.persons.own import read_own
from esco_graph.persons.rdf import read_rdf
from esco_graph.persons.resolve import resolve
from esco_graph.terms import prefixes

PAGE = (ROOT / "docs" / "persons.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    (text,) = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    return text


def test_the_yaml_of_the_page_is_understood(sample_graph: Graph) -> None:
    person = resolve(read_own(load_yaml(block("yaml"), "page"), "page"), sample_graph)
    assert person.unresolved == ()
    assert len(person.skills) == 4
    assert list(check_person(person, sample_graph).findings) == []


def test_the_turtle_of_the_page_is_a_profile(sample_graph: Graph) -> None:
    names = "".join(f"@prefix {name}: <{space}> .\n" for name, space in prefixes().items())
    draft = read_rdf(Graph.memory(ox.parse(names + block("turtle"), ox.RdfFormat.TURTLE)), "page")
    person = resolve(draft, sample_graph)
    assert person.unresolved == ()
    assert (len(person.skills), len(person.occupations), len(person.aims)) == (1, 1, 1)
    assert list(check_person(person, sample_graph).findings) == []


def test_the_limits_of_the_page_are_those_of_the_code() -> None:
    assert f"{values.MAX_LINES:,} lines of each kind" in PAGE
    assert f"{values.MAX_TEXT:,} characters" in PAGE
    assert f"{documents.MAX_BYTES_ELSE >> 20} MiB (YAML: {documents.MAX_BYTES['.yaml'] >> 20} MiB)" in PAGE
    assert f"nested {documents.MAX_DEPTH} deep" in " ".join(PAGE.split())
