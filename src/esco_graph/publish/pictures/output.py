"""Which answer makes which picture, and which file ending which format: two tables."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from esco_graph.errors import ParameterError
from esco_graph.files import replacing
from esco_graph.publish.pictures.fonts import need_matplotlib
from esco_graph.publish.pictures.html import html
from esco_graph.publish.pictures.png import png
from esco_graph.publish.pictures.scene import Picture
from esco_graph.publish.pictures.svg import svg
from esco_graph.sparql import shown

ENDINGS: dict[str, Callable[[Picture], bytes]] = {
    ".svg": lambda picture: svg(picture).encode(),
    ".png": png,
    ".html": lambda picture: html(picture).encode(),
}
"""The writer for each file ending."""

PICTURES: dict[str, str] = {
    "similar": "Ranking of `careers.similar`: one bar for each occupation, with shared and missing skills",
    "next": "Ranking of `careers.next_steps`: the same, with the direction of each step",
    "match": "Ranking of `persons.match`: the same, with what is held or aimed at",
    "overlap": "Overlap of `skills.overlap`: the named skills of one, of both, of the other",
    "paths": "Paths of `careers.paths`: occupations as nodes, missing skills on the edges",
    "heatmap": "Heat of `pictures.heat`: the occupations of a group against each other",
}
"""What each kind of picture is made from; the module of the same name, or of _HOMES, holds `draw_<kind>`."""

_HOMES = {"next": "similar", "match": "similar"}


def kind_of_file(path: Path) -> str:
    """Give the ending of a file name; raises ParameterError for one that no writer is for.

    >>> kind_of_file(Path("out/nurse.SVG"))
    '.svg'
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        what = f"no picture format for {shown(path.name)}"
        raise ParameterError(what, advice=f"Let the file name end in {', '.join(ENDINGS)}.")
    return ending


def draw(kind: str, found: Any, *, source: str = "", lang: str = "en", **options: Any) -> Picture:
    """Draw one of PICTURES; `source` names the releases for the line at the foot, `lang` is that of the labels.

    Raises EscoGraphError when matplotlib is missing, ParameterError for a kind that there is not.
    """
    if kind not in PICTURES:
        raise ParameterError(f"there is no picture {shown(kind)}", advice=f"Use one of: {', '.join(PICTURES)}.")
    need_matplotlib()
    home = import_module(f"esco_graph.publish.pictures.{_HOMES.get(kind, kind)}")
    made: Picture = getattr(home, f"draw_{kind}")(found, source=source, lang=lang, **options)
    return made


def write_picture(picture: Picture, path: Path) -> int:
    """Write a picture in the format of the file's ending, whole or not at all; gives the number of bytes.

    Raises ParameterError for an ending that there is no writer for, StoreError when the file cannot be written.
    """
    made = ENDINGS[kind_of_file(path)](picture)
    with replacing(path) as out:
        out.write(made)
    return len(made)
