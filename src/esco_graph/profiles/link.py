"""Find the concepts that an occupation page names; what is not found stays as stated, without an IRI."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pyoxigraph as ox

from esco_graph.errors import AmbiguousError, NotFoundError, ParameterError
from esco_graph.labels import LabelIndex, Match, check_lang
from esco_graph.profiles.model import (
    DEFAULT_BASE,
    REQUIREMENTS,
    OccupationLink,
    OccupationProfile,
    SkillStatement,
    Source,
    check_own_iri,
    new_occupation_iri,
    slugify,
)
from esco_graph.profiles.rdf import contradicting, values
from esco_graph.terms import ESCO, ESG, ISCO, SKILL_TYPE, SKOS, compress, is_lang

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.sources.page import NamedLine, Page, SkillLine


def link_page(
    page: Page,
    index: LabelIndex,
    *,
    base_iri: str = DEFAULT_BASE,
    now: datetime,
    version: str,
    lang: str | None = None,
    occupation: str | None = None,
    isco: str | None = None,
) -> OccupationProfile:
    """Find the concepts that a page names.

    `lang` is the page's language (else what its HTML declares, else English): only labels in it are compared.
    `occupation` is the IRI of the occupation when the title does not tell it, `isco` the four-digit code of its ISCO
    group when the page does not. `now` must be aware.

    Raises AmbiguousError when the title names several occupations, NotFoundError when `occupation` or the group `isco`
    is none of the graph, ParameterError for a base IRI that is none or ESCO's, or when the graph has no labels in the
    language.
    """
    lang = _choose_lang(page, index, lang)
    slug = slugify(page.title)
    iri = check_own_iri(base_iri if base_iri.endswith("/") else base_iri + "/") + f"profile/{slug}"
    linker = _Linker(index, lang)
    concept = linker.occupation(page.title, occupation) or new_occupation_iri(iri)
    skills = tuple(linker.skill(line) for line in page.skills)
    links = [linker.link(line, "similar") for line in page.similar]
    links += [linker.link(line, "prospect") for line in page.prospects]
    group = linker.chosen_group(isco) if isco is not None else linker.isco_group(page.isco_code)
    profile = OccupationProfile(
        iri=iri,
        occupation=concept,
        is_new=concept == new_occupation_iri(iri),
        title=page.title,
        lang=lang,
        description=page.description,
        other_titles=tuple(name.label for name in page.other_titles),
        minimum_qualification=page.minimum_qualifications,
        isco_group=group,
        isco_skill_level=page.isco_skill_level,
        skills=skills,
        links=tuple(links),
        source=Source(page.name, page.sha256, now, version),
    )
    linker.compare(profile)
    return replace(profile, remarks=tuple(linker.remarks))


class _Linker:
    """Resolves one page's names in one language, and collects what should be told."""

    def __init__(self, index: LabelIndex, lang: str) -> None:
        self.index = index
        self.lang = lang
        self.remarks: list[str] = []

    def occupation(self, title: str, chosen: str | None) -> str | None:
        """Give the occupation's IRI, or None when it is a new one."""
        if chosen is not None:
            if chosen not in self.index or self.index.kind(chosen) != "occupation":
                raise NotFoundError(f"<{chosen}> is no occupation of the graph", advice="Give one by its full IRI.")
            return chosen
        found = self.index.resolve(title, kind="occupation", lang=self.lang)
        if len(found.matches) > 1:
            raise AmbiguousError(
                f"the title {title!r} names {len(found.matches)} occupations",
                candidates=tuple(match.iri for match in found.matches),
                advice=f"Choose one with --occupation: {_list(found.matches)}.",
            )
        if found.match is None:
            near = f"; near: {_list(found.suggestions)}" if found.suggestions else ""
            self.remarks.append(f"new_occupation: no occupation of the graph is called {title!r}{near}")
        return found.match.iri if found.match else None

    def skill(self, line: SkillLine) -> SkillStatement:
        """Resolve one line of knowledge or skill."""
        found = self.index.resolve(line.label, kind="skill", lang=self.lang, suggest=0).matches
        if len(found) > 1 and line.skill_type:
            found = self._of_type(found, line) or found
        match = found[0] if len(found) == 1 else None
        return SkillStatement(
            *(line.label, line.text, line.requirement, line.skill_type, line.line),
            skill=match.iri if match else None,
            matched_by=match.property if match else None,
            candidates=tuple(candidate.iri for candidate in found) if len(found) > 1 else (),
        )

    def link(self, line: NamedLine, kind: str) -> OccupationLink:
        """Resolve the name of another occupation."""
        found = self.index.resolve(line.label, kind="occupation", lang=self.lang, suggest=0)
        if len(found.matches) > 1:
            self.remarks.append(f"ambiguous_link: line {line.line}, {line.label!r} can be {_list(found.matches)}")
        return OccupationLink(line.label, kind, found.match.iri if found.match else None, line.line)

    def isco_group(self, code: str | None) -> str | None:
        """Give the IRI of the stated group when the graph has it."""
        if code is None:
            return None
        iri = f"{ISCO}C{code}"
        if iri in self.index:
            return iri
        self.remarks.append(f"isco_unknown: the graph has no ISCO group {code}")
        return None

    def chosen_group(self, code: str) -> str:
        """Give the IRI of the unit group that the user chose."""
        if not re.fullmatch("[0-9]{4}", code):
            raise ParameterError(f"{code[:40]!r} is no ISCO unit group", advice="Give its four digits, such as 2269.")
        if f"{ISCO}C{code}" not in self.index:
            raise NotFoundError(
                f"the graph has no ISCO group {code}", advice="See esco-graph search --kind isco-group."
            )
        return f"{ISCO}C{code}"

    def compare(self, profile: OccupationProfile) -> None:
        """Note where the page and the graph differ on the ISCO group, its level, and essential or optional."""
        graph = self.index.graph
        if graph is None:
            return
        groups = [] if profile.is_new else values(graph, profile.occupation, ESCO + "memberOfISCOGroup")
        stated = profile.isco_group
        if stated and groups and stated not in groups:
            self._mismatch(f"the page states ISCO group {_code(stated)}, the graph has {_code(groups[0])}")
        group, level = groups[0] if groups else stated, profile.isco_skill_level
        levels = values(graph, group, ESG + "iscoSkillLevel") if group else []
        if level and levels and str(level) not in levels:
            self._mismatch(f"the page states ISCO skill level {level}, the graph has {levels[0]}")
        for statement in contradicting(profile, graph):
            other = next(name for name in REQUIREMENTS if name != statement.requirement)
            self.remarks.append(
                f"requirement_differs: line {statement.line}, {statement.label!r} is {statement.requirement} here "
                f"and {other} in the graph"
            )

    def _of_type(self, found: tuple[Match, ...], line: SkillLine) -> tuple[Match, ...]:
        """Keep the candidates that are of the type which the page's heading names."""
        graph = self.index.graph
        wanted = f"{SKILL_TYPE}{line.skill_type}"
        if graph is None:
            return found
        kept = tuple(match for match in found if wanted in values(graph, match.iri, ESCO + "skillType"))
        if len(kept) == 1:
            self.remarks.append(
                f"chosen_by_type: line {line.line}, {line.label!r} means {len(found)} skills; "
                f"one of them is of the type {line.skill_type}, as the heading says"
            )
        return kept

    def _mismatch(self, what: str) -> None:
        self.remarks.append(f"isco_mismatch: {what}")


def page_langs(page: Page, lang: str | None = None) -> tuple[str, ...]:
    """Give the languages that a page may be in, the likeliest first: the given one, else HTML's and English.

    `LabelIndex.of(graph, langs=page_langs(page))` reads no more labels than the page needs.
    """
    if lang:
        return (check_lang(lang),)
    declared = page.lang.lower()
    return tuple(tag for tag in dict.fromkeys((declared, declared.split("-")[0], "en")) if is_lang(tag))


def _choose_lang(page: Page, index: LabelIndex, lang: str | None) -> str:
    wanted = page_langs(page, lang)
    for tag in wanted:
        if tag in index.langs:
            return tag
    langs = _langs_of(index.graph) if index.graph else index.langs
    raise ParameterError(
        f"the graph has no labels in the page's language ({wanted[0]})",
        advice=f"It has: {', '.join(langs) or 'no labels at all'}. Give the page's language with --lang.",
    )


def _langs_of(graph: Graph) -> list[str]:
    """List the languages of the graph's labels; the index may have read fewer."""
    rows = graph.select(f"SELECT DISTINCT (LANG(?label) AS ?lang) {{ ?concept <{SKOS}prefLabel> ?label }}")
    return sorted({row[0].value.lower() for row in rows if isinstance(row[0], ox.Literal) and row[0].value})


def _code(group: str) -> str:
    return group.removeprefix(ISCO + "C")


def _list(matches: Iterable[Match]) -> str:
    return "; ".join(f"{match.label} ({compress(match.iri)})" for match in matches)
