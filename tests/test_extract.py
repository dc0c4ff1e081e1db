"""Extract: places are right whatever the text holds, words are whole, common words are no skills, order is fixed."""

from __future__ import annotations

import dataclasses
import importlib
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conftest import ROOT, Run, said_under_two_seeds
from esco_graph.errors import NotFoundError, ParameterError
from esco_graph.graph import Graph
from esco_graph.linking.embed import Vectors, vectors_of
from esco_graph.linking.encoders import MINILM
from esco_graph.linking.index import CandidateIndex, Entry
from esco_graph.phrases.extract import Found, extract
from esco_graph.phrases.label_bags import LabelBags
from esco_graph.phrases.markup import readable
from esco_graph.phrases.meaning import LONGEST, MOST
from esco_graph.phrases.segments import Lines, segments_of, words_of

LABELS = {
    "skill": {
        "1": ("project management", "manage projects"),
        "2": ("form", "act"),
        "3": ("R", "GNU R"),
        "4": ("SQL",),
        "5": ("operate forklift", "drive a forklift truck"),
        "6": ("statistics",),
        "7": ("teach statistics", "statistics"),
        "8": ("Buchhaltung",),
    },
    "occupation": {"1": ("project manager",), "2": ("instrument calibrator",), "3": ("cook",)},
}


def small_graph() -> Graph:
    """A graph with nothing in it but the bags of a few labels."""
    graph = Graph.memory()
    for kind, some in LABELS.items():
        entries = [
            Entry(f"http://example.org/{kind}/{key}", tuple((label, int(at > 0)) for at, label in enumerate(labels)))
            for key, labels in some.items()
        ]
        bags = LabelBags.of(CandidateIndex.from_entries(entries, kind, "en"))
        graph.derived[f"label-bags-{kind}-en"] = bags
    return graph


GRAPH = small_graph()
extracting = importlib.import_module("esco_graph.phrases.extract")


@pytest.fixture(autouse=True)
def meaning(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Stand in for sentence vectors: what a clause with a word means, as a label; nothing without such a word."""
    means: dict[str, str] = {}

    def vectors(index: CandidateIndex, mode: str = "auto", **_: object) -> Vectors | None:
        if mode == "off" or not means:
            return None
        here = np.eye(len(index.labels) + 1, dtype=np.float16)

        def encode(texts: Sequence[str]) -> np.ndarray:
            labels = [next((label for word, label in means.items() if word in text), "") for text in texts]
            return np.array([here[index.labels.index(label) if label else -1] for label in labels])

        return Vectors(dataclasses.replace(MINILM, size=len(here)), encode, here[:-1], here[:-1])

    monkeypatch.setattr(extracting, "vectors_of", vectors)
    return means


def found(text: str, threshold: float = 0.82) -> list[tuple[str, str]]:
    return [(one.text, one.candidates[0].label) for one in extract(text, GRAPH, threshold=threshold)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You know SQL.", [("SQL", "SQL")]),
        ("- managing projects\n- cleaning", [("managing projects", "project management")]),
        ("management of projects", [("management of projects", "project management")]),
        ("We seek a project manager now", [("project manager", "project manager")]),
        ("driving a forklift truck", [("driving a forklift truck", "operate forklift")]),
        ("MySQLite is not it, projectmanagement neither", []),
        ("Fill in the form and act.", []),
        ("We use R and not r", [("R", "R")]),
        ("You calibrate instruments.", []),
        ("projects. Management", []),
        ("", []),
        ("   \n\n", []),
    ],
)
def test_what_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_a_longer_place_wins_over_a_shorter_one_in_it() -> None:
    assert found("You teach statistics.") == [("teach statistics", "teach statistics")]


def test_a_preferred_label_comes_before_an_alternative_one() -> None:
    (one,) = extract("Statistics", GRAPH)
    assert [candidate.label for candidate in one.candidates] == ["statistics", "teach statistics"]
    assert not one.ambiguous


def test_a_place_has_its_line_and_kind() -> None:
    (one,) = extract("a\r\n\r\nSQL", GRAPH)
    assert (one.line, one.start, one.end, one.kind, one.how) == (3, 5, 8, "skill", "label")


def test_kinds_and_threshold_restrict() -> None:
    text = "project manager with SQL"
    assert [one.kind for one in extract(text, GRAPH, kinds=("occupation",))] == ["occupation"]
    assert extract(text, GRAPH, threshold=1.01) == []
    with pytest.raises(ParameterError, match="no kind of phrase"):
        extract(text, GRAPH, kinds=("scheme",))


def test_a_language_without_labels_is_refused() -> None:
    with pytest.raises(NotFoundError):
        extract("x", Graph.memory(), lang="pl")


# Meaning


def test_a_clause_without_a_label_is_found_by_meaning(meaning: dict[str, str]) -> None:
    meaning["pallets"] = "operate forklift"
    text = "You know SQL, you move heavy pallets all day"
    one, other = extract(text, GRAPH)
    assert (one.text, one.how) == ("SQL", "label")
    assert (other.text, other.how, other.candidates[0].label) == (
        "move heavy pallets all day",
        "meaning",
        "operate forklift",
    )
    assert other.score <= MOST
    assert other.candidates[0].reasons == ("is near in meaning to the preferred label 'operate forklift'",)
    assert [found.text for found in extract(text, GRAPH, embed="off")] == ["SQL"]
    assert [found.text for found in extract(text, GRAPH, kinds=("occupation",))] == []


def test_a_clause_with_a_label_is_left_alone(meaning: dict[str, str]) -> None:
    meaning["pallets"] = "operate forklift"
    assert found("move pallets with SQL daily") == [("SQL", "SQL")]


@pytest.mark.parametrize(
    "text", ["pallets", "pallets " + "heavy " * LONGEST, "Benefits: free pallets and a fine salary"]
)
def test_one_word_a_long_clause_and_an_aside_mean_nothing(meaning: dict[str, str], text: str) -> None:
    meaning["pallets"] = "operate forklift"
    assert found(text) == []


def test_a_mode_of_vectors_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracting, "vectors_of", vectors_of)
    with pytest.raises(ParameterError, match="not a mode"):
        extract("x", GRAPH, embed="maybe")


# Hostile text

HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from("\x00\u200f\u202e\u0301\xad\u200b😀\u2028\r\n\t.;,<>&")), max_size=80
)


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(HOSTILE, st.sampled_from(["SQL", "manage projects", "R", "project manager", "\n- "])), max_size=12
    )
)
@example(["SQ\u0301L SQL"])
@example(["\x00SQL\x00", "\u202eSQL\u202c"])
def test_a_place_is_what_it_says(parts: list[str]) -> None:
    text = " ".join(parts)
    for as_html in (False, True):
        answers = extract(text, GRAPH, threshold=0.0, as_html=as_html)
        assert all(text[one.start : one.end] == one.text and one.text for one in answers)
        assert all(one.end <= other.start for one, other in pairwise(answers))
        assert all(0 <= one.score <= 1 and one.line == Lines(text).number(one.start) for one in answers)


@given(HOSTILE)
def test_segments_hold_whole_words_in_order(text: str) -> None:
    at = 0
    for segment in segments_of(text):
        assert at <= segment.start <= segment.end
        assert all(segment.start <= word.start < word.end <= segment.end for word in segment.words)
        at = segment.end
    for word in words_of(text):
        assert word.start == 0 or not (text[word.start - 1].isalnum() and text[word.start].isalnum())


@given(HOSTILE, st.booleans())
def test_reading_keeps_every_place(text: str, as_html: bool) -> None:
    assert len(readable(text, as_html=as_html)) == len(text)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("we use SQ\xadL here", "SQ\xadL"),
        ("\u202bSQL\u202c", "SQL"),
        ("😀SQL😀", "SQL"),
        ("\x00SQL\x00", "SQL"),
        ("pro\u200bject manager", "pro\u200bject manager"),
    ],
)
def test_what_nobody_sees_does_not_hide_a_word(text: str, span: str) -> None:
    assert [one.text for one in extract(text, GRAPH)] == [span]


def test_html_is_read_as_it_is_shown() -> None:
    page = "<p>We use <b>SQL</b></p><script>statistics</script><li>project&nbsp;manager</li>"
    answers = extract(page, GRAPH, as_html=True)
    assert [one.text for one in answers] == ["SQL", "project&nbsp;manager"]


def test_addresses_are_not_read() -> None:
    assert found("see https://example.org/SQL or SQL@example.org") == []


def test_one_long_line_is_answered() -> None:
    assert len(found("SQL " + "word " * 4_000 + "SQL")) == 2


def test_the_order_of_hashes_does_not_matter() -> None:
    code = (
        "from test_extract import GRAPH\nfrom esco_graph.phrases.extract import extract\n"
        "text = 'SQL, statistics and forklift; managing of projects by a project manager'\n"
        "print(extract(text, GRAPH, threshold=0, embed='off'))"
    )
    assert len(said_under_two_seeds(code)) == 1


# The command


@pytest.fixture
def ad(tmp_path: Path) -> Path:
    file = tmp_path / "ad.txt"
    file.write_bytes(b"Occupational therapist\r\nYou know biomedical science.\r\n")
    return file


def test_the_command_gives_places(run: Run, ad: Path) -> None:
    text = ad.read_bytes().decode()
    answers = json.loads(run("extract", str(ad), "--format", "json").output)
    assert [(one["text"], one["line"]) for one in answers] == [("Occupational therapist", 1), ("biomedical science", 2)]
    assert all(text[one["start"] : one["end"]] == one["text"] for one in answers)
    assert answers[1]["candidates"][0]["label"] == "biomedical science"


def test_the_command_marks_the_text(run: Run, ad: Path) -> None:
    out = run("extract", str(ad), "--marked").output
    assert "You know [biomedical science](2)." in out
    assert "(2) biomedical science [skill 1.00 label] http://data.europa.eu/esco/skill/" in out


def test_the_command_reads_a_pipe_and_a_mark(run: Run) -> None:
    out = run("extract", "-", "--format", "csv", input=b"\xef\xbb\xbfbiomedical science").output
    assert "1,0,18,biomedical science,skill," in out


def test_an_old_code_page_is_read_and_said(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "cv.txt"
    file.write_bytes("Café, biomedical science".encode("cp1252"))
    done = run("extract", str(file), "--format", "csv")
    assert "1,6,24,biomedical science,skill," in done.stdout
    assert "read as cp1252" in done.stderr


def test_nothing_found_is_said(run: Run) -> None:
    assert "There is no text" in run("extract", "-", input=" \n").output
    assert "Nothing is named clearly enough" in run("extract", "-", input="Lunch is at noon.").output


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7 ...", "pdftotext"),
        (b"PK\x03\x04 word", "pandoc"),
        (b"\xd0\xcf\x11\xe0", "old Word"),
        (b"caf\xe9\x00\x01", "not text"),
        (b"{\\rtf1", "RTF"),
    ],
)
def test_what_is_no_text_is_refused_with_advice(run: Run, tmp_path: Path, data: bytes, word: str) -> None:
    file = tmp_path / "cv"
    file.write_bytes(data)
    assert word in run("extract", str(file), code=2).output


def test_the_help_says_how_good_it_is(run: Run) -> None:
    assert "F1" in run("extract", "--help").output


# The gold


def test_the_gold_is_sound() -> None:
    ads = [json.loads(line) for line in (ROOT / "benchmarks/data/job_ads.jsonl").read_text("utf-8").splitlines()]
    assert {ad["split"] for ad in ads} == {"dev", "test"}
    assert len(ads) >= 20
    for ad in ads:
        for one in ad["spans"]:
            assert ad["text"][one["start"] : one["end"]].strip()
            assert one["kind"] in LABELS
            assert all(f"/esco/{one['kind']}/" in iri for iri in one["concepts"])


def test_a_found_place_is_a_value() -> None:
    assert extract("SQL", GRAPH)[0] == extract("SQL", GRAPH)[0]
    assert isinstance(extract("SQL", GRAPH)[0], Found)
