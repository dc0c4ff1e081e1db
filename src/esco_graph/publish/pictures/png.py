"""A picture as PNG, drawn by matplotlib's Agg without a display; nothing of the user's own settings enters it."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from esco_graph.publish.pictures.fonts import FAMILY, NO_GLYPH, clean, need_matplotlib
from esco_graph.publish.pictures.scene import Box, Cells, Dot, Line, Picture, Text
from esco_graph.publish.pictures.style import PAPER
from esco_graph.publish.pictures.svg import arrow_head, shaft_end
from esco_graph.terms import ATTRIBUTION

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_POINTS = 72
_SCALE = 2.0  # pixels for a point
_MOST_PIXELS = 60_000_000


def png(picture: Picture) -> bytes:
    """Draw a picture; two pixels for a point, fewer when it is huge. The same picture gives the same bytes."""
    need_matplotlib()
    import matplotlib as mpl
    import matplotlib.style as mpl_style
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    scene = picture.scene
    scale = min(_SCALE, (_MOST_PIXELS / (scene.width * scene.height)) ** 0.5)
    with mpl_style.context("default"), mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=NO_GLYPH, category=UserWarning)
        figure = Figure(figsize=(scene.width / _POINTS, scene.height / _POINTS), dpi=_POINTS * scale, facecolor=PAPER)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        for order, item in enumerate(scene.items):
            _DRAW[type(item)](axes, item, order + 1)
        axes.set(xlim=(0, scene.width), ylim=(scene.height, 0), aspect="auto")
        axes.axis("off")
        made = io.BytesIO()
        figure.savefig(made, format="png", metadata=_metadata(picture))
    return made.getvalue()


def _metadata(picture: Picture) -> dict[str, str]:
    return {
        "Title": clean(picture.title),
        "Description": clean(picture.summary),
        "Copyright": ATTRIBUTION,
        "Software": "esco-graph",
    }


def _draw_text(axes: Axes, item: Text, order: int) -> None:
    axes.text(
        item.x,
        item.y,
        item.text,
        size=item.size,
        color=item.colour,
        ha={"start": "left", "middle": "center", "end": "right"}[item.anchor],
        va="baseline",
        weight="bold" if item.bold else "normal",
        style="italic" if item.italic else "normal",
        rotation=90 if item.upright else 0,
        rotation_mode="anchor",
        parse_math=False,  # a dollar sign in a label is a dollar sign
        zorder=order,
    )


def _draw_box(axes: Axes, item: Box, order: int) -> None:
    from matplotlib.patches import FancyBboxPatch

    style = f"round,pad=0,rounding_size={item.radius}" if item.radius else "square,pad=0"
    axes.add_patch(
        FancyBboxPatch(
            (item.x, item.y),
            item.width,
            item.height,
            boxstyle=style,
            facecolor=item.fill,
            edgecolor=item.stroke,
            linewidth=item.line if item.stroke != "none" else 0,
            alpha=item.opacity if item.opacity < 1 else None,
            zorder=order,
        )
    )


def _draw_line(axes: Axes, item: Line, order: int) -> None:
    from matplotlib.patches import Polygon

    end_x, end_y = shaft_end(item)
    dashes: Any = (0, (4, 3)) if item.dashed else "-"
    style = {"color": item.stroke, "linewidth": item.line, "linestyle": dashes, "solid_capstyle": "butt"}
    axes.plot([item.x1, end_x], [item.y1, end_y], zorder=order, **style)
    if item.arrow:
        axes.add_patch(Polygon(arrow_head(item), facecolor=item.stroke, edgecolor="none", zorder=order))


def _draw_dot(axes: Axes, item: Dot, order: int) -> None:
    from matplotlib.patches import Circle

    width = item.line if item.stroke != "none" else 0
    looks = {"facecolor": item.fill, "edgecolor": item.stroke, "linewidth": width}
    axes.add_patch(Circle((item.x, item.y), item.radius, zorder=order, **looks))


def _draw_cells(axes: Axes, item: Cells, order: int) -> None:
    from matplotlib.colors import to_rgba

    shades = [to_rgba(colour) for colour in item.palette] + [(0.0, 0.0, 0.0, 0.0)]  # the last is what -1 picks
    grid = [[shades[value] for value in row] for row in item.values]
    right, bottom = item.x + item.size * len(item.values[0]), item.y + item.size * len(item.values)
    axes.imshow(grid, extent=(item.x, right, bottom, item.y), interpolation="nearest", zorder=order, aspect="auto")


_SETTINGS: Any = {"font.family": [FAMILY], "text.hinting": "none", "text.usetex": False, "path.simplify": False}

_DRAW: dict[type, Callable[[Any, Any, int], None]] = {
    Text: _draw_text,
    Box: _draw_box,
    Line: _draw_line,
    Dot: _draw_dot,
    Cells: _draw_cells,
}
