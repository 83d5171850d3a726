"""Intermittent series: our ranges and points on made and on public series with many zeros.

    python benchmarks/intermittent.py [--export series.npz] [--series 60]

Prints a table of docs/benchmarks.md. Made series are Bernoulli occurrences, with and without a season, times sizes that
are lognormal, Poisson or negative binomial; public ones are the monthly launches and payloads under data/, cut at three
origins a year apart. `--export` writes the same series for `intermittent_referee.py`, which scores the models of a
library on them in an environment of its own.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from observatory.forecast.engine import forecast_matrix
from observatory.forecast.intermittent import find_intermittent
from observatory.timeseries import right_align

STEPS = 12
LEVELS = (50, 80, 95)
SHARES = (0.1, 0.15, 0.2, 0.4)  # of values that are not zero
SERIES = 300  # of each kind
MONTHS = 72
PUBLIC = ("orbital_launches", "orbital_launches_by_provider", "payloads_launched")
DATA = Path(__file__).resolve().parents[1] / "data" / "observations"


def make_series(kind: str, share: float, rng: np.random.Generator, *, is_seasonal: bool) -> np.ndarray:
    """Series of one kind and the year that follows them: series x periods."""
    shape = (SERIES, MONTHS + STEPS)
    wave = np.cos(2 * np.pi * (np.arange(shape[1])[None] + rng.integers(0, 12, (SERIES, 1))) / 12)
    chance = share * (1 + wave) if is_seasonal else np.full(shape, share)
    if kind == "lognormal":
        sizes = np.exp(rng.normal(3, 0.8, shape))
    else:
        counts = rng.poisson(2.5, shape) if kind == "Poisson" else rng.negative_binomial(1.2, 0.25, shape)
        sizes = 1.0 + counts
    return np.asarray((rng.random(shape) < chance) * sizes)


def read_public() -> np.ndarray:
    """The monthly launches and payloads under data/ with the year that follows each of three origins."""
    rows = []
    for name in PUBLIC:
        table = pd.read_csv(DATA / f"{name}.csv", keep_default_na=False)
        for _key, part in table.groupby(["geo", "item"]):
            values = pd.Series(part.value.to_numpy(float), pd.PeriodIndex(part.period, freq="M"))
            filled = values.reindex(pd.period_range(values.index[0], values.index[-1], freq="M")).to_numpy()
            rows += [filled[: len(filled) - STEPS * back] for back in range(3) if len(filled) > STEPS * (back + 4)]
    return right_align(rows)


def build_groups() -> dict[str, np.ndarray]:
    """All groups of series, each with its last year to be forecast."""
    groups = {}
    for is_seasonal in (False, True):
        for kind in ("lognormal", "Poisson", "negative binomial"):
            for share in SHARES:
                rng = np.random.default_rng([int(share * 100), len(kind), is_seasonal])
                name = f"{kind}, {share:.0%}" + (", season" if is_seasonal else "")
                groups[name] = make_series(kind, share, rng, is_seasonal=is_seasonal)
    groups["launches and payloads"] = read_public()
    for name, series in groups.items():
        groups[name] = series[find_intermittent(series[:, :-STEPS], 12) & np.isfinite(series[:, -STEPS:]).all(axis=1)]
    return groups


def main() -> None:
    """Prints one row a group."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--export", type=Path)
    parser.add_argument("--series", type=int, default=SERIES, help="how many of each group are scored")
    chosen = parser.parse_args()
    groups = build_groups()
    if chosen.export:
        np.savez(chosen.export, allow_pickle=False, **groups)
    print("| series | n | 50 % | 80 % | 95 % | interval score | RMSE |\n|---|---|---|---|---|---|---|")
    for name, rows in groups.items():
        series = rows[: chosen.series]
        history, actual = series[:, :-STEPS], series[:, -STEPS:]
        forecast = forecast_matrix(history, 12, STEPS, LEVELS)
        inside = (forecast.low <= actual[:, :, None]) & (actual[:, :, None] <= forecast.high)
        low, high = forecast.low[:, :, 2], forecast.high[:, :, 2]
        score = high - low + 40 * (np.maximum(low - actual, 0) + np.maximum(actual - high, 0))
        size = np.nanmean(history, axis=1)
        error = ((forecast.median - actual) / size[:, None]) ** 2
        shares = " | ".join(f"{share:.3f}" for share in inside.mean(axis=(0, 1)))
        print(
            f"| {name} | {len(series)} | {shares} | {(score / size[:, None]).mean():.1f} | {error.mean() ** 0.5:.2f} |"
        )


if __name__ == "__main__":
    main()
