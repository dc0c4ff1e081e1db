"""Tell XML that is cut short or that swells when it is read; Oxigraph's readers (0.5.13) take either for good XML."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import IO

_BEFORE_ROOT = rb"\A(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*)?>)*+"
_ROOT = re.compile(_BEFORE_ROOT + rb"<(?P<name>(?:[\w.-]+:)?(?P<local>[\w.-]+))(?P<rest>[^<>]*)", re.DOTALL)

# The one kind of entity that is let through: a short text without references, as for namespaces in OWL files.
_DECLARATION = re.compile(rb"<!ENTITY")
_FLAT = re.compile(rb"""\s+[\w.:-]+\s+"(?:[^"<&]|&(?:\#\w+|amp|lt|gt|quot|apos);){0,500}"\s*>""")
ENDS = 64 * 1024  # bytes at either end in which the root's tags, and at the start all entities, must stand


def entity_fault(data: bytes) -> str:
    """Say "" when every entity that the XML declares is a short text, else what is wrong.

    Entities made of entities let a few hundred bytes grow to gigabytes.

    >>> entity_fault(b'<!DOCTYPE r [<!ENTITY owl "http://www.w3.org/2002/07/owl#">]><r/>')
    ''
    >>> entity_fault(b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r/>')
    'the XML declares an entity that is not a short plain text'
    """
    for found in _DECLARATION.finditer(data):
        if not _FLAT.match(data, found.end()):
            return "the XML declares an entity that is not a short plain text"
    return ""


class EntityGuard(io.RawIOBase):
    """A stream of XML that calls `refuse` with the fault instead of giving bytes that declare an unsafe entity.

    Oxigraph takes a DOCTYPE anywhere, so every byte is looked at; past the first 64 kB no entity may be declared.
    """

    def __init__(self, stream: IO[bytes], refuse: Callable[[str], Exception]) -> None:
        """Wrap a binary stream; `refuse` makes the exception to raise."""
        self._stream, self._refuse = stream, refuse
        head = stream.read(ENDS)
        if fault := entity_fault(head):
            raise refuse(fault)
        self._head, self._last = io.BytesIO(head), head[-8:]

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes, at most `size`."""
        if block := self._head.read(size):
            return block
        block = self._stream.read(size)
        if _DECLARATION.search(self._last + block):
            raise self._refuse(f"the XML declares an entity after its first {ENDS // 1024} kB")
        self._last = (self._last + block)[-8:]
        return block


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
