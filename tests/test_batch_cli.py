"""esco-graph match for many people: messages, standard input, errors."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esco_graph.cli import main
from esco_graph.graph import Graph
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.workspace import Workspace


@pytest.fixture(scope="module")
def lines(sample_graph: Graph) -> str:
    """Three people, one of them with an unknown skill, and a broken line."""
    matrix = SkillMatrix.of(sample_graph)
    rows = [matrix.row_set(row).all[:9] for row in range(3)]
    skills = [[matrix.skills[column] for column in row] for row in rows]
    skills[1].append("http://data.europa.eu/esco/skill/unknown")
    good = [json.dumps({"id": f"p{number}", "skills": one}) for number, one in enumerate(skills)]
    return "\n".join([good[0], '{"id": ', *good[1:]]) + "\n"


def run(workspace: Workspace, *args: str, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["match", *args, "--store", str(workspace.path)], input=given)


def test_it_tells_where_every_row_went(sample_workspace: Workspace, lines: str, tmp_path: Path) -> None:
    source, out = tmp_path / "people.jsonl", tmp_path / "matches.csv"
    source.write_text(lines)
    done = run(sample_workspace, str(source), "-o", str(out), "--top", "2")
    assert done.exit_code == 0, done.output
    assert "4 rows in = 3 matched + 1 refused. 1 of the matched have unknown skills." in done.stderr
    assert str(tmp_path / "matches.csv.refused.csv") in done.stderr
    assert done.stdout == ""
    found = list(csv.DictReader(out.read_text().splitlines()))
    assert list(found[0]) == ["id", "rank", "occupation", "label", "score", "coverage", "essential_coverage", "shared"]
    assert [(row["id"], row["rank"]) for row in found] == [(f"p{n}", rank) for n in range(3) for rank in "12"]
    refused = list(csv.DictReader((tmp_path / "matches.csv.refused.csv").read_text().splitlines()))
    assert [(row["row"], row["id"], row["outcome"]) for row in refused] == [("2", "", "refused"), ("3", "p1", "remark")]


def test_labels_are_in_the_language(sample_workspace: Workspace, lines: str, tmp_path: Path) -> None:
    (tmp_path / "people.jsonl").write_text(lines)
    outputs = [tmp_path / f"{lang}.jsonl" for lang in ("en", "de")]
    for out in outputs:
        done = run(sample_workspace, str(tmp_path / "people.jsonl"), "-o", str(out), "--lang", out.stem)
        assert done.exit_code == 0, done.output
    labels = [[json.loads(line)["label"] for line in out.read_text().splitlines()] for out in outputs]
    assert all(labels[0])
    assert len(labels[0]) == len(labels[1])


def test_standard_input_is_read(sample_workspace: Workspace, lines: str, tmp_path: Path) -> None:
    (tmp_path / "people.jsonl").write_text(lines)
    run(sample_workspace, str(tmp_path / "people.jsonl"), "-o", str(tmp_path / "a.parquet"))
    done = run(sample_workspace, "-", "--input-format", "jsonl", "-o", str(tmp_path / "b.parquet"), given=lines)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert not list(tmp_path.glob("*.parts"))


def test_parquet_comes_through_a_pipe(sample_workspace: Workspace, lines: str, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    people = [json.loads(line) for line in lines.splitlines() if line.endswith("}")]
    pq.write_table(pa.Table.from_pylist(people), tmp_path / "people.parquet")
    given = (tmp_path / "people.parquet").read_bytes()
    done = run(sample_workspace, "-", "--input-format", "parquet", "-o", str(tmp_path / "b.jsonl"), given=given)
    assert "3 rows in = 3 matched + 0 refused." in done.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("people.jsonl",), "name the output with -o"),
        (("people.jsonl", "-o", "people.jsonl", "--force"), "the output is the input"),
        (("people.jsonl", "-o", "out.xls"), "the ending tells no format"),
        (("absent.jsonl", "-o", "out.csv"), "cannot read"),
        (("-", "-o", "out.csv"), "Name it with --input-format"),
        (("-", "-o", "out.csv", "--input-format", "csv", "--resume"), "--resume does not work with it"),
        (("people.jsonl", "-o", "out.csv", "--master", "local[2]"), "--master goes with --engine spark"),
        (("people.jsonl", "-o", "out.csv", "--engine", "spark", "--resume"), "--resume is for --engine local"),
        (("people.jsonl", "-o", "out.csv", "--engine", "spark"), "Spark reads Parquet"),
        (("people.jsonl", "-o", "out.csv", "--top", "0"), "Invalid value for '--top'"),
    ],
)
def test_wrong_uses_say_what_to_do(
    args: tuple[str, ...],
    message: str,
    sample_workspace: Workspace,
    lines: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("people.jsonl").write_text(lines)
    done = run(sample_workspace, *args)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert [path.name for path in tmp_path.iterdir()] == ["people.jsonl"]
