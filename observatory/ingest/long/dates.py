"""Dates of long files: distinct words to months, in the forms and formats that uploads may have."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.periods import MONTHS_PER_PERIOD, parse_frequency, period_to_ordinal
from observatory.errors import SeriesFileError
from observatory.ingest.decode.ambiguous_dates import find_ambiguous_dates, resolve_dates
from observatory.ingest.decode.periods import PeriodFormat, detect_format, parse_period
from observatory.ingest.report import Choices
from observatory.settings import MAX_ECHOED_CHARS

MONTH, QUARTER, YEAR, UNREAD = 0, 1, 2, 3  # forms of dates; a day counts as its month
_FORMS = {"M": MONTH, "Q": QUARTER, "A": YEAR}
_ISO_PATTERN = re.compile(
    r"(?P<year>[12]\d{3})(?:-?Q(?P<quarter>[1-4])|-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)?)?",
    re.ASCII,
)
_WEEK_PATTERN = re.compile(r"[12]\d{3}-?W\d\d?(?:-?[1-7])?", re.ASCII | re.IGNORECASE)
_QUESTION_KEYS = {"fiscal_year": "error.table.fiscal_year", "utc_month": "error.table.utc_month"}
_SAMPLE_WORDS = 20_000  # distinct words in which a format is found


class ParsedDates(NamedTuple):
    """The first month (counted from year 0) and the form of each word, and the format of those that are not ISO."""

    months: NDArray[np.int32]
    forms: NDArray[np.int8]
    period_format: PeriodFormat | None


def parse_dates(words: Sequence[str], choices: Choices, path: str) -> ParsedDates:
    """The months of the distinct words of a column.

    Raises SeriesFileError if a question about them is open, or if none of them is a date.
    """
    cleaned = [word.strip() for word in words]
    fiscal_year, utc_month = choices.fiscal_year, choices.utc_month
    ambiguous = find_ambiguous_dates(cleaned[:_SAMPLE_WORDS])
    if ambiguous is not None and not (fiscal_year if ambiguous.question == "fiscal_year" else utc_month):
        values = {"first": ambiguous.first, "second": ambiguous.second}
        raise SeriesFileError(_QUESTION_KEYS[ambiguous.question], path=path, **values)
    if fiscal_year or utc_month:
        cleaned = resolve_dates(cleaned, fiscal_year, utc_month)
    parsed = [_parse_iso(word) for word in cleaned]
    period_format = None
    if None in parsed:
        period_format = detect_format(cleaned[:_SAMPLE_WORDS])
        parsed = [
            _parse_formatted(word, period_format) if found is None else found
            for word, found in zip(cleaned, parsed, strict=True)
        ]
    if parsed and not any(parsed):
        key = "error.table.weeks" if _WEEK_PATTERN.fullmatch(cleaned[0]) else "error.table.no_dates"
        raise SeriesFileError(key, path=path, value=words[0][:MAX_ECHOED_CHARS])
    months, forms = np.zeros(len(words), dtype=np.int32), np.full(len(words), UNREAD, dtype=np.int8)
    for number, found in enumerate(parsed):
        if found is not None:
            months[number], forms[number] = found
    return ParsedDates(months, forms, period_format)


def _parse_iso(text: str) -> tuple[int, int] | None:
    """The first month and the form of a year, quarter, month, day or moment in ISO 8601; None for other texts."""
    match = _ISO_PATTERN.fullmatch(text)
    if match is None:
        return None
    year = int(match["year"])
    if match["quarter"]:
        return year * 12 + 3 * (int(match["quarter"]) - 1), QUARTER
    if not match["month"]:
        return year * 12, YEAR
    try:
        return _month_of(date(year, int(match["month"]), int(match["day"] or 1)))
    except ValueError:
        return None


def _parse_formatted(text: str, period_format: PeriodFormat | None) -> tuple[int, int] | None:
    """The first month and the form of a text in the format of its column."""
    parsed = None if period_format is None else parse_period(text, period_format)
    if parsed is None:
        return None
    period = parsed.period_or_day
    if isinstance(period, date):
        return _month_of(period)
    frequency = parse_frequency(period)
    return None if frequency is None else (period_to_ordinal(period) * MONTHS_PER_PERIOD[frequency], _FORMS[frequency])


def _month_of(day: date) -> tuple[int, int]:
    return day.year * 12 + day.month - 1, MONTH
