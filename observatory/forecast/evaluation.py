"""What forecasts were worth: scores by model and horizon over rolling origins, without a look ahead.

The last value of a series is T, the horizon H: the origins are T - H, T - 2H, ... so that the windows judged do not
overlap. Each origin knows what came before it and nothing else. sMAPE and MASE as in the M4 competition (Makridakis et
al. 2020), MSIS after Gneiting and Raftery (2007); errors are scaled by the mean seasonal naive error of the history.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.periods import PER_YEAR
from observatory.forecast.batch import FEWEST_VALUES, Engines, chunks, everywhere, project
from observatory.settings import LEVELS
from observatory.timeseries import Floats, Ints, LongTable

ORIGINS = 3
OURS = "observatory"  # the row of what the observatory shows
NAIVE = "naive"
SCORED_LEVEL = max(LEVELS)  # the level whose intervals have a score
ALL = 0  # stands for all horizons together


@dataclass(frozen=True)
class Score:
    """One row: a model at a horizon, or at ALL of them. `coverage` (by level) and `msis` are those of OURS only.

    `series` counts the series that could be judged, `origins` their forecasts: series x origins, for ALL x horizons.
    """

    model: str
    horizon: int
    series: int
    origins: int
    smape: float
    mase: float
    skill: float | None
    coverage: tuple[float, ...] = ()
    msis: float | None = None


@dataclass(frozen=True)
class Sums:
    """Sums over forecasts by step: `smape` and `mase` models x steps, `hits` levels x steps, the rest one a step.

    `judged` counts the forecasts; `series` the series with at least one, its last value those with one at any step.
    """

    models: tuple[str, ...]
    smape: Floats
    mase: Floats
    hits: Floats
    msis: Floats
    judged: Ints
    series: Ints


def backtest(
    table: LongTable, steps: int, origins: int, engines: Engines, progress: Callable[[float], None] = lambda _: None
) -> list[Score]:
    """Scores of the observatory's forecast and of every model, by horizon and for ALL."""
    parts = chunks(table, np.flatnonzero(table.known > FEWEST_VALUES))
    per_year = PER_YEAR[table.frequency]
    calls = ((table.matrix(part), per_year, steps, origins) for part in parts)
    found: list[Sums] = []
    for done, sums in enumerate(everywhere(judge, calls, engines)):
        found += [] if sums is None else [sums]
        progress((done + 1) / len(parts))
    return _scores(reduce(_added, found)) if found else []


def judge(y: Floats, per_year: int, steps: int, origins: int) -> Sums | None:
    """The sums of one chunk (series x periods, right-aligned on the last value); None if nothing can be judged.

    An origin counts where its own value and three values in all are known and the history is not constant.
    """
    seen = np.zeros((len(y), steps), dtype=bool)
    folds: list[Sums] = []
    for number in range(1, origins + 1):
        cut = y.shape[1] - number * steps
        if cut < FEWEST_VALUES:
            break
        history = y[:, :cut]
        scale = usual_error(history, per_year)
        rows = np.isfinite(history[:, -1]) & (np.isfinite(history).sum(axis=1) >= FEWEST_VALUES) & (scale > 0)
        if rows.any():
            fold, known = _fold(history[rows], y[rows, cut : cut + steps], scale[rows], per_year)
            folds.append(fold)
            seen[rows] |= known
    if not folds:
        return None
    total = reduce(_added, folds)
    series = np.append(seen.sum(axis=0), seen.any(axis=1).sum())
    return Sums(total.models, total.smape, total.mase, total.hits, total.msis, total.judged, series)


def usual_error(history: Floats, season: int) -> Floats:
    """The mean error inside each history of the seasonal naive forecast; of the naive one if there is none."""
    found = np.full(len(history), np.nan)
    for lag in dict.fromkeys((season, 1)):
        moves = np.abs(history[:, lag:] - history[:, :-lag])
        count = np.isfinite(moves).sum(axis=1)
        mean = np.nansum(moves, axis=1) / np.maximum(count, 1)
        found = np.where(np.isnan(found) & (count > 0), mean, found)
    return np.where(np.isfinite(found), found, 0.0)


def _fold(history: Floats, actual: Floats, scale: Floats, per_year: int) -> tuple[Sums, NDArray[np.bool_]]:
    """The sums of one origin, and which steps of which series were judged: those where all models can be."""
    from observatory.forecast import engine

    steps = actual.shape[1]
    own = project(history, per_year, steps, LEVELS)
    median, low, high = own[:, :, 0], own[:, :, 1::2], own[:, :, 2::2]
    paths = {OURS: median} | engine.members(history, per_year, steps)
    stack = np.stack(list(paths.values()))
    known = np.isfinite(actual) & np.isfinite(stack).all(axis=0) & np.isfinite(own).all(axis=2)
    error = np.where(known, np.abs(stack - actual), 0.0)
    size = np.where(known, np.abs(stack) + np.abs(actual), 0.0)
    smape = 200 * np.divide(error, size, out=np.zeros_like(error), where=size > 0)
    inside = (low <= actual[:, :, None]) & (actual[:, :, None] <= high) & known[:, :, None]
    place = LEVELS.index(SCORED_LEVEL)
    below, above = (np.maximum(gap, 0) for gap in (low[:, :, place] - actual, actual - high[:, :, place]))
    missed = high[:, :, place] - low[:, :, place] + 200 / (100 - SCORED_LEVEL) * (below + above)
    sums = Sums(
        tuple(paths),
        smape.sum(axis=1),
        (error / scale[:, None]).sum(axis=1),
        inside.sum(axis=0).T.astype(float),
        np.where(known, missed / scale[:, None], 0.0).sum(axis=0),
        known.sum(axis=0),
        np.append(known.sum(axis=0), known.any(axis=1).sum()),
    )
    return sums, known


def _added(one: Sums, two: Sums) -> Sums:
    return Sums(
        one.models,
        one.smape + two.smape,
        one.mase + two.mase,
        one.hits + two.hits,
        one.msis + two.msis,
        one.judged + two.judged,
        one.series + two.series,
    )


def _scores(sums: Sums) -> list[Score]:
    """Means from sums: a row for each model and horizon with a forecast that was judged, then those for ALL."""
    steps = len(sums.judged)
    naive = sums.models.index(NAIVE)
    found = []
    for place, model in enumerate(sums.models):
        for horizon in (*range(1, steps + 1), ALL):
            part = slice(horizon - 1, horizon) if horizon else slice(None)
            count = int(sums.judged[part].sum())
            if not count:
                continue
            mase, base = (float(sums.mase[k, part].sum()) / count for k in (place, naive))
            found.append(
                Score(
                    model,
                    horizon,
                    int(sums.series[horizon - 1]),
                    count,
                    float(sums.smape[place, part].sum()) / count,
                    mase,
                    1 - mase / base if base > 0 else None,
                    tuple(float(hits[part].sum()) / count for hits in sums.hits) if model == OURS else (),
                    float(sums.msis[part].sum()) / count if model == OURS else None,
                )
            )
    return found
