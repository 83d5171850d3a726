"""Intermittent series (many zeros): forecast by the weighted distribution of their own past values.

A pool of smoothed paths says nothing of a value that is zero in most months and five in a few. The distribution of past
values does: recent ones weigh more where that did better before, those of the same month more where there is a season.
After Willemain, Smart and Schwarz (2004).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.timeseries import FloatArray

_MIN_ZERO_SHARE = 0.3  # of recent values, for a series to be intermittent
_RECENT_YEARS = {1: 20, 4: 8, 12: 5}
_SAME_SEASON_YEARS = 10  # in which the values of the same month are compared with zero
_DECAYS = {1: (1.0, 0.9, 0.75), 4: (1.0, 0.96, 0.85), 12: (1.0, 0.985, 0.93)}  # weights of values a period older
_TEMPERATURE = 0.5  # of the likelihoods that choose between them: squared errors of zeros are not normal
_BURN_IN = 3  # first values that judge no decay
_MIN_NONZERO_YEARS = 2  # for a season
_MIN_VALUES_PER_SEASON = 3  # on average, for a season: fewer have one by chance
_TAIL_GROWTH = 0.5  # of the largest value, for each unit of log odds beyond its place in the ranking


def find_intermittent(y: FloatArray, per_year: int) -> NDArray[np.bool_]:
    """Which rows (right-aligned, NaN where absent) are intermittent: never negative, and often zero in recent years."""
    recent = y[:, -_RECENT_YEARS[per_year] * per_year :]
    count = np.maximum(np.isfinite(recent).sum(axis=1), 1)
    is_often_zero = (recent == 0).sum(axis=1) >= _MIN_ZERO_SHARE * count
    return np.asarray(is_often_zero & ~(y < 0).any(axis=1) & (y > 0).any(axis=1))


def find_zero_seasons(y: FloatArray, per_year: int, steps: int) -> NDArray[np.bool_]:
    """Which steps of which rows fall on a month (quarter) that was zero in half of its latest years: rows x steps."""
    width = -(-y.shape[1] // per_year) * per_year
    recent = np.pad(y, ((0, 0), (width - y.shape[1], 0)), constant_values=np.nan)[:, -_SAME_SEASON_YEARS * per_year :]
    by_year = recent.reshape(len(y), -1, per_year)
    zeros, known = (by_year == 0).sum(axis=1), np.isfinite(by_year).sum(axis=1)
    is_zero = (zeros > 0) & (2 * zeros >= known) & np.all(~(y < 0), axis=1, keepdims=True)
    return np.tile(is_zero, (1, -(-steps // per_year)))[:, :steps]


def forecast_intermittent(
    y: FloatArray, per_year: int, steps: int, levels: Sequence[int]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The mean (rows x steps), and low and high by level (rows x steps x levels), of the distribution of past values.

    A range contains as many past values as its level says: from zero up where zero is among the lowest of them.
    """
    weights = compute_value_weights(y, per_year)
    has_season = (weights != weights[:, :, :1]).any(axis=(1, 2))
    mean, low, high = (np.empty((len(y), per_year, width)) for width in (1, len(levels), len(levels)))
    for phase in range(per_year):
        rows = has_season if phase else np.ones(len(y), dtype=bool)
        figures = _summarize(y[rows], weights[rows, :, phase], levels)
        for part, figure in zip((mean, low, high), figures, strict=True):
            if not phase:
                part[:] = figure[:, None, :]
            part[rows, phase] = figure
    phases = np.arange(steps) % per_year
    return mean[:, phases, 0], low[:, phases], high[:, phases]


def _summarize(y: FloatArray, weights: FloatArray, levels: Sequence[int]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The mean (rows x 1), and low and high by level (rows x levels), of weighted values."""
    order = np.argsort(np.where(np.isfinite(y), y, np.inf), axis=1, kind="stable")
    values, ordered = np.take_along_axis(y, order, axis=1), np.take_along_axis(weights, order, axis=1)
    mean = np.where(np.isfinite(values), values * ordered, 0.0).sum(axis=1, keepdims=True)
    zero_share = np.where(values == 0, ordered, 0.0).sum(axis=1)
    low, high = np.empty((len(y), len(levels))), np.empty((len(y), len(levels)))
    for index, level in enumerate(levels):
        tail = (100 - level) / 200
        low[:, index] = _find_quantile(values, ordered, np.full(len(y), tail))
        top = np.maximum(level / 100, 1 - np.maximum(tail, zero_share))  # wider levels contain narrower ones
        high[:, index] = _find_quantile(values, ordered, top)
    return mean, np.minimum(low, mean), np.maximum(high, mean)


def compute_intermittent_exceedance(y: FloatArray, per_year: int, steps: int, thresholds: FloatArray) -> FloatArray:
    """The share of past values above the threshold of each row, weighted as in the forecast: rows x steps."""
    is_above = np.where(np.isfinite(y), y, -np.inf) > thresholds[:, None]
    above = (compute_value_weights(y, per_year) * is_above[:, :, None]).sum(axis=1)
    return np.asarray(above[:, np.arange(steps) % per_year])


def compute_value_weights(y: FloatArray, per_year: int) -> FloatArray:
    """The weight of each past value for each season to come (rows x periods x seasons), summing to one; 0 if absent.

    How often a value is not zero and how large it is then have seasons of their own.
    """
    is_known, is_positive = np.isfinite(y), y > 0
    age = np.arange(y.shape[1] - 1, -1, -1)
    by_decay = np.stack([is_known * decay**age for decay in _DECAYS[per_year]])
    by_decay = by_decay / np.maximum(by_decay.sum(axis=2, keepdims=True), 1e-300)
    weights = np.einsum("kr,krt->rt", _choose_decays(y, per_year), by_decay)
    same = (-1 - age)[:, None] % per_year == np.arange(per_year)[None, :]  # column 0: the first step to come
    known_share = _sum_by_season(weights, same)
    share = _sum_by_season(weights * is_positive, np.ones_like(same))
    same_share = np.where(known_share > 0, _sum_by_season(weights * is_positive, same) / _floor(known_share), share)
    has_season = (_group_by_year(is_positive, per_year).any(axis=2).sum(axis=1) >= _MIN_NONZERO_YEARS)[:, None]
    occurrence = has_season * _measure_season(is_positive.astype(float), is_known, per_year)[:, None]
    size = has_season * _measure_season(np.sqrt(np.where(is_positive, y, 0.0)), is_positive, per_year)[:, None]
    share = (1 - occurrence) * share + occurrence * same_share
    positive = _normalize(weights * is_positive)
    same_positive = _normalize_by_season(positive, same)
    positive_weights = (1 - size)[:, None] * positive[:, :, None] + size[:, None] * same_positive
    zeros = _normalize(weights * (is_known & ~is_positive))
    return np.asarray(share[:, None, :] * positive_weights + (1 - share)[:, None, :] * zeros[:, :, None])


def _sum_by_season(weights: FloatArray, same: NDArray[np.bool_]) -> FloatArray:
    return np.asarray(weights @ same.astype(float))


def _floor(values: FloatArray) -> FloatArray:
    return np.maximum(values, 1e-300)


def _normalize(weights: FloatArray) -> FloatArray:
    return np.asarray(weights / _floor(weights.sum(axis=1, keepdims=True)))


def _normalize_by_season(weights: FloatArray, same: NDArray[np.bool_]) -> FloatArray:
    """Weights of the values of each season alone; of all values where a season has none."""
    total = _sum_by_season(weights, same)[:, None, :]
    return np.where(total > 0, weights[:, :, None] * same / _floor(total), weights[:, :, None])


def _group_by_year(y: NDArray[Any], per_year: int) -> NDArray[Any]:
    """The columns of whole years, counted from the last: rows x years x seasons, the first season the next to come."""
    years = y.shape[1] // per_year
    return y[:, y.shape[1] - years * per_year :].reshape(len(y), years, per_year)


def _choose_decays(y: FloatArray, per_year: int) -> FloatArray:
    """The share of each decay (decays x rows), by the squared errors of the means that it would have forecast."""
    is_known, filled = np.isfinite(y), np.where(np.isfinite(y), y, 0.0)
    largest = np.maximum(filled.max(axis=1, keepdims=True), 1e-300)
    losses = []
    is_judged = is_known & (np.cumsum(is_known, axis=1) > _BURN_IN)
    for decay in _DECAYS[per_year]:
        total, weight, squares = np.zeros(len(y)), np.zeros(len(y)), np.zeros(len(y))
        for period in range(y.shape[1]):
            error = (filled[:, period] - total / np.maximum(weight, 1e-300)) / largest[:, 0]
            squares += np.where(is_judged[:, period], error**2, 0.0)
            total = decay * total + filled[:, period]
            weight = decay * weight + is_known[:, period]
        losses.append(squares)
    count = np.maximum(is_judged.sum(axis=1), 1)
    log_likelihood = -0.5 * _TEMPERATURE * count * np.log(np.stack(losses) / count + 1e-12)
    shares = np.exp(log_likelihood - log_likelihood.max(axis=0))
    return np.asarray(shares / shares.sum(axis=0))


def _measure_season(values: FloatArray, is_counted: NDArray[np.bool_], per_year: int) -> FloatArray:
    """Strength of a season, 0 to 1: variance of the means by season beyond what noise gives (James and Stein)."""
    if per_year == 1 or values.shape[1] < 2 * per_year:
        return np.zeros(len(values))
    by_year, counted = _group_by_year(values, per_year), _group_by_year(is_counted, per_year)
    count = counted.sum(axis=1)
    overall = np.where(counted, by_year, 0.0).sum(axis=(1, 2)) / np.maximum(count.sum(axis=1), 1)
    means = np.where(counted, by_year, 0.0).sum(axis=1) / np.maximum(count, 1)
    means = np.where(count > 0, means, overall[:, None])
    residuals = np.where(counted, by_year - means[:, None, :], 0.0)
    noise = (residuals**2).sum(axis=(1, 2)) / np.maximum(count.sum(axis=1) - (count > 0).sum(axis=1), 1)
    signal = ((means - means.mean(axis=1, keepdims=True)) ** 2).sum(axis=1) / (per_year - 1)
    by_chance = noise * np.where(count > 0, 1 / np.maximum(count, 1), 0.0).mean(axis=1)
    limit = by_chance * (1 + 2 * np.sqrt(2 / (per_year - 1)))  # two standard errors of what noise gives
    has_enough = count.sum(axis=1) >= _MIN_VALUES_PER_SEASON * per_year
    return np.where(has_enough, np.clip((signal - limit) / _floor(signal), 0.0, 1.0), 0.0)


def _find_quantile(values: FloatArray, weights: FloatArray, probability: FloatArray) -> FloatArray:
    """The quantile of each row (values in rising order, absent ones last), with one unseen value above all others.

    Of the two values around the quantile, the one whose share of past values is nearer to the probability.
    """
    effective = 1 / np.maximum((weights**2).sum(axis=1), 1e-300)
    target = probability * (effective + 1) / effective
    cumulative = np.cumsum(weights, axis=1)
    last = np.isfinite(values).sum(axis=1) - 1
    rows = np.arange(len(values))
    is_last_of_value = np.ones(values.shape, dtype=bool)
    is_last_of_value[:, :-1] = values[:, 1:] != values[:, :-1]
    cumulative = np.where(is_last_of_value & (np.arange(values.shape[1]) <= last[:, None]), cumulative, -1.0)
    reached = cumulative >= np.minimum(target, 1.0 - 1e-9)[:, None]
    place = np.where(reached.any(axis=1), np.argmax(reached, axis=1), last)
    before = np.where((cumulative >= 0) & (np.arange(values.shape[1]) < place[:, None]), cumulative, -1.0)
    below = np.argmax(before, axis=1)
    is_nearer = (before[rows, below] >= 0) & (target - before[rows, below] < cumulative[rows, place] - target)
    quantile = np.where(is_nearer, values[rows, below], values[rows, place])
    beyond = np.log(np.maximum(1 / (effective + 1) / np.maximum(1 - probability, 1e-9), 1.0))
    return np.asarray(np.where(target > 1, values[rows, last] * (1 + _TAIL_GROWTH * beyond), quantile))
