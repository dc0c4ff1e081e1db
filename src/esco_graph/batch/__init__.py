"""Many people against all occupations: one kernel over Arrow record batches, run here or on Spark.

`people` and `reading` bring batches in, `kernel` ranks, `writing` takes them out; `local` and `spark` drive it. Needs
the extra `[batch]`; `spark` needs `[spark]`.
"""

from __future__ import annotations

from importlib.util import find_spec

from esco_graph.errors import EscoGraphError


def need(extra: str, *modules: str) -> None:
    """Raise EscoGraphError with what to install when a module of an extra is missing.

    >>> need("batch", "no_such_module")
    Traceback (most recent call last):
    esco_graph.errors.EscoGraphError: no_such_module is not installed. Run: pip install 'esco-graph[batch]'.
    """
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise EscoGraphError(
            f"{', '.join(missing)} {verb} not installed", advice=f"Run: pip install 'esco-graph[{extra}]'."
        )


need("batch", "pyarrow", "sparse_dot_topn")
