"""Gold for training: tables of mappings as queries, their candidates with features, and the relation of each.

Read by train_linking.py. A model reads from the query to the ESCO concept, so relations of tables that are written the
other way are turned.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from esco_graph.linking.features import FEATURES, features
from esco_graph.linking.index import CandidateIndex, Entry
from esco_graph.linking.ranking import RELATIONS
from esco_graph.linking.retrieve import retrieve
from esco_graph.linking.texts import Query

POOL = 50
GRADE = {"exact": 3, "close": 2, "broad": 1, "narrow": 1}


@dataclass
class Task:
    """One gold: features of the candidates of each query, and which relation the gold gives each candidate."""

    name: str
    lang: str
    x: np.ndarray
    relation: np.ndarray  # (q, k) numbers of RELATIONS
    has: dict[str, np.ndarray]  # per relation: does the gold have such a concept for the query
    embed: bool

    @property
    def there(self) -> np.ndarray:
        return self.x[..., FEATURES.index("rank")] > 0

    @property
    def best(self) -> np.ndarray:
        grade = np.array([GRADE.get(name, 0) for name in RELATIONS])[self.relation]
        return grade.max(axis=1)


def entries(path: Path) -> list[Entry]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Entry(
            row["conceptUri"],
            (
                (row["preferredLabel"], 0),
                *((one, 1) for one in re.split(r"[\n|]", row.get("altLabels") or "") if one.strip()),
                *((one, 2) for one in re.split(r"[\n|]", row.get("hiddenLabels") or "") if one.strip()),
            ),
            row.get("description") or "",
            row.get("iscoGroup") or "",
        )
        for row in rows
        if "/occupation/" in row["conceptUri"]
    ]


def onet(path: Path, titles: Path) -> tuple[list[Query], list[dict[str, str]]]:
    import openpyxl

    others: dict[str, list[str]] = defaultdict(list)
    for row in openpyxl.load_workbook(titles, read_only=True).active.iter_rows(min_row=2, values_only=True):
        others[row[0]] += [one for one in row[2:4] if one and one != "n/a"]
    gold: dict[str, dict[str, str]] = defaultdict(dict)
    found: dict[str, Query] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            if len(row) > 6 and re.fullmatch(r"\d\d-\d{4}\.\d\d", row[0]):
                gold[row[0]][row[3]] = turned(relation(row[6]))  # the file says broad where O*NET is the broader one
                alt = tuple(dict.fromkeys(others[row[0]]))
                found.setdefault(row[0], Query(row[0], row[1], "en", alt, row[2], row[0]))
    codes = sorted(found)
    return [found[code] for code in codes], [gold[code] for code in codes]


def national(path: Path, lang: str, *, reverse: bool) -> tuple[list[Query], list[dict[str, str]]]:
    gold: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        for cells in csv.reader(file):
            row = next(csv.reader(cells)) if len(cells) == 1 else cells
            named = next((cell for cell in row[4:8] if relation(cell)), "")
            if not named or "data.europa.eu/esco" not in row[0]:
                continue
            at = 3 if row[2].startswith("http") else 2
            gold[row[at], row[at + 1]][row[0]] = relation(named) if reverse else turned(relation(named))
    keys = sorted(gold)
    queries = []
    for code, label in keys:
        plain = code.replace(".", "")
        isco = plain[:4] if lang in ("pl", "lv") and re.fullmatch(r"\d{4,}", plain) else ""
        queries.append(Query(f"{code} {label}", label, lang, (), "", "" if "http" in code else code, isco))
    return queries, [gold[key] for key in keys]


def turned(name: str) -> str:
    """Read a relation from its other end; a model reads from the query to the concept."""
    return {"broad": "narrow", "narrow": "broad"}.get(name, name)


def relation(cell: str) -> str:
    match = re.search(r"(exact|close|broad|narrow) ?match", cell, re.IGNORECASE)
    return match[1].lower() if match else ""


def task(name: str, index: CandidateIndex, queries: list[Query], gold: list[dict[str, str]], vectors: object) -> Task:
    pool = retrieve(index, queries, POOL)
    x = features(index, queries, pool, embed=vectors)  # type: ignore[arg-type]
    kinds = np.full(pool.rows.shape, RELATIONS.index("none"))
    for at, named in enumerate(gold):
        numbers = {index.number[iri]: RELATIONS.index(what) for iri, what in named.items() if iri in index.number}
        for place, concept in enumerate(pool.rows[at]):
            kinds[at, place] = numbers.get(int(concept), kinds[at, place])
    has = {
        what: np.array([any(v == what and k in index.number for k, v in named.items()) for named in gold])
        for what in GRADE
    }
    return Task(name, index.lang, x, kinds, has, vectors is not None)
