"""Go over the lines of an occupation page once and sort them into what a `Page` holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from esco_graph.sources.page_headings import UNMODELLED, Section, find_heading, find_inline_heading
from esco_graph.sources.page_lines import Line, Lines

LONGEST_NAME = 160
WRAPPED = 60  # a line so long may have been broken at the edge of a window


@dataclass(frozen=True)
class SkillLine:
    """One line of knowledge or skill as the page states it.

    `requirement` is "essential" or "optional"; `skill_type` is "knowledge", "skill", or None when the heading names
    both; `text` is empty when the line has only a label; `line` counts from 1.
    """

    label: str
    text: str
    requirement: str
    skill_type: str | None
    line: int


@dataclass(frozen=True)
class NamedLine:
    """A name in a list, with its line."""

    label: str
    line: int


class NumberedText(NamedTuple):
    """A text with its line."""

    line: int
    text: str


_SENTENCE_END = re.compile(r"""[.!?:…]["'”’)]*$""")
_CAPTION_START = re.compile(r"(?:these|this|the following|below)\b", re.IGNORECASE)
_NOTHING = re.compile(r"(?:none|n/?a|not available|not applicable|-+|–|—)\.?$", re.IGNORECASE)
# A statement about this occupation, not the explanation that there are levels from 1 to 4.
_LEVEL = re.compile(
    r"\bskill level\s*(?:is\s+|[:=]\s*)?(?P<level>\d{1,3})(?:\s+occupation\b|\.?$)"
    r"|^(?:ISCO(?:-?08)?\s*)?(?:skill\s*)?(?:level\s*)?(?:is\s+|[:=]\s*)?(?P<alone>\d{1,3})\.?$",
    re.IGNORECASE,
)
_LEVEL_SENTENCE = re.compile(r"(?P<title>.{3,120}?) (?:is|are) an? (?:ISCO )?skill level \d", re.IGNORECASE)
_GROUP = re.compile(
    r"(?:ISCO(?:-?08)?\s*(?:code|group)?\s*:?\s*)?C?(?P<code>\d{1,4})(?:\.\d+)*(?:\s*[–—:-]\s*|\s+|$)(?P<title>.*)$",
    re.IGNORECASE,
)
_FOOT = re.compile(r"(?:page )?last (?:updated|modified|reviewed)\b|(?:\d+\.|\[\d+\])\s.*\bESCO\b", re.IGNORECASE)
_OPEN = (":", ";", ",")
_TEXT_END = re.compile(r"""[.!?…]["'”’)]*$""")
_UNFINISHED = re.compile(r"(?:[:;,]|\b(?:and|or|of|the|an?|to|in|for|with|by|from|such as))$", re.IGNORECASE)
_LABEL_AND_TEXT = re.compile(rf"(?P<label>.{{1,{LONGEST_NAME}}}?)\s?:(?:\s+(?P<text>.*))?$")


def is_sentence(text: str) -> bool:
    """Say whether a line reads as a sentence of prose and not as a name.

    >>> is_sentence("These jobs are like it."), is_sentence("chef, first class")
    (True, False)
    """
    words = len(text.split())
    if text.endswith(":"):
        return words >= 2
    return (words >= 4 and bool(_SENTENCE_END.search(text))) or (words >= 6 and bool(_CAPTION_START.match(text)))


class PageReader:
    """Goes over the lines once; the open section decides how a line is read."""

    def __init__(self, source: Lines) -> None:
        self.lang = source.lang
        self.title, self.lines, before = _split_title(source)
        self.sections: list[str] = []
        self.captions: list[NumberedText] = []
        self.left_out: list[NumberedText] = []
        self.unrecognised: list[NumberedText] = [NumberedText(line.number, line.text) for line in before]
        self.texts: dict[str, list[str]] = {"description": [], "minimum qualifications": []}
        self.names: dict[str, list[list[Line]]] = {"other titles": [], "similar": [], "prospects": []}
        self.skills: list[SkillLine] = []
        self.level: int | None = None
        self.group: re.Match[str] | None = None
        self._section = Section("description")
        self._section_level = 1
        self._first = 0  # index of the first skill of the open section
        self._style = (False, False)  # whether the section's names have bullets, or are marked headings
        self._following: Line | None = None
        self._dense = False  # whether names follow each other without blank lines
        self._awaits_text = False  # whether the last line was "Label:"
        self._readers: dict[str, Callable[[Line], None]] = {
            "description": self._read_text,
            "minimum qualifications": self._read_text,
            "other titles": self._read_name,
            "similar": self._read_name,
            "prospects": self._read_name,
            "skills": self._read_skill,
            "skill level": self._read_level,
            "isco group": self._read_group,
            "career path": self._read_caption,
        }

    def read(self) -> None:
        """Read all the lines."""
        for index, line in enumerate(self.lines):
            self._following = self.lines[index + 1] if index + 1 < len(self.lines) else None
            if not self._opens_section(line):
                self._read_line(line)

    def found_something(self) -> bool:
        """Say whether any section gave content for a profile."""
        names = any(lines for sections in self.names.values() for lines in sections)
        facts = self.texts["minimum qualifications"] or self.level or self.group
        return bool(names or facts or self.skills)

    def _opens_section(self, line: Line) -> bool:
        if line.bullet:
            return False
        section = find_heading(line.text, self.title, self._section)
        if section:
            self._open(section, line)
            return True
        inline = find_inline_heading(line.text, self.title, self._section)
        if inline is None:
            return False
        self._open(inline[0], line)
        self._read_rest(Line(line.number, inline[1], bullet="inline"))
        return True

    def _open(self, section: Section, line: Line) -> None:
        self.sections.append(str(section))
        self._section, self._section_level = section, line.level
        self._first = len(self.skills)
        self._dense = self._awaits_text = False
        if section.name in self.names:
            self.names[section.name].append([])

    def _read_rest(self, rest: Line) -> None:
        """Read what stands behind `Heading:` on the heading's line."""
        if self._section.name == "skills":
            for part in split_names(rest.text, commas=1):
                self._read_skill(Line(rest.number, part))
        else:
            self._read_line(rest)

    def _read_line(self, line: Line) -> None:
        if _FOOT.match(line.text):
            self._section = Section("foot")
            self.left_out.append(NumberedText(line.number, line.text))
        elif self._is_unknown_heading(line):
            self._section = Section("unknown")
            self._reject(line)
        elif _LEVEL_SENTENCE.match(line.text):
            self._read_level(line)
        elif self._section.name in UNMODELLED:
            self.left_out.append(NumberedText(line.number, line.text))
        else:
            self._readers.get(self._section.name, self._reject)(line)

    def _is_unknown_heading(self, line: Line) -> bool:
        """Marked headings end a section unless they are below its own; plain ones must look like one."""
        if line.level:
            deeper = line.level > self._section_level > 0 and self._section.name != "description"
            return not deeper
        following = self._following
        alone = line.gap and (following is None or following.gap) and not line.bullet
        plain = line.text[:1].isupper() and len(line.text.split()) <= 8 and not re.search(r"[.:;,?!]$|: ", line.text)
        if not (alone and plain and self._entries()):
            return False
        prose_follows = following is not None and is_sentence(following.text) and ": " not in following.text
        return self._dense or prose_follows

    def _entries(self) -> int:
        if self._section.name == "skills":
            return len(self.skills) - self._first
        return len(self.names[self._section.name][-1]) if self._section.name in self.names else 0

    def _read_text(self, line: Line) -> None:
        marked = f"• {line.text}" if line.bullet not in ("", "inline") else line.text
        self.texts[self._section.name].append(marked)

    def _read_name(self, line: Line) -> None:
        if is_sentence(line.text) or _NOTHING.match(line.text):
            self._read_caption(line)
        elif len(line.text) > LONGEST_NAME and line.text.count(",") < 2:
            self._reject(line)
        else:
            names = self.names[self._section.name][-1]
            self._dense = bool(names) and not line.gap
            names.append(line)

    def _read_skill(self, line: Line) -> None:
        if not line.bullet and line.text.startswith("o "):  # what a round bullet of a word processor becomes
            line = replace(line, bullet="o", text=line.text[2:])
        match = _LABEL_AND_TEXT.match(line.text)
        if self._is_list_under_caption(line):
            before = self.skills.pop()
            self.captions.append(NumberedText(before.line, before.label))
        first = len(self.skills) == self._first
        is_label = self._is_label(match, line)
        if _NOTHING.match(line.text) or (first and not is_label and not _is_item(line)):
            self._read_caption(line)
        elif first or _is_item(line):
            self._add_skill(match, line, first=first)
        elif line.text.endswith("?"):
            self._reject(line)
        elif self._goes_on(match, line, is_label=is_label):
            self._continue_skill(line)
        elif is_label or not (line.gap or line.text.endswith(":")):
            self._add_skill(match, line, first=False)  # when in doubt: a line that resolves to nothing is named
        elif line.text.endswith(":"):
            self._read_caption(line)
        else:
            self._reject(line)  # a paragraph of its own is not part of a skill's text

    def _goes_on(self, match: re.Match[str] | None, line: Line, *, is_label: bool) -> bool:
        """Say whether a line without a bullet is surely more of the text of the skill before."""
        before = self.skills[-1]
        if line.level or (line.gap and before.text and not before.text.endswith(_OPEN)):
            return False
        if line.bullet == ":" or line.inside or self._style[1]:
            return True
        ends = bool(_TEXT_END.search(line.text))
        if self._awaits_text:
            return ends or not line.text[:1].islower()
        if line.text.endswith(":") or (is_label and match):
            return False
        if not is_label and not line.gap and (len(line.text) > LONGEST_NAME or re.search(r"[.!?]\s", line.text)):
            return True  # several sentences are no name
        if not before.text:
            return False
        if _TEXT_END.search(before.text):
            return line.text[:1].isupper() and ends and is_sentence(line.text)
        last = before.text.rsplit("\n", 1)[-1]
        wrapped = len(last) >= WRAPPED and _starts_lower(line.text, before.label)
        return ends or wrapped or bool(_UNFINISHED.search(last))

    def _is_list_under_caption(self, line: Line) -> bool:
        """Say whether the only name so far, a plain line without a text, stands over a list with bullets."""
        alone = len(self.skills) == self._first + 1 and not self.skills[-1].text
        return alone and self._style == (False, False) and _is_item(line) and not self.skills[-1].label[:1].islower()

    def _is_label(self, match: re.Match[str] | None, line: Line) -> bool:
        label = match["label"] if match else line.text
        if len(label) > LONGEST_NAME or re.search(r"[.!?]\s", label):
            return False
        if match and match["text"]:
            return not (_CAPTION_START.match(label) and len(label.split()) >= 4)
        if not line.text.endswith(":"):
            return not is_sentence(line.text) and not line.text.endswith(".")
        # "Label:" has its text on the next line; over a list or over lines with labels it is a caption.
        after = self._following
        return after is not None and not _CAPTION_START.match(label) and not (after.bullet or ": " in after.text)

    def _add_skill(self, match: re.Match[str] | None, line: Line, *, first: bool) -> None:
        if self._section.requirement is None:
            self._reject(line)
            return
        if first:
            self._style = _style(line)
        self._dense = not first and not line.gap
        self._awaits_text = line.text.endswith(":")
        label = match["label"].strip() if match else line.text
        text = (match["text"] or "").strip() if match else ""
        section = self._section
        self.skills.append(SkillLine(label, text, section.requirement or "", section.skill_type, line.number))

    def _continue_skill(self, line: Line) -> None:
        self._awaits_text = False
        before = self.skills[-1]
        text = f"{before.text}\n{line.text}" if before.text else line.text
        self.skills[-1] = SkillLine(before.label, text, before.requirement, before.skill_type, before.line)

    def _read_level(self, line: Line) -> None:
        match = _LEVEL.search(line.text)
        if match is None:
            self._read_caption(line)
            return
        level = int(match["level"] or match["alone"])
        if 1 <= level <= 4 and self.level in (None, level):
            self.level = level
        else:
            self._reject(line)

    def _read_group(self, line: Line) -> None:
        match = _GROUP.match(line.text)
        if match and self.group is None:
            self.group = match
        elif is_sentence(line.text) and self.group is None:
            self._read_caption(line)
        else:
            self._reject(line)

    def _read_caption(self, line: Line) -> None:
        self.captions.append(NumberedText(line.number, line.text))

    def _reject(self, line: Line) -> None:
        self.unrecognised.append(NumberedText(line.number, line.text))


def _is_item(line: Line) -> bool:
    return line.bullet not in ("", ":", "inline")


def _style(line: Line) -> tuple[bool, bool]:
    return bool(line.bullet), bool(line.level)


def _starts_lower(text: str, label_before: str) -> bool:
    return text[:1].islower() and label_before[:1].isupper()


def _split_title(source: Lines) -> tuple[str, tuple[Line, ...], tuple[Line, ...]]:
    """Find the title; give it, the lines after it and the lines before it."""
    title, after, before = _find_title(source)
    return re.sub(r"\s+[|–—-]\s+ESCO\b.*$", "", title), after, before


def _find_title(source: Lines) -> tuple[str, tuple[Line, ...], tuple[Line, ...]]:
    lines = source.lines
    for index, line in enumerate(lines):
        if find_heading(line.text):
            break
        if line.level == 1:
            return line.text, lines[index + 1 :], lines[:index]
    if source.title:
        return re.split(r"\s+[|–—·-]\s+", source.title)[0], lines, ()
    first = lines[0].text if lines else ""
    is_name = bool(first) and len(first) <= LONGEST_NAME and not is_sentence(first)
    if is_name and not find_heading(first) and not find_inline_heading(first):
        return first, lines[1:], ()
    for line in lines:
        match = _LEVEL_SENTENCE.match(line.text)
        if match:
            return match["title"], lines, ()
    return "", lines, ()


def distinct_names(sections: list[list[Line]]) -> tuple[NamedLine, ...]:
    """Give the names of sections of the same kind, each once with its first line; a list on one line is split."""
    found: dict[str, int] = {}
    for lines in sections:
        for line in lines:
            names = [line.text]
            if len(lines) == 1 and line.bullet in ("", "inline"):
                names = split_names(line.text, commas=1 if line.bullet else 2)
            for name in names:
                found.setdefault(name, line.number)
    return tuple(NamedLine(name, number) for name, number in found.items())


def split_names(text: str, *, commas: int) -> list[str]:
    """Split a list on one line at `;`, or at `,` when there are at least so many; `and` before the last goes.

    >>> split_names("chef, cook, and baker", commas=2), split_names("cook, hotel", commas=2)
    (['chef', 'cook', 'baker'], ['cook, hotel'])
    """
    mark = ";" if ";" in text else "," if text.count(",") >= commas else None
    if mark is None:
        return [text]
    parts = (re.sub(r"^(?:and|or)\s+", "", part.strip()).strip(" .") for part in text.split(mark))
    return [part for part in parts if part]
