"""Backtest scores by model and horizon over rolling origins, without look-ahead.

The last value of a series is T, the horizon H: the origins are T - H, T - 2H, ... so that the scored windows do not
overlap. A forecast uses the values up to its origin only. sMAPE and MASE as in the M4 competition (Makridakis et
al. 2020), MSIS after Gneiting and Raftery (2007); errors are scaled by the mean seasonal naive error of the history.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.periods import PERIODS_PER_YEAR
from observatory.forecast.batch import (
    MIN_VALUES,
    ComputeBackend,
    calibrate_file,
    forecast_chunk,
    map_calls,
    split_chunks,
)
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import FloatArray, IntArray, RaggedPanel

OWN_MODEL = "observatory"  # the row of the forecast that the observatory shows
NAIVE_MODEL = "naive"
SCORED_LEVEL = max(INTERVAL_LEVELS)  # the level whose intervals have a score
UnscoredReason = Literal["long_constant", "long_few_origins"]  # codes of findings
ALL_HORIZONS = 0  # stands for all horizons together


@dataclass(frozen=True)
class ModelScore:
    """Scores of a model at a horizon, or at ALL_HORIZONS. OWN_MODEL alone has `coverage` (by level) and `msis`.

    `series_count` counts the scored series, `forecast_count` their forecasts: series x origins, for ALL_HORIZONS x
    horizons.
    """

    model: str
    horizon: int
    series_count: int
    forecast_count: int
    smape: float
    mase: float
    skill: float | None
    coverage: tuple[float, ...] = ()
    msis: float | None = None


@dataclass(frozen=True)
class ScoreSums:
    """Sums over forecasts by step: `smape` and `mase` models x steps, `interval_hits` levels x steps, the rest by step.

    `series_counts` counts the series with at least one forecast; its last value those with one at any step.
    """

    models: tuple[str, ...]
    smape: FloatArray
    mase: FloatArray
    interval_hits: FloatArray
    msis: FloatArray
    forecast_counts: IntArray
    series_counts: IntArray


def backtest_models(
    table: RaggedPanel,
    steps: int,
    origins: int,
    backend: ComputeBackend,
    progress: Callable[[float], None] = lambda _: None,
) -> list[ModelScore]:
    """Scores of the observatory's forecast and of every model, by horizon and for ALL_HORIZONS.

    The ranges of each origin are calibrated on what the file held then.
    """
    factors = [calibrate_file(table, steps, INTERVAL_LEVELS, number * steps) for number in range(1, origins + 1)]
    chunks = split_chunks(table, np.flatnonzero(table.observed_counts > MIN_VALUES))
    per_year = PERIODS_PER_YEAR[table.frequency]
    calls = ((table.right_aligned(chunk), per_year, steps, origins, factors) for chunk in chunks)
    chunk_sums: list[ScoreSums] = []
    for index, sums in enumerate(map_calls(score_chunk, calls, backend)):
        chunk_sums += [] if sums is None else [sums]
        progress((index + 1) / len(chunks))
    return _build_scores(reduce(_add_sums, chunk_sums)) if chunk_sums else []


def score_chunk(
    y: FloatArray, per_year: int, steps: int, origins: int, factors: Sequence[FloatArray]
) -> ScoreSums | None:
    """The sums of one chunk (series x periods, right-aligned on the last value); None if no forecast can be scored.

    An origin counts where its own value and three values in all are known and the history is not constant. `factors`
    are those of the ranges of each origin, the latest first.
    """
    is_scored = np.zeros((len(y), steps), dtype=bool)
    folds: list[ScoreSums] = []
    for cut, origin_factors in zip(_list_cuts(y.shape[1], steps, origins), factors, strict=False):
        history = y[:, :cut]
        scale = compute_naive_error(history, per_year)
        rows = _has_history(history) & (scale > 0)
        if rows.any():
            fold, scored = _score_origin(
                history[rows], y[rows, cut : cut + steps], scale[rows], per_year, origin_factors
            )
            folds.append(fold)
            is_scored[rows] |= scored
    if not folds:
        return None
    total = reduce(_add_sums, folds)
    series = np.append(is_scored.sum(axis=0), is_scored.any(axis=1).sum())
    return ScoreSums(
        total.models, total.smape, total.mase, total.interval_hits, total.msis, total.forecast_counts, series
    )


def find_unscored(table: RaggedPanel, steps: int, origins: int) -> list[tuple[int, UnscoredReason]]:
    """The series that a backtest leaves out although a forecast can be made of them, and why."""
    per_year = PERIODS_PER_YEAR[table.frequency]
    unscored: list[tuple[int, UnscoredReason]] = []
    for chunk in split_chunks(table, np.flatnonzero(table.observed_counts >= MIN_VALUES)):
        y = table.right_aligned(chunk)
        has_origin, has_scale = np.zeros(len(y), dtype=bool), np.zeros(len(y), dtype=bool)
        for cut in _list_cuts(y.shape[1], steps, origins):
            has_window = _has_history(y[:, :cut]) & np.isfinite(y[:, cut : cut + steps]).any(axis=1)
            has_origin |= has_window
            has_scale |= has_window & (compute_naive_error(y[:, :cut], per_year) > 0)
        unscored += [
            (int(index), "long_constant" if has_origin[row] else "long_few_origins")
            for row, index in enumerate(chunk)
            if not has_scale[row]
        ]
    return sorted(unscored)


def _list_cuts(width: int, steps: int, origins: int) -> list[int]:
    """The lengths of the histories at the origins, the latest first, of a matrix of that width."""
    return [cut for number in range(1, origins + 1) if (cut := width - number * steps) >= MIN_VALUES]


def _has_history(history: FloatArray) -> NDArray[np.bool_]:
    """Which rows have a value at their origin and enough of them in all."""
    return np.asarray(np.isfinite(history[:, -1]) & (np.isfinite(history).sum(axis=1) >= MIN_VALUES))


def compute_naive_error(history: FloatArray, season_length: int) -> FloatArray:
    """The mean in-sample error of the seasonal naive forecast of each history; of the naive one if it has none."""
    naive_errors = np.full(len(history), np.nan)
    for lag in dict.fromkeys((season_length, 1)):
        moves = np.abs(history[:, lag:] - history[:, :-lag])
        count = np.isfinite(moves).sum(axis=1)
        mean = np.nansum(moves, axis=1) / np.maximum(count, 1)
        naive_errors = np.where(np.isnan(naive_errors) & (count > 0), mean, naive_errors)
    return np.where(np.isfinite(naive_errors), naive_errors, 0.0)


def _score_origin(
    history: FloatArray, actual: FloatArray, scale: FloatArray, per_year: int, factors: FloatArray
) -> tuple[ScoreSums, NDArray[np.bool_]]:
    """The sums of one origin, and which steps of which series were scored: those with a forecast of every model."""
    from observatory.forecast import engine

    steps = actual.shape[1]
    own_quantiles = forecast_chunk(history, per_year, steps, INTERVAL_LEVELS, factors)
    median, low, high = own_quantiles[:, :, 0], own_quantiles[:, :, 1::2], own_quantiles[:, :, 2::2]
    paths = {OWN_MODEL: median} | engine.forecast_members(history, per_year, steps)
    stack = np.stack(list(paths.values()))
    is_scored = np.isfinite(actual) & np.isfinite(stack).all(axis=0) & np.isfinite(own_quantiles).all(axis=2)
    error = np.where(is_scored, np.abs(stack - actual), 0.0)
    size = np.where(is_scored, np.abs(stack) + np.abs(actual), 0.0)
    smape = 200 * np.divide(error, size, out=np.zeros_like(error), where=size > 0)
    is_inside = (low <= actual[:, :, None]) & (actual[:, :, None] <= high) & is_scored[:, :, None]
    level_index = INTERVAL_LEVELS.index(SCORED_LEVEL)
    below, above = (np.maximum(gap, 0) for gap in (low[:, :, level_index] - actual, actual - high[:, :, level_index]))
    interval_score = high[:, :, level_index] - low[:, :, level_index] + 200 / (100 - SCORED_LEVEL) * (below + above)
    sums = ScoreSums(
        tuple(paths),
        smape.sum(axis=1),
        (error / scale[:, None]).sum(axis=1),
        is_inside.sum(axis=0).T.astype(float),
        np.where(is_scored, interval_score / scale[:, None], 0.0).sum(axis=0),
        is_scored.sum(axis=0),
        np.append(is_scored.sum(axis=0), is_scored.any(axis=1).sum()),
    )
    return sums, is_scored


def _add_sums(first: ScoreSums, second: ScoreSums) -> ScoreSums:
    return ScoreSums(
        first.models,
        first.smape + second.smape,
        first.mase + second.mase,
        first.interval_hits + second.interval_hits,
        first.msis + second.msis,
        first.forecast_counts + second.forecast_counts,
        first.series_counts + second.series_counts,
    )


def _build_scores(sums: ScoreSums) -> list[ModelScore]:
    """Means from sums: a row for each model and horizon with a scored forecast, then those for ALL_HORIZONS."""
    steps = len(sums.forecast_counts)
    naive = sums.models.index(NAIVE_MODEL)
    scores = []
    for index, model in enumerate(sums.models):
        for horizon in (*range(1, steps + 1), ALL_HORIZONS):
            steps_slice = slice(horizon - 1, horizon) if horizon else slice(None)
            count = int(sums.forecast_counts[steps_slice].sum())
            if not count:
                continue
            mase, naive_mase = (float(sums.mase[k, steps_slice].sum()) / count for k in (index, naive))
            scores.append(
                ModelScore(
                    model,
                    horizon,
                    int(sums.series_counts[horizon - 1]),
                    count,
                    float(sums.smape[index, steps_slice].sum()) / count,
                    mase,
                    1 - mase / naive_mase if naive_mase > 0 else None,
                    tuple(float(hits[steps_slice].sum()) / count for hits in sums.interval_hits)
                    if model == OWN_MODEL
                    else (),
                    float(sums.msis[steps_slice].sum()) / count if model == OWN_MODEL else None,
                )
            )
    return scores
