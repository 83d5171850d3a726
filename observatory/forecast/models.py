"""The forecasting models: one function and one row of MODELS each, computed for all series at once.

Every function takes `y` (series x periods, right-aligned: the last column is the origin, NaN where a value is
absent or the series had not begun), the season (1 when there is none) and the number of steps; it returns
series x steps. Seasonal effects are removed and put back by the engine, except for the references.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from observatory.tables import Floats


def naive(y: Floats, season: int, steps: int) -> Floats:
    """Same as the last value."""
    return np.repeat(_last(y)[:, None], steps, axis=1)


def seasonal_naive(y: Floats, season: int, steps: int) -> Floats:
    """Same as a year earlier; where that period is absent, the last value."""
    if season == 1 or y.shape[1] < season:
        return naive(y, 1, steps)
    year = y[:, -season:]
    year = np.where(np.isfinite(year), year, _last(y)[:, None])
    return np.tile(year, (1, -(-steps // season)))[:, :steps]


def damped_trend(y: Floats, season: int, steps: int) -> Floats:
    """Exponential smoothing with a damped trend (Gardner and McKenzie 1985), a grid averaged by likelihood.

    The grid stands for an optimiser: smoothing of the level .2/.5/.8, of the trend .05/.2, damping .85 a year.
    """
    alpha, beta = (part.ravel() for part in np.meshgrid([0.3, 0.6, 0.9], [0.05, 0.2], indexing="ij"))
    phi = 0.85 ** (1 / season)
    level, trend, loss, seen = _start(y, len(alpha))
    for column in y.T:
        known = np.isfinite(column)[:, None]
        ahead = level + phi * trend
        error = np.where(known, np.nan_to_num(column)[:, None] - ahead, 0.0)
        begun = np.isfinite(level)
        level = np.where(begun, ahead + alpha * error, np.where(known, np.nan_to_num(column)[:, None], np.nan))
        trend = np.where(begun, phi * trend + alpha * beta * error, 0.0)
        counts = known & begun
        loss += np.where(counts, np.nan_to_num(error) ** 2, 0.0)
        seen += counts[:, 0]
    reach = np.cumsum(phi ** np.arange(1, steps + 1))
    paths = level[:, :, None] + trend[:, :, None] * reach
    return _average(paths, loss, seen)


def theta(y: Floats, season: int, steps: int) -> Floats:
    """The theta method (Assimakopoulos and Nikolopoulos 2000): exponential smoothing plus half the trend line."""
    alpha = np.array([0.3, 0.6, 0.9])
    level, _, loss, seen = _start(y, len(alpha))
    for column in y.T:
        known = np.isfinite(column)[:, None]
        value = np.nan_to_num(column)[:, None]
        begun = np.isfinite(level)
        error = np.where(known & begun, value - np.nan_to_num(level), 0.0)
        level = np.where(begun, level + alpha * error, np.where(known, value, np.nan))
        loss += error**2
        seen += (known & begun)[:, 0]
    paths = level[:, :, None] + 0.5 * _slope(y)[:, None, None] * np.arange(1, steps + 1)
    return _average(paths, loss, seen)


def drift(y: Floats, season: int, steps: int) -> Floats:
    """The last value moved on by the mean move of the whole history (random walk with drift)."""
    known = np.isfinite(y)
    begin = np.argmax(known, axis=1)
    end = y.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1)
    rows = np.arange(len(y))
    pace = (y[rows, end] - y[rows, begin]) / np.maximum(end - begin, 1)
    return np.asarray(y[rows, end][:, None] + pace[:, None] * np.arange(1, steps + 1))


@dataclass(frozen=True)
class Model:
    """A row of MODELS: `reference` models are what the others are measured against."""

    id: str
    forecast: Callable[[Floats, int, int], Floats]
    reference: bool


MODELS: tuple[Model, ...] = (
    Model("naive", naive, reference=True),
    Model("seasonal_naive", seasonal_naive, reference=True),
    Model("damped_trend", damped_trend, reference=False),
    Model("theta", theta, reference=False),
    Model("drift", drift, reference=False),
)


def _last(y: Floats) -> Floats:
    known = np.isfinite(y)
    place = y.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1)
    return np.where(known.any(axis=1), y[np.arange(len(y)), place], np.nan)


def _start(y: Floats, members: int) -> tuple[Floats, Floats, Floats, Floats]:
    shape = (len(y), members)
    return np.full(shape, np.nan), np.zeros(shape), np.zeros(shape), np.zeros(len(y))


def _average(paths: Floats, loss: Floats, seen: Floats) -> Floats:
    """The members of a grid (series x members x steps), each weighted by its Gaussian likelihood."""
    count = np.maximum(seen, 1.0)[:, None]
    surprise = 0.5 * count * np.log(loss / count + 1e-12)
    weights = np.exp(np.clip(surprise.min(axis=1, keepdims=True) - surprise, -50, 0))
    weights /= weights.sum(axis=1, keepdims=True)
    return np.asarray(np.einsum("nm,nmh->nh", weights, paths))


def _slope(y: Floats) -> Floats:
    """Least-squares slope per period of each row, absent values left out."""
    known = np.isfinite(y)
    place = np.arange(y.shape[1], dtype=float)
    count = np.maximum(known.sum(axis=1), 1)
    x = np.where(known, place - ((known * place).sum(axis=1) / count)[:, None], 0.0)
    spread = (x**2).sum(axis=1)
    return np.where(spread > 0, (x * np.nan_to_num(y)).sum(axis=1) / np.maximum(spread, 1e-12), 0.0)
