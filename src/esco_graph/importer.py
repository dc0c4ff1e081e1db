"""Import occupation pages: read, link to concepts, validate, and publish, each as a named graph of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from esco_graph import __version__
from esco_graph.builder import derive
from esco_graph.draft import OF_THE_BUILD, Added, Draft
from esco_graph.graph import Graph
from esco_graph.labels import LabelIndex, Match
from esco_graph.materialise import materialise
from esco_graph.profiles import (
    DEFAULT_BASE,
    OccupationProfile,
    link_page,
    page_langs,
    read_profiles,
    refresh_profiles,
    to_quads,
)
from esco_graph.sources.page import Page, read_page
from esco_graph.terms import SKOS
from esco_graph.validation import Finding, Report, validate
from esco_graph.validation.checks import run_checks
from esco_graph.validation.scope import ancestors, neighbourhood, parts_of
from esco_graph.workspace import Workspace


@dataclass(frozen=True)
class ImportSummary:
    """What an import understood and made.

    `labels` holds the preferred label of each concept that a skill line means, by IRI; `near` the near misses of each
    line that stayed open, by its label. `generation` is "" when nothing was published: on a dry run, or when the
    profile violates the shapes. `checks` are the findings of the whole-graph checks about the stored profile, made
    after everything was derived; they do not keep it from being stored.
    """

    page: Page
    profile: OccupationProfile
    labels: dict[str, str]
    near: dict[str, tuple[Match, ...]]
    added: Added
    validation: Report
    generation: str
    checks: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Wishes:
    """What the user asks of the linking."""

    base_iri: str
    occupation: str | None
    isco: str | None
    lang: str | None
    now: datetime


def import_page(workspace: Workspace, path: Path, **options: Any) -> ImportSummary:
    """Import one occupation page; the options are those of `import_pages`."""
    return import_pages(workspace, [path], **options)[0]


def import_pages(
    workspace: Workspace,
    paths: Iterable[Path],
    *,
    base_iri: str = DEFAULT_BASE,
    occupation: str | None = None,
    isco: str | None = None,
    lang: str | None = None,
    now: datetime | None = None,
    dry_run: bool = False,
) -> list[ImportSummary]:
    """Import occupation pages in one generation; an earlier import of the same profile is replaced.

    `occupation` (IRI) decides which concept is meant when the title is ambiguous, `isco` the four-digit group of an
    occupation when the page gives none; `lang` is the language of the pages. A profile that violates the shapes is not
    stored, the others are. A dry run writes nothing, and compares each page with the graph as it is. Raises SourceError
    for a page that cannot be read, AmbiguousError for an ambiguous title, StoreError for a store that cannot be
    written; nothing is stored then.
    """
    pages = [read_page(Path(path)) for path in paths]
    wishes = _Wishes(base_iri, occupation, isco, lang, now or datetime.now(UTC).replace(microsecond=0))
    if dry_run:
        graph = Graph.open(workspace.path)
        index = _index(graph, pages, wishes)
        return [_understand(page, graph, index, wishes) for page in pages]
    workspace.current()  # no graph is an error, not a new workspace
    with workspace.write("import " + " ".join(page.name for page in pages)) as draft:
        before = workspace.current()
        made = _store(draft, pages, wishes)
        stored = [one for one in made if one.validation.conforms]
        draft.about |= {key: before.about[key] for key in OF_THE_BUILD if key in before.about}
        draft.about |= {"profiles": [one.profile.iri for one in stored]}
        draft.about |= {"pages": {one.page.name: one.page.sha256 for one in stored}}
        if not stored:
            draft.discard()
    return [replace(one, generation=draft.name if one.validation.conforms else "") for one in made]


def _store(draft: Draft, pages: list[Page], wishes: _Wishes) -> list[ImportSummary]:
    """Understand page after page, each in the light of those before it, and store those that conform."""
    made: list[ImportSummary] = []
    index = _index(draft.graph, pages, wishes)
    for page in pages:
        if made and made[-1].profile.is_new and made[-1].validation.conforms:
            index = _index(draft.graph, pages, wishes)  # it has one occupation more
        found = _understand(page, draft.graph, index, wishes)
        if found.validation.conforms:
            kept = read_profiles(draft.graph)
            others = tuple(one for one in kept.profiles if one.iri != found.profile.iri)
            added = refresh_profiles(draft, replace(kept, profiles=(*others, found.profile)))
            found = replace(found, added=added[found.profile.iri])
        made.append(found)
    if any(one.validation.conforms for one in made):
        derive(draft)
        materialise(draft)
    return [replace(one, checks=_checked(draft, one.profile)) if one.validation.conforms else one for one in made]


def _checked(draft: Draft, profile: OccupationProfile) -> tuple[Finding, ...]:
    """Run the whole-graph checks about the nodes of one profile; its surroundings hold all that they ask of these."""
    nodes = parts_of(draft.graph, profile.iri)
    around = [*neighbourhood(draft.graph, nodes), *ancestors(draft.graph, nodes)]
    return tuple(sorted(run_checks(Graph.memory(around), nodes), key=Finding.order))


def _index(graph: Graph, pages: list[Page], wishes: _Wishes) -> LabelIndex:
    langs = dict.fromkeys(lang for page in pages for lang in page_langs(page, wishes.lang))
    return LabelIndex.of(graph, langs=tuple(langs))


def _understand(page: Page, graph: Graph, index: LabelIndex, wishes: _Wishes) -> ImportSummary:
    """Link a page and validate its profile in the graph; nothing is written."""
    profile = link_page(page, index, version=__version__, **vars(wishes))
    quads = tuple(to_quads(profile, graph=graph))
    report = _of_the_page(validate(Graph.memory(quads), context=graph), profile, quads)
    return ImportSummary(page, profile, _labels(profile, graph), _near(profile, index), Added(), report, "")


def _of_the_page(report: Report, profile: OccupationProfile, quads: Iterable[ox.Quad]) -> Report:
    """Leave out what is found about an occupation of the graph and the page does not speak of, as its mappings."""
    if profile.is_new:
        return report
    about = ox.NamedNode(profile.occupation)
    said = {quad.predicate.value for quad in quads if quad.subject == about}

    def others(finding: Finding) -> bool:
        path = finding.path
        return path is not None and path.kind == "iri" and finding.focus == about and path.iri not in said

    gone = Counter(finding.code for finding in report.findings if others(finding))
    if not gone:
        return report
    checked = {code: (nodes, found - gone[code]) for code, (nodes, found) in report.checked.items()}
    return replace(report, findings=tuple(one for one in report.findings if not others(one)), checked=checked)


def _labels(profile: OccupationProfile, graph: Graph) -> dict[str, str]:
    """Look up the preferred labels of the skills, in the language of the profile where there is one."""
    labels: dict[str, str] = {}
    for skill in filter(None, (statement.skill for statement in profile.skills)):
        for quad in graph.quads(ox.NamedNode(skill), ox.NamedNode(SKOS + "prefLabel")):
            label = quad.object
            if isinstance(label, ox.Literal) and (skill not in labels or label.language == profile.lang):
                labels[skill] = label.value
    return labels


def _near(profile: OccupationProfile, index: LabelIndex) -> dict[str, tuple[Match, ...]]:
    """Look for near misses of the lines that stayed open; they are shown, never taken."""
    open_lines = [skill.label for skill in profile.unresolved]
    return {label: index.resolve(label, kind="skill", lang=profile.lang).suggestions for label in open_lines}
