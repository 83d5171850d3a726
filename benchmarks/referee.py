"""Reference run of the libraries' own models on a few benchmark series: CPU time, and a check of the recorded scores.

    python -m venv /tmp/referee && /tmp/referee/bin/pip install statsforecast==2.1.1 pyarrow
    /tmp/referee/bin/python benchmarks/referee.py ../shared/bench [--series 20]

An environment of its own, because statsforecast 2.1.1 needs an older pandas than the observatory, of which it imports
nothing. Prints CPU milliseconds per series, and the mean sMAPE next to the one in `baselines.parquet`.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
from statsforecast.models import AutoCES, AutoETS, AutoTheta, DynamicOptimizedTheta

SEASONS = {"A": 1, "Q": 4, "M": 12}
HORIZONS = {"A": 6, "Q": 8, "M": 18}
MODELS = (AutoETS, AutoTheta, DynamicOptimizedTheta, AutoCES)


def main() -> None:
    """Prints one line a model and frequency, on series of M3."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--series", type=int, default=20)
    chosen = parser.parse_args()
    index = pd.read_csv(chosen.folder / "index.csv")
    index = index[index.in_sample & index.clean & (index.dataset == "M3")]
    series = pd.read_parquet(chosen.folder / "series.parquet")
    baselines = pd.read_parquet(chosen.folder / "baselines.parquet").set_index(["model", "unique_id"])
    print(f"{'model':<24}{'':>3}{'ms a series':>14}{'sMAPE':>9}{'recorded':>10}")
    for frequency, season in SEASONS.items():
        names = index[index.frequency == frequency].unique_id.head(chosen.series).tolist()
        rows = series[series.unique_id.isin(names)]
        parts = {key: part.y.to_numpy(float) for key, part in rows.groupby(["unique_id", "split"], observed=True)}
        for model in MODELS:
            make = model(season_length=season)
            make.forecast(parts[names[0], "train"], HORIZONS[frequency])  # warm-up: the first call compiles
            begin = time.process_time()
            paths = [make.forecast(parts[name, "train"], HORIZONS[frequency])["mean"] for name in names]
            spent = (time.process_time() - begin) / len(names) * 1000
            real = [parts[name, "test"] for name in names]
            smape = [
                200 * np.mean(np.abs(path[: len(y)] - y) / (np.abs(path[: len(y)]) + np.abs(y)))
                for path, y in zip(paths, real, strict=True)
            ]
            recorded = np.mean([baselines.loc[(model.__name__, name), "smape"] for name in names])
            print(f"{model.__name__:<24}{frequency:>3}{spent:>14.1f}{np.mean(smape):>9.2f}{recorded:>10.2f}")


if __name__ == "__main__":
    main()
