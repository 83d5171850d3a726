"""Portfolio of markets: its growth from joint draws, the contribution of each market, the effect of reallocations.

All of it is arithmetic on the draws that the vintage stores (joint_draws.py): nothing is fitted, and nothing is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from observatory.outlook.portfolio.joint_draws import STORED_DECIMALS
from observatory.settings import HORIZONS
from observatory.timeseries import FloatArray

_QUANTILE_LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)  # the limits of the 80 %, of the 50 %, and the middle
REALLOCATION_SHARE = 0.10  # of turnover, moved by one change of mix
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class JointDraws:
    """The stored draws: by horizon and market plain growth rates a year; place k is the same future everywhere.

    `interval_hits` counts, by horizon, past ranges of mixes and those that contained the outcome. `has_mean_pace`: the
    pace of a market is the mean of its draws, in logs; it was their middle before indicators were drawn with markets.
    """

    growth: Mapping[int, Mapping[str, FloatArray]]
    interval_hits: Mapping[int, tuple[int, int]]
    has_mean_pace: bool = False

    def find_centre(self, levels: FloatArray) -> FloatArray:
        """The level of turnover (draws x any) that the expected pace leads to."""
        return np.asarray(np.exp(np.log(levels).mean(axis=0)) if self.has_mean_pace else np.median(levels, axis=0))

    def has_draws(self, market: str, horizon: int) -> bool:
        """Whether a market has draws at a horizon."""
        return market in self.growth.get(horizon, {})


def parse_joint_draws(stored: Mapping[str, Any]) -> JointDraws:
    """The draws of a stored study; without any market if it holds none."""
    growth: dict[int, dict[str, FloatArray]] = {horizon: {} for horizon in HORIZONS}
    for market, by_horizon in stored.get("growth", {}).items():
        for horizon, rates in by_horizon.items():
            growth[int(horizon)][market] = np.array(rates, dtype=np.float64) / 10**STORED_DECIMALS
    held = {int(horizon): (int(n), int(inside)) for horizon, (n, inside) in stored.get("held", {}).items()}
    return JointDraws(growth, held, stored.get("centre") == "mean")


@dataclass(frozen=True, repr=False)
class MarketContribution:
    """One market of a mix: its share of the whole mix, its expected growth, the points of growth it brings.

    `risk` is its share of the mix's variance: it may be negative where a market moves against the others.
    """

    market: str
    share: float
    growth: float
    growth_contribution: float
    risk_share: float


@dataclass(frozen=True, repr=False)
class MixForecast:
    """Growth a year of a mix over a horizon: low and high of the 80 % and the 50 %, the middle, the odds of decline."""

    horizon: int
    low: float
    low_50: float
    median: float
    high_50: float
    high: float
    decline_probability: float
    covered_share: float  # share of the mix that this speaks of


@dataclass(frozen=True, repr=False)
class Reallocation:
    """Effect of moving STEP of turnover (or all there is, if less) from one market to another."""

    source: str
    target: str
    share: float
    median: float
    low: float
    decline_probability: float


def select_covered(
    joint: JointDraws, shares: Mapping[str, float], assumptions: Mapping[str, float], horizon: int
) -> dict[str, float]:
    """The shares of the markets that have draws or an assumption of the reader's, out of the whole mix."""
    return {name: share for name, share in shares.items() if name in assumptions or joint.has_draws(name, horizon)}


def _adjust_draws(joint: JointDraws, market: str, assumptions: Mapping[str, float], horizon: int) -> FloatArray | float:
    """The draws of a market, moved to the reader's own pace (a plain rate) if any; a pace alone has no spread."""
    drawn = joint.growth.get(horizon, {}).get(market)
    if market not in assumptions:
        assert drawn is not None
        return drawn
    if drawn is None:
        return assumptions[market]
    return (1 + drawn) * (1 + assumptions[market]) / float(joint.find_centre(1 + drawn)) - 1


def compute_levels(
    joint: JointDraws, markets: Mapping[str, float], assumptions: Mapping[str, float], horizon: int
) -> FloatArray:
    """Turnover in each market after so many years, 1 today, one column a market: each keeps its share of its market."""
    rates = [np.asarray(_adjust_draws(joint, name, assumptions, horizon), dtype=np.float64) for name in markets]
    return np.stack([(1 + rate) ** horizon for rate in np.broadcast_arrays(*rates)], axis=-1)


def forecast_mix(
    joint: JointDraws, shares: Mapping[str, float], assumptions: Mapping[str, float], horizon: int
) -> MixForecast | None:
    """The forecast of a mix; None if none of its markets is covered."""
    covered = select_covered(joint, shares, assumptions, horizon)
    if not covered:
        return None
    part = sum(covered.values())
    total = _sum_markets(compute_levels(joint, covered, assumptions, horizon), np.array(list(covered.values())) / part)
    limits = np.quantile(total, _QUANTILE_LEVELS) ** (1 / horizon) - 1
    low, low_half, middle, high_half, high = (float(value) for value in limits)
    if joint.has_mean_pace:
        middle = float(joint.find_centre(total)) ** (1 / horizon) - 1
    return MixForecast(horizon, low, low_half, middle, high_half, high, float(_decline_share(total)), part)


def compute_contributions(
    joint: JointDraws, shares: Mapping[str, float], assumptions: Mapping[str, float], horizon: int
) -> tuple[MarketContribution, ...]:
    """The covered markets of a mix, the one that weighs most on its risk first."""
    covered = select_covered(joint, shares, assumptions, horizon)
    if not covered:
        return ()
    weights = np.array(list(covered.values())) / sum(covered.values())
    each = compute_levels(joint, covered, assumptions, horizon)
    total = np.atleast_2d(each) @ weights
    pulls = ((np.atleast_2d(each) - np.atleast_2d(each).mean(axis=0)) * (total - total.mean())[:, None]).mean(axis=0)
    variance = float(total.var())
    risks = weights * pulls / variance if variance > _TOLERANCE else np.zeros(len(weights))
    paces = joint.find_centre(np.atleast_2d(each)) ** (1 / horizon) - 1
    contributions = [
        MarketContribution(name, covered[name], float(pace), float(weight * pace), float(risk))
        for name, weight, pace, risk in zip(covered, weights, paces, risks, strict=True)
    ]
    return tuple(sorted(contributions, key=lambda row: (-row.risk_share, -row.share)))


def list_reallocations(
    joint: JointDraws, shares: Mapping[str, float], assumptions: Mapping[str, float], horizon: int
) -> tuple[Reallocation, ...]:
    """Every change of mix by one step, from a covered market of the mix to any other that has draws.

    A market that has only a pace of the reader's, hence no risk, is no target: it would always win.
    """
    covered = select_covered(joint, shares, assumptions, horizon)
    drawn = joint.growth.get(horizon, {})
    targets = {**covered, **{name: 0.0 for name in drawn if name not in covered}}
    pairs = [(source, target) for source in covered for target in targets if target != source and target in drawn]
    if not pairs:
        return ()
    part = sum(covered.values())
    each = np.atleast_2d(compute_levels(joint, targets, assumptions, horizon))
    place = {name: column for column, name in enumerate(targets)}
    steps = np.array([min(REALLOCATION_SHARE, covered[source] / part) for source, _target in pairs])
    base = each @ (np.array(list(targets.values())) / part)
    swap = each[:, [place[target] for _s, target in pairs]] - each[:, [place[source] for source, _t in pairs]]
    total = base[:, None] + swap * steps
    low = np.quantile(total, 0.1, axis=0) ** (1 / horizon) - 1
    middle = joint.find_centre(total) ** (1 / horizon) - 1
    decline = _decline_share(total)
    return tuple(
        Reallocation(source, target, float(steps[k]), float(middle[k]), float(low[k]), float(decline[k]))
        for k, (source, target) in enumerate(pairs)
    )


def select_efficient(reallocations: tuple[Reallocation, ...], current: MixForecast) -> tuple[Reallocation, ...]:
    """The changes that no other beats in both growth and odds of decline, and that lose on neither against today."""
    better = [
        row
        for row in reallocations
        if row.median >= current.median - _TOLERANCE
        and row.decline_probability <= current.decline_probability + _TOLERANCE
    ]
    front = [row for row in better if not any(_dominates(other, row) for other in better)]
    return tuple(sorted(front, key=lambda row: (-row.median, row.decline_probability)))


def compute_concentration(shares: Mapping[str, float]) -> float:
    """Herfindahl index: the sum of the squared shares, 1 for a single market."""
    total = sum(shares.values())
    return sum((share / total) ** 2 for share in shares.values()) if total else 0.0


def _dominates(one: Reallocation, other: Reallocation) -> bool:
    at_least = one.median >= other.median and one.decline_probability <= other.decline_probability
    return at_least and (one.median > other.median or one.decline_probability < other.decline_probability)


def _sum_markets(each: FloatArray, weights: FloatArray) -> FloatArray:
    return np.asarray(np.atleast_2d(each) @ weights)


def _decline_share(total: FloatArray) -> Any:
    """The share of the draws in which turnover is lower than today."""
    return (total < 1).mean(axis=0)
