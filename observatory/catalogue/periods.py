"""Periods as text (2024, 2024-Q1, 2024-01) and as numbers on the calendar; the calendar counts, not the row."""

import re
from datetime import date
from typing import Literal

Frequency = Literal["A", "Q", "M"]
FREQUENCIES: tuple[Frequency, ...] = ("A", "Q", "M")
PERIODS_PER_YEAR: dict[Frequency, int] = {"A": 1, "Q": 4, "M": 12}
MONTHS_PER_PERIOD: dict[Frequency, int] = {"A": 12, "Q": 3, "M": 1}

_PATTERN = re.compile(r"(?P<year>[12]\d{3})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?", re.ASCII)


def parse_frequency(period: str) -> Frequency | None:
    """The frequency that the form of a period says; None if it is not a period."""
    match = _PATTERN.fullmatch(period)
    if match is None:
        return None
    return "Q" if match["quarter"] else "M" if match["month"] else "A"


def period_to_ordinal(period: str) -> int:
    """Periods since year 0 in the period's own frequency. Raises ValueError if it is not a period."""
    match = _PATTERN.fullmatch(period)
    if match is None:
        raise ValueError(f"not a period: {period!r}")
    year = int(match["year"])
    if match["quarter"]:
        return year * 4 + int(match["quarter"]) - 1
    if match["month"]:
        return year * 12 + int(match["month"]) - 1
    return year


def ordinal_to_period(ordinal: int, frequency: Frequency) -> str:
    """The inverse of `period_to_ordinal`."""
    if frequency == "A":
        return f"{ordinal:04d}"
    if frequency == "Q":
        return f"{ordinal // 4:04d}-Q{ordinal % 4 + 1}"
    return f"{ordinal // 12:04d}-{ordinal % 12 + 1:02d}"


def last_month_ordinal(ordinal: int, frequency: Frequency) -> int:
    """The last month of a period, as a monthly ordinal (2024 -> that of 2024-12)."""
    return (ordinal + 1) * MONTHS_PER_PERIOD[frequency] - 1


def find_last_month(period: str) -> int:
    """The last month of a period by its code, as a monthly ordinal: orders periods of any frequency."""
    return last_month_ordinal(period_to_ordinal(period), parse_frequency(period) or "A")


def last_ended_ordinal(month: int, frequency: Frequency) -> int:
    """The last period that has ended by the end of a month (its ordinal): the inverse of `last_month_ordinal`."""
    return (month + 1) // MONTHS_PER_PERIOD[frequency] - 1


def month_ordinal(day: date) -> int:
    """The monthly ordinal of a day."""
    return day.year * 12 + day.month - 1


def midpoint_year(ordinal: int, frequency: Frequency) -> float:
    """Where a period sits on an axis of years: its middle, as a decimal year."""
    return (ordinal + 0.5) / PERIODS_PER_YEAR[frequency]


def count_months_overdue(ordinal: int, frequency: Frequency, lag_months: int, day: date) -> int:
    """Months by which the figure after `ordinal` is late on `day`; negative or zero if it is not due yet."""
    return month_ordinal(day) - last_month_ordinal(ordinal + 1, frequency) - lag_months
