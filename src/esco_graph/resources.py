"""Find ontology/, shapes/, queries/ and examples/ in a checkout or in an installed wheel, and read a `.rq` file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from esco_graph.errors import NotFoundError, QueryError


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


def read_query(path: Path) -> tuple[Any, str]:
    """Part a `.rq` file into its header, parsed as YAML from the lines that begin with `#+`, and its SPARQL.

    Raises QueryError, with the file, when it cannot be read or the header is not YAML; what is in it is the caller's.

    >>> header, text = read_query(resource("queries/checks/orphan.rq"))
    >>> header["severity"], text.count("#+")
    ('warning', 0)
    """
    import yaml

    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"the file cannot be read: {error}", where=str(path)) from error
    end = next((at for at, line in enumerate(lines) if not line.startswith("#+")), len(lines))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        header = yaml.load("".join(line[2:] for line in lines[:end]), loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise QueryError(f"the header is not YAML: {error}", where=path.name) from error
    return header, "".join(lines[end:])
