"""Joint draws of all markets: what a mix of markets is computed from, stored with each vintage.

How markets err together comes from the past errors of these very calls; each market's draws are then laid on what its
call published, rank by rank (a Gaussian copula; Schefzik et al. 2013), so that a firm of one market reads its call.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from statistics import NormalDist
from typing import Any

import numpy as np

from observatory.forecast.joint_paths import SLOPE_LIMIT, correlation, walks
from observatory.outlook.calls.backtest import SINCE
from observatory.outlook.calls.calls import Call, Evidence
from observatory.settings import CALLING, HORIZONS
from observatory.timeseries import Floats, Surprise

COUNT = 501  # with the two ends, the 10th, 50th and 90th per cent each fall on a draw
SEED = 2026
EDGE = 1.2816  # the normal score of the limits of the 80 %
MARGIN = 0.005  # a probability that contradicts the published quantiles gives way to them, by so much
NEAR = 1e-4  # thresholds closer than that to a quantile say nothing that it does not
DIGITS = 4  # 0.01 % a year; stored as whole numbers
RANKS = np.clip(np.arange(COUNT) / (COUNT - 1), 0.5 / COUNT, 1 - 0.5 / COUNT)
NORMAL = np.array([NormalDist().inv_cdf(float(rank)) for rank in RANKS])


def draws(seen: Evidence, said: Sequence[Call]) -> dict[str, Any]:
    """What is stored: by market and horizon (those with a range), COUNT growth rates a year in 1/10,000, JSON values.

    Draw k of every market and horizon is one and the same future. `together` is the correlation of the markets'
    errors, in the order of `growth`; `held` how often past ranges of mixes contained what came (`record`).
    """
    known = [row for row in said if row.growth is not None and row.low is not None and row.high is not None]
    names = [row.segment for row in seen.markets if any(call.segment == row.segment for call in known)]
    if not names:
        return {}
    together = correlation(errors(seen, names))
    walked = walks(together, COUNT, max(HORIZONS), SEED)
    growth: dict[str, dict[str, list[int]]] = {name: {} for name in names}
    for call in known:
        assert call.growth is not None
        assert call.low is not None
        assert call.high is not None
        rates = spread((call.low, call.growth, call.high), _odds(call))
        drawn = rates[_ranks(walked[:, call.horizon - 1, names.index(call.segment)])]
        growth[call.segment][str(call.horizon)] = [round(float(rate) * 10**DIGITS) for rate in drawn]
    return {"growth": growth, "together": np.round(together, 3).tolist(), "held": record(seen)}


def _odds(call: Call) -> dict[float, float]:
    """The published probabilities as chances of staying below a rate, the most telling one first."""
    band = CALLING.flat_band
    found = {}
    if call.probability is not None:
        found[0.0] = 1 - call.probability
    if call.probability_clear is not None:
        found[band] = 1 - call.probability_clear
    if call.probability_shrinks is not None:
        found[-band] = call.probability_shrinks
    return found


def spread(published: tuple[float, float, float], odds: Mapping[float, float]) -> Floats:
    """The COUNT rates, rising, of a market: its published low, median and high, then its odds where they agree.

    Straight in logs between those points on the scale of the normal distribution; the tails go on as steep as the
    nearer half. Odds that contradict a quantile (pace and probability are two computations) are moved to its edge.
    """
    knots = dict(zip((0.1, 0.5, 0.9), np.log1p(np.array(published)).tolist(), strict=True))
    for rate, below in odds.items():
        at = float(np.log1p(rate))
        left = max((share for share, value in knots.items() if value < at - NEAR), default=None)
        right = min((share for share, value in knots.items() if value > at + NEAR), default=None)
        apart = all(abs(value - at) > NEAR for value in knots.values())
        if left is not None and right is not None and right - left > 2 * MARGIN and apart:
            knots[min(max(below, left + MARGIN), right - MARGIN)] = at
    shares = sorted(knots)
    scores = np.array([NormalDist().inv_cdf(share) for share in shares])
    values = np.array([knots[share] for share in shares])
    low, middle, high = np.log1p(np.array(published))
    ends = [values[0] - (SLOPE_LIMIT - EDGE) * (middle - low) / EDGE]
    ends.append(values[-1] + (SLOPE_LIMIT - EDGE) * (high - middle) / EDGE)
    found = np.interp(NORMAL, [-SLOPE_LIMIT, *scores, SLOPE_LIMIT], [ends[0], *values, ends[1]])
    return np.asarray(np.expm1(found))


def _ranks(scores: Floats) -> Any:
    """The rank of each score, 0 for the lowest."""
    return np.argsort(np.argsort(scores, kind="stable"), kind="stable")


def errors(seen: Evidence, names: Sequence[str], place: int = -1) -> list[list[Surprise]]:
    """The past errors of each market's calls known at an origin (its place), as normal scores of their own ranges."""
    found = []
    for row in seen.markets:
        if row.segment not in names:
            continue
        rows = []
        for horizon in HORIZONS:
            judged, came = seen.judgements[horizon][row.segment], row.growth[horizon]
            there = np.isfinite(came) & np.isfinite(judged.low) & (judged.outcomes >= CALLING.minimum_outcomes)
            there &= row.known[horizon] <= seen.origins[place]
            away = came - judged.growth
            side = np.where(away > 0, judged.high - judged.growth, judged.growth - judged.low)
            scores = np.clip(EDGE * away / np.maximum(side, NEAR), -SLOPE_LIMIT, SLOPE_LIMIT)
            rows += [Surprise(int(seen.origins[at]), horizon, float(scores[at])) for at in np.flatnonzero(there)]
        found.append(rows)
    return found


def record(seen: Evidence) -> dict[str, list[int]]:
    """By horizon, for mixes of two markets half and half at each past origin: how many, how many inside their 80 %.

    Each with the correlations and ranges known at its origin.
    """
    found = {str(horizon): [0, 0] for horizon in HORIZONS}
    places = [place for place, month in enumerate(seen.origins[:-1]) if month >= SINCE * 12]
    for place in places:
        names = [row.segment for row in seen.markets if _judged(seen, row.segment, place)]
        if len(names) < 2:
            continue
        walked = walks(correlation(errors(seen, names, place)), COUNT, max(HORIZONS), SEED)
        for horizon in HORIZONS:
            inside = _inside(seen, names, walked[:, horizon - 1], horizon, place)
            found[str(horizon)][0] += len(inside)
            found[str(horizon)][1] += sum(inside)
    return found


def _judged(seen: Evidence, segment: str, place: int) -> bool:
    judged = seen.judgements[1][segment]
    return bool(np.isfinite(judged.low[place])) and bool(judged.outcomes[place] >= CALLING.minimum_outcomes)


def _inside(seen: Evidence, names: Sequence[str], scores: Floats, horizon: int, place: int) -> list[bool]:
    """Whether each pair of markets grew within the 80 % of its half-and-half mix."""
    levels, came = {}, {}
    for row in seen.markets:
        judged = seen.judgements[horizon][row.segment]
        grown = float(row.growth[horizon][place])
        if row.segment not in names or judged.outcomes[place] < CALLING.minimum_outcomes or not np.isfinite(grown):
            continue
        published = (float(judged.low[place]), float(judged.growth[place]), float(judged.high[place]))
        below = {rate: 1 - float(judged.probability[name][place]) for rate, name in ((0.0, "grew"),)}
        rates = spread((*np.expm1(published),), below)[_ranks(scores[:, names.index(row.segment)])]
        levels[row.segment] = (1 + rates) ** horizon
        came[row.segment] = float(np.exp(grown * horizon))
    pairs = list(combinations(levels, 2))
    if not pairs:
        return []
    mixed = np.stack([levels[one] + levels[two] for one, two in pairs], axis=1) / 2
    low, high = np.quantile(mixed, [0.1, 0.9], axis=0)
    then = np.array([(came[one] + came[two]) / 2 for one, two in pairs])
    return [bool(inside) for inside in (low <= then) & (then <= high)]
