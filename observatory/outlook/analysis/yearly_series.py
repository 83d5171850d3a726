"""Series side by side: their yearly levels past and expected, what they grew by, one divided by another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import PER_YEAR, last_month
from observatory.outlook.outlook import Outlook
from observatory.settings import LEVELS
from observatory.timeseries import Floats, Forecast, History, Key, yearly

DECEMBER = 11


@dataclass(frozen=True)
class Ahead:
    """The yearly level expected at the end of a month, and its limits."""

    month: int
    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Line:
    """A series as yearly levels: one a month from `first` on (NaN where unknown), then whole years ahead.

    `over` names what it is divided by. `summed` says that the limits ahead are sums or means of those of months or
    quarters: they are then a little wide, since those do not all err on the same side.
    """

    key: Key
    indicator: Indicator
    first: int
    levels: Floats
    ahead: tuple[Ahead, ...] = ()
    summed: bool = False
    over: Key | None = None

    @cached_property
    def last(self) -> int:
        """The month of the latest level; -1 where there is none."""
        known = np.flatnonzero(np.isfinite(self.levels))
        return self.first + int(known[-1]) if known.size else -1

    @property
    def latest(self) -> float:
        """The latest level, NaN where there is none."""
        return self.at(self.last)

    @property
    def positive(self) -> bool:
        """Whether all its levels are above zero."""
        known = self.levels[np.isfinite(self.levels)]
        return bool(known.size) and bool((known > 0).all())

    def at(self, month: int) -> float:
        """The yearly level at the end of a month, NaN where there is none."""
        place = month - self.first
        return float(self.levels[place]) if 0 <= place < len(self.levels) else float("nan")

    def of_year(self, year: int) -> float:
        """The level of a calendar year."""
        return self.at(year * 12 + DECEMBER)

    def points(self, since: int, until: int) -> list[tuple[int, float]]:
        """(month, level) at the end of each year of a span, and of the latest 12 months if no year ends there."""
        months = [year * 12 + DECEMBER for year in range(since, until + 1)]
        if self.last >= 0 and self.last % 12 != DECEMBER and since <= self.last // 12 <= until:
            months.append(self.last)
        return [(month, self.at(month)) for month in sorted(months) if self.first <= month <= self.last]


def line_of(outlook: Outlook, key: Key, until: int, level: int = 80) -> Line:
    """A series of an outlook with what is expected of it up to the end of a year, if a forecast of it is stored."""
    row, history = outlook.catalogue.indicators[key[0]], outlook.panel[key]
    first, levels = yearly(history, row.kind)
    found = Line(key, row, first, levels, summed=history.frequency != "A" and row.kind != "stock")
    forecast = outlook.forecasts.get(key)
    if forecast is None or not len(forecast.median) or found.last != last_month(history.last, history.frequency):
        return found
    return replace(found, ahead=_ahead(history, forecast, row.kind, until, level))


def _ahead(history: History, forecast: Forecast, kind: str, until: int, level: int) -> tuple[Ahead, ...]:
    per_year, at = PER_YEAR[history.frequency], LEVELS.index(level)
    paths = (forecast.median, forecast.low[:, at], forecast.high[:, at])
    steps = min((until + 1) * per_year - 1 - forecast.origin, len(forecast.median))
    found = []
    for end in range(per_year, steps + 1, per_year):
        months = slice(end - 1 if kind == "stock" else end - per_year, end)
        values = [float(path[months].sum() if kind == "flow" else path[months].mean()) for path in paths]
        found.append(Ahead(last_month(forecast.origin + end, history.frequency), *values))
    return tuple(found)


def divided(line: Line, other: Line) -> Line:
    """A line per unit of another one, where both are known and the other is positive; nothing is expected of it."""
    levels = np.full(len(line.levels), np.nan)
    start = max(line.first, other.first)
    count = min(line.first + len(line.levels), other.first + len(other.levels)) - start
    if count > 0:
        mine, its = slice(start - line.first, start - line.first + count), slice(start - other.first, None)
        under = other.levels[its][:count]
        np.divide(line.levels[mine], under, out=levels[mine], where=under > 0)
    return replace(line, levels=levels, ahead=(), summed=False, over=other.key)


def pace(line: Line, years: int) -> float | None:
    """The mean yearly growth of the latest level over the years before it; None unless both ends are positive."""
    return rate(line.at(line.last - 12 * years), line.latest, years) if line.last >= 0 else None


def pace_ahead(line: Line) -> tuple[float, float, float] | None:
    """The yearly growth expected from the latest level to the last year ahead: median, low, high."""
    if not line.ahead:
        return None
    end = line.ahead[-1]
    years = (end.month - line.last) / 12
    found = [rate(line.latest, max(value, 0.0), years, zero=True) for value in (end.median, end.low, end.high)]
    median, low, high = found
    return None if median is None or low is None or high is None else (median, low, high)


def rate(before: float, after: float, years: float, zero: bool = False) -> float | None:
    """Growth a year between two levels; None unless both are positive (`zero`: the later one may be zero)."""
    if not (before > 0 and (after > 0 or (zero and after == 0))) or not years > 0:
        return None
    return float((after / before) ** (1 / years) - 1)


def common_year(lines: Sequence[Line], since: int, until: int) -> int:
    """The first year of a span in which the most lines have a positive level; 0 where none has one."""
    best, found = 0, 0
    for year in range(since, until + 1):
        there = sum(line.of_year(year) > 0 for line in lines)
        if there > best:
            best, found = there, year
    return found
