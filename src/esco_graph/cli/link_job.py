"""What `link` works on: the queries, the target and the languages, with a word to the person on each choice."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esco_graph.cli.output import say_aside
from esco_graph.cli.progress import progress_bar, vectors_bar
from esco_graph.errors import NotFoundError, ParameterError, SourceError

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.linking.link import Linked, Linker
    from esco_graph.linking.read import Naming
    from esco_graph.linking.texts import Query
    from esco_graph.phrases.linker import SkillLinker
    from esco_graph.taxonomies.taxonomy import Taxonomy

OF_ESCO = {
    **dict.fromkeys(("esco", "occupation", "occupations"), "occupation"),
    **dict.fromkeys(("skill", "skills"), "skill"),
}
"""What ESCO itself is called as a source or target, and the kind that is meant."""
UNDETERMINED = "und"
"""The language tag of ISO 639-2 for a language that is not known."""
EVERY = 500  # titles between two steps of the progress bar


@dataclass(frozen=True)
class Job:
    """Queries in one language, the classification they are of, and the target (kind or key) in its language."""

    queries: Iterable[Query]
    source: Taxonomy
    lang: str
    target: str
    target_lang: str


def file_job(
    graph: Graph,
    source: str,
    to: str,
    naming: Naming,
    lang: str | None,
    *,
    taxonomy: str | None,
    name: str,
    stack: ExitStack,
) -> Job:
    """Open a file of titles, or standard input, and choose the languages.

    Concepts of no known taxonomy are called by `name`, that of the set, so that decisions last when the file is another
    one; without it by the name of the file.
    """
    from esco_graph.linking.read import read_titles, spooled
    from esco_graph.taxonomies.registry import own_taxonomy
    from esco_graph.terms import check_lang

    known = _taxonomy(graph, taxonomy) if taxonomy else None
    given = check_lang(lang) if lang else ""
    path, shown = Path(source), "stdin" if source == "-" else Path(source).name
    if source == "-":
        path = stack.enter_context(spooled(sys.stdin.buffer))
    elif path.is_fifo():
        path = stack.enter_context(spooled(stack.enter_context(path.open("rb"))))
    try:
        titles = read_titles(path, naming=naming, taxonomy=known, lang=given, name=shown)
    except SourceError as error:
        if source != "-":
            raise
        raise SourceError(error.what, where=shown, advice="Give titles, one on each line, or a table.") from error
    say_aside(f"{shown}: {titles.said}.")
    spoken, sure = (given, True) if given else _guessed(graph, [query.label for query in titles.sample])
    target, target_lang = target_of(graph, to, spoken)
    queries = (replace(query, lang=spoken if sure else UNDETERMINED) for query in titles)
    own = known or own_taxonomy(name or Path(shown).stem, spoken)
    return Job(queries, own, spoken, target, target_lang)


def concepts_job(graph: Graph, source: str, to: str, lang: str | None) -> Job:
    """Take the concepts of a classification in the graph as queries."""
    from esco_graph.linking.read import concept_queries
    from esco_graph.taxonomies.registry import TAXONOMIES

    spoken = lang or "en"
    if kind := OF_ESCO.get(source.casefold()):
        known = TAXONOMIES["esco"]
        if not lang and (target := _target_lang(graph, to)):
            spoken = target if target in _langs(graph, kind) else spoken
        queries = concept_queries(graph, kind, spoken)
    else:
        known = _taxonomy(graph, source)
        queries = concept_queries(graph, known.key, spoken)
        spoken = queries[0].lang or known.lang
    target, target_lang = target_of(graph, to, spoken)
    return Job(queries, known, spoken, target, target_lang)


def target_of(graph: Graph, to: str, spoken: str) -> tuple[str, str]:
    """Give the kind or key of the target and the language of its labels: that of the titles, where it has it."""
    kind = OF_ESCO.get(to.casefold())
    if kind is None:
        found = _taxonomy(graph, to)
        lang = _target_lang(graph, to)
        if not lang:
            advice = "Load it: esco-graph taxonomies add FILE."
            raise NotFoundError(f"the graph has no concept of {found.key!r}", advice=advice)
        _say_crossing(spoken, lang, found.name)
        return found.key, lang
    langs = _langs(graph, kind)
    if not langs:
        raise NotFoundError(f"the graph has no {kind} with a label", advice="Build it with a language file.")
    near = [lang for lang in langs if lang.partition("-")[0] == spoken.partition("-")[0]]
    lang = spoken if spoken in langs else near[0] if near else "en" if "en" in langs else langs[0]
    _say_crossing(spoken, lang, "ESCO", f" Build the graph with {spoken}, where ESCO has it: {_build(spoken)}")
    return kind, lang


def linker_of(graph: Graph, job: Job, *, k: int, embed: str) -> Linker | SkillLinker:
    """Give what links to the target of a job; a bar shows how its index is made, when it is."""
    from esco_graph.linking.index import CandidateIndex
    from esco_graph.linking.link import Linker
    from esco_graph.phrases.linker import SkillLinker

    with vectors_bar("index") as progress:
        if job.target == "skill":
            return SkillLinker.of(graph, job.target_lang, k=k, embed=embed, progress=progress)
        index = CandidateIndex.of(graph, job.target, job.target_lang, progress=progress)
        return Linker.of(index, k=k, embed=embed, progress=progress)


def linked(linker: Linker | SkillLinker, job: Job) -> Iterator[Linked]:
    """Link the queries of a job; a bar shows how far the titles are."""
    from esco_graph.linking.guess import FEW, share_known
    from esco_graph.linking.texts import stems

    asked: list[str] = []
    with progress_bar("linking") as progress:
        for number, one in enumerate(linker.link(job.queries), 1):
            if number <= EVERY:
                asked += stems(one.query.label)
            if number % EVERY == 0:
                progress(f"linked {number:,}", EVERY, 0)
            yield one
    if asked and job.lang == job.target_lang and share_known(asked, linker.index.stems.column) < FEW:
        say_aside(f"Few words of the titles are in labels in {job.lang}: is that their language? (--lang)")


def _guessed(graph: Graph, titles: list[str]) -> tuple[str, bool]:
    """Give the likeliest language of the titles, and whether enough of their words are known to say so."""
    from esco_graph.linking.guess import FEW, guess_lang

    guess = guess_lang(graph, titles)
    if not guess.lang:
        raise NotFoundError("the graph has no occupation with a label", advice="Build it with a language file.")
    known = f"its labels have {guess.share:.0%} of their words"
    if guess.share >= FEW:
        say_aside(f"Language of the titles: {guess.lang} ({known}).")
        return guess.lang, True
    say_aside(
        f"The language of the titles cannot be told: {guess.lang} is taken ({known}), without a confidence; say "
        f"--lang if it is another. The graph has labels in {', '.join(_langs(graph, 'occupation'))}; others come with "
        f"a build: {_build('fr')}"
    )
    return guess.lang, False


def _build(lang: str) -> str:
    return f"esco-graph build ESCO-FOLDER --lang {','.join(dict.fromkeys((lang, 'en')))}"


def _say_crossing(spoken: str, lang: str, name: str, advice: str = "") -> None:
    if spoken.partition("-")[0] != lang.partition("-")[0]:
        say_aside(
            f"Titles in {spoken} are compared with labels of {name} in {lang}: words alone find little across "
            f"languages.{advice}"
        )


def _langs(graph: Graph, kind: str) -> list[str]:
    from esco_graph.linking.entries import langs_of

    return langs_of(graph, kind)


def _target_lang(graph: Graph, to: str) -> str:
    """Give the language of the labels of a classification in the graph; "" for ESCO itself."""
    from esco_graph.taxonomies.rdf import concepts_of

    if to.casefold() in OF_ESCO:
        return ""
    found = concepts_of(graph, _taxonomy(graph, to).key)
    return found[0].lang if found else ""


def _taxonomy(graph: Graph, text: str) -> Taxonomy:
    """Find a taxonomy by name; NotFoundError, with near names, also of what is ESCO's own."""
    from esco_graph.taxonomies.registry import find_taxonomy

    try:
        return find_taxonomy(graph, text)
    except NotFoundError as error:
        if near := get_close_matches(text.casefold(), OF_ESCO, 1):
            raise NotFoundError(error.what, advice=f"Did you mean {near[0]}?") from error
        raise


def check_source(source: str | None, from_: str | None, to: str) -> str:
    """Give what is linked: the file, "" for the concepts of --from; ParameterError when it is not said, or twice."""
    if source and from_:
        raise ParameterError("a file and --from are both given", advice="Give one of them.")
    if not source and not from_ and to.casefold() in OF_ESCO:
        raise ParameterError("nothing to link is named", advice="Give a FILE, - for standard input, or --from KEY.")
    return source or ""


def options_of(columns: dict[str, Any]) -> Naming:
    """Take the options that name columns."""
    from esco_graph.linking.read import Naming

    return Naming(
        id=columns["id_column"] or "",
        label=columns["label_column"] or "",
        alt=tuple(columns["alt_column"]),
        description=columns["description_column"] or "",
        isco=columns["isco_column"] or "",
    )
