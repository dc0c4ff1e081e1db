"""Importing pages: nothing is lost by a rebuild or another import, and what is published is what was checked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import esco_graph.importer
import releases
from esco_graph.builder import build
from esco_graph.errors import SourceError
from esco_graph.graph import Graph
from esco_graph.importer import import_page, import_pages
from esco_graph.profiles import from_graph, list_profiles
from esco_graph.terms import ESCO, OCCUPATION, SKOS, mapping_graph
from esco_graph.validation import validate
from esco_graph.workspace import Workspace

OTA = OCCUPATION + "82cbe20d-967c-4161-9ecd-eafc724d171c"
ESSENTIAL = ox.NamedNode(ESCO + "relatedEssentialSkill")


@pytest.fixture
def workspace(sample_workspace: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(sample_workspace.path, tmp_path / "store")
    return Workspace(tmp_path / "store")


def page(folder: Path, name: str, title: str, *skills: str, more: str = "") -> Path:
    file = folder / f"{name}.txt"
    file.write_text(f"{title}\n\nText.\n\nEssential skills\n" + "\n".join(skills) + f"\n{more}", encoding="utf-8")
    return file


def labelled(graph: Graph, pattern: str) -> Iterator[tuple[str, str]]:
    query = f"SELECT ?s ?l {{ {pattern} ?s <{SKOS}prefLabel> ?l FILTER(LANG(?l) = 'en') }} ORDER BY ?s"
    return ((row[0].value, row[1].value) for row in graph.select(query))


def held(graph: Graph) -> tuple[str, str]:
    """Give a skill that the release relates to the occupation."""
    return next(labelled(graph, f"<{OTA}> {ESSENTIAL} ?s ."))


def new(graph: Graph) -> list[tuple[str, str]]:
    """Give skills that it does not."""
    return list(labelled(graph, f"?s a <{ESCO}Skill> . FILTER NOT EXISTS {{ <{OTA}> ?p ?s }}"))


def homes(workspace: Workspace, skill: str) -> list[str]:
    quads = Graph.open(workspace.path).quads(ox.NamedNode(OTA), ESSENTIAL, ox.NamedNode(skill))
    return [quad.graph_name.value.rpartition("/graph/")[2].split("/")[0] for quad in quads]


def test_a_relation_that_the_next_release_drops_is_still_the_profiles(workspace: Workspace, tmp_path: Path) -> None:
    skill, label = held(Graph.open(workspace.path))
    import_page(workspace, page(tmp_path, "a", "Site assistant", label), occupation=OTA)
    assert homes(workspace, skill) == ["release"]
    folder = releases.copy_sample(tmp_path)
    file = next(folder.glob("occupationSkillRelations*.csv"))
    releases.edit(file, lambda rows: [r for r in rows if (r["occupationUri"], r["skillUri"]) != (OTA, skill)])
    made = build(workspace, [folder])
    assert homes(workspace, skill) == ["profile"]
    assert (made.stale, made.not_carried, len(made.carried)) == ((), "", 1)


def test_a_skill_that_the_next_release_drops_is_named(workspace: Workspace, tmp_path: Path) -> None:
    skill, label = new(Graph.open(workspace.path))[0]
    profile = import_page(workspace, page(tmp_path, "a", "Site assistant", label), occupation=OTA).profile
    folder = releases.copy_sample(tmp_path)
    for table in ("skills_en", "occupationSkillRelations", "skillSkillRelations", "broaderRelationsSkillPillar"):
        for file in folder.glob(f"{table}*.csv"):
            releases.edit(file, lambda rows: [row for row in rows if skill not in row.values()])
    made = build(workspace, [folder])
    assert made.stale == (f"{profile.iri}: {label} → {skill}",)
    assert homes(workspace, skill) == []
    assert from_graph(Graph.open(workspace.path), profile.iri) == profile


def test_what_two_pages_state_stays_while_one_states_it(workspace: Workspace, tmp_path: Path) -> None:
    (skill, label), (_, other) = new(Graph.open(workspace.path))[:2]
    for name in "ab":
        import_page(workspace, page(tmp_path, name, f"Site {name} assistant", label), occupation=OTA)
    import_page(workspace, page(tmp_path, "a", "Site a assistant", other), occupation=OTA)
    assert homes(workspace, skill) == ["profile"]


def test_profiles_under_two_bases_stay_apart(workspace: Workspace, tmp_path: Path) -> None:
    _, label = held(Graph.open(workspace.path))
    file = page(tmp_path, "a", "Site assistant", label)
    for base in ("https://a.example/", "https://b.example/"):
        import_page(workspace, file, occupation=OTA, base_iri=base)
    assert len(list_profiles(Graph.open(workspace.path))) == 2


def test_a_build_goes_on_when_the_generation_before_cannot_be_opened(workspace: Workspace, tmp_path: Path) -> None:
    for file in (workspace.current().folder / "store").glob("MANIFEST*"):
        file.unlink()
    made = build(workspace, [releases.copy_sample(tmp_path)])
    assert made.carried == ()
    assert made.not_carried.startswith("profiles could not be carried over: ")
    assert build(workspace, [releases.copy_sample(tmp_path / "again")]).not_carried == ""


def test_the_check_is_of_what_is_published(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, label = held(Graph.open(workspace.path))
    seen = []

    def check(*args: object, **options: object) -> object:
        with pytest.raises(Exception, match="is being written"):
            build(workspace, [tmp_path])
        seen.append(1)
        return validate(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(esco_graph.importer, "validate", check)
    made = import_page(workspace, page(tmp_path, "a", "Site assistant", label), occupation=OTA)
    assert seen
    assert made.generation == workspace.current().name


def test_one_unreadable_page_and_nothing_changes(workspace: Workspace, tmp_path: Path) -> None:
    before = workspace.current().name
    _, label = held(Graph.open(workspace.path))
    good = page(tmp_path, "a", "Site assistant", label)
    (tmp_path / "poem.txt").write_text("Roses are red\n", encoding="utf-8")
    with pytest.raises(SourceError):
        import_pages(workspace, [good, tmp_path / "poem.txt"], occupation=OTA)
    assert workspace.current().name == before


def test_a_page_that_violates_is_left_out_and_the_others_are_stored_at_once(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, label = held(Graph.open(workspace.path))
    pages = [page(tmp_path, name, f"Site {name} assistant", label) for name in "abc"]
    bad = validate(Graph.memory([ox.Quad(ox.NamedNode("http://x/a"), *[ox.NamedNode(SKOS + "broader")] * 2)]))
    assert not bad.conforms
    reports = iter([True, False, True])
    monkeypatch.setattr(
        esco_graph.importer, "validate", lambda *args, **options: validate(*args, **options) if next(reports) else bad
    )
    before = len(workspace.generations())
    made = import_pages(workspace, pages, occupation=OTA)
    assert [one.generation for one in made] == [workspace.current().name, "", workspace.current().name]
    assert len(workspace.generations()) == before + 1
    assert len(list_profiles(Graph.open(workspace.path))) == 2
    reports = iter([False])
    assert import_page(workspace, pages[1], occupation=OTA).generation == ""
    assert len(workspace.generations()) == before + 1


def test_the_report_of_the_build_outlives_its_generation(workspace: Workspace, tmp_path: Path) -> None:
    _, label = held(Graph.open(workspace.path))
    about = workspace.current().about
    for _ in range(4):
        import_page(workspace, page(tmp_path, "a", "Site assistant", label), occupation=OTA)
    for key in ("report", "release", "langs", "counts"):
        assert workspace.current().about[key] == about[key]


def test_the_report_is_of_the_page_and_not_of_mapping_sets(workspace: Workspace, tmp_path: Path) -> None:
    own = "https://example.org/esco-graph/taxonomy/own/"
    with workspace.write("set") as draft:
        for code in ("1", "2"):
            draft.update(
                f"INSERT DATA {{ GRAPH <{mapping_graph('own')}> {{ <{OTA}> <{SKOS}exactMatch> <{own}{code}> . "
                f"<{own}{code}> a <{SKOS}Concept> ; <{SKOS}prefLabel> 'own {code}'@en ; "
                f"<{SKOS}notation> '{code}' ; <{SKOS}inScheme> <{own[:-1]}> }} }}"
            )
    graph = Graph.open(workspace.path)
    assert "ESG706" in [one.code for one in validate(graph, focus=OTA).findings]
    made = import_page(workspace, page(tmp_path, "a", "Site assistant", held(graph)[1]), occupation=OTA)
    assert made.generation
    assert "ESG706" not in [one.code for one in made.validation.findings]
    assert made.validation.checked["ESG706"][1] == 0


def test_an_occupation_without_an_isco_group_is_imported_with_a_warning(workspace: Workspace, tmp_path: Path) -> None:
    _, label = held(Graph.open(workspace.path))
    file = page(tmp_path, "a", "Mermaid", label)
    made = import_page(workspace, file)
    assert made.generation
    assert [one.code for one in made.validation.findings] == ["ESG212"]
    assert [one.code for one in validate(Graph.open(workspace.path), focus=made.profile.iri).findings] == ["ESG212"]
    made = import_page(workspace, file, isco="2269")
    assert made.validation.findings == ()
    assert made.profile.isco_group == "http://data.europa.eu/esco/isco/C2269"
