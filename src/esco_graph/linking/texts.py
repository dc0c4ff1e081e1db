"""Texts as the index sees them: folded labels, words, stems, and the variants of a label that name one thing twice."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from esco_graph.labels.index import fold as fold_label

LONGEST = 400
"""Characters of a label that count; a longer one is no title, and its first words say what it is."""
LONGEST_DESCRIPTION = 4_000
"""Characters of a description that count."""
_WORD = re.compile(r"[^\W_]+(?:[+#]+)?")
_BRACKETS = re.compile(r"\s*[(\[{][^()\[\]{}]*[)\]}]")
_SIGNS = frozenset("/|([{*:_·•")  # a label without one of these, or an inner capital, is its only variant
_GENDER_MARK = re.compile(
    r"[\s,\-–]*[(\[]?\s*\b(?:[mfwhdxnk]\s*[/|]\s*){1,2}[mfwhdxnk]\b\s*[)\]]?", re.IGNORECASE
)  # (m/w/d), H/F, [f/m/x]
_CUTS = {"a": "o", "as": "os", "ère": "er", "euse": "eur", "trice": "teur", "rice": "eur", "frau": "mann"}
_ENDINGS = "in|innen|ne|nes|e|es|s|ra|ras|ka|ica|" + "|".join(_CUTS)
"""Feminine endings that labels write after a sign (Ingenieur/in, technicien(ne), Lehrer*in); what _CUTS names falls."""
_INNER = re.compile(rf"(\w{{3,}}?)(?:/-?|[*:_·•]|\(-?)({_ENDINGS})\b\)?|(?<=[a-zäöüß])(I)(n(?:nen)?)\b")
_MOST_WORDS = 4  # of a gendered name at the slash of two forms
_STEP = 3  # letters in which two gendered forms agree: Conseiller, Conseillère


@dataclass(frozen=True, slots=True)
class Query:
    """What is to be linked: a title with all that is known of it.

    `id` is an IRI, a code or a line number; `alt` are other titles of the same thing; `isco` is an ISCO-08 code of up
    to four digits where one is known; `lang` is the language of the texts (BCP 47).
    """

    id: str
    label: str
    lang: str = ""
    alt: tuple[str, ...] = ()
    description: str = ""
    code: str = ""
    isco: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Give the label, its variants and the alternative titles, each once."""
        return tuple(dict.fromkeys((*variants(self.label), *self.alt)))


def fold(label: str) -> str:
    """Fold a label for comparison: case, marks, accents and punctuation go; only its first LONGEST characters count.

    >>> fold("Chargé·e  d’études (H/F)")
    'charge e d etudes h f'
    """
    return " ".join(words(label))


def words(text: str, most: int = LONGEST) -> list[str]:
    """Give the words of a text in order, folded. A sign of a language such as C++ or C# stays with its word.

    >>> words("C++ Développeur/-euse")
    ['c++', 'developpeur', 'euse']
    """
    return _WORD.findall(plain(text[:most]))


def plain(text: str) -> str:
    """Fold case, quotes, dashes and spaces as `labels.fold` does, and take the accents off.

    >>> plain("Ébéniste  ŁÓDŹ")
    'ebeniste lodz'
    """
    folded = fold_label(text)
    if folded.isascii():
        return folded
    apart = unicodedata.normalize("NFD", folded.translate(_LETTERS))
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c) or c > "\u036f"))


_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Cut a folded word to what its forms share: a plural ending goes, and no more than eight letters count.

    >>> stem("engineers"), stem("engineering"), stem("nurses")
    ('engineer', 'engineer', 'nurse')
    """
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word[:8]


def stems(text: str, most: int = LONGEST) -> list[str]:
    """Give the stems of a text in order.

    >>> stems("Software engineers")
    ['software', 'engineer']
    """
    return [stem(word) for word in words(text, most)]


def variants(label: str) -> tuple[str, ...]:
    """Give the titles that a label holds: without marks of gender and without brackets, each gendered form apart.

    The first is the label itself.

    >>> variants("Conseiller / Conseillère en emploi")
    ('Conseiller / Conseillère en emploi', 'Conseiller en emploi', 'Conseillère en emploi')
    >>> variants("Ingenieur/in (m/w/d)")[1:]
    ('Ingenieur/in', 'Ingenieur', 'Ingenieurin')
    >>> variants("Vendeur/euse")[1:], variants("LehrerIn")[1:]
    (('Vendeur', 'Vendeuse'), ('Lehrer', 'Lehrerin'))
    """
    label = label[:LONGEST]
    if _SIGNS.isdisjoint(label) and "In" not in label[1:]:
        return (label,) if label.strip() else ()
    bare = _GENDER_MARK.sub("", label).strip() or label
    found = [label, bare]
    if _INNER.search(bare):
        found += [" ".join(_INNER.sub(form, bare).split()) for form in (_masculine, _feminine)]
    else:
        found += [_BRACKETS.sub("", bare).strip(), *_two_forms(bare)]
    return tuple(dict.fromkeys(one for one in found if one.strip()))


def _masculine(match: re.Match[str]) -> str:
    return match[1] or ""


def _feminine(match: re.Match[str]) -> str:
    if match[1] is None:
        return "i" + match[4]
    cut = _CUTS.get(match[2], "")
    return (match[1].removesuffix(cut) if cut else match[1]) + match[2]


def _two_forms(label: str) -> tuple[str, ...]:
    """Take "Conseiller / Conseillère en emploi" apart at the first slash with a name and its other form beside it."""
    parts = label.split("/")
    for at in range(1, len(parts)):
        left, right = "/".join(parts[:at]).split(), "/".join(parts[at:]).split()
        for n in range(1, min(_MOST_WORDS, len(left), len(right)) + 1):
            if _alike(left[-n], right[0]):
                return " ".join(left + right[n:]), " ".join(left[:-n] + right)
    return ()


def _alike(one: str, other: str) -> bool:
    return len(one) >= _STEP and plain(one)[:_STEP] == plain(other)[:_STEP]
