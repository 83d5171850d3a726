"""A mix of markets: its growth from their joint draws, what each brings, and what one change of mix would do.

All of it is arithmetic on the draws that the vintage stores (draws.py): nothing is fitted, and nothing is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from observatory.outlook.portfolio.joint_draws import DIGITS
from observatory.settings import HORIZONS
from observatory.timeseries import Floats

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)  # the limits of the 80 %, of the 50 %, and the middle
STEP = 0.10  # of turnover, moved by one change of mix
EDGE = 1e-9


@dataclass(frozen=True)
class Joint:
    """The stored draws: by horizon and market plain growth rates a year; place k is the same future everywhere.

    `held` counts, by horizon, past ranges of mixes and those that contained what came.
    """

    growth: Mapping[int, Mapping[str, Floats]]
    held: Mapping[int, tuple[int, int]]

    def knows(self, market: str, horizon: int) -> bool:
        """Whether a market has draws at a horizon."""
        return market in self.growth.get(horizon, {})


def joint_of(stored: Mapping[str, Any]) -> Joint:
    """The draws of a stored study; without any market if it holds none."""
    growth: dict[int, dict[str, Floats]] = {horizon: {} for horizon in HORIZONS}
    for market, by_horizon in stored.get("growth", {}).items():
        for horizon, rates in by_horizon.items():
            growth[int(horizon)][market] = np.array(rates, dtype=np.float64) / 10**DIGITS
    held = {int(horizon): (int(n), int(inside)) for horizon, (n, inside) in stored.get("held", {}).items()}
    return Joint(growth, held)


@dataclass(frozen=True, repr=False)
class Part:
    """One market of a mix: its share of the whole mix, its expected growth, the points of growth it brings.

    `risk` is its share of the mix's variance: it may be negative where a market moves against the others.
    """

    market: str
    share: float
    growth: float
    points: float
    risk: float


@dataclass(frozen=True, repr=False)
class Ahead:
    """Growth a year of a mix over a horizon: low and high of the 80 % and the 50 %, the middle, the odds of decline."""

    horizon: int
    low: float
    low_half: float
    middle: float
    high_half: float
    high: float
    decline: float
    covered: float  # share of the mix that this speaks of


@dataclass(frozen=True, repr=False)
class Move:
    """What moving STEP of turnover (or all there is, if less) from one market to another would do."""

    source: str
    target: str
    step: float
    middle: float
    low: float
    decline: float


def covered(joint: Joint, shares: Mapping[str, float], own: Mapping[str, float], horizon: int) -> dict[str, float]:
    """The shares of the markets that have draws or an assumption of the reader's, out of the whole mix."""
    return {name: share for name, share in shares.items() if name in own or joint.knows(name, horizon)}


def _growth(joint: Joint, market: str, own: Mapping[str, float], horizon: int) -> Floats | float:
    """The draws of a market, moved to the reader's own pace (a plain rate) if any; a pace alone has no spread."""
    drawn = joint.growth.get(horizon, {}).get(market)
    if market not in own:
        assert drawn is not None
        return drawn
    if drawn is None:
        return own[market]
    return (1 + drawn) * (1 + own[market]) / (1 + float(np.median(drawn))) - 1


def levels(joint: Joint, names: Mapping[str, float], own: Mapping[str, float], horizon: int) -> Floats:
    """Turnover in each market after so many years, 1 today, one column a market: each keeps its share of its market."""
    rates = [np.asarray(_growth(joint, name, own, horizon), dtype=np.float64) for name in names]
    return np.stack([(1 + rate) ** horizon for rate in np.broadcast_arrays(*rates)], axis=-1)


def ahead(joint: Joint, shares: Mapping[str, float], own: Mapping[str, float], horizon: int) -> Ahead | None:
    """What is expected of a mix; None if none of its markets is covered."""
    there = covered(joint, shares, own, horizon)
    if not there:
        return None
    part = sum(there.values())
    total = _total(levels(joint, there, own, horizon), np.array(list(there.values())) / part)
    limits = np.quantile(total, QUANTILES) ** (1 / horizon) - 1
    low, low_half, middle, high_half, high = (float(value) for value in limits)
    return Ahead(horizon, low, low_half, middle, high_half, high, float(_declines(total)), part)


def parts(joint: Joint, shares: Mapping[str, float], own: Mapping[str, float], horizon: int) -> tuple[Part, ...]:
    """The covered markets of a mix, the one that weighs most on its risk first."""
    there = covered(joint, shares, own, horizon)
    if not there:
        return ()
    weights = np.array(list(there.values())) / sum(there.values())
    each = levels(joint, there, own, horizon)
    total = np.atleast_2d(each) @ weights
    pulls = ((np.atleast_2d(each) - np.atleast_2d(each).mean(axis=0)) * (total - total.mean())[:, None]).mean(axis=0)
    variance = float(total.var())
    risks = weights * pulls / variance if variance > EDGE else np.zeros(len(weights))
    paces = np.median(np.atleast_2d(each), axis=0) ** (1 / horizon) - 1
    found = [
        Part(name, there[name], float(pace), float(weight * pace), float(risk))
        for name, weight, pace, risk in zip(there, weights, paces, risks, strict=True)
    ]
    return tuple(sorted(found, key=lambda row: (-row.risk, -row.share)))


def moves(joint: Joint, shares: Mapping[str, float], own: Mapping[str, float], horizon: int) -> tuple[Move, ...]:
    """Every change of mix by one step, from a covered market of the mix to any other that has draws.

    A market that has only a pace of the reader's, hence no risk, is no target: it would always win.
    """
    there = covered(joint, shares, own, horizon)
    drawn = joint.growth.get(horizon, {})
    targets = {**there, **{name: 0.0 for name in drawn if name not in there}}
    pairs = [(source, target) for source in there for target in targets if target != source and target in drawn]
    if not pairs:
        return ()
    part = sum(there.values())
    each = np.atleast_2d(levels(joint, targets, own, horizon))
    place = {name: column for column, name in enumerate(targets)}
    steps = np.array([min(STEP, there[source] / part) for source, _target in pairs])
    base = each @ (np.array(list(targets.values())) / part)
    swap = each[:, [place[target] for _s, target in pairs]] - each[:, [place[source] for source, _t in pairs]]
    total = base[:, None] + swap * steps
    low, middle = np.quantile(total, [0.1, 0.5], axis=0) ** (1 / horizon) - 1
    decline = _declines(total)
    return tuple(
        Move(source, target, float(steps[k]), float(middle[k]), float(low[k]), float(decline[k]))
        for k, (source, target) in enumerate(pairs)
    )


def best(found: tuple[Move, ...], now: Ahead) -> tuple[Move, ...]:
    """The changes that no other beats in both growth and odds of decline, and that lose on neither against today."""
    better = [row for row in found if row.middle >= now.middle - EDGE and row.decline <= now.decline + EDGE]
    front = [row for row in better if not any(_beats(other, row) for other in better)]
    return tuple(sorted(front, key=lambda row: (-row.middle, row.decline)))


def concentration(shares: Mapping[str, float]) -> float:
    """The index of Herfindahl: the sum of the squared shares, 1 for a single market."""
    total = sum(shares.values())
    return sum((share / total) ** 2 for share in shares.values()) if total else 0.0


def _beats(one: Move, other: Move) -> bool:
    at_least = one.middle >= other.middle and one.decline <= other.decline
    return at_least and (one.middle > other.middle or one.decline < other.decline)


def _total(each: Floats, weights: Floats) -> Floats:
    return np.asarray(np.atleast_2d(each) @ weights)


def _declines(total: Floats) -> Any:
    """The share of the draws in which turnover is lower than today."""
    return (total < 1).mean(axis=0)
