"""Tell XML that was cut short, which Oxigraph's readers (0.5.13) take for the whole, from XML that is complete."""

from __future__ import annotations

import re

_BEFORE_ROOT = rb"\A(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*)?>)*+"
_ROOT = re.compile(_BEFORE_ROOT + rb"<(?P<name>(?:[\w.-]+:)?(?P<local>[\w.-]+))(?P<rest>[^<>]*)", re.DOTALL)


def xml_fault(head: bytes, tail: bytes, root: str) -> str:
    """Say what is wrong with an XML document, given its first and last few kilobytes and its root's local name.

    The answer is "" when the root is the expected one and its closing tag ends the document.

    >>> xml_fault(b"<r:RDF>", b"<a/></r:RDF>", "RDF"), xml_fault(b"<r:RDF>", b"<a/>", "RDF")
    ('', 'the XML stops before its end')
    """
    match = _ROOT.match(head)
    if match is None or match["local"].decode("utf-8", "replace") != root:
        return f"the XML is not a document of <{root}>"
    if match["rest"].endswith(b"/"):
        return ""
    closing = rb"</%s\s*>(?:\s|<!--.*?-->)*+\Z" % re.escape(match["name"])
    return "" if re.search(closing, tail, re.DOTALL) else "the XML stops before its end"
