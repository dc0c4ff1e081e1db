"""How `link` gives out what it found: a table for a person, pieces of text for a program, or a mapping set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from esco_graph.cli.output import quoted, say_aside, show_rows
from esco_graph.terms import GRAPHS

if TYPE_CHECKING:
    from esco_graph.cli.link_job import Job
    from esco_graph.graph import Graph
    from esco_graph.linking.link import Linked
    from esco_graph.mappings.model import MappingSet

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "sssom")
SHOWN = 100
"""Titles that a table shows."""
_WHERE_GIVEN = ("id", "confidence")  # columns that a table has where a row has something to say in them
_ENDINGS = {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "tsv"}
_RELEASES = GRAPHS + "release/"


def chosen_format(given: str | None, output: Path | None) -> str:
    """Give the format that is asked for, else that of the output's ending, else a table.

    >>> chosen_format(None, Path("rome.sssom.tsv")), chosen_format(None, None)
    ('sssom', 'table')
    """
    if given or output is None:
        return given or "table"
    if output.name.lower().endswith(".sssom.tsv"):
        return "sssom"
    if output.suffix.lower() not in _ENDINGS:
        raise click.UsageError(f"the ending of {output.name} tells no format; give --format.")
    return _ENDINGS[output.suffix.lower()]


def candidates_set(
    graph: Graph, found: Iterable[Linked], job: Job, name: str, base: str | None, *, vectors: bool
) -> MappingSet:
    """Make the mapping set of the candidates; `name` is made a slug, `base` is where its IRIs begin."""
    from esco_graph.linking.write import mapping_set
    from esco_graph.mappings.model import set_name
    from esco_graph.profiles.model import DEFAULT_BASE, check_own_iri

    target = "esco" if job.target in ("occupation", "skill") else job.target
    return mapping_set(
        found,
        set_name(name),
        source=job.source,
        target=target,
        lang=job.lang,
        target_lang=job.target_lang,
        vectors=vectors,
        esco_version=_release(graph),
        base=check_own_iri(base) if base else DEFAULT_BASE,
    )


def _release(graph: Graph) -> str:
    """Give the version of ESCO in the graph, "" when there are several or none."""
    names = (name.removeprefix(_RELEASES) for name in graph.named_graphs() if name.startswith(_RELEASES))
    versions = {name.partition("/")[0] for name in names}
    return versions.pop() if len(versions) == 1 else ""


def show_table(found: Iterable[Linked]) -> None:
    """Print the candidates of the first titles as a table."""
    from esco_graph.linking.write import COLUMNS, rows_of

    rows: list[list[object]] = []
    source = iter(found)
    for linked in islice(source, SHOWN):
        for number, row in enumerate(rows_of(linked)):
            cells = dict(zip(COLUMNS, row, strict=True))
            title = (cells["title"] or linked.query.id)[:200] if not number else ""
            sure = "" if cells["confidence"] is None else f"{cells['confidence']:.2f}"
            why, iri = cells["why"] or cells["remark"], cells["iri"] or None
            own = linked.query.code if not number else ""
            rows.append([own, title, cells["label"], cells["code"], cells["relation"], cells["score"], sure, why, iri])
    columns = ["id", "title", "label", "code", "relation", "score", "confidence", "why", "iri"]
    empty = [at for at, name in enumerate(columns) if name in _WHERE_GIVEN and not any(row[at] for row in rows)]
    rows = [[cell for at, cell in enumerate(row) if at not in empty] for row in rows]
    show_rows([name for at, name in enumerate(columns) if at not in empty], rows, "table")
    if next(source, None) is not None:
        say_aside(f"The table ends after {SHOWN} titles; --format csv gives all.")


def write_text(pieces: Iterator[str], output: Path | None) -> None:
    """Print pieces of text, or write them to a file, whole or not at all."""
    from esco_graph.files import replacing
    from esco_graph.terms import ATTRIBUTION

    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    with replacing(output) as out:
        for piece in pieces:
            out.write(piece.encode("utf-8", "replace"))
    say_aside(f"Written: {quoted(output)}. {ATTRIBUTION}")


def show(found: Iterable[Linked], format_: str, output: Path | None, made: MappingSet | None) -> None:
    """Give out what was linked in one of FORMATS; `made` is the mapping set, for "sssom"."""
    if format_ == "table":
        show_table(found)
    elif made is not None and format_ == "sssom":
        from esco_graph.mappings.sssom import write_table

        write_text(write_table(made), output)
    else:
        from esco_graph.linking.write import WRITERS

        write_text(WRITERS[format_](found), output)
