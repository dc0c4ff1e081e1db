"""From sources to a published generation: read, load, derive, describe, carry over, publish."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from esco_graph import __version__
from esco_graph.draft import Draft
from esco_graph.errors import EscoGraphError, ParameterError, SourceError
from esco_graph.graph import Graph
from esco_graph.mappings.carry import carry_linked, dangling
from esco_graph.materialise import materialise
from esco_graph.profiles import Kept, read_profiles, refresh_profiles, stale
from esco_graph.query import rules
from esco_graph.resources import resource
from esco_graph.sources import rdf
from esco_graph.sources.csv_release import open_release
from esco_graph.sources.report import ImportReport
from esco_graph.terms import (
    ATTRIBUTION,
    CATALOG_GRAPH,
    DCAT,
    DCT,
    DERIVED_GRAPH,
    ESCO,
    ESG,
    PROV,
    RDF,
    SCHEMA,
    SCHEME,
    SKOS,
    release_graph,
)
from esco_graph.validation.checks import Check, checked_by, checks, run_check
from esco_graph.validation.finding import Finding, plain
from esco_graph.validation.names import labels_of
from esco_graph.workspace import Workspace

ADAPTED = (
    "Adapted from the ESCO download by esco-graph: texts are cleaned, repeated labels and dangling relations left out, "
    "inverse relations, ISCO skill levels, rarities of skills and overlaps of occupations added."
)
LICENCE = "http://data.europa.eu/eli/dec/2011/833/oj"

RULED = (ESG + "iscoSkillLevel", ESCO + "memberOfISCOGroup", SKOS + "broader")
"""The properties that the rules of `queries/rules/` give."""

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
BATCH = 200_000  # quads sorted at once; measured: 220 MB at the peak, and faster than a spool file with bulk_load

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, bytes done since the last call, bytes in all); 0 in all means unknown."""


class Release(Protocol):
    """What a reader must offer: one release, its languages, its files, its account and its statements."""

    version: str
    langs: tuple[str, ...]
    sources: dict[str, str]
    report: ImportReport

    @property
    def size(self) -> int:
        """Bytes to read."""

    def quads(self, graph: str, progress: Callable[[str, int], None] | None = None) -> Iterator[ox.Quad]:
        """Stream the statements into the named graph."""


@dataclass(frozen=True)
class CheckCount:
    """What one whole-graph check found: `n` findings on `checked` nodes, and the first of them with its label."""

    code: str
    severity: str
    n: int
    checked: int
    summary: str
    message: str
    example: str = ""


@dataclass(frozen=True)
class BuildSummary:
    """What a build made: generation, release, languages, counts of concepts, quads, carried graphs, and the report.

    `checks` says what each check of the whole graph found; a build with findings is published all the same, since ESCO
    itself has them; what the import repaired is in the report. `stale` has a line for each concept that a carried
    profile means and the release does not have, and one for each mapping set with such concepts; `not_carried` says why
    something could not be carried over, "" when all was.
    """

    generation: str
    version: str
    langs: tuple[str, ...]
    counts: dict[str, int]
    quads: int
    carried: tuple[str, ...]
    report: ImportReport
    stale: tuple[str, ...] = ()
    not_carried: str = ""
    checks: tuple[CheckCount, ...] = ()


def sample_paths() -> tuple[Path, ...]:
    """Name the folder of the embedded sample, in the official CSV layout."""
    return (resource("examples/esco-v1.1.1-sample"),)


def open_source(
    paths: Iterable[Path],
    scratch: Path,
    *,
    langs: tuple[str, ...] = (),
    version: str | None = None,
    partial: bool = False,
    progress: Progress | None = None,
) -> Release:
    """Choose the reader: the RDF download for one RDF file, else the CSV download."""
    given = list(paths)
    if not given:
        raise SourceError("no files given", advice="Name the ESCO download: zips, a folder, or an RDF file.")
    dumps = [path for path in given if rdf.is_dump(path)]
    if not dumps:
        return open_release(given, langs=langs, version=version, partial=partial)
    if len(given) > 1:
        raise SourceError("an RDF download is built alone", where=str(dumps[0]), advice="Give it as the only file.")
    size = dumps[0].stat().st_size
    say = progress or _silent
    return rdf.read_dump(
        dumps[0],
        langs=langs,
        version=version,
        scratch=scratch,
        progress=lambda name, done: say(f"read {name}", done, size),
    )


def build(
    workspace: Workspace,
    paths: Iterable[Path],
    *,
    langs: tuple[str, ...] = (),
    version: str | None = None,
    partial: bool = False,
    carry: bool = True,
    progress: Progress | None = None,
) -> BuildSummary:
    """Build a fresh generation from one ESCO release.

    Imported profiles, other classifications and mapping sets are carried over, unless `carry` is False. A carried
    profile is written anew: what the release says or contradicts is left out of it, what it alone says is in.
    Raises ParameterError for a `version` that cannot stand in an IRI, SourceError for input that cannot be read and
    StoreError for a store that cannot be written; the workspace then stays as it was.
    """
    say = progress or _silent
    paths = [Path(path) for path in paths]
    if version is not None:
        _check_version(version)
    with workspace.write("build " + " ".join(path.name for path in paths), fresh=True) as draft:
        release = open_source(paths, draft.scratch, langs=langs, version=version, partial=partial, progress=say)
        _check_version(release.version)
        graph = release_graph(release.version, release.langs)
        _load(draft, release, graph, say)
        say("derive levels and hierarchy", 0, 0)
        counts = count_concepts(draft.graph)
        if not counts["occupations"] and not counts["skills"]:
            raise SourceError("the files hold no ESCO concept", where=", ".join(path.name for path in paths))
        draft.extend(_catalog(release, graph))
        kept, not_carried = _profiles_before(workspace) if carry else (Kept((), ()), "")
        refresh_profiles(draft, kept)
        linked, not_linked = _carried_links(workspace, draft) if carry else ((), "")
        gone = stale(draft.graph, kept.profiles) + dangling(draft.graph)
        derive(draft)
        say("compare occupations", 0, 0)
        materialise(draft)
        say("check the graph", 0, 0)
        found = _checked(draft)
        draft.about |= _about(release, counts) | {"checks": [asdict(one) for one in found]}
        quads = len(draft.store)
        say("publish", 0, 0)
    made = (draft.name, release.version, release.langs, counts, quads)
    carried = tuple(sorted((*kept.graphs, *linked)))
    return BuildSummary(*made, carried, release.report, gone, not_carried or not_linked, found)


def derive(draft: Draft) -> int:
    """Run the rules of `queries/rules/` in the derived graph anew; gives the number of triples they add.

    What they said before goes first, for a profile that it came from may have changed.
    """
    graph = ox.NamedNode(DERIVED_GRAPH)
    for name in RULED:
        for quad in list(draft.store.quads_for_pattern(None, ox.NamedNode(name), None, graph)):
            draft.store.remove(quad)
    levels = ox.parse(path=str(resource("ontology/isco_levels.ttl")), format=ox.RdfFormat.TURTLE)
    wanted = (q for q in levels if q.predicate.value == ESG + "iscoSkillLevel")
    added = draft.extend(ox.Quad(q.subject, q.predicate, q.object, graph) for q in wanted).new
    for rule in rules().values():
        triples = draft.graph.construct(rule.text)
        added += draft.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples).new
    return added


def _checked(draft: Draft) -> tuple[CheckCount, ...]:
    """Run the checks of the whole graph over a draft, before it is published; findings never stop a build."""
    graph = draft.graph
    with ThreadPoolExecutor(2) as pool:
        return tuple(pool.map(lambda check: _count_findings(check, graph), checks().values()))


def _count_findings(check: Check, graph: Graph) -> CheckCount:
    number, first = 0, None
    for finding in run_check(check, graph):
        number += 1
        first = finding if first is None else min(first, finding, key=Finding.order)
    example = ""
    if first is not None:
        focus = plain(first.focus)
        label = labels_of(graph, [focus]).get(focus)
        example = f"{label} <{focus}>" if label else f"<{focus}>"
    checked = checked_by(check, graph)
    return CheckCount(check.code, check.severity, number, checked, check.summary, check.message, example)


def count_concepts(graph: Graph) -> dict[str, int]:
    """Count occupations, skills, ISCO groups and skill groups."""
    kind, scheme = ox.NamedNode(RDF + "type"), ox.NamedNode(SKOS + "inScheme")
    patterns = {
        "occupations": (kind, ox.NamedNode(ESCO + "Occupation")),
        "skills": (kind, ox.NamedNode(ESCO + "Skill")),
        "ISCO groups": (scheme, ox.NamedNode(SCHEME + "isco")),
        "skill groups": (scheme, ox.NamedNode(SCHEME + "skills-hierarchy")),
    }
    return {name: sum(1 for _ in graph.quads(None, *pattern)) for name, pattern in patterns.items()}


def _silent(what: str, done: int, total: int) -> None:
    """Show no progress."""


def _load(draft: Draft, release: Release, graph: str, say: Progress) -> None:
    """Load the quads in batches: each is sorted in memory and written as files of its own, so memory stays bounded."""
    quads = release.quads(graph, lambda name, size: say(f"read {name}", size, release.size))
    for first in quads:
        draft.store.bulk_extend(chain([first], islice(quads, BATCH - 1)))


def _catalog(release: Release, graph: str) -> list[ox.Quad]:
    """Describe the release as a DCAT dataset: version, languages, source files, rights and the mark of adaptation."""
    node, catalog, software = ox.NamedNode(graph), ox.NamedNode(CATALOG_GRAPH), ox.NamedNode(f"{graph}#software")
    facts: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        (RDF + "type", ox.NamedNode(DCAT + "Dataset")),
        (DCT + "title", ox.Literal(f"ESCO {release.version}", language="en")),
        (DCAT + "version", ox.Literal(release.version)),
        (DCT + "rights", ox.Literal(ATTRIBUTION, language="en")),
        (DCT + "license", ox.NamedNode(LICENCE)),
        (SKOS + "changeNote", ox.Literal(ADAPTED, language="en")),
        (PROV + "wasAttributedTo", software),
    ]
    facts += [(DCT + "language", ox.Literal(lang)) for lang in release.langs]
    quads = [ox.Quad(node, ox.NamedNode(name), value, catalog) for name, value in facts]
    agent = ((RDF + "type", ox.NamedNode(PROV + "SoftwareAgent")), (DCT + "title", ox.Literal("esco-graph")))
    quads += [ox.Quad(software, ox.NamedNode(name), value, catalog) for name, value in agent]
    quads.append(ox.Quad(software, ox.NamedNode(SCHEMA + "softwareVersion"), ox.Literal(__version__), catalog))
    for index, (name, digest) in enumerate(sorted(release.sources.items()), 1):
        source = ox.NamedNode(f"{graph}#source-{index}")
        quads.append(ox.Quad(node, ox.NamedNode(PROV + "wasDerivedFrom"), source, catalog))
        quads.append(ox.Quad(source, ox.NamedNode(RDF + "type"), ox.NamedNode(PROV + "Entity"), catalog))
        quads.append(ox.Quad(source, ox.NamedNode(DCT + "title"), ox.Literal(name), catalog))
        quads.append(ox.Quad(source, ox.NamedNode(ESG + "sha256"), ox.Literal(digest), catalog))
    return quads


def _profiles_before(workspace: Workspace) -> tuple[Kept, str]:
    """Read the profiles of the current generation; when it cannot be read, say why: a fresh build needs it not."""
    if not workspace.exists():
        return Kept((), ()), ""
    try:
        return read_profiles(Graph.open(workspace.path)), ""
    except (EscoGraphError, OSError) as error:
        return Kept((), ()), f"profiles could not be carried over: {error}"


def _carried_links(workspace: Workspace, draft: Draft) -> tuple[tuple[str, ...], str]:
    """Take over classifications and mapping sets; when they cannot be read, say why: a fresh build needs them not."""
    try:
        return carry_linked(workspace, draft), ""
    except (EscoGraphError, OSError) as error:
        return (), f"classifications and mapping sets could not be carried over: {error}"


def _check_version(version: str) -> None:
    if not _VERSION.fullmatch(version):
        raise ParameterError(
            f"{version[:40]!r} cannot name a release",
            where="--release",
            advice="Use letters, digits, dots, hyphens and underscores, such as 1.1.1.",
        )


def _about(release: Release, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "release": release.version,
        "langs": list(release.langs),
        "counts": counts,
        "sources": dict(sorted(release.sources.items())),
        "report": release.report.as_dict(),
        "program": f"esco-graph {__version__}",
    }
