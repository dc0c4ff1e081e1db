r"""What is read of a text: mark-up, web addresses and e-mail addresses blanked, every character kept in its place."""

from __future__ import annotations

import html
import re

_HTML = re.compile(r"\s*(?:<!doctype\s+html|<html\b|<\?xml[^>]{0,200}\?>\s*<html\b)", re.IGNORECASE)
_UNREAD = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|head|template)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>|<[!?][^<>]*>")
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "mark"),
        *("q", "s", "small", "span", "strong", "sub", "sup", "tt", "u", "wbr"),
    )
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s<>\"')\]]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,190}")
_KEEP_PLACE = "\u2060"  # WORD JOINER: seen by nobody, and within a word it does not part it


def is_html(text: str) -> bool:
    """Say whether a text begins as an HTML page does.

    >>> is_html("<!DOCTYPE html><p>cook"), is_html("less than <5 kg")
    (True, False)
    """
    return _HTML.match(text) is not None


def readable(text: str, *, as_html: bool = False) -> str:
    r"""Blank what is not to be read; the answer has the length of the text, so places in it are places in the text.

    >>> readable("see www.example.org/jobs now")
    'see                      now'
    >>> readable("<p>R&amp;D</p>", as_html=True).split()
    ['R&\u2060\u2060\u2060\u2060D']
    """
    if as_html:
        text = _UNREAD.sub(_blank, text)
        text = _ENTITY.sub(_decoded, _TAG.sub(_tag, text))
    return _ADDRESS.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _tag(match: re.Match[str]) -> str:
    """Blank a tag; one that begins or ends a block ends the line."""
    inline = (match[1] or "span").lower() in _INLINE
    return (_KEEP_PLACE if inline else "\n") * len(match[0])


def _decoded(match: re.Match[str]) -> str:
    one = html.unescape(match[0])
    return one + _KEEP_PLACE * (len(match[0]) - len(one)) if len(one) <= 2 else match[0]
