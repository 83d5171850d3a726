"""The track record: scores of replayed calls and of their baselines, with counts and bootstrap ranges."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.outlook.calls.backtest import BACKTEST_START_YEAR, ReplayedCall
from observatory.outlook.calls.calls import Call
from observatory.settings import CALL_THRESHOLDS, HORIZONS, INTERVAL_LEVELS
from observatory.timeseries import NORMAL_QUANTILES, FloatArray, Forecast

_COIN_BRIER = 0.25  # the Brier score of a probability of one half
BASELINES = ("own", "pooled", "trend", "coin")
_RELIABILITY_EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 1.0)  # of the reliability diagram; few calls lie below one half
BOOTSTRAP_BLOCK_YEARS = 4  # outcomes within a block share shocks (a crisis, a boom), all markets together
_BOOTSTRAP_DRAWS = 1000
_SEED = 2010
_MIN_COMMON_YEARS = 5  # shared years; fewer say nothing of a correlation
_MIN_PROBABILITY = 1e-3  # no probability of a baseline is surer than that in the log score


@dataclass(frozen=True)
class ReliabilityBin:
    """Events whose probability lay in a bin: count, mean probability, share of those that occurred."""

    low: float
    high: float
    n: int
    mean_probability: float
    observed_frequency: float


@dataclass(frozen=True)
class CallScores:
    """Scores of some replayed calls.

    Brier and log score are of "any growth"; `called` counts "growing", `right` those where more than the flat band
    came, `base` how often that came anyway. `ranges` are 90 % block-bootstrap ranges of the Brier score, of its
    differences to each baseline and of the hit rate, by name.
    """

    n: int
    brier: float
    baseline_brier: dict[str, float]
    log_score: float
    called: int
    right: int
    base: float
    covered: int
    judged: int
    rank_correlation: float | None
    bootstrap_intervals: dict[str, tuple[float, float]]


def select_scored(
    rows: Sequence[ReplayedCall], horizon: int | None = None, segment: str | None = None
) -> list[ReplayedCall]:
    """The rows that enter scores, of one horizon or segment if asked."""
    return [
        row
        for row in rows
        if row.is_scored
        and row.trend is not None
        and (horizon is None or row.horizon == horizon)
        and (segment is None or row.segment == segment)
    ]


def compute_scores(rows: Sequence[ReplayedCall], *, with_intervals: bool = True) -> CallScores | None:
    """The scores of rows from `select_scored`; None if there is none."""
    if not rows:
        return None
    grew = np.array([float((row.grew or 0.0) > 0) for row in rows])
    clear = np.array([float((row.grew or 0.0) > CALL_THRESHOLDS.flat_band) for row in rows])
    chance = np.array([row.chance for row in rows])
    growing = np.array([row.call == "growing" for row in rows])
    misses = {"rule": (chance - grew) ** 2, "coin": np.full(len(rows), _COIN_BRIER)}
    for name in ("own", "pooled", "trend"):
        misses[name] = (np.array([float(getattr(row, name)) for row in rows]) - grew) ** 2
    ranged = [row for row in rows if row.low is not None and row.high is not None and row.grew is not None]
    inside = sum(row.low <= row.grew <= row.high for row in ranged)  # type: ignore[operator]
    outcome_probability = np.clip(np.where(grew > 0, chance, 1 - chance), _MIN_PROBABILITY, 1)
    return CallScores(
        n=len(rows),
        brier=float(misses["rule"].mean()),
        baseline_brier={name: float(misses[name].mean()) for name in BASELINES},
        log_score=float(-np.log(outcome_probability).mean()),
        called=int(growing.sum()),
        right=int((growing * clear).sum()),
        base=float(clear.mean()),
        covered=int(inside),
        judged=len(ranged),
        rank_correlation=compute_rank_correlation(rows),
        bootstrap_intervals=_bootstrap_intervals(rows, misses, growing, clear) if with_intervals else {},
    )


def compute_reliability(rows: Sequence[ReplayedCall]) -> tuple[ReliabilityBin, ...]:
    """The reliability diagram of rows from `select_scored`; empty bins are left out."""
    bins = []
    for low, high in pairwise(_RELIABILITY_EDGES):
        here = [row for row in rows if low <= row.chance < high]
        if here:
            probability = float(np.mean([row.chance for row in here]))
            frequency = float(np.mean([(row.grew or 0.0) > 0 for row in here]))
            bins.append(ReliabilityBin(low, high, len(here), probability, frequency))
    return tuple(bins)


def compute_rank_correlation(rows: Sequence[ReplayedCall]) -> float | None:
    """Spearman's correlation of probability and realized growth over four markets or more; mean over origins."""
    groups: dict[tuple[int, int], list[ReplayedCall]] = {}
    for row in rows:
        groups.setdefault((row.origin, row.horizon), []).append(row)
    correlations = []
    for group in groups.values():
        if len(group) >= 4:
            probability, outcome = (
                _rank_values([value(row) for row in group]) for value in (_growth_probability, _realized_growth)
            )
            if probability.std() > 0 and outcome.std() > 0:
                correlations.append(float(np.corrcoef(probability, outcome)[0, 1]))
    return float(np.mean(correlations)) if correlations else None


def find_worst_misses(rows: Sequence[ReplayedCall], count: int = 5) -> tuple[ReplayedCall, ...]:
    """The most confident wrong calls: one a market and year, the largest error first."""
    worst: list[ReplayedCall] = []
    for row in sorted(rows, key=lambda row: (-_miss_size(row), row.origin, row.segment, row.horizon)):
        if row.is_right is False and all(
            (other.segment, other.origin // 12) != (row.segment, row.origin // 12) for other in worst
        ):
            worst.append(row)
        if len(worst) == count:
            break
    return tuple(worst)


def score_by_horizon(rows: Sequence[ReplayedCall]) -> dict[int, CallScores]:
    """Scores of each horizon that has rows."""
    return {horizon: one for horizon in HORIZONS if (one := compute_scores(select_scored(rows, horizon))) is not None}


def score_by_segment(rows: Sequence[ReplayedCall]) -> dict[str, CallScores]:
    """Scores of each market that has rows, all horizons together; markets are too few years for ranges."""
    names = dict.fromkeys(row.segment for row in rows)
    return {
        name: one
        for name in names
        if (one := compute_scores(select_scored(rows, None, name), with_intervals=False)) is not None
    }


def summarize_scores(rows: Sequence[ReplayedCall]) -> dict[str, Any]:
    """The scores that pages quote in a sentence, by horizon and over all, as JSON values."""
    horizons = {str(horizon): _summary_values(one) for horizon, one in score_by_horizon(rows).items()}
    everything = compute_scores(select_scored(rows), with_intervals=False)
    return {
        "since": BACKTEST_START_YEAR,
        "horizons": horizons,
        "all": _summary_values(everything) if everything else {},
    }


def _summary_values(row: CallScores) -> dict[str, float]:
    baselines = {f"brier_{name}": row.baseline_brier[name] for name in BASELINES}
    plain = {name: getattr(row, name) for name in ("n", "brier", "called", "right", "base", "covered", "judged")}
    return plain | baselines


def count_interval_hits(forecasts: Sequence[Forecast]) -> dict[str, Any]:
    """Coverage of the intervals of series, by frequency and years ahead: [outcomes, inside by level], JSON values."""
    counts: dict[str, dict[str, list[int]]] = {}
    for forecast in forecasts:
        for surprise in forecast.past_errors:
            row = counts.setdefault(forecast.frequency, {}).setdefault(
                str(surprise.years_ahead), [0] * (1 + len(INTERVAL_LEVELS))
            )
            row[0] += 1
            for place, edge in enumerate(NORMAL_QUANTILES):
                row[place + 1] += abs(surprise.normal_score) <= edge + 1e-9
    return counts


def count_independent_markets(calls: Mapping[tuple[str, int], Call], horizon: int) -> tuple[int, float]:
    """Markets that have an index, and how many independent ones they are worth: n / (1 + (n - 1) r).

    `r` is the mean correlation of their yearly growth over the years of the published indices, pair by pair, not below
    zero. (n, n) where nothing can be said.
    """
    growth: dict[str, dict[int, float]] = {}
    for (segment, ahead), call in calls.items():
        if ahead == horizon and len(call.index) > _MIN_COMMON_YEARS and min(call.index) > 0:
            steps = np.diff(np.log(call.index))
            growth[segment] = {call.index_last - place: float(step) for place, step in enumerate(reversed(steps))}
    names = sorted(growth)
    correlations = []
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            years = sorted(growth[one].keys() & growth[other].keys())
            pair = np.array([[growth[name][year] for year in years] for name in (one, other)])
            if len(years) >= _MIN_COMMON_YEARS and pair.std(axis=1).min() > 0:
                correlations.append(float(np.corrcoef(pair)[0, 1]))
    if not correlations:
        return len(names), float(len(names))
    together = max(float(np.mean(correlations)), 0.0)
    return len(names), len(names) / (1 + (len(names) - 1) * together)


def _growth_probability(row: ReplayedCall) -> float:
    return row.chance


def _realized_growth(row: ReplayedCall) -> float:
    return row.grew or 0.0


def _miss_size(row: ReplayedCall) -> float:
    """Squared error of the probability; the error of the growth rate breaks ties."""
    outcome = float(_realized_growth(row) > 0)
    return (row.chance - outcome) ** 2 + 1e-3 * abs(_realized_growth(row) - (row.growth or 0.0))


def _rank_values(values: Sequence[float]) -> FloatArray:
    """Ranks, equal values sharing the mean of theirs."""
    given = np.array(values, dtype=np.float64)
    below, upto = (np.searchsorted(np.sort(given), given, side=side) for side in ("left", "right"))
    return np.asarray((below + upto) / 2, dtype=np.float64)


def _bootstrap_intervals(
    rows: Sequence[ReplayedCall], squared_errors: dict[str, FloatArray], growing: NDArray[np.bool_], clear: FloatArray
) -> dict[str, tuple[float, float]]:
    """5th and 95th per cent over draws of whole blocks of years with replacement, all markets of a year together."""
    block = np.array([row.origin // 12 // BOOTSTRAP_BLOCK_YEARS for row in rows])
    names, place = np.unique(block, return_inverse=True)

    def sums(values: FloatArray) -> FloatArray:
        return np.asarray(np.bincount(place, weights=values, minlength=len(names)), dtype=np.float64)

    parts = {"n": sums(np.ones(len(rows))), "called": sums(growing.astype(float)), "right": sums(growing * clear)}
    parts |= {name: sums(values) for name, values in squared_errors.items()}
    drawn = np.random.default_rng(_SEED).integers(0, len(names), (_BOOTSTRAP_DRAWS, len(names)))
    total = {name: values[drawn].sum(axis=1) for name, values in parts.items()}
    brier = total["rule"] / total["n"]
    figures = {"brier": brier}
    figures |= {name: brier - total[name] / total["n"] for name in BASELINES}
    some = total["called"] > 0
    figures["hits"] = total["right"][some] / total["called"][some]
    edge: Callable[[FloatArray], tuple[float, float]] = lambda values: (  # noqa: E731 - a name for two quantiles
        float(np.quantile(values, 0.05)),
        float(np.quantile(values, 0.95)),
    )
    return {name: edge(values) for name, values in figures.items() if len(values)}
