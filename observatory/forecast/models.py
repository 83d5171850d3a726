"""Forecasting models: one function and one row of MODELS each, vectorised over all series.

A function takes the AdjustedHistories of one scale (rows x periods, right-aligned, NaN where a value is absent) and the
number of steps; it returns rows x steps, with the season if its row says so (else the season is added later).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from observatory.forecast.nan_stats import nan_last, nan_mean
from observatory.forecast.preprocessing import AdjustedHistories, extend_effects
from observatory.timeseries import FloatArray

_MIN_YEARS = 4  # fewer yearly means show no trend
_RECENT_TREND_SHARE = 0.6  # of the slope of recent years


def naive(history: AdjustedHistories, steps: int) -> FloatArray:
    """Naive: the last value."""
    return np.repeat(nan_last(history.seasonal)[:, None], steps, axis=1)


def seasonal_naive(history: AdjustedHistories, steps: int) -> FloatArray:
    """Seasonal naive: the value of a year earlier; where that period is absent, the last value with its season."""
    last_year = history.seasonal[:, -history.season_length :]
    path = extend_effects(last_year, steps)
    return np.where(
        np.isfinite(path), path, history.last_values[:, None] + extend_effects(history.seasonal_effects, steps)
    )


def ses(history: AdjustedHistories, steps: int) -> FloatArray:
    """Simple exponential smoothing (Brown 1959)."""
    smoothed = history.smoothing
    return smoothed.forecast(smoothed.grid.level_only, steps)


def damped_trend(history: AdjustedHistories, steps: int) -> FloatArray:
    """Exponential smoothing with a damped trend (Gardner and McKenzie 1985)."""
    smoothed = history.smoothing
    return smoothed.forecast(smoothed.grid.damped, steps)


def holt(history: AdjustedHistories, steps: int) -> FloatArray:
    """Exponential smoothing with a linear trend (Holt 1957)."""
    smoothed = history.smoothing
    return smoothed.forecast(smoothed.grid.straight, steps)


def theta(history: AdjustedHistories, steps: int) -> FloatArray:
    """The theta method (Assimakopoulos and Nikolopoulos 2000): exponential smoothing plus half the trend line."""
    return ses(history, steps) + 0.5 * history.slope[:, None] * np.arange(1, steps + 1)


def recent_theta(history: AdjustedHistories, steps: int) -> FloatArray:
    """Theta with the trend line of recent years."""
    return ses(history, steps) + _RECENT_TREND_SHARE * history.recent_slope[:, None] * np.arange(1, steps + 1)


def drift(history: AdjustedHistories, steps: int) -> FloatArray:
    """Random walk with drift: the last value plus the mean change of the whole history."""
    is_known = np.isfinite(history.deseasonalized)
    width = is_known.shape[1]
    first_index = np.argmax(is_known, axis=1)
    last_index = width - 1 - np.argmax(is_known[:, ::-1], axis=1)
    total_change = history.last_values - history.deseasonalized[np.arange(len(is_known)), first_index]
    mean_change = total_change / np.maximum(last_index - first_index, 1)
    return np.asarray(history.last_values[:, None] + mean_change[:, None] * np.arange(1, steps + 1))


def holt_winters(history: AdjustedHistories, steps: int) -> FloatArray:
    """Holt-Winters with a damped trend (Winters 1960)."""
    smoothed = history.seasonal_smoothing
    return smoothed.forecast(smoothed.grid.damped, steps)


def holt_winters_level(history: AdjustedHistories, steps: int) -> FloatArray:
    """Holt-Winters without a trend."""
    smoothed = history.seasonal_smoothing
    return smoothed.forecast(smoothed.grid.level_only, steps)


def holt_winters_theta(history: AdjustedHistories, steps: int) -> FloatArray:
    """Holt-Winters without a trend, plus half the trend line of recent years."""
    return holt_winters_level(history, steps) + 0.5 * history.recent_slope[:, None] * np.arange(1, steps + 1)


def temporal_aggregation(history: AdjustedHistories, steps: int) -> FloatArray:
    """Temporal aggregation: forecasts of yearly means, whose growth is added to the smoothed level.

    After Kourentzes, Petropoulos and Trapero (2014): noise by month is often a trend by year.
    """
    level = ses(history, steps)
    years = history.deseasonalized.shape[1] // history.season_length
    by_year = history.deseasonalized[:, -years * history.season_length :].reshape(
        len(level), years, history.season_length
    )
    means = np.where(np.isfinite(by_year).all(axis=2), nan_mean(by_year, axis=2), np.nan)
    is_usable = np.isfinite(means).sum(axis=1) >= _MIN_YEARS
    if not is_usable.any():
        return level
    yearly_means = np.where(is_usable[:, None], means, 0.0)
    annual = AdjustedHistories(yearly_means, yearly_means, np.zeros((len(yearly_means), 1)), 1)
    year_count = -(-steps // history.season_length) + 1
    path = (damped_trend(annual, year_count) + theta(annual, year_count) + ses(annual, year_count)) / 3
    points = np.concatenate([nan_last(yearly_means)[:, None], path], axis=1)
    position = (np.arange(1, steps + 1) - 0.5) / history.season_length + 0.5
    left = np.floor(position).astype(int)
    fraction = position - left
    interpolated = points[:, left] * (1 - fraction) + points[:, left + 1] * fraction
    growth = interpolated - (points[:, :1] + points[:, 1:2]) / 2
    return level + np.where(is_usable[:, None], growth, 0.0)


@dataclass(frozen=True)
class ForecastModel:
    """A row of MODELS. `kind`: the reference, a model of all series ("pool"), or of seasonal series only ("season").

    `scale` is that of its histories; `includes_season` says that its path contains the season.
    """

    id: str
    forecast: Callable[[AdjustedHistories, int], FloatArray]
    scale: Literal["log", "plain"]
    kind: Literal["reference", "pool", "season"] = "pool"
    includes_season: bool = False


MODELS: tuple[ForecastModel, ...] = (
    ForecastModel("naive", naive, "log", "reference", includes_season=True),
    ForecastModel("seasonal_naive", seasonal_naive, "log", "season", includes_season=True),
    ForecastModel("ses", ses, "log"),
    ForecastModel("damped", damped_trend, "log"),
    ForecastModel("holt", holt, "log"),
    ForecastModel("theta", theta, "log"),
    ForecastModel("recent_theta", recent_theta, "log"),
    ForecastModel("drift", drift, "log"),
    ForecastModel("ses_plain", ses, "plain"),
    ForecastModel("damped_plain", damped_trend, "plain"),
    ForecastModel("holt_plain", holt, "plain"),
    ForecastModel("theta_plain", theta, "plain"),
    ForecastModel("recent_theta_plain", recent_theta, "plain"),
    ForecastModel("drift_plain", drift, "plain"),
    ForecastModel("winters_level", holt_winters_level, "log", "season", includes_season=True),
    ForecastModel("winters", holt_winters, "log", "season", includes_season=True),
    ForecastModel("winters_theta", holt_winters_theta, "log", "season", includes_season=True),
    ForecastModel("winters_plain", holt_winters, "plain", "season", includes_season=True),
    ForecastModel("winters_theta_plain", holt_winters_theta, "plain", "season", includes_season=True),
    ForecastModel("yearly", temporal_aggregation, "log", "season"),
)


def select_pool(season_length: int) -> tuple[ForecastModel, ...]:
    """The models that training gives a weight, for series of a season length (1: no season)."""
    return tuple(row for row in MODELS if row.kind == "pool" or (row.kind == "season" and season_length > 1))


def select_members(season_length: int) -> tuple[ForecastModel, ...]:
    """The models that are scored alone: the reference and the pool."""
    return tuple(
        row for row in MODELS if row.kind in ("reference", "pool") or (row.kind == "season" and season_length > 1)
    )


def get_models(ids: Sequence[str]) -> tuple[ForecastModel, ...]:
    """The rows of MODELS with the given ids, in the order of the ids. Raises KeyError for an unknown id."""
    by_id = {row.id: row for row in MODELS}
    return tuple(by_id[name] for name in ids)
