"""How the verbs of careers show their answers: rankings, and skills as named lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from esco_graph.careers.names import MOST_HOPS, NEIGHBOURS, WIDER
from esco_graph.cli.output import say, say_aside, show_rows
from esco_graph.cli.tables import width
from esco_graph.terms import compress

if TYPE_CHECKING:
    from esco_graph.careers.explained import NamedSkill
    from esco_graph.careers.places import Place
    from esco_graph.careers.ranking import Ranking
    from esco_graph.graph import Graph
    from esco_graph.skills.skill_set import SkillSet

WIDE = 120  # columns from which a line has room for an IRI
_READING = "read the skills of all occupations"
NAMED = 8  # skills that a list names before it counts the rest

Command = TypeVar("Command", bound=Callable[..., Any])


def explain_option(command: Command) -> Command:
    """Add --explain."""
    return click.option("--explain", is_flag=True, help="Name the shared and the missing skills of each row.")(command)


def walk_options(command: Command) -> Command:
    """Add --hops and --neighbours, which say how far and how wide ways are looked for."""
    hops = click.IntRange(1, MOST_HOPS)
    command = click.option(
        "--neighbours",
        type=click.IntRange(1, WIDER),
        default=NEIGHBOURS,
        show_default=True,
        help="A step leads to one of so many nearest occupations.",
    )(command)
    return click.option("--hops", type=hops, default=MOST_HOPS, show_default=True, help="Most steps.")(command)


def show_ranking(found: Ranking[Any], format_: str, spared: Sequence[str] = ()) -> None:
    """Print a ranking: its rows, and its remark where a person reads it; see `show_rows` for what is spared."""
    if not found.remark or format_ != "table":
        show_rows(found.table.columns, found.table.rows, format_, ("other", *spared))
    if found.remark:
        click.echo(found.remark, err=format_ != "table")


def title(place: Place) -> str:
    """Name an occupation or a person in one line: label, code, level, and the IRI in short where there is room."""
    iri = compress(place.iri) if place.iri and (width() >= WIDE or not place.code) else ""
    facts = [place.code, f"ISCO level {place.level}" if place.level else "", iri]
    known = ", ".join(fact for fact in facts if fact)
    return f"{place.label} ({known})" if known else place.label


def say_skills(head: str, skills: Sequence[NamedSkill], indent: str = "    ", most: int = NAMED) -> None:
    """Print a named list of skills, wrapped to the terminal; says how many more there are."""
    names = [skill.label for skill in skills[:most]]
    more = f" and {len(skills) - most} more" if len(skills) > most else ""
    say_wrapped(f"{head}: {'; '.join(names)}{more}" if names else f"{head}: none", indent)


def say_wrapped(text: str, indent: str = "    ") -> None:
    """Print a text, wrapped to the terminal; lines after the first are indented two more."""
    say(wrapped(text, indent))


def wrapped(text: str, indent: str = "") -> str:
    """Break a text into lines that fit the terminal; those after the first are indented two more."""
    from textwrap import fill

    from esco_graph.sparql import printable

    room = min(width(), WIDE)
    return fill(
        printable(text),
        room,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def begin(graph: Graph, text: str, lang: str) -> tuple[str | SkillSet, str]:
    """Give where a verb starts, an occupation's IRI or a person's skills, and how the text was matched to it."""
    from esco_graph.cli.start import start_of
    from esco_graph.labels import find_concept
    from esco_graph.persons import is_person_file

    if is_person_file(text):
        prepare(graph)
        return start_of(graph, text, lang), "file"
    match = find_concept(graph, text, kind="occupation", lang=lang)
    return match.iri, match.property


def prepare(graph: Graph, *, walks: bool = False) -> None:
    """Make the skill matrix, with a bar, where none is stored (on an endpoint, say); `walks` makes the nearest too."""
    from esco_graph.cli.progress import progress_bar
    from esco_graph.skills.matrix import STORED, SkillMatrix

    if graph.folder is not None and (graph.folder / STORED).is_dir():
        return
    with progress_bar(_READING) as move:
        move(_READING, 0, 0)
        matrix = SkillMatrix.of(graph)
        if walks:
            from esco_graph.skills.nearest import nearest

            move("compare all occupations", 0, 0)
            nearest(matrix)


def hint(text: str, format_: str) -> None:
    """Say, beside a table only, what else may be asked for."""
    if format_ == "table":
        say_aside(text)
