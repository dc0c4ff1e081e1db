"""SHACL engines, each run alone in a process of its own by validation.py; w3c.py runs them one test after another.

    python benchmarks/engines.py ENGINE DATA SHAPES OUT STARTED

Prints one line of JSON: seconds since STARTED (seconds of the epoch) and peak MB, both when the results are there,
and writes the results to OUT for comparison, outside the measurement.
"""

from __future__ import annotations

import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

Write = Callable[[], str]
JAVA = Path("/usr/share/java")
# fmt: off
JARS = (
    "jena-arq", "jena-base", "jena-cmds", "jena-core", "jena-dboe-base", "jena-dboe-index", "jena-dboe-storage",
    "jena-dboe-trans-data", "jena-dboe-transaction", "jena-iri", "jena-rdfconnection", "jena-shacl", "jena-shex",
    "jena-tdb", "jena-tdb2", "commons-cli", "commons-codec", "commons-compress", "commons-csv", "commons-io",
    "commons-lang3", "commons-logging", "dexx.collection", "gson", "guava", "httpclient", "httpcore",
    "jackson-annotations", "jackson-core", "jackson-databind", "jakarta.json-api", "jsonld-java", "protobuf",
    "slf4j-api", "slf4j-nop", "thrift", "titanium-json-ld",
)
# fmt: on


class Engine(NamedTuple):
    """An engine: what it is, what it reads (a store or an N-Triples file), what is missing ("" when it can run)."""

    title: str
    reads: str
    missing: Callable[[], str]
    run: Callable[[Path, Path], Write]
    ours: bool = False


# --- ours ------------------------------------------------------------------------------------------------------------


def _ours(engine: str, kind: str) -> Callable[[Path, Path], Write]:
    def run(data: Path, _: Path) -> Write:
        from esco_graph.validation import validate

        report = validate(_graph(data, kind), engine=engine)
        return lambda: "".join(_rows(report.findings))

    return run


def _graph(data: Path, kind: str) -> Any:
    from esco_graph.graph import Graph
    from esco_graph.sources.data_file import read_file

    return Graph.memory(read_file(data)) if kind == "file" else open_store(data)


def open_store(place: Path) -> Any:
    """Open a workspace, or a bare Oxigraph store."""
    import pyoxigraph as ox

    from esco_graph.graph import Graph

    return Graph.open(place) if (place / "LAYOUT").exists() else Graph(ox.Store.read_only(str(place)), name=str(place))


def _rows(findings: Iterable[Any]) -> Iterator[str]:
    severities = {"violation": "Violation", "warning": "Warning", "info": "Info"}
    for finding in findings:
        path, value = finding.path or "", "" if finding.value is None else str(finding.value)
        component = finding.component.rpartition("#")[2]
        fields = (str(finding.focus), str(path), value, component, severities[finding.severity], finding.code)
        yield json.dumps(fields) + "\n"


# --- peers -----------------------------------------------------------------------------------------------------------


def run_plain(data: Path, shapes: Path) -> Write:
    """Run pySHACL as its users do (`pyshacl -a -s SHAPES DATA`): it reads the files; -a is for the SPARQL targets."""
    import pyshacl

    format_ = "nt" if data.suffix == ".nt" else "turtle"
    _, report, text = pyshacl.validate(str(data), shacl_graph=str(shapes), data_graph_format=format_, advanced=True)
    if isinstance(report, Exception):
        raise RuntimeError(text)
    return lambda: str(report.serialize(format="nt"))


def run_shacl(data: Path, shapes: Path) -> Write:
    import shacl

    report = shacl.validate(str(data), str(shapes))
    return lambda: str(report.serialize("ntriples"))


def run_pyrudof(data: Path, shapes: Path) -> Write:
    import pyrudof

    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    format_ = pyrudof.RDFFormat.NTriples if data.suffix == ".nt" else pyrudof.RDFFormat.Turtle
    rudof.read_data(str(data), format_, base=data.absolute().as_uri(), reader_mode=pyrudof.ReaderMode.Strict)
    rudof.read_shacl(str(shapes), pyrudof.ShaclFormat.Turtle, base=shapes.absolute().as_uri())
    rudof.validate_shacl()
    return lambda: str(rudof.serialize_shacl_validation_results(pyrudof.ResultShaclValidationFormat.NTriples))


def run_jena(data: Path, shapes: Path) -> Write:
    """Run Jena's own command; its report comes as Turtle, whose writing is part of its time."""
    with tempfile.TemporaryDirectory() as folder:
        classes = ":".join([*(str(JAVA / f"{jar}.jar") for jar in JARS), str(_messages(Path(folder)))])
        command = ["java", "-cp", classes, "shacl.shacl", "validate", "--shapes", str(shapes), "--data", str(data)]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode or "ValidationReport" not in done.stdout:
        raise RuntimeError((done.stderr or done.stdout).strip()[:300])
    return lambda: _ntriples(done.stdout)


def _messages(folder: Path) -> Path:
    """Put the messages of Jena's XML schema code where Debian's build looks for them; without them it stops."""
    place = "org/apache/jena/ext/"
    with zipfile.ZipFile(JAVA / "jena-core.jar") as jar:
        for name in jar.namelist():
            if name.startswith(place) and name.endswith(".properties"):
                target = folder / name.removeprefix(place)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(jar.read(name))
    return folder


def _ntriples(turtle: str) -> str:
    import pyoxigraph as ox

    parsed = ox.parse(turtle, ox.RdfFormat.TURTLE)
    return ox.serialize((quad.triple for quad in parsed), format=ox.RdfFormat.N_TRIPLES).decode()


def _package(name: str, how: str) -> Callable[[], str]:
    return lambda: "" if find_spec(name) else how


def _no_fast() -> str:
    return "" if find_spec("esco_graph.validation.fast") else "this version of esco-graph has no fast engine"


def _no_jena() -> str:
    there = shutil.which("java") and (JAVA / "jena-shacl.jar").exists()
    return "" if there else "apt install libapache-jena-java default-jre-headless"


BENCH = "pip install 'esco-graph[bench]'"
ENGINES = {
    "fast": Engine("esco-graph `fast`, built store", "store", _no_fast, _ours("fast", "store"), ours=True),
    "fast-file": Engine("esco-graph `fast`, file into memory", "file", _no_fast, _ours("fast", "file"), ours=True),
    "pyshacl": Engine("esco-graph `pyshacl`, built store", "store", str, _ours("pyshacl", "store"), ours=True),
    "plain": Engine("pySHACL alone, rdflib", "file", str, run_plain),
    "shacl": Engine("`shacl` (Rust)", "file", _package("shacl", BENCH), run_shacl),
    "pyrudof": Engine("pyrudof (Rust)", "file", _package("pyrudof", BENCH), run_pyrudof),
    "jena": Engine("Jena SHACL", "file", _no_jena, run_jena),
}


# --- comparing -------------------------------------------------------------------------------------------------------


def read_results(text: str) -> Counter[tuple[str, ...]]:
    """Read what an engine wrote into a multiset of (focus, path, value, component, severity); blank nodes are one."""
    rows = _findings(text) if _is_ours(text) else _report_rows(text)
    return Counter(tuple(_unnamed(field) for field in row) for row in rows)


def read_codes(text: str) -> Counter[str]:
    """Count the findings of each code; only our engines tell codes."""
    return Counter(json.loads(line)[-1] for line in text.splitlines()) if _is_ours(text) else Counter()


def _is_ours(text: str) -> bool:
    return text.startswith("[")


def _findings(text: str) -> Iterator[tuple[str, ...]]:
    """Read our rows, without those of the whole-graph checks."""
    from esco_graph.validation.shapes import load_shapes

    rules = load_shapes().rules
    rows = (json.loads(line) for line in text.splitlines())
    return (tuple(row[:5]) for row in rows if row[5] in rules)


def _unnamed(field: str) -> str:
    return "_:" if re.match(r"_:\S+$", field) else field


def _report_rows(ntriples: str) -> Iterator[tuple[str, ...]]:
    import pyoxigraph as ox
    import rdflib

    from esco_graph.terms import SH, from_ox
    from esco_graph.validation.paths import read_path

    about: dict[Any, dict[str, Any]] = {}
    paths = rdflib.Graph()
    for quad in ox.parse(ntriples, ox.RdfFormat.N_TRIPLES):
        about.setdefault(quad.subject, {})[quad.predicate.value.removeprefix(SH)] = quad.object
        if "focusNode" not in quad.predicate.value and "value" not in quad.predicate.value:
            paths.add((from_ox(quad.subject), from_ox(quad.predicate), from_ox(quad.object)))  # type: ignore[arg-type]
    for said in about.values():
        if "focusNode" in said:
            path = str(_flat(read_path(paths, from_ox(said["resultPath"])))) if "resultPath" in said else ""
            names = (said[name].value.rpartition("#")[2] for name in ("sourceConstraintComponent", "resultSeverity"))
            yield (str(said["focusNode"]), path, str(said.get("value", "")), *names)


def _flat(path: Any) -> Any:
    """Take a|(b|c) for a|b|c, as Jena writes it."""
    parts = [_flat(part) for part in path.parts]
    if path.kind in ("alternativePath", "sequence"):
        parts = [inner for part in parts for inner in (part.parts if part.kind == path.kind else (part,))]
    return replace(path, parts=tuple(parts))


def peak(name: str) -> float:
    """Give the peak in MB: of this process (VmHWM, which unlike ru_maxrss knows nothing of its parent), or of Java."""
    if name == "jena":
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return int(Path("/proc/self/status").read_text("ascii").rpartition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    name, data, shapes, out, started = sys.argv[1:]
    write = ENGINES[name].run(Path(data), Path(shapes))
    seconds = time.time() - float(started)
    print(json.dumps({"seconds": seconds, "peak": peak(name)}), flush=True)
    Path(out).write_text(write(), "utf-8")


if __name__ == "__main__":
    main()
