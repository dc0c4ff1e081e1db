"""The words that describe occupations: the second half of the measure `likeness`.

A word's entry is (1 + ln tf) · √ln(n / df): tf counts it in the occupation's labels and description and in those of its
ISCO unit group, df counts the occupations that have it. Words count by their first six letters, so that "manager"
and "management", or "Lehrer" and "Lehrerin", meet in any language. Vectors have length 1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyoxigraph as ox
from scipy.sparse import csr_array, diags_array

from esco_graph.terms import DCT, ESCO, SKOS

if TYPE_CHECKING:
    from esco_graph.graph import Graph

LETTERS = 6
"""How many letters of a word count."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_DESCRIBES = f"<{SKOS}prefLabel>|<{SKOS}altLabel>|<{DCT}description>"
_OCCUPATIONS = f"?iri a <{ESCO}Occupation> ."
_GROUPS = f"{{ SELECT DISTINCT ?iri WHERE {{ ?member <{ESCO}memberOfISCOGroup> ?iri }} }}"
_PREFERRED = "en"


@dataclass(frozen=True, eq=False)
class Wording:
    """Word vectors of occupations: `rows` is n × words, each row of length 1, or of zeros where nothing is described.

    `words` holds, for each column, the commonest word that begins with its letters; `lang` is the language read.
    """

    words: list[str]
    rows: csr_array
    lang: str = ""

    @classmethod
    def none(cls, n: int) -> Wording:
        """Give the wording of n occupations that are not described at all."""
        return cls([], csr_array((n, 0), dtype=np.float64))

    @classmethod
    def of(cls, texts: list[str], *, shared: list[str] | None = None, member: list[int] | None = None) -> Wording:
        """Make it from one text per occupation, and texts of groups, of which `member` names the one of each (-1 none).

        >>> Wording.of(["hospital staff", "hospitals", "hospital"]).words
        ['hospital', 'staff']
        """
        forms: dict[str, Counter[str]] = {}
        own, groups = _counts(texts, forms), _counts(shared or [], forms)
        stems = sorted(forms)
        column = {stem: at for at, stem in enumerate(stems)}
        counts = _array(own, column)
        belongs = np.array(member if member is not None else [-1] * len(texts), dtype=np.int32)
        inside = np.flatnonzero(belongs >= 0)
        if len(inside):
            link = csr_array((np.ones(len(inside)), (inside, belongs[inside])), shape=(len(texts), len(groups)))
            counts = csr_array(counts + link @ _array(groups, column))
        words = [min(forms[stem].items(), key=lambda item: (-item[1], item[0]))[0] for stem in stems]
        return cls(words, _weighted(counts))

    def save(self, folder: Path) -> None:
        """Write it into a folder that exists, as `wording-*.npy` and `wording.txt`."""
        (folder / "wording.txt").write_text("\n".join([self.lang, *self.words]), encoding="utf-8", newline="\n")
        for name in ("data", "indices", "indptr"):
            np.save(folder / f"wording-{name}.npy", getattr(self.rows, name))

    @classmethod
    def open(cls, folder: Path) -> Wording:
        """Read what `save` wrote, memory-mapped. Raises OSError or ValueError when files are missing or broken."""
        lang, *words = (folder / "wording.txt").read_text(encoding="utf-8").split("\n")
        data, indices, indptr = (
            np.load(folder / f"wording-{name}.npy", mmap_mode="r") for name in ("data", "indices", "indptr")
        )
        return cls(words, csr_array((data, indices, indptr), shape=(len(indptr) - 1, len(words)), copy=False), lang)


def read_wording(graph: Graph, occupations: list[str]) -> Wording:
    """Read the words of these occupations from a graph: in English, else in the language that describes most."""
    lang = _language(graph)
    if not lang:
        return Wording.none(len(occupations))
    texts, described = _texts(graph, _OCCUPATIONS, lang), _texts(graph, _GROUPS, lang)
    groups = {
        occupation.value: group.value
        for occupation, group in graph.select(
            f"SELECT ?occupation (MIN(STR(?group)) AS ?first) WHERE {{ ?occupation <{ESCO}memberOfISCOGroup> ?group }} "
            "GROUP BY ?occupation"
        )
        if isinstance(occupation, ox.NamedNode) and isinstance(group, ox.Literal)
    }
    names = sorted({groups[iri] for iri in occupations if iri in groups})
    number = {name: at for at, name in enumerate(names)}
    made = Wording.of(
        [texts.get(iri, "") for iri in occupations],
        shared=[described.get(name, "") for name in names],
        member=[number.get(groups.get(iri, ""), -1) for iri in occupations],
    )
    return Wording(made.words, made.rows, lang)


def _language(graph: Graph) -> str:
    rows = graph.select(
        f"SELECT ?lang (COUNT(*) AS ?n) WHERE {{ ?iri a <{ESCO}Occupation> ; <{SKOS}prefLabel> ?label "
        "BIND(LCASE(LANG(?label)) AS ?lang) } GROUP BY ?lang"
    )
    counts = {
        lang.value: int(count.value)
        for lang, count in rows
        if isinstance(lang, ox.Literal) and isinstance(count, ox.Literal) and lang.value
    }
    return min(counts, key=lambda lang: (lang != _PREFERRED, -counts[lang], lang), default="")


def _texts(graph: Graph, subjects: str, lang: str) -> dict[str, str]:
    """Give all labels and descriptions of the subjects in one language, one text each: a row per subject."""
    rows = graph.select(
        f'SELECT ?iri (GROUP_CONCAT(STR(?text); separator=" ") AS ?all) WHERE {{ {subjects} ?iri {_DESCRIBES} ?text '
        f'FILTER(LCASE(LANG(?text)) = "{lang}") }} GROUP BY ?iri'
    )
    return {
        iri.value: text.value for iri, text in rows if isinstance(iri, ox.NamedNode) and isinstance(text, ox.Literal)
    }


def _counts(texts: Iterable[str], forms: dict[str, Counter[str]]) -> list[Counter[str]]:
    """Count the stems of each text, and note which words they stand for."""
    found = []
    for text in texts:
        words = Counter(_WORD.findall(text.casefold()))
        stems: Counter[str] = Counter()
        for word, count in words.items():
            stem = word[:LETTERS]
            stems[stem] += count
            if stem not in forms:
                forms[stem] = Counter()
            forms[stem][word] += count
        found.append(stems)
    return found


def _array(counts: list[Counter[str]], column: dict[str, int]) -> csr_array:
    indptr = np.cumsum([0, *map(len, counts)], dtype=np.int32)
    indices = np.fromiter((column[stem] for one in counts for stem in one), dtype=np.int32, count=int(indptr[-1]))
    data = np.fromiter((count for one in counts for count in one.values()), dtype=np.float64, count=int(indptr[-1]))
    return csr_array((data, indices, indptr), shape=(len(counts), len(column)))


def _weighted(counts: csr_array) -> csr_array:
    counts.sort_indices()
    n, words = counts.shape
    df = np.bincount(counts.indices, minlength=words)
    counts.data = 1 + np.log(counts.data)
    rows = csr_array(counts @ diags_array(np.sqrt(np.log(max(n, 1) / np.maximum(df, 1)))))
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data /= np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(rows.indptr))
    return rows
