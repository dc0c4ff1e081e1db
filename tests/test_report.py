"""The report: order, counts, policy and baseline, bounded memory, and the same findings in every format."""

from __future__ import annotations

import csv
import errno
import gc
import io
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import islice
from typing import Any
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, URIRef

from conftest import said_under_two_seeds
from esco_graph.errors import ParameterError, StoreError, ValidationError
from esco_graph.graph import Graph
from esco_graph.terms import ATTRIBUTION, ESG, GRAPHS, SKOS
from esco_graph.validation import Finding, Report, validate
from esco_graph.validation.collect import collect
from esco_graph.validation.formats import FORMATS
from esco_graph.validation.names import labels_of, title_of
from esco_graph.validation.paths import Path
from esco_graph.validation.shapes import Rule, load_shapes
from esco_graph.validation.spool import Spooled, in_order
from shape_cases import SOUND, check, spoiled

LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
HOSTILE = (
    'x" ] . <http://evil> <http://evil> "' + "'''\"\"\" \\ \r\n\t\x00\x1b[31m\u202e\u2028\ufffe ]]> <script>alert(1)"
)
HOSTILE += "</script> &amp; {0} [a](http://evil) | `*_ @octocat #1 %0A::error::x ,;=1+1 \N{GRINNING FACE}"
SHAPES = "https://w3id.org/esco-graph/shapes/"
RULES = {
    "ESG101": Rule("ESG101", SHAPES + "labels#preferred", "violation", "No label. Add one.", "https://a/#S1", ()),
    "ESG105": Rule("ESG105", SHAPES + "labels#space", "warning", "White space. Remove it.", "urn:clause", ()),
    "ESG108": Rule("ESG108", SHAPES + "labels#repeated", "info", "Repeated. Remove it.", "", ()),
    "ESG201": Rule("ESG201", SHAPES + "occupation#type", "violation", HOSTILE, "javascript:alert(1)", ()),
    "ESG301": Rule("ESG301", SHAPES + "skill#type", "warning", "No type. Add it.", "", ()),
}


def finding(code: str, number: int = 1, **fields: Any) -> Finding:
    rule = RULES[code]
    made = Finding(code, rule.severity, rule.message, ox.NamedNode(f"http://example.org/{number:04}"), shape=rule.shape)
    return replace(made, component=str(SH.MinCountConstraintComponent), see_also=rule.see_also, **fields)


def report_of(*findings: Finding, graph: Graph | None = None, **options: Any) -> Report:
    checked = {code: 0 if code == "ESG301" else 50 for code in RULES}
    return collect(graph or Graph.memory(), findings, RULES, checked, **options)


class Levels:
    """A policy."""

    name = "ours"

    def __init__(self, **levels: str) -> None:
        self.levels = levels

    def severity(self, code: str, declared: str) -> str:
        return self.levels.get(code, declared)


class Known:
    """A baseline that knows the findings of some focus nodes."""

    def __init__(self, *numbers: int) -> None:
        self.ends = tuple(f"{number:04}" for number in numbers)
        self.asked: list[Finding] = []

    def knows(self, one: Finding) -> bool:
        self.asked.append(one)
        return str(one.focus).rstrip(">").endswith(self.ends)


class Places:
    """Positions, one line for each node."""

    def of(self, one: Finding) -> str:
        return f"data/my skills.ttl:{int(str(one.focus)[-5:-1])}" if one.code == "ESG101" else ""


@pytest.fixture(scope="module")
def hostile() -> Report:
    """Findings with everything that could break a format, of three severities, with labels, places and a baseline."""
    node = ox.NamedNode("http://example.org/0001")
    label = ox.Quad(node, ox.NamedNode(LABEL), ox.Literal(HOSTILE, language="en"))
    path = Path("alternativePath", parts=(Path("iri", LABEL), Path("inversePath", parts=(Path("iri", ESG + "x"),))))
    made = [
        finding("ESG101", 1, path=path, value=ox.Literal(HOSTILE, language="en")),
        finding("ESG101", 2, value=ox.NamedNode("javascript:alert(1)")),
        finding("ESG101", 3, value=ox.BlankNode("b1"), message="Another message. Do something else."),
        finding("ESG101", 4),
        finding("ESG201", 1, value=node),
        finding("ESG105", 5, value=ox.Literal("1", datatype=ox.NamedNode("http://example.org/type"))),
        finding("ESG108", 1, value=ox.Literal("x" * 3000)),
    ]
    return report_of(
        *made, graph=Graph.memory([label]), baseline=Known(4), positions=Places(), engine="fast", title="<b>T</b>"
    )


# order, labels and counts --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def broken() -> Report:
    body = SOUND.replace('"helper"@en', '"my  helper"@en, "<i>x</i>"@en, "nope"').replace(
        "skos:broader isco:C2269 ;", "", 1
    )
    return check(body)


def test_findings_are_sorted_by_severity_code_and_label(broken: Report) -> None:
    assert [(one.severity, one.code) for one in broken.findings] == [
        ("violation", "ESG103"), ("violation", "ESG210"), ("warning", "ESG106"), ("warning", "ESG107"),
        ("warning", "ESG165"),  # without its broader concept, the nurse is off the tree as well
    ]  # fmt: skip
    assert broken.counts() == {"violation": 2, "warning": 3, "info": 0}
    assert not broken.conforms


def test_labels_are_the_preferred_ones_in_english_if_there_are_any() -> None:
    turtle = f"""<http://a/1> <{LABEL}> "eins"@de, "two"@en, "one"@en ; <{LABEL.replace("pref", "alt")}> "uno"@en .
    <http://a/2> <{LABEL.replace("pref", "alt")}> "zwei"@de . <http://a/3> <{LABEL}> <http://a/1> ."""
    graph = Graph.memory(ox.parse(turtle, ox.RdfFormat.TURTLE))
    assert labels_of(graph, ["http://a/1", "http://a/2", "http://a/3"]) == {"http://a/1": "one", "http://a/2": "zwei"}


def test_many_labels_are_the_same_as_few() -> None:
    label = ox.NamedNode(LABEL)
    nodes = [ox.NamedNode(f"http://a/{number}") for number in range(3000)]
    texts = [ox.Literal(f"{node.value} {lang}", language=lang) for node in nodes for lang in ("de", "en")]
    graph = Graph.memory(ox.Quad(nodes[index // 2], label, text) for index, text in enumerate(texts[:5990]))
    graph.extend([ox.Quad(nodes[-1], label, ox.Literal("nur deutsch", language="de"))])
    labels = labels_of(graph, [node.value for node in nodes])
    assert labels == {node.value: f"{node.value} en" for node in nodes[:2995]} | {nodes[-1].value: "nur deutsch"}


def test_a_label_is_the_same_when_labels_are_looked_up_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("esco_graph.validation.names._MANY", 1)
    monkeypatch.setattr("esco_graph.validation.names._TOGETHER", 1)
    labels = ", ".join(f'"label {number:02}"@en' for number in range(20))
    graph = Graph.memory(ox.parse(f"<http://a> <{SKOS}prefLabel> {labels} .", ox.RdfFormat.TURTLE))
    assert labels_of(graph, ["http://a"]) == {"http://a": "label 00"}


def test_a_title_names_the_releases() -> None:
    names = [ox.NamedNode(GRAPHS + name) for name in ("release/1.2.0/de-en", "profile/x", "catalog")]
    assert title_of(Graph.memory(ox.Quad(name, name, name, name) for name in names)) == "ESCO 1.2.0 (de, en)"
    assert title_of(Graph.memory()) == ""


def test_nodes_are_counted_once_and_findings_each() -> None:
    made = [finding("ESG105", number, value=ox.Literal(text)) for number in (1, 2) for text in "abc"]
    (group,) = report_of(*made).groups
    assert (group.total, group.nodes, group.message) == (6, 2, "White space. Remove it.")
    assert "ESG105 warning: 6 findings on 2 of 50 checked" in report_of(*made).format()


# policy, baseline, positions -----------------------------------------------------------------------------------------


def test_a_policy_changes_how_findings_count_and_not_what_is_found() -> None:
    made = [finding("ESG101"), finding("ESG105"), finding("ESG105", 2), finding("ESG108")]
    plain = report_of(*made)
    report = report_of(*made, policy=Levels(ESG101="info", ESG105="off", ESG301="off"))
    assert report.checked == plain.checked == {
        "ESG101": (50, 1), "ESG105": (50, 2), "ESG108": (50, 1), "ESG201": (50, 0), "ESG301": (0, 0)
    }  # fmt: skip
    assert [(one.code, one.severity) for one in report.findings] == [("ESG101", "info"), ("ESG108", "info")]
    assert report.off == {"ESG105": 2, "ESG301": 0}
    assert (report.rules["ESG101"].severity, report.rules["ESG105"].severity) == ("info", "warning")
    assert report.conforms
    assert report.idle == ()
    assert "Switched off: ESG105 (2 found), ESG301." in report.format()
    assert report.format().startswith("2 notes in 2 of 3 rules.\n3 rules; 3 applied to something here. Policy: ours.\n")


def test_a_report_fails_at_a_severity_or_worse() -> None:
    levels = ("violation", "warning", "info", "never")
    assert [report_of(finding("ESG101")).fails(at) for at in levels] == [True, True, True, False]
    assert [report_of(finding("ESG108")).fails(at) for at in levels] == [False, False, True, False]
    assert not any(report_of(finding("ESG101"), baseline=Known(1)).fails(at) for at in levels)
    with pytest.raises(ParameterError, match="never"):
        report_of().fails("error")


def test_known_findings_are_kept_marked_and_count_no_more() -> None:
    baseline = Known(2, 3)
    report = report_of(*(finding("ESG101", number) for number in (3, 1, 2)), finding("ESG105", 3), baseline=baseline)
    assert [one.known for one in report.findings] == [False, True, True, True]
    assert (report.known, report.counts()) == (3, {"violation": 1, "warning": 0, "info": 0})
    assert tuple(baseline.asked) == tuple(replace(one, known=False) for one in report.findings)
    text = report.format()
    assert text.startswith("1 violation in 1 of 5 rules.")
    assert "3 known findings of the baseline are not shown." in text
    assert "0002" not in text
    assert "ESG101 violation: 1 of 50 checked" in text
    nothing = report_of(finding("ESG101"), baseline=Known(1)).format().splitlines()
    assert nothing[0] == "Nothing new found: 4 rules applied, 1 had nothing to check."
    assert nothing[1] == "1 known finding of the baseline is not shown."


# many findings -------------------------------------------------------------------------------------------------------


def many(number: int) -> Iterator[Finding]:
    codes = ("ESG101", "ESG105", "ESG108")
    for index in range(number):
        value = ox.Literal(f"é {index}", language="en") if index % 2 else ox.BlankNode(f"b{index}")
        yield finding(codes[index % 3], index * 7919 % number, value=value, path=Path("iri", LABEL))


def alive() -> int:
    return sum(type(one) is Finding for one in gc.get_objects())


def test_many_findings_are_never_all_in_memory() -> None:
    most = 0

    def watched() -> Iterator[Finding]:
        nonlocal most
        for index, one in enumerate(many(60_000)):
            most = max(most, alive()) if index % 5_000 == 4_999 else most
            yield one

    before = alive()
    report = report_of(*[], graph=Graph.memory())
    report = collect(Graph.memory(), watched(), RULES, dict.fromkeys(RULES, 50))
    assert isinstance(report.findings, Spooled)
    assert len(report.findings) == sum(report.counts().values()) == 60_000
    assert 5_000 < most - before < 31_000
    assert alive() - before < 10
    assert sum(1 for _ in report.findings) == 60_000
    assert alive() - before < 10


def test_spooled_findings_are_those_sorted_in_memory() -> None:
    made = list(many(2_500))
    whole = in_order(made)
    parts = in_order(iter(made), most=300)
    assert isinstance(parts, Spooled)
    assert isinstance(whole, tuple)
    assert tuple(parts) == whole == tuple(sorted(made, key=Finding.order))
    assert tuple(parts) == whole  # once more
    assert [parts[index] for index in (0, 999, 1_000, 2_499, -1)] == [
        whole[index] for index in (0, 999, 1_000, 2_499, -1)
    ]
    assert parts[10:2_000:397] == whole[10:2_000:397]
    assert list(islice(parts.since(1_234), 3)) == list(whole[1_234:1_237])
    assert list(parts.since(2_500)) == []
    with pytest.raises(IndexError):
        parts[2_500]


def test_two_readers_do_not_disturb_each_other() -> None:
    parts = in_order(many(3_000), most=500)
    assert [one.focus for one, _ in zip(parts, islice(iter(parts), 5, None), strict=False)] == [
        one.focus for one in parts[: len(parts) - 5]
    ]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.tuples(st.integers(1, 9), TEXTS, TEXTS), max_size=12))
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back_from_the_spool(rows: list[tuple[int, str, str]]) -> None:
    made = [finding("ESG101", number, message=a, focus_label=b, value=ox.Literal(a + b)) for number, a, b in rows]
    marked = [replace(one, known=True) for one in sorted(made, key=Finding.order)]
    assert list(in_order(made, lambda _: True, most=2)) == marked


def test_the_direction_of_a_text_comes_back_from_the_spool() -> None:
    value = ox.Literal("\u0645", language="ar", direction=ox.BaseDirection.RTL)
    assert {one.value for one in in_order([finding("ESG101", number, value=value) for number in range(3)], most=2)} == {
        value
    }


def test_all_formats_are_the_same_spooled_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = report_of(*many(400), baseline=Known(7, 8))
    monkeypatch.setattr("esco_graph.validation.spool.in_order.__kwdefaults__", {"most": 60})
    parts = report_of(*many(400), baseline=Known(7, 8))
    assert isinstance(parts.findings, Spooled)
    for name in FORMATS:
        assert parts.format(name, limit=3) == whole.format(name, limit=3)


class Broken(io.StringIO):
    """A pipe whose reader goes away."""

    def write(self, text: str) -> int:
        if self.tell() > 10_000:
            raise BrokenPipeError
        return super().write(text)


def failing() -> Iterator[Finding]:
    yield from many(25_000)
    raise ValidationError("the shapes cannot be run")


@pytest.mark.parametrize("end", ["engine", "stream", "dropped"])
def test_no_temporary_file_is_left(end: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    opened: list[Any] = []
    real = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: opened.append(real(dir=tmp_path)) or opened[-1])
    if end == "engine":
        with pytest.raises(ValidationError):
            collect(Graph.memory(), failing(), RULES, {})
    else:
        report = collect(Graph.memory(), many(21_000), RULES, {})
        if end == "stream":
            with pytest.raises(BrokenPipeError):
                report.write("json", Broken())
        assert not opened[-1].closed
        del report
    gc.collect()
    assert opened
    assert all(file.closed for file in opened)
    assert list(tmp_path.iterdir()) == []


class Full(io.BytesIO):
    """A file on a disk that has room for some bytes only, and says so when it is written, read or closed."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, data: Any) -> int:
        self.check(self.tell() + len(data))
        return super().write(data)

    def seek(self, place: int, whence: int = 0) -> int:
        self.check(self.room + (self.tell() > 400))
        return super().seek(place, whence)

    def close(self) -> None:
        super().close()
        self.check(self.room + 1)

    def check(self, size: int) -> None:
        if size > self.room:
            raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("room", [0, 300, 1_000_000])
def test_a_full_disk_is_an_error_with_advice(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: Full(room))
    with pytest.raises(StoreError, match=r"temporary file: No space left on device\. .*TMPDIR"):
        in_order(many(1_000), most=100)
    gc.collect()  # and closing what there is does not fail once more


def test_no_folder_for_temporary_files_is_an_error_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Any:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with pytest.raises(StoreError, match=r"No usable temporary directory.*TMPDIR"):
        in_order(many(10), most=2)


# text ----------------------------------------------------------------------------------------------------------------


def test_text_shows_counts_first_then_each_rule_with_what_to_do(broken: Report) -> None:
    text = broken.format("text")
    assert text.splitlines()[0] == f"2 violations, 3 warnings in 5 of {len(broken.checked)} rules."
    applied = len(broken.checked) - len(broken.idle)
    assert 20 < applied < len(broken.checked)
    assert text.splitlines()[1] == (f"{len(broken.checked)} rules; {applied} applied to something here. Engine: fast.")
    assert re.search(r"ESG106 warning: 1 of \d+ checked\n  The words of the label", text)
    assert (
        '  - carer (<http://example.org/o/a>) · skos:prefLabel|skos:altLabel|skos:hiddenLabel · "my  helper"@en' in text
    )
    assert text == broken.format()


def test_text_limits_the_examples_of_a_rule_unless_all_are_wanted() -> None:
    nodes = [ox.NamedNode(f"http://example.org/{number:02}") for number in range(7)]
    report = Report(tuple(Finding("X", "info", "Odd. Look.", node) for node in nodes), {"X": (1234, 7)})
    assert report.format().count("\n  - ") == 5
    assert "  … and 2 more (--all)\n" in report.format()
    assert "X info: 7 of 1,234 checked" in report.format()
    assert report.format(limit=None).count("\n  - ") == 7
    assert report.format(limit=0).count("\n  - ") == 0
    assert report.conforms


def test_text_gives_each_message_where_there_are_several() -> None:
    text = report_of(finding("ESG101", 1), finding("ESG101", 2, message="Other.")).format()
    assert "  - <http://example.org/0002>: Other.\n" in text


def test_text_is_one_line_for_each_finding_and_shows_what_cannot_be_seen(hostile: Report) -> None:
    text = hostile.format("text", limit=None)
    assert text.isprintable() is False
    assert all(line.isprintable() for line in text.split("\n"))
    assert text.count("\n  - ") == 6
    assert "\\u0000\\u001B[31m\\u202E\\u2028\\uFFFE" in text
    assert "x" * 300 not in text


def test_a_sound_graph_says_so() -> None:
    report = check(SOUND)
    idle = f", {len(report.idle)} had nothing to check" if report.idle else ""
    said = f"Nothing found: {len(report.checked) - len(report.idle)} rules applied{idle}."
    assert report.format() == f"{said}\nEngine: fast.\n"
    assert "sh:conforms true" in report.format("turtle")
    assert f"✓ Conforms. {said}" in report.format("html")


def test_one_of_a_thing_is_no_plural() -> None:
    one = Report((finding("ESG105"),), {"ESG105": (1, 1)}, RULES)
    assert one.format().startswith("1 warning in 1 of 1 rule.\n1 rule; 1 applied to something here.\n")
    assert Report((), {"ESG105": (1, 0)}, RULES).format() == "Nothing found: 1 rule applied.\n"
    assert "the 1 rule applies" in Report((), {"ESG105": (0, 0)}, RULES).format()
    page = one.format("html")
    assert [f'data-label="{noun}">1<' in page for noun in ("finding", "node", "checked")] == [True] * 3
    assert "1 rule without findings" in Page(Report((), {"ESG105": (1, 0)}, RULES).format("html")).text


def test_every_format_names_what_was_checked_by_what_and_how() -> None:
    report = report_of(finding("ESG101"), title="me.ttl", engine="fast", policy=Levels())
    assert report.format().startswith("Validation report: me.ttl\n1 violation in 1 of 5 rules.\n")
    assert report.format("markdown").startswith("# Validation report: me.ttl\n")
    assert "<title>Validation report: me.ttl</title>" in report.format("html")
    assert "<h1>Validation report: me.ttl</h1>" in report.format("html")
    assert "\n# Validation report: me.ttl. Engine: fast. Policy: ours.\n[] a sh:" in report.format("turtle")
    assert "\nValidation report: me.ttl\n" in report.format("github")
    said = json.loads(report.format("json"))
    assert (said["title"], said["engine"], said["policy"]) == ("me.ttl", "fast", "ours")
    (run,) = json.loads(report.format("sarif"))["runs"]
    assert run["properties"] == {"engine": "fast", "policy": "ours", "title": "me.ttl"}
    root = ElementTree.fromstring(report.format("junit"))  # noqa: S314 - our own
    assert root.attrib["name"].startswith("Validation report: me.ttl. 1 violation in")
    assert [one.attrib for one in root[0][0]] == [
        {"name": "engine", "value": "fast"}, {"name": "policy", "value": "ours"}
    ]  # fmt: skip
    for name in ("text", "markdown", "html", "github"):
        assert "Engine: fast. Policy: ours." in report.format(name)


def test_a_title_is_data() -> None:
    title = "::error::x ##[add-path]y\n<u>*z*"
    lines = report_of(title=title).format("github").splitlines()
    assert not any(line.startswith("::") or "##[" in line for line in lines)
    assert r"y\u000A<u>*z*." in report_of(title=title).format("turtle")
    assert "<u>" not in report_of(title=title).format("html") + report_of(title=title).format("markdown")


# nodes and values ----------------------------------------------------------------------------------------------------


def test_a_blank_node_is_named_to_programs_only() -> None:
    made = replace(finding("ESG101", value=ox.BlankNode("b2")), focus=ox.BlankNode("b1"), position="a.ttl:7")
    report = report_of(made)
    assert "  - (a node without a name) · (a node without a name) · a.ttl:7\n" in report.format()
    for name in ("text", "markdown", "html", "github", "sarif", "junit"):
        text = report.format(name)
        assert "a node without a name" in text, name
        assert not re.search(r"_:|\bb1\b|\bb2\b", text), name
    for name in ("json", "csv", "turtle"):
        assert {"_:b1", "_:b2"} <= set(re.findall(r"_:\w+", report.format(name))), name


@pytest.mark.parametrize("name", ["text", "markdown", "html", "github", "sarif", "junit"])
def test_a_datatype_is_written_in_short(name: str) -> None:
    value = ox.Literal("2031-01-01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
    text = report_of(finding("ESG101", value=value)).format(name)
    assert "^^xsd:date" in text
    assert "XMLSchema" not in text


@pytest.mark.parametrize("name", ["text", "markdown", "html", "github", "sarif", "junit"])
def test_a_value_that_is_the_node_is_said_where_it_tells_something(name: str) -> None:
    node = ox.NamedNode("http://example.org/0001")
    disjoint = replace(finding("ESG105", value=node), component=str(SH.DisjointConstraintComponent))
    for made in (finding("ESG101", value=node, path=Path("iri", SKOS + "broader")), disjoint):
        assert "the node itself" in report_of(made).format(name)
    assert "the node itself" not in report_of(finding("ESG201", value=node)).format(name)


@pytest.mark.parametrize("name", ["text", "markdown", "html", "github"])
def test_an_empty_graph_says_that_nothing_was_checked(name: str) -> None:
    text = validate(Graph.memory()).format(name)
    assert re.search(r"Nothing was checked: none of the \d+ rules applies to anything here\.", text)
    assert "✓" not in text


# the same findings in every format -----------------------------------------------------------------------------------


def read_json(text: str) -> Counter[str]:
    return Counter(one["code"] for one in json.loads(text)["findings"])


def read_csv(text: str) -> Counter[str]:
    return Counter(row["code"] for row in csv.DictReader(io.StringIO(text, newline="")))


def read_turtle(text: str) -> Counter[str]:
    return Counter(str(code) for code in rdflib.Graph().parse(data=text).objects(None, URIRef(ESG + "code")))


def read_sarif(text: str) -> Counter[str]:
    (run,) = json.loads(text)["runs"]
    assert all(run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])
    return Counter(one["ruleId"] for one in run["results"])


def read_junit(text: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for case in ElementTree.fromstring(text).iter("testcase"):  # noqa: S314 - our own
        lines = "".join(part.text or "" for part in case if part.tag != "skipped").splitlines()
        counts[case.attrib["name"].split()[0]] += sum(line.startswith("<http") or "(<http" in line for line in lines)
    return +counts


def read_github(text: str) -> Counter[str]:
    return Counter(re.findall(r"^::(?:error|warning|notice) (?:[^:]*,)?title=(\w+)[^:]*::", text, re.MULTILINE))


def read_text(text: str) -> Counter[str]:
    return Counter(
        code for code, block in re.findall(r"\n(ESG\d+) .*?checked\n(.*?)(?=\n\n|\Z)", text, re.S)
        for line in block.split("\n") if line.startswith("  - ")
    )  # fmt: skip


def read_markdown(text: str) -> Counter[str]:
    return Counter(
        code for code, block in re.findall(r"\n## (ESG\d+)(.*?)(?=\n## |\Z)", text, re.S)
        for line in block.split("\n") if line.startswith("| ") and not line.startswith("| node")
    )  # fmt: skip


class Page(HTMLParser):
    """What a browser would make of the page: elements, attributes, and the rows of findings of each rule."""

    VOID = frozenset({"meta", "input", "br", "wbr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.codes: Counter[str] = Counter()
        self.code = ""
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.attributes += [(tag, name, value) for name, value in said.items()]
        if tag == "details":
            self.code = said.get("data-code", "")
        self.codes[self.code] += tag == "tr" and "tbody" in self.open[-2:] and bool(self.code)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "details":
            self.code = ""

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.text += data


def read_html(text: str) -> Counter[str]:
    return +Page(text).codes


WHOLE = {"json": read_json, "csv": read_csv, "turtle": read_turtle, "sarif": read_sarif}
FOR_PEOPLE = {
    "text": read_text, "markdown": read_markdown, "html": read_html, "junit": read_junit, "github": read_github
}  # fmt: skip


def test_each_format_is_read_back_here() -> None:
    assert FORMATS.keys() == WHOLE.keys() | FOR_PEOPLE.keys()


@pytest.mark.parametrize("name", WHOLE)
def test_formats_for_programs_hold_all_findings(hostile: Report, name: str) -> None:
    expected = Counter(one.code for one in hostile.findings)
    assert WHOLE[name](hostile.format(name)) == WHOLE[name](hostile.format(name, limit=1)) == expected
    assert WHOLE[name](report_of().format(name)) == Counter()


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_formats_for_people_hold_the_new_findings(hostile: Report, name: str) -> None:
    new = Counter(one.code for one in hostile.findings if not one.known)
    assert FOR_PEOPLE[name](hostile.format(name, limit=None)) == new
    assert FOR_PEOPLE[name](report_of().format(name)) == Counter()


@pytest.mark.parametrize("name", ["text", "markdown", "html", "junit"])
def test_a_limit_is_one_of_each_rule_and_the_rest_is_counted(name: str) -> None:
    report = report_of(*(finding(code, number) for code in ("ESG101", "ESG108") for number in range(1, 31)))
    text = report.format(name, limit=2)
    assert FOR_PEOPLE[name](text) == {"ESG101": 2, "ESG108": 2}
    assert text.count("… and 28 more") == 2
    assert FOR_PEOPLE[name](report.format(name, limit=None)) == {"ESG101": 30, "ESG108": 30}


def test_a_path_without_a_known_prefix_stands_in_brackets() -> None:
    report = report_of(*(finding("ESG101", path=Path("iri", iri)) for iri in ("urn:p", "tag:q", SKOS + "broader")))
    found = rdflib.Graph().parse(data=report.format("turtle"), format="turtle")
    assert {str(path) for path in found.objects(None, SH.resultPath)} == {"urn:p", "tag:q", SKOS + "broader"}


def test_a_blank_node_has_the_same_fingerprint_in_each_run() -> None:
    def print_of(focus: ox.BlankNode | ox.NamedNode) -> str:
        report = report_of(replace(finding("ESG101"), focus=focus))
        result = json.loads(report.format("sarif"))["runs"][0]["results"][0]
        return str(result["partialFingerprints"]["escoGraph/v1"])

    assert print_of(ox.BlankNode("one")) == print_of(ox.BlankNode("another"))
    assert print_of(ox.NamedNode("http://a")) != print_of(ox.NamedNode("http://b"))


def test_a_long_value_that_is_cut_keeps_its_type() -> None:
    value = ox.Literal("9" * 300, datatype=ox.NamedNode("http://example.org/number"))
    assert '…"^^<http://example.org/number>' in report_of(finding("ESG101", value=value)).format("text")


def test_bytes_do_not_depend_on_the_order_of_findings(hostile: Report) -> None:
    made = [replace(one, known=False) for one in hostile.findings]
    for name in FORMATS:
        assert report_of(*made).format(name) == report_of(*reversed(made)).format(name)


def test_an_unknown_format_is_refused(broken: Report) -> None:
    with pytest.raises(ParameterError, match="text, json, csv"):
        broken.format("pdf")


SCRIPT = """
from shape_cases import SOUND, check
from esco_graph.validation.formats import FORMATS
report = check(SOUND.replace('@en', '').replace('esg:skill', 'esg:candidate'))
for name in FORMATS:
    print(ascii(report.format(name, limit=None)))
"""


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    (output,) = said_under_two_seeds(SCRIPT)
    assert output.count("sh:result [") > 10


# JSON and CSV --------------------------------------------------------------------------------------------------------


def test_json_has_stable_keys_and_plain_values(broken: Report) -> None:
    document = json.loads(broken.format("json"))
    assert list(document) == [
        "baseline", "checked", "conforms", "counts", "engine", "findings", "known", "off", "policy", "rules", "title"
    ]  # fmt: skip
    assert document["conforms"] is False
    assert document["checked"]["ESG106"]["findings"] == 1
    assert len(document["checked"]) == len(document["rules"]) == len(broken.checked)
    assert document["findings"][1] == {
        "code": "ESG210",
        "component": str(SH.MinCountConstraintComponent),
        "focus": "http://example.org/o/b",
        "focus_label": "nurse",
        "known": False,
        "message": load_shapes().rules["ESG210"].message,
        "path": str(broken.findings[1].path),
        "position": None,
        "see_also": "https://www.w3.org/TR/skos-reference/#semantic-relations",
        "severity": "violation",
        "shape": "https://w3id.org/esco-graph/shapes/occupation#one-broader",
        "value": None,
        "value_label": None,
    }


def test_json_and_csv_say_the_same_to_the_letter(hostile: Report) -> None:
    stated = json.loads(hostile.format("json"))["findings"]
    rows = list(csv.DictReader(io.StringIO(hostile.format("csv"), newline="")))
    flat = [
        {name: "" if value is None else str(value).lower() if isinstance(value, bool) else value
         for name, value in one.items()} for one in stated
    ]  # fmt: skip
    assert rows == flat
    assert str(ox.Literal(HOSTILE, language="en")) in {row["value"] for row in rows}
    assert HOSTILE in {row["focus_label"] for row in rows}
    assert [row["known"] for row in rows].count("true") == 1


# Turtle --------------------------------------------------------------------------------------------------------------


def test_turtle_is_a_validation_report_that_reads_back(broken: Report) -> None:
    graph = rdflib.Graph().parse(data=broken.format("turtle"))
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert str(graph.value(report, SH.conforms)) == "false"
    results = list(graph.objects(report, SH.result))
    assert len(results) == len(broken.findings)
    values = {str(graph.value(result, SH.value)) for result in results}
    assert values >= {"my  helper", "<i>x</i>", "nope"}
    paths = {graph.value(result, SH.resultPath) for result in results}
    assert any(isinstance(path, rdflib.BNode) and graph.value(path, SH.alternativePath) for path in paths)
    assert {graph.value(result, SH.resultSeverity) for result in results} == {SH.Violation, SH.Warning}


def test_turtle_declares_the_prefixes_that_it_uses(hostile: Report) -> None:
    def declared(report: Report) -> list[str]:
        return re.findall(r"^@prefix (\S+):", report.format("turtle"), re.MULTILINE)

    assert declared(report_of()) == ["sh"]
    assert declared(report_of(finding("ESG101", path=Path("iri", "urn:p")))) == ["esg", "sh"]
    assert declared(hostile) == ["esg", "sh", "skos"]


def test_turtle_keeps_hostile_values_in_their_quotes(hostile: Report) -> None:
    graph = rdflib.Graph().parse(data=hostile.format("turtle"))
    assert URIRef("http://evil") not in set(graph.subjects()) | set(graph.objects())
    assert HOSTILE in {str(value) for value in graph.objects(None, SH.value)}
    assert HOSTILE in {str(value) for value in graph.objects(None, SH.resultMessage)}


def test_warnings_alone_conform_for_us_and_not_for_shacl() -> None:
    report = check(spoiled('"helper"@en', '" helper"@en'))
    assert report.conforms
    assert "sh:conforms false" in report.format("turtle")


# HTML and Markdown ---------------------------------------------------------------------------------------------------


def test_html_makes_no_element_attribute_or_link_of_data(hostile: Report) -> None:
    page, empty = Page(hostile.format("html", limit=None)), Page(report_of().format("html"))
    assert page.open == empty.open == []
    scripts = [tag for tag, _, _ in page.attributes if tag == "script"]
    assert scripts == []
    assert hostile.format("html").count("<script") == 1
    links = {value for _, name, value in page.attributes if name in ("href", "src", "action")}
    assert all(link.startswith(("http://example.org/", "https://a/", "#rule-")) for link in links)
    assert not any(name.startswith("on") for _, name, _ in page.attributes)
    assert "javascript:alert(1)" in page.text
    assert "<script>alert(1)</script>" in page.text
    assert ("\u202e" in page.text, "\x00" in page.text) == (False, False)
    assert "<b>T</b>" in page.text


def test_html_needs_nothing_from_the_network(hostile: Report) -> None:
    text = hostile.format("html")
    assert "default-src 'none'" in text
    assert not re.search(r"@import|url\(|<link|<img|src=", text)


def test_html_says_what_a_reader_asks(hostile: Report) -> None:
    text = Page(hostile.format("html")).text
    assert "is not shown" not in text
    for said in (ATTRIBUTION, "Does not conform. 4 violations", "Engine: fast", "White space.", "Remove it.", "1 of 50",
                 "Besides: 1 known finding of the baseline.", "known, of the baseline", "data/my skills.ttl:1", "2.0 %",
                 "1 rule without new findings"):  # fmt: skip
        assert said in text
    anchors = {value for _, name, value in Page(hostile.format("html")).attributes if name == "id"}
    linked = {v[1:] for tag, n, v in Page(hostile.format("html")).attributes if tag == "a" and v.startswith("#")}
    assert anchors == linked
    assert len(anchors) == 4


def test_html_lists_the_known_findings_apart() -> None:
    report = report_of(*(finding("ESG101", number) for number in (1, 2, 3)), baseline=Known(2, 3))
    new, known = report.format("html").split("<summary>2 known findings of the baseline</summary>")
    assert [number for number in ("0001", "0002", "0003") if f"/{number}<" in new] == ["0001"]
    assert [number for number in ("0001", "0002", "0003") if f"/{number}<" in known] == ["0002", "0003"]
    assert "… and 1 more known ones." in report.format("html", limit=1)
    assert "baseline</summary>" not in report_of(finding("ESG101"), baseline=Known()).format("html")


def test_html_names_no_shape_by_an_iri_that_leads_nowhere(hostile: Report) -> None:
    text = Page(hostile.format("html")).text
    assert SHAPES not in text
    assert "Rule: preferred" in text


def test_html_never_rounds_a_share_to_none_or_all() -> None:
    made = Report((finding("ESG101"),), {"ESG101": (100_000, 1)}, RULES).format("html")
    assert "&lt; 0.1 %" in made
    assert ">0.0 %" not in made


def test_markdown_keeps_labels_out_of_its_own_signs(hostile: Report) -> None:
    text = hostile.format("markdown", limit=None)
    assert "<script" not in text
    assert "@octocat" not in text
    assert "[a](" not in text
    assert "](<javascript:" not in text
    rows = [re.sub(r"\\.", "", line) for line in text.splitlines() if line.startswith("| ")]
    assert {row.count("|") for row in rows} == {5, 6, 7}


# SARIF, JUnit and GitHub ---------------------------------------------------------------------------------------------


def test_sarif_gives_rules_levels_places_and_what_is_new(hostile: Report) -> None:
    document = json.loads(hostile.format("sarif"))
    (run,) = document["runs"]
    assert (document["version"], run["tool"]["driver"]["name"]) == ("2.1.0", "esco-graph")
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["ESG101"] == {
        "id": "ESG101", "name": "Preferred", "properties": {"tags": ["labels"]}, "helpUri": "https://a/#S1",
        "defaultConfiguration": {"enabled": True, "level": "error"}, "shortDescription": {"text": "No label."},
        "fullDescription": {"text": "No label. Add one."}, "help": {"text": "No label. Add one."},
    }  # fmt: skip
    assert "helpUri" not in rules["ESG201"]
    first = next(one for one in run["results"] if "{{0}}" in one["message"]["text"])
    (place,) = first["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "data/my%20skills.ttl"}, "region": {"startLine": 1}
    }  # fmt: skip
    assert place["logicalLocations"] == [
        {"fullyQualifiedName": "http://example.org/0001", "kind": "resource", "name": HOSTILE}
    ]
    assert "{0}" not in first["message"]["text"].replace("{{0}}", "")
    assert "](" not in first["message"]["text"]
    assert Counter(one["level"] for one in run["results"]) == {"error": 5, "warning": 1, "note": 1}
    assert Counter(one["baselineState"] for one in run["results"]) == {"new": 6, "unchanged": 1}
    known = [one for one in run["results"] if "suppressions" in one]
    assert [(one["baselineState"], one["suppressions"]) for one in known] == [
        ("unchanged", [{"kind": "external", "justification": "baseline"}])
    ]
    assert not any("my skills.ttl:" in one["message"]["text"] for one in run["results"])
    assert len({one["partialFingerprints"]["escoGraph/v1"] for one in run["results"]}) == 7
    assert "baselineState" not in report_of(finding("ESG101")).format("sarif")


def test_sarif_fingerprints_last_while_wording_and_severity_change() -> None:
    one, two = finding("ESG101"), finding("ESG101", message="Better words.", severity="info")
    marks = {re.findall(r'"escoGraph/v1": "(\w+)"', report_of(made).format("sarif"))[0] for made in (one, two)}
    assert len(marks) == 1


def test_junit_has_a_case_for_each_rule(hostile: Report) -> None:
    root = ElementTree.fromstring(hostile.format("junit"))  # noqa: S314 - our own
    assert [suite.attrib["name"] for suite in root] == ["labels", "occupation", "skill"]
    assert [suite.attrib["failures"] for suite in (root, *root)] == ["2", "1", "1", "0"]
    cases = {case.attrib["name"]: case for case in root.iter("testcase")}
    assert list(cases) == ["ESG101 preferred", "ESG105 space", "ESG108 repeated", "ESG201 type", "ESG301 type"]
    assert [part.tag for case in cases.values() for part in case] == [
        "failure", "system-out", "system-out", "failure", "skipped"
    ]  # fmt: skip
    failure = cases["ESG101 preferred"][0]
    assert failure.attrib["message"].startswith("violation: 3 of 50 checked")
    off = ElementTree.fromstring(report_of(policy=Levels(ESG101="off")).format("junit"))  # noqa: S314 - our own
    assert [part.attrib["message"] for part in off.iter("skipped")] == [
        "switched off by the policy", "nothing to check"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("at", "failed"),
    [
        ("violation", ["ESG101"]),
        ("warning", ["ESG101", "ESG105"]),
        ("info", ["ESG101", "ESG105", "ESG108"]),
        ("never", []),
    ],
)
def test_junit_fails_what_the_run_fails_on(at: str, failed: list[str]) -> None:
    report = report_of(
        *(finding(code) for code in ("ESG101", "ESG105", "ESG108")), finding("ESG105", 9), baseline=Known(9)
    )
    root = ElementTree.fromstring(report.format("junit", fail_on=at))  # noqa: S314 - our own
    cases = {case.attrib["name"][:6]: case for case in root.iter("testcase")}
    assert [code for code, case in cases.items() if case.find("failure") is not None] == failed
    assert {code for code, case in cases.items() if case.find("system-out") is not None} == {
        "ESG101", "ESG105", "ESG108"
    } - set(failed)  # fmt: skip
    assert root.attrib["failures"] == str(len(failed)) == str(sum(int(suite.attrib["failures"]) for suite in root))
    assert report.fails(at) == bool(failed)


def test_no_format_takes_a_threshold_that_is_none() -> None:
    with pytest.raises(ParameterError, match="never"):
        report_of().format("junit", fail_on="error")


def test_github_gives_ten_annotations_of_each_level_spread_over_the_rules() -> None:
    made = [finding(code, number) for code in ("ESG101", "ESG201", "ESG108") for number in range(1, 30)]
    text = report_of(*made[:34], *made[58:], positions=Places()).format("github")
    lines = text.splitlines()
    assert lines[0] == (
        "::error file=data/my skills.ttl,line=1,title=ESG101 preferred::No label. Add one. "
        "Node: <http://example.org/0001>"
    )
    assert read_github(text) == {"ESG101": 5, "ESG201": 5, "ESG108": 10}
    assert [line for line in lines if line.startswith("…")] == [
        f"… and {more}: see the full report (--format text --all)" for more in ("24 more violations", "19 more notes")
    ]
    assert lines[-2].startswith("34 violations, 29 notes in 3 of 5 rules.")


def test_github_lets_no_label_give_a_command(hostile: Report) -> None:
    lines = hostile.format("github", limit=None).splitlines()
    commands = [line for line in lines if line.lstrip().startswith("::")]
    assert len(commands) == 6
    assert all(re.match(r"::(error|warning|notice) ", line) for line in commands)
    assert any("%250A::error" in command for command in commands)
    assert "%0A" not in "".join(commands).replace("%250A", "")
