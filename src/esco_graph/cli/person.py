"""esco-graph person: a person's file as it was understood, and in other forms."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.options import graph_options, lang_option, open_graph
from esco_graph.cli.output import heading, print_json, quoted, say, say_aside, show_rows

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.persons import Line, Person
    from esco_graph.validation import Finding

_PATH = click.Path(path_type=Path)
_REMARKS = 20  # that are shown


@click.command
@click.argument("file", type=_PATH)
@click.option("-o", "--output", type=_PATH, help="Write the profile: .ttl, .jsonld or other RDF, .yaml or .json.")
@click.option(
    "--pseudonymous",
    is_flag=True,
    help="Take out names, own words, evidence and employers; cut dates to their year; take a new random IRI.",
)
@click.option(
    "--with-occupations",
    is_flag=True,
    help="Add the essential skills of the occupations held, which the file does not list.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="Of the answer.",
)
@lang_option
@graph_options
def person(
    file: Path,
    output: Path | None,
    pseudonymous: bool,
    with_occupations: bool,
    format_: str,
    lang: str,
    **options: Any,
) -> None:
    """Show how the FILE of a person is understood: each line with the skill or occupation that was found.

    FILE is YAML or JSON of our own simple form, a JSON Resume, a Europass credential (JSON-LD), or RDF. Nothing in it
    leaves this machine. E-mail, phone, address and pictures are never read. Words are compared with labels in --lang,
    unless the file names its own language.

    Exit code 1 when a line was not understood, or the profile violates a rule.

    \b
    Examples:
      esco-graph person me.yaml
      esco-graph person resume.json -o me.ttl
      esco-graph person me.ttl --pseudonymous -o someone.yaml
      esco-graph person me.yaml --with-occupations -o more.yaml
    """
    from esco_graph.cli.start import check_privacy
    from esco_graph.persons import pseudonymous as strip
    from esco_graph.persons import read_person
    from esco_graph.persons.add import with_occupations as add_skills
    from esco_graph.persons.check import check_person, news
    from esco_graph.persons.resolve import nearby, with_near

    whole = open_graph(options)
    check_privacy(whole, explains=with_occupations)
    graph = nearby(whole, lang)
    found = read_person(file, graph, lang=lang)
    found = add_skills(found, whole, lang=lang) if with_occupations else found
    found = strip(found) if pseudonymous else with_near(found, graph)
    report = check_person(found, graph)
    findings = news(report, found)
    if format_ == "json":
        print_json(_as_json(found, findings))
    else:
        _show(found, findings, graph, lang)
    if output is not None:
        _write(found, output, file)
    sys.exit(1 if found.unresolved or report.fails("violation") else 0)


def _as_json(person: Person, findings: list[Finding]) -> dict[str, Any]:
    from esco_graph.persons import as_own

    return {
        "person": as_own(person),
        "lines": [line.as_dict() for line in person.lines],
        "remarks": list(person.remarks),
        "findings": [one.as_dict() for one in findings],
    }


def _show(person: Person, findings: list[Finding], graph: Graph, lang: str) -> None:
    from esco_graph.cli.ways import say_wrapped
    from esco_graph.sparql import printable

    say(f"{printable(person.name or person.title or 'A person')} <{printable(person.iri)}>, in {person.lang}")
    rows = [
        (
            line.kind,
            line.number,
            line.said * (line.said != line.iri),
            line.status,
            line.label,
            line.note,
            line.iri,
        )
        for line in person.lines
    ]
    if rows:
        show_rows(("kind", "line", "said", "status", "label", "note", "concept"), rows, "table", ("concept",))
    for line in person.lines:
        if choices := _choices(line, graph, lang):
            say_wrapped(choices, "")
    for remark in person.remarks[:_REMARKS]:
        say_aside(printable(remark))
    if len(person.remarks) > _REMARKS:
        more = len(person.remarks) - _REMARKS
        say_aside(f"and {more:,} more remark{'s' * (more != 1)}; --format json has them.")
    if findings:
        heading("What the rules say")
        for one in findings:
            say(f"{one.severity} {one.code}: {one.message}")
    many = len(person.lines)
    understood = f"{many - len(person.unresolved)} of {many} line{'s' * (many != 1)} understood"
    say(understood if rows else "The file names nothing.")


def _choices(line: Line, graph: Graph, lang: str) -> str:
    """Name each concept that a line can mean, or that is near it, so that one can be chosen."""
    from esco_graph.labels import in_words

    several = line.status == "ambiguous"
    near = "; ".join(in_words(graph, line.candidates, lang, with_match=not several))
    name = f"{line.kind} {line.number}" + f", {line.said}" * bool(line.said)
    return f"{name}, {'can be' if several else 'near'}: {near}" if near else ""


def _write(person: Person, output: Path, file: Path) -> None:
    """Write the profile in the form that the name of the output ends in; never over the file that was read."""
    from esco_graph.errors import StoreError
    from esco_graph.files import replacing
    from esco_graph.graph import Graph
    from esco_graph.persons import to_quads
    from esco_graph.persons.own import write_json, write_yaml
    from esco_graph.publish import write_file

    if output.exists() and output.samefile(file):
        raise StoreError("this is the file that was read", where=str(output), advice="Name another one after -o.")
    writer = {".yaml": write_yaml, ".yml": write_yaml, ".json": write_json}.get(output.suffix.lower())
    if writer is not None:
        with replacing(output) as stream:
            stream.write(writer(person).encode())
    else:
        write_file(Graph.memory(to_quads(person)), output, concept=person.iri)
    say_aside(f"Wrote {quoted(output)}")
