"""The shape of the house: imports point down, the start is light, files stay small, words are the field's."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT

SRC = ROOT / "src" / "esco_graph"
LEVELS = {
    "terms": 0,
    "arrays": 0,
    "errors": 0,
    "resources": 0,
    "sparql": 0,
    "files": 0,
    "lazy": 0,
    "sources": 1,
    "solutions": 1,
    "draft": 2,
    "workspace": 2,
    "transport": 2,
    "answers": 2,
    "endpoint": 2,
    "graph": 2,
    "parameters": 3,
    "query": 3,
    "validation": 3,
    "labels": 4,
    "profiles": 4,
    "skills": 4,
    "careers": 4,
    "taxonomies": 4,
    "mappings": 4,
    "linking": 4,
    "review": 4,
    "phrases": 4,
    "persons": 4,
    "batch": 4,
    "materialise": 4,
    "builder": 4,
    "importer": 4,
    "repairer": 4,
    "publish": 5,
    "cli": 6,
    "__main__": 6,
}
FILES = sorted(SRC.rglob("*.py"))


def part_of(path: Path) -> str:
    return path.relative_to(SRC).parts[0].removesuffix(".py")


def imported_parts(tree: ast.AST) -> set[str]:
    """Name the parts of esco_graph that a module imports, at the top or inside functions."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("esco_graph"):
            names |= {node.module} if node.module != "esco_graph" else {f"esco_graph.{a.name}" for a in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if alias.name.startswith("esco_graph.")}
    return {name.split(".")[1] for name in names} - {"__version__"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_imports_point_down(path: Path) -> None:
    if path.name == "__init__.py" and path.parent == SRC:
        return
    own = LEVELS[part_of(path)]
    above = {part for part in imported_parts(ast.parse(path.read_text())) if LEVELS[part] > own}
    assert not above, f"{path.name} (level {own}) imports {above}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


def test_only_the_endpoint_speaks_sparql_over_http() -> None:
    users = {
        part_of(path) for path in FILES if "SPARQLWrapper" in path.read_text().replace("through SPARQLWrapper", "")
    }
    assert users <= {"endpoint", "transport", "answers"}


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from esco_graph.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print('MODULES', *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.rpartition("MODULES")[2].split())
    heavy = {
        "rdflib",
        "pyshacl",
        "SPARQLWrapper",
        "rapidfuzz",
        "pyoxigraph",
        "rich",
        "yaml",
        "numpy",
        "scipy",
        "hypothesis",
    }
    assert not loaded & heavy
    assert {"click", "esco_graph"} <= loaded
