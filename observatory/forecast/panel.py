"""Forecasts of all series of a panel, with the record of their past forecasts.

Cross-validation forecasts each series at its past origins. From these, and at every origin with the values known then,
follow two decisions: whether the pool or the reference is shown, and by how much the trained intervals are stretched
or narrowed so that past ones would have had their nominal coverage.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.periods import PERIODS_PER_YEAR, Frequency, count_months_overdue
from observatory.forecast.cross_validation import (
    MAX_HORIZON_YEARS,
    SCORED_YEARS,
    Folds,
    ForecastTask,
    build_folds,
    choose_reference,
    group_series,
)
from observatory.forecast.interval_factors import (
    PastRecord,
    compute_record,
    compute_stretch_factors,
)
from observatory.memo import remember
from observatory.settings import INTERVAL_LEVELS, MIN_OBSERVATIONS, STOPPED_AFTER_MONTHS
from observatory.timeseries import (
    NORMAL_QUANTILES,
    FloatArray,
    Forecast,
    ForecastStatus,
    PastError,
    PastForecasts,
    SeriesKey,
)

_MAX_NORMAL_SCORE = 3.5  # cap of a past error
_PAST_FORECAST_YEARS = SCORED_YEARS  # of each past forecast, for later scores


def forecast_tasks(
    tasks: Sequence[ForecastTask], as_of: date, progress: Callable[[float], None] = lambda _done: None
) -> list[Forecast]:
    """Forecasts of all tasks as of a day, in their order; `progress` receives the share done (0 to 1)."""
    forecasts: dict[SeriesKey, Forecast] = {}
    for task in tasks:
        status = find_skip_status(task, as_of)
        if status is not None:
            forecasts[task.history.key] = _build_skipped(task, status)
    active = [task for task in tasks if task.history.key not in forecasts]
    for index, frequency in enumerate(PERIODS_PER_YEAR):
        frequency_tasks = [task for task in active if task.history.frequency == frequency]
        for result in forecast_group(frequency_tasks, frequency) if frequency_tasks else ():
            forecasts[result.key] = result
        progress((index + 1) / len(PERIODS_PER_YEAR))
    return [forecasts[task.history.key] for task in tasks]


def forecast_group(tasks: Sequence[ForecastTask], frequency: Frequency) -> tuple[Forecast, ...]:
    """The forecasts of all tasks of one frequency, in their order, each with its record.

    Each group of series is computed, and remembered, on its own, but for the ranges of past errors of all.
    """
    return _forecast_groups(tasks, frequency).forecasts


@dataclass(frozen=True)
class _Grouped:
    """The forecasts of some series, in their order, with what they were computed from, group by group."""

    forecasts: tuple[Forecast, ...]
    folds: Sequence[Folds] = ()
    records: Sequence[PastRecord] = ()
    groups: "Sequence[_Grouped]" = ()


@remember(size=12)  # three frequencies of a panel, and of histories cut in the past; those of the edition before
def _forecast_groups(tasks: Sequence[ForecastTask], frequency: Frequency) -> _Grouped:
    places = group_series([task.history.key for task in tasks])
    folds = [_build_group([tasks[place] for place in group.tolist()], frequency) for group in places]
    records = [compute_record(part, None) for part in folds]
    factors = compute_stretch_factors(folds, records)
    groups = [_build_forecasts(*parts, None) for parts in zip(folds, records, factors, strict=True)]
    results: dict[int, Forecast] = {}
    for group, forecasts in zip(places, groups, strict=True):
        results.update(zip(group.tolist(), forecasts.forecasts, strict=True))
    return _Grouped(tuple(results[place] for place in range(len(tasks))), folds, records, groups)


@remember(size=None)
def _build_group(tasks: Sequence[ForecastTask], frequency: Frequency) -> Folds:
    return build_folds(tasks, frequency)


def find_skip_status(task: ForecastTask, as_of: date) -> ForecastStatus | None:
    """Why a series is not forecast as of a day, too short or stopped; None if it is forecast."""
    if task.history.observed_count < MIN_OBSERVATIONS:
        return "too_short"
    months_overdue = count_months_overdue(task.history.last, task.history.frequency, task.publication_lag_months, as_of)
    return "stopped" if months_overdue > STOPPED_AFTER_MONTHS else None


def _build_skipped(task: ForecastTask, status: ForecastStatus) -> Forecast:
    history = task.history
    return Forecast(
        history.key, history.frequency, status, history.last, history.observed_count, choose_reference(task)
    )


def evaluate_folds(folds: Folds, scored_mask: NDArray[np.bool_] | None = None) -> list[Forecast]:
    """The forecast of each task, with the record of those that would have been shown at its past origins.

    The pool is shown unless the outcomes known at an origin favour the reference. `scored_mask` (rows x steps) leaves
    outcomes out of the record, not out of the forecasts.
    """
    record = compute_record(folds, scored_mask)
    (factors,) = compute_stretch_factors([folds], [record])
    return list(_build_forecasts(folds, record, factors, scored_mask).forecasts)


@remember(size=None)
def _build_forecasts(
    folds: Folds, record: PastRecord, factors: FloatArray, scored_mask: NDArray[np.bool_] | None
) -> _Grouped:
    path = np.where(record.is_pool_shown[:, None], folds.pool_paths, folds.reference_paths)
    error = folds.actuals - path
    interval_offsets = _enforce_nesting(folds.interval_offsets * factors[:, None, :])
    shown_offsets = _include_zero_seasons(interval_offsets, path, folds.zero_seasons)
    is_known = np.isfinite(folds.actuals) & (True if scored_mask is None else scored_mask)
    level_count = len(INTERVAL_LEVELS)
    is_inside = (error[:, :, None] >= shown_offsets[:, :, :level_count]) & (
        error[:, :, None] <= shown_offsets[:, :, level_count:]
    )
    to_units = folds.scale.to_units
    lower, upper = folds.lower_bounds[:, None, None], folds.upper_bounds[:, None, None]
    quantiles = np.clip(
        to_units(np.concatenate([path[:, :, None], path[:, :, None] + shown_offsets], axis=2)), lower, upper
    )
    results = []
    for task_index, task in enumerate(folds.tasks):
        rows = folds.task_rows[task_index]
        past = rows[~folds.is_final[rows]]
        final_row = int(rows[folds.is_final[rows]][0])
        is_scored = is_known[past][:, : SCORED_YEARS * folds.periods_per_year]
        hits = is_inside[past][:, : SCORED_YEARS * folds.periods_per_year][is_scored].sum(axis=0)
        gain = float(record.gains[task_index])
        results.append(
            Forecast(
                task.history.key,
                folds.frequency,
                "pool" if record.is_pool_shown[final_row] else "reference",
                task.history.last,
                task.history.observed_count,
                choose_reference(task),
                quantiles[final_row, :, 0].copy(),
                quantiles[final_row, :, 1 : 1 + level_count].copy(),
                quantiles[final_row, :, 1 + level_count :].copy(),
                None if np.isnan(gain) else gain,
                tuple(int(hit) for hit in hits),
                int(is_scored.sum()),
                int(is_scored.any(axis=1).sum()),
                _build_past_errors(folds.origins[past], error[past], interval_offsets[past], folds.periods_per_year),
                _build_past_forecasts(folds, past, quantiles),
            )
        )
    return _Grouped(tuple(results))


def _build_past_forecasts(folds: Folds, rows: NDArray[np.intp], figures: FloatArray) -> PastForecasts:
    """The forecasts at past origins, oldest first, with their quantiles in rising order."""
    level_count = len(INTERVAL_LEVELS)
    order = [*range(level_count, 0, -1), 0, *range(level_count + 1, 2 * level_count + 1)]
    past_rows = rows[::-1]
    quantiles = figures[past_rows][:, : _PAST_FORECAST_YEARS * folds.periods_per_year][:, :, order]
    return PastForecasts(folds.origins[past_rows].astype(np.int64), quantiles.astype(np.float32))


@remember(size=2048)  # the series of a few panels
def _build_past_errors(
    origins: NDArray[np.intp], errors: FloatArray, interval_offsets: FloatArray, periods_per_year: int
) -> tuple[PastError, ...]:
    """Past errors of a series at whole years ahead as normal scores, by the intervals that would have been shown."""
    level_count, past_errors = len(INTERVAL_LEVELS), []
    for row in reversed(range(len(origins))):
        for years in range(1, MAX_HORIZON_YEARS + 1):
            step = years * periods_per_year - 1
            error = errors[row, step]
            side_offsets = np.abs(
                interval_offsets[row, step, :level_count] if error < 0 else interval_offsets[row, step, level_count:]
            )
            if np.isfinite(error) and side_offsets[0] > 0:
                excess = max(abs(error) / side_offsets[-1], 1.0)
                normal_edge = float(np.interp(abs(error), [0.0, *side_offsets], [0.0, *NORMAL_QUANTILES]))
                score = float(np.sign(error) * min(normal_edge * excess, _MAX_NORMAL_SCORE))
                past_errors.append(PastError(int(origins[row]) // periods_per_year, years, score))
    return tuple(past_errors)


def _include_zero_seasons(
    interval_offsets: FloatArray, path: FloatArray, zero_seasons: NDArray[np.bool_]
) -> FloatArray:
    """Offsets that reach down to zero in months that were zero in half of their years.

    Rows with a zero are never on logs, so that zero is zero on the common scale. Past errors stay relative to the
    offsets as they were: a zero is no extreme error where it is usual.
    """
    count = len(INTERVAL_LEVELS)
    low = interval_offsets[:, :, :count]
    down_to_zero = np.where(zero_seasons[:, :, None], np.minimum(low, -path[:, :, None]), low)
    return np.concatenate([down_to_zero, interval_offsets[:, :, count:]], axis=2)


def _enforce_nesting(interval_offsets: FloatArray) -> FloatArray:
    """Offsets widened so that no interval is narrower than that of a lower level or of an earlier step."""
    count = len(INTERVAL_LEVELS)
    low = np.minimum.accumulate(np.minimum.accumulate(interval_offsets[:, :, :count], axis=2), axis=1)
    high = np.maximum.accumulate(np.maximum.accumulate(interval_offsets[:, :, count:], axis=2), axis=1)
    return np.concatenate([low, high], axis=2)
