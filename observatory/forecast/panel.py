"""The forecasts of all series of a panel: rolling origins first, then what is shown, and what it was worth.

Each series is cut at its past origins and forecast there as it would have been. Two things are decided from that, at
every origin with what was known then: whether the pool or the reference is shown, and how much wider or narrower than
learned the ranges must be for past ones to have held as often as they say.
"""

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.periods import PER_YEAR, overdue
from observatory.forecast.cross_validation import (
    FEWEST_FOLDS,
    SCORED_YEARS,
    YEARS_AHEAD,
    Folds,
    Task,
    fold,
    gains,
    reference_of,
)
from observatory.settings import LEVELS, MINIMUM_POINTS, STOPPED_AFTER_MONTHS
from observatory.timeseries import NORMAL_EDGES, Earlier, Floats, Forecast, Key, Status, Surprise

FEWEST_ERRORS = 60  # fewer past errors move no range
OWN_TRUST = 6.0  # so many spans of a series that do not overlap count as much as all the others
NARROWEST, WIDEST = 0.8, 3.0  # what past errors may do to a range
FARTHEST_SCORE = 3.5  # no past error counts for more
EARLIER_YEARS = SCORED_YEARS  # of each past forecast that are kept for whoever judges it on something else


def forecast(
    tasks: Sequence[Task], day: date, progress: Callable[[float], None] = lambda _done: None
) -> list[Forecast]:
    """The forecasts of all tasks as known on `day`, in their order; `progress` is told the part done (0 to 1)."""
    found: dict[Key, Forecast] = {}
    for task in tasks:
        status = silence(task, day)
        if status is not None:
            found[task.history.key] = _silent(task, status)
    active = [task for task in tasks if task.history.key not in found]
    for place, frequency in enumerate(PER_YEAR):
        rows = [task for task in active if task.history.frequency == frequency]
        for result in judge(fold(rows, frequency)) if rows else ():
            found[result.key] = result
        progress((place + 1) / len(PER_YEAR))
    return [found[task.history.key] for task in tasks]


def silence(task: Task, day: date) -> Status | None:
    """Why a series is not forecast on a day: too short, or stopped; None if it is."""
    if task.history.count < MINIMUM_POINTS:
        return "too_short"
    late = overdue(task.history.last, task.history.frequency, task.lag_months, day)
    return "stopped" if late > STOPPED_AFTER_MONTHS else None


def _silent(task: Task, status: Status) -> Forecast:
    history = task.history
    return Forecast(history.key, history.frequency, status, history.last, history.count, reference_of(task))


def judge(folds: Folds, scored: NDArray[np.bool_] | None = None) -> list[Forecast]:
    """What is shown of each task, with the record of what would have been shown at its past origins.

    The pool is shown unless the past known at an origin says that the reference did better. `scored` (rows x steps)
    keeps some outcomes out of the record, not out of the forecasts.
    """
    by_task, by_row = gains(folds, scored)
    shown = np.isnan(by_row) | (by_row > 0)
    path = np.where(shown[:, None], folds.pool, folds.reference)
    error = folds.actual - path
    factors = _factors(folds, shown, error)
    halves = _nested(folds.halves * factors[:, None, :])
    known = np.isfinite(folds.actual) & (True if scored is None else scored)
    count = len(LEVELS)
    inside = (error[:, :, None] >= halves[:, :, :count]) & (error[:, :, None] <= halves[:, :, count:])
    units = folds.scale.units
    least, most = folds.least[:, None, None], folds.most[:, None, None]
    figures = np.clip(units(np.concatenate([path[:, :, None], path[:, :, None] + halves], axis=2)), least, most)
    results = []
    for place, task in enumerate(folds.tasks):
        rows = folds.owner == place
        past = rows & ~folds.final
        last = int(np.flatnonzero(rows & folds.final)[0])
        counted = known[past][:, : SCORED_YEARS * folds.per_year]
        hits = inside[past][:, : SCORED_YEARS * folds.per_year][counted].sum(axis=0)
        results.append(
            Forecast(
                task.history.key,
                folds.frequency,
                "pool" if shown[last] else "reference",
                task.history.last,
                task.history.count,
                reference_of(task),
                figures[last, :, 0],
                figures[last, :, 1 : 1 + count],
                figures[last, :, 1 + count :],
                None if np.isnan(by_task[place]) else float(by_task[place]),
                tuple(int(hit) for hit in hits),
                int(counted.sum()),
                int(counted.any(axis=1).sum()),
                surprises(folds, past, error, halves),
                earlier(folds, past, figures),
            )
        )
    return results


def earlier(folds: Folds, rows: NDArray[np.bool_], figures: Floats) -> Earlier:
    """What would have been shown at past origins, the oldest first: quantiles in rising order."""
    count = len(LEVELS)
    order = [*range(count, 0, -1), 0, *range(count + 1, 2 * count + 1)]
    at = np.flatnonzero(rows)[::-1]
    shown = figures[at][:, : EARLIER_YEARS * folds.per_year][:, :, order]
    return Earlier(folds.origin[at].astype(np.int64), shown.astype(np.float32))


def surprises(folds: Folds, rows: NDArray[np.bool_], error: Floats, halves: Floats) -> tuple[Surprise, ...]:
    """Past errors at whole years ahead as normal scores, by the ranges that would have been shown."""
    count, found = len(LEVELS), []
    for row in np.flatnonzero(rows)[::-1]:
        for years in range(1, YEARS_AHEAD + 1):
            step = years * folds.per_year - 1
            missed = error[row, step]
            half = np.abs(halves[row, step, :count] if missed < 0 else halves[row, step, count:])
            if np.isfinite(missed) and half[0] > 0:
                beyond = max(abs(missed) / half[-1], 1.0)
                edge = float(np.interp(abs(missed), [0.0, *half], [0.0, *NORMAL_EDGES]))
                score = float(np.sign(missed) * min(edge * beyond, FARTHEST_SCORE))
                found.append(Surprise(int(folds.origin[row]) // folds.per_year, years, score))
    return tuple(found)


def _factors(folds: Folds, shown: NDArray[np.bool_], error: Floats) -> Floats:
    """How much each side of each level must be stretched (rows x sides) for past ranges to have held as said.

    By the errors of all series of the kind (on logs or not, pool or reference shown) that were known when the year of
    the origin began; wider where the series' own errors were larger, as far as it has origins to show.
    """
    count = len(LEVELS)
    half = np.where(error[:, :, None] < 0, -folds.halves[:, :, :count], folds.halves[:, :, count:])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.abs(error)[:, :, None] / np.maximum(half, 1e-12)
    years = folds.origin // folds.per_year
    kind = folds.scale.logs.astype(int) + 2 * shown
    known = np.isfinite(error) & ~folds.final[:, None]
    result = np.ones((len(folds.owner), count))
    for year in np.unique(years):
        past = known & (folds.due < year * folds.per_year)
        for which in np.unique(kind[years == year]):
            errors = ratio[past & (kind == which)[:, None]]
            if len(errors) >= FEWEST_ERRORS:
                result[(years == year) & (kind == which)] = np.maximum(_at_levels(errors), NARROWEST)
    for row, (owner, origin) in enumerate(zip(folds.owner, folds.origin, strict=True)):
        mine = np.flatnonzero((folds.owner == owner) & (folds.origin < origin) & (shown == shown[row]))
        past = known[mine] & (folds.due[mine] <= origin)
        if past.any(axis=1).sum() >= FEWEST_FOLDS:
            seen = len(np.unique(years[mine][past.any(axis=1)])) / SCORED_YEARS
            larger = np.maximum(_at_levels(ratio[mine][past]) / result[row], 1.0)
            result[row] *= larger ** (seen / (seen + OWN_TRUST))
    return np.minimum(np.tile(result, 2), WIDEST)


def _at_levels(ratios: Floats) -> Floats:
    """By how much past ranges fell short of each level: quantile `level` of each column (errors x levels)."""
    ordered = np.sort(ratios, axis=0)
    place = np.array(LEVELS) / 100 * (len(ordered) - 1)
    below, columns = place.astype(int), np.arange(len(LEVELS))
    above = np.minimum(below + 1, len(ordered) - 1)
    part = place - below
    return np.asarray(ordered[below, columns] * (1 - part) + ordered[above, columns] * part)


def _nested(halves: Floats) -> Floats:
    """No narrower than the level below it, nor than a step earlier."""
    count = len(LEVELS)
    low = np.minimum.accumulate(np.minimum.accumulate(halves[:, :, :count], axis=2), axis=1)
    high = np.maximum.accumulate(np.maximum.accumulate(halves[:, :, count:], axis=2), axis=1)
    return np.concatenate([low, high], axis=2)
