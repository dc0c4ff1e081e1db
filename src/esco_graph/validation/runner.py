"""Run tasks in two threads: Oxigraph lets Python run while it looks for the next solution of a query.

Two threads that both read many rows only wait for each other; so one of them plans and reads rows, while the other one
takes the queries that find little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import Full, Queue
from threading import Event, Thread
from typing import Any

from esco_graph.validation.finding import Finding

Task = Callable[[], Iterable[Finding]]
"""A piece of work that gives findings; tasks share nothing but the store."""

_BATCH = 500  # findings that are handed over together
_WAITING = 8  # batches that may wait to be taken


Planning = Callable[[], tuple[Sequence[Task], Sequence[Task]]]
"""What writes tasks: those that read many rows, and those that leave the work to the store."""


def run_all(plan: Planning, few: Sequence[Task] = (), last: Sequence[Task] = ()) -> Iterator[Finding]:
    """Run what `plan` writes, and tasks that read few rows, and give the findings as they come.

    The tasks `last` are begun after all others. Each task is run from beginning to end by one thread: Oxigraph's
    solutions belong to the thread that asked. Raises the first error of the plan or of a task.

    >>> sorted(run_all(lambda: ([lambda: iter([1, 2])], [lambda: iter([3])]), [lambda: iter([4])]))
    [1, 2, 3, 4]
    """
    crew = _Crew(plan, few, last)
    crew.start()
    try:
        yield from crew.findings()
    finally:
        crew.stop()


class _Crew:
    def __init__(self, plan: Planning, few: Sequence[Task], last: Sequence[Task]) -> None:
        self._plan = plan
        self._few, self._planned, self._last = iter(few), iter(list[Task]()), iter(last)  # both threads take from these
        self._is_planned = Event()
        self._out: Queue[list[Finding] | BaseException | None] = Queue(_WAITING)
        self._stopped = Event()
        self._threads = [
            Thread(target=self._work, args=(tasks,), daemon=True) for tasks in (self._one(), self._other())
        ]

    def _one(self) -> Iterator[Task]:
        try:
            many, few = self._plan()
            self._planned = iter(few)
        finally:
            self._is_planned.set()
        yield from many
        yield from self._few
        yield from self._planned
        yield from self._last

    def _other(self) -> Iterator[Task]:
        yield from self._few
        self._is_planned.wait()
        yield from self._planned
        yield from self._last

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def findings(self) -> Iterator[Finding]:
        working = len(self._threads)
        while working:
            told = self._out.get()
            if told is None:
                working -= 1
            elif isinstance(told, BaseException):
                raise told
            else:
                yield from told

    def _work(self, tasks: Iterable[Task]) -> None:
        try:
            for task in tasks:
                self._run(task)
                if self._stopped.is_set():
                    return
            self._put(None)
        except Exception as error:  # noqa: BLE001 - raised again where the findings are taken
            # Without its frames: they keep Oxigraph's solutions, which one thread alone may drop.
            error.__cause__ = error.__context__ = None
            self._put(error.with_traceback(None))

    def _run(self, task: Task) -> None:
        batch: list[Finding] = []
        for finding in task():
            batch.append(finding)
            if len(batch) >= _BATCH:
                self._put(batch)
                batch = []
                if self._stopped.is_set():
                    return
        self._put(batch)

    def _put(self, told: Any) -> None:
        """Hand something over, unless nobody takes it any more."""
        while not self._stopped.is_set() and told != []:
            try:
                self._out.put(told, timeout=0.1)
            except Full:
                continue
            return
