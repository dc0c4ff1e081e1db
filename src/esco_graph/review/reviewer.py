"""Who reviews: an ORCID, checked and written as its IRI, or a name."""

from __future__ import annotations

import re

from esco_graph.errors import ParameterError

ORCID = "https://orcid.org/"
_ORCID = re.compile(r"(?:orcid:|https?://(?:www\.)?orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])", re.IGNORECASE)
_LONGEST = 200


def reviewer_named(text: str) -> str:
    """Give an ORCID as its IRI, and a name as it is, on one line.

    Raises ParameterError for an ORCID whose check digit is wrong (ISO 7064, 11-2), and for what is no name.

    >>> reviewer_named("0000-0002-1825-0097"), reviewer_named(" Ada  Lovelace ")
    ('https://orcid.org/0000-0002-1825-0097', 'Ada Lovelace')
    """
    text = " ".join(text.split())
    if match := _ORCID.fullmatch(text):
        orcid = match[1].upper()
        if _check_digit(orcid) != orcid[-1]:
            raise ParameterError(f"{orcid} is not an ORCID: its last digit does not fit", advice="Copy it again.")
        return ORCID + orcid
    if not text or len(text) > _LONGEST or "|" in text or not text.isprintable():
        raise ParameterError(f"{text[:40]!r} cannot be the name of a reviewer", advice="Give your ORCID or name.")
    return text


def _check_digit(orcid: str) -> str:
    total = 0
    for digit in orcid.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    left = (12 - total % 11) % 11
    return "X" if left == 10 else str(left)
