"""Odds that a price crosses a threshold, from joint paths; and how often such odds came true."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.forecast.joint_paths import convert_ranks, draw_rank_paths
from observatory.memo import remember
from observatory.timeseries import FloatArray, Forecast, PastForecasts, SeriesKey, TimeSeries

_THRESHOLD_FACTORS = (0.8, 0.9, 0.95, 1.05, 1.1, 1.2)  # thresholds of the record, against the last value known
_HORIZON_MONTHS = (6, 12, 24)
_BIN_EDGES = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 1.0)
_SEED = 11
_BOOTSTRAP_BLOCK_YEARS = 4  # origins within a block share the moves that followed
_BOOTSTRAP_DRAWS = 1000


def compute_odds(
    paths: FloatArray, threshold: float, step: int, *, above: bool, first_step: int = 1
) -> tuple[float, float]:
    """How many paths (paths x months) are past a threshold in some month of a window, and in its very last month.

    The window runs from `first_step` to `step`, both counted from the last month known, 1 being the one after it.
    """
    window = paths[:, first_step - 1 : step]
    past = window >= threshold if above else window <= threshold
    return float(past.any(axis=1).mean()), float(past[:, -1].mean())


def count_months_waited(last: int, asked: int) -> int:
    """Months from the last one known (ordinal) to the one in which the odds are asked; 0 where that one is known."""
    return max(asked - last, 0)


def score_odds(
    forecasts: Sequence[Forecast], panel: Mapping[SeriesKey, TimeSeries], asked: int | None = None
) -> dict[str, Any]:
    """Scores of such odds at all past origins of some inputs, as JSON values.

    `asked` is the month (ordinal) in which the odds are asked today. At each past origin they are then asked as many
    months after the last one known, and windows run from that month: those in between count for nothing. Without it
    windows run from the month after the last one known.

    "some" is "in some month up to", "then" is "in that very month": for each the bins [low, high, cases, said, came],
    the Brier score, that of the reference, which says how often the series had done so by then, and the 90 % bootstrap
    interval of their difference. `series` has [cases, said, came] of "some" by indicator.
    """
    waits = [0 if asked is None else count_months_waited(row.origin, asked) for row in forecasts]
    cases = [
        case
        for row, waited in zip(forecasts, waits, strict=True)
        for case in _replay_cases(row.past_forecasts, panel[row.key], waited)
    ]
    if not cases:
        return {}
    table = np.array([case[2:] for case in cases])
    names = np.array([case[0] for case in cases])
    blocks = np.array([int(case[1]) // (12 * _BOOTSTRAP_BLOCK_YEARS) for case in cases])
    return {
        "origins": len({(row.key[0], int(origin)) for row in forecasts for origin in row.past_forecasts.origins}),
        "first": int(min(row.past_forecasts.origins[0] for row in forecasts if len(row.past_forecasts.origins))),
        "some": _score_probabilities(table[:, 0], table[:, 1], table[:, 2], blocks),
        "then": _score_probabilities(table[:, 3], table[:, 4], table[:, 5], blocks),
        "series": {
            str(name): [int(own.sum()), _round(table[own, 0].mean()), _round(table[own, 1].mean())]
            for name in np.unique(names)
            for own in [names == name]
        },
    }


@remember(size=256)
def _replay_cases(past: PastForecasts, history: TimeSeries, waited: int) -> list[tuple[str | float, ...]]:
    """One case an origin, threshold and horizon: indicator, origin; odds, outcome and reference of "some", of "then".

    The odds are asked `waited` months after the origin, and horizons count from there.
    """
    if not len(past.origins):
        return []
    first_step = max(waited, 1)
    forecast_steps = past.quantiles.shape[1]
    horizons = [months for months in _HORIZON_MONTHS if waited + months <= forecast_steps]
    if not horizons:
        return []
    longest = waited + max(horizons)
    ranks = draw_rank_paths([0], np.eye(1), longest, _SEED)[0]
    usual = {
        (months, factor): _base_rates(history.values, first_step, waited + months, factor)
        for months in horizons
        for factor in _THRESHOLD_FACTORS
    }
    cases: list[tuple[str | float, ...]] = []
    for origin, quantiles in zip(past.origins, past.quantiles, strict=True):
        place = int(origin) - history.first
        now = float(history.values[place])
        if now <= 0:
            continue  # no threshold is a share of nothing
        realized = history.values[None, place + 1 : place + 1 + longest] / now
        reach = int(np.isfinite(realized[0]).cumprod().sum())
        expected = convert_ranks(ranks, quantiles[:longest].astype(float)) / now
        forecast_extremes, realized_extremes = (
            _running_extremes(paths[:, first_step - 1 :]) for paths in (expected, realized)
        )
        for months in (months for months in horizons if waited + months <= reach):
            for factor in _THRESHOLD_FACTORS:
                length = waited + months - first_step + 1
                some, then = _crossing_shares(forecast_extremes, length, factor)
                happened, last = _crossing_shares(realized_extremes, length, factor)
                ordinary = usual[months, factor][max(place - waited - months, 0)]
                cases.append((history.key[0], int(origin), some, happened, ordinary[0], then, last, ordinary[1]))
    return cases


def _running_extremes(paths: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Highest and lowest value so far, and the value, of each path and month of a window."""
    return np.maximum.accumulate(paths, axis=1), np.minimum.accumulate(paths, axis=1), paths


def _crossing_shares(
    extremes: tuple[FloatArray, FloatArray, FloatArray], months: int, factor: float
) -> tuple[float, float]:
    """How many paths were past a threshold in some month up to one, and in that one."""
    highest, lowest, last = (part[:, months - 1] for part in extremes)
    if factor > 1:
        return float((highest >= factor).mean()), float((last >= factor).mean())
    return float((lowest <= factor).mean()), float((last <= factor).mean())


def _base_rates(values: FloatArray, first_step: int, step: int, factor: float) -> FloatArray:
    """How often a series had moved so far by each month: the share among all starts up to each (some, then)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spans = np.lib.stride_tricks.sliding_window_view(values, step + 1)
        ahead = spans[:, first_step:] / spans[:, :1]
        some = ahead.max(axis=1) >= factor if factor > 1 else ahead.min(axis=1) <= factor
        then = ahead[:, -1] >= factor if factor > 1 else ahead[:, -1] <= factor
    finite = np.isfinite(spans).all(axis=1)
    count = np.maximum(np.cumsum(finite), 1)[:, None]
    return np.asarray(np.cumsum(np.stack([some & finite, then & finite], axis=1), axis=0) / count)


def _score_probabilities(
    probabilities: FloatArray, outcomes: FloatArray, base_rates: FloatArray, blocks: NDArray[np.int64]
) -> dict[str, Any]:
    bins = []
    for low, high in pairwise(_BIN_EDGES):
        here = (probabilities >= low) & (probabilities < high if high < 1 else probabilities <= high)
        if here.any():
            bins.append([low, high, int(here.sum()), _round(probabilities[here].mean()), _round(outcomes[here].mean())])
    errors, reference_errors = (probabilities - outcomes) ** 2, (base_rates - outcomes) ** 2
    return {
        "n": len(probabilities),
        "brier": _round(errors.mean()),
        "reference": _round(reference_errors.mean()),
        "difference": _bootstrap_mean(errors - reference_errors, blocks),
        "bins": bins,
    }


def _bootstrap_mean(values: FloatArray, blocks: NDArray[np.int64]) -> list[float]:
    """5th and 95th per cent of the mean over draws of whole blocks of years, all series of a year together."""
    names, place = np.unique(blocks, return_inverse=True)
    sums, counts = np.bincount(place, weights=values), np.bincount(place)
    drawn = np.random.default_rng(_SEED).integers(0, len(names), (_BOOTSTRAP_DRAWS, len(names)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    return [_round(edge) for edge in np.quantile(means, (0.05, 0.95))]


def _round(value: float) -> float:
    return round(float(value), 4)
