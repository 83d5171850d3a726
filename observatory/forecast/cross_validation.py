"""Past origins of the series of one frequency: each cut forecast as it stood, pool and reference side by side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import PER_YEAR, Frequency
from observatory.forecast.engine import bounds, expect, pieces, references
from observatory.forecast.ensemble_weights import learned
from observatory.forecast.preprocessing import Scale, prepare
from observatory.settings import HORIZONS, LEVELS, MINIMUM_POINTS
from observatory.timeseries import Floats, History, Key, right_aligned

YEARS_AHEAD = max(HORIZONS)
ORIGINS: dict[Frequency, tuple[int, int]] = {"A": (25, 1), "Q": (40, 2), "M": (40, 6)}  # how many, periods between
FEWEST_FOLDS = 4  # fewer past origins prove nothing
SCORED_YEARS = 3  # gain and coverage are those of the first three years ahead
HALVES = np.array([(100 - level) / 200 for level in LEVELS])


@dataclass(frozen=True)
class Task:
    """A series to forecast: its history, whether it has a season, and the bounds that its values cannot pass."""

    history: History
    seasonal: bool
    lag_months: int
    low: float = -np.inf
    high: float = np.inf


def tasks_of(catalogue: Catalogue, histories: Mapping[Key, History]) -> list[Task]:
    """What is to be forecast of a panel: each series with its season, publication lag and the bounds of its unit."""
    tasks = []
    for key, history in histories.items():
        row = catalogue.indicators[key[0]]
        low = 0.0 if float(np.nanmin(history.values)) >= 0 else -np.inf
        high = 100.0 if row.unit_en == "%" else np.inf
        tasks.append(Task(history, row.seasonal, row.publication_lag_months, low, high))
    return tasks


def reference_of(task: Task) -> str:
    """The model that a task is measured against."""
    return "seasonal_naive" if task.seasonal else "naive"


@dataclass(frozen=True)
class Folds:
    """All cuts of the tasks of one frequency, one a row, on the common scale of their history."""

    tasks: Sequence[Task]
    frequency: Frequency
    owner: NDArray[np.intp]  # row -> place in tasks
    origin: NDArray[np.intp]  # row -> ordinal of the origin
    final: NDArray[np.bool_]  # row -> whether it is the forecast to show
    scale: Scale
    least: Floats
    most: Floats
    pool: Floats  # rows x steps
    reference: Floats
    halves: Floats  # rows x steps x both sides of each level: distances from the path
    actual: Floats  # NaN where not known yet

    @property
    def per_year(self) -> int:
        """Periods a year."""
        return PER_YEAR[self.frequency]

    @cached_property
    def due(self) -> NDArray[np.intp]:
        """The period of each outcome, rows x steps."""
        return self.origin[:, None] + np.arange(1, self.pool.shape[1] + 1)


def fold(tasks: Sequence[Task], frequency: Frequency) -> Folds:
    """Cuts every task at its origins and forecasts each cut as it stood."""
    count, gap = ORIGINS[frequency]
    per_year = PER_YEAR[frequency]
    steps = YEARS_AHEAD * per_year
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
    matrix = right_aligned(cuts)
    order = np.argsort([-len(row) for row in cuts], kind="stable")  # rows of a length share a piece
    known_by = learned(per_year)
    parts = []
    for piece in pieces(matrix[order], per_year):
        prepared = prepare(piece, per_year)
        parts.append((expect(prepared, known_by, steps), references(prepared, steps)))
    back = np.argsort(order, kind="stable")

    def joined(part: Callable[[int], NDArray[Any]]) -> NDArray[Any]:
        return np.asarray(np.concatenate([part(place) for place in range(len(parts))])[back])

    scale = Scale(joined(lambda p: parts[p][0].scale.logs), joined(lambda p: parts[p][0].scale.size))
    away = joined(lambda p: parts[p][0].quantiles(np.append(HALVES, 1 - HALVES)) - parts[p][0].path[:, :, None])
    seasonal = np.array([tasks[place].seasonal for place in owner])
    low, high = bounds(matrix)
    return Folds(
        tasks,
        frequency,
        np.array(owner),
        np.array(origin),
        np.array(final),
        scale,
        np.maximum(low, [tasks[place].low for place in owner]),
        np.minimum(high, [tasks[place].high for place in owner]),
        joined(lambda p: parts[p][0].path),
        np.where(seasonal[:, None], joined(lambda p: parts[p][1][1]), joined(lambda p: parts[p][1][0])),
        away,
        scale.scaled(np.array(actual)),
    )


def gains(folds: Folds, scored: NDArray[np.bool_] | None = None) -> tuple[Floats, Floats]:
    """1 - mean absolute error of the pool / of the reference, in units; NaN where the past proves nothing.

    Of each task over all its origins, and of each row over the outcomes that were known at its origin; `scored` as
    for `judge`.
    """
    reach = slice(0, SCORED_YEARS * folds.per_year)
    units, least, most = folds.scale.units, folds.least[:, None], folds.most[:, None]
    actual = units(folds.actual[:, reach])
    mine, theirs = (
        np.abs(np.clip(units(path[:, reach]), least, most) - actual) for path in (folds.pool, folds.reference)
    )
    due = folds.due[:, reach]
    by_task, by_row = np.full(len(folds.tasks), np.nan), np.full(len(folds.owner), np.nan)
    for place in range(len(folds.tasks)):
        rows = np.flatnonzero(folds.owner == place)
        past = rows[~folds.final[rows]]
        counted = np.isfinite(actual[past]) & (True if scored is None else scored[past][:, reach])
        by_task[place] = _gain(mine[past], theirs[past], counted)
        for row in rows:
            earlier = past[folds.origin[past] < folds.origin[row]]
            known = np.isfinite(actual[earlier]) & (due[earlier] <= folds.origin[row])
            by_row[row] = _gain(mine[earlier], theirs[earlier], known)
    return by_task, by_row


def _gain(mine: Floats, theirs: Floats, known: NDArray[np.bool_]) -> float:
    if known.any(axis=1).sum() < FEWEST_FOLDS:
        return np.nan
    worst = theirs[known].sum()
    return float(1 - mine[known].sum() / worst) if worst > 0 else 0.0  # nothing beats no error
