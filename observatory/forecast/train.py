"""Trains the ensemble: weights of the models, error sizes and their quantiles, by season length.

`python -m observatory.forecast.train FOLDER` is the training whose result ships. FOLDER holds `series.parquet`
(unique_id, step, y, split) and `index.csv` (unique_id, dataset, frequency, clean). Only rows of split "train" are
read: each series is cut at several past origins, and the values that follow in its own training part are the
outcomes. The test parts are never opened.

`python -m observatory.forecast.train --quick` trains on a small fixed sample of the curated series under data/, in
about ten seconds on one core. It gives every row of MODELS a weight, so that a new model can be tried at once; the
result is for trials, not for shipping, since the same series measure the track record.
"""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.periods import FREQUENCIES, PERIODS_PER_YEAR
from observatory.forecast.engine import split_pieces
from observatory.forecast.ensemble import compute_horizon_share, compute_weights, predict_error_scale
from observatory.forecast.ensemble_weights import PARAMETERS_FILE, EnsembleParameters
from observatory.forecast.features import compute_model_paths, compute_row_features, compute_spread_features
from observatory.forecast.models import select_pool
from observatory.forecast.nan_stats import nan_mean
from observatory.forecast.preprocessing import extend_effects, prepare_histories
from observatory.settings import load_settings
from observatory.timeseries import FloatArray, StoredObservation, build_panel, right_align

_SEASON_LENGTHS: dict[str, int] = {str(frequency): count for frequency, count in PERIODS_PER_YEAR.items()}
_MAX_HORIZONS = {1: 8, 4: 20, 12: 60}  # longest horizon, in periods
_CUT_DISTANCES = {  # periods from an origin to the end of a series
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
_PLAIN_SCALE_WEIGHT = 0.15  # weight of the same series on their own scale, and of their changes (mixed signs)
_NEIGHBOUR_HORIZONS = {1: 1, 4: 1, 12: 2}  # horizons on each side whose errors enter a quantile
_MAX_IMPORTANCE = 100.0  # cap of the weight of a value, relative to its scale

_QUICK_FILE = Path("ensemble_weights.quick.json")  # in the current folder, unless --output names another file
_QUICK_SERIES = 40  # series of each frequency in the quick training
_QUICK_DATASET = "curated"

_SeriesByDataset = dict[str, list[FloatArray]]
_ProgressCallback = Callable[[str], None]


@dataclass(frozen=True)
class _TrainingCuts:
    """The cuts of one data set: histories, outcomes (rows x steps, NaN where unknown), and the series of each row."""

    dataset: str
    y: FloatArray
    future: FloatArray
    series_indices: NDArray[np.intp]


@dataclass(frozen=True)
class _TrainingSet:
    """Features, paths and outcomes of a data set on the common scale; `importance` sums to one."""

    dataset: str
    rows: FloatArray
    paths: FloatArray
    spread_features: FloatArray
    outcome: FloatArray
    importance: FloatArray
    row_weights: FloatArray  # by row: a series weighs the root of its number of cuts
    is_log: bool


def _cut_series(series: Sequence[FloatArray], season_length: int, dataset: str) -> _TrainingCuts:
    """Cuts of each series at past origins; the outcomes are the values that follow in the series itself."""
    histories, futures, owners = [], [], []
    for index, values in enumerate(series):
        for distance in _CUT_DISTANCES[season_length]:
            end = len(values) - distance
            if end < _MIN_VALUES[season_length]:
                continue
            histories.append(values[:end])
            after = np.full(_MAX_HORIZONS[season_length], np.nan)
            observed = values[end : end + _MAX_HORIZONS[season_length]]
            after[: len(observed)] = observed
            futures.append(after)
            owners.append(index)
    return _TrainingCuts(dataset, right_align(histories), np.array(futures), np.array(owners))


def _build_training_set(cut: _TrainingCuts, season_length: int, *, allow_logs: bool = True) -> _TrainingSet:
    """Features, paths and outcomes of a data set. Errors weigh as in the score: relative to scale and to level."""
    parts: list[tuple[FloatArray, ...]] = []
    start = 0
    for y in split_pieces(cut.y, season_length):
        prepared = prepare_histories(y, season_length, allow_logs=allow_logs)
        paths = compute_model_paths(prepared, select_pool(season_length), _MAX_HORIZONS[season_length])
        rows = compute_row_features(prepared)
        future = cut.future[start : start + len(y)]
        start += len(y)
        mean_change = nan_mean(np.abs(y[:, season_length:] - y[:, :-season_length]))
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = np.abs(future) / np.where(mean_change > 0, mean_change, np.nan)[:, None]
        naive_path = prepared.log.last_values[:, None] + extend_effects(
            prepared.log.seasonal_effects, _MAX_HORIZONS[season_length]
        )
        parts.append(
            (
                rows,
                paths,
                compute_spread_features(prepared, rows, paths, _MAX_HORIZONS[season_length]),
                prepared.scale.to_scaled(future),
                relative,
                naive_path,
            )
        )
    rows, paths, spread, outcome, relative, naive_path = (
        np.concatenate([share_of_scale[k] for share_of_scale in parts]) for k in range(6)
    )
    _, series_numbers, count = np.unique(cut.series_indices, return_inverse=True, return_counts=True)
    share = 1 / np.sqrt(count[series_numbers])
    is_known = np.isfinite(outcome) & np.isfinite(relative)
    relative_weight = np.where(is_known, np.minimum(np.nan_to_num(relative), _MAX_IMPORTANCE), 0.0)
    error = np.abs(np.where(is_known, outcome, naive_path) - naive_path)
    scaled_error, level_error = (error * relative_weight)[is_known].mean(), np.minimum(error, 1)[is_known].mean()
    importance = np.where(is_known, relative_weight / scaled_error + 1 / level_error, 0.0) * share[:, None]
    share_of_scale = 1.0 if allow_logs else _PLAIN_SCALE_WEIGHT
    importance *= share_of_scale / importance.sum()
    return _TrainingSet(cut.dataset, rows, paths, spread, outcome, importance, share_of_scale * share, allow_logs)


def _fit_weights(training_sets: Sequence[_TrainingSet], season_length: int) -> tuple[FloatArray, FloatArray]:
    """Weights that minimise the mean absolute error of the weighted path, with a ridge towards equal weights."""
    from scipy.optimize import minimize

    rows, paths, outcome, importance = (
        np.concatenate([getattr(part, name) for part in training_sets])
        for name in ("rows", "paths", "outcome", "importance")
    )
    outcome = np.where(importance > 0, outcome, 0.0)
    feature_count, models, horizon_share = (
        rows.shape[1],
        paths.shape[2],
        compute_horizon_share(_MAX_HORIZONS[season_length], _MAX_HORIZONS[season_length])[None, :, None],
    )
    plain_error = (importance * np.abs(paths.mean(axis=2) - outcome)).sum()
    row_penalty = np.ones((feature_count, 1))
    row_penalty[0] = _CONSTANT_PENALTY_SHARE
    step_penalty = np.array([[_CONSTANT_PENALTY_SHARE], [1.0]])
    penalty = _RIDGE_PENALTY[season_length]

    def loss(flat: FloatArray) -> tuple[float, FloatArray]:
        by_row, by_step = (
            flat[: feature_count * models].reshape(feature_count, models),
            flat[feature_count * models :].reshape(2, models),
        )
        logits = (rows @ by_row)[:, None, :] + horizon_share * (rows[:, :2] @ by_step)[:, None, :]
        likely = np.exp(logits - logits.max(axis=2, keepdims=True))
        likely /= likely.sum(axis=2, keepdims=True)
        path = np.einsum("nhk,nhk->nh", likely, paths)
        error = path - outcome
        size = np.sqrt(error**2 + 0.005**2)  # the absolute value, smooth at zero
        back = likely * (paths - path[:, :, None]) * (importance * error / size / plain_error)[:, :, None]
        held = (row_penalty * by_row**2).sum() + (step_penalty * by_step**2).sum()
        gradient = [
            rows.T @ back.sum(axis=1) + 2 * penalty * row_penalty * by_row,
            rows[:, :2].T @ (back * horizon_share).sum(axis=1) + 2 * penalty * step_penalty * by_step,
        ]
        return float((importance * size).sum() / plain_error + penalty * held), np.concatenate(
            [g.ravel() for g in gradient]
        )

    solution = minimize(
        loss, np.zeros((feature_count + 2) * models), jac=True, method="L-BFGS-B", options={"maxiter": 150}
    ).x
    return solution[: feature_count * models].reshape(feature_count, models), solution[
        feature_count * models :
    ].reshape(2, models)


def _fit_spread(training_sets: Sequence[_TrainingSet], path: Callable[[_TrainingSet], FloatArray]) -> FloatArray:
    """The log of the mean absolute error as a linear function of the features (gamma regression with a log link)."""
    from sklearn.linear_model import GammaRegressor

    features, errors, counts = [], [], []
    for part in training_sets:
        is_known = np.isfinite(part.outcome)
        weight = np.broadcast_to(part.row_weights[:, None], is_known.shape)[is_known]
        features.append(part.spread_features[is_known])
        errors.append(np.abs(part.outcome - path(part))[is_known])
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
    """Quantiles of error / scale by horizon, with equal weights of the data sets (split conformal prediction)."""
    parameters = EnsembleParameters(season_length, (), np.empty(0), np.empty(0), spread, np.empty(0), np.empty(0))
    scaled = [
        (part.outcome - path(part)) / predict_error_scale(parameters, part.spread_features) for part in training_sets
    ]
    counts = [
        np.broadcast_to(part.row_weights[:, None] / part.row_weights.sum(), part.outcome.shape)
        for part in training_sets
    ]
    errors, weight = np.concatenate(scaled), np.concatenate(counts)
    rows = []
    for step in range(_MAX_HORIZONS[season_length]):
        nearby = slice(max(0, step - _NEIGHBOUR_HORIZONS[season_length]), step + _NEIGHBOUR_HORIZONS[season_length] + 1)
        is_finite = np.isfinite(errors[:, nearby])
        values, shares = errors[:, nearby][is_finite], weight[:, nearby][is_finite]
        order = np.argsort(values)
        rows.append(np.interp(_PROBABILITIES, np.cumsum(shares[order]) / shares.sum(), values[order]))
    return np.array(rows)


def _fit_parameters(training_sets: Sequence[_TrainingSet], season_length: int) -> EnsembleParameters:
    """The parameters of one season length, fitted on several training sets."""
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


def _read_training_series(folder: Path) -> dict[int, _SeriesByDataset]:
    """The training parts of the clean series, by season length and data set."""
    import pandas as pd  # only the full training reads Parquet

    index = pd.read_csv(folder / "index.csv")
    index = index[index.clean]
    series = pd.read_parquet(folder / "series.parquet", filters=[("split", "==", "train")])
    values = {str(name): rows.y.to_numpy(float) for name, rows in series.groupby("unique_id", observed=True)}
    by_season: dict[int, _SeriesByDataset] = {}
    for name, dataset, frequency in index[["unique_id", "dataset", "frequency"]].astype(str).to_numpy():
        by_season.setdefault(_SEASON_LENGTHS[frequency], {}).setdefault(dataset, []).append(values[name])
    return by_season


def _read_curated_sample(data_dir: Path, series_count: int) -> dict[int, _SeriesByDataset]:
    """A sample of the curated series by season length: every n-th of those long enough to be cut, in order of key."""
    observations = []
    for path in sorted((data_dir / "observations").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            observations += [
                StoredObservation(path.stem, row["geo"], row["item"], row["period"], float(row["value"]))
                for row in csv.DictReader(lines)
            ]
    panel = build_panel(observations)
    by_season: dict[int, _SeriesByDataset] = {}
    for frequency in FREQUENCIES:
        season_length = PERIODS_PER_YEAR[frequency]
        shortest = _MIN_VALUES[season_length] + _CUT_DISTANCES[season_length][0]
        long_enough = [
            history.values
            for _key, history in sorted(panel.items())
            if history.frequency == frequency and history.observed_count >= shortest
        ]
        step = max(1, len(long_enough) // series_count)
        by_season[season_length] = {_QUICK_DATASET: list(islice(long_enough[::step], series_count))}
    return by_season


def _summarize_fit(parameters: EnsembleParameters, training_sets: Sequence[_TrainingSet]) -> dict[str, Any]:
    """In-sample fit by training set: error relative to that of the plain mean, coverage of the 80 % interval."""
    summary: dict[str, Any] = {}
    for part in training_sets:
        path = (compute_weights(parameters, part.rows, parameters.max_horizon) * part.paths).sum(axis=2)
        outcome = np.where(part.importance > 0, part.outcome, path)
        own_error = (part.importance * np.abs(path - outcome)).sum()
        plain_error = (part.importance * np.abs(part.paths.mean(axis=2) - outcome)).sum()
        error = (part.outcome - path) / predict_error_scale(parameters, part.spread_features)
        low, high = (
            parameters.quantiles[int(part.is_log)][:, parameters.probabilities == level].T for level in (0.1, 0.9)
        )
        is_inside = ((error >= low) & (error <= high))[np.isfinite(error)]
        summary[f"{part.dataset}{'' if part.is_log else ', own scale'}"] = {
            "cuts": len(part.rows),
            "error_beside_plain_mean": round(float(own_error / plain_error), 3),
            "coverage_80": round(float(is_inside.mean()), 3),
        }
    return summary


def _build_training_sets(
    datasets: _SeriesByDataset, season_length: int, progress: _ProgressCallback
) -> list[_TrainingSet]:
    """The training sets of one season length: each data set on logs, then on its own scale with its changes."""
    training_sets = []
    for dataset, series in sorted(datasets.items()):
        progress(f"season {season_length}: {dataset}, {len(series)} series")
        changes = [np.diff(values) for values in series if len(values) > _MIN_VALUES[season_length]]
        on_logs = _cut_series(series, season_length, dataset)
        own_scale = _cut_series([*series, *changes], season_length, dataset)
        training_sets.append(_build_training_set(on_logs, season_length))
        training_sets.append(_build_training_set(own_scale, season_length, allow_logs=False))
    return training_sets


def train(
    series_by_season: dict[int, _SeriesByDataset],
    output: Path,
    *,
    left_out: str | None = None,
    progress: _ProgressCallback = lambda _line: None,
) -> None:
    """Fits the parameters of every season length and writes them to a file.

    `series_by_season` holds histories by season length (1, 4 or 12) and data set; `left_out` names a data set that is
    not trained on. All rows of MODELS but the reference get a weight.
    """
    result: dict[str, Any] = {"learned_from": {}, "by_season": {}}
    for season_length, datasets in series_by_season.items():
        used = {name: series for name, series in datasets.items() if name != left_out}
        training_sets = _build_training_sets(used, season_length, progress)
        parameters = _fit_parameters(training_sets, season_length)
        result["learned_from"][season_length] = _summarize_fit(parameters, training_sets)
        result["by_season"][season_length] = parameters.to_json()
        progress(f"season {season_length}: {result['learned_from'][season_length]}")
        progress(f"season {season_length}: mean weights {_compute_mean_weights(parameters, training_sets)}")
    text = json.dumps(result, separators=(",", ":")).replace('],"', '],\n"')
    output.write_text(text + "\n", encoding="utf-8")


def _compute_mean_weights(parameters: EnsembleParameters, training_sets: Sequence[_TrainingSet]) -> dict[str, float]:
    """The mean weight of each model over all cuts and steps, by id."""
    rows = np.concatenate([part.rows for part in training_sets])
    weights = compute_weights(parameters, rows, parameters.max_horizon).mean(axis=(0, 1))
    return {name: round(float(weight), 3) for name, weight in zip(parameters.models, weights, strict=True)}


def _print_progress(line: str) -> None:
    sys.stderr.write(line + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Trains, writes the file and prints its path."""
    parser = argparse.ArgumentParser(
        prog="python -m observatory.forecast.train",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, nargs="?", help="the folder of series.parquet and index.csv")
    parser.add_argument("--quick", action="store_true", help="train on a small sample of the curated series")
    parser.add_argument("--output", type=Path, help="the file to write; printed at the end")
    parser.add_argument("--leave-out", metavar="DATASET", help="train without one data set, to score on it")
    args = parser.parse_args(arguments)
    if args.quick == (args.folder is not None):
        parser.error("give either FOLDER or --quick")
    if args.quick:
        series_by_season = _read_curated_sample(load_settings().data_dir, _QUICK_SERIES)
    else:
        series_by_season = _read_training_series(args.folder)
    output = args.output or (_QUICK_FILE if args.quick else PARAMETERS_FILE)
    train(series_by_season, output, left_out=args.leave_out, progress=_print_progress)
    sys.stdout.write(f"{output.resolve()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
