"""Names of a package that are imported when they are first used, so that the package itself starts fast."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


def getter(package: str, homes: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """Give the `__getattr__` (PEP 562) of a package whose names live in modules of it: module -> names.

    It raises AttributeError for another name.

    >>> getter("esco_graph", {"errors": ("StoreError",)})("StoreError").__name__
    'StoreError'
    """
    home_of = {name: home for home, names in homes.items() for name in names}

    def get(name: str) -> Any:
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{home_of[name]}"), name)
        setattr(import_module(package), name, value)
        return value

    return get
