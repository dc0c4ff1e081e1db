"""Which classifications are known by name, and how one is found: by key, name or alias, or made for an unknown one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from esco_graph.errors import NotFoundError, ParameterError
from esco_graph.labels.index import fold
from esco_graph.profiles.model import slugify
from esco_graph.taxonomies.targets import (
    digcomp,
    esco,
    isced_f,
    isco,
    kldb,
    nace,
    national,
    onet,
    rome,
    soc,
    ssyk,
    wikidata,
)
from esco_graph.taxonomies.taxonomy import Taxonomy
from esco_graph.terms import check_lang

if TYPE_CHECKING:
    from esco_graph.graph import Graph

__all__ = [
    "TAXONOMIES",
    "Taxonomy",
    "code_in",
    "find_taxonomy",
    "own_taxonomy",
    "taxonomies_named",
    "taxonomy_fitting",
    "taxonomy_named",
    "taxonomy_of_iri",
]

TAXONOMIES: dict[str, Taxonomy] = {
    one.key: one
    for one in (
        esco.TARGET,
        isco.TARGET,
        onet.TARGET,
        *soc.TARGETS,
        *nace.TARGETS,
        rome.TARGET,
        kldb.TARGET,
        ssyk.TARGET,
        isced_f.TARGET,
        digcomp.TARGET,
        wikidata.TARGET,
        *national.TARGETS,
    )
}
"""The known classifications by key; ESCO itself is `esco`."""


def _plain(name: str) -> str:
    """Fold a name to letters and digits: `NACE Rev. 2` and `nace-rev2` are one."""
    return re.sub(r"[^\w]+", "", fold(name)).replace("_", "")


_BY_NAME: dict[str, list[Taxonomy]] = {}
for _one in TAXONOMIES.values():
    for _name in (*_one.aliases, _one.name, _one.key):
        _bearers = _BY_NAME.setdefault(_plain(_name), [])
        if _one not in _bearers:
            _bearers.append(_one)


_BY_SPACE = {one.iri.partition("{code}")[0]: one for one in TAXONOMIES.values() if one.iri and one.key != "esco"}


def taxonomy_named(name: str) -> Taxonomy | None:
    """Find a known taxonomy by its key, its name or what tables call it; None when no name is equal.

    >>> taxonomy_named("Klassifikation der Berufe 2010").key, taxonomy_named("O*NET-SOC 2019").key
    ('kldb', 'onet')
    >>> taxonomy_named("Kompetenzsystematik") is None
    True
    """
    return next(iter(taxonomies_named(name)), None)


def taxonomies_named(name: str) -> list[Taxonomy]:
    """List the known taxonomies that bear a name: `SOC 2010` is the U.S. one and the U.K. one.

    >>> [one.key for one in taxonomies_named("SOC2010")]
    ['soc-2010', 'uk-soc-2010']
    """
    return list(_BY_NAME.get(_plain(name), ())) if _plain(name) else []


def taxonomy_fitting(name: str, codes: Iterable[str]) -> Taxonomy | None:
    """Choose among the taxonomies of a name the one whose form most of the codes have; None when none has half of them.

    >>> taxonomy_fitting("SOC2010", ["1115", "1116"]).key, taxonomy_fitting("SOC 2010", ["11-1011"]).key
    ('uk-soc-2010', 'soc-2010')
    """
    given = [code for code in codes if code.strip()]
    fits = [
        (sum(one.is_code(code) for code in given) if one.form else len(given), one) for one in taxonomies_named(name)
    ]
    best = max(fits, key=lambda fit: fit[0], default=None)
    return best[1] if best and 2 * best[0] >= len(given) else None


def code_in(iri: str, key: str) -> str:
    """Read the code off the IRI of a concept of the taxonomy with this key; "" where the IRI does not say.

    It says so where the key stands before the code, and where the IRI is of the form or space of a known owner.

    >>> code_in("https://example.org/taxonomy/rome/A1101", "rome"), code_in("https://example.org/jobs#12", "rome")
    ('A1101', '')
    >>> code_in("http://data.europa.eu/esco/concept/estonian-occupations/3322.0001", "estonian-occupations")
    '3322.0001'
    >>> code_in("http://data.jobtechdev.se/taxonomy/concept/h4wH_7kG_UTN", "swedish-skills")
    'h4wH_7kG_UTN'
    """
    _, own, local = iri.partition(f"/{quote(key, safe='')}/")
    if own and key and "/" not in local:
        return unquote(local)
    known = TAXONOMIES.get(key)
    if not (known and iri.startswith(known.spaces)):
        known = taxonomy_of_iri(iri)
    try:
        return known.code_of(iri) if known else ""
    except ParameterError:
        return ""


def taxonomy_of_iri(iri: str) -> Taxonomy | None:
    """Find the known taxonomy whose owner gives his concepts such IRIs; ESCO is not among them.

    >>> taxonomy_of_iri("http://data.europa.eu/ux2/nace2.1/8695").key
    'nace2.1'
    """
    return next((one for space, one in _BY_SPACE.items() if iri.startswith(space)), None)


def own_taxonomy(name: str, lang: str) -> Taxonomy:
    """Make a taxonomy for a name that nobody knows; its key is the slug of the name, its concepts under the base.

    Raises ParameterError for a name without a letter or digit, or a language tag that is none.

    >>> own_taxonomy("Kompetenzsystematik", "de").concept_iri("K 0812-007", "https://example.org/")
    'https://example.org/taxonomy/kompetenzsystematik/K%200812-007'
    """
    title = " ".join(name.split())
    if not _plain(title):
        raise ParameterError(
            f"{name[:40]!r} cannot name a taxonomy", advice="Give it a name with letters, as --as KEY."
        )
    return Taxonomy(slugify(title), title, check_lang(lang))


def find_taxonomy(graph: Graph, text: str) -> Taxonomy:
    """Find a taxonomy by key or name, in the graph or among the known; NotFoundError with what is near.

    >>> from esco_graph.graph import Graph
    >>> find_taxonomy(Graph.memory(), "rome").key
    'rome'
    """
    if known := taxonomy_named(text):
        return known
    from esco_graph.taxonomies.rdf import heads

    inside = heads(graph)
    for head in inside:
        if _plain(text) in {_plain(head.taxonomy.key), _plain(head.taxonomy.name)}:
            return head.taxonomy
    keys = sorted({*TAXONOMIES, *(head.taxonomy.key for head in inside)})
    near = get_close_matches(text.casefold(), keys, n=1, cutoff=0.5)
    advice = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(keys)}."
    raise NotFoundError(f"no taxonomy {text[:60]!r}", advice=advice)
