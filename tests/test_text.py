"""Texts of cells and notes: what is repaired, and what only looks like mark-up."""

from __future__ import annotations

import pytest

from esco_graph.sources.text import clean, has_html, strip_html


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("a<br/>b<BR>c", "a\nb\nc"),
        ("<div>a</div>b", "a\nb"),
        ("Includes:<ul><li>a</li>\n<li>b</li></ul>", "Includes:\na\nb"),
        ("<ol><li><b>a</b>c</li></ol>", "ac"),
        ("R&amp;D", "R&D"),
        ("caf&eacute; &#233; &#xE9;", "café é é"),
        ("a&nbsp;b", "a b"),
        ("&amp;lt;", "&lt;"),
        ("<i>x</i> &copy2024", "x &copy2024"),
        ("<i>x</i> &notit;", "x &notit;"),
    ],
)
def test_mark_up_is_taken_out(raw: str, plain: str) -> None:
    assert has_html(raw)
    assert clean(strip_html(raw)[0]) == plain


@pytest.mark.parametrize(
    "text", ["less than <5 kg", "a < b > c", "AT&T", "Q&A; R&D;", "&unknown;", "&copy", "<party>", "&#;", "&;"]
)
def test_what_is_no_mark_up_stays(text: str) -> None:
    assert not has_html(text)
    assert strip_html(text) == (text, ())
