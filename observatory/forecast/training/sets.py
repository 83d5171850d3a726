"""Training sets: series cut at past origins, with features, model paths and outcomes on the common scale."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from observatory.forecast.engine import split_pieces
from observatory.forecast.features import compute_model_paths, compute_row_features, compute_spread_features
from observatory.forecast.models import select_pool
from observatory.forecast.nan_stats import nan_mean
from observatory.forecast.preprocessing import extend_effects, prepare_histories
from observatory.timeseries import FloatArray, right_align

MAX_HORIZONS = {1: 8, 4: 20, 12: 60}  # longest horizon, in periods
CUT_DISTANCES = {  # periods from an origin to the end of a series
    1: (1, 2, 3, 4, 5, 6, 8, 10, 12),
    4: (3, 5, 8, 11, 14, 18, 22, 28),
    12: (12, 18, 24, 31, 38, 45, 60, 77),
}
MIN_VALUES = {1: 7, 4: 14, 12: 30}  # values before a cut
PLAIN_SCALE_WEIGHT = 0.15  # weight of the same series on their own scale, and of their changes (mixed signs)
_MAX_IMPORTANCE = 100.0  # cap of the weight of a value, relative to its scale


@dataclass(frozen=True)
class _TrainingCuts:
    """The cuts of one data set: histories, outcomes (rows x steps, NaN where unknown), and the series of each row."""

    dataset: str
    y: FloatArray
    future: FloatArray
    series_indices: NDArray[np.intp]


@dataclass(frozen=True)
class TrainingSet:
    """Features, paths and outcomes of a data set on the common scale; `importance` sums to one."""

    dataset: str
    rows: FloatArray
    paths: FloatArray
    spread_features: FloatArray
    outcome: FloatArray
    importance: FloatArray
    row_weights: FloatArray  # by row: a series weighs the root of its number of cuts
    is_log: bool


def cut_series(series: Sequence[FloatArray], season_length: int, dataset: str) -> _TrainingCuts:
    """Cuts of each series at past origins; the outcomes are the values that follow in the series itself."""
    histories, futures, owners = [], [], []
    for index, values in enumerate(series):
        for distance in CUT_DISTANCES[season_length]:
            end = len(values) - distance
            if end < MIN_VALUES[season_length]:
                continue
            histories.append(values[:end])
            after = np.full(MAX_HORIZONS[season_length], np.nan)
            observed = values[end : end + MAX_HORIZONS[season_length]]
            after[: len(observed)] = observed
            futures.append(after)
            owners.append(index)
    return _TrainingCuts(dataset, right_align(histories), np.array(futures), np.array(owners))


def build_training_set(cut: _TrainingCuts, season_length: int, *, allow_logs: bool = True) -> TrainingSet:
    """Features, paths and outcomes of a data set. Errors weigh as in the score: relative to scale and to level."""
    parts: list[tuple[FloatArray, ...]] = []
    start = 0
    for y in split_pieces(cut.y, season_length):
        prepared = prepare_histories(y, season_length, allow_logs=allow_logs)
        paths = compute_model_paths(prepared, select_pool(season_length), MAX_HORIZONS[season_length])
        rows = compute_row_features(prepared)
        future = cut.future[start : start + len(y)]
        start += len(y)
        mean_change = nan_mean(np.abs(y[:, season_length:] - y[:, :-season_length]))
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = np.abs(future) / np.where(mean_change > 0, mean_change, np.nan)[:, None]
        naive_path = prepared.log.last_values[:, None] + extend_effects(
            prepared.log.seasonal_effects, MAX_HORIZONS[season_length]
        )
        parts.append(
            (
                rows,
                paths,
                compute_spread_features(prepared, rows, paths, MAX_HORIZONS[season_length]),
                prepared.scale.to_scaled(future),
                relative,
                naive_path,
            )
        )
    rows, paths, spread, outcome, relative, naive_path = (
        np.concatenate([share_of_scale[k] for share_of_scale in parts]) for k in range(6)
    )
    _, series_numbers, count = np.unique(cut.series_indices, return_inverse=True, return_counts=True)
    share = 1 / np.sqrt(count[series_numbers])
    is_known = np.isfinite(outcome) & np.isfinite(relative)
    relative_weight = np.where(is_known, np.minimum(np.nan_to_num(relative), _MAX_IMPORTANCE), 0.0)
    error = np.abs(np.where(is_known, outcome, naive_path) - naive_path)
    scaled_error, level_error = (error * relative_weight)[is_known].mean(), np.minimum(error, 1)[is_known].mean()
    importance = np.where(is_known, relative_weight / scaled_error + 1 / level_error, 0.0) * share[:, None]
    share_of_scale = 1.0 if allow_logs else PLAIN_SCALE_WEIGHT
    importance *= share_of_scale / importance.sum()
    return TrainingSet(cut.dataset, rows, paths, spread, outcome, importance, share_of_scale * share, allow_logs)
