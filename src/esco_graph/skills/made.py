"""Make the skill matrix from what was read of a graph; the same relations give the same bytes in any order."""

from __future__ import annotations

import hashlib
from itertools import chain

import numpy as np
from scipy.sparse import csr_array

from esco_graph.skills.matrix import FloatArray, SkillMatrix
from esco_graph.skills.read import Many, Relations

_NONE: set[str] = set()


def make_matrix(found: Relations) -> SkillMatrix:
    """Number the occupations, skills and broader concepts by IRI, and count."""
    columns = {iri: column for column, iri in enumerate(found.skills)}
    essential = _incidence([found.essential.get(iri, _NONE) for iri in found.occupations], columns)
    optional = _incidence(
        [found.optional.get(iri, _NONE) - found.essential.get(iri, _NONE) for iri in found.occupations], columns
    )
    concepts, broader = _hierarchy(found.skills, found.broader)
    groups = [found.group.get(iri, ("", 0)) for iri in found.occupations]
    held = csr_array(essential + optional)
    return SkillMatrix(
        occupations=found.occupations,
        skills=found.skills,
        concepts=concepts,
        essential=essential,
        optional=optional,
        broader=broader,
        isco=[code for code, _ in groups],
        level=np.array([level for _, level in groups], dtype=np.int8),
        regulated=np.array([iri in found.regulated for iri in found.occupations], dtype=bool),
        green=_share(held, found.skills, found.green),
        digital=_share(held, found.skills, found.digital),
        release=found.release,
        obsolete=found.obsolete,
        fingerprint=_fingerprint([found.occupations, found.skills, concepts], [essential, optional, broader]),
    )


def _incidence(lists: list[set[str]], columns: dict[str, int]) -> csr_array:
    """Make the 0/1 array of a relation."""
    indptr = np.cumsum([0, *map(len, lists)], dtype=np.int32)
    flat = chain.from_iterable(lists)
    indices = np.fromiter(map(columns.__getitem__, flat), dtype=np.int32, count=int(indptr[-1]))
    rows = csr_array((np.ones(len(indices), dtype=np.float32), indices, indptr), shape=(len(lists), len(columns)))
    rows.sort_indices()
    return rows


def _hierarchy(skills: list[str], broader: Many) -> tuple[list[str], csr_array]:
    """Find the concepts one and two steps above each skill, with the fewest steps; no skill is above itself."""
    others = sorted({*broader, *chain.from_iterable(broader.values())}.difference(skills))
    names = [*skills, *others]
    numbers = {iri: number for number, iri in enumerate(names)}
    pairs = [(numbers[one], numbers[up]) for one, ups in broader.items() for up in ups]
    below, above = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
    parents = csr_array((np.ones(len(below), dtype=np.float32), (below, above)), shape=(len(names), len(names)))
    first = csr_array(parents[: len(skills)])
    second = csr_array(first @ parents)
    second.data[:] = 1
    steps = (first + (second - second.multiply(first)) * 2).tocoo()
    kept = (steps.data > 0) & (steps.row != steps.col)
    used, columns = np.unique(steps.col[kept], return_inverse=True)
    by_iri = np.argsort(np.array([names[number] for number in used.tolist()], dtype=np.str_), kind="stable")
    place = np.argsort(by_iri)
    cells = (steps.data[kept].astype(np.float32), (steps.row[kept], place[columns].astype(np.int32)))
    result = csr_array(cells, shape=(len(skills), len(used)))
    result.sort_indices()
    return [names[used[at]] for at in by_iri.tolist()], result


def _share(held: csr_array, skills: list[str], members: set[str]) -> FloatArray:
    """Give the share of each occupation's skills that are members; 0 for one without skills."""
    inside = np.array([iri in members for iri in skills], dtype=np.float64)
    return np.asarray((held @ inside) / np.maximum(np.diff(held.indptr), 1))


def _fingerprint(lists: list[list[str]], arrays: list[csr_array]) -> str:
    """Hash the relations and the hierarchy, by name."""
    digest = hashlib.sha256()
    for names in lists:
        digest.update("\n".join(names).encode() + b"\0")
    for array in arrays:
        for part in (array.indptr, array.indices, array.data):
            digest.update(np.ascontiguousarray(part).tobytes() + b"\0")
    return digest.hexdigest()
