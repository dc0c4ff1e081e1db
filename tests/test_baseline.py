"""Known findings: written, read back, met and gone."""

from __future__ import annotations

import io
import random
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_graph.errors import ParameterError
from esco_graph.graph import Graph
from esco_graph.sources.data_file import read_file
from esco_graph.terms import ESG
from esco_graph.validation import Report, validate
from esco_graph.validation import baseline as module
from esco_graph.validation.baseline import HEADER, Baseline, Entry, write_baseline
from esco_graph.validation.finding import Finding
from esco_graph.validation.paths import Path as PropertyPath
from esco_graph.validation.positions import Positions

EX = "http://example.org/"
HOLDINGS = (("anna", 1), ("ben", 1), ("anna", 2))
LABEL = PropertyPath("iri", "http://www.w3.org/2004/02/skos/core#prefLabel")


def finding(number: int = 1, *, value: ox.Literal | ox.BlankNode | None = None, code: str = "ESG101") -> Finding:
    return Finding(code, "violation", "No label.", ox.NamedNode(f"{EX}{number}"), path=LABEL, value=value)


def written(*findings: Finding) -> str:
    out = io.StringIO()
    assert write_baseline(findings, out) == len(findings)
    return out.getvalue()


def read(folder: Path, text: str | bytes) -> Baseline:
    (folder / "known.tsv").write_bytes(text.encode() if isinstance(text, str) else text)
    return Baseline.read(folder / "known.tsv")


class TestRoundTrip:
    def test_each_is_known_as_often_as_it_was(self, tmp_path: Path) -> None:
        baseline = read(tmp_path, written(finding(1), finding(1), finding(2)))
        assert [baseline.knows(finding(1)) for _ in range(3)] == [True, True, False]
        assert not baseline.knows(finding(3))
        assert baseline.gone() == [Entry("ESG101", f"<{EX}2>", "skos:prefLabel", "", 1)]

    def test_the_text_is_sorted_and_does_not_depend_on_the_order(self) -> None:
        findings = [finding(n, code=code) for n in range(30) for code in ("ESG102", "ESG101")]
        texts = {written(*random.Random(seed).sample(findings, len(findings))) for seed in range(3)}
        assert len(texts) == 1
        lines = texts.pop().splitlines()[2:]
        assert lines == sorted(lines)
        assert lines[0] == f"ESG101\t<{EX}0>\tskos:prefLabel\t\t1"

    def test_neither_severity_nor_message_nor_label_matters(self, tmp_path: Path) -> None:
        baseline = read(tmp_path, written(finding()))
        assert baseline.knows(replace(finding(), severity="info", message="Better words.", focus_label="one"))

    def test_code_focus_path_and_value_matter(self, tmp_path: Path) -> None:
        text = written(finding(value=ox.Literal("x", language="en")))
        changes = [
            replace(finding(value=ox.Literal("x", language="en")), code="ESG102"),
            replace(finding(value=ox.Literal("x", language="en")), path=None),
            finding(2, value=ox.Literal("x", language="en")),
            finding(value=ox.Literal("x")),
            finding(),
        ]
        for changed in changes:
            assert not read(tmp_path, text).knows(changed)

    def test_blank_nodes_are_told_apart_by_number_only(self, tmp_path: Path) -> None:
        text = written(*(replace(finding(), focus=ox.BlankNode(name)) for name in ("a", "b")))
        assert text.endswith("ESG101\t_:\tskos:prefLabel\t\t2\n")
        baseline = read(tmp_path, text)
        renamed = [replace(finding(), focus=ox.BlankNode(name)) for name in ("x", "y", "z")]
        assert [baseline.knows(one) for one in renamed] == [True, True, False]

    def test_blank_nodes_are_known_by_who_leads_to_them(self, tmp_path: Path) -> None:
        anna, ben, more = (replace(finding(), focus=ox.BlankNode(f"{n}.holds.{i}")) for n, i in HOLDINGS)
        text = written(anna)
        assert text.endswith("ESG101\t_:anna.holds\tskos:prefLabel\t\t1\n")
        baseline = read(tmp_path, text)
        assert [baseline.knows(one) for one in (ben, more, anna)] == [False, True, False]

    def test_a_new_holding_of_another_person_is_the_new_finding_in_every_run(self, tmp_path: Path) -> None:
        prefixes = f"@prefix e: <{EX}> .\n@prefix esg: <{ESG}> .\n"
        holding = "{} a esg:PersonProfile ; esg:holds\n[ a esg:SkillHolding ; esg:skill e:wrong ] .\n"
        anna, ben = holding.format("e:anna"), holding.format("e:ben")

        def checked(text: str, baseline: Baseline | None = None) -> Report:
            file = tmp_path / "team.ttl"
            file.write_text(prefixes + text)
            positions = Positions([file])
            data = Graph.memory(positions.follow(file, read_file(file)))
            return validate(data, baseline=baseline, positions=positions)

        before = checked(anna)
        assert not before.conforms
        text = written(*before.findings)
        reports = [checked(ben + anna, read(tmp_path, text)) for _ in range(4)]
        for report in reports:
            assert {one.position.rpartition(":")[2] for one in report.findings if not one.known} <= {"3", "4"}
            assert {str(one.focus) for one in report.findings if not one.known} >= {"_:ben.holds.1"}
        assert len({report.format("html") for report in reports}) == 1

    def test_nothing_known(self, tmp_path: Path) -> None:
        baseline = read(tmp_path, written())
        assert not baseline.knows(finding())
        assert baseline.gone() == []

    @given(st.lists(st.tuples(st.integers(1, 3), st.text(st.characters(codec="utf-8"), max_size=8)), max_size=12))
    @settings(deadline=None)
    def test_any_value_survives(self, pairs: list[tuple[int, str]]) -> None:
        import tempfile

        findings = [finding(number, value=ox.Literal(text, language="en")) for number, text in pairs]
        with tempfile.TemporaryDirectory() as folder:
            baseline = read(Path(folder), written(*findings))
        assert all(baseline.knows(one) for one in findings)
        assert not any(baseline.knows(one) for one in findings)
        assert baseline.gone() == []

    def test_line_ends_of_another_system(self, tmp_path: Path) -> None:
        text = b"\xef\xbb\xbf" + written(finding(value=ox.Literal("a\u2028b\x85c"))).replace("\n", "\r\n").encode()
        assert read(tmp_path, text).knows(finding(value=ox.Literal("a\u2028b\x85c")))


class TestSize:
    def test_a_hundred_thousand_known_findings(self, tmp_path: Path) -> None:
        with (tmp_path / "known.tsv").open("w", encoding="utf-8", newline="\n") as out:
            assert write_baseline((finding(n % 60_000) for n in range(100_000)), out) == 100_000
        baseline = Baseline.read(tmp_path / "known.tsv")
        assert sum(entry.count for entry in baseline.gone()) == 100_000
        assert all(baseline.knows(finding(n)) for n in range(40_000))
        assert Counter(entry.count for entry in baseline.gone()) == {1: 60_000}

    def test_memory_does_not_grow_with_the_findings(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "_RUN", 500)

        class Sink(io.TextIOBase):
            lines = 0

            def write(self, text: str) -> int:
                self.lines += text.count("\n")
                return len(text)

        def many() -> Iterator[Finding]:
            return (finding(n, value=ox.Literal(f"{n} " + "x" * 300)) for n in range(10_000))

        sink = Sink()
        tracemalloc.start()
        write_baseline(many(), sink)  # type: ignore[arg-type]
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert sink.lines == 10_002
        assert peak < 2_500_000  # the lines alone are four million characters


class TestBrokenFiles:
    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("", 1),
            ("\n", 1),
            ("# esco-graph baseline 2\n", 1),
            ("ESG101\tx\t\t\t1\n", 1),
            (f"{HEADER}\n\nESG101\tx\t\t1\n", 3),
            (f"{HEADER}\nESG101\tx\t\t\t0\n", 2),
            (f"{HEADER}\nESG101\tx\t\t\t-1\n", 2),
            (f"{HEADER}\nESG101\tx\t\t\t\u0661\n", 2),
            (f"{HEADER}\nESG101\tx\t\t\t{'9' * 5000}\n", 2),
            (f"{HEADER}\nESG101\tx\t\t\t\n", 2),
            (f"{HEADER}\n<<<<<<< HEAD\n", 2),
            (f"{HEADER}\nESG101\tx\t\t\t1\nESG101\tx\t\t\t2\n", 3),
        ],
    )
    def test_where_and_what_to_do(self, tmp_path: Path, text: str, line: int) -> None:
        with pytest.raises(ParameterError, match=rf"known\.tsv:{line}: .*--write-baseline"):
            read(tmp_path, text)

    def test_no_text_and_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(ParameterError, match=r"known\.tsv:2: the baseline is not UTF-8"):
            read(tmp_path, f"{HEADER}\n".encode() + b"\xff\n")
        with pytest.raises(ParameterError, match="cannot be read: No such file"):
            Baseline.read(tmp_path / "none.tsv")
