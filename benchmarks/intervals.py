"""Ranges of a file, as trained and calibrated on its own past: coverage and interval score at rolling origins.

    python benchmarks/intervals.py ../shared/bench [--weights FOLDER]

Prints the tables of docs/benchmarks.md as Markdown: panels of the observatory's own series, each as one file, then M1,
M3 and Tourism with an engine that was trained without the data set. Only training parts are read: the outcomes are the
last horizon of these and the one before. `--weights` holds `M1.json`, `M3.json` and `Tourism.json`, as
`python -m observatory.forecast.train FOLDER --leave-out M1 --output M1.json` writes them; without it they are trained.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from observatory.catalogue import loader
from observatory.catalogue.files import EditionFiles
from observatory.catalogue.periods import PERIODS_PER_YEAR, Frequency
from observatory.forecast.calibration import calibrate_intervals
from observatory.forecast.engine import forecast_matrix
from observatory.forecast.ensemble_weights import EnsembleParameters, read_parameters
from observatory.forecast.intermittent import find_intermittent
from observatory.forecast.train import main as train
from observatory.settings import load_settings
from observatory.timeseries import TimeSeries, build_panel, right_align
from observatory.workspace import build_curated_reports

LEVELS = (80, 95)
SAMPLE = 256  # series of a file that calibrate it
MIN_VALUES = {1: 8, 4: 16, 12: 30}
HORIZONS: dict[Frequency, int] = {"A": 6, "Q": 8, "M": 18}
SHORT_HORIZONS: dict[Frequency, int] = {"A": 1, "Q": 2, "M": 3}
LEFT_OUT_HORIZONS: dict[Frequency, int] = {"A": 4, "Q": 8, "M": 12}  # training parts are short
DATASETS = ("M1", "M3", "Tourism")
TRAFFIC = ("airport", "passenger", "ifr", "overflights")
US_INDUSTRY = ("orders", "shipments", "inventories", "production")
PANELS: dict[str, tuple[Frequency, Callable[[str], bool]]] = {
    "American industry": ("M", lambda name: name.startswith("us_") and any(word in name for word in US_INDUSTRY)),
    "French industry": ("M", lambda name: name.startswith("fr_") and "production" in name),
    "traffic": ("M", lambda name: any(word in name for word in TRAFFIC)),
    "launches": ("M", lambda name: "launch" in name),
    "prices, rates, other": ("M", lambda _name: True),
    "quarterly": ("Q", lambda _name: True),
    "yearly": ("A", lambda _name: True),
}


def read_panels() -> dict[str, tuple[Frequency, np.ndarray]]:
    """The observatory's own series by kind, each kind a matrix on the calendar; a series is in the first that fits."""
    settings = load_settings()
    catalogue = loader.load_catalogue(settings.data_dir)
    reports = build_curated_reports(catalogue, EditionFiles(settings.data_dir))
    members: dict[str, list[TimeSeries]] = {name: [] for name in PANELS}
    for (indicator, _geo, _item), series in build_panel(
        row for report in reports for row in report.observations
    ).items():
        kind = next(name for name, (freq, fits) in PANELS.items() if series.frequency == freq and fits(indicator))
        members[kind].append(series)
    panels = {}
    for name, rows in members.items():
        end = max(series.last for series in rows)
        panels[name] = (
            PANELS[name][0],
            right_align([np.pad(s.values, (0, end - s.last), constant_values=np.nan) for s in rows]),
        )
    return panels


def score_file(
    y: np.ndarray, per_year: int, steps: int, cuts: Sequence[int], parameters: EnsembleParameters | None = None
) -> list[float]:
    """Outcomes; 80 % and 95 % coverage as trained and calibrated; ratio of the interval scores at 95 %."""
    hits: dict[bool, list[np.ndarray]] = {False: [], True: []}
    scores: dict[bool, list[np.ndarray]] = {False: [], True: []}
    for cut in cuts:
        past = y[:, :cut]
        known = np.isfinite(past)
        moves = np.abs(past[:, per_year:] - past[:, :-per_year])
        scale = np.nansum(moves, axis=1) / np.maximum(np.isfinite(moves).sum(axis=1), 1)
        rows = known[:, -1] & (known.sum(axis=1) >= MIN_VALUES[per_year]) & (scale > 0)
        rows &= ~find_intermittent(past, per_year)
        if not rows.any():
            continue
        history, actual = past[rows], y[rows, cut : cut + steps]
        actual = np.pad(actual, ((0, 0), (0, steps - actual.shape[1])), constant_values=np.nan)
        is_scored = np.isfinite(actual)
        factors = calibrate_intervals(past[:: -(-len(past) // SAMPLE)], per_year, steps, LEVELS, parameters)
        for is_calibrated in (False, True):
            found = forecast_matrix(history, per_year, steps, LEVELS, parameters, factors if is_calibrated else None)
            inside = (found.low <= actual[:, :, None]) & (actual[:, :, None] <= found.high)
            low, high = found.low[:, :, 1], found.high[:, :, 1]
            score = high - low + 40 * (np.maximum(low - actual, 0) + np.maximum(actual - high, 0))
            hits[is_calibrated].append(inside[is_scored])
            scores[is_calibrated].append((score / scale[rows, None])[is_scored])
    shares = {key: np.concatenate(parts).mean(axis=0) for key, parts in hits.items()}
    ratio = np.concatenate(scores[True]).mean() / np.concatenate(scores[False]).mean()
    count = sum(len(part) for part in hits[True])
    return [count, *(float(shares[key][level]) for level in (0, 1) for key in (False, True)), float(ratio)]


def print_table(title: str, scores: dict[str, list[float]]) -> None:
    """Prints a Markdown table with the mean over its rows."""
    heads = ("", "outcomes", "80 %, trained", "calibrated", "95 %, trained", "calibrated", "interval score x")
    print(f"\n**{title}**\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    means = np.mean(list(scores.values()), axis=0)
    for name, row in (*scores.items(), ("mean", means)):
        count = "" if name == "mean" else f"{row[0]:.0f}"
        print(f"| {name} | {count} | {' | '.join(f'{cell:.3f}' for cell in row[1:])} |")


def score_own_panels(horizons: dict[Frequency, int]) -> dict[str, list[float]]:
    """Scores of the own panels at up to 18 origins, eighteen months (four quarters, two years) apart."""
    scores = {}
    for name, (frequency, y) in read_panels().items():
        per_year = PERIODS_PER_YEAR[frequency]
        gap, first = {1: (2, 20), 4: (4, 40), 12: (18, 100)}[per_year]
        cuts = range(y.shape[1] - 1, first, -gap)[:18]
        scores[name] = score_file(y, per_year, horizons[frequency], cuts)
    return scores


def score_left_out(folder: Path, weights: Path) -> dict[str, list[float]]:
    """Scores of the last two horizons of the training parts, by data set and frequency."""
    index = pd.read_csv(folder / "index.csv")
    table = pd.read_parquet(folder / "series.parquet", filters=[("split", "==", "train")])
    values = {str(name): rows.y.to_numpy(float) for name, rows in table.groupby("unique_id", observed=True)}
    scores = {}
    for dataset in DATASETS:
        for frequency, steps in LEFT_OUT_HORIZONS.items():
            chosen = index[(index.dataset == dataset) & (index.frequency == frequency) & index.clean]
            y = right_align([values[name] for name in chosen.unique_id])
            per_year = PERIODS_PER_YEAR[frequency]
            parameters = read_parameters(per_year, weights / f"{dataset}.json")
            cuts = (y.shape[1] - 2 * steps, y.shape[1] - steps)
            scores[f"{dataset} {frequency}"] = score_file(y, per_year, steps, cuts, parameters)
    return scores


def main() -> None:
    """Prints all tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path)
    options = parser.parse_args()
    print_table("Own series, 18 months, 8 quarters, 6 years ahead", score_own_panels(HORIZONS))
    print_table("Own series, 3 months, 2 quarters, 1 year ahead", score_own_panels(SHORT_HORIZONS))
    with tempfile.TemporaryDirectory() as temporary:
        weights = options.weights or Path(temporary)
        for dataset in DATASETS if options.weights is None else ():
            train([str(options.folder), "--leave-out", dataset, "--output", str(weights / f"{dataset}.json")])
        print_table("Data sets left out, 12 months, 8 quarters, 4 years ahead", score_left_out(options.folder, weights))


if __name__ == "__main__":
    main()
