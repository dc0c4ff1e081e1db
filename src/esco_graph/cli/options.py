"""Options that several verbs share: which graph, which language, which output format."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from esco_graph.linking import EMBED_MODES

if TYPE_CHECKING:
    from esco_graph.graph import Graph
    from esco_graph.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])


def default_store() -> Path:
    """Give the folder of the store: ESCO_GRAPH_STORE, else in the user's data folder."""
    if path := os.environ.get("ESCO_GRAPH_STORE"):
        return Path(path)
    from platformdirs import user_data_path

    return user_data_path("esco-graph") / "store"


def store_option(command: Command) -> Command:
    """Add --store."""
    return click.option(
        "--store",
        type=click.Path(path_type=Path),
        is_eager=True,  # read before --endpoint, which must know of it
        help="Folder of the graph. [default: $ESCO_GRAPH_STORE, else the user data folder]",
    )(command)


def embed_option(command: Command) -> Command:
    """Add --embed: when sentence vectors are used."""
    return click.option(
        "--embed",
        type=click.Choice(EMBED_MODES),
        default="auto",
        show_default=True,
        help="Sentence vectors of the extra [embed]: if installed, always, or never.",
    )(command)


def graph_options(command: Command) -> Command:
    """Add --store and --endpoint with its credentials, for verbs that only read."""
    options = (
        store_option,
        click.option(
            "--endpoint",
            envvar="ESCO_GRAPH_ENDPOINT",
            metavar="IRI",
            callback=_chosen_endpoint,
            help="Ask a SPARQL endpoint instead. [env: ESCO_GRAPH_ENDPOINT, unless --store is given]",
        ),
        click.option(
            "--timeout", type=float, default=30.0, show_default=True, help="Seconds to wait for the endpoint."
        ),
        click.option("--user", envvar="ESCO_GRAPH_USER", help="User of the endpoint. [env: ESCO_GRAPH_USER]"),
        click.option("--password", envvar="ESCO_GRAPH_PASSWORD", help="Password. [env: ESCO_GRAPH_PASSWORD]"),
        click.option("--token", envvar="ESCO_GRAPH_TOKEN", help="Bearer token. [env: ESCO_GRAPH_TOKEN]"),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _chosen_endpoint(ctx: click.Context, _: click.Parameter, value: str | None) -> str | None:
    """Let a --store that is given win over the endpoint of the environment; refuse two that are given."""
    if not value or ctx.params.get("store") is None:
        return value
    if ctx.get_parameter_source("endpoint") is ParameterSource.ENVIRONMENT:
        return None
    raise click.UsageError("--store and --endpoint are both given; give one of them.", ctx)


def lang_option(command: Command) -> Command:
    """Add --lang for labels."""
    return click.option("--lang", default="en", show_default=True, help="Language of the labels (BCP 47).")(command)


def format_option(command: Command) -> Command:
    """Add --format and -o for rows."""
    from esco_graph.cli.output import ROW_FORMATS

    choice = click.Choice(tuple(ROW_FORMATS))
    return click.option("--format", "format_", type=choice, default="table", show_default=True, help="Output format.")(
        command
    )


def open_workspace(store: Path | None) -> Workspace:
    """Give the workspace that the options name."""
    from esco_graph.workspace import Workspace

    return Workspace(store or default_store())


def open_graph(options: dict[str, Any]) -> Graph:
    """Open the graph that `graph_options` name, taking those options out of the map."""
    from esco_graph.graph import Graph

    store, endpoint = options.pop("store"), options.pop("endpoint")
    access = {name: options.pop(name) for name in ("timeout", "user", "password", "token")}
    if not endpoint:
        return Graph.open(store or default_store())
    graph = Graph.remote(endpoint, **access)
    _check_default_graph(graph)
    return graph


def open_beside(options: dict[str, Any]) -> Graph | None:
    """Open the graph beside which a file is read; where there is none, that is said, and None given."""
    from esco_graph.cli.output import say_aside
    from esco_graph.errors import StoreError

    path = options.get("store") or default_store()
    try:
        return open_graph(options)
    except StoreError as error:
        missing = "The file is checked alone, so concepts of ESCO are unknown to it"
        say_aside(f"{missing}: {error}" if path.exists() else f"No graph at {path}: {missing[0].lower()}{missing[1:]}.")
        return None


def _check_default_graph(graph: Graph) -> None:
    """Refuse an endpoint that keeps all it has in named graphs and shows none of it: every answer would be empty."""
    from esco_graph.errors import EndpointError

    if not graph.ask("ASK { ?s ?p ?o }") and graph.ask("ASK { GRAPH ?g { ?s ?p ?o } }"):
        raise EndpointError(
            "the default graph of this endpoint is empty, but it has named graphs",
            where=graph.name,
            advice="Let it serve their union as the default graph (Oxigraph: oxigraph serve --union-default-graph).",
        )
