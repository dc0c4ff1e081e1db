"""What a reader found: rows per file, and every repair, omission and oddity by code, never in silence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

EXAMPLES_KEPT = 5

REMARKS: dict[str, tuple[str, str]] = {
    # code: (what was done, what it means)
    "alt-equals-pref": ("repaired", "alternative or hidden labels that repeat the preferred label (SKOS S13)"),
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
    "no-label": ("noted", "concepts without a preferred label in a language"),
    "no-skill-type": ("noted", "skills without a skill type"),
    "no-reuse-level": ("noted", "skills without a reuse level"),
    "both-relations": ("noted", "skills both essential and optional for one occupation"),
    "not-released": ("noted", "concepts that the release holds as obsolete or as drafts"),
    "file-missing": ("noted", "files of the official download that are not here"),
    "version-unknown": ("noted", "releases whose version could not be told from a file or folder name"),
}


@dataclass
class FileCount:
    """Rows of one file: read, kept (at least one statement of the row is in the graph) and left out."""

    rows: int = 0
    kept: int = 0
    left_out: int = 0
    sha256: str = ""


@dataclass
class RemarkCount:
    """How often one remark was made, and where the first few were."""

    n: int = 0
    examples: list[str] = field(default_factory=list)


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

    def count(self, code: str, example: str = "", where: str = "", n: int = 1) -> None:
        """Count one remark; the first few examples are kept with their place."""
        remark = self.remarks.get(code)
        if remark is None:
            if code not in REMARKS:
                raise KeyError(code)
            remark = self.remarks[code] = RemarkCount()
        remark.n += n
        if example and len(remark.examples) < EXAMPLES_KEPT:
            remark.examples.append(f"{where}: {example}" if where else example)

    def ordered_remarks(self) -> list[tuple[str, str, str, RemarkCount]]:
        """List (code, what was done, meaning, count) in the order of the table of remarks."""
        return [(code, *REMARKS[code], self.remarks[code]) for code in REMARKS if code in self.remarks]

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain JSON values, keys in a fixed order."""
        return {
            "files": {name: vars(count) for name, count in sorted(self.files.items())},
            "remarks": {
                code: {"done": done, "meaning": meaning, "n": remark.n, "examples": remark.examples}
                for code, done, meaning, remark in self.ordered_remarks()
            },
        }
