r"""Find the line of each statement in a Turtle, TriG, N-Triples or N-Quads file.

The store's parser says what a file states, not where. This scanner says where, for a file that has parsed: it checks
nothing, and where it meets what it does not know (triple terms and annotations of RDF 1.2) it stops.
Grammar: https://www.w3.org/TR/turtle/#sec-grammar, https://www.w3.org/TR/trig/#sec-grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import pyoxigraph as ox

from esco_graph.terms import RDF, XSD


def is_anonymous(key: str) -> bool:
    """Say whether a key stands for a blank node without a label; the scanner numbers them, `[1]` and so on.

    >>> is_anonymous("[1]"), is_anonymous("_:b1")
    (True, False)
    """
    return key.startswith("[")


class Place(NamedTuple):
    """One statement as keys (see `term_key`), and the lines on which its object and its subject stand."""

    subject: str
    predicate: str
    object: str
    line: int
    subject_line: int


def term_key(term: object) -> str:
    """Write a term so that equal terms give equal texts, however a file or a store writes them.

    >>> term_key(ox.Literal("a", language="EN-gb")), term_key(ox.Literal("01", datatype=ox.NamedNode(XSD + "integer")))
    ('"a"@en-gb', '"1"^^<http://www.w3.org/2001/XMLSchema#integer>')
    """
    if isinstance(term, ox.NamedNode):
        return f"<{term.value}>"
    if isinstance(term, ox.Literal):
        return _literal(term.value, term.language or "", term.datatype.value)
    return str(term)


def _literal(value: str, lang: str, datatype: str) -> str:
    if lang:
        return f'"{value}"@{lang.lower()}'
    if datatype == XSD + "string":
        return f'"{value}"'
    return f'"{_canonical(value, datatype)}"^^<{datatype}>'


_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})", re.ASCII)
_FLOAT = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,5})?", re.ASCII)


def _canonical(value: str, datatype: str) -> str:
    """Write a number in one way, as Oxigraph keeps the value of "01" and not its text."""
    if datatype in (XSD + "integer", XSD + "decimal") and _NUMBER.fullmatch(value):
        return format(Decimal(value).normalize(), "f")
    if datatype in (XSD + "double", XSD + "float") and _FLOAT.fullmatch(value):
        return repr(float(value))
    return {"1": "true", "0": "false"}.get(value, value) if datatype == XSD + "boolean" else value


# --- N-Triples and N-Quads: line by line, for files of any size -------------------------------------------------------

_NT_LINE = re.compile(
    r"""\s*(<[^<>"\s]*>|_:[^\s<"]+)\s*(<[^<>"\s]*>)\s*
    (?:(<[^<>"\s]*>|_:[^\s<"]+)|"((?:[^"\\]++|\\.)*+)"(?:@([\w-]+)|\s*\^\^\s*<([^<>\s]*)>)?)""",
    re.VERBOSE,
)
_STRING = XSD + "string"
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def scan_lines(lines: Iterable[str]) -> Iterator[Place]:
    """Go over the lines of N-Triples or N-Quads; lines that hold no statement are passed over.

    >>> [place.line for place in scan_lines(['<http://a> <http://b> "c" .', "# no", "_:d <http://b> <http://a> ."])]
    [1, 3]
    """
    for number, line in enumerate(lines, 1):
        found = _NT_LINE.match(line)
        if found is None:
            continue
        subject, predicate, node, text, lang, datatype = found.groups()
        if "\\" in line:
            subject, predicate, datatype = unescape(subject), unescape(predicate), unescape(datatype or "")
            node, text = unescape(node or ""), None if text is None else unescape(text)
        value = node if text is None else _literal(text, lang or "", datatype or _STRING)
        yield Place(subject, predicate, _label(value) if text is None else value, number, number)


def _label(node: str) -> str:
    """Take off the full stop that ends a statement right after a blank node's label."""
    return node.rstrip(".") if node.startswith("_:") else node


_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ECHARS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def unescape(text: str) -> str:
    r"""Replace the escapes of strings, IRIs and local names by what they stand for.

    >>> unescape(r"a\tb \u00e9 \~")
    'a\tb é ~'
    """
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_unescaped, text)


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    if digits is None:
        return _ECHARS.get(match[3], match[3])
    number = int(digits, 16)
    return chr(number) if number <= 0x10FFFF else match[0]


# --- Turtle and TriG --------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""
    (?P<space>(?:\s++|\#[^\r\n]*+)++)
  | (?P<iri><[^<>"{}|^`\x00-\x20]*+>)
  | (?P<long>\"{3}(?:[^"\\]++|\\.|\"{1,2}(?!\"))*+\"{3} | '{3}(?:[^'\\]++|\\.|'{1,2}(?!'))*+'{3})
  | (?P<short>"(?:[^"\\\r\n]++|\\[^\r\n])*+" | '(?:[^'\\\r\n]++|\\[^\r\n])*+')
  | (?P<blank>_:[\w](?:[\w.·\u0300-\u036F\u203F\u2040-]*[\w·\u0300-\u036F\u203F\u2040-])?)
  | (?P<name>(?:[^\W\d_](?:[\w.·\u0300-\u036F\u203F\u2040-]{0,250}[\w·\u0300-\u036F\u203F\u2040-])?)?:
      (?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])
         (?:(?:[\w.:·\u0300-\u036F\u203F\u2040-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*
            (?:[\w:·\u0300-\u036F\u203F\u2040-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]))?)?)
  | (?P<at>@[A-Za-z]+(?:-[A-Za-z0-9-]+)*)
  | (?P<number>[+-]?(?:\d+\.\d*[eE][+-]?\d+|\.?\d+[eE][+-]?\d+|\d*\.\d+|\d+))
  | (?P<word>[A-Za-z]+)
  | (?P<mark>\^\^|[][();,.{}])
    """,
    re.VERBOSE | re.DOTALL,
)


_WORDS = frozenset({"a", "base", "false", "graph", "prefix", "true"})


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


@dataclass(slots=True)
class _Frame:
    """What is being read: a subject and its predicate so far, inside the brackets that `close` ends."""

    close: str = ""
    line: int = 0
    subject: str | None = None
    predicate: str | None = None


def scan_turtle(text: str, base: str = "") -> Iterator[Place]:
    r"""Go over the statements of Turtle or TriG; `base` is the IRI of the file, for relative IRIs.

    Blank nodes without a label, and the members of lists, get keys by number. A statement whose object is a nested
    node or list comes after those inside it. The rdf:rest of a list is left out.

    >>> places = scan_turtle('@prefix e: <http://e/> .\ne:a e:b "# ; ." ,\n [ e:c 1.5 ] .')
    >>> [(place.subject, place.object[:7], place.line) for place in places]
    [('<http://e/a>', '"# ; ."', 2), ('[1]', '"1.5"^^', 3), ('<http://e/a>', '[1]', 3)]
    """
    scanner = _Scanner(base)
    tokens = _tokens(text)
    token = next(tokens, None)
    while token is not None:
        after = next(tokens, None)
        if token.kind in ("long", "short"):
            value = unescape(token.text)
            lang = after.text[1:] if after and after.kind == "at" else ""
            typed = bool(after and after.text == "^^")
            datatype = next(tokens, None) if typed else None
            key = _literal(value, lang, scanner.iri(datatype) if datatype else _STRING)
            yield from scanner.value(key, token.line)
            token = next(tokens, None) if lang or typed else after
        else:
            yield from scanner.read(token)
            token = after


def _tokens(text: str) -> Iterator[_Token]:
    """Cut the text into tokens with their lines; stop at what is none."""
    line, end = 1, 0
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if match.start() != end or (kind == "word" and match.group().lower() not in _WORDS):
            return
        end = match.end()
        if kind == "long":
            yield _Token(kind, match.group()[3:-3], line)
        elif kind == "short":
            yield _Token(kind, match.group()[1:-1], line)
        elif kind != "space":
            yield _Token(kind, match.group(), line)
        if kind in ("space", "long"):
            line += text.count("\n", match.start(), end)


class _Scanner:
    """What has been read so far: declarations, and a frame for each bracket that is open."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._prefixes: dict[str, str] = {}
        self._iris: dict[str, str] = {}
        self._declaring: list[str] = []
        self._frames = [_Frame()]
        self._nodes = 0

    def read(self, token: _Token) -> Iterator[Place]:
        """Take one token that is no string; give the statement that it completes."""
        frame = self._frames[-1]
        if self._declaring or (frame.subject is None and not frame.close and self._declares(token)):
            self._declare(token)
        elif token.kind == "mark":
            yield from self._mark(token, frame)
        elif token.kind == "word" and token.text.lower() == "graph":
            return
        elif frame.subject is not None and frame.predicate is None:
            frame.predicate = f"<{RDF}type>" if token.text == "a" else f"<{self.iri(token)}>"
        else:
            yield from self.value(self._key(token), token.line)

    def value(self, key: str, line: int) -> Iterator[Place]:
        """Take one term: a subject, an object or a member of a list."""
        frame = self._frames[-1]
        if frame.close == ")":
            member = self._new_node()
            frame.subject = frame.subject or member
            yield Place(member, f"<{RDF}first>", key, line, frame.line)
        elif frame.subject is None:
            frame.subject, frame.line = key, line
        elif frame.predicate is not None:
            yield Place(frame.subject, frame.predicate, key, line, frame.line)

    def _new_node(self) -> str:
        self._nodes += 1
        return f"[{self._nodes}]"

    def _mark(self, token: _Token, frame: _Frame) -> Iterator[Place]:
        if token.text == "[":
            self._frames.append(_Frame("]", token.line, self._new_node()))
        elif token.text == "(":
            self._frames.append(_Frame(")", token.line))
        elif token.text == frame.close:
            self._frames.pop()
            yield from self.value(frame.subject or f"<{RDF}nil>", frame.line)
        elif token.text == ";":
            frame.predicate = None
        elif token.text in (".", "{", "}"):  # the subject before a brace was the name of a graph
            frame.subject = frame.predicate = None

    def _declares(self, token: _Token) -> bool:
        return token.kind in ("at", "word") and token.text.lower().removeprefix("@") in ("prefix", "base")

    def _declare(self, token: _Token) -> None:
        """Collect the parts of a declaration, up to its IRI."""
        self._declaring.append(token.text)
        if token.kind != "iri":
            return
        word, *names = self._declaring
        iri = self.iri(token)
        if word.lower().endswith("base"):
            self._base = iri
        elif names:
            self._prefixes[names[0].removesuffix(":")] = iri
        self._declaring = []
        self._iris.clear()

    def _key(self, token: _Token) -> str:
        if token.kind == "blank":
            return token.text
        if token.kind == "number":
            kind = "double" if "e" in token.text.lower() else "decimal" if "." in token.text else "integer"
            return _literal(token.text, "", XSD + kind)
        if token.kind == "word":
            return _literal(token.text, "", XSD + "boolean")
        return f"<{self.iri(token)}>"

    def iri(self, token: _Token) -> str:
        """Write an IRI or a prefixed name in full."""
        if token.text not in self._iris:
            if token.kind == "iri":
                self._iris[token.text] = _resolve(unescape(token.text[1:-1]), self._base)
            else:
                prefix, _, local = token.text.partition(":")
                self._iris[token.text] = self._prefixes.get(prefix, "") + unescape(local)
        return self._iris[token.text]


def _resolve(iri: str, base: str) -> str:
    """Resolve a relative IRI as the parser does (RFC 3986, section 5.2), by asking it."""
    if _ABSOLUTE.match(iri) or not base:
        return iri
    try:
        quad = next(iter(ox.parse(f"<{iri}> a <{iri}> .", ox.RdfFormat.TURTLE, base_iri=base)))
    except (SyntaxError, ValueError, StopIteration):
        return iri
    return term_key(quad.subject)[1:-1]
