"""The forecasts of all series of a panel: rolling origins first, then what is shown, and what it was worth.

Each series is cut at its past origins and forecast there as it would have been. Two things are decided from that, at
every origin with what was known then: whether the pool or the reference is shown, and how much wider or narrower than
learned the ranges must be for past ones to have held as often as they say.
"""

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.periods import PERIODS_PER_YEAR, count_months_overdue
from observatory.forecast.cross_validation import (
    MAX_HORIZON_YEARS,
    MIN_FOLDS,
    SCORED_YEARS,
    Folds,
    ForecastTask,
    build_folds,
    choose_reference,
    compute_gains,
)
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

_MIN_ERRORS = 60  # fewer past errors move no range
_SHRINKAGE_SPANS = 6.0  # so many spans of a series that do not overlap count as much as all the others
_MIN_STRETCH, _MAX_STRETCH = 0.8, 3.0  # what past errors may do to a range
_MAX_NORMAL_SCORE = 3.5  # no past error counts for more
_PAST_FORECAST_YEARS = SCORED_YEARS  # of each past forecast that are kept for whoever judges it on something else


def forecast_tasks(
    tasks: Sequence[ForecastTask], as_of: date, progress: Callable[[float], None] = lambda _done: None
) -> list[Forecast]:
    """The forecasts of all tasks as known on `day`, in their order; `progress` is told the part done (0 to 1)."""
    found: dict[SeriesKey, Forecast] = {}
    for task in tasks:
        status = find_skip_status(task, as_of)
        if status is not None:
            found[task.history.key] = _build_skipped(task, status)
    active = [task for task in tasks if task.history.key not in found]
    for place, frequency in enumerate(PERIODS_PER_YEAR):
        rows = [task for task in active if task.history.frequency == frequency]
        for result in evaluate_folds(build_folds(rows, frequency)) if rows else ():
            found[result.key] = result
        progress((place + 1) / len(PERIODS_PER_YEAR))
    return [found[task.history.key] for task in tasks]


def find_skip_status(task: ForecastTask, as_of: date) -> ForecastStatus | None:
    """Why a series is not forecast on a day: too short, or stopped; None if it is."""
    if task.history.observed_count < MIN_OBSERVATIONS:
        return "too_short"
    late = count_months_overdue(task.history.last, task.history.frequency, task.publication_lag_months, as_of)
    return "stopped" if late > STOPPED_AFTER_MONTHS else None


def _build_skipped(task: ForecastTask, status: ForecastStatus) -> Forecast:
    history = task.history
    return Forecast(
        history.key, history.frequency, status, history.last, history.observed_count, choose_reference(task)
    )


def evaluate_folds(folds: Folds, scored_mask: NDArray[np.bool_] | None = None) -> list[Forecast]:
    """What is shown of each task, with the record of what would have been shown at its past origins.

    The pool is shown unless the past known at an origin says that the reference did better. `scored` (rows x steps)
    keeps some outcomes out of the record, not out of the forecasts.
    """
    by_task, by_row = compute_gains(folds, scored_mask)
    shown = np.isnan(by_row) | (by_row > 0)
    path = np.where(shown[:, None], folds.pool_paths, folds.reference_paths)
    error = folds.actuals - path
    factors = _compute_stretch_factors(folds, shown, error)
    halves = _enforce_nesting(folds.interval_offsets * factors[:, None, :])
    known = np.isfinite(folds.actuals) & (True if scored_mask is None else scored_mask)
    count = len(INTERVAL_LEVELS)
    inside = (error[:, :, None] >= halves[:, :, :count]) & (error[:, :, None] <= halves[:, :, count:])
    units = folds.scale.to_units
    least, most = folds.lower_bounds[:, None, None], folds.upper_bounds[:, None, None]
    figures = np.clip(units(np.concatenate([path[:, :, None], path[:, :, None] + halves], axis=2)), least, most)
    results = []
    for place, task in enumerate(folds.tasks):
        rows = folds.task_indices == place
        past = rows & ~folds.is_final
        last = int(np.flatnonzero(rows & folds.is_final)[0])
        counted = known[past][:, : SCORED_YEARS * folds.periods_per_year]
        hits = inside[past][:, : SCORED_YEARS * folds.periods_per_year][counted].sum(axis=0)
        results.append(
            Forecast(
                task.history.key,
                folds.frequency,
                "pool" if shown[last] else "reference",
                task.history.last,
                task.history.observed_count,
                choose_reference(task),
                figures[last, :, 0],
                figures[last, :, 1 : 1 + count],
                figures[last, :, 1 + count :],
                None if np.isnan(by_task[place]) else float(by_task[place]),
                tuple(int(hit) for hit in hits),
                int(counted.sum()),
                int(counted.any(axis=1).sum()),
                _build_past_errors(folds, past, error, halves),
                _build_past_forecasts(folds, past, figures),
            )
        )
    return results


def _build_past_forecasts(folds: Folds, rows: NDArray[np.bool_], figures: FloatArray) -> PastForecasts:
    """What would have been shown at past origins, the oldest first: quantiles in rising order."""
    count = len(INTERVAL_LEVELS)
    order = [*range(count, 0, -1), 0, *range(count + 1, 2 * count + 1)]
    at = np.flatnonzero(rows)[::-1]
    shown = figures[at][:, : _PAST_FORECAST_YEARS * folds.periods_per_year][:, :, order]
    return PastForecasts(folds.origins[at].astype(np.int64), shown.astype(np.float32))


def _build_past_errors(
    folds: Folds, rows: NDArray[np.bool_], errors: FloatArray, interval_offsets: FloatArray
) -> tuple[PastError, ...]:
    """Past errors at whole years ahead as normal scores, by the ranges that would have been shown."""
    count, found = len(INTERVAL_LEVELS), []
    for row in np.flatnonzero(rows)[::-1]:
        for years in range(1, MAX_HORIZON_YEARS + 1):
            step = years * folds.periods_per_year - 1
            missed = errors[row, step]
            half = np.abs(interval_offsets[row, step, :count] if missed < 0 else interval_offsets[row, step, count:])
            if np.isfinite(missed) and half[0] > 0:
                beyond = max(abs(missed) / half[-1], 1.0)
                edge = float(np.interp(abs(missed), [0.0, *half], [0.0, *NORMAL_QUANTILES]))
                score = float(np.sign(missed) * min(edge * beyond, _MAX_NORMAL_SCORE))
                found.append(PastError(int(folds.origins[row]) // folds.periods_per_year, years, score))
    return tuple(found)


def _compute_stretch_factors(folds: Folds, is_pool_shown: NDArray[np.bool_], error: FloatArray) -> FloatArray:
    """How much each side of each level must be stretched (rows x sides) for past ranges to have held as said.

    By the errors of all series of the kind (on logs or not, pool or reference shown) that were known when the year of
    the origin began; wider where the series' own errors were larger, as far as it has origins to show.
    """
    count = len(INTERVAL_LEVELS)
    half = np.where(error[:, :, None] < 0, -folds.interval_offsets[:, :, :count], folds.interval_offsets[:, :, count:])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.abs(error)[:, :, None] / np.maximum(half, 1e-12)
    years = folds.origins // folds.periods_per_year
    kind = folds.scale.is_log.astype(int) + 2 * is_pool_shown
    known = np.isfinite(error) & ~folds.is_final[:, None]
    result = np.ones((len(folds.task_indices), count))
    for year in np.unique(years):
        past = known & (folds.target_ordinals < year * folds.periods_per_year)
        for which in np.unique(kind[years == year]):
            errors = ratio[past & (kind == which)[:, None]]
            if len(errors) >= _MIN_ERRORS:
                result[(years == year) & (kind == which)] = np.maximum(_quantiles_at_levels(errors), _MIN_STRETCH)
    for row, (owner, origin) in enumerate(zip(folds.task_indices, folds.origins, strict=True)):
        mine = np.flatnonzero(
            (folds.task_indices == owner) & (folds.origins < origin) & (is_pool_shown == is_pool_shown[row])
        )
        past = known[mine] & (folds.target_ordinals[mine] <= origin)
        if past.any(axis=1).sum() >= MIN_FOLDS:
            seen = len(np.unique(years[mine][past.any(axis=1)])) / SCORED_YEARS
            larger = np.maximum(_quantiles_at_levels(ratio[mine][past]) / result[row], 1.0)
            result[row] *= larger ** (seen / (seen + _SHRINKAGE_SPANS))
    return np.minimum(np.tile(result, 2), _MAX_STRETCH)


def _quantiles_at_levels(ratios: FloatArray) -> FloatArray:
    """By how much past ranges fell short of each level: quantile `level` of each column (errors x levels)."""
    ordered = np.sort(ratios, axis=0)
    place = np.array(INTERVAL_LEVELS) / 100 * (len(ordered) - 1)
    below, columns = place.astype(int), np.arange(len(INTERVAL_LEVELS))
    above = np.minimum(below + 1, len(ordered) - 1)
    part = place - below
    return np.asarray(ordered[below, columns] * (1 - part) + ordered[above, columns] * part)


def _enforce_nesting(interval_offsets: FloatArray) -> FloatArray:
    """No narrower than the level below it, nor than a step earlier."""
    count = len(INTERVAL_LEVELS)
    low = np.minimum.accumulate(np.minimum.accumulate(interval_offsets[:, :, :count], axis=2), axis=1)
    high = np.maximum.accumulate(np.maximum.accumulate(interval_offsets[:, :, count:], axis=2), axis=1)
    return np.concatenate([low, high], axis=2)
