"""A picture as one HTML page that needs nothing else: the SVG, its numbers as tables, the attribution; no script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from esco_graph.publish.attribution import ISCO_NOTE, REUSE
from esco_graph.publish.pictures.fonts import clean
from esco_graph.publish.pictures.scene import Cell, NumberTable, Picture, Value
from esco_graph.publish.pictures.svg import svg_element
from esco_graph.terms import ATTRIBUTION

_STYLE = """
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
body { margin: 0; padding: 1.5rem; }
h1 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } /* drawn in the picture */
figure { margin: 0; }
.picture { overflow-x: auto; background: #fff; border: 1px solid #8886; border-radius: .5rem; }
.picture:focus-visible { outline: 3px solid #0072b2; }
.picture svg { display: block; max-width: 100%; min-width: 50rem; height: auto; margin: 0 auto; }
figcaption { margin: .75rem 0 1.5rem; max-width: 70rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 0 0 2rem; font-size: .9rem; max-width: 90rem; }
caption { text-align: start; font-weight: 600; padding: .5rem 0; }
th, td { padding: .3rem .75rem .3rem 0; text-align: start; vertical-align: top; border-top: 1px solid #8884; }
thead th { border-top: 0; }
td.number { text-align: end; font-variant-numeric: tabular-nums; }
footer { font-size: .85rem; opacity: .85; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html(picture: Picture) -> str:
    """Write the page; the same picture gives the same text."""
    return "".join(f"{line}\n" for line in _lines(picture))


def _lines(picture: Picture) -> Iterator[str]:
    title = _text(picture.title)
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>"
    yield '<figure>\n<div class="picture" tabindex="0">'
    yield svg_element(picture).rstrip("\n")
    yield f"</div>\n<figcaption>{_text(picture.summary)}</figcaption>\n</figure>"
    for table in picture.tables:
        yield from _table(table, picture.lang)
    yield f"</main>\n<footer><p>{_text(f'{ATTRIBUTION} {REUSE} {ISCO_NOTE}')}</p></footer>\n</body>\n</html>"


def _table(table: NumberTable, lang: str) -> Iterator[str]:
    heads = "".join(f'<th scope="col">{_text(column)}</th>' for column in table.columns)
    yield f'<div class="scroll"><table>\n<caption>{_text(table.caption)}</caption>'
    yield f"<thead><tr>{heads}</tr></thead>\n<tbody>"
    for row in table.rows:
        yield "<tr>" + "".join(_cell(cell, lang) for cell in row) + "</tr>"
    yield "</tbody>\n</table></div>"


def _cell(cell: Value, lang: str) -> str:
    if isinstance(cell, Cell):
        return f"<td>{_label(cell, lang)}</td>"
    if cell is None or isinstance(cell, str):
        return f"<td>{_text(cell or '')}</td>"
    number = f"{cell:,}" if isinstance(cell, int) else f"{cell:.3f}"
    return f'<td class="number">{number}</td>'


def _label(cell: Cell, lang: str) -> str:
    """Write a label in its own language and direction, as a link where its IRI leads into the web."""
    text = f'<bdi lang="{escape(lang)}">{_text(cell.text)}</bdi>'
    web = cell.iri.startswith(("http://", "https://"))
    return f'<a href="{escape(clean(cell.iri))}" rel="noreferrer noopener">{text}</a>' if web else text


def _text(text: str) -> str:
    return escape(clean(text))
