"""Exponential smoothing of all rows over a grid of parameters, whose members are averaged by likelihood.

The grid replaces an optimiser: no search, no starting point, and no row depends on the other rows.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from observatory.forecast.nan_stats import compute_outlier_limit
from observatory.timeseries import FloatArray

_BURN_IN_PERIODS = 2  # one-step errors of the first periods depend on the start, not on the parameters
_ERROR_DECAY = {1: 0.75, 4: 0.87, 12: 0.95}  # per period, for the size of recent errors
_LEVEL_ALPHAS = {1: (0.2, 0.5, 0.85), 4: (0.1, 0.35, 0.8), 12: (0.04, 0.15, 0.35, 0.7)}
_LEVEL_ONLY_ALPHAS = {
    1: (0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1.0),
    4: (0.05, 0.12, 0.25, 0.45, 0.7, 0.9, 1.0),
    12: (0.02, 0.06, 0.15, 0.3, 0.5, 0.75, 1.0),
}
_DAMPED_TREND_BETAS = {1: (0.05, 0.2, 0.5), 4: (0.03, 0.1, 0.3), 12: (0.01, 0.05, 0.2)}
_UNDAMPED_TREND_BETAS = {1: (0.03, 0.1, 0.3), 4: (0.01, 0.04, 0.15), 12: (0.003, 0.015, 0.06)}
_DAMPING_PHIS = {1: (0.8, 0.95), 4: (0.85, 0.95), 12: (0.9, 0.97)}
_SEASONAL_ALPHAS = {4: (0.1, 0.25, 0.5, 0.8), 12: (0.03, 0.1, 0.25, 0.6)}
_SEASONAL_TREND = {4: (0.1, 0.9), 12: (0.05, 0.95)}  # smoothing of the trend, damping
_SEASONAL_GAMMAS = (0.05, 0.2, 0.5)

MemberMask = NDArray[np.bool_]


@dataclass(frozen=True)
class SmoothingGrid:
    """Smoothing parameters of level, trend and season, and damping of the trend: one entry for each member."""

    alpha: FloatArray
    beta: FloatArray
    gamma: FloatArray
    phi: FloatArray

    @property
    def level_only(self) -> MemberMask:
        """Members without a trend."""
        return np.asarray(self.beta == 0)

    @property
    def damped(self) -> MemberMask:
        """Members with a damped trend."""
        return np.asarray((self.beta > 0) & (self.phi < 1))

    @property
    def straight(self) -> MemberMask:
        """Members with an undamped trend."""
        return np.asarray((self.beta > 0) & (self.phi == 1))


def build_trend_grid(season_length: int) -> SmoothingGrid:
    """The grid for histories without season: no trend, damped trend, undamped trend."""
    members = [(a, 0.0, 1.0) for a in _LEVEL_ONLY_ALPHAS[season_length]]
    members += [
        (a, b, p)
        for a in _LEVEL_ALPHAS[season_length]
        for b in _DAMPED_TREND_BETAS[season_length]
        for p in _DAMPING_PHIS[season_length]
    ]
    members += [(a, b, 1.0) for a in _LEVEL_ALPHAS[season_length] for b in _UNDAMPED_TREND_BETAS[season_length]]
    alpha, beta, phi = np.array(members).T
    return SmoothingGrid(alpha, beta, np.zeros_like(alpha), phi)


def build_seasonal_grid(season_length: int) -> SmoothingGrid:
    """The grid of Holt and Winters: with and without a damped trend, slow to fast seasons."""
    trends = ((0.0, 1.0), _SEASONAL_TREND[season_length])
    members = [(a, b, g, p) for a in _SEASONAL_ALPHAS[season_length] for b, p in trends for g in _SEASONAL_GAMMAS]
    alpha, beta, gamma, phi = np.array(members).T
    return SmoothingGrid(alpha, beta, gamma, phi)


@dataclass(frozen=True)
class SmoothingState:
    """The state of each row (first axis) and member (second axis) at the origin, and its one-step errors."""

    grid: SmoothingGrid
    level: FloatArray
    trend: FloatArray
    seasonal_effects: FloatArray | None  # season x rows x members, first entry: the step after the origin
    mean_squared_error: FloatArray  # mean square
    recent_squared_error: FloatArray  # mean square, recent errors counting more
    error_counts: FloatArray  # number of one-step errors, by row

    def forecast(self, members: MemberMask, steps: int) -> FloatArray:
        """The forecast of some members, weighted by likelihood: rows x steps."""
        weight = self.compute_weights(members)
        reach = np.cumsum(self.grid.phi[members][:, None] ** np.arange(1, steps + 1), axis=1)
        result = (weight * self.level[:, members]).sum(axis=1, keepdims=True)
        result = result + (weight * self.trend[:, members]) @ reach
        if self.seasonal_effects is not None:
            effects = np.einsum("snk,nk->ns", self.seasonal_effects[:, :, members], weight)
            result = result + effects[:, np.arange(steps) % len(self.seasonal_effects)]
        return np.asarray(result)

    def compute_weights(self, members: MemberMask) -> FloatArray:
        """Gaussian likelihood of each member, summing to one in each row."""
        loss = self.mean_squared_error[:, members]
        surprise = 0.5 * self.error_counts[:, None] * np.log(loss + 1e-12 * (1 + loss.mean(axis=1, keepdims=True)))
        likely = np.exp(np.clip(surprise.min(axis=1, keepdims=True) - surprise, -50, 0))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True))


def smooth(
    values: FloatArray, grid: SmoothingGrid, season_length: int, effects: FloatArray | None = None
) -> SmoothingState:
    """Smooths rows (n x T, NaN where absent). With `effects` (n x season) the season is smoothed too."""
    is_known = np.isfinite(values)
    first, (count, width) = np.argmax(is_known, axis=1), values.shape
    filled = np.where(is_known, values, 0.0)
    level, trend, seasons = _initialize(values, filled, first, grid, effects)
    limit = compute_outlier_limit(np.diff(_deseasonalize(values, effects), axis=1))[:, None]
    loss, recent = np.zeros_like(level), np.zeros_like(level)
    error_counts, weight = np.zeros(count), np.zeros(count)
    gain, share, memory = grid.alpha * grid.beta, grid.gamma * (1 - grid.alpha), _ERROR_DECAY[season_length]
    burn = _BURN_IN_PERIODS if effects is None else season_length
    for t in range(int(first.min()) + 1, width):
        has_begun = t > first
        is_observed = is_known[:, t] & has_begun
        damped_trend = grid.phi * trend
        expected = level + damped_trend
        error = filled[:, t, None] - expected
        if seasons is not None:
            error -= seasons[(t - width) % season_length]
        if not is_observed.all():
            error[~is_observed] = 0.0
        if has_begun.all():
            level, trend = expected + grid.alpha * error, damped_trend + gain * error
        else:
            has_begun_column = has_begun[:, None]
            level = np.where(has_begun_column, expected + grid.alpha * error, level)
            trend = np.where(has_begun_column, damped_trend + gain * error, trend)
        if seasons is not None:
            seasons[(t - width) % season_length] += share * error
        is_counted = is_observed & (t > first + burn)
        square = np.minimum(np.abs(error), limit) ** 2
        if not is_counted.all():
            square[~is_counted] = 0.0
        loss += square
        recent = memory * recent + square
        error_counts += is_counted
        weight = memory * weight + is_counted
    error_counts = np.maximum(error_counts, 1.0)
    return SmoothingState(
        grid,
        level,
        trend,
        seasons,
        loss / error_counts[:, None],
        recent / np.maximum(weight, 0.1)[:, None],
        error_counts,
    )


def _initialize(
    values: FloatArray, filled: FloatArray, first: NDArray[np.intp], grid: SmoothingGrid, effects: FloatArray | None
) -> tuple[FloatArray, FloatArray, FloatArray | None]:
    """Level, trend and seasons (season x rows x members) of each row and member at its first value."""
    start_level, seasons = filled[np.arange(len(values)), first], None
    if effects is not None:
        season_length = effects.shape[1]
        seasons = np.repeat(effects.T[:, :, None], len(grid.alpha), axis=2)
        start_level = start_level - effects[np.arange(len(values)), (first - values.shape[1]) % season_length]
    level = np.repeat(start_level[:, None], len(grid.alpha), axis=1)
    trend = np.zeros_like(level)
    if effects is None:
        trend[:, grid.beta > 0] = _estimate_first_trend(values, first)[:, None]
    return level, trend, seasons


def _deseasonalize(values: FloatArray, effects: FloatArray | None) -> FloatArray:
    """The values without their seasonal effects; the last column belongs to the last season."""
    if effects is None:
        return values
    season_length, width = effects.shape[1], values.shape[1]
    return values - np.tile(effects, (1, -(-width // season_length)))[:, -width:]


def _estimate_first_trend(values: FloatArray, first: NDArray[np.intp]) -> FloatArray:
    """The mean change over the first five periods."""
    columns = np.minimum(first[:, None] + np.arange(6), values.shape[1] - 1)
    changes = np.diff(values[np.arange(len(values))[:, None], columns], axis=1)
    is_known = np.isfinite(changes)
    return np.asarray(np.where(is_known, changes, 0.0).sum(axis=1) / np.maximum(is_known.sum(axis=1), 1))
