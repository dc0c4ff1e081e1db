"""People as an Arrow batch of `id` and `skills`: their types, and IRIs turned into columns of the skill matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from esco_graph.errors import SourceError
from esco_graph.sparql import printable

ID, SKILLS = "id", "skills"
EXPECTED = "Expected: id (text or whole number) and skills (a list of skill IRIs)"
LONGEST = 200
"""Characters of an IRI that a reason shows."""

REFUSED = pa.schema({"row": pa.int64(), ID: pa.string(), "outcome": pa.string(), "reason": pa.string()})
"""Columns of the side file: number of the row, id, `refused` or `remark` (matched by part of its skills), and why."""

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Held:
    """What the people of a batch hold: `columns[start[i]:start[i + 1]]` are those of person i, each once, in order.

    `given` counts the entries of each person's list, `unknown` those that are no skill of the matrix (None included),
    and `first_unknown` is the place of the first of them in `values`, -1 for none.
    """

    start: Ints
    columns: NDArray[np.int32]
    given: Ints
    unknown: Ints
    first_unknown: Ints
    values: pa.Array

    def example(self, person: int) -> str:
        """Show the first entry of a person that is unknown."""
        value = self.values[int(self.first_unknown[person])].as_py()
        if value is None or not value.strip():
            return "an empty entry"
        advice = "; ESCO's begin with http:" if value.startswith("https:") else ""
        return f"<{printable(value[:LONGEST])}>{advice}"

    def is_blank(self, person: int) -> bool:
        """Say whether a person has no entry that is known or that has any text."""
        first, given = int(self.first_unknown[person]), int(self.given[person])
        if self.unknown[person] < given:
            return False
        return not any((value.as_py() or "").strip() for value in self.values[first : first + given])


def check_people(schema: pa.Schema, where: str) -> pa.Schema:
    """Give the schema of the two columns, as the kernel takes them; raises SourceError that names what was found.

    >>> check_people(pa.schema({"id": pa.int32(), "skills": pa.list_(pa.string())}), "people.parquet").field("id").type
    DataType(int64)
    """
    found = ", ".join(f"{field.name} ({field.type})" for field in schema) or "none"
    for name in (ID, SKILLS):
        if schema.names.count(name) != 1:
            what = "no column" if name not in schema.names else "more than one column"
            raise SourceError(f"{what} {name!r}; found: {found}", where=where, advice=f"{EXPECTED}.")
    id_given, skills_type = schema.field(ID).type, schema.field(SKILLS).type
    if not (_is_text(id_given) or pa.types.is_integer(id_given)):
        raise SourceError(f"column 'id' is {id_given}", where=where, advice=f"{EXPECTED}.")
    if not (_is_list(skills_type) and _is_text(skills_type.value_type)):
        raise SourceError(f"column 'skills' is {skills_type}", where=where, advice=f"{EXPECTED}.")
    return pa.schema({ID: id_type(id_given), SKILLS: skills_type})


def id_type(given: pa.DataType) -> pa.DataType:
    """Give the type of the ids in the output: int64 for whole numbers that fit, else text."""
    return pa.int64() if pa.types.is_integer(given) and given != pa.uint64() else pa.string()


def held_by(skills: pa.Array, known: pa.Array) -> Held:
    """Turn lists of IRIs into columns of the matrix whose skills are `known`; a skill that is listed twice counts once.

    >>> lists = pa.array([["b", "a", "b"], None, ["x", "a"]])
    >>> held = held_by(lists, pa.array(["a", "b"]))
    >>> held.columns.tolist(), held.start.tolist(), held.unknown.tolist(), held.example(2)
    ([0, 1, 0], [0, 2, 2, 3], [0, 0, 1], '<x>')
    """
    given = pc.fill_null(pc.list_value_length(skills), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    values = skills.flatten()
    found = _columns_of(values, known)
    small = len(given) * len(known) < np.iinfo(np.int32).max  # sorts in half the time
    person: Any = np.repeat(np.arange(len(given), dtype=np.int32 if small else np.int64), given)
    unknown = found < 0
    keys = person * len(known) + found.astype(person.dtype, copy=False)
    keys = np.sort(keys[~unknown] if unknown.any() else keys)
    keys = keys[np.append(True, keys[1:] != keys[:-1])] if len(keys) else keys
    owner = keys // max(len(known), 1)
    first = np.full(len(given), -1)
    missing = np.flatnonzero(unknown)
    first[person[missing[::-1]]] = missing[::-1]  # the last write wins: the first of each person
    return Held(
        start=np.append(0, np.cumsum(np.bincount(owner, minlength=len(given)))),
        columns=(keys - owner * len(known)).astype(np.int32),
        given=given,
        unknown=np.bincount(person[missing], minlength=len(given)),
        first_unknown=first,
        values=values,
    )


def _columns_of(values: pa.Array, known: pa.Array) -> Ints:
    """Look IRIs up, -1 for what is unknown; a dictionary is looked up once, not once for each use of its entries."""
    if pa.types.is_dictionary(values.type):
        columns = np.append(_columns_of(values.dictionary, known), -1)
        found: Ints = columns[pc.fill_null(values.indices, len(columns) - 1).to_numpy(zero_copy_only=False)]
        return found
    if values.type != known.type:
        values = values.cast(known.type)
    looked_up: Ints = pc.fill_null(pc.index_in(values, known), -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return looked_up


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))
