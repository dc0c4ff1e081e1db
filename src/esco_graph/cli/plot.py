"""The option --plot, and the writing of the picture that it asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from esco_graph.graph import Graph

Command = TypeVar("Command", bound=Callable[..., Any])


def plot_option(command: Command) -> Command:
    """Add --plot; the parameter is `plot`, a path or None."""
    return click.option(
        "--plot",
        type=click.Path(path_type=Path),
        metavar="FILE",
        callback=_checked,
        help="Draw a picture as well: FILE.svg, FILE.png or FILE.html. Needs esco-graph[plot].",
    )(command)


def write_picture(path: Path, graph: Graph, kind: str, found: Any, *, lang: str = "en", **options: Any) -> None:
    """Draw an answer as one of `publish.pictures.PICTURES` and write it; what was written is said on stderr."""
    from esco_graph.publish import pictures
    from esco_graph.validation.names import title_of

    picture = pictures.draw(kind, found, source=title_of(graph), lang=lang, **options)
    size = pictures.write_picture(picture, path)
    click.echo(f"Wrote {path}: {size:,} bytes of {path.suffix.lower().removeprefix('.')}.", err=True)


def _checked(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    """Refuse, before any work is done, an ending that there is no writer for, and a missing matplotlib."""
    if path is not None:
        from esco_graph.publish.pictures import kind_of_file, need_matplotlib

        kind_of_file(path)
        need_matplotlib()
    return path
