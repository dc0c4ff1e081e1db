"""Rewrite a SPARQL constraint, which asks about one node, into one query about all nodes; where both say the same.

Oxigraph looks up each row of a join in its indexes; between sub-selects it joins by hash, which for a whole release is
ten times faster. So each triple pattern becomes a sub-select of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from esco_graph.sparql import Token, tokens

# With these, a query may say something else when $this is left open, or the order of its rows counts.
_NOT_AT_ONCE = frozenset(
    ("UNION", "BIND", "AS", "GRAPH", "FROM", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "OPTIONAL", "VALUES",
     "MINUS", "SERVICE", "NOW", "BNODE", "UUID", "STRUUID", "RAND", "ASK", "CONSTRUCT", "DESCRIBE")
)  # fmt: skip
_NAMES = ("variable", "parameter")
_TERMS = (*_NAMES, "iri", "name")
_SUBSELECT = "{{ SELECT * {{ {} }} }}"


def at_once(query: str) -> str:
    """Write a SELECT about $this as one about all nodes, without duplicates; "" when it would not say the same.

    It does when the pattern holds but triples and filters, and a triple outside of them is about $this: no filter then
    meets the variable unbound.

    >>> print(at_once("SELECT $this { $this <urn:p> ?v ; a ?c FILTER NOT EXISTS { ?v a ?c } }"))
    SELECT DISTINCT $this { { SELECT * { $this <urn:p> ?v } } { SELECT * { $this a ?c } } MINUS { ?v a ?c . } }
    >>> at_once("SELECT $this { FILTER(isBlank($this)) }")
    ''
    """
    parts = [token for token in tokens(query) if token.kind != "comment"]
    words = {token.text.upper() for token in parts if token.kind == "word"}
    texts = [token.text for token in parts]
    if "{" not in texts or not _NOT_AT_ONCE.isdisjoint(words) or _holds_groups(parts):
        return ""
    start, end = texts.index("{"), len(texts) - texts[::-1].index("}") - 1
    select = next(place for place, token in enumerate(parts) if token.text.upper() == "SELECT")
    names = [token.text for token in parts[select:start] if token.kind in _NAMES]
    blocks, filters = _split(parts[start + 1 : end])
    ordered = _ordered([triple for block in blocks for triple in _triples(block)])
    if "this" not in [name[1:] for name in names] or not ordered or "".join(texts[end + 1 :]).strip():
        return ""
    known = set().union(*(_variables(triple) for block in blocks for triple in _triples(block)))
    conditions = [condition for one in filters for condition in _conditions(one, known)]
    body = " ".join([*(ordered if not _reaches_far(blocks) else map(_raw, blocks)), *conditions])
    return f"{''.join(texts[:select])}SELECT DISTINCT {' '.join(names)} {{ {body} }}"


def _holds_groups(parts: Sequence[Token]) -> bool:
    """Say whether a group stands in the pattern that is no EXISTS, or a blank node, which one group alone may name."""
    solid = [token.text.upper() for token in parts if token.kind != "space"]
    before = [one for one, other in pairwise(solid) if other == "{"][1:]
    return any(word != "EXISTS" for word in before) or any(text == "[" or text.startswith("_:") for text in solid)


def _split(parts: Sequence[Token]) -> tuple[list[list[Token]], list[list[Token]]]:
    """Take a pattern apart: its triple blocks (between dots), and what its filters ask."""
    blocks: list[list[Token]] = [[]]
    filters: list[list[Token]] = []
    place = 0
    while place < len(parts):
        token = parts[place]
        if token.text.upper() == "FILTER":
            end = _end_of_filter(parts, place)
            filters.append(list(parts[place + 1 : end]))
            blocks.append([])
            place = end
            continue
        if token.text == ".":
            blocks.append([])
        elif token.kind != "space":
            blocks[-1].append(token)
        place += 1
    return [block for block in blocks if block], filters


def _end_of_filter(parts: Sequence[Token], place: int) -> int:
    """Find the end of a filter: where the brackets after the word close for the first time."""
    depth = 0
    for end in range(place + 1, len(parts)):
        text = parts[end].text
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(text, 0)
        if depth == 0 and text in (")", "}"):
            return end + 1
    return len(parts)


def _conditions(asked: Sequence[Token], known: set[str]) -> Iterator[str]:
    """Write what a filter asks, EXISTS as a join and NOT EXISTS as MINUS where that is the same.

    It is where the variables that both sides share are always bound, as all of `known` are.
    """
    pieces = _conjuncts(asked)
    if len(pieces) > 1:
        for piece in pieces:
            yield from _conditions(piece, known)
        return
    solid = [token for token in asked if token.kind != "space"]
    words = [token.text.upper() for token in solid[:3]]
    group = solid[words.index("{") + 1 : -1] if "EXISTS" in words[:2] and "{" in words else []
    blocks, filters = _split(group)
    shared = known & set().union(*(_variables(block) for block in blocks))
    if not group or filters or not shared or _reaches_far(blocks) or not all(map(all, map(_triples, blocks))):
        text = "".join(token.text for token in asked).strip()
        yield f"FILTER {text}" if "EXISTS" in words[:2] else f"FILTER({text})"
        return
    inner = " ".join(map(_raw, blocks))
    names = " ".join(f"?{name}" for name in sorted(shared))
    yield f"MINUS {{ {inner} }}" if words[0] == "NOT" else f"{{ SELECT DISTINCT {names} {{ {inner} }} }}"


def _conjuncts(asked: Sequence[Token]) -> list[list[Token]]:
    """Take `(A && B)` apart; anything else stays whole."""
    pieces: list[list[Token]] = [[]]
    depth, before = 0, ""
    for token in asked:
        depth -= token.text in (")", "}")
        if depth == 1 and token.text == "|":
            return [list(asked)]
        if depth == 1 and token.text == before == "&":
            pieces[-1].pop()
            pieces.append([])
        elif depth or token.kind == "space":
            pieces[-1].append(token)
        depth += token.text in ("(", "{")
        before = token.text
    return pieces if len(pieces) > 1 else [list(asked)]


def _triples(block: Sequence[Token]) -> Iterator[list[Token]]:
    """Write out the abbreviations `;` and `,` of a block; an empty triple for what is not understood."""
    for part in _cut(block[1:], ";"):
        end = _end_of_path(part)
        objects = _cut(part[end:], ",")
        if not end or not objects or not all(_is_term(value) for value in objects) or not _is_term(block[:1]):
            yield []
        for value in objects:
            yield [block[0], *part[:end], *value]


def _end_of_path(part: Sequence[Token]) -> int:
    """Find where a property path ends (SPARQL, section 9.1); 0 when there is none."""
    texts = [token.text for token in part]
    place = 0
    while place < len(part):
        while place < len(part) and texts[place] in ("^", "!"):
            place += 1
        if texts[place : place + 1] == ["("]:
            depth = 1
            while depth and place + 1 < len(part):
                place += 1
                depth += {"(": 1, ")": -1}.get(texts[place], 0)
        place += 1
        while texts[place : place + 1] and texts[place] in ("*", "+", "?"):
            place += 1
        if texts[place : place + 1] not in (["/"], ["|"]):
            return place
        place += 1
    return 0


def _is_term(value: Sequence[Token]) -> bool:
    if len(value) == 1:
        return value[0].kind in (*_TERMS, "string", "word")
    return value[0].kind == "string" and all(
        token.kind in ("lang", "iri", "name") or token.text == "^" for token in value[1:]
    )


def _cut(parts: Sequence[Token], mark: str) -> list[list[Token]]:
    pieces: list[list[Token]] = [[]]
    for token in parts:
        if token.text == mark:
            pieces.append([])
        else:
            pieces[-1].append(token)
    return [piece for piece in pieces if piece]


def _reaches_far(blocks: Sequence[Sequence[Token]]) -> bool:
    """Say whether a sub-select would be huge: a path that repeats, or any property."""
    triples = [triple for block in blocks for triple in _triples(block)]
    return any(triple[1].kind in _NAMES or any(token.text in "*+" for token in triple[1:-1]) for triple in triples)


def _ordered(triples: Sequence[Sequence[Token]]) -> list[str]:
    """Write triples as sub-selects, each sharing a variable with one before it, from $this on; [] when that fails."""
    left = list(triples)
    known = {"this"}
    ordered: list[str] = []
    while left:
        found = next((triple for triple in left if known & _variables(triple)), None)
        if found is None:
            return []
        left.remove(found)
        known |= _variables(found)
        ordered.append(_SUBSELECT.format(_raw(found).removesuffix(" .")))
    return ordered


def _variables(triple: Sequence[Token]) -> set[str]:
    return {token.text[1:] for token in triple if token.kind in _NAMES}


def _raw(block: Sequence[Token]) -> str:
    text = ""
    for token in block:
        text += ("" if token.kind == "lang" or token.text == "^" or text.endswith("^^") else " ") + token.text
    return f"{text.strip()} ."
