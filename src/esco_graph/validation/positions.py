"""Where in its sources does a finding stand: file:line for Turtle, TriG, N-Triples, N-Quads and ESCO's CSV files.

JSON-LD and RDF/XML give the name of the file without a line.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from esco_graph.errors import SourceError
from esco_graph.sources.archive import SUFFIXES, find_members
from esco_graph.sources.data_file import FORMATS
from esco_graph.terms import RDF, SH, compress
from esco_graph.validation.blank_nodes import lasting_names, matched
from esco_graph.validation.csv_lines import scan_csv
from esco_graph.validation.finding import Finding
from esco_graph.validation.paths import Path as PropertyPath
from esco_graph.validation.turtle_lines import Place, is_anonymous, scan_lines, scan_turtle, term_key

_BY_LINE = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
_BY_TOKEN = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG)
_FILE_BITS = 12  # the low bits of a place hold the file, so that one number says both
_REST = f"<{RDF}rest>"
_ANY = "[]"  # the subject of what any node without a name says
_PAIRS = {f"{SH}{name}ConstraintComponent" for name in ("Disjoint", "Equals")}  # two properties of one node
_MOST = 500  # properties that are tried for the other one of a pair
_SEVERAL = 0  # the place of what stands in several places without a name of its own


class Positions:
    r"""Lines of the files that a graph was made of; they are read at the first question.

    A file is Turtle, TriG, N-Triples, N-Quads (also as .gz), a CSV file, zip or folder of an ESCO release, or another
    RDF file. For each statement a number is kept, not its text: about 200 bytes, 120 MB for an N-Triples file of
    100 MB. Line numbers start at 1, and count line feeds.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile("w", suffix=".ttl") as file:
    ...     _ = file.write("@prefix e: <http://example.org/> .\n\ne:a e:b 1 .")
    ...     file.flush()
    ...     where = Positions([file.name]).of(Finding("ESG101", "info", "", ox.NamedNode("http://example.org/a")))
    >>> where.removeprefix(file.name)
    ':3'
    """

    def __init__(self, paths: Iterable[Path | str]) -> None:
        """Take the files; a folder is one of CSV files or zips."""
        self.found = 0
        """How many findings had a place so far."""
        self._paths = tuple(Path(path) for path in paths)
        self._files: list[str] = []
        self._predicates: dict[str, None] = {}
        self._labels: dict[Path, dict[str, str]] = {}
        self._places: dict[int, int] = {}
        self._mentions: dict[int, int] = {}
        self._without_lines: list[str] = []
        self._followed: dict[Path, list[tuple[str, str, str]]] = {}
        self._read = False

    def of(self, finding: Finding) -> str:
        """Give file:line of what a finding is about, the file alone where lines are not known, or "".

        Taken in this order: the statement with the focus node, one of the path's (first) properties and the value; the
        first with focus node and property; the focus node's first; the first that mentions it. Of two properties that
        must differ, the statement with the other one goes before: it is the one to remove. Blank nodes without a
        label are known where `follow` saw the file parsed, and else told apart by their statements. Raises SourceError
        for a file that cannot be read.
        """
        if not self._read:
            self._scan()
            self._read = True
        place = next(filter(None, self._candidates(finding)), _SEVERAL)
        if place != _SEVERAL:
            answer = f"{self._files[place & ((1 << _FILE_BITS) - 1)]}:{place >> _FILE_BITS}"
        else:
            answer = self._without_lines[0] if len(self._without_lines) == 1 else ""
        self.found += bool(answer)
        return answer

    def follow(self, path: Path | str, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """Pass on the statements of one of the files as they are parsed, with names for its blank nodes that last.

        Nodes without a label are named by `lasting_names`; only by these names can they be found.
        """
        said = self._followed[Path(path)] = []
        renamed = self._labels[Path(path)] = {}
        for quad in lasting_names(quads, renamed):
            if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
                said.append((term_key(quad.subject), term_key(quad.predicate), term_key(quad.object)))
            yield quad

    def _candidates(self, finding: Finding) -> Iterator[int]:
        """Give places, the most precise first; _SEVERAL where there is none."""
        exact, loose = _exact(finding), _loose(finding)
        others = self._others(finding) if finding.component in _PAIRS else ()
        first, second = (others, exact) if "Disjoint" in finding.component else (exact, others)
        yield from map(self._place, chain(first, second, loose))
        yield self._mentions.get(hash(term_key(finding.focus)), _SEVERAL)

    def _others(self, finding: Finding) -> Iterator[tuple[str, ...]]:
        """Look for statements of focus node and value with another property than the path's.

        First with one that the message names, then with that of the last line.
        """
        if finding.value is None:
            return
        focus, value = term_key(finding.focus), term_key(finding.value)
        steps = set(_steps(finding.path)) if finding.path else set()
        found: list[tuple[bool, int, tuple[str, ...]]] = []
        for predicate in islice(self._predicates, _MOST):
            for key, inverse in (((focus, predicate, value), False), ((value, predicate, focus), True)):
                place = self._place(key)
                if place != _SEVERAL and (predicate, inverse) not in steps:
                    is_named = compress(predicate[1:-1]) in finding.message
                    found.append((is_named, place >> _FILE_BITS, key))
        yield from (key for _, _, key in sorted(found, reverse=True))

    def _place(self, key: tuple[str, ...]) -> int:
        return self._places.get(hash(key), _SEVERAL)

    # --- reading ---

    def _scan(self) -> None:
        for path in self._paths:
            format_ = FORMATS.get(Path(path.name.lower().removesuffix(".gz")).suffix)
            if path.is_dir() or path.suffix.lower() in SUFFIXES:
                self._scan_release(path)
            elif format_ in _BY_LINE:
                self._scan_rdf(path, scan_lines)
            elif format_ in _BY_TOKEN:
                base = path.resolve().as_uri()
                self._scan_rdf(path, lambda stream, base=base: scan_turtle(stream.read(), base))  # type: ignore[misc]
            else:
                self._without_lines.append(str(path))

    def _scan_rdf(self, path: Path, scan: Callable[[IO[str]], Iterator[Place]]) -> None:
        file = self._file(str(path))
        try:
            with _open(path) as stream:
                names = self._names(path, scan(stream))
            with _open(path) as stream:
                for place in scan(stream):
                    self._note(place, file, names)
        except (OSError, EOFError, zlib.error) as error:
            raise SourceError(f"the file cannot be read ({error})", where=str(path)) from error

    def _names(self, path: Path, places: Iterator[Place]) -> dict[str, str]:
        """Map the file's names of nodes to those that `follow` gave them, where it saw the file."""
        parsed = [triple for triple in self._followed.get(path, ()) if triple[1] != _REST]
        if not parsed:
            return {}
        scanned = [place[:3] for place in places if place.predicate != _REST and any(map(_is_blank, place[:3]))]
        nodes = dict.fromkeys(key for triple in scanned for key in triple if is_anonymous(key))
        labels = {key for triple in scanned for key in triple}
        others = dict.fromkeys(key for triple in parsed for key in triple if _is_blank(key) and key not in labels)
        # A label that looks as the parser's own names do was replaced too.
        replaced = {f"_:{old}": f"_:{new}" for old, new in self._labels[path].items()}
        return replaced | matched(scanned, nodes, parsed, others)

    def _note(self, place: Place, file: int, names: Mapping[str, str]) -> None:
        subject, predicate, value, line, subject_line = place
        self._predicates[predicate] = None
        at, places = line << _FILE_BITS | file, self._places
        if names:
            subject, value = names.get(subject, subject), names.get(value, value)
        if is_anonymous(subject):
            self._note_anonymous((_ANY, predicate, value), at)
            self._note_anonymous((_ANY, predicate), at)
        else:
            places.setdefault(hash((subject, predicate, value)), at)
            places.setdefault(hash((subject, predicate)), at)
            places.setdefault(hash((subject,)), subject_line << _FILE_BITS | file)
        if value[0] != '"':
            self._mentions.setdefault(hash(value), at)

    def _note_anonymous(self, key: tuple[str, ...], at: int) -> None:
        """Keep the place of what one node without a name says; what several say could be any of them."""
        known = self._places.setdefault(hash(key), at)
        if known != at:
            self._places[hash(key)] = _SEVERAL

    def _scan_release(self, path: Path) -> None:
        members, _ = find_members([path])
        if not members:  # a zip of something else, such as RDF
            self._without_lines.append(str(path))
        for member in members:
            file = self._file(member.name if member.inner else str(member.path))
            for row in scan_csv(member):
                at = row.line << _FILE_BITS | file
                if row.mention:
                    self._mentions.setdefault(hash(row.key[0]), at)
                else:
                    self._places.setdefault(hash(row.key), at)
                    if len(row.key) > 2:
                        self._predicates[row.key[1]] = None

    def _file(self, name: str) -> int:
        if len(self._files) >= 1 << _FILE_BITS:
            raise SourceError(f"these are more than {len(self._files)} files", where=name)
        self._files.append(name)
        return len(self._files) - 1


def _open(path: Path) -> IO[str]:
    """Open a file as text whose lines end with a line feed, without a byte order mark; bad bytes do not matter here."""
    opened = gzip.open if path.suffix.lower() == ".gz" else open
    return opened(path, "rt", encoding="utf-8-sig", errors="replace", newline="\n")


# --- what to look for -----------------------------------------------------------------------------------------------


def _is_blank(key: str) -> bool:
    return is_anonymous(key) or key.startswith("_:")


def _exact(finding: Finding) -> Iterator[tuple[str, ...]]:
    """Give the statements that a finding may be about: focus node, property of the path, value."""
    if finding.value is None:
        return
    value = term_key(finding.value)
    steps = [] if finding.path is None else list(_steps(finding.path))
    for node in _names(finding):
        yield from ((value, step, node) if inverse else (node, step, value) for step, inverse in steps)
    if finding.path and _is_one_step(finding.path):  # said by the other side, as skos:related may be
        for node in _names(finding):
            yield from ((node, step, value) if inverse else (value, step, node) for step, inverse in steps)


def _loose(finding: Finding) -> Iterator[tuple[str, ...]]:
    """Give the statements that come near: with the property, the language, the focus node."""
    steps = [] if finding.path is None else list(_steps(finding.path))
    lang = f"@{finding.value.language}" if isinstance(finding.value, ox.Literal) and finding.value.language else ""
    for node in _names(finding):
        yield from ((node, step) for step, inverse in steps if not inverse)
        if lang:
            yield node, lang
        yield (node,)


def _names(finding: Finding) -> Iterator[str]:
    yield term_key(finding.focus)
    if isinstance(finding.focus, ox.BlankNode):
        yield _ANY


def _is_one_step(path: PropertyPath) -> bool:
    return path.kind in ("iri", "inversePath", "alternativePath") and all(map(_is_one_step, path.parts))


def _steps(path: PropertyPath) -> Iterator[tuple[str, bool]]:
    """Give the properties with which a path can begin, and whether it goes against them."""
    if path.kind == "iri":
        yield f"<{path.iri}>", False
    elif path.kind == "inversePath":
        yield from ((step, not inverse) for step, inverse in _steps(path.parts[0]))
    elif path.kind == "sequence":
        yield from _steps(path.parts[0])
    else:
        for part in path.parts:
            yield from _steps(part)
