"""Joint draws of the growth of all markets, from which mixes are computed; stored with each vintage.

How markets err together comes from the past errors of these very calls; each market's draws are then laid on what its
call published, rank by rank (a Gaussian copula; Schefzik et al. 2013), so that a firm of one market reads its call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist
from typing import Any

import numpy as np

from observatory.forecast.joint_paths import MAX_NORMAL_SCORE, correlate_errors, draw_normal_walks
from observatory.memo import remember
from observatory.outlook.calls.backtest import BACKTEST_START_YEAR
from observatory.outlook.calls.calls import Call
from observatory.outlook.calls.growth_draws import DRAW_COUNT
from observatory.outlook.calls.rule import MarketSignals
from observatory.outlook.calls.stored_draws import summarize_draws
from observatory.outlook.calls.verdict import FittedRule
from observatory.settings import CALL_THRESHOLDS, HORIZONS
from observatory.timeseries import FloatArray, PastError

_SEED = 2026
_NORMAL_EDGE_80 = 1.2816  # the normal score of the limits of the 80 %
_QUANTILE_MARGIN = 0.005  # a probability that contradicts the published quantiles gives way to them, by so much
_RATE_TOLERANCE = 1e-4  # thresholds closer than that to a quantile say nothing that it does not
STORED_DECIMALS = 4  # 0.01 % a year; stored as whole numbers
_DRAW_PROBABILITIES = np.clip(np.arange(DRAW_COUNT) / (DRAW_COUNT - 1), 0.5 / DRAW_COUNT, 1 - 0.5 / DRAW_COUNT)
_DRAW_NORMAL_SCORES = np.array([NormalDist().inv_cdf(float(rank)) for rank in _DRAW_PROBABILITIES])


def build_joint_draws(fitted: FittedRule, calls: Sequence[Call]) -> dict[str, Any]:
    """What is stored: by market and horizon (those with a range), COUNT growth rates a year in 1/10,000, JSON values.

    Draw k of every market and horizon is one and the same future. `together` is the correlation of the markets'
    errors, in the order of `growth`; `held` how often past ranges of mixes contained what came (`record`).
    """
    ranged_calls = [row for row in calls if row.growth is not None and row.low is not None and row.high is not None]
    names = [row.segment for row in fitted.markets if any(call.segment == row.segment for call in ranged_calls)]
    if not names:
        return {}
    together = correlate_errors(collect_errors(fitted, names))
    walked = draw_normal_walks(together, DRAW_COUNT, max(HORIZONS), _SEED)
    growth: dict[str, dict[str, list[int]]] = {name: {} for name in names}
    for call in ranged_calls:
        assert call.growth is not None
        assert call.low is not None
        assert call.high is not None
        joint = fitted.latest_draws[call.horizon][call.segment] if fitted.latest_draws else None
        rates = (
            np.expm1(joint.market)
            if joint is not None
            else interpolate_rates((call.low, call.growth, call.high), _collect_odds(call))
        )
        drawn = rates[_rank_scores(walked[:, call.horizon - 1, names.index(call.segment)])]
        growth[call.segment][str(call.horizon)] = [round(float(rate) * 10**STORED_DECIMALS) for rate in drawn]
    stored = {"growth": growth, "together": np.round(together, 3).tolist(), "held": count_interval_hits(fitted)}
    return stored | {"centre": "mean", "markets": _store_indicators(fitted, names, walked)} if fitted.draws else stored


def _store_indicators(fitted: FittedRule, names: Sequence[str], walked: FloatArray) -> dict[str, Any]:
    """The draws of the indicators of each market and horizon, each draw the same future as that of its market.

    A market without a range has them in the order of its own growth.
    """
    stored: dict[str, Any] = {}
    for row in fitted.markets:
        for horizon in HORIZONS:
            drawn = fitted.latest_draws[horizon][row.segment]
            if drawn is None:
                continue
            ids = tuple(row.members[place].indicator.id for place in drawn.places)
            order = (
                _rank_scores(walked[:, horizon - 1, names.index(row.segment)])
                if row.segment in names
                else np.arange(DRAW_COUNT)
            )
            stored.setdefault(row.segment, {})[str(horizon)] = summarize_draws(drawn, ids, order).as_json()
    return stored


def _collect_odds(call: Call) -> dict[float, float]:
    """The published probabilities as chances of staying below a rate, the most telling one first."""
    band = CALL_THRESHOLDS.flat_band
    odds = {}
    if call.probability is not None:
        odds[0.0] = 1 - call.probability
    if call.probability_clear is not None:
        odds[band] = 1 - call.probability_clear
    if call.probability_shrinks is not None:
        odds[-band] = call.probability_shrinks
    return odds


def interpolate_rates(published: tuple[float, float, float], odds: Mapping[float, float]) -> FloatArray:
    """The COUNT rates, rising, of a market: its published low, median and high, then its odds where they agree.

    Straight in logs between those points on the scale of the normal distribution; the tails go on as steep as the
    nearer half. Odds that contradict a quantile (pace and probability are two computations) are moved to its edge.
    """
    knots = dict(zip((0.1, 0.5, 0.9), np.log1p(np.array(published)).tolist(), strict=True))
    for rate, below in odds.items():
        at = float(np.log1p(rate))
        left = max((share for share, value in knots.items() if value < at - _RATE_TOLERANCE), default=None)
        right = min((share for share, value in knots.items() if value > at + _RATE_TOLERANCE), default=None)
        apart = all(abs(value - at) > _RATE_TOLERANCE for value in knots.values())
        if left is not None and right is not None and right - left > 2 * _QUANTILE_MARGIN and apart:
            knots[min(max(below, left + _QUANTILE_MARGIN), right - _QUANTILE_MARGIN)] = at
    shares = sorted(knots)
    scores = np.array([NormalDist().inv_cdf(share) for share in shares])
    values = np.array([knots[share] for share in shares])
    low, middle, high = np.log1p(np.array(published))
    ends = [values[0] - (MAX_NORMAL_SCORE - _NORMAL_EDGE_80) * (middle - low) / _NORMAL_EDGE_80]
    ends.append(values[-1] + (MAX_NORMAL_SCORE - _NORMAL_EDGE_80) * (high - middle) / _NORMAL_EDGE_80)
    log_rates = np.interp(
        _DRAW_NORMAL_SCORES, [-MAX_NORMAL_SCORE, *scores, MAX_NORMAL_SCORE], [ends[0], *values, ends[1]]
    )
    return np.asarray(np.expm1(log_rates))


def _rank_scores(scores: FloatArray) -> Any:
    """The rank of each score, 0 for the lowest."""
    return np.argsort(np.argsort(scores, kind="stable"), kind="stable")


def collect_errors(fitted: FittedRule, names: Sequence[str], origin_index: int = -1) -> list[list[PastError]]:
    """The past errors of each market's calls known at an origin (its place), as normal scores of their own ranges."""
    errors = []
    for row in fitted.markets:
        if row.segment in names:
            table = _collect_market_errors(fitted, row)
            errors.append(_read_errors(table[table[:, 0] <= fitted.origins[origin_index], 1:]))
    return errors


def _read_errors(table: FloatArray) -> list[PastError]:
    """Errors from rows of origin, horizon and normal score."""
    return [PastError(int(month), int(horizon), score) for month, horizon, score in table.tolist()]


def _collect_market_errors(fitted: FittedRule, market: MarketSignals) -> FloatArray:
    """The past errors of a market's calls: when each was known, its origin (months), horizon and normal score."""
    parts = []
    for horizon in HORIZONS:
        judged, realized = fitted.forecasts[horizon][market.segment], market.future_growth[horizon]
        usable = (
            np.isfinite(realized) & np.isfinite(judged.low) & (judged.outcome_count >= CALL_THRESHOLDS.minimum_outcomes)
        )
        away = realized - judged.growth
        side = np.where(away > 0, judged.high - judged.growth, judged.growth - judged.low)
        scores = np.clip(
            _NORMAL_EDGE_80 * away / np.maximum(side, _RATE_TOLERANCE), -MAX_NORMAL_SCORE, MAX_NORMAL_SCORE
        )
        columns = (market.published_month[horizon], fitted.origins, np.full(len(scores), horizon), scores)
        parts.append(np.stack(columns, axis=1)[usable])
    return np.concatenate(parts)


@dataclass(frozen=True)
class _JudgedRates:
    """The markets of an origin whose outcome of a horizon is known: their places, rates (rising) and growth factors."""

    horizon: int
    places: tuple[int, ...]
    rates: tuple[FloatArray, ...]
    realized: tuple[float, ...]


def count_interval_hits(fitted: FittedRule) -> dict[str, list[int]]:
    """By horizon, for mixes of two markets half and half at each past origin: how many, how many inside their 80 %.

    Each with the correlations and ranges known at its origin.
    """
    counts = {str(horizon): [0, 0] for horizon in HORIZONS}
    errors = {row.segment: _collect_market_errors(fitted, row) for row in fitted.markets}
    places = [place for place, month in enumerate(fitted.origins[:-1]) if month >= BACKTEST_START_YEAR * 12]
    for place in places:
        names = [row.segment for row in fitted.markets if _has_record(fitted, row.segment, place)]
        if len(names) < 2:
            continue
        known = tuple(errors[name][errors[name][:, 0] <= fitted.origins[place], 1:] for name in names)
        rates = tuple(_find_judged_rates(fitted, names, horizon, place) for horizon in HORIZONS)
        for horizon, (count, inside) in zip(HORIZONS, _count_hits(known, rates), strict=True):
            counts[str(horizon)][0] += count
            counts[str(horizon)][1] += inside
    return counts


@remember(size=512)  # as many origins of four panels
def _count_hits(errors: Sequence[FloatArray], rates: Sequence[_JudgedRates]) -> tuple[tuple[int, int], ...]:
    """By horizon: how many mixes, how many inside their 80 %. `errors` are those of each market known by then."""
    past = [_read_errors(row) for row in errors]
    walked = draw_normal_walks(correlate_errors(past), DRAW_COUNT, max(HORIZONS), _SEED)
    checked = [_check_pairs(row, walked[:, row.horizon - 1]) for row in rates]
    return tuple((len(inside), sum(inside)) for inside in checked)


def _has_record(fitted: FittedRule, segment: str, origin_index: int) -> bool:
    judged = fitted.forecasts[1][segment]
    return bool(np.isfinite(judged.low[origin_index])) and bool(
        judged.outcome_count[origin_index] >= CALL_THRESHOLDS.minimum_outcomes
    )


def _find_judged_rates(fitted: FittedRule, names: Sequence[str], horizon: int, origin_index: int) -> _JudgedRates:
    places, rates, realized = [], [], []
    for row in fitted.markets:
        judged = fitted.forecasts[horizon][row.segment]
        grown = float(row.future_growth[horizon][origin_index])
        if (
            row.segment not in names
            or judged.outcome_count[origin_index] < CALL_THRESHOLDS.minimum_outcomes
            or not np.isfinite(grown)
        ):
            continue
        places.append(names.index(row.segment))
        rates.append(_past_rates(fitted, row.segment, horizon, origin_index))
        realized.append(float(np.exp(grown * horizon)))
    return _JudgedRates(horizon, tuple(places), tuple(rates), tuple(realized))


def _check_pairs(judged: _JudgedRates, scores: FloatArray) -> list[bool]:
    """Whether each pair of markets grew within the 80 % of its half-and-half mix."""
    levels = [
        (1 + rates[_rank_scores(scores[:, place])]) ** judged.horizon
        for place, rates in zip(judged.places, judged.rates, strict=True)
    ]
    pairs = list(combinations(range(len(levels)), 2))
    if not pairs:
        return []
    mixed = np.stack([levels[one] + levels[two] for one, two in pairs], axis=1) / 2
    low, high = np.quantile(mixed, [0.1, 0.9], axis=0)
    then = np.array([(judged.realized[one] + judged.realized[two]) / 2 for one, two in pairs])
    return [bool(inside) for inside in (low <= then) & (then <= high)]


def _past_rates(fitted: FittedRule, segment: str, horizon: int, origin_index: int) -> FloatArray:
    """The rates of a market at a past origin, rising: its draws, or those that its published figures give."""
    drawn = fitted.draws[horizon][segment][origin_index] if fitted.draws else None
    if drawn is not None:
        return np.asarray(np.expm1(drawn.market))
    judged = fitted.forecasts[horizon][segment]
    published = (float(judged.low[origin_index]), float(judged.growth[origin_index]), float(judged.high[origin_index]))
    return interpolate_rates((*np.expm1(published),), {0.0: 1 - float(judged.probabilities["grew"][origin_index])})
