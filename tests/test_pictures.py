"""Pictures: nothing lies on anything else, labels are drawn as they are, the same answer gives the same bytes."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import said_under_two_seeds
from esco_graph.careers import NextStep, Paths, Place, RankedOccupation, Ranking, Step, paths, similar
from esco_graph.careers import Path as Way
from esco_graph.careers.explained import Explained, NamedSkill
from esco_graph.cli import main
from esco_graph.errors import EscoGraphError, NotFoundError, ParameterError, StoreError
from esco_graph.graph import Graph
from esco_graph.labels import find_concept
from esco_graph.persons.match import MatchedOccupation
from esco_graph.publish.pictures import ENDINGS, PICTURES, Picture, draw, kind_of_file, style, write_picture
from esco_graph.publish.pictures.fonts import clean, shorten, width_of, wrap
from esco_graph.publish.pictures.heat import MOST, Heat, group_heat
from esco_graph.publish.pictures.html import html
from esco_graph.publish.pictures.png import png
from esco_graph.publish.pictures.scene import Cells, Scene, Text
from esco_graph.publish.pictures.svg import svg
from esco_graph.skills.gap import Named
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.measures import score
from esco_graph.skills.names import DEFAULT_MEASURE
from esco_graph.skills.overlap import Overlap, SkillShare, overlap
from esco_graph.terms import ATTRIBUTION
from esco_graph.workspace import Workspace

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "a $x^2$ b",
    "$\\frac{$",
    "\\alpha_{1} 50% #{}~^",
    "<script>alert(1)</script> & \"quotes\" 'n' ]]>",
    "control\x00\x1b[31m\u202eevil\ud800",
    "tab\tline\nend",
    "x" * 300,
    "many short words " * 18,
    "νοσηλευτής γενικής φροντίδας/νοσηλεύτρια γενικής φροντίδας",
    "медицинска сестра, отговорна за общи грижи",
    "ممرض مسؤول عن الرعاية العامة/ممرضة مسؤولة عن الرعاية العامة",
    "",
]
labels = st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE))
few = settings(max_examples=25, deadline=None)


# --- answers made by hand --------------------------------------------------------------------------------------------


def iri(number: int) -> str:
    return f"http://data.europa.eu/esco/occupation/{number}"


def place(label: str, number: int = 1, level: int | None = 4) -> Place:
    return Place(iri(number), label, f"2269.{number}", "2269", level)


def named(label: str, count: int) -> tuple[NamedSkill, ...]:
    return tuple(NamedSkill(f"http://example.org/{number}", f"{label} {number}", 0.5) for number in range(count))


def ranking(label: str, rows: int = 3, counts: tuple[int, int, int, int] = (20, 5, 14, 9), told: bool = True) -> Any:
    made = []
    for number in range(rows):
        reasons = Explained(*(named(label, count) for count in counts)) if told else None
        facts = place(label, number, (number % 5) or None).as_dict()
        shared, total = sum(counts[:2]), sum(counts)
        made.append(RankedOccupation(**facts, score=1 / (number + 1), shared=shared, total=total, explained=reasons))
    return Ranking(place(label), "affinity", tuple(made))


def steps(label: str) -> Any:
    facts = [place(label, number, number + 1).as_dict() for number in range(3)]
    ways = ("up", "same", "down")
    made = (
        NextStep(**fact, direction=way, score=0.5, shared=3, total=9) for fact, way in zip(facts, ways, strict=True)
    )
    return Ranking(place(label), "affinity", tuple(made))


def matches(label: str) -> Any:
    found = overlapping(label)
    rows = (MatchedOccupation(**place(label, n).as_dict(), score=0.4, status=s, overlap=found) for n, s in _STATUS)
    return Ranking(Place("", label), "cosine", tuple(rows))


_STATUS = ((1, "held"), (2, "aim"), (3, ""))


def shares(label: str, count: int, near: str = "", held: str = "") -> tuple[SkillShare, ...]:
    other = Named("http://example.org/near", near) if near else None
    return tuple(SkillShare(f"http://example.org/{n}", f"{label} {n}", 0.01, 1.0, held, other) for n in range(count))


def overlapping(label: str, count: int = 15) -> Overlap:
    missing = shares(label, count, near=label)
    ends = Named(iri(1), label), Named(iri(2), label)
    surplus = (*shares(label, count, held="essential"), *shares(label, 2, held="optional"))
    lists = (shares(label, count), shares(label, 1), missing, shares(label, 3), missing, surplus, ())
    return Overlap(*ends, "affinity", 0.5, 0.4, 0.3, 0.2, *lists)


def step(label: str, missing: int, direction: str = "up") -> Step:
    return Step(place(label), place(label, 2, 2), 0.43, direction, 3, 9, named(label, missing), label)


def ways(label: str) -> Paths:
    found = (
        Way((step(label, 2), step(label, 30, "down")), 0.3, 0.86),
        Way((step(label, 0), step(label, 1, ""), step(label, 5), step(label, 4, "same")), 0.4, 1.72),
    )
    return Paths(place(label), place(label, 2, None), found, Way((step(label, 60),), 0.5, 0.43), 10, label)


def heat(label: str, count: int = 5, order: str = "code") -> Heat:
    scores = tuple(tuple(1.0 if i == j else (i * 7 + j) % 10 / 10 for j in range(count)) for i in range(count))
    places = tuple(Place(iri(n), label, f"2269.{n}", f"226{n % 4}", 4) for n in range(count))
    return Heat(label, "coverage", order, places, scores)


MADE: dict[str, Callable[[str], Any]] = {
    "similar": ranking,
    "next": steps,
    "match": matches,
    "overlap": overlapping,
    "paths": ways,
    "heatmap": heat,
}


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - written by the code under test


def collisions(scene: Scene) -> Iterator[tuple[str, str]]:
    """Find texts that lie on each other, by more than a hair."""
    for one, other in combinations([text for text in scene.texts() if text.text], 2):
        left, top, right, bottom = one.bounds()
        left2, top2, right2, bottom2 = other.bounds()
        if min(right, right2) - max(left, left2) > 0.5 and min(bottom, bottom2) - max(top, top2) > 0.5:
            yield one.text, other.text


def outside(scene: Scene) -> list[str]:
    """Find texts that leave the page."""
    found = []
    for text in scene.texts():
        left, top, right, bottom = text.bounds()
        if left < 0 or top < 0 or right > scene.width or bottom > scene.height:
            found.append(text.text)
    return found


def assert_tidy(picture: Picture) -> None:
    assert not list(collisions(picture.scene))
    assert not outside(picture.scene)


# --- layout ----------------------------------------------------------------------------------------------------------


class TestLayout:
    @pytest.mark.parametrize("kind", PICTURES)
    @pytest.mark.parametrize("label", ["nurse", *HOSTILE], ids=range(len(HOSTILE) + 1))
    def test_nothing_lies_on_anything_else(self, kind: str, label: str) -> None:
        assert_tidy(draw(kind, MADE[kind](label), source="ESCO 1.1.1 (en)"))

    @pytest.mark.parametrize("kind", PICTURES)
    @given(label=labels)
    @few
    def test_any_label_at_all(self, kind: str, label: str) -> None:
        picture = draw(kind, MADE[kind](label))
        assert_tidy(picture)
        parsed(svg(picture))

    @pytest.mark.parametrize("rows", [1, 2, 10, 30, 100])
    def test_any_number_of_similar_ones(self, rows: int) -> None:
        assert_tidy(draw("similar", ranking("occupational therapist", rows)))

    @pytest.mark.parametrize("counts", [(0, 0, 0, 0), (1, 0, 0, 0), (1, 1, 1, 1), (3000, 20_000, 2, 90_000)])
    def test_any_number_of_skills(self, counts: tuple[int, int, int, int]) -> None:
        assert_tidy(draw("similar", ranking("nurse", 2, counts)))
        assert_tidy(draw("similar", ranking("nurse", 2, counts, told=False)))

    @pytest.mark.parametrize("count", [0, 1, 12, 13, 200])
    def test_any_number_of_named_skills(self, count: int) -> None:
        assert_tidy(draw("overlap", overlapping("manage staff", count)))

    @pytest.mark.parametrize("count", [1, 2, 14, 15, 31, 61, 101, 250])
    def test_any_size_of_a_group(self, count: int) -> None:
        picture = draw("heatmap", heat("occupational therapist", count))
        assert not outside(picture.scene)
        if count <= 61:
            assert not list(collisions(picture.scene))

    def test_a_long_list_says_how_many_are_left_out(self) -> None:
        drawn = [text.text for text in draw("overlap", overlapping("s", 40), limit=7).scene.texts()]
        assert drawn.count("and 33 more") == 3
        assert "s 6" in drawn
        assert "s 7" not in drawn

    def test_a_long_edge_has_room_for_more(self) -> None:
        drawn = [text.text for text in draw("paths", ways("s")).scene.texts()]
        assert "and 26 more" in drawn or "and 22 more" in drawn  # of 30, on a short edge
        assert f"and {60 - 4 * 4} more" in drawn  # of 60, on the direct jump

    def test_the_direct_jump_is_not_drawn_twice(self) -> None:
        jump = Way((step("nurse", 2),), 0.2, 0.43)
        twice = Paths(place("a"), place("b", 2), (jump,), jump, 10)
        drawn = [text.text for text in draw("paths", twice).scene.texts()]
        assert [text for text in drawn if "jump" in text.lower()] == ["Path 1: the direct jump · effort 0.20"]

    def test_steps_say_which_way_they_lead_and_matches_what_they_are(self) -> None:
        drawn = [text.text for text in draw("next", steps("nurse")).scene.texts()]
        assert {"2269.0 · ↑ level up", "2269.1 · same level", "2269.2 · ↓ level down"} <= set(drawn)
        assert drawn[0] == "Next steps from nurse"
        drawn = [text.text for text in draw("match", matches("nurse")).scene.texts()]
        assert {"2269.1 · held", "2269.2 · an aim", "2269.3", "shared essential"} <= set(drawn)

    def test_a_person_has_no_level_and_no_essential_skills(self) -> None:
        person = Place("urn:uuid:1", "Sam")
        jump = Way((Step(person, place("nurse", 2), 0.4, "", 0, 9, (), ""),), 0.2, 0.4)
        drawn = [text.text for text in draw("paths", Paths(person, place("nurse", 2), (), jump, 10)).scene.texts()]
        assert "Sam" in drawn
        assert not [text for text in drawn if "level ?" in text]
        found = replace(overlapping("nurse"), a=Named("urn:uuid:1", "Sam"), surplus=shares("s", 4, held="essential"))
        drawn = [text.text for text in draw("overlap", found).scene.texts()]
        assert "4 of Sam" in drawn
        assert not [text for text in drawn if text.endswith("essential for Sam")]

    def test_nothing_to_show_is_said(self) -> None:
        empty = Ranking(place("nurse"), "affinity", (), "Empty: nothing is like a nurse.")
        drawn = " ".join(text.text for text in draw("similar", empty).scene.texts())
        assert "Empty: nothing is like a nurse." in drawn
        none = draw("paths", Paths(place("a"), place("b", 2), (), None, 10, "No path: they are far apart."))
        assert "No path: they are far apart." in " ".join(text.text for text in none.scene.texts())
        assert_tidy(none)


class TestText:
    @given(text=labels, width=st.floats(12, 300), lines=st.integers(1, 4), bold=st.booleans())
    @few
    def test_lines_stay_within_the_width(self, text: str, width: float, lines: int, bold: bool) -> None:
        made = wrap(text, width, 9, lines=lines, bold=bold)
        assert 1 <= len(made) <= lines
        for line in made:
            assert width_of(line, 9, bold=bold) <= width or len(line) == 1

    @given(text=labels)
    @few
    def test_what_fits_is_whole(self, text: str) -> None:
        whole = clean(text)
        assert shorten(text, 1e6, 10) == whole
        assert "".join(wrap(text, 200, 10, lines=500)).replace(" ", "") == whole.replace(" ", "")

    def test_a_text_that_is_cut_keeps_its_whole_self(self) -> None:
        scene = Scene(100)
        scene.text(0, 0, "a very long label that is cut somewhere", 10, width=80, lines=2)
        assert {text.full for text in scene.texts()} == {"a very long label that is cut somewhere"}
        assert scene.texts()[-1].text.endswith("…")

    def test_words_stay_whole_where_they_can(self) -> None:
        assert wrap("occupational therapy assistant", 100, 10, lines=3) == ["occupational", "therapy assistant"]


class TestColours:
    @pytest.mark.parametrize(
        "colour", [*style.LEVELS.values(), style.SHARED, style.SHARED_OPTIONAL, style.MISSING, style.MISSING_OPTIONAL]
    )
    def test_numbers_can_be_read_on_bars_and_badges(self, colour: str) -> None:
        assert style.contrast(style.ink_on(colour), colour) >= 4.5

    @pytest.mark.parametrize("ink", [style.INK, style.MUTED])
    @pytest.mark.parametrize("paper", [style.PAPER, "#f1f3f5", "#e2eff8", "#fdeee3"])
    def test_texts_can_be_read_on_their_ground(self, ink: str, paper: str) -> None:
        assert style.contrast(ink, paper) >= 4.5

    def test_near_skills_can_be_read(self) -> None:
        assert style.contrast(style.NEAR, "#fdeee3") >= 4.5

    def test_heat_gets_darker_all_the_way(self) -> None:
        steps = [style.contrast("#ffffff", colour) for colour in style.ramp(style.HEAT, 64)]
        assert steps == sorted(steps)
        assert steps[-1] / steps[0] > 10


# --- what is drawn ---------------------------------------------------------------------------------------------------


def tags_of(page: str) -> list[str]:
    tags: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            tags.append(tag)

    Reader().feed(page)
    return tags


class TestLiteral:
    @pytest.mark.parametrize("kind", PICTURES)
    def test_svg_holds_the_label_as_it_is(self, kind: str) -> None:
        root = parsed(svg(draw(kind, MADE[kind]("a $x^2$ <b> & c"))))
        drawn = [text for node in root.iter(SVG + "text") for text in node.itertext()]
        assert any("a $x^2$ <b> & c" in text for text in drawn)
        assert not list(root.iter(SVG + "b"))

    @pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
    def test_html_has_no_markup_of_a_label(self, label: str) -> None:
        tags = tags_of(html(draw("overlap", overlapping(label))))
        assert "script" not in tags
        assert tags.count("svg") == 1

    def test_no_link_leads_anywhere_but_the_web(self) -> None:
        found = Ranking(place("a"), "affinity", (RankedOccupation("javascript:alert(1)", "b", total=3),))
        page = html(draw("similar", found))
        assert "javascript:" not in page
        assert "https://" not in page or "<a href" not in page

    def test_png_draws_dollars(self) -> None:
        bare, dollars = (png(draw("similar", ranking(label))) for label in ("x", "$x$"))
        assert pixels(bare) != pixels(dollars)
        png(draw("similar", ranking("$\\frac{$ $\\nonsense$")))  # no formula, so nothing to refuse

    def test_png_draws_what_the_font_lacks(self, recwarn: pytest.WarningsRecorder) -> None:
        png(draw("similar", ranking("看護師 \U0001f600")))
        assert not [warning for warning in recwarn if "Glyph" in str(warning.message)]

    @pytest.mark.parametrize("kind", PICTURES)
    def test_every_picture_says_where_it_is_from(self, kind: str) -> None:
        picture = draw(kind, MADE[kind]("nurse"), source="ESCO 1.1.1 (en)")
        drawn = " ".join(text.text for text in picture.scene.texts())
        assert ATTRIBUTION in drawn
        assert "ESCO 1.1.1 (en)" in drawn
        assert ATTRIBUTION in svg(picture)
        assert html(picture).count(ATTRIBUTION) >= 3  # drawn, described, at the foot
        assert ATTRIBUTION.encode() in png(picture)


class TestCells:
    def test_each_cell_has_the_colour_of_its_score(self) -> None:
        found = heat("nurse", 20)
        picture = draw("heatmap", found)
        cells = next(item for item in picture.scene.items if isinstance(item, Cells))
        assert [cells.values[i][i] for i in range(20)] == [-1] * 20
        ordered = sorted((found.scores[i][j], cells.values[i][j]) for i in range(20) for j in range(20) if i != j)
        assert [shade for _, shade in ordered] == sorted(shade for _, shade in ordered)
        assert ordered[0] == (0.0, 0)
        assert ordered[-1] == (0.9, len(cells.palette) - 1)

    def test_svg_covers_each_cell_once(self) -> None:
        found = heat("nurse", 20)
        picture = draw("heatmap", found)
        cells = next(item for item in picture.scene.items if isinstance(item, Cells))
        covered: dict[tuple[int, int], str] = {}
        for node in parsed(svg(picture)).iter(SVG + "path"):
            for x, y, width in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)", node.attrib["d"]):
                row, start = round((float(y) - cells.y) / cells.size), round((float(x) - cells.x) / cells.size)
                for column in range(start, start + round(float(width) / cells.size)):
                    assert (row, column) not in covered
                    covered[row, column] = node.attrib["fill"]
        assert covered == {(i, j): cells.palette[cells.values[i][j]] for i in range(20) for j in range(20) if i != j}

    def test_a_small_group_says_its_numbers(self) -> None:
        drawn = [text.text for text in draw("heatmap", heat("nurse", 4)).scene.texts()]
        assert drawn.count("0.70") == 2  # of second to first, and of third to fourth


class TestTables:
    def test_html_tells_the_numbers_without_the_picture(self) -> None:
        page = html(draw("similar", ranking("nurse", 2)))
        table = page.partition("<table>")[2]
        assert '<td class="number">0.500</td>' in table
        assert table.count("<tr>") == 3
        assert all(f'<td class="number">{count}</td>' in table for count in (20, 5, 14, 9, 48))

    def test_all_skills_are_in_the_table(self) -> None:
        page = html(draw("overlap", overlapping("s", 40), limit=2))
        assert page.partition("<table>")[2].count("<tr>") == 1 + 40 * 3 + 1 + 3 + 2

    def test_long_lists_are_whole_in_the_table(self) -> None:
        jump = Way((Step(place("a"), place("b", 2), 0.9, "up", 0, 500, named("skill", 500), ""),), 0.8, 0.9)
        page = html(draw("paths", Paths(place("a"), place("b", 2), (), jump, 10)))
        assert "skill 499<" in page.partition("<table>")[2]

    def test_labels_bear_their_language(self) -> None:
        assert '<bdi lang="el">' in html(draw("similar", ranking("νοσηλευτής"), lang="el"))


# --- bytes and files -------------------------------------------------------------------------------------------------


def pixels(made: bytes) -> bytes:
    import matplotlib.image as image

    array = image.imread(io.BytesIO(made))
    return bytes(array.tobytes())


class TestBytes:
    def test_the_same_answer_gives_the_same_bytes(self) -> None:
        code = (
            "import hashlib, test_pictures as t\n"
            "for kind, made in t.MADE.items():\n"
            "    picture = t.draw(kind, made('a nurse'))\n"
            "    for ending, write in t.ENDINGS.items(): print(hashlib.sha256(write(picture)).hexdigest())"
        )
        assert len(said_under_two_seeds(code)) == 1

    def test_settings_of_the_user_change_nothing(self) -> None:
        picture = draw("similar", ranking("nurse"))
        before = png(picture)
        theirs: Any = {"font.size": 40, "savefig.bbox": "tight", "figure.dpi": 30, "text.color": "red"}
        with mpl.rc_context(theirs):
            assert png(picture) == before
            assert mpl.rcParams["font.size"] == 40

    @pytest.mark.parametrize("ending", ENDINGS)
    def test_no_date_and_no_machine(self, ending: str) -> None:
        made = ENDINGS[ending](draw("similar", ranking("nurse")))
        for word in (b"20[0-9][0-9]-[01][0-9]", b"tIME", b"[Mm]atplotlib", b"Creation", b"/home/", b"/tmp/"):
            assert not re.search(word, made), word

    def test_no_window_system_is_asked_for(self) -> None:
        code = (
            "import sys, test_pictures as t\n"
            "t.png(t.draw('similar', t.ranking('nurse')))\n"
            "print('matplotlib.pyplot' in sys.modules)"
        )
        assert said_under_two_seeds(code) == {"False\n"}

    def test_a_huge_picture_keeps_within_bounds(self) -> None:
        scene = Scene(9_000, 9_000, [Text(10, 20, "huge", 10)])
        made = png(Picture("huge", "Huge.", scene))
        width, height = (int.from_bytes(made[at : at + 4], "big") for at in (16, 20))
        assert width * height <= 61_000_000

    def test_a_file_is_whole_or_not_there(self, tmp_path: Path) -> None:
        picture = draw("similar", ranking("nurse"))
        path = tmp_path / "nurse.SVG"
        assert write_picture(picture, path) == path.stat().st_size
        with pytest.raises(StoreError):
            write_picture(picture, tmp_path / "no" / "nurse.svg")
        assert [one.name for one in tmp_path.iterdir()] == ["nurse.SVG"]


class TestErrors:
    @pytest.mark.parametrize("name", ["nurse.pdf", "nurse", "svg", "nurse.svg.gz"])
    def test_other_endings_are_refused_with_those_there_are(self, name: str) -> None:
        with pytest.raises(ParameterError, match=r"\.svg, \.png, \.html"):
            kind_of_file(Path(name))

    def test_an_unknown_picture(self) -> None:
        with pytest.raises(ParameterError, match="similar, next, match"):
            draw("pie", None)

    @pytest.mark.parametrize("kind", PICTURES)
    def test_a_missing_matplotlib_says_what_to_install(self, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "matplotlib", None)
        with pytest.raises(EscoGraphError, match=r"pip install 'esco-graph\[plot\]'"):
            draw(kind, MADE[kind]("nurse"))

    def test_importing_loads_nothing_heavy(self) -> None:
        code = "import sys, esco_graph.publish.pictures; print(sorted({'matplotlib', 'numpy'} & set(sys.modules)))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout == "[]\n"


# --- real answers ----------------------------------------------------------------------------------------------------


class TestHeat:
    def test_scores_are_those_of_the_measure(self, sample_graph: Graph) -> None:
        matrix = SkillMatrix.of(sample_graph)
        found = group_heat(sample_graph, "226", measure="coverage", order="code")
        assert len(found.places) > 3
        for i, one in enumerate(found.places):
            for j, other in enumerate(found.places):
                a, b = (matrix.skills_of(place.iri) for place in (one, other))
                assert found.scores[i][j] == (1.0 if i == j else round(score(matrix, a, b, "coverage"), 6))

    def test_what_has_nothing_in_common_is_no_nearest(self, sample_graph: Graph) -> None:
        found = group_heat(sample_graph, "226", measure="jaccard")
        places = len(found.places)
        bare = replace(found, scores=tuple(tuple(float(i == j) for j in range(places)) for i in range(places)))
        assert bare.nearest()[1] == []
        assert {row[-1] > 0 for row in found.nearest(places)[1]} == {True}

    def test_both_orders_hold_the_same(self, sample_graph: Graph) -> None:
        by_code, alike = (group_heat(sample_graph, "226", order=order) for order in ("code", "similarity"))
        assert set(by_code.places) == set(alike.places)
        assert pairs_of(by_code) == pairs_of(alike)

    def test_codes_are_read_as_numbers(self, graph_111: Graph) -> None:
        codes = [place.code for place in group_heat(graph_111, "2269", order="code").places]
        assert codes.index("2269.2") < codes.index("2269.10")
        assert len(codes) == 17

    def test_alike_ones_stand_closer_than_by_code(self, graph_111: Graph) -> None:
        by_code, alike = (group_heat(graph_111, "25", order=order) for order in ("code", "similarity"))
        assert beside(alike) > beside(by_code)

    @pytest.mark.parametrize("group", ["226", "C226", "isco:C226", "http://data.europa.eu/esco/isco/C226"])
    def test_a_group_has_many_names(self, sample_graph: Graph, group: str) -> None:
        assert group_heat(sample_graph, group).group == group_heat(sample_graph, "226").group

    @pytest.mark.parametrize(
        ("group", "error"), [("nurse", ParameterError), ("0999", NotFoundError), ("", NotFoundError)]
    )
    def test_no_group(self, sample_graph: Graph, group: str, error: type[Exception]) -> None:
        with pytest.raises(error):
            group_heat(sample_graph, group)

    def test_too_large_a_group_names_a_smaller_one(self, graph_111: Graph) -> None:
        with pytest.raises(ParameterError, match=f"up to {MOST}.*such as 21"):
            group_heat(graph_111, "2")

    def test_unknown_order_and_measure(self, sample_graph: Graph) -> None:
        with pytest.raises(ParameterError, match="similarity, code"):
            group_heat(sample_graph, "226", order="size")
        with pytest.raises(ParameterError):
            group_heat(sample_graph, "226", measure="closeness")


def pairs_of(found: Heat) -> dict[tuple[str, str], float]:
    places = found.places
    return {(a.iri, b.iri): found.scores[i][j] for i, a in enumerate(places) for j, b in enumerate(places)}


def beside(found: Heat) -> float:
    return sum(found.scores[place][place + 1] for place in range(len(found.places) - 1))


class TestReal:
    """The pictures of real answers, which were looked at by eye, keep their texts apart."""

    @pytest.mark.parametrize("occupation", ["2269.5", "nurse responsible for general care", "data scientist"])
    def test_similar(self, graph_111: Graph, occupation: str) -> None:
        start = find_concept(graph_111, occupation, kind="occupation").iri
        assert_tidy(draw("similar", similar(graph_111, start, limit=30, explain=True)))

    @pytest.mark.parametrize("pair", [("2269.5", "2269.4"), ("data scientist", "cook"), ("cook", "cook")])
    def test_overlap(self, graph_111: Graph, pair: tuple[str, str]) -> None:
        ends = [find_concept(graph_111, text, kind="occupation").iri for text in pair]
        assert_tidy(draw("overlap", overlap(graph_111, *ends)))

    @pytest.mark.parametrize("pair", [("cook", "ICT project manager"), ("kitchen assistant", "restaurant manager")])
    def test_paths(self, graph_111: Graph, pair: tuple[str, str]) -> None:
        ends = [find_concept(graph_111, text, kind="occupation").iri for text in pair]
        assert_tidy(draw("paths", paths(graph_111, *ends)))

    @pytest.mark.parametrize("group", ["226", "25"])
    def test_heatmap(self, graph_111: Graph, group: str) -> None:
        assert_tidy(draw("heatmap", group_heat(graph_111, group)))


class TestCommandLine:
    @pytest.fixture
    def run(self, sample_workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
        monkeypatch.setenv("ESCO_GRAPH_STORE", str(sample_workspace.path))
        monkeypatch.delenv("ESCO_GRAPH_ENDPOINT", raising=False)
        monkeypatch.chdir(tmp_path)

        def invoke(*args: str, code: int = 0) -> Any:
            result = CliRunner().invoke(main, list(args), catch_exceptions=False)
            assert result.exit_code == code, result.output
            return result

        return invoke

    @pytest.mark.parametrize("ending", ENDINGS)
    @pytest.mark.parametrize(
        "words",
        [
            ("similar", "2269.5"),
            ("next", "2269.5"),
            ("overlap", "2269.5", "2269.4"),
            ("paths", "2269.5", "2269.4"),
            ("heatmap", "226"),
        ],
        ids=lambda words: words[0],
    )
    def test_each_verb_draws(self, run: Callable[..., Any], words: tuple[str, ...], ending: str) -> None:
        name = f"picture{ending}"
        result = run(*words, "--plot", name)
        made = Path(name).read_bytes()
        assert f"Wrote {name}: {len(made):,} bytes" in result.stderr
        assert ending == ".png" or "ESCO 1.1.1-sample" in made.decode()
        run(*words, "--plot", "again" + ending)
        assert Path("again" + ending).read_bytes() == made

    def test_a_heat_map_as_data(self, run: Callable[..., Any]) -> None:
        found = json.loads(run("heatmap", "226", "--format", "json", "--plot", "a.svg").stdout)
        assert [row[place] for place, row in enumerate(found["scores"])] == [1.0] * len(found["occupations"])
        table = run("heatmap", "226", "--measure", "jaccard").stdout
        assert "occupational therapist" in table
        lines = run("heatmap", "226", "--format", "csv").stdout.splitlines()
        assert lines[0] == f"occupation,code,nearest,nearest_code,{DEFAULT_MEASURE}"

    def test_a_wrong_ending_is_refused_before_the_work(self, run: Callable[..., Any]) -> None:
        result = run("heatmap", "no such group", "--plot", "picture.pdf", code=2)
        assert ".svg, .png, .html" in result.output

    def test_a_missing_matplotlib(self, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "matplotlib", None)
        result = run("similar", "2269.5", "--plot", "picture.svg", code=2)
        assert "pip install 'esco-graph[plot]'" in result.output
        assert not Path("picture.svg").exists()
