"""Classifications in the store: their own graph, nothing said twice, nothing lost; and the verbs that show them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from conftest import Run
from esco_graph.cli import main
from esco_graph.errors import NotFoundError, StoreError
from esco_graph.graph import Graph
from esco_graph.labels import find_concept
from esco_graph.taxonomies.find import find_external
from esco_graph.taxonomies.model import Concept, concepts_of, read_taxonomy, taxonomy_quads
from esco_graph.taxonomies.rdf import heads
from esco_graph.taxonomies.registry import TAXONOMIES
from esco_graph.taxonomies.store import add_taxonomy, remove_taxonomy
from esco_graph.terms import ISCO, OWL, RDF, SKOS, mapping_graph, taxonomy_graph
from esco_graph.workspace import Workspace

A1101 = "https://example.org/esco-graph/taxonomy/rome/A1101"
ROME = "code_rome,code_fiche_em,code_ogr,libelle_rome\nA1101,1,7,Conduite d'engins\nA1201,2,8,Bûcheronnage\n"


@pytest.fixture
def workspace(sample_workspace: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(sample_workspace.path, tmp_path / "store")
    return Workspace(tmp_path / "store")


@pytest.fixture
def rome(tmp_path: Path) -> Path:
    file = tmp_path / "rome.csv"
    file.write_text(ROME, encoding="utf-8")
    return file


def in_graph(workspace: Workspace, name: str) -> list[str]:
    return sorted(map(str, Graph.open(workspace.path).quads(graph=ox.NamedNode(name))))


def named_by_a_set(workspace: Workspace) -> str:
    """Write what a mapping set says of the concept A1101."""
    graph = mapping_graph("fr-rome")
    with workspace.write("set") as draft:
        draft.update(
            f'INSERT DATA {{ GRAPH <{graph}> {{ <{A1101}> a <{SKOS}Concept> ; <{SKOS}prefLabel> "engins"@fr ; '
            f'<{SKOS}notation> "A1101" ; <{SKOS}inScheme> <https://example.org/esco-graph/taxonomy/rome> . '
            f"<http://example.org/row> <{OWL}annotatedSource> <{A1101}> }} }}"
        )
    return graph


class TestAdd:
    def test_it_stands_in_its_own_graph_and_comes_back(self, workspace: Workspace, rome: Path) -> None:
        read = read_taxonomy(rome)
        added = add_taxonomy(workspace, read)
        graph = Graph.open(workspace.path)
        assert concepts_of(graph, "rome") == list(read.concepts)
        assert added.generation == workspace.current().name
        assert [(head.taxonomy.key, head.concepts) for head in heads(graph)] == [("rome", 2)]
        assert workspace.current().about["release"]  # facts of the build go on

    def test_the_same_input_gives_the_same_graph_and_no_new_generation(self, workspace: Workspace, rome: Path) -> None:
        add_taxonomy(workspace, read_taxonomy(rome))
        before, current = in_graph(workspace, taxonomy_graph("rome")), workspace.current().name
        assert add_taxonomy(workspace, read_taxonomy(rome)).generation == ""
        assert (in_graph(workspace, taxonomy_graph("rome")), workspace.current().name) == (before, current)

    def test_another_load_replaces_the_earlier(self, workspace: Workspace, rome: Path) -> None:
        add_taxonomy(workspace, read_taxonomy(rome))
        rome.write_text(ROME.rpartition("A1201")[0], encoding="utf-8")
        added = add_taxonomy(workspace, read_taxonomy(rome))
        assert [concept.code for concept in concepts_of(Graph.open(workspace.path), "rome")] == ["A1101"]
        assert (added.before, added.gone) == (2, 1)

    def test_the_report_says_what_a_second_load_loses(self, workspace: Workspace, rome: Path) -> None:
        add_taxonomy(workspace, read_taxonomy(rome))
        rome.write_text(ROME.rpartition("A1201")[0], encoding="utf-8")
        call = ["taxonomies", "add", str(rome), "--store", str(workspace.path)]
        said = CliRunner().invoke(main, call).output
        assert "The earlier load is replaced; concepts before: 2, now: 1, gone: 1." in said

    def test_what_sets_name_and_a_load_has_not_is_counted_and_stays(self, workspace: Workspace, rome: Path) -> None:
        named_by_a_set(workspace)
        add_taxonomy(workspace, read_taxonomy(rome))
        rome.write_text("code_rome,code_fiche_em,code_ogr,libelle_rome\nA1201,2,8,Bûcheronnage\n", encoding="utf-8")
        assert add_taxonomy(workspace, read_taxonomy(rome)).missing == 1
        graph = Graph.open(workspace.path)
        named = graph.quads(ox.NamedNode(A1101), ox.NamedNode(SKOS + "notation"))
        assert [quad.object.value for quad in named] == ["A1101"]

    def test_what_esco_says_of_isco_stays_and_another_label_is_left_out(
        self, workspace: Workspace, tmp_path: Path
    ) -> None:
        file = tmp_path / "isco.csv"
        file.write_text("isco_code,title\n2,Professionals\n22,Health persons\n", encoding="utf-8")
        added = add_taxonomy(workspace, read_taxonomy(file))
        assert added.held > 0
        assert added.otherwise == ((ISCO + "C22", "Health professionals", "Health persons"),)
        labels = Graph.open(workspace.path).quads(ox.NamedNode(ISCO + "C22"), ox.NamedNode(SKOS + "prefLabel"))
        assert [quad.object.value for quad in labels] == ["Health professionals"]

    def test_no_triple_is_in_two_graphs(self, workspace: Workspace, rome: Path, tmp_path: Path) -> None:
        named_by_a_set(workspace)
        (tmp_path / "isco.csv").write_text("isco_code,title\n2,Professionals\n22,Health persons\n", encoding="utf-8")
        for file in (rome, tmp_path / "isco.csv"):
            add_taxonomy(workspace, read_taxonomy(file))
        seen = [quad.triple for quad in Graph.open(workspace.path).quads()]
        assert len(seen) == len(set(seen))

    def test_where_there_is_no_graph_nothing_is_made(self, tmp_path: Path, rome: Path) -> None:
        with pytest.raises(StoreError, match="no graph here"):
            add_taxonomy(Workspace(tmp_path / "none"), read_taxonomy(rome))
        assert not (tmp_path / "none").exists()


class TestWithMappingSets:
    def test_what_a_set_says_of_a_concept_moves_and_comes_back(self, workspace: Workspace, rome: Path) -> None:
        graph = named_by_a_set(workspace)
        kind = str(ox.NamedNode(RDF + "type"))
        assert concepts_of(Graph.open(workspace.path), "rome")[0].label == "engins"
        add_taxonomy(workspace, read_taxonomy(rome))
        assert not any(kind in quad for quad in in_graph(workspace, graph))
        assert concepts_of(Graph.open(workspace.path), "rome")[0].label == "Conduite d'engins"
        remove_taxonomy(workspace, "rome")
        assert [one.label for one in concepts_of(Graph.open(workspace.path), "rome")] == ["Conduite d'engins"]
        assert any(kind in quad for quad in in_graph(workspace, graph))

    def test_concepts_of_a_set_stand_where_their_codes_say(self) -> None:
        kldb = TAXONOMIES["kldb"]
        made = [Concept(kldb.concept_iri(code), code, code, "de") for code in ("43104", "B 43104-100", "BE 3324")]
        graph = Graph.memory(taxonomy_quads(kldb, made, mapping_graph("de")))
        above = {one.code: one.broader for one in concepts_of(graph, "kldb")}
        assert above == {"43104": (), "B 43104-100": (made[0].iri,), "BE 3324": ()}

    def test_removing_what_is_not_there_changes_nothing(self, workspace: Workspace) -> None:
        before = workspace.current().name
        with pytest.raises(NotFoundError, match="not loaded"):
            remove_taxonomy(workspace, "rome")
        assert workspace.current().name == before


class TestFind:
    @pytest.fixture
    def graph(self, workspace: Workspace, rome: Path) -> Graph:
        add_taxonomy(workspace, read_taxonomy(rome))
        return Graph.open(workspace.path)

    @pytest.mark.parametrize(
        ("text", "iri"),
        [
            ("rome:A1101", A1101),
            ("ROME: a1101", A1101),
            ("isco:C22", ISCO + "C22"),
            ("isco:22", ISCO + "C22"),
            ("22", None),
            ("http://example.org/a", None),
            ("Note: see there", None),
            ("esco:Occupation", None),
        ],
    )
    def test_key_and_code(self, graph: Graph, text: str, iri: str | None) -> None:
        assert find_external(graph, text) == iri

    @pytest.mark.parametrize(
        ("text", "said"), [("rome:A9999", "has no A9999"), ("rome:?", "code of"), ("rom:A1101", "rome")]
    )
    def test_what_is_not_there_is_said(self, graph: Graph, text: str, said: str) -> None:
        with pytest.raises(NotFoundError, match=said):
            find_external(graph, text)

    def test_a_label_that_esco_has_too_means_escos_concept(self, workspace: Workspace, tmp_path: Path) -> None:
        file = tmp_path / "own.csv"
        file.write_text("code,label\nX1,occupational therapist\nX2,Health professionals\n", encoding="utf-8")
        add_taxonomy(workspace, read_taxonomy(file))
        graph = Graph.open(workspace.path)
        assert find_concept(graph, "Health professionals").iri == ISCO + "C22"
        assert find_concept(graph, "occupational therapist").kind == "occupation"


class TestVerbs:
    @pytest.fixture
    def run(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Run:
        """Run a verb on a store of its own, for these verbs write."""
        monkeypatch.setenv("ESCO_GRAPH_STORE", str(workspace.path))
        return lambda *arguments: CliRunner().invoke(main, list(arguments), catch_exceptions=False)

    def test_add_list_show_remove(self, run: Run, rome: Path) -> None:
        said = run("taxonomies", "add", str(rome))
        assert said.exit_code == 0
        assert "2 concepts, 2 labels" in said.output
        assert "France Travail" in said.output
        assert "rome" in run("taxonomies", "list").output
        shown = json.loads(run("taxonomies", "show", "ROME", "--format", "json").output)
        assert shown[0] == {
            "code": "A1101", "label": "Conduite d'engins", "broader label": "", "other labels": 0, "concept": A1101,
        }  # fmt: skip
        assert "Conduite d'engins" in run("show", "rome:A1101").output
        assert "Bûcheronnage" in run("search", "bûcheron", "--lang", "fr").output
        assert run("taxonomies", "remove", "rome").exit_code == 0
        assert "(no rows)" in run("taxonomies", "list").output

    def test_faults_give_exit_code_one_and_the_good_rows(self, run: Run, rome: Path) -> None:
        rome.write_text(ROME + "Nov-31,3,9,Autre\n", encoding="utf-8")
        said = run("taxonomies", "add", str(rome), "--format", "json")
        report = json.loads(said.stdout)
        assert (said.exit_code, report["concepts"], report["faults"][0]["where"]) == (1, 2, "rome.csv:4")
        assert report["generation"]

    def test_a_dry_run_writes_nothing(self, run: Run, rome: Path, workspace: Workspace) -> None:
        before = workspace.current().name
        assert "Nothing was stored" in run("taxonomies", "add", str(rome), "--dry-run").output
        assert workspace.current().name == before

    def test_a_key_of_ones_own_and_a_base(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "x.csv").write_text("ID;Name\n1;eins\n2;zwei\n", encoding="utf-8")
        options = ("--as", "My codes", "--lang", "de", "--base-iri", "https://my.org/")
        report = json.loads(run("taxonomies", "add", str(tmp_path / "x.csv"), *options, "--format", "json").stdout)
        assert (report["key"], report["name"], report["lang"]) == ("my-codes", "My codes", "de")
        assert "https://my.org/taxonomy/my-codes/1" in run("taxonomies", "show", "my-codes", "--format", "csv").output

    @pytest.mark.parametrize("arguments", [("show", "rom"), ("show", "rome"), ("remove", "rome"), ("add", "none.csv")])
    def test_what_is_not_there_is_exit_code_two(self, run: Run, arguments: tuple[str, ...]) -> None:
        said = run("taxonomies", *arguments)
        assert said.exit_code == 2
        assert "Error: " in said.output

    def test_the_known_ones_are_listed(self, run: Run) -> None:
        listed = run("taxonomies", "list", "--known", "--format", "csv").output
        assert all(f"\n{key}," in listed for key in ("isco", "onet", "rome", "kldb", "ssyk", "nace2.1", "wikidata"))
        assert "\nesco," not in listed
