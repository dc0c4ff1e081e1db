"""Write docs/shapes.md, the catalogue of all rules, from the shapes, the checks, the policies and the fixes.

    python tools/make_shapes_doc.py > docs/shapes.md

The page says nothing that those files do not say; a test holds the two together.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import rdflib
import yaml
from rdflib import DCTERMS, OWL, RDF, SH, URIRef

from esco_graph.resources import resource
from esco_graph.terms import ESG, compress
from esco_graph.validation.paths import read_path
from esco_graph.validation.policy import Policy
from esco_graph.validation.shapes import Rule, Shapes, load_shapes

PROFILES = ("default", "strict", "publish")
INTRO = """# The rules

Every rule that `esco-graph validate` checks, with its stable code: what is wrong, what to do, what it is checked on,
and the source behind it. A code never changes its meaning. Made by `make shapes-doc` from `shapes/`, `queries/checks/`,
`shapes/profiles/` and `queries/fixes/`; write there, not here.

A rule counts as its severity in the profile that is chosen says; *off* means that its findings do not count.
A rule with a safe fix can be repaired by the program.
"""
CHECKS = "Rules that look at the whole graph at once: each is one SPARQL query, each row of its answer a finding."


@dataclass(frozen=True)
class Entry:
    """One rule as the page shows it: `severities` by profile, `target` in Markdown, `fix` a file of queries/fixes."""

    code: str
    name: str
    message: str
    severities: dict[str, str]
    target: str
    see_also: str
    fix: str

    @property
    def problem(self) -> str:
        """The first sentence of the message."""
        return re.split(r"(?<=[.…]) (?=[A-Z])", self.message, maxsplit=1)[0]

    def lines(self) -> Iterator[str]:
        """Write the entry; the heading is the code alone, so that its anchor is #esg101."""
        yield from (f"### {self.code}", "", f"**{self.name}.** {escaped(self.message)}", "")
        yield f"- severity: {shown(self.severities)}"
        yield f"- checked on: {self.target}"
        yield f"- source: {link(self.see_also)}"
        yield f"- safe fix: {f'[{self.fix}](../queries/fixes/{self.fix})' if self.fix else 'none'}"
        yield ""


@dataclass(frozen=True)
class Section:
    """One file of rules: its path from the root of the project, its title and description, and its entries."""

    path: str
    title: str
    description: str
    entries: tuple[Entry, ...]

    def lines(self) -> Iterator[str]:
        """Write the section: heading, description, and its entries."""
        yield from (f"## {self.title}", "", f"[`{self.path}`](../{self.path}): {escaped(self.description)}", "")
        for entry in self.entries:
            yield from entry.lines()


def page() -> str:
    """Write the whole page."""
    sections = [*shape_sections(load_shapes()), *check_sections()]
    lines = [INTRO, "## Index", "", "| file | what it holds | codes |", "|---|---|---|"]
    for section in sections:
        first, last = (f"[{entry.code}](#{entry.code.lower()})" for entry in (section.entries[0], section.entries[-1]))
        about = f"[{section.title}](#{anchor(section.title)}) | {escaped(section.description)}"
        lines.append(f"| {about} | {len(section.entries)}: {first} to {last} |")
    lines += ["", "| code | severity | what is wrong | fix |", "|---|---|---|---|"]
    for entry in sorted((entry for section in sections for entry in section.entries), key=lambda entry: entry.code):
        level, fix = entry.severities["default"], "yes" if entry.fix else ""
        lines.append(f"| [{entry.code}](#{entry.code.lower()}) | {level} | {escaped(entry.problem)} | {fix} |")
    lines.append("")
    for section in sections:
        lines += section.lines()
    return "\n".join(lines).rstrip("\n") + "\n"


# from shapes ---------------------------------------------------------------------------------------------------------


def shape_sections(shapes: Shapes) -> Iterator[Section]:
    """Read the shapes files in the order of their codes."""
    found = [shape_section(path, shapes) for path in sorted(resource("shapes").glob("*.ttl"))]
    yield from sorted(found, key=lambda section: section.entries[0].code)


def shape_section(path: Path, shapes: Shapes) -> Section:
    """Read one shapes file."""
    graph = rdflib.Graph().parse(path)
    ontology = next(graph.subjects(RDF.type, OWL.Ontology))
    codes = sorted(str(code) for code in graph.objects(None, URIRef(ESG + "code")))
    texts = (str(graph.value(ontology, property_)) for property_ in (DCTERMS.title, DCTERMS.description))
    return Section(f"shapes/{path.name}", *texts, tuple(shape_entry(shapes, shapes.rules[code]) for code in codes))


def shape_entry(shapes: Shapes, rule: Rule) -> Entry:
    """Describe the rule of a shape."""
    name = rule.shape.rpartition("#")[2].replace("-", " ")
    target = "; ".join(dict.fromkeys(text for root in rule.roots for text in targets(shapes.graph, root)))
    path = shapes.graph.value(URIRef(rule.shape), SH.path)
    where = f"; at `{read_path(shapes.graph, path)}`" if path is not None else ""
    return entry(rule.code, name, rule.message, rule.severity, target + where, rule.see_also)


def targets(graph: rdflib.Graph, root: Any) -> Iterator[str]:
    """Say in words which nodes a shape is checked on (SHACL, section 2.1.3)."""
    words = {SH.targetClass: "every {}", SH.targetSubjectsOf: "all that has {}", SH.targetObjectsOf: "all values of {}"}
    for property_, text in words.items():
        values = [f"`{compress(str(value))}`" for value in sorted(graph.objects(root, property_))]
        if values:
            yield text.format(", ".join(values))
    for target in graph.objects(root, SH.target):
        pattern = " ".join(str(graph.value(target, SH.select)).partition("{")[2].rpartition("}")[0].split())
        yield f"all that fits `{pattern}`"


# from checks ---------------------------------------------------------------------------------------------------------


def check_sections() -> Iterator[Section]:
    """Read the whole-graph checks; no section when there are none."""
    entries = [check_entry(path) for path in sorted(resource("queries/checks").glob("*.rq"))]
    if entries:
        ordered = tuple(sorted(entries, key=lambda entry: entry.code))
        yield Section("queries/checks", "Whole-graph checks", CHECKS, ordered)


def check_entry(path: Path) -> Entry:
    """Describe the rule of a check from its header."""
    lines = path.read_text(encoding="utf-8").splitlines()
    header = yaml.safe_load("\n".join(line[2:] for line in lines if line.startswith("#+")))
    target = f"the whole graph; [{path.name}](../queries/checks/{path.name})"
    texts = (str(header[key]) for key in ("code", "summary", "message", "severity"))
    code, summary, message, severity = texts
    return entry(code, summary.rstrip("."), message, severity, target, str(header["see_also"]))


# both ----------------------------------------------------------------------------------------------------------------


def entry(code: str, name: str, message: str, declared: str, target: str, see_also: str) -> Entry:
    """Put an entry together with what the policies and the fixes say of the code."""
    levels = {profile: policy(profile).severity(code, declared) for profile in PROFILES}
    fixes = resource("queries") / "fixes" / f"{code}.rq"
    return Entry(code, name, " ".join(message.split()), levels, target, see_also, fixes.name if fixes.exists() else "")


@cache
def policy(profile: str) -> Policy:
    """Read one of the program's own profiles."""
    return Policy.read(profile)


def shown(severities: dict[str, str]) -> str:
    """Write the severity, and those of other profiles where they differ from it."""
    usual = severities["default"]
    others = (f"{name}: {level}" for name, level in severities.items() if level != usual)
    return " · ".join((usual, *others))


def link(iri: str) -> str:
    """Link to a source; a term of our own leads to the ontology, since its IRI does not resolve yet."""
    return f"[`{compress(iri)}`](../ontology/esco_graph.ttl)" if iri.startswith(ESG) else f"<{iri}>"


def anchor(title: str) -> str:
    """Give the anchor that a heading of Markdown gets."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def escaped(text: str) -> str:
    """Write plain text for Markdown: nothing in it is markup, IRIs and names such as skos:broader stand as code.

    >>> escaped("Use esg:holds [ ]; not <b>.")
    'Use `esg:holds` \\\\[ \\\\]; not &lt;b>.'
    """
    plain = re.sub(r"([\\`*\[\]|])", r"\\\1", text).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"https?://[^\s\"]*[\w/…]|(?<![\w/:])[a-z-]+:[A-Za-z][\w-]*", r"`\g<0>`", plain)


if __name__ == "__main__":
    sys.stdout.write(page())
