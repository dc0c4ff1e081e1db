"""The identifiers of the two sides: whether codes are of their classification, and which IRI they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from esco_graph.errors import ParameterError
from esco_graph.mappings.rows import End, Raw, RowReader
from esco_graph.sources.spoilt import is_date, without_float
from esco_graph.sources.table_columns import Side, is_empty
from esco_graph.taxonomies.registry import own_taxonomy
from esco_graph.taxonomies.taxonomy import Taxonomy, is_iri
from esco_graph.terms import ISCO, OCCUPATION, SKILL, SKOS

if TYPE_CHECKING:
    from esco_graph.graph import Graph

MOST_WRONG = 0.5  # share of codes that are not of the classification named, from which on it is another one
ONE_LENGTH = 0.95  # share of codes of one length, from which on a shorter one has lost a zero
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def checked_taxonomy(
    side: Side, taxonomy: Taxonomy, cells: Sequence[str], base: str, told: bool, lang: str
) -> tuple[End, str]:
    """Give one side with its classification; when most codes are of another form, an own one of the same name.

    The remark says so, and is "" else. A classification that the user named stays.
    """
    codes = [cell for cell in cells if not is_empty(cell)]
    dotted = [code for code in codes if re.fullmatch(r"\d+[.,]\d+", code)]
    # a spreadsheet writes .0 after every whole number; codes such as 4321.1 beside show that 4321.0 is one too
    floats = len(dotted) > 0.9 * len(codes) and all(without_float(code) != code for code in dotted)
    dates = sum(map(is_date, codes)) > 0.2 * len(codes)
    remark = ""
    if not side.esco and not told and codes:
        plain = [without_float(code) if floats else code for code in codes if not is_date(code)]
        wrong = sum(not _is_code(taxonomy, code) for code in plain)
        owned = sum(is_iri(code) and not taxonomy.scheme_iri(base) for code in plain)
        if wrong - owned > MOST_WRONG * len(plain):
            own = own_taxonomy(f"{taxonomy.name} as mapped", lang or taxonomy.lang)
            remark = (
                f"Most codes are not of {taxonomy.name}; they are kept as a classification of their own, {own.key}."
            )
            taxonomy = own
    return End(side, taxonomy, base, lambda code: "", floats, dates), remark  # noqa: ARG005 - nothing to resolve with yet


def _is_code(taxonomy: Taxonomy, text: str) -> bool:
    try:
        return is_iri(text) or bool(taxonomy.code_of(text))
    except ParameterError:
        return False


class Resolver:
    """Find the IRI of a concept of ESCO by a UUID, an ISCO group or a code; codes need the graph."""

    def __init__(self, graph: Graph | None, kind: str, heading: str) -> None:
        """Take the graph, the kind of concept that the header names, and the heading of the column."""
        self.graph = graph
        self.space = SKILL if re.search(r"skill|competenc|kompetenz", kind, re.IGNORECASE) else OCCUPATION
        self.isco = "isco" in heading.casefold()
        self._codes: dict[str, str] | None = None

    def __call__(self, cell: str) -> str:
        """Give the IRI, or "" when nothing is found."""
        plain = cell.strip()
        if _UUID.fullmatch(plain):
            return self.space + plain.lower()
        if re.fullmatch(r"C\d{1,4}", plain):
            return ISCO + plain
        if self.isco and re.fullmatch(r"\d{1,4}", plain):
            return f"{ISCO}C{plain}"
        if self._codes is None:
            self._codes = self._read()
        return self._codes.get(plain, "")

    def _read(self) -> dict[str, str]:
        import pyoxigraph as ox

        if self.graph is None or self.graph.store is None:
            return {}
        found: dict[str, str] = {}
        for quad in self.graph.quads(None, ox.NamedNode(SKOS + "notation")):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                iri, code = quad.subject.value, quad.object.value
                if iri.startswith((OCCUPATION, ISCO, SKILL)):
                    found[code] = min(found.get(code, iri), iri)
        return found


def restore_zeros(raws: Sequence[Raw], reader: RowReader, ends: tuple[End, End]) -> None:
    """Put back leading zeros that a spreadsheet took, in a classification whose form is not known.

    That is done when nearly all codes are digits of one length, none begins with a zero, and the code is one digit
    shorter and not the beginning of another: so a group of codes stays as it is.
    """
    for at, end in enumerate(ends):
        if end.side.esco or end.taxonomy.form:
            continue
        codes = {iri: code for iri, code in reader.codes.items() if code and iri == end.iri_of(code)}
        new = _longer(codes, end)
        for raw in raws:
            iri = raw.object if at else raw.subject
            if iri in new:
                if at:
                    raw.object = new[iri]
                else:
                    raw.subject = new[iri]
                reader.repairs.setdefault("zeros", []).append(raw.line)
        for iri in new.values():
            reader.codes.setdefault(iri, iri.rsplit("/", 1)[1])


def _longer(codes: dict[str, str], end: End) -> dict[str, str]:
    lengths = Counter(len(code) for code in codes.values())
    if not lengths or not all(code.isdigit() for code in codes.values()):
        return {}
    length, number = max(lengths.items(), key=lambda item: (item[1], item[0]))
    if number < ONE_LENGTH * len(codes) or any(code.startswith("0") for code in codes.values()):
        return {}
    starts = {code[: length - 1] for code in codes.values() if len(code) == length}
    short = {iri: code for iri, code in codes.items() if len(code) == length - 1 and code not in starts}
    return {iri: end.iri_of("0" + code) for iri, code in short.items()}
