"""YAML and JSON from anyone, as plain values: texts, lists and maps; no aliases, no tags, no depth, no doubled keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from esco_graph.errors import SourceError
from esco_graph.sparql import shown

MAX_BYTES = {".yaml": 1 << 20, ".yml": 1 << 20}
"""Most bytes of a file by its ending; without libyaml, PyYAML needs seconds for each MiB."""
MAX_BYTES_ELSE = 32 << 20  # of any other; a credential holds pictures
MAX_DEPTH = 50  # a credential nests some 20 deep


def read_bytes(path: Path) -> bytes:
    """Read a file whole; SourceError when there is none, or it is larger than a person's file can be."""
    most = MAX_BYTES.get(path.suffix.lower(), MAX_BYTES_ELSE)
    try:
        if not path.is_file():
            what = "this is a folder" if path.is_dir() else "no such file"
            raise SourceError(what, where=str(path), advice="Name the file of one person.")
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        raise SourceError(f"the file cannot be read ({error.strerror or error})", where=str(path)) from error
    if len(data) > most:
        what = f"the file has more than {most >> 20} MiB, so it is no profile of one person"
        raise SourceError(what, where=str(path), advice="Many people go into a table: match FILE.csv or FILE.parquet.")
    return data


def decode(data: bytes, where: str) -> str:
    """Decode UTF-8, with or without a byte order mark; SourceError with the place of the first wrong byte."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"byte {error.start + 1:,} is not UTF-8"
        raise SourceError(what, where=f"{where}:{line}", advice="Save the file as UTF-8.") from error
    if not text.strip():
        raise SourceError("the file is empty", where=where, advice="See examples/person.yaml.")
    return text


def load_json(text: str, where: str) -> Any:
    """Give a JSON text as values; numbers stay the text that they are.

    >>> load_json('{"level": 4, "none": null}', "me.json")
    {'level': '4', 'none': None}
    """

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            names = [name for name, _ in pairs]
            doubled = next(name for name in names if names.count(name) > 1)
            raise SourceError(f"the key {shown(doubled)} is there twice", where=where, advice="Keep one of them.")
        return made

    def constant(name: str) -> Any:
        raise SourceError(f"{name} is no JSON", where=where)

    try:
        value = json.loads(text, object_pairs_hook=members, parse_int=str, parse_float=str, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise SourceError(f"this is not JSON: {error.msg}", where=f"{where}:{error.lineno}") from error
    except RecursionError:
        value = None
        deep = True
    else:
        deep = _depth(value) > MAX_DEPTH
    if deep:
        raise SourceError(f"the values are nested more than {MAX_DEPTH} deep", where=where)
    return value


def _depth(value: Any) -> int:
    """Count how deep maps and lists are nested."""
    depth, level = 0, [value]
    while level := [one for one in level if isinstance(one, dict | list)]:
        depth += 1
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
    return depth


def load_yaml(text: str, where: str) -> Any:
    r"""Give a YAML text as values; every scalar stays text, so that `2019-05-31` and `no` are what they look like.

    Aliases are refused, so that a small file cannot grow; tags mean nothing.

    >>> load_yaml("since: 2019-05-31\nskills: [no, 1]", "me.yaml")
    {'since': '2019-05-31', 'skills': ['no', '1']}
    """
    import yaml

    try:
        events = yaml.parse(
            text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        )  # ten times as fast with libyaml
        first = next(event for event in events if isinstance(event, yaml.NodeEvent))
        value = _value(events, first, where, 0)
        if any(isinstance(event, yaml.DocumentStartEvent) for event in events):
            raise SourceError("there is a second document", where=where, advice="Write a file for each person.")
    except StopIteration:
        raise SourceError("the file is empty", where=where, advice="See examples/person.yaml.") from None
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        if "nesting depth" in (error.problem or error.context or ""):  # PyYAML 6.0.4 has a limit of its own
            raise SourceError(f"the values are nested more than {MAX_DEPTH} deep", where=f"{where}{line}") from error
        raise SourceError(f"this is not YAML: {error.problem or error.context}", where=f"{where}{line}") from error
    except yaml.YAMLError as error:
        raise SourceError(f"this is not YAML: {' '.join(str(error).split())}", where=where) from error
    except RecursionError:
        raise SourceError(f"the values are nested more than {MAX_DEPTH} deep", where=where) from None
    return value


def _value(events: Iterator[Any], event: Any, where: str, depth: int) -> Any:
    import yaml

    place = f"{where}:{event.start_mark.line + 1}"
    if isinstance(event, yaml.AliasEvent):
        raise SourceError("an alias (*) is not part of this format", where=place, advice="Write the value out.")
    if isinstance(event, yaml.ScalarEvent):
        return None if event.implicit[0] and event.value in ("", "~", "null") else event.value
    if depth >= MAX_DEPTH:
        raise SourceError(f"the values are nested more than {MAX_DEPTH} deep", where=place)
    if isinstance(event, yaml.SequenceStartEvent):
        return _entries(events, where, depth)
    return _members(events, where, depth)


def _entries(events: Iterator[Any], where: str, depth: int) -> list[Any]:
    import yaml

    made: list[Any] = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        made.append(_value(events, event, where, depth + 1))
    return made


def _members(events: Iterator[Any], where: str, depth: int) -> dict[str, Any]:
    import yaml

    made: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _value(events, event, where, depth + 1)
        place = f"{where}:{event.start_mark.line + 1}"
        if not isinstance(key, str):
            raise SourceError("a key must be a text", where=place)
        if key in made:
            raise SourceError(f"the key {shown(key)} is there twice", where=place, advice="Keep one of them.")
        made[key] = _value(events, next(events), where, depth + 1)
    return made
