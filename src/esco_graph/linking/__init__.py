"""Words to concepts: for a title, a phrase or a concept of another classification, candidates with their reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esco_graph.lazy import getter

if TYPE_CHECKING:
    from esco_graph.linking.index import CandidateIndex
    from esco_graph.linking.link import Candidate, Linked, Linker
    from esco_graph.linking.texts import Query

EMBED_MODES = ("auto", "on", "off")
"""When sentence vectors are used: if an encoder is installed, always (an error without one), or never."""

__all__ = ["EMBED_MODES", "Candidate", "CandidateIndex", "Linked", "Linker", "Query"]

__getattr__ = getter(
    __name__,
    {"index": ("CandidateIndex",), "link": ("Candidate", "Linked", "Linker"), "texts": ("Query",)},
)
