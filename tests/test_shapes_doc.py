"""The catalogue of rules is the generated one, whole, and every link in it leads somewhere."""

from __future__ import annotations

import doctest
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from conftest import ROOT, said_under_two_seeds
from esco_graph.validation.shapes import load_shapes

PAGE = ROOT / "docs" / "shapes.md"
TOOL = ROOT / "tools" / "make_shapes_doc.py"
CHECKS = sorted((ROOT / "queries" / "checks").glob("*.rq"))


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_shapes_doc", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["make_shapes_doc"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_the_page_is_the_generated_one(tool: ModuleType, text: str) -> None:
    assert text == tool.page(), "run: make shapes-doc"


def test_the_page_does_not_depend_on_the_hash_seed() -> None:
    code = f"import runpy; print(runpy.run_path({str(TOOL)!r})['page']())"
    assert len(said_under_two_seeds(code)) == 1


def test_each_rule_has_one_heading_that_is_its_code(text: str) -> None:
    """A heading of the code alone gives the anchor #esg101, to which reports link."""
    headings = re.findall(r"^### (\S+)$", text, re.MULTILINE)
    in_checks = [found.group(1) for path in CHECKS if (found := re.search(r"^#\+ code: (\S+)", path.read_text(), re.M))]
    assert sorted(headings) == sorted([*load_shapes().rules, *in_checks])
    assert len(in_checks) == len(CHECKS)


def test_every_link_leads_somewhere(text: str) -> None:
    anchors = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.+)$", text, re.M)
    }
    links = set(re.findall(r"\]\(([^)]+)\)", text))
    assert len(links) > 100
    for link in links:
        if link.startswith("#"):
            assert link[1:] in anchors
        else:
            assert (PAGE.parent / link).exists()


def test_each_entry_says_message_severity_target_source_and_fix(text: str) -> None:
    for entry in text.split("\n### ")[1:]:
        kinds = re.findall(r"^- ([a-z ]+): \S", entry, re.MULTILINE)
        assert kinds == ["severity", "checked on", "source", "safe fix"], entry
        assert "None" not in entry.split("\n## ")[0]


def test_a_fix_is_named_where_there_is_one(text: str) -> None:
    named = set(re.findall(r"- safe fix: \[(\w+)\.rq\]", text))
    rules = set(re.findall(r"^### (\S+)$", text, re.MULTILINE))
    assert named == {path.stem for path in (ROOT / "queries" / "fixes").glob("*.rq")} & rules


def test_a_check_is_described_by_its_header(tool: ModuleType, tmp_path: Path) -> None:
    header = "#+ code: ESG101\n#+ severity: warning\n#+ summary: No loops.\n#+ see_also: http://example.org/s\n"
    file = tmp_path / "loops.rq"
    file.write_text(
        f"{header}#+ message: >\n#+   A loop | here.\n#+   Cut it.\nSELECT ?x {{ ?x ?y ?z }}\n# +no: header\n"
    )
    lines = list(tool.check_entry(file).lines())
    assert lines[:3] == ["### ESG101", "", r"**No loops.** A loop \| here. Cut it."]
    assert lines[4].startswith("- severity: warning")
    assert lines[5:7] == [
        "- checked on: the whole graph; [loops.rq](../queries/checks/loops.rq)",
        "- source: <http://example.org/s>",
    ]


@pytest.mark.parametrize(
    ("severities", "words"),
    [
        ({"default": "warning", "strict": "warning", "publish": "warning"}, "warning"),
        ({"default": "warning", "strict": "violation", "publish": "off"}, "warning · strict: violation · publish: off"),
    ],
)
def test_severities_are_shown_where_they_differ(tool: ModuleType, severities: dict[str, str], words: str) -> None:
    assert tool.shown(severities) == words


@pytest.mark.parametrize(
    ("plain", "markdown"),
    [
        ("a | b", r"a \| b"),
        ("R&amp;D <b>", "R&amp;amp;D &lt;b>"),
        ('Write "text"@en, not skos:broader.', 'Write "text"@en, not `skos:broader`.'),
        ("See http://data.europa.eu/esco/isco/C2269.", "See `http://data.europa.eu/esco/isco/C2269`."),
        ("http: as", "http: as"),
    ],
)
def test_messages_are_text_and_not_markup(tool: ModuleType, plain: str, markdown: str) -> None:
    assert tool.escaped(plain) == markdown


def test_the_examples_of_the_tool_run(tool: ModuleType) -> None:
    result = doctest.testmod(tool)
    assert result.attempted > 0
    assert result.failed == 0
