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

from observatory.forecast.engine import pieces
from observatory.forecast.ensemble import horizon_share, scales, weights
from observatory.forecast.ensemble_weights import FILE, Learned
from observatory.forecast.features import paths_of, row_features, spread_features
from observatory.forecast.models import pool
from observatory.forecast.nan_stats import mean_known
from observatory.forecast.preprocessing import ahead, prepare
from observatory.timeseries import Floats, right_aligned

SEASONS = {"A": 1, "Q": 4, "M": 12}
FAR = {1: 8, 4: 20, 12: 60}  # the longest horizon learned, in periods
CUTS = {  # periods before the end of a training part
    1: (1, 2, 3, 4, 5, 6, 8, 10, 12),
    4: (3, 5, 8, 11, 14, 18, 22, 28),
    12: (12, 18, 24, 31, 38, 45, 60, 77),
}
FEWEST = {1: 7, 4: 14, 12: 30}  # values before a cut
STIFFNESS = {1: 0.04, 4: 0.1, 12: 0.0008}  # of the weights, chosen by leaving one data set out (docs/forecasting.md)
FREE = 0.05  # the part of it that holds the first feature, the constant
SPREAD_STIFFNESS = 2e-3
PROBABILITIES = (0.005, 0.01, 0.025, 0.05, *np.round(np.arange(0.1, 0.91, 0.05), 2), 0.95, 0.975, 0.99, 0.995)
OWN_SCALE = 0.15  # how much the same series on their own scale count, and their changes (signs mixed)
NEIGHBOURS = {1: 1, 4: 1, 12: 2}  # horizons on each side whose errors count for a quantile
HEAVIEST = 100.0  # no value counts more than a hundred times its scale

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Cuts:
    """The cuts of one data set: histories, what came (rows x steps, NaN where unknown), and the series of each row."""

    dataset: str
    y: Floats
    future: Floats
    owner: NDArray[np.intp]


@dataclass(frozen=True)
class Lesson:
    """A data set's cuts as numbers on the common scale; `importance` sums to one."""

    dataset: str
    rows: Floats
    paths: Floats
    spread: Floats
    outcome: Floats
    importance: Floats
    share: Floats  # of each row: a series counts with the root of its number of cuts
    logs: bool


def cuts(series: Sequence[Floats], season: int, dataset: str) -> Cuts:
    """Each series cut at its past origins; the outcome is what followed within the series itself."""
    histories, futures, owners = [], [], []
    for place, values in enumerate(series):
        for back in CUTS[season]:
            end = len(values) - back
            if end < FEWEST[season]:
                continue
            histories.append(values[:end])
            after = np.full(FAR[season], np.nan)
            known = values[end : end + FAR[season]]
            after[: len(known)] = known
            futures.append(after)
            owners.append(place)
    return Cuts(dataset, right_aligned(histories), np.array(futures), np.array(owners))


def lesson(cut: Cuts, season: int, logs: bool = True) -> Lesson:
    """Features, paths and outcomes of a data set. An error counts as in the score: relative to scale and to level."""
    parts: list[tuple[Floats, ...]] = []
    start = 0
    for y in pieces(cut.y, season):
        prepared = prepare(y, season, logs)
        paths = paths_of(prepared, pool(season), FAR[season])
        rows = row_features(prepared)
        future = cut.future[start : start + len(y)]
        start += len(y)
        moved = mean_known(np.abs(y[:, season:] - y[:, :-season]))
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = np.abs(future) / np.where(moved > 0, moved, np.nan)[:, None]
        simple = prepared.log.last[:, None] + ahead(prepared.log.effects, FAR[season])
        parts.append(
            (
                rows,
                paths,
                spread_features(prepared, rows, paths, FAR[season]),
                prepared.scale.scaled(future),
                relative,
                simple,
            )
        )
    rows, paths, spread, outcome, relative, simple = (np.concatenate([part[k] for part in parts]) for k in range(6))
    _, place, count = np.unique(cut.owner, return_inverse=True, return_counts=True)
    share = 1 / np.sqrt(count[place])
    known = np.isfinite(outcome) & np.isfinite(relative)
    heavy = np.where(known, np.minimum(np.nan_to_num(relative), HEAVIEST), 0.0)
    error = np.abs(np.where(known, outcome, simple) - simple)
    scaled_error, level_error = (error * heavy)[known].mean(), np.minimum(error, 1)[known].mean()
    importance = np.where(known, heavy / scaled_error + 1 / level_error, 0.0) * share[:, None]
    part = 1.0 if logs else OWN_SCALE
    importance *= part / importance.sum()
    return Lesson(cut.dataset, rows, paths, spread, outcome, importance, part * share, logs)


def learn_weights(lessons: Sequence[Lesson], season: int) -> tuple[Floats, Floats]:
    """Weights that make the mean absolute error of the weighted path least, held near equal weights (ridge)."""
    from scipy.optimize import minimize

    rows, paths, outcome, importance = (
        np.concatenate([getattr(part, name) for part in lessons]) for name in ("rows", "paths", "outcome", "importance")
    )
    outcome = np.where(importance > 0, outcome, 0.0)
    count, models, place = rows.shape[1], paths.shape[2], horizon_share(FAR[season], FAR[season])[None, :, None]
    plain = (importance * np.abs(paths.mean(axis=2) - outcome)).sum()
    row_hold = np.ones((count, 1))
    row_hold[0] = FREE
    step_hold = np.array([[FREE], [1.0]])
    stiff = STIFFNESS[season]

    def loss(flat: Floats) -> tuple[float, Floats]:
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


def learn_spread(lessons: Sequence[Lesson], path: Callable[[Lesson], Floats]) -> Floats:
    """The log of the mean absolute error as a linear function of the features (gamma regression with a log link)."""
    from sklearn.linear_model import GammaRegressor

    features, errors, counts = [], [], []
    for part in lessons:
        known = np.isfinite(part.outcome)
        weight = np.broadcast_to(part.share[:, None], known.shape)[known]
        features.append(part.spread[known])
        errors.append(np.abs(part.outcome - path(part))[known])
        counts.append(weight / weight.sum() * (1.0 if part.logs else OWN_SCALE))
    matrix, weight = np.concatenate(features), np.concatenate(counts)
    centre, width = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    centre[0], width[0] = 0.0, 1.0  # the constant
    fit = GammaRegressor(alpha=SPREAD_STIFFNESS, fit_intercept=True, solver="lbfgs", max_iter=500)
    fit.fit((matrix - centre)[:, 1:] / width[1:], np.maximum(np.concatenate(errors), 1e-4), sample_weight=weight)
    spread = np.append(0.0, fit.coef_ / width[1:])
    spread[0] = fit.intercept_ - (centre * spread).sum()
    return spread


def learn_quantiles(lessons: Sequence[Lesson], season: int, path: Callable[[Lesson], Floats], spread: Floats) -> Floats:
    """Quantiles of error / scale by horizon, each data set counting the same (split conformal prediction)."""
    known = Learned(season, (), np.empty(0), np.empty(0), spread, np.empty(0), np.empty(0))
    scaled = [(part.outcome - path(part)) / scales(known, part.spread) for part in lessons]
    counts = [np.broadcast_to(part.share[:, None] / part.share.sum(), part.outcome.shape) for part in lessons]
    errors, weight = np.concatenate(scaled), np.concatenate(counts)
    rows = []
    for step in range(FAR[season]):
        near = slice(max(0, step - NEIGHBOURS[season]), step + NEIGHBOURS[season] + 1)
        here = np.isfinite(errors[:, near])
        values, shares = errors[:, near][here], weight[:, near][here]
        order = np.argsort(values)
        rows.append(np.interp(PROBABILITIES, np.cumsum(shares[order]) / shares.sum(), values[order]))
    return np.array(rows)


def learn(lessons: Sequence[Lesson], season: int) -> Learned:
    """Everything of one frequency, from the lessons of several data sets."""
    row_weights, step_weights = learn_weights(lessons, season)
    models = tuple(row.id for row in pool(season))
    start = Learned(
        season, models, row_weights, step_weights, np.empty(0), np.array(PROBABILITIES), np.zeros((2, FAR[season], 1))
    )

    def path(part: Lesson) -> Floats:
        return np.asarray((weights(start, part.rows, FAR[season]) * part.paths).sum(axis=2))

    spread = learn_spread(lessons, path)
    quantiles = np.array(
        [
            learn_quantiles([part for part in lessons if part.logs is kind], season, path, spread)
            for kind in (False, True)
        ]
    )
    return Learned(season, models, row_weights, step_weights, spread, np.array(PROBABILITIES), quantiles)


def read(folder: Path) -> dict[int, dict[str, list[Floats]]]:
    """The training parts of the clean series, by season and data set."""
    import pandas as pd

    index = pd.read_csv(folder / "index.csv")
    index = index[index.clean]
    series = pd.read_parquet(folder / "series.parquet", filters=[("split", "==", "train")])
    values = {str(name): rows.y.to_numpy(float) for name, rows in series.groupby("unique_id", observed=True)}
    found: dict[int, dict[str, list[Floats]]] = {}
    for name, dataset, frequency in index[["unique_id", "dataset", "frequency"]].astype(str).to_numpy():
        found.setdefault(SEASONS[frequency], {}).setdefault(dataset, []).append(values[name])
    return found


def figures(known: Learned, lessons: Sequence[Lesson]) -> dict[str, Any]:
    """How it did on the cuts that it was learned from: error beside that of the plain mean, coverage of 80 %."""
    found: dict[str, Any] = {}
    for part in lessons:
        path = (weights(known, part.rows, known.far) * part.paths).sum(axis=2)
        outcome = np.where(part.importance > 0, part.outcome, path)
        mine = (part.importance * np.abs(path - outcome)).sum()
        plain = (part.importance * np.abs(part.paths.mean(axis=2) - outcome)).sum()
        error = (part.outcome - path) / scales(known, part.spread)
        low, high = (known.quantiles[int(part.logs)][:, known.probabilities == level].T for level in (0.1, 0.9))
        inside = ((error >= low) & (error <= high))[np.isfinite(error)]
        found[f"{part.dataset}{'' if part.logs else ', own scale'}"] = {
            "cuts": len(part.rows),
            "error_beside_plain_mean": round(float(mine / plain), 3),
            "coverage_80": round(float(inside.mean()), 3),
        }
    return found


def lessons_of(folder: Path, progress: Progress) -> dict[int, list[Lesson]]:
    """The lessons of all frequencies and data sets."""
    found: dict[int, list[Lesson]] = {}
    for season, datasets in read(folder).items():
        for dataset, series in sorted(datasets.items()):
            progress(f"season {season}: {dataset}, {len(series)} series")
            both = [*series, *(np.diff(values) for values in series if len(values) > FEWEST[season])]
            found.setdefault(season, []).append(lesson(cuts(series, season, dataset), season))
            found[season].append(lesson(cuts(both, season, dataset), season, logs=False))
    return found


def say(line: str) -> None:
    """A line of progress."""
    sys.stderr.write(line + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Trains and writes the file."""
    parser = argparse.ArgumentParser(prog="python -m observatory.forecast.train", description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of series.parquet and index.csv")
    parser.add_argument("--output", type=Path, default=FILE)
    parser.add_argument("--leave-out", metavar="DATASET", help="learn without one data set, to judge on it")
    chosen = parser.parse_args(arguments)
    result: dict[str, Any] = {"learned_from": {}, "by_season": {}}
    for season, lessons in lessons_of(chosen.folder, say).items():
        kept = [part for part in lessons if part.dataset != chosen.leave_out]
        known = learn(kept, season)
        result["learned_from"][season] = figures(known, kept)
        result["by_season"][season] = known.as_json()
        say(f"season {season}: {result['learned_from'][season]}")
    text = json.dumps(result, separators=(",", ":")).replace('],"', '],\n"')
    chosen.output.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
