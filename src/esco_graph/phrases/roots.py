"""Roots: what the forms of a word share, coarser than a stem, for words that stand in a text and not in a label."""

from __future__ import annotations

from functools import lru_cache

_CUT = 8  # letters that a stem has at most: a longer word comes without its end
_OTHER = ("erinnen", "innen", "ungen", "ende", "ung", "ern", "en", "er", "es", "em", "e", "n", "s", "a", "o", "y", "i")


@lru_cache(maxsize=200_000)
def root(stem: str, lang: str = "en") -> str:
    """Give the root of a stem as `texts.stem` cuts it: endings go, a doubled letter becomes one, z becomes s.

    >>> {root(one) for one in ("manage", "managing", "managed", "manageme")}
    {'manag'}
    >>> {root(one) for one in ("plan", "planning", "planned")}, root("customer"), root("c++")
    ({'plan'}, 'customer', 'c++')
    """
    if not lang.startswith("en"):
        return _other(stem)
    word = stem.replace("iz", "is")
    if len(word) == _CUT:
        word = _cut(word)
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) >= len(ending) + 3:
            word = _single(word[: -len(ending)])
            break
    if len(word) >= 5 and word[-1] in "ae" and word[-2:] != "ee":
        word = word[:-1]
    return _single(word) if len(word) > 4 else word


def _cut(word: str) -> str:
    """Take off what is left of an ending when a word was cut at eight letters."""
    for rest in ("ement", "emen", "eme", "ment", "men", "em", "in", "i", "at", "io", "ti"):
        if word.endswith(rest) and not (rest == "at" and word.endswith("eat")):
            return word[: -len(rest)]
    return word.removesuffix("m") if word[-2:-1] not in "aeiou" else word


def _single(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiou" else word


def _other(word: str) -> str:
    for ending in _OTHER:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
