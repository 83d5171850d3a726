"""The forecasting models: one function and one row of MODELS each, computed for all series at once.

Every function takes one scale's adjusted histories (`Adjusted`: rows x periods, right-aligned, NaN where a value is
absent) and the number of steps; it returns rows x steps, season in where its row says so (else it is put back later).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from observatory.forecast.nan_stats import last_known, mean_known
from observatory.forecast.preprocessing import Adjusted, ahead
from observatory.timeseries import Floats

FEWEST_YEARS = 4  # fewer yearly means say nothing of a trend
RECENT_SHARE = 0.6  # of the slope of recent years


def naive(history: Adjusted, steps: int) -> Floats:
    """Same as the last value."""
    return np.repeat(last_known(history.whole)[:, None], steps, axis=1)


def seasonal_naive(history: Adjusted, steps: int) -> Floats:
    """Same as a year earlier; where that period is absent, the last value with its season."""
    year = history.whole[:, -history.season :]
    path = ahead(year, steps)
    return np.where(np.isfinite(path), path, history.last[:, None] + ahead(history.effects, steps))


def ses(history: Adjusted, steps: int) -> Floats:
    """Simple exponential smoothing (Brown 1959)."""
    smoothed = history.smoothed
    return smoothed.path(smoothed.grid.level_only, steps)


def damped(history: Adjusted, steps: int) -> Floats:
    """Exponential smoothing with a trend that dies out (Gardner and McKenzie 1985)."""
    smoothed = history.smoothed
    return smoothed.path(smoothed.grid.damped, steps)


def holt(history: Adjusted, steps: int) -> Floats:
    """Exponential smoothing with a trend that goes on (Holt 1957)."""
    smoothed = history.smoothed
    return smoothed.path(smoothed.grid.straight, steps)


def theta(history: Adjusted, steps: int) -> Floats:
    """The theta method (Assimakopoulos and Nikolopoulos 2000): exponential smoothing plus half the trend line."""
    return ses(history, steps) + 0.5 * history.slope[:, None] * np.arange(1, steps + 1)


def recent_theta(history: Adjusted, steps: int) -> Floats:
    """Theta with the trend line of recent years."""
    return ses(history, steps) + RECENT_SHARE * history.recent_slope[:, None] * np.arange(1, steps + 1)


def drift(history: Adjusted, steps: int) -> Floats:
    """The last value moved on by the mean move of the whole history (random walk with drift)."""
    known = np.isfinite(history.z)
    width = known.shape[1]
    begin = np.argmax(known, axis=1)
    end = width - 1 - np.argmax(known[:, ::-1], axis=1)
    moved = history.last - history.z[np.arange(len(known)), begin]
    pace = moved / np.maximum(end - begin, 1)
    return np.asarray(history.last[:, None] + pace[:, None] * np.arange(1, steps + 1))


def winters(history: Adjusted, steps: int) -> Floats:
    """Holt-Winters with a damped trend (Winters 1960), its season smoothed along."""
    smoothed = history.winters
    return smoothed.path(smoothed.grid.damped, steps)


def winters_level(history: Adjusted, steps: int) -> Floats:
    """The same without a trend."""
    smoothed = history.winters
    return smoothed.path(smoothed.grid.level_only, steps)


def winters_theta(history: Adjusted, steps: int) -> Floats:
    """The same plus half the trend line of recent years."""
    return winters_level(history, steps) + 0.5 * history.recent_slope[:, None] * np.arange(1, steps + 1)


def yearly(history: Adjusted, steps: int) -> Floats:
    """Smoothing of the means of whole years, its growth put on the smoothed level (temporal aggregation).

    After Kourentzes, Petropoulos and Trapero (2014): what is noise by month is often a trend by year.
    """
    level = ses(history, steps)
    years = history.z.shape[1] // history.season
    by_year = history.z[:, -years * history.season :].reshape(len(level), years, history.season)
    means = np.where(np.isfinite(by_year).all(axis=2), mean_known(by_year, axis=2), np.nan)
    usable = np.isfinite(means).sum(axis=1) >= FEWEST_YEARS
    if not usable.any():
        return level
    whole = np.where(usable[:, None], means, 0.0)
    annual = Adjusted(whole, whole, np.zeros((len(whole), 1)), 1)
    count = -(-steps // history.season) + 1
    path = (damped(annual, count) + theta(annual, count) + ses(annual, count)) / 3
    points = np.concatenate([last_known(whole)[:, None], path], axis=1)
    place = (np.arange(1, steps + 1) - 0.5) / history.season + 0.5
    before = np.floor(place).astype(int)
    part = place - before
    between = points[:, before] * (1 - part) + points[:, before + 1] * part
    growth = between - (points[:, :1] + points[:, 1:2]) / 2
    return level + np.where(usable[:, None], growth, 0.0)


@dataclass(frozen=True)
class Model:
    """A row of MODELS. `kind`: a reference (what others are measured against), for all series, or for a season only.

    `scale` is the one on which it works; `whole` says that its path has the season in it.
    """

    id: str
    forecast: Callable[[Adjusted, int], Floats]
    scale: Literal["log", "plain"]
    kind: Literal["reference", "pool", "season"] = "pool"
    whole: bool = False


MODELS: tuple[Model, ...] = (
    Model("naive", naive, "log", "reference", whole=True),
    Model("seasonal_naive", seasonal_naive, "log", "season", whole=True),
    Model("ses", ses, "log"),
    Model("damped", damped, "log"),
    Model("holt", holt, "log"),
    Model("theta", theta, "log"),
    Model("recent_theta", recent_theta, "log"),
    Model("drift", drift, "log"),
    Model("ses_plain", ses, "plain"),
    Model("damped_plain", damped, "plain"),
    Model("holt_plain", holt, "plain"),
    Model("theta_plain", theta, "plain"),
    Model("recent_theta_plain", recent_theta, "plain"),
    Model("drift_plain", drift, "plain"),
    Model("winters_level", winters_level, "log", "season", whole=True),
    Model("winters", winters, "log", "season", whole=True),
    Model("winters_theta", winters_theta, "log", "season", whole=True),
    Model("winters_plain", winters, "plain", "season", whole=True),
    Model("winters_theta_plain", winters_theta, "plain", "season", whole=True),
    Model("yearly", yearly, "log", "season"),
)


def pool(season: int) -> tuple[Model, ...]:
    """The models that are averaged for series of a season (1: none)."""
    return tuple(row for row in MODELS if row.kind == "pool" or (row.kind == "season" and season > 1))
