"""Parse dates in common formats."""

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATES = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4}|\d{2})(?!\d)"),
    re.compile(r"(?P<word>[A-Za-z]{3,9})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})"),
    re.compile(
        r"(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?[ -](?P<word>[A-Za-z]{3,9})\.?,?[ -](?P<y>\d{4})"
    ),
    re.compile(r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{4})"),
)
_YEAR_FIRST = re.compile(r"(?P<y>\d{2})/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?![\d/])")


def as_date(text: str, *, year_first: bool = False) -> date | None:
    """Return the date in `text`: 2026-04-30, 30.04.2026, April 30, 2026, 30 Apr 2026, and if
    `year_first`, 26/04/30. Return None if there is no date, or only an ambiguous one
    (04/05/2026)."""
    for pattern in (_YEAR_FIRST, *_DATES) if year_first else _DATES:
        found = pattern.search(text)
        if found and (day := _day(found.groupdict())):
            return day
    return None


def _day(parts: dict[str, str]) -> date | None:
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
    if "a" in parts:
        first, second = int(parts["a"]), int(parts["b"])
        if first <= 12 and second <= 12 and first != second:
            return None
        month, day = (second, first) if first > 12 else (first, second)
    elif "word" in parts:
        word = parts["word"].casefold()
        month = _MONTHS.index(word[:3]) + 1 if word[:3] in _MONTHS else 0
        day = int(parts["d"])
    else:
        month, day = int(parts["m"]), int(parts["d"])
    try:
        return date(year, month, day)
    except ValueError:
        return None
