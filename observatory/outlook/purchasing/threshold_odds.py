"""Odds that a price crosses a threshold, from joint paths; and how often such odds came true."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from observatory.forecast.joint_paths import convert_ranks, draw_rank_paths
from observatory.timeseries import FloatArray, Forecast, SeriesKey, TimeSeries

_THRESHOLD_FACTORS = (0.8, 0.9, 0.95, 1.05, 1.1, 1.2)  # thresholds of the record, against the last value known
_HORIZON_MONTHS = (6, 12, 24)
_BIN_EDGES = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 1.0)
_SEED = 11


def compute_odds(paths: FloatArray, threshold: float, step: int, *, above: bool) -> tuple[float, float]:
    """How many paths (paths x months) are past a threshold in some month up to a step, and in that very month."""
    past = paths[:, :step] >= threshold if above else paths[:, :step] <= threshold
    return float(past.any(axis=1).mean()), float(past[:, -1].mean())


def score_odds(forecasts: Sequence[Forecast], panel: Mapping[SeriesKey, TimeSeries]) -> dict[str, Any]:
    """What such chances were worth at all past origins of some inputs, as JSON values.

    "some" is "in some month up to", "then" is "in that very month": for each the bins [low, high, cases, said, came],
    the Brier score and that of the reference, which says how often the series had done so by then. `series` has
    [cases, said, came] of "some" by indicator.
    """
    cases = [case for row in forecasts for case in _replay_cases(row, panel[row.key])]
    if not cases:
        return {}
    table = np.array([case[1:] for case in cases])
    names = np.array([case[0] for case in cases])
    return {
        "origins": len({(row.key[0], int(origin)) for row in forecasts for origin in row.past_forecasts.origins}),
        "first": int(min(row.past_forecasts.origins[0] for row in forecasts if len(row.past_forecasts.origins))),
        "some": _score_probabilities(table[:, 0], table[:, 1], table[:, 2]),
        "then": _score_probabilities(table[:, 3], table[:, 4], table[:, 5]),
        "series": {
            str(name): [int(own.sum()), _round(table[own, 0].mean()), _round(table[own, 1].mean())]
            for name in np.unique(names)
            for own in [names == name]
        },
    }


def _replay_cases(forecast: Forecast, history: TimeSeries) -> list[tuple[str | float, ...]]:
    """One case an origin, threshold and horizon: odds, outcome and reference, of "some" and of "then"."""
    if not len(forecast.past_forecasts.origins):
        return []
    longest = max(_HORIZON_MONTHS)
    ranks = draw_rank_paths([0], np.eye(1), longest, _SEED)[0]
    usual = {
        (months, factor): _base_rates(history.values, months, factor)
        for months in _HORIZON_MONTHS
        for factor in _THRESHOLD_FACTORS
    }
    cases: list[tuple[str | float, ...]] = []
    for origin, quantiles in zip(forecast.past_forecasts.origins, forecast.past_forecasts.quantiles, strict=True):
        place = int(origin) - history.first
        now = float(history.values[place])
        if now <= 0:
            continue  # no threshold is a share of nothing
        realized = history.values[None, place + 1 : place + 1 + longest] / now
        reach = int(np.isfinite(realized[0]).cumprod().sum())
        forecast_extremes = _running_extremes(convert_ranks(ranks, quantiles[:longest].astype(float)) / now)
        realized_extremes = _running_extremes(realized)
        for months in (months for months in _HORIZON_MONTHS if months <= reach):
            for factor in _THRESHOLD_FACTORS:
                some, then = _crossing_shares(forecast_extremes, months, factor)
                happened, last = _crossing_shares(realized_extremes, months, factor)
                ordinary = usual[months, factor][max(place - months, 0)]
                cases.append((forecast.key[0], some, happened, ordinary[0], then, last, ordinary[1]))
    return cases


def _running_extremes(paths: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Highest and lowest value so far, and the value, of each path and month."""
    return np.maximum.accumulate(paths, axis=1), np.minimum.accumulate(paths, axis=1), paths


def _crossing_shares(
    extremes: tuple[FloatArray, FloatArray, FloatArray], months: int, factor: float
) -> tuple[float, float]:
    """How many paths were past a threshold in some month up to one, and in that one."""
    highest, lowest, last = (part[:, months - 1] for part in extremes)
    if factor > 1:
        return float((highest >= factor).mean()), float((last >= factor).mean())
    return float((lowest <= factor).mean()), float((last <= factor).mean())


def _base_rates(values: FloatArray, months: int, factor: float) -> FloatArray:
    """How often a series had moved so far by each month: the share among all starts up to each (some, then)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spans = np.lib.stride_tricks.sliding_window_view(values, months + 1)
        ahead = spans[:, 1:] / spans[:, :1]
        some = ahead.max(axis=1) >= factor if factor > 1 else ahead.min(axis=1) <= factor
        then = ahead[:, -1] >= factor if factor > 1 else ahead[:, -1] <= factor
    finite = np.isfinite(spans).all(axis=1)
    count = np.maximum(np.cumsum(finite), 1)[:, None]
    return np.asarray(np.cumsum(np.stack([some & finite, then & finite], axis=1), axis=0) / count)


def _score_probabilities(probabilities: FloatArray, outcomes: FloatArray, base_rates: FloatArray) -> dict[str, Any]:
    bins = []
    for low, high in pairwise(_BIN_EDGES):
        here = (probabilities >= low) & (probabilities < high if high < 1 else probabilities <= high)
        if here.any():
            bins.append([low, high, int(here.sum()), _round(probabilities[here].mean()), _round(outcomes[here].mean())])
    return {
        "n": len(probabilities),
        "brier": _round(((probabilities - outcomes) ** 2).mean()),
        "reference": _round(((base_rates - outcomes) ** 2).mean()),
        "bins": bins,
    }


def _round(value: float) -> float:
    return round(float(value), 4)
