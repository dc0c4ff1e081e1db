"""Names of the measures, for choices of the command line: importing this imports neither numpy nor scipy."""

from __future__ import annotations

MEASURE_NAMES = {
    "affinity": "Cosine of rarity-weighted skills and of their broader concepts; symmetric.",
    "coverage": "Share of the other occupation's skills that are held; directed.",
    "essential-coverage": "Share of the other occupation's essential skills that are held; directed.",
    "jaccard": "Skills in common among the skills of either; symmetric.",
    "cosine": "Cosine of rarity-weighted skills; symmetric.",
    "idf-jaccard": "Rarity-weighted skills in common among those of either; symmetric.",
    "likeness": "Half affinity, half the words that describe the occupations; symmetric.",
}
"""Each measure with one line of help, in the order of the documentation."""

DEFAULT_MEASURE = "likeness"
NEAREST_MEASURE = "likeness"
"""The measure by which the nearest occupations are stored."""

NEAR = {1: "same group as", 2: "same wider group as"}
"""How a missing skill and a held one are near, in words, by the steps up to the broader concept that they share."""
