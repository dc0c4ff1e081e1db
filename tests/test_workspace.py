"""Generations: atomic publish, one writer, undo, prune, and whatever may go wrong on disk."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from esco_graph.builder import sample_paths
from esco_graph.errors import NotFoundError, QueryError, StoreError
from esco_graph.graph import Graph
from esco_graph.workspace import Workspace

A = ox.NamedNode("http://example.org/a")


def quad(name: str, graph: str = "g") -> ox.Quad:
    return ox.Quad(A, A, ox.Literal(name), ox.NamedNode(f"http://example.org/{graph}"))


def values(workspace: Workspace) -> set[str]:
    return {q.object.value for q in Graph.open(workspace.path).quads()}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path / "store")
    with workspace.write("first") as draft:
        draft.extend([quad("one")])
    return workspace


class TestGenerations:
    def test_a_write_makes_the_next_generation(self, workspace: Workspace) -> None:
        with workspace.write("second") as draft:
            draft.extend([quad("two")])
        assert values(workspace) == {"one", "two"}
        assert [g.name for g in workspace.generations()] == ["g000001", "g000002"]
        assert workspace.current().about["parent"] == "g000001"
        assert workspace.current().about["what"] == "second"

    def test_a_fresh_write_starts_empty(self, workspace: Workspace) -> None:
        with workspace.write("again", fresh=True) as draft:
            draft.extend([quad("other")])
        assert values(workspace) == {"other"}

    def test_an_open_reader_keeps_its_generation(self, workspace: Workspace) -> None:
        reader = Graph.open(workspace.path)
        for name in "bcdef":
            with workspace.write(name, keep=1) as draft:
                draft.extend([quad(name)])
        assert {q.object.value for q in reader.quads()} == {"one"}
        assert len(values(workspace)) == 6

    def test_an_error_in_the_block_leaves_all_as_it_was(self, workspace: Workspace) -> None:
        with pytest.raises(ZeroDivisionError), workspace.write("bad") as draft:
            draft.extend([quad("two")])
            raise ZeroDivisionError
        assert values(workspace) == {"one"}
        assert sorted(p.name for p in (workspace.path / "generations").iterdir()) == ["g000001"]

    def test_undo_and_undo_again(self, workspace: Workspace) -> None:
        for name in ("two", "three"):
            with workspace.write(name) as draft:
                draft.extend([quad(name)])
        assert workspace.undo().name == "g000002"
        assert values(workspace) == {"one", "two"}
        assert workspace.undo().name == "g000001"
        with pytest.raises(NotFoundError, match="nothing that is kept comes before g000001"):
            workspace.undo()

    def test_undo_goes_to_any_kept_generation_and_forward_again(self, workspace: Workspace) -> None:
        for name in ("two", "three"):
            with workspace.write(name) as draft:
                draft.extend([quad(name)])
        workspace.undo("g000001")
        assert workspace.undo("g000003").name == "g000003"
        assert values(workspace) == {"one", "two", "three"}
        for name in ("g000009", "../g000001"):
            with pytest.raises(NotFoundError, match="there is no generation"):
                workspace.undo(name)

    def test_a_write_after_undo_branches_from_the_current_one(self, workspace: Workspace) -> None:
        with workspace.write("two") as draft:
            draft.extend([quad("two")])
        workspace.undo()
        with workspace.write("three") as draft:
            draft.extend([quad("three")])
        assert workspace.current().name == "g000003"
        assert values(workspace) == {"one", "three"}

    def test_old_generations_are_pruned_but_never_the_current_one(self, workspace: Workspace) -> None:
        for name in "bcde":
            with workspace.write(name) as draft:
                draft.extend([quad(name)])
        assert [g.name for g in workspace.generations()] == ["g000003", "g000004", "g000005"]
        workspace.undo()
        assert workspace.prune(2) == ["g000005"]
        assert [g.name for g in workspace.generations()] == ["g000003", "g000004"]
        assert workspace.prune(1) == ["g000003"]
        assert workspace.current().name == "g000004"

    def test_undone_writes_never_push_out_what_undo_leads_to(self, workspace: Workspace) -> None:
        for name in "bcdefg":
            with workspace.write(name) as draft:
                draft.extend([quad(name)])
            workspace.undo()
        assert workspace.current().name == "g000001"

    def test_a_generation_that_is_read_is_not_pruned(self, workspace: Workspace) -> None:
        """Oxigraph opens table files when it needs them: with many of them a reader would miss those removed."""
        with workspace.write("many tables") as draft:
            for number in range(40):
                draft.store.bulk_extend([quad(f"{number}-{n}") for n in range(50)])
        reader = Graph.open(workspace.path)
        for name in "bcdef":
            with workspace.write(name, keep=1) as draft:
                draft.extend([quad(name)])
        assert len(list(reader.quads())) == 2001
        assert len([g.name for g in workspace.generations()]) == 2
        del reader
        assert workspace.prune(1) == ["g000002"]

    def test_an_update_and_what_it_may_not(self, workspace: Workspace) -> None:
        with workspace.write("update") as draft:
            draft.update('INSERT DATA { GRAPH <http://x/g> { <http://x/a> <http://x/b> "two" } }')
            assert draft.graph.ask('ASK { ?s ?p "two" }')
            for text in ("LOAD <http://127.0.0.1/>", "INSERT { ?s ?p ?o } WHERE { SERVICE <http://x/> { ?s ?p ?o } }"):
                with pytest.raises(QueryError, match="is refused"):
                    draft.update(text)
            with pytest.raises(QueryError, match="not a SPARQL update"):
                draft.update("SELECT * { ?s ?p ?o }")
        assert values(workspace) == {"one", "two"}

    def test_a_discarded_draft_is_not_published(self, workspace: Workspace) -> None:
        with workspace.write("no") as draft:
            draft.extend([quad("two")])
            draft.discard()
        assert [g.name for g in workspace.generations()] == ["g000001"]

    def test_a_draft_knows_its_name(self, workspace: Workspace) -> None:
        with workspace.write("two") as draft:
            assert draft.name == "g000002"
        assert workspace.current().name == "g000002"

    def test_a_triple_is_in_one_graph_only(self, workspace: Workspace) -> None:
        with workspace.write("two") as draft:
            added = draft.extend([quad("one", "h"), quad("two", "h"), quad("one"), quad("two", "i")])
        assert (added.new, added.held) == (1, 2)
        assert Graph.open(workspace.path).named_graphs() == ["http://example.org/g", "http://example.org/h"]


class TestTrouble:
    def test_no_graph_here(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match=r"there is no graph here.*esco-graph build"):
            Graph.open(tmp_path)

    def test_a_second_writer_is_refused_by_name(self, workspace: Workspace) -> None:
        with (
            workspace.write("slow"),
            pytest.raises(StoreError, match=rf"written by process {os.getpid()} \(slow\)"),
            Workspace(workspace.path).write("fast"),
        ):
            pass

    def test_the_lock_of_a_dead_writer_does_not_block(self, workspace: Workspace) -> None:
        (workspace.path / "LOCK").write_text("process 999999 (build)\n")
        stale = workspace.path / "generations" / ".draft-999999"
        stale.mkdir()
        with workspace.write("next") as draft:
            draft.extend([quad("two")])
        assert not stale.exists()

    def test_a_newer_layout(self, workspace: Workspace) -> None:
        (workspace.path / "LAYOUT").write_text("2\n")
        for action in (workspace.current, workspace.undo, workspace.write("x").__enter__):
            with pytest.raises(StoreError, match="layout '2', this program reads layout 1"):
                action()

    @pytest.mark.parametrize("text", ["", "g000009", "../../etc", "g1"])
    def test_a_broken_current_file(self, workspace: Workspace, text: str) -> None:
        (workspace.path / "CURRENT").write_text(text)
        with pytest.raises(StoreError, match="is no generation here"):
            workspace.current()

    def test_a_kill_before_the_first_generation_leaves_a_usable_folder(self, tmp_path: Path) -> None:
        (tmp_path / "generations").mkdir()
        with Workspace(tmp_path).write("first") as draft:
            draft.extend([quad("one")])
        assert values(Workspace(tmp_path)) == {"one"}

    def test_a_generation_that_was_renamed_but_not_made_current_is_swept(self, workspace: Workspace) -> None:
        with workspace.write("two") as draft:
            draft.extend([quad("two")])
        (workspace.path / "CURRENT").rename(workspace.path / "CURRENT.new")
        (workspace.path / "CURRENT").write_text("g000001\n")
        assert values(workspace) == {"one"}
        with workspace.write("three") as draft:
            draft.extend([quad("three")])
        assert [g.name for g in workspace.generations()] == ["g000001", "g000002"]
        assert values(workspace) == {"one", "three"}

    def test_a_failure_while_publishing_leaves_no_generation(
        self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(self: Workspace, name: str) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(Workspace, "_name_current", full)
        with pytest.raises(StoreError, match=r"No space left.*Free some space"), workspace.write("two") as draft:
            draft.extend([quad("two")])
        assert [g.name for g in workspace.generations()] == ["g000001"]
        assert values(workspace) == {"one"}

    def test_an_error_of_the_input_is_not_blamed_on_the_store(self, workspace: Workspace) -> None:
        with pytest.raises(PermissionError), workspace.write("two"):
            raise PermissionError(errno.EACCES, "Permission denied", "input.zip")

    def test_a_damaged_about_file_can_be_undone_or_built_over(self, workspace: Workspace) -> None:
        with workspace.write("two") as draft:
            draft.extend([quad("two")])
        (workspace.current().folder / "about.json").write_text("{")
        with pytest.raises(StoreError, match=r"about\.json cannot be read.*undo"):
            Graph.open(workspace.path)
        assert workspace.undo().name == "g000001"
        assert values(workspace) == {"one"}

    def test_a_fresh_write_replaces_a_damaged_generation(self, workspace: Workspace) -> None:
        (workspace.current().folder / "about.json").write_text("{")
        with workspace.write("again", fresh=True) as draft:
            draft.extend([quad("new")])
        assert values(workspace) == {"new"}

    @pytest.mark.parametrize("verb", ["prune", "undo"])
    def test_prune_and_undo_make_no_folder(self, tmp_path: Path, verb: str) -> None:
        with pytest.raises(StoreError, match="there is no graph here"):
            getattr(Workspace(tmp_path / "typo"), verb)()
        assert not (tmp_path / "typo").exists()

    def test_a_folder_with_other_files_is_not_taken(self, tmp_path: Path) -> None:
        (tmp_path / "thesis.txt").write_text("mine")
        with pytest.raises(StoreError, match="other files"), Workspace(tmp_path).write("build"):
            pass
        assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]

    def test_a_file_where_the_folder_should_be(self, tmp_path: Path) -> None:
        (tmp_path / "store").write_text("")
        with pytest.raises(StoreError, match="cannot be read or written"), Workspace(tmp_path / "store").write("x"):
            pass

    def test_a_damaged_store(self, workspace: Workspace) -> None:
        for file in workspace.current().store_path.glob("MANIFEST*"):
            file.unlink()
        with pytest.raises(StoreError, match=r"cannot be opened.*undo"):
            Graph.open(workspace.path)

    def test_a_full_disk_leaves_the_old_generation(self, tmp_path: Path) -> None:
        """A limit on the size of files stands for the full disk; it comes while the store is loaded."""
        workspace = Workspace(tmp_path / "store")
        with workspace.write("first") as draft:
            draft.extend([quad("one")])
        code = (
            "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000));"
            "from esco_graph.cli import main; main(sys.argv[1:])"
        )
        done = run(code, "build", "--sample", "--store", str(workspace.path))
        assert done.returncode == 2, done.stderr
        assert "Error:" in done.stderr
        assert "as it was before" in done.stderr
        assert values(workspace) == {"one"}
        assert sorted(p.name for p in (workspace.path / "generations").iterdir()) == ["g000001"]


def run(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=False)


CLI = "import sys; from esco_graph.cli import main; main(sys.argv[1:])"


class TestKill:
    """`kill -9` at random moments: the store opens and holds the old or the new generation, nothing else."""

    def check(self, workspace: Workspace, action: list[str], before: set[ox.Quad], after: set[ox.Quad]) -> None:
        moments = random.Random(20261124)
        started = time.monotonic()
        subprocess.run([sys.executable, "-c", CLI, *action], check=True, capture_output=True)
        length = time.monotonic() - started
        workspace.undo()
        outcomes = set()
        for _ in range(20):
            process = subprocess.Popen(
                [sys.executable, "-c", CLI, *action], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(moments.uniform(0.3, 1.05) * length)
            process.send_signal(signal.SIGKILL)
            process.wait()
            held = set(Graph.open(workspace.path).quads())
            assert held in (before, after)
            outcomes.add(held == after)
            if held == after:
                workspace.undo()
        assert outcomes, "no run was checked"

    def test_a_build(self, tmp_path: Path) -> None:
        workspace = Workspace(tmp_path / "store")
        with workspace.write("first") as draft:
            draft.extend([quad("one")])
        action = ["build", "--sample", "--store", str(workspace.path)]
        subprocess.run([sys.executable, "-c", CLI, *action], check=True, capture_output=True)
        after = set(Graph.open(workspace.path).quads())
        workspace.undo()
        self.check(workspace, action, {quad("one")}, after)

    def test_an_import(self, tmp_path: Path) -> None:
        workspace = Workspace(tmp_path / "store")
        action = ["build", "--sample", "--store", str(workspace.path)]
        subprocess.run([sys.executable, "-c", CLI, *action], check=True, capture_output=True)
        before = set(Graph.open(workspace.path).quads())
        page = sample_paths()[0].parent / "occupation-page.txt"
        action = ["import", str(page), "--store", str(workspace.path), "--now", "2026-01-01T00:00:00+00:00"]
        subprocess.run([sys.executable, "-c", CLI, *action], check=True, capture_output=True)
        after = set(Graph.open(workspace.path).quads())
        workspace.undo()
        self.check(workspace, action, before, after)
