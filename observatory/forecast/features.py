"""Features of histories, from which the ensemble predicts the weights of its models and the size of its errors.

All are relative to the size of the series, so that units do not matter, and all use past values only.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter

import numpy as np

from observatory.forecast.models import ForecastModel
from observatory.forecast.nan_stats import compute_outlier_limit, nan_mean
from observatory.forecast.preprocessing import AdjustedHistories, PreparedHistories, extend_effects
from observatory.forecast.smoothing import MemberMask, SmoothingGrid
from observatory.timeseries import FloatArray

_RECENT_PERIODS = 40  # of changes: forty years, ten years of quarters, three years of months
_MIN_SCALE = 2e-3  # of an error, relative to the size of the series
_TYPICAL_YEARS = {1: 15.0, 4: 11.0, 12: 8.0}
_LEVEL_ONLY, _DAMPED, _UNDAMPED = attrgetter("level_only"), attrgetter("damped"), attrgetter("straight")
_MAX_FEATURE = 4.0  # features are clipped to -4..4


def compute_model_paths(prepared: PreparedHistories, models: Sequence[ForecastModel], steps: int) -> FloatArray:
    """The paths of some models on the common scale, with their season: rows x steps x models."""
    season = extend_effects(prepared.log.seasonal_effects, steps)
    paths = []
    for row in models:
        path = row.forecast(prepared.log if row.scale == "log" else prepared.plain, steps)
        path = path if row.scale == "log" else prepared.plain_to_common(path)
        paths.append(path if row.includes_season else path + season)
    return np.stack(paths, axis=2)


def compute_row_features(prepared: PreparedHistories) -> FloatArray:
    """Features of each row (rows x features, the first is 1): length, noise, trend, season, smoothing losses.

    One of them says that a row is forecast on its own scale, not in logs.
    """
    log, season = prepared.log, prepared.season_length
    level_only, damped, straight = (_compute_log_loss(log, part) for part in (_LEVEL_ONLY, _DAMPED, _UNDAMPED))
    changes = _compute_recent_changes(log.deseasonalized, 1)
    spread = np.sqrt(nan_mean(changes**2))
    spread = np.where(spread > 0, spread, 1e-6)
    lagged_products = np.where(np.isfinite(changes[:, 1:] * changes[:, :-1]), changes[:, 1:] * changes[:, :-1], np.nan)
    count = np.isfinite(log.deseasonalized).sum(axis=1)
    level = log.smoothing.forecast(log.smoothing.grid.level_only, 1)[:, 0]
    trend, recent = (part * np.sqrt(count) / spread for part in (log.slope, log.recent_slope))
    columns = [
        np.ones(len(count)),
        np.log(count / season / _TYPICAL_YEARS[season]),
        np.log(spread + 1e-4) + 2.5,
        (level_only - damped) / 2,
        (straight - damped) / 2,
        np.tanh(np.abs(trend) / 2),
        np.tanh(np.abs(recent) / 2),
        np.nan_to_num(nan_mean(lagged_products) / spread**2),
        (_compute_log_loss(prepared.plain, _DAMPED) - damped) / 6,
        np.minimum(np.abs(log.last_values - level) / spread, 3.0) / 2,
        np.tanh((recent - trend) * np.sign(trend) / 2),
        np.where(prepared.scale.is_log, 0.0, 1.0),
    ]
    if season > 1:
        winters = np.log(log.seasonal_smoothing.mean_squared_error.min(axis=1) + 1e-14)
        columns += [prepared.seasonal_strength * 2 - 1, np.clip(winters - damped, -3, 3) / 2]
    return np.asarray(np.clip(np.nan_to_num(np.stack(columns, axis=1)), -_MAX_FEATURE, _MAX_FEATURE))


def compute_spread_features(
    prepared: PreparedHistories, rows: FloatArray, paths: FloatArray, max_horizon: int
) -> FloatArray:
    """Features of the size of an error, rows x steps x features; `max_horizon` is the longest of the training.

    Besides the features of the row: one-step errors (all and recent), changes over a period and over a year, the
    spread of the models, and how far their median moves.
    """
    log, steps, season = prepared.log, paths.shape[1], prepared.season_length
    changes, yearly_changes = (
        _compute_recent_changes(log.deseasonalized, 1),
        _compute_recent_changes(log.deseasonalized, season if season > 1 else 2),
    )
    spread = np.sqrt(nan_mean(changes**2))
    one_step = np.exp(np.minimum(_compute_log_loss(log, _DAMPED), _compute_log_loss(log, _LEVEL_ONLY)) / 2)
    smoothed, members = log.smoothing, log.smoothing.grid.damped
    recent = np.sqrt((smoothed.compute_weights(members) * smoothed.recent_squared_error[:, members]).sum(axis=1))
    latest = nan_mean(np.abs(changes[:, -2 * max(season, 4) :]))
    sizes = [recent, one_step, spread, latest, nan_mean(np.abs(yearly_changes))]
    filled = [np.where(np.isfinite(part) & (part > _MIN_SCALE), part, _MIN_SCALE) for part in sizes]
    base = np.concatenate([rows, np.log(np.stack(filled, axis=1)) + 3], axis=1)
    horizon = np.log(np.arange(1, steps + 1)) / np.log(max_horizon)
    model_spread = np.log(np.maximum(paths.std(axis=2), _MIN_SCALE)) + 3
    path_change = np.median(paths, axis=2) - log.last_values[:, None] - extend_effects(log.seasonal_effects, steps)
    distance = np.log(np.maximum(np.abs(path_change), _MIN_SCALE)) + 3
    repeated = np.repeat(base[:, None, :], steps, axis=1)
    square = np.repeat((horizon**2)[None, :, None], len(rows), axis=0)
    features = [repeated, repeated * horizon[None, :, None], model_spread[:, :, None], distance[:, :, None], square]
    return np.concatenate(features, axis=2)


def _compute_recent_changes(z: FloatArray, lag: int) -> FloatArray:
    """Recent changes over `lag` periods, clipped at the outlier limit of the whole history."""
    changes = z[:, lag:] - z[:, :-lag]
    limit = compute_outlier_limit(changes)[:, None]
    return np.clip(changes[:, -(_RECENT_PERIODS - lag) :], -limit, limit)


def _compute_log_loss(history: AdjustedHistories, members: Callable[[SmoothingGrid], MemberMask]) -> FloatArray:
    smoothed = history.smoothing
    return np.asarray(np.log(smoothed.mean_squared_error[:, members(smoothed.grid)].min(axis=1) + 1e-14))
