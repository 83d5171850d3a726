"""Ambiguous dates: columns of periods that are probably fiscal years, or months shifted into the one before by UTC."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple

from observatory.catalogue.periods import parse_frequency
from observatory.ingest.decode.periods import detect_format, parse_period

DateQuestion = Literal["fiscal_year", "utc_month"]
FISCAL_YEAR_CHOICES = ("start", "end", "no")  # the calendar year that names a fiscal year; no: months as written
UTC_MONTH_CHOICES = ("next", "same")  # the month that begins at that moment somewhere; the month as written

_YEAR_PAIR = re.compile(  # programs that know months only write 2001-02 as 2001-02-01
    r"(?:FY ?)?(?P<year>[12]\d{3})[-/\u2010-\u2015](?P<next>[12]\d{3}|\d\d(?:-01(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?)?)",
    re.ASCII | re.IGNORECASE,
)
_TIMESTAMP = re.compile(
    r"(?P<day>[12]\d{3}-\d\d-\d\d)[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?"
    r" ?(?P<zone>Z|UTC|[+-]\d\d:?\d\d)?",
    re.ASCII | re.IGNORECASE,
)
_UTC_ZONES = ("", "Z", "UTC", "+00:00", "+0000", "-00:00", "-0000")
_LATE_HOURS = range(21, 24)  # midnight of the next day from UTC+1 to UTC+3
_MIN_PAIRS = 3  # two consecutive dates may be months by chance
_MIN_MONTH_ENDS = 2
_WEEKS_OF_A_YEAR = (52 * 7, 53 * 7)  # days between the ends of fiscal years that end on a weekday
_DECEMBER = 12
_WANDERING_DAYS = 7  # by which such an end may pass the end of its month


class AmbiguousDates(NamedTuple):
    """What must be asked about a column of dates, and two of its texts as they were written."""

    question: DateQuestion
    first: str
    second: str


def find_ambiguous_dates(texts: Iterable[str]) -> AmbiguousDates | None:
    """The question that the distinct texts of a column of periods raise; None if they can be read as they are."""
    written = sorted(dict.fromkeys(filter(None, texts)))
    pairs = [text for text in written if is_year_pair(text)]
    if len(pairs) >= _MIN_PAIRS and len(pairs) == len(written):
        return AmbiguousDates("fiscal_year", pairs[0], pairs[1])
    shifted = [text for text in written if _is_utc_month_end(text)]
    if len(shifted) >= _MIN_MONTH_ENDS and len(shifted) == len(written):
        return AmbiguousDates("utc_month", shifted[0], shifted[1])
    if len(written) > _MIN_PAIRS and _are_weekly_years(written):
        return AmbiguousDates("fiscal_year", written[0], written[1])
    return None


def resolve_dates(texts: Sequence[str], fiscal_year: str, utc_month: str) -> list[str]:
    """Texts of one column with what a person chose: fiscal years as years, moments in UTC as months.

    A text to which no choice applies stays as it is. Days begin their fiscal years if all of them begin a month; other
    days, and months, end them.
    """
    pairs = [is_year_pair(text) for text in texts]
    if fiscal_year and all(pairs):
        return [_resolve_pair(text, fiscal_year) for text in texts]
    if utc_month:
        return [_resolve_moment(text, utc_month) for text in texts]
    return _resolve_ends(texts, fiscal_year) if fiscal_year in ("start", "end") else list(texts)


def is_year_pair(text: str) -> bool:
    """Whether a text names two consecutive years: 2001-02, 2001/02, 2001-2002, FY2001-02."""
    match = _YEAR_PAIR.fullmatch(text.strip())
    if match is None:
        return False
    following = str(int(match["year"]) + 1)
    return match["next"] == following or match["next"][:2] == following[2:]


def parse_timestamp_day(text: str) -> date | None:
    """The day of a moment (2024-01-31T22:00:00Z) as written; None for other texts."""
    match = _TIMESTAMP.fullmatch(text.strip())
    try:
        return None if match is None else date.fromisoformat(match["day"])
    except ValueError:
        return None


def _is_utc_month_end(text: str) -> bool:
    match, day = _TIMESTAMP.fullmatch(text.strip()), parse_timestamp_day(text)
    if match is None or day is None or (match["zone"] or "").upper() not in _UTC_ZONES:
        return False
    is_full_hour = match["minute"] == "00" and int(match["second"] or 0) == 0
    return is_full_hour and int(match["hour"]) in _LATE_HOURS and (day + timedelta(days=1)).day == 1


def _are_weekly_years(texts: Sequence[str]) -> bool:
    """Whether texts are days that follow one another by 52 or 53 weeks."""
    days = sorted({day for day in _parse_days(texts) if isinstance(day, date)})
    steps = [(after - before).days for before, after in pairwise(days)]
    return len(days) == len(texts) and all(step in _WEEKS_OF_A_YEAR for step in steps)


def _parse_days(texts: Sequence[str]) -> list[str | date | None]:
    """The day or period of each text, in the format that most of them have."""
    period_format = detect_format(texts)
    if period_format is None:
        return [None] * len(texts)
    parsed = [parse_period(text, period_format) for text in texts]
    return [
        parse_timestamp_day(text) if period is None else period.period_or_day
        for text, period in zip(texts, parsed, strict=True)
    ]


def _resolve_pair(text: str, fiscal_year: str) -> str:
    match = _YEAR_PAIR.fullmatch(text.strip())
    assert match is not None
    if fiscal_year == "no":
        return f"{match['year']}-{match['next'][:2]}" if not match["next"].startswith(match["year"][:2]) else text
    return str(int(match["year"]) + (fiscal_year == "end"))


def _resolve_moment(text: str, utc_month: str) -> str:
    day = parse_timestamp_day(text)
    if day is None or not _is_utc_month_end(text):
        return text
    return f"{day + timedelta(days=utc_month == 'next'):%Y-%m}"


def _resolve_ends(texts: Sequence[str], fiscal_year: str) -> list[str]:
    """Days and months as the years that they begin (where all are the first of a month) or end."""
    days = [_to_day(parsed) for parsed in _parse_days(texts)]
    are_starts = all(day.day == 1 for day in days if day is not None)
    resolved = []
    for text, day in zip(texts, days, strict=True):
        if day is None:
            resolved.append(text)
        elif are_starts:
            resolved.append(str(day.year + (fiscal_year == "end" and day.month > 1)))
        else:
            end = day - timedelta(days=_WANDERING_DAYS)
            resolved.append(str(end.year - (fiscal_year == "start" and end.month < _DECEMBER)))
    return resolved


def _to_day(parsed: str | date | None) -> date | None:
    """A day, or the 28th of a month; None for other periods."""
    if isinstance(parsed, str) and parse_frequency(parsed) == "M":
        return date(int(parsed[:4]), int(parsed[5:]), 28)
    return parsed if isinstance(parsed, date) else None
