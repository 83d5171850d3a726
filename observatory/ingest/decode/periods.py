"""Periods as people write them: PERIOD_FORMATS, one of which is the format of a column."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from observatory.catalogue.periods import MONTHS, Frequency, frequency_of
from observatory.ingest.decode.table import Scalar

WINDOW = (1930, 2029)  # years written with two digits, as Excel writes and reads them
SERIALS = (10_000, 65_000)  # days since the end of 1899 that are likely to be days: 1927 to 2077
_EPOCH = date(1899, 12, 30)
DATE_CELL = "date_cell"  # the format of a column of a sheet that holds days, not text

_YEAR = r"(?P<year>[12]\d{3})"
_ANY_YEAR = r"(?P<year>[12]\d{3}|\d\d)"
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_MIDNIGHT = r"(?:[ t]0?0:00(?::00(?:\.0+)?)?z?)?"
_WORDS = {
    word: number
    for number, words in enumerate(
        (
            ("janvier", "janv", "jan", "january"),
            ("fevrier", "fevr", "fev", "february", "feb"),
            ("mars", "march", "mar"),
            ("avril", "avr", "april", "apr"),
            ("mai", "may"),
            ("juin", "june", "jun"),
            ("juillet", "juil", "juill", "july", "jul"),
            ("aout", "august", "aug"),
            ("septembre", "sept", "sep", "september"),
            ("octobre", "oct", "october"),
            ("novembre", "nov", "november"),
            ("decembre", "dec", "december"),
        ),
        1,
    )
    for word in words
}
_PROVISIONAL = re.compile(r"(?<=\d)(?: ?\((?:p|r|sd|d)\)|p)$")  # a mark of status, as in 2025 (p)
_ORDINALS = {
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
class Format:
    """A way of writing periods: its name, and what its texts look like (without case and accents)."""

    name: str
    patterns: tuple[re.Pattern[str], ...]

    def match(self, text: str) -> re.Match[str] | None:
        """The parts of a text; None if it does not look like this format."""
        plain = _PROVISIONAL.sub("", _plain(text))
        return next((found for pattern in self.patterns if (found := pattern.fullmatch(plain))), None)


def _format(name: str, *patterns: str) -> Format:
    return Format(name, tuple(re.compile(pattern, re.ASCII) for pattern in patterns))


PERIOD_FORMATS: tuple[Format, ...] = (
    _format("iso", rf"{_YEAR}(?:-(?:q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?", rf"{_YEAR}\.0"),
    _format(
        "compact",
        rf"{_YEAR}(?:[ /-]?[qt](?P<quarter>[1-4])|(?:[ -]?m|/){_MONTH})?",
        rf"{_YEAR}(?P<month>0[1-9]|1[0-2])",
    ),
    _format(
        "words",
        _YEAR,
        rf"[qt](?P<quarter>[1-4])[ /-]?{_ANY_YEAR}",
        rf"(?P<quarter>[1-4])[ -]?[qt][ /-]?{_ANY_YEAR}",
        rf"(?:trim\.?|trimestre|quarter|qtr) ?(?P<quarter>[1-4])[ /-]{_YEAR}",
        rf"(?P<ordinal>[a-z0-9]+) (?:trim\.?|trimestre|quarter|qtr) (?:of |de )?{_YEAR}",
        rf"(?P<word>[a-z]+)\.?[ /-]?{_ANY_YEAR}",
        rf"{_YEAR}[ /-](?P<word>[a-z]+)\.?",
    ),
    _format("month_year", _YEAR, rf"{_MONTH}[/.-]{_YEAR}"),
    _format("day_month_year", rf"(?P<day>\d\d?)(?P<mark>[/.-])(?P<month>\d\d?)(?P=mark){_ANY_YEAR}{_MIDNIGHT}"),
    _format(
        "year_month_day",
        rf"{_YEAR}(?P<mark>[/.-])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?){_MIDNIGHT}",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)",
    ),
)

_BY_NAME = {form.name: form for form in PERIOD_FORMATS}
DAYS = ("day_month_year", "year_month_day")  # the formats that give a day


class Said(NamedTuple):
    """What a cell says: a period (2024, 2024-Q1, 2024-01) or a day; `short` if its year has two digits."""

    when: str | date
    short: bool = False


def usual(cells: Iterable[Scalar]) -> Format | None:
    """The format that most cells look like, the first of those that fit alike; None if most of them are days."""
    counts = Counter("" if isinstance(cell, date) else str(cell) for cell in cells)
    days = counts.pop("", 0)
    best, most = PERIOD_FORMATS[0], 0
    for form in PERIOD_FORMATS:
        fitting = sum(n for text, n in counts.items() if fits(text, form))
        if fitting > most:
            best, most = form, fitting
        if most == counts.total():
            break
    return None if days > most else best


def fits(text: str, form: Format) -> bool:
    """Whether a text looks like a format, be it a possible period or not (31/13/2024)."""
    return _seen(text, form.name)[0]


def read(text: str, form: Format) -> Said | None:
    """What a text says in a format; None if it is no period there."""
    return _seen(text, form.name)[1]


@lru_cache(maxsize=1 << 14)
def _seen(text: str, name: str) -> tuple[bool, Said | None]:
    """Whether a text looks like a format, and what it says; the files of a catalogue say the same again and again."""
    match = _BY_NAME[name].match(text)
    return match is not None, None if match is None else _said(match.groupdict())


def _said(parts: Mapping[str, str | None]) -> Said | None:
    digits = parts["year"] or ""
    short = len(digits) == 2
    year = _full(int(digits)) if short else int(digits)
    month = parts.get("month") or _WORDS.get(parts.get("word") or "")
    if day := parts.get("day"):
        try:
            return Said(date(year, int(month or 0), int(day)), short)
        except ValueError:
            return None
    quarter = parts.get("quarter") or _ORDINALS.get(parts.get("ordinal") or "")
    if (parts.get("ordinal") and not quarter) or (parts.get("word") and not month):
        return None
    if quarter:
        return Said(f"{year}-Q{quarter}", short)
    return Said(f"{year}-{int(month):02d}" if month else f"{year}", short)


def elsewhere(text: str) -> bool:
    """Whether a text is a period in any format."""
    return any(read(text, form) is not None for form in PERIOD_FORMATS)


def serial(text: str) -> date | None:
    """The day that a spreadsheet keeps as a number, 46235 for the first of August 2026; None if it is none."""
    if len(text) != 5 or not (text.isascii() and text.isdigit()):
        return None
    return _EPOCH + timedelta(days=int(text)) if SERIALS[0] <= int(text) <= SERIALS[1] else None


def period_of(when: str | date, frequency: Frequency) -> str | None:
    """The period of a series: a period is itself, a day stands for the one that it begins or ends; else None."""
    if isinstance(when, str):
        return when if frequency_of(when) else None
    if frequency_of(f"{when.year:04d}") is None:
        return None
    start = (when.month - 1) // MONTHS[frequency] * MONTHS[frequency] + 1
    first = date(when.year, start, 1)
    tomorrow = when + timedelta(days=1)
    begins_next = tomorrow.day == 1 and (tomorrow.month - 1) % MONTHS[frequency] == 0
    if when != first and not begins_next:
        return None
    if frequency == "A":
        return f"{when.year:04d}"
    return f"{when.year:04d}-Q{(when.month + 2) // 3}" if frequency == "Q" else f"{when.year:04d}-{when.month:02d}"


def _full(year: int) -> int:
    century = WINDOW[0] // 100 * 100
    return century + year if century + year >= WINDOW[0] else century + 100 + year


def _plain(text: str) -> str:
    """Text without case and accents; any run of spaces is one."""
    if text.isascii():
        return " ".join(text.lower().split())
    letters = unicodedata.normalize("NFKD", text.lower())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
