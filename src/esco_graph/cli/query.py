"""esco-graph query: the stored queries, each with the options that its header declares."""

from __future__ import annotations

from typing import Any

import click
from click.core import ParameterSource

from esco_graph.cli.options import format_option, graph_options, open_graph
from esco_graph.cli.output import show_rows


class StoredQueries(click.Group):
    """Make one command of each stored query, when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names of the stored queries."""
        from esco_graph.query import catalogue

        return list(catalogue())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Make the command of one stored query; raises NotFoundError with the nearest name."""
        return _command(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the queries with their summaries."""
        from esco_graph.query import catalogue

        with formatter.section("Stored queries"):
            formatter.write_dl([(name, query.summary) for name, query in catalogue().items()])


@click.command(cls=StoredQueries, invoke_without_command=True, no_args_is_help=False)
@click.option("--list", "list_", is_flag=True, help="List the stored queries.")
@format_option
@click.pass_context
def query(ctx: click.Context, list_: bool, format_: str) -> None:  # noqa: ARG001 - without a name the list is shown anyway
    """Run a stored query; its options come from its header.

    \b
    Examples:
      esco-graph query --list
      esco-graph query occupations-needing-skill --help
      esco-graph query occupation-skills --occupation 2269.5 --format csv
    """
    from esco_graph.query import catalogue

    if ctx.invoked_subcommand is None:
        show_rows(["query", "answers"], [[name, query.summary] for name, query in catalogue().items()], format_)
    elif ctx.get_parameter_source("format_") is ParameterSource.COMMANDLINE:
        raise click.UsageError("before the name of a query --format is that of the list; put it after the name.")


def _command(name: str) -> click.Command:
    from esco_graph.query import stored

    found = stored(name)
    concepts = {p.name for p in found.parameters if p.type == "concept"}

    @format_option
    @graph_options
    def run(format_: str, **options: Any) -> None:
        graph = open_graph(options)
        values = {key: value for key, value in options.items() if value is not None}
        for key in concepts & set(values):
            values[key] = _resolve(graph, values[key], found, key)
        table = found.run(graph, **values)
        show_rows(table.columns, table.rows, format_)

    command = click.command(name, help=_help(found))(run)
    command.params[:0] = [_option(parameter) for parameter in found.parameters]
    return command


def _resolve(graph: Any, text: str, found: Any, name: str) -> str:
    """Turn an IRI, CURIE, code or label into an IRI; a parameter that names a class narrows the search."""
    from esco_graph.labels import find_concept

    wanted = next(p.class_ for p in found.parameters if p.name == name)
    kinds = {"esco:Occupation": "occupation", "esco:Skill": "skill"}
    return find_concept(graph, text, kind=kinds.get(wanted or "")).iri


def _option(parameter: Any) -> click.Option:
    types: dict[str, Any] = {"integer": int, "decimal": float, "boolean": bool}
    kind = click.Choice(parameter.values) if parameter.type == "choice" else types.get(parameter.type, str)
    shown = "" if parameter.default is None else f" [default: {parameter.default}]"
    return click.Option(
        [f"--{parameter.name.replace('_', '-')}", parameter.name],
        type=kind,
        required=parameter.required,
        help=f"{parameter.description}{shown}",
        metavar="CONCEPT" if parameter.type == "concept" else None,
    )


def _help(found: Any) -> str:
    example = " ".join(f"--{key.replace('_', '-')} {str(value)!r}" for key, value in found.example.items())
    return f"{found.summary}.\n\n{found.description}\n\n\b\nExample:\n  esco-graph query {found.name} {example}"
