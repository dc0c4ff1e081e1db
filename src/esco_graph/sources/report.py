"""What a reader found: rows per file, and every repair, omission and oddity, never in silence.

A remark that is a defect of the source has a code: that of the shape which says the same, or one of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from esco_graph.terms import ESCO_DATA

EXAMPLES_KEPT = 5

REMARKS: dict[str, tuple[str, str]] = {
    # remark: (what was done, what it means)
    "alt-equals-pref": ("repaired", "alternative labels that repeat the preferred label (SKOS S13)"),
    "hidden-equals-pref": ("repaired", "hidden labels that repeat the preferred label (SKOS S13)"),
    "hidden-equals-alt": ("repaired", "hidden labels that repeat an alternative label (SKOS S13)"),
    "alt-repeated": ("repaired", "labels that stand twice in one cell"),
    "spaces": ("repaired", "texts with no-break, doubled or trailing spaces, or invisible characters"),
    "html": ("repaired", "notes with HTML mark-up; the text is kept, each link becomes dct:references"),
    "row-repeated": ("repaired", "rows that repeat a concept or relation; the newest is kept"),
    "scheme-supplied": ("repaired", "concepts without inScheme; the scheme of their file is set"),
    "relation-type-differs": (
        "repaired",
        "skill types in relation files that contradict the skill's own, which is kept",
    ),
    "node-literal": ("repaired", "texts held by NodeLiteral nodes, made plain literals"),
    "xl-label": ("repaired", "SKOS-XL labels, made plain labels"),
    "typed-notation": ("repaired", "codes with a datatype of their own, made plain strings"),
    "group-notation": ("repaired", "occupations that carry their ISCO group's code beside their own, which is kept"),
    "association": ("repaired", "reified relations, made direct ones"),
    "dangling-occupation": ("left out", "relations of an occupation that is not in the release"),
    "dangling-skill": ("left out", "relations of a skill that is not in the release"),
    "dangling-broader": ("left out", "broader relations with a concept that is not in the release"),
    "dangling-member": (
        "left out",
        "collection members, hierarchy levels and top concepts that are not in the release",
    ),
    "closure": ("left out", "materialised skos:broaderTransitive and narrower, which a property path gives"),
    "other-language": ("left out", "texts in languages that were not asked for"),
    "label-role": ("left out", "gender roles of labels, which plain labels cannot carry"),
    "file-not-read": ("left out", "files that hold nothing for the graph"),
    "no-label": ("kept", "concepts without a preferred label in a language"),
    "no-skill-type": ("kept", "skills without a skill type"),
    "no-reuse-level": ("kept", "skills without a reuse level"),
    "both-relations": ("kept", "skills both essential and optional for one occupation"),
    "not-released": ("noted", "concepts that the release holds as obsolete or as drafts"),
    "file-missing": ("noted", "files of the official download that are not here"),
    "version-unknown": ("noted", "releases whose version could not be told from a file or folder name"),
}

CODES: dict[str, str] = {
    # remark: code of the rule that would find it in the graph; ESG851 to ESG899 where no rule can
    "alt-equals-pref": "ESG108",
    "hidden-equals-pref": "ESG109",
    "hidden-equals-alt": "ESG110",
    "alt-repeated": "ESG851",
    "spaces": "ESG852",
    "html": "ESG123",
    "row-repeated": "ESG853",
    "scheme-supplied": "ESG141",
    "relation-type-differs": "ESG854",
    "dangling-occupation": "ESG403",
    "dangling-skill": "ESG209",
    "dangling-broader": "ESG402",
    "dangling-member": "ESG855",
    "no-label": "ESG101",
    "no-skill-type": "ESG302",
    "no-reuse-level": "ESG305",
    "both-relations": "ESG401",
}

OCCUPATIONS, SKILLS, GROUPS, OTHERS = KINDS = ("occupations", "skills", "groups", "others")
"""Kinds of concepts by which a remark is counted; groups are those of ISCO, of skills and of fields of education."""

_PLACES = {"occupation": OCCUPATIONS, "skill": SKILLS, "isco": GROUPS, "isced-f": GROUPS}


def kind_of(iri: str) -> str:
    """Tell the kind of a concept from its IRI alone; skill groups look like skills there.

    >>> kind_of("http://data.europa.eu/esco/isco/C2269"), kind_of("http://example.org/nurse")
    ('groups', 'others')
    """
    space, _, rest = iri.partition(ESCO_DATA)
    return OTHERS if space else _PLACES.get(rest.partition("/")[0], OTHERS)


@dataclass
class FileCount:
    """Rows of one file: read, kept (at least one statement of the row is in the graph) and left out."""

    rows: int = 0
    kept: int = 0
    left_out: int = 0
    sha256: str = ""


@dataclass
class RemarkCount:
    """How often one remark was made (rows, or labels of a row), about which concepts, and where the first few were."""

    n: int = 0
    examples: list[str] = field(default_factory=list)
    seen: dict[str, set[str]] = field(default_factory=dict)

    @property
    def concepts(self) -> dict[str, int]:
        """Numbers of distinct concepts by kind, in the order of KINDS; those of no kind are left out."""
        return {kind: len(self.seen[kind]) for kind in KINDS if kind in self.seen}


@dataclass
class ImportReport:
    """The account of one import; every row read is either kept or left out with a reason.

    >>> report = ImportReport()
    >>> report.count("spaces", "nurse ", where="skills_en.csv:7")
    >>> report.remarks["spaces"].n
    1
    """

    files: dict[str, FileCount] = field(default_factory=dict)
    remarks: dict[str, RemarkCount] = field(default_factory=dict)

    def file(self, name: str) -> FileCount:
        """Give the count of one file, made on first use."""
        return self.files.setdefault(name, FileCount())

    def count(
        self, code: str, example: str = "", where: str = "", n: int = 1, *, about: Iterable[str] = (), kind: str = ""
    ) -> None:
        """Count one remark; the first few examples are kept with their place.

        `about` are the IRIs of the concepts that it is about, each counted once for its kind; `kind` says which where
        the IRIs do not.

        >>> report = ImportReport()
        >>> for row in (2, 3):
        ...     report.count("dangling-occupation", about=["http://data.europa.eu/esco/occupation/gone"])
        >>> report.remarks["dangling-occupation"].n, report.remarks["dangling-occupation"].concepts
        (2, {'occupations': 1})
        """
        remark = self.remarks.get(code)
        if remark is None:
            if code not in REMARKS:
                raise KeyError(code)
            remark = self.remarks[code] = RemarkCount()
        remark.n += n
        for iri in about:
            remark.seen.setdefault(kind or kind_of(iri), set()).add(iri)
        if example and len(remark.examples) < EXAMPLES_KEPT:
            remark.examples.append(f"{where}: {example}" if where else example)

    def ordered_remarks(self) -> list[tuple[str, str, str, RemarkCount]]:
        """List (code, what was done, meaning, count) in the order of the table of remarks."""
        return [(code, *REMARKS[code], self.remarks[code]) for code in REMARKS if code in self.remarks]

    def defects(self) -> list[tuple[str, str, RemarkCount]]:
        """List (code, remark, count) for what is wrong in the source itself, by code."""
        found = [(CODES[name], name, count) for name, count in self.remarks.items() if name in CODES]
        return sorted(found, key=lambda row: row[:2])

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain JSON values, keys in a fixed order."""
        return {
            "files": {name: vars(count) for name, count in sorted(self.files.items())},
            "remarks": {
                code: {
                    "code": CODES.get(code),
                    "done": done,
                    "meaning": meaning,
                    "n": remark.n,
                    "concepts": remark.concepts,
                    "examples": remark.examples,
                }
                for code, done, meaning, remark in self.ordered_remarks()
            },
        }
