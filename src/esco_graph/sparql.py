"""The little of SPARQL that stored queries need: a lexer, terms written safely, and what the lexer can refuse.

A stored query marks its parameters as `$name`. Only a lexer can tell such a token from the same characters inside a
string, an IRI or a comment; everything else about the syntax is left to the store's own parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph as ox

from esco_graph.errors import ParameterError, QueryError
from esco_graph.terms import prefixes

_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
# SPARQL 1.1 section 19.8; the order matters: long quotes before short ones, IRIs before the operator "<".
_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\r\n]*)
  | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
      | "(?!"")(?:[^"\\\r\n]|\\[^\r\n])*" | '(?!'')(?:[^'\\\r\n]|\\[^\r\n])*')
  | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|UCHAR)*>)
  | (?P<variable>[?$][\w\u00B7\u0300-\u036F\u203F\u2040]+)
  | (?P<name>(?:[^\W\d_][\w.\u00B7-]*|_)?:(?:[\w.:\u00B7-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*)
  | (?P<lang>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<word>\w+)
  | (?P<space>\s+)
  | (?P<other>.)
    """.replace("UCHAR", _UCHAR),
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """One token: its kind, its characters and the index of the first one.

    The kinds are comment, string, iri, variable (`?x`), parameter (`$x`), name (`skos:broader`), lang, word, space and
    other.
    """

    kind: str
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """Cut SPARQL into tokens; put together again they give the text.

    Raises QueryError for a quote that is never closed and for a backslash outside strings, IRIs and names.

    >>> [token.text for token in tokens('?s skos:note "$no" # $no') if token.kind != "space"]
    ['?s', 'skos:note', '"$no"', '# $no']
    """
    for match in _TOKEN.finditer(text):
        kind, piece = str(match.lastgroup), match.group()
        if kind == "other" and piece in "\"'\\":
            line = text.count("\n", 0, match.start()) + 1
            what = "a backslash outside strings and IRIs" if piece == "\\" else f"the quote {piece} is never closed"
            raise QueryError(what, where=f"line {line}")
        if kind == "variable" and piece.startswith("$"):
            kind = "parameter"
        yield Token(kind, piece, match.start())


def split(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Cut SPARQL at its parameters: the texts around them (one more), and their names in order.

    >>> split("SELECT ?s { ?s a $kind } LIMIT $limit")
    (('SELECT ?s { ?s a ', ' } LIMIT ', ''), ('kind', 'limit'))
    """
    texts, names, end = [], [], 0
    for token in tokens(text):
        if token.kind == "parameter":
            texts.append(text[end : token.start])
            names.append(token.text[1:])
            end = token.start + len(token.text)
    return (*texts, text[end:]), tuple(names)


def join(texts: tuple[str, ...], names: tuple[str, ...], terms: Mapping[str, str]) -> str:
    """Put terms, already written as SPARQL, where `split` found the parameters.

    >>> join(*split("SELECT ?s { ?s a $kind }"), {"kind": "<http://example.org/Kind>"})
    'SELECT ?s { ?s a <http://example.org/Kind> }'
    """
    pieces = [texts[0]]
    for name, text in zip(names, texts[1:], strict=True):
        pieces += (terms[name], text)
    return "".join(pieces)


# --- terms -----------------------------------------------------------------------------------------------------------

_ECHAR = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
# Some engines (rdflib) expand \uXXXX in the whole text before they parse it, without looking for a backslash in front
# of it; so a "u" after a backslash is itself written as an escape, and no value can turn into another one.
_ESCAPABLE = re.compile(r'\\[uU]|[\\"\n\r\t\b\f]')


def _escape(match: re.Match[str]) -> str:
    found = match.group()
    return _ECHAR[found] if len(found) == 1 else f"\\\\\\U{ord(found[1]):08X}"


def write_string(value: str) -> str:
    r"""Write a plain string literal that every engine reads back as exactly this value.

    Raises ParameterError for NUL and for lone surrogates, which no engine can carry.

    >>> print(write_string('say "no" \\ yes'))
    "say \"no\" \\ yes"
    """
    bad = re.search("[\x00\ud800-\udfff]", value)
    if bad:
        raise ParameterError(f"the text holds the character U+{ord(bad.group()):04X}", advice="Remove it.")
    return f'"{_ESCAPABLE.sub(_escape, value)}"'


def shown(value: object, longest: int = 60) -> str:
    r"""Quote a value for an error message: on one line, printable, not too long.

    >>> print(shown("a\nb"), shown("x" * 100, longest=8))
    'a\nb' 'xxxxxx…
    """
    if isinstance(value, int) and value.bit_length() > longest * 4:
        return "a huge number"  # Python refuses to write out the hugest
    text = repr(value[: longest + 1] if isinstance(value, str) else value)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def printable(text: str) -> str:
    r"""Write what cannot be seen as an escape: control and direction characters, line ends, no-break spaces.

    So a label can neither steer a terminal, nor turn the text around it, nor begin a line of its own; and what is wrong
    with it shows.

    >>> print(printable("a\n\x1b[31mb\u202e"))
    a\u000A\u001B[31mb\u202E
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(char: str) -> str:
    if char.isprintable():
        return char
    number = ord(char)
    return f"\\u{number:04X}" if number < 0x10000 else f"\\U{number:08X}"


def write_iri(value: str) -> str:
    """Write an absolute IRI between angle brackets; raises ParameterError when it is none (RFC 3987).

    >>> write_iri("http://data.europa.eu/esco/isco/C2269")
    '<http://data.europa.eu/esco/isco/C2269>'
    """
    try:
        return str(ox.NamedNode(value))
    except ValueError as error:
        reason = ascii(str(error))[1:-1]  # it quotes the character that it stumbled over
        raise ParameterError(f"not an absolute IRI ({reason})", where=shown(value)) from error


def write_integer(value: int) -> str:
    """Write an integer bare, as LIMIT needs it.

    >>> write_integer(10)
    '10'
    """
    return str(value)


def write_decimal(value: Decimal) -> str:
    """Write an xsd:decimal bare and without exponent.

    >>> write_decimal(Decimal("1E-3")), write_decimal(Decimal(2))
    ('0.001', '2.0')
    """
    text = format(value, "f")
    return text if "." in text else text + ".0"


def write_boolean(value: bool) -> str:
    """Write a boolean bare.

    >>> write_boolean(True)
    'true'
    """
    return "true" if value else "false"


# --- what the lexer can refuse ---------------------------------------------------------------------------------------


def projected_parameters(text: str) -> list[str]:
    """Name the parameters that a SELECT clause would give back as columns, sorted.

    A parameter inside an expression, `(STR($x) AS ?y)`, is fine.

    >>> projected_parameters("SELECT ?a $b (STR($c) AS ?d) { ?a ?d $b }")
    ['b']
    """
    found, depth, inside, after_as = set(), 0, False, False
    for token in _meaningful(text):
        word = token.text.upper()
        if token.kind == "word" and word == "SELECT":
            inside, depth = True, 0
        elif inside and depth == 0 and (word in ("{", "WHERE", "FROM")):
            inside = False
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if inside and token.kind == "parameter" and (depth == 0 or after_as):
            found.add(token.text[1:])
        after_as = word == "AS"
    return sorted(found)


def unordered_limit(text: str) -> bool:
    """Say whether a LIMIT or OFFSET stands in a (sub)select without ORDER BY: its rows would be a matter of chance.

    >>> unordered_limit("SELECT ?s { ?s ?p ?o } LIMIT 3")
    True
    >>> unordered_limit("SELECT ?s { { SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 3 } } ORDER BY ?s")
    False
    """
    ordered = [False]
    for token in _meaningful(text):
        word = token.text.upper()
        if token.text == "{":
            ordered.append(False)
        elif token.text == "}":
            # A stray brace is the parser's to report.
            ordered = ordered[:-1] or [False]
        elif token.kind == "word" and word == "ORDER":
            ordered[-1] = True
        elif token.kind == "word" and word in ("LIMIT", "OFFSET") and not ordered[-1]:
            return True
    return False


def limit_parameters(text: str) -> set[str]:
    """Name the parameters that stand right after LIMIT or OFFSET, where SPARQL allows no negative number.

    >>> limit_parameters("SELECT ?s { ?s ?p $o } ORDER BY ?s LIMIT $limit")
    {'limit'}
    """
    found, before = set(), ""
    for token in _meaningful(text):
        if token.kind == "parameter" and before in ("LIMIT", "OFFSET"):
            found.add(token.text[1:])
        before = token.text.upper()
    return found


def refuse_remote(text: str, keywords: tuple[str, ...] = ("SERVICE",)) -> None:
    """Refuse SPARQL that reaches another server: SERVICE, and LOAD in an update.

    Oxigraph needs no space around a keyword, so `SERVICESILENT` and a prefix that begins with the word are refused too.

    >>> refuse_remote('ASK { ?service ?p "SERVICE" } # SERVICE')
    >>> refuse_remote("ASK { SERVICESILENT <http://example.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    esco_graph.errors.QueryError: SERVICE is refused: it reaches another server. Leave it out, or rename the prefix.
    """
    lower = text.lower()
    for keyword in keywords:
        if keyword.lower() in lower and any(_may_hide(token, keyword) for token in _meaningful(text)):
            what = f"{keyword} is refused: it reaches another server"
            raise QueryError(what, advice="Leave it out, or rename the prefix.")


def fault_of(sparql: str, error: SyntaxError) -> tuple[str, str]:
    """Put the store's refusal of a query in short: what is wrong, and what may help.

    A prefix that is not declared is told first; of what the parser expected, whole sentences, else three items.

    >>> fault_of("ASK { ?a foo:b 1 }", SyntaxError("error at 1:15: expected one of OPTIONAL, Prefix not found"))
    ('line 1: the prefix foo: is not declared', 'Declare it at the start: PREFIX foo: <namespace IRI>.')
    >>> fault_of("SELEC *", SyntaxError('error at 1:8: expected one of VERSION, ",", [_], ["x"]'))
    ('error at 1:8: expected one of VERSION, ",", [_], …', 'Line 1 is: SELEC *')
    """
    message = str(error)
    match = re.search(r"at (\d+):(\d+)", message)
    lines = sparql.split("\n")
    if not match or int(match[1]) > len(lines):
        return _shortened(message), ""
    before, line = lines[: int(match[1]) - 1], lines[int(match[1]) - 1]
    token = _undeclared(sparql, sum(len(one) + 1 for one in before) + int(match[2]) - 1)
    if token:
        prefix = printable(token.text.partition(":")[0])
        what = f"line {sparql.count(chr(10), 0, token.start) + 1}: the prefix {prefix}: is not declared"
        return what, f"Declare it at the start: PREFIX {prefix}: <{prefixes().get(prefix, 'namespace IRI')}>."
    return _shortened(message), f"Line {match[1]} is: {line.strip()[:120]}"


def _undeclared(text: str, end: int) -> Token | None:
    """Find the first name before an index whose prefix is not declared."""
    declared, last = {"_"}, ""
    try:
        for token in _meaningful(text):
            prefix = token.text.partition(":")[0]
            if token.kind == "name" and last == "PREFIX":
                declared.add(prefix)
            elif token.kind == "name" and prefix not in declared and token.start < end:
                return token
            last = token.text.upper()
    except QueryError:  # a text that is not even tokens is the parser's to report
        pass
    return None


def _shortened(message: str) -> str:
    head, one_of, rest = message.partition("expected one of ")
    items = re.findall(r'"(?:\\.|[^"\\])*"|\[.*?\](?=,|\.|$)|[^,"\[\s][^,]*', rest, re.DOTALL)
    if sentences := [item for item in items if re.match(r"[A-Z]\w* \w", item)]:
        return head + "; ".join(sentences).rstrip(".")
    return f"{head}{one_of}{', '.join(items[:3])}, …" if len(items) > 3 else message


def has_dataset_clause(text: str) -> bool:
    """Say whether a query names its own dataset with FROM.

    >>> has_dataset_clause("ASK FROM <http://example.org/g> { ?s ?p ?o }"), has_dataset_clause("ASK { ?from ?p 1 }")
    (True, False)
    """
    if "from" not in text.lower():
        return False
    return any(token.kind == "word" and token.text.upper() == "FROM" for token in _meaningful(text))


def _may_hide(token: Token, keyword: str) -> bool:
    part = {"word": token.text, "name": token.text.partition(":")[0]}.get(token.kind, "")
    return keyword in part.upper()


def _meaningful(text: str) -> Iterator[Token]:
    return (token for token in tokens(text) if token.kind not in ("space", "comment"))
