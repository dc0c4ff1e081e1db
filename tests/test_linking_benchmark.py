"""The benchmark of linking: its figures by hand, its peers, and a folder of MELO's form."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, SHARED
from esco_graph.linking.index import Entry
from esco_graph.linking.texts import Query

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
import linking_gold as gold
from linking_peers import PEERS

NAMES = {"c1": "chef", "c2": "pastry chef", "c3": "software developer", "c4": "registered nurse"}


def case(*queries: tuple[str, dict[str, str]], trec: bool = False) -> gold.Case:
    entries = tuple(Entry(iri, ((label, 0),)) for iri, label in NAMES.items())
    asked = tuple(Query(f"q{at}", label, "en") for at, (label, _) in enumerate(queries))
    return gold.Case("small", "en", entries, asked, tuple(right for _, right in queries), trec)


def test_ties_share_the_mean_rank_or_follow_trec_eval() -> None:
    best = [[("c4", 0.9), ("c1", 0.5), ("c2", 0.5), ("c3", 0.5)]]
    asked = ("x", {"c1": "exact"})
    assert gold.ranks(case(asked), best, ("exact",)) == {"q0": 3.0}
    assert gold.ranks(case(asked, trec=True), best, ("exact",)) == {"q0": 4}  # c3, c2, c1
    near = [[("c1", 0.1234561), ("c3", 0.1234559)]]  # equal to five decimals, as MELO writes them
    assert gold.ranks(case(asked, trec=True), near, ("exact",)) == {"q0": 2}


def test_only_queries_with_something_right_among_the_concepts_count() -> None:
    one = case(("a", {"c1": "close"}), ("b", {"gone": "exact"}), ("c", {"c2": "exact", "c3": "broad"}))
    ranking = [[("c1", 1.0)], [], [("c3", 1.0)]]
    assert gold.ranks(one, ranking, gold.RULES["exact"]) == {"q2": math.inf}
    assert gold.ranks(one, ranking, gold.RULES["strict"]) == {"q0": 1.0, "q2": math.inf}
    assert gold.ranks(one, ranking, gold.RULES["any"]) == {"q0": 1.0, "q2": 1.0}
    values = gold.figures({"q0": 1.0, "q2": math.inf, "q3": 6.0})
    assert values["P@1"] == {"q0": 1.0, "q2": 0.0, "q3": 0.0}
    assert values["hit@10"] == {"q0": 1.0, "q2": 0.0, "q3": 1.0}
    assert values["MRR"] == {"q0": 1.0, "q2": 0.0, "q3": 1 / 6}


def test_intervals_are_paired() -> None:
    ours = {str(at): float(at % 2) for at in range(100)}
    mean, low, high = gold.interval(ours, 200, {key: value - 1 for key, value in ours.items()})
    assert (mean, low, high) == (1.0, 1.0, 1.0)
    mean, low, high = gold.interval(ours, 200)
    assert low < mean < high


def test_reliability_and_its_error() -> None:
    rows = gold.reliability([0.95, 0.91, 0.11, 1.0], [True, False, False, True])
    assert [row[:3] for row in rows] == [(0.1, 0.2, 1), (0.9, 1.0, 3)]
    assert gold.calibration_error(rows) == pytest.approx((abs(0.11 - 0) + 3 * abs(2.86 / 3 - 2 / 3)) / 4)


@pytest.mark.parametrize("name", PEERS)
def test_peers_find_what_is_plain(name: str) -> None:
    ranking = PEERS[name](case(("Software Developers", {}), ("看護", {}), ("pastry chef", {})))
    assert ranking[0][0][0] == "c3"
    assert ranking[1] == [] or name.startswith("rapidfuzz")
    best = {iri for iri, score in ranking[2] if score == ranking[2][0][1]}
    assert "c2" in best  # token_set sees no difference from chef
    assert all(score > 0 for row in ranking for _, score in row)


def melo(folder: Path, annotations: str = "Q1\t0\tC3\t1\nQ1\t0\tC1\t0\nQ2\t0\tC4\t1\n") -> Path:
    folder.mkdir()
    labels = "".join(f"{iri.upper()}\t{label}\n" for iri, label in NAMES.items())
    (folder / "corpus_elements.tsv").write_text(labels)
    (folder / "queries.tsv").write_text("Q1\tdeveloper of software\nQ2\tnurses, registered\n")
    (folder / "annotations.tsv").write_text(annotations)
    return folder


def test_a_melo_folder_is_read_and_measured(tmp_path: Path) -> None:
    folder = melo(tmp_path / "toy_q_en_c_en")
    read = gold.read_melo(folder)
    assert (read.lang, read.trec, read.gold) == ("en", True, ({"C3": "exact"}, {"C4": "exact"}))
    command = [sys.executable, str(ROOT / "benchmarks" / "linking.py"), "--melo", str(folder), "--draws", "50"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = {line.split(" | ")[0].strip("| "): line.split(" | ") for line in done.stdout.splitlines() if " | " in line}
    assert set(PEERS) <= set(rows)
    assert rows["esco-graph link"][1].startswith("1.0000")
    assert "2 queries" in done.stdout


@pytest.mark.parametrize("annotations", ["Q1 C3\n", "Q9\t0\tC1\t1\n", "1 2 3 4 5\n"])
def test_annotations_in_other_forms(tmp_path: Path, annotations: str) -> None:
    folder = melo(tmp_path / "toy", annotations)
    if annotations == "Q1 C3\n":
        assert gold.read_melo(folder).gold[0] == {"C3": "exact"}
    else:
        with pytest.raises(SystemExit):
            gold.read_melo(folder)


@pytest.mark.skipif(not (SHARED / "mappings").is_dir(), reason="the mapping tables are not here")
def test_a_national_table_becomes_a_case() -> None:
    path = next((SHARED / "mappings").glob("ES_*"))
    found = gold.read_table(path, lambda _: None)
    assert found.lang == "es"
    assert len(found.kept(gold.RULES["exact"])) > 500
    assert {"exact", "close", "broad", "narrow"} <= {word for right in found.gold for word in right.values()}
