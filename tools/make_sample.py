"""Cut the embedded sample out of a real ESCO release: facts only (IRIs, codes, preferred labels, relations).

    python tools/make_sample.py FOLDER_OR_ZIPS… --to examples/esco-v1.1.1-sample

The sample keeps the official file names and columns, so that the ordinary reader reads it. Texts are left out.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable
from pathlib import Path

from esco_graph.sources.archive import Member, find_members
from esco_graph.sources.csv_table import Line, read_lines
from esco_graph.terms import ISCO, OCCUPATION, SCHEME

CHOSEN = (
    "82cbe20d-967c-4161-9ecd-eafc724d171c",  # occupational therapy assistant, ISCO skill level 4
    "33da5532-8c4e-4d1b-b52e-c201ee1bc7ab",  # occupational therapist
    "a7198837-139d-49c7-8fd0-eb8d8c1ee844",  # osteopath
    "771244bf-b204-4e7f-8b25-ee523ae7b791",  # orthoptist
    "8021f3a2-e3de-43c0-b366-075da74dc5b7",  # speech and language therapist
    "80a2aba7-ef7d-46ef-a8ec-15ff6131c0f1",  # traditional chinese medicine therapist
    "61704d4b-f54b-43e5-a7de-bfd7a76f2f0d",  # homeopath
    "acbb7a20-c947-480d-a07e-868a0ab3eab8",  # specialist biomedical scientist
    "f88124d7-ee7e-4d21-9036-0658b496c119",  # physiotherapy assistant, level 3
    "c56bb750-db0b-487b-89f4-82dee6dcab09",  # covid tester
    "d18deca3-3063-4970-9ddc-e3c70404a28c",  # dental hygienist
    "68bc2af1-96ea-4ec2-8b2f-5cde76472135",  # dietetic technician
    "bdc74965-1d1a-4f8e-a490-9cf71f494e02",  # dental chairside assistant
    "7b8b6118-6876-4a71-81a6-4b5fa9bfa221",  # respiratory therapy technician
    "87d0795a-d41f-47ee-979f-0ab7d73836e7",  # nurse assistant, level 2
    "d38c2107-98f2-47b7-8bb4-f69750d51082",  # healthcare assistant
    "5ee264b2-9bc5-40f6-9db3-c87143af6b2d",  # phlebotomist
    "a30734bb-2f10-4747-a94c-75f5ec3c63a4",  # hospital porter
)
TEXT_COLUMNS = (
    "altLabels",
    "hiddenLabels",
    "scopeNote",
    "definition",
    "description",
    "modifiedDate",
    "status",
    "Description",
    "Scope note",
)


class Sampler:
    """Take the chosen occupations and all that they lead to: skills, groups above, schemes."""

    def __init__(self, paths: Iterable[Path], to: Path) -> None:
        self.members = {m.table: m for m in find_members(paths)[0] if m.lang in ("", "en")}
        self.to = to
        self.occupations = {OCCUPATION + uuid for uuid in CHOSEN}
        self.skills = {line["skillUri"] for line in self._related()}
        self.groups: set[str] = set()

    def write(self) -> None:
        self.to.mkdir(parents=True, exist_ok=True)
        concepts = self.occupations | self.skills | self._above()
        self._copy("occupations", (line for line in self._lines("occupations") if line["conceptUri"] in concepts))
        self._copy("skills", (line for line in self._lines("skills") if line["conceptUri"] in concepts))
        for table in ("ISCOGroups", "skillGroups"):
            self._copy(table, (line for line in self._lines(table) if line["conceptUri"] in concepts))
        for table in ("broaderRelationsOccPillar", "broaderRelationsSkillPillar"):
            rows = (r for r in self._lines(table) if r["conceptUri"] in concepts and r["broaderUri"] in concepts)
            self._copy(table, rows)
        self._copy("occupationSkillRelations", self._related())
        both = self._lines("skillSkillRelations")
        kept = (r for r in both if {r["originalSkillUri"], r["relatedSkillUri"]} <= self.skills)
        self._copy("skillSkillRelations", kept)
        levels = [f"Level {level} URI" for level in range(4)]
        rows = self._lines("skillsHierarchy")
        self._copy("skillsHierarchy", (r for r in rows if {r[level] for level in levels if r[level]} <= concepts))
        self._schemes(concepts)

    def _lines(self, table: str) -> Iterable[Line]:
        return read_lines(self.members[table])

    def _related(self) -> Iterable[Line]:
        return (line for line in self._lines("occupationSkillRelations") if line["occupationUri"] in self.occupations)

    def _above(self) -> set[str]:
        """All groups above the chosen concepts, and the unit groups of the occupations."""
        broader: dict[str, set[str]] = {}
        for table in ("broaderRelationsOccPillar", "broaderRelationsSkillPillar"):
            for line in self._lines(table):
                broader.setdefault(line["conceptUri"], set()).add(line["broaderUri"])
        chosen = [line for line in self._lines("occupations") if line["conceptUri"] in self.occupations]
        seen = {ISCO + "C" + line["iscoGroup"] for line in chosen}
        todo = list(seen | self.occupations | self.skills)
        while todo:
            fresh = broader.get(todo.pop(), set()) - seen
            seen |= fresh
            todo += fresh
        # Occupations on the way up would need their own skills, so only groups are taken.
        return {iri for iri in seen if "/occupation/" not in iri}

    def _schemes(self, concepts: set[str]) -> None:
        used = {
            iri.strip(" ,")
            for table in ("occupations", "skills", "ISCOGroups", "skillGroups")
            for line in self._lines(table)
            if line["conceptUri"] in concepts
            for iri in line["inScheme"].split("\n")
        }
        rows = []
        for line in self._lines("conceptSchemes"):
            tops = [iri.strip(" ,") for iri in line["hasTopConcept"].split("\n")]
            if line["conceptSchemeUri"] in used or line["conceptSchemeUri"] == SCHEME + "skills":
                line.cells["hasTopConcept"] = ",\n".join(iri for iri in tops if iri in concepts)
                rows.append(line)
        self._copy("conceptSchemes", rows)

    def _copy(self, table: str, lines: Iterable[Line]) -> None:
        member: Member = self.members[table]
        rows = [line.cells | dict.fromkeys((c for c in TEXT_COLUMNS if c in line.cells), "") for line in lines]
        with (self.to / member.name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, fieldnames=list(max(rows, key=len)), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        print(f"{len(rows):6} {member.name}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--to", type=Path, default=Path("examples/esco-v1.1.1-sample"))
    args = parser.parse_args()
    Sampler(args.paths, args.to).write()
