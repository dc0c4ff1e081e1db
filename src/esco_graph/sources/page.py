"""Read an occupation page, as career sites publish them, from text or HTML into a frozen `Page`.

A page is a title, a description, and sections under headings (`page_headings.HEADINGS`). Every line of the file ends up
in exactly one place: in the content, in `captions` (sentences of the site that explain a heading), in `left_out`
(sections that a profile has no place for) or in `unrecognised`.

Decisions on lists of names (other titles, similar occupations, prospects):

- one name per line, with or without a bullet; commas inside a line stay inside the name;
- a section whose only line is unbulleted and has `;`, or at least two commas, is a list on one line;
- after `Also known as:` on the heading's own line, one comma is enough.

Decisions on lines of knowledge and skills: a line with a bullet is always a new one; a line without is more of the text
before only when that is plain (the text stops in mid-sentence, or whole sentences follow); in doubt it is a new one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from esco_graph.errors import SourceError
from esco_graph.sources.page_lines import Lines, read_lines
from esco_graph.sources.page_reader import NamedLine, NumberedText, PageReader, SkillLine, distinct_names

__all__ = ["NamedLine", "Page", "SkillLine", "parse_page", "read_page"]


@dataclass(frozen=True)
class Page:
    """What an occupation page says, before anything is looked up.

    `isco_code` is one to four digits with leading zeros kept; `sections` names the recognised headings in order;
    `lang` is what HTML declares, else empty; `sha256` is of the file's bytes.
    """

    name: str
    sha256: str
    title: str
    description: str = ""
    other_titles: tuple[NamedLine, ...] = ()
    minimum_qualifications: str = ""
    isco_skill_level: int | None = None
    isco_code: str | None = None
    isco_title: str = ""
    similar: tuple[NamedLine, ...] = ()
    prospects: tuple[NamedLine, ...] = ()
    skills: tuple[SkillLine, ...] = ()
    lang: str = ""
    sections: tuple[str, ...] = ()
    captions: tuple[NumberedText, ...] = ()
    left_out: tuple[NumberedText, ...] = ()
    unrecognised: tuple[NumberedText, ...] = ()


def read_page(path: Path) -> Page:
    """Read an occupation page from a text file or from HTML (told apart by content, then by the name's ending).

    Raises SourceError when the file is unreadable, empty, larger than 10 MiB, binary, in another encoding than it says
    (UTF-8 where it says nothing), or holds no section of an occupation page, or no title.
    """
    path = Path(path)
    lines, data = read_lines(path)
    return parse_page(lines, name=path.name, sha256=hashlib.sha256(data).hexdigest(), where=str(path))


def parse_page(lines: Lines, *, name: str, sha256: str, where: str = "") -> Page:
    r"""Understand lines as an occupation page; see `read_page`.

    >>> from esco_graph.sources.page_lines import text_lines
    >>> page = parse_page(text_lines("Cook\nOther titles\n- chef\n- cook, hotel\n"), name="cook.txt", sha256="")
    >>> page.title, [other.label for other in page.other_titles]
    ('Cook', ['chef', 'cook, hotel'])
    """
    reader = PageReader(lines)
    reader.read()
    if not reader.found_something():
        raise SourceError(
            "nothing of an occupation page is recognised",
            where=where or name,
            advice="A page needs a heading such as 'Other titles' or 'Essential knowledge', and lines under it.",
        )
    if not reader.title:
        raise SourceError(
            "the page has no title", where=where or name, advice="Put the occupation's name on the first line."
        )
    return Page(
        name=name,
        sha256=sha256,
        title=reader.title,
        description="\n".join(reader.texts["description"]),
        other_titles=distinct_names(reader.names["other titles"]),
        minimum_qualifications="\n".join(reader.texts["minimum qualifications"]),
        isco_skill_level=reader.level,
        isco_code=reader.group["code"] if reader.group else None,
        isco_title=reader.group["title"] if reader.group else "",
        similar=distinct_names(reader.names["similar"]),
        prospects=distinct_names(reader.names["prospects"]),
        skills=tuple(reader.skills),
        lang=reader.lang,
        sections=tuple(reader.sections),
        captions=tuple(reader.captions),
        left_out=tuple(reader.left_out),
        unrecognised=tuple(reader.unrecognised),
    )
