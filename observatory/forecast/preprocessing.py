"""Histories ready for the models: on logs and on their own scale, season taken out, one odd year kept in check."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.forecast.nan_stats import last_known, median_known, slope, usual
from observatory.forecast.smoothing import Smoothed, season_grid, smooth, trend_grid
from observatory.timeseries import Floats

RECENT = 0.8  # a seasonal effect counts 0.8 times as much for each year of age
SINGLE_YEAR = 0.7  # how far a season seen only once is believed
LEAST = 0.02  # a forecast on the own scale of a positive series stays above 2 % of its last value
FORGETTING = {1: 0.9, 4: 0.95, 12: 0.98}  # per period, for the slope of recent years


@dataclass(frozen=True)
class Adjusted:
    """One scale's histories without their season (`z`, rows x periods), with them (`whole`), and what models share."""

    z: Floats
    whole: Floats
    effects: Floats  # rows x season, first column: the step after the origin
    season: int

    @cached_property
    def smoothed(self) -> Smoothed:
        """Exponential smoothing of `z` over the whole grid, done once for all models."""
        return smooth(self.z, trend_grid(self.season), self.season)

    @cached_property
    def winters(self) -> Smoothed:
        """The same of `whole`, its season smoothed along (Holt-Winters)."""
        return smooth(self.whole, season_grid(self.season), self.season, self.effects)

    @cached_property
    def slope(self) -> Floats:
        """Least-squares slope of the whole history, per period."""
        return slope(self.z, 1.0)

    @cached_property
    def recent_slope(self) -> Floats:
        """The same, older periods counting less."""
        return slope(self.z, FORGETTING[self.season])

    @cached_property
    def last(self) -> Floats:
        """The last known value of each row."""
        return last_known(self.z)


@dataclass(frozen=True)
class Scale:
    """From units to the common scale and back: y / size, and its log for the rows that are always positive."""

    logs: NDArray[np.bool_]
    size: Floats

    def scaled(self, values: Floats) -> Floats:
        """Values in units (rows x any) on the common scale; NaN where a row of logs is not positive."""
        relative, logs = values / self._wide(self.size, values), self._wide(self.logs, values)
        known = relative > 0
        return np.where(logs, np.where(known, np.log(np.where(known, relative, 1.0)), np.nan), relative)

    def units(self, values: Floats) -> Floats:
        """The inverse of `scaled`."""
        logs = self._wide(self.logs, values)
        back = np.where(logs, np.exp(np.clip(np.where(logs, values, 0.0), -30, 30)), values)
        return np.asarray(back * self._wide(self.size, values))

    @staticmethod
    def _wide(part: NDArray[Any], values: Floats) -> NDArray[Any]:
        return part.reshape(-1, *([1] * (values.ndim - 1)))


@dataclass(frozen=True)
class Prepared:
    """Rows ready for the models, on logs (where positive) and on their own scale."""

    season: int
    scale: Scale
    strength: Floats  # of the season, 0 to 1
    log: Adjusted
    plain: Adjusted

    def from_plain(self, path: Floats) -> Floats:
        """A path without season on the plain scale, on the common scale."""
        floor = LEAST * np.maximum(self.plain.last, 1e-9)[:, None]
        return np.where(self.scale.logs[:, None], np.log(np.maximum(path, floor)), path)


def prepare(y: Floats, season: int, logs_allowed: bool = True) -> Prepared:
    """Histories in units (rows x periods, right-aligned, NaN where absent) as the models want them."""
    y = _whole_years(y, season)
    known = np.isfinite(y)
    logs = np.asarray(np.all((y > 0) | ~known, axis=1)) & logs_allowed
    mean = np.abs(np.where(known, y, 0.0)).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    size = np.where(mean > 0, mean, 1.0)
    scale = Scale(logs, size)
    relative, common = y / size[:, None], scale.scaled(y)
    effects, strength = seasonal_effects(common, season)
    z = common - repeated(effects, y.shape[1])
    bare = np.where(logs[:, None], np.exp(np.where(logs[:, None], z, 0.0)), z)
    own = effects if season == 1 else seasonal_effects(relative, season)[0]
    return Prepared(
        season, scale, strength, Adjusted(z, common, effects, season), Adjusted(bare, relative, own, season)
    )


def seasonal_effects(values: Floats, season: int) -> tuple[Floats, Floats]:
    """Additive seasonal effects (rows x season, first column: the step after the origin) and their strength.

    Classical decomposition: gaps to the centred mean of a year, recent years counting more, cut where they are odd,
    shrunk towards none as far as noise alone would give such effects (James and Stein; Miller and Williams 2003).
    """
    rows, width = values.shape
    if season == 1 or width < 2 * season:
        return np.zeros((rows, season)), np.zeros(rows)
    gaps = values - _mean_of_year(values, season)
    years = width // season
    by_year = gaps[:, width - years * season :].reshape(rows, years, season)
    by_year = _without_odd(by_year)
    known = np.isfinite(by_year)
    weight = known * (RECENT ** np.arange(years - 1, -1, -1))[None, :, None]
    total = weight.sum(axis=1)
    effects = (np.where(known, by_year, 0.0) * weight).sum(axis=1) / np.maximum(total, 1e-12)
    effects = effects - effects.mean(axis=1, keepdims=True)
    left = np.where(known, by_year - effects[:, None, :], 0.0)
    noise = (left**2).sum(axis=(1, 2)) / np.maximum(known.sum(axis=(1, 2)) - season, 1)
    independent = (total**2 / np.maximum((weight**2).sum(axis=1), 1e-12)).mean(axis=1)
    signal = (effects**2).sum(axis=1) / (season - 1)
    by_chance = noise / np.maximum(independent, 1) * (season - 3 if season > 4 else 1.5) / (season - 1)
    believed = np.where(signal > 0, np.clip(1 - by_chance / np.maximum(signal, 1e-300), 0, 1), 0.0)
    seen = known.sum(axis=1).min(axis=1)
    believed = np.where(seen >= 2, believed, np.where(seen == 1, SINGLE_YEAR * believed, 0.0))
    strength = signal * believed / np.maximum(signal * believed + noise, 1e-300)
    return effects * believed[:, None], np.where(signal * believed + noise > 0, strength, 0.0)


def repeated(effects: Floats, width: int) -> Floats:
    """The seasonal effect of each column of a right-aligned matrix of that width."""
    return np.tile(effects, (1, -(-width // effects.shape[1])))[:, -width:]


def ahead(effects: Floats, steps: int) -> Floats:
    """The seasonal effect of each step after the origin."""
    return np.tile(effects, (1, -(-steps // effects.shape[1])))[:, :steps]


def _mean_of_year(values: Floats, season: int) -> Floats:
    """The centred mean of a year around each period, both ends counting half; NaN where one is absent."""
    rows, width = values.shape
    known = np.isfinite(values)
    half = season // 2
    result = np.full((rows, width), np.nan)
    sums = np.cumsum(np.pad(np.where(known, values, 0.0), ((0, 0), (1, 0))), axis=1)
    counts = np.cumsum(np.pad(known, ((0, 0), (1, 0))), axis=1)
    inner = slice(half, width - half)
    whole = counts[:, season + 1 :] - counts[:, : width - season] == season + 1
    first = sums[:, season:width] - sums[:, : width - season]
    second = sums[:, season + 1 :] - sums[:, 1 : width + 1 - season]
    result[:, inner] = np.where(whole, (first + second) / (2 * season), np.nan)
    return result


def _without_odd(gaps: Floats) -> Floats:
    """Gaps (rows x years x season) no farther from the median of their season than is usual in their row."""
    rows, years, season = gaps.shape
    middle = median_known(gaps.transpose(0, 2, 1).reshape(-1, years)).reshape(rows, season)
    off = gaps - middle[:, None, :]
    limit = usual(off.reshape(rows, -1))[:, None, None]
    return middle[:, None, :] + np.clip(off, -limit, limit)


def _whole_years(y: Floats, season: int) -> Floats:
    """Columns added on the left up to whole years, three at least: no model needs a special case, no row its mates."""
    missing = max(3 * season, 4) - y.shape[1] if y.shape[1] < max(3 * season, 4) else -y.shape[1] % season
    return np.pad(y, ((0, 0), (missing, 0)), constant_values=np.nan) if missing else y
