"""Apply safe repairs to a workspace: find, ask, write a new generation, validate it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from esco_graph.builder import derive
from esco_graph.draft import OF_THE_BUILD
from esco_graph.errors import StoreError
from esco_graph.graph import Graph
from esco_graph.materialise import materialise
from esco_graph.validation import Report, validate
from esco_graph.validation.patch import Patch
from esco_graph.validation.repair import repair
from esco_graph.validation.scope import parts_of
from esco_graph.workspace import Workspace


@dataclass(frozen=True)
class RepairSummary:
    """What a repair changed, and what the rules find before and after it.

    `generation` is "", and the reports are None, when nothing was written: there was nothing to repair, or the answer
    was no.
    """

    patch: Patch
    generation: str = ""
    before: Report | None = None
    after: Report | None = None

    @property
    def numbers(self) -> dict[str, tuple[int, int]]:
        """How many findings each rule has before and after, where it has any, by code."""
        if self.before is None or self.after is None:
            return {}
        pairs = {code: (self.before.checked.get(code, (0, 0))[1], n) for code, (_, n) in self.after.checked.items()}
        return {code: pair for code, pair in sorted(pairs.items()) if pair != (0, 0)}


def apply_repair(
    workspace: Workspace,
    codes: Iterable[str] | None = None,
    *,
    focus: str | None = None,
    confirm: Callable[[Patch], bool] | None = None,
    **checks: Any,
) -> RepairSummary:
    """Repair the current graph in a new generation, and validate before and after.

    `codes` limits it to some rules, `focus` (IRI or CURIE) to one concept or profile with its parts. `confirm` sees the
    patch before anything is written, and may say no. `checks` are options of `validate`, such as `shapes`. The repair
    holds over later imports: what a profile is written anew from is repaired with it. A build reads the release again,
    and begins with its faults. Raises ParameterError for a code without a fix, NotFoundError for an unknown focus,
    StoreError when another process writes, or has written since the patch was made.
    """
    parent = workspace.current().name
    graph = Graph.open(workspace.path)
    patch = repair(graph, codes, nodes=None if focus is None else parts_of(graph, focus))
    if patch.empty or (confirm is not None and not confirm(patch)):
        return RepairSummary(patch)
    before = validate(graph, focus=focus, **checks)
    with workspace.write("repair " + " ".join(patch.counts)) as draft:
        if workspace.current().name != parent:
            what = "another process has written the graph meanwhile"
            raise StoreError(what, where=str(workspace.path), advice="Look at the repairs again.")
        patch.apply(draft.store)
        derive(draft)
        materialise(draft)
        after = validate(draft.graph, focus=focus, **checks)
        about = workspace.current().about
        draft.about |= {key: about[key] for key in OF_THE_BUILD if key in about}
        draft.about |= {"repair": {code: list(counts) for code, counts in patch.counts.items()}}
    return RepairSummary(patch, draft.name, before, after)
