"""Past origins of the series of one frequency: each cut forecast as it stood, pool and reference side by side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import PERIODS_PER_YEAR, Frequency
from observatory.forecast.engine import compute_bounds, forecast_references, forecast_scaled, split_pieces
from observatory.forecast.ensemble_weights import load_parameters
from observatory.forecast.preprocessing import ValueScale, prepare_histories
from observatory.settings import HORIZONS, INTERVAL_LEVELS, MIN_OBSERVATIONS
from observatory.timeseries import FloatArray, SeriesKey, TimeSeries, right_align

MAX_HORIZON_YEARS = max(HORIZONS)
_ORIGIN_SCHEDULE: dict[Frequency, tuple[int, int]] = {
    "A": (25, 1),
    "Q": (40, 2),
    "M": (40, 6),
}  # how many, periods between
MIN_FOLDS = 4  # fewer past origins prove nothing
SCORED_YEARS = 3  # gain and coverage are those of the first three years ahead
_TAIL_PROBABILITIES = np.array([(100 - level) / 200 for level in INTERVAL_LEVELS])


@dataclass(frozen=True)
class ForecastTask:
    """A series to forecast: its history, whether it has a season, and the bounds that its values cannot pass."""

    history: TimeSeries
    is_seasonal: bool
    publication_lag_months: int
    lower_bound: float = -np.inf
    upper_bound: float = np.inf


def build_tasks(catalogue: Catalogue, histories: Mapping[SeriesKey, TimeSeries]) -> list[ForecastTask]:
    """What is to be forecast of a panel: each series with its season, publication lag and the bounds of its unit."""
    tasks = []
    for key, history in histories.items():
        row = catalogue.indicators[key[0]]
        low = 0.0 if float(np.nanmin(history.values)) >= 0 else -np.inf
        high = 100.0 if row.unit_en == "%" else np.inf
        tasks.append(ForecastTask(history, row.is_seasonal, row.publication_lag_months, low, high))
    return tasks


def choose_reference(task: ForecastTask) -> str:
    """The model that a task is measured against."""
    return "seasonal_naive" if task.is_seasonal else "naive"


@dataclass(frozen=True)
class Folds:
    """All cuts of the tasks of one frequency, one a row, on the common scale of their history."""

    tasks: Sequence[ForecastTask]
    frequency: Frequency
    task_indices: NDArray[np.intp]  # row -> place in tasks
    origins: NDArray[np.intp]  # row -> ordinal of the origin
    is_final: NDArray[np.bool_]  # row -> whether it is the forecast to show
    scale: ValueScale
    lower_bounds: FloatArray
    upper_bounds: FloatArray
    pool_paths: FloatArray  # rows x steps
    reference_paths: FloatArray
    interval_offsets: FloatArray  # rows x steps x both sides of each level: distances from the path
    actuals: FloatArray  # NaN where not known yet

    @property
    def periods_per_year(self) -> int:
        """Periods a year."""
        return PERIODS_PER_YEAR[self.frequency]

    @cached_property
    def target_ordinals(self) -> NDArray[np.intp]:
        """The period of each outcome, rows x steps."""
        return self.origins[:, None] + np.arange(1, self.pool_paths.shape[1] + 1)


def build_folds(tasks: Sequence[ForecastTask], frequency: Frequency) -> Folds:
    """Cuts every task at its origins and forecasts each cut as it stood."""
    count, gap = _ORIGIN_SCHEDULE[frequency]
    per_year = PERIODS_PER_YEAR[frequency]
    steps = MAX_HORIZON_YEARS * per_year
    least = max(MIN_OBSERVATIONS, 2 * per_year)
    cuts: list[FloatArray] = []
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
    matrix = right_align(cuts)
    order = np.argsort([-len(row) for row in cuts], kind="stable")  # rows of a length share a piece
    known_by = load_parameters(per_year)
    parts = []
    for piece in split_pieces(matrix[order], per_year):
        prepared = prepare_histories(piece, per_year)
        parts.append((forecast_scaled(prepared, known_by, steps), forecast_references(prepared, steps)))
    back = np.argsort(order, kind="stable")

    def joined(part: Callable[[int], NDArray[Any]]) -> NDArray[Any]:
        return np.asarray(np.concatenate([part(place) for place in range(len(parts))])[back])

    scale = ValueScale(joined(lambda p: parts[p][0].scale.is_log), joined(lambda p: parts[p][0].scale.size))
    away = joined(
        lambda p: (
            parts[p][0].quantiles(np.append(_TAIL_PROBABILITIES, 1 - _TAIL_PROBABILITIES))
            - parts[p][0].path[:, :, None]
        )
    )
    seasonal = np.array([tasks[place].is_seasonal for place in owner])
    low, high = compute_bounds(matrix)
    return Folds(
        tasks,
        frequency,
        np.array(owner),
        np.array(origin),
        np.array(final),
        scale,
        np.maximum(low, [tasks[place].lower_bound for place in owner]),
        np.minimum(high, [tasks[place].upper_bound for place in owner]),
        joined(lambda p: parts[p][0].path),
        np.where(seasonal[:, None], joined(lambda p: parts[p][1][1]), joined(lambda p: parts[p][1][0])),
        away,
        scale.to_scaled(np.array(actual)),
    )


def compute_gains(folds: Folds, scored_mask: NDArray[np.bool_] | None = None) -> tuple[FloatArray, FloatArray]:
    """1 - mean absolute error of the pool / of the reference, in units; NaN where the past proves nothing.

    Of each task over all its origins, and of each row over the outcomes that were known at its origin; `scored` as
    for `judge`.
    """
    reach = slice(0, SCORED_YEARS * folds.periods_per_year)
    units, least, most = folds.scale.to_units, folds.lower_bounds[:, None], folds.upper_bounds[:, None]
    actual = units(folds.actuals[:, reach])
    mine, theirs = (
        np.abs(np.clip(units(path[:, reach]), least, most) - actual)
        for path in (folds.pool_paths, folds.reference_paths)
    )
    due = folds.target_ordinals[:, reach]
    by_task, by_row = np.full(len(folds.tasks), np.nan), np.full(len(folds.task_indices), np.nan)
    for place in range(len(folds.tasks)):
        rows = np.flatnonzero(folds.task_indices == place)
        past = rows[~folds.is_final[rows]]
        counted = np.isfinite(actual[past]) & (True if scored_mask is None else scored_mask[past][:, reach])
        by_task[place] = _compute_gain(mine[past], theirs[past], counted)
        for row in rows:
            earlier = past[folds.origins[past] < folds.origins[row]]
            known = np.isfinite(actual[earlier]) & (due[earlier] <= folds.origins[row])
            by_row[row] = _compute_gain(mine[earlier], theirs[earlier], known)
    return by_task, by_row


def _compute_gain(pool_errors: FloatArray, reference_errors: FloatArray, mask: NDArray[np.bool_]) -> float:
    if mask.any(axis=1).sum() < MIN_FOLDS:
        return np.nan
    worst = reference_errors[mask].sum()
    return float(1 - pool_errors[mask].sum() / worst) if worst > 0 else 0.0  # nothing beats no error
