"""Period parsing: PERIOD_FORMATS, one of which is the format of a column."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from observatory.catalogue.periods import MONTHS_PER_PERIOD, Frequency, parse_frequency
from observatory.ingest.decode.table import CellValue

TWO_DIGIT_YEARS = (1930, 2029)  # years written with two digits, as Excel writes and reads them
_EXCEL_SERIAL_RANGE = (10_000, 65_000)  # serial numbers that are likely to be days: 1927 to 2077
_LIKELY_YEARS = (1750, 2150)
_EXCEL_EPOCH = date(1899, 12, 30)
DATE_CELL_FORMAT = "date_cell"  # the format of a column of a sheet that holds days, not text

_YEAR = r"(?P<year>[12]\d{3})"
_ANY_YEAR = r"(?P<year>[12]\d{3}|\d\d)"
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_MIDNIGHT = r"(?:[ t]0?0:00(?::00(?:\.0+)?)?z?)?"
_MONTH_WORDS = {
    word: number
    for number, words in enumerate(
        (
            ("janvier", "janv", "jan", "january", "januar"),
            ("fevrier", "fevr", "fev", "february", "feb", "februar"),
            ("mars", "march", "mar", "marz"),
            ("avril", "avr", "april", "apr"),
            ("mai", "may"),
            ("juin", "june", "jun", "juni"),
            ("juillet", "juil", "juill", "july", "jul", "juli"),
            ("aout", "august", "aug"),
            ("septembre", "sept", "sep", "september"),
            ("octobre", "oct", "october", "okt", "oktober"),
            ("novembre", "nov", "november"),
            ("decembre", "dec", "december", "dez", "dezember"),
        ),
        1,
    )
    for word in words
}
_STATUS_MARK = re.compile(r"(?<=\d)(?: ?\((?:p|r|sd|d)\)|p)$")  # a mark of status, as in 2025 (p)
# A code or a note behind a period: 2019 [YR2019], 2024 (1). What is said in words (a forecast?) stays.
_TRAILING_CODE = re.compile(r"(?<=\w) ?(?:\[(?:yr)?\d[\dqm-]*\]|\(\d{1,2}\))$")
_PART_OF_YEAR = re.compile(
    r"(?:q|t|qtr|trim\.?|trimestre|quarter) ?(?P<quarter>[1-4])"
    r"|(?P<ordinal>[a-z0-9]+) (?:trim|trimestre|quarter|qtr)"
    r"|m?(?P<month>0?[1-9]|1[0-2])",
    re.ASCII,
)
_QUARTER_WORDS = {
    word: number
    for number, words in enumerate(
        (
            ("1", "1er", "1st", "premier", "first"),
            ("2", "2e", "2eme", "2nd", "deuxieme", "second"),
            ("3", "3e", "3eme", "3rd", "troisieme", "third"),
            ("4", "4e", "4eme", "4th", "quatrieme", "fourth"),
        ),
        1,
    )
    for word in words
}


@dataclass(frozen=True)
class PeriodFormat:
    """A format of periods: its name, and the patterns of its texts (in lower case, without accents)."""

    name: str
    patterns: tuple[re.Pattern[str], ...]

    def match(self, text: str) -> re.Match[str] | None:
        """The match of a text; None if it does not look like this format."""
        plain = _STATUS_MARK.sub("", _TRAILING_CODE.sub("", _normalize(text)))
        return next((match for pattern in self.patterns if (match := pattern.fullmatch(plain))), None)


def _build_format(name: str, *patterns: str) -> PeriodFormat:
    return PeriodFormat(name, tuple(re.compile(pattern, re.ASCII) for pattern in patterns))


PERIOD_FORMATS: tuple[PeriodFormat, ...] = (
    _build_format("iso", rf"{_YEAR}(?:-(?:q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?", rf"{_YEAR}\.0"),
    _build_format(
        "compact",
        rf"{_YEAR}(?:[ /-]?[qt](?P<quarter>[1-4])|(?:[ -]?m|/){_MONTH})?",
        rf"{_YEAR}(?P<month>0[1-9]|1[0-2])",
    ),
    _build_format(
        "words",
        _YEAR,
        rf"[qt](?P<quarter>[1-4])[ /-]?{_ANY_YEAR}",
        rf"(?P<quarter>[1-4])[ -]?[qt][ /-]?{_ANY_YEAR}",
        rf"(?:trim\.?|trimestre|quarter|qtr) ?(?P<quarter>[1-4])[ /-]{_YEAR}",
        rf"(?P<ordinal>[a-z0-9]+) (?:trim\.?|trimestre|quarter|qtr) (?:of |de )?{_YEAR}",
        rf"(?P<word>[a-z]+)\.?[ /-]?{_ANY_YEAR}",
        rf"{_YEAR}[ /-]?(?P<word>[a-z]+)\.?",
        rf"{_YEAR} [qt](?P<quarter>[1-4])",
    ),
    _build_format("month_year", _YEAR, rf"{_MONTH}[/.-]{_YEAR}"),
    _build_format("day_month_year", rf"(?P<day>\d\d?)(?P<mark>[/.-])(?P<month>\d\d?)(?P=mark){_ANY_YEAR}{_MIDNIGHT}"),
    _build_format(
        "year_month_day",
        rf"{_YEAR}(?P<mark>[/.-])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?){_MIDNIGHT}",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)",
    ),
)

_FORMATS_BY_NAME = {form.name: form for form in PERIOD_FORMATS}
DAY_FORMATS = ("day_month_year", "year_month_day")  # the formats that give a day


class ParsedPeriod(NamedTuple):
    """A period (2024, 2024-Q1, 2024-01) or a day; `has_short_year` if its year has two digits."""

    period_or_day: str | date
    has_short_year: bool = False


def detect_format(cells: Iterable[CellValue]) -> PeriodFormat | None:
    """The format that most cells match, the first of several equals; None if most cells are days."""
    counts = Counter("" if isinstance(cell, date) else str(cell) for cell in cells)
    days = counts.pop("", 0)
    best, most = PERIOD_FORMATS[0], 0
    for form in PERIOD_FORMATS:
        fitting = sum(n for text, n in counts.items() if matches_format(text, form))
        if fitting > most:
            best, most = form, fitting
        if most == counts.total():
            break
    return None if days > most else best


def matches_format(text: str, period_format: PeriodFormat) -> bool:
    """Whether a text looks like a format, even if no such period exists (31/13/2024)."""
    return _match_text(text, period_format.name)[0]


def parse_period(text: str, period_format: PeriodFormat) -> ParsedPeriod | None:
    """The period of a text in a format; None if it has none."""
    return _match_text(text, period_format.name)[1]


@lru_cache(maxsize=1 << 14)
def _match_text(text: str, format_name: str) -> tuple[bool, ParsedPeriod | None]:
    """Whether a text looks like a format, and its period; cached, since files repeat their periods."""
    match = _FORMATS_BY_NAME[format_name].match(text)
    return match is not None, None if match is None else _parse_groups(match.groupdict())


def _parse_groups(parts: Mapping[str, str | None]) -> ParsedPeriod | None:
    digits = parts["year"] or ""
    has_short_year = len(digits) == 2
    year = _expand_year(int(digits)) if has_short_year else int(digits)
    month = parts.get("month") or _MONTH_WORDS.get(parts.get("word") or "")
    if day := parts.get("day"):
        try:
            return ParsedPeriod(date(year, int(month or 0), int(day)), has_short_year)
        except ValueError:
            return None
    quarter = parts.get("quarter") or _QUARTER_WORDS.get(parts.get("ordinal") or "")
    if (parts.get("ordinal") and not quarter) or (parts.get("word") and not month):
        return None
    if quarter:
        return ParsedPeriod(f"{year}-Q{quarter}", has_short_year)
    return ParsedPeriod(f"{year}-{int(month):02d}" if month else f"{year}", has_short_year)


def parse_part_of_year(text: str) -> str | None:
    """The ending of a period for a month or a quarter without a year: `-03` for Mar, March, M03 or 3, `-Q1` for Q1."""
    plain = _normalize(text).removesuffix(".")
    match = _PART_OF_YEAR.fullmatch(plain)
    if match is None:
        month = _MONTH_WORDS.get(plain)
        return None if month is None else f"-{month:02d}"
    quarter = match["quarter"] or _QUARTER_WORDS.get(match["ordinal"] or "")
    if quarter:
        return f"-Q{quarter}"
    return f"-{int(match['month']):02d}" if match["month"] else None


def compose_period(first: str, second: str) -> str | None:
    """The period of a year and a part of a year, in either order; None if they are no such pair."""
    for year, part in ((first, second), (second, first)):
        ending = parse_part_of_year(part)
        parsed = parse_period(year, PERIOD_FORMATS[0]) if ending else None
        if (
            parsed is not None
            and isinstance(parsed.period_or_day, str)
            and parse_frequency(parsed.period_or_day) == "A"
        ):
            return f"{parsed.period_or_day}{ending}"
    return None


def are_same_period(first: str, second: str) -> bool:
    """Whether two texts say the same period, in whatever formats; a day is the same as any period that holds it."""
    readings = [_read_period(text) for text in (first, second)]
    days = [reading for reading in readings if isinstance(reading, date)]
    if len(days) != 1:
        return readings[0] is not None and readings[0] == readings[1]
    day, period = days[0], next(reading for reading in readings if not isinstance(reading, date))
    year, month = f"{day.year:04d}", f"{day.year:04d}-{day.month:02d}"
    return period in (year, month, f"{year}-Q{(day.month + 2) // 3}")


def _read_period(text: str) -> str | date | None:
    """The period or day of a text in the first format that has one."""
    parsed = (parse_period(text, form) for form in PERIOD_FORMATS)
    return next((reading.period_or_day for reading in parsed if reading is not None), None)


def is_likely_period(text: str) -> bool:
    """Whether a text is a period of our time: a number of four digits must be a year that statistics know."""
    if len(text) == 4 and text.isascii() and text.isdigit():
        return _LIKELY_YEARS[0] <= int(text) <= _LIKELY_YEARS[1]
    return is_period_text(text)


def is_period_text(text: str) -> bool:
    """Whether a text is a period in any format."""
    return any(parse_period(text, form) is not None for form in PERIOD_FORMATS)


def parse_excel_serial(text: str) -> date | None:
    """The day of an Excel serial number, 2026-08-01 for 46235; None for other texts."""
    if len(text) != 5 or not (text.isascii() and text.isdigit()):
        return None
    return (
        _EXCEL_EPOCH + timedelta(days=int(text))
        if _EXCEL_SERIAL_RANGE[0] <= int(text) <= _EXCEL_SERIAL_RANGE[1]
        else None
    )


def to_series_period(period_or_day: str | date, frequency: Frequency) -> str | None:
    """The period of a series: a day stands for the period that it begins or ends; None for other days."""
    if isinstance(period_or_day, str):
        return period_or_day if parse_frequency(period_or_day) else None
    if parse_frequency(f"{period_or_day.year:04d}") is None:
        return None
    start = (period_or_day.month - 1) // MONTHS_PER_PERIOD[frequency] * MONTHS_PER_PERIOD[frequency] + 1
    first = date(period_or_day.year, start, 1)
    tomorrow = period_or_day + timedelta(days=1)
    begins_next = tomorrow.day == 1 and (tomorrow.month - 1) % MONTHS_PER_PERIOD[frequency] == 0
    if period_or_day != first and not begins_next:
        return None
    if frequency == "A":
        return f"{period_or_day.year:04d}"
    return (
        f"{period_or_day.year:04d}-Q{(period_or_day.month + 2) // 3}"
        if frequency == "Q"
        else f"{period_or_day.year:04d}-{period_or_day.month:02d}"
    )


def _expand_year(year: int) -> int:
    century = TWO_DIGIT_YEARS[0] // 100 * 100
    return century + year if century + year >= TWO_DIGIT_YEARS[0] else century + 100 + year


def _normalize(text: str) -> str:
    """Text without case and accents; any run of spaces is one."""
    if text.isascii():
        return " ".join(text.lower().split())
    letters = unicodedata.normalize("NFKD", text.lower())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
