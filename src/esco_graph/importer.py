"""Import an occupation page: read, link to concepts, validate, and publish as a named graph of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from esco_graph import __version__
from esco_graph.builder import derive
from esco_graph.graph import Graph
from esco_graph.labels import LabelIndex, Match
from esco_graph.profiles import DEFAULT_BASE, OccupationProfile, graph_of, link_page, page_langs, to_quads
from esco_graph.sources.page import Page, read_page
from esco_graph.terms import SKOS
from esco_graph.validation import Report, validate
from esco_graph.workspace import Added, Workspace


@dataclass(frozen=True)
class ImportSummary:
    """What an import understood and made.

    `labels` holds the preferred label of each concept that a skill line means, by IRI; `near` the near misses of each
    line that stayed open, by its label. `generation` is "" when nothing was published: on a dry run, or when the
    profile violates the shapes.
    """

    page: Page
    profile: OccupationProfile
    labels: dict[str, str]
    near: dict[str, tuple[Match, ...]]
    added: Added
    validation: Report
    generation: str


def import_page(
    workspace: Workspace,
    path: Path,
    *,
    base_iri: str = DEFAULT_BASE,
    occupation: str | None = None,
    lang: str | None = None,
    now: datetime | None = None,
    dry_run: bool = False,
) -> ImportSummary:
    """Import one occupation page into the workspace; an earlier import of the same profile is replaced.

    `occupation` decides which concept is meant when the title is ambiguous; `lang` is the language of the page. A
    profile that violates the shapes is not published. Raises SourceError for a page that cannot be read, AmbiguousError
    for an ambiguous title, StoreError for a store that cannot be written.
    """
    page = read_page(path)
    graph = Graph.open(workspace.path)
    index = LabelIndex.of(graph, langs=page_langs(page, lang))
    profile = link_page(
        page,
        index,
        base_iri=base_iri,
        now=now or datetime.now(UTC).replace(microsecond=0),
        version=__version__,
        lang=lang,
        occupation=occupation,
    )
    quads = to_quads(profile, graph=graph)
    report = validate(Graph.memory(quads), context=graph)
    found = (_labels(profile, graph), _near(profile, index))
    if dry_run or not report.conforms:
        return ImportSummary(page, profile, *found, Added(), report, "")
    with workspace.write(f"import {path.name}") as draft:
        added = draft.replace_graph(graph_of(profile.iri), quads)
        derive(draft)
        draft.about |= {"profile": profile.iri, "source": {page.name: page.sha256}}
    return ImportSummary(page, profile, *found, added, report, workspace.current().name)


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
    return {label: index.resolve(label, kind="skill").suggestions for label in open_lines}
