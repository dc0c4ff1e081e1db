"""Text -> concept: over preferred, alternative and hidden labels, ambiguity shown, nothing invented."""

from __future__ import annotations

from esco_graph.labels.find import find_concept
from esco_graph.labels.index import (
    KINDS,
    PROPERTIES,
    LabelIndex,
    Match,
    Resolution,
    check_kind,
    fold,
    kind_of,
)
from esco_graph.labels.naming import another_name, in_words
from esco_graph.terms import check_lang

__all__ = [
    "KINDS",
    "PROPERTIES",
    "LabelIndex",
    "Match",
    "Resolution",
    "another_name",
    "check_kind",
    "check_lang",
    "find_concept",
    "fold",
    "in_words",
    "kind_of",
]
