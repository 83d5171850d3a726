"""Joint draws: simulated paths of several series whose errors are correlated as they were in the past.

A path is a random walk of normal scores, mapped to units through the forecast quantiles of its series, so that the
draws of a series have exactly its published intervals, and those of a segment add up (Gaussian copula; Schefzik et al.
2013).
"""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from observatory.timeseries import NORMAL_QUANTILES, FloatArray, Forecast, PastError

_MIN_COMMON_ORIGINS = 4  # fewer common origins leave a pair of series at the mean correlation
_SHRINKAGE_ORIGINS = 10.0  # so many common origins count as much as the mean of all pairs
QUANTILE_SCORES = np.array([*(-edge for edge in reversed(NORMAL_QUANTILES)), 0.0, *NORMAL_QUANTILES])
MAX_NORMAL_SCORE = 3.5  # scores are capped here: the tails past 95 % are unknown
RANK_COUNT = 256  # stored monthly paths: a rank is one byte
_RANK_NORMAL_SCORES = np.array([NormalDist().inv_cdf((rank + 0.5) / RANK_COUNT) for rank in range(RANK_COUNT)])
# Changes of the monthly mean of a walk are correlated by 1/4 from one month to the next (Working 1960): a moving
# average with this weight. Our prices and rates have .11 to .40.
_MONTHLY_MEAN_WEIGHT = 0.268


def correlate_errors(past_errors: Sequence[Sequence[PastError]]) -> FloatArray:
    """Correlation of the errors of some series (series x series), from errors with the same origin and horizon.

    Each pair is shrunk towards the mean of all pairs while it has few origins in common; the result is made positive
    semi-definite by cutting negative eigenvalues.
    """
    count = len(past_errors)
    tables = [{(row.origin_year, row.years_ahead): row.normal_score for row in rows} for rows in past_errors]
    raw, common_counts = np.eye(count), np.zeros((count, count))
    for first in range(count):
        for second in range(first):
            common = tables[first].keys() & tables[second].keys()
            common_counts[first, second] = common_counts[second, first] = len({origin for origin, _ in common})
            if common_counts[first, second] < _MIN_COMMON_ORIGINS:
                continue
            a = np.array([tables[first][key] for key in sorted(common)])
            b = np.array([tables[second][key] for key in sorted(common)])
            size = np.sqrt((a**2).mean() * (b**2).mean())  # errors around zero: a common bias is a common error
            raw[first, second] = raw[second, first] = (a * b).mean() / size if size > 0 else 0.0
    has_enough = (common_counts >= _MIN_COMMON_ORIGINS) & ~np.eye(count, dtype=bool)
    mean = float(raw[has_enough].mean()) if has_enough.any() else 0.0
    weight = np.where(has_enough, common_counts / (common_counts + _SHRINKAGE_ORIGINS), 0.0)
    shrunk = weight * raw + (1 - weight) * mean
    np.fill_diagonal(shrunk, 1.0)
    values, vectors = np.linalg.eigh(shrunk)
    repaired = (vectors * np.maximum(values, 1e-6)) @ vectors.T
    scale = np.sqrt(np.diag(repaired))
    return np.asarray(repaired / np.outer(scale, scale))


def draw_joint_paths(forecasts: Sequence[Forecast], correlation: FloatArray, count: int, seed: int) -> FloatArray:
    """Joint paths in units: draws x series x steps, all forecasts having the same number of steps.

    `correlation` is that of their errors.
    """
    steps = len(forecasts[0].median)
    walk = draw_normal_walks(correlation, count, steps, seed)
    result = np.empty((count, len(forecasts), steps))
    for index, forecast in enumerate(forecasts):
        for step in range(steps):
            result[:, index, step] = convert_scores(walk[:, step, index], step_quantiles(forecast, step))
    return result


def draw_rank_paths(origins: Sequence[int], correlation: FloatArray, steps: int, seed: int) -> NDArray[np.uint8]:
    """Joint monthly paths as ranks: series x RANK_COUNT x steps; at each step every rank from 0 to 255 occurs once.

    Shocks are dated: series whose last months differ share those of the same month. A path moves as the monthly
    mean of a walk does, and each has its mirror image, so that neither direction is more frequent.
    """
    first_month, months = min(origins), max(origins) - min(origins) + steps + 1
    random = np.random.default_rng(seed)
    root = np.linalg.cholesky(correlation + 1e-9 * np.eye(len(correlation)))
    half = random.standard_normal((RANK_COUNT // 2, months, len(origins))) @ root.T
    shocks = np.concatenate([half, -half])
    changes = shocks[:, 1:] + _MONTHLY_MEAN_WEIGHT * shocks[:, :-1]
    ranks = np.empty((len(origins), RANK_COUNT, steps), dtype=np.uint8)
    for index, origin in enumerate(origins):
        walk = np.cumsum(changes[:, origin - first_month : origin - first_month + steps, index], axis=1)
        ranks[index] = np.argsort(np.argsort(walk, axis=0, kind="stable"), axis=0, kind="stable")
    return ranks


def convert_ranks(ranks: NDArray[np.uint8], quantiles: FloatArray) -> FloatArray:
    """Ranks of a series (paths x steps) to units, through its quantiles of each step (steps x QUANTILE_SCORES)."""
    return np.stack(
        [convert_scores(_RANK_NORMAL_SCORES[ranks[:, step]], quantiles[step]) for step in range(ranks.shape[1])], axis=1
    )


def draw_normal_walks(correlation: FloatArray, count: int, steps: int, seed: int) -> FloatArray:
    """Joint normal scores: draws x steps x series, correlated across series by `correlation`.

    Along a path scores are a random walk: those of steps h and k (h < k) are correlated by the root of h / k, so that
    an early loss is not made up by chance.
    """
    random = np.random.default_rng(seed)
    root = np.linalg.cholesky(correlation + 1e-9 * np.eye(len(correlation)))
    changes = random.standard_normal((count, steps, len(correlation))) @ root.T
    return np.asarray(np.cumsum(changes, axis=1) / np.sqrt(np.arange(1, steps + 1))[None, :, None])


def step_quantiles(forecast: Forecast, step: int) -> FloatArray:
    """The published quantiles of a step in rising order: as many as QUANTILE_SCORES."""
    return np.array([*forecast.low[step, ::-1], forecast.median[step], *forecast.high[step]])


def convert_scores(scores: FloatArray, quantiles: FloatArray) -> FloatArray:
    """Normal scores to units: linear between the published quantiles and a little beyond, in logs if positive."""
    is_log = bool(quantiles[0] > 0)
    values = np.log(quantiles) if is_log else quantiles
    low_extension, high_extension = (
        (MAX_NORMAL_SCORE - QUANTILE_SCORES[-1])
        * np.array([values[1] - values[0], values[-1] - values[-2]])
        / (QUANTILE_SCORES[-1] - QUANTILE_SCORES[-2])
    )
    lowest = values[0] - low_extension if is_log or quantiles[0] < 0 else values[0]
    converted = np.interp(
        scores, [-MAX_NORMAL_SCORE, *QUANTILE_SCORES, MAX_NORMAL_SCORE], [lowest, *values, values[-1] + high_extension]
    )
    return np.asarray(np.exp(converted) if is_log else converted)
