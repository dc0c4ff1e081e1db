"""Findings that are known already, in a file, so that a check in CI fails on new ones only.

The file is a text table, sorted, one finding a line, made to be kept under version control:

    # esco-graph baseline 1
    # code <TAB> focus <TAB> path <TAB> value <TAB> how often
    ESG101	<http://example.org/nurse>	skos:prefLabel		1

Terms are written as in N-Triples. A blank node without a label is written as who leads to it and by what property,
`_:anna.hasLink` (see `blank_nodes`), any other one `_:`; of those that are written alike and have one code, path and
value, only the number is known, and the first ones of the report count as the known ones. Severity and message are no
part of it: neither a policy nor a better wording makes a known finding new.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from heapq import merge
from itertools import groupby, islice
from pathlib import Path
from typing import IO

from esco_graph.errors import ParameterError
from esco_graph.sparql import shown
from esco_graph.validation.finding import Finding
from esco_graph.validation.tables import read_text_table

HEADER = "# esco-graph baseline 1"
_COLUMNS = "# code\tfocus\tpath\tvalue\thow often"
_ADVICE = "Write it anew with --write-baseline."
_RUN = 50_000  # lines that are sorted in memory at once


@dataclass(frozen=True, order=True)
class Entry:
    """What a baseline knows of a finding, as text, and how often it is there."""

    code: str
    focus: str
    path: str
    value: str
    count: int = 1


class Baseline:
    """Known findings, each met at most as often as it stands there; made for one report.

    >>> import pyoxigraph as ox
    >>> finding = Finding("ESG101", "violation", "No label.", ox.NamedNode("http://example.org/nurse"))
    >>> baseline = Baseline([Entry("ESG101", "<http://example.org/nurse>", "", "")])
    >>> baseline.knows(finding), baseline.knows(finding)
    (True, False)
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        """Take entries; equal ones add up."""
        self._left: Counter[str] = Counter()
        for entry in entries:
            self._left[_line(entry.code, entry.focus, entry.path, entry.value)] += entry.count

    @classmethod
    def read(cls, path: Path | str) -> Baseline:
        """Read a file that `write_baseline` made; raises ParameterError with file:line when it is none."""
        path = Path(path)
        lines = read_text_table(path, "baseline")
        if not lines or lines[0].strip() != HEADER:
            what = f"a baseline begins with {HEADER!r}; this one is of another version, or something else"
            raise ParameterError(what, where=f"{path}:1", advice=_ADVICE)
        baseline = cls()
        for number, line in enumerate(lines[1:], 2):
            if line and not line.startswith("# "):
                baseline._take(line, f"{path}:{number}")
        return baseline

    def _take(self, line: str, where: str) -> None:
        key, _, count = line.rpartition("\t")
        if key.count("\t") != 3 or not (count.isascii() and count.isdigit()) or int(count[:9]) < 1 or len(count) > 9:
            what = f"this is no line of a baseline: {shown(line)}"
            raise ParameterError(what, where=where, advice=f"A line has five columns and ends with a number. {_ADVICE}")
        if key in self._left:
            raise ParameterError(f"this line stands twice: {shown(key)}", where=where, advice=_ADVICE)
        self._left[key] = int(count)

    def knows(self, finding: Finding) -> bool:
        """Say whether the finding is known, and use its entry up: the second of two needs an entry of its own."""
        key = _key(finding)
        if not self._left.get(key):
            return False
        self._left[key] -= 1
        return True

    def gone(self) -> list[Entry]:
        """List, sorted, the entries that no finding has met, with how often each is missed: they were repaired since.

        Ask when the report is complete. What a policy switches off, or a check of one concept passes over, is not met
        either.
        """
        return sorted(Entry(*_cut(key), count) for key, count in self._left.items() if count)


def write_baseline(findings: Iterable[Finding], stream: IO[str]) -> int:
    """Write findings, in any order, to a text stream; gives how many there were. Memory does not grow with them.

    >>> import io
    >>> import pyoxigraph as ox
    >>> out = io.StringIO()
    >>> write_baseline([Finding("ESG101", "violation", "No label.", ox.NamedNode("http://example.org/nurse"))], out)
    1
    >>> out.getvalue().splitlines()[-1].split()
    ['ESG101', '<http://example.org/nurse>', '1']
    """
    stream.write(f"{HEADER}\n{_COLUMNS}\n")
    total = 0
    with ExitStack() as stack:
        for key, same in groupby(_sorted(map(_key, findings), stack)):
            count = sum(1 for _ in same)
            total += count
            stream.write(f"{key}\t{count}\n")
    return total


def _sorted(keys: Iterator[str], stack: ExitStack) -> Iterator[str]:
    """Sort lines in runs, all but the last one in temporary files; by code point, as `LC_ALL=C sort` does."""
    run = sorted(islice(keys, _RUN))
    files: list[Iterator[str]] = []
    while len(run) == _RUN:
        file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - the stack closes it
        stack.enter_context(file)
        file.writelines(f"{key}\n" for key in run)
        file.seek(0)
        files.append(line.removesuffix("\n") for line in file)
        run = sorted(islice(keys, _RUN))
    return merge(*files, run)


def _key(finding: Finding) -> str:
    return _line(*finding.lasting())


def _line(*cells: str) -> str:
    return "\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in cells)


def _cut(key: str) -> tuple[str, str, str, str]:
    code, focus, path, value = key.split("\t")
    return code, focus, path, value
