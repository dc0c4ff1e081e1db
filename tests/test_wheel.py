"""A wheel, installed somewhere and used from anywhere, carries its ontology, shapes, queries and examples."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_resources_and_the_licence(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for folder in ("ontology", "shapes", "queries", "examples"):
        inside = {name for name in names if name.startswith(f"esco_graph/data/{folder}/")}
        there = {path for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert len(inside) == len(there) > 0
    assert any(name.endswith("licenses/NOTICE") for name in names)
    assert "esco_graph/py.typed" in names


def test_it_works_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site)]
    subprocess.run([*install, str(wheel)], check=True)
    env = os.environ | {"PYTHONPATH": str(site), "ESCO_GRAPH_STORE": str(tmp_path / "store")}

    def run(*args: str) -> str:
        code = "import sys, esco_graph; print(esco_graph.__file__); from esco_graph.cli import main; main(sys.argv[1:])"
        command = [sys.executable, "-c", code, *args]
        done = subprocess.run(command, cwd=elsewhere, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert str(site) in done.stdout.splitlines()[0]
        return done.stdout

    assert "18 occupations" in run("build", "--sample")
    assert "occupational therapist" in run("similar", "2269.5", "--level", "same")
    assert "occupation-skills" in run("query", "--list")
    run("validate", "2269.5")
    assert "This service uses the ESCO classification" in run("export", "2269.5", "--format", "turtle")
