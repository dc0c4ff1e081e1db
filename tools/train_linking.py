"""Train the models of esco_graph.linking from files that are given as paths, and measure them out of fold.

    python tools/train_linking.py --esco OCCUPATIONS_EN.csv --onet CROSSWALK.csv --titles "Alternate Titles.xlsx" \
        --national fr=FR.csv,occupations_fr.csv --national pl=PL.csv,occupations_pl.csv --vectors FOLDER

Out come models/*.json and models/support.json beside the code, and the figures on the screen. Seeds and order are
fixed: the same files give the same bytes.
linking_tasks.py reads the files.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from linking_tasks import Task, entries, national, onet, task
from scipy.optimize import minimize

from esco_graph.linking.calibration import PLACES, isotonic
from esco_graph.linking.embed import vectors_of
from esco_graph.linking.encoders import encoder_for
from esco_graph.linking.features import FEATURES
from esco_graph.linking.index import CandidateIndex
from esco_graph.linking.ranking import MODELS, RELATIONS, Linear, Model

VERSION = "1"
DIGITS = 5
FOLDS = 5
SEED = 0
L2 = {"title": 3e-3, "rich": 3e-2}
FREE = "total_gap"  # the fixed sum of retrieval is not pulled to 0, so that much L2 falls back on it
WORTH = {"title": (0.0, 0.2, 0.6, 1.0), "rich": (0.0, 1.0, 1.0, 1.0)}  # of a query by the GRADE of its best relation
SHARE = {"exact": 1.0, "close": 0.3, "broad": 0.05, "narrow": 0.05}  # of the mass that a gold candidate should get
SHOWN = 5  # candidates whose confidence is fitted
MOST = 600  # queries of a national table, so that none outweighs the others
NATIONAL = "lang=table.csv,occupations.csv; add ,reversed where broadMatch says that the ESCO side is the broader one"


def standard(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scale = x.std(axis=0)
    return x.mean(axis=0), np.where(scale > 1e-6, scale, 1.0)


def rank_of(parts: list[tuple[Task, np.ndarray]], profile: str = "title") -> Linear:
    """Fit the listwise softmax on the chosen queries of some tasks; each task weighs the same."""
    xs, targets, there, worth = [], [], [], []
    for one, chosen in parts:
        use = chosen & (one.best > 0)
        mass = np.array([SHARE.get(name, 0.0) for name in RELATIONS])[one.relation[use]] * one.there[use]
        xs.append(one.x[use])
        targets.append(mass / mass.sum(axis=1, keepdims=True))
        there.append(one.there[use])
        weight = np.array(WORTH[profile])[one.best[use]]
        worth.append(weight / weight.sum())
    x, target, mask, weight = (np.concatenate(some) for some in (xs, targets, there, worth))
    mean, scale = standard(x[mask])
    z = ((x - mean) / scale * mask[..., None]).astype(np.float32)
    flat, weight = z.reshape(-1, z.shape[-1]), (weight / weight.sum())[:, None]
    pull = np.where(np.array(FEATURES) == FREE, 0.0, L2[profile])

    def loss(b: np.ndarray) -> tuple[float, np.ndarray]:
        s = np.where(mask, (flat @ b.astype(np.float32)).reshape(mask.shape), -1e9)
        top = s.max(axis=1, keepdims=True)
        e = np.exp(s - top)
        total = e.sum(axis=1, keepdims=True)
        value = -(weight * target * np.where(mask, s - top - np.log(total), 0)).sum()
        slope = ((e / total - target) * weight).ravel().astype(np.float32)
        return float(value + pull @ b**2), (flat.T @ slope).astype(np.float64) + 2 * pull * b

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


def out_of_fold(tasks: list[Task], rich: Task) -> dict[str, tuple[Task, np.ndarray]]:
    """Score O*NET by five folds (its titles alone as well), and each country by a model that never saw it."""
    found: dict[str, tuple[Task, np.ndarray]] = {}
    title = tasks[0]
    own = folds(len(rich.x))
    full, bare = np.zeros(rich.there.shape), np.zeros(title.there.shape)
    for fold in range(FOLDS):
        seen, held = own != fold, own == fold
        full[held] = rank_only(rank_of([(rich, seen)], "rich"), rich)[held]
        parts = [(title, seen), *((one, some(one)) for one in tasks[1:])]
        bare[held] = rank_only(rank_of(parts), title)[held]
    found["onet"], found["onet-titles"] = (rich, full), (title, bare)
    for one in tasks[1:]:
        others = [(other, some(other)) for other in tasks if other is not one]
        found[one.name] = (one, rank_only(rank_of(others), one))
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
        golds = {name: in_order(one, scores) for name, (one, scores) in found.items() if one.lang == lang}
        tables = {"rich" if name == "onet" else "title": shares(*gold) for name, gold in golds.items()}
        sure = np.concatenate([cross_fitted(*gold) for gold in golds.values()])
        right = np.concatenate([hit[:, 0] for _, hit in golds.values()])
        named = {"gold": " and ".join(map(said, golds)), "version": version}
        bins = reliability(sure, right)
        calibration[lang] = {**named, **tables, "reliability": bins}
        kind = {"lang": lang, "what": "any", "kind": "occupation", "embed": embed}
        support.append({**named, **kind, "levels": levels(sure, right, len(golds))})
        error = sum(n * abs(said - was) for said, was, n in bins) / sum(n for _, _, n in bins)
        print(f"calibration {lang} embed={embed} n={len(sure)} error {error:.3f}: {bins}")
    return calibration, support


def in_order(one: Task, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the scores of the first candidates of each query, best first, and whether the gold has them."""
    order = np.argsort(-np.where(one.there, scores, -np.inf), axis=1, kind="stable")[:, :SHOWN]
    right = one.relation != RELATIONS.index("none")
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(right, order, axis=1)


def shares(scores: np.ndarray, right: np.ndarray) -> dict[str, dict[str, list[float]]]:
    """Fit a table for each of PLACES."""
    made = {}
    for name, places in zip(PLACES, (slice(0, 1), slice(1, None)), strict=True):
        there = np.isfinite(scores[:, places])
        score, share = isotonic(scores[:, places][there], right[:, places][there].astype(float))
        made[name] = {"score": score, "right": share}
    return made


def cross_fitted(scores: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Give what is said of each first candidate by a table that was fitted without its query (one code, one fold)."""
    own, sure = folds(len(scores)), np.zeros(len(scores))
    for fold in range(FOLDS):
        table = shares(scores[own != fold], right[own != fold])[PLACES[0]]
        sure[own == fold] = np.interp(scores[own == fold, 0], table["score"], table["right"])
    return np.where(np.isfinite(scores[:, 0]), sure, 0)


def said(name: str) -> str:
    """Name a gold for people."""
    known = {"onet": "O*NET crosswalk (half)", "onet-titles": "its titles alone"}
    return known.get(name, f"mapping table {name.upper()}")


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("esco", "onet", "titles", "vectors"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--national", action="append", default=[], help=NATIONAL)
    parser.add_argument("--reports", type=Path, help="a folder for the reciprocal ranks, for paired tests")
    given = parser.parse_args()
    MODELS.mkdir(exist_ok=True)
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
    found = out_of_fold(tasks, rich)
    for name, (one, scores) in found.items():
        for what in (("exact",), ("exact", "close")):
            rr, line = figures(one, scores, what)
            print(f"{name:12} embed={embed} {'+'.join(what):12} {line}", flush=True)
            if given.reports:
                np.save(given.reports / f"{name}-{'embed' if embed else 'lexical'}-{'-'.join(what)}.npy", rr)
    relation_figures(rich)
    version = f"{given.esco.stem}; trained on {', '.join(said(name) for name, *_ in made)}"
    calibration, support = calibrate(found, version, embed)
    everything = [(one, some(one)) for one in tasks]
    all_rich = [(rich, np.ones(len(rich.x), bool))]
    ranks = {"title": rank_of(everything), "rich": rank_of(all_rich, "rich")}
    relations = {"title": relation_of(everything), "rich": relation_of(all_rich)}
    save(f"occupation-{'embed' if embed else 'lexical'}", version, ranks, relations, calibration)
    return support


if __name__ == "__main__":
    main()
