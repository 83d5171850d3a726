"""The size of a market's growth from joint draws of its demand indicators, at every origin.

Each indicator's own yearly forecast as it stood at the origin gives its quantiles; their errors are drawn together, as
correlated as they were by then; the market is the weighted mean of its indicators in each draw. Not sums of quantiles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from observatory.forecast.engine import expect, pieces
from observatory.forecast.ensemble_weights import learned
from observatory.forecast.joint_paths import SCORES, SLOPE_LIMIT
from observatory.forecast.preprocessing import prepare
from observatory.outlook.calls.rule import Judgement, Market
from observatory.outlook.calls.signals import LONGEST_MOVE, Signals
from observatory.settings import HORIZONS, LEVELS
from observatory.timeseries import Floats, change, right_aligned, yearly

FIRST_DRAWN = 1985 * 12  # month; before it nothing is judged
DRAWS = 400
SEED = 7
YEARS_KEPT = 40
FEWEST_YEARS = 3
FEWEST_COMMON = 8  # origins that two indicators have in common, else the mean correlation stands in
UNKNOWN = 0.4  # correlation of errors where no pair says anything yet
SIDES = np.array(
    [*((100 - level) / 200 for level in reversed(LEVELS)), 0.5, *((100 + level) / 200 for level in LEVELS)]
)


@dataclass(frozen=True)
class Drawn:
    """Log growth a year at every origin: the median of the draws, the limits of their 80 %; NaN where none was made."""

    centre: Floats
    low: Floats
    high: Floats


def blended(
    judgements: Mapping[int, Mapping[str, Judgement]], markets: Sequence[Market], origins: NDArray[np.int64]
) -> dict[int, dict[str, Judgement]]:
    """Judgements whose pace and range are the mean of the rule's own and of the joint draws, where there are draws."""
    result: dict[int, dict[str, Judgement]] = {horizon: dict(rows) for horizon, rows in judgements.items()}
    for market in markets:
        quantiles = [_growth(member, origins) for member in market.members]
        for horizon in HORIZONS:
            own = result[horizon][market.segment]
            drawn = draws(market, [row[:, horizon - 1] for row in quantiles], origins, horizon)
            pairs = ((own.growth, drawn.centre), (own.low, drawn.low), (own.high, drawn.high))
            centre, low, high = (np.where(np.isfinite(two), (one + two) / 2, one) for one, two in pairs)
            result[horizon][market.segment] = replace(own, growth=centre, low=low, high=high)
    return result


def draws(market: Market, quantiles: Sequence[Floats], origins: NDArray[np.int64], horizon: int) -> Drawn:
    """The draws of one market and horizon; `quantiles` are origins x SIDES of each member's log growth."""
    centre, low, high = (np.full(len(origins), np.nan) for _ in range(3))
    if not quantiles:
        return Drawn(centre, low, high)
    scores = np.array(
        [_scores(member.growth[horizon], row) for member, row in zip(market.members, quantiles, strict=True)]
    )
    known = np.array([member.known[horizon] for member in market.members])
    normal = np.random.default_rng(SEED).standard_normal((DRAWS, len(quantiles)))
    for place in np.flatnonzero(origins >= FIRST_DRAWN):
        used = [
            row
            for row in range(len(quantiles))
            if market.weights[row, place] > 0 and np.isfinite(quantiles[row][place]).all()
        ]
        if not used:
            continue
        past = np.where(known[used] <= origins[place], scores[used], np.nan)
        values, vectors = np.linalg.eigh(_together(past))
        moved = normal[:, used] @ (vectors * np.sqrt(np.maximum(values, 1e-6))).T
        weights = market.weights[used, place] / market.weights[used, place].sum()
        grown = np.stack([np.interp(moved[:, k], SCORES, quantiles[row][place]) for k, row in enumerate(used)], axis=1)
        low[place], centre[place], high[place] = np.quantile(grown @ weights / horizon, [0.1, 0.5, 0.9])
    return Drawn(centre, low, high)


def _growth(member: Signals, origins: NDArray[np.int64]) -> Floats:
    """Quantiles of a member's log growth over 1 to 5 years at every origin (origins x years x SIDES), its own clock."""
    first, levels = yearly(member.history, member.indicator.kind)
    years = max(HORIZONS)
    result = np.full((len(origins), years, len(SIDES)), np.nan)
    rows, places = [], []
    for place, base in enumerate(member.base):
        if base >= 0:
            row = levels[np.arange(base - first, -1, -12)[:YEARS_KEPT]][::-1]
            if np.isfinite(row).sum() >= FEWEST_YEARS and np.isfinite(row[-1]):
                rows.append(row)
                places.append(place)
    if not rows:
        return result
    matrix = right_aligned(rows)
    found = []
    for piece in pieces(matrix, 1):
        expected = expect(prepare(piece, 1), learned(1), years)
        found.append(expected.scale.units(expected.quantiles(SIDES)))
    later = np.concatenate(found)
    now = np.broadcast_to(matrix[:, -1, None, None], later.shape)
    result[places] = np.maximum.accumulate(np.clip(change(now, later), -LONGEST_MOVE, LONGEST_MOVE), axis=2)
    return result


def _scores(growth: Floats, quantiles: Floats) -> Floats:
    """Past outcomes as normal scores of what was expected of them; NaN where either is unknown."""
    found = np.full(len(growth), np.nan)
    for place in np.flatnonzero(np.isfinite(growth) & np.isfinite(quantiles).all(axis=1)):
        row, value = quantiles[place], growth[place]
        middle = row[len(row) // 2]
        if row[0] <= value <= row[-1]:
            found[place] = np.interp(value, row, SCORES)
        else:
            edge = max(abs((row[-1] if value > middle else row[0]) - middle), 1e-9)
            found[place] = np.clip(SCORES[-1] * (value - middle) / edge, -SLOPE_LIMIT, SLOPE_LIMIT)
    return found


def _together(scores: Floats) -> Floats:
    """Correlation of the rows' scores over common origins, half of it from the mean of all pairs."""
    there = np.isfinite(scores).astype(float)
    filled = np.nan_to_num(scores)
    common = there @ there.T
    squares = filled**2 @ there.T
    raw = (filled @ filled.T) / np.sqrt(np.maximum(squares * squares.T, 1e-12))
    pairs = (common >= FEWEST_COMMON) & ~np.eye(len(raw), dtype=bool)
    mean = float(raw[pairs].mean()) if pairs.any() else UNKNOWN
    found = np.where(pairs, (raw + mean) / 2, mean)
    np.fill_diagonal(found, 1.0)
    return found
