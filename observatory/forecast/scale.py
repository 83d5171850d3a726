"""Histories as one matrix on the scale on which they are forecast: logs where positive, season taken out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from observatory.tables import Floats

YEARS_KEPT = 20  # older years teach a short forecast nothing


@dataclass(frozen=True)
class Matrix:
    """Rows ready for the models: `y` (rows x periods, season out), `effects` (rows x season), `logs` by row."""

    y: Floats
    effects: Floats
    logs: NDArray[np.bool_]
    moves: Floats  # usual yearly move of each row, on that scale
    units: Floats  # what one of that scale is worth, for rows that are not logs
    season: int

    def scaled(self, values: Floats) -> Floats:
        """Values of the rows (rows x any) on the scale of `y`; NaN where a row of logs is not positive."""
        with np.errstate(divide="ignore", invalid="ignore"):
            logged = np.where(values > 0, np.log(np.where(values > 0, values, 1.0)), np.nan)
        return np.where(self.logs[:, None], logged, values / self.units[:, None])

    def back(self, values: Floats, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Floats:
        """From the scale of `y` to the unit of the series, for some of the rows (first axis)."""
        shape = (-1, *([1] * (values.ndim - 1)))
        logs, units = self.logs[rows].reshape(shape), self.units[rows].reshape(shape)
        return np.where(logs, np.exp(np.clip(np.where(logs, values, 0.0), -300, 300)), values * units)

    def ahead(self, path: Floats) -> Floats:
        """The seasonal effect of each step after the origin, rows x steps."""
        return np.tile(self.effects, (1, -(-path.shape[1] // self.season)))[:, : path.shape[1]]


def matrix(values: Sequence[Floats], per_year: int, seasonal: bool) -> Matrix:
    """Histories (one array each, ending at its origin) as a right-aligned matrix, season out, logs where positive."""
    width = max(min(max(len(row) for row in values), YEARS_KEPT * per_year), 2 * per_year)
    raw = np.full((len(values), width), np.nan)
    for place, row in enumerate(values):
        kept = row[-width:]
        raw[place, width - len(kept) :] = kept
    logs = np.all((raw > 0) | ~np.isfinite(raw), axis=1)
    sizes = np.nansum(np.abs(raw), axis=1) / np.maximum(np.isfinite(raw).sum(axis=1), 1)
    units = np.where(logs | (sizes == 0), 1.0, sizes)
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.where(logs[:, None], np.log(raw), raw / units[:, None])
    season = per_year if seasonal else 1
    effects = _effects(y, season)
    repeated = np.tile(effects, (1, -(-width // season)))[:, -width:]
    return Matrix(y - repeated, effects, logs, _moves(y, per_year), units, season)


def _effects(y: Floats, season: int) -> Floats:
    """Seasonal effects, rows x season (first column: the step after the origin): medians over the latest 8 years.

    Each value is compared with the mean of the year around it; a median keeps one odd year (2020) out.
    """
    if season == 1:
        return np.zeros((len(y), 1))
    half = season // 2
    padded = np.pad(y, ((0, 0), (half, half)), constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, season + 1, axis=1)[:, : y.shape[1]]
    weights = np.ones(season + 1)
    weights[[0, -1]] = 0.5
    around = (windows * weights).sum(axis=2) / season
    gap = y - around
    years = min(y.shape[1] // season, 8)
    recent = gap[:, -years * season :].reshape(len(y), years, season)
    enough = np.isfinite(recent).sum(axis=1) >= 2
    with np.errstate(all="ignore"):
        filled = np.where(np.isfinite(recent), recent, np.nan)
        effects = np.where(enough, _nanmedian(filled), 0.0)
    effects = np.where(enough.all(axis=1, keepdims=True), effects, 0.0)
    return np.asarray(effects - effects.mean(axis=1, keepdims=True))


def _nanmedian(values: Floats) -> Floats:
    """Median over axis 1 without NaN and without a warning where all are NaN."""
    ordered = np.sort(values, axis=1)
    count = np.isfinite(values).sum(axis=1)
    low = np.maximum((count - 1) // 2, 0)[:, None, :]
    high = np.maximum(count // 2, 0)[:, None, :]
    high = np.minimum(high, values.shape[1] - 1)
    middle = (np.take_along_axis(ordered, low, 1) + np.take_along_axis(ordered, high, 1)) / 2
    return np.asarray(middle[:, 0, :])


def _moves(y: Floats, per_year: int) -> Floats:
    """Usual move over one year on the scale of `y`; NaN where there is none.

    The root mean square, capped at twice the robust spread plus 2 %, so that one odd year (2020) does not set it.
    """
    steps = np.abs(y[:, per_year:] - y[:, :-per_year])
    count = np.isfinite(steps).sum(axis=1)
    mean_square = np.nansum(steps**2, axis=1) / np.maximum(count, 1)
    robust = 1.4826 * _nanmedian(steps[:, :, None])[:, 0]
    level = np.nansum(np.abs(y), axis=1) / np.maximum(np.isfinite(y).sum(axis=1), 1)
    floor = np.where(level > 0, 0.02 * np.minimum(level, 1.0), 0.02)
    usual = np.sqrt(mean_square)
    # Where most moves are none (launches of one country by month), the few that are not are the usual ones.
    return np.where(count > 0, np.where(robust > 0, np.minimum(usual, 2 * robust + floor), usual), np.nan)
