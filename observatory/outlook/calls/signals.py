"""Signals of each indicator at each origin: its latest yearly level, volatility, later growth, momentum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import MONTHS_PER_PERIOD, month_ordinal
from observatory.memo import remember
from observatory.settings import CALL_THRESHOLDS, HORIZONS, STOPPED_AFTER_MONTHS
from observatory.timeseries import FloatArray, SeriesKey, TimeSeries, compute_growth, compute_yearly_levels

FIRST_ORIGIN_YEAR = 1960  # year
MAX_LOG_GROWTH = 2.0  # growth is clipped there, in logs: from near zero (2020) a rate means nothing
_MIN_SERIES_MONTHS = 60  # a shorter series carries no signal
MAX_MOMENTUM = 3.0  # recent months are clipped at so many usual moves


@dataclass(frozen=True)
class IndicatorSignals:
    """One indicator over all origins (months, ordinals); arrays have one value an origin, NaN where unknown.

    `growth[h]` is the log growth of its next h years after the latest figure known then, `known[h]` the month in
    which that was published, `past[h]` the log growth of the h years before it; `moves` its yearly growth known at
    the origin, as (squares sum, count) cumulated.
    """

    indicator: Indicator
    history: TimeSeries
    latest_month: NDArray[np.int64]  # month of the latest yearly level known, -1 where none or stopped
    volatility: FloatArray  # usual yearly move, own record only
    volatility_years: FloatArray  # how many yearly moves that is measured on
    future_growth: Mapping[int, FloatArray]
    published_month: Mapping[int, FloatArray]
    past_growth: Mapping[int, FloatArray]
    momentum: FloatArray  # latest 3 months against a year before, log, not scaled


def list_origins(day: date) -> NDArray[np.int64]:
    """Each June and December since 1960, as months, and the month of a day, which is the last one."""
    now = month_ordinal(day)
    halves = [year * 12 + month for year in range(FIRST_ORIGIN_YEAR, day.year + 1) for month in (5, 11)]
    return np.array([month for month in halves if month < now] + [now], dtype=np.int64)


@remember(size=16384)  # the series in calls of two panels of twenty times that of 2026
def compute_signals(
    indicator: Indicator, history: TimeSeries, origins: NDArray[np.int64], *, is_last_known: bool = False
) -> IndicatorSignals:
    """The signals of one series, each origin cut at the indicator's publication lag.

    With `is_last_known`, all figures are known at the last origin: growth then counts from the latest one, as on the
    page of the indicator, although its year is not over (the budget of a year is published before it).
    """
    first, levels = compute_yearly_levels(history, indicator.kind)
    months = first + np.arange(len(levels))
    finite_months = months[np.isfinite(levels)]
    cut = origins - indicator.publication_lag_months
    place = np.searchsorted(finite_months, cut, side="right") - 1
    if is_last_known:
        place[-1] = len(finite_months) - 1
    base = np.where(place >= 0, finite_months[np.maximum(place, 0)] if finite_months.size else -1, -1)
    late = cut - base - MONTHS_PER_PERIOD[indicator.frequency]
    young = _count_known_months(history, cut) < _MIN_SERIES_MONTHS
    base = np.where((base >= 0) & (late <= STOPPED_AFTER_MONTHS) & ~young, base, -1)
    here = level_at(levels, first, base)
    growth, published, past = {}, {}, {}
    for horizon in HORIZONS:
        later = base + 12 * horizon
        gained = np.clip(compute_growth(here, level_at(levels, first, later)), -MAX_LOG_GROWTH, MAX_LOG_GROWTH)
        growth[horizon] = np.where(base >= 0, gained, np.nan)
        published[horizon] = np.where(np.isfinite(growth[horizon]), later + indicator.publication_lag_months, np.inf)
        realized = np.clip(
            compute_growth(level_at(levels, first, base - 12 * horizon), here), -MAX_LOG_GROWTH, MAX_LOG_GROWTH
        )
        past[horizon] = np.where(base >= 0, realized, np.nan)
    move, moves = _estimate_volatility(levels, first, cut)
    move, moves = np.where(young, np.nan, move), np.where(young, 0.0, moves)
    latest = np.where(young, np.nan, compute_momentum(history, cut))
    return IndicatorSignals(indicator, history, base, move, moves, growth, published, past, latest)


def _count_known_months(history: TimeSeries, months: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many months a series covered by the end of each month."""
    size = MONTHS_PER_PERIOD[history.frequency]
    last = np.minimum((months + 1) // size - 1, history.last)
    return np.asarray(np.maximum(last - history.first + 1, 0) * size)


def level_at(levels: FloatArray, first: int, months: NDArray[np.int64]) -> FloatArray:
    """The yearly level at the end of each month, NaN where there is none."""
    place = months - first
    inside = (place >= 0) & (place < len(levels))
    return np.where(inside, levels[np.clip(place, 0, len(levels) - 1)], np.nan)


def _estimate_volatility(levels: FloatArray, first: int, cut: NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
    """Root mean square of yearly growth up to each cut, capped at 2 x robust spread + 2 %; and how many moves."""
    steps = np.full(len(levels), np.nan)
    steps[12:] = np.clip(compute_growth(levels[:-12], levels[12:]), -MAX_LOG_GROWTH, MAX_LOG_GROWTH)
    yearly_steps = [(first + place, steps[place]) for place in range(len(steps)) if np.isfinite(steps[place])]
    move, count = np.full(len(cut), np.nan), np.zeros(len(cut))
    ends = np.array([month for month, _step in yearly_steps])
    values = np.array([step for _month, step in yearly_steps])
    for place, limit in enumerate(cut):
        past = values[: np.searchsorted(ends, limit, side="right")] if len(ends) else values
        if len(past):
            spread = 1.4826 * np.median(np.abs(past - np.median(past)))
            move[place] = min(np.sqrt(np.mean(past**2)), 2 * spread + 0.02)
            years = {int(month) // 12 for month in ends[: len(past)]}
            count[place] = len(years)
    return move, count


def compute_momentum(history: TimeSeries, cut: NDArray[np.int64]) -> FloatArray:
    """The latest three months (or quarter) against the same ones a year before; NaN if old, absent or annual."""
    if history.frequency == "A":
        return np.full(len(cut), np.nan)
    width, step = (3, 12) if history.frequency == "M" else (1, 4)
    values = history.values
    means = np.convolve(values, np.ones(width) / width, "full")[: len(values)]
    means[: width - 1] = np.nan
    gained = np.full(len(values), np.nan)
    gained[step:] = compute_growth(means[:-step], means[step:])
    length = MONTHS_PER_PERIOD[history.frequency]
    ends = (history.first + np.arange(len(values)) + 1) * length - 1
    usable = np.flatnonzero(np.isfinite(gained))
    place = np.searchsorted(ends[usable], cut, side="right") - 1
    latest = np.where(place >= 0, usable[np.maximum(place, 0)] if usable.size else 0, 0)
    late = cut - ends[latest] - length
    fresh = (place >= 0) & (late <= CALL_THRESHOLDS.momentum_overdue_months)
    return np.where(fresh, gained[latest], np.nan)


def select_call_series(
    indicators: Sequence[Indicator], panel: Mapping[SeriesKey, TimeSeries]
) -> list[tuple[Indicator, TimeSeries]]:
    """The series that enter the calls of a segment: the headline of each indicator that counts, five years at least."""
    pairs = []
    for row in indicators:
        history = panel.get((row.id, row.headline_geo, row.headline_item))
        if (
            row.in_call
            and history is not None
            and len(history.values) * MONTHS_PER_PERIOD[row.frequency] >= _MIN_SERIES_MONTHS
        ):
            pairs.append((row, history))
    return pairs
