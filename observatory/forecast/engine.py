"""Histories to forecasts: the pool against its reference, over rolling origins, with calibrated intervals.

The method in two sentences: the forecast is the mean of three textbook methods (damped trend, theta and drift), each
on the series without its season; where that mean did no better than the reference in the past, the reference is shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from observatory.catalogue.periods import PER_YEAR, Frequency, overdue
from observatory.forecast.intervals import Calibration, calibrate
from observatory.forecast.models import MODELS
from observatory.forecast.scale import Matrix, matrix
from observatory.settings import HORIZONS, LEVELS, MINIMUM_POINTS, STOPPED_AFTER_MONTHS
from observatory.tables import Floats, Forecast, History, Key, Status

YEARS_AHEAD = max(HORIZONS)
ORIGINS: dict[Frequency, tuple[int, int]] = {"A": (20, 1), "Q": (24, 2), "M": (24, 6)}  # how many, periods between
FEWEST_FOLDS = 4  # fewer past origins prove nothing
FARTHEST = 10.0  # no limit passes ten times the largest value ever seen
LAST_YEAR = 9999  # the calibration on all errors
SCORED_YEARS = 3  # gain and coverage are those of the first three years ahead


@dataclass(frozen=True)
class Task:
    """A series to forecast: its history, whether it has a season, and the bounds that its values cannot pass."""

    history: History
    seasonal: bool
    lag_months: int
    low: float = -np.inf
    high: float = np.inf


def forecast(
    tasks: Sequence[Task], day: date, progress: Callable[[float], None] = lambda _done: None
) -> list[Forecast]:
    """The forecasts of all tasks as known on `day`, in their order; `progress` is told the part done (0 to 1)."""
    found: dict[Key, Forecast] = {}
    for task in tasks:
        late = overdue(task.history.last, task.history.frequency, task.lag_months, day)
        status: Status | None = "stopped" if late > STOPPED_AFTER_MONTHS else None
        if task.history.count < MINIMUM_POINTS:
            status = "too_short"
        if status is not None:
            found[task.history.key] = _silent(task, status)
    active = [task for task in tasks if task.history.key not in found]
    for place, frequency in enumerate(PER_YEAR):
        rows = [task for task in active if task.history.frequency == frequency]
        for result in _one_frequency(rows, frequency) if rows else ():
            found[result.key] = result
        progress((place + 1) / len(PER_YEAR))
    return [found[task.history.key] for task in tasks]


def reference_of(task: Task) -> str:
    """The model that a task is measured against."""
    return "seasonal_naive" if task.seasonal else "naive"


def _silent(task: Task, status: Status) -> Forecast:
    history = task.history
    return Forecast(history.key, history.frequency, status, history.last, history.count, reference_of(task))


@dataclass(frozen=True)
class _Folds:
    """All the cuts of the tasks of one frequency and season: paths and outcomes, on the scale of the matrix."""

    tasks: list[Task]
    owner: np.ndarray  # row -> place in tasks
    origin: np.ndarray  # row -> ordinal of the origin
    final: np.ndarray  # row -> whether it is the real forecast
    grid: Matrix
    pool: Floats
    reference: Floats
    actual: Floats  # NaN where not known (yet)


def _one_frequency(tasks: list[Task], frequency: Frequency) -> list[Forecast]:
    steps = YEARS_AHEAD * PER_YEAR[frequency]
    years = np.arange(1, steps + 1) / PER_YEAR[frequency]
    groups = [
        _folds([task for task in tasks if task.seasonal is seasonal], frequency, steps)
        for seasonal in (False, True)
        if any(task.seasonal is seasonal for task in tasks)
    ]
    results: list[Forecast] = []
    shown = {task.history.key: _beats_reference(group, place) for group in groups for place, task in _places(group)}
    calibrations = _by_year(groups, shown, frequency, years)
    for group in groups:
        for place, task in _places(group):
            results.append(_result(group, place, task, shown[task.history.key], calibrations, years))
    return results


def _places(group: _Folds) -> list[tuple[int, Task]]:
    return list(enumerate(group.tasks))


def _folds(tasks: list[Task], frequency: Frequency, steps: int) -> _Folds:
    count, gap = ORIGINS[frequency]
    per_year = PER_YEAR[frequency]
    least = max(MINIMUM_POINTS, 2 * per_year)
    cuts: list[Floats] = []
    owner, origin, final, actual = [], [], [], []
    for place, task in enumerate(tasks):
        values = task.history.values
        last = len(values) - 1
        for number in range(count + 1):
            end = last - number * gap
            if number and (end < least or not np.isfinite(values[end]) or np.isfinite(values[: end + 1]).sum() < least):
                continue
            cuts.append(values[: end + 1])
            ahead = np.full(steps, np.nan)
            known = values[end + 1 : end + 1 + steps]
            ahead[: len(known)] = known
            actual.append(ahead)
            owner.append(place)
            origin.append(task.history.first + end)
            final.append(number == 0)
    seasonal = tasks[0].seasonal
    grid = matrix(cuts, per_year, seasonal)
    whole = grid.y + np.tile(grid.effects, (1, -(-grid.y.shape[1] // grid.season)))[:, -grid.y.shape[1] :]
    members = [row.forecast(grid.y, per_year, steps) for row in MODELS if not row.reference]
    pool = np.mean(members, axis=0)
    pool = pool + grid.ahead(pool)
    base = next(row for row in MODELS if row.id == reference_of(tasks[0]))
    return _Folds(
        tasks,
        np.array(owner),
        np.array(origin),
        np.array(final),
        grid,
        pool,
        base.forecast(whole, grid.season, steps),
        grid.scaled(np.array(actual)),
    )


def _beats_reference(group: _Folds, place: int) -> float | None:
    """1 - error / error of the reference over the folds of one task, in its own unit; None if they are too few."""
    rows = (group.owner == place) & ~group.final
    if rows.sum() < FEWEST_FOLDS:
        return None
    reach = slice(0, SCORED_YEARS * PER_YEAR[group.tasks[place].history.frequency])
    actual = group.grid.back(group.actual[rows][:, reach], rows)
    mine = np.abs(group.grid.back(group.pool[rows][:, reach], rows) - actual)
    theirs = np.abs(group.grid.back(group.reference[rows][:, reach], rows) - actual)
    known = np.isfinite(mine) & np.isfinite(theirs)
    if not known.any() or theirs[known].mean() == 0:
        return None
    return float(1 - mine[known].mean() / theirs[known].mean())


def _path(group: _Folds, place: int, gain: float | None) -> Floats:
    rows = group.owner == place
    return np.asarray((group.pool if gain is not None and gain > 0 else group.reference)[rows])


Calibrations = dict[tuple[int, bool], Calibration | None]


def _by_year(groups: list[_Folds], shown: dict[Key, float | None], frequency: Frequency, years: Floats) -> Calibrations:
    """A calibration for each year of origin, from errors known before that year; the year 9999 has all of them.

    Series on logs and series on their own scale (zeros, negative values) are calibrated apart: an error of one says
    nothing of the other.
    """
    parts: list[tuple[Floats, ...]] = []
    for group in groups:
        for place, task in _places(group):
            rows = group.owner == place
            errors = group.actual[rows] - _path(group, place, shown[task.history.key])
            shape = errors.shape
            spans = np.broadcast_to(years, shape)
            ends = (group.origin[rows] + 1)[:, None] / PER_YEAR[frequency] + spans
            moves, logs = (np.broadcast_to(part[rows][:, None], shape) for part in (group.grid.moves, group.grid.logs))
            parts.append((errors, moves, spans, ends, logs.astype(float)))
    errors, moves, spans, ends, logs = (np.concatenate([part[k].ravel() for part in parts]) for k in range(5))
    origins = {int(number) // PER_YEAR[frequency] for group in groups for number in group.origin}
    found: Calibrations = {}
    for year in (*sorted(origins), LAST_YEAR):
        for flag in (True, False):
            rows = (ends <= year) & (logs == flag)
            found[year, flag] = calibrate(errors[rows], moves[rows], spans[rows], flag)
    return found


def _result(
    group: _Folds,
    place: int,
    task: Task,
    gain: float | None,
    calibrations: Calibrations,
    years: Floats,
) -> Forecast:
    rows = np.flatnonzero(group.owner == place)
    path = _path(group, place, gain)
    per_year = PER_YEAR[task.history.frequency]
    hits, judged, folds = np.zeros(len(LEVELS), dtype=int), 0, 0
    for row, line in zip(rows, path, strict=True):
        calibration = calibrations[int(group.origin[row]) // per_year, bool(group.grid.logs[row])]
        if group.final[row] or calibration is None or not np.isfinite(group.grid.moves[row]):
            continue
        half = calibration.half_widths(group.grid.moves[row : row + 1], years)[0][: SCORED_YEARS * per_year]
        miss = np.abs(group.actual[row] - line)[: SCORED_YEARS * per_year]
        known = np.isfinite(miss)
        hits += (miss[known][:, None] <= half[known]).sum(axis=0)
        judged += int(known.sum())
        folds += 1
    last = rows[group.final[rows]][0]
    line = path[group.final[rows]][0]
    calibration = calibrations[LAST_YEAR, bool(group.grid.logs[last])]
    status: Status = "pool" if gain is not None and gain > 0 else "reference"
    move = group.grid.moves[last : last + 1]
    if calibration is None or not np.isfinite(move).all():
        return _silent(task, "too_short")
    half = calibration.half_widths(move, years)[0]
    here = np.array([last])
    far = FARTHEST * float(np.nanmax(np.abs(task.history.values)))
    least, most = max(task.low, -far), min(task.high, far)
    paths = (line, line[:, None] - half, line[:, None] + half)
    median, low, high = (np.clip(group.grid.back(part[None], here)[0], least, most) for part in paths)
    return Forecast(
        task.history.key,
        task.history.frequency,
        status,
        task.history.last,
        task.history.count,
        reference_of(task),
        median,
        low,
        high,
        gain,
        tuple(int(count) for count in hits),
        judged,
        folds,
    )
