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
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from observatory.catalogue.periods import FREQUENCIES, PERIODS_PER_YEAR
from observatory.forecast.ensemble import compute_weights, predict_error_scale
from observatory.forecast.ensemble_weights import PARAMETERS_FILE, EnsembleParameters
from observatory.forecast.training.fit import fit_parameters
from observatory.forecast.training.sets import (
    CUT_DISTANCES,
    MIN_VALUES,
    TrainingSet,
    build_training_set,
    cut_series,
)
from observatory.settings import load_settings
from observatory.timeseries import FloatArray, StoredObservation, build_panel

_SEASON_LENGTHS: dict[str, int] = {str(frequency): count for frequency, count in PERIODS_PER_YEAR.items()}

_QUICK_FILE = Path("ensemble_weights.quick.json")  # in the current folder, unless --output names another file
_QUICK_SERIES = 40  # series of each frequency in the quick training
_QUICK_DATASET = "curated"

_SeriesByDataset = dict[str, list[FloatArray]]
_ProgressCallback = Callable[[str], None]


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


def read_curated_sample(data_dir: Path, series_count: int) -> dict[int, _SeriesByDataset]:
    """A sample of the curated series by season length: every n-th of those long enough to be cut, in order of key.

    Series with gaps are left out: an early cut may leave them without a value.
    """
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
        shortest = MIN_VALUES[season_length] + CUT_DISTANCES[season_length][0]
        long_enough = [
            history.values
            for _key, history in sorted(panel.items())
            if history.frequency == frequency and history.observed_count == len(history.values) >= shortest
        ]
        step = max(1, len(long_enough) // series_count)
        by_season[season_length] = {_QUICK_DATASET: list(islice(long_enough[::step], series_count))}
    return by_season


def _summarize_fit(parameters: EnsembleParameters, training_sets: Sequence[TrainingSet]) -> dict[str, Any]:
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
) -> list[TrainingSet]:
    """The training sets of one season length: each data set on logs, then on its own scale with its changes."""
    training_sets = []
    for dataset, series in sorted(datasets.items()):
        progress(f"season {season_length}: {dataset}, {len(series)} series")
        changes = [np.diff(values) for values in series if len(values) > MIN_VALUES[season_length]]
        on_logs = cut_series(series, season_length, dataset)
        own_scale = cut_series([*series, *changes], season_length, dataset)
        training_sets.append(build_training_set(on_logs, season_length))
        training_sets.append(build_training_set(own_scale, season_length, allow_logs=False))
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
        parameters = fit_parameters(training_sets, season_length)
        result["learned_from"][season_length] = _summarize_fit(parameters, training_sets)
        result["by_season"][season_length] = parameters.to_json()
        progress(f"season {season_length}: {result['learned_from'][season_length]}")
        progress(f"season {season_length}: mean weights {_compute_mean_weights(parameters, training_sets)}")
    text = json.dumps(result, separators=(",", ":")).replace('],"', '],\n"')
    output.write_text(text + "\n", encoding="utf-8")


def _compute_mean_weights(parameters: EnsembleParameters, training_sets: Sequence[TrainingSet]) -> dict[str, float]:
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
        series_by_season = read_curated_sample(load_settings().data_dir, _QUICK_SERIES)
    else:
        series_by_season = _read_training_series(args.folder)
    output = args.output or (_QUICK_FILE if args.quick else PARAMETERS_FILE)
    train(series_by_season, output, left_out=args.leave_out, progress=_print_progress)
    sys.stdout.write(f"{output.resolve()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
