"""Where a verb starts from: an occupation, or the file of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from esco_graph.careers.ranking import Ranking
    from esco_graph.graph import Graph
    from esco_graph.persons import Person
    from esco_graph.skills.skill_set import SkillSet


def start_of(graph: Graph, text: str, lang: str) -> str | SkillSet:
    """Give the IRI of the occupation that a text names, or the skills of the person whose file it names.

    Lines of the file that were not understood are told on stderr. Raises what `find_concept` and `read_person` raise,
    and SourceError when the person has no skill that the graph knows.
    """
    from esco_graph.labels import find_concept
    from esco_graph.persons import is_person_file
    from esco_graph.skills.matrix import SkillMatrix

    if not is_person_file(text):
        return find_concept(graph, text, kind="occupation", lang=lang).iri
    return person_of(graph, text, lang).skill_set(SkillMatrix.of(graph))


def person_of(graph: Graph, file: str, lang: str) -> Person:
    """Read the file of a person, and say on stderr what was not understood; a remote graph is checked first."""
    from esco_graph.cli.output import say_aside
    from esco_graph.persons import read_person

    check_privacy(graph)
    person = read_person(file, graph, lang=lang)
    if person.unresolved:
        many, what = len(person.unresolved), "line was" if len(person.unresolved) == 1 else "lines were"
        say_aside(f"{many} {what} not understood and not counted; esco-graph person FILE tells which.")
    return person


def say_level(found: Ranking[Any]) -> None:
    """Say with the level of which occupation a person's rows are compared; nothing for an occupation."""
    from esco_graph.cli.ways import say_wrapped

    if found.standing is not None:
        facts = ", ".join(filter(None, (found.standing.code, f"ISCO level {found.standing.level}")))
        say_wrapped(f"Levels are compared with that of {found.standing.label} ({facts}), {found.standing_why}", "")


def level_of(found: Ranking[Any]) -> dict[str, Any]:
    """Give the same for JSON."""
    if found.standing is None:
        return {}
    return {"level_of": {**found.standing.as_dict(), "why": found.standing_why}}


def check_privacy(graph: Graph, *, explains: bool = True) -> None:
    """Let an endpoint be asked on behalf of a person only when --endpoint is written out; say then what it is sent.

    `explains` says that the answer names skills and occupations, whose labels are asked for by IRI.
    """
    from esco_graph.cli.output import say_aside

    if graph.endpoint is None:
        return
    ctx = click.get_current_context(silent=True)
    if ctx is not None and ctx.get_parameter_source("endpoint") is not ParameterSource.COMMANDLINE:
        raise click.UsageError(
            "a person's file stays on this machine, and ESCO_GRAPH_ENDPOINT names another. "
            "Use --store, or write --endpoint out to let it be asked.",
            ctx,
        )
    learns = "; then for labels by the IRIs of the skills and occupations that the answer names" if explains else ""
    say_aside(f"{graph.name} is asked for whole lists, not for what the file says{learns}.")
