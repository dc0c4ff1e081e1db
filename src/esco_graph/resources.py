"""Find ontology/, shapes/, queries/ and examples/ in a checkout or in an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from esco_graph.errors import NotFoundError


@cache
def root() -> Path:
    """Folder that holds the four resource folders: the package's data in a wheel, else the checkout.

    >>> (root() / "ontology").is_dir()
    True
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "data", package.parent.parent):
        if (folder / "ontology").is_dir():
            return folder
    raise NotFoundError(
        "the folders ontology/, shapes/ and queries/ are missing",
        where=str(package),
        advice="Install esco-graph again: pip install --force-reinstall esco-graph.",
    )


def resource(name: str) -> Path:
    """Path of one resource file or folder, for example `queries/careers`.

    >>> resource("ontology/prefixes.ttl").name
    'prefixes.ttl'
    """
    path = root() / name
    if not path.exists():
        raise NotFoundError(f"no such resource: {name}", where=str(root()))
    return path
