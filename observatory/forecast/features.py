"""What is seen of a history that says which models to trust and how far a forecast may be off: rows of numbers.

All are relative to the size of the series, so that no unit matters, and all are of the past.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter

import numpy as np

from observatory.forecast.models import Model
from observatory.forecast.nan_stats import mean_known, usual
from observatory.forecast.preprocessing import Adjusted, Prepared, ahead
from observatory.forecast.smoothing import Grid, Members
from observatory.timeseries import Floats

RECENT_PERIODS = 40  # a move is looked at over the latest ten years of quarters, three of months, forty of years
LEAST_SCALE = 2e-3  # no error scale below two thousandths of the size
YEARS_USUAL = {1: 15.0, 4: 11.0, 12: 8.0}
LEVEL_ONLY, DAMPED, STRAIGHT = attrgetter("level_only"), attrgetter("damped"), attrgetter("straight")
FARTHEST = 4.0  # no feature beyond four, whatever the history


def paths_of(prepared: Prepared, models: Sequence[Model], steps: int) -> Floats:
    """The paths of some models on the common scale, season in: rows x steps x models."""
    season = ahead(prepared.log.effects, steps)
    paths = []
    for row in models:
        path = row.forecast(prepared.log if row.scale == "log" else prepared.plain, steps)
        path = path if row.scale == "log" else prepared.from_plain(path)
        paths.append(path if row.whole else path + season)
    return np.stack(paths, axis=2)


def row_features(prepared: Prepared) -> Floats:
    """Features of each row (rows x features, the first is 1): length, noise, trend, season, what smoothing makes of it.

    The last one says that a row is forecast on its own scale.
    """
    log, season = prepared.log, prepared.season
    level_only, damped, straight = (_log_loss(log, part) for part in (LEVEL_ONLY, DAMPED, STRAIGHT))
    moves = _moves(log.z, 1)
    spread = np.sqrt(mean_known(moves**2))
    spread = np.where(spread > 0, spread, 1e-6)
    again = np.where(np.isfinite(moves[:, 1:] * moves[:, :-1]), moves[:, 1:] * moves[:, :-1], np.nan)
    count = np.isfinite(log.z).sum(axis=1)
    level = log.smoothed.path(log.smoothed.grid.level_only, 1)[:, 0]
    trend, recent = (part * np.sqrt(count) / spread for part in (log.slope, log.recent_slope))
    columns = [
        np.ones(len(count)),
        np.log(count / season / YEARS_USUAL[season]),
        np.log(spread + 1e-4) + 2.5,
        (level_only - damped) / 2,
        (straight - damped) / 2,
        np.tanh(np.abs(trend) / 2),
        np.tanh(np.abs(recent) / 2),
        np.nan_to_num(mean_known(again) / spread**2),
        (_log_loss(prepared.plain, DAMPED) - damped) / 6,
        np.minimum(np.abs(log.last - level) / spread, 3.0) / 2,
        np.tanh((recent - trend) * np.sign(trend) / 2),
        np.where(prepared.scale.logs, 0.0, 1.0),
    ]
    if season > 1:
        winters = np.log(log.winters.loss.min(axis=1) + 1e-14)
        columns += [prepared.strength * 2 - 1, np.clip(winters - damped, -3, 3) / 2]
    return np.asarray(np.clip(np.nan_to_num(np.stack(columns, axis=1)), -FARTHEST, FARTHEST))


def spread_features(prepared: Prepared, rows: Floats, paths: Floats, far: int) -> Floats:
    """Features of the size of an error, rows x steps x features; `far` is the longest horizon that was learned.

    Beside the features of the row: errors one step ahead (all and recent ones), moves over a period and over a year,
    how far the models are apart, how far they go.
    """
    log, steps, season = prepared.log, paths.shape[1], prepared.season
    moves, over_year = _moves(log.z, 1), _moves(log.z, season if season > 1 else 2)
    spread = np.sqrt(mean_known(moves**2))
    one_step = np.exp(np.minimum(_log_loss(log, DAMPED), _log_loss(log, LEVEL_ONLY)) / 2)
    smoothed, members = log.smoothed, log.smoothed.grid.damped
    recent = np.sqrt((smoothed.weights(members) * smoothed.recent[:, members]).sum(axis=1))
    latest = mean_known(np.abs(moves[:, -2 * max(season, 4) :]))
    sizes = [recent, one_step, spread, latest, mean_known(np.abs(over_year))]
    filled = [np.where(np.isfinite(part) & (part > LEAST_SCALE), part, LEAST_SCALE) for part in sizes]
    base = np.concatenate([rows, np.log(np.stack(filled, axis=1)) + 3], axis=1)
    horizon = np.log(np.arange(1, steps + 1)) / np.log(far)
    apart = np.log(np.maximum(paths.std(axis=2), LEAST_SCALE)) + 3
    moved = np.median(paths, axis=2) - log.last[:, None] - ahead(log.effects, steps)
    distance = np.log(np.maximum(np.abs(moved), LEAST_SCALE)) + 3
    repeated = np.repeat(base[:, None, :], steps, axis=1)
    square = np.repeat((horizon**2)[None, :, None], len(rows), axis=0)
    parts = [repeated, repeated * horizon[None, :, None], apart[:, :, None], distance[:, :, None], square]
    return np.concatenate(parts, axis=2)


def _moves(z: Floats, over: int) -> Floats:
    """Recent changes over some periods, cut where they are odd beside those of the whole history."""
    changes = z[:, over:] - z[:, :-over]
    limit = usual(changes)[:, None]
    return np.clip(changes[:, -(RECENT_PERIODS - over) :], -limit, limit)


def _log_loss(history: Adjusted, members: Callable[[Grid], Members]) -> Floats:
    smoothed = history.smoothed
    return np.asarray(np.log(smoothed.loss[:, members(smoothed.grid)].min(axis=1) + 1e-14))
