"""Reference run of a library's models for intermittent series, on the series that `intermittent.py --export` wrote.

    python -m venv /tmp/referee && /tmp/referee/bin/pip install statsforecast==2.1.1 pyarrow
    /tmp/referee/bin/python benchmarks/intermittent_referee.py series.npz [--series 60]

An environment of its own, because statsforecast 2.1.1 needs an older pandas than the observatory, of which it imports
nothing. Ranges are the library's conformal ones (two windows of a year). Prints the rows of docs/benchmarks.md.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from statsforecast.models import ADIDA, IMAPA, TSB, CrostonClassic, CrostonSBA
from statsforecast.utils import ConformalIntervals

STEPS = 12
MODELS: dict[str, Callable[[], Any]] = {
    "Croston": lambda: CrostonClassic(prediction_intervals=ConformalIntervals(n_windows=2, h=STEPS)),
    "Croston SBA": lambda: CrostonSBA(prediction_intervals=ConformalIntervals(n_windows=2, h=STEPS)),
    "TSB": lambda: TSB(alpha_d=0.1, alpha_p=0.1, prediction_intervals=ConformalIntervals(n_windows=2, h=STEPS)),
    "ADIDA": lambda: ADIDA(prediction_intervals=ConformalIntervals(n_windows=2, h=STEPS)),
    "IMAPA": lambda: IMAPA(prediction_intervals=ConformalIntervals(n_windows=2, h=STEPS)),
}


def main() -> None:
    """Prints one row a group and model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--series", type=int, default=60, help="how many of each group")
    chosen = parser.parse_args()
    groups = np.load(chosen.file)
    print("| series | model | n | 80 % | 95 % | interval score | RMSE |\n|---|---|---|---|---|---|---|")
    for name in groups.files:
        rows = groups[name][: chosen.series]
        for model, build in MODELS.items():
            inside, scores, errors = [], [], []
            for row in rows:
                history, actual = row[:-STEPS][np.isfinite(row[:-STEPS])], row[-STEPS:]
                found = build().forecast(history, STEPS, level=[80, 95])
                inside.append([(found[f"lo-{k}"] <= actual) & (actual <= found[f"hi-{k}"]) for k in (80, 95)])
                low, high = found["lo-95"], found["hi-95"]
                missed = np.maximum(low - actual, 0) + np.maximum(actual - high, 0)
                scores.append((high - low + 40 * missed) / history.mean())
                errors.append(((found["mean"] - actual) / history.mean()) ** 2)
            shares = " | ".join(f"{share:.3f}" for share in np.mean(inside, axis=(0, 2)))
            print(
                f"| {name} | {model} | {len(rows)} | {shares} | {np.mean(scores):.1f} | {np.mean(errors) ** 0.5:.2f} |"
            )


if __name__ == "__main__":
    main()
