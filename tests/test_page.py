"""Occupation pages: both text layouts, HTML, headings under other names, and input that is no page."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from esco_graph.errors import SourceError
from esco_graph.sources.page import Page, parse_page, read_page
from esco_graph.sources.page_headings import HEADINGS, find_heading
from esco_graph.sources.page_lines import MAX_BYTES, html_lines, text_lines

EXAMPLE = ROOT / "examples" / "occupation-page.txt"


def read(text: str) -> Page:
    return parse_page(text_lines(text), name="page.txt", sha256="")


def read_html(text: str) -> Page:
    return parse_page(html_lines(text), name="page.html", sha256="")


def labels(lines) -> list[str]:
    return [line.label for line in lines]


def content(page: Page) -> dict:
    """What a page says, without line numbers and file names."""
    return {
        "title": page.title,
        "description": page.description,
        "lists": [labels(names) for names in (page.other_titles, page.similar, page.prospects)],
        "qualifications": page.minimum_qualifications,
        "isco": (page.isco_skill_level, page.isco_code, page.isco_title),
        "skills": [(s.label, s.text, s.requirement, s.skill_type) for s in page.skills],
        "sections": page.sections,
        "captions": [text for _, text in page.captions],
        "left_out": [text for _, text in page.left_out],
        "unrecognised": [text for _, text in page.unrecognised],
    }


# The layouts


def test_the_example_is_understood_to_the_last_line() -> None:
    page = read_page(EXAMPLE)
    assert page.title == "Nurse assistant"
    assert page.description.endswith("This page is an example made up for esco-graph.")
    assert labels(page.other_titles) == ["nursing assistant", "auxiliary nurse", "ward helper"]
    assert page.minimum_qualifications.startswith("A short course")
    assert (page.isco_skill_level, page.isco_code, page.isco_title) == (2, "5321", "Health care assistants")
    assert labels(page.similar) == ["healthcare assistant", "hospital porter"]
    assert labels(page.prospects) == ["physiotherapy assistant", "occupational therapy assistant"]
    assert [(s.requirement, s.skill_type) for s in page.skills] == (
        [("essential", "knowledge")] * 2
        + [("essential", "skill")] * 4
        + [("optional", "knowledge"), ("optional", "skill")]
    )
    assert page.skills[1].text == "The patient’s own wishes come first: asking beats guessing."
    assert page.skills[4].text == "Let others finish, then ask back."
    assert page.unrecognised == ()
    assert len(page.sha256) == 64


def test_line_numbers_are_those_of_the_file() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").split("\n")
    page = read_page(EXAMPLE)
    for one in (*page.skills, *page.other_titles, *page.similar, *page.prospects):
        assert lines[one.line - 1].startswith(one.label)
    for number, text in (*page.captions, *page.left_out):
        assert lines[number - 1].strip(" •") == text


def test_the_html_twin_says_the_same() -> None:
    assert content(read_page(EXAMPLE.with_suffix(".html"))) == content(read_page(EXAMPLE))
    assert read_page(EXAMPLE.with_suffix(".html")).lang == "en"


def dashed(text: str) -> str:
    """Rewrite a page into the other layout: no blank lines, `-` bullets."""
    lines = [line for line in text.split("\n") if line.strip()]
    return "\n".join(line.replace("  • ", "- ") for line in lines)


def test_the_layout_without_blank_lines_says_the_same() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert content(read(dashed(text))) == content(read(text))


def test_bullets_before_names_and_skills_say_the_same() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    page = read(text)
    items = {one.line for one in (*page.skills, *page.other_titles, *page.similar, *page.prospects)}
    bulleted = "\n".join(f"- {line}" if n in items else line for n, line in enumerate(text.split("\n"), 1))
    assert content(read(bulleted)) == content(page)
    assert content(read(dashed(bulleted))) == content(page)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_and_byte_order_mark(tmp_path: Path, end: str) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.read_text(encoding="utf-8").replace("\n", end).encode())
    page = read_page(path)
    assert content(page) == content(read_page(EXAMPLE))
    assert page.skills[0].line == read_page(EXAMPLE).skills[0].line


def test_utf_16_with_its_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-16")
    assert content(read_page(path)) == content(read_page(EXAMPLE))


def test_odd_spaces_are_folded_and_quotes_are_kept() -> None:
    page = read(
        "Cook\nEssential\u00a0skills\nUse  clients`\u00a0knives :\u00a0 Cut\u200b  bread.\nUse cook’s tools: All.\n"
    )
    assert [(s.label, s.text) for s in page.skills] == [
        ("Use clients` knives", "Cut bread."),
        ("Use cook’s tools", "All."),
    ]


# Headings


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Other titles", "other_titles"),
        ("Alternative titles", "other_titles"),
        ("ALSO KNOWN AS:", "other_titles"),
        ("## Other job titles for cook", "other_titles"),
        ("Similar occupations to cook", "similar"),
        ("Related jobs", "similar"),
        ("Long-term prospects", "prospects"),
        ("Promotions or specializations", "prospects"),
        ("Promotions / specialisations", "prospects"),
        ("**Career advancement**", "prospects"),
    ],
)
def test_headings_under_other_names(heading: str, name: str) -> None:
    assert labels(getattr(read(f"Cook\n{heading}\nchef\nhead cook\n"), name)) == ["chef", "head cook"]


@pytest.mark.parametrize(
    ("heading", "requirement", "skill_type"),
    [
        ("Essential skills and competences", "essential", "skill"),
        ("Essential Skills/Competences", "essential", "skill"),
        ("Essential knowledge and skills", "essential", None),
        ("Required knowledge", "essential", "knowledge"),
        ("Optional skills & competencies", "optional", "skill"),
        ("Knowledge (optional)", "optional", "knowledge"),
        ("Essential skills of the cook", "essential", "skill"),
    ],
)
def test_headings_over_skills(heading: str, requirement: str, skill_type: str | None) -> None:
    (skill,) = read(f"Cook\n{heading}\nFry: In a pan.\n").skills
    assert (skill.requirement, skill.skill_type) == (requirement, skill_type)


def test_a_short_heading_takes_over_the_requirement() -> None:
    page = read("Cook\nOptional knowledge and skills\nKnowledge\nWine: Red.\nSkills\nFry: In a pan.\n")
    assert [(s.requirement, s.skill_type) for s in page.skills] == [("optional", "knowledge"), ("optional", "skill")]


def test_skills_that_are_neither_essential_nor_optional_are_reported_not_guessed() -> None:
    page = read("Cook\nSkills\nFry: In a pan.\nOther titles\nchef\n")
    assert page.skills == ()
    assert page.unrecognised == ((3, "Fry: In a pan."),)


def test_headings_with_their_value_on_the_same_line() -> None:
    page = read("Cook\nISCO skill level: 2\nISCO group: 5120 – Cooks\nMinimum qualifications: none at all, come in\n")
    assert (page.isco_skill_level, page.isco_code, page.isco_title) == (2, "5120", "Cooks")
    assert page.minimum_qualifications == "none at all, come in"


def test_no_heading_has_two_meanings_and_each_is_found() -> None:
    names = [name for several in HEADINGS.values() for name in several]
    assert [name for name, n in Counter(names).items() if n > 1] == []
    for section, several in HEADINGS.items():
        assert {find_heading(name.title()).name for name in several} == {section}


def test_a_title_inside_a_word_is_no_part_of_a_heading() -> None:
    assert labels(read("T\nOther titles\nchef\n").other_titles) == ["chef"]


@pytest.mark.parametrize(
    "missing", ["Other titles", "Similar occupations", "Essential knowledge", "ISCO group and title"]
)
def test_a_missing_section_leaves_the_others_as_they_are(missing: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    whole, lines = read(text), text.split("\n")
    begin = lines.index(missing)
    end = next(n for n in range(begin + 1, len(lines)) if find_heading(lines[n], whole.title) or n == len(lines) - 1)
    part = read("\n".join(lines[:begin] + lines[end:]))
    assert set(part.sections) == set(whole.sections) - {str(find_heading(missing))}
    assert part.isco_skill_level == 2
    assert {s.label for s in part.skills} <= {s.label for s in whole.skills}


# What stands in between


def test_working_conditions_are_told_apart_and_not_lost() -> None:
    page = read("Cook\nCooks cook.\nWorking conditions\nIt is hot.\nOther titles\nchef\nkitchen hand\n")
    assert page.description == "Cooks cook."
    assert page.left_out == ((4, "It is hot."),)
    assert labels(page.other_titles) == ["chef", "kitchen hand"]


def test_captions_are_no_names_and_are_kept_with_their_line() -> None:
    page = read(
        "Cook\nOther titles\nThe following names are in use:\nchef\nSimilar jobs\nThese are jobs much like it.\n"
    )
    assert labels(page.other_titles) == ["chef"]
    assert page.captions == ((3, "The following names are in use:"), (6, "These are jobs much like it."))


def test_the_explanation_of_levels_is_not_the_level() -> None:
    page = read(
        "Cook\nISCO skill level\nLevel 1 is the lowest and level 4 the highest of all.\nA scale from 1 to 4.\n"
        "- the nature of the work\nCook is a Skill level 2 occupation.\n"
    )
    assert page.isco_skill_level == 2
    assert len(page.captions) == 3


def test_a_level_outside_1_to_4_is_reported() -> None:
    page = read("Cook\nOther titles\nchef\nISCO skill level\nCook is a Skill level 7 occupation.\n")
    assert page.isco_skill_level is None
    assert page.unrecognised == ((5, "Cook is a Skill level 7 occupation."),)


def test_a_level_without_its_heading_is_found() -> None:
    assert read("Cook\nCook is a Skill level 2 occupation.\nOther titles\nchef\n").isco_skill_level == 2


@pytest.mark.parametrize("stated", ["0110 – Officers", "C0110: Officers", "ISCO-08 0110 Officers", "0110.1 - Officers"])
def test_isco_codes_keep_their_zeros(stated: str) -> None:
    page = read(f"Officer\nISCO group and title\n{stated}\n")
    assert (page.isco_code, page.isco_title) == ("0110", "Officers")


def test_the_foot_of_the_page_is_no_skill() -> None:
    page = read("Cook\nEssential skills\nFry: In a pan.\n\nLast updated on 1 May 2022\n\nThinking of a new job?\n")
    assert [s.text for s in page.skills] == ["In a pan."]
    assert page.left_out == ((5, "Last updated on 1 May 2022"),)
    assert page.unrecognised == ((7, "Thinking of a new job?"),)


def test_an_unknown_heading_ends_a_list() -> None:
    page = read("Cook\n\nSimilar jobs\n\nbaker\nbutcher\n\nTools of the trade\n\nKnives are sharp things.\n")
    assert labels(page.similar) == ["baker", "butcher"]
    assert [number for number, _ in page.unrecognised] == [8, 10]


# Names


def test_commas_inside_one_name_stay() -> None:
    page = read("Cook\nOther titles\ncook, hotel\ncook, ship, first class\nchef\n")
    assert labels(page.other_titles) == ["cook, hotel", "cook, ship, first class", "chef"]


def test_a_single_line_with_several_commas_is_a_list() -> None:
    assert labels(read("Cook\nOther titles\nchef, kitchen hand, and baker\n").other_titles) == [
        "chef",
        "kitchen hand",
        "baker",
    ]
    assert labels(read("Cook\nOther titles\n- cook, hotel, first class\n").other_titles) == ["cook, hotel, first class"]
    assert labels(read("Cook\nOther titles\ncook, hotel\n").other_titles) == ["cook, hotel"]
    assert labels(read("Cook\nOther titles\ncook, hotel; chef\n").other_titles) == ["cook, hotel", "chef"]
    assert labels(read("Cook\nAlso known as: chef, kitchen hand\n").other_titles) == ["chef", "kitchen hand"]


def test_a_name_twice_is_one_name() -> None:
    assert [(n.label, n.line) for n in read("Cook\nOther titles\nchef\nchef\nAliases\nchef\n").other_titles] == [
        ("chef", 3)
    ]


@pytest.mark.parametrize("nothing", ["None", "n/a", "-", "–"])
def test_an_empty_list_may_say_so(nothing: str) -> None:
    assert read(f"Cook\nLong term prospects\n{nothing}\nOther titles\nchef\n").prospects == ()


# Skills


def skills(text: str) -> list[tuple[str, str]]:
    return [(s.label, s.text) for s in read(f"Cook\nEssential skills\n{text}").skills]


def test_only_the_first_colon_with_a_space_ends_a_label() -> None:
    assert skills("Cook at 10:30: Now: or later.\n") == [("Cook at 10:30", "Now: or later.")]


def test_labels_keep_their_commas() -> None:
    assert skills("Wash, cut, and fry: In this order.\n") == [("Wash, cut, and fry", "In this order.")]


def test_a_line_may_have_only_a_label() -> None:
    assert skills("Fry fish\nBoil: In water.\nRoast:\nIn the oven.\n") == [
        ("Fry fish", ""),
        ("Boil", "In water."),
        ("Roast", "In the oven."),
    ]


def test_a_text_may_go_on_over_lines() -> None:
    text = "Fry: Things to fry are eggs, and\nall that is flat.\nIt takes some minutes.\nBoil: In water.\n"
    (fry, fried), boil = skills(text)
    assert (fry, boil) == ("Fry", ("Boil", "In water."))
    assert fried == "Things to fry are eggs, and\nall that is flat.\nIt takes some minutes."


@pytest.mark.parametrize("bullet", list("-*•·–—‣▪o"))
def test_every_bullet_is_a_skill(bullet: str) -> None:
    text = f"Fry: Such as:\n{bullet} boil fish\n{bullet} Wash the dishes of everyone.\nread recipes\n"
    assert [label for label, _ in skills(text)] == ["Fry", "boil fish", "Wash the dishes of everyone.", "read recipes"]
    assert [label for label, _ in skills(f"{bullet} Wash the dishes of everyone.\n")] == [
        "Wash the dishes of everyone."
    ]


def test_labels_as_esco_writes_them_under_mixed_bullets() -> None:
    names = [
        *("listen actively", "handle space cannon", "provide health education"),
        *("work in multidisciplinary health teams", "first aid", "Read the mood of a ward"),
    ]
    text = "\n".join(mark + name for mark, name in zip(("", "", "- ", "* ", "• ", ""), names, strict=True))
    for gap in ("", "\n"):
        assert skills(gap + text) == [(name, "") for name in names]
    assert skills("listen actively\n- first aid\n") == [("listen actively", ""), ("first aid", "")]
    assert skills("Fry\nboil fish in the water.\nBake\n") == [
        *(("Fry", ""), ("boil fish in the water.", ""), ("Bake", "")),
    ]


def test_a_name_after_a_text_is_not_swallowed() -> None:
    assert skills("First aid: x\nlisten actively\n") == [("First aid", "x"), ("listen actively", "")]
    assert skills("First aid: Help.\nlisten actively\n") == [("First aid", "Help."), ("listen actively", "")]
    assert skills("First aid:\nlisten actively\n") == [("First aid", ""), ("listen actively", "")]


def test_a_sentence_with_a_colon_is_no_label() -> None:
    page = read("Cook\nEssential skills\nThese skills are needed: learn them well.\nFry: In a pan.\n")
    assert labels(page.skills) == ["Fry"]
    assert page.captions == ((3, "These skills are needed: learn them well."),)


def test_a_plain_line_over_a_list_is_a_caption() -> None:
    page = read("Cook\nEssential skills\nWhat you need\n- Fry: In a pan.\n- Boil\n")
    assert labels(page.skills) == ["Fry", "Boil"]
    assert page.captions == ((3, "What you need"),)


# HTML


def test_html_lines_that_a_reader_does_not_see_are_skipped() -> None:
    page = read_html(
        "<!doctype html><title>x</title><style>h1 {}</style><nav>Essential skills</nav><h1>Cook</h1>"
        "<script>document.write('<h2>Other titles</h2>')</script><!-- <h2>Similar jobs</h2> -->"
        "<h2>Also known as</h2><p>chef<br>kitchen&nbsp;hand<br/>cook &amp; baker<p><template>no</template>"
    )
    assert labels(page.other_titles) == ["chef", "kitchen hand", "cook & baker"]
    assert page.unrecognised == ()


def test_html_line_numbers_are_those_of_the_source() -> None:
    page = read_html("<html><body>\n<h1>\n Cook</h1>\n<h2>Other titles</h2>\n<ul>\n<li>\n\n chef\n</ul>")
    assert page.other_titles[0].line == 8


@pytest.mark.parametrize(
    "entries",
    [
        "<ul><li><b>Fry</b>: In a pan<li><b>Boil</b>: In water</ul>",
        "<ul><li><p>Fry</p><p>In a pan</p></li><li><p>Boil</p><p>In water</p></li></ul>",
        "<dl><dt>Fry<dd>In a pan<dt>Boil<dd>In water</dl>",
        "<table><tr><td>Fry<td>In a pan<tr><td>Boil<td>In water</table>",
        "<h3>Fry</h3><p>In a pan</p><h3>Boil</h3><p>In water</p>",
        "<p>Fry: In a pan</p><p>Boil: In water</p>",
    ],
)
def test_html_forms_of_a_skill_list(entries: str) -> None:
    page = read_html(f"<h1>Cook</h1><h2>Essential skills</h2><p>You need all of these.</p>{entries}<h2>Pay</h2><p>Low")
    assert [(s.label, s.text) for s in page.skills] == [("Fry", "In a pan"), ("Boil", "In water")]
    assert page.left_out == ((1, "Low"),)


def test_an_unknown_html_heading_ends_a_section() -> None:
    page = read_html("<h1>Cook</h1><h2>Similar jobs</h2><ul><li>baker</ul><h2>Our courses</h2><p>Knife skills</p>")
    assert labels(page.similar) == ["baker"]
    assert [text for _, text in page.unrecognised] == ["Our courses", "Knife skills"]


def test_html_in_a_declared_encoding(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    text = '<html><head><meta charset="iso-8859-1"><h1>Käser</h1><h2>Other titles</h2><ul><li>crème’s cook</ul>'
    path.write_bytes(text.encode("cp1252"))
    page = read_page(path)
    assert (page.title, labels(page.other_titles)) == ("Käser", ["crème’s cook"])


def test_html_is_told_by_content(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text("<!-- saved -->\n<!DOCTYPE html><h1>Cook</h1><h2>Other titles</h2><li>chef")
    assert labels(read_page(path).other_titles) == ["chef"]


# The title


@pytest.mark.parametrize(
    "text",
    [
        "Cook\nOther titles\nchef\n",
        "# Cook\n## Other titles\nchef\n",
        "\n\n  Cook – ESCO\n\nOther titles\n\nchef\n",
        "Other titles\nchef\nISCO skill level\nCook is a Skill level 2 occupation.\n",
    ],
)
def test_the_title_is_found(text: str) -> None:
    assert read(text).title == "Cook"


def test_the_html_title_is_the_last_resort() -> None:
    assert read_html("<title>Cook | Jobs of today</title><h2>Other titles</h2><li>chef").title == "Cook"


def test_a_page_without_a_title_is_an_error() -> None:
    with pytest.raises(SourceError, match="no title"):
        read("Other titles\nchef\n")


# What is no page


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"Cook\nOther titles\nch\x00ef\n", "byte 20: this is a binary file"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"PK\x03\x04....", "zip"),
        (b"A letter\n\nDear reader,\nall is well.\n", "nothing of an occupation page is recognised"),
        (b"Cook\nOther titles\n\nSimilar occupations\n", "nothing of an occupation page is recognised"),
        (b"Notes\n\n## References\n\n- a book\n", "nothing of an occupation page is recognised"),
        (b"x\n" * 60_000, "more than 50,000 lines"),
        (b"<html>" + b"<p>" * 60_000, "more than 50,000 tags"),
        (b"<html>" + b"<!-- x >" * 1_000, "HTML is broken"),
        (b"<html>" + b"<a x " * 1_000, "HTML is broken"),
    ],
)
def test_what_is_no_page_is_a_clear_error(tmp_path: Path, data: bytes, message: str) -> None:
    path = write(tmp_path / "page.txt", data)
    with pytest.raises(SourceError, match=message) as caught:
        read_page(path)
    assert str(path) in caught.value.where
    assert caught.value.exit_code == 2


def test_another_encoding_names_the_byte_and_the_line(tmp_path: Path) -> None:
    path = write(tmp_path / "page.txt", "Cook\nOther titles\nma\u00eetre\n".encode("latin-1"))
    with pytest.raises(SourceError, match=r"byte 0xee is not utf-8 text") as caught:
        read_page(path)
    assert caught.value.where == f"{path}:3: byte 20"
    assert "UTF-8" in caught.value.advice


def test_a_huge_file_is_refused_before_it_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES * 20)  # sparse
    with pytest.raises(SourceError, match="10 MiB"):
        read_page(path)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "no.txt", tmp_path):
        with pytest.raises(SourceError, match="cannot be read"):
            read_page(path)


LINES = (
    *("Other titles", "Essential skills", "Similar jobs", "ISCO group", "ISCO skill level", "Working conditions", ""),
    *("chef", "Fry: In a pan.", "- Boil", "These are all the names:", "2269 – Cooks", "Last updated on 1 May", "# x"),
    *("Cook is a Skill level 2 occupation.", "Something else, whatever it is.", "Also known as: a, b", "None", "<p>"),
    *("listen actively", "* first aid", "o bake bread", "– Wash up", "Fry fish: x", "Read the mood of a ward"),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=25))
def test_every_line_is_accounted_for(lines: list[str]) -> None:
    """No line is lost in silence, in whatever order they come."""
    text = "\n".join(["Cook", "Similar jobs", "baker", *lines])
    page = read(text)
    kept: Counter[tuple[int, str]] = Counter()
    names = (page.other_titles, page.similar, page.prospects)
    kept.update((one.line, one.label) for several in names for one in several)
    kept.update((s.line, f"{s.label}: {s.text}".split("\n")[0]) for s in page.skills)
    kept.update((s.line, s.label) for s in page.skills)
    kept.update((*page.captions, *page.left_out, *page.unrecognised))
    seen = {name.label for several in names for name in several}
    for number, line in enumerate(lines, start=4):
        words = re.sub("^(?:[-#*–o]) ", "", line)
        heading = find_heading(words) or words.startswith("Also known as")
        level = page.isco_skill_level == 2 and "Skill level 2" in words
        group = page.isco_code == "2269" and words.startswith("2269")
        if not line or heading or level or group:
            continue
        # "o" is a bullet only between skills; a name that stands twice is kept with its first line.
        places = kept[number, words] + (kept[number, line] if line != words else 0)
        texts = [page.description, page.minimum_qualifications, *(s.text for s in page.skills)]
        inside = any(words in text.removeprefix("• ") for whole in texts for text in whole.split("\n"))
        assert places == 1 or (not places and (inside or {words, line} & seen)), line
        in_skills = line.startswith(("- ", "* ", "– "))
        assert not (in_skills and any(words in s.text.split("\n") for s in page.skills)), line


def test_the_real_page(seed_page: Path) -> None:
    page = read_page(seed_page)
    assert Counter((s.requirement, s.skill_type) for s in page.skills) == {
        ("essential", "knowledge"): 9,
        ("essential", "skill"): 14,
        ("optional", "knowledge"): 12,
        ("optional", "skill"): 10,
    }
    assert (len(page.other_titles), len(page.similar), len(page.prospects)) == (7, 4, 0)
    assert (page.isco_skill_level, page.isco_code) == (4, "2269")
    assert len(page.captions) == 11
    assert [number for number, _ in page.unrecognised] == [134, 136]
    other = read(dashed(seed_page.read_text(encoding="utf-8")))
    assert content(other) == content(page)
