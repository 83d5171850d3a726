"""Forecasting engine: a matrix of histories to forecasts with prediction intervals, vectorised over rows in NumPy.

Rows are computed in pieces of a few hundred: the working set of a piece stays in the processor's cache, and memory
does not grow with the number of series.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from observatory.forecast.ensemble import compute_quantile_offsets, compute_weights, predict_error_scale
from observatory.forecast.ensemble_weights import EnsembleParameters, load_parameters
from observatory.forecast.features import compute_model_paths, compute_row_features, compute_spread_features
from observatory.forecast.intermittent import (
    compute_intermittent_exceedance,
    find_intermittent,
    find_zero_seasons,
    forecast_intermittent,
)
from observatory.forecast.models import get_models, select_members
from observatory.forecast.preprocessing import PreparedHistories, ValueScale, prepare_histories
from observatory.timeseries import FloatArray

_MAX_HISTORY_YEARS = {1: 60, 4: 30, 12: 25}  # older years do not improve forecasts
_ROWS_PER_PIECE = 256  # rows computed at once
_MAX_RELATIVE_LEVEL = 10.0  # no forecast exceeds ten times the largest observed value


@dataclass(frozen=True)
class IntervalForecast:
    """Forecasts in units: `median` rows x steps, `low` and `high` rows x steps x levels."""

    median: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True)
class ScaledForecast:
    """Forecast of some rows on the common scale: the path and its error scale, rows x steps."""

    scale: ValueScale
    path: FloatArray
    error_scale: FloatArray
    parameters: EnsembleParameters

    def quantiles(self, probabilities: FloatArray) -> FloatArray:
        """Quantiles on the common scale: rows x steps x probabilities."""
        return np.asarray(
            self.path[:, :, None]
            + compute_quantile_offsets(self.parameters, self.error_scale, self.scale.is_log, probabilities)
        )


def forecast_scaled(prepared: PreparedHistories, parameters: EnsembleParameters, steps: int) -> ScaledForecast:
    """The weighted path of the ensemble and its predicted error scale, for one piece of rows."""
    paths = compute_model_paths(prepared, get_models(parameters.models), steps)
    rows = compute_row_features(prepared)
    path = (compute_weights(parameters, rows, steps) * paths).sum(axis=2)
    error = predict_error_scale(parameters, compute_spread_features(prepared, rows, paths, parameters.max_horizon))
    return ScaledForecast(prepared.scale, path, error, parameters)


def forecast_matrix(
    y: FloatArray,
    per_year: int,
    steps: int,
    levels: Sequence[int],
    parameters: EnsembleParameters | None = None,
    factors: FloatArray | None = None,
) -> IntervalForecast:
    """Forecasts of histories (rows x periods, right-aligned on their origin, NaN where absent), in their units.

    `per_year` is 1, 4 or 12 and also the season; `levels` are in percent. Every row needs at least one finite value.
    `parameters` replace the shipped ones (to score a data set that was left out of the training). `factors` widen the
    ranges (calibration.calibrate_intervals), except those of intermittent rows.
    """
    parameters = parameters or load_parameters(per_year)
    factors = np.ones((2, len(levels))) if factors is None else factors
    parts = [_forecast_piece(rows, parameters, steps, levels, factors) for rows in split_pieces(y, per_year)]
    return IntervalForecast(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("median", "low", "high"))
    )


def compute_exceedance(
    y: FloatArray, per_year: int, steps: int, thresholds: FloatArray, parameters: EnsembleParameters | None = None
) -> FloatArray:
    """The probability that each step exceeds the threshold of its row (rows x steps), from the forecast quantiles."""
    parameters = parameters or load_parameters(per_year)
    parts, start = [], 0
    for rows in split_pieces(y, per_year):
        expected = forecast_scaled(prepare_histories(rows, per_year), parameters, steps)
        quantiles = expected.quantiles(parameters.probabilities)
        row_thresholds = thresholds[start : start + len(rows)]
        scaled_thresholds = expected.scale.to_scaled(row_thresholds)
        start += len(rows)
        probabilities_below = [
            [np.interp(scaled_thresholds[row], quantiles[row, step], parameters.probabilities) for step in range(steps)]
            for row in range(len(rows))
        ]
        exceedance = 1 - np.array(probabilities_below)
        is_intermittent = find_intermittent(rows, per_year)
        exceedance[is_intermittent] = compute_intermittent_exceedance(
            rows[is_intermittent], per_year, steps, row_thresholds[is_intermittent]
        )
        parts.append(exceedance)
    return np.concatenate(parts)


def compute_rise_probability(
    y: FloatArray, per_year: int, steps: int, parameters: EnsembleParameters | None = None
) -> FloatArray:
    """The probability that each step is above the last value of its row (rows x steps).

    Of counts, above the last value and one half: what equals the last value is no rise, and a forecast of counts by
    numbers that need not be whole would give it half of a rise.
    """
    last = np.array([row[np.flatnonzero(np.isfinite(row))[-1]] for row in y])
    filled = np.where(np.isfinite(y), y, 0.0)
    is_count = (filled == np.round(filled)).all(axis=1)
    return compute_exceedance(y, per_year, steps, last + np.where(is_count, 0.5, 0.0), parameters)


def forecast_members(y: FloatArray, per_year: int, steps: int) -> dict[str, FloatArray]:
    """The forecast of each model alone, by id: rows x steps, in units."""
    members = select_members(per_year)
    piece_paths = []
    for piece in split_pieces(y, per_year):
        prepared = prepare_histories(piece, per_year)
        piece_paths.append(prepared.scale.to_units(compute_model_paths(prepared, members, steps)))
    paths = np.concatenate(piece_paths)
    return {row.id: paths[:, :, index] for index, row in enumerate(members)}


def forecast_references(prepared: PreparedHistories, steps: int) -> tuple[FloatArray, FloatArray]:
    """The naive and the seasonal naive path of one piece of rows, on the common scale."""
    paths = compute_model_paths(prepared, get_models(("naive", "seasonal_naive")), steps)
    return paths[:, :, 0], paths[:, :, 1]


def split_pieces(y: FloatArray, per_year: int) -> list[FloatArray]:
    """Pieces of a few hundred rows, each without its leading columns of absent values."""
    recent = y[:, -_MAX_HISTORY_YEARS[per_year] * per_year :]
    pieces = []
    for start in range(0, len(recent), _ROWS_PER_PIECE):
        piece = recent[start : start + _ROWS_PER_PIECE]
        pieces.append(piece[:, int(np.argmax(np.isfinite(piece).any(axis=0))) :])
    return pieces


def compute_bounds(y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Lower and upper bounds of the forecasts of each row: zero unless it was negative, ten times its largest value."""
    filled = np.where(np.isfinite(y), y, 0.0)
    limit = _MAX_RELATIVE_LEVEL * np.abs(filled).max(axis=1)
    return np.where((filled < 0).any(axis=1), -limit, 0.0), limit


def _forecast_piece(
    y: FloatArray, parameters: EnsembleParameters, steps: int, levels: Sequence[int], factors: FloatArray
) -> IntervalForecast:
    expected = forecast_scaled(prepare_histories(y, parameters.season_length), parameters, steps)
    tail_probabilities = np.array([(100 - level) / 200 for level in levels])
    quantiles = expected.quantiles(np.append(tail_probabilities, 1 - tail_probabilities))
    if (factors != 1).any():
        quantiles = _widen_quantiles(quantiles, expected, levels, factors)
    scaled_quantiles = np.concatenate([expected.path[:, :, None], quantiles], axis=2)
    lower, upper = compute_bounds(y)
    scaled_quantiles = np.clip(expected.scale.to_units(scaled_quantiles), lower[:, None, None], upper[:, None, None])
    count = len(levels)
    forecast = IntervalForecast(
        scaled_quantiles[:, :, 0], scaled_quantiles[:, :, 1 : 1 + count], scaled_quantiles[:, :, 1 + count :]
    )
    _replace_intermittent(forecast, y, parameters.season_length, levels)
    return forecast


def _widen_quantiles(
    quantiles: FloatArray, expected: ScaledForecast, levels: Sequence[int], factors: FloatArray
) -> FloatArray:
    """Quantiles moved away from the path by the factors of their rows and levels; levels stay nested."""
    offsets = (quantiles - expected.path[:, :, None]) * np.tile(factors[expected.scale.is_log.astype(int)], 2)[:, None]
    order = np.argsort(levels)
    low, high = order, order + len(levels)
    offsets[:, :, low] = np.minimum.accumulate(offsets[:, :, low], axis=2)
    offsets[:, :, high] = np.maximum.accumulate(offsets[:, :, high], axis=2)
    return np.asarray(expected.path[:, :, None] + offsets)


def _replace_intermittent(forecast: IntervalForecast, y: FloatArray, per_year: int, levels: Sequence[int]) -> None:
    """Puts the forecasts of intermittent rows in their place, and zero into ranges of months that often were zero."""
    steps = forecast.median.shape[1]
    rows = find_intermittent(y, per_year)
    if rows.any():
        forecast.median[rows], forecast.low[rows], forecast.high[rows] = forecast_intermittent(
            y[rows], per_year, steps, levels
        )
    forecast.low[find_zero_seasons(y, per_year, steps)] = 0.0
