"""What a build derives about overlap: right, the same in SPARQL and in the matrix, and in step with the rest."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib import DCTERMS, RDFS, SKOS

from conftest import ROOT
from esco_graph.builder import build, derive, sample_paths
from esco_graph.graph import Graph
from esco_graph.importer import import_page
from esco_graph.materialise import COMPARISON, OVERLAPS, materialise, method_of, overlap_iri
from esco_graph.publish.selection import select_quads
from esco_graph.query import stored
from esco_graph.skills.gap import gap_scores
from esco_graph.skills.labels import labels_in
from esco_graph.skills.matrix import STORED, SkillMatrix
from esco_graph.skills.measures import MEASURES
from esco_graph.skills.names import MEASURE_NAMES, NEAREST_MEASURE
from esco_graph.skills.nearest import nearest
from esco_graph.skills.overlap import overlap
from esco_graph.terms import DERIVED_GRAPH, ESCO, ESG, PROV, RDF, XSD
from esco_graph.workspace import Workspace

DERIVED = ox.NamedNode(DERIVED_GRAPH)
# A row for each of the occupations in VALUES: "IRI number" of each that has a skill in common, where the number is
# 1000 times the shared skills, and those of them that are essential for the other. Skills, which have relations too,
# are passed over later: to ask for the class of ?b takes three times as long.
SHARED_SKILLS = f"""PREFIX esco: <{ESCO}> SELECT ?a (GROUP_CONCAT(?one) AS ?all) {{
  SELECT ?a (CONCAT(STR(?b), " ", STR(1000 * COUNT(DISTINCT ?s) + COUNT(DISTINCT ?e))) AS ?one) WHERE {{
    VALUES ?a {{ %s }}
    {{ ?a esco:relatedEssentialSkill ?s }} UNION {{ ?a esco:relatedOptionalSkill ?s }}
    {{ ?b esco:relatedEssentialSkill ?s BIND(?s AS ?e) }} UNION {{ ?b esco:relatedOptionalSkill ?s }}
  }} GROUP BY ?a ?b
}} GROUP BY ?a"""
ESG_PREFIX = f"PREFIX esg: <{ESG}> PREFIX esco: <{ESCO}> PREFIX prov: <{PROV}>"


@pytest.fixture
def copied(sample_workspace: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the sample that a test may write."""
    shutil.copytree(sample_workspace.path, tmp_path / "store")
    return Workspace(tmp_path / "store")


def derived(graph: Graph) -> set[ox.Triple]:
    return {quad.triple for quad in graph.quads(graph=DERIVED)}


def scores_of(graph: Graph) -> dict[frozenset[str], float]:
    """Read the overlap nodes back, by pair."""
    rows = graph.select(f"{ESG_PREFIX} SELECT ?o ?a ?score WHERE {{ ?o esg:between ?a ; esg:score ?score }}")
    between: dict[str, set[str]] = {}
    found: dict[str, float] = {}
    for node, one, score in rows:
        between.setdefault(node.value, set()).add(one.value)  # type: ignore[union-attr]
        found[node.value] = float(score.value)  # type: ignore[union-attr]
    return {frozenset(between[node]): score for node, score in found.items()}


def twenty(scores: dict[frozenset[str], float]) -> dict[str, list[tuple[str, float]]]:
    """Of the nodes of each occupation, the best 20 by score, then by IRI."""
    near: dict[str, list[tuple[str, float]]] = {}
    for pair, score in scores.items():
        one, other = sorted(pair)
        near.setdefault(one, []).append((other, score))
        near.setdefault(other, []).append((one, score))
    return {iri: sorted(others, key=lambda pair: (-pair[1], pair[0]))[:20] for iri, others in near.items()}


def expected(matrix: SkillMatrix) -> dict[str, list[tuple[str, float]]]:
    rows, scores = nearest(matrix)
    return {
        iri: [(matrix.occupations[row], score) for row, score in zip(found, values, strict=True) if row >= 0]
        for iri, found, values in zip(matrix.occupations, rows.tolist(), scores.tolist(), strict=True)
    }


# what is derived -----------------------------------------------------------------------------------------------------


def test_the_twenty_nearest_come_back_exactly(sample_graph: Graph) -> None:
    near = twenty(scores_of(sample_graph))
    assert near == {iri: others for iri, others in expected(SkillMatrix.from_graph(sample_graph)).items() if others}
    assert near


def test_a_pair_has_one_node_and_each_node_four_triples(sample_graph: Graph) -> None:
    nodes = [quad.subject.value for quad in sample_graph.quads(None, ox.NamedNode(ESG + "score"), None, DERIVED)]
    assert len(nodes) == len(set(nodes)) == len(scores_of(sample_graph))
    for node in nodes:
        said = list(sample_graph.quads(ox.NamedNode(node)))
        assert len(said) == 4
        one, other = (quad.object.value for quad in said if quad.predicate.value == ESG + "between")
        assert node == overlap_iri(one, other) == overlap_iri(other, one)


def test_each_overlap_says_how_it_was_computed(sample_graph: Graph) -> None:
    bare = f"{ESG_PREFIX} ASK {{ ?o esg:between ?a FILTER NOT EXISTS {{ ?o prov:wasGeneratedBy/esg:method ?m }} }}"
    assert not sample_graph.ask(bare)
    (row,) = stored("comparison").run(sample_graph).dicts()
    assert (row["comparison"], row["measure"]) == (COMPARISON, NEAREST_MEASURE)
    assert row["method"] == method_of(NEAREST_MEASURE)
    assert row["release"] in sample_graph.named_graphs()
    assert row["program"] == "esco-graph"
    assert row["version"]


def test_rarity_is_that_of_the_matrix(sample_graph: Graph) -> None:
    matrix = SkillMatrix.from_graph(sample_graph)
    held = {q.subject.value: float(q.object.value) for q in sample_graph.quads(None, ox.NamedNode(ESG + "idf"))}
    used = {iri: round(idf, 6) for iri, idf, df in zip(matrix.skills, matrix.idf, matrix.df, strict=True) if df}
    assert held == used
    assert 0 < len(held) < len(matrix.skills) + 1


def test_every_measure_is_described_with_formula_and_source() -> None:
    ontology = rdflib.Graph().parse(ROOT / "ontology" / "esco_graph.ttl")
    for name in MEASURE_NAMES:
        concept = rdflib.URIRef(method_of(name))
        assert str(ontology.value(concept, SKOS.notation)) == name
        for predicate in (SKOS.definition, DCTERMS.source, RDFS.comment):
            assert str(ontology.value(concept, predicate) or "").strip(), (name, predicate)
    assert MEASURES[NEAREST_MEASURE].symmetric, "a node for a pair needs a symmetric measure"


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1),
        min_size=2,
        max_size=2,
        unique=True,
    )
)
def test_names_of_overlaps_do_not_depend_on_the_order(pair: list[str]) -> None:
    one, other = pair
    assert overlap_iri(one, other) == overlap_iri(other, one) != overlap_iri(one, one)


# in step with the rest -----------------------------------------------------------------------------------------------


def test_the_matrix_is_stored_and_opened_with_the_generation(sample_workspace: Workspace) -> None:
    graph = Graph.open(sample_workspace.path)
    assert graph.folder == sample_workspace.current().folder
    opened = SkillMatrix.open(graph.folder / STORED)
    made = SkillMatrix.from_graph(graph)
    assert opened is not None
    assert opened.fingerprint == made.fingerprint
    assert SkillMatrix.of(graph).occupations == made.occupations


def test_two_builds_derive_the_same(sample_workspace: Workspace, tmp_path: Path) -> None:
    build(Workspace(tmp_path), sample_paths(), version="1.1.1-sample")
    assert derived(Graph.open(tmp_path)) == derived(Graph.open(sample_workspace.path))
    folders = (Workspace(tmp_path).current().folder / STORED, sample_workspace.current().folder / STORED)
    one, other = ({file.name: file.read_bytes() for file in folder.iterdir()} for folder in folders)
    assert one == other


def test_materialising_again_changes_nothing(copied: Workspace) -> None:
    before = derived(Graph.open(copied.path))
    with copied.write("again") as draft:
        derive(draft)
        materialise(draft)
    assert derived(Graph.open(copied.path)) == before


def test_a_change_of_relations_leaves_what_a_fresh_comparison_gives(copied: Workspace) -> None:
    """One occupation loses its skills, another its class: old nodes go, and all others have the new scores."""
    matrix = SkillMatrix.of(Graph.open(copied.path))
    bare, gone = (ox.NamedNode(iri) for iri in matrix.occupations[:2])
    with copied.write("fewer") as draft:
        for kind in ("Essential", "Optional"):
            for quad in list(draft.store.quads_for_pattern(bare, ox.NamedNode(f"{ESCO}related{kind}Skill"), None)):
                draft.store.remove(quad)
        for quad in list(draft.store.quads_for_pattern(gone, ox.NamedNode(RDF + "type"), None)):
            draft.store.remove(quad)
        derive(draft)
        materialise(draft)
    graph = Graph.open(copied.path)
    assert scores_of(graph)
    left = twenty(scores_of(graph))
    assert {bare.value, gone.value} & left.keys() == set()
    assert left == {iri: others for iri, others in expected(SkillMatrix.from_graph(graph)).items() if others}
    known = {quad.subject.value for quad in graph.quads(None, ox.NamedNode(ESG + "between"))}
    about = {q.subject.value for q in graph.quads(graph=DERIVED) if q.subject.value.startswith(OVERLAPS)}
    assert about - known == {COMPARISON, f"{COMPARISON}#software"}
    held = {q.subject.value for q in graph.quads(None, ox.NamedNode(ESG + "idf"))}
    matrix = SkillMatrix.from_graph(graph)
    assert held == {iri for iri, df in zip(matrix.skills, matrix.df, strict=True) if df}


@pytest.mark.parametrize("wrong", ["much", "", "NaN", "INF", "0.5"])
def test_a_damaged_value_is_written_anew(copied: Workspace, wrong: str) -> None:
    before = derived(Graph.open(copied.path))
    hurt = [next(t for t in sorted(before, key=str) if t.predicate.value == ESG + name) for name in ("score", "idf")]
    literal = ox.Literal(wrong, datatype=ox.NamedNode(f"{XSD}decimal"))
    with copied.write("by hand") as draft:
        draft.store.remove(ox.Quad(hurt[0].subject, hurt[0].predicate, hurt[0].object, DERIVED))
        for triple in hurt:  # the score instead of the right one, the rarity beside it
            draft.store.add(ox.Quad(triple.subject, triple.predicate, literal, DERIVED))
            draft.store.add(ox.Quad(triple.subject, triple.predicate, ox.NamedNode("http://example.org/x"), DERIVED))
    with copied.write("again") as draft:
        materialise(draft)
    assert derived(Graph.open(copied.path)) == before


def test_an_export_is_built_without_its_old_overlaps(sample_graph: Graph, tmp_path: Path) -> None:
    """What an export says was computed stands once and fits the relations, also where these were changed since."""
    matrix = SkillMatrix.from_graph(sample_graph)
    bare = ox.NamedNode(matrix.occupations[0])
    left = [
        quad.triple
        for quad in select_quads(sample_graph)
        if bare not in (quad.subject, quad.object) or "Skill" not in quad.predicate.value
    ]
    (tmp_path / "old.ttl").write_bytes(ox.serialize(left, format=ox.RdfFormat.TURTLE))
    build(Workspace(tmp_path / "store"), [tmp_path / "old.ttl"])
    graph = Graph.open(tmp_path / "store")
    found = twenty(scores_of(graph))
    assert bare.value not in found
    assert found == {iri: others for iri, others in expected(SkillMatrix.from_graph(graph)).items() if others}
    computed = [q for name in ("between", "score", "idf") for q in graph.quads(None, ox.NamedNode(ESG + name))]
    assert {quad.graph_name for quad in computed} == {DERIVED}
    assert len({quad.triple for quad in computed}) == len(computed)
    assert [q.graph_name for q in graph.quads(ox.NamedNode(COMPARISON), ox.NamedNode(RDF + "type"))] == [DERIVED]


def test_scores_of_links_in_profiles_are_left_alone(copied: Workspace) -> None:
    link = ox.Quad(
        ox.NamedNode("http://example.org/link"),
        ox.NamedNode(ESG + "score"),
        ox.Literal("0.9", datatype=ox.NamedNode(f"{XSD}decimal")),
        ox.NamedNode("http://example.org/profile"),
    )
    with copied.write("profile") as draft:
        draft.store.add(link)
        materialise(draft)
    assert list(Graph.open(copied.path).quads(link.subject)) == [link]


def test_an_imported_page_and_its_undoing_are_followed(copied: Workspace, tmp_path: Path) -> None:
    """A new occupation with skills gets its nearest; undo brings the old ones back, matrix and all."""
    before, matrix = scores_of(Graph.open(copied.path)), SkillMatrix.of(Graph.open(copied.path))
    known = labels_in(Graph.open(copied.path), matrix.skills[:8])
    page = "# bone whisperer\n\nISCO: 2269\n\n## Essential skills\n\n" + "".join(
        f"- {label}\n" for label in known.values()
    )
    (tmp_path / "page.md").write_text(page, encoding="utf-8")
    made = import_page(copied, tmp_path / "page.md", isco="2269", lang="en")
    assert made.generation
    graph = Graph.open(copied.path)
    assert len(SkillMatrix.of(graph).occupations) == len(matrix.occupations) + 1
    assert twenty(scores_of(graph)) == {
        iri: others for iri, others in expected(SkillMatrix.from_graph(graph)).items() if others
    }
    assert scores_of(graph).keys() - before.keys()
    copied.undo()
    graph = Graph.open(copied.path)
    assert scores_of(graph) == before
    assert SkillMatrix.of(graph).fingerprint == matrix.fingerprint


def test_a_broader_concept_that_a_rule_gave_goes_with_its_reason(copied: Workspace) -> None:
    occupation = ox.NamedNode("http://example.org/occupation/new")
    group = ox.NamedNode("http://data.europa.eu/esco/isco/C2269")
    home = ox.NamedNode("http://example.org/graph")
    facts = [
        ox.Quad(occupation, ox.NamedNode(RDF + "type"), ox.NamedNode(ESCO + "Occupation"), home),
        ox.Quad(occupation, ox.NamedNode(ESCO + "memberOfISCOGroup"), group, home),
    ]
    with copied.write("new") as draft:
        draft.extend(facts)
        derive(draft)
    below = ox.Triple(occupation, ox.NamedNode(str(SKOS.broader)), group)
    assert below in derived(Graph.open(copied.path))
    with copied.write("gone") as draft:
        for quad in facts:
            draft.store.remove(quad)
        derive(draft)
    assert below not in derived(Graph.open(copied.path))


def test_a_graph_without_relations_has_no_overlap(tmp_path: Path) -> None:
    """Nothing to compare is no error: the comparison alone is there, and the queries are empty."""
    workspace = Workspace(tmp_path)
    occupation = ox.NamedNode("http://example.org/o")
    with workspace.write("bare", fresh=True) as draft:
        draft.store.add(ox.Quad(occupation, ox.NamedNode(RDF + "type"), ox.NamedNode(ESCO + "Occupation"), DERIVED))
        made = materialise(draft)
    assert (made.overlaps, made.skills) == (0, 0)
    graph = Graph.open(tmp_path)
    assert len(stored("comparison").run(graph).rows) == 1
    assert stored("nearest-occupations").run(graph, occupation=occupation.value).rows == []


def test_the_export_of_an_occupation_leaves_its_overlaps_out(sample_graph: Graph) -> None:
    occupation = next(iter(twenty(scores_of(sample_graph))))
    alone = {quad.subject.value for quad in select_quads(sample_graph, concept=occupation)}
    assert not {iri for iri in alone if iri.startswith(OVERLAPS)}
    whole = {quad.subject.value for quad in select_quads(sample_graph) if isinstance(quad.subject, ox.NamedNode)}
    assert COMPARISON in whole


# SPARQL and matrix, on all occupations of a real release -------------------------------------------------------------


@pytest.fixture(scope="module")
def matrix_111(graph_111: Graph) -> SkillMatrix:
    return SkillMatrix.of(graph_111)


def test_the_twenty_nearest_of_all_occupations(graph_111: Graph, matrix_111: SkillMatrix) -> None:
    assert twenty(scores_of(graph_111)) == {iri: others for iri, others in expected(matrix_111).items() if others}


def test_rarity_of_all_skills(graph_111: Graph, matrix_111: SkillMatrix) -> None:
    """SPARQL counts the occupations of each skill, and the logarithm is taken here."""
    rows = graph_111.select(
        f"{ESG_PREFIX} SELECT ?s ?idf (COUNT(DISTINCT ?o) AS ?df) WHERE {{ ?s esg:idf ?idf ."
        " { ?o esco:relatedEssentialSkill ?s } UNION { ?o esco:relatedOptionalSkill ?s } ?o a esco:Occupation }"
        " GROUP BY ?s ?idf"
    )
    assert len(rows.rows) == int((matrix_111.df > 0).sum())
    for skill, idf, df in rows:
        assert float(idf.value) == pytest.approx(np.log(len(matrix_111.occupations) / int(df.value)), abs=5.1e-7)
        assert float(idf.value) == round(float(matrix_111.idf[matrix_111.column(skill.value)]), 6)


def test_the_number_of_skills_of_all_occupations(graph_111: Graph, matrix_111: SkillMatrix) -> None:
    """What coverage and Jaccard divide by, counted in SPARQL."""
    rows = graph_111.select(
        f"{ESG_PREFIX} SELECT ?o (COUNT(DISTINCT ?s) AS ?all) (COUNT(DISTINCT ?e) AS ?essential) WHERE {{"
        " ?o a esco:Occupation . { ?o esco:relatedEssentialSkill ?s BIND(?s AS ?e) }"
        " UNION { ?o esco:relatedOptionalSkill ?s } } GROUP BY ?o"
    )
    counted = {one.value: (int(every.value), int(need.value)) for one, every, need in rows}
    sizes = zip(matrix_111.size.tolist(), np.diff(matrix_111.essential.indptr).tolist(), strict=True)
    assert counted == {iri: pair for iri, pair in zip(matrix_111.occupations, sizes, strict=True) if pair[0]}


def test_coverage_and_jaccard_of_all_pairs(graph_111: Graph, matrix_111: SkillMatrix) -> None:
    """SPARQL counts the skills that each two occupations share, all and the second's essential ones, for every pair.

    With the numbers that the test above counts, these are all that the three measures are made of.
    """
    iris, rows = matrix_111.occupations, {iri: row for row, iri in enumerate(matrix_111.occupations)}
    counted = np.zeros((len(iris), len(iris) + 1), dtype=np.int32)  # the last column is for what is no occupation

    def count(first: int) -> None:
        wanted = " ".join(f"<{iri}>" for iri in iris[first : first + 50])
        for one, text in graph_111.select(SHARED_SKILLS % wanted):
            parts = text.value.split(" ")
            counted[rows[one.value], [rows.get(other, -1) for other in parts[::2]]] = [int(n) for n in parts[1::2]]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(count, range(0, len(iris), 50)))
    shared, needed = np.divmod(counted[:, :-1], 1000)
    size, essential = matrix_111.size, np.diff(matrix_111.essential.indptr)
    with np.errstate(invalid="ignore"):
        by_sparql = {
            "coverage": shared / size,
            "essential-coverage": needed / essential,
            "jaccard": shared / (size[:, np.newaxis] + size - shared),
        }
    for name, values in by_sparql.items():
        assert np.abs(np.nan_to_num(values) - MEASURES[name].all_pairs(matrix_111)).max() < 1e-6, name


@pytest.mark.parametrize("measure", ["coverage", "essential-coverage", "jaccard"])
def test_plain_measures_by_stored_query(measure: str, graph_111: Graph, matrix_111: SkillMatrix) -> None:
    """The stored query in full, for every 150th occupation: each other one that shares a skill, with its number."""
    for row in range(0, len(matrix_111.occupations), 150):
        occupation = matrix_111.occupations[row]
        table = stored(f"occupations-by-{measure}").run(graph_111, occupation=occupation, limit=10_000)
        found = {values["other"]: values[measure.rpartition("-")[2]] for values in table.dicts()}
        values = MEASURES[measure].against_all(matrix_111, matrix_111.row_set(row))
        wanted = {iri: value for iri, value in zip(matrix_111.occupations, values.tolist(), strict=True) if value}
        wanted.pop(occupation, None)
        assert found == pytest.approx(wanted, abs=5.1e-7)


def test_gaps_by_stored_query(graph_111: Graph, matrix_111: SkillMatrix) -> None:
    count = len(matrix_111.occupations)
    for row in range(0, count, 150):
        there = (row * 7 + 11) % count
        wanted = gap_scores(matrix_111, matrix_111.row_set(row), np.array([there]))[0]
        pair = {"occupation": matrix_111.occupations[row], "target": matrix_111.occupations[there]}
        rows = stored("skill-gap").run(graph_111, **pair).dicts()
        assert [one["gap"] for one in rows] == [pytest.approx(wanted, abs=2e-6)] or not matrix_111.essential[
            [there]
        ].nnz


def test_explained_overlap_names_the_same_skills(graph_111: Graph, matrix_111: SkillMatrix) -> None:
    near, _ = nearest(matrix_111)
    for row in range(0, len(matrix_111.occupations), 500):
        a, b = matrix_111.occupations[row], matrix_111.occupations[near[row][3]]
        rows = stored("explained-overlap").run(graph_111, occupation=a, other=b).dicts()
        why = overlap(graph_111, a, b)
        assert {one["skill"] for one in rows if one["part"] == "surplus"} == {one.iri for one in why.surplus}
        for part in ("shared", "missing"):
            for need in ("essential", "optional"):
                named = {one.iri: one.idf for one in getattr(why, f"{part}_{need}")}
                found = {r["skill"]: r["idf"] for r in rows if (r["part"], r["requirement"]) == (part, need)}
                assert found == pytest.approx(named)
        close = {one.iri: (one.near.iri, one.distance) for one in why.near if one.near}
        assert {r["skill"]: (r["near"], r["steps"]) for r in rows if r["near"]} == close


def test_about_json_of_the_matrix_says_its_release(workspace_111: Workspace) -> None:
    about = json.loads((workspace_111.current().folder / STORED / "about.json").read_text(encoding="utf-8"))
    assert about["release"] == "https://w3id.org/esco-graph/graph/release/1.1.1/en"
