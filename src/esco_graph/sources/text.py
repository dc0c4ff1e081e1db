"""Clean the text of a cell: spaces, invisible characters, HTML. What is repaired is told to the caller."""

from __future__ import annotations

import html
import re

# Control, soft-hyphen, zero-width and direction characters: never wanted in a label.
_UNSEEN = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060\ufeff"
_BLANK = " \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
_SPACES = re.compile(f"[{_BLANK}]+")
_ODD = re.compile(f"[{_UNSEEN}{_BLANK[1:]}\r\u2028\u2029]|  |^ | $| \n|\n$|^\n|\n ")
_LINE_END = re.compile("\r\n?|[\u2028\u2029]")
_TAG = re.compile(r"</?(?:a|b|br|em|i|li|ol|p|span|strong|sub|sup|u|ul)\b[^<>]*>", re.IGNORECASE)
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
    """Take simple HTML mark-up out of a note; give the text and the IRIs that its links named.

    >>> strip_html('Excludes <a resource="http://data.europa.eu/esco/skill/x"><span>dance</span></a>.')
    ('Excludes dance.', ('http://data.europa.eu/esco/skill/x',))
    """
    links = tuple(dict.fromkeys(match["iri"] for match in _LINK.finditer(text)))
    return html.unescape(_TAG.sub("", text)), links


def has_html(text: str) -> bool:
    """Say whether the text holds mark-up that `strip_html` takes out.

    >>> has_html("less than <5 kg"), has_html("see <i>chef</i>")
    (False, True)
    """
    return "<" in text and _TAG.search(text) is not None
