"""How severe each rule counts: a table of codes and levels, apart from the rules themselves.

A policy never changes what is found, only how it counts. The form is a text table, one rule a line:

    # code <TAB> level <TAB> note (may be left out)
    ESG101	violation	no concept goes out without a name

The level is violation, warning, info or off; the code `*` stands for every rule that has no line of its own. Lines
that begin with # and blank lines are passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from esco_graph.errors import ParameterError
from esco_graph.resources import resource
from esco_graph.sources.report import CODES
from esco_graph.sparql import shown
from esco_graph.validation.tables import read_text_table

LEVELS = ("violation", "warning", "info", "off")
EVERY = "*"
_NEAR = 0.8  # one character of six may differ; codes of which two differ are simply others
_ENDING = ".tsv"


@dataclass(frozen=True)
class Policy:
    """A level for each code that has one; `name` says where they are from, for a report's headline.

    >>> policy = Policy({"ESG102": "off"}, "ours.tsv")
    >>> policy.severity("ESG102", "warning"), policy.severity("ESG101", "violation")
    ('off', 'violation')
    """

    levels: Mapping[str, str] = field(default_factory=dict)
    name: str = "default"

    @classmethod
    def read(
        cls,
        profile: str | Path = "default",
        files: Iterable[str | Path] = (),
        settings: Iterable[str] = (),
        *,
        known: Collection[str] | None = None,
    ) -> Policy:
        """Read a profile, then files, then settings; what comes later wins.

        A profile or file is one of `profiles()` by name, or the path of a table. A setting is `CODE=LEVEL`, several
        with commas between. `*` sets aside all that came before it. `known` are the codes that there are; by default
        those of the built-in rules. Raises ParameterError, with file and line, for what cannot be read, an unknown code
        or level, and a code that stands twice in one table.

        >>> Policy.read("default", settings=["ESG101=info,ESG102=off"]).levels
        {'ESG101': 'info', 'ESG102': 'off'}
        """
        codes = known_codes() if known is None else known
        levels: dict[str, str] = {}
        names = []
        for source in (profile, *files):
            _lay(levels, _read_table(source, codes))
            names.append(str(source))
        count = 0
        for setting in settings:
            parts = [part for part in setting.split(",") if part.strip()]
            if not parts:
                raise _no_setting(setting)
            for part in parts:
                _lay(levels, _read_setting(part, codes))
                count += 1
        if count:
            names.append(f"{count} setting{'s' * (count > 1)}")
        return cls(levels, " + ".join(names))

    def severity(self, code: str, declared: str) -> str:
        """Give violation, warning, info or off for a rule whose shape declares a severity."""
        return self.levels.get(code, self.levels.get(EVERY, declared))


def profiles() -> dict[str, Path]:
    """Map the names of the profiles that come with the program to their tables.

    >>> list(profiles())
    ['default', 'publish', 'strict']
    """
    return {path.stem: path for path in sorted(resource("shapes/profiles").glob(f"*{_ENDING}"))}


def known_codes(shapes: Iterable[Path | str] = ()) -> frozenset[str]:
    """Give the codes of all rules: those of the built-in shapes and the whole-graph checks, and of extra shapes files.

    >>> "ESG101" in known_codes()
    True
    """
    from esco_graph.validation.checks import checks
    from esco_graph.validation.shapes import load_shapes

    return frozenset(load_shapes(shapes).rules) | frozenset(checks())


def find_code(code: str, known: Collection[str], *, where: str = "") -> str:
    """Find a code, in small or capital letters, as it is written among those that there are.

    Raises ParameterError, with the nearest one, when there is none of this name.

    >>> find_code("esg101", ["ESG101", "ESG301"])
    'ESG101'
    """
    if code in known:
        return code
    alike = [other for other in known if other.casefold() == code.casefold()]
    if len(alike) != 1:
        raise unknown_code(code, known, where=where)
    return alike[0]


def unknown_code(code: str, known: Collection[str], *, where: str = "") -> ParameterError:
    """Make the error for a code that no rule has, with the nearest one that there is.

    >>> print(unknown_code("ESG1O1", ["ESG101", "ESG301"]))
    no rule has the code 'ESG1O1'. Did you mean ESG101?
    """
    listed = "esco-graph validate --list shows them all."
    if code.upper() in CODES.values():
        listed = f"It is a fault that the import finds; esco-graph validate --explain {code.upper()} says more."
    folded = {other.casefold(): other for other in sorted(known)}
    near = get_close_matches(code.casefold(), folded, 99, _NEAR)
    # Of several that are as near, the one that has the same characters in the same places.
    best = folded.get(max(sorted(near), key=lambda other: sum(map(str.__eq__, other, code.casefold())), default=""))
    advice = f"Did you mean {best}?" if best and code.upper() not in CODES.values() else listed
    return ParameterError(f"no rule has the code {shown(code)}", where=where, advice=advice)


def _lay(levels: dict[str, str], above: Mapping[str, str]) -> None:
    """Lay one table over what is there."""
    if EVERY in above:
        levels.clear()
    levels.update(above)


def _read_table(source: str | Path, known: Collection[str]) -> dict[str, str]:
    path = profiles().get(str(source)) or _file(Path(source))
    levels: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(read_text_table(path, "policy"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        where = f"{path}:{number}"
        code, tab, rest = line.partition("\t")
        if not tab:
            advice = "Write code, tab, level, for example ESG101<TAB>warning."
            raise ParameterError(f"there is no tab in {shown(line)}", where=where, advice=advice)
        code, level = _checked(code, rest.partition("\t")[0], known, where)
        if code in lines:
            what = f"the code {code} stands here a second time; the first is in line {lines[code]}"
            raise ParameterError(what, where=where, advice="Keep one of the two.")
        lines[code] = number
        levels[code] = level
    return levels


def _file(path: Path) -> Path:
    if path.suffix or path.exists():
        return path
    near = get_close_matches(str(path), profiles(), 1)
    advice = f"Did you mean {near[0]}?" if near else f"Give {', '.join(profiles())}, or the name of a file."
    raise ParameterError(f"there is no policy {shown(str(path))}", advice=advice)


def _read_setting(text: str, known: Collection[str]) -> dict[str, str]:
    code, equals, level = text.partition("=")
    if not equals:
        raise _no_setting(text)
    return dict([_checked(code, level, known, "")])


def _no_setting(text: str) -> ParameterError:
    return ParameterError(f"{shown(text)} is no setting", advice="Write CODE=LEVEL, for example ESG101=off.")


def _checked(code: str, level: str, known: Collection[str], where: str) -> tuple[str, str]:
    """Hold a code and a level to what there is."""
    code, level = code.strip(), level.strip().lower()
    if code != EVERY:
        code = find_code(code, known, where=where)
    if level not in LEVELS:
        near = get_close_matches(level, LEVELS, 1)
        advice = f"Did you mean {near[0]}? " if near else ""
        what = f"there is no level {shown(level)} for {code}"
        raise ParameterError(what, where=where, advice=f"{advice}The levels are {', '.join(LEVELS)}.")
    return code, level
