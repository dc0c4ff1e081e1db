"""Clean the text of a cell: spaces, invisible characters, HTML. What is repaired is told to the caller."""

from __future__ import annotations

import html
import re
from html.entities import html5

# Control, soft-hyphen, zero-width and direction characters: never wanted in a label.
_UNSEEN = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060\ufeff"
_BLANK = " \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
_SPACES = re.compile(f"[{_BLANK}]+")
_ODD = re.compile(f"[{_UNSEEN}{_BLANK[1:]}\r\u2028\u2029]|  |^ | $| \n|\n$|^\n|\n ")
_LINE_END = re.compile("\r\n?|[\u2028\u2029]")
_TAG = re.compile(r"</?(?:a|b|br|div|em|i|li|ol|p|span|strong|sub|sup|u|ul)\b[^<>]*>", re.IGNORECASE)
_BLOCK = re.compile(r"(?:</?(?:br|div|li|ol|p|ul)\b[^<>]*>\s*)+", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_LINK = re.compile(r"""<a\b[^<>]*?\bresource\s*=\s*["'](?P<iri>https?://[^"'<>\s]+)["']""", re.IGNORECASE)


def clean(text: str) -> str:
    r"""Fold odd spaces to one plain space, drop invisible characters and blank ends; lines stay lines.

    >>> clean(" general\xa0nurse \nSecond  line ")
    'general nurse\nSecond line'
    """
    if not _ODD.search(text):
        return text
    plain = _INVISIBLE.sub("", _LINE_END.sub("\n", text))
    return "\n".join(_SPACES.sub(" ", line).strip() for line in plain.split("\n")).strip()


def strip_html(text: str) -> tuple[str, tuple[str, ...]]:
    r"""Take simple HTML mark-up out of a note; give the text and the IRIs that its links named.

    Items and paragraphs become lines; spaces at the ends are left to `clean`.

    >>> strip_html('Excludes <a resource="http://data.europa.eu/esco/skill/x"><span>dance</span></a>.')
    ('Excludes dance.', ('http://data.europa.eu/esco/skill/x',))
    >>> strip_html("<ul><li>cook</li><li>R&amp;D</li></ul>")[0]
    '\ncook\nR&D\n'
    """
    links = tuple(dict.fromkeys(match["iri"] for match in _LINK.finditer(text)))
    return _ENTITY.sub(_decoded, _TAG.sub("", _BLOCK.sub("\n", text))), links


def has_html(text: str) -> bool:
    """Say whether the text holds mark-up that `strip_html` takes out: a tag or an entity.

    >>> [has_html(text) for text in ("less than <5 kg", "see <i>chef</i>", "R&amp;D", "R&D; Q&A")]
    [False, True, True, False]
    """
    if "<" in text and _TAG.search(text):
        return True
    return "&" in text and any(_decoded(match) != match[0] for match in _ENTITY.finditer(text))


def _decoded(entity: re.Match[str]) -> str:
    """Decode one entity; one that HTML does not know stays, also where it starts like an old one (`&notit;`)."""
    known = entity[0][1] == "#" or entity[0][1:] in html5
    return html.unescape(entity[0]) if known else entity[0]
