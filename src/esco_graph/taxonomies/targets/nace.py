"""NACE Rev. 2 and Rev. 2.1 of Eurostat, under Eurostat's own IRIs.

The name spaces are in "Modeling of Eurostat's statistical classifications in ShowVoc" (cros.ec.europa.eu).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from esco_graph.taxonomies.taxonomy import Taxonomy

_SPACE = "http://data.europa.eu/ux2/"
# Section -> last division of it. Annex I of Regulation (EC) No 1893/2006, and Delegated Regulation (EU) 2023/137.
_REV_2 = "A03 B09 C33 D35 E39 F43 G47 H53 I56 J63 K66 L68 M75 N82 O84 P85 Q88 R93 S96 T98 U99"
_REV_2_1 = "A03 B09 C33 D35 E39 F43 G47 H53 I56 J60 K63 L66 M68 N75 O82 P84 Q85 R88 S93 T96 U98 V99"


def repair(text: str) -> str:
    """Bring `A01.11`, `0111` and `01.1.1` to the dotted form.

    >>> repair("A01.11"), repair("0111"), repair("011"), repair("01"), repair("A"), repair("A01")
    ('01.11', '01.11', '01.1', '01', 'A', '01')
    """
    code = text.upper().replace(" ", "")
    if len(code) > 1 and code[0].isalpha():
        code = code[1:].lstrip(".")
    plain = code.replace(".", "")
    if not plain.isdigit():
        return code
    return f"{plain[:2]}.{plain[2:]}" if len(plain) > 2 else plain


def local(code: str) -> str:
    """Give the code as it stands in the IRI, without the dot.

    >>> local("86.95"), local("A")
    ('8695', 'A')
    """
    return code.replace(".", "")


def _rise(sections: str) -> Callable[[str], str | None]:
    last = [(part[1:], part[0]) for part in sections.split()]

    def rise(code: str) -> str | None:
        if not code[:1].isdigit():
            return None
        if "." in code:
            return code[:-1].rstrip(".")
        return next((letter for division, letter in last if code <= division), None)

    return rise


def _target(key: str, name: str, sections: str, **facts: str | tuple[str, ...]) -> Taxonomy:
    return Taxonomy(
        key=key,
        name=name,
        lang="en",
        iri=f"{_SPACE}{key}/{{code}}",
        scheme=f"{_SPACE}{key}/{key}",
        owner="Eurostat",
        licence="Commission Decision 2011/833/EU: reuse is free when the source is named",
        form=r"[A-V]|\d{2}(\.\d{1,2})?",
        example="86.95",
        repair=repair,
        local=local,
        rise=_rise(sections),
        **facts,  # type: ignore[arg-type]
    )


TARGETS = (
    _target(
        "nace2.1",
        "NACE Rev. 2.1",
        _REV_2_1,
        aliases=("NACE", "NACE 2.1", "NACE Rev 2.1", "NACE Revision 2.1"),
        source="https://eur-lex.europa.eu/eli/reg_del/2023/137/oj",
        version="2.1",
    ),
    _target(
        "nace2",
        "NACE Rev. 2",
        _REV_2,
        spaces=("http://ec.europa.eu/eurostat/ramon/rdfdata/nace_r2/", "http://w3id.org/dpv/dpv-nace/"),
        aliases=("NACE", "NACE 2", "NACE Rev 2", "NACE Revision 2", "nace_r2", "NACE Rev.2"),
        source="https://eur-lex.europa.eu/eli/reg/2006/1893/oj",
        version="2",
    ),
)


def revision(codes: Iterable[str]) -> str:
    """Name the revision that has these codes: only Rev. 2.1 has a section V and no division 45.

    >>> revision({"A", "V"}), revision({"A01.11", "U99"})
    ('nace2.1', 'nace2')
    """
    plain = {repair(code) for code in codes}
    newer = any(code.startswith("V") for code in codes) or ("46" in plain and "45" not in plain)
    return "nace2.1" if newer else "nace2"
