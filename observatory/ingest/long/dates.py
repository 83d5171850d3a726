"""Dates of long files: days, months, quarters and years, and the frequencies that they fit."""

import re
from datetime import date

from observatory.catalogue.periods import Frequency

MONTH, QUARTER, YEAR = 0, 1, 2  # what the form of a date says (a day says its month)
ALLOWED_DATE_FORMS: dict[Frequency, tuple[int, ...]] = {"A": (MONTH, YEAR), "Q": (MONTH, QUARTER), "M": (MONTH,)}
_DATE_PATTERN = re.compile(
    r"(?P<year>[12]\d{3})(?:-?Q(?P<quarter>[1-4])|-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)?)?",
    re.ASCII,
)


def parse_month(text: str) -> tuple[int, int] | None:
    """The first month (since year 0) and the form of a day, month, quarter or year; None if it is none of them."""
    match = _DATE_PATTERN.fullmatch(text.strip())
    if match is None:
        return None
    year = int(match["year"])
    if match["quarter"]:
        return year * 12 + 3 * (int(match["quarter"]) - 1), QUARTER
    if not match["month"]:
        return year * 12, YEAR
    try:
        day = date(year, int(match["month"]), int(match["day"] or 1))
    except ValueError:
        return None
    return day.year * 12 + day.month - 1, MONTH
