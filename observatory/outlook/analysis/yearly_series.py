"""Yearly levels of series, past and expected: growth rates, and ratios of one series to another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import PERIODS_PER_YEAR, last_month_ordinal
from observatory.outlook.outlook import Outlook
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import FloatArray, Forecast, SeriesKey, TimeSeries, compute_yearly_levels

DECEMBER = 11


@dataclass(frozen=True)
class YearForecast:
    """The yearly level expected at the end of a month, and its limits."""

    month: int
    median: float
    low: float
    high: float


@dataclass(frozen=True)
class YearlySeries:
    """A series as yearly levels: one a month from `first` on (NaN where unknown), then whole years ahead.

    `has_summed_limits`: the limits ahead are sums or means of those of months or quarters, and so a little wide, since
    those do not all err on the same side.
    """

    key: SeriesKey
    indicator: Indicator
    first_month: int
    levels: FloatArray
    forecasts: tuple[YearForecast, ...] = ()
    has_summed_limits: bool = False
    denominator: SeriesKey | None = None

    @cached_property
    def last_month(self) -> int:
        """The month of the latest level; -1 where there is none."""
        finite_places = np.flatnonzero(np.isfinite(self.levels))
        return self.first_month + int(finite_places[-1]) if finite_places.size else -1

    @property
    def latest_level(self) -> float:
        """The latest level, NaN where there is none."""
        return self.level_at(self.last_month)

    @property
    def is_positive(self) -> bool:
        """Whether all its levels are above zero."""
        finite = self.levels[np.isfinite(self.levels)]
        return bool(finite.size) and bool((finite > 0).all())

    def level_at(self, month: int) -> float:
        """The yearly level at the end of a month, NaN where there is none."""
        place = month - self.first_month
        return float(self.levels[place]) if 0 <= place < len(self.levels) else float("nan")

    def level_of_year(self, year: int) -> float:
        """The level of a calendar year."""
        return self.level_at(year * 12 + DECEMBER)

    def list_points(self, since: int, until: int) -> list[tuple[int, float]]:
        """(month, level) at the end of each year of a span, and of the latest 12 months if no year ends there."""
        months = [year * 12 + DECEMBER for year in range(since, until + 1)]
        if self.last_month >= 0 and self.last_month % 12 != DECEMBER and since <= self.last_month // 12 <= until:
            months.append(self.last_month)
        return [
            (month, self.level_at(month)) for month in sorted(months) if self.first_month <= month <= self.last_month
        ]


def build_yearly_series(outlook: Outlook, key: SeriesKey, until: int, level: int = 80) -> YearlySeries:
    """A series of an outlook, with its forecast up to the end of a year if one is stored."""
    row, history = outlook.catalogue.indicators[key[0]], outlook.panel[key]
    first, levels = compute_yearly_levels(history, row.kind)
    yearly = YearlySeries(key, row, first, levels, has_summed_limits=history.frequency != "A" and row.kind != "stock")
    forecast = outlook.forecasts.get(key)
    if (
        forecast is None
        or not len(forecast.median)
        or yearly.last_month != last_month_ordinal(history.last, history.frequency)
    ):
        return yearly
    return replace(yearly, forecasts=_build_forecasts(history, forecast, row.kind, until, level))


def _build_forecasts(
    history: TimeSeries, forecast: Forecast, kind: str, until: int, level: int
) -> tuple[YearForecast, ...]:
    per_year, at = PERIODS_PER_YEAR[history.frequency], INTERVAL_LEVELS.index(level)
    paths = (forecast.median, forecast.low[:, at], forecast.high[:, at])
    steps = min((until + 1) * per_year - 1 - forecast.origin, len(forecast.median))
    forecasts = []
    for end in range(per_year, steps + 1, per_year):
        months = slice(end - 1 if kind == "stock" else end - per_year, end)
        values = [float(path[months].sum() if kind == "flow" else path[months].mean()) for path in paths]
        forecasts.append(YearForecast(last_month_ordinal(forecast.origin + end, history.frequency), *values))
    return tuple(forecasts)


def divide_series(series: YearlySeries, denominator: YearlySeries) -> YearlySeries:
    """Ratio of two series, where both are known and the divisor is positive; it has no forecast."""
    levels = np.full(len(series.levels), np.nan)
    start = max(series.first_month, denominator.first_month)
    count = min(series.first_month + len(series.levels), denominator.first_month + len(denominator.levels)) - start
    if count > 0:
        mine, its = (
            slice(start - series.first_month, start - series.first_month + count),
            slice(start - denominator.first_month, None),
        )
        under = denominator.levels[its][:count]
        np.divide(series.levels[mine], under, out=levels[mine], where=under > 0)
    return replace(series, levels=levels, forecasts=(), has_summed_limits=False, denominator=denominator.key)


def compute_past_growth(series: YearlySeries, years: int) -> float | None:
    """The mean yearly growth of the latest level over the years before it; None unless both ends are positive."""
    return (
        compute_cagr(series.level_at(series.last_month - 12 * years), series.latest_level, years)
        if series.last_month >= 0
        else None
    )


def compute_expected_growth(series: YearlySeries) -> tuple[float, float, float] | None:
    """The yearly growth expected from the latest level to the last year ahead: median, low, high."""
    if not series.forecasts:
        return None
    end = series.forecasts[-1]
    years = (end.month - series.last_month) / 12
    rates = [
        compute_cagr(series.latest_level, max(value, 0.0), years, allow_zero=True)
        for value in (end.median, end.low, end.high)
    ]
    median, low, high = rates
    return None if median is None or low is None or high is None else (median, low, high)


def compute_cagr(before: float, after: float, years: float, *, allow_zero: bool = False) -> float | None:
    """Growth a year between two levels; None unless both are positive (`zero`: the later one may be zero)."""
    if not (before > 0 and (after > 0 or (allow_zero and after == 0))) or not years > 0:
        return None
    return float((after / before) ** (1 / years) - 1)


def find_common_year(series: Sequence[YearlySeries], since: int, until: int) -> int:
    """The first year of a span in which most series have a positive level; 0 where none has."""
    best, common_year = 0, 0
    for year in range(since, until + 1):
        count = sum(line.level_of_year(year) > 0 for line in series)
        if count > best:
            best, common_year = count, year
    return common_year
