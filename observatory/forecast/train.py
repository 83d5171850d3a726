"""Learns the weights of the models and the sizes of errors: python -m observatory.forecast.train FOLDER.

FOLDER holds `series.parquet` (unique_id, step, y, split) and `index.csv` (unique_id, dataset, frequency, clean). Only
rows of split "train" are read: each series is cut at several past origins, and what came next in its own training
part is what is learned from. The test parts are never opened. The file written names what it was learned from.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.forecast.engine import split_pieces
from observatory.forecast.ensemble import compute_horizon_share, compute_weights, predict_error_scale
from observatory.forecast.ensemble_weights import PARAMETERS_FILE, EnsembleParameters
from observatory.forecast.features import compute_model_paths, compute_row_features, compute_spread_features
from observatory.forecast.models import select_pool
from observatory.forecast.nan_stats import nan_mean
from observatory.forecast.preprocessing import extend_effects, prepare_histories
from observatory.timeseries import FloatArray, right_align

_SEASON_LENGTHS = {"A": 1, "Q": 4, "M": 12}
_MAX_HORIZONS = {1: 8, 4: 20, 12: 60}  # the longest horizon learned, in periods
_CUT_DISTANCES = {  # periods before the end of a training part
    1: (1, 2, 3, 4, 5, 6, 8, 10, 12),
    4: (3, 5, 8, 11, 14, 18, 22, 28),
    12: (12, 18, 24, 31, 38, 45, 60, 77),
}
_MIN_VALUES = {1: 7, 4: 14, 12: 30}  # values before a cut
_RIDGE_PENALTY = {
    1: 0.04,
    4: 0.1,
    12: 0.0008,
}  # of the weights, chosen by leaving one data set out (docs/forecasting.md)
_CONSTANT_PENALTY_SHARE = 0.05  # the part of it that holds the first feature, the constant
_SPREAD_PENALTY = 2e-3
_PROBABILITIES = (0.005, 0.01, 0.025, 0.05, *np.round(np.arange(0.1, 0.91, 0.05), 2), 0.95, 0.975, 0.99, 0.995)
_PLAIN_SCALE_WEIGHT = 0.15  # how much the same series on their own scale count, and their changes (signs mixed)
_NEIGHBOUR_HORIZONS = {1: 1, 4: 1, 12: 2}  # horizons on each side whose errors count for a quantile
_MAX_IMPORTANCE = 100.0  # no value counts more than a hundred times its scale

_ProgressCallback = Callable[[str], None]


@dataclass(frozen=True)
class _TrainingCuts:
    """The cuts of one data set: histories, what came (rows x steps, NaN where unknown), and the series of each row."""

    dataset: str
    y: FloatArray
    future: FloatArray
    series_indices: NDArray[np.intp]


@dataclass(frozen=True)
class _TrainingSet:
    """A data set's cuts as numbers on the common scale; `importance` sums to one."""

    dataset: str
    rows: FloatArray
    paths: FloatArray
    spread_features: FloatArray
    outcome: FloatArray
    importance: FloatArray
    row_weights: FloatArray  # of each row: a series counts with the root of its number of cuts
    is_log: bool


def _cut_series(series: Sequence[FloatArray], season_length: int, dataset: str) -> _TrainingCuts:
    """Each series cut at its past origins; the outcome is what followed within the series itself."""
    histories, futures, owners = [], [], []
    for place, values in enumerate(series):
        for back in _CUT_DISTANCES[season_length]:
            end = len(values) - back
            if end < _MIN_VALUES[season_length]:
                continue
            histories.append(values[:end])
            after = np.full(_MAX_HORIZONS[season_length], np.nan)
            known = values[end : end + _MAX_HORIZONS[season_length]]
            after[: len(known)] = known
            futures.append(after)
            owners.append(place)
    return _TrainingCuts(dataset, right_align(histories), np.array(futures), np.array(owners))


def _build_training_set(cut: _TrainingCuts, season_length: int, allow_logs: bool = True) -> _TrainingSet:
    """Features, paths and outcomes of a data set. An error counts as in the score: relative to scale and to level."""
    parts: list[tuple[FloatArray, ...]] = []
    start = 0
    for y in split_pieces(cut.y, season_length):
        prepared = prepare_histories(y, season_length, allow_logs)
        paths = compute_model_paths(prepared, select_pool(season_length), _MAX_HORIZONS[season_length])
        rows = compute_row_features(prepared)
        future = cut.future[start : start + len(y)]
        start += len(y)
        moved = nan_mean(np.abs(y[:, season_length:] - y[:, :-season_length]))
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = np.abs(future) / np.where(moved > 0, moved, np.nan)[:, None]
        simple = prepared.log.last_values[:, None] + extend_effects(
            prepared.log.seasonal_effects, _MAX_HORIZONS[season_length]
        )
        parts.append(
            (
                rows,
                paths,
                compute_spread_features(prepared, rows, paths, _MAX_HORIZONS[season_length]),
                prepared.scale.to_scaled(future),
                relative,
                simple,
            )
        )
    rows, paths, spread, outcome, relative, simple = (np.concatenate([part[k] for part in parts]) for k in range(6))
    _, place, count = np.unique(cut.series_indices, return_inverse=True, return_counts=True)
    share = 1 / np.sqrt(count[place])
    known = np.isfinite(outcome) & np.isfinite(relative)
    heavy = np.where(known, np.minimum(np.nan_to_num(relative), _MAX_IMPORTANCE), 0.0)
    error = np.abs(np.where(known, outcome, simple) - simple)
    scaled_error, level_error = (error * heavy)[known].mean(), np.minimum(error, 1)[known].mean()
    importance = np.where(known, heavy / scaled_error + 1 / level_error, 0.0) * share[:, None]
    part = 1.0 if allow_logs else _PLAIN_SCALE_WEIGHT
    importance *= part / importance.sum()
    return _TrainingSet(cut.dataset, rows, paths, spread, outcome, importance, part * share, allow_logs)


def _fit_weights(training_sets: Sequence[_TrainingSet], season_length: int) -> tuple[FloatArray, FloatArray]:
    """Weights that make the mean absolute error of the weighted path least, held near equal weights (ridge)."""
    from scipy.optimize import minimize

    rows, paths, outcome, importance = (
        np.concatenate([getattr(part, name) for part in training_sets])
        for name in ("rows", "paths", "outcome", "importance")
    )
    outcome = np.where(importance > 0, outcome, 0.0)
    count, models, place = (
        rows.shape[1],
        paths.shape[2],
        compute_horizon_share(_MAX_HORIZONS[season_length], _MAX_HORIZONS[season_length])[None, :, None],
    )
    plain = (importance * np.abs(paths.mean(axis=2) - outcome)).sum()
    row_hold = np.ones((count, 1))
    row_hold[0] = _CONSTANT_PENALTY_SHARE
    step_hold = np.array([[_CONSTANT_PENALTY_SHARE], [1.0]])
    stiff = _RIDGE_PENALTY[season_length]

    def loss(flat: FloatArray) -> tuple[float, FloatArray]:
        by_row, by_step = flat[: count * models].reshape(count, models), flat[count * models :].reshape(2, models)
        logits = (rows @ by_row)[:, None, :] + place * (rows[:, :2] @ by_step)[:, None, :]
        likely = np.exp(logits - logits.max(axis=2, keepdims=True))
        likely /= likely.sum(axis=2, keepdims=True)
        path = np.einsum("nhk,nhk->nh", likely, paths)
        error = path - outcome
        size = np.sqrt(error**2 + 0.005**2)  # the absolute value, smooth at zero
        back = likely * (paths - path[:, :, None]) * (importance * error / size / plain)[:, :, None]
        held = (row_hold * by_row**2).sum() + (step_hold * by_step**2).sum()
        gradient = [
            rows.T @ back.sum(axis=1) + 2 * stiff * row_hold * by_row,
            rows[:, :2].T @ (back * place).sum(axis=1) + 2 * stiff * step_hold * by_step,
        ]
        return float((importance * size).sum() / plain + stiff * held), np.concatenate([g.ravel() for g in gradient])

    found = minimize(loss, np.zeros((count + 2) * models), jac=True, method="L-BFGS-B", options={"maxiter": 150}).x
    return found[: count * models].reshape(count, models), found[count * models :].reshape(2, models)


def _fit_spread(training_sets: Sequence[_TrainingSet], path: Callable[[_TrainingSet], FloatArray]) -> FloatArray:
    """The log of the mean absolute error as a linear function of the features (gamma regression with a log link)."""
    from sklearn.linear_model import GammaRegressor

    features, errors, counts = [], [], []
    for part in training_sets:
        known = np.isfinite(part.outcome)
        weight = np.broadcast_to(part.row_weights[:, None], known.shape)[known]
        features.append(part.spread_features[known])
        errors.append(np.abs(part.outcome - path(part))[known])
        counts.append(weight / weight.sum() * (1.0 if part.is_log else _PLAIN_SCALE_WEIGHT))
    matrix, weight = np.concatenate(features), np.concatenate(counts)
    centre, width = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    centre[0], width[0] = 0.0, 1.0  # the constant
    fit = GammaRegressor(alpha=_SPREAD_PENALTY, fit_intercept=True, solver="lbfgs", max_iter=500)
    fit.fit((matrix - centre)[:, 1:] / width[1:], np.maximum(np.concatenate(errors), 1e-4), sample_weight=weight)
    spread = np.append(0.0, fit.coef_ / width[1:])
    spread[0] = fit.intercept_ - (centre * spread).sum()
    return spread


def _fit_quantiles(
    training_sets: Sequence[_TrainingSet],
    season_length: int,
    path: Callable[[_TrainingSet], FloatArray],
    spread: FloatArray,
) -> FloatArray:
    """Quantiles of error / scale by horizon, each data set counting the same (split conformal prediction)."""
    known = EnsembleParameters(season_length, (), np.empty(0), np.empty(0), spread, np.empty(0), np.empty(0))
    scaled = [(part.outcome - path(part)) / predict_error_scale(known, part.spread_features) for part in training_sets]
    counts = [
        np.broadcast_to(part.row_weights[:, None] / part.row_weights.sum(), part.outcome.shape)
        for part in training_sets
    ]
    errors, weight = np.concatenate(scaled), np.concatenate(counts)
    rows = []
    for step in range(_MAX_HORIZONS[season_length]):
        near = slice(max(0, step - _NEIGHBOUR_HORIZONS[season_length]), step + _NEIGHBOUR_HORIZONS[season_length] + 1)
        here = np.isfinite(errors[:, near])
        values, shares = errors[:, near][here], weight[:, near][here]
        order = np.argsort(values)
        rows.append(np.interp(_PROBABILITIES, np.cumsum(shares[order]) / shares.sum(), values[order]))
    return np.array(rows)


def _fit_parameters(training_sets: Sequence[_TrainingSet], season_length: int) -> EnsembleParameters:
    """Everything of one frequency, from the lessons of several data sets."""
    row_weights, step_weights = _fit_weights(training_sets, season_length)
    models = tuple(row.id for row in select_pool(season_length))
    start = EnsembleParameters(
        season_length,
        models,
        row_weights,
        step_weights,
        np.empty(0),
        np.array(_PROBABILITIES),
        np.zeros((2, _MAX_HORIZONS[season_length], 1)),
    )

    def path(part: _TrainingSet) -> FloatArray:
        return np.asarray((compute_weights(start, part.rows, _MAX_HORIZONS[season_length]) * part.paths).sum(axis=2))

    spread = _fit_spread(training_sets, path)
    quantiles = np.array(
        [
            _fit_quantiles([part for part in training_sets if part.is_log is kind], season_length, path, spread)
            for kind in (False, True)
        ]
    )
    return EnsembleParameters(
        season_length, models, row_weights, step_weights, spread, np.array(_PROBABILITIES), quantiles
    )


def _read_training_series(folder: Path) -> dict[int, dict[str, list[FloatArray]]]:
    """The training parts of the clean series, by season and data set."""
    import pandas as pd

    index = pd.read_csv(folder / "index.csv")
    index = index[index.clean]
    series = pd.read_parquet(folder / "series.parquet", filters=[("split", "==", "train")])
    values = {str(name): rows.y.to_numpy(float) for name, rows in series.groupby("unique_id", observed=True)}
    found: dict[int, dict[str, list[FloatArray]]] = {}
    for name, dataset, frequency in index[["unique_id", "dataset", "frequency"]].astype(str).to_numpy():
        found.setdefault(_SEASON_LENGTHS[frequency], {}).setdefault(dataset, []).append(values[name])
    return found


def _summarize_fit(parameters: EnsembleParameters, training_sets: Sequence[_TrainingSet]) -> dict[str, Any]:
    """How it did on the cuts that it was learned from: error beside that of the plain mean, coverage of 80 %."""
    found: dict[str, Any] = {}
    for part in training_sets:
        path = (compute_weights(parameters, part.rows, parameters.max_horizon) * part.paths).sum(axis=2)
        outcome = np.where(part.importance > 0, part.outcome, path)
        mine = (part.importance * np.abs(path - outcome)).sum()
        plain = (part.importance * np.abs(part.paths.mean(axis=2) - outcome)).sum()
        error = (part.outcome - path) / predict_error_scale(parameters, part.spread_features)
        low, high = (
            parameters.quantiles[int(part.is_log)][:, parameters.probabilities == level].T for level in (0.1, 0.9)
        )
        inside = ((error >= low) & (error <= high))[np.isfinite(error)]
        found[f"{part.dataset}{'' if part.is_log else ', own scale'}"] = {
            "cuts": len(part.rows),
            "error_beside_plain_mean": round(float(mine / plain), 3),
            "coverage_80": round(float(inside.mean()), 3),
        }
    return found


def _load_training_sets(folder: Path, progress: _ProgressCallback) -> dict[int, list[_TrainingSet]]:
    """The lessons of all frequencies and data sets."""
    found: dict[int, list[_TrainingSet]] = {}
    for season, datasets in _read_training_series(folder).items():
        for dataset, series in sorted(datasets.items()):
            progress(f"season {season}: {dataset}, {len(series)} series")
            both = [*series, *(np.diff(values) for values in series if len(values) > _MIN_VALUES[season])]
            found.setdefault(season, []).append(_build_training_set(_cut_series(series, season, dataset), season))
            found[season].append(_build_training_set(_cut_series(both, season, dataset), season, allow_logs=False))
    return found


def _print_progress(line: str) -> None:
    """A line of progress."""
    sys.stderr.write(line + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Trains and writes the file."""
    parser = argparse.ArgumentParser(prog="python -m observatory.forecast.train", description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of series.parquet and index.csv")
    parser.add_argument("--output", type=Path, default=PARAMETERS_FILE)
    parser.add_argument("--leave-out", metavar="DATASET", help="learn without one data set, to judge on it")
    chosen = parser.parse_args(arguments)
    result: dict[str, Any] = {"learned_from": {}, "by_season": {}}
    for season, lessons in _load_training_sets(chosen.folder, _print_progress).items():
        kept = [part for part in lessons if part.dataset != chosen.leave_out]
        known = _fit_parameters(kept, season)
        result["learned_from"][season] = _summarize_fit(known, kept)
        result["by_season"][season] = known.to_json()
        _print_progress(f"season {season}: {result['learned_from'][season]}")
    text = json.dumps(result, separators=(",", ":")).replace('],"', '],\n"')
    chosen.output.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
