"""The main job, from end to end, on the sample and on the real release with the real page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import rdflib
from click.testing import CliRunner
from rdflib.namespace import SH

from conftest import ROOT, find_release
from esco_graph.careers import similar
from esco_graph.cli import main
from esco_graph.graph import Graph
from esco_graph.importer import import_page
from esco_graph.profiles import list_profiles
from esco_graph.sources.page import read_page
from esco_graph.workspace import Workspace

OTA = "http://data.europa.eu/esco/occupation/82cbe20d-967c-4161-9ecd-eafc724d171c"


def demo(out: Path, *args: str, data: str = "") -> str:
    result = CliRunner().invoke(
        main, ["demo", "--out", str(out), *args], env={"ESCO_DATA": data}, catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.output


def test_the_demo_on_the_sample(tmp_path: Path) -> None:
    text = demo(tmp_path)
    assert "the embedded sample" in text
    assert re.search(r"8 skill lines: \d by preferred label.*unresolved", text)
    assert "near, not taken" in text
    for title in ("Similar occupations", "Prospects", "Gap to the nearest one", "Files written"):
        assert title in text
    turtle = rdflib.Graph().parse(tmp_path / "nurse-assistant.ttl")
    json_ld = rdflib.Graph().parse(tmp_path / "nurse-assistant.jsonld", format="json-ld")
    assert len(turtle) == len(json_ld) > 100
    report = rdflib.Graph().parse(tmp_path / "nurse-assistant-validation.ttl")
    severities = set(report.objects(None, SH.resultSeverity))
    assert severities == {SH.Warning}  # the two open lines


def test_the_demo_on_the_real_release(tmp_path: Path, seed_page: Path) -> None:
    folder = find_release("1.1.1")
    if folder is None:
        pytest.skip("ESCO v1.1.1 is neither in ESCO_DATA nor in ../shared/data/esco")
    text = demo(tmp_path, "--page", str(seed_page), data=str(folder))
    assert f"Data: the ESCO release in {folder}" in text
    assert "3,007 occupations, 13,896 skills, 619 ISCO groups" in text
    assert "45 skill lines: 41 by preferred label, 3 by alternative label, 1 unresolved." in text
    assert re.search(r"Unresolved, line \d+: Apply health sciences\n", text)
    assert "ISCO skill level 4 is the highest" in text
    assert "67 essential skills: 20 held, 16 optional in the first occupation, 31 new" in text
    assert (tmp_path / "occupational-therapy-assistant.jsonld").exists()


def test_the_real_page_becomes_a_profile(workspace_111: Workspace, seed_page: Path) -> None:
    made = import_page(workspace_111, seed_page, dry_run=True)
    assert made.profile.occupation == OTA
    assert not made.profile.is_new
    assert [skill.label for skill in made.profile.unresolved] == ["Apply health sciences"]
    assert made.profile.isco_skill_level == 4
    assert len(made.profile.links) == 4
    assert made.validation.conforms
    assert made.generation == ""


def test_coverage_at_the_same_level_on_v110(graph_110: Graph) -> None:
    labels = [row["label"] for row in similar(graph_110, OTA, measure="coverage", level="same", limit=5).table.dicts()]
    assert labels[0] == "occupational therapist"
    assert {"speech and language therapist", "traditional chinese medicine therapist"} <= set(labels)


def test_the_readme_is_true(tmp_path: Path) -> None:
    """What the README prints is what the program prints."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    env = {"ESCO_GRAPH_STORE": str(tmp_path / "store")}
    tour = text.split("```console")[2].split("```")[0]
    for block in re.split(r"^\$ esco-graph ", tour, flags=re.MULTILINE)[1:]:
        command, *shown = block.splitlines()
        words = re.findall(r'"[^"]*"|\'[^\']*\'|\S+', command.split("  #")[0].split(" && ")[0])
        words = [word.strip("\"'") for word in words]
        words = [str(tmp_path / word) if word.endswith(".jsonld") else word for word in words]
        words = [str(ROOT / word) if word.startswith("examples/") else word for word in words]
        result = CliRunner().invoke(main, words, env=env, catch_exceptions=False)
        assert result.exit_code == 0, (command, result.output)
        printed = {line.strip() for line in result.output.splitlines()}
        assert {line.strip() for line in shown if line.strip() not in {"", "…"}} <= printed


def test_the_snippet_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snippet = (ROOT / "README.md").read_text(encoding="utf-8").split("```python")[1].split("```")[0]
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(snippet, names)  # noqa: S102 - our own README
    assert isinstance(names["nearest"], dict)
    assert names["nearest"]["label"] == "occupational therapist"


def test_the_example_page_reads_the_same_as_html() -> None:
    text, html = (read_page(ROOT / "examples" / f"occupation-page.{ending}") for ending in ("txt", "html"))
    assert [line.label for line in text.skills] == [line.label for line in html.skills]
    assert text.title == html.title


def test_a_second_demo_has_no_profile_of_the_first(tmp_path: Path) -> None:
    page = tmp_path / "mine.txt"
    example = (ROOT / "examples" / "occupation-page.txt").read_text(encoding="utf-8")
    page.write_text(example.replace(example.splitlines()[0], "Night nurse", 1), encoding="utf-8")
    demo(tmp_path / "out", "--page", str(page))
    demo(tmp_path / "out")
    assert len(list_profiles(Graph.open(tmp_path / "out" / "store"))) == 1
