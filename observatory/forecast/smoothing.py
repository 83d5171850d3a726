"""Exponential smoothing of all rows over a grid of parameters at once; the grid's members averaged by likelihood.

The grid stands for an optimiser: no search, no start that matters, and a row's answer does not depend on its mates.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from observatory.forecast.nan_stats import usual
from observatory.timeseries import Floats

BURN_IN = 2  # one-step errors of the first periods say more of the start than of the parameters
MEMORY = {1: 0.75, 4: 0.87, 12: 0.95}  # per period, for the size of recent errors
LEVEL = {1: (0.2, 0.5, 0.85), 4: (0.1, 0.35, 0.8), 12: (0.04, 0.15, 0.35, 0.7)}
LEVEL_ALONE = {
    1: (0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1.0),
    4: (0.05, 0.12, 0.25, 0.45, 0.7, 0.9, 1.0),
    12: (0.02, 0.06, 0.15, 0.3, 0.5, 0.75, 1.0),
}
TREND = {1: (0.05, 0.2, 0.5), 4: (0.03, 0.1, 0.3), 12: (0.01, 0.05, 0.2)}
STRAIGHT_TREND = {1: (0.03, 0.1, 0.3), 4: (0.01, 0.04, 0.15), 12: (0.003, 0.015, 0.06)}
DAMPING = {1: (0.8, 0.95), 4: (0.85, 0.95), 12: (0.9, 0.97)}
SEASON_LEVEL = {4: (0.1, 0.25, 0.5, 0.8), 12: (0.03, 0.1, 0.25, 0.6)}
SEASON_TREND = {4: (0.1, 0.9), 12: (0.05, 0.95)}  # smoothing of the trend, damping
SEASON_SHARE = (0.05, 0.2, 0.5)

Members = NDArray[np.bool_]


@dataclass(frozen=True)
class Grid:
    """Parameters, one entry a member: smoothing of level, trend and season, and damping of the trend."""

    alpha: Floats
    beta: Floats
    gamma: Floats
    phi: Floats

    @property
    def level_only(self) -> Members:
        """Members without a trend."""
        return np.asarray(self.beta == 0)

    @property
    def damped(self) -> Members:
        """Members whose trend dies out."""
        return np.asarray((self.beta > 0) & (self.phi < 1))

    @property
    def straight(self) -> Members:
        """Members whose trend goes on."""
        return np.asarray((self.beta > 0) & (self.phi == 1))


def trend_grid(season: int) -> Grid:
    """The grid for histories without season: level only, damped trend, straight trend."""
    members = [(a, 0.0, 1.0) for a in LEVEL_ALONE[season]]
    members += [(a, b, p) for a in LEVEL[season] for b in TREND[season] for p in DAMPING[season]]
    members += [(a, b, 1.0) for a in LEVEL[season] for b in STRAIGHT_TREND[season]]
    alpha, beta, phi = np.array(members).T
    return Grid(alpha, beta, np.zeros_like(alpha), phi)


def season_grid(season: int) -> Grid:
    """The grid of Holt and Winters: with and without a damped trend, slow to fast seasons."""
    trends = ((0.0, 1.0), SEASON_TREND[season])
    members = [(a, b, g, p) for a in SEASON_LEVEL[season] for b, p in trends for g in SEASON_SHARE]
    alpha, beta, gamma, phi = np.array(members).T
    return Grid(alpha, beta, gamma, phi)


@dataclass(frozen=True)
class Smoothed:
    """The state of each row (first axis) and member (second axis) at the origin, and its one-step errors."""

    grid: Grid
    level: Floats
    trend: Floats
    season: Floats | None  # season x rows x members, first entry: the step after the origin
    loss: Floats  # mean square
    recent: Floats  # mean square, recent errors counting more
    seen: Floats  # errors counted, one a row

    def path(self, members: Members, steps: int) -> Floats:
        """The forecast of some members, weighted by likelihood: rows x steps."""
        weight = self.weights(members)
        reach = np.cumsum(self.grid.phi[members][:, None] ** np.arange(1, steps + 1), axis=1)
        result = (weight * self.level[:, members]).sum(axis=1, keepdims=True)
        result = result + (weight * self.trend[:, members]) @ reach
        if self.season is not None:
            effects = np.einsum("snk,nk->ns", self.season[:, :, members], weight)
            result = result + effects[:, np.arange(steps) % len(self.season)]
        return np.asarray(result)

    def weights(self, members: Members) -> Floats:
        """Gaussian likelihood of each member, summing to one in each row."""
        loss = self.loss[:, members]
        surprise = 0.5 * self.seen[:, None] * np.log(loss + 1e-12 * (1 + loss.mean(axis=1, keepdims=True)))
        likely = np.exp(np.clip(surprise.min(axis=1, keepdims=True) - surprise, -50, 0))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True))


def smooth(z: Floats, grid: Grid, season: int, effects: Floats | None = None) -> Smoothed:
    """Smooths rows (n x T, NaN where absent). With `effects` (n x season) the season is smoothed along."""
    known = np.isfinite(z)
    first = np.argmax(known, axis=1)
    rows, (count, width) = np.arange(len(z)), z.shape
    filled = np.where(known, z, 0.0)
    beginning = filled[rows, first]
    seasons = None
    if effects is not None:
        seasons = np.repeat(effects.T[:, :, None], len(grid.alpha), axis=2)
        beginning = beginning - effects[rows, (first - width) % season]
    level = np.repeat(beginning[:, None], len(grid.alpha), axis=1)
    trend = np.zeros_like(level)
    if effects is None:
        trend[:, grid.beta > 0] = _first_trend(z, first)[:, None]
    bare = z if effects is None else z - np.tile(effects, (1, -(-width // season)))[:, -width:]
    limit = usual(np.diff(bare, axis=1))[:, None]
    loss, recent = np.zeros_like(level), np.zeros_like(level)
    seen, weight = np.zeros(count), np.zeros(count)
    gain, share, memory = grid.alpha * grid.beta, grid.gamma * (1 - grid.alpha), MEMORY[season]
    burn = BURN_IN if effects is None else season
    for t in range(int(first.min()) + 1, width):
        begun = t > first
        here = known[:, t] & begun
        slowed = grid.phi * trend
        expected = level + slowed
        error = filled[:, t, None] - expected
        if seasons is not None:
            error -= seasons[(t - width) % season]
        if not here.all():
            error[~here] = 0.0
        if begun.all():
            level, trend = expected + grid.alpha * error, slowed + gain * error
        else:
            going = begun[:, None]
            level = np.where(going, expected + grid.alpha * error, level)
            trend = np.where(going, slowed + gain * error, trend)
        if seasons is not None:
            seasons[(t - width) % season] += share * error
        counted = here & (t > first + burn)
        square = np.minimum(np.abs(error), limit) ** 2
        if not counted.all():
            square[~counted] = 0.0
        loss += square
        recent = memory * recent + square
        seen += counted
        weight = memory * weight + counted
    seen = np.maximum(seen, 1.0)
    return Smoothed(grid, level, trend, seasons, loss / seen[:, None], recent / np.maximum(weight, 0.1)[:, None], seen)


def _first_trend(z: Floats, first: NDArray[np.intp]) -> Floats:
    """The mean move over the first five periods."""
    places = np.minimum(first[:, None] + np.arange(6), z.shape[1] - 1)
    moves = np.diff(z[np.arange(len(z))[:, None], places], axis=1)
    known = np.isfinite(moves)
    return np.asarray(np.where(known, moves, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1))
