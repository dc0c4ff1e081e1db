"""How findings count: profiles, tables, settings."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esco_graph.errors import ParameterError
from esco_graph.graph import Graph
from esco_graph.validation.checks import checks
from esco_graph.validation.collect import collect
from esco_graph.validation.finding import Finding
from esco_graph.validation.policy import LEVELS, Policy, find_code, known_codes, profiles, unknown_code
from esco_graph.validation.shapes import load_shapes

KNOWN = ("ESG101", "ESG102", "ESG201", "ours")


def table(folder: Path, text: str | bytes, name: str = "ours.tsv") -> Path:
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return folder / name


def read(*files: Path, settings: tuple[str, ...] = ()) -> dict[str, str]:
    return dict(Policy.read("default", files, settings, known=KNOWN).levels)


class TestReading:
    def test_later_wins_profile_then_files_then_settings(self, tmp_path: Path) -> None:
        first = table(tmp_path, "ESG101\tinfo\nESG102\tinfo\nESG201\toff\n", "a.tsv")
        second = table(tmp_path, "ESG102\toff\tit is noise here\n", "b.tsv")
        policy = Policy.read(first, [second], ["ESG201=warning , ours=violation", "ours=info"], known=KNOWN)
        assert policy.levels == {"ESG101": "info", "ESG102": "off", "ESG201": "warning", "ours": "info"}
        assert policy.name == f"{first} + {second} + 3 settings"
        assert policy.severity("ESG102", "violation") == "off"
        assert policy.severity("ESG999", "warning") == "warning"

    def test_comments_blank_lines_crlf_and_a_byte_order_mark(self, tmp_path: Path) -> None:
        text = b"\xef\xbb\xbf# ours\r\n\r\n  \t\r\nESG101\tWARNING \twhy\tmore\r\n   # ESG102\toff\r\nESG102\tinfo"
        assert read(table(tmp_path, text)) == {"ESG101": "warning", "ESG102": "info"}

    def test_an_empty_table_changes_nothing(self, tmp_path: Path) -> None:
        assert read(table(tmp_path, "")) == {}

    def test_the_star_stands_for_the_rest_and_sets_aside_what_came_before(self, tmp_path: Path) -> None:
        first, second = (
            table(tmp_path, "ESG101\toff\n", "a.tsv"),
            table(tmp_path, "ESG102\tinfo\n*\twarning\n", "b.tsv"),
        )
        policy = Policy.read("default", [first, second], known=KNOWN)
        assert [policy.severity(code, "violation") for code in ("ESG101", "ESG102", "ours")] == [
            "warning",
            "info",
            "warning",
        ]
        only = Policy.read("default", [first], ["*=off", "ESG102=violation"], known=KNOWN)
        assert [only.severity(code, "info") for code in KNOWN] == ["off", "violation", "off", "off"]

    @pytest.mark.parametrize(
        ("text", "line", "message"),
        [
            ("ESG101\toff\nESG1O1\toff\n", 2, "no rule has the code 'ESG1O1'. Did you mean ESG101?"),
            ("esg1o1\toff\n", 1, "Did you mean ESG101?"),
            ("ESG101\toff\nesg101\toff\n", 2, "the code ESG101 stands here a second time"),
            ("Z\toff\n", 1, "--list"),
            ("\n\nESG101\twarn\n", 3, "there is no level 'warn' for ESG101. Did you mean warning?"),
            ("ESG101\t\n", 1, "The levels are violation, warning, info, off"),
            ("ESG101 off\n", 1, "no tab in 'ESG101 off'"),
            ("ESG101\toff\nESG102\toff\nESG101\tinfo\n", 3, "a second time; the first is in line 1"),
            ("*\toff\n*\toff\n", 2, "a second time"),
            ("\tESG101\toff\n", 1, "no rule has the code ''"),
            ("ESG101\x00\toff\n", 1, "no rule has the code 'ESG101\\x00'"),
            ("<<<<<<< HEAD\nESG101\toff\n", 1, "no tab"),
        ],
    )
    def test_a_broken_table_says_where_and_what_to_do(self, tmp_path: Path, text: str, line: int, message: str) -> None:
        with pytest.raises(ParameterError) as raised:
            read(table(tmp_path, text))
        assert str(raised.value).startswith(f"{tmp_path / 'ours.tsv'}:{line}: ")
        assert message in str(raised.value)

    def test_small_letters_mean_the_same_code_where_there_is_one(self) -> None:
        assert read(settings=("esg101=off", "OURS=info")) == {"ESG101": "off", "ours": "info"}
        assert find_code("a", ["a", "A"]) == "a"
        with pytest.raises(ParameterError, match="no rule has the code"):
            find_code("ab", ["aB", "Ab"])

    @pytest.mark.parametrize(("code", "near"), [("ESG1O1", "ESG101"), ("OUR", "ours"), ("ESG999", ""), ("x", "")])
    def test_only_a_code_that_is_near_is_suggested(self, code: str, near: str) -> None:
        advice = f"Did you mean {near}?" if near else "--list shows them all."
        assert str(unknown_code(code, KNOWN)).endswith(advice)

    def test_a_code_of_the_import_is_explained_and_not_corrected(self) -> None:
        assert str(unknown_code("esg852", [*KNOWN, "ESG842"])).endswith("--explain ESG852 says more.")

    def test_bytes_that_are_no_text(self, tmp_path: Path) -> None:
        with pytest.raises(ParameterError, match=r"ours\.tsv:2: the policy is not UTF-8"):
            read(table(tmp_path, b"ESG101\toff\nESG102\toff\tcaf\xe9\n"))

    def test_a_file_that_is_not_there_and_a_misspelt_profile(self, tmp_path: Path) -> None:
        with pytest.raises(ParameterError, match=r"none\.tsv: the policy cannot be read: No such file"):
            read(tmp_path / "none.tsv")
        with pytest.raises(ParameterError, match="Did you mean strict"):
            Policy.read("strct", known=KNOWN)
        with pytest.raises(ParameterError, match="default, publish, strict"):
            Policy.read("zzz", known=KNOWN)
        with pytest.raises(ParameterError, match="cannot be read"):
            Policy.read(tmp_path, known=KNOWN)

    @pytest.mark.parametrize("setting", ["", ",", "ESG101", "ESG101:off", "ESG101=", "=off", "ESG101=off=", "ESG1=off"])
    def test_a_broken_setting(self, setting: str) -> None:
        with pytest.raises(ParameterError):
            read(settings=(setting,))

    @given(st.text(max_size=20), st.text(max_size=20))
    def test_no_text_is_a_crash(self, code: str, level: str) -> None:
        try:
            levels = read(settings=(f"{code}={level}",))
        except ParameterError:
            return
        assert set(levels.values()) <= set(LEVELS)


class TestProfiles:
    @pytest.mark.parametrize("name", ["default", "publish", "strict"])
    def test_each_is_read_and_names_only_rules_that_there_are(self, name: str) -> None:
        assert Policy.read(name).name == name
        assert set(Policy.read(name).levels) <= known_codes()
        assert name in profiles()

    def test_default_changes_nothing(self) -> None:
        assert Policy.read("default").levels == {}

    def test_strict_decides_on_every_rule_that_is_no_violation_and_makes_none_milder(self) -> None:
        rank = {"violation": 0, "warning": 1, "info": 2, "off": 3}
        declared = {code: rule.severity for code, rule in {**checks(), **load_shapes().rules}.items()}
        levels = Policy.read("strict").levels
        assert set(levels) == {code for code, severity in declared.items() if severity != "violation"}
        assert all(rank[level] <= rank[declared[code]] for code, level in levels.items())

    def test_each_line_says_why(self) -> None:
        for path in profiles().values():
            for line in path.read_text(encoding="utf-8").splitlines():
                assert line.startswith("#") or not line or len(line.split("\t")) == 3, line


FOUND = st.builds(
    lambda code, severity, number: Finding(code, severity, "Odd.", ox.NamedNode(f"http://example.org/{number}")),
    st.sampled_from(KNOWN),
    st.sampled_from(LEVELS[:3]),
    st.integers(1, 4),
)


class TestAPolicyChangesOnlyHowFindingsCount:
    @given(
        st.lists(FOUND, max_size=15),
        st.dictionaries(st.sampled_from((*KNOWN, "*")), st.sampled_from(LEVELS)),
    )
    def test_what_is_found_is_the_same_under_any_policy(self, findings: list[Finding], levels: dict[str, str]) -> None:
        policy = Policy(levels)
        plain, judged = (collect(Graph.memory(), findings, {}, {}, policy=one) for one in (None, policy))
        assert judged.checked == plain.checked
        off = {code for code in KNOWN if policy.severity(code, "info") == "off"}
        kept = [one for one in plain.findings if one.code not in off]
        bare = [[replace(one, severity="info") for one in each] for each in (kept, judged.findings)]
        assert Counter(bare[0]) == Counter(bare[1])
        assert judged.off == Counter(one.code for one in findings if one.code in off)
        assert all(one.severity == levels.get(one.code, levels.get("*", one.severity)) for one in judged.findings)
