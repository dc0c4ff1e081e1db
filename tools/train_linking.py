"""Train the models of esco_graph.linking from files that are given as paths, and measure them out of fold.

    python tools/train_linking.py --esco OCCUPATIONS_EN.csv --onet CROSSWALK.csv --titles "Alternate Titles.xlsx" \
        --national fr=FR.csv,occupations_fr.csv --national pl=PL.csv,occupations_pl.csv --vectors FOLDER

Out come models/*.json and models/support.json beside the code, and the figures on the screen. Seeds and order are
fixed: the same files give the same bytes. The skill models are not trained: their weights
are a fixed sum.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from esco_graph.linking.calibration import isotonic
from esco_graph.linking.embed import vectors_of
from esco_graph.linking.encoders import encoder_for
from esco_graph.linking.features import FEATURES, features
from esco_graph.linking.index import CandidateIndex, Entry
from esco_graph.linking.ranking import MODELS, RELATIONS, Linear, Model
from esco_graph.linking.retrieve import retrieve
from esco_graph.linking.texts import Query

VERSION = "1"
DIGITS = 5
POOL = 50
FOLDS = 5
SEED = 0
L2 = 3e-3
SHARE = {"exact": 1.0, "close": 0.3, "broad": 0.05, "narrow": 0.05}  # of the mass that a gold candidate should get
WORTH = {False: {3: 1.0, 2: 1.0, 1: 1.0}, True: {3: 1.0, 2: 0.6, 1: 0.2}}  # of a query by its best relation; by embed
MOST = 600  # queries of a national table, so that none outweighs the others
GRADE = {"exact": 3, "close": 2, "broad": 1, "narrow": 1}
BY_HAND = {
    False: {"char": 1.0, "char_pref": 0.5, "word": 0.3, "dice": 0.3, "exact": 0.3, "exact_pref": 0.3},
    True: {"char": 1.0, "embed_pref": 0.5, "embed_label": 1.0, "exact": 0.3, "exact_pref": 0.3},
}
HAND_SCALE = 6.0
NATIONAL = "lang=table.csv,occupations.csv; add ,reversed where broadMatch says that the ESCO side is the broader one"


@dataclass
class Task:
    """One gold: features of the candidates of each query, and which relation the gold gives each candidate."""

    name: str
    lang: str
    x: np.ndarray
    relation: np.ndarray  # (q, k) numbers of RELATIONS
    missed: list[bool]
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
    return Task(name, index.lang, x, kinds, [], has, vectors is not None)


def standard(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scale = x.std(axis=0)
    return x.mean(axis=0), np.where(scale > 1e-6, scale, 1.0)


def rank_of(parts: list[tuple[Task, np.ndarray]], embed: bool) -> Linear:
    """Fit the listwise softmax on the chosen queries of some tasks; each task weighs the same."""
    xs, targets, there, worth = [], [], [], []
    for one, chosen in parts:
        use = chosen & (one.best > 0)
        mass = np.array([SHARE.get(name, 0.0) for name in RELATIONS])[one.relation[use]] * one.there[use]
        weight = np.array([0.0, WORTH[embed][1], WORTH[embed][2], WORTH[embed][3]])[one.best[use]]
        xs.append(one.x[use])
        targets.append(mass / mass.sum(axis=1, keepdims=True))
        there.append(one.there[use])
        worth.append(weight / weight.sum())
    x, target, mask, weight = (np.concatenate(some) for some in (xs, targets, there, worth))
    mean, scale = standard(x[mask])
    z = ((x - mean) / scale * mask[..., None]).astype(np.float32)
    flat, weight = z.reshape(-1, z.shape[-1]), (weight / weight.sum())[:, None]

    def loss(b: np.ndarray) -> tuple[float, np.ndarray]:
        s = np.where(mask, (flat @ b.astype(np.float32)).reshape(mask.shape), -1e9)
        top = s.max(axis=1, keepdims=True)
        e = np.exp(s - top)
        total = e.sum(axis=1, keepdims=True)
        value = -(weight * target * np.where(mask, s - top - np.log(total), 0)).sum()
        slope = ((e / total - target) * weight).ravel().astype(np.float32)
        return float(value + L2 * (b @ b)), (flat.T @ slope).astype(np.float64) + 2 * L2 * b

    b = minimize(loss, np.zeros(z.shape[-1]), jac=True, method="L-BFGS-B", options={"maxiter": 120}).x
    return Linear(*(np.asarray(one, np.float32) for one in (mean, scale, b, 0.0)))


def relation_of(parts: list[tuple[Task, np.ndarray]]) -> Linear:
    """Fit a softmax regression of the relation on the ten first candidates of the chosen queries."""
    xs = np.concatenate([one.x[chosen][:, :10][one.there[chosen][:, :10]] for one, chosen in parts])
    ys = np.concatenate([one.relation[chosen][:, :10][one.there[chosen][:, :10]] for one, chosen in parts])
    mean, scale = standard(xs)
    z = np.concatenate([(xs - mean) / scale, np.ones((len(xs), 1))], axis=1).astype(np.float32)
    hot = np.eye(len(RELATIONS), dtype=np.float32)[ys]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        b = flat.reshape(z.shape[1], -1)
        s = z @ b.astype(np.float32)
        s -= s.max(axis=1, keepdims=True)
        e = np.exp(s)
        p = e / e.sum(axis=1, keepdims=True)
        value = -np.log(np.maximum((p * hot).sum(axis=1), 1e-12)).mean()
        return float(value + 1e-3 * (b**2).sum()), ((z.T @ (p - hot)) / len(z) + 2e-3 * b).ravel().astype(np.float64)

    size = z.shape[1] * len(RELATIONS)
    b = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": 80}).x.reshape(z.shape[1], -1)
    return Linear(*(np.asarray(one, np.float32) for one in (mean, scale, b[:-1], b[-1])))


def folds(n: int) -> np.ndarray:
    found = np.empty(n, int)
    found[np.random.default_rng(SEED).permutation(n)] = np.arange(n) % FOLDS
    return found


def some(one: Task) -> np.ndarray:
    """Choose at most MOST queries of a task, those with an exact or close match first."""
    order = np.random.default_rng(SEED).permutation(len(one.x))
    order = order[np.argsort(-np.minimum(one.best[order], 2), kind="stable")][:MOST]
    return np.isin(np.arange(len(one.x)), order)


def figures(one: Task, scores: np.ndarray, what: tuple[str, ...]) -> tuple[np.ndarray, str]:
    """Give the reciprocal rank of each query with such a gold concept (ties by mean rank), and a line of figures."""
    numbers = [RELATIONS.index(name) for name in what]
    asked = np.any([one.has[name] for name in what], axis=0)
    s = np.where(one.there, scores, -np.inf)
    right = np.isin(one.relation, numbers) & one.there
    best = np.where(right, s, -np.inf).max(axis=1, keepdims=True)
    rank = 1 + (s > best).sum(axis=1) + ((s == best).sum(axis=1) - 1) / 2
    rr = np.where(right.any(axis=1), 1 / np.maximum(rank, 1), 0)[asked]
    hit = [(rr >= 1 / n - 1e-9).mean() for n in (1, 5, 10)]
    return rr, f"n={len(rr)} P@1 {hit[0]:.3f} hit@5 {hit[1]:.3f} hit@10 {hit[2]:.3f} MRR {rr.mean():.3f}"


def levels(sure: np.ndarray, right: np.ndarray, times: int) -> list[list[float]]:
    """Count, for each confidence that occurs, the first candidates at or above it and the right ones.

    A query that is asked `times` times (with and without its other titles) counts once: counts are divided by it.
    """
    found = [(float(at), int((sure >= at).sum()), int(right[sure >= at].sum())) for at in np.unique(sure.round(3))]
    return [[at, -(-n // times), good // times] for at, n, good in found if n >= 20 * times][::-1]


def out_of_fold(tasks: list[Task], rich: Task, embed: bool) -> dict[str, tuple[Task, np.ndarray]]:
    """Score O*NET by five folds (its titles alone as well), and each country by a model that never saw it."""
    found: dict[str, tuple[Task, np.ndarray]] = {}
    title = tasks[0]
    own = folds(len(rich.x))
    full, bare = np.zeros(rich.there.shape), np.zeros(title.there.shape)
    for fold in range(FOLDS):
        seen, held = own != fold, own == fold
        full[held] = rank_only(rank_of([(rich, seen)], embed), rich)[held]
        parts = [(title, seen), *((one, some(one)) for one in tasks[1:])]
        bare[held] = rank_only(rank_of(parts, embed), title)[held]
    found["onet"], found["onet-titles"] = (rich, full), (title, bare)
    for one in tasks[1:]:
        others = [(other, some(other)) for other in tasks if other is not one]
        found[one.name] = (one, rank_only(rank_of(others, embed), one))
    return found


def rank_only(linear: Linear, one: Task) -> np.ndarray:
    return Model("", "", {"title": linear, "rich": linear}, {}).rank(one.x)


def relation_figures(rich: Task) -> None:
    """Print how well the relation of related candidates is told, by five folds; candidates are the ten first."""
    own, related = folds(len(rich.x)), RELATIONS.index("none")
    said = np.zeros(rich.relation[:, :10].shape, int)
    for fold in range(FOLDS):
        model = Model("", "", {}, dict.fromkeys(("title", "rich"), relation_of([(rich, own != fold)])))
        said[own == fold] = model.relate(rich.x[own == fold][:, :10]).argmax(axis=-1)
    truth = rich.relation[:, :10]
    for number, name in enumerate(RELATIONS):
        hit = ((said == number) & (truth == number)).sum()
        asked, named = (truth == number).sum(), (said == number).sum()
        print(f"relation {name:6} {asked:5} in gold {named:5} said F1 {2 * hit / max(asked + named, 1):.3f}")
    use = (truth != related) & (said != related)
    print(f"relation of {use.sum()} related candidates said to be related: right {(said == truth)[use].mean():.3f}")


def calibrate(found: dict[str, tuple[Task, np.ndarray]], version: str, embed: bool) -> tuple[dict, list]:
    """Fit the shares of related candidates per language from scores out of fold; also the table of first candidates."""
    calibration, support = {}, []
    for lang in sorted({one.lang for one, _ in found.values()}):
        golds = [(name, one, scores) for name, (one, scores) in found.items() if one.lang == lang]
        first, right, three, ok = [], [], [], []
        for _, one, scores in golds:
            order = np.argsort(-np.where(one.there, scores, -np.inf), axis=1, kind="stable")[:, :3]
            s, hit = (np.take_along_axis(some, order, axis=1) for some in (scores, one.relation != 4))
            use = one.best >= 0
            first.append(s[use, 0])
            right.append(hit[use, 0])
            three.append(s[use])
            ok.append(hit[use])
        s0, r0 = np.concatenate(first), np.concatenate(right)
        s3, r3 = np.concatenate(three), np.concatenate(ok).astype(float)
        score, share = isotonic(s3[np.isfinite(s3)], r3[np.isfinite(s3)])
        sure = np.zeros(len(s0))
        own = np.concatenate([folds(len(one.x)) for _, one, _ in golds])  # one code, one fold, however it is asked
        for fold in range(FOLDS):  # what is said of a query was fitted without it
            there = np.isfinite(s3[own != fold])
            held = isotonic(s3[own != fold][there], r3[own != fold][there])
            sure[own == fold] = np.interp(s0[own == fold], *held)
        gold = " + ".join(name for name, _, _ in golds)
        bins = reliability(sure, r0)
        calibration[lang] = {"gold": gold, "version": version, "score": score, "right": share, "reliability": bins}
        support.append(
            {
                "gold": gold,
                "version": version,
                "lang": lang,
                "what": "any",
                "kind": "occupation",
                "embed": embed,
                "levels": levels(sure, r0, len(golds)),
            }
        )
        error = sum(n * abs(said - was) for said, was, n in bins) / sum(n for _, _, n in bins)
        print(f"calibration {lang} embed={embed} n={len(s0)} error {error:.3f}: {bins}")
    return calibration, support


def reliability(sure: np.ndarray, right: np.ndarray) -> list[list[float]]:
    """Give for each tenth of confidence: the mean said, the share that was right, and how many."""
    tenth = np.minimum((sure * 10).astype(int), 9)
    return [
        [round(float(sure[tenth == t].mean()), 4), round(float(right[tenth == t].mean()), 4), int((tenth == t).sum())]
        for t in range(10)
        if (tenth == t).any()
    ]


def written(linear: Linear) -> dict[str, object]:
    return {
        name: np.round(np.asarray(getattr(linear, name), np.float64), DIGITS).tolist()
        for name in ("mean", "scale", "weights", "bias")
    }


def save(name: str, golds: str, ranks: dict, relations: dict, calibration: dict) -> None:
    made = {
        "name": name,
        "version": VERSION,
        "gold": golds,
        "features": list(FEATURES),
        "calibration": calibration,
        "ranks": {profile: written(one) for profile, one in ranks.items()},
        "relations": {profile: written(one) for profile, one in relations.items()},
    }
    (MODELS / f"{name}.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8", newline="\n")


def by_hand(weights: dict[str, float]) -> tuple[Linear, Linear]:
    """Make a model of the fixed sum; what it says of relations is no more than a guess from an equal label."""
    f = len(FEATURES)
    w, r, bias = np.zeros(f), np.zeros((f, 5)), np.array([-3.0, -1.5, -1.5, -9.0, 1.5])
    for name, weight in weights.items():
        w[FEATURES.index(name)] = weight * HAND_SCALE
    r[FEATURES.index("exact")] = [4, 1, 0, 0, -2]
    r[FEATURES.index("char")] = [2, 3, 2, 0, -3]
    zero, one = np.zeros(f), np.ones(f)
    return Linear(zero, one, w, np.array(0.0)), Linear(zero, one, r, bias)


def skills() -> None:
    for embed, name in ((False, "skill-lexical"), (True, "skill-embed")):
        rank, relation_ = by_hand(BY_HAND[embed])
        save(name, "none: fixed weights", {"title": rank, "rich": rank}, {"title": relation_, "rich": relation_}, {})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("esco", "onet", "titles", "vectors"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--national", action="append", default=[], help=NATIONAL)
    parser.add_argument("--reports", type=Path, help="a folder for the reciprocal ranks, for paired tests")
    given = parser.parse_args()
    MODELS.mkdir(exist_ok=True)
    skills()
    if not given.esco:
        return
    support = []
    sources = [("onet", "en", entries(given.esco), onet(given.onet, given.titles))]
    for one in given.national:
        lang, paths = one.split("=", 1)
        table, labels, *rest = map(Path, paths.split(","))
        sources.append(
            (table.name.split("_")[0].lower(), lang, entries(labels), national(table, lang, reverse=bool(rest)))
        )
    made = [(name, CandidateIndex.from_entries(rows, "occupation", lang), gold) for name, lang, rows, gold in sources]
    for embed in (False, True):
        support += train(made, given, embed)
    (MODELS / "support.json").write_text(
        '{"tables": [\n' + ",\n".join(map(json.dumps, support)) + "\n]}\n", encoding="utf-8", newline="\n"
    )


def train(made: list, given: argparse.Namespace, embed: bool) -> list:
    tasks: list[Task] = []
    rich = None
    for name, index, (queries, gold) in made:
        if embed and encoder_for(index.lang) is None:
            continue
        described = index.described if name == "onet" else None
        vectors = vectors_of(index, "on", descriptions=described, folder=given.vectors) if embed else None
        if name == "onet":
            rich = task(name, index, queries, gold, vectors)
            queries = [replace(query, alt=(), description="", code="") for query in queries]
        tasks.append(task(name, index, queries, gold, vectors))
    if rich is None:
        raise SystemExit("no encoder for English is installed")
    found = out_of_fold(tasks, rich, embed)
    for name, (one, scores) in found.items():
        for what in (("exact",), ("exact", "close")):
            rr, line = figures(one, scores, what)
            print(f"{name:12} embed={embed} {'+'.join(what):12} {line}", flush=True)
            if given.reports:
                np.save(given.reports / f"{name}-{'embed' if embed else 'lexical'}-{'-'.join(what)}.npy", rr)
    relation_figures(rich)
    version = f"{given.esco.stem}; {', '.join(name for name, *_ in made)}"
    calibration, support = calibrate(found, version, embed)
    everything = [(one, some(one)) for one in tasks]
    all_rich = [(rich, np.ones(len(rich.x), bool))]
    ranks = {"title": rank_of(everything, embed), "rich": rank_of(all_rich, embed)}
    relations = {"title": relation_of(everything), "rich": relation_of(all_rich)}
    save(f"occupation-{'embed' if embed else 'lexical'}", version, ranks, relations, calibration)
    return support


if __name__ == "__main__":
    main()
