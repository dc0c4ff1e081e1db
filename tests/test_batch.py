"""Many people: the kernel beside dense numbers, ties, refusals, formats, resuming."""

from __future__ import annotations

import json
import pickle
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from esco_graph.batch import kernel as kernel_module
from esco_graph.batch import local, reading
from esco_graph.batch.journal import Journal
from esco_graph.batch.kernel import Kernel
from esco_graph.batch.local import match_file, refused_path
from esco_graph.batch.people import check_people
from esco_graph.errors import EscoGraphError, ParameterError, SourceError, StoreError
from esco_graph.graph import Graph
from esco_graph.skills.matrix import SkillMatrix
from esco_graph.skills.measures import scores
from esco_graph.terms import ESCO, RDF

RDF_TYPE = ox.NamedNode(RDF + "type")


def matrix_of(essential: np.ndarray, optional: np.ndarray) -> SkillMatrix:
    """Make the matrix of a small graph from two n × m tables of truth."""
    n, m = essential.shape
    occupations = [ox.NamedNode(f"http://example.org/o/{row:04d}") for row in range(n)]
    skills = [ox.NamedNode(f"http://example.org/s/{column:05d}") for column in range(m)]
    kinds = ((occupations, "Occupation"), (skills, "Skill"))
    quads = [ox.Quad(one, RDF_TYPE, ox.NamedNode(ESCO + kind)) for many, kind in kinds for one in many]
    for table, kind in ((essential, "Essential"), (optional, "Optional")):
        relation = ox.NamedNode(f"{ESCO}related{kind}Skill")
        quads += [ox.Quad(occupations[row], relation, skills[column]) for row, column in np.argwhere(table)]
    return SkillMatrix.from_graph(Graph.memory(quads))


def random_matrix(seed: int, n: int, m: int, most: int = 8) -> SkillMatrix:
    """Make a matrix whose rows have few distinct lengths, so that ties are common."""
    rng = np.random.default_rng(seed)
    pairs = rng.random((n, m)) < most / m
    essential = pairs & (rng.random((n, m)) < 0.5)
    return matrix_of(essential, pairs & ~essential)


def kernel_of(matrix: SkillMatrix, top: int = 10, threads: int = 1) -> Kernel:
    return Kernel.of(matrix, [f"label of {iri[-4:]}" for iri in matrix.occupations], top=top, threads=threads)


def people(skills: list[list[str | None] | None], ids: list[str | None] | None = None) -> pa.RecordBatch:
    names = ids or [f"p{number}" for number in range(len(skills))]
    return pa.RecordBatch.from_pydict(
        {"id": pa.array(names, pa.string()), "skills": pa.array(skills, pa.list_(pa.string()))}
    )


def some_people(matrix: SkillMatrix, count: int, seed: int = 0) -> list[list[str]]:
    rng = np.random.default_rng(seed)
    return [[matrix.skills[c] for c in rng.integers(0, len(matrix.skills), rng.integers(1, 12))] for _ in range(count)]


def expected(matrix: SkillMatrix, skills: list[str], top: int) -> list[tuple[str, float, float, float, int]]:
    """Rank by the measures themselves, ties by IRI."""
    held, _ = matrix.skill_set(skills)
    score, cover, essential = (
        scores(matrix, held, name).round(6) for name in ("cosine", "coverage", "essential-coverage")
    )
    exact = scores(matrix, held, "cosine")
    order = [int(row) for row in np.lexsort((np.arange(len(score)), -score)) if exact[row] > 0][:top]
    shared = [len(np.intersect1d(matrix.row_set(row).all, held.all)) for row in order]
    return [
        (matrix.occupations[row], score[row], cover[row], essential[row], count)
        for row, count in zip(order, shared, strict=True)
    ]


def ranked(matches: pa.RecordBatch, person: str) -> list[tuple[str, float, float, float, int]]:
    rows = [row for row in matches.to_pylist() if row["id"] == person]
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    return [
        (row["occupation"], row["score"], row["coverage"], row["essential_coverage"], row["shared"]) for row in rows
    ]


# The kernel


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6), n=st.integers(1, 60), m=st.integers(2, 40), top=st.integers(1, 80), many=st.booleans()
)
def test_the_kernel_ranks_as_the_measures_do(seed: int, n: int, m: int, top: int, many: bool) -> None:
    matrix = random_matrix(seed, n, m, most=3 if many else 8)
    given_people = some_people(matrix, 12, seed)
    matches, refused = kernel_of(matrix, top).match(people(given_people))
    lost = {row["id"] for row in refused.to_pylist()}
    for number, skills in enumerate(given_people):
        wanted = expected(matrix, skills, top)
        assert ranked(matches, f"p{number}") == wanted
        assert (f"p{number}" in lost) == (not wanted)


def test_ties_are_by_iri_however_many_there_are() -> None:
    """The product keeps any 14 of 299 that tie; the answer is the first 10 of them."""
    needs = np.zeros((300, 3), dtype=bool)
    needs[:299, 0] = needs[299, 1] = True
    tied = matrix_of(needs, np.zeros_like(needs))
    found = kernel_of(tied).match(people([[tied.skills[0]]]))[0].to_pylist()
    assert [row["occupation"] for row in found] == tied.occupations[:10]
    needs[:, 2] = True  # a skill that all need has rarity 0, and makes no match alone
    matches, refused = kernel_of(matrix_of(needs, np.zeros_like(needs))).match(people([[tied.skills[2]]]))
    assert (len(matches), refused["outcome"].to_pylist()) == (0, ["refused"])


def test_small_products_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = random_matrix(3, 50, 30)
    batch = people(some_people(matrix, 40))
    whole = kernel_of(matrix).match(batch)[0]
    monkeypatch.setattr(kernel_module, "CELLS", 20)
    assert kernel_of(matrix, threads=2).match(batch)[0].equals(whole)


def test_order_and_repetition_of_skills_do_not_matter() -> None:
    matrix = random_matrix(5, 60, 40)
    kernel = kernel_of(matrix)
    skills = some_people(matrix, 30)
    turned = [[*reversed(one), *one] for one in skills]
    assert kernel.match(people(skills))[0].equals(kernel.match(people(turned))[0])


@pytest.mark.parametrize(
    "kind",
    [
        pa.list_(pa.large_string()),
        pa.large_list(pa.string()),
        pa.list_(pa.dictionary(pa.int32(), pa.string())),
        pa.list_(pa.string_view()),
    ],
    ids=str,
)
def test_every_kind_of_list_is_read(kind: pa.DataType) -> None:
    matrix = random_matrix(7, 40, 30)
    batch = people([*some_people(matrix, 10), None, [None], ["x", matrix.skills[0]]])
    if kind.value_type == pa.string_view():
        values = batch["skills"].values.cast(pa.string_view())
        skills = pa.ListArray.from_arrays(batch["skills"].offsets, values, mask=batch["skills"].is_null())
    else:
        skills = batch["skills"].cast(kind)
    other = pa.RecordBatch.from_arrays([batch["id"], skills], names=["id", "skills"])
    check_people(other.schema, "here")
    assert [one.to_pylist() for one in kernel_of(matrix).match(other)] == [
        one.to_pylist() for one in kernel_of(matrix).match(batch)
    ]


def test_slices_of_a_batch_are_ranked_alike() -> None:
    matrix = random_matrix(8, 40, 30)
    batch = people([*some_people(matrix, 10), ["x"], *some_people(matrix, 5, 2)])
    matches, refused = kernel_of(matrix).match(batch.slice(4, 9), first_row=5)
    whole = kernel_of(matrix).match(batch)[0].to_pylist()
    assert matches.to_pylist() == [row for row in whole if row["id"] in {f"p{number}" for number in range(4, 13)}]
    assert refused.to_pylist()[0]["row"] == 11


def test_reasons_are_given() -> None:
    matrix = random_matrix(2, 30, 40, most=3)
    known = matrix.skills[int(np.flatnonzero(matrix.idf)[0])]
    unused = matrix.skills[int(np.flatnonzero(matrix.df == 0)[0])]
    cases: list[tuple[list[str | None] | None, str, str]] = [
        ([known], "", ""),
        (None, "refused", "no skills"),
        ([], "refused", "no skills"),
        ([None], "refused", "no skills"),
        ([" ", None, ""], "refused", "no skills"),
        ([None, "x"], "refused", "none of 2 skills is known; skills are IRIs of this release; first: an empty entry"),
        (["e\x1b[31m"], "refused", r"first: <e\u001B[31m>"),
        ([unused], "refused", "no occupation lists any of the 1 known skills"),
        ([known, "http://x", known], "remark", "1 of 3 skills unknown and left out; first: <http://x>"),
        ([known.replace("http:", "https:")], "refused", "; ESCO's begin with http:"),
    ]
    matches, refused = kernel_of(matrix).match(people([case[0] for case in cases]))
    said = {row["row"]: (row["outcome"], row["reason"]) for row in refused.to_pylist()}
    for row, (_, outcome, reason) in enumerate(cases, 1):
        assert said.get(row, ("", ""))[0] == outcome
        assert reason in said.get(row, ("", ""))[1]
    assert set(matches["id"].to_pylist()) == {"p0", "p8"}
    assert kernel_of(matrix).refuse(people([case[0] for case in cases])).equals(refused)


def test_a_person_without_id_is_refused_and_the_same_id_twice_is_not() -> None:
    matrix = random_matrix(2, 30, 20)
    skills = some_people(matrix, 1)[0]
    matches, refused = kernel_of(matrix, 3).match(people([skills] * 3, ["a", None, "a"]))
    assert matches["id"].to_pylist() == ["a"] * 6
    assert refused.to_pylist() == [{"row": 2, "id": None, "outcome": "refused", "reason": "no id"}]


def test_a_million_skills_in_a_row_are_one_person() -> None:
    matrix = random_matrix(4, 200, 500)
    batch = people([matrix.skills * 2_000, ["nothing"] * 1_000_000])
    matches, refused = kernel_of(matrix).match(batch)
    assert ranked(matches, "p0") == expected(matrix, matrix.skills, 10)
    assert refused["id"].to_pylist() == ["p1"]


def test_no_people_give_no_rows() -> None:
    matches, refused = kernel_of(random_matrix(1, 5, 5)).match(people([]))
    assert (len(matches), len(refused)) == (0, 0)


def test_a_kernel_survives_its_journey() -> None:
    matrix = random_matrix(6, 50, 30)
    kernel = kernel_of(matrix)
    batch = people(some_people(matrix, 20))
    assert pickle.loads(pickle.dumps(kernel)).match(batch)[0].equals(kernel.match(batch)[0])  # noqa: S301 - our own


def test_wrong_uses_of_the_kernel() -> None:
    with pytest.raises(ParameterError, match="--top is 0"):
        kernel_of(random_matrix(1, 5, 5), top=0)
    with pytest.raises(ParameterError, match="no occupations"):
        kernel_of(random_matrix(1, 0, 5))


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"id": pa.string()}, r"no column 'skills'; found: id \(string\)"),
        ({"name": pa.string(), "skills": pa.list_(pa.string())}, "no column 'id'; found: name"),
        ({"id": pa.float64(), "skills": pa.list_(pa.string())}, "column 'id' is double"),
        ({"id": pa.string(), "skills": pa.string()}, "column 'skills' is string"),
        ({"id": pa.string(), "skills": pa.list_(pa.int64())}, "column 'skills' is list<"),
        ({"id": pa.string(), "skills": pa.list_(pa.struct({"iri": pa.string()}))}, "column 'skills' is list<.*struct"),
        ({"id": pa.string(), "skills": pa.list_(pa.list_(pa.string()))}, "column 'skills' is list<.*list<"),
    ],
)
def test_a_wrong_column_is_named(schema: dict[str, pa.DataType], message: str, tmp_path: Path) -> None:
    pq.write_table(pa.schema(schema).empty_table(), tmp_path / "people.parquet")
    with pytest.raises(SourceError, match=message) as raised:
        match_file(kernel_of(random_matrix(1, 5, 5)), str(tmp_path / "people.parquet"), tmp_path / "out.csv")
    assert "Expected: id (text or whole number) and skills (a list of skill IRIs)" in str(raised.value)
    assert [path.name for path in tmp_path.iterdir()] == ["people.parquet"]


# Files


@pytest.fixture(scope="module")
def matrix() -> SkillMatrix:
    return random_matrix(11, 120, 80)


@pytest.fixture(scope="module")
def kernel(matrix: SkillMatrix) -> Kernel:
    return kernel_of(matrix, top=5)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (reading, local):
        monkeypatch.setattr(module, "PART_ROWS", 7)
    monkeypatch.setattr("esco_graph.batch.reading.BLOCK", 1_000)


RUBBISH: list[tuple[str, str, str]] = [  # JSON line, CSV line, a word of the reason ("" where the format has none)
    ('{"id": "a", "skills": [', '"a,b', "broken JSON|1 cells, but"),
    ("[1, 2]", "a,b,c,d,e", "no JSON object|5 cells, but the header has 3"),
    ('{"id": "a", "skills": "x"}', "a,,", "skills is text, not a list|no skills"),
    ('{"id": "a", "skills": [1]}', "a, ; | ,", "skills holds a number|no skills"),
    ('{"id": 1.5, "skills": ["x"]}', "alone", "id is a number|1 cells"),
    ('{"id": true, "skills": ["x"]}', ",x,1", "id is true or false|no id"),
    ('{"id": "a"}', "a,unknown,1", "no skills|none of 1 skills is known"),
    ('{"skills": ["x"]}', "a,b;c,2", "no id|none of 2 skills is known"),
    ('{"id": "a", "skills": ["\\ud800"]}', 'a,"x"y,1', "no Unicode|none of 1 skills is known"),
    ("[" * 100_000, "\x00", "broken JSON|1 cells"),
]


def write_people(folder: Path, format_: str, skills: list[list[str]], *, rubbish: bool = True) -> tuple[Path, int, int]:
    """Write people with a row of rubbish before every tenth; gives the path, rows in all, and rubbish."""
    lines, bad = [], 0
    for number, one in enumerate(skills):
        if rubbish and number % 10 == 0:
            lines.append(RUBBISH[bad % len(RUBBISH)][format_ == "csv"])
            bad += 1
        if format_ == "csv":
            lines.append(f"p{number},{(';', '|', ' ')[number % 3].join(one)},x")
        else:
            lines.append(json.dumps({"id": f"p{number}", "skills": one, "more": {"a": 1}}))
        if number % 4 == 0:
            lines.append("  ")
    if rubbish:
        lines.append("p,\udcff,x" if format_ == "csv" else '{"id": "\udcff", "skills": []}')
        bad += 1
    path = folder / f"people.{format_}"
    head = ["id,skills,more"] if format_ == "csv" else []
    path.write_bytes("\n".join([*head, *lines]).encode("utf-8", "surrogateescape"))
    return path, len(skills) + bad, bad


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
@pytest.mark.usefixtures("small_parts")
def test_nothing_is_lost_among_rubbish(format_: str, matrix: SkillMatrix, kernel: Kernel, tmp_path: Path) -> None:
    skills = some_people(matrix, 105)
    path, rows, bad = write_people(tmp_path, format_, skills)
    out = tmp_path / "matches.parquet"
    tally = match_file(kernel, str(path), out)
    assert (tally.rows, tally.matched, tally.refused) == (rows, len(skills), bad)
    found = pq.read_table(out)
    for number in (0, 1, 50, 104):
        assert ranked(found, f"p{number}") == expected(matrix, skills[number], 5)
    refused = pyarrow.csv.read_csv(refused_path(out)).to_pylist()
    lines = path.read_bytes().split(b"\n")
    given = [case[format_ == "csv"].encode() for case in RUBBISH]
    for at, row in enumerate(refused[:-1]):
        case = RUBBISH[given.index(lines[row["row"] - 1])]
        assert case[2].split("|")[format_ == "csv"] in row["reason"], at
    assert refused[-1]["reason"] == "not UTF-8"
    assert lines[refused[-1]["row"] - 1].count(b"\xff") == 1


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
def test_fast_and_slow_parsing_agree(format_: str, matrix: SkillMatrix, kernel: Kernel, tmp_path: Path) -> None:
    clean, _, _ = write_people(tmp_path, format_, some_people(matrix, 60), rubbish=False)
    match_file(kernel, str(clean), tmp_path / "clean.csv")
    dirty, _, _ = write_people(tmp_path, format_, some_people(matrix, 60))
    match_file(kernel, str(dirty), tmp_path / "dirty.csv")
    assert (tmp_path / "clean.csv").read_bytes() == (tmp_path / "dirty.csv").read_bytes()


def test_all_outputs_say_the_same(matrix: SkillMatrix, kernel: Kernel, tmp_path: Path) -> None:
    source, _, _ = write_people(tmp_path, "jsonl", some_people(matrix, 20))
    for ending in ("parquet", "csv", "jsonl"):
        match_file(kernel, str(source), tmp_path / f"out.{ending}")
        assert (tmp_path / f"out.{ending}.refused.csv").is_file()
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()] == rows
    assert pyarrow.csv.read_csv(tmp_path / "out.csv").to_pylist() == rows


def test_ids_keep_their_type_in_parquet_and_their_text_in_json(
    matrix: SkillMatrix, kernel: Kernel, tmp_path: Path
) -> None:
    skills = some_people(matrix, 1)[0]
    table = pa.table({"id": pa.array([7], pa.int16()), "skills": [skills], "extra": [1.5]})
    pq.write_table(table, tmp_path / "people.parquet")
    match_file(kernel, str(tmp_path / "people.parquet"), tmp_path / "a.parquet")
    assert pq.read_table(tmp_path / "a.parquet")["id"].to_pylist() == [7] * 5
    ids = ['quote " \\ \n é', str(10**30)]
    lines = [json.dumps({"id": one, "skills": skills}) for one in (ids[0], 10**30)]
    (tmp_path / "people.jsonl").write_text("\n".join(lines))
    match_file(kernel, str(tmp_path / "people.jsonl"), tmp_path / "b.jsonl")
    found = [json.loads(line)["id"] for line in (tmp_path / "b.jsonl").read_text().splitlines()]
    assert found == [ids[0]] * 5 + [ids[1]] * 5


def test_numbers_as_ids_are_read_at_once(matrix: SkillMatrix, kernel: Kernel, tmp_path: Path) -> None:
    lines = [json.dumps({"id": number, "skills": one}) for number, one in enumerate(some_people(matrix, 9))]
    (tmp_path / "people.ndjson").write_text("\n".join(lines))
    assert match_file(kernel, str(tmp_path / "people.ndjson"), tmp_path / "a.jsonl").matched == 9


def test_a_table_of_a_spreadsheet_is_read(matrix: SkillMatrix, kernel: Kernel, tmp_path: Path) -> None:
    skills = some_people(matrix, 1)[0]
    text = "Name;skills;id\r\nAnn;" + "|".join(skills) + ";1\r\n"
    (tmp_path / "people.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    match_file(kernel, str(tmp_path / "people.csv"), tmp_path / "a.parquet")
    assert ranked(pq.read_table(tmp_path / "a.parquet"), "1") == expected(matrix, skills, 5)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "the header does not name id and skills once each; found: none"),
        ("a.csv", b"name,skill\n1,2\n", "found: name, skill"),
        ("a.csv", b"id,skills,id\n", "found: id, skills, id"),
        ("a.jsonl", b'{"name": 1, "skills": []}\n', "keys found: name, skills"),
        ("a.jsonl", b"\x1f\x8b\x08rubbish\n", "keys found: none"),
        ("a.parquet", b"id,skills\n", "not readable as Parquet"),
        ("a.parquet", b"", "not readable as Parquet"),
    ],
)
def test_a_file_of_another_kind_is_refused(
    name: str, content: bytes, message: str, kernel: Kernel, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=message):
        match_file(kernel, str(tmp_path / name), tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()


@pytest.mark.parametrize("format_", ["csv", "jsonl", "parquet"])
def test_no_rows_give_an_empty_file(format_: str, kernel: Kernel, tmp_path: Path) -> None:
    path = tmp_path / f"people.{format_}"
    if format_ == "parquet":
        pq.write_table(pa.schema({"id": pa.int64(), "skills": pa.list_(pa.string())}).empty_table(), path)
    else:
        path.write_text("id,skills" if format_ == "csv" else "")
    tally = match_file(kernel, str(path), tmp_path / "out.parquet")
    assert (tally.rows, tally.matched) == (0, 0)
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0


def test_half_a_parquet_file_leaves_nothing(matrix: SkillMatrix, kernel: Kernel, tmp_path: Path) -> None:
    whole = tmp_path / "people.parquet"
    pq.write_table(pa.table({"id": ["a"] * 500, "skills": some_people(matrix, 500)}), whole)
    whole.write_bytes(whole.read_bytes()[:-200])
    with pytest.raises(SourceError, match="not readable as Parquet"):
        match_file(kernel, str(whole), tmp_path / "out.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["people.parquet"]


def test_paths_that_would_destroy_something(matrix: SkillMatrix, kernel: Kernel, tmp_path: Path) -> None:
    source, _, _ = write_people(tmp_path, "csv", some_people(matrix, 3), rubbish=False)
    with pytest.raises(ParameterError, match="the output is the input"):
        match_file(kernel, str(source), source, force=True)
    out = tmp_path / "out.jsonl"
    match_file(kernel, str(source), out)
    with pytest.raises(ParameterError, match="the file exists"):
        match_file(kernel, str(source), out)
    match_file(kernel, str(source), out, force=True)
    out.unlink()
    with pytest.raises(ParameterError, match="the file exists"):  # the refused rows of the earlier run
        match_file(kernel, str(source), out)
    with pytest.raises(ParameterError, match="the ending tells no format"):
        match_file(kernel, str(source), tmp_path / "out.xlsx")
    with pytest.raises(ParameterError, match="the ending tells no format of people"):
        match_file(kernel, str(tmp_path / "people.txt"), tmp_path / "new.csv")
    with pytest.raises(SourceError, match="cannot read"):
        match_file(kernel, str(tmp_path / "absent.csv"), tmp_path / "new.csv")
    with pytest.raises(StoreError):
        match_file(kernel, str(source), tmp_path / "absent" / "new.csv")


def test_a_lone_carriage_return_does_not_make_up_for_a_quote_that_merges_lines(
    matrix: SkillMatrix, kernel: Kernel, tmp_path: Path
) -> None:
    source, out = tmp_path / "people.csv", tmp_path / "out.csv"
    one, two, three, four = matrix.skills[:4]
    source.write_text(f'id,skills\np1,{one}\rp2,{two}\n"p3,{three}\np4",{four}\n', newline="")
    tally = match_file(kernel, str(source), out)
    assert (tally.rows, tally.matched, tally.refused) == (3, 1, 2)
    assert "a carriage return inside the line" in refused_path(out).read_text()


# Interruption


class InterruptedRunError(Exception):
    pass


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
@pytest.mark.parametrize("format_", ["csv", "jsonl"])
@pytest.mark.usefixtures("small_parts")
def test_a_run_that_goes_on_gives_the_same_bytes(
    format_: str, ending: str, matrix: SkillMatrix, kernel: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, rows, _ = write_people(tmp_path, format_, some_people(matrix, 60))
    whole, out = tmp_path / f"whole.{ending}", tmp_path / f"out.{ending}"
    match_file(kernel, str(source), whole)

    def stop(what: str, done: int, total: int) -> None:
        if int(what.split()[0]) > rows // 2:
            raise InterruptedRunError

    with pytest.raises(InterruptedRunError):
        match_file(kernel, str(source), out, progress=stop)
    assert not out.exists()
    with pytest.raises(ParameterError, match="interrupted run left its finished parts"):
        match_file(kernel, str(source), out)
    parts = sorted(Journal(out).folder.glob("*.ranking.arrow"))
    assert len(parts) > 2
    parts[1].write_bytes(parts[1].read_bytes()[:100])  # a part that the power cut off is done again
    tally = match_file(kernel, str(source), out, resume=True)
    assert 0 < tally.resumed < tally.rows == rows
    assert out.read_bytes() == whole.read_bytes()
    assert refused_path(out).read_bytes() == refused_path(whole).read_bytes()
    assert not Journal(out).folder.exists()


def test_another_run_is_not_gone_on_with(matrix: SkillMatrix, kernel: Kernel, tmp_path: Path) -> None:
    source, _, _ = write_people(tmp_path, "csv", some_people(matrix, 20))

    def stop(what: str, done: int, total: int) -> None:
        raise InterruptedRunError

    out = tmp_path / "out.csv"
    with pytest.raises(InterruptedRunError):
        match_file(kernel, str(source), out, progress=stop, fingerprint="one")
    with pytest.raises(ParameterError, match="differs in: graph, top"):
        match_file(kernel_of(matrix, 6), str(source), out, resume=True, fingerprint="two")
    source.write_bytes(source.read_bytes().replace(b"p1,", b"q1,"))
    with pytest.raises(ParameterError, match="differs in: input"):
        match_file(kernel, str(source), out, resume=True, fingerprint="one")
    assert match_file(kernel, str(source), out, force=True).resumed == 0
    with pytest.raises(ParameterError, match="--resume does not work"):
        match_file(kernel, "-", tmp_path / "new.csv", format_="csv", resume=True)


def test_an_input_that_is_wrong_from_its_start_leaves_nothing(
    matrix: SkillMatrix, kernel: Kernel, tmp_path: Path
) -> None:
    source, out = tmp_path / "people.csv", tmp_path / "out.csv"
    source.write_text("person,skill\n")
    with pytest.raises(SourceError, match="does not name id and skills"):
        match_file(kernel, str(source), out)
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]
    source.write_text(f"id,skills\np1,{matrix.skills[0]}\n")
    assert match_file(kernel, str(source), out).matched == 1


KILLED = """
import sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import test_batch as t
t.reading.PART_ROWS = t.local.PART_ROWS = 50
def slow(what, done, total):
    print(what, flush=True)
    time.sleep(float(sys.argv[4]))
matrix = t.random_matrix(11, 120, 80)
t.match_file(t.kernel_of(matrix, 5), sys.argv[2], Path(sys.argv[3]), resume=True, progress=slow)
"""


def test_a_killed_run_goes_on(
    matrix: SkillMatrix, kernel: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "people.parquet"
    pq.write_table(pa.table({"id": [f"p{n}" for n in range(500)], "skills": some_people(matrix, 500)}), source)
    out, whole = tmp_path / "out.parquet", tmp_path / "whole.parquet"
    command = [sys.executable, "-c", KILLED, str(ROOT / "tests"), str(source), str(out)]
    with subprocess.Popen([*command, "60"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert not out.exists()
    assert Journal(out).folder.exists()
    subprocess.run([*command, "0"], check=True, capture_output=True)
    for module in (reading, local):
        monkeypatch.setattr(module, "PART_ROWS", 50)
    match_file(kernel, str(source), whole)
    assert out.read_bytes() == whole.read_bytes()


# A real graph


def test_real_people_are_ranked_as_the_measures_do(graph_111: Graph) -> None:
    matrix = SkillMatrix.of(graph_111)
    rng = np.random.default_rng(1)
    used = matrix.held.indices
    skills = [[matrix.skills[c] for c in used[rng.integers(0, len(used), rng.integers(1, 31))]] for _ in range(300)]
    matches, refused = kernel_of(matrix).match(people(skills))
    assert len(refused) == 0
    rows = matches.to_pylist()
    by_person = {f"p{number}": [row for row in rows if row["id"] == f"p{number}"] for number in range(300)}
    for number, one in enumerate(skills):
        wanted = expected(matrix, one, 10)
        assert [row["occupation"] for row in by_person[f"p{number}"]] == [row[0] for row in wanted]
        assert [row["score"] for row in by_person[f"p{number}"]] == [row[1] for row in wanted]


def test_a_missing_extra_is_named() -> None:
    code = "import sys; sys.modules['sparse_dot_topn'] = None\nimport esco_graph.batch"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pip install 'esco-graph[batch]'" in done.stderr
    assert issubclass(EscoGraphError, Exception)
