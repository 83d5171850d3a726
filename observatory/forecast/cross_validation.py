"""Rolling-origin cross-validation of the series of one frequency: pool and reference forecasts at every past origin."""

import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import PERIODS_PER_YEAR, Frequency
from observatory.forecast.engine import compute_bounds, forecast_references, forecast_scaled, split_pieces
from observatory.forecast.ensemble_weights import load_parameters
from observatory.forecast.intermittent import find_zero_seasons
from observatory.forecast.preprocessing import ValueScale, prepare_histories
from observatory.settings import HORIZONS, INTERVAL_LEVELS, MIN_OBSERVATIONS
from observatory.timeseries import FloatArray, SeriesKey, TimeSeries, right_align

MAX_HORIZON_YEARS = max(HORIZONS)
_ORIGIN_SCHEDULE: dict[Frequency, tuple[int, int]] = {
    "A": (25, 1),
    "Q": (40, 2),
    "M": (40, 6),
}  # number of origins, periods between two of them
_SERIES_PER_GROUP, _MAX_GROUPS = 24, 256  # of a frequency: what is computed anew where one series changes
MIN_FOLDS = 4  # fewer past origins give no estimate
SCORED_YEARS = 3  # gain and coverage are those of the first three years ahead
_TAIL_PROBABILITIES = np.array([(100 - level) / 200 for level in INTERVAL_LEVELS])


@dataclass(frozen=True)
class ForecastTask:
    """A series to forecast: its history, whether it is seasonal, and the bounds of its values."""

    history: TimeSeries
    is_seasonal: bool
    publication_lag_months: int
    lower_bound: float = -np.inf
    upper_bound: float = np.inf


def build_tasks(catalogue: Catalogue, histories: Mapping[SeriesKey, TimeSeries]) -> list[ForecastTask]:
    """The forecast tasks of a panel: each series with its seasonality, publication lag and the bounds of its unit."""
    tasks = []
    for key, history in histories.items():
        indicator = catalogue.indicators[key[0]]
        lower_bound = 0.0 if float(np.nanmin(history.values)) >= 0 else -np.inf
        upper_bound = 100.0 if indicator.unit_en == "%" else np.inf
        tasks.append(
            ForecastTask(history, indicator.is_seasonal, indicator.publication_lag_months, lower_bound, upper_bound)
        )
    return tasks


def choose_reference(task: ForecastTask) -> str:
    """The id of the reference model of a task."""
    return "seasonal_naive" if task.is_seasonal else "naive"


@dataclass(frozen=True)
class Folds:
    """Forecasts of all tasks of one frequency at all origins, one origin a row, on their common scale."""

    tasks: Sequence[ForecastTask]
    frequency: Frequency
    task_indices: NDArray[np.intp]  # row -> index in tasks
    origins: NDArray[np.intp]  # row -> ordinal of the origin
    is_final: NDArray[np.bool_]  # row -> whether its origin is the last value
    scale: ValueScale
    lower_bounds: FloatArray
    upper_bounds: FloatArray
    pool_paths: FloatArray  # rows x steps
    reference_paths: FloatArray
    interval_offsets: FloatArray  # rows x steps x (low, high by level): distances from the path
    actuals: FloatArray  # NaN where not observed yet
    zero_seasons: NDArray[np.bool_]  # rows x steps: months that were zero in half of their years up to the origin

    @property
    def periods_per_year(self) -> int:
        """Periods a year."""
        return PERIODS_PER_YEAR[self.frequency]

    @cached_property
    def task_rows(self) -> list[NDArray[np.intp]]:
        """The rows of each task, ascending."""
        order = np.argsort(self.task_indices, kind="stable")
        edges = np.searchsorted(self.task_indices[order], np.arange(1, len(self.tasks)))
        return np.split(order, edges)

    @cached_property
    def target_ordinals(self) -> NDArray[np.intp]:
        """The ordinal of the period of each outcome, rows x steps."""
        return self.origins[:, None] + np.arange(1, self.pool_paths.shape[1] + 1)


@dataclass(frozen=True)
class _Cuts:
    """Histories up to each origin, and the values that follow (NaN where not observed yet), one origin a row."""

    histories: list[FloatArray]
    actuals: list[FloatArray]
    task_indices: list[int]
    origins: list[int]
    is_final: list[bool]


def _cut_tasks(tasks: Sequence[ForecastTask], frequency: Frequency, steps: int) -> _Cuts:
    """Cuts every task at its last value and at its past origins."""
    origin_count, periods_between = _ORIGIN_SCHEDULE[frequency]
    min_values = max(MIN_OBSERVATIONS, 2 * PERIODS_PER_YEAR[frequency])
    cuts = _Cuts([], [], [], [], [])
    for index, task in enumerate(tasks):
        values = task.history.values
        last = len(values) - 1
        for origin_number in range(origin_count + 1):
            end = last - origin_number * periods_between
            if origin_number and (
                end < min_values or not np.isfinite(values[end]) or np.isfinite(values[: end + 1]).sum() < min_values
            ):
                continue
            ahead = np.full(steps, np.nan)
            observed = values[end + 1 : end + 1 + steps]
            ahead[: len(observed)] = observed
            cuts.histories.append(values[: end + 1])
            cuts.actuals.append(ahead)
            cuts.task_indices.append(index)
            cuts.origins.append(task.history.first + end)
            cuts.is_final.append(origin_number == 0)
    return cuts


@dataclass(frozen=True)
class _CutForecasts:
    """What follows from the values of some cuts alone, one cut a row: scale, bounds, paths and offsets as in Folds."""

    is_log: NDArray[np.bool_]
    size: FloatArray
    lower_bounds: FloatArray
    upper_bounds: FloatArray
    pool_paths: FloatArray
    naive_paths: FloatArray
    seasonal_paths: FloatArray
    interval_offsets: FloatArray
    zero_seasons: NDArray[np.bool_]


def group_series(keys: Sequence[SeriesKey]) -> list[NDArray[np.intp]]:
    """Groups of places: by a hash of the key, so that a series that changes leaves all other groups as they are.

    Their number is a power of two that follows that of series: a group costs as much in a large catalogue as in a small
    one.
    """
    group_count = min(_MAX_GROUPS, 1 << max(0, round(math.log2(max(len(keys), 1) / _SERIES_PER_GROUP))))
    numbers = np.array([zlib.crc32("|".join(key).encode()) % group_count for key in keys], dtype=np.intp)
    return [np.flatnonzero(numbers == number) for number in np.unique(numbers)]


def _forecast_cuts(histories: Sequence[FloatArray], per_year: int) -> _CutForecasts:
    """Forecasts of histories up to their origins, in their order."""
    steps = MAX_HORIZON_YEARS * per_year
    matrix = right_align(histories)
    order = np.argsort([-len(row) for row in histories], kind="stable")  # rows of similar length share a piece
    parameters = load_parameters(per_year)
    forecasts, references = [], []
    for piece in split_pieces(matrix[order], per_year):
        prepared = prepare_histories(piece, per_year)
        forecasts.append(forecast_scaled(prepared, parameters, steps))
        references.append(forecast_references(prepared, steps))
    original_order = np.argsort(order, kind="stable")

    def join(parts: Iterable[NDArray[Any]]) -> NDArray[Any]:
        return np.asarray(np.concatenate(list(parts))[original_order])

    probabilities = np.append(_TAIL_PROBABILITIES, 1 - _TAIL_PROBABILITIES)
    lower, upper = compute_bounds(matrix)
    return _CutForecasts(
        is_log=join(part.scale.is_log for part in forecasts),
        size=join(part.scale.size for part in forecasts),
        lower_bounds=lower,
        upper_bounds=upper,
        pool_paths=join(part.path for part in forecasts),
        naive_paths=join(naive for naive, _seasonal in references),
        seasonal_paths=join(seasonal for _naive, seasonal in references),
        interval_offsets=join(part.quantiles(probabilities) - part.path[:, :, None] for part in forecasts),
        zero_seasons=find_zero_seasons(matrix, per_year, steps),
    )


def build_folds(tasks: Sequence[ForecastTask], frequency: Frequency) -> Folds:
    """Cuts every task at its origins and forecasts each cut from the values up to it."""
    per_year = PERIODS_PER_YEAR[frequency]
    steps = MAX_HORIZON_YEARS * per_year
    cuts = _cut_tasks(tasks, frequency, steps)
    forecasts = _forecast_cuts(cuts.histories, per_year)
    scale = ValueScale(forecasts.is_log, forecasts.size)
    used_tasks = [tasks[index] for index in cuts.task_indices]
    is_seasonal = np.array([task.is_seasonal for task in used_tasks])[:, None]
    return Folds(
        tasks=tasks,
        frequency=frequency,
        task_indices=np.array(cuts.task_indices),
        origins=np.array(cuts.origins),
        is_final=np.array(cuts.is_final),
        scale=scale,
        lower_bounds=np.maximum(forecasts.lower_bounds, [task.lower_bound for task in used_tasks]),
        upper_bounds=np.minimum(forecasts.upper_bounds, [task.upper_bound for task in used_tasks]),
        pool_paths=forecasts.pool_paths,
        reference_paths=np.where(is_seasonal, forecasts.seasonal_paths, forecasts.naive_paths),
        interval_offsets=forecasts.interval_offsets,
        actuals=scale.to_scaled(np.array(cuts.actuals)),
        zero_seasons=forecasts.zero_seasons,
    )


def compute_gains(folds: Folds, scored_mask: NDArray[np.bool_] | None = None) -> tuple[FloatArray, FloatArray]:
    """1 - mean absolute error of the pool / of the reference, in units; NaN below MIN_FOLDS origins.

    By task over all its origins, and by row over the outcomes known at its origin. `scored_mask` is that of
    `panel.evaluate_folds`.
    """
    scored_steps = slice(0, SCORED_YEARS * folds.periods_per_year)
    to_units, lower, upper = folds.scale.to_units, folds.lower_bounds[:, None], folds.upper_bounds[:, None]
    actual = to_units(folds.actuals[:, scored_steps])
    pool_errors, reference_errors = (
        np.abs(np.clip(to_units(path[:, scored_steps]), lower, upper) - actual)
        for path in (folds.pool_paths, folds.reference_paths)
    )
    target_ordinals = folds.target_ordinals[:, scored_steps]
    by_task, by_row = np.full(len(folds.tasks), np.nan), np.full(len(folds.task_indices), np.nan)
    for task_index in range(len(folds.tasks)):
        rows = folds.task_rows[task_index]
        past = rows[~folds.is_final[rows]]
        is_scored = np.isfinite(actual[past]) & (True if scored_mask is None else scored_mask[past][:, scored_steps])
        by_task[task_index] = _compute_gain(pool_errors[past], reference_errors[past], is_scored)
        for row in rows:
            earlier = past[folds.origins[past] < folds.origins[row]]
            is_known = np.isfinite(actual[earlier]) & (target_ordinals[earlier] <= folds.origins[row])
            by_row[row] = _compute_gain(pool_errors[earlier], reference_errors[earlier], is_known)
    return by_task, by_row


def _compute_gain(pool_errors: FloatArray, reference_errors: FloatArray, mask: NDArray[np.bool_]) -> float:
    if mask.any(axis=1).sum() < MIN_FOLDS:
        return np.nan
    reference_sum = reference_errors[mask].sum()
    return float(1 - pool_errors[mask].sum() / reference_sum) if reference_sum > 0 else 0.0  # nothing beats no error
