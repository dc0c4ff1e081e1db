"""Gold for linking: mapping tables, MELO folders, and how a ranking is held against them; for `linking.py`."""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from esco_graph.linking.index import Entry
from esco_graph.linking.texts import Query
from esco_graph.mappings.form import read_mapping_file
from esco_graph.mappings.model import RELATIONS, MappingSet
from esco_graph.terms import OCCUPATION, SKILL

Ranking = list[list[tuple[str, float]]]
"""For each query the best concepts with their scores, best first."""

Bin = tuple[float, float, int, float, float]
"""Bounds of a confidence, how many, the mean confidence and the share that was right."""

DEEP = 100
"""Places of a ranking that count, as in MELO's own evaluation."""

AT = (1, 5, 10)
RULES = {"exact": ("exact",), "strict": ("exact", "close"), "any": tuple(RELATIONS)}
"""Which relations of the gold count as right."""

_WORDS = {iri: word for word, iri in RELATIONS.items()}


@dataclass(frozen=True)
class Case:
    """Queries, the concepts to choose from, and for each query the right ones by IRI with their relation.

    `trec` asks for the order of trec_eval: scores to five decimals, ties by name from the end of the alphabet.
    """

    name: str
    lang: str
    entries: tuple[Entry, ...]
    queries: tuple[Query, ...]
    gold: tuple[dict[str, str], ...]
    trec: bool = False

    def kept(self, relations: Iterable[str]) -> list[int]:
        """Number the queries of which something right is among the concepts."""
        there, wanted = {entry.iri for entry in self.entries}, set(relations)
        return [
            at for at, right in enumerate(self.gold) if any(w in wanted and iri in there for iri, w in right.items())
        ]


# Reading


def read_concepts(path: Path) -> tuple[Entry, ...]:
    """Read occupations or skills from a CSV of the ESCO portal."""
    csv.field_size_limit(10**9)
    found = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            labels = [(row["preferredLabel"], 0)]
            for rank, column in ((1, "altLabels"), (2, "hiddenLabels")):
                labels += [(one, rank) for one in (row.get(column) or "").split("\n") if one.strip()]
            isco, description = row.get("iscoGroup") or "", row.get("description") or ""
            if row["conceptUri"].startswith((OCCUPATION, SKILL)):
                found.append(Entry(row["conceptUri"], tuple(labels), description, isco, row.get("code") or ""))
    return tuple(found)


def read_table(path: Path, corpora: Callable[[str], tuple[Entry, ...] | None]) -> Case:
    """Read any mapping file that the package imports; the queries are the concepts outside ESCO."""
    found = read_mapping_file(path).set
    ours = found.subject_source == "esco"
    lang = (found.object_lang if ours else found.subject_lang) or "en"
    right: dict[str, dict[str, str]] = defaultdict(dict)
    names: dict[str, str] = {}
    own: dict[str, str] = {}
    for row in found.mappings:
        one = row.inverted() if ours else row
        if row.holds and one.object.startswith((OCCUPATION, SKILL)):
            right[one.subject].setdefault(one.object, _WORDS[one.predicate])
            names.setdefault(one.subject, one.subject_label)
            own.setdefault(one.object, one.object_label)
    skills = 2 * sum(iri.startswith(SKILL) for iri in own) > len(own)
    entries = None if skills else corpora(lang)
    if entries is None:
        entries = tuple(Entry(iri, ((own[iri], 0),)) for iri in sorted(own))
    queries = _queries(found, names, lang)
    return Case(path.name, lang, entries, queries, tuple(dict(right[query.id]) for query in queries))


def _queries(found: MappingSet, names: dict[str, str], lang: str) -> tuple[Query, ...]:
    known = {one.iri: one for one in found.concepts}
    queries = []
    for iri in sorted(names):
        one = known.get(iri)
        code, isco, text = (one.code, one.isco, one.description) if one else ("", "", "")
        queries.append(Query(iri, names[iri], lang, (), text, code, isco))
    return tuple(queries)


def with_titles(case: Case, path: Path) -> Case:
    """Add O*NET's alternative titles to queries with its codes."""
    from openpyxl import load_workbook

    titles: dict[str, dict[str, None]] = defaultdict(dict)
    book = load_workbook(path, read_only=True)
    rows = book.active.iter_rows(values_only=True)
    head = [str(cell) for cell in next(rows)]
    code, long, short = (head.index(name) for name in ("O*NET-SOC Code", "Alternate Title", "Short Title"))
    for row in rows:
        titles[row[code]].update(dict.fromkeys(one for one in (row[long], row[short]) if one and one != "n/a"))
    book.close()
    return replace(case, queries=tuple(replace(one, alt=tuple(titles.get(one.code, ()))) for one in case.queries))


def with_groups(case: Case, path: Path) -> Case:
    """Add the ISCO group to queries with O*NET codes, by the table of the BLS; a code with several gets none."""
    import xlrd

    sheet = xlrd.open_workbook(str(path)).sheet_by_name("2010 SOC to ISCO-08")
    groups: dict[str, set[str]] = defaultdict(set)
    for number in range(sheet.nrows):
        soc, isco = (str(sheet.cell_value(number, column)).strip() for column in (0, 3))
        if re.fullmatch(r"\d\d-\d{4}", soc) and re.fullmatch(r"\d{4}", isco):
            groups[soc].add(isco)
    only = {soc: next(iter(found)) for soc, found in groups.items() if len(found) == 1}
    return replace(case, queries=tuple(replace(one, isco=only.get(one.code[:7], "")) for one in case.queries))


def read_melo(folder: Path) -> Case:
    """Read a folder of the MELO benchmark: queries.tsv, corpus_elements.tsv and annotations.tsv (TREC's qrels).

    Each label of the corpus is an element of its own there; so it is here.
    """
    languages = re.search(r"q_([a-z]{2})_c_([a-z]{2})", folder.name)
    asked, lang = (languages[1], languages[2]) if languages else ("en", "en")
    entries = tuple(Entry(name, ((label, 0),)) for name, label in _pairs(folder / "corpus_elements.tsv"))
    queries = tuple(Query(name, label, asked) for name, label in _pairs(folder / "queries.tsv"))
    right: dict[str, dict[str, str]] = defaultdict(dict)
    for line in _lines(folder / "annotations.tsv"):
        cells = line.split()
        if len(cells) not in (2, 3, 4):
            raise SystemExit(f"{folder / 'annotations.tsv'}: {line[:60]!r} is no line of qrels")
        if len(cells) == 2 or float(cells[-1]) > 0:
            right[cells[0]][cells[-2] if len(cells) > 2 else cells[1]] = "exact"
    gold = tuple(dict(right.get(query.id, {})) for query in queries)
    if not any(gold):
        raise SystemExit(f"{folder}: no annotation names a query")
    return Case(folder.name, lang, entries, queries, gold, trec=True)


def _pairs(path: Path) -> list[tuple[str, str]]:
    pairs = [tuple(line.split("\t", 1)) for line in _lines(path)]
    wrong = next((number for number, pair in enumerate(pairs, 1) if len(pair) != 2), None)
    if wrong:
        raise SystemExit(f"{path}:{wrong}: a line is an identifier, a tab and a label")
    return [(pair[0].strip(), pair[1].strip()) for pair in pairs]


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]


# Figures


def ranks(case: Case, ranking: Ranking, relations: Sequence[str]) -> dict[str, float]:
    """Give the rank of the first right concept of each query that has one; infinite when it is not in the ranking.

    Equal scores share the mean of their ranks; with `trec` they stand in the order of trec_eval.
    """
    found = {}
    for at in case.kept(relations):
        right = {iri for iri, relation in case.gold[at].items() if relation in relations}
        rank = _trec_rank if case.trec else _mean_rank
        found[case.queries[at].id] = rank(ranking[at][:DEEP], right)
    return found


def _mean_rank(best: list[tuple[str, float]], right: set[str]) -> float:
    score = max((score for iri, score in best if iri in right), default=None)
    if score is None:
        return math.inf
    above = sum(other > score for _, other in best)
    return above + (sum(other == score for _, other in best) + 1) / 2


def _trec_rank(best: list[tuple[str, float]], right: set[str]) -> float:
    shown = sorted(((round(score, 5), iri) for iri, score in best), reverse=True)
    return next((at for at, (_, iri) in enumerate(shown, 1) if iri in right), math.inf)


def figures(found: dict[str, float]) -> dict[str, dict[str, float]]:
    """Give P@1, hit@5, hit@10 and the reciprocal rank of each query."""
    hits = {("P@1" if k == 1 else f"hit@{k}"): {q: float(rank <= k) for q, rank in found.items()} for k in AT}
    return {**hits, "MRR": {query: 1 / rank for query, rank in found.items()}}


def interval(values: dict[str, float], draws: int, minus: dict[str, float] | None = None) -> tuple[float, float, float]:
    """Give the mean, or the paired difference of two, with the bounds of its 95 % bootstrap interval over queries."""
    keys = sorted(values)
    numbers = np.array([values[key] - (minus[key] if minus else 0.0) for key in keys])
    chosen = np.random.default_rng(0).integers(0, len(keys), (draws, len(keys)))
    means = numbers[chosen].mean(axis=1)
    return float(numbers.mean()), float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def reliability(said: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[Bin]:
    """Give bins of confidence: bounds, how many, the mean confidence and the share that was right."""
    told, true = np.asarray(said), np.asarray(right, float)
    place = np.minimum((told * bins).astype(int), bins - 1)
    rows = []
    for one in range(bins):
        here = place == one
        if here.any():
            rows.append(
                (one / bins, (one + 1) / bins, int(here.sum()), float(told[here].mean()), float(true[here].mean()))
            )
    return rows


def calibration_error(rows: list[Bin]) -> float:
    """Give the mean distance between confidence and share, weighted by how many (expected calibration error)."""
    return sum(count * abs(said - true) for _, _, count, said, true in rows) / max(1, sum(row[2] for row in rows))
