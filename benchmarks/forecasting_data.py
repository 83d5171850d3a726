"""The benchmark series by data set and frequency, with the scores of the libraries; tables as Markdown."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from observatory.timeseries import right_align

SEASONS: dict[str, int] = {"A": 1, "Q": 4, "M": 12}
HORIZONS = {"A": 6, "Q": 8, "M": 24}
DATASETS = ("M1", "M3", "Tourism")
GROUPS = [(frequency, dataset) for frequency in SEASONS for dataset in DATASETS]
LEVELS = (50, 80, 95)
MEDIAN = "median(DOT,AutoCES,AutoETS)"


class Group:
    """One data set at one frequency: histories, outcomes and the libraries' scores."""

    def __init__(self, folder: Path, frequency: str, dataset: str) -> None:
        index = pd.read_csv(folder / "index.csv")
        chosen = index[(index.frequency == frequency) & (index.dataset == dataset) & index.in_sample & index.clean]
        series = pd.read_parquet(folder / "series.parquet")
        series = series[series.unique_id.isin(set(chosen.unique_id))]
        parts = {key: rows.y.to_numpy(float) for key, rows in series.groupby(["unique_id", "split"], observed=True)}
        self.season, self.steps = SEASONS[frequency], HORIZONS[frequency]
        order = sorted(chosen.unique_id, key=lambda name: -len(parts[name, "train"]))
        self.y = right_align([parts[name, "train"] for name in order])
        self.actual = np.full((len(order), self.steps), np.nan)
        for row, name in enumerate(order):
            self.actual[row, : len(parts[name, "test"])] = parts[name, "test"]
        moves = np.abs(self.y[:, self.season :] - self.y[:, : -self.season])
        scale = np.nanmean(moves, axis=1)
        self.scale = np.where(scale > 0, scale, np.nan)
        baselines = pd.read_parquet(folder / "baselines.parquet")
        self.libraries = baselines[baselines.unique_id.isin(order)].groupby("model").mean(numeric_only=True)
        self.naive2 = self.libraries.loc["AutoETS"]

    def mean(self, values: np.ndarray) -> float:
        """Mean over series of the mean over their known steps."""
        is_known = np.isfinite(self.actual)
        return float(np.nanmean(np.where(is_known, values, 0).sum(axis=1) / is_known.sum(axis=1)))

    def owa(self, path: np.ndarray) -> float:
        """The overall weighted average of sMAPE and MASE relative to Naive2."""
        error, total = np.abs(path - self.actual), np.abs(path) + np.abs(self.actual)
        smape = self.mean(200 * np.where(total > 0, error / np.where(total > 0, total, 1), 0))
        mase = self.mean(error / self.scale[:, None])
        return (smape / self.naive2.naive2_smape + mase / self.naive2.naive2_mase) / 2

    def coverage(self, low: np.ndarray, high: np.ndarray) -> float:
        """Share of outcomes inside."""
        return self.mean((self.actual >= low) & (self.actual <= high))

    def msis(self, low: np.ndarray, high: np.ndarray) -> float:
        """Mean scaled interval score at 95 %."""
        missed = np.maximum(low - self.actual, 0) + np.maximum(self.actual - high, 0)
        return self.mean((high - low + 40 * missed) / self.scale[:, None])


def print_table(title: str, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Prints a Markdown table."""
    heads = list(heads)
    print(f"\n{title}\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for row in rows:
        print(f"| {' | '.join(f'{cell:.3f}' if isinstance(cell, float) else str(cell) for cell in row)} |")
