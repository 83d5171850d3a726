"""The size of a market's growth from joint draws of its demand indicators, at every origin.

Each indicator's own yearly forecast as it stood at the origin gives its quantiles; their errors are drawn together, as
correlated as they were by then; the market is the weighted mean of its indicators in each draw. Not sums of quantiles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from observatory.forecast.engine import forecast_scaled, split_pieces
from observatory.forecast.ensemble_weights import load_parameters
from observatory.forecast.joint_paths import MAX_NORMAL_SCORE, QUANTILE_SCORES
from observatory.forecast.preprocessing import prepare_histories
from observatory.outlook.calls.rule import MarketSignals, RuleForecast
from observatory.outlook.calls.signals import MAX_LOG_GROWTH, IndicatorSignals
from observatory.settings import HORIZONS, INTERVAL_LEVELS
from observatory.timeseries import FloatArray, compute_growth, compute_yearly_levels, right_align

_FIRST_ORIGIN_MONTH = 1985 * 12  # month; before it nothing is judged
_DRAW_COUNT = 400
_SEED = 7
_MAX_HISTORY_YEARS = 40
_MIN_HISTORY_YEARS = 3
_MIN_COMMON_ORIGINS = 8  # origins that two indicators have in common, else the mean correlation stands in
_DEFAULT_CORRELATION = 0.4  # correlation of errors where no pair has enough of them yet
_QUANTILE_LEVELS = np.array(
    [
        *((100 - level) / 200 for level in reversed(INTERVAL_LEVELS)),
        0.5,
        *((100 + level) / 200 for level in INTERVAL_LEVELS),
    ]
)


@dataclass(frozen=True)
class _GrowthRanges:
    """Log growth a year at every origin: the median of the draws, the limits of their 80 %; NaN where none was made."""

    median: FloatArray
    low: FloatArray
    high: FloatArray


def blend_ranges(
    forecasts: Mapping[int, Mapping[str, RuleForecast]], markets: Sequence[MarketSignals], origins: NDArray[np.int64]
) -> dict[int, dict[str, RuleForecast]]:
    """Forecasts whose growth and range average the rule's own and those of the joint draws, where there are draws."""
    result: dict[int, dict[str, RuleForecast]] = {horizon: dict(rows) for horizon, rows in forecasts.items()}
    for market in markets:
        quantiles = [_forecast_member(member, origins) for member in market.members]
        for horizon in HORIZONS:
            own = result[horizon][market.segment]
            drawn = _draw_growth(market, [row[:, horizon - 1] for row in quantiles], origins, horizon)
            pairs = ((own.growth, drawn.median), (own.low, drawn.low), (own.high, drawn.high))
            centre, low, high = (np.where(np.isfinite(two), (one + two) / 2, one) for one, two in pairs)
            result[horizon][market.segment] = replace(own, growth=centre, low=low, high=high)
    return result


def _draw_growth(
    market: MarketSignals, quantiles: Sequence[FloatArray], origins: NDArray[np.int64], horizon: int
) -> _GrowthRanges:
    """The draws of one market and horizon; `quantiles` are origins x SIDES of each member's log growth."""
    centre, low, high = (np.full(len(origins), np.nan) for _ in range(3))
    if not quantiles:
        return _GrowthRanges(centre, low, high)
    scores = np.array(
        [
            _normal_scores(member.future_growth[horizon], row)
            for member, row in zip(market.members, quantiles, strict=True)
        ]
    )
    published = np.array([member.published_month[horizon] for member in market.members])
    normal = np.random.default_rng(_SEED).standard_normal((_DRAW_COUNT, len(quantiles)))
    for place in np.flatnonzero(origins >= _FIRST_ORIGIN_MONTH):
        used = [
            row
            for row in range(len(quantiles))
            if market.weights[row, place] > 0 and np.isfinite(quantiles[row][place]).all()
        ]
        if not used:
            continue
        past = np.where(published[used] <= origins[place], scores[used], np.nan)
        values, vectors = np.linalg.eigh(_estimate_correlation(past))
        moved = normal[:, used] @ (vectors * np.sqrt(np.maximum(values, 1e-6))).T
        weights = market.weights[used, place] / market.weights[used, place].sum()
        grown = np.stack(
            [np.interp(moved[:, k], QUANTILE_SCORES, quantiles[row][place]) for k, row in enumerate(used)], axis=1
        )
        low[place], centre[place], high[place] = np.quantile(grown @ weights / horizon, [0.1, 0.5, 0.9])
    return _GrowthRanges(centre, low, high)


def _forecast_member(member: IndicatorSignals, origins: NDArray[np.int64]) -> FloatArray:
    """Quantiles of a member's log growth over 1 to 5 years at every origin (origins x years x SIDES), its own clock."""
    first, levels = compute_yearly_levels(member.history, member.indicator.kind)
    years = max(HORIZONS)
    result = np.full((len(origins), years, len(_QUANTILE_LEVELS)), np.nan)
    rows, places = [], []
    for place, base in enumerate(member.latest_month):
        if base >= 0:
            row = levels[np.arange(base - first, -1, -12)[:_MAX_HISTORY_YEARS]][::-1]
            if np.isfinite(row).sum() >= _MIN_HISTORY_YEARS and np.isfinite(row[-1]):
                rows.append(row)
                places.append(place)
    if not rows:
        return result
    matrix = right_align(rows)
    forecasts = []
    for piece in split_pieces(matrix, 1):
        expected = forecast_scaled(prepare_histories(piece, 1), load_parameters(1), years)
        forecasts.append(expected.scale.to_units(expected.quantiles(_QUANTILE_LEVELS)))
    later = np.concatenate(forecasts)
    now = np.broadcast_to(matrix[:, -1, None, None], later.shape)
    result[places] = np.maximum.accumulate(np.clip(compute_growth(now, later), -MAX_LOG_GROWTH, MAX_LOG_GROWTH), axis=2)
    return result


def _normal_scores(growth: FloatArray, quantiles: FloatArray) -> FloatArray:
    """Past outcomes as normal scores of what was expected of them; NaN where either is unknown."""
    scores = np.full(len(growth), np.nan)
    for place in np.flatnonzero(np.isfinite(growth) & np.isfinite(quantiles).all(axis=1)):
        row, value = quantiles[place], growth[place]
        middle = row[len(row) // 2]
        if row[0] <= value <= row[-1]:
            scores[place] = np.interp(value, row, QUANTILE_SCORES)
        else:
            edge = max(abs((row[-1] if value > middle else row[0]) - middle), 1e-9)
            scores[place] = np.clip(QUANTILE_SCORES[-1] * (value - middle) / edge, -MAX_NORMAL_SCORE, MAX_NORMAL_SCORE)
    return scores


def _estimate_correlation(scores: FloatArray) -> FloatArray:
    """Correlation of the rows' scores over common origins, half of it from the mean of all pairs."""
    present = np.isfinite(scores).astype(float)
    filled = np.nan_to_num(scores)
    common = present @ present.T
    squares = filled**2 @ present.T
    raw = (filled @ filled.T) / np.sqrt(np.maximum(squares * squares.T, 1e-12))
    pairs = (common >= _MIN_COMMON_ORIGINS) & ~np.eye(len(raw), dtype=bool)
    mean = float(raw[pairs].mean()) if pairs.any() else _DEFAULT_CORRELATION
    correlation = np.where(pairs, (raw + mean) / 2, mean)
    np.fill_diagonal(correlation, 1.0)
    return correlation
