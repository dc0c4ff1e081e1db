"""What spreadsheets make of codes: `11-1031` becomes a date, `10000000` becomes 1.0E+07, `2113` becomes 2113.0."""

from __future__ import annotations

import re

_MONTH_STARTS = (
    "jan feb mar mär apr avr abr maj mai may mei jun jui jul aug aou août ago sep set okt oct out nov dec dez dic déc "
    "gen mag giu lug ott led úno bře dub kvě čvn čvc srp zář říj lis pro sty lut kwi cze lip sie wrz paź gru"
)
_MONTHS = _MONTH_STARTS.replace(" ", "|")
_DATE = re.compile(
    rf"(?:\d{{1,2}}[-. /]+)?(?:{_MONTHS})[a-zéû]{{0,6}}\.?[-. /]\d{{1,4}}|\d{{1,2}}[-. ](?:{_MONTHS})\.?"
    r"|\d{4}-\d{2}-\d{2}(?: [\d:.]+)?|\d{1,2}/\d{1,2}/\d{2,4}",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+[.,]\d+E\+?\d+|\d+E\+\d+", re.IGNORECASE)
_FLOAT = re.compile(r"(\d+)[.,]0+")


def is_date(code: str) -> bool:
    """Say whether a code is one that a spreadsheet made into a date.

    >>> is_date("Nov-31"), is_date("2031-11-01 00:00:00"), is_date("1/2/2031"), is_date("11-1031")
    (True, True, True, False)
    """
    return _DATE.fullmatch(code.strip()) is not None


def is_rounded(code: str) -> bool:
    """Say whether a code is one that a spreadsheet made into a rounded number: its last digits are lost.

    >>> is_rounded("1.0E+07"), is_rounded("1,2e+05"), is_rounded("10000000")
    (True, True, False)
    """
    return _NUMBER.fullmatch(code.strip()) is not None


def without_float(code: str) -> str:
    """Take back the `.0` that a spreadsheet puts after a code of digits.

    >>> without_float("2113.0"), without_float("2113,00"), without_float("2113"), without_float("26.1")
    ('2113', '2113', '2113', '26.1')
    """
    match = _FLOAT.fullmatch(code)
    return match[1] if match else code
