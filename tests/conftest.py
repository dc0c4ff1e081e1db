"""Fixtures: the sample graph, and real releases where there are any (ESCO_DATA, or the folder beside the project)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from esco_graph.builder import build, sample_paths
from esco_graph.cli import main
from esco_graph.graph import Graph
from esco_graph.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
os.environ.pop("COLUMNS", None)  # pytest-xdist sets it for its workers, and tables obey it


Run = Callable[..., Result]


def find_release(version: str) -> Path | None:
    """Find the folder of a real release: under ESCO_DATA (or ESCO_DATA itself), or under ../shared/data/esco."""
    roots = [Path(path) for path in os.environ.get("ESCO_DATA", "").split(os.pathsep) if path]
    places = [*roots, *(root.parent for root in roots), SHARED / "esco"]
    candidates = [place for root in places for place in (root, *sorted(root.glob("v*"))) if place.is_dir()]
    return next((place for place in candidates if place.name.startswith(f"v{version}")), None)


def said_under_two_seeds(code: str) -> set[str]:
    """Run Python code under two hash seeds; gives what was printed, one element when the seed does not matter."""
    paths = os.pathsep.join(str(path) for path in (ROOT / "src", ROOT, ROOT / "tests"))
    environments = [os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": paths} for seed in ("1", "2")]
    command = [sys.executable, "-c", code]
    return {subprocess.run(command, env=e, capture_output=True, text=True, check=True).stdout for e in environments}


@pytest.fixture(scope="session")
def release() -> Callable[[str], Path]:
    """Give the folder of a real release, or skip."""

    def find(version: str) -> Path:
        found = find_release(version)
        if found is None:
            pytest.skip(f"ESCO v{version} is neither in ESCO_DATA nor in ../shared/data/esco")
        return found

    return find


@pytest.fixture(scope="session")
def seed_page() -> Path:
    """Give the real occupation page, or skip."""
    page = SHARED / "seed" / "occupational-therapy-assistant.txt"
    if not page.exists():
        pytest.skip("the real occupation page is not in ../shared/data/seed")
    return page


@pytest.fixture(scope="session")
def sample_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Build the embedded sample once; tests only read it."""
    workspace = Workspace(tmp_path_factory.mktemp("sample") / "store")
    build(workspace, sample_paths(), version="1.1.1-sample")
    return workspace


@pytest.fixture(scope="session")
def sample_graph(sample_workspace: Workspace) -> Graph:
    """Open the embedded sample."""
    return Graph.open(sample_workspace.path)


@pytest.fixture
def on_sample(sample_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program find the sample, whatever the environment names."""
    for name in ("ENDPOINT", "USER", "PASSWORD", "TOKEN", "BASE_IRI"):
        monkeypatch.delenv(f"ESCO_GRAPH_{name}", raising=False)
    monkeypatch.setenv("ESCO_GRAPH_STORE", str(sample_workspace.path))


@pytest.fixture
def run(on_sample: None) -> Run:
    """Run a verb on the sample; `code` is the exit code expected."""

    def invoke(*args: str, code: int = 0, **options: Any) -> Result:
        result = CliRunner().invoke(main, list(args), catch_exceptions=False, **options)
        assert result.exit_code == code, result.output
        return result

    return invoke


def _real(tmp_path_factory: pytest.TempPathFactory, release: Callable[[str], Path], version: str) -> Workspace:
    workspace = Workspace(tmp_path_factory.mktemp(f"v{version}") / "store")
    build(workspace, [release(version)])
    return workspace


@pytest.fixture(scope="session")
def workspace_111(tmp_path_factory: pytest.TempPathFactory, release: Callable[[str], Path]) -> Workspace:
    """Build the real v1.1.1 once; tests only read it."""
    return _real(tmp_path_factory, release, "1.1.1")


@pytest.fixture(scope="session")
def graph_111(workspace_111: Workspace) -> Graph:
    """Open the real v1.1.1."""
    return Graph.open(workspace_111.path)


@pytest.fixture(scope="session")
def graph_110(tmp_path_factory: pytest.TempPathFactory, release: Callable[[str], Path]) -> Graph:
    """Build and open the real v1.1.0."""
    return Graph.open(_real(tmp_path_factory, release, "1.1.0").path)
