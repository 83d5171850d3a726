"""Forecasts of demand indicators moved so that they grow at the pace that the draws of their market have for them.

The path of the engine and its limits are multiplied by exp(g(t)), with g straight between 0 at the last figure and the
middle of each year of a horizon. Season and width stay those of the engine; the levels of years have the drawn pace.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from observatory.catalogue.periods import MONTHS_PER_PERIOD, PERIODS_PER_YEAR
from observatory.outlook.calls.signals import IndicatorSignals, level_at
from observatory.outlook.calls.verdict import FittedRule
from observatory.settings import HORIZONS
from observatory.timeseries import FloatArray, Forecast, SeriesKey, compute_yearly_levels

_ROUNDS = 12  # of correcting the drift by what the levels of years still miss; three digits are gained a round


def align_forecasts(forecasts: Iterable[Forecast], fitted: FittedRule) -> list[Forecast]:
    """The forecasts, those of demand indicators that are drawn today moved to their pace; the others as they are."""
    paces = collect_paces(fitted)
    members = {row.history.key: row for market in fitted.markets for row in market.members}
    return [
        _align(forecast, members[forecast.key], paces[forecast.key])
        if forecast.key in paces and len(forecast.median)
        else forecast
        for forecast in forecasts
    ]


def collect_paces(fitted: FittedRule) -> dict[SeriesKey, FloatArray]:
    """The log growth a year of each indicator drawn today, one a horizon; only those drawn for every horizon."""
    found: dict[SeriesKey, list[float]] = {}
    for horizon in HORIZONS:
        for market in fitted.markets:
            drawn = fitted.latest_draws[horizon][market.segment] if fitted.latest_draws else None
            if drawn is not None:
                for place, pace in zip(drawn.places, drawn.indicators.mean(axis=0), strict=True):
                    found.setdefault(market.members[place].history.key, []).append(float(pace))
    return {key: np.array(values) for key, values in found.items() if len(values) == len(HORIZONS)}


def _align(forecast: Forecast, member: IndicatorSignals, paces: FloatArray) -> Forecast:
    """A forecast whose levels of years grow at the paces from the base of the call, as far as they are ahead."""
    history, kind = member.history, member.indicator.kind
    first, levels = compute_yearly_levels(history, kind)
    base = int(member.latest_month[-1])
    level = float(level_at(levels, first, np.array([base]))[0])
    per_year = PERIODS_PER_YEAR[forecast.frequency]
    offset = (base + 1) // MONTHS_PER_PERIOD[forecast.frequency] - 1 - forecast.origin  # of the base, in periods
    ends = offset + np.array(HORIZONS) * per_year
    inside = (ends > 0) & (ends <= len(forecast.median))
    if not level > 0 or not inside.any():
        return forecast
    targets = level * np.exp(np.array(HORIZONS) * paces)[inside]
    middles = ends[inside] - (0.0 if kind == "stock" else (per_year - 1) / 2)
    steps = np.arange(1.0, len(forecast.median) + 1)
    drift = np.zeros(len(middles))
    for _ in range(_ROUNDS):
        moved = forecast.median * np.exp(_interpolate(steps, middles, drift))
        reached = np.array([_level_at_end(history.values, moved, int(end), per_year, kind) for end in ends[inside]])
        if not (reached > 0).all():
            return forecast
        drift += np.log(targets / reached)
    factor = np.exp(_interpolate(steps, middles, drift))
    return replace(
        forecast,
        median=forecast.median * factor,
        low=forecast.low * factor[:, None],
        high=forecast.high * factor[:, None],
    )


def _interpolate(steps: FloatArray, middles: FloatArray, drift: FloatArray) -> FloatArray:
    """The drift at each step: straight from 0 at the last figure, and on beyond the last middle as before it."""
    places, values = np.concatenate([[0.0], middles]), np.concatenate([[0.0], drift])
    inside = np.interp(steps, places, values)
    slope = (values[-1] - values[-2]) / (places[-1] - places[-2])
    return np.asarray(inside + np.maximum(steps - places[-1], 0.0) * slope)


def _level_at_end(history: FloatArray, path: FloatArray, end: int, per_year: int, kind: str) -> float:
    """The level of the year that ends so many steps ahead, known figures of it included."""
    values = np.concatenate([history[-per_year:], path[:end]])[-per_year:]
    if kind == "stock":
        return float(values[-1])
    return float(values.sum() if kind == "flow" else values.mean())
