"""Preprocessing of histories: logs and own scale, seasonal adjustment that resists outliers."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.forecast.nan_stats import compute_outlier_limit, fit_slope, nan_last, nan_median
from observatory.forecast.smoothing import SmoothingState, build_seasonal_grid, build_trend_grid, smooth
from observatory.timeseries import FloatArray

_SEASON_YEARLY_DECAY = 0.8  # a seasonal effect counts 0.8 times as much for each year of age
_SINGLE_YEAR_SHRINKAGE = 0.7  # of the effects of a season observed in one year only
_MIN_RELATIVE_LEVEL = 0.02  # of a forecast of a positive series on its own scale, to its last value
_SLOPE_DECAY = {1: 0.9, 4: 0.95, 12: 0.98}  # per period, for the slope of recent years


@dataclass(frozen=True)
class AdjustedHistories:
    """Histories on one scale (rows x periods), without and with their season, and the statistics that models share."""

    deseasonalized: FloatArray
    seasonal: FloatArray
    seasonal_effects: FloatArray  # rows x season length, first column: the step after the origin
    season_length: int

    @cached_property
    def smoothing(self) -> SmoothingState:
        """Exponential smoothing of `deseasonalized` over the whole grid, computed once for all models."""
        return smooth(self.deseasonalized, build_trend_grid(self.season_length), self.season_length)

    @cached_property
    def seasonal_smoothing(self) -> SmoothingState:
        """Holt-Winters smoothing of `seasonal` over its grid."""
        return smooth(self.seasonal, build_seasonal_grid(self.season_length), self.season_length, self.seasonal_effects)

    @cached_property
    def slope(self) -> FloatArray:
        """Least-squares slope of the whole history, per period."""
        return fit_slope(self.deseasonalized, 1.0)

    @cached_property
    def recent_slope(self) -> FloatArray:
        """Least-squares slope with decaying weights of older periods, per period."""
        return fit_slope(self.deseasonalized, _SLOPE_DECAY[self.season_length])

    @cached_property
    def last_values(self) -> FloatArray:
        """The last observed value of each row."""
        return nan_last(self.deseasonalized)


@dataclass(frozen=True)
class ValueScale:
    """The common scale of some rows: y / size, and its log for the rows that are always positive."""

    is_log: NDArray[np.bool_]
    size: FloatArray

    def to_scaled(self, values: FloatArray) -> FloatArray:
        """Values in units (rows x any) on the common scale; NaN where a row of logs is not positive."""
        relative, is_log = values / self._broadcast(self.size, values), self._broadcast(self.is_log, values)
        is_positive = relative > 0
        return np.where(is_log, np.where(is_positive, np.log(np.where(is_positive, relative, 1.0)), np.nan), relative)

    def to_units(self, values: FloatArray) -> FloatArray:
        """The inverse of `to_scaled`."""
        is_log = self._broadcast(self.is_log, values)
        exponentials = np.where(is_log, np.exp(np.clip(np.where(is_log, values, 0.0), -30, 30)), values)
        return np.asarray(exponentials * self._broadcast(self.size, values))

    @staticmethod
    def _broadcast(part: NDArray[Any], values: FloatArray) -> NDArray[Any]:
        return part.reshape(-1, *([1] * (values.ndim - 1)))


@dataclass(frozen=True)
class PreparedHistories:
    """Histories as the models take them, in logs (where positive) and on their own scale."""

    season_length: int
    scale: ValueScale
    seasonal_strength: FloatArray  # of the season, 0 to 1
    log: AdjustedHistories
    plain: AdjustedHistories

    def plain_to_common(self, path: FloatArray) -> FloatArray:
        """A path on the plain scale, converted to the common scale."""
        floor = _MIN_RELATIVE_LEVEL * np.maximum(self.plain.last_values, 1e-9)[:, None]
        return np.where(self.scale.is_log[:, None], np.log(np.maximum(path, floor)), path)


def prepare_histories(y: FloatArray, season_length: int, *, allow_logs: bool = True) -> PreparedHistories:
    """Histories in units (rows x periods, right-aligned, NaN where absent) as the models take them."""
    y = _pad_to_whole_years(y, season_length)
    is_known = np.isfinite(y)
    is_log = np.asarray(np.all((y > 0) | ~is_known, axis=1)) & allow_logs
    mean = np.abs(np.where(is_known, y, 0.0)).sum(axis=1) / np.maximum(is_known.sum(axis=1), 1)
    size = np.where(mean > 0, mean, 1.0)
    scale = ValueScale(is_log, size)
    relative, scaled = y / size[:, None], scale.to_scaled(y)
    effects, strength = _estimate_seasonal_effects(scaled, season_length)
    deseasonalized = scaled - _tile_effects(effects, y.shape[1])
    plain = np.where(is_log[:, None], np.exp(np.where(is_log[:, None], deseasonalized, 0.0)), deseasonalized)
    plain_effects = effects if season_length == 1 else _estimate_seasonal_effects(relative, season_length)[0]
    return PreparedHistories(
        season_length,
        scale,
        strength,
        AdjustedHistories(deseasonalized, scaled, effects, season_length),
        AdjustedHistories(plain, relative, plain_effects, season_length),
    )


def _estimate_seasonal_effects(values: FloatArray, season_length: int) -> tuple[FloatArray, FloatArray]:
    """Additive seasonal effects (rows x season, first column: the step after the origin) and their strength.

    Classical decomposition: gaps to the centred mean of a year, recent years weighing more, outliers clipped, shrunk
    towards zero as far as noise alone would give such effects (James and Stein; Miller and Williams 2003).
    """
    rows, width = values.shape
    if season_length == 1 or width < 2 * season_length:
        return np.zeros((rows, season_length)), np.zeros(rows)
    gaps = values - _centred_yearly_mean(values, season_length)
    years = width // season_length
    by_year = gaps[:, width - years * season_length :].reshape(rows, years, season_length)
    by_year = _clip_outliers(by_year)
    is_known = np.isfinite(by_year)
    weight = is_known * (_SEASON_YEARLY_DECAY ** np.arange(years - 1, -1, -1))[None, :, None]
    total = weight.sum(axis=1)
    effects = (np.where(is_known, by_year, 0.0) * weight).sum(axis=1) / np.maximum(total, 1e-12)
    effects = effects - effects.mean(axis=1, keepdims=True)
    residuals = np.where(is_known, by_year - effects[:, None, :], 0.0)
    noise = (residuals**2).sum(axis=(1, 2)) / np.maximum(is_known.sum(axis=(1, 2)) - season_length, 1)
    effective_years = (total**2 / np.maximum((weight**2).sum(axis=1), 1e-12)).mean(axis=1)
    signal = (effects**2).sum(axis=1) / (season_length - 1)
    by_chance = (
        noise / np.maximum(effective_years, 1) * (season_length - 3 if season_length > 4 else 1.5) / (season_length - 1)
    )
    shrinkage = np.where(signal > 0, np.clip(1 - by_chance / np.maximum(signal, 1e-300), 0, 1), 0.0)
    min_years = is_known.sum(axis=1).min(axis=1)
    shrinkage = np.where(min_years >= 2, shrinkage, np.where(min_years == 1, _SINGLE_YEAR_SHRINKAGE * shrinkage, 0.0))
    strength = signal * shrinkage / np.maximum(signal * shrinkage + noise, 1e-300)
    return effects * shrinkage[:, None], np.where(signal * shrinkage + noise > 0, strength, 0.0)


def _tile_effects(effects: FloatArray, width: int) -> FloatArray:
    """The seasonal effect of each column of a right-aligned matrix of that width."""
    return np.tile(effects, (1, -(-width // effects.shape[1])))[:, -width:]


def extend_effects(effects: FloatArray, steps: int) -> FloatArray:
    """The seasonal effect of each step after the origin."""
    return np.tile(effects, (1, -(-steps // effects.shape[1])))[:, :steps]


def _centred_yearly_mean(values: FloatArray, season: int) -> FloatArray:
    """The centred mean of a year around each period, both ends counting half; NaN where one is absent."""
    rows, width = values.shape
    is_known = np.isfinite(values)
    half = season // 2
    result = np.full((rows, width), np.nan)
    sums = np.cumsum(np.pad(np.where(is_known, values, 0.0), ((0, 0), (1, 0))), axis=1)
    counts = np.cumsum(np.pad(is_known, ((0, 0), (1, 0))), axis=1)
    inner = slice(half, width - half)
    is_complete = counts[:, season + 1 :] - counts[:, : width - season] == season + 1
    first = sums[:, season:width] - sums[:, : width - season]
    second = sums[:, season + 1 :] - sums[:, 1 : width + 1 - season]
    result[:, inner] = np.where(is_complete, (first + second) / (2 * season), np.nan)
    return result


def _clip_outliers(gaps: FloatArray) -> FloatArray:
    """Gaps (rows x years x season) clipped to the outlier limit of their row around the median of their season."""
    rows, years, season = gaps.shape
    medians = nan_median(gaps.transpose(0, 2, 1).reshape(-1, years)).reshape(rows, season)
    deviations = gaps - medians[:, None, :]
    limit = compute_outlier_limit(deviations.reshape(rows, -1))[:, None, None]
    return medians[:, None, :] + np.clip(deviations, -limit, limit)


def _pad_to_whole_years(y: FloatArray, season_length: int) -> FloatArray:
    """Histories padded on the left to whole years, three at least, so that no model needs a special case."""
    missing = (
        max(3 * season_length, 4) - y.shape[1]
        if y.shape[1] < max(3 * season_length, 4)
        else -y.shape[1] % season_length
    )
    return np.pad(y, ((0, 0), (missing, 0)), constant_values=np.nan) if missing else y
