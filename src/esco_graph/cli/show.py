"""esco-graph show: one concept with all that the graph says of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from esco_graph.cli.options import graph_options, lang_option, open_graph
from esco_graph.cli.output import heading, print_json, say, show_rows
from esco_graph.cli.tables import for_person, width
from esco_graph.terms import compress


@click.command
@click.argument("concept")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@lang_option
@graph_options
def show(concept: str, format_: str, lang: str, **options: Any) -> None:
    """Show an occupation, a skill or a group. CONCEPT is an IRI, CURIE, code or label.

    A concept of another classification is named by its key and code, as rome:A1101; its mappings are shown too.

    \b
    Examples:
      esco-graph show 2269.5
      esco-graph show "occupational therapist"
      esco-graph show isco:C2269 --format json
      esco-graph show onet:29-1122.00
    """
    from esco_graph.labels import find_concept
    from esco_graph.taxonomies.find import find_external

    graph = open_graph(options)
    match = find_concept(graph, find_external(graph, concept) or concept, lang=lang)
    facts, lists = _sections(graph, match.kind, match.iri, lang if match.kind != "concept" else match.lang or lang)
    if format_ == "json":
        found = {"iri": match.iri, "kind": match.kind, "label": match.label, "matched": match.property}
        print_json({**found, "facts": facts, **lists})
        return
    name, iri = match.label, f"<{match.iri}>"
    say(f"{name} {iri}" if len(name) + len(iri) < width() else f"{name}\n{iri}")
    say(f"{match.kind}, found by {match.property}")
    show_rows(["property", "value", "lang"], [_fact_row(*fact.values()) for fact in facts], "table")
    for title, rows in lists.items():
        if rows:
            heading(f"{title} ({len(rows)})")
            show_rows(list(rows[0]), [list(row.values()) for row in rows], "table")


def _fact_row(name: str, value: Any, label: str | None, lang: str | None) -> tuple[str, str, str | None]:
    """Write a fact for a person: the name of a concept before its IRI in short."""
    shown = for_person(value)
    return compress(name), f"{label} ({shown})" if label else shown, lang


def _sections(
    graph: Any, kind: str, iri: str, lang: str
) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """Ask the stored queries that fit the kind of concept."""
    from esco_graph.query import stored

    def ask(name: str, **values: Any) -> list[dict[str, Any]]:
        return stored(name).run(graph, lang=lang, **values).dicts()

    facts, lists = _of_kind(ask, kind, iri)
    if mappings := ask("mappings-of-concept", concept=iri):
        lists["mappings"] = mappings
    return facts, lists


def _of_kind(
    ask: Callable[..., list[dict[str, Any]]], kind: str, iri: str
) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    if kind == "occupation":
        lists = {"ISCO chain": ask("isco-chain", occupation=iri), "skills": ask("occupation-skills", occupation=iri)}
        return ask("occupation", occupation=iri), lists
    if kind == "skill":
        names = {"broader": "broader-skills", "narrower": "narrower-skills", "occupations": "occupations-needing-skill"}
        return ask("skill", skill=iri), {title: ask(name, skill=iri) for title, name in names.items()}
    if kind == "isco-group":
        return ask("concept", concept=iri), {"members": ask("isco-members", group=iri)}
    return ask("concept", concept=iri), {}
